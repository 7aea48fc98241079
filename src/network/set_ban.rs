//! `setban`: bans on addresses and subnets.

use core::time::Duration;

use crate::json::Writer;
use crate::method::Method;
use crate::value::{Subnet, UnixTime};

/// Bans an address or subnet, or lifts the ban. Peers that are banned are dropped at once.
///
/// Node: `setban`, since release 1.0.0. It fails with
/// [`Code::CLIENT_INVALID_IP_OR_SUBNET`](crate::rpc::Code::CLIENT_INVALID_IP_OR_SUBNET) where there is no such ban to
/// lift, and with [`Code::CLIENT_NODE_ALREADY_ADDED`](crate::rpc::Code::CLIENT_NODE_ALREADY_ADDED) where there is one
/// already.
///
/// ```
/// use core::time::Duration;
/// use defichain_net_rpc::network::{BanTime, SetBan};
/// use defichain_net_rpc::{Response, Subnet, request, response};
///
/// let subnet = Subnet::parse("198.51.100.0/24").unwrap();
/// let method = SetBan::Add(subnet, BanTime::For(Duration::from_secs(86_400)));
/// let mut buf = [0; 128];
/// let body = request(&method, 102, &mut buf)?;
/// assert_eq!(body, br#"{"jsonrpc":"1.0","id":102,"method":"setban","params":["198.51.100.0/24","add",86400]}"#);
/// response::<Response<SetBan>>(102, br#"{"result":null,"error":null,"id":102}"#)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A ban is lifted with the text that [`ListBanned`](super::ListBanned) prints for it, whatever that is; see
/// [`Ban::subnet`](super::Ban::subnet):
///
/// ```
/// use defichain_net_rpc::network::{ListBanned, SetBan};
/// use defichain_net_rpc::{Response, request, response};
///
/// let reply = br#"{"result":[{"address":"fe80::1%eth0/128","banned_until":1795440830,"ban_created":1795354430,
///     "ban_reason":"node misbehaving"}],"error":null,"id":1}"#;
/// let ban = response::<Response<ListBanned>>(1, reply)?.next().unwrap()?;
/// let method = SetBan::Remove(ban.subnet().unwrap());
/// let mut buf = [0; 128];
/// let body = request(&method, 2, &mut buf)?;
/// assert_eq!(body, br#"{"jsonrpc":"1.0","id":2,"method":"setban","params":["fe80::1%eth0/128","remove"]}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(alias("setban", "setBan"))]
pub enum SetBan<'a> {
    /// `add`: ban it for some time.
    Add(Subnet<'a>, BanTime),
    /// `remove`: lift the ban. It must be the same address or subnet that was banned.
    Remove(Subnet<'a>),
}

/// How long a ban lasts; see [`SetBan`].
///
/// ```
/// use core::time::Duration;
/// use defichain_net_rpc::UnixTime;
/// use defichain_net_rpc::network::BanTime;
///
/// let week = BanTime::For(Duration::from_secs(7 * 86_400));
/// let new_year = BanTime::Until(UnixTime::from_secs(1_798_761_600));
/// assert!(week != new_year && week != BanTime::default());
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BanTime {
    /// As long as the node's `-bantime` says, 24 hours unless it is set.
    #[default]
    Default,
    /// For so long, in whole seconds rounded up: at least one, as 0 means the default to the node, and at most
    /// 2<sup>62</sup>, as the node adds it to its clock in 64 bits, and bans nobody if that overflows.
    For(Duration),
    /// Until this time, in whole seconds: at least one second after the epoch, as 0 means the default to the node. A time
    /// in the past is no error to the node: it answers null, and drops the ban at once.
    Until(UnixTime),
}

impl Method for SetBan<'_> {
    type Response<'a> = ();

    fn name(&self) -> &'static str {
        "setban"
    }

    fn params(&self, writer: &mut Writer<'_>) {
        writer.array(|params| match self {
            Self::Add(subnet, time) => {
                params.item(subnet);
                params.item("add");
                match time {
                    BanTime::Default => {}
                    BanTime::For(duration) => {
                        let partial = u64::from(duration.subsec_nanos() != 0);
                        params.item(&duration.as_secs().saturating_add(partial).clamp(1, LONGEST));
                    }
                    BanTime::Until(time) => {
                        // The node reads 64 bits with a sign.
                        params.item(&time.as_secs().clamp(1, i64::MAX.unsigned_abs()));
                        params.item(&true);
                    }
                }
            }
            Self::Remove(subnet) => {
                params.item(subnet);
                params.item("remove");
            }
        });
    }
}

/// The longest ban that can be added to any time in 64 bits with a sign.
const LONGEST: u64 = 1 << 62;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpc::request;

    #[test]
    fn the_time_of_a_ban_is_in_whole_seconds_and_never_the_default_by_accident() {
        let subnet = Subnet::parse("2001:db8::/32").unwrap();
        for (time, params) in [
            (BanTime::Default, r#"["2001:db8::/32","add"]"#),
            (BanTime::For(Duration::ZERO), r#"["2001:db8::/32","add",1]"#),
            (
                BanTime::For(Duration::from_millis(1001)),
                r#"["2001:db8::/32","add",2]"#,
            ),
            (
                BanTime::Until(UnixTime::from_secs(0)),
                r#"["2001:db8::/32","add",1,true]"#,
            ),
            (
                BanTime::For(Duration::MAX),
                r#"["2001:db8::/32","add",4611686018427387904]"#,
            ),
            (
                BanTime::For(Duration::from_secs((1 << 62) - 1)),
                r#"["2001:db8::/32","add",4611686018427387903]"#,
            ),
            (
                BanTime::Until(UnixTime::from_secs(u64::MAX)),
                r#"["2001:db8::/32","add",9223372036854775807,true]"#,
            ),
            (
                BanTime::Until(UnixTime::from_secs(1_900_000_000)),
                r#"["2001:db8::/32","add",1900000000,true]"#,
            ),
        ] {
            let mut buf = [0; 128];
            let body = request(&SetBan::Add(subnet, time), 1, &mut buf).unwrap();
            let expected = format!(r#"{{"jsonrpc":"1.0","id":1,"method":"setban","params":{params}}}"#);
            assert_eq!(body, expected.as_bytes());
        }
    }
}
