//! A reply that is an array, read as a whole and one element at a time. The first bytes say what the elements are, how HTTP
//! frames the body, how large the window is, and how many bytes follow that give the sizes of pieces and chunks; the rest is
//! the body.
//!
//! Elements are those of the whole body, whatever the window and the pieces, or are told to be too long for it.
#![no_main]

use std::fmt::Debug;

use defichain_net_rpc::json::{FromJson, Raw};
use defichain_net_rpc::network::{AddedNodeInfo, Ban, NodeAddress, PeerInfo};
use defichain_net_rpc::rpc::{Envelope, Id, Items};
use defichain_net_rpc::{Connection, Error, ErrorKind, Want, response};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [kind, framing, room, count, rest @ ..] = data else {
        return;
    };
    let Some((pieces, body)) = rest.split_at_checked(usize::from(count % 8)) else {
        return;
    };
    let case = Case {
        id: match Envelope::read(body) {
            Ok(Envelope { id: Id::Number(id), .. }) => id,
            _ => 1,
        },
        body,
        // `@` is just enough for the body as a whole, but for its end.
        room: body.len() * usize::from(*room) / 64,
        pieces,
        framing: *framing,
    };
    match kind % 5 {
        0 => case.check::<Peers>(),
        1 => case.check::<Nodes>(),
        2 => case.check::<Addresses>(),
        3 => case.check::<Bans>(),
        _ => case.check::<Anything>(),
    }
});

/// What the elements are.
trait Kind {
    type Element<'a>: FromJson<'a> + Debug;

    fn same(one: &Self::Element<'_>, other: &Self::Element<'_>) -> bool;
}

macro_rules! kinds {
    ($($kind:ident: $element:ty),*) => {$(
        struct $kind;

        impl Kind for $kind {
            type Element<'a> = $element;

            fn same(one: &Self::Element<'_>, other: &Self::Element<'_>) -> bool {
                one == other
            }
        }
    )*};
}

kinds! {
    Peers: PeerInfo<&'a str>,
    Nodes: AddedNodeInfo<&'a str>,
    Addresses: NodeAddress<&'a str>,
    Bans: Ban<&'a str>,
    Anything: Raw<&'a str>
}

/// How a reply ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Complete,
    Failed(ErrorKind, usize),
}

impl From<Error> for End {
    fn from(error: Error) -> Self {
        Self::Failed(error.kind, error.offset)
    }
}

impl End {
    /// Whether the text is wrong.
    fn is_invalid(self) -> bool {
        matches!(self, Self::Failed(ErrorKind::Json(_), _))
    }
}

/// The elements of the whole body, beside those that are given one at a time.
struct Beside<'a, K: Kind> {
    whole: Result<Items<'a, K::Element<'a>>, Error>,
    count: usize,
    last: Option<Error>,
}

impl<'a, K: Kind> Beside<'a, K> {
    fn new(case: &Case<'a>) -> Self {
        Self {
            whole: response(case.id, case.body),
            count: 0,
            last: None,
        }
    }

    fn given(&mut self, element: Result<K::Element<'_>, Error>) {
        self.count += 1;
        self.last = element.as_ref().err().copied();
        let Ok(whole) = &mut self.whole else { return };
        match (whole.next(), element) {
            (Some(Ok(expected)), Ok(element)) => {
                assert!(K::same(&element, &expected), "{element:?} is not {expected:?}")
            }
            // The body by itself knows no status.
            (Some(Err(expected)), Err(error)) => assert_eq!(error.with_status(0), expected),
            (expected, element) => panic!("{element:?} is not {expected:?}"),
        }
    }

    /// What is wrong is found in the whole body as well, first or where the next element would be.
    fn ended(mut self, end: End, fits: bool) -> (usize, End) {
        if self.last.is_some_and(|error| end == error.into()) {
            // The element that could not be gone past was given before.
            return (self.count - 1, end);
        }
        match (&mut self.whole, end) {
            (_, end) if !fits && end.is_invalid() => {}
            (_, End::Failed(ErrorKind::TooLong { .. }, _)) => assert!(!fits),
            (_, End::Failed(ErrorKind::Status(_) | ErrorKind::WorkQueueFull | ErrorKind::Unhandled, _)) => {}
            // Whether it is malformed is seen before whether it is of the right type.
            (Err(malformed), End::Failed(ErrorKind::Json(_), offset))
                if malformed.kind.json().is_some() && offset < malformed.offset => {}
            (Err(expected), end) => assert_eq!(end, (*expected).into()),
            // An element without an end is only read past.
            (Ok(whole), End::Failed(ErrorKind::Json(_), offset)) => {
                let expected = whole.next().and_then(Result::err).expect("it is wrong as a whole");
                assert!(expected.offset <= offset, "{end:?} is not {expected}");
            }
            (Ok(whole), End::Complete) => assert!(whole.next().is_none()),
            (Ok(_), end) => panic!("{end:?}, but the whole body is read"),
        }
        (self.count, end)
    }
}

struct Case<'a> {
    id: u64,
    body: &'a [u8],
    room: usize,
    pieces: &'a [u8],
    framing: u8,
}

impl<'a> Case<'a> {
    fn check<K: Kind>(&self) {
        let large = self.body.len() + 1;
        let (count, end) = self.plain::<K>(large, WHOLE);
        let checked = Envelope::read(self.body).and_then(|envelope| {
            envelope.check_id(self.id)?;
            envelope.result::<Items<'_, Raw<&str>>>()
        });
        match checked {
            Ok(items) => assert_eq!((count, end), (items.count(), End::Complete)),
            Err(error) => assert_ne!(end, End::Complete, "{error}"),
        }

        assert_like(self.plain::<K>(self.room, self.pieces), (count, end), self.room);

        let ok = self.framing & 0x10 == 0;
        let (head, stream) = self.framed(if ok { "200 OK" } else { "500 Internal Server Error" });
        let expected = match end {
            end if !ok && end.is_invalid() => (0, End::Failed(self.answer(), 0)),
            // With such a status all of it is looked at before the first element is given.
            end if !ok && end != End::Complete => (0, end),
            end => (count, end),
        };
        // A reply with another status has to fit as a whole.
        let room = if ok { self.room.max(head) } else { stream.len() + 1 };
        assert_like(self.over_http::<K>(&stream, room, self.pieces), expected, room);
    }

    /// What the body means with status 500 if it is no reply.
    fn answer(&self) -> ErrorKind {
        match self.body {
            body if body.starts_with(b"Work queue depth exceeded") => ErrorKind::WorkQueueFull,
            body if body.starts_with(b"Unhandled request") => ErrorKind::Unhandled,
            _ => ErrorKind::Status(500),
        }
    }

    fn plain<K: Kind>(&self, window: usize, pieces: &[u8]) -> (usize, End) {
        self.through::<K>(Connection::awaiting_body(self.id), self.body, window, pieces)
            .0
    }

    fn over_http<K: Kind>(&self, stream: &[u8], window: usize, pieces: &[u8]) -> (usize, End) {
        let connection = Connection::awaiting_reply(self.id);
        let (given, is_open) = self.through::<K>(connection, stream, window, pieces);
        // But for a body that ends with the stream.
        assert!(given.1 != End::Complete || is_open == (self.framing % 4 != 1));
        given
    }

    /// Reads what comes through a window, and tells whether the stream can be used again.
    fn through<K: Kind>(
        &self,
        mut connection: Connection,
        stream: &[u8],
        window: usize,
        pieces: &[u8],
    ) -> ((usize, End), bool) {
        let fits = window > stream.len();
        let mut window = vec![b'~'; window];
        let mut beside = Beside::<K>::new(self);
        let mut stream = Stream::new(stream, pieces);
        let (mut has_begun, mut is_over) = (false, false);
        let end = loop {
            assert_eq!(connection.reply_has_begun(), has_begun);
            // Either way to the next element gives the same, and they can take turns.
            let at_once = beside.count & 1 == 1 && self.framing & 0x20 != 0 || self.framing & 0x40 != 0;
            let want = if at_once {
                connection
                    .poll_item::<K::Element<'_>>(&mut window)
                    .map(|want| match want {
                        Want::Read(space) => Some(space),
                        Want::Ready(Some(element)) => {
                            beside.given(element);
                            None
                        }
                        Want::Ready(None) => {
                            is_over = true;
                            None
                        }
                        want => panic!("{want:?}, but the request has been sent"),
                    })
            } else {
                match connection.poll_element(&mut window) {
                    Ok(Want::Read(space)) => Ok(Some(space)),
                    Ok(Want::Ready(true)) => {
                        beside.given(connection.element(&window));
                        Ok(None)
                    }
                    Ok(Want::Ready(false)) => {
                        is_over = true;
                        Ok(None)
                    }
                    Ok(want) => panic!("{want:?}, but the request has been sent"),
                    Err(error) => Err(error),
                }
            };
            match want {
                Ok(Some(space)) => {
                    let count = stream.read(space);
                    connection.received(count);
                    has_begun |= count > 0;
                }
                Ok(None) if is_over => break End::Complete,
                Ok(None) => {}
                Err(error) => break error.into(),
            }
        };
        (beside.ended(end, fits), connection.is_open())
    }

    /// The body as HTTP brings it, and the length of its head.
    fn framed(&self, status: &str) -> (usize, Vec<u8>) {
        let length = self.body.len();
        let header = match self.framing % 4 {
            0 => format!("Content-Length: {length}\r\n"),
            1 => String::new(),
            _ => "Transfer-Encoding: chunked\r\n".to_owned(),
        };
        let mut stream = format!("HTTP/1.1 {status}\r\n{header}\r\n").into_bytes();
        let head = stream.len();
        if self.framing % 4 < 2 {
            stream.extend(self.body);
            return (head, stream);
        }
        let mut rest = self.body;
        let mut sizes = self.pieces.iter().rev().cycle();
        while !rest.is_empty() {
            let size = sizes
                .next()
                .map_or(rest.len(), |size| usize::from(*size).clamp(1, rest.len()));
            let (chunk, after) = rest.split_at(size);
            stream.extend(format!("{size:x}\r\n").bytes());
            stream.extend(chunk);
            stream.extend(b"\r\n");
            rest = after;
        }
        stream.extend(b"0\r\n\r\n");
        (head, stream)
    }
}

/// Whether what a window gives is what a larger one gives, up to what is too long for it.
fn assert_like(given: (usize, End), larger: (usize, End), room: usize) {
    match given {
        (count, End::Failed(ErrorKind::TooLong { needed }, _)) => {
            assert!(needed > room, "{needed} bytes, and there are {room}");
            assert!(count <= larger.0, "{given:?} is not {larger:?}");
        }
        // What does not fit is not read as a whole, but that it is wrong may be seen.
        (count, end) if end.is_invalid() => {
            assert!(
                count == larger.0 && larger.1.is_invalid(),
                "{given:?} is not {larger:?}"
            );
        }
        _ => assert_eq!(given, larger),
    }
}

const WHOLE: &[u8] = &[0xff];

/// A stream that comes in pieces: of these sizes over and over, or byte by byte.
struct Stream<'s> {
    rest: &'s [u8],
    pieces: std::iter::Cycle<std::slice::Iter<'s, u8>>,
}

impl<'s> Stream<'s> {
    fn new(rest: &'s [u8], pieces: &'s [u8]) -> Self {
        Self {
            rest,
            pieces: pieces.iter().cycle(),
        }
    }

    fn read(&mut self, space: &mut [u8]) -> usize {
        assert!(!space.is_empty());
        let piece = match self.pieces.next() {
            None | Some(0) => 1,
            // A long one, up to all that there is: `WHOLE`.
            Some(&size) if size > 99 => usize::MAX,
            Some(&size) => usize::from(size),
        };
        let count = piece.min(space.len()).min(self.rest.len());
        let (now, later) = self.rest.split_at(count);
        space[..count].copy_from_slice(now);
        self.rest = later;
        count
    }
}
