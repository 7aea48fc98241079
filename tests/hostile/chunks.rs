//! Chunks (RFC 9112, section 7.1), and streams that never end.

use defichain_net_rpc::http::{ErrorKind, MAX_CHUNK_LINE, MAX_INTERIM, MAX_TRAILER};
use defichain_net_rpc::{self as rpc, Connection, Want};

use crate::http_tables::CHUNKS;
use crate::replies::{BODY, chunked, count_in, is_reusable, refused_as_http};
use crate::streams::receive;

#[test]
fn chunks_may_have_any_size_and_extensions() {
    let (first, rest) = BODY.split_at(20);
    let digits = "0".repeat(usize::from(MAX_CHUNK_LINE) - 2);
    let extension = "x".repeat(usize::from(MAX_CHUNK_LINE) - 3);
    for chunks in [
        format!("14\r\n{first}\r\nC\r\n{rest}\r\n0\r\n\r\n"),
        format!("20;a=b\r\n{BODY}\r\n0;last\r\n\r\n"),
        format!("0020;a=\"b;\tc\u{e9}\"\r\n{BODY}\r\n000\r\n\r\n"),
        format!("{digits}20\r\n{BODY}\r\n0\r\n\r\n"),
        format!("20;{extension}\r\n{BODY}\r\n0\r\n\r\n"),
        format!("20\r\n{BODY}\r\n0\r\nContent-Length: 7\r\nServer: \u{e9}\r\n\r\n"),
    ] {
        let stream = chunked(&chunks);
        receive(1, stream.as_bytes(), |reply| {
            assert_eq!(reply.unwrap().body(), BODY.as_bytes(), "{chunks}");
        });
        assert_eq!(count_in(&stream), Ok(8), "{chunks}");
        assert!(is_reusable(&stream), "{chunks}");
    }
}

#[test]
fn a_chunk_that_is_malformed_is_refused_where_it_goes_wrong() {
    for (chunks, offset) in CHUNKS {
        let reply = chunked(chunks);
        let offset = reply.len() - chunks.len() + offset;
        assert_eq!(refused_as_http(&reply), (ErrorKind::Chunk, offset), "{chunks:?}");
    }
}

#[test]
fn every_chunk_line_has_the_same_limit() {
    let limit = usize::from(MAX_CHUNK_LINE);
    let zeros = format!("{:0>limit$}", 1);
    let extension = format!("1;{}", "x".repeat(limit - 2));
    for line in [zeros, extension] {
        assert_eq!(line.len(), limit);
        for before in ["", "1\r\n{\r\n", "1\r\n{\r\n1\r\n}\r\n"] {
            let chunks = format!("{before}{line}\r\n}}\r\n0\r\n\r\n");
            receive(1, chunked(&chunks).as_bytes(), |reply| {
                assert!(reply.is_ok(), "{before:?}: {reply:?}");
            });

            let wrong = chunked(before).len() + limit;
            let chunks = format!("{before}{line}{}", if line.contains(';') { "x\r\n" } else { "1\r\n" });
            assert_eq!(
                refused_as_http(&chunked(&chunks)),
                (ErrorKind::ChunkLineTooLong, wrong),
                "{before:?}"
            );
        }
    }
}

#[test]
fn trailers_have_a_limit_together() {
    let limit = usize::from(MAX_TRAILER);
    for lines in [1, 2, 512] {
        let line = limit / lines - 2;
        let trailers = format!("{:a<line$}\r\n", "A:").repeat(lines);
        assert_eq!(trailers.len(), limit);
        let reply = chunked(&format!("0\r\n{trailers}\r\n"));
        receive(1, reply.as_bytes(), |reply| {
            assert!(reply.is_ok(), "{lines}: {reply:?}");
        });

        let begin = chunked("0\r\n").len();
        let reply = chunked(&format!("0\r\n{trailers}{trailers}\r\n"));
        let (kind, offset) = refused_as_http(&reply);
        assert_eq!(kind, ErrorKind::TrailerTooLong, "{lines}");
        assert!(
            (begin + limit..begin + limit + line + 2).contains(&offset),
            "{lines}: {offset}"
        );
    }
}

#[test]
fn a_stream_without_end_is_refused_at_a_limit() {
    const SIZE: usize = 1000;
    let full = rpc::ErrorKind::TooLong { needed: SIZE + 1 };
    let http = rpc::ErrorKind::Http;
    let head = chunked("").len();
    let line = usize::from(MAX_CHUNK_LINE);
    for (begin, forever, kind, offset) in [
        ("HTTP/1.1 200 ", "OK ", full, SIZE),
        ("HTTP/1.1 200 OK\r\nA: ", "a", full, SIZE),
        ("HTTP/1.1 200 OK\r\nA", "a", full, SIZE),
        ("HTTP/1.1 200 OK\r\n", "A: b\r\n", full, SIZE),
        ("HTTP/1.1 200 OK\r\n\r\n", " ", full, SIZE),
        (
            "",
            "HTTP/1.1 100 Continue\r\n\r\n",
            http(ErrorKind::TooManyInterim),
            25 * usize::from(MAX_INTERIM),
        ),
        (&chunked("0"), "0", http(ErrorKind::ChunkLineTooLong), head + line),
        (&chunked("1;"), "a", http(ErrorKind::ChunkLineTooLong), head + line),
        (
            &chunked("1;"),
            ";a=\"b\"",
            http(ErrorKind::ChunkLineTooLong),
            head + line,
        ),
        // What is body is kept, the six bytes for each of them are not.
        (&chunked(""), "1\r\n[\r\n", full, head + 6 * (SIZE - head) - 2),
        (&chunked("ffffffff\r\n"), "[", full, SIZE + 10),
        (
            &chunked("0\r\n"),
            "A",
            http(ErrorKind::TrailerTooLong),
            head + 3 + usize::from(MAX_TRAILER),
        ),
        // Within the line that is too much.
        (
            &chunked("0\r\n"),
            "A: b\r\n",
            http(ErrorKind::TrailerTooLong),
            head + 3 + usize::from(MAX_TRAILER) + 2,
        ),
    ] {
        for piece in PIECES {
            let error = endless(begin, forever, piece, SIZE).unwrap_err();
            assert_eq!((error.kind, error.offset), (kind, offset), "{forever:?} by {piece}");
        }
    }
}

/// What begins like no JSON is not worth a longer buffer.
#[test]
fn a_text_without_end_is_cut_where_the_buffer_ends() {
    const SIZE: usize = 1000;
    for (begin, forever) in [
        (chunked(""), "1\r\na\r\n"),
        (chunked("ffffffff\r\n"), "a"),
        ("HTTP/1.1 200 OK\r\n\r\n".to_owned(), "a"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n".to_owned(), "a"),
        ("HTTP/1.1 503 OK\r\n\r\n".to_owned(), " "),
    ] {
        for piece in PIECES {
            let (body, is_open) = endless(&begin, forever, piece, SIZE).unwrap();
            let head = begin.find("\r\n\r\n").unwrap() + 4;
            assert_eq!(body.len(), SIZE - head, "{begin}{forever} by {piece}");
            assert!(
                body.iter().all(|byte| b"a ".contains(byte)),
                "{begin}{forever} by {piece}"
            );
            assert!(!is_open, "{begin}{forever} by {piece}");
        }
    }
}

/// How many bytes are received at once.
const PIECES: [usize; 5] = [1, 2, 3, 100, 1000];

/// Reads a stream that never ends into a buffer of this size. Returns the body, and whether the stream can be used again.
#[track_caller]
fn endless(begin: &str, forever: &str, piece: usize, size: usize) -> Result<(Vec<u8>, bool), rpc::Error> {
    let mut buf = vec![0; size];
    let mut connection = Connection::awaiting_reply(1);
    let mut bytes = begin.bytes().chain(forever.bytes().cycle());
    while let Want::Read(space) = connection.poll(&mut buf)? {
        let count = space.len().min(piece);
        space[..count].fill_with(|| bytes.next().unwrap());
        connection.received(count);
    }
    let body = connection.reply(&buf)?.body().to_vec();
    Ok((body, connection.is_open()))
}
