//! Calls over any network stack of embedded-nal, here that of the operating system.
//!
//! ```text
//! cargo run -p example-embedded-nal                                          a node of recorded replies
//! cargo run -p example-embedded-nal -- http://user:password@127.0.0.1:8554   a node
//! ```
//!
//! Only [`host`], [`patience`] and the stack are particular to the host: the stream needs only a `TcpClientStack`. For
//! embedded-nal-async there is nothing to adapt; see the example `embassy`.

mod host;
mod stream;

use std::error::Error;
use std::process::ExitCode;
use std::thread::sleep;
use std::time::{Duration, Instant};

use defichain_net_rpc::io::Client;
use defichain_net_rpc::network::{GetConnectionCount, GetPeerInfo};
use host::print;
use std_embedded_nal::Stack;
use stream::{NothingReceived, Stream};

fn main() -> ExitCode {
    host::main("embedded_nal", |url, _| overview(url))
}

/// Prints what a node and its peers are doing.
fn overview(url: &str) -> Result<(), Box<dyn Error>> {
    let (endpoint, address) = host::endpoint(url)?;
    let stream = Stream::new(
        Stack,
        address,
        NothingReceived::IsTheEnd,
        patience(Duration::from_secs(10)),
    );
    let mut node = Client::new(endpoint, stream, [0; 4096]);
    let count = node.call(&GetConnectionCount);
    let count = count.map_err(|error| node.explain(&error).to_string())?;
    print(format_args!("getconnectioncount: {count}"));
    let mut peers = node.list(&GetPeerInfo)?;
    let (mut readable, mut unreadable) = (0, 0);
    loop {
        match peers.next() {
            Ok(Some(Ok(_))) => readable += 1,
            Ok(Some(Err(_))) => unreadable += 1,
            Ok(None) => break,
            Err(error) => return Err(node.explain(&error).to_string().into()),
        }
    }
    print(format_args!("getpeerinfo: {readable} peers"));
    if unreadable > 0 {
        print(format_args!("{unreadable} more peers cannot be read"));
    }
    Ok(())
}

/// Returns a function that waits a little and returns whether to go on, until `limit` after the first wait of a step.
fn patience(limit: Duration) -> impl FnMut(u32) -> bool {
    let mut start = Instant::now();
    move |waits| {
        if waits == 0 {
            start = Instant::now();
        }
        sleep(Duration::from_millis(1));
        start.elapsed() < limit
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::{SocketAddr, TcpListener};
    use std::thread;

    use defichain_net_rpc::http::Endpoint;
    use defichain_net_rpc::io;
    use embedded_nal::{TcpClientStack, TcpErrorKind, nb};

    use super::*;

    /// A stack like those of smoltcp-nal: no bytes are none yet, and the end is an error.
    struct Smoltcp(Stack);

    #[derive(Debug)]
    struct Failure(TcpErrorKind);

    impl embedded_nal::TcpError for Failure {
        fn kind(&self) -> TcpErrorKind {
            self.0
        }
    }

    fn failed<E>(_: nb::Error<E>) -> nb::Error<Failure> {
        nb::Error::Other(Failure(TcpErrorKind::Other))
    }

    impl TcpClientStack for Smoltcp {
        type TcpSocket = <Stack as TcpClientStack>::TcpSocket;
        type Error = Failure;

        fn socket(&mut self) -> Result<Self::TcpSocket, Failure> {
            self.0.socket().map_err(|_| Failure(TcpErrorKind::Other))
        }

        fn connect(&mut self, socket: &mut Self::TcpSocket, remote: SocketAddr) -> nb::Result<(), Failure> {
            self.0.connect(socket, remote).map_err(failed)
        }

        fn send(&mut self, socket: &mut Self::TcpSocket, bytes: &[u8]) -> nb::Result<usize, Failure> {
            self.0.send(socket, bytes).map_err(failed)
        }

        fn receive(&mut self, socket: &mut Self::TcpSocket, space: &mut [u8]) -> nb::Result<usize, Failure> {
            match self.0.receive(socket, space) {
                Err(nb::Error::WouldBlock) => Ok(0),
                Ok(0) => Err(nb::Error::Other(Failure(TcpErrorKind::PipeClosed))),
                Ok(count) => Ok(count),
                Err(error) => Err(failed(error)),
            }
        }

        fn close(&mut self, _: Self::TcpSocket) -> Result<(), Failure> {
            Ok(())
        }
    }

    /// A call over a stack, to a node that takes a little while and whose reply ends where the connection does.
    fn call<N: TcpClientStack>(stack: N, meaning: NothingReceived) -> Result<u64, io::Error<stream::Error<N::Error>>> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut reader = BufReader::new(stream.unwrap());
                let mut line = String::new();
                while reader.read_line(&mut line).unwrap_or_default() > 2 {
                    line.clear();
                }
                thread::sleep(Duration::from_millis(100));
                let reply = b"HTTP/1.1 200 OK\r\n\r\n{\"result\":8,\"error\":null,\"id\":1}";
                // The other side may have gone.
                _ = reader.get_mut().write_all(reply);
            }
        });
        let endpoint = Endpoint::from_url("http://foo:bar@localhost").unwrap();
        let stream = Stream::new(stack, address, meaning, patience(Duration::from_millis(500)));
        let mut node = Client::new(endpoint, stream, [0; 1024]);
        node.call(&GetConnectionCount)
    }

    #[test]
    fn each_stack_is_read_as_it_means_it() {
        assert_eq!(call(Stack, NothingReceived::IsTheEnd).unwrap(), 8);
        assert_eq!(call(Smoltcp(Stack), NothingReceived::IsNothingYet).unwrap(), 8);
    }

    #[test]
    fn the_wrong_meaning_is_an_error_and_no_wrong_reply() {
        let error = call(Stack, NothingReceived::IsNothingYet).unwrap_err();
        assert!(matches!(error, io::Error::Stream(stream::Error::TimedOut)), "{error}");
        let error = call(Smoltcp(Stack), NothingReceived::IsTheEnd).unwrap_err();
        assert!(matches!(error, io::Error::Call(_)), "{error}");
    }

    #[test]
    fn a_node_that_is_not_there_is_an_error() {
        let nobody = "127.0.0.1:1".parse().unwrap();
        let stream = Stream::new(Stack, nobody, NothingReceived::IsTheEnd, patience(Duration::ZERO));
        let endpoint = Endpoint::from_url("http://foo:bar@localhost").unwrap();
        let mut node = Client::new(endpoint, stream, [0; 1024]);
        let error = node.call(&GetConnectionCount).unwrap_err();
        assert!(
            matches!(error, io::Error::Connect(stream::Error::Network(_))),
            "{error}"
        );
    }
}
