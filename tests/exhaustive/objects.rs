//! Objects of a few members in any order, and replies made of such, beside what `serde_json` finds in them.

use std::fmt;

use defichain_net_rpc::json::{self, ErrorKind, List, Map, Raw, Type};
use defichain_net_rpc::rpc::{Envelope, Items};
use defichain_net_rpc::{self as rpc, Error, json_object, response};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::{Then, each_text};

json_object! {
    struct Pair {
        first: u64,
        second: Option<u64> = "2nd",
    }
}

/// The members of an object in their order, those that come twice among them.
#[derive(Debug)]
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

const OBJECTS: &[&[u8]] = &[
    b"{",
    b"}",
    b",",
    b"\"first\":",
    b"\"f\\u0069rst\" :",
    b"\"2nd\":",
    b"\"\":",
    b"7",
    b"-1",
    b"null",
    b"[",
    b"]",
    b" ",
];

#[test]
fn an_object_is_read_as_its_members_say() {
    let mut accepted = 0;
    each_text(OBJECTS, &mut |text| {
        let ours = json::from_slice::<Pair>(text);
        let shown = text.escape_ascii();
        match serde_json::from_slice::<Members>(text) {
            Ok(Members(members)) => {
                accepted += usize::from(ours.is_ok());
                let ours = ours
                    .map(|pair| (pair.first, pair.second))
                    .map_err(|error| error.kind.json().unwrap());
                assert_eq!(ours, pair(&members), "{shown}");
                Then::On
            }
            // What is told of a value may be that it is of no use, before it is seen that it is malformed.
            Err(theirs) => refused(text, theirs.is_eof(), ours.unwrap_err()),
        }
    });
    assert!(accepted > 20, "{accepted}");
}

#[test]
fn a_map_and_a_list_are_read_if_all_their_values_are_numbers() {
    let mut accepted = 0;
    each_text(OBJECTS, &mut |text| {
        let shown = text.escape_ascii();
        let map = json::from_slice::<Map<&str, u64>>(text);
        let list = json::from_slice::<List<&str, u64>>(text);
        let members = serde_json::from_slice::<Members>(text);
        let numbers = members.as_ref().ok().and_then(|Members(members)| {
            let numbers = members
                .iter()
                .map(|(name, value)| Some((name.clone(), value.as_u64()?)));
            numbers.collect::<Option<Vec<_>>>()
        });
        let ours = map
            .as_ref()
            .ok()
            .map(|map| map.iter().map(|(name, value)| (name.to_string(), value)).collect());
        assert_eq!(ours, numbers, "{shown}");
        let theirs = serde_json::from_slice::<Vec<u64>>(text);
        assert_eq!(
            list.as_ref().ok().map(|list| list.iter().collect()),
            theirs.as_ref().ok().cloned(),
            "{shown}"
        );
        accepted += usize::from(map.is_ok()) + usize::from(list.is_ok());
        let (Err(map), Err(list)) = (map, list) else {
            return Then::On;
        };
        let eof = |error: Option<serde_json::Error>| error.is_some_and(|error| error.is_eof());
        let incomplete = eof(members.err()) || eof(theirs.err());
        match (refused(text, incomplete, map), refused(text, incomplete, list)) {
            (Then::Back, Then::Back) => Then::Back,
            _ => Then::On,
        }
    });
    assert!(accepted > 20, "{accepted}");
}

/// A reply as the node lays it out is read in another way than others.
const REPLIES: &[&[u8]] = &[
    b"{",
    b"}",
    b",",
    b"\"result\":8",
    b"\"result\":null",
    b"\"error\":null",
    b"\"error\":{\"code\":-28,\"message\":\"\"}",
    b"\"id\":1",
    b"\"id\":null",
    b"{\"result\":8",
    b",\"error\":null,\"id\":1}",
    b"\x0c",
    b"\n",
];

#[test]
fn a_reply_is_read_as_its_members_say() {
    let mut accepted = 0;
    each_text(REPLIES, &mut |text| {
        let shown = text.escape_ascii();
        let ours = response::<u64>(1, text);
        match serde_json::from_slice::<Members>(text) {
            Ok(Members(members)) => {
                accepted += usize::from(ours.is_ok());
                let ours = ours.map_err(|error| match error.kind {
                    rpc::ErrorKind::Json(kind) => Refused::Invalid(kind),
                    rpc::ErrorKind::Node(code) => Refused::Node(code.0),
                    rpc::ErrorKind::WrongId => Refused::WrongId,
                    kind => panic!("{shown}: {kind}"),
                });
                assert_eq!(ours, reply(&members), "{shown}");
                Then::On
            }
            Err(theirs) => match ours {
                Err(error) if error.kind.json().is_some() => refused(text, theirs.is_eof(), error),
                ours => panic!("{shown}: {ours:?} {theirs}"),
            },
        }
    });
    assert!(accepted > 20, "{accepted}");
}

#[test]
fn a_reply_is_the_same_with_its_envelope_first() {
    // Laid out as the node does it at both ends.
    let (begin, end) = (r#"{"result":"#, r#","error":null,"id":1}"#);
    let symbols = [
        r#"{"a":1"#,
        r#"{"result":"#,
        "[",
        "]",
        "}",
        ",",
        "8",
        "null",
        r#""id":1"#,
        r#""error":null"#,
        r#""x":"#,
        " ",
    ];
    let mut accepted = 0;
    for number in 0..symbols.len().pow(5) {
        let places = (0..5).map(|place| number / symbols.len().pow(place) % symbols.len());
        let middle: String = places.map(|symbol| symbols[symbol]).collect();
        let body = format!("{begin}{middle}{end}");
        let at_once = response::<Raw<&str>>(1, body.as_bytes());
        let envelope = Envelope::read(body.as_bytes());
        let step_by_step = envelope.and_then(|envelope| envelope.check_id(1).and_then(|()| envelope.result()));
        assert_eq!(at_once, step_by_step, "{body}");
        accepted += usize::from(at_once.is_ok());
        // What is wrong around items is told behind them.
        let items = response::<Items<'_, Raw<&str>>>(1, body.as_bytes());
        let read = items.is_ok_and(|mut items| items.all(|item| item.is_ok()));
        let is_array = at_once.is_ok_and(|result| result.as_str().starts_with('['));
        assert_eq!(read, is_array, "{body}");
    }
    assert!(accepted > 100, "{accepted}");
}

/// Why a reply gives no number.
#[derive(Debug, PartialEq)]
enum Refused {
    Invalid(ErrorKind),
    Node(i32),
    WrongId,
}

/// What these members are as a reply to the request 1.
fn reply(members: &[(String, Value)]) -> Result<u64, Refused> {
    let find = |name: &str| members.iter().find(|member| member.0 == name).map(|member| &member.1);
    if again(members, &["result", "error", "id"]) {
        return Err(Refused::Invalid(ErrorKind::Duplicate));
    }
    let (result, error) = (find("result"), find("error").filter(|error| !error.is_null()));
    // Beside an error it may be left out.
    let id = match (find("id"), error) {
        (Some(id), _) => id,
        (None, Some(_)) => &Value::Null,
        (None, None) => return Err(Refused::Invalid(ErrorKind::Missing)),
    };
    match (result, error) {
        (None, None) => Err(Refused::Invalid(ErrorKind::Missing)),
        (Some(result), Some(_)) if !result.is_null() => Err(Refused::Invalid(ErrorKind::Conflict)),
        (_, Some(_)) if *id == 1 || id.is_null() => Err(Refused::Node(-28)),
        _ if *id != 1 => Err(Refused::WrongId),
        (result, _) => {
            let wrong = Refused::Invalid(ErrorKind::Expected(Type::Integer));
            result.and_then(Value::as_u64).ok_or(wrong)
        }
    }
}

/// What these members are as a pair.
fn pair(members: &[(String, Value)]) -> Result<(u64, Option<u64>), ErrorKind> {
    let (mut first, mut second) = (None, None);
    for (name, value) in members {
        let number = match value {
            Value::Number(number) => number.as_u64().ok_or(ErrorKind::Range),
            _ => Err(ErrorKind::Expected(Type::Integer)),
        };
        match name.as_str() {
            "first" if first.is_some() => return Err(ErrorKind::Duplicate),
            "first" => first = Some(number?),
            "2nd" if second.is_some() => return Err(ErrorKind::Duplicate),
            "2nd" if value.is_null() => second = Some(None),
            "2nd" => second = Some(Some(number?)),
            _ => {}
        }
    }
    Ok((first.ok_or(ErrorKind::Missing)?, second.flatten()))
}

/// Whether one of these names comes twice.
fn again(members: &[(String, Value)], names: &[&str]) -> bool {
    let count = |name: &&&str| members.iter().filter(|member| member.0 == **name).count();
    names.iter().any(|name| count(&name) > 1)
}

/// Makes sure that a text is incomplete only if another parser says so too.
#[track_caller]
fn refused(text: &[u8], theirs_is_incomplete: bool, error: Error) -> Then {
    let shown = text.escape_ascii();
    if error.kind.json() == Some(ErrorKind::Incomplete) {
        assert!(theirs_is_incomplete, "{shown}: {error}");
        assert_eq!(error.offset, text.len(), "{shown}: {error}");
        return Then::On;
    }
    if theirs_is_incomplete { Then::On } else { Then::Back }
}
