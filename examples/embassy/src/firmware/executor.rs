//! An executor that sleeps by WFI.
//!
//! embassy-executor's own for Cortex-M sleeps by WFE, on which QEMU does not sleep: it keeps a processor of the host busy, and
//! the time of the guest falls behind. On a chip either will do.

use core::ptr;
use core::sync::atomic::{AtomicBool, Ordering};

// The critical section is this crate's.
use cortex_m as _;
use embassy_executor::{Spawner, raw};
use static_cell::StaticCell;

use super::time;
use crate::board::chip;

/// Whether a task waits to be polled.
static IS_WORK: AtomicBool = AtomicBool::new(false);

/// Runs the tasks that `spawn` spawns.
pub(crate) fn run(spawn: impl FnOnce(Spawner)) -> ! {
    static EXECUTOR: StaticCell<raw::Executor> = StaticCell::new();
    let executor: &'static raw::Executor = EXECUTOR.init(raw::Executor::new(ptr::null_mut()));
    spawn(executor.spawner());
    loop {
        // SAFETY: nothing else polls.
        unsafe { executor.poll() };
        time::wake();
        // An interrupt that comes here waits until the end, and WFI does not sleep while one waits.
        critical_section::with(|_| {
            if !IS_WORK.swap(false, Ordering::Relaxed) {
                chip::sleep();
            }
        });
    }
}

#[unsafe(export_name = "__pender")]
fn pend(_: *mut ()) {
    IS_WORK.store(true, Ordering::Relaxed);
}
