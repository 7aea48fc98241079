//! Many nodes at once on one thread: non-blocking sockets in an event loop of one's own, here over `mio`.
//!
//! ```text
//! cargo run --example event_loop                                       nodes that answer badly, or not at all
//! cargo run --example event_loop -- http://user:password@localhost:8554 http://user:password@10.0.0.7:8554
//! cargo run --example event_loop -- --cookie ~/.defi/.cookie http://localhost:8554
//! ```
//!
//! Each node owns its stream, its connection and its buffer, and has a schedule of its own. The library decides whether a
//! stream is used again and whether a request is sent again; the loop moves bytes and watches the clock.

use std::fmt::Display;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{self, Ipv4Addr, SocketAddr, TcpListener, ToSocketAddrs};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs, mem, process, thread};

use defichain_net_rpc::http::{Endpoint, EndpointBuf};
use defichain_net_rpc::network::{GetNetworkInfo, NetworkInfo};
use defichain_net_rpc::{Connection, Error, ErrorKind as CallErrorKind, Want};
use mio::net::TcpStream;
use mio::{Events, Interest, Registry, Token};
use recorded_node::Server;

mod recorded_node;

/// A reply to `getnetworkinfo` takes some kB; its addresses and warnings have no limit.
const MAX_REPLY: usize = 1 << 20;

/// How often each node is called.
#[derive(Clone, Copy)]
struct Pace {
    /// From the end of a call to the next. It doubles with each failure in a row.
    interval: Duration,
    timeout: Duration,
    /// How many calls there are; `None` for no end.
    calls: Option<u32>,
}

struct Node {
    name: String,
    addresses: Vec<SocketAddr>,
    endpoint: EndpointBuf<String>,
    /// Where the node writes its credentials at each start, and whether to read them before the next call.
    cookie: Option<PathBuf>,
    cookie_is_old: bool,
    token: Token,
    stream: Option<TcpStream>,
    connection: Connection,
    buf: Vec<u8>,
    is_calling: bool,
    /// When to give up the call, or to begin the next; `None` after the last one.
    due: Option<Instant>,
    calls: u32,
    answers: u32,
    /// How many calls in a row have failed.
    failures: u32,
}

impl Node {
    /// Looks up the host, which blocks: to be done before the loop.
    fn new(name: &str, url: &str, cookie: Option<PathBuf>, token: Token) -> Result<Self, String> {
        let endpoint = Endpoint::from_url(url).map_err(|error| format!("{name}: {error}"))?;
        if endpoint.is_tls() {
            return Err(format!(
                "{name}: this example has no TLS; use http://, or the example tls"
            ));
        }
        let addresses = (endpoint.host(), endpoint.port()).to_socket_addrs();
        let addresses = addresses.map_err(|error| format!("{name}: cannot find the host: {error}; check the URL"))?;
        Ok(Self {
            name: name.into(),
            addresses: addresses.collect(),
            endpoint: endpoint.to_buf().map_err(|error| error.to_string())?,
            cookie_is_old: cookie.is_some(),
            cookie,
            token,
            stream: None,
            connection: Connection::new(),
            buf: Vec::new(),
            is_calling: false,
            // Not all at the same moment.
            due: Some(Instant::now() + Duration::from_millis(fastrand::u64(..100))),
            calls: 0,
            answers: 0,
            failures: 0,
        })
    }

    /// Begins a call, or abandons one that takes too long.
    fn wake(&mut self, registry: &Registry, pace: Pace) -> Option<Result<String, String>> {
        if self.is_calling {
            self.connection.close();
            let timeout = pace.timeout;
            return Some(Err(format!(
                "no reply within {timeout:?}; look at what the node is doing"
            )));
        }
        self.calls += 1;
        self.due = Some(Instant::now() + pace.timeout);
        match self.begin() {
            Ok(()) => self.go_on(registry),
            Err(error) => Some(Err(error)),
        }
    }

    fn begin(&mut self) -> Result<(), String> {
        if let Some(file) = self.cookie.as_ref().filter(|_| self.cookie_is_old) {
            let cookie = fs::read_to_string(file)
                .map_err(|error| format!("cannot read {}: {error}; is the node running?", file.display()))?;
            let endpoint = self.endpoint.as_endpoint().with_cookie(&cookie);
            let endpoint = endpoint.map_err(|error| error.to_string())?.to_buf();
            self.endpoint = endpoint.map_err(|error| error.to_string())?;
            self.cookie_is_old = false;
        }
        let endpoint = self.endpoint.as_endpoint();
        let needed = endpoint.request_len(&GetNetworkInfo);
        self.buf.resize(needed.max(self.buf.len()), 0);
        let call = self.connection.call(&endpoint, &GetNetworkInfo, &mut self.buf);
        self.is_calling = true;
        call.map(|_| ()).map_err(|error| error.to_string())
    }

    /// Does what can be done without waiting. Returns what the call came to, once it is over.
    fn go_on(&mut self, registry: &Registry) -> Option<Result<String, String>> {
        let mut cause = None;
        loop {
            let moved = match (self.connection.poll(&mut self.buf), &mut self.stream) {
                (Ok(Want::Ready(reply)), _) => {
                    return Some(match reply.response() {
                        Ok(info) => Ok(summary(&info)),
                        Err(error) => Err(self.explain(error, None)),
                    });
                }
                (Ok(Want::Write(bytes)), Some(stream)) => {
                    stream.write(bytes).map(|count| self.connection.written(count))
                }
                (Ok(Want::Read(space)), Some(stream)) => {
                    stream.read(space).map(|count| self.connection.received(count))
                }
                (Ok(_), stream) => match connect(self.addresses.first(), self.token, registry) {
                    Ok(new) => {
                        *stream = Some(new);
                        self.connection.connected();
                        Ok(())
                    }
                    Err(error) => {
                        self.connection.close();
                        Err(error)
                    }
                },
                (Err(error), _) => match error.kind {
                    CallErrorKind::TooLong { needed } if needed <= MAX_REPLY => {
                        self.buf.resize(needed.max(2 * self.buf.len()), 0);
                        Ok(())
                    }
                    _ => return Some(Err(self.explain(error, cause))),
                },
            };
            match moved.as_ref().map_err(io::Error::kind) {
                Ok(()) | Err(ErrorKind::Interrupted) => {}
                // `NotConnected`: not yet.
                Err(ErrorKind::WouldBlock | ErrorKind::NotConnected) => return None,
                Err(_) => {
                    self.connection.broken();
                    cause = moved.err();
                }
            }
        }
    }

    /// What failed, in the node's own words if it has some.
    fn explain(&mut self, error: Error, cause: Option<io::Error>) -> String {
        let mut text = match (self.connection.node_error(&self.buf), cause) {
            (Some(words), _) => first_line(&words),
            (None, Some(cause)) => format!("no connection: {cause}; is this the RPC port of a node, 8554 on mainnet?"),
            (None, None) => error.to_string(),
        };
        if error.status() == Some(401) && self.cookie.is_some() {
            self.cookie_is_old = true;
            text.push_str("; reading it again");
        }
        text
    }

    /// Notes what a call came to, and when the next is due.
    fn end(&mut self, result: &Result<String, String>, pace: Pace) {
        const MAX_DOUBLINGS: u32 = 6;

        self.is_calling = false;
        if !self.connection.is_open() {
            self.stream = None;
        }
        if result.is_ok() {
            self.answers += 1;
            self.failures = 0;
        } else {
            self.failures += 1;
            // The host may have several addresses.
            if self.stream.is_none() && !self.addresses.is_empty() {
                self.addresses.rotate_left(1);
            }
        }
        let pause = pace.interval * (1 << self.failures.min(MAX_DOUBLINGS));
        // Jitter, so that those that failed together do not come back together.
        let pause = pause.mul_f64(0.75 + fastrand::f64() / 2.0);
        let is_last = pace.calls == Some(self.calls);
        self.due = Some(Instant::now() + pause).filter(|_| !is_last);
    }
}

/// Begins to connect. If that fails, the first write says so.
fn connect(address: Option<&SocketAddr>, token: Token, registry: &Registry) -> io::Result<TcpStream> {
    let address = *address.ok_or_else(|| io::Error::other("the host has no address"))?;
    let mut stream = TcpStream::connect(address)?;
    registry.register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)?;
    Ok(stream)
}

fn summary(info: &NetworkInfo<&str>) -> String {
    let network = match info.network_active {
        Some(true) => "network on",
        Some(false) => "network off",
        None => "no peer-to-peer part",
    };
    let peers = info.connections.unwrap_or_default();
    format!("{}, {peers} peers, {network}", first_line(&info.subversion))
}

/// The first line of a text of the node, without what a terminal would obey.
fn first_line(text: &impl Display) -> String {
    let text = text.to_string();
    text.lines().next().unwrap_or_default().escape_debug().to_string()
}

/// The event loop. It prints a line for each call, and ends with the last one.
fn watch(nodes: &mut [Node], pace: Pace) -> io::Result<()> {
    let start = Instant::now();
    let width = nodes.iter().map(|node| node.name.len()).max().unwrap_or(0);
    let end = |node: &mut Node, result: Result<String, String>| {
        node.end(&result, pace);
        let (time, name) = (start.elapsed().as_secs_f32(), &node.name);
        print(format_args!(
            "{time:7.3} s  {name:width$}  {}",
            result.unwrap_or_else(|error| error)
        ));
    };

    let mut mio = mio::Poll::new()?;
    let registry = mio.registry().try_clone()?;
    let mut events = Events::with_capacity(1024);
    while let Some(next) = nodes.iter().filter_map(|node| node.due).min() {
        match mio.poll(&mut events, Some(next.saturating_duration_since(Instant::now()))) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            polled => polled?,
        }
        for event in &events {
            let node = &mut nodes[event.token().0];
            // What happens to an idle stream is noticed with the next call.
            if let Some(result) = node.is_calling.then(|| node.go_on(&registry)).flatten() {
                end(node, result);
            }
        }
        let now = Instant::now();
        for node in nodes.iter_mut().filter(|node| node.due.is_some_and(|due| due <= now)) {
            if let Some(result) = node.wake(&registry, pace) {
                end(node, result);
            }
        }
    }
    Ok(())
}

fn main() -> ExitCode {
    let mut words = env::args().skip(1);
    let (mut nodes, mut cookie) = (Vec::new(), None);
    let result = loop {
        match words.next() {
            None if nodes.is_empty() => break replayed(),
            None => break watch_forever(&mut nodes),
            Some(word) if word == "--cookie" => match words.next() {
                Some(file) => cookie = Some(PathBuf::from(file)),
                None => break Err("--cookie needs a file, and the URL of its node".into()),
            },
            Some(word) if word.starts_with('-') => break Err("usage: event_loop [[--cookie FILE] URL]…".into()),
            Some(url) => {
                let index = nodes.len();
                // Not the URL, which has the password in it.
                match Node::new(&format!("node {}", index + 1), &url, cookie.take(), Token(index)) {
                    Ok(node) => nodes.push(node),
                    Err(error) => break Err(error),
                }
            }
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn watch_forever(nodes: &mut [Node]) -> Result<(), String> {
    let pace = Pace {
        interval: Duration::from_secs(10),
        timeout: Duration::from_secs(5),
        calls: None,
    };
    watch(nodes, pace).map_err(|error| format!("cannot wait for sockets: {error}"))
}

/// Calls nodes that answer each in its own way, and makes sure that none is held up by another.
fn replayed() -> Result<(), String> {
    const CALLS: u32 = 4;

    let no_server = |error: io::Error| format!("cannot set up a node on loopback: {error}");
    let servers = [
        ("sound", Server::start(|stream| stream)),
        ("piecemeal", Server::start(piecemeal)),
        ("slow", Server::start(slow)),
        ("closing", Server::start(|stream| one_reply_and(0, stream))),
        ("dropping", Server::start(|stream| one_reply_and(200, stream))),
        ("restarted", Server::start(|stream| stream)),
    ];
    // The node has been restarted, but its cookie file is still the old one for a moment.
    let cookie = env::temp_dir().join(format!("event_loop-{}.cookie", process::id()));
    fs::write(&cookie, "foo:old").map_err(no_server)?;
    let file = cookie.clone();
    let writer = thread::spawn(move || {
        thread::sleep(Duration::from_millis(500));
        fs::write(file, "foo:bar")
    });

    let (mut nodes, mut started) = (Vec::new(), Vec::new());
    for (index, (name, server)) in servers.into_iter().enumerate() {
        let server = server.map_err(no_server)?;
        let cookie = Some(cookie.clone()).filter(|_| name == "restarted");
        nodes.push(Node::new(name, &server.url("http"), cookie, Token(index))?);
        started.push(server);
    }
    // No server listens there any more.
    let dead = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    let dead = format!("http://{}", dead.map_err(no_server)?);
    nodes.push(Node::new("dead", &dead, None, Token(nodes.len()))?);

    let pace = Pace {
        interval: Duration::from_millis(200),
        timeout: Duration::from_secs(1),
        calls: Some(CALLS),
    };
    let watched = watch(&mut nodes, pace).map_err(no_server);
    // It has written long ago.
    _ = writer.join();
    fs::remove_file(&cookie).map_err(no_server)?;
    watched?;

    print(format_args!("\nnode       answers  connections"));
    for (index, node) in nodes.iter().enumerate() {
        let connections = started.get(index).map_or(0, Server::connections);
        print(format_args!(
            "{:9}   {} of {CALLS}  {connections:11}",
            node.name, node.answers
        ));
    }
    let is_sound = |node: &&Node| ["sound", "piecemeal", "closing"].contains(&&*node.name);
    match nodes.iter().filter(is_sound).find(|node| node.answers < CALLS) {
        Some(node) => Err(format!("the node that is {} should have answered each time", node.name)),
        None => Ok(()),
    }
}

/// Sends replies in a way of its own.
struct Sending<F>(net::TcpStream, F);

impl<F> Read for Sending<F> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read(buf)
    }
}

impl<F: FnMut(&mut net::TcpStream, &[u8]) -> io::Result<usize>> Write for Sending<F> {
    fn write(&mut self, reply: &[u8]) -> io::Result<usize> {
        self.1(&mut self.0, reply)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// One byte at a time.
fn piecemeal(stream: net::TcpStream) -> impl Read + Write {
    // Or the system would put the pieces together again.
    _ = stream.set_nodelay(true);
    Sending(stream, |stream: &mut net::TcpStream, reply: &[u8]| {
        stream.write(&reply[..1])
    })
}

/// Each reply over a connection comes twice as late as the one before.
fn slow(stream: net::TcpStream) -> impl Read + Write {
    let mut delay = Duration::from_millis(300);
    Sending(stream, move |stream: &mut net::TcpStream, reply: &[u8]| {
        thread::sleep(delay);
        delay *= 2;
        stream.write(reply)
    })
}

/// Sends one reply, and closes the connection after this many bytes of the next.
fn one_reply_and(count: usize, stream: net::TcpStream) -> impl Read + Write {
    let mut has_replied = false;
    Sending(stream, move |stream: &mut net::TcpStream, reply: &[u8]| {
        if mem::replace(&mut has_replied, true) {
            stream.write_all(&reply[..count])?;
            return Err(ErrorKind::ConnectionAborted.into());
        }
        stream.write_all(reply)?;
        Ok(reply.len())
    })
}

/// Prints a line. If whoever reads it has seen enough, the program ends here.
fn print(line: std::fmt::Arguments<'_>) {
    use std::io::Write as _;

    if writeln!(std::io::stdout(), "{line}").is_err() {
        std::process::exit(0);
    }
}
