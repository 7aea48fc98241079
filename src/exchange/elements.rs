//! An exchange whose reply is an array of any length, read one element at a time.

use core::fmt;
use core::marker::PhantomData;

use super::{Exchange, ExchangeError, State, Want};
use crate::Method;
use crate::http::{Endpoint, ReplyError};
use crate::json::{self, BufferTooSmall, FromJson};
use crate::rpc::{Item, Next, Scan, Sequence};

/// An exchange whose reply is an array, read one element at a time, however long it is.
///
/// It is to [`Elements`](crate::rpc::Elements) what [`Exchange`] is to [`response`](crate::response). The buffer holds the
/// request first and then the head of the reply; after that it is the window, which has to hold the longest element. 4 kB
/// do for every reply of the node. A reply with another status than 200 has to fit as a whole: these are short.
///
/// **What it gives is provisional until [`ElementWant::End`].**
///
/// ```
/// use defichain_net_rpc::http::Endpoint;
/// use defichain_net_rpc::network::GetAddedNodeInfo;
/// use defichain_net_rpc::{ElementExchange, ElementWant};
/// use std::io::{Read, Write};
///
/// # fn stream() -> impl Read + Write {
/// #     struct Node(&'static [u8]);
/// #     impl Read for Node { fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> { self.0.read(buf) } }
/// #     impl Write for Node {
/// #         fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> { Ok(buf.len()) }
/// #         fn flush(&mut self) -> std::io::Result<()> { Ok(()) }
/// #     }
/// #     Node(b"HTTP/1.1 200 OK\r\nContent-Length: 92\r\n\r\n{\"result\":[{\"addednode\":\"localhost\",\"connected\":false,\"addresses\":[]}],\"error\":null,\"id\":1}\n")
/// # }
/// let mut connection = stream(); // A TcpStream, say.
/// let endpoint = Endpoint::from_url("http://foo:bar@localhost:8554")?;
/// let mut buf = [0; 4096];
/// let mut nodes = ElementExchange::new(&endpoint, &GetAddedNodeInfo { node: None }, 1, &mut buf)?;
/// let mut names = String::new();
/// loop {
///     match nodes.poll().map_err(|error| error.to_string())? {
///         ElementWant::Write(bytes) => {
///             connection.write_all(bytes)?;
///             let count = bytes.len();
///             nodes.written(count);
///         }
///         ElementWant::Read(space) => {
///             let count = connection.read(space)?;
///             nodes.received(count);
///         }
///         ElementWant::Element(node) => names += &node?.added_node.to_string(),
///         ElementWant::End => break,
///     }
/// }
/// assert_eq!(names, "localhost");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ElementExchange<'b, M> {
    exchange: Exchange<'b>,
    scan: Scan,
    /// Whether the window holds nothing but body.
    head_is_gone: bool,
    method: PhantomData<fn() -> M>,
}

/// What an [`ElementExchange`] wants to be done next, or has to give; see there.
pub enum ElementWant<'a, V> {
    /// Write these bytes, or some of them, and tell how many with [`ElementExchange::written`].
    Write(&'a [u8]),
    /// Read into this space, and tell how many bytes with [`ElementExchange::received`]: 0 for the end of the stream. The
    /// space is never empty.
    Read(&'a mut [u8]),
    /// An element; or what is wrong with it, and the others can still be read.
    Element(Result<V, json::Error>),
    /// The reply is complete, and all of it is as it should be.
    End,
}

/// Not the bytes, which have credentials in them.
impl<V: fmt::Debug> fmt::Debug for ElementWant<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Write(bytes) => write!(f, "Write({} bytes)", bytes.len()),
            Self::Read(space) => write!(f, "Read({} bytes)", space.len()),
            Self::Element(element) => f.debug_tuple("Element").field(element).finish(),
            Self::End => f.write_str("End"),
        }
    }
}

impl<'b, M: Method> ElementExchange<'b, M> {
    /// An exchange that is to send a method's request, which is written into the buffer at once.
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`], with the size that the request takes.
    pub fn new(endpoint: &Endpoint<'_>, method: &M, id: u64, buf: &'b mut [u8]) -> Result<Self, BufferTooSmall> {
        Exchange::new(endpoint, method, id, buf).map(Self::over)
    }

    /// An exchange whose request for the method, with this id, has been sent by other means.
    pub fn awaiting(method: &M, id: u64, buf: &'b mut [u8]) -> Self {
        _ = method;
        Self::over(Exchange::awaiting(id, buf))
    }

    fn over(exchange: Exchange<'b>) -> Self {
        Self {
            scan: Scan::new(exchange.id),
            exchange,
            head_is_gone: false,
            method: PhantomData,
        }
    }

    /// Goes on to what is to be done or given next: each call that gives an element goes past it.
    ///
    /// # Errors
    ///
    /// What is wrong with the reply and where; the node's error; or an answer of the HTTP server alone. Nothing comes after
    /// that.
    pub fn poll(&mut self) -> Result<ElementWant<'_, Item<'_, M>>, ExchangeError<'_>>
    where
        M: for<'a> Method<Response<'a>: Sequence<'a>>,
    {
        self.poll_as()
    }

    /// The same with elements of another type: one that outlives the buffer, say.
    ///
    /// # Errors
    ///
    /// As for [`ElementExchange::poll`].
    pub fn poll_as<'a, V: FromJson<'a>>(&'a mut self) -> Result<ElementWant<'a, V>, ExchangeError<'a>> {
        let end = match self.advance() {
            Some(Next::Element) => return self.element(),
            Some(Next::Read) => return Ok(ElementWant::Read(self.exchange.window.space())),
            Some(Next::End) => self
                .scan
                .end(self.exchange.window.filled())
                .map_err(ReplyError::Response),
            None => match self.exchange.poll()? {
                Want::Write(bytes) => return Ok(ElementWant::Write(bytes)),
                Want::Read(space) => return Ok(ElementWant::Read(space)),
                Want::Done(reply) => reply.array(),
            },
        };
        match end {
            Ok(()) => Ok(ElementWant::End),
            Err(error) => Err(ExchangeError::Reply(error)),
        }
    }

    /// Reads an element where it is given out. Not inlined, so that it is not copied: it can be large, and the stack small.
    #[inline(never)]
    fn element<'a, V: FromJson<'a>>(&'a mut self) -> Result<ElementWant<'a, V>, ExchangeError<'a>> {
        let mut element = Ok(V::default());
        match self.scan.element(self.exchange.window.filled(), &mut element) {
            Ok(()) => Ok(ElementWant::Element(element)),
            Err(error) => Err(ExchangeError::Reply(ReplyError::Response(error))),
        }
    }

    /// What has to be written or read before there is something to give.
    #[cfg(feature = "embedded-io-v0.7")]
    pub(crate) fn transfer(&mut self) -> Option<Want<'_>> {
        match self.advance() {
            Some(Next::Read) => Some(Want::Read(self.exchange.window.space())),
            Some(_) => None,
            None => self.exchange.poll().ok(),
        }
    }

    /// Goes on as far as the elements allow; `None` where the exchange itself has something to do or to tell.
    fn advance(&mut self) -> Option<Next> {
        let exchange = &mut self.exchange;
        if !self.head_is_gone {
            let head = match &mut exchange.state {
                // What is no plain success may have no reply in it, and is looked at as a whole.
                State::Body(head, _) | State::Done(head) if head.status == 200 => head,
                State::Done(head) if head.reply(exchange.window.filled(), exchange.id).array().is_ok() => head,
                _ => return None,
            };
            exchange.window.discard(head.length);
            head.length = 0;
            self.head_is_gone = true;
        }
        let ended = matches!(exchange.state, State::Done(_));
        match self.scan.advance(&mut exchange.window, ended) {
            Next::Read if exchange.failure.is_some() => None,
            next => Some(next),
        }
    }

    /// Tells that so many bytes of the request have been written.
    pub fn written(&mut self, count: usize) {
        self.exchange.written(count);
    }

    /// Tells that so many bytes have been read into the space that was given; 0 if the stream has ended.
    pub fn received(&mut self, count: usize) {
        self.exchange.received(count);
    }

    /// Whether any byte of the reply has come; see [`Exchange::reply_has_begun`].
    #[must_use]
    pub fn reply_has_begun(&self) -> bool {
        self.exchange.reply_has_begun()
    }

    /// Whether the reply has ended and the connection may be used for another request.
    #[must_use]
    pub fn is_reusable(&self) -> bool {
        matches!(self.exchange.state, State::Done(head) if head.reusable)
    }
}

/// Not what the buffer holds, which has credentials in it.
impl<M> fmt::Debug for ElementExchange<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ElementExchange")
            .field("exchange", &self.exchange)
            .field("scan", &self.scan)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::ListBanned;

    #[test]
    fn credentials_are_not_shown() {
        let endpoint = Endpoint::from_url("http://foo:bar@localhost:8554").unwrap();
        let mut buf = [0; 512];
        let mut bans = ElementExchange::new(&endpoint, &ListBanned, 1, &mut buf).unwrap();
        let (exchange, scan) = (&bans.exchange, &bans.scan);
        let state = format!("ElementExchange {{ exchange: {exchange:?}, scan: {scan:?}, .. }}");
        assert_eq!(format!("{bans:?}"), state);
        for (want, shown) in [
            (bans.poll_as::<u64>().unwrap(), "Write(186 bytes)"),
            (ElementWant::Read(&mut [0; 3]), "Read(3 bytes)"),
            (ElementWant::Element(Ok(7)), "Element(Ok(7))"),
            (ElementWant::End, "End"),
        ] {
            assert_eq!(format!("{want:?}"), shown);
        }
    }

    #[test]
    fn a_reply_has_begun_with_its_first_byte() {
        let mut buf = [0; 64];
        let mut bans = ElementExchange::awaiting(&ListBanned, 1, &mut buf);
        assert!(!bans.reply_has_begun());
        bans.exchange.window.space()[0] = b'H';
        bans.received(1);
        assert!(bans.reply_has_begun());
    }
}
