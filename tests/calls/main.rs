//! Calls over a connection: single ones, batches, calls by name, and the drivers for streams.

#[path = "../support/bodies.rs"]
mod bodies;
#[path = "../support/caller.rs"]
mod caller;
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

mod batch;
mod by_name;
mod connection;
mod io;
