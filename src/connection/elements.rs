//! A reply whose result is an array of any length, one element at a time: the buffer is a window on it.

use super::{Connection, State, Want};
use crate::bytes::certain;
use crate::bytes::window::Window;
use crate::error::{self, Error};
use crate::json::{ErrorKind, FromJson, Reader, after_plain};
use crate::rpc::{Envelope, go_to_result, is_success};

impl Connection {
    /// Like [`poll`](Connection::poll), but for a reply whose result is an array, however long it is: `true` if there is an
    /// [element](Connection::element) to be read, `false` at the end.
    ///
    /// Once the head is there the buffer is a window, which must hold the longest element, and what follows the array: some
    /// 50 bytes, 4 kB if that is an error of the node. 4 kB do for every list of the node. A reply that is not laid out as
    /// the node does it, with the result first, or that has no status of success, must fit as a whole.
    ///
    /// **The elements are provisional until the end.** Only there the id, the error and the text behind the array have been
    /// seen, and only then it is known that this is the reply to the request and that it is complete.
    ///
    /// ```
    /// use defichain_net_rpc::network::Ban;
    /// use defichain_net_rpc::{Connection, Want};
    /// use std::io::Read;
    ///
    /// let mut body = br#"{"result":[{"address":"198.51.100.0/24","banned_until":1795440830,"ban_created":1795354430,
    ///     "ban_reason":"manually added"}],"error":null,"id":1}"#.as_slice();
    ///
    /// let mut buf = [0; 160];
    /// let mut connection = Connection::awaiting_body(1);
    /// let mut count = 0;
    /// loop {
    ///     match connection.poll_element(&mut buf)? {
    ///         Want::Read(space) => connection.received(body.read(space)?),
    ///         Want::Ready(true) => {
    ///             let ban: Ban<&str> = connection.element(&buf)?;
    ///             assert_eq!(ban.address, "198.51.100.0/24");
    ///             count += 1;
    ///         }
    ///         Want::Ready(false) => break,
    ///         _ => unreachable!("a body needs no connection"),
    ///     }
    /// }
    /// assert_eq!(count, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`Connection::poll`]; the node answered with an error, or the HTTP server in its place; or what is wrong with
    /// the reply and where. Nothing comes after that, except after [`TooLong`](error::ErrorKind::TooLong).
    pub fn poll_element<'b>(&mut self, buf: &'b mut [u8]) -> Result<Want<'b, bool>, Error> {
        match self.go_on(buf, false)? {
            Some(Next::Element) => Ok(Want::Ready(true)),
            Some(Next::End) => Ok(Want::Ready(false)),
            _ => Ok(self.transfer(buf)),
        }
    }

    /// [`poll_element`](Connection::poll_element) and [`element`](Connection::element) in one: the next element, or what is
    /// wrong with it; `None` at the end.
    ///
    /// This takes half as long: an element that is in the buffer as a whole is read without looking for its end first.
    ///
    /// ```
    /// use defichain_net_rpc::network::Ban;
    /// use defichain_net_rpc::{Connection, Want};
    /// use std::io::Read;
    ///
    /// let mut body = br#"{"result":[{"address":"198.51.100.0/24","banned_until":1795440830,"ban_created":1795354430,
    ///     "ban_reason":"manually added"}],"error":null,"id":1}"#.as_slice();
    ///
    /// let mut buf = [0; 160];
    /// let mut connection = Connection::awaiting_body(1);
    /// let mut count = 0;
    /// loop {
    ///     match connection.poll_item::<Ban<&str>>(&mut buf)? {
    ///         Want::Read(space) => connection.received(body.read(space)?),
    ///         Want::Ready(Some(ban)) => {
    ///             assert_eq!(ban?.address, "198.51.100.0/24");
    ///             count += 1;
    ///         }
    ///         Want::Ready(None) => break,
    ///         _ => unreachable!("a body needs no connection"),
    ///     }
    /// }
    /// assert_eq!(count, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Connection::poll_element`].
    pub fn poll_item<'b, V: FromJson<'b>>(
        &mut self,
        buf: &'b mut [u8],
    ) -> Result<Want<'b, Option<Result<V, Error>>>, Error> {
        match self.go_on(buf, true)? {
            Some(Next::Begun) => self.item(buf),
            Some(Next::Element) => Ok(Want::Ready(Some(self.element(buf)))),
            Some(Next::End) => Ok(Want::Ready(None)),
            _ => Ok(self.transfer(buf)),
        }
    }

    /// Reads the element that the window begins with, or wants more of it.
    // Not inlined, as `element`.
    #[inline(never)]
    fn item<'b, V: FromJson<'b>>(&mut self, buf: &'b mut [u8]) -> Result<Want<'b, Option<Result<V, Error>>>, Error> {
        let is_over = self.is_over();
        let (filled, space) = self.window.lend(buf);
        let input = Input::of(space.len(), is_over);
        // Read where it is given out, as it can be large.
        let mut item = Ok(Want::Connect);
        let read = self.elements.item(self.window.filled(filled), input, &mut |reader| {
            item = Ok(Want::Ready(Some(Ok(V::default()))));
            let element = item.as_mut().ok().and_then(Want::ready_mut).and_then(Option::as_mut);
            _ = element.map(|element: &mut Result<V, Error>| element.as_mut().map(|value| value.read(reader)));
        });
        match read {
            Ok(true) => {}
            Ok(false) => {
                self.space = space.len();
                item = Ok(Want::Read(space));
            }
            Err(ElementError::Missing(error)) => item = Err(self.elements_failed(error)),
            Err(error) => item = Ok(Want::Ready(Some(Err(self.element_failed(error))))),
        }
        item
    }

    /// Goes past the head, as soon as the elements can be looked at.
    // Not inlined, so that it takes no stack while they are.
    #[inline(never)]
    fn begin_elements(&mut self, buf: &[u8]) -> Result<(), Error> {
        // A reply of no success is looked at as a whole.
        let has_head = matches!(self.state, State::Body | State::Done);
        let is_streamable = has_head && is_success(self.head.status) && !self.head.compressed;
        if !is_streamable {
            self.check_whole(buf)?;
        }
        match self.state {
            State::Body | State::Done if is_streamable => {}
            State::Done => self.whole_reply(buf).array()?,
            _ => return Ok(()),
        }
        self.window.discard(core::mem::take(&mut self.head_len));
        self.elements_begun = true;
        Ok(())
    }

    /// Whether no more comes, because that is all or because the stream has failed.
    fn is_over(&self) -> bool {
        self.state == State::Done || self.failure.is_some()
    }

    /// Goes on with the reply: `None` before its elements. An element may be read before its end is known.
    #[inline(never)]
    fn go_on(&mut self, buf: &mut [u8], early: bool) -> Result<Option<Next>, Error> {
        self.advance(buf)?;
        if !self.elements_begun {
            self.begin_elements(buf)?;
        }
        if !self.elements_begun {
            return Ok(None);
        }
        let is_over = self.is_over();
        match (
            self.elements.advance(self.id, &mut self.window, buf, is_over, early),
            self.failure,
        ) {
            (Ok(Next::End | Next::Read), Some(failure)) => Err(failure),
            (Ok(next), _) => Ok(Some(next)),
            (Err(error), _) => Err(self.elements_failed(error)),
        }
    }

    /// Reads the element that [`poll_element`](Connection::poll_element) has found, as [`Item<M>`](crate::Item) or as any
    /// other type, and goes past it.
    ///
    /// An element that is not of the type is an error; the others can still be read. After one that is not JSON nothing can:
    /// `poll_element` then fails with the same error.
    ///
    /// # Errors
    ///
    /// What is wrong with the element and where; [`NoReply`](error::ErrorKind::NoReply) if none was found. Behind one that is
    /// not JSON there is no other: `poll_element` gives the same error.
    // Not inlined, so that it is not copied: it can be large, and the stack small.
    #[inline(never)]
    pub fn element<'b, V: FromJson<'b>>(&mut self, buf: &'b [u8]) -> Result<V, Error> {
        let needed = self.window.end();
        if buf.len() < needed {
            return Err(Error::new(error::ErrorKind::TooLong { needed }, self.offset));
        }
        let mut element = Ok(V::default());
        let read = self.elements.element(self.window.filled(buf), &mut |reader| {
            _ = element.as_mut().map(|value: &mut V| value.read(reader));
        });
        if let Err(error) = read {
            element = Err(self.element_failed(error));
        }
        element
    }

    fn element_failed(&mut self, error: ElementError) -> Error {
        match error {
            ElementError::Unread(error) => error,
            ElementError::Fatal(error) | ElementError::Missing(error) => self.elements_failed(error),
        }
    }

    /// Notes why there are no more elements.
    fn elements_failed(&mut self, error: Error) -> Error {
        let error = error.with_status(self.head.status);
        let is_over = self.state == State::Done;
        match (error.kind, self.failure) {
            // What is wrong with the text that has come is told all the same, so that it makes no difference how much came at
            // once.
            (error::ErrorKind::Json(ErrorKind::Incomplete), Some(failure)) => return failure,
            // Like all of its kind it tells the place in the reply, not in the body.
            (error::ErrorKind::TooLong { .. }, None) => return Error::new(error.kind, self.offset),
            // A reply that is there as a whole stays, for what the node says in it.
            _ if is_over && self.elements.is_whole() => {}
            // Nothing of it is left in the stream, which can be used again.
            _ if is_over => self.failure = Some(error),
            _ => self.fail_with(error),
        }
        error
    }
}

/// How every reply of the node that has an array begins.
const BEGIN: &[u8] = br#"{"result":["#;

/// The place within a reply. To find the end of an element it goes from byte to byte and never back; what is between is
/// then read, and with that checked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Elements {
    phase: Phase,
    /// How many bytes of the body have left the window.
    offset: usize,
    /// How many bytes of the window are done with and leave it next.
    taken: usize,
    /// How many bytes of the window have been looked at.
    scanned: usize,
    /// About how long the elements before were; 0 if there were none.
    length: u16,
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
    /// Within an element, of which there were so many bytes when it was read in vain.
    Element(usize),
    /// Before an element that is there as a whole.
    Found,
    /// Before an element that cannot be read, nor gone past.
    Stopped,
    /// Behind the array.
    Rest,
    End,
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
        // In these bits the four brackets are alike; the others that are like them there do no harm.
        let brackets = (word & LOW.wrapping_mul(0xd9)) ^ LOW.wrapping_mul(0x59);
        let quotes = word ^ LOW.wrapping_mul(0x22);
        let below = |word: usize| word.wrapping_sub(LOW) & !word;
        let marks = (below(brackets) | below(quotes)) & LOW << 7;
        let unmarked = marks.trailing_zeros() as usize >> 3;
        bytes = certain(bytes.get(unmarked..));
        if unmarked < size_of::<usize>() {
            break;
        }
    }
    bytes
}

/// What is to be done before [`Elements`] can go on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Next {
    /// More of the body has to be read, for which there is room in the window.
    Read,
    /// An element can be [read](Elements::element).
    Element,
    /// An element may be there as a whole, and can be read [if it is](Elements::item).
    Begun,
    /// The reply is complete.
    End,
}

/// Whether more of a body can come into the window.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Input {
    MayCome,
    WindowFull,
    Ended,
}

impl Input {
    fn of(room: usize, ended: bool) -> Self {
        match room {
            _ if ended => Self::Ended,
            0 => Self::WindowFull,
            _ => Self::MayCome,
        }
    }
}

impl Elements {
    pub(super) const fn new() -> Self {
        Self {
            phase: Phase::Begin(0),
            offset: 0,
            taken: 0,
            scanned: 0,
            length: 0,
            depth: 0,
            text: Text::Outside,
            checked: false,
        }
    }

    /// Goes on as far as the window allows.
    ///
    /// # Errors
    ///
    /// What is wrong with the reply to the request with this id; after [`TooLong`](error::ErrorKind::TooLong) it can go on in
    /// a larger buffer.
    pub(super) fn advance(
        &mut self,
        id: u64,
        window: &mut Window,
        buf: &[u8],
        ended: bool,
        early: bool,
    ) -> Result<Next, Error> {
        self.release(window);
        // As the node writes it. On 32 bits the general way is as good, and takes no flash of its own.
        if cfg!(target_pointer_width = "64")
            && let (Phase::Next, [b',', b'!'..=255, ..]) = (self.phase, window.filled(buf))
        {
            (self.phase, self.taken) = (Phase::Element(0), 1);
            self.release(window);
        }
        loop {
            // To try again is worth it if there is twice as much.
            if let Phase::Element(tried) = self.phase
                && early
                && self.scanned == 0
                && window.len() / 2 >= tried
            {
                return Ok(Next::Begun);
            }
            let input = Input::of(window.room(buf), ended);
            let next = self.step(id, window.filled(buf), input)?;
            self.release(window);
            if let Some(next) = next {
                return Ok(next);
            }
        }
    }

    /// Lets the bytes leave the window that are done with.
    fn release(&mut self, window: &mut Window) {
        window.discard(self.taken);
        self.offset = self.offset.wrapping_add(self.taken);
        self.scanned = self.scanned.saturating_sub(self.taken);
        self.taken = 0;
    }

    /// Goes on by one phase.
    fn step(&mut self, id: u64, window: &[u8], input: Input) -> Result<Option<Next>, Error> {
        match self.phase {
            Phase::Begin(matched) => match self.begin(matched, window) {
                phase @ Phase::Begin(_) if input != Input::Ended => {
                    self.phase = phase;
                    return match input {
                        Input::WindowFull => Err(too_long(window)),
                        _ => Ok(Some(Next::Read)),
                    };
                }
                Phase::Begin(_) => self.phase = Phase::Whole,
                phase => self.phase = phase,
            },
            Phase::Whole => match input {
                Input::MayCome => return Ok(Some(Next::Read)),
                Input::WindowFull => {
                    let mut reader = Reader::at(self.offset, window);
                    Envelope::default().read(&mut reader);
                    reader.end();
                    return Err(stopped(window, input, &mut reader));
                }
                Input::Ended => {
                    let mut result = Reader::new(window);
                    go_to_result(id, &mut result);
                    result.array();
                    result.finish()?;
                    self.phase = Phase::First;
                    self.taken = result.offset();
                    self.scanned = 0;
                    self.checked = true;
                }
            },
            Phase::First | Phase::Next | Phase::Comma => return self.between(window, input),
            Phase::Element(_) => {
                if self.find_end(window) {
                    self.phase = Phase::Found;
                } else if input == Input::MayCome {
                    return Ok(Some(Next::Read));
                } else {
                    let mut reader = self.reader(window);
                    reader.skip();
                    // A number, say, which is known to have ended if something follows that is no part of it.
                    if reader.rest.is_empty() {
                        return Err(stopped(window, input, &mut reader));
                    }
                    self.phase = Phase::Found;
                }
            }
            Phase::Found => return Ok(Some(Next::Element)),
            // Which fails, as there is a failure.
            Phase::Stopped => return Ok(Some(Next::Read)),
            Phase::Rest => match input {
                _ if self.checked => {
                    self.taken = window.len();
                    self.phase = Phase::End;
                }
                Input::MayCome => return Ok(Some(Next::Read)),
                Input::WindowFull => {
                    let mut reader = Reader::at(self.offset, window);
                    Envelope::default().read_rest(&mut reader);
                    reader.end();
                    return Err(stopped(window, input, &mut reader));
                }
                Input::Ended => {
                    Envelope::check_rest(id, Reader::at(self.offset, window))?;
                    self.phase = Phase::End;
                }
            },
            Phase::End => return Ok(Some(Next::End)),
        }
        Ok(None)
    }

    /// Goes on within the beginning of the reply.
    fn begin(&mut self, mut matched: usize, window: &[u8]) -> Phase {
        for byte in window.get(self.scanned..).unwrap_or_default() {
            if BEGIN.get(matched) == Some(byte) {
                matched = matched.saturating_add(1);
            // White space may stand before and behind the brace and the colon.
            } else if !matches!(matched, 0 | 1 | 9 | 10) || !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
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
    fn between(&mut self, window: &[u8], input: Input) -> Result<Option<Next>, Error> {
        let mut reader = self.reader(window);
        let byte = reader.peek();
        let taken = window.len().wrapping_sub(reader.rest.len());
        (self.phase, self.taken) = match (self.phase, byte) {
            (_, None) if input != Input::Ended => {
                // What has been read is white space, which leaves its room.
                self.taken = taken;
                return Ok(Some(Next::Read));
            }
            (Phase::First | Phase::Next, Some(b']')) => (Phase::Rest, taken.wrapping_add(1)),
            (Phase::Next, Some(b',')) => (Phase::Comma, taken.wrapping_add(1)),
            (_, None) => return Err(reader.error(ErrorKind::Incomplete)),
            (Phase::Next, _) => return Err(reader.error(ErrorKind::Syntax)),
            _ => (Phase::Element(0), taken),
        };
        Ok(None)
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

    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    fn reader<'a>(&self, window: &'a [u8]) -> Reader<'a> {
        let mut reader = Reader::at(self.offset, window);
        // The reply and its array.
        reader.within(Envelope::RESULT, 2);
        reader
    }

    /// Reads the element that the window begins with, and goes past it.
    fn element<'a>(&mut self, window: &'a [u8], read: &mut dyn FnMut(&mut Reader<'a>)) -> Result<(), ElementError> {
        if !matches!(self.phase, Phase::Found) {
            let error = Error::new(error::ErrorKind::NoReply, self.offset);
            return Err(ElementError::Unread(error));
        }
        let element = window.get(..self.scanned).unwrap_or_default();
        let mut reader = self.reader(element);
        read(&mut reader);
        let mut result = Ok(());
        if let Err(error) = reader.finish() {
            reader = self.reader(element);
            reader.skip();
            if reader.has_failed() {
                self.phase = Phase::Stopped;
                return Err(ElementError::Fatal(error));
            }
            result = Err(ElementError::Unread(error));
        }
        self.go_past(&reader);
        result
    }

    /// Reads the element that the window begins with, if its end is there; else more has to come.
    ///
    /// To read it is the quickest way to its end. Only if that fails its end is looked for first, and what is wrong is what is
    /// wrong [then](Elements::element).
    fn item<'a>(
        &mut self,
        window: &'a [u8],
        input: Input,
        read: &mut dyn FnMut(&mut Reader<'a>),
    ) -> Result<bool, ElementError> {
        // Most elements are about as long as those before. What is known to be UTF-8 is known of all that the reader is given.
        let mut length = match usize::from(self.length) {
            0 => usize::MAX,
            length => length.wrapping_add(length / 16).wrapping_add(32),
        };
        let ran_out = loop {
            let mut reader = self.reader(window.get(..length).unwrap_or(window));
            reader.may_be_cut();
            read(&mut reader);
            let ran_out = reader.has_run_out();
            if !ran_out && !reader.has_failed() {
                self.go_past(&reader);
                return Ok(true);
            }
            if !ran_out || length >= window.len() {
                break ran_out;
            }
            length = length.saturating_mul(2);
        };
        if ran_out && input == Input::MayCome {
            self.phase = Phase::Element(window.len());
            return Ok(false);
        }
        match self.step(0, window, input) {
            Ok(None) => self.element(window, read).map(|()| true),
            Ok(Some(_)) => Ok(false),
            Err(error) => Err(ElementError::Missing(error)),
        }
    }

    /// Goes past the element that a reader has read.
    fn go_past(&mut self, reader: &Reader<'_>) {
        self.taken = reader.offset().wrapping_sub(self.offset);
        let length = u16::try_from(self.taken).unwrap_or(u16::MAX);
        self.length = length.max(self.length.wrapping_sub(self.length / 16));
        (self.scanned, self.depth) = (0, 0);
        self.phase = Phase::Next;
    }

    /// Whether the body lies in the window as a whole, or nothing of it has been looked at.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self.phase, Phase::Begin(_) | Phase::Whole)
    }
}

/// Why an element gives no value.
#[derive(Clone, Copy)]
enum ElementError {
    /// The others can still be read.
    Unread(Error),
    /// Nothing more can be read.
    Fatal(Error),
    /// It is not there as a whole.
    Missing(Error),
}

/// Why it cannot go on where nothing more can come: what was read is wrong, or there is not enough of it.
fn stopped(window: &[u8], input: Input, reader: &mut Reader<'_>) -> Error {
    let error = reader.error(ErrorKind::Incomplete);
    match error.kind {
        error::ErrorKind::Json(ErrorKind::Incomplete) if input == Input::WindowFull => too_long(window),
        _ => error,
    }
}

/// The part of the reply that must be there at once does not fit; the connection knows where that is in the reply.
fn too_long(window: &[u8]) -> Error {
    let needed = window.len().saturating_add(1);
    Error::new(error::ErrorKind::TooLong { needed }, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Text;
    use crate::rpc::Items;
    use crate::rpc::response;

    const END: &str = "the end";

    /// Any value, as it stands in the text.
    #[derive(Debug, Default)]
    struct Skipped<'a>(&'a str);

    impl<'a> FromJson<'a> for Skipped<'a> {
        fn read(&mut self, reader: &mut Reader<'a>) {
            reader.token();
            let place = reader.rest;
            reader.skip();
            self.0 = str::from_utf8(reader.since(place)).unwrap_or_default();
        }
    }

    /// A body that comes through a window.
    struct Source {
        connection: Connection,
        window: Vec<u8>,
    }

    impl Source {
        fn new(window: usize) -> Self {
            Self {
                connection: Connection::awaiting_body(1),
                window: vec![0; window],
            }
        }

        fn poll(&mut self) -> Result<Want<'_, bool>, Error> {
            self.connection.poll_element(&mut self.window)
        }

        /// Brings a piece, for which there must be room.
        #[track_caller]
        fn bring(&mut self, piece: &[u8]) {
            match self.poll() {
                Ok(Want::Read(space)) => space[..piece.len()].copy_from_slice(piece),
                other => panic!("{other:?} before {}", piece.escape_ascii()),
            }
            self.connection.received(piece.len());
        }

        /// Makes sure that an element has been found in this text, and goes to it.
        #[track_caller]
        fn find(&mut self, text: &str) {
            let polled = self.poll();
            assert!(matches!(polled, Ok(Want::Ready(true))), "{polled:?} in {text}");
        }
    }

    /// The elements of a body and how it ends, through a window and in pieces of this length.
    #[track_caller]
    fn given(body: &[u8], window: usize, piece: usize) -> Vec<String> {
        let mut source = Source::new(window);
        let mut body = body.chunks(piece);
        let mut piece: &[u8] = &[];
        let mut given = Vec::new();
        let mut has_ended = false;
        loop {
            match source.poll() {
                Ok(Want::Read(space)) => {
                    assert!(!has_ended, "more is wanted behind the end, after {given:?}");
                    if piece.is_empty() {
                        piece = body.next().unwrap_or_default();
                        has_ended = piece.is_empty();
                    }
                    let length = piece.len().min(space.len());
                    let (now, later) = piece.split_at(length);
                    space[..length].copy_from_slice(now);
                    piece = later;
                    source.connection.received(length);
                    continue;
                }
                Ok(Want::Ready(true)) => {
                    // What is wrong with one behind which nothing can be read is told again.
                    if let Ok(element) = source.connection.element::<Skipped<'_>>(&source.window) {
                        given.push(element.0.to_owned());
                    }
                    continue;
                }
                Ok(Want::Ready(false)) => given.push(END.to_owned()),
                Ok(want) => panic!("{want:?} behind {given:?}"),
                Err(error) => given.push(error.to_string()),
            }
            return given;
        }
    }

    fn given_by_the_whole(body: &[u8]) -> Vec<String> {
        let items = match response::<Items<'_, Skipped<'_>>>(1, body) {
            Ok(items) => items,
            Err(error) => return vec![error.to_string()],
        };
        let mut end = END.to_owned();
        let mut given = Vec::new();
        for item in items {
            match item {
                Ok(element) => given.push(element.0.to_owned()),
                Err(error) => end = error.to_string(),
            }
        }
        given.push(end);
        given
    }

    #[test]
    fn there_is_a_result_only_where_nothing_is_wanted() {
        assert_eq!(Want::Ready(1).ready_mut(), Some(&mut 1));
        assert_eq!(Want::<u8>::Connect.ready_mut(), None);
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
                    let (end, before) = given.split_last().expect(body);
                    if window < least {
                        let needed = format!("the reply needs a buffer of {} bytes or more", window + 1);
                        assert_eq!(*end, needed, "{window} of {body}");
                    } else {
                        assert_eq!(Some(end), whole.last(), "{window} of {body}");
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
            let mut source = Source::new(64);
            source.bring(&[BEGIN, element.as_bytes()].concat());
            source.find(&element);
            let read = source.connection.element::<Skipped<'_>>(&source.window);
            assert!(read.is_ok(), "{element}: {read:?}");
        }
    }

    #[test]
    fn a_control_character_in_a_string_is_told_before_more_is_read() {
        for begin in [r#"{"result":["a"#, r#"{"result":[["a\""#, r#"{"result":[{"a":["é"#] {
            let mut source = Source::new(64);
            for byte in begin.bytes() {
                source.bring(&[byte]);
                assert!(
                    !matches!(source.poll(), Ok(Want::Ready(_))),
                    "at {} of {begin}",
                    byte.escape_ascii()
                );
            }
            source.bring(&[0x1f]);
            source.find(begin);
            let error = source
                .connection
                .element::<Skipped<'_>>(&source.window)
                .expect_err(begin);
            assert_eq!(
                (error.kind.json(), error.offset),
                (Some(ErrorKind::Control), begin.len()),
                "{begin}"
            );
        }
    }

    #[test]
    fn an_element_behind_which_nothing_can_be_read_is_not_found_again() {
        let mut source = Source::new(64);
        source.bring(br#"{"result":[8,[nul],9],"#);
        source.find("8");
        assert_eq!(source.connection.element(&source.window), Ok(8_u64));
        source.find("[nul]");
        let error = source.connection.element::<Skipped<'_>>(&source.window).unwrap_err();
        assert_eq!((error.kind.json(), error.offset), (Some(ErrorKind::Syntax), 17));
        for _ in 0..2 {
            assert_eq!(source.poll().unwrap_err(), error);
            let again = source.connection.element::<Skipped<'_>>(&source.window).unwrap_err();
            assert_eq!(again.kind, error::ErrorKind::NoReply);
        }
    }

    #[test]
    fn what_comes_next_is_shown_without_the_bytes_around_it() {
        let mut source = Source::new(32);
        assert_eq!(format!("{:?}", source.poll().unwrap()), "Read(32 bytes)");
        source.bring(br#"{"result":["a"],"id":1}         "#);
        assert_eq!(format!("{:?}", source.poll().unwrap()), "Ready(true)");
        assert!(!format!("{:?}", source.connection).contains("\"a\""));
        let element: Text<&str> = source.connection.element(&source.window).unwrap();
        assert_eq!(format!("{element:?}"), r#""a""#);
        let Ok(Want::Read(_)) = source.poll() else { panic!() };
        source.connection.received(0);
        assert_eq!(format!("{:?}", source.poll().unwrap()), "Ready(false)");
    }
}
