//! Every recorded exchange, read and written as it should be.

use std::fmt::Debug;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU16;
use std::time::Duration;

use defichain_net_rpc::network::{
    AddNode, BanTime, ClearBanned, DisconnectNode, GetAddedNodeInfo, GetConnectionCount, GetNetTotals, GetNetworkInfo,
    GetNodeAddresses, GetNodeStatusInfo, GetPeerInfo, GetVersionInfo, ListBanned, Ping, SetBan, SetNetworkActive,
};
use defichain_net_rpc::rpc::{Code, Id};
use defichain_net_rpc::{
    Connection, Error, ErrorKind, Method, Reply, Response, Subnet, UnixTime, Want, request, response,
};
use serde_json::Value;

use crate::recordings::Recording;
use crate::reserialize::Reserialize;
use crate::streams::receive;
use crate::{bodies, exchanges, methods, recordings};

/// What the node answered with an error: the status, the code and the message.
#[rustfmt::skip]
const ERRORS: &[(&str, u16, Code, &str)] = &[
    ("error-already-banned", 500, Code::CLIENT_NODE_ALREADY_ADDED, "Error: IP/Subnet already banned"),
    ("error-getaddednodeinfo-not-added", 500, Code::CLIENT_NODE_NOT_ADDED, "Error: Node has not been added."),
    ("error-getnodeaddresses-range", 500, Code::INVALID_PARAMETER, "Address count out of range"),
    ("error-invalid-subnet", 500, Code::CLIENT_INVALID_IP_OR_SUBNET, "Error: Invalid IP/Subnet"),
    ("error-method-not-found", 404, Code::METHOD_NOT_FOUND, "Method not found"),
    ("error-method-not-string", 400, Code::INVALID_REQUEST, "Method must be a string"),
    ("error-method-unknown-to-this-version", 404, Code::METHOD_NOT_FOUND, "Method not found"),
    ("error-no-method", 400, Code::INVALID_REQUEST, "Missing method"),
    ("error-node-already-added", 500, Code::CLIENT_NODE_ALREADY_ADDED, "Error: Node already added"),
    ("error-node-not-added", 500, Code::CLIENT_NODE_NOT_ADDED, "Error: Node has not been added."),
    ("error-node-not-connected", 500, Code::CLIENT_NODE_NOT_CONNECTED, "Node not found in connected nodes"),
    ("error-only-one-of", 500, Code::INVALID_PARAMS, "Only one of address and nodeid should be provided."),
    ("error-params-not-array", 400, Code::INVALID_REQUEST, "Params must be an array or object"),
    ("error-parse", 500, Code::PARSE_ERROR, "Parse error"),
    ("error-top-level", 500, Code::PARSE_ERROR, "Top-level object parse error"),
    ("error-unban-failed", 500, Code::CLIENT_INVALID_IP_OR_SUBNET,
        "Error: Unban failed. Requested address/subnet was not previously banned."),
    ("error-unknown-named", 500, Code::INVALID_PARAMETER, "Unknown named parameter stat"),
    ("error-warmup", 500, Code::IN_WARMUP, "Loading banlist..."),
    ("error-wrong-type", 500, Code::MISC_ERROR, "JSON value is not a boolean as expected"),
    ("error-wrong-type-number", 500, Code::MISC_ERROR, "JSON value is not a boolean as expected"),
];

/// What it means, its status and reason, whether the connection is reusable, how the error is shown, and the line that a
/// person may read.
type HttpError = (
    &'static str,
    ErrorKind,
    (u16, &'static str),
    bool,
    &'static str,
    Option<&'static str>,
);

/// What the HTTP server answered by itself.
#[rustfmt::skip]
const HTTP_ERRORS: &[HttpError] = &[
    ("http-400-big-headers", ErrorKind::Status(400), (400, "Bad Request"), false, "http 400", None),
    ("http-401-bad-password", ErrorKind::Status(401), (401, "Unauthorized"), true,
        "http 401: wrong or missing user and password, or an old cookie file", None),
    ("http-401-no-auth", ErrorKind::Status(401), (401, "Unauthorized"), true,
        "http 401: wrong or missing user and password, or an old cookie file", None),
    ("http-404-path", ErrorKind::Status(404), (404, "Not Found"), true, "http 404: the path is wrong", None),
    ("http-405-delete", ErrorKind::Status(405), (405, "Method Not Allowed"), true, "http 405", None),
    ("http-405-get", ErrorKind::Status(405), (405, "Method Not Allowed"), true, "http 405",
        Some("JSONRPC server handles only POST requests")),
    ("http-405-put", ErrorKind::Status(405), (405, "Method Not Allowed"), true, "http 405",
        Some("JSONRPC server handles only POST requests")),
    ("http-501-patch", ErrorKind::Status(501), (501, "Not Implemented"), false, "http 501", None),
    ("http-work-queue-exceeded", ErrorKind::WorkQueueFull, (500, "Internal Server Error"), true,
        "http 500: the node's work queue is full, try again later", Some("Work queue depth exceeded")),
];

/// Recordings about the connection, and whether it can be used again.
const CONNECTIONS: &[(&str, bool)] = &[("http-1.0", false), ("http-1.0-keepalive", true), ("http-close", false)];

/// What came back for ids of every type.
const IDS: &[(&str, Id)] = &[
    ("id-jsonrpc2", Id::Number(9)),
    ("id-large", Id::Number(u64::MAX)),
    ("id-missing", Id::Null),
    ("id-null", Id::Null),
    ("id-object", Id::Other),
    ("id-string", Id::Other),
];

/// What was asked in another way than this crate asks: with parameters by name, or without one that it always gives.
const ASKED_OTHERWISE: [&str; 3] = ["disconnectnode-named", "idle-getnodeaddresses", "named-params"];

/// Several requests at once, which have tests of their own.
const BATCHES: [&str; 3] = ["batch", "batch-empty", "batch-with-garbage"];

/// The method that a recording with a result is of, as it was asked.
fn method_of(name: &str) -> Option<Box<dyn AnyMethod>> {
    let count = |count| GetNodeAddresses {
        count: NonZeroU16::new(count).unwrap(),
    };
    let subnet = |text| Subnet::parse(text).unwrap();
    let ban_until = BanTime::Until(UnixTime::from_secs(1_900_000_000));
    Some(match name {
        "addnode-add" => Box::new(AddNode::Add("127.0.0.1:20000".into())),
        "addnode-remove" => Box::new(AddNode::Remove("localhost:20000".into())),
        "crowd-getnodeaddresses" => Box::new(count(2500)),
        "crowd-getnodeaddresses-3" => Box::new(count(3)),
        "disconnectnode-address" => {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 44514));
            Box::new(DisconnectNode::Address(address.into()))
        }
        "disconnectnode-id" => Box::new(DisconnectNode::Id(9)),
        "disconnectnode-named" => Box::new(DisconnectNode::Id(13)),
        "getaddednodeinfo-one" => Box::new(GetAddedNodeInfo {
            node: Some("127.0.0.1:20000".into()),
        }),
        "idle-getnodeaddresses" => Box::new(count(1)),
        "listbanned-cleared" => Box::new(ListBanned),
        "named-params" | "setnetworkactive-true" => Box::new(SetNetworkActive { state: true }),
        "setban-add" => Box::new(SetBan::Add(
            subnet("198.51.100.0/24"),
            BanTime::For(Duration::from_secs(86_400)),
        )),
        "setban-add-absolute" => Box::new(SetBan::Add(subnet("2001:db8::/32"), ban_until)),
        "setban-remove" => Box::new(SetBan::Remove(subnet("203.0.113.77"))),
        "setnetworkactive-false" => Box::new(SetNetworkActive { state: false }),
        _ => match name.rsplit('-').next()? {
            "clearbanned" => Box::new(ClearBanned),
            "getaddednodeinfo" => Box::new(GetAddedNodeInfo::default()),
            "getconnectioncount" => Box::new(GetConnectionCount),
            "getnettotals" => Box::new(GetNetTotals),
            "getnetworkinfo" => Box::new(GetNetworkInfo),
            "getnodestatusinfo" => Box::new(GetNodeStatusInfo),
            "getpeerinfo" => Box::new(GetPeerInfo),
            "getversioninfo" => Box::new(GetVersionInfo),
            "listbanned" => Box::new(ListBanned),
            "ping" => Box::new(Ping),
            _ => return None,
        },
    })
}

/// What the tests do with a method, whatever its types are.
trait AnyMethod {
    /// The request.
    fn ask(&self, id: u64) -> Vec<u8>;

    /// The result of a reply, written again.
    fn written_back(&self, reply: Reply<'_>) -> String;

    /// Reads the reply in a body.
    fn read(&self, id: u64, body: &[u8]) -> Result<(), Error>;
}

impl<M: Method> AnyMethod for M
where
    for<'a> M::Response<'a>: Reserialize + Debug,
{
    fn ask(&self, id: u64) -> Vec<u8> {
        request(self, id, &mut [0; 128]).unwrap().to_vec()
    }

    fn written_back(&self, reply: Reply<'_>) -> String {
        reply.response::<Response<'_, M>>().unwrap().reserialize()
    }

    fn read(&self, id: u64, body: &[u8]) -> Result<(), Error> {
        response::<Response<'_, M>>(id, body).map(drop)
    }
}

/// The recordings of methods with their results.
fn of_methods() -> impl Iterator<Item = (Recording, Box<dyn AnyMethod>)> {
    let with_method = |recording: Recording| method_of(&recording.name).map(|method| (recording, method));
    recordings::all().into_iter().filter_map(with_method)
}

#[test]
fn every_recording_is_in_one_table() {
    let recordings = recordings::all();
    for Recording { name, .. } in &recordings {
        let tables = [
            method_of(name).is_some(),
            ERRORS.iter().any(|(this, ..)| this == name),
            HTTP_ERRORS.iter().any(|(this, ..)| this == name),
            CONNECTIONS.iter().any(|(this, _)| this == name),
            IDS.iter().any(|(this, _)| this == name),
            BATCHES.contains(&name.as_str()),
        ];
        let count = tables.iter().filter(|listed| **listed).count();
        assert_eq!(
            count, 1,
            "{name} must be in one table: method_of, ERRORS, HTTP_ERRORS, CONNECTIONS, IDS or BATCHES"
        );
    }
    let listed = ERRORS.len() + HTTP_ERRORS.len() + CONNECTIONS.len() + IDS.len() + BATCHES.len();
    assert_eq!(recordings.len(), listed + of_methods().count());
    for name in ASKED_OTHERWISE {
        assert!(method_of(name).is_some(), "{name}");
    }
}

#[test]
fn every_method_is_recorded() {
    let asked: Vec<_> = of_methods().map(|(recording, _)| recording.asked()).collect();
    methods::assert_all_listed(
        asked.iter().filter_map(|asked| asked["method"].as_str()),
        |(name, _)| name,
    );
}

#[test]
fn a_request_is_what_was_recorded() {
    for (recording, method) in of_methods() {
        let written = method.ask(recording.id());
        let value: Value = serde_json::from_slice(&written).unwrap();
        let recorded = recording.asked();
        assert_eq!(value["method"], recorded["method"], "{}", recording.name);
        if ASKED_OTHERWISE.contains(&recording.name.as_str()) {
            assert_ne!(value["params"], recorded["params"], "{}", recording.name);
        } else {
            assert_eq!(value["params"], recorded["params"], "{}", recording.name);
            assert_eq!(written, exchanges::body(&recording.request), "{}", recording.name);
        }
    }
}

#[test]
fn a_result_has_every_member_that_was_recorded() {
    for (recording, method) in of_methods() {
        let ours = receive(recording.id(), &recording.reply, |reply| {
            let reply = reply.unwrap();
            assert_eq!(reply.status(), 200);
            method.written_back(reply)
        });
        assert!(leaves_open(&recording.reply), "{}", recording.name);
        let ours = serde_json::from_str(&ours).unwrap();
        let recorded: Value = serde_json::from_slice(recording.body()).unwrap();
        assert_same(&recording.name, &ours, &recorded["result"]);
    }
}

#[test]
fn a_body_that_is_cut_off_is_incomplete() {
    for (recording, method) in of_methods() {
        let invalid = bodies::invalid(recording.body(), |body| method.read(recording.id(), body));
        assert_eq!(invalid, None, "{}", recording.name);
    }
    for (name, ..) in ERRORS {
        let recording = recordings::named(name);
        let invalid = bodies::invalid(recording.body(), |body| {
            response::<Response<'_, GetPeerInfo>>(recording.id(), body).map(drop)
        });
        assert_eq!(invalid, None, "{name}");
    }
}

#[test]
fn the_error_of_the_node_has_its_code_and_message() {
    for (name, status, code, message) in ERRORS {
        let recording = recordings::named(name);
        receive(recording.id(), &recording.reply, |reply| {
            let reply = reply.unwrap();
            assert_eq!(reply.status(), *status, "{name}");
            let error = reply.response::<u64>().unwrap_err();
            assert_eq!(
                (error.kind, error.code()),
                (ErrorKind::Node(*code), Some(*code)),
                "{name}"
            );
            assert_eq!(error.status(), Some(*status), "{name}");
            let node_error = reply.node_error().unwrap();
            assert_eq!(node_error.code, *code, "{name}");
            assert_eq!(node_error.message, *message, "{name}");
            assert_eq!(node_error.to_string(), format!("node error {code}: {message}"));
            assert_eq!(error.to_string(), format!("node error {code}"));
            assert_eq!(error.is_transient(), *name == "error-warmup");
            assert!(code.name().is_some());
        });
        assert!(leaves_open(&recording.reply), "{name}");
    }
}

#[test]
fn an_error_without_an_id_is_the_error_of_the_node_for_any_id() {
    for name in ["error-parse", "error-top-level"] {
        for id in [0, 1, u64::MAX] {
            receive(id, &recordings::named(name).reply, |reply| {
                let reply = reply.unwrap();
                let error = reply.response::<u64>().unwrap_err();
                assert_eq!(error.kind, ErrorKind::Node(Code::PARSE_ERROR), "{name}");
                assert_eq!(reply.node_error().unwrap().code, Code::PARSE_ERROR, "{name}");
            });
        }
    }
}

/// With a wrong number of parameters the node sends the whole usage text.
#[test]
fn a_long_usage_text_is_the_message_of_an_error() {
    let argument = "(string, optional, default=\"a\\b\")\tHow it is stirred.";
    let arguments: Vec<_> = (1..=50)
        .map(|index| format!("{index}. \"spoon{index}\"    {argument}\n"))
        .collect();
    let usage = format!(
        "makecoffee \"size\" ( sugar )\n\nBrews one cup.\n\nArguments:\n{}\nExamples:\n> defi-cli makecoffee 2\n",
        arguments.concat()
    );
    assert!((3400..3700).contains(&usage.len()));
    let body = serde_json::json!({"result": null, "error": {"code": -1, "message": usage}, "id": 7}).to_string();
    let head = format!(
        "HTTP/1.1 500 Internal Server Error\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    receive(7, (head + &body).as_bytes(), |reply| {
        let reply = reply.unwrap();
        let error = reply.response::<u64>().unwrap_err();
        assert_eq!(error.kind, ErrorKind::Node(Code::MISC_ERROR));
        assert!(!error.is_transient());
        let error = reply.node_error().unwrap();
        assert_eq!(error.code, Code::MISC_ERROR);
        assert_eq!(error.message, usage.as_str());
        assert_eq!(error.message.decode(&mut vec![0; usage.len()]), Ok(usage.as_str()));
        assert_eq!(error.to_string(), format!("node error -1: {usage}"));
    });
}

#[test]
fn an_answer_of_the_http_server_is_an_http_error() {
    for (name, kind, (status, reason), reusable, display, line) in HTTP_ERRORS {
        let recording = recordings::named(name);
        receive(1, &recording.reply, |reply| {
            let reply = reply.unwrap();
            let error = reply.response::<u64>().unwrap_err();
            assert_eq!(error.to_string(), *display, "{name}");
            assert_eq!(error.is_transient(), *name == "http-work-queue-exceeded", "{name}");
            assert_eq!((error.kind, error.status()), (*kind, Some(*status)), "{name}");
            assert_eq!((reply.status(), reply.reason()), (*status, *reason), "{name}");
            assert_eq!((reply.body(), reply.line()), (recording.body(), *line), "{name}");
            assert_eq!(reply.node_error(), None, "{name}");
        });
        assert_eq!(leaves_open(&recording.reply), *reusable, "{name}");
    }
}

#[test]
fn a_connection_is_reusable_unless_the_reply_says_otherwise() {
    for (name, reusable) in CONNECTIONS {
        let reply = recordings::named(name).reply;
        receive(1, &reply, |reply| {
            assert_eq!(reply.unwrap().response(), Ok(0_u64), "{name}");
        });
        assert_eq!(leaves_open(&reply), *reusable, "{name}");
    }
}

#[test]
fn a_result_belongs_to_the_request_with_its_id() {
    for (name, id) in IDS {
        let reply = recordings::named(name).reply;
        let asked = match id {
            Id::Number(id) => *id,
            _ => 1,
        };
        let offset = br#"{"result":0,"error":null,"id":"#.len();
        let wrong = Err((ErrorKind::WrongId, offset));
        let number = |reply: Reply<'_>| reply.response::<u64>().map_err(|error| (error.kind, error.offset));
        receive(asked, &reply, |reply| {
            let reply = reply.unwrap();
            assert_eq!(reply.envelope().unwrap().id, *id, "{name}");
            let right = matches!(id, Id::Number(_));
            let expected = if right { Ok(0) } else { wrong };
            assert_eq!(number(reply), expected, "{name}");
        });
        receive(asked ^ 1, &reply, |reply| {
            assert_eq!(number(reply.unwrap()), wrong, "{name}");
        });
    }
}

/// Whether a reply leaves its connection open for the next call. That every cut comes to the same, `receive` shows.
#[track_caller]
fn leaves_open(reply: &[u8]) -> bool {
    let mut buf = vec![0; reply.len() + 1];
    let mut connection = Connection::awaiting_reply(1);
    let Ok(Want::Read(space)) = connection.poll(&mut buf) else {
        panic!("{connection:?}")
    };
    space[..reply.len()].copy_from_slice(reply);
    connection.received(reply.len());
    if matches!(connection.poll(&mut buf), Ok(Want::Read(_))) {
        connection.received(0);
    }
    assert!(
        matches!(connection.poll(&mut buf), Ok(Want::Ready(_))),
        "{}",
        reply.escape_ascii()
    );
    connection.is_open()
}

/// Compares a value that was read and written again with the recorded one.
#[track_caller]
fn assert_same(path: &str, ours: &Value, recorded: &Value) {
    match (ours, recorded) {
        (Value::Object(ours), Value::Object(recorded)) => {
            assert!(ours.keys().eq(recorded.keys()), "{path}: {ours:?} and {recorded:?}");
            for (name, ours) in ours {
                assert_same(&format!("{path}/{name}"), ours, &recorded[name]);
            }
        }
        (Value::Array(ours), Value::Array(recorded)) => {
            assert_eq!(ours.len(), recorded.len(), "{path}");
            for (index, (ours, recorded)) in ours.iter().zip(recorded).enumerate() {
                assert_same(&format!("{path}/{index}"), ours, recorded);
            }
        }
        (Value::Number(ours), Value::Number(recorded)) if is_ping_time(path) => {
            // The node prints doubles, whose decimals are not always those that it counted.
            let microseconds = format!("{:.6}", recorded.as_f64().unwrap());
            let shortest = microseconds.trim_end_matches('0').trim_end_matches('.');
            assert_eq!(ours.as_str(), shortest, "{path}");
        }
        _ => assert_eq!(ours, recorded, "{path}"),
    }
}

fn is_ping_time(path: &str) -> bool {
    ["/pingtime", "/minping", "/pingwait"]
        .iter()
        .any(|name| path.ends_with(name))
}
