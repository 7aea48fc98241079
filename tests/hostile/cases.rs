//! The replies of `tests/cases`, and what a connection makes of them.

use std::fs;
use std::path::Path;

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::{Connection, Error, Method, Reply, Want};

use crate::caller;
use crate::replies::BODY;

/// A reply of `tests/cases`: head and body.
#[track_caller]
pub(crate) fn case(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A connection and its buffer, without a stream: the test says what is received.
pub(crate) struct Node {
    pub(crate) connection: Connection,
    pub(crate) buf: Vec<u8>,
    /// How many streams it has asked for.
    pub(crate) opened: usize,
}

impl Node {
    /// One that has sent a request with the id 1 by other means.
    pub(crate) fn awaiting_reply(len: usize) -> Self {
        Self {
            connection: Connection::awaiting_reply(1),
            buf: vec![0; len],
            opened: 0,
        }
    }

    /// One whose stream has brought a reply, and has been idle since.
    #[track_caller]
    pub(crate) fn idle(len: usize) -> Self {
        let mut node = Self::awaiting_reply(len);
        let reply = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{BODY}", BODY.len());
        assert_eq!(node.bring(reply.as_bytes(), usize::MAX), b"");
        assert_eq!(node.finish().and_then(Reply::response), Ok(8));
        assert!(node.connection.is_open());
        node
    }

    pub(crate) fn endpoint() -> Endpoint<'static> {
        Endpoint::from_url("http://foo:bar@localhost:8554").unwrap()
    }

    #[track_caller]
    pub(crate) fn call<M: Method>(&mut self, method: &M) {
        self.connection.call(&Self::endpoint(), method, &mut self.buf).unwrap();
    }

    /// Writes the request as a whole, over a new stream if one is wanted.
    pub(crate) fn send(&mut self) -> String {
        let (sent, opened) = caller::send(&mut self.connection, &mut self.buf, usize::MAX);
        self.opened += opened;
        sent
    }

    /// Receives bytes in pieces of this length as long as they are wanted. Returns the rest.
    pub(crate) fn bring<'p>(&mut self, bytes: &'p [u8], piece: usize) -> &'p [u8] {
        caller::bring(&mut self.connection, &mut self.buf, bytes, piece)
    }

    /// Ends the stream, if more of it is wanted, and returns the reply.
    #[track_caller]
    pub(crate) fn finish(&mut self) -> Result<Reply<'_>, Error> {
        if let Ok(Want::Read(_)) = self.connection.poll(&mut self.buf) {
            self.connection.received(0);
        }
        match self.connection.poll(&mut self.buf)? {
            Want::Ready(reply) => Ok(reply),
            want => panic!("{want:?} at the end of the stream"),
        }
    }

    /// Brings bytes in pieces of this length, and then the end of the stream, and reads the elements.
    #[track_caller]
    pub(crate) fn elements<T>(
        &mut self,
        mut bytes: &[u8],
        piece: usize,
        read: impl Fn(&mut Connection, &[u8]) -> T,
    ) -> (Vec<T>, Result<(), Error>) {
        let mut elements = Vec::new();
        loop {
            match self.connection.poll_element(&mut self.buf) {
                Ok(Want::Read(space)) => {
                    let count = space.len().min(piece).min(bytes.len());
                    space[..count].copy_from_slice(&bytes[..count]);
                    bytes = &bytes[count..];
                    self.connection.received(count);
                }
                Ok(Want::Ready(true)) => elements.push(read(&mut self.connection, &self.buf)),
                Ok(Want::Ready(false)) => return (elements, Ok(())),
                Ok(want) => panic!("{want:?}"),
                Err(error) => return (elements, Err(error)),
            }
        }
    }
}
