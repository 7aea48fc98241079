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
#[cfg(feature = "serde")]
mod serde;

/// Defines a response of this crate: [`json_object!`], and what the features of this crate have it implement.
macro_rules! response_object {
    (
        $(#[$attribute:meta])*
        pub struct $name:ident $(<$($storage:ident $(= $default:ident)?),+>)? {
            $(
                $(#[$field_attribute:meta])*
                pub $field:ident: $type:ty $(= $key:literal)?
            ),* $(,)?
        }
    ) => {
        $crate::json_object! {
            $(#[$attribute])*
            pub struct $name $(<$($storage $(= $default)?),+>)? {
                $(
                    $(#[$field_attribute])*
                    $(#[doc(alias = $key)])?
                    pub $field: $type $(= $key)?
                ),*
            }
        }
        #[cfg(feature = "alloc")]
        $crate::json::owned_response!($name [$($($storage)+)?] $($field)*);
        #[cfg(feature = "serde")]
        $crate::serde::serde_response!($name [$($($storage)+)?] $($field: $type $(= $key)?,)*);
        #[cfg(feature = "defmt-v1")]
        $crate::defmt::format_response!($name [$($($storage)+)?] $($field)*);
    };
}

pub(crate) use response_object;

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
