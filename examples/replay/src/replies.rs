//! Recorded replies, and which of them answers a request.

use std::io::{self, BufRead};

use defichain_net_rpc::json::{self, ErrorKind, FromJson, Keys, Raw, Reader, Text};
use defichain_net_rpc::rpc::Items;

macro_rules! recorded {
    ($name:literal) => {
        include_str!(concat!("../../tests/exchanges/", $name, ".response.http"))
    };
}

/// The reply to `getpeerinfo`, in whose place a longer one can be given.
pub(crate) const PEERS: &str = recorded!("v3.2.8/crowd-getpeerinfo");
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
pub(crate) struct Request {
    authorized: bool,
    body: Vec<u8>,
}

impl Request {
    /// Reads a request; `None` at the end of the stream.
    pub(crate) fn read(stream: &mut impl BufRead) -> io::Result<Option<Self>> {
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

    /// The reply that was recorded for such a request, with the id of this one.
    pub(crate) fn reply(&self, peers: &str) -> String {
        if !self.authorized {
            return UNAUTHORIZED.into();
        }
        let (head, body) = match self.body.first() {
            Some(b'[') => json::from_slice::<Items<'_, Call<'_>>>(&self.body)
                .and_then(Iterator::collect)
                .map(|calls: Vec<Call<'_>>| {
                    let bodies: Vec<String> = calls.iter().map(|call| call.reply(peers).1).collect();
                    (split(BATCH).0, format!("[{}]", bodies.join(",")))
                }),
            _ => json::from_slice::<Call<'_>>(&self.body).map(|call| call.reply(peers)),
        }
        .unwrap_or_else(|_| split_with_id(PARSE_ERROR, "null"));
        let head: Vec<&str> = head
            .lines()
            .filter(|line| !line.starts_with("Content-Length"))
            .collect();
        let (head, length) = (head.join("\r\n"), body.len() + 1);
        format!("{head}\r\nContent-Length: {length}\r\n\r\n{body}\n")
    }
}

/// One request, as what it was recorded with.
#[derive(Default)]
struct Call<'r> {
    id: &'r str,
    method: String,
    params: &'r str,
}

impl Call<'_> {
    /// The head and the body of the reply.
    fn reply<'p>(&self, peers: &'p str) -> (&'p str, String) {
        let key = (self.method.as_str(), self.params);
        let reply = match REPLIES.iter().find(|reply| (reply.0, reply.1) == key) {
            Some(reply) => reply.2,
            None if key == ("getpeerinfo", "[]") => peers,
            None => METHOD_NOT_FOUND,
        };
        split_with_id(reply, self.id)
    }
}

impl<'r> FromJson<'r> for Call<'r> {
    fn read(&mut self, reader: &mut Reader<'r>) -> Result<(), ErrorKind> {
        const TEXT: &str = r#"{"id":,"method":,"params":}"#;
        const KEYS: &Keys = &Keys::new(TEXT, &Keys::ends::<3>(TEXT), &[true; 3]);
        let (mut id, mut method, mut params) = (Raw::default(), Text::<&str>::default(), Raw::default());
        reader.object(KEYS, &mut |members| {
            members.read(KEYS, 0, &mut id);
            members.read(KEYS, 1, &mut method);
            members.read(KEYS, 2, &mut params);
        })?;
        *self = Self {
            id: id.as_str(),
            method: method.to_string(),
            params: params.as_str(),
        };
        Ok(())
    }
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
