//! Hostile inputs of growing size: a longer one must not take more instructions for a byte.

mod work;

use std::hint::black_box;
use std::time::Duration;

use defichain_net_rpc::Amount;
use defichain_net_rpc::json::{List, Map};
use work::{
    address, as_info, as_peers, as_totals, batch, cookie, elements, elements_over_http, endpoint, linear,
    piecemeal_elements, piecemeal_elements_over_http, piecemeal_reply, quadratic, reply, subnet, text, value, written,
};

/// The smallest is beyond all limits, at which work ends whatever follows.
const SIZES: [usize; 3] = [16 << 10, 64 << 10, 256 << 10];

/// A name, an input as its beginning, the part that is repeated and its end, and what is done with it.
type Case = (&'static str, [&'static str; 3], fn(&'static [u8]));

const SKIPPED: &str = r#"{"result":{"new":"#;
const END: &str = r#"}},"error":null,"id":1}"#;

#[rustfmt::skip]
const CASES: &[Case] = &[
    // Of these it is known how they grow.
    ("known-linear", ["", "a", ""], linear),
    ("known-quadratic", ["", "a", ""], quadratic),

    // A member that is skipped.
    ("arrays-in-arrays", [SKIPPED, "[", ""], as_totals),
    ("objects-in-objects", [SKIPPED, r#"[{"":"#, ""], as_totals),
    ("arrays-that-close", [SKIPPED, "[[[[]]]],", "0"], as_totals),
    ("string", [r#"{"result":{"new":""#, "a", r#""}},"error":null,"id":1}"#], as_totals),
    ("string-without-end", [r#"{"result":{"new":""#, "a", ""], as_totals),
    ("string-of-escapes", [r#"{"result":{"new":""#, r"\n", r#""}},"error":null,"id":1}"#], as_totals),
    ("string-of-surrogates", [r#"{"result":{"new":""#, r"\ud834\udd1e", r#""}},"error":null,"id":1}"#], as_totals),
    ("string-of-characters", [r#"{"result":{"new":""#, "\u{1d11e}", r#""}},"error":null,"id":1}"#], as_totals),
    ("digits", [SKIPPED, "7", END], as_totals),
    ("decimals", [r#"{"result":{"new":0."#, "7", END], as_totals),
    ("exponent", [r#"{"result":{"new":1e"#, "7", END], as_totals),
    ("space", [SKIPPED, " ", r#"0}},"error":null,"id":1}"#], as_totals),
    ("elements", [r#"{"result":{"new":["#, "0,", r#"0]}},"error":null,"id":1}"#], as_totals),
    ("members", [r#"{"result":{"#, r#""":0,"#, r#""":0}},"error":null,"id":1}"#], as_totals),
    ("members-like-known-ones", [r#"{"result":[{"#, r#""bytesrecv_per_ms":0,"#, r#""":0}],"error":null,"id":1}"#], as_peers),
    ("members-with-escaped-names", [r#"{"result":[{"#, r#""\u0069nfligh":0,"#, r#""":0}],"error":null,"id":1}"#], as_peers),

    // Values that are read.
    ("read-integer", ["", "7", ""], value::<u64>),
    ("read-amount", ["0.", "0", "1"], value::<Amount>),
    ("read-amount-of-zeros", ["1", "0", "e-99999999"], value::<Amount>),
    ("read-time", ["0.", "7", "e3"], value::<Duration>),
    ("read-exponent", ["1e", "7", ""], value::<Duration>),
    ("read-list", ["[", "7,", "7]"], value::<List<&str, u32>>),
    ("read-map", ["{", r#""a":7,"#, r#""a":7}"#], value::<Map<&str, u64>>),
    ("read-text", ["\"", r"\u0041", "\""], text),
    ("read-address", ["\"", "1:", "\""], address),
    ("read-warnings", [r#"{"result":{"version":1,"warnings":""#, "a", r#""},"error":null,"id":1}"#], as_info),

    // Replies.
    ("bodies", ["", r#"{"result":{}}"#, ""], as_totals),
    ("space-behind", [r#"{"result":{},"error":null,"id":1}"#, " ", ""], as_totals),
    ("error-message", [r#"{"result":null,"error":{"code":-1,"message":""#, r"\n", r#""},"id":1}"#], as_totals),
    ("error-members", [r#"{"result":null,"error":{"#, r#""x":{},"#, r#""":0},"id":1}"#], as_totals),
    ("foreign-order", [r#"{"error":null,"id":1,"result":["#, "{},", "{}]}"], as_peers),
    ("peers-that-are-none", [r#"{"result":["#, "0,", r#"0],"error":null,"id":1}"#], as_peers),
    ("peers-without-members", [r#"{"result":["#, "{},", r#"{}],"error":null,"id":1}"#], as_peers),
    ("peers-half-known", [r#"{"result":["#, r#"{"id":1,"inflight":[[]]},"#, r#"{}],"error":null,"id":1}"#], as_peers),
    ("batch-of-nothing", ["[", "{},", "{}]"], batch),
    ("batch-of-one-id", ["[", r#"{"result":1,"error":null,"id":1},"#, "{}]"], batch),
    ("batch-of-other-ids", ["[", r#"{"result":1,"error":null,"id":18446744073709551615},"#, "{}]"], batch),
    ("batch-of-lists", [r#"[{"result":["#, "7,", r#"7],"error":null,"id":1}]"#], batch),

    // Elements through a window: of 4 kB, of the whole body, and byte by byte.
    ("window", [r#"{"result":["#, "{},", r#"{}],"error":null,"id":1}"#], elements),
    ("window-of-arrays", [r#"{"result":["#, "[[[[]]]],", r#"{}],"error":null,"id":1}"#], elements),
    ("window-of-space", [r#"{"result":["#, " ", r#"{}],"error":null,"id":1}"#], elements),
    ("window-piecemeal", [r#"{"result":["#, "{},", r#"{}],"error":null,"id":1}"#], piecemeal_elements),
    ("window-of-one-element", [r#"{"result":[{"x":["#, "7,", r#"7]}],"error":null,"id":1}"#], piecemeal_elements),
    ("window-of-one-string", [r#"{"result":[""#, "\\\"", r#""],"error":null,"id":1}"#], piecemeal_elements),
    ("window-of-foreign-order", [r#"{"error":null,"id":1,"result":["#, "{},", "{}]}"], piecemeal_elements),
    ("window-without-end", [r#"{"result":[]"#, " ", ""], piecemeal_elements),

    // HTTP, as it comes and byte by byte.
    ("head-of-one-line", ["HTTP/1.1 200 ", "a", ""], reply),
    ("head-of-lines", ["HTTP/1.1 200 OK\r\n", "a:b\r\n", ""], piecemeal_reply),
    ("head-that-ends", ["HTTP/1.1 200 OK\r\n", "a:b\r\n", "\r\n"], piecemeal_reply),
    ("head-of-lengths", ["HTTP/1.1 200 OK\r\nContent-Length: 5", ",5", "\r\n\r\n"], reply),
    ("head-of-connections", ["HTTP/1.1 200 OK\r\nConnection: a", ",b", "\r\n\r\n"], reply),
    ("interim-replies", ["", "HTTP/1.1 100 \r\n\r\n", ""], reply),
    ("body-without-length", ["HTTP/1.1 200 OK\r\n\r\n", " ", ""], piecemeal_reply),
    ("chunks-of-one-byte", ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n", "0\r\n\r\n"], reply),
    ("chunks-piecemeal", ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n", "0\r\n\r\n"], piecemeal_reply),
    ("chunks-with-extensions", ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1;aaaaaaaaaaaaaaaaaaaaaaaa\r\n \r\n", ""], reply),
    ("chunk-line", ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "0", ""], reply),
    ("trailers", ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "a:b\r\n", ""], reply),
    ("error-of-the-server", ["HTTP/1.1 500 \r\n\r\n", "<", ""], reply),
    ("elements-in-chunks", ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{\"result\":[\r\n", "1\r\n{\r\n1\r\n}\r\n1\r\n,\r\n", ""], elements_over_http),
    ("elements-piecemeal", ["HTTP/1.1 200 OK\r\n\r\n{\"result\":[", "{},", ""], piecemeal_elements_over_http),
    ("elements-of-an-error", ["HTTP/1.1 500 OK\r\n\r\n{\"result\":[", "{},", ""], piecemeal_elements_over_http),

    // What a caller may have from elsewhere.
    ("written-text", ["", "\u{1}", ""], written),
    ("url", ["http://", "a", ":8554/"], endpoint),
    ("url-with-credentials", ["http://u:", "%41", "@localhost:8554/"], endpoint),
    ("url-of-parts", ["http://", "@:/?#[]%", ""], endpoint),
    ("cookie", ["__cookie__:", "0", "\n"], cookie),
    ("subnet", ["", "1:", "/8"], subnet),
];

/// Calls `with` for each input: its name, its length and what is done with it.
pub(crate) fn each(mut with: impl FnMut(&str, usize, &mut dyn FnMut())) {
    for (name, [before, part, after], work) in CASES {
        for size in SIZES {
            let count = size.saturating_sub(before.len() + after.len()) / part.len() + 1;
            let input = [before, part.repeat(count).as_str(), after].concat().leak().as_bytes();
            with(name, input.len(), &mut || work(black_box(input)));
        }
    }
}
