//! An adapter over a stream: the crate's own, for streams of embedded-io, and to be copied for others. The first byte says
//! how many bytes follow that give the sizes of the pieces in which the stream works; the rest is what the node sends.
//!
//! What the adapter sends and what it gives do not depend on the pieces.
#![no_main]

use std::convert::Infallible;

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::io::{Client, Connect};
use defichain_net_rpc::network::{GetNetworkInfo, GetPeerInfo};
use embedded_io::{ErrorType, Read, Write};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [count, rest @ ..] = data else { return };
    let Some((sizes, sent)) = rest.split_at_checked(usize::from(*count)) else {
        return;
    };
    for adapter in [network_info, peers, each_peer] {
        let run = |sizes| {
            let mut stream = Stream::new(sizes, sent);
            (adapter(&mut stream), stream.opened, stream.written)
        };
        assert_eq!(run(sizes), run(&[0]));
    }
});

/// What comes of a whole reply.
fn network_info(stream: &mut Stream<'_>) -> String {
    let mut buf = vec![0; 1024 + stream.rest.len()];
    let mut node = Client::new(endpoint(), stream, buf.as_mut_slice());
    let result = match node.call(&GetNetworkInfo) {
        Ok(info) => format!("{info:?}"),
        Err(error) => error.to_string(),
    };
    format!(
        "{result} {:?} {:?}",
        node.node_error(),
        node.reply().map(|reply| reply.body().len())
    )
}

/// What comes of a list, one element at a time.
fn peers(stream: &mut Stream<'_>) -> String {
    let mut buf = vec![0; 1024 + stream.rest.len()];
    let mut node = Client::new(endpoint(), stream, buf.as_mut_slice());
    let mut peers = node.list(&GetPeerInfo).expect("there is room for a request");
    let mut given = String::new();
    loop {
        match peers.next() {
            Ok(Some(peer)) => given += &format!("{peer:?}\n"),
            Ok(None) => return given,
            Err(error) => return given + &error.to_string(),
        }
    }
}

/// The same by the function that is called with each of them.
fn each_peer(stream: &mut Stream<'_>) -> String {
    let mut buf = vec![0; 1024 + stream.rest.len()];
    let mut node = Client::new(endpoint(), stream, buf.as_mut_slice());
    let mut peers = node.list(&GetPeerInfo).expect("there is room for a request");
    let mut given = String::new();
    match peers.for_each(|peer| given += &format!("{peer:?}\n")) {
        Ok(()) => given,
        Err(error) => given + &error.to_string(),
    }
}

fn endpoint() -> Endpoint<'static> {
    Endpoint::new("localhost", 8554).expect("this is an endpoint")
}

/// A stream to a node that sends anything, whatever it is asked.
struct Stream<'d> {
    sizes: &'d [u8],
    turn: usize,
    rest: &'d [u8],
    opened: usize,
    written: Vec<u8>,
}

impl<'d> Stream<'d> {
    fn new(sizes: &'d [u8], rest: &'d [u8]) -> Self {
        Self {
            sizes,
            turn: 0,
            rest,
            opened: 0,
            written: Vec::new(),
        }
    }

    /// How much goes over it at once: all if the size is 0, and one byte if there are no sizes.
    fn piece(&mut self, all: usize) -> usize {
        let size = self.sizes.get(self.turn % self.sizes.len().max(1));
        self.turn += 1;
        match size {
            Some(0) => all,
            size => usize::from(*size.unwrap_or(&1)).min(all),
        }
    }
}

impl Read for Stream<'_> {
    fn read(&mut self, space: &mut [u8]) -> Result<usize, Infallible> {
        let count = self.piece(space.len().min(self.rest.len()));
        let (piece, rest) = self.rest.split_at(count);
        space[..count].copy_from_slice(piece);
        self.rest = rest;
        Ok(count)
    }
}

impl Write for Stream<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        let count = self.piece(bytes.len());
        self.written.extend(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

impl ErrorType for Stream<'_> {
    type Error = Infallible;
}

impl Connect for Stream<'_> {
    fn connect(&mut self) -> Result<(), Infallible> {
        self.opened += 1;
        Ok(())
    }
}
