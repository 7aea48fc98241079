//! What is known of a node: data that screen, page and endpoints share.

use std::cell::{Cell, RefCell};
use std::collections::{HashSet, VecDeque};
use std::fmt::{self, Write as _};
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use defichain_net_rpc::network::{NetTotals, NetworkInfo, NodeStatusInfo, PeerInfo};
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use crate::config::{Config, NodeConfig};
use crate::findings::{Finding, findings};
use crate::poll::{Method, Reason};

/// A node, and what is known of it.
pub(crate) struct Node {
    pub(crate) config: NodeConfig,
    pub(crate) state: RefCell<State>,
    /// Polls that have failed, by reason.
    pub(crate) errors: [Cell<u64>; Reason::ALL.len()],
    /// Wakes the task that polls the node.
    pub(crate) wanted: Notify,
    /// How many polls have ended.
    pub(crate) polls: watch::Sender<u64>,
    /// When a scrape last asked for a poll, and how long after the one before.
    pub(crate) scraped: Cell<Option<(Instant, Duration)>>,
}

/// What changes with each poll.
#[derive(Default)]
pub(crate) struct State {
    /// The last poll that has ended.
    pub(crate) snapshot: Option<Rc<Snapshot>>,
    /// The one that is under way.
    pub(crate) partial: Option<Snapshot>,
    pub(crate) last_success: Option<SystemTime>,
    pub(crate) history: History,
    /// What is wrong with the node, and since when.
    pub(crate) findings: Vec<(Finding, SystemTime)>,
    /// Bytes received and sent as last told, to notice a restart.
    totals: Option<(u64, u64)>,
    /// The highest peer id plus one since the node started.
    connections: Option<u64>,
    /// The height of the best block of the peers, and when it last changed.
    pub(crate) height: Option<(i32, Instant)>,
}

impl Node {
    pub(crate) fn new(config: NodeConfig) -> Self {
        Self {
            config,
            state: RefCell::default(),
            errors: [const { Cell::new(0) }; Reason::ALL.len()],
            wanted: Notify::new(),
            polls: watch::Sender::new(0),
            scraped: Cell::new(None),
        }
    }

    pub(crate) fn snapshot(&self) -> Option<Rc<Snapshot>> {
        self.state.borrow().snapshot.clone()
    }

    /// Takes the poll that has ended.
    pub(crate) fn finish(&self) {
        let mut state = self.state.borrow_mut();
        let state = &mut *state;
        let Some(mut snapshot) = state.partial.take() else {
            return;
        };
        snapshot.finished = Some(Instant::now());
        state.follow(&mut snapshot);
        let now = snapshot.started;
        let found = findings(&snapshot, state);
        let before = std::mem::take(&mut state.findings);
        let since = |finding: &Finding| before.iter().find(|(old, _)| old.name == finding.name).map(|old| old.1);
        state.findings = found
            .into_iter()
            .map(|finding| {
                let since = since(&finding).unwrap_or(now);
                (finding, since)
            })
            .collect();
        state.snapshot = Some(Rc::new(snapshot));
        self.polls.send_modify(|polls| *polls += 1);
    }
}

impl State {
    /// Works out what depends on the polls before.
    fn follow(&mut self, snapshot: &mut Snapshot) {
        let up = snapshot.is_up();
        if up {
            self.last_success = Some(snapshot.started);
        } else {
            // How long it stands still counts from when the node is back.
            self.height = None;
        }
        let mut sample = Sample {
            up: u16::from(up),
            ..Sample::default()
        };
        if let Some(totals) = &snapshot.totals {
            let now = (totals.reply.total_bytes_recv, totals.reply.total_bytes_sent);
            if let Some(before) = self.totals {
                if now.0 < before.0 || now.1 < before.1 {
                    // It has started again, and counts its peers from 0.
                    self.connections = None;
                } else if let Some(old) = self.snapshot.as_ref().and_then(|old| old.totals.as_ref()) {
                    let over = totals.at.saturating_duration_since(old.at);
                    (sample.received, sample.sent) = (now.0 - before.0, now.1 - before.1);
                    sample.over = u32::try_from(over.as_millis()).unwrap_or(u32::MAX);
                    snapshot.rates = rate(sample.received, over).zip(rate(sample.sent, over));
                }
            }
            self.totals = Some(now);
        }
        if let Some(peers) = &mut snapshot.peers {
            let seen = peers.highest_id.map(|id| id.saturating_add(1));
            self.connections = self.connections.max(seen).or(Some(0));
            peers.connections = self.connections.unwrap_or_default();
            let count = |direction| u32::try_from(peers.count(direction)).unwrap_or(u32::MAX);
            sample.peers = Some((count(Direction::Inbound), count(Direction::Outbound)));
            let ping = peers.median_ping();
            sample.ping = ping.map(|ping| u32::try_from(ping.as_millis()).unwrap_or(u32::MAX));
            sample.connections = peers.connections;
            if self.height.map(|height| height.0) != peers.synced_blocks {
                self.height = peers.synced_blocks.map(|height| (height, Instant::now()));
            }
            if let Some(old) = self.snapshot.as_ref().and_then(|old| old.peers.as_ref()) {
                peers.follow(old);
            }
        }
        self.history.push(snapshot.started, sample);
    }
}

/// Bytes a second.
fn rate(bytes: u64, over: Duration) -> Option<u64> {
    let rate = u128::from(bytes) * 1000 / over.as_millis().max(1);
    (over >= Duration::from_millis(200)).then(|| u64::try_from(rate).unwrap_or(u64::MAX))
}

/// What became of a method in a poll.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was not asked, or not yet.
    #[default]
    NotAsked,
    Answered,
    /// The node does not know the method.
    Unknown,
    Failed(Reason),
}

/// One poll of a node.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub(crate) started: SystemTime,
    pub(crate) finished: Option<Instant>,
    /// By method, and how long it took.
    pub(crate) methods: [(Outcome, Option<Duration>); Method::COUNT],
    /// The first error, for people: one line that has no control characters.
    pub(crate) error: Option<String>,
    pub(crate) connections: Option<u64>,
    pub(crate) totals: Option<Totals>,
    pub(crate) status: Option<NodeStatusInfo>,
    pub(crate) added: Option<AddedNodes>,
    pub(crate) bans: Option<[u64; BAN_REASONS.len()]>,
    pub(crate) network: Option<NetworkState>,
    pub(crate) peers: Option<Peers>,
    /// Bytes received and sent a second since the poll before.
    pub(crate) rates: Option<(u64, u64)>,
}

impl Snapshot {
    pub(crate) fn begin() -> Self {
        Self {
            started: SystemTime::now(),
            finished: None,
            methods: [(Outcome::NotAsked, None); Method::COUNT],
            error: None,
            connections: None,
            totals: None,
            status: None,
            added: None,
            bans: None,
            network: None,
            peers: None,
            rates: None,
        }
    }

    /// Whether the node has answered anything.
    pub(crate) fn is_up(&self) -> bool {
        self.methods.iter().any(|method| method.0 == Outcome::Answered)
    }

    /// Why it has not, if it has not.
    pub(crate) fn down(&self) -> Option<Reason> {
        let first = self.methods.iter().find_map(|method| match method.0 {
            Outcome::Failed(reason) => Some(reason),
            _ => None,
        });
        if self.is_up() { None } else { first }
    }

    /// How long the quickest method took, which is nearest to what the way takes.
    pub(crate) fn quickest(&self) -> Option<Duration> {
        let answered = self.methods.iter().filter(|method| method.0 == Outcome::Answered);
        answered.filter_map(|method| method.1).min()
    }
}

/// The reply to `getnettotals`.
#[derive(Clone)]
pub(crate) struct Totals {
    pub(crate) reply: NetTotals,
    pub(crate) at: Instant,
    /// How far the node's clock is ahead of this one's, in milliseconds, by the middle of the call.
    pub(crate) skew: i64,
}

/// The nodes of `getaddednodeinfo`.
#[derive(Clone, Copy, Default)]
pub(crate) struct AddedNodes {
    pub(crate) total: u64,
    pub(crate) connected: u64,
}

/// The node's words for why it bans.
pub(crate) const BAN_REASONS: [&str; 3] = ["node misbehaving", "manually added", "unknown"];

/// The reply to `getnetworkinfo`.
#[derive(Clone)]
pub(crate) struct NetworkState {
    pub(crate) version: i32,
    pub(crate) subversion: Box<str>,
    pub(crate) protocol_version: i32,
    pub(crate) network_active: Option<bool>,
    /// Of `Network::ALL`, those that the node knows.
    pub(crate) reachable: [Option<bool>; 3],
    pub(crate) local_addresses: u64,
    pub(crate) time_offset: i64,
    /// In 10^-8 DFI per kB.
    pub(crate) relay_fee: i64,
    /// Joined, and shortened.
    pub(crate) warnings: Box<str>,
}

impl NetworkState {
    pub(crate) fn new(info: &NetworkInfo<&str>) -> Self {
        let mut reachable = [None; 3];
        for network in &info.networks {
            if let Some(index) = Network::NAMES.iter().take(3).position(|name| network.name == *name) {
                reachable[index] = Some(network.reachable);
            }
        }
        Self {
            version: info.version,
            subversion: one_line(&info.subversion, 64).into(),
            protocol_version: info.protocol_version,
            network_active: info.network_active,
            reachable,
            local_addresses: info.local_addresses.iter().count() as u64,
            time_offset: info.time_offset,
            relay_fee: info.relay_fee.units(),
            warnings: one_line(&info.warnings, 200).into(),
        }
    }

    /// The release as people write it: 4020500 is 4.2.5.
    pub(crate) fn release(&self) -> String {
        let Ok(version) = u32::try_from(self.version) else {
            return self.version.to_string();
        };
        let (number, build) = (version / 100, version % 100);
        let mut text = format!("{}.{}.{}", number / 10_000, number / 100 % 100, number % 100);
        if build != 0 {
            _ = write!(text, ".{build}");
        }
        text
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Inbound,
    Outbound,
}

impl Direction {
    pub(crate) const ALL: [Self; 2] = [Self::Inbound, Self::Outbound];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
        }
    }
}

/// The networks of the node, and all else, such as host names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Network {
    Ipv4,
    Ipv6,
    Onion,
    Other,
}

impl Network {
    pub(crate) const NAMES: [&str; 4] = ["ipv4", "ipv6", "onion", "other"];

    pub(crate) const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The network of an address as the node prints it, and the group that it belongs to: /16 of IPv4, /32 of IPv6, and one
    /// for each of the others, as addresses there cost nothing.
    fn of(address: &str, socket: Option<SocketAddr>) -> (Self, Group) {
        match socket.map(|socket| socket.ip().to_canonical()) {
            Some(IpAddr::V4(address)) => {
                let [a, b, ..] = address.octets();
                (Self::Ipv4, Group(Self::Ipv4 as u8, u32::from_be_bytes([0, 0, a, b])))
            }
            Some(IpAddr::V6(address)) => {
                let [a, b, ..] = address.segments();
                (Self::Ipv6, Group(Self::Ipv6 as u8, u32::from(a) << 16 | u32::from(b)))
            }
            // Link-local, with a zone.
            None if address.starts_with("[fe80:") => (Self::Ipv6, Group(Self::Ipv6 as u8, 0xfe80_0000)),
            None if address.contains(".onion") => (Self::Onion, Group(Self::Onion as u8, 0)),
            None => (Self::Other, Group(Self::Other as u8, 0)),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Group(u8, u32);

/// Seconds of a ping, as buckets of the histogram; a last one has all that are longer.
pub(crate) const PING_BUCKETS: [(&str, Duration); 8] = [
    ("0.01", Duration::from_millis(10)),
    ("0.025", Duration::from_millis(25)),
    ("0.05", Duration::from_millis(50)),
    ("0.1", Duration::from_millis(100)),
    ("0.25", Duration::from_millis(250)),
    ("0.5", Duration::from_millis(500)),
    ("1.0", Duration::from_secs(1)),
    ("2.5", Duration::from_millis(2500)),
];

/// Kinds of messages as the node names them; it counts the rest as the last one.
pub(crate) const MESSAGES: [&str; 27] = [
    "version",
    "verack",
    "addr",
    "inv",
    "getdata",
    "merkleblock",
    "getblocks",
    "getheaders",
    "tx",
    "headers",
    "block",
    "getaddr",
    "mempool",
    "ping",
    "pong",
    "notfound",
    "filterload",
    "filteradd",
    "filterclear",
    "reject",
    "sendheaders",
    "feefilter",
    "sendcmpct",
    "cmpctblock",
    "getblocktxn",
    "blocktxn",
    "*other*",
];

/// Bytes received and sent, by kind of message.
pub(crate) type MessageBytes = [[u64; MESSAGES.len()]; 2];

/// How many peers are kept to be shown. All are counted.
const KEPT: usize = 10_000;
/// How many groups of addresses are told apart.
const GROUPS: usize = 1 << 16;
/// After how long a waiting ping is overdue.
const PING_OVERDUE: Duration = Duration::from_secs(30);
/// After how many seconds a peer that sends nothing is silent.
const SILENT: u64 = 300;

/// The reply to `getpeerinfo`: what is counted over all peers, and the peers.
#[derive(Clone, Default)]
pub(crate) struct Peers {
    /// When the list began.
    at: Option<Instant>,
    /// By direction and network.
    pub(crate) counts: [[u64; 4]; 2],
    pub(crate) unreadable: u64,
    highest_id: Option<u64>,
    /// How many connections there have been since the node started.
    pub(crate) connections: u64,
    /// Pings by bucket, not yet cumulative.
    pub(crate) pings: [u64; PING_BUCKETS.len() + 1],
    /// In microseconds.
    pub(crate) ping_sum: u64,
    pub(crate) ping_overdue: u64,
    pub(crate) silent: u64,
    pub(crate) misbehaving: u64,
    pub(crate) relaying: u64,
    /// By direction.
    pub(crate) groups: [u64; 2],
    pub(crate) synced_blocks: Option<i32>,
    pub(crate) synced_headers: Option<i32>,
    pub(crate) in_flight: u64,
    pub(crate) rate_limited: u64,
    pub(crate) messages: MessageBytes,
    /// In the order of their ids.
    pub(crate) list: Vec<Peer>,
}

/// Builds `Peers` one by one.
pub(crate) struct PeersBuilder {
    peers: Peers,
    groups: [HashSet<Group>; 2],
    /// The node's clock, in seconds.
    now: u64,
    with_messages: bool,
}

impl PeersBuilder {
    pub(crate) fn new(now: u64, with_messages: bool) -> Self {
        Self {
            peers: Peers {
                at: Some(Instant::now()),
                ..Peers::default()
            },
            groups: Default::default(),
            now,
            with_messages,
        }
    }

    pub(crate) fn unreadable(&mut self) {
        self.peers.unreadable += 1;
    }

    pub(crate) fn add(&mut self, info: &PeerInfo<&str>) {
        let direction = if info.inbound {
            Direction::Inbound
        } else {
            Direction::Outbound
        };
        let address = one_line(&info.addr, 64);
        let (network, group) = Network::of(&address, info.addr.socket_addr());
        let peers = &mut self.peers;
        peers.counts[direction as usize][network as usize] += 1;
        let groups = &mut self.groups[direction as usize];
        if groups.len() < GROUPS {
            groups.insert(group);
        }
        peers.highest_id = peers.highest_id.max(Some(info.id));
        if let Some(ping) = info.ping_time {
            let longer = PING_BUCKETS.iter().take_while(|bucket| ping > bucket.1);
            peers.pings[longer.count()] += 1;
            peers.ping_sum = peers.ping_sum.saturating_add(micros(ping));
        }
        peers.ping_overdue += u64::from(info.ping_wait.is_some_and(|wait| wait > PING_OVERDUE));
        // One that has just connected may not have sent anything yet.
        let heard = info.last_recv.max(info.conn_time).as_secs();
        peers.silent += u64::from(self.now.saturating_sub(heard) > SILENT);
        peers.misbehaving += u64::from(info.ban_score.is_some_and(|score| score > 0));
        peers.relaying += u64::from(info.relay_txes);
        // -1 is none.
        let height = |height: Option<i32>| height.filter(|height| *height >= 0);
        peers.synced_blocks = peers.synced_blocks.max(height(info.synced_blocks));
        peers.synced_headers = peers.synced_headers.max(height(info.synced_headers));
        let in_flight = info.inflight.as_ref().map_or(0, |heights| heights.iter().count()) as u64;
        peers.in_flight = peers.in_flight.saturating_add(in_flight);
        peers.rate_limited = peers.rate_limited.saturating_add(info.addr_rate_limited.unwrap_or(0));
        let messages = self.with_messages.then(|| Box::new(messages(info)));
        if let Some(messages) = &messages {
            for (sum, bytes) in peers.messages.iter_mut().flatten().zip(messages.iter().flatten()) {
                *sum = sum.saturating_add(*bytes);
            }
        }
        if peers.list.len() < KEPT {
            peers.list.push(Peer {
                id: info.id,
                address: address.into(),
                network,
                direction,
                subver: one_line(&info.subver, 64).into(),
                version: info.version,
                connected: info.conn_time.as_secs(),
                sent: info.last_send.as_secs(),
                received: info.last_recv.as_secs(),
                bytes_sent: info.bytes_sent,
                bytes_received: info.bytes_recv,
                ping: info.ping_time,
                min_ping: info.min_ping,
                ping_wait: info.ping_wait,
                synced_blocks: height(info.synced_blocks),
                in_flight,
                ban_score: info.ban_score,
                addresses: info.addr_processed,
                addresses_limited: info.addr_rate_limited,
                rates: None,
                messages,
            });
        }
    }

    pub(crate) fn build(mut self) -> Peers {
        self.peers.groups = self.groups.map(|groups| groups.len() as u64);
        self.peers.list.sort_by_key(|peer| peer.id);
        self.peers.list.shrink_to_fit();
        self.peers
    }
}

fn messages(info: &PeerInfo<&str>) -> MessageBytes {
    let mut bytes = MessageBytes::default();
    for (direction, map) in [&info.bytes_recv_per_msg, &info.bytes_sent_per_msg]
        .into_iter()
        .enumerate()
    {
        for (kind, count) in map {
            let index = MESSAGES
                .iter()
                .position(|name| kind == *name)
                .unwrap_or(MESSAGES.len() - 1);
            let sum = &mut bytes[direction][index];
            *sum = sum.saturating_add(count);
        }
    }
    bytes
}

pub(crate) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

impl Peers {
    pub(crate) fn count(&self, direction: Direction) -> u64 {
        self.counts[direction as usize].iter().sum()
    }

    pub(crate) fn total(&self) -> u64 {
        self.counts.iter().flatten().sum()
    }

    pub(crate) fn median_ping(&self) -> Option<Duration> {
        let mut pings: Vec<Duration> = self.list.iter().filter_map(|peer| peer.ping).collect();
        let middle = pings.len() / 2;
        (!pings.is_empty()).then(|| *pings.select_nth_unstable(middle).1)
    }

    /// How many blocks the node is behind the headers that its peers have.
    pub(crate) fn lag(&self) -> Option<i64> {
        Some(i64::from(self.synced_headers?) - i64::from(self.synced_blocks?))
    }

    /// Works out what each peer has sent and received since the poll before.
    fn follow(&mut self, old: &Self) {
        let (Some(at), Some(before)) = (self.at, old.at) else {
            return;
        };
        let over = at.saturating_duration_since(before);
        for peer in &mut self.list {
            let Ok(index) = old.list.binary_search_by_key(&peer.id, |peer| peer.id) else {
                continue;
            };
            let before = &old.list[index];
            if before.connected == peer.connected {
                let received = peer.bytes_received.checked_sub(before.bytes_received);
                let sent = peer.bytes_sent.checked_sub(before.bytes_sent);
                let received = received.and_then(|bytes| rate(bytes, over));
                peer.rates = received.zip(sent.and_then(|bytes| rate(bytes, over)));
            }
        }
    }
}

/// A peer, as page and screen show it.
#[derive(Clone)]
pub(crate) struct Peer {
    pub(crate) id: u64,
    pub(crate) address: Box<str>,
    pub(crate) network: Network,
    pub(crate) direction: Direction,
    pub(crate) subver: Box<str>,
    pub(crate) version: i32,
    /// By the node's clock, as the next two.
    pub(crate) connected: u64,
    pub(crate) sent: u64,
    pub(crate) received: u64,
    pub(crate) bytes_sent: u64,
    pub(crate) bytes_received: u64,
    pub(crate) ping: Option<Duration>,
    pub(crate) min_ping: Option<Duration>,
    pub(crate) ping_wait: Option<Duration>,
    pub(crate) synced_blocks: Option<i32>,
    pub(crate) in_flight: u64,
    pub(crate) ban_score: Option<i32>,
    pub(crate) addresses: Option<u64>,
    pub(crate) addresses_limited: Option<u64>,
    /// Bytes received and sent a second since the poll before.
    pub(crate) rates: Option<(u64, u64)>,
    pub(crate) messages: Option<Box<MessageBytes>>,
}

impl Peer {
    /// How long the ping has been waiting, if that is too long.
    pub(crate) fn overdue(&self) -> Option<Duration> {
        self.ping_wait.filter(|wait| *wait > PING_OVERDUE)
    }
}

/// A node over the last hours, minute by minute.
#[derive(Default)]
pub(crate) struct History(VecDeque<(u32, Sample)>);

/// How many minutes are kept.
pub(crate) const MINUTES: u32 = 360;

/// A minute: sums of what was counted, the last of what was measured. There are many of them, so they are small.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sample {
    /// Polls that the node answered.
    pub(crate) up: u16,
    /// Milliseconds in which the bytes came and went.
    over: u32,
    received: u64,
    sent: u64,
    /// Inbound and outbound.
    pub(crate) peers: Option<(u32, u32)>,
    /// In milliseconds.
    pub(crate) ping: Option<u32>,
    /// 0 if it is not known.
    connections: u64,
}

impl Sample {
    /// Bytes received and sent a second.
    pub(crate) fn rates(&self) -> Option<(u64, u64)> {
        let over = Duration::from_millis(self.over.into());
        rate(self.received, over).zip(rate(self.sent, over))
    }
}

impl History {
    fn push(&mut self, at: SystemTime, sample: Sample) {
        let minute = unix_minute(at);
        if let Some((last, sum)) = self.0.back_mut()
            && *last == minute
        {
            sum.up = sum.up.saturating_add(sample.up);
            sum.received = sum.received.saturating_add(sample.received);
            sum.sent = sum.sent.saturating_add(sample.sent);
            sum.over = sum.over.saturating_add(sample.over);
            sum.peers = sample.peers.or(sum.peers);
            sum.ping = sample.ping.or(sum.ping);
            if sample.connections > 0 {
                sum.connections = sample.connections;
            }
            return;
        }
        // The clock may have been put back.
        self.0.retain(|(old, _)| *old < minute && old + MINUTES > minute);
        self.0.push_back((minute, sample));
    }

    /// The minutes up to now, oldest first; `None` where the node was not polled.
    pub(crate) fn minutes(&self, now: SystemTime, count: u32) -> Vec<Option<Sample>> {
        let last = unix_minute(now);
        let mut minutes = vec![None; usize::try_from(count).unwrap_or_default()];
        for (minute, sample) in &self.0 {
            let age = last.checked_sub(*minute).and_then(|age| usize::try_from(age).ok());
            if let Some(index) = age.and_then(|age| minutes.len().checked_sub(age + 1)) {
                minutes[index] = Some(*sample);
            }
        }
        minutes
    }

    /// Connections to the node within the last hour, or since it is watched, as connections an hour.
    pub(crate) fn connections_per_hour(&self, now: SystemTime) -> Option<u64> {
        let minutes = self.minutes(now, 60);
        let mut counts = minutes.iter().enumerate().filter_map(|(minute, sample)| {
            let connections = sample.as_ref()?.connections;
            (connections > 0).then_some((minute, connections))
        });
        let first = counts.next()?;
        let last = counts.next_back()?;
        let over = u64::try_from(last.0 - first.0).unwrap_or(1).max(1);
        Some(last.1.checked_sub(first.1)?.saturating_mul(60) / over)
    }
}

/// All nodes, and what concerns them together.
pub(crate) struct Fleet {
    pub(crate) config: Config,
    pub(crate) nodes: Vec<Rc<Node>>,
    pub(crate) started: SystemTime,
    /// When a poll last ended.
    pub(crate) polled: Cell<Instant>,
    /// Whether bytes by kind of message are kept.
    pub(crate) with_messages: bool,
}

impl Fleet {
    pub(crate) fn new(mut config: Config, has_screen: bool) -> Self {
        let nodes = std::mem::take(&mut config.nodes);
        Self {
            with_messages: config.message_bytes || has_screen,
            config,
            nodes: nodes.into_iter().map(|node| Rc::new(Node::new(node))).collect(),
            started: SystemTime::now(),
            polled: Cell::new(Instant::now()),
        }
    }

    pub(crate) fn node(&self, name: &str) -> Option<&Rc<Node>> {
        self.nodes.iter().find(|node| node.config.name == name)
    }
}

fn unix_minute(time: SystemTime) -> u32 {
    u32::try_from(unix_seconds(time) / 60).unwrap_or(u32::MAX)
}

pub(crate) fn unix_seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// A text of the node as one short line without control characters, which terminals obey, and without those that turn the
/// direction of writing.
pub(crate) fn one_line(text: &impl fmt::Display, max: usize) -> String {
    let mut line = Line {
        text: String::new(),
        left: max,
    };
    // An error is the end of what fits.
    _ = write!(line, "{text}");
    line.text
}

struct Line {
    text: String,
    left: usize,
}

impl fmt::Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
            let is_safe = !c.is_control()
                && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
            self.text.push(if is_safe { c } else { ' ' });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(60 * minute + 7)
    }

    #[test]
    fn a_minute_sums_what_was_counted() {
        let mut history = History::default();
        let sample = |received, connections| Sample {
            up: 1,
            over: 10_000,
            received,
            connections,
            ..Sample::default()
        };
        for (minute, received, connections) in [(1000, 5000, 10), (1000, 15_000, 12), (1002, 0, 0), (1003, 30_000, 18)]
        {
            history.push(at(minute), sample(received, connections));
        }
        let minutes = history.minutes(at(1003), 5);
        let received: Vec<_> = minutes
            .iter()
            .map(|minute| minute.map(|minute| minute.rates().unwrap().0))
            .collect();
        assert_eq!(received, [None, Some(1000), None, Some(0), Some(3000)]);
        // 6 in 3 minutes.
        assert_eq!(history.connections_per_hour(at(1003)), Some(120));

        // The clock is put back: what was later is not kept.
        history.push(at(1001), sample(0, 3));
        assert_eq!(
            history.0.iter().map(|minute| minute.0).collect::<Vec<_>>(),
            [1000, 1001]
        );
        assert_eq!(history.connections_per_hour(at(1001)), None);
        history.push(at(1001 + u64::from(MINUTES)), sample(0, 3));
        assert_eq!(history.0.len(), 1);
        assert!(size_of::<(u32, Sample)>() <= 64);
    }

    #[test]
    fn networks_and_groups() {
        for (address, network) in [
            ("198.51.100.7:8555", Network::Ipv4),
            ("[::ffff:198.51.100.7]:8555", Network::Ipv4),
            ("[2001:db8::1]:8555", Network::Ipv6),
            ("[fe80::1%eth0]:8555", Network::Ipv6),
            ("expyuzz4wqqyqhjn.onion:8555", Network::Onion),
            ("seed.example:8555", Network::Other),
            ("", Network::Other),
        ] {
            assert_eq!(Network::of(address, address.parse().ok()).0, network, "{address}");
        }
        let group = |address: &str| Network::of(address, address.parse().ok()).1;
        assert!(group("10.1.2.3:1") == group("10.1.200.3:2"));
        assert!(group("10.1.2.3:1") != group("10.2.2.3:1"));
        assert!(group("[2001:db8:1::1]:1") == group("[2001:db8:2::1]:1"));
        assert!(group("[2001:db8::1]:1") != group("[2001:db9::1]:1"));
    }

    #[test]
    fn a_text_of_the_node_is_one_harmless_line() {
        let text = "a\u{1b}[31m\r\n\u{202e}b\u{0}\u{85}";
        assert_eq!(one_line(&text, 64), "a [31m   b  ");
        assert_eq!(one_line(&"äöü", 2), "äö");
    }
}
