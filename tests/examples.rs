//! The examples as programs: what they print, and how they end.
//!
//! `cargo test` builds them. A run of this file alone does not, and shows nothing where they are missing.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use replay_node::{PEERS, Server};
use serde_json::Value;

mod exchanges;

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

#[test]
fn decode_says_what_is_wrong_and_where() {
    let reply = |head: &str, body: &str| format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let count = reply("200 OK", r#"{"result":8,"error":null,"id":7}"#);
    let bans = reply(
        "200 OK",
        r#"{"result":[{"address":8},{"address":"10.0.0.0/8","banned_until":2,"ban_created":1,"ban_reason":"a"},7],
            "error":null,"id":"x"}"#,
    );
    let ban = r#"[{"address":"10.0.0.0/8","banned_until":2,"ban_created":1,"ban_reason":"a"}]"#.to_owned() + "\n";
    let unread = "2 of 3 elements cannot be read and are not shown; the first: not a string at byte 22 in \"address\"";
    let error = |code| {
        reply(
            "500 E",
            &format!(r#"{{"result":null,"error":{{"code":{code},"message":"a\nb"}},"id":1}}"#),
        )
    };
    let (warmup, misc) = (error(-28), error(-1));
    let busy = reply("503 Busy", "try\u{1b}\nlater");
    let busy_node = error(-1).replace("500 E", "503 E");
    let redirect = "HTTP/1.1 301 Moved\r\nLocation: https://node.example/\r\nContent-Length: 0\r\n\r\n".to_owned();
    let denied = reply("403 Forbidden", "not for you");
    let cut = count[..count.len() - 5].to_owned();
    let endless = "HTTP/1.1 200 OK\r\nContent-Length: 999999999999999999\r\n\r\n{".to_owned();
    for (arguments, input, stdout, stderr, status) in [
        ("getconnectioncount", &count, "8\n", "", 0),
        ("getconnectioncount --id 7", &count, "8\n", "", 0),
        (
            "getconnectioncount --id 8",
            &count,
            "",
            "not the id of the request at byte 30",
            1,
        ),
        ("getconnectioncount --buffer 71", &count, "8\n", "", 0),
        (
            "getconnectioncount --buffer 70",
            &count,
            "",
            "the reply needs a buffer of 71 bytes",
            1,
        ),
        ("ping", &count, "", "not null at byte 10 in \"result\"", 1),
        ("listbanned", &bans, &ban, unread, 1),
        ("listbanned --elements", &bans, &ban, unread, 1),
        ("listbanned --elements --buffer 120", &bans, &ban, unread, 1),
        (
            "listbanned --elements --id 7",
            &bans,
            "",
            "not the id of the request at byte 134",
            1,
        ),
        (
            "listbanned --elements",
            &count,
            "",
            "not an array at byte 10 in \"result\"",
            1,
        ),
        ("getpeerinfo --elements", &warmup, "", "node error -28: a", 75),
        ("getpeerinfo", &misc, "", "node error -1: a", 1),
        ("getpeerinfo", &busy_node, "", "node error -1: a", 75),
        ("getpeerinfo --elements", &busy_node, "", "node error -1: a", 75),
        ("ping", &busy, "", "http 503", 75),
        (
            "ping",
            &redirect,
            "",
            "http 301: a redirect; use the address that it names: https://node.example/",
            1,
        ),
        (
            "ping",
            &denied,
            "",
            "http 403: the node does not allow this address (-rpcallowip): not for you",
            1,
        ),
        (
            "ping",
            &cut,
            "",
            "the connection was closed within the reply at byte 66",
            1,
        ),
        (
            "ping",
            &endless,
            "",
            "the reply needs a buffer of 1000000000000000054 bytes",
            1,
        ),
        (
            "ping",
            &String::new(),
            "",
            "there is no reply on stdin",
            1,
        ),
        (
            "ping --elements",
            &count,
            "",
            "ping answers with no list; leave out --elements",
            1,
        ),
        (
            "ping pong",
            &count,
            "",
            "pong is one argument too many; --help lists them",
            1,
        ),
        (
            "ping --feed 0",
            &count,
            "",
            "--feed needs a whole number of bytes above 0",
            1,
        ),
        (
            "ping --frob",
            &count,
            "",
            "invalid option '--frob'; --help lists the options",
            1,
        ),
    ] {
        for feed in ["", " --feed 1", " --feed 3"] {
            if arguments.contains("--feed") && !feed.is_empty() {
                continue;
            }
            let arguments = format!("{arguments}{feed}");
            let words: Vec<&str> = arguments.split(' ').collect();
            let Some((out, err, code)) = run("decode", &words, input.as_bytes()) else {
                return;
            };
            assert_eq!(
                (out.as_str(), err.trim_end(), code),
                (stdout, stderr, status),
                "{arguments}"
            );
        }
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

#[test]
fn cli_shows_answers_or_says_what_is_wrong() {
    let bad_peer = PEERS.replacen("\"id\":0,", "\"id\":\"0\",", 1);
    let server = Server::start_at("127.0.0.1:0".parse().unwrap(), bad_peer, |stream| stream).unwrap();
    let url = server.url("http");
    let wrong = url.replace("foo", "fox");
    let cookie = std::env::temp_dir().join(format!("cookie-{}", std::process::id()));
    File::create(&cookie).unwrap();
    let no_cookie = format!("--cookie {} {url} ping", cookie.display());
    for (arguments, input, stdout, stderr, status) in [
        (format!("{url} getconnectioncount"), "", "79\n", "", 0),
        (format!("{url} ping"), "", "ping: done\n", "", 0),
        (format!("--json {url} ping"), "", "null\n", "", 0),
        (
            format!("{url} getpeerinfo"),
            "",
            "peer  address",
            "1 of 79 elements cannot be read",
            1,
        ),
        (
            format!("{url} batch getconnectioncount ping"),
            "",
            "getconnectioncount: 79\nping: done\n",
            "",
            0,
        ),
        (
            format!("{url} batch ping getpeerinfo"),
            "",
            "ping: done\ngetpeerinfo: [{",
            "1 of 2 answers",
            1,
        ),
        (
            format!("{url} -"),
            "ping\n\nnosuch\nping\n",
            "ping: done\nping: done\n",
            "line 3: there is no method",
            1,
        ),
        (format!("{url} -"), "", "no calls\n", "", 0),
        (
            format!("{wrong} -"),
            "ping\nping\n",
            "",
            "line 1: http 401: wrong or missing user and password",
            1,
        ),
        (
            format!("{wrong} ping"),
            "",
            "",
            "http 401: wrong or missing user and password",
            1,
        ),
        (format!("{url}/wallet ping"), "", "", "http 404: the path is wrong", 1),
        (
            no_cookie,
            "",
            "",
            &format!("{}: the cookie file must hold one line", cookie.display()),
            1,
        ),
        (
            "http://u:p/ss@localhost ping".into(),
            "",
            "",
            "the credentials must be",
            1,
        ),
        ("http://127.0.0.1:1 ping".into(), "", "", "cannot connect: ", 1),
        ("https://localhost ping".into(), "", "", "this example speaks no TLS", 1),
        (
            format!("{url} setban nobody add"),
            "",
            "",
            "the parameter \"nobody\" is not an IP address",
            1,
        ),
        (
            format!("{url} batch setban"),
            "",
            "",
            "the number of parameters is wrong",
            1,
        ),
        (
            format!("--timeout 0 {url} ping"),
            "",
            "",
            "--timeout needs a whole number of seconds above 0",
            1,
        ),
        ("--json".into(), "", "", "a URL is missing", 1),
        (url.clone(), "", "", "a METHOD is missing", 1),
    ] {
        let words: Vec<&str> = arguments.split(' ').collect();
        let Some((out, err, code)) = run("cli", &words, input.as_bytes()) else {
            return;
        };
        assert_eq!(code, status, "{arguments}: {out}{err}");
        assert!(
            out.starts_with(stdout) && out.is_empty() == stdout.is_empty(),
            "{arguments}: {out}"
        );
        assert!(
            err.starts_with(stderr) && err.is_empty() == stderr.is_empty(),
            "{arguments}: {err}"
        );
        assert!(err.lines().count() <= 2, "{arguments}: {err}");
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
        ("replay_node", "http://foo:bar@127.0.0.1:"),
    ] {
        let Some((stdout, stderr, status)) = run(name, &[], b"") else {
            return;
        };
        assert!(stdout.starts_with(shown), "{name}: {stdout}");
        assert_eq!((stderr.as_str(), status), ("", 0), "{name}");
    }
}
