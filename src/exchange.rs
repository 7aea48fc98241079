//! One request and its reply over one connection, without I/O.

use core::fmt;
use core::ops::Range;

use crate::Method;
use crate::http::{Body, Endpoint, Error, ErrorKind, Head, HeadScan, MAX_INTERIM, Reply};
use crate::json::{BufferTooSmall, Writer};
use crate::rpc::{BatchRequest, write_request};

/// One request and its reply over one connection, as a state machine over the caller's buffer.
///
/// It says what it [wants](Want): bytes to be written to the connection, bytes to be read from it, or nothing more. The
/// same machine serves a blocking stream, an event loop, or an embedded network stack.
///
/// The buffer first holds the request, then the reply as a whole: its head, a few hundred bytes, and its body. A reply
/// that does not fit is an error which tells the size, as soon as that is known. A body whose length is not told before
/// it comes (in chunks, or up to the end of the stream) needs room for one byte more.
///
/// The reply is read once the whole request has been written: the node does not answer earlier. If the connection breaks
/// meanwhile there is no reply.
///
/// ```
/// use defichain_net_rpc::http::Endpoint;
/// use defichain_net_rpc::network::GetConnectionCount;
/// use defichain_net_rpc::{Exchange, Want};
/// use std::io::{Read, Write};
///
/// # fn stream() -> impl Read + Write {
/// #     struct Node(&'static [u8]);
/// #     impl Read for Node { fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> { self.0.read(buf) } }
/// #     impl Write for Node {
/// #         fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> { Ok(buf.len()) }
/// #         fn flush(&mut self) -> std::io::Result<()> { Ok(()) }
/// #     }
/// #     Node(b"HTTP/1.1 200 OK\r\nContent-Length: 32\r\n\r\n{\"result\":8,\"error\":null,\"id\":1}")
/// # }
/// let mut connection = stream(); // A TcpStream, say.
/// let endpoint = Endpoint::from_url("http://foo:bar@localhost:8554")?;
/// let mut buf = [0; 1024];
/// let mut exchange = Exchange::new(&endpoint, &GetConnectionCount, 1, &mut buf)?;
/// let connections = loop {
///     match exchange.poll()? {
///         Want::Write(bytes) => {
///             connection.write_all(bytes)?;
///             let count = bytes.len();
///             exchange.written(count);
///         }
///         Want::Read(space) => {
///             let count = connection.read(space)?;
///             exchange.received(count);
///         }
///         Want::Done(reply) => break reply.response(&GetConnectionCount).map_err(|error| error.to_string())?,
///     }
/// };
/// assert_eq!(connections, 8);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Exchange<'b> {
    buf: &'b mut [u8],
    /// While sending: `start..end` is what is still to be written. After that: the head of the reply begins at `start`,
    /// and what has come reaches to `end`, without the framing of chunks. Always `start <= end <= buf.len()`.
    start: usize,
    end: usize,
    /// How many bytes of the stream have come.
    offset: u64,
    id: u64,
    state: State,
}

/// Not what the buffer holds, which has credentials in it.
impl fmt::Debug for Exchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("state", &self.state)
            .field("id", &self.id)
            .field("start", &self.start)
            .field("end", &self.end)
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}

/// What an [`Exchange`] wants to be done next; see there.
pub enum Want<'a> {
    /// Write these bytes, or some of them, and tell how many with [`Exchange::written`].
    Write(&'a [u8]),
    /// Read into this space, and tell how many bytes with [`Exchange::received`]: 0 for the end of the stream. The space
    /// is never empty.
    Read(&'a mut [u8]),
    /// The reply is complete.
    Done(Reply<'a>),
}

/// Not the bytes, which have credentials in them.
impl fmt::Debug for Want<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Write(bytes) => write!(f, "Write({} bytes)", bytes.len()),
            Self::Read(space) => write!(f, "Read({} bytes)", space.len()),
            Self::Done(reply) => f.debug_tuple("Done").field(reply).finish(),
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum State {
    Sending,
    Head { scan: HeadScan, interim: u8 },
    Body(ReplyHead, Body),
    Done(ReplyHead),
    Failed(Error),
}

/// What is kept of the head of a reply.
#[derive(Clone, Copy, Debug)]
struct ReplyHead {
    status: u16,
    /// The length of the reason phrase.
    reason: usize,
    /// Where the body begins.
    body: usize,
    reusable: bool,
}

impl ReplyHead {
    /// The reply whose head begins, and whose body ends, with this part of the buffer.
    fn reply(self, buf: &[u8], range: Range<usize>, id: u64) -> Reply<'_> {
        let reason = range.start.saturating_add(Head::REASON);
        let reason = buf.get(reason..reason.saturating_add(self.reason));
        Reply {
            status: self.status,
            reason: core::str::from_utf8(reason.unwrap_or_default()).unwrap_or_default(),
            body: buf.get(self.body..range.end).unwrap_or_default(),
            id,
            reusable: self.reusable,
        }
    }
}

impl<'b> Exchange<'b> {
    /// An exchange that is to send a method's request, which is written into the buffer at once.
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`], with the size that the request takes.
    pub fn new<M: Method>(
        endpoint: &Endpoint<'_>,
        method: &M,
        id: u64,
        buf: &'b mut [u8],
    ) -> Result<Self, BufferTooSmall> {
        Self::sending(endpoint, id, buf, &mut |mut writer| {
            write_request(method, id, &mut writer);
            writer
        })
    }

    /// An exchange that is to send a batch, whose requests have ids from this one on.
    ///
    /// The batch is filled twice, to learn its length and to write it, and must be the same both times.
    ///
    /// ```
    /// use defichain_net_rpc::Exchange;
    /// use defichain_net_rpc::http::Endpoint;
    /// use defichain_net_rpc::network::{GetConnectionCount, GetNetTotals};
    ///
    /// let endpoint = Endpoint::new("localhost", 8554)?;
    /// let mut buf = [0; 1024];
    /// let exchange = Exchange::batch(&endpoint, 1, &mut buf, |batch| {
    ///     batch.push(&GetConnectionCount);
    ///     batch.push(&GetNetTotals);
    /// })?;
    /// // Once it is done: `reply.batch(&mut slots)`.
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`], with the size that the request takes.
    pub fn batch(
        endpoint: &Endpoint<'_>,
        first_id: u64,
        buf: &'b mut [u8],
        fill: impl Fn(&mut BatchRequest<'_>),
    ) -> Result<Self, BufferTooSmall> {
        Self::sending(endpoint, first_id, buf, &mut |writer| {
            let mut batch = BatchRequest::with_writer(first_id, writer);
            fill(&mut batch);
            batch.close()
        })
    }

    fn sending(
        endpoint: &Endpoint<'_>,
        id: u64,
        buf: &'b mut [u8],
        write_body: &mut dyn FnMut(Writer<'_>) -> Writer<'_>,
    ) -> Result<Self, BufferTooSmall> {
        let length = write_body(Writer::new(&mut [])).len();
        let mut writer = Writer::new(buf);
        endpoint.write_head(length, &mut writer);
        let end = write_body(writer).finish()?.len();
        Ok(Self {
            end,
            state: State::Sending,
            ..Self::awaiting(id, buf)
        })
    }

    /// An exchange whose request with this id has been sent by other means.
    pub fn awaiting(id: u64, buf: &'b mut [u8]) -> Self {
        Self {
            buf,
            start: 0,
            end: 0,
            offset: 0,
            id,
            state: State::head(0),
        }
    }

    /// What is to be done next. Without a call of [`written`](Exchange::written) or [`received`](Exchange::received) in
    /// between, the answer stays the same.
    ///
    /// # Errors
    ///
    /// What came is no HTTP reply, or ended too early, or does not fit into the buffer.
    pub fn poll(&mut self) -> Result<Want<'_>, Error> {
        self.check_space();
        match self.state {
            State::Sending => Ok(Want::Write(self.buf.get(self.start..self.end).unwrap_or_default())),
            State::Head { .. } | State::Body(..) => Ok(Want::Read(self.buf.get_mut(self.end..).unwrap_or_default())),
            State::Done(head) => Ok(Want::Done(head.reply(self.buf, self.start..self.end, self.id))),
            State::Failed(error) => Err(error),
        }
    }

    /// The reply, if it is complete, to be kept for as long as the buffer.
    #[must_use]
    pub fn into_reply(self) -> Option<Reply<'b>> {
        match self.state {
            State::Done(head) => Some(head.reply(self.buf, self.start..self.end, self.id)),
            _ => None,
        }
    }

    /// Whether any byte of the reply has come. If none has when a connection breaks that was used before, the node may
    /// have closed it for being idle, and the request can be sent again on a new one.
    #[must_use]
    pub fn reply_has_begun(&self) -> bool {
        self.offset > 0
    }

    /// Tells that so many bytes of the request have been written.
    pub fn written(&mut self, count: usize) {
        if let State::Sending = self.state {
            self.start = self.start.saturating_add(count).min(self.end);
            if self.start == self.end {
                (self.start, self.end) = (0, 0);
                self.state = State::head(0);
            }
        }
    }

    /// Tells that so many bytes have been read into the space that was given; 0 if the stream has ended.
    pub fn received(&mut self, count: usize) {
        let result = match count {
            0 => self.end_of_stream(),
            _ => self.take(self.end.saturating_add(count).min(self.buf.len())),
        };
        if let Err((kind, offset)) = result {
            self.state = State::Failed(Error { kind, offset });
        }
    }

    fn end_of_stream(&mut self) -> Result<(), (ErrorKind, u64)> {
        match self.state {
            State::Head { .. } if self.offset == 0 => Err((ErrorKind::Closed, 0)),
            State::Body(head, Body::Close) => {
                self.state = State::Done(head);
                Ok(())
            }
            State::Head { .. } | State::Body(..) => Err((ErrorKind::Truncated, self.offset)),
            _ => Ok(()),
        }
    }

    /// Takes what has been read into the buffer between `end` and `stop`.
    fn take(&mut self, stop: usize) -> Result<(), (ErrorKind, u64)> {
        while let State::Head { mut scan, interim } = self.state {
            let fresh = self.buf.get(self.end..stop).unwrap_or_default();
            let mut complete = false;
            for byte in fresh {
                complete = scan.step(*byte).map_err(|kind| (kind, self.offset))?;
                self.end = self.end.saturating_add(1);
                self.offset = self.offset.saturating_add(1);
                if complete {
                    break;
                }
            }
            self.state = if complete {
                self.head(interim)?
            } else {
                State::Head { scan, interim }
            };
            if !complete {
                return Ok(());
            }
        }
        if let State::Body(mut head, mut body) = self.state {
            let fresh = self.buf.get_mut(self.end..stop).unwrap_or_default();
            let received = body
                .receive(fresh)
                .map_err(|(kind, index)| (kind, self.offset.saturating_add(index as u64)))?;
            // What follows a reply was not asked for.
            head.reusable &= received.used == fresh.len();
            self.end = self.end.saturating_add(received.body);
            self.offset = self.offset.saturating_add(received.used as u64);
            self.state = if body.is_end() {
                State::Done(head)
            } else {
                State::Body(head, body)
            };
        }
        Ok(())
    }

    /// Reads a head that is complete.
    fn head(&mut self, interim: u8) -> Result<State, (ErrorKind, u64)> {
        let bytes = self.buf.get(self.start..self.end).unwrap_or_default();
        let begin = self.offset.saturating_sub(bytes.len() as u64);
        let head = Head::parse(bytes).map_err(|(kind, offset)| (kind, begin.saturating_add(offset as u64)))?;
        match head.status {
            101 => Err((ErrorKind::SwitchingProtocols, begin)),
            100..200 if interim == MAX_INTERIM => Err((ErrorKind::TooManyInterim, begin)),
            100..200 => {
                self.start = self.end;
                Ok(State::head(interim.saturating_add(1)))
            }
            _ => Ok(State::Body(
                ReplyHead {
                    status: head.status,
                    reason: head.reason.len(),
                    body: self.end,
                    reusable: head.reusable,
                },
                head.body,
            )),
        }
    }

    /// Fails as soon as it is clear that the rest of the reply has no room.
    fn check_space(&mut self) {
        let space = self.buf.len().saturating_sub(self.end) as u64;
        let (left, needed, offset) = match self.state {
            State::Body(head, Body::Length(left)) => {
                let needed = usize::try_from(left).ok().and_then(|left| left.checked_add(self.end));
                // The head says it, however much of the body has come with it.
                let body = self.end.saturating_sub(head.body) as u64;
                (left, needed, self.offset.saturating_sub(body))
            }
            State::Head { .. } | State::Body(..) => (1, None, self.offset),
            _ => return,
        };
        if left > space {
            self.state = State::Failed(Error {
                kind: ErrorKind::TooLong { needed },
                offset,
            });
        }
    }
}

impl State {
    fn head(interim: u8) -> Self {
        Self::Head {
            scan: HeadScan::new(),
            interim,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Ping;

    #[test]
    fn credentials_are_not_shown() {
        let endpoint = Endpoint::from_url("http://foo:bar@localhost:8554").unwrap();
        let mut buf = [0; 512];
        let mut exchange = Exchange::new(&endpoint, &Ping, 1, &mut buf).unwrap();
        let shown = format!("{exchange:?}") + &format!("{:?}", exchange.poll());
        let Ok(Want::Write(bytes)) = exchange.poll() else {
            panic!("{shown}")
        };
        let secret = bytes.windows(12).find(|window| window == b"Zm9vOmJhcg==").unwrap();
        let numbers = format!("{secret:?}");
        assert!(!shown.contains(numbers.trim_matches(['[', ']'])), "{shown}");
        assert!(!shown.contains("Zm9vOmJhcg=="), "{shown}");
    }
}
