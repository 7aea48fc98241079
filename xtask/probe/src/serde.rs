//! The request and the reply of `getpeerinfo` as a user of serde would declare them.
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
pub struct Request {
    pub jsonrpc: &'static str,
    pub id: u64,
    pub method: &'static str,
    pub params: [u8; 0],
}

/// `P` is a list of peers, `S` a text.
#[derive(Deserialize)]
pub struct Reply<P, S> {
    pub result: Option<P>,
    pub error: Option<NodeError<S>>,
    pub id: u64,
}

#[derive(Deserialize)]
pub struct NodeError<S> {
    pub code: i32,
    pub message: S,
}

/// `S` is a text, `H` a list of heights, `P` one of permissions, `C` numbers by name.
#[derive(Deserialize)]
pub struct Peer<S, H, P, C> {
    pub id: u64,
    pub addr: S,
    pub addrlocal: Option<S>,
    pub addrbind: Option<S>,
    pub services: S,
    pub relaytxes: bool,
    pub lastsend: u64,
    pub lastrecv: u64,
    pub bytessent: u64,
    pub bytesrecv: u64,
    pub conntime: u64,
    pub timeoffset: i64,
    pub pingtime: Option<f64>,
    pub minping: Option<f64>,
    pub pingwait: Option<f64>,
    pub version: i32,
    pub subver: S,
    pub inbound: bool,
    pub addnode: bool,
    pub startingheight: i32,
    pub banscore: Option<i32>,
    pub synced_headers: Option<i32>,
    pub synced_blocks: Option<i32>,
    pub inflight: Option<H>,
    pub addr_processed: Option<u64>,
    pub addr_rate_limited: Option<u64>,
    pub whitelisted: bool,
    pub permissions: P,
    pub minfeefilter: f64,
    pub bytessent_per_msg: C,
    pub bytesrecv_per_msg: C,
}
