//! Output to the terminal: a result to stdout or one line of error to stderr, without control characters, whatever the node
//! sent.

#![allow(dead_code, reason = "each example uses a part of it")]

use std::fmt::{Display, Write as _};
use std::io::{self, Write as _};
use std::process::{self, ExitCode};

/// Ends a program: prints the text to stdout, or the error to stderr.
pub(crate) fn exit(result: Result<String, String>) -> ExitCode {
    match result.and_then(|text| print(&text)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            complain(&text);
            ExitCode::FAILURE
        }
    }
}

/// Prints a line to stderr. If that is closed too, the exit code has to do.
pub(crate) fn complain(text: &str) {
    _ = writeln!(io::stderr(), "{}", line(&text));
}

/// Prints a text at once. If whoever reads it has seen enough, the program ends here.
pub(crate) fn print(text: &str) -> Result<(), String> {
    let mut stdout = io::stdout();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => process::exit(0),
        printed => printed.map_err(|error| format!("cannot write to stdout: {error}")),
    }
}

/// Returns the first line of a text: the node's message about wrong parameters is a whole page of usage.
pub(crate) fn line(text: &impl Display) -> String {
    escape(text.to_string().lines().next().unwrap_or_default().trim_end())
}

/// Escapes, as JSON does, the characters that move the cursor or change the direction of writing.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        let obeyed =
            matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if c.is_control() || obeyed {
            _ = write!(escaped, "\\u{:04x}", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
}
