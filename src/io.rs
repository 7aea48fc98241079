//! Drives exchanges over the streams of `embedded-io` and `embedded-io-async`.
//!
//! [`Exchange::run`] is one call for a whole reply, [`ElementExchange::next`] one for each element of a list; the same with
//! `_async` behind the name is for `embedded-io-async`. A call that is dropped half-way, for taking too long, has told the
//! exchange what went over the connection before it; the connection is best closed.
//!
//! ```
//! use defichain_net_rpc::http::Endpoint;
//! use defichain_net_rpc::network::{GetConnectionCount, GetPeerInfo};
//! use defichain_net_rpc::{ElementExchange, Exchange, io};
//! use embedded_io::{Read, Write};
//!
//! /// A node's connections, and then its peers one by one, over one connection and through one small buffer.
//! fn print_peers<S: Read + Write>(stream: &mut S) -> Result<(), String> {
//!     let endpoint = Endpoint::from_url("http://foo:bar@localhost:8554").map_err(|error| error.to_string())?;
//!     let mut buf = [0; 4096];
//!
//!     let exchange = Exchange::new(&endpoint, &GetConnectionCount, 1, &mut buf).map_err(|error| error.to_string())?;
//!     let reply = exchange.run(stream).map_err(|error| error.to_string())?;
//!     println!("{} connections", reply.response(&GetConnectionCount).map_err(|error| error.to_string())?);
//!
//!     let mut peers = ElementExchange::new(&endpoint, &GetPeerInfo, 2, &mut buf).map_err(|error| error.to_string())?;
//!     while let Some(peer) = peers.next(stream).map_err(|error| error.to_string())? {
//!         match peer {
//!             Ok(peer) => println!("{} {}", peer.id, peer.addr),
//!             Err(error) => println!("a peer that cannot be read: {error}"),
//!         }
//!     }
//!     Ok(())
//! }
//! ```

use core::fmt;

use embedded_io::{Read, Write};

use crate::http::{self, Reply, ReplyError};
use crate::json::{self, FromJson};
use crate::rpc::{Item, Sequence};
use crate::{ElementExchange, ElementWant, Exchange, ExchangeError, Method, Want};

/// Why an exchange over a stream gives nothing; see [`Exchange::run`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error<'a, E> {
    /// The stream's own error.
    Stream(E),
    /// The stream takes no more bytes.
    WriteZero,
    /// What came is no HTTP reply, or the reply gives no result.
    Exchange(ExchangeError<'a>),
}

impl<E> Error<'_, E> {
    /// Whether the same request may succeed a little later: the node is starting, or has too much to do.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Exchange(error) if error.is_transient())
    }
}

impl<'a, E> From<ExchangeError<'a>> for Error<'a, E> {
    fn from(error: ExchangeError<'a>) -> Self {
        Self::Exchange(error)
    }
}

impl<E> From<http::Error> for Error<'_, E> {
    fn from(error: http::Error) -> Self {
        Self::Exchange(error.into())
    }
}

impl<'a, E> From<ReplyError<'a>> for Error<'a, E> {
    fn from(error: ReplyError<'a>) -> Self {
        Self::Exchange(error.into())
    }
}

impl<E: fmt::Display> fmt::Display for Error<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stream(error) => error.fmt(f),
            Self::WriteZero => f.write_str("the stream takes no more bytes"),
            Self::Exchange(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for Error<'_, E> {}

/// What went over a stream.
enum Carried {
    Written(usize),
    Received(usize),
    Nothing,
}

/// The drivers, once for each kind of stream: they differ in nothing but the waiting.
macro_rules! drivers {
    (
        ($($asynchronous:ident)?) ($($wait:tt)*) $read:path, $write:path,
        $carry:ident, $run:ident, $next:ident, $next_as:ident
    ) => {
        $($asynchronous)? fn $carry<'a, S: $read + $write>(
            stream: &mut S,
            want: Want<'_>,
            reply_has_begun: bool,
        ) -> Result<Carried, Error<'a, S::Error>> {
            match want {
                Want::Write(bytes) => {
                    let count = stream.write(bytes)$($wait)*.map_err(Error::Stream)?;
                    if count == 0 {
                        return Err(Error::WriteZero);
                    }
                    Ok(Carried::Written(count))
                }
                Want::Read(space) => {
                    // Not behind each write: what was written must be told even if a flush fails or is dropped.
                    if !reply_has_begun {
                        stream.flush()$($wait)*.map_err(Error::Stream)?;
                    }
                    let count = stream.read(space)$($wait)*.map_err(Error::Stream)?;
                    Ok(Carried::Received(count))
                }
                Want::Done(_) => Ok(Carried::Nothing),
            }
        }

        impl<'b> Exchange<'b> {
            /// Sends the request over a stream and reads the reply.
            ///
            /// # Errors
            ///
            /// The stream's own error; or what came is no HTTP reply, or does not fit into the buffer.
            pub $($asynchronous)? fn $run<S: $read + $write>(
                mut self,
                stream: &mut S,
            ) -> Result<Reply<'b>, Error<'b, S::Error>> {
                loop {
                    let reply_has_begun = self.reply_has_begun();
                    let want = self.poll()?;
                    match $carry(stream, want, reply_has_begun)$($wait)*? {
                        Carried::Written(count) => self.written(count),
                        Carried::Received(count) => self.received(count),
                        Carried::Nothing => break,
                    }
                }
                // It is there: that was the last thing wanted.
                self.into_reply().ok_or(Error::WriteZero)
            }
        }

        impl<M: Method> ElementExchange<'_, M> {
            /// Goes on over a stream until there is an element, and gives it; `None` at the end of the reply.
            ///
            /// # Errors
            ///
            /// The stream's own error, or as for [`ElementExchange::poll`].
            pub $($asynchronous)? fn $next<S: $read + $write>(
                &mut self,
                stream: &mut S,
            ) -> Result<Option<Result<Item<'_, M>, json::Error>>, Error<'_, S::Error>>
            where
                M: for<'a> Method<Response<'a>: Sequence<'a>>,
            {
                self.$next_as(stream)$($wait)*
            }

            /// The same with elements of another type: one that outlives the buffer, say.
            ///
            /// # Errors
            ///
            /// The stream's own error, or as for [`ElementExchange::poll`].
            pub $($asynchronous)? fn $next_as<'a, S: $read + $write, V: FromJson<'a>>(
                &'a mut self,
                stream: &mut S,
            ) -> Result<Option<Result<V, json::Error>>, Error<'a, S::Error>> {
                loop {
                    let reply_has_begun = self.reply_has_begun();
                    let Some(want) = self.transfer() else { break };
                    match $carry(stream, want, reply_has_begun)$($wait)*? {
                        Carried::Written(count) => self.written(count),
                        Carried::Received(count) => self.received(count),
                        Carried::Nothing => break,
                    }
                }
                Ok(match self.poll_as()? {
                    ElementWant::Element(element) => Some(element),
                    _ => None,
                })
            }
        }
    };
}

drivers!(() () Read, Write, carry, run, next, next_as);

#[cfg(feature = "embedded-io-async-v0.7")]
drivers!(
    (async) (.await) embedded_io_async::Read, embedded_io_async::Write,
    carry_async, run_async, next_async, next_as_async
);
