//! `setnetworkactive`: the peer-to-peer network on or off.

use crate::json::Writer;
use crate::method::Method;

/// Switches all of the node's peer-to-peer activity on or off. Switched off, the node drops its peers.
///
/// The response is the state that the node is in now.
///
/// Node: `setnetworkactive`, since release 1.0.0; jellyfish: `setNetworkActive`. It fails with
/// [`Code::CLIENT_P2P_DISABLED`](crate::rpc::Code::CLIENT_P2P_DISABLED) where the node has no peer-to-peer part.
///
/// ```
/// use defichain_net_rpc::network::SetNetworkActive;
/// use defichain_net_rpc::{Response, request, response};
///
/// let method = SetNetworkActive { state: false };
/// let mut buf = [0; 128];
/// let body = request(&method, 46, &mut buf)?;
/// assert_eq!(body, br#"{"jsonrpc":"1.0","id":46,"method":"setnetworkactive","params":[false]}"#);
/// assert!(!response::<Response<SetNetworkActive>>(46, br#"{"result":false,"error":null,"id":46}"#)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(alias("setnetworkactive", "setNetworkActive"))]
pub struct SetNetworkActive {
    /// Whether the network is to be on.
    pub state: bool,
}

impl Method for SetNetworkActive {
    type Response<'a> = bool;

    fn name(&self) -> &'static str {
        "setnetworkactive"
    }

    fn params(&self, writer: &mut Writer<'_>) {
        writer.array(|params| params.item(&self.state));
    }
}
