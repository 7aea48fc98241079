//! Replies as they come over a connection: cut into pieces anywhere. No cut may make a difference.

use std::fmt::Debug;

use defichain_net_rpc::http::{Error, ErrorKind, Reply};
use defichain_net_rpc::{Exchange, Want};

/// Receives a reply in every way in which a stream may bring it, and reads it.
///
/// In one piece, cut in two at every byte, in three at every pair of bytes if it is short, and byte by byte: all must
/// come to the same. So must a reply with more behind it, but that its connection is of no further use; and the end of the
/// stream within a reply must be told as that.
pub(crate) fn receive<T: Debug + PartialEq>(id: u64, reply: &[u8], read: impl Fn(Result<Reply<'_>, Error>) -> T) -> T {
    let mut whole = Stream::new(reply.len() + SURPLUS.len());
    let (mut exchange, _) = whole.bring(id, [reply]);
    let outcome = read(finish(&mut exchange));
    let result = parts(finish(&mut exchange));

    let mut stream = Stream::new(reply.len() + SURPLUS.len());
    let (mut exchange, used) = stream.bring(id, reply.chunks(1));
    let closes = matches!(exchange.poll(), Ok(Want::Read(_)));
    assert_eq!(parts(finish(&mut exchange)), result, "byte by byte");
    assert_eq!(read(finish(&mut exchange)), outcome, "byte by byte");

    for at in 1..reply.len() {
        let (first, second) = reply.split_at(at);
        let (mut exchange, _) = stream.bring(id, [first, second]);
        // Not assert_eq, which would print the body.
        assert!(parts(finish(&mut exchange)) == result, "cut in two at byte {at}");

        // The pairs are half the square of the length, and each takes the length once more.
        let pairs = if reply.len() <= SHORT {
            at + 1..reply.len()
        } else {
            0..0
        };
        for other in pairs {
            let (second, third) = second.split_at(other - at);
            let (mut exchange, _) = stream.bring(id, [first, second, third]);
            assert!(
                parts(finish(&mut exchange)) == result,
                "cut in three at bytes {at} and {other}"
            );
        }
    }

    let head = match result {
        Ok((_, body, _)) if closes => reply.len() - body.len(),
        _ => used,
    };
    for len in 0..used {
        let (mut exchange, _) = stream.bring(id, [&reply[..len]]);
        let cut = parts(finish(&mut exchange));
        match result {
            Ok((status, body, reusable)) if len >= head => {
                assert!(
                    cut == Ok((status, &body[..len - head], reusable)),
                    "cut off at byte {len}"
                );
            }
            _ => assert_eq!(cut, Err(early_end(len)), "cut off at byte {len}"),
        }
    }

    if !closes {
        let (mut exchange, _) = stream.bring(id, [[reply, SURPLUS].concat().as_slice()]);
        let result = result.map(|(status, body, _)| (status, body, false));
        assert_eq!(parts(finish(&mut exchange)), result, "with more behind it");
    }
    outcome
}

/// The length up to which a stream is cut in three.
const SHORT: usize = 72;

/// The next reply, of which nobody has asked for.
const SURPLUS: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/// A connection, with the buffer into which it is read.
struct Stream(Vec<u8>);

impl Stream {
    /// A stream of up to so many bytes.
    fn new(len: usize) -> Self {
        // One more, so that the end of the stream can be read as well.
        Self(vec![0; len + 1])
    }

    /// Brings the pieces for as long as they are wanted, and tells how many bytes were.
    fn bring<'p>(&mut self, id: u64, pieces: impl IntoIterator<Item = &'p [u8]>) -> (Exchange<'_>, usize) {
        // What an earlier reply has left must not be taken for this one.
        self.0.fill(b'~');
        let mut exchange = Exchange::awaiting(id, &mut self.0);
        let mut used = 0;
        for piece in pieces {
            match exchange.poll() {
                Ok(Want::Read(space)) if !piece.is_empty() => {
                    space[..piece.len()].copy_from_slice(piece);
                    exchange.received(piece.len());
                    used += piece.len();
                }
                _ => break,
            }
        }
        (exchange, used)
    }
}

/// Ends the stream, if it is not over yet.
fn finish<'e>(exchange: &'e mut Exchange<'_>) -> Result<Reply<'e>, Error> {
    if let Ok(Want::Read(_)) = exchange.poll() {
        exchange.received(0);
    }
    match exchange.poll()? {
        Want::Done(reply) => Ok(reply),
        want => panic!("{want:?} after the end of the stream"),
    }
}

/// What can be compared of a reply: its status, its body, whether its connection is reusable; or what is wrong where.
type Parts<'e> = Result<(u16, &'e [u8], bool), (ErrorKind, u64)>;

fn parts(reply: Result<Reply<'_>, Error>) -> Parts<'_> {
    match reply {
        Ok(reply) => Ok((reply.status(), reply.body(), reply.is_reusable())),
        Err(error) => Err((error.kind, error.offset)),
    }
}

/// What is wrong with a stream that ends within a reply.
fn early_end(len: usize) -> (ErrorKind, u64) {
    match len {
        0 => (ErrorKind::Closed, 0),
        _ => (ErrorKind::Truncated, len as u64),
    }
}
