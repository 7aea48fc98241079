//! What must not be exceeded. A change that lowers a figure lowers its limit.

/// Bytes of flash above an empty program, for a Cortex-M3 at opt-level z: what must not be exceeded, and what is aimed at.
pub(crate) const FLASH: [(&str, u64, Option<u64>); 3] = [
    ("getpeerinfo", 10_270, Some(6_144)),
    ("methods", 20_100, None),
    ("everything", 29_000, Some(20_480)),
];

/// The same for a RISC-V, riscv32imc.
pub(crate) const FLASH_RISCV: [(&str, u64, Option<u64>); 3] = [
    ("getpeerinfo", 12_900, Some(13_000)),
    ("methods", 25_900, None),
    ("everything", 37_000, Some(38_000)),
];

/// Instructions of a Cortex-M3 for each byte of a reply to `getpeerinfo`, by opt-level.
pub(crate) const CORTEX_M3_INSTRUCTIONS: [(&str, f64); 2] = [("z", 26.5), ("3", 19.4)];

/// Bytes of stack for each entry point, whatever the method, on a Cortex-M3 at opt-level z and 3.
#[rustfmt::skip]
pub(crate) const STACK: [(&str, u64); 29] = [
    ("request", 290),
    ("response", 760),
    ("Items::next", 610),
    ("Endpoint::from_url", 470),
    ("Endpoint::with_cookie", 220),
    ("Endpoint::request_len", 610),
    ("Connection::call", 510),
    ("Connection::batch", 510),
    ("Connection::poll", 290),
    ("Connection::poll_item", 850),
    ("Connection::poll_element", 810),
    ("Connection::element", 730),
    ("Connection::connected", 30),
    ("Connection::written", 20),
    ("Connection::received", 10),
    ("Connection::broken", 10),
    ("Connection::close", 50),
    ("Connection::reply", 40),
    ("Connection::node_error", 630),
    ("Reply::response", 820),
    ("Reply::node_error", 530),
    ("Reply::line", 110),
    ("Reply::location", 130),
    ("batch_request", 390),
    ("BatchRequest::push", 250),
    ("BatchResponse::read", 690),
    ("BatchResponse::response", 570),
    ("BatchResponse::faults", 640),
    ("Display", 370),
];

/// The same on riscv32imc.
#[rustfmt::skip]
pub(crate) const STACK_RISCV: [(&str, u64); 29] = [
    ("request", 240),
    ("response", 750),
    ("Items::next", 620),
    ("Endpoint::from_url", 470),
    ("Endpoint::with_cookie", 190),
    ("Endpoint::request_len", 550),
    ("Connection::call", 390),
    ("Connection::batch", 430),
    ("Connection::poll", 250),
    ("Connection::poll_item", 910),
    ("Connection::poll_element", 810),
    ("Connection::element", 700),
    ("Connection::connected", 16),
    ("Connection::written", 10),
    ("Connection::received", 10),
    ("Connection::broken", 10),
    ("Connection::close", 10),
    ("Connection::reply", 30),
    ("Connection::node_error", 630),
    ("Reply::response", 790),
    ("Reply::node_error", 550),
    ("Reply::line", 110),
    ("Reply::location", 90),
    ("batch_request", 300),
    ("BatchRequest::push", 190),
    ("BatchResponse::read", 650),
    ("BatchResponse::response", 570),
    ("BatchResponse::faults", 630),
    ("Display", 360),
];

/// How far the instructions a byte may be above `benches/instructions.txt`, in per cent.
pub(crate) const INSTRUCTIONS: f64 = 2.0;
/// How far they may be above those of the next smaller hostile input.
pub(crate) const HOSTILE: f64 = 5.0;
/// How far those of a long reply may be from those of a short one.
pub(crate) const LONG: f64 = 2.0;

/// A fuzz target, how long its inputs may be, and which files of src it is for.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    pub(crate) length: usize,
    pub(crate) files: &'static [&'static str],
}

#[rustfmt::skip]
pub(crate) const FUZZ: [Target; 10] = [
    Target { name: "adapter", length: 1024, files: &["io/blocking"] },
    Target { name: "batch", length: 1024, files: &["rpc/batch", "rpc/items"] },
    Target { name: "body", length: 2048, files: &["json/number", "json/object", "json/reader", "rpc/items", "rpc/envelope"] },
    Target { name: "connection", length: 1024, files: &["connection/mod", "bytes/window"] },
    Target { name: "elements", length: 1024, files: &["connection/elements", "bytes/window"] },
    Target { name: "http", length: 1024, files: &["http/body", "http/head", "bytes/window"] },
    Target { name: "paths", length: 2048, files: &["json/quick", "json/object", "json/list"] },
    Target { name: "requests", length: 512, files: &["rpc/request", "rpc/call", "network/add_node", "network/disconnect_node", "network/set_ban", "network/set_network_active"] },
    Target { name: "storage", length: 1536, files: &["json/list", "json/object"] },
    Target { name: "text", length: 256, files: &["value/address", "value/ip", "http/endpoint"] },
];
/// Per cent of the lines of each such file that the seeds reach.
pub(crate) const SEEDS: u64 = 60;
