//! What memory is taken: none but the caller's, however long a reply is.

mod exchanges;
mod long_reply;
mod recordings;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fmt::{self, Debug, Write};
use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU16;

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::json::FromJson;
use defichain_net_rpc::network::{
    AddNode, ClearBanned, DisconnectNode, GetAddedNodeInfo, GetConnectionCount, GetNetTotals, GetNetworkInfo,
    GetNodeAddresses, GetNodeStatusInfo, GetPeerInfo, GetVersionInfo, ListBanned, Ping, SetBan, SetNetworkActive,
};
use defichain_net_rpc::rpc::{BatchRequest, Items};
use defichain_net_rpc::{Address, Exchange, Method, ResponseError, Subnet, Want, request, response};
use long_reply::{Framing, LongReply};

/// Counts what is asked of the allocator in each thread.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: everything is left to the system's allocator, and counting takes no memory.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: as for this function.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as for this function.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What a piece of work gives, and how often it asks for memory.
fn allocations<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = ALLOCATIONS.get();
    let given = work();
    (given, ALLOCATIONS.get() - before)
}

#[test]
fn what_is_allocated_is_counted() {
    let (vec, count) = allocations(|| {
        let mut vec = black_box(vec![0_u8; 8]);
        vec.reserve_exact(1000);
        vec
    });
    assert_eq!((vec.len(), count), (8, 2));
}

#[test]
fn a_long_reply_takes_no_memory_but_the_window() {
    let recording = recordings::named("crowd-getpeerinfo");
    let id = recording.id();
    for framing in [Framing::Plain, Framing::Length, Framing::Chunks] {
        let reply = LongReply::new(framing, recording.body(), 16 << 20);
        assert!(reply.length() > 16 << 20);
        let (sum, count) = allocations(|| reply.stream(id));
        let once = long_reply::whole(id, recording.body()).unwrap();
        assert!(once.peers > 50);
        assert_eq!(sum, once.times(reply.times), "{framing:?}");
        assert_eq!(count, 0, "{framing:?}");
    }
}

/// Takes any text and keeps nothing.
struct Nowhere;

impl Write for Nowhere {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        black_box(text);
        Ok(())
    }
}

fn show(value: impl Debug) {
    write!(Nowhere, "{value:?}").unwrap();
}

/// Reads a reply as that to a method; whether it has a result.
type Read = fn(u64, &[u8]) -> bool;

fn one<M>(method: &M, id: u64, body: &[u8]) -> bool
where
    M: for<'a> Method<Response<'a>: Debug>,
{
    let response = response(method, id, body);
    show(&response);
    response.is_ok()
}

fn list<'a, V: FromJson<'a> + Debug>(items: Result<Items<'a, V>, ResponseError<'a>>) -> bool {
    let is_ok = items.is_ok();
    match items {
        Ok(items) => items.for_each(show),
        Err(error) => show(error),
    }
    is_ok
}

/// Each method with the way to read its result.
const METHODS: [(&str, Read); 15] = [
    ("addnode", |id, body| one(&AddNode::Add(NODE), id, body)),
    ("clearbanned", |id, body| one(&ClearBanned, id, body)),
    ("disconnectnode", |id, body| one(&DisconnectNode::Id(0), id, body)),
    ("getaddednodeinfo", |id, body| {
        list(response(&GetAddedNodeInfo { node: None }, id, body))
    }),
    ("getconnectioncount", |id, body| one(&GetConnectionCount, id, body)),
    ("getnettotals", |id, body| one(&GetNetTotals, id, body)),
    ("getnetworkinfo", |id, body| one(&GetNetworkInfo, id, body)),
    ("getnodeaddresses", |id, body| {
        list(response(&GetNodeAddresses { count: NonZeroU16::MIN }, id, body))
    }),
    ("getnodestatusinfo", |id, body| one(&GetNodeStatusInfo, id, body)),
    ("getpeerinfo", |id, body| list(response(&GetPeerInfo, id, body))),
    ("getversioninfo", |id, body| one(&GetVersionInfo, id, body)),
    ("listbanned", |id, body| list(response(&ListBanned, id, body))),
    ("ping", |id, body| one(&Ping, id, body)),
    ("setban", |id, body| {
        one(&SetBan::Remove(Subnet::from(IpAddr::V4(Ipv4Addr::LOCALHOST))), id, body)
    }),
    ("setnetworkactive", |id, body| {
        one(&SetNetworkActive { state: true }, id, body)
    }),
];

const NODE: Address<'_> = Address::Text("localhost");

#[test]
fn recorded_replies_take_no_memory() {
    let mut results = [0; METHODS.len()];
    for recording in recordings::all() {
        let (id, body) = (recording.id(), recording.body());
        let asked = recording.asked()["method"].as_str().unwrap_or_default().to_owned();
        for ((name, read), results) in METHODS.iter().zip(&mut results) {
            let (is_ok, count) = allocations(|| read(id, body));
            assert_eq!(count, 0, "{} as {name}", recording.name);
            *results += u32::from(is_ok && *name == asked);
        }
        let mut buf = vec![0; recording.reply.len() + 1];
        let ((), count) = allocations(|| {
            let mut exchange = Exchange::awaiting(id, &mut buf);
            for piece in recording.reply.chunks(100) {
                if let Ok(Want::Read(space)) = exchange.poll() {
                    space[..piece.len()].copy_from_slice(piece);
                    exchange.received(piece.len());
                }
            }
            show(exchange.poll());
            if let Some(reply) = exchange.into_reply() {
                show(reply.response(&GetNetworkInfo));
                show(reply.batch(&mut [const { None }; 8]));
            }
        });
        assert_eq!(count, 0, "{} over HTTP", recording.name);
    }
    assert!(results.iter().all(|count| *count > 0), "{results:?}");
}

#[test]
fn a_request_takes_no_memory() {
    let endpoint = Endpoint::from_url("http://foo:bar@localhost:8554").unwrap();
    let mut buf = [0; 1024];
    let ((), count) = allocations(|| {
        let method = AddNode::Add(NODE);
        let length = request(&method, 1, &mut buf).unwrap().len();
        let mut exchange = Exchange::new(&endpoint, &method, 1, &mut buf).unwrap();
        assert!(matches!(exchange.poll(), Ok(Want::Write(bytes)) if bytes.len() > length));
        let mut batch = BatchRequest::new(1, &mut buf);
        batch.push(&method);
        batch.push(&Ping);
        show(batch.finish());
    });
    assert_eq!(count, 0);
}
