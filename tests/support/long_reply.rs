//! A reply of any length that is never stored: recorded peers again and again, read through a window.

use std::iter;

use defichain_net_rpc::network::{GetPeerInfo, PeerInfo};
use defichain_net_rpc::{Connection, Error, Response, Want, response};

/// The window size that the docs recommend.
const WINDOW: usize = 4096;

/// How a long reply is framed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Framing {
    /// Only the body.
    Plain,
    /// Over HTTP with its length.
    Length,
    /// Over HTTP in chunks.
    Chunks,
}

/// Sums over the peers of a reply.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Sum {
    pub(crate) peers: u64,
    pub(crate) bytes_sent: u64,
}

impl Sum {
    #[track_caller]
    fn add(&mut self, peer: Result<PeerInfo<&str>, Error>) {
        self.peers += 1;
        let peer = peer.unwrap_or_else(|error| panic!("peer {}: {error}", self.peers));
        self.bytes_sent += peer.bytes_sent;
    }

    pub(crate) fn times(self, times: usize) -> Self {
        Self {
            peers: self.peers * times as u64,
            bytes_sent: self.bytes_sent * times as u64,
        }
    }
}

/// A reply that repeats the peers of another.
pub(crate) struct LongReply {
    framing: Framing,
    begin: Vec<u8>,
    peers: Vec<u8>,
    end: Vec<u8>,
    pub(crate) times: usize,
}

impl LongReply {
    /// Returns a reply of at least this many bytes, made from a recorded body.
    #[track_caller]
    pub(crate) fn new(framing: Framing, recorded: &[u8], length: usize) -> Self {
        let begin = br#"{"result":["#;
        let end = recorded
            .iter()
            .rposition(|byte| *byte == b']')
            .expect("a list was recorded");
        let peers = [&recorded[begin.len()..end], b","].concat();
        let end = &recorded[begin.len()..];
        let times = (length / peers.len()).max(1) + 1;
        let body = begin.len() + peers.len() * (times - 1) + end.len();
        let head = match framing {
            Framing::Plain => String::new(),
            Framing::Length => format!("HTTP/1.1 200 OK\r\nContent-Length: {body}\r\n\r\n"),
            Framing::Chunks => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned(),
        };
        let framed = |piece: &[u8], behind: &str| match framing {
            Framing::Chunks => [
                format!("{:x}\r\n", piece.len()).as_bytes(),
                piece,
                b"\r\n",
                behind.as_bytes(),
            ]
            .concat(),
            _ => piece.to_vec(),
        };
        Self {
            framing,
            begin: [head.as_bytes(), &framed(begin, "")].concat(),
            peers: framed(&peers, ""),
            end: framed(end, "0\r\n\r\n"),
            times,
        }
    }

    /// Returns its length in bytes, including the framing.
    pub(crate) fn length(&self) -> usize {
        self.begin.len() + self.peers.len() * (self.times - 1) + self.end.len()
    }

    /// Reads every peer through a window.
    #[inline(never)]
    #[track_caller]
    pub(crate) fn stream(&self, id: u64) -> Sum {
        let mut window = [0; WINDOW];
        let mut stream = self.pieces();
        let mut sum = Sum::default();
        let mut connection = match self.framing {
            Framing::Plain => Connection::awaiting_body(id),
            _ => Connection::awaiting_reply(id),
        };
        loop {
            match connection.poll_element(&mut window) {
                Ok(Want::Read(space)) => {
                    let count = stream.read(space);
                    connection.received(count);
                }
                Ok(Want::Ready(true)) => sum.add(connection.element(&window)),
                Ok(Want::Ready(false)) => return sum,
                Ok(want) => panic!("{want:?}: the request has been sent"),
                Err(error) => panic!("{error} behind {sum:?}"),
            }
        }
    }

    fn pieces(&self) -> Pieces<'_, impl Iterator<Item = &[u8]>> {
        let peers = iter::repeat_n(self.peers.as_slice(), self.times - 1);
        let pieces = iter::once(self.begin.as_slice()).chain(peers);
        Pieces {
            pieces: pieces.chain(iter::once(self.end.as_slice())),
            rest: &[],
        }
    }
}

/// Reads the peers of a body as a whole.
pub(crate) fn whole(id: u64, body: &[u8]) -> Result<Sum, Error> {
    let mut sum = Sum::default();
    let peers: Response<'_, GetPeerInfo> = response(id, body)?;
    peers.for_each(|peer| sum.add(peer));
    Ok(sum)
}

/// A stream that fills the whole space.
struct Pieces<'r, I> {
    pieces: I,
    rest: &'r [u8],
}

impl<'r, I: Iterator<Item = &'r [u8]>> Pieces<'r, I> {
    fn read(&mut self, space: &mut [u8]) -> usize {
        let mut filled = 0;
        while filled < space.len() {
            if self.rest.is_empty() {
                let Some(piece) = self.pieces.next() else { break };
                self.rest = piece;
            }
            let count = self.rest.len().min(space.len() - filled);
            let (now, later) = self.rest.split_at(count);
            space[filled..filled + count].copy_from_slice(now);
            self.rest = later;
            filled += count;
        }
        filled
    }
}
