//! Builds for bare metal: with rustup's target if it is installed, otherwise with Debian's toolchain, which packages the
//! sources of std, so that core and alloc are built along.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{Result, cargo, command, folder, install, output, read, root, run, text};

pub(crate) const CORTEX_M0: &str = "thumbv6m-none-eabi";
pub(crate) const CORTEX_M3: &str = "thumbv7m-none-eabi";
pub(crate) const RISCV_IMC: &str = "riscv32imc-unknown-none-elf";
pub(crate) const RISCV_IMAC: &str = "riscv32imac-unknown-none-elf";
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

/// Cargo for these targets, which are bare metal: `cargo LINE --target TARGET…`.
pub(crate) fn bare_metal(line: &str, targets: &[&str]) -> Result<Command> {
    let (subcommand, options) = line.split_once(' ').unwrap_or((line, ""));
    let triples: String = targets.iter().flat_map(|target| [" --target ", target]).collect();
    if installed(targets)? {
        return Ok(cargo(&format!("{subcommand}{triples} {options}")));
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
    let mut command = command(&format!(
        "/usr/bin/cargo {subcommand} -Zbuild-std=core,alloc{triples} {options}"
    ));
    command
        .env("PATH", env::join_paths(folders)?)
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1");
    Ok(command)
}

/// Whether rustup has installed all of these targets.
fn installed(targets: &[&str]) -> Result<bool> {
    for target in targets {
        let library = read(&mut command(&format!("rustc --print target-libdir --target {target}")))?;
        if !Path::new(library.trim()).is_dir() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A build of probe programs: for bare metal by that toolchain, for the host without std and start-up code.
pub(crate) struct Probe<'a> {
    /// Of one architecture, as they have one linker script.
    pub(crate) targets: &'a [&'a str],
    pub(crate) level: &'a str,
    pub(crate) programs: &'a [&'a str],
    pub(crate) features: &'a str,
    /// For the last step, which sees a program as a whole. There can be one program then.
    pub(crate) flags: &'a [&'a str],
}

impl Probe<'_> {
    pub(crate) fn command(&self) -> Result<Command> {
        let subcommand = if self.flags.is_empty() { "build" } else { "rustc" };
        let line = format!(
            "{subcommand} --quiet --locked --package probe --profile {}",
            profile(self.level)
        );
        let mut flags = vec!["-D warnings --cfg bare".to_owned()];
        let mut command = if self.targets == [HOST] {
            // The linker begins with the program itself.
            let arguments = ["-nostartfiles", "-lc", "-Wl,--entry=probe"];
            flags.extend(arguments.map(|argument| format!("-C link-arg={argument}")));
            cargo(&format!("{line} --target {HOST}"))
        } else {
            let is_riscv = self.targets.iter().any(|target| target.starts_with("riscv"));
            let script = if is_riscv { "link-riscv.x" } else { "link.x" };
            flags.push(format!(
                "-C link-arg=-T{}",
                root()?.join("xtask/probe").join(script).display()
            ));
            bare_metal(&line, self.targets)?
        };
        command
            .env("CARGO_TARGET_DIR", folder("bare")?)
            .env("RUSTFLAGS", flags.join(" "));
        command.args(self.programs.iter().flat_map(|program| ["--bin", program]));
        command.args(["--features", self.features]);
        if !self.flags.is_empty() {
            command.arg("--").args(self.flags);
        }
        Ok(command)
    }

    pub(crate) fn build(&self) -> Result {
        run(&mut self.command()?)
    }

    /// Builds its first program for its first target and runs it; returns what follows the program's name on the lines that it
    /// prints.
    pub(crate) fn printed(&self, qemu: &str) -> Result<Vec<String>> {
        self.build()?;
        let ([target, ..], [program, ..]) = (self.targets, self.programs) else {
            return Err("there is no program to run".into());
        };
        let output = output(command(qemu).arg(self.path(target, program)?))?;
        // What the program prints comes beside what QEMU itself has to say.
        let printed = text(&output.stdout) + &text(&output.stderr);
        if !output.status.success() {
            return Err(format!("{program} did not come to its end:\n{printed}").into());
        }
        let lines = printed.lines();
        Ok(lines
            .filter_map(|line| Some(line.strip_prefix(program)?.strip_prefix(": ")?.to_owned()))
            .collect())
    }

    /// Where a program is put.
    pub(crate) fn path(&self, target: &str, program: &str) -> Result<PathBuf> {
        Ok(folder("bare")?.join(target).join(profile(self.level)).join(program))
    }
}
