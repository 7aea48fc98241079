//! Results in other storage: the same as those that borrow from the reply, or an error that names the member without room.

use defichain_net_rpc::json::{Discard, Storage};
use defichain_net_rpc::network::{AddedNodeInfo, Ban, NetworkInfo, NodeAddress, PeerInfo, VersionInfo};
use defichain_net_rpc::response;
use defichain_net_rpc::rpc::Items;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::reserialize::Reserialize;
use crate::{recordings, strategies};

/// The members that are stored as lists.
const LISTS: [&str; 7] = [
    "addresses",
    "bytesrecv_per_msg",
    "bytessent_per_msg",
    "inflight",
    "localaddresses",
    "networks",
    "permissions",
];

/// The members that are strings in JSON, but no texts that need storage.
const NO_TEXTS: [&str; 2] = ["localservices", "services"];

/// A reply whose result has texts in it.
#[derive(Clone, Debug)]
struct Reply {
    method: String,
    id: u64,
    body: Vec<u8>,
}

impl Reply {
    /// Reads the result into texts that are stored in `T` and lists that are stored in `L`, and writes it again.
    #[track_caller]
    fn stored<'a, T: Storage<'a>, L: Storage<'a>>(&'a self) -> String {
        let (id, body) = (self.id, self.body.as_slice());
        match self.method.as_str() {
            "getaddednodeinfo" => response::<Items<'_, AddedNodeInfo<T, L>>>(id, body)
                .unwrap()
                .reserialize(),
            "getnetworkinfo" => response::<NetworkInfo<T, L>>(id, body).unwrap().reserialize(),
            "getnodeaddresses" => response::<Items<'_, NodeAddress<T>>>(id, body).unwrap().reserialize(),
            "getpeerinfo" => response::<Items<'_, PeerInfo<T, L>>>(id, body).unwrap().reserialize(),
            "getversioninfo" => response::<VersionInfo<T>>(id, body).unwrap().reserialize(),
            "listbanned" => response::<Items<'_, Ban<T>>>(id, body).unwrap().reserialize(),
            other => panic!("no texts in the result of {other}"),
        }
    }

    /// The result as it borrows from the reply, written again.
    fn borrowed(&self) -> String {
        self.stored::<&str, &str>()
    }

    /// Returns the reply with empty texts or lists.
    #[track_caller]
    fn emptied(&self, dropped: &[Part]) -> Value {
        let mut value = self.borrowed().parse().unwrap();
        match &mut value {
            Value::Array(elements) => elements.iter_mut().for_each(|element| empty(element, dropped)),
            object => empty(object, dropped),
        }
        value
    }
}

#[derive(PartialEq)]
enum Part {
    Texts,
    Lists,
}

/// Empties the texts or lists of an object.
fn empty(object: &mut Value, dropped: &[Part]) {
    for (name, value) in object.as_object_mut().unwrap() {
        match value {
            Value::Array(_) if dropped.contains(&Part::Lists) => *value = json!([]),
            Value::Object(_) if !LISTS.contains(&name.as_str()) => empty(value, dropped),
            Value::Object(_) if dropped.contains(&Part::Lists) => *value = json!({}),
            Value::String(_) if dropped.contains(&Part::Texts) && !NO_TEXTS.contains(&name.as_str()) => {
                *value = json!("");
            }
            _ => {}
        }
    }
}

/// The recorded replies whose results have texts in them.
#[track_caller]
fn recorded() -> Vec<Reply> {
    let methods = [
        "getaddednodeinfo",
        "getnetworkinfo",
        "getnodeaddresses",
        "getpeerinfo",
        "getversioninfo",
        "listbanned",
    ];
    let mut replies = Vec::new();
    for recording in recordings::all() {
        let method = recording.asked()["method"].as_str().unwrap_or_default().to_owned();
        let answered: Value = serde_json::from_slice(recording.body()).unwrap_or_default();
        if methods.contains(&method.as_str()) && answered["error"].is_null() {
            replies.push(Reply {
                method,
                id: recording.id(),
                body: recording.body().to_vec(),
            });
        }
    }
    for method in methods {
        assert!(replies.iter().any(|reply| reply.method == method), "{method}");
    }
    replies
}

/// Made-up replies, with texts that have escapes in them.
fn any_reply() -> impl Strategy<Value = Reply> {
    let result = prop_oneof![
        (Just("getaddednodeinfo"), strategies::added_nodes()),
        (Just("getnetworkinfo"), strategies::network_info()),
        (Just("getnodeaddresses"), strategies::node_addresses()),
        (Just("getpeerinfo"), strategies::peers()),
        (Just("getversioninfo"), strategies::version_info()),
        (Just("listbanned"), strategies::bans()),
    ];
    (result, any::<u64>()).prop_map(|((method, result), id)| Reply {
        method: method.to_owned(),
        id,
        body: json!({"result": result, "error": null, "id": id})
            .to_string()
            .into_bytes(),
    })
}

/// What a program needs that only counts.
#[test]
fn numbers_are_there_without_any_text() {
    let recorded = recordings::named("miner-getnetworkinfo");
    let info: NetworkInfo<Discard> = response(recorded.id(), recorded.body()).unwrap();
    assert_eq!((info.version, info.protocol_version), (3_020_800, 70_036));
    assert_eq!((info.subversion.raw(), info.local_addresses.len()), ("", 0));

    let recorded = recordings::named("crowd-getpeerinfo");
    let peers: Items<'_, PeerInfo<Discard>> = response(recorded.id(), recorded.body()).unwrap();
    let peers: Vec<_> = peers.collect::<Result<_, _>>().unwrap();
    assert_eq!(peers.len(), 79);
    assert!(
        peers
            .iter()
            .all(|peer| peer.addr.socket_addr().is_none() && peer.bytes_sent_per_msg.is_empty())
    );
    assert!(peers.iter().any(|peer| peer.bytes_sent > 0));
}

#[test]
fn lists_that_are_dropped_are_empty_and_nothing_else_is() {
    for reply in recorded() {
        let ours: Value = reply.stored::<&str, Discard>().parse().unwrap();
        assert_eq!(ours, reply.emptied(&[Part::Lists]), "{}", reply.method);
    }
}

#[test]
fn texts_that_are_dropped_are_empty_and_nothing_else_is() {
    for reply in recorded() {
        let ours: Value = reply.stored::<Discard, &str>().parse().unwrap();
        assert_eq!(ours, reply.emptied(&[Part::Texts]), "{}", reply.method);
        let ours: Value = reply.stored::<Discard, Discard>().parse().unwrap();
        assert_eq!(ours, reply.emptied(&[Part::Texts, Part::Lists]), "{}", reply.method);
    }
}

proptest! {
    #[test]
    fn what_is_dropped_may_have_escapes(reply in any_reply()) {
        let ours: Value = reply.stored::<Discard, Discard>().parse().unwrap();
        prop_assert_eq!(ours, reply.emptied(&[Part::Texts, Part::Lists]));
    }
}

#[cfg(feature = "alloc")]
mod strings {
    use super::*;
    use defichain_net_rpc::network::GetNetworkInfo;
    use defichain_net_rpc::rpc::Envelope;
    use defichain_net_rpc::{Connection, Response, Want};

    #[test]
    fn a_recorded_result_is_the_same_in_strings() {
        for reply in recorded() {
            assert_eq!(reply.stored::<String, String>(), reply.borrowed(), "{}", reply.method);
            assert_eq!(reply.stored::<&str, String>(), reply.borrowed(), "{}", reply.method);
            let ours: Value = reply.stored::<String, Discard>().parse().unwrap();
            assert_eq!(ours, reply.emptied(&[Part::Lists]), "{}", reply.method);
        }
    }

    proptest! {
        #[test]
        fn any_result_is_the_same_in_strings(reply in any_reply()) {
            prop_assert_eq!(reply.stored::<String, String>(), reply.borrowed());
        }
    }

    #[test]
    fn each_member_of_a_peer_is_the_same_in_strings() {
        each_member_of_a_peer_is_the_same::<String, String>();
    }

    #[test]
    fn a_response_outlives_its_reply() {
        let body =
            br#"{"result":[{"addednode":"\u00e9","connected":false,"addresses":[]}],"error":null,"id":1}"#.to_vec();
        let nodes: Items<'_, AddedNodeInfo<String>> = response(1, &body).unwrap();
        let nodes: Vec<_> = nodes.collect::<Result<_, _>>().unwrap();
        drop(body);
        assert_eq!(nodes[0].added_node, "é");

        let recorded = recordings::named("idle-getnetworkinfo");
        let expected: Response<'_, GetNetworkInfo> = response(recorded.id(), recorded.body()).unwrap();
        let body = recorded.body().to_vec();
        let owned: NetworkInfo<String> = Envelope::read(&body).unwrap().result().unwrap();
        drop(body);
        assert_eq!(owned.subversion, expected.subversion);
        assert_eq!(owned.networks.len(), expected.networks.len());
    }

    #[test]
    fn a_response_outlives_the_buffer_of_its_connection() {
        fn version(reply: &[u8], id: u64) -> VersionInfo<String> {
            let mut buf = vec![0; reply.len()];
            let mut connection = Connection::awaiting_reply(id);
            let Ok(Want::Read(space)) = connection.poll(&mut buf) else {
                panic!("{connection:?}")
            };
            space.copy_from_slice(reply);
            connection.received(reply.len());
            let Ok(Want::Ready(reply)) = connection.poll(&mut buf) else {
                panic!("{connection:?}")
            };
            reply.response().unwrap()
        }

        let recorded = recordings::named("getversioninfo");
        let owned = version(&recorded.reply, recorded.id());
        assert_eq!(owned.spv.btc.user_agent, "/bread:2.1/");
    }
}

#[cfg(feature = "heapless-v0.9")]
mod heapless_strings {
    use super::*;
    use defichain_net_rpc::json::{ErrorKind, ToJson, to_slice};
    use defichain_net_rpc::network::GetPeerInfo;
    use defichain_net_rpc::{Error, Response};
    use heapless::String;

    #[test]
    fn a_recorded_result_is_the_same_in_strings_that_are_long_enough() {
        for reply in recorded() {
            let ours = reply.stored::<String<256>, String<1024>>();
            assert_eq!(ours, reply.borrowed(), "{}", reply.method);
            let ours: Value = reply.stored::<String<256>, Discard>().parse().unwrap();
            assert_eq!(ours, reply.emptied(&[Part::Lists]), "{}", reply.method);
        }
    }

    proptest! {
        #[test]
        fn any_result_is_the_same_in_strings_that_are_long_enough(reply in any_reply()) {
            prop_assert_eq!(reply.stored::<String<128>, String<2048>>(), reply.borrowed());
        }
    }

    #[test]
    fn each_member_of_a_peer_is_the_same_in_strings_that_are_long_enough() {
        each_member_of_a_peer_is_the_same::<String<256>, String<1024>>();
    }

    /// The peers after it are still read.
    #[test]
    fn a_peer_that_is_too_long_is_an_error_that_names_the_member() {
        let texts = [
            peers_too_long::<0, 1024>(),
            peers_too_long::<14, 1024>(),
            peers_too_long::<15, 1024>(),
            peers_too_long::<16, 1024>(),
            peers_too_long::<20, 1024>(),
        ];
        assert!(texts.concat().contains(&"addr") && texts.concat().contains(&"subver"));
        let lists = [
            peers_too_long::<256, 0>(),
            peers_too_long::<256, 2>(),
            peers_too_long::<256, 40>(),
            peers_too_long::<256, 120>(),
        ];
        assert!(lists.concat().contains(&"inflight") && lists.concat().contains(&"bytesrecv_per_msg"));
    }

    /// Reads the recorded peers into texts of up to `T` and lists of up to `L` bytes. Returns the members that were too long.
    #[track_caller]
    fn peers_too_long<const T: usize, const L: usize>() -> Vec<&'static str> {
        let mut members = Vec::new();
        for Reply { id, body, .. } in recorded().iter().filter(|reply| reply.method == "getpeerinfo") {
            let peers: Response<'_, GetPeerInfo> = response(*id, body).unwrap();
            let stored: Items<'_, PeerInfo<String<T>, String<L>>> = response(*id, body).unwrap();
            assert_eq!(stored.clone().count(), peers.clone().count());
            for (stored, peer) in stored.zip(peers) {
                let peer = peer.unwrap();
                let texts = [
                    ("addr", Some(&peer.addr)),
                    ("addrlocal", peer.addr_local.as_ref()),
                    ("addrbind", peer.addr_bind.as_ref()),
                ];
                let texts = texts
                    .into_iter()
                    .filter_map(|(name, addr)| Some((name, json(addr?), T + 2)));
                let others = [
                    ("subver", json(&peer.subver), T + 2),
                    (
                        "inflight",
                        peer.inflight.map_or(std::string::String::new(), |list| json(&list)),
                        L,
                    ),
                    ("permissions", json(&peer.permissions), L),
                    ("bytessent_per_msg", json(&peer.bytes_sent_per_msg), L),
                    ("bytesrecv_per_msg", json(&peer.bytes_recv_per_msg), L),
                ];
                match (stored, texts.chain(others).find(|(_, text, room)| text.len() > *room)) {
                    (Ok(stored), None) => assert_eq!(json(&stored), json(&peer)),
                    (Err(error), Some((member, text, _))) => {
                        assert_eq!(
                            (error.kind.json(), error.member),
                            (Some(ErrorKind::TooLong), Some(member))
                        );
                        assert!(body[error.offset..].starts_with(text.as_bytes()), "{error} {text}");
                        members.push(member);
                    }
                    (stored, expected) => panic!("{stored:?} and {expected:?}"),
                }
            }
        }
        members
    }

    #[test]
    fn any_result_that_is_too_long_is_an_error_that_names_the_member() {
        let (id, body) = recorded_body("getversioninfo");
        assert!(response::<VersionInfo<String<17>>>(id, &body).is_ok());
        match response::<VersionInfo<String<16>>>(id, &body) {
            Err(error) => assert_too_long(&body, error, "userAgent", r#""/DeFiChain"#),
            other => panic!("{other:?}"),
        }

        let (id, body) = recorded_body("proxied-getnetworkinfo");
        match response::<NetworkInfo<String<16>, Discard>>(id, &body) {
            Err(error) => assert_too_long(&body, error, "subversion", r#""/DeFiChain"#),
            other => panic!("{other:?}"),
        }

        let (id, body) = recorded_body("crowd-getaddednodeinfo");
        let mut nodes: Items<'_, AddedNodeInfo<String<15>, String<54>>> = response(id, &body).unwrap();
        assert!(nodes.all(|node| node.is_ok()));
        let mut short: Items<'_, AddedNodeInfo<String<14>, String<54>>> = response(id, &body).unwrap();
        assert_too_long(
            &body,
            short.next().unwrap().unwrap_err(),
            "addednode",
            r#""127.0.0.1:20000""#,
        );
        assert_too_long(
            &body,
            short.next().unwrap().unwrap_err(),
            "addednode",
            r#""localhost:20001""#,
        );

        let (id, body) = recorded_body("crowd-getnodeaddresses-3");
        let addresses: Items<'_, NodeAddress<String<12>>> = response(id, &body).unwrap();
        let addresses: Vec<_> = addresses.collect();
        assert!(addresses[0].is_ok() && addresses[2].is_ok());
        assert_too_long(
            &body,
            *addresses[1].as_ref().unwrap_err(),
            "address",
            r#""94.102.186.62""#,
        );

        let (id, body) = recorded_body("listbanned");
        let bans: Items<'_, Ban<String<14>>> = response(id, &body).unwrap();
        let bans: Vec<_> = bans.collect();
        assert!(bans[2].is_ok());
        assert_too_long(&body, *bans[0].as_ref().unwrap_err(), "address", r#""198.51.100.0/24""#);
        assert_too_long(&body, *bans[1].as_ref().unwrap_err(), "address", r#""203.0.113.77/32""#);
    }

    /// A list whose elements have members of their own.
    #[test]
    fn a_list_of_objects_that_is_too_long_is_an_error_that_names_the_member() {
        let (id, body) = recorded_body("proxied-getnetworkinfo");
        match response::<NetworkInfo<String<64>, String<300>>>(id, &body) {
            Err(error) => assert_too_long(&body, error, "networks", r#"[{"name":"ipv4""#),
            other => panic!("{other:?}"),
        }
        let (id, body) = recorded_body("getaddednodeinfo-one");
        let mut nodes: Items<'_, AddedNodeInfo<String<15>, String<53>>> = response(id, &body).unwrap();
        let error = nodes.next().unwrap().unwrap_err();
        assert_too_long(&body, error, "addresses", r#"[{"address":"127.0.0.1:20000""#);
    }

    fn recorded_body(name: &str) -> (u64, Vec<u8>) {
        let recorded = recordings::named(name);
        (recorded.id(), recorded.body().to_vec())
    }

    #[track_caller]
    fn assert_too_long(body: &[u8], error: Error, member: &str, text: &str) {
        assert_eq!(
            (error.kind.json(), error.member),
            (Some(ErrorKind::TooLong), Some(member)),
            "{error}: {}",
            body.escape_ascii()
        );
        assert!(
            body[error.offset..].starts_with(text.as_bytes()),
            "{error}: {}",
            body.escape_ascii()
        );
    }

    #[track_caller]
    fn json(value: &impl ToJson) -> std::string::String {
        let mut buf = [0; 4096];
        std::str::from_utf8(to_slice(value, &mut buf).unwrap())
            .unwrap()
            .to_owned()
    }
}

/// As Rust sees them, not as JSON.
#[cfg(any(feature = "alloc", feature = "heapless-v0.9"))]
#[track_caller]
fn each_member_of_a_peer_is_the_same<T: for<'a> Storage<'a>, L: for<'a> Storage<'a>>() {
    for Reply { id, body, .. } in recorded().iter().filter(|reply| reply.method == "getpeerinfo") {
        let peers: Items<'_, PeerInfo<&str>> = response(*id, body).unwrap();
        let stored: Items<'_, PeerInfo<T, L>> = response(*id, body).unwrap();
        for (ours, peer) in stored.zip(peers) {
            let (ours, peer) = (ours.unwrap(), peer.unwrap());
            assert_eq!(
                (ours.id, ours.services, ours.relay_txes),
                (peer.id, peer.services, peer.relay_txes)
            );
            assert_eq!(ours.addr.text(), peer.addr.text());
            assert_eq!(ours.addr.socket_addr(), peer.addr.socket_addr());
            for (ours, address) in [(ours.addr_local, peer.addr_local), (ours.addr_bind, peer.addr_bind)] {
                assert_eq!(
                    ours.map(|address| address.to_string()),
                    address.map(|address| address.to_string())
                );
            }
            assert_eq!(
                (ours.last_send, ours.last_recv, ours.conn_time),
                (peer.last_send, peer.last_recv, peer.conn_time)
            );
            assert_eq!(
                (ours.bytes_sent, ours.bytes_recv, ours.time_offset),
                (peer.bytes_sent, peer.bytes_recv, peer.time_offset)
            );
            assert_eq!(
                (ours.ping_time, ours.min_ping, ours.ping_wait),
                (peer.ping_time, peer.min_ping, peer.ping_wait)
            );
            assert_eq!(
                (ours.version, ours.starting_height),
                (peer.version, peer.starting_height)
            );
            assert_eq!(ours.subver, peer.subver);
            assert_eq!(
                (ours.inbound, ours.add_node, ours.whitelisted),
                (peer.inbound, peer.add_node, peer.whitelisted)
            );
            assert_eq!(
                (ours.ban_score, ours.synced_headers, ours.synced_blocks),
                (peer.ban_score, peer.synced_headers, peer.synced_blocks)
            );
            assert_eq!(
                (ours.addr_processed, ours.addr_rate_limited),
                (peer.addr_processed, peer.addr_rate_limited)
            );
            assert_eq!(ours.min_fee_filter, peer.min_fee_filter);
            assert_eq!(ours.inflight.is_some(), peer.inflight.is_some());
            assert!(ours.inflight.iter().flatten().eq(peer.inflight.iter().flatten()));
            assert_eq!(ours.permissions, peer.permissions);
            assert_eq!(ours.bytes_sent_per_msg, peer.bytes_sent_per_msg);
            assert_eq!(ours.bytes_recv_per_msg, peer.bytes_recv_per_msg);
        }
    }
}
