//! Where the body of a reply ends (RFC 9112, section 6.3).

use super::ErrorKind;
use super::chunked::Chunked;

/// The body of a reply, as far as it has come.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    /// So many bytes are still to come.
    Length(u64),
    Chunked(Chunked),
    /// Everything up to the end of the stream.
    Close,
}

/// What [`Body::receive`] made of some bytes.
pub(crate) struct Received {
    /// How many bytes of body lie at the front of the space now.
    pub(crate) body: usize,
    /// How many bytes of the stream were used up; fewer than there were if the body has ended.
    pub(crate) used: usize,
}

impl Body {
    /// Takes bytes as they come from the stream, and leaves what is body at the front of their space.
    ///
    /// # Errors
    ///
    /// What is wrong, and at which of the bytes.
    pub(crate) fn receive(&mut self, bytes: &mut [u8]) -> Result<Received, (ErrorKind, usize)> {
        match self {
            Self::Length(left) => {
                let body = clamp(*left, bytes.len());
                *left = left.saturating_sub(body as u64);
                Ok(Received { body, used: body })
            }
            Self::Chunked(chunked) => {
                let mut received = Received { body: 0, used: 0 };
                while !chunked.is_end() {
                    let Some(rest) = bytes.get(received.used..) else { break };
                    let [byte, ..] = rest else { break };
                    let data = clamp(chunked.data(), rest.len());
                    if data == 0 {
                        chunked.step(*byte).map_err(|kind| (kind, received.used))?;
                        received.used = received.used.saturating_add(1);
                        continue;
                    }
                    chunked.skip_data(data as u64);
                    move_down(bytes, received.used, received.body, data);
                    received.body = received.body.saturating_add(data);
                    received.used = received.used.saturating_add(data);
                }
                Ok(received)
            }
            Self::Close => Ok(Received {
                body: bytes.len(),
                used: bytes.len(),
            }),
        }
    }

    /// Whether nothing more belongs to the body.
    pub(crate) fn is_end(&self) -> bool {
        match self {
            Self::Length(left) => *left == 0,
            Self::Chunked(chunked) => chunked.is_end(),
            Self::Close => false,
        }
    }
}

fn clamp(count: u64, available: usize) -> usize {
    usize::try_from(count).map_or(available, |count| count.min(available))
}

/// Closes the gap that a chunk line has left.
fn move_down(bytes: &mut [u8], from: usize, to: usize, count: usize) {
    let end = from.saturating_add(count);
    if to <= from && end <= bytes.len() {
        bytes.copy_within(from..end, to);
    }
}
