//! Calls over streams that break, end and are opened again. The first byte says how many calls there are and whether the
//! request asks for the stream to be closed, the second what they are, the third how large the buffer is at first, and the
//! fourth how many bytes follow that give the pieces and the misuse. The rest is what the node does at each request, parted by
//! bytes of 0xff: one byte tells how much of the request it takes and how the stream ends, and the rest of it is what it sends.
//!
//! The outcome of each call is that of a run in one piece and with a large buffer, whatever the pieces and the buffer. A
//! request that must not be sent twice never is, not even by misuse, and nothing makes the connection panic or go on for
//! ever.
#![no_main]

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::network::{GetConnectionCount, GetPeerInfo, SetNetworkActive};
use defichain_net_rpc::{BufferTooSmall, Connection, Error, ErrorKind, Want};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [count, calls, room, length, rest @ ..] = data else {
        return;
    };
    let Some((schedule, node)) = rest.split_at_checked(usize::from(length % 32)) else {
        return;
    };
    let case = Case {
        calls: (0..=count % 4)
            .map(|index| Call::ALL[usize::from(calls >> (2 * index) & 3)])
            .collect(),
        asks_to_close: count & 4 != 0,
        node,
        // Enough for a request and all that the node sends.
        limit: 512 + data.len(),
    };
    let plain = case.run(case.limit, Schedule::new(&[]));
    let pieces = case.run(usize::from(*room), Schedule::new(schedule));
    for (plain, pieces) in plain.iter().zip(&pieces) {
        if pieces.is_cut && (pieces.outcome != plain.outcome || pieces.is_open != plain.is_open) {
            // The rest of what is no JSON was not waited for, and the stream is not used again.
            if let (Outcome::Reply(_, cut, result), Outcome::Reply(_, body, _)) = (&pieces.outcome, &plain.outcome) {
                // Behind so much white space nobody looks for JSON.
                let begin = cut.get(..64).unwrap_or(cut).trim_ascii_start();
                let is_json = begin.starts_with(b"{");
                let is_compressed = result.is_err_and(|error| error.kind == ErrorKind::Compressed);
                assert!(body.starts_with(cut) && (!is_json || is_compressed));
            }
            break;
        }
        if let (Outcome::Elements(ones, Err(one)), Outcome::Elements(others, Err(other))) =
            (&pieces.outcome, &plain.outcome)
            && (one != other || pieces.is_open != plain.is_open)
        {
            // That it is malformed, or not the node's, may be seen before its end has come, if no more of it fits.
            let is_seen = (one.kind.json().is_some() || one.status().is_some()) && !pieces.is_open;
            assert!(is_seen || is_either(one, other), "{one:?} is not {other:?}");
            assert!(
                ones.iter().zip(others).all(|(one, other)| one == other),
                "{ones:?} is not {others:?}"
            );
            break;
        }
        if let (Outcome::Error(one), Outcome::Error(other)) = (&pieces.outcome, &plain.outcome)
            && is_either(one, other)
        {
            break;
        }
        assert_eq!(pieces.outcome, plain.outcome);
        assert_eq!((&pieces.taken, pieces.is_open), (&plain.taken, plain.is_open));
    }
    case.misuse(schedule);
});

#[derive(Clone, Copy, Debug, PartialEq)]
enum Call {
    Repeatable,
    Once,
    Elements,
    Batch,
}

impl Call {
    const ALL: [Self; 4] = [Self::Repeatable, Self::Once, Self::Elements, Self::Batch];

    fn begin(self, connection: &mut Connection, endpoint: &Endpoint<'_>, buf: &mut [u8]) -> Result<(), BufferTooSmall> {
        match self {
            Self::Repeatable => connection.call(endpoint, &GetConnectionCount, buf)?,
            Self::Once => connection.call(endpoint, &SetNetworkActive { state: true }, buf)?,
            Self::Elements => connection.call(endpoint, &GetPeerInfo, buf)?,
            Self::Batch => connection.batch(endpoint, buf, |batch| {
                batch.push(&GetConnectionCount);
                batch.push(&SetNetworkActive { state: true })
            })?,
        };
        Ok(())
    }

    fn is_repeatable(self) -> bool {
        matches!(self, Self::Repeatable | Self::Elements)
    }
}

/// What a call gives.
#[derive(Debug, PartialEq)]
enum Outcome {
    Reply(u16, Vec<u8>, Result<u64, Error>),
    Elements(Vec<Result<u64, Error>>, Result<(), Error>),
    Error(Error),
}

/// What has become of a call.
#[derive(Debug)]
struct Ended {
    outcome: Outcome,
    /// How much of the request the node has taken, over each stream.
    taken: Vec<usize>,
    is_open: bool,
    /// Whether the buffer ends with the body, which may have been cut there.
    is_cut: bool,
}

struct Case<'d> {
    calls: Vec<Call>,
    asks_to_close: bool,
    node: &'d [u8],
    limit: usize,
}

impl Case<'_> {
    fn endpoint(&self) -> Endpoint<'static> {
        let endpoint = Endpoint::new("localhost", 8554).expect("this is an endpoint");
        match self.asks_to_close {
            true => endpoint
                .with_headers(&[("Connection", "close")])
                .expect("this is a header"),
            false => endpoint,
        }
    }

    /// Makes the calls one after the other, through a buffer that grows.
    fn run(&self, room: usize, mut schedule: Schedule<'_>) -> Vec<Ended> {
        let endpoint = self.endpoint();
        let mut node = Node::new(self.node);
        let mut connection = Connection::new();
        let mut buf = vec![b'~'; room];
        let mut ended = Vec::new();
        for call in &self.calls {
            if let Err(error) = call.begin(&mut connection, &endpoint, &mut buf) {
                buf.resize(error.needed, b'~');
                call.begin(&mut connection, &endpoint, &mut buf)
                    .expect("so much was needed");
            }
            let was_open = connection.is_open();
            let mut exchange = Exchange {
                request: request(&connection, &mut buf),
                connection: &mut connection,
                buf: &mut buf,
                limit: self.limit,
                node: &mut node,
                schedule: &mut schedule,
                taken: Vec::new(),
                is_cut: false,
            };
            if was_open {
                exchange.begin();
            }
            let outcome = match call {
                Call::Elements => exchange.elements(),
                _ => exchange.whole(),
            };
            exchange.check(&outcome, *call, was_open);
            let (taken, is_cut) = (exchange.taken, exchange.is_cut);
            match &outcome {
                // It is given up.
                Outcome::Elements(_, Err(error)) | Outcome::Error(error) if is_too_long(error) => connection.close(),
                _ => node.idle(&mut connection),
            }
            ended.push(Ended {
                outcome,
                taken,
                is_open: connection.is_open(),
                is_cut,
            });
        }
        ended
    }

    /// Tells a connection what has not happened.
    fn misuse(&self, schedule: &[u8]) {
        let endpoint = self.endpoint();
        let mut connection = Connection::new();
        let mut buf = vec![b'~'; self.limit];
        let mut call = Call::Repeatable;
        // How often the request was told to be written as a whole.
        let mut sent = 0;
        for (index, action) in schedule.iter().enumerate() {
            let size = usize::from(action >> 4);
            let count = if size == 15 { usize::MAX } else { size * size * 4 };
            match action & 0xf {
                0 => {
                    call = Call::ALL[size % 4];
                    call.begin(&mut connection, &endpoint, &mut buf)
                        .expect("there is room for a request");
                    sent = 0;
                }
                1 => connection.connected(),
                2 => connection.broken(),
                3 => connection.close(),
                4..7 => {
                    let left = match connection.clone().poll(&mut buf) {
                        Ok(Want::Write(bytes)) => bytes.len(),
                        _ => usize::MAX,
                    };
                    sent += i32::from(left <= count && left < usize::MAX);
                    connection.written(count);
                }
                7 => connection.received(count),
                8 => _ = connection.poll(&mut buf[..count.min(self.limit)]),
                9 => {
                    // Another buffer, and what is in it.
                    let mut other = self.node.repeat(self.limit / self.node.len().max(1) + 1);
                    other.resize(self.limit, b'~');
                    _ = connection.poll_element(&mut other);
                    _ = connection.element::<u64>(&other);
                    _ = (connection.reply(&other), connection.node_error(&other));
                }
                10 => _ = connection.element::<u64>(&buf),
                11 => {
                    _ = connection
                        .reply(&buf[..count.min(self.limit)])
                        .map(|reply| reply.response::<u64>())
                }
                action => {
                    let read = match action {
                        12..14 => connection.poll(&mut buf).map(|want| read(want, self.node, index)),
                        _ => connection
                            .poll_element(&mut buf)
                            .map(|want| read(want, self.node, index)),
                    };
                    if let Ok(Some(count)) = read {
                        connection.received(count);
                    }
                }
            }
            assert!(sent <= 1 + i32::from(call.is_repeatable()), "sent {sent} times");
        }
    }
}

/// Reads some of what the node sends, if that is wanted.
fn read<T>(want: Want<'_, T>, node: &[u8], place: usize) -> Option<usize> {
    let Want::Read(space) = want else { return None };
    assert!(!space.is_empty());
    let rest = &node[place.min(node.len())..];
    let count = rest.len().min(space.len());
    space[..count].copy_from_slice(&rest[..count]);
    Some(count)
}

/// The request that lies in the buffer.
fn request(connection: &Connection, buf: &mut [u8]) -> Vec<u8> {
    let mut other = connection.clone();
    other.connected();
    match other.poll(buf) {
        Ok(Want::Write(bytes)) => bytes.to_vec(),
        want => panic!("{want:?} instead of a request"),
    }
}

/// One call, and what carries it.
struct Exchange<'c, 'd, 's> {
    connection: &'c mut Connection,
    buf: &'c mut Vec<u8>,
    limit: usize,
    node: &'c mut Node<'d>,
    schedule: &'c mut Schedule<'s>,
    request: Vec<u8>,
    taken: Vec<usize>,
    is_cut: bool,
}

impl Exchange<'_, '_, '_> {
    /// A request begins, over a new stream or over the old one.
    fn begin(&mut self) {
        self.node.next();
        self.taken.push(0);
    }

    fn whole(&mut self) -> Outcome {
        // Each turn takes a byte at least, or makes the buffer grow.
        let mut was_short = false;
        for _ in 0..3 * self.limit + 4096 {
            let len = match was_short {
                true => self.buf.len(),
                false => self.schedule.length(self.buf.len()),
            };
            was_short = len < self.buf.len();
            match self.connection.poll(&mut self.buf[..len]) {
                Ok(Want::Ready(reply)) => {
                    let body = reply.body().to_vec();
                    let end = reply.body().as_ptr_range().end;
                    let outcome = Outcome::Reply(reply.status(), body, reply.response());
                    self.is_cut = end == self.buf[..len].as_ptr_range().end;
                    return outcome;
                }
                Ok(want) => {
                    let step = self.node.serve(want, self.schedule, &self.request, &mut self.taken);
                    self.tell(step);
                }
                Err(error) => {
                    if has_grown(error, len, self.buf, self.limit) {
                        continue;
                    }
                    assert!(self.connection.reply(self.buf).is_err());
                    return Outcome::Error(error);
                }
            }
        }
        panic!("it goes on for ever");
    }

    fn elements(&mut self) -> Outcome {
        let mut elements = Vec::new();
        for _ in 0..3 * self.limit + 4096 {
            let len = self.buf.len();
            match self.connection.poll_element(self.buf) {
                Ok(Want::Ready(true)) => elements.push(self.connection.element(self.buf)),
                Ok(Want::Ready(false)) => return Outcome::Elements(elements, Ok(())),
                Ok(want) => {
                    let step = self.node.serve(want, self.schedule, &self.request, &mut self.taken);
                    self.tell(step);
                }
                Err(error) => {
                    if !has_grown(error, len, self.buf, self.limit) {
                        // Of an element that is the last for being malformed it was told already.
                        elements.pop_if(|element| *element == Err(error));
                        return Outcome::Elements(elements, Err(error));
                    }
                }
            }
        }
        panic!("it goes on for ever");
    }

    fn tell(&mut self, step: Step) {
        // A copy is the connection.
        *self.connection = self.connection.clone();
        match step {
            Step::Connected => {
                self.begin();
                self.connection.connected();
            }
            Step::Written(count) => self.connection.written(count),
            Step::Received(count, later) => {
                self.connection.received(count);
                if later > 0 {
                    self.connection.received(later);
                }
                if self.node.rest.is_empty() && self.node.end == End::Told && self.schedule.next() & 1 == 1 {
                    self.node.is_told = true;
                    self.connection.received(0);
                }
            }
            Step::Ended(End::Closed | End::Told) => self.connection.received(0),
            Step::Ended(End::Broken) => self.connection.broken(),
            Step::Ended(End::TimedOut) => self.connection.close(),
        }
    }

    /// What must hold whatever happens.
    fn check(&self, outcome: &Outcome, call: Call, was_open: bool) {
        let sent = self.taken.iter().filter(|taken| **taken == self.request.len()).count();
        assert!(
            self.taken.len() <= 1 + usize::from(was_open),
            "opened again without a reason"
        );
        if !call.is_repeatable() {
            assert!(sent <= 1, "sent {sent} times");
        }
        let error = match outcome {
            Outcome::Reply(..) | Outcome::Elements(_, Ok(())) => None,
            Outcome::Elements(_, Err(error)) | Outcome::Error(error) => Some(error.kind),
        };
        match error {
            Some(ErrorKind::Closed) => assert!(call.is_repeatable() || sent == 0, "told not to have been sent"),
            Some(ErrorKind::Unconfirmed) => assert!(!call.is_repeatable() && sent == 1, "{outcome:?}"),
            _ => assert_eq!(self.taken.last(), Some(&self.request.len()), "{outcome:?}"),
        }
    }
}

fn is_too_long(error: &Error) -> bool {
    matches!(error.kind, ErrorKind::TooLong { .. })
}

/// Whether these may be the errors of one reply: if it is longer than any buffer here, and than what the node sends, either
/// may be seen first.
fn is_either(one: &Error, other: &Error) -> bool {
    is_too_long(one) && other.kind == ErrorKind::Truncated || is_too_long(other) && one.kind == ErrorKind::Truncated
}

/// Whether there is a longer buffer than the one of this length that was too short.
fn has_grown(error: Error, len: usize, buf: &mut Vec<u8>, limit: usize) -> bool {
    let ErrorKind::TooLong { needed } = error.kind else {
        return false;
    };
    assert!(needed > len, "{error} where there are {len}");
    if len == buf.len() {
        buf.resize(needed.min(limit).max(len), b'~');
    }
    len < buf.len()
}

/// What has happened to a stream.
enum Step {
    Connected,
    Written(usize),
    Received(usize, usize),
    Ended(End),
}

/// How a stream ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Closed,
    Broken,
    /// The caller does not wait any longer.
    TimedOut,
    /// It is closed, and that is seen even if the reply is complete.
    Told,
}

/// A node that does anything.
struct Node<'d> {
    later: std::slice::Split<'d, u8, fn(&u8) -> bool>,
    /// How much more it takes of the request.
    takes: usize,
    rest: &'d [u8],
    end: End,
    is_told: bool,
}

impl<'d> Node<'d> {
    fn new(bytes: &'d [u8]) -> Self {
        Self {
            later: bytes.split(|byte| *byte == 0xff),
            takes: 0,
            rest: &[],
            end: End::Closed,
            is_told: false,
        }
    }

    /// A request begins.
    fn next(&mut self) {
        let (first, rest) = self.later.next().and_then(<[u8]>::split_first).unwrap_or((&0xfc, &[]));
        self.end = [End::Closed, End::Broken, End::TimedOut, End::Told][usize::from(first % 4)];
        self.takes = match first / 4 {
            63 => usize::MAX,
            count => usize::from(count) * 4,
        };
        self.rest = rest;
        self.is_told = false;
    }

    fn serve<T>(
        &mut self,
        want: Want<'_, T>,
        schedule: &mut Schedule<'_>,
        request: &[u8],
        taken: &mut [usize],
    ) -> Step {
        match want {
            Want::Connect => Step::Connected,
            Want::Write(_) if self.takes == 0 => Step::Ended(self.end),
            Want::Write(bytes) => {
                let taken = taken.last_mut().expect("a request has begun");
                assert_eq!(bytes, &request[*taken..]);
                assert!(!bytes.is_empty());
                let count = schedule.piece(bytes.len().min(self.takes));
                *taken += count;
                self.takes -= count;
                Step::Written(count)
            }
            Want::Read(_) if self.rest.is_empty() => Step::Ended(self.end),
            Want::Read(space) => {
                let count = schedule.piece(space.len().min(self.rest.len()));
                let (now, later) = self.rest.split_at(count);
                space[..count].copy_from_slice(now);
                self.rest = later;
                let first = schedule.piece(count);
                Step::Received(first, count - first)
            }
            Want::Ready(_) => panic!("nothing is wanted"),
        }
    }

    /// What is seen of the stream between two calls.
    fn idle(&self, connection: &mut Connection) {
        if !self.rest.is_empty() {
            connection.received(1);
        } else if self.end == End::Told && !self.is_told {
            connection.received(0);
        }
    }
}

/// The sizes of pieces, over and over; without any of them all is in one piece.
struct Schedule<'d> {
    bytes: &'d [u8],
    turn: usize,
}

impl<'d> Schedule<'d> {
    fn new(bytes: &'d [u8]) -> Self {
        Self { bytes, turn: 0 }
    }

    fn next(&mut self) -> u8 {
        let byte = self.bytes.get(self.turn).copied();
        self.turn = if self.turn + 1 < self.bytes.len() {
            self.turn + 1
        } else {
            0
        };
        byte.unwrap_or(0)
    }

    /// How much of so much is done at once, which is not nothing.
    fn piece(&mut self, all: usize) -> usize {
        assert!(all > 0);
        match self.next() {
            0 => all,
            size => usize::from(size).min(all),
        }
    }

    /// How much of a buffer is shown.
    fn length(&mut self, all: usize) -> usize {
        match self.next() {
            size @ 1..16 => all * usize::from(size) / 16,
            _ => all,
        }
    }
}
