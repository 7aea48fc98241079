//! Runs the firmware of each board and each stack in QEMU, beside a node of recorded replies that stops answering, dies and
//! comes back. Compares every line about a peer with what curl gets from the node and jq makes of it, the time of the guest
//! with that of the host, and counts the connections that are open at the node.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use crate::binary::size;
use crate::run::{self, Result, cargo, command, folder, install, install_compiler, read};
use crate::toolchain::{CORTEX_M3, RISCV_IMAC, RISCV_IMC, bare_metal};

/// A board and a network stack, the folder of the package, and its target.
struct Firmware {
    name: &'static str,
    folder: &'static str,
    target: &'static str,
}

const FIRMWARE: [Firmware; 4] = [
    Firmware {
        name: "lm3s6965evb smoltcp",
        folder: "examples/firmware",
        target: CORTEX_M3,
    },
    Firmware {
        name: "lm3s6965evb embassy",
        folder: "examples/embassy",
        target: CORTEX_M3,
    },
    Firmware {
        name: "riscv32imac smoltcp",
        folder: "examples/firmware",
        target: RISCV_IMAC,
    },
    Firmware {
        name: "riscv32imc smoltcp",
        folder: "examples/firmware",
        target: RISCV_IMC,
    },
];

const POLLS: usize = 5;
const PEERS: usize = 133;

/// How far the time of a guest may be from that of the host, in per cent.
const TIME: u64 = 20;

/// How many milliseconds a task beside the monitor may be late. A monitor that blocked would make it a whole poll.
const LATE: u64 = 50;

pub(crate) fn run(_: &[&str]) -> Result {
    install_compiler()?;
    install("curl jq qemu-system-arm qemu-system-misc")?;
    run::run(&mut cargo(
        "build --locked --quiet --all-features --example replay_node",
    ))?;
    let mut runs = Vec::new();
    for firmware in &FIRMWARE {
        let node = Node::start(0)?;
        let replies = Replies::get(node.port)?;
        runs.push((firmware, firmware.build(node.port)?, node, replies));
    }
    // Side by side: most of the time they wait.
    let results: Vec<_> = thread::scope(|scope| {
        let runs = runs.into_iter().map(|(firmware, program, node, replies)| {
            let watched = move || watch(firmware, &program, node, &replies).map_err(|error| error.to_string());
            (firmware.name, scope.spawn(watched))
        });
        let runs: Vec<_> = runs.collect();
        runs.into_iter()
            .map(|(name, run)| (name, run.join().unwrap_or_else(|_| Err("it panicked".into()))))
            .collect()
    });
    let mut failed = Vec::new();
    for (name, result) in results {
        match result {
            Ok(figures) => println!("{name}: {figures}"),
            Err(error) => failed.push(format!("{name}: {error}")),
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    Err(failed.join("; ").into())
}

/// Runs a program to its end, and returns its figures.
fn watch(firmware: &Firmware, program: &Path, node: Node, replies: &Replies) -> Result<String> {
    let mut image = Image::start(firmware, program)?;
    image.prints("poll 2:")?;
    node.signal("STOP")?;
    image.prints("failed: no answer in time")?;
    node.signal("CONT")?;
    image.prints("poll 3:")?;
    let after_pause = node.open_connections()?;
    let port = node.port;
    drop(node);
    image.prints("failed: the node refuses the connection")?;
    let node = Node::start(port)?;
    image.prints(&format!("poll {POLLS}:"))?;
    let at_end = node.open_connections()?;
    let printed = image.end()?;

    let open = after_pause.max(at_end);
    if open > 1 {
        return Err(format!("{open} connections are open at the node").into());
    }
    let size = size(program)?;
    let (flash, ram) = (size.text + size.data, size.data + size.bss);
    let figures = compare(&printed, replies)?;
    Ok(format!(
        "{flash} bytes of flash, {ram} of static RAM, {figures}; open at the node: {open}"
    ))
}

impl Firmware {
    fn build(&self, port: u16) -> Result<PathBuf> {
        let target = folder("firmware")?;
        for (line, lints) in [("clippy", &["--", "-D", "warnings"][..]), ("build", &[])] {
            // Its source is that of riscv32imc.
            if line == "clippy" && self.target == RISCV_IMAC {
                continue;
            }
            let mut cargo = bare_metal(&format!("{line} --locked --quiet --release"), &[self.target])?;
            cargo
                .current_dir(self.folder)
                .env("CARGO_TARGET_DIR", &target)
                .env("RUSTFLAGS", "-D warnings")
                .env("NODE", format!("http://foo:bar@10.0.2.2:{port}"))
                .env("POLLS", POLLS.to_string())
                .env("INTERVAL_MS", "1000")
                .env("TIMEOUT_MS", "2000");
            run::run(cargo.args(lints))?;
        }
        // The package is named after the folder.
        let name = Path::new(self.folder).file_name().unwrap_or_default();
        Ok(target.join(self.target).join("release").join(name))
    }

    /// Returns the command that `cargo run` uses.
    fn runner(&self) -> Result<Command> {
        let config = fs::read_to_string(format!("{}/.cargo/config.toml", self.folder))?;
        let architecture = if self.target == CORTEX_M3 { "arm" } else { "riscv32" };
        let line = config
            .lines()
            .filter_map(|line| line.strip_prefix("runner = \"")?.strip_suffix('"'))
            .find(|line| line.starts_with(&format!("qemu-system-{architecture} ")));
        Ok(command(&format!("timeout 120 {}", line.ok_or("no runner")?)))
    }
}

/// A process that ends with this program.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

struct Node {
    process: Process,
    port: u16,
}

impl Node {
    /// Starts a node at a port, 0 for any that is free.
    fn start(port: u16) -> Result<Self> {
        let mut node = command("target/debug/examples/replay_node");
        node.args([format!("127.0.0.1:{port}"), PEERS.to_string()]);
        let mut process = Process(node.stdout(Stdio::piped()).spawn()?);
        let mut url = String::new();
        BufReader::new(process.0.stdout.take().ok_or("no stdout")?).read_line(&mut url)?;
        let port = url.trim().rsplit(':').next().unwrap_or_default();
        let port = port.parse().map_err(|_| "the node does not start")?;
        Ok(Self { process, port })
    }

    fn signal(&self, signal: &str) -> Result {
        run::run(&mut command(&format!("kill -{signal} {}", self.process.0.id())))
    }

    /// How many connections the node has, a little later, so that what is being closed is closed.
    fn open_connections(&self) -> Result<usize> {
        const ESTABLISHED: &str = "01";
        sleep(Duration::from_millis(300));
        let here = format!("0100007F:{:04X}", self.port);
        let connections = fs::read_to_string("/proc/net/tcp")?;
        let is_open = |line: &&str| {
            let words: Vec<&str> = line.split_whitespace().collect();
            words.get(1) == Some(&&*here) && words.get(3) == Some(&ESTABLISHED)
        };
        Ok(connections.lines().filter(is_open).count())
    }
}

/// A line, and when it came.
type Line = (Instant, String);

/// The firmware, while it runs.
struct Image {
    process: Process,
    lines: Receiver<Line>,
    printed: Vec<Line>,
}

impl Image {
    fn start(firmware: &Firmware, program: &Path) -> Result<Self> {
        let mut process = Process(firmware.runner()?.arg(program).stdout(Stdio::piped()).spawn()?);
        let output = BufReader::new(process.0.stdout.take().ok_or("no stdout")?);
        let (sender, lines) = channel();
        thread::spawn(move || {
            output
                .lines()
                .map_while(std::result::Result::ok)
                .try_for_each(|line| sender.send((Instant::now(), line)))
        });
        Ok(Self {
            process,
            lines,
            printed: Vec::new(),
        })
    }

    /// Waits for a line that begins so.
    fn prints(&mut self, beginning: &str) -> Result {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            match self
                .lines
                .recv_timeout(deadline.saturating_duration_since(Instant::now()))
            {
                Ok(line) => {
                    let is_it = line.1.starts_with(beginning);
                    self.printed.push(line);
                    if is_it {
                        return Ok(());
                    }
                }
                Err(RecvTimeoutError::Timeout) => return Err(self.failed(&format!("did not print '{beginning}'"))),
                Err(RecvTimeoutError::Disconnected) => {
                    let status = self.process.0.wait()?;
                    return Err(self.failed(&format!("{status} before it printed '{beginning}'")));
                }
            }
        }
    }

    fn end(mut self) -> Result<Vec<Line>> {
        self.printed.extend(self.lines.iter());
        let status = self.process.0.wait()?;
        if status.success() {
            return Ok(self.printed);
        }
        Err(self.failed(&status.to_string()))
    }

    fn failed(&self, how: &str) -> Box<dyn std::error::Error> {
        let lines = self.printed.iter().map(|line| &*line.1);
        let lines: Vec<&str> = lines.filter(|line| !line.starts_with("peer ")).collect();
        format!("{how}, after:\n{}\n", lines.join("\n")).into()
    }
}

/// What there is to be printed, as curl gets it and jq reads it.
struct Replies {
    peers: Vec<String>,
    sums: String,
    bytes: usize,
}

impl Replies {
    fn get(port: u16) -> Result<Self> {
        let peers = curl(port, "getpeerinfo")?;
        let way = r#"\(if .inbound then "from" else "to" end)"#;
        let line = format!(r#""peer \(.id) {way} \(.addr): \(.bytesrecv) B received, \(.bytessent) B sent""#);
        let lines = jq(&peers, &format!(".result[] | {line}"))?;
        let sums = r#""\(length) peers, \(map(.bytesrecv) | add) B received and \(map(.bytessent) | add) B sent""#;
        let sums = jq(&peers, &format!(".result | {sums}"))?;
        let totals = r#""\(.totalbytesrecv) B and \(.totalbytessent) B since the node's start""#;
        let totals = jq(&curl(port, "getnettotals")?, &format!(".result | {totals}"))?;
        let replies = Self {
            peers: lines.lines().map(str::to_owned).collect(),
            sums: format!(": {}; {}; ", sums.trim(), totals.trim()),
            bytes: peers.len(),
        };
        match replies.peers.len() {
            PEERS => Ok(replies),
            count => Err(format!("the node has {count} peers").into()),
        }
    }
}

/// The body of a reply, by curl.
fn curl(port: u16, method: &str) -> Result<String> {
    let request = format!(r#"{{"jsonrpc":"1.0","id":1,"method":"{method}","params":[]}}"#);
    read(command("curl --silent --show-error --fail --max-time 10").args([
        "--data-binary",
        &request,
        &format!("http://foo:bar@127.0.0.1:{port}/"),
    ]))
}

/// What jq makes of a body.
fn jq(body: &str, filter: &str) -> Result<String> {
    let path = folder("firmware")?.join("reply.json");
    fs::File::create(&path)?.write_all(body.as_bytes())?;
    read(command("jq --raw-output").arg(filter).arg(path))
}

/// Compares everything that was printed, and the times, with the replies. Returns the figures.
fn compare(printed: &[Line], replies: &Replies) -> Result<String> {
    let (mut peers, mut polls, mut best) = (Vec::new(), 0, u64::MAX);
    let (mut stack, mut time, mut ticker) = (None, None, String::new());
    let start = printed.first().ok_or("nothing was printed")?.0;
    for (at, line) in printed {
        if line.starts_with("peer ") {
            peers.push(line);
            continue;
        }
        if line.starts_with("poll ") {
            if !peers.iter().copied().eq(&replies.peers) || !line.contains(&replies.sums) {
                return Err(format!(
                    "the peers are not those that the node sent, or not their sums{}",
                    replies.sums
                )
                .into());
            }
            polls += 1;
            let millis = line.strip_suffix(" ms").and_then(|line| line.rsplit(' ').next());
            best = best.min(millis.and_then(|millis| millis.parse().ok()).ok_or("no time")?);
        }
        // A poll that fails half-way has printed some peers.
        peers.clear();
        if let Some((_, late)) = line
            .strip_prefix("ticker: ")
            .and_then(|line| line.split_once("at most "))
        {
            let late = number(late, "").ok_or("no lateness")?;
            if late > LATE {
                return Err(format!("a task was {late} ms late").into());
            }
            ticker = format!("; a second task at most {late} ms late");
        }
        stack = stack.or_else(|| number(line, "stack: "));
        time = time.or_else(|| Some((number(line, "time: ")?, at.duration_since(start))));
    }
    if polls != POLLS {
        return Err(format!("{polls} polls instead of {POLLS}").into());
    }
    let stack = stack.ok_or("no figure for the stack")?;
    let (guest, host) = time.ok_or("no time at the end")?;
    let host = u64::try_from(host.as_millis())?;
    let times = format!("{guest} ms of the guest in {host} of the host");
    if guest.abs_diff(host) * 100 > host * TIME {
        return Err(format!("{times} are more than {TIME} % apart").into());
    }
    Ok(format!(
        "{stack} of stack; {PEERS} peers in {} bytes at best in {best} ms; recovered from a pause and a restart; {times}{ticker}",
        replies.bytes
    ))
}

/// Returns the number after a prefix.
fn number(line: &str, beginning: &str) -> Option<u64> {
    line.strip_prefix(beginning)?.split(' ').next()?.parse().ok()
}
