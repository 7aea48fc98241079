//! What a caller does for a connection, without a stream: a test says what is taken and what comes.

use defichain_net_rpc::{Connection, Want};

/// Opens a stream if one is wanted, and writes the request in pieces of this length; gives the request, and how many streams
/// were opened.
pub(crate) fn send(connection: &mut Connection, buf: &mut [u8], piece: usize) -> (String, usize) {
    let mut sent = Vec::new();
    let mut opened = 0;
    loop {
        match connection.poll(buf).unwrap() {
            Want::Connect => {
                assert!(sent.is_empty());
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

/// Brings bytes in pieces of this length for as long as they are wanted; gives the rest.
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
