//! Every public function that drives a stream; as in `public.rs`, none of them can panic if this links.
#![cfg_attr(bare, no_std, no_main)]

use core::fmt::{self, Write};
use core::hint::black_box;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::io::{self, Buffer, Client, Connect, ConnectAsync, List, Reconnect};
use defichain_net_rpc::network::{Ban, GetNetTotals, GetPeerInfo, ListBanned, PeerInfo};
use defichain_net_rpc::rpc::Reply;
use defichain_net_rpc::{Connection, Error};
use embedded_io::ErrorType;
use probe::{received, taken};

probe::entry!(run);

fn run() {
    let mut buf = [0; 512];
    let buf = black_box(&mut buf);
    let mut connection = Connection::awaiting_reply(black_box(1));
    outcome(Connection::run(&mut connection, &mut Stream, buf));
    let mut connection = Connection::awaiting_reply(black_box(1));
    outcome(Connection::next::<Ban<&str>, _>(&mut connection, &mut Stream, buf));
    outcome(Connection::next::<u64, _>(&mut connection, &mut Stream, buf));
    outcome(Connection::for_each::<ListBanned, _>(
        &mut connection,
        &mut Stream,
        buf,
        ban,
    ));

    let Ok(endpoint) = Endpoint::from_url(str::from_utf8(received()).unwrap_or_default()) else {
        return;
    };
    blocking(Client::new(endpoint, Stream, [0; 512]));
    blocking(Client::new(
        endpoint,
        Reconnect::new(|| black_box(Ok(Stream))),
        [0; 512],
    ));
    asynchronous(endpoint);
}

fn ban(ban: Result<Ban<&str>, Error>) {
    taken(ban);
}

fn peer(peer: Result<PeerInfo<&str>, Error>) {
    taken(peer);
}

fn blocking<S: Connect<Error = Failure>>(mut node: Client<Endpoint<'_>, S, [u8; 512]>) {
    outcome(Client::call(&mut node, &GetNetTotals));
    reply(Client::reply(&node));
    taken(Client::node_error(&node));
    if let Err(error) = Client::reply(&node) {
        let error = io::Error::<Failure>::from(error);
        taken(write!(Anywhere, "{}", Client::explain(&node, &error)));
    }
    taken(Client::stream_mut(&mut node).flush());
    match Client::list(&mut node, &ListBanned) {
        Ok(mut bans) => {
            outcome(List::next(&mut bans));
            outcome(List::next(&mut bans));
            outcome(List::for_each(&mut bans, ban));
        }
        Err(error) => outcome::<()>(Err(error)),
    }
    let mut slots = [const { None }; 2];
    outcome(Client::batch(&mut node, &mut slots, |batch| batch.push(&GetNetTotals)));
    taken(Client::endpoint_mut(&mut node).port());
    Client::close(&mut node);
    let (_, stream, connection, buf) = Client::parts_mut(&mut node);
    Connect::disconnect(stream);
    taken(Buffer::bytes(buf));
    taken(Buffer::bytes_mut(buf));
    taken(Buffer::grow(buf, black_box(1)));
    taken(Connection::is_open(connection));
    taken(Client::into_parts(node).1);
}

fn asynchronous(endpoint: Endpoint<'_>) {
    let mut buf = [0; 512];
    let buf = black_box(&mut buf);
    let mut connection = Connection::awaiting_reply(black_box(1));
    outcome_of(Connection::run_async(&mut connection, &mut Stream, buf));
    let mut connection = Connection::awaiting_reply(black_box(1));
    outcome_of(Connection::next_async::<Ban<&str>, _>(
        &mut connection,
        &mut Stream,
        buf,
    ));
    outcome_of(Connection::for_each_async::<ListBanned, _>(
        &mut connection,
        &mut Stream,
        buf,
        ban,
    ));

    let mut node = Client::new(endpoint, Stream, [0; 512]);
    outcome_of(Client::call_async(&mut node, &GetNetTotals));
    let mut slots = [const { None }; 2];
    outcome_of(Client::batch_async(&mut node, &mut slots, |batch| {
        batch.push(&GetNetTotals)
    }));

    let open = async || black_box(Ok(Stream));
    let mut node = Client::new(endpoint, Reconnect::new(open), [0; 512]);
    match Client::list_async(&mut node, &GetPeerInfo) {
        Ok(mut peers) => {
            outcome_of(List::next_async(&mut peers));
            outcome_of(List::for_each_async(&mut peers, peer));
        }
        Err(error) => outcome::<()>(Err(error)),
    }
    Client::close_async(&mut node);
    let (_, stream, ..) = Client::parts_mut(&mut node);
    taken(Reconnect::stream(stream).is_some());
    ConnectAsync::disconnect(stream);
}

/// A stream that takes in and hands out whatever it likes, tells any count, and fails as it likes.
struct Stream;

/// Any of the errors that there are.
#[derive(Debug)]
struct Failure(embedded_io::ErrorKind);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it failed")
    }
}

impl core::error::Error for Failure {}

impl embedded_io::Error for Failure {
    fn kind(&self) -> embedded_io::ErrorKind {
        black_box(self.0)
    }
}

impl ErrorType for Stream {
    type Error = Failure;
}

impl embedded_io::Read for Stream {
    fn read(&mut self, space: &mut [u8]) -> Result<usize, Failure> {
        taken(black_box(space).first_mut());
        black_box(Ok(1))
    }
}

impl embedded_io::Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Failure> {
        taken(bytes);
        black_box(Ok(1))
    }

    fn flush(&mut self) -> Result<(), Failure> {
        black_box(Ok(()))
    }
}

impl Connect for Stream {
    fn connect(&mut self) -> Result<(), Failure> {
        black_box(Ok(()))
    }
}

impl embedded_io_async::Read for Stream {
    async fn read(&mut self, space: &mut [u8]) -> Result<usize, Failure> {
        embedded_io::Read::read(self, space)
    }
}

impl embedded_io_async::Write for Stream {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Failure> {
        embedded_io::Write::write(self, bytes)
    }

    async fn flush(&mut self) -> Result<(), Failure> {
        embedded_io::Write::flush(self)
    }
}

impl ConnectAsync for Stream {
    async fn connect(&mut self) -> Result<(), Failure> {
        Connect::connect(self)
    }
}

fn outcome<V>(result: Result<V, io::Error<Failure>>) {
    match result {
        Ok(value) => taken(value),
        Err(error) => {
            taken(io::Error::is_transient(&error));
            taken(io::Error::is_unconfirmed(&error));
            shown::<io::Error<_>>(&error);
        }
    }
}

fn reply(reply: Result<Reply<'_>, Error>) {
    taken(reply.map(Reply::status));
}

fn shown<V: fmt::Display>(value: &V) {
    taken(write!(Anywhere, "{value}"));
}

/// Takes text, and may refuse.
struct Anywhere;

impl Write for Anywhere {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        taken(text);
        black_box(Ok(()))
    }
}

/// The outcome of a future that never has to wait. To poll one that has ended is a panic, so it is polled once.
fn outcome_of<V>(future: impl Future<Output = Result<V, io::Error<Failure>>>) {
    if let Poll::Ready(result) = pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        outcome(result);
    }
}
