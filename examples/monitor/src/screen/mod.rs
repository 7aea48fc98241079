//! The terminal screen: what the keys do. `draw.rs` has what there is to see.

mod draw;

use std::env;
use std::io::{self, IsTerminal as _};
use std::rc::Rc;
use std::thread;
use std::time::{Duration, SystemTime};

use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tokio::sync::mpsc;
use tokio::time::{Instant, interval, sleep};

use crate::log::Log;
use crate::state::{Direction, Fleet, Node, Peer};
use crate::view::{Level, Row};

/// What is selected, and how it is shown.
#[allow(clippy::struct_excessive_bools, reason = "each is a key")]
pub(crate) struct View {
    focus: Focus,
    /// The name of the node.
    node: Option<String>,
    /// The id of the peer.
    peer: Option<u64>,
    outbound_only: bool,
    node_sort: usize,
    peer_sort: usize,
    filter: String,
    is_editing: bool,
    hides_addresses: bool,
    shows_versions: bool,
    style: Style,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Focus {
    Nodes,
    Peers,
    Messages,
    Log,
}

/// What the terminal can do.
#[derive(Clone, Copy)]
struct Style {
    has_color: bool,
    has_unicode: bool,
}

impl Style {
    fn of_terminal() -> Self {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
        let locale = locale.unwrap_or_default().to_ascii_lowercase();
        Self {
            has_color: env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                && env::var("TERM").as_deref() != Ok("dumb"),
            has_unicode: locale.contains("utf-8") || locale.contains("utf8"),
        }
    }
}

/// Orders of nodes and of peers, by their names.
const NODE_SORTS: [&str; 5] = ["configuration", "state", "lag", "peers", "traffic"];
const PEER_SORTS: [&str; 6] = ["id", "ping", "age", "recv", "rx/s", "tx/s"];

impl View {
    fn new(fleet: &Fleet, style: Style) -> Self {
        Self {
            focus: Focus::Nodes,
            node: fleet.nodes.first().map(|node| node.config.name.clone()),
            peer: None,
            outbound_only: false,
            node_sort: 0,
            peer_sort: 0,
            filter: String::new(),
            is_editing: false,
            hides_addresses: fleet.config.hide_addresses,
            shows_versions: false,
            style,
        }
    }

    /// The nodes in the order in which they are shown.
    fn nodes(&self, fleet: &Fleet, now: SystemTime) -> Vec<(Row, Rc<Node>)> {
        let is_shown = |node: &&Rc<Node>| self.focus != Focus::Nodes || node.config.name.contains(&self.filter);
        let mut rows: Vec<_> = fleet
            .nodes
            .iter()
            .filter(is_shown)
            .map(|node| (Row::new(node, now), Rc::clone(node)))
            .collect();
        let largest = |key: &dyn Fn(&Node) -> Option<i128>, node: &Node| std::cmp::Reverse(key(node));
        let peers = |node: &Node| Some(i128::from(node.snapshot()?.peers.as_ref()?.total()));
        let lag = |node: &Node| Some(i128::from(node.snapshot()?.peers.as_ref()?.lag()?));
        let traffic = |node: &Node| {
            node.snapshot()?
                .rates
                .map(|rates| i128::from(rates.0) + i128::from(rates.1))
        };
        match NODE_SORTS[self.node_sort] {
            "state" => rows.sort_by_key(|(row, _)| std::cmp::Reverse(row.level)),
            "lag" => rows.sort_by_key(|(_, node)| largest(&lag, node)),
            "peers" => rows.sort_by_key(|(_, node)| largest(&peers, node)),
            "traffic" => rows.sort_by_key(|(_, node)| largest(&traffic, node)),
            _ => {}
        }
        rows
    }

    /// The peers in the order in which they are shown.
    fn peers<'p>(&self, peers: &'p [Peer]) -> Vec<&'p Peer> {
        let filter = if self.focus == Focus::Nodes { "" } else { &*self.filter };
        let is_shown = |peer: &&Peer| {
            (!self.outbound_only || peer.direction == Direction::Outbound)
                && (filter.is_empty()
                    || (!self.hides_addresses && peer.address.contains(filter))
                    || peer.subver.contains(filter)
                    || peer.network.name().contains(filter))
        };
        let mut shown: Vec<&Peer> = peers.iter().filter(is_shown).collect();
        let rate = |rates: Option<u64>| std::cmp::Reverse(rates);
        match PEER_SORTS[self.peer_sort] {
            "ping" => shown.sort_by_key(|peer| std::cmp::Reverse(peer.overdue().or(peer.ping))),
            "age" => shown.sort_by_key(|peer| peer.connected),
            "recv" => shown.sort_by_key(|peer| peer.received),
            "rx/s" => shown.sort_by_key(|peer| rate(peer.rates.map(|rates| rates.0))),
            "tx/s" => shown.sort_by_key(|peer| rate(peer.rates.map(|rates| rates.1))),
            _ => {}
        }
        shown
    }

    /// Does what a key is for; `false` ends the program.
    fn key(&mut self, code: KeyCode, fleet: &Fleet) -> bool {
        if self.is_editing {
            match code {
                KeyCode::Char(c) if !c.is_control() => self.filter.push(c),
                KeyCode::Backspace => _ = self.filter.pop(),
                KeyCode::Esc => {
                    self.filter.clear();
                    self.is_editing = false;
                }
                KeyCode::Enter => self.is_editing = false,
                _ => {}
            }
            return true;
        }
        match code {
            KeyCode::Char('q') => return false,
            KeyCode::Char('o') => self.outbound_only = !self.outbound_only,
            KeyCode::Char('a') => self.hides_addresses = !self.hides_addresses,
            KeyCode::Char('v') => self.shows_versions = !self.shows_versions,
            KeyCode::Char('l') => {
                self.focus = if self.focus == Focus::Log {
                    Focus::Nodes
                } else {
                    Focus::Log
                }
            }
            KeyCode::Char('s') => {
                match self.focus {
                    Focus::Nodes => self.node_sort = (self.node_sort + 1) % NODE_SORTS.len(),
                    _ => self.peer_sort = (self.peer_sort + 1) % PEER_SORTS.len(),
                }
                self.step(fleet, isize::MIN);
            }
            KeyCode::Char('/') if matches!(self.focus, Focus::Nodes | Focus::Peers) => {
                self.filter.clear();
                self.is_editing = true;
            }
            KeyCode::Enter => self.enter(fleet),
            KeyCode::Esc => self.back(),
            KeyCode::Down | KeyCode::Char('j') => self.step(fleet, 1),
            KeyCode::Up | KeyCode::Char('k') => self.step(fleet, -1),
            KeyCode::PageDown => self.step(fleet, 10),
            KeyCode::PageUp => self.step(fleet, -10),
            KeyCode::Home => self.step(fleet, isize::MIN),
            KeyCode::End => self.step(fleet, isize::MAX),
            _ => {}
        }
        true
    }

    /// From the nodes to the peers of one, from there to the messages of one.
    fn enter(&mut self, fleet: &Fleet) {
        match self.focus {
            Focus::Nodes if self.node.is_some() => {
                self.filter.clear();
                self.focus = Focus::Peers;
                self.peer = None;
                self.step(fleet, isize::MIN);
            }
            Focus::Peers if self.peer.is_some() => self.focus = Focus::Messages,
            _ => {}
        }
    }

    fn back(&mut self) {
        if !self.filter.is_empty() {
            self.filter.clear();
            return;
        }
        self.focus = match self.focus {
            Focus::Messages => Focus::Peers,
            _ => Focus::Nodes,
        };
    }

    /// Selects another node or peer, so many lines further down.
    fn step(&mut self, fleet: &Fleet, lines: isize) {
        let place = |count: usize, now: Option<usize>| {
            let last = count.checked_sub(1)?;
            let next = now.map_or(0, |now| now.saturating_add_signed(lines));
            Some(next.min(last))
        };
        match self.focus {
            Focus::Nodes => {
                let rows = self.nodes(fleet, SystemTime::now());
                let now = rows.iter().position(|(row, _)| Some(&row.name) == self.node.as_ref());
                if let Some(next) = place(rows.len(), now) {
                    self.node = Some(rows[next].0.name.clone());
                }
            }
            Focus::Peers | Focus::Messages => {
                let node = self.node.as_ref().and_then(|name| fleet.node(name));
                let snapshot = node.and_then(|node| node.snapshot());
                let Some(peers) = snapshot.as_ref().and_then(|snapshot| snapshot.peers.as_ref()) else {
                    return;
                };
                let peers = self.peers(&peers.list);
                let now = peers.iter().position(|peer| Some(peer.id) == self.peer);
                self.peer = place(peers.len(), now).map(|next| peers[next].id);
            }
            Focus::Log => {}
        }
    }
}

/// Shows the screen until it is left by a key.
pub(crate) async fn run(fleet: &Fleet, log: &Log) -> Result<(), String> {
    if !io::stdout().is_terminal() {
        return Err("--screen needs a terminal; --once prints the same text once".into());
    }
    let failed = |error: io::Error| format!("the terminal: {error}");
    let mut terminal = ratatui::try_init().map_err(failed)?;
    // Also if this future is dropped, as by SIGTERM.
    let _restored = Restore;
    let (sender, mut events) = mpsc::unbounded_channel();
    // Reading the terminal blocks; the thread ends with the program.
    thread::spawn(move || {
        while let Ok(event) = crossterm::event::read() {
            if sender.send(event).is_err() {
                break;
            }
        }
    });
    let mut view = View::new(fleet, Style::of_terminal());
    let mut tick = interval(Duration::from_secs(1));
    loop {
        terminal
            .draw(|frame| draw::draw(frame, fleet, &view, log))
            .map_err(failed)?;
        tokio::select! {
            _ = tick.tick() => {}
            event = events.recv() => match event {
                Some(Event::Key(key)) if key.kind != KeyEventKind::Release => {
                    let is_interrupt = key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char('c');
                    if is_interrupt || !view.key(key.code, fleet) {
                        return Ok(());
                    }
                }
                Some(_) => {}
                None => return Err("the terminal is gone".into()),
            }
        }
    }
}

struct Restore;

impl Drop for Restore {
    fn drop(&mut self) {
        ratatui::restore();
    }
}

/// Waits until each node has been polled, and gives the screen as text, and whether all is well.
pub(crate) async fn once(fleet: &Fleet) -> Result<(String, bool), String> {
    /// As wide as a terminal that does not say.
    const WIDTH: u16 = 80;

    // Twice, as it takes two polls to know a rate; but nobody waits for ever for a node that hangs.
    let longest = Instant::now()
        + fleet
            .config
            .timeouts
            .iter()
            .sum::<Duration>()
            .min(Duration::from_secs(60));
    for polls in 1..=2 {
        while fleet.nodes.iter().any(|node| *node.polls.borrow() < polls) && Instant::now() < longest {
            sleep(Duration::from_millis(20)).await;
        }
        if polls == 1 {
            sleep(Duration::from_millis(500)).await;
            fleet.nodes.iter().for_each(|node| node.wanted.notify_one());
        }
    }
    let width = crossterm::terminal::size()
        .ok()
        .filter(|_| io::stdout().is_terminal())
        .map_or(WIDTH, |size| size.0.max(WIDTH));
    let text = text(fleet, &View::new(fleet, Style::of_terminal()), width)?;
    let rows = fleet.nodes.iter().map(|node| Row::new(node, SystemTime::now()));
    let is_well = rows.into_iter().all(|row| row.level == Level::Ok);
    Ok((text, is_well))
}

/// Title, what is wrong, and all nodes.
fn text(fleet: &Fleet, view: &View, width: u16) -> Result<String, String> {
    let height = u16::try_from(draw::overview_height(fleet)).unwrap_or(u16::MAX);
    let mut terminal = Terminal::new(TestBackend::new(width, height)).map_err(|error| error.to_string())?;
    terminal
        .draw(|frame| draw::overview(frame, fleet, view))
        .map_err(|error| error.to_string())?;
    let buffer = terminal.backend().buffer();
    let lines = buffer.content().chunks(usize::from(width)).map(|cells| {
        let line: String = cells.iter().map(ratatui::buffer::Cell::symbol).collect();
        line.trim_end().to_owned() + "\n"
    });
    Ok(lines.collect())
}

#[cfg(test)]
pub(crate) mod tests;
