//! What all other rooms stand on: the window on a stream, the writer, digits.

pub(crate) mod digits;
pub(crate) mod window;
pub(crate) mod writer;
