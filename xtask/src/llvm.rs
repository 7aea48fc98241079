//! LLVM's tools for coverage, and what they tell.

use std::path::PathBuf;

use crate::run::{Result, command, install, read};

/// Where Debian's tools are that read the profiles of the nightly compiler: they have the same LLVM.
pub(crate) fn tools() -> Result<PathBuf> {
    let version = read(&mut command("rustc +nightly -vV"))?;
    let version = version.lines().find_map(|line| line.strip_prefix("LLVM version: "));
    let major = version
        .and_then(|version| version.split('.').next())
        .ok_or("nightly has no LLVM")?;
    let tools = PathBuf::from(format!("/usr/lib/llvm-{major}/bin"));
    if !tools.join("llvm-cov").is_file() {
        install(&format!("llvm-{major}"))?;
    }
    Ok(tools)
}
