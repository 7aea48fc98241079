//! A poll of the node.

use core::fmt::Display;

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::io::{Client, Error};
use defichain_net_rpc::network::{GetNetTotals, GetPeerInfo};

use crate::network::{self, Network};
use crate::println;
use crate::summary::Summary;

/// The node, with a buffer of any length that holds a request and a peer.
pub(crate) type Node = Client<Endpoint<'static>, Network, &'static mut [u8]>;

/// Asks the node for its totals and its peers.
pub(crate) fn poll(node: &mut Node) -> Result<Summary, Error<network::Error>> {
    let mut summary = Summary::new(node.call(&GetNetTotals)?);
    let mut peers = node.list(&GetPeerInfo)?;
    while let Some(peer) = peers.next()? {
        summary.add(peer);
    }
    Ok(summary)
}

/// Prints why a poll failed: the error of the network, or the message of the node, if there is one.
pub(crate) fn print_failure(node: &Node, error: &Error<network::Error>) {
    let words = node.node_error();
    let reason: &dyn Display = match (error, &words) {
        (Error::Connect(error) | Error::Stream(error), _) => error,
        (_, Some(words)) => words,
        _ => error,
    };
    println!("failed: {reason}");
}
