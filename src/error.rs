//! The error of a call, however its reply is transported.

use core::fmt;

use crate::rpc::Code;
use crate::{http, json};

/// The reason why a call has no result: what is wrong, where, and in which member.
///
/// It borrows nothing, so `?` passes it on from any function. The message that came with it stays in the buffer:
/// [`Connection::node_error`] and [`Reply::node_error`] return the node's, [`Reply::line`] that of a server or proxy in front
/// of it.
///
/// ```
/// use defichain_net_rpc::{ErrorKind, json, response};
///
/// let error = response::<u64>(1, br#"{"result":8.5,"error":null,"id":1}"#).unwrap_err();
/// assert_eq!(error.kind, ErrorKind::Json(json::ErrorKind::Expected(json::Type::Integer)));
/// assert_eq!((error.offset, error.member), (10, Some("result")));
/// assert_eq!(error.to_string(), r#"not an integer at byte 10 in "result""#);
/// ```
///
/// [`Connection::node_error`]: crate::Connection::node_error
/// [`Reply::node_error`]: crate::Reply::node_error
/// [`Reply::line`]: crate::Reply::line
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// The offset of the byte that is wrong, counted from 0.
    ///
    /// For [`ErrorKind::Json`] and [`ErrorKind::WrongId`] it counts from the first byte of the body, without the framing of
    /// chunks, or of the text given to a function such as [`json::from_slice`]. For [`ErrorKind::Http`],
    /// [`ErrorKind::Truncated`] and [`ErrorKind::TooLong`] it counts from the first byte of the reply, heads included. For
    /// all other kinds it says nothing.
    pub offset: usize,
    /// The innermost known member that was being read.
    pub member: Option<&'static str>,
    /// The status of the reply; 0 if there is none.
    status: u16,
}

/// What is wrong; see [`Error`].
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The connection was closed before the first byte of the reply, or could not be opened. The node has not carried out
    /// the request, or the method [only reads](crate::Method::is_repeatable): the call may be made again.
    Closed,
    /// The connection was closed before the first byte of the reply, after the whole request was sent. The node may or may
    /// not have carried it out.
    Unconfirmed,
    /// The connection was closed within the reply (RFC 9112, section 8).
    Truncated,
    /// The buffer is too small for the reply, or for the part of it that must be in the buffer at once. Poll again with a
    /// longer buffer that begins with the same bytes. A reply of unknown length may then need still more, so it is best to
    /// double the buffer.
    TooLong {
        /// The size that is needed, in bytes.
        needed: usize,
    },
    /// The reply is not valid HTTP.
    Http(http::ErrorKind),
    /// The node's HTTP server, or a proxy in front of it, answered with this status, and not with a JSON-RPC reply.
    Status(u16),
    /// The body is compressed, although the request asks for [no compression](crate::http). [`Error::status`] returns the
    /// status.
    Compressed,
    /// Status 500 with `Work queue depth exceeded`: too many requests are waiting at the node (`-rpcworkqueue`).
    WorkQueueFull,
    /// Status 500 with `Unhandled request`: the node dropped the request, as it does while it shuts down.
    Unhandled,
    /// The node answered with an error.
    Node(Code),
    /// The body is not JSON, or not a reply of the expected type.
    Json(json::ErrorKind),
    /// The id of the reply is not that of the request.
    WrongId,
    /// The reply to a batch contains no reply to this request.
    MissingReply,
    /// There is no reply to read: no call has begun, its reply is incomplete, or the reply is being read by its elements.
    NoReply,
}

impl Error {
    pub(crate) const fn new(kind: ErrorKind, offset: usize) -> Self {
        Self {
            kind,
            offset,
            member: None,
            status: 0,
        }
    }

    pub(crate) const fn within(mut self, member: Option<&'static str>) -> Self {
        self.member = member;
        self
    }

    /// Sets the HTTP status of the reply, on which [`is_transient`](Error::is_transient) depends. For callers that do HTTP
    /// themselves.
    #[must_use]
    pub const fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Whether the same call may succeed a little later, because the node is starting, or because the node or a proxy in front
    /// of it is overloaded. True for node error -28, a full work queue, a dropped request, and the statuses 408, 425, 429,
    /// 502, 503, 504 and 520 to 524, whatever the body says.
    ///
    /// After 502, 504 and 520 to 524 the node may still have carried out the request, so this alone is no reason to repeat a
    /// call that changes something. For a lost connection this is false.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self.kind {
            ErrorKind::Node(Code::IN_WARMUP) | ErrorKind::WorkQueueFull | ErrorKind::Unhandled => true,
            _ => matches!(self.status, 408 | 425 | 429 | 502..=504 | 520..=524),
        }
    }

    /// Returns the code of the node's error, if the node answered with one.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        match self.kind {
            ErrorKind::Node(code) => Some(code),
            _ => None,
        }
    }

    /// Returns the HTTP status of the reply, if it had one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        (self.status != 0).then_some(self.status)
    }
}

/// One line, without the node's message.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)?;
        match self.kind {
            ErrorKind::Truncated | ErrorKind::Http(_) | ErrorKind::Json(_) | ErrorKind::WrongId => {
                write!(f, " at byte {}", self.offset)?;
            }
            ErrorKind::Compressed if self.status != 0 => write!(f, " (http {})", self.status)?,
            _ => {}
        }
        match (self.member, self.kind.json()) {
            (Some(member), Some(json::ErrorKind::Missing | json::ErrorKind::Duplicate)) => write!(f, ": \"{member}\""),
            (Some(member), _) => write!(f, " in \"{member}\""),
            (None, _) => Ok(()),
        }
    }
}

/// Like `Display`, with the status: this is what a `main` that returns the error prints, and firmware that unwraps links less
/// than for a derived `Debug`.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)?;
        match (self.kind, self.status) {
            (ErrorKind::Status(_), _) | (_, 0) => Ok(()),
            (_, status) => write!(f, " (status {status})"),
        }
    }
}

impl core::error::Error for Error {}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "the connection was closed, or could not be opened, before the reply",
            Self::Unconfirmed => {
                "the connection was closed before the reply: the node may or may not have carried out the request"
            }
            Self::Truncated => "the connection was closed within the reply",
            Self::TooLong { needed } => return write!(f, "the reply needs a buffer of {needed} bytes or more"),
            Self::Http(kind) => return write!(f, "http: {kind}"),
            Self::Status(status) => {
                let hint = match status {
                    300..=399 => ": a redirect; use the address that it names",
                    401 => ": wrong or missing user and password, or an old cookie file",
                    403 => ": the node does not allow this address (-rpcallowip)",
                    404 => ": the path is wrong",
                    _ => "",
                };
                return write!(f, "http {status}{hint}");
            }
            Self::Compressed => "the body is compressed",
            Self::WorkQueueFull => "http 500: the node's work queue is full, try again later",
            Self::Unhandled => "http 500: the node dropped the request, try again later",
            Self::Node(code) => return write!(f, "node error {code}"),
            Self::Json(kind) => return kind.fmt(f),
            Self::WrongId => "wrong reply id",
            Self::MissingReply => "the batch has no reply to this request",
            Self::NoReply => "there is no reply to read",
        })
    }
}

impl ErrorKind {
    /// Returns what is wrong with the JSON, if the kind is [`Json`](ErrorKind::Json).
    #[must_use]
    pub fn json(self) -> Option<json::ErrorKind> {
        match self {
            Self::Json(kind) => Some(kind),
            _ => None,
        }
    }
}

impl From<json::ErrorKind> for ErrorKind {
    fn from(kind: json::ErrorKind) -> Self {
        Self::Json(kind)
    }
}

impl From<http::ErrorKind> for ErrorKind {
    fn from(kind: http::ErrorKind) -> Self {
        Self::Http(kind)
    }
}

#[cfg(feature = "std")]
impl From<Error> for std::io::Error {
    /// [`Truncated`](ErrorKind::Truncated) becomes an unexpected end, [`Closed`](ErrorKind::Closed) and
    /// [`Unconfirmed`](ErrorKind::Unconfirmed) an aborted connection, status 401 and 403 a missing permission, and all others
    /// invalid data.
    fn from(error: Error) -> Self {
        use std::io::ErrorKind as Kind;
        let kind = match error.kind {
            ErrorKind::Closed | ErrorKind::Unconfirmed => Kind::ConnectionAborted,
            ErrorKind::Truncated => Kind::UnexpectedEof,
            ErrorKind::Status(401 | 403) => Kind::PermissionDenied,
            _ => Kind::InvalidData,
        };
        Self::new(kind, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [ErrorKind; 14] = [
        ErrorKind::Closed,
        ErrorKind::Unconfirmed,
        ErrorKind::Truncated,
        ErrorKind::TooLong { needed: 709 },
        ErrorKind::Http(http::ErrorKind::Version),
        ErrorKind::Status(418),
        ErrorKind::Compressed,
        ErrorKind::WorkQueueFull,
        ErrorKind::Unhandled,
        ErrorKind::Node(Code::MISC_ERROR),
        ErrorKind::Json(json::ErrorKind::Utf8),
        ErrorKind::WrongId,
        ErrorKind::MissingReply,
        ErrorKind::NoReply,
    ];

    #[test]
    fn every_error_is_one_line_of_its_own() {
        let lines: std::collections::BTreeSet<_> =
            KINDS.map(|kind| Error::new(kind, 7).to_string()).into_iter().collect();
        assert_eq!(lines.len(), KINDS.len());
        assert!(
            lines.iter().all(|line| line.len() > 7 && !line.contains('\n')),
            "{lines:?}"
        );
        assert!(
            lines.contains("the reply needs a buffer of 709 bytes or more"),
            "{lines:?}"
        );
    }

    #[test]
    fn the_place_is_told_where_there_is_one() {
        let mut error = Error::new(ErrorKind::Json(json::ErrorKind::Missing), 7).within(Some("id"));
        assert_eq!(error.to_string(), r#"a member is missing at byte 7: "id""#);
        error.member = None;
        assert_eq!(error.to_string(), "a member is missing at byte 7");
        assert_eq!(
            Error::new(ErrorKind::Closed, 7).to_string(),
            ErrorKind::Closed.to_string()
        );
        let compressed = Error::new(ErrorKind::Compressed, 0);
        assert_eq!(compressed.to_string(), "the body is compressed");
        assert_eq!(
            compressed.with_status(500).to_string(),
            "the body is compressed (http 500)"
        );
    }

    #[test]
    fn an_error_shows_all_of_its_parts() {
        let error = Error::new(ErrorKind::Json(json::ErrorKind::Missing), 7)
            .within(Some("id"))
            .with_status(500);
        assert_eq!(
            format!("{error:?}"),
            r#"a member is missing at byte 7: "id" (status 500)"#
        );
        let error = Error::new(ErrorKind::Status(418), 0).with_status(418);
        assert_eq!(format!("{error:?}"), "http 418");
        let error = Error::new(ErrorKind::Closed, 0);
        assert_eq!(format!("{error:?}"), error.to_string());
    }

    #[test]
    fn a_status_says_what_to_do_about_it() {
        for (status, words) in [
            (301, "redirect"),
            (401, "password"),
            (403, "-rpcallowip"),
            (404, "path"),
            (418, "418"),
        ] {
            let line = ErrorKind::Status(status).to_string();
            assert!(
                line.starts_with(&format!("http {status}")) && line.contains(words),
                "{line}"
            );
        }
    }

    #[test]
    fn what_may_succeed_later_is_transient() {
        for status in 100..1000 {
            let expected = [408, 425, 429, 502, 503, 504, 520, 521, 522, 523, 524].contains(&status);
            for kind in [
                ErrorKind::Status(status),
                ErrorKind::Node(Code::MISC_ERROR),
                ErrorKind::Compressed,
            ] {
                let error = Error::new(kind, 0).with_status(status);
                assert_eq!(error.is_transient(), expected, "{error:?}");
                assert_eq!(error.status(), Some(status));
            }
        }
        for kind in KINDS.into_iter().chain([ErrorKind::Node(Code::IN_WARMUP)]) {
            let error = Error::new(kind, 0);
            let expected = [
                ErrorKind::WorkQueueFull,
                ErrorKind::Unhandled,
                ErrorKind::Node(Code::IN_WARMUP),
            ];
            assert_eq!(error.is_transient(), expected.contains(&kind), "{error:?}");
            assert_eq!(error.status(), None);
        }
    }

    #[test]
    fn the_kind_tells_its_code_and_its_json() {
        for kind in KINDS {
            let error = Error::new(kind, 0);
            assert_eq!(
                error.code(),
                (kind == ErrorKind::Node(Code::MISC_ERROR)).then_some(Code::MISC_ERROR)
            );
            let json = ErrorKind::from(json::ErrorKind::Utf8);
            assert_eq!(kind.json(), (kind == json).then_some(json::ErrorKind::Utf8));
        }
        assert_eq!(
            ErrorKind::from(http::ErrorKind::Version),
            ErrorKind::Http(http::ErrorKind::Version)
        );
    }

    #[test]
    #[cfg(feature = "std")]
    fn an_error_of_std_keeps_the_error() {
        use std::io::ErrorKind as Kind;
        for (kind, expected) in [
            (ErrorKind::Closed, Kind::ConnectionAborted),
            (ErrorKind::Unconfirmed, Kind::ConnectionAborted),
            (ErrorKind::Truncated, Kind::UnexpectedEof),
            (ErrorKind::Status(401), Kind::PermissionDenied),
            (ErrorKind::Status(500), Kind::InvalidData),
        ] {
            let error = std::io::Error::from(Error::new(kind, 3));
            assert_eq!(error.kind(), expected);
            let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
            assert_eq!(inner, Some(&Error::new(kind, 3)));
        }
    }
}
