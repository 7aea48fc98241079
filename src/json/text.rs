//! Strings that stay as they stand in the JSON text and are decoded on demand.

use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use super::quick;
use super::{ErrorKind, FromJson, Reader, Storage, ToJson, Writer};
use crate::bytes::digits::hex;
use crate::bytes::writer::BufferTooSmall;
use crate::bytes::{after, certain};

/// A string of a reply, kept as it stands between the quotes, with its escapes.
///
/// It compares and displays as the decoded string. Nearly all strings of the node have no escapes; for them
/// [`as_str`](Text::as_str) returns the string at no cost. `T` is where the text is [stored](Storage).
///
/// ```
/// use defichain_net_rpc::json::{self, Text};
///
/// let text: Text<&str> = json::from_slice(br#""G\u00fcn\nter""#)?;
/// assert_eq!(text, "Gün\nter");
/// assert_eq!(text.as_str(), None);
/// assert_eq!(text.decode(&mut [0; 16]), Ok("Gün\nter"));
/// assert_eq!(text.decode(&mut [0; 7]).unwrap_err().needed, 8);
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
#[derive(Clone, Copy, Default)]
pub struct Text<T> {
    /// Checked: every escape in it is complete and known.
    raw: T,
    /// Whether the string is another one than `raw`: there are escapes in it, or not all of it was stored.
    escaped: bool,
}

impl<T> Text<T> {
    pub(crate) fn new(raw: T, escaped: bool) -> Self {
        Self { raw, escaped }
    }
}

impl<T: AsRef<str>> Text<T> {
    /// The same text, borrowed.
    pub(crate) fn by_ref(&self) -> Text<&str> {
        Text::new(self.raw(), self.escaped)
    }

    /// Returns the text as it stands between the quotes.
    pub fn raw(&self) -> &str {
        self.raw.as_ref()
    }

    /// Returns the string, if nothing in it is escaped, and nothing was [cut off](super::Truncated) or
    /// [discarded](super::Discard).
    pub fn as_str(&self) -> Option<&str> {
        (!self.escaped).then_some(self.raw())
    }

    /// Whether the string is this one, which is ASCII.
    pub(crate) fn is(&self, mut text: &[u8]) -> bool {
        let mut raw = self.raw().as_bytes();
        if !self.escaped {
            return raw.len() == text.len() && after(raw, text).is_some();
        }
        while let ([byte, after @ ..], [expected, others @ ..]) = (raw, text) {
            let (c, rest) = unescape(raw).unwrap_or((char::from(*byte), after));
            if c != char::from(*expected) {
                return false;
            }
            (raw, text) = (rest, others);
        }
        raw.len() == text.len()
    }

    /// Returns an iterator over the characters of the decoded string.
    pub fn chars(&self) -> Chars<'_> {
        Chars(self.raw())
    }

    /// Returns the length in bytes of the decoded string.
    pub fn decoded_len(&self) -> usize {
        match self.as_str() {
            Some(text) => text.len(),
            None => self.chars().fold(0, |len, c| len.wrapping_add(c.len_utf8())),
        }
    }

    /// Decodes the string into a buffer.
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] if the buffer is shorter than the decoded string; then nothing was written.
    pub fn decode<'b>(&self, buf: &'b mut [u8]) -> Result<&'b str, BufferTooSmall> {
        let needed = self.decoded_len();
        if buf.len() < needed {
            return Err(BufferTooSmall { needed });
        }
        let mut writer = Writer::new(buf);
        self.chars()
            .for_each(|c| writer.raw(c.encode_utf8(&mut [0; 4]).as_bytes()));
        let decoded = writer.finish()?;
        Ok(certain(core::str::from_utf8(decoded).ok()))
    }

    /// Parses the string; `None` if that fails, or if [`as_str`](Text::as_str) returns `None`.
    ///
    /// ```
    /// use core::net::IpAddr;
    /// use defichain_net_rpc::json::{self, Text};
    ///
    /// let text: Text<&str> = json::from_slice(b"\"::1\"")?;
    /// assert_eq!(text.parse(), Some(IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])));
    /// # Ok::<(), defichain_net_rpc::Error>(())
    /// ```
    pub fn parse<F: FromStr>(&self) -> Option<F> {
        self.as_str()?.parse().ok()
    }
}

impl<const N: usize> Text<super::Truncated<N>> {
    /// Whether a part of the string was cut off.
    ///
    /// ```
    /// use defichain_net_rpc::json::{self, Text, Truncated};
    ///
    /// let text: Text<Truncated<8>> = json::from_slice(b"\"/DeFiChain:3.2.8/\"")?;
    /// assert_eq!((text.to_string(), text.is_cut()), ("/DeFiCha".into(), true));
    /// # Ok::<(), defichain_net_rpc::Error>(())
    /// ```
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.raw.is_cut()
    }
}

#[cfg(feature = "alloc")]
impl<T: AsRef<str>> Text<T> {
    /// Copies the text into a `String`.
    #[must_use]
    pub fn into_owned(self) -> Text<alloc::string::String> {
        Text::new(self.raw().into(), self.escaped)
    }
}

#[cfg(feature = "alloc")]
impl<T: AsRef<str>> super::IntoOwned<Text<alloc::string::String>> for Text<T> {
    fn into_owned(self) -> Text<alloc::string::String> {
        self.into_owned()
    }
}

impl<'a, T: Storage<'a>> FromJson<'a> for Text<T> {
    fn read(&mut self, reader: &mut Reader<'a>) {
        let place = reader.rest;
        if let Some(text) = reader.string().store() {
            *self = text;
        } else {
            reader.rest = place;
            reader.token();
            reader.fail(ErrorKind::TooLong);
        }
    }

    #[inline(always)]
    fn quick(&mut self, reader: &Reader<'a>, text: &'a [u8]) -> Option<&'a [u8]> {
        let [b'"', content @ ..] = text else { return None };
        let length = quick::string(content)?;
        *self = Text::new(reader.known_text(content, length)?, false).store()?;
        content.get(length.wrapping_add(1)..)
    }
}

impl<'a> Text<&'a str> {
    /// The same in a storage; `None` if it is too long.
    #[inline]
    fn store<T: Storage<'a>>(self) -> Option<Text<T>> {
        let raw = T::store_text(self.raw)?;
        let cut = raw.as_ref().len() != self.raw.len();
        Some(Text::new(raw, self.escaped || cut))
    }
}

impl<T: AsRef<str>> ToJson for Text<T> {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.byte(b'"');
        writer.raw(self.raw().as_bytes());
        writer.byte(b'"');
    }
}

impl<T: AsRef<str>> PartialEq<str> for Text<T> {
    fn eq(&self, other: &str) -> bool {
        self.chars().eq(other.chars())
    }
}

impl<T: AsRef<str>> PartialEq<&str> for Text<T> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl<T: AsRef<str>, U: AsRef<str>> PartialEq<Text<U>> for Text<T> {
    fn eq(&self, other: &Text<U>) -> bool {
        self.chars().eq(other.chars())
    }
}

impl<T: AsRef<str>> Eq for Text<T> {}

impl<T: AsRef<str>> Hash for Text<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.chars().for_each(|c| c.hash(state));
    }
}

impl<T: AsRef<str>> fmt::Display for Text<T> {
    /// Writes the decoded string. Width and precision apply to strings without escapes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_str() {
            Some(text) => f.pad(text),
            None => self.chars().try_for_each(|c| fmt::Write::write_char(f, c)),
        }
    }
}

impl<T: AsRef<str>> fmt::Debug for Text<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.raw())
    }
}

/// An iterator over the decoded characters of a [`Text`]; from [`Text::chars`].
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Debug)]
pub struct Chars<'a>(&'a str);

impl<'a> Chars<'a> {
    pub(super) fn new(raw: &'a str) -> Self {
        Self(raw)
    }

    /// What is still to be decoded.
    pub(super) fn rest(&self) -> &'a str {
        self.0
    }
}

impl Iterator for Chars<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let mut chars = self.0.chars();
        let next = chars.next()?;
        if next != '\\' {
            self.0 = chars.as_str();
            return Some(next);
        }
        let (next, rest) = unescape(self.0.as_bytes()).ok()?;
        let used = self.0.len().wrapping_sub(rest.len());
        self.0 = certain(self.0.get(used..));
        Some(next)
    }
}

/// What follows the longest prefix without quotes, backslashes and control characters.
#[inline]
pub(crate) fn after_plain(mut bytes: &[u8]) -> &[u8] {
    loop {
        bytes = after_ascii(bytes);
        match bytes {
            [0x80..=0xff, rest @ ..] => bytes = rest,
            _ => return bytes,
        }
    }
}

/// What follows the longest prefix of ASCII without quotes, backslashes and control characters.
#[inline]
pub(super) fn after_ascii(mut bytes: &[u8]) -> &[u8] {
    loop {
        let mut plain = 0;
        if let Some(word) = bytes.first_chunk() {
            let word = usize::from_le_bytes(*word);
            let marks = (specials(word) | word) & EACH << 7;
            plain = marks.trailing_zeros() as usize >> 3;
        }
        bytes = certain(bytes.get(plain..));
        if plain < size_of::<usize>() {
            match bytes {
                [] | [b'"' | b'\\' | 0..0x20 | 0x80..=0xff, ..] => return bytes,
                [_, rest @ ..] => bytes = rest,
            }
        }
    }
}

/// Sets the high bit of each byte of a word that may be a quote, a backslash or a control character: one up to the quote is taken
/// for these too.
///
/// Each term sets the high bit of a byte that is below the subtrahend or has it set itself. A borrow can only spoil bytes
/// above a true hit, and the lowest hit is the one that counts.
#[inline]
fn specials(word: usize) -> usize {
    let below_hash = word.wrapping_sub(EACH.wrapping_mul(0x23));
    let backslash = (word ^ EACH.wrapping_mul(0x5c)).wrapping_sub(EACH);
    below_hash | backslash
}

/// A one in each byte of a word.
const EACH: usize = usize::MAX / 0xff;

/// Decodes the escape that the bytes begin with (RFC 8259, section 7), and gives what follows it.
pub(super) fn unescape(bytes: &[u8]) -> Result<(char, &[u8]), ErrorKind> {
    let (c, rest) = match bytes {
        [b'\\', b'u', rest @ ..] => {
            let (mut code, mut rest) = hex4(rest)?;
            if let 0xd800..0xdc00 = code {
                let low = match rest {
                    [b'\\', b'u', low @ ..] => low,
                    [] | [b'\\'] => return Err(ErrorKind::Incomplete),
                    _ => return Err(ErrorKind::Surrogate),
                };
                let (low, behind) = hex4(low)?;
                if low & 0xfc00 != 0xdc00 {
                    return Err(ErrorKind::Surrogate);
                }
                code = ((code & 0x3ff) << 10 | low & 0x3ff).wrapping_add(0x1_0000);
                rest = behind;
            }
            (char::from_u32(code).ok_or(ErrorKind::Surrogate)?, rest)
        }
        [b'\\', b'b', rest @ ..] => ('\x08', rest),
        [b'\\', b'f', rest @ ..] => ('\x0c', rest),
        [b'\\', b'n', rest @ ..] => ('\n', rest),
        [b'\\', b'r', rest @ ..] => ('\r', rest),
        [b'\\', b't', rest @ ..] => ('\t', rest),
        [b'\\', c @ (b'"' | b'\\' | b'/'), rest @ ..] => (char::from(*c), rest),
        [b'\\'] | [] => return Err(ErrorKind::Incomplete),
        _ => return Err(ErrorKind::Escape),
    };
    Ok((c, rest))
}

fn hex4(mut bytes: &[u8]) -> Result<(u32, &[u8]), ErrorKind> {
    let mut unit = 0;
    for _ in 0..4 {
        let [digit, rest @ ..] = bytes else {
            return Err(ErrorKind::Incomplete);
        };
        unit = unit << 4 | hex(*digit).ok_or(ErrorKind::Escape)?;
        bytes = rest;
    }
    Ok((unit, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::from_slice;
    use core::hash::{BuildHasher, BuildHasherDefault};
    use std::hash::DefaultHasher;

    fn decoded(json: &str) -> Result<String, (ErrorKind, usize)> {
        from_slice::<Text<&str>>(json.as_bytes())
            .map(|text| text.chars().collect())
            .map_err(|error| (error.kind.json().unwrap(), error.offset))
    }

    #[test]
    fn every_escape_is_decoded() {
        assert_eq!(
            decoded(r#""\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud834\udd1e\uD834\uDD1E\u0000""#),
            Ok("\"\\/\x08\x0c\n\r\tAé€\u{1d11e}\u{1d11e}\0".into())
        );
    }

    #[test]
    fn strings_are_equal_if_they_mean_the_same() {
        let [plain, escaped, other]: [Text<&str>; 3] =
            [br#""a\"b""#.as_slice(), br#""\u0061\u0022b""#, br#""a\"c""#].map(|json| from_slice(json).unwrap());
        let hash = |text| BuildHasherDefault::<DefaultHasher>::default().hash_one(text);
        assert!(plain == escaped && hash(plain) == hash(escaped));
        assert!(plain != other && hash(plain) != hash(other));
        assert!(escaped == "a\"b" && escaped == *"a\"b");
        for text in ["", "a", "a\"", "b\"b", "a'b", "a\"c", "a\"bc"] {
            assert!(escaped != text && plain != text, "{text}");
        }
    }

    #[test]
    fn a_string_without_escapes_may_spell_a_value() {
        let parse = |json| from_slice::<Text<&str>>(json).unwrap().parse();
        assert_eq!(parse(br#""17""#), Some(17));
        assert_eq!(parse(br#""1x""#), None);
        assert_eq!(parse(br#""1\u0037""#), None);
    }

    #[test]
    fn a_wrong_escape_is_refused_where_it_begins() {
        for json in [r#""ab\x""#, r#""ab\u12G4""#, r#""ab\U0041""#, r#""ab\u12""#] {
            assert_eq!(decoded(json), Err((ErrorKind::Escape, 3)), "{json}");
        }
        for json in [
            r#""ab\ud834""#,
            r#""ab\udd1e""#,
            r#""ab\udd1e\ud834""#,
            r#""ab\ud834\ud834""#,
            r#""ab\ud834\n""#,
            r#""ab\ud834x""#,
        ] {
            assert_eq!(decoded(json), Err((ErrorKind::Surrogate, 3)), "{json}");
        }
    }

    #[test]
    fn a_string_that_is_cut_off_is_incomplete() {
        let whole = r#""a\n\u00e9\ud834\udd1eé""#.as_bytes();
        for len in 0..whole.len() {
            let error = from_slice::<Text<&str>>(&whole[..len]).unwrap_err();
            assert_eq!((error.kind.json().unwrap(), error.offset), (ErrorKind::Incomplete, len));
        }
    }

    #[test]
    fn specials_are_found_at_every_place_of_a_word() {
        for special in (0..0x20).chain([b'"', b'\\']) {
            for len in 0..40 {
                for tail in [b"".as_slice(), b"\"\"\"\"\"\"\"\"\"", b"\x7f\x80\xff !#[]~  "] {
                    let mut bytes = vec![b' '; len];
                    bytes.push(special);
                    bytes.extend(tail);
                    assert_eq!(after_plain(&bytes).len(), 1 + tail.len());
                }
            }
        }
        let plain: Vec<u8> = (0x20..=0xff).filter(|b| !b"\"\\".contains(b)).collect();
        assert_eq!(after_plain(&plain), b"");
    }

    #[test]
    fn the_buffer_of_decode_may_be_exact_but_not_smaller() {
        for json in [r#""plain é""#, r#""\u00e9scaped""#] {
            let text = from_slice::<Text<&str>>(json.as_bytes()).unwrap();
            let mut exact = vec![b'.'; text.decoded_len()];
            let short = exact.len() - 1;
            assert_eq!(text.decode(&mut exact[..short]).unwrap_err().needed, short + 1);
            assert!(exact.iter().all(|b| *b == b'.'));
            assert_eq!(text.decode(&mut exact).unwrap(), text.to_string());
        }
    }
}
