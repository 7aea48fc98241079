//! Runs the firmware in QEMU beside a node of recorded replies that stops answering, dies and comes back, and compares
//! every line about a peer with what the node sent.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

use crate::binary::size;
use crate::run::{self, Result, cargo, command, folder, install, install_compiler};
use crate::toolchain::{CORTEX_M3, cortex_m};

const POLLS: usize = 5;
const PEERS: usize = 133;

pub(crate) fn run(_: &[&str]) -> Result {
    install_compiler()?;
    install("qemu-system-arm")?;
    let replies = Replies::new()?;
    run::run(&mut cargo(
        "build --locked --quiet --all-features --example replay_node",
    ))?;
    let node = start_node(0)?;
    let program = build(node.port)?;

    let mut image = Image::start(&program)?;
    image.prints("poll 2:")?;
    node.signal("STOP")?;
    image.prints("failed: no answer in time")?;
    node.signal("CONT")?;
    image.prints("poll 3:")?;
    let port = node.port;
    drop(node);
    image.prints("failed: the node refuses the connection")?;
    let _node = start_node(port)?;
    let printed = image.end()?;

    let figures = compare(&printed, &replies)?;
    let size = size(&program)?;
    let (flash, ram) = (size.text + size.data, size.data + size.bss);
    println!(
        "firmware: {flash} bytes of flash, {ram} of static RAM, {figures}, {POLLS} polls, recovered from a pause and a restart"
    );
    Ok(())
}

fn build(port: u16) -> Result<PathBuf> {
    let target = folder("firmware")?;
    for (line, lints) in [("clippy", &["--", "-D", "warnings"][..]), ("build", &[])] {
        let mut cargo = cortex_m(&format!("{line} --locked --quiet --release"), &[CORTEX_M3])?;
        cargo
            .current_dir("examples/firmware")
            .env("CARGO_TARGET_DIR", &target)
            .env("RUSTFLAGS", "-D warnings")
            .env("NODE", format!("http://foo:bar@10.0.2.2:{port}"))
            .env("POLLS", POLLS.to_string())
            .env("INTERVAL_MS", "1000")
            .env("TIMEOUT_MS", "2000");
        run::run(cargo.args(lints))?;
    }
    Ok(target.join(CORTEX_M3).join("release/firmware"))
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

/// Starts a node at a port, 0 for any that is free.
fn start_node(port: u16) -> Result<Node> {
    let mut node = command("target/debug/examples/replay_node");
    node.args([format!("127.0.0.1:{port}"), PEERS.to_string()]);
    let mut process = Process(node.stdout(Stdio::piped()).spawn()?);
    let mut url = String::new();
    BufReader::new(process.0.stdout.take().ok_or("no stdout")?).read_line(&mut url)?;
    let port = url.trim().rsplit(':').next().unwrap_or_default();
    let port = port.parse().map_err(|_| "the node does not start")?;
    Ok(Node { process, port })
}

impl Node {
    fn signal(&self, signal: &str) -> Result {
        run::run(&mut command(&format!("kill -{signal} {}", self.process.0.id())))
    }
}

/// The firmware, while it runs.
struct Image {
    process: Process,
    printed: PathBuf,
}

impl Image {
    fn start(program: &std::path::Path) -> Result<Self> {
        let printed = folder("firmware")?.join("printed");
        let mut runner = runner()?;
        let output = File::create(&printed)?;
        runner.arg(program).stdout(output.try_clone()?).stderr(output);
        Ok(Self {
            process: Process(runner.spawn()?),
            printed,
        })
    }

    /// Waits until a line begins so.
    fn prints(&mut self, beginning: &str) -> Result {
        for _ in 0..300 {
            if fs::read_to_string(&self.printed)?
                .lines()
                .any(|line| line.starts_with(beginning))
            {
                return Ok(());
            }
            if let Some(status) = self.process.0.try_wait()? {
                return Err(self.failed(&format!("{status} before it printed '{beginning}'")));
            }
            sleep(Duration::from_millis(100));
        }
        Err(self.failed(&format!("did not print '{beginning}'")))
    }

    fn end(mut self) -> Result<String> {
        let status = self.process.0.wait()?;
        if status.success() {
            return Ok(fs::read_to_string(&self.printed)?);
        }
        Err(self.failed(&status.to_string()))
    }

    fn failed(&self, how: &str) -> Box<dyn std::error::Error> {
        let printed = fs::read_to_string(&self.printed).unwrap_or_default();
        printed
            .lines()
            .filter(|line| !line.starts_with("peer "))
            .for_each(|line| eprintln!("{line}"));
        how.into()
    }
}

/// The same command as that of `cargo run`.
fn runner() -> Result<Command> {
    let config = fs::read_to_string("examples/firmware/.cargo/config.toml")?;
    let line = config
        .lines()
        .find_map(|line| line.strip_prefix("runner = \"")?.strip_suffix('"'));
    Ok(command(&format!("timeout 90 {}", line.ok_or("no runner")?)))
}

/// What there is to be printed, by another reader of JSON.
struct Replies {
    peers: Vec<String>,
    sums: String,
    bytes: usize,
}

impl Replies {
    fn new() -> Result<Self> {
        let reply = replay_node::large_reply(replay_node::PEERS, PEERS);
        let (_, body) = reply.split_once("\r\n\r\n").ok_or("no head")?;
        let peers = serde_json::from_str::<Value>(body)?["result"].take();
        let peers = peers
            .as_array()
            .filter(|peers| peers.len() == PEERS)
            .ok_or("the node has not so many peers")?;
        let totals: Value = serde_json::from_str(replay_node::result("getnettotals").ok_or("no totals")?)?;
        let number = |value: &Value, name: &str| value[name].as_u64().ok_or_else(|| format!("no {name}"));
        let (mut lines, mut received, mut sent) = (Vec::new(), 0, 0);
        for peer in peers {
            let (its_received, its_sent) = (number(peer, "bytesrecv")?, number(peer, "bytessent")?);
            received += its_received;
            sent += its_sent;
            lines.push(format!(
                "peer {} {} {}: {its_received} B received, {its_sent} B sent",
                number(peer, "id")?,
                if peer["inbound"] == true { "from" } else { "to" },
                peer["addr"].as_str().ok_or("no address")?,
            ));
        }
        let sums = format!(
            ": {PEERS} peers, {received} B received and {sent} B sent; {} B and {} B since the node's start; ",
            number(&totals, "totalbytesrecv")?,
            number(&totals, "totalbytessent")?,
        );
        Ok(Self {
            peers: lines,
            sums,
            bytes: body.len(),
        })
    }
}

/// Compares all that was printed with the replies, and gives the figures.
fn compare(printed: &str, replies: &Replies) -> Result<String> {
    let (mut peers, mut polls, mut best, mut stack) = (Vec::new(), 0, u64::MAX, None);
    for line in printed.lines() {
        if line.starts_with("peer ") {
            peers.push(line);
            continue;
        }
        println!("{line}");
        if line.starts_with("poll ") {
            if peers != replies.peers || !line.contains(&replies.sums) {
                return Err(format!(
                    "the peers are not those that the node sent, or not their sums{}",
                    replies.sums
                )
                .into());
            }
            polls += 1;
            let millis = line
                .strip_suffix(" ms")
                .and_then(|line| line.rsplit(' ').next()?.parse().ok());
            best = best.min(millis.ok_or("no time")?);
        }
        // A poll that fails half-way has printed some peers.
        peers.clear();
        stack = stack.or_else(|| line.strip_prefix("stack: ")?.split(' ').next()?.parse::<u64>().ok());
    }
    if polls != POLLS {
        return Err(format!("{polls} polls instead of {POLLS}").into());
    }
    let stack = stack.ok_or("no figure for the stack")?;
    Ok(format!(
        "{stack} of stack; {PEERS} peers in {} bytes at best in {best} ms",
        replies.bytes
    ))
}
