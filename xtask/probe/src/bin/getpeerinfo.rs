//! The request `getpeerinfo`, and everything in the reply.
#![cfg_attr(bare, no_std, no_main)]

use core::hint::black_box;

use defichain_net_rpc::network::GetPeerInfo;
use defichain_net_rpc::{request, response};
use probe::calls::{failed, peers};
use probe::{received, used};

probe::entry!(run);

fn run() {
    let id = black_box(1);
    used(&request(&GetPeerInfo, id, &mut [0; 128]));
    match response(id, received()) {
        Ok(result) => peers(result),
        Err(error) => failed(&error),
    }
}
