//! The services that a node offers.

use core::fmt;

use crate::bytes::digits::{hex, hex_digit};
use crate::json::{Element, ErrorKind, FromJson, Reader, ToJson, Type, Writer, quick};

/// The set of services that a node or peer offers, 64 bits.
///
/// The node prints it as 16 hex digits; in `getnodeaddresses` it is a number, see
/// [`NumericServices`](crate::network::NumericServices). Bits without a name are kept.
///
/// ```
/// use defichain_net_rpc::{Services, json};
///
/// let services: Services = json::from_slice(b"\"0000000000000409\"")?;
/// assert!(services.contains(Services::NETWORK | Services::WITNESS));
/// assert_eq!(services.bits(), 0x409);
/// assert_eq!(services.to_string(), "NETWORK, WITNESS, NETWORK_LIMITED");
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Services(u64);

impl Services {
    /// `NODE_NETWORK`, bit 0: serves the whole chain of blocks.
    pub const NETWORK: Self = Self(1);
    /// `NODE_GETUTXO`, bit 1: answers `getutxo` (BIP 64).
    pub const GETUTXO: Self = Self(1 << 1);
    /// `NODE_BLOOM`, bit 2: serves bloom-filtered connections (BIP 111).
    pub const BLOOM: Self = Self(1 << 2);
    /// `NODE_WITNESS`, bit 3: serves blocks and transactions with witness data (BIP 144).
    pub const WITNESS: Self = Self(1 << 3);
    /// `NODE_NETWORK_LIMITED`, bit 10: serves the last 288 blocks (BIP 159).
    pub const NETWORK_LIMITED: Self = Self(1 << 10);

    const NAMES: [(Self, &'static str); 5] = [
        (Self::NETWORK, "NETWORK"),
        (Self::GETUTXO, "GETUTXO"),
        (Self::BLOOM, "BLOOM"),
        (Self::WITNESS, "WITNESS"),
        (Self::NETWORK_LIMITED, "NETWORK_LIMITED"),
    ];

    /// Returns the set with these bits.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// Returns the bits of the set.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Returns whether all of `others` are in this set.
    #[must_use]
    pub const fn contains(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }
}

impl core::ops::BitOr for Services {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl Element for Services {
    type Item<'a> = Self;
}

#[cfg(feature = "alloc")]
crate::json::owned!(Services);

/// A string of 16 hex digits in lower case.
impl<'a> FromJson<'a> for Services {
    #[inline(never)]
    fn read(&mut self, reader: &mut Reader<'a>) {
        reader.token();
        let place = reader.rest;
        match bits(reader.content(Some(Type::String)).bytes) {
            Some(bits) => self.0 = bits,
            None => reader.fail_at(place, ErrorKind::Form),
        }
    }

    #[inline(always)]
    fn quick(&mut self, _: &Reader<'a>, text: &'a [u8]) -> Option<&'a [u8]> {
        let ([b'"', digits @ .., b'"'], rest) = text.split_first_chunk::<18>()? else {
            return None;
        };
        self.0 = quick::hex16(digits)?;
        Some(rest)
    }
}

fn bits(digits: &[u8]) -> Option<u64> {
    if digits.len() != 16 {
        return None;
    }
    digits.iter().try_fold(0, |bits, digit| match digit {
        b'A'..=b'F' => None,
        _ => Some(bits << 4 | u64::from(hex(*digit)?)),
    })
}

/// A string of 16 hex digits.
impl ToJson for Services {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.byte(b'"');
        for byte in self.0.to_be_bytes() {
            writer.raw(&[byte >> 4, byte & 0xf].map(hex_digit));
        }
        writer.byte(b'"');
    }
}

/// Writes the names without `NODE_`, with commas between them; bits without a name as one hex number.
impl fmt::Display for Services {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        let mut separator = "";
        for (service, name) in Self::NAMES {
            if self.contains(service) {
                write!(f, "{separator}{name}")?;
                separator = ", ";
                rest &= !service.0;
            }
        }
        match rest {
            0 => Ok(()),
            _ => write!(f, "{separator}{rest:#x}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Type, from_slice, to_slice};

    #[test]
    fn all_bits_are_kept() {
        let json = b"\"8000000000000409\"";
        let services: Services = from_slice(json).unwrap();
        assert_eq!(services.bits(), 1 << 63 | 0x409);
        assert_eq!(to_slice(&services, &mut [0; 18]).unwrap(), json);
    }

    #[test]
    fn what_is_not_16_lower_case_hex_digits_is_refused() {
        for json in [
            "\"409\"",
            "\"000000000000040G\"",
            "\"000000000000040A\"",
            "\"00000000000000409\"",
            "\"\"",
        ] {
            let error = from_slice::<Services>(json.as_bytes()).unwrap_err();
            assert_eq!(
                (error.kind.json().unwrap(), error.offset),
                (ErrorKind::Form, 0),
                "{json}"
            );
        }
        let error = from_slice::<Services>(b"1033").unwrap_err();
        assert_eq!(error.kind.json().unwrap(), ErrorKind::Expected(Type::String));
        let error = from_slice::<Services>(br#""000000000000040\x""#).unwrap_err();
        assert_eq!((error.kind.json().unwrap(), error.offset), (ErrorKind::Escape, 16));
    }

    #[test]
    fn every_service_has_its_bit_and_name() {
        let named = [
            Services::NETWORK,
            Services::GETUTXO,
            Services::BLOOM,
            Services::WITNESS,
            Services::NETWORK_LIMITED,
        ];
        assert_eq!(named.map(Services::bits), [1, 2, 4, 8, 0x400]);
        assert_eq!(
            Services::from_bits(0x40f).to_string(),
            "NETWORK, GETUTXO, BLOOM, WITNESS, NETWORK_LIMITED"
        );
    }

    #[test]
    fn a_set_contains_its_parts() {
        let both = Services::NETWORK | Services::BLOOM;
        assert_eq!(both | Services::BLOOM, both);
        assert!(both.contains(both) && both.contains(Services::BLOOM));
        assert!(!both.contains(Services::WITNESS) && !Services::BLOOM.contains(both));
    }

    #[test]
    fn services_without_a_name_are_shown_as_a_number() {
        assert_eq!(Services::from_bits(0).to_string(), "");
        assert_eq!(Services::from_bits(0x30).to_string(), "0x30");
        assert_eq!(Services::from_bits(0x31).to_string(), "NETWORK, 0x30");
    }
}
