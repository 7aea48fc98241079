//! Replies to `getconnectioncount` over HTTP.

use defichain_net_rpc::{Connection, Error, ErrorKind, Reply, Want, http};

use crate::streams::receive;

pub(crate) const BODY: &str = r#"{"result":8,"error":null,"id":1}"#;

/// A reply with this body, and its length.
pub(crate) fn with_length(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// A reply with these chunks, in which or after which something may be wrong.
pub(crate) fn chunked(chunks: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}")
}

/// The number of connections in a reply, however it is cut.
#[track_caller]
pub(crate) fn count_in(reply: &str) -> Result<u64, String> {
    receive(1, reply.as_bytes(), |reply| {
        reply.and_then(Reply::response).map_err(|error| error.to_string())
    })
}

/// Whether the stream can be used again after a reply; [`receive`] makes sure that no cut makes a difference.
#[track_caller]
pub(crate) fn is_reusable(reply: &str) -> bool {
    let mut buf = vec![0; reply.len() + 1];
    let mut connection = Connection::awaiting_reply(1);
    let Ok(Want::Read(space)) = connection.poll(&mut buf) else {
        panic!("{reply}")
    };
    space[..reply.len()].copy_from_slice(reply.as_bytes());
    connection.received(reply.len());
    if let Ok(Want::Read(_)) = connection.poll(&mut buf) {
        connection.received(0);
    }
    assert!(matches!(connection.poll(&mut buf), Ok(Want::Ready(_))), "{reply}");
    connection.is_open()
}

/// What is wrong with a reply and at which byte, however it is cut.
#[track_caller]
pub(crate) fn refused(reply: &str) -> (ErrorKind, usize) {
    let fault = |error: Error| (error.kind, error.offset);
    match receive(1, reply.as_bytes(), |reply| reply.map(drop).map_err(fault)) {
        Err(fault) => fault,
        Ok(()) => panic!("not refused: {reply}"),
    }
}

/// Like [`refused`], for a reply whose HTTP is wrong.
#[track_caller]
pub(crate) fn refused_as_http(reply: &str) -> (http::ErrorKind, usize) {
    match refused(reply) {
        (ErrorKind::Http(kind), offset) => (kind, offset),
        (kind, _) => panic!("{kind:?}: {reply}"),
    }
}
