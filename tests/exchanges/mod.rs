//! For `tests/json.rs`, whose path to the support module is this one.

#[path = "../support/exchanges.rs"]
mod support;

pub(crate) use support::*;
