//! Whole bodies of replies. A letter says which method it is the reply to, or that it is a batch; then comes the body.
//!
//! Nothing makes the crate panic, and what it reads serde_json reads as well.
#![no_main]

use std::fmt::Debug;
use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU16;

use defichain_net_rpc::json::{FromJson, ToJson};
use defichain_net_rpc::network::*;
use defichain_net_rpc::rpc::{BatchFault, BatchResponse, Envelope, Id, Items};
use defichain_net_rpc::{Address, Error, ErrorKind, Method, Response, Subnet, response};
use fuzz::json::{is_malformed, keeps, same, written};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// One row for each method and one for batches, from the letter `a` on; the seeds hold these letters, so new rows go to
/// the end. The words name the members that may be missing and those whose own members have any names.
const METHODS: &[fn(&[u8])] = &[
    |body| one(&GetConnectionCount, "", body),
    |body| one(&GetNetTotals, "", body),
    |body| one(&GetNetworkInfo, "localservices networkactive connections", body),
    |body| list(&GetPeerInfo, PEER, body),
    |body| one(&SetNetworkActive { state: false }, "", body),
    batch,
    |body| one(&AddNode::Add(NODE), "", body),
    |body| one(&ClearBanned, "", body),
    |body| one(&DisconnectNode::Id(9), "", body),
    |body| list(&GetAddedNodeInfo { node: None }, "", body),
    |body| list(&GetNodeAddresses { count: NonZeroU16::MIN }, "", body),
    |body| one(&GetNodeStatusInfo, "", body),
    |body| one(&GetVersionInfo, "", body),
    |body| list(&ListBanned, "", body),
    |body| one(&Ping, "", body),
    |body| one(&SetBan::Remove(Subnet::from(IpAddr::V4(Ipv4Addr::LOCALHOST))), "", body),
];

const NODE: Address<'_> = Address::Text("localhost");

const PEER: &str = "addrlocal addrbind pingtime minping pingwait banscore synced_headers synced_blocks inflight \
    addr_processed addr_rate_limited bytessent_per_msg bytesrecv_per_msg";

fuzz_target!(|data: &[u8]| {
    let [letter, body @ ..] = data else { return };
    // serde_json would take an object with such a name for a number.
    if body.windows(11).any(|window| window == b"$serde_json") {
        return;
    }
    METHODS[usize::from(letter.wrapping_sub(b'a')) % METHODS.len()](body);
});

/// The reply to a method whose result is one value.
fn one<'a, M>(method: &M, names: &str, body: &'a [u8])
where
    M: Method<Response<'a>: ToJson + Debug>,
{
    read(method, body, |given, value| {
        compare(names, given.expect("what is accepted is JSON"), &value);
    });
}

/// The reply to a method whose result is an array that is read one element at a time.
fn list<'a, M, V>(method: &M, names: &str, body: &'a [u8])
where
    M: Method<Response<'a> = Items<'a, V>>,
    V: FromJson<'a> + ToJson + Debug,
{
    read(method, body, |given, items| {
        let given = given.map(|given| given.as_array().expect("what is walked over is an array"));
        let (mut count, mut last_is_wrong) = (0, false);
        for item in items {
            last_is_wrong = item.is_err();
            match (item, given) {
                (Ok(value), Some(given)) => compare(names, &given[count], &value),
                (Ok(value), None) => _ = written(&value),
                (Err(error), Some(_)) => check_element_error(error, body),
                (Err(error), None) => check_error(error, body),
            }
            count += 1;
        }
        // What is wrong behind the element that was read last is in the place of the next.
        match given {
            Some(given) => assert!(count == given.len() || last_is_wrong && count == given.len() + 1),
            None => assert!(last_is_wrong, "what is accepted is JSON"),
        }
    });
}

/// The replies to four requests for a number.
fn batch(body: &[u8]) {
    let mut slots = [const { None }; 4];
    let batch = match BatchResponse::read(FIRST_ID, body, &mut slots) {
        Ok(batch) => batch,
        Err(error) => return check_response_error(&error, body, &serde_json::from_slice(body)),
    };
    let given: Value = serde_json::from_slice(body).expect("what is accepted is JSON");
    let given = given.as_array().expect("a batch is an array");
    let mut replies = 0;
    for fault in batch.faults() {
        if let BatchFault::Invalid(error) = fault {
            check_element_error(error, body);
        }
        replies += 1;
    }
    for id in FIRST_ID..FIRST_ID + 4 {
        let response = batch.response::<u64>(id);
        replies += usize::from(!response.is_err_and(|error| error.kind == ErrorKind::MissingReply));
        if let Ok(count) = response {
            let is_reply =
                |reply: &Value| same("id", &reply["id"], &id.into()) && same("result", &reply["result"], &count.into());
            assert!(given.iter().any(is_reply), "{count} is no reply to {id}");
        }
    }
    assert_eq!(replies, given.len());
}

const FIRST_ID: u64 = 1;

fn read<'a, M: Method>(_: &M, body: &'a [u8], compare_result: impl FnOnce(Option<&Value>, Response<'a, M>)) {
    let json = serde_json::from_slice::<Value>(body);
    let accepted = || json.as_ref().expect("what is accepted is JSON");
    let id = match Envelope::read(body) {
        Ok(envelope) => {
            check_id(envelope.id, &accepted()["id"]);
            match envelope.id {
                Id::Number(id) => id,
                _ => 1,
            }
        }
        Err(_) => 1,
    };
    match response(id, body) {
        Ok(result) => compare_result(json.as_ref().ok().map(|json| &json["result"]), result),
        Err(error) => check_response_error(&error, body, &json),
    }
}

fn check_response_error(error: &Error, body: &[u8], json: &serde_json::Result<Value>) {
    _ = error.to_string();
    let accepted = || json.as_ref().expect("what is accepted is JSON");
    match error.kind {
        ErrorKind::Node(code) => {
            let envelope = Envelope::read(body).expect("this has been read");
            let error = envelope.node_error().expect("this is the error");
            assert_eq!(error.code, code);
            let given = &accepted()["error"];
            match given["message"].is_null() {
                // Without its words it is an error all the same.
                true => assert!(error.message == *"" && same("code", &given["code"], &code.0.into())),
                false => compare("", given, error),
            }
        }
        ErrorKind::Json(kind) => {
            check_error(*error, body);
            assert!(!is_malformed(kind) || json.is_err(), "{error}, but it is JSON");
        }
        _ => _ = accepted(),
    }
}

fn check_id(id: Id, given: &Value) {
    match id {
        Id::Number(id) => assert!(same("id", given, &id.into()), "{id} is not {given}"),
        Id::Null => assert!(given.is_null()),
        _ => assert!(!given.is_null()),
    }
}

fn compare(names: &str, given: &Value, value: &(impl ToJson + Debug)) {
    let written = written(value);
    assert!(same("", given, &written), "{value:?} is not {given}");
    for name in names.split_whitespace() {
        assert!(keeps(name, given, &written), "{name} of {given} is lost");
    }
}

fn check_error(error: Error, body: &[u8]) {
    assert!(error.offset <= body.len(), "{error}");
    if let Some(member) = error.member {
        assert!(error.to_string().ends_with(&format!("\"{member}\"")));
    }
}

fn check_element_error(error: Error, body: &[u8]) {
    check_error(error, body);
    let malformed = error.kind.json().is_some_and(is_malformed);
    assert!(!malformed, "{error}, but the reply was accepted");
}
