//! The connection as a state machine: what it decides about a stream, and what it answers to misuse.

use defichain_net_rpc::http::{self, Endpoint};
use defichain_net_rpc::network::{
    AddNode, ClearBanned, DisconnectNode, GetAddedNodeInfo, GetConnectionCount, GetNetTotals, GetNetworkInfo,
    GetNodeAddresses, GetNodeStatusInfo, GetPeerInfo, GetVersionInfo, ListBanned, Ping, SetBan, SetNetworkActive,
};
use defichain_net_rpc::rpc::Code;
use defichain_net_rpc::{
    Address, BufferTooSmall, Connection, Error, ErrorKind, Method, REPLY_SPACE, Reply, Response, Subnet, Want,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::streams::receive;
use crate::{caller, exchanges, methods};

const BODY: &str = r#"{"result":8,"error":null,"id":1}"#;

fn endpoint() -> Endpoint<'static> {
    Endpoint::from_url("http://foo:bar@localhost:8554").unwrap()
}

/// A reply with this body and its length.
fn with_length(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// The reply with the result 8 to the request with this id.
fn eight(id: u64) -> String {
    with_length(&format!(r#"{{"result":8,"error":null,"id":{id}}}"#))
}

/// The head of a chunked reply, followed by this.
fn chunked(chunks: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}")
}

/// A method that changes something, answered with a number here.
struct Change;

impl Method for Change {
    type Response<'a> = u64;

    fn name(&self) -> &'static str {
        "change"
    }
}

/// A connection, its buffer, and what was done for it.
struct Node {
    connection: Connection,
    buf: Vec<u8>,
    opened: usize,
}

impl Node {
    fn new(len: usize) -> Self {
        Self {
            connection: Connection::new(),
            buf: vec![0; len],
            opened: 0,
        }
    }

    /// One whose stream has brought a reply, and can be used again.
    #[track_caller]
    fn used(len: usize) -> Self {
        let mut node = Self::new(len);
        node.call(&GetConnectionCount);
        assert_eq!(node.number(&eight(1)), Ok(8));
        assert!(node.connection.is_open());
        node
    }

    fn poll(&mut self) -> Result<Want<'_, Reply<'_>>, Error> {
        self.connection.poll(&mut self.buf)
    }

    /// Begins a call and writes its request, over a new stream if one is wanted. Returns the request.
    #[track_caller]
    fn call<M: Method>(&mut self, method: &M) -> String {
        self.connection.call(&endpoint(), method, &mut self.buf).unwrap();
        self.send(usize::MAX)
    }

    /// Opens a stream if one is wanted, and writes the request in pieces of this length.
    fn send(&mut self, piece: usize) -> String {
        let (sent, opened) = caller::send(&mut self.connection, &mut self.buf, piece);
        self.opened += opened;
        sent
    }

    /// Receives bytes in pieces of this length as long as they are wanted. Returns the rest.
    fn bring<'p>(&mut self, bytes: &'p [u8], piece: usize) -> &'p [u8] {
        caller::bring(&mut self.connection, &mut self.buf, bytes, piece)
    }

    /// Brings a reply, and reads its result.
    fn number(&mut self, reply: &str) -> Result<u64, Error> {
        self.bring(reply.as_bytes(), usize::MAX);
        self.result()
    }

    #[track_caller]
    fn result(&mut self) -> Result<u64, Error> {
        match self.poll()? {
            Want::Ready(reply) => reply.response(),
            want => panic!("{want:?}"),
        }
    }

    #[track_caller]
    fn kind(&mut self) -> ErrorKind {
        self.poll().map(|want| format!("{want:?}")).unwrap_err().kind
    }

    fn shown(&mut self) -> String {
        format!("{:?}", self.poll())
    }
}

#[test]
fn a_request_is_written_in_pieces_of_any_size() {
    let request = "POST / HTTP/1.1\r\nHost: localhost:8554\r\nAuthorization: Basic Zm9vOmJhcg==\r\n\
        Content-Type: application/json\r\nAccept-Encoding: identity\r\nContent-Length: 66\r\n\r\n\
        {\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"getconnectioncount\",\"params\":[]}";
    for piece in 1..=request.len() {
        let mut node = Node::new(512);
        assert_eq!(
            node.connection.call(&endpoint(), &GetConnectionCount, &mut node.buf),
            Ok(1)
        );
        node.connection.written(0);
        assert_eq!(node.send(piece), request);
        assert_eq!(node.number(&eight(1)), Ok(8));
    }
}

#[test]
fn a_stream_is_used_for_many_calls_and_ids_count_up() {
    let mut node = Node::new(512);
    for id in 1..5 {
        let request = node.call(&GetConnectionCount);
        assert!(request.contains(&format!("\"id\":{id},")), "{request}");
        assert_eq!(node.number(&eight(id)), Ok(8));
        assert_eq!(
            (node.connection.id(), node.opened, node.connection.is_open()),
            (id, 1, true)
        );
    }
    let mut node = Node::new(512);
    node.connection = Connection::with_first_id(u64::MAX);
    for id in [u64::MAX, 0] {
        assert_eq!(node.connection.call(&endpoint(), &Ping, &mut node.buf), Ok(id));
    }
    assert_eq!(Connection::default().id(), 1);
}

#[test]
fn a_stream_that_will_be_closed_is_not_used_again() {
    let closing = [("Connection", "close")];
    let asks_to_close = endpoint().with_headers(&closing).unwrap();
    for (endpoint, reply) in [
        (endpoint(), eight(1).replacen("\r\n", "\r\nConnection: close\r\n", 1)),
        (endpoint(), eight(1).replacen("HTTP/1.1", "HTTP/1.0", 1)),
        (endpoint(), eight(1) + "H"),
        (asks_to_close, eight(1)),
        (
            asks_to_close,
            eight(1).replacen("\r\n", "\r\nConnection: keep-alive\r\n", 1),
        ),
    ] {
        let mut node = Node::new(512);
        node.connection
            .call(&endpoint, &GetConnectionCount, &mut node.buf)
            .unwrap();
        node.send(usize::MAX);
        assert_eq!(node.number(&reply), Ok(8), "{reply}");
        assert!(!node.connection.is_open(), "{reply}");
        node.call(&GetConnectionCount);
        assert_eq!(node.opened, 2, "{reply}");
    }
}

#[test]
fn a_body_up_to_the_end_of_the_stream_is_complete_there() {
    let mut node = Node::new(512);
    node.call(&GetConnectionCount);
    node.bring(b"HTTP/1.1 200 OK\r\n\r\n", usize::MAX);
    node.bring(BODY.as_bytes(), 5);
    assert!(node.shown().starts_with("Ok(Read("));
    node.connection.received(0);
    assert_eq!(node.result(), Ok(8));
    assert!(!node.connection.is_open());

    node.call(&GetConnectionCount);
    node.bring(b"HTTP/1.1 200 OK\r\n\r\n{", usize::MAX);
    node.connection.broken();
    assert_eq!(node.kind(), ErrorKind::Truncated);
}

/// Something that happens to a node.
type Step = fn(&mut Node);

/// What ends a reused stream without a reply.
const STALE: [(&str, Step); 6] = [
    ("end", |node| node.connection.received(0)),
    ("failure", |node| node.connection.broken()),
    ("408", |node| {
        node.bring(b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n", usize::MAX);
    }),
    ("408 in pieces", |node| {
        node.bring(b"HTTP/1.0 408 Request Timeout\r\n\r\n", 1);
    }),
    ("no HTTP", |node| {
        node.bring(b"<html>", usize::MAX);
    }),
    ("no HTTP, in pieces", |node| {
        node.bring(b"HTTP/2", 1);
    }),
];

#[test]
fn a_request_over_a_stale_stream_is_sent_again_once() {
    for (how, end) in STALE {
        let mut node = Node::used(512);
        let request = node.call(&GetConnectionCount);
        end(&mut node);
        assert_eq!(node.send(usize::MAX), request, "{how}");
        assert_eq!(node.opened, 2, "{how}");
        let mut other = node.connection.clone();
        assert_eq!(node.number(&eight(2)), Ok(8), "{how}");
        other.received(0);
        assert_eq!(other.poll(&mut node.buf).unwrap_err().kind, ErrorKind::Closed, "{how}");
    }
}

#[test]
fn a_new_stream_is_not_replaced() {
    for (how, end) in STALE {
        let mut node = Node::new(512);
        node.call(&GetConnectionCount);
        end(&mut node);
        let kind = node
            .poll()
            .map(|want| matches!(want, Want::Ready(_)))
            .map_err(|error| error.kind);
        let expected = match how {
            "end" | "failure" => Err(ErrorKind::Closed),
            "408" => Ok(true),
            "408 in pieces" => Ok(false),
            _ => Err(ErrorKind::Http(http::ErrorKind::Version)),
        };
        assert_eq!(kind, expected, "{how}");
    }
}

#[test]
fn what_changes_something_is_never_sent_twice() {
    for (how, end) in STALE {
        let mut node = Node::used(512);
        node.call(&Change);
        end(&mut node);
        assert_eq!(node.kind(), ErrorKind::Unconfirmed, "{how}");
        assert!(!node.connection.is_open());
    }
    // On a new stream it may be lost as well.
    let mut node = Node::new(512);
    node.call(&Change);
    node.connection.received(0);
    assert_eq!(node.kind(), ErrorKind::Unconfirmed);
    assert_eq!(node.call(&GetConnectionCount).matches("POST").count(), 1);
    assert_eq!(node.opened, 2);
}

#[test]
fn what_was_not_written_as_a_whole_is_sent_again_whatever_it_does() {
    for written in [0, 1, 100] {
        for end in [
            |node: &mut Node| node.connection.received(0),
            |node: &mut Node| {
                node.connection.broken();
            },
        ] {
            let mut node = Node::used(512);
            node.connection.call(&endpoint(), &Change, &mut node.buf).unwrap();
            node.connection.written(written);
            end(&mut node);
            let request = node.send(usize::MAX);
            assert!(request.starts_with("POST / ") && request.ends_with('}'), "{request}");
            assert_eq!(node.opened, 2);
            assert_eq!(node.number(&eight(2)), Ok(8));
        }
    }
    let mut node = Node::new(512);
    node.connection.call(&endpoint(), &Change, &mut node.buf).unwrap();
    node.connection.connected();
    node.connection.written(5);
    node.connection.broken();
    assert_eq!(node.kind(), ErrorKind::Closed);
}

#[test]
fn a_reused_stream_that_ends_within_the_reply_is_not_replaced() {
    for begin in ["H", "HTTP/1.1 20", "HTTP/1.1 200", "HTTP/1.1 100 Continue\r\n\r\n"] {
        for piece in [1, usize::MAX] {
            let mut node = Node::used(512);
            node.call(&GetConnectionCount);
            node.bring(begin.as_bytes(), piece);
            assert!(node.connection.reply_has_begun());
            node.connection.received(0);
            assert_eq!(node.kind(), ErrorKind::Truncated, "{begin}");
        }
    }
}

#[test]
fn a_stream_that_ends_between_two_calls_is_not_used_again() {
    for end in [
        |connection: &mut Connection| connection.received(0),
        |connection: &mut Connection| connection.received(1),
        Connection::broken,
        Connection::close,
    ] {
        let mut node = Node::used(512);
        end(&mut node.connection);
        assert!(!node.connection.is_open());
        // The reply is still there.
        assert_eq!(node.result(), Ok(8));
        node.call(&GetConnectionCount);
        assert_eq!(node.opened, 2);
        assert_eq!(node.number(&eight(2)), Ok(8));
    }
    // One may be opened beforehand.
    let mut connection = Connection::new();
    connection.connected();
    let mut buf = [0; 512];
    connection.call(&endpoint(), &Ping, &mut buf).unwrap();
    assert!(matches!(connection.poll(&mut buf), Ok(Want::Write(_))));
}

#[test]
fn a_stream_that_ends_right_behind_the_reply_is_not_used_again() {
    for end in [|connection: &mut Connection| connection.received(0), Connection::broken] {
        let mut node = Node::new(512);
        node.call(&GetConnectionCount);
        node.bring(eight(1).as_bytes(), usize::MAX);
        end(&mut node.connection);
        assert_eq!(node.result(), Ok(8));
        assert!(!node.connection.is_open());
        node.call(&GetConnectionCount);
        assert_eq!((node.number(&eight(2)), node.opened), (Ok(8), 2));
    }
}

#[test]
fn a_call_that_is_given_up_gives_up_its_stream() {
    for reply in ["", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{"] {
        let mut node = Node::used(512);
        node.call(&GetConnectionCount);
        node.bring(reply.as_bytes(), usize::MAX);
        node.call(&GetConnectionCount);
        assert_eq!(node.opened, 2, "{reply}");
        assert_eq!(node.number(&eight(3)), Ok(8));
    }
    let mut node = Node::used(512);
    node.connection.call(&endpoint(), &Ping, &mut node.buf).unwrap();
    node.connection.written(3);
    node.call(&GetConnectionCount);
    assert_eq!(node.opened, 2);
}

#[test]
fn a_caller_that_closes_the_stream_gets_to_know_what_became_of_the_call() {
    let steps: [(Step, [ErrorKind; 2]); 5] = [
        (|_| (), [ErrorKind::Closed, ErrorKind::Closed]),
        (
            |node| node.connection.written(5),
            [ErrorKind::Closed, ErrorKind::Closed],
        ),
        (
            |node| node.connection.written(usize::MAX),
            [ErrorKind::Closed, ErrorKind::Unconfirmed],
        ),
        (
            |node| {
                node.send(usize::MAX);
                node.bring(b"HTTP/1.1 200", usize::MAX);
            },
            [ErrorKind::Truncated, ErrorKind::Truncated],
        ),
        (
            |node| {
                node.send(usize::MAX);
                node.bring(b"HTTP/1.1 200 OK\r\n\r\n{", usize::MAX);
                assert!(node.poll().is_ok());
            },
            [ErrorKind::Truncated, ErrorKind::Truncated],
        ),
    ];
    for (index, (step, kinds)) in steps.into_iter().enumerate() {
        for (changes, kind) in [false, true].into_iter().zip(kinds) {
            let mut node = Node::used(512);
            let begun = if changes {
                node.connection.call(&endpoint(), &Change, &mut node.buf)
            } else {
                node.connection.call(&endpoint(), &GetConnectionCount, &mut node.buf)
            };
            begun.unwrap();
            step(&mut node);
            node.connection.close();
            assert_eq!(node.kind(), kind, "{index}");
            // Nothing is sent again.
            node.connection.close();
            assert_eq!(node.kind(), kind, "{index}");
            assert_eq!(node.call(&GetConnectionCount).matches("POST").count(), 1);
            assert_eq!(node.number(&eight(3)), Ok(8));
        }
    }
    let mut node = Node::new(512);
    node.connection.call(&endpoint(), &Change, &mut node.buf).unwrap();
    node.connection.close();
    assert_eq!(node.kind(), ErrorKind::Closed);
}

/// What a reused stream brings is decided as soon as the status is there, before its line is.
#[test]
fn the_status_alone_says_whether_a_request_is_sent_again() {
    let mut node = Node::used(512);
    node.call(&GetConnectionCount);
    node.bring(b"HTTP/1.1 408", usize::MAX);
    let polled = node.poll();
    assert!(matches!(polled, Ok(Want::Connect)), "{polled:?}");

    let mut node = Node::used(endpoint().request_len(&GetConnectionCount));
    node.call(&GetConnectionCount);
    node.bring(b"HTTP/1.1 200", usize::MAX);
    let Ok(Want::Read(space)) = node.poll() else {
        panic!("the reply goes on")
    };
    // There was no room behind the request but for the status, so the request has left the buffer.
    assert!(space.len() > 200, "{}", space.len());
}

#[test]
fn only_the_methods_that_read_are_repeatable() {
    let subnet = Subnet::parse("198.51.100.0/24").unwrap();
    let count = std::num::NonZero::<u16>::MIN;
    let reads = [
        named(&GetAddedNodeInfo { node: None }),
        named(&GetConnectionCount),
        named(&GetNetTotals),
        named(&GetNetworkInfo),
        named(&GetNodeAddresses { count }),
        named(&GetNodeStatusInfo),
        named(&GetPeerInfo),
        named(&GetVersionInfo),
        named(&ListBanned),
        named(&Ping),
    ];
    let address = Address::from("localhost:8555");
    let changes = [
        named(&AddNode::Add(address)),
        named(&ClearBanned),
        named(&DisconnectNode::Address(address)),
        named(&SetBan::Remove(subnet)),
        named(&SetNetworkActive { state: true }),
        named(&Change),
    ];
    for (name, is_repeatable) in &reads {
        assert!(is_repeatable, "{name} only reads");
    }
    for (name, is_repeatable) in &changes {
        assert!(!is_repeatable, "{name} changes something");
    }
    let listed = reads.iter().chain(&changes).map(|(name, _)| name.as_str());
    methods::assert_all_listed(listed, |(name, _)| name);
}

/// The name of a method, and whether it may be repeated.
fn named<M: Method>(method: &M) -> (String, bool) {
    (method.name().to_owned(), method.is_repeatable())
}

#[test]
fn a_batch_is_repeatable_if_all_of_its_methods_are() {
    for (changes_at, requests) in [(None, 2), (Some(0), 1), (Some(1), 1)] {
        let mut node = Node::used(1024);
        let mut filled = 0;
        let ids = node.connection.batch(&endpoint(), &mut node.buf, |batch| {
            filled += 1;
            let mut push = |index| {
                if changes_at == Some(index) {
                    batch.push(&Change)
                } else {
                    batch.push(&Ping)
                }
            };
            (push(0), push(1))
        });
        assert_eq!((ids, filled, node.connection.id()), (Ok((2, 3)), 1, 2));
        let mut request = node.send(usize::MAX);
        node.connection.received(0);
        if node.poll().is_ok() {
            request += &node.send(usize::MAX);
            let body = r#"[{"result":9,"error":null,"id":3},{"result":8,"error":null,"id":2}]"#;
            node.bring(with_length(body).as_bytes(), 7);
            assert!(matches!(node.poll(), Ok(Want::Ready(_))));
            let mut slots = [const { None }; 2];
            let replies = node.connection.reply(&node.buf).unwrap().batch(&mut slots).unwrap();
            assert_eq!((replies.response(2), replies.response(3)), (Ok(8_u64), Ok(9_u64)));
        } else {
            assert_eq!(node.kind(), ErrorKind::Unconfirmed);
        }
        assert_eq!(request.matches("POST").count(), requests, "a change at {changes_at:?}");
        // The next request has an id of its own.
        assert_eq!(node.connection.call(&endpoint(), &Ping, &mut node.buf), Ok(4));
    }
}

#[test]
fn the_length_of_a_batch_is_that_of_its_body() {
    for count in [0, 1, 40] {
        let mut node = Node::new(16384);
        node.connection
            .batch(&endpoint(), &mut node.buf, |batch| {
                for _ in 0..count {
                    batch.push(&Ping);
                }
            })
            .unwrap();
        let request = node.send(9);
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        assert!(head.ends_with(&format!("\r\nContent-Length: {}", body.len())), "{head}");
        assert!(body.starts_with('[') && body.ends_with(']'), "{body}");
        assert_eq!(body.matches("ping").count(), count);
    }
}

#[test]
fn poll_says_the_same_until_something_happens() {
    #[track_caller]
    fn twice(node: &mut Node) -> String {
        let first = node.shown();
        assert_eq!(node.shown(), first);
        first
    }
    let mut node = Node::new(512);
    node.connection
        .call(&endpoint(), &GetConnectionCount, &mut node.buf)
        .unwrap();
    assert_eq!(twice(&mut node), "Ok(Connect)");
    node.connection.connected();
    while twice(&mut node).starts_with("Ok(Write(") {
        node.connection.written(5);
    }
    for byte in eight(1).as_bytes() {
        assert!(twice(&mut node).starts_with("Ok(Read("));
        node.bring(&[*byte], 1);
    }
    assert!(twice(&mut node).starts_with("Ok(Ready(Reply { status: 200, id: 1, body: 32 bytes"));

    node.connection = Connection::awaiting_reply(1);
    node.bring(b"SSH-2.0-", usize::MAX);
    let error = twice(&mut node);
    assert!(error.starts_with("Err("), "{error}");
    node.connection.received(0);
    node.connection.received(1);
    node.connection.broken();
    assert_eq!(twice(&mut node), error);
}

#[test]
fn nothing_is_shown_of_a_buffer_with_credentials() {
    let mut node = Node::new(512);
    node.connection
        .call(&endpoint(), &GetConnectionCount, &mut node.buf)
        .unwrap();
    node.connection.connected();
    for shown in [node.shown(), format!("{:?}", node.connection)] {
        assert!(!shown.contains("Zm9v") && !shown.contains("foo"), "{shown}");
    }
}

#[test]
fn what_was_not_asked_for_is_refused_and_changes_nothing() {
    let mut node = Node::new(512);
    assert_eq!(node.kind(), ErrorKind::NoReply);
    assert_eq!(
        node.connection.poll_element(&mut node.buf).unwrap_err().kind,
        ErrorKind::NoReply
    );
    assert_eq!(
        node.connection.element::<u64>(&node.buf).unwrap_err().kind,
        ErrorKind::NoReply
    );
    assert_eq!(node.connection.reply(&node.buf).unwrap_err().kind, ErrorKind::NoReply);
    assert!(node.connection.node_error(&node.buf).is_none());
    node.connection.written(5);
    node.connection.received(5);
    node.connection.received(0);
    node.connection.broken();
    node.connection.close();
    assert_eq!(node.kind(), ErrorKind::NoReply);

    node.call(&GetConnectionCount);
    node.connection.written(1);
    assert_eq!(node.connection.reply(&node.buf).unwrap_err().kind, ErrorKind::NoReply);
    assert_eq!(
        node.connection.element::<u64>(&node.buf).unwrap_err().kind,
        ErrorKind::NoReply
    );
    assert_eq!(node.number(&eight(1)), Ok(8));
    node.connection.written(1);
    assert_eq!(
        node.connection.element::<u64>(&node.buf).unwrap_err().kind,
        ErrorKind::NoReply
    );
    assert_eq!(node.result(), Ok(8));
}

#[test]
fn a_count_of_more_than_was_given_is_not_believed() {
    for extra in [1, 1000, usize::MAX - 512] {
        let mut node = Node::new(512);
        node.connection
            .call(&endpoint(), &GetConnectionCount, &mut node.buf)
            .unwrap();
        node.connection.connected();
        node.connection.written(usize::MAX);
        assert!(matches!(node.poll(), Ok(Want::Read(space)) if space.len() == 512));
        // The space holds the request, which must not be taken for a reply.
        node.connection.received(512 + extra);
        assert_eq!(node.kind(), ErrorKind::Closed);
        node.call(&GetConnectionCount);
        node.bring(b"HTTP/1.1 200 OK\r\n\r\n{", usize::MAX);
        let Ok(Want::Read(space)) = node.poll() else { panic!() };
        let count = space.len() + extra;
        node.connection.received(count);
        assert_eq!(node.kind(), ErrorKind::Truncated);
        // Received bytes use up the space.
        node.call(&GetConnectionCount);
        let Ok(Want::Read(space)) = node.poll() else { panic!() };
        space.fill(b'H');
        node.connection.received(512);
        node.connection.received(1);
        assert_eq!(node.kind(), ErrorKind::Http(http::ErrorKind::Version));
    }
}

#[test]
fn a_stream_that_was_replaced_within_a_call_has_broken() {
    // While the request is written, it is written again as a whole.
    let mut node = Node::new(512);
    node.connection.call(&endpoint(), &Change, &mut node.buf).unwrap();
    node.connection.connected();
    node.connection.written(7);
    node.connection.connected();
    assert!(node.send(usize::MAX).starts_with("POST"));
    // While the reply is awaited, it is lost.
    node.connection.connected();
    assert_eq!(node.kind(), ErrorKind::Unconfirmed);
    // The new stream serves the next call.
    node.call(&GetConnectionCount);
    assert_eq!(node.opened, 0);
    node.bring(b"HTTP/1.1 200 OK\r\n", usize::MAX);
    node.connection.connected();
    assert_eq!(node.kind(), ErrorKind::Closed);

    let mut node = Node::used(512);
    let request = node.call(&GetConnectionCount);
    node.connection.connected();
    assert_eq!(node.send(usize::MAX), request);
    assert_eq!(node.number(&eight(2)), Ok(8));
    assert_eq!(node.opened, 1);
}

#[test]
fn what_has_come_counts_before_the_caller_closes_the_stream() {
    for length in 0..=eight(1).len() {
        let outcome = |polls: bool| {
            let mut node = Node::new(512);
            node.call(&Change);
            node.bring(&eight(1).as_bytes()[..length], usize::MAX);
            if polls {
                _ = node.poll();
            }
            node.connection.close();
            assert!(!node.connection.is_open());
            let outcome = node.shown();
            node.connection.close();
            assert_eq!(node.shown(), outcome);
            outcome
        };
        assert_eq!(outcome(true), outcome(false), "{length}");
    }
    let mut node = Node::used(512);
    node.call(&GetConnectionCount);
    node.bring(b"HTTP/1.1 408 Request Timeout\r\n", usize::MAX);
    node.connection.close();
    assert_eq!(node.kind(), ErrorKind::Closed);
}

#[test]
fn a_failure_stays_whatever_happens_to_the_stream() {
    let failures: [Step; 3] = [
        |node| {
            node.send(usize::MAX);
            node.bring(b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", usize::MAX);
        },
        |node| {
            assert!(matches!(node.poll(), Ok(Want::Connect)));
            node.connection.broken();
        },
        |node| {
            node.send(usize::MAX);
            node.connection.received(0);
        },
    ];
    for (index, fail) in failures.into_iter().enumerate() {
        let mut node = Node::new(512);
        node.connection.call(&endpoint(), &Change, &mut node.buf).unwrap();
        fail(&mut node);
        let failure = node.poll().map(|_| ()).unwrap_err();
        // A stream is opened for the next call, and lost.
        let steps: [fn(&mut Connection); 6] = [
            Connection::connected,
            |connection| connection.written(1000),
            |connection| connection.received(1),
            |connection| connection.received(0),
            Connection::broken,
            Connection::close,
        ];
        for step in steps {
            step(&mut node.connection);
            assert_eq!(node.poll().map(|_| ()), Err(failure), "{index}");
        }
        assert_eq!(node.connection.reply(&node.buf).map(|_| ()), Err(failure), "{index}");
        node.connection.connected();
        let before = node.opened;
        node.call(&GetConnectionCount);
        assert_eq!((node.number(&eight(2)), node.opened), (Ok(8), before), "{index}");
    }
}

#[test]
fn a_shorter_buffer_is_told_and_changes_nothing() {
    let mut node = Node::new(256);
    node.connection = Connection::awaiting_reply(1);
    let list = with_length(r#"{"result":[12345,6],"error":null,"id":1}"#);
    node.bring(list.as_bytes(), usize::MAX);
    assert!(node.poll().is_ok());
    let needed = list.len();
    let reply = node.connection.reply(&node.buf[..20]).unwrap_err();
    assert_eq!(reply.kind, ErrorKind::TooLong { needed });
    assert!(matches!(
        node.connection.poll_element(&mut node.buf),
        Ok(Want::Ready(true))
    ));
    let element = node.connection.element::<u64>(&node.buf[..20]).unwrap_err();
    assert_eq!(element.kind, ErrorKind::TooLong { needed });
    assert_eq!(node.connection.element::<u64>(&node.buf), Ok(12345));
    // No space was lent since.
    node.connection = Connection::awaiting_reply(1);
    node.bring(&list.as_bytes()[..60], usize::MAX);
    assert!(matches!(
        node.connection.poll_element(&mut node.buf),
        Ok(Want::Ready(true))
    ));
    node.connection.received(5);
    assert!(!node.connection.is_open());
}

#[test]
fn an_error_is_explained_without_what_a_terminal_would_obey() {
    let reply = "HTTP/1.1 301 Moved\r\nLocation: /a\u{9b}31mred\tx\r\nContent-Length: 0\r\n\r\n";
    let mut node = Node::new(512);
    node.connection = Connection::awaiting_reply(1);
    let error = node.number(reply).unwrap_err();
    let line = node.connection.explain(error, &node.buf).to_string();
    assert_eq!(line, "http 301: a redirect; use the address that it names: /a?31mred?x");
}

#[test]
fn a_reply_has_begun_with_its_first_byte() {
    for method in [true, false] {
        let mut node = Node::used(512);
        if method {
            node.call(&GetConnectionCount);
        } else {
            node.call(&Change);
        }
        assert!(!node.connection.reply_has_begun());
        let Ok(Want::Read(space)) = node.poll() else { panic!() };
        space[0] = b'H';
        node.connection.received(1);
        assert!(node.connection.reply_has_begun());
        assert!(node.poll().is_ok());
        assert!(node.connection.reply_has_begun());
    }
}

#[test]
fn a_buffer_that_is_too_small_for_a_request_says_what_is_needed() {
    let needed = endpoint().request_len(&GetConnectionCount);
    assert_eq!(needed, 252);
    let mut node = Node::used(512);
    node.connection = Connection::with_first_id(u64::MAX);
    for len in 0..needed {
        let error = node
            .connection
            .call(&endpoint(), &GetConnectionCount, &mut vec![0; len]);
        assert_eq!(error.unwrap_err().needed, needed);
        let error = node.connection.batch(&endpoint(), &mut vec![0; len], |batch| {
            batch.push(&GetConnectionCount);
        });
        assert_eq!(error.unwrap_err().needed, needed + 2);
        assert_eq!(node.kind(), ErrorKind::NoReply);
    }
    let request = needed - REPLY_SPACE;
    node.buf = vec![0; needed];
    assert_eq!(node.call(&GetConnectionCount).len(), request);
    assert!(
        BufferTooSmall::to_string(&node.connection.call(&endpoint(), &Ping, &mut []).unwrap_err()).contains("needed")
    );
}

#[test]
fn a_buffer_too_small_for_the_reply_is_told_once_the_length_is_known() {
    let reply = eight(1);
    let head = reply.len() - BODY.len();
    for len in head..reply.len() {
        let mut node = Node::new(len);
        node.connection = Connection::awaiting_reply(1);
        node.bring(&reply.as_bytes()[..head], usize::MAX);
        let sent = usize::from(len > head);
        if sent > 0 {
            // It may be an answer that can be cut.
            node.bring(b"{", 1);
        }
        let error = node.poll().unwrap_err();
        let needed = reply.len();
        assert_eq!((error.kind, error.offset), (ErrorKind::TooLong { needed }, head));
        // The call continues with a longer buffer.
        node.buf.resize(needed, 0);
        assert_eq!(node.number(&BODY[sent..]), Ok(8));
    }
}

#[test]
fn a_call_goes_on_in_a_buffer_that_grows() {
    let long = format!(r#"{{"result":8,"more":"{}","error":null,"id":2}}"#, "x".repeat(3000));
    let chunks = format!("{:x}\r\n{long}\r\n0\r\n\r\n", long.len());
    let close = format!("HTTP/1.1 200 OK\r\n\r\n{long}");
    let head = format!("HTTP/1.1 200 OK\r\nServer: {}\r\n", "x".repeat(1000));
    for reply in [
        with_length(&long),
        chunked(&chunks),
        close,
        with_length(&long).replacen("HTTP/1.1 200 OK\r\n", &head, 1),
    ] {
        for piece in [1, 7, 500, usize::MAX] {
            for used in [false, true] {
                let mut node = if used { Node::used(252) } else { Node::new(252) };
                if !used {
                    node.connection = Connection::with_first_id(2);
                }
                node.call(&GetConnectionCount);
                let mut rest = reply.as_bytes();
                let mut grown = 0;
                let result = loop {
                    rest = node.bring(rest, piece);
                    if rest.is_empty() {
                        node.connection.received(0);
                    }
                    match node.poll() {
                        Ok(Want::Ready(reply)) => break reply.response::<u64>(),
                        Ok(want) => panic!("{want:?}"),
                        Err(error) => match error.kind {
                            ErrorKind::TooLong { needed } => {
                                assert!(needed > node.buf.len(), "{needed} {}", node.buf.len());
                                node.buf.resize(needed.max(2 * node.buf.len()), 0);
                                grown += 1;
                            }
                            kind => panic!("{kind:?}"),
                        },
                    }
                };
                assert_eq!(result, Ok(8));
                assert!((1..8).contains(&grown), "{grown}");
            }
        }
    }
}

#[test]
fn a_length_that_no_buffer_can_hold_is_too_long() {
    for length in [1 << 30, u64::MAX] {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
        let mut node = Node::new(256);
        node.connection = Connection::awaiting_reply(1);
        node.bring(head.as_bytes(), usize::MAX);
        node.bring(b"{", 1);
        let needed = usize::try_from(length).unwrap_or(usize::MAX).saturating_add(head.len());
        assert_eq!(node.kind(), ErrorKind::TooLong { needed });
    }
}

#[test]
fn a_full_buffer_is_told_even_if_the_reply_does_not_tell_its_length() {
    let chunked = chunked(&format!("{:x}\r\n{BODY}\r\n", BODY.len()));
    let close = format!("HTTP/1.1 200 OK\r\n\r\n{BODY}");
    for (reply, framing) in [("HTTP/1.1 200 OK\r\nServer: x", 0), (&chunked, 6), (&close, 0)] {
        for size in 7..reply.len() - framing {
            let mut node = Node::new(size);
            node.connection = Connection::awaiting_reply(1);
            let rest = node.bring(reply.as_bytes(), usize::MAX);
            let error = node.poll().unwrap_err();
            assert_eq!(error.kind, ErrorKind::TooLong { needed: size + 1 });
            assert_eq!(error.offset, reply.len() - rest.len());
        }
    }
}

#[test]
fn a_buffer_that_shrank_loses_nothing() {
    let steps: [fn(&mut Node); 4] = [
        |_| (),
        |node| node.connection.written(17),
        |node| {
            node.send(usize::MAX);
            node.bring(b"HTTP/1.1 ", usize::MAX);
        },
        |node| {
            node.send(usize::MAX);
            node.bring(&eight(2).as_bytes()[..60], usize::MAX);
        },
    ];
    for (index, step) in steps.into_iter().enumerate() {
        let mut node = Node::used(512);
        node.connection
            .call(&endpoint(), &GetConnectionCount, &mut node.buf)
            .unwrap();
        step(&mut node);
        let before = node.shown();
        for len in (0..512).rev() {
            let short = &mut node.buf[..len];
            let shown = match node.connection.poll(short) {
                Ok(want) => format!("{want:?}"),
                Err(error) => match error.kind {
                    ErrorKind::TooLong { needed } => {
                        assert!(needed > len);
                        continue;
                    }
                    kind => panic!("{kind:?}"),
                },
            };
            assert!(before.contains(&shown[..5]), "{index}: {shown} with {len}, {before}");
        }
        // The received bytes may have moved to the front.
        assert_eq!(node.shown()[..8], before[..8], "{index}");
        node.send(usize::MAX);
        let sent = if index == 2 {
            9
        } else if index == 3 {
            60
        } else {
            0
        };
        assert_eq!(node.number(&eight(2)[sent..]), Ok(8), "{index}");
        assert!(node.connection.reply(&node.buf[..8]).is_err());
        assert!(node.connection.reply(&node.buf).is_ok());
    }
}

#[test]
fn bytes_that_nobody_has_looked_at_are_not_lost_in_a_buffer_that_shrank() {
    for mut node in [Node::new(256), Node::used(256)] {
        node.call(&GetConnectionCount);
        let reply = eight(node.connection.id());
        for come in 1..reply.len() {
            for len in 0..node.buf.len() {
                let mut node = Node {
                    connection: node.connection.clone(),
                    buf: node.buf.clone(),
                    ..node
                };
                node.bring(&reply.as_bytes()[..come], usize::MAX);
                _ = node.connection.poll(&mut node.buf[..len]);
                assert_eq!(node.number(&reply[come..]), Ok(8), "{come} bytes, {len} shown");
            }
        }
    }
}

#[test]
fn another_buffer_is_taken_for_the_same() {
    let mut node = Node::used(512);
    let length = node.call(&GetConnectionCount).len();
    let reply = eight(2);
    let rest = {
        let (first, rest) = reply.split_at(50);
        node.bring(first.as_bytes(), usize::MAX);
        rest
    };
    // The received bytes are not HTTP any more, so the stream counts as stale.
    node.buf.fill(b'?');
    assert_eq!(node.shown(), "Ok(Connect)");
    node.connection.connected();
    assert_eq!(node.send(usize::MAX), "?".repeat(length));
    node.bring(rest.as_bytes(), usize::MAX);
    assert!(node.poll().is_err());
    node.call(&GetConnectionCount);
    assert_eq!(node.number(&eight(3)), Ok(8));
}

#[test]
fn an_answer_that_is_not_json_is_cut_where_the_buffer_ends() {
    let page = format!("<html>\n{}</html>", "sorry ".repeat(800));
    let text = "Service unavailable\n".repeat(300);
    for (status, body) in [(401, &page), (503, &page), (503, &text), (200, &text)] {
        let head = format!("HTTP/1.1 {status} Reason\r\n");
        let replies = [
            format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()),
            format!(
                "{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n",
                body.len()
            ),
            format!("{head}\r\n{body}"),
        ];
        for reply in &replies {
            for (len, piece) in [(300, 1), (1000, usize::MAX), (4096, 7), (4096, usize::MAX)] {
                let mut node = Node::used(len);
                node.call(&GetConnectionCount);
                assert!(!node.bring(reply.as_bytes(), piece).is_empty());
                let Ok(Want::Ready(answer)) = node.poll() else {
                    panic!("{}", node.shown())
                };
                assert_eq!(answer.status(), status);
                assert!(body.starts_with(str::from_utf8(answer.body()).unwrap()) && answer.body().len() + 100 > len);
                assert_eq!(answer.line(), body.starts_with('S').then_some("Service unavailable"));
                let error = answer.response::<u64>().unwrap_err();
                match status {
                    200 => assert!(error.kind.json().is_some()),
                    _ => assert_eq!(error.kind, ErrorKind::Status(status)),
                }
                assert_eq!(error.is_transient(), status == 503);
                assert!(!node.connection.is_open());
                // The elements say the same.
                let mut node = Node::used(len);
                node.call(&ListBanned);
                let mut rest = reply.as_bytes();
                let error = loop {
                    match node.connection.poll_element(&mut node.buf) {
                        Ok(Want::Read(space)) => {
                            let count = space.len().min(piece).min(rest.len());
                            space[..count].copy_from_slice(&rest[..count]);
                            rest = &rest[count..];
                            node.connection.received(count);
                        }
                        Ok(want) => panic!("{want:?}"),
                        Err(error) => break error,
                    }
                };
                match status {
                    // What begins like no list is read as a whole, and there is no room for that.
                    200 => assert!(matches!(error.kind, ErrorKind::TooLong { .. } | ErrorKind::Json(_))),
                    _ => assert_eq!(error.kind, ErrorKind::Status(status)),
                }
            }
        }
    }
    // If the head fills the buffer, the error still has the status, but no text.
    let head = "HTTP/1.1 503 Reason\r\nContent-Length: 5000\r\n\r\n";
    let mut node = Node::new(head.len());
    node.connection = Connection::awaiting_reply(1);
    node.bring(head.as_bytes(), usize::MAX);
    assert_eq!(node.result().unwrap_err().kind, ErrorKind::Status(503));
}

#[test]
fn an_error_of_the_node_that_is_too_long_is_not_cut() {
    let body = format!(
        r#"{{"result":null,"error":{{"code":-1,"message":"{}"}},"id":1}}"#,
        "x".repeat(3500)
    );
    let reply = with_length(&body).replacen("200 OK", "500 Internal Server Error", 1);
    let mut node = Node::new(1024);
    node.call(&GetConnectionCount);
    let rest = node.bring(reply.as_bytes(), usize::MAX);
    let needed = reply.len();
    assert_eq!(node.kind(), ErrorKind::TooLong { needed });
    node.buf.resize(needed, 0);
    node.bring(rest, usize::MAX);
    assert_eq!(node.result().unwrap_err().kind, ErrorKind::Node(Code::MISC_ERROR));
    assert_eq!(
        node.connection.node_error(&node.buf).unwrap().message.to_string().len(),
        3500
    );
}

#[test]
fn poll_is_refused_once_elements_are_read() {
    let list = r#"{"result":["a","b"],"error":null,"id":1}"#;
    let mut node = Node::new(512);
    node.call(&ListBanned);
    node.bring(with_length(list).as_bytes(), usize::MAX);
    assert!(matches!(node.poll(), Ok(Want::Ready(_))));
    for element in ["\"a\"", "\"b\""] {
        assert!(matches!(
            node.connection.poll_element(&mut node.buf),
            Ok(Want::Ready(true))
        ));
        assert_eq!(node.kind(), ErrorKind::NoReply);
        assert_eq!(node.connection.reply(&node.buf).unwrap_err().kind, ErrorKind::NoReply);
        let raw: defichain_net_rpc::json::Text<&str> = node.connection.element(&node.buf).unwrap();
        assert_eq!(format!("{raw:?}"), element);
        assert_eq!(
            node.connection.element::<u64>(&node.buf).unwrap_err().kind,
            ErrorKind::NoReply
        );
    }
    for _ in 0..2 {
        assert!(matches!(
            node.connection.poll_element(&mut node.buf),
            Ok(Want::Ready(false))
        ));
        assert_eq!(node.kind(), ErrorKind::NoReply);
    }
    assert!(node.connection.is_open());
    node.call(&GetConnectionCount);
    assert_eq!((node.number(&eight(2)), node.opened), (Ok(8), 1));
}

#[test]
fn an_element_that_cannot_be_passed_over_is_the_last() {
    for list in ["[1,@,3]", "[1,\"\u{1}\",3]", "[1,[},3]"] {
        for (cut, pieces) in [(0, usize::MAX), (0, 1), (20, usize::MAX)] {
            let mut node = Node::new(512);
            node.call(&ListBanned);
            let reply = with_length(&format!(r#"{{"result":{list},"error":null,"id":1}}"#));
            node.bring(&reply.as_bytes()[..reply.len() - cut], pieces);
            node.connection.received(0);
            let mut errors = Vec::new();
            for _ in 0..4 {
                errors.push(match node.connection.poll_element(&mut node.buf) {
                    Ok(Want::Ready(true)) => node.connection.element::<u64>(&node.buf).err(),
                    Ok(want) => panic!("{want:?} in {list}"),
                    Err(error) => Some(error),
                });
            }
            assert!(errors[0].is_none() && errors[1].is_some(), "{errors:?} in {list}");
            assert_eq!(errors[2..], [errors[1]; 2], "{list}");
        }
    }
}

#[test]
fn nothing_that_came_before_the_end_of_the_stream_is_lost() {
    let list = with_length(r#"{"result":["a","b","c"],"error":null,"id":1}"#);
    for cut in 0..list.len() {
        let mut node = Node::new(512);
        node.call(&ListBanned);
        let Ok(Want::Read(space)) = node.poll() else { panic!() };
        space[..cut].copy_from_slice(&list.as_bytes()[..cut]);
        node.connection.received(cut);
        node.connection.received(0);
        let mut count = 0;
        let error = loop {
            match node.connection.poll_element(&mut node.buf) {
                Ok(Want::Ready(true)) => {
                    node.connection
                        .element::<defichain_net_rpc::json::Text<&str>>(&node.buf)
                        .unwrap();
                    count += 1;
                }
                Ok(want) => panic!("{want:?}"),
                Err(error) => break error,
            }
        };
        let come = &list[..cut];
        let expected = ["\"a\",", "\"b\",", "\"c\"]"]
            .iter()
            .filter(|text| come.contains(**text))
            .count();
        assert_eq!((count, error.offset), (expected, cut), "{come}");
        assert_eq!(
            error.kind,
            if cut == 0 {
                ErrorKind::Closed
            } else {
                ErrorKind::Truncated
            },
            "{come}"
        );
    }
}

#[test]
fn the_words_of_the_node_are_one_call_away() {
    let body = r#"{"result":null,"error":{"code":-28,"message":"Loading banlist..."},"id":1}"#;
    for status in [200, 500] {
        let reply = with_length(body).replacen("200", &status.to_string(), 1);
        for elements in [false, true] {
            let mut node = Node::new(512);
            node.call(&ListBanned);
            node.bring(reply.as_bytes(), usize::MAX);
            let error = if elements {
                node.connection.poll_element(&mut node.buf).unwrap_err()
            } else {
                node.result().unwrap_err()
            };
            assert_eq!(error.kind, ErrorKind::Node(Code::IN_WARMUP));
            assert!(error.is_transient());
            assert_eq!(
                node.connection.node_error(&node.buf).unwrap().message,
                "Loading banlist..."
            );
            let reply = node.connection.reply(&node.buf).unwrap();
            assert_eq!(reply.node_error().unwrap().code, Code::IN_WARMUP);
            assert_eq!(reply.status(), status);
        }
    }
}

#[test]
fn a_body_may_come_by_other_means() {
    for piece in [1, 100] {
        let mut node = Node::new(64);
        node.connection = Connection::awaiting_body(1);
        node.bring(BODY.as_bytes(), piece);
        node.connection.received(0);
        assert_eq!(node.result(), Ok(8));
        assert!(!node.connection.is_open());
    }
    let mut node = Node::new(64);
    node.connection = Connection::awaiting_body(1);
    node.connection.received(0);
    assert!(node.result().unwrap_err().kind.json().is_some());
    assert_eq!(node.connection.call(&endpoint(), &Ping, &mut vec![0; 512]), Ok(2));
}

#[test]
fn errors_of_two_calls_pass_through_a_question_mark() {
    fn both(node: &mut Node) -> Result<(u64, u64), Box<dyn std::error::Error>> {
        node.call(&GetConnectionCount);
        let first: Response<GetConnectionCount> = node.number(&eight(1))?;
        node.connection.call(&endpoint(), &GetConnectionCount, &mut node.buf)?;
        node.send(usize::MAX);
        Ok((first, node.number(&eight(9))?))
    }
    let error = both(&mut Node::new(512)).unwrap_err();
    assert_eq!(error.to_string(), "wrong reply id at byte 30");
}

#[test]
fn a_thousand_connections_own_their_buffers() {
    struct Slot {
        node: Node,
        due: u64,
        polls: u64,
    }
    let mut slots: Vec<Slot> = (0..1000)
        .map(|number| Slot {
            node: Node::new(512),
            due: number % 17,
            polls: 0,
        })
        .collect();
    for now in 0..100 {
        for slot in slots.iter_mut().filter(|slot| slot.due == now) {
            slot.node.call(&GetConnectionCount);
            slot.polls += 1;
            let reply = eight(slot.polls);
            slot.node.bring(reply.as_bytes(), 16);
            assert_eq!(slot.node.result(), Ok(8));
            slot.due = now + 10 + slot.polls % 3;
        }
    }
    assert!(slots.iter().all(|slot| slot.polls > 7 && slot.node.opened == 1));
}

#[test]
fn types_are_small_and_can_go_to_other_threads() {
    fn check<T: Send + Sync + 'static>() -> usize {
        size_of::<T>()
    }
    // What the docs say, on 64 bits.
    assert!(check::<Connection>() <= 288, "{}", check::<Connection>());
    assert!(check::<Error>() <= 56, "{}", check::<Error>());
    assert!(check::<ErrorKind>() <= 16);
    assert!(check::<BufferTooSmall>() == 8);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_recorded_body_is_the_same_in_chunks(
        cuts in any_chunks(),
        trailers in vec("[A-Z][a-z]{0,5}:[ -~]{0,12}", 0..3),
    ) {
        let recorded = exchanges::file("v3.2.8/idle-getnettotals.response.http");
        let body = exchanges::body(&recorded);
        receive(37, &in_chunks(body, &cuts, &trailers), |reply| {
            let reply = reply.unwrap();
            assert_eq!(reply.status(), 200);
            assert_eq!(reply.body(), body);
        });
    }

    /// A long body, which would take too long in every way.
    #[test]
    fn a_long_recorded_body_is_the_same_in_chunks(cuts in any_chunks(), pieces in vec(1_usize..3000, 1..30)) {
        let recorded = exchanges::file("v3.2.8/crowd-getpeerinfo.response.http");
        let body = exchanges::body(&recorded);
        let reply = in_chunks(body, &cuts, &[]);
        let mut node = Node::new(reply.len());
        node.connection = Connection::awaiting_reply(87);
        let (mut rest, mut pieces) = (reply.as_slice(), pieces.iter().cycle());
        while let Ok(Want::Read(_)) = node.poll() {
            let (piece, after) = rest.split_at((*pieces.next().unwrap()).min(rest.len()));
            node.bring(piece, usize::MAX);
            rest = after;
        }
        let Ok(Want::Ready(reply)) = node.connection.poll(&mut node.buf) else { panic!("{}", node.shown()) };
        prop_assert!(reply.body() == body);
        prop_assert_eq!(reply.response::<Response<GetPeerInfo>>().unwrap().flatten().count(), 79);
        prop_assert!(node.connection.is_open());
    }

    /// No bytes make it panic, and no cut makes a difference.
    #[test]
    fn any_bytes_come_to_the_same_however_they_are_cut(parts in vec(any_part(), 0..12)) {
        _ = receive(1, without_surplus(&parts.concat()), |reply| reply.map(Reply::status));
    }

    /// Nor does it on a stream that was used before, where the status may say that the request is to be sent again.
    #[test]
    fn no_cut_makes_a_difference_on_a_reused_stream(parts in vec(any_part(), 0..12), piece in 1_usize..40) {
        let bytes = parts.concat();
        let outcome = |piece| {
            let mut node = Node::used(2048);
            node.call(&GetConnectionCount);
            node.bring(&bytes, piece);
            if matches!(node.poll(), Ok(Want::Read(_))) {
                node.connection.received(0);
            }
            node.poll().map(|want| match want {
                Want::Ready(reply) => format!("{} {:?}", reply.status(), reply.body()),
                want => format!("{want:?}"),
            })
        };
        prop_assert_eq!(outcome(piece), outcome(usize::MAX));
    }
}

/// How a body is cut into chunks: the size of each, how it is written, and its extension.
fn any_chunks() -> impl Strategy<Value = Vec<(usize, usize, bool, Option<String>)>> {
    let extension = prop::option::of("[a-z\t =\"\u{e9}]{0,8}");
    vec((1_usize..60, 0_usize..5, any::<bool>(), extension), 1..40)
}

#[track_caller]
fn in_chunks(mut body: &[u8], cuts: &[(usize, usize, bool, Option<String>)], trailers: &[String]) -> Vec<u8> {
    let mut reply = chunked("").into_bytes();
    let mut cuts = cuts.iter().cycle();
    loop {
        let (size, zeros, upper, extension) = cuts.next().unwrap();
        let (data, rest) = body.split_at((*size).min(body.len()));
        let size = if *upper {
            format!("{:X}", data.len())
        } else {
            format!("{:x}", data.len())
        };
        let extension = extension
            .as_ref()
            .map_or(String::new(), |extension| format!(";{extension}"));
        reply.extend(format!("{}{size}{extension}\r\n", "0".repeat(*zeros)).bytes());
        if data.is_empty() {
            break;
        }
        reply.extend(data);
        reply.extend(b"\r\n");
        body = rest;
    }
    reply.extend(trailers.iter().flat_map(|trailer| trailer.bytes().chain(*b"\r\n")));
    reply.extend(b"\r\n");
    reply
}

/// A piece of which replies are made.
fn any_part() -> impl Strategy<Value = Vec<u8>> {
    let known = [
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.0 200 OK\r\n",
        "HTTP/1.1 408 Request Timeout\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "Content-Length: 3\r\n",
        "Content-Length: 12\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Connection: close\r\n",
        "\r\n",
        "\n",
        "\r",
        " ",
        "3\r\nabc\r\n",
        "0\r\n\r\n",
        "0\r\n",
        ";",
        "abc",
        BODY,
    ];
    prop_oneof![
        12 => prop::sample::select(known.to_vec()).prop_map(|part| part.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..4),
    ]
}

/// The bytes up to the end of the reply that they begin with.
fn without_surplus(bytes: &[u8]) -> &[u8] {
    let mut node = Node::new(bytes.len() + 1);
    node.connection = Connection::awaiting_reply(1);
    let rest = node.bring(bytes, 1);
    &bytes[..bytes.len() - rest.len()]
}

#[test]
fn a_list_that_has_begun_is_no_reply() {
    let mut node = Node::new(512);
    node.call(&ListBanned);
    let reply = with_length(r#"{"result":[1,2,3],"error":null,"id":1}"#);
    let (begin, _) = reply.split_at(reply.len() - 20);
    let Ok(Want::Read(space)) = node.poll() else { panic!() };
    space[..begin.len()].copy_from_slice(begin.as_bytes());
    node.connection.received(begin.len());
    let found = node.connection.poll_element(&mut node.buf).unwrap();
    assert!(matches!(found, Want::Ready(true)), "{found:?}");
    assert_eq!(node.connection.element::<u64>(&node.buf), Ok(1));
    assert_eq!(node.kind(), ErrorKind::NoReply);
}

#[test]
fn bytes_behind_an_end_do_not_count() {
    // After an end that followed other bytes.
    let reply = eight(1);
    let mut node = Node::new(512);
    node.call(&GetConnectionCount);
    let Ok(Want::Read(space)) = node.poll() else { panic!() };
    space[..20].copy_from_slice(&reply.as_bytes()[..20]);
    node.connection.received(20);
    node.connection.broken();
    node.connection.received(1);
    assert_eq!(node.kind(), ErrorKind::Truncated);
    // Behind a failure, of which another stream makes no difference.
    for _ in 0..2 {
        node.connection.connected();
        assert_eq!(node.kind(), ErrorKind::Truncated);
    }
    // Into space that was lent before the failure.
    let mut node = Node::new(512);
    node.call(&GetConnectionCount);
    assert!(matches!(node.poll(), Ok(Want::Read(_))));
    node.connection.connected();
    node.connection.received(1);
    assert_eq!(node.kind(), ErrorKind::Closed);
}

#[test]
fn a_reply_may_name_no_coding() {
    for coding in ["", ",", "identity", "identity, IDENTITY,"] {
        let mut node = Node::new(512);
        node.call(&GetConnectionCount);
        let reply = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: 32\r\n\r\n{BODY}");
        assert_eq!(node.number(&reply), Ok(8), "{coding:?}");
    }
}

#[test]
fn a_stream_may_be_opened_again_before_the_request_is_sent() {
    let mut node = Node::new(512);
    node.connection
        .call(&endpoint(), &GetConnectionCount, &mut node.buf)
        .unwrap();
    assert!(matches!(node.poll(), Ok(Want::Connect)));
    node.connection.connected();
    node.connection.written(5);
    node.connection.connected();
    assert!(node.send(usize::MAX).starts_with("POST / "));
    assert_eq!(node.number(&eight(1)), Ok(8));
}

#[test]
fn what_says_that_a_stale_stream_was_closed_and_its_end_may_come_at_once() {
    let mut node = Node::used(512);
    node.call(&GetConnectionCount);
    let Ok(Want::Read(space)) = node.poll() else { panic!() };
    let reply = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n";
    space[..reply.len()].copy_from_slice(reply);
    node.connection.received(reply.len());
    node.connection.received(0);
    assert!(matches!(node.poll(), Ok(Want::Connect)));
    node.send(usize::MAX);
    assert_eq!(node.number(&eight(2)), Ok(8));
}

#[test]
fn an_end_that_is_told_before_a_stream_was_asked_for_changes_nothing() {
    for end in [Connection::broken, |connection: &mut Connection| connection.received(0)] {
        let mut node = Node::new(512);
        node.connection
            .call(&endpoint(), &GetConnectionCount, &mut node.buf)
            .unwrap();
        end(&mut node.connection);
        assert!(node.send(usize::MAX).starts_with("POST / "));
        assert_eq!(node.number(&eight(1)), Ok(8));
    }
}

#[test]
fn what_is_shown_of_a_connection_says_where_it_stands_and_not_what_it_sends() {
    let mut node = Node::new(512);
    node.call(&GetConnectionCount);
    let shown = format!("{:?}", node.connection);
    assert!(
        shown.starts_with("Connection { id: 1, link: New, state: Head"),
        "{shown}"
    );
    node.connection.broken();
    let shown = format!("{:?}", node.connection);
    assert!(shown.contains("failure: Some("), "{shown}");
}

#[test]
fn a_poll_among_elements_is_refused_and_costs_none_of_them() {
    let numbers = (100..200)
        .map(|number| number.to_string())
        .collect::<Vec<_>>()
        .join(",");
    let body = format!(r#"{{"result":[{numbers}],"error":null,"id":1}}"#);
    let reply = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let mut rest = reply.as_bytes();
    let (mut connection, mut buf) = (Connection::awaiting_reply(1), [0; 64]);
    let mut next = 100;
    loop {
        match connection.poll_element(&mut buf).unwrap() {
            Want::Ready(true) => {
                assert_eq!(connection.element(&buf), Ok(next));
                next += 1;
            }
            Want::Ready(false) => break,
            Want::Read(space) => {
                let count = space.len().min(rest.len());
                space[..count].copy_from_slice(&rest[..count]);
                rest = &rest[count..];
                connection.received(count);
            }
            want => panic!("{want:?}"),
        }
        if next > 100 {
            assert_eq!(connection.poll(&mut buf).unwrap_err().kind, ErrorKind::NoReply);
        }
    }
    assert_eq!(next, 200);
}
