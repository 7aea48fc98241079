//! A part of the caller's buffer as a window on a stream: bytes enter at its end and leave at its start.

/// The place in the buffer of the bytes that were received and are still needed.
///
/// It holds only positions: the caller passes the buffer to each call, and may have made it longer since the last.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Window {
    /// Always `start <= end`.
    start: usize,
    end: usize,
}

impl Window {
    /// Returns an empty window at a position in the buffer.
    pub(crate) const fn at(place: usize) -> Self {
        Self {
            start: place,
            end: place,
        }
    }

    /// Returns the bytes in the window.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn filled(self, buf: &[u8]) -> &[u8] {
        buf.get(self.start..self.end).unwrap_or_default()
    }

    pub(crate) fn len(self) -> usize {
        self.end.wrapping_sub(self.start)
    }

    /// Returns the end of the window, which is the least length of the buffer.
    pub(crate) fn end(self) -> usize {
        self.end
    }

    /// Returns how many more bytes the buffer can hold.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn room(self, buf: &[u8]) -> usize {
        buf.len().saturating_sub(self.len())
    }

    /// Returns the space for the next bytes. Moves the window to the start of the buffer if there is more room before it than
    /// after it.
    pub(crate) fn space<'b>(&mut self, buf: &'b mut [u8]) -> &'b mut [u8] {
        self.lend(buf).1
    }

    /// The buffer up to the end of the bytes that are needed, and the space for the bytes that come next.
    pub(crate) fn lend<'b>(&mut self, buf: &'b mut [u8]) -> (&'b [u8], &'b mut [u8]) {
        if self.start == self.end || self.start > buf.len().saturating_sub(self.end) {
            close_gap(buf.get_mut(..self.end).unwrap_or_default(), self.start);
            self.end = self.len();
            self.start = 0;
        }
        let (filled, space) = buf.split_at_mut_checked(self.end).unwrap_or_default();
        (filled, space)
    }

    /// Returns the space after the window, without moving it.
    pub(crate) fn space_behind(self, buf: &mut [u8]) -> &mut [u8] {
        buf.get_mut(self.end..).unwrap_or_default()
    }

    /// Returns the first bytes after the window, which were received and are to be [added](Window::add).
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn fresh(self, count: usize, buf: &mut [u8]) -> &mut [u8] {
        let stop = self.end.saturating_add(count).min(buf.len());
        buf.get_mut(self.end..stop).unwrap_or_default()
    }

    /// Adds bytes at the end, at most those that are [fresh](Window::fresh).
    pub(crate) fn add(&mut self, count: usize) {
        self.end = self.end.saturating_add(count);
    }

    /// Drops bytes at the start.
    pub(crate) fn discard(&mut self, count: usize) {
        self.start = self.start.saturating_add(count).min(self.end);
    }
}

/// Moves bytes to the front, overwriting the first `gap` bytes.
#[cfg(target_pointer_width = "64")]
pub(crate) fn close_gap(bytes: &mut [u8], gap: usize) {
    if gap <= bytes.len() {
        bytes.copy_within(gap.., 0);
    }
}

/// Moves bytes to the front, overwriting the first `gap` bytes.
///
/// Not by `copy_within`, for which a small processor would link 650 bytes of code whose speed it does not need.
#[cfg(not(target_pointer_width = "64"))]
pub(crate) fn close_gap(bytes: &mut [u8], gap: usize) {
    let cells = core::cell::Cell::from_mut(bytes).as_slice_of_cells();
    for (to, from) in cells.iter().zip(cells.get(gap..).unwrap_or_default()) {
        to.set(from.get());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needed_bytes_move_if_there_is_more_room_in_front_of_them() {
        for (come, gone, space) in [
            (0, 0, 8),
            (6, 0, 2),
            (6, 1, 2),
            (6, 2, 2),
            (6, 3, 5),
            (4, 4, 8),
            (8, 0, 0),
            (8, 1, 1),
        ] {
            let mut buf = *b"01234567";
            let bytes = buf;
            let needed = &bytes[gone..come];
            let mut window = Window::at(0);
            assert_eq!(window.fresh(come, &mut buf).len(), come);
            window.add(come);
            window.discard(gone);
            assert_eq!(
                (window.filled(&buf), window.len(), window.end()),
                (needed, needed.len(), come)
            );
            assert_eq!(window.room(&buf), 8 - needed.len());
            assert_eq!(window.space_behind(&mut buf).len(), 8 - come);
            assert_eq!(window.space(&mut buf).len(), space, "{come} {gone}");
            assert_eq!(window.filled(&buf), needed);
        }
    }

    #[test]
    fn no_count_goes_beyond_what_there_is() {
        let mut buf = *b"01234567";
        let mut window = Window::at(2);
        assert_eq!(window.fresh(3, &mut buf), b"234");
        assert_eq!(window.fresh(usize::MAX, &mut buf), b"234567");
        assert_eq!(window.filled(&buf), b"");
        window.add(6);
        assert_eq!(window.filled(&buf), b"234567");
        window.discard(usize::MAX);
        assert_eq!(window.filled(&buf), b"");
        close_gap(&mut buf, usize::MAX);
        assert_eq!(&buf, b"01234567");
    }

    #[test]
    fn a_buffer_that_became_shorter_is_an_empty_one() {
        let mut window = Window::at(0);
        window.add(8);
        let mut short = [0; 4];
        assert_eq!(window.filled(&short), b"");
        assert_eq!(window.room(&short), 0);
        assert_eq!(window.space(&mut short), b"");
        assert_eq!(window.fresh(1, &mut short), b"");
    }
}
