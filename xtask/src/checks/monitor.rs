//! Runs the monitor's demonstration under a real Prometheus, which finds the nodes by itself, and compares what it has with
//! what the nodes answer: values, what becomes of them when a node dies and comes back, alerts. `promtool` and the parser of
//! the Python client must find nothing in rules, configurations and replies.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::python;
use crate::run::{self, Result, cargo, command, folder, install, install_compiler, read};

const PROGRAM: &str = "target/monitor/debug/defichain-net-monitor";
const FOLDER: &str = "examples/monitor/prometheus";
const CONFIGURATIONS: [&str; 3] = ["prometheus.yml", "shard.yml", "federation.yml"];

/// How often Prometheus scrapes here.
const SCRAPE: Duration = Duration::from_secs(3);
/// What the monitor's own words for nodes that are down promise.
const OF_POLLS: &str = "defichain_up|defichain_method_up|defichain_poll_.*|up|scrape_.*|ALERTS.*";

pub(crate) fn run(_: &[&str]) -> Result {
    install_compiler()?;
    install("prometheus")?;
    promtool()?;
    run::run(&mut cargo(
        "build --quiet --locked --manifest-path examples/monitor/Cargo.toml --target-dir target/monitor",
    ))?;
    command_line()?;
    let mut monitor = Monitor::start()?;
    let prometheus = Prometheus::start(&monitor)?;
    let parsed = monitor.replies(&["alpha", "bravo", "charlie", "delta", "echo"])?;
    let values = values(&monitor, &prometheus)?;
    let (gone, back) = death(&monitor, &prometheus)?;
    alerts(&prometheus)?;
    let queries = dashboard(&prometheus)?;
    let ended = monitor.end()?;
    println!(
        "monitor: {} rules, {} configurations, {parsed} samples in replies of both formats; {values} values are those of the nodes; \
         {queries} queries of the dashboard have answers; the series of a dead node gone after {gone} ms, back after {back} ms; alerts fire and end; stopped after {ended} ms",
        fs::read_to_string(format!("{FOLDER}/rules.yml"))?
            .matches("alert: ")
            .count(),
        CONFIGURATIONS.len()
    );
    Ok(())
}

/// What needs no monitor.
fn promtool() -> Result {
    let quiet = |arguments: &str| read(command(&format!("promtool {arguments}")).current_dir(FOLDER)).map(drop);
    quiet("check rules rules.yml")?;
    quiet("test rules rules_test.yml")?;
    let rules = fs::read_to_string(format!("{FOLDER}/rules.yml"))?;
    let tests = fs::read_to_string(format!("{FOLDER}/rules_test.yml"))?;
    for alert in rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")) {
        if !tests.contains(&format!("alertname: {alert}\n        exp_alerts:")) {
            return Err(format!("rules_test.yml has no test in which {alert} fires").into());
        }
    }
    for name in CONFIGURATIONS {
        quiet(&format!("check config {name}"))?;
    }
    Ok(())
}

/// What is printed once, and what is wrong in one line.
fn command_line() -> Result {
    let once = run::output(&mut command(&format!("{PROGRAM} --once")))?;
    let screen = run::text(&once.stdout);
    let is_right = screen.starts_with("defichain-net-monitor   5 nodes: ") && screen.contains("\n delta    401 ");
    if once.status.code() != Some(1) || !is_right {
        return Err(format!("--once: {}: {screen}", once.status).into());
    }
    let file = folder("monitor-check")?.join("wrong.toml");
    fs::write(&file, "[[nodes]]\nname = \"alpha\"\nurl = \"localhost\"\n")?;
    let wrong = run::output(command(&format!("{PROGRAM} --config")).arg(&file))?;
    let words = run::text(&wrong.stderr);
    let place = format!("{}:3: ", file.display());
    if wrong.status.code() != Some(2) || words.lines().count() != 1 || !words.contains(&place) {
        return Err(format!("a wrong configuration: {}: {words}", wrong.status).into());
    }
    Ok(())
}

/// A process that ends with this program.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

/// The demonstration.
struct Monitor {
    process: Process,
    address: String,
    /// The names of the nodes and where they listen.
    nodes: Vec<(String, SocketAddr)>,
    parser: PathBuf,
}

impl Monitor {
    fn start() -> Result<Self> {
        let parser = python::program("python", &["prometheus_client==0.21.1"])?;
        let log = fs::File::create(folder("monitor-check")?.join("monitor.log"))?;
        let mut monitor = command(&format!("{PROGRAM} --listen 127.0.0.1:0"));
        let begun = Instant::now();
        let mut process = Process(monitor.stdout(Stdio::piped()).stderr(log).spawn()?);
        let stdout = process.0.stdout.take().ok_or("no stdout")?;
        let (mut address, mut nodes) = (None, Vec::new());
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                [url] if address.is_none() && url.starts_with("http://") => {
                    address = url
                        .strip_prefix("http://")
                        .map(|url| url.trim_end_matches('/').to_owned());
                }
                [name, url, ..] if url.starts_with("http://foo:bar@") => {
                    nodes.push((name.to_owned(), url.trim_start_matches("http://foo:bar@").parse()?));
                }
                [] => break,
                _ => {}
            }
        }
        let monitor = Self {
            process,
            address: address.ok_or("the monitor does not say where it listens")?,
            nodes,
            parser,
        };
        monitor.get("/healthz", "*/*")?;
        if begun.elapsed() > Duration::from_secs(5) {
            return Err(format!("the monitor listens only after {:?}", begun.elapsed()).into());
        }
        Ok(monitor)
    }

    fn get(&self, path: &str, accept: &str) -> Result<String> {
        get(&self.address, path, accept)
    }

    fn node(&self, name: &str) -> Result<SocketAddr> {
        let node = self.nodes.iter().find(|node| node.0 == name);
        Ok(node.ok_or_else(|| format!("the demonstration has no {name}"))?.1)
    }

    /// Has every reply read by promtool and by the Python client; returns how many samples there are.
    fn replies(&self, names: &[&str]) -> Result<usize> {
        let mut samples = 0;
        let probes = names.iter().map(|name| format!("/probe?target={name}"));
        for path in probes.chain(["/metrics".to_owned()]) {
            let text = self.get(&path, "text/plain")?;
            let open = self.get(&path, "application/openmetrics-text;version=1.0.0")?;
            let found = fed(&mut command("promtool check metrics"), &text)?;
            if !found.is_empty() {
                return Err(format!("promtool, of {path}: {found}").into());
            }
            for (parser, reply) in [("openmetrics.parser", &open), ("parser", &text)] {
                let program = format!(
                    "import sys; from prometheus_client.{parser} import text_string_to_metric_families as read; \
                     print(sum(len(family.samples) for family in read(sys.stdin.read())))"
                );
                let mut python = command(&self.parser.to_string_lossy());
                let count: usize = fed(python.args(["-c", &program]), reply)?.trim().parse()?;
                let lines = reply.lines().filter(|line| !line.starts_with('#')).count();
                if count != lines {
                    return Err(format!("{parser} finds {count} samples of {lines} in {path}").into());
                }
                samples += count;
            }
        }
        Ok(samples)
    }

    /// Ends the monitor as a service manager does; returns the milliseconds that takes.
    fn end(&mut self) -> Result<u128> {
        run::run(&mut command(&format!("kill -TERM {}", self.process.0.id())))?;
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(1) {
            if let Some(status) = self.process.0.try_wait()? {
                return if status.success() {
                    Ok(begun.elapsed().as_millis())
                } else {
                    Err(format!("the monitor ended with {status}").into())
                };
            }
            sleep(Duration::from_millis(5));
        }
        Err("the monitor does not end within a second of SIGTERM".into())
    }
}

/// What a program prints that reads this text.
fn fed(command: &mut Command, text: &str) -> Result<String> {
    let mut process = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    process.stdin.take().ok_or("no stdin")?.write_all(text.as_bytes())?;
    let output = process.wait_with_output()?;
    let printed = run::text(&output.stdout) + &run::text(&output.stderr);
    if output.status.success() {
        Ok(printed)
    } else {
        Err(format!("{}: {}: {printed}", command.get_program().display(), output.status).into())
    }
}

/// The body of a reply with status 200.
fn get(address: &str, path: &str, accept: &str) -> Result<String> {
    http(
        address,
        &format!("GET {path} HTTP/1.0\r\nHost: {address}\r\nAccept: {accept}\r\n\r\n"),
    )
}

fn http(address: &str, request: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    stream.write_all(request.as_bytes())?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply)?;
    match reply.split_once("\r\n\r\n") {
        Some((head, body)) if head.split(' ').nth(1) == Some("200") => Ok(body.to_owned()),
        _ => Err(format!(
            "{}: {}",
            request.lines().next().unwrap_or_default(),
            reply.lines().next().unwrap_or_default()
        )
        .into()),
    }
}

/// What a node answers.
fn ask(node: SocketAddr, method: &str) -> Result<Value> {
    let body = json!({ "jsonrpc": "1.0", "id": 0, "method": method, "params": [] }).to_string();
    let head = "POST / HTTP/1.1\r\nConnection: close\r\nAuthorization: Basic Zm9vOmJhcg==";
    let request = format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    Ok(serde_json::from_str::<Value>(&http(&node.to_string(), &request)?)?["result"].take())
}

/// Prometheus, which scrapes the demonstration.
struct Prometheus {
    _process: Process,
    address: String,
}

impl Prometheus {
    fn start(monitor: &Monitor) -> Result<Self> {
        let folder = folder("monitor-check")?;
        let data = folder.join("data");
        if data.exists() {
            fs::remove_dir_all(&data)?;
        }
        // As shipped, but with shorter times.
        let mut rules = fs::read_to_string(format!("{FOLDER}/rules.yml"))?;
        for minutes in ["1m", "2m", "5m", "10m"] {
            rules = rules.replace(&format!("for: {minutes}\n"), "for: 2s\n");
        }
        fs::write(folder.join("rules.yml"), rules)?;
        let mut config = fs::read_to_string(format!("{FOLDER}/prometheus.yml"))?;
        for (shipped, here) in [
            ("127.0.0.1:9332", &*monitor.address),
            ("scrape_interval: 15s", "scrape_interval: 3s\n  scrape_timeout: 3s"),
            ("evaluation_interval: 15s", "evaluation_interval: 1s"),
            ("refresh_interval: 1m", "refresh_interval: 1s"),
        ] {
            if !config.contains(shipped) {
                return Err(format!("prometheus.yml has no {shipped}").into());
            }
            config = config.replace(shipped, here);
        }
        let path = folder.join("prometheus.yml");
        fs::write(&path, config)?;
        // If another program takes the port in between, this fails.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let log = fs::File::create(folder.join("prometheus.log"))?;
        let mut command = command("prometheus --log.level=warn");
        command
            .arg(format!("--config.file={}", path.display()))
            .arg(format!("--storage.tsdb.path={}", data.display()))
            .arg(format!("--web.listen-address={address}"))
            .stdout(log.try_clone()?)
            .stderr(log);
        let process = Process(command.spawn()?);
        let prometheus = Self {
            _process: process,
            address,
        };
        prometheus.wait("up", 30, |up| {
            up.len() == monitor.nodes.len() + 1 && up.iter().all(|series| series.value == "1")
        })?;
        Ok(prometheus)
    }

    fn query(&self, query: &str) -> Result<Vec<Series>> {
        let mut path = "/api/v1/query?query=".to_owned();
        for byte in query.bytes() {
            write!(path, "%{byte:02X}")?;
        }
        let reply = get(&self.address, &path, "*/*")?;
        let reply: Value = serde_json::from_str(&reply)?;
        let result = reply["data"]["result"].as_array().ok_or("no result")?;
        Ok(result
            .iter()
            .map(|series| Series {
                labels: series["metric"].clone(),
                value: series["value"][1].as_str().unwrap_or_default().to_owned(),
            })
            .collect())
    }

    /// Asks until the answer is as it should be; returns the milliseconds that takes.
    fn wait(&self, query: &str, seconds: u64, is_right: impl Fn(&[Series]) -> bool) -> Result<u128> {
        let begun = Instant::now();
        loop {
            // It may not listen yet.
            let found = self.query(query);
            if found.as_ref().is_ok_and(|found| is_right(found)) {
                return Ok(begun.elapsed().as_millis());
            }
            if begun.elapsed() > Duration::from_secs(seconds) {
                return Err(format!("after {seconds} s {query} is {found:?}").into());
            }
            sleep(Duration::from_millis(100));
        }
    }

    /// The only value.
    fn value(&self, query: &str) -> Result<String> {
        match &self.query(query)?[..] {
            [series] => Ok(series.value.clone()),
            other => Err(format!("{query} is {other:?}").into()),
        }
    }
}

#[derive(Debug)]
struct Series {
    labels: Value,
    value: String,
}

/// Compares what Prometheus has with what the nodes answer; returns how many values.
fn values(monitor: &Monitor, prometheus: &Prometheus) -> Result<usize> {
    let mut compared = Compared { prometheus, count: 0 };
    for name in ["alpha", "bravo", "echo"] {
        values_of_node(name, monitor.node(name)?, &mut compared)?;
    }
    // These do not move, and a float can hold them only just.
    let totals = ask(monitor.node("echo")?, "getnettotals")?;
    for (way, member) in [("receive", "totalbytesrecv"), ("transmit", "totalbytessent")] {
        let value = totals[member]
            .as_u64()
            .filter(|value| *value > 1 << 52)
            .ok_or("not a large number")?;
        compared.is(
            format!("defichain_network_{way}_bytes_total{{instance=\"echo\"}}"),
            value,
        )?;
    }
    // These do.
    let query = "defichain_network_receive_bytes_total{instance=\"alpha\"}";
    let total = || -> Result<u64> {
        ask(monitor.node("alpha")?, "getnettotals")?["totalbytesrecv"]
            .as_u64()
            .ok_or_else(|| "no total".into())
    };
    let before = total()?;
    sleep(SCRAPE * 2);
    let between: u64 = prometheus.value(query)?.parse()?;
    let after = total()?;
    if !(before..=after).contains(&between) {
        return Err(format!("{query} is {between}, not from {before} to {after}").into());
    }
    // The one that refuses its credentials.
    compared.is("defichain_up{instance=\"delta\"}", 0)?;
    compared.is(
        "defichain_poll_errors_total{node=\"delta\",reason=\"unauthorized\"} > bool 0",
        1,
    )?;
    compared.is("defichain_configured_nodes", monitor.nodes.len())?;
    Ok(compared.count + 1)
}

/// Counts what was compared.
struct Compared<'p> {
    prometheus: &'p Prometheus,
    count: usize,
}

impl Compared<'_> {
    fn is(&mut self, query: impl AsRef<str>, expected: impl Into<Value>) -> Result {
        let (query, expected) = (query.as_ref(), expected.into().to_string());
        self.count += 1;
        match self.prometheus.value(query)? {
            value if value == expected => Ok(()),
            value => Err(format!("{query} is {value} instead of {expected}").into()),
        }
    }
}

fn values_of_node(name: &str, node: SocketAddr, compared: &mut Compared) -> Result {
    let label = format!("instance=\"{name}\"");
    let peers = ask(node, "getpeerinfo")?;
    let peers = peers.as_array().ok_or("no peers")?;
    for (direction, inbound) in [("inbound", true), ("outbound", false)] {
        let count = peers.iter().filter(|peer| peer["inbound"] == inbound).count();
        compared.is(
            format!("sum(defichain_peers{{{label},direction=\"{direction}\"}})"),
            count,
        )?;
    }
    let v6 = peers
        .iter()
        .filter(|peer| peer["addr"].as_str().is_some_and(|addr| addr.starts_with('[')))
        .count();
    compared.is(format!("sum(defichain_peers{{{label},network=\"ipv6\"}})"), v6)?;
    let pings: Vec<f64> = peers.iter().filter_map(|peer| peer["pingtime"].as_f64()).collect();
    compared.is(format!("defichain_peer_ping_seconds_gcount{{{label}}}"), pings.len())?;
    let quick = pings.iter().filter(|ping| **ping <= 0.1).count();
    compared.is(
        format!("defichain_peer_ping_seconds_bucket{{{label},le=\"0.1\"}}"),
        quick,
    )?;
    let connections = peers
        .iter()
        .filter_map(|peer| peer["id"].as_u64())
        .max()
        .map_or(0, |id| id + 1);
    compared.is(format!("defichain_peer_connections_total{{{label}}}"), connections)?;
    compared.is(
        format!("defichain_connections{{{label}}}"),
        ask(node, "getconnectioncount")?,
    )?;
    let info = ask(node, "getnetworkinfo")?;
    let active = i32::from(info["networkactive"] == true);
    compared.is(format!("defichain_network_active{{{label}}}"), active)?;
    compared.is(
        format!(
            "defichain_node_info{{{label},version=\"4.2.5\",protocol_version=\"{}\"}}",
            info["protocolversion"]
        ),
        1,
    )?;
    // The node tells it for 1000 bytes.
    compared.is(
        format!(
            "defichain_relay_fee_dfi_per_byte{{{label}}} == bool {}e-3",
            info["relayfee"]
        ),
        1,
    )?;
    let bans = ask(node, "listbanned")?;
    let manual = bans
        .as_array()
        .ok_or("no bans")?
        .iter()
        .filter(|ban| ban["ban_reason"] == "manually added")
        .count();
    compared.is(format!("defichain_bans{{{label},reason=\"manually added\"}}"), manual)?;
    let added = ask(node, "getaddednodeinfo")?;
    compared.is(
        format!("defichain_added_nodes{{{label}}}"),
        added.as_array().ok_or("no nodes")?.len(),
    )?;
    compared.is(format!("defichain_synced_to_tip{{{label}}}"), 1)?;
    Ok(())
}

/// Waits until charlie dies and until it is back; returns the milliseconds after which Prometheus has it so.
fn death(monitor: &Monitor, prometheus: &Prometheus) -> Result<(u128, u128)> {
    let node = monitor.node("charlie")?;
    let until = |lives: bool| -> Result {
        let begun = Instant::now();
        while TcpStream::connect(node).is_ok() != lives {
            if begun.elapsed() > Duration::from_secs(60) {
                return Err("charlie does not die and come back".into());
            }
            sleep(Duration::from_millis(20));
        }
        Ok(())
    };
    // Not in the midst of a death.
    until(true)?;
    prometheus.wait("defichain_up{instance=\"charlie\"} == 1", 10, |up| !up.is_empty())?;
    let values = format!("count({{instance=\"charlie\",__name__!~\"{OF_POLLS}\"}})");
    let usual = prometheus.value(&values)?;

    until(false)?;
    let gone = prometheus.wait("defichain_up{instance=\"charlie\"} == 0", 10, |up| !up.is_empty())?;
    let left = prometheus.query(&values)?;
    if !left.is_empty() {
        return Err(format!("of charlie, which is dead, there are {left:?}").into());
    }
    prometheus.wait("up{instance=\"charlie\"} == 1", 1, |up| !up.is_empty())?;
    prometheus.wait(
        "time() - defichain_poll_success_timestamp_seconds{instance=\"charlie\"} > 1",
        5,
        |age| !age.is_empty(),
    )?;
    monitor.replies(&["charlie"])?;
    prometheus.wait(
        "ALERTS{alertname=\"NodeDown\",instance=\"charlie\",alertstate=\"firing\"}",
        10,
        |alerts| !alerts.is_empty(),
    )?;

    until(true)?;
    let back = prometheus.wait(&values, 10, |count| matches!(count, [series] if series.value == usual))?;
    prometheus.wait(
        "ALERTS{alertname=\"NodeDown\",instance=\"charlie\"}",
        10,
        <[Series]>::is_empty,
    )?;
    // One scrape, and what it, Prometheus and this check take.
    for millis in [gone, back] {
        if millis > SCRAPE.as_millis() + 2000 {
            return Err(format!("Prometheus sees what became of charlie only after {millis} ms").into());
        }
    }
    Ok((gone, back))
}

/// The alerts of the nodes that are not well, and no others.
fn alerts(prometheus: &Prometheus) -> Result {
    let expected = [
        "CredentialsRefused delta",
        "NetworkInactive echo",
        "NoPeers echo",
        "NodeDown delta",
    ];
    let query = "ALERTS{alertstate=\"firing\",instance!=\"charlie\"}";
    let named = |found: &[Series]| {
        let mut names: Vec<String> = found
            .iter()
            .map(|series| {
                let label = |name: &str| series.labels[name].as_str().unwrap_or_default();
                let node = if label("node").is_empty() {
                    label("instance")
                } else {
                    label("node")
                };
                format!("{} {node}", label("alertname"))
            })
            .collect();
        names.sort();
        names
    };
    prometheus.wait(query, 20, |found| named(found) == expected)?;
    Ok(())
}

/// Runs every query of the dashboard; each has something to show here.
fn dashboard(prometheus: &Prometheus) -> Result<usize> {
    let dashboard: Value = serde_json::from_str(&fs::read_to_string("examples/monitor/grafana/dashboard.json")?)?;
    let panels = dashboard["panels"].as_array().ok_or("no panels")?;
    let mut count = 0;
    for target in panels.iter().filter_map(|panel| panel["targets"].as_array()).flatten() {
        let query = target["expr"].as_str().ok_or("a panel without a query")?;
        let query = query.replace("$instance", ".*").replace("$__rate_interval", "30s");
        if prometheus.query(&query)?.is_empty() {
            return Err(format!("the dashboard has nothing to show for {query}").into());
        }
        count += 1;
    }
    Ok(count)
}
