//! Counts the instructions that a Cortex-M3 takes for each byte of a recorded reply to `getpeerinfo`, beside serde-json-core, in
//! QEMU with a clock that counts instructions: the figure for processors of 32 bits, which have only the general path.

use std::collections::BTreeMap;

use crate::limits::CORTEX_M3_INSTRUCTIONS;
use crate::run::{Result, exists, install};
use crate::toolchain::{CORTEX_M3, LEVELS, Probe};

/// Each instruction takes a nanosecond of the guest.
const QEMU: &str = "timeout 60 qemu-system-arm -M lm3s6965evb -icount shift=0 -nographic -semihosting -kernel";

pub(crate) fn run(_: &[&str]) -> Result {
    if !exists("qemu-system-arm") {
        install("qemu-system-arm")?;
    }
    let mut over = Vec::new();
    for level in LEVELS {
        let figures = measure(level)?;
        let figure = |side: &str| {
            figures
                .get(side)
                .copied()
                .ok_or_else(|| format!("{side} was not measured"))
        };
        let (ours, theirs) = (figure("this-crate")?, figure("serde-json-core")?);
        let limits = CORTEX_M3_INSTRUCTIONS.iter().find(|limit| limit.0 == level);
        let limit = limits.ok_or_else(|| format!("opt-level {level} has no limit"))?.1;
        println!(
            "speed: opt-level {level}: {ours:.2} instructions a byte, limit {limit}; serde-json-core {theirs:.2}, {:.2} times as many",
            theirs / ours
        );
        if ours > limit {
            over.push(level);
        }
    }
    if !over.is_empty() {
        return Err(format!("over the limit at opt-level {}", over.join(", ")).into());
    }
    Ok(())
}

/// Instructions a byte, by side.
fn measure(level: &str) -> Result<BTreeMap<String, f64>> {
    let probe = Probe {
        targets: &[CORTEX_M3],
        level,
        programs: &["speed"],
        features: "serde-json-core",
        flags: &[],
    };
    let mut ticks = BTreeMap::new();
    for line in probe.printed(QEMU)? {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [side, ticks_of_side, units] = words[..] else {
            return Err(format!("not a figure: {line}").into());
        };
        let (ticks_of_side, units): (f64, f64) = (ticks_of_side.parse()?, units.parse()?);
        ticks.insert(side.to_owned(), ticks_of_side / units);
    }
    // The ticks of one instruction, as 2,000,000 of them have shown.
    let known = ticks.remove("known").filter(|ticks| *ticks > 0.0);
    let known = known.ok_or("the timer does not count")?;
    Ok(ticks.into_iter().map(|(side, ticks)| (side, ticks / known)).collect())
}
