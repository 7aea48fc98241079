//! A node that answers with recorded replies: an HTTP server on loopback, for examples that run without a node.
//!
//! The examples beside it and `tests/examples.rs` include it as a module, so that the published package contains it. The
//! examples with a manifest of their own, and the checks, use it as the package `replay-node`.

#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "as a module, only a part of it is used"
)]

use std::io::{self, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

mod large_reply;
mod replies;

pub use large_reply::large_reply;
pub use replies::{PEERS, Request, result};

/// The node, which lives as long as the program.
pub struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// Starts the node at a free port. `wrap` turns each connection into the stream that is served: with TLS, or with faults.
    ///
    /// # Errors
    ///
    /// If there is no free port.
    pub fn start<S: Read + Write>(wrap: impl Fn(TcpStream) -> S + Send + Sync + 'static) -> io::Result<Self> {
        Self::start_at((Ipv4Addr::LOCALHOST, 0).into(), PEERS.into(), wrap)
    }

    /// Starts the node at this address, with this reply to `getpeerinfo`.
    ///
    /// # Errors
    ///
    /// If it cannot listen there.
    pub fn start_at<S: Read + Write>(
        address: SocketAddr,
        peers: String,
        wrap: impl Fn(TcpStream) -> S + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        let server = Self {
            address: listener.local_addr()?,
            connections: Arc::default(),
        };
        let connections = Arc::clone(&server.connections);
        let shared = Arc::new((peers, wrap));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                connections.fetch_add(1, Ordering::Relaxed);
                let shared = Arc::clone(&shared);
                // The other side notices when a connection breaks.
                thread::spawn(move || _ = serve(shared.1(stream), &shared.0));
            }
        });
        Ok(server)
    }

    /// Returns its URL, with the credentials that it accepts.
    #[must_use]
    pub fn url(&self, scheme: &str) -> String {
        format!("{scheme}://foo:bar@{}", self.address)
    }

    /// Returns how many connections there have been.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

/// Answers the requests of one connection until it is closed.
fn serve(stream: impl Read + Write, peers: &str) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    while let Some(request) = Request::read(&mut reader)? {
        let stream = reader.get_mut();
        stream.write_all(request.reply(peers).as_bytes())?;
        stream.flush()?;
        if request.closes() {
            break;
        }
    }
    Ok(())
}
