//! What memory is taken: none but the caller's, however long a reply is.

#[path = "support/exchanges.rs"]
mod exchanges;
#[path = "support/long_reply.rs"]
mod long_reply;
#[path = "support/methods.rs"]
mod methods;
#[path = "support/recordings.rs"]
mod recordings;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fmt::{self, Debug, Write};
use std::hint::black_box;

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::json::FromJson;
use defichain_net_rpc::network::{
    AddNode, ClearBanned, DisconnectNode, GetAddedNodeInfo, GetConnectionCount, GetNetTotals, GetNetworkInfo,
    GetNodeAddresses, GetNodeStatusInfo, GetPeerInfo, GetVersionInfo, ListBanned, Ping, SetBan, SetNetworkActive,
};
use defichain_net_rpc::rpc::{Items, batch_request};
use defichain_net_rpc::{Address, Connection, Error, Method, Response, Want, request, response};
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

#[track_caller]
fn show(value: impl Debug) {
    write!(Nowhere, "{value:?}").unwrap();
}

/// Reads a reply as that to a method; whether it has a result.
type Read = fn(u64, &[u8]) -> bool;

fn one<M>(id: u64, body: &[u8]) -> bool
where
    M: for<'a> Method<Response<'a>: Debug>,
{
    let response = response::<Response<'_, M>>(id, body);
    show(&response);
    response.is_ok()
}

fn list<'a, V: FromJson<'a> + Debug>(items: Result<Items<'a, V>, Error>) -> bool {
    let is_ok = items.is_ok();
    match items {
        Ok(items) => items.for_each(show),
        Err(error) => show(error),
    }
    is_ok
}

/// Each method with the way to read its result.
const METHODS: &[(&str, Read)] = &[
    ("addnode", one::<AddNode<'_>>),
    ("clearbanned", one::<ClearBanned>),
    ("disconnectnode", one::<DisconnectNode<'_>>),
    ("getaddednodeinfo", |id, body| {
        list(response::<Response<'_, GetAddedNodeInfo<'_>>>(id, body))
    }),
    ("getconnectioncount", one::<GetConnectionCount>),
    ("getnettotals", one::<GetNetTotals>),
    ("getnetworkinfo", one::<GetNetworkInfo>),
    ("getnodeaddresses", |id, body| {
        list(response::<Response<'_, GetNodeAddresses>>(id, body))
    }),
    ("getnodestatusinfo", one::<GetNodeStatusInfo>),
    ("getpeerinfo", |id, body| {
        list(response::<Response<'_, GetPeerInfo>>(id, body))
    }),
    ("getversioninfo", one::<GetVersionInfo>),
    ("listbanned", |id, body| {
        list(response::<Response<'_, ListBanned>>(id, body))
    }),
    ("ping", one::<Ping>),
    ("setban", one::<SetBan>),
    ("setnetworkactive", one::<SetNetworkActive>),
];

const NODE: Address<'_> = Address::Text("localhost");

#[test]
fn recorded_replies_take_no_memory() {
    methods::assert_all_listed(METHODS.iter().map(|(name, _)| *name), |(name, _)| name);
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
            let mut connection = Connection::awaiting_reply(id);
            for piece in recording.reply.chunks(100) {
                if let Ok(Want::Read(space)) = connection.poll(&mut buf) {
                    space[..piece.len()].copy_from_slice(piece);
                    connection.received(piece.len());
                }
            }
            show(connection.poll(&mut buf));
            if let Ok(reply) = connection.reply(&buf) {
                show(reply.response::<Response<'_, GetNetworkInfo>>());
                show(reply.batch(&mut [const { None }; 8]));
                show(reply.node_error());
                show(reply.line());
            }
            // Ended between two calls.
            connection.received(0);
            show(&connection);
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
        let mut connection = Connection::new();
        assert_eq!(connection.call(&endpoint, &method, &mut buf), Ok(1));
        connection.connected();
        assert!(matches!(connection.poll(&mut buf), Ok(Want::Write(bytes)) if bytes.len() > length));
        connection
            .batch(&endpoint, &mut buf, |batch| batch.push(&method))
            .unwrap();
        connection.connected();
        assert!(matches!(connection.poll(&mut buf), Ok(Want::Write(bytes)) if bytes.len() > length));
        let (_, body) = batch_request(1, &mut buf, |batch| (batch.push(&method), batch.push(&Ping))).unwrap();
        show(body);
    });
    assert_eq!(count, 0);
}
