//! Replies that other clients stumbled over; see `cases/README.md`.

use std::time::Duration;

use defichain_net_rpc::network::{GetNetworkInfo, GetPeerInfo, ListBanned, SetBan};
use defichain_net_rpc::{Address, Response, json, request, response};

/// The body of a whole HTTP reply.
fn body(reply: &[u8]) -> &[u8] {
    let head = reply.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
    &reply[head..]
}

#[test]
fn a_peer_of_a_newer_upstream_is_read() {
    let body = body(include_bytes!("cases/core28-getpeerinfo.http"));
    let peer = response::<Response<GetPeerInfo>>(1, body)
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    assert_eq!((peer.id, peer.ping_time), (3, Some(Duration::from_micros(21_345))));
    assert_eq!((peer.whitelisted, peer.add_node, peer.ban_score), (None, None, None));
    assert_eq!(
        (peer.starting_height, peer.synced_blocks),
        (Some(800_000), Some(800_001))
    );
}

#[test]
fn the_warnings_of_a_newer_upstream_are_read() {
    let body = body(include_bytes!("cases/core28-getnetworkinfo.http"));
    let info = response::<Response<GetNetworkInfo>>(1, body).unwrap();
    assert!(info.warnings.is_empty());
    assert_eq!((info.connections, info.networks.len()), (Some(10), 5));
}

#[test]
fn a_ban_of_a_newer_upstream_is_read() {
    let body = body(include_bytes!("cases/core28-listbanned.http"));
    let ban = response::<Response<ListBanned>>(1, body)
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    assert_eq!((ban.ban_reason, ban.banned_until.as_secs()), (None, 1_800_000_000));
    assert_eq!(ban.address, "198.51.100.0/24");
}

#[test]
fn a_peer_without_a_member_that_upstream_removed_is_read() {
    let removed = body(include_bytes!("cases/peer-removed-member.http"));
    let peer = response::<Response<GetPeerInfo>>(1, removed)
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    assert_eq!((peer.starting_height, peer.add_node), (None, Some(false)));
    let removed = body(include_bytes!("cases/peer-removed-whitelisted.http"));
    let peer = response::<Response<GetPeerInfo>>(1, removed)
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    assert_eq!((peer.whitelisted, peer.add_node, peer.ban_score), (None, None, None));
    assert_eq!(peer.starting_height, Some(800_000));
}

#[test]
fn a_peer_with_a_zone_is_named_to_the_node_by_its_text() {
    let body = body(include_bytes!("cases/peer-linklocal-zone.http"));
    let peer = response::<Response<GetPeerInfo>>(1, body)
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let text = "[fe80::12:34ff:fe56:7890%eth0]:8555";
    assert_eq!((peer.addr.socket_addr(), peer.addr.to_string()), (None, text.into()));
    let address = Address::from(peer.addr.text().as_str().unwrap());
    assert_eq!(
        json::to_slice(&address, &mut [0; 64]).unwrap(),
        format!("\"{text}\"").as_bytes()
    );
}

#[test]
fn what_is_banned_can_be_named_again_to_lift_the_ban() {
    let body = body(include_bytes!("cases/ban-zone-mask.http"));
    let bans = response::<Response<ListBanned>>(1, body).unwrap().map(Result::unwrap);
    for (ban, text) in bans.zip(["fe80::12:34ff:fe56:7890%eth0/128", "10.0.7.0/255.0.255.0"]) {
        let mut buf = [0; 128];
        let body = request(&SetBan::Remove(ban.subnet().unwrap()), 1, &mut buf).unwrap();
        let expected = format!(r#"{{"jsonrpc":"1.0","id":1,"method":"setban","params":["{text}","remove"]}}"#);
        assert_eq!(body, expected.as_bytes());
        assert_eq!(defichain_net_rpc::Subnet::parse(text), ban.subnet());
    }
}
