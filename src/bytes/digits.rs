//! Decimal and hexadecimal digits.

use super::certain;

/// Returns the digits of a number below 10<sup>N</sup>, with leading zeros.
pub(crate) fn decimals<const N: usize>(mut value: u64) -> [u8; N] {
    let mut digits = [0; N];
    for digit in digits.iter_mut().rev() {
        let (rest, last) = div_rem(value, 10);
        *digit = b'0' | last.to_le_bytes()[0];
        value = rest;
    }
    digits
}

/// Divides by a number below 2<sup>24</sup>. Small processors have no instruction to divide 64 bits, and the function that is
/// linked for `/` is large.
pub(crate) fn div_rem(value: u64, divisor: u32) -> (u64, u32) {
    if let Ok(value) = u32::try_from(value) {
        let quotient = certain(value.checked_div(divisor));
        return (quotient.into(), value.wrapping_sub(quotient.wrapping_mul(divisor)));
    }
    let (mut quotient, mut rest) = (0, 0_u32);
    for byte in value.to_be_bytes() {
        rest = rest << 8 | u32::from(byte);
        let digit = certain(rest.checked_div(divisor));
        rest = rest.wrapping_sub(digit.wrapping_mul(divisor));
        quotient = quotient << 8 | u64::from(digit);
    }
    (quotient, rest)
}

/// Reads a number that consists of digits alone, at least one, without a sign.
#[inline(never)]
pub(crate) fn decimal(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0_u64, |value, byte| {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value.checked_mul(10)?.checked_add(digit.into())
    })
}

/// Returns the value of a hex digit.
pub(crate) fn hex(digit: u8) -> Option<u32> {
    char::from(digit).to_digit(16)
}

/// Returns the hex digit of a value below 16, in lower case as the node writes it.
pub(crate) fn hex_digit(value: u8) -> u8 {
    match value {
        ..10 => b'0' | value,
        _ => value.wrapping_add(b'a' - 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_nothing_but_digits() {
        for (text, value) in [
            ("0", Some(0)),
            ("007", Some(7)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("99999999999999999999", None),
            ("", None),
            ("+1", None),
            ("1 ", None),
            ("1/", None),
            ("1:", None),
        ] {
            assert_eq!(decimal(text.as_bytes()), value, "{text}");
        }
    }
}
