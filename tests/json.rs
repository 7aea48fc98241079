//! Replies whose JSON is wrong, in members that are read and in members that are skipped; and a JSON parser of another
//! make that has to agree.

mod bodies;
mod exchanges;

use defichain_net_rpc::json::{self, Error, ErrorKind, MAX_DEPTH, Reader, Text, Type};
use defichain_net_rpc::network::{GetNetTotals, GetNetworkInfo, GetPeerInfo};
use defichain_net_rpc::{Amount, ResponseError, Services, response};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

/// What is wrong, at which byte of a value, and in which member.
type Fault = (ErrorKind, usize, Option<&'static str>);

#[test]
fn what_the_grammar_refuses_is_refused_where_it_stands() {
    for (value, index) in [
        ("", 0),
        (r#"{"a":1,}"#, 7),
        (r#"{"a":1,,"b":2}"#, 7),
        (r#"{,"a":1}"#, 1),
        ("[1,]", 3),
        ("[,1]", 1),
        ("[1,,2]", 3),
        ("{'a':1}", 1),
        ("'a'", 0),
        ("{a:1}", 1),
        ("{1:1}", 1),
        (r#"{"a"}"#, 4),
        (r#"{"a":}"#, 5),
        (r#"{"a";1}"#, 4),
        ("/**/1", 0),
        ("1/**/", 1),
        ("//1", 0),
        ("#1", 0),
        ("True", 0),
        ("nul", 3),
        ("nulL", 3),
        ("truee", 4),
        ("\u{b}1", 0),
        ("1\u{c}", 1),
        ("\u{2060}1", 0),
        ("\u{a0}1", 0),
        ("[1 true]", 3),
        ("[1;2]", 2),
        ("1 2", 2),
        ("\0", 0),
        ("1\0", 1),
        ("\u{feff}1", 0),
        ("[}", 1),
        ("{]", 1),
        ("+1", 0),
        (".5", 0),
        ("NaN", 0),
        ("Infinity", 0),
        ("0x1", 1),
        ("1_000", 1),
        ("\\u0031", 0),
    ] {
        let expected = (ErrorKind::Syntax, index, Some("result"));
        for skipped in [false, true] {
            let fault = fault_in_totals(value.as_bytes(), skipped);
            assert_eq!(fault, expected, "{value:?}");
        }
    }
}

#[test]
fn a_malformed_number_is_refused_where_it_goes_wrong() {
    for (value, index) in [
        ("01", 1),
        ("00", 1),
        ("-01", 2),
        ("-", 1),
        ("--1", 1),
        ("-Infinity", 1),
        ("5.", 2),
        ("5.e1", 2),
        ("1e", 2),
        ("1e+", 3),
        ("1E-x", 3),
    ] {
        for skipped in [false, true] {
            let fault = fault_in_totals(value.as_bytes(), skipped);
            assert_eq!(fault, (ErrorKind::Number, index, Some("result")), "{value}");
        }
    }
}

#[test]
fn a_number_of_any_size_may_be_skipped() {
    for value in [
        "-0",
        "0e0",
        "1e400",
        "1E+400",
        "-1.50e-400",
        "18446744073709551616",
        "1.0",
    ] {
        let body = totals(value.as_bytes(), true).0;
        assert!(response(&GetNetTotals, 37, &body).is_ok(), "{value}");
    }
}

#[test]
fn an_integer_that_does_not_fit_is_out_of_range() {
    let member = Some("totalbytesrecv");
    for value in [
        "18446744073709551616",
        "99999999999999999999",
        "100000000000000000000",
        "-1",
    ] {
        assert_eq!(
            fault_in_totals(value.as_bytes(), false),
            (ErrorKind::Range, 0, member),
            "{value}"
        );
    }
    for (value, expected) in [("18446744073709551615", u64::MAX), ("0", 0), ("-0", 0)] {
        let body = totals(value.as_bytes(), false).0;
        assert_eq!(response(&GetNetTotals, 37, &body).unwrap().total_bytes_recv, expected);
    }
    let wrong = fault_in_info(r#""version":3020800"#, r#""version":2147483648"#);
    assert_eq!(wrong, (ErrorKind::Range, 10, Some("version")));
}

#[test]
fn a_number_with_a_fraction_or_an_exponent_is_no_integer() {
    for value in ["1.0", "1e2", "1E2", "0e0", "1e400", "-0.0"] {
        let expected = (ErrorKind::Expected(Type::Integer), 0, Some("totalbytesrecv"));
        assert_eq!(fault_in_totals(value.as_bytes(), false), expected, "{value}");
    }
}

#[test]
fn an_amount_is_exact_or_refused() {
    let fee = |value: &str| {
        let body = info_with(r#""relayfee":0.00001000"#, &format!(r#""relayfee":{value}"#));
        response(&GetNetworkInfo, 38, body.as_bytes())
            .map(|info| info.relay_fee)
            .ok()
    };
    assert_eq!(
        fee("90071992.54740993"),
        Some(Amount::from_units(9_007_199_254_740_993))
    );
    assert_eq!(fee("0.1"), Some(Amount::from_units(10_000_000)));
    assert_eq!(fee("1e-8"), Some(Amount::from_units(1)));
    assert_eq!(fee("0.000000010"), Some(Amount::from_units(1)));
    for (value, kind) in [
        ("0.000000001", ErrorKind::Precision),
        ("0.123456789", ErrorKind::Precision),
        ("1e-9", ErrorKind::Precision),
        ("1e400", ErrorKind::Range),
        ("92233720368.54775808", ErrorKind::Range),
        ("\"0.1\"", ErrorKind::Expected(Type::Number)),
    ] {
        let wrong = fault_in_info(r#""relayfee":0.00001000"#, &format!(r#""relayfee":{value}"#));
        assert_eq!(wrong, (kind, 11, Some("relayfee")), "{value}");
    }
}

#[test]
fn a_megabyte_of_digits_is_no_more_than_a_number() {
    let digits = "9".repeat(1 << 20);
    let body = totals(digits.as_bytes(), true).0;
    assert!(response(&GetNetTotals, 37, &body).is_ok());
    let (body, start) = totals(digits.as_bytes(), false);
    let error = invalid(response(&GetNetTotals, 37, &body));
    assert_eq!((error.kind, error.offset), (ErrorKind::Range, start));
    let zeros = "0".repeat(1 << 20);
    for (value, expected) in [
        (format!("0.1{zeros}"), Ok(())),
        (format!("0.1{zeros}1"), Err(ErrorKind::Precision)),
        (format!("1{zeros}"), Err(ErrorKind::Range)),
        (format!("1e{digits}"), Err(ErrorKind::Range)),
        (format!("1e-{digits}"), Err(ErrorKind::Precision)),
    ] {
        assert_eq!(
            json::from_slice::<Amount>(value.as_bytes())
                .map(drop)
                .map_err(|error| error.kind),
            expected
        );
    }
}

#[test]
fn a_malformed_string_is_refused_where_it_goes_wrong() {
    for (text, kind, index) in [
        (b"a\x00b".as_slice(), ErrorKind::Control, 1),
        (b"a\nb", ErrorKind::Control, 1),
        (b"a\x1fb", ErrorKind::Control, 1),
        (b"a\\x", ErrorKind::Escape, 1),
        (b"a\\u12G4", ErrorKind::Escape, 1),
        (b"a\\U0041", ErrorKind::Escape, 1),
        (b"a\\'", ErrorKind::Escape, 1),
        (b"a\\\n", ErrorKind::Escape, 1),
        (b"a\\u+041", ErrorKind::Escape, 1),
        (b"a\\ud834", ErrorKind::Surrogate, 1),
        (b"a\\ud834b", ErrorKind::Surrogate, 1),
        (b"a\\ud834\\n", ErrorKind::Surrogate, 1),
        (b"a\\udd1e", ErrorKind::Surrogate, 1),
        (b"a\\udd1e\\ud834", ErrorKind::Surrogate, 1),
        (b"a\\ud834\\ud834", ErrorKind::Surrogate, 1),
        (b"a\xc0\x80", ErrorKind::Utf8, 1),
        (b"a\xe0\x80\x80", ErrorKind::Utf8, 1),
        (b"a\xed\xa0\x80", ErrorKind::Utf8, 1),
        (b"a\xf4\x90\x80\x80", ErrorKind::Utf8, 1),
        (b"a\xf8\x88\x80\x80\x80", ErrorKind::Utf8, 1),
        (b"a\xe2\x82", ErrorKind::Utf8, 1),
        (b"a\x80", ErrorKind::Utf8, 1),
        (b"a\xff", ErrorKind::Utf8, 1),
    ] {
        let expected = (kind, index + 1, Some("result"));
        let string = [b"\"", text, b"\""].concat();
        let shown = text.escape_ascii();
        assert_eq!(fault_in_warnings(&string, false), expected, "read: {shown}");
        assert_eq!(fault_in_warnings(&string, true), expected, "skipped: {shown}");
        let name = [b"{", string.as_slice(), b":0}"].concat();
        let expected = (kind, index + 2, Some("result"));
        assert_eq!(fault_in_warnings(&name, true), expected, "a name: {shown}");
    }
}

#[test]
fn strings_mean_what_their_escapes_say() {
    for (text, expected) in [
        (r"\ud834\udd1e", "\u{1d11e}"),
        (r"\uD834\uDD1E", "\u{1d11e}"),
        (r"\u0000", "\0"),
        (r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"),
        (r"\u00e9\u20AC", "é€"),
        ("\u{7f}é€𝄞\u{2028}", "\u{7f}é€𝄞\u{2028}"),
        (r"\\u0041", r"\u0041"),
    ] {
        let body = info_with(r#""warnings":"""#, &format!(r#""warnings":"{text}","new":"{text}""#));
        let info = response(&GetNetworkInfo, 38, body.as_bytes()).unwrap();
        assert_eq!(info.warnings, expected);
        assert_eq!(info.warnings.to_string(), expected);
    }
}

#[test]
fn a_body_that_is_not_utf_8_or_has_a_byte_order_mark_is_refused() {
    let recorded = exchanges::file("v3.2.8/idle-getnettotals.response.http");
    let text = std::str::from_utf8(exchanges::body(&recorded)).unwrap();
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (body, kind, offset) in [
        (["\u{feff}", text].concat().into_bytes(), ErrorKind::Syntax, 0),
        ([b"\xff\xfe", little.as_slice()].concat(), ErrorKind::Syntax, 0),
        ([b"\xfe\xff", big.as_slice()].concat(), ErrorKind::Syntax, 0),
        (little, ErrorKind::Syntax, 1),
        (big, ErrorKind::Syntax, 0),
        ([text.as_bytes(), b"\xff"].concat(), ErrorKind::Trailing, text.len()),
    ] {
        assert_eq!(fault(&body), (kind, offset, None));
    }
}

#[test]
fn nothing_but_white_space_may_surround_a_body() {
    let recorded = exchanges::file("v3.2.8/idle-getnettotals.response.http");
    let text = std::str::from_utf8(exchanges::body(&recorded)).unwrap().trim_end();
    let around = format!(" \t\r\n{text} \t\r\n");
    assert!(response(&GetNetTotals, 37, around.as_bytes()).is_ok());
    for more in ["{}", ",", "]", "x", "\u{b}", "\0"] {
        let body = format!("{text} {more}");
        assert_eq!(fault(body.as_bytes()), (ErrorKind::Trailing, text.len() + 1, None));
    }
    for empty in ["", " ", "\n\t \r"] {
        assert_eq!(fault(empty.as_bytes()), (ErrorKind::Incomplete, empty.len(), None));
    }
    assert_eq!(fault(b"[]"), (ErrorKind::Expected(Type::Object), 0, None));
    assert_eq!(fault(b"null"), (ErrorKind::Expected(Type::Object), 0, None));
}

#[test]
fn part_of_a_character_behind_a_body_is_refused() {
    for part in [b"\xc2".as_slice(), b"\xe2\x82", b"\xf0\x9d\x84"] {
        let body = [totals_text().trim_end().as_bytes(), part].concat();
        assert!(response(&GetNetTotals, 37, &body).is_err(), "{}", part.escape_ascii());
    }
}

#[test]
fn white_space_may_stand_between_all_tokens() {
    let recorded = exchanges::file("v3.2.8/miner-getnetworkinfo.response.http");
    let body = exchanges::body(&recorded);
    let mut spaced = String::new();
    let mut string = false;
    for c in std::str::from_utf8(body).unwrap().chars() {
        // No recorded string has an escape.
        string ^= c == '"';
        match c {
            ':' | ',' | '{' | '}' | '[' | ']' if !string => spaced.extend([' ', '\t', c, '\r', '\n']),
            _ => spaced.push(c),
        }
    }
    assert_eq!(
        response(&GetNetworkInfo, 438, spaced.as_bytes()),
        response(&GetNetworkInfo, 438, body)
    );
}

#[test]
fn names_may_be_escaped() {
    let recorded = exchanges::file("v3.2.8/miner-getnetworkinfo.response.http");
    let body = exchanges::body(&recorded);
    let mut escaped = std::str::from_utf8(body).unwrap().to_owned();
    for name in [
        "result",
        "error",
        "id",
        "version",
        "networks",
        "localaddresses",
        "score",
        "warnings",
        "name",
    ] {
        let (first, rest) = name.split_at(1);
        let new = format!("\"\\u{:04x}{rest}\":", u32::from(first.chars().next().unwrap()));
        assert!(escaped.contains(&format!("\"{name}\":")), "{name}");
        escaped = escaped.replace(&format!("\"{name}\":"), &new);
    }
    assert_eq!(
        response(&GetNetworkInfo, 438, escaped.as_bytes()),
        response(&GetNetworkInfo, 438, body)
    );
}

#[test]
fn unknown_members_are_skipped_in_every_object() {
    let recorded = exchanges::file("v3.2.8/miner-getnetworkinfo.response.http");
    let text = std::str::from_utf8(exchanges::body(&recorded)).unwrap();
    for value in [
        "null",
        "-1.5e3",
        r#""}\"""#,
        r#"[{"version":{}},[],"]"]"#,
        r#"{"version":1,"version":2}"#,
    ] {
        let first = text.replace("{\"", &format!("{{\"new\":{value},\""));
        let last = text.replace('}', &format!(",\"\":{value}}}"));
        for body in [first, last] {
            let info = response(&GetNetworkInfo, 438, body.as_bytes());
            assert_eq!(info, response(&GetNetworkInfo, 438, text.as_bytes()), "{value}");
        }
    }
}

#[test]
fn nesting_is_limited_in_members_that_are_skipped() {
    let limit = MAX_DEPTH as usize;
    for (open, close) in [("[", "]"), ("{\"\":", "}"), ("[{\"\":", "}]")] {
        let containers = open.matches(['[', '{']).count();
        // Beside the result, and within it, where the object around counts as well.
        for (depth, member, place) in [
            (limit, None, r#""error":null,"#),
            (limit - 1, Some("result"), r#""totalbytesrecv":0,"#),
        ] {
            let depth = depth / containers;
            let body = |value: &str| totals_text().replace(place, &format!("{place}\"new\":{value},"));
            let right = body(&(open.repeat(depth) + "0" + &close.repeat(depth)));
            assert!(response(&GetNetTotals, 37, right.as_bytes()).is_ok());
            for more in [1, 2, 100_000] {
                let deep = body(&(open.repeat(depth + more) + "0" + &close.repeat(depth + more)));
                let error = invalid(response(&GetNetTotals, 37, deep.as_bytes()));
                assert_eq!((error.kind, error.member), (ErrorKind::Depth, member));
                let value = deep.find("\"new\":").unwrap() + 6;
                let within = value + open.len() * depth..value + open.len() * (depth + 1);
                assert!(within.contains(&error.offset));
            }
            // Without an end as well.
            let endless = body(&open.repeat(100_000));
            let error = invalid(response(&GetNetTotals, 37, endless.as_bytes()));
            assert_eq!(error.kind, ErrorKind::Depth);
        }
    }
}

#[test]
fn a_known_member_comes_once() {
    let text = totals_text();
    for (member, again, name) in [
        (r#""error":null,"#, r#""error":null,"#, "error"),
        (r#""error":null,"#, r#""result":1,"#, "result"),
        (r#""id":37"#, r#","id":37"#, "id"),
        (r#""totalbytessent":0,"#, r#""totalbytesrecv":0,"#, "totalbytesrecv"),
        (
            r#""totalbytessent":0,"#,
            r#""totalbytes\u0072ecv":0,"#,
            "totalbytesrecv",
        ),
        (r#""target":0,"#, r#""timeframe":86400,"#, "timeframe"),
    ] {
        let place = text.find(member).unwrap() + member.len();
        let (before, after) = text.split_at(place);
        let body = format!("{before}{again}{after}");
        let offset = place + again.find('"').unwrap();
        assert_eq!(
            fault(body.as_bytes()),
            (ErrorKind::Duplicate, offset, Some(name)),
            "{again}"
        );
    }
}

#[test]
fn a_required_member_that_is_missing_is_named() {
    let absent = ["localservices", "networkactive", "connections"];
    let bodies = each_member("v3.2.8/idle-getnetworkinfo.response.http", |name, info| {
        info.as_object_mut().unwrap().remove(name);
    });
    assert_eq!(bodies.len(), 13);
    for (name, body) in bodies {
        if absent.contains(&name.as_str()) {
            assert!(response(&GetNetworkInfo, 38, body.as_bytes()).is_ok(), "{name}");
            continue;
        }
        let error = invalid(response(&GetNetworkInfo, 38, body.as_bytes()));
        assert_eq!((error.kind, error.member), (ErrorKind::Missing, Some(name.as_str())));
        // The result is the last member here, and this its closing brace.
        assert_eq!(error.offset, body.len() - 2);
    }
}

#[test]
fn a_member_of_another_type_is_named() {
    let absent = ["localservices", "networkactive", "connections"];
    for wrong in [Value::Null, serde_json::json!({"a": []}), serde_json::json!([[]])] {
        let bodies = each_member("v3.2.8/idle-getnetworkinfo.response.http", |name, info| {
            info[name] = wrong.clone();
        });
        for (name, body) in bodies {
            if wrong.is_null() && absent.contains(&name.as_str()) {
                assert!(response(&GetNetworkInfo, 38, body.as_bytes()).is_ok());
                continue;
            }
            let error = invalid(response(&GetNetworkInfo, 38, body.as_bytes()));
            assert!(matches!(error.kind, ErrorKind::Expected(_)), "{name}: {error:?}");
            assert_eq!(error.member, Some(name.as_str()));
            let value = body.find(&format!("\"{name}\":{wrong}")).unwrap() + name.len() + 3;
            let element = usize::from(wrong.is_array() && ["networks", "localaddresses"].contains(&name.as_str()));
            assert_eq!(error.offset, value + element, "{name}");
        }
    }
}

#[test]
fn a_peer_may_lack_what_not_every_peer_has() {
    let optional = [
        "addrlocal",
        "addrbind",
        "pingtime",
        "minping",
        "pingwait",
        "banscore",
        "synced_headers",
        "synced_blocks",
        "inflight",
        "addr_processed",
        "addr_rate_limited",
    ];
    let bodies = each_member("v3.2.8/pingwait-getpeerinfo.response.http", |name, peers| {
        peers[1].as_object_mut().unwrap().remove(name);
    });
    assert_eq!(bodies.len(), 31);
    for (name, body) in bodies {
        let peers: Vec<_> = response(&GetPeerInfo, 444, body.as_bytes()).unwrap().collect();
        assert_eq!(peers.len(), 7);
        assert_eq!(
            peers.iter().filter(|peer| peer.is_err()).count(),
            usize::from(!optional.contains(&name.as_str()))
        );
        if let Err(error) = &peers[1] {
            assert_eq!((error.kind, error.member), (ErrorKind::Missing, Some(name.as_str())));
        }
    }
}

#[test]
fn services_that_are_not_16_digits_are_of_the_wrong_form() {
    for value in [
        "\"\"",
        "\"409\"",
        "\"000000000000040G\"",
        "\"00000000000004090\"",
        "\"0x00000000000409\"",
    ] {
        let new = format!(r#""localservices":{value}"#);
        let wrong = fault_in_info(r#""localservices":"0000000000000409""#, &new);
        assert_eq!(wrong, (ErrorKind::Form, 16, Some("localservices")), "{value}");
    }
    let body = info_with(
        r#""localservices":"0000000000000409""#,
        r#""localservices":"ffffffffffffffff""#,
    );
    let info = response(&GetNetworkInfo, 38, body.as_bytes()).unwrap();
    assert_eq!(info.local_services, Some(Services::from_bits(u64::MAX)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn a_text_of_json_tokens_is_skipped_if_another_parser_takes_it(text in tokens()) {
        agree(text.as_bytes());
    }

    #[test]
    fn a_text_of_number_characters_is_skipped_if_another_parser_takes_it(text in "[-+0-9.eE]{0,8}") {
        agree(text.as_bytes());
    }

    #[test]
    fn any_bytes_in_a_string_are_skipped_if_another_parser_takes_them(bytes in vec(any::<u8>(), 0..6)) {
        agree(&[b"[\"", bytes.as_slice(), b"\"]"].concat());
    }

    #[test]
    fn an_integer_is_read_if_another_parser_reads_it(text in "-?[0-9]{1,22}(\\.0|e0)?") {
        // The other one takes this for a float.
        prop_assume!(text != "-0");
        prop_assert_eq!(json::from_slice(text.as_bytes()).ok(), serde_json::from_str::<u64>(&text).ok());
        prop_assert_eq!(json::from_slice(text.as_bytes()).ok(), serde_json::from_str::<i64>(&text).ok());
        prop_assert_eq!(json::from_slice(text.as_bytes()).ok(), serde_json::from_str::<u16>(&text).ok());
    }

    #[test]
    fn a_string_with_escapes_is_what_another_parser_reads(
        text in "([a-zé𝄞 ]|\\\\[\"\\\\/bfnrtu]|\\\\u[0-9a-fA-F]{4}|\\\\u[dD][89a-fA-F][0-9a-f]{2}){0,6}"
    ) {
        let json = format!("\"{text}\"");
        let ours = json::from_slice::<Text<&str>>(json.as_bytes()).map(|text| text.to_string());
        prop_assert_eq!(ours.ok(), serde_json::from_str::<String>(&json).ok());
    }
}

proptest! {
    #[test]
    fn a_value_is_skipped_whole_and_incomplete_when_it_is_cut_off(text in value()) {
        let whole = format!("[{text}]");
        for len in 0..=whole.len() {
            agree(&whole.as_bytes()[..len]);
        }
    }

    #[test]
    fn a_value_that_is_changed_is_skipped_if_another_parser_takes_it(text in value(), at: usize, byte: u8) {
        let mut bytes = text.into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        agree(&bytes);
    }

    #[test]
    fn any_value_may_stand_in_a_member_that_is_skipped(text in value()) {
        let body = totals(text.as_bytes(), true).0;
        prop_assert!(response(&GetNetTotals, 37, &body).is_ok());
    }
}

/// Pieces of which JSON is made, and some of which it is not.
fn tokens() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        6 => prop::sample::select(vec!["{", "}", "[", "]", ",", ":", "\"a\"", "\"\"", "1", "null", "true", "false"]),
        2 => prop::sample::select(vec!["\"a\":", "\"a\":1,", "[1,", " ", "\n", "\t", "\r", "-", "0", ".5", "e3", "E-2"]),
        1 => prop::sample::select(vec![
            "\"", "\\", "\"\\u00e9\"", "\"\\ud834\\udd1e\"", "\"\\ud834\"", "\"\\udd1e\"", "\"\\n\"", "\"\\x\"", "\"é𝄞\"",
            "é", "\u{feff}", "\u{b}", "\0", "\u{7f}", "nul", "True", "//", "'a'", "01", "-0", "\"\u{1}\"", "\"\u{7f}\"",
            "\\u0041", "+", "_",
        ]),
    ];
    vec(token, 0..16).prop_map(|tokens| tokens.concat())
}

/// What follows the grammar, so that it is accepted unless it is cut off or changed.
fn value() -> impl Strategy<Value = String> {
    let text = "([ !#-\\[\\]-~é𝄞]|\\\\[\"\\\\/bfnrt]|\\\\u00[0-9a-fA-F]{2}|\\\\ud834\\\\udd1e){0,6}";
    let text = text.prop_map(|text| format!("\"{text}\""));
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,4})?",
        text.clone(),
    ];
    leaf.prop_recursive(6, 40, 5, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(|items| format!("[{}]", items.join(" , "))),
            vec((text.clone(), inner), 0..5).prop_map(|members| {
                let members: Vec<_> = members.iter().map(|(name, value)| format!("{name} :{value}")).collect();
                format!("{{{}}}", members.join(",\n"))
            }),
        ]
    })
}

/// Reads past a whole text. The other parser is asked for the value, because it does not look into strings otherwise.
fn agree(text: &[u8]) {
    let mut reader = Reader::new(text);
    let ours = reader.skip().and_then(|()| reader.end());
    let theirs = serde_json::from_slice::<Value>(text);
    let shown = text.escape_ascii();
    assert_eq!(ours.is_ok(), theirs.is_ok(), "{shown}: {ours:?} {theirs:?}");
    if let (Err(kind), Err(error), Ok(_)) = (ours, theirs, std::str::from_utf8(text)) {
        // The other one takes four characters for an escape before it looks at them.
        let incomplete = kind == ErrorKind::Incomplete || kind == ErrorKind::Escape && error.is_eof();
        assert_eq!(incomplete, error.is_eof(), "{shown}: {kind:?} {error}");
    }
}

/// A recorded reply to `getnettotals`.
fn totals_text() -> String {
    let recorded = exchanges::file("v3.2.8/idle-getnettotals.response.http");
    String::from_utf8(exchanges::body(&recorded).to_vec()).unwrap()
}

/// A reply to `getnettotals` with this value in a member that is read, or in one that is skipped; and where it begins.
fn totals(value: &[u8], skipped: bool) -> (Vec<u8>, usize) {
    let text = totals_text();
    let (before, after) = text.split_once(r#""totalbytesrecv":0"#).unwrap();
    let name = if skipped {
        r#""totalbytesrecv":0,"new":"#
    } else {
        r#""totalbytesrecv":"#
    };
    let body = [before.as_bytes(), name.as_bytes(), value, after.as_bytes()].concat();
    (body, before.len() + name.len())
}

/// What is wrong with a value in a reply to `getnettotals`.
fn fault_in_totals(value: &[u8], skipped: bool) -> Fault {
    let (body, start) = totals(value, skipped);
    let (kind, offset, member) = fault(&body);
    (kind, offset - start, member)
}

/// What is wrong with a reply to `getnettotals`.
fn fault(body: &[u8]) -> Fault {
    let error = bodies::invalid(body, |body| response(&GetNetTotals, 37, body).map(drop));
    let error = error.unwrap_or_else(|| panic!("{} is right", body.escape_ascii()));
    (error.kind, error.offset, error.member)
}

/// A recorded reply to `getnetworkinfo` with one part of it changed.
fn info_with(part: &str, new: &str) -> String {
    let recorded = exchanges::file("v3.2.8/idle-getnetworkinfo.response.http");
    let text = std::str::from_utf8(exchanges::body(&recorded)).unwrap();
    assert_eq!(text.matches(part).count(), 1, "{part}");
    text.replace(part, new)
}

/// What is wrong with a part of a reply to `getnetworkinfo`.
fn fault_in_info(part: &str, new: &str) -> Fault {
    let body = info_with(part, new);
    let error = bodies::invalid(body.as_bytes(), |body| response(&GetNetworkInfo, 38, body).map(drop)).unwrap();
    (error.kind, error.offset - body.find(new).unwrap(), error.member)
}

/// What is wrong with the text of the `warnings`, or of a member that is skipped in their place.
fn fault_in_warnings(value: &[u8], skipped: bool) -> Fault {
    let text = info_with(r#","warnings":"""#, "@");
    let (before, after) = text.split_once('@').unwrap();
    let name = if skipped {
        r#","warnings":"","new":"#
    } else {
        r#","warnings":"#
    };
    let body = [before.as_bytes(), name.as_bytes(), value, after.as_bytes()].concat();
    let error = bodies::invalid(&body, |body| response(&GetNetworkInfo, 38, body).map(drop)).unwrap();
    (error.kind, error.offset - before.len() - name.len(), error.member)
}

/// A recorded reply once for each member of its result, or of the second element of that, with the member changed.
fn each_member(name: &str, mut change: impl FnMut(&str, &mut Value)) -> Vec<(String, String)> {
    let recorded = exchanges::file(name);
    let reply: Value = serde_json::from_slice(exchanges::body(&recorded)).unwrap();
    let result = &reply["result"];
    let object = result.get(1).unwrap_or(result).as_object().unwrap();
    let bodies = object.keys().map(|member| {
        let mut reply = reply.clone();
        change(member, &mut reply["result"]);
        (member.clone(), reply.to_string())
    });
    bodies.collect()
}

fn invalid<T: std::fmt::Debug>(result: Result<T, ResponseError<'_>>) -> Error {
    match result.unwrap_err() {
        ResponseError::Invalid(error) => error,
        error => panic!("{error}"),
    }
}
