//! serde for the values and responses of this crate, in the node's own shape, with any format and without a heap.
//!
//! An amount and a time in seconds are floats here and nowhere else in this crate. Lists, maps and raw values are kept as
//! JSON text, so reading one writes JSON from what the format says, and checks it as if the node had sent it.

use core::fmt::{self, Display, Write};
use core::marker::PhantomData;
use core::time::Duration;

use ::serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as DeError, MapAccess, SeqAccess, Unexpected, Visitor,
};
use ::serde::ser::{Error as SerError, Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::bytes::certain;
use crate::json::{
    Build, Element, ErrorKind, FromJson, List, MAX_DEPTH, Map, Number, Raw, Reader, Text, ToJson, Truncated,
    from_slice, to_slice,
};
use crate::network::{Direction, NumericServices, Warnings};
use crate::rpc::Code;
use crate::value::{Amount, PeerAddress, Permission, Services, UnixTime};

/// Implements `Serialize` and `Deserialize` for a response of this crate.
macro_rules! serde_response {
    ($name:ident [$($storage:ident)*] $($field:ident: $type:ty $(= $key:literal)?,)*) => {
        impl<$($storage: AsRef<str>),*> ::serde::Serialize for $name<$($storage),*> {
            fn serialize<__S: ::serde::Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                use ::serde::ser::SerializeStruct;
                use $crate::json::ToJson;
                let absent = [$(self.$field.is_absent()),*];
                let count = absent.iter().filter(|absent| !**absent).count();
                let mut object = serializer.serialize_struct(stringify!($name), count)?;
                $(
                    let key = const { $crate::json_object!(@key $field $($key)?) };
                    if self.$field.is_absent() {
                        object.skip_field(key)?;
                    } else {
                        object.serialize_field(key, &$crate::serde::AsField(&self.$field))?;
                    }
                )*
                object.end()
            }
        }

        impl<$($storage: AsRef<str>),*> $crate::serde::ToField for $name<$($storage),*> {
            fn to_field<__S: ::serde::Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                ::serde::Serialize::serialize(self, serializer)
            }
        }

        impl<'de, $($storage: $crate::json::Build),*> ::serde::Deserialize<'de> for $name<$($storage),*> {
            fn deserialize<__D: ::serde::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                use ::serde::de::{Error, IgnoredAny, MapAccess, SeqAccess};
                use $crate::serde::{Field, FromField, KeyOf};

                const NAMES: &[&str] = &[$($crate::json_object!(@key $field $($key)?)),*];

                #[allow(non_camel_case_types, reason = "the names of the fields")]
                enum Key {
                    $($field),*
                }

                struct Visitor<$($storage),*>(core::marker::PhantomData<fn() -> ($($storage,)*)>);

                impl<'de, $($storage: $crate::json::Build),*> ::serde::de::Visitor<'de> for Visitor<$($storage),*> {
                    type Value = $name<$($storage),*>;

                    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                        f.write_str(concat!("the object ", stringify!($name)))
                    }

                    fn visit_map<__A: MapAccess<'de>>(self, mut map: __A) -> Result<Self::Value, __A::Error> {
                        $(let mut $field: Option<$type> = None;)*
                        while let Some(index) = map.next_key_seed(KeyOf(NAMES))? {
                            $(
                                if index == Key::$field as usize {
                                    if $field.is_some() {
                                        let key = const { $crate::json_object!(@key $field $($key)?) };
                                        return Err(__A::Error::duplicate_field(key));
                                    }
                                    $field = Some(map.next_value::<Field<$type>>()?.0);
                                    continue;
                                }
                            )*
                            map.next_value::<IgnoredAny>()?;
                        }
                        Ok($name {
                            $($field: match $field {
                                Some(value) => value,
                                None => FromField::missing(const { $crate::json_object!(@key $field $($key)?) })?,
                            },)*
                        })
                    }

                    fn visit_seq<__A: SeqAccess<'de>>(self, mut seq: __A) -> Result<Self::Value, __A::Error> {
                        Ok($name {
                            $($field: match seq.next_element::<Field<$type>>()? {
                                Some(value) => value.0,
                                None => FromField::missing(const { $crate::json_object!(@key $field $($key)?) })?,
                            },)*
                        })
                    }
                }

                deserializer.deserialize_struct(stringify!($name), NAMES, Visitor(core::marker::PhantomData))
            }
        }

        impl<'de, $($storage: $crate::json::Build),*> $crate::serde::FromField<'de> for $name<$($storage),*> {
            fn from_field<__D: ::serde::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                ::serde::Deserialize::deserialize(deserializer)
            }
        }
    };
}

pub(crate) use serde_response;

/// How a field of a response is serialised: as serde does, but for a [`Duration`], which is a number of seconds.
pub(crate) trait ToField {
    fn to_field<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// How a field of a response is deserialised; see [`ToField`].
pub(crate) trait FromField<'de>: Sized {
    fn from_field<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// The value of a member that is not there.
    fn missing<E: DeError>(name: &'static str) -> Result<Self, E> {
        Err(E::missing_field(name))
    }
}

pub(crate) struct AsField<'v, V>(pub(crate) &'v V);

impl<V: ToField> Serialize for AsField<'_, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.to_field(serializer)
    }
}

pub(crate) struct Field<V>(pub(crate) V);

impl<'de, V: FromField<'de>> Deserialize<'de> for Field<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        V::from_field(deserializer).map(Self)
    }
}

impl<V: ToField> ToField for Option<V> {
    fn to_field<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_ref().map(AsField).serialize(serializer)
    }
}

impl<'de, V: FromField<'de>> FromField<'de> for Option<V> {
    fn from_field<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<Field<V>>::deserialize(deserializer)?.map(|field| field.0))
    }

    fn missing<E: DeError>(_: &'static str) -> Result<Self, E> {
        Ok(None)
    }
}

impl ToField for Duration {
    fn to_field<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(float(self))
    }
}

impl<'de> FromField<'de> for Duration {
    fn from_field<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let units = deserializer.deserialize_f64(Units { places: 6 })?;
        u64::try_from(units)
            .map(Self::from_micros)
            .map_err(|_| D::Error::custom(ErrorKind::Range))
    }
}

/// Fields that serde serialises as they are.
macro_rules! fields {
    ($([$($storage:ident $(, $element:ident)?)?] $type:ty;)*) => {$(
        impl<$($storage: AsRef<str> $(, $element: Element)?)?> ToField for $type
        $($(where for<'a> $element::Item<'a>: Serialize)?)?
        {
            fn to_field<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.serialize(serializer)
            }
        }

        impl<'de $(, $storage: Build $(, $element: Element)?)?> FromField<'de> for $type {
            fn from_field<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::deserialize(deserializer)
            }
        }
    )*};
}

fields! {
    [] bool;
    [] u16;
    [] u64;
    [] i32;
    [] i64;
    [] Amount;
    [] Direction;
    [] NumericServices;
    [] Services;
    [] UnixTime;
    [T] PeerAddress<T>;
    [T] Text<T>;
    [T] Warnings<T>;
    [T, E] List<T, E>;
    [T, E] Map<T, E>;
}

/// The index of a member's name in a list, or a larger one if it is not there.
pub(crate) struct KeyOf(pub(crate) &'static [&'static str]);

impl<'de> DeserializeSeed<'de> for KeyOf {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for KeyOf {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E: DeError>(self, name: &str) -> Result<usize, E> {
        self.visit_bytes(name.as_bytes())
    }

    fn visit_bytes<E: DeError>(self, name: &[u8]) -> Result<usize, E> {
        let index = self.0.iter().position(|known| known.as_bytes() == name);
        Ok(index.unwrap_or(usize::MAX))
    }
}

/// The double that is nearest to a number.
fn float<V: ToJson>(value: &V) -> f64 {
    let mut buf = [0; 32];
    let text = certain(to_slice(value, &mut buf).ok());
    certain(core::str::from_utf8(text).ok().and_then(|text| text.parse().ok()))
}

/// Reads a number in units of 10<sup>-`places`</sup>, rounded to the nearest.
struct Units {
    places: u8,
}

impl Visitor<'_> for Units {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_u64<E: DeError>(self, value: u64) -> Result<i64, E> {
        self.text(value)
    }

    fn visit_i64<E: DeError>(self, value: i64) -> Result<i64, E> {
        self.text(value)
    }

    fn visit_f64<E: DeError>(self, value: f64) -> Result<i64, E> {
        self.text(value)
    }
}

impl Units {
    /// A double is displayed with as few digits as tell it from all others: those that it was made of, if it was made of
    /// 15 at most.
    fn text<E: DeError>(&self, value: impl Display) -> Result<i64, E> {
        // The smallest double takes 326 bytes, and no other more than 17 digits besides.
        let mut text = Truncated::<400>::default();
        let _ = write!(Sink(&mut text), "{value}");
        let mut reader = Reader::new(text.as_ref().as_bytes());
        let units = reader.rounded(self.places);
        match reader.finish().map_err(|error| error.kind) {
            Ok(()) => Ok(units),
            Err(kind) => Err(E::custom(kind)),
        }
    }
}

struct Sink<'t, T>(&'t mut T);

impl<T: Build> Write for Sink<'_, T> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.push_str(text).then_some(()).ok_or(fmt::Error)
    }
}

/// A number of DFI, as a double: exact below 2<sup>26</sup> DFI, the nearest double beyond.
impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(float(self))
    }
}

/// A number of DFI: an integer, or a double, which is rounded to the nearest unit.
impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_f64(Units { places: 8 }).map(Self::from_units)
    }
}

/// Values that are an integer.
macro_rules! integers {
    ($($name:ident: $type:ty, |$from:ident| $into:expr, |$value:ident| $get:expr;)*) => {$(
        /// The node's own shape: an integer.
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let $value = self;
                <$type>::serialize(&$get, serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <$type>::deserialize(deserializer).map(|$from| $into)
            }
        }
    )*};
}

integers! {
    Code: i32, |code| Self(code), |code| code.0;
    NumericServices: u64, |bits| Self(Services::from_bits(bits)), |services| services.0.bits();
    UnixTime: u64, |secs| Self::from_secs(secs), |time| time.as_secs();
}

/// Values that are a short string.
macro_rules! strings {
    ($($name:ident: $expected:literal,)*) => {$(
        /// The node's own shape: a string.
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut buf = [0; 32];
                let json = certain(to_slice(self, &mut buf).ok());
                certain(from_slice::<Text<&str>>(json).ok()).serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Short::<Self>($expected, PhantomData))
            }
        }
    )*};
}

strings!(Direction: "`inbound` or `outbound`", Services: "16 hex digits in lower case",);

/// Reads a value that is a short string.
struct Short<V>(&'static str, PhantomData<fn() -> V>);

impl<V: for<'a> FromJson<'a>> Visitor<'_> for Short<V> {
    type Value = V;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_str<E: DeError>(self, text: &str) -> Result<V, E> {
        let mut buf = [0; 32];
        to_slice(text, &mut buf)
            .ok()
            .and_then(|json| from_slice(json).ok())
            .ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// The node's own shape: a string.
impl Serialize for Permission<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Other(text) => text.serialize(serializer),
            named => serializer.serialize_str(named.name()),
        }
    }
}

/// A permission without a name borrows from the input, so it is an error where the format cannot lend it.
impl<'de: 'a, 'a> Deserialize<'de> for Permission<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PermissionVisitor;

        impl<'de> Visitor<'de> for PermissionVisitor {
            type Value = Permission<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a permission")
            }

            fn visit_str<E: DeError>(self, text: &str) -> Result<Permission<'de>, E> {
                Permission::named(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
            }

            fn visit_borrowed_str<E: DeError>(self, text: &'de str) -> Result<Permission<'de>, E> {
                match Permission::named(text) {
                    Some(named) => Ok(named),
                    None => borrowed(text).map(Permission::Other),
                }
            }
        }

        deserializer.deserialize_str(PermissionVisitor)
    }
}

/// The string, decoded.
impl<T: AsRef<str>> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.as_str() {
            Some(text) => serializer.serialize_str(text),
            None => serializer.collect_str(self),
        }
    }
}

/// A string, which is escaped as JSON wants it.
impl<'de, T: Build> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(PhantomData))
    }
}

struct TextVisitor<T>(PhantomData<fn() -> T>);

impl<T: Build> Visitor<'_> for TextVisitor<T> {
    type Value = Text<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: DeError>(self, text: &str) -> Result<Text<T>, E> {
        let mut raw = T::default();
        let (mut escaped, mut length) = (false, 0_usize);
        for c in text.chars() {
            let mut buf = [0; 8];
            let piece = escape(c, &mut buf);
            escaped |= piece.starts_with('\\');
            length = length.saturating_add(piece.len());
            if !raw.push_text(piece) {
                return Err(E::custom(ErrorKind::TooLong));
            }
        }
        let cut = raw.as_ref().len() != length;
        Ok(Text::new(raw, escaped || cut))
    }
}

/// A character as it stands in a JSON string.
fn escape(c: char, buf: &mut [u8; 8]) -> &str {
    let json = certain(to_slice(&*c.encode_utf8(&mut [0; 4]), buf).ok());
    let piece = certain(core::str::from_utf8(json).ok());
    certain(piece.strip_prefix('"').and_then(|piece| piece.strip_suffix('"')))
}

/// A string that the format can lend, without characters that JSON escapes: else it is an error, as a [`Text`] holds JSON.
impl<'de: 'a, 'a> Deserialize<'de> for Text<&'a str> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrowed;

        impl<'de> Visitor<'de> for Borrowed {
            type Value = Text<&'de str>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a borrowed string")
            }

            fn visit_borrowed_str<E: DeError>(self, text: &'de str) -> Result<Text<&'de str>, E> {
                borrowed(text)
            }
        }

        deserializer.deserialize_str(Borrowed)
    }
}

fn borrowed<E: DeError>(text: &str) -> Result<Text<&str>, E> {
    if text.bytes().any(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)) {
        return Err(E::custom(
            "a string with characters that JSON escapes cannot be borrowed",
        ));
    }
    Ok(Text::new(text, false))
}

/// The text of the address.
impl<T: AsRef<str>> Serialize for PeerAddress<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text().serialize(serializer)
    }
}

impl<'de, T: AsRef<str>> Deserialize<'de> for PeerAddress<T>
where
    Text<T>: Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Text::deserialize(deserializer).map(Self::from)
    }
}

/// A sequence of the elements.
impl<T: AsRef<str>, E: Element> Serialize for List<T, E>
where
    for<'a> E::Item<'a>: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(Some(self.len()))?;
        self.iter().try_for_each(|item| seq.serialize_element(&item))?;
        seq.end()
    }
}

/// A map of the members.
impl<T: AsRef<str>, E: Element> Serialize for Map<T, E>
where
    for<'a> E::Item<'a>: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        self.iter()
            .try_for_each(|(name, value)| map.serialize_entry(&name, &value))?;
        map.end()
    }
}

/// An integer if it is one of 64 bits, else the nearest double.
impl<T: AsRef<str>> Serialize for Number<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(value) = self.parse() {
            return serializer.serialize_u64(value);
        }
        if let Some(value) = self.parse() {
            return serializer.serialize_i64(value);
        }
        match self.parse::<f64>() {
            Some(value) if value.is_finite() => serializer.serialize_f64(value),
            _ => Err(S::Error::custom(ErrorKind::Range)),
        }
    }
}

/// The value, whatever its type.
impl<T: AsRef<str>> Serialize for Raw<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        fn read<'a, V: FromJson<'a>, E: SerError>(json: &'a str) -> Result<V, E> {
            from_slice(json.as_bytes()).map_err(E::custom)
        }

        let json = self.as_str();
        match json.bytes().next() {
            Some(b'[') => read::<List<&str, Raw<&str>>, _>(json)?.serialize(serializer),
            Some(b'{') => read::<Map<&str, Raw<&str>>, _>(json)?.serialize(serializer),
            Some(b'"') => read::<Text<&str>, _>(json)?.serialize(serializer),
            Some(b't' | b'f') => serializer.serialize_bool(read(json)?),
            Some(b'n') => serializer.serialize_unit(),
            _ => read::<Number<&str>, _>(json)?.serialize(serializer),
        }
    }
}

impl<T: AsRef<str>> Serialize for Warnings<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.list() {
            Ok(list) => list.serialize(serializer),
            Err(text) => text.serialize(serializer),
        }
    }
}

/// Values that are read as JSON text. The format has to say what comes next.
macro_rules! transcoded {
    ($($name:ident [$($element:ident)?],)*) => {$(
        impl<'de, T: Build $(, $element: Element)?> Deserialize<'de> for $name<T $(, $element)?> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let mut text = T::default();
                Json::new(&mut text).deserialize(deserializer)?;
                check::<$name<&str $(, $element)?>, _>(text.as_ref())?;
                Ok(Self::new(text))
            }
        }
    )*};
}

transcoded!(List [E], Map [E], Number [], Raw [],);

/// Checks a text that was written; a storage that keeps nothing has nothing to be checked.
fn check<'a, V: FromJson<'a>, E: DeError>(text: &'a str) -> Result<(), E> {
    if text.is_empty() {
        return Ok(());
    }
    from_slice::<V>(text.as_bytes()).map(drop).map_err(E::custom)
}

impl<'de, T: Build> Deserialize<'de> for Warnings<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WarningsVisitor<T>(PhantomData<fn() -> T>);

        impl<'de, T: Build> Visitor<'de> for WarningsVisitor<T> {
            type Value = Warnings<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or an array of strings")
            }

            fn visit_str<E: DeError>(self, text: &str) -> Result<Warnings<T>, E> {
                TextVisitor(PhantomData).visit_str(text).map(Warnings::from)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Warnings<T>, A::Error> {
                let mut text = T::default();
                Json::new(&mut text).visit_seq(seq)?;
                check::<List<&str, Text<&str>>, _>(text.as_ref())?;
                Ok(Warnings::from(List::new(text)))
            }
        }

        deserializer.deserialize_any(WarningsVisitor(PhantomData))
    }
}

/// Writes what a format says as JSON.
struct Json<'t, T> {
    text: &'t mut T,
    /// How many arrays and objects are open.
    depth: u32,
}

/// The only member of the map as which `serde_json` gives a number where its feature `arbitrary_precision` is on.
const NUMBER: &str = "$serde_json::private::Number";

impl<'t, T: Build> Json<'t, T> {
    fn new(text: &'t mut T) -> Self {
        Self { text, depth: 0 }
    }

    /// What writes an element or member.
    fn inner<E: DeError>(&mut self) -> Result<Json<'_, T>, E> {
        match self.depth {
            MAX_DEPTH => Err(E::custom(ErrorKind::Depth)),
            depth => Ok(Json {
                text: self.text,
                depth: depth.saturating_add(1),
            }),
        }
    }

    fn write<E: DeError>(&mut self, value: impl Display) -> Result<(), E> {
        write!(Sink(self.text), "{value}").map_err(|_| E::custom(ErrorKind::TooLong))
    }

    fn string<E: DeError>(&mut self, text: &str) -> Result<(), E> {
        self.write('"')?;
        for c in text.chars() {
            let mut buf = [0; 8];
            self.write(escape(c, &mut buf))?;
        }
        self.write('"')
    }
}

impl<'de, T: Build> DeserializeSeed<'de> for Json<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Build> Visitor<'de> for Json<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON has")
    }

    fn visit_bool<E: DeError>(mut self, value: bool) -> Result<(), E> {
        self.write(value)
    }

    fn visit_i64<E: DeError>(mut self, value: i64) -> Result<(), E> {
        self.write(value)
    }

    fn visit_u64<E: DeError>(mut self, value: u64) -> Result<(), E> {
        self.write(value)
    }

    fn visit_f64<E: DeError>(mut self, value: f64) -> Result<(), E> {
        if !value.is_finite() {
            return Err(E::invalid_value(Unexpected::Float(value), &self));
        }
        self.write(value)
    }

    fn visit_str<E: DeError>(mut self, value: &str) -> Result<(), E> {
        self.string(value)
    }

    fn visit_unit<E: DeError>(mut self) -> Result<(), E> {
        self.write("null")
    }

    fn visit_none<E: DeError>(self) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        self.write('[')?;
        let mut separator = "";
        while seq
            .next_element_seed(Next {
                separator,
                json: self.inner()?,
            })?
            .is_some()
        {
            separator = ",";
        }
        self.write(']')
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut separator = "{";
        while let Some(is_number) = map.next_key_seed(Key {
            separator,
            json: self.inner()?,
        })? {
            if is_number {
                return map.next_value_seed(Literal(self));
            }
            map.next_value_seed(self.inner()?)?;
            separator = ",";
        }
        if separator == "{" {
            self.write('{')?;
        }
        self.write('}')
    }
}

/// An element behind its separator.
struct Next<'t, T> {
    separator: &'static str,
    json: Json<'t, T>,
}

impl<'de, T: Build> DeserializeSeed<'de> for Next<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<(), D::Error> {
        self.json.write(self.separator)?;
        self.json.deserialize(deserializer)
    }
}

/// The name of a member, behind its separator; tells whether a number follows and nothing was written.
struct Key<'t, T> {
    separator: &'static str,
    json: Json<'t, T>,
}

impl<'de, T: Build> DeserializeSeed<'de> for Key<'_, T> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T: Build> Visitor<'_> for Key<'_, T> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: DeError>(mut self, name: &str) -> Result<bool, E> {
        if self.separator == "{" && name == NUMBER {
            return Ok(true);
        }
        self.json.write(self.separator)?;
        self.json.string(name)?;
        self.json.write(':')?;
        Ok(false)
    }
}

/// A number that comes as text.
struct Literal<'t, T>(Json<'t, T>);

impl<'de, T: Build> DeserializeSeed<'de> for Literal<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T: Build> Visitor<'_> for Literal<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_str<E: DeError>(mut self, text: &str) -> Result<(), E> {
        check::<Number<&str>, _>(text)?;
        self.0.write(text)
    }
}

#[cfg(all(test, feature = "serde_json"))]
mod tests {
    use super::*;
    use crate::json::Discard;
    use crate::network::{NetTotals, NetworkInfo, PeerInfo};
    use serde_json::{Value, from_str, to_string, to_value};

    const TOTALS: &str = r#"{"totalbytesrecv":57,"totalbytessent":19,"timemillis":1795354416124,"uploadtarget":{"timeframe":86400,"target":0,"target_reached":false,"serve_historical_blocks":true,"bytes_left_in_cycle":0,"time_left_in_cycle":0}}"#;

    #[test]
    fn a_response_is_serialised_in_the_shape_of_the_node() {
        let totals: NetTotals = from_str(TOTALS).unwrap();
        assert_eq!(totals.total_bytes_recv, 57);
        assert_eq!(to_string(&totals).unwrap(), TOTALS);
        assert_eq!(to_value(totals).unwrap(), from_str::<Value>(TOTALS).unwrap());
    }

    #[test]
    fn a_permission_is_a_string() {
        for (json, permission) in [
            (r#""relay""#, Permission::Relay),
            (r#""noban""#, Permission::NoBan),
            (r#""new""#, Permission::Other(from_str(r#""new""#).unwrap())),
        ] {
            assert_eq!(from_str::<Permission<'_>>(json).unwrap(), permission);
            assert_eq!(to_string(&permission).unwrap(), json);
        }
    }

    #[test]
    fn an_amount_is_the_nearest_double() {
        // From here on the doubles are further apart than the units.
        const LIMIT: i64 = (1 << 26) * 100_000_000;
        assert_eq!(to_string(&Amount::from_units(1000)).unwrap(), "0.00001");
        assert_eq!(
            from_str::<Vec<Amount>>("[1e-5, 2, -3, 0.1]").unwrap(),
            [1000, 200_000_000, -300_000_000, 10_000_000].map(Amount::from_units)
        );
        for units in (0..1000)
            .map(|step| LIMIT - 1 - step * step * step)
            .chain([0, 1, -1, LIMIT, -LIMIT])
        {
            let amount = Amount::from_units(units);
            let double = float(&amount);
            assert_eq!(
                Units { places: 8 }.visit_f64::<serde_json::Error>(double).unwrap(),
                units
            );
        }
        for refused in ["1e300", "-1e20", "\"1\"", "null"] {
            assert!(from_str::<Amount>(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn texts_are_escaped_and_cut_as_if_the_node_had_sent_them() {
        let json = r#""a\"b\u0001\u00e9""#;
        let text: Text<String> = from_str(json).unwrap();
        assert_eq!((text.raw(), text.to_string()), ("a\\\"b\\u0001é", "a\"b\u{1}é".into()));
        assert_eq!(from_str::<String>(&to_string(&text).unwrap()).unwrap(), "a\"b\u{1}é");
        let cut: Text<Truncated<3>> = from_str(json).unwrap();
        assert_eq!(
            (cut.to_string(), cut.is_cut(), cut.as_str()),
            ("a\"".into(), true, None)
        );
        assert_eq!(from_str::<Text<&str>>("\"plain\"").unwrap().as_str(), Some("plain"));
        assert!(from_str::<Text<&str>>(json).is_err());
        let address: PeerAddress<&str> = from_str(r#""[::1]:8555""#).unwrap();
        assert_eq!(to_string(&address).unwrap(), r#""[::1]:8555""#);
    }

    #[test]
    fn lists_maps_and_raw_values_are_checked_as_if_the_node_had_sent_them() {
        let list: List<String, Permission<'static>> = from_str(r#" [ "noban" , "later\u0041" ] "#).unwrap();
        assert_eq!(to_string(&list).unwrap(), r#"["noban","laterA"]"#);
        let map: Map<Truncated<16>, u64> = from_str(r#"{"ping": 32}"#).unwrap();
        assert_eq!(to_string(&map).unwrap(), r#"{"ping":32}"#);
        assert!(from_str::<Map<String, u64>>(r#"{"ping": -1}"#).is_err());
        assert!(from_str::<Map<Truncated<5>, u64>>(r#"{"ping": 1}"#).is_err());
        assert!(from_str::<List<Discard, u64>>("[1]").unwrap().is_empty());
        let json = r#"{"a":[1,-2,2.5,null,true,"b\n"],"c":{}}"#;
        let raw: Raw<String> = from_str(json).unwrap();
        assert_eq!((raw.as_str(), to_string(&raw).unwrap().as_str()), (json, json));
        let deep = "[".repeat(100) + &"]".repeat(100);
        assert!(from_str::<Raw<String>>(&deep).is_err());
        let number: Number<String> = from_str("12345678901234567890123").unwrap();
        assert_eq!(number.as_str(), "12345678901234567890123");
        assert!(from_str::<Number<String>>("\"1\"").is_err());
    }

    #[test]
    fn what_is_missing_or_twice_or_wrong_is_told() {
        for (json, words) in [
            (r#"{"id":1}"#, "missing field `addr`"),
            (r#"{"id":1,"id":2}"#, "duplicate field `id`"),
            (r#"{"id":-1}"#, "expected u64"),
            ("[]", "missing field `id`"),
            ("1", "expected the object PeerInfo"),
        ] {
            let error = from_str::<PeerInfo<String>>(json).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn warnings_are_a_string_or_an_array_of_strings() {
        for json in [r#""""#, r#""one""#, "[]", r#"["one","two"]"#] {
            let warnings: Warnings<String> = from_str(json).unwrap();
            assert_eq!(to_string(&warnings).unwrap(), json);
        }
        assert!(from_str::<Warnings<String>>("[1]").is_err());
        assert!(from_str::<NetworkInfo<String>>(r#"{"warnings":1}"#).is_err());
    }
}
