//! Replies that are arrays, one element at a time: they give what the whole body gives, however it comes.

mod exchanges;
mod made_up;
mod recordings;

use std::fmt::{self, Debug, Formatter};
use std::io::Read;
use std::num::NonZeroU16;

use defichain_net_rpc::http;
use defichain_net_rpc::json::{self, FromJson, MAX_DEPTH, Reader, Type};
use defichain_net_rpc::network::{GetAddedNodeInfo, GetNodeAddresses, GetPeerInfo, ListBanned};
use defichain_net_rpc::rpc::{Code, Envelope, Items, Sequence};
use defichain_net_rpc::{Connection, Error, ErrorKind, Item, Method, Reply, Want, response};
use proptest::prelude::*;
use serde_json::Value;

/// A method whose result is an array.
trait List: for<'a> Method<Response<'a>: Sequence<'a, Item: Debug>> {}

impl<M> List for M where M: for<'a> Method<Response<'a>: Sequence<'a, Item: Debug>> {}

/// A method of no node: its elements can be anything.
struct Anything;

impl Method for Anything {
    type Response<'a> = Items<'a, Any<'a>>;

    fn name(&self) -> &'static str {
        "anything"
    }
}

/// The text of a value, shown as it stands.
#[derive(Default)]
struct Any<'a>(&'a str);

impl<'a> FromJson<'a> for Any<'a> {
    fn read(&mut self, reader: &mut Reader<'a>) -> Result<(), json::ErrorKind> {
        self.0 = reader.raw()?;
        Ok(())
    }
}

impl Debug for Any<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

const ADDRESSES: GetNodeAddresses = GetNodeAddresses { count: NonZeroU16::MIN };

/// What a reply gives: its elements, as they are shown, or what is wrong with them; and how it ends.
#[derive(Clone, Debug, PartialEq)]
struct Given {
    elements: Vec<Result<String, Fault>>,
    end: Result<(), Fault>,
}

impl Given {
    /// Why there are no more elements.
    #[track_caller]
    fn kind(&self) -> ErrorKind {
        match self.end {
            Err((kind, ..)) => kind,
            Ok(()) => panic!("{self:?}"),
        }
    }
}

/// What is wrong, where, and in which member.
type Fault = (ErrorKind, usize, Option<&'static str>);

fn fault(error: Error) -> Fault {
    (error.kind, error.offset, error.member)
}

fn shown(element: Result<impl Debug, Error>) -> Result<String, Fault> {
    element.map(|element| format!("{element:?}")).map_err(fault)
}

/// What the reader of whole bodies gives. What is wrong with the text can stand in the place of an element.
fn whole<M: List>(_: &M, id: u64, body: &[u8]) -> Given {
    given(response::<Items<'_, Item<'_, M>>>(id, body))
}

/// What the whole body gives if all of it is checked before the first element is given.
fn checked<M: List>(_: &M, id: u64, body: &[u8]) -> Given {
    given(Envelope::read(body).and_then(|envelope| {
        envelope.check_id(id)?;
        envelope.result::<Items<'_, Item<'_, M>>>()
    }))
}

fn given<'a>(items: Result<Items<'a, impl FromJson<'a> + Debug>, Error>) -> Given {
    match items {
        Ok(items) => Given {
            elements: items.map(shown).collect(),
            end: Ok(()),
        },
        Err(error) => Given {
            elements: Vec::new(),
            end: Err(fault(error)),
        },
    }
}

/// What the elements of a body give through a window.
#[track_caller]
fn plain<M: List>(method: &M, id: u64, body: &[u8], window: usize, cut: Cut) -> Given {
    let (given, reusable) = elements(method, Connection::awaiting_body(id), body, window, cut);
    // What is too long can go on in a longer window.
    let goes_on = matches!(given.end, Err((ErrorKind::TooLong { .. }, ..)));
    assert_eq!(reusable, goes_on, "{given:?}: {}", body.escape_ascii());
    given
}

/// What the elements of a stream give through a buffer, and whether its connection can be used again.
#[track_caller]
fn over_http<M: List>(method: &M, id: u64, stream: &[u8], buf: usize, cut: Cut) -> (Given, bool) {
    elements(method, Connection::awaiting_reply(id), stream, buf, cut)
}

#[track_caller]
fn elements<M: List>(_: &M, mut connection: Connection, stream: &[u8], buf: usize, cut: Cut) -> (Given, bool) {
    let mut buf = vec![b'~'; buf];
    let mut elements = Vec::new();
    let mut at = 0;
    let mut next = |elements: &mut Vec<_>| loop {
        let count = match connection.poll_element(&mut buf) {
            Ok(Want::Read(space)) => cut.copy(stream, at, space),
            Ok(Want::Ready(true)) => {
                elements.push(shown(connection.element::<Item<'_, M>>(&buf)));
                continue;
            }
            Ok(Want::Ready(false)) => return Ok(()),
            Ok(want) => panic!("{want:?}: the request has been sent: {}", stream.escape_ascii()),
            Err(error) => return Err(fault(error)),
        };
        at += count;
        connection.received(count);
    };
    let end = next(&mut elements);
    let given = elements.len();
    assert_eq!(next(&mut elements), end, "asked again: {}", stream.escape_ascii());
    assert_eq!(elements.len(), given, "asked again: {}", stream.escape_ascii());
    // An element behind which there is no other is told of twice.
    if let (Some(Err(last)), Err(error)) = (elements.last(), &end)
        && last == error
    {
        elements.pop();
    }
    (Given { elements, end }, connection.is_open())
}

/// What the reader of whole replies gives for a stream, and whether its connection can be used again.
#[track_caller]
fn whole_over_http<M: List>(method: &M, id: u64, stream: &[u8]) -> (Given, bool) {
    let mut buf = vec![b'~'; stream.len() + 1];
    let mut connection = Connection::awaiting_reply(id);
    let mut rest = stream;
    while let Ok(Want::Read(space)) = connection.poll(&mut buf) {
        let count = rest.len().min(space.len());
        space[..count].copy_from_slice(&rest[..count]);
        rest = &rest[count..];
        connection.received(count);
    }
    let refused = |error| Given {
        elements: Vec::new(),
        end: Err(fault(error)),
    };
    let given = match connection.poll(&mut buf) {
        Ok(Want::Ready(reply)) => match reply.response::<Items<'_, Item<'_, M>>>() {
            Ok(_) => whole(method, id, reply.body()),
            Err(error) => refused(error),
        },
        Ok(want) => panic!("{want:?} after the end of the stream: {}", stream.escape_ascii()),
        Err(error) => refused(error),
    };
    (given, connection.is_open())
}

/// Where a stream is cut into pieces: behind so many bytes, and then again and again behind so many more.
#[derive(Clone, Copy, Debug)]
struct Cut {
    first: usize,
    every: usize,
}

impl Cut {
    const NOWHERE: Self = Self::once(usize::MAX);

    const fn once(first: usize) -> Self {
        Self {
            first,
            every: usize::MAX,
        }
    }

    const fn every(every: usize) -> Self {
        Self { first: every, every }
    }

    /// Gives the next piece, or as much of it as there is space for.
    fn copy(self, stream: &[u8], at: usize, space: &mut [u8]) -> usize {
        assert!(!space.is_empty());
        let piece = match at.checked_sub(self.first) {
            None => self.first - at,
            Some(behind) => self.every - behind % self.every,
        };
        let count = piece.min(space.len()).min(stream.len() - at);
        space[..count].copy_from_slice(&stream[at..at + count]);
        count
    }
}

/// More than this is cut in two at every byte by fewer streams than it has bytes.
const LONG: usize = 2048;

/// The ways to cut a stream: not at all, into small pieces, and in two at every byte. A long one is cut into more at once,
/// so that there is still a cut at every byte.
fn cuts(length: usize) -> impl Iterator<Item = Cut> {
    const MANY: usize = 101;
    let pieces = [1, 2, 3, 7, 64].map(Cut::every);
    let one_by_one = (1..if length > LONG { MANY } else { length }).map(move |first| match length {
        ..=LONG => Cut::once(first),
        _ => Cut { first, every: MANY },
    });
    [Cut::NOWHERE].into_iter().chain(pieces).chain(one_by_one)
}

/// A body as HTTP can bring it: with its length, up to the end of the stream, and in chunks of several sizes.
fn framings(status: &str, body: &[u8]) -> Vec<Vec<u8>> {
    let head = |header: &str| format!("HTTP/1.1 {status}\r\n{header}\r\n").into_bytes();
    let mut framings = vec![
        [&head(&format!("Content-Length: {}\r\n", body.len())), body].concat(),
        [&head(""), body].concat(),
    ];
    let chunks = [
        (100, ";a=b", "X: y\r\n"),
        (usize::MAX, "", ""),
        (1, "", ""),
        (7, "", ""),
    ];
    for (size, extension, trailer) in &chunks[..if body.len() > LONG { 2 } else { 4 }] {
        let mut stream = head("Transfer-Encoding: chunked\r\n");
        for chunk in body.chunks(*size) {
            stream.extend(format!("{:x}{extension}\r\n", chunk.len()).bytes());
            stream.extend(chunk);
            stream.extend(b"\r\n");
        }
        stream.extend(format!("0{extension}\r\n{trailer}\r\n").bytes());
        framings.push(stream);
    }
    framings
}

/// What a body gives: at every cut, with and without HTTP the same, and nothing else than the whole body gives.
#[track_caller]
fn everywhere<M: List>(method: &M, id: u64, body: &[u8]) -> Given {
    let given = plain_everywhere(method, id, body);
    for stream in framings("200 OK", body) {
        assert_eq!(
            over_http_everywhere(method, id, &stream),
            given,
            "{}",
            stream.escape_ascii()
        );
    }
    given
}

#[track_caller]
fn plain_everywhere<M: List>(method: &M, id: u64, body: &[u8]) -> Given {
    let given = plain(method, id, body, body.len() + 1, Cut::NOWHERE);
    assert_like(&given, &whole(method, id, body), body);
    let checked = checked(method, id, body);
    assert_eq!(
        given.end.is_ok(),
        checked.end.is_ok(),
        "{given:?} is not {checked:?}: {}",
        body.escape_ascii()
    );
    for cut in cuts(body.len()) {
        let this = plain(method, id, body, body.len() + 1, cut);
        assert!(
            this == given,
            "{cut:?} of {}: {this:?} is not {given:?}",
            body.escape_ascii()
        );
    }
    given
}

#[track_caller]
fn over_http_everywhere<M: List>(method: &M, id: u64, stream: &[u8]) -> Given {
    let (given, reusable) = over_http(method, id, stream, stream.len() + 1, Cut::NOWHERE);
    let (whole, whole_is_reusable) = whole_over_http(method, id, stream);
    assert_like(&given, &whole, stream);
    assert_eq!(reusable, whole_is_reusable, "{}", stream.escape_ascii());
    for cut in cuts(stream.len()) {
        let (this, reusable) = over_http(method, id, stream, stream.len() + 1, cut);
        assert!(
            this == given,
            "{cut:?} of {}: {this:?} is not {given:?}",
            stream.escape_ascii()
        );
        // A reply that is wrong may not have come as a whole when that is found.
        assert!(
            reusable == whole_is_reusable || this.end.is_err(),
            "{cut:?} of {}",
            stream.escape_ascii()
        );
    }
    given
}

/// Elements that come before an error are given. The reader of whole bodies finds the error first, or where the next
/// element would be.
#[track_caller]
fn assert_like(given: &Given, whole: &Given, text: &[u8]) {
    let text = text.escape_ascii();
    match (&given.end, &whole.end) {
        (Err(error), Ok(())) => {
            let Some((Err(last), before)) = whole.elements.split_last() else {
                panic!("{whole:?} has no {given:?}: {text}");
            };
            assert_eq!((given.elements.as_slice(), error), (before, last), "{text}");
        }
        // That an element is of the wrong type is clear where it begins, that it is malformed may come later.
        (Err((kind, ..)), Err(_)) if matches!(kind.json(), Some(json::ErrorKind::Expected(_))) => {}
        (end, Err(_)) => assert_eq!(*end, whole.end, "{given:?}: {text}"),
        _ => assert_eq!(given, whole, "{text}"),
    }
}

#[test]
fn recorded_elements_are_those_of_the_whole_body() {
    fn same<M: List>(method: &M, recording: &recordings::Recording) {
        let (id, body) = (recording.id(), recording.body());
        let whole = whole(method, id, body);
        let (over_http_whole, reusable) = whole_over_http(method, id, &recording.reply);
        for cut in [Cut::NOWHERE, Cut::every(1), Cut::every(7), Cut::every(1000)] {
            assert_eq!(
                plain(method, id, body, body.len() + 1, cut),
                whole,
                "{}",
                recording.name
            );
            let ours = over_http(method, id, &recording.reply, recording.reply.len() + 1, cut);
            assert_eq!(ours, (over_http_whole.clone(), reusable), "{}", recording.name);
        }
    }
    let mut lists = 0;
    for recording in recordings::all() {
        lists += 1;
        match recording.asked()["method"].as_str() {
            Some("getaddednodeinfo") => same(&GetAddedNodeInfo { node: None }, &recording),
            Some("getnodeaddresses") => same(&ADDRESSES, &recording),
            Some("getpeerinfo") => same(&GetPeerInfo, &recording),
            Some("listbanned") => same(&ListBanned, &recording),
            _ => lists -= 1,
        }
        same(&Anything, &recording);
    }
    assert!(lists > 15, "{lists} recorded lists");
}

#[test]
fn recorded_replies_can_be_cut_anywhere() {
    for recording in recordings::all() {
        let given = over_http_everywhere(&Anything, recording.id(), &recording.reply);
        let ours = everywhere(&Anything, recording.id(), recording.body());
        if given.end.is_ok() {
            assert_eq!(ours, given, "{}", recording.name);
        }
    }
}

/// How the node ends a reply.
const REST: &str = r#","error":null,"id":1}"#;

/// A reply to request 1 with this array as its result.
fn reply(array: &str) -> String {
    format!("{{\"result\":{array}{REST}\n")
}

/// What is wrong with the text of a reply.
fn invalid(kind: json::ErrorKind, offset: usize, member: Option<&'static str>) -> Result<(), Fault> {
    Err((kind.into(), offset, member))
}

#[test]
fn every_kind_of_value_can_be_an_element() {
    for (array, elements) in [
        ("[]", &[] as &[&str]),
        ("[ \t\r\n]", &[]),
        ("[1]", &["1"]),
        ("[-0.5e+7,null , true,\nfalse]", &["-0.5e+7", "null", "true", "false"]),
        ("[\"\",\"a\"]", &["\"\"", "\"a\""]),
        (
            r#"["]","}","[{\"","\\","\\\"]","é\u00e9"]"#,
            &[r#""]""#, r#""}""#, r#""[{\"""#, r#""\\""#, r#""\\\"]""#, r#""é\u00e9""#],
        ),
        (
            r#"[[],{},[ ],{ },[[],{"a":[]}],{"]":"}"}]"#,
            &["[]", "{}", "[ ]", "{ }", r#"[[],{"a":[]}]"#, r#"{"]":"}"}"#],
        ),
    ] {
        let given = everywhere(&Anything, 1, reply(array).as_bytes());
        let elements = elements.iter().map(|element| Ok((*element).to_owned())).collect();
        assert_eq!(given, Given { elements, end: Ok(()) }, "{array}");
    }
}

#[test]
fn an_element_that_is_wrong_in_itself_is_an_error_in_its_place() {
    let ban = |until: &str| {
        format!(r#"{{"address":"::/0","banned_until":{until},"ban_created":1,"ban_reason":"manually added"}}"#)
    };
    let good = ban("2");
    for (wrong, kind, at, member) in [
        ("8", json::ErrorKind::Expected(Type::Object), 0, "result"),
        ("[{}]", json::ErrorKind::Expected(Type::Object), 0, "result"),
        ("{ }", json::ErrorKind::Missing, 2, "address"),
        (&ban("-1"), json::ErrorKind::Range, 33, "banned_until"),
        (
            &ban("1.0"),
            json::ErrorKind::Expected(Type::Integer),
            33,
            "banned_until",
        ),
        (&ban("1,\"address\":\"\""), json::ErrorKind::Duplicate, 35, "address"),
        (
            &ban("{\"]\":[\"\\\"}\"]}"),
            json::ErrorKind::Expected(Type::Integer),
            33,
            "banned_until",
        ),
    ] {
        let array = format!("[{good},{wrong} , {good},{wrong}]");
        let given = everywhere(&ListBanned, 1, reply(&array).as_bytes());
        let [Ok(_), Err(first), Ok(_), Err(second)] = &given.elements[..] else {
            panic!("{given:?}")
        };
        let error = |offset| (kind.into(), offset, Some(member));
        let offset = r#"{"result":[,"#.len() + good.len() + at;
        assert_eq!(*first, error(offset), "{wrong}");
        assert_eq!(*second, error(offset + wrong.len() + good.len() + 4), "{wrong}");
        assert_eq!(given.end, Ok(()));
    }
}

#[test]
fn what_is_no_json_ends_the_reply_where_it_is_wrong() {
    for (array, kind, offset, elements) in [
        ("[1,]", json::ErrorKind::Syntax, 3, 1),
        ("[,1]", json::ErrorKind::Syntax, 1, 0),
        ("[1,,2]", json::ErrorKind::Syntax, 3, 1),
        ("[1 2]", json::ErrorKind::Syntax, 3, 1),
        ("[1;2]", json::ErrorKind::Syntax, 2, 1),
        ("[1:2]", json::ErrorKind::Syntax, 2, 1),
        ("[1}", json::ErrorKind::Syntax, 2, 1),
        ("[}", json::ErrorKind::Syntax, 1, 0),
        ("[1,2,}", json::ErrorKind::Syntax, 5, 2),
        ("[01]", json::ErrorKind::Number, 2, 0),
        ("[1,2.]", json::ErrorKind::Number, 5, 1),
        ("[nul]", json::ErrorKind::Syntax, 4, 0),
        ("[True]", json::ErrorKind::Syntax, 1, 0),
        ("['a']", json::ErrorKind::Syntax, 1, 0),
        ("[1,/**/2]", json::ErrorKind::Syntax, 3, 1),
        ("[1,\x0b2]", json::ErrorKind::Syntax, 3, 1),
        ("[\"a\"\"b\"]", json::ErrorKind::Syntax, 4, 1),
        ("[\"a\nb\"]", json::ErrorKind::Control, 3, 0),
        ("[1,\"\\x\"]", json::ErrorKind::Escape, 4, 1),
        ("[1,\"\\ud834\"]", json::ErrorKind::Surrogate, 4, 1),
        ("[[1,2}]", json::ErrorKind::Syntax, 5, 0),
        ("[[1],[{]}]", json::ErrorKind::Syntax, 7, 1),
        ("[{\"a\" 1},2]", json::ErrorKind::Syntax, 6, 0),
        ("[{\"a\":1,},2]", json::ErrorKind::Syntax, 8, 0),
        ("[{a:1}]", json::ErrorKind::Syntax, 2, 0),
    ] {
        let given = everywhere(&Anything, 1, reply(array).as_bytes());
        let begin = r#"{"result":"#.len();
        assert_eq!(given.end, invalid(kind, begin + offset, Some("result")), "{array}");
        assert_eq!(given.elements.len(), elements, "{array}");
        // Of another type the first element is wrong already, and whether others come depends on its text alone.
        let given = everywhere(&ListBanned, 1, reply(array).as_bytes());
        assert_eq!(given.elements.len(), elements, "{array}");
    }
    let mut body = reply("[\"a\"]").into_bytes();
    body[12] = 0xff;
    let given = everywhere(&Anything, 1, &body);
    assert_eq!(given.end, invalid(json::ErrorKind::Utf8, 12, Some("result")));
}

#[test]
fn nesting_ends_at_the_limit() {
    for (open, close) in [("[", "]"), ("{\"\":", "}")] {
        let nested = |depth: u32| open.repeat(depth as usize) + "0" + &close.repeat(depth as usize);
        // The reply and its array are open around an element.
        let left = MAX_DEPTH - 2;
        let deepest = nested(left);
        let given = everywhere(&Anything, 1, reply(&format!("[{deepest},{deepest}]")).as_bytes());
        assert_eq!(given.elements, [Ok(deepest.clone()), Ok(deepest)]);
        for depth in [left + 1, 3 * MAX_DEPTH] {
            let given = everywhere(&Anything, 1, reply(&format!("[0,{}]", nested(depth))).as_bytes());
            let offset = r#"{"result":[0,"#.len() + open.len() * left as usize;
            assert_eq!(
                given.end,
                invalid(json::ErrorKind::Depth, offset, Some("result")),
                "{open} {depth}"
            );
            assert_eq!(given.elements, [Ok("0".to_owned())]);
        }
    }
}

#[test]
fn a_reply_that_is_cut_off_is_incomplete() {
    let body = reply(r#"[ {"a":[1,"\u00e9"]} , true,-1.5 ]"#);
    for length in 0..body.trim_end().len() {
        let given = everywhere(&Anything, 1, &body.as_bytes()[..length]);
        let behind = |end: &&str| body.find(*end).is_some_and(|at| length > at);
        let complete = [" , true", ",-1.5", " ]"].iter().filter(|end| behind(end)).count();
        assert!(given.elements.len().abs_diff(complete) <= 1, "{length}: {given:?}");
        let (kind, offset, _) = given.end.unwrap_err();
        assert_eq!((kind, offset), (json::ErrorKind::Incomplete.into(), length));
    }
}

#[test]
fn what_is_wrong_behind_the_array_is_found_at_the_end() {
    let begin = r#"{"result":[1,2]"#;
    for (rest, kind, offset, member) in [
        (r#","error":null}"#, json::ErrorKind::Missing, 13, Some("id")),
        (" } ", json::ErrorKind::Missing, 1, Some("id")),
        (r#","id":1,"result":[]}"#, json::ErrorKind::Duplicate, 8, Some("result")),
        (
            r#","id":1,"r\u0065sult":8}"#,
            json::ErrorKind::Duplicate,
            8,
            Some("result"),
        ),
        (
            r#","error":null,"id":1,"error":null}"#,
            json::ErrorKind::Duplicate,
            21,
            Some("error"),
        ),
        (r#","id":1,"id":1}"#, json::ErrorKind::Duplicate, 8, Some("id")),
        (
            r#","error":{"code":1,"message":""},"id":1}"#,
            json::ErrorKind::Conflict,
            9,
            Some("error"),
        ),
        (
            r#","id":2,"error":{"code":1,"message":""}}"#,
            json::ErrorKind::Conflict,
            16,
            Some("error"),
        ),
        (
            r#","error":{"code":1},"id":1}"#,
            json::ErrorKind::Conflict,
            9,
            Some("error"),
        ),
        (
            r#","error":{"message":""},"id":1}"#,
            json::ErrorKind::Missing,
            22,
            Some("code"),
        ),
        (
            r#","error":8,"id":1}"#,
            json::ErrorKind::Expected(Type::Object),
            9,
            Some("error"),
        ),
        (r#","error":null,"id":1}{"#, json::ErrorKind::Trailing, 21, None),
        (r#","error":null,"id":1} 0"#, json::ErrorKind::Trailing, 22, None),
        (r#","error":null,"id":1,}"#, json::ErrorKind::Syntax, 21, None),
        (r#""error":null,"id":1}"#, json::ErrorKind::Syntax, 0, None),
        (r#","error":null;"id":1}"#, json::ErrorKind::Syntax, 13, None),
        (r#","error":nul,"id":1}"#, json::ErrorKind::Syntax, 12, Some("error")),
        (r#","new":01,"id":1}"#, json::ErrorKind::Number, 8, None),
        (r#","id":01}"#, json::ErrorKind::Number, 7, Some("id")),
        ("]", json::ErrorKind::Syntax, 0, None),
    ] {
        let given = everywhere(&Anything, 1, format!("{begin}{rest}").as_bytes());
        assert_eq!(given.end, invalid(kind, begin.len() + offset, member), "{rest}");
        assert_eq!(given.elements.len(), 2, "{rest}");
    }
    for id in ["2", "null", "\"1\"", "1.0", "18446744073709551617", "{}"] {
        let given = everywhere(&Anything, 1, format!("{begin},\"error\":null,\"id\":{id}}}").as_bytes());
        let offset = begin.len() + r#","error":null,"id":"#.len();
        assert_eq!(given.end, Err((ErrorKind::WrongId, offset, None)), "{id}");
        assert_eq!(given.elements.len(), 2, "{id}");
    }
    for rest in [
        "\t,\n\"error\"\r: null ,\"id\" :1 } \n ",
        r#","id":1}"#,
        r#","jsonrpc":"2.0","id":1,"error":null,"":[{}]}"#,
    ] {
        let given = everywhere(&Anything, 1, format!("{begin}{rest}").as_bytes());
        assert_eq!((given.elements.len(), given.end), (2, Ok(())), "{rest}");
    }
}

#[test]
fn a_reply_in_another_order_is_read_if_it_fits() {
    let elements = [Ok("1".to_owned()), Ok("{\"a\":[]}".to_owned())];
    for (layout, streams) in [
        (r#"{"result":[1,{"a":[]}],"error":null,"id":1}"#, true),
        (
            "\n\t{ \r\n\"result\" \t: [1 , {\"a\":[]} ] , \"error\":null,\"id\":1}",
            true,
        ),
        (r#"{"jsonrpc":"2.0","result":[1,{"a":[]}],"id":1}"#, false),
        (r#"{"id":1,"error":null,"result":[1,{"a":[]}]}"#, false),
        (r#"{"error":null,"result":[1,{"a":[]}],"id":1}"#, false),
        (r#"{"r\u0065sult":[1,{"a":[]}],"id":1}"#, false),
    ] {
        let given = everywhere(&Anything, 1, layout.as_bytes());
        assert_eq!(given.elements, elements, "{layout}");
        assert_eq!(given.end, Ok(()), "{layout}");
        for window in 0..=layout.len() {
            let given = plain(&Anything, 1, layout.as_bytes(), window, Cut::NOWHERE);
            if !streams {
                assert_eq!(given.elements, [], "{layout}");
                assert_eq!(given.end, too_long(0, window), "{layout}");
            }
        }
    }
    let other = r#"{"id":2,"result":[1,2]}"#;
    let given = everywhere(&Anything, 1, other.as_bytes());
    assert_eq!(given.elements, []);
    assert_eq!(given.end, Err((ErrorKind::WrongId, 6, None)));
}

#[test]
fn a_result_that_is_no_array_is_the_error_that_it_is_for_the_whole_body() {
    for result in ["null", "8", "{}", "\"[]\"", "{\"a\":[1]}", "nul"] {
        let body = reply(result);
        let given = everywhere(&Anything, 1, body.as_bytes());
        assert_eq!(given.elements, []);
        let (kind, offset) = match result {
            "nul" => (json::ErrorKind::Syntax, 13),
            _ => (json::ErrorKind::Expected(Type::Array), 10),
        };
        assert_eq!(given.end, invalid(kind, offset, Some("result")), "{result}");
    }
    for body in [
        "",
        " \n",
        "[]",
        "[1]",
        "Work queue depth exceeded",
        "\u{feff}{}",
        "{}",
        "{\"result\"}",
    ] {
        let given = everywhere(&Anything, 1, body.as_bytes());
        assert!(given.kind().json().is_some(), "{given:?}");
    }
}

/// What does not fit into a window is told where the window ends.
fn too_long(offset: usize, window: usize) -> Result<(), Fault> {
    let needed = window + 1;
    Err((ErrorKind::TooLong { needed }, offset + window, None))
}

/// Changes each byte of a reply, leaves it out, and puts another before it.
#[test]
fn whatever_is_wrong_is_wrong_as_in_the_whole_body() {
    let body = reply(r#"[ {"b":[-1,"\u00e9\"]"]},"é", 2.5e1 ]"#);
    let mut wrong = 0;
    for at in 0..body.len() {
        let (before, after) = body.as_bytes().split_at(at);
        for byte in *b"\"\\{}[],: 0-.eu\n\0\xff\xc3" {
            for after in [after, &after[1..]] {
                let body = [before, &[byte], after].concat();
                let given = plain_everywhere(&Anything, 1, &body);
                wrong += usize::from(given.end.is_err());
            }
        }
        let given = plain_everywhere(&Anything, 1, &[before, &after[1..]].concat());
        wrong += usize::from(given.end.is_err());
    }
    assert!(wrong > 1000, "{wrong}");
}

#[test]
fn the_state_is_small() {
    // The same for whole replies and for elements.
    assert!(size_of::<Connection>() <= 288, "{}", size_of::<Connection>());
}

/// A part of a reply that a window has to hold as a whole.
struct Part {
    offset: usize,
    length: usize,
}

/// The parts of a reply that is laid out as the node does it: how it begins, each element, and what follows them.
fn parts(body: &[u8], elements: &Given) -> Vec<Part> {
    let mut parts = vec![Part {
        offset: 0,
        length: br#"{"result":["#.len(),
    }];
    let mut end = parts[0].length;
    for element in &elements.elements {
        let text = element.as_ref().unwrap().as_bytes();
        let offset = end + body[end..].windows(text.len()).position(|bytes| bytes == text).unwrap();
        end = offset + text.len();
        parts.push(Part {
            offset,
            length: text.len(),
        });
    }
    let offset = end + body[end..].iter().position(|byte| *byte == b']').unwrap() + 1;
    parts.push(Part {
        offset,
        length: body.len() - offset,
    });
    parts
}

/// What is given through a window that holds some of the parts.
fn through(whole: &Given, parts: &[Part], window: usize) -> Given {
    let Some(index) = parts.iter().position(|part| part.length > window) else {
        return whole.clone();
    };
    Given {
        elements: whole.elements[..index.saturating_sub(1)].to_vec(),
        end: too_long(parts[index].offset, window),
    }
}

#[test]
fn a_window_has_to_hold_the_longest_part() {
    let lists = [
        "crowd-getpeerinfo",
        "crowd-getnodeaddresses",
        "listbanned",
        "crowd-getaddednodeinfo",
    ];
    for recording in lists.map(recordings::named) {
        let (id, body) = (recording.id(), recording.body());
        let whole = whole(&Anything, id, body);
        assert!(whole.elements.len() > 1, "{}", recording.name);
        let mut over_http_parts = parts(body, &whole);
        let longest = over_http_parts.iter().map(|part| part.length).max().unwrap();
        let windows = [longest - 1, longest, longest + 1, 0, 1, 10, 11, 22, 23];
        // The end of a body that does not tell its length can only be read into room that is left.
        let mut plain_parts = parts(body, &whole);
        plain_parts.last_mut().unwrap().length += 1;
        for window in windows {
            for cut in [Cut::NOWHERE, Cut::every(1), Cut::every(17)] {
                let given = plain(&Anything, id, body, window, cut);
                assert_eq!(
                    given,
                    through(&whole, &plain_parts, window),
                    "{}: {window} {cut:?}",
                    recording.name
                );
            }
        }
        for (index, stream) in framings("200 OK", body).iter().enumerate() {
            let head = stream.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
            if index == 1 {
                over_http_parts.last_mut().unwrap().length += 1;
            }
            for window in windows.into_iter().filter(|window| *window >= head) {
                for cut in [Cut::NOWHERE, Cut::every(1), Cut::every(17)] {
                    let (given, _) = over_http(&Anything, id, stream, window, cut);
                    let mut expected = through(&whole, &over_http_parts, window);
                    if let Err((_, offset, _)) = &mut expected.end {
                        *offset = in_stream(stream, *offset);
                    }
                    assert_eq!(given, expected, "{}: {window} {cut:?} {index}", recording.name);
                }
            }
        }
    }
}

/// How much of a stream has come when so many bytes of its body have.
fn in_stream(stream: &[u8], mut body: usize) -> usize {
    let mut at = stream.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
    if !stream[..at].windows(7).any(|bytes| bytes == b"chunked") {
        return at + body;
    }
    loop {
        let line = stream[at..].split(|byte| *byte == b'\n').next().unwrap();
        let digits = line.split(|byte| b";\r".contains(byte)).next().unwrap();
        let size = usize::from_str_radix(std::str::from_utf8(digits).unwrap(), 16).unwrap();
        at += line.len() + 1;
        if body <= size {
            return at + body;
        }
        at += size + 2;
        body -= size;
    }
}

/// Windows of every size.
#[test]
fn what_does_not_fit_into_the_window_is_told_where_it_begins() {
    let array = "[ {\"a\":1} , \"b\\\"]\",[ ],-1.5 ,{\"cde\":[]},true\n, 0]";
    let body = reply(array).into_bytes();
    let whole = whole(&Anything, 1, &body);
    assert_eq!(whole.elements.len(), 7);
    let mut parts = parts(&body, &whole);
    parts.last_mut().unwrap().length += 1;
    // Numbers and literals have ended when something follows that is no part of them.
    for (part, element) in parts[1..].iter_mut().zip(&whole.elements) {
        let text = element.as_ref().unwrap();
        part.length += usize::from(!text.ends_with(['}', ']']));
    }
    for window in 0..body.len() {
        for cut in cuts(body.len()) {
            let given = plain(&Anything, 1, &body, window, cut);
            assert_eq!(given, through(&whole, &parts, window), "{window} {cut:?}");
        }
    }
}

/// White space before the array that the buffer cannot hold says nothing yet about what follows it.
#[test]
fn a_buffer_that_grows_before_the_array_begins_gives_what_a_large_one_gives() {
    let body = "{\"result\":".to_owned() + &" ".repeat(100) + "[1,{\"a\":]";
    let large = plain(&Anything, 1, body.as_bytes(), body.len(), Cut::NOWHERE);
    assert_eq!(large.elements.first(), Some(&Ok("1".to_owned())));
    for first in 0..body.len() {
        let (mut connection, mut buf) = (Connection::awaiting_body(1), vec![0; first]);
        let (mut elements, mut rest) = (Vec::new(), body.as_bytes());
        let end = loop {
            match connection.poll_element(&mut buf) {
                Ok(Want::Read(space)) => {
                    let count = rest.read(space).unwrap();
                    connection.received(count);
                }
                Ok(Want::Ready(true)) => elements.push(shown(connection.element::<Any<'_>>(&buf))),
                Ok(want) => panic!("{want:?} in a buffer of {first} bytes"),
                Err(error) => match error.kind {
                    ErrorKind::TooLong { needed } => buf.resize(needed, 0),
                    _ => break Err(fault(error)),
                },
            }
        };
        // An element that is no JSON is told in its place, and again as the end.
        elements.pop_if(|element| element.as_ref().err() == end.as_ref().err());
        assert_eq!(Given { elements, end }, large, "in a buffer of {first} bytes");
    }
}

#[test]
fn an_element_that_has_ended_is_given_although_the_stream_fails_behind_it() {
    for (last, follows) in [
        ("22", " "),
        ("\"a\"", "\n"),
        ("true", "\t"),
        ("[0]", ""),
        ("null", "x"),
        ("-1.5", " ]"),
    ] {
        let body = format!("{{\"result\":[1,{last}{follows}");
        let stream = format!("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{body}");
        let (large, _) = over_http(&Anything, 1, stream.as_bytes(), 512, Cut::NOWHERE);
        assert_eq!(large.elements, [Ok("1".to_owned()), Ok(last.to_owned())], "{stream}");
        for buf in stream.len() - body.len()..100 {
            for cut in [Cut::NOWHERE, Cut::every(1), Cut::every(7)] {
                let given = over_http(&Anything, 1, stream.as_bytes(), buf, cut);
                assert_eq!(given, (large.clone(), false), "{buf} {cut:?} {stream}");
            }
        }
    }
}

#[test]
fn a_head_has_to_fit_as_well() {
    let body = reply("[1,2]");
    for stream in framings("200 OK", body.as_bytes()) {
        let head = stream.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
        for window in 0..head {
            for cut in [Cut::NOWHERE, Cut::every(1)] {
                let (given, reusable) = over_http(&Anything, 1, &stream, window, cut);
                // It can go on in a longer buffer.
                assert_eq!((&*given.elements, reusable), (&[] as &[_], true));
                assert_eq!(given.end, too_long(0, window));
            }
        }
        let (given, _) = over_http(&Anything, 1, &stream, head.max(23), Cut::NOWHERE);
        assert_eq!((given.elements.len(), given.end), (2, Ok(())));
    }
}

#[test]
fn an_answer_of_the_http_server_alone_is_told_as_for_a_whole_reply() {
    let answers = [
        "http-401-no-auth",
        "http-404-path",
        "http-405-get",
        "http-work-queue-exceeded",
    ];
    for recording in answers.map(recordings::named) {
        let mut buf = [0; 512];
        let mut connection = Connection::awaiting_reply(1);
        let Ok(Want::Read(space)) = connection.poll_element(&mut buf) else {
            panic!("{connection:?}")
        };
        space[..recording.reply.len()].copy_from_slice(&recording.reply);
        connection.received(recording.reply.len());
        let Err(error) = connection.poll_element(&mut buf) else {
            panic!("{}", recording.name)
        };
        assert_eq!(error.is_transient(), recording.name == "http-work-queue-exceeded");
        let kind = match recording.name.as_str() {
            "http-401-no-auth" => ErrorKind::Status(401),
            "http-404-path" => ErrorKind::Status(404),
            "http-405-get" => ErrorKind::Status(405),
            _ => ErrorKind::WorkQueueFull,
        };
        assert_eq!(error.kind, kind, "{}", recording.name);
        assert_eq!(connection.reply(&buf).map(Reply::body), Ok(recording.body()));
        assert!(connection.is_open());
        let given = over_http_everywhere(&GetPeerInfo, 1, &recording.reply);
        assert_eq!(given.end, Err((kind, 0, None)), "{}", recording.name);
    }
}

#[test]
fn the_status_does_not_decide_alone() {
    let node_error = r#"{"result":null,"error":{"code":-28,"message":"Loading..."},"id":1}"#;
    let not_json = "Work queue depth exceeded";
    let list = reply("[1,2]");
    let number = reply("8");
    for status in [
        "200 OK",
        "404 Not Found",
        "500 Internal Server Error",
        "503 Service Unavailable",
        "600",
    ] {
        let number_of = status[..3].parse().unwrap();
        for (body, is_json) in [
            (node_error, true),
            (not_json, false),
            (&number, false),
            (&list[..list.len() - 3], false),
        ] {
            for stream in framings(status, body.as_bytes()) {
                let given = over_http_everywhere(&Anything, 1, &stream);
                match (is_json, number_of) {
                    (true, _) => assert_eq!(given.kind(), ErrorKind::Node(Code::IN_WARMUP), "{status} {body}"),
                    (false, 200) => assert!(given.kind().json().is_some(), "{status} {body}: {given:?}"),
                    (false, 500) if body == not_json => assert_eq!(given.kind(), ErrorKind::WorkQueueFull),
                    (false, _) => assert_eq!(given.kind(), ErrorKind::Status(number_of), "{status} {body}"),
                }
            }
        }
        for stream in framings(status, list.as_bytes()) {
            let given = over_http_everywhere(&Anything, 1, &stream);
            assert_eq!((given.elements.len(), given.end), (2, Ok(())), "{status}");
        }
    }
    for (status, number) in [("204 No Content", 204), ("304 Not Modified", 304)] {
        let given = over_http_everywhere(&Anything, 1, &framings(status, list.as_bytes())[0]);
        assert_eq!(given.end, Err((ErrorKind::Status(number), 0, None)));
    }
}

#[test]
fn elements_before_an_error_of_the_framing_are_given() {
    let begin = r#"{"result":[1,[2,"a"],{"b":3}"#;
    let chunk = |data: &str| format!("{:x}\r\n{data}\r\n", data.len());
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned() + &chunk(begin);
    let length = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{begin}", begin.len() + 1);
    for (stream, kind) in [
        (chunked.clone() + "x\r\n", http::ErrorKind::Chunk.into()),
        (chunked.trim_end().to_owned() + "\n5", http::ErrorKind::Chunk.into()),
        (chunked.clone() + "+5\r\n", http::ErrorKind::Chunk.into()),
        (
            chunked.clone() + "5;a=" + &"b".repeat(300),
            http::ErrorKind::ChunkLineTooLong.into(),
        ),
        (
            chunked.clone() + "0\r\n" + &"b".repeat(5000),
            http::ErrorKind::TrailerTooLong.into(),
        ),
        (chunked.clone(), ErrorKind::Truncated),
        (chunked.clone() + "5\r\n, 4", ErrorKind::Truncated),
        (length, ErrorKind::Truncated),
    ] {
        let given = over_http_everywhere(&Anything, 1, stream.as_bytes());
        assert_eq!(given.kind(), kind, "{stream}");
        assert_eq!(given.elements.len(), 3, "{given:?}");
    }
    // What is wrong with the text is told before what is wrong with the framing behind it.
    let stream = chunked + "2\r\n;1x";
    for cut in cuts(stream.len()) {
        let (given, reusable) = over_http(&Anything, 1, stream.as_bytes(), 512, cut);
        assert_eq!(given.end, invalid(json::ErrorKind::Syntax, begin.len(), Some("result")));
        assert_eq!((given.elements.len(), reusable), (3, false));
    }
}

/// No longer buffer would help.
#[test]
fn a_stream_that_has_ended_is_not_too_long() {
    /// Why there are no more elements, which is told again.
    #[track_caller]
    fn last(mut connection: Connection, buf: &[u8]) -> Fault {
        let mut buf = buf.to_vec();
        loop {
            match connection.poll_element(&mut buf) {
                Ok(Want::Ready(true)) => assert_eq!(connection.element(&buf), Ok(1)),
                Ok(want) => panic!("{want:?}: {connection:?}"),
                Err(error) => {
                    assert_eq!(
                        connection.poll_element(&mut buf).map_err(fault).err(),
                        Some(fault(error))
                    );
                    assert!(!connection.is_open(), "{connection:?}");
                    return fault(error);
                }
            }
        }
    }

    let long = "a".repeat(300);
    let bodies = [
        format!(r#"{{"new":"{long}","result":[1],"id":1}}"#),
        reply(&format!("[1,\"{long}\"]")),
        format!(r#"{{"result":[1],"new":"{long}","id":1}}"#),
    ];
    let ends: [fn(&mut Connection); 3] = [
        |connection| connection.received(0),
        Connection::broken,
        Connection::close,
    ];
    for body in &bodies {
        let mut streams = framings("200 OK", body.as_bytes());
        // The end of the stream is the end of this one.
        streams.remove(1);
        for (stream, cut) in streams
            .iter()
            .flat_map(|stream| [(stream, Cut::NOWHERE), (stream, Cut::every(9))])
        {
            let mut buf = vec![b'~'; 128];
            let mut connection = Connection::awaiting_reply(1);
            let mut at = 0;
            loop {
                match connection.poll_element(&mut buf) {
                    Ok(Want::Read(space)) => {
                        let count = cut.copy(stream, at, space);
                        at += count;
                        connection.received(count);
                    }
                    Ok(Want::Ready(true)) => assert_eq!(connection.element(&buf), Ok(1)),
                    Ok(want) => panic!("{want:?}: {}", stream.escape_ascii()),
                    Err(error) => {
                        assert!(matches!(error.kind, ErrorKind::TooLong { .. }), "{error:?}");
                        break;
                    }
                }
                // The end comes with bytes that may have filled the buffer.
                for end in ends {
                    let mut ended = connection.clone();
                    end(&mut ended);
                    assert_eq!(
                        last(ended, &buf),
                        (ErrorKind::Truncated, at, None),
                        "{at} {cut:?} of {body}"
                    );
                }
            }
            // The end comes once the buffer is known to be full.
            for end in ends {
                let mut ended = connection.clone();
                end(&mut ended);
                for longer in [0, 1, 1000] {
                    let buf = [buf.as_slice(), &vec![b'~'; longer]].concat();
                    let error = last(ended.clone(), &buf);
                    assert_eq!(error, (ErrorKind::Truncated, at, None), "{longer} {cut:?} of {body}");
                }
            }
        }
    }
}

#[test]
fn nothing_but_the_reply_is_taken_from_the_stream() {
    let body = reply("[1,2]");
    for (index, mut stream) in framings("200 OK", body.as_bytes()).into_iter().enumerate() {
        stream.extend(b"HTTP/1.1 200 OK\r\n\r\n");
        let (given, reusable) = over_http(&Anything, 1, &stream, 512, Cut::NOWHERE);
        if index == 1 {
            assert_eq!(given.kind(), json::ErrorKind::Trailing.into(), "{given:?}");
        } else {
            assert_eq!((given.elements.len(), given.end, reusable), (2, Ok(()), false));
            let (given, reusable) = over_http(&Anything, 1, &stream, 512, Cut::every(1));
            assert_eq!((given.elements.len(), given.end, reusable), (2, Ok(()), true));
        }
    }
}

#[test]
fn counts_that_have_nothing_to_do_with_what_is_wanted_do_no_harm() {
    let body = reply("[1,{\"a\":[2]},3]");
    for window in [0, 1, 11, 22, 23, 64] {
        for count in [1, 2, 10, window, usize::MAX] {
            let mut window = vec![b'['; window];
            let mut connection = Connection::awaiting_body(1);
            for _ in 0..200 {
                match connection.poll_element(&mut window) {
                    Ok(Want::Read(space)) => {
                        let count = space.len().min(body.len());
                        space[..count].copy_from_slice(&body.as_bytes()[..count]);
                    }
                    Ok(Want::Ready(true)) => _ = connection.element::<Any<'_>>(&window),
                    _ => {}
                }
                connection.received(count);
            }
            connection.received(0);
            let want = format!("{:?}", connection.poll_element(&mut window));
            assert!(!want.starts_with("Ok(Read"), "{want} {count} {}", window.len());
        }
    }
    let stream = &framings("200 OK", body.as_bytes())[2];
    for count in [1, 2, 10, 64, usize::MAX] {
        let mut buf = [b'['; 128];
        let mut connection = Connection::awaiting_reply(1);
        for _ in 0..200 {
            match connection.poll_element(&mut buf) {
                Ok(Want::Read(space)) => {
                    let count = space.len().min(stream.len());
                    space[..count].copy_from_slice(&stream[..count]);
                }
                Ok(Want::Ready(true)) => _ = connection.element::<Any<'_>>(&buf),
                _ => {}
            }
            connection.received(count);
            connection.written(count);
        }
        connection.received(0);
        let want = format!("{:?}", connection.poll_element(&mut buf));
        assert!(
            !want.starts_with("Ok(Read") && !want.starts_with("Ok(Write"),
            "{want} {count}"
        );
    }
}

/// Nobody who goes on while there is an element may go on forever.
#[test]
fn behind_an_element_that_is_no_json_there_is_no_other() {
    for stream in framings("200 OK", reply("[1,nul,2]").as_bytes()) {
        let mut buf = [0; 512];
        let mut connection = Connection::awaiting_reply(1);
        let Ok(Want::Read(space)) = connection.poll_element(&mut buf) else {
            panic!("{connection:?}")
        };
        space[..stream.len()].copy_from_slice(&stream);
        connection.received(stream.len());
        let mut next = || match connection.poll_element(&mut buf) {
            Ok(Want::Ready(true)) => Ok(shown(connection.element::<Any<'_>>(&buf))),
            Ok(want) => panic!("{want:?}: {}", stream.escape_ascii()),
            Err(error) => Err(fault(error)),
        };
        assert_eq!(next(), Ok(Ok("1".to_owned())));
        let error = (json::ErrorKind::Syntax.into(), 16, Some("result"));
        assert_eq!(next(), Ok(Err(error)), "{}", stream.escape_ascii());
        assert_eq!(next(), Err(error), "{}", stream.escape_ascii());
        assert_eq!(next(), Err(error), "{}", stream.escape_ascii());
    }
}

proptest! {
    #[test]
    fn made_up_elements_are_those_of_the_whole_body(
        peers in made_up::peers(),
        bans in made_up::bans(),
        addresses in made_up::node_addresses(),
        nodes in made_up::added_nodes(),
        others in (made_up::network_info(), made_up::version_info()),
        cut in (1_usize..99, 1_usize..99),
        room in 0_usize..999,
    ) {
        fn same<M: List>(method: &M, list: &Value, cut: (usize, usize), room: usize) {
            let body = reply(&list.to_string());
            let cut = Cut { first: cut.0, every: cut.1 };
            let whole = whole(method, 1, body.as_bytes());
            let texts = self::whole(&Anything, 1, body.as_bytes());
            let longest = parts(body.as_bytes(), &texts).iter().map(|part| part.length + 1).max().unwrap();
            assert_eq!(plain(method, 1, body.as_bytes(), longest + room, cut), whole);
            for stream in framings("200 OK", body.as_bytes()) {
                assert_eq!(over_http(method, 1, &stream, longest.max(64) + room, cut).0, whole);
            }
        }
        same(&GetPeerInfo, &peers, cut, room);
        same(&ListBanned, &bans, cut, room);
        same(&ADDRESSES, &addresses, cut, room);
        same(&GetAddedNodeInfo { node: None }, &nodes, cut, room);
        same(&Anything, &vec![others.0, others.1].into(), cut, room);
    }
}
