//! Several requests in one body, and the replies to them in any order.

use core::fmt;

use super::{Envelope, Id, Items, NodeError, write_request};
use crate::bytes::writer::{BufferTooSmall, Writer};
use crate::error::{Error, ErrorKind};
use crate::json::{FromJson, Reader};
use crate::method::Method;

/// Writes the request for a batch of methods into a buffer, for one's own HTTP; [`Connection::batch`](crate::Connection::batch)
/// does it with HTTP. The function fills the batch; what it gives, mostly the ids, is given back beside the body.
///
/// The node works on the requests one after the other and answers with status 200, whatever becomes of each.
///
/// ```
/// use defichain_net_rpc::network::{GetConnectionCount, GetNetTotals, NetTotals};
/// use defichain_net_rpc::rpc::{BatchResponse, batch_request};
///
/// let mut buf = [0; 256];
/// let ((count, totals), body) =
///     batch_request(1, &mut buf, |batch| (batch.push(&GetConnectionCount), batch.push(&GetNetTotals)))?;
/// # assert!(body.starts_with(br#"[{"jsonrpc":"1.0","id":1,"method":"getconnectioncount","params":[]},{"#));
///
/// # let reply = br#"[{"result":8,"error":null,"id":1},{"result":{"totalbytesrecv":57,"totalbytessent":19,
/// #   "timemillis":1795354416124,"uploadtarget":{"timeframe":86400,"target":0,"target_reached":false,
/// #   "serve_historical_blocks":true,"bytes_left_in_cycle":0,"time_left_in_cycle":0}},"error":null,"id":2}]"#;
/// let mut slots = [const { None }; 2];
/// let batch = BatchResponse::read(1, reply, &mut slots)?;
/// assert_eq!(batch.response::<u64>(count)?, 8);
/// assert_eq!(batch.response::<NetTotals>(totals)?.total_bytes_recv, 57);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`BufferTooSmall`], with the size that the whole batch takes.
pub fn batch_request<T>(
    first_id: u64,
    buf: &mut [u8],
    fill: impl FnOnce(&mut BatchRequest<'_>) -> T,
) -> Result<(T, &[u8]), BufferTooSmall> {
    let mut batch = BatchRequest::new(first_id, Writer::new(buf));
    let value = fill(&mut batch);
    Ok((value, batch.close().finish()?))
}

/// A batch of requests that is being filled, with ids that count up; from [`Connection::batch`](crate::Connection::batch) and
/// [`batch_request`].
#[derive(Debug)]
pub struct BatchRequest<'b> {
    writer: Writer<'b>,
    next_id: u64,
    before: u8,
    is_repeatable: bool,
}

impl<'b> BatchRequest<'b> {
    /// An empty batch. The first request will have this id.
    pub(crate) fn new(first_id: u64, writer: Writer<'b>) -> Self {
        Self {
            writer,
            next_id: first_id,
            before: b'[',
            is_repeatable: true,
        }
    }

    /// Adds a request, and gives its id. Ids behind 2<sup>64</sup> - 1 begin again at 0.
    pub fn push<M: Method>(&mut self, method: &M) -> u64 {
        self.writer.byte(self.before);
        self.before = b',';
        let id = self.next_id;
        self.next_id = id.wrapping_add(1);
        self.is_repeatable &= method.is_repeatable();
        write_request(method.name(), id, method, &mut self.writer);
        id
    }

    /// The id that the next request would have.
    pub(crate) fn next_id(&self) -> u64 {
        self.next_id
    }

    /// Whether all of its methods are [repeatable](Method::is_repeatable).
    pub(crate) fn is_repeatable(&self) -> bool {
        self.is_repeatable
    }

    pub(crate) fn close(mut self) -> Writer<'b> {
        if self.before == b'[' {
            self.writer.byte(b'[');
        }
        self.writer.byte(b']');
        self.writer
    }
}

/// Where the reply to one request of a batch is kept: `[const { None }; 8]` are slots for eight.
pub type Slot<'a> = Option<Envelope<'a>>;

/// The replies to a batch, each in the slot of its request. [`batch_request`] has an example.
///
/// Replies come in any order. One that is an error, or missing, or not as it should be leaves the others readable;
/// [`faults`](BatchResponse::faults) names what does not belong.
#[derive(Debug)]
pub struct BatchResponse<'s, 'a> {
    first_id: u64,
    body: Items<'a, Envelope<'a>>,
    slots: &'s [Slot<'a>],
}

impl<'s, 'a> BatchResponse<'s, 'a> {
    /// Reads the reply to a batch: the body as a whole, and nothing but it. There must be a slot for each request: a reply
    /// without one is [`BatchFault::Surplus`], and missing where it is asked for.
    ///
    /// # Errors
    ///
    /// The node's error if it could not read the batch at all, or what is wrong with the body and where.
    pub fn read(first_id: u64, body: &'a [u8], slots: &'s mut [Slot<'a>]) -> Result<Self, Error> {
        slots.fill(None);
        let mut reader = Reader::new(body);
        if reader.peek() == Some(b'{') {
            // The node answers a batch that it cannot read with a single error.
            let mut envelope = Envelope::default();
            envelope.read_whole(&mut reader);
            if !reader.has_failed()
                && let Some(error) = &envelope.error
            {
                // To a batch as a whole: no request of it is meant.
                return Err(match envelope.id {
                    Id::Null => Error::new(ErrorKind::Node(error.code), 0),
                    _ => Error::new(ErrorKind::WrongId, envelope.id_offset),
                });
            }
            reader = Reader::new(body);
        }
        reader.skip();
        reader.end();
        reader.finish()?;
        reader = Reader::new(body);
        let items: Items<'a, Envelope<'a>> = Items::from_json(&mut reader);
        reader.finish()?;
        let replies = items.clone();
        for reply in replies {
            if let Ok(reply) = reply
                && let Some(slot @ None) = index(first_id, &reply).and_then(|index| slots.get_mut(index))
            {
                *slot = Some(reply);
            }
        }
        Ok(Self {
            first_id,
            body: items,
            slots,
        })
    }

    /// Reads the reply to the request with this id, as [`Response<M>`](crate::Response) or as any other type.
    ///
    /// # Errors
    ///
    /// The node answered with an error, [`ErrorKind::MissingReply`], or what is wrong with the result and where in the body.
    pub fn response<V: FromJson<'a>>(&self, id: u64) -> Result<V, Error> {
        let envelope = self.envelope(id).ok_or(Error::new(ErrorKind::MissingReply, 0))?;
        envelope.read_result()
    }

    /// The error that the node answered the request with this id with, and its words.
    #[must_use]
    pub fn node_error(&self, id: u64) -> Option<&NodeError<&'a str>> {
        self.envelope(id)?.node_error()
    }

    fn envelope(&self, id: u64) -> Option<&Envelope<'a>> {
        let index = usize::try_from(id.wrapping_sub(self.first_id)).ok()?;
        self.slots.get(index)?.as_ref()
    }

    /// What in the body is no reply to a request of this batch, in its order.
    pub fn faults(&self) -> impl Iterator<Item = BatchFault<'a>> + use<'s, 'a> {
        let (first_id, slots) = (self.first_id, self.slots);
        self.body.clone().filter_map(move |reply| {
            let reply = match reply {
                Ok(reply) => reply,
                Err(error) => return Some(BatchFault::Invalid(error)),
            };
            match index(first_id, &reply).and_then(|index| slots.get(index)) {
                Some(Some(first)) if first.id_offset == reply.id_offset => None,
                Some(_) => Some(BatchFault::Duplicate(reply)),
                None => Some(BatchFault::Surplus(reply)),
            }
        })
    }
}

/// Which of the slots a reply belongs into, if there are enough.
fn index(first_id: u64, reply: &Envelope<'_>) -> Option<usize> {
    match reply.id {
        Id::Number(id) => usize::try_from(id.wrapping_sub(first_id)).ok(),
        _ => None,
    }
}

/// What is in the reply to a batch but does not belong there; from [`BatchResponse::faults`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum BatchFault<'a> {
    /// An element that is no reply.
    Invalid(Error),
    /// One more reply to a request that has had one.
    Duplicate(Envelope<'a>),
    /// A reply to no request of the batch; with a null id and an error, to one that the node could not read.
    Surplus(Envelope<'a>),
}

impl fmt::Display for BatchFault<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(error) => error.fmt(f),
            Self::Duplicate(reply) => write!(f, "a second reply to the request with id {}", reply.id),
            Self::Surplus(reply) => write!(f, "a reply to no request of the batch, with id {}", reply.id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{NetworkInfo, Ping};
    use crate::rpc::Code;
    use proptest::prelude::*;

    fn describe(faults: impl Iterator<Item = BatchFault<'static>>) -> Vec<String> {
        faults
            .map(|fault| match fault {
                BatchFault::Surplus(ref reply) => {
                    let result = reply.clone().result::<()>();
                    format!(
                        "{fault} {:?}",
                        result.map_err(|error| error.code().map_or(0, |code| code.0))
                    )
                }
                fault => fault.to_string(),
            })
            .collect()
    }

    #[test]
    fn a_batch_is_an_array_of_requests() {
        let mut buf = [0; 256];
        let two = |batch: &mut BatchRequest<'_>| (batch.push(&Ping), batch.push(&Ping));
        let (ids, body) = batch_request(u64::MAX, &mut buf, two).unwrap();
        assert_eq!(ids, (u64::MAX, 0));
        assert_eq!(
            body,
            br#"[{"jsonrpc":"1.0","id":18446744073709551615,"method":"ping","params":[]},{"jsonrpc":"1.0","id":0,"method":"ping","params":[]}]"#
        );
        let needed = body.len();
        assert_eq!(batch_request(1, &mut buf, |_| ()), Ok(((), b"[]".as_slice())));
        let error = batch_request(u64::MAX, &mut buf[..needed - 1], two).unwrap_err();
        assert_eq!(error.needed, needed);
    }

    #[test]
    fn a_reply_that_is_wrong_leaves_the_others_readable() {
        let body = br#" [ {"result":8,"error":null,"id":7}, {"error":{"code":-28,"message":"soon"},"id":6}, 5,
            {"result":9,"error":null,"id":7},{"result":null,"error":null,"id":5}, {"result":null,"error":null,"id":9},
            {"result":null,"error":{"code":-32600,"message":"Invalid Request object"},"id":null} ] "#;
        let mut slots = [const { None }; 4];
        let batch = BatchResponse::read(5, body, &mut slots).unwrap();
        assert_eq!(batch.response(5), Ok(()));
        let error = batch.response::<NetworkInfo<&str>>(6).unwrap_err();
        assert_eq!(error.code(), Some(Code::IN_WARMUP));
        assert_eq!(batch.node_error(6).unwrap().message, "soon");
        assert_eq!(batch.node_error(7), None);
        assert_eq!(batch.response(7), Ok(8_u64));
        for id in [0, 4, 8, 9, u64::MAX] {
            assert_eq!(batch.response::<()>(id).unwrap_err().kind, ErrorKind::MissingReply);
        }
        assert_eq!(
            describe(batch.faults()),
            [
                "not an object at byte 85",
                "a second reply to the request with id 7",
                "a reply to no request of the batch, with id 9 Ok(())",
                "a reply to no request of the batch, with id null Err(-32600)",
            ]
        );
    }

    #[test]
    fn a_body_that_is_no_batch_is_refused() {
        let mut slots = [const { None }; 1];
        for (body, error) in [
            (
                r#"{"result":null,"error":{"code":-32700,"message":"Parse error"},"id":null}"#,
                "node error -32700",
            ),
            (r#"{"result":[],"error":null,"id":1}"#, "not an array at byte 0"),
            (
                r#"[{"result":8,"error":null,"id":1}"#,
                "the text ends too early at byte 33",
            ),
            ("[] []", "more text after the value at byte 3"),
            ("8", "not an array at byte 0"),
        ] {
            let result = BatchResponse::read(1, body.as_bytes(), &mut slots).map(|_| ());
            assert_eq!(result.expect_err(body).to_string(), error, "{body}");
        }
        assert!(
            BatchResponse::read(1, b"[]", &mut slots)
                .unwrap()
                .faults()
                .next()
                .is_none()
        );
    }

    proptest! {
        #[test]
        fn any_order_of_replies_is_matched(
            first_id: u64,
            order in Just((0..9_u64).collect::<Vec<_>>()).prop_shuffle(),
            missing in 0..9_u64,
        ) {
            let reply = |index: &u64| {
                let id = first_id.wrapping_add(*index);
                format!(r#"{{"result":{},"error":null,"id":{id}}}"#, index * 10)
            };
            let replies: Vec<_> = order.iter().filter(|index| **index != missing).map(reply).collect();
            let body = format!("[{}]", replies.join(","));
            let mut slots = [const { None }; 9];
            let batch = BatchResponse::read(first_id, body.as_bytes(), &mut slots).unwrap();
            for index in 0..9 {
                let id = first_id.wrapping_add(index);
                let expected = if index == missing { Err(ErrorKind::MissingReply) } else { Ok(index * 10) };
                prop_assert_eq!(batch.response::<u64>(id).map_err(|error| error.kind), expected);
            }
            prop_assert!(batch.faults().next().is_none());
        }
    }
}
