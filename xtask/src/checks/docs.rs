//! Builds the docs, also as docs.rs does, and looks for links in them that lead nowhere.

use crate::python;
use std::fs;

use crate::run::{self, Result, cargo, command, folder, nightly, read};

pub(crate) fn run(_: &[&str]) -> Result {
    for features in ["", " --all-features"] {
        let mut doc = cargo(&format!("doc --quiet --locked --no-deps{features}"));
        run::run(doc.env("RUSTDOCFLAGS", "-D warnings"))?;
    }
    feature_badges()?;
    let checker = python::program("linkchecker", &["LinkChecker==10.6.0"])?;
    let mut check = command(&checker.to_string_lossy());
    // Other sites are theirs to keep up.
    check.args(["--no-status", "--no-warnings", "--ignore-url=^https?:"]);
    let report = read(check.arg("target/doc/defichain_net_rpc/index.html"))?;
    let figures = report.lines().find(|line| line.contains("links in"));
    println!("docs: {}", figures.ok_or("the checker has no figures")?);
    Ok(())
}

/// Makes sure that an item which needs a feature says so on docs.rs.
fn feature_badges() -> Result {
    let target = folder("docs-rs")?;
    let mut doc = nightly("doc --quiet --locked --no-deps --all-features --target-dir");
    run::run(doc.arg(&target).env("RUSTDOCFLAGS", "--cfg docsrs -D warnings"))?;
    for (page, feature) in [
        ("io/struct.Client.html", "embedded-io-v0.7"),
        ("io/struct.Growing.html", "alloc"),
        ("io/trait.ConnectAsync.html", "embedded-io-async-v0.7"),
        ("rpc/struct.Call.html", "serde_json"),
    ] {
        let html = fs::read_to_string(target.join("doc/defichain_net_rpc").join(page))?;
        let badge = format!("<code>{feature}</code>");
        if !html.contains("Available on") || !html.contains(&badge) {
            return Err(format!("{page} does not say that it needs {feature}").into());
        }
    }
    Ok(())
}
