//! A monitor on embassy: asks a node every few seconds what its peers are doing, and prints it.
//!
//! [`monitor`] is the same on both: here over embassy-net and there over the sockets of the operating system. Both are a
//! `TcpConnect` of embedded-nal-async.
#![cfg_attr(target_os = "none", no_std, no_main)]

mod monitor;
#[path = "../../firmware/src/summary.rs"]
mod summary;
mod ticker;

#[cfg(not(target_os = "none"))]
mod host;

#[cfg(target_os = "none")]
mod firmware;

// The board is that of the firmware without an executor.
#[cfg(target_os = "none")]
#[path = "../../firmware/src/lm3s6965/mod.rs"]
mod board;
#[cfg(target_os = "none")]
#[path = "../../firmware/src/register.rs"]
mod register;
#[cfg(target_os = "none")]
#[path = "../../firmware/src/semihosting.rs"]
mod semihosting;
#[cfg(target_os = "none")]
#[path = "../../firmware/src/semihosting_call.rs"]
mod semihosting_call;
#[cfg(target_os = "none")]
#[path = "../../firmware/src/start.rs"]
mod start;

#[cfg(not(target_os = "none"))]
use host::println;
#[cfg(target_os = "none")]
use semihosting::println;

#[cfg(not(target_os = "none"))]
fn main() -> std::process::ExitCode {
    host::main()
}

#[cfg(target_os = "none")]
extern "C" fn main() -> ! {
    firmware::main()
}
