//! What all other modules build on: the window on a stream, the writer, digits, classes of characters.

pub(crate) mod classes;
pub(crate) mod digits;
pub(crate) mod split;
pub(crate) mod window;
pub(crate) mod writer;

/// Returns a value that is never missing. Tests make sure of that; because nothing in the crate may panic, the default takes its
/// place otherwise.
#[track_caller]
pub(crate) fn certain<T: Default>(value: Option<T>) -> T {
    debug_assert!(value.is_some(), "this value is never missing");
    value.unwrap_or_default()
}

/// The text of bytes that are UTF-8; of others nothing.
pub(crate) const fn text(bytes: &[u8]) -> &str {
    match core::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "",
    }
}

/// Whether a text contains a byte. Not `contains` of slices, which compares a word at a time: that pays only in long texts, and
/// takes 130 bytes more of flash.
#[expect(clippy::manual_contains, reason = "it takes more flash")]
#[inline(never)]
pub(crate) fn has(text: &[u8], byte: u8) -> bool {
    text.iter().any(|other| *other == byte)
}

/// What follows this beginning of a text, if it has it. Not `strip_prefix`, which on bare metal compares byte by byte.
#[inline(never)]
pub(crate) fn after<'t>(text: &'t [u8], start: &[u8]) -> Option<&'t [u8]> {
    let (head, rest) = text.split_at_checked(start.len())?;
    let word = |bytes: &[u8; 4]| u32::from_ne_bytes(*bytes);
    let mut difference = 0;
    if let (Some(last), Some(other)) = (head.last_chunk(), start.last_chunk()) {
        // The last four bytes, and all others in words from the front, whether or not these reach into those.
        difference = word(last) ^ word(other);
        for (bytes, others) in head.as_chunks().0.iter().zip(start.as_chunks().0) {
            difference |= word(bytes) ^ word(others);
        }
    } else {
        for (byte, other) in head.iter().zip(start) {
            difference |= u32::from(byte ^ other);
        }
    }
    (difference == 0).then_some(rest)
}

/// The same for text.
#[inline(never)]
pub(crate) fn after_str<'t>(text: &'t str, start: &str) -> Option<&'t str> {
    after(text.as_bytes(), start.as_bytes())?;
    text.get(start.len()..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_begins_with_what_its_first_bytes_are() {
        const TEXT: &[u8] = b"0123456789abcdef";
        for length in 0..=TEXT.len() {
            let (start, rest) = TEXT.split_at(length);
            assert_eq!(after(TEXT, start), Some(rest), "{length}");
            assert_eq!(after(start, TEXT).is_some(), length == TEXT.len(), "{length}");
            for place in 0..length {
                let mut other = start.to_vec();
                other[place] ^= 0x80;
                assert_eq!(after(TEXT, &other), None, "{length} {place}");
            }
        }
    }

    #[test]
    fn what_follows_in_a_text_is_text() {
        assert_eq!(after_str("\u{e9}a", "\u{e9}"), Some("a"));
        assert_eq!(after_str("a", ""), Some("a"));
        assert_eq!(after_str("a", "a"), Some(""));
        assert_eq!(after_str("a", "b"), None);
        assert_eq!(after_str("", "a"), None);
    }
}
