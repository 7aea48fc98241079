//! Hostile input: what is wrong is refused with its kind, its place and its member, wherever it stands and however the
//! stream that brings it is cut.

#[path = "../bodies/mod.rs"]
mod bodies;
#[path = "../by_hand/mod.rs"]
mod by_hand;
#[path = "../exchanges/mod.rs"]
mod exchanges;
#[path = "../streams/mod.rs"]
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
