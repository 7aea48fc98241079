//! Builds and tests what would be published, by itself.

use std::path::Path;
use std::{env, fs, process};

use crate::run::{self, Result, cargo, command, folder, install_compiler, read, root};

/// What the package has in its root, beside what cargo adds.
const ROOT: [&str; 11] = [
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "SECURITY.md",
    "examples",
    "src",
    "tests",
];

pub(crate) fn run(_: &[&str]) -> Result {
    install_compiler()?;
    let package = "package --locked --allow-dirty --package defichain-net-rpc";
    let files = read(&mut cargo(&format!("{package} --list")))?;
    for file in files.lines() {
        let first = file.split('/').next().unwrap_or_default();
        let is_of_cargo = [".cargo_vcs_info.json", "Cargo.toml.orig"].contains(&first);
        if !is_of_cargo && !ROOT.contains(&first) {
            return Err(format!("{file} does not belong into the package").into());
        }
    }
    run::run(&mut cargo(&format!("{package} --no-verify")))?;

    // Outside of the workspace, as whoever downloads it has it.
    let outside = env::temp_dir().join(format!("defichain-net-rpc-package-{}", process::id()));
    fs::create_dir_all(&outside)?;
    let tested = test(&outside);
    fs::remove_dir_all(&outside)?;
    tested?;
    println!(
        "package: {} files, which build and pass the tests by themselves",
        files.lines().count()
    );
    Ok(())
}

/// Unpacks the package into a folder and runs its tests.
fn test(folder_outside: &Path) -> Result {
    let id = read(&mut cargo("pkgid --package defichain-net-rpc"))?;
    let version = id.trim_end().rsplit(['#', '@']).next().unwrap_or_default();
    let name = format!("defichain-net-rpc-{version}");
    let archive = root()?.join("target/package").join(format!("{name}.crate"));
    run::run(command("tar -xzmf").arg(archive).arg("-C").arg(folder_outside))?;
    let mut tests = cargo("test --locked --quiet --all-features");
    tests.current_dir(folder_outside.join(name));
    run::run(tests.env("CARGO_TARGET_DIR", folder("package")?))
}
