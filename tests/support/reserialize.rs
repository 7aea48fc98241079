//! Writes results back as JSON, in the form of the node.

use defichain_net_rpc::json::{self, FromJson, ToJson};
use defichain_net_rpc::network::{NetTotals, NetworkInfo, NodeStatusInfo, VersionInfo};
use defichain_net_rpc::rpc::Items;

/// A result that can be written back, whatever its storage.
pub(crate) trait Reserialize {
    fn reserialize(self) -> String;
}

/// All elements, each of which must be readable.
impl<'a, V: FromJson<'a> + ToJson> Reserialize for Items<'a, V> {
    fn reserialize(self) -> String {
        let elements: Vec<_> = self.map(|element| text(&element.unwrap())).collect();
        format!("[{}]", elements.join(","))
    }
}

impl<T: AsRef<str>, L: AsRef<str>> Reserialize for NetworkInfo<T, L> {
    fn reserialize(self) -> String {
        text(&self)
    }
}

impl<T: AsRef<str>> Reserialize for VersionInfo<T> {
    fn reserialize(self) -> String {
        text(&self)
    }
}

macro_rules! written_as_they_are {
    ($($type:ty),*) => {$(
        impl Reserialize for $type {
            fn reserialize(self) -> String {
                text(&self)
            }
        }
    )*};
}

written_as_they_are!((), bool, u64, NetTotals, NodeStatusInfo);

#[track_caller]
fn text(value: &impl ToJson) -> String {
    let needed = json::to_slice(value, &mut []).map_or_else(|error| error.needed, <[u8]>::len);
    let mut buf = vec![0; needed];
    let text = json::to_slice(value, &mut buf).unwrap();
    std::str::from_utf8(text).unwrap().to_owned()
}
