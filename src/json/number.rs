//! Exact numbers: integers of 64 bits, decimals as integers of a fixed number of places, and numbers that stay text. No floats.

use core::fmt;
use core::str::FromStr;
use core::time::Duration;

use super::{Element, ErrorKind, FromJson, Reader, Storage, ToJson, Type, Writer, quick};
use crate::bytes::digits::{decimals, div_rem};

impl Reader<'_> {
    /// Reads an integer that is not negative.
    ///
    /// Another type, or a number with a fraction or an exponent, is [`ErrorKind::Expected`]; what does not fit is
    /// [`ErrorKind::Range`], what is malformed [`ErrorKind::Number`].
    pub fn u64(&mut self) -> u64 {
        self.scaled(&Form::U64).cast_unsigned()
    }

    /// Reads an integer with a sign.
    ///
    /// Wrong is what is wrong for [`Reader::u64`].
    pub fn i64(&mut self) -> i64 {
        self.scaled(&Form::I64)
    }

    /// Reads a decimal number as an integer of units of 10<sup>-`places`</sup>, without any loss.
    ///
    /// ```
    /// use defichain_net_rpc::json::{ErrorKind, Reader};
    ///
    /// assert_eq!(Reader::new(b"0.00001000").fixed(8), 1000);
    ///
    /// let mut reader = Reader::new(b"1e-9");
    /// assert_eq!(reader.fixed(8), 0);
    /// assert_eq!(reader.finish().unwrap_err().kind.json(), Some(ErrorKind::Precision));
    /// ```
    ///
    /// Another type is [`ErrorKind::Expected`], no whole number of units [`ErrorKind::Precision`]; units that do not fit are
    /// [`ErrorKind::Range`], what is malformed is [`ErrorKind::Number`].
    pub fn fixed(&mut self, places: u8) -> i64 {
        self.scaled(&Form { places, ..Form::AMOUNT })
    }

    /// Reads a decimal number as an integer of units of 10<sup>-`places`</sup>, rounded to the nearest; halves go
    /// away from zero.
    ///
    /// ```
    /// # use defichain_net_rpc::json::Reader;
    /// assert_eq!(Reader::new(b"6.499999999999999e-05").rounded(6), 65);
    /// ```
    ///
    /// Wrong is what is wrong for [`Reader::fixed`], less the precision.
    pub fn rounded(&mut self, places: u8) -> i64 {
        self.scaled(&Form {
            places,
            exact: false,
            ..Form::AMOUNT
        })
    }

    /// Reads an amount of DFI in its units.
    pub(crate) fn amount(&mut self) -> i64 {
        self.scaled(&Form::AMOUNT)
    }

    /// Reads a number of a form in its units; one without a sign as its bits.
    fn scaled(&mut self, form: &Form) -> i64 {
        match self.short(form) {
            Some(value) => value,
            None => self.long(form),
        }
    }

    /// Goes past a number of any form, of which it is known how it begins.
    pub(super) fn number(&mut self) {
        self.long(&Form::TEXT);
    }

    /// Reads an integer of at most 32 bits, if it begins at this byte, has no sign, and a comma or a closing bracket follows;
    /// otherwise reads nothing.
    fn short(&mut self, form: &Form) -> Option<i64> {
        let [first @ b'0'..=b'9', text @ ..] = self.rest else {
            return None;
        };
        if form.places != 0 {
            return None;
        }
        let mut text = text;
        let mut value = u32::from(first & 0xf);
        while let [digit @ b'0'..=b'9', rest @ ..] = text {
            // A leading 0 is the whole integer, and nothing may overflow.
            if !(1..u32::MAX / 10).contains(&value) {
                return None;
            }
            value = value.wrapping_mul(10).wrapping_add(u32::from(digit & 0xf));
            text = rest;
        }
        let [b',' | b']' | b'}', ..] = text else {
            return None;
        };
        if u64::from(value) > form.max {
            return None;
        }
        self.rest = text;
        Some(value.into())
    }

    /// Reads any number that the grammar allows (RFC 8259, section 6).
    #[inline(never)]
    fn long(&mut self, form: &Form) -> i64 {
        match self.token() {
            b'-' | b'0'..=b'9' => {}
            _ => self.unexpected(form.expected),
        }
        let begin = self.rest;
        let negative = self.passes(b'-');
        if let [b'0', b'0'..=b'9', ..] = self.rest {
            self.advance();
            self.fail(ErrorKind::Number);
        }
        // The number is `value` times ten to the power of `exponent`. Of the digits that have no room in it, `behind` is twice the
        // first one, and one more if another is not 0.
        let (mut value, mut exponent, mut behind, mut is_full) = (0_u64, 0_isize, 0_u32, false);
        // How many digits the current part has, before the point, behind it, or in the exponent; and how many decimals a digit is.
        let (mut count, mut decimals) = (0_usize, 0_isize);
        let mut rest = self.rest;
        loop {
            rest = match rest {
                [digit @ b'0'..=b'9', after @ ..] => {
                    let digit = u32::from(digit & 0xf);
                    count = count.wrapping_add(1);
                    exponent = exponent.wrapping_sub(decimals);
                    if value < MOST {
                        value = value.wrapping_mul(10).wrapping_add(digit.into());
                    } else {
                        exponent = exponent.wrapping_add(1);
                        behind |= if is_full { u32::from(digit != 0) } else { digit << 1 };
                        is_full = true;
                    }
                    after
                }
                [b'.', after @ ..] if decimals == 0 && count != 0 => {
                    (count, decimals) = (0, 1);
                    after
                }
                _ => break,
            };
        }
        self.rest = rest;
        let mut is_whole = decimals == 0;
        if let [b'e' | b'E', ..] = self.rest
            && count != 0
        {
            (count, is_whole) = (0, false);
            self.advance();
            let sign = if self.passes(b'-') {
                -1
            } else {
                self.passes(b'+');
                1
            };
            let mut power = 0_isize;
            while let [digit @ b'0'..=b'9', rest @ ..] = self.rest {
                // More than that is as good as endless.
                power = power.min(isize::MAX / 16).wrapping_mul(10);
                power = power.wrapping_add(isize::from(digit & 0xf));
                (self.rest, count) = (rest, 1);
            }
            exponent = exponent.wrapping_add(power.wrapping_mul(sign));
        }
        if count == 0 {
            self.fail(match self.rest {
                [] => ErrorKind::Incomplete,
                _ => ErrorKind::Number,
            });
        }
        if form.is_text {
            return 0;
        }
        let mut fits = true;
        // 21 steps down leave no digit of 64 bits, and as many up are too many for any value but 0.
        let mut steps = exponent.wrapping_add(form.places.into()).clamp(-21, 21);
        while steps > 0 {
            fits &= value <= MOST;
            let (sum, overflows) = value.wrapping_mul(10).overflowing_add((behind >> 1).into());
            fits &= !overflows;
            (value, behind, steps) = (sum, 0, steps.wrapping_sub(1));
        }
        while steps < 0 {
            let (tenth, digit) = div_rem(value, 10);
            behind = digit << 1 | u32::from(behind != 0);
            (value, steps) = (tenth, steps.wrapping_add(1));
        }
        if behind >= 10 {
            // It cannot overflow: while reading, a digit is appended only below `MOST`, and scaling up leaves nothing behind.
            value = value.wrapping_add(1);
        }
        let limit = match (negative, form.signed) {
            (false, _) => form.max,
            (true, true) => form.max.wrapping_add(1),
            (true, false) => 0,
        };
        let kind = if form.expected == Type::Integer && !is_whole {
            ErrorKind::Expected(form.expected)
        } else if !fits || value > limit {
            ErrorKind::Range
        } else if form.exact && behind != 0 {
            ErrorKind::Precision
        } else {
            let units = value.cast_signed();
            return if negative { units.wrapping_neg() } else { units };
        };
        self.fail_at(begin, kind);
        0
    }

    /// Goes past a byte, if it is the one that comes next.
    fn passes(&mut self, byte: u8) -> bool {
        let passes = self.rest.first() == Some(&byte);
        if passes {
            self.advance();
        }
        passes
    }
}

/// Below this, any digit can be appended.
const MOST: u64 = u64::MAX / 10;

/// What a number must be like.
struct Form {
    expected: Type,
    places: u8,
    exact: bool,
    signed: bool,
    /// Whether any number will do, and its value is not asked for.
    is_text: bool,
    /// The largest; the least is one more than that below zero, if it has a sign.
    max: u64,
}

impl Form {
    const U64: Self = Self {
        expected: Type::Integer,
        places: 0,
        exact: false,
        signed: false,
        is_text: false,
        max: u64::MAX,
    };
    const TEXT: Self = Self {
        expected: Type::Number,
        is_text: true,
        ..Self::U64
    };
    const I64: Self = Self {
        signed: true,
        max: u64::MAX >> 1,
        ..Self::U64
    };
    const AMOUNT: Self = Self {
        expected: Type::Number,
        places: 8,
        exact: true,
        ..Self::I64
    };
    /// Microseconds.
    const TIME: Self = Self {
        expected: Type::Number,
        places: 6,
        max: u64::MAX >> 1,
        ..Self::U64
    };
}

impl<'a> FromJson<'a> for u64 {
    fn read(&mut self, reader: &mut Reader<'a>) {
        *self = reader.u64();
    }

    #[inline(always)]
    fn quick(&mut self, _: &Reader<'a>, text: &'a [u8]) -> Option<&'a [u8]> {
        let (value, rest) = quick::unsigned(text)?;
        *self = value;
        Some(rest)
    }

    #[inline(always)]
    fn quick_within<const NEW: bool>(window: &[u8; 24], start: usize) -> Option<(Self, usize)> {
        quick::digits::<NEW, _>(window, start)
    }
}

impl ToJson for u64 {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.u64(*self);
    }
}

impl<'a> FromJson<'a> for i64 {
    fn read(&mut self, reader: &mut Reader<'a>) {
        *self = reader.i64();
    }

    #[inline(always)]
    fn quick(&mut self, _: &Reader<'a>, text: &'a [u8]) -> Option<&'a [u8]> {
        let (value, rest) = quick::signed(text)?;
        *self = value;
        Some(rest)
    }
}

impl ToJson for i64 {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.i64(*self);
    }
}

/// Integers that are read as a wider one.
macro_rules! narrow {
    ($($type:ty: $wide:ident $form:ident),*) => {$(
        impl<'a> FromJson<'a> for $type {
            fn read(&mut self, reader: &mut Reader<'a>) {
                let form = const { &Form { max: <$type>::MAX as u64, ..Form::$form } };
                *self = Self::try_from(reader.scaled(form)).unwrap_or_default();
            }

            #[inline(always)]
            fn quick(&mut self, _: &Reader<'a>, text: &'a [u8]) -> Option<&'a [u8]> {
                let (value, rest) = quick::signed(text)?;
                *self = Self::try_from(value).ok()?;
                Some(rest)
            }
        }

        impl ToJson for $type {
            fn to_json(&self, writer: &mut Writer<'_>) {
                writer.$wide((*self).into());
            }
        }
    )*};
}

narrow!(u8: u64 U64, u16: u64 U64, u32: u64 U64, i8: i64 I64, i16: i64 I64, i32: i64 I64);

/// A number of seconds with decimals, rounded to the nearest microsecond.
///
/// The node counts microseconds and prints them as a double: 65 µs come as `6.499999999999999e-05`.
impl<'a> FromJson<'a> for Duration {
    fn read(&mut self, reader: &mut Reader<'a>) {
        *self = from_micros(reader.scaled(&Form::TIME).cast_unsigned());
    }

    #[inline(always)]
    fn quick(&mut self, _: &Reader<'a>, text: &'a [u8]) -> Option<&'a [u8]> {
        let (units, rest) = quick::decimal(text)?;
        *self = from_micros(units.wrapping_add(50) / 100);
        Some(rest)
    }
}

#[inline]
fn from_micros(micros: u64) -> Duration {
    let (secs, micros) = div_rem(micros, 1_000_000);
    // The bound tells the optimiser that there is nothing to carry, and no way to panic.
    Duration::new(secs, micros.min(999_999).wrapping_mul(1000))
}

/// Seconds with as many decimals as are needed, six at most.
impl ToJson for Duration {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.u64(self.as_secs());
        let decimals = decimals::<6>(self.subsec_micros().into());
        let mut needed = decimals.as_slice();
        while let [rest @ .., b'0'] = needed {
            needed = rest;
        }
        if !needed.is_empty() {
            writer.byte(b'.');
            writer.raw(needed);
        }
    }
}

/// A number of any size and form that stays as it stands in the text, and is parsed on demand.
///
/// For methods of other categories, whose fractions this crate has no type for. It was checked when it was read, so
/// [`parse`](Number::parse) fails only where the type does not hold the number. `T` is where its text is
/// [stored](Storage); it is never cut.
///
/// ```
/// use defichain_net_rpc::json::{self, Number};
///
/// defichain_net_rpc::json_object! {
///     /// The state of mining, as `getmininginfo` describes it.
///     pub struct MiningInfo<T> {
///         /// How hard it is to mine a block.
///         pub difficulty: Number<T>,
///     }
/// }
///
/// let info: MiningInfo<&str> = json::from_slice(br#"{"difficulty":6.5e-05}"#)?;
/// assert_eq!(info.difficulty.as_str(), "6.5e-05");
/// assert_eq!(info.difficulty.parse::<f64>(), Some(0.000065));
/// assert_eq!(info.difficulty.parse::<u64>(), None);
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
#[derive(Clone, Copy, Default)]
pub struct Number<T> {
    /// Checked: a number; or empty, which is 0.
    text: T,
}

impl<T> Number<T> {
    /// The text has to be a number.
    #[cfg(feature = "serde")]
    pub(crate) fn new(text: T) -> Self {
        Self { text }
    }
}

impl<T: AsRef<str>> Number<T> {
    /// Returns the number as it stands in the text.
    pub fn as_str(&self) -> &str {
        match self.text.as_ref() {
            "" => "0",
            text => text,
        }
    }

    /// Parses the number; `None` if the type does not hold it.
    pub fn parse<V: FromStr>(&self) -> Option<V> {
        self.as_str().parse().ok()
    }

    /// Copies the text into a `String`.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn into_owned(self) -> Number<alloc::string::String> {
        Number {
            text: self.as_str().into(),
        }
    }
}

impl<T> Element for Number<T> {
    type Item<'a> = Number<&'a str>;
}

impl<'a, T: Storage<'a>> FromJson<'a> for Number<T> {
    fn read(&mut self, reader: &mut Reader<'a>) {
        reader.token();
        let place = reader.rest;
        reader.number();
        match T::store(reader.text_since(place)) {
            Some(text) => self.text = text,
            None => reader.fail_at(place, ErrorKind::TooLong),
        }
    }
}

impl<T: AsRef<str>> ToJson for Number<T> {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.raw(self.as_str().as_bytes());
    }
}

/// Compares the texts: `1` is not `1.0`.
impl<T: AsRef<str>, U: AsRef<str>> PartialEq<Number<U>> for Number<T> {
    fn eq(&self, other: &Number<U>) -> bool {
        self.as_str() == other.as_str()
    }
}

impl<T: AsRef<str>> Eq for Number<T> {}

impl<T: AsRef<str>> fmt::Display for Number<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<T: AsRef<str>> fmt::Debug for Number<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::from_slice;
    use core::fmt::Debug;
    use proptest::prelude::*;

    /// Reads a number that stands alone, and makes sure that a whole one is the same before a comma.
    fn read<V: for<'a> FromJson<'a> + PartialEq + Debug>(json: &str) -> Result<V, (ErrorKind, usize)> {
        let number = from_slice(json.as_bytes()).map_err(|error| (error.kind.json().unwrap(), error.offset));
        if let Ok(_) | Err((ErrorKind::Range, _)) = number {
            let listed = format!("{json},");
            let mut reader = Reader::new(listed.as_bytes());
            let value = V::from_json(&mut reader);
            let first = reader
                .finish()
                .map(|()| value)
                .map_err(|error| (error.kind.json().unwrap(), error.offset));
            assert_eq!(first, number, "{listed}");
        }
        number
    }

    fn units(json: &str, places: u8) -> Result<i64, ErrorKind> {
        let fixed = |text: &str| {
            let mut reader = Reader::new(text.as_bytes());
            let units = reader.fixed(places);
            reader
                .finish()
                .map(|()| units)
                .map_err(|error| error.kind.json().unwrap())
        };
        let units = fixed(json);
        assert_eq!(fixed(&format!("{json},")), units, "{json}");
        units
    }

    #[test]
    fn integers_up_to_their_limits_are_exact() {
        assert_eq!(read("18446744073709551615"), Ok(u64::MAX));
        assert_eq!(read("9223372036854775807"), Ok(i64::MAX));
        assert_eq!(read("-9223372036854775808"), Ok(i64::MIN));
        assert_eq!(read("-2147483648"), Ok(i32::MIN));
        assert_eq!(read("65535"), Ok(u16::MAX));
        assert_eq!((read("0"), read("-0")), (Ok(0_u64), Ok(0_u64)));
    }

    #[test]
    fn integers_beyond_their_limits_are_out_of_range() {
        let range = (ErrorKind::Range, 1);
        for json in [
            " 18446744073709551616",
            " 19999999999999999999",
            " 28446744073709551615",
        ] {
            assert_eq!(read::<u64>(json), Err(range));
        }
        assert_eq!(read::<u64>(" -1"), Err(range));
        assert_eq!(read::<u64>(&format!(" {}", "9".repeat(1 << 20))), Err(range));
        assert_eq!(read::<i64>(" 9223372036854775808"), Err(range));
        assert_eq!(read::<i64>(" -9223372036854775809"), Err(range));
        assert_eq!(read::<i32>(" 2147483648"), Err(range));
        assert_eq!(read::<u16>(" 65536"), Err(range));
        assert_eq!(read::<Duration>(" -0.1"), Err(range));
        assert_eq!(read::<Duration>(" 9223372036854.775808"), Err(range));
        assert_eq!(
            read("9223372036854.775807"),
            Ok(Duration::from_micros(i64::MAX.unsigned_abs()))
        );
        // So far down that no digit is left to be rounded, though the first would be.
        for json in ["5477580754775807547e-30", "5477580754775807547e-54775807"] {
            assert_eq!(read(json), Ok(Duration::ZERO), "{json}");
        }
        // The same where there is no white space.
        for json in ["65536", "-1"] {
            assert_eq!(read::<u16>(json), Err((ErrorKind::Range, 0)), "{json}");
        }
        for json in ["2147483648", "-2147483649"] {
            assert_eq!(read::<i32>(json), Err((ErrorKind::Range, 0)), "{json}");
        }
    }

    #[test]
    fn a_number_with_a_fraction_or_an_exponent_is_no_integer() {
        for json in ["1.0", "1e2", "1E2", "-0.0"] {
            assert_eq!(read::<i64>(json), Err((ErrorKind::Expected(Type::Integer), 0)));
        }
    }

    #[test]
    fn malformed_numbers_are_refused_where_they_go_wrong() {
        for (json, offset) in [
            ("01", 1),
            ("-01", 2),
            ("-x", 1),
            ("-.5", 1),
            ("-e3", 1),
            ("5.e3", 2),
            ("5.x", 2),
            ("5.,", 2),
            ("1ex", 2),
            ("1e+x", 3),
        ] {
            assert_eq!(read::<Duration>(json), Err((ErrorKind::Number, offset)), "{json}");
        }
        for json in ["+1", ".5", "]"] {
            assert_eq!(read::<u64>(json), Err((ErrorKind::Syntax, 0)), "{json}");
            assert_eq!(read::<Duration>(json), Err((ErrorKind::Syntax, 0)), "{json}");
        }
        for json in ["-", "5.", "1e", "1e-"] {
            let end = (ErrorKind::Incomplete, json.len());
            assert_eq!(read::<Duration>(json), Err(end), "{json}");
        }
        assert_eq!(read::<Duration>("NaN"), Err((ErrorKind::Syntax, 0)));
        assert_eq!(read::<u64>("0x1"), Err((ErrorKind::Trailing, 1)));
        assert_eq!(read::<Duration>("1.2.3"), Err((ErrorKind::Trailing, 3)));
        assert_eq!(read::<Duration>("1e2.3"), Err((ErrorKind::Trailing, 3)));
    }

    #[test]
    fn decimals_are_exact_or_refused() {
        assert_eq!(units("90071992.54740993", 8), Ok(9_007_199_254_740_993));
        assert_eq!(
            (units("1.25", 2), units("1.25", 3), units("7", 3)),
            (Ok(125), Ok(1250), Ok(7000))
        );
        assert_eq!(units("-0.00000001", 8), Ok(-1));
        assert_eq!(units("1e-8", 8), Ok(1));
        assert_eq!(units("0.0000000100", 8), Ok(1));
        assert_eq!(units("92233720368.54775807", 8), Ok(i64::MAX));
        assert_eq!(units("92233720368.547758070000", 8), Ok(i64::MAX));
        assert_eq!(units("-92233720368.54775808", 8), Ok(i64::MIN));
        assert_eq!(units("92233720368.54775808", 8), Err(ErrorKind::Range));
        assert_eq!(units("0.000000001", 8), Err(ErrorKind::Precision));
        assert_eq!(units("1.00000000000000000000001", 8), Err(ErrorKind::Precision));
        assert_eq!(units("1e400", 8), Err(ErrorKind::Range));
        assert_eq!(units("1e-400", 8), Err(ErrorKind::Precision));
        assert_eq!(units("0e400", 8), Ok(0));
        assert_eq!(units("922337203685477580.7", 1), Ok(i64::MAX));
        assert_eq!(units("18446744073709551610e-2", 1), Ok(1_844_674_407_370_955_161));
        assert_eq!(units("18446744073709551610000e-4", 0), Ok(1_844_674_407_370_955_161));
        assert_eq!(units("18446744073709551619000e-5", 0), Err(ErrorKind::Precision));
        assert_eq!(units("18446744073709551610011e-4", 0), Err(ErrorKind::Precision));
        assert_eq!(units("1844674407370955161900e-4", 2), Err(ErrorKind::Range));
        assert_eq!(units(&format!("1e-{}", "9".repeat(40)), 8), Err(ErrorKind::Precision));
        assert_eq!(units(&format!("0.{}1e1001", "0".repeat(1000)), 0), Ok(1));
        assert_eq!(units(&format!("1{}e-1000", "0".repeat(1000)), 0), Ok(1));
    }

    #[test]
    fn the_number_of_places_decides_what_a_number_is_rounded_to() {
        for (json, places, units) in [("1.25,", 1, 13), ("1.25,", 2, 125), ("1.25,", 3, 1250), ("7,", 3, 7000)] {
            let mut reader = Reader::new(json.as_bytes());
            assert_eq!(
                (reader.rounded(places), reader.finish()),
                (units, Ok(())),
                "{json} {places}"
            );
        }
        for (json, units) in [("3,", 300_000_000), ("-1234567890.5]", -123_456_789_050_000_000)] {
            let mut reader = Reader::new(json.as_bytes());
            assert_eq!((reader.amount(), reader.finish()), (units, Ok(())), "{json}");
        }
    }

    #[test]
    fn ping_times_are_rounded_to_the_nearest_microsecond() {
        for (json, micros) in [
            ("6.499999999999999e-05", 65),
            ("0.0005509999999999999", 551),
            ("5e-05", 50),
            ("0.000123", 123),
            ("2.5", 2_500_000),
            ("1234567890.5", 1_234_567_890_500_000),
            ("1", 1_000_000),
            ("0.0000005", 1),
            ("0.00000049999999999999999999999", 0),
            ("1234567890.1234565", 1_234_567_890_123_457),
            ("1234567890123.4567894999999", 1_234_567_890_123_456_789),
            ("1234567890123.4567895", 1_234_567_890_123_456_790),
            // More digits than 64 bits have: the first of those, and whether there are others, decide.
            ("2345678901234.567890", 2_345_678_901_234_567_890),
            ("2345678901234.5678904", 2_345_678_901_234_567_890),
            ("2345678901234.5678905", 2_345_678_901_234_567_891),
            ("2345678901234.56789049", 2_345_678_901_234_567_890),
            ("2345678901234.56789005", 2_345_678_901_234_567_890),
            ("23456789012345678904.9e-7", 2_345_678_901_234_567_890),
            ("234567890123456789050e-8", 2_345_678_901_234_567_891),
        ] {
            assert_eq!(read(json), Ok(Duration::from_micros(micros)), "{json}");
        }
    }

    #[test]
    fn a_duration_is_written_with_the_decimals_that_it_needs() {
        for (micros, text) in [(2_000_000, "2"), (2_500_000, "2.5"), (65, "0.000065")] {
            let mut buf = [0; 8];
            let written = crate::json::to_slice(&Duration::from_micros(micros), &mut buf).unwrap();
            assert_eq!(written, text.as_bytes());
        }
    }

    #[test]
    fn a_number_that_is_kept_as_text_may_be_of_any_size() {
        let digits = "9".repeat(400);
        for json in ["0", "-0", "12.50", "6.5e-05", "1E+400", digits.as_str()] {
            let number: super::Number<&str> = from_slice(json.as_bytes()).unwrap();
            assert_eq!((number.as_str(), number.to_string()), (json, json.to_owned()));
            let mut buf = [0; 400];
            assert_eq!(crate::json::to_slice(&number, &mut buf).unwrap(), json.as_bytes());
        }
        for (json, kind, offset) in [
            (" 01", ErrorKind::Number, 2),
            ("1.", ErrorKind::Incomplete, 2),
            ("\"1\"", ErrorKind::Expected(Type::Number), 0),
            ("]", ErrorKind::Syntax, 0),
        ] {
            let error = from_slice::<super::Number<&str>>(json.as_bytes()).unwrap_err();
            assert_eq!((error.kind.json(), error.offset), (Some(kind), offset), "{json}");
        }
        let error = from_slice::<super::Number<crate::json::Truncated<3>>>(b"1234").unwrap_err();
        assert_eq!((error.kind.json(), error.offset), (Some(ErrorKind::TooLong), 0));
        assert_eq!(super::Number::<&str>::default().parse(), Some(0_u8));
    }

    proptest! {
        #[test]
        fn any_integer_survives_the_way_there_and_back(unsigned: u64, signed: i64) {
            prop_assert_eq!(read(&unsigned.to_string()), Ok(unsigned));
            prop_assert_eq!(read(&signed.to_string()), Ok(signed));
            let mut buf = [0; 20];
            let written = crate::json::to_slice(&signed, &mut buf).unwrap();
            let text = signed.to_string();
            prop_assert_eq!(written, text.as_bytes());
        }

        #[test]
        fn any_duration_survives_the_way_there_and_back(micros in 0..=i64::MAX.unsigned_abs()) {
            let duration = Duration::from_micros(micros);
            let mut buf = [0; 32];
            let written = crate::json::to_slice(&duration, &mut buf).unwrap();
            prop_assert_eq!(from_slice(written), Ok(duration));
        }

        /// The same number with its point moved elsewhere is the same number of units.
        #[test]
        fn the_form_of_a_decimal_does_not_matter(value: i64, places in 0_u8..18, shift in 0_usize..40) {
            let digits = format!("{:020}", value.unsigned_abs());
            let sign = if value < 0 { "-" } else { "" };
            let padded = format!("{digits}{}", "0".repeat(shift));
            let (integer, fraction) = padded.split_at(padded.len() - shift.max(1));
            let moved = i64::try_from(fraction.len()).unwrap() - i64::try_from(shift).unwrap();
            let exponent = moved - i64::from(places);
            let integer = match integer.trim_start_matches('0') { "" => "0", integer => integer };
            let json = format!("{sign}{integer}.{fraction}e{exponent}");
            prop_assert_eq!(units(&json, places), Ok(value), "{}", json);
        }
    }
}
