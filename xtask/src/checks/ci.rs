//! What has to hold for every change, on a Debian that has nothing but Rust, stable and nightly. Stops at what fails first.

use std::time::{Instant, SystemTime};

use crate::checks::{
    coverage, deny, docs, examples, features, firmware, flash, format, fuzz, instructions, lints, monitor, mutants,
    package, panics, parsers, public_api, speed, stack, tests,
};
use crate::run::Result;

type Step = (&'static str, fn(&[&str]) -> Result, &'static [&'static str]);

/// Seconds or a few minutes each.
const FAST: &[Step] = &[
    ("format", format::run, &[]),
    ("lints", lints::run, &[]),
    ("features", features::run, &[]),
    ("tests", tests::run, &[]),
    ("examples", examples::run, &[]),
    ("docs", docs::run, &[]),
    ("package", package::run, &[]),
    ("public-api", public_api::run, &[]),
];

/// A few minutes each.
const SLOW: &[Step] = &[
    ("instructions", instructions::run, &[]),
    ("panics", panics::run, &[]),
    ("flash", flash::run, &[]),
    ("speed", speed::run, &[]),
    ("stack", stack::run, &[]),
    ("firmware", firmware::run, &[]),
    ("monitor", monitor::run, &[]),
    ("parsers", parsers::run, &[]),
    ("deny", deny::run, &[]),
    ("coverage", coverage::run, &[]),
    ("fuzz coverage", fuzz::run, &["coverage"]),
    ("fuzz", fuzz::run, &["20"]),
    ("mutants", part_of_mutants, &[]),
];

/// As many parts as make one of them a matter of minutes.
const PARTS: u64 = 150;

/// One part of all mutants, another one each day.
fn part_of_mutants(_: &[&str]) -> Result {
    let days = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs() / 86_400;
    mutants::run(&[&format!("{}/{PARTS}", days % PARTS)])
}

pub(crate) fn run(options: &[&str]) -> Result {
    let steps = match options {
        [] => [FAST, SLOW].concat(),
        ["fast"] => FAST.to_vec(),
        ["slow"] => SLOW.to_vec(),
        _ => return Err("ci, ci fast or ci slow".into()),
    };
    let start = Instant::now();
    let mut times = Vec::new();
    for (name, check, options) in steps {
        println!("\n== {name}");
        let start = Instant::now();
        check(options).map_err(|error| format!("{name}: {error}"))?;
        times.push(format!("{name} {} s", start.elapsed().as_secs()));
    }
    println!(
        "\nci: everything holds, after {} s: {}",
        start.elapsed().as_secs(),
        times.join(", ")
    );
    Ok(())
}
