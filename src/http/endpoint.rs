//! Where the node is and who asks, and the head of a request from that.

use core::fmt;

use crate::ip;
use crate::json::{Writer, hex};

/// The address of a node's RPC server: host and port, path, credentials and further headers.
///
/// Whatever comes from outside is checked here, so that no header can be smuggled into a request.
///
/// ```
/// use defichain_net_rpc::http::Endpoint;
///
/// let endpoint = Endpoint::from_url("http://foo:bar@localhost:8554")?;
/// assert_eq!((endpoint.host(), endpoint.port()), ("localhost", 8554));
///
/// let endpoint = Endpoint::new("localhost", 8554)?.with_cookie("__cookie__:0123456789abcdef")?;
/// assert_eq!(endpoint.path(), "/");
/// # Ok::<(), defichain_net_rpc::http::EndpointError>(())
/// ```
///
/// The node's default ports are 8554 on mainnet, 18554 on testnet and 19554 on regtest. Its credentials come from its
/// settings `rpcuser` and `rpcpassword`, or from the file `.cookie` in its data directory.
#[derive(Clone, Copy)]
pub struct Endpoint<'a> {
    tls: bool,
    /// As it stands in a URL: an IPv6 address has its brackets.
    host: &'a str,
    port: u16,
    path: &'a str,
    credentials: Option<Credentials<'a>>,
    headers: &'a [(&'a str, &'a str)],
}

impl<'a> Endpoint<'a> {
    /// The RPC server at a host (a name, an IPv4 address, or an IPv6 address with or without brackets) and port.
    ///
    /// # Errors
    ///
    /// [`EndpointError::Host`].
    pub fn new(host: &'a str, port: u16) -> Result<Self, EndpointError> {
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let valid = match bare {
            Some(address) => is_ipv6(address),
            None => is_ipv6(host) || !host.is_empty() && host.bytes().all(is_host),
        };
        if !valid {
            return Err(EndpointError::Host);
        }
        Ok(Self {
            tls: false,
            host: bare.unwrap_or(host),
            port,
            path: "/",
            credentials: None,
            headers: &[],
        })
    }

    /// The RPC server that a URL names, such as `http://foo:bar@localhost:8554/path`.
    ///
    /// A port that is left out is 80, or 443 for `https` (RFC 9110, section 4.2); the node's own ports have to be
    /// written. User and password are percent-decoded (RFC 3986, section 2.1).
    ///
    /// # Errors
    ///
    /// An [`EndpointError`] that names the part of the URL that is wrong.
    pub fn from_url(url: &'a str) -> Result<Self, EndpointError> {
        let (scheme, rest) = cut(url, b":").ok_or(EndpointError::Scheme)?;
        let rest = rest.strip_prefix("://").ok_or(EndpointError::Scheme)?;
        let tls = scheme.eq_ignore_ascii_case("https");
        if !tls && !scheme.eq_ignore_ascii_case("http") {
            return Err(EndpointError::Scheme);
        }
        let (authority, path) = cut(rest, b"/?#").unwrap_or((rest, "/"));
        let (userinfo, server) = match cut_last(authority, b'@') {
            Some((userinfo, server)) => (Some(userinfo), server),
            None => (None, authority),
        };
        let default = if tls { "443" } else { "80" };
        let (host, port) = match cut_last(server, b':') {
            Some((host, "")) => (host, default),
            Some((host, port)) if !port.as_bytes().contains(&b']') => (host, port),
            _ => (server, default),
        };
        // A number that is parsed may have a sign, a port may not.
        let port = Some(port)
            .filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|port| port.parse().ok())
            .ok_or(EndpointError::Port)?;
        if host.as_bytes().contains(&b':') && host.as_bytes().first() != Some(&b'[') {
            return Err(EndpointError::Host);
        }
        let endpoint = Self {
            tls,
            ..Self::new(host, port)?
        }
        .with_path(path)?;
        match userinfo {
            None => Ok(endpoint),
            Some(userinfo) => {
                let (user, password) = cut(userinfo, b":").unwrap_or((userinfo, ""));
                Credentials {
                    user,
                    password: password.strip_prefix(':').unwrap_or_default(),
                    encoded: true,
                }
                .attach(endpoint)
            }
        }
    }

    /// The same with a path, such as `/wallet/main`, and maybe a query.
    ///
    /// # Errors
    ///
    /// [`EndpointError::Path`] if it does not begin with `/` or holds what a URL does not allow there.
    pub fn with_path(self, path: &'a str) -> Result<Self, EndpointError> {
        if path.as_bytes().first() == Some(&b'/') && path.bytes().all(is_path) {
            Ok(Self { path, ..self })
        } else {
            Err(EndpointError::Path)
        }
    }

    /// The same with a user and password: the node's `rpcuser` and `rpcpassword`.
    ///
    /// # Errors
    ///
    /// [`EndpointError::Credentials`] if the user holds a colon, or either a control character (RFC 7617, section 2).
    pub fn with_credentials(self, user: &'a str, password: &'a str) -> Result<Self, EndpointError> {
        if user.as_bytes().contains(&b':') {
            return Err(EndpointError::Credentials);
        }
        Credentials {
            user,
            password,
            encoded: false,
        }
        .attach(self)
    }

    /// The same with the content of the node's cookie file. It is `__cookie__:` and 64 hex digits; the white space that
    /// editors leave at the end does not matter.
    ///
    /// # Errors
    ///
    /// [`EndpointError::Credentials`] if it holds no colon, or a control character.
    pub fn with_cookie(self, cookie: &'a str) -> Result<Self, EndpointError> {
        let (user, password) = cut(cookie.trim_ascii_end(), b":").ok_or(EndpointError::Credentials)?;
        self.with_credentials(user, password.strip_prefix(':').unwrap_or_default())
    }

    /// The same with further headers for each request, as names and values.
    ///
    /// # Errors
    ///
    /// [`EndpointError::Header`] if a name is no token, a value holds CR, LF, NUL or another control character (RFC
    /// 9110, section 5), or the header is one that says where a message ends or which server is meant.
    pub fn with_headers(self, headers: &'a [(&'a str, &'a str)]) -> Result<Self, EndpointError> {
        const OWN: [&str; 3] = ["Host", "Content-Length", "Transfer-Encoding"];
        let valid = |(name, value): &(&str, &str)| {
            !name.is_empty()
                && name.bytes().all(is_token)
                && !OWN.iter().any(|own| own.eq_ignore_ascii_case(name))
                && value.bytes().all(|byte| byte == b'\t' || !byte.is_ascii_control())
        };
        if headers.iter().all(valid) {
            Ok(Self { headers, ..self })
        } else {
            Err(EndpointError::Header)
        }
    }

    /// The host to connect to; an IPv6 address without brackets.
    #[must_use]
    pub fn host(&self) -> &'a str {
        self.host
    }

    /// The port to connect to.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The path, `/` unless another was given.
    #[must_use]
    pub fn path(&self) -> &'a str {
        self.path
    }

    /// Whether the URL says `https`: then the bytes belong into a TLS stream.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.tls
    }

    /// Writes the head of a request (RFC 9112, sections 3 and 5) whose body is JSON of so many bytes.
    pub(crate) fn write_head(&self, length: usize, writer: &mut Writer<'_>) {
        writer.raw(b"POST ");
        writer.raw(self.path.as_bytes());
        writer.raw(b" HTTP/1.1\r\nHost: ");
        if self.host.as_bytes().contains(&b':') {
            writer.byte(b'[');
            writer.raw(self.host.as_bytes());
            writer.byte(b']');
        } else {
            writer.raw(self.host.as_bytes());
        }
        writer.byte(b':');
        writer.u64(self.port.into());
        if let Some(credentials) = self.credentials {
            writer.raw(b"\r\nAuthorization: Basic ");
            write_base64(credentials.bytes(), writer);
        }
        writer.raw(b"\r\nContent-Type: application/json\r\nContent-Length: ");
        writer.u64(length as u64);
        for (name, value) in self.headers {
            writer.raw(b"\r\n");
            writer.raw(name.as_bytes());
            writer.raw(b": ");
            writer.raw(value.as_bytes());
        }
        writer.raw(b"\r\n\r\n");
    }
}

/// All but the password and the headers, which may be secret.
impl fmt::Debug for Endpoint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("tls", &self.tls)
            .field("host", &self.host)
            .field("port", &self.port)
            .field("path", &self.path)
            .field("user", &self.credentials.map(|credentials| credentials.user))
            .finish_non_exhaustive()
    }
}

/// A user and password for the Basic scheme (RFC 7617).
#[derive(Clone, Copy)]
struct Credentials<'a> {
    user: &'a str,
    password: &'a str,
    /// Whether they are percent-encoded.
    encoded: bool,
}

impl<'a> Credentials<'a> {
    fn attach(self, endpoint: Endpoint<'a>) -> Result<Endpoint<'a>, EndpointError> {
        let complete = [self.user, self.password].iter().all(|part| {
            let mut escapes = part.as_bytes().split(|byte| *byte == b'%').skip(1);
            !self.encoded
                || escapes.all(|escape| matches!(escape, [a, b, ..] if hex(*a).is_some() && hex(*b).is_some()))
        });
        let decoded_colon = self.encoded && self.part(self.user).any(|byte| byte == b':');
        if complete && !decoded_colon && !self.bytes().any(|byte| byte.is_ascii_control()) {
            Ok(Endpoint {
                credentials: Some(self),
                ..endpoint
            })
        } else {
            Err(EndpointError::Credentials)
        }
    }

    /// What is to be sent: user, colon, password.
    fn bytes(self) -> impl Iterator<Item = u8> {
        self.part(self.user).chain([b':']).chain(self.part(self.password))
    }

    fn part(self, part: &str) -> impl Iterator<Item = u8> {
        let mut rest = part.as_bytes();
        core::iter::from_fn(move || {
            let [byte, tail @ ..] = rest else { return None };
            rest = tail;
            if let (b'%', true, [high, low, tail @ ..]) = (byte, self.encoded, tail) {
                rest = tail;
                return Some(hex(*high)? << 4 | hex(*low)?);
            }
            Some(*byte)
        })
    }
}

/// Why an [`Endpoint`] cannot be made from what was given.
///
/// ```
/// use defichain_net_rpc::http::{Endpoint, EndpointError};
///
/// assert_eq!(Endpoint::from_url("localhost:8554").unwrap_err(), EndpointError::Scheme);
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndpointError {
    /// The URL does not begin with `http://` or `https://`.
    Scheme,
    /// The host is missing, or no host.
    Host,
    /// The port is no number from 0 to 65535.
    Port,
    /// The path does not begin with `/`, or holds what has to be percent-encoded.
    Path,
    /// User or password hold a control character or a `%` that encodes nothing, or the user a colon.
    Credentials,
    /// A header's name or value is malformed, or the header is not for the caller to set.
    Header,
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => "the URL must begin with http:// or https://, as in http://user:password@localhost:8554",
            Self::Host => "the host must be a name or an IP address, IPv6 in brackets, as in http://[::1]:8554",
            Self::Port => "the port must be a number up to 65535, as in http://localhost:8554",
            Self::Path => "the path must begin with / and have anything unusual percent-encoded",
            Self::Credentials => {
                "user and password must be parted by a colon, without control characters, in a URL percent-encoded"
            }
            Self::Header => "a header must have a valid name and value and must not say what the message says itself",
        })
    }
}

impl core::error::Error for EndpointError {}

/// The text before the first of these bytes, and the rest from there on.
fn cut<'a>(text: &'a str, bytes: &[u8]) -> Option<(&'a str, &'a str)> {
    let index = text.bytes().position(|byte| bytes.contains(&byte))?;
    text.split_at_checked(index)
}

/// The text before the last such byte, and the text behind it.
fn cut_last(text: &str, byte: u8) -> Option<(&str, &str)> {
    let index = text.bytes().rposition(|other| other == byte)?;
    Some((text.get(..index)?, text.get(index.saturating_add(1)..)?))
}

fn is_ipv6(text: &str) -> bool {
    ip::parse_v6(text.as_bytes()).is_some()
}

/// What a registered name may hold (RFC 3986, section 3.2.2), less percent-encoding, which DNS has no use for.
fn is_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&byte)
}

/// What a path and a query may hold (RFC 3986, sections 3.3 and 3.4).
fn is_path(byte: u8) -> bool {
    is_host(byte) || b"/?:@%".contains(&byte)
}

/// RFC 9110, section 5.6.2.
pub(super) fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// RFC 4648, section 4.
fn write_base64(mut bytes: impl Iterator<Item = u8>, writer: &mut Writer<'_>) {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let symbol = |bits: u32| ALPHABET.get((bits & 63) as usize).copied().unwrap_or(b'=');
    while let Some(first) = bytes.next() {
        let (second, third) = (bytes.next(), bytes.next());
        let group = [0, first, second.unwrap_or(0), third.unwrap_or(0)];
        let group = u32::from_be_bytes(group);
        writer.raw(&[
            symbol(group >> 18),
            symbol(group >> 12),
            second.map_or(b'=', |_| symbol(group >> 6)),
            third.map_or(b'=', |_| symbol(group)),
        ]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(endpoint: &Endpoint<'_>) -> String {
        let mut buf = [0; 512];
        let mut writer = Writer::new(&mut buf);
        endpoint.write_head(7, &mut writer);
        String::from_utf8(writer.finish().unwrap().to_vec()).unwrap()
    }

    fn authorization(endpoint: &Endpoint<'_>) -> Option<String> {
        let head = head(endpoint);
        let line = head.lines().find(|line| line.starts_with("Authorization"))?;
        line.strip_prefix("Authorization: Basic ").map(str::to_owned)
    }

    #[test]
    fn the_head_says_what_the_endpoint_says() {
        let endpoint = Endpoint::from_url("http://foo:bar@localhost:8554/path?q=1").unwrap();
        let endpoint = endpoint
            .with_headers(&[("X-Trace", "a b"), ("Connection", "close")])
            .unwrap();
        assert_eq!(
            head(&endpoint),
            "POST /path?q=1 HTTP/1.1\r\nHost: localhost:8554\r\nAuthorization: Basic Zm9vOmJhcg==\r\n\
             Content-Type: application/json\r\nContent-Length: 7\r\nX-Trace: a b\r\nConnection: close\r\n\r\n"
        );
    }

    #[test]
    fn a_url_is_taken_apart() {
        for (url, tls, host, port, path) in [
            ("http://localhost:8554", false, "localhost", 8554, "/"),
            ("HTTP://127.0.0.1/", false, "127.0.0.1", 80, "/"),
            (
                "https://node.example/wallet/a%20b",
                true,
                "node.example",
                443,
                "/wallet/a%20b",
            ),
            ("http://[::1]:8554/", false, "::1", 8554, "/"),
            ("http://[::1]", false, "::1", 80, "/"),
            ("http://[::1]:/", false, "::1", 80, "/"),
            ("https://localhost:", true, "localhost", 443, "/"),
        ] {
            let endpoint = Endpoint::from_url(url).unwrap();
            assert_eq!(
                (endpoint.is_tls(), endpoint.host(), endpoint.port(), endpoint.path()),
                (tls, host, port, path)
            );
        }
        assert!(head(&Endpoint::from_url("http://[::1]:8554/").unwrap()).contains("Host: [::1]:8554\r\n"));
        assert!(head(&Endpoint::new("::1", 8554).unwrap()).contains("Host: [::1]:8554\r\n"));
    }

    #[test]
    fn a_wrong_url_is_told_by_its_part() {
        use EndpointError as E;
        for (url, error) in [
            ("", E::Scheme),
            ("localhost:8554", E::Scheme),
            ("ftp://localhost", E::Scheme),
            ("http://", E::Host),
            ("http://:8554", E::Host),
            ("http://ex ample", E::Host),
            ("http://a\r\nb", E::Host),
            ("http://::1:8554", E::Host),
            ("http://[::1", E::Host),
            ("http://[zz]:1", E::Host),
            ("http://[:]", E::Host),
            ("http://[127.0.0.1:1]", E::Host),
            ("http://localhost:+1", E::Port),
            ("http://localhost:65536", E::Port),
            ("http://localhost:http", E::Port),
            ("http://localhost?q", E::Path),
            ("http://localhost/a b", E::Path),
            ("http://localhost/\r\nX: y", E::Path),
            ("http://localhost/#part", E::Path),
            ("http://a%zz:b@localhost", E::Credentials),
            ("http://a:b%4z@localhost", E::Credentials),
            ("http://a%3ab:c@localhost", E::Credentials),
            ("http://a:b%0d%0aX@localhost", E::Credentials),
            ("http://a:b%4@localhost", E::Credentials),
        ] {
            assert_eq!(Endpoint::from_url(url).unwrap_err(), error, "{url}");
        }
    }

    #[test]
    fn a_host_with_a_port_is_no_host() {
        for host in ["127.0.0.1:8554", "localhost:8554", "cafe:8554", ":::::"] {
            assert_eq!(Endpoint::new(host, 8554).unwrap_err(), EndpointError::Host, "{host}");
        }
    }

    #[test]
    fn credentials_are_sent_in_base64() {
        let endpoint = Endpoint::new("localhost", 1).unwrap();
        assert_eq!(authorization(&endpoint), None);
        for (user, password, base64) in [
            ("", "", "Og=="),
            ("f", "b", "Zjpi"),
            ("foo", "bar", "Zm9vOmJhcg=="),
            ("Aladdin", "open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            ("test", "123\u{a3}", "dGVzdDoxMjPCow=="),
            ("a", "b:c%41", "YTpiOmMlNDE="),
        ] {
            let endpoint = endpoint.with_credentials(user, password).unwrap();
            assert_eq!(authorization(&endpoint).unwrap(), base64);
        }
        let endpoint = Endpoint::from_url("http://f%6fo:b%40r%3a@localhost").unwrap();
        assert_eq!(authorization(&endpoint).unwrap(), "Zm9vOmJAcjo=");
        let endpoint = Endpoint::from_url("http://foo@localhost").unwrap();
        assert_eq!(authorization(&endpoint).unwrap(), "Zm9vOg==");
    }

    #[test]
    fn a_cookie_is_the_content_of_the_file() {
        let endpoint = Endpoint::new("localhost", 1).unwrap();
        for cookie in ["foo:bar", "foo:bar\n", "foo:bar\r\n"] {
            let endpoint = endpoint.with_cookie(cookie).unwrap();
            assert_eq!(authorization(&endpoint).unwrap(), "Zm9vOmJhcg==");
        }
        for cookie in ["", "foobar", "foo:bar\nfoo:bar", "foo:\0"] {
            assert_eq!(endpoint.with_cookie(cookie).unwrap_err(), EndpointError::Credentials);
        }
    }

    #[test]
    fn nothing_that_would_break_a_head_gets_into_it() {
        let endpoint = Endpoint::new("localhost", 1).unwrap();
        assert_eq!(
            endpoint.with_credentials("a:b", "").unwrap_err(),
            EndpointError::Credentials
        );
        assert_eq!(
            endpoint.with_credentials("a", "\r\n").unwrap_err(),
            EndpointError::Credentials
        );
        for header in [
            ("", "a"),
            ("A B", "a"),
            ("A:", "a"),
            ("A\r\n", "a"),
            ("A", "a\r\nB: c"),
            ("A", "\n"),
            ("A", "\0"),
            ("host", "a"),
            ("Content-length", "0"),
            ("Transfer-Encoding", "chunked"),
        ] {
            assert_eq!(
                endpoint.with_headers(&[header]).unwrap_err(),
                EndpointError::Header,
                "{header:?}"
            );
        }
    }

    #[test]
    fn what_may_be_secret_is_not_shown() {
        let endpoint = Endpoint::from_url("http://foo:secret@localhost").unwrap();
        let endpoint = endpoint.with_headers(&[("X-Key", "secret")]).unwrap();
        assert_eq!(
            format!("{endpoint:?}"),
            r#"Endpoint { tls: false, host: "localhost", port: 80, path: "/", user: Some("foo"), .. }"#
        );
    }

    #[test]
    fn an_error_says_how_to_put_it_right() {
        use EndpointError as E;
        for (error, text) in [
            (E::Scheme, "http://user:password@localhost:8554"),
            (E::Host, "http://[::1]:8554"),
            (E::Port, "up to 65535"),
            (E::Path, "must begin with /"),
            (E::Credentials, "parted by a colon"),
            (E::Header, "a valid name and value"),
        ] {
            assert!(error.to_string().contains(text), "{error}");
        }
    }
}
