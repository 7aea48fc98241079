//! A real node. The tests are ignored unless asked for:
//!
//! ```sh
//! DEFICHAIN_RPC_URL=http://user:password@localhost:8554 cargo test --test live_node -- --ignored
//! ```
//!
//! Nothing in the node is changed, unless `DEFICHAIN_RPC_CHANGE=1` allows it. Then a node is added, a subnet is banned, all bans
//! are lifted and the network is switched off for a moment, which drops the peers; all of that is undone, but bans that were
//! there have another time of creation.

use std::env;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::num::NonZero;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::network::{
    AddNode, BanTime, ClearBanned, DisconnectNode, GetAddedNodeInfo, GetConnectionCount, GetNetTotals, GetNetworkInfo,
    GetNodeAddresses, GetNodeStatusInfo, GetPeerInfo, GetVersionInfo, ListBanned, NetTotals, NetworkInfo, PeerInfo,
    Ping, SetBan, SetNetworkActive,
};
use defichain_net_rpc::rpc::Code;
use defichain_net_rpc::{Address, Connection, Error, ErrorKind, Method, Response, Services, Subnet, UnixTime, Want};

/// Enough for the largest reply of a node with the default number of peers.
const REPLY_SIZE: usize = 1 << 19;

/// Enough for each element of every list.
const WINDOW_SIZE: usize = 4096;

/// Addresses for documentation (RFC 5737), where there is no node.
const NOBODY: Address<'_> = Address::Text("192.0.2.1:8555");
const NO_SUBNET: &str = "198.51.100.0/24";

#[test]
#[ignore = "asks the node that DEFICHAIN_RPC_URL names"]
fn the_methods_that_read_are_answered_plausibly() {
    let url = url();
    let mut node = Node::new(&url);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();

    let count = node.call(&GetConnectionCount).unwrap();
    assert!(count < 10_000, "{count}");

    let totals = node.call(&GetNetTotals).unwrap();
    let time = Duration::from_millis(totals.time_millis);
    assert!(time.abs_diff(now) < Duration::from_secs(3600), "{totals:?}");
    assert_eq!(totals.upload_target.time_frame, 86_400, "{totals:?}");

    let info = node.call(&GetNetworkInfo).unwrap();
    assert!(info.version >= 1_000_000, "{info:?}");
    assert!(info.subversion.to_string().starts_with("/DeFiChain:"), "{info:?}");
    assert!(info.protocol_version >= 70_000, "{info:?}");
    let services = info.local_services;
    assert!(
        services.is_none_or(|services| services.contains(Services::WITNESS)),
        "{info:?}"
    );
    assert!(info.networks.iter().any(|network| network.name == "ipv4"), "{info:?}");
    assert!(info.relay_fee.units() >= 0, "{info:?}");

    for peer in node.call(&GetPeerInfo).unwrap() {
        let peer = peer.unwrap();
        let age = peer.conn_time.since_epoch().abs_diff(now);
        assert!(age < Duration::from_secs(366 * 86_400), "{peer:?}");
        let by_message = peer.bytes_sent_per_msg.iter().map(|(_, bytes)| bytes);
        assert!(by_message.sum::<u64>() <= peer.bytes_sent, "{peer:?}");
        assert!(peer.min_ping <= peer.ping_time, "{peer:?}");
    }

    for added in node.call(&GetAddedNodeInfo::default()).unwrap() {
        let added = added.unwrap();
        assert!(added.connected || added.addresses.is_empty(), "{added:?}");
    }

    let count = NonZero::new(3).unwrap();
    let addresses = node.call(&GetNodeAddresses { count }).unwrap();
    assert!(addresses.map(Result::unwrap).count() <= 3);

    for ban in node.call(&ListBanned).unwrap() {
        let ban = ban.unwrap();
        assert!(Subnet::parse(ban.address.raw()).is_some(), "{ban:?}");
        assert!(ban.ban_created <= ban.banned_until, "{ban:?}");
    }

    assert_eq!(node.call(&Ping), Ok(()));

    // Not every release has these two.
    match node.call(&GetVersionInfo) {
        Ok(version) => assert!(version.full_version.to_string().starts_with("DeFiChain"), "{version:?}"),
        Err(error) => assert_eq!(error.code(), Some(Code::METHOD_NOT_FOUND), "{error}"),
    }
    match node.call(&GetNodeStatusInfo) {
        Ok(status) => assert!(!status.health_status || status.sync_to_tip, "{status:?}"),
        Err(error) => assert_eq!(error.code(), Some(Code::METHOD_NOT_FOUND), "{error}"),
    }
}

#[test]
#[ignore = "asks the node that DEFICHAIN_RPC_URL names"]
fn a_batch_is_answered_one_by_one() {
    let url = url();
    let mut node = Node::new(&url);
    let (peers, totals, unknown, info) = node
        .connection
        .batch(&node.endpoint, &mut node.buf, |batch| {
            (
                batch.push(&GetConnectionCount),
                batch.push(&GetNetTotals),
                batch.push(&NoSuchMethod),
                batch.push(&GetNetworkInfo),
            )
        })
        .unwrap();
    node.run().unwrap();
    let mut slots = [const { None }; 4];
    let replies = node.connection.reply(&node.buf).unwrap().batch(&mut slots).unwrap();
    assert!(replies.response::<u64>(peers).unwrap() < 10_000);
    assert_eq!(
        replies.response::<NetTotals>(totals).unwrap().upload_target.time_frame,
        86_400
    );
    let error = replies.response::<()>(unknown).unwrap_err();
    assert_eq!(error.code(), Some(Code::METHOD_NOT_FOUND));
    assert!(!replies.node_error(unknown).unwrap().message.to_string().is_empty());
    assert!(replies.response::<NetworkInfo<&str>>(info).unwrap().version >= 1_000_000);
    assert!(replies.faults().next().is_none());
}

#[test]
#[ignore = "asks the node that DEFICHAIN_RPC_URL names"]
fn a_list_is_read_through_a_window() {
    let url = url();
    let mut node = Node::new(&url);
    node.buf.truncate(WINDOW_SIZE);
    let ids = node.peer_ids();
    // The same peers as before, except those that have connected or left since.
    node.buf.resize(REPLY_SIZE, 0);
    let whole: Vec<_> = node.call(&GetPeerInfo).unwrap().map(|peer| peer.unwrap().id).collect();
    let same = ids.iter().filter(|id| whole.contains(id)).count();
    assert!(
        same + 3 >= ids.len() && same + 3 >= whole.len(),
        "{ids:?} and {whole:?}"
    );
    assert!(ids.is_sorted(), "{ids:?}");
}

#[test]
#[ignore = "asks the node that DEFICHAIN_RPC_URL names"]
fn a_method_that_does_not_exist_is_not_found() {
    let url = url();
    let mut node = Node::new(&url);
    let error = node.call(&NoSuchMethod).unwrap_err();
    assert_eq!(error.code(), Some(Code::METHOD_NOT_FOUND));
    assert_eq!(error.status(), Some(404));
    assert_eq!(
        node.connection.node_error(&node.buf).unwrap().message,
        "Method not found"
    );
}

#[test]
#[ignore = "asks the node that DEFICHAIN_RPC_URL names"]
fn a_wrong_password_is_an_http_error() {
    let url = url();
    let mut node = Node::new(&url);
    node.endpoint = node.endpoint.with_credentials("no", "body").unwrap();
    assert_eq!(node.call(&GetConnectionCount).unwrap_err().kind, ErrorKind::Status(401));
}

/// One after the other, because each looks at the state of the whole node. Each change is undone before the results are checked.
#[test]
#[ignore = "changes the node that DEFICHAIN_RPC_URL names, if DEFICHAIN_RPC_CHANGE=1"]
fn what_changes_the_node_is_done_and_undone() {
    let url = url();
    if env::var("DEFICHAIN_RPC_CHANGE").as_deref() != Ok("1") {
        // Not captured by the test harness, so that the test does not seem to have run.
        _ = writeln!(
            io::stderr(),
            "skipped: DEFICHAIN_RPC_CHANGE=1 would allow to change the node"
        );
        return;
    }
    let mut node = Node::new(&url);
    add_a_node(&mut node);
    ban_a_subnet(&mut node);
    lift_all_bans(&mut node);
    drop_no_peer(&mut node);
    switch_the_network_off(&mut node);
}

#[track_caller]
fn add_a_node(node: &mut Node<'_>) {
    let Address::Text(name) = NOBODY else { panic!() };
    assert!(
        !node.added().contains(&name.to_owned()),
        "{name} was added by somebody else"
    );
    let added = node.call(&AddNode::Add(NOBODY));
    let again = node.call(&AddNode::Add(NOBODY));
    let with = node.added();
    let one = node.call(&GetAddedNodeInfo { node: Some(NOBODY) }).map(Iterator::count);
    let removed = node.call(&AddNode::Remove(NOBODY));
    assert_eq!((added, one, removed), (Ok(()), Ok(1), Ok(())));
    assert_eq!(again.unwrap_err().code(), Some(Code::CLIENT_NODE_ALREADY_ADDED));
    assert!(with.contains(&name.to_owned()), "{with:?}");
    assert!(!node.added().contains(&name.to_owned()));
    let removed = node.call(&AddNode::Remove(NOBODY)).unwrap_err();
    assert_eq!(removed.code(), Some(Code::CLIENT_NODE_NOT_ADDED));
}

#[track_caller]
fn ban_a_subnet(node: &mut Node<'_>) {
    let subnet = Subnet::parse(NO_SUBNET).unwrap();
    assert!(!node.is_banned(), "{NO_SUBNET} was banned by somebody else");
    let banned = node.call(&SetBan::Add(subnet, BanTime::For(Duration::from_secs(600))));
    let again = node.call(&SetBan::Add(subnet, BanTime::Default));
    let with = node.is_banned();
    let lifted = node.call(&SetBan::Remove(subnet));
    assert_eq!((banned, with, lifted), (Ok(()), true, Ok(())));
    assert_eq!(again.unwrap_err().code(), Some(Code::CLIENT_NODE_ALREADY_ADDED));
    assert!(!node.is_banned());
    let lifted = node.call(&SetBan::Remove(subnet)).unwrap_err();
    assert_eq!(lifted.code(), Some(Code::CLIENT_INVALID_IP_OR_SUBNET));
}

#[track_caller]
fn lift_all_bans(node: &mut Node<'_>) {
    let before = node.bans();
    let subnet = Subnet::parse(NO_SUBNET).unwrap();
    let banned = node.call(&SetBan::Add(subnet, BanTime::For(Duration::from_secs(600))));
    let cleared = node.call(&ClearBanned);
    let without = node.bans();
    for (subnet, until) in &before {
        let subnet = Subnet::from(subnet.as_str());
        node.call(&SetBan::Add(subnet, BanTime::Until(*until))).unwrap();
    }
    assert_eq!((banned, cleared, without), (Ok(()), Ok(()), Vec::new()));
    assert_eq!(node.bans(), before);
}

/// A peer that is dropped cannot be had back, so this drops one that is not there.
#[track_caller]
fn drop_no_peer(node: &mut Node<'_>) {
    for nobody in [DisconnectNode::Address(NOBODY), DisconnectNode::Id(i64::MAX as u64)] {
        let error = node.call(&nobody).unwrap_err();
        assert_eq!(error.code(), Some(Code::CLIENT_NODE_NOT_CONNECTED), "{nobody:?}");
    }
}

#[track_caller]
fn switch_the_network_off(node: &mut Node<'_>) {
    let before = node
        .call(&GetNetworkInfo)
        .unwrap()
        .network_active
        .expect("the node has a network");
    let switched = node.call(&SetNetworkActive { state: !before });
    let after = node.call(&GetNetworkInfo).map(|info| info.network_active);
    let back = node.call(&SetNetworkActive { state: before });
    assert_eq!((switched, after, back), (Ok(!before), Ok(Some(!before)), Ok(before)));
    assert_eq!(node.call(&GetNetworkInfo).unwrap().network_active, Some(before));
}

/// A method of no node.
struct NoSuchMethod;

impl Method for NoSuchMethod {
    type Response<'a> = ();

    fn name(&self) -> &'static str {
        "nosuchmethod"
    }
}

fn url() -> String {
    env::var("DEFICHAIN_RPC_URL")
        .expect("DEFICHAIN_RPC_URL names the node, such as http://user:password@localhost:8554")
}

/// A node, with a connection to it that lasts for as long as the node keeps it.
struct Node<'u> {
    endpoint: Endpoint<'u>,
    stream: Option<TcpStream>,
    connection: Connection,
    buf: Vec<u8>,
}

impl<'u> Node<'u> {
    #[track_caller]
    fn new(url: &'u str) -> Self {
        // The URL is not shown: it has a password in it.
        let endpoint = Endpoint::from_url(url).unwrap_or_else(|error| panic!("DEFICHAIN_RPC_URL: {error}"));
        assert!(
            !endpoint.is_tls(),
            "DEFICHAIN_RPC_URL: these tests speak http alone, not https"
        );
        Self {
            endpoint,
            stream: None,
            connection: Connection::new(),
            buf: vec![0; REPLY_SIZE],
        }
    }

    #[track_caller]
    fn call<M: Method>(&mut self, method: &M) -> Result<Response<'_, M>, Error> {
        self.connection.call(&self.endpoint, method, &mut self.buf).unwrap();
        self.run()?;
        self.connection.reply(&self.buf)?.response()
    }

    /// Carries the call to its end.
    #[track_caller]
    fn run(&mut self) -> Result<(), Error> {
        loop {
            match self.connection.poll(&mut self.buf)? {
                Want::Ready(_) => return Ok(()),
                want => serve(want, &self.endpoint, &mut self.stream, &mut self.connection),
            }
        }
    }

    /// The numbers of the peers, which are read one at a time.
    #[track_caller]
    fn peer_ids(&mut self) -> Vec<u64> {
        self.connection
            .call(&self.endpoint, &GetPeerInfo, &mut self.buf)
            .unwrap();
        let mut ids = Vec::new();
        loop {
            match self.connection.poll_element(&mut self.buf).unwrap() {
                Want::Ready(true) => ids.push(self.connection.element::<PeerInfo<&str>>(&self.buf).unwrap().id),
                Want::Ready(false) => return ids,
                want => serve(want, &self.endpoint, &mut self.stream, &mut self.connection),
            }
        }
    }

    /// The names of the nodes that were added.
    #[track_caller]
    fn added(&mut self) -> Vec<String> {
        let nodes = self.call(&GetAddedNodeInfo::default()).unwrap();
        nodes.map(|node| node.unwrap().added_node.to_string()).collect()
    }

    /// What is banned until when.
    #[track_caller]
    fn bans(&mut self) -> Vec<(String, UnixTime)> {
        let bans = self.call(&ListBanned).unwrap().map(Result::unwrap);
        bans.map(|ban| (ban.address.to_string(), ban.banned_until)).collect()
    }

    #[track_caller]
    fn is_banned(&mut self) -> bool {
        self.bans().iter().any(|(banned, _)| banned == NO_SUBNET)
    }
}

/// Does what a connection wants.
#[track_caller]
fn serve<T>(want: Want<'_, T>, endpoint: &Endpoint<'_>, stream: &mut Option<TcpStream>, connection: &mut Connection) {
    let moved = match (want, stream) {
        (Want::Write(bytes), Some(stream)) => stream.write(bytes).map(|count| connection.written(count)),
        (Want::Read(space), Some(stream)) => stream.read(space).map(|count| connection.received(count)),
        (_, stream) => {
            *stream = None;
            let (host, port) = (endpoint.host(), endpoint.port());
            let opened = TcpStream::connect((host, port)).unwrap_or_else(|error| panic!("{host}:{port}: {error}"));
            let timeout = Some(Duration::from_secs(30));
            opened.set_read_timeout(timeout).unwrap();
            opened.set_write_timeout(timeout).unwrap();
            *stream = Some(opened);
            connection.connected();
            Ok(())
        }
    };
    match moved.map_err(|error| error.kind()) {
        Ok(()) | Err(io::ErrorKind::Interrupted) => {}
        Err(io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock) => connection.close(),
        Err(_) => connection.broken(),
    }
}
