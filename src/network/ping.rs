//! `ping`: measure how long the peers take to answer.

use crate::method::Method;

/// Has a ping sent to every peer. The times show in [`PeerInfo`](super::PeerInfo) once the peers have answered.
///
/// Node: `ping`, since release 1.0.0. It fails with
/// [`Code::CLIENT_P2P_DISABLED`](crate::rpc::Code::CLIENT_P2P_DISABLED) where the node has no peer-to-peer part.
///
/// ```
/// use defichain_net_rpc::network::Ping;
/// use defichain_net_rpc::{Response, request, response};
///
/// let mut buf = [0; 128];
/// assert_eq!(request(&Ping, 43, &mut buf)?, br#"{"jsonrpc":"1.0","id":43,"method":"ping","params":[]}"#);
/// response::<Response<Ping>>(43, br#"{"result":null,"error":null,"id":43}"#)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ping;

impl Method for Ping {
    type Response<'a> = ();

    fn name(&self) -> &'static str {
        "ping"
    }

    fn is_repeatable(&self) -> bool {
        true
    }
}
