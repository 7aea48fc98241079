use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Color;
use serde_json::json;

use super::*;
use crate::tests::{Act, Monitor, TestNode, hostile_peers, node_config, recorded, run};

const PLAIN: Style = Style {
    has_color: false,
    has_unicode: false,
};

/// The lines of the screen.
fn lines(fleet: &Fleet, view: &View, width: u16, height: u16) -> Vec<String> {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal
        .draw(|frame| draw::draw(frame, fleet, view, &Log::default()))
        .unwrap();
    let buffer = terminal.backend().buffer();
    if !view.style.has_color {
        assert!(
            buffer
                .content()
                .iter()
                .all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset)
        );
    }
    let lines = buffer.content().chunks(usize::from(width));
    lines
        .map(|cells| {
            cells
                .iter()
                .map(ratatui::buffer::Cell::symbol)
                .collect::<String>()
                .trim_end()
                .to_owned()
        })
        .collect()
}

fn press(view: &mut View, fleet: &Fleet, keys: &str) {
    for key in keys.chars() {
        let code = match key {
            '\n' => KeyCode::Enter,
            '\u{1b}' => KeyCode::Esc,
            '↓' => KeyCode::Down,
            key => KeyCode::Char(key),
        };
        assert!(view.key(code, fleet), "{key}");
    }
}

#[track_caller]
fn assert_has(lines: &[String], part: &str) {
    assert!(
        lines.iter().any(|line| line.contains(part)),
        "{part:?} is not in\n{}",
        lines.join("\n")
    );
}

#[track_caller]
fn assert_lacks(lines: &[String], part: &str) {
    assert!(
        !lines.iter().any(|line| line.contains(part)),
        "{part:?} is in\n{}",
        lines.join("\n")
    );
}

async fn monitor(node: &TestNode) -> Monitor {
    let nodes = vec![
        node_config("alpha", &node.url()),
        node_config("bravo-with-a-long-name", "http://foo:bar@127.0.0.1:1"),
    ];
    Monitor::start_with(nodes, |config| {
        config.interval = Duration::from_secs(3600);
        config.message_bytes = true;
    })
    .await
}

#[test]
fn there_may_be_no_node() {
    run(|| async {
        let monitor = Monitor::start(Vec::new()).await;
        let mut view = View::new(&monitor.fleet, PLAIN);
        press(&mut view, &monitor.fleet, "\n↓s/x\n\u{1b}ol");
        press(&mut view, &monitor.fleet, "l");
        let lines = lines(&monitor.fleet, &view, 80, 24);
        assert!(lines[0].starts_with("defichain-net-monitor   no nodes"), "{lines:?}");
        assert_has(&lines, "no node is configured");
    });
}

#[test]
fn a_node_is_a_line_of_columns_that_do_not_move() {
    run(|| async {
        let node = TestNode::start([]);
        let monitor = monitor(&node).await;
        let view = View::new(&monitor.fleet, PLAIN);
        let before = lines(&monitor.fleet, &view, 80, 24);
        assert_has(&before, "2 nodes: 2 not polled yet");
        monitor.probe("alpha").await;
        monitor.probe("bravo-with-a-long-name").await;
        let shown = lines(&monitor.fleet, &view, 80, 24);
        assert_eq!(
            shown[2],
            " NODE     STATE      AGE   RPC REL     IN OUT   BLOCK LAG RX/s TX/s PING 10 min"
        );
        assert!(
            shown[1].starts_with("CRIT bravo-with-a-long-name NodeDown "),
            "{}",
            shown[1]
        );
        assert!(shown[3].starts_with(">alpha    warn "), "{}", shown[3]);
        assert!(shown[3].contains(" 3.2.8   77   2       -   -"), "{}", shown[3]);
        // What a node that is down was before is not shown.
        assert!(shown[4].starts_with(" bravo-w~ connect "), "{}", shown[4]);
        assert!(
            shown[4].ends_with("- -        -   -       -   -    -    -    -      x"),
            "{}",
            shown[4]
        );
        for lines in [&before, &shown] {
            assert!(
                lines.iter().all(|line| line.chars().count() <= 80 && line.is_ascii()),
                "{lines:?}"
            );
        }
        let wide = lines(&monitor.fleet, &view, 120, 24);
        assert_has(&wide, " bravo-with-a-long-name   connect");
        let text = text(&monitor.fleet, &view, 80).unwrap();
        assert_eq!(text.lines().count(), draw::overview_height(&monitor.fleet), "{text}");
        assert!(text.contains("\nWARN alpha FewOutboundPeers "), "{text}");
    });
}

#[test]
fn peers_are_sorted_filtered_and_hidden() {
    run(|| async {
        let mut peers = recorded("getpeerinfo");
        peers[5]["addr"] = "192.0.2.77:8555".into();
        peers[5]["pingtime"] = serde_json::from_str("12.5").unwrap();
        peers[5]["subver"] = "/Näme:1.0/".into();
        peers[6]["version"] = "none".into();
        let node = TestNode::start([("getpeerinfo", Act::Result(peers))]);
        let monitor = monitor(&node).await;
        monitor.probe("alpha").await;
        let mut view = View::new(&monitor.fleet, PLAIN);
        press(&mut view, &monitor.fleet, "\n");
        let shown = lines(&monitor.fleet, &view, 80, 40);
        assert_has(&shown, "--- alpha ---");
        assert_has(&shown, "/DeFiChain:3.2.8/ 70036  skew ");
        assert_has(&shown, "78 of 78 peers, by id, 1 more cannot be read");
        assert_has(&shown, "      ipv4  ipv6 onion other total groups  conns/h");
        assert_has(&shown, "out      1     0     0     1     2      2");
        assert_has(&shown, "127.0.0.1:20000");
        assert!(shown.iter().all(|line| line.chars().count() <= 80));
        // The slowest first.
        press(&mut view, &monitor.fleet, "s");
        let shown = lines(&monitor.fleet, &view, 80, 40);
        let head = shown.iter().position(|line| line.starts_with("<->")).unwrap();
        assert!(
            shown[head + 1].contains(" 12500 ") && shown[head + 1].ends_with(" 192.0.2.77:8555"),
            "{}",
            shown[head + 1]
        );
        press(&mut view, &monitor.fleet, "a");
        let shown = lines(&monitor.fleet, &view, 80, 40);
        assert_lacks(&shown, "192.0.2.77");
        assert_has(&shown, "(hidden)");
        press(&mut view, &monitor.fleet, "v");
        assert_has(&lines(&monitor.fleet, &view, 80, 40), "/N?me:1.0/");
        press(&mut view, &monitor.fleet, "o");
        assert_has(
            &lines(&monitor.fleet, &view, 80, 40),
            "2 of 78 peers, by ping, outbound only",
        );
        press(&mut view, &monitor.fleet, "ova/192.0.2");
        assert_has(&lines(&monitor.fleet, &view, 80, 40), "filter: 192.0.2_");
        press(&mut view, &monitor.fleet, "\n");
        assert_has(&lines(&monitor.fleet, &view, 80, 40), "1 of 78 peers");
        // Its messages.
        press(&mut view, &monitor.fleet, "\u{1b}↓\n");
        let shown = lines(&monitor.fleet, &view, 80, 40);
        assert_has(&shown, "message                  received                 sent");
        assert_has(&shown, "version                       ");
        press(&mut view, &monitor.fleet, "\u{1b}\u{1b}");
        assert_eq!(view.focus, Focus::Nodes);
        assert!(!view.key(KeyCode::Char('q'), &monitor.fleet));
    });
}

#[test]
fn a_node_that_makes_things_up_moves_no_column() {
    run(|| async {
        let mut peers = hostile_peers(200);
        peers.as_array_mut().unwrap().push(json!({}));
        let mut info = recorded("getnetworkinfo");
        info["version"] = i32::MAX.into();
        info["subversion"] = "\u{1b}]0;evil\u{7}\u{202e}".repeat(50).into();
        info["warnings"] = "\u{1b}[2J\r\n".repeat(1000).into();
        let node = TestNode::start([
            ("getpeerinfo", Act::Result(peers)),
            ("getnetworkinfo", Act::Result(info)),
        ]);
        let monitor = monitor(&node).await;
        monitor.probe("alpha").await;
        monitor.probe("alpha").await;
        let mut view = View::new(&monitor.fleet, PLAIN);
        for (width, height) in [(80, 24), (40, 10), (1, 1), (200, 60)] {
            for keys in ["", "\n", "\n", "\u{1b}", "\u{1b}"] {
                press(&mut view, &monitor.fleet, keys);
                let shown = lines(&monitor.fleet, &view, width, height);
                assert_eq!(shown.len(), usize::from(height));
                assert!(
                    shown.iter().flat_map(|line| line.chars()).all(|c| !c.is_control()),
                    "{shown:?}"
                );
            }
        }
    });
}
