//! A request and its reply over HTTP, end to end: this crate, and ureq-proto with `serde_json`.

use std::hint::black_box;
use std::marker::PhantomData;

use defichain_net_rpc::http::Endpoint;
use defichain_net_rpc::io::Client;
use defichain_net_rpc::network::{GetPeerInfo, PeerInfo};
use defichain_net_rpc::{Connection, Method, Response, Want};
use serde::Serialize;
use ureq_proto::client::state::RecvResponse;
use ureq_proto::client::{Call, RecvResponseResult, SendRequestResult};
use ureq_proto::http::Request as Head;

use crate::others::Request;
use crate::replies::{self, Body, ID};
use crate::shapes::{self, Reply, Shape};
use crate::sink::Sink;
use crate::this_crate::{Fold, WINDOW};
use crate::work::Work;

const URL: &str = "http://foo:bar@127.0.0.1:8554";

/// The whole reply is read into one buffer.
pub(crate) struct Whole<M> {
    method: M,
    endpoint: Endpoint<'static>,
    reply: Body,
    buf: Vec<u8>,
}

impl<M> Whole<M> {
    pub(crate) fn new(method: M, reply: Body) -> Self {
        Self {
            method,
            endpoint: Endpoint::from_url(URL).expect("an endpoint"),
            reply,
            buf: vec![0; reply.len() + 1024],
        }
    }
}

impl<M: Method> Work for Whole<M>
where
    for<'a> M::Response<'a>: Fold,
{
    fn work(&mut self, sink: &mut impl Sink) {
        let mut stream = replies::Stream(self.reply);
        let mut connection = Connection::with_first_id(ID);
        connection
            .call(&self.endpoint, &self.method, &mut self.buf)
            .expect("enough room");
        loop {
            match connection.poll(&mut self.buf).expect("a reply") {
                Want::Connect => connection.connected(),
                Want::Write(bytes) => connection.written(black_box(bytes).len()),
                Want::Read(space) => {
                    let count = stream.read(space);
                    connection.received(count);
                }
                Want::Ready(reply) => {
                    let result: Response<'_, M> = reply.response().expect("a result");
                    return result.fold(sink);
                }
            }
        }
    }
}

/// The reply to `getpeerinfo` goes through a window.
pub(crate) struct Window {
    endpoint: Endpoint<'static>,
    reply: Body,
    buf: [u8; WINDOW],
}

impl Window {
    pub(crate) fn new(reply: Body) -> Self {
        Self {
            endpoint: Endpoint::from_url(URL).expect("an endpoint"),
            reply,
            buf: [0; WINDOW],
        }
    }
}

impl Work for Window {
    fn work(&mut self, sink: &mut impl Sink) {
        let mut stream = replies::Stream(self.reply);
        let mut connection = Connection::with_first_id(ID);
        connection
            .call(&self.endpoint, &GetPeerInfo, &mut self.buf)
            .expect("enough room");
        loop {
            match connection.poll_item::<PeerInfo<&str>>(&mut self.buf).expect("a reply") {
                Want::Connect => connection.connected(),
                Want::Write(bytes) => connection.written(black_box(bytes).len()),
                Want::Read(space) => {
                    let count = stream.read(space);
                    connection.received(count);
                }
                Want::Ready(Some(peer)) => peer.expect("a peer").fold(sink),
                Want::Ready(None) => return,
            }
        }
    }
}

/// Like the one before, with the driver for streams of `embedded-io`.
pub(crate) struct Driver(pub(crate) Window);

impl Work for Driver {
    fn work(&mut self, sink: &mut impl Sink) {
        let Window { endpoint, reply, buf } = &mut self.0;
        let mut node = Client::new(*endpoint, replies::Stream(reply), buf.as_mut_slice());
        let mut peers = node.list(&GetPeerInfo).expect("enough room");
        peers
            .for_each(|peer| peer.expect("a peer").fold(sink))
            .expect("a reply");
    }
}

/// ureq-proto copies the body from one buffer into another, from which `serde_json` borrows.
pub(crate) struct UreqProto<R, P> {
    request: Request<P>,
    reply: Body,
    output: Vec<u8>,
    input: Vec<u8>,
    body: Vec<u8>,
    result: PhantomData<R>,
}

impl<R, P> UreqProto<R, P> {
    pub(crate) fn new(request: Request<P>, reply: Body) -> Self {
        Self {
            request,
            reply,
            output: vec![0; 1024],
            input: vec![0; 16 << 10],
            body: vec![0; reply.len()],
            result: PhantomData,
        }
    }

    fn send(&mut self) -> Call<RecvResponse>
    where
        P: Serialize,
    {
        let body = serde_json::to_vec(&self.request).expect("a request");
        let head = Head::post("http://127.0.0.1:8554/")
            .header("Authorization", "Basic Zm9vOmJhcg==")
            .header("Content-Length", body.len())
            .body(())
            .expect("a head");
        let mut call = Call::new(head).expect("a request").proceed();
        let count = call.write(&mut self.output).expect("enough room");
        black_box(&self.output[..count]);
        let Ok(Some(SendRequestResult::SendBody(mut call))) = call.proceed() else {
            panic!("no body to be sent");
        };
        let (_, count) = call.write(&body, &mut self.output).expect("enough room");
        black_box(&self.output[..count]);
        call.proceed().expect("the request is sent")
    }

    /// Moves the body to its place, and returns its length.
    fn receive(&mut self, mut call: Call<RecvResponse>) -> usize {
        let mut stream = replies::Stream(self.reply);
        let mut end = stream.read(&mut self.input);
        let (mut start, head) = call.try_response(&self.input[..end], false).expect("a head");
        assert!(
            head.is_some_and(|head| head.status() == 200),
            "the first bytes hold the head"
        );
        let Some(RecvResponseResult::RecvBody(mut call)) = call.proceed() else {
            panic!("a reply without a body");
        };
        let mut length = 0;
        loop {
            let (used, count) = call
                .read(&self.input[start..end], &mut self.body[length..])
                .expect("a body");
            start += used;
            length += count;
            if call.can_proceed() {
                return length;
            }
            if start == end {
                start = 0;
                end = stream.read(&mut self.input);
            }
        }
    }
}

impl<R: Shape, P: Serialize> Work for UreqProto<R, P> {
    fn work(&mut self, sink: &mut impl Sink) {
        let call = self.send();
        let length = self.receive(call);
        let reply: Reply<R::Of<'_>> = serde_json::from_slice(&self.body[..length]).expect("a reply");
        shapes::Fold::fold(&reply, sink);
    }
}
