//! Lints the library without features, with each feature alone, and with all: every choice of them has to build. Without features
//! the library has no dependency.

use crate::run::{self, Result, cargo, install_cargo, install_compiler, read};

pub(crate) fn run(_: &[&str]) -> Result {
    install_compiler()?;
    install_cargo("hack")?;
    let line = "hack clippy --quiet --locked --package defichain-net-rpc --lib --each-feature --exclude-features default -- -D warnings";
    run::run(&mut cargo(line))?;
    let tree = read(&mut cargo(
        "tree --locked --quiet --edges normal --no-default-features --prefix none",
    ))?;
    match tree.lines().count() {
        1 => println!("features: each alone, none and all; no dependency without any"),
        _ => return Err(format!("there are dependencies without any feature:\n{tree}").into()),
    }
    Ok(())
}
