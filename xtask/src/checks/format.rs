//! Whether all of the source is formatted.

use crate::run::{self, Result, cargo};

pub(crate) fn run(_: &[&str]) -> Result {
    for manifest in super::MANIFESTS {
        run::run(&mut cargo(&format!("fmt --all --check --manifest-path {manifest}")))?;
    }
    println!("format: all of the source of {} workspaces", super::MANIFESTS.len());
    Ok(())
}
