//! What there is to see on the screen.

use std::time::SystemTime;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style as Look};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::{Focus, NODE_SORTS, PEER_SORTS, View};
use crate::log::Log;
use crate::state::{Direction, Fleet, History, MESSAGES, Network, Node, Peer, Peers, Sample, Snapshot};
use crate::view::{self, Alert, Level, Row, bytes, milliseconds, node_clock, span};

const KEYS: &str = "[o]ut only [s]ort [/]filter [a]ddresses [v]ersions [Enter] [Esc] [l]og [q]uit";

/// Draws all of it.
pub(super) fn draw(frame: &mut Frame, fleet: &Fleet, view: &View, log: &Log) {
    let area = frame.area();
    let now = SystemTime::now();
    if view.focus == Focus::Log {
        let lines = log.last(usize::from(area.height.saturating_sub(2)));
        let mut shown = vec![rule("log", area.width)];
        shown.extend(lines.into_iter().map(|line| Line::raw(plain(&line, view))));
        write(frame, area, shown);
        return keys(frame, area, view);
    }
    let rows = view.nodes(fleet, now);
    let mut lines = head(fleet, view, area.width, now, false);
    let details = view.focus != Focus::Nodes;
    // The keys have the last line.
    let room = usize::from(area.height).saturating_sub(lines.len() + 1);
    let room = if details {
        (room / 4).max(1).min(rows.len())
    } else {
        room
    };
    let selected = rows.iter().position(|(row, _)| Some(&row.name) == view.node.as_ref());
    for index in window(rows.len(), selected, room) {
        lines.push(node_line(
            &rows[index].0,
            &rows[index].1,
            view,
            area.width,
            Some(index) == selected,
            now,
        ));
    }
    if rows.is_empty() {
        lines.push(Line::raw(if fleet.nodes.is_empty() {
            " no node is configured"
        } else {
            " no node has such a name"
        }));
    }
    if details && let Some(node) = view.node.as_ref().and_then(|name| fleet.node(name)) {
        let room = usize::from(area.height).saturating_sub(lines.len() + 1);
        lines.extend(node_details(node, view, area.width, room, now));
    }
    write(frame, area, lines);
    keys(frame, area, view);
}

/// Draws what is printed once.
pub(super) fn overview(frame: &mut Frame, fleet: &Fleet, view: &View) {
    let area = frame.area();
    let now = SystemTime::now();
    let mut lines = head(fleet, view, area.width, now, true);
    for (row, node) in view.nodes(fleet, now) {
        lines.push(node_line(&row, &node, view, area.width, false, now));
    }
    write(frame, area, lines);
}

/// How many lines that takes.
pub(super) fn overview_height(fleet: &Fleet) -> usize {
    2 + view::alerts(fleet, SystemTime::now()).len() + fleet.nodes.len()
}

fn write(frame: &mut Frame, area: Rect, lines: Vec<Line>) {
    frame.render_widget(Paragraph::new(lines), area);
}

fn keys(frame: &mut Frame, area: Rect, view: &View) {
    let text = if view.is_editing {
        format!("filter: {}_", view.filter)
    } else if view.filter.is_empty() {
        KEYS.to_owned()
    } else {
        format!("filter: {}  [Esc] shows all", view.filter)
    };
    let last = Rect {
        y: area.bottom().saturating_sub(1),
        height: area.height.min(1),
        ..area
    };
    frame.render_widget(Line::styled(text, Modifier::DIM), last);
}

/// A text of a node, for a terminal that may not have all characters.
fn plain(text: &str, view: &View) -> String {
    if view.style.has_unicode {
        return text.to_owned();
    }
    text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect()
}

fn look(view: &View, level: Level) -> Look {
    let (color, modifier) = match level {
        Level::Down => (Color::Red, Modifier::BOLD),
        Level::Warn => (Color::Yellow, Modifier::BOLD),
        Level::Ok => (Color::Green, Modifier::empty()),
        Level::Unknown => (Color::Reset, Modifier::DIM),
    };
    let look = Look::new().add_modifier(modifier);
    if view.style.has_color { look.fg(color) } else { look }
}

fn rule(title: &str, width: u16) -> Line<'static> {
    let title = if title.is_empty() {
        String::new()
    } else {
        format!(" {title} ")
    };
    Line::styled(
        format!("---{title:-<width$}", width = usize::from(width.saturating_sub(3))),
        Modifier::DIM,
    )
}

/// Which lines are seen, so that the selected one is among them.
fn window(count: usize, selected: Option<usize>, room: usize) -> std::ops::Range<usize> {
    let start = selected.map_or(0, |selected| (selected + 1).saturating_sub(room));
    start..(start + room).min(count)
}

/// Title, what is wrong, and the heads of the columns.
fn head<'l>(fleet: &Fleet, view: &View, width: u16, now: SystemTime, all_alerts: bool) -> Vec<Line<'l>> {
    let rows: Vec<Row> = fleet.nodes.iter().map(|node| Row::new(node, now)).collect();
    let time = view::utc(now);
    let time = time.split(' ').next_back().unwrap_or_default();
    let (left, right) = (
        format!("defichain-net-monitor   {}", view::summary(&rows)),
        match NODE_SORTS[view.node_sort] {
            _ if view.node_sort == 0 => format!("{time}  every {} s", fleet.config.interval.as_secs()),
            sort => format!("by {sort}  {time}"),
        },
    );
    let gap = usize::from(width).saturating_sub(left.len() + right.len()).max(2);
    let mut lines = vec![Line::styled(format!("{left}{:gap$}{right}", ""), Modifier::BOLD)];
    let alerts = view::alerts(fleet, now);
    if all_alerts {
        lines.extend(alerts.iter().map(|alert| alert_spans(alert, view, false).into()));
    } else {
        lines.push(alert_line(&alerts, view, usize::from(width)));
    }
    lines.push(Line::styled(columns_head(width), Modifier::UNDERLINED));
    lines
}

/// In a line with others, an age has one unit, and details that are longer than a few figures are left out.
fn alert_spans<'l>(alert: &Alert, view: &View, is_short: bool) -> Vec<Span<'l>> {
    const DETAILS: usize = 12;

    let (word, level) = if alert.is_critical {
        ("CRIT", Level::Down)
    } else {
        ("WARN", Level::Warn)
    };
    let Alert {
        node,
        name,
        age,
        detail,
        ..
    } = alert;
    let text = match is_short {
        true if detail.len() > DETAILS => format!(" {node} {name} {}", short(age)),
        true => format!(" {node} {name} {} ({detail})", short(age)),
        false => format!(" {node} {name} {age} ({detail})"),
    };
    vec![Span::styled(word, look(view, level)), Span::raw(plain(&text, view))]
}

/// As many as there is room for, and how many there are besides.
fn alert_line<'l>(alerts: &[Alert], view: &View, width: usize) -> Line<'l> {
    if alerts.is_empty() {
        return Line::raw("nothing is wrong");
    }
    let (mut spans, mut used): (Vec<Span>, usize) = (Vec::new(), 0);
    for (index, alert) in alerts.iter().enumerate() {
        let next = alert_spans(alert, view, true);
        let length: usize = next.iter().map(Span::width).sum();
        // Room for " | +99".
        if index > 0 && used + 3 + length + 6 > width {
            spans.push(Span::raw(format!(" | +{}", alerts.len() - index)));
            break;
        }
        if index > 0 {
            spans.push(Span::raw(" | "));
            used += 3;
        }
        spans.extend(next);
        used += length;
    }
    Line::from(spans)
}

/// How long a name may be: on a wider terminal longer, but never by what there is to show.
fn name_width(width: u16) -> usize {
    8 + usize::from(width.saturating_sub(80)).min(16)
}

fn trend_width(width: u16) -> usize {
    6 + usize::from(width.saturating_sub(96)).min(4)
}

fn columns_head(width: u16) -> String {
    let name = name_width(width);
    let trend = trend_width(width);
    format!(
        " {:name$} {:9} {:>4} {:>5} {:6} {:>3} {:>3} {:>7} {:>3} {:>4} {:>4} {:>4} {:trend$}",
        "NODE", "STATE", "AGE", "RPC", "REL", "IN", "OUT", "BLOCK", "LAG", "RX/s", "TX/s", "PING", "10 min"
    )
}

/// Cuts what is too long, and says so.
fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width.saturating_sub(1)).chain(['~']).collect()
}

fn node_line<'l>(row: &Row, node: &Node, view: &View, width: u16, is_selected: bool, now: SystemTime) -> Line<'l> {
    let name = name_width(width);
    let trend = trend(&node.state.borrow().history, now, trend_width(width), view, |minute| {
        minute.rates().map(|rates| rates.0.saturating_add(rates.1))
    });
    // A time of a node that is down is how long it is so, which matters by the minute.
    let age = short(&row.age);
    // There is one word for it everywhere else, and no room for it here.
    let state = if row.state == "unauthorized" { "401" } else { row.state };
    let number = |text: &str, width: usize| {
        if text.len() > width {
            "+".repeat(width)
        } else {
            format!("{text:>width$}")
        }
    };
    let rest = format!(
        " {} {} {:6} {} {} {} {} {} {} {} {trend}",
        number(&age, 4),
        number(&row.rpc, 5),
        cut(&row.release, 6),
        number(&row.inbound, 3),
        number(&row.outbound, 3),
        number(&row.block, 7),
        number(&row.lag, 3),
        number(&row.received, 4),
        number(&row.sent, 4),
        number(&row.ping, 4),
    );
    let mark = if is_selected { ">" } else { " " };
    let body = if row.level == Level::Down {
        Look::new().add_modifier(Modifier::DIM)
    } else {
        Look::new()
    };
    let line = Line::from(vec![
        Span::raw(format!("{mark}{:name$} ", cut(&row.name, name))),
        Span::styled(format!("{state:9}"), look(view, row.level)),
        Span::styled(rest, body),
    ]);
    if is_selected { line.style(Modifier::BOLD) } else { line }
}

/// The larger unit of a time of two: `3d04h` is `3d`.
fn short(age: &str) -> String {
    let end = age
        .find(|c: char| c.is_ascii_alphabetic())
        .map_or(age.len(), |index| index + 1);
    age[..end].to_owned()
}

/// The last ten minutes as bars, and where the node was down as an x.
fn trend(
    history: &History,
    now: SystemTime,
    width: usize,
    view: &View,
    value: impl Fn(&Sample) -> Option<u64>,
) -> String {
    let minutes = history.minutes(now, 10);
    let bars: &[char] = if view.style.has_unicode {
        &['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']
    } else {
        &['_', '.', '-', '=', '+', '*', '%', '#']
    };
    let highest = minutes.iter().flatten().filter_map(&value).max().unwrap_or(0).max(1);
    (0..width)
        .map(|column| {
            let (start, end) = (
                column * minutes.len() / width,
                ((column + 1) * minutes.len() / width).max(column * minutes.len() / width + 1),
            );
            let slice = &minutes[start..end];
            if slice.iter().flatten().any(|minute| minute.up == 0) {
                return 'x';
            }
            let top = slice.iter().flatten().filter_map(&value).max();
            top.map_or(' ', |top| {
                let place = u128::from(top) * (bars.len() as u128 - 1) / u128::from(highest);
                bars[usize::try_from(place).unwrap_or_default().min(bars.len() - 1)]
            })
        })
        .collect()
}

/// What is known of a node, and its peers or the messages of one.
fn node_details<'l>(node: &Node, view: &View, width: u16, room: usize, now: SystemTime) -> Vec<Line<'l>> {
    let name = &node.config.name;
    let Some(snapshot) = node.snapshot() else {
        return vec![rule(name, width), Line::raw("not polled yet")];
    };
    let mut lines = vec![rule(name, width)];
    if snapshot.down().is_some() {
        let state = node.state.borrow();
        let last = state.last_success.map_or("it has never answered".into(), |last| {
            format!("it last answered {} ago", view::age(now, last))
        });
        let words = snapshot.error.as_deref().unwrap_or_default();
        lines.push(Line::styled(plain(words, view), look(view, Level::Down)));
        lines.push(Line::raw(last));
        return lines;
    }
    lines.extend(facts(node, &snapshot, view, now));
    let Some(peers) = &snapshot.peers else {
        lines.push(Line::raw("its peers are not known: getpeerinfo has failed"));
        return lines;
    };
    let clock = node_clock(&snapshot, now);
    let room = room.saturating_sub(lines.len());
    let selected = peers.list.iter().find(|peer| Some(peer.id) == view.peer);
    match selected {
        Some(peer) if view.focus == Focus::Messages => lines.extend(messages(peer, view, width, room)),
        _ => lines.extend(list_peers(peers, view, width, room, clock)),
    }
    lines
}

fn facts<'l>(node: &Node, snapshot: &Snapshot, view: &View, now: SystemTime) -> Vec<Line<'l>> {
    let mut first = Vec::new();
    if let Some(network) = &snapshot.network {
        first.push(format!("{} {}", network.subversion, network.protocol_version));
        let skew = snapshot
            .totals
            .as_ref()
            .map_or("-".into(), |totals| format!("{}ms", totals.skew));
        first.push(format!("skew {skew} offset {}s", network.time_offset));
        let warnings = if network.warnings.is_empty() {
            "none"
        } else {
            &*network.warnings
        };
        first.push(format!("warnings {warnings}"));
    }
    if let Some(bans) = snapshot.bans {
        first.push(format!("bans {}", bans.iter().sum::<u64>()));
    }
    if let Some(added) = snapshot.added {
        first.push(format!("added {}/{}", added.connected, added.total));
    }
    let state = node.state.borrow();
    let history = &state.history;
    let trend = |value: &dyn Fn(&Sample) -> Option<u64>| trend(history, now, 8, view, value);
    let rate = |rate: Option<u64>| rate.map_or("-".into(), |rate| bytes(rate) + "B/s");
    let per_hour = history
        .connections_per_hour(now)
        .map_or("-".into(), |count| count.to_string());
    let upload = snapshot
        .totals
        .as_ref()
        .map_or("-".into(), |totals| match &totals.reply.upload_target {
            target if target.target == 0 => "no limit".into(),
            target => format!("{}B left", bytes(target.bytes_left_in_cycle)),
        });
    let counts = |direction: Direction| {
        let Some(peers) = &snapshot.peers else {
            return String::new();
        };
        let by_network: String = peers.counts[direction as usize]
            .iter()
            .map(|count| format!("{count:>6}"))
            .collect();
        format!(
            "{by_network}{:>6}{:>7}",
            peers.count(direction),
            peers.groups[direction as usize]
        )
    };
    let names: String = Network::NAMES.iter().map(|name| format!("{name:>6}")).collect();
    let second = format!("    {names}{:>6}{:>7}  conns/h {per_hour}", "total", "groups");
    let received = snapshot.rates.map(|rates| rates.0);
    let sent = snapshot.rates.map(|rates| rates.1);
    let third = format!(
        " in {}  rx {:>7} {}",
        counts(Direction::Inbound),
        rate(received),
        trend(&|minute| minute.rates().map(|rates| rates.0))
    );
    let fourth = format!(
        "out {}  tx {:>7} {}  upload {upload}",
        counts(Direction::Outbound),
        rate(sent),
        trend(&|minute| minute.rates().map(|rates| rates.1))
    );
    let mut lines = vec![Line::raw(plain(&first.join("  "), view))];
    lines.extend([second, third, fourth].map(Line::raw));
    lines
}

/// What a terminal that is wide enough shows of a peer besides, behind its address.
const OPTIONAL: [(&str, usize); 4] = [("id", 8), ("send", 4), ("addrp", 6), ("addrl", 6)];

fn list_peers<'l>(peers: &Peers, view: &View, width: u16, room: usize, clock: u64) -> Vec<Line<'l>> {
    let mut left = usize::from(width).saturating_sub(58 + 22);
    let optional = OPTIONAL.iter().take_while(|(_, column)| {
        let fits = left > *column;
        left = left.saturating_sub(column + 1);
        fits
    });
    let optional = &OPTIONAL[..optional.count()];
    let used: usize = optional.iter().map(|(_, column)| column + 1).sum();
    let address = usize::from(width).saturating_sub(58 + used).clamp(8, 46);
    let title = if view.shows_versions { "release" } else { "address" };
    let mut head = format!(
        "{:3} {:5} {:>5} {:>5} {:>4} {:>4} {:>7} {:>4} {:>3} {:>4} {:>4} {title:address$}",
        "<->", "net", "mping", "ping", "recv", "age", "blocks", "infl", "ban", "rx/s", "tx/s"
    );
    for (name, column) in optional {
        head += &format!(" {name:>column$}");
    }
    let shown = view.peers(&peers.list);
    let sort = PEER_SORTS[view.peer_sort];
    let mut count = format!("{} of {} peers, by {sort}", shown.len(), peers.total());
    if view.outbound_only {
        count += ", outbound only";
    }
    if peers.unreadable > 0 {
        count += &format!(", {} more cannot be read", peers.unreadable);
    }
    let mut lines = vec![rule(&count, width), Line::styled(head, Modifier::UNDERLINED)];
    let selected = shown.iter().position(|peer| Some(peer.id) == view.peer);
    for index in window(shown.len(), selected, room.saturating_sub(lines.len())) {
        let line = peer_line(shown[index], view, address, optional, clock);
        let is_selected = Some(index) == selected;
        lines.push(if is_selected {
            Line::styled(line, Modifier::REVERSED)
        } else {
            Line::raw(line)
        });
    }
    lines
}

fn peer_line(peer: &Peer, view: &View, address: usize, optional: &[(&str, usize)], clock: u64) -> String {
    let ago = |then: u64| {
        if then == 0 {
            "-".into()
        } else {
            short(&span(clock.saturating_sub(then)))
        }
    };
    let number = |value: Option<String>, width: usize| {
        let text = value.unwrap_or_else(|| "-".into());
        if text.len() > width {
            "+".repeat(width)
        } else {
            format!("{text:>width$}")
        }
    };
    // An answer that is overdue is more than the last one that came.
    let ping = peer.overdue().map_or(peer.ping.map(milliseconds), |wait| {
        Some(format!(">{}", span(wait.as_secs())))
    });
    let text = match (view.shows_versions, view.hides_addresses) {
        (true, _) => &*peer.subver,
        (false, true) => "(hidden)",
        (false, false) => &*peer.address,
    };
    let text = cut(&plain(text, view), address);
    let mut line = format!(
        "{:3} {:5} {} {} {} {} {} {} {} {} {} {text:address$}",
        if peer.direction == Direction::Inbound {
            " in"
        } else {
            "out"
        },
        peer.network.name(),
        number(peer.min_ping.map(milliseconds), 5),
        number(ping, 5),
        number(Some(ago(peer.received)), 4),
        number(Some(ago(peer.connected)), 4),
        number(peer.synced_blocks.map(|height| height.to_string()), 7),
        number(Some(peer.in_flight.to_string()), 4),
        number(peer.ban_score.map(|score| score.to_string()), 3),
        number(peer.rates.map(|rates| bytes(rates.0)), 4),
        number(peer.rates.map(|rates| bytes(rates.1)), 4),
    );
    for (name, column) in optional {
        let value = match *name {
            "id" => Some(peer.id.to_string()),
            "send" => Some(ago(peer.sent)),
            "addrp" => peer.addresses.map(bytes),
            _ => peer.addresses_limited.map(bytes),
        };
        line += &format!(" {}", number(value, *column));
    }
    line
}

/// The bytes of a peer by kind of message.
fn messages<'l>(peer: &Peer, view: &View, width: u16, room: usize) -> Vec<Line<'l>> {
    let address = if view.hides_addresses {
        "(hidden)"
    } else {
        &*peer.address
    };
    let title = format!("peer {} {} {} protocol {}", peer.id, address, peer.subver, peer.version);
    let mut lines = vec![rule(&plain(&title, view), width)];
    let Some(messages) = &peer.messages else {
        return lines;
    };
    let [received, sent] = &**messages;
    let mut kinds: Vec<(&str, u64, u64)> = MESSAGES
        .iter()
        .zip(received.iter().zip(sent))
        .map(|(name, (received, sent))| (*name, *received, *sent))
        .collect();
    kinds.retain(|kind| kind.1 > 0 || kind.2 > 0);
    kinds.sort_by_key(|kind| std::cmp::Reverse(kind.1.saturating_add(kind.2)));
    lines.push(Line::styled(
        format!("{:12} {:>20} {:>20}", "message", "received", "sent"),
        Modifier::UNDERLINED,
    ));
    lines.push(Line::raw(format!(
        "{:12} {:>20} {:>20}",
        "all", peer.bytes_received, peer.bytes_sent
    )));
    let room = room.saturating_sub(lines.len());
    lines.extend(
        kinds
            .iter()
            .take(room)
            .map(|(name, received, sent)| Line::raw(format!("{name:12} {received:>20} {sent:>20}"))),
    );
    lines
}
