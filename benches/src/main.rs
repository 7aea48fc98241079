//! Measures the crate beside others that can do the same, on the same bytes and in one run.
//!
//! `benches` prints the table of ratios; `benches check` compares what the sides come to, which the table does first.
//!
//! The rest is for `cargo xtask instructions`, which counts what is done in [`work::measured`]. Each prints a line for what
//! it does, in its order: a name, a side or how it was made, and the bytes of it. `benches count` does the work of this crate
//! in each case, reads hostile inputs, and streams long replies; `benches count CASE` and `benches count CASE SIDE` do the
//! work of all sides of a case, or of one.

mod cases;
mod hostile;
mod http;
mod long_reply;
mod others;
mod pico;
mod replies;
mod shapes;
mod sink;
mod table;
mod this_crate;
mod work;

use std::process::ExitCode;
use std::thread;

use work::{Case, Side, THIS_CRATE, measured};

/// Lists without a heap lie on the stack, several times while they are handed on.
const STACK: usize = 256 << 20;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let main = thread::Builder::new().stack_size(STACK).spawn(move || {
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        match words[..] {
            [] => table::print(cases::all()),
            ["check"] => table::check(&mut cases::all()),
            ["count"] => count_this_crate(),
            ["count", "all"] => count(cases::all(), |_| true)?,
            ["count", case] => count(named(case), |_| true)?,
            ["count", case, side] => count(named(case), |name| name == side)?,
            _ => return Err("benches, benches check, or benches count [all | CASE [SIDE]]".to_owned()),
        }
        Ok(())
    });
    let result = main
        .expect("a thread")
        .join()
        .unwrap_or_else(|_| Err("a panic".to_owned()));
    if let Err(error) = result {
        eprintln!("benches: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn named(name: &str) -> Vec<Case> {
    cases::all().into_iter().filter(|case| case.name == name).collect()
}

fn count_this_crate() {
    count(cases::all(), |side| side.starts_with(THIS_CRATE)).expect("this crate has a side in each case");
    hostile::each(|name, bytes, work| {
        println!("hostile {name} {bytes}");
        measured(work);
    });
    long_reply::each(|framing, bytes, work| {
        println!("long {framing} {bytes}");
        measured(work);
    });
}

/// Does the work of these sides, so often that a single call does not matter.
fn count(cases: Vec<Case>, is_wanted: impl Fn(&str) -> bool) -> Result<(), String> {
    let mut found = false;
    for Case { name, bytes, sides } in cases {
        let times = 100_000 / bytes + 1;
        for Side { name: side, mut work } in sides.into_iter().filter(|side| is_wanted(side.name)) {
            println!("{name} {side} {}", bytes * times);
            measured(&mut || work.repeat(times as u64));
            found = true;
        }
    }
    found.then_some(()).ok_or("there is no such case or side".to_owned())
}
