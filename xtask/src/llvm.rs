//! LLVM's tools for coverage.

use std::path::PathBuf;

use crate::run::{Result, command, install, read};

/// Where tools are that read the profiles of the nightly compiler: its own if rustup has installed them, otherwise Debian's
/// with the same LLVM.
pub(crate) fn tools() -> Result<PathBuf> {
    let library = read(&mut command("rustc +nightly --print target-libdir"))?;
    let tools = PathBuf::from(library.trim()).join("../bin");
    if tools.join("llvm-cov").is_file() {
        return Ok(tools);
    }
    let version = read(&mut command("rustc +nightly -vV"))?;
    let version = version.lines().find_map(|line| line.strip_prefix("LLVM version: "));
    let major = version.and_then(|version| version.split('.').next());
    let major = major.ok_or("nightly has no LLVM")?;
    install(&format!("llvm-{major}"))?;
    Ok(PathBuf::from(format!("/usr/lib/llvm-{major}/bin")))
}
