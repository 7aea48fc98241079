//! Python packages, in an environment of their own below `target`.

use std::path::PathBuf;

use crate::run::{Result, command, install, output, read, root};

/// The path of a program of the environment, with these packages installed, such as `h11==0.16.0`.
pub(crate) fn program(name: &str, packages: &[&str]) -> Result<PathBuf> {
    let folder = root()?.join("target/python");
    let python = folder.join("bin/python");
    if !python.is_file() {
        // Debian has the module venv in a package of its own.
        if !output(command("python3 -c").arg("import ensurepip")).is_ok_and(|output| output.status.success()) {
            install("python3 python3-venv")?;
        }
        read(command("python3 -m venv").arg(&folder))?;
    }
    let mut pip = command(&python.to_string_lossy());
    read(
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(packages),
    )?;
    Ok(folder.join("bin").join(name))
}
