//! What each parser makes of a reply that ends with the connection.

use defichain_net_rpc::{Connection, ErrorKind, Want, http};
use ureq_proto::client::{Call, RecvResponseResult, SendRequestResult};
use ureq_proto::http::Request;

use crate::Verdict;

pub(crate) fn this_crate(stream: &[u8]) -> Verdict {
    let mut buf = vec![0; stream.len() + 1];
    let mut connection = Connection::awaiting_reply(1);
    let mut rest = stream;
    loop {
        match connection.poll(&mut buf) {
            Ok(Want::Read(space)) => {
                let (piece, later) = rest.split_at(space.len().min(rest.len()));
                space[..piece.len()].copy_from_slice(piece);
                rest = later;
                connection.received(piece.len());
            }
            Ok(Want::Ready(reply)) => return Verdict::complete(reply.status(), reply.body()),
            Ok(want) => unreachable!("{want:?}: the request has been sent"),
            Err(_) => return Verdict::None,
        }
    }
}

/// Reads heads alone, those of interim replies and the one behind them; tells also whether this crate, which comes to that
/// verdict on the whole stream, thinks the same of them.
pub(crate) fn httparse(stream: &[u8], ours: &Verdict) -> (Verdict, bool) {
    let mut length = 0;
    loop {
        let mut headers = [httparse::EMPTY_HEADER; 16];
        let mut head = httparse::Response::new(&mut headers);
        let verdict = match head.parse(&stream[length..]) {
            Ok(httparse::Status::Complete(more)) => {
                length += more;
                if matches!(head.code, Some(100 | 102..200)) && length < stream.len() {
                    continue;
                }
                return (Verdict::Head, takes_head(&stream[..length]));
            }
            Ok(httparse::Status::Partial) | Err(_) => Verdict::None,
        };
        let agrees = verdict == *ours;
        return (verdict, agrees);
    }
}

/// Whether this crate has nothing against the lines of a head. What they say of the body is none of httparse's business.
fn takes_head(head: &[u8]) -> bool {
    let mut buf = vec![0; head.len() + 16];
    let mut connection = Connection::awaiting_reply(1);
    let Ok(Want::Read(space)) = connection.poll(&mut buf) else {
        return false;
    };
    space[..head.len()].copy_from_slice(head);
    connection.received(head.len());
    match connection.poll(&mut buf) {
        Ok(_) => true,
        Err(error) => matches!(
            error.kind,
            ErrorKind::Http(http::ErrorKind::ContentLength | http::ErrorKind::TransferEncoding)
                | ErrorKind::TooLong { .. }
        ),
    }
}

pub(crate) fn ureq_proto(stream: &[u8]) -> Verdict {
    let request = Request::post("http://localhost:8554/").header("Content-Length", 0);
    let request = request.body(()).expect("this is a request");
    let mut call = Call::new(request).expect("this is a request").proceed();
    call.write(&mut [0; 256]).expect("the buffer is large enough");
    let mut call = match call.proceed() {
        Ok(Some(SendRequestResult::SendBody(mut call))) => {
            call.write(&[], &mut [0; 16]).expect("there is no body");
            call.proceed().expect("the request is sent")
        }
        Ok(Some(SendRequestResult::RecvResponse(call))) => call,
        _ => unreachable!("the request is sent"),
    };

    let mut rest = stream;
    let status = loop {
        match call.try_response(rest, false) {
            Ok((used, head)) => {
                rest = &rest[used..];
                match head {
                    Some(head) => break head.status().as_u16(),
                    None if used == 0 => return Verdict::None,
                    None => {}
                }
            }
            Err(_) => return Verdict::None,
        }
    };
    let Some(RecvResponseResult::RecvBody(mut call)) = call.proceed() else {
        return Verdict::complete(status, &[]);
    };
    let mut body = vec![0; rest.len()];
    let mut length = 0;
    loop {
        match call.read(rest, &mut body[length..]) {
            Ok((0, 0)) if call.can_proceed() => return Verdict::complete(status, &body[..length]),
            Ok((0, 0)) | Err(_) => return Verdict::None,
            Ok((used, count)) => {
                rest = &rest[used..];
                length += count;
            }
        }
    }
}
