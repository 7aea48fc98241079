//! `getnetworkinfo`: the state of the node's networking.

use crate::json::{Element, List, Text};
use crate::{Amount, Method, Services, response_object};

/// Asks for the state of the node's networking: version, networks, fees, own addresses, warnings.
///
/// Node: `getnetworkinfo`, since release 1.0.0; jellyfish: `getNetworkInfo`.
///
/// ```
/// use defichain_net_rpc::network::GetNetworkInfo;
/// use defichain_net_rpc::{Amount, request, response};
///
/// let mut buf = [0; 128];
/// let body = request(&GetNetworkInfo, 38, &mut buf)?;
/// assert_eq!(body, br#"{"jsonrpc":"1.0","id":38,"method":"getnetworkinfo","params":[]}"#);
///
/// let reply = br#"{"result":{"version":3020800,"subversion":"/DeFiChain:3.2.8/","protocolversion":70036,
///     "localservices":"0000000000000409","localrelay":true,"timeoffset":0,"networkactive":true,"connections":0,
///     "networks":[{"name":"ipv4","limited":false,"reachable":true,"proxy":"","proxy_randomize_credentials":false}],
///     "relayfee":0.00001000,"incrementalfee":0.00001000,"localaddresses":[],"warnings":""},"error":null,"id":38}"#;
/// let info = response::<Response<GetNetworkInfo>>(38, reply)?;
/// assert_eq!(info.subversion, "/DeFiChain:3.2.8/");
/// assert_eq!(info.networks.iter().next().unwrap().name, "ipv4");
/// assert_eq!(info.relay_fee, Amount::from_units(1000));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[doc(alias("getnetworkinfo", "getNetworkInfo"))]
pub struct GetNetworkInfo;

impl Method for GetNetworkInfo {
    type Response<'a> = NetworkInfo<&'a str>;

    fn name(&self) -> &'static str {
        "getnetworkinfo"
    }

    fn is_repeatable(&self) -> bool {
        true
    }
}

response_object! {
    /// The response to [`GetNetworkInfo`]. `T` is where its texts are [stored](crate::json::Storage), `L` where its lists
    /// are.
    pub struct NetworkInfo<T, L = T> {
        /// The release as a number: 3020800 is 3.2.8.
        pub version: i32,
        /// The release as it is told to peers, such as `/DeFiChain:3.2.8/`.
        pub subversion: Text<T>,
        /// The version of the peer-to-peer protocol.
        pub protocol_version: i32 = "protocolversion",
        /// The services that the node offers. Absent where the node has no peer-to-peer part.
        pub local_services: Option<Services> = "localservices",
        /// Whether the node asks its peers for transactions.
        pub local_relay: bool = "localrelay",
        /// How far the clocks of the peers are ahead of the node's, in seconds: the median.
        pub time_offset: i64 = "timeoffset",
        /// Whether the network is switched on; see [`SetNetworkActive`](super::SetNetworkActive). Absent where the node
        /// has no peer-to-peer part.
        pub network_active: Option<bool> = "networkactive",
        /// How many peers there are. Absent where the node has no peer-to-peer part.
        pub connections: Option<u64>,
        /// The networks that the node knows: ipv4, ipv6 and onion.
        pub networks: List<L, Network<T>>,
        /// The least fee for transactions to be relayed, in DFI per kB.
        pub relay_fee: Amount = "relayfee",
        /// By how much the fee of a replacement must be higher, in DFI per kB.
        pub incremental_fee: Amount = "incrementalfee",
        /// The addresses under which the node thinks it can be reached.
        pub local_addresses: List<L, LocalAddress<T>> = "localaddresses",
        /// What the node warns of; empty if nothing.
        pub warnings: Text<T>,
    }
}

response_object! {
    /// One network of a [`NetworkInfo`].
    pub struct Network<T> {
        /// `ipv4`, `ipv6` or `onion`.
        pub name: Text<T>,
        /// Whether `-onlynet` or a missing proxy shuts it out.
        pub limited: bool,
        /// Whether the node can make connections there.
        pub reachable: bool,
        /// The proxy used, `host:port`; empty if none.
        pub proxy: Text<T>,
        /// Whether each connection gets credentials of its own at the proxy.
        pub proxy_randomize_credentials: bool,
    }
}

impl<T: AsRef<str>> Element for Network<T> {
    type Item<'a> = Network<&'a str>;
}

response_object! {
    /// One own address of a [`NetworkInfo`].
    pub struct LocalAddress<T> {
        /// The address, without a port.
        pub address: Text<T>,
        /// The port.
        pub port: u16,
        /// How well the address has proved itself; the highest is told to peers.
        pub score: i32,
    }
}

impl<T: AsRef<str>> Element for LocalAddress<T> {
    type Item<'a> = LocalAddress<&'a str>;
}
