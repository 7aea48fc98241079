//! The examples as programs: what they print, and how they end.
//!
//! `cargo test` builds them. A run of this file alone does not, and shows nothing where they are missing.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use recorded_node::{PEERS, Server};
use serde_json::Value;

#[path = "support/exchanges.rs"]
mod exchanges;
#[path = "../examples/recorded_node/mod.rs"]
mod recorded_node;

/// An example with these arguments; `None` if it has not been built.
fn example(name: &str, arguments: &[&str]) -> Option<Command> {
    let test = std::env::current_exe().unwrap();
    let path = test.parent()?.parent()?.join("examples").join(name);
    if !path.exists() {
        eprintln!("{} has not been built", path.display());
        return None;
    }
    let mut command = Command::new(path);
    command.args(arguments);
    Some(command)
}

/// What an example prints, and the status that it ends with.
#[track_caller]
fn run(name: &str, arguments: &[&str], input: &[u8]) -> Option<(String, String, i32)> {
    let mut command = example(name, arguments)?;
    let command = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // It may have ended already.
    _ = child.stdin.take().unwrap().write_all(input);
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Some((text(stdout), text(stderr), status.code().unwrap()))
}

/// The recorded replies, with the names of the methods.
#[track_caller]
fn recordings() -> Vec<(String, PathBuf)> {
    let folders = fs::read_dir(exchanges::folder())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let files = folders
        .filter(|path| path.is_dir())
        .flat_map(|path| fs::read_dir(path).unwrap());
    let mut recordings: Vec<_> = files
        .filter_map(|entry| {
            let path = entry.unwrap().path();
            let request = path.to_str()?.strip_suffix(".response.http")?.to_owned() + ".request.http";
            let request: Value = serde_json::from_slice(exchanges::body(&fs::read(request).ok()?)).ok()?;
            Some((request["method"].as_str()?.to_owned(), path))
        })
        .collect();
    recordings.sort();
    recordings
}

/// Whether two values are the same, however their numbers are written.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(name, value)| other.get(name).is_some_and(|other| is_same(value, other)))
        }
        _ => one == other,
    }
}

#[test]
fn decode_gives_the_recorded_result_at_every_feed() {
    let lists = ["getaddednodeinfo", "getnodeaddresses", "getpeerinfo", "listbanned"];
    let mut count = 0;
    for (method, path) in recordings() {
        let reply = fs::read(&path).unwrap();
        // That a reply ends with the stream is seen by reading once more, which takes room for a byte.
        let whole = (reply.len() + 1).to_string();
        let Some(expected) = run("decode", &[&method], &reply) else {
            return;
        };
        let (stdout, stderr, status) = &expected;
        if stderr.starts_with("there is no method") {
            continue;
        }
        count += 1;
        let shown = path.display();
        let recorded: Option<Value> = serde_json::from_slice(exchanges::body(&reply)).ok();
        match &recorded {
            Some(recorded) if recorded["error"].is_null() => {
                assert_eq!((stderr.as_str(), *status), ("", 0), "{shown}");
                let result: Value = serde_json::from_str(stdout).unwrap();
                assert!(is_same(&result, &recorded["result"]), "{shown}: {stdout}");
            }
            Some(recorded) => {
                let message = recorded["error"]["message"].as_str().unwrap().lines().next().unwrap();
                let line = format!("node error {}: {message}\n", recorded["error"]["code"]);
                assert_eq!((stdout.as_str(), stderr), ("", &line), "{shown}");
                assert_eq!(
                    *status,
                    if recorded["error"]["code"] == -28 { 75 } else { 1 },
                    "{shown}"
                );
            }
            None => {
                assert!(stderr.starts_with("http "), "{shown}: {stderr}");
                assert_eq!((stdout.as_str(), stderr.lines().count()), ("", 1), "{shown}");
            }
        }
        for feed in ["1", "7"] {
            assert_eq!(
                run("decode", &[&method, "--feed", feed], &reply).unwrap(),
                expected,
                "{shown} {feed}"
            );
            let buffer = ["--feed", feed, "--buffer", &whole, &method];
            assert_eq!(run("decode", &buffer, &reply).unwrap(), expected, "{shown} {feed}");
            if lists.contains(&method.as_str()) {
                let elements = ["--elements", "--buffer", "4096", &method, "--feed", feed];
                assert_eq!(run("decode", &elements, &reply).unwrap(), expected, "{shown} {feed}");
            }
        }
    }
    assert!(count > 60, "{count}");
}

/// Runs `decode` at several feeds, and compares what it prints and how it ends.
#[track_caller]
fn decodes(arguments: &str, reply: &str, (stdout, stderr, status): (&str, &str, i32)) {
    for feed in ["", " --feed 1", " --feed 3"] {
        let arguments = format!("{arguments}{feed}");
        let words: Vec<&str> = arguments.split(' ').collect();
        let Some((out, err, code)) = run("decode", &words, reply.as_bytes()) else {
            return;
        };
        let got = (out.as_str(), err.trim_end(), code);
        assert_eq!(got, (stdout, stderr, status), "{arguments}: {reply}");
    }
}

fn reply(head: &str, body: &str) -> String {
    format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn count() -> String {
    reply("200 OK", r#"{"result":8,"error":null,"id":7}"#)
}

#[test]
fn decode_takes_any_id_unless_one_is_given() {
    decodes("getconnectioncount", &count(), ("8\n", "", 0));
    decodes("getconnectioncount --id 7", &count(), ("8\n", "", 0));
    let wrong = ("", "wrong reply id at byte 30", 1);
    decodes("getconnectioncount --id 8", &count(), wrong);
    for body in [r#"{"result":[],"error":null,"id":"x"}"#, r#"{"id":7,"result":[]}"#] {
        let reply = reply("200 OK", body);
        decodes("getpeerinfo", &reply, ("[]\n", "", 0));
        decodes("getpeerinfo --elements", &reply, ("[]\n", "", 0));
    }
}

#[test]
fn the_buffer_of_decode_does_not_grow() {
    decodes("getconnectioncount --buffer 71", &count(), ("8\n", "", 0));
    let too_long = ("", "the reply needs a buffer of 71 bytes or more", 1);
    decodes("getconnectioncount --buffer 70", &count(), too_long);
    let endless = "HTTP/1.1 200 OK\r\nContent-Length: 999999999999999999\r\n\r\n{";
    decodes(
        "ping",
        endless,
        ("", "the reply needs a buffer of 1000000000000000054 bytes or more", 1),
    );
}

#[test]
fn decode_leaves_out_what_it_cannot_read_and_says_so() {
    let ban = r#"{"address":"10.0.0.0/8","banned_until":2,"ban_created":1,"ban_reason":"a"}"#;
    let bans = format!("{{\"result\":[{{\"address\":8}},{ban},7],\n\"error\":null,\"id\":1}}");
    let bans = reply("200 OK", &bans);
    let json = format!("[{ban}]\n");
    let line = "2 of 3 elements cannot be read and are not shown; the first: not a string at byte 22 in \"address\"";
    decodes("listbanned", &bans, (&json, line, 1));
    decodes("listbanned --elements", &bans, (&json, line, 1));
    decodes("listbanned --elements --buffer 120", &bans, (&json, line, 1));
    let wrong = ("", "wrong reply id at byte 122", 1);
    decodes("listbanned --elements --id 7", &bans, wrong);
    // What is wrong with the JSON is wrong with all of it.
    let broken = bans.replace(",7]", ",}]");
    for arguments in ["listbanned", "listbanned --elements"] {
        decodes(
            arguments,
            &broken,
            ("", "a byte that JSON does not allow at byte 100 in \"result\"", 1),
        );
    }
}

#[test]
fn decode_says_what_is_wrong_and_where() {
    decodes("ping", &count(), ("", "not null at byte 10 in \"result\"", 1));
    let no_list = ("", "not an array at byte 10 in \"result\"", 1);
    decodes("listbanned --elements", &count(), no_list);
    let cut = &count()[..66];
    decodes(
        "ping",
        cut,
        ("", "the connection was closed within the reply at byte 66", 1),
    );
    decodes("ping", "", ("", "there is no reply on stdin", 1));
    let text = reply("200 OK", r#"{"result":null,"error":"too many","id":1}"#);
    let line = r#"not an object at byte 23 in "error": {"result":null,"error":"too many","id":1}"#;
    decodes("ping", &text, ("", line, 1));
}

#[test]
fn decode_tells_errors_of_the_node_and_of_the_server() {
    let error = |head, code| {
        let body = format!(r#"{{"result":null,"error":{{"code":{code},"message":"a\nb"}},"id":1}}"#);
        reply(head, &body)
    };
    for method in ["getpeerinfo", "getpeerinfo --elements"] {
        decodes(method, &error("500 E", -1), ("", "node error -1: a", 1));
        decodes(method, &error("500 E", -28), ("", "node error -28: a", 75));
        decodes(method, &error("200 OK", -28), ("", "node error -28: a", 75));
        decodes(method, &error("503 Busy", -1), ("", "node error -1: a", 75));
        decodes(method, &reply("503 Busy", "<html>"), ("", "http 503", 75));
        decodes(method, &reply("502 Bad", "too\u{1b}bad\nx"), ("", "http 502", 75));
        let denied = "http 403: the node does not allow this address (-rpcallowip): not for you";
        decodes(method, &reply("403 Forbidden", "not for you"), ("", denied, 1));
        let there = "http 301: a redirect; use the address that it names: https://node.example/";
        let moved = reply("301 Moved\r\nLocation: https://node.example/", "");
        decodes(method, &moved, ("", there, 1));
    }
}

#[test]
fn decode_says_how_it_is_called() {
    for (arguments, line) in [
        ("ping --elements", "ping answers with no list; leave out --elements"),
        ("batch --elements", "a batch is no list; leave out --elements"),
        ("ping pong", "pong is one argument too many; --help lists them"),
        ("--id 7", "a METHOD is missing; --help lists them"),
        ("ping --id x", "--id needs a whole number"),
        ("ping --frob", "invalid option '--frob'; --help lists the options"),
    ] {
        decodes(arguments, &count(), ("", line, 1));
    }
}

#[test]
fn decode_reads_a_batch() {
    let reply = exchanges::file("v3.2.8/batch.response.http");
    let methods = [
        "batch",
        "getconnectioncount",
        "getnettotals",
        "nosuch",
        "getnetworkinfo",
    ];
    let Some((stdout, stderr, status)) = run("decode", &methods, &reply) else {
        return;
    };
    assert_eq!(status, 1);
    assert!(
        stderr.ends_with("the first: nosuch: node error -32601: Method not found\n"),
        "{stderr}"
    );
    let outcomes: Value = serde_json::from_str(&stdout).unwrap();
    let recorded: Value = serde_json::from_slice(exchanges::body(&reply)).unwrap();
    for (index, method) in methods[1..].iter().enumerate() {
        assert_eq!(outcomes[index]["method"], *method);
        for member in ["result", "error"] {
            assert!(is_same(&outcomes[index][member], &recorded[index][member]), "{stdout}");
        }
    }
}

/// Runs `cli`, and compares how what it prints begins, and how it ends.
#[track_caller]
fn answers(arguments: &str, input: &str, (stdout, stderr, status): (&str, &str, i32)) {
    let words: Vec<&str> = arguments.split(' ').collect();
    let Some((out, err, code)) = run("cli", &words, input.as_bytes()) else {
        return;
    };
    let shown = format!("{arguments}: {out}{err}");
    assert_eq!(code, status, "{shown}");
    assert!(
        out.starts_with(stdout) && out.is_empty() == stdout.is_empty(),
        "{shown}"
    );
    assert!(
        err.starts_with(stderr) && err.is_empty() == stderr.is_empty(),
        "{shown}"
    );
    assert!(err.lines().count() <= 2, "{shown}");
}

#[test]
fn cli_shows_answers() {
    let bad_peer = PEERS.replacen("\"id\":0,", "\"id\":\"0\",", 1);
    let server = Server::start_at("127.0.0.1:0".parse().unwrap(), bad_peer, |stream| stream).unwrap();
    let url = &server.url("http");
    answers(&format!("{url} getconnectioncount"), "", ("79\n", "", 0));
    answers(&format!("{url} ping"), "", ("ping: done\n", "", 0));
    answers(&format!("--json {url} ping"), "", ("null\n", "", 0));
    let unread = ("peer  address", "1 of 79 elements cannot be read", 1);
    answers(&format!("{url} getpeerinfo"), "", unread);
    let both = ("getconnectioncount: 79\nping: done\n", "", 0);
    answers(&format!("{url} batch getconnectioncount ping"), "", both);
    let one = ("ping: done\ngetpeerinfo: [{", "1 of 2 answers", 1);
    answers(&format!("{url} batch ping getpeerinfo"), "", one);
    let session = ("ping: done\nping: done\n", "line 3: there is no method", 1);
    answers(&format!("{url} -"), "ping\n\nnosuch\nping\n", session);
    answers(&format!("{url} -"), "", ("no calls\n", "", 0));
}

#[test]
fn cli_says_what_to_do() {
    let server = Server::start(|stream| stream).unwrap();
    let url = &server.url("http");
    let password = &url.replace("bar", "baz");
    let cookie = std::env::temp_dir().join(format!("cookie-{}", std::process::id()));
    File::create(&cookie).unwrap();
    let file = cookie.display();
    for (arguments, line) in [
        (
            format!("{password} ping"),
            "http 401: wrong or missing user and password",
        ),
        (
            format!("{password} -"),
            "line 1: http 401: wrong or missing user and password",
        ),
        (format!("{url}/wallet ping"), "http 404: the path is wrong"),
        (
            format!("--cookie {file} {url} ping"),
            &format!("{file}: the cookie file must"),
        ),
        ("http://u:p/ss@localhost ping".into(), "the credentials must be"),
        ("http://127.0.0.1:1 ping".into(), "cannot connect to 127.0.0.1 port 1: "),
        ("https://localhost ping".into(), "this example speaks no TLS"),
        (
            format!("{url} setban nobody add"),
            "the parameter \"nobody\" is not an IP address",
        ),
        (format!("{url} batch setban"), "the number of parameters is wrong"),
        (
            format!("--timeout 0 {url} ping"),
            "--timeout needs a whole number of seconds",
        ),
        ("--json".into(), "a URL is missing"),
        (url.clone(), "a METHOD is missing"),
    ] {
        answers(&arguments, "ping\nping\n", ("", line, 1));
    }
    fs::remove_file(cookie).unwrap();
}

#[test]
fn all_calls_of_a_session_go_over_one_connection() {
    let server = Server::start(|stream| stream).unwrap();
    let Some((stdout, stderr, status)) = run("cli", &["--json", &server.url("http"), "-"], &b"ping\n".repeat(20))
    else {
        return;
    };
    assert_eq!((stdout, stderr.as_str(), status), ("null\n".repeat(20), "", 0));
    assert_eq!(server.connections(), 1);
}

#[test]
fn examples_have_something_to_show_without_a_node() {
    for (name, shown) in [
        ("std_tcp", "release /DeFiChain:3.2.8/, protocol 70036\n"),
        (
            "cli",
            "> getnetworkinfo\nrelease          /DeFiChain:3.2.8/ (3020800)\n",
        ),
        (
            "replay_node",
            "the node with recorded replies has 79 peers, and stops now\nto start one that stays: ",
        ),
    ] {
        let Some((stdout, stderr, status)) = run(name, &[], b"") else {
            return;
        };
        assert!(stdout.starts_with(shown), "{name}: {stdout}");
        assert_eq!((stderr.as_str(), status), ("", 0), "{name}");
    }
}
