//! JSON without allocation: values are read from a text that lies in memory, and written into a buffer.
//!
//! Reading is strict about RFC 8259, in members that are skipped too. Where the standard leaves a choice, the answer is
//! to refuse: a byte order mark, a lone surrogate, a known member that comes twice.

mod error;
mod list;
mod number;
mod object;
mod reader;
mod text;
mod writer;

pub use error::{BufferTooSmall, Error, ErrorKind, Type};
pub use list::{Element, Items, Iter, List, Map, MapIter, Storage};
pub(crate) use number::decimals;
pub use object::{Keys, Members};
pub use reader::{Array, MAX_DEPTH, Reader, from_slice};
pub use text::{Chars, Text};
pub use writer::{ArrayWriter, ObjectWriter, ToJson, Writer, to_slice};

/// A value that can be read from JSON.
///
/// [`json_object!`](crate::json_object) implements it for a struct.
pub trait FromJson<'a>: Sized {
    /// Whether an object that lacks the member with this value is refused.
    const REQUIRED: bool = true;

    /// Reads the value, and leaves the reader behind it.
    ///
    /// # Errors
    ///
    /// What is wrong; the reader stays where it is wrong.
    fn from_json(reader: &mut Reader<'a>) -> Result<Self, ErrorKind>;
}

impl FromJson<'_> for bool {
    fn from_json(reader: &mut Reader<'_>) -> Result<Self, ErrorKind> {
        reader.bool()
    }
}

/// `null`.
impl FromJson<'_> for () {
    fn from_json(reader: &mut Reader<'_>) -> Result<Self, ErrorKind> {
        reader.null()
    }
}

/// A member that may be left out, or null.
impl<'a, V: FromJson<'a>> FromJson<'a> for Option<V> {
    const REQUIRED: bool = false;

    fn from_json(reader: &mut Reader<'a>) -> Result<Self, ErrorKind> {
        match reader.peek()? {
            b'n' => reader.null().map(|()| None),
            _ => V::from_json(reader).map(Some),
        }
    }
}
