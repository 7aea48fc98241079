//! The replies: three usual ones with one byte of them changed, put in, left out or the last; two headers of every kind that
//! bears on the framing; and others by hand.

/// A stream of bytes that may be a reply.
pub(crate) struct Reply {
    /// What is unusual about it.
    pub(crate) place: String,
    /// The byte that was put there.
    pub(crate) byte: Option<u8>,
    pub(crate) stream: Vec<u8>,
}

/// The parts of a reply, each with what it is. What has no name is left as it is.
type Parts = &'static [(&'static str, &'static str)];

const USUAL: [Parts; 3] = [
    &[
        ("protocol", "HTTP/"),
        ("major version", "1"),
        ("dot of the version", "."),
        ("minor version", "1"),
        ("space after the version", " "),
        ("status", "200"),
        ("space after the status", " "),
        ("reason", "OK"),
        ("CR of the status line", "\r"),
        ("LF of the status line", "\n"),
        ("name", "Server"),
        ("colon", ":"),
        ("space before the value", " "),
        ("value", "a/1 b"),
        ("CR of the header", "\r"),
        ("LF of the header", "\n"),
        ("name Content-Length", "Content-Length"),
        ("colon of Content-Length", ":"),
        ("space before the length", " "),
        ("length", "2"),
        ("CR of Content-Length", "\r"),
        ("LF of Content-Length", "\n"),
        ("CR of the empty line", "\r"),
        ("LF of the empty line", "\n"),
        ("body", "{}"),
    ],
    &[
        ("", "HTTP/1.1 200 OK\r\n"),
        ("name Transfer-Encoding", "Transfer-Encoding"),
        ("", ": "),
        ("coding", "chunked"),
        ("", "\r\n\r\n"),
        ("chunk size", "2"),
        ("CR of the chunk size", "\r"),
        ("LF of the chunk size", "\n"),
        ("chunk", "{}"),
        ("CR of the chunk", "\r"),
        ("LF of the chunk", "\n"),
        ("second chunk size", "1"),
        ("semicolon", ";"),
        ("chunk extension", "x=y"),
        ("CR of the chunk extension", "\r"),
        ("LF of the chunk extension", "\n"),
        ("second chunk", " "),
        ("CR of the second chunk", "\r"),
        ("LF of the second chunk", "\n"),
        ("last chunk size", "0"),
        ("CR of the last chunk size", "\r"),
        ("LF of the last chunk size", "\n"),
        ("name of the trailer", "T"),
        ("colon of the trailer", ":"),
        ("value of the trailer", " u"),
        ("CR of the trailer", "\r"),
        ("LF of the trailer", "\n"),
        ("last CR of the chunks", "\r"),
        ("last LF of the chunks", "\n"),
    ],
    &[
        ("interim protocol", "HTTP/"),
        ("interim major version", "1"),
        ("dot of the interim version", "."),
        ("interim minor version", "1"),
        ("space after the interim version", " "),
        ("interim status", "102"),
        ("space after the interim status", " "),
        ("interim reason", "A"),
        ("CR of the interim status line", "\r"),
        ("LF of the interim status line", "\n"),
        ("CR of the empty interim line", "\r"),
        ("LF of the empty interim line", "\n"),
        ("second protocol", "HTTP/"),
        ("second major version", "1"),
        ("dot of the second version", "."),
        ("second minor version", "1"),
        ("", " "),
        ("second status", "204"),
        ("", " \r\n\r\n"),
    ],
];

/// What bears on the framing, to be combined in pairs.
const VERSIONS: [&str; 2] = ["1.0", "1.1"];
const STATUSES: [&str; 3] = ["200 OK", "204 No Content", "304 Not Modified"];
const HEADERS: [&str; 8] = [
    "A: b",
    "Content-Length: 2",
    "Content-Length: 3",
    "Content-Length: 2, 2",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip",
    "Transfer-Encoding: gzip, chunked",
    "Connection: close",
];
const BODIES: [&str; 4] = ["", "{}", "{}\n", "2\r\n{}\r\n0\r\n\r\n"];

/// Replies by hand: head and body, as for [`Reply::new`].
const BY_HAND: &[(&str, &str)] = &[
    // Content-Length.
    ("1.1 200 OK|Content-Length: 2|Content-Length: 2", "{}"),
    ("1.1 200 OK|Content-Length: 2|Content-Length: 1", "{}"),
    ("1.1 200 OK|Content-Length: 2, 2", "{}"),
    ("1.1 200 OK|Content-Length: 2,2", "{}"),
    ("1.1 200 OK|Content-Length: 2, 1", "{}"),
    ("1.1 200 OK|Content-Length: 2,", "{}"),
    ("1.1 200 OK|Content-Length: ,2", "{}"),
    ("1.1 200 OK|Content-Length: 2 2", "{}"),
    ("1.1 200 OK|Content-Length:", "{}"),
    ("1.1 200 OK|Content-Length: ", "{}"),
    ("1.1 200 OK|Content-Length: +2", "{}"),
    ("1.1 200 OK|Content-Length: -2", "{}"),
    ("1.1 200 OK|Content-Length: 0x2", "{}"),
    ("1.1 200 OK|Content-Length: 2.0", "{}"),
    ("1.1 200 OK|Content-Length: 2;a", "{}"),
    ("1.1 200 OK|Content-Length: \"2\"", "{}"),
    ("1.1 200 OK|Content-Length: 02", "{}"),
    (
        "1.1 200 OK|Content-Length: 00000000000000000000000000000000000002",
        "{}",
    ),
    ("1.1 200 OK|Content-Length: 9223372036854775807", "{}"),
    ("1.1 200 OK|Content-Length: 9223372036854775808", "{}"),
    ("1.1 200 OK|Content-Length: 18446744073709551615", "{}"),
    ("1.1 200 OK|Content-Length: 18446744073709551616", "{}"),
    ("1.1 200 OK|Content-Length: 18446744073709551618", "{}"),
    ("1.1 200 OK|Content-Length: \u{0662}", "{}"),
    ("1.1 200 OK|CONTENT-LENGTH: 2", "{}"),
    ("1.1 200 OK|Content_Length: 2", "{}"),
    ("1.1 200 OK|Content-Length: 1", "{}"),
    ("1.1 200 OK|Content-Length: 3", "{}"),
    ("1.1 200 OK|Content-Length: 0", "{}"),
    // Transfer-Encoding.
    (
        "1.1 200 OK|Transfer-Encoding: chunked|Content-Length: 2",
        "2\r\n{}\r\n0\r\n\r\n",
    ),
    (
        "1.1 200 OK|Content-Length: 2|Transfer-Encoding: chunked",
        "2\r\n{}\r\n0\r\n\r\n",
    ),
    ("1.1 200 OK|Transfer-Encoding: CHUNKED", "2\r\n{}\r\n0\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked ", "2\r\n{}\r\n0\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked, chunked", "2\r\n{}\r\n0\r\n\r\n"),
    (
        "1.1 200 OK|Transfer-Encoding: chunked|Transfer-Encoding: chunked",
        "2\r\n{}\r\n0\r\n\r\n",
    ),
    ("1.1 200 OK|Transfer-Encoding: ,chunked", "2\r\n{}\r\n0\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked,", "2\r\n{}\r\n0\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: gzip, chunked", "2\r\n{}\r\n0\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked, gzip", "2\r\n{}\r\n0\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: gzip", "{}"),
    ("1.1 200 OK|Transfer-Encoding: identity", "{}"),
    ("1.1 200 OK|Transfer-Encoding: identity|Content-Length: 2", "{}"),
    ("1.1 200 OK|Transfer-Encoding:", "{}"),
    ("1.1 200 OK|Transfer-Encoding: xchunked", "2\r\n{}\r\n0\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked;q=1", "2\r\n{}\r\n0\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: \"chunked\"", "2\r\n{}\r\n0\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chun|\tked", "2\r\n{}\r\n0\r\n\r\n"),
    // Chunks.
    ("1.1 200 OK|Transfer-Encoding: chunked", "0\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked", "000\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked", "\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked", "+2\r\n{}\r\n0\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked", "-2\r\n{}\r\n0\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked", " 2\r\n{}\r\n0\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked", "2 \r\n{}\r\n0\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked", "2\t\r\n{}\r\n0\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked", "2 ;x\r\n{}\r\n0\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked", "0x2\r\n{}\r\n0\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked", "2_0\r\n{}\r\n0\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked", "2\n{}\n0\n\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked", "2\n{}\r\n0\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked", "2\r\n{}\n0\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked", "2\r\n{}0\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked", "2\r\n{}  0\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked", "2\r\n{}\r\n0\n\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\nA: b\n\n"),
    (
        "1.1 200 OK|Transfer-Encoding: chunked",
        "2\r\n{}\r\n0\r\nContent-Length: 9\r\n\r\n",
    ),
    (
        "1.1 200 OK|Transfer-Encoding: chunked",
        "2\r\n{}\r\n0\r\nno colon\r\n\r\n",
    ),
    (
        "1.1 200 OK|Transfer-Encoding: chunked",
        "2\r\n{}\r\n0\r\n folded\r\n\r\n",
    ),
    ("1.1 200 OK|Transfer-Encoding: chunked", "2;\r\n{}\r\n0;\r\n\r\n"),
    ("1.1 200 OK|Transfer-Encoding: chunked", "2;a=\"\n\"\r\n{}\r\n0\r\n\r\n"),
    (
        "1.1 200 OK|Transfer-Encoding: chunked",
        "2;a=\"\r\n\"\r\n{}\r\n0\r\n\r\n",
    ),
    (
        "1.1 200 OK|Transfer-Encoding: chunked",
        "0000000000000000000000002\r\n{}\r\n0\r\n\r\n",
    ),
    ("1.1 200 OK|Transfer-Encoding: chunked", "FFFFFFFFFFFFFFFF\r\n{}"),
    ("1.1 200 OK|Transfer-Encoding: chunked", "10000000000000000\r\n{}"),
    (
        "1.1 200 OK|Transfer-Encoding: chunked",
        "10000000000000002\r\n{}\r\n0\r\n\r\n",
    ),
    // Statuses, and the body that they may have.
    ("1.1 204 No Content|Content-Length: 2", "{}"),
    ("1.1 204 No Content|Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n"),
    ("1.1 204 No Content", "{}"),
    ("1.1 304 Not Modified|Content-Length: 2", "{}"),
    (
        "1.1 304 Not Modified|Transfer-Encoding: chunked",
        "2\r\n{}\r\n0\r\n\r\n",
    ),
    ("1.1 205 Reset Content|Content-Length: 2", "{}"),
    ("1.1 200 OK", "{}"),
    ("1.1 200 OK|Connection: close", "{}"),
    ("1.1 200 OK|Connection: close|Content-Length: 2", "{}"),
    ("1.1 301 Moved|Location: /|Content-Length: 2", "{}"),
    ("1.1 600 What|Content-Length: 2", "{}"),
    ("1.1 999 What|Content-Length: 2", "{}"),
    ("1.1 000 What|Content-Length: 2", "{}"),
    ("1.1 099 What|Content-Length: 2", "{}"),
    ("1.1 20 OK|Content-Length: 2", "{}"),
    ("1.1 2000 OK|Content-Length: 2", "{}"),
    ("1.1 200|Content-Length: 2", "{}"),
    ("1.1 200 |Content-Length: 2", "{}"),
    // Interim replies.
    ("1.1 100 Continue||HTTP/1.1 200 OK|Content-Length: 2", "{}"),
    ("1.1 100 Continue|A: b||HTTP/1.1 200 OK|Content-Length: 2", "{}"),
    (
        "1.1 100 Continue|Content-Length: 2||HTTP/1.1 200 OK|Content-Length: 2",
        "{}",
    ),
    (
        "1.1 100 Continue|Transfer-Encoding: chunked||HTTP/1.1 200 OK|Content-Length: 2",
        "{}",
    ),
    ("1.1 103 Early Hints|A: b||HTTP/1.1 200 OK|Content-Length: 2", "{}"),
    ("1.1 101 Switching Protocols|Upgrade: x|Connection: upgrade", "{}"),
    ("1.1 101 Switching Protocols", "{}"),
    ("1.1 199 What||HTTP/1.1 200 OK|Content-Length: 2", "{}"),
    ("1.1 100 Continue||HTTP/1.0 200 OK|Content-Length: 2", "{}"),
    (
        "1.1 100 1||HTTP/1.1 100 2||HTTP/1.1 100 3||HTTP/1.1 200 OK|Content-Length: 2",
        "{}",
    ),
    // Another version.
    ("1.0 200 OK", "{}"),
    ("1.0 200 OK|Content-Length: 2", "{}"),
    ("1.0 200 OK|Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n"),
    (
        "1.0 200 OK|Transfer-Encoding: chunked|Content-Length: 2",
        "2\r\n{}\r\n0\r\n\r\n",
    ),
    ("1.0 204 No Content|Content-Length: 2", "{}"),
    ("1.0 100 Continue||HTTP/1.0 200 OK|Content-Length: 2", "{}"),
    ("1.2 200 OK|Content-Length: 2", "{}"),
    ("1.9 200 OK|Content-Length: 2", "{}"),
    ("2.0 200 OK|Content-Length: 2", "{}"),
    ("0.9 200 OK|Content-Length: 2", "{}"),
    ("1 200 OK|Content-Length: 2", "{}"),
    ("01.1 200 OK|Content-Length: 2", "{}"),
    ("1.01 200 OK|Content-Length: 2", "{}"),
    // Header lines.
    ("1.1 200 OK|A: b| c|Content-Length: 2", "{}"),
    ("1.1 200 OK|A:|Content-Length: 2", "{}"),
    ("1.1 200 OK|A: \u{e9}|Content-Length: 2", "{}"),
    ("1.1 200 OK| A: b|Content-Length: 2", "{}"),
    ("1.1 200 OK|no colon|Content-Length: 2", "{}"),
    ("1.1 200 OK|: empty|Content-Length: 2", "{}"),
    ("1.1 200 OK|Content-Length : 2", "{}"),
    ("1.1 200 OK|Content-Length\t: 2", "{}"),
    ("1.1 200 OK|Host: a|Host: b|Content-Length: 2", "{}"),
];

pub(crate) fn replies() -> Vec<Reply> {
    let mut replies = Vec::new();
    for parts in USUAL {
        changed(parts, &mut replies);
    }
    for version in VERSIONS {
        for status in STATUSES {
            for one in HEADERS {
                for other in HEADERS {
                    for body in BODIES {
                        replies.push(Reply::new(&format!("{version} {status}|{one}|{other}"), body));
                    }
                }
            }
        }
    }
    replies.extend(BY_HAND.iter().map(|(head, body)| Reply::new(head, body)));
    replies
}

/// A reply with each byte changed in every way.
fn changed(parts: Parts, replies: &mut Vec<Reply>) {
    let usual: Vec<u8> = parts.iter().flat_map(|(_, part)| part.bytes()).collect();
    let mut start = 0;
    for (name, part) in parts {
        for (place, byte) in (start..).zip(part.bytes()) {
            if name.is_empty() {
                continue;
            }
            let (before, after) = (&usual[..place], &usual[place + 1..]);
            let mut push = |place: String, byte: u8, stream: Vec<u8>| {
                replies.push(Reply {
                    place,
                    byte: Some(byte),
                    stream,
                });
            };
            push(format!("end of the stream before {name}"), byte, before.to_vec());
            push(format!("{name} without"), byte, [before, after].concat());
            for other in 0..=0xff {
                if other != byte {
                    push(format!("{name} with"), other, [before, &[other], after].concat());
                }
                push(
                    format!("before {name}"),
                    other,
                    [before, &[other, byte], after].concat(),
                );
            }
        }
        start += part.len();
    }
}

impl Reply {
    /// A reply of what follows `HTTP/` in its head, with `|` as the end of a line, and a body.
    fn new(head: &str, body: &str) -> Self {
        Self {
            place: format!("{head}||{}", body.escape_default()),
            byte: None,
            stream: format!("HTTP/{}\r\n\r\n{body}", head.replace('|', "\r\n")).into_bytes(),
        }
    }
}
