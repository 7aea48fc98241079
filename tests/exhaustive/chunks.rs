//! Chunked bodies of a few symbols, beside `httparse`.

use defichain_net_rpc::{ErrorKind, http};
use httparse::{Status, parse_chunk_size};

use crate::streams::{Outcome, read};
use crate::{Then, each_text};

/// Where `httparse` takes the line of a chunk that this crate does not.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Difference {
    /// RFC 9112, section 7.1: there is a digit at least. It takes this for 0, and so ends the body.
    NoDigit,
    /// Section 7.1.1 lets a recipient take white space before an extension; no other, and none is needed.
    Space,
    /// Section 2.2 and RFC 9110, section 5.6: no control characters. A line feed there ends the line for some.
    ControlInExtension,
}

/// How a chunked body is read.
#[derive(Clone, Debug, PartialEq)]
enum Body {
    /// The data, and how many bytes it takes with its framing.
    Whole(Vec<u8>, usize),
    Incomplete,
    Refused,
    Differs(Difference),
}

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/// What lines are made of.
const LINES: &[&[u8]] = &[b"0", b"a", b";", b" ", b"\r", b"\n", b"x", b"\0", b"\r\n"];

/// What bodies are made of.
const BODIES: &[&[u8]] = &[
    b"0\r\n",
    b"1\r\n",
    b"02;x\r\n",
    b"x",
    b"\r\n",
    b"\r",
    b"\n",
    b"T: x\r\n",
    b"1",
];

#[test]
fn a_chunk_line_is_read_if_another_parser_reads_it() {
    let differences = agree(LINES);
    for difference in [Difference::NoDigit, Difference::Space, Difference::ControlInExtension] {
        assert!(
            differences.contains(&difference),
            "{difference:?} does not differ any more"
        );
    }
}

#[test]
fn a_chunked_body_is_what_its_lines_say() {
    assert_eq!(agree(BODIES), [Difference::NoDigit]);
}

/// Reads all bodies of these symbols, and tells where they differ.
#[track_caller]
fn agree(symbols: &[&[u8]]) -> Vec<Difference> {
    let mut differences = Vec::new();
    let (mut whole, mut visited) = (0, 0);
    each_text(symbols, &mut |text| {
        visited += 1;
        let stream = [HEAD, text].concat();
        let ours = read(&stream);
        let shown = text.escape_ascii();
        let theirs = body_of(text);
        match (&ours, &theirs) {
            (Outcome::Reply(200, body, used), Body::Whole(expected, length)) => {
                assert_eq!((body, *used), (expected, HEAD.len() + length), "{shown}");
                whole += 1;
                Then::Back
            }
            (Outcome::Truncated, Body::Incomplete) => Then::On,
            (Outcome::Refused(ErrorKind::Http(http::ErrorKind::Chunk), offset), Body::Refused | Body::Differs(_)) => {
                assert!((HEAD.len()..stream.len()).contains(offset), "{shown}");
                if let Body::Differs(difference) = theirs
                    && !differences.contains(&difference)
                {
                    differences.push(difference);
                }
                let symbol = symbols[visited % symbols.len()];
                assert_eq!(read(&[stream.as_slice(), symbol].concat()), ours, "{shown}");
                Then::Back
            }
            _ => panic!("{shown}: {ours:?} {theirs:?}"),
        }
    });
    assert!(whole > 10, "{whole} of {visited}");
    differences
}

/// Reads a chunked body from its beginning.
fn body_of(text: &[u8]) -> Body {
    let mut body = Vec::new();
    let mut rest = text;
    loop {
        let (end, size) = match parse_chunk_size(rest) {
            Err(_) => return Body::Refused,
            Ok(Status::Partial) => return difference(rest).map_or(Body::Incomplete, Body::Differs),
            Ok(Status::Complete(line)) => line,
        };
        if let Some(difference) = difference(&rest[..end]) {
            return Body::Differs(difference);
        }
        rest = &rest[end..];
        if size == 0 {
            break;
        }
        let Some((data, after)) = usize::try_from(size).ok().and_then(|size| rest.split_at_checked(size)) else {
            return Body::Incomplete;
        };
        body.extend(data);
        rest = match after {
            [b'\r', b'\n', rest @ ..] => rest,
            [] | [b'\r'] => return Body::Incomplete,
            _ => return Body::Refused,
        };
    }
    // RFC 9112, section 7.1.2: lines of text up to an empty one.
    loop {
        let line = rest
            .iter()
            .take_while(|byte| matches!(byte, b'\t' | b' '..=b'~' | 0x80..))
            .count();
        match &rest[line..] {
            [b'\r', b'\n', after @ ..] => {
                rest = after;
                if line == 0 {
                    return Body::Whole(body, text.len() - rest.len());
                }
            }
            [] | [b'\r'] => return Body::Incomplete,
            _ => return Body::Refused,
        }
    }
}

/// What this crate refuses of a line, or of the beginning of one, that `httparse` takes.
fn difference(line: &[u8]) -> Option<Difference> {
    if line == b"\r\n" {
        return Some(Difference::NoDigit);
    }
    let line = line.strip_suffix(b"\r\n").unwrap_or(line);
    let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    match &line[digits..] {
        [b' ' | b'\t', ..] => Some(Difference::Space),
        [_, ..] if digits == 0 => Some(Difference::NoDigit),
        [b';', extension @ ..]
            if extension
                .iter()
                .any(|byte| byte.is_ascii_control() && !b"\t\r".contains(byte)) =>
        {
            Some(Difference::ControlInExtension)
        }
        _ => None,
    }
}
