//! Measures what the crate takes of the flash of a Cortex-M and a RISC-V, beside other crates: code and constants above an
//! empty program, in bytes.
//!
//!     cargo xtask flash                            the table; fails where a limit is exceeded
//!     cargo xtask flash --symbols PROGRAM [LEVEL]  the largest symbols of one program on a Cortex-M3, such as getpeerinfo z

use std::cmp::Reverse;

use crate::binary::{size, symbols};
use crate::limits::{FLASH, FLASH_RISCV};
use crate::run::Result;
use crate::toolchain::{CORTEX_M0, CORTEX_M3, LEVELS, Probe, RISCV_IMC};

/// The programs with the features that they need: those of this crate, and what others take for the first. Where a panic
/// can be reached is for another check to say.
const PROGRAMS: [(&[&str], &str); 3] = [
    (&["empty", "getpeerinfo", "methods", "everything"], "may-panic"),
    (&["serde-json-core"], "serde-json-core"),
    (&["serde_json"], "serde_json"),
];

pub(crate) fn run(options: &[&str]) -> Result {
    match *options {
        [] => table(),
        ["--symbols", program] => largest(program, "z"),
        ["--symbols", program, level] => largest(program, level),
        _ => Err("flash, or flash --symbols PROGRAM [LEVEL]".into()),
    }
}

fn probes<'a>(targets: &'a [&'a str], level: &'a str) -> impl Iterator<Item = Probe<'a>> {
    PROGRAMS.into_iter().map(move |(programs, features)| Probe {
        targets,
        level,
        programs,
        features,
        flags: &[],
    })
}

fn table() -> Result {
    // Those of one architecture are built together.
    let architectures: [&[&str]; 2] = [&[CORTEX_M0, CORTEX_M3], &[RISCV_IMC]];
    for targets in architectures {
        for level in LEVELS {
            probes(targets, level).try_for_each(|probe| probe.build())?;
        }
    }
    let targets = architectures.concat();
    let columns: Vec<(&str, &str)> = targets
        .iter()
        .flat_map(|target| LEVELS.map(|level| (*target, level)))
        .collect();
    let mut rows: Vec<(&str, Vec<u64>)> = Vec::new();
    for (target, level) in &columns {
        let mut empty = 0;
        for probe in probes(&[], level) {
            for program in probe.programs {
                let text = size(&probe.path(target, program)?)?.text;
                if *program == "empty" {
                    empty = text;
                    continue;
                }
                let flash = text.checked_sub(empty).filter(|flash| *flash > 0);
                let flash = flash.ok_or_else(|| format!("{program} has nothing that an empty program has not"))?;
                match rows.iter_mut().find(|row| row.0 == *program) {
                    Some(row) => row.1.push(flash),
                    None => rows.push((program, vec![flash])),
                }
            }
        }
    }

    // At level z, which is what the limits are for.
    let limited = [(CORTEX_M3, &FLASH), (RISCV_IMC, &FLASH_RISCV)];
    print!("{:16}", "bytes of flash");
    for (target, level) in &columns {
        print!("{:>14}", format!("{} {level}", short(target)));
    }
    for (target, _) in &limited {
        print!("{:>17} {:>6}", format!("{} limit", short(target)), "goal");
    }
    println!();
    let (mut over, mut figures) = (Vec::new(), [Vec::new(), Vec::new()]);
    for (program, row) in rows {
        print!("{program:16}");
        for flash in &row {
            print!("{flash:14}");
        }
        for ((target, limits), figures) in limited.iter().zip(&mut figures) {
            let column = columns.iter().position(|column| *column == (target, "z"));
            let flash = row[column.ok_or("no such column")?];
            let limit = limits.iter().find(|limit| limit.0 == program);
            let or_none = |number: Option<u64>| number.map_or("-".to_owned(), |number| number.to_string());
            print!(
                "{:>17} {:>6}",
                or_none(limit.map(|limit| limit.1)),
                or_none(limit.and_then(|limit| limit.2))
            );
            if let Some((_, limit, _)) = limit
                && flash > *limit
            {
                over.push(format!("{program} on {}: {flash}, limit {limit}", short(target)));
            }
            figures.push(format!("{program} {flash}"));
        }
        println!();
    }
    if !over.is_empty() {
        return Err(format!("over the limit: {}", over.join("; ")).into());
    }
    println!("flash: bytes above an empty program at opt-level z:");
    for ((target, _), figures) in limited.iter().zip(figures) {
        println!("flash: {}: {}", short(target), figures.join(", "));
    }
    Ok(())
}

/// The architecture of a target.
fn short(target: &str) -> &str {
    target.split('-').next().unwrap_or_default()
}

fn largest(program: &str, level: &str) -> Result {
    let probe = probes(&[CORTEX_M3], level).find(|probe| probe.programs.contains(&program));
    let probe = probe.ok_or_else(|| format!("there is no program {program}"))?;
    probe.build()?;
    let path = probe.path(CORTEX_M3, program)?;
    let mut symbols = symbols(&path)?;
    symbols.retain(|symbol| symbol.1 > 0);
    symbols.sort_by_key(|symbol| Reverse(symbol.1));
    for (name, size) in symbols {
        println!("{size:6} {name}");
    }
    let text = size(&path)?.text;
    println!("flash: {program} at opt-level {level}: {text} bytes, with the start of a program");
    Ok(())
}
