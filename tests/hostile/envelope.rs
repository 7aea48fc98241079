//! The members around a result, replies to another request, and what the status adds to them.

use std::fmt::Debug;

use defichain_net_rpc::json::{ErrorKind, FromJson, Type};
use defichain_net_rpc::rpc::Code;
use defichain_net_rpc::{self as rpc, Error, response};

use crate::bodies;
use crate::places::{Fault, ID, fault, framed, in_every_framing};
use crate::streams::receive;

/// What becomes of a body.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome<V> {
    Result(V),
    Node(Code),
    WrongId(usize),
    Invalid(Fault),
}

impl<V> Outcome<V> {
    #[track_caller]
    fn of(result: Result<V, Error>) -> Self {
        let error = match result {
            Ok(result) => return Self::Result(result),
            Err(error) => error,
        };
        match error.kind {
            rpc::ErrorKind::Node(code) => Self::Node(code),
            rpc::ErrorKind::WrongId => Self::WrongId(error.offset),
            _ => Self::Invalid(fault(error).unwrap_or_else(|| panic!("{error}"))),
        }
    }
}

/// What becomes of a body by itself, and as that of a reply with any status, however it comes.
#[track_caller]
fn read<V>(body: &str) -> Outcome<()>
where
    V: for<'a> FromJson<'a> + Debug,
{
    let whole = Outcome::of(response::<V>(ID, body.as_bytes()).map(drop));
    let cut = bodies::invalid(body.as_bytes(), |body| response::<V>(ID, body).map(drop));
    assert!(cut.is_none() || matches!(whole, Outcome::Invalid(_)), "{body}");
    for status in [
        "200 OK",
        "400 Bad Request",
        "404 Not Found",
        "500 Internal Server Error",
        "503 Busy",
        "600 What",
    ] {
        for stream in framed(status, body.as_bytes()) {
            receive(ID, &stream, |reply| {
                let reply = reply.unwrap();
                assert_eq!(format!("{} {}", reply.status(), reply.reason()), status);
                assert_eq!(reply.body(), body.as_bytes());
                let result = reply.response::<V>();
                match result.as_ref().map_err(|error| error.kind) {
                    Err(rpc::ErrorKind::Status(_) | rpc::ErrorKind::WorkQueueFull) => {
                        assert!(
                            matches!(whole, Outcome::Invalid(_)) && status != "200 OK",
                            "{status} {body}"
                        );
                    }
                    Err(_) => {
                        assert_eq!(Outcome::of(result.map(drop)), whole, "{status} {body}");
                        assert!(
                            !matches!(whole, Outcome::Invalid(_)) || status == "200 OK",
                            "{status} {body}"
                        );
                    }
                    Ok(_) => assert_eq!(whole, Outcome::Result(()), "{status} {body}"),
                }
            });
        }
    }
    whole
}

/// What is wrong with a body as the reply to `getconnectioncount`.
fn invalid(kind: ErrorKind, offset: usize, member: &'static str) -> Outcome<()> {
    Outcome::Invalid((kind, offset, Some(member)))
}

#[test]
fn the_id_must_be_that_of_the_request() {
    for id in [
        "2",
        "0",
        "\"1\"",
        "1.0",
        "1e0",
        "10e-1",
        "-1",
        "true",
        "[1]",
        "{}",
        "18446744073709551617",
        "null",
    ] {
        let body = format!(r#"{{"result":8,"error":null,"id":{id}}}"#);
        assert_eq!(read::<u64>(&body), Outcome::WrongId(30), "{id}");
        let body = format!(r#"{{"id" : {id},"error":null,"result":8}}"#);
        assert_eq!(read::<u64>(&body), Outcome::WrongId(8), "{id}");
    }
    for body in [
        r#"{"result":8,"error":null,"id":1}"#,
        r#"{"id": 1 ,"error":null,"new":2,"result":8}"#,
    ] {
        assert_eq!(read::<u64>(body), Outcome::Result(()));
    }
    for id in [0, u64::MAX] {
        let body = format!(r#"{{"result":8,"error":null,"id":{id}}}"#);
        assert_eq!(response::<u64>(id, body.as_bytes()), Ok(8));
        assert_eq!(
            response::<u64>(id ^ 1, body.as_bytes()).map_err(|error| (error.kind, error.offset)),
            Err((rpc::ErrorKind::WrongId, 30))
        );
    }
    assert_eq!(
        read::<u64>(r#"{"result":8,"error":null}"#),
        invalid(ErrorKind::Missing, 24, "id")
    );
}

#[test]
fn an_error_is_the_node_s_with_the_id_of_the_request_or_none() {
    for (id, right) in [
        ("1", true),
        ("null", true),
        ("2", false),
        ("\"1\"", false),
        ("1.0", false),
        ("[null]", false),
    ] {
        let body = format!(r#"{{"result":null,"error":{{"code":-1,"message":"a\nb"}},"id":{id}}}"#);
        let expected = if right {
            Outcome::Node(Code::MISC_ERROR)
        } else {
            Outcome::WrongId(57)
        };
        assert_eq!(read::<u64>(&body), expected, "{id}");
    }
    // JSON-RPC 2.0 lets it be left out.
    let body = r#"{"result":null,"error":{"code":-1,"message":""}}"#;
    assert_eq!(read::<u64>(body), Outcome::Node(Code::MISC_ERROR));
}

#[test]
fn there_is_just_one_of_result_and_error() {
    for (result, error) in [
        ("8", r#"{"code":1,"message":""}"#),
        ("[]", r#"{"code":-1,"message":"no"}"#),
        ("false", r#"{"message":"","code":0}"#),
    ] {
        let body = format!(r#"{{"result":{result},"error":{error},"id":1}}"#);
        assert_eq!(
            read::<u64>(&body),
            invalid(ErrorKind::Conflict, 19 + result.len(), "error")
        );
        let body = format!(r#"{{"error":{error},"id":1,"result":{result}}}"#);
        assert_eq!(
            read::<u64>(&body),
            invalid(ErrorKind::Conflict, 26 + error.len(), "result")
        );
    }
    for neither in [
        r#"{"error":null,"id":1}"#,
        r#"{"id":1,"error":null}"#,
        r#"{"id":1}"#,
        r#"{"id":1,"jsonrpc":"2.0" }"#,
        r#"{"id":null            }"#,
    ] {
        let expected = invalid(ErrorKind::Missing, neither.len() - 1, "result");
        assert_eq!(read::<()>(neither), expected);
    }
}

#[test]
fn null_may_be_a_result() {
    for body in [r#"{"result":null,"error":null,"id":1}"#, r#"{"result":null,"id":1}"#] {
        assert_eq!(read::<()>(body), Outcome::Result(()));
        assert_eq!(
            read::<u64>(body),
            invalid(ErrorKind::Expected(Type::Integer), 10, "result")
        );
    }
    for error in [
        r#"{"result":null,"error":{"code":5,"message":""},"id":1}"#,
        r#"{"error":{"code":5,"message":""},"id":1}"#,
    ] {
        assert_eq!(read::<()>(error), Outcome::Node(Code(5)));
    }
}

#[test]
fn an_error_is_an_object_with_a_code_and_mostly_a_message() {
    for (error, kind, index, member) in [
        ("\"no\"", ErrorKind::Expected(Type::Object), 0, "error"),
        ("true", ErrorKind::Expected(Type::Object), 0, "error"),
        ("-1", ErrorKind::Expected(Type::Object), 0, "error"),
        ("[]", ErrorKind::Expected(Type::Object), 0, "error"),
        ("{}", ErrorKind::Missing, 1, "code"),
        (r#"{"message":""}"#, ErrorKind::Missing, 13, "code"),
        (
            r#"{"code":"1","message":""}"#,
            ErrorKind::Expected(Type::Integer),
            8,
            "code",
        ),
        (
            r#"{"code":null,"message":""}"#,
            ErrorKind::Expected(Type::Integer),
            8,
            "code",
        ),
        (
            r#"{"code":1.5,"message":""}"#,
            ErrorKind::Expected(Type::Integer),
            8,
            "code",
        ),
        (
            r#"{"code":1e2,"message":""}"#,
            ErrorKind::Expected(Type::Integer),
            8,
            "code",
        ),
        (r#"{"code":2147483648,"message":""}"#, ErrorKind::Range, 8, "code"),
        (r#"{"code":-2147483649,"message":""}"#, ErrorKind::Range, 8, "code"),
        (
            r#"{"code":99999999999999999999,"message":""}"#,
            ErrorKind::Range,
            8,
            "code",
        ),
        (
            r#"{"code":1,"message":null}"#,
            ErrorKind::Expected(Type::String),
            20,
            "message",
        ),
        (
            r#"{"code":1,"message":["no"]}"#,
            ErrorKind::Expected(Type::String),
            20,
            "message",
        ),
    ] {
        let body = format!(r#"{{"result":null,"error":{error},"id":1}}"#);
        assert_eq!(read::<()>(&body), invalid(kind, 23 + index, member), "{body}");
    }
    for code in [i32::MIN, i32::MAX, 0] {
        for more in [r#","message":"","data":[]"#, r#","data":[]"#, ""] {
            let body = format!(r#"{{"result":null,"error":{{"code":{code}{more}}},"id":1}}"#);
            assert_eq!(read::<()>(&body), Outcome::Node(Code(code)), "{body}");
        }
    }
}

#[test]
fn a_batch_is_no_reply_to_a_single_request() {
    for body in [
        "[]",
        r#"[{"result":8,"error":null,"id":1}]"#,
        r#" [{"result":null,"error":{"code":1,"message":""},"id":1}]"#,
    ] {
        let offset = body.find('[').unwrap();
        let expected = Outcome::Invalid((ErrorKind::Expected(Type::Object), offset, None));
        assert_eq!(read::<u64>(body), expected);
    }
}

#[test]
fn what_is_no_json_is_the_answer_of_the_server_unless_all_is_well() {
    for body in [
        "",
        "Work queue depth exceeded",
        "<html></html>\r\n",
        "{\"error\":\"busy\"}",
        "not {json",
    ] {
        assert!(matches!(read::<()>(body), Outcome::Invalid(_)), "{body}");
    }
    // A result is a result even if the status says otherwise.
    in_every_framing(br#"{"result":null,"error":null,"id":1}"#, |reply| {
        assert_eq!(reply.response::<()>(), Ok(()));
    });
}
