//! All tests.

use crate::run::{self, Result, cargo, install_compiler};

pub(crate) fn run(_: &[&str]) -> Result {
    install_compiler()?;
    run::run(&mut cargo("test --locked --workspace --all-features"))?;
    run::run(&mut cargo(
        "test --locked --lib --manifest-path fuzz/Cargo.toml --target-dir target/fuzz",
    ))
}
