//! Drivers over `embedded-io`. `asynchronous.rs` is the same with `.await`: what is changed here is changed there.

use core::convert::Infallible;
use core::marker::PhantomData;

use embedded_io::{Read, Write};

use super::{Buffer, Client, Error, List, Reconnect};
use crate::bytes::writer::{BufferTooSmall, Writer};
use crate::connection::{Connection, Want};
use crate::error::{Error as CallError, ErrorKind};
use crate::http::AsEndpoint;
use crate::json::FromJson;
use crate::method::{Item, Method};
use crate::rpc::{BatchRequest, Reply, Sequence};

/// A stream to the node that can be opened again.
///
/// [`Reconnect`] is one from a closure. A stack whose socket is opened in place, as smoltcp's and embassy's are,
/// implements it:
///
/// ```
/// use defichain_net_rpc::io::Connect;
/// use embedded_io::{ErrorType, Read, Write};
///
/// # struct Socket;
/// # impl ErrorType for Socket { type Error = embedded_io::ErrorKind; }
/// # impl Read for Socket { fn read(&mut self, _: &mut [u8]) -> Result<usize, Self::Error> { Ok(0) } }
/// # impl Write for Socket {
/// #     fn write(&mut self, bytes: &[u8]) -> Result<usize, Self::Error> { Ok(bytes.len()) }
/// #     fn flush(&mut self) -> Result<(), Self::Error> { Ok(()) }
/// # }
/// # impl Socket { fn abort(&mut self) {} fn open(&mut self) -> Result<(), embedded_io::ErrorKind> { Ok(()) } }
/// impl Connect for Socket {
///     fn connect(&mut self) -> Result<(), Self::Error> {
///         self.abort();
///         self.open()
///     }
///
///     fn disconnect(&mut self) {
///         self.abort();
///     }
/// }
/// ```
pub trait Connect: Read + Write {
    /// Closes the stream, if there is one, and opens another.
    ///
    /// # Errors
    ///
    /// It cannot be opened.
    fn connect(&mut self) -> Result<(), Self::Error>;

    /// Closes the stream, which is of no further use; the next call opens another. Defaults to leaving it as it is.
    fn disconnect(&mut self) {}
}

impl<S: Connect + ?Sized> Connect for &mut S {
    fn connect(&mut self) -> Result<(), Self::Error> {
        (**self).connect()
    }

    fn disconnect(&mut self) {
        (**self).disconnect();
    }
}

// A stream that is not open has ended; the connection asks for it to be opened before it reads or writes.
impl<S: Read, F> Read for Reconnect<S, F> {
    fn read(&mut self, space: &mut [u8]) -> Result<usize, S::Error> {
        self.stream.as_mut().map_or(Ok(0), |stream| stream.read(space))
    }
}

impl<S: Write, F> Write for Reconnect<S, F> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, S::Error> {
        self.stream.as_mut().map_or(Ok(0), |stream| stream.write(bytes))
    }

    fn flush(&mut self) -> Result<(), S::Error> {
        self.stream.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl<S: Read + Write, F: FnMut() -> Result<S, S::Error>> Connect for Reconnect<S, F> {
    fn connect(&mut self) -> Result<(), S::Error> {
        self.stream = None;
        self.stream = Some((self.open)()?);
        Ok(())
    }

    fn disconnect(&mut self) {
        self.stream = None;
    }
}

impl Connection {
    /// Does what is wanted of the stream.
    fn serve<S: Connect>(&mut self, want: Want<'_, Infallible>, stream: &mut S) -> Result<(), Error<S::Error>> {
        match want {
            Want::Connect => match stream.connect() {
                Ok(()) => self.connected(),
                Err(error) => {
                    self.broken();
                    return Err(Error::Connect(error));
                }
            },
            Want::Write(bytes) => match stream.write(bytes) {
                Ok(0) => self.broken(),
                Ok(count) => self.written(count),
                Err(error) => self.stream_failed(error)?,
            },
            Want::Read(space) => {
                // Not behind each write: what was written must be told even if a flush fails or is dropped.
                let flushed = if self.reply_has_begun() { Ok(()) } else { stream.flush() };
                match flushed.and_then(|()| stream.read(space)) {
                    Ok(count) => self.received(count),
                    Err(error) => self.stream_failed(error)?,
                }
            }
        }
        Ok(())
    }

    /// Carries the call that has begun over a stream, and gives the reply.
    ///
    /// # Errors
    ///
    /// The stream's own error, or as for [`Connection::poll`].
    pub fn run<'b, S: Connect>(&mut self, stream: &mut S, buf: &'b mut [u8]) -> Result<Reply<'b>, Error<S::Error>> {
        self.complete(stream, buf)?;
        Ok(self.reply(buf)?)
    }

    fn complete<S: Connect>(&mut self, stream: &mut S, buf: &mut [u8]) -> Result<(), Error<S::Error>> {
        let result = loop {
            match self.poll(buf).map(Want::ready) {
                Ok(Ok(_)) => break Ok(()),
                Ok(Err(want)) => {
                    if let Err(error) = self.serve(want, stream) {
                        break Err(error);
                    }
                }
                Err(error) => break Err(error.into()),
            }
        };
        self.let_go(stream);
        result
    }

    /// Goes on over a stream until there is an element, and gives it, or what is wrong with it; `None` at the end.
    ///
    /// # Errors
    ///
    /// The stream's own error, or as for [`Connection::poll_element`].
    pub fn next<'b, V: FromJson<'b>, S: Connect>(
        &mut self,
        stream: &mut S,
        buf: &'b mut [u8],
    ) -> Result<Option<Result<V, CallError>>, Error<S::Error>> {
        let found = self.find_element(stream, buf)?;
        Ok(found.then(|| self.element(buf)))
    }

    fn find_element<S: Connect>(&mut self, stream: &mut S, buf: &mut [u8]) -> Result<bool, Error<S::Error>> {
        let result = loop {
            match self.poll_element(buf).map(Want::ready) {
                Ok(Ok(found)) => break Ok(found),
                Ok(Err(want)) => {
                    if let Err(error) = self.serve(want, stream) {
                        break Err(error);
                    }
                }
                Err(error) => break Err(error.into()),
            }
        };
        self.let_go(stream);
        result
    }

    /// Closes a stream that is of no further use.
    fn let_go<S: Connect>(&mut self, stream: &mut S) {
        if !self.is_open() {
            stream.disconnect();
        }
    }
}

impl<E: AsEndpoint, S: Connect, B: Buffer> Client<E, S, B> {
    /// Calls a method, and gives its result.
    ///
    /// # Errors
    ///
    /// The stream's own error, or why there is no result. [`Client::node_error`] has the words of the node,
    /// [`Client::reply`] those of a server or proxy in front of it.
    pub fn call<M: Method>(&mut self, method: &M) -> Result<M::Response<'_>, Error<S::Error>> {
        let repeatable = method.is_repeatable();
        let reply = self.reply_to(method.name(), &|writer| method.params(writer), repeatable)?;
        Ok(reply.response()?)
    }

    /// The same code for all methods.
    #[inline(never)]
    fn reply_to(
        &mut self,
        name: &str,
        params: &dyn Fn(&mut Writer<'_>),
        is_repeatable: bool,
    ) -> Result<Reply<'_>, Error<S::Error>> {
        self.begin_call(name, params, is_repeatable)?;
        self.complete()?;
        Ok(self.reply()?)
    }

    /// Carries the call over the stream, and has the buffer grow as the reply needs it.
    fn complete(&mut self) -> Result<(), Error<S::Error>> {
        loop {
            match self.connection.complete(&mut self.stream, self.buf.bytes_mut()) {
                Err(error) if has_grown(&error, &mut self.buf) => {}
                other => return other,
            }
        }
    }

    /// Calls a batch of methods. There must be a slot for each. Gives what the function gives, and the replies.
    ///
    /// ```
    /// use defichain_net_rpc::http::AsEndpoint;
    /// use defichain_net_rpc::io::{Buffer, Client, Connect, Error};
    /// use defichain_net_rpc::network::{GetConnectionCount, GetNetTotals, NetTotals};
    ///
    /// fn traffic<E: AsEndpoint, S: Connect, B: Buffer>(
    ///     node: &mut Client<E, S, B>,
    /// ) -> Result<(u64, NetTotals), Error<S::Error>> {
    ///     let mut slots = [const { None }; 2];
    ///     let ((count, totals), replies) =
    ///         node.batch(&mut slots, |batch| (batch.push(&GetConnectionCount), batch.push(&GetNetTotals)))?;
    ///     Ok((replies.response(count)?, replies.response(totals)?))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// The stream's own error, or why there are no replies. The function is called again if the buffer has grown for the
    /// request.
    pub fn batch<'c, 's, T>(
        &'c mut self,
        slots: &'s mut [crate::rpc::Slot<'c>],
        fill: impl FnMut(&mut BatchRequest<'_>) -> T,
    ) -> Result<(T, crate::rpc::BatchResponse<'s, 'c>), Error<S::Error>> {
        let value = self.begin_batch(fill)?;
        self.complete()?;
        Ok((value, self.reply()?.batch(slots)?))
    }

    /// Calls a method whose result is a list, to be read one element at a time.
    ///
    /// # Errors
    ///
    /// The request does not fit into the buffer.
    pub fn list<M: Method>(&mut self, method: &M) -> Result<List<'_, M, S, B>, Error<S::Error>> {
        self.begin_list(method).map_err(Error::Request)
    }
}

impl<E: AsEndpoint, S, B: Buffer> Client<E, S, B> {
    pub(super) fn begin_call(
        &mut self,
        name: &str,
        params: &dyn Fn(&mut Writer<'_>),
        is_repeatable: bool,
    ) -> Result<(), BufferTooSmall> {
        let endpoint = self.endpoint.as_endpoint();
        loop {
            let buf = self.buf.bytes_mut();
            match self
                .connection
                .call_by_name(&endpoint, name, params, is_repeatable, buf)
            {
                Err(error) if self.buf.grow(error.needed) => {}
                other => return other.map(|_| ()),
            }
        }
    }

    pub(super) fn begin_batch<T>(
        &mut self,
        mut fill: impl FnMut(&mut BatchRequest<'_>) -> T,
    ) -> Result<T, BufferTooSmall> {
        let endpoint = self.endpoint.as_endpoint();
        loop {
            match self.connection.batch(&endpoint, self.buf.bytes_mut(), &mut fill) {
                Err(error) if self.buf.grow(error.needed) => {}
                other => return other,
            }
        }
    }

    pub(super) fn begin_list<M: Method>(&mut self, method: &M) -> Result<List<'_, M, S, B>, BufferTooSmall> {
        self.begin_call(method.name(), &|writer| method.params(writer), method.is_repeatable())?;
        Ok(List {
            connection: &mut self.connection,
            stream: &mut self.stream,
            buf: &mut self.buf,
            method: PhantomData,
        })
    }
}

/// Whether all that was missing was room, and now it is there.
pub(super) fn has_grown<E, B: Buffer>(error: &Error<E>, buf: &mut B) -> bool {
    match error {
        Error::Call(CallError {
            kind: ErrorKind::TooLong { needed },
            ..
        }) => buf.grow(*needed),
        _ => false,
    }
}

impl<M, S: Connect, B: Buffer> List<'_, M, S, B> {
    /// The next element, or what is wrong with it; `None` at the end. What it gives is provisional until then.
    ///
    /// # Errors
    ///
    /// The stream's own error, or as for [`Connection::poll_element`].
    #[allow(clippy::should_implement_trait, reason = "an element borrows from the buffer")]
    #[allow(clippy::type_complexity, reason = "each of the three says something else")]
    pub fn next(&mut self) -> Result<Option<Result<Item<'_, M>, CallError>>, Error<S::Error>>
    where
        M: for<'a> Method<Response<'a>: Sequence<'a>>,
    {
        loop {
            match self.connection.find_element(self.stream, self.buf.bytes_mut()) {
                Ok(true) => break,
                Ok(false) => return Ok(None),
                Err(error) if has_grown(&error, self.buf) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Some(self.connection.element(self.buf.bytes())))
    }
}
