//! What defmt is given: the texts of a reply reach the log as they are.
#![cfg(feature = "defmt-v1")]

use std::sync::Mutex;

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::json::{Build, FromJson, List, Map, Number, Raw, Reader, Truncated, from_slice};
use defichain_net_rpc::network::{GetPeerInfo, Network, Warnings};
use defichain_net_rpc::rpc::{Call, Envelope};
use defichain_net_rpc::{Address, Amount, Response, Subnet, response};

#[test]
fn the_texts_of_a_response_are_logged() {
    let network: Network<&str> = from_slice(
        br#"{"name":"onion","limited":false,"reachable":true,"proxy":"127.0.0.1:9050","proxy_randomize_credentials":true}"#,
    )
    .unwrap();
    let bytes = logged(|| defmt::println!("{}", network));
    for text in [
        "Network",
        "name",
        "onion",
        "proxy",
        "127.0.0.1:9050",
        "proxy_randomize_credentials",
    ] {
        assert!(contains(&bytes, text), "{text}");
    }
}

#[test]
fn a_peer_is_logged_with_its_lists() {
    let reply = include_bytes!("exchanges/v3.2.8/syncing-getpeerinfo.response.http");
    let head = reply.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
    let mut peers: Response<GetPeerInfo> = response(435, &reply[head..]).unwrap();
    let peer = peers.next().unwrap().unwrap();
    let bytes = logged(|| defmt::println!("{}", peer));
    for text in [
        "PeerInfo",
        "addr",
        "127.0.0.1:21004",
        "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]",
        "\"getaddr\":24",
    ] {
        assert!(contains(&bytes, text), "{text}");
    }
}

#[test]
fn the_error_of_the_node_is_logged_with_its_message() {
    let reply = br#"{"result":null,"error":{"code":-28,"message":"Loading banlist..."},"id":1}"#;
    let envelope = Envelope::read(reply).unwrap();
    let bytes = logged(|| defmt::println!("{}", envelope.node_error().unwrap()));
    assert!(contains(&bytes, "Loading banlist..."));
    assert!(contains(&bytes, (-28_i32).to_le_bytes()));
    let error = response::<u64>(1, reply).unwrap_err();
    assert!(contains(
        &logged(|| defmt::println!("{}", error)),
        (-28_i32).to_le_bytes()
    ));
    let error = response::<u64>(1, b"{\"result\":true,\"id\":1}").unwrap_err();
    assert!(contains(&logged(|| defmt::println!("{}", error)), "result"));
}

#[test]
fn values_are_logged_as_their_numbers() {
    let bytes = logged(|| defmt::println!("{}", Amount::from_units(0x0102_0304_0506_0708)));
    assert!(contains(&bytes, 0x0102_0304_0506_0708_i64.to_le_bytes()));
    let error = Endpoint::from_url("localhost").unwrap_err();
    assert!(!logged(|| defmt::println!("{}", error)).is_empty());
}

#[test]
fn what_stands_in_json_is_logged_as_it_stands() {
    let number: Number<&str> = from_slice(b"1.50").unwrap();
    assert!(contains(&logged(|| defmt::println!("{}", number)), "1.50"));
    let raw: Raw<&str> = from_slice(b"[ 1]").unwrap();
    assert!(contains(&logged(|| defmt::println!("{}", raw)), "[ 1]"));
    let truncated = truncated("abcd");
    assert!(contains(&logged(|| defmt::println!("{}", truncated)), "abc"));
    let warnings: Warnings<&str> = from_slice(br#"["first","second"]"#).unwrap();
    let bytes = logged(|| defmt::println!("{}", warnings));
    assert!(contains(&bytes, "first") && contains(&bytes, "second"));
}

#[test]
fn what_is_left_to_read_is_logged_as_a_count() {
    let count = 5_u32.to_le_bytes();
    let list: List<&str, u64> = from_slice(b"[1,2,3,4,5]").unwrap();
    assert!(contains(&logged(|| defmt::println!("{}", list.iter())), count));
    let map: Map<&str, u64> = from_slice(br#"{"a":1,"b":2,"c":3,"d":4,"e":5}"#).unwrap();
    assert!(contains(&logged(|| defmt::println!("{}", map.iter())), count));
    let warnings: Warnings<&str> = from_slice(br#"["1","2","3","4","5"]"#).unwrap();
    assert!(contains(&logged(|| defmt::println!("{}", warnings.iter())), count));
    let mut reader = Reader::new(b"12345,");
    assert_eq!(u64::from_json(&mut reader), 12345);
    assert!(contains(&logged(|| defmt::println!("{}", reader)), count));
}

#[test]
fn addresses_subnets_and_calls_are_logged_as_text() {
    let socket = "[2001:db8::1]:8555".parse::<std::net::SocketAddr>().unwrap();
    assert!(contains(
        &logged(|| defmt::println!("{}", Address::from(socket))),
        "[2001:db8::1]:8555"
    ));
    assert!(contains(
        &logged(|| defmt::println!("{}", Address::from("node.example"))),
        "node.example"
    ));
    let ip = "192.0.2.1".parse::<std::net::IpAddr>().unwrap();
    assert!(contains(
        &logged(|| defmt::println!("{}", Subnet::from(ip))),
        "192.0.2.1"
    ));
    assert!(contains(
        &logged(|| defmt::println!("{}", Subnet::from("192.0.2.0/24"))),
        "192.0.2.0/24"
    ));
    let call = Call::new("getblockhash", &[1]).unwrap();
    assert!(contains(&logged(|| defmt::println!("{}", call)), "getblockhash"));
}

fn contains(bytes: &[u8], text: impl AsRef<[u8]>) -> bool {
    let text = text.as_ref();
    bytes.windows(text.len()).any(|window| window == text)
}

/// What is logged meanwhile, as it goes over the wire.
fn logged(log: impl FnOnce()) -> Vec<u8> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    LOG.lock().unwrap().clear();
    log();
    LOG.lock().unwrap().clone()
}

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

#[defmt::global_logger]
struct Logger;

unsafe impl defmt::Logger for Logger {
    fn acquire() {}

    unsafe fn flush() {}

    unsafe fn release() {}

    unsafe fn write(bytes: &[u8]) {
        LOG.lock().unwrap().extend_from_slice(bytes);
    }
}

defmt::timestamp!("{=u8}", 0);

#[defmt::panic_handler]
fn panic() -> ! {
    panic!("defmt gave up");
}

fn truncated(text: &str) -> Truncated<3> {
    let mut truncated = Truncated::default();
    for character in text.split_inclusive(|_| true) {
        assert!(truncated.push_text(character));
    }
    truncated
}
