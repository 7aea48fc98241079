//! `disconnectnode`: drop a peer.

use crate::json::Writer;
use crate::method::Method;
use crate::value::Address;

/// Drops a peer at once.
///
/// Node: `disconnectnode`, since release 1.0.0. It fails with
/// [`Code::CLIENT_NODE_NOT_CONNECTED`](crate::rpc::Code::CLIENT_NODE_NOT_CONNECTED), and with
/// [`Code::CLIENT_P2P_DISABLED`](crate::rpc::Code::CLIENT_P2P_DISABLED) where the node has no peer-to-peer part.
///
/// ```
/// use defichain_net_rpc::network::DisconnectNode;
/// use defichain_net_rpc::{Response, request, response};
///
/// let method = DisconnectNode::Id(9);
/// let mut buf = [0; 128];
/// let body = request(&method, 100, &mut buf)?;
/// assert_eq!(body, br#"{"jsonrpc":"1.0","id":100,"method":"disconnectnode","params":["",9]}"#);
/// response::<Response<DisconnectNode>>(100, br#"{"result":null,"error":null,"id":100}"#)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(alias("disconnectnode", "disconnectNode"))]
pub enum DisconnectNode<'a> {
    /// The peer with this address and port, as [`PeerInfo::addr`](super::PeerInfo::addr) has it.
    Address(Address<'a>),
    /// The peer with this number, as [`PeerInfo::id`](super::PeerInfo::id) has it.
    Id(u64),
}

impl Method for DisconnectNode<'_> {
    type Response<'a> = ();

    fn name(&self) -> &'static str {
        "disconnectnode"
    }

    fn params(&self, writer: &mut Writer<'_>) {
        writer.array(|params| match self {
            Self::Address(address) => params.item(address),
            Self::Id(id) => {
                params.item("");
                params.item(id);
            }
        });
    }
}
