//! Where the instructions of a case go: by function, with inlined ones apart, and by line.

use std::collections::{BTreeMap, HashMap};
use std::io::Write as _;
use std::process::Stdio;
use std::{fs, thread};

use crate::callgrind;
use crate::run::{Result, command, install, root, text};

const SHOWN: usize = 30;

/// A piece of code that was run, and what it took.
struct Line {
    cost: u64,
    /// The function, with what of std is inlined into it.
    inner: String,
    /// The function that is not inlined.
    outer: String,
    place: String,
}

pub(crate) fn profile(benches: &mut std::process::Command) -> Result {
    let program = root()?.join(benches.get_program());
    let counts = callgrind::counts(
        benches,
        &["--dump-instr=yes", "--compress-pos=no", "--compress-strings=no"],
    )?;
    let [count] = &counts[..] else {
        return Err("not one piece of work was counted".into());
    };
    let program = program.to_string_lossy();
    let (costs, mut lines) = read_costs(&fs::read_to_string(callgrind::path(1)?)?, &program);
    lines.extend(places(&costs, &program)?);
    rank(
        "by function, with what of std is inlined into it",
        &lines,
        count.per_byte(),
        |line| &line.inner,
    );
    rank("by function that is not inlined", &lines, count.per_byte(), |line| {
        &line.outer
    });
    rank("by line", &lines, count.per_byte(), |line| &line.place);
    println!(
        "instructions: {} {}: {:.2} a byte",
        count.name,
        count.side,
        count.per_byte()
    );
    Ok(())
}

/// What each address of the program took, and each function that is in another file.
fn read_costs(counts: &str, program: &str) -> (BTreeMap<String, u64>, Vec<Line>) {
    let mut costs = BTreeMap::new();
    let mut others = HashMap::<&str, u64>::new();
    let (mut here, mut function) = (false, "");
    let mut lines = counts.lines();
    while let Some(line) = lines.next() {
        if let Some(object) = line.strip_prefix("ob=") {
            here = object == program;
        } else if let Some(name) = line.strip_prefix("fn=") {
            function = name;
        } else if line.starts_with("calls=") {
            // The next line has the cost of the callee.
            lines.next();
        } else if line.starts_with("0x") {
            let mut words = line.split(' ');
            let address = words.next().unwrap_or_default();
            let cost = words.nth(1).and_then(|cost| cost.parse().ok()).unwrap_or(0);
            if here {
                *costs.entry(address.to_owned()).or_default() += cost;
            } else {
                *others.entry(function).or_default() += cost;
            }
        }
    }
    let others = others.into_iter().map(|(name, cost)| {
        let [inner, outer, place] = [name; 3].map(str::to_owned);
        Line {
            cost,
            inner,
            outer,
            place,
        }
    });
    (costs, others.collect())
}

/// Whose code the addresses of the program are.
fn places(costs: &BTreeMap<String, u64>, program: &str) -> Result<Vec<Line>> {
    install("binutils")?;
    let mut addr2line = command("addr2line -a -i -f -C -e");
    let mut child = addr2line
        .arg(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut stdin = child.stdin.take().ok_or("no stdin")?;
    let addresses: String = costs.keys().flat_map(|address| [address, "\n"]).collect();
    let writer = thread::spawn(move || stdin.write_all(addresses.as_bytes()));
    let output = text(&child.wait_with_output()?.stdout);
    writer.join().map_err(|_| "a panic")??;

    // An address, then a function and a place for each level, the innermost first.
    let root = format!("{}/", root()?.display());
    let mut lines = Vec::new();
    for (block, cost) in output.split("0x").skip(1).zip(costs.values()) {
        let words: Vec<&str> = block.lines().skip(1).collect();
        let mut levels = words.chunks_exact(2).map(|level| {
            let place = short_place(level[1], &root);
            let file = place.rsplit_once(':').map_or(&*place, |halves| halves.0);
            (format!("{file} {}", short_name(level[0])), place)
        });
        let levels: Vec<(String, String)> = levels.by_ref().collect();
        let Some(outer) = levels.last() else { continue };
        // The standard library's code counts for the function that it is inlined into.
        let inner = levels
            .iter()
            .find(|level| !level.1.starts_with("std "))
            .unwrap_or(outer);
        lines.push(Line {
            cost: *cost,
            inner: inner.0.clone(),
            outer: outer.0.clone(),
            place: inner.1.clone(),
        });
    }
    Ok(lines)
}

fn short_name(name: &str) -> String {
    let mut depth = 0_u32;
    let mut plain = String::new();
    for c in name.chars() {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain.rsplit("::").next().unwrap_or_default().to_owned()
}

fn short_place(place: &str, root: &str) -> String {
    let place = place.split(" (discriminator").next().unwrap_or_default();
    if let Some((_, library)) = place.split_once("/library/") {
        return format!("std {library}");
    }
    match place
        .split_once("/registry/src/")
        .and_then(|(_, rest)| rest.split_once('/'))
    {
        Some((_, package)) => package.to_owned(),
        None => place.replace(root, ""),
    }
}

/// The most expensive of what stands in a column.
fn rank(heading: &str, lines: &[Line], figure: f64, column: impl Fn(&Line) -> &String) {
    let mut sums = HashMap::<&str, u64>::new();
    for line in lines {
        *sums.entry(column(line)).or_default() += line.cost;
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by_key(|sum| std::cmp::Reverse(sum.1));
    let total: u64 = sums.iter().map(|sum| sum.1).sum();
    println!("\n{heading}");
    for (name, cost) in sums.into_iter().take(SHOWN) {
        #[expect(clippy::cast_precision_loss, reason = "three decimals are enough")]
        let part = cost as f64 / total as f64;
        println!("{:8.3} {:5.1} %  {name}", figure * part, 100.0 * part);
    }
}
