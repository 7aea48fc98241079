//! From reset to [`main`](crate::main), and exceptions.

use core::arch::{asm, global_asm};

use super::chip;
use crate::register::Register;
use crate::start::PAINT;

type Vector = unsafe extern "C" fn();

/// What the processor calls, from the reset on. The address of the stack, which comes before, is put there by the linker.
///
/// Nothing but the system timer interrupts; the rest are faults and what is not used.
#[used]
#[unsafe(link_section = ".vectors")]
static VECTORS: [Vector; 15] = {
    let mut vectors = [fault as Vector; 15];
    vectors[0] = reset;
    vectors[14] = chip::tick;
    vectors
};

unsafe extern "C" {
    fn reset();
}

// In assembly, because there is no Rust before its statics have their values and while its stack is painted.
global_asm!(
    ".global reset",
    ".type reset, %function",
    ".thumb_func",
    "reset:",
    "ldr r0, =data_start",
    "ldr r1, =data_end",
    "ldr r2, =data_load",
    "b 3f",
    "2: ldr r3, [r2], #4",
    "str r3, [r0], #4",
    "3: cmp r0, r1",
    "blo 2b",
    "ldr r0, =bss_start",
    "ldr r1, =bss_end",
    "movs r3, #0",
    "b 5f",
    "4: str r3, [r0], #4",
    "5: cmp r0, r1",
    "blo 4b",
    "ldr r0, =stack_bottom",
    "ldr r3, ={paint}",
    "b 7f",
    "6: str r3, [r0], #4",
    "7: cmp r0, sp",
    "blo 6b",
    "bl {main}",
    ".pool",
    paint = const PAINT,
    main = sym crate::main,
);

/// An exception that nothing is meant to raise.
extern "C" fn fault() {
    // SAFETY: the Configurable Fault Status Register of every Cortex-M3.
    const FAULT_STATUS: Register = unsafe { Register::at(0xe000_ed28) };
    let number: u32;
    // SAFETY: the register that is read tells the number of the exception, and reading it changes nothing.
    unsafe { asm!("mrs {}, ipsr", out(reg) number, options(nomem, nostack, preserves_flags)) };
    panic!("exception {number}, fault status {:#x}", FAULT_STATUS.read());
}
