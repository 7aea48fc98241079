//! The replies as a user of serde would declare them, with the storage for texts and lists as parameters.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::replies::ID;
use crate::sink::Sink;

/// A result that hands out everything in it.
pub(crate) trait Fold {
    fn fold(&self, sink: &mut impl Sink);
}

/// The envelope; its error is not looked into, since there is none.
#[derive(Deserialize)]
pub(crate) struct Reply<R> {
    result: Option<R>,
    error: Option<NodeError>,
    id: u64,
}

#[derive(Deserialize)]
struct NodeError {
    #[expect(dead_code, reason = "read for what it is")]
    code: i64,
}

impl<R: Fold> Fold for Reply<R> {
    fn fold(&self, sink: &mut impl Sink) {
        assert!(self.error.is_none() && self.id == ID, "the reply to another request");
        self.result.as_ref().expect("a result").fold(sink);
    }
}

/// A text that borrows from the reply unless it has escapes.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Lent<'a>(#[serde(borrow)] Cow<'a, str>);

impl AsRef<str> for Lent<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// The members of an object in their order, in a list of names and numbers: quicker than any map.
pub(crate) struct Counters<L, S>(L, PhantomData<S>);

impl<'de, L: Default + Extend<(S, u64)>, S: Deserialize<'de>> Deserialize<'de> for Counters<L, S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Self(L::default(), PhantomData))
    }
}

impl<'de, L: Default + Extend<(S, u64)>, S: Deserialize<'de>> Visitor<'de> for Counters<L, S> {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<Self, A::Error> {
        while let Some(member) = members.next_entry()? {
            self.0.extend(Some(member));
        }
        Ok(self)
    }
}

impl<L: AsRef<[(S, u64)]>, S: AsRef<str>> Fold for Counters<L, S> {
    fn fold(&self, sink: &mut impl Sink) {
        for (kind, bytes) in self.0.as_ref() {
            sink.text(kind.as_ref());
            sink.number(*bytes);
        }
    }
}

/// Peers with the collections of std.
pub(crate) type StdPeers<S> = Vec<Peer<S, Vec<i32>, Vec<S>, Counters<Vec<(S, u64)>, S>>>;

/// At most `N` peers without a heap.
pub(crate) type HeaplessPeers<'a, const N: usize> = heapless::Vec<HeaplessPeer<'a>, N>;
type HeaplessPeer<'a> = Peer<
    &'a str,
    heapless::Vec<i32, 16>,
    heapless::Vec<&'a str, 5>,
    Counters<heapless::Vec<(&'a str, u64), 29>, &'a str>,
>;

/// `getpeerinfo`: `S` is a text, `H` a list of heights, `P` one of permissions, `C` counters by kind of message.
#[derive(Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "the reply has them")]
pub(crate) struct Peer<S, H, P, C> {
    id: u64,
    addr: S,
    addrlocal: Option<S>,
    addrbind: Option<S>,
    services: S,
    relaytxes: bool,
    lastsend: u64,
    lastrecv: u64,
    bytessent: u64,
    bytesrecv: u64,
    conntime: u64,
    timeoffset: i64,
    pingtime: Option<f64>,
    minping: Option<f64>,
    pingwait: Option<f64>,
    version: i32,
    subver: S,
    inbound: bool,
    addnode: bool,
    startingheight: i32,
    banscore: Option<i32>,
    synced_headers: Option<i32>,
    synced_blocks: Option<i32>,
    inflight: Option<H>,
    addr_processed: Option<u64>,
    addr_rate_limited: Option<u64>,
    whitelisted: bool,
    permissions: P,
    minfeefilter: f64,
    bytessent_per_msg: C,
    bytesrecv_per_msg: C,
}

impl<S, H, P, C> Fold for Peer<S, H, P, C>
where
    S: AsRef<str>,
    H: AsRef<[i32]>,
    P: AsRef<[S]>,
    C: Fold,
{
    fn fold(&self, sink: &mut impl Sink) {
        sink.number(self.id);
        sink.text(self.addr.as_ref());
        self.addrlocal.iter().for_each(|value| sink.text(value.as_ref()));
        self.addrbind.iter().for_each(|value| sink.text(value.as_ref()));
        sink.services(self.services.as_ref());
        sink.number(self.relaytxes.into());
        sink.number(self.lastsend);
        sink.number(self.lastrecv);
        sink.number(self.bytessent);
        sink.number(self.bytesrecv);
        sink.number(self.conntime);
        sink.signed(self.timeoffset);
        self.pingtime.iter().for_each(|value| sink.seconds(*value));
        self.minping.iter().for_each(|value| sink.seconds(*value));
        self.pingwait.iter().for_each(|value| sink.seconds(*value));
        sink.signed(self.version.into());
        sink.text(self.subver.as_ref());
        sink.number(self.inbound.into());
        sink.number(self.addnode.into());
        sink.signed(self.startingheight.into());
        let heights = [self.banscore, self.synced_headers, self.synced_blocks];
        heights
            .iter()
            .flatten()
            .for_each(|value| sink.signed(i64::from(*value)));
        let inflight = self.inflight.iter().flat_map(AsRef::as_ref);
        inflight.for_each(|value| sink.signed(i64::from(*value)));
        self.addr_processed.iter().for_each(|value| sink.number(*value));
        self.addr_rate_limited.iter().for_each(|value| sink.number(*value));
        sink.number(self.whitelisted.into());
        self.permissions
            .as_ref()
            .iter()
            .for_each(|value| sink.text(value.as_ref()));
        sink.amount(self.minfeefilter);
        self.bytessent_per_msg.fold(sink);
        self.bytesrecv_per_msg.fold(sink);
    }
}

impl<S, H, P, C> Fold for Vec<Peer<S, H, P, C>>
where
    Peer<S, H, P, C>: Fold,
{
    fn fold(&self, sink: &mut impl Sink) {
        for peer in self {
            peer.fold(sink);
        }
    }
}

impl<const N: usize> Fold for HeaplessPeers<'_, N> {
    fn fold(&self, sink: &mut impl Sink) {
        for peer in self {
            peer.fold(sink);
        }
    }
}

/// `getnetworkinfo`: `N` is a list of networks, `L` one of own addresses.
#[derive(Deserialize)]
pub(crate) struct Info<S, N, L> {
    version: i32,
    subversion: S,
    protocolversion: i32,
    localservices: Option<S>,
    localrelay: bool,
    timeoffset: i64,
    networkactive: Option<bool>,
    connections: Option<u64>,
    networks: N,
    relayfee: f64,
    incrementalfee: f64,
    localaddresses: L,
    warnings: S,
}

#[derive(Deserialize)]
pub(crate) struct Network<S> {
    name: S,
    limited: bool,
    reachable: bool,
    proxy: S,
    proxy_randomize_credentials: bool,
}

#[derive(Deserialize)]
pub(crate) struct LocalAddress<S> {
    address: S,
    port: u16,
    score: i32,
}

pub(crate) type StdInfo<S> = Info<S, Vec<Network<S>>, Vec<LocalAddress<S>>>;
pub(crate) type HeaplessInfo<'a> =
    Info<&'a str, heapless::Vec<Network<&'a str>, 3>, heapless::Vec<LocalAddress<&'a str>, 8>>;

impl<S, N, L> Fold for Info<S, N, L>
where
    S: AsRef<str>,
    N: AsRef<[Network<S>]>,
    L: AsRef<[LocalAddress<S>]>,
{
    fn fold(&self, sink: &mut impl Sink) {
        sink.signed(self.version.into());
        sink.text(self.subversion.as_ref());
        sink.signed(self.protocolversion.into());
        self.localservices
            .iter()
            .for_each(|value| sink.services(value.as_ref()));
        sink.number(self.localrelay.into());
        sink.signed(self.timeoffset);
        self.networkactive.iter().for_each(|value| sink.number((*value).into()));
        self.connections.iter().for_each(|value| sink.number(*value));
        for network in self.networks.as_ref() {
            sink.text(network.name.as_ref());
            sink.number(network.limited.into());
            sink.number(network.reachable.into());
            sink.text(network.proxy.as_ref());
            sink.number(network.proxy_randomize_credentials.into());
        }
        sink.amount(self.relayfee);
        sink.amount(self.incrementalfee);
        for local in self.localaddresses.as_ref() {
            sink.text(local.address.as_ref());
            sink.number(local.port.into());
            sink.signed(local.score.into());
        }
        sink.text(self.warnings.as_ref());
    }
}

/// `getnettotals`.
#[derive(Deserialize)]
pub(crate) struct Totals {
    totalbytesrecv: u64,
    totalbytessent: u64,
    timemillis: u64,
    uploadtarget: UploadTarget,
}

#[derive(Deserialize)]
struct UploadTarget {
    timeframe: u64,
    target: u64,
    target_reached: bool,
    serve_historical_blocks: bool,
    bytes_left_in_cycle: u64,
    time_left_in_cycle: u64,
}

impl Fold for Totals {
    fn fold(&self, sink: &mut impl Sink) {
        sink.number(self.totalbytesrecv);
        sink.number(self.totalbytessent);
        sink.number(self.timemillis);
        sink.number(self.uploadtarget.timeframe);
        sink.number(self.uploadtarget.target);
        sink.number(self.uploadtarget.target_reached.into());
        sink.number(self.uploadtarget.serve_historical_blocks.into());
        sink.number(self.uploadtarget.bytes_left_in_cycle);
        sink.number(self.uploadtarget.time_left_in_cycle);
    }
}

/// A result's type for any lifetime of the reply that it borrows from.
pub(crate) trait Shape {
    type Of<'a>: Deserialize<'a> + Fold;
}

macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident $(<const $n:ident>)? = $of:ty;)*) => {
        $(
            pub(crate) struct $name $(<const $n: usize>)?;

            impl $(<const $n: usize>)? Shape for $name $(<$n>)? {
                type Of<'a> = $of;
            }
        )*
    };
}

shapes! {
    OwnedPeers = StdPeers<String>;
    LentPeers = StdPeers<Lent<'a>>;
    StaticPeers<const N> = HeaplessPeers<'a, N>;
    OwnedInfo = StdInfo<String>;
    LentInfo = StdInfo<Lent<'a>>;
    StaticInfo = HeaplessInfo<'a>;
    OnlyTotals = Totals;
}
