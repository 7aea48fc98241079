//! The command line of an example on the host: a URL or nothing, and lines of text. The example `embassy` uses this file too.

use std::env;
use std::error::Error;
use std::fmt::Arguments;
use std::io::Write as _;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::process::{self, ExitCode};

use defichain_net_rpc::http::Endpoint;
use replay_node::Server;

type Outcome = Result<(), Box<dyn Error>>;

/// Runs the example with the node of the command line, or with a node of recorded replies, which is `is_recorded` then.
pub(crate) fn main(name: &str, run: fn(url: &str, is_recorded: bool) -> Outcome) -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let result = match &arguments[..] {
        [] => recorded(run),
        [url] if !url.starts_with('-') => run(url, false),
        _ => Err(format!("usage: {name} [URL]").into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn recorded(run: fn(&str, bool) -> Outcome) -> Outcome {
    let node = Server::start(|stream| stream)?;
    run(&node.url("http"), true)?;
    print(format_args!("connections to the node: {}", node.connections()));
    Ok(())
}

/// Reads a URL and finds the address of its host.
pub(crate) fn endpoint(url: &str) -> Result<(Endpoint<'_>, SocketAddr), Box<dyn Error>> {
    let endpoint = Endpoint::from_url(url)?;
    if endpoint.is_tls() {
        return Err("this example has no TLS; use http://, or the example tls".into());
    }
    let address = (endpoint.host(), endpoint.port()).to_socket_addrs()?.next();
    Ok((endpoint, address.ok_or("the host has no address")?))
}

/// Prints a line. If whoever reads it has seen enough, the program ends here.
pub(crate) fn print(line: Arguments<'_>) {
    if writeln!(std::io::stdout(), "{line}").is_err() {
        process::exit(0);
    }
}
