//! The monitor: polls a node again and again.

use core::net::SocketAddr;

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::io::{Client, ConnectAsync, Error, Reconnect};
use defichain_net_rpc::network::{GetNetTotals, GetPeerInfo};
use embassy_time::{Duration, Instant, Timer, with_timeout};
use embedded_nal_async::TcpConnect;

use crate::println;
use crate::summary::Summary;

/// A node, and how it is polled.
pub(crate) struct Settings<'a> {
    pub(crate) endpoint: Endpoint<'a>,
    pub(crate) address: SocketAddr,
    /// From the end of a poll to the next.
    pub(crate) interval: Duration,
    /// How long a poll may take.
    pub(crate) timeout: Duration,
    /// How many polls there are before the run ends. A real monitor would not end.
    pub(crate) polls: u32,
}

/// How long to wait after the first failure. It doubles with every further one.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The number of failures in a row that ends the run.
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
        summary.add(peer);
    }
    Ok(summary)
}
