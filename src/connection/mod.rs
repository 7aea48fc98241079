//! A connection to a node, over many calls, without I/O.

mod elements;

#[cfg(feature = "embedded-io-v0.7")]
use core::convert::Infallible;
use core::fmt;

use self::elements::Elements;
use crate::bytes::window::Window;
use crate::bytes::writer::{BufferTooSmall, Writer};
use crate::error::{Error, ErrorKind};
use crate::http::{self, Body, Endpoint, Head, HeadScan, MAX_INTERIM, RESERVED};
use crate::method::Method;
use crate::rpc::{BatchRequest, Explanation, NodeError, Reply, is_success, write_request};

/// The room in bytes that a call needs in its buffer behind the request; [`Endpoint::request_len`] is the sum of both.
///
/// On a stream that was used before, the request is kept until the first bytes of the reply, `HTTP/1.1 200`, have shown that it
/// need not be sent again.
pub const REPLY_SPACE: usize = 12;

/// A connection to a node, over many calls: plain data that says what it [wants](Want) to be done with the stream.
///
/// It has no lifetime and does no I/O, so it can lie in a struct beside its stream and its buffer. The same `Connection`
/// serves a blocking stream, an event loop, or an embedded network stack; `io` has drivers for streams of
/// `embedded-io`.
///
/// ```
/// use defichain_net_rpc::http::Endpoint;
/// use defichain_net_rpc::network::GetConnectionCount;
/// use defichain_net_rpc::{Connection, Want};
/// use std::io::{Read, Write};
///
/// # struct Node(&'static [u8]);
/// # fn connect() -> std::io::Result<Node> {
/// #     impl Read for Node { fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> { self.0.read(buf) } }
/// #     impl Write for Node {
/// #         fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> { Ok(buf.len()) }
/// #         fn flush(&mut self) -> std::io::Result<()> { Ok(()) }
/// #     }
/// #     Ok(Node(b"HTTP/1.1 200 OK\r\nContent-Length: 32\r\n\r\n{\"result\":8,\"error\":null,\"id\":1}"))
/// # }
/// let endpoint = Endpoint::from_url("http://foo:bar@localhost:8554")?;
/// let mut connection = Connection::new();
/// let mut stream: Option<Node> = None; // Of a `TcpStream`, for example.
/// let mut buf = [0; 1024];
///
/// connection.call(&endpoint, &GetConnectionCount, &mut buf)?;
/// let peers: u64 = loop {
///     match (connection.poll(&mut buf)?, &mut stream) {
///         (Want::Ready(reply), _) => break reply.response()?,
///         (Want::Write(bytes), Some(stream)) => connection.written(stream.write(bytes)?),
///         (Want::Read(space), Some(stream)) => connection.received(stream.read(space)?),
///         _ => {
///             stream = Some(connect()?);
///             connection.connected();
///         }
///     }
/// };
/// assert_eq!(peers, 8);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # The buffer
///
/// It comes with each call of [`poll`](Connection::poll) and holds the request first, then the reply as a whole: its head, a
/// few hundred bytes, and its body. A reply that does not fit is [`ErrorKind::TooLong`], which tells how much would do; the
/// same call goes on with a longer buffer that begins with the same bytes. Or it is read by its
/// [elements](Connection::poll_element), through a buffer of any length that holds one of them.
///
/// An answer that is not JSON and does not fit, such as the page of a proxy, is not too long: it is given with as much of its
/// text as there is room for.
///
/// # States
///
/// ```text
///        call, batch                 connected               all written
/// idle ──────────────▶ Want::Connect ──────────▶ Want::Write ────────────▶ Want::Read
///  ▲                        ▲                                              │   │   │
///  │                        └──────────────── send again, once ────────────┘   │   │
///  │                             reused stream, closed before the reply        │   │
///  │      call, batch                                                          ▼   ▼
///  └────────────────────────────────────────────────────────────── Want::Ready   Err
/// ```
///
/// A stream that the reply leaves usable is used for the next call, which begins with `Want::Write` then.
///
/// # What it decides
///
/// | situation | decision |
/// | --- | --- |
/// | the reply says `Connection: close`, or the request did; the body ended with the stream; more bytes than the reply came | the stream is not used again ([`is_open`](Connection::is_open) is false) |
/// | a reused stream ends, fails, or brings status 408 or something other than HTTP, before the reply | a new stream, and the request again, once: if the method [may be repeated](Method::is_repeatable), or the request had not been written as a whole |
/// | the same, otherwise | [`ErrorKind::Unconfirmed`]: nobody knows whether the node has carried out the request |
/// | a new stream ends before the reply, or cannot be opened | [`ErrorKind::Closed`], or [`ErrorKind::Unconfirmed`] if the request was written as a whole and may not be repeated |
/// | the stream ends within the reply | [`ErrorKind::Truncated`] |
/// | [`close`](Connection::close), as after a time-out | one of these three; nothing is sent again |
/// | a call while another is not over | the other is given up, and its stream with it |
///
/// # What it answers to misuse
///
/// | misuse | answer |
/// | --- | --- |
/// | `poll` without a call, or once elements are being read; `element` where none was found; `reply` before it is complete | [`ErrorKind::NoReply`]; nothing changes |
/// | a buffer shorter than what lies in it | [`ErrorKind::TooLong`] with the length that is needed; nothing changes |
/// | another buffer of the same length | what lies in it is taken for the request or the reply; nothing panics |
/// | `written` of more than there was, or where nothing was to be written | all of it was written; nothing changes |
/// | `received` of more than the space, or without any | the stream has [broken](Connection::broken): what lies in the space cannot be trusted |
/// | `received` or `broken` between two calls | the stream is not used again |
/// | `connected` within a call | what went over the old stream is lost, as if that had broken |
///
/// # Sizes
///
/// A `Connection` takes 216 bytes on 64 bits at most, an [`Error`] 48; the buffer is the caller's. `io` has the
/// sizes of its drivers.
#[derive(Clone)]
pub struct Connection {
    next_id: u64,
    id: u64,
    link: Link,
    /// Whether the request may be sent again whatever has become of it.
    is_repeatable: bool,
    /// Whether the request asks the server to close the connection.
    asks_to_close: bool,
    /// Whether the head has left the window, and the body is read by its elements.
    elements_begun: bool,
    /// How the stream ended behind the bytes that are still to be looked at.
    end: Option<End>,
    /// The length of the request that the buffer begins with; 0 once it is no longer needed.
    request: usize,
    /// How much of it has been written.
    written: usize,
    /// The reply from its head on, without the framing of chunks.
    window: Window,
    /// How many bytes have come behind that and have not been looked at.
    fresh: usize,
    /// How many more fit into the space that was given.
    space: usize,
    /// How many bytes of the reply have been looked at.
    offset: usize,
    state: State,
    /// Why there will be no reply.
    failure: Option<Error>,
    elements: Elements,
}

/// What a [`Connection`] wants to be done next, or gives.
pub enum Want<'b, T> {
    /// Close the stream, if there is one, and open one to the node; then say so with [`Connection::connected`], or with
    /// [`Connection::broken`] that it cannot be opened.
    Connect,
    /// Write these bytes, or some of them, and tell how many with [`Connection::written`].
    Write(&'b [u8]),
    /// Read into this space, which is never empty, and tell how many bytes with [`Connection::received`]: 0 for the end of
    /// the stream. Streams with a buffer of their own have to be flushed before.
    Read(&'b mut [u8]),
    /// The reply is complete, or there is an element.
    Ready(T),
}

#[cfg(feature = "embedded-io-v0.7")]
impl<'b, T> Want<'b, T> {
    /// What is ready, or else what is to be done, without the type of that.
    pub(crate) fn ready(self) -> Result<T, Want<'b, Infallible>> {
        match self {
            Self::Connect => Err(Want::Connect),
            Self::Write(bytes) => Err(Want::Write(bytes)),
            Self::Read(space) => Err(Want::Read(space)),
            Self::Ready(value) => Ok(value),
        }
    }
}

/// Not the bytes, which have credentials in them.
impl<T: fmt::Debug> fmt::Debug for Want<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect => f.write_str("Connect"),
            Self::Write(bytes) => write!(f, "Write({} bytes)", bytes.len()),
            Self::Read(space) => write!(f, "Read({} bytes)", space.len()),
            Self::Ready(value) => f.debug_tuple("Ready").field(value).finish(),
        }
    }
}

/// What there is of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    None,
    /// Nor is there one, but it was asked for.
    Wanted,
    New,
    /// It has brought a reply, and may have been closed since for being idle.
    Used,
}

/// How a stream ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The node closed it.
    Closed,
    Broken,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Idle,
    Sending,
    Head { scan: HeadScan, interim: u8 },
    Body(ReplyHead, Body),
    Done(ReplyHead),
}

impl State {
    const fn head(interim: u8) -> Self {
        Self::Head {
            scan: HeadScan::new(),
            interim,
        }
    }
}

/// What is kept of the head of a reply.
#[derive(Clone, Copy, Debug)]
struct ReplyHead {
    status: u16,
    compressed: bool,
    reusable: bool,
    /// How much of the window the head takes up.
    length: usize,
}

impl ReplyHead {
    fn reply(self, window: &[u8], id: u64) -> Reply<'_> {
        let (head, body) = window.split_at_checked(self.length).unwrap_or_default();
        Reply {
            head,
            status: self.status,
            compressed: self.compressed,
            body,
            id,
        }
    }
}

impl Default for Connection {
    fn default() -> Self {
        Self::new()
    }
}

impl Connection {
    /// A connection that has no stream yet. The id of its first request is 1; those of the next count up.
    #[must_use]
    pub const fn new() -> Self {
        Self::with_first_id(1)
    }

    /// A connection whose first request has this id. Behind 2<sup>64</sup> - 1 ids begin again at 0.
    #[must_use]
    pub const fn with_first_id(id: u64) -> Self {
        Self {
            next_id: id,
            id,
            link: Link::None,
            is_repeatable: false,
            asks_to_close: false,
            elements_begun: false,
            end: None,
            request: 0,
            written: 0,
            window: Window::at(0),
            fresh: 0,
            space: 0,
            offset: 0,
            state: State::Idle,
            failure: None,
            elements: Elements::new(),
        }
    }

    /// A connection over whose stream the request with this id has been sent by other means: it reads the HTTP reply.
    #[must_use]
    pub const fn awaiting_reply(id: u64) -> Self {
        let mut connection = Self::with_first_id(id);
        connection.next_id = id.wrapping_add(1);
        connection.link = Link::New;
        connection.state = State::head(0);
        connection
    }

    /// Reads a body that comes by other means than HTTP, up to the end of the stream: the reply to the request with this id.
    ///
    /// ```
    /// use defichain_net_rpc::{Connection, Want};
    ///
    /// let mut buf = [0; 64];
    /// let mut connection = Connection::awaiting_body(1);
    /// let body = br#"{"result":8,"error":null,"id":1}"#;
    /// let Want::Read(space) = connection.poll(&mut buf)? else { panic!() };
    /// space[..body.len()].copy_from_slice(body);
    /// connection.received(body.len());
    /// connection.received(0);
    /// let Want::Ready(reply) = connection.poll(&mut buf)? else { panic!() };
    /// assert_eq!(reply.response::<u64>()?, 8);
    /// # Ok::<(), defichain_net_rpc::Error>(())
    /// ```
    #[must_use]
    pub const fn awaiting_body(id: u64) -> Self {
        let mut connection = Self::awaiting_reply(id);
        let head = ReplyHead {
            status: 200,
            compressed: false,
            reusable: false,
            length: 0,
        };
        connection.state = State::Body(head, Body::Close);
        connection
    }

    /// Begins a call: writes its request into the buffer, and gives its id. A call that is not over is given up, and its
    /// stream with it.
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`], with the size that is needed: [`Endpoint::request_len`] knows it beforehand.
    pub fn call<M: Method>(
        &mut self,
        endpoint: &Endpoint<'_>,
        method: &M,
        buf: &mut [u8],
    ) -> Result<u64, BufferTooSmall> {
        self.call_by_name(
            endpoint,
            method.name(),
            &|writer| method.params(writer),
            method.is_repeatable(),
            buf,
        )
    }

    /// The same code for all methods.
    #[inline(never)]
    pub(crate) fn call_by_name(
        &mut self,
        endpoint: &Endpoint<'_>,
        name: &str,
        params: &dyn Fn(&mut Writer<'_>),
        is_repeatable: bool,
        buf: &mut [u8],
    ) -> Result<u64, BufferTooSmall> {
        let id = self.next_id;
        let mut writer = Writer::new(buf);
        let place = self.begin(endpoint, &mut writer);
        let head = writer.len();
        write_request(name, id, params, &mut writer);
        self.finish(writer, place, head, id.wrapping_add(1), is_repeatable)?;
        Ok(id)
    }

    /// Begins a batch of calls. The function fills it, and what it gives, mostly the ids, is given back. The batch
    /// [may be repeated](Method::is_repeatable) if all of its methods may.
    ///
    /// ```
    /// use defichain_net_rpc::Connection;
    /// use defichain_net_rpc::http::Endpoint;
    /// use defichain_net_rpc::network::{GetConnectionCount, GetNetTotals};
    ///
    /// let endpoint = Endpoint::new("localhost", 8554)?;
    /// let (mut connection, mut buf) = (Connection::new(), [0; 1024]);
    /// let (count, totals) = connection.batch(&endpoint, &mut buf, |batch| {
    ///     (batch.push(&GetConnectionCount), batch.push(&GetNetTotals))
    /// })?;
    /// assert_eq!((count, totals), (1, 2));
    /// // Once the reply is there: `reply.batch(&mut slots)?.response::<u64>(count)`.
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`], with the size that is needed.
    pub fn batch<T>(
        &mut self,
        endpoint: &Endpoint<'_>,
        buf: &mut [u8],
        fill: impl FnOnce(&mut BatchRequest<'_>) -> T,
    ) -> Result<T, BufferTooSmall> {
        let mut writer = Writer::new(buf);
        let place = self.begin(endpoint, &mut writer);
        let head = writer.len();
        let mut batch = BatchRequest::new(self.next_id, writer);
        let value = fill(&mut batch);
        let (next_id, is_repeatable) = (batch.next_id(), batch.is_repeatable());
        self.finish(batch.close(), place, head, next_id, is_repeatable)?;
        Ok(value)
    }

    /// Ends the call before, and writes the head of a request; tells where the length of the body belongs.
    fn begin(&mut self, endpoint: &Endpoint<'_>, writer: &mut Writer<'_>) -> usize {
        let is_over = self.failure.is_some() || matches!(self.state, State::Idle | State::Done(_));
        // What may still come over the stream would be taken for the reply to come.
        if !is_over {
            self.link = Link::None;
        }
        *self = Self {
            link: self.link,
            asks_to_close: endpoint.asks_to_close(),
            ..Self::with_first_id(self.next_id)
        };
        endpoint.write_head(writer)
    }

    fn finish(
        &mut self,
        mut writer: Writer<'_>,
        place: usize,
        head: usize,
        next_id: u64,
        is_repeatable: bool,
    ) -> Result<(), BufferTooSmall> {
        let body = writer.len().wrapping_sub(head) as u64;
        writer.replace(place, place.wrapping_add(RESERVED.len()), |writer| writer.u64(body));
        let request = writer.len();
        let needed = request.saturating_add(REPLY_SPACE);
        if writer.capacity() < needed {
            return Err(BufferTooSmall { needed });
        }
        self.next_id = next_id;
        self.is_repeatable = is_repeatable;
        self.request = request;
        self.window = Window::at(request);
        self.state = State::Sending;
        Ok(())
    }

    /// What is to be done next. The answer stays the same until something is done and told.
    ///
    /// Once the reply is complete, [`Connection::reply`] gives it as well.
    ///
    /// # Errors
    ///
    /// Why there will be no reply; or [`ErrorKind::TooLong`], after which it goes on with a longer buffer.
    pub fn poll<'b>(&mut self, buf: &'b mut [u8]) -> Result<Want<'b, Reply<'b>>, Error> {
        self.advance(buf)?;
        self.check_whole(buf)?;
        match self.state {
            State::Done(_) => self.reply(buf).map(Want::Ready),
            _ if self.elements_begun => Err(NO_REPLY),
            _ => Ok(self.transfer(buf)),
        }
    }

    /// What is to be done with the stream while the reply is not complete.
    fn transfer<'b, T>(&mut self, buf: &'b mut [u8]) -> Want<'b, T> {
        match self.state {
            State::Sending if !self.is_open() => {
                self.link = Link::Wanted;
                Want::Connect
            }
            State::Sending => Want::Write(buf.get(self.written..self.request).unwrap_or_default()),
            _ => self.read(buf),
        }
    }

    fn read<'b, T>(&mut self, buf: &'b mut [u8]) -> Want<'b, T> {
        let space = match self.request {
            0 => self.window.space(buf),
            // The request may have to be sent again.
            _ => self.window.space_behind(buf),
        };
        self.space = space.len();
        Want::Read(space)
    }

    /// The reply, if it is complete and was not read by its elements. The buffer must be the one that it was read into.
    ///
    /// # Errors
    ///
    /// Why there is no reply, or [`ErrorKind::NoReply`].
    pub fn reply<'b>(&self, buf: &'b [u8]) -> Result<Reply<'b>, Error> {
        match (self.failure, self.state) {
            (Some(error), _) => Err(error),
            (None, State::Done(head)) if !self.elements_begun || self.elements.is_whole() => {
                let needed = self.window.end();
                if buf.len() < needed {
                    return Err(Error::new(ErrorKind::TooLong { needed }, self.offset));
                }
                Ok(head.reply(self.window.filled(buf), self.id))
            }
            _ => Err(NO_REPLY),
        }
    }

    /// An error of this call as one line for people: with the words of the node, or of the server in front of it, where the
    /// reply has any.
    ///
    /// ```
    /// use defichain_net_rpc::{Connection, Want};
    ///
    /// let reply = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 60\r\n\r\n\
    ///     {\"result\":null,\"error\":{\"code\":-28,\"message\":\"Wait\"},\"id\":1}";
    /// let (mut connection, mut buf) = (Connection::awaiting_reply(1), [0; 256]);
    /// let Want::Read(space) = connection.poll(&mut buf)? else { panic!() };
    /// space[..reply.len()].copy_from_slice(reply);
    /// connection.received(reply.len());
    /// let Want::Ready(reply) = connection.poll(&mut buf)? else { panic!() };
    /// let error = reply.response::<u64>().unwrap_err();
    /// assert_eq!(connection.explain(error, &buf).to_string(), "node error -28: Wait");
    /// # Ok::<(), defichain_net_rpc::Error>(())
    /// ```
    #[must_use]
    pub fn explain<'b>(&self, error: Error, buf: &'b [u8]) -> Explanation<'b> {
        Explanation::new(error, self.reply(buf).ok())
    }

    /// The error that the node answered with, and its words.
    #[must_use]
    pub fn node_error<'b>(&self, buf: &'b [u8]) -> Option<NodeError<&'b str>> {
        self.reply(buf).ok()?.node_error()
    }

    /// The id of the request; of a batch, that of its first one.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Whether there is a stream that this or the next call uses. If not, a stream that is still open can be closed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.link, Link::New | Link::Used) && self.end.is_none()
    }

    /// Whether any byte of the reply has come.
    #[must_use]
    pub fn reply_has_begun(&self) -> bool {
        self.offset > 0 || self.fresh > 0
    }

    /// What kind of failure there will be no reply for.
    #[cfg(feature = "embedded-io-v0.7")]
    pub(crate) fn failure(&self) -> Option<ErrorKind> {
        self.failure.map(|error| error.kind)
    }

    /// There is a new stream to the node.
    pub fn connected(&mut self) {
        self.fresh = 0;
        self.end = None;
        if self.is_open() && self.failure.is_none() && matches!(self.state, State::Head { .. } | State::Body(..)) {
            self.stream_ended(End::Broken);
        }
        self.written = 0;
        self.link = Link::New;
    }

    /// So many bytes of the request have been written; 0 changes nothing.
    pub fn written(&mut self, count: usize) {
        if let State::Sending = self.state
            && self.is_open()
            && self.failure.is_none()
        {
            self.written = self.written.saturating_add(count).min(self.request);
            if self.written == self.request {
                self.state = State::head(0);
                if self.link == Link::New || !self.is_repeatable {
                    self.forget_request();
                }
            }
        }
    }

    /// So many bytes have been read into the space that was given; 0 if the stream has ended.
    pub fn received(&mut self, count: usize) {
        match self.state {
            State::Head { .. } | State::Body(..)
                if (1..=self.space).contains(&count) && self.end.is_none() && self.failure.is_none() =>
            {
                self.space = self.space.wrapping_sub(count);
                self.fresh = self.fresh.wrapping_add(count);
            }
            _ if count == 0 => self.ended(End::Closed),
            _ => self.ended(End::Broken),
        }
    }

    /// The stream has failed, or cannot be opened. If what has failed is the caller's patience, that is
    /// [`close`](Connection::close).
    pub fn broken(&mut self) {
        self.ended(End::Broken);
    }

    /// The caller has closed the stream, or is about to: after too long a time, for example. A call that is not over fails,
    /// and nothing is sent again.
    pub fn close(&mut self) {
        if self.failure.is_some() || matches!(self.state, State::Idle | State::Done(_)) {
            self.link = Link::None;
            return;
        }
        if self.fresh > 0 {
            // What has come counts first.
            self.request = 0;
            self.end = self.end.or(Some(End::Broken));
            return;
        }
        if self.is_open() {
            self.link = Link::New;
            self.stream_ended(End::Broken);
        } else {
            // Nothing has been sent.
            self.fail(ErrorKind::Closed, 0);
        }
        self.link = Link::None;
    }

    fn ended(&mut self, end: End) {
        match self.state {
            _ if self.failure.is_some() => self.link = Link::None,
            State::Sending if self.link == Link::Wanted => self.lost(),
            _ if !self.is_open() => {}
            // What has come counts first. Of an end that was told twice the first counts.
            _ if self.fresh > 0 => self.end = self.end.or(Some(end)),
            _ => self.stream_ended(end),
        }
    }

    fn stream_ended(&mut self, end: End) {
        match self.state {
            State::Sending => self.lost(),
            State::Head { .. } if self.offset == 0 => self.lost(),
            State::Body(head, Body::Close) if end == End::Closed => {
                self.link = Link::None;
                self.state = State::Done(head);
            }
            State::Head { .. } | State::Body(..) => self.fail(ErrorKind::Truncated, self.offset),
            State::Idle | State::Done(_) => self.link = Link::None,
        }
    }

    /// The stream is over and has brought no reply: goes on with a new one, or fails.
    fn lost(&mut self) {
        let is_sent = !matches!(self.state, State::Sending);
        if self.link == Link::Used && self.request > 0 {
            self.link = Link::None;
            self.state = State::Sending;
            self.written = 0;
            self.window = Window::at(self.request);
            self.offset = 0;
        } else if is_sent && !self.is_repeatable {
            self.fail(ErrorKind::Unconfirmed, 0);
        } else {
            self.fail(ErrorKind::Closed, 0);
        }
    }

    #[inline(never)]
    fn fail(&mut self, kind: ErrorKind, offset: usize) {
        self.fail_with(Error::new(kind, offset));
    }

    fn fail_with(&mut self, error: Error) {
        self.link = Link::None;
        self.failure = Some(error);
    }

    /// The request need not be sent again: the whole buffer is for the reply.
    fn forget_request(&mut self) {
        self.request = 0;
        if self.window.len() == 0 {
            self.window = Window::at(0);
        }
    }

    /// Looks at what has come.
    ///
    /// # Errors
    ///
    /// There is no call, or the buffer is shorter than what lies in it.
    fn advance(&mut self, buf: &mut [u8]) -> Result<(), Error> {
        // The space that was given before is no longer lent.
        self.space = 0;
        let held = self.window.end().saturating_add(self.fresh);
        let least = match self.request {
            0 => held,
            request => held.max(request.saturating_add(REPLY_SPACE)),
        };
        match self.state {
            State::Idle => return Err(NO_REPLY),
            _ if buf.len() < least => {
                return Err(Error::new(ErrorKind::TooLong { needed: least }, self.offset));
            }
            _ => {}
        }
        self.take_fresh(buf);
        if let Some(end) = self.end.take()
            && !matches!(self.state, State::Sending)
            && self.failure.is_none()
        {
            self.stream_ended(end);
        }
        Ok(())
    }

    /// Takes bytes that have been read into the space behind the window, if any have.
    fn take_fresh(&mut self, buf: &mut [u8]) {
        let mut left = core::mem::take(&mut self.fresh);
        while let State::Head { scan, interim } = &mut self.state {
            let interim = *interim;
            let mut used = 0_usize;
            let mut step = Ok(false);
            for byte in self.window.fresh(left, buf) {
                step = scan.step(*byte);
                used = used.wrapping_add(step.is_ok().into());
                if step != Ok(false) {
                    break;
                }
            }
            self.window.add(used);
            self.offset = self.offset.wrapping_add(used);
            left = left.wrapping_sub(used);
            if self.link == Link::Used && (step != Ok(false) || self.window.len() >= REPLY_SPACE) {
                if step.is_err() || is_408(self.window.filled(buf)) {
                    return self.lost();
                }
                self.link = Link::New;
                self.forget_request();
            }
            match step {
                Ok(false) => return,
                Ok(true) => self.head(interim, buf),
                Err(kind) => self.fail(kind.into(), self.offset),
            }
            if self.failure.is_some() {
                return;
            }
        }
        if let State::Body(head, body) = &mut self.state {
            let fresh = self.window.fresh(left, buf);
            let received = body.receive(fresh);
            // What follows a reply was not asked for.
            head.reusable &= received.used == fresh.len();
            self.window.add(received.body);
            self.offset = self.offset.wrapping_add(received.used);
            if body.is_end() {
                self.link = if head.reusable { Link::Used } else { Link::None };
                self.state = State::Done(*head);
            }
            if let Some(kind) = received.fault {
                self.fail(kind.into(), self.offset);
            }
        }
    }

    /// Reads a head that is complete.
    fn head(&mut self, interim: u8, buf: &[u8]) {
        let bytes = self.window.filled(buf);
        let length = bytes.len();
        let begin = self.offset.wrapping_sub(length);
        let head = match Head::parse(bytes) {
            Ok(head) => head,
            Err((kind, offset)) => return self.fail(kind.into(), begin.wrapping_add(offset)),
        };
        match head.status {
            101 => self.fail(http::ErrorKind::SwitchingProtocols.into(), begin),
            100..200 if interim == MAX_INTERIM => self.fail(http::ErrorKind::TooManyInterim.into(), begin),
            100..200 => {
                self.window.discard(length);
                self.state = State::head(interim.wrapping_add(1));
            }
            _ => {
                let body = head.body;
                let head = ReplyHead {
                    status: head.status,
                    compressed: head.compressed,
                    reusable: head.reusable && !self.asks_to_close,
                    length,
                };
                self.state = State::Body(head, body);
            }
        }
    }

    /// Makes sure, where the reply is to lie in the buffer as a whole, that there is room for more of it, or ends it.
    ///
    /// # Errors
    ///
    /// Why there will be no reply; or that it is too long, as soon as that is clear.
    fn check_whole(&mut self, buf: &[u8]) -> Result<(), Error> {
        if let Some(error) = self.failure {
            return Err(error);
        }
        let room = self.window.room(buf);
        let filled = self.window.filled(buf);
        let (left, offset) = match self.state {
            State::Head { .. } => (1, self.offset),
            State::Body(head, body) if !self.elements_begun => {
                let text = filled.get(head.length..).unwrap_or_default();
                let (left, offset) = match body {
                    // The head says it, however much of the body has come with it.
                    Body::Length(left) => (
                        usize::try_from(left).unwrap_or(usize::MAX),
                        self.offset.wrapping_sub(text.len()),
                    ),
                    _ => (1, self.offset),
                };
                // No more of it, or a body of white space would be looked at again with each byte.
                let begin = text.get(..LEADING_SPACE).unwrap_or(text);
                let is_decided = room == 0 || begin.len() == LEADING_SPACE;
                let may_be_json = match begin.trim_ascii_start().first() {
                    Some(first) => matches!(first, b'{' | b'['),
                    None => is_success(head.status) && is_decided,
                };
                if !may_be_json || head.compressed {
                    if room == 0 {
                        // An answer that is not the node's is cut.
                        self.link = Link::None;
                        self.state = State::Done(head);
                    }
                    return Ok(());
                }
                (left, offset)
            }
            _ => return Ok(()),
        };
        if left > room {
            let needed = filled.len().saturating_add(left);
            return Err(Error::new(ErrorKind::TooLong { needed }, offset));
        }
        Ok(())
    }
}

/// How much white space there may be before what tells whether a body that does not fit is JSON.
const LEADING_SPACE: usize = 64;

/// There is nothing to read.
const NO_REPLY: Error = Error::new(ErrorKind::NoReply, 0);

/// Whether a reply begins with status 408: the server has closed the connection for being idle, and says so (RFC 9110,
/// section 15.5.9).
fn is_408(reply: &[u8]) -> bool {
    matches!(
        reply,
        [b'H', b'T', b'T', b'P', b'/', b'1', b'.', _, b' ', b'4', b'0', b'8', ..]
    )
}

impl Endpoint<'_> {
    /// The length of the buffer that a call of the method needs at least, whatever its id: that of the request, and
    /// [`REPLY_SPACE`].
    ///
    /// ```
    /// use defichain_net_rpc::http::Endpoint;
    /// use defichain_net_rpc::network::GetConnectionCount;
    ///
    /// let endpoint = Endpoint::from_url("http://foo:bar@localhost:8554")?;
    /// assert_eq!(endpoint.request_len(&GetConnectionCount), 252);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn request_len<M: Method>(&self, method: &M) -> usize {
        let begun = Connection::with_first_id(u64::MAX).call(self, method, &mut []);
        begun.err().map_or(0, |error| error.needed)
    }
}

/// Not what the buffer holds, which has credentials in it.
impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("id", &self.id)
            .field("link", &self.link)
            .field("state", &self.state)
            .field("failure", &self.failure)
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}
