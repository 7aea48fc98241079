//! The start on a Cortex-M, and what a panic does.

use core::panic::PanicInfo;

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
