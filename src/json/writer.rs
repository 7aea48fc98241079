//! Writes JSON into a buffer, and counts what does not fit.

use crate::bytes::certain;
use crate::bytes::digits::hex_digit;
use crate::bytes::writer::{BufferTooSmall, Writer};

/// Writes a value as JSON into a buffer.
///
/// ```
/// use defichain_net_rpc::json;
///
/// let mut buf = [0; 16];
/// assert_eq!(json::to_slice(&"ün\n", &mut buf), Ok("\"ün\\n\"".as_bytes()));
/// assert_eq!(json::to_slice("longer than it", &mut buf[..4]).unwrap_err().needed, 16);
/// ```
///
/// # Errors
///
/// [`BufferTooSmall`], with the size that it takes. The content of the buffer is unspecified then.
pub fn to_slice<'b, V: ToJson + ?Sized>(value: &V, buf: &'b mut [u8]) -> Result<&'b [u8], BufferTooSmall> {
    let mut writer = Writer::new(buf);
    value.to_json(&mut writer);
    writer.finish()
}

/// Writes a value as JSON into a vector of its own.
///
/// ```
/// assert_eq!(defichain_net_rpc::json::to_vec(&None::<u64>), b"null");
/// ```
#[cfg(feature = "alloc")]
pub fn to_vec<V: ToJson + ?Sized>(value: &V) -> alloc::vec::Vec<u8> {
    let mut length = Writer::new(&mut []);
    value.to_json(&mut length);
    let mut vec = alloc::vec![0; length.len()];
    value.to_json(&mut Writer::new(&mut vec));
    vec
}

/// A value that can be written as JSON: a parameter, or a response in the node's own shape. [`to_slice`] writes it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written as JSON",
    note = "use `str`, an integer, `bool`, `()`, `Option`, a slice, a type of `json`, a struct of `json_object!`, `String` or `Vec` (feature `alloc`), or a value of this crate such as `Amount`; or implement `json::ToJson`"
)]
pub trait ToJson {
    /// Writes the value.
    fn to_json(&self, writer: &mut Writer<'_>);

    /// Returns whether an object leaves out the member with this value. Defaults to `false`.
    fn is_absent(&self) -> bool {
        false
    }
}

impl<'b> Writer<'b> {
    /// Writes a string: in quotes, with escapes for what RFC 8259 section 7 wants escaped.
    pub fn string(&mut self, text: &str) {
        self.byte(b'"');
        let mut rest = text.as_bytes();
        loop {
            let tail = super::text::after_plain(rest);
            let plain = rest.len().wrapping_sub(tail.len());
            self.raw(certain(rest.get(..plain)));
            let [special, tail @ ..] = tail else { break };
            rest = tail;
            self.escape(*special);
        }
        self.byte(b'"');
    }

    /// Writes an array.
    ///
    /// ```
    /// use defichain_net_rpc::json::{ToJson, Writer, to_slice};
    ///
    /// struct Pair;
    ///
    /// impl ToJson for Pair {
    ///     fn to_json(&self, writer: &mut Writer<'_>) {
    ///         writer.array(|array| {
    ///             array.item("one");
    ///             array.item(&2_u64);
    ///         });
    ///     }
    /// }
    ///
    /// assert_eq!(to_slice(&Pair, &mut [0; 16]), Ok(br#"["one",2]"#.as_slice()));
    /// ```
    pub fn array(&mut self, items: impl FnOnce(&mut ArrayWriter<'_, 'b>)) {
        let mut array = ArrayWriter {
            writer: self,
            before: b'[',
        };
        items(&mut array);
        let before = array.before;
        self.close(before, b']');
    }

    /// Writes an object.
    ///
    /// ```
    /// use defichain_net_rpc::json::{ToJson, Writer, to_slice};
    ///
    /// struct Pair;
    ///
    /// impl ToJson for Pair {
    ///     fn to_json(&self, writer: &mut Writer<'_>) {
    ///         writer.object(|object| {
    ///             object.member("a", &1_u64);
    ///             object.member("b", &None::<u64>);
    ///         });
    ///     }
    /// }
    ///
    /// assert_eq!(to_slice(&Pair, &mut [0; 16]), Ok(br#"{"a":1}"#.as_slice()));
    /// ```
    pub fn object(&mut self, members: impl FnOnce(&mut ObjectWriter<'_, 'b>)) {
        let mut object = ObjectWriter {
            writer: self,
            before: b'{',
        };
        members(&mut object);
        let before = object.before;
        self.close(before, b'}');
    }

    /// Writes the closing bracket, and the opening one if nothing has come before which it would stand.
    fn close(&mut self, before: u8, close: u8) {
        if before != b',' {
            self.byte(before);
        }
        self.byte(close);
    }

    fn escape(&mut self, special: u8) {
        let short = match special {
            b'"' | b'\\' => special,
            0x08 => b'b',
            0x09 => b't',
            0x0a => b'n',
            0x0c => b'f',
            0x0d => b'r',
            _ => {
                let digits = [hex_digit(special >> 4), hex_digit(special & 0xf)];
                self.raw(b"\\u00");
                return self.raw(&digits);
            }
        };
        self.raw(&[b'\\', short]);
    }
}

/// An array that is being written; see [`Writer::array`].
#[derive(Debug)]
pub struct ArrayWriter<'w, 'b> {
    writer: &'w mut Writer<'b>,
    before: u8,
}

impl ArrayWriter<'_, '_> {
    /// Writes an element.
    pub fn item<V: ToJson + ?Sized>(&mut self, value: &V) {
        self.writer.byte(self.before);
        self.before = b',';
        value.to_json(self.writer);
    }
}

/// An object that is being written; see [`Writer::object`].
#[derive(Debug)]
pub struct ObjectWriter<'w, 'b> {
    writer: &'w mut Writer<'b>,
    before: u8,
}

impl ObjectWriter<'_, '_> {
    /// Writes a member, unless its value [is absent](ToJson::is_absent). The name is a `&str` or a
    /// [`Text`](super::Text).
    pub fn member<V: ToJson + ?Sized>(&mut self, name: impl ToJson, value: &V) {
        if value.is_absent() {
            return;
        }
        self.writer.byte(self.before);
        self.before = b',';
        name.to_json(self.writer);
        self.writer.byte(b':');
        value.to_json(self.writer);
    }
}

impl<V: ToJson + ?Sized> ToJson for &V {
    fn to_json(&self, writer: &mut Writer<'_>) {
        (**self).to_json(writer);
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}

impl ToJson for str {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.string(self);
    }
}

/// An array.
impl<V: ToJson> ToJson for [V] {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.array(|array| self.iter().for_each(|item| array.item(item)));
    }
}

#[cfg(feature = "alloc")]
impl ToJson for alloc::string::String {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.string(self);
    }
}

/// An array.
#[cfg(feature = "alloc")]
impl<V: ToJson> ToJson for alloc::vec::Vec<V> {
    fn to_json(&self, writer: &mut Writer<'_>) {
        self.as_slice().to_json(writer);
    }
}

impl ToJson for bool {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.raw(if *self { b"true" } else { b"false" });
    }
}

/// `null`.
impl ToJson for () {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.raw(b"null");
    }
}

/// The value, or a member that is left out.
impl<V: ToJson> ToJson for Option<V> {
    fn to_json(&self, writer: &mut Writer<'_>) {
        match self {
            Some(value) => value.to_json(writer),
            None => ().to_json(writer),
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn strings_are_escaped_as_rfc_8259_wants_it() {
        let text: String = (0..0x80).map(char::from).chain("é€𝄞".chars()).collect();
        let mut buf = [0; 512];
        let json = to_slice(text.as_str(), &mut buf).unwrap();
        // The other one escapes as little, and in as short a way.
        assert_eq!(json, serde_json::to_vec(&text).unwrap());
    }

    #[test]
    fn nothing_is_null_but_no_member() {
        let mut buf = [0; 64];
        let mut writer = Writer::new(&mut buf);
        writer.array(|array| {
            array.item(&None::<&str>);
            array.item(&Some(&()));
        });
        writer.object(|object| {
            object.member("a", &&None::<&str>);
            object.member("b", &&Some("c"));
            object.member("d", &&());
        });
        assert_eq!(writer.finish().unwrap(), br#"[null,null]{"b":"c","d":null}"#);
    }

    proptest! {
        #[test]
        fn any_string_survives_a_json_parser(text: String) {
            let mut buf = vec![0; 6 * text.len() + 2];
            let json = to_slice(text.as_str(), &mut buf).unwrap();
            prop_assert_eq!(serde_json::from_slice::<String>(json).unwrap(), &*text);
            let ours: super::super::Text<&str> = super::super::from_slice(json).unwrap();
            prop_assert_eq!(&ours, &*text);

            let needed = json.len();
            let error = to_slice(text.as_str(), &mut vec![0; needed - 1]).unwrap_err();
            prop_assert_eq!(error.needed, needed);
        }
    }
}
