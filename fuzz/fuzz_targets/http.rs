//! The bytes of a connection. One byte gives the size of the buffer, the next tells how many follow that give the sizes
//! of the pieces; the rest is what the node sends.
//!
//! The outcome does not depend on the pieces and is what others read from the whole, and nothing makes the exchange
//! panic or go on for ever.
#![no_main]

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::network::GetConnectionCount;
use defichain_net_rpc::{Exchange, Want};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [room, count, rest @ ..] = data else { return };
    let Some((pieces, stream)) = rest.split_at_checked(usize::from(count % 16)) else {
        return;
    };
    // `@` is just enough for the stream as it is.
    let room = stream.len() * usize::from(*room) / 64;

    let (mut one_buf, mut other_buf) = (vec![0; room], vec![0; room]);
    let (mut whole, _) = feed(stream, &mut one_buf, &[]);
    let expected = match whole.poll() {
        Ok(Want::Done(reply)) => {
            let expected = fuzz::http::read(stream).expect("what is accepted is HTTP");
            assert_eq!((reply.status(), reply.body()), (expected.status, &*expected.body));
            if let Err(error) = reply.response(&GetConnectionCount) {
                _ = (error.to_string(), error.is_transient());
            }
            Some(expected)
        }
        Ok(want) => panic!("{want:?} after the end of the stream"),
        Err(_) => None,
    };

    // Byte by byte, if there are no sizes.
    let sizes: &[u8] = if pieces.is_empty() { &[1] } else { pieces };
    let (mut other, taken) = feed(stream, &mut other_buf, sizes);
    // What comes behind the end changes nothing.
    other.written(1);
    other.received(1);
    other.received(0);
    match (whole.poll(), other.poll()) {
        (Ok(Want::Done(one)), Ok(Want::Done(other))) => {
            assert_eq!((one.status(), one.body()), (other.status(), other.body()));
            assert_eq!(one.response(&GetConnectionCount), other.response(&GetConnectionCount));
            // It is complete with the piece that its end is in.
            let len = expected.map_or(0, |expected| expected.len);
            assert!(taken.before < len && len <= taken.now, "{len} bytes");
            // Bytes beyond the reply are only seen if they come along with its end.
            let reusable = other.is_reusable();
            let (mut alone, _) = feed(&stream[..len], &mut one_buf, &[]);
            let Ok(Want::Done(alone)) = alone.poll() else {
                panic!("it is no reply without what follows it");
            };
            assert_eq!(reusable, alone.is_reusable() && taken.now == len);
        }
        (Err(one), Err(other)) => assert_eq!(one, other),
        (one, other) => panic!("{other:?} is not {one:?}"),
    }
    misuse(stream, room, pieces);
});

/// How many bytes an exchange was given, before the last piece and with it.
#[derive(Default)]
struct Taken {
    before: usize,
    now: usize,
}

/// Gives an exchange a stream in pieces of these sizes, over and over; or as a whole.
fn feed<'b>(stream: &[u8], buf: &'b mut [u8], pieces: &[u8]) -> (Exchange<'b>, Taken) {
    let mut exchange = Exchange::awaiting(1, buf);
    let mut taken = Taken::default();
    let mut pieces = pieces.iter().cycle();
    // Each turn takes a byte at least, the last but one the end of the stream.
    for _ in 0..stream.len() + 2 {
        let Ok(Want::Read(space)) = exchange.poll() else { break };
        assert!(!space.is_empty());
        let rest = &stream[taken.now..];
        let size = pieces.next().map_or(usize::MAX, |size| usize::from(*size).max(1));
        let count = size.min(space.len()).min(rest.len());
        space[..count].copy_from_slice(&rest[..count]);
        exchange.received(count);
        if count > 0 {
            taken = Taken {
                before: taken.now,
                now: taken.now + count,
            };
        }
    }
    (exchange, taken)
}

/// Tells an exchange counts that have nothing to do with what it wants.
fn misuse(stream: &[u8], room: usize, counts: &[u8]) {
    let endpoint = Endpoint::new("localhost", 8554).expect("this is an endpoint");
    let mut buf = vec![0; room];
    let Ok(mut exchange) = Exchange::new(&endpoint, &GetConnectionCount, 1, &mut buf) else {
        return;
    };
    for count in counts {
        match exchange.poll() {
            Ok(Want::Write(bytes)) => assert!(!bytes.is_empty()),
            Ok(Want::Read(space)) => {
                assert!(!space.is_empty());
                space.iter_mut().zip(stream).for_each(|(space, byte)| *space = *byte);
            }
            Ok(Want::Done(reply)) => _ = reply.response(&GetConnectionCount),
            Err(error) => _ = error.to_string(),
        }
        let large = match count >> 1 {
            0x7f => usize::MAX,
            count => usize::from(count) * 3,
        };
        match count & 1 {
            0 => exchange.written(large),
            _ => exchange.received(large),
        }
    }
}
