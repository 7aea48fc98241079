//! Values in storage of every kind. A letter says what the value is; then comes its text.
//!
//! What borrows, what is stored, what keeps no text, and what serde reads agree: all refuse the same, but for what has no
//! room for a text, and serde for numbers that it has no exact form for.
#![no_main]

use std::fmt::Debug;

use defichain_net_rpc::Error;
use defichain_net_rpc::json::{Discard, ErrorKind, FromJson, ToJson, from_slice, to_slice};
use defichain_net_rpc::network::{AddedNodeInfo, Ban, NetworkInfo, NodeAddress, PeerInfo, VersionInfo};
use defichain_net_rpc::rpc::NodeError;
use fuzz::json::plain_numbers;
use libfuzzer_sys::fuzz_target;
use serde::de::DeserializeOwned;

type Short = heapless::String<16>;
type Long = heapless::String<48>;

/// The ways to read a value, which is then written again.
struct Ways {
    borrowed: Read,
    heap: Read,
    little_room: [Read; 2],
    dropped: [Read; 2],
    /// Compares what borrows with what is stored, as values.
    compare: fn(&[u8]),
    serde: fn(&[u8]) -> Option<Vec<u8>>,
}

type Read = fn(&[u8]) -> Result<Vec<u8>, Error>;

macro_rules! ways {
    ($value:ident, $lists:ty) => {
        ways!($value, $lists, $value::<&str>::into_owned, serde::<$value<String>>)
    };
    ($value:ident, $lists:ty, $into_owned:expr, $serde:expr) => {
        Ways {
            borrowed: |text| read::<$value<&str>>(text),
            heap: |text| read::<$value<String>>(text),
            little_room: [|text| read::<$value<Short>>(text), |text| read::<$value<Long>>(text)],
            dropped: [|text| read::<$value<Discard>>(text), |text| read::<$lists>(text)],
            compare: |text| compare(text, $into_owned),
            serde: $serde,
        }
    };
}

/// One row for each letter from `a` on; the seeds hold these letters, so new rows go to the end.
const VALUES: &[Ways] = &[
    ways!(PeerInfo, PeerInfo<&str, Discard>),
    ways!(AddedNodeInfo, AddedNodeInfo<&str, Discard>),
    ways!(NodeAddress, NodeAddress<Discard>),
    ways!(Ban, Ban<Discard>),
    ways!(NetworkInfo, NetworkInfo<&str, Discard>),
    ways!(VersionInfo, VersionInfo<Discard>),
    // It is no type of serde, and not for keeping.
    ways!(
        NodeError,
        NodeError<Discard>,
        |error: NodeError<&str>| from_slice::<NodeError<String>>(&written(&error)).expect("it was written"),
        |text| read::<NodeError<String>>(text).ok()
    ),
];

fuzz_target!(|data: &[u8]| {
    let [letter, text @ ..] = data else { return };
    let ways = &VALUES[usize::from(letter.wrapping_sub(b'a')) % VALUES.len()];

    let borrowed = (ways.borrowed)(text);
    assert_eq!((ways.heap)(text), borrowed);
    (ways.compare)(text);
    if let Ok(borrowed) = &borrowed
        && !is_read_by_serde(ways, text, borrowed)
    {
        let plain = plain_numbers(text);
        assert_ne!(plain, text, "serde reads it otherwise, and no number is why");
        let borrowed = (ways.borrowed)(&plain).expect("it differs in the form of numbers alone");
        assert!(is_read_by_serde(ways, &plain, &borrowed));
    }
    for read in ways.little_room {
        match (read(text), &borrowed) {
            (Err(error), Ok(_)) => assert_eq!(error.kind, ErrorKind::TooLong.into()),
            (Err(error), Err(later)) if error.kind == ErrorKind::TooLong.into() => {
                assert!(error.offset <= later.offset)
            }
            (stored, borrowed) => assert_eq!(stored, *borrowed),
        }
    }
    for read in ways.dropped {
        match (read(text), &borrowed) {
            (Ok(less), Ok(whole)) => assert!(less.len() <= whole.len()),
            (dropped, borrowed) => assert_eq!(dropped.err(), borrowed.as_ref().err().copied()),
        }
    }
    // What is written is read as what it was written from.
    if let Ok(written) = &borrowed {
        assert_eq!((ways.heap)(written).as_ref(), Ok(written));
    }
});

fn read<'t, V: FromJson<'t> + ToJson>(text: &'t [u8]) -> Result<Vec<u8>, Error> {
    from_slice::<V>(text).map(|value| written(&value))
}

/// Whether serde reads this value. It gives texts without their escapes.
fn is_read_by_serde(ways: &Ways, text: &[u8], borrowed: &[u8]) -> bool {
    (ways.serde)(text).is_some_and(|serde| value(&serde) == value(borrowed))
}

fn compare<'t, B, O>(text: &'t [u8], into_owned: fn(B) -> O)
where
    B: FromJson<'t> + Debug,
    O: FromJson<'t> + Debug + PartialEq,
{
    if let (Ok(borrowed), Ok(stored)) = (from_slice::<B>(text), from_slice::<O>(text)) {
        assert_eq!(format!("{borrowed:?}"), format!("{stored:?}"));
        assert_eq!(into_owned(borrowed), stored);
    }
}

fn value(text: &[u8]) -> serde_json::Value {
    serde_json::from_slice(text).expect("it was written as JSON")
}

fn serde<V: DeserializeOwned + ToJson>(text: &[u8]) -> Option<Vec<u8>> {
    serde_json::from_slice::<V>(text).ok().map(|value| written(&value))
}

fn written(value: &impl ToJson) -> Vec<u8> {
    let mut buf = vec![0; 1024];
    let length = match to_slice(value, &mut buf) {
        Ok(text) => text.len(),
        Err(error) => {
            buf.resize(error.needed, 0);
            to_slice(value, &mut buf)
                .expect("the size that was told is enough")
                .len()
        }
    };
    buf.truncate(length);
    buf
}
