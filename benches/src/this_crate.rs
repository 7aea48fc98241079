//! This crate's side.

use std::marker::PhantomData;
use std::time::Duration;

use defichain_net_rpc::json::{Map, Text};
use defichain_net_rpc::network::{GetPeerInfo, NetTotals, NetworkInfo, PeerInfo};
use defichain_net_rpc::rpc::Items;
use defichain_net_rpc::{Connection, Method, PeerAddress, Response, Want, request, response};

use crate::replies::{self, Body, ID};
use crate::sink::Sink;
use crate::work::Work;

/// Reads a reply where it lies.
pub(crate) struct Read<M> {
    body: Body,
    method: PhantomData<M>,
}

impl<M> Read<M> {
    pub(crate) fn new(body: Body) -> Self {
        Self {
            body,
            method: PhantomData,
        }
    }
}

impl<M: Method> Work for Read<M>
where
    for<'a> M::Response<'a>: Fold,
{
    fn work(&mut self, sink: &mut impl Sink) {
        let result: Response<'_, M> = response(ID, self.body).expect("a result");
        result.fold(sink);
    }
}

/// Reads a reply to `getpeerinfo` through a window, as it comes from a stream.
pub(crate) struct Window {
    pub(crate) body: Body,
    pub(crate) window: [u8; WINDOW],
}

/// How much of a reply that is streamed is there at a time.
pub(crate) const WINDOW: usize = 4096;

impl Work for Window {
    fn work(&mut self, sink: &mut impl Sink) {
        let mut stream = replies::Stream(self.body);
        let mut peers = Connection::awaiting_body(ID);
        loop {
            match peers.poll_item::<PeerInfo<&str>>(&mut self.window).expect("a reply") {
                Want::Read(space) => {
                    let count = stream.read(space);
                    peers.received(count);
                }
                Want::Ready(Some(peer)) => peer.expect("a peer").fold(sink),
                Want::Ready(None) => break,
                want => panic!("{want:?}"),
            }
        }
    }
}

/// Like the one before, with the driver for streams of `embedded-io`.
pub(crate) struct Driver(pub(crate) Window);

impl Work for Driver {
    fn work(&mut self, sink: &mut impl Sink) {
        let mut stream = replies::Stream(self.0.body);
        let mut peers = Connection::awaiting_body(ID);
        peers
            .for_each::<GetPeerInfo, _>(&mut stream, &mut self.0.window, |peer| peer.expect("a peer").fold(sink))
            .expect("a reply");
    }
}

/// Writes a request into a buffer that is there.
pub(crate) struct Ask<M> {
    pub(crate) method: M,
    pub(crate) buf: [u8; 256],
}

impl<M: Method> Work for Ask<M> {
    fn work(&mut self, sink: &mut impl Sink) {
        let body = request(&self.method, ID, &mut self.buf).expect("enough room");
        sink.bytes(body);
    }
}

/// A result that hands out everything in it.
pub(crate) trait Fold {
    fn fold(self, sink: &mut impl Sink);
}

impl Fold for Items<'_, PeerInfo<&str>> {
    fn fold(self, sink: &mut impl Sink) {
        for peer in self {
            peer.expect("a peer").fold(sink);
        }
    }
}

impl Fold for PeerInfo<&str> {
    fn fold(self, sink: &mut impl Sink) {
        sink.number(self.id);
        address(sink, &self.addr);
        self.addr_local.iter().for_each(|value| address(sink, value));
        self.addr_bind.iter().for_each(|value| address(sink, value));
        sink.number(self.services.bits());
        sink.number(self.relay_txes.into());
        sink.number(self.last_send.as_secs());
        sink.number(self.last_recv.as_secs());
        sink.number(self.bytes_sent);
        sink.number(self.bytes_recv);
        sink.number(self.conn_time.as_secs());
        sink.signed(self.time_offset);
        time(sink, self.ping_time);
        time(sink, self.min_ping);
        time(sink, self.ping_wait);
        height(sink, self.version);
        text(sink, &self.subver);
        sink.number(self.inbound.into());
        self.add_node.into_iter().for_each(|value| sink.number(value.into()));
        self.starting_height.into_iter().for_each(|value| height(sink, value));
        self.ban_score.into_iter().for_each(|value| height(sink, value));
        self.synced_headers.into_iter().for_each(|value| height(sink, value));
        self.synced_blocks.into_iter().for_each(|value| height(sink, value));
        self.inflight.iter().flatten().for_each(|value| height(sink, value));
        self.addr_processed.into_iter().for_each(|value| sink.number(value));
        self.addr_rate_limited.into_iter().for_each(|value| sink.number(value));
        self.whitelisted.into_iter().for_each(|value| sink.number(value.into()));
        for value in &self.permissions {
            sink.text(&value.to_string());
        }
        sink.signed(self.min_fee_filter.units());
        counters(sink, &self.bytes_sent_per_msg);
        counters(sink, &self.bytes_recv_per_msg);
    }
}

impl Fold for NetworkInfo<&str> {
    fn fold(self, sink: &mut impl Sink) {
        height(sink, self.version);
        text(sink, &self.subversion);
        height(sink, self.protocol_version);
        self.local_services
            .into_iter()
            .for_each(|value| sink.number(value.bits()));
        sink.number(self.local_relay.into());
        sink.signed(self.time_offset);
        self.network_active
            .into_iter()
            .for_each(|value| sink.number(value.into()));
        self.connections.into_iter().for_each(|value| sink.number(value));
        for network in &self.networks {
            text(sink, &network.name);
            sink.number(network.limited.into());
            sink.number(network.reachable.into());
            text(sink, &network.proxy);
            sink.number(network.proxy_randomize_credentials.into());
        }
        sink.signed(self.relay_fee.units());
        sink.signed(self.incremental_fee.units());
        for local in &self.local_addresses {
            text(sink, &local.address);
            sink.number(local.port.into());
            height(sink, local.score);
        }
        // The node sends one string.
        text(sink, &self.warnings.iter().next().unwrap_or_default());
    }
}

impl Fold for NetTotals {
    fn fold(self, sink: &mut impl Sink) {
        sink.number(self.total_bytes_recv);
        sink.number(self.total_bytes_sent);
        sink.number(self.time_millis);
        let target = self.upload_target;
        sink.number(target.time_frame);
        sink.number(target.target);
        sink.number(target.target_reached.into());
        sink.number(target.serve_historical_blocks.into());
        sink.number(target.bytes_left_in_cycle);
        sink.number(target.time_left_in_cycle);
    }
}

fn height(sink: &mut impl Sink, value: i32) {
    sink.signed(value.into());
}

fn time(sink: &mut impl Sink, value: Option<Duration>) {
    if let Some(value) = value {
        sink.number(value.as_secs() * 1_000_000 + u64::from(value.subsec_micros()));
    }
}

fn address(sink: &mut impl Sink, value: &PeerAddress<&str>) {
    text(sink, value.text());
}

fn text(sink: &mut impl Sink, value: &Text<&str>) {
    match value.as_str() {
        Some(value) => sink.text(value),
        None => sink.text(value.decode(&mut [0; 1024]).expect("a short text")),
    }
}

fn counters(sink: &mut impl Sink, value: &Map<&str, u64>) {
    for (kind, bytes) in value {
        text(sink, &kind);
        sink.number(bytes);
    }
}
