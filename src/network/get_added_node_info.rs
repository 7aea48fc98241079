//! `getaddednodeinfo`: what became of the nodes that were added.

use super::response_object;
use crate::json::{Element, ErrorKind, FromJson, List, Reader, Text, ToJson, Writer};
use crate::method::Method;
use crate::rpc::Items;
use crate::value::{Address, PeerAddress};

/// Asks what became of the nodes that were added with [`AddNode::Add`](super::AddNode::Add).
///
/// The response is an iterator of [`AddedNodeInfo`]: see the chapters
/// [Lists that are longer than memory](crate::_documentation::streaming) and
/// [Where the text of a response is stored](crate::_documentation::storage).
///
/// Node: `getaddednodeinfo`, since release 1.0.0. For one node it fails with
/// [`Code::CLIENT_NODE_NOT_ADDED`](crate::rpc::Code::CLIENT_NODE_NOT_ADDED); it fails with
/// [`Code::CLIENT_P2P_DISABLED`](crate::rpc::Code::CLIENT_P2P_DISABLED) where the node has no peer-to-peer part.
///
/// ```
/// use defichain_net_rpc::network::{Direction, GetAddedNodeInfo};
/// use defichain_net_rpc::{Response, request, response};
///
/// let method = GetAddedNodeInfo { node: Some("127.0.0.1:20000".into()) };
/// let mut buf = [0; 128];
/// let body = request(&method, 94, &mut buf)?;
/// assert_eq!(body, br#"{"jsonrpc":"1.0","id":94,"method":"getaddednodeinfo","params":["127.0.0.1:20000"]}"#);
///
/// let reply = br#"{"result":[{"addednode":"127.0.0.1:20000","connected":true,
///     "addresses":[{"address":"127.0.0.1:20000","connected":"outbound"}]}],"error":null,"id":94}"#;
/// for node in response::<Response<GetAddedNodeInfo>>(94, reply)? {
///     let node = node?;
///     assert_eq!(node.added_node, "127.0.0.1:20000");
///     assert_eq!(node.addresses.iter().next().unwrap().connected, Direction::Outbound);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[doc(alias("getaddednodeinfo", "getAddedNodeInfo"))]
pub struct GetAddedNodeInfo<'a> {
    /// The node to ask about, just as it was added; all of them unless one is given.
    pub node: Option<Address<'a>>,
}

impl Method for GetAddedNodeInfo<'_> {
    type Response<'a> = Items<'a, AddedNodeInfo<&'a str>>;

    fn name(&self) -> &'static str {
        "getaddednodeinfo"
    }

    fn params(&self, writer: &mut Writer<'_>) {
        writer.array(|params| self.node.iter().for_each(|node| params.item(node)));
    }

    fn is_repeatable(&self) -> bool {
        true
    }
}

response_object! {
    /// One node in the response to [`GetAddedNodeInfo`]. `T` is where its texts are [stored](crate::json::Storage), `L`
    /// where its list is.
    pub struct AddedNodeInfo<T, L = T> {
        /// The node as it was added: a host name or address, of any length.
        pub added_node: Text<T> = "addednode",
        /// Whether there is a connection to it.
        pub connected: bool,
        /// The address that it is connected at; empty while it is not.
        pub addresses: List<L, AddedNodeAddress<T>>,
    }
}

response_object! {
    /// An address in an [`AddedNodeInfo`].
    pub struct AddedNodeAddress<T> {
        /// The address and port.
        pub address: PeerAddress<T>,
        /// Who made the connection.
        pub connected: Direction,
    }
}

#[cfg(feature = "alloc")]
crate::json::owned!(Direction);

impl Element for Direction {
    type Item<'a> = Self;
}

/// Who made a connection; see [`GetAddedNodeInfo`].
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The peer did.
    Inbound,
    /// The node did.
    #[default]
    Outbound,
}

/// `"inbound"` or `"outbound"`.
impl<'a> FromJson<'a> for Direction {
    fn read(&mut self, reader: &mut Reader<'a>) {
        reader.token();
        let place = reader.rest;
        match Self::of(reader.string()) {
            Some(direction) => *self = direction,
            None => reader.fail_at(place, ErrorKind::Form),
        }
    }

    #[inline]
    fn quick(&mut self, reader: &Reader<'a>, text: &'a [u8]) -> Option<&'a [u8]> {
        let mut name = Text::<&str>::default();
        let rest = name.quick(reader, text)?;
        *self = Self::of(name)?;
        Some(rest)
    }
}

impl Direction {
    fn of(name: Text<&str>) -> Option<Self> {
        if name.is(b"inbound") {
            Some(Self::Inbound)
        } else if name.is(b"outbound") {
            Some(Self::Outbound)
        } else {
            None
        }
    }
}

impl ToJson for Direction {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.string(match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
        });
    }
}
