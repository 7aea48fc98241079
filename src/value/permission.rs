//! The permissions of a whitelisted peer.

use core::fmt;

use crate::json::{Element, FromJson, Reader, Text, ToJson, Writer};

/// A permission that `-whitelist` or `-whitebind` gave a peer; a string in JSON and with serde.
///
/// ```
/// use defichain_net_rpc::{Permission, json};
///
/// assert_eq!(json::from_slice(b"\"noban\""), Ok(Permission::NoBan));
/// let later: Permission = json::from_slice(b"\"download\"")?;
/// assert_eq!(later.to_string(), "download");
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Permission<'a> {
    /// `bloomfilter`: may set bloom filters even where these are switched off.
    BloomFilter,
    /// `noban`: is never banned for misbehaving.
    NoBan,
    /// `forcerelay`: its transactions are relayed even if they are known already.
    ForceRelay,
    /// `relay`: its transactions are accepted even with `-blocksonly`.
    Relay,
    /// `mempool`: may ask for the content of the mempool.
    Mempool,
    /// A permission that this crate has no name for.
    Other(Text<&'a str>),
}

impl Permission<'_> {
    const NAMES: &'static [(Permission<'static>, &'static str)] = &[
        (Permission::BloomFilter, "bloomfilter"),
        (Permission::NoBan, "noban"),
        (Permission::ForceRelay, "forcerelay"),
        (Permission::Relay, "relay"),
        (Permission::Mempool, "mempool"),
    ];

    /// The permission of that name, unless it is another.
    #[cfg(feature = "serde")]
    pub(crate) fn named(name: &str) -> Option<Permission<'static>> {
        let named = Permission::NAMES.iter().find(|(_, known)| name == *known);
        named.map(|(permission, _)| *permission)
    }

    /// The node's name, unless it is another.
    pub(crate) fn name(&self) -> &'static str {
        Permission::NAMES
            .iter()
            .find(|(permission, _)| permission == self)
            .map_or("", |(_, name)| name)
    }
}

/// A permission without a name.
impl Default for Permission<'_> {
    fn default() -> Self {
        Self::Other(Text::default())
    }
}

impl Element for Permission<'_> {
    type Item<'a> = Permission<'a>;
}

impl<'a> FromJson<'a> for Permission<'a> {
    fn read(&mut self, reader: &mut Reader<'a>) {
        *self = reader.string().into();
    }

    #[inline]
    fn quick(&mut self, reader: &Reader<'a>, text: &'a [u8]) -> Option<&'a [u8]> {
        let mut name = Text::default();
        let rest = name.quick(reader, text)?;
        *self = name.into();
        Some(rest)
    }
}

impl<'a> From<Text<&'a str>> for Permission<'a> {
    fn from(text: Text<&'a str>) -> Self {
        Permission::NAMES
            .iter()
            .find(|(_, name)| text.is(name.as_bytes()))
            .map_or(Permission::Other(text), |(permission, _)| *permission)
    }
}

impl ToJson for Permission<'_> {
    fn to_json(&self, writer: &mut Writer<'_>) {
        match self {
            Self::Other(text) => text.to_json(writer),
            named => writer.string(named.name()),
        }
    }
}

impl fmt::Display for Permission<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other(text) => text.fmt(f),
            named => f.pad(named.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{from_slice, to_slice};

    #[test]
    fn every_permission_keeps_its_name() {
        for name in ["bloomfilter", "noban", "forcerelay", "relay", "mempool", "later"] {
            let json = format!("\"{name}\"");
            let permission: Permission<'_> = from_slice(json.as_bytes()).unwrap();
            assert_eq!(permission.to_string(), name);
            assert_eq!(matches!(permission, Permission::Other(_)), name == "later");
            assert_eq!(to_slice(&permission, &mut [0; 16]).unwrap(), json.as_bytes());
        }
    }
}
