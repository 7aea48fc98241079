//! A complete reply: what its status and its body say together.

use core::fmt;

use crate::Method;
use crate::json::{FromJson, Reader};
use crate::rpc::{BatchResponse, Envelope, NodeError, ResponseError, go_to_result, response_into};

/// A complete HTTP reply to a request; [`Exchange`](crate::Exchange) shows how one is come by.
#[derive(Clone, Copy, Debug)]
pub struct Reply<'a> {
    pub(crate) status: u16,
    pub(crate) reason: &'a str,
    pub(crate) body: &'a [u8],
    pub(crate) id: u64,
    pub(crate) reusable: bool,
}

impl<'a> Reply<'a> {
    /// Reads the reply to the request of a method.
    ///
    /// The node answers RPC errors with status 400, 404 and 500 and a body all the same, so the body is read first. The
    /// status counts where the body is no reply.
    ///
    /// # Errors
    ///
    /// The node's error, an answer of the HTTP server alone, or what is wrong with the reply and where in its body.
    pub fn response<M: Method>(self, method: &M) -> Result<M::Response<'a>, ReplyError<'a>> {
        _ = method;
        self.response_as()
    }

    /// Reads the reply with a result of any type: one that outlives the buffer, say.
    ///
    /// # Errors
    ///
    /// As for [`Reply::response`].
    pub fn response_as<V: FromJson<'a>>(self) -> Result<V, ReplyError<'a>> {
        let mut value = V::default();
        match response_into(self.id, self.body, &mut value) {
            Ok(()) => Ok(value),
            Err(error) => Err(self.error(error)),
        }
    }

    /// Reads the replies to a batch. There must be a slot for each request.
    ///
    /// # Errors
    ///
    /// The node's error if it could not read the batch at all, an answer of the HTTP server alone, or what is wrong with
    /// the body and where.
    pub fn batch<'s>(self, slots: &'s mut [Option<Envelope<'a>>]) -> Result<BatchResponse<'s, 'a>, ReplyError<'a>> {
        BatchResponse::read(self.id, self.body, slots).map_err(|error| self.error(error))
    }

    /// Reads the envelope of the reply, whatever its id.
    ///
    /// # Errors
    ///
    /// An answer of the HTTP server alone, or what is wrong with the reply and where in its body.
    pub fn envelope(self) -> Result<Envelope<'a>, ReplyError<'a>> {
        Envelope::read(self.body).map_err(|error| self.error(error))
    }

    /// Makes sure that the result is an array.
    pub(crate) fn array(self) -> Result<(), ReplyError<'a>> {
        let mut result = Reader::new(self.body);
        let array = go_to_result(self.id, &mut result).and_then(|()| match result.array() {
            Ok(_) => Ok(()),
            Err(kind) => Err(ResponseError::Invalid(result.error(kind))),
        });
        array.map_err(|error| self.error(error))
    }

    /// What an error means beside the status: a body that is no reply is the answer of the HTTP server alone, unless
    /// that says that all is well.
    fn error(self, error: ResponseError<'a>) -> ReplyError<'a> {
        match error {
            ResponseError::Invalid(_) if self.status != 200 => ReplyError::Http(HttpError {
                status: self.status,
                reason: self.reason,
                text: self.body,
            }),
            other => ReplyError::Response(other),
        }
    }

    /// The status code, 200 to 999.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The body without its framing.
    #[must_use]
    pub fn body(&self) -> &'a [u8] {
        self.body
    }

    /// Whether the connection may be used for another request.
    ///
    /// The node closes a connection on which nothing has come for 30 s, without a word.
    #[must_use]
    pub fn is_reusable(&self) -> bool {
        self.reusable
    }
}

/// Why an HTTP reply gives no result.
///
/// ```
/// use defichain_net_rpc::http::{HttpErrorKind, ReplyError};
/// use defichain_net_rpc::network::Ping;
/// use defichain_net_rpc::rpc::Code;
/// use defichain_net_rpc::Exchange;
///
/// let refused = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
/// let warming_up = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 60\r\n\r\n\
///     {\"result\":null,\"error\":{\"code\":-28,\"message\":\"Wait\"},\"id\":1}";
///
/// for reply in [refused.as_slice(), warming_up] {
///     let mut buf = [0; 128];
///     let mut exchange = Exchange::awaiting(1, &mut buf);
///     # let defichain_net_rpc::Want::Read(space) = exchange.poll()? else { panic!() };
///     # space[..reply.len()].copy_from_slice(reply);
///     exchange.received(reply.len());
///     let error = exchange.into_reply().unwrap().response(&Ping).unwrap_err();
///     match &error {
///         ReplyError::Http(answer) => assert_eq!(answer.kind(), HttpErrorKind::Unauthorized),
///         _ => assert_eq!(error.node_error().unwrap().code, Code::IN_WARMUP),
///     }
///     assert_eq!(error.is_transient(), error.node_error().is_some());
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ReplyError<'a> {
    /// The HTTP server answered in place of the RPC server.
    Http(HttpError<'a>),
    /// The RPC server answered, but with no result.
    Response(ResponseError<'a>),
}

impl<'a> ReplyError<'a> {
    /// Whether the same request may succeed a little later: the node is starting, or has too much to do.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Http(error) => error.is_transient(),
            Self::Response(error) => error.is_transient(),
        }
    }

    /// The error of the node, if it is one.
    #[must_use]
    pub fn node_error(&self) -> Option<&NodeError<&'a str>> {
        match self {
            Self::Response(ResponseError::Node(error)) => Some(error),
            _ => None,
        }
    }
}

impl<'a> From<ResponseError<'a>> for ReplyError<'a> {
    fn from(error: ResponseError<'a>) -> Self {
        Self::Response(error)
    }
}

impl fmt::Display for ReplyError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(error) => error.fmt(f),
            Self::Response(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for ReplyError<'_> {}

/// An answer of the HTTP server in place of the RPC server; see [`ReplyError`].
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpError<'a> {
    /// The status code.
    pub status: u16,
    /// The reason phrase beside the status; it may be empty.
    pub reason: &'a str,
    /// The body, which is no reply to the request: often empty, or a line of text, or HTML.
    pub text: &'a [u8],
}

impl HttpError<'_> {
    /// What the answer means.
    #[must_use]
    pub fn kind(&self) -> HttpErrorKind {
        match self.status {
            401 => HttpErrorKind::Unauthorized,
            403 => HttpErrorKind::Forbidden,
            404 => HttpErrorKind::NotFound,
            500 if self.text.starts_with(b"Work queue depth exceeded") => HttpErrorKind::WorkQueueFull,
            503 => HttpErrorKind::Unavailable,
            _ => HttpErrorKind::Other,
        }
    }

    /// Whether the same request may succeed a little later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self.kind(), HttpErrorKind::WorkQueueFull | HttpErrorKind::Unavailable)
    }

    /// The first line of the body, if it is text for people: neither HTML nor broken JSON, and not too long.
    fn line(&self) -> Option<&str> {
        const MAX_LEN: usize = 200;
        let line = self.text.split(|byte| *byte == b'\n').next()?.trim_ascii();
        if line.len() > MAX_LEN || matches!(line, [] | [b'<' | b'{' | b'[', ..]) {
            return None;
        }
        let line = core::str::from_utf8(line).ok()?;
        (!line.chars().any(char::is_control)).then_some(line)
    }
}

/// The status, the reason, and the first line of the body if that is plain text of no more than 200 bytes.
impl fmt::Display for HttpError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http {}", self.status)?;
        if !self.reason.is_empty() {
            write!(f, " {}", self.reason)?;
        }
        self.line().map_or(Ok(()), |line| write!(f, ": {line}"))
    }
}

impl fmt::Debug for HttpError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpError")
            .field("status", &self.status)
            .field("reason", &self.reason)
            .field("text", &format_args!("b\"{}\"", self.text.escape_ascii()))
            .finish()
    }
}

impl core::error::Error for HttpError<'_> {}

/// What an [`HttpError`] means, as far as the node's HTTP server goes; see [`ReplyError`].
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HttpErrorKind {
    /// 401: the credentials are wrong, or there are none.
    Unauthorized,
    /// 403: the node does not allow this address (`-rpcallowip`).
    Forbidden,
    /// 404: the path is wrong.
    NotFound,
    /// 500 with `Work queue depth exceeded`: too many requests wait at the node (`-rpcworkqueue`).
    WorkQueueFull,
    /// 503: the server has too much to do, or is shutting down.
    Unavailable,
    /// Anything else.
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{GetConnectionCount, ListBanned};
    use crate::rpc::Code;

    fn reply(status: u16, body: &str) -> Reply<'_> {
        Reply {
            status,
            reason: "Reason",
            body: body.as_bytes(),
            id: 1,
            reusable: status == 200,
        }
    }

    /// Why a reply gives no result, however it is read.
    fn error(reply: Reply<'_>) -> ReplyError<'_> {
        let error = reply.response(&GetConnectionCount).unwrap_err();
        assert_eq!(reply.response_as::<u64>().unwrap_err(), error);
        assert_eq!(reply.array().unwrap_err(), error);
        error
    }

    #[test]
    fn the_status_counts_where_the_body_is_no_reply() {
        for body in ["", "text", "{"] {
            assert!(matches!(
                error(reply(200, body)),
                ReplyError::Response(ResponseError::Invalid(_))
            ));
            let answer = HttpError {
                status: 201,
                reason: "Reason",
                text: body.as_bytes(),
            };
            let reply = reply(201, body);
            assert_eq!(error(reply), ReplyError::Http(answer));
            assert_eq!(reply.envelope().unwrap_err(), ReplyError::Http(answer));
            assert_eq!(reply.batch(&mut [None]).unwrap_err(), ReplyError::Http(answer));
        }
    }

    #[test]
    fn the_body_counts_whatever_the_status() {
        for status in [200, 500] {
            let body = r#"{"result":8,"error":null,"id":1}"#;
            let reply = reply(status, body);
            assert_eq!((reply.status(), reply.body()), (status, body.as_bytes()));
            assert_eq!(reply.is_reusable(), status == 200);
            assert_eq!(reply.response(&GetConnectionCount), Ok(8));
            assert!(reply.envelope().is_ok());
        }
        for (code, transient) in [(-28, true), (-1, false)] {
            let body = format!(r#"{{"result":null,"error":{{"code":{code},"message":""}},"id":1}}"#);
            let error = error(reply(500, &body));
            assert_eq!(error.node_error().unwrap().code, Code(code));
            assert_eq!(error.is_transient(), transient);
            assert_eq!(error.to_string(), format!("node error {code}: "));
        }
    }

    #[test]
    fn a_result_is_an_array_or_it_is_not() {
        let list = r#"{"result":[8],"error":null,"id":1}"#;
        assert_eq!(reply(500, list).array(), Ok(()));
        let number = reply(200, r#"{"result":8,"error":null,"id":1}"#);
        assert_eq!(number.array().unwrap_err(), number.response(&ListBanned).unwrap_err());
    }

    #[test]
    fn an_answer_of_the_server_is_told_by_its_status() {
        for (status, text, kind, transient) in [
            (401, "", HttpErrorKind::Unauthorized, false),
            (403, "", HttpErrorKind::Forbidden, false),
            (404, "", HttpErrorKind::NotFound, false),
            (500, "Work queue depth exceeded\n", HttpErrorKind::WorkQueueFull, true),
            (500, "Work queue", HttpErrorKind::Other, false),
            (503, "", HttpErrorKind::Unavailable, true),
            (404, "Work queue depth exceeded", HttpErrorKind::NotFound, false),
        ] {
            let error = error(reply(status, text));
            assert!(
                matches!(error, ReplyError::Http(answer) if answer.kind() == kind),
                "{error:?}"
            );
            assert_eq!((error.is_transient(), error.node_error()), (transient, None));
        }
    }

    #[test]
    fn the_first_line_of_an_answer_is_shown_if_it_is_for_people() {
        for (text, shown) in [
            (String::new(), ""),
            ("\nmore".into(), ""),
            (" Full \r\nmore".into(), ": Full"),
            ("<p>".into(), ""),
            ("{\"result\"".into(), ""),
            ("[".into(), ""),
            ("a\tb".into(), ""),
            ("x".repeat(200), &format!(": {}", "x".repeat(200))),
            ("x".repeat(201), ""),
        ] {
            assert_eq!(error(reply(500, &text)).to_string(), format!("http 500 Reason{shown}"));
        }
        let answer = HttpError {
            status: 500,
            reason: "",
            text: b"\xff",
        };
        assert_eq!(answer.to_string(), "http 500");
        assert_eq!(
            format!("{answer:?}"),
            r#"HttpError { status: 500, reason: "", text: b"\xff" }"#
        );
    }
}
