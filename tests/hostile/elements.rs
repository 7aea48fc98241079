//! Arrays that are read one element at a time: what is wrong is told as it is of the whole, however the body comes; only
//! what stood before it has been given by then.

use std::fmt::Debug;

use defichain_net_rpc::json::{ErrorKind, Type};
use defichain_net_rpc::rpc::{Envelope, Items};
use defichain_net_rpc::{Connection, Error, Want, response};

use crate::places::{Fault, ID, MEMBERS, Probe, expected_of, fault, framed};

/// What came of a reply: its elements, and how it ended.
#[derive(Clone, Debug, PartialEq)]
struct Outcome {
    elements: Vec<Result<String, Fault>>,
    end: End,
}

#[derive(Clone, Debug, PartialEq)]
enum End {
    Right,
    Invalid(Fault),
    /// Anything else, in words: those of the crate, and those of the node.
    Other(String, Option<String>),
}

impl End {
    fn of(error: Error, words: Option<String>) -> Self {
        match fault(error) {
            Some(fault) => Self::Invalid(fault),
            None => Self::Other(error.to_string(), words),
        }
    }
}

#[track_caller]
fn element(element: Result<impl Debug, Error>) -> Result<String, Fault> {
    element
        .map(|value| format!("{value:?}"))
        .map_err(|error| fault(error).unwrap_or_else(|| panic!("{error}")))
}

impl Outcome {
    /// What came one after the other, the fault at which it ended among it.
    fn in_a_row(mut self) -> Vec<Result<String, Fault>> {
        match self.end {
            End::Right => {}
            End::Invalid(fault) => self.elements.push(Err(fault)),
            End::Other(text, words) => self.elements.push(Ok(format!("{text} {words:?}"))),
        }
        self.elements
    }
}

/// Reads a body as a whole. An error after the elements or between them comes as the last element.
fn whole(body: &[u8]) -> Vec<Result<String, Fault>> {
    match response::<Items<Probe>>(ID, body) {
        Ok(items) => items.map(element).collect(),
        Err(error) => {
            let envelope = Envelope::read(body).ok();
            let words = envelope.and_then(|envelope| Some(envelope.node_error()?.to_string()));
            Outcome {
                elements: Vec::new(),
                end: End::of(error, words),
            }
            .in_a_row()
        }
    }
}

/// Reads a body that comes in these pieces through a window.
#[track_caller]
fn pieces<'p>(window: &mut [u8], pieces: impl IntoIterator<Item = &'p [u8]>) -> Outcome {
    elements(Connection::awaiting_body(ID), window, pieces)
}

/// Reads a reply that comes in these pieces through a buffer.
#[track_caller]
fn stream_pieces<'p>(buf: &mut [u8], pieces: impl IntoIterator<Item = &'p [u8]>) -> Outcome {
    elements(Connection::awaiting_reply(ID), buf, pieces)
}

#[track_caller]
fn elements<'p>(mut connection: Connection, buf: &mut [u8], pieces: impl IntoIterator<Item = &'p [u8]>) -> Outcome {
    let mut source = Source::new(pieces);
    let mut elements = Vec::new();
    let end = loop {
        match connection.poll_element(buf) {
            Ok(Want::Read(space)) => {
                let count = source.read(space);
                connection.received(count);
            }
            Ok(Want::Ready(true)) => elements.push(element(connection.element::<Probe>(buf))),
            end => break end.map(|want| format!("{want:?}")),
        }
    };
    for _ in 0..2 {
        let again = connection.poll_element(buf).map(|want| format!("{want:?}"));
        assert_eq!(again, end, "it stays at its end, behind {elements:?}");
    }
    // An element after which nothing can be read is an error by itself first.
    if let Err(error) = &end
        && let Some(Err(last)) = elements.last()
        && Some(*last) == fault(*error)
    {
        elements.pop();
    }
    let end = match end {
        Ok(want) => {
            assert_eq!(want, "Ready(false)", "behind {elements:?}");
            End::Right
        }
        Err(error) => End::of(error, connection.node_error(buf).map(|error| error.to_string())),
    };
    Outcome { elements, end }
}

/// Pieces that are read one after the other, and no two at once.
struct Source<I> {
    pieces: I,
    rest: Vec<u8>,
}

impl<'p, I: Iterator<Item = &'p [u8]>> Source<I> {
    fn new(pieces: impl IntoIterator<IntoIter = I>) -> Self {
        Self {
            pieces: pieces.into_iter(),
            rest: Vec::new(),
        }
    }

    fn read(&mut self, space: &mut [u8]) -> usize {
        while self.rest.is_empty() {
            match self.pieces.next() {
                Some(piece) => self.rest = piece.to_vec(),
                None => return 0,
            }
        }
        let count = space.len().min(self.rest.len());
        space[..count].copy_from_slice(&self.rest[..count]);
        self.rest.drain(..count);
        count
    }
}

/// Reads a body in every way in which it may come.
///
/// In one piece, cut in two at every byte, and byte by byte; by itself, with its length, in chunks and up to the end of
/// the stream: all must come to the same.
#[track_caller]
fn read(body: &[u8]) -> Outcome {
    let mut window = vec![0; body.len() + 1];
    let outcome = pieces(&mut window, [body]);
    let shown = body.escape_ascii();
    assert_eq!(pieces(&mut window, body.chunks(1)), outcome, "byte by byte: {shown}");
    for at in 1..body.len() {
        let (first, second) = body.split_at(at);
        assert_eq!(
            pieces(&mut window, [first, second]),
            outcome,
            "cut in two at byte {at}: {shown}"
        );
    }
    for stream in framed("200 OK", body) {
        let mut buf = vec![0; stream.len() + 1];
        assert_eq!(stream_pieces(&mut buf, [stream.as_slice()]), outcome, "{shown}");
        assert_eq!(
            stream_pieces(&mut buf, stream.chunks(1)),
            outcome,
            "byte by byte: {shown}"
        );
        // What is before the body has no part in it.
        let head = stream.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
        for at in head..stream.len() {
            let (first, second) = stream.split_at(at);
            assert_eq!(
                stream_pieces(&mut buf, [first, second]),
                outcome,
                "cut in two at byte {at}: {shown}"
            );
        }
    }
    outcome
}

/// Makes sure that a reply without its end is incomplete, unless something before is wrong.
#[track_caller]
fn cut_off(body: &[u8], outcome: &Outcome) {
    let mut window = vec![0; body.len() + 1];
    for len in 0..body.trim_ascii_end().len() {
        let cut = pieces(&mut window, [&body[..len]]);
        assert!(
            outcome.elements.starts_with(&cut.elements),
            "cut off at byte {len}: {cut:?} {outcome:?}: {}",
            body.escape_ascii()
        );
        match (&cut.end, &outcome.end) {
            (End::Invalid((ErrorKind::Incomplete, offset, _)), _) => {
                assert_eq!(*offset, len, "cut off at byte {len}: {}", body.escape_ascii());
            }
            (End::Right, End::Invalid((_, offset, _))) => {
                assert!(*offset >= len, "cut off at byte {len}: {}", body.escape_ascii());
            }
            // An element that has no end is not read, but read past; that it is of the wrong type is not seen.
            (End::Invalid((_, at, Some("result"))), End::Invalid((ErrorKind::Expected(_), offset, _))) => {
                assert!(at >= offset, "cut off at byte {len}: {}", body.escape_ascii());
            }
            (End::Invalid((cut, at, Some("result"))), End::Invalid((whole, offset, _))) => {
                assert_eq!(
                    (cut, at),
                    (whole, offset),
                    "cut off at byte {len}: {}",
                    body.escape_ascii()
                );
            }
            (cut, whole) => assert_eq!(cut, whole, "cut off at byte {len}: {}", body.escape_ascii()),
        }
    }
}

/// Makes sure that a value is malformed in an element and after the array, with this error at this byte of the value.
#[track_caller]
pub(crate) fn malformed(value: &[u8], kind: ErrorKind, index: usize) {
    let refused = |before: &str, after: &str, elements: usize, expected: Fault| {
        let body = [before.as_bytes(), value, after.as_bytes()].concat();
        let (kind, index, member) = expected;
        let outcome = read(&body);
        assert_eq!(
            outcome.end,
            End::Invalid((kind, before.len() + index, member)),
            "{}",
            body.escape_ascii()
        );
        assert_eq!(outcome.elements.len(), elements, "{}", body.escape_ascii());
        cut_off(&body, &outcome);
    };
    let end = r#"],"error":null,"id":1}"#;
    refused(
        r#"{"result":[{"new":"#,
        &format!("}}{end}"),
        0,
        (kind, index, Some("result")),
    );
    refused(
        r#"{"result":[{},1,{"inner":{"new":"#,
        &format!("}}}}{end}"),
        2,
        (kind, index, Some("inner")),
    );
    refused(
        r#"{"result":[{}],"error":null,"new":"#,
        r#","id":1}"#,
        1,
        (kind, index, None),
    );
    // As the value of a member, which is all in its own window.
    for (member, of_type) in MEMBERS {
        let before = format!("{{\"result\":[{{\"{member}\":");
        let body = [before.as_bytes(), value, b"}", end.as_bytes()].concat();
        let (kind, index) = expected_of(value, of_type).map_or((kind, index), |expected| (expected, 0));
        let expected = End::Invalid((kind, before.len() + index, Some(member)));
        let mut window = vec![0; body.len() + 1];
        assert_eq!(
            pieces(&mut window, [body.as_slice()]).end,
            expected,
            "{}",
            body.escape_ascii()
        );
        assert_eq!(
            pieces(&mut window, body.chunks(1)).end,
            expected,
            "{}",
            body.escape_ascii()
        );
    }
}

#[test]
fn a_reply_that_is_right_is_the_same_as_the_whole() {
    for body in [
        r#"{"result":[],"error":null,"id":1}"#,
        r#"{"result":[{}],"error":null,"id":1}"#,
        r#"{"result":[{"text":"]},\"[{"},{"list":[1,2]},{"map":{"}":1}}],"error":null,"id":1}"#,
        " {\n\"result\" : [ {} , {\"number\" : 1 } ] , \"error\" : null , \"id\" : 1 } \r\n",
        r#"{"result":[{},null,8,"a",[{}],true,{}],"error":null,"id":1}"#,
        r#"{"result":[{"number":-1},{"number":1},{"small":65536}],"error":null,"id":1}"#,
        r#"{"result":[{"new":"é𝄞\\\"\u00e9"},{}],"error":null,"id":1}"#,
        r#"{"id":1,"result":[{},{"flag":true}],"error":null}"#,
        r#"{"error":null,"id":1,"result":[{},7]}"#,
        r#"{"r\u0065sult":[{}],"id":1}"#,
        r#"{"new":[],"result":[{}],"id":1}"#,
    ] {
        let outcome = read(body.as_bytes());
        assert_eq!(outcome.end, End::Right);
        assert_eq!(outcome.elements, whole(body.as_bytes()), "{body}");
        cut_off(body.as_bytes(), &outcome);
    }
}

#[test]
fn what_is_wrong_around_the_array_is_told_as_it_is_of_the_whole() {
    for body in [
        "",
        " ",
        "null",
        "[]",
        r#"[{"result":[{}],"error":null,"id":1}]"#,
        "Work queue depth exceeded",
        "\u{feff}{\"result\":[{}],\"error\":null,\"id\":1}",
        r#"{"result":{},"error":null,"id":1}"#,
        r#"{"result":null,"error":null,"id":1}"#,
        r#"{"result":null,"error":{"code":-28,"message":"Loading..."},"id":1}"#,
        r#"{"result":[{}],"error":{"code":-1,"message":""},"id":1}"#,
        r#"{"result":[{}],"error":{"code":-1},"id":1}"#,
        r#"{"result":[{}],"error":1,"id":1}"#,
        r#"{"result":[{}],"error":null,"id":2}"#,
        r#"{"result":[{}],"error":null,"id":"1"}"#,
        r#"{"result":[{}],"error":null,"id":null}"#,
        r#"{"result":[{}],"error":null}"#,
        r#"{"result":[{}]}"#,
        r#"{"result":[{}],"error":null,"id":1,}"#,
        r#"{"result":[{}] "error":null,"id":1}"#,
        r#"{"result":[{}];"error":null,"id":1}"#,
        r#"{"result":[{}],"result":[{}],"error":null,"id":1}"#,
        r#"{"result":[{}],"r\u0065sult":null,"error":null,"id":1}"#,
        r#"{"result":[{}],"error":null,"error":null,"id":1}"#,
        r#"{"result":[{}],"error":null,"id":1,"id":1}"#,
        r#"{"id":2,"result":[{}],"error":null,"id":1}"#,
        r#"{"result":[{}],"error":null,"id":1}}"#,
        r#"{"result":[{}],"error":null,"id":1} {"#,
        r#"{"result":[{}],"error":null,"id":1}]"#,
        "{\"result\":[{}],\"error\":null,\"id\":1}\0",
        r#"{"result":[{}],"error":null,"id":01}"#,
        r#"{"result":[{}],"new":nul,"id":1}"#,
        r#"{'result':[{}],"error":null,"id":1}"#,
        r#"{"result":[{}]],"error":null,"id":1}"#,
        r#"{"result":[{}]"#,
        r#"{"result":["#,
    ] {
        let outcome = read(body.as_bytes());
        let expected = whole(body.as_bytes());
        // If all bytes come at once, the error may come before the elements.
        assert!(
            outcome.clone().in_a_row().ends_with(&expected),
            "{body}: {outcome:?} {expected:?}"
        );
        assert_ne!(outcome.end, End::Right, "{body}");
        // What is given before the end is provisional.
        assert!(outcome.elements.len() <= 1, "{body}");
        cut_off(body.as_bytes(), &outcome);
    }
}

#[test]
fn a_body_that_ends_behind_an_element_is_incomplete_at_its_end() {
    for element in ["1", "1 ", "1 \n", "null\t", "{} ", "\"a\"  ", "[1] "] {
        let body = format!(r#"{{"result":[{{}},{element}"#);
        let outcome = read(body.as_bytes());
        let expected = (ErrorKind::Incomplete, body.len(), Some("result"));
        assert_eq!(outcome.end, End::Invalid(expected), "{body:?}");
        assert_eq!(whole(body.as_bytes()), [Err(expected)], "{body:?}");
    }
}

#[test]
fn what_stands_between_two_elements_is_a_comma() {
    let before = r#"{"result":["#;
    for (array, index, elements) in [
        (",]", 0, 0),
        (",{}]", 0, 0),
        ("{},]", 3, 1),
        ("{},,{}]", 3, 1),
        ("{};{}]", 2, 1),
        ("{} {}]", 3, 1),
        ("{}:{}]", 2, 1),
        ("{}}", 2, 1),
        ("}", 0, 0),
        ("{}{}]", 2, 1),
        ("1 1]", 2, 1),
        ("\"a\"\"a\"]", 3, 1),
        ("/**/]", 0, 0),
        ("{}/**/]", 2, 1),
        ("'a']", 0, 0),
        ("truee]", 4, 1),
        ("\u{b}{}]", 0, 0),
        ("{}\u{feff}]", 2, 1),
    ] {
        let body = format!(r#"{before}{array},"error":null,"id":1}}"#);
        let outcome = read(body.as_bytes());
        let expected = (ErrorKind::Syntax, before.len() + index, Some("result"));
        assert_eq!(outcome.end, End::Invalid(expected), "{body}");
        assert_eq!(outcome.elements.len(), elements, "{body}");
        assert!(outcome.clone().in_a_row().ends_with(&whole(body.as_bytes())), "{body}");
        cut_off(body.as_bytes(), &outcome);
    }
}

#[test]
fn an_element_that_is_wrong_leaves_the_others_readable() {
    let wrong = [
        ("1", ErrorKind::Expected(Type::Object), 0, "result"),
        ("[[{}],\"]\"]", ErrorKind::Expected(Type::Object), 0, "result"),
        ("null", ErrorKind::Expected(Type::Object), 0, "result"),
        ("\"a\\\"b,\"", ErrorKind::Expected(Type::Object), 0, "result"),
        (r#"{"number":-1}"#, ErrorKind::Range, 10, "number"),
        (
            r#"{"number":1.0,"new":[]}"#,
            ErrorKind::Expected(Type::Integer),
            10,
            "number",
        ),
        (r#"{"text":null,"text":"a"}"#, ErrorKind::Duplicate, 13, "text"),
        (r#"{"amount":0.000000001}"#, ErrorKind::Precision, 10, "amount"),
        (
            r#"{"inner":{"number":"1"}}"#,
            ErrorKind::Expected(Type::Integer),
            19,
            "number",
        ),
    ];
    let mut body = r#"{"result":["#.to_owned();
    let mut expected = Vec::new();
    for (element, kind, index, member) in wrong {
        expected.push(Some((kind, body.len() + index, Some(member))));
        expected.push(None);
        body.extend([element, ",{},"]);
    }
    body = body.trim_end_matches(',').to_owned() + r#"],"error":null,"id":1}"#;
    let outcome = read(body.as_bytes());
    assert_eq!(outcome.end, End::Right);
    let faults: Vec<_> = outcome
        .elements
        .iter()
        .map(|element| element.as_ref().err().copied())
        .collect();
    assert_eq!(faults, expected);
    assert_eq!(whole(body.as_bytes()), outcome.elements);
    cut_off(body.as_bytes(), &outcome);
}

#[test]
fn nothing_is_read_behind_an_element_that_is_malformed() {
    for (element, kind, index) in [
        ("{\"new\":nul}", ErrorKind::Syntax, 10),
        ("{\"new\":01}", ErrorKind::Number, 8),
        ("{} 1", ErrorKind::Syntax, 3),
        // It is of the wrong type where it begins, and that it is malformed comes later.
        ("nul", ErrorKind::Expected(Type::Object), 0),
        ("[\"\\x\"]", ErrorKind::Expected(Type::Object), 0),
    ] {
        let before = r#"{"result":[{},"#;
        let body = format!(r#"{before}{element},{{}},{{}}],"error":null,"id":1}}"#);
        let outcome = read(body.as_bytes());
        let expected = (kind, before.len() + index, Some("result"));
        assert_eq!(outcome.end, End::Invalid(expected), "{body}");
        assert_eq!(whole(body.as_bytes()).last(), Some(&Err(expected)), "{body}");
        cut_off(body.as_bytes(), &outcome);
    }
}

#[test]
fn nesting_in_an_element_is_limited_as_elsewhere() {
    let before = r#"{"result":[{"new":"#;
    for more in [1, 100_000] {
        let value = "[".repeat(64 + more);
        // The reply, its array and the element are open around it.
        for (body, index) in [
            (format!("{before}{value}"), 61),
            (
                format!(r#"{before}{value}{}}}],"error":null,"id":1}}"#, "]".repeat(64 + more)),
                61,
            ),
        ] {
            let mut window = vec![0; body.len() + 1];
            let expected = End::Invalid((ErrorKind::Depth, before.len() + index, Some("result")));
            assert_eq!(pieces(&mut window, [body.as_bytes()]).end, expected, "{more} more");
            assert_eq!(
                pieces(&mut window, body.as_bytes().chunks(7)).end,
                expected,
                "{more} more"
            );
        }
    }
}
