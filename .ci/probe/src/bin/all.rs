//! All that the crate can do without a feature.
#![no_std]
#![no_main]

use core::hint::black_box;

use defichain_net_rpc::network::{GetConnectionCount, GetNetTotals, GetNetworkInfo, GetPeerInfo, SetNetworkActive};
use probe::{call, used};

#[unsafe(no_mangle)]
extern "C" fn probe() {
    call(&GetConnectionCount, used);
    call(&GetNetTotals, used);
    call(&GetNetworkInfo, |info| {
        info.networks.iter().for_each(used);
        info.local_addresses.iter().for_each(used);
        used(info);
    });
    call(&GetPeerInfo, probe::peers);
    call(&SetNetworkActive { state: black_box(true) }, used);
}
