//! The same exchange through TLS, here with `rustls`: for a node behind a proxy, as it speaks no TLS itself.
//!
//! ```text
//! cargo run -p example-tls                                              recorded replies behind a self-made certificate
//! cargo run -p example-tls -- --certificate proxy.pem https://user:password@localhost:8443
//! ```

use std::env;
use std::fmt::Write as _;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use defichain_net_rpc::http::{Endpoint, ReplyError};
use defichain_net_rpc::network::{GetConnectionCount, GetPeerInfo, PeerInfo};
use defichain_net_rpc::{Exchange, Method, ResponseError, Want, json};
use rcgen::{CertificateParams, CertifiedKey, DnType, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{CertificateError, ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection};

#[path = "../../advice/mod.rs"]
mod advice;
#[path = "../../terminal/mod.rs"]
mod terminal;

/// A `getpeerinfo` of 133 peers takes 465 kB at worst.
const MAX_REPLY: usize = 1 << 20;
const TIMEOUT: Duration = Duration::from_secs(20);

/// A connection to a node, whose certificate has been verified.
struct Node<'e> {
    endpoint: Endpoint<'e>,
    stream: rustls::StreamOwned<ClientConnection, TcpStream>,
    buf: Vec<u8>,
    id: u64,
}

impl<'e> Node<'e> {
    fn connect(endpoint: Endpoint<'e>, trusted: RootCertStore) -> Result<Self, String> {
        let config = ClientConfig::builder()
            .with_root_certificates(trusted)
            .with_no_client_auth();
        let name = ServerName::try_from(endpoint.host().to_owned())
            .map_err(|_| "no certificate can be for this host; check the URL".to_owned())?;
        let mut tls = ClientConnection::new(Arc::new(config), name).map_err(|error| error.to_string())?;
        let mut tcp = connect(endpoint.host(), endpoint.port())?;
        while tls.is_handshaking() {
            tls.complete_io(&mut tcp).map_err(|error| handshake(&error))?;
        }
        Ok(Self {
            endpoint,
            stream: rustls::StreamOwned::new(tls, tcp),
            buf: vec![0; MAX_REPLY],
            id: 0,
        })
    }

    /// Calls a method, and lets `read` take what it needs of the result.
    fn call<M: Method, T>(
        &mut self,
        method: &M,
        read: impl FnOnce(M::Response<'_>) -> Result<T, json::Error>,
    ) -> Result<T, String> {
        self.id += 1;
        let exchange = Exchange::new(&self.endpoint, method, self.id, &mut self.buf);
        let mut exchange = exchange.map_err(|error| format!("the request is too long: {error}"))?;
        let broken = |error: io::Error| advice::stream(&error);
        loop {
            match exchange.poll().map_err(|error| advice::http(&error))? {
                Want::Write(bytes) => {
                    let count = bytes.len();
                    self.stream.write_all(bytes).map_err(broken)?;
                    self.stream.flush().map_err(broken)?;
                    exchange.written(count);
                }
                Want::Read(space) => {
                    let count = self.stream.read(space).map_err(broken)?;
                    exchange.received(count);
                }
                Want::Done(reply) => {
                    let result = reply.response(method);
                    let invalid = |error| ReplyError::from(ResponseError::Invalid(error));
                    let result = result.and_then(|response| read(response).map_err(invalid));
                    return result.map_err(|error| advice::reply(&error));
                }
            }
        }
    }
}

fn connect(host: &str, port: u16) -> Result<TcpStream, String> {
    let mut failure = io::Error::other("the host has no address");
    let addresses = (host, port).to_socket_addrs();
    for address in addresses.map_err(|error| advice::resolve(&error))? {
        let connected = TcpStream::connect_timeout(&address, TIMEOUT).and_then(|stream| {
            stream.set_read_timeout(Some(TIMEOUT))?;
            stream.set_write_timeout(Some(TIMEOUT))?;
            Ok(stream)
        });
        match connected {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = error,
        }
    }
    Err(advice::connect(&failure))
}

/// Why TLS did not come about, and what to do.
fn handshake(error: &io::Error) -> String {
    use CertificateError::{NotValidForName, NotValidForNameContext, UnknownIssuer};
    use ErrorKind::{TimedOut, WouldBlock};
    if matches!(error.kind(), TimedOut | WouldBlock) {
        return format!("no TLS: no answer in time; {IS_IT_TLS}");
    }
    let tls = error.get_ref().and_then(|error| error.downcast_ref());
    let advice = match tls {
        Some(rustls::Error::InvalidCertificate(NotValidForName | NotValidForNameContext { .. })) => {
            "write the host in the URL as it stands in the certificate"
        }
        Some(rustls::Error::InvalidCertificate(UnknownIssuer)) => "name the one to be trusted with --certificate",
        Some(rustls::Error::InvalidCertificate(_)) => "--help tells how to make one",
        _ => IS_IT_TLS,
    };
    format!("no TLS: {error}; {advice}")
}

const IS_IT_TLS: &str = "is this the port on which a proxy speaks TLS for the node?";

/// What the node and its first peers are.
fn overview(node: &mut Node<'_>) -> Result<String, String> {
    const LIMIT: usize = 5;

    let count = node.call(&GetConnectionCount, Ok)?;
    let mut text = format!("{count} peers, the first of them:\n");
    let peers = node.call(&GetPeerInfo, |peers| {
        let line = |peer: PeerInfo<&str>| format!("{:6}  {}  {}", peer.id, peer.addr, peer.subver);
        peers
            .take(LIMIT)
            .map(|peer| peer.map(line))
            .collect::<Result<Vec<_>, _>>()
    })?;
    for peer in peers {
        _ = writeln!(text, "{}", terminal::line(&peer));
    }
    Ok(text)
}

const USAGE: &str = "\
usage: tls [--certificate FILE URL]

The node at the URL, such as https://user:password@localhost:8443, is asked for its peers. FILE holds, as PEM, the
certificate of the server, if that is self-made, or the one that it was issued with. Without arguments, recorded replies
are served behind a certificate that is made for it.

--help  print this

A certificate for localhost, and its key:
openssl req -x509 -newkey rsa:2048 -nodes -keyout proxy.key -out proxy.pem -days 365 -subj /CN=localhost \\
    -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE";

fn main() -> ExitCode {
    terminal::exit(run())
}

fn run() -> Result<String, String> {
    let words: Vec<String> = env::args_os()
        .skip(1)
        .map(|word| {
            word.into_string()
                .map_err(|word| format!("{} is not UTF-8", word.to_string_lossy()))
        })
        .collect::<Result<_, _>>()?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        [] => replayed(),
        ["-h" | "--help", ..] => Ok(format!("{USAGE}\n")),
        ["--certificate", file, url] | [url, "--certificate", file] => {
            let endpoint = Endpoint::from_url(url).map_err(|error| error.to_string())?;
            if !endpoint.is_tls() {
                return Err("this example speaks TLS alone; use https://, the example std_tcp shows the other".into());
            }
            let certificates = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
            let certificates = certificates.map_err(|error| format!("cannot read {file} as PEM: {error}"))?;
            if certificates.is_empty() {
                return Err(format!("{file} holds no certificate as PEM"));
            }
            overview(&mut Node::connect(endpoint, trust(certificates)?)?)
        }
        _ => Err("a certificate and a URL are needed, as in --certificate proxy.pem https://localhost:8443, or no arguments at all".into()),
    }
}

fn trust<'c>(certificates: impl IntoIterator<Item = CertificateDer<'c>>) -> Result<RootCertStore, String> {
    let mut trusted = RootCertStore::empty();
    for certificate in certificates {
        let added = trusted.add(certificate);
        added.map_err(|error| format!("that is no certificate to be trusted: {error}"))?;
    }
    Ok(trusted)
}

/// A node behind a certificate that is made here; and what comes of certificates that are not right.
fn replayed() -> Result<String, String> {
    let certificate = self_made("node")?;
    let other = self_made("stranger")?;

    let key = PrivateKeyDer::Pkcs8(certificate.signing_key.serialize_der().into());
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.cert.der().clone()], key);
    let config = Arc::new(config.map_err(|error| error.to_string())?);
    let server = replay_node::Server::start(move |stream| {
        // It fails if the configuration does not suit it, which has been made for it.
        let tls = ServerConnection::new(Arc::clone(&config)).expect("a server's configuration");
        rustls::StreamOwned::new(tls, stream)
    });
    let server = server.map_err(|error| format!("cannot listen on loopback: {error}"))?;
    let url = server.url("https");
    let endpoint = Endpoint::from_url(&url).map_err(|error| error.to_string())?;

    let trusted = trust([certificate.cert.der().clone()])?;
    let mut node = Node::connect(endpoint, trusted.clone())?;
    let mut text = overview(&mut node)?;
    _ = writeln!(text, "calls: {}, connections: {}\n", node.id, server.connections());

    let url = url.replace("127.0.0.1", "localhost");
    let localhost = Endpoint::from_url(&url).map_err(|error| error.to_string())?;
    let refused = [
        ("with another certificate", endpoint, trust([other.cert.der().clone()])?),
        ("by another name", localhost, trusted),
    ];
    for (case, endpoint, trusted) in refused {
        match Node::connect(endpoint, trusted) {
            Ok(_) => return Err(format!("the node was believed {case}")),
            Err(error) => _ = writeln!(text, "{case}: {}", terminal::line(&error)),
        }
    }
    Ok(text)
}

/// A certificate for 127.0.0.1, with its key.
fn self_made(owner: &str) -> Result<CertifiedKey<KeyPair>, String> {
    let make = || {
        let mut params = CertificateParams::new(["127.0.0.1".to_owned()])?;
        params.distinguished_name.push(DnType::CommonName, owner);
        let signing_key = KeyPair::generate()?;
        let cert = params.self_signed(&signing_key)?;
        Ok(CertifiedKey { cert, signing_key })
    };
    make().map_err(|error: rcgen::Error| format!("cannot make a certificate: {error}"))
}
