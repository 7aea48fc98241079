//! Calls over a TCP socket of smoltcp, the network stack for bare metal, which neither blocks nor allocates.
//!
//! ```text
//! cargo run -p example-smoltcp                    between two stacks, over a cable that loses and reorders frames
//! cargo run -p example-smoltcp -- tap0 http://user:password@192.168.69.1:8554
//!                                                over a TAP interface of Linux, from 192.168.69.2
//! ```
//!
//! The TAP interface, for a node on the same machine that listens there (`-rpcbind`, `-rpcallowip`):
//!
//! ```text
//! ip tuntap add name tap0 mode tap user $USER && ip address add 192.168.69.1/24 dev tap0 && ip link set tap0 up
//! ```

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::error::Error;
use std::io::ErrorKind;
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::rc::Rc;
use std::{env, io};

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::io::Error::{Connect as NotConnected, Stream};
use defichain_net_rpc::io::{Client, Connect};
use defichain_net_rpc::network::{GetConnectionCount, GetNetTotals, GetPeerInfo};
use embedded_io::{ErrorType, Read, Write};
use replay_node::{PEERS, Request, large_reply};
use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet};
use smoltcp::phy::{self, Device, DeviceCapabilities, Medium};
use smoltcp::socket::tcp::{self, RecvError, State};
use smoltcp::time::{Duration, Instant};
use smoltcp::wire::{EthernetAddress, IpCidr, Ipv4Cidr};

/// How long the node may be silent.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Holds a request, a short reply, or one element of a long one.
const BUFFER: usize = 4096;

/// A stack with one TCP socket.
struct Stack<D> {
    device: D,
    interface: Interface,
    sockets: SocketSet<'static>,
    tcp: SocketHandle,
}

impl<D: Device> Stack<D> {
    fn new(mut device: D, address: Ipv4Cidr, now: Instant) -> Self {
        let [.., last] = address.address().octets();
        let config = Config::new(EthernetAddress([2, 0, 0, 0, 0, last]).into());
        let mut interface = Interface::new(config, &mut device, now);
        interface.update_ip_addrs(|addresses| addresses.extend([IpCidr::Ipv4(address)]));
        let buffer = || tcp::SocketBuffer::new(vec![0; 16 << 10]);
        let mut sockets = SocketSet::new(vec![]);
        let tcp = sockets.add(tcp::Socket::new(buffer(), buffer()));
        Self {
            device,
            interface,
            sockets,
            tcp,
        }
    }

    fn poll(&mut self, now: Instant) -> &mut tcp::Socket<'static> {
        self.interface.poll(now, &mut self.device, &mut self.sockets);
        self.sockets.get_mut(self.tcp)
    }

    /// When it has something to do by itself.
    fn poll_at(&mut self, now: Instant) -> Option<Instant> {
        self.interface.poll_at(now, &self.sockets)
    }
}

/// Where the time comes from.
trait Clock {
    fn now(&self) -> Instant;

    /// Waits for a frame, at most until then.
    fn wait(&mut self, until: Instant) -> io::Result<()>;
}

/// The socket as a stream that waits, and that can be opened again.
struct Socket<D, C> {
    stack: Stack<D>,
    clock: C,
    node: (Ipv4Addr, u16),
    /// The port of the last connection, counted from 0xc000.
    port: u16,
}

impl<D: Device, C: Clock> Socket<D, C> {
    /// Moves frames until there is a result.
    fn wait<T>(&mut self, mut step: impl FnMut(&mut tcp::Socket<'_>) -> Option<io::Result<T>>) -> io::Result<T> {
        let deadline = self.clock.now() + TIMEOUT;
        loop {
            if let Some(result) = step(self.stack.poll(self.clock.now())) {
                return result;
            }
            if self.clock.now() >= deadline {
                return Err(ErrorKind::TimedOut.into());
            }
            let until = self.stack.poll_at(self.clock.now()).unwrap_or(deadline);
            self.clock.wait(until.min(deadline))?;
        }
    }
}

impl<D: Device, C: Clock> Connect for Socket<D, C> {
    fn connect(&mut self) -> io::Result<()> {
        self.disconnect();
        // Another port than the last one's, which the other side may still remember.
        self.port = (self.port + 1) % 0x4000;
        self.stack
            .sockets
            .get_mut::<tcp::Socket<'_>>(self.stack.tcp)
            .connect(self.stack.interface.context(), self.node, 0xc000 + self.port)
            .map_err(io::Error::other)?;
        self.wait(|socket| match socket.state() {
            State::SynSent | State::SynReceived => None,
            State::Closed => Some(Err(ErrorKind::ConnectionRefused.into())),
            _ => Some(Ok(())),
        })
    }

    fn disconnect(&mut self) {
        self.stack.poll(self.clock.now()).abort();
        self.stack.poll(self.clock.now());
    }
}

impl<D, C> ErrorType for Socket<D, C> {
    type Error = io::Error;
}

impl<D: Device, C: Clock> Read for Socket<D, C> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        self.wait(|socket| match socket.recv_slice(space) {
            Ok(0) => None,
            Ok(count) => Some(Ok(count)),
            Err(RecvError::Finished) => Some(Ok(0)),
            Err(RecvError::InvalidState) => Some(Err(ErrorKind::ConnectionReset.into())),
        })
    }
}

impl<D: Device, C: Clock> Write for Socket<D, C> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.wait(|socket| match socket.send_slice(bytes) {
            Ok(0) => None,
            Ok(count) => Some(Ok(count)),
            Err(_) => Some(Err(ErrorKind::ConnectionReset.into())),
        })
    }

    /// Returns at once: what was written goes out while the next bytes are waited for.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let result = match &arguments[..] {
        [] => over_cable(),
        [name, url] => over_tap(name, url),
        _ => Err("usage: smoltcp [INTERFACE URL]".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints what a node and its peers are doing.
fn overview<D: Device, C: Clock>(endpoint: Endpoint<'_>, stack: Stack<D>, clock: C) -> Result<(), Box<dyn Error>> {
    let host = endpoint.host().parse();
    let socket = Socket {
        stack,
        node: (host.map_err(|_| "the URL needs an IPv4 address")?, endpoint.port()),
        clock,
        port: 0,
    };
    let start = socket.clock.now();
    let mut node = Client::new(endpoint, socket, [0; BUFFER]);
    print_calls(&mut node).map_err(|error| match (error, node.node_error()) {
        (_, Some(words)) => words.to_string().escape_debug().to_string().into(),
        (error @ (NotConnected(_) | Stream(_)), _) => {
            Box::<dyn Error>::from(format!("{error}; does a node listen there?"))
        }
        (error, None) => error.into(),
    })?;
    let (_, socket, ..) = node.into_parts();
    print(format_args!("in {} ms", (socket.clock.now() - start).total_millis()));
    Ok(())
}

fn print_calls<S: Connect>(
    node: &mut Client<Endpoint<'_>, S, [u8; BUFFER]>,
) -> Result<(), defichain_net_rpc::io::Error<S::Error>> {
    print(format_args!("getconnectioncount: {}", node.call(&GetConnectionCount)?));
    let totals = node.call(&GetNetTotals)?;
    print(format_args!(
        "getnettotals: {} bytes received, {} sent",
        totals.total_bytes_recv, totals.total_bytes_sent
    ));
    let mut peers = node.list(&GetPeerInfo)?;
    let (mut readable, mut unreadable, mut slowest) = (0, 0, None);
    while let Some(peer) = peers.next()? {
        match peer {
            Ok(peer) => {
                readable += 1;
                slowest = slowest.max(peer.ping_time);
            }
            Err(_) => unreadable += 1,
        }
    }
    print(format_args!(
        "getpeerinfo: {readable} peers, the slowest answers a ping in {:?}",
        slowest.unwrap_or_default()
    ));
    if unreadable > 0 {
        print(format_args!("{unreadable} more peers cannot be read"));
    }
    Ok(())
}

/// A TAP interface, and the time of the system.
#[cfg(target_os = "linux")]
struct Tap(std::os::fd::RawFd);

#[cfg(target_os = "linux")]
impl Clock for Tap {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn wait(&mut self, until: Instant) -> io::Result<()> {
        // smoltcp's subtraction ignores the sign.
        let now = self.now();
        let time = if until > now { until - now } else { Duration::ZERO };
        phy::wait(self.0, Some(time))
    }
}

#[cfg(target_os = "linux")]
fn over_tap(name: &str, url: &str) -> Result<(), Box<dyn Error>> {
    use std::os::fd::AsRawFd;

    let endpoint = Endpoint::from_url(url)?;
    let device = phy::TunTapInterface::new(name, Medium::Ethernet)
        .map_err(|error| format!("cannot use the interface {name}: {error}"))?;
    let clock = Tap(device.as_raw_fd());
    let stack = Stack::new(device, Ipv4Cidr::new(Ipv4Addr::new(192, 168, 69, 2), 24), clock.now());
    overview(endpoint, stack, clock)
}

#[cfg(not(target_os = "linux"))]
fn over_tap(_: &str, _: &str) -> Result<(), Box<dyn Error>> {
    Err("TAP interfaces are Linux's".into())
}

fn over_cable() -> Result<(), Box<dyn Error>> {
    const COUNT: usize = 133;
    let [here, there] = [1, 2].map(|last| Ipv4Cidr::new(Ipv4Addr::new(10, 0, 0, last), 24));
    let endpoint = Endpoint::new("10.0.0.2", ReplayNode::PORT)?.with_credentials("foo", "bar")?;
    let cable = Rc::new(RefCell::new(Cable::new()));
    let [near, far] = [0, 1].map(|end| End {
        cable: Rc::clone(&cable),
        end,
    });
    let clock = Simulation {
        now: Instant::ZERO,
        cable: Rc::clone(&cable),
        node: ReplayNode {
            stack: Stack::new(far, there, Instant::ZERO),
            peers: large_reply(PEERS, COUNT),
            received: Vec::new(),
            sending: Vec::new(),
        },
    };
    let stack = Stack::new(near, here, Instant::ZERO);
    overview(endpoint, stack, clock)?;
    let Cable {
        sent, lost, reordered, ..
    } = *cable.borrow();
    print(format_args!(
        "of {sent} frames {lost} were lost, and {reordered} overtaken by others"
    ));
    Ok(())
}

/// A time of its own, which passes only while all wait: what happens does not depend on how fast the machine is.
struct Simulation {
    now: Instant,
    cable: Rc<RefCell<Cable>>,
    node: ReplayNode,
}

impl Clock for Simulation {
    fn now(&self) -> Instant {
        self.now
    }

    fn wait(&mut self, until: Instant) -> io::Result<()> {
        self.node
            .poll(self.now)
            .map_err(|error| io::Error::other(error.to_string()))?;
        let arrival = self.cable.borrow().next_arrival();
        let next = [arrival, self.node.stack.poll_at(self.now)]
            .into_iter()
            .flatten()
            .fold(until, Instant::min);
        self.now = next.max(self.now + Duration::from_micros(10));
        Ok(())
    }
}

/// A node of recorded replies at the other end of the cable.
struct ReplayNode {
    stack: Stack<End>,
    peers: String,
    received: Vec<u8>,
    sending: Vec<u8>,
}

impl ReplayNode {
    const PORT: u16 = 8554;

    fn poll(&mut self, now: Instant) -> Result<(), Box<dyn Error>> {
        let socket = self.stack.poll(now);
        if !socket.is_open() {
            socket.listen(Self::PORT)?;
        }
        while socket.can_recv() {
            socket.recv(|bytes| {
                self.received.extend_from_slice(bytes);
                (bytes.len(), ())
            })?;
        }
        let mut rest = &self.received[..];
        match Request::read(&mut rest) {
            Ok(Some(request)) => {
                self.sending.extend_from_slice(request.reply(&self.peers).as_bytes());
                let used = self.received.len() - rest.len();
                self.received.drain(..used);
            }
            Ok(None) => {}
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {}
            Err(error) => return Err(error.into()),
        }
        if socket.can_send() {
            let count = socket.send_slice(&self.sending)?;
            self.sending.drain(..count);
        }
        self.stack.poll(now);
        Ok(())
    }
}

/// A cable between two stacks. It loses some frames, and others arrive late.
struct Cable {
    /// What flies to each end, by the time of arrival and the number of the frame.
    flying: [BTreeMap<(Instant, u64), Vec<u8>>; 2],
    /// The highest number that has arrived at each end.
    newest: [u64; 2],
    sent: u64,
    lost: u64,
    reordered: u64,
    random: u64,
}

impl Cable {
    const LOST_PERCENT: u64 = 5;
    const LATE_PERCENT: u64 = 10;
    const DELAY: Duration = Duration::from_millis(1);
    const LATE_DELAY: Duration = Duration::from_millis(5);

    fn new() -> Self {
        Self {
            flying: [BTreeMap::new(), BTreeMap::new()],
            newest: [0; 2],
            sent: 0,
            lost: 0,
            reordered: 0,
            random: 0x9e37_79b9_7f4a_7c15,
        }
    }

    fn send(&mut self, end: usize, now: Instant, frame: Vec<u8>) {
        self.sent += 1;
        if self.chance(Self::LOST_PERCENT) {
            self.lost += 1;
            return;
        }
        let late = self.chance(Self::LATE_PERCENT);
        let arrival = now + if late { Self::LATE_DELAY } else { Self::DELAY };
        self.flying[1 - end].insert((arrival, self.sent), frame);
    }

    fn receive(&mut self, end: usize, now: Instant) -> Option<Vec<u8>> {
        let frame = self.flying[end].first_entry().filter(|frame| frame.key().0 <= now)?;
        let ((_, number), frame) = frame.remove_entry();
        if number < self.newest[end] {
            self.reordered += 1;
        }
        self.newest[end] = number.max(self.newest[end]);
        Some(frame)
    }

    fn next_arrival(&self) -> Option<Instant> {
        let first = |frames: &BTreeMap<(Instant, u64), _>| frames.keys().next().map(|(arrival, _)| *arrival);
        self.flying.iter().filter_map(first).min()
    }

    /// Whether something with this chance, in per cent, happens now. Each run gives the same answers.
    fn chance(&mut self, percent: u64) -> bool {
        // Marsaglia's xorshift.
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % 100 < percent
    }
}

/// One end of the cable.
struct End {
    cable: Rc<RefCell<Cable>>,
    end: usize,
}

impl Device for End {
    type RxToken<'a> = RxToken;
    type TxToken<'a> = TxToken<'a>;

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ethernet;
        capabilities.max_transmission_unit = 1514;
        capabilities
    }

    fn receive(&mut self, now: Instant) -> Option<(RxToken, TxToken<'_>)> {
        let frame = self.cable.borrow_mut().receive(self.end, now)?;
        Some((RxToken(frame), TxToken { end: self, now }))
    }

    fn transmit(&mut self, now: Instant) -> Option<TxToken<'_>> {
        Some(TxToken { end: self, now })
    }
}

/// A frame that has arrived.
struct RxToken(Vec<u8>);

impl phy::RxToken for RxToken {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, read: F) -> R {
        read(&self.0)
    }
}

/// A frame to be sent.
struct TxToken<'a> {
    end: &'a End,
    now: Instant,
}

impl phy::TxToken for TxToken<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, fill: F) -> R {
        let mut frame = vec![0; length];
        let result = fill(&mut frame);
        self.end.cable.borrow_mut().send(self.end.end, self.now, frame);
        result
    }
}

/// Prints a line. If whoever reads it has seen enough, the program ends here.
fn print(line: std::fmt::Arguments<'_>) {
    use std::io::Write as _;

    if writeln!(std::io::stdout(), "{line}").is_err() {
        std::process::exit(0);
    }
}
