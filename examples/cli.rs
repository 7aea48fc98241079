//! The network methods on a command line: results as tables or JSON, over `std::net::TcpStream`.
//!
//! ```text
//! cargo run --example cli                                                  what it can do, against recorded replies
//! cargo run --example cli -- http://user:password@localhost:8554 getpeerinfo
//! cargo run --example cli -- --cookie ~/.defi/.cookie --json http://localhost:8554 batch getnettotals ping
//! cargo run --example cli -- http://user:password@localhost:8554 - < calls.txt
//! ```

use std::io::{self, ErrorKind as Kind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::num::NonZeroU32;
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use std::{env, fs};

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::network::GetNetTotals;
use defichain_net_rpc::rpc::Envelope;
use defichain_net_rpc::{BufferTooSmall, Connection, Error, ErrorKind, Reply, Response, UnixTime, Want};
use lexopt::{Arg, ValueExt};

mod batch;
mod hints;
mod methods;
mod recorded_node;
mod tables;
mod terminal;

use methods::{Answer, Call};

const USAGE: &str = "\
usage: cli [OPTION…] URL METHOD [PARAM…]
       cli [OPTION…] URL batch METHOD…
       cli [OPTION…] URL -

Calls a method of the node at a URL, such as http://user:password@localhost:8554; or several without parameters at
once; or one for each line of standard input, all over one connection. There, \"\" is a parameter without text. Without
arguments it shows what it can do, against recorded replies.

--json             print each result as JSON on one line, in the node's own shape; of a batch, an array in the order of
                   the methods: {\"method\":…,\"result\":…,\"error\":…}
--cookie FILE      take user and password from the node's cookie file, .cookie in its data directory
--timeout SECONDS  for each call; 60 unless given
--help             print this

The exit status is 1 if anything has gone wrong.";

/// What is shown without arguments.
const SHOWN: &str = r#"
getnetworkinfo
getversioninfo
getnodestatusinfo
getnettotals
getpeerinfo
getaddednodeinfo
listbanned
getnodeaddresses 3
setban 198.51.100.0/24 add 3600
disconnectnode "" 7
batch getconnectioncount getnodestatusinfo ping
"#;

/// A node, and the connection to it, which is kept from call to call.
struct Node<'e> {
    endpoint: Endpoint<'e>,
    timeout: Duration,
    connection: Connection,
    stream: Option<TcpStream>,
    buf: Vec<u8>,
}

impl<'e> Node<'e> {
    fn new(endpoint: Endpoint<'e>, timeout: Duration) -> Self {
        Self {
            endpoint,
            timeout,
            connection: Connection::new(),
            stream: None,
            buf: vec![0; 4096],
        }
    }

    /// Longer replies are refused. A `getpeerinfo` of 133 peers takes 465 kB at worst.
    const MAX_REPLY: usize = 16 << 20;

    /// Calls a method, and reads its result while that lies in the buffer.
    fn call<T>(&mut self, call: &Call<'_>, read: impl FnOnce(Envelope<'_>) -> Result<T, Error>) -> Result<T, Failure> {
        self.exchange(
            |connection, endpoint, buf| connection.call(endpoint, call, buf).map(|_| ()),
            |reply, id| methods::read(reply, Some(id), read),
        )
    }

    /// Calls methods that need no parameters at once.
    fn batch(&mut self, names: &[String], json: bool) -> Result<Answer, Failure> {
        // What cannot be called is found out before anything is sent.
        let calls: Result<Vec<_>, _> = names.iter().map(|name| methods::find(name)?.call(&[])).collect();
        let calls = calls.map_err(|error| format!("{error}; a batch is of methods without parameters"))?;
        let fill = |connection: &mut Connection, endpoint: &Endpoint<'_>, buf: &mut [u8]| {
            connection.batch(endpoint, buf, |batch| {
                for call in &calls {
                    batch.push(call);
                }
            })
        };
        self.exchange(fill, |reply, _| Ok(batch::show(&batch::read(reply, names)?, json)))
    }

    /// Does what the connection wants until the reply is there.
    fn exchange<T>(
        &mut self,
        begin: impl Fn(&mut Connection, &Endpoint<'_>, &mut [u8]) -> Result<(), BufferTooSmall>,
        read: impl FnOnce(Reply<'_>, u64) -> Result<T, Error>,
    ) -> Result<T, Failure> {
        while let Err(BufferTooSmall { needed, .. }) = begin(&mut self.connection, &self.endpoint, &mut self.buf) {
            self.buf.resize(needed, 0);
        }
        let deadline = Instant::now() + self.timeout;
        let mut cause = None;
        loop {
            let done = match (self.connection.poll(&mut self.buf), &mut self.stream) {
                (Ok(Want::Ready(_)), _) => break,
                (Ok(Want::Write(bytes)), Some(stream)) => until(deadline)
                    .and_then(|left| stream.set_write_timeout(Some(left)))
                    .and_then(|()| stream.write(bytes))
                    .map(|count| self.connection.written(count)),
                (Ok(Want::Read(space)), Some(stream)) => until(deadline)
                    .and_then(|left| stream.set_read_timeout(Some(left)))
                    .and_then(|()| stream.read(space))
                    .map(|count| self.connection.received(count)),
                (Ok(_), stream) => {
                    *stream = Some(connect(&self.endpoint, deadline)?);
                    self.connection.connected();
                    Ok(())
                }
                (Err(error), _) => match error.kind {
                    ErrorKind::TooLong { needed } if needed <= Self::MAX_REPLY => {
                        self.buf.resize(needed.max(2 * self.buf.len()).min(Self::MAX_REPLY), 0);
                        Ok(())
                    }
                    _ => return Err(self.failure(error, cause)),
                },
            };
            match done {
                Ok(()) => {}
                Err(error) if error.kind() == Kind::Interrupted => {}
                Err(error) => {
                    if is_timeout(&error) {
                        // The node may be at work on the request: nothing is sent again.
                        self.connection.close();
                    } else {
                        self.connection.broken();
                    }
                    cause = Some(error);
                }
            }
        }
        let (reply, id) = (self.connection.reply(&self.buf), self.connection.id());
        reply.and_then(|reply| read(reply, id)).map_err(|error| Failure {
            line: hints::call(&error, reply.ok()),
            // The node itself has answered.
            is_final: !matches!(error.kind, ErrorKind::Node(_) | ErrorKind::Json(_)),
        })
    }

    /// Why there is no reply, with what the stream says about it.
    fn failure(&self, error: Error, cause: Option<io::Error>) -> Failure {
        let line = match cause {
            Some(cause) if is_timeout(&cause) => {
                let line = format!("no reply in {} s; allow more with --timeout", self.timeout.as_secs());
                match error.kind {
                    ErrorKind::Unconfirmed => line + "; the node may or may not have carried out the request",
                    _ => line + ", or see what the node is doing",
                }
            }
            Some(cause) => format!("{error} ({cause}); {}", hints::IS_IT_A_NODE),
            None => hints::call(&error, None),
        };
        Failure { line, is_final: true }
    }
}

/// Opens a stream to the first address of the host that answers.
fn connect(endpoint: &Endpoint<'_>, deadline: Instant) -> Result<TcpStream, String> {
    let host = match endpoint.zone() {
        Some(zone) => format!("{}%{zone}", endpoint.host()),
        None => endpoint.host().to_owned(),
    };
    let addresses = (host.as_str(), endpoint.port())
        .to_socket_addrs()
        .map_err(|error| hints::resolve(&error))?;
    let mut failure = io::Error::other("the host has no address");
    for address in addresses {
        match until(deadline).and_then(|left| TcpStream::connect_timeout(&address, left)) {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = error,
        }
    }
    Err(hints::connect(&format!("{host} port {}", endpoint.port()), &failure))
}

/// How long it is until the deadline.
fn until(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        Err(Kind::TimedOut.into())
    } else {
        Ok(left)
    }
}

/// Which of the two it is depends on the system.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), Kind::TimedOut | Kind::WouldBlock)
}

/// Why a call has no answer.
struct Failure {
    /// What is wrong, and what to do about it.
    line: String,
    /// Whether other calls would fail as well.
    is_final: bool,
}

/// What is wrong with a call before it is made.
impl From<String> for Failure {
    fn from(line: String) -> Self {
        Self { line, is_final: false }
    }
}

impl From<&str> for Failure {
    fn from(line: &str) -> Self {
        line.to_owned().into()
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        format!("{error}; --help lists the options").into()
    }
}

/// Makes the call that these words describe.
fn answer(node: &mut Node<'_>, words: &[String], json: bool) -> Result<Answer, Failure> {
    match words {
        [] => Err("a METHOD is missing; --help lists them".into()),
        [word] if word == "batch" => Err("batch needs at least one METHOD; --help lists them".into()),
        [word, names @ ..] if word == "batch" => node.batch(names, json),
        [name, params @ ..] => {
            let method = methods::find(name)?;
            let call = method.call(params)?;
            if json {
                let answer = node.call(&call, method.json)?;
                return Ok(Answer {
                    text: answer.text + "\n",
                    ..answer
                });
            }
            let clock = match name.as_str() {
                "getpeerinfo" | "getnodeaddresses" | "listbanned" => clock(node)?,
                _ => UnixTime::default(),
            };
            node.call(&call, |envelope| match name.as_str() {
                "getaddednodeinfo" => Ok(tables::added_nodes(envelope.result()?)),
                "getnettotals" => Ok(Answer::of(tables::totals(&envelope.result()?))),
                "getnetworkinfo" => Ok(Answer::of(tables::network(&envelope.result()?))),
                "getnodeaddresses" => Ok(tables::node_addresses(envelope.result()?, clock)),
                "getnodestatusinfo" => Ok(Answer::of(tables::status(envelope.result()?))),
                "getpeerinfo" => Ok(tables::peers(envelope.result()?, clock)),
                "getversioninfo" => Ok(Answer::of(tables::versions(&envelope.result()?))),
                "listbanned" => Ok(tables::bans(envelope.result()?, clock)),
                _ => (method.json)(envelope).map(|answer| match answer.text.as_str() {
                    "null" => Answer::of(format!("{name}: done\n")),
                    text => Answer::of(format!("{text}\n")),
                }),
            })
        }
    }
}

/// The node's clock, to which the times in its replies refer; if that is unknown, the clock of this machine.
fn clock(node: &mut Node<'_>) -> Result<UnixTime, Failure> {
    let totals = methods::find("getnettotals")?;
    let millis = node.call(&totals.call(&[])?, |envelope| {
        envelope
            .result::<Response<'_, GetNetTotals>>()
            .map(|totals| totals.time_millis)
    });
    match millis {
        Ok(millis) => Ok(UnixTime::from_secs(millis / 1000)),
        Err(failure) if failure.is_final => Err(failure),
        Err(_) => {
            let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            Ok(UnixTime::from_secs(time.as_secs()))
        }
    }
}

/// Makes the calls in these lines, and returns whether each has an answer.
fn session(
    node: &mut Node<'_>,
    lines: impl Iterator<Item = io::Result<String>>,
    json: bool,
    echo: bool,
) -> Result<bool, Failure> {
    let (mut count, mut is_well) = (0, true);
    for (number, line) in (1..).zip(lines) {
        let line = line.map_err(|error| format!("cannot read standard input: {error}"))?;
        let words = line
            .split_whitespace()
            .map(|word| if word == "\"\"" { "" } else { word }.to_owned());
        let words: Vec<String> = words.collect();
        if words.is_empty() {
            continue;
        }
        count += 1;
        if echo {
            terminal::print(&format!("> {line}\n"))?;
        }
        let wrong = match answer(node, &words, json) {
            Ok(answer) => {
                terminal::print(&answer.text)?;
                answer.wrong
            }
            Err(failure) if failure.is_final => {
                return Err(Failure {
                    line: format!("line {number}: {}", failure.line),
                    ..failure
                });
            }
            Err(failure) => Some(failure.line),
        };
        if echo {
            terminal::print("\n")?;
        }
        if let Some(wrong) = wrong {
            is_well = false;
            terminal::complain(&format!("line {number}: {wrong}"));
        }
    }
    if count == 0 && !json {
        terminal::print("no calls\n")?;
    }
    Ok(is_well)
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            terminal::complain(&failure.line);
            ExitCode::FAILURE
        }
    }
}

/// Whether all is well.
fn run() -> Result<bool, Failure> {
    let (mut json, mut cookie_file, mut timeout) = (false, None, Duration::from_secs(60));
    let mut words: Vec<String> = Vec::new();
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => {
                terminal::print(&format!("{USAGE}\n\nMethods:\n{}", methods::usage()))?;
                return Ok(true);
            }
            Arg::Long("json") => json = true,
            Arg::Long("cookie") => cookie_file = Some(arguments.value()?.string()?),
            Arg::Long("timeout") => {
                let seconds = arguments.value()?.parse::<NonZeroU32>();
                let seconds = seconds.map_err(|_| "--timeout needs a whole number of seconds above 0")?;
                timeout = Duration::from_secs(seconds.get().into());
            }
            Arg::Value(word) => words.push(word.string()?),
            argument => return Err(argument.unexpected().into()),
        }
    }
    let Some((url, words)) = words.split_first() else {
        return match env::args_os().len() {
            ..2 => show_recorded(timeout),
            _ => Err("a URL is missing, such as http://localhost:8554; see --help"
                .to_owned()
                .into()),
        };
    };
    let mut endpoint = Endpoint::from_url(url).map_err(|error| error.to_string())?;
    if endpoint.is_tls() {
        let line = "this example speaks no TLS; use http://, through a tunnel if the node is not on this machine";
        return Err(line.into());
    }
    let cookie;
    if let Some(file) = cookie_file {
        cookie = fs::read_to_string(&file).map_err(|error| {
            format!("cannot read {file}: {error}; a node without rpcpassword writes its cookie file when it starts")
        })?;
        endpoint = endpoint
            .with_cookie(&cookie)
            .map_err(|error| format!("{file}: {error}"))?;
    }
    let mut node = Node::new(endpoint, timeout);
    if let [word] = words
        && word == "-"
    {
        return session(&mut node, io::stdin().lines(), json, false);
    }
    let answer = answer(&mut node, words, json)?;
    terminal::print(&answer.text)?;
    answer.wrong.iter().for_each(|line| terminal::complain(line));
    Ok(answer.wrong.is_none())
}

/// Calls against recorded replies.
fn show_recorded(timeout: Duration) -> Result<bool, Failure> {
    let server = recorded_node::Server::start(|stream| stream);
    let server = server.map_err(|error| format!("cannot listen on loopback: {error}"))?;
    let url = server.url("http");
    let endpoint = Endpoint::from_url(&url).map_err(|error| error.to_string())?;
    let mut node = Node::new(endpoint, timeout);
    let is_well = session(&mut node, SHOWN.lines().map(|line| Ok(line.to_owned())), false, true)?;
    terminal::print(&format!("connections: {}\n", server.connections()))?;
    Ok(is_well)
}
