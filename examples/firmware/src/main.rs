//! A monitor: asks a node every few seconds what its peers are doing, and prints it.
#![no_std]
#![no_main]

use core::net::SocketAddrV4;

use board::chip;
use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::io::Client;
use monitor::Node;
use network::{Network, now};
use semihosting::println;
use smoltcp::iface::SocketStorage;
use smoltcp::time::Duration;
use static_cell::ConstStaticCell;

#[cfg_attr(target_arch = "arm", path = "lm3s6965/mod.rs")]
#[cfg_attr(target_arch = "riscv32", path = "virt/mod.rs")]
mod board;
mod device;
mod monitor;
mod network;
mod register;
mod semihosting;
mod semihosting_call;
mod start;
mod summary;

/// Where the node is. QEMU shows the loopback of the machine that it runs on as 10.0.2.2.
const NODE: &str = match option_env!("NODE") {
    Some(url) => url,
    None => "http://foo:bar@10.0.2.2:8554",
};

/// From the end of a poll to the next.
const INTERVAL: Duration = Duration::from_millis(setting(option_env!("INTERVAL_MS"), 5000));

/// How many polls there are before the run ends. A real monitor would not end.
const POLLS: u64 = setting(option_env!("POLLS"), 5);

/// How long a poll may take.
const TIMEOUT: Duration = Duration::from_millis(setting(option_env!("TIMEOUT_MS"), 10_000));

/// How long to wait after the first failure. It doubles with every further one.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The number of failures in a row that ends the run.
const FAILURES: u32 = 10;

/// A number from the environment of the compiler.
const fn setting(text: Option<&str>, default: u64) -> u64 {
    match text {
        None => default,
        Some(text) => match u64::from_str_radix(text, 10) {
            Ok(number) => number,
            Err(_) => panic!("a setting is not a number"),
        },
    }
}

extern "C" fn main() -> ! {
    static NETWORK: ConstStaticCell<network::Memory> = ConstStaticCell::new(network::Memory::new());
    static SOCKETS: ConstStaticCell<[SocketStorage<'_>; 2]> = ConstStaticCell::new([SocketStorage::EMPTY; 2]);
    static BUFFER: ConstStaticCell<[u8; 4096]> = ConstStaticCell::new([0; _]);

    chip::start();
    println!("monitor: {NODE}");
    let (endpoint, address) = endpoint();
    let network = Network::new(NETWORK.take(), SOCKETS.take(), address);
    let mut node: Node = Client::new(endpoint, network, BUFFER.take());
    let (mut polls, mut failures) = (0, 0);
    while polls < POLLS && failures < FAILURES {
        let start = now();
        node.stream_mut().set_deadline(start + TIMEOUT);
        let pause = match monitor::poll(&mut node) {
            Ok(summary) => {
                polls += 1;
                failures = 0;
                let time = now() - start;
                println!("poll {polls}: {summary}; {} ms", time.total_millis());
                INTERVAL
            }
            Err(error) => {
                monitor::print_failure(&node, &error);
                let pause = (FIRST_PAUSE * (1 << failures)).min(LONGEST_PAUSE);
                failures += 1;
                println!("failure {failures}, again in {} ms", pause.total_millis());
                pause
            }
        };
        node.stream_mut().run(pause);
    }
    println!("time: {} ms since the start", now().total_millis());
    println!("stack: {} bytes at the deepest", start::stack_used());
    semihosting::exit(failures == 0)
}

/// Returns the node's endpoint and address. An unsuitable URL ends the run.
fn endpoint() -> (Endpoint<'static>, SocketAddrV4) {
    // Not `expect`, whose `Debug` output would take 5 kB.
    let endpoint = Endpoint::from_url(NODE).unwrap_or_else(|error| panic!("the node's URL is wrong: {error}"));
    assert!(!endpoint.is_tls(), "the node's URL is wrong: there is no TLS here");
    let Ok(host) = endpoint.host().parse() else {
        panic!("the node's URL is wrong: it needs an IPv4 address");
    };
    (endpoint, SocketAddrV4::new(host, endpoint.port()))
}
