//! The monitor beside nodes that do what nodes do, and what they should not.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use defichain_net_rpc::http::Endpoint;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep};

use crate::config::{Config, NodeConfig};
use crate::poll::{Method, Reason};
use crate::state::{Fleet, Node};

/// What a node does with a request.
#[derive(Clone)]
pub(crate) enum Act {
    /// Answers with this result.
    Result(Value),
    /// Answers with this status and body, in which `ID` is that of the request.
    Body(u16, String),
    /// Sends these bytes and closes the connection.
    Cut(String),
    Hang,
}

fn error(status: u16, code: i32, message: &str) -> Act {
    let body = json!({ "result": null, "error": { "code": code, "message": message }, "id": 0 });
    Act::Body(status, body.to_string().replace("\"id\":0", "\"id\":ID"))
}

/// A node that answers by a table, else as recorded.
pub(crate) struct TestNode {
    address: SocketAddr,
    script: Arc<Mutex<Script>>,
    /// Requests that have come and were not answered yet, and the most that were.
    outstanding: Arc<[AtomicUsize; 2]>,
}

#[derive(Default)]
struct Script {
    acts: HashMap<&'static str, Act>,
    /// What the credentials must be, as in a URL.
    authorization: Option<&'static str>,
    asked: Vec<String>,
}

impl TestNode {
    pub(crate) fn start(acts: impl IntoIterator<Item = (&'static str, Act)>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let node = Self {
            address: listener.local_addr().unwrap(),
            script: Arc::default(),
            outstanding: Arc::default(),
        };
        node.script.lock().unwrap().acts.extend(acts);
        let (script, outstanding) = (Arc::clone(&node.script), Arc::clone(&node.outstanding));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (script, outstanding) = (Arc::clone(&script), Arc::clone(&outstanding));
                thread::spawn(move || {
                    let mut reader = BufReader::new(stream);
                    while let Some((authorization, body)) = read_request(&mut reader) {
                        let now = outstanding[0].fetch_add(1, Ordering::SeqCst) + 1;
                        outstanding[1].fetch_max(now, Ordering::SeqCst);
                        let (reply, goes_on) = answer(&script, &authorization, &body);
                        if reply.is_none() {
                            // Whoever gives up closes the connection.
                            _ = reader.read(&mut [0]);
                        }
                        outstanding[0].fetch_sub(1, Ordering::SeqCst);
                        let sent = reader.get_mut().write_all(reply.unwrap_or_default().as_bytes());
                        if sent.is_err() || !goes_on {
                            break;
                        }
                    }
                });
            }
        });
        node
    }

    pub(crate) fn act(&self, method: &'static str, act: Act) {
        self.script.lock().unwrap().acts.insert(method, act);
    }

    /// Which methods were asked since the last time.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.script.lock().unwrap().asked)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://foo:bar@{}", self.address)
    }
}

/// The credentials and the body of a request.
fn read_request(reader: &mut BufReader<std::net::TcpStream>) -> Option<(String, Value)> {
    let (mut length, mut authorization) = (0, String::new());
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim();
        if line.is_empty() && length > 0 {
            break;
        }
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.parse().ok()?;
        } else if let Some(value) = line.strip_prefix("Authorization: ") {
            authorization = value.to_owned();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((authorization, serde_json::from_slice(&body).ok()?))
}

pub(crate) fn recorded(method: &str) -> Value {
    if method == "getpeerinfo" {
        let (_, body) = replay_node::PEERS.split_once("\r\n\r\n").unwrap();
        return serde_json::from_str::<Value>(body).unwrap()["result"].take();
    }
    serde_json::from_str(replay_node::result(method).unwrap()).unwrap()
}

/// The reply, if there is one, and whether the connection goes on.
fn answer(script: &Mutex<Script>, authorization: &str, request: &Value) -> (Option<String>, bool) {
    let method = request["method"].as_str().unwrap_or_default();
    let framed =
        |status: u16, body: &str| format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let mut script = script.lock().unwrap();
    script.asked.push(method.to_owned());
    if script.authorization.is_some_and(|right| right != authorization) {
        return (Some(framed(401, "")), true);
    }
    let act = script.acts.get(method).cloned();
    drop(script);
    match act {
        None => {
            let body = json!({ "result": recorded(method), "error": null, "id": request["id"] });
            (Some(framed(200, &format!("{body}\n"))), true)
        }
        Some(Act::Result(result)) => {
            let body = json!({ "result": result, "error": null, "id": request["id"] });
            (Some(framed(200, &body.to_string())), true)
        }
        Some(Act::Body(status, body)) => (
            Some(framed(
                status,
                &body.replacen("\"id\":ID", &format!("\"id\":{}", request["id"]), 1),
            )),
            true,
        ),
        Some(Act::Cut(text)) => (Some(text), false),
        Some(Act::Hang) => (None, false),
    }
}

pub(crate) fn node_config(name: &str, url: &str) -> NodeConfig {
    NodeConfig {
        name: name.into(),
        endpoint: Endpoint::from_url(url).unwrap().to_buf().unwrap(),
        cookie_file: None,
        tls: None,
    }
}

/// A monitor whose deadlines are short, and which polls when it is scraped alone.
pub(crate) struct Monitor {
    address: SocketAddr,
    pub(crate) fleet: Rc<Fleet>,
}

const TIMEOUT: Duration = Duration::from_millis(600);

impl Monitor {
    pub(crate) async fn start(nodes: Vec<NodeConfig>) -> Self {
        Self::start_with(nodes, |config| config.interval = Duration::from_secs(3600)).await
    }

    pub(crate) async fn start_with(nodes: Vec<NodeConfig>, set: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::new(nodes);
        config.timeouts = [TIMEOUT; Method::COUNT];
        set(&mut config);
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let fleet = Rc::new(Fleet::new(config, false));
        let first = Instant::now() + fleet.config.interval;
        for node in &fleet.nodes {
            tokio::task::spawn_local(crate::poll::watch(Rc::clone(node), Rc::clone(&fleet), first));
        }
        tokio::task::spawn_local(crate::http::serve(listener, Rc::clone(&fleet)));
        Self { address, fleet }
    }

    fn node(&self) -> &Node {
        &self.fleet.nodes[0]
    }

    /// The status, the head and the body of a reply.
    async fn request(&self, method: &str, path: &str, headers: &str) -> (u16, String, String) {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}\r\n",
            self.address
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).await.unwrap();
        let (head, body) = reply.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head.to_owned(), body.to_owned())
    }

    /// A scrape that is not answered by the last poll.
    pub(crate) async fn probe(&self, name: &str) -> Metrics {
        for node in &self.fleet.nodes {
            if let Some(snapshot) = &mut node.state.borrow_mut().snapshot {
                Rc::make_mut(snapshot).finished = None;
            }
        }
        let headers = "X-Prometheus-Scrape-Timeout-Seconds: 20\r\n";
        let (status, _, body) = self.request("GET", &format!("/probe?target={name}"), headers).await;
        assert_eq!(status, 200, "{body}");
        Metrics(body)
    }
}

/// A reply in the older format.
pub(crate) struct Metrics(String);

impl Metrics {
    fn get(&self, series: &str) -> Option<&str> {
        self.0
            .lines()
            .find_map(|line| line.strip_prefix(series)?.strip_prefix(' '))
    }

    #[track_caller]
    fn has(&self, series: &str, value: impl std::fmt::Display) {
        assert_eq!(self.get(series), Some(&*value.to_string()), "{series}\n{}", self.0);
    }

    /// The names and labels of all series.
    fn series(&self) -> Vec<&str> {
        let lines = self.0.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| line.rsplit_once(' ').unwrap().0).collect()
    }

    fn up(&self, method: &str) -> Option<&str> {
        self.get(&format!("defichain_method_up{{method=\"{method}\"}}"))
    }
}

pub(crate) fn run<F: Future<Output = ()>>(test: impl FnOnce() -> F) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    LocalSet::new().block_on(&runtime, async {
        tokio::time::timeout(Duration::from_secs(30), test())
            .await
            .expect("the test takes too long");
    });
    runtime.shutdown_background();
}

fn temporary(content: &str) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("monitor-test-{}-{count}", std::process::id()));
    std::fs::write(&path, content).unwrap();
    path
}

#[test]
fn the_values_are_those_of_the_replies() {
    run(|| async {
        let node = TestNode::start([]);
        let monitor = Monitor::start(vec![node_config("alpha", &node.url())]).await;
        let metrics = monitor.probe("alpha").await;
        metrics.has("defichain_up", 1);
        for method in Method::ALL {
            assert_eq!(metrics.up(method.name()), Some("1"));
        }
        assert_eq!(node.asked(), Method::ALL.map(|method| method.name().to_owned()));
        assert_eq!(node.outstanding[1].load(Ordering::SeqCst), 1);
        let totals = recorded("getnettotals");
        metrics.has("defichain_network_receive_bytes_total", &totals["totalbytesrecv"]);
        metrics.has("defichain_network_transmit_bytes_total", &totals["totalbytessent"]);
        // There is no limit.
        assert_eq!(metrics.get("defichain_upload_target_bytes"), None);
        assert_eq!(metrics.get("defichain_upload_target_left_bytes"), None);
        metrics.has("defichain_connections", recorded("getconnectioncount"));
        metrics.has("defichain_node_info{version=\"3.2.8\",protocol_version=\"70036\"}", 1);
        metrics.has("defichain_network_reachable{network=\"onion\"}", 0);
        metrics.has("defichain_relay_fee_dfi_per_byte", "0.00000001");
        metrics.has("defichain_bans{reason=\"manually added\"}", 3);
        metrics.has("defichain_added_nodes", 2);

        let peers = recorded("getpeerinfo");
        let peers = peers.as_array().unwrap();
        let count = |which: &dyn Fn(&Value) -> bool| peers.iter().filter(|peer| which(peer)).count();
        let series = |direction, network| format!("defichain_peers{{direction=\"{direction}\",network=\"{network}\"}}");
        metrics.has(&series("inbound", "ipv4"), count(&|peer| peer["inbound"] == true));
        metrics.has(&series("outbound", "ipv4"), 1);
        metrics.has(&series("outbound", "other"), 1);
        metrics.has(
            "defichain_peer_connections_total",
            peers.iter().map(|peer| peer["id"].as_u64().unwrap()).max().unwrap() + 1,
        );
        metrics.has(
            "defichain_peer_ping_seconds_count",
            count(&|peer| peer.get("pingtime").is_some()),
        );
        metrics.has(
            "defichain_peers_relaying_transactions",
            count(&|peer| peer["relaytxes"] == true),
        );
        metrics.has("defichain_peer_netgroups{direction=\"inbound\"}", 1);
        metrics.has("defichain_peers_unreadable", 0);
        assert!(metrics.series().len() <= 70, "{}", metrics.0);
    });
}

#[test]
fn large_counters_are_exact() {
    run(|| async {
        let mut totals = recorded("getnettotals");
        totals["totalbytesrecv"] = u64::MAX.into();
        totals["totalbytessent"] = 9_007_199_254_740_993_u64.into();
        totals["uploadtarget"]["target"] = (u64::MAX - 1).into();
        let mut info = recorded("getnetworkinfo");
        info["relayfee"] = serde_json::from_str("90071992.54740993").unwrap();
        let node = TestNode::start([
            ("getnettotals", Act::Result(totals)),
            ("getnetworkinfo", Act::Result(info)),
        ]);
        let monitor = Monitor::start(vec![node_config("alpha", &node.url())]).await;
        let metrics = monitor.probe("alpha").await;
        metrics.has("defichain_network_receive_bytes_total", "18446744073709551615");
        metrics.has("defichain_network_transmit_bytes_total", "9007199254740993");
        metrics.has("defichain_upload_target_bytes", "18446744073709551614");
        metrics.has("defichain_relay_fee_dfi_per_byte", "90071.99254740993");
    });
}

#[test]
fn a_failed_method_costs_its_own_values_alone() {
    let wrong_id = json!({ "result": [], "error": null, "id": 123_456 }).to_string();
    for (act, reason) in [
        (
            Act::Cut("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"result\":[{\"addr".into()),
            Reason::Closed,
        ),
        (Act::Cut(String::new()), Reason::Closed),
        (Act::Body(200, wrong_id), Reason::Malformed),
        (Act::Body(200, "<html>a proxy</html>".into()), Reason::Malformed),
        (
            Act::Body(200, "{\"result\":{},\"error\":null,\"id\":ID}".into()),
            Reason::Malformed,
        ),
        (Act::Cut("\0\u{1}garbage\r\n\r\n".into()), Reason::Malformed),
        (Act::Body(500, "Work queue depth exceeded".into()), Reason::Busy),
        (Act::Body(503, String::new()), Reason::Busy),
        (error(500, -20, "bans are not loaded"), Reason::Rpc),
    ] {
        run(|| async {
            let node = TestNode::start([("listbanned", act)]);
            let monitor = Monitor::start(vec![node_config("alpha", &node.url())]).await;
            let metrics = monitor.probe("alpha").await;
            metrics.has("defichain_up", 1);
            for method in Method::ALL {
                let up = if method == Method::ListBanned { "0" } else { "1" };
                assert_eq!(metrics.up(method.name()), Some(up), "{reason:?}");
            }
            assert_eq!(metrics.get("defichain_bans{reason=\"unknown\"}"), None);
            metrics.has("defichain_peer_ping_seconds_count", 71);
            let errors = &monitor.node().errors;
            let counted = Reason::ALL.map(|other| errors[other as usize].get());
            assert_eq!(
                counted,
                Reason::ALL.map(|other| u64::from(other == reason)),
                "{reason:?}"
            );
        });
    }
}

#[test]
fn a_method_that_the_node_does_not_know_is_absent() {
    run(|| async {
        let node = TestNode::start([("getnodestatusinfo", error(404, -32601, "Method not found"))]);
        let monitor = Monitor::start(vec![node_config("alpha", &node.url())]).await;
        let metrics = monitor.probe("alpha").await;
        assert_eq!(metrics.up("getnodestatusinfo"), None);
        assert_eq!(metrics.get("defichain_synced_to_tip"), None);
        assert!(monitor.node().errors.iter().all(|count| count.get() == 0));
        assert!(
            monitor
                .node()
                .state
                .borrow()
                .findings
                .iter()
                .all(|finding| finding.0.name != "MethodFailing")
        );

        // A later release does.
        let mut info = recorded("getnetworkinfo");
        info["version"] = 4_020_601.into();
        node.act("getnetworkinfo", Act::Result(info));
        node.act(
            "getnodestatusinfo",
            Act::Result(json!({ "health_status": false, "sync_to_tip": false, "active_peer_nodes": true })),
        );
        let metrics = monitor.probe("alpha").await;
        metrics.has("defichain_synced_to_tip", 0);
        metrics.has("defichain_active_peers_sufficient", 1);
        metrics.has("defichain_node_info{version=\"4.2.6.1\",protocol_version=\"70036\"}", 1);
        assert_eq!(
            metrics.get("defichain_node_info{version=\"3.2.8\",protocol_version=\"70036\"}"),
            None
        );
    });
}

#[test]
fn a_node_that_starts_is_down_for_that_reason() {
    run(|| async {
        let node = TestNode::start(Method::ALL.map(|method| (method.name(), error(500, -28, "Loading\nblock index"))));
        let monitor = Monitor::start(vec![node_config("alpha", &node.url())]).await;
        let metrics = monitor.probe("alpha").await;
        metrics.has("defichain_up", 0);
        assert_eq!(metrics.get("defichain_connections"), None);
        assert_eq!(node.asked(), ["getconnectioncount"]);
        let snapshot = monitor.node().snapshot().unwrap();
        assert_eq!(snapshot.down(), Some(Reason::Warmup));
        let words = snapshot.error.clone().unwrap();
        assert!(words.contains("Loading") && !words.contains('\n'), "{words}");
    });
}

#[test]
fn a_node_that_hangs_is_left_alone_for_longer_and_longer() {
    run(|| async {
        let node = TestNode::start([("getpeerinfo", Act::Hang)]);
        let monitor = Monitor::start(vec![node_config("alpha", &node.url())]).await;
        let metrics = monitor.probe("alpha").await;
        metrics.has("defichain_up", 1);
        metrics.has("defichain_connections", 79);
        assert_eq!(metrics.up("getpeerinfo"), Some("0"));
        assert_eq!(node.asked().len(), Method::COUNT);
        // What it hung on is not asked again at once, the rest is.
        let metrics = monitor.probe("alpha").await;
        metrics.has("defichain_connections", 79);
        assert_eq!(node.asked().len(), Method::COUNT - 1);
        sleep(TIMEOUT).await;
        monitor.probe("alpha").await;
        assert_eq!(node.asked().len(), Method::COUNT);
        sleep(TIMEOUT).await;
        monitor.probe("alpha").await;
        assert_eq!(node.asked().len(), Method::COUNT - 1);
        assert_eq!(monitor.node().errors[Reason::Timeout as usize].get(), 2);

        // All of it hangs: nothing is asked.
        node.act("getconnectioncount", Act::Hang);
        monitor.probe("alpha").await.has("defichain_up", 0);
        assert_eq!(node.asked(), ["getconnectioncount"]);
        let begun = Instant::now();
        monitor.probe("alpha").await.has("defichain_up", 0);
        assert!(node.asked().is_empty() && begun.elapsed() < TIMEOUT);
        assert_eq!(node.outstanding[1].load(Ordering::SeqCst), 1);

        // It is well again.
        node.act("getconnectioncount", Act::Result(79.into()));
        node.act("getpeerinfo", Act::Result(json!([])));
        sleep(TIMEOUT * 4).await;
        let metrics = monitor.probe("alpha").await;
        assert_eq!(metrics.up("getpeerinfo"), Some("1"));
    });
}

#[test]
fn a_node_that_dies_loses_its_values_at_once() {
    run(|| async {
        let node = TestNode::start([]);
        let monitor = Monitor::start(vec![
            node_config("alpha", &node.url()),
            node_config("bravo", "http://foo:bar@127.0.0.1:1"),
        ])
        .await;
        monitor.probe("alpha").await.has("defichain_up", 1);
        let metrics = monitor.probe("bravo").await;
        metrics.has("defichain_up", 0);
        assert_eq!(metrics.get("defichain_poll_success_timestamp_seconds"), None);
        assert_eq!(metrics.series().len(), 1 + Method::COUNT + 1);

        node.act("getconnectioncount", Act::Cut(String::new()));
        for method in Method::ALL {
            node.act(method.name(), Act::Cut(String::new()));
        }
        let metrics = monitor.probe("alpha").await;
        metrics.has("defichain_up", 0);
        assert!(metrics.get("defichain_poll_success_timestamp_seconds").is_some());
        let poll = ["defichain_up", "defichain_poll_", "defichain_method_up"];
        assert!(
            metrics
                .series()
                .iter()
                .all(|series| poll.iter().any(|poll| series.starts_with(poll))),
            "{}",
            metrics.0
        );

        node.script.lock().unwrap().acts.clear();
        monitor.probe("alpha").await.has("defichain_connections", 79);
    });
}

#[test]
fn credentials_are_read_again_after_a_401() {
    run(|| async {
        // old:one and new:two.
        let (old, new) = ("Basic b2xkOm9uZQ==", "Basic bmV3OnR3bw==");
        let node = TestNode::start([]);
        node.script.lock().unwrap().authorization = Some(old);
        let cookie_file = temporary("old:one\n");
        let config = NodeConfig {
            cookie_file: Some(cookie_file.clone()),
            ..node_config("alpha", &format!("http://{}", node.address))
        };
        let monitor = Monitor::start(vec![config]).await;
        monitor.probe("alpha").await.has("defichain_up", 1);
        assert_eq!(node.asked().len(), Method::COUNT);

        // It starts again.
        node.script.lock().unwrap().authorization = Some(new);
        std::fs::write(&cookie_file, "new:two").unwrap();
        monitor.probe("alpha").await.has("defichain_up", 1);
        assert_eq!(node.asked().len(), Method::COUNT + 1);
        assert!(monitor.node().errors.iter().all(|count| count.get() == 0));

        // It does, and the file is still the old one: one request is refused.
        node.script.lock().unwrap().authorization = Some(old);
        monitor.probe("alpha").await.has("defichain_up", 0);
        assert_eq!(node.asked().len(), 1);
        assert_eq!(monitor.node().errors[Reason::Unauthorized as usize].get(), 1);
        assert_eq!(monitor.node().state.borrow().findings[0].0.name, "CredentialsRefused");

        // There is none.
        std::fs::remove_file(&cookie_file).unwrap();
        monitor.probe("alpha").await.has("defichain_up", 0);
        let words = monitor.node().snapshot().unwrap().error.clone().unwrap();
        assert!(words.starts_with("cookie file /"), "{words}");
        assert_eq!(monitor.node().errors[Reason::Unauthorized as usize].get(), 2);
        std::fs::write(&cookie_file, "old:one").unwrap();
        monitor.probe("alpha").await.has("defichain_up", 1);
        std::fs::remove_file(&cookie_file).unwrap();
    });
}

#[test]
fn a_name_that_cannot_be_resolved_is_told() {
    run(|| async {
        // Too long for a name, so that nobody is asked.
        let url = format!("http://foo:bar@{}:1", "a".repeat(80));
        let monitor = Monitor::start(vec![node_config("alpha", &url)]).await;
        monitor.probe("alpha").await.has("defichain_up", 0);
        assert_eq!(monitor.node().errors[Reason::Resolve as usize].get(), 1);
    });
}

#[cfg(feature = "tls")]
#[test]
fn a_node_behind_tls_is_believed_with_its_own_certificate_alone() {
    use tokio_rustls::TlsAcceptor;
    use tokio_rustls::rustls::ServerConfig;
    use tokio_rustls::rustls::pki_types::PrivateKeyDer;

    use crate::tls::Tls;

    let certificate = |name: &str| rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let (own, other) = (certificate("127.0.0.1"), certificate("127.0.0.1"));
    run(|| async move {
        let node = TestNode::start([]);
        let key = PrivateKeyDer::Pkcs8(own.signing_key.serialize_der().into());
        let server = ServerConfig::builder().with_no_client_auth();
        let acceptor = TlsAcceptor::from(Arc::new(
            server.with_single_cert(vec![own.cert.der().clone()], key).unwrap(),
        ));
        // A proxy before the node.
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("https://foo:bar@{}", listener.local_addr().unwrap());
        let address = node.address;
        tokio::task::spawn_local(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::task::spawn_local(async move {
                    if let Ok(mut stream) = acceptor.accept(stream).await {
                        let mut node = TcpStream::connect(address).await.unwrap();
                        _ = tokio::io::copy_bidirectional(&mut stream, &mut node).await;
                    }
                });
            }
        });
        let mut configs = Vec::new();
        for (name, certificate) in [("own", own.cert.pem()), ("other", other.cert.pem())] {
            let file = temporary(&certificate);
            let tls = Some(Tls::load(&file).unwrap());
            std::fs::remove_file(&file).unwrap();
            configs.push(NodeConfig {
                tls,
                ..node_config(name, &url)
            });
        }
        let monitor = Monitor::start_with(configs, |config| config.timeouts = Method::ALL.map(Method::timeout)).await;
        monitor.probe("own").await.has("defichain_connections", 79);
        monitor.probe("other").await.has("defichain_up", 0);
        assert_eq!(monitor.fleet.nodes[1].errors[Reason::Tls as usize].get(), 1);
    });
}

/// Peers that say what they like.
pub(crate) fn hostile_peers(count: u64) -> Value {
    let template = recorded("getpeerinfo")[0].clone();
    let number = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    (0..count)
        .map(|index| {
            let mut peer = template.clone();
            peer["id"] = (u64::MAX - index).into();
            peer["addr"] = match index % 5 {
                0 => format!("10.{}.{}.1:8555", index / 250 % 250, index % 250),
                1 => format!("[2001:{index:x}::1]:8555"),
                2 => format!("{}.onion:8555", "a".repeat(16)),
                3 => format!("\"}} 1\nevil{{x=\"{index}"),
                _ => "[fe80::1%eth0]:8555".into(),
            }
            .into();
            peer["inbound"] = (index % 2 == 0).into();
            peer["subver"] = format!("/\u{1b}[31mevil\u{202e}{index}\n/").into();
            peer["bytesrecv"] = u64::MAX.into();
            peer["bytessent"] = u64::MAX.into();
            peer["lastrecv"] = (if index % 3 == 0 { u64::MAX } else { 0 }).into();
            peer["conntime"] = (if index % 7 == 0 { u64::MAX } else { 0 }).into();
            peer["pingtime"] = number(if index % 2 == 0 { "1e9" } else { "0.000001" });
            peer["pingwait"] = number("9223372036854");
            peer["banscore"] = (if index % 2 == 0 { i32::MAX } else { i32::MIN }).into();
            peer["synced_headers"] = i32::MAX.into();
            peer["synced_blocks"] = (if index % 2 == 0 { i32::MIN } else { 0 }).into();
            peer["addr_rate_limited"] = u64::MAX.into();
            peer["bytesrecv_per_msg"] = (0..40)
                .map(|kind| (format!("kind{index}-{kind}"), u64::MAX.into()))
                .collect::<serde_json::Map<_, _>>()
                .into();
            if index % 11 == 0 {
                peer["version"] = "none".into();
            }
            peer
        })
        .collect()
}

#[test]
fn the_number_of_series_does_not_depend_on_the_node() {
    run(|| async {
        let bans: Value = (0..2000)
            .map(|index| json!({ "address": format!("10.0.0.0/{index}"), "banned_until": 0, "ban_created": 0, "ban_reason": format!("reason {index}") }))
            .collect();
        let mut info = recorded("getnetworkinfo");
        info["networks"] = (0..500)
            .map(|index| json!({ "name": format!("net{index}"), "limited": false, "reachable": true, "proxy": "", "proxy_randomize_credentials": false }))
            .chain(info["networks"].take().as_array().unwrap().clone())
            .collect();
        info["version"] = i32::MIN.into();
        info["warnings"] = "w".repeat(100_000).into();
        info["timeoffset"] = i64::MIN.into();
        let node = TestNode::start([]);
        let monitor = Monitor::start_with(vec![node_config("alpha", &node.url())], |config| {
            config.interval = Duration::from_secs(3600);
            config.message_bytes = true;
            config.timeouts = [Duration::from_secs(20); Method::COUNT];
        });
        let monitor = monitor.await;
        let usual = monitor.probe("alpha").await;
        let names = |metrics: &Metrics| -> Vec<String> {
            metrics
                .series()
                .into_iter()
                .filter(|series| !series.starts_with("defichain_node_info"))
                .map(str::to_owned)
                .collect()
        };
        let mut usual_names = names(&usual);

        let peers = json!({ "result": hostile_peers(10_000), "error": null });
        let peers = peers.to_string().replace("null}", "null,\"id\":ID}");
        node.act("getpeerinfo", Act::Body(200, peers));
        node.act("listbanned", Act::Result(bans));
        node.act("getnetworkinfo", Act::Result(info));
        let hostile = monitor.probe("alpha").await;
        let mut hostile_names = names(&hostile);
        // Where no peer has a height there is none.
        for names in [&mut usual_names, &mut hostile_names] {
            names.retain(|name| !name.starts_with("defichain_peers_synced_"));
        }
        assert_eq!(hostile_names, usual_names);
        hostile.has("defichain_peers_unreadable", 10_000_u32.div_ceil(11));
        hostile.has("defichain_bans{reason=\"unknown\"}", 2000);
        hostile.has("defichain_time_offset_seconds", i64::MIN);
        // The first one, which has the highest id, is unreadable.
        hostile.has("defichain_peer_connections_total", u64::MAX);
        hostile.has("defichain_peer_ping_seconds_count", 10_000 - 10_000_u32.div_ceil(11));
        assert!(
            !hostile.0.contains("evil") && !hostile.0.contains("10.0."),
            "{}",
            hostile.0
        );
        // The next poll works out rates from these.
        monitor.probe("alpha").await.has("defichain_up", 1);
    });
}

#[test]
fn connections_do_not_become_fewer_until_the_node_restarts() {
    run(|| async {
        let peers = |ids: &[u64]| -> Act {
            let template = &recorded("getpeerinfo")[0];
            let peer = |id: &u64| {
                let mut peer = template.clone();
                peer["id"] = (*id).into();
                peer
            };
            Act::Result(ids.iter().map(peer).collect())
        };
        let totals = |received: u64| {
            let mut totals = recorded("getnettotals");
            totals["totalbytesrecv"] = received.into();
            Act::Result(totals)
        };
        let node = TestNode::start([("getpeerinfo", peers(&[3, 40])), ("getnettotals", totals(1000))]);
        let monitor = Monitor::start(vec![node_config("alpha", &node.url())]).await;
        let series = "defichain_peer_connections_total";
        monitor.probe("alpha").await.has(series, 41);
        node.act("getpeerinfo", peers(&[3]));
        monitor.probe("alpha").await.has(series, 41);
        node.act("getpeerinfo", peers(&[]));
        monitor.probe("alpha").await.has(series, 41);
        node.act("getpeerinfo", peers(&[2]));
        node.act("getnettotals", totals(10));
        monitor.probe("alpha").await.has(series, 3);
    });
}

#[test]
fn the_endpoints() {
    run(|| async {
        let node = TestNode::start([]);
        let monitor = Monitor::start(vec![node_config("a:b", &node.url())]).await;
        let text = "content-type: text/plain; version=0.0.4; charset=utf-8";
        let open = "content-type: application/openmetrics-text; version=1.0.0; charset=utf-8";
        for (method, path, headers, status, head_has, body_has) in [
            ("GET", "/probe?target=a%3Ab", "", 200, text, "\ndefichain_up 1\n"),
            (
                "GET",
                "/probe?x=1&target=a:b",
                "Accept: */*\r\n",
                200,
                text,
                "# TYPE defichain_node_info gauge",
            ),
            (
                "GET",
                "/probe?target=a:b",
                "Accept: application/openmetrics-text; version=1.0.0\r\n",
                200,
                open,
                "# TYPE defichain_node info",
            ),
            (
                "GET",
                "/probe?target=nobody",
                "",
                404,
                "text/plain",
                "no node of this name",
            ),
            (
                "GET",
                "/probe?target=127.0.0.1:22",
                "",
                404,
                "text/plain",
                "no node of this name",
            ),
            ("GET", "/probe?target=", "", 404, "text/plain", "no node of this name"),
            ("GET", "/probe", "", 400, "text/plain", "/probe?target=NAME"),
            ("POST", "/probe?target=a:b", "", 405, "allow: GET, HEAD", "only GET"),
            ("HEAD", "/probe?target=a:b", "", 200, text, ""),
            (
                "GET",
                "/targets",
                "",
                200,
                "content-type: application/json",
                "\"__param_target\":\"a:b\"",
            ),
            ("GET", "/metrics", "", 200, text, "defichain_configured_nodes 1\n"),
            (
                "GET",
                "/metrics",
                "Accept: application/openmetrics-text\r\n",
                200,
                open,
                "# EOF\n",
            ),
            ("GET", "/healthz", "", 200, "text/plain", "polling"),
            (
                "GET",
                "/nothing",
                "",
                404,
                "text/plain",
                "there is no \"/nothing\" here",
            ),
        ] {
            let (got, head, body) = monitor.request(method, path, headers).await;
            assert_eq!(got, status, "{method} {path} {body}");
            assert!(head.contains(head_has), "{method} {path} {head}");
            assert!(body.contains(body_has), "{method} {path} {body}");
        }
        let (_, _, body) = monitor.request("GET", "/metrics", "").await;
        for series in [
            "process_cpu_seconds_total ",
            "process_resident_memory_bytes ",
            "process_open_fds ",
            "process_start_time_seconds ",
        ] {
            assert!(body.contains(&format!("\n{series}")), "{series} {body}");
        }
        // This process is the target, by the name that it was asked by; a name that is none is not repeated.
        let (_, _, body) = monitor.request("GET", "/targets", "").await;
        let targets: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(targets[0]["targets"], json!([monitor.address.to_string()]));
        assert_eq!(targets[0]["labels"]["__metrics_path__"], "/probe");
    });
}

#[test]
fn a_scrape_ends_in_time_and_has_what_there_is() {
    run(|| async {
        let node = TestNode::start([("getpeerinfo", Act::Hang)]);
        let monitor = Monitor::start_with(vec![node_config("alpha", &node.url())], |config| {
            config.interval = Duration::from_secs(3600);
            config.timeouts = Method::ALL.map(Method::timeout);
        });
        let monitor = monitor.await;
        let begun = Instant::now();
        let (_, _, body) = monitor
            .request(
                "GET",
                "/probe?target=alpha",
                "X-Prometheus-Scrape-Timeout-Seconds: 1\r\n",
            )
            .await;
        assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
        let metrics = Metrics(body);
        metrics.has("defichain_up", 1);
        metrics.has("defichain_connections", 79);
        assert_eq!(metrics.up("getpeerinfo"), Some("0"));
    });
}

#[test]
fn scrapes_share_a_poll_and_count_as_polls() {
    run(|| async {
        let node = TestNode::start([]);
        let interval = Duration::from_millis(300);
        let monitor = Monitor::start_with(vec![node_config("alpha", &node.url())], |config| {
            config.interval = interval;
        })
        .await;
        // Nobody scrapes: it is polled all the same.
        sleep(interval * 7 / 2).await;
        let alone = node.asked().len() / Method::COUNT;
        assert!((2..=3).contains(&alone), "{alone}");
        let replies = RefCell::new(0);
        let scrape = async || {
            let (status, ..) = monitor.request("GET", "/probe?target=alpha", "").await;
            *replies.borrow_mut() += status / 200;
        };
        sleep(Duration::from_millis(50)).await;
        node.asked();
        tokio::join!(scrape(), scrape(), scrape(), scrape());
        assert_eq!(*replies.borrow(), 4);
        assert!(node.asked().len() <= Method::COUNT);
    });
}

#[test]
fn a_slow_node_holds_up_no_other() {
    run(|| async {
        let (slow, quick) = (
            TestNode::start([("getconnectioncount", Act::Hang)]),
            TestNode::start([]),
        );
        let monitor = Monitor::start(vec![
            node_config("slow", &slow.url()),
            node_config("quick", &quick.url()),
        ])
        .await;
        let both = async {
            tokio::join!(monitor.probe("slow"), async {
                let begun = Instant::now();
                let metrics = monitor.probe("quick").await;
                (metrics, begun.elapsed())
            })
        };
        let (slow, (quick, took)) = both.await;
        slow.has("defichain_up", 0);
        quick.has("defichain_up", 1);
        assert!(took < TIMEOUT, "{took:?}");
    });
}

#[test]
fn the_page_shows_what_the_node_says_and_obeys_none_of_it() {
    run(|| async {
        let mut peers = recorded("getpeerinfo");
        peers[0]["addr"] = "<script>alert(1)</script>&\"'".into();
        peers[0]["subver"] = "</td><img src=x>".into();
        peers[1]["addr"] = "192.0.2.77:8555".into();
        peers[2]["version"] = "none".into();
        let mut info = recorded("getnetworkinfo");
        info["warnings"] = "<b>unknown rules</b>".into();
        let node = TestNode::start([
            ("getpeerinfo", Act::Result(peers)),
            ("getnetworkinfo", Act::Result(info)),
        ]);
        let nodes = || {
            vec![
                node_config("alpha", &node.url()),
                node_config("bravo", "http://foo:bar@127.0.0.1:1"),
            ]
        };
        let monitor = Monitor::start(nodes()).await;
        let (_, _, page) = monitor.request("GET", "/", "").await;
        assert!(page.contains("2 nodes: 2 not polled yet"), "{page}");
        monitor.probe("alpha").await;
        monitor.probe("bravo").await;
        let (status, head, page) = monitor.request("GET", "/", "").await;
        assert_eq!(status, 200);
        assert!(
            head.contains("content-type: text/html; charset=utf-8") && head.contains("default-src 'none'"),
            "{head}"
        );
        for part in [
            "2 nodes: 1 warn 1 down",
            "?node=alpha",
            "connect",
            "<b>Warning</b>",
            "&lt;b&gt;unknown rules",
            ">76<",
        ] {
            assert!(page.contains(part), "{part} {page}");
        }
        let (status, _, page) = monitor.request("GET", "/?node=alpha", "").await;
        assert_eq!(status, 200);
        for part in [
            "&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;",
            "192.0.2.77:8555",
            "1 more cannot be read",
            "<svg ",
        ] {
            assert!(page.contains(part), "{part} {page}");
        }
        for part in ["<script", "<img", "<b>unknown"] {
            assert!(!page.contains(part), "{part} {page}");
        }
        let (_, _, page) = monitor.request("GET", "/?node=bravo", "").await;
        assert!(
            page.contains("NodeDown") && page.contains("never answered") && !page.contains("<h2>"),
            "{page}"
        );
        let (status, ..) = monitor.request("GET", "/?node=nobody", "").await;
        assert_eq!(status, 404);

        let hiding = Monitor::start_with(nodes(), |config| config.hide_addresses = true).await;
        hiding.probe("alpha").await;
        let (_, _, page) = hiding.request("GET", "/?node=alpha", "").await;
        assert!(page.contains("(hidden)") && !page.contains("192.0.2.77"), "{page}");
    });
}
