//! Objects in which every member may be missing, lists and maps, by both paths of the reader.

use defichain_net_rpc::json::{ErrorKind, List, Map, Text};
use defichain_net_rpc::{Amount, json_object};
use serde_json::Value;

use crate::both_paths::both;
use crate::{Then, each_text};

json_object! {
    struct Outer<T> {
        inner: Option<Inner>,
        list: Option<List<T, u64>>,
        map: Option<Map<T, u64>>,
        text: Option<Text<T>>,
        last: Option<Amount>,
    }
}

json_object! {
    struct Inner {
        a: Option<u64>,
        b: Option<bool>,
    }
}

/// Visits every text by both paths; those that are read are JSON.
fn each(symbols: &[&[u8]]) {
    let mut accepted = 0;
    each_text(symbols, &mut |text| {
        let read = both::<Outer<&str>>(text);
        match read {
            Ok(_) => {
                accepted += 1;
                assert!(serde_json::from_slice::<Value>(text).is_ok(), "{}", text.escape_ascii());
                Then::On
            }
            Err(error) if error.kind.json() == Some(ErrorKind::Incomplete) => Then::On,
            Err(_) => Then::Back,
        }
    });
    assert!(accepted > 10, "{accepted}");
}

#[test]
fn an_object_within_an_object_begins_and_ends() {
    each(&[
        b"{",
        b"}",
        b",",
        b"\"inner\":",
        b",\"inner\":{\"a\":1",
        b"\"a\":1",
        b",\"b\":true",
        b"\"last\":0.5",
        b",\"other\":1",
        b" ",
        b"null",
    ]);
}

#[test]
fn lists_and_maps_begin_and_end() {
    each(&[
        b"{\"list\":",
        b"{\"map\":",
        b"\"a\":",
        b"[",
        b"]",
        b"{",
        b"}",
        b",",
        b"1",
        b"0",
        b",\"text\":\"\"",
        b" ",
    ]);
}
