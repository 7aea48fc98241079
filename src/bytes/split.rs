//! Splits text at a separator.

/// An iterator over the parts of a text between separators, like `slice::split`, but linked only once for the whole crate.
pub(crate) struct Split<'a> {
    /// The text after the parts returned so far; `None` after the last.
    rest: Option<&'a [u8]>,
    separator: u8,
}

impl<'a> Split<'a> {
    pub(crate) fn new(text: &'a [u8], separator: u8) -> Self {
        Self {
            rest: Some(text),
            separator,
        }
    }

    /// Returns the text after the parts returned so far, if there is another part.
    pub(crate) fn rest(&self) -> Option<&'a [u8]> {
        self.rest
    }
}

impl<'a> Iterator for Split<'a> {
    type Item = &'a [u8];

    #[inline(never)]
    fn next(&mut self) -> Option<&'a [u8]> {
        let text = self.rest?;
        let length = text.iter().take_while(|byte| **byte != self.separator).count();
        let (part, behind) = text.split_at_checked(length)?;
        self.rest = behind.get(1..);
        Some(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_are_those_of_a_slice() {
        for text in ["", ",", "a", "a,", ",b", "a,b", "a,,b,", "a;b"] {
            let text = text.as_bytes();
            assert!(Split::new(text, b',').eq(text.split(|byte| *byte == b',')), "{text:?}");
        }
        let mut parts = Split::new(b"a,b,c", b',');
        assert_eq!(
            (parts.next(), parts.rest()),
            (Some(b"a".as_slice()), Some(b"b,c".as_slice()))
        );
        assert_eq!(
            (parts.nth(1), parts.rest(), parts.next()),
            (Some(b"c".as_slice()), None, None)
        );
    }
}
