//! Replies as httparse and a few lines beside it read them.

use httparse::{EMPTY_HEADER, Header, Response, Status};

/// A reply that is complete.
#[derive(Debug, PartialEq)]
pub struct Reply {
    pub status: u16,
    pub body: Vec<u8>,
    /// How many bytes of the stream it takes, interim replies before it among them.
    pub len: usize,
}

/// The reply at the start of a stream that has ended. Heads and chunks that the crate refuses may be taken.
pub fn read(stream: &[u8]) -> Option<Reply> {
    let mut headers = vec![EMPTY_HEADER; stream.len()];
    let mut head = Response::new(&mut headers);
    let Ok(Status::Complete(start)) = head.parse(stream) else {
        return None;
    };
    let rest = &stream[start..];
    let status = head.code?;
    if status < 200 {
        return read(rest).map(|reply| Reply {
            len: start + reply.len,
            ..reply
        });
    }
    let (body, len) = if matches!(status, 204 | 205 | 304) {
        (Vec::new(), 0)
    } else if value(head.headers, "Transfer-Encoding").is_some() {
        dechunk(rest)?
    } else if let Some(length) = value(head.headers, "Content-Length") {
        let length = length.split(',').next()?.trim().parse().ok()?;
        (rest.get(..length)?.to_vec(), length)
    } else {
        (rest.to_vec(), rest.len())
    };
    Some(Reply {
        status,
        body,
        len: start + len,
    })
}

fn value<'h>(headers: &[Header<'h>], name: &str) -> Option<&'h str> {
    let header = headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
    str::from_utf8(header.value).ok()
}

/// What a chunked body holds, and how long it is with its framing.
fn dechunk(stream: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut body = Vec::new();
    let mut rest = stream;
    loop {
        let line = line(&mut rest)?;
        let digits = line.split(|byte| *byte == b';').next()?;
        let size = usize::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?;
        if size == 0 {
            break;
        }
        let (data, after) = rest.split_at_checked(size)?;
        body.extend(data);
        rest = after.strip_prefix(b"\r\n")?;
    }
    while !line(&mut rest)?.is_empty() {}
    Some((body, stream.len() - rest.len()))
}

fn line<'s>(stream: &mut &'s [u8]) -> Option<&'s [u8]> {
    let end = stream.windows(2).position(|pair| pair == b"\r\n")?;
    let line = &stream[..end];
    *stream = &stream[end + 2..];
    Some(line)
}
