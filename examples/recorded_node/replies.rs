//! Recorded replies, and which of them answers a request.

use std::io::{self, BufRead};

macro_rules! recorded {
    ($name:literal) => {
        include_str!(concat!("../../tests/exchanges/", $name, ".response.http"))
    };
}

/// The reply to `getpeerinfo`, in whose place a longer one can be given.
pub const PEERS: &str = recorded!("v3.2.8/crowd-getpeerinfo");
/// The other methods, their parameters, and the replies.
const REPLIES: [(&str, &str, &str); 18] = [
    ("addnode", ANY, recorded!("v3.2.8/addnode-add")),
    ("clearbanned", "[]", recorded!("v3.2.8/clearbanned")),
    ("disconnectnode", ANY, recorded!("v3.2.8/disconnectnode-id")),
    ("getaddednodeinfo", "[]", recorded!("v3.2.8/crowd-getaddednodeinfo")),
    ("getaddednodeinfo", ANY, recorded!("v3.2.8/getaddednodeinfo-one")),
    ("getconnectioncount", "[]", recorded!("v3.2.8/crowd-getconnectioncount")),
    ("getnettotals", "[]", recorded!("v3.2.8/crowd-getnettotals")),
    ("getnetworkinfo", "[]", recorded!("v3.2.8/crowd-getnetworkinfo")),
    ("getnodeaddresses", "[]", recorded!("v3.2.8/crowd-getnodeaddresses")),
    ("getnodeaddresses", "[1]", recorded!("v3.2.8/crowd-getnodeaddresses")),
    ("getnodeaddresses", ANY, recorded!("v3.2.8/crowd-getnodeaddresses-3")),
    (
        "getnodestatusinfo",
        "[]",
        recorded!("v4.2.5-network/healthy-getnodestatusinfo"),
    ),
    ("getversioninfo", "[]", recorded!("v3.2.8/getversioninfo")),
    ("listbanned", "[]", recorded!("v3.2.8/listbanned")),
    ("ping", "[]", recorded!("v3.2.8/ping")),
    ("setban", ANY, recorded!("v3.2.8/setban-add")),
    (
        "setnetworkactive",
        "[false]",
        recorded!("v3.2.8/setnetworkactive-false"),
    ),
    ("setnetworkactive", "[true]", recorded!("v3.2.8/setnetworkactive-true")),
];
/// In place of parameters: any that no other line has.
const ANY: &str = "*";
/// The parameters that can be given by name.
const NAMED: [(&str, &str); 3] = [
    ("getaddednodeinfo", "node"),
    ("getnodeaddresses", "count"),
    ("setnetworkactive", "state"),
];

const BATCH: &str = recorded!("v3.2.8/batch");
const INVALID_REQUEST: &str = recorded!("v3.2.8/batch-with-garbage");
const MISSING_METHOD: &str = recorded!("v3.2.8/error-no-method");
const METHOD_NO_STRING: &str = recorded!("v3.2.8/error-method-not-string");
const METHOD_NOT_FOUND: &str = recorded!("v3.2.8/error-method-not-found");
const PARAMS_NO_ARRAY: &str = recorded!("v3.2.8/error-params-not-array");
const UNKNOWN_NAMED: &str = recorded!("v3.2.8/error-unknown-named");
const PARSE_ERROR: &str = recorded!("v3.2.8/error-parse");
const TOP_LEVEL: &str = recorded!("v3.2.8/error-top-level");
const UNAUTHORIZED: &str = recorded!("v3.2.8/http-401-bad-password");
const NOT_FOUND: &str = recorded!("v3.2.8/http-404-path");
const NOT_ALLOWED: &str = recorded!("v3.2.8/http-405-get");

/// A request to the node.
pub struct Request {
    is_post: bool,
    path: String,
    authorized: bool,
    closes: bool,
    body: Vec<u8>,
}

impl Request {
    /// Longer bodies are refused, as by the node.
    const MAX_BODY: usize = 32 << 20;

    /// Reads a request; `None` at the end of the stream.
    ///
    /// # Errors
    ///
    /// The stream's error, its end within the request, or a malformed head.
    pub fn read(stream: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut words = line.split_whitespace();
        let mut request = Self {
            is_post: words.next() == Some("POST"),
            path: words.next().unwrap_or_default().into(),
            authorized: false,
            closes: words.next() != Some("HTTP/1.1"),
            body: Vec::new(),
        };
        let mut length = 0;
        loop {
            line.clear();
            stream.read_line(&mut line)?;
            if !line.ends_with('\n') {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let field = line.trim();
            if field.is_empty() {
                break;
            }
            let (name, value) = field.split_once(':').ok_or(io::ErrorKind::InvalidData)?;
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                // foo:bar.
                "authorization" => request.authorized = value == "Basic Zm9vOmJhcg==",
                "connection" => request.closes |= value.eq_ignore_ascii_case("close"),
                "content-length" => length = value.parse().map_err(io::Error::other)?,
                _ => {}
            }
        }
        if length > Self::MAX_BODY {
            return Err(io::ErrorKind::InvalidData.into());
        }
        request.body = vec![0; length];
        stream.read_exact(&mut request.body)?;
        Ok(Some(request))
    }

    /// Whether the connection is to be closed after the reply.
    #[must_use]
    pub fn closes(&self) -> bool {
        self.closes
    }

    /// The reply that was recorded for such a request, with the id of this one.
    #[must_use]
    pub fn reply(&self, peers: &str) -> String {
        let (head, body) = match self {
            Self { path, .. } if path != "/" => split(NOT_FOUND),
            Self { is_post: false, .. } => split(NOT_ALLOWED),
            Self { authorized: false, .. } => split(UNAUTHORIZED),
            _ => {
                let (head, body) = self.answer(peers);
                return self.frame(head, &(body + "\n"));
            }
        };
        self.frame(head, body)
    }

    /// The reply with the length that it has.
    fn frame(&self, head: &str, body: &str) -> String {
        let mut text = String::new();
        for line in head.lines().filter(|line| !line.starts_with("Content-Length")) {
            text += line;
            text += "\r\n";
        }
        if self.closes {
            text += "Connection: close\r\n";
        }
        format!("{text}Content-Length: {}\r\n\r\n{body}", body.len())
    }

    /// The head and the body of the reply.
    fn answer<'p>(&self, peers: &'p str) -> (&'p str, String) {
        let text = String::from_utf8_lossy(&self.body);
        let text = without_space(&text);
        if let Some(members) = parts(&text, '{', '}') {
            reply_to(&members, peers)
        } else if let Some(requests) = parts(&text, '[', ']') {
            let replies = requests.into_iter().map(|request| match parts(request, '{', '}') {
                Some(members) => reply_to(&members, peers).1,
                None => invalid_request().into(),
            });
            (split(BATCH).0, format!("[{}]", replies.collect::<Vec<_>>().join(",")))
        } else if text.starts_with(['{', '[']) || text.is_empty() {
            split_with_id(PARSE_ERROR, "null")
        } else {
            split_with_id(TOP_LEVEL, "null")
        }
    }
}

/// The head and the body of the reply to a request with these members.
fn reply_to<'p>(members: &[&str], peers: &'p str) -> (&'p str, String) {
    let value = |name: &str| {
        members
            .iter()
            .find_map(|member| member.strip_prefix('"')?.strip_prefix(name)?.strip_prefix("\":"))
    };
    let id = value("id").unwrap_or("null");
    let Some(method) = value("method") else {
        return split_with_id(MISSING_METHOD, id);
    };
    let Some(method) = method.strip_prefix('"').and_then(|method| method.strip_suffix('"')) else {
        return split_with_id(METHOD_NO_STRING, id);
    };
    let params = value("params").unwrap_or("null");
    let params = match (parts(params, '{', '}').as_deref(), params) {
        (Some([]), _) | (None, "null") => "[]".into(),
        (Some([param, ..]), _) => {
            let (name, value) = param.split_once(':').unwrap_or_default();
            let name = name.trim_matches('"');
            if !NAMED.contains(&(method, name)) {
                let (head, body) = split_with_id(UNKNOWN_NAMED, id);
                return (head, body.replace("parameter stat", &format!("parameter {name}")));
            }
            format!("[{value}]")
        }
        (None, params) if params.starts_with('[') => params.into(),
        _ => return split_with_id(PARAMS_NO_ARRAY, id),
    };
    if (method, params.as_str()) == ("getpeerinfo", "[]") {
        return split_with_id(peers, id);
    }
    let fits = |reply: &&(&str, &str, &str)| reply.0 == method && (reply.1 == params || reply.1 == ANY);
    let reply = REPLIES.iter().find(fits).map_or(METHOD_NOT_FOUND, |reply| reply.2);
    split_with_id(reply, id)
}

/// A JSON text without the white space outside of its strings.
fn without_space(text: &str) -> String {
    let (mut in_string, mut escaped) = (false, false);
    text.chars()
        .filter(|c| {
            match c {
                _ if escaped => escaped = false,
                '\\' if in_string => escaped = true,
                '"' => in_string = !in_string,
                _ => {}
            }
            in_string || !c.is_ascii_whitespace()
        })
        .collect()
}

/// What stands between the commas of a JSON array or object; `None` if it is none, or its brackets do not match.
fn parts(text: &str, open: char, close: char) -> Option<Vec<&str>> {
    let text = text.strip_prefix(open)?.strip_suffix(close)?;
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_u32);
    let (mut in_string, mut escaped) = (false, false);
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.checked_sub(1)?,
            b',' if depth == 0 => {
                parts.push(&text[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    if !text.is_empty() {
        parts.push(&text[start..]);
    }
    (depth == 0 && !in_string).then_some(parts)
}

/// The recorded result of a method without parameters, as JSON; `None` if there is none.
#[must_use]
pub fn result(method: &str) -> Option<&'static str> {
    let (_, _, reply) = REPLIES.iter().find(|reply| (reply.0, reply.1) == (method, "[]"))?;
    split(reply)
        .1
        .strip_prefix(r#"{"result":"#)?
        .split_once(r#","error":"#)
        .map(|halves| halves.0)
}

/// The head and the body of a recorded reply.
fn split(reply: &str) -> (&str, &str) {
    reply.split_once("\r\n\r\n").unwrap_or((reply, ""))
}

/// Returns the reply with another id.
fn split_with_id<'r>(reply: &'r str, id: &str) -> (&'r str, String) {
    let (head, body) = split(reply);
    // The id comes last.
    let (outcome, _) = body.rsplit_once("\"id\":").unwrap_or((body, ""));
    (head, format!("{outcome}\"id\":{id}}}"))
}

/// What the node answers to an element of a batch that is no request.
fn invalid_request() -> &'static str {
    let replies = parts(split(INVALID_REQUEST).1.trim(), '[', ']').unwrap_or_default();
    replies.first().copied().unwrap_or_default()
}
