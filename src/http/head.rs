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

/// Finds the end of a head, examining each byte once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeadScan {
    /// How many bytes have come, as far as that matters.
    seen: u8,
    /// Whether the current line has been empty so far.
    empty: bool,
}

impl HeadScan {
    pub(crate) const fn new() -> Self {
        Self { seen: 0, empty: false }
    }

    /// Takes the next byte, and returns whether it ends the head.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Version`] as soon as it is clear that this is no HTTP/1 reply, so that the caller need not wait for the end
    /// of the head.
    pub(crate) fn step(&mut self, byte: u8) -> Result<bool, ErrorKind> {
        if HTTP
            .get(usize::from(self.seen))
            .is_some_and(|expected| *expected != byte)
        {
            return Err(ErrorKind::Version);
        }
        self.seen = self.seen.saturating_add(1);
        let end = self.empty && byte == b'\n';
        self.empty = byte == b'\n' || self.empty && byte == b'\r';
        Ok(end)
    }
}

/// What the head of a reply says about its body and its connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head {
    /// 100 to 999.
    pub(crate) status: u16,
    pub(crate) body: Body,
    /// Whether the body has a `Content-Encoding` other than `identity` (RFC 9110, section 8.4).
    pub(crate) compressed: bool,
    /// Whether the connection may be used for another request after this reply.
    pub(crate) reusable: bool,
}

impl Head {
    /// Reads a complete head, whose only empty line is its last.
    ///
    /// # Errors
    ///
    /// What is wrong, and the offset of the line.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, (ErrorKind, usize)> {
        let (mut status, mut fields) = (StatusLine::default(), Fields::default());
        let mut offset = 0_usize;
        for line in Split::new(bytes, b'\n') {
            let taken = match text(line) {
                text if offset == 0 => StatusLine::parse(text).map(|line| status = line),
                [] => Ok(()),
                text => fields.add(text, status.minor),
            };
            taken.map_err(|kind| (kind, offset))?;
            // One more for the LF between the two.
            offset = offset.wrapping_add(line.len()).wrapping_add(1);
        }
        let StatusLine { minor, status, .. } = status;
        let (body, framed) = match fields.length {
            // RFC 9110, section 15: these have no body, whatever the headers say.
            _ if matches!(status, 100..200 | 204 | 205 | 304) => (Body::length(0), false),
            _ if fields.chunked => (Body::chunked(), true),
            Some(length) => (Body::length(length), true),
            None => (Body::close(), false),
        };
        Ok(Self {
            status,
            body,
            compressed: fields.compressed,
            // RFC 9112, section 9.3.
            reusable: framed && !fields.close && (minor > 0 || fields.keep_alive),
        })
    }
}

/// Returns the reason phrase of a complete head, which is usually the name of the status; empty if it is not UTF-8.
pub(crate) fn reason(head: &[u8]) -> &str {
    let line = certain(Split::new(head, b'\n').next());
    let reason = StatusLine::parse(text(line)).map_or(&[] as &[u8], |line| line.reason);
    core::str::from_utf8(reason).unwrap_or_default()
}

/// Returns the value of the first `Location` header of a complete head (RFC 9110, section 10.2.2).
pub(crate) fn location(head: &[u8]) -> Option<&str> {
    let mut fields = Split::new(head, b'\n').skip(1).filter_map(|line| field(text(line)));
    let (_, value) = fields.find(|(name, _)| is(name, b"Location"))?;
    core::str::from_utf8(value).ok()
}

/// Splits a header line into name and value (RFC 9112, section 5).
fn field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = line.split_at_checked(colon)?;
    let value = value.strip_prefix(b":").unwrap_or(value);
    let is_valid = !name.is_empty() && TOKEN.has_all(name) && is_text(value);
    is_valid.then(|| (name, value.trim_ascii()))
}

/// The first line of a head (RFC 9112, section 4).
#[derive(Clone, Copy, Default)]
struct StatusLine<'h> {
    minor: u8,
    status: u16,
    reason: &'h [u8],
}

impl<'h> StatusLine<'h> {
    fn parse(line: &'h [u8]) -> Result<Self, ErrorKind> {
        let Some([minor @ (b'0' | b'1'), b' ', rest @ ..]) = line.strip_prefix(HTTP) else {
            return Err(ErrorKind::Version);
        };
        let (status, reason) = rest.split_at_checked(3).ok_or(ErrorKind::Status)?;
        let status = decimal(status)
            .and_then(|status| u16::try_from(status).ok())
            .unwrap_or(0);
        let reason = match reason {
            [b' ', reason @ ..] if is_text(reason) => reason,
            // The space before an empty reason is often left out.
            [] => reason,
            _ => return Err(ErrorKind::Status),
        };
        if status < 100 {
            return Err(ErrorKind::Status);
        }
        Ok(Self {
            minor: minor ^ b'0',
            status,
            reason,
        })
    }
}

/// The headers that say how long the body is, and whether the connection stays open.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a header of its own")]
struct Fields {
    length: Option<u64>,
    chunked: bool,
    keep_alive: bool,
    close: bool,
    compressed: bool,
}

impl Fields {
    /// Takes a header line (RFC 9112, section 5).
    fn add(&mut self, line: &[u8], minor: u8) -> Result<(), ErrorKind> {
        const NAMES: [&[u8]; 4] = [
            b"Content-Length",
            b"Transfer-Encoding",
            b"Connection",
            b"Content-Encoding",
        ];
        let (name, value) = field(line).ok_or(ErrorKind::Header)?;
        let name = NAMES.iter().position(|known| is(name, known));
        for item in items(value) {
            match name {
                Some(0) => {
                    let length = decimal(item).ok_or(ErrorKind::ContentLength)?;
                    if self.chunked {
                        return Err(ErrorKind::TransferEncoding);
                    }
                    if self.length.replace(length).is_some_and(|other| other != length) {
                        return Err(ErrorKind::ContentLength);
                    }
                }
                Some(1) => {
                    if self.chunked || self.length.is_some() || minor == 0 || !is(item, b"chunked") {
                        return Err(ErrorKind::TransferEncoding);
                    }
                    self.chunked = true;
                }
                Some(2) => {
                    self.close |= is(item, b"close");
                    self.keep_alive |= is(item, b"keep-alive");
                }
                Some(_) => self.compressed |= !item.is_empty() && !is(item, b"identity"),
                None => break,
            }
        }
        Ok(())
    }
}

/// Whether two names or values are equal, ignoring case.
#[inline(never)]
pub(super) fn is(text: &[u8], other: &[u8]) -> bool {
    text.eq_ignore_ascii_case(other)
}

/// Removes the CR from the end of a line, where it may be missing (RFC 9112, section 2.2).
fn text(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
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
        let mut scan = HeadScan::new();
        for (index, byte) in head.bytes().enumerate() {
            let is_end = scan.step(byte).map_err(|kind| (kind, index))?;
            assert_eq!(is_end, index + 1 == head.len(), "byte {index} of {head:?}");
        }
        Head::parse(head.as_bytes()).map(|head| (head.status, head.body, head.reusable))
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
