//! All methods over HTTP, and peers through a window as well, with a URL that is known only when the program runs.
#![cfg_attr(bare, no_std, no_main)]

use core::hint::black_box;

use defichain_net_rpc::http::{Endpoint, Reply, ReplyError};
use defichain_net_rpc::network::GetPeerInfo;
use defichain_net_rpc::{ElementExchange, ElementWant, Exchange, Method, Want};
use probe::calls::{Caller, every_method, used_peer};
use probe::{received, used};

probe::entry!(run);

fn run() {
    let url = str::from_utf8(received()).unwrap_or_default();
    let endpoint = match Endpoint::from_url(url) {
        Ok(endpoint) => endpoint,
        Err(error) => return used(&error),
    };
    let buf = [0; 4096];
    let mut node = OverHttp { endpoint, buf };
    every_method(&mut node, url);
    node.stream();
}

/// A connection to a node, with room for a request and its reply.
struct OverHttp<'a> {
    endpoint: Endpoint<'a>,
    buf: [u8; 4096],
}

impl OverHttp<'_> {
    #[inline(never)]
    fn stream(&mut self) {
        let mut peers = match ElementExchange::new(&self.endpoint, &GetPeerInfo, black_box(1), &mut self.buf) {
            Ok(peers) => peers,
            Err(error) => return used(&error),
        };
        loop {
            match peers.poll() {
                Ok(ElementWant::Write(bytes)) => {
                    let count = black_box(bytes).len();
                    peers.written(count);
                }
                Ok(ElementWant::Read(space)) => {
                    let count = black_box(space).len();
                    peers.received(count);
                }
                Ok(ElementWant::Element(peer)) => used_peer(&peer),
                Ok(ElementWant::End) => return,
                Err(error) => return used(&error),
            }
        }
    }
}

impl Caller for OverHttp<'_> {
    // A function for each method, which a list of symbols can name.
    #[inline(never)]
    fn call<M: Method>(&mut self, method: &M, read: impl FnOnce(M::Response<'_>)) {
        match Exchange::new(&self.endpoint, method, black_box(1), &mut self.buf) {
            Ok(exchange) => match carry(exchange).map(|reply| reply.response(method)) {
                Some(Ok(result)) => read(result),
                Some(Err(error)) => failed(&error),
                None => {}
            },
            Err(error) => used(&error),
        }
    }
}

/// A connection that takes in and hands out whatever it likes; one for all methods, as a program would have it.
#[inline(never)]
fn carry<'b>(mut exchange: Exchange<'b>) -> Option<Reply<'b>> {
    loop {
        match exchange.poll() {
            Ok(Want::Write(bytes)) => {
                let count = black_box(bytes).len();
                exchange.written(count);
            }
            Ok(Want::Read(space)) => {
                let count = black_box(space).len();
                exchange.received(count);
            }
            Ok(Want::Done(_)) => break,
            Err(error) => {
                used(&error);
                return None;
            }
        }
    }
    exchange.into_reply()
}

#[inline(never)]
fn failed(error: &ReplyError<'_>) {
    used(&error.is_transient());
    used(error);
}
