//! Polls a node: method by method, each with a deadline, never two at a time.
//!
//! The node has four threads for RPC, and `getnetworkinfo` and `getpeerinfo` wait there for its main lock. So these two come
//! last. A request that was given up may still hold its thread: after a time-out the poll ends, and the method is left out
//! for longer and longer; if it is the first, which needs no lock and takes no time, the whole node is left alone.

use std::io;
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use defichain_net_rpc::http::EndpointBuf;
use defichain_net_rpc::io::{Buffer as _, Client, ConnectAsync, Error, Growing};
use defichain_net_rpc::network::{
    GetAddedNodeInfo, GetConnectionCount, GetNetTotals, GetNetworkInfo, GetNodeStatusInfo, GetPeerInfo, ListBanned,
};
use defichain_net_rpc::rpc::Code;
use defichain_net_rpc::{Error as CallError, ErrorKind};
use embedded_io_async::{ErrorType, Read, Write};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until, timeout_at};
use tracing::{info, warn};

use crate::state::{
    AddedNodes, BAN_REASONS, Fleet, NetworkState, Node, Outcome, PeersBuilder, Snapshot, Totals, one_line,
};
use crate::tls::Tls;

/// What a node is asked, in this order: what waits for the main lock comes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    GetConnectionCount,
    GetNetTotals,
    GetNodeStatusInfo,
    GetAddedNodeInfo,
    ListBanned,
    GetNetworkInfo,
    GetPeerInfo,
}

impl Method {
    pub(crate) const COUNT: usize = 7;
    pub(crate) const ALL: [Self; Self::COUNT] = [
        Self::GetConnectionCount,
        Self::GetNetTotals,
        Self::GetNodeStatusInfo,
        Self::GetAddedNodeInfo,
        Self::ListBanned,
        Self::GetNetworkInfo,
        Self::GetPeerInfo,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::GetConnectionCount => "getconnectioncount",
            Self::GetNetTotals => "getnettotals",
            Self::GetNodeStatusInfo => "getnodestatusinfo",
            Self::GetAddedNodeInfo => "getaddednodeinfo",
            Self::ListBanned => "listbanned",
            Self::GetNetworkInfo => "getnetworkinfo",
            Self::GetPeerInfo => "getpeerinfo",
        }
    }

    /// How long it may take, unless the configuration says otherwise.
    pub(crate) const fn timeout(self) -> Duration {
        Duration::from_secs(match self {
            Self::GetNetworkInfo => 10,
            Self::GetPeerInfo => 20,
            _ => 5,
        })
    }
}

/// Why a method has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    Resolve,
    Connect,
    Tls,
    Timeout,
    Closed,
    Unauthorized,
    Forbidden,
    Busy,
    Warmup,
    Rpc,
    Malformed,
}

impl Reason {
    pub(crate) const ALL: [Self; 11] = [
        Self::Resolve,
        Self::Connect,
        Self::Tls,
        Self::Timeout,
        Self::Closed,
        Self::Unauthorized,
        Self::Forbidden,
        Self::Busy,
        Self::Warmup,
        Self::Rpc,
        Self::Malformed,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Resolve => "resolve",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Closed => "closed",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::Busy => "busy",
            Self::Warmup => "warmup",
            Self::Rpc => "rpc",
            Self::Malformed => "malformed",
        }
    }

    /// Whether the other methods of the poll would meet the same.
    const fn ends_poll(self) -> bool {
        !matches!(self, Self::Closed | Self::Busy | Self::Rpc | Self::Malformed)
    }

    fn of(error: &CallError) -> Self {
        match error.kind {
            ErrorKind::Closed | ErrorKind::Unconfirmed | ErrorKind::Truncated => Self::Closed,
            ErrorKind::Status(401) => Self::Unauthorized,
            ErrorKind::Status(403) => Self::Forbidden,
            ErrorKind::Node(Code::IN_WARMUP) => Self::Warmup,
            _ if error.is_transient() => Self::Busy,
            ErrorKind::Node(_) => Self::Rpc,
            _ => Self::Malformed,
        }
    }
}

/// A stream of bytes, with TLS or without.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Unpin {}

impl<S: AsyncRead + AsyncWrite + Unpin> Duplex for S {}

/// The connection to a node, for the client of the crate.
struct Socket {
    host: String,
    port: u16,
    tls: Option<Tls>,
    stream: Option<Box<dyn Duplex>>,
    /// What is being done to open it.
    stage: Reason,
}

impl ErrorType for Socket {
    type Error = io::Error;
}

impl Read for Socket {
    async fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        match &mut self.stream {
            Some(stream) => stream.read(space).await,
            None => Ok(0),
        }
    }
}

impl Write for Socket {
    async fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.stream {
            Some(stream) => stream.write(bytes).await,
            None => Ok(0),
        }
    }

    async fn flush(&mut self) -> io::Result<()> {
        match &mut self.stream {
            Some(stream) => stream.flush().await,
            None => Ok(()),
        }
    }
}

impl ConnectAsync for Socket {
    async fn connect(&mut self) -> io::Result<()> {
        self.stream = None;
        self.stage = Reason::Resolve;
        let addresses: Vec<_> = tokio::net::lookup_host((&*self.host, self.port)).await?.collect();
        self.stage = Reason::Connect;
        let stream = TcpStream::connect(&*addresses).await?;
        stream.set_nodelay(true)?;
        self.stream = Some(match &self.tls {
            None => Box::new(stream),
            Some(tls) => {
                self.stage = Reason::Tls;
                // A certificate knows of no zone.
                let name = self.host.split('%').next().unwrap_or_default();
                tls.connect(name, stream).await?
            }
        });
        Ok(())
    }

    fn disconnect(&mut self) {
        self.stream = None;
    }
}

/// What a method failed with.
struct Failure {
    reason: Reason,
    /// Whether the node does not know the method.
    is_unknown: bool,
    words: String,
}

/// Replies that are longer are refused. Lists are read element by element, so that this is the length of an element.
const MAX_REPLY: usize = 1 << 20;
/// Enough for some peers.
const BUFFER: usize = 8 << 10;
/// A method is left out for no longer than this.
const MAX_PAUSE: Duration = Duration::from_secs(120);

/// How a method that has timed out is left out.
#[derive(Clone, Copy, Default)]
struct Pause {
    timeouts: u32,
    until: Option<Instant>,
}

/// Polls one node, for ever.
struct Poller {
    node: Rc<Node>,
    fleet: Rc<Fleet>,
    client: Client<EndpointBuf<String>, Socket, Growing>,
    pauses: [Pause; Method::COUNT],
    /// What was read from the cookie file.
    cookie: Option<String>,
    /// Why the cookie file could not be read.
    no_cookie: Option<String>,
}

/// Polls a node whenever a scrape wants it or the interval is over.
pub(crate) async fn watch(node: Rc<Node>, fleet: Rc<Fleet>, first: Instant) {
    let interval = fleet.config.interval;
    let mut poller = Poller::new(Rc::clone(&node), fleet);
    let mut next = first;
    loop {
        tokio::select! {
            () = sleep_until(next) => {}
            () = node.wanted.notified() => {}
        }
        let started = Instant::now();
        poller.poll().await;
        // There is one interval: that of the scrapes, while there are some. A node that takes longer has a rest all the same.
        let rest = Instant::now() + interval / 2;
        let gap = node
            .scrape_gap(started)
            .map_or(interval, |gap| interval.max(gap + gap / 2));
        next = rest.max(started + gap);
    }
}

/// The poll that a scrape may have: one that has just ended, or the one that is under way, or one that begins now. What has
/// not been answered at the deadline is left out.
pub(crate) async fn scrape(node: &Node, deadline: Instant) -> Rc<Snapshot> {
    /// A poll that ended so shortly ago is of now.
    const FRESH: Duration = Duration::from_secs(1);

    let now = Instant::now();
    node.count_scrape(now);
    if let Some(snapshot) = node.snapshot()
        && snapshot.finished.is_some_and(|finished| now - finished < FRESH)
    {
        return snapshot;
    }
    let mut polls = node.polls.subscribe();
    if node.state.borrow().partial.is_none() {
        node.wanted.notify_one();
    }
    let ended = timeout_at(deadline, polls.changed()).await;
    match node.snapshot() {
        Some(snapshot) if ended.is_ok() => snapshot,
        _ => Rc::new(node.state.borrow().partial.clone().unwrap_or_else(Snapshot::begin)),
    }
}

impl Node {
    fn count_scrape(&self, now: Instant) {
        let gap = self.scraped.get().map_or(Duration::ZERO, |(last, _)| now - last);
        self.scraped.set(Some((now, gap)));
    }

    /// How long after one another scrapes come, if they still do.
    fn scrape_gap(&self, now: Instant) -> Option<Duration> {
        const LONGEST: Duration = Duration::from_secs(300);

        let (last, gap) = self.scraped.get()?;
        (gap < LONGEST && now - last < gap + gap / 2 + Duration::from_secs(1)).then_some(gap)
    }

    fn count_error(&self, reason: Reason) {
        let count = &self.errors[reason as usize];
        count.set(count.get() + 1);
    }
}

impl Poller {
    fn new(node: Rc<Node>, fleet: Rc<Fleet>) -> Self {
        let config = &node.config;
        let endpoint = config.endpoint.as_endpoint();
        let host = match endpoint.zone() {
            Some(zone) => format!("{}%{zone}", endpoint.host()),
            None => endpoint.host().to_owned(),
        };
        let socket = Socket {
            host,
            port: endpoint.port(),
            tls: config.tls.clone(),
            stream: None,
            stage: Reason::Connect,
        };
        let mut buffer = Growing::new(MAX_REPLY);
        // If there is no memory the calls will say so.
        _ = buffer.grow(BUFFER);
        Self {
            client: Client::new(config.endpoint.clone(), socket, buffer),
            node,
            fleet,
            pauses: [Pause::default(); Method::COUNT],
            cookie: None,
            no_cookie: None,
        }
    }

    async fn poll(&mut self) {
        let before = self.node.snapshot();
        self.node.state.borrow_mut().partial = Some(Snapshot::begin());
        if self.node.config.cookie_file.is_some() && before.is_none() {
            self.read_cookie();
        }
        for method in Method::ALL {
            let now = Instant::now();
            if self.pauses[method as usize].until.is_some_and(|until| now < until) {
                let is_first = method == Method::GetConnectionCount;
                self.fail(
                    method,
                    Reason::Timeout,
                    "no reply in time; left alone for a while",
                    None,
                    is_first,
                );
                if is_first {
                    break;
                }
                continue;
            }
            let result = self.ask(method).await;
            let took = Some(now.elapsed());
            match result {
                Ok(()) => {
                    self.pauses[method as usize] = Pause::default();
                    self.set(method, Outcome::Answered, took);
                }
                Err(failure) if failure.is_unknown => self.set(method, Outcome::Unknown, took),
                Err(failure) => {
                    self.node.count_error(failure.reason);
                    if failure.reason == Reason::Timeout {
                        self.pause(method);
                    }
                    let ends = failure.reason.ends_poll();
                    self.fail(method, failure.reason, &failure.words, took, ends);
                    if ends {
                        break;
                    }
                }
            }
        }
        self.node.finish();
        self.fleet.polled.set(Instant::now());
        self.log(before.as_deref());
    }

    fn set(&self, method: Method, outcome: Outcome, took: Option<Duration>) {
        if let Some(partial) = &mut self.node.state.borrow_mut().partial {
            partial.methods[method as usize] = (outcome, took);
        }
    }

    /// Records a failure, of all that has not been asked if the poll ends with it.
    fn fail(&self, method: Method, reason: Reason, words: &str, took: Option<Duration>, ends: bool) {
        self.set(method, Outcome::Failed(reason), took);
        if let Some(partial) = &mut self.node.state.borrow_mut().partial {
            partial.error.get_or_insert_with(|| words.to_owned());
            let rest = if ends { method as usize + 1..Method::COUNT } else { 0..0 };
            for (outcome, _) in &mut partial.methods[rest] {
                *outcome = Outcome::Failed(reason);
            }
        }
    }

    fn pause(&mut self, method: Method) {
        let timeout = self.fleet.config.timeouts[method as usize];
        let pause = &mut self.pauses[method as usize];
        let length = timeout
            .saturating_mul(1 << pause.timeouts.min(8))
            .min(MAX_PAUSE.max(timeout));
        pause.timeouts += 1;
        pause.until = Some(Instant::now() + length);
    }

    /// Asks for one thing, and once more after a 401 if the cookie file has other credentials by now.
    async fn ask(&mut self, method: Method) -> Result<(), Failure> {
        let deadline = Instant::now() + self.fleet.config.timeouts[method as usize];
        loop {
            let result = timeout_at(deadline, self.call(method)).await.unwrap_or_else(|_| {
                // Nobody waits for the reply any more.
                self.client.close_async();
                Err(Failure {
                    reason: Reason::Timeout,
                    is_unknown: false,
                    words: format!("{}: no reply in time", method.name()),
                })
            });
            match result {
                Err(failure) if failure.reason == Reason::Unauthorized => {
                    if !self.read_cookie() {
                        let words = self.no_cookie.clone().unwrap_or(failure.words);
                        return Err(Failure { words, ..failure });
                    }
                    info!(
                        node = self.node.config.name,
                        "the node has other credentials, read the cookie file again"
                    );
                }
                other => return other,
            }
        }
    }

    /// Reads the cookie file; tells whether there are other credentials in it than before.
    fn read_cookie(&mut self) -> bool {
        let Some(file) = &self.node.config.cookie_file else {
            return false;
        };
        let bare = self.node.config.endpoint.as_endpoint();
        let read = || -> Result<(String, EndpointBuf<String>), String> {
            let cookie = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
            let endpoint = bare.with_cookie(&cookie).map_err(|error| error.to_string())?;
            let endpoint = endpoint.to_buf().map_err(|error| error.to_string())?;
            Ok((cookie, endpoint))
        };
        match read() {
            Ok((cookie, endpoint)) => {
                *self.client.endpoint_mut() = endpoint;
                self.no_cookie = None;
                let cookie = Some(cookie);
                let is_other = self.cookie != cookie;
                self.cookie = cookie;
                is_other
            }
            Err(error) => {
                self.no_cookie = Some(one_line(&format_args!("cookie file {}: {error}", file.display()), 200));
                false
            }
        }
    }

    /// Makes one call, and puts what came into the poll.
    async fn call(&mut self, method: Method) -> Result<(), Failure> {
        let client = &mut self.client;
        let put = |put: &mut dyn FnMut(&mut Snapshot)| {
            if let Some(partial) = &mut self.node.state.borrow_mut().partial {
                put(partial);
            }
        };
        let result = match method {
            Method::GetConnectionCount => {
                let result = client.call_async(&GetConnectionCount).await;
                result.map(|count| put(&mut |poll| poll.connections = Some(count)))
            }
            Method::GetNetTotals => {
                let (before, at) = (SystemTime::now(), Instant::now());
                let result = client.call_async(&GetNetTotals).await;
                result.map(|reply| {
                    let middle = unix_millis(before).saturating_add(millis(at.elapsed()) / 2);
                    let node = i64::try_from(reply.time_millis).unwrap_or(i64::MAX);
                    let skew = node.saturating_sub(middle);
                    put(&mut |poll| poll.totals = Some(Totals { reply, at, skew }));
                })
            }
            Method::GetNodeStatusInfo => {
                let result = client.call_async(&GetNodeStatusInfo).await;
                result.map(|status| put(&mut |poll| poll.status = Some(status)))
            }
            Method::GetAddedNodeInfo => {
                let result = added_nodes(client).await;
                result.map(|added| put(&mut |poll| poll.added = Some(added)))
            }
            Method::ListBanned => {
                let result = bans(client).await;
                result.map(|bans| put(&mut |poll| poll.bans = Some(bans)))
            }
            Method::GetNetworkInfo => {
                let result = client.call_async(&GetNetworkInfo).await;
                let result = result.map(|info| NetworkState::new(&info));
                result.map(|state| put(&mut |poll| poll.network = Some(state.clone())))
            }
            Method::GetPeerInfo => {
                let mut now = unix_millis(SystemTime::now());
                put(&mut |poll| now = now.saturating_add(poll.totals.as_ref().map_or(0, |totals| totals.skew)));
                let now = u64::try_from(now / 1000).unwrap_or_default();
                let mut peers = PeersBuilder::new(now, self.fleet.with_messages);
                let result = list_peers(client, &mut peers).await;
                let mut peers = Some(peers.build()).filter(|_| result.is_ok());
                put(&mut |poll| poll.peers = peers.take());
                result
            }
        };
        result.map_err(|error| self.failure(&error))
    }

    fn failure(&mut self, error: &Error<io::Error>) -> Failure {
        let words = one_line(&self.client.explain(error), 200);
        let reason = match error {
            Error::Connect(_) => self.client.stream_mut().stage,
            Error::Call(error) => Reason::of(error),
            Error::Request(_) => Reason::Malformed,
            _ => Reason::Closed,
        };
        let is_unknown = matches!(error, Error::Call(error) if error.code() == Some(Code::METHOD_NOT_FOUND));
        Failure {
            reason,
            is_unknown,
            words,
        }
    }

    /// Tells when a node goes down or comes back, once each.
    fn log(&self, before: Option<&Snapshot>) {
        let Some(snapshot) = self.node.snapshot() else {
            return;
        };
        let node = &*self.node.config.name;
        match (before.map(Snapshot::down), snapshot.down()) {
            (Some(before), now) if before == now => {}
            (_, Some(reason)) => warn!(
                node,
                reason = reason.name(),
                "down: {}",
                snapshot.error.as_deref().unwrap_or_default()
            ),
            (None, None) => info!(node, "up"),
            (Some(_), None) => info!(node, "up again"),
        }
    }
}

type NodeClient = Client<EndpointBuf<String>, Socket, Growing>;

async fn added_nodes(client: &mut NodeClient) -> Result<AddedNodes, Error<io::Error>> {
    let mut added = AddedNodes::default();
    let mut nodes = client.list_async(&GetAddedNodeInfo { node: None })?;
    while let Some(node) = nodes.next_async().await? {
        added.total += 1;
        added.connected += u64::from(node.is_ok_and(|node| node.connected));
    }
    Ok(added)
}

async fn bans(client: &mut NodeClient) -> Result<[u64; BAN_REASONS.len()], Error<io::Error>> {
    let mut counts = [0; BAN_REASONS.len()];
    let mut bans = client.list_async(&ListBanned)?;
    while let Some(ban) = bans.next_async().await? {
        let reason = ban.ok().and_then(|ban| ban.ban_reason);
        let known = BAN_REASONS
            .iter()
            .position(|name| reason.is_some_and(|reason| reason == *name));
        counts[known.unwrap_or(BAN_REASONS.len() - 1)] += 1;
    }
    Ok(counts)
}

async fn list_peers(client: &mut NodeClient, builder: &mut PeersBuilder) -> Result<(), Error<io::Error>> {
    let mut peers = client.list_async(&GetPeerInfo)?;
    while let Some(peer) = peers.next_async().await? {
        match peer {
            Ok(peer) => builder.add(&peer),
            Err(_) => builder.unreadable(),
        }
    }
    Ok(())
}

fn unix_millis(time: SystemTime) -> i64 {
    time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, millis)
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
