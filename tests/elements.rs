//! Replies that are arrays, one element at a time: they give what the whole body gives, however it comes.

mod exchanges;
mod made_up;
mod recordings;

use std::fmt::{self, Debug, Formatter};
use std::num::NonZeroU16;

use defichain_net_rpc::http::{HttpErrorKind, ReplyError};
use defichain_net_rpc::json::{Error, ErrorKind, FromJson, MAX_DEPTH, Reader, Type};
use defichain_net_rpc::network::{GetAddedNodeInfo, GetNodeAddresses, GetPeerInfo, ListBanned};
use defichain_net_rpc::rpc::{Elements, Envelope, Items, Sequence, Step, response_as};
use defichain_net_rpc::{ElementExchange, ElementWant, Exchange, ExchangeError, Method, ResponseError, Want};
use proptest::prelude::*;
use serde_json::Value;

/// A method whose result is an array.
trait List: for<'a> Method<Response<'a>: Sequence<'a, Item: Debug>> {}

impl<M> List for M where M: for<'a> Method<Response<'a>: Sequence<'a, Item: Debug>> {}

type Item<'a, M> = <<M as Method>::Response<'a> as Sequence<'a>>::Item;

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
    fn read(&mut self, reader: &mut Reader<'a>) -> Result<(), ErrorKind> {
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
    end: Result<(), String>,
}

impl Given {
    fn error(&self) -> &str {
        self.end.as_ref().unwrap_err()
    }
}

/// What is wrong with an element, where, and in which member.
type Fault = (ErrorKind, usize, Option<&'static str>);

fn shown(element: Result<impl Debug, Error>) -> Result<String, Fault> {
    match element {
        Ok(element) => Ok(format!("{element:?}")),
        Err(error) => Err((error.kind, error.offset, error.member)),
    }
}

/// What the reader of whole bodies gives. What is wrong with the text can stand in the place of an element.
fn whole<M: List>(_: &M, id: u64, body: &[u8]) -> Given {
    given(response_as::<Items<'_, Item<'_, M>>>(id, body))
}

/// What the whole body gives if all of it is checked before the first element is given.
fn checked<M: List>(_: &M, id: u64, body: &[u8]) -> Given {
    given(Envelope::read(body).and_then(|envelope| {
        envelope.check_id(id)?;
        envelope.result::<Items<'_, Item<'_, M>>>()
    }))
}

fn given<'a>(items: Result<Items<'a, impl FromJson<'a> + Debug>, ResponseError<'_>>) -> Given {
    match items {
        Ok(items) => Given {
            elements: items.map(shown).collect(),
            end: Ok(()),
        },
        Err(error) => Given {
            elements: Vec::new(),
            end: Err(format!("{:?}", ExchangeError::Reply(error.into()))),
        },
    }
}

/// What the elements of a body give through a window.
fn plain<M: List>(method: &M, id: u64, body: &[u8], window: usize, cut: Cut) -> Given {
    let mut window = vec![b'~'; window];
    let mut reply = Elements::new(method, id, &mut window);
    let mut elements = Vec::new();
    let mut at = 0;
    let mut next = |elements: &mut Vec<_>| loop {
        let count = match reply.poll() {
            Ok(Step::Read(space)) => cut.copy(body, at, space),
            Ok(Step::Element(element)) => {
                elements.push(shown(element));
                continue;
            }
            Ok(Step::End) => return Ok(()),
            Err(error) => return Err(format!("{:?}", ExchangeError::Reply(error.into()))),
        };
        at += count;
        reply.received(count);
    };
    let end = next(&mut elements);
    let given = elements.len();
    assert_eq!(next(&mut elements), end, "asked again");
    assert_eq!(elements.len(), given, "asked again");
    Given { elements, end }
}

/// What the elements of a stream give through a buffer, and whether its connection can be used again.
fn over_http<M: List>(method: &M, id: u64, stream: &[u8], buf: usize, cut: Cut) -> (Given, bool) {
    let mut buf = vec![b'~'; buf];
    let mut exchange = ElementExchange::awaiting(method, id, &mut buf);
    let mut elements = Vec::new();
    let mut at = 0;
    let mut next = |elements: &mut Vec<_>| loop {
        let count = match exchange.poll() {
            Ok(ElementWant::Read(space)) => cut.copy(stream, at, space),
            Ok(ElementWant::Element(element)) => {
                elements.push(shown(element));
                continue;
            }
            Ok(ElementWant::End) => return Ok(()),
            Ok(ElementWant::Write(_)) => panic!("the request has been sent"),
            Err(error) => return Err(format!("{error:?}")),
        };
        at += count;
        exchange.received(count);
    };
    let end = next(&mut elements);
    let given = elements.len();
    assert_eq!(next(&mut elements), end, "asked again");
    assert_eq!(elements.len(), given, "asked again");
    (Given { elements, end }, exchange.is_reusable())
}

/// What the reader of whole replies gives for a stream, and whether its connection can be used again.
fn whole_over_http<M: List>(method: &M, id: u64, stream: &[u8]) -> (Given, bool) {
    let mut buf = vec![b'~'; stream.len() + 1];
    let mut exchange = Exchange::awaiting(id, &mut buf);
    let mut rest = stream;
    while let Ok(Want::Read(space)) = exchange.poll() {
        let count = rest.len().min(space.len());
        space[..count].copy_from_slice(&rest[..count]);
        rest = &rest[count..];
        exchange.received(count);
    }
    let refused = |error: ExchangeError<'_>| Given {
        elements: Vec::new(),
        end: Err(format!("{error:?}")),
    };
    match exchange.poll() {
        Ok(Want::Done(reply)) => {
            let given = match reply.response_as::<Items<'_, Item<'_, M>>>() {
                Ok(_) => whole(method, id, reply.body()),
                Err(error) => refused(error.into()),
            };
            (given, reply.is_reusable())
        }
        Ok(want) => panic!("{want:?} after the end of the stream"),
        Err(error) => (refused(error.into()), false),
    }
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

fn plain_everywhere<M: List>(method: &M, id: u64, body: &[u8]) -> Given {
    let given = plain(method, id, body, body.len() + 1, Cut::NOWHERE);
    assert_like(&given, &whole(method, id, body));
    let checked = checked(method, id, body);
    assert_eq!(given.end.is_ok(), checked.end.is_ok(), "{given:?} is not {checked:?}");
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

fn over_http_everywhere<M: List>(method: &M, id: u64, stream: &[u8]) -> Given {
    let (given, reusable) = over_http(method, id, stream, stream.len() + 1, Cut::NOWHERE);
    let (whole, whole_is_reusable) = whole_over_http(method, id, stream);
    assert_like(&given, &whole);
    assert_eq!(reusable, whole_is_reusable);
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
fn assert_like(given: &Given, whole: &Given) {
    match (&given.end, &whole.end) {
        (Err(_), Ok(())) => {
            let Some((Err((kind, offset, member)), before)) = whole.elements.split_last() else {
                panic!("{whole:?} has no {given:?}");
            };
            assert_eq!(given.elements, before);
            assert_eq!(given.end, invalid(*kind, *offset, *member));
        }
        // That an element is of the wrong type is clear where it begins, that it is malformed may come later.
        (Err(end), Err(_)) if end.contains("Expected(") => {}
        (end, Err(_)) => assert_eq!(*end, whole.end, "{given:?}"),
        _ => assert_eq!(given, whole),
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

/// What the error of a reply looks like.
fn invalid(kind: ErrorKind, offset: usize, member: Option<&'static str>) -> Result<(), String> {
    let error = format!("Error {{ kind: {kind:?}, offset: {offset}, member: {member:?} }}");
    Err(format!("Reply(Response(Invalid({error})))"))
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
        ("8", ErrorKind::Expected(Type::Object), 0, "result"),
        ("[{}]", ErrorKind::Expected(Type::Object), 0, "result"),
        ("{ }", ErrorKind::Missing, 2, "address"),
        (&ban("-1"), ErrorKind::Range, 33, "banned_until"),
        (&ban("1.0"), ErrorKind::Expected(Type::Integer), 33, "banned_until"),
        (&ban("1,\"address\":\"\""), ErrorKind::Duplicate, 35, "address"),
        (
            &ban("{\"]\":[\"\\\"}\"]}"),
            ErrorKind::Expected(Type::Integer),
            33,
            "banned_until",
        ),
    ] {
        let array = format!("[{good},{wrong} , {good},{wrong}]");
        let given = everywhere(&ListBanned, 1, reply(&array).as_bytes());
        let [Ok(_), Err(first), Ok(_), Err(second)] = &given.elements[..] else {
            panic!("{given:?}")
        };
        let error = |offset| (kind, offset, Some(member));
        let offset = r#"{"result":[,"#.len() + good.len() + at;
        assert_eq!(*first, error(offset), "{wrong}");
        assert_eq!(*second, error(offset + wrong.len() + good.len() + 4), "{wrong}");
        assert_eq!(given.end, Ok(()));
    }
}

#[test]
fn what_is_no_json_ends_the_reply_where_it_is_wrong() {
    for (array, kind, offset, elements) in [
        ("[1,]", ErrorKind::Syntax, 3, 1),
        ("[,1]", ErrorKind::Syntax, 1, 0),
        ("[1,,2]", ErrorKind::Syntax, 3, 1),
        ("[1 2]", ErrorKind::Syntax, 3, 1),
        ("[1;2]", ErrorKind::Syntax, 2, 1),
        ("[1:2]", ErrorKind::Syntax, 2, 1),
        ("[1}", ErrorKind::Syntax, 2, 1),
        ("[}", ErrorKind::Syntax, 1, 0),
        ("[1,2,}", ErrorKind::Syntax, 5, 2),
        ("[01]", ErrorKind::Number, 2, 0),
        ("[1,2.]", ErrorKind::Number, 5, 1),
        ("[nul]", ErrorKind::Syntax, 4, 0),
        ("[True]", ErrorKind::Syntax, 1, 0),
        ("['a']", ErrorKind::Syntax, 1, 0),
        ("[1,/**/2]", ErrorKind::Syntax, 3, 1),
        ("[1,\x0b2]", ErrorKind::Syntax, 3, 1),
        ("[\"a\"\"b\"]", ErrorKind::Syntax, 4, 1),
        ("[\"a\nb\"]", ErrorKind::Control, 3, 0),
        ("[1,\"\\x\"]", ErrorKind::Escape, 4, 1),
        ("[1,\"\\ud834\"]", ErrorKind::Surrogate, 4, 1),
        ("[[1,2}]", ErrorKind::Syntax, 5, 0),
        ("[[1],[{]}]", ErrorKind::Syntax, 7, 1),
        ("[{\"a\" 1},2]", ErrorKind::Syntax, 6, 0),
        ("[{\"a\":1,},2]", ErrorKind::Syntax, 8, 0),
        ("[{a:1}]", ErrorKind::Syntax, 2, 0),
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
    assert_eq!(given.end, invalid(ErrorKind::Utf8, 12, Some("result")));
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
                invalid(ErrorKind::Depth, offset, Some("result")),
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
        assert!(
            given.error().contains(&format!("Incomplete, offset: {length}")),
            "{length}: {given:?}"
        );
    }
}

#[test]
fn what_is_wrong_behind_the_array_is_found_at_the_end() {
    let begin = r#"{"result":[1,2]"#;
    for (rest, kind, offset, member) in [
        (r#","error":null}"#, ErrorKind::Missing, 13, Some("id")),
        (" } ", ErrorKind::Missing, 1, Some("id")),
        (r#","id":1,"result":[]}"#, ErrorKind::Duplicate, 8, Some("result")),
        (r#","id":1,"r\u0065sult":8}"#, ErrorKind::Duplicate, 8, Some("result")),
        (
            r#","error":null,"id":1,"error":null}"#,
            ErrorKind::Duplicate,
            21,
            Some("error"),
        ),
        (r#","id":1,"id":1}"#, ErrorKind::Duplicate, 8, Some("id")),
        (
            r#","error":{"code":1,"message":""},"id":1}"#,
            ErrorKind::Conflict,
            9,
            Some("error"),
        ),
        (
            r#","id":2,"error":{"code":1,"message":""}}"#,
            ErrorKind::Conflict,
            16,
            Some("error"),
        ),
        (
            r#","error":{"code":1},"id":1}"#,
            ErrorKind::Missing,
            18,
            Some("message"),
        ),
        (
            r#","error":8,"id":1}"#,
            ErrorKind::Expected(Type::Object),
            9,
            Some("error"),
        ),
        (r#","error":null,"id":1}{"#, ErrorKind::Trailing, 21, None),
        (r#","error":null,"id":1} 0"#, ErrorKind::Trailing, 22, None),
        (r#","error":null,"id":1,}"#, ErrorKind::Syntax, 21, None),
        (r#""error":null,"id":1}"#, ErrorKind::Syntax, 0, None),
        (r#","error":null;"id":1}"#, ErrorKind::Syntax, 13, None),
        (r#","error":nul,"id":1}"#, ErrorKind::Syntax, 12, Some("error")),
        (r#","new":01,"id":1}"#, ErrorKind::Number, 8, None),
        (r#","id":01}"#, ErrorKind::Number, 7, Some("id")),
        ("]", ErrorKind::Syntax, 0, None),
    ] {
        let given = everywhere(&Anything, 1, format!("{begin}{rest}").as_bytes());
        assert_eq!(given.end, invalid(kind, begin.len() + offset, member), "{rest}");
        assert_eq!(given.elements.len(), 2, "{rest}");
    }
    for id in ["2", "null", "\"1\"", "1.0", "18446744073709551617", "{}"] {
        let given = everywhere(&Anything, 1, format!("{begin},\"error\":null,\"id\":{id}}}").as_bytes());
        let offset = begin.len() + r#","error":null,"id":"#.len();
        let error = ResponseError::WrongId { offset };
        assert_eq!(
            given.end,
            Err(format!("{:?}", ExchangeError::Reply(error.into()))),
            "{id}"
        );
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
    assert!(given.error().contains("WrongId { offset: 6 }"), "{given:?}");
}

#[test]
fn a_result_that_is_no_array_is_the_error_that_it_is_for_the_whole_body() {
    for result in ["null", "8", "{}", "\"[]\"", "{\"a\":[1]}", "nul"] {
        let body = reply(result);
        let given = everywhere(&Anything, 1, body.as_bytes());
        assert_eq!(given.elements, []);
        let (kind, offset) = match result {
            "nul" => (ErrorKind::Syntax, 13),
            _ => (ErrorKind::Expected(Type::Array), 10),
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
        assert!(given.error().contains("Invalid"), "{given:?}");
    }
}

fn too_long(offset: usize, window: usize) -> Result<(), String> {
    let error = ResponseError::TooLong { offset, window };
    Err(format!("{:?}", ExchangeError::Reply(error.into())))
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
    assert!(size_of::<Elements<'_, GetPeerInfo>>() < 128);
    assert!(size_of::<ElementExchange<'_, GetPeerInfo>>() < 256);
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
                    let expected = through(&whole, &over_http_parts, window);
                    assert_eq!(given, expected, "{}: {window} {cut:?} {index}", recording.name);
                }
            }
        }
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

#[test]
fn a_head_has_to_fit_as_well() {
    let body = reply("[1,2]");
    for stream in framings("200 OK", body.as_bytes()) {
        let head = stream.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
        for window in 0..head {
            for cut in [Cut::NOWHERE, Cut::every(1)] {
                let (given, reusable) = over_http(&Anything, 1, &stream, window, cut);
                assert_eq!((&*given.elements, reusable), (&[] as &[_], false));
                assert!(given.error().contains("TooLong { needed: None }"), "{given:?}");
                assert!(given.error().contains(&format!("offset: {window}")), "{given:?}");
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
        let mut exchange = ElementExchange::awaiting(&GetPeerInfo, 1, &mut buf);
        let Ok(ElementWant::Read(space)) = exchange.poll() else {
            panic!()
        };
        space[..recording.reply.len()].copy_from_slice(&recording.reply);
        exchange.received(recording.reply.len());
        let Err(error) = exchange.poll() else {
            panic!("{}", recording.name)
        };
        assert_eq!(error.is_transient(), recording.name == "http-work-queue-exceeded");
        let ExchangeError::Reply(ReplyError::Http(answer)) = error else {
            panic!("{error}")
        };
        assert_eq!(answer.text, recording.body());
        assert_eq!(
            answer.kind(),
            match recording.name.as_str() {
                "http-401-no-auth" => HttpErrorKind::Unauthorized,
                "http-404-path" => HttpErrorKind::NotFound,
                "http-405-get" => HttpErrorKind::Other,
                _ => HttpErrorKind::WorkQueueFull,
            }
        );
        assert!(exchange.is_reusable());
        let given = over_http_everywhere(&GetPeerInfo, 1, &recording.reply);
        assert!(given.error().starts_with("Reply(Http("), "{given:?}");
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
        for (body, expected) in [
            (node_error, "Reply(Response(Node(NodeError { code: Code(-28)"),
            (not_json, "Reply(Http("),
            (&number, "Reply(Http("),
            (&list[..list.len() - 3], "Reply(Http("),
        ] {
            for stream in framings(status, body.as_bytes()) {
                let given = over_http_everywhere(&Anything, 1, &stream);
                let other = "Reply(Response(Invalid(";
                let expected = if status == "200 OK" && expected != "Reply(Response(Node(NodeError { code: Code(-28)" {
                    other
                } else {
                    expected
                };
                assert!(given.error().starts_with(expected), "{status} {body}: {given:?}");
            }
        }
        for stream in framings(status, list.as_bytes()) {
            let given = over_http_everywhere(&Anything, 1, &stream);
            assert_eq!((given.elements.len(), given.end), (2, Ok(())), "{status}");
        }
    }
    for status in ["204 No Content", "304 Not Modified"] {
        let given = over_http_everywhere(&Anything, 1, &framings(status, list.as_bytes())[0]);
        assert!(given.error().starts_with("Reply(Http("), "{given:?}");
    }
}

#[test]
fn elements_before_an_error_of_the_framing_are_given() {
    let begin = r#"{"result":[1,[2,"a"],{"b":3}"#;
    let chunk = |data: &str| format!("{:x}\r\n{data}\r\n", data.len());
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned() + &chunk(begin);
    let length = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{begin}", begin.len() + 1);
    for (stream, kind) in [
        (chunked.clone() + "x\r\n", "Chunk"),
        (chunked.trim_end().to_owned() + "\n5", "Chunk"),
        (chunked.clone() + "+5\r\n", "Chunk"),
        (chunked.clone() + "5;a=" + &"b".repeat(300), "ChunkLineTooLong"),
        (chunked.clone() + "0\r\n" + &"b".repeat(5000), "TrailerTooLong"),
        (chunked.clone(), "Truncated"),
        (chunked.clone() + "5\r\n, 4", "Truncated"),
        (length, "Truncated"),
    ] {
        let given = over_http_everywhere(&Anything, 1, stream.as_bytes());
        let error = given.error();
        assert!(error.starts_with(&format!("Http(Error {{ kind: {kind}")), "{given:?}");
        assert_eq!(given.elements.len(), 3, "{given:?}");
    }
    // What is wrong with the text is told before what is wrong with the framing behind it.
    let stream = chunked + "2\r\n;1x";
    for cut in cuts(stream.len()) {
        let (given, reusable) = over_http(&Anything, 1, stream.as_bytes(), 512, cut);
        assert_eq!(given.end, invalid(ErrorKind::Syntax, begin.len(), Some("result")));
        assert_eq!((given.elements.len(), reusable), (3, false));
    }
}

#[test]
fn nothing_but_the_reply_is_taken_from_the_stream() {
    let body = reply("[1,2]");
    for (index, mut stream) in framings("200 OK", body.as_bytes()).into_iter().enumerate() {
        stream.extend(b"HTTP/1.1 200 OK\r\n\r\n");
        let (given, reusable) = over_http(&Anything, 1, &stream, 512, Cut::NOWHERE);
        if index == 1 {
            assert!(given.error().contains("Trailing"), "{given:?}");
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
            let mut elements = Elements::new(&Anything, 1, &mut window);
            for _ in 0..200 {
                if let Ok(Step::Read(space)) = elements.poll() {
                    let count = space.len().min(body.len());
                    space[..count].copy_from_slice(&body.as_bytes()[..count]);
                }
                elements.received(count);
            }
            elements.received(0);
            assert!(!matches!(elements.poll(), Ok(Step::Read(_))));
        }
    }
    let stream = &framings("200 OK", body.as_bytes())[2];
    for count in [1, 2, 10, 64, usize::MAX] {
        let mut buf = [b'['; 128];
        let mut exchange = ElementExchange::awaiting(&Anything, 1, &mut buf);
        for _ in 0..200 {
            if let Ok(ElementWant::Read(space)) = exchange.poll() {
                let count = space.len().min(stream.len());
                space[..count].copy_from_slice(&stream[..count]);
            }
            exchange.received(count);
            exchange.written(count);
        }
        exchange.received(0);
        assert!(!matches!(
            exchange.poll(),
            Ok(ElementWant::Read(_) | ElementWant::Write(_))
        ));
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
