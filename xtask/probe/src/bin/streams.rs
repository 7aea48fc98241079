//! Every public function that drives a stream; as in `public.rs`, none of them can panic if this links.
#![cfg_attr(bare, no_std, no_main)]

use core::convert::Infallible;
use core::fmt::{self, Write};
use core::hint::black_box;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use defichain_net_rpc::network::GetPeerInfo;
use defichain_net_rpc::{ElementExchange, Exchange, io};
use embedded_io::ErrorType;
use probe::taken;

probe::entry!(run);

fn run() {
    let mut buf = [0; 512];
    outcome(Exchange::run(
        Exchange::awaiting(black_box(1), black_box(&mut buf)),
        &mut Stream,
    ));
    if let Some(result) = polled(Exchange::run_async(
        Exchange::awaiting(black_box(1), black_box(&mut buf)),
        &mut Stream,
    )) {
        outcome(result);
    }
    let mut exchange = ElementExchange::awaiting(&GetPeerInfo, black_box(1), black_box(&mut buf));
    outcome(ElementExchange::next(&mut exchange, &mut Stream));
    outcome(ElementExchange::next_as::<_, u64>(&mut exchange, &mut Stream));
    if let Some(result) = polled(ElementExchange::next_async(&mut exchange, &mut Stream)) {
        outcome(result);
    }
    if let Some(result) = polled(ElementExchange::next_as_async::<_, u64>(&mut exchange, &mut Stream)) {
        outcome(result);
    }
}

/// A connection that takes in and hands out whatever it likes, and tells any count.
struct Stream;

impl ErrorType for Stream {
    type Error = Infallible;
}

impl embedded_io::Read for Stream {
    fn read(&mut self, space: &mut [u8]) -> Result<usize, Infallible> {
        taken(black_box(space).first_mut());
        Ok(black_box(1))
    }
}

impl embedded_io::Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        taken(bytes);
        Ok(black_box(1))
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

impl embedded_io_async::Read for Stream {
    async fn read(&mut self, space: &mut [u8]) -> Result<usize, Infallible> {
        embedded_io::Read::read(self, space)
    }
}

impl embedded_io_async::Write for Stream {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        embedded_io::Write::write(self, bytes)
    }

    async fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

fn outcome<V>(result: Result<V, io::Error<'_, Infallible>>) {
    match result {
        Ok(value) => taken(value),
        Err(error) => {
            taken(io::Error::is_transient(&error));
            shown::<io::Error<'_, _>>(&error);
        }
    }
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

/// What a future gives that never has to wait. To poll one that has ended is a panic, so it is polled once.
fn polled<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}
