//! The two paths of the reader: the fast one, which takes what looks as usual, and the general one mean the same.

use std::ops::Range;

use crate::both_paths::{both, every_response, responses};
use crate::{methods, recordings, strategies};
use defichain_net_rpc::json::{ErrorKind, List, Map, Number, Raw, Text};
use defichain_net_rpc::{Amount, PeerAddress, Permission, Services, UnixTime, json_object, rpc};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

/// The results of all recorded replies.
fn results() -> Vec<String> {
    let bodies = recordings::all();
    let envelopes = bodies.iter().filter_map(|recording| {
        let envelope = rpc::Envelope::read(recording.body()).ok()?;
        Some(envelope.result::<Raw<&str>>().ok()?.as_str().to_owned())
    });
    let mut results = envelopes.collect::<Vec<_>>();
    results.sort();
    results.dedup();
    results
}

/// Short ones, and each peer by itself: to be changed at all places.
fn pieces() -> Vec<String> {
    let mut pieces = Vec::new();
    for result in results() {
        if let Ok(list) = defichain_net_rpc::json::from_slice::<List<&str, Raw<&str>>>(result.as_bytes()) {
            let objects = list.iter().filter(|element| element.as_str().starts_with('{'));
            pieces.extend(objects.map(|element| element.as_str().to_owned()).take(2));
        }
        if result.len() < 2000 {
            pieces.push(result);
        }
    }
    pieces.sort();
    pieces.dedup();
    assert!(pieces.len() > 20, "{}", pieces.len());
    pieces
}

#[test]
fn every_response_is_read_by_both() {
    methods::assert_all_listed(responses(b"null").into_iter().map(|(name, _)| name), |(_, response)| {
        response
    });
}

#[test]
fn every_recorded_result_is_the_same_by_both() {
    let mut read = 0;
    for result in results() {
        read += every_response(result.as_bytes());
    }
    assert!(read > 25, "{read}");
}

#[test]
fn every_recorded_result_is_the_same_by_both_wherever_it_ends() {
    for piece in pieces() {
        for end in 0..piece.len() {
            every_response(&piece.as_bytes()[..end]);
        }
    }
}

#[test]
fn every_recorded_result_is_the_same_by_both_with_a_byte_changed() {
    for piece in pieces() {
        let step = 1 + piece.len() / 100;
        let mut text = piece.into_bytes();
        for at in (0..text.len()).step_by(step) {
            let byte = text[at];
            for other in b"{}[],:\"\\ 0-.e\xff" {
                text[at] = *other;
                every_response(&text);
            }
            text[at] = byte;
        }
    }
}

/// What a text is made into.
#[derive(Clone, Debug)]
enum Change {
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Copy(Index, usize, Index),
}

impl Change {
    fn apply(&self, text: &mut Vec<u8>) {
        let range = |at: &Index, length: usize, text: &[u8]| -> Range<usize> {
            let at = at.index(text.len() + 1);
            at..text.len().min(at + length)
        };
        match self {
            Self::Insert(at, bytes) => {
                let at = range(at, 0, text);
                text.splice(at, bytes.iter().copied());
            }
            Self::Remove(at, length) => {
                let at = range(at, *length, text);
                text.drain(at);
            }
            Self::Copy(from, length, to) => {
                let copy = text[range(from, *length, text)].to_owned();
                let at = range(to, 0, text);
                text.splice(at, copy);
            }
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    const TOKENS: &[&str] = &[
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        " ",
        "\n",
        "0",
        "00",
        "-",
        "-0",
        ".",
        ".5",
        "e",
        "E+1",
        "1e400",
        "null",
        "true",
        "false",
        "\"\"",
        "{}",
        "[]",
        "\"x\":",
        "\"id\":1,",
        ",\"addr\":\"é\"",
        "\\u00e9",
        "\u{0}",
        "\u{1f}",
        "\u{7f}",
        "é",
        "\u{1d11e}",
        "18446744073709551615",
        "18446744073709551616",
        "123456789012345678",
        "1234567890123456789",
        "99999999.99999999",
        "0.123456785",
        "1.000000000",
    ];
    prop_oneof![
        4 => (any::<Index>(), select(TOKENS)).prop_map(|(at, token)| Change::Insert(at, token.into())),
        1 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Insert(at, vec![byte])),
        3 => (any::<Index>(), 1..12_usize).prop_map(|(at, length)| Change::Remove(at, length)),
        2 => (any::<Index>(), 1..40_usize, any::<Index>()).prop_map(|(from, length, to)| Change::Copy(from, length, to)),
    ]
}

fn made_up_result() -> impl Strategy<Value = Value> {
    prop_oneof![
        strategies::peers(),
        strategies::network_info(),
        strategies::added_nodes(),
        strategies::node_addresses(),
        strategies::bans(),
        strategies::version_info(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_changed_result_is_the_same_by_both(piece in select(pieces()), changes in vec(change(), 1..4)) {
        let mut text = piece.into_bytes();
        for change in &changes {
            change.apply(&mut text);
        }
        every_response(&text);
    }

    #[test]
    fn a_made_up_result_is_the_same_by_both(result in made_up_result(), changes in vec(change(), 0..3)) {
        let mut text = result.to_string().into_bytes();
        if changes.is_empty() {
            prop_assert!(every_response(&text) > 0);
        }
        for change in &changes {
            change.apply(&mut text);
        }
        every_response(&text);
    }
}

json_object! {
    /// A member of every type that has a fast path.
    struct Every<T> {
        text: Option<Text<T>>,
        unsigned: Option<u64>,
        signed: Option<i64>,
        byte: Option<u8>,
        small: Option<i8>,
        flag: Option<bool>,
        amount: Option<Amount>,
        seconds: Option<core::time::Duration>,
        time: Option<UnixTime>,
        services: Option<Services>,
        address: Option<PeerAddress<T>>,
        list: Option<List<T, u64>>,
        texts: Option<List<T, Text<T>>>,
        map: Option<Map<T, u64>>,
        names: Option<Map<T, Text<T>>>,
        number: Option<Number<T>>,
        raw: Option<Raw<T>>,
        inner: Option<Inner>,
    }
}

json_object! {
    struct Inner {
        a: Option<u64>,
        b: Option<bool>,
    }
}

/// Where a value of this type stands alone, at the end of an object, and before another member.
#[track_caller]
fn member(name: &str, value: &str) {
    for json in [
        format!("{{\"{name}\":{value}}}"),
        format!("{{\"{name}\":{value},\"raw\":1}}"),
        format!("{{\"{name}\":{value},\"later\":[],\"inner\":{{\"a\":1,\"later\":2,\"b\":true}}}}"),
        format!("{{\"unsigned\":7,\"{name}\":{value} ,\"inner\":{{\"b\":true}}}}"),
        format!("{{\"list\":[{value},{value}],\"map\":{{\"a\":{value},\"b\":{value}}},\"{name}\":{value}}}"),
        format!("{{\"{name}\":{value},\"{name}\":{value}}}"),
    ] {
        _ = both::<Every<&str>>(json.as_bytes());
        // One byte short, so that it ends within what is looked at together.
        _ = both::<Every<&str>>(&json.as_bytes()[..json.len() - 1]);
    }
}

const NAMES: [&str; 18] = [
    "text", "unsigned", "signed", "byte", "small", "flag", "amount", "seconds", "time", "services", "address", "list",
    "texts", "map", "names", "number", "raw", "inner",
];

#[test]
fn numbers_of_every_length_are_the_same_by_both() {
    for name in NAMES {
        for digits in 1..24 {
            for sign in ["", "-"] {
                for rest in ["", ".5", ".", "e1", ".50000000", "-", "0", " ", "\u{0}"] {
                    let number = &"91234567890123456789012345"[..digits];
                    member(name, &format!("{sign}{number}{rest}"));
                    member(name, &format!("{sign}0{number}{rest}"));
                    member(name, &format!("{sign}0.{number}{rest}"));
                    member(name, &format!("{sign}3.{number}{rest}"));
                }
            }
        }
    }
}

#[test]
fn texts_of_every_length_are_the_same_by_both() {
    for name in NAMES {
        for length in 0..26 {
            let plain = "/DeFiChain:4.2.5 (a! b)/~x"[..length].to_owned();
            member(name, &format!("\"{plain}\""));
            member(name, &format!("{{\"{plain}\":1}}"));
            for odd in [
                "é",
                "\u{1d11e}",
                "\\n",
                "\\u00e9",
                "\\x",
                "\u{1f}",
                "\u{7f}",
                "\"",
                "\\",
            ] {
                for at in [0, length / 2, length] {
                    let text = format!("{}{odd}{}", &plain[..at], &plain[at..]);
                    member(name, &format!("\"{text}\""));
                    member(name, &format!("{{\"{text}\":1,\"b\":2}}"));
                    member(name, &format!("[\"{text}\",\"{text}\"]"));
                }
            }
        }
    }
}

#[test]
fn hex_digits_are_the_same_by_both() {
    for byte in 0..=255_u8 {
        for at in [0, 3, 7, 8, 15] {
            let mut text = *b"{\"services\":\"0123456789abcdef\"}";
            text[13 + at] = byte;
            _ = both::<Every<&str>>(&text);
        }
    }
}

#[test]
fn permissions_and_directions_are_the_same_by_both() {
    for name in ["noban", "relay", "later", "", "no\\u0062an", "é"] {
        let list = format!("[\"{name}\",\"{name}\"]");
        _ = both::<List<&str, Permission<'_>>>(list.as_bytes());
    }
}

#[test]
fn white_space_anywhere_changes_nothing() {
    let compact = br#"{"text":"a","unsigned":1,"map":{"a":1,"b":2},"list":[1,2],"inner":{"a":1,"b":true}}"#;
    let value = both::<Every<&str>>(compact).unwrap();
    let meant: Value = serde_json::from_slice(compact).unwrap();
    for at in 0..=compact.len() {
        let spaced = [&compact[..at], b" ", &compact[at..]].concat();
        let same = serde_json::from_slice::<Value>(&spaced).is_ok_and(|spaced| spaced == meant);
        assert_eq!(
            both::<Every<&str>>(&spaced).is_ok_and(|spaced| spaced == value),
            same,
            "{at}"
        );
    }
}

#[test]
fn members_come_in_any_order_and_beside_others() {
    let members = [
        r#""text":"a""#,
        r#""unsigned":1"#,
        r#""later":{"x":[1]}"#,
        r#""map":{"a":1}"#,
        r#""inner":{"b":true}"#,
    ];
    let in_order = format!("{{{}}}", members.join(","));
    let value = both::<Every<&str>>(in_order.as_bytes()).unwrap();
    let mut count = 0;
    for first in 0..5 {
        for second in 0..5 {
            for third in 0..5 {
                for fourth in 0..5 {
                    let mut order = vec![first, second, third, fourth];
                    order.push(10_usize.saturating_sub(order.iter().sum()));
                    let text = format!(
                        "{{{}}}",
                        order
                            .iter()
                            .filter_map(|at| members.get(*at).copied())
                            .collect::<Vec<_>>()
                            .join(",")
                    );
                    let read = both::<Every<&str>>(text.as_bytes());
                    order.sort_unstable();
                    if order == [0, 1, 2, 3, 4] {
                        assert_eq!(read.as_ref(), Ok(&value), "{text}");
                        count += 1;
                    }
                }
            }
        }
    }
    assert_eq!(count, 120);
}

#[test]
fn an_object_has_to_begin_and_to_end() {
    for (json, offset) in [
        (r#"{"inner":}}"#, 9),
        (r#"{"inner":,"raw":1}}"#, 9),
        (r#"{"inner":{,"a":1}}"#, 10),
        (r#"{"inner":{"a":1,}}"#, 16),
        (r#"{"inner":{"a":1"b":true}}"#, 15),
        (r#"{"inner":{"a":1}"raw":1}"#, 16),
        (r#","raw":1}"#, 0),
        (r#"{,"raw":1}"#, 1),
        (r#"{"inner":{"a":1},,"raw":1}"#, 17),
    ] {
        let error = both::<Every<&str>>(json.as_bytes()).unwrap_err();
        assert_eq!(
            (error.kind.json(), error.offset),
            (Some(ErrorKind::Syntax), offset),
            "{json}"
        );
    }
    for json in ["{}", r#"{"inner":{}}"#, r#"{"map":{},"list":[]}"#] {
        assert!(both::<Every<&str>>(json.as_bytes()).is_ok(), "{json}");
    }
}
