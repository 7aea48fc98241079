//! Replies of nodes and gateways that are a little unlike this node's, as reported about other clients.

use defichain_net_rpc::json::{ErrorKind, Type};
use defichain_net_rpc::network::GetPeerInfo;
use defichain_net_rpc::rpc::Code;
use defichain_net_rpc::{self as rpc, Error, Item, Reply, Response};

use crate::cases::{Node, case};
use crate::places::{fault, framed};
use crate::streams::receive;

/// The code of the node's error, and its words, however the reply comes.
#[track_caller]
fn node_error(stream: &[u8]) -> (Option<Code>, Option<String>) {
    receive(1, stream, |reply| {
        let reply = reply.unwrap();
        let error = reply.response::<u64>().unwrap_err();
        let words = reply.node_error().map(|error| error.message.to_string());
        (error.code(), words)
    })
}

#[test]
fn an_error_may_lack_its_message_and_its_id() {
    for (name, code, words) in [
        ("error-code-only.http", Code::MISC_ERROR, ""),
        ("rpc2-error-no-id.http", Code(-32700), "cannot read the id"),
        (
            "gateway-version.http",
            Code(-32600),
            "Unsupported JSON RPC version: 1.0",
        ),
    ] {
        assert_eq!(node_error(&case(name)), (Some(code), Some(words.to_owned())), "{name}");
        // Where a list was asked for as well.
        for piece in [1, usize::MAX] {
            let mut node = Node::awaiting_reply(512);
            let (elements, end) = node.elements(&case(name), piece, |_, _| ());
            assert_eq!(elements.len(), 0, "{name}");
            assert_eq!(
                end.map_err(|error| error.kind),
                Err(rpc::ErrorKind::Node(code)),
                "{name}"
            );
            assert_eq!(node.connection.node_error(&node.buf).unwrap().message, words, "{name}");
        }
    }
    for body in [
        r#"{"result":null,"error":{"code":-1},"id":null}"#,
        r#"{"error":{"code":-1}}"#,
        r#"{"error":{"code":-1},"result":null}"#,
    ] {
        for stream in framed("500 Internal Server Error", body.as_bytes()) {
            assert_eq!(
                node_error(&stream),
                (Some(Code::MISC_ERROR), Some(String::new())),
                "{body}"
            );
        }
    }
}

#[test]
fn an_error_that_is_none_is_malformed_and_its_words_are_on_the_line() {
    let expected = ErrorKind::Expected(Type::Object);
    let recorded = case("error-as-string.http");
    receive(1, &recorded, |reply| {
        let reply = reply.unwrap();
        let error = reply.response::<u64>().unwrap_err();
        assert_eq!(fault(error), Some((expected, 23, Some("error"))));
        assert!(reply.line().unwrap().contains("too many requests"));
        assert_eq!(reply.node_error(), None);
    });
    // Behind another status than one of success, that counts.
    receive(1, &case("error-as-string-500.http"), |reply| {
        let reply = reply.unwrap();
        let error = reply.response::<u64>().unwrap_err();
        assert_eq!((error.kind, error.is_transient()), (rpc::ErrorKind::Status(500), false));
        assert!(reply.line().unwrap().contains("too many requests"));
    });
    for (error, kind) in [
        ("\"no\"", expected),
        ("[-1,\"no\"]", expected),
        ("7", expected),
        (r#"{"message":"no"}"#, ErrorKind::Missing),
        (r#"{"code":null,"message":"no"}"#, ErrorKind::Expected(Type::Integer)),
    ] {
        let body = format!("{{\"result\":null,\"error\":{error},\"id\":1}}");
        for stream in framed("200 OK", body.as_bytes()) {
            receive(1, &stream, |reply| {
                let reply = reply.unwrap();
                let error = reply.response::<u64>().unwrap_err();
                assert_eq!(error.kind, rpc::ErrorKind::Json(kind), "{body}");
                assert_eq!(
                    (reply.line(), reply.node_error()),
                    (Some(body.as_str()), None),
                    "{body}"
                );
            });
        }
    }
}

#[test]
fn the_line_of_a_body_is_for_people() {
    for (body, line) in [
        ("too many requests", Some("too many requests")),
        (" too many requests\r\nsee the docs", Some("too many requests")),
        (
            r#"{"detail":"too many requests"}"#,
            Some(r#"{"detail":"too many requests"}"#),
        ),
        ("{\n\"detail\":\"too many requests\"}", Some("{")),
        ("[\"no\"]", Some("[\"no\"]")),
        (
            "zu viele Anfragen f\u{fc}r heute",
            Some("zu viele Anfragen f\u{fc}r heute"),
        ),
        ("<html>no</html>", None),
        (" <!DOCTYPE html>", None),
        ("\u{1b}[31mno", None),
        ("no\u{85}", None),
        ("", None),
    ] {
        for stream in framed("429 Too Many Requests", body.as_bytes()) {
            receive(1, &stream, |reply| assert_eq!(reply.unwrap().line(), line, "{body:?}"));
        }
    }
}

/// The ids of the peers in a reply, whole, and through a buffer that holds two of them.
#[track_caller]
fn peers(stream: &[u8]) -> Vec<Result<u64, Error>> {
    let peers: Vec<_> = receive(1, stream, |reply| {
        let peers = reply
            .and_then(Reply::response::<Response<GetPeerInfo>>)
            .unwrap();
        peers.map(|peer| peer.map(|peer| peer.id)).collect()
    });
    for piece in [1, 100, usize::MAX] {
        let mut node = Node::awaiting_reply(1500);
        let (elements, end) = node.elements(stream, piece, |connection, buf| {
            connection.element::<Item<GetPeerInfo>>(buf).map(|peer| peer.id)
        });
        assert_eq!((&elements, end), (&peers, Ok(())), "by {piece}");
    }
    peers
}

#[test]
fn a_peer_that_is_wrong_hides_no_other() {
    let peers = peers(&case("peer-one-bad-of-three.http"));
    assert_eq!(peers.len(), 3);
    assert_eq!(peers.iter().filter(|peer| peer.is_ok()).count(), 2, "{peers:?}");
    let error = peers.iter().find_map(|peer| peer.as_ref().err()).unwrap();
    assert!(error.kind.json().is_some() && error.member.is_some(), "{error}");
}
