//! The network RPC methods of a [DeFiChain](https://github.com/DeFiCh/ain) node as pure functions over bytes: no I/O, no clock,
//! no thread, no allocation, no float, no `unsafe`. For custom event loops, firmware and monitoring appliances.
//!
//! ```
//! use defichain_net_rpc::network::GetPeerInfo;
//! use defichain_net_rpc::{Response, request, response};
//!
//! let mut buf = [0; 128];
//! let body = request(&GetPeerInfo, 1, &mut buf)?;
//! assert_eq!(body, br#"{"jsonrpc":"1.0","id":1,"method":"getpeerinfo","params":[]}"#);
//!
//! // Whatever carries `body` to the node brings the reply back.
//! let reply = br#"{"result":[],"error":null,"id":1}"#;
//! let peers: Response<GetPeerInfo> = response(1, reply)?;
//! for peer in peers {
//!     match peer {
//!         Ok(peer) => println!("{} {} {:?}", peer.id, peer.addr, peer.ping_time),
//!         Err(error) => println!("a peer that cannot be read: {error}"),
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Which function for which need
//!
//! | you have | use |
//! | --- | --- |
//! | an HTTP client of your own | [`request`] and [`response`] |
//! | a socket: blocking, in an event loop, of an embedded stack | [`Connection`], which speaks HTTP and says what to do with the socket |
//! | a stream of `embedded-io` or `embedded-io-async` | `io::Client`, which has all of it (features `embedded-io-v0.7`, `embedded-io-async-v0.7`) |
//! | a list that is longer than memory | [`Connection::poll_element`], or `io::Client::list` |
//! | several calls to make at once | [`Connection::batch`], or `io::Client::batch` |
//! | a method of another category | [`Method`] and [`json_object!`], or `rpc::Call` (feature `serde_json`) |
//!
//! The methods are in [`network`], one for each of the node's network category.
//!
//! # Chapters
//!
//! - [What is refused, and why](_documentation::refused)
//! - [How large a buffer has to be](_documentation::buffers)
//! - [Lists that are longer than memory](_documentation::streaming)
//! - [Keeping a connection, and sending again](_documentation::connections)
//! - [One error, and where the words are](_documentation::errors)
//! - [Where the text of a response is stored](_documentation::storage)
//! - [Methods of other categories](_documentation::other_methods)
//! - [Fuzzing an adapter of your own](_documentation::fuzzing)
//! - [On bare metal](_documentation::bare_metal)
//! - [On your stack](_documentation::stacks)
//! - [Coming from jellyfish](_documentation::jellyfish)
//!
//! # Crate features
//!
//! None is on by default. A feature only adds.
//!
//! - **alloc**: `String` as storage for the text of a response, `into_owned`, fields of `String` and `Vec`, a buffer that grows
//!   (`io::Growing`). No dependency.
//! - **std** (implies alloc): `From<Error>` for `std::io::Error`.
//! - **serde**: `Serialize` and `Deserialize` for the responses and their values, with any format that
//!   describes itself, without a heap.
//! - **`serde_json`** (implies alloc and serde): `rpc::Call`, any method by its name.
//! - **heapless-v0.9**: `heapless::String` as storage.
//! - **defmt-v1**: `defmt::Format` for errors and responses.
//! - **embedded-io-v0.7**: `io`, drivers over `embedded-io`.
//! - **embedded-io-async-v0.7** (implies embedded-io-v0.7): drivers over `embedded-io-async`; their names end in `_async`.
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
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
// The fast path of the reader is only fast as one function, in registers: 12 % faster than with `inline`.
#![allow(clippy::inline_always)]

#[cfg(feature = "alloc")]
extern crate alloc;

#[cfg(feature = "std")]
extern crate std;

pub mod _documentation;

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

/// The example of the README is compiled with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
