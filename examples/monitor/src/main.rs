//! Watches the network side of many `DeFiChain` nodes: see README.md.

#![cfg_attr(not(feature = "screen"), allow(dead_code, reason = "what the screen alone shows"))]

mod config;
mod demo;
mod exposition;
mod findings;
mod http;
mod log;
mod metrics;
mod page;
mod plot;
mod poll;
#[cfg(feature = "screen")]
mod screen;
mod state;
#[cfg(test)]
mod tests;
mod tls;
mod view;

use std::io::Write as _;
use std::net::SocketAddr;
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
use crate::log::Log;
use crate::state::Fleet;

const USAGE: &str = "usage: defichain-net-monitor [--config FILE] [--listen ADDRESS:PORT] [--screen | --once]

  --config FILE           watches the nodes of this file; without it a few made-up ones, as a demonstration
  --listen ADDRESS:PORT   listens there, whatever the file says; 127.0.0.1:9332 unless told
  --screen                shows them in the terminal as well
  --once                  prints once what the screen would show; ends with 0 if all is well, with 1 if not
";

#[derive(Default)]
struct Options {
    config: Option<PathBuf>,
    listen: Option<SocketAddr>,
    screen: bool,
    once: bool,
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
                Long("screen") => options.screen = true,
                Long("once") => options.once = true,
                Long("help") | Short('h') => options.help = true,
                other => return Err(wrong(other.unexpected())),
            }
        }
        if cfg!(not(feature = "screen")) && (options.screen || options.once) {
            return Err("this program was built without the screen; build it with the feature screen".into());
        }
        Ok(options)
    }
}

impl Options {
    /// Starts the log.
    #[cfg_attr(not(feature = "screen"), allow(clippy::unused_self))]
    fn log(&self) -> Log {
        #[cfg(feature = "screen")]
        if self.screen || self.once {
            return Log::to_memory();
        }
        Log::to_stderr();
        Log::default()
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
        _ = write!(std::io::stdout(), "{USAGE}");
        return Ok(ExitCode::SUCCESS);
    }
    let log = options.log();
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
    let code = LocalSet::new().block_on(&runtime, async {
        if options.once {
            once(config).await
        } else {
            serve(config, demo, &options, &log).await
        }
    });
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

async fn serve(config: Config, demo: Option<Demo>, options: &Options, log: &Log) -> Result<ExitCode, String> {
    let failed = |error: std::io::Error| error.to_string();
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let listen = config.listen;
    let listener = match TcpListener::bind(listen).await {
        // Another program may be there, perhaps this one; a demonstration can be anywhere.
        Err(_) if demo.is_some() => TcpListener::bind((listen.ip(), 0)).await,
        other => other,
    };
    let listener = listener
        .map_err(|error| format!("cannot listen on {listen}: {error}; choose another address with --listen"))?;
    let address = listener.local_addr().map_err(failed)?;
    let fleet = Rc::new(Fleet::new(config, options.screen));
    start_polling(&fleet);
    tokio::task::spawn_local(http::serve(listener, Rc::clone(&fleet)));
    info!("{} nodes, listening on http://{address}/", fleet.nodes.len());
    if let Some(demo) = demo.filter(|_| !options.screen) {
        // Nobody has to read it.
        _ = writeln!(std::io::stdout(), "{}", demo.describe(address));
    }
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        left = screen(&fleet, options, log) => left?,
    }
    info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// The terminal screen until it is left; for ever if there is none.
async fn screen(fleet: &Fleet, options: &Options, log: &Log) -> Result<(), String> {
    #[cfg(feature = "screen")]
    if options.screen {
        return screen::run(fleet, log).await;
    }
    _ = (fleet, options, log);
    std::future::pending().await
}

/// Polls, prints what the screen would show, and ends.
#[cfg(feature = "screen")]
async fn once(config: Config) -> Result<ExitCode, String> {
    let fleet = Rc::new(Fleet::new(config, false));
    start_polling(&fleet);
    let (text, is_well) = screen::once(&fleet).await?;
    // Whoever reads it may have seen enough.
    _ = std::io::stdout().write_all(text.as_bytes());
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

#[cfg(not(feature = "screen"))]
async fn once(_: Config) -> Result<ExitCode, String> {
    std::future::pending().await
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
