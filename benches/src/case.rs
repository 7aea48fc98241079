//! What is measured: cases, each with the sides that do the same work.

use std::hint::black_box;

use defichain_net_rpc::network::{AddNode, GetNetTotals, GetNetworkInfo, GetPeerInfo};
use defichain_net_rpc::{Method, request};
use serde::Serialize;

use crate::others::{Request, SerdeJson, SerdeJsonCore, SimdJson, SonicRs};
use crate::pico::PicoJson;
use crate::replies::{self, Body, ID};
use crate::shapes::{LentInfo, LentPeers, OnlyTotals, OwnedInfo, OwnedPeers, Shape, StaticInfo, StaticPeers};
use crate::sink::{Digest, Sink, Transcript};
use crate::this_crate::{Ask, Read};

/// One side's way to do the work of a case, from the same bytes to the same values.
pub(crate) trait Work {
    fn work(&mut self, sink: &mut impl Sink);
}

/// The same, without the type.
pub(crate) trait AnyWork {
    /// Everything that the work came to.
    fn transcript(&mut self) -> String;
    /// Does the work so many times. Instructions are counted from here on, by this name.
    fn measured(&mut self, times: u64);
}

impl<W: Work> AnyWork for W {
    fn transcript(&mut self) -> String {
        let mut transcript = Transcript::default();
        self.work(&mut transcript);
        transcript.into_lines()
    }

    #[inline(never)]
    fn measured(&mut self, times: u64) {
        for _ in 0..times {
            let mut digest = Digest::default();
            black_box(&mut *self).work(&mut digest);
            black_box(digest.value());
        }
    }
}

pub(crate) struct Side {
    pub(crate) name: &'static str,
    pub(crate) work: Box<dyn AnyWork>,
}

pub(crate) struct Case {
    pub(crate) name: String,
    /// What is read or written, in bytes.
    pub(crate) bytes: usize,
    /// This crate's is the first.
    pub(crate) sides: Vec<Side>,
}

fn side(name: &'static str, work: impl AnyWork + 'static) -> Side {
    Side {
        name,
        work: Box::new(work),
    }
}

pub(crate) const THIS_CRATE: &str = "this-crate";

pub(crate) fn all() -> Vec<Case> {
    vec![
        peers::<1>(),
        peers::<8>(),
        peers::<125>(),
        peers::<1000>(),
        many_peers(),
        info(),
        totals(),
        ask(),
        ask_with_parameters(),
    ]
}

fn peers<const N: usize>() -> Case {
    let body = replies::peers(N);
    let mut sides = vec![side(
        THIS_CRATE,
        Read {
            method: GetPeerInfo,
            body,
        },
    )];
    sides.extend(others::<OwnedPeers, LentPeers, StaticPeers<N>>(body));
    Case {
        name: format!("getpeerinfo-{N}"),
        bytes: body.len(),
        sides,
    }
}

/// So many that the reply takes some 16 MB; without the sides that would need as much of the stack.
fn many_peers() -> Case {
    const COUNT: usize = 21_000;
    let body = replies::peers(COUNT);
    Case {
        name: format!("getpeerinfo-{COUNT}"),
        bytes: body.len(),
        sides: vec![
            side(
                THIS_CRATE,
                Read {
                    method: GetPeerInfo,
                    body,
                },
            ),
            side("serde_json", SerdeJson::<LentPeers>::new(body)),
        ],
    }
}

fn info() -> Case {
    let body = replies::info();
    let mut sides = vec![side(
        THIS_CRATE,
        Read {
            method: GetNetworkInfo,
            body,
        },
    )];
    sides.extend(others::<OwnedInfo, LentInfo, StaticInfo>(body));
    Case {
        name: "getnetworkinfo".to_owned(),
        bytes: body.len(),
        sides,
    }
}

fn totals() -> Case {
    let body = replies::totals();
    let mut sides = vec![side(
        THIS_CRATE,
        Read {
            method: GetNetTotals,
            body,
        },
    )];
    sides.extend(others::<OnlyTotals, OnlyTotals, OnlyTotals>(body));
    Case {
        name: "getnettotals".to_owned(),
        bytes: body.len(),
        sides,
    }
}

/// The other sides that read: with texts of their own, with texts that borrow from the reply, and without a heap.
fn others<Owned: Shape + 'static, Lent: Shape + 'static, Static: Shape + 'static>(body: Body) -> Vec<Side> {
    vec![
        side("serde_json-owned", SerdeJson::<Owned>::new(body)),
        side("serde_json", SerdeJson::<Lent>::new(body)),
        side("serde-json-core", SerdeJsonCore::<Static>::new(body)),
        side("simd-json", SimdJson::<Lent>::new(body)),
        side("sonic-rs", SonicRs::<Lent>::new(body)),
        side("picojson", PicoJson(body)),
    ]
}

fn ask() -> Case {
    let params: [&str; 0] = [];
    asking("getpeerinfo", GetPeerInfo, params)
}

fn ask_with_parameters() -> Case {
    let address = "203.0.113.7:8555";
    asking("addnode", AddNode::Add(address.into()), [address, "add"])
}

fn asking(name: &'static str, method: impl Method + 'static, params: impl Serialize + 'static) -> Case {
    let mut buf = [0; 256];
    Case {
        name: format!("request-{name}"),
        bytes: request(&method, ID, &mut buf).expect("enough room").len(),
        sides: vec![
            side(THIS_CRATE, Ask { method, buf }),
            side("serde_json", Request::new(name, params)),
        ],
    }
}
