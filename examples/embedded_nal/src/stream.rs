//! A stream of embedded-io over a network stack of embedded-nal.

use core::fmt;
use core::net::SocketAddr;

use defichain_net_rpc::io::Connect;
use embedded_io::{ErrorKind, ErrorType, Read, Write};
use embedded_nal::{TcpClientStack, TcpError, TcpErrorKind, nb};

/// What `Ok(0)` from `receive` means. The trait does not say, and stacks differ.
#[derive(Clone, Copy)]
pub(crate) enum NothingReceived {
    /// The node has closed the connection, as it does for std-embedded-nal and for `read` everywhere else.
    IsTheEnd,
    /// Nothing has arrived yet, as for smoltcp-nal, where the end is an error of the kind `PipeClosed`.
    #[allow(dead_code, reason = "the stack of this example is of the other kind")]
    IsNothingYet,
}

/// A stack, and a connection to one node.
pub(crate) struct Stream<N: TcpClientStack, W> {
    stack: N,
    node: SocketAddr,
    nothing_received: NothingReceived,
    /// Waits a little, and returns whether to go on; it is given how often the same step has waited already.
    wait: W,
    socket: Option<N::TcpSocket>,
}

impl<N: TcpClientStack, W: FnMut(u32) -> bool> Stream<N, W> {
    pub(crate) const fn new(stack: N, node: SocketAddr, nothing_received: NothingReceived, wait: W) -> Self {
        Self {
            stack,
            node,
            nothing_received,
            wait,
            socket: None,
        }
    }

    /// Repeats a step until it has a result. A step without one returns `WouldBlock`.
    fn block<T>(
        &mut self,
        mut step: impl FnMut(&mut N, &mut N::TcpSocket) -> nb::Result<T, N::Error>,
    ) -> Result<T, Error<N::Error>> {
        let socket = self.socket.as_mut().ok_or(Error::NotConnected)?;
        let mut waits = 0;
        loop {
            match step(&mut self.stack, socket) {
                Ok(value) => return Ok(value),
                Err(nb::Error::Other(error)) => return Err(Error::Network(error)),
                Err(nb::Error::WouldBlock) if (self.wait)(waits) => waits += 1,
                Err(nb::Error::WouldBlock) => return Err(Error::TimedOut),
            }
        }
    }
}

impl<N: TcpClientStack, W: FnMut(u32) -> bool> Connect for Stream<N, W> {
    fn connect(&mut self) -> Result<(), Self::Error> {
        self.disconnect();
        self.socket = Some(self.stack.socket().map_err(Error::Network)?);
        let node = self.node;
        self.block(|stack, socket| stack.connect(socket, node))
    }

    fn disconnect(&mut self) {
        if let Some(socket) = self.socket.take() {
            // There is nothing to be done about a socket that does not close.
            _ = self.stack.close(socket);
        }
    }
}

impl<N: TcpClientStack, W> ErrorType for Stream<N, W> {
    type Error = Error<N::Error>;
}

impl<N: TcpClientStack, W: FnMut(u32) -> bool> Read for Stream<N, W> {
    fn read(&mut self, space: &mut [u8]) -> Result<usize, Self::Error> {
        let nothing_received = self.nothing_received;
        let result = self.block(|stack, socket| match (stack.receive(socket, space), nothing_received) {
            (Ok(0), NothingReceived::IsNothingYet) => Err(nb::Error::WouldBlock),
            (result, _) => result,
        });
        match result {
            Err(Error::Network(error)) if error.kind() == TcpErrorKind::PipeClosed => Ok(0),
            result => result,
        }
    }
}

impl<N: TcpClientStack, W: FnMut(u32) -> bool> Write for Stream<N, W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Self::Error> {
        self.block(|stack, socket| match stack.send(socket, bytes) {
            Ok(0) => Err(nb::Error::WouldBlock),
            result => result,
        })
    }

    /// embedded-nal has nothing for it.
    fn flush(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }
}

/// Why the node cannot be reached.
#[derive(Debug)]
pub(crate) enum Error<E> {
    Network(E),
    TimedOut,
    NotConnected,
}

impl<E: TcpError> embedded_io::Error for Error<E> {
    fn kind(&self) -> ErrorKind {
        match self {
            // That there is nothing yet is no error here, so the connection is gone, whatever the stack calls it.
            Self::Network(_) => ErrorKind::ConnectionReset,
            Self::TimedOut => ErrorKind::TimedOut,
            Self::NotConnected => ErrorKind::NotConnected,
        }
    }
}

impl<E: TcpError> core::error::Error for Error<E> {}

impl<E: TcpError> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(error) => write!(f, "{error:?}"),
            Self::TimedOut => f.write_str("no answer in time"),
            Self::NotConnected => f.write_str("there is no connection"),
        }
    }
}
