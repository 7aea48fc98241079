//! The places in a reply where a JSON value may stand, read or skipped, and the ways in which the reply may come.

use std::fmt::Debug;
use std::time::Duration;

use defichain_net_rpc::json::{self, ErrorKind, List, Map, Text, Type};
use defichain_net_rpc::rpc::BatchResponse;
use defichain_net_rpc::{Amount, Error, Reply, json_object, response};

use crate::streams::receive;
use crate::{bodies, elements};

/// What is wrong, at which byte of a value, and in which member.
pub(crate) type Fault = (ErrorKind, usize, Option<&'static str>);

/// The id of every request here.
pub(crate) const ID: u64 = 1;

/// A response with a member of every type.
pub(crate) type Probe<'a> = Everything<&'a str>;

json_object! {
    pub(crate) struct Everything<T> {
        pub(crate) flag: Option<bool>,
        pub(crate) number: Option<u64>,
        pub(crate) signed: Option<i64>,
        pub(crate) small: Option<u16>,
        pub(crate) amount: Option<Amount>,
        pub(crate) time: Option<Duration>,
        pub(crate) text: Option<Text<T>>,
        pub(crate) list: Option<List<T, u64>>,
        pub(crate) map: Option<Map<T, u64>>,
        pub(crate) inner: Option<Inner>,
    }
}

json_object! {
    #[derive(Copy)]
    pub(crate) struct Inner {
        pub(crate) number: Option<u64>,
    }
}

/// The members of [`Everything`] and what is expected in each.
pub(crate) const MEMBERS: [(&str, Type); 10] = [
    ("flag", Type::Boolean),
    ("number", Type::Integer),
    ("signed", Type::Integer),
    ("small", Type::Integer),
    ("amount", Type::Number),
    ("time", Type::Number),
    ("text", Type::String),
    ("list", Type::Array),
    ("map", Type::Object),
    ("inner", Type::Object),
];

/// A place in the body of a reply.
struct Place {
    before: &'static str,
    after: &'static str,
    body: Body,
    /// The member that is named if the value is malformed, and the one if what follows it is.
    inside: Option<&'static str>,
    behind: Option<&'static str>,
}

/// What the body of a reply is.
#[derive(Clone, Copy, Debug)]
enum Body {
    Single,
    Batch,
}

const PLACES: &[Place] = &[
    // Skipped: beside the result, in the result, in what lies deeper, in an error.
    Place {
        before: r#"{"new":"#,
        after: r#","result":{},"error":null,"id":1}"#,
        body: Body::Single,
        inside: None,
        behind: None,
    },
    Place {
        before: r#"{"result":{},"error":null,"id":1,"new":"#,
        after: "}",
        body: Body::Single,
        inside: None,
        behind: None,
    },
    Place {
        before: r#"{"result":{"new":"#,
        after: r#"},"error":null,"id":1}"#,
        body: Body::Single,
        inside: Some("result"),
        behind: Some("result"),
    },
    Place {
        before: r#"{"result":{"inner":{"number":1,"new":[{},"#,
        after: r#"]}},"error":null,"id":1}"#,
        body: Body::Single,
        inside: Some("result"),
        behind: Some("result"),
    },
    Place {
        before: r#"{"result":null,"error":{"code":1,"new":"#,
        after: r#","message":""},"id":1}"#,
        body: Body::Single,
        inside: Some("error"),
        behind: Some("error"),
    },
    // Read: the members of the envelope, and a member of the result, which is looked through before it is read.
    Place {
        before: r#"{"result":"#,
        after: r#","error":null,"id":1}"#,
        body: Body::Single,
        inside: Some("result"),
        behind: None,
    },
    Place {
        before: r#"{"result":{},"error":null,"id":"#,
        after: "}",
        body: Body::Single,
        inside: Some("id"),
        behind: None,
    },
    Place {
        before: r#"{"result":{"text":"#,
        after: r#","number":1},"error":null,"id":1}"#,
        body: Body::Single,
        inside: Some("result"),
        behind: Some("result"),
    },
    // In one reply of several.
    Place {
        before: r#"[{"result":{},"error":null,"id":1},{"result":"#,
        after: r#","error":null,"id":2}]"#,
        body: Body::Batch,
        inside: None,
        behind: None,
    },
];

impl Body {
    fn read(self, body: &[u8]) -> Result<(), Error> {
        match self {
            Self::Single => response::<Probe>(ID, body).map(drop),
            Self::Batch => BatchResponse::read(ID, body, &mut [const { None }; 2]).map(drop),
        }
    }

    fn read_reply(self, reply: Reply<'_>) -> Result<(), Error> {
        match self {
            Self::Single => reply.response::<Probe>().map(drop),
            Self::Batch => reply.batch(&mut [const { None }; 2]).map(drop),
        }
    }
}

/// Makes sure that a value is malformed wherever it stands: what is wrong, and at which of its bytes.
#[track_caller]
pub(crate) fn malformed(value: impl AsRef<[u8]>, kind: ErrorKind, index: usize) {
    let value = value.as_ref();
    for place in PLACES {
        place.refuses(value, (kind, index, place.inside));
    }
    for (member, of_type) in MEMBERS {
        let expected = expected_of(value, of_type).map_or((kind, index), |expected| (expected, 0));
        direct(
            &format!("{{\"{member}\":"),
            value,
            "}",
            (expected.0, expected.1, Some(member)),
        );
    }
    direct("{\"new\":", value, "}", (kind, index, None));
    direct(
        "{\"inner\":{\"number\":1,\"new\":",
        value,
        "}}",
        (kind, index, Some("inner")),
    );
    elements::malformed(value, kind, index);
}

/// Makes sure that what follows a value is malformed, wherever that stands: the value is right up to this byte.
#[track_caller]
pub(crate) fn malformed_behind(value: impl AsRef<[u8]>, index: usize) {
    let value = value.as_ref();
    let kind = ErrorKind::Syntax;
    for place in PLACES {
        place.refuses(value, (kind, index, place.behind));
    }
    for (member, of_type) in MEMBERS {
        let fault = match expected_before(value, index, of_type) {
            Some(expected) => (expected, 0, Some(member)),
            None => (kind, index, None),
        };
        direct(&format!("{{\"{member}\":"), value, "}", fault);
    }
    direct("{\"new\":", value, "}", (kind, index, None));
    direct("{\"inner\":{\"new\":", value, "}}", (kind, index, Some("inner")));
}

/// Makes sure that a name of a member is malformed, wherever it stands: what is wrong, and at which of its bytes.
#[track_caller]
pub(crate) fn malformed_name(name: impl AsRef<[u8]>, kind: ErrorKind, index: usize) {
    let name = name.as_ref();
    let value = [b"{", name, b":0}"].concat();
    for place in PLACES {
        place.refuses(&value, (kind, index + 1, place.inside));
    }
    direct("{", name, ":0}", (kind, index, None));
    direct("{\"map\":{\"\":0,", name, ":0}}", (kind, index, Some("map")));
    direct("{\"inner\":{", name, ":0}}", (kind, index, Some("inner")));
}

/// Makes sure of what is wrong with a part of a body, whole and cut off, and however the reply comes.
#[track_caller]
pub(crate) fn malformed_in(before: &str, after: &str, part: &[u8], expected: Fault) {
    refuses(Body::Single, before, part, after, expected);
}

/// Makes sure that a value is right wherever it is skipped.
#[track_caller]
pub(crate) fn skipped(value: &str) {
    let places = PLACES.iter().filter(|place| place.before.ends_with("\"new\":"));
    for place in places.chain(PLACES.iter().filter(|place| matches!(place.body, Body::Batch))) {
        let body = [place.before, value, place.after].concat();
        let in_error = place.inside == Some("error");
        let is_right = |error: Option<String>| match error {
            Some(error) => in_error && error.starts_with("node error"),
            None => !in_error,
        };
        assert!(
            is_right(place.body.read(body.as_bytes()).err().map(|error| error.to_string())),
            "{body}"
        );
        in_every_framing(body.as_bytes(), |reply| {
            let error = place.body.read_reply(reply).err().map(|error| error.to_string());
            assert!(is_right(error), "{body}");
        });
    }
    let element = format!("[{{\"new\":{value},\"inner\":{{\"new\":[{value}]}}}}]");
    assert!(
        json::from_slice::<List<&str, Nothing>>(element.as_bytes()).is_ok(),
        "{value}"
    );
}

/// The value of a member that is read, or what is wrong with it: by itself, in a reply, and however that comes.
#[track_caller]
pub(crate) fn read<V: Debug + PartialEq>(
    member: &str,
    value: &str,
    get: impl Fn(&Everything<&str>) -> Option<V>,
) -> Result<V, Fault> {
    let object = format!("{{\"{member}\":{value}}}");
    let start = object.len() - value.len() - 1;
    let whole = json::from_slice(object.as_bytes())
        .map(|all| get(&all).unwrap())
        .map_err(|error| of(error, start));
    let (before, after) = ("{\"result\":", ",\"error\":null,\"id\":1}");
    let body = [before, &object, after].concat();
    let start = before.len() + start;
    let fault = bodies::invalid(body.as_bytes(), |body| response::<Probe>(ID, body).map(drop));
    assert_eq!(
        fault.map(|error| of(error, start)),
        whole.as_ref().err().copied(),
        "{body}"
    );
    in_every_framing(body.as_bytes(), |reply| {
        let ours = match reply.response::<Probe>() {
            Ok(all) => Ok(get(&all).unwrap()),
            Err(error) => Err(of(error, start)),
        };
        assert_eq!(ours, whole, "{body}");
    });
    whole
}

/// Receives a reply with this body however its end is told, however it is cut, and has it looked at.
#[track_caller]
pub(crate) fn in_every_framing(body: &[u8], look: impl Fn(Reply<'_>)) {
    for stream in framed("200 OK", body) {
        receive(ID, &stream, |reply| look(reply.unwrap()));
    }
}

/// Replies with this body: with its length, in chunks of several sizes, and up to the end of the stream.
pub(crate) fn framed(status: &str, body: &[u8]) -> [Vec<u8>; 3] {
    let head = |header: &str| format!("HTTP/1.1 {status}\r\n{header}\r\n").into_bytes();
    let mut chunked = head("Transfer-Encoding: chunked\r\n");
    let (mut rest, mut sizes) = (body, [1, 7, 2, 30].into_iter().cycle());
    while !rest.is_empty() {
        let (data, after) = rest.split_at(sizes.next().unwrap_or(1).min(rest.len()));
        chunked.extend([format!("{:x}\r\n", data.len()).as_bytes(), data, b"\r\n"].concat());
        rest = after;
    }
    chunked.extend(b"0\r\n\r\n");
    let length = head(&format!("Content-Length: {}\r\n", body.len()));
    [
        [length, body.to_vec()].concat(),
        chunked,
        [head(""), body.to_vec()].concat(),
    ]
}

impl Place {
    #[track_caller]
    fn refuses(&self, value: &[u8], expected: Fault) {
        refuses(self.body, self.before, value, self.after, expected);
    }
}

#[track_caller]
fn refuses(read_as: Body, before: &str, part: &[u8], after: &str, expected: Fault) {
    let body = [before.as_bytes(), part, after.as_bytes()].concat();
    let shown = body.escape_ascii().to_string();
    let error = bodies::invalid(&body, |body| read_as.read(body));
    assert_eq!(error.map(|error| of(error, before.len())), Some(expected), "{shown}");
    in_every_framing(&body, |reply| match read_as.read_reply(reply) {
        Err(error) => assert_eq!(of(error, before.len()), expected, "{shown}"),
        Ok(()) => panic!("{shown} is right"),
    });
}

/// An object none of whose members is known.
#[derive(Debug)]
struct Nothing;

impl json::Element for Nothing {
    type Item<'a> = Inner;
}

/// Makes sure of what is wrong with a value in an object that is read without anything around it.
#[track_caller]
fn direct(before: &str, value: &[u8], after: &str, expected: Fault) {
    let object = [before.as_bytes(), value, after.as_bytes()].concat();
    let error = bodies::invalid(&object, |text| json::from_slice::<Probe>(text).map(drop));
    assert_eq!(
        error.map(|error| of(error, before.len())),
        Some(expected),
        "{}",
        object.escape_ascii()
    );
}

/// The fault of an error, counted from the byte at which a value starts.
#[track_caller]
fn of(error: Error, start: usize) -> Fault {
    let (kind, offset, member) = fault(error).unwrap_or_else(|| panic!("{error}"));
    (kind, offset - start, member)
}

/// What an error says of the JSON, if that is what is wrong.
pub(crate) fn fault(error: Error) -> Option<Fault> {
    Some((error.kind.json()?, error.offset, error.member))
}

/// What is to be said where the value begins, if that is not even of the type that is read.
pub(crate) fn expected_of(value: &[u8], of_type: Type) -> Option<ErrorKind> {
    let begins = match value.first()? {
        b't' | b'f' => &[Type::Boolean][..],
        b'"' => &[Type::String],
        b'[' => &[Type::Array],
        b'{' => &[Type::Object],
        b'-' | b'0'..=b'9' => &[Type::Integer, Type::Number],
        // Null is no value at all, and what begins none has no type.
        _ => return None,
    };
    (!begins.contains(&of_type)).then_some(ErrorKind::Expected(of_type))
}

/// The same for a value that is right up to this byte, which is known to be no integer then.
fn expected_before(value: &[u8], index: usize, of_type: Type) -> Option<ErrorKind> {
    let number = value[..index].iter().any(|byte| b".eE".contains(byte)) && matches!(value, [b'-' | b'0'..=b'9', ..]);
    let no_integer = (number && of_type == Type::Integer).then_some(ErrorKind::Expected(of_type));
    no_integer.or_else(|| expected_of(value, of_type))
}
