//! What the values of the crate can do beside being read: to be copied, compared, owned and printed.
#![cfg(feature = "alloc")]

use defichain_net_rpc::http::EndpointError;
use defichain_net_rpc::json::{Build, Keys, List, Map, Number, Raw, Truncated, from_slice};
use defichain_net_rpc::network::{NetworkInfo, VersionInfo, Warnings};

#[test]
fn a_list_is_iterated_twice_and_owned() {
    let list: List<&str, u64> = from_slice(b"[1,2,3]").unwrap();
    let mut values = list.iter();
    assert_eq!(values.next(), Some(1));
    assert!(values.clone().eq([2, 3]) && values.eq([2, 3]));
    let owned: List<String, u64> = list.into_owned();
    assert!(owned.iter().eq([1, 2, 3]));
}

#[test]
fn a_map_is_iterated_twice_and_owned() {
    let map: Map<&str, u64> = from_slice(br#"{"a":1,"b":2}"#).unwrap();
    let mut members = map.iter();
    assert_eq!(members.next().unwrap().1, 1);
    assert_eq!(members.clone().count(), 1);
    assert_eq!(members.next().unwrap().1, 2);
    let owned: Map<String, u64> = map.into_owned();
    assert_eq!(owned.iter().map(|(_, value)| value).sum::<u64>(), 3);
}

#[test]
fn numbers_and_raw_json_are_what_their_text_is() {
    let number: Number<&str> = from_slice(b"1.50").unwrap();
    assert_eq!(format!("{number:?}"), "1.50");
    assert_eq!(number.into_owned(), number);
    assert_ne!(from_slice::<Number<&str>>(b"1.5").unwrap(), number);
    let raw: Raw<&str> = from_slice(b"[1, 2]").unwrap();
    assert_eq!(raw.into_owned(), raw);
    assert_ne!(from_slice::<Raw<&str>>(b"[1,2]").unwrap(), raw);
}

#[test]
fn warnings_are_owned_in_either_form() {
    for (json, count) in [(&b"\"\""[..], 0), (b"\"one\"", 1), (br#"["one","two"]"#, 2)] {
        let warnings: Warnings<&str> = from_slice(json).unwrap();
        assert_eq!(warnings.into_owned().iter().count(), count);
    }
}

#[test]
fn a_response_is_owned_with_what_lies_in_it() {
    let version = br#"{"name":"DeFiChain","version":"3.2.8","numericVersion":3020800,"fullVersion":"DeFiChain:3.2.8",
        "userAgent":"/DeFiChain:3.2.8/","protoVersion":70036,"protoVersionMin":70023,"rpcVersion":"1","rpcVersionMin":"1",
        "spv":{"btc":{"version":70013,"min":70002,"userAgent":"/bread:2.1/"}}}"#;
    let borrowed: VersionInfo<&str> = from_slice(version).unwrap();
    let owned: VersionInfo<String> = from_slice(version).unwrap();
    assert_eq!(borrowed.into_owned(), owned);
    let network = br#"{"version":3020800,"subversion":"/DeFiChain:3.2.8/","protocolversion":70036,
        "localservices":"0000000000000409","localrelay":true,"timeoffset":0,"networkactive":true,"connections":0,
        "networks":[],"relayfee":0.00001,"incrementalfee":1.0,"localaddresses":[],"warnings":["a \"b\""]}"#;
    let borrowed: NetworkInfo<&str> = from_slice(network).unwrap();
    let owned: NetworkInfo<String> = from_slice(network).unwrap();
    assert_eq!(borrowed.into_owned(), owned);
}

#[test]
fn a_truncated_text_differs_from_a_whole_one() {
    let whole = truncated("abc");
    let cut = truncated("abcd");
    let other = truncated("abd");
    assert_eq!(whole, whole.clone());
    assert!(whole != cut && whole != other);
    assert_eq!(format!("{whole:?}"), "\"abc\"");
}

#[test]
fn the_error_of_an_endpoint_is_printed_as_words() {
    assert_eq!(format!("{:?}", EndpointError::Host), EndpointError::Host.to_string());
}

#[test]
fn the_table_of_an_object_is_computed_when_the_program_runs_too() {
    const NAMES: [&str; 2] = ["a", "type"];
    assert_eq!([Keys::name("a"), Keys::name("r#type")], NAMES);
    assert_eq!(Keys::table_len(&NAMES), b"\x01a\x04type".len());
    let table: [u8; 7] = Keys::table(&NAMES);
    assert_eq!(Keys::str(&table), "\x01a\x04type");
    assert_eq!(Keys::str(b"\xff"), "");
    assert_eq!(Keys::between("{\"", "a", "\":"), *b"{\"a\":");
    // What does not fit is left out, and no text is there in its place.
    assert_eq!(Keys::table::<2>(&NAMES), *b"\x01a");
    assert_eq!(Keys::between::<4>("{\"", "a", "\":"), *b"{\"a\0");
    let long = "a".repeat(128);
    assert!(std::panic::catch_unwind(|| Keys::table::<0>(&[&long])).is_err());
    assert_eq!(Keys::table::<128>(&[&long[1..]])[..2], *b"\x7fa");
}

fn truncated(text: &str) -> Truncated<3> {
    let mut truncated = Truncated::default();
    for character in text.split_inclusive(|_| true) {
        assert!(truncated.push_text(character));
    }
    truncated
}
