//! All methods over HTTP, and peers through a window as well, with a URL that is known only when the program runs.
#![cfg_attr(bare, no_std, no_main)]

use core::hint::black_box;

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::network::{GetPeerInfo, PeerInfo};
use defichain_net_rpc::{Connection, Method, Reply, Want};
use probe::calls::{Caller, every_method, failed, used_peer};
use probe::{received, used};

probe::entry!(run);

fn run() {
    let url = str::from_utf8(received()).unwrap_or_default();
    let endpoint = match Endpoint::from_url(url) {
        Ok(endpoint) => endpoint,
        Err(error) => return used(&error),
    };
    let mut node = OverHttp {
        endpoint,
        connection: Connection::new(),
        buf: [0; 4096],
    };
    every_method(&mut node, url);
    node.stream();
}

/// A node, with room for a request and its reply.
struct OverHttp<'a> {
    endpoint: Endpoint<'a>,
    connection: Connection,
    buf: [u8; 4096],
}

impl OverHttp<'_> {
    #[inline(never)]
    fn stream(&mut self) {
        let (connection, buf) = (&mut self.connection, &mut self.buf);
        if let Err(error) = connection.call(&self.endpoint, &GetPeerInfo, buf) {
            return used(&error);
        }
        loop {
            match connection.poll_element(buf) {
                Ok(Want::Connect) => connection.connected(),
                Ok(Want::Write(bytes)) => connection.written(black_box(bytes).len()),
                Ok(Want::Read(space)) => connection.received(black_box(space).len()),
                Ok(Want::Ready(true)) => used_peer(&connection.element::<PeerInfo<&str>>(buf)),
                Ok(Want::Ready(false)) => return,
                Err(error) => return failed(&error),
            }
        }
    }
}

impl Caller for OverHttp<'_> {
    // A function for each method, which a list of symbols can name.
    #[inline(never)]
    fn call<M: Method>(&mut self, method: &M, read: impl FnOnce(M::Response<'_>)) {
        match self.connection.call(&self.endpoint, method, &mut self.buf) {
            Ok(_) => match carry(&mut self.connection, &mut self.buf).map(Reply::response) {
                Some(Ok(result)) => read(result),
                Some(Err(error)) => failed(&error),
                None => {}
            },
            Err(error) => used(&error),
        }
    }
}

/// A stream that takes in and hands out whatever it likes; one for all methods, as a program would have it.
#[inline(never)]
fn carry<'b>(connection: &mut Connection, buf: &'b mut [u8]) -> Option<Reply<'b>> {
    loop {
        match connection.poll(buf) {
            Ok(Want::Connect) => connection.connected(),
            Ok(Want::Write(bytes)) => connection.written(black_box(bytes).len()),
            Ok(Want::Read(space)) => connection.received(black_box(space).len()),
            Ok(Want::Ready(_)) => break,
            Err(error) => {
                failed(&error);
                return None;
            }
        }
    }
    connection.reply(buf).ok()
}
