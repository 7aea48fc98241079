//! Where the program's log goes: to stderr, or, while the screen is there, into memory, for the screen to show.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use tracing_subscriber::fmt::MakeWriter;

/// How many lines are kept.
const LINES: usize = 500;

/// The last lines of the log.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<VecDeque<String>>>);

impl Log {
    /// Has the log written to stderr.
    pub(crate) fn to_stderr() {
        tracing_subscriber::fmt()
            .with_writer(io::stderr)
            // It is told on stderr too, which ends the program if nobody reads that.
            .log_internal_errors(false)
            .with_ansi(false)
            .with_target(false)
            .init();
    }

    /// Has the log kept here.
    #[cfg(feature = "screen")]
    pub(crate) fn to_memory() -> Self {
        let log = Self::default();
        tracing_subscriber::fmt()
            .with_writer(log.clone())
            .with_ansi(false)
            .with_target(false)
            .init();
        log
    }

    /// The last lines, oldest first.
    pub(crate) fn last(&self, count: usize) -> Vec<String> {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().skip(lines.len().saturating_sub(count)).cloned().collect()
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Each write is an event.
impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.extend(String::from_utf8_lossy(bytes).lines().map(str::to_owned));
        let excess = lines.len().saturating_sub(LINES);
        lines.drain(..excess);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
