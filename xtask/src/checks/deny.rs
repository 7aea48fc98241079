//! Licences and sources of all dependencies, by the rules of `deny.toml`.
//!
//! Advisories need a database that is fetched from its repository; what is to pass without a network asks for the rest
//! alone. `cargo xtask deny advisories` asks for them.

use crate::run::{self, Result, cargo, install_cargo, install_compiler};

const OFFLINE: [&str; 3] = ["bans", "licenses", "sources"];

pub(crate) fn run(checks: &[&str]) -> Result {
    install_compiler()?;
    install_cargo("deny")?;
    let checks = if checks.is_empty() { &OFFLINE } else { checks };
    for manifest in super::MANIFESTS {
        let line = format!("deny --locked --all-features --manifest-path {manifest} --config deny.toml check");
        run::run(cargo(&line).args(checks))?;
    }
    println!(
        "deny: {} hold for {} workspaces",
        checks.join(", "),
        super::MANIFESTS.len()
    );
    Ok(())
}
