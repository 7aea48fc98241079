//! Replies to a batch. The first bytes say which id is the first, how many slots there are, and how many bytes follow that
//! bring the replies into another order; the rest is the body.
//!
//! Each reply is what it is by itself, whatever its place, and nothing in the body goes unmentioned.
#![no_main]

use defichain_net_rpc::json::{ErrorKind, FromJson, Raw, Reader};
use defichain_net_rpc::rpc::{BatchFault, BatchResponse, Envelope, Id, Items};
use defichain_net_rpc::{Method, ResponseError};
use fuzz::json::is_malformed;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// A method whose result can be anything.
struct Anything;

impl Method for Anything {
    type Response<'a> = Raw<'a>;

    fn name(&self) -> &'static str {
        "anything"
    }
}

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

fn refused(error: &ResponseError<'_>, body: &[u8]) {
    match error {
        ResponseError::Node(_) => {
            let alone = Envelope::read(body).map(|envelope| envelope.result::<Raw<'_>>());
            assert!(matches!(alone, Ok(Err(ResponseError::Node(_)))), "{error}");
        }
        ResponseError::Invalid(error) => {
            assert!(error.offset <= body.len(), "{error}");
            // serde_json would take an object with such a name for a number.
            let odd = body.windows(11).any(|window| window == b"$serde_json");
            let json = serde_json::from_slice::<Value>(body);
            assert!(
                odd || is_malformed(error.kind) == json.is_err() || error.kind == ErrorKind::Depth,
                "{error}"
            );
        }
        other => panic!("{other}"),
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
            assert_same(&batch.response(&Anything, id), &envelope.result());
        }
    }
    for (id, seen) in ids.clone().zip(seen) {
        let missing = batch.response(&Anything, id) == Err(ResponseError::MissingReply { id });
        assert_eq!(missing, seen == 0, "{id}");
    }
    let mut duplicates = 0;
    for fault in batch.faults() {
        replies += 1;
        match fault {
            BatchFault::Invalid(error) => assert!(error.offset <= body.len() && !is_malformed(error.kind), "{error}"),
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
        assert_same(&batch.response(&Anything, id), &other.response(&Anything, id));
    }
}

/// The elements of an array, each as it stands.
fn elements(body: &[u8]) -> Vec<&str> {
    let items = Items::<Raw<'_>>::from_json(&mut Reader::new(body.trim_ascii_end())).expect("a batch is an array");
    items
        .map(|item| item.expect("the text has been checked").as_str())
        .collect()
}

/// Whether two results are the same, but for their places in the body.
fn assert_same(one: &Result<Raw<'_>, ResponseError<'_>>, other: &Result<Raw<'_>, ResponseError<'_>>) {
    match (one, other) {
        (Err(ResponseError::Invalid(one)), Err(ResponseError::Invalid(other))) => {
            assert_eq!((one.kind, one.member), (other.kind, other.member));
        }
        _ => assert_eq!(one, other),
    }
}
