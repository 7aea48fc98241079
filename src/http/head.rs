//! The head of a reply (RFC 9112, sections 4 and 5).
//!
//! Not by the crate httparse, which leaves a way to panic in the linked program, and which needs room for the headers.

use super::{Body, ErrorKind};
use crate::bytes::certain;
use crate::bytes::classes::Class;
use crate::bytes::digits::decimal;
use crate::bytes::split::Split;

/// The most interim replies (1xx) that may precede the reply. The node sends none.
pub const MAX_INTERIM: u8 = 8;

/// Whether a head can have this byte at this place. Only its first bytes are checked, so that something that is not HTTP/1 is
/// refused before its first line has come.
pub(crate) fn may_be_http(place: usize, byte: u8) -> bool {
    HTTP.get(place).is_none_or(|expected| *expected == byte)
}

/// What the head of a reply says about its body and its connection, from the lines that have been taken so far.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a finding of its own")]
pub(crate) struct Head {
    /// 100 to 999.
    pub(crate) status: u16,
    /// Whether the version is 1.1, not 1.0.
    is_1_1: bool,
    keep_alive: bool,
    /// Whether something in the head, or behind the reply, forbids to use the stream again. A body that ends with the stream
    /// forbids it as well.
    pub(crate) close: bool,
    /// Whether the body has a `Content-Encoding` other than `identity` (RFC 9110, section 8.4).
    pub(crate) compressed: bool,
    pub(crate) body: Body,
}

impl Head {
    /// Returns what holds before the first line, and of a body that comes without a head.
    pub(crate) const fn new() -> Self {
        Self {
            status: 200,
            is_1_1: false,
            keep_alive: false,
            close: false,
            compressed: false,
            body: Body::close(),
        }
    }

    /// Takes the first line of a head (RFC 9112, section 4), and forgets the head before, which was that of an interim reply.
    pub(crate) fn begin(&mut self, line: &[u8]) -> Result<(), ErrorKind> {
        *self = Self::new();
        let Some([minor @ (b'0' | b'1'), b' ', rest @ ..]) = line.get(HTTP.len()..) else {
            return Err(ErrorKind::Version);
        };
        self.is_1_1 = *minor == b'1';
        let (status, reason) = rest.split_at_checked(3).ok_or(ErrorKind::Status)?;
        let status = decimal(status).ok_or(ErrorKind::Status)?;
        self.status = u16::try_from(status).unwrap_or(0);
        // The space before an empty reason is often left out.
        let has_space = reason.first().is_none_or(|first| *first == b' ');
        if self.status < 100 || !has_space || !is_text(reason) {
            return Err(ErrorKind::Status);
        }
        Ok(())
    }

    /// Takes a header line (RFC 9112, section 5).
    pub(crate) fn add(&mut self, line: &[u8]) -> Result<(), ErrorKind> {
        let (name, value) = field(line).ok_or(ErrorKind::Header)?;
        let Some(place) = Split::new(KNOWN, b',').position(|known| is(name, known)) else {
            return Ok(());
        };
        for item in items(value) {
            self.item(place, item)?;
        }
        Ok(())
    }

    /// Takes an item of the header at this place of [`KNOWN`].
    // Not inlined, or all fields would be kept in registers, of which there are too few.
    #[inline(never)]
    fn item(&mut self, place: usize, item: &[u8]) -> Result<(), ErrorKind> {
        match place {
            // What the headers before say is in the body already.
            0 => {
                let length = decimal(item).ok_or(ErrorKind::ContentLength)?;
                if self.body.is_chunked() {
                    return Err(ErrorKind::TransferEncoding);
                }
                if !self.body.is_close() && !self.body.has_left(length) {
                    return Err(ErrorKind::ContentLength);
                }
                self.body = Body::length(length);
            }
            1 => {
                if !self.body.is_close() || !self.is_1_1 || !is(item, b"chunked") {
                    return Err(ErrorKind::TransferEncoding);
                }
                self.body = Body::chunked();
            }
            2 => {
                self.close |= is(item, b"close");
                self.keep_alive |= is(item, b"keep-alive");
            }
            _ => self.compressed |= !item.is_empty() && !is(item, b"identity"),
        }
        Ok(())
    }

    /// Takes the empty line at the end of a head.
    pub(crate) fn end(&mut self) {
        // RFC 9110, section 15: these have no body, whatever the headers say.
        if matches!(self.status, 204 | 205 | 304) {
            self.body = Body::length(0);
            self.close = true;
        }
        // RFC 9112, section 9.3.
        self.close |= !self.is_1_1 && !self.keep_alive;
    }
}

/// The headers that matter.
const KNOWN: &[u8] = b"Content-Length,Transfer-Encoding,Connection,Content-Encoding";

/// Returns the reason phrase of a head that has been read, which is usually the name of the status; empty if it is not UTF-8.
pub(crate) fn reason(head: &[u8]) -> &str {
    let line = without_cr(certain(Split::new(head, b'\n').next()));
    let reason = line.get(b"HTTP/1.1 200 ".len()..).unwrap_or_default();
    core::str::from_utf8(reason).unwrap_or_default()
}

/// Returns the value of the first `Location` header of a complete head (RFC 9110, section 10.2.2).
pub(crate) fn location(head: &[u8]) -> Option<&str> {
    let mut fields = Split::new(head, b'\n')
        .skip(1)
        .filter_map(|line| field(without_cr(line)));
    let (_, value) = fields.find(|(name, _)| is(name, b"Location"))?;
    core::str::from_utf8(value.trim_ascii()).ok()
}

/// Splits a header line into name and value, which may have white space around it (RFC 9112, section 5).
fn field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut parts = Split::new(line, b':');
    let name = parts.next()?;
    let value = parts.rest()?;
    let is_valid = !name.is_empty() && TOKEN.has_all(name) && is_text(value);
    is_valid.then_some((name, value))
}

/// Whether two names or values are equal, ignoring case.
#[inline(never)]
pub(super) fn is(text: &[u8], other: &[u8]) -> bool {
    text.eq_ignore_ascii_case(other)
}

/// Removes the CR from the end of a line, where it may be missing (RFC 9112, section 2.2).
pub(crate) fn without_cr(line: &[u8]) -> &[u8] {
    let ([text @ .., b'\r'] | text) = line;
    text
}

/// Returns the items of a list (RFC 9110, section 5.6.1).
pub(super) fn items(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    Split::new(value, b',').map(<[u8]>::trim_ascii)
}

/// Whether all bytes are allowed in a value or a reason.
fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().copied().all(is_text_byte)
}

/// Whether a byte is allowed in a value, a reason, a chunk extension or a trailer (RFC 9110, section 5.5).
pub(super) fn is_text_byte(byte: u8) -> bool {
    matches!(byte, b'\t' | b' '..=b'~' | 0x80..)
}

/// RFC 9110, section 5.6.2.
pub(super) const TOKEN: Class = Class::alphanumeric_and(b"!#$%&'*+-.^_`|~");

const HTTP: &[u8] = b"HTTP/1.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::tables::{CONNECTIONS, CONTENT_LENGTHS, HEADER_LINES, STATUS_LINES, TRANSFER_ENCODINGS};

    /// Reads a head as a connection does; gives the status, the body, and whether the connection can be used again.
    #[track_caller]
    fn parse(head: &str) -> Result<(u16, Body, bool), (ErrorKind, usize)> {
        let (mut read, mut begin) = (Head::new(), 0);
        for (index, byte) in head.bytes().enumerate() {
            if !may_be_http(index, byte) {
                return Err((ErrorKind::Version, index));
            }
            if byte != b'\n' {
                continue;
            }
            let taken = match without_cr(&head.as_bytes()[begin..index]) {
                first if begin == 0 => read.begin(first),
                [] => {
                    assert_eq!(index + 1, head.len(), "{head:?}");
                    read.end();
                    let is_reusable = !read.close && !read.body.is_close();
                    return Ok((read.status, read.body, is_reusable));
                }
                line => read.add(line),
            };
            taken.map_err(|kind| (kind, begin))?;
            begin = index + 1;
        }
        panic!("{head:?} has no end");
    }

    #[test]
    fn the_framing_follows_from_status_and_headers() {
        for (version, connection, reusable) in CONNECTIONS {
            let head = format!("HTTP/{version} 200 OK\r\n{connection}Content-Length: 5\r\n\r\n");
            let (_, body, keep) = parse(&head).unwrap();
            assert!(body == Body::length(5) && keep == *reusable, "{head:?}");
        }
        for head in [
            "HTTP/1.1 999 \r\ncontent-length:\t5 , 5 \r\nCONTENT-LENGTH: 5\r\n\r\n",
            "HTTP/1.1 200\nContent-Length: 5\n\n",
        ] {
            assert!(
                parse(head).is_ok_and(|(_, body, keep)| body == Body::length(5) && keep),
                "{head:?}"
            );
        }
        for head in [
            "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
            "HTTP/1.1 304 \r\n\r\n",
        ] {
            assert!(
                parse(head).is_ok_and(|(_, body, keep)| body == Body::length(0) && !keep),
                "{head:?}"
            );
        }
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n";
        assert_eq!(parse(head), Ok((200, Body::chunked(), true)));
        let head = "HTTP/1.1 200 OK\r\nServer: a b\u{e9}\t \r\nX:\r\n\r\n";
        assert_eq!(parse(head), Ok((200, Body::close(), false)));
    }

    #[test]
    fn a_malformed_status_line_is_refused() {
        for (line, kind, offset) in STATUS_LINES {
            let head = format!("{line}\r\nContent-Length: 5\r\n\r\n");
            assert_eq!(parse(&head).unwrap_err(), (*kind, *offset), "{head:?}");
        }
    }

    #[test]
    fn a_malformed_header_is_refused_at_its_line() {
        let before = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n";
        let refused = |header: &str, kind, offset: usize| {
            let head = format!("{before}{header}\r\nX: y\r\n\r\n");
            assert_eq!(parse(&head).unwrap_err(), (kind, before.len() + offset), "{head:?}");
        };
        for lines in HEADER_LINES {
            refused(lines, ErrorKind::Header, lines.rfind('\n').map_or(0, |index| index + 1));
        }
        for value in CONTENT_LENGTHS {
            refused(&format!("Content-Length: {value}"), ErrorKind::ContentLength, 0);
        }
        // One that is right, but not the same.
        refused("Content-Length: 6", ErrorKind::ContentLength, 0);
        for (version, headers, line) in TRANSFER_ENCODINGS {
            let status = format!("HTTP/{version} 200 OK\r\n");
            let offset = status.len() + line * (headers.find('\n').unwrap_or(0) + 1);
            let head = format!("{status}{headers}\r\nX: y\r\n\r\n");
            let expected = (ErrorKind::TransferEncoding, offset);
            assert_eq!(parse(&head).unwrap_err(), expected, "{head:?}");
        }
    }
}
