//! Amounts of DFI.

use core::fmt;

use crate::bytes::certain;
use crate::bytes::digits::{decimals, div_rem};
use crate::json::{Element, FromJson, Reader, ToJson, Writer, quick, to_slice};

/// An amount of DFI, exact: an integer of units of 10<sup>-8</sup> DFI.
///
/// The node prints amounts with eight decimals and no exponent (`ValueFromAmount`, all releases), and so does
/// [`Display`](fmt::Display). An amount with a ninth decimal that is not zero is refused.
///
/// With the feature `serde` an amount is a double, and only there: it is exact below 2<sup>26</sup> DFI (67,108,864 DFI,
/// or 6.7 × 10<sup>15</sup> units), and the nearest double beyond, where two doubles are further apart than two units.
/// Deserialising takes integers and floats, and rounds to the nearest unit.
///
/// ```
/// use defichain_net_rpc::{Amount, json};
///
/// let amount: Amount = json::from_slice(b"90071992.54740993")?;
/// assert_eq!(amount, Amount::from_units(9_007_199_254_740_993));
/// assert_eq!(Amount::from_units(1000).to_string(), "0.00001000");
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

impl Amount {
    /// Returns an amount of `units` units of 10<sup>-8</sup> DFI.
    #[must_use]
    pub const fn from_units(units: i64) -> Self {
        Self(units)
    }

    /// Returns the amount in units of 10<sup>-8</sup> DFI.
    #[must_use]
    pub const fn units(self) -> i64 {
        self.0
    }
}

impl Element for Amount {
    type Item<'a> = Self;
}

#[cfg(feature = "alloc")]
crate::json::owned!(Amount);

impl<'a> FromJson<'a> for Amount {
    fn read(&mut self, reader: &mut Reader<'a>) {
        self.0 = reader.amount();
    }

    #[inline(always)]
    fn quick(&mut self, _: &Reader<'a>, text: &'a [u8]) -> Option<&'a [u8]> {
        let (units, rest) = quick::decimal(text)?;
        self.0 = units.cast_signed();
        Some(rest)
    }
}

impl ToJson for Amount {
    fn to_json(&self, writer: &mut Writer<'_>) {
        let units = self.0.unsigned_abs();
        if self.0 < 0 {
            writer.byte(b'-');
        }
        writer.u64(div_rem(div_rem(units, 10_000).0, 10_000).0);
        writer.byte(b'.');
        writer.raw(&decimals::<8>(units));
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut buf = [0; MAX_LEN];
        let text = certain(to_slice(self, &mut buf).ok());
        f.pad(certain(core::str::from_utf8(text).ok()))
    }
}

/// A sign, 19 digits and a point.
const MAX_LEN: usize = 21;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::from_slice;

    #[test]
    fn an_amount_is_written_as_the_node_writes_it() {
        for (units, text) in [
            (0, "0.00000000"),
            (1, "0.00000001"),
            (-1, "-0.00000001"),
            (1000, "0.00001000"),
            (10_000_000, "0.10000000"),
            (100_000_000, "1.00000000"),
            (-1_234_567_890, "-12.34567890"),
            (i64::MAX, "92233720368.54775807"),
            (i64::MIN, "-92233720368.54775808"),
        ] {
            let amount = Amount::from_units(units);
            assert_eq!(amount.to_string(), text);
            assert_eq!(to_slice(&amount, &mut [0; MAX_LEN]).unwrap(), text.as_bytes());
            assert_eq!(from_slice(text.as_bytes()), Ok(amount));
            assert_eq!(amount.units(), units);
        }
        assert_eq!(format!("{:>12}", Amount::from_units(1)), "  0.00000001");
    }
}
