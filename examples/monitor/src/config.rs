//! The configuration file: which nodes, how often, where to listen.
//!
//! What is wrong in it is told in one line: the file, the line, what is wrong, what to do.

use std::collections::HashSet;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use defichain_net_rpc::http::{Endpoint, EndpointBuf};
use serde::Deserialize;
use toml::Spanned;

use crate::poll::Method;
use crate::tls::Tls;

/// The port of the monitor.
const PORT: u16 = 9332;

/// All that can be configured.
pub(crate) struct Config {
    /// How often a node is polled that nobody scrapes.
    pub(crate) interval: Duration,
    /// Where the monitor listens.
    pub(crate) listen: SocketAddr,
    /// Whether page and screen leave out the addresses of peers.
    pub(crate) hide_addresses: bool,
    /// Whether the bytes by kind of message are exported.
    pub(crate) message_bytes: bool,
    /// How long each method may take.
    pub(crate) timeouts: [Duration; Method::COUNT],
    pub(crate) nodes: Vec<NodeConfig>,
}

/// A node that is to be watched.
pub(crate) struct NodeConfig {
    pub(crate) name: String,
    /// Where it is, with user and password if the URL has them.
    pub(crate) endpoint: EndpointBuf<String>,
    /// The file with the credentials, which the node writes anew at each start.
    pub(crate) cookie_file: Option<PathBuf>,
    /// For an `https` URL.
    pub(crate) tls: Option<Tls>,
}

/// As it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    interval: Option<Spanned<u64>>,
    listen: Option<Spanned<String>>,
    #[serde(default)]
    hide_addresses: bool,
    #[serde(default)]
    message_bytes: bool,
    #[serde(default)]
    timeouts: Timeouts,
    #[serde(default)]
    nodes: Vec<Spanned<FileNode>>,
}

/// Seconds by method.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Timeouts {
    getconnectioncount: Option<Spanned<u64>>,
    getnettotals: Option<Spanned<u64>>,
    getnodestatusinfo: Option<Spanned<u64>>,
    getaddednodeinfo: Option<Spanned<u64>>,
    listbanned: Option<Spanned<u64>>,
    getnetworkinfo: Option<Spanned<u64>>,
    getpeerinfo: Option<Spanned<u64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileNode {
    name: Spanned<String>,
    url: Spanned<String>,
    cookie_file: Option<Spanned<PathBuf>>,
    ca_file: Option<Spanned<PathBuf>>,
}

/// What is wrong, and the byte where it stands.
struct Wrong(usize, String);

impl Config {
    /// What holds for a program without a file.
    pub(crate) fn new(nodes: Vec<NodeConfig>) -> Self {
        Self {
            interval: Duration::from_secs(10),
            listen: (Ipv4Addr::LOCALHOST, PORT).into(),
            hide_addresses: false,
            message_bytes: false,
            timeouts: Method::ALL.map(Method::timeout),
            nodes,
        }
    }

    /// Reads a file.
    pub(crate) fn load(path: &Path) -> Result<Self, String> {
        let name = path.display();
        let text = fs::read_to_string(path)
            .map_err(|error| format!("{name}: cannot be read: {error}; name a file that this user may read"))?;
        Self::parse(&text).map_err(|Wrong(offset, what)| {
            let before = text.get(..offset).unwrap_or(&text);
            let line = before.matches('\n').count() + 1;
            format!("{name}:{line}: {what}")
        })
    }

    fn parse(text: &str) -> Result<Self, Wrong> {
        let file: File = toml::from_str(text).map_err(|error| {
            let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
            let advice = if message.starts_with("missing field") {
                "add it"
            } else if message.starts_with("unknown field") {
                "remove it or correct its name"
            } else if message.starts_with("invalid type") {
                "write it so"
            } else {
                "correct this line"
            };
            Wrong(
                error.span().map_or(0, |span| span.start),
                format!("{message}; {advice}"),
            )
        })?;
        let mut config = Self::new(Vec::new());
        if let Some(interval) = &file.interval {
            config.interval = seconds("interval", interval)?;
        }
        if let Some(listen) = &file.listen {
            let wrong = "listen is no address and port; write it as 127.0.0.1:9332";
            let parsed = listen.get_ref().parse();
            config.listen = parsed.map_err(|_| Wrong(listen.span().start, wrong.into()))?;
        }
        config.hide_addresses = file.hide_addresses;
        config.message_bytes = file.message_bytes;
        let timeouts = &file.timeouts;
        let written = [
            &timeouts.getconnectioncount,
            &timeouts.getnettotals,
            &timeouts.getnodestatusinfo,
            &timeouts.getaddednodeinfo,
            &timeouts.listbanned,
            &timeouts.getnetworkinfo,
            &timeouts.getpeerinfo,
        ];
        for ((method, written), timeout) in Method::ALL.into_iter().zip(written).zip(&mut config.timeouts) {
            if let Some(written) = written {
                *timeout = seconds(method.name(), written)?;
            }
        }
        let mut names = HashSet::new();
        for node in &file.nodes {
            let name = &node.get_ref().name;
            if !names.insert(name.get_ref().clone()) {
                let what = format!("two nodes are named {}; rename one", name.get_ref());
                return Err(Wrong(name.span().start, what));
            }
            config.nodes.push(NodeConfig::new(node.get_ref())?);
        }
        Ok(config)
    }
}

fn seconds(name: &str, written: &Spanned<u64>) -> Result<Duration, Wrong> {
    match *written.get_ref() {
        seconds @ 1..=3600 => Ok(Duration::from_secs(seconds)),
        _ => Err(Wrong(
            written.span().start,
            format!("{name} is not between 1 and 3600 seconds; write a number in between"),
        )),
    }
}

impl NodeConfig {
    fn new(node: &FileNode) -> Result<Self, Wrong> {
        let name = node.name.get_ref();
        // So that it stands as it is in a URL, a label and a page.
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
        if !(1..=64).contains(&name.len()) || !name.bytes().all(is_plain) {
            let what = "name is not 1 to 64 letters, digits, - _ . or :; choose such a name";
            return Err(Wrong(node.name.span().start, what.into()));
        }
        let at = node.url.span().start;
        let url = node.url.get_ref();
        let endpoint = Endpoint::from_url(url).map_err(|error| Wrong(at, format!("url: {error}")))?;
        if let Some(file) = node.cookie_file.as_ref().filter(|_| endpoint.has_credentials()) {
            let what = "there are credentials in the url and a cookie_file; remove one";
            return Err(Wrong(file.span().start, what.into()));
        }
        let tls = match (&node.ca_file, endpoint.is_tls()) {
            (None, false) => None,
            (Some(file), true) => {
                let tls = Tls::load(file.get_ref()).map_err(|error| {
                    let what = format!("{error}; name a file of PEM certificates");
                    Wrong(file.span().start, what)
                })?;
                Some(tls)
            }
            (None, true) => {
                let what = "an https url takes a ca_file; add the certificate of the server or of who issued it";
                return Err(Wrong(at, what.into()));
            }
            (Some(file), false) => {
                let what = "ca_file goes with an https url alone; remove it or change the url";
                return Err(Wrong(file.span().start, what.into()));
            }
        };
        let endpoint = endpoint.to_buf().map_err(|error| Wrong(at, error.to_string()))?;
        Ok(Self {
            name: name.clone(),
            endpoint,
            cookie_file: node.cookie_file.as_ref().map(|file| file.get_ref().clone()),
            tls,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn load(text: &str) -> Result<Config, String> {
        use std::sync::atomic::{AtomicU32, Ordering};

        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("monitor-{}-{count}.toml", std::process::id()));
        fs::write(&path, text).unwrap();
        let loaded = Config::load(&path);
        fs::remove_file(&path).unwrap();
        loaded.map_err(|error| error.replace(&*path.to_string_lossy(), "FILE"))
    }

    const NODE: &str = "[[nodes]]\nname = \"alpha\"\n";

    #[test]
    fn all_that_can_be_configured() {
        let config = load(
            r#"
            interval = 30
            listen = "[::1]:9000"
            hide_addresses = true
            message_bytes = true
            [timeouts]
            getpeerinfo = 60
            [[nodes]]
            name = "alpha"
            url = "http://foo:bar@127.0.0.1:8554"
            [[nodes]]
            name = "bravo"
            url = "http://127.0.0.1:8555"
            cookie_file = "/nowhere/.cookie"
            "#,
        );
        let config = config.unwrap();
        assert_eq!(config.interval, Duration::from_secs(30));
        assert_eq!(config.listen, "[::1]:9000".parse().unwrap());
        assert!(config.hide_addresses && config.message_bytes);
        assert_eq!(config.timeouts[Method::GetPeerInfo as usize], Duration::from_secs(60));
        assert_eq!(config.timeouts[0], Method::GetConnectionCount.timeout());
        let names: Vec<&str> = config.nodes.iter().map(|node| &*node.name).collect();
        assert_eq!(names, ["alpha", "bravo"]);
    }

    #[test]
    fn an_empty_file_is_a_monitor_of_nothing() {
        let config = load("").unwrap();
        assert!(config.nodes.is_empty());
        assert_eq!(config.listen, "127.0.0.1:9332".parse().unwrap());
    }

    #[test]
    fn a_mistake_is_one_line_that_names_file_line_and_what_to_do() {
        for (text, error) in [
            (
                "interval = 0",
                "FILE:1: interval is not between 1 and 3600 seconds; write a number in between",
            ),
            (
                "\ninterval = 4000",
                "FILE:2: interval is not between 1 and 3600 seconds; write a number in between",
            ),
            (
                "interval = \"ten\"",
                "FILE:1: invalid type: string \"ten\", expected u64; write it so",
            ),
            (
                "listen = \"9332\"",
                "FILE:1: listen is no address and port; write it as 127.0.0.1:9332",
            ),
            (
                "[timeouts]\nlistbanned = 0",
                "FILE:2: listbanned is not between 1 and 3600 seconds; write a number in between",
            ),
            (NODE, "FILE:1: missing field `url`; add it"),
            (
                &format!("{NODE}url = \"ftp://localhost\""),
                "FILE:3: url: the URL must begin with http:// or https://, as in http://user:password@localhost:8554",
            ),
            (
                &format!("{NODE}url = \"http://localhost:port\""),
                "FILE:3: url: the port must be a number up to 65535, as in http://localhost:8554",
            ),
            (
                &format!("{NODE}url = \"http://a:b@localhost:1\"\ncookie_file = \"c\""),
                "FILE:4: there are credentials in the url and a cookie_file; remove one",
            ),
            (
                &format!("{NODE}url = \"https://a:b@localhost:1\""),
                "FILE:3: an https url takes a ca_file; add the certificate of the server or of who issued it",
            ),
            (
                &format!("{NODE}url = \"http://a:b@localhost:1\"\nca_file = \"c\""),
                "FILE:4: ca_file goes with an https url alone; remove it or change the url",
            ),
            (
                "[[nodes]]\nname = \"a b\"\nurl = \"http://a:b@localhost:1\"",
                "FILE:2: name is not 1 to 64 letters, digits, - _ . or :; choose such a name",
            ),
            (
                &format!("{NODE}url = \"http://a:b@localhost:1\"\n{NODE}url = \"http://a:b@localhost:2\""),
                "FILE:5: two nodes are named alpha; rename one",
            ),
        ] {
            assert_eq!(load(text).err().as_deref(), Some(error), "{text}");
        }
        // The words of the TOML reader are its own.
        for (text, line) in [
            ("interval 10", 1),
            ("\n\n[[nodes]\n", 3),
            ("nodes = 5", 1),
            (&*format!("{NODE}url = \"http://a:b@localhost:1\"\nulr = \"\""), 4),
        ] {
            let error = load(text).err().unwrap_or_default();
            assert!(error.starts_with(&format!("FILE:{line}: ")), "{text}: {error}");
            assert!(error.contains("; ") && !error.contains('\n'), "{text}: {error}");
        }
        let error = Config::load(Path::new("/nowhere/monitor.toml")).err().unwrap();
        assert!(error.starts_with("/nowhere/monitor.toml: cannot be read: "), "{error}");
    }

    #[cfg(feature = "tls")]
    #[test]
    fn a_ca_file_without_certificates_is_named() {
        for (name, what) in [("/nowhere/ca.pem", "cannot read"), ("/dev/null", "there is none in it")] {
            let text = format!("{NODE}url = \"https://a:b@localhost:1\"\nca_file = \"{name}\"");
            let error = load(&text).err().unwrap();
            assert!(
                error.starts_with("FILE:4: ") && error.contains(what) && error.contains(name),
                "{error}"
            );
        }
    }
}
