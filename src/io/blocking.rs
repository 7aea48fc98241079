//! Drivers over `embedded-io`. `asynchronous.rs` is identical except for `.await`; change both together.

use core::convert::Infallible;
use core::marker::PhantomData;

use embedded_io::{Read, Write};

use super::{Buffer, Client, Error, List, Reconnect};
use crate::bytes::writer::BufferTooSmall;
use crate::connection::{Connection, Want};
use crate::error::{Error as CallError, ErrorKind};
use crate::http::AsEndpoint;
use crate::json::FromJson;
use crate::method::{Item, Method, Params};
use crate::rpc::{BatchRequest, BatchResponse, Reply, Sequence, Slot};

/// A stream to the node that can be opened again.
///
/// [`Reconnect`] makes one from a closure. Implement the trait for a socket that is opened in place, such as those of smoltcp:
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
    /// The stream's error if it cannot be opened.
    fn connect(&mut self) -> Result<(), Self::Error>;

    /// Closes the stream, which is not used any more; the next call opens another. Does nothing by default.
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

// A stream that is not open is at its end. The connection asks for it to be opened before it reads or writes.
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
    /// Does with the stream what the connection wants.
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
                // Not after each write, because the count written must be recorded even if a flush fails or is dropped.
                let flushed = if self.reply_has_begun() { Ok(()) } else { stream.flush() };
                match flushed.and_then(|()| stream.read(space)) {
                    Ok(count) => self.received(count),
                    Err(error) => self.stream_failed(error)?,
                }
            }
        }
        Ok(())
    }

    /// Carries out the call that has begun, over a stream, and returns the reply.
    ///
    /// # Errors
    ///
    /// The stream's error, or those of [`Connection::poll`].
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
        self.release(stream);
        result
    }

    /// Reads the next element over a stream. Returns the element or what is wrong with it; `None` at the end of the list.
    ///
    /// # Errors
    ///
    /// The stream's error, or those of [`Connection::poll_element`].
    pub fn next<'b, V: FromJson<'b>, S: Connect>(
        &mut self,
        stream: &mut S,
        buf: &'b mut [u8],
    ) -> Result<Option<Result<V, CallError>>, Error<S::Error>> {
        let found = self.find_element(stream, buf)?;
        Ok(found.then(|| self.element(buf)))
    }

    /// Calls a function with each element that is left, or with what is wrong with it, up to the end of the list. This takes
    /// half as long as [`next`](Connection::next), like [`poll_item`](Connection::poll_item).
    ///
    /// # Errors
    ///
    /// The stream's error, or those of [`Connection::poll_element`].
    pub fn for_each<M, S: Connect>(
        &mut self,
        stream: &mut S,
        buf: &mut [u8],
        mut each: impl FnMut(Result<Item<'_, M>, CallError>),
    ) -> Result<(), Error<S::Error>>
    where
        M: for<'a> Method<Response<'a>: Sequence<'a>>,
    {
        let result = loop {
            match self.poll_item(buf).map(Want::ready) {
                Ok(Ok(Some(element))) => each(element),
                Ok(Ok(None)) => break Ok(()),
                Ok(Err(want)) => {
                    if let Err(error) = self.serve(want, stream) {
                        break Err(error);
                    }
                }
                Err(error) => break Err(error.into()),
            }
        };
        self.release(stream);
        result
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
        self.release(stream);
        result
    }

    /// Closes the stream if it is not used any more.
    fn release<S: Connect>(&mut self, stream: &mut S) {
        if !self.is_open() {
            stream.disconnect();
        }
    }
}

impl<E: AsEndpoint, S: Connect, B: Buffer> Client<E, S, B> {
    /// Calls a method and returns its result.
    ///
    /// # Errors
    ///
    /// The stream's error, or the reason why there is no result. [`Client::node_error`] returns the node's message,
    /// [`Client::reply`] the answer of a server or proxy in front of it.
    pub fn call<M: Method>(&mut self, method: &M) -> Result<M::Response<'_>, Error<S::Error>> {
        let repeatable = method.is_repeatable();
        let reply = self.reply_to(method.name(), method, repeatable)?;
        Ok(reply.response()?)
    }

    /// Shared by all methods, so that its code is linked only once.
    #[inline(never)]
    fn reply_to(&mut self, name: &str, params: &dyn Params, is_repeatable: bool) -> Result<Reply<'_>, Error<S::Error>> {
        self.begin_call(name, params, is_repeatable)?;
        self.complete()?;
        Ok(self.reply()?)
    }

    /// Carries out the call over the stream, and grows the buffer as the reply needs it.
    fn complete(&mut self) -> Result<(), Error<S::Error>> {
        loop {
            match self.connection.complete(&mut self.stream, self.buf.bytes_mut()) {
                Err(error) if has_grown(&error, &mut self.buf) => {}
                other => return other,
            }
        }
    }

    /// Calls a batch of methods, which `fill` adds to it. There must be a slot for each. Returns what `fill` returns, and the
    /// replies.
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
    /// The stream's error, or the reason why there are no replies. `fill` is called again if the buffer has to grow for the
    /// request.
    pub fn batch<'c, 's, T>(
        &'c mut self,
        slots: &'s mut [Slot<'c>],
        fill: impl FnMut(&mut BatchRequest<'_>) -> T,
    ) -> Result<(T, BatchResponse<'s, 'c>), Error<S::Error>> {
        let value = self.begin_batch(fill)?;
        self.complete()?;
        Ok((value, self.reply()?.batch(slots)?))
    }

    /// Begins to call a method whose result is a list, which is read one element at a time.
    ///
    /// # Errors
    ///
    /// The request does not fit into the buffer.
    pub fn list<M: Method>(&mut self, method: &M) -> Result<List<'_, M, S, B>, Error<S::Error>> {
        self.begin_list(method).map_err(Error::Request)
    }

    /// Closes the stream; the next call opens another. For a stream that a call has left open: after a list that was not read
    /// to its end, after another host or port was set, or before a long pause.
    ///
    /// ```
    /// use defichain_net_rpc::http::AsEndpoint;
    /// use defichain_net_rpc::io::{Buffer, Client, Connect, Error};
    /// use defichain_net_rpc::network::GetPeerInfo;
    ///
    /// /// Whether the node has a peer. The others are not read.
    /// fn has_peers<E: AsEndpoint, S: Connect, B: Buffer>(node: &mut Client<E, S, B>) -> Result<bool, Error<S::Error>> {
    ///     let has_peers = node.list(&GetPeerInfo)?.next()?.is_some();
    ///     node.close();
    ///     Ok(has_peers)
    /// }
    /// ```
    pub fn close(&mut self) {
        self.connection.close();
        self.stream.disconnect();
    }
}

impl<E: AsEndpoint, S, B: Buffer> Client<E, S, B> {
    pub(super) fn begin_call(
        &mut self,
        name: &str,
        params: &dyn Params,
        is_repeatable: bool,
    ) -> Result<(), BufferTooSmall> {
        let endpoint = self.endpoint.as_endpoint();
        loop {
            let buf = self.buf.bytes_mut();
            match self
                .connection
                .call_by_name(&endpoint, name, params, is_repeatable, buf)
            {
                Err(error) if grows(&mut self.buf, error.needed) => {}
                other => return other,
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
                Err(error) if grows(&mut self.buf, error.needed) => {}
                other => return other,
            }
        }
    }

    pub(super) fn begin_list<M: Method>(&mut self, method: &M) -> Result<List<'_, M, S, B>, BufferTooSmall> {
        self.begin_call(method.name(), method, method.is_repeatable())?;
        Ok(List {
            connection: &mut self.connection,
            stream: &mut self.stream,
            buf: &mut self.buf,
            method: PhantomData,
        })
    }
}

/// Has a buffer grow. One that only says that it has grown would be tried again without end.
fn grows<B: Buffer>(buf: &mut B, needed: usize) -> bool {
    buf.grow(needed) && buf.bytes_mut().len() >= needed
}

/// Whether the error was a buffer that was too small and has grown since.
pub(super) fn has_grown<E, B: Buffer>(error: &Error<E>, buf: &mut B) -> bool {
    match error {
        Error::Call(CallError {
            kind: ErrorKind::TooLong { needed },
            ..
        }) => grows(buf, *needed),
        _ => false,
    }
}

impl<M, S: Connect, B: Buffer> List<'_, M, S, B> {
    /// Returns the next element or what is wrong with it; `None` at the end. All elements are provisional until then.
    ///
    /// # Errors
    ///
    /// The stream's error, or those of [`Connection::poll_element`].
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

    /// Calls a function with each element that is left, or with what is wrong with it. All elements are provisional until this
    /// has returned. It takes half as long as [`next`](List::next).
    ///
    /// # Errors
    ///
    /// The stream's error, or those of [`Connection::poll_element`].
    pub fn for_each(&mut self, mut each: impl FnMut(Result<Item<'_, M>, CallError>)) -> Result<(), Error<S::Error>>
    where
        M: for<'a> Method<Response<'a>: Sequence<'a>>,
    {
        loop {
            let result = self
                .connection
                .for_each::<M, S>(self.stream, self.buf.bytes_mut(), &mut each);
            match result {
                Err(error) if has_grown(&error, self.buf) => {}
                result => return result,
            }
        }
    }
}
