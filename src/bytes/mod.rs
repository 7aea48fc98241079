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

/// Whether a text contains a byte. Not `contains` of slices, which compares a word at a time: that pays only in long texts, and
/// takes 130 bytes more of flash.
#[expect(clippy::manual_contains, reason = "it takes more flash")]
#[inline(never)]
pub(crate) fn has(text: &[u8], byte: u8) -> bool {
    text.iter().any(|other| *other == byte)
}
