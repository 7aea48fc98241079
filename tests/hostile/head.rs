//! The head of a reply (RFC 9112, sections 4 and 5), and what may come before it.

use defichain_net_rpc as rpc;
use defichain_net_rpc::http::{ErrorKind, MAX_INTERIM};

use crate::http_tables::{HEADER_LINES, STATUS_LINES};
use crate::replies::{BODY, count_in, refused_as_http, with_length};
use crate::streams::receive;

#[test]
fn a_status_line_that_is_malformed_is_refused() {
    for (line, kind, offset) in STATUS_LINES {
        let reply = format!("{line}\r\nContent-Length: 0\r\n\r\n");
        assert_eq!(refused_as_http(&reply), (*kind, *offset), "{line}");
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
        let reply = reply.unwrap();
        assert_eq!((reply.reason(), reply.line()), ("", None));
        let error = reply.response::<u64>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "http 403: the node does not allow this address (-rpcallowip)"
        );
    });
}

#[test]
fn an_unknown_status_is_an_http_error_unless_the_body_is_a_reply() {
    for status in [300, 403, 503, 599, 600, 999] {
        let reply = format!("HTTP/1.1 {status} Odd\r\nContent-Length: 7\r\n\r\nsorry\r\n");
        receive(1, reply.as_bytes(), |reply| {
            let reply = reply.unwrap();
            assert_eq!((reply.reason(), reply.line()), ("Odd", Some("sorry")), "{status}");
            let error = reply.response::<u64>().unwrap_err();
            assert!(error.to_string().starts_with(&format!("http {status}")), "{error}");
            assert_eq!(error.is_transient(), status == 503, "{status}");
            assert_eq!(
                (error.kind, error.status()),
                (rpc::ErrorKind::Status(status), Some(status))
            );
        });
        let reply = format!("HTTP/1.1 {status} Odd\r\nContent-Length: {}\r\n\r\n{BODY}", BODY.len());
        assert_eq!(count_in(&reply), Ok(8));
    }
}

#[test]
fn a_header_that_is_malformed_is_refused_where_its_line_begins() {
    for line in HEADER_LINES {
        let before = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n";
        let wrong = line.rfind('\n').map_or(0, |index| index + 1);
        let reply = format!("{before}{line}\r\nServer: x\r\n\r\n");
        let expected = (ErrorKind::Header, before.len() + wrong);
        assert_eq!(refused_as_http(&reply), expected, "{line:?}");
    }
    for line in [" Name: value", "\tName: value", "\u{b}Name: value"] {
        let reply = format!("HTTP/1.1 200 OK\r\n{line}\r\nContent-Length: 0\r\n\r\n");
        assert_eq!(refused_as_http(&reply), (ErrorKind::Header, 17), "{line:?}");
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
fn interim_replies_are_passed_over() {
    let interim = "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n";
    for count in 0..=usize::from(MAX_INTERIM) {
        assert_eq!(count_in(&(interim.repeat(count) + &with_length(BODY))), Ok(8));
    }
    let too_many = interim.repeat(usize::from(MAX_INTERIM) + 1);
    let last = interim.len() * usize::from(MAX_INTERIM);
    assert_eq!(refused_as_http(&too_many), (ErrorKind::TooManyInterim, last));
    // Whatever they say, they have no body.
    let interim = "HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\n";
    assert_eq!(count_in(&(interim.to_owned() + &with_length(BODY))), Ok(8));
}

#[test]
fn an_error_after_an_interim_reply_has_its_place_in_the_stream() {
    let interim = "HTTP/1.1 100 Continue\r\n\r\n";
    let reply = format!("{interim}HTTP/1.1 200 OK\r\nA: b\r\nNo header\r\n\r\n");
    assert_eq!(refused_as_http(&reply), (ErrorKind::Header, (interim.len() + 23)));
    let reply = format!("{interim}SSH-2.0");
    assert_eq!(refused_as_http(&reply), (ErrorKind::Version, interim.len()));
}

#[test]
fn a_switch_of_protocols_is_refused() {
    let switch = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n";
    assert_eq!(refused_as_http(switch), (ErrorKind::SwitchingProtocols, 0));
    let interim = "HTTP/1.1 100 Continue\r\n\r\n";
    let switch = interim.to_owned() + switch;
    assert_eq!(refused_as_http(&switch), (ErrorKind::SwitchingProtocols, interim.len()));
}
