//! Requests: bytes that choose a method and its parameters, then the texts in them.
//!
//! serde_json reads the same from what is written, the size that is told is the size it takes, and HTTP carries just that.
#![no_main]

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU16;
use std::time::Duration;

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::network::*;
use defichain_net_rpc::rpc::{Call, batch_request};
use defichain_net_rpc::{Address, Connection, Method, REPLY_SPACE, Subnet, UnixTime, Want, request};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

fuzz_target!(|data: &[u8]| {
    let mut bytes = Bytes(data);
    let id = bytes.number();
    let method = bytes.next();
    let check = |method: &dyn Check, params: Value| method.check(id, &params);
    match method % 16 {
        0 => check(&Ping, json!([])),
        1 => check(&ClearBanned, json!([])),
        2 => check(&GetConnectionCount, json!([])),
        3 => check(&GetNetTotals, json!([])),
        4 => check(&GetNetworkInfo, json!([])),
        5 => check(&GetNodeStatusInfo, json!([])),
        6 => check(&GetPeerInfo, json!([])),
        7 => check(&GetVersionInfo, json!([])),
        8 => check(&ListBanned, json!([])),
        9 => {
            let state = bytes.next() & 1 == 1;
            check(&SetNetworkActive { state }, json!([state]));
        }
        10 => {
            let command = bytes.next();
            let (node, text) = bytes.address();
            match command % 3 {
                0 => check(&AddNode::Add(node), json!([text, "add"])),
                1 => check(&AddNode::Remove(node), json!([text, "remove"])),
                _ => check(&AddNode::OneTry(node), json!([text, "onetry"])),
            }
        }
        11 => match bytes.next() & 1 {
            0 => {
                let (address, text) = bytes.address();
                check(&DisconnectNode::Address(address), json!([text]));
            }
            _ => {
                let id = bytes.number();
                check(&DisconnectNode::Id(id), json!(["", id]));
            }
        },
        12 => match bytes.next() & 1 {
            0 => check(&GetAddedNodeInfo { node: None }, json!([])),
            _ => {
                let (node, text) = bytes.address();
                check(&GetAddedNodeInfo { node: Some(node) }, json!([text]));
            }
        },
        13 => {
            let count = NonZeroU16::MIN.saturating_add(u16::from_le_bytes(bytes.array()));
            check(&GetNodeAddresses { count }, json!([count.get()]));
        }
        14 => set_ban(&mut bytes, id),
        _ => call(&mut bytes, id),
    }
});

fn set_ban(bytes: &mut Bytes<'_>, id: u64) {
    let address = bytes.ip();
    let Some((subnet, text)) = (match bytes.next() {
        0 => Some((Subnet::from(address), address.to_string())),
        prefix => Subnet::new(address, prefix - 1).map(|subnet| {
            // Whatever is not of the subnet is left out.
            (
                subnet,
                format!("{}/{}", subnet.address().expect("it was made of one"), prefix - 1),
            )
        }),
    }) else {
        return;
    };
    let (kind, number) = (bytes.next(), bytes.number());
    // The longest ban, which the node adds to its clock.
    let longest = 1 << 62;
    match kind % 5 {
        0 => SetBan::Remove(subnet).check(id, &json!([text, "remove"])),
        1 => SetBan::Add(subnet, BanTime::Default).check(id, &json!([text, "add"])),
        2 => {
            let time = BanTime::For(Duration::from_secs(number));
            SetBan::Add(subnet, time).check(id, &json!([text, "add", number.clamp(1, longest)]));
        }
        3 => {
            let time = BanTime::For(Duration::new(number, 1));
            let rounded = number.saturating_add(1).clamp(1, longest);
            SetBan::Add(subnet, time).check(id, &json!([text, "add", rounded]));
        }
        _ => {
            let time = BanTime::Until(UnixTime::from_secs(number));
            let in_range = number.clamp(1, i64::MAX as u64);
            SetBan::Add(subnet, time).check(id, &json!([text, "add", in_range, true]));
        }
    }
}

/// A method by any name, with any JSON as its parameters.
fn call(bytes: &mut Bytes<'_>, id: u64) {
    let name = bytes.text();
    // serde_json would take an object with such a name for a number.
    if bytes.0.windows(11).any(|window| window == b"$serde_json") {
        return;
    }
    let Ok(params) = serde_json::from_slice::<Value>(bytes.0) else {
        return;
    };
    match (Call::new(name, &params), params) {
        (Ok(call), Value::Null) => call.check(id, &json!([])),
        (Ok(call), params) => {
            assert!(params.is_array() || params.is_object());
            call.check(id, &params);
        }
        (Err(_), params) => assert!(!params.is_array() && !params.is_object() && !params.is_null()),
    }
}

trait Check {
    /// Writes the request, and has serde_json read it.
    fn check(&self, id: u64, params: &Value);
}

impl<M: Method> Check for M {
    fn check(&self, id: u64, params: &Value) {
        let needed = request(self, id, &mut []).expect_err("a request has bytes").needed;
        let mut buf = vec![0; needed];
        let short = request(self, id, &mut buf[..needed - 1]);
        assert_eq!(short.expect_err("it is one byte short").needed, needed);
        let body = request(self, id, &mut buf).expect("the size that was told is enough");
        assert_eq!(body.len(), needed);

        let read: Value = serde_json::from_slice(body).expect("a request is JSON");
        let expected = json!({"jsonrpc": "1.0", "id": id, "method": self.name(), "params": params});
        assert_eq!(read, expected);
        // jellyfish writes the members in this order.
        let begin = format!("{{\"jsonrpc\":\"1.0\",\"id\":{id},\"method\":\"");
        assert!(body.starts_with(begin.as_bytes()));

        let next = id.wrapping_add(1);
        let mut buf = vec![0; needed + 32];
        let other = request(self, next, &mut buf).expect("there is room for a longer id");
        let mut buf = vec![0; 2 * needed + 64];
        let asked = batch_request(id, &mut buf, |batch| (batch.push(self), batch.push(self)));
        let (ids, batch) = asked.expect("there is room for two");
        assert_eq!(ids, (id, next));
        assert_eq!(batch, [b"[", body, b",", other, b"]"].concat());

        let endpoint = Endpoint::new("localhost", 8554).expect("this is an endpoint");
        let mut connection = Connection::with_first_id(id);
        let needed_with_head = connection
            .call(&endpoint, self, &mut [])
            .expect_err("a request has bytes")
            .needed;
        let mut buf = vec![0; needed_with_head];
        assert_eq!(connection.call(&endpoint, self, &mut buf), Ok(id));
        connection.connected();
        let Ok(Want::Write(sent)) = connection.poll(&mut buf) else {
            panic!("a request is not to be written");
        };
        assert_eq!(sent.len() + REPLY_SPACE, needed_with_head);
        assert!(endpoint.request_len(self) >= needed_with_head);
        let head = sent.strip_suffix(body).expect("the body is last");
        assert!(head.ends_with(format!("\r\nContent-Length: {needed}\r\n\r\n").as_bytes()));
    }
}

/// What is left of the input. Behind its end there are zeros.
struct Bytes<'d>(&'d [u8]);

impl<'d> Bytes<'d> {
    fn next(&mut self) -> u8 {
        let [byte, rest @ ..] = self.0 else { return 0 };
        self.0 = rest;
        *byte
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.next())
    }

    /// A number of as many bytes as the first one tells.
    fn number(&mut self) -> u64 {
        let length = self.next() % 9;
        (0..length).fold(0, |number, _| number << 8 | u64::from(self.next()))
    }

    fn ip(&mut self) -> IpAddr {
        match self.next() & 1 {
            0 => self.array::<4>().into(),
            _ => self.array::<16>().into(),
        }
    }

    /// As much of the next bytes as is UTF-8.
    fn text(&mut self) -> &'d str {
        let length = usize::from(self.next()).min(self.0.len());
        let (bytes, rest) = self.0.split_at(length);
        self.0 = rest;
        let valid = str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
        str::from_utf8(&bytes[..valid]).unwrap_or_default()
    }

    fn address(&mut self) -> (Address<'d>, String) {
        match self.next() & 1 {
            0 => {
                let text = self.text();
                (text.into(), text.to_owned())
            }
            _ => {
                let address = SocketAddr::new(self.ip(), u16::from_le_bytes(self.array()));
                (address.into(), address.to_string())
            }
        }
    }
}
