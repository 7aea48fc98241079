//! A poll: a line for each of the node's peers as it comes, and the sums.

use core::fmt::{self, Display};

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::io::{Client, Error};
use defichain_net_rpc::network::{GetNetTotals, GetPeerInfo, NetTotals, PeerInfo};

use crate::network::{self, Network};
use crate::semihosting::println;

/// The node, behind a buffer of any length that holds a request and a peer.
pub(crate) type Node = Client<Endpoint<'static>, Network, &'static mut [u8]>;

/// Asks the node for its totals and its peers.
pub(crate) fn poll(node: &mut Node) -> Result<Summary, Error<network::Error>> {
    let mut summary = Summary::new(node.call(&GetNetTotals)?);
    let mut peers = node.list(&GetPeerInfo)?;
    while let Some(peer) = peers.next()? {
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

/// Prints why a poll failed: in the words of the network or of the node, if it was one of them.
pub(crate) fn print_failure(node: &Node, error: &Error<network::Error>) {
    let words = node.node_error();
    let reason: &dyn Display = match (error, &words) {
        (Error::Connect(error) | Error::Stream(error), _) => error,
        (_, Some(words)) => words,
        _ => error,
    };
    println!("failed: {reason}");
}

/// The sums of a poll.
pub(crate) struct Summary {
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
