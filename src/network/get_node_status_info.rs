//! `getnodestatusinfo`: whether the node is well.

use super::response_object;
use crate::method::Method;

/// Asks whether the node is well: in sync, and with peers.
///
/// Node: `getnodestatusinfo`, since release 4.0.7; an older node answers
/// [`Code::METHOD_NOT_FOUND`](crate::rpc::Code::METHOD_NOT_FOUND).
///
/// ```
/// use defichain_net_rpc::network::GetNodeStatusInfo;
/// use defichain_net_rpc::{Response, request, response};
///
/// let mut buf = [0; 128];
/// let body = request(&GetNodeStatusInfo, 427, &mut buf)?;
/// assert_eq!(body, br#"{"jsonrpc":"1.0","id":427,"method":"getnodestatusinfo","params":[]}"#);
///
/// let reply = br#"{"result":{"health_status":true,"sync_to_tip":true,"active_peer_nodes":true},"error":null,"id":427}"#;
/// assert!(response::<Response<GetNodeStatusInfo>>(427, reply)?.health_status);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[doc(alias("getnodestatusinfo", "getNodeStatusInfo"))]
pub struct GetNodeStatusInfo;

impl Method for GetNodeStatusInfo {
    type Response<'a> = NodeStatusInfo;

    fn name(&self) -> &'static str {
        "getnodestatusinfo"
    }

    fn is_repeatable(&self) -> bool {
        true
    }
}

response_object! {
    /// The response to [`GetNodeStatusInfo`].
    #[derive(Copy, Eq)]
    pub struct NodeStatusInfo {
        /// Whether the node is well: both of the others.
        pub health_status: bool,
        /// Whether the node has all blocks that it knows of.
        pub sync_to_tip: bool,
        /// Whether it has at least five peers that have sent something within the last 300 seconds.
        pub active_peer_nodes: bool,
    }
}
