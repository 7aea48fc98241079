//! The metrics of a node, and those of this process.

use std::fs;
use std::time::{Duration, SystemTime};

use crate::exposition::{Decimal, Exposition, Format, Kind};
use crate::poll::{Method, Reason};
use crate::state::{BAN_REASONS, Direction, Fleet, MESSAGES, Network, Outcome, PING_BUCKETS, Peers, Snapshot, micros};

fn seconds(duration: Duration) -> Decimal {
    Decimal::new(micros(duration), 6)
}

fn timestamp(time: SystemTime) -> Decimal {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Decimal::new(i128::try_from(since.as_millis()).unwrap_or(i128::MAX), 3)
}

/// What a poll of a node has given. Of a node that is down there is not more than that.
pub(crate) fn of_node(
    snapshot: &Snapshot,
    last_success: Option<SystemTime>,
    message_bytes: bool,
    format: Format,
) -> String {
    let mut to = Exposition::new(format);
    let up = snapshot.is_up();
    to.gauge("defichain_up", "Whether the node answered.", Some(u8::from(up)));
    to.gauge(
        "defichain_poll_success_timestamp_seconds",
        "When the node last answered.",
        last_success.map(timestamp),
    );
    let mut family = to.family(
        "defichain_method_up",
        Kind::Gauge,
        "Whether the node answered this method.",
    );
    for (method, (outcome, _)) in Method::ALL.into_iter().zip(snapshot.methods) {
        if outcome != Outcome::Unknown {
            let answered = u8::from(outcome == Outcome::Answered);
            family.sample(&[("method", method.name())], answered);
        }
    }
    let help = "How long the method took, also if it failed.";
    let mut family = to.family("defichain_poll_duration_seconds", Kind::Gauge, help);
    for (method, (_, took)) in Method::ALL.into_iter().zip(snapshot.methods) {
        if let Some(took) = took {
            family.sample(&[("method", method.name())], seconds(took));
        }
    }
    if up {
        network(snapshot, &mut to);
        traffic(snapshot, &mut to);
        if let Some(peers) = &snapshot.peers {
            write_peers(peers, &mut to);
            if message_bytes {
                write_messages(peers, &mut to);
            }
        }
        lists(snapshot, &mut to);
    }
    to.finish()
}

/// getnetworkinfo and getconnectioncount.
fn network(snapshot: &Snapshot, to: &mut Exposition) {
    to.gauge(
        "defichain_connections",
        "Peers that are connected.",
        snapshot.connections,
    );
    let Some(network) = &snapshot.network else {
        return;
    };
    let mut family = to.family(
        "defichain_node",
        Kind::Info,
        "The release of the node and the version of its protocol.",
    );
    let labels = [
        ("version", &*network.release()),
        ("protocol_version", &network.protocol_version.to_string()),
    ];
    family.sample(&labels, 1);
    let warns = u8::from(!network.warnings.is_empty());
    to.gauge(
        "defichain_warning_active",
        "Whether the node warns of something.",
        Some(warns),
    );
    to.gauge(
        "defichain_network_active",
        "Whether the node's network is switched on.",
        network.network_active.map(u8::from),
    );
    let help = "Whether the node can make connections in this network.";
    let mut family = to.family("defichain_network_reachable", Kind::Gauge, help);
    for (name, reachable) in Network::NAMES.into_iter().zip(network.reachable) {
        if let Some(reachable) = reachable {
            family.sample(&[("network", name)], u8::from(reachable));
        }
    }
    to.gauge(
        "defichain_local_addresses",
        "Addresses under which the node thinks it can be reached.",
        Some(network.local_addresses),
    );
    to.gauge(
        "defichain_time_offset_seconds",
        "How far the clocks of the peers are ahead of the node's: the median.",
        Some(network.time_offset),
    );
    to.gauge(
        "defichain_relay_fee_dfi_per_byte",
        "The least fee for transactions to be relayed.",
        // The node tells it in 10^-8 DFI per 1000 bytes.
        Some(Decimal::new(network.relay_fee, 11)),
    );
}

/// getnettotals.
fn traffic(snapshot: &Snapshot, to: &mut Exposition) {
    let Some(totals) = &snapshot.totals else {
        return;
    };
    to.gauge(
        "defichain_clock_skew_seconds",
        "How far the node's clock is ahead of the monitor's.",
        Some(Decimal::new(totals.skew, 3)),
    );
    let totals = &totals.reply;
    let help = "Bytes received from all peers since the node started.";
    to.counter("defichain_network_receive_bytes", help, Some(totals.total_bytes_recv));
    let help = "Bytes sent to all peers since the node started.";
    to.counter("defichain_network_transmit_bytes", help, Some(totals.total_bytes_sent));
    let target = &totals.upload_target;
    let is_limited = target.target > 0;
    to.gauge(
        "defichain_upload_target_bytes",
        "Bytes that the node may send in a cycle; absent without a limit.",
        is_limited.then_some(target.target),
    );
    to.gauge(
        "defichain_upload_target_left_bytes",
        "Bytes that the node may still send in this cycle; absent without a limit.",
        is_limited.then_some(target.bytes_left_in_cycle),
    );
    to.gauge(
        "defichain_upload_target_serves_historical_blocks",
        "Whether the node serves old blocks.",
        Some(u8::from(target.serve_historical_blocks)),
    );
}

/// getpeerinfo.
fn write_peers(peers: &Peers, to: &mut Exposition) {
    let help = "Peers, by who made the connection and by network.";
    let mut family = to.family("defichain_peers", Kind::Gauge, help);
    for direction in Direction::ALL {
        for (network, count) in Network::NAMES.into_iter().zip(peers.counts[direction as usize]) {
            family.sample(&[("direction", direction.name()), ("network", network)], count);
        }
    }
    let unreadable = Some(peers.unreadable);
    to.gauge(
        "defichain_peers_unreadable",
        "Peers that could not be read, which no other metric counts.",
        unreadable,
    );
    let help = "Connections since the node started: the highest peer id plus one.";
    to.counter("defichain_peer_connections", help, Some(peers.connections));
    let mut sum = 0;
    let buckets = PING_BUCKETS.iter().zip(peers.pings).map(|((bound, _), count)| {
        sum += count;
        (*bound, sum)
    });
    let help = "The last pings of the peers that are connected.";
    let mut family = to.family("defichain_peer_ping_seconds", Kind::GaugeHistogram, help);
    family.histogram(buckets, peers.pings.iter().sum(), Decimal::new(peers.ping_sum, 6));
    for (name, help, value) in [
        (
            "defichain_peers_ping_overdue",
            "Peers whose ping has been waiting for over 30 s.",
            peers.ping_overdue,
        ),
        (
            "defichain_peers_silent",
            "Peers from which nothing came for over 5 minutes.",
            peers.silent,
        ),
        (
            "defichain_peers_misbehaving",
            "Peers with a ban score over 0.",
            peers.misbehaving,
        ),
        (
            "defichain_peers_relaying_transactions",
            "Peers that want transactions relayed.",
            peers.relaying,
        ),
    ] {
        to.gauge(name, help, Some(value));
    }
    let help = "Different /16 of IPv4 and /32 of IPv6 among the peers; all onion addresses are one, all names another.";
    let mut family = to.family("defichain_peer_netgroups", Kind::Gauge, help);
    for direction in Direction::ALL {
        family.sample(&[("direction", direction.name())], peers.groups[direction as usize]);
    }
    let help = "The highest block that the node has in common with a peer.";
    to.gauge("defichain_peers_synced_blocks_max", help, peers.synced_blocks);
    let help = "The highest header that the node has in common with a peer.";
    to.gauge("defichain_peers_synced_headers_max", help, peers.synced_headers);
    to.gauge(
        "defichain_blocks_in_flight",
        "Blocks that peers were asked for.",
        Some(peers.in_flight),
    );
    let help = "Addresses from the connected peers that were dropped for coming too fast.";
    to.gauge("defichain_peer_addresses_rate_limited", help, Some(peers.rate_limited));
}

fn write_messages(peers: &Peers, to: &mut Exposition) {
    let help = "Bytes of the peers that are connected, by kind of message.";
    let mut family = to.family("defichain_peers_message_bytes", Kind::Gauge, help);
    for (way, bytes) in ["receive", "transmit"].into_iter().zip(&peers.messages) {
        for (message, bytes) in MESSAGES.into_iter().zip(bytes) {
            family.sample(&[("way", way), ("message", message)], bytes);
        }
    }
}

/// listbanned, getaddednodeinfo and getnodestatusinfo.
fn lists(snapshot: &Snapshot, to: &mut Exposition) {
    if let Some(bans) = snapshot.bans {
        let mut family = to.family("defichain_bans", Kind::Gauge, "Bans that are in force, by reason.");
        for (reason, count) in BAN_REASONS.into_iter().zip(bans) {
            family.sample(&[("reason", reason)], count);
        }
    }
    let added = snapshot.added;
    let help = "Nodes that were added.";
    to.gauge("defichain_added_nodes", help, added.map(|added| added.total));
    let help = "Nodes that were added and are connected.";
    to.gauge(
        "defichain_added_nodes_connected",
        help,
        added.map(|added| added.connected),
    );
    let status = snapshot.status;
    let help = "Whether the node has all blocks that it knows of.";
    to.gauge(
        "defichain_synced_to_tip",
        help,
        status.map(|status| u8::from(status.sync_to_tip)),
    );
    let help = "Whether something came from at least 5 peers within 300 s.";
    to.gauge(
        "defichain_active_peers_sufficient",
        help,
        status.map(|status| u8::from(status.active_peer_nodes)),
    );
}

/// The metrics of this process.
pub(crate) fn of_process(fleet: &Fleet, format: Format) -> String {
    let mut to = Exposition::new(format);
    let mut family = to.family("defichain_net_monitor_build", Kind::Info, "The version of the monitor.");
    family.sample(&[("version", env!("CARGO_PKG_VERSION"))], 1);
    let help = "Nodes that are configured.";
    to.gauge("defichain_configured_nodes", help, Some(fleet.nodes.len()));
    let help = "Methods that have failed, by node and reason.";
    let mut family = to.family("defichain_poll_errors", Kind::Counter, help);
    for node in &fleet.nodes {
        for reason in Reason::ALL {
            let labels = [("node", &*node.config.name), ("reason", reason.name())];
            family.sample(&labels, node.errors[reason as usize].get());
        }
    }
    to.gauge(
        "process_start_time_seconds",
        "When the process started.",
        Some(timestamp(fleet.started)),
    );
    let process = Process::read();
    let help = "Processor time used.";
    to.counter(
        "process_cpu_seconds",
        help,
        process.cpu.map(|ticks| Decimal::new(ticks, 2)),
    );
    to.gauge("process_resident_memory_bytes", "Resident memory.", process.resident);
    to.gauge("process_virtual_memory_bytes", "Virtual memory.", process.virtual_);
    to.gauge("process_open_fds", "File descriptors that are open.", process.open_fds);
    to.gauge("process_max_fds", "File descriptors that may be open.", process.max_fds);
    to.finish()
}

/// What Linux tells of this process; nothing on other systems.
struct Process {
    /// Hundredths of a second, which is what Linux counts in for programs, whatever its own ticks are.
    cpu: Option<u64>,
    resident: Option<u64>,
    virtual_: Option<u64>,
    open_fds: Option<usize>,
    max_fds: Option<u64>,
}

impl Process {
    fn read() -> Self {
        let read = |name: &str| fs::read_to_string(format!("/proc/self/{name}")).unwrap_or_default();
        let stat = read("stat");
        // Behind the name of the program, which may hold anything.
        let mut fields = stat.rsplit(") ").next().unwrap_or_default().split(' ').skip(11);
        let mut ticks = || fields.next()?.parse::<u64>().ok();
        let cpu = ticks().zip(ticks()).map(|(user, system)| user + system);
        let status = read("status");
        let kilobytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            Some(line?.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
        };
        let limits = read("limits");
        let max_fds = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
        Self {
            cpu,
            resident: kilobytes("VmRSS:"),
            virtual_: kilobytes("VmSize:"),
            open_fds: fs::read_dir("/proc/self/fd").ok().map(Iterator::count),
            max_fds: max_fds.and_then(|line| line.split_whitespace().next()?.parse().ok()),
        }
    }
}
