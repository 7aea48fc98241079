//! Where the text of a reply is kept: in the reply itself, or in something that outlives it.

use crate::bytes::certain;
use crate::bytes::writer::Writer;
use core::fmt;

use super::Chars;

/// A place for text from a reply: the reply itself, or something that outlives it.
///
/// | storage | feature | text that is too long |
/// | --- | --- | --- |
/// | `&str` | | borrows from the reply, so there is none |
/// | `String` | `alloc` | there is none |
/// | `heapless::String<N>` | `heapless-v0.9` | an error that names the member |
/// | [`Truncated<N>`](Truncated) | | is cut at a character; lists and maps are an error |
/// | [`Discard`] | | keeps nothing |
///
/// ```
/// use defichain_net_rpc::json::{self, ErrorKind, Storage, Text};
///
/// #[derive(Default)]
/// struct Short([u8; 4], usize);
///
/// impl AsRef<str> for Short {
///     fn as_ref(&self) -> &str {
///         str::from_utf8(&self.0[..self.1]).unwrap_or_default()
///     }
/// }
///
/// impl Storage<'_> for Short {
///     fn store(text: &str) -> Option<Self> {
///         let mut short = Self([0; 4], text.len());
///         short.0.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
///         Some(short)
///     }
/// }
///
/// assert_eq!(json::from_slice::<Text<Short>>(b"\"four\"")?, "four");
/// assert_eq!(json::from_slice::<Text<Short>>(b"\"seven\"").unwrap_err().kind.json(), Some(ErrorKind::TooLong));
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no storage for the text of a reply",
    label = "not a storage that can be read into",
    note = "use `&str`, `String` (feature `alloc`), `heapless::String<N>` (feature `heapless-v0.9`), `json::Truncated<N>` or `json::Discard`"
)]
pub trait Storage<'a>: AsRef<str> + Default {
    /// Stores the whole text; `None` if it is too long.
    fn store(text: &'a str) -> Option<Self>;

    /// Stores the content of a JSON string as it stands between the quotes; `None` if it is too long and this storage does
    /// not cut. A storage that cuts must not do so within an escape. Defaults to [`store`](Storage::store).
    #[must_use]
    fn store_text(raw: &'a str) -> Option<Self> {
        Self::store(raw)
    }
}

/// A [`Storage`] that text can be appended to, piece by piece. serde reads into such a storage; without the feature
/// `serde` nothing needs it.
///
/// ```
/// use defichain_net_rpc::json::{Build, Truncated};
///
/// let mut text = Truncated::<4>::default();
/// assert!(text.push_str("ab") && !text.push_str("cde"));
/// assert!(text.push_text("cd") && text.push_text("e"));
/// assert_eq!((text.as_ref(), text.is_cut()), ("abcd", true));
/// ```
#[diagnostic::on_unimplemented(
    message = "text cannot be appended to `{Self}`",
    note = "serde reads into `String` (feature `alloc`), `heapless::String<N>` (feature `heapless-v0.9`), `json::Truncated<N>` and `json::Discard`; into `&str` it reads `json::Text` alone"
)]
pub trait Build: AsRef<str> + Default {
    /// Appends the text; `false` if it does not fit.
    fn push_str(&mut self, text: &str) -> bool;

    /// Appends a character or an escape of a JSON string, or drops it and all that follow; `false` if it does not fit
    /// and this storage does not cut. Defaults to [`push_str`](Build::push_str).
    fn push_text(&mut self, piece: &str) -> bool {
        self.push_str(piece)
    }
}

impl<'a> Storage<'a> for &'a str {
    fn store(text: &'a str) -> Option<Self> {
        Some(text)
    }
}

#[cfg(feature = "alloc")]
impl Storage<'_> for alloc::string::String {
    fn store(text: &str) -> Option<Self> {
        Some(text.into())
    }
}

#[cfg(feature = "alloc")]
impl Build for alloc::string::String {
    fn push_str(&mut self, text: &str) -> bool {
        self.push_str(text);
        true
    }
}

#[cfg(feature = "heapless-v0.9")]
impl<const N: usize> Storage<'_> for heapless::String<N> {
    fn store(text: &str) -> Option<Self> {
        Self::try_from(text).ok()
    }
}

#[cfg(feature = "heapless-v0.9")]
impl<const N: usize> Build for heapless::String<N> {
    fn push_str(&mut self, text: &str) -> bool {
        self.push_str(text).is_ok()
    }
}

/// Storage for what is not needed: it takes any text and keeps nothing, so a list in it is empty. The text is checked all
/// the same.
///
/// ```
/// use defichain_net_rpc::json::{self, Discard, List};
///
/// let heights: List<Discard, u32> = json::from_slice(b"[5, 6, 7]")?;
/// assert!(heights.is_empty());
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Discard;

impl AsRef<str> for Discard {
    fn as_ref(&self) -> &'static str {
        ""
    }
}

impl Storage<'_> for Discard {
    fn store(_: &str) -> Option<Self> {
        Some(Self)
    }
}

impl Build for Discard {
    fn push_str(&mut self, _: &str) -> bool {
        true
    }
}

/// Storage for `N` bytes, without a heap, that cuts a longer [`Text`](super::Text) at a character.
///
/// So a peer with a long `subver` does not become an error. The bytes are those between the quotes, and an escape is kept
/// whole or not at all. A [`List`](super::List), [`Map`](super::Map), [`Number`](super::Number) or
/// [`Raw`](super::Raw) is not cut: there, text that is too long is an error that names the member.
///
/// ```
/// use defichain_net_rpc::json::{self, Text, Truncated};
///
/// let text: Text<Truncated<4>> = json::from_slice("\"grün\"".as_bytes())?;
/// assert_eq!(text, "grü");
/// assert!(text.is_cut());
/// let text: Text<Truncated<4>> = json::from_slice(b"\"blue\"")?;
/// assert_eq!(text.as_str(), Some("blue"));
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Truncated<const N: usize> {
    /// UTF-8 up to `len`.
    bytes: [u8; N],
    len: usize,
    cut: bool,
}

impl<const N: usize> Truncated<N> {
    /// Whether text was cut off.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.cut
    }
}

impl<const N: usize> AsRef<str> for Truncated<N> {
    fn as_ref(&self) -> &str {
        certain(core::str::from_utf8(certain(self.bytes.get(..self.len))).ok())
    }
}

impl<const N: usize> Default for Truncated<N> {
    fn default() -> Self {
        Self {
            bytes: [0; N],
            len: 0,
            cut: false,
        }
    }
}

impl<const N: usize> Storage<'_> for Truncated<N> {
    fn store(text: &str) -> Option<Self> {
        let mut stored = Self::default();
        stored.push_str(text).then_some(stored)
    }

    fn store_text(raw: &str) -> Option<Self> {
        let mut end = 0_usize;
        let mut chars = Chars::new(raw);
        while chars.next().is_some() {
            let behind = raw.len().wrapping_sub(chars.rest().len());
            if behind > N {
                break;
            }
            end = behind;
        }
        let mut stored = Self::store(raw.get(..end)?)?;
        stored.cut = end < raw.len();
        Some(stored)
    }
}

impl<const N: usize> Build for Truncated<N> {
    fn push_str(&mut self, text: &str) -> bool {
        let mut writer = Writer::new(certain(self.bytes.get_mut(self.len..)));
        writer.raw(text.as_bytes());
        let fits = writer.finish().is_ok();
        if fits {
            self.len = self.len.wrapping_add(text.len());
        }
        fits
    }

    fn push_text(&mut self, piece: &str) -> bool {
        self.cut = self.cut || !self.push_str(piece);
        true
    }
}

/// Compares the text that is kept.
impl<const N: usize> PartialEq for Truncated<N> {
    fn eq(&self, other: &Self) -> bool {
        self.as_ref() == other.as_ref() && self.cut == other.cut
    }
}

impl<const N: usize> Eq for Truncated<N> {}

impl<const N: usize> fmt::Debug for Truncated<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_ref().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{ErrorKind, List, Text, from_slice};

    #[test]
    fn text_is_cut_at_a_character_and_never_within_an_escape() {
        fn cut<const N: usize>(json: &str) -> (String, bool) {
            let text: Text<Truncated<N>> = from_slice(json.as_bytes()).unwrap();
            assert!(text.raw().len() <= N);
            assert_eq!(
                text.as_str().is_some(),
                !text.is_cut() && !json.contains('\\'),
                "{json}"
            );
            (text.to_string(), text.is_cut())
        }
        assert_eq!(cut::<0>("\"\""), (String::new(), false));
        assert_eq!(cut::<0>("\"a\""), (String::new(), true));
        assert_eq!(cut::<3>("\"aé\""), ("aé".into(), false));
        assert_eq!(cut::<2>("\"aé\""), ("a".into(), true));
        for (length, expected) in [
            (0, cut::<0>(r#""a\n\u00e9\ud834\udd1eb""#)),
            (0, cut::<1>(r#""\n""#)),
            (1, cut::<2>(r#""a\n\u00e9\ud834\udd1eb""#)),
            (2, cut::<8>(r#""a\n\u00e9\ud834\udd1eb""#)),
            (3, cut::<9>(r#""a\n\u00e9\ud834\udd1eb""#)),
            (3, cut::<20>(r#""a\n\u00e9\ud834\udd1eb""#)),
            (4, cut::<21>(r#""a\n\u00e9\ud834\udd1eb""#)),
        ] {
            assert_eq!((expected.0.chars().count(), expected.1), (length, true), "{expected:?}");
        }
        assert_eq!(cut::<22>(r#""a\n\u00e9\ud834\udd1eb""#), ("a\né𝄞b".into(), false));
    }

    #[test]
    fn a_list_is_not_cut() {
        assert_eq!(from_slice::<List<Truncated<5>, u32>>(b"[1,2]").unwrap().len(), 2);
        let error = from_slice::<List<Truncated<4>, u32>>(b"[1,2]").unwrap_err();
        assert_eq!(error.kind.json(), Some(ErrorKind::TooLong));
    }

    #[test]
    fn what_is_discarded_is_checked_and_gone() {
        assert!(from_slice::<List<Discard, u64>>(b"[1,2]").unwrap().is_empty());
        assert_eq!(from_slice::<Text<Discard>>(br#""a""#).unwrap(), "");
        assert!(from_slice::<List<Discard, u64>>(b"[1,-2]").is_err());
    }

    #[cfg(feature = "heapless-v0.9")]
    #[test]
    fn a_text_that_grows_too_long_is_refused() {
        let mut text = heapless::String::<3>::new();
        assert!(Build::push_str(&mut text, "ab") && !Build::push_text(&mut text, "cd"));
        assert!(Build::push_str(&mut text, "c") && !Build::push_str(&mut text, "d"));
        assert_eq!(text, "abc");
    }

    #[cfg(feature = "heapless-v0.9")]
    #[test]
    fn a_text_that_is_too_long_names_its_member() {
        use crate::network::Ban;
        let json = br#"{"address":"198.51.100.0/24","banned_until":1,"ban_created":0,"ban_reason":"manually added"}"#;
        assert!(from_slice::<Ban<heapless::String<15>>>(json).is_ok());
        let error = from_slice::<Ban<heapless::String<14>>>(json).unwrap_err();
        assert_eq!(
            (error.kind.json().unwrap(), error.offset, error.member),
            (ErrorKind::TooLong, 11, Some("address"))
        );
        let list = b" [1,2] ";
        assert!(from_slice::<List<heapless::String<5>, u32>>(list).is_ok());
        let error = from_slice::<List<heapless::String<4>, u32>>(list).unwrap_err();
        assert_eq!((error.kind.json().unwrap(), error.offset), (ErrorKind::TooLong, 1));
    }
}
