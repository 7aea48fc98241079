//! What is read: recorded replies, and the one to `getpeerinfo` repeated to any number of peers.

use std::convert::Infallible;
use std::hint::black_box;

use defichain_net_rpc::io::Connect;
use embedded_io::{ErrorType, Read, Write};
use serde_json::value::RawValue;

/// The id of every request and reply.
pub(crate) const ID: u64 = 1;

const GET_PEER_INFO: &str = include_str!("../../tests/exchanges/v3.2.8/crowd-getpeerinfo.response.http");
const GET_NETWORK_INFO: &str = include_str!("../../tests/exchanges/v3.2.8/crowd-getnetworkinfo.response.http");
const GET_NET_TOTALS: &str = include_str!("../../tests/exchanges/v3.2.8/crowd-getnettotals.response.http");

/// Returns the body of a reply to `getpeerinfo` with this many peers.
pub(crate) fn peers(count: usize) -> Body {
    let recorded: Vec<&RawValue> = serde_json::from_str(result(GET_PEER_INFO).get()).expect("an array");
    let peers: Vec<&RawValue> = recorded.into_iter().cycle().take(count).collect();
    reply(&serde_json::to_string(&peers).expect("an array"))
}

/// The same with a member in each peer that the crate does not know, as later releases of Bitcoin Core send it.
pub(crate) fn newer_peers(count: usize) -> Body {
    const BEFORE: &str = ",\"startingheight\":";
    let peers = str::from_utf8(peers(count)).expect("UTF-8");
    let newer = peers.replace(BEFORE, &format!(",\"bip152_hb_to\":false{BEFORE}"));
    assert!(newer.len() > peers.len(), "the member was not put in");
    newer.leak().as_bytes()
}

/// The body of a reply to `getnetworkinfo`.
pub(crate) fn info() -> Body {
    reply(result(GET_NETWORK_INFO).get())
}

/// The body of a reply to `getnettotals`.
pub(crate) fn totals() -> Body {
    reply(result(GET_NET_TOTALS).get())
}

/// A body as it comes from a connection. It is there as long as the program runs.
pub(crate) type Body = &'static [u8];

/// The reply whose body this is, with the head that the node sends.
pub(crate) fn with_head(body: Body) -> Body {
    let (head, _) = GET_PEER_INFO
        .split_once("\r\n\r\n")
        .expect("a head ends with an empty line");
    let (head, _) = head.rsplit_once(' ').expect("the length of the body stands last");
    let mut reply = format!("{head} {}\r\n\r\n", body.len()).into_bytes();
    reply.extend_from_slice(body);
    reply.leak()
}

/// What is still to come over a stream. Reading copies it, as a socket does, and no more at once than usual.
pub(crate) struct Stream(pub(crate) Body);

impl Stream {
    pub(crate) fn read(&mut self, space: &mut [u8]) -> usize {
        let count = space.len().min(self.0.len()).min(16 << 10);
        let (now, later) = self.0.split_at(count);
        space[..count].copy_from_slice(now);
        self.0 = later;
        count
    }
}

impl ErrorType for Stream {
    type Error = Infallible;
}

impl Read for Stream {
    fn read(&mut self, space: &mut [u8]) -> Result<usize, Infallible> {
        Ok(self.read(space))
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        Ok(black_box(bytes).len())
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

impl Connect for Stream {
    fn connect(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

fn reply(result: &str) -> Body {
    format!("{{\"result\":{result},\"error\":null,\"id\":{ID}}}\n")
        .leak()
        .as_bytes()
}

fn result(recorded: &'static str) -> &'static RawValue {
    #[derive(serde::Deserialize)]
    struct Reply<'a> {
        #[serde(borrow)]
        result: &'a RawValue,
    }
    let (_, body) = recorded.split_once("\r\n\r\n").expect("a head ends with an empty line");
    serde_json::from_str::<Reply<'_>>(body).expect("a reply").result
}
