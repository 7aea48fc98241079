//! HTTP/1.1 without I/O: where the node is, the head of a request, the head of a reply, and where its body ends.

mod body;
mod chunked;
mod endpoint;
mod error;
mod head;
mod reply;

pub(crate) use body::Body;
pub use chunked::{MAX_CHUNK_LINE, MAX_TRAILER};
pub use endpoint::{Endpoint, EndpointError};
pub use error::{Error, ErrorKind};
pub use head::MAX_INTERIM;
pub(crate) use head::{Head, HeadScan};
pub use reply::{HttpError, HttpErrorKind, Reply, ReplyError};
