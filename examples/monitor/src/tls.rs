//! TLS to nodes behind a proxy that has it. The certificate is checked against the CA file of the configuration alone.

use std::io;
use std::path::Path;

use tokio::net::TcpStream;

use crate::poll::Duplex;

#[cfg(feature = "tls")]
mod with_rustls {
    use std::sync::Arc;

    use tokio_rustls::TlsConnector;
    use tokio_rustls::rustls::pki_types::pem::PemObject as _;
    use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
    use tokio_rustls::rustls::{ClientConfig, RootCertStore};

    use super::{Duplex, Path, TcpStream, io};

    /// Whom to believe.
    #[derive(Clone)]
    pub(crate) struct Tls(Arc<ClientConfig>);

    impl Tls {
        /// Believes servers with a certificate that is in this file, or was issued with one that is.
        pub(crate) fn load(file: &Path) -> Result<Self, String> {
            let unreadable =
                |error: &dyn std::fmt::Display| format!("cannot read certificates from {}: {error}", file.display());
            let mut roots = RootCertStore::empty();
            for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unreadable(&error))? {
                let certificate = certificate.map_err(|error| unreadable(&error))?;
                roots.add(certificate).map_err(|error| unreadable(&error))?;
            }
            if roots.is_empty() {
                return Err(unreadable(&"there is none in it"));
            }
            let config = ClientConfig::builder()
                .with_root_certificates(roots)
                .with_no_client_auth();
            Ok(Self(Arc::new(config)))
        }

        pub(crate) async fn connect(&self, host: &str, stream: TcpStream) -> io::Result<Box<dyn Duplex>> {
            let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
            let connector = TlsConnector::from(Arc::clone(&self.0));
            Ok(Box::new(connector.connect(name, stream).await?))
        }
    }
}

#[cfg(feature = "tls")]
pub(crate) use with_rustls::Tls;

/// There is none: this program was built without the feature `tls`.
#[cfg(not(feature = "tls"))]
#[derive(Clone)]
pub(crate) enum Tls {}

#[cfg(not(feature = "tls"))]
impl Tls {
    pub(crate) fn load(_: &Path) -> Result<Self, String> {
        Err("this program was built without TLS; build it with the feature tls".into())
    }

    #[allow(clippy::unused_async, reason = "as the other one")]
    pub(crate) async fn connect(&self, _: &str, _: TcpStream) -> io::Result<Box<dyn Duplex>> {
        match *self {}
    }
}
