//! Addresses of peers.

use core::fmt;
use core::net::SocketAddr;

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
/// # Ok::<(), json::Error>(())
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
        self.0.parse()
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
