//! What can be wrong with a reply as HTTP.

use core::fmt;

use super::{MAX_CHUNK_LINE, MAX_INTERIM, MAX_TRAILER};

/// Where the bytes that came are not an HTTP reply, and why. The connection is of no further use.
///
/// ```
/// use defichain_net_rpc::Exchange;
/// use defichain_net_rpc::http::ErrorKind;
///
/// let mut buf = [0; 64];
/// let mut exchange = Exchange::awaiting(1, &mut buf);
/// # let defichain_net_rpc::Want::Read(space) = exchange.poll()? else { panic!() };
/// # space[..9].copy_from_slice(b"SSH-2.0-x");
/// exchange.received(9); // They are `SSH-2.0-x`.
/// let error = exchange.poll().unwrap_err();
/// assert_eq!((error.kind, error.offset), (ErrorKind::Version, 0));
/// assert_eq!(error.to_string(), "http: not an HTTP/1 reply at byte 0");
/// # Ok::<(), defichain_net_rpc::http::Error>(())
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// The byte that it is wrong at, counted from the first byte that came. For a head that has come as a whole this is
    /// where the line begins.
    pub offset: u64,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            ErrorKind::Closed => write!(f, "http: {}", self.kind),
            _ => write!(f, "http: {} at byte {}", self.kind, self.offset),
        }
    }
}

impl core::error::Error for Error {}

/// What is wrong with a reply as HTTP; see [`Error`].
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The stream ended before any byte of the reply. On a connection that was used before, the node may have closed it
    /// for being idle, and the request can be sent again on a new one.
    Closed,
    /// The stream ended before the reply did (RFC 9112, section 8).
    Truncated,
    /// The buffer cannot hold the reply.
    TooLong {
        /// The size of the buffer that would do, if the reply tells.
        needed: Option<usize>,
    },
    /// What came does not begin with `HTTP/1.0` or `HTTP/1.1`.
    Version,
    /// A malformed status line (RFC 9112, section 4).
    Status,
    /// A malformed header line; lines that continue another are refused as well (RFC 9112, section 5).
    Header,
    /// More than [`MAX_INTERIM`] interim replies (1xx).
    TooManyInterim,
    /// The node wants to switch to another protocol, which it was not asked to.
    SwitchingProtocols,
    /// A malformed `Content-Length`, or two that differ (RFC 9112, section 6.3).
    ContentLength,
    /// A `Transfer-Encoding` other than `chunked`, beside a `Content-Length`, or from HTTP/1.0 (RFC 9112, section 6.1).
    TransferEncoding,
    /// A malformed chunk (RFC 9112, section 7.1).
    Chunk,
    /// A chunk line of more than [`MAX_CHUNK_LINE`] bytes.
    ChunkLineTooLong,
    /// Trailers of more than [`MAX_TRAILER`] bytes.
    TrailerTooLong,
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "the connection was closed before a reply",
            Self::Truncated => "the connection was closed within the reply",
            Self::TooLong { needed: None } => "the reply is longer than the buffer",
            Self::TooLong { needed: Some(needed) } => {
                return write!(
                    f,
                    "the reply is longer than the buffer, which would have to be {needed} bytes"
                );
            }
            Self::Version => "not an HTTP/1 reply",
            Self::Status => "a malformed status line",
            Self::Header => "a malformed header",
            Self::TooManyInterim => return write!(f, "more than {MAX_INTERIM} interim replies"),
            Self::SwitchingProtocols => "a switch to another protocol",
            Self::ContentLength => "a Content-Length that makes no sense",
            Self::TransferEncoding => "a Transfer-Encoding that makes no sense",
            Self::Chunk => "a malformed chunk",
            Self::ChunkLineTooLong => return write!(f, "a chunk line of more than {MAX_CHUNK_LINE} bytes"),
            Self::TrailerTooLong => return write!(f, "trailers of more than {MAX_TRAILER} bytes"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_says_what_is_wrong() {
        for (kind, text) in [
            (ErrorKind::Truncated, "the connection was closed within the reply"),
            (
                ErrorKind::TooLong { needed: None },
                "the reply is longer than the buffer",
            ),
            (
                ErrorKind::TooLong { needed: Some(9) },
                "the reply is longer than the buffer, which would have to be 9 bytes",
            ),
            (ErrorKind::Version, "not an HTTP/1 reply"),
            (ErrorKind::Status, "a malformed status line"),
            (ErrorKind::Header, "a malformed header"),
            (ErrorKind::TooManyInterim, "more than 8 interim replies"),
            (ErrorKind::SwitchingProtocols, "a switch to another protocol"),
            (ErrorKind::ContentLength, "a Content-Length that makes no sense"),
            (ErrorKind::TransferEncoding, "a Transfer-Encoding that makes no sense"),
            (ErrorKind::Chunk, "a malformed chunk"),
            (ErrorKind::ChunkLineTooLong, "a chunk line of more than 256 bytes"),
            (ErrorKind::TrailerTooLong, "trailers of more than 4096 bytes"),
        ] {
            let error = Error { kind, offset: 7 };
            assert_eq!(error.to_string(), format!("http: {text} at byte 7"));
        }
    }

    #[test]
    fn a_connection_that_was_closed_before_a_reply_has_no_place() {
        let error = Error {
            kind: ErrorKind::Closed,
            offset: 0,
        };
        assert_eq!(error.to_string(), "http: the connection was closed before a reply");
    }
}
