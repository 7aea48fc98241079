//! How deep the stack gets below each entry point, on recorded replies and on hostile ones; `cargo xtask stack` runs it in QEMU.
#![cfg_attr(bare, no_std, no_main)]

#[cfg(any(target_arch = "arm", target_arch = "riscv32"))]
use core::arch::asm;
use core::cell::UnsafeCell;
use core::fmt::{self, Display, Write};
use core::hint::black_box;
use core::num::NonZeroU16;

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::json::{FromJson, ToJson, Writer};
use defichain_net_rpc::network::{
    AddNode, BanTime, ClearBanned, DisconnectNode, GetAddedNodeInfo, GetConnectionCount, GetNetTotals, GetNetworkInfo,
    GetNodeAddresses, GetNodeStatusInfo, GetPeerInfo, GetVersionInfo, ListBanned, NetworkInfo, Ping, SetBan,
    SetNetworkActive,
};
use defichain_net_rpc::rpc::{BatchResponse, Envelope, Id, Items, Sequence, batch_request};
use defichain_net_rpc::{Address, Connection, Item, Method, Response, Subnet, Want, request, response};
use probe::{semihosting, used};

probe::entry!(run);

fn run() {
    // A call whose depth is known, for the script to see that the measure is right.
    measured("known", "", || black_box([0_u8; 1000]).len());
    every_method();
    batches();
    endpoints();
    exit();
}

/// How many bytes below the caller are looked at. More than that is an error.
#[cfg(any(target_arch = "arm", target_arch = "riscv32"))]
const DEPTH: usize = 8192;

/// Makes a call and reports how far the stack grew below this function. So what counts is all that the call puts there,
/// with the registers it saves; what does not are the buffers of the caller, and the value that the call gives.
#[inline(never)]
fn measured<T>(entry: &'static str, of: &'static str, call: impl FnOnce() -> T) -> T {
    let top = paint();
    let value = below(call);
    report(entry, of, touched(top));
    value
}

#[inline(never)]
fn below<T>(call: impl FnOnce() -> T) -> T {
    call()
}

/// Fills the stack below the function that this is inlined into, and tells where that begins.
#[cfg(target_arch = "arm")]
#[inline(always)]
fn paint() -> usize {
    let top: usize;
    // SAFETY: nothing lies below the stack pointer: there are no interrupts, and this itself needs no stack.
    unsafe {
        asm!(
            "mov {top}, sp",
            "sub {place}, {top}, {depth}",
            "2:",
            "str {paint}, [{place}], #4",
            "cmp {place}, {top}",
            "blo 2b",
            top = out(reg) top,
            place = out(reg) _,
            depth = in(reg) DEPTH,
            paint = in(reg) PAINT,
        );
    }
    top
}

/// The same, for RISC-V.
#[cfg(target_arch = "riscv32")]
#[inline(always)]
fn paint() -> usize {
    let top: usize;
    // SAFETY: nothing lies below the stack pointer: there are no interrupts, and this itself needs no stack.
    unsafe {
        asm!(
            "mv {top}, sp",
            "sub {place}, {top}, {depth}",
            "2:",
            "sw {paint}, 0({place})",
            "addi {place}, {place}, 4",
            "bltu {place}, {top}, 2b",
            top = out(reg) top,
            place = out(reg) _,
            depth = in(reg) DEPTH,
            paint = in(reg) PAINT,
        );
    }
    top
}

#[cfg(any(target_arch = "arm", target_arch = "riscv32"))]
const PAINT: u32 = 0xdead_beef;

/// How many bytes below this place are no longer as they were painted.
#[cfg(target_arch = "arm")]
#[inline(always)]
fn touched(top: usize) -> usize {
    let place: usize;
    // SAFETY: it only reads what was painted.
    unsafe {
        asm!(
            "sub {place}, {top}, {depth}",
            "2:",
            "ldr {word}, [{place}], #4",
            "cmp {place}, {top}",
            "bhs 3f",
            "cmp {word}, {paint}",
            "beq 2b",
            "3:",
            "sub {place}, {place}, #4",
            top = in(reg) top,
            place = out(reg) place,
            word = out(reg) _,
            depth = in(reg) DEPTH,
            paint = in(reg) PAINT,
            options(readonly),
        );
    }
    top - place
}

/// The same, for RISC-V.
#[cfg(target_arch = "riscv32")]
#[inline(always)]
fn touched(top: usize) -> usize {
    let place: usize;
    // SAFETY: it only reads what was painted.
    unsafe {
        asm!(
            "sub {place}, {top}, {depth}",
            "2:",
            "lw {word}, 0({place})",
            "addi {place}, {place}, 4",
            "bgeu {place}, {top}, 3f",
            "beq {word}, {paint}, 2b",
            "3:",
            "addi {place}, {place}, -4",
            top = in(reg) top,
            place = out(reg) place,
            word = out(reg) _,
            depth = in(reg) DEPTH,
            paint = in(reg) PAINT,
            options(readonly),
        );
    }
    top - place
}

/// An entry point, the method that it is called with, and the most bytes of stack so far.
type Row = (&'static str, &'static str, usize);

static TABLE: Table = Table(UnsafeCell::new([None; 128]));

struct Table(UnsafeCell<[Option<Row>; 128]>);

// SAFETY: there is one thread.
unsafe impl Sync for Table {}

fn report(entry: &'static str, of: &'static str, bytes: usize) {
    // SAFETY: there is one thread, and no other reference lives on.
    let rows = unsafe { &mut *TABLE.0.get() };
    for row in rows {
        match row {
            Some((its_entry, its_of, most)) => {
                if (*its_entry, *its_of) == (entry, of) {
                    return *most = bytes.max(*most);
                }
            }
            None => return *row = Some((entry, of, bytes)),
        }
    }
    semihosting::fail()
}

/// A row of the table, as it is printed.
struct Printed<'t>(&'t str, &'t str, usize);

impl ToJson for Printed<'_> {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.raw(b"stack: ");
        writer.raw(self.0.as_bytes());
        writer.raw(b" ");
        writer.raw(self.1.as_bytes());
        writer.raw(b" ");
        writer.u64(self.2 as u64);
        writer.raw(b"\n\0");
    }
}

/// Prints the table and ends the program.
fn exit() {
    // SAFETY: as above.
    let rows = unsafe { &*TABLE.0.get() };
    for (entry, of, bytes) in rows.iter().flatten() {
        semihosting::print(&Printed(entry, of, *bytes));
    }
    semihosting::exit();
}

/// Elsewhere nothing is measured: the program is there for lints to see.
#[cfg(not(any(target_arch = "arm", target_arch = "riscv32")))]
mod host {
    pub(super) fn paint() -> usize {
        0
    }

    pub(super) fn touched(_: usize) -> usize {
        0
    }
}
#[cfg(not(any(target_arch = "arm", target_arch = "riscv32")))]
use host::{paint, touched};

/// A recorded reply, with its head.
macro_rules! recorded {
    ($name:literal) => {
        include_bytes!(concat!("../../../../tests/exchanges/v3.2.8/", $name, ".response.http"))
    };
}

/// A reply of 40 kB that opens an array with each byte.
const DEEP: &[u8] = {
    const BEGIN: &[u8] = b"HTTP/1.1 200 OK\r\n\r\n{\"result\":[{\"x\":";
    static REPLY: [u8; 40_000] = {
        let mut reply = [b'['; 40_000];
        let mut index = 0;
        while index < BEGIN.len() {
            reply[index] = BEGIN[index];
            index += 1;
        }
        reply
    };
    &REPLY
};

/// What any method may be answered.
const ANY: [&[u8]; 8] = [
    recorded!("error-wrong-type"),
    recorded!("error-warmup"),
    recorded!("error-parse"),
    recorded!("http-401-bad-password"),
    recorded!("http-work-queue-exceeded"),
    DEEP,
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9;x=\"y\"\r\n{\"result\"\r\n12\r\n:[{\"x\":[{\"x\":[{\"\\u\r\n1\r\nX\r\n0\r\nA: b\r\n\r\n",
    b"HTTP/1.1 100 \r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\nConnection: a, b, close\r\n\r\n{\"\xff\"}",
];

const NODE: Address<'_> = Address::Text("node.example:8555");

fn every_method() {
    method("addnode", &AddNode::Add(NODE), &[recorded!("addnode-add")]);
    method("clearbanned", &ClearBanned, &[recorded!("clearbanned")]);
    method(
        "disconnectnode",
        &DisconnectNode::Address(NODE),
        &[recorded!("disconnectnode-address")],
    );
    method(
        "getconnectioncount",
        &GetConnectionCount,
        &[recorded!("crowd-getconnectioncount")],
    );
    method("getnettotals", &GetNetTotals, &[recorded!("crowd-getnettotals")]);
    method(
        "getnetworkinfo",
        &GetNetworkInfo,
        &[recorded!("crowd-getnetworkinfo"), recorded!("proxied-getnetworkinfo")],
    );
    method("getnodestatusinfo", &GetNodeStatusInfo, &[]);
    method("getversioninfo", &GetVersionInfo, &[recorded!("getversioninfo")]);
    method("ping", &Ping, &[recorded!("ping")]);
    if let Some(subnet) = Subnet::parse("2001:db8::/ffff:ffff::") {
        let ban = SetBan::Add(subnet, BanTime::Default);
        method("setban", &ban, &[recorded!("setban-add-absolute")]);
    }
    method(
        "setnetworkactive",
        &SetNetworkActive { state: true },
        &[recorded!("setnetworkactive-true")],
    );

    let nodes = GetAddedNodeInfo { node: Some(NODE) };
    let recorded: [&[u8]; 2] = [recorded!("crowd-getaddednodeinfo"), recorded!("getaddednodeinfo-one")];
    method("getaddednodeinfo", &nodes, &recorded);
    list("getaddednodeinfo", &nodes, &recorded);
    element_by_element("getaddednodeinfo", &nodes, &recorded);

    let addresses = GetNodeAddresses { count: NonZeroU16::MAX };
    let recorded: [&[u8]; 1] = [recorded!("crowd-getnodeaddresses-3")];
    method("getnodeaddresses", &addresses, &recorded);
    list("getnodeaddresses", &addresses, &recorded);
    element_by_element("getnodeaddresses", &addresses, &recorded);

    let recorded: [&[u8]; 2] = [recorded!("misbehaving-getpeerinfo"), recorded!("skewed-getpeerinfo")];
    method("getpeerinfo", &GetPeerInfo, &recorded);
    list("getpeerinfo", &GetPeerInfo, &recorded);
    element_by_element("getpeerinfo", &GetPeerInfo, &recorded);

    let recorded: [&[u8]; 1] = [recorded!("listbanned")];
    method("listbanned", &ListBanned, &recorded);
    list("listbanned", &ListBanned, &recorded);
    element_by_element("listbanned", &ListBanned, &recorded);
}

/// The request of a method, and its reply with and without HTTP.
fn method<M: Method>(name: &'static str, of: &M, recorded: &[&'static [u8]]) {
    let mut buf = [0; 256];
    used(&measured("request", name, || request(of, 1, &mut buf)));
    for reply in recorded.iter().chain(&ANY) {
        let body = body(reply);
        let id = id(body);
        match measured("response", name, || response::<Response<'_, M>>(id, body)) {
            Ok(result) => used(&result),
            Err(error) => shown(&error),
        }
        for pieces in [7, usize::MAX] {
            call(name, of, Reading { rest: reply, pieces });
        }
    }
}

/// A call over a stream that was used before and has ended, so that the request is sent again where that is right.
fn call<M: Method>(name: &'static str, of: &M, mut reply: Reading) {
    let mut buf = [0; 10_240];
    let Ok(endpoint) = Endpoint::from_url("http://foo:bar@[::1]:8554/path") else {
        return;
    };
    let mut connection = used_before(&endpoint, id(body(reply.rest)), &mut buf);
    if measured("Connection::call", name, || connection.call(&endpoint, of, &mut buf)).is_err() {
        return;
    }
    if carry(&mut connection, &mut buf, &mut reply, of.is_repeatable())
        && let Ok(reply) = connection.reply(&buf)
    {
        match measured("Reply::response", name, || reply.response::<Response<'_, M>>()) {
            Ok(result) => used(&result),
            Err(error) => shown(&error),
        }
    }
}

/// Brings a reply over the second stream, and tells whether it is complete.
#[inline(never)]
fn carry(connection: &mut Connection, buf: &mut [u8], reply: &mut Reading, is_repeatable: bool) -> bool {
    let mut has_ended = false;
    loop {
        match measured("Connection::poll", "", || connection.poll(buf)) {
            Ok(Want::Connect) => measured("Connection::connected", "", || connection.connected()),
            Ok(Want::Write(bytes)) => {
                let count = bytes.len();
                measured("Connection::written", "", || connection.written(count));
            }
            Ok(Want::Read(_)) if !has_ended && is_repeatable => {
                has_ended = true;
                measured("Connection::broken", "", || connection.broken());
            }
            Ok(Want::Read(space)) => {
                let count = reply.read(space);
                measured("Connection::received", "", || connection.received(count));
            }
            Ok(Want::Ready(_)) => break,
            Err(error) => {
                shown(&error);
                break;
            }
        }
    }
    let reply = measured("Connection::reply", "", || connection.reply(buf));
    if let Ok(reply) = reply {
        used(&measured("Reply::node_error", "", || reply.node_error()));
        used(&measured("Reply::line", "", || reply.line()));
        used(&measured("Reply::location", "", || reply.location()));
    }
    used(&measured("Connection::node_error", "", || connection.node_error(buf)));
    let is_complete = reply.is_ok();
    // The reply of a call that is over stays.
    measured("Connection::close", "", || connection.close());
    is_complete
}

/// A connection that has made a call, and gives the next one this id.
#[inline(never)]
fn used_before(endpoint: &Endpoint<'_>, id: u64, buf: &mut [u8]) -> Connection {
    let mut connection = Connection::with_first_id(id.wrapping_sub(1));
    let mut reply = Reading {
        rest: b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        pieces: usize::MAX,
    };
    if connection.call(endpoint, &Ping, buf).is_ok() {
        loop {
            match connection.poll(buf) {
                Ok(Want::Connect) => connection.connected(),
                Ok(Want::Write(bytes)) => connection.written(bytes.len()),
                Ok(Want::Read(space)) => connection.received(reply.read(space)),
                Ok(Want::Ready(_)) | Err(_) => break,
            }
        }
    }
    connection
}

/// The elements of a response.
fn list<M, V>(name: &'static str, _: &M, recorded: &[&'static [u8]])
where
    M: Method<Response<'static> = Items<'static, V>>,
    V: FromJson<'static>,
{
    for reply in recorded.iter().chain(&ANY) {
        let body = body(reply);
        if let Ok(mut items) = response::<Response<'_, M>>(id(body), body) {
            while let Some(element) = measured("Items::next", name, || items.next()) {
                used(&element);
            }
        }
    }
}

/// The elements of a response through a window, with and without HTTP.
fn element_by_element<M>(name: &'static str, _: &M, recorded: &[&'static [u8]])
where
    M: for<'a> Method<Response<'a>: Sequence<'a>>,
{
    let mut window = [0; 4096];
    for reply in recorded.iter().chain(&ANY) {
        let body = body(reply);
        let id = id(body);
        for pieces in [7, usize::MAX] {
            for (mut connection, rest) in [
                (Connection::awaiting_body(id), body),
                (Connection::awaiting_reply(id), *reply),
            ] {
                let mut stream = Reading { rest, pieces };
                let mut items = connection.clone();
                loop {
                    match measured("Connection::poll_item", name, || {
                        items.poll_item::<Item<'_, M>>(&mut window)
                    }) {
                        Ok(Want::Read(space)) => {
                            let count = stream.read(space);
                            items.received(count);
                        }
                        Ok(Want::Ready(Some(element))) => used(&element.is_ok()),
                        Ok(_) => break,
                        Err(error) => {
                            shown(&error);
                            break;
                        }
                    }
                }
                let mut stream = Reading { rest, pieces };
                loop {
                    match measured("Connection::poll_element", name, || {
                        connection.poll_element(&mut window)
                    }) {
                        Ok(Want::Read(space)) => {
                            let count = stream.read(space);
                            connection.received(count);
                        }
                        Ok(Want::Ready(true)) => {
                            match measured("Connection::element", name, || {
                                connection.element::<Item<'_, M>>(&window)
                            }) {
                                Ok(element) => used(&element),
                                Err(error) => shown(&error),
                            }
                        }
                        Ok(_) => break,
                        Err(error) => {
                            shown(&error);
                            break;
                        }
                    }
                }
            }
        }
    }
}

fn batches() {
    let mut buf = [0; 2048];
    used(&measured("batch_request", "", || {
        batch_request(1, &mut buf, |batch| {
            measured("BatchRequest::push", "", || batch.push(&AddNode::Add(NODE)))
        })
    }));
    if let Ok(endpoint) = Endpoint::from_url("http://foo:bar@localhost:8554/") {
        let mut connection = Connection::new();
        used(&measured("Connection::batch", "", || {
            connection.batch(&endpoint, &mut buf, |batch| batch.push(&AddNode::Add(NODE)))
        }));
        used(&measured("Endpoint::request_len", "", || {
            endpoint.request_len(&AddNode::Add(NODE))
        }));
    }
    for reply in [recorded!("batch").as_slice(), recorded!("batch-with-garbage")]
        .iter()
        .chain(&ANY)
    {
        let body = body(reply);
        let mut slots = [const { None }; 8];
        match measured("BatchResponse::read", "", || BatchResponse::read(1, body, &mut slots)) {
            Ok(batch) => {
                for id in 1..4 {
                    used(&measured("BatchResponse::response", "", || {
                        batch.response::<NetworkInfo<&str>>(id)
                    }));
                }
                let mut faults = batch.faults();
                while let Some(fault) = measured("BatchResponse::faults", "", || faults.next()) {
                    shown(&fault);
                }
            }
            Err(error) => shown(&error),
        }
    }
}

fn endpoints() {
    for url in [
        "http://foo:bar@localhost:8554",
        "https://%66oo:b%61r@[2001:db8::ffff:192.0.2.1]:8554/wallet/main?a=b",
        "http://a b/",
    ] {
        let endpoint = measured("Endpoint::from_url", "", || Endpoint::from_url(url));
        match endpoint {
            Ok(endpoint) => used(&measured("Endpoint::with_cookie", "", || {
                endpoint.with_cookie("__cookie__:0123456789abcdef")
            })),
            Err(error) => shown(&error),
        }
    }
}

/// Formats an error, as `{}`.
#[inline(never)]
fn shown<E: Display>(error: &E) {
    struct Anywhere;

    impl Write for Anywhere {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            used(&text);
            Ok(())
        }
    }

    used(&measured("Display", "", || write!(Anywhere, "{error}")));
}

/// A stream that hands out pieces of so many bytes.
struct Reading {
    rest: &'static [u8],
    pieces: usize,
}

impl Reading {
    fn read(&mut self, space: &mut [u8]) -> usize {
        let count = self.pieces.min(space.len()).min(self.rest.len());
        let (piece, rest) = self.rest.split_at(count);
        space[..count].copy_from_slice(piece);
        self.rest = rest;
        count
    }
}

/// What follows the head of a reply, or what would if it were complete.
fn body(reply: &'static [u8]) -> &'static [u8] {
    let end = reply.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    end.map_or(reply, |end| &reply[end + 4..])
}

/// The id of a reply, so that it is the one that was waited for.
fn id(body: &'static [u8]) -> u64 {
    match Envelope::read(body) {
        Ok(Envelope { id: Id::Number(id), .. }) => id,
        _ => 1,
    }
}
