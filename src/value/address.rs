//! Addresses of peers, as the node tells them and as it is told them.

use core::fmt;
use core::net::{IpAddr, SocketAddr};

use super::ip;
use crate::bytes::digits::decimal;
use crate::bytes::split::Split;
#[cfg(feature = "alloc")]
use crate::json;
use crate::json::{Element, FromJson, Reader, Storage, Text, ToJson, Writer};

/// The address of a peer as the node knows it: an IP address and port, an onion address and port, or the host name that
/// `addnode` was given, of any length.
///
/// ```
/// use core::net::{Ipv4Addr, SocketAddr};
/// use defichain_net_rpc::{PeerAddress, json};
///
/// let address: PeerAddress<&str> = json::from_slice(b"\"127.0.0.1:8555\"")?;
/// assert_eq!(address.socket_addr(), Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 8555))));
///
/// let address: PeerAddress<&str> = json::from_slice(b"\"localhost:8555\"")?;
/// assert_eq!((address.socket_addr(), address.text().raw()), (None, "localhost:8555"));
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PeerAddress<T: AsRef<str>>(Text<T>);

impl<T: AsRef<str>> PeerAddress<T> {
    /// Returns the address as the node writes it.
    pub fn text(&self) -> &Text<T> {
        &self.0
    }

    /// Returns the IP address and port; `None` for an onion address or a host name, for a text that was not stored whole, and for a
    /// link-local address with its zone (`[fe80::1%eth0]:8555`), because a [`SocketAddr`] has no zone by name; its
    /// [text](PeerAddress::text) still names the peer to the node.
    pub fn socket_addr(&self) -> Option<SocketAddr> {
        ip::parse_socket_addr(self.0.as_str()?.as_bytes())
    }
}

#[cfg(feature = "alloc")]
impl<T: AsRef<str>> PeerAddress<T> {
    /// Copies the text into a `String`.
    #[must_use]
    pub fn into_owned(self) -> PeerAddress<alloc::string::String> {
        PeerAddress(self.0.into_owned())
    }
}

#[cfg(feature = "alloc")]
impl<T: AsRef<str>> json::IntoOwned<PeerAddress<alloc::string::String>> for PeerAddress<T> {
    fn into_owned(self) -> PeerAddress<alloc::string::String> {
        self.into_owned()
    }
}

impl<T: AsRef<str>> From<Text<T>> for PeerAddress<T> {
    fn from(text: Text<T>) -> Self {
        Self(text)
    }
}

impl<T: AsRef<str>> Element for PeerAddress<T> {
    type Item<'a> = PeerAddress<&'a str>;
}

impl<'a, T: Storage<'a>> FromJson<'a> for PeerAddress<T> {
    fn read(&mut self, reader: &mut Reader<'a>) {
        self.0.read(reader);
    }

    #[inline(always)]
    fn quick(&mut self, reader: &Reader<'a>, text: &'a [u8]) -> Option<&'a [u8]> {
        self.0.quick(reader, text)
    }
}

impl<T: AsRef<str>> ToJson for PeerAddress<T> {
    fn to_json(&self, writer: &mut Writer<'_>) {
        self.0.to_json(writer);
    }
}

impl<T: AsRef<str>> fmt::Display for PeerAddress<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: AsRef<str>> PartialEq<str> for PeerAddress<T> {
    fn eq(&self, other: &str) -> bool {
        self.0 == *other
    }
}

impl<T: AsRef<str>> PartialEq<&str> for PeerAddress<T> {
    fn eq(&self, other: &&str) -> bool {
        self.0 == **other
    }
}

/// An address that a method is given: a text, such as `node.example:8555`, or an IP address and port.
///
/// ```
/// use core::net::SocketAddr;
/// use defichain_net_rpc::Address;
///
/// let by_name = Address::from("localhost:8555");
/// let by_number = Address::from(SocketAddr::from(([127, 0, 0, 1], 8555)));
/// # let mut buf = [0; 32];
/// # assert_eq!(defichain_net_rpc::json::to_slice(&by_number, &mut buf).unwrap(), b"\"127.0.0.1:8555\"");
/// # assert_eq!(defichain_net_rpc::json::to_slice(&by_name, &mut buf).unwrap(), b"\"localhost:8555\"");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Address<'a> {
    /// A host name or address, with a port unless it is the network's usual one.
    Text(&'a str),
    /// An IP address and port. The zone of an IPv6 address is left out.
    Socket(SocketAddr),
}

impl<'a> From<&'a str> for Address<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl From<SocketAddr> for Address<'_> {
    fn from(address: SocketAddr) -> Self {
        Self::Socket(address)
    }
}

impl ToJson for Address<'_> {
    fn to_json(&self, writer: &mut Writer<'_>) {
        match self {
            Self::Text(text) => writer.string(text),
            Self::Socket(address) => {
                writer.byte(b'"');
                ip::write_socket_addr(*address, writer);
                writer.byte(b'"');
            }
        }
    }
}

/// An IP address, or a subnet of them, that a method is given.
///
/// A text becomes one unchecked with `from`, exactly as [`ListBanned`](crate::network::ListBanned) printed it: with a
/// zone, with a mask that is no prefix, or whatever else the node has banned. [`parse`](Subnet::parse) checks it.
///
/// ```
/// use core::net::{IpAddr, Ipv4Addr};
/// use defichain_net_rpc::{Subnet, json};
///
/// let address = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 0));
/// let subnet = Subnet::new(address, 24).unwrap();
/// assert_eq!(Subnet::parse("198.51.100.0/24"), Some(subnet));
/// assert_eq!(Subnet::parse("198.51.100.0/33"), None);
/// assert_eq!(json::to_slice(&subnet, &mut [0; 32]).unwrap(), b"\"198.51.100.0/24\"");
/// assert_eq!(json::to_slice(&Subnet::from(address), &mut [0; 32]).unwrap(), b"\"198.51.100.0\"");
///
/// let banned = Subnet::from("10.0.7.0/255.0.255.0");
/// assert_eq!(json::to_slice(&banned, &mut [0; 32]).unwrap(), b"\"10.0.7.0/255.0.255.0\"");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subnet<'a>(pub(crate) Form<'a>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Form<'a> {
    Ip {
        address: IpAddr,
        /// At most as many as the address has bits; a single address has none.
        prefix: Option<u8>,
    },
    Text(&'a str),
}

impl<'a> Subnet<'a> {
    /// Returns the subnet of the addresses that share `prefix` leading bits with this one; `None` if `prefix` exceeds 32
    /// or 128.
    #[must_use]
    pub fn new(address: IpAddr, prefix: u8) -> Option<Self> {
        let bits = if address.is_ipv4() { 32 } else { 128 };
        (prefix <= bits).then_some(Self(Form::Ip {
            address,
            prefix: Some(prefix),
        }))
    }

    /// Parses an address, `2001:db8::1`, or a subnet, `192.0.2.0/24` or `192.0.2.0/255.255.255.0`. An IPv6 address may
    /// have a zone, `fe80::1%eth0`, and a mask need not be a prefix, `10.0.7.0/255.0.255.0`; then the text is kept as it
    /// is. `None` if it is anything else.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let parts = Parts::of(text)?;
        if let Some(zone) = parts.zone {
            let is_name = !zone.is_empty() && zone.iter().all(u8::is_ascii_graphic);
            if !is_name || parts.address.is_ipv4() {
                return None;
            }
        }
        let prefix = match parts.mask {
            None => None,
            Some(mask) => match bits_of(mask, parts.address)? {
                Bits::Prefix(prefix) => Some(prefix),
                Bits::Mask => return Some(Self(Form::Text(text))),
            },
        };
        if let Some(prefix) = prefix {
            Self::new(parts.address, prefix)?;
        }
        Some(Self(match parts.zone {
            None => Form::Ip {
                address: parts.address,
                prefix,
            },
            Some(_) => Form::Text(text),
        }))
    }

    /// Returns the address, or the one that the subnet is written with, without its zone. `None` for a text that does not
    /// begin with an IP address.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        match self.0 {
            Form::Ip { address, .. } => Some(address),
            Form::Text(text) => Some(Parts::of(text)?.address),
        }
    }

    /// Returns how many leading bits the addresses of the subnet share; `None` for a single address, and where the mask is
    /// no prefix.
    #[must_use]
    pub fn prefix(&self) -> Option<u8> {
        match self.0 {
            Form::Ip { prefix, .. } => prefix,
            Form::Text(text) => {
                let Parts { address, mask, .. } = Parts::of(text)?;
                match bits_of(mask?, address)? {
                    Bits::Prefix(prefix) => Some(prefix),
                    Bits::Mask => None,
                }
            }
        }
    }
}

/// Writes an address, or one with a prefix.
pub(crate) fn write_ip(address: IpAddr, prefix: Option<u8>, writer: &mut Writer<'_>) {
    ip::write(address, writer);
    if let Some(prefix) = prefix {
        writer.byte(b'/');
        writer.u64(prefix.into());
    }
}

/// The parts of a subnet that is text.
struct Parts<'a> {
    address: IpAddr,
    zone: Option<&'a [u8]>,
    mask: Option<&'a [u8]>,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let mut halves = Split::new(text.as_bytes(), b'/');
        let mut address = Split::new(halves.next()?, b'%');
        Some(Self {
            address: ip::parse(address.next()?)?,
            zone: address.rest(),
            mask: halves.rest(),
        })
    }
}

/// What follows the slash of a subnet.
enum Bits {
    Prefix(u8),
    /// A mask whose ones are not all in front.
    Mask,
}

/// Parses the length of a prefix as a number, or as a mask for addresses like this one.
fn bits_of(text: &[u8], address: IpAddr) -> Option<Bits> {
    if text.len() <= 3
        && let Some(prefix) = decimal(text)
    {
        return u8::try_from(prefix).ok().map(Bits::Prefix);
    }
    let (v4, v6);
    let mask: &[u8] = match (ip::parse(text)?, address) {
        (IpAddr::V4(mask), IpAddr::V4(_)) => {
            v4 = mask.octets();
            &v4
        }
        (IpAddr::V6(mask), IpAddr::V6(_)) => {
            v6 = mask.octets();
            &v6
        }
        _ => return None,
    };
    let (mut prefix, mut before) = (0_u32, u8::MAX);
    for octet in mask {
        // Ones and then zeros if its zeros, as ones, are the lowest bits alone. Behind an octet with a zero only zeros may follow.
        let zeros = !octet;
        if zeros & zeros.wrapping_add(1) != 0 || before != u8::MAX && *octet != 0 {
            return Some(Bits::Mask);
        }
        prefix = prefix.wrapping_add(octet.leading_ones());
        before = *octet;
    }
    u8::try_from(prefix).ok().map(Bits::Prefix)
}

impl From<IpAddr> for Subnet<'_> {
    fn from(address: IpAddr) -> Self {
        Self(Form::Ip { address, prefix: None })
    }
}

/// The text as it is, unchecked.
impl<'a> From<&'a str> for Subnet<'a> {
    fn from(text: &'a str) -> Self {
        Self(Form::Text(text))
    }
}

impl ToJson for Subnet<'_> {
    fn to_json(&self, writer: &mut Writer<'_>) {
        match self.0 {
            Form::Text(text) => writer.string(text),
            Form::Ip { address, prefix } => {
                writer.byte(b'"');
                write_ip(address, prefix, writer);
                writer.byte(b'"');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{from_slice, to_slice};

    #[test]
    fn the_address_of_a_peer_is_text_and_maybe_an_ip_address() {
        for (text, is_ip) in [
            ("192.0.2.1:8555", true),
            ("[2001:db8::1]:8555", true),
            ("a.onion:1", false),
            ("[fe80::1%eth0]:8555", false),
            ("[fe80::1%2]:8555", false),
        ] {
            let json = format!("\"{text}\"");
            let address: PeerAddress<&str> = from_slice(json.as_bytes()).unwrap();
            assert!(
                address == text && address == *text && address != "" && address != *"",
                "{text}"
            );
            assert_eq!(address.to_string(), text);
            assert_eq!(address.socket_addr(), is_ip.then(|| text.parse().unwrap()), "{text}");
            assert_eq!(to_slice(&address, &mut [0; 32]).unwrap(), json.as_bytes());
        }
        assert!(from_slice::<PeerAddress<&str>>(b"1").is_err());
    }

    #[test]
    fn an_address_is_written_as_text() {
        for text in ["192.0.2.1:8555", "[2001:db8::1]:8555"] {
            let json = format!("\"{text}\"");
            for address in [Address::from(text), Address::from(text.parse::<SocketAddr>().unwrap())] {
                assert_eq!(to_slice(&address, &mut [0; 32]).unwrap(), json.as_bytes());
            }
        }
    }

    #[test]
    fn a_subnet_has_a_prefix_or_a_mask_that_fits_its_address() {
        for (text, prefix) in [
            ("192.0.2.1", None),
            ("192.0.2.0/0", Some(0)),
            ("192.0.2.0/32", Some(32)),
            ("192.0.2.0/255.255.255.0", Some(24)),
            ("192.0.2.0/255.128.0.0", Some(9)),
            ("192.0.2.0/255.255.255.255", Some(32)),
            ("192.0.2.0/0.0.0.0", Some(0)),
            ("2001:db8::", None),
            ("2001:db8::/128", Some(128)),
            ("2001:db8::/ffff:ffff::", Some(32)),
        ] {
            let address = text.split('/').next().unwrap().parse::<IpAddr>().unwrap();
            let subnet = Subnet::parse(text).unwrap();
            assert_eq!((subnet.address(), subnet.prefix()), (Some(address), prefix), "{text}");
        }
        for (text, address, prefix) in [
            ("fe80::12:34ff:fe56:7890%eth0/128", "fe80::12:34ff:fe56:7890", Some(128)),
            ("fe80::1%2", "fe80::1", None),
            ("10.0.7.0/255.0.255.0", "10.0.7.0", None),
            ("10.0.7.0/255.160.0.0", "10.0.7.0", None),
            ("10.0.7.0/127.0.0.0", "10.0.7.0", None),
            ("2001:db8::/ffff::ffff", "2001:db8::", None),
            ("fe80::1%eth0/ffff::ffff", "fe80::1", None),
        ] {
            let subnet = Subnet::parse(text).unwrap();
            assert_eq!(subnet, Subnet::from(text), "{text}");
            assert_eq!(
                (subnet.address(), subnet.prefix()),
                (address.parse().ok(), prefix),
                "{text}"
            );
            assert_eq!(
                to_slice(&subnet, &mut [0; 64]).unwrap(),
                format!("\"{text}\"").as_bytes()
            );
        }
        let onion = Subnet::from("0123456789abcdef.onion/128");
        assert_eq!((onion.address(), onion.prefix()), (None, None));
        for text in [
            "",
            "localhost",
            "192.0.2.0/",
            "192.0.2.0/33",
            "192.0.2.0/+8",
            "192.0.2.0%eth0/24",
            "fe80::1%/128",
            "fe80::1%eth 0",
            "fe80::1%eth0/129",
            "192.0.2.0/ffff::",
            "192.0.2.0/24/24",
            "2001:db8::/129",
            "2001:db8::/255.255.0.0",
        ] {
            assert_eq!(Subnet::parse(text), None, "{text}");
        }
    }
}
