//! Replies: the envelope around a result or an error.

use core::fmt;

use super::Code;
use crate::bytes::after;
use crate::bytes::writer::Writer;
use crate::error::{self, Error};
use crate::json::{ErrorKind, FromJson, Keys, ReadMember, Reader, Storage, Text, ToJson};

/// Reads the reply to the request with this id: the body as a whole, and nothing but it.
///
/// The result is read as whatever is asked for: [`Response<M>`](crate::Response) is what a method answers with, borrowed
/// from the body; a type with storage of its own outlives the body.
///
/// That the reply is to this request and has a result is checked before anything is given out. A result that is an array
/// is then read one element at a time, by an iterator: where the text turns out to be malformed there, or behind it, its
/// last item is an error.
///
/// ```
/// use defichain_net_rpc::network::GetConnectionCount;
/// use defichain_net_rpc::rpc::Code;
/// use defichain_net_rpc::{ErrorKind, Response, response};
///
/// let reply = br#"{"result":8,"error":null,"id":1}"#;
/// let count: Response<GetConnectionCount> = response(1, reply)?;
/// assert_eq!(count, 8);
///
/// let reply = br#"{"result":null,"error":{"code":-28,"message":"Loading banlist..."},"id":1}"#;
/// let error = response::<u64>(1, reply).unwrap_err();
/// assert_eq!(error.kind, ErrorKind::Node(Code::IN_WARMUP));
/// assert!(error.is_transient());
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
///
/// What the node says in words is read by [`Envelope::node_error`].
///
/// # Errors
///
/// The node answered with an error, or what is wrong with the reply and where.
pub fn response<'a, V: FromJson<'a>>(id: u64, body: &'a [u8]) -> Result<V, Error> {
    // Read where it is given out, so that it is not copied: it can be large.
    let mut response = Ok(V::default());
    let mut result = ResultReader::begin(id, body);
    _ = response.as_mut().map(|value: &mut V| value.read(&mut result.reader));
    result.end(id, body);
    if let Err(error) = result.reader.finish() {
        response = Err(error);
    }
    response
}

/// A reader at the result of a reply.
pub(super) struct ResultReader<'a> {
    pub(super) reader: Reader<'a>,
    /// How long what follows the result is, if that has only been guessed; 0 once the envelope has been checked.
    rest: usize,
}

impl<'a> ResultReader<'a> {
    /// Goes to the result of the reply to the request with this id.
    pub(super) fn begin(id: u64, body: &'a [u8]) -> Self {
        let mut reader = Reader::new(body);
        let rest = usual(id, &mut reader).unwrap_or_else(|| {
            reader = Reader::new(body);
            go_to_result(id, &mut reader);
            0
        });
        Self { reader, rest }
    }

    /// Checks that what has been read is the result and lies in an envelope, with the same id and body as at the beginning.
    /// What is wrong with the envelope comes before what is wrong with the result.
    pub(super) fn end(&mut self, id: u64, body: &'a [u8]) {
        // Items have gone into an array, and taken all that is left. Another value may have taken the end of the envelope for its
        // own end.
        let rest = if self.reader.depth > 1 { 0 } else { self.rest };
        let is_all = !self.reader.has_failed() && self.reader.rest.len() == rest;
        if self.rest != 0 && !is_all {
            let mut envelope = Reader::new(body);
            go_to_result(id, &mut envelope);
            if envelope.has_failed() {
                self.reader = envelope;
            }
        }
    }
}

/// Goes to the result of a reply that is laid out as the node does it, with a result, this id and no error, and tells how
/// long what follows the result is if that is all it seems to be.
///
/// This looks at both ends of the body. Reading the result then shows whether it fills all that is between. For a reply that is
/// laid out otherwise the reader is of no more use.
fn usual(id: u64, reader: &mut Reader<'_>) -> Option<usize> {
    const BEHIND: &[u8] = b",\"error\":null,\"id\":";
    let body = reader.rest;
    let result = after(body, b"{\"result\":")?;
    let mut text = body;
    while let [rest @ .., b' ' | b'\t' | b'\n' | b'\r'] = text {
        text = rest;
    }
    let [inner @ .., b'}'] = text else { return None };
    let digits = inner.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let length = inner.len().checked_sub(BEHIND.len().wrapping_add(digits))?;
    reader.rest = after(text.get(length..)?, BEHIND)?;
    // The brace is left, or nothing if that is no number.
    if reader.u64() != id || reader.rest.len() != 1 {
        return None;
    }
    reader.rest = result;
    reader.within(Envelope::RESULT, 1);
    Some(body.len().wrapping_sub(length))
}

/// Has a reader at the beginning of a body go to the result of the reply to the request with this id.
pub(crate) fn go_to_result(id: u64, reader: &mut Reader<'_>) {
    let mut envelope = Envelope::default();
    envelope.read_whole(reader);
    if reader.has_failed() {
        return;
    }
    match envelope.check_id(id) {
        Ok(()) => envelope.go_to_result(reader),
        Err(error) => reader.fail_whole(error.kind, error.offset),
    }
}

/// A reply whose result has not been read yet.
///
/// This is for programs that must know the id of a reply before they know which method it belongs to;
/// [`response`] is the short way.
///
/// ```
/// use defichain_net_rpc::rpc::{Envelope, Id};
///
/// let envelope = Envelope::read(br#"{"result":8,"error":null,"id":3}"#)?;
/// assert_eq!(envelope.id, Id::Number(3));
/// assert_eq!(envelope.result::<u64>()?, 8);
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Envelope<'a> {
    /// The id of the request that this is the reply to.
    pub id: Id,
    pub(super) id_offset: usize,
    /// The offset of the result, and its text.
    result: Option<(usize, &'a [u8])>,
    /// If it is there, the result is null or was left out.
    pub(super) error: Option<NodeError<&'a str>>,
    /// Where it begins.
    error_offset: usize,
}

impl<'a> Envelope<'a> {
    /// Reads a reply: the body as a whole, and nothing but it.
    ///
    /// # Errors
    ///
    /// What is wrong with the reply, and where.
    pub fn read(body: &'a [u8]) -> Result<Self, Error> {
        let (mut envelope, mut reader) = (Self::default(), Reader::new(body));
        envelope.read_whole(&mut reader);
        reader.finish().map(|()| envelope)
    }

    /// The same, in place.
    pub(super) fn read_whole(&mut self, reader: &mut Reader<'a>) {
        self.read(reader);
        reader.end();
    }

    /// Reads the result.
    ///
    /// # Errors
    ///
    /// The node's error, or what is wrong with the result and where in the body.
    pub fn result<V: FromJson<'a>>(self) -> Result<V, Error> {
        self.read_result()
    }

    /// The same for an envelope that is kept.
    pub(super) fn read_result<V: FromJson<'a>>(&self) -> Result<V, Error> {
        let mut result = Reader::new(b"");
        self.go_to_result(&mut result);
        let value = V::from_json(&mut result);
        result.finish().map(|()| value)
    }

    fn go_to_result(&self, reader: &mut Reader<'a>) {
        match (self.result, &self.error) {
            (Some((offset, text)), None) => {
                *reader = Reader::at(offset, text);
                reader.within(Self::RESULT, 1);
            }
            (_, Some(error)) => reader.fail_whole(error::ErrorKind::Node(error.code), 0),
            // The default, which is no reply.
            (None, None) => reader.fail_whole(error::ErrorKind::Json(ErrorKind::Missing), 0),
        }
    }

    /// The error that the node answered with, and its words.
    #[must_use]
    pub fn node_error(&self) -> Option<&NodeError<&'a str>> {
        self.error.as_ref()
    }

    /// Checks that this is the reply to the request with this id.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WrongId`](error::ErrorKind::WrongId), unless the id is null beside an error: so the node answers requests that it could
    /// not read.
    pub fn check_id(&self, id: u64) -> Result<(), Error> {
        match self.id {
            Id::Number(this) if this == id => Ok(()),
            Id::Null if self.error.is_some() => Ok(()),
            _ => Err(Error::new(error::ErrorKind::WrongId, self.id_offset)),
        }
    }
}

/// No reply, but an error without code and message.
impl Default for Envelope<'_> {
    fn default() -> Self {
        Self {
            id: Id::Null,
            id_offset: 0,
            result: None,
            error: None,
            error_offset: 0,
        }
    }
}

impl<'a> Envelope<'a> {
    const KEYS: &'static Keys = &Keys::new("\x06result\x05error\x02id", &[false, false, false]);

    /// The member that has the result.
    pub(crate) const RESULT: Option<&'static str> = Some("result");

    /// Reads what follows a result that is an array, up to the brace that closes the reply.
    pub(crate) fn read_rest(&mut self, reader: &mut Reader<'a>) {
        reader.within(None, 1);
        self.result = Some((0, b"[]"));
        self.read_members(reader, 1);
    }

    /// Checks what follows a result that is an array, up to the end of the body.
    pub(crate) fn check_rest(id: u64, mut reader: Reader<'a>) -> Result<(), Error> {
        let mut envelope = Self::default();
        envelope.read_rest(&mut reader);
        reader.end();
        reader.finish()?;
        envelope.check_id(id)
    }

    #[inline(never)]
    fn read_members(&mut self, reader: &mut Reader<'a>, seen: u64) {
        reader.members(Self::KEYS, seen, self);
        let (member, offset, kind) = match self.result {
            // No id begins at the first byte. Beside an error it may be missing, as if it were null.
            _ if self.id_offset == 0 && self.error.is_none() => ("id", reader.offset(), ErrorKind::Missing),
            Some((offset, result)) if self.error.is_some() && result.first() != Some(&b'n') => {
                let member = if self.error_offset > offset { "error" } else { "result" };
                (member, self.error_offset.max(offset), ErrorKind::Conflict)
            }
            None if self.error.is_none() => ("result", reader.offset(), ErrorKind::Missing),
            _ => return reader.close(),
        };
        if !reader.has_failed() {
            reader.fail_whole(error::ErrorKind::Json(kind), offset);
            reader.fault_is_in(member);
        }
    }
}

impl<'a> ReadMember<'a> for Envelope<'a> {
    fn read_member(&mut self, reader: &mut Reader<'a>, index: usize) {
        reader.token();
        let (offset, place) = (reader.offset(), reader.rest);
        match index {
            0 => {
                reader.skip();
                self.result = Some((offset, reader.since(place)));
            }
            1 => {
                self.error_offset = offset;
                self.error.read(reader);
            }
            _ => {
                self.id_offset = offset;
                self.id.read(reader);
            }
        }
    }
}

impl<'a> FromJson<'a> for Envelope<'a> {
    fn read(&mut self, reader: &mut Reader<'a>) {
        self.read_members(reader, 0);
    }
}

/// The id of a reply: what the request had; see [`Envelope`].
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Id {
    /// A number, as all requests of this crate have it.
    Number(u64),
    /// None: the request had no id, or it could not be read.
    #[default]
    Null,
    /// Anything else.
    Other,
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(id) => id.fmt(f),
            Self::Null => f.write_str("null"),
            Self::Other => f.write_str("of another type"),
        }
    }
}

impl FromJson<'_> for Id {
    fn read(&mut self, reader: &mut Reader<'_>) {
        if reader.takes_null() {
            return *self = Self::Null;
        }
        reader.token();
        let place = reader.rest;
        reader.skip();
        let mut number = Reader::new(reader.since(place));
        *self = Self::Number(number.u64());
        if number.has_failed() {
            *self = Self::Other;
        }
    }
}

/// An error that the node answers with; [`Reply::node_error`](crate::Reply::node_error) gives it.
///
/// ```
/// use defichain_net_rpc::json;
/// use defichain_net_rpc::rpc::{Code, NodeError};
///
/// let error: NodeError<&str> = json::from_slice(br#"{"code":-32601,"message":"Method not found"}"#)?;
/// assert_eq!(error.code, Code::METHOD_NOT_FOUND);
/// assert_eq!(error.to_string(), "node error -32601: Method not found");
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct NodeError<T: AsRef<str>> {
    /// What kind of error it is.
    pub code: Code,
    /// What the node says about it: up to 3.5 kB, in several lines. Empty if it says nothing.
    pub message: Text<T>,
}

impl<'a, T: Storage<'a>> FromJson<'a> for NodeError<T> {
    fn read(&mut self, reader: &mut Reader<'a>) {
        const KEYS: &Keys = &Keys::new("\x04code\x07message", &[true, false]);
        reader.object_into(KEYS, self);
    }
}

impl<'a, T: Storage<'a>> ReadMember<'a> for NodeError<T> {
    fn read_member(&mut self, reader: &mut Reader<'a>, index: usize) {
        match index {
            0 => self.code.read(reader),
            _ => self.message.read(reader),
        }
    }
}

impl<T: AsRef<str>> ToJson for NodeError<T> {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.object(|object| {
            object.member("code", &self.code);
            object.member("message", &self.message);
        });
    }
}

impl<T: AsRef<str>> fmt::Display for NodeError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "node error {}", self.code)?;
        if self.message.raw().is_empty() {
            return Ok(());
        }
        write!(f, ": {}", self.message)
    }
}

impl<T: AsRef<str> + fmt::Debug> core::error::Error for NodeError<T> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Map, Raw, Type};
    use crate::network::NetTotals;
    use crate::rpc::Items;

    fn read(body: &str) -> Result<u64, Error> {
        let envelope = Envelope::read(body.as_bytes())?;
        envelope.check_id(1)?;
        envelope.result()
    }

    fn invalid(kind: ErrorKind, offset: usize, member: &'static str) -> Result<u64, Error> {
        Err(Error::new(error::ErrorKind::Json(kind), offset).within((!member.is_empty()).then_some(member)))
    }

    fn wrong_id(offset: usize) -> Result<u64, Error> {
        Err(Error::new(error::ErrorKind::WrongId, offset))
    }

    #[test]
    fn a_result_is_read_whatever_the_order_of_the_members() {
        for body in [
            r#"{"result":8,"error":null,"id":1}"#,
            "\n{ \"id\" : 1 , \"jsonrpc\" : \"2.0\" , \"result\" : 8 }\n",
            r#"{"error":null,"r\u0065sult":8,"id":1}"#,
        ] {
            assert_eq!(read(body), Ok(8), "{body}");
        }
    }

    #[test]
    fn what_is_no_reply_has_no_result() {
        let error = Envelope::default().result::<u64>().unwrap_err();
        assert_eq!(error.kind.json(), Some(ErrorKind::Missing));
    }

    #[test]
    fn an_error_of_the_node_is_told_with_its_own_or_a_null_id() {
        for (id, ok) in [("1", true), ("null", true), ("2", false), ("\"1\"", false)] {
            let body = format!(r#"{{"result":null,"error":{{"code":-1,"message":"a\nb"}},"id":{id}}}"#);
            if ok {
                assert_eq!(read(&body).unwrap_err().code(), Some(Code::MISC_ERROR));
            } else {
                assert_eq!(read(&body), wrong_id(57));
            }
            let envelope = Envelope::read(body.as_bytes()).unwrap();
            let error = envelope.node_error().unwrap();
            assert_eq!(
                (error.code, error.to_string().as_str()),
                (Code::MISC_ERROR, "node error -1: a\nb")
            );
        }
    }

    #[test]
    fn the_id_must_be_that_of_the_request() {
        for id in ["2", "null", "\"1\"", "1.0", "{}", "18446744073709551617"] {
            let body = format!(r#"{{"result":8,"error":null,"id":{id}}}"#);
            assert_eq!(read(&body), wrong_id(30), "{id}");
        }
        assert_eq!(
            read(r#"{"result":8,"error":null}"#),
            invalid(ErrorKind::Missing, 24, "id")
        );
    }

    #[test]
    fn there_is_just_one_of_result_and_error() {
        let both = r#"{"result":8,"error":{"code":1,"message":""},"id":1}"#;
        assert_eq!(read(both), invalid(ErrorKind::Conflict, 20, "error"));
        let both = r#"{"error":{"code":1,"message":""},"result":8,"id":1}"#;
        assert_eq!(read(both), invalid(ErrorKind::Conflict, 42, "result"));
        for neither in [
            r#"{"error":null,"id":1}"#,
            r#"{"id":1,"error":null}"#,
            r#"{"id":1,"jsonrpc":"2.0" }"#,
            r#"{"id":1            }"#,
        ] {
            assert_eq!(read(neither), invalid(ErrorKind::Missing, neither.len() - 1, "result"));
        }
        let null = Envelope::read(br#"{"result":null,"error":null,"id":1}"#).unwrap();
        assert_eq!(null.result(), Ok(()));
    }

    #[test]
    fn an_error_must_be_an_object_with_a_code() {
        for (error, kind, offset, member) in [
            ("\"no\"", ErrorKind::Expected(Type::Object), 23, "error"),
            ("{}", ErrorKind::Missing, 24, "code"),
            (
                r#"{"code":"1","message":""}"#,
                ErrorKind::Expected(Type::Integer),
                31,
                "code",
            ),
            (
                r#"{"code":1.5,"message":""}"#,
                ErrorKind::Expected(Type::Integer),
                31,
                "code",
            ),
            (r#"{"code":2147483648,"message":""}"#, ErrorKind::Range, 31, "code"),
            (
                r#"{"code":1,"message":null}"#,
                ErrorKind::Expected(Type::String),
                43,
                "message",
            ),
        ] {
            let body = format!(r#"{{"result":null,"error":{error},"id":1}}"#);
            assert_eq!(read(&body), invalid(kind, offset, member), "{body}");
        }
    }

    #[test]
    fn an_error_may_lack_its_message_and_its_id() {
        for body in [
            r#"{"error":{"code":-1}}"#,
            r#"{"result":null,"error":{"code":-1},"id":1}"#,
        ] {
            let envelope = Envelope::read(body.as_bytes()).unwrap();
            let error = envelope.node_error().unwrap();
            assert_eq!(
                (error.message.raw(), error.to_string().as_str()),
                ("", "node error -1"),
                "{body}"
            );
            assert_eq!(read(body).unwrap_err().code(), Some(Code::MISC_ERROR), "{body}");
        }
        let missing = r#"{"result":null,"error":null}"#;
        assert_eq!(read(missing), invalid(ErrorKind::Missing, missing.len() - 1, "id"));
    }

    #[test]
    fn what_is_not_a_reply_is_refused_where_it_goes_wrong() {
        for (body, kind, offset, member) in [
            ("", ErrorKind::Incomplete, 0, ""),
            (" \n", ErrorKind::Incomplete, 2, ""),
            ("[]", ErrorKind::Expected(Type::Object), 0, ""),
            ("Work queue depth exceeded", ErrorKind::Syntax, 0, ""),
            ("\u{feff}{}", ErrorKind::Syntax, 0, ""),
            (r#"{"result":8,"error":null,"id":1}{"#, ErrorKind::Trailing, 32, ""),
            (
                r#"{"result":8,"error":null,"result":8,"id":1}"#,
                ErrorKind::Duplicate,
                25,
                "result",
            ),
            (
                r#"{"result":8,"error":null,"error":null,"id":1}"#,
                ErrorKind::Duplicate,
                25,
                "error",
            ),
            (
                r#"{"id":1,"result":8,"error":null,"id":1}"#,
                ErrorKind::Duplicate,
                32,
                "id",
            ),
            (r#"{"result":8,"error":null,"id":01}"#, ErrorKind::Number, 31, "id"),
            (
                r#"{"result":[nul],"error":null,"id":1}"#,
                ErrorKind::Syntax,
                14,
                "result",
            ),
            (
                r#"{"result":"8","error":null,"id":1}"#,
                ErrorKind::Expected(Type::Integer),
                10,
                "result",
            ),
        ] {
            assert_eq!(read(body), invalid(kind, offset, member), "{body}");
        }
    }

    #[test]
    fn a_result_that_has_been_read_does_not_come_again() {
        let check = |rest: &'static str| Envelope::check_rest(1, Reader::new(rest.as_bytes()));
        assert_eq!(check(r#","error":null,"id":1}"#), Ok(()));
        for rest in [r#","result":[],"id":1}"#, r#","id":1,"result":[]}"#] {
            let offset = rest.find("\"result").unwrap();
            let error = check(rest).unwrap_err();
            assert_eq!(
                (error.kind.json(), error.offset),
                (Some(ErrorKind::Duplicate), offset),
                "{rest}"
            );
        }
        let error = check(r#","error":{"code":1,"message":""},"id":1}"#).unwrap_err();
        assert_eq!((error.kind.json(), error.offset), (Some(ErrorKind::Conflict), 9));
        let error = check(r#","error":null}"#).unwrap_err();
        assert_eq!(
            (error.kind.json(), error.member),
            (Some(ErrorKind::Missing), Some("id"))
        );
    }

    #[test]
    fn what_is_between_the_result_and_the_end_of_a_reply_is_read_too() {
        let body = br#"{"result":8,"x":01,"error":null,"id":1}"#;
        let error = response::<u64>(1, body).unwrap_err();
        assert_eq!((error.kind.json(), error.offset), (Some(ErrorKind::Number), 17));
    }

    #[test]
    fn a_result_that_takes_the_end_of_the_envelope_for_its_own_is_incomplete() {
        fn incomplete<'a, V: FromJson<'a> + fmt::Debug>(body: &'a str) {
            let error = response::<V>(1, body.as_bytes()).unwrap_err();
            let fault = (error.kind.json(), error.offset);
            assert_eq!(fault, (Some(ErrorKind::Incomplete), body.len()), "{body}");
        }
        incomplete::<Raw<&str>>(r#"{"result":{"a":1,"error":null,"id":1}"#);
        incomplete::<Map<&str, Raw<&'static str>>>(r#"{"result":{"error":{},"error":null,"id":1}"#);
        incomplete::<NetTotals>(
            r#"{"result":{"totalbytesrecv":1,"totalbytessent":2,"timemillis":3,"error":null,"id":1}"#,
        );
    }

    #[test]
    fn an_id_that_is_no_number_is_not_taken_for_0() {
        for (id, kind, offset) in [("", ErrorKind::Syntax, 30), ("00", ErrorKind::Number, 31)] {
            let body = format!(r#"{{"result":8,"error":null,"id":{id}}}"#);
            let error = response::<u64>(0, body.as_bytes()).unwrap_err();
            assert_eq!((error.kind.json(), error.offset), (Some(kind), offset), "{body}");
        }
        assert_eq!(response(0, br#"{"result":8,"error":null,"id":0}"#), Ok(8_u64));
    }

    #[test]
    fn what_is_wrong_in_an_array_is_told_where_its_elements_are_read() {
        let body = br#"{"result":[8,nul],"error":null,"id":1}"#;
        let mut items: Items<'_, u64> = response(1, body).unwrap();
        assert_eq!(items.next(), Some(Ok(8)));
        let error = items.next().unwrap().unwrap_err();
        assert_eq!(
            (error.kind.json(), error.offset),
            (Some(ErrorKind::Expected(Type::Integer)), 13)
        );
    }

    #[test]
    fn an_id_says_what_it_is() {
        for (id, text) in [(Id::Number(7), "7"), (Id::Null, "null"), (Id::Other, "of another type")] {
            assert_eq!(id.to_string(), text);
        }
    }

    #[test]
    fn a_reply_that_is_cut_off_is_incomplete() {
        let body = r#"{"result":8,"error":null,"id":1}"#;
        for len in 0..body.len() {
            let error = read(&body[..len]).unwrap_err();
            assert_eq!((error.kind.json(), error.offset), (Some(ErrorKind::Incomplete), len));
        }
    }
}
