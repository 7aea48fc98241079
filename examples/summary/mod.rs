//! Responses for a person to read: columns, human units, no more digits than matter.

use std::fmt::Write as _;
use std::time::Duration;

use defichain_net_rpc::json::{self, Items};
use defichain_net_rpc::network::{NetTotals, NetworkInfo, PeerInfo};

use crate::terminal;

/// A table of the peers, the first so many of them. `clock` is the node's, in seconds since 1970.
pub(crate) fn peers(peers: Items<'_, PeerInfo<&str>>, clock: u64, limit: usize) -> Result<String, json::Error> {
    let mut rows = vec![
        [
            "peer", "address", "made", "for", "ping", "received", "sent", "block", "release", "services",
        ]
        .map(str::to_owned),
    ];
    let mut more = 0_usize;
    for peer in peers {
        let peer = peer?;
        if rows.len() > limit {
            more += 1;
            continue;
        }
        let ping = match (peer.ping_time, peer.ping_wait) {
            (Some(time), _) => duration(time),
            (None, Some(wait)) => format!("> {}", duration(wait)),
            (None, None) => String::new(),
        };
        rows.push([
            peer.id.to_string(),
            cut(&peer.addr.to_string(), 47),
            if peer.inbound { "in" } else { "out" }.into(),
            duration(Duration::from_secs(clock.saturating_sub(peer.conn_time.as_secs()))),
            ping,
            bytes(peer.bytes_recv),
            bytes(peer.bytes_sent),
            peer.synced_blocks
                .filter(|height| *height >= 0)
                .map(|height| height.to_string())
                .unwrap_or_default(),
            cut(&peer.subver.to_string(), 32),
            peer.services.to_string(),
        ]);
    }
    let mut text = align(&rows, [true, false, false, true, true, true, true, true, false, false]);
    if more > 0 {
        _ = writeln!(text, "… and {more} more, which getpeerinfo alone shows");
    }
    Ok(text)
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
        if info.warnings == "" {
            "none".into()
        } else {
            info.warnings.to_string()
        },
    ]);
    align(&rows, [false; 2])
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
