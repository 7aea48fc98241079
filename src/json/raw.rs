//! Values that are left as text.

use core::fmt;

use super::{Element, ErrorKind, FromJson, Reader, Storage, ToJson, Writer};

/// A value of any type as it stands in the text. It was checked to be one.
///
/// `T` is where its text is [stored](Storage); it is never cut.
///
/// ```
/// use defichain_net_rpc::json::{self, Raw};
///
/// let raw: Raw<&str> = json::from_slice(b" [1, 2.50] ")?;
/// assert_eq!(raw.as_str(), "[1, 2.50]");
///
/// defichain_net_rpc::json_object! {
///     /// A transaction, as `getrawtransaction` describes it.
///     pub struct Transaction<T> {
///         /// The outputs, which this program does not look into.
///         pub vout: Raw<T>,
///     }
/// }
///
/// let transaction: Transaction<&str> = json::from_slice(br#"{"vout":[{"n":0}]}"#)?;
/// assert_eq!(transaction.vout.as_str(), r#"[{"n":0}]"#);
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
#[derive(Clone, Copy, Default)]
pub struct Raw<T> {
    /// Checked: a value; or empty, which is null.
    text: T,
}

impl<T> Raw<T> {
    /// Takes the text out, which is empty in the [`Default`]. From a `Raw<&'a str>` it may be kept as long as the reply.
    pub fn into_inner(self) -> T {
        self.text
    }

    /// The text has to be a value.
    #[cfg(feature = "serde")]
    pub(crate) fn new(text: T) -> Self {
        Self { text }
    }
}

impl<T: AsRef<str>> Raw<T> {
    /// Returns the text; `null` for the [`Default`].
    pub fn as_str(&self) -> &str {
        match self.text.as_ref() {
            "" => "null",
            text => text,
        }
    }

    /// Reads the value with `serde_json`.
    ///
    /// What `V` borrows it borrows from this `Raw`; to borrow from the reply itself, give
    /// [`into_inner`](Raw::into_inner) to `serde_json::from_str`. [`Call`](crate::rpc::Call) has an example.
    ///
    /// # Errors
    ///
    /// It is not of the type; lines and columns are counted from the beginning of the value.
    #[cfg(feature = "serde_json")]
    pub fn deserialize<'s, V: serde::Deserialize<'s>>(&'s self) -> Result<V, serde_json::Error> {
        serde_json::from_str(self.as_str())
    }

    /// Copies the text into a `String`.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn into_owned(self) -> Raw<alloc::string::String> {
        Raw {
            text: self.as_str().into(),
        }
    }
}

impl<T> Element for Raw<T> {
    type Item<'a> = Raw<&'a str>;
}

impl<'a, T: Storage<'a>> FromJson<'a> for Raw<T> {
    fn read(&mut self, reader: &mut Reader<'a>) {
        reader.token();
        let place = reader.rest;
        match T::store(reader.raw()) {
            Some(text) => self.text = text,
            None => reader.fail_at(place, ErrorKind::TooLong),
        }
    }
}

impl<T: AsRef<str>> ToJson for Raw<T> {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.raw(self.as_str().as_bytes());
    }
}

/// Compares the texts, white space included.
impl<T: AsRef<str>, U: AsRef<str>> PartialEq<Raw<U>> for Raw<T> {
    fn eq(&self, other: &Raw<U>) -> bool {
        self.as_str() == other.as_str()
    }
}

impl<T: AsRef<str>> Eq for Raw<T> {}

impl<T: AsRef<str>> fmt::Display for Raw<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<T: AsRef<str>> fmt::Debug for Raw<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Truncated, from_slice, to_slice};

    #[test]
    fn a_raw_value_is_its_text() {
        let raw: Raw<&str> = from_slice(b" [1, 2.50] ").unwrap();
        assert_eq!((raw.as_str(), raw.into_inner()), ("[1, 2.50]", "[1, 2.50]"));
        assert_eq!(to_slice(&raw, &mut [0; 9]).unwrap(), b"[1, 2.50]");
        assert_eq!(format!("{raw} {raw:?}"), "[1, 2.50] [1, 2.50]");
        assert_eq!(Raw::<&str>::default().as_str(), "null");
        let error = from_slice::<Raw<Truncated<8>>>(b" [1, 2.50]").unwrap_err();
        assert_eq!((error.kind.json(), error.offset), (Some(ErrorKind::TooLong), 1));
    }

    #[test]
    #[cfg(feature = "serde_json")]
    fn serde_reads_a_raw_value() {
        let raw: Raw<&str> = from_slice(b"[1,2]").unwrap();
        assert_eq!(raw.deserialize::<[u8; 2]>().unwrap(), [1, 2]);
        assert!(raw.deserialize::<[u8; 3]>().is_err());
    }
}
