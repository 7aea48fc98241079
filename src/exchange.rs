//! One request and its reply over one connection, without I/O.

mod elements;

use core::fmt;

use crate::Method;
use crate::http::{Body, Endpoint, Error, ErrorKind, Head, HeadScan, MAX_INTERIM, Reply, ReplyError};
use crate::json::{BufferTooSmall, Writer};
use crate::rpc::{BatchRequest, write_request};
use crate::window::Window;

pub use elements::{ElementExchange, ElementWant};

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
    /// While sending: what is still to be written. After that: the reply from its head on, without the framing of chunks.
    window: Window<'b>,
    /// How many bytes of the stream have come.
    offset: u64,
    id: u64,
    state: State,
    /// What has gone wrong in this state.
    failure: Option<Error>,
}

/// Not what the buffer holds, which has credentials in it.
impl fmt::Debug for Exchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("state", &self.state)
            .field("failure", &self.failure)
            .field("id", &self.id)
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
}

/// What is kept of the head of a reply.
#[derive(Clone, Copy, Debug)]
struct ReplyHead {
    status: u16,
    reusable: bool,
    /// The length of the reason phrase.
    reason: usize,
    /// How much of the window the head takes up.
    length: usize,
}

impl ReplyHead {
    fn reply(self, window: &[u8], id: u64) -> Reply<'_> {
        let reason = window.get(Head::REASON..Head::REASON.saturating_add(self.reason));
        Reply {
            status: self.status,
            reason: core::str::from_utf8(reason.unwrap_or_default()).unwrap_or_default(),
            body: window.get(self.length..).unwrap_or_default(),
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
        let mut exchange = Self::awaiting(id, buf);
        exchange.window.add(end);
        exchange.state = State::Sending;
        Ok(exchange)
    }

    /// An exchange whose request with this id has been sent by other means.
    pub fn awaiting(id: u64, buf: &'b mut [u8]) -> Self {
        Self {
            window: Window::new(buf),
            offset: 0,
            id,
            state: State::head(0),
            failure: None,
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
        if let Some(error) = self.failure {
            return Err(error);
        }
        match self.state {
            State::Sending => Ok(Want::Write(self.window.filled())),
            State::Head { .. } | State::Body(..) => Ok(Want::Read(self.window.space())),
            State::Done(head) => Ok(Want::Done(head.reply(self.window.filled(), self.id))),
        }
    }

    /// The reply, if it is complete, to be kept for as long as the buffer.
    #[must_use]
    pub fn into_reply(self) -> Option<Reply<'b>> {
        match self.state {
            State::Done(head) => Some(head.reply(self.window.into_filled(), self.id)),
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
            self.window.discard(count);
            if self.window.len() == 0 {
                self.state = State::head(0);
            }
        }
    }

    /// Tells that so many bytes have been read into the space that was given; 0 if the stream has ended.
    pub fn received(&mut self, count: usize) {
        if self.failure.is_some() {
            return;
        }
        match count {
            0 => self.end_of_stream(),
            _ => self.take(count),
        }
    }

    fn fail(&mut self, kind: ErrorKind, offset: u64) {
        self.failure = Some(Error { kind, offset });
    }

    fn end_of_stream(&mut self) {
        match self.state {
            State::Head { .. } if self.offset == 0 => self.fail(ErrorKind::Closed, 0),
            State::Body(head, Body::Close) => self.state = State::Done(head),
            State::Head { .. } | State::Body(..) => self.fail(ErrorKind::Truncated, self.offset),
            _ => {}
        }
    }

    /// Takes bytes that have been read into the room of the window.
    fn take(&mut self, count: usize) {
        let mut left = count;
        while let State::Head { scan, interim } = &mut self.state {
            let interim = *interim;
            let mut used = 0_usize;
            let mut step = Ok(false);
            for byte in self.window.fresh(left) {
                step = scan.step(*byte);
                used = used.saturating_add(step.is_ok().into());
                if step != Ok(false) {
                    break;
                }
            }
            // No more than there was room for.
            self.window.add(used);
            self.offset = self.offset.saturating_add(used as u64);
            left = left.saturating_sub(used);
            match step {
                Ok(false) => return,
                Ok(true) => self.head(interim),
                Err(kind) => self.fail(kind, self.offset),
            }
            if self.failure.is_some() {
                return;
            }
        }
        if let State::Body(head, body) = &mut self.state {
            let fresh = self.window.fresh(left);
            let received = body.receive(fresh);
            // What follows a reply was not asked for.
            head.reusable &= received.used == fresh.len();
            self.window.add(received.body);
            self.offset = self.offset.saturating_add(received.used as u64);
            if body.is_end() {
                self.state = State::Done(*head);
            }
            if let Some(kind) = received.fault {
                self.fail(kind, self.offset);
            }
        }
    }

    /// Reads a head that is complete.
    fn head(&mut self, interim: u8) {
        let bytes = self.window.filled();
        let length = bytes.len();
        let begin = self.offset.saturating_sub(length as u64);
        let head = match Head::parse(bytes) {
            Ok(head) => head,
            Err((kind, offset)) => return self.fail(kind, begin.saturating_add(offset as u64)),
        };
        match head.status {
            101 => self.fail(ErrorKind::SwitchingProtocols, begin),
            100..200 if interim == MAX_INTERIM => self.fail(ErrorKind::TooManyInterim, begin),
            100..200 => {
                self.window.discard(length);
                self.state = State::head(interim.saturating_add(1));
            }
            _ => {
                let body = head.body;
                let head = ReplyHead {
                    status: head.status,
                    reusable: head.reusable,
                    reason: head.reason.len(),
                    length,
                };
                self.state = State::Body(head, body);
            }
        }
    }

    /// Fails as soon as it is clear that the rest of the reply has no room.
    fn check_space(&mut self) {
        let room = self.window.room() as u64;
        let (left, needed, offset) = match self.state {
            State::Body(head, Body::Length(left)) => {
                let filled = self.window.len();
                let needed = usize::try_from(left).ok().and_then(|left| left.checked_add(filled));
                // The head says it, however much of the body has come with it.
                let body = filled.saturating_sub(head.length) as u64;
                (left, needed, self.offset.saturating_sub(body))
            }
            State::Head { .. } | State::Body(..) => (1, None, self.offset),
            _ => return,
        };
        if left > room && self.failure.is_none() {
            self.fail(ErrorKind::TooLong { needed }, offset);
        }
    }
}

/// Why an exchange gives nothing.
///
/// ```
/// use defichain_net_rpc::network::ListBanned;
/// use defichain_net_rpc::{ElementExchange, ExchangeError, http};
///
/// let mut bans = ElementExchange::awaiting(&ListBanned, 1, &mut []);
/// let error = bans.poll().unwrap_err();
/// assert!(matches!(error, ExchangeError::Http(http::Error { kind: http::ErrorKind::TooLong { .. }, .. })));
/// assert_eq!(error.to_string(), "http: the reply is longer than the buffer at byte 0");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ExchangeError<'a> {
    /// What came is no HTTP reply, or ended too early, or does not fit into the buffer.
    Http(Error),
    /// The reply gives no result.
    Reply(ReplyError<'a>),
}

impl ExchangeError<'_> {
    /// Whether the same request may succeed a little later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Reply(error) if error.is_transient())
    }
}

impl From<Error> for ExchangeError<'_> {
    fn from(error: Error) -> Self {
        Self::Http(error)
    }
}

impl<'a> From<ReplyError<'a>> for ExchangeError<'a> {
    fn from(error: ReplyError<'a>) -> Self {
        Self::Reply(error)
    }
}

impl fmt::Display for ExchangeError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(error) => error.fmt(f),
            Self::Reply(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for ExchangeError<'_> {}

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

    fn bring(exchange: &mut Exchange<'_>, bytes: &str) {
        exchange.window.space()[..bytes.len()].copy_from_slice(bytes.as_bytes());
        exchange.received(bytes.len());
    }

    #[test]
    fn credentials_are_not_shown() {
        let endpoint = Endpoint::from_url("http://foo:bar@localhost:8554").unwrap();
        let mut buf = [0; 512];
        let mut exchange = Exchange::new(&endpoint, &Ping, 1, &mut buf).unwrap();
        let state = "Exchange { state: Sending, failure: None, id: 1, offset: 0, .. }";
        assert_eq!(format!("{exchange:?}"), state);
        assert_eq!(format!("{:?}", exchange.poll()), "Ok(Write(180 bytes))");
    }

    #[test]
    fn a_reply_has_begun_with_its_first_byte() {
        let mut buf = [0; 64];
        let mut exchange = Exchange::awaiting(1, &mut buf);
        assert!(!exchange.reply_has_begun());
        bring(&mut exchange, "H");
        assert!(exchange.reply_has_begun());
    }

    #[test]
    fn a_body_without_a_length_ends_with_the_stream() {
        let mut buf = [0; 64];
        let mut exchange = Exchange::awaiting(1, &mut buf);
        bring(&mut exchange, "HTTP/1.1 200 OK\r\n\r\nbody");
        assert!(matches!(exchange.poll(), Ok(Want::Read(_))));
        exchange.received(0);
        assert!(matches!(exchange.poll(), Ok(Want::Done(reply)) if reply.body() == b"body"));
    }

    #[test]
    fn interim_replies_are_passed_over_up_to_their_limit() {
        let interim = "HTTP/1.1 100 Continue\r\n\r\n";
        for (interims, outcome) in [
            (interim.repeat(8), None),
            (interim.repeat(9), Some((ErrorKind::TooManyInterim, 8 * interim.len()))),
            ("HTTP/1.1 101 \r\n\r\n".into(), Some((ErrorKind::SwitchingProtocols, 0))),
        ] {
            let mut buf = [0; 512];
            let mut exchange = Exchange::awaiting(1, &mut buf);
            bring(&mut exchange, &(interims + "HTTP/1.1 204 \r\n\r\n"));
            let error = exchange.poll().err().map(|error| (error.kind, error.offset));
            assert_eq!(error, outcome.map(|(kind, offset)| (kind, offset as u64)));
        }
    }
}
