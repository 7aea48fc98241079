//! The values of the crate beside those of serde_json: whether both read the same from a reply.

use defichain_net_rpc::BufferTooSmall;
use defichain_net_rpc::json::{ErrorKind, ToJson, to_slice};
use serde_json::Value;

/// What serde_json finds in the form that the crate writes a value in.
pub fn written(value: &(impl ToJson + ?Sized)) -> Value {
    let mut buf = Vec::new();
    if let Err(BufferTooSmall { needed, .. }) = to_slice(value, &mut buf) {
        buf.resize(needed, 0);
    }
    let json = to_slice(value, &mut buf).expect("the size that was told is enough");
    serde_json::from_slice(json).expect("what is written is JSON")
}

/// Whether a value that was read and written back is the one that was given. Members that the crate does not know are
/// not written; whether others are left out as well is for [`keeps`] to tell.
pub fn same(member: &str, given: &Value, written: &Value) -> bool {
    match (given, written) {
        (Value::Object(given), Value::Object(written)) => written
            .iter()
            .all(|(name, value)| given.get(name).is_some_and(|given| same(name, given, value))),
        (Value::Array(given), Value::Array(written)) => {
            given.len() == written.len()
                && given
                    .iter()
                    .zip(written)
                    .all(|(given, value)| same(member, given, value))
        }
        (Value::Number(given), Value::Number(written)) => {
            let given = Decimal::new(given.as_str());
            let given = match member {
                "pingtime" | "minping" | "pingwait" => given.rounded(6),
                _ => given,
            };
            given == Decimal::new(written.as_str())
        }
        (Value::Number(given), Value::String(written)) if matches!(member, "services" | "localservices") => {
            let bits = u64::from_str_radix(written, 16).expect("services are written as hex digits");
            Decimal::new(given.as_str()) == Decimal::new(&bits.to_string())
        }
        _ => given == written,
    }
}

/// Whether an object that was written back has this member if the given one has it; members that are null are left out.
/// If it is an object itself, it must have all its members.
pub fn keeps(member: &str, given: &Value, written: &Value) -> bool {
    match (&given[member], &written[member]) {
        (Value::Null, _) => true,
        (Value::Object(given), Value::Object(written)) => given.len() == written.len(),
        (_, written) => !written.is_null(),
    }
}

/// Whether a text with this error is no JSON at all, rather than not the JSON that was expected.
pub fn is_malformed(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Incomplete
            | ErrorKind::Syntax
            | ErrorKind::Trailing
            | ErrorKind::Utf8
            | ErrorKind::Control
            | ErrorKind::Escape
            | ErrorKind::Surrogate
            | ErrorKind::Number
    )
}

/// A JSON text in which each number is one that serde has an exact form for: not `-0`, which it takes for no integer, and no
/// fraction or exponent with more than the 15 digits that a double can hold.
pub fn plain_numbers(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut rest = text;
    while let [byte, after @ ..] = rest {
        let len = match byte {
            b'"' => string_len(rest),
            b'-' | b'0'..=b'9' => {
                let is_part = |byte: &u8| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
                let len = rest.iter().take_while(|byte| is_part(byte)).count();
                plain.extend(plain_number(&rest[..len]));
                rest = &rest[len..];
                continue;
            }
            _ => rest.len() - after.len(),
        };
        plain.extend(&rest[..len]);
        rest = &rest[len..];
    }
    plain
}

fn plain_number(number: &[u8]) -> Vec<u8> {
    if number == b"-0" {
        return b"0".to_vec();
    }
    let mut plain = number.to_vec();
    if number.iter().all(|byte| matches!(byte, b'-' | b'0'..=b'9')) {
        return plain;
    }
    let end = number.iter().position(|byte| matches!(byte, b'e' | b'E'));
    let mantissa = &mut plain[..end.unwrap_or(number.len())];
    let digits = mantissa.iter_mut().filter(|byte| byte.is_ascii_digit());
    let significant = digits.skip_while(|digit| **digit == b'0');
    significant.skip(15).for_each(|digit| *digit = b'0');
    plain
}

/// How long the string at the beginning of a text is, with its quotes.
fn string_len(text: &[u8]) -> usize {
    let mut escaped = false;
    let end = text.iter().skip(1).position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
}

/// An exact number in its only form: no zeros at either end of the digits, and zero has none.
#[derive(Debug, PartialEq)]
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    /// The power of ten of the last digit.
    exponent: i128,
}

impl Decimal {
    /// The value of a well-formed number. Exponents beyond `i128` saturate: the crate reads none of those, but as zero.
    fn new(number: &str) -> Self {
        let magnitude = number.trim_start_matches('-');
        let (mantissa, exponent) = magnitude.split_once(['e', 'E']).unwrap_or((magnitude, "0"));
        let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let beyond = if exponent.starts_with('-') {
            i128::MIN
        } else {
            i128::MAX
        };
        Self::from_parts(
            number.starts_with('-'),
            [integer, fraction].concat().into_bytes(),
            exponent
                .parse()
                .unwrap_or(beyond)
                .saturating_sub(fraction.len() as i128),
        )
    }

    fn from_parts(negative: bool, mut digits: Vec<u8>, exponent: i128) -> Self {
        let zeros = digits.iter().rev().take_while(|digit| **digit == b'0').count();
        digits.truncate(digits.len() - zeros);
        let zero = digits.is_empty();
        Self {
            negative: negative && !zero,
            digits: digits.into_iter().skip_while(|digit| *digit == b'0').collect(),
            exponent: if zero {
                0
            } else {
                exponent.saturating_add(zeros as i128)
            },
        }
    }

    /// The nearest number with so many decimals; halves go away from zero.
    fn rounded(mut self, places: i128) -> Self {
        let excess = (-places).saturating_sub(self.exponent);
        if excess <= 0 {
            return self;
        }
        // A zero in front keeps the digit that rounding may carry into.
        self.digits.insert(0, b'0');
        let Some(kept) = usize::try_from(excess)
            .ok()
            .and_then(|excess| self.digits.len().checked_sub(excess))
            .filter(|kept| *kept > 0)
        else {
            return Self::from_parts(false, Vec::new(), 0);
        };
        let up = self.digits[kept] >= b'5';
        self.digits.truncate(kept);
        if up {
            let nines = self.digits.iter().rev().take_while(|digit| **digit == b'9').count();
            self.digits[kept - nines..].fill(b'0');
            self.digits[kept - nines - 1] += 1;
        }
        Self::from_parts(self.negative, self.digits, -places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_a_number_does_not_matter() {
        for form in ["0.00001", "0.00001000", "1e-5", "10E-6", "0.1e-04", "1000e-0008"] {
            assert_eq!(Decimal::new(form), Decimal::new("0.00001"), "{form}");
        }
        for zero in [
            "0",
            "-0",
            "0.00",
            "0e9",
            "-0e-99999999999999999999999999999999999999999",
        ] {
            assert_eq!(Decimal::new(zero), Decimal::new("0"), "{zero}");
        }
        for other in ["0.00001001", "-0.00001", "0.0001", "1e5", "0"] {
            assert_ne!(Decimal::new(other), Decimal::new("0.00001"), "{other}");
        }
    }

    #[test]
    fn plain_numbers_are_those_that_serde_can_hold() {
        for (text, plain) in [
            ("[0,-1,-0.5e-7]", "[0,-1,-0.5e-7]"),
            (r#"{"-0":-0,"a":"\"-0\\"}"#, r#"{"-0":0,"a":"\"-0\\"}"#),
            ("18446744073709551615", "18446744073709551615"),
            ("0.0000004999999999999999", "0.0000004999999999999990"),
            ("-1234567890.12345678E+09", "-1234567890.12345000E+09"),
            ("\"-0", "\"-0"),
        ] {
            assert_eq!(String::from_utf8_lossy(&plain_numbers(text.as_bytes())), plain);
        }
    }

    #[test]
    fn numbers_are_rounded_to_the_nearest() {
        for (number, rounded) in [
            ("6.499999999999999e-05", "0.000065"),
            ("0.0000644999999", "0.000064"),
            ("0.0000645", "0.000065"),
            ("0.9999995", "1"),
            ("9999.9999995", "10000"),
            ("0.0000005", "0.000001"),
            ("-0.0000005", "-0.000001"),
            ("0.00000049", "0"),
            ("5e-99999999999999999999999999999999999999999", "0"),
            ("1e3", "1000"),
            ("0.000123", "0.000123"),
        ] {
            assert_eq!(Decimal::new(number).rounded(6), Decimal::new(rounded), "{number}");
        }
    }

    #[test]
    fn what_differs_is_not_the_same() {
        let value = |json: &str| serde_json::from_str::<Value>(json).unwrap();
        for (given, written, expected) in [
            (r#"{"a":1,"new":2,"b":null}"#, r#"{"a":1.0}"#, true),
            (r#"{"a":1}"#, r#"{"a":2}"#, false),
            (r#"{"b":1}"#, r#"{"a":1}"#, false),
            ("[1,2]", "[1]", false),
            (r#"{"pingtime":0.00000149}"#, r#"{"pingtime":0.000001}"#, true),
            (r#"{"other":0.00000149}"#, r#"{"other":0.000001}"#, false),
            (r#"{"services":1033}"#, r#"{"services":"0000000000000409"}"#, true),
            (r#"{"services":1032}"#, r#"{"services":"0000000000000409"}"#, false),
            (r#"{"other":1033}"#, r#"{"other":"0000000000000409"}"#, false),
            ("null", "false", false),
        ] {
            assert_eq!(same("", &value(given), &value(written)), expected, "{given} {written}");
        }
        for (given, written, expected) in [
            ("{}", "{}", true),
            (r#"{"a":null}"#, "{}", true),
            (r#"{"a":0}"#, "{}", false),
            (r#"{"a":{"b":1,"c":2}}"#, r#"{"a":{"b":1}}"#, false),
        ] {
            assert_eq!(
                keeps("a", &value(given), &value(written)),
                expected,
                "{given} {written}"
            );
        }
    }
}
