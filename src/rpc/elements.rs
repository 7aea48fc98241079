//! A reply whose result is an array of any length, one element at a time through a small window.

use core::fmt;
use core::marker::PhantomData;

use super::{Envelope, ResponseError, Sequence, go_to_result};
use crate::Method;
use crate::json::{Error, ErrorKind, FromJson, Reader, after_plain};
use crate::window::Window;

/// A reply whose result is an array, one element at a time, however long it is.
///
/// The window is the caller's. It has to hold the longest element, and what follows the array: some 50 bytes, 4 kB if that
/// is an error of the node. A reply that is not laid out as the node does it, with the result first, has to fit as a whole.
///
/// This is for a body without its HTTP framing; [`ElementExchange`](crate::ElementExchange) does the same over a connection.
///
/// **What it gives is provisional until [`Step::End`].** Only then the id, the error and the text behind the array have been
/// seen, and only then it is known that this is the reply to the request and that it is complete.
///
/// ```
/// use defichain_net_rpc::network::ListBanned;
/// use defichain_net_rpc::rpc::{Elements, Step};
/// use std::io::Read;
///
/// let mut body = br#"{"result":[{"address":"198.51.100.0/24","banned_until":1795440830,"ban_created":1795354430,
///     "ban_reason":"manually added"}],"error":null,"id":1}"#.as_slice();
///
/// let mut window = [0; 160];
/// let mut bans = Elements::new(&ListBanned, 1, &mut window);
/// let mut count = 0;
/// loop {
///     match bans.poll().map_err(|error| error.to_string())? {
///         Step::Read(space) => {
///             let length = body.read(space)?;
///             bans.received(length); // 0: the body has ended.
///         }
///         Step::Element(ban) => {
///             assert_eq!(ban?.address, "198.51.100.0/24");
///             count += 1;
///         }
///         Step::End => break,
///     }
/// }
/// assert_eq!(count, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Elements<'w, M> {
    window: Window<'w>,
    ended: bool,
    scan: Scan,
    method: PhantomData<fn() -> M>,
}

/// What [`Elements`] come to next; see there.
pub enum Step<'a, V> {
    /// Read more of the body into this space, and tell how many bytes with [`Elements::received`]: 0 for its end. The space
    /// is never empty.
    Read(&'a mut [u8]),
    /// An element; or what is wrong with it, and the others can still be read.
    Element(Result<V, Error>),
    /// The reply is complete, and all of it is as it should be.
    End,
}

impl<V: fmt::Debug> fmt::Debug for Step<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(space) => write!(f, "Read({} bytes)", space.len()),
            Self::Element(element) => f.debug_tuple("Element").field(element).finish(),
            Self::End => f.write_str("End"),
        }
    }
}

/// An element of a method's response, as it borrows from the window.
pub(crate) type Item<'a, M> = <<M as Method>::Response<'a> as Sequence<'a>>::Item;

impl<'w, M: Method> Elements<'w, M> {
    /// The elements of the reply to a method's request, through this window.
    pub fn new(method: &M, id: u64, window: &'w mut [u8]) -> Self {
        _ = method;
        Self {
            window: Window::new(window),
            ended: false,
            scan: Scan::new(id),
            method: PhantomData,
        }
    }

    /// Goes on to what comes next: each call that gives an element goes past it.
    ///
    /// # Errors
    ///
    /// The node's error, what is wrong with the reply and where, or [`ResponseError::TooLong`]. Nothing comes after that.
    pub fn poll(&mut self) -> Result<Step<'_, Item<'_, M>>, ResponseError<'_>>
    where
        M: for<'a> Method<Response<'a>: Sequence<'a>>,
    {
        self.poll_as()
    }

    /// The same with elements of another type: one that outlives the window, say.
    ///
    /// # Errors
    ///
    /// As for [`Elements::poll`].
    pub fn poll_as<'a, V: FromJson<'a>>(&'a mut self) -> Result<Step<'a, V>, ResponseError<'a>> {
        match self.scan.advance(&mut self.window, self.ended) {
            Next::Read => Ok(Step::Read(self.window.space())),
            Next::Element => self.element(),
            Next::End => self.scan.end(self.window.filled()).map(|()| Step::End),
        }
    }

    /// Reads an element where it is given out. Not inlined, so that it is not copied: it can be large, and the stack small.
    #[inline(never)]
    fn element<'a, V: FromJson<'a>>(&'a mut self) -> Result<Step<'a, V>, ResponseError<'a>> {
        let mut element = Ok(V::default());
        self.scan.element(self.window.filled(), &mut element)?;
        Ok(Step::Element(element))
    }

    /// Tells that so many bytes have been read into the space that was given; 0 if the body has ended.
    pub fn received(&mut self, count: usize) {
        self.window.add(count);
        self.ended |= count == 0;
    }
}

impl<M> fmt::Debug for Elements<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Elements")
            .field("ended", &self.ended)
            .field("scan", &self.scan)
            .finish_non_exhaustive()
    }
}

/// How every reply of the node that has an array begins. White space may stand at [`SPACE`].
const BEGIN: &[u8] = br#"{"result":["#;
const SPACE: [usize; 4] = [0, 1, 9, 10];

/// The place within a reply. To find the end of an element it goes from byte to byte and never back; what is between is
/// then read, and with that checked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scan {
    id: u64,
    phase: Phase,
    /// How many bytes of the body have left the window.
    offset: usize,
    /// How many bytes of the window are done with and leave it next.
    taken: usize,
    /// How many bytes of the window have been looked at.
    scanned: usize,
    /// How many arrays and objects of the element are open.
    depth: usize,
    text: Text,
    /// Whether what follows the array has been checked already.
    checked: bool,
}

#[derive(Clone, Copy, Debug)]
enum Phase {
    /// Within [`BEGIN`], behind so many bytes of it.
    Begin(usize),
    /// In a reply that begins otherwise, and is read as a whole.
    Whole,
    /// Behind the bracket that opens the array.
    First,
    /// Behind an element.
    Next,
    /// Behind a comma.
    Comma,
    /// Within an element.
    Element,
    /// Before an element that is there as a whole.
    Found,
    /// Behind the array.
    Rest,
    End,
    Invalid(Error),
    TooLong {
        window: usize,
    },
}

/// Whether the next byte belongs to a string.
#[derive(Clone, Copy, Debug)]
enum Text {
    Outside,
    Inside,
    Escaped,
}

/// What follows the words of a text outside of strings in which there are neither quotes nor brackets.
#[inline]
fn after_unmarked(mut bytes: &[u8]) -> &[u8] {
    const LOW: usize = usize::MAX / 0xff;
    while let Some(word) = bytes.first_chunk() {
        let word = usize::from_le_bytes(*word);
        // The four brackets differ in these bits alone; the others that do not differ from them elsewhere do no harm.
        let brackets = (word | LOW.wrapping_mul(0x26)) ^ LOW.wrapping_mul(0x7f);
        let quotes = word ^ LOW.wrapping_mul(0x22);
        let below = |word: usize| word.wrapping_sub(LOW) & !word;
        let marks = (below(brackets) | below(quotes)) & LOW << 7;
        let unmarked = marks.trailing_zeros() as usize >> 3;
        bytes = bytes.get(unmarked..).unwrap_or_default();
        if unmarked < size_of::<usize>() {
            break;
        }
    }
    bytes
}

/// What is to be done before a [`Scan`] can go on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Next {
    /// More of the body has to be read, for which there is room in the window.
    Read,
    /// An element can be [read](Scan::element).
    Element,
    /// It is clear [how the reply ends](Scan::end).
    End,
}

/// Whether more of a body can come into the window.
#[derive(Clone, Copy, PartialEq, Eq)]
enum More {
    Comes,
    HasNoRoom,
    Ended,
}

impl Scan {
    pub(crate) fn new(id: u64) -> Self {
        Self {
            id,
            phase: Phase::Begin(0),
            offset: 0,
            taken: 0,
            scanned: 0,
            depth: 0,
            text: Text::Outside,
            checked: false,
        }
    }

    /// Goes on as far as the window allows.
    pub(crate) fn advance(&mut self, window: &mut Window<'_>, ended: bool) -> Next {
        self.let_go(window);
        loop {
            let more = match window.is_full() {
                _ if ended => More::Ended,
                true => More::HasNoRoom,
                false => More::Comes,
            };
            let next = self.step(window.filled(), more);
            self.let_go(window);
            if let Some(next) = next {
                return next;
            }
        }
    }

    fn let_go(&mut self, window: &mut Window<'_>) {
        window.discard(self.taken);
        self.offset = self.offset.saturating_add(self.taken);
        self.scanned = self.scanned.saturating_sub(self.taken);
        self.taken = 0;
    }

    /// Goes on by one phase.
    fn step(&mut self, window: &[u8], more: More) -> Option<Next> {
        match self.phase {
            Phase::Begin(matched) => match self.begin(matched, window) {
                phase @ Phase::Begin(_) if more == More::Comes => {
                    self.phase = phase;
                    return Some(Next::Read);
                }
                Phase::Begin(_) => self.phase = Phase::Whole,
                phase => self.phase = phase,
            },
            Phase::Whole => match more {
                More::Comes => return Some(Next::Read),
                More::HasNoRoom => {
                    let mut reader = Reader::at(self.offset, window);
                    let read = Envelope::default().read(&mut reader).and_then(|()| reader.end());
                    self.stop(window, more, &reader, read);
                }
                More::Ended => {
                    let mut result = Reader::new(window);
                    if go_to_result(self.id, &mut result).is_err() {
                        return Some(Next::End);
                    }
                    self.phase = match result.array() {
                        Ok(_) => Phase::First,
                        Err(kind) => Phase::Invalid(result.error(kind)),
                    };
                    self.taken = result.offset();
                    self.scanned = 0;
                    self.checked = true;
                }
            },
            Phase::First | Phase::Next | Phase::Comma => return self.between(window, more),
            Phase::Element => {
                if self.find_end(window) {
                    self.phase = Phase::Found;
                } else if more == More::Comes {
                    return Some(Next::Read);
                } else {
                    let mut reader = self.reader(window);
                    match reader.skip() {
                        // A number, say, which is known to have ended if something follows that is no part of it.
                        Ok(()) if !reader.rest.is_empty() => self.phase = Phase::Found,
                        read => self.stop(window, more, &reader, read),
                    }
                }
            }
            Phase::Found => return Some(Next::Element),
            Phase::Rest => match more {
                _ if self.checked => {
                    self.taken = window.len();
                    self.phase = Phase::End;
                }
                More::Comes => return Some(Next::Read),
                More::HasNoRoom => {
                    let mut reader = Reader::at(self.offset, window);
                    let read = Envelope::default().read_rest(&mut reader).and_then(|()| reader.end());
                    self.stop(window, more, &reader, read);
                }
                More::Ended => return Some(Next::End),
            },
            Phase::End | Phase::Invalid(_) | Phase::TooLong { .. } => return Some(Next::End),
        }
        None
    }

    /// Goes on within the beginning of the reply.
    fn begin(&mut self, mut matched: usize, window: &[u8]) -> Phase {
        for byte in window.get(self.scanned..).unwrap_or_default() {
            if BEGIN.get(matched) == Some(byte) {
                matched = matched.saturating_add(1);
            } else if !SPACE.contains(&matched) || !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Phase::Whole;
            }
            self.scanned = self.scanned.saturating_add(1);
            if matched == BEGIN.len() {
                self.taken = self.scanned;
                return Phase::First;
            }
        }
        Phase::Begin(matched)
    }

    /// Goes on between two elements, or at either end of the array.
    fn between(&mut self, window: &[u8], more: More) -> Option<Next> {
        let mut reader = self.reader(window);
        let byte = reader.peek();
        self.taken = window.len().saturating_sub(reader.rest.len());
        (self.phase, self.taken) = match (self.phase, byte) {
            (_, Err(kind)) if more == More::Ended => (Phase::Invalid(reader.error(kind)), 0),
            // What has been read is white space, which leaves its room.
            (_, Err(_)) => return Some(Next::Read),
            (Phase::First | Phase::Next, Ok(b']')) => (Phase::Rest, self.taken.saturating_add(1)),
            (Phase::Next, Ok(b',')) => (Phase::Comma, self.taken.saturating_add(1)),
            (Phase::Next, Ok(_)) => (Phase::Invalid(reader.error(ErrorKind::Syntax)), 0),
            _ => (Phase::Element, self.taken),
        };
        None
    }

    /// Goes on within an element; whether its end is in the window.
    ///
    /// What is wrong with it is left for the reader to tell: it does not read beyond the byte that this stops at.
    fn find_end(&mut self, window: &[u8]) -> bool {
        let mut rest = window.get(self.scanned..).unwrap_or_default();
        let (mut depth, mut text) = (self.depth, self.text);
        let mut ended = false;
        while !ended {
            match text {
                Text::Inside => rest = after_plain(rest),
                Text::Outside if depth > 0 => rest = after_unmarked(rest),
                _ => {}
            }
            let [byte, after @ ..] = rest else { break };
            rest = after;
            match (text, byte) {
                (Text::Outside, b'"') => {
                    // Most strings are there as a whole and have no escapes.
                    if let [b'"', after @ ..] = after_plain(rest) {
                        rest = after;
                    } else {
                        text = Text::Inside;
                    }
                }
                (Text::Escaped, _) => text = Text::Inside,
                (Text::Outside, b',') => ended = depth == 0,
                (Text::Outside, b'[' | b'{') => depth = depth.saturating_add(1),
                (Text::Outside, b']' | b'}') => {
                    ended = depth <= 1;
                    depth = depth.saturating_sub(1);
                }
                (Text::Inside, b'"') => text = Text::Outside,
                (Text::Inside, b'\\') => text = Text::Escaped,
                // A control character, which ends whatever it stands in.
                (Text::Inside, _) => ended = true,
                _ => {}
            }
        }
        (self.depth, self.text) = (depth, text);
        self.scanned = window.len().saturating_sub(rest.len());
        ended
    }

    /// Tells why it cannot go on, if nothing more can come: what was read is wrong, or there is not enough of it.
    fn stop(&mut self, window: &[u8], more: More, reader: &Reader<'_>, read: Result<(), ErrorKind>) {
        self.phase = match read.err().unwrap_or(ErrorKind::Incomplete) {
            ErrorKind::Incomplete if more == More::HasNoRoom => Phase::TooLong { window: window.len() },
            kind => Phase::Invalid(reader.error(kind)),
        };
    }

    fn reader<'a>(&self, window: &'a [u8]) -> Reader<'a> {
        let mut reader = Reader::at(self.offset, window);
        reader.member = Envelope::RESULT;
        // The reply and its array.
        reader.depth = 2;
        reader
    }

    /// Reads the element that the window begins with.
    pub(crate) fn element<'a, V: FromJson<'a>>(
        &mut self,
        window: &'a [u8],
        element: &mut Result<V, Error>,
    ) -> Result<(), ResponseError<'a>> {
        let mut reader = self.reader(window.get(..self.scanned).unwrap_or_default());
        let place = reader.place();
        let read = element.as_mut().map_or(Ok(()), |value| value.read(&mut reader));
        if let Err(kind) = read {
            let error = reader.error(kind);
            reader.go_to(place);
            if reader.skip().is_err() {
                self.phase = Phase::Invalid(error);
                return Err(ResponseError::Invalid(error));
            }
            *element = Err(error);
        }
        self.taken = reader.offset().saturating_sub(self.offset);
        self.scanned = 0;
        self.depth = 0;
        self.phase = Phase::Next;
        Ok(())
    }

    /// Tells how the reply ends.
    pub(crate) fn end<'a>(&self, window: &'a [u8]) -> Result<(), ResponseError<'a>> {
        match self.phase {
            Phase::Invalid(error) => Err(ResponseError::Invalid(error)),
            Phase::TooLong { window } => Err(ResponseError::TooLong {
                offset: self.offset,
                window,
            }),
            Phase::Whole => go_to_result(self.id, &mut Reader::new(window)),
            Phase::Rest => Envelope::check_rest(self.id, Reader::at(self.offset, window)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Raw, Text};
    use crate::network::ListBanned;
    use crate::rpc::{Items, response_as};

    const END: &str = "the end";

    /// The elements of a body and how it ends, through a window and in pieces of this length.
    fn given(body: &[u8], window: usize, piece: usize) -> Vec<String> {
        let mut window = vec![0; window];
        let mut elements = Elements::new(&ListBanned, 1, &mut window);
        let mut body = body.chunks(piece);
        let mut piece: &[u8] = &[];
        let mut given = Vec::new();
        loop {
            match elements.poll_as::<Raw<'_>>() {
                Ok(Step::Read(space)) => {
                    if piece.is_empty() {
                        piece = body.next().unwrap_or_default();
                    }
                    let length = piece.len().min(space.len());
                    let (now, later) = piece.split_at(length);
                    space[..length].copy_from_slice(now);
                    piece = later;
                    elements.received(length);
                    continue;
                }
                Ok(Step::Element(element)) => {
                    given.push(element.unwrap().as_str().to_owned());
                    continue;
                }
                Ok(Step::End) => given.push(END.to_owned()),
                Err(error) => given.push(error.to_string()),
            }
            return given;
        }
    }

    fn given_by_the_whole(body: &[u8]) -> Vec<String> {
        match response_as::<Items<'_, Raw<'_>>>(1, body) {
            Ok(items) => {
                let items = items.map(|item| match item {
                    Ok(element) => element.as_str().to_owned(),
                    Err(error) => ResponseError::Invalid(error).to_string(),
                });
                let mut given: Vec<_> = items.collect();
                if !given.last().is_some_and(|last| last.starts_with("reply: ")) {
                    given.push(END.to_owned());
                }
                given
            }
            Err(error) => vec![error.to_string()],
        }
    }

    #[test]
    fn elements_are_those_of_the_whole_body_in_any_window_that_holds_them() {
        for (body, least) in [
            (
                r#"{"result":[ "a\"]",{"b":[1,{"c":2}]} ,-2,[],true ],"error":null,"id":1} "#,
                23,
            ),
            ("{ \"result\" :\n[ ] , \"id\":1}", 14),
            (r#"{"id":1,"result":[8,[9]]}"#, 26),
            (r#"{"result":[8],"id":2}"#, 11),
            (r#"{"id":2,"result":[8]}"#, 22),
            (r#"!{"result":[8],"id":1}"#, 1),
            (r#"{"re sult":[8],"id":1}"#, 22),
            (r#"{"result":[1234567890 ,12],"id":1}"#, 11),
            (r#"{"result":[12345678901,12],"id":1}"#, 12),
            (r#"{"result":[8 9]}"#, 11),
            (r#"{"result":[8,]}"#, 11),
            (r#"{"result":[8;9]}"#, 11),
            (r#"{"result":[8,[}"#, 11),
            (r#"{"result":[8"#, 11),
            (r#"{"result":[8,"#, 11),
            (r#"{"result":["a\""#, 11),
            (r#"{"result":8,"id":1}"#, 20),
        ] {
            let whole = given_by_the_whole(body.as_bytes());
            for window in 0..=body.len() + 1 {
                for piece in [1, body.len()] {
                    let given = given(body.as_bytes(), window, piece);
                    let (end, before) = given.split_last().unwrap();
                    if window < least {
                        assert!(
                            end.contains(&format!("longer than the window of {window} bytes")),
                            "{window} of {body}"
                        );
                    } else {
                        assert_eq!(end, whole.last().unwrap(), "{window} of {body}");
                        assert!(
                            whole.len() == 1 || before == &whole[..before.len()],
                            "{window} of {body}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn whole_words_are_passed_over_up_to_a_quote_or_bracket() {
        const WORD: usize = size_of::<usize>();
        for length in 0..3 * WORD {
            for mark in *b"\"[]{}" {
                let mut bytes = vec![b' '; length];
                bytes.push(mark);
                bytes.extend(b"{\"[]}\x01Z,:0a~\xff");
                assert_eq!(after_unmarked(&bytes), &bytes[length..]);
            }
            assert_eq!(after_unmarked(&vec![b' '; length]).len(), length % WORD);
        }
        // Those that differ from a bracket as little as the brackets among themselves.
        let marks = b"\"[]{}Y_y\x7f";
        for byte in (0..=0xff).filter(|byte| !marks.contains(byte)) {
            assert_eq!(after_unmarked(&[byte; WORD]), b"", "{byte}");
        }
    }

    #[test]
    fn an_element_is_given_as_soon_as_its_end_has_come() {
        let number = |length| "1".repeat(length) + ",";
        let others = ["[]", "{}", "[[1],2]", "\"a\",", "null,", "-1]"].map(str::to_owned);
        for element in (1..20).map(number).chain(others) {
            let mut window = [0; 64];
            let mut elements = Elements::new(&ListBanned, 1, &mut window);
            let Ok(Step::Read(space)) = elements.poll() else {
                panic!("{element}")
            };
            let body = [BEGIN, element.as_bytes()].concat();
            space[..body.len()].copy_from_slice(&body);
            elements.received(body.len());
            assert!(
                matches!(elements.poll_as::<Raw<'_>>(), Ok(Step::Element(Ok(_)))),
                "{element}"
            );
        }
    }

    #[test]
    fn a_control_character_in_a_string_is_told_before_more_is_read() {
        for begin in [r#"{"result":["a"#, r#"{"result":[["a\""#, r#"{"result":[{"a":["é"#] {
            let mut window = [0; 64];
            let mut elements = Elements::new(&ListBanned, 1, &mut window);
            for byte in begin.bytes().chain([0x1f]) {
                let Ok(Step::Read(space)) = elements.poll() else {
                    panic!("{begin}")
                };
                space[0] = byte;
                elements.received(1);
            }
            let Err(ResponseError::Invalid(error)) = elements.poll_as::<Raw<'_>>() else {
                panic!("{begin}")
            };
            assert_eq!((error.kind, error.offset), (ErrorKind::Control, begin.len()));
        }
    }

    #[test]
    fn what_comes_next_is_shown_without_the_bytes_around_it() {
        let mut window = [0; 32];
        let mut elements = Elements::new(&ListBanned, 1, &mut window);
        let read = elements.poll_as::<Text<&str>>().unwrap();
        assert_eq!(format!("{read:?}"), "Read(32 bytes)");
        let Step::Read(space) = read else { panic!() };
        space.copy_from_slice(br#"{"result":["a"],"id":1}         "#);
        elements.received(32);
        assert!(format!("{elements:?}").starts_with("Elements { ended: false, scan: "));
        let element = elements.poll_as::<Text<&str>>().unwrap();
        assert_eq!(format!("{element:?}"), r#"Element(Ok("a"))"#);
        let Ok(Step::Read(_)) = elements.poll() else { panic!() };
        elements.received(0);
        assert_eq!(format!("{:?}", elements.poll().unwrap()), "End");
    }
}
