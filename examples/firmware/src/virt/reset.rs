//! From reset to [`main`](crate::main), and exceptions.

use core::arch::{asm, global_asm};

use crate::start::PAINT;

/// A locked rule for the region that `pmpaddr0` names: nothing may be read, written or run there.
const NO_ACCESS: u32 = 1 << 7 | 0b11 << 3;

// In assembly, because there is no Rust before its statics have their values and while its stack is painted.
global_asm!(
    ".section .reset, \"ax\"",
    ".global reset",
    "reset:",
    "la t0, trap",
    "csrw mtvec, t0",
    "la t0, guard",
    "srli t0, t0, 2",
    "ori t0, t0, 0x1ff", // of 4 KB
    "csrw pmpaddr0, t0",
    "li t0, {no_access}",
    "csrw pmpcfg0, t0",
    "la t0, bss_start",
    "la t1, bss_end",
    "j 3f",
    "2: sw zero, 0(t0)",
    "addi t0, t0, 4",
    "3: bltu t0, t1, 2b",
    "la t0, stack_bottom",
    "la sp, stack_top",
    "li t1, {paint}",
    "j 5f",
    "4: sw t1, 0(t0)",
    "addi t0, t0, 4",
    "5: bltu t0, sp, 4b",
    "call {main}",
    // The lowest bits of its address are the mode.
    ".balign 4",
    "trap:",
    // What is wrong may be the stack.
    "la sp, stack_top",
    "call {fault}",
    no_access = const NO_ACCESS,
    paint = const PAINT,
    main = sym crate::main,
    fault = sym fault,
);

/// An exception that nothing is meant to raise.
extern "C" fn fault() {
    let (cause, address, value): (u32, u32, u32);
    // SAFETY: reading these changes nothing.
    unsafe {
        asm!(
            "csrr {}, mcause", "csrr {}, mepc", "csrr {}, mtval",
            out(reg) cause, out(reg) address, out(reg) value,
            options(nomem, nostack, preserves_flags),
        );
    }
    panic!("exception {cause} at {address:#x}, value {value:#x}");
}
