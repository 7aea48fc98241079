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

#[cfg(feature = "std")]
extern crate std;

mod bytes;
mod error;
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

mod connection;
#[cfg(feature = "defmt-v1")]
mod defmt;
#[cfg(feature = "embedded-io-v0.7")]
pub mod io;
#[cfg(feature = "serde_json")]
mod serde;

/// Without the feature `defmt` there is nothing to implement.
#[cfg(not(feature = "defmt-v1"))]
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
#[cfg(feature = "serde_json")]
#[doc(hidden)]
pub mod __private {
    pub use crate::serde::{deserialize, serialize};
    pub use ::serde::{Deserialize, Deserializer, Serialize, Serializer};
}

/// Without the feature `serde` there is nothing to implement.
#[cfg(not(feature = "serde_json"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ($($tokens:tt)*) => {};
}

pub use address::{Address, PeerAddress, Subnet};
pub use amount::Amount;
pub use bytes::writer::BufferTooSmall;
pub use connection::{Connection, REPLY_SPACE, Want};
pub use error::{Error, ErrorKind};
pub use method::{Item, Method, Response};
pub use permission::Permission;
pub use rpc::{Reply, request, response};
pub use services::Services;
pub use time::UnixTime;
