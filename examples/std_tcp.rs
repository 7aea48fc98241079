//! The network methods over a `std::net::TcpStream`. The adapter is `Node`; the rest is a command line around it.
//!
//! ```text
//! cargo run --example std_tcp                                          against recorded replies, without a node
//! cargo run --example std_tcp -- http://user:password@localhost:8554   what the node and its peers are doing
//! cargo run --example std_tcp -- --cookie ~/.defi/.cookie --json http://localhost:8554 getpeerinfo
//! cargo run --example std_tcp -- http://user:password@localhost:8554 batch getconnectioncount getnodestatusinfo ping
//! ```

use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::num::NonZeroU16;
use std::process::ExitCode;
use std::time::Duration;
use std::{env, fmt, fs};

use defichain_net_rpc::http::{self, Endpoint, Reply, ReplyError};
use defichain_net_rpc::network::{
    GetAddedNodeInfo, GetConnectionCount, GetNetTotals, GetNetworkInfo, GetNodeAddresses, GetNodeStatusInfo,
    GetPeerInfo, GetVersionInfo, ListBanned, SetNetworkActive,
};
use defichain_net_rpc::rpc::BatchRequest;
use defichain_net_rpc::{Exchange, Method, ResponseError, UnixTime, Want, json};

mod advice;
mod batch;
mod by_name;
mod summary;
mod terminal;

/// A node, and the connection to it while there is one.
struct Node<'e> {
    endpoint: Endpoint<'e>,
    timeout: Duration,
    stream: Option<TcpStream>,
    buf: Vec<u8>,
    id: u64,
}

impl<'e> Node<'e> {
    /// Longer replies are refused: making room once the length is known would mean to send the request again, which is
    /// wrong for a method that changes something. A `getpeerinfo` of 133 peers takes 465 kB at worst, and the system
    /// gives memory to those pages of the buffer alone that a reply gets to.
    const MAX_REPLY: usize = 16 << 20;

    fn new(endpoint: Endpoint<'e>, timeout: Duration) -> Self {
        Self {
            endpoint,
            timeout,
            stream: None,
            buf: vec![0; Self::MAX_REPLY],
            id: 0,
        }
    }

    /// Calls a method, and lets `read` take what it needs of the result, which lies in the buffer until the next call.
    fn call<M: Method, T>(
        &mut self,
        method: &M,
        read: impl FnOnce(M::Response<'_>) -> Result<T, json::Error>,
    ) -> Result<T, Error> {
        self.id += 1;
        let id = self.id;
        self.exchange(
            |endpoint, buf| Exchange::new(endpoint, method, id, buf),
            |reply| Ok(read(reply.response(method)?)?),
        )
    }

    /// Calls methods that need no parameters in one exchange, and lets `read` take what it needs of the outcomes.
    fn batch<T>(&mut self, names: &[String], read: impl FnOnce(&[batch::Outcome<'_, '_>]) -> T) -> Result<T, String> {
        let fill = |batch: &mut BatchRequest<'_>| -> Result<(), String> {
            names
                .iter()
                .try_for_each(|name| by_name::call(&mut Push(batch), name, Some(&[])))
        };
        // What cannot be called is found out before anything is sent.
        fill(&mut BatchRequest::new(0, &mut []))
            .map_err(|error| format!("{error}; a batch is of methods without parameters"))?;
        let first_id = self.id + 1;
        self.id += names.len() as u64;
        let result = self.exchange(
            |endpoint, buf| Exchange::batch(endpoint, first_id, buf, |batch| _ = fill(batch)),
            |reply| {
                let mut slots = vec![None; names.len()];
                let response = reply.batch(&mut slots)?;
                Ok(read(&batch::outcomes(&response, first_id, names)))
            },
        );
        Ok(result?)
    }

    /// Runs an exchange, and lets `read` take what it needs of the reply.
    fn exchange<T>(
        &mut self,
        begin: impl for<'b> Fn(&Endpoint<'_>, &'b mut [u8]) -> Result<Exchange<'b>, json::BufferTooSmall>,
        read: impl FnOnce(Reply<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let reused = self.stream.is_some();
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.connect()?,
        };
        let mut exchange = begin(&self.endpoint, &mut self.buf).map_err(Error::Request)?;
        loop {
            let step = match exchange.poll() {
                Ok(Want::Write(bytes)) => {
                    let count = bytes.len();
                    let written = stream.write_all(bytes).map_err(Error::Stream);
                    written.map(|()| exchange.written(count))
                }
                Ok(Want::Read(space)) => {
                    let read = stream.read(space).map_err(Error::Stream);
                    read.map(|count| exchange.received(count))
                }
                Ok(Want::Done(reply)) => {
                    self.stream = reply.is_reusable().then_some(stream);
                    return read(reply);
                }
                Err(error) => Err(Error::Http(error)),
            };
            match step {
                // The node closes an idle connection without a word, and the next request is the first to notice. Only
                // once: this time the connection is new.
                Err(error) if reused && error.is_closed() && !exchange.reply_has_begun() => {
                    return self.exchange(begin, read);
                }
                Err(Error::Stream(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                step => step?,
            }
        }
    }

    fn connect(&self) -> Result<TcpStream, Error> {
        let server = (self.endpoint.host(), self.endpoint.port());
        let mut failure = io::Error::other("the host has no address");
        for address in server.to_socket_addrs().map_err(Error::Resolve)? {
            let connected = TcpStream::connect_timeout(&address, self.timeout).and_then(|stream| {
                stream.set_read_timeout(Some(self.timeout))?;
                stream.set_write_timeout(Some(self.timeout))?;
                Ok(stream)
            });
            match connected {
                Ok(stream) => return Ok(stream),
                Err(error) => failure = error,
            }
        }
        Err(Error::Connect(failure))
    }
}

/// A batch that methods are added to, by their names.
struct Push<'p, 'b>(&'p mut BatchRequest<'b>);

impl by_name::Caller for Push<'_, '_> {
    type Answer = ();

    fn call<M: Method>(
        &mut self,
        method: &M,
        _: impl FnOnce(M::Response<'_>) -> Result<String, json::Error>,
    ) -> Result<(), String> {
        self.0.push(method);
        Ok(())
    }
}

/// Why a call gives no result. It displays as one line: what went wrong, and what to do.
#[derive(Debug)]
enum Error {
    Request(json::BufferTooSmall),
    Resolve(io::Error),
    Connect(io::Error),
    Stream(io::Error),
    Http(http::Error),
    /// As text: what it was made from lies in the buffer.
    Reply {
        line: String,
        is_from_node: bool,
    },
}

impl Error {
    /// Whether the connection was closed.
    fn is_closed(&self) -> bool {
        use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
        match self {
            Self::Stream(error) => matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset),
            Self::Http(error) => error.kind == http::ErrorKind::Closed,
            _ => false,
        }
    }
}

impl From<ReplyError<'_>> for Error {
    fn from(error: ReplyError<'_>) -> Self {
        Self::Reply {
            line: advice::reply(&error),
            is_from_node: error.node_error().is_some(),
        }
    }
}

/// An element of the result is wrong.
impl From<json::Error> for Error {
    fn from(error: json::Error) -> Self {
        ReplyError::from(ResponseError::Invalid(error)).into()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use io::ErrorKind::{TimedOut, WouldBlock};
        match self {
            Self::Request(error) => write!(f, "the request is too long: {error}"),
            Self::Resolve(error) => f.write_str(&advice::resolve(error)),
            Self::Connect(error) if error.kind() == TimedOut => {
                f.write_str("cannot connect: no answer in time; check host and port, or allow more with --timeout")
            }
            Self::Connect(error) => f.write_str(&advice::connect(error)),
            // Which of the two depends on the system.
            Self::Stream(error) if matches!(error.kind(), TimedOut | WouldBlock) => {
                f.write_str("no reply in time; allow more with --timeout, or look at what the node is doing")
            }
            Self::Stream(error) => f.write_str(&advice::stream(error)),
            Self::Http(error) => f.write_str(&advice::http(error)),
            Self::Reply { line, .. } => f.write_str(line),
        }
    }
}

impl From<Error> for String {
    fn from(error: Error) -> Self {
        error.to_string()
    }
}

const USAGE: &str = "\
usage: std_tcp [OPTION…] [URL [METHOD [PARAM…]]]
       std_tcp [OPTION…] URL batch METHOD…

Without a URL, methods are shown against recorded replies. With one, such as http://user:password@localhost:8554, the
node there is asked how it and its peers are doing, or for one method, or for several without parameters at once.

--json             print the result of METHOD as JSON, in the node's own shape; of a batch, an array in the order of the
                   methods: {\"method\":…,\"result\":…,\"error\":…}
--cookie FILE      take user and password from the node's cookie file, .cookie in its data directory
--timeout SECONDS  for connecting and for each read and write; 60 unless given
--help             print this";

#[derive(Default)]
struct Arguments {
    help: bool,
    json: bool,
    cookie: Option<String>,
    timeout: Option<Duration>,
    url: Option<String>,
    method: Option<String>,
    params: Vec<String>,
}

impl Arguments {
    fn read() -> Result<Self, String> {
        let mut arguments = Self::default();
        let mut words = env::args_os().skip(1).map(|word| {
            word.into_string()
                .map_err(|word| format!("{} is not UTF-8", word.to_string_lossy()))
        });
        let missing = |option| move || format!("{option} needs a value; --help tells which");
        while let Some(word) = words.next().transpose()? {
            match word.as_str() {
                "-h" | "--help" => arguments.help = true,
                "--json" => arguments.json = true,
                "--cookie" => arguments.cookie = Some(words.next().ok_or_else(missing("--cookie"))??),
                "--timeout" => {
                    let seconds = words.next().ok_or_else(missing("--timeout"))??;
                    let seconds = seconds.parse().ok().filter(|seconds: &u32| *seconds > 0);
                    let seconds = seconds.ok_or("--timeout needs a whole number of seconds above 0")?;
                    arguments.timeout = Some(Duration::from_secs(seconds.into()));
                }
                option if option.starts_with("--") => {
                    return Err(format!("there is no option {option}; --help lists them"));
                }
                _ if arguments.url.is_none() => arguments.url = Some(word),
                _ if arguments.method.is_none() => arguments.method = Some(word),
                _ => arguments.params.push(word),
            }
        }
        if arguments.json && arguments.method.is_none() {
            return Err("--json needs a METHOD behind the URL".into());
        }
        if arguments.url.is_none() && (arguments.cookie.is_some() || arguments.timeout.is_some()) {
            return Err("--cookie and --timeout need a URL, such as http://localhost:8554".into());
        }
        Ok(arguments)
    }
}

fn main() -> ExitCode {
    terminal::exit(run())
}

fn run() -> Result<String, String> {
    let arguments = Arguments::read()?;
    if arguments.help {
        return Ok(format!("{USAGE}\n\nMethods:\n{}", by_name::usage::<Node<'_>>()));
    }
    let timeout = arguments.timeout.unwrap_or(Duration::from_secs(60));
    let Some(url) = arguments.url else {
        return replayed(timeout);
    };
    let mut endpoint = Endpoint::from_url(&url).map_err(|error| error.to_string())?;
    if endpoint.is_tls() {
        return Err(
            "this example speaks no TLS; use http://, through a tunnel if the node is not on this machine".into(),
        );
    }
    let cookie;
    if let Some(file) = arguments.cookie {
        cookie = fs::read_to_string(&file).map_err(|error| {
            format!("cannot read {file}: {error}; a node without rpcpassword writes its cookie file when it starts")
        })?;
        endpoint = endpoint
            .with_cookie(&cookie)
            .map_err(|error| format!("{file} is no cookie file: {error}"))?;
    }
    let mut node = Node::new(endpoint, timeout);
    let Some(method) = arguments.method else {
        return Ok(overview(&mut node)?);
    };
    match method.as_str() {
        "batch" if arguments.params.is_empty() => Err("batch needs at least one METHOD; --help lists them".into()),
        "batch" if arguments.json => Ok(node.batch(&arguments.params, batch::to_json)? + "\n"),
        "batch" => node.batch(&arguments.params, batch_lines),
        _ if arguments.json => Ok(by_name::call(&mut node, &method, Some(&arguments.params))? + "\n"),
        _ => match view(&mut node, &method, &arguments.params) {
            Some(view) => Ok(view?),
            None => Ok(by_name::call(&mut node, &method, Some(&arguments.params))? + "\n"),
        },
    }
}

impl by_name::Caller for Node<'_> {
    type Answer = String;

    fn call<M: Method>(
        &mut self,
        method: &M,
        json: impl FnOnce(M::Response<'_>) -> Result<String, json::Error>,
    ) -> Result<String, String> {
        Node::call(self, method, json).map_err(|error| error.to_string())
    }
}

/// Methods against recorded replies.
fn replayed(timeout: Duration) -> Result<String, String> {
    let server =
        replay_node::Server::start(|stream| stream).map_err(|error| format!("cannot listen on loopback: {error}"))?;
    let url = server.url("http");
    let endpoint = Endpoint::from_url(&url).map_err(|error| error.to_string())?;
    let mut node = Node::new(endpoint, timeout);
    let mut text = overview(&mut node)? + "\n";
    for state in [false, true] {
        let on = node.call(&SetNetworkActive { state }, Ok)?;
        let now = if on { "on" } else { "off" };
        _ = writeln!(text, "setnetworkactive {state}: the network is {now}");
    }
    let names = ["getconnectioncount", "getnodestatusinfo", "ping"].map(str::to_owned);
    text += "\nin one batch:\n";
    text += &node.batch(&names, batch_lines)?;
    let (calls, connections) = (node.id, server.connections());
    Ok(text + &format!("\ncalls: {calls}, connections: {connections}\n"))
}

/// The answers of the methods that change nothing. One that the node refuses, for being too old say, is a line.
fn overview(node: &mut Node<'_>) -> Result<String, Error> {
    type View = fn(&mut Node<'_>) -> Result<String, Error>;
    const ADDRESSES: NonZeroU16 = NonZeroU16::new(3).unwrap();

    let count = node.call(&GetConnectionCount, Ok)?;
    let mut text = format!("{count} peers\n\n{}", peers(node, 20)?);
    let views: [(&str, View); 7] = [
        ("getnettotals", totals),
        ("getnetworkinfo", network),
        ("getversioninfo", versions),
        ("getnodestatusinfo", status),
        ("getaddednodeinfo", |node| added_nodes(node, None)),
        ("listbanned", bans),
        ("getnodeaddresses", |node| node_addresses(node, ADDRESSES)),
    ];
    for (name, view) in views {
        text += "\n";
        match view(node) {
            Ok(view) => text += &view,
            Err(Error::Reply {
                line,
                is_from_node: true,
            }) => _ = writeln!(text, "{name}: {line}"),
            Err(error) => return Err(error),
        }
    }
    Ok(text)
}

/// The answer of a method for a person. The results of the others are short enough to be read as JSON.
fn view(node: &mut Node<'_>, method: &str, params: &[String]) -> Option<Result<String, Error>> {
    Some(match (method, params) {
        ("getaddednodeinfo", []) => added_nodes(node, None),
        ("getaddednodeinfo", [added]) => added_nodes(node, Some(added)),
        ("getnettotals", []) => totals(node),
        ("getnetworkinfo", []) => network(node),
        ("getnodeaddresses", []) => node_addresses(node, NonZeroU16::MIN),
        ("getnodeaddresses", [count]) => node_addresses(node, count.parse().ok()?),
        ("getnodestatusinfo", []) => status(node),
        ("getpeerinfo", []) => peers(node, usize::MAX),
        ("getversioninfo", []) => versions(node),
        ("listbanned", []) => bans(node),
        _ => return None,
    })
}

fn added_nodes(node: &mut Node<'_>, added: Option<&str>) -> Result<String, Error> {
    let added = added.map(Into::into);
    node.call(&GetAddedNodeInfo { node: added }, summary::added_nodes)
}

fn bans(node: &mut Node<'_>) -> Result<String, Error> {
    let clock = clock(node)?;
    node.call(&ListBanned, |bans| summary::bans(bans, clock))
}

fn network(node: &mut Node<'_>) -> Result<String, Error> {
    node.call(&GetNetworkInfo, |info| Ok(summary::network(&info)))
}

fn node_addresses(node: &mut Node<'_>, count: NonZeroU16) -> Result<String, Error> {
    let clock = clock(node)?;
    node.call(&GetNodeAddresses { count }, |addresses| {
        summary::node_addresses(addresses, clock)
    })
}

/// A table of so many peers.
fn peers(node: &mut Node<'_>, limit: usize) -> Result<String, Error> {
    let clock = clock(node)?;
    node.call(&GetPeerInfo, |peers| summary::peers(peers, clock, limit))
}

fn status(node: &mut Node<'_>) -> Result<String, Error> {
    node.call(&GetNodeStatusInfo, |info| Ok(summary::status(info)))
}

fn totals(node: &mut Node<'_>) -> Result<String, Error> {
    node.call(&GetNetTotals, |totals| Ok(summary::totals(&totals)))
}

fn versions(node: &mut Node<'_>) -> Result<String, Error> {
    node.call(&GetVersionInfo, |info| Ok(summary::versions(&info)))
}

/// The node's clock, which the times that it tells count by.
fn clock(node: &mut Node<'_>) -> Result<UnixTime, Error> {
    node.call(&GetNetTotals, |totals| {
        Ok(UnixTime::from_secs(totals.time_millis / 1000))
    })
}

/// A line for each method of a batch.
fn batch_lines(outcomes: &[batch::Outcome<'_, '_>]) -> String {
    let rows: Vec<[String; 2]> = outcomes
        .iter()
        .map(|(name, result)| {
            let outcome = match result {
                Ok(result) => result.clone(),
                Err(error) => terminal::line(error),
            };
            [name.unwrap_or("(surplus reply)").into(), outcome]
        })
        .collect();
    summary::align(&rows, [false; 2])
}
