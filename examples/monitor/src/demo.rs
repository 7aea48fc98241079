//! A demonstration: nodes of recorded replies on loopback. What moves in a node moves in them: clock, traffic, peers.

use std::fmt::Write as _;
use std::io::{self, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, sleep};
use std::time::{Duration, Instant, SystemTime};

use defichain_net_rpc::http::Endpoint;
use replay_node::Request;
use serde_json::{Value, json};

use crate::config::{Config, NodeConfig};
use crate::state::unix_seconds;

/// How long the node that dies is there, and then is not.
const LIFE: Duration = Duration::from_secs(25);
const DEATH: Duration = Duration::from_secs(15);
/// How long the slow one takes for each reply.
const SLOWNESS: Duration = Duration::from_millis(200);
/// More than a float holds exactly, were it even one more.
const LARGE: u64 = (1 << 53) - 1;

/// What a node does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    Sound,
    Slow,
    /// It dies and comes back.
    Mortal,
    /// It knows other credentials.
    Refusing,
    /// Its network is switched off, and nothing moves; its counters are as large as can be.
    Still,
}

const NODES: [(&str, Manner, usize); 5] = [
    ("alpha", Manner::Sound, 28),
    ("bravo", Manner::Slow, 11),
    ("charlie", Manner::Mortal, 19),
    ("delta", Manner::Refusing, 0),
    ("echo", Manner::Still, 0),
];

/// The nodes, which live as long as the program.
pub(crate) struct Demo {
    nodes: Vec<(&'static str, SocketAddr)>,
}

impl Demo {
    pub(crate) fn start() -> io::Result<Self> {
        let mut nodes = Vec::new();
        for (seed, (name, manner, peers)) in NODES.into_iter().enumerate() {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            nodes.push((name, listener.local_addr()?));
            let node = DemoNode {
                manner,
                peers,
                seed: seed as u64 + 1,
            };
            thread::spawn(move || node.live(listener));
        }
        Ok(Self { nodes })
    }

    /// A configuration with these nodes.
    pub(crate) fn config(&self) -> Result<Config, String> {
        let mut nodes = Vec::new();
        for (name, address) in &self.nodes {
            let url = url(*address);
            let endpoint = Endpoint::from_url(&url).map(|endpoint| endpoint.to_buf());
            let endpoint = endpoint
                .map_err(|error| error.to_string())?
                .map_err(|error| error.to_string())?;
            nodes.push(NodeConfig {
                name: (*name).into(),
                endpoint,
                cookie_file: None,
                tls: None,
            });
        }
        let mut config = Config::new(nodes);
        config.interval = Duration::from_secs(2);
        Ok(config)
    }

    /// Where to look.
    pub(crate) fn describe(&self, monitor: SocketAddr) -> String {
        let mut text = format!(
            "a demonstration, until it is stopped; look at\n  http://{monitor}/\n  http://{monitor}/probe?target=alpha\n  \
             http://{monitor}/targets\n  http://{monitor}/metrics\nits nodes:\n"
        );
        for ((name, address), (_, manner, _)) in self.nodes.iter().zip(NODES) {
            let what = match manner {
                Manner::Sound => "sound",
                Manner::Slow => "slow",
                Manner::Mortal => "dies and comes back",
                Manner::Refusing => "answers 401",
                Manner::Still => "its network is switched off",
            };
            _ = writeln!(text, "  {name:8} {}  {what}", url(*address));
        }
        text
    }
}

fn url(address: SocketAddr) -> String {
    format!("http://foo:bar@{address}")
}

#[derive(Clone, Copy)]
struct DemoNode {
    manner: Manner,
    peers: usize,
    seed: u64,
}

impl DemoNode {
    fn live(self, mut listener: TcpListener) {
        loop {
            let born = Instant::now();
            let Ok(address) = listener.local_addr() else {
                return;
            };
            let life = Arc::new(());
            // A connection that is already there ends with the node.
            let serve = |stream: TcpStream| {
                let life = Arc::downgrade(&life);
                thread::spawn(move || _ = self.serve(stream, born, &|| life.strong_count() > 0));
            };
            if self.manner != Manner::Mortal {
                listener.incoming().flatten().for_each(serve);
                return;
            }
            _ = listener.set_nonblocking(true);
            while born.elapsed() < LIFE {
                match listener.accept() {
                    Ok((stream, _)) if stream.set_nonblocking(false).is_ok() => serve(stream),
                    _ => sleep(Duration::from_millis(20)),
                }
            }
            drop((life, listener));
            sleep(DEATH);
            listener = loop {
                match TcpListener::bind(address) {
                    Ok(listener) => break listener,
                    Err(_) => sleep(Duration::from_millis(100)),
                }
            };
        }
    }

    /// Answers the requests of a connection until it is closed or the node is not there any more.
    fn serve(self, stream: TcpStream, born: Instant, lives: &dyn Fn() -> bool) -> io::Result<()> {
        let mut reader = BufReader::new(stream);
        while let Some(request) = Request::read(&mut reader)? {
            if !lives() {
                break;
            }
            if self.manner == Manner::Slow {
                sleep(SLOWNESS);
            }
            let reply = request.reply(replay_node::PEERS);
            let reply = match reply.split_once("\r\n\r\n") {
                _ if self.manner == Manner::Refusing => "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"jsonrpc\"\r\nContent-Length: 0\r\n\r\n".into(),
                Some((head, body)) => match serde_json::from_str(body) {
                    Ok(body) => framed(head, &self.moved(body, born)),
                    Err(_) => reply,
                },
                None => reply,
            };
            reader.get_mut().write_all(reply.as_bytes())?;
            if request.closes() {
                break;
            }
        }
        Ok(())
    }

    /// The recorded reply, in which what has moved since then has moved.
    fn moved(self, mut body: Value, born: Instant) -> Value {
        let now = SystemTime::now();
        let lived = self.lived(born);
        let millis = now
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default()
            .as_millis();
        let is_still = self.manner == Manner::Still;
        match &mut body["result"] {
            Value::Object(result) if result.contains_key("totalbytesrecv") => {
                let (received, sent) = if is_still {
                    (LARGE, LARGE - 2)
                } else {
                    (self.traffic(lived, 21_000), self.traffic(lived, 14_000))
                };
                result["totalbytesrecv"] = received.into();
                result["totalbytessent"] = sent.into();
                result["timemillis"] = json!(u64::try_from(millis).unwrap_or_default());
            }
            Value::Object(result) if result.contains_key("networkactive") => {
                result["connections"] = self.peers.into();
                result["networkactive"] = (!is_still).into();
                result["version"] = 4_020_500.into();
                result["subversion"] = "/DeFiChain:4.2.5/".into();
            }
            // getconnectioncount.
            Value::Number(count) => *count = self.peers.into(),
            Value::Array(list) if list.first().is_some_and(|peer| peer.get("subver").is_some()) => {
                *list = self.moved_peers(list, born);
            }
            Value::Array(list) if list.first().is_some_and(|node| node.get("addednode").is_some()) => {
                for node in list {
                    node["connected"] = true.into();
                }
            }
            _ => {}
        }
        body
    }

    /// How long the node has been there, in seconds; it came a day before this program.
    fn lived(self, born: Instant) -> u64 {
        let before = if self.manner == Manner::Mortal { 0 } else { 86_400 };
        born.elapsed().as_secs() + before
    }

    /// Bytes after so many seconds: a rate that rises and falls every few minutes.
    fn traffic(self, seconds: u64, rate: u64) -> u64 {
        let wave = |second: u64| {
            let place = (second + self.seed * 37) % 240;
            if place < 120 { place } else { 240 - place }
        };
        // The sum over whole waves, each of which has a mean of 60, and then second by second.
        let (waves, rest) = (seconds / 240, seconds % 240);
        let units = waves * 240 * 60 + (0..rest).map(wave).sum::<u64>();
        seconds * rate + units * rate / 60
    }

    /// The node's peers, made from recorded ones.
    fn moved_peers(self, recorded: &[Value], born: Instant) -> Vec<Value> {
        let now = unix_seconds(SystemTime::now());
        let lived = self.lived(born);
        let peers = (0..self.peers as u64)
            .zip(recorded.iter().cycle())
            .map(|(index, template)| {
                let mut peer = template.clone();
                let is_outbound = index < 8;
                let age = (lived - born.elapsed().as_secs()) * (index + 1) / (self.peers as u64 + 1)
                    + born.elapsed().as_secs();
                let key = self.seed * 1000 + index * 7;
                peer["id"] = (index * 3).into();
                // Addresses for documentation and for benchmarks: RFC 5737, RFC 2544, RFC 3849.
                peer["addr"] = match index % 8 {
                    5 => format!("[2001:db8:{:x}::{:x}]:8555", key % 4096, index + 1),
                    3 => format!("198.51.100.{}:8555", 1 + key % 250),
                    1 => format!("203.0.113.{}:8555", 1 + key % 250),
                    _ => format!("198.{}.{}.{}:8555", 18 + key % 2, key % 251, 1 + index),
                }
                .into();
                peer["inbound"] = (!is_outbound).into();
                peer["addnode"] = (index < 2).into();
                peer["conntime"] = (now - age).into();
                peer["lastrecv"] = (now - index % 5).into();
                peer["lastsend"] = (now - index % 3).into();
                peer["bytesrecv"] = (age * (300 + key % 1700)).into();
                peer["bytessent"] = (age * (200 + key % 1100)).into();
                peer["pingtime"] =
                    serde_json::from_str(&format!("0.{:06}", 8000 + key * 7919 % 240_000)).unwrap_or_default();
                peer["minping"] = serde_json::from_str(&format!("0.{:06}", 7000 + key * 31 % 1000)).unwrap_or_default();
                peer["subver"] = format!("/DeFiChain:4.2.{}/", 5 - key % 3).into();
                peer["version"] = 70036.into();
                // A block every 30 s, whenever the node has started.
                let height = (now / 30).saturating_sub(56_345_000) - index % 2;
                for name in ["synced_headers", "synced_blocks"] {
                    peer[name] = height.into();
                }
                peer["banscore"] = (if index == 9 { 10 } else { 0 }).into();
                peer
            });
        peers.collect()
    }
}

/// A reply with the length that it has.
fn framed(head: &str, body: &Value) -> String {
    let body = format!("{body}\n");
    let lines = head
        .lines()
        .filter(|line| !line.to_ascii_lowercase().starts_with("content-length"));
    let head: String = lines.flat_map(|line| [line, "\r\n"]).collect();
    format!("{head}Content-Length: {}\r\n\r\n{body}", body.len())
}
