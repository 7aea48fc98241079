//! Nesting, and the members of objects: what is there twice, not there, of another type, or not known.

use defichain_net_rpc::json::{ErrorKind, MAX_DEPTH, Type};
use defichain_net_rpc::network::{GetNetworkInfo, GetPeerInfo};
use defichain_net_rpc::{Error, Response, Services, response};
use serde_json::Value;

use crate::places::{Fault, ID, MEMBERS, Probe, fault, in_every_framing, malformed_in, read, skipped};
use crate::{bodies, exchanges};

/// Each place where a value is skipped, and how many arrays and objects of it are open there already.
const SKIPPED: [(&str, &str, usize, Option<&str>); 5] = [
    (r#"{"new":"#, r#","result":{},"error":null,"id":1}"#, 1, None),
    (r#"{"result":{},"error":null,"new":"#, r#","id":1}"#, 1, None),
    (
        r#"{"result":null,"error":{"code":1,"message":"","new":"#,
        r#"},"id":1}"#,
        2,
        Some("error"),
    ),
    (r#"{"result":{"new":"#, r#"},"error":null,"id":1}"#, 2, Some("result")),
    (
        r#"{"result":{"inner":{"new":["#,
        r#"]}},"error":null,"id":1}"#,
        4,
        Some("result"),
    ),
];

/// Arrays or objects, nested this many times.
fn nested(open: &str, close: &str, depth: usize) -> String {
    let containers = open.matches(['[', '{']).count();
    open.repeat(depth / containers) + "0" + &close.repeat(depth / containers)
}

const NESTS: [(&str, &str); 3] = [("[", "]"), ("{\"\":", "}"), ("[{\"\":", "}]")];

#[test]
fn nesting_at_the_limit_is_right_wherever_it_is_skipped() {
    for (open, close) in NESTS {
        for (before, after, around, _) in SKIPPED {
            let value = nested(open, close, MAX_DEPTH as usize - around);
            // As the node lays it out, and otherwise.
            for space in ["", " "] {
                let body = [before, &value, space, after].concat();
                let error = bodies::invalid(body.as_bytes(), |body| response::<Probe>(ID, body).map(drop));
                assert_eq!(error, None, "{body}");
                let body = [before, &value, &after.replace("\"id\":1", "\"id\" : 1")].concat();
                let error = bodies::invalid(body.as_bytes(), |body| response::<Probe>(ID, body).map(drop));
                assert_eq!(error, None, "{body}");
            }
        }
    }
}

#[test]
fn nesting_beyond_the_limit_is_refused_wherever_it_is_skipped() {
    for (open, close) in NESTS {
        let containers = open.matches(['[', '{']).count();
        for (before, after, around, member) in SKIPPED {
            let right = (MAX_DEPTH as usize - around) / containers * containers;
            // The bracket that is one too many, whatever its place in the pattern.
            let index = open.len() * (right / containers) + usize::from(MAX_DEPTH as usize - around != right);
            for value in [nested(open, close, right + containers), open.repeat(right + containers)] {
                malformed_in(before, after, value.as_bytes(), (ErrorKind::Depth, index, member));
            }
            for deep in [nested(open, close, 200_000), open.repeat(100_000)] {
                let body = [before, &deep, after].concat();
                let (kind, ..) = invalid(response::<Probe>(ID, body.as_bytes()));
                assert_eq!(kind, ErrorKind::Depth, "{before}{open} and so on");
            }
        }
    }
}

#[test]
fn a_known_member_comes_once() {
    for (before, again, after, member) in [
        (
            r#"{"result":{},"#,
            r#""result":null"#,
            r#","error":null,"id":1}"#,
            "result",
        ),
        (
            r#"{"result":{},"error":null,"#,
            r#""r\u0065sult":{}"#,
            r#","id":1}"#,
            "result",
        ),
        (
            r#"{"result":{},"error":null,"#,
            r#""error":null"#,
            r#","id":1}"#,
            "error",
        ),
        (
            r#"{"error":null,"result":{},"id":1,"#,
            r#""error":{"code":1,"message":""}"#,
            "}",
            "error",
        ),
        (r#"{"result":{},"error":null,"id":1,"#, r#""id":1"#, "}", "id"),
        (r#"{"id":null,"result":{},"error":null,"#, r#""id":1"#, "}", "id"),
        (
            r#"{"result":{"number":1,"#,
            r#""number":1"#,
            r#"},"error":null,"id":1}"#,
            "number",
        ),
        (
            r#"{"result":{"text":"a","number":1,"#,
            r#""t\u0065xt":null"#,
            r#"},"error":null,"id":1}"#,
            "text",
        ),
        (
            r#"{"result":{"inner":{"number":1,"new":2,"new":3,"#,
            r#""number":1"#,
            r#"}},"error":null,"id":1}"#,
            "number",
        ),
        (
            r#"{"result":null,"error":{"code":1,"message":"","#,
            r#""code":1"#,
            r#"},"id":1}"#,
            "code",
        ),
    ] {
        malformed_in(before, after, again.as_bytes(), (ErrorKind::Duplicate, 0, Some(member)));
    }
}

#[test]
fn an_unknown_member_may_come_more_than_once() {
    skipped(r#"{"a":1,"a":2}"#);
    let body = br#"{"new":1,"result":{"new":{},"new":[]},"new":2,"error":null,"id":1}"#;
    in_every_framing(body, |reply| assert!(reply.response::<Probe>().is_ok()));
}

#[test]
fn an_escaped_name_is_the_same_name() {
    let plain = r#"{"result":{"text":"a","inner":{"number":7},"map":{"b":1}},"error":null,"id":1}"#;
    let expected = response::<Probe>(ID, plain.as_bytes());
    assert_eq!(expected.as_ref().unwrap().inner.unwrap().number, Some(7));
    for name in ["result", "text", "inner", "number", "error", "id"] {
        for (index, _) in name.char_indices() {
            let escape = format!("\\u{:04x}", u32::from(name.as_bytes()[index]));
            let escaped = [&name[..index], &escape, &name[index + 1..]].concat();
            let body = plain.replace(&format!("\"{name}\""), &format!("\"{escaped}\""));
            assert_ne!(body, plain);
            in_every_framing(body.as_bytes(), |reply| {
                assert_eq!(reply.response::<Probe>().ok(), expected.clone().ok(), "{body}");
            });
        }
    }
}

#[test]
fn unknown_members_are_skipped_in_every_object() {
    let recorded = exchanges::file("v3.2.8/miner-getnetworkinfo.response.http");
    let text = std::str::from_utf8(exchanges::body(&recorded)).unwrap();
    for value in [
        "null",
        "-1.5e3",
        r#""}\"""#,
        r#"[{"version":{}},[],"]"]"#,
        r#"{"version":1,"version":2}"#,
    ] {
        let first = text.replace("{\"", &format!("{{\"new\":{value},\""));
        let last = text.replace('}', &format!(",\"\":{value}}}"));
        for body in [first, last] {
            let info = response::<Response<GetNetworkInfo>>(438, body.as_bytes());
            assert!(info.is_ok(), "{value}: {info:?}");
            assert_eq!(info, response(438, text.as_bytes()), "{value}");
        }
        skipped(value);
    }
}

#[test]
fn a_required_member_that_is_missing_is_named() {
    let absent = ["localservices", "networkactive", "connections"];
    let bodies = each_member("v3.2.8/idle-getnetworkinfo.response.http", |name, info| {
        info.as_object_mut().unwrap().remove(name);
    });
    assert_eq!(bodies.len(), 13);
    for (name, body) in bodies {
        if absent.contains(&name.as_str()) {
            assert!(network_info(&body).is_ok(), "{name}");
            continue;
        }
        // The result is the last member here, and this its closing brace.
        let expected = (ErrorKind::Missing, body.len() - 2, Some(name.as_str()));
        assert_eq!(invalid(network_info(&body)), expected);
    }
    for (before, rest, index, member) in [
        (r#"{"result":{},"error":null"#, "}", 0, "id"),
        (r#"{"result":{},"error":null"#, " ,\"new\":[] }", 11, "id"),
        (r#"{"result":null,"error":{"#, r#""message":""},"id":1}"#, 12, "code"),
    ] {
        malformed_in(before, "", rest.as_bytes(), (ErrorKind::Missing, index, Some(member)));
    }
}

#[test]
fn a_member_of_another_type_is_named() {
    let absent = ["localservices", "networkactive", "connections"];
    for wrong in [Value::Null, serde_json::json!({"a": []}), serde_json::json!([[]])] {
        let bodies = each_member("v3.2.8/idle-getnetworkinfo.response.http", |name, info| {
            info[name] = wrong.clone();
        });
        for (name, body) in bodies {
            if wrong.is_null() && absent.contains(&name.as_str()) {
                assert!(network_info(&body).is_ok(), "{name}");
                continue;
            }
            let (kind, offset, member) = invalid(network_info(&body));
            assert!(matches!(kind, ErrorKind::Expected(_)), "{name}: {kind:?}");
            assert_eq!(member, Some(name.as_str()));
            let value = body.find(&format!("\"{name}\":{wrong}")).unwrap() + name.len() + 3;
            let element =
                usize::from(wrong.is_array() && ["networks", "localaddresses", "warnings"].contains(&name.as_str()));
            assert_eq!(offset, value + element, "{name}");
        }
    }
}

#[test]
fn a_value_of_another_type_is_refused_where_it_begins() {
    for (member, expected) in MEMBERS {
        for (value, of_type) in [
            ("true", Type::Boolean),
            ("false", Type::Boolean),
            ("1", Type::Integer),
            ("\"a\"", Type::String),
            ("[1]", Type::Array),
            ("{}", Type::Object),
        ] {
            let same = of_type == expected || (of_type, expected) == (Type::Integer, Type::Number);
            let outcome = read(member, value, |_| Some(()));
            let wrong = Err((ErrorKind::Expected(expected), 0, Some(member)));
            assert_eq!(outcome, if same { Ok(()) } else { wrong }, "{member} {value}");
        }
    }
}

#[test]
fn a_peer_may_lack_what_not_every_peer_has() {
    let optional = [
        "addrlocal",
        "addrbind",
        "pingtime",
        "minping",
        "pingwait",
        // Upstream has removed these.
        "addnode",
        "startingheight",
        "whitelisted",
        "banscore",
        "synced_headers",
        "synced_blocks",
        "inflight",
        "addr_processed",
        "addr_rate_limited",
    ];
    let bodies = each_member("v3.2.8/pingwait-getpeerinfo.response.http", |name, peers| {
        peers[1].as_object_mut().unwrap().remove(name);
    });
    assert_eq!(bodies.len(), 31);
    for (name, body) in bodies {
        let peers: Vec<_> = response::<Response<GetPeerInfo>>(444, body.as_bytes())
            .unwrap()
            .collect();
        assert_eq!(peers.len(), 7, "{name}");
        assert_eq!(
            peers.iter().filter(|peer| peer.is_err()).count(),
            usize::from(!optional.contains(&name.as_str())),
            "{name}"
        );
        if let Err(error) = &peers[1] {
            assert_eq!(
                (error.kind.json(), error.member),
                (Some(ErrorKind::Missing), Some(name.as_str()))
            );
        }
    }
}

#[test]
fn services_that_are_not_16_digits_are_of_the_wrong_form() {
    let recorded = exchanges::file("v3.2.8/idle-getnetworkinfo.response.http");
    let text = std::str::from_utf8(exchanges::body(&recorded)).unwrap();
    let (before, after) = text.split_once(r#""0000000000000409""#).unwrap();
    let read = |value: &str| {
        let body = [before, value, after].concat();
        network_info(&body)
            .map(|info| info.local_services)
            .map_err(|error| error.to_string())
    };
    for value in [
        "",
        "409",
        "000000000000040G",
        "00000000000004090",
        "0x00000000000409",
        "+000000000000409",
        " 000000000000409",
    ] {
        let error = format!(
            "a string of the wrong form at byte {} in \"localservices\"",
            before.len()
        );
        assert_eq!(read(&format!("\"{value}\"")), Err(error), "{value}");
    }
    assert_eq!(read("\"ffffffffffffffff\""), Ok(Some(Services::from_bits(u64::MAX))));
}

/// A recorded reply once for each member of its result, or of the second element of that, with the member changed.
#[track_caller]
fn each_member(name: &str, mut change: impl FnMut(&str, &mut Value)) -> Vec<(String, String)> {
    let recorded = exchanges::file(name);
    let reply: Value = serde_json::from_slice(exchanges::body(&recorded)).unwrap();
    let result = &reply["result"];
    let object = result.get(1).unwrap_or(result).as_object().unwrap();
    let bodies = object.keys().map(|member| {
        let mut reply = reply.clone();
        change(member, &mut reply["result"]);
        (member.clone(), reply.to_string())
    });
    bodies.collect()
}

/// A reply to the request 38.
fn network_info(body: &str) -> Result<Response<'_, GetNetworkInfo>, Error> {
    response(38, body.as_bytes())
}

#[track_caller]
fn invalid<T: std::fmt::Debug>(result: Result<T, Error>) -> Fault {
    let error = result.unwrap_err();
    fault(error).unwrap_or_else(|| panic!("{error}"))
}
