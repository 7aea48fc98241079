//! The JSON-RPC envelope, as the node speaks it: requests out, replies in.

mod batch;
#[cfg(feature = "alloc")]
mod call;
mod code;
mod elements;
mod items;
mod reply;
mod request;

pub use batch::{BatchFault, BatchRequest, BatchResponse};
#[cfg(feature = "alloc")]
pub use call::Call;
pub use code::Code;
pub use elements::{Elements, Step};
pub(crate) use elements::{Item, Next, Scan};
pub use items::{Items, Sequence};
pub use reply::{Envelope, Id, NodeError, ResponseError, response, response_as};
pub(crate) use reply::{go_to_result, response_into};
pub use request::request;
pub(crate) use request::write_request;
