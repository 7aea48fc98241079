//! Reads a text by the fast path of the reader and without it: the values and the errors must be the same.

use std::fmt::Debug;

use defichain_net_rpc::Error;
use defichain_net_rpc::json::{FromJson, List, Map, Reader, Text, ToJson, to_slice};
use defichain_net_rpc::network::{
    AddedNodeInfo, Ban, NetTotals, NetworkInfo, NodeAddress, NodeStatusInfo, PeerInfo, VersionInfo,
};
use defichain_net_rpc::rpc::NodeError;

/// What a text is as a value, whichever path reads it.
#[track_caller]
pub(crate) fn both<'a, V: FromJson<'a> + ToJson + PartialEq + Debug>(text: &'a [u8]) -> Result<V, Error> {
    let (fast, general) = (read::<V>(Reader::new(text)), read::<V>(Reader::general(text)));
    let shown = text.escape_ascii();
    match (&fast, &general) {
        (Ok(fast), Ok(general)) => {
            assert_eq!(fast, general, "{shown}");
            // Two values may compare as equal and stand in different words.
            let written = |value| to_slice::<V>(value, &mut vec![0; 8 * text.len() + 64]).map(<[u8]>::to_vec);
            assert_eq!(written(fast), written(general), "{shown}");
        }
        _ => assert_eq!(fast.as_ref().err(), general.as_ref().err(), "{shown}"),
    }
    fast
}

fn read<'a, V: FromJson<'a>>(mut reader: Reader<'a>) -> Result<V, Error> {
    let value = V::from_json(&mut reader);
    reader.end();
    reader.finish().map(|()| value)
}

/// Reads a text as everything that a method answers with; as how many of these it can be read.
#[track_caller]
pub(crate) fn every_response(text: &[u8]) -> usize {
    [
        both::<List<&str, PeerInfo<&str>>>(text).is_ok(),
        both::<PeerInfo<&str>>(text).is_ok(),
        both::<NetworkInfo<&str>>(text).is_ok(),
        both::<NetTotals>(text).is_ok(),
        both::<List<&str, AddedNodeInfo<&str>>>(text).is_ok(),
        both::<List<&str, NodeAddress<&str>>>(text).is_ok(),
        both::<List<&str, Ban<&str>>>(text).is_ok(),
        both::<VersionInfo<&str>>(text).is_ok(),
        both::<NodeStatusInfo>(text).is_ok(),
        both::<NodeError<&str>>(text).is_ok(),
        both::<Map<&str, u64>>(text).is_ok(),
        both::<List<&str, Text<&str>>>(text).is_ok(),
        both::<u64>(text).is_ok(),
    ]
    .into_iter()
    .filter(|read| *read)
    .count()
}
