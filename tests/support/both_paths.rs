//! Reads a text by the fast path of the reader and without it: the values and the errors must be the same.

use std::any::type_name;
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

/// Reads a text as each type that a method answers with; returns how many of them can be read.
#[track_caller]
pub(crate) fn every_response(text: &[u8]) -> usize {
    responses(text).into_iter().filter(|(_, is_read)| *is_read).count()
}

/// Reads a text as each type that a method answers with: the name of the type, and whether the text can be read as it.
#[track_caller]
pub(crate) fn responses(text: &[u8]) -> Vec<(&'static str, bool)> {
    vec![
        by_type::<List<&str, PeerInfo<&str>>>(text),
        by_type::<PeerInfo<&str>>(text),
        by_type::<NetworkInfo<&str>>(text),
        by_type::<NetTotals>(text),
        by_type::<List<&str, AddedNodeInfo<&str>>>(text),
        by_type::<List<&str, NodeAddress<&str>>>(text),
        by_type::<List<&str, Ban<&str>>>(text),
        by_type::<VersionInfo<&str>>(text),
        by_type::<NodeStatusInfo>(text),
        by_type::<NodeError<&str>>(text),
        by_type::<Map<&str, u64>>(text),
        by_type::<List<&str, Text<&str>>>(text),
        by_type::<u64>(text),
        by_type::<bool>(text),
        by_type::<()>(text),
    ]
}

#[track_caller]
fn by_type<'a, V: FromJson<'a> + ToJson + PartialEq + Debug>(text: &'a [u8]) -> (&'static str, bool) {
    (type_name::<V>(), both::<V>(text).is_ok())
}
