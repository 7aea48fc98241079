//! Drivers for the streams of `embedded-io` and `embedded-io-async`.
//!
//! [`Client`] has all that a node takes: where it is, the stream, the connection and the buffer. [`Connection::run`] and
//! [`Connection::next`] are for programs that keep these parts themselves. What is for `embedded-io-async` ends in `_async`
//! and is identical except for `.await`.
//!
//! ```
//! use defichain_net_rpc::http::Endpoint;
//! use defichain_net_rpc::io::{Client, Error, Reconnect};
//! use defichain_net_rpc::network::{GetConnectionCount, GetPeerInfo};
//! use embedded_io::{Read, Write};
//!
//! /// Prints how many connections a node has, and its peers one by one, through one small buffer.
//! fn print_peers<S: Read + Write>(
//!     endpoint: Endpoint<'_>,
//!     connect: impl FnMut() -> Result<S, S::Error>,
//! ) -> Result<(), Error<S::Error>> {
//!     let mut node = Client::new(endpoint, Reconnect::new(connect), [0; 4096]);
//!     println!("{} connections", node.call(&GetConnectionCount)?);
//!     let mut peers = node.list(&GetPeerInfo)?;
//!     while let Some(peer) = peers.next()? {
//!         match peer {
//!             Ok(peer) => println!("{} {}", peer.id, peer.addr),
//!             Err(error) => println!("a peer that cannot be read: {error}"),
//!         }
//!     }
//!     Ok(())
//! }
//! ```
//!
//! # Streams of std and of tokio
//!
//! The crate [`embedded-io-adapters`](https://docs.rs/embedded-io-adapters) has `FromStd`, which makes a
//! `std::net::TcpStream` a stream of `embedded-io`, and `FromTokio`, which makes a `tokio::net::TcpStream` one of
//! `embedded-io-async`:
//!
//! ```
//! use defichain_net_rpc::http::Endpoint;
//! use defichain_net_rpc::io::{Client, Reconnect};
//! use defichain_net_rpc::network::GetConnectionCount;
//! use embedded_io_adapters::std::FromStd;
//! use std::net::TcpStream;
//! use std::time::Duration;
//!
//! let endpoint = Endpoint::from_url("http://foo:bar@127.0.0.1:1")?;
//! assert!(!endpoint.is_tls(), "a TcpStream is no TLS stream");
//! let mut node = Client::new(
//!     endpoint,
//!     Reconnect::new(|| {
//!         let stream = TcpStream::connect(("127.0.0.1", 1))?;
//!         stream.set_read_timeout(Some(Duration::from_secs(10)))?;
//!         Ok(FromStd::new(stream))
//!     }),
//!     [0; 4096],
//! );
//! // Nobody listens there.
//! let error = node.call(&GetConnectionCount).unwrap_err();
//! assert!(!error.is_transient() && !error.is_unconfirmed());
//! # Ok::<(), defichain_net_rpc::http::EndpointError>(())
//! ```
//!
//! # Time-outs and calls that are dropped
//!
//! A stream whose read or write fails with `TimedOut` fails the call: nothing is sent again, because the node may be at work
//! on the request. So does any other error, except those that say that the connection is gone: `ConnectionReset`,
//! `ConnectionAborted`, `BrokenPipe` and `NotConnected`. (std tells a time-out as `WouldBlock`, and shows it as "Resource
//! temporarily unavailable"; embedded-io has no kind for it.) A future that is dropped half-way, as by a time-out around it, costs the stream and nothing else: the next
//! call opens another, and the old one stays open until then, unless `ConnectAsync::disconnect` closes it. A future of
//! `List::next_async` that is dropped loses nothing if the stream's own future loses nothing.
//!
//! # Futures
//!
//! A future holds the client, and so its buffer: for an executor a slice or `Growing` is better than a large array. It is
//! `Send` where stream and closure are; the closure of a [`Reconnect`] is best an `async move` one that owns what it needs.
//!
//! # Sizes
//!
//! In bytes, on 64 bits, at most:
//!
//! | what | bytes |
//! | --- | --- |
//! | [`Client`], beside its stream and its buffer | 336: an [`Endpoint`](crate::http::Endpoint) of 120, a [`Connection`] of 216 |
//! | [`List`] | 24 |
//! | [`Error`], of a stream whose error is a small enum | 48 |
//! | the future of `Client::call_async`, of `Connection::run_async`, beside those of the stream | 320 |
//! | the future of `List::next_async` | 232 |
//! | the future of `Connection::next_async`, with a [`Ban`](crate::network::Ban) | 272 |

#[cfg(feature = "embedded-io-async-v0.7")]
mod asynchronous;
mod blocking;

use core::fmt;
use core::marker::PhantomData;

use embedded_io::ErrorType;

#[cfg(feature = "embedded-io-async-v0.7")]
pub use self::asynchronous::ConnectAsync;
pub use self::blocking::Connect;
use crate::bytes::writer::BufferTooSmall;
use crate::connection::Connection;
use crate::error::{Error as CallError, ErrorKind};
use crate::http::AsEndpoint;
use crate::rpc::Reply;

/// Why a call over a stream has no result.
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error<E> {
    /// The stream's own error as it was to be opened.
    Connect(E),
    /// The stream's own error. The node has not carried out the request, or the method
    /// [only reads](crate::Method::is_repeatable), or the reply had begun.
    Stream(E),
    /// The stream's own error, after the whole request was written and before its reply. Nobody knows whether the node has
    /// carried it out.
    Unconfirmed(E),
    /// The buffer is too small for the request.
    Request(BufferTooSmall),
    /// There is no reply, or it has no result.
    Call(CallError),
}

impl<E> Error<E> {
    /// Whether the same call may succeed a little later; see [`Error::is_transient`](CallError::is_transient).
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Call(error) if error.is_transient())
    }

    /// Whether nobody knows if the node has carried out the request, which changes something there.
    pub fn is_unconfirmed(&self) -> bool {
        match self {
            Self::Unconfirmed(_) => true,
            Self::Call(error) => error.kind == ErrorKind::Unconfirmed,
            _ => false,
        }
    }
}

impl<E> From<CallError> for Error<E> {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

impl<E> From<BufferTooSmall> for Error<E> {
    fn from(error: BufferTooSmall) -> Self {
        Self::Request(error)
    }
}

impl<E: fmt::Display> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect(error) => write!(f, "cannot connect to the node: {error}"),
            Self::Stream(error) => write!(f, "the connection to the node failed: {error}"),
            Self::Unconfirmed(error) => write!(
                f,
                "the connection to the node failed, which may or may not have carried out the request: {error}"
            ),
            Self::Request(error) => write!(f, "the request does not fit: {error}"),
            Self::Call(error) => error.fmt(f),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Connect(error) | Self::Stream(error) | Self::Unconfirmed(error) => Some(error),
            Self::Request(error) => Some(error),
            Self::Call(error) => Some(error),
        }
    }
}

/// The buffer of a [`Client`]: an array or a slice, or, with the feature `alloc`, one that [grows](Growing).
pub trait Buffer {
    /// The bytes.
    fn bytes(&self) -> &[u8];

    /// The bytes, to be written.
    fn bytes_mut(&mut self) -> &mut [u8];

    /// Makes the buffer at least so long, keeping what is in it, and tells whether that was possible. Defaults to `false`.
    fn grow(&mut self, needed: usize) -> bool {
        _ = needed;
        false
    }
}

impl<const N: usize> Buffer for [u8; N] {
    fn bytes(&self) -> &[u8] {
        self
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        self
    }
}

impl Buffer for [u8] {
    fn bytes(&self) -> &[u8] {
        self
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        self
    }
}

impl<B: Buffer + ?Sized> Buffer for &mut B {
    fn bytes(&self) -> &[u8] {
        (**self).bytes()
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        (**self).bytes_mut()
    }

    fn grow(&mut self, needed: usize) -> bool {
        (**self).grow(needed)
    }
}

/// Of a fixed length: that of the vector.
#[cfg(feature = "alloc")]
impl Buffer for alloc::vec::Vec<u8> {
    fn bytes(&self) -> &[u8] {
        self
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        self
    }
}

/// A buffer that grows as requests and replies need it, up to a limit.
///
/// It keeps the length that it has reached. A reply that needs more than the limit is
/// [`ErrorKind::TooLong`].
#[cfg(feature = "alloc")]
#[derive(Clone)]
pub struct Growing {
    bytes: alloc::vec::Vec<u8>,
    limit: usize,
}

#[cfg(feature = "alloc")]
impl Growing {
    /// An empty buffer that may grow to this length.
    #[must_use]
    pub const fn new(limit: usize) -> Self {
        Self {
            bytes: alloc::vec::Vec::new(),
            limit,
        }
    }
}

#[cfg(feature = "alloc")]
impl Buffer for Growing {
    fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    fn grow(&mut self, needed: usize) -> bool {
        if needed > self.limit {
            return false;
        }
        // Twice as long, so that replies of unknown length are copied only so often.
        let len = needed.max(self.bytes.len().saturating_mul(2)).min(self.limit);
        let more = len.saturating_sub(self.bytes.len());
        if self.bytes.try_reserve_exact(more).is_err() {
            return false;
        }
        self.bytes.resize(self.bytes.len().saturating_add(more), 0);
        true
    }
}

/// Not the bytes, which have credentials in them.
#[cfg(feature = "alloc")]
impl fmt::Debug for Growing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Growing")
            .field("len", &self.bytes.len())
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

/// A stream that a function opens: a [`Connect`] from a closure, which may be async for `embedded-io-async`.
#[derive(Debug)]
pub struct Reconnect<S, F> {
    stream: Option<S>,
    open: F,
}

impl<S, F> Reconnect<S, F> {
    /// No stream yet; the function opens it when it is needed, and again when it has to be another.
    pub const fn new(open: F) -> Self {
        Self { stream: None, open }
    }

    /// The stream that is open.
    pub fn stream(&mut self) -> Option<&mut S> {
        self.stream.as_mut()
    }
}

impl<S: ErrorType, F> ErrorType for Reconnect<S, F> {
    type Error = S::Error;
}

/// A node: where it is, the stream to it, the connection, and the buffer. The [module](self) has an example.
pub struct Client<E, S, B> {
    endpoint: E,
    stream: S,
    connection: Connection,
    buf: B,
}

impl<E: AsEndpoint, S, B: Buffer> Client<E, S, B> {
    /// A node that has not been called yet. The endpoint is an [`Endpoint`](crate::http::Endpoint), or an
    /// [`EndpointBuf`](crate::http::EndpointBuf) that owns its text.
    pub const fn new(endpoint: E, stream: S, buf: B) -> Self {
        Self {
            endpoint,
            stream,
            connection: Connection::new(),
            buf,
        }
    }

    /// Where the node is. Another endpoint, with the new content of a cookie file for example, takes effect with the next
    /// call; [`Connection::close`] is due where the host or port is another.
    pub fn endpoint_mut(&mut self) -> &mut E {
        &mut self.endpoint
    }

    /// The reply to the last call, unless that was read by its elements.
    ///
    /// # Errors
    ///
    /// As for [`Connection::reply`].
    pub fn reply(&self) -> Result<Reply<'_>, CallError> {
        self.connection.reply(self.buf.bytes())
    }

    /// The error that the node answered the last call with, and its words.
    pub fn node_error(&self) -> Option<crate::rpc::NodeError<&str>> {
        self.connection.node_error(self.buf.bytes())
    }

    /// The stream, to set its deadline for example.
    pub fn stream_mut(&mut self) -> &mut S {
        &mut self.stream
    }

    /// The parts, for what [`Connection::run`] and [`Connection::next`] can do and a client cannot: to read the elements of a
    /// list as a type with storage of its own, for example.
    pub fn parts_mut(&mut self) -> (&E, &mut S, &mut Connection, &mut B) {
        (&self.endpoint, &mut self.stream, &mut self.connection, &mut self.buf)
    }

    /// An error of the last call as one line for people, with the words that came with it; see [`Connection::explain`].
    pub fn explain<'c, F: fmt::Display>(&'c self, error: &'c Error<F>) -> impl fmt::Display {
        Explained {
            error,
            call: match error {
                Error::Call(error) => Some(self.connection.explain(*error, self.buf.bytes())),
                _ => None,
            },
        }
    }

    /// The parts.
    pub fn into_parts(self) -> (E, S, Connection, B) {
        (self.endpoint, self.stream, self.connection, self.buf)
    }
}

/// See [`Client::explain`].
struct Explained<'c, E> {
    error: &'c Error<E>,
    call: Option<crate::rpc::Explanation<'c>>,
}

impl<E: fmt::Display> fmt::Display for Explained<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.call {
            Some(call) => call.fmt(f),
            None => self.error.fmt(f),
        }
    }
}

/// Not the buffer, which has credentials in it, nor the stream.
impl<E: fmt::Debug, S, B> fmt::Debug for Client<E, S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("endpoint", &self.endpoint)
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}

/// The elements of a list; from [`Client::list`].
pub struct List<'c, M, S, B> {
    connection: &'c mut Connection,
    stream: &'c mut S,
    buf: &'c mut B,
    method: PhantomData<fn() -> M>,
}

impl<M, S, B> fmt::Debug for List<'_, M, S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List")
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}

impl Connection {
    /// What an error of the stream means for the call: goes on if that can be made good, else gives the error.
    fn stream_failed<E: embedded_io::Error>(&mut self, error: E) -> Result<(), Error<E>> {
        match error.kind() {
            embedded_io::ErrorKind::Interrupted => return Ok(()),
            embedded_io::ErrorKind::ConnectionReset
            | embedded_io::ErrorKind::ConnectionAborted
            | embedded_io::ErrorKind::BrokenPipe
            | embedded_io::ErrorKind::NotConnected => self.broken(),
            // `TimedOut`, or perhaps a time-out that has no name: `WouldBlock` of std is `Other` here.
            _ => self.close(),
        }
        match self.failure() {
            None => Ok(()),
            Some(ErrorKind::Unconfirmed) => Err(Error::Unconfirmed(error)),
            Some(_) => Err(Error::Stream(error)),
        }
    }
}
