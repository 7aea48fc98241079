//! The monitor: polls a node, prints a line for each of its peers as it comes, and the sums.

use core::fmt::{self, Display};
use core::net::SocketAddr;

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::io::{Client, ConnectAsync, Error, Reconnect};
use defichain_net_rpc::network::{GetNetTotals, GetPeerInfo, NetTotals, PeerInfo};
use embassy_time::{Duration, Instant, Timer, with_timeout};
use embedded_nal_async::TcpConnect;

use crate::println;

/// A node, and how it is polled.
pub(crate) struct Settings<'a> {
    pub(crate) endpoint: Endpoint<'a>,
    pub(crate) address: SocketAddr,
    /// From the end of a poll to the next.
    pub(crate) interval: Duration,
    /// How long a poll may take.
    pub(crate) timeout: Duration,
    /// How many polls there are before the run ends. A monitor in earnest would go on.
    pub(crate) polls: u32,
}

/// How long to wait after the first failure. It doubles with every further one.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// With how many failures in a row the run ends.
const FAILURES: u32 = 10;

/// Polls a node through a buffer of any length that holds a request and a peer. Returns whether the last poll succeeded.
///
/// The connection is kept from one poll to the next.
pub(crate) async fn run<N: TcpConnect>(network: &N, settings: &Settings<'_>, buffer: &mut [u8]) -> bool {
    let connect = async || network.connect(settings.address).await;
    let mut node = Client::new(settings.endpoint, Reconnect::new(connect), buffer);
    let (mut polls, mut failures) = (0, 0);
    while polls < settings.polls && failures < FAILURES {
        let start = Instant::now();
        match with_timeout(settings.timeout, poll(&mut node)).await {
            Ok(Ok(summary)) => {
                polls += 1;
                failures = 0;
                println!("poll {polls}: {summary}; {} ms", start.elapsed().as_millis());
                Timer::after(settings.interval).await;
                continue;
            }
            Ok(Err(Error::Connect(error) | Error::Stream(error))) => println!("failed: {error}"),
            Ok(Err(error)) => println!("failed: {}", node.explain(&error)),
            Err(_) => {
                println!("failed: no answer in time");
                // The poll was dropped, but the stream is still open.
                node.close_async();
            }
        }
        let pause = (FIRST_PAUSE * (1 << failures)).min(LONGEST_PAUSE);
        failures += 1;
        println!("failure {failures}, again in {} ms", pause.as_millis());
        Timer::after(pause).await;
    }
    failures == 0
}

/// Asks the node for its totals and its peers.
async fn poll<S: ConnectAsync>(node: &mut Client<Endpoint<'_>, S, &mut [u8]>) -> Result<Summary, Error<S::Error>> {
    let mut summary = Summary::new(node.call_async(&GetNetTotals).await?);
    let mut peers = node.list_async(&GetPeerInfo)?;
    while let Some(peer) = peers.next_async().await? {
        match peer {
            Ok(peer) => summary.add(&peer),
            Err(error) => {
                println!("a peer that cannot be read: {error}");
                summary.unreadable += 1;
            }
        }
    }
    Ok(summary)
}

/// The sums of a poll.
struct Summary {
    totals: NetTotals,
    peers: u32,
    unreadable: u32,
    received: u64,
    sent: u64,
}

impl Summary {
    fn new(totals: NetTotals) -> Self {
        Self {
            totals,
            peers: 0,
            unreadable: 0,
            received: 0,
            sent: 0,
        }
    }

    /// Prints a peer and adds it to the sums. They wrap, because a node may send any number.
    fn add(&mut self, peer: &PeerInfo<&str>) {
        let way = if peer.inbound { "from" } else { "to" };
        println!(
            "peer {} {way} {}: {} B received, {} B sent",
            peer.id, peer.addr, peer.bytes_recv, peer.bytes_sent,
        );
        self.peers += 1;
        self.received = self.received.wrapping_add(peer.bytes_recv);
        self.sent = self.sent.wrapping_add(peer.bytes_sent);
    }
}

impl Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} peers, {} B received and {} B sent; {} B and {} B since the node's start",
            self.peers, self.received, self.sent, self.totals.total_bytes_recv, self.totals.total_bytes_sent,
        )?;
        match self.unreadable {
            0 => Ok(()),
            count => write!(f, "; {count} more peers cannot be read"),
        }
    }
}
