//! The exchange as a state machine, and streams of any bytes: no cut may make a difference.

mod exchanges;
mod streams;

use defichain_net_rpc::http::{Endpoint, Error, ErrorKind, Reply};
use defichain_net_rpc::network::{GetConnectionCount, GetPeerInfo};
use defichain_net_rpc::{Exchange, Want};
use proptest::collection::vec;
use proptest::prelude::*;
use streams::receive;

const BODY: &str = r#"{"result":8,"error":null,"id":1}"#;

#[test]
fn a_request_is_written_in_pieces_of_any_size() {
    let endpoint = Endpoint::from_url("http://foo:bar@localhost:8554").unwrap();
    let request = "POST / HTTP/1.1\r\nHost: localhost:8554\r\nAuthorization: Basic Zm9vOmJhcg==\r\n\
        Content-Type: application/json\r\nContent-Length: 66\r\n\r\n\
        {\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"getconnectioncount\",\"params\":[]}";
    for piece in 1..=request.len() {
        let mut buf = [0; 256];
        let mut exchange = Exchange::new(&endpoint, &GetConnectionCount, 1, &mut buf).unwrap();
        let mut written = Vec::new();
        while let Want::Write(bytes) = exchange.poll().unwrap() {
            let bytes = &bytes[..piece.min(bytes.len())];
            written.extend(bytes);
            let count = bytes.len();
            exchange.written(0);
            exchange.written(count);
        }
        assert_eq!(String::from_utf8(written).unwrap(), request);
        assert_eq!(receive_whole(&mut exchange, &with_length(BODY)), Ok(8));
    }
}

#[test]
fn nothing_is_wanted_of_the_stream_while_the_request_is_written() {
    let endpoint = Endpoint::new("localhost", 8554).unwrap();
    let mut buf = [0; 256];
    let mut exchange = Exchange::new(&endpoint, &GetConnectionCount, 1, &mut buf).unwrap();
    for count in [0, 1, usize::MAX] {
        exchange.received(count);
        assert!(matches!(exchange.poll(), Ok(Want::Write(bytes)) if bytes.starts_with(b"POST / ")));
    }
    exchange.written(usize::MAX);
    assert!(matches!(exchange.poll(), Ok(Want::Read(space)) if space.len() == 256));
    exchange.written(1);
    assert_eq!(receive_whole(&mut exchange, &with_length(BODY)), Ok(8));
    for count in [0, 1, usize::MAX] {
        exchange.written(count);
        exchange.received(count);
        assert_eq!(connections(exchange.poll()), Ok(8));
    }
}

#[test]
fn poll_says_the_same_until_something_happens() {
    fn twice(exchange: &mut Exchange<'_>) -> String {
        let first = format!("{:?}", exchange.poll());
        assert_eq!(format!("{:?}", exchange.poll()), first);
        first
    }
    let endpoint = Endpoint::new("localhost", 8554).unwrap();
    let mut buf = [0; 256];
    let mut exchange = Exchange::new(&endpoint, &GetConnectionCount, 1, &mut buf).unwrap();
    while twice(&mut exchange).starts_with("Ok(Write") {
        exchange.written(5);
    }
    for byte in with_length(BODY).as_bytes() {
        assert!(twice(&mut exchange).starts_with("Ok(Read"));
        bring(&mut exchange, &[*byte]);
    }
    assert!(twice(&mut exchange).starts_with("Ok(Done"));

    let mut exchange = Exchange::awaiting(1, &mut buf);
    bring(&mut exchange, b"SSH-2.0-");
    let error = twice(&mut exchange);
    exchange.received(0);
    exchange.received(1);
    assert_eq!(twice(&mut exchange), error);
}

#[test]
fn a_count_beyond_the_space_is_taken_for_all_of_it() {
    let reply = with_length(BODY);
    for extra in [1, 1000, usize::MAX - reply.len()] {
        let mut buf = vec![0; reply.len()];
        let mut exchange = Exchange::awaiting(1, &mut buf);
        if let Ok(Want::Read(space)) = exchange.poll() {
            space.copy_from_slice(reply.as_bytes());
        }
        exchange.received(reply.len() + extra);
        assert_eq!(connections(exchange.poll()), Ok(8));
    }
}

#[test]
fn a_buffer_too_small_is_told_once_the_length_is_known() {
    let reply = with_length(BODY);
    let head = reply.len() - BODY.len();
    for size in head..reply.len() {
        let mut buf = vec![0; size];
        let mut exchange = Exchange::awaiting(1, &mut buf);
        bring(&mut exchange, &reply.as_bytes()[..head]);
        let needed = Some(reply.len());
        assert_eq!(fault(exchange.poll()), (ErrorKind::TooLong { needed }, head as u64));
    }
    let mut buf = vec![0; reply.len()];
    let mut exchange = Exchange::awaiting(1, &mut buf);
    bring(&mut exchange, &reply.as_bytes()[..head]);
    assert_eq!(receive_whole(&mut exchange, BODY), Ok(8));
}

#[test]
fn a_length_that_no_buffer_can_hold_is_too_long() {
    for (length, missing) in [(1 << 30, false), (u64::MAX, true)] {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
        let mut buf = [0; 256];
        let mut exchange = Exchange::awaiting(1, &mut buf);
        bring(&mut exchange, head.as_bytes());
        let needed = usize::try_from(length)
            .ok()
            .and_then(|length| length.checked_add(head.len()));
        assert_eq!(needed.is_none(), missing);
        assert_eq!(
            fault(exchange.poll()),
            (ErrorKind::TooLong { needed }, head.len() as u64)
        );
    }
}

#[test]
fn a_full_buffer_is_told_even_if_the_reply_does_not_tell_its_length() {
    let chunked = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{BODY}\r\n",
        BODY.len()
    );
    let close = format!("HTTP/1.1 200 OK\r\n\r\n{BODY}");
    for (reply, framing) in [("HTTP/1.1 200 OK\r\nServer: x", 0), (&chunked, 6), (&close, 0)] {
        for size in 7..reply.len() - framing {
            let mut buf = vec![0; size];
            let mut exchange = Exchange::awaiting(1, &mut buf);
            let mut rest = reply.as_bytes();
            while let Ok(Want::Read(space)) = exchange.poll() {
                let count = space.len().min(rest.len());
                space[..count].copy_from_slice(&rest[..count]);
                rest = &rest[count..];
                exchange.received(count);
            }
            let (kind, offset) = fault(exchange.poll());
            assert_eq!(kind, ErrorKind::TooLong { needed: None });
            assert_eq!(offset, (reply.len() - rest.len()) as u64);
        }
    }
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
            assert_eq!((reply.status(), reply.is_reusable()), (200, true));
            assert_eq!(reply.body(), body);
        });
    }

    /// A long body, which would take too long in every way.
    #[test]
    fn a_long_recorded_body_is_the_same_in_chunks(cuts in any_chunks(), pieces in vec(1_usize..3000, 1..30)) {
        let recorded = exchanges::file("v3.2.8/crowd-getpeerinfo.response.http");
        let body = exchanges::body(&recorded);
        let reply = in_chunks(body, &cuts, &[]);
        let mut buf = vec![0; reply.len()];
        let mut exchange = Exchange::awaiting(87, &mut buf);
        let (mut rest, mut pieces) = (reply.as_slice(), pieces.iter().cycle());
        while let Ok(Want::Read(_)) = exchange.poll() {
            let (piece, after) = rest.split_at((*pieces.next().unwrap()).min(rest.len()));
            bring(&mut exchange, piece);
            rest = after;
        }
        let Ok(Want::Done(reply)) = exchange.poll() else { panic!("{:?}", exchange.poll()) };
        prop_assert!(reply.body() == body);
        prop_assert!(reply.is_reusable());
        prop_assert_eq!(reply.response(&GetPeerInfo).unwrap().flatten().count(), 79);
    }

    /// No bytes make it panic, and no cut makes a difference.
    #[test]
    fn any_bytes_come_to_the_same_however_they_are_cut(parts in vec(any_part(), 0..12)) {
        _ = receive(1, without_surplus(&parts.concat()), |reply| reply.map(|reply| reply.status()));
    }
}

/// How a body is cut into chunks: the size of each, how it is written, and its extension.
fn any_chunks() -> impl Strategy<Value = Vec<(usize, usize, bool, Option<String>)>> {
    let extension = prop::option::of("[a-z\t =\"\u{e9}]{0,8}");
    vec((1_usize..60, 0_usize..5, any::<bool>(), extension), 1..40)
}

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
    let mut buf = vec![0; bytes.len() + 1];
    let mut exchange = Exchange::awaiting(1, &mut buf);
    let used = bytes.iter().position(|byte| {
        let over = !matches!(exchange.poll(), Ok(Want::Read(_)));
        if !over {
            bring(&mut exchange, &[*byte]);
        }
        over
    });
    &bytes[..used.unwrap_or(bytes.len())]
}

/// A reply with this body and its length.
fn with_length(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// The head of a chunked reply, and this behind it.
fn chunked(chunks: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}")
}

/// Puts bytes into the space that an exchange gives.
fn bring(exchange: &mut Exchange<'_>, bytes: &[u8]) {
    match exchange.poll().unwrap() {
        Want::Read(space) => space[..bytes.len()].copy_from_slice(bytes),
        want => panic!("{want:?}"),
    }
    exchange.received(bytes.len());
}

/// Receives a reply to `getconnectioncount` in one piece.
fn receive_whole(exchange: &mut Exchange<'_>, reply: &str) -> Result<u64, String> {
    bring(exchange, reply.as_bytes());
    connections(exchange.poll())
}

/// The number of connections in a reply that is complete.
fn connections(want: Result<Want<'_>, Error>) -> Result<u64, String> {
    match want {
        Ok(Want::Done(reply)) => count(Ok(reply)),
        other => Err(format!("{other:?}")),
    }
}

fn count(reply: Result<Reply<'_>, Error>) -> Result<u64, String> {
    let reply = reply.map_err(|error| error.to_string())?;
    reply.response(&GetConnectionCount).map_err(|error| error.to_string())
}

fn fault(want: Result<Want<'_>, Error>) -> (ErrorKind, u64) {
    let error = want.unwrap_err();
    (error.kind, error.offset)
}
