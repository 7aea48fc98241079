//! Values that are left as text.

use super::{ErrorKind, FromJson, Reader, ToJson, Writer};

/// A value of any type as it stands in the text. It was checked to be one.
///
/// ```
/// use defichain_net_rpc::json::{self, Raw};
///
/// let raw: Raw<'_> = json::from_slice(b" [1, 2.50] ")?;
/// assert_eq!(raw.as_str(), "[1, 2.50]");
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Raw<'a>(&'a str);

impl<'a> Raw<'a> {
    /// The text.
    #[must_use]
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// Reads the value with serde.
    ///
    /// # Errors
    ///
    /// It is not of the type; lines and columns are counted from the beginning of the value.
    #[cfg(feature = "serde_json")]
    pub fn deserialize<V: serde::Deserialize<'a>>(self) -> Result<V, serde_json::Error> {
        serde_json::from_str(self.0)
    }
}

/// `null`.
impl Default for Raw<'_> {
    fn default() -> Self {
        Self("null")
    }
}

impl<'a> FromJson<'a> for Raw<'a> {
    fn read(&mut self, reader: &mut Reader<'a>) -> Result<(), ErrorKind> {
        self.0 = reader.raw()?;
        Ok(())
    }
}

impl ToJson for Raw<'_> {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.raw(self.0.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{from_slice, to_slice};

    #[test]
    fn a_raw_value_is_its_text() {
        let raw: Raw<'_> = from_slice(b" [1, 2.50] ").unwrap();
        assert_eq!(raw.as_str(), "[1, 2.50]");
        assert_eq!(to_slice(&raw, &mut [0; 9]).unwrap(), b"[1, 2.50]");
        assert_eq!(Raw::default().as_str(), "null");
    }

    #[test]
    #[cfg(feature = "serde_json")]
    fn serde_reads_a_raw_value() {
        let raw: Raw<'_> = from_slice(b"[1,2]").unwrap();
        assert_eq!(raw.deserialize::<[u8; 2]>().unwrap(), [1, 2]);
        assert!(raw.deserialize::<[u8; 3]>().is_err());
    }
}
