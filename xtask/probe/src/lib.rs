//! What every probe needs: to start on bare metal, and data that the optimiser can neither foresee nor do without.
//!
//! `cargo xtask` links the probes without std and sets `--cfg bare`; without that flag they are programs of the host, which
//! lints see like all others.
#![no_std]

pub mod calls;
pub mod semihosting;
#[cfg(any(feature = "serde-json-core", feature = "serde_json"))]
pub mod serde;

use core::hint::black_box;

/// Makes a function what a program does.
#[macro_export]
macro_rules! entry {
    ($function:expr) => {
        #[cfg(bare)]
        #[unsafe(no_mangle)]
        extern "C" fn probe() {
            $function();
        }

        #[cfg(not(bare))]
        fn main() {
            $function();
        }
    };
}

/// Bytes in RAM that something outside the program, such as a network card, may have put there.
pub fn received() -> &'static [u8] {
    static mut RAM: [u8; 2048] = [0; 2048];
    let ram = &raw const RAM;
    // SAFETY: nothing in the program writes to it.
    black_box(unsafe { &*ram })
}

/// Looks at a value with everything in it, so that none of the work that made it can be left out.
pub fn used<T>(value: &T) {
    black_box(value);
}

/// Takes a value as [`used`] does, and keeps it.
pub fn taken<T>(value: T) {
    used(&value);
}

#[cfg(bare)]
mod start;
