//! `getconnectioncount`: how many peers there are.

use crate::method::Method;

/// Asks how many peers the node is connected to, in both directions.
///
/// Node: `getconnectioncount`, since release 1.0.0; jellyfish: `getConnectionCount`. It fails with
/// [`Code::CLIENT_P2P_DISABLED`](crate::rpc::Code::CLIENT_P2P_DISABLED) where the node has no peer-to-peer part.
///
/// ```
/// use defichain_net_rpc::network::GetConnectionCount;
/// use defichain_net_rpc::{Response, request, response};
///
/// let mut buf = [0; 128];
/// let body = request(&GetConnectionCount, 35, &mut buf)?;
/// assert_eq!(body, br#"{"jsonrpc":"1.0","id":35,"method":"getconnectioncount","params":[]}"#);
/// assert_eq!(response::<Response<GetConnectionCount>>(35, br#"{"result":8,"error":null,"id":35}"#)?, 8);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[doc(alias("getconnectioncount", "getConnectionCount"))]
pub struct GetConnectionCount;

impl Method for GetConnectionCount {
    type Response<'a> = u64;

    fn name(&self) -> &'static str {
        "getconnectioncount"
    }

    fn is_repeatable(&self) -> bool {
        true
    }
}
