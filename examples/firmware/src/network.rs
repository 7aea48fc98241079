//! The network: an address from DHCP, and a TCP connection to the node. Reads and writes wait up to a deadline.

use core::fmt;
use core::net::SocketAddrV4;

use defichain_net_rpc::io::Connect;
use embedded_io::{ErrorKind, ErrorType, Read, Write};
use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet, SocketStorage};
use smoltcp::socket::tcp::{RecvError, State};
use smoltcp::socket::{dhcpv4, tcp};
use smoltcp::time::{Duration, Instant};
use smoltcp::wire::{EthernetAddress, IpCidr};

use crate::board::chip;
use crate::board::ethernet::{self, Ethernet};
use crate::semihosting::println;

/// The buffers of the controller and of the connection.
pub(crate) struct Memory {
    ethernet: ethernet::Memory,
    received: [u8; 4096],
    sending: [u8; 512],
}

impl Memory {
    pub(crate) const fn new() -> Self {
        Self {
            ethernet: ethernet::Memory::new(),
            received: [0; _],
            sending: [0; _],
        }
    }
}

/// The time since the start.
pub(crate) fn now() -> Instant {
    Instant::from_millis(i64::try_from(chip::now()).unwrap_or(i64::MAX))
}

pub(crate) struct Network {
    ethernet: Ethernet,
    interface: Interface,
    sockets: SocketSet<'static>,
    dhcp: SocketHandle,
    tcp: SocketHandle,
    node: SocketAddrV4,
    /// The port of the last connection, counted from 0xc000, the first of the private ones.
    port: u16,
    deadline: Instant,
}

impl Network {
    pub(crate) fn new(
        memory: &'static mut Memory,
        sockets: &'static mut [SocketStorage<'static>; 2],
        node: SocketAddrV4,
    ) -> Self {
        let mut ethernet = Ethernet::start(&mut memory.ethernet);
        let address = EthernetAddress(ethernet.mac_address());
        let interface = Interface::new(Config::new(address.into()), &mut ethernet, now());
        let mut sockets = SocketSet::new(&mut sockets[..]);
        let received = tcp::SocketBuffer::new(&mut memory.received[..]);
        let sending = tcp::SocketBuffer::new(&mut memory.sending[..]);
        Self {
            ethernet,
            interface,
            dhcp: sockets.add(dhcpv4::Socket::new()),
            tcp: sockets.add(tcp::Socket::new(received, sending)),
            sockets,
            node,
            port: 0,
            deadline: now(),
        }
    }

    /// Keeps the network running for some time.
    pub(crate) fn run(&mut self, time: Duration) {
        let end = now() + time;
        while now() < end {
            self.poll();
            chip::sleep();
        }
    }

    /// Sets until when reading, writing and connecting may wait.
    pub(crate) fn set_deadline(&mut self, deadline: Instant) {
        self.deadline = deadline;
    }

    /// Moves frames until there is a result, or the deadline has passed.
    fn wait<T>(&mut self, mut step: impl FnMut(&mut Self) -> Option<Result<T, Error>>) -> Result<T, Error> {
        loop {
            self.poll();
            if let Some(result) = step(self) {
                return result;
            }
            if now() >= self.deadline {
                return Err(Error::TimedOut);
            }
            chip::sleep();
        }
    }

    fn socket(&mut self) -> &mut tcp::Socket<'static> {
        self.sockets.get_mut(self.tcp)
    }

    /// Moves the frames that there are.
    fn poll(&mut self) {
        self.interface.poll(now(), &mut self.ethernet, &mut self.sockets);
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

impl Connect for Network {
    fn connect(&mut self) -> Result<(), Error> {
        self.disconnect();
        self.wait(|network| network.interface.ipv4_addr().map(|_| Ok(())))
            .map_err(|_| Error::NoAddress)?;
        // Another port than the last one's, which the other side may still remember.
        self.port = (self.port + 1) % 0x4000;
        self.sockets
            .get_mut::<tcp::Socket<'_>>(self.tcp)
            .connect(self.interface.context(), self.node, 0xc000 + self.port)
            .map_err(|_| Error::NoAddress)?;
        self.wait(|network| match network.socket().state() {
            State::SynSent | State::SynReceived => None,
            State::Closed => Some(Err(Error::Refused)),
            _ => Some(Ok(())),
        })
    }

    /// Does not wait for the node to agree.
    fn disconnect(&mut self) {
        self.socket().abort();
        self.poll();
    }
}

impl ErrorType for Network {
    type Error = Error;
}

impl Read for Network {
    fn read(&mut self, space: &mut [u8]) -> Result<usize, Error> {
        self.wait(|network| match network.socket().recv_slice(space) {
            Ok(0) => None,
            Ok(count) => Some(Ok(count)),
            Err(RecvError::Finished) => Some(Ok(0)),
            Err(RecvError::InvalidState) => Some(Err(Error::Broken)),
        })
    }
}

impl Write for Network {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        self.wait(|network| match network.socket().send_slice(bytes) {
            Ok(0) => None,
            Ok(count) => Some(Ok(count)),
            Err(_) => Some(Err(Error::Broken)),
        })
    }

    /// Returns at once: smoltcp sends what was written while the program waits for something.
    fn flush(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

/// Why the node cannot be reached.
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
