//! The adapter for a `std::net::TcpStream`: [`Node::call`] does what the connection wants, and nothing else.
//!
//! ```text
//! cargo run --example std_tcp                                          five methods, against recorded replies
//! cargo run --example std_tcp -- http://user:password@localhost:8554   the four that change nothing, of a node
//! ```

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, ErrorKind as Kind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::process::ExitCode;
use std::time::Duration;

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::network::{GetConnectionCount, GetNetTotals, GetNetworkInfo, GetPeerInfo, Ping};
use defichain_net_rpc::{self as rpc, Connection, ErrorKind, Method, Response, Want};

mod recorded_node;
mod terminal;

/// For connecting, and for each read and write.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Longer replies are refused. A `getpeerinfo` of 133 peers takes 465 kB at worst.
const MAX_REPLY: usize = 16 << 20;

/// A node, and the connection to it, which is kept from call to call.
struct Node<'e> {
    endpoint: Endpoint<'e>,
    connection: Connection,
    stream: Option<TcpStream>,
    buf: Vec<u8>,
}

impl<'e> Node<'e> {
    fn new(endpoint: Endpoint<'e>) -> Self {
        Self {
            endpoint,
            connection: Connection::new(),
            stream: None,
            buf: vec![0; 4096],
        }
    }

    /// Calls a method. What it answers lies in the buffer until the next call.
    fn call<M: Method>(&mut self, method: &M) -> Result<Response<'_, M>, Box<dyn Error>> {
        let request_len = self.endpoint.request_len(method);
        self.buf.resize(request_len.max(self.buf.len()), 0);
        self.connection.call(&self.endpoint, method, &mut self.buf)?;
        let mut cause = None;
        loop {
            let done = match (self.connection.poll(&mut self.buf), &mut self.stream) {
                (Ok(Want::Ready(_)), _) => break,
                (Ok(Want::Write(bytes)), Some(stream)) => {
                    stream.write(bytes).map(|count| self.connection.written(count))
                }
                (Ok(Want::Read(space)), Some(stream)) => {
                    stream.read(space).map(|count| self.connection.received(count))
                }
                (Ok(_), stream) => {
                    *stream = Some(connect(&self.endpoint)?);
                    self.connection.connected();
                    Ok(())
                }
                (Err(error), _) => match error.kind {
                    ErrorKind::TooLong { needed } if needed <= MAX_REPLY => {
                        // Twice as long at least, so that a reply of unknown length is copied only so often.
                        self.buf.resize(needed.max(2 * self.buf.len()).min(MAX_REPLY), 0);
                        Ok(())
                    }
                    _ => return Err(failure(error, cause)),
                },
            };
            match done {
                Ok(()) => {}
                Err(error) if error.kind() == Kind::Interrupted => {}
                // The node may be at work on the request: nothing is sent again.
                Err(error) if matches!(error.kind(), Kind::TimedOut | Kind::WouldBlock) => {
                    self.connection.close();
                    cause = Some("no answer in time".to_owned());
                }
                Err(error) => {
                    self.connection.broken();
                    cause = Some(error.to_string());
                }
            }
        }
        let reply = self.connection.reply(&self.buf)?;
        reply.response().map_err(|error| match reply.node_error() {
            Some(error) => error.to_string().into(),
            None => error.into(),
        })
    }
}

/// Why there is no reply, with what the stream says about it.
fn failure(error: rpc::Error, cause: Option<String>) -> Box<dyn Error> {
    match cause {
        Some(cause) => format!("{error} ({cause})").into(),
        None => error.into(),
    }
}

/// Opens a stream to the first address of the host that answers.
fn connect(endpoint: &Endpoint<'_>) -> io::Result<TcpStream> {
    let host = match endpoint.zone() {
        Some(zone) => format!("{}%{zone}", endpoint.host()),
        None => endpoint.host().to_owned(),
    };
    let mut failure = io::Error::other("the host has no address");
    for address in (host.as_str(), endpoint.port()).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, TIMEOUT) {
            Ok(stream) => {
                stream.set_read_timeout(Some(TIMEOUT))?;
                stream.set_write_timeout(Some(TIMEOUT))?;
                return Ok(stream);
            }
            Err(error) => failure = error,
        }
    }
    Err(io::Error::new(
        failure.kind(),
        format!("cannot connect to {host}: {failure}"),
    ))
}

fn main() -> ExitCode {
    let text = match env::args().nth(1) {
        Some(url) => from_url(&url).and_then(|mut node| show(&mut node)),
        None => show_recorded(),
    };
    terminal::exit(text.map_err(|error| error.to_string()))
}

fn from_url(url: &str) -> Result<Node<'_>, Box<dyn Error>> {
    let endpoint = Endpoint::from_url(url)?;
    if endpoint.is_tls() {
        return Err("this example speaks no TLS; use http://, or the example tls".into());
    }
    Ok(Node::new(endpoint))
}

/// What a node of recorded replies answers.
fn show_recorded() -> Result<String, Box<dyn Error>> {
    let server = recorded_node::Server::start(|stream| stream)?;
    let url = server.url("http");
    let mut node = from_url(&url)?;
    let text = show(&mut node)?;
    node.call(&Ping)?;
    Ok(format!(
        "{text}the node pings its peers\n{} connection\n",
        server.connections()
    ))
}

/// The answers of the methods that change nothing.
fn show(node: &mut Node<'_>) -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    let info = node.call(&GetNetworkInfo)?;
    let (release, protocol) = (info.subversion.to_string(), info.protocol_version);
    writeln!(text, "release {}, protocol {protocol}", terminal::escape(&release))?;
    let count = node.call(&GetConnectionCount)?;
    writeln!(text, "{count} peers:")?;
    let mut unread = 0;
    for peer in node.call(&GetPeerInfo)? {
        match peer {
            Ok(peer) => writeln!(text, "{:>6} {}", peer.id, terminal::escape(&peer.addr.to_string()))?,
            Err(_) => unread += 1,
        }
    }
    if unread > 0 {
        writeln!(text, "{unread} more cannot be read and are not shown")?;
    }
    let totals = node.call(&GetNetTotals)?;
    writeln!(
        text,
        "{} bytes received, {} sent",
        totals.total_bytes_recv, totals.total_bytes_sent
    )?;
    Ok(text)
}
