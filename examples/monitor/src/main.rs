//! Watches the network side of many `DeFiChain` nodes: see README.md.

#![allow(dead_code, reason = "what page and screen show")]

mod config;
mod demo;
mod exposition;
mod findings;
mod http;
mod metrics;
mod page;
mod plot;
mod poll;
mod state;
#[cfg(test)]
mod tests;
mod tls;
mod view;

use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::LocalSet;
use tokio::time::Instant;
use tracing::info;

use crate::config::Config;
use crate::demo::Demo;
use crate::state::Fleet;

const USAGE: &str = "usage: defichain-net-monitor [--config FILE] [--listen ADDRESS:PORT]

  --config FILE           watches the nodes of this file; without it a few made-up ones, as a demonstration
  --listen ADDRESS:PORT   listens there, whatever the file says; 127.0.0.1:9332 unless told
";

#[derive(Default)]
struct Options {
    config: Option<PathBuf>,
    listen: Option<std::net::SocketAddr>,
    help: bool,
}

impl Options {
    fn read() -> Result<Self, String> {
        use lexopt::Arg::{Long, Short};

        let wrong = |error: lexopt::Error| format!("{error}; see --help");
        let mut options = Self::default();
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next().map_err(wrong)? {
            match argument {
                Long("config") => options.config = Some(parser.value().map_err(wrong)?.into()),
                Long("listen") => {
                    let value = parser.value().map_err(wrong)?;
                    let address = value.to_str().and_then(|value| value.parse().ok());
                    options.listen = Some(address.ok_or("--listen takes an address and port, such as 127.0.0.1:9332")?);
                }
                Long("help") | Short('h') => options.help = true,
                other => return Err(wrong(other.unexpected())),
            }
        }
        Ok(options)
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("defichain-net-monitor: {error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<ExitCode, String> {
    let options = Options::read()?;
    if options.help {
        print!("{USAGE}");
        return Ok(ExitCode::SUCCESS);
    }
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_target(false)
        .init();
    let (mut config, demo) = if let Some(path) = &options.config {
        (Config::load(path)?, None)
    } else {
        let demo = Demo::start().map_err(|error| format!("cannot listen on loopback: {error}"))?;
        (demo.config()?, Some(demo))
    };
    if let Some(listen) = options.listen {
        config.listen = listen;
    }
    raise_file_limit();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start: {error}"))?;
    let code = LocalSet::new().block_on(&runtime, serve(config, demo));
    // A name that is being resolved would be waited for.
    runtime.shutdown_background();
    code
}

/// Each node and each scrape is an open file.
fn raise_file_limit() {
    use rustix::process::{Resource, getrlimit, setrlimit};

    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // What there is has to do then.
    _ = setrlimit(Resource::Nofile, limit);
}

async fn serve(config: Config, demo: Option<Demo>) -> Result<ExitCode, String> {
    let failed = |error: std::io::Error| error.to_string();
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let listen = config.listen;
    let listener = match TcpListener::bind(listen).await {
        // Another program may be there, perhaps this one; a demonstration can be anywhere.
        Err(_) if demo.is_some() => TcpListener::bind((listen.ip(), 0)).await,
        other => other,
    };
    let listener =
        listener.map_err(|error| format!("cannot listen on {listen}: {error}; choose another address by --listen"))?;
    let address = listener.local_addr().map_err(failed)?;
    let fleet = Rc::new(Fleet::new(config, false));
    start_polling(&fleet);
    tokio::task::spawn_local(http::serve(listener, Rc::clone(&fleet)));
    info!("{} nodes, listening on http://{address}/", fleet.nodes.len());
    if let Some(demo) = &demo {
        println!("{}", demo.describe(address));
    }
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// Each node is polled in a task of its own. The first polls are spread over a second, and over more if there are many.
fn start_polling(fleet: &Rc<Fleet>) {
    let spread = fleet
        .config
        .interval
        .min(Duration::from_millis(10) * u32::try_from(fleet.nodes.len()).unwrap_or(u32::MAX));
    let count = u32::try_from(fleet.nodes.len()).unwrap_or(u32::MAX).max(1);
    for (index, node) in (0..count).zip(&fleet.nodes) {
        let first = Instant::now() + spread * index / count;
        tokio::task::spawn_local(poll::watch(Rc::clone(node), Rc::clone(fleet), first));
    }
}
