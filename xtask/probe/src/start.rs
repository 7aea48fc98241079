//! The start on a Cortex-M and on a RISC-V, and what a panic does.

use core::panic::PanicInfo;

unsafe extern "C" {
    /// What a probe does; each program defines its own.
    safe fn probe();
}

#[unsafe(no_mangle)]
extern "C" fn start() -> ! {
    probe();
    loop {}
}

// The host needs none: its linker begins with the program itself.
#[cfg(target_arch = "arm")]
mod arm {
    unsafe extern "C" {
        static stack_top: u32;
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
        reset: super::start,
    };
}

#[cfg(target_arch = "riscv32")]
core::arch::global_asm!(
    ".section .reset, \"ax\"",
    ".global reset",
    "reset:",
    "la sp, stack_top",
    "tail start",
);

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
