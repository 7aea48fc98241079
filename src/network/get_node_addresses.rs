//! `getnodeaddresses`: addresses of other nodes that the node has heard of.

use super::response_object;
use crate::json::{FromJson, Reader, Text, ToJson, Writer};
use crate::method::Method;
use crate::rpc::Items;
use crate::value::{Services, UnixTime};

/// Asks for addresses that may be other nodes, chosen at random.
///
/// The node gives 2500 at most, and 23 % of what it knows at most; each takes some 133 bytes.
///
/// The response is an iterator of [`NodeAddress`]: see the chapters
/// [Lists that are longer than memory](crate::_documentation::streaming) and
/// [Where the text of a response is stored](crate::_documentation::storage).
///
/// Node: `getnodeaddresses`, since release 1.0.0; jellyfish: `getNodeAddresses`. It fails with
/// [`Code::INVALID_PARAMETER`](crate::rpc::Code::INVALID_PARAMETER) for a count of 0 or below, and with
/// [`Code::CLIENT_P2P_DISABLED`](crate::rpc::Code::CLIENT_P2P_DISABLED) where the node has no peer-to-peer part.
///
/// ```
/// use core::num::NonZeroU16;
/// use defichain_net_rpc::network::GetNodeAddresses;
/// use defichain_net_rpc::{Response, Services, request, response};
///
/// let method = GetNodeAddresses { count: NonZeroU16::new(3).unwrap() };
/// let mut buf = [0; 128];
/// let body = request(&method, 93, &mut buf)?;
/// assert_eq!(body, br#"{"jsonrpc":"1.0","id":93,"method":"getnodeaddresses","params":[3]}"#);
///
/// let reply = br#"{"result":[{"time":1795284768,"services":1033,"address":"5.45.38.134","port":1}],"error":null,"id":93}"#;
/// for address in response::<Response<GetNodeAddresses>>(93, reply)? {
///     let address = address?;
///     assert_eq!((address.address.raw(), address.port), ("5.45.38.134", 1));
///     assert!(address.services.0.contains(Services::NETWORK));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(alias("getnodeaddresses", "getNodeAddresses"))]
pub struct GetNodeAddresses {
    /// How many are wanted at most.
    pub count: core::num::NonZeroU16,
}

impl Method for GetNodeAddresses {
    type Response<'a> = Items<'a, NodeAddress<&'a str>>;

    fn name(&self) -> &'static str {
        "getnodeaddresses"
    }

    fn params(&self, writer: &mut Writer<'_>) {
        writer.array(|params| params.item(&self.count.get()));
    }

    fn is_repeatable(&self) -> bool {
        true
    }
}

response_object! {
    /// One address in the response to [`GetNodeAddresses`].
    pub struct NodeAddress<T> {
        /// When the node was last heard of.
        pub time: UnixTime,
        /// The services that the node is said to offer.
        pub services: NumericServices,
        /// The IP or onion address, without a port.
        pub address: Text<T>,
        /// The port.
        pub port: u16,
    }
}

/// [`Services`] that the node writes as a number, where elsewhere it writes hex digits; see [`GetNodeAddresses`].
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct NumericServices(pub Services);

#[cfg(feature = "alloc")]
crate::json::owned!(NumericServices);

impl<'a> FromJson<'a> for NumericServices {
    fn read(&mut self, reader: &mut Reader<'a>) {
        self.0 = Services::from_bits(reader.u64());
    }

    #[inline]
    fn quick(&mut self, reader: &Reader<'a>, text: &'a [u8]) -> Option<&'a [u8]> {
        let mut bits = 0_u64;
        let rest = bits.quick(reader, text)?;
        self.0 = Services::from_bits(bits);
        Some(rest)
    }
}

impl ToJson for NumericServices {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.u64(self.0.bits());
    }
}
