//! The exchange as a state machine, and replies that are wrong as HTTP: each in every way in which a stream can cut it.

mod exchanges;
mod streams;

use defichain_net_rpc::http::{
    Endpoint, Error, ErrorKind, HttpErrorKind, MAX_CHUNK_LINE, MAX_INTERIM, MAX_TRAILER, Reply, ReplyError,
};
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
    assert_eq!(receive_whole(&mut Exchange::awaiting(1, &mut buf), &reply), Ok(8));
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

#[test]
fn interim_replies_are_passed_over() {
    let interim = "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n";
    for count in 0..=usize::from(MAX_INTERIM) {
        assert_eq!(count_in(&(interim.repeat(count) + &with_length(BODY))), Ok(8));
    }
    let too_many = interim.repeat(usize::from(MAX_INTERIM) + 1);
    let last = interim.len() * usize::from(MAX_INTERIM);
    assert_eq!(refused(&too_many), (ErrorKind::TooManyInterim, last as u64));
    // Whatever they say, they have no body.
    let interim = "HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\n";
    assert_eq!(count_in(&(interim.to_owned() + &with_length(BODY))), Ok(8));
}

#[test]
fn an_error_after_an_interim_reply_has_its_place_in_the_stream() {
    let interim = "HTTP/1.1 100 Continue\r\n\r\n";
    let reply = format!("{interim}HTTP/1.1 200 OK\r\nA: b\r\nNo header\r\n\r\n");
    assert_eq!(refused(&reply), (ErrorKind::Header, (interim.len() + 23) as u64));
    let reply = format!("{interim}SSH-2.0");
    assert_eq!(refused(&reply), (ErrorKind::Version, interim.len() as u64));
}

#[test]
fn a_switch_of_protocols_is_refused() {
    let switch = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n";
    assert_eq!(refused(switch), (ErrorKind::SwitchingProtocols, 0));
    let interim = "HTTP/1.1 100 Continue\r\n\r\n";
    let switch = interim.to_owned() + switch;
    assert_eq!(refused(&switch), (ErrorKind::SwitchingProtocols, interim.len() as u64));
}

#[test]
fn a_reply_without_a_length_ends_with_the_connection() {
    for version in ["1.0", "1.1"] {
        for connection in ["", "Connection: close\r\n", "Connection: keep-alive\r\n"] {
            let reply = format!("HTTP/{version} 200 OK\r\n{connection}\r\n{BODY}\n");
            receive(1, reply.as_bytes(), |reply| {
                let reply = reply.unwrap();
                assert!(!reply.is_reusable());
                assert_eq!(reply.response(&GetConnectionCount), Ok(8));
            });
        }
    }
}

#[test]
fn a_reply_that_cannot_have_a_body_has_none() {
    for status in ["204 No Content", "304 Not Modified"] {
        for header in ["", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n"] {
            receive(1, format!("HTTP/1.1 {status}\r\n{header}\r\n").as_bytes(), |reply| {
                let reply = reply.unwrap();
                // What follows would not be a reply, so that the connection is not to be trusted.
                assert_eq!((reply.body(), reply.is_reusable()), (b"".as_slice(), false));
                assert!(reply.response(&GetConnectionCount).is_err());
            });
        }
    }
    receive(1, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", |reply| {
        let reply = reply.unwrap();
        assert_eq!((reply.body(), reply.is_reusable()), (b"".as_slice(), true));
    });
}

#[test]
fn what_connection_says_decides_whether_it_is_reusable() {
    for (version, connection, reusable) in [
        ("1.1", "", true),
        ("1.1", "Connection: close\r\n", false),
        ("1.1", "connection: x , CLOSE\r\n", false),
        ("1.1", "Connection: closed\r\n", true),
        ("1.1", "Connection: keep-alive\r\nConnection: close\r\n", false),
        ("1.0", "", false),
        ("1.0", "Connection: Keep-Alive\r\n", true),
        ("1.0", "Connection: keep-alive, close\r\n", false),
    ] {
        let length = BODY.len();
        let reply = format!("HTTP/{version} 200 OK\r\n{connection}Content-Length: {length}\r\n\r\n{BODY}");
        receive(1, reply.as_bytes(), |reply| {
            assert_eq!(reply.unwrap().is_reusable(), reusable, "{version} {connection}");
        });
    }
}

#[test]
fn a_stream_that_ends_before_the_reply_is_closed_and_within_it_truncated() {
    assert_eq!(refused(""), (ErrorKind::Closed, 0));
    for reply in [
        "H",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nA: b\r\n\r",
    ] {
        assert_eq!(refused(reply), (ErrorKind::Truncated, reply.len() as u64));
    }
}

#[test]
fn a_status_line_that_is_malformed_is_refused() {
    for (line, kind, offset) in [
        ("http/1.1 200 OK", ErrorKind::Version, 0),
        ("HTTP/1.01 200 OK", ErrorKind::Version, 0),
        ("HTTP/1.2 200 OK", ErrorKind::Version, 0),
        ("HTTP/2.0 200 OK", ErrorKind::Version, 5),
        ("HTTP/2 200", ErrorKind::Version, 5),
        (" HTTP/1.1 200 OK", ErrorKind::Version, 0),
        ("\r\nHTTP/1.1 200 OK", ErrorKind::Version, 0),
        ("<html>", ErrorKind::Version, 0),
        ("HTTP/1.1 20 OK", ErrorKind::Status, 0),
        ("HTTP/1.1 20", ErrorKind::Status, 0),
        ("HTTP/1.1 2000 OK", ErrorKind::Status, 0),
        ("HTTP/1.1 +20 OK", ErrorKind::Status, 0),
        ("HTTP/1.1 099 OK", ErrorKind::Status, 0),
        ("HTTP/1.1 000 OK", ErrorKind::Status, 0),
        ("HTTP/1.1 200\tOK", ErrorKind::Status, 0),
        ("HTTP/1.1 200 O\0K", ErrorKind::Status, 0),
    ] {
        let reply = format!("{line}\r\nContent-Length: 0\r\n\r\n");
        assert_eq!(refused(&reply), (kind, offset), "{line}");
    }
}

#[test]
fn a_status_line_may_lack_its_reason() {
    let length = BODY.len();
    for line in [
        "HTTP/1.1 200",
        "HTTP/1.1 200 ",
        "HTTP/1.1 200 Very well",
        "HTTP/1.0 299 \u{e9}",
    ] {
        let reply = format!("{line}\r\nContent-Length: {length}\r\n\r\n{BODY}");
        assert_eq!(count_in(&reply), Ok(8), "{line}");
    }
    receive(1, b"HTTP/1.1 403\r\nContent-Length: 0\r\n\r\n", |reply| {
        let error = reply.unwrap().response(&GetConnectionCount).unwrap_err();
        assert_eq!(error.to_string(), "http 403");
    });
}

#[test]
fn an_unknown_status_is_an_http_error_unless_the_body_is_a_reply() {
    for (status, kind) in [
        (300, HttpErrorKind::Other),
        (403, HttpErrorKind::Forbidden),
        (503, HttpErrorKind::Unavailable),
        (600, HttpErrorKind::Other),
        (999, HttpErrorKind::Other),
    ] {
        let reply = format!("HTTP/1.1 {status} Odd\r\nContent-Length: 7\r\n\r\nsorry\r\n");
        receive(1, reply.as_bytes(), |reply| {
            let error = reply.unwrap().response(&GetConnectionCount).unwrap_err();
            assert_eq!(error.to_string(), format!("http {status} Odd: sorry"));
            assert_eq!(error.is_transient(), status == 503);
            assert!(matches!(error, ReplyError::Http(error) if error.kind() == kind));
        });
        let reply = format!("HTTP/1.1 {status} Odd\r\nContent-Length: {}\r\n\r\n{BODY}", BODY.len());
        assert_eq!(count_in(&reply), Ok(8));
    }
}

#[test]
fn a_header_that_is_malformed_is_refused_where_its_line_begins() {
    for (line, kind) in [
        ("No colon", ErrorKind::Header),
        (": no name", ErrorKind::Header),
        ("Name : value", ErrorKind::Header),
        ("Na me: value", ErrorKind::Header),
        ("Name: va\0lue", ErrorKind::Header),
        ("Name: va\rlue", ErrorKind::Header),
        ("Name: value\r", ErrorKind::Header),
        ("Name: value\r\n continued", ErrorKind::Header),
        ("Name: value\r\n\tcontinued", ErrorKind::Header),
    ] {
        let before = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n";
        let wrong = line.rfind('\n').map_or(0, |index| index + 1);
        let reply = format!("{before}{line}\r\nServer: x\r\n\r\n");
        assert_eq!(refused(&reply), (kind, (before.len() + wrong) as u64), "{line:?}");
    }
    for line in [" Name: value", "\tName: value", "\u{b}Name: value"] {
        let reply = format!("HTTP/1.1 200 OK\r\n{line}\r\nContent-Length: 0\r\n\r\n");
        assert_eq!(refused(&reply), (ErrorKind::Header, 17), "{line:?}");
    }
}

#[test]
fn a_head_may_end_its_lines_with_a_bare_line_feed() {
    let length = BODY.len();
    assert_eq!(
        count_in(&format!("HTTP/1.1 200 OK\nContent-Length: {length}\n\n{BODY}")),
        Ok(8)
    );
    assert_eq!(
        count_in(&format!("HTTP/1.1 200 OK\r\nContent-Length:{length}\n\r\n{BODY}")),
        Ok(8)
    );
}

#[test]
fn a_head_may_have_any_number_of_headers() {
    let headers = "Server: x\r\nEmpty:\r\n".repeat(50);
    let length = BODY.len();
    let reply = format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: {length}\r\n{headers}\r\n{BODY}");
    assert_eq!(count_in(&reply), Ok(8));
}

#[test]
fn a_content_length_that_makes_no_sense_is_refused() {
    for value in [
        "+5",
        "-1",
        "",
        " ",
        "0x5",
        "5 5",
        "5;",
        "5,6",
        "5,",
        ",",
        "five",
        "5.0",
        "18446744073709551616",
    ] {
        let reply = format!("HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: {value}\r\n\r\nabcde");
        assert_eq!(refused(&reply), (ErrorKind::ContentLength, 28), "{value}");
    }
    let reply = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nServer: x\r\nContent-Length: 6\r\n\r\nabcdef";
    assert_eq!(refused(reply), (ErrorKind::ContentLength, 47));
}

#[test]
fn a_content_length_may_be_said_twice() {
    let length = BODY.len();
    for headers in [
        format!("Content-Length: {length}, {length}"),
        format!("Content-Length: {length}\r\ncontent-length: 00{length}"),
    ] {
        assert_eq!(count_in(&format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\n{BODY}")), Ok(8));
    }
}

#[test]
fn a_transfer_encoding_that_makes_no_sense_is_refused() {
    for (version, headers, line) in [
        ("1.1", "Transfer-Encoding: gzip, chunked", 0),
        ("1.1", "Transfer-Encoding: chunked, gzip", 0),
        ("1.1", "Transfer-Encoding: chunked, chunked", 0),
        ("1.1", "Transfer-Encoding: identity", 0),
        ("1.1", "Transfer-Encoding:", 0),
        ("1.1", "Transfer-Encoding: xchunked", 0),
        ("1.0", "Transfer-Encoding: chunked", 0),
        ("1.1", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 1),
        ("1.1", "Transfer-Encoding: chunked\r\nContent-Length: 5", 1),
        ("1.1", "Content-Length: 5\r\nTransfer-Encoding: chunked", 1),
    ] {
        let before = "HTTP/1.1 200 OK\r\n".len() + line * (headers.find('\n').unwrap_or(0) + 1);
        let reply = format!("HTTP/{version} 200 OK\r\n{headers}\r\n\r\n5\r\nabcde\r\n0\r\n\r\n");
        assert_eq!(
            refused(&reply),
            (ErrorKind::TransferEncoding, before as u64),
            "{headers}"
        );
    }
}

#[test]
fn chunks_may_have_any_size_and_extensions() {
    let (first, rest) = BODY.split_at(20);
    let digits = "0".repeat(usize::from(MAX_CHUNK_LINE) - 2);
    let extension = "x".repeat(usize::from(MAX_CHUNK_LINE) - 3);
    for chunks in [
        format!("14\r\n{first}\r\nC\r\n{rest}\r\n0\r\n\r\n"),
        format!("20;a=b\r\n{BODY}\r\n0;last\r\n\r\n"),
        format!("0020;a=\"b;\tc\u{e9}\"\r\n{BODY}\r\n000\r\n\r\n"),
        format!("{digits}20\r\n{BODY}\r\n0\r\n\r\n"),
        format!("20;{extension}\r\n{BODY}\r\n0\r\n\r\n"),
        format!("20\r\n{BODY}\r\n0\r\nContent-Length: 7\r\nServer: \u{e9}\r\n\r\n"),
    ] {
        receive(1, chunked(&chunks).as_bytes(), |reply| {
            let reply = reply.unwrap();
            assert_eq!((reply.body(), reply.is_reusable()), (BODY.as_bytes(), true), "{chunks}");
            assert_eq!(reply.response(&GetConnectionCount), Ok(8));
        });
    }
}

#[test]
fn a_chunk_that_is_malformed_is_refused_where_it_goes_wrong() {
    for (chunks, offset) in [
        ("+5\r\nabcde\r\n", 0),
        ("-5\r\nabcde\r\n", 0),
        (" 5\r\nabcde\r\n", 0),
        ("\r\nabcde\r\n", 0),
        (";a=b\r\n", 0),
        ("x\r\n", 0),
        ("0x5\r\nabcde\r\n", 1),
        ("5_0\r\nabcde\r\n", 1),
        ("5 \r\nabcde\r\n", 1),
        ("5 ;a=b\r\nabcde\r\n", 1),
        ("5\nabcde\r\n", 1),
        ("5\r\r\nabcde\r\n", 2),
        ("5\rabcde\r\n", 2),
        ("5;a=b\nabcde\r\n", 5),
        ("5;a\0\r\nabcde\r\n", 3),
        ("5;a\x7f\r\nabcde\r\n", 3),
        ("5\r\nabcdef\r\n", 8),
        ("5\r\nabcde\n", 8),
        ("5\r\nabcde\r\r\n", 9),
        ("5\r\nabcde5\r\n", 8),
        ("10000000000000000\r\n", 16),
        ("00000000010000000000000000\r\n", 25),
        ("0\r\n\n", 3),
        ("0\r\nA: b\n\r\n", 7),
        ("0\r\nA: b\r\r\n", 8),
        ("0\r\nA: \0\r\n\r\n", 6),
        ("0\r\n\rx", 4),
        ("2\r\nab\r\n+3\r\ncde\r\n0\r\n\r\n", 7),
    ] {
        let reply = chunked(chunks);
        let offset = (reply.len() - chunks.len() + offset) as u64;
        assert_eq!(refused(&reply), (ErrorKind::Chunk, offset), "{chunks:?}");
    }
}

#[test]
fn every_chunk_line_has_the_same_limit() {
    let limit = usize::from(MAX_CHUNK_LINE);
    let zeros = format!("{:0>limit$}", 1);
    let extension = format!("1;{}", "x".repeat(limit - 2));
    for line in [zeros, extension] {
        assert_eq!(line.len(), limit);
        for before in ["", "1\r\n{\r\n", "1\r\n{\r\n1\r\n}\r\n"] {
            let chunks = format!("{before}{line}\r\n}}\r\n0\r\n\r\n");
            receive(1, chunked(&chunks).as_bytes(), |reply| {
                assert!(reply.is_ok(), "{before:?}: {reply:?}");
            });

            let wrong = chunked(before).len() + limit;
            let chunks = format!("{before}{line}{}", if line.contains(';') { "x\r\n" } else { "1\r\n" });
            assert_eq!(
                refused(&chunked(&chunks)),
                (ErrorKind::ChunkLineTooLong, wrong as u64),
                "{before:?}"
            );
        }
    }
}

#[test]
fn trailers_have_a_limit_together() {
    let limit = usize::from(MAX_TRAILER);
    for lines in [1, 2, 512] {
        let line = limit / lines - 2;
        let trailers = format!("{:a<line$}\r\n", "A:").repeat(lines);
        assert_eq!(trailers.len(), limit);
        let reply = chunked(&format!("0\r\n{trailers}\r\n"));
        receive(1, reply.as_bytes(), |reply| {
            assert!(reply.is_ok(), "{lines}: {reply:?}");
        });

        let begin = chunked("0\r\n").len();
        let reply = chunked(&format!("0\r\n{trailers}{trailers}\r\n"));
        let (kind, offset) = refused(&reply);
        assert_eq!(kind, ErrorKind::TrailerTooLong, "{lines}");
        assert!((begin + limit..begin + limit + line + 2).contains(&usize::try_from(offset).unwrap()));
    }
}

#[test]
fn a_stream_without_end_is_refused_when_the_buffer_is_full() {
    for (begin, forever, kind) in [
        ("HTTP/1.1 200 OK\r\nA: ", "a", ErrorKind::TooLong { needed: None }),
        ("HTTP/1.1 200 OK\r\n", "A: b\r\n", ErrorKind::TooLong { needed: None }),
        ("", "HTTP/1.1 100 Continue\r\n\r\n", ErrorKind::TooManyInterim),
        (&chunked("0"), "0", ErrorKind::ChunkLineTooLong),
        (&chunked("1;"), "a", ErrorKind::ChunkLineTooLong),
        (&chunked(""), "1\r\na\r\n", ErrorKind::TooLong { needed: None }),
        (&chunked("0\r\n"), "A: b\r\n", ErrorKind::TrailerTooLong),
        ("HTTP/1.1 200 OK\r\n\r\n", " ", ErrorKind::TooLong { needed: None }),
    ] {
        let mut buf = [0; 1000];
        let mut exchange = Exchange::awaiting(1, &mut buf);
        let mut bytes = begin.bytes().chain(forever.bytes().cycle());
        while let Ok(Want::Read(space)) = exchange.poll() {
            let count = space.len().min(100);
            space[..count].fill_with(|| bytes.next().unwrap());
            exchange.received(count);
        }
        assert_eq!(fault(exchange.poll()).0, kind, "{forever:?}");
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

/// The number of connections in a reply, however it is cut.
fn count_in(reply: &str) -> Result<u64, String> {
    receive(1, reply.as_bytes(), count)
}

/// What is wrong with a reply and where, however it is cut.
fn refused(reply: &str) -> (ErrorKind, u64) {
    receive(1, reply.as_bytes(), |reply| {
        reply.map(|_| ()).map_err(|error| (error.kind, error.offset))
    })
    .unwrap_err()
}

fn fault(want: Result<Want<'_>, Error>) -> (ErrorKind, u64) {
    let error = want.unwrap_err();
    (error.kind, error.offset)
}
