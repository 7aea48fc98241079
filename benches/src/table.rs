//! The table of ratios: how long each side takes for what this crate does in a time of 1.

use std::fmt;
use std::time::Duration;

use cpu_time::ThreadTime;

use crate::work::{Case, Side, THIS_CRATE};

const ROUNDS: usize = 51;
/// How long a side is measured in each round.
const SLICE: Duration = Duration::from_millis(4);

pub(crate) fn print(mut cases: Vec<Case>) {
    check(&mut cases);
    println!(
        "Time, as a multiple of this crate's: the median of {ROUNDS} rounds in which the sides take turns, and how far"
    );
    println!("half of the rounds are from it at most.");
    for group in cases.chunk_by_mut(|one, other| one.side_names().eq(other.side_names())) {
        table(group);
    }
    growth(&mut cases);
}

/// Cases that have the same sides: a column for each case, a row for each side.
fn table(cases: &mut [Case]) {
    let columns: Vec<Vec<Ratio>> = cases.iter_mut().map(|case| compare(case.sides.iter_mut())).collect();
    row("", cases.iter().map(|case| &case.name));
    row("bytes", cases.iter().map(|case| case.bytes));
    for (index, side) in cases[0].side_names().enumerate() {
        row(side, columns.iter().map(|ratios| &ratios[index]));
    }
}

fn row(name: &str, cells: impl Iterator<Item = impl ToString>) {
    let line = cells.fold(format!("{name:22}"), |line, cell| {
        line + &format!("{:>22}", cell.to_string())
    });
    if name.is_empty() {
        println!();
    }
    println!("{line}");
}

/// The time that this crate takes for a byte, whatever the length of the reply.
fn growth(cases: &mut [Case]) {
    let mut cases: Vec<&mut Case> = cases
        .iter_mut()
        .filter(|case| case.name.starts_with("getpeerinfo"))
        .collect();
    let ratios = compare(cases.iter_mut().map(|case| &mut case.sides[0]));
    println!("\nTime of {THIS_CRATE} for a byte, as a multiple of the first");
    for (case, ratio) in cases.iter().zip(ratios) {
        #[expect(clippy::cast_precision_loss, reason = "a ratio needs no more")]
        let scale = cases[0].bytes as f64 / case.bytes as f64;
        row(&case.name, [ratio.scaled(scale)].iter());
    }
}

/// All sides of a case must come to the same values.
pub(crate) fn check(cases: &mut [Case]) {
    for case in cases {
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
}

struct Ratio {
    median: f64,
    /// Half of the distance between the quartiles, as a part of the median.
    spread: f64,
}

impl Ratio {
    fn scaled(self, factor: f64) -> Self {
        Self {
            median: self.median * factor,
            ..self
        }
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} ±{:.0} %", self.median, self.spread * 100.0)
    }
}

/// The time of each for its work, as a multiple of the first one's.
fn compare<'c>(sides: impl Iterator<Item = &'c mut Side>) -> Vec<Ratio> {
    let mut sides: Vec<&mut Side> = sides.collect();
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
        if time(side, times) >= SLICE {
            return times;
        }
        times *= 2;
    }
}

/// How long the work takes once.
fn seconds(side: &mut Side, times: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a ratio needs no more")]
    let repetitions = times as f64;
    time(side, times).as_secs_f64() / repetitions
}

/// The processor's time: what else the machine does in between does not count.
fn time(side: &mut Side, times: u64) -> Duration {
    let start = ThreadTime::now();
    side.work.repeat(times);
    start.elapsed()
}
