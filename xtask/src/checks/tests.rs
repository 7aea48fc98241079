//! All tests.

use crate::run::{self, Result, cargo, install_compiler};

pub(crate) fn run(_: &[&str]) -> Result {
    install_compiler()?;
    // The first is the README's. Those of the formats must not be built along with it: its serde_json has a feature that breaks
    // what they test.
    run::run(&mut cargo("test --locked --all-features"))?;
    run::run(&mut cargo(
        "test --locked --workspace --all-features --exclude defichain-net-rpc --exclude formats",
    ))?;
    run::run(&mut cargo("test --locked --package formats"))?;
    run::run(&mut cargo(
        "test --locked --lib --manifest-path fuzz/Cargo.toml --target-dir target/fuzz",
    ))?;
    run::run(&mut cargo(
        "test --locked --manifest-path examples/monitor/Cargo.toml --target-dir target/monitor",
    ))
}
