//! Drivers for the streams of `embedded-io` and `embedded-io-async`.
//!
//! [`Client`] owns everything that calls need: the endpoint, the stream, the connection and the buffer. [`Connection::run`] and
//! [`Connection::next`] are for programs that own these parts themselves. Names that end in `_async` are for
//! `embedded-io-async`, and identical except for `.await`.
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
//! The crate [`embedded-io-adapters`](https://docs.rs/embedded-io-adapters) has the wrappers `FromStd`, for a
//! `std::net::TcpStream`, and `FromTokio`, for a `tokio::net::TcpStream`:
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
//! assert!(!endpoint.is_tls(), "a TcpStream does not encrypt");
//! let mut node = Client::new(
//!     endpoint,
//!     Reconnect::new(|| {
//!         let stream = TcpStream::connect(("127.0.0.1", 1))?;
//!         stream.set_read_timeout(Some(Duration::from_secs(10)))?;
//!         Ok(FromStd::new(stream))
//!     }),
//!     [0; 4096],
//! );
//! // No server listens there.
//! let error = node.call(&GetConnectionCount).unwrap_err();
//! assert!(!error.is_transient() && !error.is_unconfirmed());
//! # Ok::<(), defichain_net_rpc::http::EndpointError>(())
//! ```
//!
//! # Time-outs
//!
//! If a read or write of the stream fails with `TimedOut`, the call fails and nothing is sent again, because the node may still
//! be working on the request. Any other error has the same effect, except those that say that the connection is lost:
//! `ConnectionReset`, `ConnectionAborted`, `BrokenPipe` and `NotConnected`. (For a time-out, std returns `WouldBlock`, displayed
//! as "Resource temporarily unavailable"; embedded-io has no kind for it.)
//!
//! # Futures
//!
//! Dropping the future of a call before it is ready, for example after a time-out, costs the stream and nothing else: the next
//! call opens another. The old stream stays open until then, unless `Client::close_async` closes it. Dropping a future of
//! `List::next_async` loses nothing if dropping a future of the stream loses nothing.
//!
//! A future borrows the client, or owns it together with its buffer: for an executor, a slice or `Growing` is a better buffer
//! than a large array. It is `Send` if the stream and the closure are. As the closure of a [`Reconnect`], use an `async move`
//! one that owns what it needs.
//!
//! # Sizes
//!
//! At most, in bytes, on 64 bits:
//!
//! | type | bytes |
//! | --- | --- |
//! | [`Client`], without its stream and its buffer | 336: an [`Endpoint`](crate::http::Endpoint) of 120, a [`Connection`] of 216 |
//! | [`List`] | 24 |
//! | [`Error`], of a stream whose error is a small enum | 48 |
//! | the future of `Client::call_async` or `Connection::run_async`, without those of the stream | 320 |
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
use crate::rpc::{Explanation, NodeError, Reply};

/// The reason why a call over a stream has no result.
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error<E> {
    /// The stream could not be opened, and this is its error.
    Connect(E),
    /// The stream failed, and this is its error. The node has not carried out the request, or the method
    /// [only reads](crate::Method::is_repeatable), or the reply had begun.
    Stream(E),
    /// The stream failed after the whole request was written and before the reply, and this is its error. The node may or may
    /// not have carried out the request.
    Unconfirmed(E),
    /// The buffer is too small for the request.
    Request(BufferTooSmall),
    /// There is no reply, or it is an error.
    Call(CallError),
}

impl<E> Error<E> {
    /// Whether the same call may succeed a little later; see [`Error::is_transient`](CallError::is_transient).
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Call(error) if error.is_transient())
    }

    /// Whether it is unknown if the node has carried out the request, which changes something there.
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
                "the connection failed before the reply; the node may or may not have carried out the request: {error}"
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
    /// Returns the bytes.
    fn bytes(&self) -> &[u8];

    /// Returns the bytes for writing.
    fn bytes_mut(&mut self) -> &mut [u8];

    /// Makes the buffer at least `needed` bytes long, keeping its bytes, and returns whether that was possible. Defaults to
    /// `false`.
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

/// The length stays that of the vector.
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
/// It never shrinks. For a reply that needs more than the limit the error is [`ErrorKind::TooLong`].
///
/// ```
/// use defichain_net_rpc::io::{Buffer, Growing};
///
/// // Most replies fit at once; none may take more than 1 MiB.
/// let mut buffer = Growing::with_capacity(4096, 1 << 20);
/// assert_eq!(buffer.bytes().len(), 4096);
/// assert!(buffer.grow(5000) && !buffer.grow(2 << 20));
/// assert_eq!(buffer.bytes().len(), 8192);
/// ```
#[cfg(feature = "alloc")]
#[derive(Clone)]
pub struct Growing {
    bytes: alloc::vec::Vec<u8>,
    limit: usize,
}

#[cfg(feature = "alloc")]
impl Growing {
    /// Returns an empty buffer that may grow to `limit` bytes.
    #[must_use]
    pub const fn new(limit: usize) -> Self {
        Self {
            bytes: alloc::vec::Vec::new(),
            limit,
        }
    }

    /// Returns a buffer of `capacity` bytes, but no more than `limit`, that may grow to `limit` bytes.
    #[must_use]
    pub fn with_capacity(capacity: usize, limit: usize) -> Self {
        Self {
            bytes: alloc::vec![0; capacity.min(limit)],
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
        // At least doubles, so that a reply of unknown length is copied only a few times.
        let len = needed.max(self.bytes.len().saturating_mul(2)).min(self.limit);
        let more = len.saturating_sub(self.bytes.len());
        if self.bytes.try_reserve_exact(more).is_err() {
            return false;
        }
        self.bytes.resize(self.bytes.len().saturating_add(more), 0);
        true
    }
}

/// Omits the bytes, which contain credentials.
#[cfg(feature = "alloc")]
impl fmt::Debug for Growing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Growing")
            .field("len", &self.bytes.len())
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

/// A stream that a closure opens. The closure may be async for `embedded-io-async`.
#[derive(Debug)]
pub struct Reconnect<S, F> {
    stream: Option<S>,
    open: F,
}

impl<S, F> Reconnect<S, F> {
    /// Returns a stream that is not open yet. The closure is called when the first stream is needed, and whenever another is.
    pub const fn new(open: F) -> Self {
        Self { stream: None, open }
    }

    /// Returns the open stream, if there is one.
    pub fn stream(&mut self) -> Option<&mut S> {
        self.stream.as_mut()
    }
}

impl<S: ErrorType, F> ErrorType for Reconnect<S, F> {
    type Error = S::Error;
}

/// A node: its endpoint, the stream to it, the connection, and the buffer. The [module](self) has an example.
pub struct Client<E, S, B> {
    endpoint: E,
    stream: S,
    connection: Connection,
    buf: B,
}

impl<E: AsEndpoint, S, B: Buffer> Client<E, S, B> {
    /// Returns a client that has not called the node yet. The endpoint is an [`Endpoint`](crate::http::Endpoint), or an
    /// [`EndpointBuf`](crate::http::EndpointBuf), which owns its text.
    pub const fn new(endpoint: E, stream: S, buf: B) -> Self {
        Self {
            endpoint,
            stream,
            connection: Connection::new(),
            buf,
        }
    }

    /// Returns the endpoint, for example to set the new content of a cookie file. A change takes effect with the next call. If
    /// the host or port changes, also call [`close`](Client::close).
    pub fn endpoint_mut(&mut self) -> &mut E {
        &mut self.endpoint
    }

    /// Returns the reply to the last call, unless it was read by its elements.
    ///
    /// # Errors
    ///
    /// Those of [`Connection::reply`].
    pub fn reply(&self) -> Result<Reply<'_>, CallError> {
        self.connection.reply(self.buf.bytes())
    }

    /// Returns the code and the message of the node's error, if it answered the last call with one.
    pub fn node_error(&self) -> Option<NodeError<&str>> {
        self.connection.node_error(self.buf.bytes())
    }

    /// Returns the stream, for example to set its deadline.
    pub fn stream_mut(&mut self) -> &mut S {
        &mut self.stream
    }

    /// Returns the parts, for [`Connection::run`] and [`Connection::next`]: for example to read the elements of a list as a type
    /// that owns its text.
    pub fn parts_mut(&mut self) -> (&E, &mut S, &mut Connection, &mut B) {
        (&self.endpoint, &mut self.stream, &mut self.connection, &mut self.buf)
    }

    /// Displays an error of the last call as one line for people, with the message that came with it; see
    /// [`Connection::explain`].
    pub fn explain<'c, F: fmt::Display>(&'c self, error: &'c Error<F>) -> impl fmt::Display {
        Explained {
            error,
            call: match error {
                Error::Call(error) => Some(self.connection.explain(*error, self.buf.bytes())),
                _ => None,
            },
        }
    }

    /// Returns the parts: the endpoint, the stream, the connection and the buffer.
    pub fn into_parts(self) -> (E, S, Connection, B) {
        (self.endpoint, self.stream, self.connection, self.buf)
    }
}

/// See [`Client::explain`].
struct Explained<'c, E> {
    error: &'c Error<E>,
    call: Option<Explanation<'c>>,
}

impl<E: fmt::Display> fmt::Display for Explained<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.call {
            Some(call) => call.fmt(f),
            None => self.error.fmt(f),
        }
    }
}

/// Omits the buffer, which contains credentials, and the stream.
impl<E: fmt::Debug, S, B> fmt::Debug for Client<E, S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("endpoint", &self.endpoint)
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}

/// The elements of a list, one at a time; obtained from [`Client::list`].
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
    /// Handles an error of the stream. Returns it unless the call can continue.
    fn stream_failed<E: embedded_io::Error>(&mut self, error: E) -> Result<(), Error<E>> {
        match error.kind() {
            embedded_io::ErrorKind::Interrupted => return Ok(()),
            embedded_io::ErrorKind::ConnectionReset
            | embedded_io::ErrorKind::ConnectionAborted
            | embedded_io::ErrorKind::BrokenPipe
            | embedded_io::ErrorKind::NotConnected => self.broken(),
            // `TimedOut`, or perhaps a time-out under another name: `WouldBlock` of std becomes `Other`.
            _ => self.close(),
        }
        match self.failure() {
            None => Ok(()),
            Some(ErrorKind::Unconfirmed) => Err(Error::Unconfirmed(error)),
            Some(_) => Err(Error::Stream(error)),
        }
    }
}
