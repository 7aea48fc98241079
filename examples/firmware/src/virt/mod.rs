//! QEMU's board `virt`, with a RISC-V of 32 bits.

pub(crate) mod chip;
pub(crate) mod ethernet;
mod reset;

use core::arch::asm;

/// A call of RISC-V Semihosting, version 1.0.
///
/// # Safety
///
/// What the operation does with the parameter has to be right.
pub(crate) unsafe fn semihosting(operation: usize, parameter: usize) {
    // The debugger knows the call by the two shifts around it, which are not compressed and lie in one page with it.
    // SAFETY: the caller sees to it; the result comes in a0.
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
