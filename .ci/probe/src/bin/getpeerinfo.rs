//! The request `getpeerinfo`, and everything in the reply.
#![no_std]
#![no_main]

use defichain_net_rpc::network::GetPeerInfo;

#[unsafe(no_mangle)]
extern "C" fn probe() {
    probe::call(&GetPeerInfo, probe::peers);
}
