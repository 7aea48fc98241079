//! Every method, each over HTTP, with a URL that is known only when the program runs.
#![no_std]
#![no_main]

use core::hint::black_box;
use core::num::NonZeroU16;

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::network::{
    AddNode, BanTime, ClearBanned, DisconnectNode, GetAddedNodeInfo, GetConnectionCount, GetNetTotals, GetNetworkInfo,
    GetNodeAddresses, GetNodeStatusInfo, GetPeerInfo, GetVersionInfo, ListBanned, Ping, SetBan, SetNetworkActive,
};
use defichain_net_rpc::{Address, Exchange, Method, Subnet, Want};
use probe::{peers, received, used};

#[unsafe(no_mangle)]
extern "C" fn probe() {
    let url = str::from_utf8(received()).unwrap_or_default();
    let endpoint = match Endpoint::from_url(url) {
        Ok(endpoint) => endpoint,
        Err(error) => return used(error),
    };
    let mut buf = [0; 4096];
    let address = Address::from(url);
    call(&endpoint, &mut buf, &AddNode::Add(address), used);
    call(&endpoint, &mut buf, &ClearBanned, used);
    call(&endpoint, &mut buf, &DisconnectNode::Address(address), used);
    call(
        &endpoint,
        &mut buf,
        &GetAddedNodeInfo { node: Some(address) },
        |items| items.for_each(used),
    );
    call(&endpoint, &mut buf, &GetConnectionCount, used);
    call(&endpoint, &mut buf, &GetNetTotals, used);
    call(&endpoint, &mut buf, &GetNetworkInfo, |info| {
        info.networks.iter().for_each(used);
        info.local_addresses.iter().for_each(used);
        used(info);
    });
    let count = black_box(NonZeroU16::MIN);
    call(&endpoint, &mut buf, &GetNodeAddresses { count }, |items| {
        items.for_each(used)
    });
    call(&endpoint, &mut buf, &GetNodeStatusInfo, used);
    call(&endpoint, &mut buf, &GetPeerInfo, peers);
    call(&endpoint, &mut buf, &GetVersionInfo, |info| used(info));
    call(&endpoint, &mut buf, &ListBanned, |items| items.for_each(used));
    call(&endpoint, &mut buf, &Ping, used);
    if let Some(subnet) = Subnet::parse(url) {
        call(
            &endpoint,
            &mut buf,
            &SetBan::Add(subnet, black_box(BanTime::Default)),
            used,
        );
    }
    call(&endpoint, &mut buf, &SetNetworkActive { state: black_box(true) }, used);
}

fn call<M: Method>(endpoint: &Endpoint<'_>, buf: &mut [u8], method: &M, read: impl FnOnce(M::Response<'_>)) {
    let mut exchange = match Exchange::new(endpoint, method, black_box(1), buf) {
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
