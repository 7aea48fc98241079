//! Exchanges over embedded-io streams, blocking and async: streams that take and give little at once, end, and fail.
#![cfg(feature = "embedded-io-async-v0.7")]

mod exchanges;
mod recordings;

use std::fmt::{self, Debug, Display, Formatter};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use defichain_net_rpc::http::{self, Endpoint, Reply};
use defichain_net_rpc::io::Error;
use defichain_net_rpc::json::Dropped;
use defichain_net_rpc::network::{Ban, GetConnectionCount, ListBanned};
use defichain_net_rpc::{ElementExchange, Exchange, ExchangeError};
use embedded_io::{ErrorKind, ErrorType};

/// What went wrong with a stream: its own error, with a number to tell it by.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Broken(usize);

impl Display for Broken {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "broken at call {}", self.0)
    }
}

impl std::error::Error for Broken {}

impl embedded_io::Error for Broken {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}

/// A connection to a node that gives a reply once a request has been written and flushed.
struct Connection<'r> {
    /// How many bytes it takes and gives at once.
    piece: usize,
    written: Vec<u8>,
    flushed: usize,
    reply: &'r [u8],
    /// How often it was called.
    calls: usize,
    /// The call that fails.
    broken: Option<usize>,
    /// Whether it has to be polled twice: here to flush, to read and to write.
    waits: bool,
    has_waited: [bool; 3],
}

impl<'r> Connection<'r> {
    fn new(piece: usize, reply: &'r [u8]) -> Self {
        Self {
            piece,
            written: Vec::new(),
            flushed: 0,
            reply,
            calls: 0,
            broken: None,
            waits: false,
            has_waited: [false; 3],
        }
    }

    fn call<T>(&mut self, done: impl FnOnce(&mut Self) -> T) -> Result<T, Broken> {
        self.calls += 1;
        assert!(self.calls < 10_000, "this goes on for ever");
        if self.broken == Some(self.calls) {
            return Err(Broken(self.calls));
        }
        Ok(done(self))
    }

    fn take(&mut self, bytes: &[u8]) -> usize {
        assert!(!bytes.is_empty());
        let count = bytes.len().min(self.piece);
        self.written.extend(&bytes[..count]);
        count
    }

    fn give(&mut self, space: &mut [u8]) -> usize {
        assert!(!space.is_empty());
        assert_eq!(
            self.flushed,
            self.written.len(),
            "the reply is read before the request is sent"
        );
        let count = space.len().min(self.piece).min(self.reply.len());
        let (piece, rest) = self.reply.split_at(count);
        space[..count].copy_from_slice(piece);
        self.reply = rest;
        count
    }

    fn flush_all(&mut self) {
        self.flushed = self.written.len();
    }

    /// Waits before it does anything, if it is one that waits.
    async fn ready(&mut self, what: usize) {
        let waits = self.waits;
        let has_waited = &mut self.has_waited[what];
        poll_fn(|_| {
            *has_waited = waits && !*has_waited;
            if *has_waited { Poll::Pending } else { Poll::Ready(()) }
        })
        .await;
    }
}

impl ErrorType for Connection<'_> {
    type Error = Broken;
}

impl embedded_io::Read for Connection<'_> {
    fn read(&mut self, space: &mut [u8]) -> Result<usize, Broken> {
        self.call(|this| this.give(space))
    }
}

impl embedded_io::Write for Connection<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Broken> {
        self.call(|this| this.take(bytes))
    }

    fn flush(&mut self) -> Result<(), Broken> {
        self.call(Self::flush_all)
    }
}

impl embedded_io_async::Read for Connection<'_> {
    async fn read(&mut self, space: &mut [u8]) -> Result<usize, Broken> {
        self.ready(1).await;
        self.call(|this| this.give(space))
    }
}

impl embedded_io_async::Write for Connection<'_> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Broken> {
        self.ready(2).await;
        self.call(|this| this.take(bytes))
    }

    async fn flush(&mut self) -> Result<(), Broken> {
        self.ready(0).await;
        self.call(Self::flush_all)
    }
}

/// How a connection is driven.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Blocking,
    Async,
    /// Each future is dropped as soon as it has to wait, and another made in its place.
    AsyncDropped,
}

const WAYS: [Way; 3] = [Way::Blocking, Way::Async, Way::AsyncDropped];

/// Polls a future until it is done: nothing here waits for anything that would not come by itself.
fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return output;
        }
    }
}

fn run<'b>(way: Way, exchange: Exchange<'b>, connection: &mut Connection<'_>) -> Result<Reply<'b>, Error<'b, Broken>> {
    connection.waits = way != Way::Blocking;
    match way {
        Way::Blocking => exchange.run(connection),
        _ => block_on(exchange.run_async(connection)),
    }
}

/// The next element as it is shown; or why there is none.
fn next(
    way: Way,
    bans: &mut ElementExchange<'_, ListBanned>,
    connection: &mut Connection<'_>,
) -> Result<Option<String>, String> {
    fn shown(ban: Result<Option<Result<impl Debug, impl Debug>>, Error<'_, Broken>>) -> Result<Option<String>, String> {
        match ban {
            Ok(ban) => Ok(ban.map(|ban| format!("{ban:?}"))),
            Err(error) => Err(format!("{error:?}")),
        }
    }
    connection.waits = way != Way::Blocking;
    match way {
        Way::Blocking => shown(bans.next(connection)),
        Way::Async => shown(block_on(bans.next_async(connection))),
        Way::AsyncDropped => loop {
            let next = pin!(bans.next_async(connection));
            if let Poll::Ready(ban) = next.poll(&mut Context::from_waker(Waker::noop())) {
                return shown(ban);
            }
        },
    }
}

/// All elements, and how they end.
fn all(
    way: Way,
    bans: &mut ElementExchange<'_, ListBanned>,
    connection: &mut Connection<'_>,
) -> (Vec<String>, Result<(), String>) {
    let mut given = Vec::new();
    loop {
        match next(way, bans, connection) {
            Ok(Some(ban)) => given.push(ban),
            Ok(None) => return (given, Ok(())),
            Err(error) => return (given, Err(error)),
        }
    }
}

fn endpoint() -> Endpoint<'static> {
    Endpoint::from_url("http://foo:bar@localhost:8554").unwrap()
}

/// The request that an exchange is to send.
fn request() -> Vec<u8> {
    let mut buf = [0; 512];
    let mut exchange = ElementExchange::new(&endpoint(), &ListBanned, 1, &mut buf).unwrap();
    let mut connection = Connection::new(usize::MAX, b"");
    next(Way::Blocking, &mut exchange, &mut connection).unwrap_err();
    connection.written
}

/// A reply to it: two bans, one of which is not as it should be, and the first again.
fn reply() -> Vec<u8> {
    let ban = r#"{"address":"::/0","banned_until":2,"ban_created":1,"ban_reason":"manually added"}"#;
    let body = format!(r#"{{"result":[{ban},{{}},{ban}],"error":null,"id":1}}"#) + "\n";
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

const PIECES: [usize; 5] = [1, 2, 7, 100, usize::MAX];

#[test]
fn a_whole_reply_is_read_however_little_the_stream_takes_and_gives() {
    let recording = recordings::named("idle-getconnectioncount");
    for way in WAYS {
        for piece in PIECES {
            let mut buf = [0; 512];
            let exchange = Exchange::new(&endpoint(), &GetConnectionCount, recording.id(), &mut buf).unwrap();
            let mut connection = Connection::new(piece, &recording.reply);
            let reply = run(way, exchange, &mut connection).unwrap();
            assert_eq!(reply.response(&GetConnectionCount), Ok(0), "{way:?} {piece}");
            assert_eq!((reply.body(), reply.is_reusable()), (recording.body(), true));
            assert!(
                connection
                    .written
                    .ends_with(b"\"method\":\"getconnectioncount\",\"params\":[]}")
            );
            if way != Way::AsyncDropped {
                // Between the writes and the reads there is one flush.
                let transfers = [connection.written.len(), recording.reply.len()].map(|len| len.div_ceil(piece));
                assert_eq!(connection.calls, transfers[0] + 1 + transfers[1], "{way:?} {piece}");
            }
        }
    }
}

#[test]
fn elements_are_given_however_little_the_stream_takes_and_gives() {
    let (request, reply) = (request(), reply());
    for way in WAYS {
        for piece in PIECES {
            let mut buf = [0; 256];
            let mut bans = ElementExchange::new(&endpoint(), &ListBanned, 1, &mut buf).unwrap();
            let mut connection = Connection::new(piece, &reply);
            let (given, end) = all(way, &mut bans, &mut connection);
            assert_eq!(given.len(), 3, "{way:?} {piece}");
            assert!(given[0].contains("manually added") && given[0] == given[2]);
            assert!(given[1].contains("Missing"));
            assert_eq!(end, Ok(()));
            assert!(bans.is_reusable());
            assert_eq!(connection.written, request, "{way:?} {piece}");

            // Nothing more is asked of the stream.
            let calls = connection.calls;
            assert_eq!(all(way, &mut bans, &mut connection), (Vec::new(), Ok(())));
            assert_eq!(connection.calls, calls);
        }
    }
}

#[test]
fn elements_can_be_of_another_type() {
    let reply = reply();
    let mut buf = [0; 256];
    let mut bans = ElementExchange::new(&endpoint(), &ListBanned, 1, &mut buf).unwrap();
    let mut connection = Connection::new(usize::MAX, &reply);
    let first: Ban<Dropped> = bans.next_as(&mut connection).unwrap().unwrap().unwrap();
    let second = block_on(bans.next_as_async::<_, Ban<Dropped>>(&mut connection))
        .unwrap()
        .unwrap();
    let third = block_on(bans.next_as_async(&mut connection)).unwrap().unwrap();
    assert_eq!((Ok(first), second.is_err()), (third, true));
}

#[test]
fn an_end_of_the_stream_within_the_reply_is_an_error_of_the_exchange() {
    let reply = reply();
    let head = reply.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
    for way in WAYS {
        for length in 0..reply.len() {
            let kind = if length == 0 {
                http::ErrorKind::Closed
            } else {
                http::ErrorKind::Truncated
            };
            let expected = format!("Exchange(Http(Error {{ kind: {kind:?}, offset: {length} }}))");

            let mut buf = [0; 512];
            let mut bans = ElementExchange::new(&endpoint(), &ListBanned, 1, &mut buf).unwrap();
            let (given, end) = all(way, &mut bans, &mut Connection::new(100, &reply[..length]));
            assert_eq!(end.as_ref(), Err(&expected));
            assert!(given.len() <= 3 && (length > head || given.is_empty()));
            assert!(!bans.is_reusable());

            let exchange = Exchange::new(&endpoint(), &ListBanned, 1, &mut buf).unwrap();
            let error = run(way, exchange, &mut Connection::new(100, &reply[..length])).unwrap_err();
            assert_eq!(format!("{error:?}"), expected);
        }
    }
}

#[test]
fn errors_of_the_stream_keep_their_type_and_the_exchange_can_go_on() {
    let (request, reply) = (request(), reply());
    for way in WAYS {
        for piece in [20, usize::MAX] {
            let mut failed = 0;
            for call in 1.. {
                let mut buf = [0; 512];
                let mut bans = ElementExchange::new(&endpoint(), &ListBanned, 1, &mut buf).unwrap();
                let mut connection = Connection::new(piece, &reply);
                connection.broken = Some(call);
                let (mut given, end) = all(way, &mut bans, &mut connection);
                if end.is_ok() {
                    break;
                }
                failed += 1;
                assert_eq!(end, Err(format!("Stream(Broken({call}))")), "{way:?}");
                // The stream was in error, not the exchange.
                let (others, end) = all(way, &mut bans, &mut connection);
                given.extend(others);
                assert_eq!((given.len(), end), (3, Ok(())), "{way:?} {call}");
                assert_eq!(connection.written, request, "{way:?} {call}");

                let exchange = Exchange::new(&endpoint(), &ListBanned, 1, &mut buf).unwrap();
                let mut connection = Connection::new(piece, &reply);
                connection.broken = Some(call);
                match run(way, exchange, &mut connection) {
                    Err(error) => assert_eq!(error, Error::Stream(Broken(call))),
                    // It is not dropped, and has no need for so many calls.
                    Ok(_) => assert_eq!(way, Way::AsyncDropped),
                }
            }
            // A write, a flush and a read at least.
            assert!(failed >= 3, "{way:?}: {failed}");
        }
    }
}

#[test]
fn a_stream_that_takes_nothing_more_is_told() {
    for way in WAYS {
        let mut buf = [0; 512];
        let exchange = Exchange::new(&endpoint(), &GetConnectionCount, 1, &mut buf).unwrap();
        let error = run(way, exchange, &mut Connection::new(0, b"")).unwrap_err();
        assert_eq!(error, Error::WriteZero);
        let mut bans = ElementExchange::new(&endpoint(), &ListBanned, 1, &mut buf).unwrap();
        let error = next(way, &mut bans, &mut Connection::new(0, b"")).unwrap_err();
        assert_eq!(error, "WriteZero");
    }
}

#[test]
fn what_the_node_answers_instead_is_an_error_of_the_exchange() {
    for (name, text) in [
        ("error-warmup", "node error -28: Loading banlist..."),
        (
            "http-work-queue-exceeded",
            "http 500 Internal Server Error: Work queue depth exceeded",
        ),
        ("http-401-no-auth", "http 401 Unauthorized"),
    ] {
        let recording = recordings::named(name);
        for way in WAYS {
            let mut buf = [0; 512];
            let mut bans = ElementExchange::new(&endpoint(), &ListBanned, recording.id(), &mut buf).unwrap();
            let mut connection = Connection::new(7, &recording.reply);
            next(way, &mut bans, &mut connection).unwrap_err();
            let error = bans.next(&mut connection).unwrap_err();
            assert_eq!(error.to_string(), text);
            assert_eq!(error.is_transient(), name != "http-401-no-auth");
            assert!(matches!(error, Error::Exchange(ExchangeError::Reply(_))));
            assert!(bans.is_reusable());
        }
    }
}

#[test]
fn a_reply_that_the_buffer_cannot_hold_is_an_error_of_the_exchange() {
    let reply = reply();
    for way in WAYS {
        let mut buf = vec![0; reply.len() - 1];
        let exchange = Exchange::new(&endpoint(), &ListBanned, 1, &mut buf).unwrap();
        let error = run(way, exchange, &mut Connection::new(usize::MAX, &reply)).unwrap_err();
        let kind = http::ErrorKind::TooLong {
            needed: Some(reply.len()),
        };
        assert!(matches!(error, Error::Exchange(ExchangeError::Http(error)) if error.kind == kind));
    }
}

#[test]
fn errors_are_shown_as_what_they_come_from() {
    let error = Error::Stream(Broken(7));
    assert_eq!(error.to_string(), "broken at call 7");
    assert!(!error.is_transient());
    let error: Error<'_, Broken> = Error::WriteZero;
    assert_eq!(error.to_string(), "the stream takes no more bytes");
    assert!(!error.is_transient());
    let _: &dyn std::error::Error = &error;

    let (mut buf, reply) = ([0; 512], b"HTTP/1.1 503 \r\nContent-Length: 0\r\n\r\n");
    let exchange = Exchange::new(&endpoint(), &GetConnectionCount, 1, &mut buf).unwrap();
    let reply = run(Way::Blocking, exchange, &mut Connection::new(7, reply)).unwrap();
    let error = reply.response(&GetConnectionCount);
    let error: Error<'_, Broken> = error.unwrap_err().into();
    assert_eq!(error.to_string(), "http 503");
    assert!(error.is_transient());
}
