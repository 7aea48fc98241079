//! Replies to a batch. The first bytes say which id is the first, how many slots there are, and how many bytes follow that
//! bring the replies into another order; the rest is the body.
//!
//! Each reply is what it is by itself, whatever its place, and nothing in the body goes unmentioned.
#![no_main]

use defichain_net_rpc::json::{self, FromJson, Raw, Reader};
use defichain_net_rpc::rpc::{BatchFault, BatchResponse, Envelope, Id, Items};
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
    match BatchResponse::read(first_id, body, &mut places[..slots]) {
        Ok(batch) => accepted(&batch, first_id, slots, order, body),
        Err(error) => refused(&error, body),
    }
});

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

fn accepted(batch: &BatchResponse<'_, '_>, first_id: u64, slots: usize, order: &[u8], body: &[u8]) {
    let ids = (0..slots as u64).map(|index| first_id.wrapping_add(index));
    let mut parts = elements(body);
    let mut seen = [0_usize; SLOTS];
    let mut replies = 0;
    for part in &parts {
        let Ok(envelope) = Envelope::read(part.as_bytes()) else {
            continue;
        };
        let Id::Number(id) = envelope.id else { continue };
        let index = usize::try_from(id.wrapping_sub(first_id)).unwrap_or(usize::MAX);
        let Some(seen) = seen[..slots].get_mut(index) else {
            continue;
        };
        *seen += 1;
        if *seen == 1 {
            replies += 1;
            assert_same(&batch.response(id), &envelope.result());
        }
    }
    for (id, seen) in ids.clone().zip(seen) {
        let missing = batch
            .response::<Raw<&str>>(id)
            .is_err_and(|error| error.kind == ErrorKind::MissingReply);
        assert_eq!(missing, seen == 0, "{id}");
    }
    let mut duplicates = 0;
    for fault in batch.faults() {
        replies += 1;
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
        BatchResponse::read(first_id, body.as_bytes(), &mut places[..slots]).expect("these are the same replies");
    for id in ids {
        assert_same(&batch.response(id), &other.response(id));
    }
}

/// The elements of an array, each as it stands.
fn elements(body: &[u8]) -> Vec<&str> {
    let items = Items::<Raw<&str>>::from_json(&mut Reader::new(body.trim_ascii_end())).expect("a batch is an array");
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
