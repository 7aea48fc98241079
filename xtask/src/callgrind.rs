//! Counts instructions with callgrind.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::run::{Result, folder, install, output, text};

/// What is counted: `benches::work::measured`, apart for each call.
const MEASURED: &str = "benches::work::measured";

/// A piece of work: the line that the program prints before it, as its words and the bytes that stand last, and the
/// instructions that it took.
pub(crate) struct Count {
    pub(crate) name: String,
    pub(crate) side: String,
    pub(crate) bytes: u64,
    pub(crate) instructions: u64,
}

impl Count {
    #[expect(clippy::cast_precision_loss, reason = "two decimals are enough")]
    pub(crate) fn per_byte(&self) -> f64 {
        self.instructions as f64 / self.bytes as f64
    }
}

/// Runs a program of the benches.
pub(crate) fn counts(program: &mut Command, options: &[&str]) -> Result<Vec<Count>> {
    let folder = out()?;
    fs::remove_dir_all(&folder)?;
    let out = out()?.join("out");
    let mut valgrind = crate::run::command("timeout 900 valgrind --tool=callgrind --collect-atstart=no");
    valgrind
        .arg(format!("--callgrind-out-file={}", out.display()))
        .args(["--toggle-collect", "--dump-after"].map(|option| format!("{option}={MEASURED}")))
        .args(options)
        .arg(program.get_program())
        .args(program.get_args());
    install("valgrind")?;
    let output = output(&mut valgrind)?;
    let lines = text(&output.stdout);
    if !output.status.success() {
        let last = lines.lines().last().unwrap_or_default();
        eprint!("{}", text(&output.stderr));
        return Err(format!("{last}: failed, or takes too long").into());
    }
    lines
        .lines()
        .enumerate()
        .map(|(index, line)| count(line, index + 1))
        .collect()
}

fn count(line: &str, number: usize) -> Result<Count> {
    let [name, side, bytes] = line.split(' ').collect::<Vec<_>>()[..] else {
        return Err(format!("a line of the benches: {line}").into());
    };
    let part = fs::read_to_string(path(number)?)?;
    let total = part.lines().find_map(|line| line.strip_prefix("totals: "));
    let instructions = total.and_then(|total| total.parse().ok()).unwrap_or(0);
    if instructions == 0 {
        return Err(format!("nothing was counted for {line}").into());
    }
    Ok(Count {
        name: name.to_owned(),
        side: side.to_owned(),
        bytes: bytes.parse()?,
        instructions,
    })
}

/// The counts of the piece of that number, from 1 on.
pub(crate) fn path(number: usize) -> Result<PathBuf> {
    Ok(out()?.join(format!("out.{number}")))
}

fn out() -> Result<PathBuf> {
    folder("callgrind")
}
