//! The recorded results through serde: what is serialised is the node's own JSON, and what is read back is the same.
#![cfg(feature = "serde")]

mod exchanges;
mod recordings;

use defichain_net_rpc::Permission;
use defichain_net_rpc::json::{self, FromJson, List, ToJson};
use defichain_net_rpc::network::{AddedNodeInfo, Ban, NetTotals, NetworkInfo, NodeAddress, NodeStatusInfo};
use defichain_net_rpc::network::{PeerInfo, VersionInfo};
use defichain_net_rpc::rpc::{Items, response_as};
use recordings::Recording;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, from_str, from_value, to_string, to_value};

#[test]
fn every_recorded_result_survives_serde() {
    let mut count = 0;
    for recording in recordings::all() {
        let asked = recording.asked();
        let is_result = serde_json::from_slice::<Value>(recording.body()).is_ok_and(|reply| reply["error"].is_null());
        if !is_result || asked.is_array() {
            continue;
        }
        count += match asked["method"].as_str() {
            Some("getaddednodeinfo") => list::<AddedNodeInfo<String>>(&recording),
            Some("getnettotals") => value::<NetTotals>(&recording),
            Some("getnetworkinfo") => value::<NetworkInfo<String>>(&recording),
            Some("getnodeaddresses") => list::<NodeAddress<String>>(&recording),
            Some("getnodestatusinfo") => value::<NodeStatusInfo>(&recording),
            Some("getpeerinfo") => list::<PeerInfo<String>>(&recording),
            Some("getversioninfo") => value::<VersionInfo<String>>(&recording),
            Some("listbanned") => list::<Ban<String>>(&recording),
            _ => 0,
        };
    }
    assert!(count > 500, "{count}");
}

#[test]
fn a_member_that_is_absent_is_left_out() {
    let recording = recordings::named("skewed-getpeerinfo");
    let peers: Items<'_, PeerInfo<&str>> = response_as(recording.id(), recording.body()).unwrap();
    let peer = to_value(peers.map(Result::unwrap).next().unwrap()).unwrap();
    assert!(peer.get("pingwait").is_none());
    assert_eq!(peer["pingtime"].to_string(), "0.000845");
    assert_eq!(peer["minfeefilter"].to_string(), "0.00000000");
}

#[test]
fn parts_of_a_response_can_be_serialised_too() {
    let permissions: List<&str, Permission<'static>> = json::from_slice(br#"["noban","later"]"#).unwrap();
    assert_eq!(to_string(&permissions).unwrap(), r#"["noban","later"]"#);
    assert_eq!(to_string(&permissions.iter().next()).unwrap(), r#""noban""#);
    let read: List<String, Permission<'static>> = from_str(r#" [ "noban" , "later" ] "#).unwrap();
    assert!(read == permissions);
}

/// Reads the result into something that outlives the reply and takes it through serde; tells that it was one.
fn value<V>(recording: &Recording) -> usize
where
    V: for<'a> FromJson<'a> + ToJson + Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    survives::<V>(&response_as(recording.id(), recording.body()).unwrap(), &recording.name);
    1
}

/// The same with each element of a list; tells how many there were.
fn list<V>(recording: &Recording) -> usize
where
    V: for<'a> FromJson<'a> + ToJson + Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let elements: Items<'_, V> = response_as(recording.id(), recording.body()).unwrap();
    elements
        .map(|element| survives(&element.unwrap(), &recording.name))
        .count()
}

fn survives<V>(value: &V, name: &str)
where
    V: ToJson + Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let json = to_string(value).unwrap();
    // That this is what the node wrote is tested with the recordings.
    assert_eq!(json.as_bytes(), json::to_vec(value), "{name}");
    assert_eq!(from_str::<V>(&json).unwrap(), *value, "{name}");
    assert_eq!(from_value::<V>(to_value(value).unwrap()).unwrap(), *value, "{name}");
}
