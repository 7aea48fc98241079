//! What the HTTP server, and proxies in front of it, answer in place of the node, as reported about other clients.

use defichain_net_rpc::network::{GetConnectionCount, GetPeerInfo, ListBanned, Ping, SetNetworkActive};
use defichain_net_rpc::rpc::{BatchRequest, Code};
use defichain_net_rpc::{Connection, ErrorKind, Item, Reply, Want};

use crate::cases::{Node, case};
use crate::places::framed;
use crate::replies::{BODY, is_reusable};
use crate::streams::receive;

/// The head and the body of a reply.
fn split(reply: &[u8]) -> (&str, &[u8]) {
    let end = reply.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
    (str::from_utf8(&reply[..end]).unwrap(), &reply[end + 4..])
}

#[test]
fn a_page_longer_than_the_buffer_keeps_its_status_and_as_much_text_as_fits() {
    for (name, status) in [
        ("html-401-5k.http", "401 Unauthorized"),
        ("html-503-5k.http", "503 Service Unavailable"),
    ] {
        let recorded = case(name);
        let (_, page) = split(&recorded);
        let [_, chunked, close] = framed(status, page);
        let code = status[..3].parse().unwrap();
        for (stream, one_by_one) in [(&recorded, true), (&chunked, false), (&close, true)] {
            let (head, _) = split(stream);
            for len in [1024, 4096] {
                for piece in [1, 7, usize::MAX] {
                    let shown = format!("{name} by {piece} in {len} bytes, behind {head}");
                    let mut node = Node::awaiting_reply(len);
                    assert_ne!(node.bring(stream, piece), b"", "{shown}");
                    let reply = node.finish().unwrap();
                    let body = reply.body();
                    assert!(page.starts_with(body), "{shown}");
                    // Of chunks, what has come with the last of them may be framing.
                    assert!(
                        body.len() == len - head.len() - 4 || !one_by_one && body.len() + 4 > len - head.len() - 4,
                        "{shown}"
                    );
                    assert_eq!((reply.status(), reply.reason()), (code, &status[4..]), "{shown}");
                    assert_eq!((reply.line(), reply.node_error()), (None, None), "{shown}");
                    let error = reply.response::<u64>().unwrap_err();
                    assert_eq!(
                        (error.kind, error.status()),
                        (ErrorKind::Status(code), Some(code)),
                        "{shown}"
                    );
                    assert_eq!(error.is_transient(), code == 503, "{shown}");
                    assert!(!node.connection.is_open(), "{shown}");

                    let mut node = Node::awaiting_reply(len);
                    let (elements, end) = node.elements(stream, piece, |_, _| ());
                    assert_eq!((elements.len(), end), (0, Err(error)), "{shown}");
                    assert!(!node.connection.is_open(), "{shown}");
                }
            }
        }
        // Where it fits it is there as a whole, and says the same.
        receive(1, &recorded, |reply| {
            let reply = reply.unwrap();
            assert_eq!(reply.body(), page, "{name}");
            let error = reply.response::<u64>().unwrap_err();
            assert_eq!(
                (error.kind, error.is_transient()),
                (ErrorKind::Status(code), code == 503),
                "{name}"
            );
        });
        assert!(is_reusable(str::from_utf8(&recorded).unwrap()), "{name}");
    }
}

/// What a server may say on a connection that was idle for too long, or what may be left there.
fn on_an_idle_connection() -> Vec<Vec<u8>> {
    let mut said: Vec<Vec<u8>> = ["<html>", "\0", "SSH-2.0-x", "HTTP/2", "\r\n", "{}"]
        .map(Into::into)
        .into();
    said.push(case("haproxy-408-idle.http"));
    said.push(case("status-408.http"));
    said
}

#[test]
fn a_408_on_an_idle_connection_is_as_if_it_had_been_closed_there() {
    for said in on_an_idle_connection() {
        for piece in (1..said.len().min(40)).chain([usize::MAX]) {
            let shown = format!("{} by {piece}", said.escape_ascii());
            // It reads only, and is sent again.
            let mut node = Node::idle(512);
            node.call(&GetConnectionCount);
            let request = node.send();
            node.bring(&said, piece);
            assert_eq!(node.send(), request, "{shown}");
            assert!(!node.connection.reply_has_begun(), "{shown}");
            assert_eq!(node.opened, 1, "{shown}");
            let reply = format!(
                "HTTP/1.1 200 OK\r\nContent-Length: 32\r\n\r\n{}",
                BODY.replace("\"id\":1", "\"id\":2")
            );
            assert_eq!(node.bring(reply.as_bytes(), piece), b"", "{shown}");
            assert_eq!(node.finish().and_then(Reply::response), Ok(8), "{shown}");
            // It changes something, and is not.
            let mut node = Node::idle(512);
            node.call(&SetNetworkActive { state: false });
            node.send();
            node.bring(&said, piece);
            assert_eq!(node.finish().unwrap_err().kind, ErrorKind::Unconfirmed, "{shown}");
            assert_eq!((node.opened, node.connection.is_open()), (0, false), "{shown}");
        }
        // With the reply before it, or between two calls, it ends the connection.
        let reply = format!("HTTP/1.1 200 OK\r\nContent-Length: 32\r\n\r\n{BODY}");
        let mut node = Node::awaiting_reply(512);
        node.bring(&[reply.as_bytes(), said.as_slice()].concat(), usize::MAX);
        assert_eq!(node.finish().and_then(Reply::response), Ok(8));
        assert!(!node.connection.is_open());
        let mut node = Node::idle(512);
        node.connection.received(said.len());
        assert!(!node.connection.is_open());
        node.call(&SetNetworkActive { state: false });
        assert_eq!(node.send().matches("POST").count(), 1);
        assert_eq!(node.opened, 1);
    }
}

#[test]
fn a_408_on_a_new_connection_is_a_reply() {
    for name in ["haproxy-408-idle.http", "status-408.http"] {
        receive(1, &case(name), |reply| {
            let error = reply.unwrap().response::<u64>().unwrap_err();
            assert_eq!(
                (error.kind, error.is_transient()),
                (ErrorKind::Status(408), true),
                "{name}"
            );
        });
    }
}

#[test]
fn a_server_that_has_too_much_to_do_is_asked_again_later() {
    let refused = r#"{"result":null,"error":{"code":-1,"message":"no"},"id":1}"#;
    let starting = r#"{"result":null,"error":{"code":-28,"message":"Loading banlist..."},"id":1}"#;
    for status in [
        400, 401, 403, 404, 408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 525,
    ] {
        let transient = matches!(status, 408 | 425 | 429 | 502..=504 | 520..=524);
        for (body, kind, transient) in [
            ("", ErrorKind::Status(status), transient),
            ("busy", ErrorKind::Status(status), transient),
            ("{", ErrorKind::Status(status), transient),
            (refused, ErrorKind::Node(Code::MISC_ERROR), transient),
            (starting, ErrorKind::Node(Code::IN_WARMUP), true),
        ] {
            let stream = format!("HTTP/1.1 {status} \r\nContent-Length: {}\r\n\r\n{body}", body.len());
            receive(1, stream.as_bytes(), |reply| {
                let error = reply.unwrap().response::<u64>().unwrap_err();
                assert_eq!((error.kind, error.is_transient()), (kind, transient), "{stream}");
                assert_eq!(error.status(), Some(status), "{stream}");
            });
        }
    }
    for (name, status) in [
        ("status-425.http", 425),
        ("status-429.http", 429),
        ("status-502.http", 502),
        ("status-504.http", 504),
    ] {
        receive(1, &case(name), |reply| {
            let error = reply.unwrap().response::<u64>().unwrap_err();
            assert_eq!(
                (error.kind, error.is_transient()),
                (ErrorKind::Status(status), true),
                "{name}"
            );
        });
    }
    for (status, text, kind) in [
        (500, "Work queue depth exceeded", ErrorKind::WorkQueueFull),
        (500, "Work queue depth exceeded\r\n", ErrorKind::WorkQueueFull),
        (500, "Unhandled request", ErrorKind::Unhandled),
        (404, "Unhandled request", ErrorKind::Status(404)),
        (500, "Internal error", ErrorKind::Status(500)),
    ] {
        for stream in framed(&format!("{status} Reason"), text.as_bytes()) {
            receive(1, &stream, |reply| {
                let reply = reply.unwrap();
                let error = reply.response::<u64>().unwrap_err();
                let transient = !matches!(kind, ErrorKind::Status(_));
                assert_eq!((error.kind, error.is_transient()), (kind, transient), "{status} {text}");
                assert_eq!(reply.line(), Some(text.trim()), "{status} {text}");
            });
        }
    }
}

#[test]
fn a_compressed_body_is_told_as_that_and_keeps_its_status() {
    let mut node = Node::idle(512);
    node.call(&GetConnectionCount);
    assert!(node.send().contains("\r\nAccept-Encoding: identity\r\n"));

    let unavailable = [
        b"HTTP/1.1 503 Busy\r\n",
        case("gzip-200.http").strip_prefix(b"HTTP/1.1 200 OK\r\n").unwrap(),
    ]
    .concat();
    for (stream, status, transient) in [
        (case("gzip-200.http"), 200, false),
        (case("gzip-500-warmup.http"), 500, false),
        (unavailable, 503, true),
    ] {
        receive(1, &stream, |reply| {
            let reply = reply.unwrap();
            assert_eq!((reply.line(), reply.node_error()), (None, None), "{status}");
            let error = reply.response::<u64>().unwrap_err();
            assert_eq!((error.kind, error.status()), (ErrorKind::Compressed, Some(status)));
            assert_eq!(error.is_transient(), transient, "{status}");
            assert_eq!(error.to_string(), format!("the body is compressed (http {status})"));
        });
        // In a buffer that holds the head alone as well; and no element is looked for in it.
        let (head, body) = split(&stream);
        for len in [head.len() + 4, head.len() + 4 + body.len() / 2, 512] {
            for piece in [1, usize::MAX] {
                let mut node = Node::awaiting_reply(len);
                node.bring(&stream, piece);
                let error = node.finish().and_then(Reply::response::<u64>).unwrap_err();
                let mut node = Node::awaiting_reply(len);
                assert_eq!(
                    node.elements(&stream, piece, |_, _| ()),
                    (Vec::new(), Err(error)),
                    "{status} in {len}"
                );
                assert_eq!(error.kind, ErrorKind::Compressed, "{status} in {len}");
            }
        }
    }
    for (coding, compressed) in [
        ("identity", false),
        ("gzip", true),
        ("br", true),
        ("x-gzip, identity", true),
    ] {
        let stream = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: 32\r\n\r\n{BODY}");
        receive(1, stream.as_bytes(), |reply| {
            let kind = reply.unwrap().response::<u64>().map_err(|error| error.kind);
            assert_eq!(
                kind,
                if compressed { Err(ErrorKind::Compressed) } else { Ok(8) },
                "{coding}"
            );
        });
    }
}

/// The ids of the peers in a reply, through a buffer of this length.
#[track_caller]
fn ids(stream: &[u8], len: usize, piece: usize) -> (Vec<u64>, Result<(), ErrorKind>, bool) {
    let mut node = Node::awaiting_reply(len);
    let (ids, end) = node.elements(stream, piece, |connection, buf| {
        connection.element::<Item<GetPeerInfo>>(buf).unwrap().id
    });
    (ids, end.map_err(|error| error.kind), node.connection.is_open())
}

#[test]
fn a_list_with_any_status_of_success_streams() {
    let recorded = case("203-list.http");
    let expected = ids(&recorded, recorded.len() + 1, usize::MAX);
    assert!(
        expected.0.len() > 5 && expected.1 == Ok(()) && expected.2,
        "{expected:?}"
    );
    for status in ["200", "201", "202", "203", "206", "226", "299"] {
        let stream = [b"HTTP/1.1 ", status.as_bytes(), &recorded[12..]].concat();
        for piece in [1, 7, 1000, usize::MAX] {
            assert_eq!(ids(&stream, 4096, piece), expected, "{status} by {piece}");
        }
    }
}

#[test]
fn a_status_that_promises_no_body_has_none() {
    let list = r#"{"result":[],"error":null,"id":1}"#;
    for (status, header) in [
        ("204 No Content", ""),
        ("204 No Content", "Content-Length: 33\r\n"),
        ("205 Reset Content", ""),
        ("205 Reset Content", "Content-Length: 0\r\n"),
        ("205 Reset Content", "Content-Length: 33\r\n"),
        ("205 Reset Content", "Transfer-Encoding: chunked\r\n"),
    ] {
        let head = format!("HTTP/1.1 {status}\r\n{header}\r\n");
        let kind = ErrorKind::Status(status[..3].parse().unwrap());
        receive(1, head.as_bytes(), |reply| {
            let reply = reply.unwrap();
            assert_eq!(reply.body(), b"", "{head}");
            assert_eq!(reply.response::<u64>().unwrap_err().kind, kind, "{head}");
        });
        assert!(!is_reusable(&head), "{head}");
        let stream = format!("{head}{list}");
        for piece in [1, usize::MAX] {
            let mut node = Node::awaiting_reply(512);
            let (elements, end) = node.elements(stream.as_bytes(), piece, |_, _| ());
            assert_eq!(
                (elements.len(), end.map_err(|error| error.kind)),
                (0, Err(kind)),
                "{stream}"
            );
            assert!(!node.connection.is_open(), "{stream}");
        }
    }
}

#[test]
fn a_redirect_says_where_to() {
    let recorded = case("redirect-301.http");
    receive(1, &recorded, |reply| {
        let reply = reply.unwrap();
        assert_eq!((reply.status(), reply.location()), (301, Some("https://node.example/")));
        let error = reply.response::<u64>().unwrap_err();
        assert_eq!((error.kind, error.is_transient()), (ErrorKind::Status(301), false));
        assert!(error.to_string().contains("redirect"), "{error}");
    });
    // Also where there is no room for its page, and where a list was asked for.
    let (head, _) = split(&recorded);
    for piece in [1, usize::MAX] {
        let mut node = Node::awaiting_reply(head.len() + 4);
        let (elements, end) = node.elements(&recorded, piece, |_, _| ());
        assert_eq!(
            (elements.len(), end.map_err(|error| error.kind)),
            (0, Err(ErrorKind::Status(301)))
        );
        assert_eq!(
            node.connection.reply(&node.buf).unwrap().location(),
            Some("https://node.example/")
        );
    }
    receive(1, b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", |reply| {
        assert_eq!(reply.unwrap().location(), None);
    });
}

#[test]
fn a_batch_is_as_long_as_its_length_whatever_the_function_does() {
    type Fill = fn(&mut BatchRequest<'_>);
    let fills: [(Fill, usize, bool); 4] = [
        (|_| (), 0, true),
        (|batch| _ = batch.push(&Ping), 1, true),
        (|batch| (0..30).for_each(|_| _ = batch.push(&ListBanned)), 30, true),
        (|batch| _ = batch.push(&SetNetworkActive { state: false }), 1, false),
    ];
    for (index, (fill, count, is_repeatable)) in fills.into_iter().enumerate() {
        for used in [false, true] {
            let mut node = if used {
                Node::idle(4096)
            } else {
                Node::awaiting_reply(4096)
            };
            node.connection.batch(&Node::endpoint(), &mut node.buf, fill).unwrap();
            let request = node.send();
            let shown = format!("{index}: {request}");
            let (head, body) = request.split_once("\r\n\r\n").unwrap();
            let length = format!("\r\nContent-Length: {}", body.len());
            assert!(
                head.ends_with(&length) && head.matches("Content-Length").count() == 1,
                "{shown}"
            );
            let requests: Vec<serde_json::Value> = serde_json::from_str(body).unwrap();
            assert_eq!(requests.len(), count, "{shown}");
            // The ids are its own, and the next request has another.
            assert!(
                requests.iter().zip(2_u64..).all(|(request, id)| request["id"] == id),
                "{shown}"
            );
            // It is sent again only if nothing in it changes anything.
            let mut lost = node.connection.clone();
            lost.received(0);
            let is_sent_again = matches!(lost.poll(&mut node.buf), Ok(Want::Connect));
            assert!(!is_sent_again || used && is_repeatable, "{shown}");
            let next = node.connection.call(&Node::endpoint(), &Ping, &mut node.buf);
            assert_eq!(next, Ok(2 + count as u64), "{shown}");
        }
    }
}

#[test]
fn a_request_that_asks_for_the_connection_to_be_closed_ends_it() {
    let closing = [("Connection", "close")];
    let endpoint = Node::endpoint().with_headers(&closing).unwrap();
    for header in ["", "Connection: keep-alive\r\n", "Keep-Alive: timeout=5\r\n"] {
        let mut connection = Connection::new();
        let mut buf = [0; 512];
        connection.call(&endpoint, &GetConnectionCount, &mut buf).unwrap();
        connection.connected();
        connection.written(usize::MAX);
        let reply = format!("HTTP/1.1 200 OK\r\n{header}Content-Length: 32\r\n\r\n{BODY}");
        let Ok(Want::Read(space)) = connection.poll(&mut buf) else {
            panic!("{reply}")
        };
        space[..reply.len()].copy_from_slice(reply.as_bytes());
        connection.received(reply.len());
        let Ok(Want::Ready(reply)) = connection.poll(&mut buf) else {
            panic!("{reply}")
        };
        assert_eq!(reply.response(), Ok(8_u64));
        assert!(!connection.is_open(), "{header}");
        // It is opened anew, and nothing is taken from the old one.
        connection
            .call(&endpoint, &SetNetworkActive { state: true }, &mut buf)
            .unwrap();
        assert!(matches!(connection.poll(&mut buf), Ok(Want::Connect)), "{header}");
    }
}
