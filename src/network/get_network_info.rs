//! `getnetworkinfo`: the state of the node's networking.

use core::fmt;

use super::response_object;
use crate::json::{FromJson, Iter, List, Reader, Storage, Text, ToJson, Writer};
use crate::method::Method;
use crate::value::{Amount, Services};

/// Asks for the state of the node's networking: version, networks, fees, own addresses, warnings.
///
/// Node: `getnetworkinfo`, since release 1.0.0; jellyfish: `getNetworkInfo`.
///
/// ```
/// use defichain_net_rpc::network::GetNetworkInfo;
/// use defichain_net_rpc::{Amount, Response, request, response};
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
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
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
        /// What the node warns of.
        pub warnings: Warnings<T>,
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

/// What a node warns of, in a [`NetworkInfo`].
///
/// The node sends one string, which is empty if there is nothing. Upstream Bitcoin Core since 28 sends an array of
/// strings. Either is written again as it came.
///
/// ```
/// use defichain_net_rpc::json;
/// use defichain_net_rpc::network::Warnings;
///
/// let warnings: Warnings<&str> = json::from_slice(b"\"\"")?;
/// assert!(warnings.is_empty());
/// let warnings: Warnings<&str> = json::from_slice(br#"["pre-release build","unknown rules"]"#)?;
/// assert_eq!(warnings.iter().next().unwrap(), "pre-release build");
/// assert_eq!(warnings.to_string(), "pre-release build; unknown rules");
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Warnings<T>(Form<T>);

#[derive(Clone, Copy)]
enum Form<T> {
    Text(Text<T>),
    List(List<T, Text<&'static str>>),
}

impl<T: AsRef<str>> Warnings<T> {
    /// Returns an iterator over the warnings, none of which is empty where the node sends one string.
    pub fn iter(&self) -> WarningsIter<'_> {
        match &self.0 {
            Form::Text(text) => WarningsIter {
                text: Some(text.by_ref()).filter(|text| text != ""),
                list: None,
            },
            Form::List(list) => WarningsIter {
                text: None,
                list: Some(list.iter()),
            },
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// Copies the text into a `String`.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn into_owned(self) -> Warnings<alloc::string::String> {
        Warnings(match self.0 {
            Form::Text(text) => Form::Text(text.into_owned()),
            Form::List(list) => Form::List(list.into_owned()),
        })
    }

    /// The list of them, if the node sent one.
    #[cfg(feature = "serde")]
    pub(crate) fn list(&self) -> Result<&List<T, Text<&'static str>>, &Text<T>> {
        match &self.0 {
            Form::Text(text) => Err(text),
            Form::List(list) => Ok(list),
        }
    }
}

#[cfg(feature = "alloc")]
impl<T: AsRef<str>> crate::json::IntoOwned<Warnings<alloc::string::String>> for Warnings<T> {
    fn into_owned(self) -> Warnings<alloc::string::String> {
        self.into_owned()
    }
}

impl<T> From<Text<T>> for Warnings<T> {
    fn from(text: Text<T>) -> Self {
        Self(Form::Text(text))
    }
}

impl<T> From<List<T, Text<&'static str>>> for Warnings<T> {
    fn from(list: List<T, Text<&'static str>>) -> Self {
        Self(Form::List(list))
    }
}

impl<T: Default> Default for Warnings<T> {
    fn default() -> Self {
        Self(Form::Text(Text::default()))
    }
}

impl<'a, T: Storage<'a>> FromJson<'a> for Warnings<T> {
    fn read(&mut self, reader: &mut Reader<'a>) {
        self.0 = match reader.token() {
            b'[' => Form::List(List::from_json(reader)),
            _ => Form::Text(Text::from_json(reader)),
        };
    }

    #[inline]
    fn quick(&mut self, reader: &Reader<'a>, text: &'a [u8]) -> Option<&'a [u8]> {
        let mut warning = Text::default();
        let rest = warning.quick(reader, text)?;
        self.0 = Form::Text(warning);
        Some(rest)
    }
}

impl<T: AsRef<str>> ToJson for Warnings<T> {
    fn to_json(&self, writer: &mut Writer<'_>) {
        match &self.0 {
            Form::Text(text) => text.to_json(writer),
            Form::List(list) => list.to_json(writer),
        }
    }
}

impl<'w, T: AsRef<str>> IntoIterator for &'w Warnings<T> {
    type Item = Text<&'w str>;
    type IntoIter = WarningsIter<'w>;

    fn into_iter(self) -> WarningsIter<'w> {
        self.iter()
    }
}

/// Compares the warnings, in whichever form they came.
impl<T: AsRef<str>, U: AsRef<str>> PartialEq<Warnings<U>> for Warnings<T> {
    fn eq(&self, other: &Warnings<U>) -> bool {
        self.iter().eq(other.iter())
    }
}

/// Compares with the only warning, or with `""` if there are none.
impl<T: AsRef<str>> PartialEq<str> for Warnings<T> {
    fn eq(&self, other: &str) -> bool {
        let mut warnings = self.iter();
        match (warnings.next(), warnings.next()) {
            (None, _) => other.is_empty(),
            (Some(only), None) => only == *other,
            _ => false,
        }
    }
}

impl<T: AsRef<str>> PartialEq<&str> for Warnings<T> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

/// Joins the warnings with semicolons.
impl<T: AsRef<str>> fmt::Display for Warnings<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for warning in self {
            write!(f, "{separator}{warning}")?;
            separator = "; ";
        }
        Ok(())
    }
}

impl<T: AsRef<str>> fmt::Debug for Warnings<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

/// An iterator over [`Warnings`]; from [`Warnings::iter`].
#[derive(Clone, Debug)]
pub struct WarningsIter<'w> {
    text: Option<Text<&'w str>>,
    list: Option<Iter<'w, Text<&'static str>>>,
}

impl<'w> Iterator for WarningsIter<'w> {
    type Item = Text<&'w str>;

    fn next(&mut self) -> Option<Text<&'w str>> {
        self.text.take().or_else(|| self.list.as_mut()?.next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{ErrorKind, Truncated, Type, from_slice, to_slice};

    #[test]
    fn warnings_are_a_string_or_an_array_of_strings() {
        for (json, warnings) in [
            (r#""""#, [].as_slice()),
            (r#""one""#, &["one"]),
            ("[]", &[]),
            (r#"["one"]"#, &["one"]),
            (r#"["one","two\n"]"#, &["one", "two\n"]),
        ] {
            let read: Warnings<&str> = from_slice(json.as_bytes()).unwrap();
            assert!(read.iter().eq(warnings.iter().copied()), "{json}");
            assert_eq!(read.to_string(), warnings.join("; "));
            assert_eq!(read.is_empty(), warnings.is_empty());
            assert_eq!(to_slice(&read, &mut [0; 32]).unwrap(), json.as_bytes());
            assert_eq!(read == "one", warnings == ["one"]);
            assert_eq!(read == *"", warnings.is_empty());
        }
        let [text, list] =
            [br#""one""#.as_slice(), br#"["\u006fne"]"#].map(|json| from_slice::<Warnings<&str>>(json).unwrap());
        assert_eq!(text, list);
        assert_ne!(text, Warnings::<&str>::default());
        assert_eq!(format!("{text:?}"), r#"["one"]"#);
        assert_eq!(from_slice::<Warnings<Truncated<2>>>(br#""one""#).unwrap(), "on");
        for json in ["null", "1", "{}"] {
            let error = from_slice::<Warnings<&str>>(json.as_bytes()).unwrap_err();
            assert_eq!(error.kind.json(), Some(ErrorKind::Expected(Type::String)), "{json}");
        }
    }
}
