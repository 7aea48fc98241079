//! A complete reply: what its status and its body say together.

use core::fmt;

use super::envelope::{Envelope, NodeError, ResultReader, go_to_result};
use super::{BatchResponse, Slot};
use crate::bytes::after;
use crate::error::{Error, ErrorKind};
use crate::http;
use crate::json::{FromJson, Reader};

/// A complete reply to a request; obtained from a [`Connection`](crate::Connection).
///
/// The node answers RPC errors with status 400, 404 and 500 and a body all the same, so the body is read first. The status
/// counts where the body is no reply.
///
/// ```
/// use defichain_net_rpc::rpc::Code;
/// use defichain_net_rpc::{Connection, ErrorKind, Want};
///
/// let refused = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
/// let warming_up = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 60\r\n\r\n\
///     {\"result\":null,\"error\":{\"code\":-28,\"message\":\"Wait\"},\"id\":1}";
///
/// for (bytes, kind, words) in [
///     (refused.as_slice(), ErrorKind::Status(401), None),
///     (warming_up, ErrorKind::Node(Code::IN_WARMUP), Some("Wait")),
/// ] {
///     let mut buf = [0; 128];
///     let mut connection = Connection::awaiting_reply(1);
///     let Want::Read(space) = connection.poll(&mut buf)? else { panic!() };
///     space[..bytes.len()].copy_from_slice(bytes);
///     connection.received(bytes.len());
///     let Want::Ready(reply) = connection.poll(&mut buf)? else { panic!() };
///     let error = reply.response::<u64>().unwrap_err();
///     assert_eq!(error.kind, kind);
///     assert_eq!(error.is_transient(), words.is_some());
///     assert_eq!(reply.node_error().map(|error| error.message.to_string()).as_deref(), words);
/// }
/// # Ok::<(), defichain_net_rpc::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Reply<'a> {
    pub(crate) head: &'a [u8],
    pub(crate) status: u16,
    pub(crate) compressed: bool,
    pub(crate) body: &'a [u8],
    pub(crate) id: u64,
}

impl<'a> Reply<'a> {
    /// Reads the result, as [`Response<M>`](crate::Response) or as any other type: one with storage of its own outlives the
    /// buffer.
    ///
    /// # Errors
    ///
    /// The node answered with an error, or the HTTP server in its place, or the body is not the reply that it should be.
    // Not inlined, so that a value, which can be large, is read where it is given out.
    #[inline(never)]
    pub fn response<V: FromJson<'a>>(self) -> Result<V, Error> {
        let mut response = Ok(V::default());
        let mut result = self.begin();
        _ = response.as_mut().map(|value: &mut V| value.read(&mut result.reader));
        if let Err(error) = self.end(&mut result) {
            response = Err(error);
        }
        response
    }

    /// Goes to the result. The same code for all types.
    #[inline(never)]
    fn begin(self) -> ResultReader<'a> {
        ResultReader::begin(self.id, self.text())
    }

    /// Tells what is wrong with the result that has been read, or with all around it.
    #[inline(never)]
    fn end(self, result: &mut ResultReader<'a>) -> Result<(), Error> {
        result.end(self.id, self.text());
        result.reader.finish().map_err(|error| self.error(error))
    }

    /// Reads the replies to a batch. There must be a slot for each request.
    ///
    /// # Errors
    ///
    /// As for [`Reply::response`]; the node answers a batch that it cannot read with a single error.
    pub fn batch<'s>(self, slots: &'s mut [Slot<'a>]) -> Result<BatchResponse<'s, 'a>, Error> {
        BatchResponse::read(self.id, self.text(), slots).map_err(|error| self.error(error))
    }

    /// Reads the envelope of the reply, whatever its id.
    ///
    /// # Errors
    ///
    /// The HTTP server answered in place of the node, or the body is not a reply.
    pub fn envelope(self) -> Result<Envelope<'a>, Error> {
        Envelope::read(self.text()).map_err(|error| self.error(error))
    }

    /// Makes sure that the result is an array.
    pub(crate) fn array(self) -> Result<(), Error> {
        let mut result = Reader::new(self.text());
        go_to_result(self.id, &mut result);
        result.array();
        result.finish().map_err(|error| self.error(error))
    }

    /// What can be read of the body: of a compressed one nothing.
    fn text(self) -> &'a [u8] {
        if self.compressed { b"" } else { self.body }
    }

    /// What an error means beside the status: a body that is no reply is the answer of the HTTP server alone, unless the
    /// status is one of success.
    fn error(self, error: Error) -> Error {
        let kind = match error.kind {
            ErrorKind::Json(_) if self.compressed => ErrorKind::Compressed,
            ErrorKind::Json(_) if self.status == 500 && after(self.body, b"Work queue depth exceeded").is_some() => {
                ErrorKind::WorkQueueFull
            }
            ErrorKind::Json(_) if self.status == 500 && after(self.body, b"Unhandled request").is_some() => {
                ErrorKind::Unhandled
            }
            ErrorKind::Json(_) if !is_success(self.status) => ErrorKind::Status(self.status),
            _ => return error.with_status(self.status),
        };
        Error::new(kind, 0).with_status(self.status)
    }

    /// The error that the node answered with, and its words.
    #[must_use]
    pub fn node_error(self) -> Option<NodeError<&'a str>> {
        let (mut envelope, mut reader) = (Envelope::default(), Reader::new(self.text()));
        envelope.read_whole(&mut reader);
        if reader.has_failed() {
            return None;
        }
        envelope.error
    }

    /// The first line of the body, or its first 200 bytes, if that is printable text and not HTML: what a server or proxy
    /// says that is not the node.
    #[must_use]
    pub fn line(self) -> Option<&'a str> {
        const MAX_LEN: usize = 200;
        let line = self.body.split(|byte| *byte == b'\n').next()?.trim_ascii();
        let cut = line.get(..MAX_LEN).unwrap_or(line);
        let line = match core::str::from_utf8(cut) {
            Ok(line) => line,
            // A character that was cut in two.
            Err(error) if error.error_len().is_none() && cut.len() < line.len() => {
                core::str::from_utf8(cut.get(..error.valid_up_to())?).ok()?
            }
            Err(_) => return None,
        };
        let is_printable = !line.is_empty() && !line.starts_with('<') && !line.chars().any(char::is_control);
        is_printable.then_some(line)
    }

    /// The status code, 200 to 999.
    #[must_use]
    pub fn status(self) -> u16 {
        self.status
    }

    /// The reason phrase beside the status; it may be empty.
    #[must_use]
    pub fn reason(self) -> &'a str {
        http::reason(self.head)
    }

    /// Where a redirect leads to: the `Location` header (RFC 9110, section 10.2.2). The crate follows none.
    #[must_use]
    pub fn location(self) -> Option<&'a str> {
        http::location(self.head)
    }

    /// The body without its framing. Of an answer that is not JSON and does not fit into the buffer, as much as does.
    #[must_use]
    pub fn body(self) -> &'a [u8] {
        self.body
    }
}

/// An error and the words that came with it, as one line; from [`Connection::explain`](crate::Connection::explain).
///
/// Of what the node says only the first line is shown: for a wrong number of parameters it is the whole usage text. Control
/// characters are shown as `?`.
#[derive(Clone, Debug)]
pub struct Explanation<'a> {
    error: Error,
    words: Option<NodeError<&'a str>>,
    line: Option<&'a str>,
}

impl<'a> Explanation<'a> {
    pub(crate) fn new(error: Error, reply: Option<Reply<'a>>) -> Self {
        let (mut words, mut line) = (None, None);
        match error.kind {
            ErrorKind::Node(_) => words = reply.and_then(Reply::node_error),
            ErrorKind::Status(300..=399) => line = reply.and_then(Reply::location),
            ErrorKind::Status(_) | ErrorKind::Json(_) => line = reply.and_then(Reply::line),
            _ => {}
        }
        Self { error, words, line }
    }
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)?;
        match (&self.words, self.line) {
            (Some(words), _) => write_line(words.message.chars(), f),
            (None, Some(line)) => write_line(line.chars(), f),
            (None, None) => Ok(()),
        }
    }
}

/// Writes the first line of a text behind a colon, without control characters.
fn write_line(chars: impl Iterator<Item = char>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (index, c) in chars.take_while(|c| !matches!(c, '\n' | '\r')).enumerate() {
        if index == 0 {
            f.write_str(": ")?;
        }
        fmt::Write::write_char(f, if c.is_control() { '?' } else { c })?;
    }
    Ok(())
}

/// Whether a status promises a body with a result (RFC 9110, section 15.3).
pub(crate) fn is_success(status: u16) -> bool {
    matches!(status, 200..=203 | 206..=299)
}

/// Not the head, which may be long.
impl fmt::Debug for Reply<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.status)
            .field("id", &self.id)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    use crate::method::Response;
    use crate::network::ListBanned;
    use crate::rpc::Code;
    use crate::rpc::response;

    fn reply(status: u16, body: &[u8]) -> Reply<'_> {
        Reply {
            head: b"HTTP/1.1 200 Reason\r\nLocation: /there\r\n\r\n",
            status,
            compressed: false,
            body,
            id: 1,
        }
    }

    /// Why a reply has no result, however it is read.
    fn error(reply: Reply<'_>) -> Error {
        let error = reply.response::<u64>().unwrap_err();
        assert_eq!(reply.array().unwrap_err(), error, "{reply:?}");
        assert_eq!(error.status(), Some(reply.status()));
        error
    }

    #[test]
    fn the_status_counts_where_the_body_is_no_reply() {
        for body in ["", "text", "{"] {
            let reply = reply(404, body.as_bytes());
            let expected = Error::new(ErrorKind::Status(404), 0).with_status(404);
            assert_eq!(error(reply), expected);
            assert_eq!(reply.envelope().unwrap_err(), expected);
            assert_eq!(reply.batch(&mut [None]).unwrap_err(), expected);
            for status in [200, 203, 206, 299] {
                let error = error(Reply { status, ..reply });
                assert!(matches!(error.kind, ErrorKind::Json(_)), "{error:?}");
            }
            for status in [204, 205, 300] {
                assert_eq!(error(Reply { status, ..reply }).kind, ErrorKind::Status(status));
            }
        }
    }

    #[test]
    fn the_body_counts_whatever_the_status() {
        for status in [200, 203, 500] {
            let body = br#"{"result":8,"error":null,"id":1}"#;
            let reply = reply(status, body);
            assert_eq!((reply.status(), reply.body()), (status, body.as_slice()));
            assert_eq!((reply.reason(), reply.location()), ("Reason", Some("/there")));
            assert_eq!(reply.response(), Ok(8_u64));
            assert!(reply.envelope().is_ok());
            assert_eq!(reply.node_error(), None);
            assert_eq!(
                format!("{reply:?}"),
                format!("Reply {{ status: {status}, id: 1, body: 32 bytes, .. }}")
            );
        }
        for (status, code, transient) in [(500, -28, true), (500, -1, false), (503, -1, true)] {
            let body = format!(r#"{{"result":null,"error":{{"code":{code},"message":"a\n"}},"id":1}}"#);
            let reply = reply(status, body.as_bytes());
            let error = error(reply);
            assert_eq!(
                (error.kind, error.code()),
                (ErrorKind::Node(Code(code)), Some(Code(code)))
            );
            assert_eq!(error.is_transient(), transient);
            assert_eq!(reply.node_error().unwrap().message, "a\n");
        }
    }

    #[test]
    fn an_error_is_explained_in_one_line() {
        let node = br#"{"result":null,"error":{"code":-1,"message":"setban \"subnet\"\u0007\nmore"},"id":1}"#;
        let empty = br#"{"result":null,"error":{"code":-1,"message":""},"id":1}"#;
        for (status, body, line) in [
            (500, node.as_slice(), "node error -1: setban \"subnet\"?"),
            (500, empty, "node error -1"),
            (502, b"Bad gateway\nmore", "http 502: Bad gateway"),
            (502, b"<html>", "http 502"),
            (
                301,
                b"<html>",
                "http 301: a redirect; use the address that it names: /there",
            ),
            (200, b"?", "a byte that JSON does not allow at byte 0: ?"),
            (200, br#"{"result":8,"error":null,"id":2}"#, "wrong reply id at byte 30"),
        ] {
            let reply = reply(status, body);
            let error = reply.response::<u64>().unwrap_err();
            assert_eq!(Explanation::new(error, Some(reply)).to_string(), line);
            assert_eq!(Explanation::new(error, None).to_string(), error.to_string());
        }
    }

    #[test]
    fn a_compressed_body_is_not_read() {
        let body = br#"{"result":[],"error":null,"id":1}"#;
        for status in [200, 503] {
            let reply = Reply {
                compressed: true,
                ..reply(status, body)
            };
            let error = error(reply);
            assert_eq!(
                (error.kind, error.is_transient()),
                (ErrorKind::Compressed, status == 503)
            );
            assert_eq!(reply.envelope().unwrap_err(), error);
            assert_eq!(reply.batch(&mut [None]).unwrap_err(), error);
        }
    }

    #[test]
    fn a_result_is_an_array_or_it_is_not() {
        let list = br#"{"result":[8],"error":null,"id":1}"#;
        assert_eq!(reply(500, list).array(), Ok(()));
        let number = reply(200, br#"{"result":8,"error":null,"id":1}"#);
        let expected = ErrorKind::Json(json::ErrorKind::Expected(json::Type::Array));
        assert_eq!(number.array().unwrap_err().kind, expected);
        assert_eq!(
            number.response::<Response<'_, ListBanned>>().unwrap_err().kind,
            expected
        );
        assert_eq!(response::<u64>(1, number.body()), Ok(8));
    }

    #[test]
    fn what_the_node_drops_is_told_from_other_answers_with_500() {
        for (status, text, kind) in [
            (500, "Work queue depth exceeded\n", ErrorKind::WorkQueueFull),
            (500, "Unhandled request\n", ErrorKind::Unhandled),
            (500, "Work queue", ErrorKind::Status(500)),
            (404, "Work queue depth exceeded", ErrorKind::Status(404)),
            (404, "Unhandled request", ErrorKind::Status(404)),
        ] {
            assert_eq!(error(reply(status, text.as_bytes())).kind, kind, "{status} {text}");
        }
    }

    #[test]
    fn the_first_line_is_shown_if_it_is_for_people() {
        let long = "x".repeat(199) + "\u{e9}y";
        for (text, line) in [
            ("", None),
            ("\nmore", None),
            (" Full \r\nmore", Some("Full")),
            ("<p>", None),
            ("{\"result\"", Some("{\"result\"")),
            ("a\tb", None),
            (&long[..199], Some(&long[..199])),
            (&long[..201], Some(&long[..199])),
            (&long, Some(&long[..199])),
        ] {
            assert_eq!(reply(500, text.as_bytes()).line(), line, "{text:?}");
        }
        let full = "x".repeat(201);
        assert_eq!(reply(500, full.as_bytes()).line(), Some(&full[..200]));
        assert_eq!(reply(500, b"\xff").line(), None);
        assert_eq!(reply(500, b"\xc3").line(), None);
        assert_eq!(reply(500, b"x\xc3").line(), None);
        assert_eq!(reply(500, &[b'x', 0xff].repeat(101)).line(), None);
    }
}
