//! What all other modules build on: the window on a stream, the writer, digits, classes of characters.

pub(crate) mod classes;
pub(crate) mod digits;
pub(crate) mod split;
pub(crate) mod window;
pub(crate) mod writer;
