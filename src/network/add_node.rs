//! `addnode`: peers that the node is told to connect to.

use crate::json::Writer;
use crate::method::Method;
use crate::value::Address;

/// Tells the node to keep connected to another node, to do so no longer, or to try once.
///
/// Node: `addnode`, since release 1.0.0. It fails with
/// [`Code::CLIENT_NODE_ALREADY_ADDED`](crate::rpc::Code::CLIENT_NODE_ALREADY_ADDED) or
/// [`Code::CLIENT_NODE_NOT_ADDED`](crate::rpc::Code::CLIENT_NODE_NOT_ADDED), and with
/// [`Code::CLIENT_P2P_DISABLED`](crate::rpc::Code::CLIENT_P2P_DISABLED) where the node has no peer-to-peer part.
///
/// ```
/// use defichain_net_rpc::network::AddNode;
/// use defichain_net_rpc::{Response, request, response};
///
/// let method = AddNode::Add("127.0.0.1:20000".into());
/// let mut buf = [0; 128];
/// let body = request(&method, 75, &mut buf)?;
/// assert_eq!(body, br#"{"jsonrpc":"1.0","id":75,"method":"addnode","params":["127.0.0.1:20000","add"]}"#);
/// response::<Response<AddNode>>(75, br#"{"result":null,"error":null,"id":75}"#)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(alias("addnode", "addNode"))]
pub enum AddNode<'a> {
    /// `add`: keep connected to it. Of the nodes added, eight are connected at a time.
    Add(Address<'a>),
    /// `remove`: no longer. The connection stays until it breaks.
    Remove(Address<'a>),
    /// `onetry`: try once to connect to it.
    OneTry(Address<'a>),
}

impl Method for AddNode<'_> {
    type Response<'a> = ();

    fn name(&self) -> &'static str {
        "addnode"
    }

    fn params(&self, writer: &mut Writer<'_>) {
        let (node, command) = match self {
            Self::Add(node) => (node, "add"),
            Self::Remove(node) => (node, "remove"),
            Self::OneTry(node) => (node, "onetry"),
        };
        writer.array(|params| {
            params.item(node);
            params.item(command);
        });
    }
}
