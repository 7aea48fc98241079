//! Runs every example: each has something to show without a node.

use std::fs::File;

use serde_json::Value;

use crate::run::{self, Result, cargo, command, install_compiler, read};

/// What is decoded.
const RECORDED: &str = "tests/exchanges/v3.2.8/crowd-getnetworkinfo.response.http";

pub(crate) fn run(_: &[&str]) -> Result {
    install_compiler()?;
    let metadata: Value = serde_json::from_str(&read(&mut cargo("metadata --locked --no-deps --format-version 1"))?)?;
    let mut count = 0;
    for package in metadata["packages"].as_array().ok_or("no packages")? {
        let name = package["name"].as_str().unwrap_or_default();
        if name.starts_with("example-") {
            show(&format!("--package {name}"))?;
            count += 1;
        }
        for target in package["targets"].as_array().ok_or("no targets")? {
            if target["kind"][0] == "example" {
                let name = target["name"].as_str().unwrap_or_default();
                show(&format!("--all-features --package defichain-net-rpc --example {name}"))?;
                count += 1;
            }
        }
    }
    show("--manifest-path examples/embassy/Cargo.toml --target-dir target/embassy")?;
    count += 1;
    println!("examples: all {count} have run");
    Ok(())
}

fn show(which: &str) -> Result {
    println!("examples: {which}");
    run::run(&mut cargo(&format!("build --locked --quiet {which}")))?;
    let mut example = command(&format!("timeout 60 cargo run --locked --quiet {which}"));
    if which.ends_with(" decode") {
        example.args(["--", "getnetworkinfo"]).stdin(File::open(RECORDED)?);
    }
    run::run(&mut example)
}
