//! Builds for a Cortex-M: with rustup's target if it is installed, otherwise with Debian's toolchain, which packages the
//! sources of std, so that core and alloc are built along.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{Result, cargo, command, folder, install, read, root, run};

pub(crate) const CORTEX_M0: &str = "thumbv6m-none-eabi";
pub(crate) const CORTEX_M3: &str = "thumbv7m-none-eabi";
pub(crate) const HOST: &str = "x86_64-unknown-linux-gnu";

/// The profiles of firmware, by their opt-level.
pub(crate) const LEVELS: [&str; 2] = ["z", "3"];

fn profile(level: &str) -> String {
    if level == "z" {
        "firmware".to_owned()
    } else {
        format!("firmware-{level}")
    }
}

/// Cargo for a Cortex-M: `cargo LINE --target TARGET`.
pub(crate) fn cortex_m(line: &str, target: &str) -> Result<Command> {
    let library = read(&mut command(&format!("rustc --print target-libdir --target {target}")))?;
    if Path::new(library.trim()).is_dir() {
        return Ok(cargo(&format!("{line} --target {target}")));
    }
    install("rustc-web cargo-web rust-web-src rust-web-clippy")?;
    // Debian's rustc brings no linker for these targets, rustup's does.
    let linker = PathBuf::from(read(&mut command("rustc --print target-libdir"))?.trim()).join("../bin");
    if !linker.join("rust-lld").is_file() {
        return Err(format!("no rust-lld in {}", linker.display()).into());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = [PathBuf::from("/usr/bin"), linker]
        .into_iter()
        .chain(env::split_paths(&path));
    let (subcommand, options) = line.split_once(' ').unwrap_or((line, ""));
    let line = format!("/usr/bin/cargo {subcommand} -Zbuild-std=core,alloc --target {target} {options}");
    let mut command = command(line.trim_end());
    command
        .env("PATH", env::join_paths(folders)?)
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1");
    Ok(command)
}

/// A build of the probe programs: for a Cortex-M by that toolchain, for the host without std and start-up code.
pub(crate) struct Probe<'a> {
    pub(crate) target: &'a str,
    pub(crate) level: &'a str,
    pub(crate) programs: &'a [&'a str],
    pub(crate) features: &'a str,
    /// For the last step, which sees the program as a whole.
    pub(crate) flags: &'a [&'a str],
}

impl Probe<'_> {
    pub(crate) fn command(&self, program: &str) -> Result<Command> {
        let profile = profile(self.level);
        let line = format!("rustc --quiet --locked --package probe --bin {program} --profile {profile}");
        let mut flags = String::from("-D warnings --cfg bare");
        let mut command = if self.target == HOST {
            // The linker begins with the program itself.
            for argument in ["-nostartfiles", "-lc", "-Wl,--entry=probe", "-Wl,--defsym=stack_top=0"] {
                flags += &format!(" -C link-arg={argument}");
            }
            cargo(&format!("{line} --target {HOST}"))
        } else {
            let script = root()?.join("xtask/probe/link.x");
            flags += &format!(" -C link-arg=-T{}", script.display());
            cortex_m(&line, self.target)?
        };
        command.env("CARGO_TARGET_DIR", folder("bare")?).env("RUSTFLAGS", flags);
        command.args(["--features", self.features, "--"]).args(self.flags);
        Ok(command)
    }

    /// Builds all programs.
    pub(crate) fn build(&self) -> Result {
        self.programs
            .iter()
            .try_for_each(|program| run(&mut self.command(program)?))
    }

    /// Where a program is put.
    pub(crate) fn path(&self, program: &str) -> Result<PathBuf> {
        Ok(folder("bare")?
            .join(self.target)
            .join(profile(self.level))
            .join(program))
    }
}
