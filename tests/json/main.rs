//! Reading JSON: beside a parser of another make, and by the fast path of the reader beside the general one.

#[path = "../support/both_paths.rs"]
mod both_paths;
#[path = "../support/exchanges.rs"]
mod exchanges;
#[path = "../support/methods.rs"]
mod methods;
#[allow(dead_code, reason = "the replies alone are read here")]
#[path = "../support/recordings.rs"]
mod recordings;
#[path = "../support/strategies.rs"]
mod strategies;

mod other_parser;
mod paths;
