//! Classes of ASCII characters.

/// A set of ASCII characters: one bit for each, in words of 32.
#[derive(Clone, Copy)]
pub(crate) struct Class([u32; 4]);

impl Class {
    /// Returns the class of letters, digits and `others`.
    pub(crate) const fn alphanumeric_and(others: &[u8]) -> Self {
        Self([0x0000_0000, 0x03ff_0000, 0x07ff_fffe, 0x07ff_fffe]).and(others)
    }

    /// Adds `others` to the class.
    pub(crate) const fn and(mut self, others: &[u8]) -> Self {
        let mut rest = others;
        while let [byte, after @ ..] = rest {
            self = self.with(*byte);
            rest = after;
        }
        self
    }

    const fn with(self, byte: u8) -> Self {
        let Self([a, b, c, d]) = self;
        let bit = 1 << (byte & 31);
        Self(match byte >> 5 {
            0 => [a | bit, b, c, d],
            1 => [a, b | bit, c, d],
            2 => [a, b, c | bit, d],
            _ => [a, b, c, d | bit],
        })
    }

    /// Whether all bytes are in the class.
    #[inline(never)]
    pub(crate) fn has_all(&self, bytes: &[u8]) -> bool {
        bytes.iter().all(|byte| {
            let word = self.0.get(usize::from(byte >> 5)).copied().unwrap_or(0);
            word >> (byte & 31) & 1 == 1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_has_the_characters_it_was_given() {
        // A byte that comes again is still there.
        let class = Class::alphanumeric_and(b"\t-~").and(b"@!\t-@~");
        for byte in 0..=u8::MAX {
            let expected = byte.is_ascii_alphanumeric() || b"\t-~@!".contains(&byte);
            assert_eq!(class.has_all(&[byte]), expected, "{byte}");
            assert_eq!(class.has_all(&[b'a', byte]), expected, "{byte}");
        }
        assert!(class.has_all(b""));
    }
}
