//! `getnettotals`: the bytes that went over the peer-to-peer network.

use super::response_object;
use crate::method::Method;

/// Asks for the traffic with all peers since the node started.
///
/// Node: `getnettotals`, since release 1.0.0; jellyfish: `getNetTotals`. It fails with
/// [`Code::CLIENT_P2P_DISABLED`](crate::rpc::Code::CLIENT_P2P_DISABLED) where the node has no peer-to-peer part.
///
/// ```
/// use defichain_net_rpc::network::GetNetTotals;
/// use defichain_net_rpc::{Response, request, response};
///
/// let mut buf = [0; 128];
/// let body = request(&GetNetTotals, 37, &mut buf)?;
/// assert_eq!(body, br#"{"jsonrpc":"1.0","id":37,"method":"getnettotals","params":[]}"#);
///
/// let reply = br#"{"result":{"totalbytesrecv":57,"totalbytessent":19,"timemillis":1795354416124,
///     "uploadtarget":{"timeframe":86400,"target":0,"target_reached":false,"serve_historical_blocks":true,
///     "bytes_left_in_cycle":0,"time_left_in_cycle":0}},"error":null,"id":37}"#;
/// let totals = response::<Response<GetNetTotals>>(37, reply)?;
/// assert_eq!((totals.total_bytes_recv, totals.total_bytes_sent), (57, 19));
/// assert_eq!(totals.upload_target.time_frame, 86_400);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[doc(alias("getnettotals", "getNetTotals"))]
pub struct GetNetTotals;

impl Method for GetNetTotals {
    type Response<'a> = NetTotals;

    fn name(&self) -> &'static str {
        "getnettotals"
    }

    fn is_repeatable(&self) -> bool {
        true
    }
}

response_object! {
    /// The response to [`GetNetTotals`].
    #[derive(Copy, Eq)]
    pub struct NetTotals {
        /// Bytes received from all peers.
        pub total_bytes_recv: u64 = "totalbytesrecv",
        /// Bytes sent to all peers.
        pub total_bytes_sent: u64 = "totalbytessent",
        /// The node's clock: milliseconds since 1970-01-01T00:00:00Z.
        pub time_millis: u64 = "timemillis",
        /// What is left of the limit that the node sets on what it sends.
        pub upload_target: UploadTarget = "uploadtarget",
    }
}

response_object! {
    /// The limit that `-maxuploadtarget` sets on what the node sends; see [`GetNetTotals`].
    #[derive(Copy, Eq)]
    pub struct UploadTarget {
        /// The length of the cycle that is measured, in seconds.
        pub time_frame: u64 = "timeframe",
        /// The bytes that may be sent in a cycle; 0 is no limit.
        pub target: u64,
        /// Whether as many have been sent.
        pub target_reached: bool,
        /// Whether the node serves old blocks still.
        pub serve_historical_blocks: bool,
        /// The bytes left in this cycle; 0 without a limit.
        pub bytes_left_in_cycle: u64,
        /// The seconds left in this cycle; 0 without a limit.
        pub time_left_in_cycle: u64,
    }
}
