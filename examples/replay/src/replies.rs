//! Recorded replies, and which of them answers a request.

use std::io::{self, BufRead};

macro_rules! recorded {
    ($name:literal) => {
        include_str!(concat!("../../../tests/exchanges/", $name, ".response.http"))
    };
}

/// The reply to `getpeerinfo`, in whose place a longer one can be given.
pub const PEERS: &str = recorded!("v3.2.8/crowd-getpeerinfo");
/// The other methods, their parameters, and the replies.
const REPLIES: [(&str, &str, &str); 11] = [
    ("getaddednodeinfo", "[]", recorded!("v3.2.8/crowd-getaddednodeinfo")),
    ("getconnectioncount", "[]", recorded!("v3.2.8/crowd-getconnectioncount")),
    ("getnettotals", "[]", recorded!("v3.2.8/crowd-getnettotals")),
    ("getnetworkinfo", "[]", recorded!("v3.2.8/crowd-getnetworkinfo")),
    ("getnodeaddresses", "[3]", recorded!("v3.2.8/crowd-getnodeaddresses-3")),
    (
        "getnodestatusinfo",
        "[]",
        recorded!("v4.2.5-network/healthy-getnodestatusinfo"),
    ),
    ("getversioninfo", "[]", recorded!("v3.2.8/getversioninfo")),
    ("listbanned", "[]", recorded!("v3.2.8/listbanned")),
    ("ping", "[]", recorded!("v3.2.8/ping")),
    (
        "setnetworkactive",
        "[false]",
        recorded!("v3.2.8/setnetworkactive-false"),
    ),
    ("setnetworkactive", "[true]", recorded!("v3.2.8/setnetworkactive-true")),
];
const BATCH: &str = recorded!("v3.2.8/batch");
const METHOD_NOT_FOUND: &str = recorded!("v3.2.8/error-method-not-found");
const PARSE_ERROR: &str = recorded!("v3.2.8/error-parse");
const UNAUTHORIZED: &str = recorded!("v3.2.8/http-401-bad-password");

/// A request to the node.
pub struct Request {
    authorized: bool,
    body: Vec<u8>,
}

impl Request {
    /// Reads a request; `None` at the end of the stream.
    ///
    /// # Errors
    ///
    /// Those of the stream, and its end before that of the request.
    pub fn read(stream: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let (mut authorized, mut length) = (false, 0);
        loop {
            line.clear();
            stream.read_line(&mut line)?;
            if !line.ends_with('\n') {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            if name.eq_ignore_ascii_case("Authorization") {
                // foo:bar.
                authorized = value == "Basic Zm9vOmJhcg==";
            } else if name.eq_ignore_ascii_case("Content-Length") {
                length = value.parse().map_err(io::Error::other)?;
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        Ok(Some(Self { authorized, body }))
    }

    /// The head and the body of the reply; `None` if the request is no JSON.
    fn answer<'p>(&self, peers: &'p str) -> Option<(&'p str, String)> {
        let text = str::from_utf8(&self.body).ok()?;
        if !text.starts_with('[') {
            return Some(Call::read(text)?.reply(peers));
        }
        let calls: Vec<Call<'_>> = parts(text, '[', ']')?
            .into_iter()
            .map(Call::read)
            .collect::<Option<_>>()?;
        let bodies: Vec<String> = calls.iter().map(|call| call.reply(peers).1).collect();
        Some((split(BATCH).0, format!("[{}]", bodies.join(","))))
    }

    /// The reply that was recorded for such a request, with the id of this one.
    #[must_use]
    pub fn reply(&self, peers: &str) -> String {
        if !self.authorized {
            return UNAUTHORIZED.into();
        }
        let (head, body) = self.answer(peers).unwrap_or_else(|| split_with_id(PARSE_ERROR, "null"));
        let head: Vec<&str> = head
            .lines()
            .filter(|line| !line.starts_with("Content-Length"))
            .collect();
        let (head, length) = (head.join("\r\n"), body.len() + 1);
        format!("{head}\r\nContent-Length: {length}\r\n\r\n{body}\n")
    }
}

/// One request, as what it was recorded with.
struct Call<'r> {
    id: &'r str,
    method: &'r str,
    params: &'r str,
}

impl<'r> Call<'r> {
    /// Reads as much of an object as a request needs.
    fn read(text: &'r str) -> Option<Self> {
        let members: Vec<_> = parts(text, '{', '}')?
            .into_iter()
            .map(|member| member.split_once(':'))
            .collect::<Option<_>>()?;
        let value = |name| {
            members
                .iter()
                .find(|member| member.0.trim() == name)
                .map(|member| member.1.trim())
        };
        Some(Self {
            id: value(r#""id""#)?,
            method: value(r#""method""#)?.strip_prefix('"')?.strip_suffix('"')?,
            params: value(r#""params""#)?,
        })
    }

    /// The head and the body of the reply.
    fn reply<'p>(&self, peers: &'p str) -> (&'p str, String) {
        let key = (self.method, self.params);
        let reply = match REPLIES.iter().find(|reply| (reply.0, reply.1) == key) {
            Some(reply) => reply.2,
            None if key == ("getpeerinfo", "[]") => peers,
            None => METHOD_NOT_FOUND,
        };
        split_with_id(reply, self.id)
    }
}

/// What stands between the commas of a JSON array or object; `None` if its brackets do not match.
fn parts(text: &str, open: char, close: char) -> Option<Vec<&str>> {
    let text = text.trim().strip_prefix(open)?.strip_suffix(close)?;
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
    if !text.trim().is_empty() {
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

/// The same, with another id.
fn split_with_id<'r>(reply: &'r str, id: &str) -> (&'r str, String) {
    let (head, body) = split(reply);
    // The id comes last.
    let (outcome, _) = body.rsplit_once("\"id\":").unwrap_or((body, ""));
    (head, format!("{outcome}\"id\":{id}}}"))
}
