//! Exchanges on an async runtime, here `tokio` with one thread, through the traits of `embedded-io-async`, which the
//! executors of microcontrollers have too.
//!
//! ```text
//! cargo run -p example-tokio                   against recorded replies, without a node
//! cargo run -p example-tokio -- http://user:password@localhost:8554
//! ```

use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::ExitCode;
use std::time::Duration;
use std::{env, io};

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::io::Error;
use defichain_net_rpc::network::{GetNetworkInfo, GetPeerInfo};
use defichain_net_rpc::{ElementExchange, Exchange, ExchangeError, json};
use embedded_io_adapters::tokio_1::FromTokio;
use tokio::net::{TcpStream, lookup_host};
use tokio::runtime;
use tokio::time::timeout;

#[path = "../../advice/mod.rs"]
mod advice;
#[path = "../../terminal/mod.rs"]
mod terminal;

/// A node, and the connection to it while there is one.
struct Node<'e> {
    endpoint: Endpoint<'e>,
    stream: Option<FromTokio<TcpStream>>,
    id: u64,
    /// The request, then the reply: as a whole if it is short, and one peer at a time if not.
    buf: [u8; 4096],
}

impl<'e> Node<'e> {
    fn new(endpoint: Endpoint<'e>) -> Self {
        Self {
            endpoint,
            stream: None,
            id: 0,
            buf: [0; 4096],
        }
    }

    /// The connection, to be put back when it can be used again: until then it is closed with the future that has it,
    /// should that take too long.
    async fn stream(&mut self) -> Result<FromTokio<TcpStream>, String> {
        self.id += 1;
        if let Some(stream) = self.stream.take() {
            return Ok(stream);
        }
        let server = (self.endpoint.host(), self.endpoint.port());
        let addresses = lookup_host(server).await.map_err(|error| advice::resolve(&error))?;
        let addresses: Vec<SocketAddr> = addresses.collect();
        let stream = TcpStream::connect(addresses.as_slice()).await;
        Ok(FromTokio::new(stream.map_err(|error| advice::connect(&error))?))
    }

    /// The state of the node's networking, from a reply as a whole.
    async fn network(&mut self) -> Result<String, String> {
        let mut stream = self.stream().await?;
        let exchange = Exchange::new(&self.endpoint, &GetNetworkInfo, self.id, &mut self.buf).map_err(too_long)?;
        let reply = exchange.run_async(&mut stream).await.map_err(explain)?;
        self.stream = reply.is_reusable().then_some(stream);
        let info = reply.response(&GetNetworkInfo).map_err(|error| advice::reply(&error))?;
        let network = match info.network_active {
            Some(true) => "on",
            _ => "off",
        };
        Ok(terminal::line(&format!("{}, network {network}", info.subversion)))
    }

    /// The first so many peers, and how many there are, from a reply of any length.
    async fn peers(&mut self, limit: u32) -> Result<String, String> {
        let mut stream = self.stream().await?;
        let peers = ElementExchange::new(&self.endpoint, &GetPeerInfo, self.id, &mut self.buf);
        let mut peers = peers.map_err(too_long)?;
        let (mut text, mut count) = (String::new(), 0_u32);
        while let Some(peer) = peers.next_async(&mut stream).await.map_err(explain)? {
            count += 1;
            if count > limit {
                continue;
            }
            let line = match peer {
                Ok(peer) => format!("{:6}  {}  {}", peer.id, peer.addr, peer.subver),
                // The others can still be read.
                Err(error) => error.to_string(),
            };
            _ = writeln!(text, "{}", terminal::line(&line));
        }
        self.stream = peers.is_reusable().then_some(stream);
        _ = writeln!(text, "{count} peers");
        Ok(text)
    }
}

fn too_long(error: json::BufferTooSmall) -> String {
    format!("the request is too long: {error}")
}

fn explain(error: Error<'_, io::Error>) -> String {
    match error {
        Error::Stream(error) => advice::stream(&error),
        Error::Exchange(ExchangeError::Http(error)) => advice::http(&error),
        Error::Exchange(ExchangeError::Reply(error)) => advice::reply(&error),
        error => error.to_string(),
    }
}

/// What there is to say of a node, if each exchange is over in time.
async fn overview(node: &mut Node<'_>, limit: Duration) -> Result<String, String> {
    let late = |_| format!("no reply within {limit:?}; look at what the node is doing");
    let network = timeout(limit, node.network()).await.map_err(late)??;
    let peers = timeout(limit, node.peers(5)).await.map_err(late)??;
    Ok(format!("{network}\n{peers}"))
}

const USAGE: &str = "\
usage: tokio [URL]

The node at the URL, such as http://user:password@localhost:8554, is asked for its peers. Without a URL, they are those
of recorded replies.";

fn main() -> ExitCode {
    let runtime = runtime::Builder::new_current_thread().enable_io().enable_time().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(run()),
        Err(error) => Err(format!("cannot start the runtime: {error}")),
    };
    terminal::exit(result)
}

async fn run() -> Result<String, String> {
    let mut words = env::args_os().skip(1);
    let url = match (words.next(), words.next()) {
        (None, _) => return replayed().await,
        (Some(url), None) => url.into_string().map_err(|_| "the URL is not UTF-8")?,
        _ => return Err("one URL is enough; --help tells more".into()),
    };
    if url == "-h" || url == "--help" {
        return Ok(format!("{USAGE}\n"));
    }
    if url.starts_with('-') {
        return Err(format!("there is no option {url}; --help tells more"));
    }
    let endpoint = Endpoint::from_url(&url).map_err(|error| error.to_string())?;
    if endpoint.is_tls() {
        return Err("this example speaks no TLS; use http://, the example tls shows the other".into());
    }
    overview(&mut Node::new(endpoint), Duration::from_secs(20)).await
}

/// A node that answers, and one that does not.
async fn replayed() -> Result<String, String> {
    let no_server = |error: io::Error| format!("cannot listen on loopback: {error}");
    let server = replay_node::Server::start(|stream| stream).map_err(no_server)?;
    let url = server.url("http");
    let mut node = Node::new(Endpoint::from_url(&url).map_err(|error| error.to_string())?);
    let mut text = overview(&mut node, Duration::from_secs(5)).await?;
    _ = writeln!(text, "calls: {}, connections: {}\n", node.id, server.connections());

    // The system takes connections for it, but nobody does.
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(no_server)?;
    let url = format!("http://{}", silent.local_addr().map_err(no_server)?);
    let mut node = Node::new(Endpoint::from_url(&url).map_err(|error| error.to_string())?);
    match overview(&mut node, Duration::from_millis(300)).await {
        Ok(_) => Err("the node that is silent has answered".into()),
        Err(error) => Ok(text + "a silent node: " + &error + "\n"),
    }
}
