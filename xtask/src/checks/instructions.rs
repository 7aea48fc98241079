//! Counts instructions for a byte with callgrind, all in one run: the cases of the benches must not take more than
//! the committed counts; hostile inputs and long replies no more for a byte than shorter ones.
//!
//!     cargo xtask instructions                        compare
//!     cargo xtask instructions --update               write the committed counts anew
//!     cargo xtask instructions --others [CASE]        print the counts of every side
//!     cargo xtask instructions --profile CASE [SIDE]  print where they go

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use crate::callgrind::{Count, counts};
use crate::checks::profile::profile;
use crate::limits::{HOSTILE, INSTRUCTIONS, LONG};
use crate::run::{self, Result, cargo, command, install_compiler, read};

const COMMITTED: &str = "benches/instructions.txt";
/// Of these it is known how they grow.
const LINEAR: &str = "known-linear";
const QUADRATIC: &str = "known-quadratic";

pub(crate) fn run(options: &[&str]) -> Result {
    install_compiler()?;
    run::run(&mut cargo("build --quiet --locked --release --package benches"))?;
    match *options {
        [] => compare(),
        ["--update"] => update(),
        ["--others"] => others("all"),
        ["--others", case] => others(case),
        ["--profile", case] => profile(&mut benches(&["count", case, "this-crate"])),
        ["--profile", case, side] => profile(&mut benches(&["count", case, side])),
        _ => Err("no such option".into()),
    }
}

fn benches(arguments: &[&str]) -> Command {
    let mut benches = command("target/release/benches");
    benches.args(arguments);
    benches
}

fn others(case: &str) -> Result {
    for count in counts(&mut benches(&["count", case]), &[])? {
        println!("{:22} {:22} {:.2}", count.name, count.side, count.per_byte());
    }
    Ok(())
}

/// The counts of this crate, those of hostile inputs, and those of long replies.
fn count() -> Result<[Vec<Count>; 3]> {
    let counts = counts(&mut benches(&["count"]), &[])?;
    let mut parts = [Vec::new(), Vec::new(), Vec::new()];
    for count in counts {
        parts[match &*count.name {
            "hostile" => 1,
            "long" => 2,
            _ => 0,
        }]
        .push(count);
    }
    Ok(parts)
}

fn update() -> Result {
    let [cases, ..] = count()?;
    let mut text = format!(
        "# Instructions of this crate for a byte, as cargo xtask instructions counts them; with Rust {}\n",
        rust()?
    );
    for count in cases {
        _ = writeln!(text, "{} {} {:.2}", count.name, count.side, count.per_byte());
    }
    fs::write(COMMITTED, &text)?;
    print!("{text}");
    Ok(())
}

fn rust() -> Result<String> {
    Ok(read(&mut command("rustc --version"))?
        .split(' ')
        .nth(1)
        .unwrap_or_default()
        .to_owned())
}

fn compare() -> Result {
    // Beside sides that do other work the benches would say nothing.
    run::run(&mut benches(&["check"]))?;
    let [cases, hostile, long] = count()?;
    let mut faults = compare_cases(&cases)?;
    let (peak, count) = compare_hostile(&hostile, &mut faults);
    let flat = compare_long(&long, &mut faults);
    if !faults.is_empty() {
        return Err(faults.join("\n  ").into());
    }
    let peers = cases
        .iter()
        .find(|count| count.name == "getpeerinfo-125")
        .map_or(0.0, Count::per_byte);
    println!(
        "instructions: within {INSTRUCTIONS} % of the committed counts, getpeerinfo-125 {peers:.2} a byte; {count} hostile inputs of \
         growing size, at most {peak}; long replies flat: {flat}"
    );
    Ok(())
}

fn compare_cases(cases: &[Count]) -> Result<Vec<String>> {
    let committed = fs::read_to_string(COMMITTED)?;
    let mut lines = committed.lines();
    let with = lines
        .next()
        .and_then(|line| line.rsplit(' ').next())
        .unwrap_or_default();
    let mut before: Vec<(&str, f64)> = Vec::new();
    for line in lines {
        let (name, figure) = line.rsplit_once(' ').ok_or("a line without a figure")?;
        before.push((name, figure.parse()?));
    }
    let mut faults = Vec::new();
    for count in cases {
        let (name, figure) = (format!("{} {}", count.name, count.side), count.per_byte());
        println!("{name} {figure:.2}");
        match before.iter().position(|line| line.0 == name) {
            None => faults.push(format!("{name} {figure:.2}: not in {COMMITTED}")),
            Some(index) => {
                let (_, before) = before.swap_remove(index);
                if figure > before * (1.0 + INSTRUCTIONS / 100.0) {
                    faults.push(format!("{name} {figure:.2}: more than {INSTRUCTIONS} % above {before}"));
                } else if figure < before * (1.0 - INSTRUCTIONS / 100.0) {
                    println!("  less than before, which --update keeps: {before}");
                }
            }
        }
    }
    faults.extend(before.iter().map(|(name, _)| format!("{name}: not counted")));
    let now = rust()?;
    if !faults.is_empty() && now != with {
        faults.push(format!("counted with Rust {now} instead of {with}"));
    }
    Ok(faults)
}

/// Compares each input with the next smaller one of its kind. Gives the highest figure, and how many kinds there are.
fn compare_hostile(counts: &[Count], faults: &mut Vec<String>) -> (String, usize) {
    let mut growing = Vec::new();
    let (mut most, mut peak, mut kinds) = (0.0, String::new(), 0);
    for sizes in counts.chunk_by(|one, next| one.side == next.side) {
        let figures: Vec<f64> = sizes.iter().map(Count::per_byte).collect();
        let name = &*sizes[0].side;
        print!("{name:28}");
        for figure in &figures {
            print!("{figure:12.2}");
        }
        println!();
        if figures
            .windows(2)
            .any(|pair| pair[1] > pair[0] * (1.0 + HOSTILE / 100.0))
        {
            growing.push(name);
        }
        if ![LINEAR, QUADRATIC].contains(&name) {
            kinds += 1;
            for figure in figures {
                if figure > most {
                    (most, peak) = (figure, format!("{figure:.0} a byte ({name})"));
                }
            }
        }
    }
    if growing.contains(&LINEAR) || !growing.contains(&QUADRATIC) {
        faults.push("what is known to grow cannot be told from what is known not to".to_owned());
    }
    growing.retain(|name| *name != QUADRATIC);
    faults.extend(
        growing
            .iter()
            .map(|name| format!("{name} takes more for each byte of a longer input")),
    );
    (peak, kinds)
}

/// Compares long replies with the shortest of the same framing, and returns the figure of the longest.
fn compare_long(counts: &[Count], faults: &mut Vec<String>) -> String {
    let mut flat = Vec::new();
    for sizes in counts.chunk_by(|one, next| one.side == next.side) {
        let (first, framing) = (sizes[0].per_byte(), &sizes[0].side);
        for count in sizes {
            let figure = count.per_byte();
            println!("{framing:28}{:12}{figure:12.3}", count.bytes);
            if (figure / first - 1.0).abs() > LONG / 100.0 {
                faults.push(format!(
                    "{framing}: {figure:.3} at {} bytes is not within {LONG} % of {first:.3}",
                    count.bytes
                ));
            }
        }
        flat.push(format!("{framing} {:.2}", sizes[sizes.len() - 1].per_byte()));
    }
    if flat.len() != 3 {
        faults.push("not every framing was counted".to_owned());
    }
    flat.join(", ")
}
