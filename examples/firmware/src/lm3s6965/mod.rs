//! The evaluation board of the LM3S6965, a Cortex-M3.

pub(crate) mod chip;
pub(crate) mod ethernet;
mod reset;

use core::arch::asm;

/// A semihosting call, as Arm's document 100863 has it.
///
/// # Safety
///
/// What the operation does with the parameter has to be right.
pub(crate) unsafe fn semihosting(operation: usize, parameter: usize) {
    // SAFETY: the caller sees to it; the result comes in r0.
    unsafe {
        asm!("bkpt 0xab", inout("r0") operation => _, in("r1") parameter, options(nostack, preserves_flags, readonly));
    }
}
