//! Replies to `getconnectioncount` as HTTP brings them.

use defichain_net_rpc::http::{Error, ErrorKind, Reply};
use defichain_net_rpc::network::GetConnectionCount;

use crate::streams::receive;

pub(crate) const BODY: &str = r#"{"result":8,"error":null,"id":1}"#;

/// A reply with this body, and its length.
pub(crate) fn with_length(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// A reply in chunks: these, and what may be wrong with them or behind them.
pub(crate) fn chunked(chunks: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}")
}

/// The number of connections in a reply, however it is cut.
pub(crate) fn count_in(reply: &str) -> Result<u64, String> {
    receive(1, reply.as_bytes(), |reply| {
        let reply: Reply<'_> = reply.map_err(|error| error.to_string())?;
        reply.response(&GetConnectionCount).map_err(|error| error.to_string())
    })
}

/// What is wrong with a reply and at which byte, however it is cut.
pub(crate) fn refused(reply: &str) -> (ErrorKind, u64) {
    let fault = |error: Error| (error.kind, error.offset);
    receive(1, reply.as_bytes(), |reply| reply.map(drop).map_err(fault)).unwrap_err()
}
