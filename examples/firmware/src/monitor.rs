//! A poll: a line for each of the node's peers as it comes, and the sums.

use core::fmt::{self, Display};
use core::net::{Ipv4Addr, SocketAddrV4};

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::network::{GetNetTotals, GetPeerInfo, NetTotals, PeerInfo};
use defichain_net_rpc::{ElementExchange, Exchange};
use smoltcp::time::Instant;

use crate::network::Network;
use crate::semihosting::println;

/// Requests and replies go through this, however long they are.
pub(crate) type Window = [u8; 4096];

pub(crate) struct Monitor {
    endpoint: Endpoint<'static>,
    node: SocketAddrV4,
    window: &'static mut Window,
    id: u64,
}

impl Monitor {
    pub(crate) fn new(url: &'static str, window: &'static mut Window) -> Self {
        let endpoint = Endpoint::from_url(url).expect("the node's URL is wrong");
        assert!(!endpoint.is_tls(), "the node's URL is wrong: there is no TLS here");
        let address: Ipv4Addr = endpoint
            .host()
            .parse()
            .expect("the node's URL is wrong: it needs an IPv4 address");
        Self {
            endpoint,
            node: SocketAddrV4::new(address, endpoint.port()),
            window,
            id: 0,
        }
    }

    /// Asks the node for its totals and its peers.
    pub(crate) fn poll(&mut self, network: &mut Network, deadline: Instant) -> Result<Summary, Failed> {
        let mut connection = network.connect(self.node, deadline).map_err(failed)?;
        self.id += 1;
        let exchange = Exchange::new(&self.endpoint, &GetNetTotals, self.id, self.window).map_err(failed)?;
        let reply = exchange.run(&mut connection).map_err(failed)?;
        let mut summary = Summary::new(reply.response(&GetNetTotals).map_err(failed)?);
        if !reply.is_reusable() {
            network.close();
        }

        let mut connection = network.connect(self.node, deadline).map_err(failed)?;
        self.id += 1;
        let mut exchange = ElementExchange::new(&self.endpoint, &GetPeerInfo, self.id, self.window).map_err(failed)?;
        while let Some(peer) = exchange.next(&mut connection).map_err(failed)? {
            match peer {
                Ok(peer) => summary.add(&peer),
                Err(error) => println!("a peer that cannot be read: {error}"),
            }
        }
        if !exchange.is_reusable() {
            network.close();
        }
        Ok(summary)
    }
}

/// A poll came to nothing, and why was printed.
pub(crate) struct Failed;

fn failed(error: impl Display) -> Failed {
    println!("failed: {error}");
    Failed
}

/// What a poll comes to.
pub(crate) struct Summary {
    totals: NetTotals,
    peers: u32,
    received: u64,
    sent: u64,
}

impl Summary {
    fn new(totals: NetTotals) -> Self {
        Self {
            totals,
            peers: 0,
            received: 0,
            sent: 0,
        }
    }

    /// Prints a peer, and adds it to the sums, which a node that makes its numbers up can make come round.
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
        )
    }
}
