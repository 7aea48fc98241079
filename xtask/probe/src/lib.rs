//! What every probe needs: to start on a Cortex-M, and data that the optimiser can neither foresee nor do without.
#![no_std]

pub mod calls;

use core::hint::black_box;
use core::panic::PanicInfo;

/// Bytes in RAM that something outside the program, such as a network card, may have put there.
pub fn received() -> &'static [u8] {
    static mut RAM: [u8; 2048] = [0; 2048];
    // SAFETY: nothing in the program writes to it.
    black_box(unsafe { &*&raw const RAM })
}

/// Looks at a value with everything in it, so that none of the work that made it can be left out.
pub fn used<T>(value: &T) {
    black_box(value);
}

/// Takes a value as [`used`] does, and keeps it.
pub fn taken<T>(value: T) {
    used(&value);
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
#[cfg(not(feature = "may-panic"))]
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        safe fn a_panic_is_reachable() -> !;
    }
    a_panic_is_reachable()
}

/// The least that there can be.
#[cfg(feature = "may-panic")]
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}
