//! What is written for each method and what is read from its reply: requests, values, storage, serde.

#[path = "../support/exchanges.rs"]
mod exchanges;
#[cfg(all(feature = "serde", feature = "alloc"))]
#[path = "../support/methods.rs"]
mod methods;
#[path = "../support/recordings.rs"]
mod recordings;
#[path = "../support/reserialize.rs"]
mod reserialize;
#[path = "../support/strategies.rs"]
mod strategies;

mod network;
mod requests;
mod serde;
mod storage;
mod values;
