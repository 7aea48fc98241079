//! The head of a reply (RFC 9112, sections 4 and 5).

use super::chunked::Chunked;
use super::{Body, ErrorKind};

/// How many header lines a reply may have. The node sends five, proxies add their own.
pub const MAX_HEADERS: usize = 24;

/// How many interim replies (1xx) may come before the reply. The node sends none.
pub const MAX_INTERIM: u8 = 8;

/// Looks for the end of a head, and never at a byte twice.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeadScan {
    seen: usize,
    /// Whether the line that is being read has been empty so far.
    empty: bool,
}

impl HeadScan {
    pub(crate) fn new() -> Self {
        Self { seen: 0, empty: false }
    }

    /// Takes the next byte, and tells whether it ends the head.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Version`] as soon as it is clear that this is no HTTP/1 reply, so that nobody waits for the rest.
    pub(crate) fn step(&mut self, byte: u8) -> Result<bool, ErrorKind> {
        const BEGIN: &[u8] = b"HTTP/1.";
        if BEGIN.get(self.seen).is_some_and(|begin| *begin != byte) {
            return Err(ErrorKind::Version);
        }
        self.seen = self.seen.saturating_add(1);
        let end = self.empty && byte == b'\n';
        self.empty = byte == b'\n' || self.empty && byte == b'\r';
        Ok(end)
    }
}

/// The head of a reply.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head<'h> {
    /// 100 to 999.
    pub(crate) status: u16,
    /// Begins at byte [`Head::REASON`] of the head.
    pub(crate) reason: &'h str,
    pub(crate) body: Body,
    /// Whether the connection may be used for another request after this reply.
    pub(crate) reusable: bool,
}

impl<'h> Head<'h> {
    /// Where the reason phrase begins, behind `HTTP/1.1 200 `.
    pub(crate) const REASON: usize = 13;

    /// Reads a complete head.
    ///
    /// # Errors
    ///
    /// What is wrong, and the offset of the line.
    pub(crate) fn parse(bytes: &'h [u8]) -> Result<Self, (ErrorKind, usize)> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let parsed = response.parse(bytes);
        match parsed {
            Ok(httparse::Status::Complete(_)) => {}
            Ok(httparse::Status::Partial) => return Err((ErrorKind::Header, 0)),
            Err(error) => return Err((kind_of(error), faulty_line(bytes))),
        }
        let (Some(status), Some(minor)) = (response.code, response.version) else {
            return Err((ErrorKind::Status, 0));
        };
        if status < 100 {
            return Err((ErrorKind::Status, 0));
        }
        let fields = Fields::read(response.headers, minor).map_err(|(kind, value)| (kind, line_of(bytes, value)))?;
        let (body, framed) = match fields {
            // RFC 9110, section 15: neither has a body, whatever the headers say.
            _ if matches!(status, 100..200 | 204 | 304) => (Body::Length(0), status < 200),
            Fields { chunked: true, .. } => (Body::Chunked(Chunked::new()), true),
            Fields {
                length: Some(length), ..
            } => (Body::Length(length), true),
            _ => (Body::Close, false),
        };
        Ok(Self {
            status,
            reason: response.reason.unwrap_or_default(),
            body,
            reusable: framed && fields.keep_alive && !fields.close,
        })
    }
}

/// The headers that matter for the framing.
struct Fields {
    length: Option<u64>,
    chunked: bool,
    keep_alive: bool,
    close: bool,
}

impl Fields {
    /// # Errors
    ///
    /// What is wrong, and the value of the header.
    fn read<'h>(headers: &[httparse::Header<'h>], minor: u8) -> Result<Self, (ErrorKind, &'h [u8])> {
        let mut fields = Self {
            length: None,
            chunked: false,
            keep_alive: minor > 0,
            close: false,
        };
        for httparse::Header { name, value } in headers {
            if name.eq_ignore_ascii_case("Content-Length") {
                for item in items(value) {
                    let length = decimal(item).ok_or((ErrorKind::ContentLength, *value))?;
                    if fields.length.replace(length).is_some_and(|other| other != length) {
                        return Err((ErrorKind::ContentLength, value));
                    }
                }
            } else if name.eq_ignore_ascii_case("Transfer-Encoding") {
                if fields.chunked || minor == 0 || !value.trim_ascii().eq_ignore_ascii_case(b"chunked") {
                    return Err((ErrorKind::TransferEncoding, value));
                }
                fields.chunked = true;
            } else if name.eq_ignore_ascii_case("Connection") {
                fields.close |= items(value).any(|item| item.eq_ignore_ascii_case(b"close"));
                fields.keep_alive |= items(value).any(|item| item.eq_ignore_ascii_case(b"keep-alive"));
            } else {
                continue;
            }
            if fields.chunked && fields.length.is_some() {
                return Err((ErrorKind::TransferEncoding, value));
            }
        }
        Ok(fields)
    }
}

fn items(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii)
}

/// A number of digits and nothing else: no sign, not empty.
fn decimal(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0_u64, |value, byte| {
        let digit = char::from(*byte).to_digit(10)?;
        value.checked_mul(10)?.checked_add(digit.into())
    })
}

fn kind_of(error: httparse::Error) -> ErrorKind {
    match error {
        httparse::Error::Version => ErrorKind::Version,
        httparse::Error::Status => ErrorKind::Status,
        httparse::Error::TooManyHeaders => ErrorKind::TooManyHeaders,
        _ => ErrorKind::Header,
    }
}

/// Where the line of a header begins.
fn line_of(head: &[u8], value: &[u8]) -> usize {
    let offset = value.as_ptr().addr().wrapping_sub(head.as_ptr().addr());
    let before = head.get(..offset).unwrap_or_default();
    before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |index| index.saturating_add(1))
}

/// Where the first line begins with which the head cannot be right. A head is refused after [`MAX_HEADERS`] lines at the
/// latest, so this reads it no more often than that.
fn faulty_line(head: &[u8]) -> usize {
    let mut start = 0_usize;
    for line in head.split_inclusive(|byte| *byte == b'\n') {
        let end = start.saturating_add(line.len());
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        if response.parse(head.get(..end).unwrap_or_default()).is_err() {
            break;
        }
        start = end;
    }
    start
}
