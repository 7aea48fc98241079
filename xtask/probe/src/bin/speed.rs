//! How many instructions a Cortex-M3 takes to read a recorded reply to `getpeerinfo`, with this crate and with
//! serde-json-core; `cargo xtask speed` runs it in QEMU, where each instruction takes the same time.
#![cfg_attr(bare, no_std, no_main)]

use core::hint::black_box;

use defichain_net_rpc::json::{ToJson, Writer};
use defichain_net_rpc::network::PeerInfo;
use defichain_net_rpc::response;
use defichain_net_rpc::rpc::Items;
use heapless::{LinearMap, Vec};
use probe::calls::used_peer;
use probe::semihosting::{self, fail};
use probe::serde::{Peer, Reply};
use probe::used;

type Peers<'a> = Vec<Peer<&'a str, Vec<i32, 16>, Vec<&'a str, 5>, LinearMap<&'a str, u64, 29>>, 7>;

const PEERS: usize = 7;

const RECORDED: &[u8] = include_bytes!("../../../../tests/exchanges/v3.2.8/misbehaving-getpeerinfo.response.http");

probe::entry!(run);

fn run() {
    let body = black_box(body(RECORDED));
    // A loop of which the instructions are known, for the script to know how long one takes.
    semihosting::print(&Printed("known", timer::ticks(known), KNOWN * 2));
    let length = u32::try_from(body.len()).unwrap_or_default();
    let ticks = timer::ticks(|| peers(body));
    semihosting::print(&Printed("this-crate", ticks, length));
    let ticks = timer::ticks(|| match serde_json_core::from_slice::<Reply<Peers<'_>, &str>>(body) {
        Ok((reply, _)) if reply.result.as_ref().is_some_and(|peers| peers.len() == PEERS) => used(&reply),
        _ => fail(),
    });
    semihosting::print(&Printed("serde-json-core", ticks, length));
    semihosting::exit();
}

/// Reads everything that this crate tells about the peers.
fn peers(body: &[u8]) {
    let Ok(peers) = response::<Items<'_, PeerInfo<&str>>>(id(body), body) else {
        fail();
    };
    let mut count = 0;
    for peer in peers {
        if peer.is_err() {
            fail();
        }
        used_peer(&peer);
        count += 1;
    }
    if count != PEERS {
        fail();
    }
}

/// What follows the head.
fn body(reply: &[u8]) -> &[u8] {
    let end = reply.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    end.and_then(|end| reply.get(end + 4..)).unwrap_or_else(|| fail())
}

/// The id of the reply, which comes last.
fn id(body: &[u8]) -> u64 {
    let digits = body.iter().rev().skip_while(|byte| !byte.is_ascii_digit());
    let digits = digits.take_while(|byte| byte.is_ascii_digit());
    digits
        .zip(0..)
        .fold(0, |id, (digit, place)| id + u64::from(digit - b'0') * 10_u64.pow(place))
}

const KNOWN: u32 = 1_000_000;

/// Takes two instructions as often as that.
#[cfg(target_arch = "arm")]
fn known() {
    // SAFETY: it counts down.
    unsafe {
        core::arch::asm!(
            "2:",
            "subs {count}, {count}, #1",
            "bne 2b",
            count = inout(reg) KNOWN => _,
        );
    }
}

/// The timer of the processor, which counts down 24 bits.
#[cfg(target_arch = "arm")]
mod timer {
    const CONTROL: *mut u32 = 0xe000_e010 as *mut u32;
    const RELOAD: *mut u32 = 0xe000_e014 as *mut u32;
    const CURRENT: *mut u32 = 0xe000_e018 as *mut u32;
    const MOST: u32 = 0xff_ffff;

    /// How many ticks a call takes.
    pub(super) fn ticks(call: impl FnOnce()) -> u32 {
        // SAFETY: the registers are those of the SysTick timer, which nothing else uses.
        unsafe {
            RELOAD.write_volatile(MOST);
            CURRENT.write_volatile(0);
            // Enabled, by the clock of the processor, without an interrupt.
            CONTROL.write_volatile(0b101);
            let begin = CURRENT.read_volatile();
            call();
            begin.wrapping_sub(CURRENT.read_volatile()) & MOST
        }
    }
}

/// A side, its ticks, and how many instructions or bytes they are for.
struct Printed(&'static str, u32, u32);

impl ToJson for Printed {
    fn to_json(&self, writer: &mut Writer<'_>) {
        writer.raw(b"speed: ");
        writer.raw(self.0.as_bytes());
        writer.raw(b" ");
        self.1.to_json(writer);
        writer.raw(b" ");
        self.2.to_json(writer);
        writer.raw(b"\n\0");
    }
}

/// Elsewhere nothing is measured: the program is there for lints to see.
#[cfg(not(target_arch = "arm"))]
mod host {
    pub(super) mod timer {
        pub(in super::super) fn ticks(call: impl FnOnce()) -> u32 {
            call();
            0
        }
    }

    pub(super) fn known() {}
}
#[cfg(not(target_arch = "arm"))]
use host::{known, timer};
