//! The table of ratios: how long each side takes for what this crate does in a time of 1.

use std::time::{Duration, Instant};

use crate::case::{Case, Side, THIS_CRATE};

const ROUNDS: usize = 25;
/// How long a side is measured in each round.
const SLICE: Duration = Duration::from_millis(8);

pub(crate) fn print(mut cases: Vec<Case>) {
    cases.iter_mut().for_each(check);
    println!(
        "Time, as a multiple of this crate's: median of {ROUNDS} rounds in which the sides take turns; half of the"
    );
    println!("rounds are within the percentage.");
    let mut header = Vec::new();
    for Case { name, bytes, sides } in &mut cases {
        let names: Vec<&str> = sides.iter().map(|side| side.name).collect();
        if names != header {
            print!("\n{:22}{:>9}", "", "bytes");
            for name in &names {
                print!("{name:>18}");
            }
            println!();
            header = names;
        }
        print!("{name:22}{bytes:>9}");
        let mut sides: Vec<&mut Side> = sides.iter_mut().collect();
        for Ratio { median, spread } in compare(&mut sides) {
            print!("{:>18}", format!("{median:.2} ±{:.0}%", spread * 100.0));
        }
        println!();
    }
    growth(&mut cases);
}

/// The time that this crate takes for a byte, whatever the length of the reply.
fn growth(cases: &mut [Case]) {
    let cases: Vec<&mut Case> = cases
        .iter_mut()
        .filter(|case| case.name.starts_with("getpeerinfo"))
        .collect();
    let (names, bytes): (Vec<String>, Vec<usize>) = cases.iter().map(|case| (case.name.clone(), case.bytes)).unzip();
    let mut sides: Vec<&mut Side> = cases.into_iter().map(|case| &mut case.sides[0]).collect();
    println!("\nTime of {THIS_CRATE} for a byte, as a multiple of the first");
    for ((name, length), Ratio { median, spread }) in names.iter().zip(&bytes).zip(compare(&mut sides)) {
        #[expect(clippy::cast_precision_loss, reason = "a ratio needs no more")]
        let scale = bytes[0] as f64 / *length as f64;
        println!(
            "{name:22}{length:>9}{:>18}",
            format!("{:.2} ±{:.0}%", median * scale, spread * 100.0)
        );
    }
}

/// All sides must come to the same values.
fn check(case: &mut Case) {
    let mut sides = case.sides.iter_mut();
    let first = sides.next().expect("this crate's side").work.transcript();
    assert!(!first.is_empty(), "{}: nothing was read", case.name);
    for Side { name, work } in sides {
        let other = work.transcript();
        if other != first {
            let mut lines = first.lines().zip(other.lines()).enumerate();
            let difference = lines.find(|(_, (this, other))| this != other);
            panic!("{}: {name} differs from {THIS_CRATE}: {difference:?}", case.name);
        }
    }
}

struct Ratio {
    median: f64,
    /// Half of the distance between the quartiles, as a part of the median.
    spread: f64,
}

/// The time of each for its work, as a multiple of the first one's.
fn compare(sides: &mut [&mut Side]) -> Vec<Ratio> {
    let times: Vec<u64> = sides.iter_mut().map(|side| repetitions(side)).collect();
    let mut ratios = vec![Vec::new(); sides.len()];
    for _ in 0..ROUNDS {
        let seconds: Vec<f64> = sides
            .iter_mut()
            .zip(&times)
            .map(|(side, times)| seconds(side, *times))
            .collect();
        for (ratios, one) in ratios.iter_mut().zip(&seconds) {
            ratios.push(one / seconds[0]);
        }
    }
    ratios.into_iter().map(ratio).collect()
}

fn ratio(mut rounds: Vec<f64>) -> Ratio {
    rounds.sort_by(f64::total_cmp);
    let median = rounds[rounds.len() / 2];
    let quartiles = rounds[rounds.len() * 3 / 4] - rounds[rounds.len() / 4];
    Ratio {
        median,
        spread: quartiles / 2.0 / median,
    }
}

/// How often the work can be done in the time for one measurement.
fn repetitions(side: &mut Side) -> u64 {
    let mut times = 1;
    loop {
        let start = Instant::now();
        side.work.measured(times);
        if start.elapsed() >= SLICE {
            return times;
        }
        times *= 2;
    }
}

/// How long the work takes once.
fn seconds(side: &mut Side, times: u64) -> f64 {
    let start = Instant::now();
    side.work.measured(times);
    #[expect(clippy::cast_precision_loss, reason = "a ratio needs no more")]
    let times = times as f64;
    start.elapsed().as_secs_f64() / times
}
