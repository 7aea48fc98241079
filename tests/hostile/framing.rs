//! Where a body ends (RFC 9112, section 6.3).

use defichain_net_rpc::ErrorKind;
use defichain_net_rpc::http;

use crate::http_tables::{CONNECTIONS, CONTENT_LENGTHS, TRANSFER_ENCODINGS};
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
    for (version, connection, reusable) in CONNECTIONS {
        let length = BODY.len();
        let reply = format!("HTTP/{version} 200 OK\r\n{connection}Content-Length: {length}\r\n\r\n{BODY}");
        assert_eq!(count_in(&reply), Ok(8), "{version} {connection}");
        assert_eq!(is_reusable(&reply), *reusable, "{version} {connection}");
    }
}

#[test]
fn a_stream_that_ends_before_the_reply_is_closed_and_within_it_truncated() {
    // The request was not said to be repeatable.
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
    for value in CONTENT_LENGTHS {
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
    for (version, headers, line) in TRANSFER_ENCODINGS {
        let before = "HTTP/1.1 200 OK\r\n".len() + line * (headers.find('\n').unwrap_or(0) + 1);
        let reply = format!("HTTP/{version} 200 OK\r\n{headers}\r\n\r\n5\r\nabcde\r\n0\r\n\r\n");
        assert_eq!(
            refused_as_http(&reply),
            (http::ErrorKind::TransferEncoding, before),
            "{headers}"
        );
    }
}
