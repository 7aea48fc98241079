//! The members around a result, replies to another request, and what the status adds to them.

use defichain_net_rpc::http::ReplyError;
use defichain_net_rpc::json::{ErrorKind, Type};
use defichain_net_rpc::network::{GetConnectionCount, Ping};
use defichain_net_rpc::rpc::{Code, NodeError};
use defichain_net_rpc::{Method, ResponseError, response};

use crate::bodies;
use crate::places::{Fault, ID, framed, in_every_framing};
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
    fn of(result: Result<V, ResponseError<'_>>) -> Self {
        match result {
            Ok(result) => Self::Result(result),
            Err(ResponseError::Node(NodeError { code, .. })) => Self::Node(code),
            Err(ResponseError::WrongId { offset }) => Self::WrongId(offset),
            Err(ResponseError::Invalid(error)) => Self::Invalid((error.kind, error.offset, error.member)),
            Err(error) => panic!("{error}"),
        }
    }
}

/// What becomes of a body by itself, and as that of a reply with any status, however it comes.
fn read<M>(method: &M, body: &str) -> Outcome<()>
where
    M: Method,
{
    let whole = Outcome::of(response(method, ID, body.as_bytes()).map(drop));
    let cut = bodies::invalid(body.as_bytes(), |body| response(method, ID, body).map(drop));
    assert!(cut.is_none() || matches!(whole, Outcome::Invalid(_)));
    for status in [
        "200 OK",
        "400 Bad Request",
        "404 Not Found",
        "500 Internal Server Error",
        "503 Busy",
        "600 What",
    ] {
        for stream in framed(status, body.as_bytes()) {
            receive(ID, &stream, |reply| match reply.unwrap().response(method) {
                Err(ReplyError::Http(error)) => {
                    assert!(
                        matches!(whole, Outcome::Invalid(_)) && status != "200 OK",
                        "{status} {body}"
                    );
                    assert_eq!(format!("{} {}", error.status, error.reason), status);
                    assert_eq!(error.text, body.as_bytes());
                }
                Err(ReplyError::Response(error)) => {
                    assert_eq!(Outcome::of(Err(error)), whole, "{status} {body}");
                    assert!(
                        !matches!(whole, Outcome::Invalid(_)) || status == "200 OK",
                        "{status} {body}"
                    );
                }
                Ok(_) => assert_eq!(whole, Outcome::Result(()), "{status} {body}"),
                Err(error) => panic!("{error}"),
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
        assert_eq!(read(&GetConnectionCount, &body), Outcome::WrongId(30), "{id}");
        let body = format!(r#"{{"id" : {id},"error":null,"result":8}}"#);
        assert_eq!(read(&GetConnectionCount, &body), Outcome::WrongId(8), "{id}");
    }
    for body in [
        r#"{"result":8,"error":null,"id":1}"#,
        r#"{"id": 1 ,"error":null,"new":2,"result":8}"#,
    ] {
        assert_eq!(read(&GetConnectionCount, body), Outcome::Result(()));
    }
    for id in [0, u64::MAX] {
        let body = format!(r#"{{"result":8,"error":null,"id":{id}}}"#);
        assert_eq!(response(&GetConnectionCount, id, body.as_bytes()), Ok(8));
        assert_eq!(
            response(&GetConnectionCount, id ^ 1, body.as_bytes()),
            Err(ResponseError::WrongId { offset: 30 })
        );
    }
    assert_eq!(
        read(&GetConnectionCount, r#"{"result":8,"error":null}"#),
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
        assert_eq!(read(&GetConnectionCount, &body), expected, "{id}");
    }
    let body = r#"{"result":null,"error":{"code":-1,"message":""}}"#;
    assert_eq!(read(&GetConnectionCount, body), invalid(ErrorKind::Missing, 47, "id"));
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
            read(&GetConnectionCount, &body),
            invalid(ErrorKind::Conflict, 19 + result.len(), "error")
        );
        let body = format!(r#"{{"error":{error},"id":1,"result":{result}}}"#);
        assert_eq!(
            read(&GetConnectionCount, &body),
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
        assert_eq!(read(&Ping, neither), expected);
    }
}

#[test]
fn null_may_be_a_result() {
    for body in [r#"{"result":null,"error":null,"id":1}"#, r#"{"result":null,"id":1}"#] {
        assert_eq!(read(&Ping, body), Outcome::Result(()));
        assert_eq!(
            read(&GetConnectionCount, body),
            invalid(ErrorKind::Expected(Type::Integer), 10, "result")
        );
    }
    for error in [
        r#"{"result":null,"error":{"code":5,"message":""},"id":1}"#,
        r#"{"error":{"code":5,"message":""},"id":1}"#,
    ] {
        assert_eq!(read(&Ping, error), Outcome::Node(Code(5)));
    }
}

#[test]
fn an_error_is_an_object_with_a_code_and_a_message() {
    for (error, kind, index, member) in [
        ("\"no\"", ErrorKind::Expected(Type::Object), 0, "error"),
        ("true", ErrorKind::Expected(Type::Object), 0, "error"),
        ("-1", ErrorKind::Expected(Type::Object), 0, "error"),
        ("[]", ErrorKind::Expected(Type::Object), 0, "error"),
        ("{}", ErrorKind::Missing, 1, "code"),
        (r#"{"code":1}"#, ErrorKind::Missing, 9, "message"),
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
        assert_eq!(read(&Ping, &body), invalid(kind, 23 + index, member), "{body}");
    }
    for code in [i32::MIN, i32::MAX, 0] {
        let body = format!(r#"{{"result":null,"error":{{"code":{code},"message":"","data":[]}},"id":1}}"#);
        assert_eq!(read(&Ping, &body), Outcome::Node(Code(code)));
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
        assert_eq!(read(&GetConnectionCount, body), expected);
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
        assert!(matches!(read(&Ping, body), Outcome::Invalid(_)), "{body}");
    }
    // A result behind a status that says otherwise is a result.
    in_every_framing(br#"{"result":null,"error":null,"id":1}"#, |reply| {
        assert_eq!(reply.response(&Ping), Ok(()));
    });
}
