//! A node that has only recorded replies: an HTTP server on loopback, for examples that run without a node.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use defichain_net_rpc::json::{ErrorKind, Keys, Reader};

macro_rules! recorded {
    ($name:literal) => {
        include_bytes!(concat!("../../tests/exchanges/v3.2.8/", $name, ".response.http"))
    };
}

/// The method, its parameters, and the reply.
const REPLIES: [(&str, &str, &[u8]); 6] = [
    ("getconnectioncount", "[]", recorded!("crowd-getconnectioncount")),
    ("getnettotals", "[]", recorded!("crowd-getnettotals")),
    ("getnetworkinfo", "[]", recorded!("crowd-getnetworkinfo")),
    ("getpeerinfo", "[]", recorded!("crowd-getpeerinfo")),
    ("setnetworkactive", "[false]", recorded!("setnetworkactive-false")),
    ("setnetworkactive", "[true]", recorded!("setnetworkactive-true")),
];
const METHOD_NOT_FOUND: &[u8] = recorded!("error-method-not-found");
const PARSE_ERROR: &[u8] = recorded!("error-parse");
const UNAUTHORIZED: &[u8] = recorded!("http-401-bad-password");

/// The node, which lives as long as the program.
pub(crate) struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Server {
    pub(crate) fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let server = Self {
            address: listener.local_addr()?,
            connections: Arc::default(),
        };
        let connections = Arc::clone(&server.connections);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                connections.fetch_add(1, Ordering::Relaxed);
                // The other side notices when a connection breaks.
                thread::spawn(move || _ = serve(&stream));
            }
        });
        Ok(server)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://foo:bar@{}", self.address)
    }

    /// How many connections there have been.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

/// Answers the requests of one connection until it is closed.
fn serve(mut stream: &TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    while let Some(request) = Request::read(&mut reader)? {
        stream.write_all(&request.reply())?;
    }
    Ok(())
}

struct Request {
    authorized: bool,
    body: Vec<u8>,
}

impl Request {
    fn read(stream: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let (mut authorized, mut length) = (false, 0);
        loop {
            line.clear();
            stream.read_line(&mut line)?;
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
        let mut body = Vec::new();
        stream.take(length).read_to_end(&mut body)?;
        Ok(Some(Self { authorized, body }))
    }

    /// The reply that was recorded for such a request, with the id of this one.
    fn reply(&self) -> Vec<u8> {
        if !self.authorized {
            return UNAUTHORIZED.into();
        }
        let (reply, id) = match self.envelope() {
            Ok(Envelope { id, method, params }) => {
                let reply = REPLIES.iter().find(|reply| (reply.0, reply.1) == (&method, params));
                (reply.map_or(METHOD_NOT_FOUND, |reply| reply.2), id)
            }
            Err(_) => (PARSE_ERROR, "null"),
        };
        let reply = String::from_utf8_lossy(reply);
        let (head, body) = reply.split_once("\r\n\r\n").unwrap_or((&reply, ""));
        // The id comes last.
        let (outcome, _) = body.rsplit_once("\"id\":").unwrap_or((body, ""));
        let body = format!("{outcome}\"id\":{id}}}\n");
        let head: Vec<&str> = head
            .lines()
            .filter(|line| !line.starts_with("Content-Length"))
            .collect();
        format!("{}\r\nContent-Length: {}\r\n\r\n{body}", head.join("\r\n"), body.len()).into()
    }

    fn envelope(&self) -> Result<Envelope<'_>, ErrorKind> {
        const KEYS: &Keys = &Keys::new(&["id", "method", "params"], &[true, true, true]);
        let mut envelope = Envelope::default();
        let mut reader = Reader::new(&self.body);
        let mut members = reader.members(KEYS)?;
        while let Some(index) = members.next(&mut reader)? {
            match index {
                0 => envelope.id = reader.raw()?,
                1 => envelope.method = reader.string()?.to_string(),
                _ => envelope.params = reader.raw()?,
            }
        }
        reader.end().map(|()| envelope)
    }
}

#[derive(Default)]
struct Envelope<'r> {
    id: &'r str,
    method: String,
    params: &'r str,
}
