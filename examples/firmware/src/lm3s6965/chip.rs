//! The LM3S6965 but for its Ethernet controller: registers, the clock, the time since the start.

use core::arch::asm;
use core::sync::atomic::{AtomicU32, Ordering};

use crate::register::Register;

/// A register of the system control.
const fn system_control(offset: usize) -> Register {
    assert!(offset < 0x1000);
    // SAFETY: nothing there reaches into memory.
    unsafe { Register::at(0x400f_e000 + offset) }
}

/// A register of the system timer.
const fn timer(offset: usize) -> Register {
    assert!(offset <= 0x8);
    // SAFETY: nothing there reaches into memory.
    unsafe { Register::at(0xe000_e010 + offset) }
}

const CLOCK_HZ: u32 = 50_000_000;

/// Milliseconds since the start, and how often they have come round.
static MILLIS: AtomicU32 = AtomicU32::new(0);
static ROUNDS: AtomicU32 = AtomicU32::new(0);

/// Raises the clock to its full 50 MHz, from the PLL and the crystal of 8 MHz that the board has, and starts the timer
/// and the Ethernet controller.
pub(crate) fn start() {
    const RIS: Register = system_control(0x050);
    const RCC: Register = system_control(0x060);
    const RCGC2: Register = system_control(0x108);
    const PLL_LOCKED: u32 = 1 << 6;
    const BYPASS: u32 = 1 << 11;
    const CRYSTAL_8_MHZ: u32 = 0xe << 6;
    const DIVIDE_BY_4: u32 = 3 << 23 | 1 << 22;
    const ETHERNET: u32 = 1 << 30 | 1 << 28;

    // In the order of the data sheet's chapter "System Control". The bits not named here, such as the PLL's power-down,
    // are to be 0.
    RCC.write(BYPASS | CRYSTAL_8_MHZ);
    RCC.write(BYPASS | CRYSTAL_8_MHZ | DIVIDE_BY_4);
    while RIS.read() & PLL_LOCKED == 0 {}
    RCC.write(CRYSTAL_8_MHZ | DIVIDE_BY_4);
    RCGC2.write(RCGC2.read() | ETHERNET);

    timer(0x4).write(CLOCK_HZ / 1000 - 1);
    timer(0x8).write(0);
    // From the processor's clock, with the interrupt, running.
    timer(0x0).write(0b111);
}

/// The interrupt of the timer.
pub(super) extern "C" fn tick() {
    if MILLIS.fetch_add(1, Ordering::Relaxed) == u32::MAX {
        ROUNDS.fetch_add(1, Ordering::Relaxed);
    }
}

/// The milliseconds since the start.
pub(crate) fn now() -> u64 {
    loop {
        let rounds = ROUNDS.load(Ordering::Relaxed);
        let millis = MILLIS.load(Ordering::Relaxed);
        if ROUNDS.load(Ordering::Relaxed) == rounds {
            return u64::from(rounds) << 32 | u64::from(millis);
        }
    }
}

/// Sleeps until the timer ticks.
pub(crate) fn sleep() {
    // SAFETY: it waits for an interrupt, and those leave all as it was.
    unsafe { asm!("wfi", options(nomem, nostack, preserves_flags)) };
}

/// The address that the board was made with, three octets in each of two registers.
pub(super) fn mac_address() -> [u8; 6] {
    let mut address = [0; 6];
    for (octets, offset) in address.chunks_exact_mut(3).zip([0x1e0, 0x1e4]) {
        octets.copy_from_slice(&system_control(offset).read().to_le_bytes()[..3]);
    }
    address
}
