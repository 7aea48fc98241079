//! A semihosting call, by which a program asks the debugger or QEMU to do something: that of Arm's document 100863, and that of
//! RISC-V Semihosting, version 1.0. The probes of `cargo xtask stack` and `speed` use this file too.

use core::arch::asm;

/// Makes a call.
///
/// # Safety
///
/// The parameter must be right for the operation.
#[cfg(target_arch = "arm")]
pub(crate) unsafe fn call(operation: usize, parameter: usize) {
    // SAFETY: the caller makes sure that the parameter is right; the result is returned in r0.
    unsafe {
        asm!("bkpt 0xab", inout("r0") operation => _, in("r1") parameter, options(nostack, preserves_flags, readonly));
    }
}

/// Makes a call.
///
/// # Safety
///
/// The parameter must be right for the operation.
#[cfg(target_arch = "riscv32")]
pub(crate) unsafe fn call(operation: usize, parameter: usize) {
    // The debugger recognises the call by the two shifts around it, which must not be compressed and must be in the same page.
    // SAFETY: the caller makes sure that the parameter is right; the result is returned in a0.
    unsafe {
        asm!(
            ".balign 16",
            ".option push",
            ".option norvc",
            "slli x0, x0, 0x1f",
            "ebreak",
            "srai x0, x0, 7",
            ".option pop",
            inout("a0") operation => _,
            in("a1") parameter,
            options(nostack, preserves_flags, readonly),
        );
    }
}
