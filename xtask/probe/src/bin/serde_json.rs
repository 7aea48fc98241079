//! The request `getpeerinfo`, and everything in the reply, with serde_json.
#![cfg_attr(bare, no_std, no_main)]

extern crate alloc;

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::alloc::{GlobalAlloc, Layout};
use core::hint::black_box;
use core::ptr;
use core::sync::atomic::{AtomicUsize, Ordering};

use probe::serde::{Peer, Reply, Request};
use probe::{received, used};
use serde::Deserialize;

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

type Peers<'a> = Vec<Peer<Text<'a>, Vec<i32>, Vec<Text<'a>>, BTreeMap<Text<'a>, u64>>>;

probe::entry!(run);

fn run() {
    let request = Request {
        jsonrpc: "1.0",
        id: black_box(1),
        method: "getpeerinfo",
        params: [],
    };
    used(&serde_json::to_vec(&request));
    used(&serde_json::from_slice::<Reply<Peers<'_>, Text<'_>>>(received()));
}

/// The least that can be called a heap: it hands out and takes nothing back.
struct Heap;

const LENGTH: usize = 16 << 10;
static mut ROOM: [u64; LENGTH / 8] = [0; LENGTH / 8];
static USED: AtomicUsize = AtomicUsize::new(0);

// SAFETY: no part of the room is handed out twice, and there is one thread.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let start = USED.load(Ordering::Relaxed).next_multiple_of(layout.align());
        let end = start.saturating_add(layout.size());
        if end > LENGTH {
            return ptr::null_mut();
        }
        USED.store(end, Ordering::Relaxed);
        (&raw mut ROOM).cast::<u8>().wrapping_add(start)
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static HEAP: Heap = Heap;
