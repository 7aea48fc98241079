//! HTTP/1.1 without I/O: the endpoint, the head of a request, the head of a reply, and the end of its body.
//!
//! Requests ask for an uncompressed body (`Accept-Encoding: identity`).

mod body;
mod endpoint;
mod error;
mod head;
#[cfg(test)]
#[path = "../../tests/support/http_tables.rs"]
mod tables;

pub(crate) use body::Body;
pub use body::{MAX_CHUNK_LINE, MAX_TRAILER};
pub(crate) use endpoint::RESERVED;
pub use endpoint::{AsEndpoint, Endpoint, EndpointBuf, EndpointError};
pub use error::ErrorKind;
pub use head::MAX_INTERIM;
pub(crate) use head::{Head, location, may_be_http, reason, without_cr};
