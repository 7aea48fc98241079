//! The pull reader: reads a JSON text that lies complete in memory, and knows its offset when something is wrong.

use super::number::Parts;
use super::object::Member;
use super::{ErrorKind, FromJson, Text, Type, text};
use crate::error::Error;

/// How deep arrays and objects may be nested where a value is skipped, counted from the outermost.
///
/// The node's replies nest six deep at most.
pub const MAX_DEPTH: u32 = 64;

/// Reads one JSON value from a whole text; only white space may surround it.
///
/// ```
/// use core::time::Duration;
/// use defichain_net_rpc::json;
///
/// assert_eq!(json::from_slice(b" 6.499999999999999e-05\n"), Ok(Duration::from_micros(65)));
/// ```
///
/// # Errors
///
/// The first thing that is wrong: an [`Error`] with its offset.
pub fn from_slice<'a, V: FromJson<'a>>(text: &'a [u8]) -> Result<V, Error> {
    let mut reader = Reader::new(text);
    V::from_json(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|kind| reader.error(kind))
}

/// Reads a JSON text piece by piece.
///
/// A method that fails leaves the reader at the place where the text is wrong, ready for [`Reader::error`].
/// A clone of a reader is cheap, and marks a place to return to.
///
/// ```
/// use defichain_net_rpc::json::Reader;
///
/// let mut reader = Reader::new(br#"[true, "two"]"#);
/// let mut array = reader.array()?;
/// assert!(array.next(&mut reader)?);
/// assert!(reader.bool()?);
/// assert!(array.next(&mut reader)?);
/// assert_eq!(reader.string()?, "two");
/// assert!(!array.next(&mut reader)?);
/// # Ok::<(), defichain_net_rpc::json::ErrorKind>(())
/// ```
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    /// What is still to be read.
    pub(crate) rest: &'a [u8],
    /// The offset of the end of `rest`.
    end: usize,
    /// How many arrays and objects are open here.
    pub(crate) depth: u32,
    /// The member that the value here belongs to.
    pub(crate) member: Option<Member>,
    /// A part of the text that is known to be UTF-8, and how much was left where it begins.
    text: &'a str,
    left: usize,
}

impl<'a> Reader<'a> {
    /// Returns a reader at the start of a text.
    #[must_use]
    pub fn new(text: &'a [u8]) -> Self {
        Self::at(0, text)
    }

    /// A reader of a piece of a text that begins at this offset.
    pub(crate) fn at(offset: usize, piece: &'a [u8]) -> Self {
        Self {
            rest: piece,
            end: offset.wrapping_add(piece.len()),
            depth: 0,
            member: None,
            text: "",
            left: 0,
        }
    }

    /// A reader at the start of a text that is known to be UTF-8.
    pub(super) fn of_str(text: &'a str) -> Self {
        let mut reader = Self::new(text.as_bytes());
        (reader.text, reader.left) = (text, text.len());
        reader
    }

    /// Reads `true` or `false`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Expected`] if it is something else.
    pub fn bool(&mut self) -> Result<bool, ErrorKind> {
        match self.token() {
            b't' => self.literal(b"true").map(|()| true),
            b'f' => self.literal(b"false").map(|()| false),
            _ => Err(self.unexpected(Type::Boolean)),
        }
    }

    /// Reads `null`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Expected`] if it is something else.
    pub fn null(&mut self) -> Result<(), ErrorKind> {
        match self.token() {
            b'n' => self.literal(b"null"),
            _ => Err(self.unexpected(Type::Null)),
        }
    }

    /// Reads a string, as it stands.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Expected`] if it is something else; [`ErrorKind::Control`], [`ErrorKind::Escape`] and
    /// [`ErrorKind::Surrogate`] at the place in the string where it is malformed.
    pub fn string(&mut self) -> Result<Text<&'a str>, ErrorKind> {
        match self.token() {
            b'"' => self.string_at_quote(),
            _ => Err(self.unexpected(Type::String)),
        }
    }

    /// Reads the opening bracket of an array.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Expected`] if it is something else.
    pub fn array(&mut self) -> Result<Array, ErrorKind> {
        match self.token() {
            b'[' => {
                self.open();
                Ok(Array { first: true })
            }
            _ => Err(self.unexpected(Type::Array)),
        }
    }

    pub(super) fn open_object(&mut self) -> Result<(), ErrorKind> {
        match self.token() {
            b'{' => {
                self.open();
                Ok(())
            }
            _ => Err(self.unexpected(Type::Object)),
        }
    }

    /// Skips a value of any type, and checks its grammar.
    ///
    /// # Errors
    ///
    /// Whatever RFC 8259 refuses, and [`ErrorKind::Depth`] beyond [`MAX_DEPTH`].
    pub fn skip(&mut self) -> Result<(), ErrorKind> {
        // One bit for each open container, the innermost lowest: set for an object.
        let mut objects = 0_u64;
        let outside = self.depth;
        loop {
            let opened = match self.token() {
                b'"' => self.string_at_quote().map(|_| None)?,
                b'{' => Some(true),
                b'[' => Some(false),
                b't' => self.literal(b"true").map(|()| None)?,
                b'f' => self.literal(b"false").map(|()| None)?,
                b'n' => self.literal(b"null").map(|()| None)?,
                b'-' | b'0'..=b'9' => self.number(&mut Parts::default()).map(|()| None)?,
                _ => return Err(self.syntax()),
            };
            let mut first = false;
            if let Some(object) = opened {
                if self.depth >= MAX_DEPTH {
                    return Err(ErrorKind::Depth);
                }
                self.open();
                objects <<= 1;
                objects |= u64::from(object);
                first = true;
            }
            loop {
                if self.depth == outside {
                    return Ok(());
                }
                let object = objects & 1 == 1;
                if self.separator(if object { b'}' } else { b']' }, &mut first)? {
                    if object {
                        self.key()?;
                    }
                    break;
                }
                objects >>= 1;
                first = false;
            }
        }
    }

    /// Skips the white space at the end of the text.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Trailing`] if something else is left.
    pub fn end(&mut self) -> Result<(), ErrorKind> {
        self.token();
        match self.rest {
            [] => Ok(()),
            _ => Err(ErrorKind::Trailing),
        }
    }

    /// Skips white space and returns the byte that follows, without reading it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Incomplete`] at the end of the text.
    pub fn peek(&mut self) -> Result<u8, ErrorKind> {
        match self.token() {
            0 if self.rest.is_empty() => Err(ErrorKind::Incomplete),
            byte => Ok(byte),
        }
    }

    /// Skips white space and tells the byte that follows. At the end of the text that is NUL, with which nothing begins.
    #[inline]
    pub(crate) fn token(&mut self) -> u8 {
        // The node writes no white space, so there is seldom any to skip.
        match self.rest {
            [byte, ..] if *byte > b' ' => *byte,
            _ => self.token_behind_space(),
        }
    }

    #[cold]
    fn token_behind_space(&mut self) -> u8 {
        let mut rest = self.rest;
        while let [b' ' | b'\t' | b'\n' | b'\r', after @ ..] = rest {
            rest = after;
        }
        self.rest = rest;
        rest.first().copied().unwrap_or(0)
    }

    /// Skips a value and returns its text.
    ///
    /// # Errors
    ///
    /// As for [`Reader::skip`].
    pub fn raw(&mut self) -> Result<&'a str, ErrorKind> {
        self.token();
        let place = self.rest;
        self.skip()?;
        self.text_since(place)
    }

    /// Returns how many bytes of the text have been read.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.end.wrapping_sub(self.rest.len())
    }

    /// Returns the error of this kind at the place where the reader stands.
    #[must_use]
    pub fn error(&self, kind: ErrorKind) -> Error {
        Error::json(kind, self.offset(), self.member.map(Member::name))
    }

    /// Reads the punctuation before the next element or member, or the bracket that closes the container; tells
    /// whether there is a next one.
    #[inline]
    pub(super) fn separator(&mut self, close: u8, first: &mut bool) -> Result<bool, ErrorKind> {
        match self.rest {
            [b',', rest @ ..] if !*first => {
                self.rest = rest;
                Ok(true)
            }
            _ => self.other_separator(close, first),
        }
    }

    #[cold]
    fn other_separator(&mut self, close: u8, first: &mut bool) -> Result<bool, ErrorKind> {
        let byte = self.token();
        if byte == close {
            self.close();
            return Ok(false);
        }
        if *first {
            *first = false;
        } else if byte == b',' {
            // A value or a name has to follow, so whatever reads that refuses a bracket.
            self.advance();
        } else {
            return Err(self.syntax());
        }
        Ok(true)
    }

    /// Reads a member's name and its colon.
    #[inline]
    pub(super) fn key(&mut self) -> Result<Text<&'a str>, ErrorKind> {
        self.token();
        let place = self.rest;
        let (length, escaped) = self.unchecked_key().map_err(|kind| self.fault_since(place, kind))?;
        Ok(Text::new(self.text_at(place, 1, length)?, escaped))
    }

    /// Reads a member's name and its colon, but may leave open whether the name is UTF-8; tells how long it is, and whether
    /// it has escapes.
    #[inline]
    pub(super) fn unchecked_key(&mut self) -> Result<(usize, bool), ErrorKind> {
        if let [b'"', content @ ..] = self.rest {
            let rest = text::after_plain(content);
            if let [b'"', b':', after @ ..] = rest {
                self.rest = after;
                return Ok((content.len().wrapping_sub(rest.len()), false));
            }
        }
        self.other_key()
    }

    #[cold]
    fn other_key(&mut self) -> Result<(usize, bool), ErrorKind> {
        if self.token() != b'"' {
            return Err(self.syntax());
        }
        let key = self.string_at_quote()?;
        if self.token() != b':' {
            return Err(self.syntax());
        }
        self.advance();
        Ok((key.raw().len(), key.as_str().is_none()))
    }

    /// Reads a string whose opening quote is the next byte.
    pub(super) fn string_at_quote(&mut self) -> Result<Text<&'a str>, ErrorKind> {
        let place = self.rest;
        let content = place.get(1..).unwrap_or_default();
        let mut escaped = false;
        let mut rest = content;
        let kind = loop {
            rest = text::after_plain(rest);
            match rest {
                [b'"', after @ ..] => {
                    self.rest = after;
                    let length = content.len().wrapping_sub(rest.len());
                    return Ok(Text::new(self.text_at(place, 1, length)?, escaped));
                }
                [b'\\', ..] => {
                    escaped = true;
                    match text::unescape(rest) {
                        Ok((_, after)) => rest = after,
                        Err(kind) => break kind,
                    }
                }
                [_, ..] => break ErrorKind::Control,
                [] => break ErrorKind::Incomplete,
            }
        };
        self.rest = rest;
        Err(self.fault_since(place, kind))
    }

    /// What is wrong first, where something is wrong here and all since an earlier place may not be UTF-8.
    #[cold]
    pub(super) fn fault_since(&mut self, place: &'a [u8], kind: ErrorKind) -> ErrorKind {
        if kind == ErrorKind::Incomplete {
            self.rest = &[];
        }
        match core::str::from_utf8(self.since(place)) {
            // The bytes of a character may still come where nothing has come behind them.
            Err(error) if error.error_len().is_some() || kind != ErrorKind::Incomplete => {
                self.back_to(place.get(error.valid_up_to()..).unwrap_or_default(), ErrorKind::Utf8)
            }
            _ => kind,
        }
    }

    #[inline]
    fn literal(&mut self, literal: &[u8]) -> Result<(), ErrorKind> {
        match self.rest.strip_prefix(literal) {
            Some(rest) => {
                self.rest = rest;
                Ok(())
            }
            None => Err(self.not_literal(literal)),
        }
    }

    /// Goes to the byte of a literal that is wrong.
    #[cold]
    fn not_literal(&mut self, literal: &[u8]) -> ErrorKind {
        for expected in literal {
            match self.rest {
                [byte, rest @ ..] if byte == expected => self.rest = rest,
                [_, ..] => return ErrorKind::Syntax,
                [] => break,
            }
        }
        ErrorKind::Incomplete
    }

    /// Goes past the bracket that opens an array or object.
    pub(super) fn open(&mut self) {
        self.advance();
        self.depth = self.depth.saturating_add(1);
    }

    /// Goes past the bracket that closes an array or object.
    pub(crate) fn close(&mut self) {
        self.advance();
        self.depth = self.depth.saturating_sub(1);
    }

    pub(super) fn advance(&mut self) {
        if let [_, rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    /// The bytes from an earlier place up to here.
    pub(crate) fn since(&self, place: &'a [u8]) -> &'a [u8] {
        let length = place.len().wrapping_sub(self.rest.len());
        place.get(..length).unwrap_or_default()
    }

    /// The text from an earlier place up to here.
    pub(super) fn text_since(&mut self, place: &'a [u8]) -> Result<&'a str, ErrorKind> {
        self.text_at(place, 0, place.len().wrapping_sub(self.rest.len()))
    }

    /// So much text, from so many bytes behind an earlier place on.
    #[inline]
    fn text_at(&mut self, place: &'a [u8], skip: usize, length: usize) -> Result<&'a str, ErrorKind> {
        let start = self.left.wrapping_sub(place.len()).wrapping_add(skip);
        match self.text.get(start..start.wrapping_add(length)) {
            Some(text) => Ok(text),
            None => self.check(place.get(skip..).unwrap_or_default(), length),
        }
    }

    /// Checks all that is left from an earlier place on, once for all strings in it.
    #[cold]
    fn check(&mut self, place: &'a [u8], length: usize) -> Result<&'a str, ErrorKind> {
        self.left = place.len();
        self.text = match core::str::from_utf8(place) {
            Ok(text) => text,
            Err(error) => place
                .get(..error.valid_up_to())
                .and_then(|valid| core::str::from_utf8(valid).ok())
                .unwrap_or_default(),
        };
        let valid = self.text.len();
        match self.text.get(..length) {
            Some(text) => Ok(text),
            None => Err(self.back_to(place.get(valid..).unwrap_or_default(), ErrorKind::Utf8)),
        }
    }

    /// Moves to the end of the text, which is too early.
    pub(crate) fn ended(&mut self) -> ErrorKind {
        self.rest = &[];
        ErrorKind::Incomplete
    }

    /// Moves back to an earlier place, where something is wrong.
    pub(crate) fn back_to(&mut self, place: &'a [u8], kind: ErrorKind) -> ErrorKind {
        self.rest = place;
        kind
    }

    /// Where the reader stands, for [`Reader::go_to`].
    pub(crate) fn place(&self) -> Place<'a> {
        Place {
            rest: self.rest,
            depth: self.depth,
            member: self.member,
        }
    }

    /// Moves to an earlier place, to go on from there.
    pub(crate) fn go_to(&mut self, place: Place<'a>) {
        (self.rest, self.depth, self.member) = (place.rest, place.depth, place.member);
    }

    /// The error for a byte that does not begin a value of this type: either it begins another, or none.
    #[cold]
    pub(super) fn unexpected(&self, expected: Type) -> ErrorKind {
        match self.rest {
            [b'"' | b'{' | b'[' | b't' | b'f' | b'n' | b'-' | b'0'..=b'9', ..] => ErrorKind::Expected(expected),
            _ => self.syntax(),
        }
    }

    /// The error for a byte that the grammar does not allow here, if there is one.
    #[cold]
    pub(super) fn syntax(&self) -> ErrorKind {
        match self.rest {
            [] => ErrorKind::Incomplete,
            _ => ErrorKind::Syntax,
        }
    }
}

/// A place in the text, with what a reader knows there.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    rest: &'a [u8],
    depth: u32,
    member: Option<Member>,
}

/// The place inside an array that is being read; see [`Reader::array`].
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug)]
pub struct Array {
    first: bool,
}

impl Array {
    /// Goes to the next element; `false` after the last.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Syntax`] where neither a comma nor the closing bracket follows.
    pub fn next(&mut self, reader: &mut Reader<'_>) -> Result<bool, ErrorKind> {
        reader.separator(b']', &mut self.first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::String;

    fn skip(json: &str) -> Result<(), (ErrorKind, usize)> {
        let mut reader = Reader::new(json.as_bytes());
        reader
            .skip()
            .and_then(|()| reader.end())
            .map_err(|kind| (kind, reader.offset()))
    }

    #[test]
    fn every_kind_of_value_is_skipped() {
        for json in [
            "null",
            " true ",
            "false",
            "-0",
            "1e400",
            "-12.50E+3",
            r#""a\"\\""#,
            "[]",
            "{}",
            "[[],[ ],{},[1,[],2]]",
            r#"{"a":{},"b":[],"c":{"d":[null,"e"]},"":0}"#,
        ] {
            assert_eq!(skip(json), Ok(()), "{json}");
            let nested = String::from("[") + json + "," + json + "]";
            assert_eq!(skip(&nested), Ok(()), "{nested}");
        }
    }

    #[test]
    fn what_the_grammar_refuses_is_refused_when_skipped() {
        for (json, offset) in [
            ("[1,]", 3),
            ("[,1]", 1),
            ("[1 2]", 3),
            ("[1;2]", 2),
            ("[}", 1),
            ("{]", 1),
            (r#"{"a":1,}"#, 7),
            (r#"{"a"}"#, 4),
            (r#"{"a":}"#, 5),
            (r#"{"a":1 "b":2}"#, 7),
            ("{'a':1}", 1),
            ("{a:1}", 1),
            ("{1:1}", 1),
            ("[[],,1]", 4),
            ("[{}]]", 4),
            ("True", 0),
            ("nul ", 3),
            ("\x0b1", 0),
            ("\x0c1", 0),
            ("\u{2060}1", 0),
            ("\u{feff}1", 0),
            ("[\0]", 1),
            ("/**/1", 0),
        ] {
            let kind = if json == "[{}]]" {
                ErrorKind::Trailing
            } else {
                ErrorKind::Syntax
            };
            assert_eq!(skip(json), Err((kind, offset)), "{json}");
        }
    }

    #[test]
    fn nesting_ends_at_the_limit() {
        let limit = MAX_DEPTH as usize;
        for (open, close) in [("[", "]"), ("{\"\":", "}")] {
            let nested = |depth| open.repeat(depth) + "0" + &close.repeat(depth);
            assert_eq!(skip(&nested(limit)), Ok(()));
            let end = open.len() * limit;
            assert_eq!(skip(&nested(limit + 1)), Err((ErrorKind::Depth, end)));
            assert_eq!(skip(&nested(100_000)), Err((ErrorKind::Depth, end)));
        }
    }

    #[test]
    fn what_is_not_utf_8_is_refused_where_it_stands() {
        for (text, kind, offset) in [
            (b"[1, \"\xc0\x80\"]".as_slice(), ErrorKind::Utf8, 5),
            (b"[1, \"\xed\xa0\x80\"]", ErrorKind::Utf8, 5),
            (b"[1, \"\xf4\x90\x80\x80\"]", ErrorKind::Utf8, 5),
            (b"{\"\xff\":1}", ErrorKind::Utf8, 2),
            (b"[\"\xff", ErrorKind::Utf8, 2),
            (b"[\"\xe2\x82\"]", ErrorKind::Utf8, 2),
            (b"[\"\xe2\x82\n", ErrorKind::Utf8, 2),
            // Outside of strings there is no use for bytes that are not ASCII, whatever they are.
            (b"[1]\xff", ErrorKind::Trailing, 3),
            (b"\xff\xfe1\0", ErrorKind::Syntax, 0),
            // What is wrong before it is told first.
            (b"[1;\"\xff\"]", ErrorKind::Syntax, 2),
            (b"[\"\n\xff\"]", ErrorKind::Control, 2),
            // The rest of the character may still come.
            (b"[\"\xe2\x82", ErrorKind::Incomplete, 4),
        ] {
            let mut reader = Reader::new(text);
            let error = reader.skip().and_then(|()| reader.end()).unwrap_err();
            assert_eq!((error, reader.offset()), (kind, offset), "{}", text.escape_ascii());
        }
    }

    #[test]
    fn values_of_another_type_are_not_what_was_expected() {
        let read = |json: &'static str| Reader::new(json.as_bytes());
        for json in ["1", "\"\"", "[]", "{}"] {
            assert_eq!(read(json).bool(), Err(ErrorKind::Expected(Type::Boolean)));
            assert_eq!(read(json).null(), Err(ErrorKind::Expected(Type::Null)));
        }
        assert_eq!(read("true").string().unwrap_err(), ErrorKind::Expected(Type::String));
        assert_eq!(read("true").array().unwrap_err(), ErrorKind::Expected(Type::Array));
        assert_eq!(read("-").bool(), Err(ErrorKind::Expected(Type::Boolean)));
        assert_eq!(read("]").bool(), Err(ErrorKind::Syntax));
        assert_eq!(read("tru").bool(), Err(ErrorKind::Incomplete));
        assert_eq!(read("fals\"").bool(), Err(ErrorKind::Syntax));
    }

    #[test]
    fn there_is_nothing_to_go_past_at_the_end() {
        let mut reader = Reader::new(b"[");
        reader.advance();
        reader.advance();
        assert_eq!((reader.offset(), reader.end()), (1, Ok(())));
    }
}
