//! The network: its address by DHCP, and one TCP connection at a time, for which is waited up to a deadline.

use core::fmt;
use core::net::SocketAddrV4;

use embedded_io::{ErrorKind, ErrorType, Read, Write};
use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet, SocketStorage};
use smoltcp::socket::tcp::{RecvError, State};
use smoltcp::socket::{dhcpv4, tcp};
use smoltcp::time::{Duration, Instant};
use smoltcp::wire::{EthernetAddress, IpCidr};

use crate::chip;
use crate::ethernet::{self, Ethernet};
use crate::semihosting::println;

/// The memory for what comes and goes.
pub(crate) struct Memory {
    ethernet: Ethernet,
    received: [u8; 4096],
    sending: [u8; 512],
}

impl Memory {
    pub(crate) const fn new() -> Self {
        Self {
            ethernet: Ethernet::new(),
            received: [0; _],
            sending: [0; _],
        }
    }
}

pub(crate) struct Network {
    ethernet: &'static mut Ethernet,
    interface: Interface,
    sockets: SocketSet<'static>,
    dhcp: SocketHandle,
    tcp: SocketHandle,
    /// The port of the last connection, counted from the first that is free for all.
    port: u16,
}

impl Network {
    pub(crate) fn new(
        memory: &'static mut Memory,
        sockets: &'static mut [SocketStorage<'static>; 2],
        address: EthernetAddress,
    ) -> Self {
        let ethernet = &mut memory.ethernet;
        ethernet::start(address);
        let interface = Interface::new(Config::new(address.into()), ethernet, chip::now());
        let mut sockets = SocketSet::new(&mut sockets[..]);
        let received = tcp::SocketBuffer::new(&mut memory.received[..]);
        let sending = tcp::SocketBuffer::new(&mut memory.sending[..]);
        Self {
            ethernet,
            interface,
            dhcp: sockets.add(dhcpv4::Socket::new()),
            tcp: sockets.add(tcp::Socket::new(received, sending)),
            sockets,
            port: 0,
        }
    }

    /// Does for some time what there is to do.
    pub(crate) fn run(&mut self, time: Duration) {
        let end = chip::now() + time;
        while chip::now() < end {
            self.poll();
            chip::sleep();
        }
    }

    /// The connection, a new one if there is none, to be used until a deadline.
    pub(crate) fn connect(&mut self, node: SocketAddrV4, deadline: Instant) -> Result<Connection<'_>, Error> {
        let mut connection = Connection {
            network: self,
            deadline,
        };
        connection.open(node)?;
        Ok(connection)
    }

    /// Gives the connection up, without waiting for anything.
    pub(crate) fn close(&mut self) {
        self.socket().abort();
        self.poll();
    }

    fn socket(&mut self) -> &mut tcp::Socket<'static> {
        self.sockets.get_mut(self.tcp)
    }

    /// Moves the frames that there are.
    fn poll(&mut self) {
        self.interface.poll(chip::now(), self.ethernet, &mut self.sockets);
        let Some(event) = self.sockets.get_mut::<dhcpv4::Socket<'_>>(self.dhcp).poll() else {
            return;
        };
        let (address, router) = match event {
            dhcpv4::Event::Configured(config) => (Some(config.address), config.router),
            dhcpv4::Event::Deconfigured => (None, None),
        };
        match address {
            Some(address) => println!("network: {address}"),
            None => println!("network: no address"),
        }
        self.interface.update_ip_addrs(|addresses| {
            addresses.clear();
            addresses.extend(address.map(IpCidr::Ipv4));
        });
        let table = self.interface.routes_mut();
        table.remove_default_ipv4_route();
        if let Some(router) = router {
            // There is room for it.
            _ = table.add_default_ipv4_route(router);
        }
    }
}

/// The connection, to be used until a deadline.
pub(crate) struct Connection<'n> {
    network: &'n mut Network,
    deadline: Instant,
}

impl Connection<'_> {
    fn open(&mut self, node: SocketAddrV4) -> Result<(), Error> {
        // The node may have closed it for being idle.
        let socket = self.network.socket();
        if socket.may_send() && socket.may_recv() {
            return Ok(());
        }
        self.network.close();
        self.wait(|network| network.interface.ipv4_addr().map(|_| Ok(())))
            .map_err(|_| Error::NoAddress)?;
        let network = &mut *self.network;
        // Another port than the last one's, which the other side may still remember.
        network.port = (network.port + 1) % 0x4000;
        network
            .sockets
            .get_mut::<tcp::Socket<'_>>(network.tcp)
            .connect(network.interface.context(), node, 0xc000 + network.port)
            .map_err(|_| Error::NoAddress)?;
        self.wait(|network| match network.socket().state() {
            State::SynSent | State::SynReceived => None,
            State::Closed => Some(Err(Error::Refused)),
            _ => Some(Ok(())),
        })
    }

    fn wait<T>(&mut self, mut step: impl FnMut(&mut Network) -> Option<Result<T, Error>>) -> Result<T, Error> {
        loop {
            self.network.poll();
            if let Some(result) = step(self.network) {
                return result;
            }
            if chip::now() >= self.deadline {
                return Err(Error::TimedOut);
            }
            chip::sleep();
        }
    }
}

impl ErrorType for Connection<'_> {
    type Error = Error;
}

impl Read for Connection<'_> {
    fn read(&mut self, space: &mut [u8]) -> Result<usize, Error> {
        self.wait(|network| match network.socket().recv_slice(space) {
            Ok(0) => None,
            Ok(count) => Some(Ok(count)),
            Err(RecvError::Finished) => Some(Ok(0)),
            Err(RecvError::InvalidState) => Some(Err(Error::Broken)),
        })
    }
}

impl Write for Connection<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        self.wait(|network| match network.socket().send_slice(bytes) {
            Ok(0) => None,
            Ok(count) => Some(Ok(count)),
            Err(_) => Some(Err(Error::Broken)),
        })
    }

    /// What was written goes out by itself while something is waited for.
    fn flush(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

/// Why there is no connection, or no longer.
#[derive(Debug)]
pub(crate) enum Error {
    NoAddress,
    Refused,
    Broken,
    TimedOut,
}

impl embedded_io::Error for Error {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NoAddress => ErrorKind::AddrNotAvailable,
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
            Self::NoAddress => "no address in the network yet",
            Self::Refused => "the node refuses the connection",
            Self::Broken => "the connection broke",
            Self::TimedOut => "no answer in time",
        })
    }
}
