//! Several requests in one body, and the replies to them in any order.

use core::fmt;

use super::{Envelope, Id, Items, ResponseError, write_request};
use crate::Method;
use crate::json::{BufferTooSmall, Error, FromJson, Reader, Writer};

/// Writes several requests into one buffer, as a batch with ids that count up.
///
/// The node works on them one after the other and answers with status 200, whatever becomes of each.
///
/// ```
/// use defichain_net_rpc::network::{GetConnectionCount, GetNetTotals};
/// use defichain_net_rpc::rpc::{BatchRequest, BatchResponse};
///
/// let mut buf = [0; 256];
/// let mut batch = BatchRequest::new(1, &mut buf);
/// let count = batch.push(&GetConnectionCount);
/// let totals = batch.push(&GetNetTotals);
/// let body = batch.finish()?;
/// # assert!(body.starts_with(br#"[{"jsonrpc":"1.0","id":1,"method":"getconnectioncount","params":[]},{"#));
///
/// # let reply = br#"[{"result":8,"error":null,"id":1},{"result":{"totalbytesrecv":57,"totalbytessent":19,
/// #   "timemillis":1795354416124,"uploadtarget":{"timeframe":86400,"target":0,"target_reached":false,
/// #   "serve_historical_blocks":true,"bytes_left_in_cycle":0,"time_left_in_cycle":0}},"error":null,"id":2}]"#;
/// let mut slots = [const { None }; 2];
/// let batch = BatchResponse::read(1, reply, &mut slots)?;
/// assert_eq!(batch.response(&GetConnectionCount, count)?, 8);
/// assert_eq!(batch.response(&GetNetTotals, totals)?.total_bytes_recv, 57);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct BatchRequest<'b> {
    writer: Writer<'b>,
    next_id: u64,
    before: u8,
}

impl<'b> BatchRequest<'b> {
    /// An empty batch. The first request will have this id.
    pub fn new(first_id: u64, buf: &'b mut [u8]) -> Self {
        Self::with_writer(first_id, Writer::new(buf))
    }

    pub(crate) fn with_writer(first_id: u64, writer: Writer<'b>) -> Self {
        Self {
            writer,
            next_id: first_id,
            before: b'[',
        }
    }

    /// Adds a request, and gives its id. Ids behind 2<sup>64</sup> - 1 begin again at 0.
    pub fn push<M: Method>(&mut self, method: &M) -> u64 {
        self.writer.byte(self.before);
        self.before = b',';
        let id = self.next_id;
        self.next_id = id.wrapping_add(1);
        write_request(method, id, &mut self.writer);
        id
    }

    /// The body that was written.
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`], with the size that the whole batch takes.
    pub fn finish(self) -> Result<&'b [u8], BufferTooSmall> {
        self.close().finish()
    }

    pub(crate) fn close(mut self) -> Writer<'b> {
        if self.before == b'[' {
            self.writer.byte(b'[');
        }
        self.writer.byte(b']');
        self.writer
    }
}

/// The replies to a batch, each in the slot of its request. [`BatchRequest`] has an example.
///
/// Replies come in any order. One that is an error, or missing, or not as it should be leaves the others readable;
/// [`faults`](BatchResponse::faults) names what does not belong.
#[derive(Debug)]
pub struct BatchResponse<'s, 'a> {
    first_id: u64,
    body: Items<'a, Envelope<'a>>,
    slots: &'s [Option<Envelope<'a>>],
}

impl<'s, 'a> BatchResponse<'s, 'a> {
    /// Reads the reply to a batch: the body as a whole, and nothing but it. There must be a slot for each request.
    ///
    /// # Errors
    ///
    /// The node's error if it could not read the batch at all, or what is wrong with the body and where.
    pub fn read(
        first_id: u64,
        body: &'a [u8],
        slots: &'s mut [Option<Envelope<'a>>],
    ) -> Result<Self, ResponseError<'a>> {
        let mut reader = Reader::new(body);
        if reader.peek() == Ok(b'{') {
            // The node answers a batch that it cannot read with a single error.
            let mut envelope = Envelope::default();
            if envelope.read_whole(&mut reader).is_ok()
                && let Some(error) = envelope.error
            {
                return Err(ResponseError::Node(error));
            }
            reader = Reader::new(body);
        }
        let items = reader
            .skip()
            .and_then(|()| reader.end())
            .and_then(|()| {
                reader = Reader::new(body);
                Items::from_json(&mut reader)
            })
            .map_err(|kind| ResponseError::Invalid(reader.error(kind)))?;
        slots.fill(None);
        let replies: Items<'a, Envelope<'a>> = items.clone();
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

    /// Reads the reply to the request of a method that has this id.
    ///
    /// # Errors
    ///
    /// The node's error, [`ResponseError::MissingReply`], or what is wrong with the result and where in the body.
    pub fn response<M: Method>(&self, method: &M, id: u64) -> Result<M::Response<'a>, ResponseError<'a>> {
        _ = method;
        usize::try_from(id.wrapping_sub(self.first_id))
            .ok()
            .and_then(|index| self.slots.get(index)?.clone())
            .ok_or(ResponseError::MissingReply { id })?
            .result()
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

impl core::error::Error for BatchFault<'_> {}

impl fmt::Display for BatchFault<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(error) => write!(f, "reply: {error}"),
            Self::Duplicate(reply) => write!(f, "reply: one more to the request with id {}", reply.id),
            Self::Surplus(reply) => write!(f, "reply: to no request of the batch, with id {}", reply.id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{GetConnectionCount, GetNetworkInfo, Ping};
    use crate::rpc::Code;
    use proptest::prelude::*;

    fn describe(faults: impl Iterator<Item = BatchFault<'static>>) -> Vec<String> {
        faults
            .map(|fault| match fault {
                BatchFault::Surplus(ref reply) => format!("{fault} {:?}", reply.clone().result::<()>()),
                fault => fault.to_string(),
            })
            .collect()
    }

    #[test]
    fn a_batch_is_an_array_of_requests() {
        let mut buf = [0; 256];
        let mut batch = BatchRequest::new(u64::MAX, &mut buf);
        assert_eq!((batch.push(&Ping), batch.push(&Ping)), (u64::MAX, 0));
        let body = batch.finish().unwrap();
        assert_eq!(
            body,
            br#"[{"jsonrpc":"1.0","id":18446744073709551615,"method":"ping","params":[]},{"jsonrpc":"1.0","id":0,"method":"ping","params":[]}]"#
        );
        let needed = body.len();
        assert_eq!(BatchRequest::new(1, &mut buf).finish().unwrap(), b"[]");
        let mut batch = BatchRequest::new(u64::MAX, &mut buf[..needed - 1]);
        batch.push(&Ping);
        batch.push(&Ping);
        assert_eq!(batch.finish().unwrap_err().needed, needed);
    }

    #[test]
    fn a_reply_that_is_wrong_leaves_the_others_readable() {
        let body = br#" [ {"result":8,"error":null,"id":7}, {"error":{"code":-28,"message":""},"id":6}, 5,
            {"result":9,"error":null,"id":7},{"result":null,"error":null,"id":5}, {"result":null,"error":null,"id":9},
            {"result":null,"error":{"code":-32600,"message":"Invalid Request object"},"id":null} ] "#;
        let mut slots = [const { None }; 4];
        let batch = BatchResponse::read(5, body, &mut slots).unwrap();
        assert_eq!(batch.response(&Ping, 5), Ok(()));
        let error = batch.response(&GetNetworkInfo, 6).unwrap_err();
        assert!(matches!(error, ResponseError::Node(error) if error.code == Code::IN_WARMUP));
        assert_eq!(batch.response(&GetConnectionCount, 7), Ok(8));
        for id in [0, 4, 8, 9, u64::MAX] {
            assert_eq!(batch.response(&Ping, id), Err(ResponseError::MissingReply { id }));
        }
        assert_eq!(
            describe(batch.faults()),
            [
                "reply: not an object at byte 81",
                "reply: one more to the request with id 7",
                "reply: to no request of the batch, with id 9 Ok(())",
                "reply: to no request of the batch, with id null Err(Node(NodeError { code: Code(-32600), message: \"Invalid Request object\" }))",
            ]
        );
    }

    #[test]
    fn a_body_that_is_no_batch_is_refused() {
        let mut slots = [const { None }; 1];
        for (body, error) in [
            (
                r#"{"result":null,"error":{"code":-32700,"message":"Parse error"},"id":null}"#,
                "node error -32700: Parse error",
            ),
            (r#"{"result":[],"error":null,"id":1}"#, "reply: not an array at byte 0"),
            (
                r#"[{"result":8,"error":null,"id":1}"#,
                "reply: the text ends too early at byte 33",
            ),
            ("[] []", "reply: more text after the value at byte 3"),
            ("8", "reply: not an array at byte 0"),
        ] {
            let result = BatchResponse::read(1, body.as_bytes(), &mut slots).map(|_| ());
            assert_eq!(result.unwrap_err().to_string(), error);
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
                let expected = if index == missing { Err(ResponseError::MissingReply { id }) } else { Ok(index * 10) };
                prop_assert_eq!(batch.response(&GetConnectionCount, id), expected);
            }
            prop_assert!(batch.faults().next().is_none());
        }
    }
}
