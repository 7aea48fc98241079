//! Collections that stay text: checked when they are read, and read again on iteration.

use core::fmt;
use core::marker::PhantomData;

#[cfg(feature = "alloc")]
use super::IntoOwned;
use super::quick::{self, WIDE};
use super::{ErrorKind, FromJson, Reader, Storage, Text, ToJson, Writer};

/// What a [`List`] or [`Map`] holds: a type that can be read from any text.
///
/// [`json_object!`](crate::json_object) implements it for its struct. By hand it names the type as it borrows from a text:
///
/// ```
/// use defichain_net_rpc::json::{self, Element, FromJson, List, Reader, Text, ToJson, Writer};
///
/// /// The hash of a block.
/// #[derive(Debug, Default, PartialEq)]
/// struct Hash<T: AsRef<str>>(Text<T>);
///
/// impl<T: AsRef<str>> Element for Hash<T> {
///     type Item<'a> = Hash<&'a str>;
/// }
/// # impl<'a> FromJson<'a> for Hash<&'a str> {
/// #     fn read(&mut self, reader: &mut Reader<'a>) {
/// #         self.0.read(reader);
/// #     }
/// # }
/// # impl ToJson for Hash<&str> {
/// #     fn to_json(&self, writer: &mut Writer<'_>) {
/// #         self.0.to_json(writer);
/// #     }
/// # }
///
/// let hashes: List<&str, Hash<&str>> = json::from_slice(br#"["00a1"]"#)?;
/// assert_eq!(hashes.iter().next().unwrap().0, "00a1");
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an element of `json::List` or `json::Map`",
    note = "use a struct of `json_object!`, `json::Text`, `json::Number`, `json::Raw`, an integer, `bool`, or a value of this crate such as `Amount`; or implement `json::Element`"
)]
pub trait Element {
    /// The element, as it borrows from the text.
    type Item<'a>: FromJson<'a> + ToJson + fmt::Debug + PartialEq;
}

macro_rules! plain_elements {
    ($($type:ty),*) => {$(
        impl Element for $type {
            type Item<'a> = $type;
        }
    )*};
}

plain_elements!(bool, u8, u16, u32, u64, i8, i16, i32, i64);

impl<T> Element for Text<T> {
    type Item<'a> = Text<&'a str>;
}

/// The traits of [`List`] and [`Map`] that depend on what holds the text alone, which a derive would not see.
macro_rules! storage_traits {
    ($($type:ident),*) => {$(
        impl<T: Clone, E> Clone for $type<T, E> {
            fn clone(&self) -> Self {
                Self::new(self.raw.clone())
            }
        }

        impl<T: Copy, E> Copy for $type<T, E> {}

        impl<T: Default, E> Default for $type<T, E> {
            fn default() -> Self {
                Self::new(T::default())
            }
        }

        impl<T, E> $type<T, E> {
            pub(crate) fn new(raw: T) -> Self {
                Self {
                    raw,
                    element: PhantomData,
                }
            }
        }
    )*};
}

storage_traits!(List, Map);

/// An array inside a response, kept as JSON text. It was checked when it was read, so iteration cannot fail.
///
/// `T` is where its text is [stored](Storage), `E` what an element is read as; see [`Element`].
///
/// ```
/// use defichain_net_rpc::json::{self, List};
///
/// let heights: List<&str, u32> = json::from_slice(b"[5, 6, 7]")?;
/// assert_eq!(heights.iter().collect::<Vec<_>>(), [5, 6, 7]);
/// assert!(json::from_slice::<List<&str, u32>>(b"[5, -1]").is_err());
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
pub struct List<T, E> {
    /// Checked: an array of what `E` reads; or empty, which is an empty array too.
    pub(crate) raw: T,
    element: PhantomData<fn() -> E>,
}

#[cfg(feature = "alloc")]
impl<T: AsRef<str>, E> List<T, E> {
    /// Copies the text into a `String`.
    #[must_use]
    pub fn into_owned(self) -> List<alloc::string::String, E> {
        IntoOwned::into_owned(self)
    }
}

/// An element that names itself by another storage is the same element.
#[cfg(feature = "alloc")]
impl<T: AsRef<str>, E, F> IntoOwned<List<alloc::string::String, F>> for List<T, E> {
    fn into_owned(self) -> List<alloc::string::String, F> {
        List::new(self.raw.as_ref().into())
    }
}

impl<T: AsRef<str>, E: Element> List<T, E> {
    /// Returns an iterator over the elements.
    pub fn iter(&self) -> Iter<'_, E> {
        Iter {
            reader: Reader::of_str(self.raw.as_ref()),
            element: PhantomData,
        }
    }

    /// Returns whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// Returns how many elements there are. Takes time linear in the length of the text.
    pub fn len(&self) -> usize {
        self.iter().count()
    }
}

impl<'a, T: Storage<'a>, E: Element> FromJson<'a> for List<T, E> {
    fn read(&mut self, reader: &mut Reader<'a>) {
        if let Some(raw) = store(reader, b'[', check::<E>) {
            self.raw = raw;
        }
    }

    #[inline(always)]
    fn quick(&mut self, reader: &Reader<'a>, text: &'a [u8]) -> Option<&'a [u8]> {
        let rest = match text {
            [b'[', b']', rest @ ..] => rest,
            [b'[', rest @ ..] => quick_elements::<E>(reader, rest)?,
            _ => return None,
        };
        self.raw = T::store(reader.known_text(text, text.len().wrapping_sub(rest.len()))?)?;
        Some(rest)
    }
}

/// Goes past the elements of an array and its closing bracket by the fast path.
#[inline(never)]
fn quick_elements<'a, E: Element>(reader: &Reader<'a>, mut text: &'a [u8]) -> Option<&'a [u8]> {
    loop {
        text = E::Item::default().quick(reader, text)?;
        match text {
            [b',', rest @ ..] => text = rest,
            [b']', rest @ ..] => return Some(rest),
            _ => return None,
        }
    }
}

impl<T: AsRef<str>, E: Element> ToJson for List<T, E> {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.array(|array| self.iter().for_each(|item| array.item(&item)));
    }
}

impl<'l, T: AsRef<str>, E: Element> IntoIterator for &'l List<T, E> {
    type Item = E::Item<'l>;
    type IntoIter = Iter<'l, E>;

    fn into_iter(self) -> Iter<'l, E> {
        self.iter()
    }
}

impl<T: AsRef<str>, U: AsRef<str>, E: Element> PartialEq<List<U, E>> for List<T, E> {
    fn eq(&self, other: &List<U, E>) -> bool {
        let mut others = other.iter();
        self.iter().all(|item| others.next().is_some_and(|other| item == other)) && others.next().is_none()
    }
}

impl<T: AsRef<str>, E: Element> fmt::Debug for List<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

/// An iterator over the elements of a [`List`]; from [`List::iter`].
#[derive(Debug)]
pub struct Iter<'l, E> {
    /// Before the bracket, or the comma in front of an element.
    reader: Reader<'l>,
    element: PhantomData<fn() -> E>,
}

// A derive would want the element to be `Clone`.
impl<E> Clone for Iter<'_, E> {
    fn clone(&self) -> Self {
        Self {
            reader: self.reader.clone(),
            element: PhantomData,
        }
    }
}

impl<'l, E: Element> Iterator for Iter<'l, E> {
    type Item = E::Item<'l>;

    fn next(&mut self) -> Option<Self::Item> {
        if WIDE && let [_, text @ ..] = self.reader.rest {
            let mut item = E::Item::default();
            if let Some(rest) = item.quick(&self.reader, text) {
                self.reader.rest = rest;
                return Some(item);
            }
        }
        match self.reader.next_checked(b'[') {
            b']' | 0 => None,
            _ => Some(E::Item::from_json(&mut self.reader)),
        }
    }
}

/// An object inside a response whose member names are not known beforehand, kept as JSON text. It was checked when it was
/// read, so iteration cannot fail; a name that occurs twice is not refused.
///
/// `T` is where its text is [stored](Storage), `E` what a value is read as; see [`Element`].
///
/// ```
/// use defichain_net_rpc::json::{self, Map};
///
/// let bytes: Map<&str, u64> = json::from_slice(br#"{"ping": 32, "pong": 64}"#)?;
/// assert_eq!(bytes.get("pong"), Some(64));
/// assert_eq!(bytes.iter().map(|(_, bytes)| bytes).sum::<u64>(), 96);
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
pub struct Map<T, E> {
    /// Checked: an object whose values `E` reads; or empty, which is an empty object too.
    pub(crate) raw: T,
    element: PhantomData<fn() -> E>,
}

#[cfg(feature = "alloc")]
impl<T: AsRef<str>, E> Map<T, E> {
    /// Copies the text into a `String`.
    #[must_use]
    pub fn into_owned(self) -> Map<alloc::string::String, E> {
        IntoOwned::into_owned(self)
    }
}

/// An element that names itself by another storage is the same element.
#[cfg(feature = "alloc")]
impl<T: AsRef<str>, E, F> IntoOwned<Map<alloc::string::String, F>> for Map<T, E> {
    fn into_owned(self) -> Map<alloc::string::String, F> {
        Map::new(self.raw.as_ref().into())
    }
}

impl<T: AsRef<str>, E: Element> Map<T, E> {
    /// Returns an iterator over the names and values of the members.
    pub fn iter(&self) -> MapIter<'_, E> {
        MapIter {
            rest: self.raw.as_ref(),
            element: PhantomData,
        }
    }

    /// Returns the value of the first member of that name.
    pub fn get(&self, name: &str) -> Option<E::Item<'_>> {
        self.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Returns whether there are no members.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// Returns how many members there are. Takes time linear in the length of the text.
    pub fn len(&self) -> usize {
        self.iter().count()
    }
}

impl<'a, T: Storage<'a>, E: Element> FromJson<'a> for Map<T, E> {
    fn read(&mut self, reader: &mut Reader<'a>) {
        if let Some(raw) = store(reader, b'{', check::<E>) {
            self.raw = raw;
        }
    }

    #[inline(always)]
    fn quick(&mut self, reader: &Reader<'a>, text: &'a [u8]) -> Option<&'a [u8]> {
        let rest = match text {
            [b'{', b'}', rest @ ..] => rest,
            [b'{', ..] => quick_members::<E>(text)?,
            _ => return None,
        };
        self.raw = T::store(reader.known_text(text, text.len().wrapping_sub(rest.len()))?)?;
        Some(rest)
    }
}

/// Goes past the members of an object and its closing brace by the fast path, if all of them are short.
#[inline(never)]
fn quick_members<'a, E: Element>(mut text: &'a [u8]) -> Option<&'a [u8]> {
    // The byte before a member stays in the window.
    loop {
        let last;
        let window = if let Some(window) = text.first_chunk() {
            window
        } else {
            last = quick::padded(text);
            &last
        };
        let (_, end) = E::Item::<'a>::quick_within::<true>(window, quick::name(window)?.1)?;
        text = text.get(end..)?;
        match text {
            [b',', ..] => {}
            [b'}', rest @ ..] => return Some(rest),
            _ => return None,
        }
    }
}

impl<T: AsRef<str>, E: Element> ToJson for Map<T, E> {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.object(|object| {
            self.iter().for_each(|(name, value)| object.member(name, &value));
        });
    }
}

impl<'l, T: AsRef<str>, E: Element> IntoIterator for &'l Map<T, E> {
    type Item = (Text<&'l str>, E::Item<'l>);
    type IntoIter = MapIter<'l, E>;

    fn into_iter(self) -> MapIter<'l, E> {
        self.iter()
    }
}

impl<T: AsRef<str>, U: AsRef<str>, E: Element> PartialEq<Map<U, E>> for Map<T, E> {
    fn eq(&self, other: &Map<U, E>) -> bool {
        let mut others = other.iter();
        self.iter().all(|item| others.next().is_some_and(|other| item == other)) && others.next().is_none()
    }
}

impl<T: AsRef<str>, E: Element> fmt::Debug for Map<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

/// An iterator over the members of a [`Map`]; from [`Map::iter`].
#[derive(Debug)]
pub struct MapIter<'l, E> {
    /// From the brace on, or from the comma in front of a member.
    rest: &'l str,
    element: PhantomData<fn() -> E>,
}

impl<E> Clone for MapIter<'_, E> {
    fn clone(&self) -> Self {
        Self {
            rest: self.rest,
            element: PhantomData,
        }
    }
}

impl<'l, E: Element> Iterator for MapIter<'l, E> {
    type Item = (Text<&'l str>, E::Item<'l>);

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        if !WIDE {
            return general_member::<E>(&mut self.rest);
        }
        // The brace at the end.
        if self.rest.len() == 1 {
            return None;
        }
        if let Some((member, rest)) = quick_member(self.rest) {
            self.rest = rest;
            return Some(member);
        }
        // A copy: a borrow of `self.rest` would keep it in memory on the fast path too.
        let mut rest = self.rest;
        let member = general_member::<E>(&mut rest)?;
        self.rest = rest;
        Some(member)
    }
}

/// Takes the next member of an object that has been checked, if it is short, and gives what follows it.
#[inline(always)]
fn quick_member<'l, V: FromJson<'l>>(text: &'l str) -> Option<((Text<&'l str>, V), &'l str)> {
    let last;
    let window = if let Some(window) = text.as_bytes().first_chunk() {
        window
    } else {
        last = quick::padded(text.as_bytes());
        &last
    };
    let (length, start) = quick::name(window)?;
    let (value, end) = V::quick_within::<false>(window, start)?;
    let name = text.get(2..length.wrapping_add(2))?;
    Some(((Text::new(name, false), value), text.get(end..)?))
}

/// Reads the next member of an object that has been checked, and leaves what follows it.
#[inline(never)]
fn general_member<'l, E: Element>(text: &mut &'l str) -> Option<(Text<&'l str>, E::Item<'l>)> {
    let mut reader = Reader::of_str(text);
    if reader.next_checked(b'{') != b'"' {
        return None;
    }
    let start = reader.offset().wrapping_add(1);
    let name = reader.key();
    let value = E::Item::from_json(&mut reader);
    // The name is cut from the text, which is known to be UTF-8.
    let whole = *text;
    *text = whole.get(reader.offset()..)?;
    Some((
        Text::new(whole.get(start..)?.get(..name.bytes.len())?, name.escaped),
        value,
    ))
}

/// Reads an element to see that it is one.
fn check<E: Element>(reader: &mut Reader<'_>) {
    E::Item::from_json(reader);
}

/// Reads a container and stores its text, if it fits.
fn store<'a, T: Storage<'a>>(reader: &mut Reader<'a>, open: u8, check: fn(&mut Reader<'a>)) -> Option<T> {
    reader.token();
    let place = reader.rest;
    let stored = T::store(reader.container(open, check));
    if stored.is_none() {
        reader.fail_at(place, ErrorKind::TooLong);
    }
    stored
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{from_slice, to_slice};

    #[test]
    fn collections_are_checked_when_they_are_read() {
        for (json, kind, offset) in [
            ("[1 2]", ErrorKind::Syntax, 3),
            ("[1,]", ErrorKind::Syntax, 3),
            ("[,1]", ErrorKind::Syntax, 1),
            ("[1;2]", ErrorKind::Syntax, 2),
            ("[1}", ErrorKind::Syntax, 2),
            ("[1,true]", ErrorKind::Expected(crate::json::Type::Integer), 3),
            ("[1", ErrorKind::Incomplete, 2),
        ] {
            let error = from_slice::<List<&str, u64>>(json.as_bytes()).unwrap_err();
            assert_eq!((error.kind.json().unwrap(), error.offset), (kind, offset), "{json}");
        }
        for (json, kind, offset) in [
            (r#"{"a":1,}"#, ErrorKind::Syntax, 7),
            (r"{a:1}", ErrorKind::Syntax, 1),
            (r#"{"a" 1}"#, ErrorKind::Syntax, 5),
            (r#"{"a":-1}"#, ErrorKind::Range, 5),
        ] {
            let error = from_slice::<Map<&str, u64>>(json.as_bytes()).unwrap_err();
            assert_eq!((error.kind.json().unwrap(), error.offset), (kind, offset), "{json}");
        }
    }

    #[test]
    fn collections_can_be_walked_over_written_and_compared() {
        let map: Map<&str, u64> = from_slice(br#" { "a" : 1 , "\u0062" : 2 } "#).unwrap();
        assert_eq!((map.get("b"), map.get("c"), map.len()), (Some(2), None, 2));
        assert_eq!(to_slice(&map, &mut [0; 32]).unwrap(), br#"{"a":1,"\u0062":2}"#);
        assert_eq!(map, from_slice::<Map<&str, u64>>(br#"{"\u0061":1,"b":2}"#).unwrap());
        assert_ne!(map, from_slice::<Map<&str, u64>>(br#"{"a":1}"#).unwrap());
        let list: List<&str, Text<&str>> = from_slice(br#"[ "a" , "b" ]"#).unwrap();
        assert_eq!(list.len(), 2);
        assert_eq!(to_slice(&list, &mut [0; 32]).unwrap(), br#"["a","b"]"#);
        assert_eq!(list, from_slice::<List<&str, _>>(br#"["a","\u0062"]"#).unwrap());
        assert_ne!(list, from_slice::<List<&str, _>>(br#"["a","c"]"#).unwrap());
        assert_ne!(list, List::<&str, _>::default());
        assert_eq!(format!("{list:?} {map:?}"), r#"["a", "b"] {"a": 1, "\u0062": 2}"#);
        assert!(!list.is_empty() && !map.is_empty());
        assert!(List::<&str, u64>::default().is_empty());
        assert!(Map::<&str, u64>::default().is_empty());
    }
}
