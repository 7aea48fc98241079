//! `getpeerinfo`: everything about every peer.

use core::time::Duration;

use super::response_object;
use crate::json::{List, Map, Text};
use crate::method::Method;
use crate::rpc::Items;
use crate::value::{Amount, PeerAddress, Permission, Services, UnixTime};

/// Asks for everything that the node knows about each of its peers.
///
/// The reply is long: 0.8 to 1.1 kB for a peer, 3.5 kB at worst, and a node has up to 133 peers unless its
/// `-maxconnections` allows more.
///
/// The response is an iterator of [`PeerInfo`]: see the chapters
/// [Lists that are longer than memory](crate::_documentation::streaming) and
/// [Where the text of a response is stored](crate::_documentation::storage).
///
/// Node: `getpeerinfo`, since release 1.0.0; jellyfish: `getPeerInfo`. It fails with
/// [`Code::CLIENT_P2P_DISABLED`](crate::rpc::Code::CLIENT_P2P_DISABLED) where the node has no peer-to-peer part.
///
/// ```
/// use defichain_net_rpc::network::GetPeerInfo;
/// use defichain_net_rpc::{Response, request, response};
///
/// let mut buf = [0; 128];
/// let body = request(&GetPeerInfo, 36, &mut buf)?;
/// assert_eq!(body, br#"{"jsonrpc":"1.0","id":36,"method":"getpeerinfo","params":[]}"#);
///
/// let reply = br#"{"result":[],"error":null,"id":36}"#;
/// for peer in response::<Response<GetPeerInfo>>(36, reply)? {
///     let peer = peer?;
///     println!("{} {} {:?}", peer.id, peer.addr, peer.ping_time);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[doc(alias("getpeerinfo", "getPeerInfo"))]
pub struct GetPeerInfo;

impl Method for GetPeerInfo {
    type Response<'a> = Items<'a, PeerInfo<&'a str>>;

    fn name(&self) -> &'static str {
        "getpeerinfo"
    }

    fn is_repeatable(&self) -> bool {
        true
    }
}

response_object! {
    /// One peer in the response to [`GetPeerInfo`].
    ///
    /// `T` is where its texts are [stored](crate::json::Storage), `L` where its lists are. As it comes it borrows from
    /// the reply; it can be read into storage that outlives that:
    ///
    /// ```
    /// use defichain_net_rpc::json::Discard;
    /// use defichain_net_rpc::network::PeerInfo;
    /// use defichain_net_rpc::response;
    /// use defichain_net_rpc::rpc::Items;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let reply = br#"{"result":[],"error":null,"id":1}"#;
    /// # #[cfg(feature = "alloc")] {
    /// // A program with a heap keeps all of it.
    /// let peers: Vec<PeerInfo<String>> = response::<Items<_>>(1, reply)?.collect::<Result<_, _>>()?;
    /// # }
    ///
    /// # #[cfg(feature = "heapless-v0.9")] {
    /// // Firmware keeps as many as it has room for, with texts of a length that it chooses, and no lists. A peer whose
    /// // texts are longer is an error that names the member; with `Truncated<64>` they are cut.
    /// let mut peers: heapless::Vec<PeerInfo<heapless::String<64>, Discard>, 8> = heapless::Vec::new();
    /// for peer in response::<Items<_>>(1, reply)? {
    ///     if peers.push(peer?).is_err() {
    ///         break;
    ///     }
    /// }
    /// # }
    /// # Ok(()) }
    /// ```
    pub struct PeerInfo<T, L = T> {
        /// The number of the connection, counted from the start of the node.
        pub id: u64,
        /// The address of the peer.
        pub addr: PeerAddress<T>,
        /// The node's own address as the peer sees it.
        pub addr_local: Option<PeerAddress<T>> = "addrlocal",
        /// The node's end of the connection.
        pub addr_bind: Option<PeerAddress<T>> = "addrbind",
        /// The services that the peer offers.
        pub services: Services,
        /// Whether the peer wants transactions relayed.
        pub relay_txes: bool = "relaytxes",
        /// When something was last sent; 0 if nothing was.
        pub last_send: UnixTime = "lastsend",
        /// When something was last received; 0 if nothing was.
        pub last_recv: UnixTime = "lastrecv",
        /// Bytes sent.
        pub bytes_sent: u64 = "bytessent",
        /// Bytes received.
        pub bytes_recv: u64 = "bytesrecv",
        /// When the connection was made.
        pub conn_time: UnixTime = "conntime",
        /// How far the peer's clock is ahead of the node's, in seconds.
        pub time_offset: i64 = "timeoffset",
        /// How long the last answered ping took, to the nearest microsecond; absent before the first.
        pub ping_time: Option<Duration> = "pingtime",
        /// The shortest that a ping took, to the nearest microsecond; absent before the first.
        pub min_ping: Option<Duration> = "minping",
        /// How long a ping has been waiting for its answer, to the nearest microsecond; absent if none is.
        pub ping_wait: Option<Duration> = "pingwait",
        /// The version of the peer-to-peer protocol that the peer speaks; 0 before it has told.
        pub version: i32,
        /// The release that the peer tells, such as `/DeFiChain:3.2.8/`; at most 256 characters that need no escape.
        pub subver: Text<T>,
        /// Whether the peer made the connection.
        pub inbound: bool,
        /// Whether the connection was made because of `addnode`. In every release of the node; upstream Bitcoin Core
        /// leaves it out since 0.21.
        pub add_node: Option<bool> = "addnode",
        /// The height of the peer's chain when it connected, in blocks; -1 before it has told. In every release of the
        /// node; upstream Bitcoin Core has deprecated it.
        pub starting_height: Option<i32> = "startingheight",
        /// How badly the peer has behaved; from 100 it is banned. Absent, with the three that follow, for a peer that is
        /// just leaving.
        pub ban_score: Option<i32> = "banscore",
        /// The last header that both have, as a height; -1 if there is none.
        pub synced_headers: Option<i32>,
        /// The last block that both have, as a height; -1 if there is none.
        pub synced_blocks: Option<i32>,
        /// The heights of the blocks that the peer was asked for, at most 16.
        pub inflight: Option<List<L, i32>>,
        /// Addresses taken from the peer. Since release 3.2.8.
        pub addr_processed: Option<u64>,
        /// Addresses from the peer that were dropped for coming too fast. Since release 3.2.8.
        pub addr_rate_limited: Option<u64>,
        /// Whether the peer is whitelisted with the permissions that this gave by default. In every release of the node;
        /// upstream Bitcoin Core leaves it out since 0.21.
        pub whitelisted: Option<bool>,
        /// The peer's permissions.
        pub permissions: List<L, Permission<'static>>,
        /// The least fee for transactions that the peer wants to have, in DFI per kB.
        pub min_fee_filter: Amount = "minfeefilter",
        /// Bytes sent, by kind of message; kinds without any are left out.
        pub bytes_sent_per_msg: Map<L, u64> = "bytessent_per_msg",
        /// Bytes received, by kind of message; kinds without any are left out.
        pub bytes_recv_per_msg: Map<L, u64> = "bytesrecv_per_msg",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Discard, Truncated, from_slice};

    /// A peer with a release of so many characters.
    fn peer(length: usize) -> String {
        format!(
            r#"{{"id":3,"addr":"198.51.100.7:8555","services":"0000000000000409","relaytxes":true,"lastsend":1,"lastrecv":2,"bytessent":3,"bytesrecv":4,"conntime":5,"timeoffset":0,"version":70036,"subver":"{}","inbound":false,"permissions":["noban"],"minfeefilter":0.00001000,"bytessent_per_msg":{{}},"bytesrecv_per_msg":{{"version":102}}}}"#,
            "a".repeat(length)
        )
    }

    #[test]
    fn a_peer_cannot_hide_behind_a_long_release() {
        let json = peer(256);
        let read: PeerInfo<Truncated<32>, Discard> = from_slice(json.as_bytes()).unwrap();
        assert_eq!((read.subver.to_string(), read.subver.is_cut()), ("a".repeat(32), true));
        assert!(read.addr.socket_addr().is_some());
        // An address that is cut would be another one.
        let read: PeerInfo<Truncated<16>, Discard> = from_slice(json.as_bytes()).unwrap();
        assert_eq!(
            (read.addr.socket_addr(), read.addr.to_string()),
            (None, "198.51.100.7:855".into())
        );
    }

    #[cfg(feature = "alloc")]
    #[test]
    fn an_owned_peer_is_the_same_peer() {
        let json = peer(16);
        let read: PeerInfo<&str> = from_slice(json.as_bytes()).unwrap();
        let owned: PeerInfo<alloc::string::String> = read.clone().into_owned();
        assert_eq!(crate::json::to_vec(&owned), crate::json::to_vec(&read));
        assert_eq!(owned, from_slice(json.as_bytes()).unwrap());
    }
}
