//! The recorded results through serde: what is serialised has the node's own shape, and what is read back is the same.
#![cfg(all(feature = "serde", feature = "alloc"))]

use defichain_net_rpc::Permission;
use defichain_net_rpc::json::{self, FromJson, List, ToJson};
use defichain_net_rpc::network::{AddedNodeInfo, Ban, NetTotals, NetworkInfo, NodeAddress, NodeStatusInfo};
use defichain_net_rpc::network::{PeerInfo, VersionInfo};
use defichain_net_rpc::response;
use defichain_net_rpc::rpc::Items;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, from_str, from_value, to_string, to_value};

use crate::methods;
use crate::recordings::{self, Recording};

#[test]
fn every_recorded_result_survives_serde() {
    /// Their results are of types that are serde's own.
    const PLAIN: [&str; 7] = [
        "addnode",
        "clearbanned",
        "disconnectnode",
        "getconnectioncount",
        "ping",
        "setban",
        "setnetworkactive",
    ];
    let (mut count, mut tested) = (0, Vec::new());
    for recording in recordings::all() {
        let asked = recording.asked();
        let is_result = serde_json::from_slice::<Value>(recording.body()).is_ok_and(|reply| reply["error"].is_null());
        if !is_result || asked.is_array() {
            continue;
        }
        let method = asked["method"].as_str();
        let values = match method {
            Some("getaddednodeinfo") => list::<AddedNodeInfo<String>>(&recording),
            Some("getnettotals") => value::<NetTotals>(&recording),
            Some("getnetworkinfo") => value::<NetworkInfo<String>>(&recording),
            Some("getnodeaddresses") => list::<NodeAddress<String>>(&recording),
            Some("getnodestatusinfo") => value::<NodeStatusInfo>(&recording),
            Some("getpeerinfo") => list::<PeerInfo<String>>(&recording),
            Some("getversioninfo") => value::<VersionInfo<String>>(&recording),
            Some("listbanned") => list::<Ban<String>>(&recording),
            _ => continue,
        };
        count += values;
        tested.extend(method.map(str::to_owned));
    }
    assert!(count > 500, "{count}");
    methods::assert_all_listed(tested.iter().map(String::as_str).chain(PLAIN), |(name, _)| name);
}

#[test]
fn a_member_that_is_absent_is_left_out() {
    let recording = recordings::named("skewed-getpeerinfo");
    let peers: Items<'_, PeerInfo<&str>> = response(recording.id(), recording.body()).unwrap();
    let peer = to_value(peers.map(Result::unwrap).next().unwrap()).unwrap();
    assert!(peer.get("pingwait").is_none());
    assert_eq!(peer["pingtime"].to_string(), "0.000845");
    assert_eq!(peer["minfeefilter"].as_f64(), Some(0.0));
}

#[test]
fn a_member_that_comes_twice_or_not_at_all_is_named() {
    for (json, expected) in [
        ("{}", "missing field `health_status`"),
        (r#"{"health_status":true}"#, "missing field `sync_to_tip`"),
        ("[]", "missing field `health_status`"),
        ("[true]", "missing field `sync_to_tip`"),
        ("[true,true]", "missing field `active_peer_nodes`"),
    ] {
        let error = from_str::<NodeStatusInfo>(json).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    // Of code that is the same for each member the last one's is counted.
    for name in ["health_status", "sync_to_tip", "active_peer_nodes"] {
        let error = from_str::<NodeStatusInfo>(&format!(r#"{{"{name}":true,"{name}":true}}"#)).unwrap_err();
        assert!(
            error.to_string().contains(&format!("duplicate field `{name}`")),
            "{error}"
        );
    }
}

#[test]
fn parts_of_a_response_can_be_serialised_too() {
    let permissions: List<&str, Permission<'static>> = json::from_slice(br#"["noban","later"]"#).unwrap();
    assert_eq!(to_string(&permissions).unwrap(), r#"["noban","later"]"#);
    assert_eq!(to_string(&permissions.iter().next()).unwrap(), r#""noban""#);
    let read: List<String, Permission<'static>> = from_str(r#" [ "noban" , "later" ] "#).unwrap();
    assert!(read == permissions);
}

/// Reads the result into a type that owns its text, and takes it through serde. Returns 1, the count of values.
#[track_caller]
fn value<V>(recording: &Recording) -> usize
where
    V: for<'a> FromJson<'a> + ToJson + Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let value = response(recording.id(), recording.body());
    survives::<V>(
        &value.unwrap_or_else(|error| panic!("{}: {error}", recording.name)),
        &recording.name,
    );
    1
}

/// Like `value`, for each element of a list. Returns their count.
#[track_caller]
fn list<V>(recording: &Recording) -> usize
where
    V: for<'a> FromJson<'a> + ToJson + Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let elements: Items<'_, V> =
        response(recording.id(), recording.body()).unwrap_or_else(|error| panic!("{}: {error}", recording.name));
    let mut count = 0;
    for element in elements {
        let element = element.unwrap_or_else(|error| panic!("{}: element {count}: {error}", recording.name));
        survives(&element, &recording.name);
        count += 1;
    }
    count
}

#[track_caller]
fn survives<V>(value: &V, name: &str)
where
    V: ToJson + Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let json = to_string(value).unwrap();
    // That this is what the node wrote is tested with the recordings.
    let written: Value = from_str(str::from_utf8(&json::to_vec(value)).unwrap()).unwrap();
    assert_same(&from_str(&json).unwrap(), &written, name);
    assert_eq!(from_str::<V>(&json).unwrap(), *value, "{name}");
    assert_eq!(from_value::<V>(to_value(value).unwrap()).unwrap(), *value, "{name}");
}

/// Makes sure that both have the same members in the same order, and the same numbers, however they are written.
#[track_caller]
fn assert_same(one: &Value, other: &Value, name: &str) {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => assert_eq!(one.as_f64(), other.as_f64(), "{name}"),
        (Value::Array(one), Value::Array(other)) => {
            assert_eq!(one.len(), other.len(), "{name}");
            one.iter()
                .zip(other)
                .for_each(|(one, other)| assert_same(one, other, name));
        }
        (Value::Object(one), Value::Object(other)) => {
            assert!(one.keys().eq(other.keys()), "{name}: {one:?} {other:?}");
            one.values()
                .zip(other.values())
                .for_each(|(one, other)| assert_same(one, other, name));
        }
        _ => assert_eq!(one, other, "{name}"),
    }
}
