//! The request `getpeerinfo`, and everything in the reply, with serde-json-core and heapless.
#![cfg_attr(bare, no_std, no_main)]

use core::hint::black_box;

use heapless::{LinearMap, Vec};
use probe::serde::{Peer, Reply, Request};
use probe::{received, used};

type Peers<'a> = Vec<Peer<&'a str, Vec<i32, 16>, Vec<&'a str, 5>, LinearMap<&'a str, u64, 29>>, 8>;

probe::entry!(run);

fn run() {
    let request = Request {
        jsonrpc: "1.0",
        id: black_box(1),
        method: "getpeerinfo",
        params: [],
    };
    used(&serde_json_core::to_slice(&request, &mut [0; 128]));
    used(&serde_json_core::from_slice::<Reply<Peers<'_>, &str>>(received()));
}
