//! An adapter over a connection: the crate's own, for streams of embedded-io, and to be copied for others. The first byte says
//! how many bytes follow that give the sizes of the pieces in which the connection works; the rest is what the node sends.
//!
//! What the adapter sends and what it gives do not depend on the pieces.
#![no_main]

use std::convert::Infallible;

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::network::{GetNetworkInfo, GetPeerInfo};
use defichain_net_rpc::{ElementExchange, Exchange};
use embedded_io::{ErrorType, Read, Write};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [count, rest @ ..] = data else { return };
    let Some((sizes, sent)) = rest.split_at_checked(usize::from(*count)) else {
        return;
    };
    for adapter in [network_info, peers] {
        let run = |sizes| {
            let mut connection = Connection::new(sizes, sent);
            (adapter(&mut connection), connection.written)
        };
        assert_eq!(run(sizes), run(&[0]));
    }
});

/// What comes of a whole reply.
fn network_info(connection: &mut Connection<'_>) -> String {
    let mut buf = vec![0; 1024 + connection.rest.len()];
    let exchange = Exchange::new(&endpoint(), &GetNetworkInfo, 1, &mut buf).expect("there is room for a request");
    match exchange.run(connection) {
        Ok(reply) => format!("{} {:?}", reply.status(), reply.response(&GetNetworkInfo)),
        Err(error) => error.to_string(),
    }
}

/// What comes of a list, one element at a time.
fn peers(connection: &mut Connection<'_>) -> String {
    let mut buf = vec![0; 1024 + connection.rest.len()];
    let mut peers = ElementExchange::new(&endpoint(), &GetPeerInfo, 1, &mut buf).expect("there is room for a request");
    let mut given = String::new();
    loop {
        match peers.next(connection) {
            Ok(Some(peer)) => given += &format!("{peer:?}\n"),
            Ok(None) => return given,
            Err(error) => return given + &error.to_string(),
        }
    }
}

fn endpoint() -> Endpoint<'static> {
    Endpoint::new("localhost", 8554).expect("this is an endpoint")
}

/// A connection to a node that sends anything, whatever it is asked.
struct Connection<'d> {
    sizes: &'d [u8],
    turn: usize,
    rest: &'d [u8],
    written: Vec<u8>,
}

impl<'d> Connection<'d> {
    fn new(sizes: &'d [u8], rest: &'d [u8]) -> Self {
        Self {
            sizes,
            turn: 0,
            rest,
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

impl Read for Connection<'_> {
    fn read(&mut self, space: &mut [u8]) -> Result<usize, Infallible> {
        let count = self.piece(space.len().min(self.rest.len()));
        let (piece, rest) = self.rest.split_at(count);
        space[..count].copy_from_slice(piece);
        self.rest = rest;
        Ok(count)
    }
}

impl Write for Connection<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        let count = self.piece(bytes.len());
        self.written.extend(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

impl ErrorType for Connection<'_> {
    type Error = Infallible;
}
