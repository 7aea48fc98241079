//! The JSON-RPC envelope, as the node speaks it: requests out, replies in.

mod batch;
mod code;
mod reply;
mod request;

pub use batch::{BatchFault, BatchRequest, BatchResponse};
pub use code::Code;
pub use reply::{Envelope, Id, NodeError, ResponseError, response};
pub use request::request;
pub(crate) use request::write_request;
