//! Requests: any parameter survives, buffers need the sizes that the errors state, and nothing can be smuggled into a head.

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::json::Writer;
use defichain_net_rpc::{Connection, Method, REPLY_SPACE, Want, request};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A method with parameters of every type, as a user of the crate would write it.
#[derive(Clone, Debug)]
struct Anything {
    name: String,
    text: String,
    unsigned: u64,
    signed: i64,
    small: u16,
    flag: bool,
    absent: Option<u32>,
    list: Vec<String>,
    /// Whether the parameters go by name.
    named: bool,
}

impl Method for Anything {
    type Response<'a> = ();

    fn name(&self) -> &str {
        &self.name
    }

    fn params(&self, writer: &mut Writer<'_>) {
        if self.named {
            writer.object(|params| {
                params.member("text", self.text.as_str());
                params.member("numbers of any size", &self.unsigned);
                params.member("signed", &self.signed);
                params.member("small", &self.small);
                params.member("flag", &self.flag);
                params.member("absent", &self.absent);
            });
        } else {
            writer.array(|params| {
                params.item(self.text.as_str());
                params.item(&self.unsigned);
                params.item(&self.signed);
                params.item(&self.small);
                params.item(&self.flag);
                params.item(&self.absent);
                self.list.iter().for_each(|item| params.item(item.as_str()));
            });
        }
    }
}

impl Anything {
    /// The request as a JSON parser has to see it.
    #[track_caller]
    fn value(&self, id: u64) -> Value {
        let params = if self.named {
            let mut params = json!({
                "text": self.text,
                "numbers of any size": self.unsigned,
                "signed": self.signed,
                "small": self.small,
                "flag": self.flag,
            });
            // By name, what is absent is left out; by place, it must keep its place.
            if let Some(absent) = self.absent {
                params["absent"] = absent.into();
            }
            params
        } else {
            let first = json!([
                self.text,
                self.unsigned,
                self.signed,
                self.small,
                self.flag,
                self.absent
            ]);
            let list = self.list.iter().map(|item| json!(item));
            first.as_array().unwrap().iter().cloned().chain(list).collect()
        };
        json!({"jsonrpc": "1.0", "id": id, "method": self.name, "params": params})
    }
}

fn anything() -> impl Strategy<Value = Anything> {
    let texts = (any::<String>(), any::<String>(), vec(any::<String>(), 0..4));
    let numbers = (any::<u64>(), any::<i64>(), any::<u16>(), any::<Option<u32>>());
    let flags = (any::<bool>(), any::<bool>());
    (texts, numbers, flags).prop_map(
        |((name, text, list), (unsigned, signed, small, absent), (flag, named))| Anything {
            name,
            text,
            unsigned,
            signed,
            small,
            flag,
            absent,
            list,
            named,
        },
    )
}

proptest! {
    #[test]
    fn any_parameter_survives_a_json_parser(method in anything(), id: u64) {
        let mut buf = vec![0; 1 << 16];
        let body = request(&method, id, &mut buf).unwrap();
        prop_assert_eq!(serde_json::from_slice::<Value>(body).unwrap(), method.value(id));
    }

    #[test]
    fn a_request_fits_into_the_size_it_is_said_to_need(method in anything(), id: u64) {
        let needed = request(&method, id, &mut []).unwrap_err().needed;
        prop_assert_eq!(request(&method, id, &mut vec![0; needed - 1]).unwrap_err().needed, needed);
        let mut buf = vec![0; needed];
        let len = request(&method, id, &mut buf).unwrap().len();
        prop_assert_eq!(len, needed);
        prop_assert_eq!(serde_json::from_slice::<Value>(&buf).unwrap(), method.value(id));
    }

    #[test]
    fn a_call_fits_into_the_size_it_is_said_to_need(method in anything(), id: u64, server in server()) {
        let headers = server.headers();
        let endpoint = server.endpoint(&headers);
        let mut connection = Connection::with_first_id(id);
        let needed = connection.call(&endpoint, &method, &mut []).unwrap_err().needed;
        for size in [needed / 2, needed - 1] {
            let error = connection.call(&endpoint, &method, &mut vec![0; size]).unwrap_err();
            prop_assert_eq!(error.needed, needed);
        }
        // The id may be shorter than the longest one.
        let longest = endpoint.request_len(&method);
        prop_assert!((needed..needed + 20).contains(&longest), "{} of {}", needed, longest);
        let mut buf = vec![0; needed];
        prop_assert_eq!(connection.call(&endpoint, &method, &mut buf), Ok(id));
        connection.connected();
        let Want::Write(message) = connection.poll(&mut buf).unwrap() else { panic!() };
        prop_assert_eq!(message.len() + REPLY_SPACE, needed);
    }

    #[test]
    fn a_head_says_what_the_endpoint_was_given(method in anything(), id: u64, server in server()) {
        let headers = server.headers();
        let message = Message::of(&server.endpoint(&headers), &method, id);
        prop_assert_eq!(&message.line, &format!("POST {} HTTP/1.1", server.path));
        let mut expected = vec![("Host".to_owned(), format!("{}:{}", server.host, server.port))];
        if let Some((user, password)) = &server.credentials {
            let basic = format!("Basic {}", base64(format!("{user}:{password}").as_bytes()));
            expected.push(("Authorization".to_owned(), basic));
        }
        expected.push(("Content-Type".to_owned(), "application/json".to_owned()));
        expected.push(("Accept-Encoding".to_owned(), "identity".to_owned()));
        expected.extend(server.headers.clone());
        expected.push(("Content-Length".to_owned(), message.body.len().to_string()));
        prop_assert_eq!(&message.headers, &expected);
        prop_assert_eq!(serde_json::from_slice::<Value>(&message.body).unwrap(), method.value(id));
    }

    #[test]
    fn a_url_with_encoded_credentials_is_the_same_as_the_credentials(server in server()) {
        let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
        let (user, password) = server.credentials.clone().unwrap_or_default();
        let url = format!(
            "http://{}:{}@{}:{}{}",
            encoded(&user), encoded(&password), server.host, server.port, server.path
        );
        let from_url = Endpoint::from_url(&url).unwrap();
        let server = Server { credentials: Some((user, password)), headers: Vec::new(), ..server };
        let endpoint = server.endpoint(&[]);
        let method = defichain_net_rpc::network::GetPeerInfo;
        prop_assert_eq!(Message::of(&from_url, &method, 1), Message::of(&endpoint, &method, 1));
    }

    /// Whatever is refused and whatever is not, the result is one request with its own headers.
    #[test]
    fn nothing_can_be_smuggled_into_a_head(
        host in hostile(), path in hostile(), user in hostile(), password in hostile(), name in hostile(),
        value in hostile(), cookie in hostile(),
    ) {
        let plain = Endpoint::new("localhost", 8554).unwrap();
        let url = format!("http://{user}:{password}@{host}:8554{path}");
        let headers = [(name.as_str(), value.as_str())];
        for (endpoint, added) in [
            (Endpoint::new(&host, 8554), ""),
            (Endpoint::from_url(&url), "Authorization"),
            (plain.with_path(&path), ""),
            (plain.with_credentials(&user, &password), "Authorization"),
            (plain.with_cookie(&cookie), "Authorization"),
            (plain.with_headers(&headers), &name),
        ] {
            let Ok(endpoint) = endpoint else { continue };
            let message = Message::of(&endpoint, &defichain_net_rpc::network::GetPeerInfo, 1);
            prop_assert_eq!(message.line.matches(' ').count(), 2);
            let names: Vec<_> = message.headers.iter().map(|(name, _)| name.as_str()).collect();
            let own: Vec<_> = names.iter().copied().filter(|name| *name != added).collect();
            prop_assert_eq!(&own, &["Host", "Content-Type", "Accept-Encoding", "Content-Length"]);
            prop_assert!(names.len() <= 5, "{:?}", names);
            prop_assert_eq!(message.body, br#"{"jsonrpc":"1.0","id":1,"method":"getpeerinfo","params":[]}"#);
        }
    }
}

#[test]
fn a_buffer_that_is_larger_makes_no_difference() {
    let method = defichain_net_rpc::network::SetNetworkActive { state: true };
    let expected = br#"{"jsonrpc":"1.0","id":48,"method":"setnetworkactive","params":[true]}"#;
    for size in expected.len()..200 {
        let mut buf = vec![b'~'; size];
        assert_eq!(request(&method, 48, &mut buf).unwrap(), expected);
        assert!(buf[expected.len()..].iter().all(|byte| *byte == b'~'));
    }
}

/// Where a request goes to and who sends it; all of it valid.
#[derive(Clone, Debug)]
struct Server {
    host: String,
    port: u16,
    path: String,
    credentials: Option<(String, String)>,
    headers: Vec<(String, String)>,
}

impl Server {
    fn headers(&self) -> Vec<(&str, &str)> {
        let headers = self.headers.iter();
        headers.map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    fn endpoint<'a>(&'a self, headers: &'a [(&'a str, &'a str)]) -> Endpoint<'a> {
        let endpoint = Endpoint::new(&self.host, self.port).unwrap();
        let endpoint = endpoint.with_path(&self.path).unwrap().with_headers(headers).unwrap();
        match &self.credentials {
            Some((user, password)) => endpoint.with_credentials(user, password).unwrap(),
            None => endpoint,
        }
    }
}

fn server() -> impl Strategy<Value = Server> {
    let v6 = any::<[u16; 8]>().prop_map(|groups| format!("[{}]", std::net::Ipv6Addr::from(groups)));
    let host = prop_oneof!["[a-z0-9.-]{1,20}", v6];
    let path = "/[a-zA-Z0-9/%?=&:@!$'()*+,;._~-]{0,20}";
    let credentials = prop::option::of(("[^:\\x00-\\x1f\\x7f]{0,20}", "[^\\x00-\\x1f\\x7f]{0,20}"));
    let headers = vec(
        (
            "X-[a-zA-Z0-9!#$%&'*+.^_`|~-]{0,10}",
            "[\\x21-\\x7e][^\\x00-\\x08\\x0a-\\x1f\\x7f]{0,20}",
        ),
        0..4,
    );
    (host, any::<u16>(), path, credentials, headers).prop_map(|(host, port, path, credentials, headers)| Server {
        host,
        port,
        path,
        credentials,
        headers,
    })
}

/// Text that would mean something in a head.
fn hostile() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => "[a-zA-Z0-9/:@%. -]{0,4}",
        1 => prop::sample::select(vec![
            "\r\n", "\n", "\r", "\0", ": ", "/", "%0d%0a", "\r\nX-Smuggled: y", "Content-Length", "Host", "\t", "\u{85}",
            "\u{2028}", "\u{10a}", "\u{10d}",
        ])
        .prop_map(str::to_owned),
    ];
    vec(part, 0..4).prop_map(|parts| parts.concat())
}

/// A request, taken apart as simply as can be.
#[derive(Debug, PartialEq)]
struct Message {
    line: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Message {
    #[track_caller]
    fn of(endpoint: &Endpoint<'_>, method: &impl Method, id: u64) -> Self {
        let mut buf = vec![0; 1 << 16];
        let mut connection = Connection::with_first_id(id);
        connection.call(endpoint, method, &mut buf).unwrap();
        connection.connected();
        match connection.poll(&mut buf).unwrap() {
            Want::Write(message) => Self::parse(message),
            want => panic!("{want:?}"),
        }
    }

    #[track_caller]
    fn parse(message: &[u8]) -> Self {
        let end = message.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("no end of the head: {}", message.escape_ascii()));
        let head = std::str::from_utf8(&message[..end]).unwrap();
        let mut lines = head.split("\r\n").map(str::to_owned);
        let line = lines.next().unwrap();
        let headers = lines.map(|line| {
            assert!(!line.contains(|c: char| c.is_ascii_control() && c != '\t'), "{line:?}");
            let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("{line:?} in {head:?}"));
            (name.to_owned(), value.to_owned())
        });
        Self {
            headers: headers.collect(),
            line,
            body: message[end + 4..].to_vec(),
        }
    }
}

/// RFC 4648, section 4, bit by bit.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<u8> = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1))
        .collect();
    let symbols = bits.chunks(6).map(|bits| {
        let index = bits
            .iter()
            .chain(&[0; 5])
            .take(6)
            .fold(0, |index, bit| index << 1 | bit);
        char::from(ALPHABET[usize::from(index)])
    });
    let text: String = symbols.collect();
    let padded = text.len().next_multiple_of(4);
    format!("{text:=<padded$}")
}
