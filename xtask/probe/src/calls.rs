//! The calls of the probes: all fifteen methods, whatever carries their requests and replies.

use core::hint::black_box;
use core::num::NonZeroU16;

use defichain_net_rpc::network::{
    AddNode, BanTime, ClearBanned, DisconnectNode, GetAddedNodeInfo, GetConnectionCount, GetNetTotals, GetNetworkInfo,
    GetNodeAddresses, GetNodeStatusInfo, GetPeerInfo, GetVersionInfo, ListBanned, PeerInfo, Ping, SetBan,
    SetNetworkActive,
};
use defichain_net_rpc::rpc::Items;
use defichain_net_rpc::{Address, Error, Method, Subnet};

use crate::used;

/// A way for a request to the node and for its reply back.
pub trait Caller {
    /// Sends the request for a method, and has the result read.
    fn call<M: Method>(&mut self, method: &M, read: impl FnOnce(M::Response<'_>));
}

/// Calls every method and reads everything in each response.
pub fn every_method(caller: &mut impl Caller, text: &str) {
    let address = Address::from(text);
    let count = black_box(NonZeroU16::MIN);
    caller.call(&AddNode::Add(address), |()| ());
    caller.call(&ClearBanned, |()| ());
    caller.call(&DisconnectNode::Address(address), |()| ());
    caller.call(&GetAddedNodeInfo { node: Some(address) }, |nodes| {
        nodes.for_each(|node| {
            if let Ok(node) = &node {
                node.addresses.iter().for_each(|address| used(&address));
            }
            used(&node);
        });
    });
    caller.call(&GetConnectionCount, |count| used(&count));
    caller.call(&GetNetTotals, |totals| used(&totals));
    caller.call(&GetNetworkInfo, |info| {
        info.networks.iter().for_each(|network| used(&network));
        info.local_addresses.iter().for_each(|address| used(&address));
        used(&info);
    });
    caller.call(&GetNodeAddresses { count }, |addresses| {
        addresses.for_each(|address| used(&address))
    });
    caller.call(&GetNodeStatusInfo, |info| used(&info));
    caller.call(&GetPeerInfo, peers);
    caller.call(&GetVersionInfo, |info| used(&info));
    caller.call(&ListBanned, |bans| bans.for_each(|ban| used(&ban)));
    caller.call(&Ping, |()| ());
    if let Some(subnet) = Subnet::parse(text) {
        caller.call(&SetBan::Add(subnet, black_box(BanTime::Default)), |()| ());
    }
    caller.call(&SetNetworkActive { state: black_box(true) }, |state| used(&state));
}

/// Reads everything that a reply tells about peers.
pub fn peers<'a>(peers: Items<'a, PeerInfo<&'a str>>) {
    peers.for_each(|peer| used_peer(&peer));
}

/// Reads everything about one peer.
pub fn used_peer(peer: &Result<PeerInfo<&str>, Error>) {
    if let Ok(peer) = peer {
        peer.inflight.iter().flatten().for_each(|height| used(&height));
        peer.permissions.iter().for_each(|permission| used(&permission));
        peer.bytes_sent_per_msg.iter().for_each(|counter| used(&counter));
        peer.bytes_recv_per_msg.iter().for_each(|counter| used(&counter));
    }
    used(peer);
}

/// What a program does about an error: one thing for all methods.
#[inline(never)]
pub fn failed(error: &Error) {
    used(&error.is_transient());
    used(error);
}
