//! Drivers over `embedded-io-async`. `blocking.rs` is identical except for `.await`; change both together.

use core::convert::Infallible;

use embedded_io_async::{Read, Write};

use super::blocking::has_grown;
use super::{Buffer, Client, Error, List, Reconnect};
use crate::connection::{Connection, Want};
use crate::error::Error as CallError;
use crate::http::AsEndpoint;
use crate::json::FromJson;
use crate::method::{Item, Method};
use crate::rpc::{BatchRequest, BatchResponse, Reply, Sequence, Slot};

/// A stream to the node that can be opened again, for `embedded-io-async`; see [`Connect`](super::Connect).
///
/// [`Reconnect`] makes one from an async closure.
pub trait ConnectAsync: Read + Write {
    /// Closes the stream, if there is one, and opens another.
    ///
    /// # Errors
    ///
    /// The stream's error if it cannot be opened.
    #[allow(async_fn_in_trait, reason = "as the traits of embedded-io-async")]
    async fn connect(&mut self) -> Result<(), Self::Error>;

    /// Closes the stream, which is not used any more; the next call opens another. Does nothing by default.
    fn disconnect(&mut self) {}
}

impl<S: ConnectAsync + ?Sized> ConnectAsync for &mut S {
    async fn connect(&mut self) -> Result<(), Self::Error> {
        (**self).connect().await
    }

    fn disconnect(&mut self) {
        (**self).disconnect();
    }
}

// A stream that is not open is at its end. The connection asks for it to be opened before it reads or writes.
impl<S: Read, F> Read for Reconnect<S, F> {
    async fn read(&mut self, space: &mut [u8]) -> Result<usize, S::Error> {
        match &mut self.stream {
            Some(stream) => stream.read(space).await,
            None => Ok(0),
        }
    }
}

impl<S: Write, F> Write for Reconnect<S, F> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, S::Error> {
        match &mut self.stream {
            Some(stream) => stream.write(bytes).await,
            None => Ok(0),
        }
    }

    async fn flush(&mut self) -> Result<(), S::Error> {
        match &mut self.stream {
            Some(stream) => stream.flush().await,
            None => Ok(()),
        }
    }
}

impl<S: Read + Write, F: AsyncFnMut() -> Result<S, S::Error>> ConnectAsync for Reconnect<S, F> {
    async fn connect(&mut self) -> Result<(), S::Error> {
        self.stream = None;
        self.stream = Some((self.open)().await?);
        Ok(())
    }

    fn disconnect(&mut self) {
        self.stream = None;
    }
}

impl Connection {
    /// Does with the stream what the connection wants.
    async fn serve_async<S: ConnectAsync>(
        &mut self,
        want: Want<'_, Infallible>,
        stream: &mut S,
    ) -> Result<(), Error<S::Error>> {
        match want {
            Want::Connect => match stream.connect().await {
                Ok(()) => self.connected(),
                Err(error) => {
                    self.broken();
                    return Err(Error::Connect(error));
                }
            },
            Want::Write(bytes) => match stream.write(bytes).await {
                Ok(0) => self.broken(),
                Ok(count) => self.written(count),
                Err(error) => self.stream_failed(error)?,
            },
            Want::Read(space) => {
                // Not after each write, because the count written must be recorded even if a flush fails or is dropped.
                let flushed = if self.reply_has_begun() {
                    Ok(())
                } else {
                    stream.flush().await
                };
                let read = match flushed {
                    Ok(()) => stream.read(space).await,
                    Err(error) => Err(error),
                };
                match read {
                    Ok(count) => self.received(count),
                    Err(error) => self.stream_failed(error)?,
                }
            }
        }
        Ok(())
    }

    /// Like [`run`](Connection::run), for `embedded-io-async`.
    ///
    /// # Errors
    ///
    /// The same errors.
    pub async fn run_async<'b, S: ConnectAsync>(
        &mut self,
        stream: &mut S,
        buf: &'b mut [u8],
    ) -> Result<Reply<'b>, Error<S::Error>> {
        self.complete_async(stream, buf).await?;
        Ok(self.reply(buf)?)
    }

    async fn complete_async<S: ConnectAsync>(&mut self, stream: &mut S, buf: &mut [u8]) -> Result<(), Error<S::Error>> {
        let result = loop {
            match self.poll(buf).map(Want::ready) {
                Ok(Ok(_)) => break Ok(()),
                Ok(Err(want)) => {
                    if let Err(error) = self.serve_async(want, stream).await {
                        break Err(error);
                    }
                }
                Err(error) => break Err(error.into()),
            }
        };
        self.release_async(stream);
        result
    }

    /// Like [`next`](Connection::next), for `embedded-io-async`.
    ///
    /// # Errors
    ///
    /// The same errors.
    pub async fn next_async<'b, V: FromJson<'b>, S: ConnectAsync>(
        &mut self,
        stream: &mut S,
        buf: &'b mut [u8],
    ) -> Result<Option<Result<V, CallError>>, Error<S::Error>> {
        let found = self.find_element_async(stream, buf).await?;
        Ok(found.then(|| self.element(buf)))
    }

    /// Like [`for_each`](Connection::for_each), for `embedded-io-async`.
    ///
    /// # Errors
    ///
    /// The same errors.
    pub async fn for_each_async<M, S: ConnectAsync>(
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
                    if let Err(error) = self.serve_async(want, stream).await {
                        break Err(error);
                    }
                }
                Err(error) => break Err(error.into()),
            }
        };
        self.release_async(stream);
        result
    }

    async fn find_element_async<S: ConnectAsync>(
        &mut self,
        stream: &mut S,
        buf: &mut [u8],
    ) -> Result<bool, Error<S::Error>> {
        let result = loop {
            match self.poll_element(buf).map(Want::ready) {
                Ok(Ok(found)) => break Ok(found),
                Ok(Err(want)) => {
                    if let Err(error) = self.serve_async(want, stream).await {
                        break Err(error);
                    }
                }
                Err(error) => break Err(error.into()),
            }
        };
        self.release_async(stream);
        result
    }

    /// Closes the stream if it is not used any more.
    fn release_async<S: ConnectAsync>(&mut self, stream: &mut S) {
        if !self.is_open() {
            stream.disconnect();
        }
    }
}

impl<E: AsEndpoint, S: ConnectAsync, B: Buffer> Client<E, S, B> {
    /// Like [`call`](Client::call), for `embedded-io-async`.
    ///
    /// # Errors
    ///
    /// The same errors.
    pub async fn call_async<M: Method>(&mut self, method: &M) -> Result<M::Response<'_>, Error<S::Error>> {
        self.begin_call(method.name(), method, method.is_repeatable())?;
        self.complete_async().await?;
        Ok(self.reply()?.response()?)
    }

    async fn complete_async(&mut self) -> Result<(), Error<S::Error>> {
        loop {
            let completed = self.connection.complete_async(&mut self.stream, self.buf.bytes_mut());
            match completed.await {
                Err(error) if has_grown(&error, &mut self.buf) => {}
                other => return other,
            }
        }
    }

    /// Like [`batch`](Client::batch), for `embedded-io-async`.
    ///
    /// # Errors
    ///
    /// The same errors.
    pub async fn batch_async<'c, 's, T>(
        &'c mut self,
        slots: &'s mut [Slot<'c>],
        fill: impl FnMut(&mut BatchRequest<'_>) -> T,
    ) -> Result<(T, BatchResponse<'s, 'c>), Error<S::Error>> {
        let value = self.begin_batch(fill)?;
        self.complete_async().await?;
        Ok((value, self.reply()?.batch(slots)?))
    }

    /// Like [`list`](Client::list), for `embedded-io-async`: [`List::next_async`] reads the elements.
    ///
    /// # Errors
    ///
    /// The same errors.
    pub fn list_async<M: Method>(&mut self, method: &M) -> Result<List<'_, M, S, B>, Error<S::Error>> {
        self.begin_list(method).map_err(Error::Request)
    }

    /// Like [`close`](Client::close), for `embedded-io-async`; also after the future of a call was dropped.
    pub fn close_async(&mut self) {
        self.connection.close();
        self.stream.disconnect();
    }
}

impl<M, S: ConnectAsync, B: Buffer> List<'_, M, S, B> {
    /// Like [`next`](List::next), for `embedded-io-async`.
    ///
    /// # Errors
    ///
    /// The same errors.
    #[allow(clippy::type_complexity, reason = "each of the three says something else")]
    pub async fn next_async(&mut self) -> Result<Option<Result<Item<'_, M>, CallError>>, Error<S::Error>>
    where
        M: for<'a> Method<Response<'a>: Sequence<'a>>,
    {
        loop {
            let found = self.connection.find_element_async(self.stream, self.buf.bytes_mut());
            match found.await {
                Ok(true) => break,
                Ok(false) => return Ok(None),
                Err(error) if has_grown(&error, self.buf) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Some(self.connection.element(self.buf.bytes())))
    }

    /// Like [`for_each`](List::for_each), for `embedded-io-async`.
    ///
    /// # Errors
    ///
    /// The same errors.
    pub async fn for_each_async(
        &mut self,
        mut each: impl FnMut(Result<Item<'_, M>, CallError>),
    ) -> Result<(), Error<S::Error>>
    where
        M: for<'a> Method<Response<'a>: Sequence<'a>>,
    {
        loop {
            let reading = self
                .connection
                .for_each_async::<M, S>(self.stream, self.buf.bytes_mut(), &mut each);
            match reading.await {
                Err(error) if has_grown(&error, self.buf) => {}
                result => return result,
            }
        }
    }
}
