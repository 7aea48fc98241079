//! Measures how deep the stack of a Cortex-M3 gets below each entry point, on recorded replies and hostile ones, in QEMU.
//! All that a call puts there counts; the buffers of the caller and the value that the call gives do not.

use std::collections::BTreeMap;

use crate::limits::STACK;
use crate::run::{Result, command, exists, install, output, text};
use crate::toolchain::{CORTEX_M3, LEVELS, Probe};

const QEMU: &str = "timeout 60 qemu-system-arm -M lm3s6965evb -nographic -semihosting -kernel";

pub(crate) fn run(_: &[&str]) -> Result {
    if !exists("qemu-system-arm") {
        install("qemu-system-arm")?;
    }
    let tables = [measure(LEVELS[0])?, measure(LEVELS[1])?];

    println!("{:26}{:>8}{:>8}{:>8}", "bytes of stack", LEVELS[0], LEVELS[1], "limit");
    let (mut over, mut most, mut place) = (Vec::new(), 0, "");
    for (entry, limit) in STACK {
        print!("{entry:26}");
        for (level, table) in LEVELS.iter().zip(&tables) {
            let bytes = *table.get(entry).ok_or_else(|| format!("{entry} was not measured"))?;
            print!("{bytes:8}");
            if bytes > most {
                (most, place) = (bytes, entry);
            }
            if bytes > limit {
                over.push(format!("{entry} at {level}: {bytes}, limit {limit}"));
            }
        }
        println!("{limit:8}");
    }
    if let Some(entry) = tables[0]
        .keys()
        .find(|entry| !STACK.iter().any(|limit| limit.0 == **entry))
    {
        return Err(format!("{entry} has no limit").into());
    }
    if !over.is_empty() {
        return Err(format!("over the limit: {}", over.join("; ")).into());
    }
    println!("stack: at most {most} bytes below the caller ({place})");
    Ok(())
}

/// The most bytes for each entry point, whatever the method.
fn measure(level: &str) -> Result<BTreeMap<String, u64>> {
    let probe = Probe {
        targets: &[CORTEX_M3],
        level,
        programs: &["stack"],
        features: "may-panic",
        flags: &[],
    };
    probe.build()?;
    let output = output(command(QEMU).arg(probe.path(CORTEX_M3, "stack")?))?;
    // What the program prints comes beside what QEMU itself has to say.
    let printed = text(&output.stdout) + &text(&output.stderr);
    if !output.status.success() {
        return Err(format!("the program did not come to its end:\n{printed}").into());
    }
    let mut deepest = BTreeMap::new();
    for line in printed.lines().filter_map(|line| line.strip_prefix("stack: ")) {
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
