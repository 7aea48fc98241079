//! Where the body of a reply ends (RFC 9112, section 6.3).

use super::ErrorKind;
use super::chunked::Chunked;
use crate::bytes::certain;
use crate::bytes::window::close_gap;

/// How the end of a body is found, and how far the body has been received.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    /// The count of bytes that are still missing.
    Length(u64),
    Chunked(Chunked),
    /// Everything up to the end of the stream.
    Close,
}

/// The result of [`Body::receive`].
pub(crate) struct Received {
    /// How many bytes of body are now at the front of the space.
    pub(crate) body: usize,
    /// How many bytes of the stream were consumed; fewer than all if the body has ended or the next byte is wrong.
    pub(crate) used: usize,
    /// What is wrong with the next byte.
    pub(crate) fault: Option<ErrorKind>,
}

impl Body {
    /// Takes bytes from the stream, and moves those that belong to the body to the front of their space.
    pub(crate) fn receive(&mut self, bytes: &mut [u8]) -> Received {
        let mut received = Received {
            body: bytes.len(),
            used: bytes.len(),
            fault: None,
        };
        match self {
            Self::Length(left) => {
                received.body = clamp(*left, bytes.len());
                received.used = received.body;
                *left = left.saturating_sub(received.body as u64);
            }
            Self::Chunked(chunked) => {
                (received.body, received.used) = (0, 0);
                while !chunked.is_end() {
                    let Some(rest @ [byte, ..]) = bytes.get(received.used..) else {
                        break;
                    };
                    let data = clamp(chunked.data(), rest.len());
                    if data == 0 {
                        received.fault = chunked.step(*byte).err();
                        if received.fault.is_some() {
                            break;
                        }
                        received.used = received.used.saturating_add(1);
                        continue;
                    }
                    chunked.skip_data(data as u64);
                    // Overwrites the line before the chunk.
                    let stop = received.used.saturating_add(data);
                    let space = certain(bytes.get_mut(received.body..stop));
                    close_gap(space, received.used.saturating_sub(received.body));
                    received.body = received.body.saturating_add(data);
                    received.used = received.used.saturating_add(data);
                }
            }
            Self::Close => {}
        }
        received
    }

    /// Whether the body is complete.
    pub(crate) fn is_end(&self) -> bool {
        match self {
            Self::Length(left) => *left == 0,
            Self::Chunked(chunked) => chunked.is_end(),
            Self::Close => false,
        }
    }
}

fn clamp(count: u64, available: usize) -> usize {
    usize::try_from(count).map_or(available, |count| count.min(available))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::tables::CHUNKS;
    use crate::http::{MAX_CHUNK_LINE, MAX_TRAILER};

    /// The body that a chunked stream carries and how much of the stream it took, whole and in pieces of any length.
    #[track_caller]
    fn chunked(stream: &str) -> Result<(String, usize), (ErrorKind, usize)> {
        let run = |piece: usize| {
            let mut body = Body::Chunked(Chunked::new());
            let (mut decoded, mut used) = (Vec::new(), 0);
            for piece in stream.as_bytes().chunks(piece) {
                let mut piece = piece.to_vec();
                let received = body.receive(&mut piece);
                decoded.extend_from_slice(&piece[..received.body]);
                used += received.used;
                if let Some(kind) = received.fault {
                    return Err((kind, used));
                }
                if body.is_end() {
                    break;
                }
            }
            assert!(body.is_end(), "{stream:?} has no end");
            Ok((String::from_utf8(decoded).unwrap(), used))
        };
        let whole = run(stream.len());
        // Of a long stream not all: the bytes in its middle are alike.
        let lengths = (1..stream.len()).filter(|length| *length < 64 || stream.len() - length < 64 || length % 61 == 0);
        for piece in lengths {
            assert_eq!(run(piece), whole, "{stream:?} in pieces of {piece}");
        }
        whole
    }

    #[test]
    fn a_body_takes_no_more_than_its_length() {
        for (length, body) in [(0, ""), (2, "he"), (5, "hello"), (6, "hello"), (u64::MAX, "hello")] {
            let mut rest = Body::Length(length);
            assert_eq!(rest.is_end(), length == 0);
            let received = rest.receive(&mut b"hello".clone());
            assert_eq!((received.body, received.used), (body.len(), body.len()));
            assert_eq!(rest.is_end(), length <= 5);
        }
    }

    #[test]
    fn a_body_without_a_length_takes_everything() {
        let mut rest = Body::Close;
        let received = rest.receive(&mut b"hello".clone());
        assert_eq!((received.body, received.used, rest.is_end()), (5, 5, false));
    }

    #[test]
    fn chunks_are_put_together() {
        for (stream, body) in [
            ("0\r\n\r\n", ""),
            ("5\r\nhello\r\n0\r\n\r\n", "hello"),
            ("2\r\nhe\r\n3\r\nllo\r\n000\r\n\r\n", "hello"),
            (
                "0005;a=b;c=\"d\";\r\nhello\r\n0;\t\u{e9}\r\nX: y\r\nZ:\r\n\r\n",
                "hello",
            ),
            (
                "A\r\n0123456789\r\n0b\r\n0123456789a\r\n0\r\n\r\n",
                "01234567890123456789a",
            ),
        ] {
            assert_eq!(chunked(stream), Ok((body.into(), stream.len())));
            assert_eq!(chunked(&format!("{stream}HTTP")), Ok((body.into(), stream.len())));
        }
    }

    #[test]
    fn a_malformed_chunk_is_refused_at_its_first_wrong_byte() {
        for (stream, index) in CHUNKS {
            assert_eq!(chunked(stream), Err((ErrorKind::Chunk, *index)), "{stream:?}");
        }
    }

    #[test]
    fn chunk_lines_and_trailers_end_at_their_limits() {
        let limit = usize::from(MAX_CHUNK_LINE);
        let line = |length: usize| format!("{}1\r\na\r\n0\r\n\r\n", "0".repeat(length - 1));
        chunked(&line(limit)).unwrap();
        assert_eq!(chunked(&line(limit + 1)), Err((ErrorKind::ChunkLineTooLong, limit)));
        let extension = |length: usize| format!("1;{}\r\na\r\n0\r\n\r\n", "x".repeat(length - 2));
        chunked(&extension(limit)).unwrap();
        assert_eq!(
            chunked(&extension(limit + 1)),
            Err((ErrorKind::ChunkLineTooLong, limit))
        );

        let trailer = |length| format!("0\r\n{}\r\n\r\n", "x".repeat(length));
        let limit = usize::from(MAX_TRAILER);
        chunked(&trailer(limit)).unwrap();
        assert_eq!(
            chunked(&trailer(limit + 1)),
            Err((ErrorKind::TrailerTooLong, 3 + limit))
        );
        let many = "x\r\n".repeat(limit);
        assert_eq!(
            chunked(&format!("0\r\n{many}\r\n")).unwrap_err().0,
            ErrorKind::TrailerTooLong
        );
    }
}
