//! The monitor on the LM3S6965, over embassy-net.

mod driver;
mod executor;
mod tcp;
mod time;

use core::net::{SocketAddr, SocketAddrV4};

use defichain_net_rpc::http::Endpoint;
use embassy_executor::Spawner;
use embassy_net::{Config, DhcpConfig, Runner, Stack, StackResources};
use embassy_time::{Duration, Instant};
use static_cell::{ConstStaticCell, StaticCell};

use self::driver::Driver;
use self::tcp::Tcp;
use crate::board::{chip, ethernet};
use crate::monitor::{self, Settings};
use crate::semihosting::{self, println};
use crate::{start, ticker};

/// Where the node is. QEMU shows the loopback of the machine that it runs on as 10.0.2.2.
const NODE: &str = match option_env!("NODE") {
    Some(url) => url,
    None => "http://foo:bar@10.0.2.2:8554",
};

/// A number from the environment of the compiler.
const fn setting(text: Option<&str>, default: u32) -> u32 {
    match text {
        None => default,
        Some(text) => match u32::from_str_radix(text, 10) {
            Ok(number) => number,
            Err(_) => panic!("a setting is not a number"),
        },
    }
}

pub(crate) fn main() -> ! {
    chip::start();
    println!("monitor: {NODE}");
    executor::run(spawn)
}

fn spawn(spawner: Spawner) {
    static FRAMES: ConstStaticCell<ethernet::Memory> = ConstStaticCell::new(ethernet::Memory::new());
    // For DHCP and the node.
    static SOCKETS: StaticCell<StackResources<2>> = StaticCell::new();
    // The board has no source of randomness; one that has should take this from there.
    const SEED: u64 = 0;

    let settings = settings();
    let driver = Driver::start(FRAMES.take());
    let sockets = SOCKETS.init(StackResources::new());
    let (stack, runner) = embassy_net::new(driver, Config::dhcpv4(DhcpConfig::default()), sockets, SEED);
    let (Ok(network), Ok(tick), Ok(watch)) = (network(runner), tick(), watch(stack, settings)) else {
        panic!("a task is spawned twice");
    };
    spawner.spawn(network);
    spawner.spawn(tick);
    spawner.spawn(watch);
}

/// The node's endpoint and address. A URL that will not do ends the run.
fn settings() -> Settings<'static> {
    // Displayed, as the machinery behind `expect`, which would debug it, takes 5 kB.
    let endpoint = Endpoint::from_url(NODE).unwrap_or_else(|error| panic!("the node's URL is wrong: {error}"));
    assert!(!endpoint.is_tls(), "the node's URL is wrong: there is no TLS here");
    let Ok(host) = endpoint.host().parse() else {
        panic!("the node's URL is wrong: it needs an IPv4 address");
    };
    Settings {
        endpoint,
        address: SocketAddr::V4(SocketAddrV4::new(host, endpoint.port())),
        interval: Duration::from_millis(setting(option_env!("INTERVAL_MS"), 5000).into()),
        timeout: Duration::from_millis(setting(option_env!("TIMEOUT_MS"), 10_000).into()),
        polls: setting(option_env!("POLLS"), 5),
    }
}

#[embassy_executor::task]
async fn network(mut runner: Runner<'static, Driver>) -> ! {
    runner.run().await
}

#[embassy_executor::task]
async fn tick() -> ! {
    ticker::run().await
}

#[embassy_executor::task]
async fn watch(stack: Stack<'static>, settings: Settings<'static>) -> ! {
    static BUFFER: ConstStaticCell<[u8; 4096]> = ConstStaticCell::new([0; _]);
    static RECEIVED: ConstStaticCell<[u8; 4096]> = ConstStaticCell::new([0; _]);
    static SENDING: ConstStaticCell<[u8; 512]> = ConstStaticCell::new([0; _]);

    println!("network: no address");
    stack.wait_config_up().await;
    if let Some(config) = stack.config_v4() {
        println!("network: {}", config.address);
    }
    let tcp = Tcp::new(stack, RECEIVED.take(), SENDING.take());
    let is_sound = monitor::run(&tcp, &settings, BUFFER.take()).await;
    let (ticks, late) = ticker::figures();
    println!("ticker: {ticks} ticks, at most {late} ms late");
    println!("time: {} ms since the start", Instant::now().as_millis());
    println!("stack: {} bytes at the deepest", start::stack_used());
    semihosting::exit(is_sound)
}
