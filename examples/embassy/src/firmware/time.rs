//! The time for embassy-time, in milliseconds: that of the board, whose timer ticks as often.

use core::cell::RefCell;
use core::task::Waker;

use embassy_sync::blocking_mutex::CriticalSectionMutex;
use embassy_time_driver::Driver;
use embassy_time_queue_utils::Queue;

use crate::board::chip;

struct Clock(CriticalSectionMutex<RefCell<Queue>>);

embassy_time_driver::time_driver_impl!(static CLOCK: Clock = Clock(CriticalSectionMutex::new(RefCell::new(Queue::new()))));

impl Driver for Clock {
    fn now(&self) -> u64 {
        chip::now()
    }

    fn schedule_wake(&self, at: u64, waker: &Waker) {
        // The executor looks at the queue before each sleep, and none is longer than a tick.
        self.0.lock(|queue| queue.borrow_mut().schedule_wake(at, waker));
    }
}

/// Wakes the tasks whose time has come.
pub(crate) fn wake() {
    CLOCK.0.lock(|queue| queue.borrow_mut().next_expiration(chip::now()));
}
