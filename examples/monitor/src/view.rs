//! What page and screen show alike: a row of texts for a node, and how numbers are written.

use std::time::{Duration, SystemTime};

use crate::state::{Direction, Fleet, NetworkState, Node, Peers, Snapshot, unix_seconds};

/// How a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// It has not been polled yet.
    Unknown,
    Ok,
    Warn,
    Down,
}

/// A node in a line: what is not known is `-`.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) level: Level,
    /// `ok`, `warn`, or why the node is down.
    pub(crate) state: &'static str,
    /// How old the values are; of a node that is down how long it is so.
    pub(crate) age: String,
    pub(crate) rpc: String,
    pub(crate) release: String,
    pub(crate) inbound: String,
    pub(crate) outbound: String,
    pub(crate) block: String,
    pub(crate) lag: String,
    pub(crate) received: String,
    pub(crate) sent: String,
    /// In milliseconds.
    pub(crate) ping: String,
}

impl Row {
    pub(crate) fn new(node: &Node, now: SystemTime) -> Self {
        let state = node.state.borrow();
        let (level, word) = level(node);
        let dash = || "-".to_owned();
        let mut row = Self {
            name: node.config.name.clone(),
            level,
            state: word,
            age: dash(),
            rpc: dash(),
            release: dash(),
            inbound: dash(),
            outbound: dash(),
            block: dash(),
            lag: dash(),
            received: dash(),
            sent: dash(),
            ping: dash(),
        };
        let Some(snapshot) = &state.snapshot else {
            return row;
        };
        if level == Level::Down {
            let since = state.findings.first().map(|finding| finding.1);
            row.age = since.map_or_else(dash, |since| age(now, since));
            return row;
        }
        let text = |value: Option<String>| value.unwrap_or_else(|| "-".into());
        row.age = age(now, snapshot.started);
        row.rpc = text(snapshot.quickest().map(milliseconds).map(|text| text + "ms"));
        row.release = text(snapshot.network.as_ref().map(NetworkState::release));
        let peers = snapshot.peers.as_ref();
        row.inbound = text(peers.map(|peers| peers.count(Direction::Inbound).to_string()));
        row.outbound = text(peers.map(|peers| peers.count(Direction::Outbound).to_string()));
        row.block = text(
            peers
                .and_then(|peers| peers.synced_blocks)
                .map(|height| height.to_string()),
        );
        row.lag = text(peers.and_then(Peers::lag).map(|lag| lag.to_string()));
        row.received = text(snapshot.rates.map(|rates| bytes(rates.0)));
        row.sent = text(snapshot.rates.map(|rates| bytes(rates.1)));
        row.ping = text(peers.and_then(Peers::median_ping).map(milliseconds));
        row
    }
}

/// How a node is, in a word.
fn level(node: &Node) -> (Level, &'static str) {
    let state = node.state.borrow();
    let Some(snapshot) = &state.snapshot else {
        return (Level::Unknown, "-");
    };
    match snapshot.down() {
        Some(reason) => (Level::Down, reason.name()),
        None if state.findings.is_empty() => (Level::Ok, "ok"),
        None => (Level::Warn, "warn"),
    }
}

/// How many nodes there are of each kind, in words.
pub(crate) fn summary(rows: &[Row]) -> String {
    let count = |level| rows.iter().filter(|row| row.level == level).count();
    let mut text = match rows.len() {
        1 => "1 node:".to_owned(),
        count => format!("{count} nodes:"),
    };
    for (level, word) in [
        (Level::Ok, "ok"),
        (Level::Warn, "warn"),
        (Level::Down, "down"),
        (Level::Unknown, "not polled yet"),
    ] {
        let count = count(level);
        if count > 0 {
            text += &format!(" {count} {word}");
        }
    }
    if rows.is_empty() { "no nodes".into() } else { text }
}

/// What is wrong somewhere.
pub(crate) struct Alert {
    pub(crate) is_critical: bool,
    pub(crate) node: String,
    pub(crate) name: &'static str,
    pub(crate) age: String,
    pub(crate) detail: String,
}

/// What is wrong with the nodes, the worst first.
pub(crate) fn alerts(fleet: &Fleet, now: SystemTime) -> Vec<Alert> {
    let mut alerts: Vec<Alert> = fleet.nodes.iter().flat_map(|node| alerts_of(node, now)).collect();
    alerts.sort_by_key(|alert| !alert.is_critical);
    alerts
}

pub(crate) fn alerts_of(node: &Node, now: SystemTime) -> Vec<Alert> {
    let state = node.state.borrow();
    let findings = state.findings.iter();
    findings
        .map(|(finding, since)| Alert {
            is_critical: finding.is_critical,
            node: node.config.name.clone(),
            name: finding.name,
            age: age(now, *since),
            detail: finding.detail.clone(),
        })
        .collect()
}

/// The node's clock, in seconds.
pub(crate) fn node_clock(snapshot: &Snapshot, now: SystemTime) -> u64 {
    let skew = snapshot.totals.as_ref().map_or(0, |totals| totals.skew / 1000);
    unix_seconds(now).saturating_add_signed(skew)
}

/// The time between, in two units: `12s`, `4m05s`, `3h12m`, `3d04h`.
pub(crate) fn age(now: SystemTime, then: SystemTime) -> String {
    span(now.duration_since(then).unwrap_or_default().as_secs())
}

pub(crate) fn span(seconds: u64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match seconds {
        0..60 => format!("{seconds}s"),
        60..600 => format!("{minutes}m{:02}s", seconds % 60),
        600..3600 => format!("{minutes}m"),
        3600..86_400 => format!("{hours}h{:02}m", minutes % 60),
        86_400..864_000 => format!("{days}d{:02}h", hours % 24),
        _ if days < 100_000 => format!("{days}d"),
        _ => "-".into(),
    }
}

/// Bytes in at most five characters: `999`, `2.1k`, `21k`, `3.4M`.
pub(crate) fn bytes(bytes: u64) -> String {
    let mut scaled = bytes;
    if bytes < 1000 {
        return bytes.to_string();
    }
    for unit in ["k", "M", "G", "T", "P", "E"] {
        if scaled < 10_000 {
            return format!("{}.{}{unit}", scaled / 1000, scaled % 1000 / 100);
        }
        scaled /= 1000;
        if scaled < 1000 {
            return format!("{scaled}{unit}");
        }
    }
    format!("{scaled}E")
}

/// Rounded to whole milliseconds, and not more than five digits.
pub(crate) fn milliseconds(duration: Duration) -> String {
    let millis = (duration.as_micros() + 500) / 1000;
    if millis > 99_999 {
        ">99s".into()
    } else {
        millis.to_string()
    }
}

/// The date and time of day, in UTC: `2026-11-26 14:22:31Z`.
pub(crate) fn utc(time: SystemTime) -> String {
    let seconds = unix_seconds(time);
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Howard Hinnant's civil_from_days, for days since 1970.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (value, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1.0k"),
            (9999, "9.9k"),
            (10_000, "10k"),
            (999_999, "999k"),
            (1_000_000, "1.0M"),
            (3_630_624_900, "3.6G"),
            (u64::MAX, "18E"),
        ] {
            assert_eq!(bytes(value), text);
        }
        for (seconds, text) in [
            (0, "0s"),
            (65, "1m05s"),
            (3599, "59m"),
            (11_520, "3h12m"),
            (273_600, "3d04h"),
            (864_000, "10d"),
            (u64::MAX, "-"),
        ] {
            assert_eq!(span(seconds), text);
        }
        assert_eq!(milliseconds(Duration::from_micros(1500)), "2");
        assert_eq!(milliseconds(Duration::from_secs(1000)), ">99s");
    }

    #[test]
    fn dates() {
        for (seconds, text) in [
            (0, "1970-01-01 00:00:00Z"),
            (951_782_400, "2000-02-29 00:00:00Z"),
            (1_795_354_431, "2026-11-22 13:33:51Z"),
            (4_107_542_399, "2100-02-28 23:59:59Z"),
            (4_107_542_400, "2100-03-01 00:00:00Z"),
        ] {
            assert_eq!(utc(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)), text);
        }
    }
}
