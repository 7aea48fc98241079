//! The monitor on the host, over the sockets of the operating system.
//!
//! ```text
//! cargo run                                                 a node of recorded replies
//! cargo run -- http://user:password@127.0.0.1:8554          a node, every five seconds
//! ```

use std::error::Error;
use std::process::ExitCode;

use async_io::block_on;
use embassy_time::Duration;
use futures_lite::future::or;
use std_embedded_nal_async::Stack;

use crate::monitor::{self, Settings};
use crate::ticker;

#[path = "../../embedded_nal/src/host.rs"]
mod command_line;

pub(crate) use command_line::print;

/// Prints a line. If whoever reads it has seen enough, the program ends here.
macro_rules! println {
    ($($arguments:tt)*) => {
        $crate::host::print(format_args!($($arguments)*))
    };
}
pub(crate) use println;

pub(crate) fn main() -> ExitCode {
    command_line::main("embassy", |url, is_recorded| {
        let (polls, interval) = if is_recorded { (3, 200) } else { (u32::MAX, 5000) };
        watch(url, polls, Duration::from_millis(interval))
    })
}

fn watch(url: &str, polls: u32, interval: Duration) -> Result<(), Box<dyn Error>> {
    let (endpoint, address) = command_line::endpoint(url)?;
    let settings = Settings {
        endpoint,
        address,
        interval,
        timeout: Duration::from_secs(10),
        polls,
    };
    let network = Stack::default();
    let mut buffer = [0; 4096];
    let monitor = monitor::run(&network, &settings, &mut buffer);
    let is_sound = block_on(or(monitor, async { ticker::run().await }));
    let (ticks, late) = ticker::figures();
    println!("ticker: {ticks} ticks, at most {late} ms late");
    if is_sound {
        Ok(())
    } else {
        Err("the node does not answer".into())
    }
}
