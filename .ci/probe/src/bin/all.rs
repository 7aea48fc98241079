//! Every method, each over HTTP, with a URL that is known only when the program runs.
#![no_std]
#![no_main]

use core::hint::black_box;

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::network::{GetConnectionCount, GetNetTotals, GetNetworkInfo, GetPeerInfo, SetNetworkActive};
use defichain_net_rpc::{Exchange, Method, Want};
use probe::{peers, received, used};

#[unsafe(no_mangle)]
extern "C" fn probe() {
    let url = str::from_utf8(received()).unwrap_or_default();
    let endpoint = match Endpoint::from_url(url) {
        Ok(endpoint) => endpoint,
        Err(error) => return used(error),
    };
    call(&endpoint, &GetConnectionCount, used);
    call(&endpoint, &GetNetTotals, used);
    call(&endpoint, &GetNetworkInfo, |info| {
        info.networks.iter().for_each(used);
        info.local_addresses.iter().for_each(used);
        used(info);
    });
    call(&endpoint, &GetPeerInfo, peers);
    call(&endpoint, &SetNetworkActive { state: black_box(true) }, used);
}

fn call<M: Method>(endpoint: &Endpoint<'_>, method: &M, read: impl FnOnce(M::Response<'_>)) {
    let mut buf = [0; 4096];
    let mut exchange = match Exchange::new(endpoint, method, black_box(1), &mut buf) {
        Ok(exchange) => exchange,
        Err(error) => return used(error),
    };
    carry(&mut exchange);
    if let Ok(Want::Done(reply)) = exchange.poll() {
        match reply.response(method) {
            Ok(result) => read(result),
            Err(error) => used((error.is_transient(), error)),
        }
    }
}

/// A connection that takes in and hands out whatever it likes; one for all methods, as a program would have it.
fn carry(exchange: &mut Exchange<'_>) {
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
            Ok(Want::Done(_)) => return,
            Err(error) => return used(error),
        }
    }
}
