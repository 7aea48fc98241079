//! What is measured: the cases, each with the sides that do the same work.

use defichain_net_rpc::network::{AddNode, GetNetTotals, GetNetworkInfo, GetPeerInfo};
use defichain_net_rpc::{Method, request};
use serde::Serialize;

use crate::http;
use crate::others::{Request, SerdeJson, SerdeJsonCore, SimdJson, SonicRs};
use crate::pico::PicoJson;
use crate::replies::{self, Body, ID};
use crate::shapes::{LentInfo, LentPeers, OnlyTotals, OwnedInfo, OwnedPeers, Shape, StaticInfo, StaticPeers};
use crate::this_crate::{Ask, Driver, Read, WINDOW, Window};
use crate::work::{Case, Side, THIS_CRATE, side};

/// The name of this crate's side that reads through a window.
const THIS_CRATE_4K: &str = "this-crate-4k";
/// The name of this crate's side that does so by a driver.
const THIS_CRATE_IO: &str = "this-crate-io-4k";

pub(crate) fn all() -> Vec<Case> {
    vec![
        peers::<1>(),
        peers::<8>(),
        peers::<125>(),
        newer_peers(),
        peers::<1000>(),
        many_peers(),
        info(),
        totals(),
        ask(),
        ask_with_parameters(),
        peers_over_http(),
        totals_over_http(),
    ]
}

/// This crate's sides of `getpeerinfo`.
fn this_crate(body: Body) -> Vec<Side> {
    let window = [0; WINDOW];
    vec![
        side(THIS_CRATE, Read::<GetPeerInfo>::new(body)),
        side(THIS_CRATE_4K, Window { body, window }),
        side(THIS_CRATE_IO, Driver(Window { body, window })),
    ]
}

fn peers<const N: usize>() -> Case {
    let body = replies::peers(N);
    let mut sides = this_crate(body);
    sides.extend(others::<OwnedPeers, LentPeers, StaticPeers<N>>(body));
    Case {
        name: format!("getpeerinfo-{N}"),
        bytes: body.len(),
        sides,
    }
}

/// Each with a member that is not known.
fn newer_peers() -> Case {
    beside_serde_json("125-newer", replies::newer_peers(125))
}

/// So many that the reply takes some 16 MB; without the sides that would need as much of the stack.
fn many_peers() -> Case {
    beside_serde_json("21000", replies::peers(21_000))
}

fn beside_serde_json(peers: &str, body: Body) -> Case {
    let mut sides = this_crate(body);
    sides.push(side("serde_json", SerdeJson::<LentPeers>::new(body)));
    Case {
        name: format!("getpeerinfo-{peers}"),
        bytes: body.len(),
        sides,
    }
}

fn info() -> Case {
    let body = replies::info();
    let mut sides = vec![side(THIS_CRATE, Read::<GetNetworkInfo>::new(body))];
    sides.extend(others::<OwnedInfo, LentInfo, StaticInfo>(body));
    Case {
        name: "getnetworkinfo".to_owned(),
        bytes: body.len(),
        sides,
    }
}

fn totals() -> Case {
    let body = replies::totals();
    let mut sides = vec![side(THIS_CRATE, Read::<GetNetTotals>::new(body))];
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
    asking("getpeerinfo", GetPeerInfo, NO_PARAMETERS)
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

fn peers_over_http() -> Case {
    let reply = replies::with_head(replies::peers(125));
    let request = Request::new("getpeerinfo", NO_PARAMETERS);
    Case {
        name: "http-getpeerinfo-125".to_owned(),
        bytes: reply.len(),
        sides: vec![
            side(THIS_CRATE, http::Whole::new(GetPeerInfo, reply)),
            side(THIS_CRATE_4K, http::Window::new(reply)),
            side(THIS_CRATE_IO, http::Driver(http::Window::new(reply))),
            side(UREQ_PROTO, http::UreqProto::<LentPeers, _>::new(request, reply)),
        ],
    }
}

fn totals_over_http() -> Case {
    let reply = replies::with_head(replies::totals());
    let request = Request::new("getnettotals", NO_PARAMETERS);
    Case {
        name: "http-getnettotals".to_owned(),
        bytes: reply.len(),
        sides: vec![
            side(THIS_CRATE, http::Whole::new(GetNetTotals, reply)),
            side(UREQ_PROTO, http::UreqProto::<OnlyTotals, _>::new(request, reply)),
        ],
    }
}

const NO_PARAMETERS: [&str; 0] = [];
const UREQ_PROTO: &str = "ureq-proto+serde_json";
