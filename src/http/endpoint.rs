//! The address and credentials of a node, and the head of a request from them.

use core::fmt;

use super::head::{TOKEN, is, items};
use crate::bytes::classes::Class;
use crate::bytes::digits::{decimal, hex};
use crate::bytes::writer::{BufferTooSmall, Writer};
use crate::bytes::{after_str, certain, has};
use crate::value::ip;

/// The address of a node's RPC server: host and port, path, credentials and further headers.
///
/// It borrows its text; an [`EndpointBuf`] owns it. Every part is checked when it is given, so that nobody can smuggle a header
/// into a request.
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
/// settings `rpcuser` and `rpcpassword`, or from the file `.cookie` in the data directory of its network.
#[derive(Clone, Copy)]
pub struct Endpoint<'a> {
    tls: bool,
    /// An IPv6 address is stored without brackets and zone.
    host: &'a str,
    /// The zone of an IPv6 address; usually empty.
    zone: &'a str,
    port: u16,
    path: &'a str,
    credentials: Option<Credentials<'a>>,
    headers: Headers<'a>,
    /// Whether the headers include `Authorization`.
    authorizes: bool,
    /// Whether the headers ask the server to close the connection after the reply (RFC 9112, section 9.6).
    closes: bool,
}

/// The headers of the caller.
#[derive(Clone, Copy)]
enum Headers<'a> {
    Pairs(&'a [(&'a str, &'a str)]),
    /// As they are written in a request, each after a CRLF.
    Lines(&'a str),
}

impl<'a> Endpoint<'a> {
    /// Returns the endpoint for a host and port. The host is a name, an IPv4 address, or an IPv6 address with or without brackets,
    /// which may have a zone: `fe80::1%eth0`.
    ///
    /// # Errors
    ///
    /// [`EndpointError::Host`].
    pub fn new(host: &'a str, port: u16) -> Result<Self, EndpointError> {
        Self::with_zone_mark(host, "%", port)
    }

    /// Like `new`, with another mark before the zone of an IPv6 address.
    fn with_zone_mark(host: &'a str, mark: &str, port: u16) -> Result<Self, EndpointError> {
        let bare = after_str(host, "[").and_then(|host| host.strip_suffix(']'));
        let is_name = bare.is_none() && !host.is_empty() && HOST.has_all(host.as_bytes());
        let address = bare.unwrap_or(host);
        // A name has no `%`.
        let (host, zone) = match cut(address, b"%") {
            Some((host, zone)) => (host, after_str(zone, mark).ok_or(EndpointError::Host)?),
            _ => (address, ""),
        };
        let has_zone = host.len() != address.len();
        let is_zone = !zone.is_empty() && UNRESERVED.has_all(zone.as_bytes());
        if !is_name && (ip::parse_v6(host.as_bytes()).is_none() || has_zone != is_zone) {
            return Err(EndpointError::Host);
        }
        Ok(Self {
            tls: false,
            host,
            zone,
            port,
            path: "/",
            credentials: None,
            headers: Headers::Pairs(&[]),
            authorizes: false,
            closes: false,
        })
    }

    /// Returns the endpoint for a URL, such as `http://foo:bar@localhost:8554/path`.
    ///
    /// Without a port the URL means port 80, or 443 for `https` (RFC 9110, section 4.2), so the node's own port must be written.
    /// User and password are percent-decoded (RFC 3986, section 2.1). In a URL with a port and without a user, write an `@` in
    /// the path as `%40`. Write `%25` before the zone of an IPv6 address (RFC 6874).
    ///
    /// **The crate does no TLS.** For an `https` URL the caller must open a TLS stream or refuse the URL; see
    /// [`is_tls`](Endpoint::is_tls).
    ///
    /// # Errors
    ///
    /// An [`EndpointError`] that says which part of the URL is wrong.
    pub fn from_url(url: &'a str) -> Result<Self, EndpointError> {
        let (scheme, rest) = cut(url, b":").ok_or(EndpointError::Scheme)?;
        let rest = after_str(rest, "://").ok_or(EndpointError::Scheme)?;
        let tls = scheme.eq_ignore_ascii_case("https");
        if !tls && !scheme.eq_ignore_ascii_case("http") {
            return Err(EndpointError::Scheme);
        }
        let (authority, path) = cut(rest, b"/?#").unwrap_or((rest, "/"));
        let (userinfo, server) = match cut_last(authority, b'@') {
            Some((userinfo, server)) => (Some(userinfo), server),
            None => (None, authority),
        };
        let (host, port) = match cut_last(server, b':') {
            Some((host, port)) if !has(port.as_bytes(), b']') => (host, port),
            _ => (server, ""),
        };
        let port = match (port.as_bytes(), tls) {
            ([], true) => Some(443),
            ([], false) => Some(80),
            (port, _) => decimal(port).and_then(|port| u16::try_from(port).ok()),
        };
        let has_bare_ipv6 = has(host.as_bytes(), b':') && host.as_bytes().first() != Some(&b'[');
        let endpoint = match port {
            None => Err(EndpointError::Port),
            Some(_) if has_bare_ipv6 => Err(EndpointError::Host),
            Some(port) => Self::with_zone_mark(host, "%25", port).and_then(|endpoint| endpoint.with_path(path)),
        };
        let mut endpoint = match (endpoint, userinfo) {
            // The user or password contains a / ? or #, which was taken for the end of the server. A path may contain an @
            // too, but after a port the two cases look alike.
            (endpoint, None) if has(path.as_bytes(), b'@') && (endpoint.is_err() || has(server.as_bytes(), b':')) => {
                return Err(EndpointError::Credentials);
            }
            (endpoint, _) => Self { tls, ..endpoint? },
        };
        if let Some(userinfo) = userinfo {
            let (user, password) = cut(userinfo, b":").unwrap_or((userinfo, ""));
            let credentials = Credentials {
                user,
                password: after_str(password, ":").unwrap_or_default(),
                encoded: true,
            };
            endpoint.attach(credentials, EndpointError::Credentials)?;
        }
        Ok(endpoint)
    }

    /// Sets the path, such as `/wallet/main`, which may include a query.
    ///
    /// # Errors
    ///
    /// [`EndpointError::Path`] if it does not begin with `/`, or contains characters that a URL does not allow there.
    pub fn with_path(self, path: &'a str) -> Result<Self, EndpointError> {
        if path.as_bytes().first() == Some(&b'/') && PATH.has_all(path.as_bytes()) {
            Ok(Self { path, ..self })
        } else {
            Err(EndpointError::Path)
        }
    }

    /// Sets the user and password: the node's `rpcuser` and `rpcpassword`.
    ///
    /// # Errors
    ///
    /// [`EndpointError::Credentials`] if the user contains a colon, or either one a control character (RFC 7617, section 2);
    /// [`EndpointError::ReservedHeader`] if the headers already include `Authorization`.
    pub fn with_credentials(mut self, user: &'a str, password: &'a str) -> Result<Self, EndpointError> {
        let credentials = Credentials {
            user,
            password,
            encoded: false,
        };
        self.attach(credentials, EndpointError::Credentials)?;
        Ok(self)
    }

    /// Sets the user and password from the content of the node's cookie file, which is `__cookie__:` and 64 hex digits. White
    /// space at the end, as editors add it, is ignored. The node writes a new file at each start.
    ///
    /// # Errors
    ///
    /// [`EndpointError::Cookie`] if it is empty or not of the form `user:password`;
    /// [`EndpointError::ReservedHeader`] as for [`with_credentials`](Endpoint::with_credentials).
    pub fn with_cookie(mut self, cookie: &'a str) -> Result<Self, EndpointError> {
        let (user, password) = cut(cookie.trim_ascii_end(), b":").unwrap_or_default();
        let password = after_str(password, ":").unwrap_or_default();
        if user.is_empty() || password.is_empty() {
            return Err(EndpointError::Cookie);
        }
        let credentials = Credentials {
            user,
            password,
            encoded: false,
        };
        self.attach(credentials, EndpointError::Cookie)?;
        Ok(self)
    }

    /// Sets the credentials, or returns the error `malformed`.
    fn attach(&mut self, credentials: Credentials<'a>, malformed: EndpointError) -> Result<(), EndpointError> {
        if self.authorizes {
            return Err(EndpointError::ReservedHeader(AUTHORIZATION));
        }
        if !credentials.is_valid() {
            return Err(malformed);
        }
        self.credentials = Some(credentials);
        Ok(())
    }

    /// Sets further headers for each request, as pairs of name and value. With `Connection: close` each call opens a connection
    /// of its own.
    ///
    /// # Errors
    ///
    /// [`EndpointError::Header`] if a name is not a token, or a value contains CR, LF, NUL or another control character (RFC
    /// 9110, section 5). [`EndpointError::ReservedHeader`] for a header that the crate writes itself: `Host`, `Content-Type`,
    /// `Content-Length`, `Transfer-Encoding`, `Accept-Encoding`, and, if there are credentials, `Authorization`.
    pub fn with_headers(self, headers: &'a [(&'a str, &'a str)]) -> Result<Self, EndpointError> {
        const OWN: [&str; 6] = [
            AUTHORIZATION,
            "Host",
            "Content-Type",
            "Content-Length",
            "Transfer-Encoding",
            "Accept-Encoding",
        ];
        let reserved = certain(OWN.get(usize::from(self.credentials.is_none())..));
        let (mut authorizes, mut closes) = (false, false);
        for (name, value) in headers {
            if let Some(own) = reserved.iter().find(|own| is(own.as_bytes(), name.as_bytes())) {
                return Err(EndpointError::ReservedHeader(own));
            }
            if name.is_empty()
                || !TOKEN.has_all(name.as_bytes())
                || !value.bytes().all(|byte| byte == b'\t' || !byte.is_ascii_control())
            {
                return Err(EndpointError::Header);
            }
            authorizes |= is(name.as_bytes(), AUTHORIZATION.as_bytes());
            closes |= is(name.as_bytes(), b"Connection") && items(value.as_bytes()).any(|item| is(item, b"close"));
        }
        Ok(Self {
            headers: Headers::Pairs(headers),
            authorizes,
            closes,
            ..self
        })
    }

    /// Returns the host to connect to; an IPv6 address without brackets and [zone](Endpoint::zone).
    #[must_use]
    pub fn host(&self) -> &'a str {
        self.host
    }

    /// Returns the zone of an IPv6 address, such as `eth0`. To connect, write it after the address and a `%` (RFC 4007, section
    /// 11). It is not sent to the node.
    #[must_use]
    pub fn zone(&self) -> Option<&'a str> {
        (!self.zone.is_empty()).then_some(self.zone)
    }

    /// Returns the port to connect to.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the path; `/` unless another was set.
    #[must_use]
    pub fn path(&self) -> &'a str {
        self.path
    }

    /// Whether the URL says `https`, so that the stream must use TLS. Over any other stream, whoever listens can read the
    /// password.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.tls
    }

    /// Whether requests carry credentials: a user and password, a cookie, or an `Authorization` header.
    ///
    /// ```
    /// use defichain_net_rpc::http::Endpoint;
    ///
    /// // Reads the cookie file only if the URL has no credentials.
    /// let endpoint = Endpoint::from_url("http://localhost:8554")?;
    /// assert!(!endpoint.has_credentials());
    /// let endpoint = endpoint.with_cookie("__cookie__:0123456789abcdef")?;
    /// assert!(endpoint.has_credentials());
    /// # Ok::<(), defichain_net_rpc::http::EndpointError>(())
    /// ```
    #[must_use]
    pub fn has_credentials(&self) -> bool {
        self.authorizes || self.credentials.is_some()
    }

    /// Copies the endpoint with its text.
    ///
    /// ```
    /// use defichain_net_rpc::http::{Endpoint, EndpointBuf};
    ///
    /// fn node(url: &str) -> Result<EndpointBuf<String>, Box<dyn std::error::Error>> {
    ///     Ok(Endpoint::from_url(url)?.to_buf()?)
    /// }
    /// # assert_eq!(node("http://localhost:8554")?.as_endpoint().port(), 8554);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] if the storage is too small, with the size that is needed.
    pub fn to_buf<T: AsRef<str> + fmt::Write + Default>(&self) -> Result<EndpointBuf<T>, BufferTooSmall> {
        let credentials = self.credentials.unwrap_or_default();
        let parts = [self.host, self.zone, self.path, credentials.user, credentials.password];
        let mut text = T::default();
        let written = parts
            .iter()
            .try_for_each(|part| text.write_str(part))
            .and_then(|()| self.headers(&mut |piece| text.write_str(piece)));
        if written.is_err() {
            let mut needed = parts.iter().fold(0, |sum: usize, part| sum.saturating_add(part.len()));
            _ = self.headers(&mut |piece| {
                needed = needed.saturating_add(piece.len());
                Ok(())
            });
            return Err(BufferTooSmall { needed });
        }
        Ok(EndpointBuf {
            bare: Endpoint {
                host: "",
                zone: "",
                path: "",
                credentials: self.credentials.map(|credentials| Credentials {
                    user: "",
                    password: "",
                    encoded: credentials.encoded,
                }),
                headers: Headers::Lines(""),
                ..*self
            },
            lengths: parts.map(str::len),
            text,
        })
    }

    /// Passes on the caller's headers in pieces, as they are written in a request.
    fn headers(&self, take: &mut dyn FnMut(&str) -> fmt::Result) -> fmt::Result {
        match self.headers {
            Headers::Pairs(pairs) => {
                for (name, value) in pairs {
                    for piece in ["\r\n", name, ": ", value] {
                        take(piece)?;
                    }
                }
                Ok(())
            }
            Headers::Lines(lines) => take(lines),
        }
    }

    /// Whether the request asks the server to close the connection after the reply.
    pub(crate) fn asks_to_close(&self) -> bool {
        self.closes
    }

    /// Writes the head of a request with a JSON body (RFC 9112, sections 3 and 5). Returns where the [length](RESERVED) of the
    /// body belongs.
    pub(crate) fn write_head(&self, writer: &mut Writer<'_>) -> usize {
        writer.raw(b"POST ");
        writer.raw(self.path.as_bytes());
        writer.raw(b" HTTP/1.1\r\nHost: ");
        if has(self.host.as_bytes(), b':') {
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
            write_base64(credentials.octets(), writer);
        }
        writer.raw(b"\r\nContent-Type: application/json\r\nAccept-Encoding: identity");
        _ = self.headers(&mut |piece| {
            writer.raw(piece.as_bytes());
            Ok(())
        });
        writer.raw(b"\r\nContent-Length: ");
        let place = writer.len();
        writer.raw(RESERVED);
        writer.raw(b"\r\n\r\n");
        place
    }
}

/// The placeholder for the length of the body until that is known.
pub(crate) const RESERVED: &[u8; 12] = b"............";

/// The header that carries the credentials.
const AUTHORIZATION: &str = "Authorization";

/// Omits the password and the headers, which may be secret.
impl fmt::Debug for Endpoint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("tls", &self.tls)
            .field("host", &self.host)
            .field("zone", &self.zone())
            .field("port", &self.port)
            .field("path", &self.path)
            .field("user", &self.credentials.map(|credentials| credentials.user))
            .finish_non_exhaustive()
    }
}

/// An [`Endpoint`] that owns its text: in a `String`, or in a `heapless::String` of any size.
///
/// One struct can own it together with its [`Connection`](crate::Connection).
///
/// ```
/// use defichain_net_rpc::Connection;
/// use defichain_net_rpc::http::EndpointBuf;
/// use defichain_net_rpc::network::GetConnectionCount;
///
/// struct Node {
///     endpoint: EndpointBuf<String>,
///     connection: Connection,
///     buf: Vec<u8>,
/// }
///
/// impl Node {
///     fn ask(&mut self) -> Result<u64, defichain_net_rpc::BufferTooSmall> {
///         self.connection.call(&self.endpoint.as_endpoint(), &GetConnectionCount, &mut self.buf)
///     }
/// }
/// # let endpoint = defichain_net_rpc::http::Endpoint::new("localhost", 8554)?.to_buf()?;
/// # assert_eq!(Node { endpoint, connection: Connection::new(), buf: vec![0; 512] }.ask(), Ok(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct EndpointBuf<T> {
    /// The endpoint without its text.
    bare: Endpoint<'static>,
    /// The lengths of host, zone, path, user and password in the text; the headers follow them.
    lengths: [usize; 5],
    text: T,
}

impl<T: AsRef<str>> EndpointBuf<T> {
    /// Borrows the endpoint.
    pub fn as_endpoint(&self) -> Endpoint<'_> {
        let mut rest = self.text.as_ref();
        let [host, zone, path, user, password] = self.lengths.map(|length| {
            let (part, behind) = rest.split_at_checked(length).unwrap_or_default();
            rest = behind;
            part
        });
        Endpoint {
            host,
            zone,
            path,
            credentials: self.bare.credentials.map(|bare| Credentials {
                user,
                password,
                encoded: bare.encoded,
            }),
            headers: Headers::Lines(rest),
            ..self.bare
        }
    }
}

/// Like that of [`Endpoint`].
impl<T: AsRef<str>> fmt::Debug for EndpointBuf<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_endpoint().fmt(f)
    }
}

/// An [`Endpoint`] or an [`EndpointBuf`].
pub trait AsEndpoint {
    /// Borrows the endpoint.
    fn as_endpoint(&self) -> Endpoint<'_>;
}

impl AsEndpoint for Endpoint<'_> {
    fn as_endpoint(&self) -> Endpoint<'_> {
        *self
    }
}

impl<T: AsRef<str>> AsEndpoint for EndpointBuf<T> {
    fn as_endpoint(&self) -> Endpoint<'_> {
        self.as_endpoint()
    }
}

/// A user and password for the Basic scheme (RFC 7617).
#[derive(Clone, Copy, Default)]
struct Credentials<'a> {
    user: &'a str,
    password: &'a str,
    /// Whether they are percent-encoded.
    encoded: bool,
}

impl<'a> Credentials<'a> {
    /// Whether they contain no control character, no invalid escape, and no colon in the user.
    fn is_valid(&self) -> bool {
        let mut octets = self.octets();
        while let Some(octet) = octets.next() {
            if octet.is_ascii_control() || octet == b':' && octets.password.is_some() {
                return false;
            }
        }
        true
    }

    /// Returns the octets that are sent: user, colon, password.
    fn octets(&self) -> Octets<'a> {
        Octets {
            rest: self.user.as_bytes(),
            password: Some(self.password.as_bytes()),
            encoded: self.encoded,
        }
    }
}

/// An iterator over the octets of [`Credentials`]. It returns NUL for an invalid escape.
struct Octets<'a> {
    rest: &'a [u8],
    /// `Some` while `rest` is the user.
    password: Option<&'a [u8]>,
    encoded: bool,
}

impl Iterator for Octets<'_> {
    type Item = u8;

    #[inline(never)]
    fn next(&mut self) -> Option<u8> {
        let [octet, behind @ ..] = self.rest else {
            self.rest = self.password.take()?;
            return Some(b':');
        };
        self.rest = behind;
        if *octet != b'%' || !self.encoded {
            return Some(*octet);
        }
        let [high, low, behind @ ..] = behind else {
            return Some(0);
        };
        self.rest = behind;
        // These lines are less than a dependency for percent-decoding.
        match (hex(*high), hex(*low)) {
            (Some(high), Some(low)) => Some((high << 4 | low).to_le_bytes()[0]),
            _ => Some(0),
        }
    }
}

/// The error for a part of an [`Endpoint`] that is not valid.
///
/// ```
/// use defichain_net_rpc::http::{Endpoint, EndpointError};
///
/// assert_eq!(Endpoint::from_url("localhost:8554").unwrap_err(), EndpointError::Scheme);
/// ```
#[cfg_attr(feature = "defmt-v1", derive(defmt::Format))]
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndpointError {
    /// The URL does not begin with `http://` or `https://`.
    Scheme,
    /// The host is missing, or not a name or an IP address.
    Host,
    /// The port is not a number from 0 to 65535.
    Port,
    /// The path does not begin with `/`, or contains characters that must be percent-encoded.
    Path,
    /// The user or password contains a control character, an invalid percent-encoding, or in a URL a `/`, `?` or `#`; or the
    /// user contains a colon.
    Credentials,
    /// The content of the cookie file is not of the form `user:password`.
    Cookie,
    /// A header's name or value is malformed.
    Header,
    /// This header is written by the crate itself.
    ReservedHeader(&'static str),
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => "the URL must begin with http:// or https://, as in http://user:password@localhost:8554",
            Self::Host => "the host must be a name or an IP address, IPv6 in brackets, as in http://[::1]:8554",
            Self::Port => "the port must be a number up to 65535, as in http://localhost:8554",
            Self::Path => "the path must begin with /, and special characters in it must be percent-encoded",
            Self::Credentials => {
                "the credentials must be user:password without control characters; in a URL, / ? # @ : % must be percent-encoded"
            }
            Self::Cookie => "the cookie file must hold one line user:password, as the node writes it to .cookie",
            Self::Header => "a header needs a name of letters, digits and hyphens, and a value without control characters",
            Self::ReservedHeader(name) => return write!(f, "the header {name} is written by this crate, leave it out"),
        })
    }
}

/// Like `Display`: firmware that unwraps links less than for a derived `Debug`.
impl fmt::Debug for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for EndpointError {}

/// Splits a text before the first of these bytes.
fn cut<'a>(text: &'a str, bytes: &[u8]) -> Option<(&'a str, &'a str)> {
    let index = text.bytes().position(|byte| has(bytes, byte))?;
    text.split_at_checked(index)
}

/// Splits a text around the last such byte.
fn cut_last(text: &str, byte: u8) -> Option<(&str, &str)> {
    let index = text.bytes().rposition(|other| other == byte)?;
    Some((text.get(..index)?, text.get(index.saturating_add(1)..)?))
}

/// RFC 3986, section 2.3.
const UNRESERVED: Class = Class::alphanumeric_and(b"-._~");

/// The characters of a registered name (RFC 3986, section 3.2.2) without percent-encoding, which DNS does not use.
const HOST: Class = UNRESERVED.and(b"!$&'()*+,;=");

/// The characters of a path and a query (RFC 3986, sections 3.3 and 3.4).
const PATH: Class = HOST.and(b"/?:@%");

/// Writes base64 (RFC 4648, section 4). Not by the crate base64ct, which leaves a way to panic in the linked program.
fn write_base64(mut bytes: Octets<'_>, writer: &mut Writer<'_>) {
    loop {
        let (mut group, mut count) = (0_u32, 0_u32);
        for byte in bytes.by_ref().take(3) {
            group = group << 8 | u32::from(byte);
            count = count.wrapping_add(1);
        }
        if count == 0 {
            break;
        }
        // 24 bits, from the left.
        group = group.wrapping_shl(24_u32.wrapping_sub(count.wrapping_mul(8)));
        for place in 0..4 {
            writer.byte(if place <= count { symbol(group >> 18) } else { b'=' });
            group <<= 6;
        }
    }
}

/// The character of base64 for the lowest six bits. By ranges, as a table takes more flash.
fn symbol(bits: u32) -> u8 {
    let [bits, ..] = (bits & 0x3f).to_le_bytes();
    bits.wrapping_add(match bits {
        0..26 => b'A',
        26..52 => const { b'a' - 26 },
        52..62 => const { b'0'.wrapping_sub(52) },
        62 => const { b'+'.wrapping_sub(62) },
        _ => const { b'/'.wrapping_sub(63) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(endpoint: &Endpoint<'_>) -> String {
        let mut buf = [0; 512];
        let mut writer = Writer::new(&mut buf);
        let place = endpoint.write_head(&mut writer);
        writer.replace(place, place + RESERVED.len(), |writer| writer.u64(7));
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
             Content-Type: application/json\r\nAccept-Encoding: identity\r\nX-Trace: a b\r\nConnection: close\r\n\
             Content-Length: 7\r\n\r\n"
        );
    }

    #[test]
    fn an_endpoint_with_its_own_text_says_the_same() {
        let headers = [("X-Trace", "a: b"), ("X-Empty", "")];
        let plain = Endpoint::new("fe80::1%eth0", 8554).unwrap();
        for endpoint in [
            plain,
            plain.with_headers(&headers).unwrap(),
            Endpoint::from_url("https://f%6fo:b%3ar@localhost/path?q").unwrap(),
            plain
                .with_credentials("f%6fo", "bar")
                .unwrap()
                .with_headers(&headers)
                .unwrap(),
        ] {
            let owned: EndpointBuf<String> = endpoint.to_buf().unwrap();
            for other in [
                owned.as_endpoint(),
                AsEndpoint::as_endpoint(&owned),
                AsEndpoint::as_endpoint(&endpoint),
            ] {
                assert_eq!(head(&other), head(&endpoint));
                assert_eq!(
                    (other.is_tls(), other.host(), other.zone(), other.port(), other.path()),
                    (
                        endpoint.is_tls(),
                        endpoint.host(),
                        endpoint.zone(),
                        endpoint.port(),
                        endpoint.path()
                    )
                );
            }
            assert_eq!(format!("{owned:?}"), format!("{endpoint:?}"));
            assert_eq!(
                head(&owned.clone().as_endpoint().to_buf::<String>().unwrap().as_endpoint()),
                head(&endpoint)
            );
        }
    }

    /// Storage for 30 bytes.
    #[derive(Debug, Default)]
    struct Short(String);

    impl AsRef<str> for Short {
        fn as_ref(&self) -> &str {
            &self.0
        }
    }

    impl fmt::Write for Short {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0.push_str(text);
            if self.0.len() > 30 { Err(fmt::Error) } else { Ok(()) }
        }
    }

    #[test]
    fn text_that_does_not_fit_tells_its_length() {
        let endpoint = Endpoint::from_url("http://foo:bar@localhost:8554").unwrap();
        assert_eq!(endpoint.to_buf::<Short>().unwrap().as_endpoint().host(), "localhost");
        let endpoint = endpoint.with_headers(&[("X-Trace", "abcdef")]).unwrap();
        // Host, path, user and password; and the header with its CRLF.
        let needed = 9 + 1 + 3 + 3 + 2 + 15;
        assert_eq!(endpoint.to_buf::<Short>().unwrap_err(), BufferTooSmall { needed });
    }

    #[test]
    fn a_zone_is_for_the_connection_alone() {
        for endpoint in [
            Endpoint::new("fe80::1%eth0", 8554),
            Endpoint::new("[fe80::1%eth0]", 8554),
            Endpoint::from_url("http://[fe80::1%25eth0]:8554"),
        ] {
            let endpoint = endpoint.unwrap();
            assert_eq!((endpoint.host(), endpoint.zone()), ("fe80::1", Some("eth0")));
            assert!(head(&endpoint).contains("Host: [fe80::1]:8554\r\n"));
        }
        assert_eq!(Endpoint::new("::1", 1).unwrap().zone(), None);
        for host in [
            "fe80::1%",
            "fe80::1%a b",
            "localhost%eth0",
            "127.0.0.1%eth0",
            "%eth0",
            "[localhost]",
        ] {
            assert_eq!(Endpoint::new(host, 1).unwrap_err(), EndpointError::Host, "{host}");
        }
        for url in [
            "http://[fe80::1%eth0]",
            "http://[fe80::1%25]",
            "http://[fe80::1%25a%20]",
        ] {
            assert_eq!(Endpoint::from_url(url).unwrap_err(), EndpointError::Host, "{url}");
        }
    }

    #[test]
    fn the_caller_may_ask_for_the_connection_to_be_closed() {
        let endpoint = Endpoint::new("localhost", 1).unwrap();
        for (headers, closes) in [
            ([("X-Trace", "close"), ("Connection", "keep-alive")], false),
            ([("X-Trace", "a"), ("connection", "x , Close")], true),
        ] {
            let endpoint = endpoint.with_headers(&headers).unwrap();
            assert_eq!(endpoint.asks_to_close(), closes);
            assert_eq!(
                endpoint.to_buf::<String>().unwrap().as_endpoint().asks_to_close(),
                closes
            );
        }
        assert!(!endpoint.asks_to_close());
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
            ("http://localhost/a@b", false, "localhost", 80, "/a@b"),
            ("http://u:p@localhost:1/a@b", false, "localhost", 1, "/a@b"),
        ] {
            let endpoint = Endpoint::from_url(url).unwrap_or_else(|error| panic!("{url}: {error}"));
            assert_eq!(
                (endpoint.is_tls(), endpoint.host(), endpoint.port(), endpoint.path()),
                (tls, host, port, path),
                "{url}"
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
            ("http://u:p/ss@localhost:8554", E::Credentials),
            ("http://u:p#ss@localhost:8554", E::Credentials),
            ("http://u:p?ss@localhost:8554", E::Credentials),
            ("http://u:8#ss@localhost:8554", E::Credentials),
            ("http://u:8?ss@localhost:8554", E::Credentials),
            ("http://u/s:p@localhost/a b", E::Credentials),
            ("http://u:8/ss@localhost:8554", E::Credentials),
            ("http://u:/ss@localhost:8554", E::Credentials),
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
    fn six_bits_are_a_character_of_base64() {
        let alphabet: Vec<u8> = (0..64).map(symbol).collect();
        assert_eq!(
            alphabet,
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        );
        assert_eq!(symbol(0xffff_ffc0), b'A');
    }

    #[test]
    fn an_endpoint_says_whether_it_has_credentials() {
        let endpoint = Endpoint::from_url("http://localhost").unwrap();
        let other = [("X-Authorization", "a")];
        for endpoint in [endpoint, endpoint.with_headers(&other).unwrap()] {
            assert!(!endpoint.has_credentials(), "{endpoint:?}");
            let owned: EndpointBuf<String> = endpoint.to_buf().unwrap();
            assert!(!owned.as_endpoint().has_credentials(), "{owned:?}");
        }
        for endpoint in [
            endpoint.with_credentials("", ""),
            endpoint.with_cookie("foo:bar"),
            endpoint.with_headers(&[("authorization", "Bearer abc")]),
            Endpoint::from_url("http://@localhost"),
        ] {
            let endpoint = endpoint.unwrap();
            assert!(endpoint.has_credentials(), "{endpoint:?}");
            let owned: EndpointBuf<String> = endpoint.to_buf().unwrap();
            assert!(owned.as_endpoint().has_credentials(), "{owned:?}");
        }
    }

    #[test]
    fn a_cookie_is_the_content_of_the_file() {
        let endpoint = Endpoint::new("localhost", 1).unwrap();
        for cookie in ["foo:bar", "foo:bar\n", "foo:bar\r\n"] {
            let endpoint = endpoint.with_cookie(cookie).unwrap();
            assert_eq!(authorization(&endpoint).unwrap(), "Zm9vOmJhcg==");
        }
        for cookie in ["", "\n", "foobar", "foo:bar\nfoo:bar", "foo:\0", ":", "foo:", ":bar"] {
            assert_eq!(
                endpoint.with_cookie(cookie).unwrap_err(),
                EndpointError::Cookie,
                "{cookie:?}"
            );
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
        ] {
            assert_eq!(
                endpoint.with_headers(&[header]).unwrap_err(),
                EndpointError::Header,
                "{header:?}"
            );
        }
    }

    #[test]
    fn no_header_comes_twice() {
        let endpoint = Endpoint::new("localhost", 1).unwrap();
        for (name, own) in [
            ("host", "Host"),
            ("content-type", "Content-Type"),
            ("Content-length", "Content-Length"),
            ("Transfer-Encoding", "Transfer-Encoding"),
            ("accept-encoding", "Accept-Encoding"),
        ] {
            let error = endpoint.with_headers(&[("X", "y"), (name, "")]).unwrap_err();
            assert_eq!(error, EndpointError::ReservedHeader(own));
            assert!(error.to_string().contains(own));
        }
        let token = [("authorization", "Bearer abc")];
        let reserved = EndpointError::ReservedHeader("Authorization");
        let endpoint = endpoint.with_headers(&token).unwrap();
        assert!(head(&endpoint).contains("\r\nauthorization: Bearer abc\r\n"));
        assert_eq!(endpoint.with_credentials("foo", "bar").unwrap_err(), reserved);
        assert_eq!(endpoint.with_cookie("foo:bar").unwrap_err(), reserved);
        let endpoint = Endpoint::from_url("http://foo:bar@localhost").unwrap();
        assert_eq!(endpoint.with_headers(&token).unwrap_err(), reserved);
    }

    #[test]
    fn what_may_be_secret_is_not_shown() {
        let endpoint = Endpoint::from_url("http://foo:secret@localhost").unwrap();
        let endpoint = endpoint.with_headers(&[("X-Key", "secret")]).unwrap();
        assert_eq!(
            format!("{endpoint:?}"),
            r#"Endpoint { tls: false, host: "localhost", zone: None, port: 80, path: "/", user: Some("foo"), .. }"#
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
            (E::Credentials, "user:password"),
            (E::Cookie, ".cookie"),
            (E::Header, "a name of letters"),
            (E::ReservedHeader("Host"), "Host"),
        ] {
            assert!(error.to_string().contains(text), "{error}");
        }
    }
}
