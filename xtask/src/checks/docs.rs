//! Builds the docs, and looks for links in them that lead nowhere.

use crate::python;
use crate::run::{self, Result, cargo, command, read};

pub(crate) fn run(_: &[&str]) -> Result {
    for features in ["", " --all-features"] {
        let mut doc = cargo(&format!("doc --quiet --locked --no-deps{features}"));
        run::run(doc.env("RUSTDOCFLAGS", "-D warnings"))?;
    }
    let checker = python::program("linkchecker", &["LinkChecker==10.6.0"])?;
    let mut check = command(&checker.to_string_lossy());
    // Other sites are theirs to keep up.
    check.args(["--no-status", "--no-warnings", "--ignore-url=^https?:"]);
    let report = read(check.arg("target/doc/defichain_net_rpc/index.html"))?;
    let figures = report.lines().find(|line| line.contains("links in"));
    println!("docs: {}", figures.ok_or("the checker has no figures")?);
    Ok(())
}
