//! Many nodes at once on one thread: non-blocking sockets in an event loop of one's own, here over `mio`.
//!
//! ```text
//! cargo run --example event_loop                                            nodes that answer badly, or not at all
//! cargo run --example event_loop -- http://user:password@localhost:8554 http://user:password@10.0.0.7:8554
//! ```
//!
//! All nodes are polled at each beat, and what has not come by the deadline is given up before the next one. So a slow
//! or dead node holds up no other, and the buffers that the exchanges borrow are free again at each beat.

use std::fmt::Write as _;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{self, Ipv4Addr, SocketAddr, TcpListener, ToSocketAddrs};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fmt, mem, thread};

use defichain_net_rpc::http::{self, Endpoint, Reply};
use defichain_net_rpc::network::{GetNetworkInfo, NetworkInfo};
use defichain_net_rpc::{Exchange, Want, json};
use mio::net::TcpStream;
use mio::{Events, Interest, Registry, Token};

mod advice;
mod terminal;

/// The size of a buffer. A reply to `getnetworkinfo` takes some kB; its own addresses and warnings have no limit.
const MAX_REPLY: usize = 64 << 10;

/// A node, and what is known of it from one poll to the next.
struct Node<'u> {
    name: String,
    endpoint: Endpoint<'u>,
    addresses: Vec<SocketAddr>,
    /// Which of the addresses is the one to connect to.
    address: usize,
    connection: Option<Connection>,
    token: Token,
    id: u64,
    /// How many times in a row the connection came to nothing.
    failures: u32,
    /// How many beats are to be left out before the next try.
    rest: u32,
    answered: u32,
}

impl<'u> Node<'u> {
    /// Names are looked up once and before the loop: that blocks.
    fn new(name: Option<&str>, url: &'u str, token: Token) -> Result<Self, String> {
        let endpoint = Endpoint::from_url(url).map_err(|error| format!("URL {}: {error}", token.0 + 1))?;
        let server = (endpoint.host(), endpoint.port());
        // Not the URL, which has the password in it.
        let name = name.map_or_else(|| format!("{} port {}", server.0, server.1), str::to_owned);
        if endpoint.is_tls() {
            return Err(format!(
                "{name}: this example speaks no TLS; use http://, the example tls shows the other"
            ));
        }
        let addresses = server.to_socket_addrs();
        let addresses: Vec<SocketAddr> = addresses
            .map_err(|error| format!("{name}: {}", advice::resolve(&error)))?
            .collect();
        if addresses.is_empty() {
            return Err(format!("{name}: the host has no address; check the URL"));
        }
        Ok(Self {
            name,
            endpoint,
            addresses,
            address: 0,
            connection: None,
            token,
            id: 0,
            failures: 0,
            rest: 0,
            answered: 0,
        })
    }
}

struct Connection {
    stream: TcpStream,
    is_connected: bool,
    /// Whether a reply has come over it.
    has_replied: bool,
}

impl Connection {
    fn new(address: SocketAddr, token: Token, registry: &Registry) -> io::Result<Self> {
        let mut stream = TcpStream::connect(address)?;
        registry.register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)?;
        Ok(Self {
            stream,
            is_connected: false,
            has_replied: false,
        })
    }

    /// Whether the attempt to connect has succeeded by now.
    fn finish_connecting(&mut self) -> io::Result<bool> {
        if !self.is_connected {
            if let Some(error) = self.stream.take_error()? {
                return Err(error);
            }
            self.is_connected = match self.stream.peer_addr() {
                Err(error) if error.kind() == ErrorKind::NotConnected => false,
                result => result.map(|_| true)?,
            };
        }
        Ok(self.is_connected)
    }

    /// Carries bytes to and fro until the reply is complete, or the socket has or takes no more for now.
    fn carry(&mut self, exchange: &mut Exchange<'_>) -> Result<bool, Failure> {
        loop {
            let result = match exchange.poll().map_err(Failure::Http)? {
                Want::Write(bytes) => self.stream.write(bytes).map(|count| exchange.written(count)),
                Want::Read(space) => self.stream.read(space).map(|count| exchange.received(count)),
                Want::Done(_) => return Ok(true),
            };
            match result {
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                result => result.map_err(Failure::Stream)?,
            }
        }
    }

    /// Whether there is nothing to be read, not even an end: what comes without a request is of no use.
    fn is_quiet(&mut self) -> bool {
        matches!(self.stream.read(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock)
    }
}

/// One poll of one node.
struct Turn<'t, 'u> {
    node: &'t mut Node<'u>,
    /// Buffers: an exchange keeps its own to the end of the turn, so a second one needs another.
    memory: &'t mut [u8],
    exchange: Option<Exchange<'t>>,
    /// How many addresses are left to try.
    untried: usize,
    start: Instant,
    deadline: Instant,
}

impl<'t, 'u> Turn<'t, 'u> {
    const MEMORY: usize = 2 * MAX_REPLY;

    fn new(node: &'t mut Node<'u>, memory: &'t mut [u8], start: Instant, timeout: Duration) -> Self {
        Self {
            untried: node.addresses.len(),
            node,
            memory,
            exchange: None,
            start,
            deadline: start + timeout,
        }
    }

    /// Begins, and tells how it ended if it did so at once.
    fn begin(&mut self, registry: &Registry) -> Option<String> {
        if let Some(rest) = self.node.rest.checked_sub(1) {
            self.node.rest = rest;
            return Some(match rest {
                0 => "backing off; the next try is at the next poll".into(),
                _ => format!("backing off; the next try is in {} polls", rest + 1),
            });
        }
        match self.request() {
            Ok(()) => self.go_on(registry),
            Err(failure) => Some(self.fail(&failure)),
        }
    }

    fn request(&mut self) -> Result<(), Failure> {
        let (buf, rest) = mem::take(&mut self.memory)
            .split_at_mut_checked(MAX_REPLY)
            .unwrap_or_default();
        self.memory = rest;
        self.node.id += 1;
        let exchange = Exchange::new(&self.node.endpoint, &GetNetworkInfo, self.node.id, buf);
        self.exchange = Some(exchange.map_err(Failure::Request)?);
        Ok(())
    }

    /// Does what can be done without waiting, and tells how it ended if it did.
    fn go_on(&mut self, registry: &Registry) -> Option<String> {
        loop {
            match self.step(registry) {
                Ok(None) => return None,
                Ok(Some(reply)) => return Some(self.finish(reply)),
                Err(Failure::Connect(_)) if self.untried > 1 => {
                    self.untried -= 1;
                    self.drop_connection();
                }
                // The node closes an idle connection without a word, and the request was the first to notice. Only
                // once: the next connection is new.
                Err(failure) if failure.is_closed() && self.is_stale() => {
                    self.drop_connection();
                    if let Err(failure) = self.request() {
                        return Some(self.fail(&failure));
                    }
                }
                Err(failure) => return Some(self.fail(&failure)),
            }
        }
    }

    fn step(&mut self, registry: &Registry) -> Result<Option<Reply<'t>>, Failure> {
        let Some(exchange) = &mut self.exchange else {
            self.node.connection.take_if(|connection| !connection.is_quiet());
            return Ok(None);
        };
        let connection = match &mut self.node.connection {
            Some(connection) => connection,
            none => {
                let address = self.node.addresses[self.node.address];
                none.insert(Connection::new(address, self.node.token, registry).map_err(Failure::Connect)?)
            }
        };
        let is_over = connection.finish_connecting().map_err(Failure::Connect)? && connection.carry(exchange)?;
        Ok(self.exchange.take_if(|_| is_over).and_then(Exchange::into_reply))
    }

    /// Whether a connection that is closed may have been so since its last reply.
    fn is_stale(&self) -> bool {
        let connection = self.node.connection.as_ref();
        connection.is_some_and(|connection| connection.has_replied)
            && !self.exchange.as_ref().is_some_and(Exchange::reply_has_begun)
    }

    fn drop_connection(&mut self) {
        let connection = self.node.connection.take();
        if !connection.is_some_and(|connection| connection.is_connected) {
            self.node.address = (self.node.address + 1) % self.node.addresses.len();
        }
    }

    fn finish(&mut self, reply: Reply<'t>) -> String {
        self.node.failures = 0;
        let connection = self.node.connection.as_mut();
        let had_replied = connection.is_some_and(|connection| mem::replace(&mut connection.has_replied, true));
        if !reply.is_reusable() {
            self.node.connection = None;
        }
        match reply.response(&GetNetworkInfo) {
            Ok(info) => {
                self.node.answered += 1;
                let way = if had_replied { "same" } else { "new" };
                let time = self.start.elapsed().as_secs_f32() * 1000.0;
                format!("{}; {time:.1} ms, {way} connection", summary(&info))
            }
            Err(error) => advice::reply(&error),
        }
    }

    /// Gives up, and leaves the node alone for a while: the longer, the more often this happened.
    fn fail(&mut self, failure: &Failure) -> String {
        const MAX_DOUBLINGS: u32 = 5;
        self.exchange = None;
        self.drop_connection();
        self.node.rest = (1 << self.node.failures.min(MAX_DOUBLINGS)) - 1;
        self.node.failures += 1;
        failure.to_string()
    }

    /// When there is something to be done even though nothing has come.
    fn deadline(&self) -> Option<Instant> {
        self.exchange.as_ref().map(|_| self.deadline)
    }

    /// Gives up if the deadline has passed.
    fn expire(&mut self, now: Instant) -> Option<String> {
        let is_late = self.deadline().is_some_and(|deadline| deadline <= now);
        let connection = self.node.connection.as_ref();
        let failure = if connection.is_some_and(|connection| connection.is_connected) {
            Failure::Late(self.deadline - self.start)
        } else {
            Failure::Connect(ErrorKind::TimedOut.into())
        };
        is_late.then(|| self.fail(&failure))
    }
}

/// Why a poll came to nothing. It displays as one line: what went wrong, and what to do.
enum Failure {
    Request(json::BufferTooSmall),
    Connect(io::Error),
    Stream(io::Error),
    Http(http::Error),
    Late(Duration),
}

impl Failure {
    /// Whether the connection was closed.
    fn is_closed(&self) -> bool {
        use ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
        match self {
            Self::Stream(error) => matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset),
            Self::Http(error) => error.kind == http::ErrorKind::Closed,
            _ => false,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(error) => write!(f, "the request is too long: {error}"),
            Self::Connect(error) => f.write_str(&advice::connect(error)),
            Self::Stream(error) => f.write_str(&advice::stream(error)),
            Self::Http(error) => f.write_str(&advice::http(error)),
            Self::Late(timeout) => write!(
                f,
                "no reply within {timeout:?}; allow more with --timeout, or look at what the node is doing"
            ),
        }
    }
}

fn summary(info: &NetworkInfo<&str>) -> String {
    let network = match info.network_active {
        Some(true) => "network on",
        Some(false) => "network off",
        None => "no peer-to-peer part",
    };
    let warnings = if info.warnings == "" { "" } else { ", with warnings" };
    let peers = info.connections.unwrap_or_default();
    format!("{peers} peers, {network}, {}{warnings}", info.subversion)
}

/// How often the nodes are polled, and how long they may take.
struct Pace {
    interval: Duration,
    timeout: Duration,
    /// For ever, if there is no number.
    polls: Option<u32>,
}

/// The event loop. It prints a line for each node and poll.
fn watch(nodes: &mut [Node<'_>], pace: &Pace) -> Result<(), String> {
    let no_loop = |error: io::Error| format!("cannot wait for sockets: {error}");
    let mut mio = mio::Poll::new().map_err(no_loop)?;
    let registry = mio.registry().try_clone().map_err(no_loop)?;
    let mut events = Events::with_capacity(1024);
    let mut memory = vec![0; nodes.len() * Turn::MEMORY];

    let width = nodes.iter().map(|node| node.name.chars().count()).max().unwrap_or(0);
    let start = Instant::now();
    let print = |turn: &Turn<'_, '_>, outcome: String| {
        let (time, name) = (start.elapsed().as_secs_f32(), &turn.node.name);
        let line = format!("{time:7.3} s  {name:width$}  {outcome}");
        terminal::print(&(terminal::line(&line) + "\n"))
    };

    let mut beat = start;
    let mut polls_left = pace.polls;
    loop {
        polls_left = polls_left.map(|polls| polls - 1);
        let next_beat = beat + pace.interval;
        let mut turns: Vec<Turn<'_, '_>> = nodes
            .iter_mut()
            .zip(memory.chunks_exact_mut(Turn::MEMORY))
            .map(|(node, memory)| Turn::new(node, memory, beat, pace.timeout))
            .collect();
        for turn in &mut turns {
            if let Some(outcome) = turn.begin(&registry) {
                print(turn, outcome)?;
            }
        }
        loop {
            let now = Instant::now();
            for turn in &mut turns {
                if let Some(outcome) = turn.expire(now) {
                    print(turn, outcome)?;
                }
            }
            let deadline = turns.iter().filter_map(Turn::deadline).min();
            if deadline.is_none() && polls_left == Some(0) {
                return Ok(());
            }
            // The deadline is never later than the beat: until then idle connections are watched.
            let wait = deadline.unwrap_or(next_beat).saturating_duration_since(now);
            if wait.is_zero() {
                beat = now;
                break;
            }
            match mio.poll(&mut events, Some(wait)) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                result => result.map_err(no_loop)?,
            }
            for event in &events {
                let turn = &mut turns[event.token().0];
                if let Some(outcome) = turn.go_on(&registry) {
                    print(turn, outcome)?;
                }
            }
        }
    }
}

const USAGE: &str = "\
usage: event_loop [OPTION…] [URL…]

The nodes at the URLs, such as http://user:password@localhost:8554, are polled, and each poll is a line. Without a URL,
nodes are started that have recorded replies only, and that are slow, break connections, or are not there.

--polls N           end after so many polls; without it there is no end
--interval SECONDS  from one poll to the next; 10 unless given
--timeout SECONDS   for the poll of a node, no more than the interval; 5 unless given
--help              print this";

#[derive(Default)]
struct Arguments {
    help: bool,
    polls: Option<u32>,
    interval: Option<Duration>,
    timeout: Option<Duration>,
    urls: Vec<String>,
}

impl Arguments {
    fn read() -> Result<Self, String> {
        let mut arguments = Self::default();
        let mut words = env::args_os().skip(1).map(|word| {
            word.into_string()
                .map_err(|word| format!("{} is not UTF-8", word.to_string_lossy()))
        });
        while let Some(word) = words.next().transpose()? {
            match word.as_str() {
                "-h" | "--help" => arguments.help = true,
                "--polls" => {
                    let polls = words.next().transpose()?.and_then(|polls| polls.parse().ok());
                    let polls = polls.filter(|polls| *polls > 0);
                    arguments.polls = Some(polls.ok_or("--polls needs a whole number above 0")?);
                }
                "--interval" => arguments.interval = Some(seconds(&word, words.next().transpose()?)?),
                "--timeout" => arguments.timeout = Some(seconds(&word, words.next().transpose()?)?),
                option if option.starts_with('-') => {
                    return Err(format!("there is no option {option}; --help lists them"));
                }
                _ => arguments.urls.push(word),
            }
        }
        Ok(arguments)
    }

    fn pace(&self) -> Result<Pace, String> {
        let interval = self.interval.unwrap_or(Duration::from_secs(10));
        let timeout = self.timeout.unwrap_or(Duration::from_secs(5).min(interval));
        if timeout > interval {
            return Err(format!(
                "--timeout must not be more than the interval, which is {interval:?}"
            ));
        }
        Ok(Pace {
            interval,
            timeout,
            polls: self.polls,
        })
    }
}

fn seconds(option: &str, value: Option<String>) -> Result<Duration, String> {
    const DAY: Duration = Duration::from_secs(86_400);
    value
        .and_then(|seconds| Duration::try_from_secs_f64(seconds.parse().ok()?).ok())
        .filter(|time| !time.is_zero() && *time <= DAY)
        .ok_or_else(|| format!("{option} needs a number of seconds above 0, and no more than a day"))
}

fn main() -> ExitCode {
    terminal::exit(run())
}

fn run() -> Result<String, String> {
    let arguments = Arguments::read()?;
    if arguments.help {
        return Ok(format!("{USAGE}\n"));
    }
    let pace = arguments.pace()?;
    if arguments.urls.is_empty() {
        if arguments.polls.is_some() || arguments.interval.is_some() || arguments.timeout.is_some() {
            return Err("the options need a URL, such as http://user:password@localhost:8554".into());
        }
        return replayed();
    }
    let mut nodes = Vec::new();
    for (index, url) in arguments.urls.iter().enumerate() {
        nodes.push(Node::new(None, url, Token(index))?);
    }
    watch(&mut nodes, &pace)?;
    if nodes.iter().all(|node| node.answered == 0) {
        return Err("no node has answered".into());
    }
    Ok(String::new())
}

/// Polls nodes that answer each in its own way, and makes sure that no one is held up by another.
fn replayed() -> Result<String, String> {
    const POLLS: u32 = 6;

    let servers = [
        ("sound", replay_node::Server::start(|stream| stream)),
        ("piecemeal", replay_node::Server::start(piecemeal)),
        ("slow", replay_node::Server::start(slow)),
        ("closing", replay_node::Server::start(|stream| one_reply_and(0, stream))),
        (
            "dropping",
            replay_node::Server::start(|stream| one_reply_and(200, stream)),
        ),
    ];
    let no_server = |error: io::Error| format!("cannot listen on loopback: {error}");
    let mut urls = Vec::new();
    let mut started = Vec::new();
    for (name, server) in servers {
        let server = server.map_err(no_server)?;
        urls.push((name, server.url("http")));
        started.push(server);
    }
    // Nobody listens there any more.
    let dead = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    urls.push(("dead", format!("http://{}", dead.map_err(no_server)?)));

    let mut nodes = Vec::new();
    for (index, (name, url)) in urls.iter().enumerate() {
        nodes.push(Node::new(Some(name), url, Token(index))?);
    }
    let pace = Pace {
        interval: Duration::from_millis(700),
        timeout: Duration::from_millis(600),
        polls: Some(POLLS),
    };
    watch(&mut nodes, &pace)?;

    let mut text = String::from("\nnode       answered  connections\n");
    for (index, node) in nodes.iter().enumerate() {
        let connections = started.get(index).map_or(0, replay_node::Server::connections);
        let (name, answered) = (&node.name, node.answered);
        _ = writeln!(text, "{name:9}    {answered} of {POLLS}  {connections:11}");
    }
    let held_up = nodes
        .iter()
        .find(|node| ["sound", "piecemeal", "closing"].contains(&node.name.as_str()) && node.answered < POLLS);
    match held_up {
        Some(node) => Err(format!("the node that is {} should have answered each time", node.name)),
        None => Ok(text),
    }
}

/// What sends a reply over a connection in a way of its own.
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
    let mut delay = Duration::from_millis(200);
    Sending(stream, move |stream: &mut net::TcpStream, reply: &[u8]| {
        thread::sleep(delay);
        delay *= 2;
        stream.write(reply)
    })
}

/// One reply, and then the connection is closed behind so many bytes of the next.
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
