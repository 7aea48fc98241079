//! What must not be exceeded. A change that lowers a figure lowers its limit.

/// Bytes of flash above an empty program, for a Cortex-M3 at opt-level z: what must not be exceeded, and what is aimed at.
pub(crate) const FLASH: [(&str, u64, Option<u64>); 3] = [
    ("getpeerinfo", 10_950, Some(6_144)),
    ("methods", 22_100, None),
    ("everything", 32_700, Some(20_480)),
];

/// The same for a RISC-V, riscv32imc.
pub(crate) const FLASH_RISCV: [(&str, u64, Option<u64>); 3] = [
    ("getpeerinfo", 13_900, Some(13_000)),
    ("methods", 28_750, None),
    ("everything", 41_350, Some(38_000)),
];

/// Instructions of a Cortex-M3 for each byte of a reply to `getpeerinfo`, by opt-level.
pub(crate) const CORTEX_M3_INSTRUCTIONS: [(&str, f64); 2] = [("z", 37.0), ("3", 30.0)];

/// Bytes of stack for each entry point, whatever the method, on a Cortex-M3 at opt-level z and 3.
#[rustfmt::skip]
pub(crate) const STACK: [(&str, u64); 29] = [
    ("request", 370),
    ("response", 840),
    ("Items::next", 740),
    ("Endpoint::from_url", 600),
    ("Endpoint::with_cookie", 220),
    ("Endpoint::request_len", 620),
    ("Connection::call", 500),
    ("Connection::batch", 510),
    ("Connection::poll", 355),
    ("Connection::poll_item", 940),
    ("Connection::poll_element", 920),
    ("Connection::element", 850),
    ("Connection::connected", 64),
    ("Connection::written", 64),
    ("Connection::received", 64),
    ("Connection::broken", 64),
    ("Connection::close", 64),
    ("Connection::reply", 120),
    ("Connection::node_error", 740),
    ("Reply::response", 890),
    ("Reply::node_error", 640),
    ("Reply::line", 120),
    ("Reply::location", 180),
    ("batch_request", 560),
    ("BatchRequest::push", 260),
    ("BatchResponse::read", 810),
    ("BatchResponse::response", 620),
    ("BatchResponse::faults", 760),
    ("Display", 430),
];

/// The same on riscv32imc.
#[rustfmt::skip]
pub(crate) const STACK_RISCV: [(&str, u64); 29] = [
    ("request", 240),
    ("response", 830),
    ("Items::next", 760),
    ("Endpoint::from_url", 560),
    ("Endpoint::with_cookie", 200),
    ("Endpoint::request_len", 520),
    ("Connection::call", 360),
    ("Connection::batch", 390),
    ("Connection::poll", 320),
    ("Connection::poll_item", 955),
    ("Connection::poll_element", 920),
    ("Connection::element", 840),
    ("Connection::connected", 16),
    ("Connection::written", 16),
    ("Connection::received", 16),
    ("Connection::broken", 16),
    ("Connection::close", 16),
    ("Connection::reply", 32),
    ("Connection::node_error", 735),
    ("Reply::response", 860),
    ("Reply::node_error", 655),
    ("Reply::line", 110),
    ("Reply::location", 100),
    ("batch_request", 300),
    ("BatchRequest::push", 190),
    ("BatchResponse::read", 830),
    ("BatchResponse::response", 620),
    ("BatchResponse::faults", 770),
    ("Display", 370),
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
