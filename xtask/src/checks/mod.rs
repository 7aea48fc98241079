//! One module for each check.

pub(crate) mod ci;
pub(crate) mod coverage;
pub(crate) mod deny;
pub(crate) mod docs;
pub(crate) mod examples;
pub(crate) mod features;
pub(crate) mod firmware;
pub(crate) mod flash;
pub(crate) mod format;
pub(crate) mod fuzz;
pub(crate) mod instructions;
pub(crate) mod lints;
pub(crate) mod monitor;
pub(crate) mod mutants;
pub(crate) mod package;
pub(crate) mod panics;
pub(crate) mod parsers;
mod profile;
pub(crate) mod public_api;
pub(crate) mod speed;
pub(crate) mod stack;
pub(crate) mod tests;

/// The workspaces: what has another target, another toolchain or many dependencies is in one of its own.
const MANIFESTS: [&str; 5] = [
    "Cargo.toml",
    "fuzz/Cargo.toml",
    "examples/embassy/Cargo.toml",
    "examples/firmware/Cargo.toml",
    "examples/monitor/Cargo.toml",
];
