//! Where the body of a reply ends (RFC 9112, section 6.3), and the chunked transfer coding (section 7.1).

use super::ErrorKind;
use super::head::is_text_byte;
use crate::bytes::certain;
use crate::bytes::digits::hex;
use crate::bytes::window::close_gap;

/// The longest line before a chunk: its size with leading zeros, and extensions.
pub const MAX_CHUNK_LINE: u16 = 256;

/// The most bytes that all trailers together may have.
pub const MAX_TRAILER: u16 = 4096;

/// The position within a body. It moves from byte to byte and never back.
///
/// Of chunks stricter than the standard: no white space is allowed around the size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Body {
    state: State,
    /// How many of the next bytes are data; within a chunk line, the size of the chunk from the digits so far.
    left: u64,
    /// The length so far of this chunk line, or of all trailers together.
    line: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before the first digit of the size of a chunk.
    Size,
    /// After a digit of a size.
    Digits,
    Extension,
    SizeLf,
    DataCr,
    DataLf,
    /// At the start of a trailer line, or of the empty line after the last one.
    Trailer,
    TrailerLine,
    TrailerLf,
    EndLf,
    End,
    Fault,
    /// Within the data of a chunk.
    Chunk,
    /// Within a body whose length is known.
    Length,
    /// Within a body that ends with the stream.
    Close,
}

/// The state after a byte that is not data. The columns are the classes of bytes: a hex digit, a semicolon, other text, CR, LF.
#[rustfmt::skip]
const NEXT: [[State; 5]; 10] = {
    use State::{DataLf, Digits, End, EndLf, Extension, Fault, Size, SizeLf, Trailer, TrailerLf, TrailerLine};
    [
        /* Size */        [Digits,      Fault,       Fault,       Fault,     Fault],
        /* Digits */      [Digits,      Extension,   Fault,       SizeLf,    Fault],
        /* Extension */   [Extension,   Extension,   Extension,   SizeLf,    Fault],
        /* SizeLf */      [Fault,       Fault,       Fault,       Fault,     Trailer],
        /* DataCr */      [Fault,       Fault,       Fault,       DataLf,    Fault],
        /* DataLf */      [Fault,       Fault,       Fault,       Fault,     Size],
        /* Trailer */     [TrailerLine, TrailerLine, TrailerLine, EndLf,     Fault],
        /* TrailerLine */ [TrailerLine, TrailerLine, TrailerLine, TrailerLf, Fault],
        /* TrailerLf */   [Fault,       Fault,       Fault,       Fault,     Trailer],
        /* EndLf */       [Fault,       Fault,       Fault,       Fault,     End],
    ]
};

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
    /// Returns a body of this length.
    pub(crate) const fn length(length: u64) -> Self {
        let state = if length == 0 { State::End } else { State::Length };
        Self::new(state, length)
    }

    /// Returns a body in chunks.
    pub(crate) const fn chunked() -> Self {
        Self::new(State::Size, 0)
    }

    /// Returns a body that consists of everything up to the end of the stream.
    pub(crate) const fn close() -> Self {
        Self::new(State::Close, u64::MAX)
    }

    const fn new(state: State, left: u64) -> Self {
        Self { state, left, line: 0 }
    }

    /// Returns how many bytes are missing, if that is known.
    pub(crate) fn missing(&self) -> Option<u64> {
        (self.state == State::Length).then_some(self.left)
    }

    /// Whether this many bytes are left of a body whose length is known.
    pub(crate) fn has_left(&self, length: u64) -> bool {
        self.left == length
    }

    /// Whether the body is in chunks; to be asked before its first byte.
    pub(crate) fn is_chunked(&self) -> bool {
        self.state == State::Size
    }

    /// Whether the body ends with the stream.
    pub(crate) fn is_close(&self) -> bool {
        self.state == State::Close
    }

    /// Whether the body is complete.
    pub(crate) fn is_end(&self) -> bool {
        self.state == State::End
    }

    /// Takes bytes from the stream, and moves those that belong to the body to the front of their space.
    #[inline(never)]
    pub(crate) fn receive(&mut self, bytes: &mut [u8]) -> Received {
        let (mut body, mut used) = (0_usize, 0_usize);
        let mut fault = None;
        while !self.is_end()
            && let Some(rest @ [byte, ..]) = bytes.get(used..)
        {
            if !matches!(self.state, State::Chunk | State::Length | State::Close) {
                fault = self.step(*byte).err();
                if fault.is_some() {
                    break;
                }
                used = used.wrapping_add(1);
                continue;
            }
            let data = usize::try_from(self.left).map_or(rest.len(), |left| left.min(rest.len()));
            let gap = used.wrapping_sub(body);
            used = used.wrapping_add(data);
            if gap > 0 {
                // Overwrites the line before the chunk.
                close_gap(certain(bytes.get_mut(body..used)), gap);
            }
            body = body.wrapping_add(data);
            self.left = self.left.wrapping_sub(data as u64);
            if self.left == 0 {
                self.state = match self.state {
                    State::Chunk => State::DataCr,
                    _ => State::End,
                };
            }
        }
        Received { body, used, fault }
    }

    /// Moves past a byte that is not data.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    fn step(&mut self, byte: u8) -> Result<(), ErrorKind> {
        let digit = hex(byte);
        let class = match byte {
            _ if digit.is_some() => 0,
            b';' => 1,
            b'\r' => 3,
            b'\n' => 4,
            _ if is_text_byte(byte) => 2,
            // No column.
            _ => 5,
        };
        let before = self.state;
        let row = NEXT.get(before as usize);
        self.state = row.and_then(|row| row.get(class)).copied().unwrap_or(State::Fault);
        // Neither line becomes longer than its limit and a few bytes.
        self.line = self.line.wrapping_add(1);
        match self.state {
            State::Fault => return Err(ErrorKind::Chunk),
            State::Digits => {
                if self.left >> 60 != 0 {
                    return Err(ErrorKind::Chunk);
                }
                self.left = self.left << 4 | u64::from(certain(digit));
            }
            State::Size => self.line = 0,
            State::Trailer if before == State::SizeLf => {
                self.line = 0;
                if self.left > 0 {
                    self.state = State::Chunk;
                }
            }
            _ => {}
        }
        match self.state {
            State::Digits | State::Extension if self.line > MAX_CHUNK_LINE => Err(ErrorKind::ChunkLineTooLong),
            State::TrailerLine if self.line > MAX_TRAILER => Err(ErrorKind::TrailerTooLong),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::tables::CHUNKS;

    /// The body that a chunked stream carries and how much of the stream it took, whole and in pieces of any length.
    #[track_caller]
    fn chunked(stream: &str) -> Result<(String, usize), (ErrorKind, usize)> {
        let run = |piece: usize| {
            let mut body = Body::chunked();
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
            let mut rest = Body::length(length);
            assert_eq!(rest.is_end(), length == 0);
            let received = rest.receive(&mut b"hello".clone());
            assert_eq!((received.body, received.used), (body.len(), body.len()));
            assert_eq!(rest.is_end(), length <= 5);
        }
    }

    #[test]
    fn a_body_without_a_length_takes_everything() {
        let mut rest = Body::close();
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
