//! Replies as a connection receives them, cut into pieces anywhere. No cut may make a difference.

use std::fmt::Debug;

use defichain_net_rpc::{Connection, Error, ErrorKind, Reply, Want};

/// Receives a reply in every way in which a stream may cut it, and reads it.
///
/// It comes in one piece, cut in two at every byte, in three at every pair of bytes if it is short, and byte by byte; the result
/// must always be the same. With surplus bytes after it the result must be the same too, but the connection must not be used again.
/// If the stream ends within the reply, that must be the error.
#[track_caller]
pub(crate) fn receive<T: Debug + PartialEq>(id: u64, reply: &[u8], read: impl Fn(Result<Reply<'_>, Error>) -> T) -> T {
    let shown = reply.escape_ascii();
    let mut stream = Stream::new(reply.len() + SURPLUS.len());
    stream.bring(id, [reply]);
    let outcome = read(stream.finish());
    let result = stream.parts().owned();

    let used = stream.bring(id, reply.chunks(1));
    let closes = matches!(stream.poll(), Ok(Want::Read(_)));
    assert_eq!(read(stream.finish()), outcome, "byte by byte: {shown}");
    assert_eq!(stream.parts().owned(), result, "byte by byte: {shown}");

    for at in 1..reply.len() {
        let (first, second) = reply.split_at(at);
        stream.bring(id, [first, second]);
        // Not assert_eq, which would print the body.
        assert!(stream.parts().is_same(&result), "cut in two at byte {at}: {shown}");

        // The pairs are half the square of the length, and each takes the length once more.
        let pairs = if reply.len() <= SHORT {
            at + 1..reply.len()
        } else {
            0..0
        };
        for other in pairs {
            let (second, third) = second.split_at(other - at);
            stream.bring(id, [first, second, third]);
            assert!(
                stream.parts().is_same(&result),
                "cut in three at bytes {at} and {other}: {shown}"
            );
        }
    }

    let head = match &result {
        Ok((_, body, _)) if closes => reply.len() - body.len(),
        _ => used,
    };
    for len in 0..used {
        stream.bring(id, [&reply[..len]]);
        let cut = stream.parts();
        match &result {
            Ok((status, body, reusable)) if len >= head => {
                assert!(
                    cut.is_same(&Ok((*status, body[..len - head].to_vec(), *reusable))),
                    "cut off at byte {len}: {shown}"
                );
            }
            _ => assert_eq!(cut.owned(), Err(early_end(len)), "cut off at byte {len}: {shown}"),
        }
    }

    if !closes {
        stream.bring(id, [[reply, SURPLUS].concat().as_slice()]);
        let result = result.map(|(status, body, _)| (status, body, false));
        assert_eq!(stream.parts().owned(), result, "with more behind it: {shown}");
    }
    outcome
}

/// The length up to which a stream is cut in three.
const SHORT: usize = 72;

/// A second reply, which was not asked for.
const SURPLUS: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/// A connection and its buffer.
struct Stream {
    connection: Connection,
    buf: Vec<u8>,
}

impl Stream {
    /// Returns a stream of up to `len` bytes.
    fn new(len: usize) -> Self {
        Self {
            connection: Connection::new(),
            // One more, so that the end of the stream can be read as well.
            buf: vec![0; len + 1],
        }
    }

    fn poll(&mut self) -> Result<Want<'_, Reply<'_>>, Error> {
        self.connection.poll(&mut self.buf)
    }

    /// Receives the pieces as long as they are wanted, and returns how many bytes were.
    fn bring<'p>(&mut self, id: u64, pieces: impl IntoIterator<Item = &'p [u8]>) -> usize {
        // Bytes of an earlier reply must not be taken for this one.
        self.buf.fill(b'~');
        self.connection = Connection::awaiting_reply(id);
        let mut used = 0;
        for piece in pieces {
            match self.poll() {
                Ok(Want::Read(space)) if !piece.is_empty() => {
                    space[..piece.len()].copy_from_slice(piece);
                    self.connection.received(piece.len());
                    used += piece.len();
                }
                _ => break,
            }
        }
        used
    }

    /// Ends the stream, if it has not ended yet.
    #[track_caller]
    fn finish(&mut self) -> Result<Reply<'_>, Error> {
        if let Ok(Want::Read(_)) = self.poll() {
            self.connection.received(0);
        }
        match self.poll()? {
            Want::Ready(reply) => Ok(reply),
            want => panic!("{want:?} after the end of the stream"),
        }
    }

    /// Returns the parts of the reply that can be compared.
    fn parts(&mut self) -> Parts<'_> {
        let reply = match self.finish() {
            Ok(_) => self.connection.reply(&self.buf),
            Err(error) => Err(error),
        };
        let reusable = self.connection.is_open();
        Parts(match reply {
            Ok(reply) => Ok((reply.status(), reply.body(), reusable)),
            Err(error) => Err((error.kind, error.offset)),
        })
    }
}

/// The status of a reply, its body, and whether its connection is reusable; or what is wrong where.
struct Parts<'e>(Result<(u16, &'e [u8], bool), (ErrorKind, usize)>);

type Owned = Result<(u16, Vec<u8>, bool), (ErrorKind, usize)>;

impl Parts<'_> {
    fn owned(self) -> Owned {
        self.0.map(|(status, body, reusable)| (status, body.to_vec(), reusable))
    }

    fn is_same(&self, other: &Owned) -> bool {
        match (&self.0, other) {
            (Ok((status, body, reusable)), Ok((other, text, keeps))) => {
                status == other && body == text && reusable == keeps
            }
            (Err(error), Err(other)) => error == other,
            _ => false,
        }
    }
}

/// The error for a stream that ends within a reply.
fn early_end(len: usize) -> (ErrorKind, usize) {
    match len {
        // The request was not said to be repeatable.
        0 => (ErrorKind::Unconfirmed, 0),
        _ => (ErrorKind::Truncated, len),
    }
}
