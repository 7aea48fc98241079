//! Where a body ends (RFC 9112, section 6.3).

use defichain_net_rpc::ErrorKind;
use defichain_net_rpc::http;

use crate::replies::{BODY, count_in, is_reusable, refused, refused_as_http};
use crate::streams::receive;

#[test]
fn a_reply_without_a_length_ends_with_the_connection() {
    for version in ["1.0", "1.1"] {
        for connection in ["", "Connection: close\r\n", "Connection: keep-alive\r\n"] {
            let reply = format!("HTTP/{version} 200 OK\r\n{connection}\r\n{BODY}\n");
            assert_eq!(count_in(&reply), Ok(8), "{reply}");
            assert!(!is_reusable(&reply), "{reply}");
        }
    }
}

#[test]
fn a_reply_that_cannot_have_a_body_has_none() {
    for status in ["204 No Content", "304 Not Modified"] {
        for header in ["", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n"] {
            let stream = format!("HTTP/1.1 {status}\r\n{header}\r\n");
            receive(1, stream.as_bytes(), |reply| {
                let reply = reply.unwrap();
                assert_eq!(reply.body(), b"", "{stream}");
                assert_eq!(
                    reply.response::<u64>().unwrap_err().kind,
                    ErrorKind::Status(reply.status())
                );
            });
            // What follows would not be a reply, so that the connection is not to be trusted.
            assert!(!is_reusable(&stream), "{stream}");
        }
    }
    let stream = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    receive(1, stream.as_bytes(), |reply| assert_eq!(reply.unwrap().body(), b""));
    assert!(is_reusable(stream));
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
        assert_eq!(count_in(&reply), Ok(8), "{version} {connection}");
        assert_eq!(is_reusable(&reply), reusable, "{version} {connection}");
    }
}

#[test]
fn a_stream_that_ends_before_the_reply_is_closed_and_within_it_truncated() {
    // Nobody has said that the request may be sent again.
    assert_eq!(refused(""), (ErrorKind::Unconfirmed, 0));
    for reply in [
        "H",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nA: b\r\n\r",
    ] {
        assert_eq!(refused(reply), (ErrorKind::Truncated, reply.len()), "{reply}");
    }
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
        "5e0",
        "5_0",
        "5\t5",
        "\"5\"",
        "٥",
        "5, 5, 6",
        "5,,5",
        ",5",
        "5\u{a0}",
        "-0",
        "5.0",
        "18446744073709551616",
    ] {
        let reply = format!("HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: {value}\r\n\r\nabcde");
        assert_eq!(refused_as_http(&reply), (http::ErrorKind::ContentLength, 28), "{value}");
    }
    let reply = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nServer: x\r\nContent-Length: 6\r\n\r\nabcdef";
    assert_eq!(refused_as_http(reply), (http::ErrorKind::ContentLength, 47));
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
        ("1.1", "Transfer-Encoding: chunked;q=1", 0),
        ("1.1", "Transfer-Encoding: chunked,", 0),
        ("1.1", "Transfer-Encoding: ,chunked", 0),
        ("1.1", "Transfer-Encoding: \"chunked\"", 0),
        ("1.1", "Transfer-Encoding: chunked\u{a0}", 0),
        ("1.1", "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", 0),
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
            refused_as_http(&reply),
            (http::ErrorKind::TransferEncoding, before),
            "{headers}"
        );
    }
}
