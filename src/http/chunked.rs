//! The chunked transfer coding (RFC 9112, section 7.1).

use super::ErrorKind;
use super::head::is_text_byte;
use crate::bytes::digits::hex;

/// The longest line before a chunk: its size with leading zeros, and extensions.
pub const MAX_CHUNK_LINE: u16 = 256;

/// The most bytes that all trailers together may have.
pub const MAX_TRAILER: u16 = 4096;

/// The position within a chunked body. It moves from byte to byte and never back.
///
/// Stricter than the standard: no white space is allowed around the size.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chunked {
    state: State,
    /// The size of this chunk from the digits so far, then the count of its data that is left.
    left: u64,
    /// The length so far of this chunk line, or of all trailers together.
    line: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before the first digit of a size.
    Size,
    /// After a digit of a size.
    Digits,
    Extension,
    SizeLf,
    Data,
    DataCr,
    DataLf,
    /// At the start of a trailer line, or of the empty line after the last one.
    Trailer,
    TrailerLine,
    TrailerLf,
    EndLf,
    End,
}

impl Chunked {
    pub(super) fn new() -> Self {
        Self {
            state: State::Size,
            left: 0,
            line: 0,
        }
    }

    /// How many of the next bytes are data.
    pub(super) fn data(&self) -> u64 {
        match self.state {
            State::Data => self.left,
            _ => 0,
        }
    }

    pub(super) fn is_end(&self) -> bool {
        self.state == State::End
    }

    /// Moves past `count` bytes of data, at most those that are left.
    pub(super) fn skip_data(&mut self, count: u64) {
        self.left = self.left.saturating_sub(count);
        if self.left == 0 {
            self.state = State::DataCr;
        }
    }

    /// Moves past a byte that is not data.
    pub(super) fn step(&mut self, byte: u8) -> Result<(), ErrorKind> {
        self.line = self.line.saturating_add(1);
        self.state = match (self.state, hex(byte), byte) {
            (State::Size | State::Digits, Some(digit), _) => {
                if self.left >> 60 != 0 {
                    return Err(ErrorKind::Chunk);
                }
                self.left = self.left << 4 | u64::from(digit);
                State::Digits
            }
            (State::Digits, _, b';') => State::Extension,
            (State::Extension, ..) if is_text_byte(byte) => State::Extension,
            (State::Digits | State::Extension, _, b'\r') => State::SizeLf,
            (State::SizeLf, _, b'\n') => {
                self.line = 0;
                match self.left {
                    0 => State::Trailer,
                    _ => State::Data,
                }
            }
            (State::DataCr, _, b'\r') => State::DataLf,
            (State::DataLf, _, b'\n') => {
                self.line = 0;
                State::Size
            }
            (State::Trailer, _, b'\r') => State::EndLf,
            (State::Trailer | State::TrailerLine, ..) if is_text_byte(byte) => State::TrailerLine,
            (State::TrailerLine, _, b'\r') => State::TrailerLf,
            (State::TrailerLf, _, b'\n') => State::Trailer,
            (State::EndLf, _, b'\n') => State::End,
            _ => return Err(ErrorKind::Chunk),
        };
        match self.state {
            State::Digits | State::Extension if self.line > MAX_CHUNK_LINE => Err(ErrorKind::ChunkLineTooLong),
            State::TrailerLine if self.line > MAX_TRAILER => Err(ErrorKind::TrailerTooLong),
            _ => Ok(()),
        }
    }
}
