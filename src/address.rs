//! Addresses of peers, as the node tells them and as it is told them.

use core::fmt;
use core::net::{IpAddr, SocketAddr};

use crate::ip;
use crate::json::{ErrorKind, FromJson, Reader, Storage, Text, ToJson, Writer};

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
    /// The address as the node writes it.
    pub fn text(&self) -> &Text<T> {
        &self.0
    }

    /// The IP address and port, if it is one.
    pub fn socket_addr(&self) -> Option<SocketAddr> {
        ip::parse_socket_addr(self.0.as_str()?.as_bytes())
    }
}

impl<'a, T: Storage<'a>> FromJson<'a> for PeerAddress<T> {
    fn read(&mut self, reader: &mut Reader<'a>) -> Result<(), ErrorKind> {
        self.0.read(reader)
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

/// An IP address, or a subnet of them.
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
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subnet {
    address: IpAddr,
    /// At most as many as the address has bits; a single address has none.
    prefix: Option<u8>,
}

impl Subnet {
    /// The subnet of the addresses that share so many leading bits with this one; `None` if it has no so many.
    #[must_use]
    pub fn new(address: IpAddr, prefix: u8) -> Option<Self> {
        let bits = if address.is_ipv4() { 32 } else { 128 };
        (prefix <= bits).then_some(Self {
            address,
            prefix: Some(prefix),
        })
    }

    /// The subnet that a text such as `192.0.2.0/24` or `192.0.2.0/255.255.255.0`, or the address that one such as
    /// `2001:db8::1` means.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.as_bytes().split(|byte| *byte == b'/');
        let address = ip::parse(parts.next()?)?;
        let subnet = match parts.next() {
            None => Self::from(address),
            Some(prefix) => Self::new(address, prefix_of(prefix, address)?)?,
        };
        parts.next().is_none().then_some(subnet)
    }

    /// The address, or any of the subnet's.
    #[must_use]
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// How many leading bits the addresses of the subnet share; `None` for a single address.
    #[must_use]
    pub fn prefix(&self) -> Option<u8> {
        self.prefix
    }
}

/// The length of a prefix that is written as a number, or as a mask for addresses like this one.
fn prefix_of(text: &[u8], address: IpAddr) -> Option<u8> {
    if let Some(prefix) = ip::decimal(text, 3) {
        return u8::try_from(prefix).ok();
    }
    let mask = match (ip::parse(text)?, address) {
        (IpAddr::V4(mask), IpAddr::V4(_)) => u128::from(mask.to_bits()) << 96,
        (IpAddr::V6(mask), IpAddr::V6(_)) => mask.to_bits(),
        _ => return None,
    };
    let prefix = mask.leading_ones();
    if mask.count_ones() != prefix {
        return None;
    }
    u8::try_from(prefix).ok()
}

impl From<IpAddr> for Subnet {
    fn from(address: IpAddr) -> Self {
        Self { address, prefix: None }
    }
}

impl ToJson for Subnet {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.byte(b'"');
        ip::write(self.address, writer);
        if let Some(prefix) = self.prefix {
            writer.byte(b'/');
            writer.u64(prefix.into());
        }
        writer.byte(b'"');
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
        ] {
            let json = format!("\"{text}\"");
            let address: PeerAddress<&str> = from_slice(json.as_bytes()).unwrap();
            assert!(
                address == text && address == *text && address != "" && address != *"",
                "{text}"
            );
            assert_eq!(address.to_string(), text);
            assert_eq!(address.socket_addr(), is_ip.then(|| text.parse().unwrap()));
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
            ("192.0.2.0/0.0.0.0", Some(0)),
            ("2001:db8::", None),
            ("2001:db8::/128", Some(128)),
            ("2001:db8::/ffff:ffff::", Some(32)),
        ] {
            let address = text.split('/').next().unwrap().parse::<IpAddr>().unwrap();
            let subnet = Subnet::parse(text).unwrap();
            assert_eq!((subnet.address(), subnet.prefix()), (address, prefix), "{text}");
        }
        for text in [
            "",
            "localhost",
            "192.0.2.0/",
            "192.0.2.0/33",
            "192.0.2.0/+8",
            "192.0.2.0/255.0.255.0",
            "192.0.2.0/ffff::",
            "192.0.2.0/24/24",
            "2001:db8::/129",
            "2001:db8::/255.255.0.0",
        ] {
            assert_eq!(Subnet::parse(text), None, "{text}");
        }
    }
}
