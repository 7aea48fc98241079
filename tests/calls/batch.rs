//! Batches: what is recorded of them, and replies that are out of order, missing, twice there, or not of the batch.

use std::fmt::Debug;
use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::sync::Arc;
use std::time::Duration;

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::json::{Raw, Type};
use defichain_net_rpc::network::{
    AddNode, BanTime, ClearBanned, DisconnectNode, GetAddedNodeInfo, GetConnectionCount, GetNetTotals, GetNetworkInfo,
    GetNodeAddresses, GetNodeStatusInfo, GetPeerInfo, GetVersionInfo, ListBanned, NetTotals, NetworkInfo, Ping, SetBan,
    SetNetworkActive,
};
use defichain_net_rpc::rpc::{BatchFault, BatchRequest, BatchResponse, Code, Envelope, Id, batch_request};
use defichain_net_rpc::{
    Connection, Error, ErrorKind, Method, REPLY_SPACE, Response, Subnet, UnixTime, Want, json, request,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::reserialize::Reserialize;
use crate::streams::receive;
use crate::{bodies, exchanges, methods, recordings, strategies};

/// A method of no node.
struct NoSuch;

impl Method for NoSuch {
    type Response<'a> = ();

    fn name(&self) -> &'static str {
        "nosuch"
    }
}

#[test]
fn a_batch_asks_what_was_recorded() {
    let mut buf = [0; 512];
    let asked = batch_request(1, &mut buf, |batch| {
        [
            batch.push(&GetConnectionCount),
            batch.push(&GetNetTotals),
            batch.push(&NoSuch),
            batch.push(&GetNetworkInfo),
        ]
    });
    let (ids, ours) = asked.unwrap();
    assert_eq!(ids, [1, 2, 3, 4]);
    let ours: Vec<Value> = serde_json::from_slice(ours).unwrap();
    let recorded = recordings::named("batch").asked();
    assert_eq!(ours.len(), recorded.as_array().unwrap().len());
    for (ours, recorded) in ours.iter().zip(recorded.as_array().unwrap()) {
        assert_eq!((&ours["id"], &ours["method"]), (&recorded["id"], &recorded["method"]));
        // Where no parameters were recorded, there are none to be compared.
        assert_eq!(&ours["params"], recorded.get("params").unwrap_or(&json!([])));
    }

    let empty = recordings::named("batch-empty");
    let ours = batch_request(1, &mut buf, |_| ());
    assert_eq!(ours, Ok(((), exchanges::body(&empty.request))));
}

#[test]
fn an_error_in_place_of_a_batch_belongs_to_no_request() {
    for (id, code) in [
        ("null", Some(Code::INVALID_ADDRESS_OR_KEY)),
        ("1", None),
        ("77", None),
        ("\"1\"", None),
    ] {
        let body = format!(r#"{{"result":null,"error":{{"code":-5,"message":"x"}},"id":{id}}}"#);
        let mut slots = [const { None }; 2];
        let error = BatchResponse::read(1, body.as_bytes(), &mut slots)
            .map(|_| ())
            .unwrap_err();
        assert_eq!(error.code(), code, "{body}");
        assert!(code.is_some() || error.kind == ErrorKind::WrongId, "{error:?}");
    }
    // What a batch before has left in the slots is gone.
    let body = br#"[{"result":8,"error":null,"id":1}]"#;
    let mut slots = [const { None }; 1];
    assert!(BatchResponse::read(1, body, &mut slots).is_ok());
    assert!(BatchResponse::read(1, b"[", &mut slots).is_err());
    assert!(slots[0].is_none());
}

#[test]
fn each_response_of_a_recorded_batch_is_read_by_its_id() {
    let recorded = recordings::named("batch");
    let replies: Value = serde_json::from_slice(recorded.body()).unwrap();
    receive(recorded.id(), &recorded.reply, |reply| {
        let reply = reply.unwrap();
        assert_eq!(reply.status(), 200);
        let mut slots = [const { None }; 4];
        let batch = reply.batch(&mut slots).unwrap();
        assert_eq!(batch.response::<u64>(1), Ok(0));
        let totals: NetTotals = batch.response(2).unwrap();
        assert_eq!(totals.time_millis, 1_795_354_416_153);
        assert_eq!(totals.reserialize().parse::<Value>().unwrap(), replies[1]["result"]);
        let error = batch.response::<Response<'_, NoSuch>>(3).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Node(Code::METHOD_NOT_FOUND));
        let node_error = batch.node_error(3).unwrap();
        assert_eq!(node_error.code, Code::METHOD_NOT_FOUND);
        assert_eq!(node_error.message, "Method not found");
        let info: NetworkInfo<&str> = batch.response(4).unwrap();
        assert_eq!(info.subversion, "/DeFiChain:3.2.8/");
        assert_eq!(info.reserialize().parse::<Value>().unwrap(), replies[3]["result"]);
        assert!(batch.faults().next().is_none());
    });
    assert_open(&recorded.reply);
}

/// The reply leaves its connection open.
#[track_caller]
fn assert_open(reply: &[u8]) {
    let mut buf = vec![0; reply.len()];
    let mut connection = Connection::awaiting_reply(1);
    let Ok(Want::Read(space)) = connection.poll(&mut buf) else {
        panic!("{connection:?}")
    };
    space.copy_from_slice(reply);
    connection.received(reply.len());
    assert!(
        matches!(connection.poll(&mut buf), Ok(Want::Ready(_))),
        "{}",
        reply.escape_ascii()
    );
    assert!(connection.is_open(), "not open after {}", reply.escape_ascii());
}

/// For an element that is not a request, the node answers with an error that belongs to no request.
#[test]
fn an_error_without_an_id_belongs_to_no_request() {
    let recorded = recordings::named("batch-with-garbage");
    receive(recorded.id(), &recorded.reply, |reply| {
        let mut slots = [const { None }; 2];
        let batch = reply.unwrap().batch(&mut slots).unwrap();
        assert_missing(&batch, 1);
        assert_eq!(batch.response(2), Ok(()));
        let faults: Vec<_> = batch.faults().collect();
        let [BatchFault::Surplus(error)] = faults.as_slice() else {
            panic!("{faults:?}");
        };
        assert_eq!(error.id, Id::Null);
        let kind = error.clone().result::<()>().unwrap_err().kind;
        assert_eq!(kind, ErrorKind::Node(Code::INVALID_REQUEST));
        let node_error = error.node_error().unwrap();
        assert_eq!(node_error.code, Code::INVALID_REQUEST);
        assert_eq!(node_error.message, "Invalid Request object");
    });
}

#[test]
fn an_empty_batch_has_an_empty_reply() {
    let recorded = recordings::named("batch-empty");
    receive(recorded.id(), &recorded.reply, |reply| {
        let batch = reply.unwrap().batch(&mut []).unwrap();
        assert_missing(&batch, 1);
        assert!(batch.faults().next().is_none());
    });
}

#[test]
fn a_batch_that_is_cut_off_is_incomplete() {
    for name in ["batch", "batch-empty", "batch-with-garbage"] {
        let recorded = recordings::named(name);
        let invalid = bodies::invalid(recorded.body(), |body| {
            BatchResponse::read(1, body, &mut [const { None }; 4]).map(drop)
        });
        assert_eq!(invalid, None, "{name}");
    }
}

#[test]
fn a_batch_that_the_node_cannot_read_is_one_error() {
    for name in ["error-parse", "error-top-level"] {
        let recorded = recordings::named(name);
        receive(recorded.id(), &recorded.reply, |reply| {
            let mut slots = [const { None }; 2];
            let reply = reply.unwrap();
            let error = reply.batch(&mut slots).unwrap_err();
            assert_eq!(error.kind, ErrorKind::Node(Code::PARSE_ERROR), "{name}");
            assert_eq!(reply.node_error().unwrap().code, Code::PARSE_ERROR, "{name}");
        });
    }
}

#[test]
fn a_batch_that_is_not_admitted_is_an_http_error() {
    for (name, expected) in [
        ("http-401-no-auth", ErrorKind::Status(401)),
        ("http-404-path", ErrorKind::Status(404)),
        ("http-work-queue-exceeded", ErrorKind::WorkQueueFull),
    ] {
        let recorded = recordings::named(name);
        receive(recorded.id(), &recorded.reply, |reply| {
            let mut slots = [const { None }; 2];
            assert_eq!(reply.unwrap().batch(&mut slots).unwrap_err().kind, expected, "{name}");
        });
    }
}

#[test]
fn a_result_that_is_wrong_is_told_by_its_place_in_the_whole_body() {
    let recorded = recordings::named("batch");
    let body = std::str::from_utf8(recorded.body()).unwrap();
    let part = r#""target":0,"#;
    assert_eq!(body.matches(part).count(), 1);
    let body = body.replace(part, r#""target":"0","#);
    let mut slots = [const { None }; 4];
    let batch = BatchResponse::read(1, body.as_bytes(), &mut slots).unwrap();
    let error = batch.response::<NetTotals>(2).unwrap_err();
    assert_eq!(error.kind, json::ErrorKind::Expected(Type::Integer).into());
    assert_eq!(error.member, Some("target"));
    assert!(body[error.offset..].starts_with(r#""0","#), "{error}: {body}");
    assert_eq!(batch.response::<u64>(1), Ok(0));
    assert!(batch.response::<NetworkInfo<&str>>(4).is_ok());
    assert!(batch.faults().next().is_none());
}

#[test]
fn slots_that_were_in_use_forget_what_was_there() {
    let (batch, garbage) = (recordings::named("batch"), recordings::named("batch-with-garbage"));
    let mut slots = [const { None }; 4];
    assert!(BatchResponse::read(1, batch.body(), &mut slots).is_ok());
    let batch = BatchResponse::read(1, garbage.body(), &mut slots).unwrap();
    for id in [1, 3, 4] {
        assert_missing(&batch, id);
    }
}

/// There is no reply to the request with this id.
#[track_caller]
fn assert_missing(batch: &BatchResponse<'_, '_>, id: u64) {
    let result = batch.response::<Response<'_, Ping>>(id).map_err(|error| error.kind);
    assert_eq!(result, Err(ErrorKind::MissingReply), "{id} in {batch:?}");
}

proptest! {
    #[test]
    fn a_batch_is_the_requests_in_a_row(items in vec(any_item(), 0..8), first_id in any_first_id()) {
        let mut ids = (0..).map(|index| first_id.wrapping_add(index));
        let requests: Vec<_> = items.iter().zip(&mut ids).map(|(item, id)| item.method.ask(id)).collect();
        let expected = format!("[{}]", requests.join(","));
        let mut buf = vec![0; 1 << 12];
        let asked = batch_request(first_id, &mut buf, |batch| {
            items.iter().map(|item| item.method.push(batch)).collect::<Vec<_>>()
        });
        let (ids, ours) = asked.unwrap();
        prop_assert!(ids.into_iter().eq((0..).map(|index| first_id.wrapping_add(index)).take(items.len())));
        prop_assert_eq!(std::str::from_utf8(ours).unwrap(), &expected);

        let endpoint = Endpoint::from_url("http://foo:bar@localhost:8554").unwrap();
        let fill = |batch: &mut BatchRequest<'_>| items.iter().for_each(|item| { item.method.push(batch); });
        let mut connection = Connection::with_first_id(first_id);
        let needed = connection.batch(&endpoint, &mut [], fill).unwrap_err().needed;
        let too_small = connection.batch(&endpoint, &mut vec![0; needed - 1], fill).unwrap_err();
        prop_assert_eq!(too_small.needed, needed);
        let mut buf = vec![0; needed];
        connection.batch(&endpoint, &mut buf, fill).unwrap();
        prop_assert_eq!(connection.id(), first_id);
        connection.connected();
        let Ok(Want::Write(message)) = connection.poll(&mut buf) else { panic!("{connection:?}") };
        let needed = needed - REPLY_SPACE;
        prop_assert_eq!(message.len(), needed);
        prop_assert_eq!(exchanges::body(message), expected.as_bytes());
        let head = std::str::from_utf8(&message[..needed - expected.len()]).unwrap();
        let length = format!("\r\nContent-Length: {}\r\n", expected.len());
        prop_assert_eq!(head.matches("Content-Length").count(), 1);
        prop_assert!(head.contains(&length), "{}", head);
    }

    /// In whatever order, missing, twice there, or not of this batch: each response is its own.
    #[test]
    fn any_replies_are_matched_with_their_requests((items, replies) in any_replies(), first_id in any_first_id()) {
        let texts: Vec<_> = replies.iter().map(|reply| reply.text(first_id, items.len())).collect();
        let body = format!("[{}]", texts.join(","));
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        let mut buf = vec![0; 1 << 16];
        let endpoint = Endpoint::new("localhost", 8554).unwrap();
        let fill = |batch: &mut BatchRequest<'_>| items.iter().for_each(|item| { item.method.push(batch); });
        let mut connection = Connection::with_first_id(first_id);
        connection.batch(&endpoint, &mut buf, fill).unwrap();
        connection.connected();
        connection.written(usize::MAX);
        for piece in [head.as_bytes(), body.as_bytes()] {
            let Ok(Want::Read(space)) = connection.poll(&mut buf) else { panic!("{connection:?}") };
            space[..piece.len()].copy_from_slice(piece);
            connection.received(piece.len());
        }
        let Ok(Want::Ready(reply)) = connection.poll(&mut buf) else { panic!("{connection:?}") };
        let mut slots = vec![None; items.len()];
        let batch = reply.batch(&mut slots).unwrap();

        let mut answered = vec![None; items.len()];
        let mut expected = Vec::new();
        let mut begin = 1;
        for (reply, text) in replies.iter().zip(&texts) {
            let range = begin..begin + text.len();
            begin = range.end + 1;
            match &reply.to {
                To::Request(index) if answered[*index].is_none() => answered[*index] = Some(&reply.outcome),
                To::Request(index) => {
                    let id = Id::Number(first_id.wrapping_add(*index as u64));
                    expected.push(Fault::Duplicate(id, reply.outcome.clone()));
                }
                To::Nobody(offset) => {
                    let id = Id::Number(first_id.wrapping_add((items.len() + offset) as u64));
                    expected.push(Fault::Surplus(id, reply.outcome.clone()));
                }
                To::Null => expected.push(Fault::Surplus(Id::Null, reply.outcome.clone())),
                To::Other(_) => expected.push(Fault::Surplus(Id::Other, reply.outcome.clone())),
                To::NoReply(_) => expected.push(Fault::Invalid(range)),
            }
        }
        for (index, (item, outcome)) in items.iter().zip(answered).enumerate() {
            let id = first_id.wrapping_add(index as u64);
            match (item.method.read(&batch, id), outcome) {
                (Ok(ours), Some(Outcome::Result(text))) => {
                    prop_assert_eq!(ours.parse::<Value>().unwrap(), text.parse::<Value>().unwrap());
                }
                (Err(error), Some(Outcome::Error(code, message))) => {
                    prop_assert_eq!(error.kind, ErrorKind::Node(Code(*code)));
                    let node_error = batch.node_error(id).unwrap();
                    prop_assert_eq!(node_error.code, Code(*code));
                    prop_assert_eq!(&node_error.message, message.as_str());
                }
                (Err(error), None) => prop_assert_eq!(error.kind, ErrorKind::MissingReply),
                (ours, outcome) => prop_assert!(false, "{:?}: {:?} and {:?}", id, ours, outcome),
            }
        }
        for id in [first_id.wrapping_sub(1), first_id.wrapping_add(items.len() as u64)] {
            assert_missing(&batch, id);
        }
        let faults: Vec<_> = batch.faults().collect();
        prop_assert_eq!(faults.len(), expected.len(), "{:?}", faults);
        for (fault, expected) in faults.into_iter().zip(expected) {
            match (fault, expected) {
                (BatchFault::Duplicate(reply), Fault::Duplicate(id, outcome))
                | (BatchFault::Surplus(reply), Fault::Surplus(id, outcome)) => {
                    prop_assert_eq!(reply.id, id);
                    prop_assert_eq!(Outcome::of(&reply), outcome);
                }
                (BatchFault::Invalid(error), Fault::Invalid(range)) => prop_assert!(range.contains(&error.offset)),
                (fault, expected) => prop_assert!(false, "{:?} and {:?}", fault, expected),
            }
        }
    }
}

/// What is to be said of a reply that does not belong.
#[derive(Debug)]
enum Fault {
    Duplicate(Id, Outcome),
    Surplus(Id, Outcome),
    Invalid(std::ops::Range<usize>),
}

/// What the tests do with a method, whatever its types are.
trait AnyMethod: Debug {
    /// The request alone.
    fn ask(&self, id: u64) -> String;

    fn push(&self, batch: &mut BatchRequest<'_>) -> u64;

    /// The result in the reply to a batch, written again.
    fn read(&self, batch: &BatchResponse<'_, '_>, id: u64) -> Result<String, Error>;
}

impl<M: Method + Debug> AnyMethod for M
where
    for<'a> M::Response<'a>: Reserialize,
{
    fn ask(&self, id: u64) -> String {
        let mut buf = [0; 256];
        std::str::from_utf8(request(self, id, &mut buf).unwrap())
            .unwrap()
            .to_owned()
    }

    fn push(&self, batch: &mut BatchRequest<'_>) -> u64 {
        batch.push(self)
    }

    fn read(&self, batch: &BatchResponse<'_, '_>, id: u64) -> Result<String, Error> {
        batch.response::<Response<'_, M>>(id).map(Reserialize::reserialize)
    }
}

/// A request, and a result of its type.
#[derive(Clone, Debug)]
struct Item {
    method: Arc<dyn AnyMethod>,
    result: String,
}

/// What a reply says.
#[derive(Clone, Debug, PartialEq)]
enum Outcome {
    Result(String),
    Error(i32, String),
}

impl Outcome {
    #[track_caller]
    fn of(reply: &Envelope<'_>) -> Self {
        match (reply.clone().result::<Raw<&str>>(), reply.node_error()) {
            (Ok(result), None) => Self::Result(result.as_str().to_owned()),
            (Err(error), Some(node_error)) if error.kind == ErrorKind::Node(node_error.code) => {
                Self::Error(node_error.code.0, node_error.message.to_string())
            }
            other => panic!("{other:?}"),
        }
    }
}

/// Which request a reply is to.
#[derive(Clone, Debug)]
enum To {
    Request(usize),
    /// A request this far after the last one of the batch.
    Nobody(usize),
    Null,
    /// An id of another type.
    Other(&'static str),
    /// None: it is no reply.
    NoReply(&'static str),
}

#[derive(Clone, Debug)]
struct Reply {
    to: To,
    outcome: Outcome,
    /// How it is written: in which order its members come, and whether there is space between them.
    form: usize,
}

impl Reply {
    fn text(&self, first_id: u64, len: usize) -> String {
        let number = |index: usize| first_id.wrapping_add(index as u64).to_string();
        let id = match self.to {
            To::Request(index) => number(index),
            To::Nobody(offset) => number(len + offset),
            To::Null => "null".to_owned(),
            To::Other(id) => id.to_owned(),
            To::NoReply(text) => return text.to_owned(),
        };
        let (result, error) = match &self.outcome {
            Outcome::Result(result) => (result.clone(), "null".to_owned()),
            Outcome::Error(code, message) => ("null".to_owned(), json!({"code": code, "message": message}).to_string()),
        };
        match self.form {
            0 => format!(r#"{{"id":{id},"error":{error},"result":{result}}}"#),
            1 => format!("\n {{ \"result\" :\t{result}, \"new\": [{{}}],\r\n\"error\": {error} , \"id\": {id} }} "),
            _ => format!(r#"{{"result":{result},"error":{error},"id":{id}}}"#),
        }
    }
}

/// Requests, and replies to most of them and to others in any order.
fn any_replies() -> impl Strategy<Value = (Vec<Item>, Vec<Reply>)> {
    let error = || (any::<i32>(), strategies::text()).prop_map(|(code, message)| Outcome::Error(code, message));
    let answers = move || vec((any::<bool>(), error()), 0..3);
    let nobody = prop_oneof![
        3 => (0_usize..5).prop_map(To::Nobody),
        1 => Just(To::Null),
        1 => prop::sample::select(vec!["\"1\"", "1.0", "-1", "{}", "[1]", "true"]).prop_map(To::Other),
        1 => prop::sample::select(vec![
            "1", "null", "[]", "{}", "\"\"", r#"{"result":8,"error":null}"#, r#"{"error":null,"id":1}"#,
            r#"{"result":8,"error":{"code":1,"message":""},"id":1}"#,
        ])
        .prop_map(To::NoReply),
    ];
    let others = vec(
        (nobody, prop_oneof![error(), Just(Outcome::Result("8".to_owned()))]),
        0..4,
    );
    let forms = vec(0_usize..4, 1..8);
    (vec((any_item(), answers()), 0..8), others, forms).prop_flat_map(|(asked, others, forms)| {
        let mut forms = forms.into_iter().cycle();
        let mut reply = |to, outcome| Reply {
            to,
            outcome,
            form: forms.next().unwrap_or_default(),
        };
        let mut replies = Vec::new();
        for (index, (item, answers)) in asked.iter().enumerate() {
            for (succeeds, error) in answers {
                let result = Outcome::Result(item.result.clone());
                let outcome = if *succeeds { result } else { error.clone() };
                replies.push(reply(To::Request(index), outcome));
            }
        }
        replies.extend(others.into_iter().map(|(to, outcome)| reply(to, outcome)));
        let items: Vec<_> = asked.into_iter().map(|(item, _)| item).collect();
        (Just(items), Just(replies).prop_shuffle())
    })
}

/// An id, often one of the last before ids begin again at 0.
fn any_first_id() -> impl Strategy<Value = u64> {
    prop_oneof![any::<u64>(), 0_u64..3, u64::MAX - 8..=u64::MAX]
}

#[test]
fn any_method_can_be_in_a_batch() {
    let mut runner = TestRunner::deterministic();
    let items = any_item();
    // With so many, none of the kinds of request is left out by chance.
    let asked: Vec<String> = (0..1000)
        .map(|_| items.new_tree(&mut runner).unwrap().current().method.ask(1))
        .map(|request| {
            serde_json::from_str::<Value>(&request).unwrap()["method"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    methods::assert_all_listed(asked.iter().map(String::as_str), |(name, _)| name);
}

/// Any method, with a result.
fn any_item() -> impl Strategy<Value = Item> {
    let name = || prop::sample::select(vec!["localhost", "[2001:db8::1]:8555", "a\"b\\c\n", ""]);
    let subnet = (any::<[u8; 4]>(), prop::option::of(0_u8..=32)).prop_map(|(address, prefix)| match prefix {
        None => Subnet::from(std::net::IpAddr::from(address)),
        Some(prefix) => Subnet::new(address.into(), prefix).unwrap(),
    });
    let time = prop_oneof![
        Just(BanTime::Default),
        any::<u32>().prop_map(|secs| BanTime::For(Duration::from_secs(secs.into()))),
        any::<u32>().prop_map(|secs| BanTime::Until(UnixTime::from_secs(secs.into()))),
    ];
    let null = || Just(Value::Null);
    prop_oneof![
        item(name().prop_map(|name| AddNode::Add(name.into())), null()),
        item(
            any::<([u8; 4], u16)>().prop_map(|address| AddNode::OneTry(SocketAddr::from(address).into())),
            null()
        ),
        item(Just(ClearBanned), null()),
        item(name().prop_map(|name| DisconnectNode::Address(name.into())), null()),
        item(any::<u64>().prop_map(DisconnectNode::Id), null()),
        item(
            prop::option::of(name()).prop_map(|node| GetAddedNodeInfo {
                node: node.map(Into::into)
            }),
            strategies::added_nodes(),
        ),
        item(Just(GetConnectionCount), any::<u64>().prop_map(Value::from)),
        item(Just(GetNetTotals), totals()),
        item(Just(GetNetworkInfo), strategies::network_info()),
        item(
            (1_u16..).prop_map(|count| GetNodeAddresses {
                count: NonZeroU16::new(count).unwrap()
            }),
            strategies::node_addresses(),
        ),
        item(
            Just(GetNodeStatusInfo),
            any::<[bool; 3]>().prop_map(|[health, sync, peers]| {
                json!({"health_status": health, "sync_to_tip": sync, "active_peer_nodes": peers})
            })
        ),
        item(Just(GetPeerInfo), strategies::peers()),
        item(Just(GetVersionInfo), strategies::version_info()),
        item(Just(ListBanned), strategies::bans()),
        item(Just(Ping), null()),
        item(
            (subnet, time).prop_map(|(subnet, time)| SetBan::Add(subnet, time)),
            null()
        ),
        item(
            any::<bool>().prop_map(|state| SetNetworkActive { state }),
            any::<bool>().prop_map(Value::from)
        ),
    ]
}

fn item<M>(
    method: impl Strategy<Value = M> + 'static,
    result: impl Strategy<Value = Value> + 'static,
) -> BoxedStrategy<Item>
where
    M: AnyMethod + 'static,
{
    let item = |(method, result): (M, Value)| Item {
        method: Arc::new(method),
        result: result.to_string(),
    };
    (method, result).prop_map(item).boxed()
}

fn totals() -> impl Strategy<Value = Value> {
    any::<([u64; 7], [bool; 2])>().prop_map(
        |([received, sent, time, frame, target, bytes, left], [reached, serve])| {
            json!({
                "totalbytesrecv": received,
                "totalbytessent": sent,
                "timemillis": time,
                "uploadtarget": {
                    "timeframe": frame,
                    "target": target,
                    "target_reached": reached,
                    "serve_historical_blocks": serve,
                    "bytes_left_in_cycle": bytes,
                    "time_left_in_cycle": left,
                },
            })
        },
    )
}
