//! What every probe needs: to start on a Cortex-M, and data that the optimiser can neither foresee nor do without.
#![no_std]

use core::hint::black_box;
use core::panic::PanicInfo;

use defichain_net_rpc::network::PeerInfo;
use defichain_net_rpc::{Method, request, response};

/// Sends the request for a method and reads the reply to it, as far as the optimiser can tell.
pub fn call<M: Method>(method: &M, read: impl FnOnce(M::Response<'static>)) {
    let id = black_box(1);
    let mut buf = [0; 256];
    used(request(method, id, &mut buf));
    match response(method, id, received()) {
        Ok(result) => read(result),
        Err(error) => used(error),
    }
}

/// Reads everything that a reply tells about peers.
pub fn peers<'a>(peers: defichain_net_rpc::rpc::Items<'a, PeerInfo<&'a str>>) {
    for peer in peers {
        if let Ok(peer) = &peer {
            peer.inflight.iter().flatten().for_each(used);
            peer.permissions.iter().for_each(used);
            peer.bytes_sent_per_msg.iter().for_each(used);
            peer.bytes_recv_per_msg.iter().for_each(used);
        }
        used(peer);
    }
}

/// Bytes in RAM that something outside the program, such as a network card, may have put there.
pub fn received() -> &'static [u8] {
    static mut RAM: [u8; 2048] = [0; 2048];
    // SAFETY: nothing in the program writes to it.
    black_box(unsafe { &*&raw const RAM })
}

/// Takes a value with everything in it, so that none of the work that made it can be left out.
pub fn used<T>(value: T) {
    black_box(&value);
}

unsafe extern "C" {
    static stack_top: u32;
    /// What a probe does; each program defines its own.
    safe fn probe();
}

#[repr(C)]
struct Vectors {
    stack_top: &'static u32,
    reset: extern "C" fn() -> !,
}

#[used]
#[unsafe(link_section = ".vectors")]
static VECTORS: Vectors = Vectors {
    // SAFETY: the linker script defines it, and only its address is taken.
    stack_top: unsafe { &stack_top },
    reset,
};

#[unsafe(no_mangle)]
extern "C" fn reset() -> ! {
    probe();
    loop {}
}

/// Nobody defines what is called here, so a program with a way to panic left in it does not link.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        safe fn a_panic_is_reachable() -> !;
    }
    a_panic_is_reachable()
}
