//! A JSON parser of another make, which has to agree about what is JSON and what it means.

use crate::exchanges;
use defichain_net_rpc::json::{self, ErrorKind, Reader, Text};
use defichain_net_rpc::network::{GetNetworkInfo, Ping};
use defichain_net_rpc::{Response, response};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

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
    let read = |body| response::<Response<'_, GetNetworkInfo>>(438, body).unwrap();
    assert_eq!(read(spaced.as_bytes()), read(body));
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
        let body = format!("{{\"new\":{text},\"result\":null,\"error\":null,\"id\":1}}");
        prop_assert_eq!(response::<Response<'_, Ping>>(1, body.as_bytes()), Ok(()));
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
#[track_caller]
fn agree(text: &[u8]) {
    let mut reader = Reader::new(text);
    reader.skip();
    reader.end();
    let ours = reader.finish().map_err(|error| error.kind.json().unwrap());
    let theirs = serde_json::from_slice::<Value>(text);
    let shown = text.escape_ascii();
    assert_eq!(ours.is_ok(), theirs.is_ok(), "{shown}: {ours:?} {theirs:?}");
    if let (Err(kind), Err(error), Ok(_)) = (ours, theirs, std::str::from_utf8(text)) {
        // The other one takes four characters for an escape before it looks at them.
        let incomplete = kind == ErrorKind::Incomplete || kind == ErrorKind::Escape && error.is_eof();
        assert_eq!(incomplete, error.is_eof(), "{shown}: {kind:?} {error}");
    }
}
