#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]
// Only src promises that no input makes it panic, and the manifest cannot tell it from the tests and examples.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::string_slice,
        clippy::todo,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod json;

mod address;
mod amount;
mod ip;
mod permission;
mod services;
mod time;

mod method;
pub mod network;
pub mod rpc;

pub mod http;

mod exchange;

pub use address::{Address, PeerAddress, Subnet};
pub use amount::Amount;
pub use exchange::{Exchange, Want};
pub use method::Method;
pub use permission::Permission;
pub use rpc::{ResponseError, request, response};
pub use services::Services;
pub use time::UnixTime;
