//! Replies to a batch. The first bytes say which id is the first, how many slots there are, and how many bytes follow that
//! bring the replies into another order; the rest is the body.
//!
//! Each reply is what it is by itself, whatever its place, and nothing in the body goes unmentioned.
#![no_main]

use defichain_net_rpc::json::{self, FromJson, Raw, Reader};
use defichain_net_rpc::network::GetConnectionCount;
use defichain_net_rpc::rpc::{BatchFault, BatchRequest, BatchResponse, Envelope, Id, Items, batch_request};
use defichain_net_rpc::{Error, ErrorKind};
use fuzz::json::is_malformed;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const SLOTS: usize = 8;

fuzz_target!(|data: &[u8]| {
    let [first, slots, count, rest @ ..] = data else { return };
    let Some((order, body)) = rest.split_at_checked(usize::from(count % 8)) else {
        return;
    };
    let first_id = match first {
        0xff => u64::MAX - 2,
        first => u64::from(*first),
    };
    let slots = usize::from(*slots) % (SLOTS + 1);
    let mut places = [const { None }; SLOTS];
    let ids = asked(first_id, slots);
    match BatchResponse::read(first_id, body, &mut places[..slots]) {
        Ok(batch) => accepted(&batch, first_id, &ids, order, body),
        Err(error) => refused(&error, body),
    }
});

/// The ids of a batch of so many requests.
fn asked(first_id: u64, slots: usize) -> Vec<u64> {
    let mut buf = [0; 1024];
    let fill = |batch: &mut BatchRequest<'_>| (0..slots).map(|_| batch.push(&GetConnectionCount)).collect();
    let (ids, text): (Vec<u64>, _) = batch_request(first_id, &mut buf, fill).expect("it is long enough");
    let requests: Vec<Value> = serde_json::from_slice(text).expect("it is JSON");
    assert!(
        requests
            .iter()
            .map(|request| request["id"].as_u64())
            .eq(ids.iter().copied().map(Some))
    );
    ids
}

fn refused(error: &Error, body: &[u8]) {
    match error.kind {
        ErrorKind::Node(_) => {
            let alone = Envelope::read(body).and_then(Envelope::result::<Raw<&str>>);
            assert_eq!(alone.err(), Some(*error));
        }
        ErrorKind::Json(kind) => {
            assert!(error.offset <= body.len(), "{error}");
            // serde_json would take an object with such a name for a number.
            let odd = body.windows(11).any(|window| window == b"$serde_json");
            let json = serde_json::from_slice::<Value>(body);
            assert!(
                odd || is_malformed(kind) == json.is_err() || kind == json::ErrorKind::Depth,
                "{error}"
            );
        }
        // An error for a batch as a whole is one without an id.
        ErrorKind::WrongId => assert!(Envelope::read(body).is_ok_and(|envelope| envelope.id != Id::Null)),
        _ => panic!("{error}"),
    }
}

fn accepted(batch: &BatchResponse<'_, '_>, first_id: u64, ids: &[u64], order: &[u8], body: &[u8]) {
    let mut parts = elements(body);
    let mut seen = [0_usize; SLOTS];
    let mut replies = 0;
    for part in &parts {
        let Ok(envelope) = Envelope::read(part.as_bytes()) else {
            continue;
        };
        let Id::Number(id) = envelope.id else { continue };
        let Some(index) = ids.iter().position(|asked| *asked == id) else {
            continue;
        };
        seen[index] += 1;
        if seen[index] == 1 {
            replies += 1;
            assert_same(&batch.response(id), &envelope.result());
        }
    }
    for (id, seen) in ids.iter().zip(seen) {
        let missing = batch
            .response::<Raw<&str>>(*id)
            .is_err_and(|error| error.kind == ErrorKind::MissingReply);
        assert_eq!(missing, seen == 0, "{id}");
    }
    let mut duplicates = 0;
    for fault in batch.faults() {
        replies += 1;
        assert!(!fault.to_string().is_empty());
        match fault {
            BatchFault::Invalid(error) => {
                let kind = error.kind.json().expect("it is JSON that is no reply");
                assert!(error.offset <= body.len() && !is_malformed(kind), "{error}");
            }
            BatchFault::Duplicate(_) => duplicates += 1,
            _ => {}
        }
    }
    assert_eq!(replies, parts.len());
    assert_eq!(
        duplicates,
        seen.iter().map(|seen| seen.saturating_sub(1)).sum::<usize>()
    );

    if duplicates > 0 {
        return;
    }
    for (index, other) in order.iter().enumerate() {
        if !parts.is_empty() {
            let (index, other) = (index % parts.len(), usize::from(*other) % parts.len());
            parts.swap(index, other);
        }
    }
    let body = format!("[{}]", parts.join(","));
    let mut places = [const { None }; SLOTS];
    let other =
        BatchResponse::read(first_id, body.as_bytes(), &mut places[..ids.len()]).expect("these are the same replies");
    for id in ids {
        assert_same(&batch.response(*id), &other.response(*id));
        assert_eq!(batch.node_error(*id), other.node_error(*id));
    }
}

/// The elements of an array, each as it stands.
fn elements(body: &[u8]) -> Vec<&str> {
    let mut reader = Reader::new(body.trim_ascii_end());
    let items = Items::<Raw<&str>>::from_json(&mut reader);
    reader.finish().expect("a batch is an array");
    items
        .map(|item| item.expect("the text has been checked").into_inner())
        .collect()
}

/// Whether two results are the same, but for their places in the body.
fn assert_same(one: &Result<Raw<&str>, Error>, other: &Result<Raw<&str>, Error>) {
    match (one, other) {
        (Err(one), Err(other)) => assert_eq!((one.kind, one.member), (other.kind, other.member)),
        _ => assert_eq!(one, other),
    }
}
