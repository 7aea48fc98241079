//! Has unusual HTTP replies read by this crate, httparse, ureq-proto, h11 and llhttp (as httptools). Where this crate and
//! another differ is in `xtask/parsers/table.txt`, with the section of the RFC that decides; a difference that is not there
//! is a failure, and so is one that is there and is none.

use std::fs::{self, File};

use crate::python;
use crate::run::{self, Result, cargo, command, folder, install_compiler, output, read, text};

const TABLE: &str = "xtask/parsers/table.txt";

pub(crate) fn run(_: &[&str]) -> Result {
    install_compiler()?;
    run::run(&mut cargo("build --quiet --locked --package parsers"))?;
    let python = python::program("python", &["--requirement", "xtask/parsers/requirements.txt"])?;

    let parsers = "target/debug/parsers";
    let (replies, verdicts) = (folder("parsers")?.join("replies"), folder("parsers")?.join("verdicts"));
    fs::write(&replies, read(&mut command(&format!("{parsers} replies")))?)?;
    let mut others = command(&python.to_string_lossy());
    fs::write(
        &verdicts,
        read(others.arg("xtask/parsers/others.py").stdin(File::open(&replies)?))?,
    )?;
    let compared = output(command(parsers).arg("compare").arg(&verdicts).arg(TABLE))?;
    let found = text(&compared.stdout);
    if !compared.status.success() {
        return Err(format!("{TABLE} is not what was found\n{found}{}", text(&compared.stderr)).into());
    }
    let [replies, disputed, kinds] = found.split_whitespace().collect::<Vec<_>>()[..] else {
        return Err(found.into());
    };
    if replies.parse::<usize>()? <= 10_000 {
        return Err(format!("there are only {replies} replies").into());
    }
    println!(
        "parsers: {replies} replies through 5 parsers, not all taken for the same: {disputed}, of {kinds} known kinds"
    );
    Ok(())
}
