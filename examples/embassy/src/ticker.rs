//! A second task, which would be late if the monitor ever blocked.

use core::sync::atomic::{AtomicU32, Ordering};

use embassy_time::{Duration, Instant, Timer};

const PERIOD: Duration = Duration::from_millis(10);

static TICKS: AtomicU32 = AtomicU32::new(0);
static LATEST: AtomicU32 = AtomicU32::new(0);

/// Ticks for as long as the program runs.
pub(crate) async fn run() -> ! {
    let mut next = Instant::now();
    loop {
        next += PERIOD;
        Timer::at(next).await;
        let late = Instant::now().saturating_duration_since(next).as_millis();
        TICKS.fetch_add(1, Ordering::Relaxed);
        LATEST.fetch_max(u32::try_from(late).unwrap_or(u32::MAX), Ordering::Relaxed);
    }
}

/// How many ticks there have been, and how many milliseconds the latest was late.
pub(crate) fn figures() -> (u32, u32) {
    (TICKS.load(Ordering::Relaxed), LATEST.load(Ordering::Relaxed))
}
