//! serde for the values of this crate: the JSON that [`ToJson`] writes and [`FromJson`] reads, carried by `serde_json`'s
//! `RawValue`, so that there is one form of each and no number goes through a float.

use ::serde::de::{Deserialize, Deserializer, Error as _};
use ::serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::json::{Element, FromJson, List, Map, Raw, Storage, Text, ToJson, from_slice, to_vec};
use crate::network::{Direction, NumericServices};
use crate::rpc::Code;
use crate::{Amount, PeerAddress, Permission, Services, UnixTime};

#[doc(hidden)]
pub fn serialize<V: ToJson, S: Serializer>(value: &V, serializer: S) -> Result<S::Ok, S::Error> {
    let json = to_vec(value);
    let raw: &RawValue = serde_json::from_slice(&json).map_err(S::Error::custom)?;
    raw.serialize(serializer)
}

#[doc(hidden)]
pub fn deserialize<'de, V: for<'a> FromJson<'a>, D: Deserializer<'de>>(deserializer: D) -> Result<V, D::Error> {
    let raw = alloc::boxed::Box::<RawValue>::deserialize(deserializer)?;
    from_slice(raw.get().as_bytes()).map_err(D::Error::custom)
}

/// Implements `Serialize`, and `Deserialize` for what does not borrow, for a struct of [`json_object!`](crate::json_object).
#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ($name:ident $(<$($storage:ident),+>)?) => {
        impl $(<$($storage: AsRef<str>),+>)? $crate::__private::Serialize for $name $(<$($storage),+>)? {
            fn serialize<__S: $crate::__private::Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                $crate::__private::serialize(self, serializer)
            }
        }

        impl<'de $($(, $storage: for<'a> $crate::json::Storage<'a>)+)?> $crate::__private::Deserialize<'de>
            for $name $(<$($storage),+>)?
        {
            fn deserialize<__D: $crate::__private::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                $crate::__private::deserialize(deserializer)
            }
        }
    };
}

macro_rules! values {
    ($($name:ident),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serialize(self, serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserialize(deserializer)
            }
        }
    )*};
}

values!(Amount, Code, Direction, NumericServices, Services, UnixTime);

macro_rules! texts {
    ($($name:ident),*) => {$(
        impl<T: AsRef<str>> Serialize for $name<T> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serialize(self, serializer)
            }
        }

        impl<'de, T: for<'a> Storage<'a>> Deserialize<'de> for $name<T> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserialize(deserializer)
            }
        }
    )*};
}

texts!(PeerAddress, Text);

macro_rules! collections {
    ($($name:ident),*) => {$(
        impl<T: AsRef<str>, E: Element> Serialize for $name<T, E> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serialize(self, serializer)
            }
        }

        impl<'de, T: for<'a> Storage<'a>, E: Element> Deserialize<'de> for $name<T, E> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserialize(deserializer)
            }
        }
    )*};
}

collections!(List, Map);

macro_rules! borrowed {
    ($($name:ident),*) => {$(
        impl Serialize for $name<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serialize(self, serializer)
            }
        }
    )*};
}

borrowed!(Permission, Raw);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{NetTotals, PeerInfo};
    use crate::response;
    use serde_json::{Value, from_str, to_string, to_value};

    crate::json_object! {
        /// Its parameters have the names that are usual in serde's own code.
        struct Pair<S, D> {
            first: Text<S>,
            second: Text<D>,
        }
    }

    #[test]
    fn the_parameters_of_a_struct_may_have_any_name() {
        let pair: Pair<String, String> = from_str(r#"{"first":"a","second":"b"}"#).unwrap();
        assert_eq!(to_string(&pair).unwrap(), r#"{"first":"a","second":"b"}"#);
    }

    const TOTALS: &str = r#"{"totalbytesrecv":57,"totalbytessent":19,"timemillis":1795354416124,"uploadtarget":{"timeframe":86400,"target":0,"target_reached":false,"serve_historical_blocks":true,"bytes_left_in_cycle":0,"time_left_in_cycle":0}}"#;

    #[test]
    fn a_response_is_serialised_in_the_shape_of_the_node() {
        let totals: NetTotals = from_str(TOTALS).unwrap();
        assert_eq!(totals.total_bytes_recv, 57);
        assert_eq!(to_string(&totals).unwrap(), TOTALS);
        assert_eq!(to_value(totals).unwrap(), from_str::<Value>(TOTALS).unwrap());
        assert_eq!(to_string(&[Amount::from_units(1000)]).unwrap(), "[0.00001000]");
        assert_eq!(from_str::<Vec<Amount>>("[1e-5]").unwrap(), [Amount::from_units(1000)]);
    }

    #[test]
    fn a_text_survives_on_its_own() {
        let text: Text<String> = from_str(r#""a\u00e9""#).unwrap();
        assert_eq!(text, "aé");
        assert_eq!(to_string(&text).unwrap(), r#""a\u00e9""#);
        let address: PeerAddress<String> = from_str(r#""[::1]:8555""#).unwrap();
        assert_eq!(to_string(&address).unwrap(), r#""[::1]:8555""#);
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place_and_member() {
        let error = from_str::<PeerInfo<String>>(r#"{"id":-1}"#).unwrap_err();
        assert_eq!(error.to_string(), r#"a number out of range at byte 6 in "id""#);
    }

    #[test]
    fn a_borrowed_response_can_be_serialised_too() {
        let reply = br#"{"result":"a\u00e9","error":null,"id":1}"#;
        let text = response(&crate::rpc::Call::new("x", &()).unwrap(), 1, reply).unwrap();
        assert_eq!(to_string(&text).unwrap(), r#""a\u00e9""#);
    }
}
