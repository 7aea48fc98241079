//! Hostile input: whatever is wrong is refused with its kind, its place and its member, wherever it is and however the stream
//! is cut.

#[path = "../support/bodies.rs"]
mod bodies;
#[path = "../support/caller.rs"]
mod caller;
#[path = "../support/exchanges.rs"]
mod exchanges;
#[path = "../support/http_tables.rs"]
mod http_tables;
#[path = "../support/streams.rs"]
mod streams;

mod cases;
mod places;
mod replies;

mod chunks;
mod elements;
mod envelope;
mod framing;
mod head;
mod numbers;
mod proxies;
mod strings;
mod structure;
mod syntax;
mod upstream;

use defichain_net_rpc::http::ErrorKind;
