//! What RFC 8259 refuses outside of numbers and strings (sections 2 to 5, and 8.1).

use defichain_net_rpc::json::{self, ErrorKind, Text, Type};
use defichain_net_rpc::response;

use crate::bodies;
use crate::places::{ID, Probe, fault, in_every_framing, malformed, malformed_behind};

/// A reply that is right.
const REPLY: &str = r#"{"result":{"text":"a"},"error":null,"id":1}"#;

#[test]
fn a_value_must_be_there() {
    for value in ["", " ", "\n\t\r "] {
        malformed(value, ErrorKind::Syntax, value.len());
    }
}

#[test]
fn a_body_must_not_be_empty() {
    for body in ["", " ", "\n\t \r"] {
        refused(body, ErrorKind::Incomplete, body.len());
    }
}

#[test]
fn a_comma_stands_between_two_values_and_nowhere_else() {
    for (value, index) in [
        (r#"{"a":1,}"#, 7),
        (r#"{"a":1,,"b":2}"#, 7),
        (r#"{,"a":1}"#, 1),
        ("{,}", 1),
        ("[1,]", 3),
        ("[,1]", 1),
        ("[1,,2]", 3),
        ("[,]", 1),
    ] {
        malformed(value, ErrorKind::Syntax, index);
    }
}

#[test]
fn a_comma_or_a_bracket_must_follow_a_value() {
    for (value, index) in [
        ("[1 true]", 3),
        ("[1;2]", 2),
        ("[1:2]", 2),
        (r#"{"a":1 "b":2}"#, 7),
        (r#"{"a":1;"b":2}"#, 6),
        (r#"{"a":1:2}"#, 6),
        ("[1}", 2),
        (r#"{"a":1]"#, 6),
    ] {
        malformed(value, ErrorKind::Syntax, index);
    }
    for (value, index) in [("1 2", 2), ("1;", 1), ("1)", 1), ("[];", 2), ("{}{}", 2), ("null,", 5)] {
        malformed_behind(value, index);
    }
}

#[test]
fn a_bracket_closes_what_its_like_has_opened() {
    for (value, index) in [("[}", 1), ("{]", 1), ("]", 0), ("}", 0)] {
        malformed(value, ErrorKind::Syntax, index);
    }
}

#[test]
fn a_name_is_a_string_and_a_colon_follows_it() {
    for (value, index) in [
        ("{'a':1}", 1),
        ("{a:1}", 1),
        ("{1:1}", 1),
        ("{null:1}", 1),
        ("{[]:1}", 1),
        (r#"{"a"}"#, 4),
        (r#"{"a":}"#, 5),
        (r#"{"a";1}"#, 4),
        (r#"{"a"=1}"#, 4),
        (r#"{"a",1}"#, 4),
        (r#"{"a"::1}"#, 5),
        (r#"{"a" 1}"#, 5),
        (r#"{"a"1}"#, 4),
    ] {
        malformed(value, ErrorKind::Syntax, index);
    }
}

#[test]
fn a_string_has_double_quotes() {
    for value in ["'a'", "`a`", "a", "\\u0031", "\u{201c}a\u{201d}"] {
        malformed(value, ErrorKind::Syntax, 0);
    }
}

#[test]
fn there_are_no_comments() {
    for value in ["/**/1", "//1", "#1", "<!---->1"] {
        malformed(value, ErrorKind::Syntax, 0);
    }
    for value in ["[/**/]", "{//\n}", "[#\n]"] {
        malformed(value, ErrorKind::Syntax, 1);
    }
    for value in ["1/**/", "1//", "1#", "1 /**/", "null//\n"] {
        malformed_behind(value, value.find(['/', '#']).unwrap());
    }
}

#[test]
fn a_literal_is_written_out_in_lower_case() {
    for (value, index) in [
        ("True", 0),
        ("NULL", 0),
        ("False", 0),
        ("nil", 1),
        ("nul", 3),
        ("nulL", 3),
        ("tru", 3),
        ("trUe", 2),
        ("fals ", 4),
        ("undefined", 0),
    ] {
        malformed(value, ErrorKind::Syntax, index);
    }
    for value in ["truee", "null0", "falsefalse"] {
        malformed_behind(value, 4 + usize::from(value.starts_with('f')));
    }
}

#[test]
fn white_space_is_one_of_four_characters() {
    for space in [
        "\u{b}", "\u{c}", "\0", "\u{1f}", "\u{7f}", "\u{85}", "\u{a0}", "\u{2028}", "\u{2060}", "\u{3000}", "\u{feff}",
    ] {
        malformed(format!("{space}1"), ErrorKind::Syntax, 0);
        malformed(format!("[{space}1]"), ErrorKind::Syntax, 1);
        malformed(format!("[1{space}]"), ErrorKind::Syntax, 2);
        malformed(format!("{{{space}}}"), ErrorKind::Syntax, 1);
        malformed(format!("{{\"a\"{space}:1}}"), ErrorKind::Syntax, 4);
        malformed_behind(format!("1{space}"), 1);
        refused(format!("{space}{REPLY}"), ErrorKind::Syntax, 0);
        refused(format!("{REPLY}{space}"), ErrorKind::Trailing, REPLY.len());
    }
}

#[test]
fn nothing_but_white_space_may_surround_a_body() {
    let around = format!(" \t\r\n{REPLY} \t\r\n");
    in_every_framing(around.as_bytes(), |reply| {
        assert_eq!(reply.response::<Probe>().unwrap().text.unwrap(), "a");
    });
    for more in ["{}", ",", "]", "}", "x", "0", "\"", REPLY] {
        refused(format!("{REPLY}{more}"), ErrorKind::Trailing, REPLY.len());
        refused(format!("{REPLY}\n {more}"), ErrorKind::Trailing, REPLY.len() + 2);
    }
    for before in [",", "]", "}", ":", "x"] {
        refused(format!("{before}{REPLY}"), ErrorKind::Syntax, 0);
        refused(format!(" {before}{REPLY}"), ErrorKind::Syntax, 1);
    }
    assert_eq!(
        json::from_slice::<Text<&str>>(b"\"a\" 1").map_err(|error| (error.kind.json(), error.offset)),
        Err((Some(ErrorKind::Trailing), 4))
    );
}

#[test]
fn a_body_that_is_no_object_is_no_reply() {
    for body in ["[]", "null", "8", "\"a\"", "true"] {
        refused(body, ErrorKind::Expected(Type::Object), 0);
    }
}

#[test]
fn a_body_in_another_encoding_than_utf_8_is_refused() {
    let little: Vec<u8> = REPLY.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = REPLY.encode_utf16().flat_map(u16::to_be_bytes).collect();
    refused([b"\xff\xfe", little.as_slice()].concat(), ErrorKind::Syntax, 0);
    refused([b"\xfe\xff", big.as_slice()].concat(), ErrorKind::Syntax, 0);
    refused(little, ErrorKind::Syntax, 1);
    refused(big, ErrorKind::Syntax, 0);
}

#[test]
fn bytes_that_are_no_text_are_refused_between_values_as_any_others() {
    for bytes in [
        b"\xff".as_slice(),
        b"\x80",
        b"\xc2",
        b"\xc0\x80",
        b"\xe2\x81",
        b"\xf0\x9d\x84",
        b"\xed\xa0\x80",
    ] {
        malformed(bytes, ErrorKind::Syntax, 0);
        malformed([b"[1", bytes, b"]"].concat(), ErrorKind::Syntax, 2);
        malformed_behind([b"1", bytes].concat(), 1);
        refused([bytes, REPLY.as_bytes()].concat(), ErrorKind::Syntax, 0);
        refused([REPLY.as_bytes(), bytes].concat(), ErrorKind::Trailing, REPLY.len());
    }
}

/// Makes sure that a body is refused, which is no part of any member, whole and however it comes.
#[track_caller]
fn refused(body: impl AsRef<[u8]>, kind: ErrorKind, offset: usize) {
    let body = body.as_ref();
    let shown = body.escape_ascii().to_string();
    let error = bodies::invalid(body, |body| response::<Probe>(ID, body).map(drop));
    let expected = Some((kind, offset, None));
    assert_eq!(error.and_then(fault), expected, "{shown}");
    in_every_framing(body, |reply| {
        assert_eq!(reply.response::<Probe>().err().and_then(fault), expected, "{shown}");
    });
}
