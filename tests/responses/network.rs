//! What the recorded results mean, value by value.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU16;
use std::time::Duration;

use defichain_net_rpc::json::{self, ErrorKind, FromJson};
use defichain_net_rpc::network::{
    AddNode, AddedNodeInfo, ClearBanned, Direction, DisconnectNode, GetAddedNodeInfo, GetConnectionCount, GetNetTotals,
    GetNetworkInfo, GetNodeAddresses, GetNodeStatusInfo, GetPeerInfo, GetVersionInfo, ListBanned, PeerInfo, Ping,
    SetBan, SetNetworkActive,
};
use defichain_net_rpc::rpc::Items;
use defichain_net_rpc::{Amount, Error, Method, Permission, Response, Services, Subnet, UnixTime, response};

use crate::recordings::{self, Recording};

#[test]
fn the_network_is_switched_off_and_on() {
    for (name, state) in [("setnetworkactive-false", false), ("setnetworkactive-true", true)] {
        assert_eq!(result(&SetNetworkActive { state }, &recordings::named(name)), state);
    }
    let inactive = recordings::named("inactive-getnetworkinfo");
    let info = result(&GetNetworkInfo, &inactive);
    assert_eq!((info.network_active, info.connections), (Some(false), Some(0)));
}

#[test]
fn peers_are_counted() {
    for (name, count) in [
        ("idle-getconnectioncount", 0),
        ("proxied-getconnectioncount", 0),
        ("crowd-getconnectioncount", 79),
    ] {
        assert_eq!(result(&GetConnectionCount, &recordings::named(name)), count);
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
    let proxied = result(&GetNetTotals, &recordings::named("proxied-getnettotals"));
    assert_eq!((proxied.total_bytes_recv, proxied.time_millis), (0, 1_795_354_418_387));
    let target = proxied.upload_target;
    assert_eq!((target.time_frame, target.time_left_in_cycle), (86_400, 86_400));
    assert_eq!((target.target, target.bytes_left_in_cycle), (524_288_000, 524_288_000));
    assert_eq!((target.target_reached, target.serve_historical_blocks), (false, false));

    let crowd = result(&GetNetTotals, &recordings::named("crowd-getnettotals"));
    assert_eq!((crowd.total_bytes_recv, crowd.total_bytes_sent), (503_423, 130_774));
    assert!(crowd.upload_target.serve_historical_blocks);
}

#[test]
fn a_node_behind_proxies_tells_them_and_its_fees() {
    let recorded = recordings::named("proxied-getnetworkinfo");
    let info = result(&GetNetworkInfo, &recorded);
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
    let recorded = recordings::named("miner-getnetworkinfo");
    let info = result(&GetNetworkInfo, &recorded);
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
        assert_eq!(
            (peer.starting_height, peer.add_node, peer.inbound),
            (Some(400), Some(true), false)
        );
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
        assert_eq!(peers[1].starting_height, Some(-1));
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
        assert_eq!(
            (peer.last_send, peer.starting_height),
            (UnixTime::from_secs(0), Some(-1))
        );
        assert_eq!((peer.ping_time, peer.ping_wait), (None, None));
        assert!(peer.bytes_sent_per_msg.is_empty() && peer.bytes_recv_per_msg.is_empty());
    });
}

#[test]
fn peers_of_every_kind_are_read() {
    peers("crowd-getpeerinfo", |peers| {
        assert!(peers.iter().any(|peer| peer.time_offset == -4));
        assert!(peers.iter().any(|peer| peer.starting_height == Some(3_400_014)));
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
    let mut peers: Response<GetPeerInfo> = response(437, body.as_bytes()).unwrap();
    let peer = peers.next().unwrap().unwrap();
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
    let mut peers: Response<GetPeerInfo> = response(437, body.as_bytes()).unwrap();
    let peer = peers.next().unwrap().unwrap();
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
    let info: Response<GetNetworkInfo> = response(38, body.as_bytes()).unwrap();
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
    let peers: Response<GetPeerInfo> = response(444, body.as_bytes()).unwrap();
    let peers: Vec<_> = peers.collect();
    assert_eq!(peers.len(), 7);
    for (index, peer) in peers.iter().enumerate() {
        match peer {
            Ok(peer) => assert_eq!(peer.id, index as u64),
            Err(error) => {
                assert_eq!((index, error.offset, error.member), (4, offset, Some("pingwait")));
                assert_eq!(error.kind.json(), Some(ErrorKind::Expected(json::Type::Number)));
            }
        }
    }
    assert!(peers[4].is_err());
}

#[test]
fn what_only_changes_the_node_has_no_result() {
    for name in ["addnode-add", "addnode-remove"] {
        result(&AddNode::OneTry("node.example".into()), &recordings::named(name));
    }
    for name in ["disconnectnode-address", "disconnectnode-id", "disconnectnode-named"] {
        result(&DisconnectNode::Id(0), &recordings::named(name));
    }
    let subnet = Subnet::from(IpAddr::from(Ipv4Addr::LOCALHOST));
    for name in ["setban-add", "setban-add-absolute", "setban-remove"] {
        result(&SetBan::Remove(subnet), &recordings::named(name));
    }
    for name in ["clearbanned", "idle-clearbanned"] {
        result(&ClearBanned, &recordings::named(name));
    }
    for name in ["ping", "idle-ping"] {
        result(&Ping, &recordings::named(name));
    }
}

/// The node repeats the text it was given, and adds the addresses that it found for it.
#[test]
fn added_nodes_are_told_as_they_were_added() {
    let recorded = recordings::named("crowd-getaddednodeinfo");
    let nodes = elements(&GetAddedNodeInfo::default(), &recorded);
    assert_eq!(nodes.len(), 2);
    for (node, (name, port)) in nodes
        .iter()
        .zip([("127.0.0.1:20000", 20000), ("localhost:20001", 20001)])
    {
        assert_eq!(node.added_node, name);
        assert!(node.connected);
        assert_eq!(node.addresses.len(), 1);
        let address = node.addresses.iter().next().unwrap();
        let expected = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        assert_eq!(address.address.socket_addr(), Some(expected));
        assert_eq!(address.connected, Direction::Outbound);
    }

    let one = recordings::named("getaddednodeinfo-one");
    let method = GetAddedNodeInfo {
        node: Some("127.0.0.1:20000".into()),
    };
    assert_eq!(elements(&method, &one), nodes[..1]);
    let none = recordings::named("idle-getaddednodeinfo");
    assert_eq!(elements(&GetAddedNodeInfo::default(), &none), []);
}

/// All recorded nodes are connected by the node itself, so the rest is put into a recorded reply.
#[test]
fn an_added_node_may_have_connected_itself_or_not_at_all() {
    let connected = r#""connected":true,"addresses":[{"address":"127.0.0.1:20000","connected":"outbound"}]"#;
    let not_connected = r#""connected":false,"addresses":[]"#;
    let node = |new: &str, test: fn(Result<AddedNodeInfo<&str>, Error>, &str)| {
        let body = changed("getaddednodeinfo-one", connected, new);
        let mut nodes: Response<GetAddedNodeInfo> = response(94, body.as_bytes()).unwrap();
        test(nodes.next().unwrap(), &body);
    };
    node(not_connected, |node, _| {
        let node = node.unwrap();
        assert!(!node.connected && node.addresses.is_empty());
    });
    node(&connected.replace("outbound", "inbound"), |node, _| {
        let node = node.unwrap();
        assert!(node.connected);
        assert!(
            node.addresses
                .iter()
                .map(|address| address.connected)
                .eq([Direction::Inbound])
        );
    });
    node(&connected.replace("outbound", "sideways"), |node, body| {
        let error = node.unwrap_err();
        assert_eq!(
            (error.kind.json(), error.member),
            (Some(ErrorKind::Form), Some("connected"))
        );
        assert!(body[error.offset..].starts_with(r#""sideways""#));
    });
}

#[test]
fn addresses_of_other_nodes_are_told_with_their_services() {
    let addresses = |name: &str, count| {
        let recorded = recordings::named(name);
        let count = NonZeroU16::new(count).unwrap();
        let addresses = elements(&GetNodeAddresses { count }, &recorded);
        let known = addresses.iter().map(|address| {
            let ip: Ipv4Addr = address.address.parse().unwrap();
            (address.time.as_secs(), address.services.0, ip, address.port)
        });
        known.collect::<Vec<_>>()
    };
    let full = Services::NETWORK | Services::WITNESS;
    let limited_too = full | Services::NETWORK_LIMITED;
    assert_eq!(
        addresses("crowd-getnodeaddresses-3", 3),
        [
            (1_795_284_768, limited_too, Ipv4Addr::new(5, 45, 38, 134), 1),
            (1_795_285_225, full, Ipv4Addr::new(94, 102, 186, 62), 1),
            (1_795_328_031, full, Ipv4Addr::new(45, 177, 25, 32), 18555),
        ]
    );
    let many = addresses("crowd-getnodeaddresses", 2500);
    let first = (1_795_267_400, limited_too, Ipv4Addr::new(81, 120, 254, 102), 8333);
    assert_eq!((many.len(), many[0]), (779, first));
    assert!(many.iter().all(|(_, services, ..)| services.contains(full)));
    assert!(addresses("idle-getnodeaddresses", 1).is_empty());
}

#[test]
fn bans_are_told_with_their_subnets_and_times() {
    let recorded = recordings::named("listbanned");
    let bans = elements(&ListBanned, &recorded);
    let created = UnixTime::from_secs(1_795_354_430);
    let day_after = UnixTime::from_secs(created.as_secs() + 86_400);
    let told = [
        ("198.51.100.0/24", day_after),
        ("203.0.113.77/32", day_after),
        ("2001:db8::/32", UnixTime::from_secs(1_900_000_000)),
    ];
    assert_eq!(bans.len(), told.len());
    for (ban, (subnet, until)) in bans.iter().zip(told) {
        assert_eq!(ban.address, subnet);
        assert!(Subnet::parse(ban.address.raw()).is_some_and(|subnet| subnet.prefix().is_some()));
        assert_eq!((ban.ban_created, ban.banned_until), (created, until));
        assert_eq!(ban.ban_reason.unwrap(), "manually added");
    }
    for name in ["listbanned-cleared", "idle-listbanned"] {
        assert_eq!(elements(&ListBanned, &recordings::named(name)), []);
    }
}

#[test]
fn a_node_without_peers_is_not_well() {
    let healthy = result(&GetNodeStatusInfo, &recordings::named("healthy-getnodestatusinfo"));
    assert!(healthy.health_status && healthy.sync_to_tip && healthy.active_peer_nodes);
    let miner = result(&GetNodeStatusInfo, &recordings::named("miner-getnodestatusinfo"));
    assert!(!miner.health_status && miner.sync_to_tip && !miner.active_peer_nodes);
}

#[test]
fn versions_are_numbers_and_texts() {
    for name in ["getversioninfo", "idle-getversioninfo"] {
        let recorded = recordings::named(name);
        let info = result(&GetVersionInfo, &recorded);
        assert_eq!(
            (info.name.as_str(), info.version.as_str()),
            (Some("DeFiChain"), Some("3.2.8"))
        );
        assert_eq!(info.full_version, "DeFiChain:3.2.8");
        assert_eq!(info.user_agent, "/DeFiChain:3.2.8/");
        assert_eq!(info.numeric_version, 3_020_800);
        assert_eq!((info.proto_version, info.proto_version_min), (70_036, 70_023));
        assert_eq!(
            (info.rpc_version.parse(), info.rpc_version_min.parse()),
            (Some(1), Some(1))
        );
        let bitcoin = info.spv.btc;
        assert_eq!((bitcoin.version, bitcoin.min), (70_013, 70_002));
        assert_eq!(bitcoin.user_agent, "/bread:2.1/");
    }
}

/// The recorded result of a method.
#[track_caller]
fn result<'a, M: Method>(_: &M, recorded: &'a Recording) -> Response<'a, M> {
    let result = response(recorded.id(), recorded.body());
    result.unwrap_or_else(|error| panic!("{}: {error}", recorded.name))
}

/// The elements of a recorded result, all of which must be as they should be.
#[track_caller]
fn elements<'a, V, M>(method: &M, recorded: &'a Recording) -> Vec<V>
where
    V: FromJson<'a>,
    M: Method<Response<'a> = Items<'a, V>>,
{
    let element = |element: Result<V, Error>| element.unwrap_or_else(|error| panic!("{}: {error}", recorded.name));
    result(method, recorded).map(element).collect()
}

/// Hands out the peers of a recorded reply.
#[track_caller]
fn peers<T>(name: &str, test: impl FnOnce(&[PeerInfo<&str>]) -> T) -> T {
    test(&elements(&GetPeerInfo, &recordings::named(name)))
}

/// The body of a recorded reply, with one part of it changed.
#[track_caller]
fn changed(name: &str, part: &str, new: &str) -> String {
    let recorded = recordings::named(name);
    let body = std::str::from_utf8(recorded.body()).unwrap();
    assert_eq!(body.matches(part).count(), 1, "{part}");
    body.replace(part, new)
}
