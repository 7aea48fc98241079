//! Calls through TLS, here with `rustls`, for a node behind a TLS proxy: the node itself has no TLS.
//!
//! ```text
//! cargo run -p example-tls                                    recorded replies, with a certificate made for it
//! cargo run -p example-tls -- proxy.pem https://user:password@localhost:8443
//! ```
//!
//! The certificate is that of the server, if it is self-made, or the one it was issued with. This makes one:
//!
//! ```text
//! openssl req -x509 -newkey rsa:2048 -nodes -keyout proxy.key -out proxy.pem -days 365 -subj /CN=localhost \
//!     -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE
//! ```

use std::env;
use std::error::Error;
use std::net::TcpStream;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::io::{self, Client, Connect, Reconnect};
use defichain_net_rpc::network::{GetConnectionCount, GetPeerInfo};
use embedded_io_adapters::std::FromStd;
use rcgen::{CertificateParams, CertifiedKey, DnType, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, StreamOwned};

const TIMEOUT: Duration = Duration::from_secs(20);

type Stream = FromStd<StreamOwned<ClientConnection, TcpStream>>;

/// Connects to a server that has a certificate for this host.
fn connect(host: &str, port: u16, config: &Arc<ClientConfig>) -> std::io::Result<Stream> {
    let name = ServerName::try_from(host.to_owned()).map_err(std::io::Error::other)?;
    let mut tls = ClientConnection::new(Arc::clone(config), name).map_err(std::io::Error::other)?;
    let mut tcp = TcpStream::connect((host, port))?;
    tcp.set_read_timeout(Some(TIMEOUT))?;
    tcp.set_write_timeout(Some(TIMEOUT))?;
    // The first write would do it too, but that belongs to a call.
    while tls.is_handshaking() {
        tls.complete_io(&mut tcp)?;
    }
    Ok(FromStd::new(StreamOwned::new(tls, tcp)))
}

/// Prints how many peers the node at the URL has, and the first of them.
fn overview(url: &str, trusted: CertificateDer<'_>) -> Result<(), Box<dyn Error>> {
    let endpoint = Endpoint::from_url(url)?;
    if !endpoint.is_tls() {
        return Err("this example has TLS alone; use https://, or the example std_tcp".into());
    }
    let mut roots = RootCertStore::empty();
    roots.add(trusted)?;
    let config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let config = Arc::new(config);
    let stream = Reconnect::new(|| connect(endpoint.host(), endpoint.port(), &config));
    let mut node = Client::new(endpoint, stream, [0; 16 << 10]);
    print_peers(&mut node).map_err(|error| match (error, node.node_error()) {
        (_, Some(words)) => words.to_string().escape_debug().to_string().into(),
        (error @ (io::Error::Connect(_) | io::Error::Stream(_)), _) => {
            format!("{error}; is this the port of a proxy with TLS, and the certificate the proxy's?").into()
        }
        (error, None) => error.into(),
    })
}

fn print_peers<S: Connect>(node: &mut Client<Endpoint<'_>, S, [u8; 16 << 10]>) -> Result<(), io::Error<S::Error>> {
    const SHOWN: usize = 5;

    println!("{} peers, the first of them:", node.call(&GetConnectionCount)?);
    let mut peers = node.list(&GetPeerInfo)?;
    let (mut readable, mut unreadable) = (0, 0);
    while let Some(peer) = peers.next()? {
        match peer {
            Ok(peer) if readable < SHOWN => {
                // Debug shows nothing that a terminal would obey.
                println!(
                    "{:6}  {:?}  {:?}",
                    peer.id,
                    peer.addr.to_string(),
                    peer.subver.to_string()
                );
                readable += 1;
            }
            Ok(_) => {}
            Err(_) => unreadable += 1,
        }
    }
    if unreadable > 0 {
        println!("{unreadable} peers are not shown, as they cannot be read");
    }
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let result = match &arguments[..] {
        [] => replayed(),
        [file, url] if !file.starts_with('-') => certificate(file).and_then(|trusted| overview(url, trusted)),
        _ => Err("usage: tls [CERTIFICATE URL]".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn certificate(file: &str) -> Result<CertificateDer<'static>, Box<dyn Error>> {
    CertificateDer::from_pem_file(file)
        .map_err(|error| format!("cannot read {file} as a PEM certificate: {error}").into())
}

/// Calls a node with a certificate that is made here, then two nodes whose certificates must be refused.
fn replayed() -> Result<(), Box<dyn Error>> {
    let own = self_made("node")?;
    let other = self_made("stranger")?.cert.der().clone();
    let trusted = own.cert.der().clone();

    let key = PrivateKeyDer::Pkcs8(own.signing_key.serialize_der().into());
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![trusted.clone()], key)?;
    let config = Arc::new(config);
    let server = replay_node::Server::start(move |stream| {
        let tls = ServerConnection::new(Arc::clone(&config)).expect("the configuration was made for a server");
        StreamOwned::new(tls, stream)
    })?;
    let url = server.url("https");
    overview(&url, trusted.clone())?;
    println!("connections: {}", server.connections());

    let localhost = url.replace("127.0.0.1", "localhost");
    for (case, url, trusted) in [
        ("another certificate", url, other),
        ("another name", localhost, trusted),
    ] {
        match overview(&url, trusted) {
            Ok(()) => return Err(format!("the node was believed with {case}").into()),
            Err(error) => println!("with {case}: {error}"),
        }
    }
    Ok(())
}

/// A certificate for 127.0.0.1, with its key.
fn self_made(owner: &str) -> Result<CertifiedKey<KeyPair>, rcgen::Error> {
    let mut params = CertificateParams::new(["127.0.0.1".to_owned()])?;
    params.distinguished_name.push(DnType::CommonName, owner);
    let signing_key = KeyPair::generate()?;
    let cert = params.self_signed(&signing_key)?;
    Ok(CertifiedKey { cert, signing_key })
}
