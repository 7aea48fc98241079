//! Measures the crate beside others that can do the same, on the same bytes and in one run.
//!
//! `benches` prints the table of ratios; `benches check` compares what the sides come to, which the table does first;
//! `benches cases` names the cases, their sizes and sides; `benches run CASE SIDE TIMES` does the work of one side, for those who count instructions.

mod case;
mod http;
mod others;
mod pico;
mod replies;
mod shapes;
mod sink;
mod table;
mod this_crate;

use std::process::ExitCode;
use std::thread;

use case::Case;

/// Lists without a heap lie on the stack, several times while they are handed on.
const STACK: usize = 256 << 20;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let main = thread::Builder::new().stack_size(STACK).spawn(move || {
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        match words[..] {
            [] => table::print(case::all()),
            ["check"] => table::check(&mut case::all()),
            ["cases"] => cases(),
            ["run", case, side, times] => run(case, side, times)?,
            _ => return Err("benches, benches check, benches cases, or benches run CASE SIDE TIMES".to_owned()),
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

fn cases() {
    for case in case::all() {
        let sides: Vec<&str> = case.side_names().collect();
        println!("{} {} {}", case.name, case.bytes, sides.join(" "));
    }
}

fn run(case: &str, side: &str, times: &str) -> Result<(), String> {
    let times = times.parse().map_err(|_| format!("{times} is no number"))?;
    let found = case::all().into_iter().find(|Case { name, .. }| name == case);
    let sides = found.ok_or(format!("no case {case}"))?.sides;
    let found = sides.into_iter().find(|one| one.name == side);
    found.ok_or(format!("no side {side} in {case}"))?.work.measured(times);
    Ok(())
}
