//! The bytes of a stream. One byte gives the size of the buffer, the next tells how many follow that give the sizes of the
//! pieces; the rest is what the node sends.
//!
//! The outcome does not depend on the pieces and is what others read from the whole, and nothing makes the connection panic
//! or go on for ever.
#![no_main]

use defichain_net_rpc::{Connection, Error, ErrorKind, Want};
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
    let end = one_buf.as_ptr_range().end;
    let expected = match whole.poll(&mut one_buf) {
        Ok(Want::Ready(reply)) => {
            if let Err(error) = reply.response::<u64>() {
                _ = (error.to_string(), error.is_transient());
            }
            // What is no JSON and does not fit is cut, and need not be HTTP behind that.
            let expected = fuzz::http::read(stream).filter(|expected| expected.body == reply.body());
            assert!(
                expected.is_some() || reply.body().as_ptr_range().end == end,
                "what is accepted is HTTP"
            );
            assert!(
                expected
                    .as_ref()
                    .is_none_or(|expected| expected.status == reply.status())
            );
            expected
        }
        Ok(want) => panic!("{want:?} after the end of the stream"),
        Err(_) => None,
    };

    // Byte by byte, if there are no sizes.
    let sizes: &[u8] = if pieces.is_empty() { &[1] } else { pieces };
    let (mut other, taken) = feed(stream, &mut other_buf, sizes);
    let reusable = other.is_open();
    // What comes behind the end changes nothing.
    if !matches!(other.poll(&mut other_buf), Err(error) if is_too_long(error)) {
        other.written(1);
        other.received(1);
        other.received(0);
    }
    match (whole.poll(&mut one_buf), other.poll(&mut other_buf)) {
        (Ok(Want::Ready(one)), Ok(Want::Ready(other))) => {
            assert_eq!((one.status(), one.body()), (other.status(), other.body()));
            assert_eq!(one.response::<u64>(), other.response::<u64>());
            let Some(expected) = expected else {
                return;
            };
            // It is complete with the piece that its end is in, or cut where the buffer ends.
            let len = expected.len;
            let is_cut = one.body().as_ptr_range().end == end;
            assert!(is_cut || taken.before < len && len <= taken.now, "{len} bytes");
            // Bytes beyond the reply are only seen if they come along with its end.
            let (mut alone, _) = feed(&stream[..len], &mut one_buf, &[]);
            let is_open = alone.is_open();
            let Ok(Want::Ready(_)) = alone.poll(&mut one_buf) else {
                panic!("it is no reply without what follows it");
            };
            assert_eq!(reusable, is_open && taken.now == len);
        }
        (Err(one), Err(other)) => assert_eq!(one, other),
        (one, other) => panic!("{other:?} is not {one:?}"),
    }
});

fn is_too_long(error: Error) -> bool {
    matches!(error.kind, ErrorKind::TooLong { .. })
}

/// How many bytes a connection was given, before the last piece and with it.
#[derive(Default)]
struct Taken {
    before: usize,
    now: usize,
}

/// Gives a connection a stream in pieces of these sizes, over and over; or as a whole.
fn feed(stream: &[u8], buf: &mut [u8], pieces: &[u8]) -> (Connection, Taken) {
    let mut connection = Connection::awaiting_reply(1);
    let mut taken = Taken::default();
    let mut pieces = pieces.iter().cycle();
    // Each turn takes a byte at least, the last but one the end of the stream.
    for _ in 0..stream.len() + 2 {
        let Ok(Want::Read(space)) = connection.poll(buf) else {
            break;
        };
        assert!(!space.is_empty());
        let rest = &stream[taken.now..];
        let size = pieces.next().map_or(usize::MAX, |size| usize::from(*size).max(1));
        let count = size.min(space.len()).min(rest.len());
        space[..count].copy_from_slice(&rest[..count]);
        connection.received(count);
        if count > 0 {
            taken = Taken {
                before: taken.now,
                now: taken.now + count,
            };
        }
    }
    (connection, taken)
}
