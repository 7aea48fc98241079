//! Values in storage of every kind. A letter says what the value is; then comes its text.
//!
//! What borrows, what is stored, what keeps no text, and what serde reads agree: all refuse the same, but for what has no
//! room for a text.
#![no_main]

use defichain_net_rpc::Error;
use defichain_net_rpc::json::{Discard, ErrorKind, FromJson, ToJson, from_slice, to_slice};
use defichain_net_rpc::network::{AddedNodeInfo, Ban, NetworkInfo, NodeAddress, PeerInfo, VersionInfo};
use defichain_net_rpc::rpc::NodeError;
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
    serde: fn(&[u8]) -> Option<Vec<u8>>,
}

type Read = fn(&[u8]) -> Result<Vec<u8>, Error>;

macro_rules! ways {
    ($value:ident, $lists:ty) => {
        ways!($value, $lists, serde::<$value<String>>)
    };
    ($value:ident, $lists:ty, $serde:expr) => {
        Ways {
            borrowed: |text| read::<$value<&str>>(text),
            heap: |text| read::<$value<String>>(text),
            little_room: [|text| read::<$value<Short>>(text), |text| read::<$value<Long>>(text)],
            dropped: [|text| read::<$value<Discard>>(text), |text| read::<$lists>(text)],
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
    // It is no type of serde.
    ways!(NodeError, NodeError<Discard>, |text| read::<NodeError<String>>(text)
        .ok()),
];

fuzz_target!(|data: &[u8]| {
    let [letter, text @ ..] = data else { return };
    let ways = &VALUES[usize::from(letter.wrapping_sub(b'a')) % VALUES.len()];

    let borrowed = (ways.borrowed)(text);
    assert_eq!((ways.heap)(text), borrowed);
    // serde gives texts without their escapes. What it refuses is its own matter: serde_json takes -0 for no integer.
    if let (Some(serde), Ok(borrowed)) = ((ways.serde)(text), &borrowed) {
        assert_eq!(value(&serde), value(borrowed));
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
