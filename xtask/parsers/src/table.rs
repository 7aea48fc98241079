//! The table of known disagreements. Each section of it has a heading, what decides, verdicts (indented by two spaces), and
//! the replies that get them (by four): with the bytes that are put there, or with `*` for any text and how many these are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::Reply;

/// One reply that not all parsers take for the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Disagreement {
    verdicts: String,
    place: String,
    byte: Option<u8>,
}

impl Disagreement {
    pub(crate) fn new(verdicts: String, reply: &Reply) -> Self {
        Self {
            verdicts,
            place: reply.place.clone(),
            byte: reply.byte,
        }
    }
}

#[derive(Default)]
pub(crate) struct Table {
    pub(crate) sections: usize,
    known: BTreeSet<Disagreement>,
    patterns: Vec<Pattern>,
    /// What is wrong with the table itself.
    faults: String,
}

/// So many replies at once.
struct Pattern {
    verdicts: String,
    /// With `*` for any text.
    place: String,
    count: usize,
}

impl Table {
    pub(crate) fn read(text: &str) -> Self {
        let mut table = Self::default();
        for section in text.split("\n\n# ").skip(1) {
            table.sections += 1;
            let (heading, lines) = section.split_once('\n').unwrap_or((section, ""));
            let mut reason = String::new();
            let mut verdicts = "";
            for line in lines.lines() {
                if let Some(row) = line.strip_prefix("    ") {
                    table.add(verdicts, row);
                } else if let Some(line) = line.strip_prefix("  ") {
                    verdicts = line;
                } else {
                    reason += line;
                }
            }
            if !reason.contains("RFC 911") {
                _ = writeln!(table.faults, "nothing decides: {heading}");
            }
            if verdicts.is_empty() {
                _ = writeln!(table.faults, "nothing is of this kind: {heading}");
            }
        }
        table
    }

    fn add(&mut self, verdicts: &str, row: &str) {
        let (place, detail) = row.rsplit_once(": ").unwrap_or((row, ""));
        if let Some(count) = detail.strip_suffix(" replies").and_then(|count| count.parse().ok()) {
            self.patterns.push(Pattern {
                verdicts: verdicts.to_owned(),
                place: place.to_owned(),
                count,
            });
            return;
        }
        let (place, bytes) = match ranges(detail) {
            Some(bytes) => (place, bytes.into_iter().map(Some).collect()),
            None => (row, vec![None]),
        };
        for byte in bytes {
            let new = self.known.insert(Disagreement {
                verdicts: verdicts.to_owned(),
                place: place.to_owned(),
                byte,
            });
            if !new {
                _ = writeln!(self.faults, "it is there twice: {row}");
            }
        }
    }

    /// What the table says wrong of the disagreements that were found, and what it does not say.
    pub(crate) fn compare(&self, found: &BTreeSet<Disagreement>) -> String {
        let mut faults = self.faults.clone();
        let mut new: BTreeSet<_> = found.difference(&self.known).cloned().collect();
        for pattern in &self.patterns {
            let before = new.len();
            new.retain(|one| one.verdicts != pattern.verdicts || !is_like(&one.place, &pattern.place));
            let count = before - new.len();
            if count != pattern.count {
                _ = writeln!(faults, "it is {count} replies: {}", pattern.place);
            }
        }
        let gone = self.known.difference(found).cloned().collect();
        for (heading, set) in [("not in the table", new), ("in the table, but not so", gone)] {
            if !set.is_empty() {
                _ = write!(faults, "{heading}:\n{}", print(&set));
            }
        }
        faults
    }
}

/// Whether a text is like a pattern, which has `*` for any text.
fn is_like(text: &str, pattern: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return text == pattern;
    };
    let Some(text) = text.strip_prefix(start) else {
        return false;
    };
    (0..=text.len()).any(|skipped| text.get(skipped..).is_some_and(|text| is_like(text, rest)))
}

/// Disagreements as they stand in a table.
fn print(disagreements: &BTreeSet<Disagreement>) -> String {
    let mut rows = BTreeMap::<_, Vec<u8>>::new();
    for Disagreement { verdicts, place, byte } in disagreements {
        rows.entry((verdicts, place)).or_default().extend(byte);
    }
    let mut text = String::new();
    let mut last = None;
    for ((verdicts, place), bytes) in rows {
        if last.replace(verdicts) != Some(verdicts) {
            _ = writeln!(text, "  {verdicts}");
        }
        _ = write!(text, "    {place}");
        for (number, run) in bytes.chunk_by(|one, next| one + 1 == *next).enumerate() {
            text += if number == 0 { ": " } else { " " };
            _ = match run {
                [byte] => write!(text, "{byte:02x}"),
                [first, .., last] => write!(text, "{first:02x}-{last:02x}"),
                [] => Ok(()),
            };
        }
        text.push('\n');
    }
    text
}

/// The bytes of `00 09-0d`; `None` for another text.
fn ranges(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for run in text.split(' ') {
        let (first, last) = run.split_once('-').unwrap_or((run, run));
        let [first, last] = [first, last].map(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.extend(first?..=last?);
    }
    Some(bytes)
}
