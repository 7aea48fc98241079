//! Does what a connection wants, without a stream: the test says what is written and what is received.

use defichain_net_rpc::{Connection, Want};

/// Opens a stream if one is wanted, and writes the request in pieces of this length. Returns the request and how many streams
/// were opened.
#[track_caller]
pub(crate) fn send(connection: &mut Connection, buf: &mut [u8], piece: usize) -> (String, usize) {
    let mut sent = Vec::new();
    let mut opened = 0;
    loop {
        let want = connection.poll(buf);
        match want.unwrap_or_else(|error| panic!("{error} after {opened} streams and {:?}", sent.escape_ascii())) {
            Want::Connect => {
                assert!(sent.is_empty(), "connects after {:?}", sent.escape_ascii());
                opened += 1;
                connection.connected();
            }
            Want::Write(bytes) => {
                let count = bytes.len().min(piece);
                sent.extend(&bytes[..count]);
                connection.written(count);
            }
            _ => return (String::from_utf8(sent).unwrap(), opened),
        }
    }
}

/// Receives bytes in pieces of this length as long as they are wanted. Returns the rest.
pub(crate) fn bring<'p>(connection: &mut Connection, buf: &mut [u8], bytes: &'p [u8], piece: usize) -> &'p [u8] {
    let mut rest = bytes;
    while !rest.is_empty() {
        let Ok(Want::Read(space)) = connection.poll(buf) else {
            break;
        };
        let count = space.len().min(piece).min(rest.len());
        space[..count].copy_from_slice(&rest[..count]);
        rest = &rest[count..];
        connection.received(count);
    }
    rest
}
