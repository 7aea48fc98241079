//! A real node, named by the variable `DEFICHAIN_RPC_URL`, such as `http://user:password@localhost:8554`. Nothing in it is
//! changed.

use std::env;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use defichain_net_rpc::http::{Endpoint, HttpErrorKind, Reply, ReplyError};
use defichain_net_rpc::network::{GetConnectionCount, GetNetTotals, GetNetworkInfo, GetPeerInfo};
use defichain_net_rpc::rpc::Code;
use defichain_net_rpc::{Exchange, Method, Services, Want};

/// Enough for the largest reply of a node with the default number of peers.
const REPLY_SIZE: usize = 1 << 19;

#[test]
fn the_methods_that_read_are_answered_plausibly() {
    let Some(url) = url() else { return };
    let mut node = Node::connect(Endpoint::from_url(&url).unwrap());

    let count = node.call(&GetConnectionCount, |reply| {
        reply.response(&GetConnectionCount).unwrap()
    });
    assert!(count < 10_000);

    let totals = node.call(&GetNetTotals, |reply| reply.response(&GetNetTotals).unwrap());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    assert!(Duration::from_millis(totals.time_millis).abs_diff(now) < Duration::from_secs(3600));
    assert_eq!(totals.upload_target.time_frame, 86_400);

    node.call(&GetNetworkInfo, |reply| {
        let info = reply.response(&GetNetworkInfo).unwrap();
        assert!(info.version >= 1_000_000);
        assert!(info.subversion.to_string().starts_with("/DeFiChain:"));
        assert!(info.protocol_version >= 70_000);
        assert!(
            info.local_services
                .is_none_or(|services| services.contains(Services::WITNESS))
        );
        assert!(info.networks.iter().any(|network| network.name == "ipv4"));
        assert!(info.relay_fee.units() >= 0);
    });

    node.call(&GetPeerInfo, |reply| {
        for peer in reply.response(&GetPeerInfo).unwrap() {
            let peer = peer.unwrap();
            assert!(peer.conn_time.since_epoch().abs_diff(now) < Duration::from_secs(366 * 86_400));
            assert!(peer.bytes_sent_per_msg.iter().map(|(_, bytes)| bytes).sum::<u64>() <= peer.bytes_sent);
            assert!(peer.min_ping <= peer.ping_time);
        }
    });
}

#[test]
fn a_method_that_does_not_exist_is_not_found() {
    struct NoSuchMethod;

    impl Method for NoSuchMethod {
        type Response<'a> = ();

        fn name(&self) -> &'static str {
            "nosuchmethod"
        }
    }

    let Some(url) = url() else { return };
    Node::connect(Endpoint::from_url(&url).unwrap()).call(&NoSuchMethod, |reply| {
        assert_eq!(reply.status(), 404);
        let error = reply.response(&NoSuchMethod).unwrap_err();
        assert_eq!(error.node_error().unwrap().code, Code::METHOD_NOT_FOUND);
    });
}

#[test]
fn a_wrong_password_is_an_http_error() {
    let Some(url) = url() else { return };
    let endpoint = Endpoint::from_url(&url)
        .unwrap()
        .with_credentials("no", "body")
        .unwrap();
    Node::connect(endpoint).call(&GetConnectionCount, |reply| {
        match reply.response(&GetConnectionCount).unwrap_err() {
            ReplyError::Http(error) => assert_eq!(error.kind(), HttpErrorKind::Unauthorized),
            error => panic!("{error}"),
        }
    });
}

fn url() -> Option<String> {
    let url = env::var("DEFICHAIN_RPC_URL").ok();
    if url.is_none() {
        // Past the capture of the test harness, so that nobody takes the test for one that ran.
        _ = writeln!(std::io::stderr(), "skipped: DEFICHAIN_RPC_URL is not set");
    }
    url
}

/// A node and one connection to it.
struct Node<'u> {
    endpoint: Endpoint<'u>,
    stream: TcpStream,
    next_id: u64,
}

impl<'u> Node<'u> {
    fn connect(endpoint: Endpoint<'u>) -> Self {
        let stream = TcpStream::connect((endpoint.host(), endpoint.port())).unwrap();
        let timeout = Some(Duration::from_secs(30));
        stream.set_read_timeout(timeout).unwrap();
        stream.set_write_timeout(timeout).unwrap();
        Self {
            endpoint,
            stream,
            next_id: 1,
        }
    }

    /// Calls a method and hands its reply to `read`.
    fn call<T>(&mut self, method: &impl Method, read: impl FnOnce(Reply<'_>) -> T) -> T {
        let mut buf = vec![0; REPLY_SIZE];
        let mut exchange = Exchange::new(&self.endpoint, method, self.next_id, &mut buf).unwrap();
        self.next_id += 1;
        loop {
            match exchange.poll().unwrap() {
                Want::Write(bytes) => {
                    let count = self.stream.write(bytes).unwrap();
                    exchange.written(count);
                }
                Want::Read(space) => {
                    let count = self.stream.read(space).unwrap();
                    exchange.received(count);
                }
                Want::Done(reply) => return read(reply),
            }
        }
    }
}
