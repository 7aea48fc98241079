//! The caller's buffer as a window on a stream: bytes come in behind, and are looked at before they are let go in front.

/// Bytes of a stream that have come and are still needed.
pub(crate) struct Window<'b> {
    buf: &'b mut [u8],
    /// What is needed is `start..end`: always `start <= end <= buf.len()`.
    start: usize,
    end: usize,
}

impl<'b> Window<'b> {
    pub(crate) fn new(buf: &'b mut [u8]) -> Self {
        Self { buf, start: 0, end: 0 }
    }

    /// What is needed.
    pub(crate) fn filled(&self) -> &[u8] {
        self.buf.get(self.start..self.end).unwrap_or_default()
    }

    /// What is needed, for as long as the buffer lives.
    pub(crate) fn into_filled(self) -> &'b [u8] {
        self.buf.get(self.start..self.end).unwrap_or_default()
    }

    pub(crate) fn len(&self) -> usize {
        self.end.saturating_sub(self.start)
    }

    pub(crate) fn is_full(&self) -> bool {
        self.len() == self.buf.len()
    }

    /// How many more bytes there is room for.
    pub(crate) fn room(&self) -> usize {
        self.buf.len().saturating_sub(self.len())
    }

    /// The room for what comes next. What is needed moves to the front if that is the greater part of the room.
    pub(crate) fn space(&mut self) -> &mut [u8] {
        if self.start == self.end || self.start > self.buf.len().saturating_sub(self.end) {
            close_gap(self.buf.get_mut(..self.end).unwrap_or_default(), self.start);
            self.end = self.len();
            self.start = 0;
        }
        self.buf.get_mut(self.end..).unwrap_or_default()
    }

    /// The first bytes of the room, which have come but are not needed as long as they are not [added](Window::add).
    pub(crate) fn fresh(&mut self, count: usize) -> &mut [u8] {
        let stop = self.end.saturating_add(count).min(self.buf.len());
        self.buf.get_mut(self.end..stop).unwrap_or_default()
    }

    /// Takes the first bytes of the room for needed.
    pub(crate) fn add(&mut self, count: usize) {
        self.end = self.end.saturating_add(count).min(self.buf.len());
    }

    /// Lets go of bytes in front.
    pub(crate) fn discard(&mut self, count: usize) {
        self.start = self.start.saturating_add(count).min(self.end);
    }
}

/// Moves bytes to the front, over others that are done with.
pub(crate) fn close_gap(bytes: &mut [u8], gap: usize) {
    if gap <= bytes.len() {
        bytes.copy_within(gap.., 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_moves_if_the_greater_part_of_the_room_is_in_front() {
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
            let bytes = *b"01234567";
            let (mut buf, needed) = (bytes, &bytes[gone..come]);
            let mut window = Window::new(&mut buf);
            window.add(come);
            window.discard(gone);
            assert_eq!((window.filled(), window.len()), (needed, needed.len()));
            assert_eq!((window.room(), window.is_full()), (8 - needed.len(), needed.len() == 8));
            assert_eq!(window.space().len(), space, "{come} {gone}");
            assert_eq!(window.filled(), needed);
            assert_eq!(window.into_filled(), needed);
        }
    }

    #[test]
    fn no_count_goes_beyond_what_there_is() {
        let mut buf = *b"01234567";
        let mut window = Window::new(&mut buf);
        window.add(2);
        assert_eq!(window.fresh(3), b"234");
        assert_eq!(window.fresh(usize::MAX), b"234567");
        assert_eq!(window.filled(), b"01");
        window.add(usize::MAX);
        assert_eq!(window.filled(), b"01234567");
        window.discard(usize::MAX);
        assert_eq!(window.filled(), b"");
        close_gap(&mut buf, usize::MAX);
        assert_eq!(&buf, b"01234567");
    }
}
