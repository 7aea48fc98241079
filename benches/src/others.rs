//! The other sides that read with serde, and that write requests with it.

use std::marker::PhantomData;

use serde::Serialize;

use crate::replies::{Body, ID};
use crate::shapes::{Fold, Reply, Shape};
use crate::sink::Sink;
use crate::work::Work;

pub(crate) struct SerdeJson<R>(Body, PhantomData<R>);

impl<R> SerdeJson<R> {
    pub(crate) fn new(body: Body) -> Self {
        Self(body, PhantomData)
    }
}

impl<R: Shape> Work for SerdeJson<R> {
    fn work(&mut self, sink: &mut impl Sink) {
        let reply: Reply<R::Of<'_>> = serde_json::from_slice(self.0).expect("a reply");
        reply.fold(sink);
    }
}

pub(crate) struct SerdeJsonCore<R>(Body, PhantomData<R>);

impl<R> SerdeJsonCore<R> {
    pub(crate) fn new(body: Body) -> Self {
        Self(body, PhantomData)
    }
}

impl<R: Shape> Work for SerdeJsonCore<R> {
    fn work(&mut self, sink: &mut impl Sink) {
        let (reply, _): (Reply<R::Of<'_>>, _) = serde_json_core::from_slice(self.0).expect("a reply");
        reply.fold(sink);
    }
}

pub(crate) struct SonicRs<R>(Body, PhantomData<R>);

impl<R> SonicRs<R> {
    pub(crate) fn new(body: Body) -> Self {
        Self(body, PhantomData)
    }
}

impl<R: Shape> Work for SonicRs<R> {
    fn work(&mut self, sink: &mut impl Sink) {
        let reply: Reply<R::Of<'_>> = sonic_rs::from_slice(self.0).expect("a reply");
        reply.fold(sink);
    }
}

/// It writes into what it reads, so it is given a copy each time.
pub(crate) struct SimdJson<R> {
    body: Body,
    copy: Vec<u8>,
    buffers: simd_json::Buffers,
    result: PhantomData<R>,
}

impl<R> SimdJson<R> {
    pub(crate) fn new(body: Body) -> Self {
        Self {
            body,
            copy: body.to_vec(),
            buffers: simd_json::Buffers::new(body.len()),
            result: PhantomData,
        }
    }
}

impl<R: Shape> Work for SimdJson<R> {
    fn work(&mut self, sink: &mut impl Sink) {
        self.copy.copy_from_slice(self.body);
        let reply: Reply<R::Of<'_>> =
            simd_json::serde::from_slice_with_buffers(&mut self.copy, &mut self.buffers).expect("a reply");
        reply.fold(sink);
    }
}

/// A request with its parameters.
#[derive(Serialize)]
pub(crate) struct Request<P> {
    jsonrpc: &'static str,
    id: u64,
    method: &'static str,
    params: P,
}

impl<P> Request<P> {
    pub(crate) fn new(method: &'static str, params: P) -> Self {
        Self {
            jsonrpc: "1.0",
            id: ID,
            method,
            params,
        }
    }
}

impl<P: Serialize> Work for Request<P> {
    fn work(&mut self, sink: &mut impl Sink) {
        let body = serde_json::to_vec(self).expect("a request");
        sink.bytes(&body);
    }
}
