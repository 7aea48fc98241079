//! The checks of this repository: `cargo xtask NAME`. Each prints its figures last, and fails if something does not hold. Limits
//! are in `limits.rs`.

mod binary;
mod callgrind;
mod checks;
mod limits;
mod llvm;
mod python;
mod run;
mod toolchain;

use std::env;
use std::process::ExitCode;

use checks::{
    ci, coverage, deny, docs, examples, features, firmware, flash, format, fuzz, instructions, lints, monitor, mutants,
    package, panics, parsers, public_api, speed, stack, tests,
};
use run::Result;

/// A name, its options, what it does, and how.
type Check = (&'static str, &'static str, &'static str, fn(&[&str]) -> Result);

#[rustfmt::skip]
const CHECKS: &[Check] = &[
    ("ci", "[fast | slow]", "all checks that CI runs for a change; only those of a few minutes; only the others", ci::run),
    ("format", "", "all source is formatted", format::run),
    ("lints", "", "clippy on all packages", lints::run),
    ("features", "", "the library without features, with each feature alone, and with all", features::run),
    ("tests", "", "all tests", tests::run),
    ("examples", "", "runs every example; none needs a node", examples::run),
    ("docs", "", "builds the docs, and finds links that lead nowhere", docs::run),
    ("package", "", "what would be published builds and passes its tests by itself", package::run),
    ("public-api", "[--update]", "the public items are those of the committed list", public_api::run),
    ("deny", "[CHECK…]", "licences and sources of all dependencies; the crate itself has none by default", deny::run),
    ("panics", "", "no public function can panic; programs for bare metal contain no float and no heap", panics::run),
    ("flash", "[--symbols PROGRAM [LEVEL]]", "bytes of flash, compared with other crates", flash::run),
    ("speed", "", "instructions of a Cortex-M3 for each byte, beside serde-json-core, in QEMU", speed::run),
    ("stack", "", "bytes of stack for each entry point, in QEMU", stack::run),
    ("instructions", "[--update | --others [CASE] | --profile CASE [SIDE]]", "instructions for each byte: of the benches, hostile inputs and long replies", instructions::run),
    ("firmware", "", "the firmware on each board and network stack in QEMU, with a node that stops, dies and comes back", firmware::run),
    ("monitor", "", "the monitor under a real Prometheus, with nodes that are slow, die, come back and refuse it", monitor::run),
    ("parsers", "", "replies that other HTTP parsers read differently, and who is right", parsers::run),
    ("coverage", "", "tests execute every line and branch of src", coverage::run),
    ("mutants", "[K/N | FILE…]", "changes of src that no test notices: all of them, part K of N (from 0), or those in files", mutants::run),
    ("fuzz", "SECONDS [TARGET…] | coverage | minimise", "runs each fuzz target; measures what the seeds reach; removes seeds that reach nothing new", fuzz::run),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let [name, options @ ..] = &words[..] else {
        list();
        return ExitCode::SUCCESS;
    };
    let Some((_, _, _, check)) = CHECKS.iter().find(|check| check.0 == *name) else {
        eprintln!("xtask: there is no check {name}; cargo xtask lists them");
        return ExitCode::FAILURE;
    };
    match run::enter_root().and_then(|()| check(options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: failed: {error}");
            ExitCode::FAILURE
        }
    }
}

fn list() {
    for (name, options, what, _) in CHECKS {
        println!("cargo xtask {name:13} {what}");
        if !options.is_empty() {
            println!("            {:13} {options}", "");
        }
    }
}
