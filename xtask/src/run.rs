//! Runs commands, and installs those that are missing on a Debian that has nothing but Rust.

use std::error::Error;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{env, fs};

pub(crate) type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// Makes the root of the repository the current folder.
pub(crate) fn enter_root() -> Result {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    Ok(env::set_current_dir(root.ok_or("xtask has no parent")?)?)
}

/// The root of the repository.
pub(crate) fn root() -> Result<PathBuf> {
    Ok(env::current_dir()?)
}

/// A folder below `target`, which is made if it is not there.
pub(crate) fn folder(name: &str) -> Result<PathBuf> {
    let folder = root()?.join("target").join(name);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// What would change what a command makes, or where. The last one is there since `cargo run` has started this program.
const FORGOTTEN: [&str; 3] = ["RUSTFLAGS", "CARGO_TARGET_DIR", "LD_LIBRARY_PATH"];

/// A command by its words, which are separated by spaces.
pub(crate) fn command(line: &str) -> Command {
    let mut words = line.split(' ');
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).stdin(Stdio::null());
    for name in FORGOTTEN {
        command.env_remove(name);
    }
    command
}

/// Cargo of the toolchain that this was built with.
pub(crate) fn cargo(line: &str) -> Command {
    let mut command = command("cargo");
    command.args(line.split(' '));
    command
}

/// Cargo of the nightly toolchain.
pub(crate) fn nightly(line: &str) -> Command {
    cargo(&format!("+nightly {line}"))
}

/// Lets a command print what it likes.
pub(crate) fn run(command: &mut Command) -> Result {
    match command.status().map_err(|error| not_started(command, &error))? {
        status if status.success() => Ok(()),
        status => Err(format!("{}: {status}", shown(command)).into()),
    }
}

/// What a command prints on stdout; what it says on stderr is shown if it fails.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let output = output(command)?;
    if !output.status.success() {
        eprint!("{}{}", text(&output.stdout), text(&output.stderr));
        return Err(format!("{}: {}", shown(command), output.status).into());
    }
    Ok(text(&output.stdout))
}

/// What a command prints, however it ends.
pub(crate) fn output(command: &mut Command) -> Result<Output> {
    command.output().map_err(|error| not_started(command, &error).into())
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn not_started(command: &Command, error: &std::io::Error) -> String {
    format!("{}: {error}", shown(command))
}

fn shown(command: &Command) -> String {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// Whether there is a program of this name.
pub(crate) fn exists(program: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// Installs packages of Debian, unless they are installed.
pub(crate) fn install(packages: &str) -> Result {
    if succeeds(&mut command(&format!("dpkg -s {packages}"))) {
        return Ok(());
    }
    println!("installing {packages}");
    let sudo = if fs::metadata("/proc/self")?.uid() == 0 {
        ""
    } else {
        "sudo "
    };
    read(&mut command(&format!("{sudo}apt-get update -qq")))?;
    let line =
        format!("{sudo}env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends {packages}");
    read(&mut command(&line)).map(drop)
}

/// Makes sure of a C++ compiler: Rust links with it, and libFuzzer is built with it.
pub(crate) fn install_compiler() -> Result {
    if exists("c++") { Ok(()) } else { install("g++") }
}

/// Installs `cargo NAME`, unless it is installed.
pub(crate) fn install_cargo(name: &str) -> Result {
    if exists(&format!("cargo-{name}")) {
        return Ok(());
    }
    println!("installing cargo-{name}");
    run(&mut cargo(&format!("install --quiet --locked cargo-{name}")))
}
