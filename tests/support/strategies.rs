//! Results in the form of the node's, with any numbers, and with texts that need escapes.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Any text that the node may send, including characters that need an escape.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9.:]{0,12}",
        "\\PC{0,4}",
        "[\"\\\\\\x00-\\x1f\\x7f\u{e9}\u{1d11e}]{0,4}"
    ]
}

fn list_of(element: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    vec(element, 0..3).prop_map(Value::from)
}

pub(crate) fn network_info() -> impl Strategy<Value = Value> {
    let network = (text(), text(), any::<[bool; 3]>()).prop_map(|(name, proxy, [limited, reachable, randomize])| {
        json!({
            "name": name,
            "limited": limited,
            "reachable": reachable,
            "proxy": proxy,
            "proxy_randomize_credentials": randomize,
        })
    });
    let address = (text(), any::<(u16, i32)>())
        .prop_map(|(address, (port, score))| json!({"address": address, "port": port, "score": score}));
    let numbers = any::<(i32, i32, i64, bool)>();
    let p2p = prop::option::of(any::<(u64, bool, u64)>());
    let texts = (text(), text());
    let fees = (amount(), amount());
    (numbers, p2p, texts, fees, list_of(network), list_of(address)).prop_map(
        |((version, protocol, offset, relay), p2p, (subversion, warnings), fees, networks, addresses)| {
            let mut info = json!({
                "version": version,
                "subversion": subversion,
                "protocolversion": protocol,
                "localrelay": relay,
                "timeoffset": offset,
                "networks": networks,
                "relayfee": fees.0,
                "incrementalfee": fees.1,
                "localaddresses": addresses,
                "warnings": warnings,
            });
            if let Some((services, active, connections)) = p2p {
                info["localservices"] = format!("{services:016x}").into();
                info["networkactive"] = active.into();
                info["connections"] = connections.into();
            }
            info
        },
    )
}

/// An amount as the node writes it.
fn amount() -> impl Strategy<Value = Value> {
    "-?(0|[1-9][0-9]{0,9})\\.[0-9]{8}"
        .prop_filter("the node writes no negative zero", |text| text != "-0.00000000")
        .prop_map(|text| text.parse().unwrap())
}

/// A time in seconds, as short as it can be.
fn ping_time() -> impl Strategy<Value = Value> {
    any::<u32>().prop_map(|micros| {
        let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
        text.trim_end_matches('0').trim_end_matches('.').parse().unwrap()
    })
}

pub(crate) fn peers() -> impl Strategy<Value = Value> {
    list_of(peer())
}

fn peer() -> impl Strategy<Value = Value> {
    let texts = (text(), text(), prop::option::of((text(), text())));
    let counts = any::<([u64; 3], [u32; 3], i64, [bool; 4])>();
    let heights = any::<(i32, i32, Option<[i32; 3]>)>();
    let pings = (ping_time(), prop::option::of(ping_time()), amount());
    let lists = (
        vec(any::<i32>(), 0..4),
        vec(
            prop_oneof![Just("noban".to_owned()), Just("mempool".to_owned()), text()],
            0..3,
        ),
        prop::collection::btree_map(text(), any::<u64>(), 0..3),
    );
    (texts, counts, heights, pings, lists).prop_map(
        |((addr, subver, own), (numbers, times, offset, flags), (version, height, state), pings, lists)| {
            let mut peer = json!({
                "id": numbers[0],
                "addr": addr,
                "services": format!("{:016x}", numbers[1]),
                "relaytxes": flags[0],
                "lastsend": times[0],
                "lastrecv": times[1],
                "bytessent": numbers[2],
                "bytesrecv": numbers[0],
                "conntime": times[2],
                "timeoffset": offset,
                "minping": pings.0,
                "version": version,
                "subver": subver,
                "inbound": flags[1],
                "addnode": flags[2],
                "startingheight": height,
                "whitelisted": flags[3],
                "permissions": lists.1,
                "minfeefilter": pings.2,
                "bytessent_per_msg": lists.2,
                "bytesrecv_per_msg": {},
            });
            if let Some((local, bind)) = own {
                peer["addrlocal"] = local.into();
                peer["addrbind"] = bind.into();
                peer["addr_processed"] = numbers[2].into();
            }
            if let Some([score, headers, blocks]) = state {
                peer["banscore"] = score.into();
                peer["synced_headers"] = headers.into();
                peer["synced_blocks"] = blocks.into();
                peer["inflight"] = lists.0.into();
            }
            if let Some(ping) = pings.1 {
                peer["pingwait"] = ping;
            }
            peer
        },
    )
}

pub(crate) fn added_nodes() -> impl Strategy<Value = Value> {
    list_of(added_node())
}

fn added_node() -> impl Strategy<Value = Value> {
    let direction = prop::sample::select(vec!["inbound", "outbound"]);
    let address =
        (text(), direction).prop_map(|(address, direction)| json!({"address": address, "connected": direction}));
    (text(), any::<bool>(), list_of(address)).prop_map(
        |(node, connected, addresses)| json!({"addednode": node, "connected": connected, "addresses": addresses}),
    )
}

pub(crate) fn node_addresses() -> impl Strategy<Value = Value> {
    list_of(node_address())
}

fn node_address() -> impl Strategy<Value = Value> {
    (any::<(u64, u64, u16)>(), text()).prop_map(|((time, services, port), address)| {
        json!({"time": time, "services": services, "address": address, "port": port})
    })
}

pub(crate) fn bans() -> impl Strategy<Value = Value> {
    list_of(ban())
}

fn ban() -> impl Strategy<Value = Value> {
    (any::<[u64; 2]>(), text(), text()).prop_map(|([until, created], address, reason)| {
        json!({"address": address, "banned_until": until, "ban_created": created, "ban_reason": reason})
    })
}

pub(crate) fn version_info() -> impl Strategy<Value = Value> {
    (any::<[i32; 5]>(), text(), text()).prop_map(|(numbers, one, other)| {
        json!({
            "name": one,
            "version": other,
            "numericVersion": numbers[0],
            "fullVersion": one,
            "userAgent": other,
            "protoVersion": numbers[1],
            "protoVersionMin": numbers[2],
            "rpcVersion": one,
            "rpcVersionMin": other,
            "spv": {"btc": {"version": numbers[3], "min": numbers[4], "userAgent": one}},
        })
    })
}
