//! The drivers over embedded-io streams, blocking and async: streams that take and give little at once, end, and fail.
#![cfg(all(feature = "alloc", feature = "embedded-io-async-v0.7"))]

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::error::Error as _;
use std::fmt::{self, Debug, Display, Formatter};
use std::future::{Future, poll_fn};
use std::net::{TcpListener, TcpStream};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use defichain_net_rpc::http::{AsEndpoint, Endpoint, EndpointBuf};
use defichain_net_rpc::io::{self, Buffer, Client, Connect, ConnectAsync, Error, Growing, Reconnect};
use defichain_net_rpc::json::Discard;
use defichain_net_rpc::network::{Ban, BanTime, GetConnectionCount, GetNetTotals, ListBanned, NetTotals, Ping, SetBan};
use defichain_net_rpc::rpc::Code;
use defichain_net_rpc::{
    BufferTooSmall, Connection, Error as CallError, ErrorKind, Method, REPLY_SPACE, Reply, Response, Subnet,
};
use embedded_io::{ErrorKind as IoKind, ErrorType};
use embedded_io_adapters::std::FromStd;

use crate::{exchanges, recordings};

/// What went wrong with a stream: its own error, with the number of the call to tell it by.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Fault {
    call: usize,
    kind: IoKind,
}

impl Display for Fault {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "fault at call {}", self.call)
    }
}

impl std::error::Error for Fault {}

impl embedded_io::Error for Fault {
    fn kind(&self) -> IoKind {
        self.kind
    }
}

/// What a stream was called for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Connect,
    Write,
    Flush,
    Read,
}

/// What the node does after it has received a request.
#[derive(Clone, Debug)]
enum Answer {
    /// Answers with this result.
    Result(String),
    /// Sends these bytes.
    Bytes(Vec<u8>),
    /// Sends these bytes, and closes the stream.
    Last(Vec<u8>),
}

fn result(text: &str) -> Answer {
    Answer::Result(text.to_owned())
}

/// A node, and the streams to it, which are opened one after the other.
#[derive(Default)]
struct Node {
    /// The answers over each stream that will be opened; further streams have none.
    script: VecDeque<Vec<Answer>>,
    open: Option<Open>,
    /// The complete requests.
    requests: Vec<String>,
    /// How many bytes a stream writes and reads at once.
    piece: usize,
    calls: Vec<Place>,
    /// The call that fails.
    fault: Option<(usize, IoKind)>,
    /// The call that writes or reads nothing.
    nothing: Option<usize>,
    /// Whether each call is interrupted once, and whether the last one for each place was.
    interrupts: bool,
    interrupted: [bool; 4],
    /// Whether futures have to be polled twice, and whether that has been done.
    waits: bool,
    waited: bool,
    opened: usize,
    disconnected: usize,
}

/// A stream that is open.
#[derive(Default)]
struct Open {
    answers: VecDeque<Answer>,
    /// Of the request that has not come as a whole.
    written: Vec<u8>,
    is_flushed: bool,
    reply: VecDeque<u8>,
    has_ended: bool,
    has_failed: bool,
}

impl Node {
    fn new(script: &[&[Answer]]) -> Self {
        Self {
            script: script.iter().map(|answers| answers.to_vec()).collect(),
            piece: usize::MAX,
            ..Self::default()
        }
    }

    /// Fails in the call that is this many calls ahead.
    fn fail(&mut self, ahead: usize, kind: IoKind) {
        self.fault = Some((self.calls.len() + ahead, kind));
    }

    #[track_caller]
    fn step(&mut self, place: Place) -> Result<bool, Fault> {
        assert!(self.calls.len() < 100_000, "this goes on for ever: {:?}", self.requests);
        if place != Place::Connect {
            let open = self.open.as_ref().expect("the stream is open");
            assert!(!open.has_failed, "the stream has failed: {:?}", self.calls);
            let interrupted = &mut self.interrupted[place as usize];
            *interrupted = self.interrupts && !*interrupted;
            if *interrupted {
                let kind = IoKind::Interrupted;
                return Err(Fault { call: 0, kind });
            }
        }
        self.calls.push(place);
        let call = self.calls.len();
        match self.fault {
            Some((this, kind)) if this == call => {
                if let Some(open) = &mut self.open {
                    open.has_failed = true;
                }
                Err(Fault { call, kind })
            }
            _ => Ok(self.nothing != Some(call)),
        }
    }

    fn open_next(&mut self) -> Result<(), Fault> {
        self.open = None;
        self.step(Place::Connect)?;
        self.opened += 1;
        self.open = Some(Open {
            answers: self.script.pop_front().unwrap_or_default().into(),
            ..Open::default()
        });
        Ok(())
    }

    #[track_caller]
    fn take(&mut self, bytes: &[u8]) -> Result<usize, Fault> {
        assert!(!bytes.is_empty());
        if !self.step(Place::Write)? {
            return Ok(0);
        }
        let open = self.open.as_mut().unwrap();
        let count = bytes.len().min(self.piece);
        open.written.extend(&bytes[..count]);
        open.is_flushed = false;
        let written = String::from_utf8(open.written.clone()).unwrap();
        if let Some((head, body)) = written.split_once("\r\n\r\n")
            && head.ends_with(&format!("\r\nContent-Length: {}", body.len()))
        {
            open.written.clear();
            let reply = match open.answers.pop_front() {
                Some(Answer::Result(result)) => {
                    let id = body.split("\"id\":").nth(1).unwrap().split(',').next().unwrap();
                    with_length(&format!("{{\"result\":{result},\"error\":null,\"id\":{id}}}\n"))
                }
                Some(Answer::Bytes(bytes)) => bytes,
                other => {
                    open.has_ended = true;
                    match other {
                        Some(Answer::Last(bytes)) => bytes,
                        _ => Vec::new(),
                    }
                }
            };
            open.reply.extend(reply);
            self.requests.push(written);
        }
        Ok(count)
    }

    fn flush_all(&mut self) -> Result<(), Fault> {
        self.step(Place::Flush)?;
        self.open.as_mut().unwrap().is_flushed = true;
        Ok(())
    }

    #[track_caller]
    fn give(&mut self, space: &mut [u8]) -> Result<usize, Fault> {
        assert!(!space.is_empty());
        if !self.step(Place::Read)? {
            return Ok(0);
        }
        let open = self.open.as_mut().unwrap();
        assert!(
            open.is_flushed && open.written.is_empty(),
            "it reads before it has written"
        );
        let count = space.len().min(self.piece).min(open.reply.len());
        assert!(count > 0 || open.has_ended, "nothing will ever come");
        for (space, byte) in space.iter_mut().zip(open.reply.drain(..count)) {
            *space = byte;
        }
        Ok(count)
    }

    fn close(&mut self) {
        self.disconnected += usize::from(self.open.is_some());
        self.open = None;
    }

    /// Waits before it does anything, if it is one that waits.
    async fn ready(&mut self) {
        poll_fn(|_| {
            self.waited = self.waits && !self.waited;
            if self.waited { Poll::Pending } else { Poll::Ready(()) }
        })
        .await;
    }
}

impl ErrorType for Node {
    type Error = Fault;
}

impl embedded_io::Read for Node {
    fn read(&mut self, space: &mut [u8]) -> Result<usize, Fault> {
        self.give(space)
    }
}

impl embedded_io::Write for Node {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Fault> {
        self.take(bytes)
    }

    fn flush(&mut self) -> Result<(), Fault> {
        self.flush_all()
    }
}

impl Connect for Node {
    fn connect(&mut self) -> Result<(), Fault> {
        self.open_next()
    }

    fn disconnect(&mut self) {
        self.close();
    }
}

impl embedded_io_async::Read for Node {
    async fn read(&mut self, space: &mut [u8]) -> Result<usize, Fault> {
        self.ready().await;
        self.give(space)
    }
}

impl embedded_io_async::Write for Node {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Fault> {
        self.ready().await;
        self.take(bytes)
    }

    async fn flush(&mut self) -> Result<(), Fault> {
        self.ready().await;
        self.flush_all()
    }
}

impl ConnectAsync for Node {
    async fn connect(&mut self) -> Result<(), Fault> {
        self.ready().await;
        self.open_next()
    }

    fn disconnect(&mut self) {
        self.close();
    }
}

/// How the drivers are called.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Blocking,
    Async,
    /// With each future polled twice.
    Waiting,
    /// With a function for the elements of a list.
    Each,
    EachWaiting,
}

const WAYS: [Way; 5] = [Way::Blocking, Way::Async, Way::Waiting, Way::Each, Way::EachWaiting];

impl Way {
    fn waits(self) -> bool {
        matches!(self, Self::Waiting | Self::EachWaiting)
    }
}

const PIECES: [usize; 5] = [1, 2, 7, 100, usize::MAX];

#[track_caller]
fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    for _ in 0..1_000_000 {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return value;
        }
    }
    panic!("this goes on for ever")
}

fn endpoint() -> Endpoint<'static> {
    Endpoint::from_url("http://foo:bar@localhost:8554").unwrap()
}

type Caller<B = [u8; 512]> = Client<Endpoint<'static>, Node, B>;

/// A client of a node that answers with this.
fn client(script: &[&[Answer]]) -> Caller {
    Client::new(endpoint(), Node::new(script), [0; 512])
}

/// One whose stream has brought a reply already, and can be used again.
#[track_caller]
fn used(script: &[&[Answer]]) -> Caller {
    let mut client = client(script);
    client.parts_mut().1.script[0].insert(0, result("8"));
    assert_eq!(client.call(&GetConnectionCount), Ok(8));
    client.parts_mut().1.requests.clear();
    client
}

fn call<'c, M: Method, B: Buffer>(
    way: Way,
    client: &'c mut Caller<B>,
    method: &M,
) -> Result<Response<'c, M>, Error<Fault>> {
    client.parts_mut().1.waits = way.waits();
    match way {
        Way::Blocking => client.call(method),
        _ => block_on(client.call_async(method)),
    }
}

/// The elements of the list of bans, as they are shown, and how it ends.
type Given = (Vec<Result<String, CallError>>, Result<(), Error<Fault>>);

fn bans<B: Buffer>(way: Way, client: &mut Caller<B>) -> Given {
    client.parts_mut().1.waits = way.waits();
    let mut given = Vec::new();
    let mut list = match match way {
        Way::Blocking | Way::Each => client.list(&ListBanned),
        _ => client.list_async(&ListBanned),
    } {
        Ok(list) => list,
        Err(error) => return (given, Err(error)),
    };
    let each = |given: &mut Vec<_>, ban: Result<Ban<&str>, CallError>| given.push(ban.map(|ban| format!("{ban:?}")));
    loop {
        assert!(given.len() < 1000, "the list goes on for ever: {:?}", &given[..5]);
        let next = match way {
            Way::Blocking => list.next(),
            Way::Async | Way::Waiting => block_on(list.next_async()),
            Way::Each => {
                let end = list.for_each(|ban| each(&mut given, ban));
                return (given, end);
            }
            Way::EachWaiting => {
                let end = block_on(list.for_each_async(|ban| each(&mut given, ban)));
                return (given, end);
            }
        };
        match next {
            Ok(Some(ban)) => each(&mut given, ban),
            Ok(None) => return (given, Ok(())),
            Err(error) => return (given, Err(error)),
        }
    }
}

/// A method that changes something, so that it must not be sent twice.
fn set_ban() -> SetBan<'static> {
    SetBan::Add(Subnet::parse("198.51.100.0/24").unwrap(), BanTime::Default)
}

/// A reply with this body and its length.
fn with_length(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// A result: two bans, one of which is not as it should be, and the first again.
fn ban_list() -> String {
    let ban = r#"{"address":"::/0","banned_until":2,"ban_created":1,"ban_reason":"manually added"}"#;
    format!("[{ban},{{}},{ban}]")
}

/// What a call that has no reply fails with.
#[track_caller]
fn kind<T: Debug>(result: Result<T, Error<Fault>>) -> ErrorKind {
    match result {
        Err(Error::Call(error)) => error.kind,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_call_is_answered_however_little_the_stream_takes_and_gives() {
    let request = "POST / HTTP/1.1\r\nHost: localhost:8554\r\nAuthorization: Basic Zm9vOmJhcg==\r\n\
        Content-Type: application/json\r\nAccept-Encoding: identity\r\nContent-Length: 66\r\n\r\n\
        {\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"getconnectioncount\",\"params\":[]}";
    let recording = recordings::named("idle-getconnectioncount");
    let reply = recording.reply;
    for way in WAYS {
        for piece in PIECES {
            let mut client = client(&[&[Answer::Bytes(reply.clone()), result("8")]]);
            let (_, node, connection, _) = client.parts_mut();
            node.piece = piece;
            *connection = Connection::with_first_id(recording_id());
            assert_eq!(call(way, &mut client, &GetConnectionCount), Ok(0), "{way:?} {piece}");
            assert_eq!(client.reply().unwrap().body(), exchanges::body(&reply));
            let node = client.parts_mut().1;
            let id = format!("\"id\":{},", recording_id());
            let length = format!("Length: {}", 65 + recording_id().to_string().len());
            assert_eq!(
                node.requests,
                [request.replace("\"id\":1,", &id).replace("Length: 66", &length)]
            );
            // Between the writes and the reads there is one flush.
            let transfers = [node.requests[0].len(), reply.len()].map(|len| len.div_ceil(piece));
            let mut calls = vec![Place::Connect];
            calls.extend(vec![Place::Write; transfers[0]]);
            calls.push(Place::Flush);
            calls.extend(vec![Place::Read; transfers[1]]);
            assert_eq!(node.calls, calls, "{way:?} {piece}");
            assert_eq!(call(way, &mut client, &GetConnectionCount), Ok(8), "{way:?} {piece}");
            let node = client.parts_mut().1;
            assert_eq!((node.opened, node.disconnected), (1, 0));
        }
    }
}

fn recording_id() -> u64 {
    recordings::named("idle-getconnectioncount").id()
}

#[test]
fn elements_are_given_however_little_the_stream_takes_and_gives() {
    for way in WAYS {
        for piece in PIECES {
            let mut client = Client::new(endpoint(), Node::new(&[&[result(&ban_list()), result("8")]]), [0; 256]);
            client.parts_mut().1.piece = piece;
            let (given, end) = bans(way, &mut client);
            assert_eq!((given.len(), end), (3, Ok(())), "{way:?} {piece}: {given:?}");
            assert!(given[0].as_ref().unwrap().contains("manually added") && given[0] == given[2]);
            assert_eq!(given[1].as_ref().unwrap_err().member, Some("address"));
            assert_eq!(call(way, &mut client, &GetConnectionCount), Ok(8), "{way:?} {piece}");
            let node = client.parts_mut().1;
            assert_eq!((node.opened, node.requests.len()), (1, 2));
        }
    }
}

#[test]
fn behind_the_last_element_nothing_is_asked_of_the_stream() {
    for way in WAYS {
        let mut client = client(&[&[result("[]")]]);
        let calls = {
            let mut list = client.list(&ListBanned).unwrap();
            for _ in 0..3 {
                let next = match way {
                    Way::Blocking => list.next(),
                    _ => block_on(list.next_async()),
                };
                assert_eq!(next.map(|ban| ban.is_none()), Ok(true));
            }
            client.parts_mut().1.calls.len()
        };
        assert_eq!(calls, 4, "{way:?}");
    }
}

#[test]
fn elements_can_be_of_another_type_that_outlives_the_buffer() {
    let mut client = client(&[&[result(&ban_list())]]);
    let (endpoint, node, connection, buf) = client.parts_mut();
    connection.call(endpoint, &ListBanned, buf).unwrap();
    let first: Ban<Discard> = connection.next(node, buf).unwrap().unwrap().unwrap();
    let second = block_on(connection.next_async::<Ban<Discard>, _>(node, buf))
        .unwrap()
        .unwrap();
    let third = block_on(connection.next_async(node, buf)).unwrap().unwrap();
    assert_eq!((Ok(first), second.is_err()), (third, true));
}

#[test]
fn who_keeps_the_parts_can_run_a_call() {
    for way in WAYS {
        let mut client = client(&[&[result("8"), result("9")]]);
        let (endpoint, node, connection, buf) = client.parts_mut();
        for number in [8, 9] {
            connection.call(endpoint, &GetConnectionCount, buf).unwrap();
            // A reference to a stream is one as well.
            let reply = match way {
                Way::Blocking => connection.run(&mut &mut *node, buf),
                _ => block_on(connection.run_async(&mut &mut *node, buf)),
            };
            assert_eq!(reply.unwrap().response(), Ok(number));
        }
        let (_, node, connection, _) = client.into_parts();
        assert_eq!((node.opened, connection.id()), (1, 2));
    }
}

#[test]
fn an_end_of_the_stream_within_the_reply_is_told_with_its_place() {
    let reply = with_length(&format!(r#"{{"result":{},"error":null,"id":1}}"#, ban_list()));
    let head = reply.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
    for way in WAYS {
        for length in 0..reply.len() {
            let script: [&[Answer]; 2] = [&[Answer::Last(reply[..length].to_vec())], &[result("8")]];
            let expected = if length == 0 {
                ErrorKind::Closed
            } else {
                ErrorKind::Truncated
            };

            let mut caller = client(&script);
            let (given, end) = bans(way, &mut caller);
            let Err(Error::Call(error)) = end else {
                panic!("{end:?}")
            };
            assert_eq!((error.kind, error.offset), (expected, length), "{way:?}");
            assert!(given.len() <= 3 && (length > head || given.is_empty()), "{given:?}");
            assert_eq!(call(way, &mut caller, &GetConnectionCount), Ok(8), "{way:?} {length}");
            let node = caller.parts_mut().1;
            assert_eq!((node.opened, node.disconnected, node.requests.len()), (2, 1, 2));

            let mut caller = client(&script);
            let error = call(way, &mut caller, &ListBanned).map(|_| ()).unwrap_err();
            assert!(!error.is_unconfirmed() && !error.is_transient());
            let Error::Call(error) = error else { panic!("{error:?}") };
            assert_eq!((error.kind, error.offset), (expected, length), "{way:?}");
            assert_eq!(call(way, &mut caller, &GetConnectionCount), Ok(8), "{way:?} {length}");
            assert_eq!(caller.parts_mut().1.requests.len(), 2);
        }
    }
}

/// What becomes of a call whose stream fails at one place.
#[track_caller]
fn failing<M: Method>(way: Way, mut client: Caller, method: &M, ahead: usize, kind: IoKind) -> Failed
where
    for<'a> M::Response<'a>: Debug,
{
    let node = client.parts_mut().1;
    node.piece = 20;
    node.fail(ahead, kind);
    let (call_number, opened) = (node.calls.len() + ahead, node.opened);
    let name = format!("\"method\":\"{}\"", method.name());
    let outcome = call(way, &mut client, method).map(|_| ());
    let node = client.parts_mut().1;
    let failed = Failed {
        fault: Fault {
            call: call_number,
            kind,
        },
        outcome,
        place: node.calls.get(call_number - 1).copied(),
        sent: node.requests.iter().filter(|request| request.contains(&name)).count(),
        read: node.calls[..node.calls.len().min(call_number - 1)]
            .iter()
            .rev()
            .take_while(|place| **place == Place::Read)
            .count(),
        opened: node.opened - opened,
    };
    // Whatever it was, the next call works.
    let last = node.opened;
    node.fault = None;
    node.script = vec![vec![result("9")]].into();
    if let Some(open) = &mut node.open {
        open.answers = vec![result("9")].into();
    }
    assert_eq!(call(way, &mut client, &GetConnectionCount), Ok(9), "{failed:?}");
    if failed.outcome.is_err() {
        assert_eq!(client.parts_mut().1.opened, last + 1, "over a new stream: {failed:?}");
    }
    failed
}

#[derive(Debug)]
struct Failed {
    fault: Fault,
    outcome: Result<(), Error<Fault>>,
    /// Which call failed; none if there were fewer.
    place: Option<Place>,
    /// How often the request came as a whole.
    sent: usize,
    /// How many reads came before it.
    read: usize,
    opened: usize,
}

/// The error for a fault of the stream in this place, if the outcome is known.
fn told(place: Option<Place>, fault: Fault) -> Error<Fault> {
    match place {
        Some(Place::Connect) => Error::Connect(fault),
        _ => Error::Stream(fault),
    }
}

#[test]
fn a_fault_of_a_new_stream_is_told_and_nothing_is_sent_again() {
    for way in WAYS {
        for kind in [IoKind::Other, IoKind::ConnectionReset, IoKind::TimedOut] {
            for ahead in 1.. {
                let reads = failing(way, client(&[&[result("8")]]), &GetConnectionCount, ahead, kind);
                if reads.place.is_none() {
                    assert!(ahead > 15, "{ahead}");
                    break;
                }
                assert_eq!(reads.outcome, Err(told(reads.place, reads.fault)), "{way:?}: {reads:?}");
                assert_eq!(reads.opened, usize::from(ahead > 1), "{reads:?}");
                assert!(reads.sent <= 1, "{reads:?}");
            }
            let mut unconfirmed = 0;
            for ahead in 1.. {
                let changes = failing(way, client(&[&[result("null")]]), &set_ban(), ahead, kind);
                let expected = match changes.place {
                    None => break,
                    Some(Place::Flush | Place::Read) if changes.read == 0 => Error::Unconfirmed(changes.fault),
                    place => told(place, changes.fault),
                };
                assert_eq!(changes.outcome, Err(expected), "{way:?}: {changes:?}");
                assert_eq!(expected.is_unconfirmed(), matches!(expected, Error::Unconfirmed(_)));
                unconfirmed += usize::from(expected.is_unconfirmed());
                assert!(changes.sent <= 1, "{changes:?}");
            }
            // The flush and the first read.
            assert_eq!(unconfirmed, 2, "{way:?}");
        }
    }
}

#[test]
fn a_fault_within_a_list_is_told_and_the_next_call_works() {
    for way in WAYS {
        for reused in [false, true] {
            let mut within = 0;
            for ahead in 1.. {
                let script: [&[Answer]; 2] = [&[result(&ban_list())], &[result(&ban_list())]];
                let mut client = if reused { used(&script) } else { client(&script) };
                let node = client.parts_mut().1;
                node.piece = 20;
                node.fail(ahead, IoKind::ConnectionReset);
                let call_number = node.calls.len() + ahead;
                let (given, end) = bans(way, &mut client);
                let node = client.parts_mut().1;
                let Some(place) = node.calls.get(call_number - 1).copied() else {
                    break;
                };
                let read_before = call_number > 1 && node.calls[call_number - 2] == Place::Read;
                if reused && !(place == Place::Read && read_before) {
                    assert_eq!((given.len(), end), (3, Ok(())), "{way:?} {ahead} {place:?}");
                    continue;
                }
                let fault = Fault {
                    call: call_number,
                    kind: IoKind::ConnectionReset,
                };
                assert_eq!(end, Err(told(Some(place), fault)), "{way:?} {ahead} {place:?}");
                within += usize::from(!given.is_empty());
                node.script = vec![vec![result("9")]].into();
                assert_eq!(call(way, &mut client, &GetConnectionCount), Ok(9), "{way:?} {ahead}");
            }
            assert!(within > 3, "{way:?} {reused}: {within}");
        }
    }
}

#[test]
fn a_fault_of_a_stale_stream_goes_unnoticed_where_that_is_right() {
    let kinds = [
        IoKind::ConnectionReset,
        IoKind::ConnectionAborted,
        IoKind::BrokenPipe,
        IoKind::NotConnected,
    ];
    for (way, kind) in WAYS.into_iter().flat_map(|way| kinds.map(|kind| (way, kind))) {
        let mut unnoticed = 0;
        for ahead in 1.. {
            let script: [&[Answer]; 2] = [&[result("8")], &[result("8")]];
            let reads = failing(way, used(&script), &GetConnectionCount, ahead, kind);
            let Some(place) = reads.place else { break };
            if place != Place::Read || reads.read == 0 {
                assert_eq!((reads.outcome, reads.opened), (Ok(()), 1), "{way:?} {ahead}");
                assert_eq!(reads.sent, if place == Place::Write { 1 } else { 2 });
                unnoticed += 1;
            } else {
                assert_eq!(reads.outcome, Err(Error::Stream(reads.fault)), "{way:?} {ahead}");
                assert_eq!((reads.opened, reads.sent), (0, 1), "{way:?} {ahead}");
            }
        }
        assert!(unnoticed > 10, "{unnoticed}");
        for ahead in 1.. {
            let script: [&[Answer]; 2] = [&[result("null")], &[result("null")]];
            let changes = failing(way, used(&script), &set_ban(), ahead, kind);
            let Some(place) = changes.place else { break };
            let (expected, opened) = match place {
                // The node cannot have seen the request.
                Place::Write => (Ok(()), 1),
                Place::Flush | Place::Read if changes.read == 0 => (Err(Error::Unconfirmed(changes.fault)), 0),
                _ => (Err(Error::Stream(changes.fault)), 0),
            };
            assert_eq!((changes.outcome, changes.opened), (expected, opened), "{way:?} {ahead}");
            assert!(changes.sent <= 1, "{way:?} {ahead}: {changes:?}");
        }
    }
}

#[test]
fn after_a_time_out_nothing_is_sent_again() {
    // What a stream has no name for may be one.
    for (way, kind) in WAYS
        .into_iter()
        .flat_map(|way| [(way, IoKind::TimedOut), (way, IoKind::Other)])
    {
        for ahead in 1.. {
            let script: [&[Answer]; 1] = [&[result("8")]];
            let reads = failing(way, used(&script), &GetConnectionCount, ahead, kind);
            if reads.place.is_none() {
                break;
            }
            assert_eq!(reads.outcome, Err(Error::Stream(reads.fault)), "{way:?} {ahead}");
            assert!(reads.opened == 0 && reads.sent <= 1, "{way:?} {ahead}: {reads:?}");
        }
        for ahead in 1.. {
            let script: [&[Answer]; 1] = [&[result("null")]];
            let changes = failing(way, used(&script), &set_ban(), ahead, kind);
            let expected = match changes.place {
                None => break,
                Some(Place::Flush | Place::Read) if changes.read == 0 => Error::Unconfirmed(changes.fault),
                Some(_) => Error::Stream(changes.fault),
            };
            assert_eq!(changes.outcome, Err(expected), "{way:?} {ahead}");
            assert!(changes.opened == 0 && changes.sent <= 1, "{way:?} {ahead}: {changes:?}");
        }
    }
}

/// The time-out of a socket of std is no `TimedOut` on every system, and embedded-io has no name for what it is there.
#[test]
fn after_a_time_out_of_a_real_socket_nothing_is_sent_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let opened = Cell::new(0);
    let mut client = Client::new(
        endpoint(),
        Reconnect::new(|| {
            opened.set(opened.get() + 1);
            let stream = TcpStream::connect(address)?;
            stream.set_read_timeout(Some(Duration::from_millis(100)))?;
            Ok(FromStd::new(stream))
        }),
        [0; 512],
    );
    let node = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = listener.accept().unwrap();
        let mut sent = Vec::new();
        while !sent.ends_with(b"}") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            sent.push(byte[0]);
        }
        stream
            .write_all(&with_length(r#"{"result":8,"error":null,"id":1}"#))
            .unwrap();
        // It takes the second request, and is at work on it for too long.
        let second = stream.read_to_end(&mut Vec::new());
        listener.set_nonblocking(true).unwrap();
        (
            second.unwrap(),
            listener.accept().map(|_| ()).map_err(|error| error.kind()),
        )
    });
    assert_eq!(client.call(&GetConnectionCount).unwrap(), 8);
    let error = client.call(&GetConnectionCount).unwrap_err();
    assert!(
        matches!(error, Error::Stream(_)) && !error.is_unconfirmed(),
        "{error:?}"
    );
    assert_eq!(opened.get(), 1);
    let (second, third) = node.join().unwrap();
    assert!(second > 0);
    assert_eq!(third, Err(std::io::ErrorKind::WouldBlock));
}

#[test]
fn neither_the_buffer_nor_the_stream_is_shown() {
    let mut client = client(&[&[]]);
    let shown = format!("{client:?}");
    assert!(shown.starts_with("Client { endpoint: Endpoint {"), "{shown}");
    assert!(shown.contains("connection: Connection { id: 1,"), "{shown}");
    let shown = format!("{:?}", client.list(&ListBanned).unwrap());
    assert!(shown.starts_with("List { connection: Connection { id: 1,"), "{shown}");
}

#[test]
fn an_interrupted_call_goes_on() {
    for way in WAYS {
        for piece in [7, usize::MAX] {
            let mut client = client(&[&[result("8"), result(&ban_list()), result("null")]]);
            let node = client.parts_mut().1;
            (node.interrupts, node.piece) = (true, piece);
            assert_eq!(call(way, &mut client, &GetConnectionCount), Ok(8), "{way:?} {piece}");
            let (given, end) = bans(way, &mut client);
            assert_eq!((given.len(), end), (3, Ok(())), "{way:?} {piece}");
            assert_eq!(call(way, &mut client, &set_ban()), Ok(()), "{way:?} {piece}");
            let node = client.parts_mut().1;
            assert_eq!((node.opened, node.requests.len()), (1, 3), "{way:?} {piece}");
        }
    }
}

#[test]
fn a_stale_stream_is_opened_again_without_the_caller_knowing() {
    let idle = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    for way in WAYS {
        for stale in [
            &[] as &[Answer],
            &[Answer::Last(idle.to_vec())],
            &[Answer::Last(b"<html>".to_vec())],
        ] {
            let mut caller = used(&[stale, &[result("7")]]);
            assert_eq!(call(way, &mut caller, &GetConnectionCount), Ok(7), "{way:?} {stale:?}");
            let node = caller.parts_mut().1;
            assert_eq!((node.opened, node.requests.len()), (2, 2), "{way:?} {stale:?}");
            assert_eq!(node.requests[0], node.requests[1]);

            let mut caller = used(&[stale, &[result(&ban_list())]]);
            let (given, end) = bans(way, &mut caller);
            assert_eq!((given.len(), end), (3, Ok(())), "{way:?} {stale:?}");

            // But once.
            let mut caller = used(&[stale, &[]]);
            assert_eq!(kind(call(way, &mut caller, &GetConnectionCount)), ErrorKind::Closed);
            assert_eq!(caller.parts_mut().1.requests.len(), 2);
        }
    }
}

#[test]
fn a_ban_on_a_stream_that_the_node_has_just_closed_is_not_sent_twice() {
    for way in WAYS {
        let mut client = used(&[&[], &[result(&ban_list())]]);
        let error = call(way, &mut client, &set_ban()).unwrap_err();
        assert!(error.is_unconfirmed(), "{way:?}: {error:?}");
        assert!(!error.is_transient(), "{way:?}: {error:?}");
        let Error::Call(error) = error else {
            panic!("{way:?}: {error:?}")
        };
        assert_eq!(error.kind, ErrorKind::Unconfirmed, "{way:?}");
        // Whether it was done is seen by asking.
        assert_eq!(bans(way, &mut client).0.len(), 3);
        let node = client.parts_mut().1;
        let sent = |name: &str| node.requests.iter().filter(|request| request.contains(name)).count();
        assert_eq!((sent("\"setban\""), sent("\"listbanned\""), node.opened), (1, 1, 2));
    }
}

#[test]
fn a_stream_that_the_node_wants_to_close_is_closed() {
    let closing =
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 32\r\n\r\n{\"result\":8,\"error\":null,\"id\":1}";
    for way in WAYS {
        let mut caller = client(&[&[Answer::Bytes(closing.to_vec())], &[result("9")]]);
        assert_eq!(call(way, &mut caller, &GetConnectionCount), Ok(8));
        // At once, not with the next call.
        let node = caller.parts_mut().1;
        assert_eq!((node.opened, node.disconnected, node.open.is_none()), (1, 1, true));
        assert_eq!(call(way, &mut caller, &GetConnectionCount), Ok(9));
        assert_eq!(caller.parts_mut().1.opened, 2);

        // Or that the request wants to be closed.
        let mut caller = client(&[&[result("8")], &[result("9")]]);
        *caller.endpoint_mut() = endpoint().with_headers(&[("Connection", "close")]).unwrap();
        for number in [8, 9] {
            assert_eq!(call(way, &mut caller, &GetConnectionCount), Ok(number));
            assert!(caller.parts_mut().1.open.is_none());
        }
    }
}

#[test]
fn a_stream_that_takes_nothing_more_is_at_its_end() {
    for way in WAYS {
        for first in [2, 3, 9] {
            let mut caller = client(&[&[], &[result("9")]]);
            let node = caller.parts_mut().1;
            (node.piece, node.nothing) = (20, Some(first));
            assert_eq!(
                kind(call(way, &mut caller, &set_ban())),
                ErrorKind::Closed,
                "{way:?} {first}"
            );
            assert_eq!(caller.parts_mut().1.requests.len(), 0);
            assert_eq!(call(way, &mut caller, &GetConnectionCount), Ok(9));

            let mut caller = used(&[&[], &[result("null")]]);
            let node = caller.parts_mut().1;
            (node.piece, node.nothing) = (20, Some(node.calls.len() + first));
            assert_eq!(call(way, &mut caller, &set_ban()), Ok(()), "{way:?} {first}");
            assert_eq!(caller.parts_mut().1.requests.len(), 1);
        }
    }
}

#[test]
fn a_future_that_is_dropped_costs_the_stream_and_nothing_else() {
    /// Polls the future this many times and drops it. Returns whether it was ready before.
    fn is_over<T>(future: impl Future<Output = T>, polls: usize) -> bool {
        let mut future = pin!(future);
        (0..polls).any(|_| future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready())
    }

    for reused in [false, true] {
        for polls in 0.. {
            let mut answers = vec![result("null"), result("9")];
            if reused {
                answers.insert(0, result("8"));
            }
            let mut client = client(&[&answers, &[result("9")]]);
            if reused {
                assert_eq!(client.call(&GetConnectionCount), Ok(8));
            }
            let node = client.parts_mut().1;
            (node.piece, node.waits) = (20, true);
            let (is_over, opened) = (is_over(client.call_async(&set_ban()), polls), usize::from(reused));
            // As before, over a new stream.
            let node = client.parts_mut().1;
            (node.waits, node.waited) = (false, false);
            let had_stream = node.opened > 0;
            let has_begun = polls > 0 && !is_over && had_stream;
            if node.opened == 0 {
                // What it would have brought is not lost.
                node.script.pop_front();
            }
            let before = node.opened;
            if polls == 0 && reused {
                node.open.as_mut().unwrap().answers.pop_front();
            }
            assert_eq!(
                block_on(client.call_async(&GetConnectionCount)),
                Ok(9),
                "{polls} {reused}"
            );
            let node = client.parts_mut().1;
            assert_eq!(
                node.opened,
                before + usize::from(has_begun || !had_stream),
                "{polls} {reused}"
            );
            assert!(
                node.requests
                    .iter()
                    .filter(|request| request.contains("\"setban\""))
                    .count()
                    <= 1
            );
            assert!(before <= opened + 1);
            if is_over {
                assert!(polls > 15, "{polls}");
                break;
            }
        }
    }
}

/// Polls the next element this many times and drops its future. Returns whether there was an element that can be read.
#[track_caller]
fn poll_next(list: &mut io::List<'_, ListBanned, Node, [u8; 512]>, polls: usize) -> Poll<Option<bool>> {
    let mut next = pin!(list.next_async());
    for _ in 0..polls {
        if let Poll::Ready(next) = next.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return Poll::Ready(next.unwrap().map(|ban| ban.is_ok()));
        }
    }
    Poll::Pending
}

/// Where the stream itself loses nothing.
#[test]
fn elements_go_on_where_a_future_was_dropped() {
    for piece in [20, usize::MAX] {
        for polls in 0..50 {
            let mut client = client(&[&[result(&ban_list())]]);
            let node = client.parts_mut().1;
            (node.piece, node.waits) = (piece, true);
            let mut list = client.list_async(&ListBanned).unwrap();
            let mut given = Vec::new();
            loop {
                assert!(given.len() < 1000, "the list goes on for ever: {:?}", &given[..5]);
                let mut next = poll_next(&mut list, polls);
                if next.is_pending() {
                    next = poll_next(&mut list, usize::MAX);
                }
                match next {
                    Poll::Ready(Some(ban)) => given.push(ban),
                    Poll::Ready(None) => break,
                    Poll::Pending => panic!("{given:?}"),
                }
            }
            assert_eq!(given, [true, false, true], "{piece} {polls}");
            let node = client.parts_mut().1;
            assert_eq!((node.opened, node.requests.len()), (1, 1), "{piece} {polls}");
        }
    }
}

#[test]
fn a_list_that_is_given_up_costs_the_stream_and_nothing_else() {
    for polls in 0..50 {
        let mut client = client(&[&[result(&ban_list())], &[result("9")]]);
        let node = client.parts_mut().1;
        (node.piece, node.waits) = (20, true);
        let mut list = client.list_async(&ListBanned).unwrap();
        let given = poll_next(&mut list, polls);
        let node = client.parts_mut().1;
        (node.waits, node.waited) = (false, false);
        let opened = node.opened;
        if opened == 0 {
            // What it would have brought is not lost.
            node.script.pop_front();
        }
        assert_eq!(
            block_on(client.call_async(&GetConnectionCount)),
            Ok(9),
            "{polls} {given:?}"
        );
        let node = client.parts_mut().1;
        assert_eq!(node.opened, opened + 1, "{polls} {given:?}");
        assert!(node.requests.len() <= 2);
    }
}

/// A [`Growing`] buffer that counts how often it grows.
#[cfg(feature = "alloc")]
mod growing {
    use super::*;
    use defichain_net_rpc::network::{AddNode, GetPeerInfo, PeerInfo};

    struct Counted {
        buf: Growing,
        grown: usize,
    }

    impl Buffer for Counted {
        fn bytes(&self) -> &[u8] {
            self.buf.bytes()
        }

        fn bytes_mut(&mut self) -> &mut [u8] {
            self.buf.bytes_mut()
        }

        fn grow(&mut self, needed: usize) -> bool {
            self.grown += 1;
            self.buf.grow(needed)
        }
    }

    /// A buffer that began with 256 bytes.
    #[track_caller]
    fn buffer(limit: usize) -> Counted {
        let mut buf = Growing::new(limit);
        assert!(buf.grow(256));
        assert_eq!(buf.bytes().len(), 256);
        Counted { buf, grown: 0 }
    }

    /// A reply of 465 kB with recorded peers, and how many there are.
    #[track_caller]
    fn long_reply(is_chunked: bool) -> (Vec<u8>, usize) {
        let recording = recordings::named("crowd-getpeerinfo");
        let begin = br#"{"result":["#.len();
        let end = recording.body().iter().rposition(|byte| *byte == b']').unwrap();
        let peers = std::str::from_utf8(&recording.body()[begin..end]).unwrap();
        let times = 465_000 / peers.len() + 1;
        let body = format!(r#"{{"result":[{}],"error":null,"id":1}}"#, vec![peers; times].join(","));
        assert!(body.len() > 465_000);
        let reply = if is_chunked {
            format!(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n",
                body.len()
            )
            .into_bytes()
        } else {
            with_length(&body)
        };
        (reply, 79 * times)
    }

    #[test]
    fn a_reply_of_any_length_is_read_into_a_buffer_that_grows() {
        for way in WAYS {
            for is_chunked in [false, true] {
                let (reply, count) = long_reply(is_chunked);
                let node = Node::new(&[&[Answer::Bytes(reply), result("8")]]);
                let mut client = Client::new(endpoint(), node, buffer(1 << 20));
                let peers = call(way, &mut client, &GetPeerInfo).unwrap();
                let peers: Vec<PeerInfo<&str>> = peers.map(Result::unwrap).collect();
                assert_eq!(peers.len(), count);
                let grown = client.parts_mut().3.grown;
                assert!(grown <= if is_chunked { 13 } else { 2 }, "{grown}");
                assert_eq!(call(way, &mut client, &GetConnectionCount), Ok(8));
                assert_eq!((client.parts_mut().3.grown, client.parts_mut().1.opened), (grown, 1));
            }
        }
    }

    #[test]
    fn a_buffer_that_only_says_that_it_has_grown_is_too_small() {
        struct Boast([u8; 300]);

        impl Buffer for Boast {
            fn bytes(&self) -> &[u8] {
                &self.0
            }

            fn bytes_mut(&mut self) -> &mut [u8] {
                &mut self.0
            }

            fn grow(&mut self, _: usize) -> bool {
                true
            }
        }

        for way in WAYS {
            let (reply, _) = long_reply(false);
            let needed = reply.len();
            let node = Node::new(&[&[Answer::Bytes(reply)]]);
            let mut client = Client::new(endpoint(), node, Boast([0; 300]));
            let error = call(way, &mut client, &GetPeerInfo).map(|_| ());
            assert_eq!(kind(error), ErrorKind::TooLong { needed });
            let name = "x".repeat(300);
            let error = call(way, &mut client, &AddNode::Add(name.as_str().into()));
            assert!(
                matches!(error, Err(Error::Request(BufferTooSmall { needed: 300.., .. }))),
                "{error:?}"
            );
        }
    }

    #[test]
    fn a_buffer_begins_with_its_capacity() {
        for (capacity, limit, length) in [(0, 10, 0), (4, 10, 4), (10, 10, 10), (11, 10, 10)] {
            let mut buf = Growing::with_capacity(capacity, limit);
            assert_eq!(buf.bytes(), vec![0; length], "{capacity} of {limit}");
            assert!(buf.grow(limit) && !buf.grow(limit + 1), "{capacity} of {limit}");
            assert_eq!(buf.bytes().len(), limit, "{capacity} of {limit}");
        }
    }

    #[test]
    fn a_limit_is_an_error_that_tells_what_would_do() {
        for way in WAYS {
            let (reply, _) = long_reply(false);
            let needed = reply.len();
            let node = Node::new(&[&[Answer::Bytes(reply.clone())], &[result("8")]]);
            let mut client = Client::new(endpoint(), node, buffer(needed - 1));
            let error = call(way, &mut client, &GetPeerInfo).map(|_| ());
            assert_eq!(kind(error), ErrorKind::TooLong { needed });
            // What is left of the reply is given up with its stream.
            assert_eq!(call(way, &mut client, &GetConnectionCount), Ok(8));
            assert_eq!(client.parts_mut().1.opened, 2);

            let node = Node::new(&[&[Answer::Bytes(reply)]]);
            let mut client = Client::new(endpoint(), node, buffer(needed));
            assert!(call(way, &mut client, &GetPeerInfo).is_ok());
        }
    }

    #[test]
    fn a_request_that_does_not_fit_at_first_has_the_buffer_grow() {
        let name = "n".repeat(1000);
        let method = defichain_net_rpc::network::AddNode::Add(name.as_str().into());
        let needed = endpoint().request_len(&method);
        for way in WAYS {
            let mut client = Client::new(endpoint(), Node::new(&[&[result("null")]]), buffer(needed));
            assert_eq!(call(way, &mut client, &method), Ok(()));
            assert!(client.parts_mut().1.requests[0].contains(&name));
            let mut client = Client::new(endpoint(), Node::new(&[]), Growing::new(1000));
            let Err(Error::Request(BufferTooSmall { needed, .. })) = call(way, &mut client, &method) else {
                panic!("{way:?}")
            };
            let mut client = Client::new(endpoint(), Node::new(&[&[result("null")]]), Growing::new(needed));
            assert_eq!(call(way, &mut client, &method), Ok(()));
            // Nothing was asked of the stream before.
            assert_eq!(client.parts_mut().1.opened, 1);
        }
    }

    #[test]
    fn a_borrowed_buffer_grows_too() {
        for way in WAYS {
            let mut buf = Growing::new(8192);
            let mut client = Client::new(endpoint(), Node::new(&[&[result("8")]]), &mut buf);
            assert_eq!(call(way, &mut client, &GetConnectionCount), Ok(8));
            assert!(!buf.bytes().is_empty());
        }
    }

    #[test]
    fn a_length_that_no_memory_holds_is_too_long() {
        let reply = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{{", u64::MAX);
        for way in WAYS {
            let node = Node::new(&[&[Answer::Bytes(reply.clone().into_bytes())]]);
            let mut client = Client::new(endpoint(), node, Growing::new(usize::MAX));
            let error = kind(call(way, &mut client, &GetConnectionCount));
            assert_eq!(error, ErrorKind::TooLong { needed: usize::MAX }, "{way:?}");
        }
    }

    #[test]
    fn elements_are_read_through_a_buffer_that_grows_as_they_need_it() {
        let long = |len| {
            format!(
                r#"{{"address":"{}","banned_until":2,"ban_created":1,"ban_reason":""}}"#,
                "a".repeat(len)
            )
        };
        let list = format!("[{},{},{}]", long(10), long(3000), long(1000));
        for way in WAYS {
            for piece in [100, usize::MAX] {
                let mut client = Client::new(endpoint(), Node::new(&[&[result(&list)]]), buffer(8192));
                client.parts_mut().1.piece = piece;
                let (given, end) = bans(way, &mut client);
                assert_eq!((given.len(), end), (3, Ok(())), "{way:?} {piece}");
                assert!(given.iter().all(Result::is_ok));
                assert!(client.parts_mut().3.bytes().len() < 8192);

                let mut client = Client::new(endpoint(), Node::new(&[&[result(&list)]]), buffer(1024));
                client.parts_mut().1.piece = piece;
                let (given, end) = bans(way, &mut client);
                assert_eq!(
                    (given.len(), kind(end)),
                    (1, ErrorKind::TooLong { needed: 1025 }),
                    "{way:?} {piece}"
                );
            }
        }
    }

    #[test]
    fn a_batch_that_does_not_fit_at_first_is_filled_again() {
        for way in WAYS {
            let replies: Vec<_> = (1..=40)
                .map(|id| format!(r#"{{"result":{id},"error":null,"id":{id}}}"#))
                .collect();
            let reply = with_length(&format!("[{}]", replies.join(",")));
            let mut client = Client::new(endpoint(), Node::new(&[&[Answer::Bytes(reply)]]), buffer(8192));
            let mut slots = [const { None }; 40];
            let mut filled = 0;
            let mut fill = |batch: &mut defichain_net_rpc::rpc::BatchRequest<'_>| {
                filled += 1;
                for _ in 0..40 {
                    batch.push(&GetConnectionCount);
                }
            };
            let ((), replies) = match way {
                Way::Blocking => client.batch(&mut slots, &mut fill),
                _ => block_on(client.batch_async(&mut slots, &mut fill)),
            }
            .unwrap();
            for id in 1..=40 {
                assert_eq!(replies.response(id), Ok(id));
            }
            assert_eq!(filled, 2);
        }
    }
}

#[test]
fn a_batch_is_called_through_a_client() {
    let totals = recordings::named("idle-getnettotals");
    let totals: serde_json::Value = serde_json::from_slice(totals.body()).unwrap();
    let body = format!(
        r#"[{{"result":null,"error":{{"code":-28,"message":"Wait"}},"id":3}},{{"result":{},"error":null,"id":2}},{{"result":8,"error":null,"id":1}}]"#,
        totals["result"]
    );
    for way in WAYS {
        let mut client = Client::new(
            endpoint(),
            Node::new(&[&[Answer::Bytes(with_length(&body))]]),
            [0; 1024],
        );
        client.parts_mut().1.waits = way.waits();
        let mut slots = [const { None }; 3];
        let fill = |batch: &mut defichain_net_rpc::rpc::BatchRequest<'_>| {
            (
                batch.push(&GetConnectionCount),
                batch.push(&GetNetTotals),
                batch.push(&Ping),
            )
        };
        let ((count, totals, ping), replies) = match way {
            Way::Blocking => client.batch(&mut slots, fill),
            _ => block_on(client.batch_async(&mut slots, fill)),
        }
        .unwrap();
        assert_eq!(replies.response(count), Ok(8_u64));
        assert!(replies.response::<NetTotals>(totals).unwrap().time_millis > 0);
        let error = replies.response::<()>(ping).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Node(Code::IN_WARMUP));
        assert_eq!(replies.node_error(ping).unwrap().message, "Wait");
        assert!(replies.faults().next().is_none());
    }
}

#[test]
fn what_the_node_answers_instead_is_one_call_away() {
    for (name, text, line, words) in [
        ("error-warmup", "node error -28", None, Some("Loading banlist...")),
        (
            "http-work-queue-exceeded",
            "http 500: the node's work queue is full, try again later",
            Some("Work queue depth exceeded"),
            None,
        ),
        (
            "http-401-no-auth",
            "http 401: wrong or missing user and password, or an old cookie file",
            None,
            None,
        ),
    ] {
        let recording = recordings::named(name);
        for way in WAYS {
            for elements in [false, true] {
                let mut client = client(&[&[Answer::Bytes(recording.reply.clone()), result("8")]]);
                client.parts_mut().1.piece = 7;
                *client.parts_mut().2 = Connection::with_first_id(recording.id());
                let error = if elements {
                    bans(way, &mut client).1.unwrap_err()
                } else {
                    call(way, &mut client, &ListBanned).map(|_| ()).unwrap_err()
                };
                assert_eq!(error.to_string(), text);
                assert_eq!(error.is_transient(), name != "http-401-no-auth");
                assert!(matches!(error, Error::Call(_)) && !error.is_unconfirmed());
                let node_error = client.node_error().map(|error| error.message.to_string());
                assert_eq!(node_error.as_deref(), words);
                let reply = client.reply().unwrap();
                assert_eq!(reply.body(), recording.body());
                if words.is_none() {
                    assert_eq!(reply.line(), line);
                }
                // The stream is still good.
                assert_eq!(call(way, &mut client, &GetConnectionCount), Ok(8));
                assert_eq!(client.parts_mut().1.opened, 1);
            }
        }
    }
}

#[test]
fn there_is_no_reply_before_a_call_and_behind_one_that_failed() {
    let mut client = client(&[&[], &[result("8")]]);
    assert_eq!(client.reply().map(|_| ()).unwrap_err().kind, ErrorKind::NoReply);
    assert_eq!(client.node_error(), None);
    assert_eq!(kind(client.call(&GetConnectionCount)), ErrorKind::Closed);
    assert_eq!(client.reply().map(|_| ()).unwrap_err().kind, ErrorKind::Closed);
    assert_eq!(client.node_error(), None);
    assert_eq!(client.call(&GetConnectionCount), Ok(8));
    assert_eq!(client.reply().map(Reply::status), Ok(200));
}

#[test]
fn a_buffer_that_is_too_short_is_an_error_that_tells_what_would_do() {
    let request = endpoint().request_len(&ListBanned);
    // The longest id is longer than the first.
    let needed = request - 19;
    for way in WAYS {
        let reply = with_length(&format!(r#"{{"result":{},"error":null,"id":1}}"#, ban_list()));
        for len in [0, REPLY_SPACE, needed - 1] {
            let mut bytes = vec![0; len];
            let mut client = Client::new(endpoint(), Node::new(&[]), bytes.as_mut_slice());
            let expected = Connection::new().call(&endpoint(), &ListBanned, &mut []).unwrap_err();
            assert_eq!(expected.needed, needed);
            let expected = Error::Request(expected);
            assert_eq!(call(way, &mut client, &ListBanned).map(|_| ()), Err(expected));
            assert_eq!(bans(way, &mut client), (vec![], Err(expected)));
            assert!(client.parts_mut().1.calls.is_empty());
        }
        let script: [&[Answer]; 2] = [&[Answer::Bytes(reply.clone())], &[result("8")]];
        let mut bytes = vec![0; reply.len() - 1];
        let mut client = Client::new(endpoint(), Node::new(&script), bytes.as_mut_slice());
        let error = call(way, &mut client, &ListBanned).map(|_| ());
        assert_eq!(kind(error), ErrorKind::TooLong { needed: reply.len() });
        assert_eq!(call(way, &mut client, &GetConnectionCount), Ok(8));

        let mut bytes = vec![0; reply.len()];
        let mut client = Client::new(endpoint(), Node::new(&[&[Answer::Bytes(reply)]]), bytes.as_mut_slice());
        assert_eq!(call(way, &mut client, &ListBanned).unwrap().count(), 3);
    }
}

#[test]
fn a_stream_from_a_closure_is_dropped_before_another_is_opened() {
    /// One stream to a shared node.
    struct Stream(Rc<RefCell<Node>>);

    impl ErrorType for Stream {
        type Error = Fault;
    }

    impl embedded_io::Read for Stream {
        fn read(&mut self, space: &mut [u8]) -> Result<usize, Fault> {
            self.0.borrow_mut().give(space)
        }
    }

    impl embedded_io::Write for Stream {
        fn write(&mut self, bytes: &[u8]) -> Result<usize, Fault> {
            self.0.borrow_mut().take(bytes)
        }

        fn flush(&mut self) -> Result<(), Fault> {
            self.0.borrow_mut().flush_all()
        }
    }

    impl embedded_io_async::Read for Stream {
        async fn read(&mut self, space: &mut [u8]) -> Result<usize, Fault> {
            self.0.borrow_mut().give(space)
        }
    }

    impl embedded_io_async::Write for Stream {
        async fn write(&mut self, bytes: &[u8]) -> Result<usize, Fault> {
            self.0.borrow_mut().take(bytes)
        }

        async fn flush(&mut self) -> Result<(), Fault> {
            self.0.borrow_mut().flush_all()
        }
    }

    impl Drop for Stream {
        fn drop(&mut self) {
            self.0.borrow_mut().close();
        }
    }

    let open = |node: &Rc<RefCell<Node>>| {
        assert!(node.borrow().open.is_none(), "the stream before is still open");
        node.borrow_mut().open_next().map(|()| Stream(node.clone()))
    };
    let script: [&[Answer]; 3] = [&[result("8")], &[result("9"), Answer::Last(Vec::new())], &[]];
    let node = Rc::new(RefCell::new(Node::new(&script)));
    let mut client = Client::new(endpoint(), Reconnect::new(|| open(&node)), [0; 512]);
    assert!(client.parts_mut().1.stream().is_none());
    assert_eq!(client.call(&GetConnectionCount), Ok(8));
    assert!(client.parts_mut().1.stream().is_some());
    assert_eq!(client.call(&GetConnectionCount), Ok(9));
    assert_eq!(kind(client.call(&set_ban())), ErrorKind::Unconfirmed);
    assert!(client.parts_mut().1.stream().is_none());
    assert_eq!((node.borrow().opened, node.borrow().disconnected), (2, 2));
    node.borrow_mut().fail(1, IoKind::ConnectionRefused);
    assert!(matches!(client.call(&GetConnectionCount), Err(Error::Connect(_))));

    let node = Rc::new(RefCell::new(Node::new(&script)));
    let mut client = Client::new(endpoint(), Reconnect::new(async || open(&node)), [0; 512]);
    assert_eq!(block_on(client.call_async(&GetConnectionCount)), Ok(8));
    assert!(client.parts_mut().1.stream().is_some());
    assert_eq!(block_on(client.call_async(&GetConnectionCount)), Ok(9));
    assert_eq!(kind(block_on(client.call_async(&set_ban()))), ErrorKind::Unconfirmed);
    assert!(client.parts_mut().1.stream().is_none());
    assert_eq!((node.borrow().opened, node.borrow().disconnected), (2, 2));
    node.borrow_mut().fail(1, IoKind::ConnectionRefused);
    assert!(matches!(
        block_on(client.call_async(&GetConnectionCount)),
        Err(Error::Connect(_))
    ));

    // One that is not open has ended.
    let mut stream: Reconnect<Stream, _> = Reconnect::new(async || open(&node));
    assert_eq!(block_on(embedded_io_async::Read::read(&mut stream, &mut [0])), Ok(0));
    assert_eq!(block_on(embedded_io_async::Write::write(&mut stream, b"a")), Ok(0));
    assert_eq!(block_on(embedded_io_async::Write::flush(&mut stream)), Ok(()));
}

#[test]
fn an_error_is_explained_with_the_words_that_came_with_it() {
    let loading = r#"{"result":null,"error":{"code":-28,"message":"Loading banlist..."},"id":null}"#;
    let mut client = client(&[&[Answer::Bytes(with_length(loading))]]);
    let error = client.call(&GetConnectionCount).unwrap_err();
    assert!(client.explain(&error).to_string().contains("Loading banlist..."));
    client.stream_mut().fail(1, IoKind::TimedOut);
    let error = client.call(&set_ban()).unwrap_err();
    assert!(matches!(error, Error::Stream(_) | Error::Connect(_)));
    assert_eq!(client.explain(&error).to_string(), error.to_string());
}

#[test]
fn a_stream_and_a_buffer_may_be_borrowed_or_on_the_heap() {
    let mut node = Node::new(&[&[result("8"), Answer::Last(Vec::new())]]);
    let mut client = Client::new(endpoint(), &mut node, vec![0; 512]);
    assert_eq!(client.call(&GetConnectionCount), Ok(8));
    assert!(client.reply().is_ok());
    assert_eq!(kind(client.call(&set_ban())), ErrorKind::Unconfirmed);
    assert_eq!(node.disconnected, 1);
    let mut node = Node::new(&[&[result("8"), Answer::Last(Vec::new())]]);
    let mut client = Client::new(endpoint(), &mut node, vec![0; 512]);
    assert_eq!(block_on(client.call_async(&GetConnectionCount)), Ok(8));
    assert_eq!(kind(block_on(client.call_async(&set_ban()))), ErrorKind::Unconfirmed);
    assert_eq!(node.disconnected, 1);
}

#[test]
fn a_stream_need_not_be_closed_before_it_is_opened_again() {
    /// Has no `disconnect`.
    struct Kept(Node);

    impl ErrorType for Kept {
        type Error = Fault;
    }

    impl embedded_io::Read for Kept {
        fn read(&mut self, space: &mut [u8]) -> Result<usize, Fault> {
            self.0.give(space)
        }
    }

    impl embedded_io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> Result<usize, Fault> {
            self.0.take(bytes)
        }

        fn flush(&mut self) -> Result<(), Fault> {
            self.0.flush_all()
        }
    }

    impl Connect for Kept {
        fn connect(&mut self) -> Result<(), Fault> {
            self.0.open_next()
        }
    }

    impl embedded_io_async::Read for Kept {
        async fn read(&mut self, space: &mut [u8]) -> Result<usize, Fault> {
            self.0.give(space)
        }
    }

    impl embedded_io_async::Write for Kept {
        async fn write(&mut self, bytes: &[u8]) -> Result<usize, Fault> {
            self.0.take(bytes)
        }

        async fn flush(&mut self) -> Result<(), Fault> {
            self.0.flush_all()
        }
    }

    impl ConnectAsync for Kept {
        async fn connect(&mut self) -> Result<(), Fault> {
            self.0.open_next()
        }
    }

    let script: [&[Answer]; 2] = [&[Answer::Last(Vec::new())], &[result("9")]];
    let mut client = Client::new(endpoint(), Kept(Node::new(&script)), [0; 512]);
    assert_eq!(kind(client.call(&set_ban())), ErrorKind::Unconfirmed);
    assert_eq!(client.call(&GetConnectionCount), Ok(9));
    let mut client = Client::new(endpoint(), Kept(Node::new(&script)), [0; 512]);
    assert_eq!(kind(block_on(client.call_async(&set_ban()))), ErrorKind::Unconfirmed);
    assert_eq!(block_on(client.call_async(&GetConnectionCount)), Ok(9));
}

#[test]
fn a_client_that_is_closed_opens_another_stream_for_the_next_call() {
    let script: [&[Answer]; 2] = [&[result("8")], &[result("9")]];
    let mut node = client(&script);
    // Closing what is not open changes nothing.
    node.close();
    assert_eq!(node.call(&GetConnectionCount), Ok(8));
    node.close();
    assert!(node.stream_mut().open.is_none());
    assert_eq!(node.call(&GetConnectionCount), Ok(9));
    assert_eq!((node.stream_mut().opened, node.stream_mut().disconnected), (2, 1));

    // A list that is not read to its end, and a future that is dropped.
    let long: [&[Answer]; 3] = [&[result("[1,2]")], &[result("8")], &[result("9")]];
    let mut node = client(&long);
    assert!(node.list(&ListBanned).unwrap().next().unwrap().is_some());
    node.close_async();
    assert_eq!(node.stream_mut().disconnected, 1);
    node.stream_mut().waits = true;
    {
        let mut call = pin!(node.call_async(&GetConnectionCount));
        let mut context = Context::from_waker(Waker::noop());
        assert!((0..3).all(|_| call.as_mut().poll(&mut context).is_pending()));
    }
    node.close_async();
    assert!(node.stream_mut().open.is_none());
    assert_eq!(block_on(node.call_async(&GetConnectionCount)), Ok(9));
    assert_eq!((node.stream_mut().opened, node.stream_mut().disconnected), (3, 2));
}

#[test]
fn a_batch_needs_room_for_its_requests() {
    let mut client = Client::new(endpoint(), Node::new(&[]), [0; 100]);
    let error = client
        .batch(&mut [const { None }; 1], |batch| batch.push(&GetConnectionCount))
        .unwrap_err();
    assert!(
        matches!(error, Error::Request(BufferTooSmall { needed, .. }) if needed > 100),
        "{error}"
    );
}

#[test]
fn what_holds_credentials_does_not_show_them() {
    let mut growing = Growing::new(1000);
    assert!(growing.grow(5));
    assert_eq!(format!("{growing:?}"), "Growing { len: 5, limit: 1000, .. }");
    let mut client = client(&[&[result("[]")]]);
    let list = client.list(&ListBanned).unwrap();
    let shown = format!("{list:?}");
    assert!(
        shown.starts_with("List { connection: ") && !shown.contains("Zm9v"),
        "{shown}"
    );
}

#[test]
fn one_struct_owns_everything() {
    struct Monitor {
        node: Client<EndpointBuf<String>, Node, [u8; 512]>,
    }

    fn monitor(url: &str) -> Monitor {
        let endpoint = Endpoint::from_url(url).unwrap().to_buf().unwrap();
        let script: [&[Answer]; 1] = [&[result("8"), result("9")]];
        Monitor {
            node: Client::new(endpoint, Node::new(&script), [0; 512]),
        }
    }

    fn check<T: 'static>(value: T) -> T {
        value
    }

    let mut monitor = check(monitor(&String::from("http://foo:bar@localhost:8554")));
    assert_eq!(monitor.node.call(&GetConnectionCount), Ok(8));
    let cookie = Endpoint::from_url("http://localhost:8554")
        .unwrap()
        .with_cookie("__cookie__:5ec4e7");
    *monitor.node.endpoint_mut() = cookie.unwrap().to_buf().unwrap();
    assert_eq!(block_on(monitor.node.call_async(&GetConnectionCount)), Ok(9));
    let node = monitor.node.parts_mut().1;
    assert!(node.requests[0] != node.requests[1] && node.opened == 1);
    let shown = format!("{:?}", monitor.node);
    assert!(!shown.contains("5ec4e7") && !shown.contains("Basic"), "{shown}");
}

#[test]
fn errors_are_one_line_and_lead_to_what_they_come_from() {
    let fault = Fault {
        call: 7,
        kind: IoKind::Other,
    };
    let call = |script: &[&[Answer]]| client(script).call(&GetConnectionCount).unwrap_err();
    let closed = call(&[&[]]);
    let too_small = Client::new(endpoint(), Node::new(&[]), [0; 8]).call(&Ping).unwrap_err();
    for (error, text) in [
        (Error::Connect(fault), "cannot connect to the node: fault at call 7"),
        (
            Error::Stream(fault),
            "the connection to the node failed: fault at call 7",
        ),
        (
            Error::Unconfirmed(fault),
            "the connection failed before the reply; the node may or may not have carried out the request: fault at call 7",
        ),
        (
            closed,
            "the connection was closed, or could not be opened, before the reply",
        ),
        (too_small, "the request does not fit: "),
    ] {
        let shown = error.to_string();
        assert!(shown.starts_with(text) && !shown.contains('\n'), "{shown}");
        let source = error.source().unwrap();
        match error {
            Error::Connect(fault) | Error::Stream(fault) | Error::Unconfirmed(fault) => {
                assert_eq!(source.downcast_ref(), Some(&fault));
            }
            Error::Request(small) => assert_eq!(source.downcast_ref(), Some(&small)),
            Error::Call(inner) => assert_eq!(source.downcast_ref(), Some(&inner)),
            other => panic!("{other:?}"),
        }
        assert_eq!(error.is_unconfirmed(), matches!(error, Error::Unconfirmed(_)));
        assert!(!error.is_transient());
    }
    let busy = call(&[&[Answer::Bytes(b"HTTP/1.1 503 \r\nContent-Length: 0\r\n\r\n".to_vec())]]);
    assert_eq!((busy.to_string().as_str(), busy.is_transient()), ("http 503", true));
}

/// A stream of no size that is always ready: what is left is what the drivers take.
struct Nothing;

impl ErrorType for Nothing {
    type Error = IoKind;
}

impl embedded_io_async::Read for Nothing {
    async fn read(&mut self, _: &mut [u8]) -> Result<usize, IoKind> {
        Ok(0)
    }
}

impl embedded_io_async::Write for Nothing {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, IoKind> {
        Ok(bytes.len())
    }

    async fn flush(&mut self) -> Result<(), IoKind> {
        Ok(())
    }
}

impl ConnectAsync for Nothing {
    async fn connect(&mut self) -> Result<(), IoKind> {
        Ok(())
    }
}

/// The numbers that the docs of `io` and of `Connection` state.
#[test]
#[cfg(target_pointer_width = "64")]
fn sizes_are_what_the_docs_say() {
    let mut client = Client::new(endpoint(), Nothing, [0_u8; 0]);
    let mut sizes = vec![
        ("Connection", size_of::<Connection>()),
        ("Error", size_of::<CallError>()),
        ("Endpoint", size_of::<Endpoint<'_>>()),
        ("Client", size_of_val(&client)),
        ("io::Error", size_of::<Error<IoKind>>()),
        ("call_async", size_of_val(&client.call_async(&GetConnectionCount))),
    ];
    let mut buf = [0; 512];
    let mut client = Client::new(endpoint(), Nothing, buf.as_mut_slice());
    let mut list = client.list_async(&ListBanned).unwrap();
    sizes.push(("List", size_of_val(&list)));
    sizes.push(("List::next_async", size_of_val(&list.next_async())));
    let (_, stream, connection, buf) = client.parts_mut();
    sizes.push(("Connection::run_async", size_of_val(&connection.run_async(stream, buf))));
    let next = connection.next_async::<Ban<&str>, _>(stream, buf);
    sizes.push(("Connection::next_async", size_of_val(&next)));
    drop(next);
    println!("{sizes:?}");
    let limits = [216, 48, 120, 336, 48, 320, 24, 232, 320, 272];
    for ((name, size), limit) in sizes.into_iter().zip(limits) {
        assert!(size <= limit, "{name}: {size} of {limit}");
    }
}

#[test]
fn what_is_sent_to_other_threads_can_be() {
    fn check<T: Send + Sync>() {}
    fn is_send<T: Send>(_: &T) {}
    check::<Client<Endpoint<'static>, Nothing, [u8; 512]>>();
    check::<Client<EndpointBuf<String>, Nothing, &mut [u8]>>();
    check::<Error<IoKind>>();
    check::<Reconnect<Nothing, fn() -> Result<Nothing, IoKind>>>();
    is_send(
        &Client::new(endpoint(), Nothing, [0; 512])
            .list_async(&ListBanned)
            .unwrap(),
    );
}

/// As firmware would write it: two calls through one buffer, one kind of error.
fn two_calls<E: AsEndpoint, S: Connect>(node: &mut Client<E, S, &mut [u8]>) -> Result<(u64, u64), Error<S::Error>> {
    let count = node.call(&GetConnectionCount)?;
    let totals = node.call(&GetNetTotals)?;
    Ok((count, totals.total_bytes_sent))
}

async fn two_calls_async<E: AsEndpoint, S: ConnectAsync>(
    node: &mut Client<E, S, &mut [u8]>,
) -> Result<(u64, u64), Error<S::Error>> {
    let count = node.call_async(&GetConnectionCount).await?;
    let totals = node.call_async(&GetNetTotals).await?;
    Ok((count, totals.total_bytes_sent))
}

/// Like the one before, with separate parts.
fn two_calls_by_parts<S: Connect>(
    endpoint: &Endpoint<'_>,
    connection: &mut Connection,
    stream: &mut S,
    buf: &mut [u8],
) -> Result<(u64, u64), Error<S::Error>> {
    connection.call(endpoint, &GetConnectionCount, buf)?;
    let count: u64 = connection.run(stream, buf)?.response()?;
    connection.call(endpoint, &GetNetTotals, buf)?;
    let totals: NetTotals = connection.run(stream, buf)?.response()?;
    Ok((count, totals.total_bytes_sent))
}

#[test]
fn two_calls_go_through_one_buffer_with_question_marks() {
    let totals = recordings::named("crowd-getnettotals");
    let totals: serde_json::Value = serde_json::from_slice(totals.body()).unwrap();
    let answers = [result("8"), Answer::Result(totals["result"].to_string())];
    let script: [&[Answer]; 1] = [&answers];
    let mut buf = [0; 1024];
    let mut client = Client::new(endpoint(), Node::new(&script), buf.as_mut_slice());
    assert_eq!(two_calls(&mut client), Ok((8, 130_774)));
    assert_eq!(kind(two_calls(&mut client)), ErrorKind::Closed);
    let mut client = Client::new(endpoint(), Node::new(&script), buf.as_mut_slice());
    assert_eq!(block_on(two_calls_async(&mut client)), Ok((8, 130_774)));
    assert_eq!(kind(block_on(two_calls_async(&mut client))), ErrorKind::Closed);
    let (mut connection, mut node) = (Connection::new(), Node::new(&script));
    let given = two_calls_by_parts(&endpoint(), &mut connection, &mut node, &mut buf);
    assert_eq!((given, node.opened), (Ok((8, 130_774)), 1));
}
