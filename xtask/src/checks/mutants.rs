//! Changes src in one small way at a time, and makes sure that some test fails. `.cargo/mutants.toml` has the changes that
//! make no difference.
//!
//!     cargo xtask mutants                  makes all of the changes, which takes hours
//!     cargo xtask mutants K/N              makes the K-th of N parts of them, from 0 on
//!     cargo xtask mutants src/FILE.rs…     makes those in these files

use std::fs;
use std::path::Path;

use crate::run::{Result, cargo, folder, install_cargo, install_compiler, output, read, text};

/// The tests to try: arguments of `cargo test`, and the package that they are in.
///
/// Most mutants are found by the unit tests, which take seconds, and most others by the two test programs that take no longer. The
/// rest is tried with all tests, those with other formats among them, and what they miss also with the examples in the docs.
const STEPS: [(&[&str], &str); 5] = [
    (&["--lib"], CRATE),
    (&["--test=calls", "--test=responses"], CRATE),
    (&["--tests"], CRATE),
    (&["--tests"], "formats"),
    (&[], CRATE),
];

const CRATE: &str = "defichain-net-rpc";

pub(crate) fn run(options: &[&str]) -> Result {
    let these: Vec<String> = match options {
        [] => Vec::new(),
        [part] if part.starts_with(|c: char| c.is_ascii_digit()) => {
            // Each part has some of all files, so that all take as long.
            vec![format!("--shard={part}"), "--sharding=round-robin".to_owned()]
        }
        files => files.iter().map(|file| format!("--file={file}")).collect(),
    };
    install_compiler()?;
    install_cargo("mutants")?;
    check_exclusions()?;
    let work = folder("mutants")?;
    fs::remove_dir_all(&work)?;
    let work = folder("mutants")?;

    let count = read(cargo("mutants --list").args(&these))?.lines().count();
    if count == 0 {
        return Err("there is nothing to change".into());
    }
    let mut missed = find(&work, &these, STEPS[0])?;
    for step in &STEPS[1..] {
        if !missed.is_empty() {
            let found = find(&work, &only(&missed), *step)?;
            missed.retain(|mutant| found.contains(mutant));
        }
    }
    if !missed.is_empty() {
        return Err(format!("{} of {count} are missed:\n{}", missed.len(), missed.join("\n")).into());
    }
    println!("mutants: none of {count} is missed");
    Ok(())
}

/// In the name of a mutant that cargo-mutants 27 lists whatever the patterns are.
const FIELD: &str = ": delete field ";

/// The options that choose these mutants, and fields in the same files.
fn only(mutants: &[String]) -> Vec<String> {
    let options = mutants.iter().flat_map(|mutant| {
        let file = mutant.split(':').next().unwrap_or_default();
        [format!("--file={file}"), format!("--re=^{}$", escape(mutant))]
    });
    options.collect()
}

/// Makes sure that each pattern that excludes mutants fits some.
fn check_exclusions() -> Result {
    let settings = fs::read_to_string(".cargo/mutants.toml")?;
    let quoted = |line: &'_ str| Some(line.trim().strip_prefix('\'')?.strip_suffix("',")?.to_owned());
    let patterns: Vec<String> = settings.lines().filter_map(quoted).collect();
    if patterns.is_empty() {
        return Err("no pattern was found in .cargo/mutants.toml".into());
    }
    for pattern in patterns {
        let fitting = read(cargo("mutants --no-config --list --re").arg(&pattern))?;
        if fitting.lines().all(|mutant| mutant.contains(FIELD)) {
            return Err(format!(".cargo/mutants.toml: there is no mutant like {pattern}").into());
        }
    }
    Ok(())
}

/// The mutants, out of those that the options choose, that these tests miss.
fn find(work: &Path, which: &[String], (tests, package): (&[&str], &str)) -> Result<Vec<String>> {
    let mut mutants = cargo("mutants --colors never --output");
    mutants
        .arg(work)
        .args(which)
        .arg(format!("--test-package={package}"))
        .args(tests.iter().map(|tests| format!("--cargo-arg={tests}")));
    let output = output(
        mutants
            // The crates that this one depends on are built once for all the steps.
            .env("CARGO_TARGET_DIR", work.join("build"))
            .env("CARGO_PROFILE_DEV_DEBUG", "none")
            .env("PROPTEST_RNG_SEED", "1"),
    )?;
    let log = text(&output.stdout);
    // All were found by failed tests or by tests that never end, or some were not.
    if !matches!(output.status.code(), Some(0 | 2 | 3)) {
        return Err(format!("{log}{}{}", text(&output.stderr), output.status).into());
    }
    println!("mutants: {}", log.lines().last().unwrap_or_default());
    let missed = fs::read_to_string(work.join("mutants.out/missed.txt"))?;
    Ok(missed.lines().map(str::to_owned).collect())
}

/// Returns a regular expression that matches only this text.
fn escape(text: &str) -> String {
    text.chars()
        .flat_map(|c| r"[]\.^$*+?(){}|".contains(c).then_some('\\').into_iter().chain([c]))
        .collect()
}
