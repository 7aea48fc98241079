//! The bytes of a connection. One byte gives the size of the buffer, the next tells how many follow that give the sizes
//! of the pieces; the rest is what the node sends.
//!
//! The outcome does not depend on the pieces and is what others read from the whole, and nothing makes the exchange
//! panic or go on for ever.
#![no_main]

use defichain_net_rpc::http::{Endpoint, Error};
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

    let bytewise = feed(stream, room, [1]);
    if let Ok((status, body, _)) = &bytewise.result {
        let expected = fuzz::http::read(stream).expect("what is accepted is HTTP");
        assert_eq!(
            (*status, body, bytewise.used),
            (expected.status, &expected.body, expected.len)
        );
    }
    for outcome in [
        feed(stream, room, [usize::MAX]),
        feed(stream, room, pieces.iter().map(|piece| usize::from(*piece).max(1))),
    ] {
        assert_eq!(outcome.result, bytewise.result);
        // Bytes beyond the reply are only seen if they come along with its end.
        let reusable = bytewise.reusable && outcome.used == bytewise.used;
        assert_eq!(outcome.reusable, reusable);
    }
    misuse(stream, room, pieces);
});

struct Outcome {
    /// The status, the body, and what they say together.
    result: Result<(u16, Vec<u8>, String), Error>,
    reusable: bool,
    /// How many bytes of the stream the exchange was given.
    used: usize,
}

fn feed<P>(stream: &[u8], room: usize, pieces: P) -> Outcome
where
    P: IntoIterator<Item = usize, IntoIter: Clone>,
{
    let mut buf = vec![0; room];
    let mut exchange = Exchange::awaiting(1, &mut buf);
    let mut pieces = pieces.into_iter().cycle();
    let mut rest = stream;
    // Each turn takes a byte at least, the last but one the end of the stream.
    for _ in 0..stream.len() + 2 {
        let Ok(Want::Read(space)) = exchange.poll() else { break };
        assert!(!space.is_empty());
        let count = pieces.next().unwrap_or(1).min(space.len()).min(rest.len());
        let (piece, later) = rest.split_at(count);
        space[..count].copy_from_slice(piece);
        rest = later;
        exchange.received(count);
    }
    let outcome = outcome(&mut exchange, stream.len() - rest.len());
    exchange.written(1);
    exchange.received(1);
    exchange.received(0);
    assert_eq!(self::outcome(&mut exchange, outcome.used).result, outcome.result);
    outcome
}

fn outcome(exchange: &mut Exchange<'_>, used: usize) -> Outcome {
    let mut reusable = false;
    let result = match exchange.poll() {
        Ok(Want::Done(reply)) => {
            reusable = reply.is_reusable();
            let response = reply.response(&GetConnectionCount);
            if let Err(error) = &response {
                _ = (error.to_string(), error.is_transient());
            }
            Ok((reply.status(), reply.body().to_vec(), format!("{response:?}")))
        }
        Ok(want) => panic!("{want:?} after the end of the stream"),
        Err(error) => Err(error),
    };
    Outcome { result, reusable, used }
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
