//! JSON without allocation: values are read from a text that lies in memory, and written into a buffer.
//!
//! Reading is strict about RFC 8259, in members that are skipped too. Where the standard leaves a choice, the answer is
//! to refuse: a byte order mark, a lone surrogate, a known member that comes twice.

mod error;
mod list;
mod number;
mod object;
mod raw;
mod reader;
mod text;
mod writer;

pub use error::{ErrorKind, Type};
pub use list::{Dropped, Element, Iter, List, Map, MapIter, Storage};
pub(crate) use object::Member;
pub use object::{Keys, Members};
pub use raw::Raw;
pub use reader::{Array, MAX_DEPTH, Reader, from_slice};
pub use text::{Chars, Text};
pub(crate) use text::after_plain;
#[cfg(feature = "alloc")]
pub use writer::to_vec;
pub use crate::bytes::writer::Writer;
pub use writer::{ArrayWriter, ObjectWriter, ToJson, to_slice};

/// A value that can be read from JSON.
///
/// [`json_object!`](crate::json_object) implements it for a struct. By hand it is what a value consists of:
///
/// ```
/// use defichain_net_rpc::json::{self, ErrorKind, FromJson, Reader};
///
/// /// A hash rate in hashes per second.
/// #[derive(Debug, Default, PartialEq)]
/// struct HashRate(u64);
///
/// impl FromJson<'_> for HashRate {
///     fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ErrorKind> {
///         self.0 = reader.u64()?;
///         Ok(())
///     }
/// }
///
/// assert_eq!(json::from_slice(b"7"), Ok(HashRate(7)));
/// ```
pub trait FromJson<'a>: Default {
    /// Whether an object that lacks the member with this value is refused.
    const REQUIRED: bool = true;

    /// Reads the value into one that is as [`Default`] makes it, and leaves the reader behind it.
    ///
    /// In place, because values can be large and stacks small.
    ///
    /// # Errors
    ///
    /// What is wrong; the reader stays where it is wrong, and the value is of no use.
    fn read(&mut self, reader: &mut Reader<'a>) -> Result<(), ErrorKind>;

    /// Reads a value, and leaves the reader behind it.
    ///
    /// # Errors
    ///
    /// What is wrong; the reader stays where it is wrong.
    fn from_json(reader: &mut Reader<'a>) -> Result<Self, ErrorKind> {
        let mut value = Self::default();
        value.read(reader).map(|()| value)
    }
}

impl FromJson<'_> for bool {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ErrorKind> {
        *self = reader.bool()?;
        Ok(())
    }
}

/// `null`.
impl FromJson<'_> for () {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), ErrorKind> {
        reader.null()
    }
}

/// A member that may be left out, or null.
impl<'a, V: FromJson<'a>> FromJson<'a> for Option<V> {
    const REQUIRED: bool = false;

    fn read(&mut self, reader: &mut Reader<'a>) -> Result<(), ErrorKind> {
        if reader.token() == b'n' {
            *self = None;
            return reader.null();
        }
        self.insert(V::default()).read(reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
