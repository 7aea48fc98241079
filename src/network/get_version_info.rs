//! `getversioninfo`: the versions of everything.

use super::response_object;
use crate::json::Text;
use crate::method::Method;

/// Asks for the versions of the node and of the protocols that it speaks.
///
/// Node: `getversioninfo`, since release 2.6.0; an older node answers
/// [`Code::METHOD_NOT_FOUND`](crate::rpc::Code::METHOD_NOT_FOUND).
///
/// ```
/// use defichain_net_rpc::network::GetVersionInfo;
/// use defichain_net_rpc::{Response, request, response};
///
/// let mut buf = [0; 128];
/// let body = request(&GetVersionInfo, 42, &mut buf)?;
/// assert_eq!(body, br#"{"jsonrpc":"1.0","id":42,"method":"getversioninfo","params":[]}"#);
///
/// let reply = br#"{"result":{"name":"DeFiChain","version":"3.2.8","numericVersion":3020800,
///     "fullVersion":"DeFiChain:3.2.8","userAgent":"/DeFiChain:3.2.8/","protoVersion":70036,"protoVersionMin":70023,
///     "rpcVersion":"1","rpcVersionMin":"1","spv":{"btc":{"version":70013,"min":70002,"userAgent":"/bread:2.1/"}}},
///     "error":null,"id":42}"#;
/// let info = response::<Response<GetVersionInfo>>(42, reply)?;
/// assert_eq!(info.version, "3.2.8");
/// assert_eq!(info.spv.btc.user_agent, "/bread:2.1/");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[doc(alias("getversioninfo", "getVersionInfo"))]
pub struct GetVersionInfo;

impl Method for GetVersionInfo {
    type Response<'a> = VersionInfo<&'a str>;

    fn name(&self) -> &'static str {
        "getversioninfo"
    }

    fn is_repeatable(&self) -> bool {
        true
    }
}

response_object! {
    /// The response to [`GetVersionInfo`].
    pub struct VersionInfo<T> {
        /// The name of the node software.
        pub name: Text<T>,
        /// The release, such as `3.2.8`.
        pub version: Text<T>,
        /// The release as a number: 3020800 is 3.2.8.
        pub numeric_version: i32 = "numericVersion",
        /// Name and release.
        pub full_version: Text<T> = "fullVersion",
        /// The release as it is told to peers.
        pub user_agent: Text<T> = "userAgent",
        /// The version of the peer-to-peer protocol.
        pub proto_version: i32 = "protoVersion",
        /// The lowest version of it that peers may speak.
        pub proto_version_min: i32 = "protoVersionMin",
        /// The version of the RPC interface.
        pub rpc_version: Text<T> = "rpcVersion",
        /// The lowest version of it that is supported.
        pub rpc_version_min: Text<T> = "rpcVersionMin",
        /// The networks of other chains that the node speaks to.
        pub spv: SpvVersions<T>,
    }
}

response_object! {
    /// The networks of other chains in a [`VersionInfo`].
    pub struct SpvVersions<T> {
        /// Bitcoin.
        pub btc: SpvVersion<T>,
    }
}

response_object! {
    /// The version of another chain's protocol in a [`VersionInfo`].
    pub struct SpvVersion<T> {
        /// The version that the node speaks.
        pub version: i32,
        /// The lowest version that peers may speak.
        pub min: i32,
        /// The name that the node gives itself.
        pub user_agent: Text<T> = "userAgent",
    }
}
