//! The monitor on the host, over the sockets of the operating system.
//!
//! ```text
//! cargo run                                                 a node of recorded replies
//! cargo run -- http://user:password@127.0.0.1:8554          a node, every five seconds
//! ```

use std::env;
use std::error::Error;
use std::net::ToSocketAddrs as _;
use std::process::ExitCode;

use async_io::block_on;
use defichain_net_rpc::http::Endpoint;
use embassy_time::Duration;
use futures_lite::future::or;
use replay_node::Server;
use std_embedded_nal_async::Stack;

use crate::monitor::{self, Settings};
use crate::ticker;

/// Prints a line. If whoever reads it has seen enough, the program ends here.
macro_rules! println {
    ($($arguments:tt)*) => {
        $crate::host::print(format_args!($($arguments)*))
    };
}
pub(crate) use println;

pub(crate) fn print(line: std::fmt::Arguments<'_>) {
    use std::io::Write as _;

    if writeln!(std::io::stdout(), "{line}").is_err() {
        std::process::exit(0);
    }
}

pub(crate) fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let result = match &arguments[..] {
        [] => replayed(),
        [url] if !url.starts_with('-') => watch(url, u32::MAX, Duration::from_secs(5)),
        _ => Err("usage: embassy [URL]".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn replayed() -> Result<(), Box<dyn Error>> {
    let node = Server::start(|stream| stream)?;
    watch(&node.url("http"), 3, Duration::from_millis(200))?;
    println!("connections to the node: {}", node.connections());
    Ok(())
}

fn watch(url: &str, polls: u32, interval: Duration) -> Result<(), Box<dyn Error>> {
    let endpoint = Endpoint::from_url(url)?;
    if endpoint.is_tls() {
        return Err("this example has no TLS; use http://, or the example tls".into());
    }
    let address = (endpoint.host(), endpoint.port()).to_socket_addrs()?.next();
    let settings = Settings {
        endpoint,
        address: address.ok_or("the host has no address")?,
        interval,
        timeout: Duration::from_secs(10),
        polls,
    };
    let network = Stack::default();
    let mut buffer = [0; 4096];
    let monitor = monitor::run(&network, &settings, &mut buffer);
    let is_sound = block_on(or(monitor, async { ticker::run().await }));
    let (ticks, late) = ticker::figures();
    println!("ticker: {ticks} ticks, at most {late} ms late");
    if is_sound {
        Ok(())
    } else {
        Err("the node does not answer".into())
    }
}
