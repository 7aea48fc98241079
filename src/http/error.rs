//! What can be wrong with the HTTP of a reply.

use core::fmt;

use super::{MAX_CHUNK_LINE, MAX_INTERIM, MAX_TRAILER};

/// What is wrong with the HTTP of a reply. The connection cannot be used any more.
///
/// ```
/// use defichain_net_rpc::{Connection, ErrorKind, Want, http};
///
/// let mut buf = [0; 64];
/// let mut connection = Connection::awaiting_reply(1);
/// let Want::Read(space) = connection.poll(&mut buf)? else { panic!() };
/// space[..9].copy_from_slice(b"SSH-2.0-x");
/// connection.received(9);
/// let error = connection.poll(&mut buf).unwrap_err();
/// assert_eq!((error.kind, error.offset), (ErrorKind::Http(http::ErrorKind::Version), 0));
/// assert_eq!(error.to_string(), "http: not an HTTP/1 reply at byte 0");
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The reply does not begin with `HTTP/1.0` or `HTTP/1.1`.
    Version,
    /// A malformed status line (RFC 9112, section 4).
    Status,
    /// A malformed header line. Lines that continue the previous line are refused as well (RFC 9112, section 5).
    Header,
    /// More than [`MAX_INTERIM`] interim replies (1xx).
    TooManyInterim,
    /// Status 101, a switch to another protocol, which no request asks for.
    SwitchingProtocols,
    /// A malformed `Content-Length`, or two different ones (RFC 9112, section 6.3).
    ContentLength,
    /// A `Transfer-Encoding` other than `chunked`, together with a `Content-Length`, or in HTTP/1.0 (RFC 9112, section 6.1).
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
            Self::Version => "not an HTTP/1 reply",
            Self::Status => "a malformed status line",
            Self::Header => "a malformed header",
            Self::TooManyInterim => return write!(f, "more than {MAX_INTERIM} interim replies"),
            Self::SwitchingProtocols => "a switch to another protocol",
            Self::ContentLength => "an invalid Content-Length",
            Self::TransferEncoding => "an invalid Transfer-Encoding",
            Self::Chunk => "a malformed chunk",
            Self::ChunkLineTooLong => return write!(f, "a chunk line of more than {MAX_CHUNK_LINE} bytes"),
            Self::TrailerTooLong => return write!(f, "trailers of more than {MAX_TRAILER} bytes"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_has_a_message_of_its_own() {
        let kinds = [
            ErrorKind::Version,
            ErrorKind::Status,
            ErrorKind::Header,
            ErrorKind::TooManyInterim,
            ErrorKind::SwitchingProtocols,
            ErrorKind::ContentLength,
            ErrorKind::TransferEncoding,
            ErrorKind::Chunk,
            ErrorKind::ChunkLineTooLong,
            ErrorKind::TrailerTooLong,
        ];
        let messages: BTreeSet<_> = kinds.map(|kind| kind.to_string()).into_iter().collect();
        assert_eq!(messages.len(), kinds.len());
        assert!(messages.iter().all(|message| message.len() > 4), "{messages:?}");
    }
}
