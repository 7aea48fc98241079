//! Makes sure that the tests and the examples in the docs go through every line and branch of src. Tests beside the code and
//! examples in docs do not count as such.

use std::fs;

use crate::llvm;
use crate::run::{Result, folder, install_cargo, install_compiler, nightly, read, root};

pub(crate) fn run(_: &[&str]) -> Result {
    install_compiler()?;
    install_cargo("llvm-cov")?;
    let target = folder("coverage")?;
    let data = target.join("lcov.info");
    let tools = llvm::tools()?;
    // Only nightly reports branches.
    let run = |options: &str| {
        let mut tests = nightly(&format!("llvm-cov {options}"));
        tests
            .env("CARGO_TARGET_DIR", &target)
            .env("CARGO_PROFILE_DEV_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_TEST_OPT_LEVEL", "1")
            .env("CARGO_LLVM_COV_SETUP", "no")
            .env("LLVM_COV", tools.join("llvm-cov"))
            .env("LLVM_PROFDATA", tools.join("llvm-profdata"))
            // The same cases in every run, for the same figures.
            .env("PROPTEST_RNG_SEED", "1");
        tests
    };
    read(&mut run("clean --workspace"))?;
    read(&mut run("--no-report --locked --all-features --branch --doctests"))?;
    // What the fast path of the reader leaves to the general one, which 32 bits have alone.
    read(run("--no-report --locked --all-features --branch --lib --test json").env("RUSTFLAGS", "--cfg general_path"))?;
    // The tests with other formats must not be built along with the others.
    read(&mut run("--no-report --locked --package formats --branch"))?;
    read(run("report --package defichain-net-rpc --branch --doctests --lcov --output-path").arg(&data))?;

    let mut figures = Figures::default();
    for record in fs::read_to_string(&data)?.split("end_of_record") {
        figures.add(record)?;
    }
    let Figures { lines, branches } = figures;
    if lines.all < 1000 || branches.all < 100 {
        return Err(format!("there is hardly anything in {}", data.display()).into());
    }
    let text = format!("{} lines, {} branches", lines.percent(), branches.percent());
    if lines.missing > 0 || branches.missing > 0 {
        return Err(text.into());
    }
    println!("coverage: {text}");
    Ok(())
}

#[derive(Default)]
struct Figures {
    lines: Figure,
    branches: Figure,
}

#[derive(Default)]
struct Figure {
    all: u32,
    missing: u32,
}

impl Figure {
    fn percent(&self) -> String {
        let hit = f64::from(self.all - self.missing) / f64::from(self.all);
        format!("{:.2} % of {}", 100.0 * hit, self.all)
    }
}

impl Figures {
    /// Adds a record of lcov, which is about one file.
    fn add(&mut self, record: &str) -> Result {
        let Some(path) = record.lines().find_map(|line| line.strip_prefix("SF:")) else {
            return Ok(());
        };
        let source = format!("{}/src/", root()?.display());
        let Some(file) = path.strip_prefix(&source) else {
            return Ok(());
        };
        if file.starts_with("_documentation/") {
            return Ok(());
        }
        let text = fs::read_to_string(path)?;
        let tests = text.lines().position(|line| line.starts_with("mod tests"));
        let counts: Vec<bool> = text
            .lines()
            .enumerate()
            .map(|(index, line)| {
                let in_docs = ["///", "//!"].iter().any(|start| line.trim_start().starts_with(start));
                tests.is_none_or(|tests| index < tests) && !in_docs
            })
            .collect();

        for line in record.lines() {
            let Some((kind, fields)) = line.split_once(':') else {
                continue;
            };
            let fields: Vec<&str> = fields.split(',').collect();
            let number = fields[0];
            let index = number.parse::<usize>().unwrap_or(0).wrapping_sub(1);
            if !counts.get(index).copied().unwrap_or(false) {
                continue;
            }
            match (kind, &fields[..]) {
                ("DA", [_, count, ..]) => {
                    self.lines.all += 1;
                    if *count == "0" {
                        self.lines.missing += 1;
                        println!("src/{file}:{number}: not executed");
                    }
                }
                // The even ones are that a condition holds, the odd ones that it does not.
                ("BRDA", [_, _, branch, count]) => {
                    self.branches.all += 1;
                    if !count.starts_with(|c| matches!(c, '1'..='9')) {
                        self.branches.missing += 1;
                        let odd = branch.ends_with(['1', '3', '5', '7', '9']);
                        println!("src/{file}:{number}: never {}", !odd);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}
