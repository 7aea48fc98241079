//! Heads of a few symbols, beside `httparse`.

use defichain_net_rpc as rpc;
use defichain_net_rpc::http::ErrorKind;
use httparse::{EMPTY_HEADER, Response, Status};

use crate::streams::{Outcome, read};
use crate::{Then, each_text};

/// Where `httparse` takes a head that this crate does not.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Difference {
    /// RFC 9112, section 2.2, lets a server pass over empty lines before a request; before a reply there are none.
    EmptyLineFirst,
    /// RFC 9110, section 15: a status is between 100 and 599; those from 600 on are known to occur, those below 100 are not.
    StatusBelow100,
    /// Not asked for.
    SwitchingProtocols,
}

const STATUS_LINES: &[&[u8]] = &[b"1", b"0", b" ", b"2", b"00", b"\r", b"\n"];

#[test]
fn a_status_line_is_read_if_another_parser_reads_it() {
    let mut differences = Vec::new();
    let mut accepted = 0;
    each_text(STATUS_LINES, &mut |text| {
        accepted += usize::from(agree(b"HTTP/1.", text, &mut differences));
        Then::On
    });
    for difference in [
        Difference::EmptyLineFirst,
        Difference::StatusBelow100,
        Difference::SwitchingProtocols,
    ] {
        assert!(
            differences.contains(&difference),
            "{difference:?} does not differ any more"
        );
    }
    assert!(accepted > 100, "{accepted}");
}

const HEADERS: &[&[u8]] = &[b"A", b":", b" ", b"\r", b"\n", b"\0", b"\x80"];

#[test]
fn a_header_is_read_if_another_parser_reads_it() {
    let mut accepted = 0;
    each_text(HEADERS, &mut |text| {
        accepted += usize::from(agree(b"HTTP/1.1 200 OK\r\n", text, &mut Vec::new()));
        Then::On
    });
    assert!(accepted > 1000, "{accepted}");
}

#[test]
fn any_byte_may_stand_in_a_name_or_a_value_where_another_parser_takes_it() {
    for byte in 0..=255 {
        for around in [
            ["", ": a"],
            ["A", ": a"],
            ["A", ""],
            ["A:", ""],
            ["A: a", ""],
            ["A: a", "a"],
            ["A: a\r\n", "A: a"],
        ] {
            let text = [around[0].as_bytes(), &[byte], around[1].as_bytes()].concat();
            agree(b"HTTP/1.1 200 OK\r\n", &text, &mut Vec::new());
            agree(b"HTTP/1.1 200 ", &text, &mut Vec::new());
        }
    }
}

/// Whether a head is read that begins with this and goes on with the text, and then ends.
#[track_caller]
fn agree(begin: &[u8], text: &[u8], differences: &mut Vec<Difference>) -> bool {
    let stream = [begin, text, b"\r\n\r\n"].concat();
    let ours = read(&stream);
    let theirs = head_of(&stream);
    let shown = stream.escape_ascii();
    let ours = match &ours {
        Outcome::Refused(rpc::ErrorKind::Http(kind), at) => Err((*kind, *at)),
        Outcome::Refused(kind, at) => panic!("{shown}: {kind:?} at {at}"),
        ours => Ok(ours),
    };
    let difference = match (ours, theirs) {
        (Ok(Outcome::Reply(status, body, used)), Ok(Some((code, end)))) => {
            assert_eq!((*status, *used), (code, stream.len()), "{shown}");
            let body_is_empty = matches!(code, 204 | 304);
            assert_eq!(
                body.as_slice(),
                if body_is_empty { b"" } else { &stream[end..] },
                "{shown}"
            );
            return true;
        }
        // It tells a malformed line before the head has ended.
        (Ok(Outcome::Truncated), Ok(None) | Err(_)) | (Err(_), Err(_)) => return false,
        (Err((ErrorKind::Version, at)), _) if b"\r\n".contains(&stream[at]) => Difference::EmptyLineFirst,
        (Err((ErrorKind::Status, at)), Ok(Some((code, _)))) if code < 100 && at < stream.len() => {
            Difference::StatusBelow100
        }
        (Err((ErrorKind::SwitchingProtocols, _)), Ok(Some((101, _)))) => Difference::SwitchingProtocols,
        (ours, theirs) => panic!("{shown}: {ours:?} {theirs:?}"),
    };
    if !differences.contains(&difference) {
        differences.push(difference);
    }
    false
}

/// The status of the first reply that is not an interim one, and where its head ends; `None` if it does not end.
fn head_of(stream: &[u8]) -> Result<Option<(u16, usize)>, httparse::Error> {
    let mut headers = [EMPTY_HEADER; 16];
    let mut head = Response::new(&mut headers);
    match (head.parse(stream)?, head.code) {
        (Status::Complete(end), Some(status @ 100..200)) if status != 101 => {
            let rest = head_of(&stream[end..])?;
            Ok(rest.map(|(status, length)| (status, end + length)))
        }
        (Status::Complete(end), Some(status)) => Ok(Some((status, end))),
        _ => Ok(None),
    }
}

const FRAMINGS: &[&[u8]] = &[
    b"Content-Length:",
    b"Transfer-Encoding:",
    b"1",
    b",",
    b"chunked",
    b"\r\n",
    b" ",
];

/// `httparse` finds the headers, and a few lines tell what RFC 9112, section 6.3, makes of them.
#[test]
fn the_body_ends_where_its_headers_say() {
    let mut framings = Vec::new();
    each_text(FRAMINGS, &mut |text| {
        let versions: &[&str] = if text.starts_with(b"T") {
            &["1.0", "1.1"]
        } else {
            &["1.1"]
        };
        for version in versions {
            let head = [format!("HTTP/{version} 200 OK\r\n").as_bytes(), text, b"\r\n\r\n"].concat();
            let mut headers = [EMPTY_HEADER; 16];
            let mut parsed = Response::new(&mut headers);
            let theirs = parsed.parse(&head);
            let shown = head.escape_ascii();
            let Ok(Status::Complete(end)) = theirs else {
                assert!(theirs.is_err(), "{shown}");
                assert!(matches!(read(&head), Outcome::Refused(..)), "{shown}");
                continue;
            };
            let values = |name: &str| {
                let named = parsed
                    .headers
                    .iter()
                    .filter(move |header| header.name.eq_ignore_ascii_case(name));
                named
                    .map(|header| std::str::from_utf8(header.value).unwrap())
                    .collect::<Vec<_>>()
            };
            let framing = framing(version, &values("Content-Length"), &values("Transfer-Encoding"));
            let stream = [&head[..end], b"1\r\nx\r\n0\r\n\r\n"].concat();
            let rest = &stream[end..];
            let expected = match framing {
                Framing::None => Some((rest, stream.len())),
                Framing::Length(length) if length > rest.len() => None,
                Framing::Length(length) => Some((&rest[..length], end + length)),
                Framing::Chunked => Some((b"x".as_slice(), stream.len())),
                Framing::Wrong(_) => None,
            };
            match (read(&stream), framing) {
                (Outcome::Reply(200, body, used), _) => assert_eq!(Some((body.as_slice(), used)), expected, "{shown}"),
                (Outcome::Truncated, Framing::Length(length)) => assert!(length > rest.len(), "{shown}"),
                (Outcome::Refused(rpc::ErrorKind::Http(kind), offset), Framing::Wrong(expected)) => {
                    // Where both are wrong, it is the line that comes first.
                    let both = !values("Content-Length").is_empty() && kind == ErrorKind::ContentLength;
                    assert!(kind == expected || both, "{shown}: {kind:?}");
                    assert!(offset < end, "{shown}");
                }
                (ours, theirs) => panic!("{shown}: {ours:?} {theirs:?}"),
            }
            if !framings.contains(&framing) {
                framings.push(framing);
            }
        }
        Then::On
    });
    for framing in [
        Framing::None,
        Framing::Length(11),
        Framing::Chunked,
        Framing::Wrong(ErrorKind::ContentLength),
        Framing::Wrong(ErrorKind::TransferEncoding),
    ] {
        assert!(framings.contains(&framing), "{framing:?}");
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Framing {
    /// Up to the end of the stream.
    None,
    Length(usize),
    Chunked,
    Wrong(ErrorKind),
}

/// What the values of these headers make of a body.
fn framing(version: &str, lengths: &[&str], codings: &[&str]) -> Framing {
    let lengths: Vec<&str> = lengths
        .iter()
        .flat_map(|value| value.split(','))
        .map(|item| item.trim_matches([' ', '\t']))
        .collect();
    let numbers = lengths.iter().map(|item| {
        let digits = !item.is_empty() && item.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| item.parse::<usize>().ok())?
    });
    let numbers: Option<Vec<_>> = numbers.collect();
    match (numbers.as_deref(), codings) {
        (Some([]), []) => Framing::None,
        (Some([first, others @ ..]), []) if others.iter().all(|other| other == first) => Framing::Length(*first),
        (_, []) => Framing::Wrong(ErrorKind::ContentLength),
        (Some([]), ["chunked"]) if version == "1.1" => Framing::Chunked,
        _ => Framing::Wrong(ErrorKind::TransferEncoding),
    }
}
