//! What becomes of a stream.

use defichain_net_rpc::{Connection, ErrorKind, Want};

/// How a stream is read that ends behind its last byte.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// A reply: its status, its body, and how many bytes it takes.
    Reply(u16, Vec<u8>, usize),
    Truncated,
    /// What is wrong, and at which byte.
    Refused(ErrorKind, usize),
}

/// Reads a stream in one piece, and byte by byte what is not refused; which has to come to the same.
#[track_caller]
pub(crate) fn read(stream: &[u8]) -> Outcome {
    let mut buf = [0; 256];
    match feed(stream, stream.len().max(1), &mut buf).0 {
        Err((kind, offset)) if !matches!(kind, ErrorKind::Truncated | ErrorKind::Unconfirmed) => {
            Outcome::Refused(kind, offset)
        }
        whole => {
            let (bytewise, used) = feed(stream, 1, &mut buf);
            assert_eq!(whole, bytewise, "{}", stream.escape_ascii());
            match whole {
                Ok((status, body)) => Outcome::Reply(status, body, used),
                Err((_, offset)) => {
                    assert_eq!(offset, stream.len(), "{}", stream.escape_ascii());
                    Outcome::Truncated
                }
            }
        }
    }
}

type Read = Result<(u16, Vec<u8>), (ErrorKind, usize)>;

/// Reads a stream in pieces of this size, and tells how many bytes were wanted.
fn feed(stream: &[u8], piece: usize, buf: &mut [u8]) -> (Read, usize) {
    let mut connection = Connection::awaiting_reply(1);
    let mut used = 0;
    loop {
        match connection.poll(buf) {
            Ok(Want::Read(space)) => {
                let bytes = &stream[used..stream.len().min(used + piece)];
                space[..bytes.len()].copy_from_slice(bytes);
                used += bytes.len();
                let count = bytes.len();
                connection.received(count);
            }
            Ok(Want::Ready(reply)) => return (Ok((reply.status(), reply.body().to_vec())), used),
            Ok(want) => panic!("{want:?}: {}", stream.escape_ascii()),
            Err(error) => return (Err((error.kind, error.offset)), used),
        }
    }
}
