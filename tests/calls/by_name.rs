//! Methods by their names: what serde writes is what was recorded, and what it reads is what another parser reads.
#![cfg(feature = "serde_json")]

use std::collections::BTreeMap;

use defichain_net_rpc::json::Raw;
use defichain_net_rpc::rpc::{BatchRequest, BatchResponse, Call, Code, Envelope, batch_request};
use defichain_net_rpc::{ErrorKind, Method, Response, request, response};
use serde::Serialize;
use serde_json::{Value, json};

use crate::recordings::Recording;
use crate::streams::receive;
use crate::{exchanges, methods, recordings};

/// The recordings of requests that name a method and have its parameters by place, by name, or not at all, and of replies
/// that are JSON.
fn recorded() -> Vec<(Recording, Value)> {
    let is_call = |request: &Value| {
        let params = &request["params"];
        request["method"].is_string()
            && request["id"].is_u64()
            && (params.is_array() || params.is_object() || params.is_null())
    };
    let calls = recordings::all()
        .into_iter()
        .filter(|recorded| is_call(&recorded.asked()));
    let with_reply = calls.filter_map(|recorded| {
        let reply = serde_json::from_slice(recorded.body()).ok()?;
        Some((recorded, reply))
    });
    with_reply.collect()
}

#[test]
fn every_recorded_request_can_be_made_by_name() {
    let recordings = recorded();
    let asked: Vec<_> = recordings.iter().map(|(recorded, _)| recorded.asked()).collect();
    methods::assert_all_listed(
        asked.iter().filter_map(|asked| asked["method"].as_str()),
        |(name, _)| name,
    );
    for (recorded, _) in recordings {
        let asked = recorded.asked();
        let call = call(&asked);
        let mut buf = [0; 256];
        let written = request(&call, recorded.id(), &mut buf).unwrap();
        let value: Value = serde_json::from_slice(written).unwrap();
        let expected = json!({
            "jsonrpc": "1.0",
            "id": asked["id"],
            "method": asked["method"],
            "params": asked.get("params").unwrap_or(&json!([])),
        });
        assert_eq!(value, expected, "{}", recorded.name);
        let body = exchanges::body(&recorded.request);
        // As this crate and jellyfish write it.
        if body.starts_with(br#"{"jsonrpc":"1.0","id":"#) {
            assert_eq!(written, body, "{}", recorded.name);
        }
    }
}

#[test]
fn every_recorded_result_is_what_another_parser_reads() {
    for (recorded, reply) in recorded() {
        match response::<Raw<&str>>(recorded.id(), recorded.body()) {
            Ok(result) => {
                assert!(reply["error"].is_null(), "{}", recorded.name);
                assert_eq!(
                    result.deserialize::<Value>().unwrap(),
                    reply["result"],
                    "{}",
                    recorded.name
                );
            }
            Err(error) => {
                let expected = &reply["error"];
                let code = Code(i32::try_from(expected["code"].as_i64().unwrap()).unwrap());
                assert_eq!(error.kind, ErrorKind::Node(code), "{}", recorded.name);
                let envelope = Envelope::read(recorded.body()).unwrap();
                let node_error = envelope.node_error().unwrap();
                assert_eq!(node_error.code, code, "{}", recorded.name);
                let message = expected["message"].as_str().unwrap();
                assert_eq!(node_error.message, message, "{}", recorded.name);
            }
        }
    }
}

#[test]
fn a_result_is_read_however_its_reply_is_cut() {
    let (recorded, reply) = recorded()
        .into_iter()
        .find(|(recorded, _)| recorded.name == "listbanned")
        .unwrap();
    receive(recorded.id(), &recorded.reply, |received| {
        let result: Raw<&str> = received.unwrap().response().unwrap();
        assert_eq!(result.deserialize::<Value>().unwrap(), reply["result"]);
    });
}

#[test]
fn parameters_may_be_of_any_type_that_is_an_array_or_an_object() {
    for (name, call) in [
        ("addnode-add", typed("addnode", &["127.0.0.1:20000", "add"])),
        ("crowd-getnodeaddresses", typed("getnodeaddresses", &[2500])),
        ("disconnectnode-id", typed("disconnectnode", &("", 9_u64))),
        (
            "disconnectnode-named",
            typed("disconnectnode", &BTreeMap::from([("nodeid", 13)])),
        ),
        ("idle-getpeerinfo", typed("getpeerinfo", &())),
        (
            "named-params",
            typed("setnetworkactive", &BTreeMap::from([("state", true)])),
        ),
        ("setban-add", typed("setban", &("198.51.100.0/24", "add", 86_400))),
        (
            "setban-add-absolute",
            typed("setban", &("2001:db8::/32", "add", 1_900_000_000_u64, true)),
        ),
        ("setban-remove", typed("setban", &vec!["203.0.113.77", "remove"])),
        ("setnetworkactive-false", typed("setnetworkactive", &(false,))),
    ] {
        let asked = recordings::named(name).asked();
        let mut buf = [0; 256];
        let written: Value = serde_json::from_slice(request(&call, 1, &mut buf).unwrap()).unwrap();
        assert_eq!(
            (&written["method"], &written["params"]),
            (&asked["method"], &asked["params"]),
            "{name}"
        );
    }
}

#[test]
fn a_result_may_be_of_any_type_that_serde_reads() {
    let recorded = recordings::named("listbanned");
    let result: Response<'_, Call<'_>> = response(recorded.id(), recorded.body()).unwrap();
    // The texts borrow from the reply.
    let bans: Vec<BTreeMap<&str, Value>> = result.deserialize().unwrap();
    assert_eq!(bans[2]["address"], "2001:db8::/32");
    assert!(result.deserialize::<u64>().is_err());

    let recorded = recordings::named("crowd-getconnectioncount");
    let result: Response<'_, Call<'_>> = response(recorded.id(), recorded.body()).unwrap();
    assert_eq!((result.as_str(), result.deserialize().ok()), ("79", Some(79_u8)));

    let recorded = recordings::named("ping");
    let result: Response<'_, Call<'_>> = response(recorded.id(), recorded.body()).unwrap();
    assert!(result.deserialize::<()>().is_ok());
}

#[test]
fn calls_by_name_may_be_in_a_batch() {
    let recorded = recordings::named("batch");
    let asked = recorded.asked();
    let calls: Vec<_> = asked.as_array().unwrap().iter().map(call).collect();
    let mut buf = [0; 512];
    let fill = |batch: &mut BatchRequest<'_>| calls.iter().map(|call| batch.push(call)).collect::<Vec<_>>();
    let (ids, _) = batch_request(1, &mut buf, fill).unwrap();

    let replies: Value = serde_json::from_slice(recorded.body()).unwrap();
    let mut slots = [const { None }; 4];
    let batch = BatchResponse::read(1, recorded.body(), &mut slots).unwrap();
    for (id, reply) in ids.into_iter().zip(replies.as_array().unwrap()) {
        match batch.response::<Raw<&str>>(id) {
            Ok(result) => assert_eq!(result.deserialize::<Value>().unwrap(), reply["result"]),
            Err(error) => {
                let told = batch.node_error(id).unwrap();
                let expected = &reply["error"];
                assert_eq!(error.to_string(), format!("node error {}", expected["code"]));
                assert_eq!(
                    told.to_string(),
                    format!(
                        "node error {}: {}",
                        expected["code"],
                        expected["message"].as_str().unwrap()
                    )
                );
            }
        }
    }
}

/// The call that a recorded request makes.
#[track_caller]
fn call(asked: &Value) -> Call<'_> {
    let method = asked["method"].as_str().unwrap();
    // Null for none, as serde writes `()`.
    Call::new(method, &asked["params"]).unwrap()
}

#[track_caller]
fn typed<'n, P: Serialize + ?Sized>(name: &'n str, params: &P) -> Call<'n> {
    Call::new(name, params).unwrap()
}

#[test]
fn a_call_may_be_sent_again_if_that_is_said_of_it() {
    let call = Call::new("getblockcount", &()).unwrap();
    assert!(!call.is_repeatable());
    assert!(call.repeatable().is_repeatable());
}
