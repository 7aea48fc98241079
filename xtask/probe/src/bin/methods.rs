//! All methods, without HTTP.
#![cfg_attr(bare, no_std, no_main)]

use core::hint::black_box;

use defichain_net_rpc::{Method, request, response};
use probe::calls::{Caller, every_method, failed};
use probe::{received, used};

probe::entry!(run);

fn run() {
    let text = str::from_utf8(received()).unwrap_or_default();
    every_method(&mut Bodies { buf: [0; 512] }, text);
}

/// A body goes out of this buffer, and another is there.
struct Bodies {
    buf: [u8; 512],
}

impl Caller for Bodies {
    // A function for each method, which a list of symbols can name.
    #[inline(never)]
    fn call<M: Method>(&mut self, method: &M, read: impl FnOnce(M::Response<'_>)) {
        let id = black_box(1);
        used(&request(method, id, &mut self.buf));
        match response(id, received()) {
            Ok(result) => read(result),
            Err(error) => failed(&error),
        }
    }
}
