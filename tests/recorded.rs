//! Every recorded exchange, read and written as it should be.

mod bodies;
mod exchanges;
mod streams;

use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use defichain_net_rpc::http::{HttpErrorKind, Reply, ReplyError};
use defichain_net_rpc::json::{self, ErrorKind, ToJson, Writer};
use defichain_net_rpc::network::{
    GetConnectionCount, GetNetTotals, GetNetworkInfo, GetPeerInfo, NetTotals, PeerInfo, SetNetworkActive,
};
use defichain_net_rpc::rpc::{Code, Id};
use defichain_net_rpc::{Amount, Permission, ResponseError, Services, UnixTime, request, response};
use serde_json::Value;
use streams::receive;

/// The methods whose recordings are read and compared member by member.
const METHODS: [&str; 5] = [
    "getconnectioncount",
    "getnettotals",
    "getnetworkinfo",
    "getpeerinfo",
    "setnetworkactive",
];

/// What the node answered with an error: the status, the code and the message.
#[rustfmt::skip]
const ERRORS: &[(&str, u16, Code, &str)] = &[
    ("error-already-banned", 500, Code::CLIENT_NODE_ALREADY_ADDED, "Error: IP/Subnet already banned"),
    ("error-getaddednodeinfo-not-added", 500, Code::CLIENT_NODE_NOT_ADDED, "Error: Node has not been added."),
    ("error-getnodeaddresses-range", 500, Code::INVALID_PARAMETER, "Address count out of range"),
    ("error-invalid-subnet", 500, Code::CLIENT_INVALID_IP_OR_SUBNET, "Error: Invalid IP/Subnet"),
    ("error-method-not-found", 404, Code::METHOD_NOT_FOUND, "Method not found"),
    ("error-method-not-string", 400, Code::INVALID_REQUEST, "Method must be a string"),
    ("error-method-unknown-to-this-version", 404, Code::METHOD_NOT_FOUND, "Method not found"),
    ("error-no-method", 400, Code::INVALID_REQUEST, "Missing method"),
    ("error-node-already-added", 500, Code::CLIENT_NODE_ALREADY_ADDED, "Error: Node already added"),
    ("error-node-not-added", 500, Code::CLIENT_NODE_NOT_ADDED, "Error: Node has not been added."),
    ("error-node-not-connected", 500, Code::CLIENT_NODE_NOT_CONNECTED, "Node not found in connected nodes"),
    ("error-only-one-of", 500, Code::INVALID_PARAMS, "Only one of address and nodeid should be provided."),
    ("error-params-not-array", 400, Code::INVALID_REQUEST, "Params must be an array or object"),
    ("error-parse", 500, Code::PARSE_ERROR, "Parse error"),
    ("error-top-level", 500, Code::PARSE_ERROR, "Top-level object parse error"),
    ("error-unban-failed", 500, Code::CLIENT_INVALID_IP_OR_SUBNET,
        "Error: Unban failed. Requested address/subnet was not previously banned."),
    ("error-unknown-named", 500, Code::INVALID_PARAMETER, "Unknown named parameter stat"),
    ("error-warmup", 500, Code::IN_WARMUP, "Loading banlist..."),
    ("error-wrong-type", 500, Code::MISC_ERROR, "JSON value is not a boolean as expected"),
    ("error-wrong-type-number", 500, Code::MISC_ERROR, "JSON value is not a boolean as expected"),
];

/// What the HTTP server answered by itself: what it means, whether the connection is reusable, and how it is shown.
#[rustfmt::skip]
const HTTP_ERRORS: &[(&str, HttpErrorKind, bool, &str)] = &[
    ("http-400-big-headers", HttpErrorKind::Other, false, "http 400 Bad Request"),
    ("http-401-bad-password", HttpErrorKind::Unauthorized, true, "http 401 Unauthorized"),
    ("http-401-no-auth", HttpErrorKind::Unauthorized, true, "http 401 Unauthorized"),
    ("http-404-path", HttpErrorKind::NotFound, true, "http 404 Not Found"),
    ("http-405-delete", HttpErrorKind::Other, true, "http 405 Method Not Allowed"),
    ("http-405-get", HttpErrorKind::Other, true,
        "http 405 Method Not Allowed: JSONRPC server handles only POST requests"),
    ("http-405-put", HttpErrorKind::Other, true,
        "http 405 Method Not Allowed: JSONRPC server handles only POST requests"),
    ("http-501-patch", HttpErrorKind::Other, false, "http 501 Not Implemented"),
    ("http-work-queue-exceeded", HttpErrorKind::WorkQueueFull, true,
        "http 500 Internal Server Error: Work queue depth exceeded"),
];

/// What differs in how the connection goes on, and whether it does.
const CONNECTIONS: &[(&str, bool)] = &[("http-1.0", false), ("http-1.0-keepalive", true), ("http-close", false)];

/// What came back for ids of every type.
const IDS: &[(&str, Id)] = &[
    ("id-jsonrpc2", Id::Number(9)),
    ("id-large", Id::Number(u64::MAX)),
    ("id-missing", Id::Null),
    ("id-null", Id::Null),
    ("id-object", Id::Other),
    ("id-string", Id::Other),
];

const NAMED_PARAMS: &str = "named-params";

/// Of the other methods and of batches, which nothing here reads yet.
#[rustfmt::skip]
const NOT_YET: &[&str] = &[
    "addnode-add", "addnode-remove", "batch", "batch-empty", "batch-with-garbage", "clearbanned",
    "crowd-getaddednodeinfo", "crowd-getnodeaddresses", "crowd-getnodeaddresses-3", "disconnectnode-address",
    "disconnectnode-id", "disconnectnode-named", "getaddednodeinfo-one", "getversioninfo",
    "healthy-getnodestatusinfo", "idle-clearbanned", "idle-getaddednodeinfo", "idle-getnodeaddresses",
    "idle-getversioninfo", "idle-listbanned", "idle-ping", "listbanned", "listbanned-cleared",
    "miner-getnodestatusinfo", "ping", "setban-add", "setban-add-absolute", "setban-remove",
];

#[test]
fn every_recording_is_in_one_table() {
    let recordings = recordings();
    for name in recordings.keys() {
        let tables = [
            method_of(name).is_some(),
            ERRORS.iter().any(|(this, ..)| this == name),
            HTTP_ERRORS.iter().any(|(this, ..)| this == name),
            CONNECTIONS.iter().any(|(this, _)| this == name),
            IDS.iter().any(|(this, _)| this == name),
            NAMED_PARAMS == name,
            NOT_YET.contains(&name.as_str()),
        ];
        assert_eq!(tables.iter().filter(|listed| **listed).count(), 1, "{name}");
    }
    let listed = ERRORS.len() + HTTP_ERRORS.len() + CONNECTIONS.len() + IDS.len() + 1 + NOT_YET.len();
    assert_eq!(recordings.len(), listed + of_methods().len());
}

#[test]
fn a_request_is_what_was_recorded() {
    for name in of_methods() {
        let recorded = exchanges::file(&path(&name, "request"));
        let recorded = exchanges::body(&recorded);
        let id = id_of(&name);
        let mut buf = [0; 96];
        let written = match method_of(&name).unwrap() {
            "getconnectioncount" => request(&GetConnectionCount, id, &mut buf),
            "getnettotals" => request(&GetNetTotals, id, &mut buf),
            "getnetworkinfo" => request(&GetNetworkInfo, id, &mut buf),
            "getpeerinfo" => request(&GetPeerInfo, id, &mut buf),
            _ => {
                let state = name.ends_with("true");
                request(&SetNetworkActive { state }, id, &mut buf)
            }
        };
        assert_eq!(written, Ok(recorded), "{name}");
    }
}

#[test]
fn a_result_has_every_member_that_was_recorded() {
    for name in of_methods() {
        let reply = reply(&name);
        let ours = receive(id_of(&name), &reply, |reply| {
            let reply = reply.unwrap();
            assert_eq!((reply.status(), reply.is_reusable()), (200, true));
            written_back(&name, reply)
        });
        let ours = serde_json::from_slice(&ours).unwrap();
        let recorded: Value = serde_json::from_slice(exchanges::body(&reply)).unwrap();
        assert_same(&name, &ours, &recorded["result"]);
    }
}

#[test]
fn a_body_that_is_cut_off_is_incomplete() {
    for name in of_methods() {
        let reply = reply(&name);
        let id = id_of(&name);
        let invalid = bodies::invalid(exchanges::body(&reply), |body| match method_of(&name).unwrap() {
            "getconnectioncount" => response(&GetConnectionCount, id, body).map(drop),
            "getnettotals" => response(&GetNetTotals, id, body).map(drop),
            "getnetworkinfo" => response(&GetNetworkInfo, id, body).map(drop),
            "getpeerinfo" => response(&GetPeerInfo, id, body).map(drop),
            _ => response(&SetNetworkActive { state: true }, id, body).map(drop),
        });
        assert_eq!(invalid, None, "{name}");
    }
    for (name, ..) in ERRORS {
        let reply = reply(name);
        let id = id_of(name);
        let invalid = bodies::invalid(exchanges::body(&reply), |body| {
            response(&GetPeerInfo, id, body).map(drop)
        });
        assert_eq!(invalid, None, "{name}");
    }
}

#[test]
fn the_error_of_the_node_has_its_code_and_message() {
    for (name, status, code, message) in ERRORS {
        receive(id_of(name), &reply(name), |reply| {
            let reply = reply.unwrap();
            assert_eq!((reply.status(), reply.is_reusable()), (*status, true), "{name}");
            let error = reply.response(&GetConnectionCount).unwrap_err();
            let node_error = error.node_error().unwrap();
            assert_eq!(node_error.code, *code, "{name}");
            assert_eq!(node_error.message, *message, "{name}");
            assert_eq!(error.to_string(), format!("node error {code}: {message}"));
            assert_eq!(error.is_transient(), *name == "error-warmup");
            assert!(code.name().is_some());
        });
    }
}

#[test]
fn an_error_without_an_id_is_the_error_of_the_node_for_any_id() {
    for name in ["error-parse", "error-top-level"] {
        for id in [0, 1, u64::MAX] {
            receive(id, &reply(name), |reply| {
                let error = reply.unwrap().response(&GetConnectionCount).unwrap_err();
                assert_eq!(error.node_error().unwrap().code, Code::PARSE_ERROR);
            });
        }
    }
}

/// With a wrong number of parameters the node sends the whole usage text.
#[test]
fn a_long_usage_text_is_the_message_of_an_error() {
    let argument = "(string, optional, default=\"a\\b\")\tHow it is stirred.";
    let arguments: Vec<_> = (1..=50)
        .map(|index| format!("{index}. \"spoon{index}\"    {argument}\n"))
        .collect();
    let usage = format!(
        "makecoffee \"size\" ( sugar )\n\nBrews one cup.\n\nArguments:\n{}\nExamples:\n> defi-cli makecoffee 2\n",
        arguments.concat()
    );
    assert!((3400..3700).contains(&usage.len()));
    let body = serde_json::json!({"result": null, "error": {"code": -1, "message": usage}, "id": 7}).to_string();
    let head = format!(
        "HTTP/1.1 500 Internal Server Error\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    receive(7, (head + &body).as_bytes(), |reply| {
        let error = reply.unwrap().response(&GetConnectionCount).unwrap_err();
        let error = error.node_error().unwrap();
        assert_eq!(error.code, Code::MISC_ERROR);
        assert_eq!(error.message, usage.as_str());
        assert_eq!(error.message.decode(&mut vec![0; usage.len()]), Ok(usage.as_str()));
        assert_eq!(error.to_string(), format!("node error -1: {usage}"));
        assert!(!error.is_transient());
    });
}

#[test]
fn an_answer_of_the_http_server_is_an_http_error() {
    for (name, kind, reusable, display) in HTTP_ERRORS {
        let recorded = reply(name);
        receive(1, &recorded, |reply| {
            let reply = reply.unwrap();
            assert_eq!(reply.is_reusable(), *reusable, "{name}");
            let error = reply.response(&GetConnectionCount).unwrap_err();
            assert_eq!(error.to_string(), *display);
            assert_eq!(error.is_transient(), *name == "http-work-queue-exceeded");
            let ReplyError::Http(error) = error else {
                panic!("{name}: {error}");
            };
            assert_eq!((error.kind(), error.text), (*kind, exchanges::body(&recorded)));
            assert!(display.contains(&format!(" {} {}", error.status, error.reason)));
        });
    }
}

#[test]
fn a_connection_is_reusable_unless_the_reply_says_otherwise() {
    for (name, reusable) in CONNECTIONS {
        receive(1, &reply(name), |reply| {
            let reply = reply.unwrap();
            assert_eq!(reply.is_reusable(), *reusable, "{name}");
            assert_eq!(reply.response(&GetConnectionCount), Ok(0));
        });
    }
}

#[test]
fn a_result_belongs_to_the_request_with_its_id() {
    for (name, id) in IDS {
        let reply = reply(name);
        let asked = match id {
            Id::Number(id) => *id,
            _ => 1,
        };
        let offset = br#"{"result":0,"error":null,"id":"#.len();
        let wrong = Err(ReplyError::Response(ResponseError::WrongId { offset }));
        receive(asked, &reply, |reply| {
            let reply = reply.unwrap();
            assert_eq!(reply.envelope().unwrap().id, *id, "{name}");
            let right = matches!(id, Id::Number(_));
            let expected = if right { Ok(0) } else { wrong.clone() };
            assert_eq!(reply.response(&GetConnectionCount), expected, "{name}");
        });
        receive(asked ^ 1, &reply, |reply| {
            assert_eq!(reply.unwrap().response(&GetConnectionCount), wrong, "{name}");
        });
    }
}

#[test]
fn named_parameters_make_no_difference_to_the_reply() {
    receive(id_of(NAMED_PARAMS), &reply(NAMED_PARAMS), |reply| {
        assert_eq!(reply.unwrap().response(&SetNetworkActive { state: true }), Ok(true));
    });
}

#[test]
fn the_network_is_switched_off_and_on() {
    for (name, state) in [("setnetworkactive-false", false), ("setnetworkactive-true", true)] {
        receive(id_of(name), &reply(name), |reply| {
            assert_eq!(reply.unwrap().response(&SetNetworkActive { state }), Ok(state));
        });
    }
    let inactive = reply("inactive-getnetworkinfo");
    let info = response(&GetNetworkInfo, 47, exchanges::body(&inactive)).unwrap();
    assert_eq!((info.network_active, info.connections), (Some(false), Some(0)));
}

#[test]
fn peers_are_counted() {
    for (name, id, count) in [
        ("idle-getconnectioncount", 35, 0),
        ("proxied-getconnectioncount", 71, 0),
        ("crowd-getconnectioncount", 90, 79),
    ] {
        let reply = reply(name);
        assert_eq!(response(&GetConnectionCount, id, exchanges::body(&reply)), Ok(count));
    }
    for (name, count) in [
        ("idle-getpeerinfo", 0),
        ("proxied-getpeerinfo", 0),
        ("crowd-getpeerinfo", 79),
        ("handshake-getpeerinfo", 83),
        ("misbehaving-getpeerinfo", 7),
    ] {
        assert_eq!(peers(name, |peers| peers.len()), count);
    }
}

#[test]
fn the_upload_target_is_read() {
    let totals = |name: &str| -> NetTotals {
        let reply = reply(name);
        response(&GetNetTotals, id_of(name), exchanges::body(&reply)).unwrap()
    };
    let proxied = totals("proxied-getnettotals");
    assert_eq!((proxied.total_bytes_recv, proxied.time_millis), (0, 1_795_354_418_387));
    let target = proxied.upload_target;
    assert_eq!((target.time_frame, target.time_left_in_cycle), (86_400, 86_400));
    assert_eq!((target.target, target.bytes_left_in_cycle), (524_288_000, 524_288_000));
    assert_eq!((target.target_reached, target.serve_historical_blocks), (false, false));

    let crowd = totals("crowd-getnettotals");
    assert_eq!((crowd.total_bytes_recv, crowd.total_bytes_sent), (503_423, 130_774));
    assert!(crowd.upload_target.serve_historical_blocks);
}

#[test]
fn a_node_behind_proxies_tells_them_and_its_fees() {
    let reply = reply("proxied-getnetworkinfo");
    let info = response(&GetNetworkInfo, 74, exchanges::body(&reply)).unwrap();
    assert_eq!(info.relay_fee, Amount::from_units(12_345));
    assert_eq!(info.incremental_fee.units(), 10_000_000);
    assert_eq!(info.incremental_fee.to_string(), "0.10000000");
    assert_eq!((info.version, info.protocol_version), (3_020_800, 70_036));
    let networks: Vec<_> = info.networks.iter().collect();
    let onion = &networks[2];
    assert_eq!(onion.name, "onion");
    assert_eq!(onion.proxy, "127.0.0.1:9150");
    assert_eq!(onion.proxy.parse(), Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 9150))));
    assert!(onion.reachable && onion.proxy_randomize_credentials && !onion.limited);
}

#[test]
fn a_node_tells_its_own_addresses_and_services() {
    let reply = reply("miner-getnetworkinfo");
    let info = response(&GetNetworkInfo, 438, exchanges::body(&reply)).unwrap();
    let addresses: Vec<_> = info.local_addresses.iter().collect();
    assert_eq!(addresses.len(), 2);
    for (address, (ip, port)) in addresses.iter().zip([([1, 2, 3, 4], 8555), ([5, 6, 7, 8], 21004)]) {
        assert_eq!(address.address.parse(), Some(Ipv4Addr::from(ip)));
        assert_eq!((address.port, address.score), (port, 4));
    }
    let services = Services::NETWORK | Services::WITNESS | Services::NETWORK_LIMITED;
    assert_eq!(info.local_services, Some(services));
    assert_eq!(info.warnings, "");
}

#[test]
fn blocks_in_flight_are_listed() {
    peers("syncing-getpeerinfo", |peers| {
        let [peer] = peers else { panic!("{peers:?}") };
        let inflight = peer.inflight.unwrap();
        assert!(inflight.iter().eq(1..=16));
        assert_eq!((peer.synced_headers, peer.synced_blocks), (Some(400), Some(0)));
        assert_eq!((peer.starting_height, peer.add_node, peer.inbound), (400, true, false));
        assert_eq!(peer.addr_local, None);
        assert_eq!(peer.addr_bind.unwrap(), "127.0.0.1:50212");
        assert_eq!(peer.addr.socket_addr(), Some(SocketAddr::from(([127, 0, 0, 1], 21004))));
        assert_eq!(peer.conn_time, UnixTime::from_secs(1_795_354_611));
        assert_eq!(peer.ping_time, Some(Duration::from_micros(1006)));
        assert_eq!(peer.min_fee_filter, Amount::from_units(1000));
        assert_eq!(peer.bytes_recv_per_msg.get("headers"), Some(76_427));
        assert_eq!(
            peer.bytes_recv_per_msg.iter().map(|(_, bytes)| bytes).sum::<u64>(),
            peer.bytes_recv
        );
    });
    peers("synced-getpeerinfo", |peers| {
        assert!(peers[0].inflight.unwrap().is_empty());
        assert_eq!(peers[0].synced_blocks, Some(400));
    });
}

#[test]
fn peers_that_misbehave_have_a_score() {
    peers("misbehaving-getpeerinfo", |peers| {
        let scores: Vec<_> = peers.iter().map(|peer| peer.ban_score.unwrap()).collect();
        assert_eq!(scores, [0, 0, 1, 2, 3, 4, 5]);
        assert_eq!(peers[1].services, Services::NETWORK | Services::WITNESS);
        assert_eq!(peers[1].starting_height, -1);
    });
}

#[test]
fn a_ping_that_is_not_answered_waits() {
    peers("pingwait-getpeerinfo", |peers| {
        let waits: Vec<_> = peers
            .iter()
            .map(|peer| peer.ping_wait.map(|wait| wait.as_micros()))
            .collect();
        assert_eq!(waits[..3], [None, Some(1_202_406), Some(1_202_392)]);
        assert!(peers.iter().all(|peer| peer.ping_time.is_some()));
    });
}

#[test]
fn ping_times_are_rounded_to_the_microsecond() {
    peers("skewed-getpeerinfo", |peers| {
        let pings: Vec<_> = peers.iter().map(|peer| peer.min_ping.unwrap().as_micros()).collect();
        assert_eq!(pings, [845, 551, 376, 91, 81, 82, 80, 75, 75, 59, 318, 347]);
        assert!(peers.iter().map(|peer| peer.time_offset).eq(9000..9012));
    });
}

#[test]
fn a_peer_in_the_middle_of_the_handshake_is_a_peer() {
    peers("handshake-getpeerinfo", |peers| {
        let peer = peers.iter().find(|peer| peer.version == 0).unwrap();
        assert_eq!((peer.subver.as_str(), peer.services), (Some(""), Services::default()));
        assert_eq!((peer.last_send, peer.starting_height), (UnixTime::from_secs(0), -1));
        assert_eq!((peer.ping_time, peer.ping_wait), (None, None));
        assert!(peer.bytes_sent_per_msg.is_empty() && peer.bytes_recv_per_msg.is_empty());
    });
}

#[test]
fn peers_of_every_kind_are_read() {
    peers("crowd-getpeerinfo", |peers| {
        assert!(peers.iter().any(|peer| peer.time_offset == -4));
        assert!(peers.iter().any(|peer| peer.starting_height == 3_400_014));
        assert!(
            peers
                .iter()
                .any(|peer| peer.bytes_recv_per_msg.get("*other*") == Some(27))
        );
        assert!(
            peers
                .iter()
                .any(|peer| peer.subver == "/Satoshi:0.18.1(comment; x_y.z-1)/")
        );
        assert!(peers.iter().any(|peer| peer.services.contains(Services::BLOOM)));
        assert!(
            peers
                .iter()
                .any(|peer| peer.min_fee_filter == Amount::from_units(12_345))
        );
    });
}

/// No recorded peer is whitelisted, so the permissions are put into a recorded reply.
#[test]
fn a_whitelisted_peer_has_permissions() {
    let names = r#"["noban","bloomfilter","forcerelay","relay","mempool","t\u0065a"]"#;
    let body = changed(
        "miner-getpeerinfo",
        r#""permissions":[]"#,
        &format!(r#""permissions":{names}"#),
    );
    let peer = response(&GetPeerInfo, 437, body.as_bytes())
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let permissions: Vec<_> = peer.permissions.iter().collect();
    assert_eq!(
        permissions[..5],
        [
            Permission::NoBan,
            Permission::BloomFilter,
            Permission::ForceRelay,
            Permission::Relay,
            Permission::Mempool
        ]
    );
    assert!(matches!(permissions[5], Permission::Other(text) if text == "tea"));
    assert_eq!(json::to_slice(&peer.permissions, &mut [0; 80]), Ok(names.as_bytes()));
}

/// What the node knows of a peer that is just leaving is less.
#[test]
fn a_peer_that_is_leaving_lacks_a_group_of_members() {
    let group = r#""banscore":0,"synced_headers":-1,"synced_blocks":-1,"inflight":[],"#;
    let body = changed("miner-getpeerinfo", group, "");
    let peer = response(&GetPeerInfo, 437, body.as_bytes())
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    assert_eq!(
        (peer.ban_score, peer.synced_headers, peer.synced_blocks),
        (None, None, None)
    );
    assert_eq!(peer.inflight, None);
    assert_eq!(peer.addr_processed, Some(0));
}

#[test]
fn a_node_without_peer_to_peer_part_lacks_members() {
    let mut body = changed("idle-getnetworkinfo", r#""localservices":"0000000000000409","#, "");
    body = body.replace(r#""networkactive":true,"connections":0,"#, "");
    let info = response(&GetNetworkInfo, 38, body.as_bytes()).unwrap();
    assert_eq!(
        (info.local_services, info.network_active, info.connections),
        (None, None, None)
    );
    assert_eq!(info.networks.len(), 3);
}

#[test]
fn a_peer_that_cannot_be_read_does_not_hide_the_others() {
    let body = changed(
        "pingwait-getpeerinfo",
        r#""pingwait":1.202381"#,
        r#""pingwait":"later""#,
    );
    let offset = body.find(r#""later""#).unwrap();
    let peers: Vec<_> = response(&GetPeerInfo, 444, body.as_bytes()).unwrap().collect();
    assert_eq!(peers.len(), 7);
    for (index, peer) in peers.iter().enumerate() {
        match peer {
            Ok(peer) => assert_eq!(peer.id, index as u64),
            Err(error) => {
                assert_eq!((index, error.offset, error.member), (4, offset, Some("pingwait")));
                assert_eq!(error.kind, ErrorKind::Expected(json::Type::Number));
            }
        }
    }
    assert!(peers[4].is_err());
}

/// The recordings by name, with the folder that each is in.
fn recordings() -> BTreeMap<String, String> {
    let entries = |path| fs::read_dir(path).unwrap().map(Result::unwrap);
    let mut recordings = BTreeMap::new();
    for folder in entries(exchanges::folder()).filter(|entry| entry.file_type().unwrap().is_dir()) {
        let folder_name = folder.file_name().into_string().unwrap();
        for file in entries(folder.path()) {
            let file = file.file_name().into_string().unwrap();
            let (name, _) = [".request.http", ".response.http"]
                .iter()
                .find_map(|side| Some((file.strip_suffix(side)?, side)))
                .unwrap_or_else(|| panic!("{folder_name}/{file} is no recording"));
            let other = recordings.insert(name.to_owned(), folder_name.clone());
            assert!(
                other.is_none_or(|other| other == folder_name),
                "{name} is in two folders"
            );
        }
    }
    recordings
}

/// The recordings of the [`METHODS`].
fn of_methods() -> Vec<String> {
    recordings()
        .into_keys()
        .filter(|name| method_of(name).is_some())
        .collect()
}

/// Which of the [`METHODS`] a recording is of.
fn method_of(name: &str) -> Option<&'static str> {
    METHODS
        .into_iter()
        .find(|method| name.split('-').any(|part| part == *method))
}

fn path(name: &str, side: &str) -> String {
    let recordings = recordings();
    let folder = recordings.get(name).unwrap_or_else(|| panic!("no recording {name}"));
    format!("{folder}/{name}.{side}.http")
}

fn reply(name: &str) -> Vec<u8> {
    exchanges::file(&path(name, "response"))
}

/// The id of a recorded request; 1 if it has none.
fn id_of(name: &str) -> u64 {
    let request = exchanges::file(&path(name, "request"));
    let request = serde_json::from_slice(exchanges::body(&request));
    request
        .map_or(None, |request: Value| request["id"].as_u64())
        .unwrap_or(1)
}

/// The body of a recorded reply, with one part of it changed.
fn changed(name: &str, part: &str, new: &str) -> String {
    let reply = reply(name);
    let body = std::str::from_utf8(exchanges::body(&reply)).unwrap();
    assert_eq!(body.matches(part).count(), 1, "{part}");
    body.replace(part, new)
}

/// Hands out the peers of a recorded reply.
fn peers<T>(name: &str, test: impl FnOnce(&[PeerInfo<&str>]) -> T) -> T {
    let reply = reply(name);
    let peers = response(&GetPeerInfo, id_of(name), exchanges::body(&reply)).unwrap();
    test(&peers.collect::<Result<Vec<_>, _>>().unwrap())
}

/// Reads the result of one of the [`METHODS`] and writes it again.
fn written_back(name: &str, reply: Reply<'_>) -> Vec<u8> {
    let mut buf = vec![0; 2 * reply.body().len()];
    match method_of(name).unwrap() {
        "getconnectioncount" => json::to_slice(&reply.response(&GetConnectionCount).unwrap(), &mut buf),
        "getnettotals" => json::to_slice(&reply.response(&GetNetTotals).unwrap(), &mut buf),
        "getnetworkinfo" => json::to_slice(&reply.response(&GetNetworkInfo).unwrap(), &mut buf),
        "getpeerinfo" => {
            let peers = reply.response(&GetPeerInfo).unwrap().map(Result::unwrap);
            json::to_slice(&Peers(peers.collect()), &mut buf)
        }
        _ => json::to_slice(&reply.response(&SetNetworkActive { state: true }).unwrap(), &mut buf),
    }
    .unwrap()
    .to_vec()
}

/// The result of `getpeerinfo`, as the node writes it.
struct Peers<'a>(Vec<PeerInfo<&'a str>>);

impl ToJson for Peers<'_> {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.array(|array| self.0.iter().for_each(|peer| array.item(peer)));
    }
}

/// Compares a value that was read and written again with the recorded one.
fn assert_same(path: &str, ours: &Value, recorded: &Value) {
    match (ours, recorded) {
        (Value::Object(ours), Value::Object(recorded)) => {
            assert!(ours.keys().eq(recorded.keys()), "{path}: {ours:?} and {recorded:?}");
            for (name, ours) in ours {
                assert_same(&format!("{path}/{name}"), ours, &recorded[name]);
            }
        }
        (Value::Array(ours), Value::Array(recorded)) => {
            assert_eq!(ours.len(), recorded.len(), "{path}");
            for (index, (ours, recorded)) in ours.iter().zip(recorded).enumerate() {
                assert_same(&format!("{path}/{index}"), ours, recorded);
            }
        }
        (Value::Number(ours), Value::Number(recorded)) if is_ping_time(path) => {
            // The node prints doubles, whose decimals are not always those that it counted.
            let microseconds = format!("{:.6}", recorded.as_f64().unwrap());
            let shortest = microseconds.trim_end_matches('0').trim_end_matches('.');
            assert_eq!(ours.as_str(), shortest, "{path}");
        }
        _ => assert_eq!(ours, recorded, "{path}"),
    }
}

fn is_ping_time(path: &str) -> bool {
    ["/pingtime", "/minping", "/pingwait"]
        .iter()
        .any(|name| path.ends_with(name))
}
