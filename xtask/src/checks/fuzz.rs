//! Fuzzes each target from its seeds on.
//!
//!     cargo xtask fuzz SECONDS [TARGET…]   runs each target, or only these, for SECONDS each
//!     cargo xtask fuzz coverage            shows that the seeds of each target reach what it is for
//!     cargo xtask fuzz minimise            removes the seeds that reach nothing that others do not

use std::process::Command;
use std::{fs, io};

use crate::limits::{FUZZ, SEEDS, Target};
use crate::llvm;
use crate::run::{self, Result, command, folder, install_cargo, install_compiler, nightly, output, read, root, text};

/// The crate has no unsafe code that a sanitizer would watch. Without one, and without a call at each comparison, there are
/// two to four times as many executions, which reach more in the same time.
const OPTIONS: &str = "--sanitizer none --no-trace-compares --target-dir";

/// What is built to count goes to a folder of its own.
const COVERAGE: &str = "target/fuzz-coverage";

pub(crate) fn run(options: &[&str]) -> Result {
    install_compiler()?;
    install_cargo("fuzz")?;
    let listed = read(&mut nightly("fuzz list"))?;
    if !listed.lines().eq(FUZZ.iter().map(|target| target.name)) {
        return Err(format!("nothing is said about some of these in limits.rs, or too much:\n{listed}").into());
    }
    match *options {
        ["coverage"] => coverage(),
        ["minimise"] => minimise(),
        [seconds, ref names @ ..] if seconds.parse::<u32>().is_ok() => fuzz(seconds, names),
        _ => Err("how many seconds for each target?".into()),
    }
}

fn cargo_fuzz(subcommand: &str) -> Command {
    let folder = if subcommand == "coverage" {
        COVERAGE
    } else {
        "target/fuzz"
    };
    nightly(&format!("fuzz {subcommand} {OPTIONS} {folder}"))
}

fn seeds(target: &Target) -> String {
    format!("fuzz/seeds/{}", target.name)
}

fn fuzz(seconds: &str, names: &[&str]) -> Result {
    run::run(&mut cargo_fuzz("build"))?;
    let mut total = 0;
    for target in FUZZ
        .iter()
        .filter(|target| names.is_empty() || names.contains(&target.name))
    {
        // What is found goes to the scratch corpus, which comes first; the seeds stay as they are.
        let corpus = folder(&format!("fuzz/corpus/{}", target.name))?;
        let mut fuzz = cargo_fuzz("run");
        fuzz.arg(target.name)
            .arg(corpus)
            .arg(root()?.join(seeds(target)))
            .args([
                "--",
                &format!("-max_total_time={seconds}"),
                &format!("-max_len={}", target.length),
                &format!("-dict={}", root()?.join("fuzz/dictionary.txt").display()),
                "-timeout=10",
                "-rss_limit_mb=2048",
                "-verbosity=0",
                "-print_funcs=0",
                "-print_final_stats=1",
            ]);
        let output = output(&mut fuzz)?;
        let log = text(&output.stdout) + &text(&output.stderr);
        if !output.status.success() {
            return Err(format!("{log}{} failed", target.name).into());
        }
        let count = log
            .lines()
            .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
        let count: u64 = count
            .ok_or_else(|| format!("{} has no figure", target.name))?
            .trim()
            .parse()?;
        println!("fuzz: {}: {count} executions", target.name);
        total += count;
    }
    if total == 0 {
        return Err("nothing ran".into());
    }
    println!("fuzz: {total} executions, no failure");
    Ok(())
}

fn coverage() -> Result {
    let tools = llvm::tools()?;
    let (mut lowest, mut failed) = (100, Vec::new());
    for target in &FUZZ {
        let mut cover = cargo_fuzz("coverage");
        cover
            .arg("--llvm-path")
            .arg(&tools)
            .arg(target.name)
            .arg(root()?.join(seeds(target)));
        read(&mut cover)?;
        let mut export = command(&tools.join("llvm-cov").to_string_lossy());
        export
            .args(["export", "--summary-only", "--format=lcov"])
            .arg(format!(
                "--instr-profile=fuzz/coverage/{}/coverage.profdata",
                target.name
            ))
            .arg(format!("{COVERAGE}/x86_64-unknown-linux-gnu/release/{}", target.name));
        let report = read(&mut export)?;
        for file in target.files {
            let percent = percent(&report, file).ok_or_else(|| format!("{}: no src/{file}.rs", target.name))?;
            println!("fuzz: {} reaches {percent} % of src/{file}.rs", target.name);
            if percent < SEEDS {
                failed.push(format!("{} reaches less than {SEEDS} % of src/{file}.rs", target.name));
            }
            lowest = lowest.min(percent);
        }
    }
    if !failed.is_empty() {
        return Err(failed.join(", ").into());
    }
    println!("fuzz: the seeds reach at least {lowest} % of each file that their target is for");
    Ok(())
}

/// Per cent of the lines of a file of src that were reached.
fn percent(report: &str, file: &str) -> Option<u64> {
    let file = format!("/src/{file}.rs");
    let record = report.split("end_of_record").find(|record| {
        record
            .lines()
            .any(|line| line.starts_with("SF:") && line.ends_with(&file))
    })?;
    let number = |name| {
        record
            .lines()
            .find_map(|line| line.strip_prefix(name)?.parse::<u64>().ok())
    };
    (100 * number("LH:")?).checked_div(number("LF:")?)
}

fn minimise() -> Result {
    run::run(&mut cargo_fuzz("build"))?;
    let (mut kept, mut removed) = (0, 0);
    for target in &FUZZ {
        let least = folder(&format!("fuzz/least/{}", target.name))?;
        fs::remove_dir_all(&least)?;
        fs::create_dir_all(&least)?;
        let mut merge = cargo_fuzz("run");
        merge.arg(target.name).arg(&least).arg(root()?.join(seeds(target)));
        read(merge.args(["--", "-merge=1"]))?;
        // The fuzzer names them otherwise.
        let needed = fs::read_dir(&least)?
            .map(|entry| fs::read(entry?.path()))
            .collect::<io::Result<Vec<_>>>()?;
        if needed.is_empty() {
            return Err(format!("{} has no seed that reaches anything", target.name).into());
        }
        for seed in fs::read_dir(seeds(target))? {
            let seed = seed?.path();
            if needed.contains(&fs::read(&seed)?) {
                kept += 1;
            } else {
                fs::remove_file(seed)?;
                removed += 1;
            }
        }
    }
    println!("fuzz: {removed} seeds removed, {kept} kept");
    Ok(())
}
