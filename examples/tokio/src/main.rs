//! Several nodes at once on an async runtime, here `tokio`.
//!
//! ```text
//! cargo run -p example-tokio                         nodes of recorded replies: sound, late, silent, one that refuses
//! cargo run -p example-tokio -- http://user:password@localhost:8554 http://user:password@10.0.0.7:8554
//! ```
//!
//! `FromTokio` makes a `TcpStream` of tokio a stream of `embedded-io-async`. Each call has a deadline: the future of a call
//! that is late is dropped, which costs the stream and nothing else. The next call opens another.

use std::net::{Ipv4Addr, TcpListener};
use std::process::ExitCode;
use std::time::Duration;
use std::{env, io, thread};

use defichain_net_rpc::http::{Endpoint, EndpointBuf};
use defichain_net_rpc::io::{Client, Error, Growing, Reconnect};
use defichain_net_rpc::network::{GetNetworkInfo, GetPeerInfo};
use embedded_io_adapters::tokio_1::FromTokio;
use replay_node::Server;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

const POLLS: u32 = 3;
const PAUSE: Duration = Duration::from_millis(300);

/// How long a call may take.
const TIMEOUT: Duration = Duration::from_millis(600);

/// Longer replies are refused; a list is read by its elements, which takes a few kB whatever its length.
const MAX_REPLY: usize = 1 << 20;

/// Polls a node, and prints a line for each poll. Returns how many succeeded.
async fn watch(name: &str, url: &str) -> Result<u32, String> {
    let endpoint = Endpoint::from_url(url).map_err(|error| format!("{name}: {error}"))?;
    if endpoint.is_tls() {
        return Err(format!(
            "{name}: this example has no TLS; use http://, or the example tls"
        ));
    }
    // Owned, as rustc cannot tell yet that a future is `Send` that calls a borrowing async closure.
    let server = (endpoint.host().to_owned(), endpoint.port());
    let endpoint: EndpointBuf<String> = endpoint.to_buf().map_err(|error| error.to_string())?;
    let connect = async move || TcpStream::connect((&*server.0, server.1)).await.map(FromTokio::new);
    let mut node = Client::new(endpoint, Reconnect::new(connect), Growing::new(MAX_REPLY));

    let mut answers = 0;
    for _ in 0..POLLS {
        let poll = async {
            let call = node.call_async(&GetNetworkInfo);
            let info = timeout(TIMEOUT, call).await.map_err(late)?.map_err(explain)?;
            let release = first_line(&info.subversion);

            let mut peers = node.list_async(&GetPeerInfo).map_err(explain)?;
            let count = async {
                let (mut readable, mut unreadable) = (0, 0);
                while let Some(peer) = peers.next_async().await? {
                    match peer {
                        Ok(_) => readable += 1,
                        Err(_) => unreadable += 1,
                    }
                }
                Ok((readable, unreadable))
            };
            let (readable, unreadable) = timeout(TIMEOUT, count).await.map_err(late)?.map_err(explain)?;
            answers += 1;
            Ok::<_, String>(match unreadable {
                0 => format!("{release}, {readable} peers"),
                _ => format!("{release}, {readable} peers, {unreadable} more cannot be read"),
            })
        };
        let line = match poll.await {
            Ok(line) => line,
            Err(error) => node.node_error().map_or(error, |words| first_line(&words)),
        };
        print(format_args!("{name}: {line}"));
        sleep(PAUSE).await;
    }
    Ok(answers)
}

fn late(_: tokio::time::error::Elapsed) -> String {
    format!("no reply within {TIMEOUT:?}; look at what the node is doing")
}

/// What failed, and what to do.
#[allow(clippy::needless_pass_by_value, reason = "as map_err wants it")]
fn explain(error: Error<io::Error>) -> String {
    match error {
        Error::Connect(_) | Error::Stream(_) => format!("{error}; is this the RPC port of a node, 8554 on mainnet?"),
        error => error.to_string(),
    }
}

/// The first line of a text of the node, without what a terminal would obey.
fn first_line(text: &impl ToString) -> String {
    let text = text.to_string();
    text.lines().next().unwrap_or_default().escape_debug().to_string()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let urls: Vec<String> = env::args().skip(1).collect();
    let result = match urls.first() {
        None => replayed().await,
        Some(option) if option.starts_with('-') => Err("usage: tokio [URL…]".into()),
        // Not named by the URL, which has the password in it.
        Some(_) => watch_all((1..).map(|number| format!("node {number}")).zip(urls)).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Polls all nodes, each in a task.
async fn watch_all(nodes: impl Iterator<Item = (String, String)>) -> Result<(), String> {
    let tasks: Vec<_> = nodes
        .map(|(name, url)| tokio::spawn(async move { watch(&name, &url).await }))
        .collect();
    let mut answers = 0;
    for task in tasks {
        answers += task.await.map_err(|error| error.to_string())??;
    }
    match answers {
        0 => Err("no node has answered".into()),
        _ => Ok(()),
    }
}

/// Nodes that show what may happen.
async fn replayed() -> Result<(), String> {
    let no_server = |error: io::Error| format!("cannot listen on loopback: {error}");
    let sound = Server::start(|stream| stream).map_err(no_server)?;
    // The first connection is served too late.
    let late = Server::start(|stream| {
        static FIRST: std::sync::Once = std::sync::Once::new();
        FIRST.call_once(|| thread::sleep(TIMEOUT + PAUSE));
        stream
    });
    let late = late.map_err(no_server)?;
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(no_server)?;
    let nodes = [
        ("sound", sound.url("http")),
        ("late", late.url("http")),
        ("silent", format!("http://{}", silent.local_addr().map_err(no_server)?)),
        ("refusing", sound.url("http").replace("foo:bar", "foo:baz")),
    ];
    watch_all(nodes.into_iter().map(|(name, url)| (name.to_owned(), url))).await?;
    print(format_args!(
        "connections to sound and refusing: {}, to late: {}",
        sound.connections(),
        late.connections()
    ));
    Ok(())
}

/// Prints a line. If whoever reads it has seen enough, the program ends here.
fn print(line: std::fmt::Arguments<'_>) {
    use std::io::Write as _;

    if writeln!(std::io::stdout(), "{line}").is_err() {
        std::process::exit(0);
    }
}
