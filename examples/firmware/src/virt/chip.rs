//! The time, and sleep.

use core::arch::asm;

use crate::register::Register;

/// A register of the core-local interruptor.
const fn timer(offset: usize) -> Register {
    assert!(offset < 0x1_0000);
    // SAFETY: nothing there reaches into memory.
    unsafe { Register::at(0x0200_0000 + offset) }
}

/// When the timer interrupts next, in two halves.
const MTIMECMP: [Register; 2] = [timer(0x4000), timer(0x4004)];
/// The ticks since the start.
const MTIME: [Register; 2] = [timer(0xbff8), timer(0xbffc)];
const TICKS_PER_MS: u64 = 10_000;

/// Lets the timer end a sleep. It does not interrupt: `mstatus.MIE` stays as it is after a reset.
pub(crate) fn start() {
    const TIMER: u32 = 1 << 7;
    // SAFETY: with no interrupts enabled as a whole, this has an effect on sleep alone.
    unsafe { asm!("csrw mie, {}", in(reg) TIMER, options(nomem, nostack)) };
}

fn ticks() -> u64 {
    let [low, high] = MTIME;
    loop {
        let before = high.read();
        let ticks = u64::from(before) << 32 | u64::from(low.read());
        if high.read() == before {
            return ticks;
        }
    }
}

/// The milliseconds since the start.
pub(crate) fn now() -> u64 {
    ticks() / TICKS_PER_MS
}

/// Sleeps for a millisecond.
pub(crate) fn sleep() {
    let end = ticks() + TICKS_PER_MS;
    let [low, high] = MTIMECMP;
    #[allow(clippy::cast_possible_truncation, reason = "the lower half")]
    low.write(end as u32);
    high.write((end >> 32) as u32);
    // SAFETY: it waits for the timer, and nothing interrupts.
    unsafe { asm!("wfi", options(nomem, nostack, preserves_flags)) };
}
