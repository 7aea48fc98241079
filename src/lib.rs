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
mod window;

mod method;
pub mod network;
pub mod rpc;

pub mod http;

#[cfg(feature = "defmt")]
mod defmt;
mod exchange;
#[cfg(feature = "embedded-io-v0.7")]
pub mod io;
#[cfg(feature = "serde")]
mod serde;

/// Without the feature `defmt` there is nothing to implement.
#[cfg(not(feature = "defmt"))]
mod defmt {
    macro_rules! format_response {
        ($($tokens:tt)*) => {};
    }

    pub(crate) use format_response;
}

/// Defines a response of this crate: [`json_object!`], and what the features of this crate have it implement.
macro_rules! response_object {
    ($($tokens:tt)*) => {
        $crate::json_object! { $($tokens)* }
        $crate::defmt::format_response! { $($tokens)* }
    };
}

pub(crate) use response_object;

/// What the macros of this crate need in the crates that use them.
#[cfg(feature = "serde")]
#[doc(hidden)]
pub mod __private {
    pub use crate::serde::{deserialize, serialize};
    pub use ::serde::{Deserialize, Deserializer, Serialize, Serializer};
}

/// Without the feature `serde` there is nothing to implement.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ($($tokens:tt)*) => {};
}

pub use address::{Address, PeerAddress, Subnet};
pub use amount::Amount;
pub use exchange::{ElementExchange, ElementWant, Exchange, ExchangeError, Want};
pub use method::Method;
pub use permission::Permission;
pub use rpc::{ResponseError, request, response};
pub use services::Services;
pub use time::UnixTime;
