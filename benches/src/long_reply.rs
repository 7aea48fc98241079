//! Long replies through a window: a longer one must not take more instructions for a byte.

#[path = "../../tests/support/long_reply.rs"]
mod stream;

use crate::replies::{self, ID};
use stream::{Framing, LongReply, whole};

const SIZES: [usize; 3] = [100_000, 1_000_000, 16_000_000];
const FRAMINGS: [(&str, Framing); 3] = [
    ("plain", Framing::Plain),
    ("length", Framing::Length),
    ("chunks", Framing::Chunks),
];

/// How many peers are recorded.
const PEERS: usize = 125;

/// Calls `with` for each reply: its framing, its length and what is done with it.
pub(crate) fn each(mut with: impl FnMut(&str, usize, &mut dyn FnMut())) {
    let body = replies::peers(PEERS).trim_ascii_end();
    for (name, framing) in FRAMINGS {
        for size in SIZES {
            let reply = LongReply::new(framing, body, size);
            let mut sum = stream::Sum::default();
            with(name, reply.length(), &mut || sum = reply.stream(ID));
            let once = whole(ID, body).expect("a reply");
            assert_eq!(sum, once.times(reply.times), "{name}, {size} bytes");
        }
    }
}
