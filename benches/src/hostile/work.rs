//! What is done with the inputs. Whether it fails does not matter.

use std::fmt::Write as _;
use std::hint::black_box;

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::json::{FromJson, Text, from_slice};
use defichain_net_rpc::network::{AddNode, GetConnectionCount, GetNetTotals, GetNetworkInfo, GetPeerInfo, PeerInfo};
use defichain_net_rpc::rpc::BatchResponse;
use defichain_net_rpc::{Connection, Method, PeerAddress, Response, Subnet, Want, request, response};

pub(crate) fn linear(input: &[u8]) {
    black_box(
        input
            .iter()
            .fold(0, |sum: u64, byte| sum.rotate_left(1) ^ u64::from(*byte)),
    );
}

pub(crate) fn quadratic(input: &[u8]) {
    (0..input.len()).step_by(1 << 10).for_each(|end| linear(&input[..end]));
}

fn shown(error: &impl std::fmt::Display) {
    _ = write!(Anywhere, "{error}");
}

/// Takes text without a heap, whose work would count as that of the crate.
struct Anywhere;

impl std::fmt::Write for Anywhere {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        black_box(text);
        Ok(())
    }
}

pub(crate) fn value<V: FromJson<'static>>(input: &'static [u8]) {
    match from_slice::<V>(input) {
        Ok(value) => _ = black_box(value),
        Err(error) => shown(&error),
    }
}

pub(crate) fn text(input: &[u8]) {
    if let Ok(text) = from_slice::<Text<&str>>(input) {
        let mut buf = vec![0; input.len()];
        let decoded = text.decode(&mut buf).expect("a text is no longer than its escapes");
        assert!(text == decoded);
        shown(&text);
    }
}

pub(crate) fn address(input: &[u8]) {
    if let Ok(address) = from_slice::<PeerAddress<&str>>(input) {
        black_box(address.socket_addr());
    }
}

fn body<M: Method>(_: &M, input: &[u8], read: impl FnOnce(Response<'_, M>)) {
    match response(1, input) {
        Ok(response) => read(response),
        Err(error) => shown(&error),
    }
}

pub(crate) fn as_totals(input: &[u8]) {
    body(&GetNetTotals, input, |totals| _ = black_box(totals));
}

pub(crate) fn as_info(input: &[u8]) {
    body(&GetNetworkInfo, input, |info| _ = black_box(info));
}

pub(crate) fn as_peers(input: &[u8]) {
    body(&GetPeerInfo, input, |peers| peers.for_each(|peer| _ = black_box(peer)));
}

pub(crate) fn batch(input: &[u8]) {
    let mut slots = vec![None; input.len() / 32];
    let count = slots.len() as u64;
    match BatchResponse::read(1, input, &mut slots) {
        Ok(batch) => {
            (1..=count).for_each(|id| _ = black_box(batch.response::<u64>(id)));
            batch.faults().for_each(|fault| shown(&fault));
        }
        Err(error) => shown(&error),
    }
}

/// Hands out what is left of the input, so many bytes at a time.
fn read(input: &[u8], pieces: usize) -> impl FnMut(&mut [u8]) -> usize + use<'_> {
    let mut rest = input;
    move |space| {
        let (piece, later) = rest.split_at(pieces.min(space.len()).min(rest.len()));
        space[..piece.len()].copy_from_slice(piece);
        rest = later;
        piece.len()
    }
}

/// Reads the elements of a reply, which comes as a body alone or over HTTP.
fn through_window(mut connection: Connection, input: &[u8], window: usize, pieces: usize) {
    let mut window = vec![0; window];
    let mut read = read(input, pieces);
    loop {
        match connection.poll_item::<PeerInfo<&str>>(&mut window) {
            Ok(Want::Read(space)) => {
                let count = read(space);
                connection.received(count);
            }
            Ok(Want::Ready(Some(peer))) => _ = black_box(peer),
            Ok(_) => return,
            Err(error) => return shown(&error),
        }
    }
}

pub(crate) fn elements(input: &[u8]) {
    through_window(Connection::awaiting_body(1), input, 4096, usize::MAX);
}

pub(crate) fn piecemeal_elements(input: &[u8]) {
    through_window(Connection::awaiting_body(1), input, input.len() + 1, 1);
}

pub(crate) fn elements_over_http(input: &[u8]) {
    through_window(Connection::awaiting_reply(1), input, 4096, usize::MAX);
}

pub(crate) fn piecemeal_elements_over_http(input: &[u8]) {
    through_window(Connection::awaiting_reply(1), input, input.len() + 1, 1);
}

fn over_http(input: &[u8], pieces: usize) {
    let mut buf = vec![0; input.len() + 1];
    let mut connection = Connection::awaiting_reply(1);
    let mut read = read(input, pieces);
    loop {
        match connection.poll(&mut buf) {
            Ok(Want::Read(space)) => {
                let count = read(space);
                connection.received(count);
            }
            Ok(Want::Ready(reply)) => {
                if let Err(error) = reply.response::<u64>() {
                    shown(&error);
                }
                return;
            }
            Ok(_) => return,
            Err(error) => return shown(&error),
        }
    }
}

pub(crate) fn reply(input: &[u8]) {
    over_http(input, usize::MAX);
}

pub(crate) fn piecemeal_reply(input: &[u8]) {
    over_http(input, 1);
}

fn spelt(input: &[u8]) -> &str {
    std::str::from_utf8(input).expect("the inputs are text")
}

pub(crate) fn written(input: &[u8]) {
    let mut buf = vec![0; 6 * input.len() + 100];
    let body = request(&AddNode::Add(spelt(input).into()), 1, &mut buf);
    black_box(body.expect("the buffer is large enough"));
}

pub(crate) fn endpoint(input: &[u8]) {
    match Endpoint::from_url(spelt(input)) {
        Ok(endpoint) => {
            let mut buf = vec![0; 2 * input.len() + 1000];
            let id = Connection::new().call(&endpoint, &GetConnectionCount, &mut buf);
            black_box(id.expect("the buffer is large enough"));
        }
        Err(error) => shown(&error),
    }
}

pub(crate) fn cookie(input: &[u8]) {
    let endpoint = Endpoint::new("localhost", 8554).expect("this is an endpoint");
    _ = black_box(endpoint.with_cookie(spelt(input)));
}

pub(crate) fn subnet(input: &[u8]) {
    black_box(Subnet::parse(spelt(input)));
}
