//! Makes up replies, has several parsers read them, and compares what they come to with a table of known disagreements.
//!
//! `parsers replies` prints the replies in hexadecimal digits, for parsers in another language. `parsers compare VERDICTS
//! TABLE` takes what these say of each, and prints what is not in the table, and what the table says that is not so.

mod replies;
mod sides;
mod table;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::read_to_string;
use std::process::ExitCode;

use replies::{Reply, replies};
use table::{Disagreement, Table};

/// What a parser makes of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Verdict {
    Complete(String),
    /// The head is complete; nothing is known of the body.
    Head,
    /// Refused, or incomplete at the end of the stream.
    None,
}

impl Verdict {
    fn complete(status: u16, body: &[u8]) -> Self {
        Self::Complete(format!("{status}:{}", body.escape_ascii()))
    }

    fn read(text: &str) -> Self {
        match text.split_once(':') {
            Some((status, body)) => Self::complete(status.parse().expect("a status"), &bytes(body)),
            None => Self::None,
        }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["replies"] => {
            for reply in replies() {
                println!("{}", digits(&reply.stream));
            }
            ExitCode::SUCCESS
        }
        ["compare", verdicts, table] => compare(
            &read_to_string(verdicts).expect("the verdicts"),
            &Table::read(&read_to_string(table).expect("the table")),
        ),
        _ => {
            eprintln!("parsers replies, or parsers compare VERDICTS TABLE");
            ExitCode::FAILURE
        }
    }
}

fn compare(verdicts: &str, table: &Table) -> ExitCode {
    let replies = replies();
    let count = verdicts.lines().count();
    assert_eq!(replies.len(), count, "a line of verdicts for each reply");

    let mut found = BTreeSet::new();
    let mut disputed = 0;
    for (reply, verdicts) in replies.iter().zip(verdicts.lines()) {
        let (h11, llhttp) = verdicts.split_once(' ').expect("two verdicts");
        if let Some(verdicts) = disagreement(&reply.stream, Verdict::read(h11), Verdict::read(llhttp)) {
            disputed += 1;
            found.insert(Disagreement::new(verdicts, reply));
        }
    }
    let faults = table.compare(&found);
    if faults.is_empty() {
        println!("{count} {disputed} {}", table.sections);
        return ExitCode::SUCCESS;
    }
    println!("{faults}");
    ExitCode::FAILURE
}

/// What this crate says, and the others who say something else, if there are any.
fn disagreement(stream: &[u8], h11: Verdict, llhttp: Verdict) -> Option<String> {
    let ours = sides::this_crate(stream);
    let (httparse, httparse_agrees) = sides::httparse(stream, &ours);
    let mut others = Vec::new();
    if !httparse_agrees {
        others.push(("httparse", httparse));
    }
    for (name, verdict) in [
        ("ureq-proto", sides::ureq_proto(stream)),
        ("h11", h11),
        ("llhttp", llhttp),
    ] {
        if verdict != ours {
            others.push((name, verdict));
        }
    }
    // What a reply is taken for matters where this crate takes it as well.
    let word = |verdict: &Verdict| match (&ours, verdict) {
        (_, Verdict::None) => "refused",
        (Verdict::Complete(_), Verdict::Complete(_)) if *verdict != ours => "taken otherwise",
        _ => "taken",
    };
    let mut verdicts = word(&ours).to_owned();
    for alike in others.chunk_by(|(_, one), (_, next)| word(one) == word(next)) {
        let names: Vec<&str> = alike.iter().map(|(name, _)| *name).collect();
        _ = write!(verdicts, "; {} by {}", word(&alike[0].1), names.join(", "));
    }
    (!others.is_empty()).then_some(verdicts)
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        _ = write!(digits, "{byte:02x}");
        digits
    })
}

fn bytes(digits: &str) -> Vec<u8> {
    let digit = |place: usize| u8::from_str_radix(&digits[place..place + 2], 16).expect("two digits");
    (0..digits.len()).step_by(2).map(digit).collect()
}
