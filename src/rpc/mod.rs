//! The JSON-RPC envelope, as the node speaks it: requests out, replies in.

mod batch;
#[cfg(feature = "serde_json")]
mod call;
mod code;
mod envelope;
mod items;
mod reply;
mod request;

pub use batch::{BatchFault, BatchRequest, BatchResponse, Slot, batch_request};
#[cfg(feature = "serde_json")]
pub use call::Call;
pub use code::Code;
pub(crate) use envelope::go_to_result;
pub use envelope::{Envelope, Id, NodeError, response};
pub use items::{Items, Sequence};
pub(crate) use reply::is_success;
pub use reply::{Explanation, Reply};
pub use request::request;
pub(crate) use request::write_request;
