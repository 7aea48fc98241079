//! What a poll prints: a line for each peer as it is read, and the sums. The example `embassy` uses this file too.

use core::fmt::{self, Display};

use defichain_net_rpc::Error;
use defichain_net_rpc::network::{NetTotals, PeerInfo};

use crate::println;

/// The sums of a poll.
pub(crate) struct Summary {
    totals: NetTotals,
    peers: u32,
    unreadable: u32,
    received: u64,
    sent: u64,
}

impl Summary {
    pub(crate) fn new(totals: NetTotals) -> Self {
        Self {
            totals,
            peers: 0,
            unreadable: 0,
            received: 0,
            sent: 0,
        }
    }

    /// Prints a peer and adds it to the sums, which wrap, because a node may send any number.
    pub(crate) fn add(&mut self, peer: Result<PeerInfo<&str>, Error>) {
        let peer = match peer {
            Ok(peer) => peer,
            Err(error) => {
                println!("a peer that cannot be read: {error}");
                self.unreadable += 1;
                return;
            }
        };
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
