//! A text that a caller gives or a node tells: an address, a subnet, the URL of a node.
//!
//! Addresses are those that core::net reads and writes, and no URL spoils the head of a request.
#![no_main]

use std::net::{IpAddr, SocketAddr};

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::json::from_slice;
use defichain_net_rpc::network::Ping;
use defichain_net_rpc::{Address, Connection, PeerAddress, Subnet, Want, request};
use fuzz::json::written;
use httparse::{EMPTY_HEADER, Request, Status};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    address(text);
    subnet(text);
    url(text);
});

fn address(text: &str) {
    let json = written(text).to_string();
    let ours = from_slice::<PeerAddress<&str>>(json.as_bytes()).expect("any text will do");
    assert_eq!(ours, text);
    let plain = ours.text().as_str().is_some();
    // core::net reads zones and any number of zeros before the port.
    let port = text.rsplit(':').next().unwrap_or_default();
    let expected = text.parse::<SocketAddr>().ok();
    let expected = expected.filter(|_| plain && !text.contains('%') && port.len() <= 5);
    assert_eq!(ours.socket_addr(), expected);
    if let Some(address) = expected {
        assert_eq!(written(&Address::from(address)), address.to_string());
    }
}

fn subnet(text: &str) {
    let (address, prefix) = text.split_once('/').map_or((text, None), |(a, p)| (a, Some(p)));
    let expected = address.parse::<IpAddr>().ok().and_then(|address| match prefix {
        None => Some(Subnet::from(address)),
        Some(prefix) if prefix.len() <= 3 && prefix.bytes().all(|b| b.is_ascii_digit()) => {
            Subnet::new(address, prefix.parse().ok()?)
        }
        Some(mask) => Subnet::new(
            address,
            ones(mask.parse().ok()?).filter(|_| same_family(address, mask))?,
        ),
    });
    let ours = Subnet::parse(text);
    if expected.is_none() && ours.is_some() {
        // A zone, or a mask that is no prefix: kept as it is.
        return assert!(text.contains(['%', '/']), "{text}");
    }
    assert_eq!(ours, expected);
    if let Some(subnet) = ours
        && let Some(address) = subnet.address()
    {
        let prefix = subnet.prefix().map(|prefix| format!("/{prefix}"));
        assert_eq!(written(&subnet), format!("{address}{}", prefix.unwrap_or_default()));
    }
}

/// How many leading ones a mask has, if it has no others.
fn ones(mask: IpAddr) -> Option<u8> {
    let bits = match mask {
        IpAddr::V4(mask) => format!("{:032b}", mask.to_bits()),
        IpAddr::V6(mask) => format!("{:0128b}", mask.to_bits()),
    };
    let zeros = bits.trim_start_matches('1');
    let count = u8::try_from(bits.len() - zeros.len()).ok()?;
    (!zeros.contains('1')).then_some(count)
}

fn same_family(address: IpAddr, mask: &str) -> bool {
    mask.parse::<IpAddr>()
        .is_ok_and(|mask| mask.is_ipv4() == address.is_ipv4())
}

fn url(text: &str) {
    let Ok(endpoint) = Endpoint::from_url(text) else { return };
    let mut connection = Connection::new();
    let needed = connection
        .call(&endpoint, &Ping, &mut [])
        .expect_err("a request has bytes")
        .needed;
    let mut buf = vec![0; needed];
    connection
        .call(&endpoint, &Ping, &mut buf)
        .expect("the size that was told is enough");
    connection.connected();
    let Ok(Want::Write(sent)) = connection.poll(&mut buf) else {
        panic!("a request is not to be written");
    };
    let owned = endpoint.to_buf::<String>().expect("a string has room");
    assert_eq!(
        Connection::new().call(&owned.as_endpoint(), &Ping, &mut vec![0; needed]),
        Ok(1)
    );
    let mut headers = [EMPTY_HEADER; 8];
    let mut head = Request::new(&mut headers);
    let Ok(Status::Complete(len)) = head.parse(sent) else {
        panic!("{} is no head", sent.escape_ascii());
    };
    assert_eq!(head.path, Some(endpoint.path()));
    let names: Vec<_> = head.headers.iter().map(|header| header.name).collect();
    let authorization: &[&str] = if endpoint.has_credentials() {
        &["Authorization"]
    } else {
        &[]
    };
    let expected = [
        &["Host"][..],
        authorization,
        &["Content-Type", "Accept-Encoding", "Content-Length"],
    ]
    .concat();
    assert_eq!(names, expected, "{text}");
    assert_eq!(
        owned.as_endpoint().has_credentials(),
        endpoint.has_credentials(),
        "{text}"
    );
    assert_eq!(sent.get(len..), request(&Ping, 1, &mut [0; 128]).ok());
}
