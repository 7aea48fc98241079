//! The web page: all nodes, and behind each what there is to see of it. It needs no script, and reloads itself.

use std::fmt::{self, Display, Write as _};
use std::time::SystemTime;

use crate::plot::{Line, plot};
use crate::state::{Direction, Fleet, History, MINUTES, Network, Node, Peer, Peers, Sample, Snapshot};
use crate::view::{self, Alert, Level, Row, bytes, milliseconds, node_clock, span};

/// More peers are counted, not listed.
const LISTED: usize = 500;

const STYLE: &str = "
:root{color-scheme:light;font:15px/1.4 system-ui,sans-serif;color:#1a1a1a;background:#fff}
body{max-width:78rem;margin:0 auto;padding:.5rem 1rem 2rem}
h1{font-size:1.15rem;margin:.4rem 0}h2{font-size:1rem;margin:1.2rem 0 .3rem}
header{display:flex;flex-wrap:wrap;gap:.2rem 1.5rem;align-items:baseline;border-bottom:1px solid #bbb}
a{color:#00508c}li{margin:.25rem 0}ul{padding:0;margin:.5rem 0;list-style:none}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .4rem;text-align:right;border-bottom:1px solid #ddd;white-space:nowrap}
th{font-weight:600;color:#444}
.l{text-align:left}.a{overflow-wrap:anywhere;white-space:normal}td.a{min-width:10.6em}td.r{min-width:8.5em}.o{overflow-x:auto}
.s{display:inline-block;padding:0 .4rem;border-radius:.2rem;border:1px solid #888}
.s.ok{border-color:#2b6a2b}.s.warn{background:#ffe9a8;border-color:#7a5a00;font-weight:600}
.s.down{background:#8c1515;border-color:#8c1515;color:#fff;font-weight:600}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:.3rem 1rem;margin:.6rem 0}
dt{color:#555;font-size:.85rem}dd{margin:0;overflow-wrap:anywhere}
.p{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,22rem),1fr));gap:.5rem 1rem}
figure{margin:0}figcaption{font-size:.9rem;color:#333}figure svg{width:100%;height:auto}
.d{letter-spacing:-.1em}
@media(max-width:44rem){
td.a,td.r{min-width:0}
.w{display:none}th,td{padding:.25rem .3rem}
.n thead{display:none}.n tr{display:grid;grid-template-columns:repeat(5,1fr);border-bottom:1px solid #bbb;padding:.4rem 0}
.n td{border:0;text-align:left;padding:.1rem .2rem}.n td::before{content:attr(data-h);display:block;font-size:.75rem;color:#555}
.n td:first-child{grid-column:span 2}.n td:nth-child(2){grid-column:span 3}
.n .x td:nth-child(n+4){display:none}
}
";

/// A text in a page.
struct Escaped<T>(T);

impl<T: Display> Display for Escaped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.to_string().chars() {
            match c {
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '&' => f.write_str("&amp;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// All nodes.
pub(crate) fn overview(fleet: &Fleet) -> String {
    let now = SystemTime::now();
    let rows: Vec<Row> = fleet.nodes.iter().map(|node| Row::new(node, now)).collect();
    let mut page = start("defichain-net-monitor", fleet);
    page += "<header><h1>defichain-net-monitor</h1>";
    status(&mut page, &view::summary(&rows), fleet, now);
    page += "</header>";
    list_alerts(&mut page, &view::alerts(fleet, now), true);
    if rows.is_empty() {
        page += "<p>No node is configured. Add one to the configuration file:</p><pre>[[nodes]]\nname = \"alpha\"\n\
                 url = \"http://127.0.0.1:8554\"\ncookie_file = \"/home/defi/.defi/.cookie\"</pre>";
    } else {
        page += "<table class=n><thead><tr><th class=l>node<th class=l>state<th>age<th>RPC<th>release<th>in<th>out<th>block<th>lag\
                 <th>received/s<th>sent/s<th>ping ms</thead><tbody>";
        for row in &rows {
            node_row(&mut page, row);
        }
        page += "</tbody></table>";
    }
    page += "</body></html>\n";
    page
}

fn start(title: &str, fleet: &Fleet) -> String {
    // A poll takes a while, and a page that reloads while it is read is a nuisance.
    let seconds = fleet.config.interval.as_secs().clamp(5, 60);
    format!(
        "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\">\
         <meta http-equiv=refresh content={seconds}><title>{}</title><style>{STYLE}</style></head><body>",
        Escaped(title)
    )
}

fn status(page: &mut String, summary: &str, fleet: &Fleet, now: SystemTime) {
    let interval = fleet.config.interval.as_secs();
    _ = write!(
        page,
        "<span>{summary}</span><span>{}</span><span>every {interval} s, or as scraped</span>",
        view::utc(now)
    );
}

fn state(page: &mut String, row: &Row) {
    let (class, mark) = match row.level {
        Level::Ok => ("ok", ""),
        Level::Warn => ("warn", "! "),
        Level::Down => ("down", "✖ "),
        Level::Unknown => ("", ""),
    };
    _ = write!(page, "<span class=\"s {class}\">{mark}{}</span>", row.state);
}

fn node_row(page: &mut String, row: &Row) {
    let name = &row.name;
    _ = write!(
        page,
        "<tr{}><td class=l><a href=\"?node={}\">{}</a><td class=l>",
        if row.level == Level::Down { " class=x" } else { "" },
        encoded(name),
        Escaped(name)
    );
    state(page, row);
    for (head, value) in [
        ("age", &row.age),
        ("RPC", &row.rpc),
        ("release", &row.release),
        ("in", &row.inbound),
        ("out", &row.outbound),
        ("block", &row.block),
        ("lag", &row.lag),
        ("received/s", &row.received),
        ("sent/s", &row.sent),
        ("ping ms", &row.ping),
    ] {
        _ = write!(page, "<td data-h=\"{head}\">{value}");
    }
}

fn encoded(name: &str) -> String {
    form_urlencoded::byte_serialize(name.as_bytes()).collect()
}

fn list_alerts(page: &mut String, alerts: &[Alert], with_nodes: bool) {
    if alerts.is_empty() {
        return;
    }
    *page += "<ul>";
    for alert in alerts {
        let (class, word) = if alert.is_critical {
            ("down", "CRIT")
        } else {
            ("warn", "WARN")
        };
        _ = write!(page, "<li><span class=\"s {class}\">{word}</span> ");
        if with_nodes {
            _ = write!(
                page,
                "<a href=\"?node={}\">{}</a> ",
                encoded(&alert.node),
                Escaped(&alert.node)
            );
        }
        _ = write!(
            page,
            "<b>{}</b> {} <span class=a>({})</span>",
            alert.name,
            alert.age,
            Escaped(&alert.detail)
        );
    }
    *page += "</ul>";
}

/// One node.
pub(crate) fn node(fleet: &Fleet, node: &Node) -> String {
    let now = SystemTime::now();
    let row = Row::new(node, now);
    let name = &row.name;
    let mut page = start(&format!("{name} – defichain-net-monitor"), fleet);
    _ = write!(
        page,
        "<header><h1><a href=\"/\">defichain-net-monitor</a> / {}</h1>",
        Escaped(name)
    );
    state(&mut page, &row);
    let last = node.state.borrow().last_success;
    let last = last.map_or("never answered".into(), |last| {
        format!("answered {} ago", view::age(now, last))
    });
    status(&mut page, &last, fleet, now);
    page += "</header>";
    list_alerts(&mut page, &view::alerts_of(node, now), false);
    let snapshot = node.snapshot();
    if let Some(snapshot) = snapshot.as_deref().filter(|snapshot| snapshot.is_up()) {
        facts(
            &mut page,
            snapshot,
            &row,
            node.state.borrow().history.connections_per_hour(now),
        );
        plots(&mut page, &node.state.borrow().history, now);
        methods(&mut page, snapshot);
        if let Some(peers) = &snapshot.peers {
            list_peers(&mut page, peers, node_clock(snapshot, now), fleet.config.hide_addresses);
        }
    } else {
        plots(&mut page, &node.state.borrow().history, now);
    }
    page += "</body></html>\n";
    page
}

fn facts(page: &mut String, snapshot: &Snapshot, row: &Row, connections: Option<u64>) {
    *page += "<dl>";
    let mut fact = |name: &str, value: &dyn Display| {
        _ = write!(page, "<div><dt>{name}</dt><dd>{}</dd></div>", Escaped(value));
    };
    if let Some(network) = &snapshot.network {
        fact(
            "release",
            &format_args!(
                "{} {} protocol {}",
                network.release(),
                network.subversion,
                network.protocol_version
            ),
        );
        let active = network
            .network_active
            .map_or("-", |active| if active { "on" } else { "off" });
        let reachable = Network::NAMES.into_iter().zip(network.reachable);
        let reachable: Vec<&str> = reachable
            .filter(|network| network.1 == Some(true))
            .map(|network| network.0)
            .collect();
        fact("network", &format_args!("{active}, reaches {}", reachable.join(" ")));
        fact("peers' clocks", &format_args!("{} s ahead", network.time_offset));
        let warnings = if network.warnings.is_empty() {
            "none"
        } else {
            &*network.warnings
        };
        fact("warnings", &warnings);
    }
    if let Some(totals) = &snapshot.totals {
        fact("clock", &format_args!("{} ms ahead", totals.skew));
        let reply = &totals.reply;
        fact(
            "received, sent",
            &format_args!("{}B, {}B", bytes(reply.total_bytes_recv), bytes(reply.total_bytes_sent)),
        );
        let target = &reply.upload_target;
        if target.target == 0 {
            fact("upload", &"no limit");
        } else {
            fact(
                "upload",
                &format_args!(
                    "{}B left of {}B",
                    bytes(target.bytes_left_in_cycle),
                    bytes(target.target)
                ),
            );
        }
    }
    fact("block", &format_args!("{}, {} behind the headers", row.block, row.lag));
    if let Some(peers) = &snapshot.peers {
        for direction in Direction::ALL {
            let counts = Network::NAMES.into_iter().zip(peers.counts[direction as usize]);
            let counts: Vec<String> = counts
                .filter(|count| count.1 > 0)
                .map(|(name, count)| format!("{count} {name}"))
                .collect();
            let groups = peers.groups[direction as usize];
            let counts = if counts.is_empty() {
                "none".into()
            } else {
                counts.join(", ")
            };
            fact(direction.name(), &format_args!("{counts}; {groups} netgroups"));
        }
        let connections = connections.map_or("-".into(), |connections| connections.to_string());
        fact(
            "connections",
            &format_args!("{} since its start, {connections} an hour", peers.connections),
        );
    }
    if let Some(bans) = snapshot.bans {
        fact(
            "bans",
            &format_args!("{}, {} of them for misbehaving", bans.iter().sum::<u64>(), bans[0]),
        );
    }
    if let Some(added) = snapshot.added {
        fact(
            "added nodes",
            &format_args!("{} of {} connected", added.connected, added.total),
        );
    }
    *page += "</dl>";
}

#[allow(clippy::cast_precision_loss, reason = "it is drawn")]
fn plots(page: &mut String, history: &History, now: SystemTime) {
    // The last hour, until there is more.
    let minutes = history.minutes(now, MINUTES);
    let older = minutes.len().saturating_sub(60);
    let minutes = if minutes[..older].iter().any(Option::is_some) {
        &minutes[..]
    } else {
        &minutes[older..]
    };
    let down: Vec<bool> = minutes
        .iter()
        .map(|minute| minute.is_some_and(|minute| minute.up == 0))
        .collect();
    let line = |value: &dyn Fn(&Sample) -> Option<u64>| -> Line {
        minutes
            .iter()
            .map(|minute| value(minute.as_ref()?).map(|value| value as f64))
            .collect()
    };
    *page += "<div class=p>";
    let mut figure = |caption: &str, lines: &[Line], label: &dyn Fn(f64) -> String| {
        _ = write!(
            page,
            "<figure><figcaption>{caption}</figcaption>{}</figure>",
            plot(lines, &down, label)
        );
    };
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a label of an axis"
    )]
    let in_bytes = |value: f64| bytes(value as u64);
    let solid = "<b>──</b>";
    let dashed = "<b class=d>╌ ╌</b>";
    figure(
        &format!("traffic, bytes a second: {solid} received, {dashed} sent"),
        &[
            line(&|minute| Some(minute.rates()?.0)),
            line(&|minute| Some(minute.rates()?.1)),
        ],
        &in_bytes,
    );
    figure(
        &format!("peers: {solid} inbound, {dashed} outbound"),
        &[
            line(&|minute| Some(minute.peers?.0.into())),
            line(&|minute| Some(minute.peers?.1.into())),
        ],
        &|value| format!("{value:.0}"),
    );
    let ping = line(&|minute| minute.ping.map(u64::from));
    figure("ping of the peers, median, in milliseconds", &[ping], &|value| {
        format!("{value:.0}")
    });
    *page += "</div>";
}

fn methods(page: &mut String, snapshot: &Snapshot) {
    use crate::poll::Method;
    use crate::state::Outcome;

    *page += "<h2>methods</h2><dl>";
    for (method, (outcome, took)) in Method::ALL.into_iter().zip(snapshot.methods) {
        let took = took.map_or(String::new(), |took| format!(", {} ms", milliseconds(took)));
        let outcome = match outcome {
            Outcome::Answered => "answered",
            Outcome::Unknown => "not known to this release",
            Outcome::NotAsked => "not asked",
            Outcome::Failed(reason) => reason.name(),
        };
        _ = write!(page, "<div><dt>{}</dt><dd>{outcome}{took}</dd></div>", method.name());
    }
    *page += "</dl>";
}

fn list_peers(page: &mut String, peers: &Peers, clock: u64, hides: bool) {
    _ = write!(page, "<h2>{} peers", peers.total());
    if peers.unreadable > 0 {
        _ = write!(page, ", {} more cannot be read", peers.unreadable);
    }
    *page += "</h2>";
    if peers.list.is_empty() {
        return;
    }
    *page += "<div class=o><table><thead><tr><th class=l><span class=w>direction</span><th class=l>address<th class=\"w l\">net<th class=\"w l\">release\
              <th>ping<th class=w>min<th>age<th class=w>sent<th class=w>recv<th class=w>block<th class=w>ban<th>rx/s<th>tx/s\
              <th class=w>received<th class=w>sent<th class=w>id</thead><tbody>";
    for peer in peers.list.iter().take(LISTED) {
        peer_row(page, peer, clock, hides);
    }
    *page += "</tbody></table></div>";
    if let Some(more) = peers.total().checked_sub(LISTED as u64).filter(|more| *more > 0) {
        _ = write!(page, "<p>and {more} more</p>");
    }
}

fn peer_row(page: &mut String, peer: &Peer, clock: u64, hides: bool) {
    let ago = |then: u64| {
        if then == 0 {
            "-".into()
        } else {
            span(clock.saturating_sub(then))
        }
    };
    let ping = |ping: Option<std::time::Duration>| ping.map_or("-".into(), milliseconds);
    let rate = |rate: Option<u64>| rate.map_or("-".into(), bytes);
    let address = if hides { "(hidden)" } else { &*peer.address };
    let (arrow, direction) = match peer.direction {
        Direction::Inbound => ("in", "bound"),
        Direction::Outbound => ("out", "bound"),
    };
    let ping_now = match peer.overdue() {
        Some(wait) => format!("waits {}", span(wait.as_secs())),
        None => ping(peer.ping),
    };
    _ = write!(
        page,
        "<tr><td class=l>{arrow}<span class=w>{direction}</span><td class=\"l a\">{}<td class=\"w l\">{}<td class=\"w l a r\">{}<td>{ping_now}\
         <td class=w>{}<td>{}<td class=w>{}<td class=w>{}<td class=w>{}<td class=w>{}<td>{}<td>{}<td class=w>{}<td class=w>{}<td class=w>{}",
        Escaped(address),
        peer.network.name(),
        Escaped(&peer.subver),
        ping(peer.min_ping),
        ago(peer.connected),
        ago(peer.sent),
        ago(peer.received),
        peer.synced_blocks.map_or("-".into(), |height| height.to_string()),
        peer.ban_score.map_or("-".into(), |score| score.to_string()),
        rate(peer.rates.map(|rates| rates.0)),
        rate(peer.rates.map(|rates| rates.1)),
        bytes(peer.bytes_received),
        bytes(peer.bytes_sent),
        peer.id,
    );
}
