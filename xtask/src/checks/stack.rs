//! Measures how deep the stack of a Cortex-M3 and of a RISC-V gets below each entry point, on recorded replies and hostile ones, in QEMU.
//! Everything that a call puts there counts, except the buffers of the caller and the value that the call returns.

use std::collections::BTreeMap;

use crate::limits::{STACK, STACK_RISCV};
use crate::run::{Result, exists, install};
use crate::toolchain::{CORTEX_M3, LEVELS, Probe, RISCV_IMC};

/// A target, what runs its programs, and the limits.
type Board = (&'static str, &'static str, &'static [(&'static str, u64)]);

const BOARDS: [Board; 2] = [
    (
        CORTEX_M3,
        "timeout 60 qemu-system-arm -M lm3s6965evb -nographic -semihosting -kernel",
        &STACK,
    ),
    (
        RISCV_IMC,
        "timeout 60 qemu-system-riscv32 -M virt -bios none -nographic -semihosting -kernel",
        &STACK_RISCV,
    ),
];

pub(crate) fn run(_: &[&str]) -> Result {
    if !exists("qemu-system-arm") || !exists("qemu-system-riscv32") {
        install("qemu-system-arm qemu-system-misc")?;
    }
    let mut tables = Vec::new();
    for board in &BOARDS {
        for level in LEVELS {
            tables.push((board, level, measure(board, level)?));
        }
    }

    print!("{:26}", "bytes of stack");
    for ((target, ..), level, _) in &tables {
        let architecture = target.split('-').next().unwrap_or_default();
        print!("{:>14}", format!("{architecture} {level}"));
    }
    println!("{:>14}", "limits");
    let mut over = Vec::new();
    let mut most = BOARDS.map(|_| (0, ""));
    for (entry, _) in STACK {
        print!("{entry:26}");
        for ((target, _, limits), level, table) in &tables {
            let bytes = *table.get(entry).ok_or_else(|| format!("{entry} was not measured"))?;
            let limit = limits.iter().find(|limit| limit.0 == entry);
            let limit = limit.ok_or_else(|| format!("{entry} has no limit on {target}"))?.1;
            print!("{bytes:14}");
            let board = BOARDS.iter().position(|board| board.0 == *target).unwrap_or_default();
            most[board] = most[board].max((bytes, entry));
            if bytes > limit {
                over.push(format!("{entry} on {target} at {level}: {bytes}, limit {limit}"));
            }
        }
        let limits = BOARDS.map(|board| board.2.iter().find(|limit| limit.0 == entry));
        let limits = limits.map(|limit| limit.map_or("-".to_owned(), |limit| limit.1.to_string()));
        println!("{:>14}", limits.join(" "));
    }
    if let Some(entry) = tables[0]
        .2
        .keys()
        .find(|entry| !STACK.iter().any(|limit| limit.0 == **entry))
    {
        return Err(format!("{entry} has no limit").into());
    }
    if !over.is_empty() {
        return Err(format!("over the limit: {}", over.join("; ")).into());
    }
    for ((target, ..), (bytes, entry)) in BOARDS.iter().zip(most) {
        println!("stack: at most {bytes} bytes below the caller on {target} ({entry})");
    }
    Ok(())
}

/// The most bytes for each entry point, whatever the method.
fn measure((target, qemu, _): &Board, level: &str) -> Result<BTreeMap<String, u64>> {
    let probe = Probe {
        targets: &[target],
        level,
        programs: &["stack"],
        features: "may-panic",
        flags: &[],
    };
    let mut deepest = BTreeMap::new();
    for line in probe.printed(qemu)? {
        let mut words = line.split_whitespace();
        let (entry, bytes) = (words.next().unwrap_or_default(), words.next_back().unwrap_or_default());
        let most = deepest.entry(entry.to_owned()).or_default();
        *most = bytes.parse::<u64>()?.max(*most);
    }
    match deepest.remove("known") {
        Some(1000..=1100) => Ok(deepest),
        known => Err(format!("a call that takes 1000 bytes is measured as {known:?}").into()),
    }
}
