//! Results for a person to read: columns, human units, no more digits than matter.

use std::fmt::Write as _;
use std::time::Duration;

use defichain_net_rpc::network::{
    AddedNodeInfo, Ban, Direction, NetTotals, NetworkInfo, NodeAddress, NodeStatusInfo, PeerInfo, VersionInfo,
};
use defichain_net_rpc::rpc::Items;
use defichain_net_rpc::{Error, UnixTime};

use crate::methods::{Answer, Unread};
use crate::terminal;

/// A table of the peers. `clock` is the node's.
pub(crate) fn peers(peers: Items<'_, PeerInfo<&str>>, clock: UnixTime) -> Answer {
    let titles = [
        "peer", "address", "made", "for", "ping", "received", "sent", "block", "release", "services",
    ];
    let right = [true, false, false, true, true, true, true, true, false, false];
    table(titles, right, "no peers", peers, |peer| {
        let ping = match (peer.ping_time, peer.ping_wait) {
            (Some(time), _) => duration(time),
            (None, Some(wait)) => format!("> {}", duration(wait)),
            (None, None) => String::new(),
        };
        let block = peer.synced_blocks.filter(|height| *height >= 0);
        [
            peer.id.to_string(),
            cut(&peer.addr.to_string(), 47),
            if peer.inbound { "in" } else { "out" }.into(),
            between(peer.conn_time, clock),
            ping,
            bytes(peer.bytes_recv),
            bytes(peer.bytes_sent),
            block.map(|height| height.to_string()).unwrap_or_default(),
            cut(&peer.subver.to_string(), 32),
            peer.services.to_string(),
        ]
    })
}

/// The traffic with all peers.
pub(crate) fn totals(totals: &NetTotals) -> String {
    let target = &totals.upload_target;
    let upload = if target.target == 0 {
        "no limit".into()
    } else {
        format!(
            "{} in {}, of which {} are left for {}",
            bytes(target.target),
            duration(Duration::from_secs(target.time_frame)),
            bytes(target.bytes_left_in_cycle),
            duration(Duration::from_secs(target.time_left_in_cycle)),
        )
    };
    align(
        &[
            ["received".into(), bytes(totals.total_bytes_recv)],
            ["sent".into(), bytes(totals.total_bytes_sent)],
            ["upload limit".into(), upload],
        ],
        [false; 2],
    )
}

/// The state of the node's networking.
pub(crate) fn network(info: &NetworkInfo<&str>) -> String {
    let mut rows = vec![
        ["release".into(), format!("{} ({})", info.subversion, info.version)],
        ["protocol".into(), info.protocol_version.to_string()],
        [
            "network".into(),
            match (info.network_active, info.connections) {
                (Some(true), Some(count)) => format!("on, {count} peers"),
                (Some(true), None) => "on".into(),
                (Some(false), _) => "off".into(),
                (None, _) => "the node has no peer-to-peer part".into(),
            },
        ],
        ["services".into(), info.local_services.unwrap_or_default().to_string()],
        [
            "relays".into(),
            if info.local_relay {
                "transactions and blocks"
            } else {
                "blocks only"
            }
            .into(),
        ],
        ["peers' clocks".into(), format!("{:+} s", info.time_offset)],
        ["relay fee".into(), format!("{} DFI per kB", info.relay_fee)],
        ["incremental fee".into(), format!("{} DFI per kB", info.incremental_fee)],
    ];
    for network in &info.networks {
        let mut text = String::from(if network.reachable {
            "reachable"
        } else {
            "not reachable"
        });
        if network.proxy != "" {
            _ = write!(text, " through {}", network.proxy);
        }
        rows.push([network.name.to_string(), text]);
    }
    for address in &info.local_addresses {
        rows.push([
            "own address".into(),
            format!("{} port {}, score {}", address.address, address.port, address.score),
        ]);
    }
    rows.push([
        "warnings".into(),
        Some(info.warnings.to_string())
            .filter(|warnings| !warnings.is_empty())
            .unwrap_or("none".into()),
    ]);
    align(&rows, [false; 2])
}

/// The versions of everything.
pub(crate) fn versions(info: &VersionInfo<&str>) -> String {
    let bitcoin = &info.spv.btc;
    align(
        &[
            [
                "software".into(),
                format!("{} ({})", info.full_version, info.numeric_version),
            ],
            [
                "protocol".into(),
                format!("{}, down to {}", info.proto_version, info.proto_version_min),
            ],
            [
                "rpc".into(),
                format!("{}, down to {}", info.rpc_version, info.rpc_version_min),
            ],
            [
                "bitcoin".into(),
                format!(
                    "{}, down to {}, as {}",
                    bitcoin.version, bitcoin.min, bitcoin.user_agent
                ),
            ],
        ],
        [false; 2],
    )
}

/// Whether the node is well.
pub(crate) fn status(info: NodeStatusInfo) -> String {
    let well = if info.health_status { "well" } else { "not well" };
    let sync = if info.sync_to_tip { "in sync" } else { "not in sync" };
    let peers = if info.active_peer_nodes { "with" } else { "without" };
    format!("the node is {well}: {sync}, {peers} active peers\n")
}

/// A table of the nodes that were added.
pub(crate) fn added_nodes(nodes: Items<'_, AddedNodeInfo<&str>>) -> Answer {
    table(
        ["added node", "connected"],
        [false; 2],
        "no nodes were added",
        nodes,
        |node| {
            let mut connected = String::from(if node.connected { "" } else { "no" });
            for address in &node.addresses {
                let made = match address.connected {
                    Direction::Inbound => "in",
                    Direction::Outbound => "out",
                };
                _ = write!(connected, "{made} {} ", address.address);
            }
            [cut(&node.added_node.to_string(), 47), connected]
        },
    )
}

/// A table of the bans. `clock` is the node's.
pub(crate) fn bans(bans: Items<'_, Ban<&str>>, clock: UnixTime) -> Answer {
    table(
        ["ban", "for", "left", "reason"],
        [false, true, true, false],
        "no bans",
        bans,
        |ban| {
            [
                ban.address.to_string(),
                between(ban.ban_created, clock),
                between(clock, ban.banned_until),
                ban.ban_reason.map(|reason| reason.to_string()).unwrap_or_default(),
            ]
        },
    )
}

/// A table of addresses of other nodes. `clock` is the node's.
pub(crate) fn node_addresses(addresses: Items<'_, NodeAddress<&str>>, clock: UnixTime) -> Answer {
    let titles = ["known address", "port", "heard of", "services"];
    table(
        titles,
        [false, true, true, false],
        "no addresses are known",
        addresses,
        |address| {
            [
                address.address.to_string(),
                address.port.to_string(),
                format!("{} ago", between(address.time, clock)),
                address.services.0.to_string(),
            ]
        },
    )
}

/// A row for each element that can be read, below a row of titles.
fn table<const N: usize, V>(
    titles: [&str; N],
    right: [bool; N],
    empty: &str,
    elements: impl Iterator<Item = Result<V, Error>>,
    row: impl Fn(V) -> [String; N],
) -> Answer {
    let mut unread = Unread::default();
    let mut rows = vec![titles.map(str::to_owned)];
    rows.extend(unread.leave_out(elements).map(row));
    let text = match (rows.len(), unread.line()) {
        (1, None) => format!("{empty}\n"),
        (1, Some(_)) => String::new(),
        _ => align(&rows, right),
    };
    Answer {
        text,
        wrong: unread.line(),
    }
}

/// Lines with columns of the same width, some of them aligned on the right.
fn align<const N: usize>(rows: &[[String; N]], right: [bool; N]) -> String {
    let rows: Vec<[String; N]> = rows
        .iter()
        .map(|row| row.each_ref().map(|cell| terminal::escape(cell)))
        .collect();
    let mut widths = [0; N];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for ((cell, width), right) in row.iter().zip(widths).zip(right) {
            _ = if right {
                write!(line, "{cell:>width$}  ")
            } else {
                write!(line, "{cell:width$}  ")
            };
        }
        text += line.trim_end();
        text += "\n";
    }
    text
}

fn cut(text: &str, width: usize) -> String {
    match text.char_indices().nth(width) {
        None => text.into(),
        Some(_) => text.chars().take(width - 1).chain(['…']).collect(),
    }
}

fn bytes(count: u64) -> String {
    const UNITS: [(u64, &str); 4] = [
        (1_000_000_000_000, "TB"),
        (1_000_000_000, "GB"),
        (1_000_000, "MB"),
        (1_000, "kB"),
    ];
    match UNITS.into_iter().find(|(unit, _)| count >= *unit) {
        Some((unit, name)) => tenths(count / (unit / 10), name),
        None => format!("{count} B"),
    }
}

/// How long it is from one time to another.
fn between(from: UnixTime, to: UnixTime) -> String {
    duration(to.since_epoch().saturating_sub(from.since_epoch()))
}

fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match (seconds, time.subsec_micros()) {
        (0, 0) => "0 s".into(),
        (0, micros @ ..1_000) => format!("{micros} µs"),
        (0, micros) => tenths((micros / 100).into(), "ms"),
        (..60, 0) => format!("{seconds} s"),
        (..60, micros) => tenths(seconds * 10 + u64::from(micros / 100_000), "s"),
        (..3_600, _) => format!("{} min", seconds / 60),
        (..86_400, _) => format!("{} h {} min", seconds / 3_600, seconds / 60 % 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds / 3_600 % 24),
    }
}

fn tenths(count: u64, unit: &str) -> String {
    format!("{}.{} {unit}", count / 10, count % 10)
}
