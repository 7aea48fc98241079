//! One TCP socket of embassy-net as a `TcpConnect`, which makes one connection after the other.
//!
//! embassy-net has a `TcpClient` for this. A connection of that one removes its socket when it is dropped, so that the node
//! never hears of its end and keeps it open. Here the socket stays, and its reset goes out.

use core::cell::{RefCell, RefMut};
use core::fmt;
use core::net::SocketAddr;

use embassy_net::Stack;
use embassy_net::tcp::{self, ConnectError, TcpSocket};
use embassy_time::{Duration, with_timeout};
use embedded_io_async::{ErrorKind, ErrorType, Read, Write};
use embedded_nal_async::TcpConnect;

/// How long the reset of the last connection may take to go out: until the address of the router is known again.
const RESET: Duration = Duration::from_millis(100);

pub(crate) struct Tcp {
    stack: Stack<'static>,
    socket: RefCell<TcpSocket<'static>>,
}

impl Tcp {
    pub(crate) fn new(stack: Stack<'static>, received: &'static mut [u8], sending: &'static mut [u8]) -> Self {
        Self {
            stack,
            socket: RefCell::new(TcpSocket::new(stack, received, sending)),
        }
    }
}

impl TcpConnect for Tcp {
    type Error = Error;
    type Connection<'a> = Connection<'a>;

    #[allow(
        clippy::await_holding_refcell_ref,
        reason = "so that there is one connection at a time"
    )]
    async fn connect(&self, remote: SocketAddr) -> Result<Connection<'_>, Error> {
        let SocketAddr::V4(remote) = remote else {
            return Err(Error::NoRoute);
        };
        let mut socket = self.socket.try_borrow_mut().map_err(|_| Error::InUse)?;
        _ = with_timeout(RESET, socket.flush()).await;
        self.stack.wait_config_up().await;
        // From here on a future that is dropped aborts.
        let mut connection = Connection(socket);
        match connection.0.connect(remote).await {
            Ok(()) => Ok(connection),
            Err(ConnectError::NoRoute) => Err(Error::NoRoute),
            Err(ConnectError::TimedOut) => Err(Error::TimedOut),
            Err(ConnectError::ConnectionReset | ConnectError::InvalidState) => Err(Error::Refused),
        }
    }
}

/// A connection, which is reset when it is dropped.
pub(crate) struct Connection<'a>(RefMut<'a, TcpSocket<'static>>);

impl Drop for Connection<'_> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl ErrorType for Connection<'_> {
    type Error = Error;
}

impl Read for Connection<'_> {
    async fn read(&mut self, space: &mut [u8]) -> Result<usize, Error> {
        self.0.read(space).await.map_err(Error::from)
    }
}

impl Write for Connection<'_> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        self.0.write(bytes).await.map_err(Error::from)
    }

    /// Returns at once: what was written goes out while the reply is waited for. The socket's own would wait until the node
    /// has acknowledged it.
    async fn flush(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

/// Why the node cannot be reached.
#[derive(Debug)]
pub(crate) enum Error {
    NoRoute,
    InUse,
    Refused,
    Broken,
    TimedOut,
}

impl From<tcp::Error> for Error {
    fn from(error: tcp::Error) -> Self {
        match error {
            tcp::Error::ConnectionReset => Self::Broken,
        }
    }
}

impl embedded_io_async::Error for Error {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NoRoute => ErrorKind::AddrNotAvailable,
            Self::InUse => ErrorKind::AddrInUse,
            Self::Refused => ErrorKind::ConnectionRefused,
            Self::Broken => ErrorKind::ConnectionReset,
            Self::TimedOut => ErrorKind::TimedOut,
        }
    }
}

impl core::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoRoute => "no way to the node",
            Self::InUse => "there is a connection already",
            Self::Refused => "the node refuses the connection",
            Self::Broken => "the connection broke",
            Self::TimedOut => "no answer in time",
        })
    }
}
