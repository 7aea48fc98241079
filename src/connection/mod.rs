//! A connection to a node, over many calls, without I/O.

mod elements;

use core::convert::Infallible;
use core::fmt;

use self::elements::Elements;
use crate::bytes::certain;
use crate::bytes::window::Window;
use crate::bytes::writer::{BufferTooSmall, Writer};
use crate::error::{Error, ErrorKind};
use crate::http::{self, Endpoint, Head, MAX_INTERIM, RESERVED};
use crate::method::{Method, Params};
use crate::rpc::{BatchRequest, Explanation, NodeError, Reply, is_success, write_request};

/// The bytes of space that a call needs in its buffer after the request; [`Endpoint::request_len`] is the sum of both.
///
/// On a reused stream, the request stays in the buffer until the first bytes of the reply, `HTTP/1.1 200`, show that it need not
/// be sent again.
pub const REPLY_SPACE: usize = 12;

/// A connection to a node, over many calls: plain data that says what to do next with the stream, as a [`Want`].
///
/// It has no lifetime and does no I/O, so one struct can own it, its stream and its buffer. It works with a blocking stream,
/// an event loop, or an embedded network stack; the module `io` has drivers for streams of `embedded-io`.
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
/// let mut stream: Option<Node> = None; // For example an `Option<TcpStream>`.
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
/// This program makes one call. One that makes several over a stream reports a failed read or write with
/// [`broken`](Connection::broken) instead of `?`, because the request may then be
/// [sent again](crate::_documentation::connections#a-stream-that-fails).
///
/// # The buffer
///
/// The caller passes the same buffer to each [`poll`](Connection::poll). It holds first the request, then the whole reply: its
/// head, a few hundred bytes, and its body. If the reply does not fit, the error is [`ErrorKind::TooLong`] with the size that is
/// needed; poll again with a longer buffer that begins with the same bytes. Or read a list one
/// [element](Connection::poll_item) at a time, through a buffer that holds a single element.
///
/// An answer that is not JSON, such as the page of a proxy, is never too long: the reply then has as much of its text as fits.
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
/// If the stream is still usable after the reply, the next call uses it and begins with `Want::Write`.
///
/// # What it decides
///
/// | situation | decision |
/// | --- | --- |
/// | the reply says `Connection: close`, or the request did; the body ended with the stream; more bytes than the reply came | the stream is not used again ([`is_open`](Connection::is_open) is false) |
/// | before the reply, a reused stream ends, fails, or brings status 408 or something other than HTTP; and the method [may be repeated](Method::is_repeatable), or the request was not fully written | a new stream, and the request again, once |
/// | the same, but the method may not be repeated and the request was fully written | [`ErrorKind::Unconfirmed`]: the node may or may not have carried out the request |
/// | a new stream cannot be opened, or ends before the reply | [`ErrorKind::Closed`], or [`ErrorKind::Unconfirmed`] if the request was fully written and may not be repeated |
/// | the stream ends within the reply | [`ErrorKind::Truncated`] |
/// | the caller calls [`close`](Connection::close), for example after a time-out | one of these three errors; nothing is sent again |
/// | a call begins while another is unfinished | the unfinished call and its stream are abandoned |
///
/// # What misuse does
///
/// | misuse | result |
/// | --- | --- |
/// | `poll` without a call, or after `poll_element`; `element` without a found element; `reply` before it is complete | [`ErrorKind::NoReply`]; nothing changes |
/// | a buffer shorter than the bytes it should still hold | [`ErrorKind::TooLong`] with the length that is needed; nothing changes |
/// | another buffer of the same length | its bytes are taken for the request or the reply; nothing panics |
/// | `written` with more than the rest of the request, or when nothing was to be written | counts as the whole rest; nothing changes |
/// | `received` with more than the space, or when none was given | counts as [`broken`](Connection::broken), because the bytes in the space cannot be trusted |
/// | `received` or `broken` between two calls | the stream is not used again |
/// | `connected` within a call | the old stream counts as [`broken`](Connection::broken) |
///
/// # Sizes
///
/// On 64 bits, a `Connection` takes at most 216 bytes and an [`Error`] 48; the buffer belongs to the caller. The module `io`
/// lists the sizes of its drivers.
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
    /// How the stream ended after the `fresh` bytes.
    end: Option<End>,
    /// The length of the request that the buffer begins with; 0 once it is no longer needed.
    request: usize,
    /// How much of it has been written.
    written: usize,
    /// The reply from its head on, without the framing of chunks.
    window: Window,
    /// How many received bytes after the window have not been examined yet.
    fresh: usize,
    /// How many more bytes fit into the space that was lent.
    space: usize,
    /// How many bytes of the reply have been examined.
    offset: usize,
    state: State,
    /// How many interim replies have come.
    interim: u8,
    /// What the head of the reply says; the position within the body.
    head: Head,
    /// How much of the window the head takes up, or its lines that have been read until it is complete. 0 before its first
    /// line, and once it has left the window.
    head_len: usize,
    /// Why there will be no reply.
    failure: Option<Error>,
    elements: Elements,
}

/// What a [`Connection`] wants the caller to do next, or the result.
pub enum Want<'b, T> {
    /// Close the stream, if there is one, and open a new one to the node. Then call [`Connection::connected`], or
    /// [`Connection::broken`] if it cannot be opened.
    Connect,
    /// Write these bytes, or some of them, and pass their count to [`Connection::written`].
    Write(&'b [u8]),
    /// Read into this space, which is never empty, and pass the count to [`Connection::received`]: 0 for the end of the
    /// stream. A stream that buffers what is written must be flushed first.
    Read(&'b mut [u8]),
    /// The reply is complete, or an element has been found.
    Ready(T),
}

impl<T> Want<'_, T> {
    /// The result, in place.
    pub(crate) fn ready_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Ready(value) => Some(value),
            _ => None,
        }
    }
}

#[cfg(feature = "embedded-io-v0.7")]
impl<'b, T> Want<'b, T> {
    /// Separates the result from what is to be done, which then no longer has the type of the result.
    pub(crate) fn ready(self) -> Result<T, Want<'b, Infallible>> {
        match self {
            Self::Connect => Err(Want::Connect),
            Self::Write(bytes) => Err(Want::Write(bytes)),
            Self::Read(space) => Err(Want::Read(space)),
            Self::Ready(value) => Ok(value),
        }
    }
}

/// Omits the bytes, which contain credentials.
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

/// The state of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    None,
    /// There is none, and the caller has been asked to open one.
    Wanted,
    New,
    /// It has carried a reply; since then the node may have closed it for being idle.
    Used,
}

/// How a stream ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The node closed it.
    Closed,
    Broken,
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Idle,
    Sending,
    Head,
    Body,
    Done,
}

impl Default for Connection {
    fn default() -> Self {
        Self::new()
    }
}

impl Connection {
    /// Returns a connection without a stream. Its first request has the id 1, and the following ids count up.
    #[must_use]
    pub const fn new() -> Self {
        Self::with_first_id(1)
    }

    /// Returns a connection whose first request has this id. After 2<sup>64</sup> - 1 ids continue at 0.
    #[must_use]
    // Not inlined: each call begins with it, too.
    #[inline(never)]
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
            interim: 0,
            head: Head::new(),
            head_len: 0,
            failure: None,
            elements: Elements::new(),
        }
    }

    /// Returns a connection that reads the HTTP reply to a request with this id, which the caller has already sent.
    #[must_use]
    pub const fn awaiting_reply(id: u64) -> Self {
        let mut connection = Self::with_first_id(id);
        connection.next_id = id.wrapping_add(1);
        connection.link = Link::New;
        connection.state = State::Head;
        connection
    }

    /// Returns a connection that reads the body of the reply to the request with this id, without HTTP, up to the end of the
    /// stream.
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
        connection.state = State::Body;
        connection
    }

    /// Begins a call: writes its request into the buffer and returns its id. An unfinished call and its stream are abandoned.
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] with the size that is needed, which [`Endpoint::request_len`] computes beforehand.
    pub fn call<M: Method>(
        &mut self,
        endpoint: &Endpoint<'_>,
        method: &M,
        buf: &mut [u8],
    ) -> Result<u64, BufferTooSmall> {
        self.call_by_name(endpoint, method.name(), method, method.is_repeatable(), buf)?;
        Ok(self.id)
    }

    /// Shared by all methods, so that its code is linked only once.
    #[inline(never)]
    pub(crate) fn call_by_name(
        &mut self,
        endpoint: &Endpoint<'_>,
        name: &str,
        params: &dyn Params,
        is_repeatable: bool,
        buf: &mut [u8],
    ) -> Result<(), BufferTooSmall> {
        let id = self.next_id;
        let mut writer = Writer::new(buf);
        let place = self.begin(endpoint, &mut writer);
        let head = writer.len();
        write_request(name, id, params, &mut writer);
        self.finish(writer, place, head, id.wrapping_add(1), is_repeatable)
    }

    /// Begins a batch of calls, which `fill` adds to it. Returns what `fill` returns, usually the ids. The batch
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
    /// // When the reply is complete: `reply.batch(&mut slots)?.response::<u64>(count)`.
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] with the size that is needed.
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

    /// Ends the previous call and writes the head of a request. Returns where the length of the body belongs.
    fn begin(&mut self, endpoint: &Endpoint<'_>, writer: &mut Writer<'_>) -> usize {
        let is_over = self.failure.is_some() || matches!(self.state, State::Idle | State::Done);
        // What may still come over the stream would be taken for the reply to come.
        if !is_over {
            self.link = Link::None;
        }
        let link = self.link;
        *self = Self::with_first_id(self.next_id);
        self.link = link;
        self.asks_to_close = endpoint.asks_to_close();
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

    /// Returns what to do next. Until the caller reports that something was done, the answer stays the same.
    ///
    /// When the reply is complete, [`Connection::reply`] returns it as well. A function that returns a response which borrows
    /// from its buffer needs that: the borrow checker does not let it return the reply that `poll` gives within the loop.
    ///
    /// # Errors
    ///
    /// The reason why there will be no reply. After [`ErrorKind::TooLong`], poll again with a longer buffer.
    pub fn poll<'b>(&mut self, buf: &'b mut [u8]) -> Result<Want<'b, Reply<'b>>, Error> {
        self.advance(buf)?;
        self.check_whole(buf)?;
        match self.state {
            State::Done => self.reply(buf).map(Want::Ready),
            _ if self.elements_begun => Err(NO_REPLY),
            _ => Ok(self.transfer(buf)),
        }
    }

    /// Returns what to do with the stream while the reply is incomplete.
    fn transfer<'b, T>(&mut self, buf: &'b mut [u8]) -> Want<'b, T> {
        match self.next_transfer(buf) {
            Want::Connect => Want::Connect,
            Want::Write(bytes) => Want::Write(bytes),
            Want::Read(space) => Want::Read(space),
        }
    }

    /// Shared by all results, so that its code is linked only once.
    #[inline(never)]
    fn next_transfer<'b>(&mut self, buf: &'b mut [u8]) -> Want<'b, Infallible> {
        match self.state {
            State::Sending if !self.is_open() => {
                self.link = Link::Wanted;
                Want::Connect
            }
            State::Sending => Want::Write(certain(buf.get(self.written..self.request))),
            _ => self.read(buf),
        }
    }

    fn read<'b>(&mut self, buf: &'b mut [u8]) -> Want<'b, Infallible> {
        let space = match self.request {
            0 => self.window.space(buf),
            // The request may have to be sent again.
            _ => self.window.space_behind(buf),
        };
        self.space = space.len();
        Want::Read(space)
    }

    /// Returns the reply, if it is complete and was not read by its elements. The buffer must be the one it was read into.
    ///
    /// # Errors
    ///
    /// The reason why there will be no reply, or [`ErrorKind::NoReply`].
    pub fn reply<'b>(&self, buf: &'b [u8]) -> Result<Reply<'b>, Error> {
        match (self.failure, self.state) {
            (Some(error), _) => Err(error),
            (None, State::Done) if !self.elements_begun || self.elements.is_whole() => {
                let needed = self.window.end();
                if buf.len() < needed {
                    return Err(Error::new(ErrorKind::TooLong { needed }, self.offset));
                }
                Ok(self.whole_reply(buf))
            }
            _ => Err(NO_REPLY),
        }
    }

    /// The reply, all of which is in the window.
    fn whole_reply<'b>(&self, buf: &'b [u8]) -> Reply<'b> {
        let (head, body) = certain(self.window.filled(buf).split_at_checked(self.head_len));
        Reply {
            head,
            status: self.head.status,
            compressed: self.head.compressed,
            body,
            id: self.id,
        }
    }

    /// Displays an error of this call as one line for people, with the message of the node or of the server in front of it, if
    /// the reply contains one.
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

    /// Returns the code and the message of the node's error, if the node answered with one.
    #[must_use]
    pub fn node_error<'b>(&self, buf: &'b [u8]) -> Option<NodeError<&'b str>> {
        self.reply(buf).ok()?.node_error()
    }

    /// Returns the id of the request, or of the first request of a batch.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Whether there is a stream that this or the next call uses. If not, the caller may close its stream.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.link, Link::New | Link::Used) && self.end.is_none()
    }

    /// Whether any byte of the reply has been received.
    #[must_use]
    pub fn reply_has_begun(&self) -> bool {
        self.offset > 0 || self.fresh > 0
    }

    /// Returns the kind of error because of which there will be no reply.
    #[cfg(feature = "embedded-io-v0.7")]
    pub(crate) fn failure(&self) -> Option<ErrorKind> {
        self.failure.map(|error| error.kind)
    }

    /// Records that a new stream to the node is open.
    pub fn connected(&mut self) {
        self.fresh = 0;
        self.end = None;
        if self.is_open() && self.failure.is_none() && matches!(self.state, State::Head | State::Body) {
            self.stream_ended(End::Broken);
        }
        self.written = 0;
        self.link = Link::New;
    }

    /// Records that `count` bytes of the request have been written; 0 changes nothing.
    pub fn written(&mut self, count: usize) {
        if self.state == State::Sending && self.is_open() && self.failure.is_none() {
            self.written = self.written.saturating_add(count).min(self.request);
            if self.written == self.request {
                self.state = State::Head;
                if self.link == Link::New || !self.is_repeatable {
                    self.forget_request();
                }
            }
        }
    }

    /// Records that `count` bytes have been read into the space; 0 means the end of the stream.
    pub fn received(&mut self, count: usize) {
        match self.state {
            State::Head | State::Body
                if (1..=self.space).contains(&count) && self.end.is_none() && self.failure.is_none() =>
            {
                self.space = self.space.wrapping_sub(count);
                self.fresh = self.fresh.wrapping_add(count);
            }
            _ if count == 0 => self.ended(End::Closed),
            _ => self.ended(End::Broken),
        }
    }

    /// Records that the stream has failed or cannot be opened; the next poll says whether to open another. After a time-out call
    /// [`close`](Connection::close) instead.
    pub fn broken(&mut self) {
        self.ended(End::Broken);
    }

    /// Records that the caller has closed the stream or is about to, for example after a time-out. An unfinished call fails,
    /// and nothing is sent again.
    pub fn close(&mut self) {
        if self.failure.is_some() || matches!(self.state, State::Idle | State::Done) {
            self.link = Link::None;
            return;
        }
        if self.fresh > 0 {
            // The received bytes are examined first.
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
            // The received bytes are examined first. If the end is reported twice, the first report counts.
            _ if self.fresh > 0 => self.end = self.end.or(Some(end)),
            _ => self.stream_ended(end),
        }
    }

    fn stream_ended(&mut self, end: End) {
        match self.state {
            State::Sending => self.lost(),
            State::Head if self.offset == 0 => self.lost(),
            State::Body if self.head.body.is_close() && end == End::Closed => {
                self.link = Link::None;
                self.state = State::Done;
            }
            State::Head | State::Body => self.fail(ErrorKind::Truncated, self.offset),
            State::Idle | State::Done => self.link = Link::None,
        }
    }

    /// Handles a stream that has ended without a reply: continues with a new one, or fails.
    fn lost(&mut self) {
        let is_sent = self.state != State::Sending;
        if self.link == Link::Used && self.request > 0 {
            self.link = Link::None;
            self.state = State::Sending;
            (self.head_len, self.interim) = (0, 0);
            self.written = 0;
            self.window = Window::at(self.request);
            self.offset = 0;
        } else {
            let may_be_done = is_sent && !self.is_repeatable;
            let kind = if may_be_done {
                ErrorKind::Unconfirmed
            } else {
                ErrorKind::Closed
            };
            self.fail(kind, 0);
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

    /// Gives the whole buffer to the reply, because the request need not be sent again.
    fn forget_request(&mut self) {
        self.request = 0;
        if self.window.len() == 0 {
            self.window = Window::at(0);
        }
    }

    /// Examines the received bytes.
    ///
    /// # Errors
    ///
    /// There is no call, or the buffer is shorter than the bytes it should still hold.
    fn advance(&mut self, buf: &mut [u8]) -> Result<(), Error> {
        // The space of the last poll is no longer lent.
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
        if self.fresh > 0 {
            self.take_fresh(buf);
        }
        if let Some(end) = self.end.take()
            && self.state != State::Sending
            && self.failure.is_none()
        {
            self.stream_ended(end);
        }
        Ok(())
    }

    /// Moves received bytes into the window.
    fn take_fresh(&mut self, buf: &mut [u8]) {
        let mut left = core::mem::take(&mut self.fresh);
        while self.state == State::Head {
            let (mut is_http, mut is_line) = (true, false);
            for byte in self.window.fresh(left, buf) {
                is_http = http::may_be_http(self.window.len(), *byte);
                if !is_http {
                    break;
                }
                self.window.add(1);
                self.offset = self.offset.wrapping_add(1);
                left = left.wrapping_sub(1);
                is_line = *byte == b'\n';
                if is_line {
                    break;
                }
            }
            if self.link == Link::Used && (!is_http || is_line || self.window.len() >= REPLY_SPACE) {
                if !is_http || is_408(self.window.filled(buf)) {
                    return self.lost();
                }
                self.link = Link::New;
                self.forget_request();
            }
            if !is_http {
                return self.fail(http::ErrorKind::Version.into(), self.offset);
            }
            if !is_line {
                return;
            }
            self.head_line(buf);
            if self.failure.is_some() {
                return;
            }
        }
        let fresh = self.window.fresh(left, buf);
        let received = self.head.body.receive(fresh);
        // After bytes that nobody asked for, the stream cannot be trusted.
        self.head.close |= received.used != fresh.len();
        self.window.add(received.body);
        self.offset = self.offset.wrapping_add(received.used);
        if self.head.body.is_end() {
            self.link = if self.head.close { Link::None } else { Link::Used };
            self.state = State::Done;
        }
        if let Some(kind) = received.fault {
            self.fail(kind.into(), self.offset);
        }
    }

    /// Reads the line of the head that the window ends with.
    // Not inlined into `take_fresh`: together they would need more registers than there are.
    #[inline(never)]
    fn head_line(&mut self, buf: &[u8]) {
        let head = self.window.filled(buf);
        // Where the head begins in the stream, which is not 0 after interim replies.
        let begin = self.offset.wrapping_sub(head.len());
        let line = head.get(self.head_len..head.len().wrapping_sub(1));
        let taken = match http::without_cr(certain(line)) {
            first if self.head_len == 0 => self.head.begin(first),
            [] => {
                // What is wrong now is not a line but the whole head.
                self.head_len = 0;
                self.head_ends()
            }
            line => self.head.add(line),
        };
        match taken {
            Ok(()) => self.head_len = self.window.len(),
            Err(kind) => self.fail(kind.into(), begin.wrapping_add(self.head_len)),
        }
    }

    /// Goes on behind a complete head.
    fn head_ends(&mut self) -> Result<(), http::ErrorKind> {
        match self.head.status {
            101 => return Err(http::ErrorKind::SwitchingProtocols),
            100..200 if self.interim == MAX_INTERIM => return Err(http::ErrorKind::TooManyInterim),
            100..200 => {
                self.window = Window::at(self.window.end());
                self.interim = self.interim.wrapping_add(1);
            }
            _ => {
                self.head.end();
                self.head.close |= self.asks_to_close;
                self.state = State::Body;
            }
        }
        Ok(())
    }

    /// Makes sure that there is room for more of a reply that is read as a whole. Ends an answer that is not JSON if there is none.
    ///
    /// # Errors
    ///
    /// The reason why there will be no reply; [`ErrorKind::TooLong`] as soon as that is clear.
    fn check_whole(&mut self, buf: &[u8]) -> Result<(), Error> {
        if let Some(error) = self.failure {
            return Err(error);
        }
        let room = self.window.room(buf);
        let filled = self.window.filled(buf);
        let (left, offset) = match self.state {
            State::Head => (1, self.offset),
            State::Body if !self.elements_begun => {
                let text = certain(filled.get(self.head_len..));
                let (left, offset) = match self.head.body.missing() {
                    // The head decides, so the offset does not depend on how much of the body came with it.
                    Some(left) => (
                        usize::try_from(left).unwrap_or(usize::MAX),
                        self.offset.wrapping_sub(text.len()),
                    ),
                    _ => (1, self.offset),
                };
                // Only the first bytes, or a body of white space would be examined again for each byte.
                let begin = text.get(..LEADING_SPACE).unwrap_or(text);
                let is_decided = room == 0 || begin.len() == LEADING_SPACE;
                let may_be_json = match begin.trim_ascii().first() {
                    Some(first) => matches!(first, b'{' | b'['),
                    None => is_success(self.head.status) && is_decided,
                };
                if !may_be_json || self.head.compressed {
                    if room == 0 {
                        // An answer that is not the node's is cut off.
                        self.link = Link::None;
                        self.state = State::Done;
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

/// After how much white space a body that does not fit counts as something other than JSON.
const LEADING_SPACE: usize = 64;

/// There is nothing to read.
const NO_REPLY: Error = Error::new(ErrorKind::NoReply, 0);

/// Whether a reply, which begins with `HTTP/1.`, has status 408, with which a server says that it closes an idle connection (RFC
/// 9110, section 15.5.9).
fn is_408(reply: &[u8]) -> bool {
    reply.get(b"HTTP/1.1".len()..REPLY_SPACE) == Some(b" 408")
}

impl Endpoint<'_> {
    /// Returns the length of buffer that a call of the method needs, for any id: that of the request and [`REPLY_SPACE`].
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

/// Omits the contents of the buffer, which include credentials.
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
