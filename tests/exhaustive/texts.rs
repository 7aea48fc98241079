//! Texts of JSON's own symbols, read past, beside `serde_json`.

use defichain_net_rpc::json::{self, ErrorKind, Reader, Text};
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::{Then, each_text};

/// What stands for itself: the structure, and a value of each type.
const STRUCTURE: &[&[u8]] = &[b"{", b"}", b"[", b"]", b",", b":", b"\"a\"", b"1", b" "];

/// What is one value or two, and what parts them.
const LITERALS: &[&[u8]] = &[
    b"t",
    b"rue",
    b"true",
    b"fals",
    b"e",
    b"nul",
    b"l",
    b"0",
    b" ",
    b"\n",
    b"\x0b",
    b"[",
    b",",
    b"]",
    "\u{feff}".as_bytes(),
    b"\0",
];

const NUMBERS: &[&[u8]] = &[b"-", b"+", b"0", b"1", b"9", b".", b"e", b"E", b" ", b"x"];

/// What may stand in a string; the quote may end it.
const STRINGS: &[&[u8]] = &[
    b"\"", b"\\", b"u", b"n", b"d834", b"\\udd1e", b"00", b"\xc3", b"\xa9", b"\x1f", b"/",
];

/// The first and the last byte of each range that Unicode's table of well-formed sequences has.
const BYTES: &[&[u8]] = &[
    b"a", b"\x80", b"\x8f", b"\x90", b"\x9f", b"\xa0", b"\xbf", b"\xc1", b"\xc2", b"\xdf", b"\xe0", b"\xed", b"\xef",
    b"\xf0", b"\xf4", b"\xf5",
];

/// A symbol of everything.
const ALL: &[&[u8]] = &[
    b"{", b"}", b"[", b"]", b",", b":", b"\"", b"\\", b"1", b"-", b".", b"true", b"\xc3", b"\n",
];

#[test]
fn a_structure_is_skipped_if_it_is_json() {
    assert_eq!(agree("", STRUCTURE, ""), [ErrorKind::Syntax, ErrorKind::Trailing]);
}

#[test]
fn a_literal_is_skipped_if_it_is_json() {
    let kinds = [ErrorKind::Syntax, ErrorKind::Trailing, ErrorKind::Number];
    assert_eq!(agree("", LITERALS, ""), kinds);
}

#[test]
fn a_number_is_skipped_if_it_is_json() {
    let kinds = [ErrorKind::Syntax, ErrorKind::Trailing, ErrorKind::Number];
    assert_eq!(agree("", NUMBERS, ""), kinds);
    assert_eq!(agree("[1", NUMBERS, "]"), [ErrorKind::Syntax, ErrorKind::Number]);
}

#[test]
fn a_string_is_skipped_if_it_is_json() {
    use ErrorKind::{Control, Escape, Surrogate, Syntax, Utf8};
    assert_eq!(
        agree("{\"", STRINGS, "\":0}"),
        [Syntax, Utf8, Control, Escape, Surrogate]
    );
}

#[test]
fn bytes_are_text_if_they_are_utf_8() {
    assert_eq!(agree("\"", BYTES, "\""), [ErrorKind::Utf8]);
}

#[test]
fn a_text_of_everything_is_skipped_if_it_is_json() {
    use ErrorKind::{Control, Escape, Number, Syntax, Trailing, Utf8};
    assert_eq!(agree("", ALL, ""), [Syntax, Trailing, Utf8, Control, Escape, Number]);
}

/// Nothing is left out here: not what begins like a text that is refused either.
#[test]
fn all_texts_of_eight_symbols_are_skipped_if_they_are_json() {
    let mut count = 0;
    each_text(&[b"{", b"}", b"[", b"]", b",", b":", b"\"\"", b"-1"], &mut |text| {
        count += 1;
        let theirs = serde_json::from_slice::<IgnoredAny>(text);
        assert_eq!(skip(text).is_ok(), theirs.is_ok(), "{}", text.escape_ascii());
        Then::On
    });
    assert_eq!(count, (8_u32.pow(8) - 1) / 7);
}

#[test]
fn a_string_means_what_another_parser_reads() {
    let mut accepted = 0;
    each_text(STRINGS, &mut |symbols| {
        let open = [b"\"", symbols].concat();
        let text = [open.as_slice(), b"\""].concat();
        let ours = json::from_slice::<Text<&str>>(&text).map(|text| text.to_string());
        let theirs = serde_json::from_slice::<String>(&text);
        assert_eq!(ours.as_ref().ok(), theirs.as_ref().ok(), "{}", text.escape_ascii());
        accepted += usize::from(ours.is_ok());
        match (ours, skip(&open)) {
            (Err(error), Err((kind, offset))) if (error.kind.json(), error.offset) == (Some(kind), offset) => {
                Then::Back
            }
            _ => Then::On,
        }
    });
    assert!(accepted > 10_000, "{accepted}");
}

/// Reads past every text between this beginning and this end, and gives the kinds of faults that there are.
#[track_caller]
fn agree(begin: &str, symbols: &[&[u8]], end: &str) -> Vec<ErrorKind> {
    let mut kinds = [
        ErrorKind::Syntax,
        ErrorKind::Trailing,
        ErrorKind::Utf8,
        ErrorKind::Control,
        ErrorKind::Escape,
        ErrorKind::Surrogate,
        ErrorKind::Number,
    ]
    .map(|kind| (kind, false));
    let (mut visited, mut accepted) = (0, 0);
    each_text(symbols, &mut |symbols_of| {
        visited += 1;
        let open = [begin.as_bytes(), symbols_of].concat();
        let text = [open.as_slice(), end.as_bytes()].concat();
        let shown = text.escape_ascii();
        let ours = skip(&text);
        let theirs = serde_json::from_slice::<Value>(&text);
        assert_eq!(ours.is_ok(), theirs.is_ok(), "{shown}: {ours:?} {theirs:?}");
        accepted += usize::from(ours.is_ok());

        // It does not look into strings that it ignores, and then takes these.
        let unseen = matches!(ours, Err((ErrorKind::Surrogate | ErrorKind::Utf8, _)));
        let ignored = serde_json::from_slice::<IgnoredAny>(&text);
        assert!(
            unseen || ignored.is_ok() == ours.is_ok(),
            "{shown}: {ours:?} {ignored:?}"
        );

        let Err((kind, offset)) = ours else {
            return Then::On;
        };
        if kind == ErrorKind::Incomplete {
            assert_eq!(offset, text.len(), "{shown}");
            return Then::On;
        }
        let known = kinds.iter_mut().find(|(known, _)| *known == kind);
        known.unwrap_or_else(|| panic!("{shown}: {kind:?}")).1 = true;
        // Within a character or an escape it takes more than the byte where that begins to tell.
        if offset >= open.len() || skip(&open) != ours {
            return Then::On;
        }
        // It is refused whatever follows.
        for more in [symbols[visited % symbols.len()], b"\"", b"0000\""] {
            let longer = [open.as_slice(), more].concat();
            assert_eq!(skip(&longer), ours, "{}", longer.escape_ascii());
            assert!(
                serde_json::from_slice::<Value>(&longer).is_err(),
                "{}",
                longer.escape_ascii()
            );
        }
        Then::Back
    });
    println!("{visited} texts, {accepted} of them JSON");
    assert!(accepted > 0);
    kinds.iter().filter(|(_, met)| *met).map(|(kind, _)| *kind).collect()
}

/// Reads past a whole text.
fn skip(text: &[u8]) -> Result<(), (ErrorKind, usize)> {
    let mut reader = Reader::new(text);
    reader.skip();
    reader.end();
    reader
        .finish()
        .map_err(|error| (error.kind.json().unwrap(), error.offset))
}
