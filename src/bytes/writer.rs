//! Writes bytes into the caller's buffer, and counts those that do not fit.

use core::fmt;

use super::certain;
use super::digits::div_rem;

/// Writes into a buffer while there is room, and goes on counting when there is none.
///
/// So no single step can fail, and at the end the size that is needed is known. The crate passes a writer to
/// [`Method::params`](crate::Method::params) and [`ToJson::to_json`](crate::json::ToJson::to_json). [`Writer::array`] and
/// [`Writer::object`] have examples.
pub struct Writer<'b> {
    buf: &'b mut [u8],
    /// The count of bytes written, including those that did not fit.
    len: usize,
}

impl<'b> Writer<'b> {
    /// Returns a writer at the start of the buffer.
    pub(crate) fn new(buf: &'b mut [u8]) -> Self {
        Self { buf, len: 0 }
    }

    /// Returns the bytes that were written.
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] if something did not fit.
    pub(crate) fn finish(self) -> Result<&'b [u8], BufferTooSmall> {
        let Self { buf, len } = self;
        buf.get(..len).ok_or(BufferTooSmall { needed: len })
    }

    /// Returns the count of bytes written, including those that did not fit.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "nobody asks whether a writer is empty")]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Returns the length of the buffer.
    pub(crate) fn capacity(&self) -> usize {
        self.buf.len()
    }

    /// Writes bytes unchanged.
    #[inline(never)]
    pub fn raw(&mut self, bytes: &[u8]) {
        let space = self
            .buf
            .get_mut(self.len..)
            .and_then(|space| space.get_mut(..bytes.len()));
        if let Some(space) = space {
            space.copy_from_slice(bytes);
        }
        self.len = self.len.saturating_add(bytes.len());
    }

    /// Writes a byte unchanged.
    #[inline(never)]
    pub(crate) fn byte(&mut self, byte: u8) {
        if let Some(space) = self.buf.get_mut(self.len) {
            *space = byte;
        }
        self.len = self.len.saturating_add(1);
    }

    /// Writes an integer.
    pub fn u64(&mut self, mut value: u64) {
        let mut digits = [0; 20];
        let mut count = 0_usize;
        for place in digits.iter_mut().rev() {
            let (rest, last) = div_rem(value, 10);
            *place = b'0'.wrapping_add(last.to_le_bytes()[0]);
            value = rest;
            count = count.wrapping_add(1);
            if value == 0 {
                break;
            }
        }
        self.raw(certain(digits.get(20_usize.wrapping_sub(count)..)));
    }

    /// Writes an integer with a sign.
    pub fn i64(&mut self, value: i64) {
        if value < 0 {
            self.byte(b'-');
        }
        self.u64(value.unsigned_abs());
    }

    /// Replaces the bytes from `start` to `end`, which were written before, by no more others, and moves the bytes after them.
    pub(crate) fn replace(&mut self, start: usize, end: usize, write: impl FnOnce(&mut Writer<'_>)) {
        let behind = self.len.wrapping_sub(end);
        let mut part = Writer::new(self.buf.get_mut(start..end).unwrap_or_default());
        write(&mut part);
        let stop = start.saturating_add(part.len());
        if let Some(bytes) = self.buf.get_mut(stop..self.len) {
            super::window::close_gap(bytes, end.wrapping_sub(stop));
        }
        self.len = stop.saturating_add(behind);
    }
}

/// Omits the buffer, which contains credentials.
impl fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer")
            .field("len", &self.len)
            .field("capacity", &self.buf.len())
            .finish_non_exhaustive()
    }
}

/// The error for a buffer that is too small for what is to be written.
///
/// ```
/// use defichain_net_rpc::{network::GetConnectionCount, request};
///
/// let error = request(&GetConnectionCount, 1, &mut [0; 16]).unwrap_err();
/// assert_eq!(error.to_string(), "the buffer is too small: 66 bytes are needed");
/// assert!(request(&GetConnectionCount, 1, &mut [0; 66]).is_ok());
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BufferTooSmall {
    /// The size in bytes with which the same call succeeds.
    pub needed: usize,
}

impl fmt::Display for BufferTooSmall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the buffer is too small: {} bytes are needed", self.needed)
    }
}

impl core::error::Error for BufferTooSmall {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_written_as_they_are_displayed() {
        for value in [0, 1, 9, 10, -1, -10, i64::MAX, i64::MIN] {
            let mut buf = [0; 20];
            let mut writer = Writer::new(&mut buf);
            writer.i64(value);
            assert_eq!(writer.finish().unwrap(), value.to_string().as_bytes());
        }
        let mut buf = [0; 20];
        let mut writer = Writer::new(&mut buf);
        writer.u64(u64::MAX);
        assert_eq!(writer.finish().unwrap(), u64::MAX.to_string().as_bytes());
    }

    #[test]
    fn replaced_bytes_leave_no_gap() {
        for size in 0..12 {
            let mut buf = vec![0; size];
            let mut writer = Writer::new(&mut buf);
            writer.raw(b"a: ");
            writer.raw(b"......");
            writer.raw(b"tail");
            writer.replace(3, 9, |writer| writer.u64(17));
            assert_eq!(writer.len(), 9);
            match writer.finish() {
                Ok(text) => assert!(size < 13 || text == b"a: 17tail"),
                Err(error) => assert!(error.needed == 9 && size < 9),
            }
        }
        let mut buf = [0; 13];
        let mut writer = Writer::new(&mut buf);
        writer.raw(b"a: ......tail");
        writer.replace(3, 9, |writer| writer.u64(17));
        assert_eq!(writer.finish().unwrap(), b"a: 17tail");
    }

    #[test]
    fn a_writer_does_not_show_its_buffer() {
        let mut buf = *b"secret";
        assert_eq!(
            format!("{:?}", Writer::new(&mut buf)),
            "Writer { len: 0, capacity: 6, .. }"
        );
    }

    #[test]
    fn a_buffer_that_is_too_small_is_told_in_words() {
        let error = BufferTooSmall { needed: 8 };
        assert_eq!(error.to_string(), "the buffer is too small: 8 bytes are needed");
    }
}
