//! `clearbanned`: lift all bans.

use crate::method::Method;

/// Lifts all bans.
///
/// Node: `clearbanned`, since release 1.0.0. It fails with
/// [`Code::CLIENT_P2P_DISABLED`](crate::rpc::Code::CLIENT_P2P_DISABLED) where the node keeps no bans.
///
/// ```
/// use defichain_net_rpc::network::ClearBanned;
/// use defichain_net_rpc::{Response, request, response};
///
/// let mut buf = [0; 128];
/// let body = request(&ClearBanned, 109, &mut buf)?;
/// assert_eq!(body, br#"{"jsonrpc":"1.0","id":109,"method":"clearbanned","params":[]}"#);
/// response::<Response<ClearBanned>>(109, br#"{"result":null,"error":null,"id":109}"#)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[doc(alias("clearbanned", "clearBanned"))]
pub struct ClearBanned;

impl Method for ClearBanned {
    type Response<'a> = ();

    fn name(&self) -> &'static str {
        "clearbanned"
    }
}
