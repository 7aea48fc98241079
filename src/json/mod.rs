//! JSON without allocation: reads values from a text in memory, and writes them into a buffer.
//!
//! Reading is strict about RFC 8259, also in members that are skipped. Where the standard leaves a choice, the text is
//! refused: a byte order mark, a lone surrogate, a known member that occurs twice.
//!
//! | JSON | read as |
//! | --- | --- |
//! | integer | `u8` to `u64`, `i8` to `i64` |
//! | amount of DFI | [`Amount`](crate::Amount) |
//! | seconds with a fraction | [`Duration`](core::time::Duration) |
//! | any other number | [`Number`] |
//! | string | [`Text`]; `String` (feature `alloc`) |
//! | array | [`List`]; `Vec` (feature `alloc`) |
//! | object with known members | a struct of [`json_object!`](crate::json_object) |
//! | object with any members | [`Map`] |
//! | a value that may be missing or null | `Option` |
//! | any value | [`Raw`] |

mod error;
mod list;
mod number;
mod object;
pub(crate) mod quick;
mod raw;
mod reader;
mod storage;
mod text;
mod writer;

pub use crate::bytes::writer::Writer;
pub use error::{ErrorKind, Type};
pub use list::{Element, Iter, List, Map, MapIter};
pub use number::Number;
pub use object::Keys;
#[doc(hidden)]
pub use object::{Object, ReadMember, Taken};
pub use raw::Raw;
pub(crate) use reader::Place;
pub use reader::{Array, MAX_DEPTH, Reader, from_slice};
pub use storage::{Build, Discard, Storage, Truncated};
pub(crate) use text::after_plain;
pub use text::{Chars, Text};
#[cfg(feature = "alloc")]
pub use writer::to_vec;
pub use writer::{ArrayWriter, ObjectWriter, ToJson, to_slice};

/// A value that can be read from JSON.
///
/// [`json_object!`](crate::json_object) implements it for a struct. Implemented by hand:
///
/// ```
/// use defichain_net_rpc::json::{self, FromJson, Reader};
///
/// /// A hash rate in hashes per second.
/// #[derive(Debug, Default, PartialEq)]
/// struct HashRate(u64);
///
/// impl FromJson<'_> for HashRate {
///     fn read(&mut self, reader: &mut Reader<'_>) {
///         self.0 = reader.u64();
///     }
/// }
///
/// assert_eq!(json::from_slice(b"7"), Ok(HashRate(7)));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from JSON",
    note = "use an integer, `bool`, `Option`, `json::Text`, `json::List`, `json::Map`, `json::Number`, `json::Raw`, a struct of `json_object!`, `String` or `Vec` (feature `alloc`), or a value of this crate such as `Amount`",
    note = "the node's fractions are read exactly: as `Amount`, as `core::time::Duration`, or as `json::Number`, which keeps their text; there is no `f64`"
)]
pub trait FromJson<'a>: Default {
    /// Whether an object without the member that has this type is refused.
    const REQUIRED: bool = true;

    /// Reads the value into `self`, which must be the [`Default`], and moves the reader past it.
    ///
    /// It is read in place because values can be large and stacks small. If something is wrong the reader
    /// [keeps it](Reader::finish), and `self` holds an unspecified value.
    fn read(&mut self, reader: &mut Reader<'a>);

    /// Takes the value by the fast path, if it has one and the value looks as it mostly does, and gives what follows it.
    ///
    /// Else `self` holds an unspecified value of this type, into which the same text is then [read](FromJson::read).
    #[doc(hidden)]
    #[inline(always)]
    fn quick(&mut self, reader: &Reader<'a>, text: &'a [u8]) -> Option<&'a [u8]> {
        _ = (reader, text);
        None
    }

    /// Reads the value of a map's member by the fast path, if it has one: `window` is the text from the member on, in which
    /// the value begins at `start`. Returns the value and where it ends in the window.
    ///
    /// `NEW` is whether the text is read for the first time. If not, it is valid, and is not checked again.
    #[doc(hidden)]
    #[must_use]
    #[inline(always)]
    fn quick_within<const NEW: bool>(window: &[u8; 24], start: usize) -> Option<(Self, usize)> {
        _ = (window, start);
        None
    }

    /// Reads a value, and moves the reader past it. If something is wrong the reader [keeps it](Reader::finish).
    #[inline]
    fn from_json(reader: &mut Reader<'a>) -> Self {
        let mut value = Self::default();
        value.read(reader);
        value
    }
}

impl<'a> FromJson<'a> for bool {
    fn read(&mut self, reader: &mut Reader<'a>) {
        *self = reader.bool();
    }

    #[inline(always)]
    fn quick(&mut self, _: &Reader<'a>, text: &'a [u8]) -> Option<&'a [u8]> {
        let rest = text.strip_prefix(b"true");
        *self = rest.is_some();
        rest.or_else(|| text.strip_prefix(b"false"))
    }
}

/// `null`.
impl FromJson<'_> for () {
    fn read(&mut self, reader: &mut Reader<'_>) {
        reader.null();
    }
}

/// A member that may be missing or null.
impl<'a, V: FromJson<'a>> FromJson<'a> for Option<V> {
    const REQUIRED: bool = false;

    fn read(&mut self, reader: &mut Reader<'a>) {
        if reader.takes_null() {
            *self = None;
            return;
        }
        self.insert(V::default()).read(reader);
    }

    #[inline(always)]
    fn quick(&mut self, reader: &Reader<'a>, text: &'a [u8]) -> Option<&'a [u8]> {
        let mut value = V::default();
        let rest = value.quick(reader, text)?;
        *self = Some(value);
        Some(rest)
    }
}

/// A string, decoded. [`Text`] keeps the string as it stands, without a copy.
///
/// ```
/// let name: String = defichain_net_rpc::json::from_slice(br#""G\u00fcnter""#)?;
/// assert_eq!(name, "Günter");
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
#[cfg(feature = "alloc")]
impl FromJson<'_> for alloc::string::String {
    fn read(&mut self, reader: &mut Reader<'_>) {
        let text = reader.string();
        match text.as_str() {
            Some(text) => self.push_str(text),
            None => self.extend(text.chars()),
        }
    }
}

/// An array, each element read at once. [`List`] keeps the array as it stands, without a copy.
///
/// ```
/// let heights: Vec<u32> = defichain_net_rpc::json::from_slice(b"[5, 6, 7]")?;
/// assert_eq!(heights, [5, 6, 7]);
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
#[cfg(feature = "alloc")]
impl<'a, V: FromJson<'a>> FromJson<'a> for alloc::vec::Vec<V> {
    fn read(&mut self, reader: &mut Reader<'a>) {
        let mut array = reader.array();
        while array.next(reader) {
            self.push(V::from_json(reader));
        }
    }
}

/// The same value with its texts in `String`s.
#[cfg(feature = "alloc")]
pub(crate) trait IntoOwned<O> {
    fn into_owned(self) -> O;
}

/// Implements `into_owned` for a response of this crate that has text.
#[cfg(feature = "alloc")]
macro_rules! owned_response {
    ($name:ident [] $($field:ident)*) => {};
    ($name:ident [$($storage:ident)+] $($field:ident)*) => {
        impl<$($storage: AsRef<str>),+> $name<$($storage),+> {
            /// Copies the texts and lists into `String`s, so that the response outlives the reply. Feature `alloc`.
            #[must_use]
            pub fn into_owned(self) -> $name<$($crate::json::owned_text!($storage)),+> {
                $name {
                    $($field: $crate::json::IntoOwned::into_owned(self.$field),)*
                }
            }
        }

        impl<$($storage: AsRef<str>),+> $crate::json::IntoOwned<$name<$($crate::json::owned_text!($storage)),+>>
            for $name<$($storage),+>
        {
            fn into_owned(self) -> $name<$($crate::json::owned_text!($storage)),+> {
                self.into_owned()
            }
        }
    };
}

#[cfg(feature = "alloc")]
macro_rules! owned_text {
    ($storage:ident) => {
        alloc::string::String
    };
}

/// Implements `IntoOwned` for values without text.
#[cfg(feature = "alloc")]
macro_rules! owned {
    ($($type:ty),*) => {$(
        impl $crate::json::IntoOwned<Self> for $type {
            fn into_owned(self) -> Self {
                self
            }
        }
    )*};
}

#[cfg(feature = "alloc")]
pub(crate) use {owned, owned_response, owned_text};

#[cfg(feature = "alloc")]
owned!(bool, u16, u64, i32, i64, core::time::Duration);

#[cfg(feature = "alloc")]
impl<O, V: IntoOwned<O>> IntoOwned<Option<O>> for Option<V> {
    fn into_owned(self) -> Option<O> {
        self.map(V::into_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "alloc")]
    #[test]
    fn strings_and_vectors_are_read_and_written() {
        let json = br#"["a\n\u00e9",""]"#;
        let texts: Vec<String> = from_slice(json).unwrap();
        assert_eq!(texts, ["a\né", ""]);
        assert_eq!(to_vec(&texts), "[\"a\\né\",\"\"]".as_bytes());
        assert_eq!(from_slice::<Vec<Vec<u8>>>(b"[[1],[]]").unwrap(), [vec![1], vec![]]);
        let error = from_slice::<Vec<u8>>(b"[1,256]").unwrap_err();
        assert_eq!((error.kind.json(), error.offset), (Some(ErrorKind::Range), 3));
    }

    #[test]
    fn only_null_is_nothing() {
        assert_eq!(from_slice(b" null"), Ok(()));
        assert_eq!(from_slice(b"null"), Ok(None::<bool>));
        assert_eq!(from_slice(b"false"), Ok(Some(false)));
        let error = from_slice::<()>(b"false").unwrap_err();
        assert_eq!(error.kind.json().unwrap(), ErrorKind::Expected(Type::Null));
        let error = from_slice::<Option<bool>>(b"0").unwrap_err();
        assert_eq!(error.kind.json().unwrap(), ErrorKind::Expected(Type::Boolean));
    }
}
