//! The checks of this repository: `cargo xtask NAME`. Each prints its figures last, and ends with an error if something
//! does not hold. Limits are in `limits.rs`.

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
    package, panics, parsers, public_api, stack, tests,
};
use run::Result;

/// A name, its options, what it does, and how.
type Check = (&'static str, &'static str, &'static str, fn(&[&str]) -> Result);

#[rustfmt::skip]
const CHECKS: &[Check] = &[
    ("ci", "[fast | slow]", "everything that has to hold for a change, or what takes seconds, or the rest", ci::run),
    ("format", "", "whether all of the source is formatted", format::run),
    ("lints", "", "clippy on all packages", lints::run),
    ("features", "", "the library without features, with each alone and with all", features::run),
    ("tests", "", "all tests", tests::run),
    ("examples", "", "every example, which all have something to show without a node", examples::run),
    ("docs", "", "the docs, and whether a link in them leads nowhere", docs::run),
    ("package", "", "what would be published builds by itself", package::run),
    ("public-api", "[--update]", "the list of public items is the committed one", public_api::run),
    ("deny", "[CHECK…]", "licences and sources of all dependencies, and that the crate itself has none", deny::run),
    ("panics", "", "no public function can panic, and no program for bare metal has a float or a heap in it", panics::run),
    ("flash", "[--symbols PROGRAM [LEVEL]]", "bytes of flash, beside other crates", flash::run),
    ("stack", "", "bytes of stack below each entry point, in QEMU", stack::run),
    ("instructions", "[--update | --others [CASE] | --profile CASE [SIDE]]", "instructions a byte: in the benches, of hostile inputs, of long replies", instructions::run),
    ("firmware", "", "the firmware on each board and each stack in QEMU, beside a node that stops, dies and comes back", firmware::run),
    ("monitor", "", "the monitor under a real Prometheus, beside nodes that are slow, die, come back and refuse it", monitor::run),
    ("parsers", "", "where other HTTP parsers take a reply for something else, and who is right", parsers::run),
    ("coverage", "", "that tests go through every line and branch of src", coverage::run),
    ("mutants", "[K/N | FILE…]", "changes of src that no test notices: all, the K-th of N parts from 0 on, or those in files", mutants::run),
    ("fuzz", "SECONDS [TARGET…] | coverage | minimise", "each target from its seeds on; what the seeds reach; removes seeds that reach nothing", fuzz::run),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let [name, options @ ..] = &words[..] else {
        list();
        return ExitCode::SUCCESS;
    };
    let Some((_, _, _, check)) = CHECKS.iter().find(|check| check.0 == *name) else {
        eprintln!("xtask: there is no {name}; cargo xtask lists what there is");
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
