//! The pull reader: reads a JSON text that lies complete in memory, and keeps the first thing that is wrong.

use super::quick::{Known, WIDE};
use super::{ErrorKind, FromJson, Text, Type, text};
use crate::bytes::{self, certain};
use crate::error::{self, Error};

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
    let value = V::from_json(&mut reader);
    reader.end();
    reader.finish().map(|()| value)
}

/// Reads a JSON text piece by piece.
///
/// No method fails. The reader keeps the first fault, and from then on it has nothing left to read: numbers are 0 then,
/// strings are empty, and loops end. [`Reader::finish`] tells whether what has been read is worth anything.
///
/// ```
/// use defichain_net_rpc::json::{ErrorKind, Reader};
///
/// let mut reader = Reader::new(br#"[true, "two"]"#);
/// let mut array = reader.array();
/// assert!(array.next(&mut reader));
/// assert!(reader.bool());
/// assert!(array.next(&mut reader));
/// assert_eq!(reader.string(), "two");
/// assert!(!array.next(&mut reader));
/// reader.end();
/// assert_eq!(reader.finish(), Ok(()));
///
/// let mut reader = Reader::new(b"[tru]");
/// assert!(reader.array().next(&mut reader));
/// _ = reader.bool();
/// let error = reader.finish().unwrap_err();
/// assert_eq!((error.kind.json(), error.offset), (Some(ErrorKind::Syntax), 4));
/// ```
#[derive(Debug)]
pub struct Reader<'a> {
    /// What is still to be read; nothing once something is wrong.
    pub(crate) rest: &'a [u8],
    /// The offset of the end of `rest`; once something is wrong, of that.
    end: usize,
    /// The member that all of this is the value of; once something is wrong, the one that it is in.
    member: Option<&'static str>,
    /// The first thing that is wrong.
    fault: Option<error::ErrorKind>,
    /// Whether the member that it is in has been told.
    fault_has_member: bool,
    path: Path,
    /// How many arrays and objects are open here.
    pub(crate) depth: u16,
    /// Where there is a fast path, what it knows to be UTF-8.
    known: [Known<'a>; WIDE as usize],
}

// Not derived: that copies the fault as the enum that it is, not as bytes, which takes more flash.
impl Clone for Reader<'_> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

/// How values are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Path {
    /// In the general way alone.
    General,
    /// The fast path is tried first.
    Quick,
    /// The same with a text of which more may come.
    Cut,
}

impl<'a> Reader<'a> {
    /// Returns a reader at the start of a text.
    #[must_use]
    pub fn new(text: &'a [u8]) -> Self {
        Self::at(0, text)
    }

    /// A reader that never takes the fast path, to compare the two.
    #[doc(hidden)]
    #[must_use]
    pub fn general(text: &'a [u8]) -> Self {
        let mut reader = Self::new(text);
        reader.path = Path::General;
        reader
    }

    /// A reader of a piece of a text that begins at this offset.
    pub(crate) fn at(offset: usize, piece: &'a [u8]) -> Self {
        Self {
            rest: piece,
            end: offset.wrapping_add(piece.len()),
            member: None,
            fault: None,
            fault_has_member: false,
            path: Path::Quick,
            depth: 0,
            known: [Known::default(); WIDE as usize],
        }
    }

    /// Has the reader give up early where the text is cut off, as far as that can be seen.
    pub(crate) fn may_be_cut(&mut self) {
        self.path = Path::Cut;
    }

    /// A reader at the start of a text that is known to be UTF-8.
    pub(super) fn of_str(text: &'a str) -> Self {
        let mut reader = Self::new(text.as_bytes());
        reader.known = [Known::new(text); WIDE as usize];
        reader
    }

    /// Has the reader stand within a member of so many arrays and objects. A fault is in that member unless it is in another
    /// within.
    pub(crate) fn within(&mut self, member: Option<&'static str>, depth: u16) {
        (self.member, self.depth) = (member, depth);
    }

    /// Returns whether all has been right so far.
    ///
    /// # Errors
    ///
    /// The first thing that was wrong: an [`Error`] with its offset and the member that it is in.
    pub fn finish(&self) -> Result<(), Error> {
        match self.fault {
            None => Ok(()),
            Some(kind) => Err(Error::new(kind, self.end).within(self.member)),
        }
    }

    /// The first thing that was wrong; this, here, if nothing was.
    pub(crate) fn error(&mut self, kind: ErrorKind) -> Error {
        let kind = error::ErrorKind::Json(kind);
        Error::new(self.fault.unwrap_or(kind), self.offset()).within(self.member)
    }

    /// Whether there is nothing left of the text, so that more of it might be needed.
    pub(crate) fn has_run_out(&self) -> bool {
        match self.fault {
            None => self.rest.is_empty(),
            Some(kind) => kind == error::ErrorKind::Json(ErrorKind::Incomplete),
        }
    }

    /// Whether something is wrong.
    pub(crate) fn has_failed(&self) -> bool {
        self.fault.is_some()
    }

    /// Keeps that this is wrong here, unless something has been wrong before.
    ///
    /// ```
    /// use defichain_net_rpc::json::{self, ErrorKind, FromJson, Reader};
    ///
    /// #[derive(Debug, Default)]
    /// struct Even(u64);
    ///
    /// impl FromJson<'_> for Even {
    ///     fn read(&mut self, reader: &mut Reader<'_>) {
    ///         self.0 = reader.u64();
    ///         if self.0 % 2 == 1 {
    ///             reader.fail(ErrorKind::Range);
    ///         }
    ///     }
    /// }
    ///
    /// assert_eq!(json::from_slice::<Even>(b"7").unwrap_err().kind.json(), Some(ErrorKind::Range));
    /// ```
    #[cold]
    #[inline(never)]
    pub fn fail(&mut self, kind: ErrorKind) {
        self.fail_whole(error::ErrorKind::Json(kind), self.offset());
    }

    /// Keeps that something is wrong with the text as a whole, unless something has been wrong before.
    #[cold]
    #[inline(never)]
    pub(crate) fn fail_whole(&mut self, kind: error::ErrorKind, offset: usize) {
        if self.fault.is_none() {
            (self.fault, self.end) = (Some(kind), offset);
        }
        self.rest = &[];
    }

    /// Keeps that this is wrong at an earlier place.
    #[cold]
    pub(crate) fn fail_at(&mut self, place: &'a [u8], kind: ErrorKind) {
        self.rest = place;
        self.fail(kind);
    }

    /// Keeps that a byte does not begin a value of this type: either it begins another, or none.
    #[cold]
    pub(super) fn unexpected(&mut self, expected: Type) {
        match self.rest {
            [b'"' | b'{' | b'[' | b't' | b'f' | b'n' | b'-' | b'0'..=b'9', ..] => {
                self.fail(ErrorKind::Expected(expected));
            }
            _ => self.syntax(),
        }
    }

    /// Keeps that the grammar does not allow the byte here, if there is one.
    #[cold]
    pub(crate) fn syntax(&mut self) {
        self.fail(match self.rest {
            [] => ErrorKind::Incomplete,
            _ => ErrorKind::Syntax,
        });
    }

    /// Reads `true` or `false`.
    ///
    /// Something else is [`ErrorKind::Expected`].
    pub fn bool(&mut self) -> bool {
        match self.token() {
            b't' => {
                self.literal(b"true");
                return true;
            }
            b'f' => self.literal(b"false"),
            _ => self.unexpected(Type::Boolean),
        }
        false
    }

    /// Reads `null`.
    ///
    /// Something else is [`ErrorKind::Expected`].
    pub fn null(&mut self) {
        match self.token() {
            b'n' => self.literal(b"null"),
            _ => self.unexpected(Type::Null),
        }
    }

    /// Reads what begins as `null`, and tells whether anything does.
    pub(crate) fn takes_null(&mut self) -> bool {
        let takes = self.token() == b'n';
        if takes {
            self.null();
        }
        takes
    }

    /// Reads a string, as it stands.
    ///
    /// Something else is [`ErrorKind::Expected`]; [`ErrorKind::Control`], [`ErrorKind::Escape`] and
    /// [`ErrorKind::Surrogate`] tell the place in the string where it is malformed.
    pub fn string(&mut self) -> Text<&'a str> {
        self.content(Some(Type::String)).text()
    }

    /// Reads a string, and gives what stands between the quotes. Without an expected type, anything else is malformed.
    #[inline(never)]
    pub(crate) fn content(&mut self, expected: Option<Type>) -> Content<'a> {
        let content = if let [b'"', content @ ..] = self.rest {
            content
        } else {
            if self.token() != b'"' {
                match expected {
                    Some(expected) => self.unexpected(expected),
                    None => self.syntax(),
                }
            }
            self.rest.get(1..).unwrap_or_default()
        };
        let (mut escaped, mut is_ascii) = (false, true);
        let mut rest = content;
        let fault = loop {
            rest = text::after_ascii(rest);
            match rest {
                // Nearly all strings.
                [b'"', behind @ ..] if is_ascii => {
                    self.rest = rest;
                    let bytes = self.since(content);
                    self.rest = behind;
                    return Content { bytes, escaped };
                }
                [b'"', ..] => break None,
                [b'\\', ..] => {
                    escaped = true;
                    match text::unescape(rest) {
                        Ok((_, after)) => rest = after,
                        Err(kind) => break Some(kind),
                    }
                }
                // Only such bytes can be wrong.
                [0x80..=0xff, after @ ..] => (is_ascii, rest) = (false, after),
                [_, ..] => break Some(ErrorKind::Control),
                [] => break Some(ErrorKind::Incomplete),
            }
        };
        if fault == Some(ErrorKind::Incomplete) {
            rest = &[];
        }
        self.rest = rest;
        let bytes = self.since(content);
        // Whatever is wrong behind bytes that are not UTF-8, these come first.
        if !is_ascii {
            self.text_since(content);
        }
        match fault {
            Some(kind) => self.fail(kind),
            None => self.advance(),
        }
        Content { bytes, escaped }
    }

    /// Reads the opening bracket of an array.
    ///
    /// Something else is [`ErrorKind::Expected`].
    pub fn array(&mut self) -> Array {
        match self.token() {
            b'[' => self.open(),
            _ => self.unexpected(Type::Array),
        }
        Array { first: true }
    }

    /// Reads an array or object and gives its text; a function reads each value in it.
    pub(super) fn container(&mut self, open: u8, read: fn(&mut Self)) -> &'a str {
        let byte = self.token();
        let place = self.rest;
        if byte != open {
            self.unexpected(if open == b'[' { Type::Array } else { Type::Object });
        }
        self.open();
        let mut first = true;
        while self.separator(closing(open), &mut first) {
            if open == b'{' {
                self.key();
            }
            read(self);
        }
        self.text_since(place)
    }

    /// Skips a value of any type, and checks its grammar.
    ///
    /// Wrong is whatever RFC 8259 refuses, and [`ErrorKind::Depth`] beyond [`MAX_DEPTH`].
    pub fn skip(&mut self) {
        // One bit for each open container, the innermost lowest: set for an object.
        let mut objects = 0_u64;
        let outside = self.depth;
        loop {
            let mut first = false;
            match self.token() {
                b'"' => _ = self.content(None),
                byte @ (b'{' | b'[') => {
                    if u32::from(self.depth) >= MAX_DEPTH {
                        self.fail(ErrorKind::Depth);
                    }
                    self.open();
                    objects = objects << 1 | u64::from(byte == b'{');
                    first = true;
                }
                b't' => self.literal(b"true"),
                b'f' => self.literal(b"false"),
                b'n' => self.literal(b"null"),
                b'-' | b'0'..=b'9' => self.number(),
                _ => self.syntax(),
            }
            loop {
                if self.depth == outside || self.fault.is_some() {
                    return;
                }
                let object = objects & 1 == 1;
                if self.separator(if object { b'}' } else { b']' }, &mut first) {
                    if object {
                        self.key();
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
    /// Anything else that is left is [`ErrorKind::Trailing`].
    pub fn end(&mut self) {
        self.token();
        if !self.rest.is_empty() {
            self.fail(ErrorKind::Trailing);
        }
    }

    /// Skips white space and returns the byte that follows, without reading it; `None` at the end of the text.
    pub fn peek(&mut self) -> Option<u8> {
        self.token();
        self.rest.first().copied()
    }

    /// The same; at the end of the text that is NUL, with which nothing begins.
    #[cfg_attr(target_pointer_width = "64", inline)]
    pub(crate) fn token(&mut self) -> u8 {
        // The node writes no white space, so there is seldom any to skip.
        if let [byte, ..] = self.rest
            && *byte > b' '
        {
            return *byte;
        }
        self.token_behind_space()
    }

    #[cold]
    #[inline(never)]
    fn token_behind_space(&mut self) -> u8 {
        while let [b' ' | b'\t' | b'\n' | b'\r', after @ ..] = self.rest {
            self.rest = after;
        }
        self.rest.first().copied().unwrap_or(0)
    }

    /// Skips a value and returns its text.
    ///
    /// Wrong is what is wrong for [`Reader::skip`].
    pub fn raw(&mut self) -> &'a str {
        self.token();
        let place = self.rest;
        self.skip();
        self.text_since(place)
    }

    /// Returns how many bytes of the text have been read.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.end.wrapping_sub(self.rest.len())
    }

    /// Reads the punctuation before the next element or member, or the bracket that closes the container; tells
    /// whether there is a next one.
    pub(super) fn separator(&mut self, close: u8, first: &mut bool) -> bool {
        let byte = self.token();
        if byte == close {
            self.close();
            return false;
        }
        if *first {
            *first = false;
        } else if byte == b',' {
            // A value or a name has to follow, so whatever reads that refuses a bracket.
            self.advance();
        } else {
            self.syntax();
        }
        self.fault.is_none()
    }

    /// Goes to the next element or member of a container that has been checked, and tells the byte that it begins with.
    pub(super) fn next_checked(&mut self, open: u8) -> u8 {
        // As the node writes it, without white space.
        if let [byte, next @ b'!'..=0xff, ..] = self.rest
            && (*byte == open || *byte == b',')
        {
            self.advance();
            return *next;
        }
        let byte = self.token();
        if byte == open || byte == b',' {
            self.advance();
        }
        self.token()
    }

    /// Reads a member's name and its colon.
    pub(super) fn key(&mut self) -> Content<'a> {
        let key = self.content(None);
        if !matches!(self.rest, [b':', ..]) && self.token() != b':' {
            self.syntax();
        }
        self.advance();
        key
    }

    /// Reads a literal, or goes to the byte of it that is wrong.
    fn literal(&mut self, literal: &[u8]) {
        for expected in literal {
            match self.rest {
                [byte, rest @ ..] if byte == expected => self.rest = rest,
                _ => return self.syntax(),
            }
        }
    }

    /// Goes past the bracket that opens an array or object.
    fn open(&mut self) {
        self.advance();
        self.enter();
    }

    /// Notes that the reader is within one more array or object.
    pub(super) fn enter(&mut self) {
        self.depth = self.depth.wrapping_add(1);
    }

    /// Goes past the bracket that closes an array or object.
    pub(crate) fn close(&mut self) {
        self.advance();
        self.depth = self.depth.wrapping_sub(1);
    }

    #[inline]
    pub(super) fn advance(&mut self) {
        if let [_, rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    /// The bytes from an earlier place up to here.
    pub(crate) fn since(&self, place: &'a [u8]) -> &'a [u8] {
        let length = place.len().wrapping_sub(self.rest.len());
        certain(place.get(..length))
    }

    /// The text from an earlier place up to here. It has to be UTF-8, but where the whole text ends the bytes of a character
    /// may still come.
    pub(super) fn text_since(&mut self, place: &'a [u8]) -> &'a str {
        if self.has_failed() {
            // All that is left has been given up.
            return "";
        }
        match core::str::from_utf8(self.since(place)) {
            Ok(text) => text,
            Err(error) => {
                if error.error_len().is_some() || !self.rest.is_empty() {
                    self.fail_at(certain(place.get(error.valid_up_to()..)), ErrorKind::Utf8);
                }
                ""
            }
        }
    }

    /// So much text from an earlier place on, if the fast path knows it to be UTF-8.
    #[inline]
    pub(super) fn known_text(&self, place: &'a [u8], length: usize) -> Option<&'a str> {
        self.known.first()?.text(place, length)
    }

    /// Skips white space and tells what follows, for the fast path: how far it is UTF-8 is known then.
    #[inline]
    pub(super) fn look_ahead(&mut self) -> &'a [u8] {
        self.token();
        for known in &mut self.known {
            known.reach(self.rest);
        }
        self.rest
    }

    /// Whether the fast path may be tried.
    #[inline]
    pub(super) fn is_quick(&self) -> bool {
        self.path != Path::General && WIDE
    }

    /// Whether the text is cut off within the object that is being read, so that it is not worth reading on.
    #[inline]
    pub(super) fn is_cut_off(&self) -> bool {
        // A few bytes, so that a long object is not searched again behind each of its members.
        self.path == Path::Cut && self.rest.len() < 128 && !self.rest.contains(&b'}')
    }

    /// Keeps which member the fault is in, if it is in no member within that one.
    #[cold]
    #[inline(never)]
    pub(crate) fn fault_is_in(&mut self, member: &'static str) {
        if !self.fault_has_member {
            (self.member, self.fault_has_member) = (Some(member), true);
        }
    }

    /// Where the reader stands, before anything is wrong.
    pub(crate) fn place(&self) -> Place<'a> {
        Place {
            rest: self.rest,
            end: self.end,
            member: self.member,
            depth: self.depth,
        }
    }

    /// Goes back to a place, as if nothing had been wrong since. What is known of the text stays known, or all of it would be
    /// looked at again and again.
    pub(crate) fn go_back(&mut self, place: &Place<'a>) {
        (self.rest, self.end, self.member, self.depth) = (place.rest, place.end, place.member, place.depth);
        (self.fault, self.fault_has_member) = (None, false);
    }

    /// Moves to the end of the text, where another reads on.
    pub(crate) fn leave(&mut self) {
        self.rest = &[];
    }
}

/// What stands between the quotes of a string.
#[derive(Clone, Copy)]
pub(crate) struct Content<'a> {
    /// UTF-8, unless the reader has failed.
    pub(crate) bytes: &'a [u8],
    /// Whether there are escapes in it.
    pub(super) escaped: bool,
}

impl<'a> Content<'a> {
    /// The string, which takes another look at its UTF-8.
    pub(super) fn text(self) -> Text<&'a str> {
        Text::new(bytes::text(self.bytes), self.escaped)
    }
}

/// A place that a [`Reader`] can go back to.
pub(crate) struct Place<'a> {
    rest: &'a [u8],
    end: usize,
    member: Option<&'static str>,
    depth: u16,
}

/// The bracket that closes what this one opens: in ASCII it stands two behind.
fn closing(open: u8) -> u8 {
    open.wrapping_add(2)
}

/// The place inside an array that is being read; see [`Reader::array`].
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug)]
pub struct Array {
    first: bool,
}

impl Array {
    /// Goes to the next element; `false` after the last, and where something is wrong.
    pub fn next(&mut self, reader: &mut Reader<'_>) -> bool {
        reader.separator(b']', &mut self.first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::object::Keys;
    use std::string::String;

    fn skip(json: &str) -> Result<(), (ErrorKind, usize)> {
        let mut reader = Reader::new(json.as_bytes());
        reader.skip();
        reader.end();
        fault(&reader)
    }

    fn fault(reader: &Reader<'_>) -> Result<(), (ErrorKind, usize)> {
        reader
            .finish()
            .map_err(|error| (error.kind.json().unwrap(), error.offset))
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
            reader.skip();
            reader.end();
            assert_eq!(fault(&reader), Err((kind, offset)), "{}", text.escape_ascii());
        }
        // No byte beyond ASCII is UTF-8 by itself, wherever in a word it stands.
        for byte in 0x80..=0xff {
            for place in 0..8 {
                let mut text = *b"\"plain and simple\"";
                text[1 + place] = byte;
                let mut reader = Reader::new(&text);
                reader.skip();
                assert_eq!(
                    fault(&reader),
                    Err((ErrorKind::Utf8, 1 + place)),
                    "{}",
                    text.escape_ascii()
                );
            }
        }
    }

    #[test]
    fn values_of_another_type_are_not_what_was_expected() {
        static EMPTY: Keys = Keys::new("", &[]);
        let read = |json: &'static str, read: fn(&mut Reader<'static>)| {
            let mut reader = Reader::new(json.as_bytes());
            read(&mut reader);
            fault(&reader).expect_err(json).0
        };
        for json in ["1", "\"\"", "[]", "{}"] {
            assert_eq!(
                read(json, |r| _ = r.bool()),
                ErrorKind::Expected(Type::Boolean),
                "{json}"
            );
            assert_eq!(read(json, Reader::null), ErrorKind::Expected(Type::Null), "{json}");
        }
        for json in ["1", "\"\"", "{}"] {
            assert_eq!(
                read(json, |r| _ = r.array()),
                ErrorKind::Expected(Type::Array),
                "{json}"
            );
        }
        for json in ["1", "\"\"", "[]"] {
            let read = read(json, |r| r.object(&EMPTY, &mut |_, _| ()));
            assert_eq!(read, ErrorKind::Expected(Type::Object), "{json}");
        }
        assert_eq!(read("true", |r| _ = r.string()), ErrorKind::Expected(Type::String));
        assert_eq!(read("true", |r| _ = r.array()), ErrorKind::Expected(Type::Array));
        assert_eq!(read("-", |r| _ = r.bool()), ErrorKind::Expected(Type::Boolean));
        assert_eq!(read("]", |r| _ = r.bool()), ErrorKind::Syntax);
        assert_eq!(read("tru", |r| _ = r.bool()), ErrorKind::Incomplete);
        assert_eq!(read("fals\"", |r| _ = r.bool()), ErrorKind::Syntax);
    }

    #[test]
    fn the_first_fault_is_kept_and_nothing_is_left_behind_it() {
        let mut reader = Reader::new(b"[1,tru,5]");
        let mut array = reader.array();
        assert!(array.next(&mut reader), "before 1");
        assert_eq!(reader.u64(), 1);
        assert!(array.next(&mut reader), "before tru");
        _ = reader.bool();
        assert!(!array.next(&mut reader), "behind tru");
        assert_eq!((reader.u64(), reader.string().raw(), reader.peek()), (0, "", None));
        reader.fail(ErrorKind::Form);
        assert_eq!(fault(&reader), Err((ErrorKind::Syntax, 6)));
    }

    #[test]
    fn there_is_nothing_to_go_past_at_the_end() {
        let mut reader = Reader::new(b"[");
        reader.advance();
        reader.advance();
        reader.end();
        assert_eq!((reader.offset(), fault(&reader)), (1, Ok(())));
    }
}
