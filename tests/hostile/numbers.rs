//! Numbers: what section 6 of RFC 8259 refuses, and what would lose something where it is read.

use std::time::Duration;

use defichain_net_rpc::json::{self, ErrorKind, Type};
use defichain_net_rpc::{Amount, Error, response};

use crate::places::{ID, Probe, malformed, malformed_behind, read, skipped};

#[test]
fn a_malformed_number_is_refused_where_it_goes_wrong() {
    for (value, index) in [
        ("01", 1),
        ("00", 1),
        ("-01", 2),
        ("-", 1),
        ("--1", 1),
        ("-+1", 1),
        ("- 1", 1),
        ("-.5", 1),
        ("-Infinity", 1),
        ("-NaN", 1),
        ("5.", 2),
        ("5.e1", 2),
        ("5.-1", 2),
        ("1e", 2),
        ("1E", 2),
        ("1e+", 3),
        ("1E-x", 3),
        ("1e+-1", 3),
        ("1e.5", 2),
    ] {
        malformed(value, ErrorKind::Number, index);
    }
}

#[test]
fn what_begins_like_no_number_is_none() {
    for value in ["+1", ".5", "NaN", "Infinity", "inf", "\u{661}", "\u{ff11}", "x1", "$1"] {
        malformed(value, ErrorKind::Syntax, 0);
    }
}

#[test]
fn a_number_ends_where_its_grammar_does() {
    for (value, index) in [
        ("0x1", 1),
        ("1_000", 1),
        ("1'000", 1),
        ("1f", 1),
        ("1.5.6", 3),
        ("1e5.5", 3),
        ("1e5e5", 3),
        ("1n", 1),
    ] {
        malformed_behind(value, index);
    }
}

#[test]
fn a_number_of_any_size_may_be_skipped() {
    for value in [
        "-0",
        "-0.0",
        "0e0",
        "1e400",
        "1E+400",
        "-1.50e-400",
        "18446744073709551616",
        "1.0",
        "1e99999999999999999999",
    ] {
        skipped(value);
    }
}

#[test]
fn an_integer_is_exact_or_refused() {
    for (value, expected) in [("18446744073709551615", u64::MAX), ("0", 0), ("-0", 0), ("10", 10)] {
        assert_eq!(read("number", value, |all| all.number), Ok(expected));
    }
    for value in [
        "18446744073709551616",
        "28446744073709551615",
        "99999999999999999999",
        "100000000000000000000",
        "-1",
    ] {
        assert_eq!(
            read("number", value, |all| all.number),
            Err((ErrorKind::Range, 0, Some("number"))),
            "{value}"
        );
    }
    assert_eq!(read("signed", "-9223372036854775808", |all| all.signed), Ok(i64::MIN));
    assert_eq!(read("signed", "9223372036854775807", |all| all.signed), Ok(i64::MAX));
    for value in ["-9223372036854775809", "9223372036854775808", "-18446744073709551616"] {
        assert_eq!(
            read("signed", value, |all| all.signed),
            Err((ErrorKind::Range, 0, Some("signed"))),
            "{value}"
        );
    }
    assert_eq!(read("small", "65535", |all| all.small), Ok(u16::MAX));
    for value in ["65536", "-1"] {
        assert_eq!(
            read("small", value, |all| all.small),
            Err((ErrorKind::Range, 0, Some("small"))),
            "{value}"
        );
    }
}

#[test]
fn a_number_with_a_fraction_or_an_exponent_is_no_integer() {
    for value in ["1.0", "1e2", "1E2", "0e0", "1e400", "-0.0", "1e-1"] {
        let kind = ErrorKind::Expected(Type::Integer);
        assert_eq!(
            read("number", value, |all| all.number),
            Err((kind, 0, Some("number"))),
            "{value}"
        );
        assert_eq!(
            read("signed", value, |all| all.signed),
            Err((kind, 0, Some("signed"))),
            "{value}"
        );
    }
}

#[test]
fn an_amount_is_exact_or_refused() {
    for (value, units) in [
        ("90071992.54740993", 9_007_199_254_740_993),
        ("0.1", 10_000_000),
        ("1e-8", 1),
        ("0.000000010", 1),
        ("-0", 0),
        ("0e400", 0),
        ("0e-400", 0),
        ("92233720368.54775807", i64::MAX),
        ("-92233720368.54775808", i64::MIN),
    ] {
        assert_eq!(
            read("amount", value, |all| all.amount),
            Ok(Amount::from_units(units)),
            "{value}"
        );
    }
    for (value, kind) in [
        ("0.000000001", ErrorKind::Precision),
        ("0.123456789", ErrorKind::Precision),
        ("1e-9", ErrorKind::Precision),
        ("1e-400", ErrorKind::Precision),
        ("1e400", ErrorKind::Range),
        ("92233720368.54775808", ErrorKind::Range),
        ("-92233720368.54775809", ErrorKind::Range),
        ("\"0.1\"", ErrorKind::Expected(Type::Number)),
    ] {
        assert_eq!(
            read("amount", value, |all| all.amount),
            Err((kind, 0, Some("amount"))),
            "{value}"
        );
    }
}

#[test]
fn a_time_is_rounded_or_refused() {
    for (value, micros) in [
        ("1e-400", 0),
        ("-0", 0),
        ("4.9e-7", 0),
        ("5e-7", 1),
        ("9223372036854.775807", i64::MAX.unsigned_abs()),
    ] {
        assert_eq!(
            read("time", value, |all| all.time),
            Ok(Duration::from_micros(micros)),
            "{value}"
        );
    }
    for value in ["1e400", "-1", "-0.0000005", "9223372036854.775808"] {
        assert_eq!(
            read("time", value, |all| all.time),
            Err((ErrorKind::Range, 0, Some("time"))),
            "{value}"
        );
    }
}

#[test]
fn a_megabyte_of_digits_is_no_more_than_a_number() {
    let digits = "9".repeat(1 << 20);
    let zeros = "0".repeat(1 << 20);
    for number in [
        digits.clone(),
        format!("0.{digits}"),
        format!("1e{digits}"),
        format!("1e-{digits}"),
    ] {
        let body = format!("{{\"new\":{number},\"result\":{{\"new\":{number}}},\"error\":null,\"id\":1}}");
        assert!(response::<Probe>(ID, body.as_bytes()).is_ok(), "{}...", &number[..9]);
    }
    for (value, number, amount) in [
        (digits.clone(), Err(ErrorKind::Range), Err(ErrorKind::Range)),
        (
            format!("0.1{zeros}"),
            Err(ErrorKind::Expected(Type::Integer)),
            Ok(10_000_000),
        ),
        (
            format!("0.1{zeros}1"),
            Err(ErrorKind::Expected(Type::Integer)),
            Err(ErrorKind::Precision),
        ),
        (format!("1{zeros}"), Err(ErrorKind::Range), Err(ErrorKind::Range)),
        (
            format!("1e{digits}"),
            Err(ErrorKind::Expected(Type::Integer)),
            Err(ErrorKind::Range),
        ),
        (
            format!("1e-{digits}"),
            Err(ErrorKind::Expected(Type::Integer)),
            Err(ErrorKind::Precision),
        ),
        (
            format!("1e-0{zeros}1"),
            Err(ErrorKind::Expected(Type::Integer)),
            Ok(10_000_000),
        ),
    ] {
        let kind = |error: Error| {
            assert_eq!((error.offset, error.member), (0, None), "{}...", &value[..9]);
            error.kind.json().unwrap()
        };
        assert_eq!(
            json::from_slice::<u64>(value.as_bytes()).map_err(kind),
            number,
            "{}...",
            &value[..9]
        );
        assert_eq!(
            json::from_slice::<Amount>(value.as_bytes())
                .map(Amount::units)
                .map_err(kind),
            amount,
            "{}...",
            &value[..9]
        );
    }
}
