//! Streams a long reply and says how long it was: long-reply FRAMING BYTES < RECORDED-REPLY

#[path = "../../../tests/long_reply/mod.rs"]
mod long_reply;

use std::io::{self, Read};

use long_reply::{Framing, LongReply};

fn main() {
    let mut recorded = Vec::new();
    io::stdin()
        .read_to_end(&mut recorded)
        .expect("a recorded reply can be read");
    let head = recorded.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    let body = &recorded[head.expect("a head ends with an empty line") + 4..];

    let mut arguments = std::env::args().skip(1);
    let framing = match arguments.next().as_deref() {
        Some("plain") => Framing::Plain,
        Some("length") => Framing::Length,
        Some("chunks") => Framing::Chunks,
        other => panic!("no such framing: {other:?}"),
    };
    let bytes = arguments
        .next()
        .and_then(|bytes| bytes.parse().ok())
        .expect("how many bytes?");

    let id = body.trim_ascii_end().strip_suffix(b"}").expect("a reply is an object");
    let digits = id.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let id = str::from_utf8(&id[id.len() - digits..])
        .ok()
        .and_then(|id| id.parse().ok())
        .expect("an id is last");

    let reply = LongReply::new(framing, body, bytes);
    let sum = reply.stream(id);
    let once = long_reply::whole(id, body).expect("it is a reply");
    assert_eq!(sum, once.times(reply.times));
    println!("{}", reply.length());
}
