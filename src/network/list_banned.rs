//! `listbanned`: the bans that are in force.

use super::response_object;
use crate::json::Text;
use crate::method::Method;
use crate::rpc::Items;
use crate::value::{Subnet, UnixTime};

/// Asks for the addresses and subnets that are banned. There can be any number of them.
///
/// The response is an iterator of [`Ban`]: see the chapters
/// [Lists that are longer than memory](crate::_documentation::streaming) and
/// [Where the text of a response is stored](crate::_documentation::storage).
///
/// Node: `listbanned`, since release 1.0.0. It fails with
/// [`Code::DATABASE_ERROR`](crate::rpc::Code::DATABASE_ERROR) or
/// [`Code::CLIENT_P2P_DISABLED`](crate::rpc::Code::CLIENT_P2P_DISABLED) where the node keeps no bans.
///
/// ```
/// use defichain_net_rpc::network::ListBanned;
/// use defichain_net_rpc::{Response, request, response};
///
/// let mut buf = [0; 128];
/// let body = request(&ListBanned, 106, &mut buf)?;
/// assert_eq!(body, br#"{"jsonrpc":"1.0","id":106,"method":"listbanned","params":[]}"#);
///
/// let reply = br#"{"result":[{"address":"198.51.100.0/24","banned_until":1795440830,"ban_created":1795354430,
///     "ban_reason":"manually added"}],"error":null,"id":106}"#;
/// for ban in response::<Response<ListBanned>>(106, reply)? {
///     assert_eq!(ban?.address, "198.51.100.0/24");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[doc(alias("listbanned", "listBanned"))]
pub struct ListBanned;

impl Method for ListBanned {
    type Response<'a> = Items<'a, Ban<&'a str>>;

    fn name(&self) -> &'static str {
        "listbanned"
    }

    fn is_repeatable(&self) -> bool {
        true
    }
}

response_object! {
    /// One ban in the response to [`ListBanned`].
    pub struct Ban<T> {
        /// The subnet, also of a single address: `203.0.113.77/32`. An IPv6 address may have a zone,
        /// `fe80::1%eth0/128`, and a mask need not be a prefix, `10.0.7.0/255.0.255.0`.
        pub address: Text<T>,
        /// When the ban ends.
        pub banned_until: UnixTime,
        /// When the ban began.
        pub ban_created: UnixTime,
        /// Why: `node misbehaving`, `manually added` or `unknown`. In every release of the node; upstream Bitcoin Core
        /// leaves it out since 0.21.
        pub ban_reason: Option<Text<T>>,
    }
}

impl<T: AsRef<str>> Ban<T> {
    /// Returns the subnet exactly as the node printed it, for [`SetBan::Remove`](super::SetBan::Remove), which has an
    /// example. `None` if the storage did not keep all of the text.
    pub fn subnet(&self) -> Option<Subnet<'_>> {
        self.address.as_str().map(Subnet::from)
    }
}
