//! What can be wrong with a JSON text, and where.

use core::fmt;

/// What is wrong with a JSON text.
///
/// [`Reader::finish`](super::Reader::finish) gives it with its place, as an [`Error`](crate::Error).
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text ends before the value does: everything up to here is right, and more may follow.
    Incomplete,
    /// A byte that the grammar does not allow here (RFC 8259, sections 2 to 5).
    Syntax,
    /// Something other than white space after the value.
    Trailing,
    /// Bytes in a string that are not UTF-8 (RFC 8259, section 8.1).
    Utf8,
    /// A control character that stands unescaped in a string (section 7).
    Control,
    /// A backslash that begins no escape of section 7.
    Escape,
    /// A `\u` escape that is one half of a surrogate pair without the other (section 8.2).
    Surrogate,
    /// A number that section 6 does not allow.
    Number,
    /// Arrays and objects nested deeper than [`MAX_DEPTH`](super::MAX_DEPTH) in a member that is skipped.
    Depth,
    /// A value of another type than the one that is read.
    Expected(Type),
    /// A number that does not fit the type that it is read as.
    Range,
    /// A decimal with more places than the type holds, and they are not zero.
    Precision,
    /// A string whose text is not of the form that the member has.
    Form,
    /// A required member that is not there.
    Missing,
    /// A known member that occurs twice.
    Duplicate,
    /// A member that is there beside another that excludes it.
    Conflict,
    /// A text longer than the [storage](super::Storage) that it is read into; [`Truncated`](super::Truncated) cuts instead.
    TooLong,
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Incomplete => "the text ends too early",
            Self::Syntax => "a byte that JSON does not allow",
            Self::Trailing => "more text after the value",
            Self::Utf8 => "bytes that are not UTF-8",
            Self::Control => "an unescaped control character in a string",
            Self::Escape => "an unknown escape in a string",
            Self::Surrogate => "half a surrogate pair in a string",
            Self::Number => "a malformed number",
            Self::Depth => "too many nested arrays and objects",
            Self::Expected(expected) => return write!(f, "not {expected}"),
            Self::Range => "a number out of range",
            Self::Precision => "a number with too many decimals",
            Self::Form => "a string of the wrong form",
            Self::Missing => "a member is missing",
            Self::Duplicate => "a member is there twice",
            Self::Conflict => "a member that another excludes",
            Self::TooLong => "a text too long for its storage",
        })
    }
}

/// The type that a value was expected to have; in [`ErrorKind::Expected`].
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants are JSON's own terms")]
pub enum Type {
    // Behind the other variants of `ErrorKind`: so that one byte holds all of them, and 0 is left for no error, which is
    // what is compared with most.
    Null = 18,
    Boolean,
    /// A number without fraction and exponent: `1.0` and `1e2` are none.
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_kind_takes_one_byte_and_so_does_none() {
        assert_eq!(size_of::<ErrorKind>(), 1);
        assert_eq!(size_of::<Result<(), ErrorKind>>(), 1);
    }

    #[test]
    fn every_error_is_told_in_words_of_its_own() {
        let types = [
            Type::Null,
            Type::Boolean,
            Type::Integer,
            Type::Number,
            Type::String,
            Type::Array,
            Type::Object,
        ];
        let others = [
            ErrorKind::Incomplete,
            ErrorKind::Syntax,
            ErrorKind::Trailing,
            ErrorKind::Utf8,
            ErrorKind::Control,
            ErrorKind::Escape,
            ErrorKind::Surrogate,
            ErrorKind::Number,
            ErrorKind::Depth,
            ErrorKind::Range,
            ErrorKind::Precision,
            ErrorKind::Form,
            ErrorKind::Missing,
            ErrorKind::Duplicate,
            ErrorKind::Conflict,
            ErrorKind::TooLong,
        ];
        let kinds = types.into_iter().map(ErrorKind::Expected).chain(others);
        let told: BTreeSet<_> = kinds.map(|kind| kind.to_string()).collect();
        assert_eq!(told.len(), types.len() + others.len());
        assert!(told.iter().all(|words| words.len() > 4), "{told:?}");
    }
}
