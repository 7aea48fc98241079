//! The network RPC methods of a [DeFiChain](https://github.com/DeFiCh/ain) node as pure functions over bytes, and the
//! connection to the node as a state machine without I/O. For custom event loops, firmware and monitoring appliances: no
//! clock, thread, allocation, float or `unsafe`.
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
//! # What to use
//!
//! | you have | use |
//! | --- | --- |
//! | an HTTP client of your own | [`request`] and [`response`] |
//! | any socket: blocking, in an event loop, of an embedded stack | [`Connection`], which speaks HTTP and says what to do with the socket |
//! | a stream of `embedded-io` or `embedded-io-async` | `io::Client`, which owns stream, connection and buffer (features `embedded-io-v0.7`, `embedded-io-async-v0.7`) |
//! | a list that is longer than memory | [`Connection::poll_item`], or `io::Client::list` |
//! | several calls in one HTTP request | [`Connection::batch`], or `io::Client::batch` |
//! | a method outside of the network category | [`Method`] and [`json_object!`], or `rpc::Call` (feature `serde_json`) |
//!
//! The module [`network`] has the fifteen methods of the node's network category.
//!
//! # Chapters
//!
//! - [What is refused, and why](_documentation::refused)
//! - [How large a buffer has to be](_documentation::buffers)
//! - [Lists that are longer than memory](_documentation::streaming)
//! - [Keeping a connection, and sending again](_documentation::connections)
//! - [Errors, and the node's message](_documentation::errors)
//! - [Where the text of a response is stored](_documentation::storage)
//! - [Methods of other categories](_documentation::other_methods)
//! - [Fuzzing an adapter of your own](_documentation::fuzzing)
//! - [On bare metal](_documentation::bare_metal)
//! - [On your network stack](_documentation::stacks)
//! - [Coming from jellyfish](_documentation::jellyfish)
//!
//! # Crate features
//!
//! No feature is on by default. Features only add to the interface.
//!
//! - **alloc**: `String` as storage for the text of a response, `into_owned`, fields of `String` and `Vec`, a buffer that grows
//!   (`io::Growing`). No dependency.
//! - **std** (implies alloc): `From<Error>` for `std::io::Error`.
//! - **serde**: `Serialize` and `Deserialize` for the responses and their values, for self-describing formats, without a
//!   heap.
//! - **`serde_json`** (implies alloc and serde): `rpc::Call`, which calls any method by its name.
//! - **heapless-v0.9**: `heapless::String` as storage.
//! - **defmt-v1**: `defmt::Format` for errors and responses.
//! - **embedded-io-v0.7**: `io`, drivers over `embedded-io`.
//! - **embedded-io-async-v0.7** (implies embedded-io-v0.7): drivers over `embedded-io-async`; their names end in `_async`.
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
// Not in the manifest, where it would hold for tests and examples too: only src promises that no input makes it panic.
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

mod value;

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

pub use bytes::writer::BufferTooSmall;
pub use connection::{Connection, REPLY_SPACE, Want};
pub use error::{Error, ErrorKind};
pub use method::{Item, Method, Response};
pub use rpc::{Reply, request, response};
pub use value::{Address, Amount, PeerAddress, Permission, Services, Subnet, UnixTime};

/// Compiles the example of the README with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
