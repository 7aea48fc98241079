//! Numbers of a few digits, read as every type that there is.

use std::time::Duration;

use defichain_net_rpc::json::{self, ErrorKind, Reader, Type};
use defichain_net_rpc::{Amount, Error};
use serde_json::Number;

use crate::{Then, each_text};

/// Digits at which something changes, and the two halves of the largest integer.
const INTEGERS: &[&[u8]] = &[b"-", b"0", b"1", b"9", b".", b"e", b"18446744073", b"709551615"];

/// The same for the largest amount.
const DECIMALS: &[&[u8]] = &[b"-", b"0", b"5", b".", b"e", b"00000000", b"92233720368", b"54775807"];

#[test]
fn an_integer_is_read_if_another_parser_reads_it() {
    let mut accepted = 0;
    each_number(INTEGERS, &mut |text| {
        // It takes this for a float.
        let zero = text == "-0";
        let ours = [
            json::from_slice::<u64>(text.as_bytes()).ok().map(i128::from),
            json::from_slice::<i64>(text.as_bytes()).ok().map(i128::from),
            json::from_slice::<u16>(text.as_bytes()).ok().map(i128::from),
            json::from_slice::<i32>(text.as_bytes()).ok().map(i128::from),
        ];
        let theirs = [
            serde_json::from_str::<u64>(text).ok().map(i128::from),
            serde_json::from_str::<i64>(text).ok().map(i128::from),
            serde_json::from_str::<u16>(text).ok().map(i128::from),
            serde_json::from_str::<i32>(text).ok().map(i128::from),
        ];
        assert_eq!(ours, if zero { [Some(0); 4] } else { theirs }, "{text}");
        accepted += usize::from(ours[0].is_some());
        if let Err(error) = json::from_slice::<u64>(text.as_bytes()) {
            let whole = !text.contains(['.', 'e']);
            let kind = if whole {
                ErrorKind::Range
            } else {
                ErrorKind::Expected(Type::Integer)
            };
            assert_eq!((error.kind.json(), error.offset), (Some(kind), 0), "{text}");
        }
    });
    assert!(accepted > 1000, "{accepted}");
}

#[test]
fn a_decimal_is_exact_or_refused_and_a_time_is_rounded() {
    let mut exact = 0;
    each_number(DECIMALS, &mut |text| {
        let kind = |error: Error| {
            assert_eq!(error.offset, 0, "{text}");
            error.kind.json().unwrap()
        };
        let amount = json::from_slice::<Amount>(text.as_bytes())
            .map(Amount::units)
            .map_err(kind);
        match (units(text, 8), amount) {
            (Some(units), Ok(amount)) => assert_eq!((amount, units.exact), (units.down, true), "{text}"),
            (Some(units), Err(ErrorKind::Precision)) => assert!(!units.exact, "{text}"),
            // What is not too large may be once it is rounded, and what is may have too many decimals as well.
            (Some(units), Err(ErrorKind::Range)) => assert!(!units.exact && units.nearest.is_none(), "{text}"),
            (None, Err(ErrorKind::Range | ErrorKind::Precision)) => {}
            (_, amount) => panic!("{text}: {amount:?}"),
        }
        exact += usize::from(amount.is_ok());

        let time = json::from_slice::<Duration>(text.as_bytes()).map_err(kind);
        let expected = units(text, 6).and_then(|units| u64::try_from(units.nearest?).ok());
        assert_eq!(
            time,
            expected.map(Duration::from_micros).ok_or(ErrorKind::Range),
            "{text}"
        );
    });
    assert!(exact > 1000, "{exact}");
}

/// Visits every number.
fn each_number(symbols: &[&[u8]], visit: &mut dyn FnMut(&str)) {
    each_text(symbols, &mut |text| {
        let mut reader = Reader::new(text);
        reader.skip();
        reader.end();
        match reader.finish().map_err(|error| error.kind.json()) {
            Ok(()) => visit(std::str::from_utf8(text).unwrap()),
            Err(Some(ErrorKind::Incomplete)) => {}
            Err(_) => return Then::Back,
        }
        Then::On
    });
}

/// A number in units of so many decimals.
struct Units {
    /// Without what is less than a unit.
    down: i64,
    exact: bool,
    /// Halves go away from zero.
    nearest: Option<i64>,
}

/// A number in units of so many decimals, if it is not too large.
fn units(text: &str, places: i32) -> Option<Units> {
    let number: Number = serde_json::from_str(text).unwrap();
    let (mantissa, exponent) = number.as_str().split_once('e').unwrap_or((number.as_str(), "0"));
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{integer}{fraction}");
    let negative = digits.starts_with('-');
    let digits = digits.trim_start_matches(['-', '0']);
    // Beyond a thousand it is nothing or too much, whatever the digits are.
    let beyond = if exponent.starts_with('-') { -1000 } else { 1000 };
    let exponent = exponent.parse::<i128>().unwrap_or(beyond).clamp(-1000, 1000) + i128::from(places);
    let point = exponent - fraction.len() as i128 + digits.len() as i128;
    let place = |index: i128| {
        usize::try_from(index)
            .ok()
            .and_then(|index| digits.as_bytes().get(index))
    };
    if !digits.is_empty() && point > 30 {
        return None;
    }
    let whole = (0..point.max(0)).fold(0, |whole, index| {
        whole * 10 + i128::from(place(index).map_or(0, |digit| digit - b'0'))
    });
    let up = point >= 0 && place(point).is_some_and(|digit| *digit >= b'5');
    let exact = (point.max(0)..digits.len() as i128).all(|index| place(index) == Some(&b'0'));
    let signed = |units: i128| i64::try_from(if negative { -units } else { units }).ok();
    Some(Units {
        down: signed(whole)?,
        exact,
        nearest: signed(whole + i128::from(up)),
    })
}
