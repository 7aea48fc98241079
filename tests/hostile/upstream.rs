//! Replies of nodes and gateways that are a little unlike this node's, as reported about other clients.

use std::time::Duration;

use defichain_net_rpc::json::{Discard, ErrorKind, FromJson, Storage, Text, Truncated, Type};
use defichain_net_rpc::network::{
    Ban, BanTime, DisconnectNode, GetNetworkInfo, GetPeerInfo, ListBanned, PeerInfo, SetBan,
};
use defichain_net_rpc::rpc::{Code, Items};
use defichain_net_rpc::{self as rpc, Address, Error, Item, Method, Reply, Response, Subnet, UnixTime, request};

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
        let peers = reply.and_then(Reply::response::<Response<GetPeerInfo>>).unwrap();
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

/// The list in a reply, whole, and through a buffer that holds two of its elements.
#[track_caller]
fn list<V>(stream: &[u8]) -> Vec<Result<V, Error>>
where
    V: for<'a> FromJson<'a> + std::fmt::Debug + PartialEq,
{
    let list: Vec<Result<V, Error>> = receive(1, stream, |reply| {
        reply.and_then(Reply::response::<Items<V>>).unwrap().collect()
    });
    for piece in [1, 100, usize::MAX] {
        let mut node = Node::awaiting_reply(1500);
        let (elements, end) = node.elements(stream, piece, |connection, buf| connection.element::<V>(buf));
        assert_eq!((&elements, end), (&list, Ok(())), "by {piece}");
    }
    list
}

#[test]
fn what_upstream_has_removed_is_not_required() {
    for (name, starting_height, add_node, whitelisted, ban_score) in [
        ("core28-getpeerinfo.http", Some(800_000), None, None, None),
        ("peer-removed-member.http", None, Some(false), Some(false), Some(0)),
        ("peer-removed-whitelisted.http", Some(800_000), None, None, None),
    ] {
        let peers = list::<PeerInfo<Exact<4096>>>(&case(name));
        assert_eq!(peers.len(), 1, "{name}");
        let peer = peers[0].as_ref().unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(
            (peer.id, peer.ping_time),
            (3, Some(Duration::from_micros(21_345))),
            "{name}"
        );
        assert_eq!(
            (peer.starting_height, peer.add_node, peer.whitelisted, peer.ban_score),
            (starting_height, add_node, whitelisted, ban_score),
            "{name}"
        );
    }
    let bans = list::<Ban<Exact<4096>>>(&case("core28-listbanned.http"));
    let [Ok(ban)] = bans.as_slice() else { panic!("{bans:?}") };
    assert_eq!(
        (&ban.ban_reason, ban.banned_until),
        (&None, UnixTime::from_secs(1_800_000_000))
    );
    assert_eq!(ban.address, "198.51.100.0/24");
}

#[test]
fn warnings_may_be_one_text_or_several() {
    let recorded = case("core28-getnetworkinfo.http");
    for (warnings, expected) in [
        ("[]", &[][..]),
        ("\"\"", &[]),
        ("\"old\"", &["old"]),
        (r#"["old","f\u006frked"]"#, &["old", "forked"]),
    ] {
        let text = String::from_utf8(recorded.clone()).unwrap();
        let body = text
            .split_once("\r\n\r\n")
            .unwrap()
            .1
            .replace("\"warnings\":[]", &format!("\"warnings\":{warnings}"));
        for stream in framed("200 OK", body.trim_end().as_bytes()) {
            receive(1, &stream, |reply| {
                let info = reply.unwrap().response::<Response<GetNetworkInfo>>().unwrap();
                assert!(
                    info.warnings.iter().eq(expected.iter().copied()),
                    "{warnings}: {:?}",
                    info.warnings
                );
                assert_eq!((info.connections, info.networks.len()), (Some(10), 5), "{warnings}");
            });
        }
    }
}

/// The parameters of a call.
fn params(method: &impl Method) -> String {
    let mut buf = [0; 256];
    let body = str::from_utf8(request(method, 1, &mut buf).unwrap()).unwrap();
    body.split_once("\"params\":")
        .unwrap()
        .1
        .strip_suffix('}')
        .unwrap()
        .to_owned()
}

#[test]
fn what_is_banned_can_be_named_again_to_lift_the_ban() {
    let expected = ["fe80::12:34ff:fe56:7890%eth0/128", "10.0.7.0/255.0.255.0"];
    let bans = list::<Ban<Exact<4096>>>(&case("ban-zone-mask.http"));
    assert_eq!(bans.len(), expected.len());
    for (ban, text) in bans.iter().zip(expected) {
        let ban = ban.as_ref().unwrap();
        assert_eq!(ban.address, text);
        let lift = SetBan::Remove(ban.subnet().unwrap());
        assert_eq!(params(&lift), format!(r#"["{text}","remove"]"#));
        assert_eq!(Subnet::parse(text), ban.subnet());
    }
    receive(1, &case("ban-zone-mask.http"), |reply| {
        let bans = reply.and_then(Reply::response::<Response<ListBanned>>).unwrap();
        for (ban, text) in bans.zip(expected) {
            assert_eq!(ban.unwrap().subnet(), Subnet::parse(text));
        }
    });
}

#[test]
fn a_peer_with_a_zone_can_be_named_by_its_text() {
    let peers = list::<PeerInfo<Exact<4096>>>(&case("peer-linklocal-zone.http"));
    let [Ok(peer)] = peers.as_slice() else {
        panic!("{peers:?}")
    };
    let text = "[fe80::12:34ff:fe56:7890%eth0]:8555";
    assert_eq!((peer.addr.to_string().as_str(), peer.addr.socket_addr()), (text, None));
    let method = DisconnectNode::Address(Address::from(peer.addr.text().as_str().unwrap()));
    assert_eq!(params(&method), format!("[\"{text}\"]"));
}

#[test]
fn a_ban_is_as_long_as_the_node_s_clock_can_hold() {
    let subnet = Subnet::parse("198.51.100.0/24").unwrap();
    let longest = 1_u64 << 62;
    for (seconds, sent) in [
        (1, 1),
        (longest - 1, longest - 1),
        (longest, longest),
        (longest + 1, longest),
        (i64::MAX.unsigned_abs(), longest),
        (1 << 63, longest),
        (u64::MAX, longest),
    ] {
        let method = SetBan::Add(subnet, BanTime::For(Duration::from_secs(seconds)));
        assert_eq!(
            params(&method),
            format!(r#"["198.51.100.0/24","add",{sent}]"#),
            "{seconds}"
        );
    }
    let longest = SetBan::Add(subnet, BanTime::For(Duration::MAX));
    assert_eq!(params(&longest), r#"["198.51.100.0/24","add",4611686018427387904]"#);
}

/// Storage of `N` bytes, which does not cut text off.
#[derive(Debug, Default, PartialEq)]
struct Exact<const N: usize>(String);

impl<const N: usize> AsRef<str> for Exact<N> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<const N: usize> Storage<'_> for Exact<N> {
    fn store(text: &str) -> Option<Self> {
        (text.len() <= N).then(|| Self(text.to_owned()))
    }
}

#[test]
fn no_peer_hides_behind_a_long_text() {
    let recorded = String::from_utf8(case("203-list.http")).unwrap();
    let body = recorded.split_once("\r\n\r\n").unwrap().1.trim_end();
    for (subver, kept) in [
        ("x".repeat(256), "x".repeat(40)),
        ("\u{e9}".repeat(128), "\u{e9}".repeat(20)),
        (
            format!("x{}", "\u{e9}".repeat(100)),
            format!("x{}", "\u{e9}".repeat(19)),
        ),
        (r"\u00e9".repeat(40), "\u{e9}".repeat(6)),
        (r"\ud834\udd1e".repeat(20), "\u{1d11e}".repeat(3)),
        (r#"\\\""#.repeat(60), "\\\"".repeat(10)),
    ] {
        let body = body.replacen("/DeFiChain:3.2.8/", &subver, 1);
        let [stream, ..] = framed("200 OK", body.as_bytes());
        let mut node = Node::awaiting_reply(4096);
        let (exact, end) = node.elements(&stream, 1000, |connection, buf| {
            connection.element::<PeerInfo<Exact<40>, Discard>>(buf)
        });
        assert_eq!(end, Ok(()), "{subver}");
        // That it is too long is told, where and of what; the others are there.
        let error = exact[0].as_ref().unwrap_err();
        let at = body.find(&subver).unwrap() - 1;
        assert_eq!(
            fault(*error),
            Some((ErrorKind::TooLong, at, Some("subver"))),
            "{subver}"
        );
        assert!(exact.len() > 5 && exact[1..].iter().all(Result::is_ok), "{subver}");
        // Cut, all are.
        let mut node = Node::awaiting_reply(4096);
        let (cut, end) = node.elements(&stream, 1000, |connection, buf| {
            connection.element::<PeerInfo<Truncated<40>, Discard>>(buf).unwrap()
        });
        assert_eq!((cut.len(), end), (exact.len(), Ok(())), "{subver}");
        let texts = cut.iter().map(|peer| (peer.subver.to_string(), peer.subver.is_cut()));
        let expected = [(kept, true)]
            .into_iter()
            .chain(std::iter::repeat(("/DeFiChain:3.2.8/".to_owned(), false)));
        for (index, (ours, expected)) in texts.zip(expected).enumerate() {
            assert_eq!(ours, expected, "{index}: {subver}");
        }
    }
    let text: Text<Truncated<0>> = rpc::json::from_slice(b"\"a\"").unwrap();
    assert!(text == "" && text.is_cut());
}
