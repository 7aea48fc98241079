//! Replies, recorded and made up, in every way in which a stream may cut them.

#[path = "../support/bodies.rs"]
mod bodies;
#[path = "../support/exchanges.rs"]
mod exchanges;
#[path = "../support/methods.rs"]
mod methods;
#[path = "../support/recordings.rs"]
mod recordings;
#[path = "../support/reserialize.rs"]
mod reserialize;
#[path = "../support/strategies.rs"]
mod strategies;
#[path = "../support/streams.rs"]
mod streams;

mod elements;
mod recorded;
