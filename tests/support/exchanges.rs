//! The recorded exchanges, as bytes.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the recordings.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exchanges")
}

/// Reads one side of a recording, such as `v3.2.8/ping.response.http`: head and body.
#[track_caller]
pub(crate) fn file(name: &str) -> Vec<u8> {
    let path = folder().join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the body of a recorded request or reply.
#[track_caller]
pub(crate) fn body(message: &[u8]) -> &[u8] {
    let end = message.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no empty line after the head: {}", message.escape_ascii()));
    &message[end + 4..]
}
