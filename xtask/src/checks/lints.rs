//! Clippy on all packages for the host. `firmware` lints what is built for other targets.

use crate::run::{self, Result, cargo, install_compiler};

pub(crate) fn run(_: &[&str]) -> Result {
    install_compiler()?;
    for packages in [
        "",
        "--workspace --all-features",
        "--manifest-path fuzz/Cargo.toml --target-dir target/fuzz",
        "--manifest-path examples/embassy/Cargo.toml --target-dir target/embassy",
        "--manifest-path examples/monitor/Cargo.toml --target-dir target/monitor",
        "--manifest-path examples/monitor/Cargo.toml --target-dir target/monitor --no-default-features",
    ] {
        let line = format!("clippy --quiet --locked --all-targets {packages}");
        run::run(cargo(line.trim_end()).args(["--", "-D", "warnings"]))?;
    }
    println!("lints: none in the workspace, the fuzz targets, the host's part of embassy and the monitor");
    Ok(())
}
