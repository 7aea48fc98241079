//! A recorded HTTP reply from stdin, run through the crate in pieces of any size, and its result as JSON in the node's
//! own shape, without the members that the crate does not know.
//!
//! ```text
//! cargo run --example decode -- getpeerinfo --feed 7 < tests/exchanges/v3.2.8/crowd-getpeerinfo.response.http
//! ```

use std::env;
use std::io::{self, Read};
use std::process::ExitCode;

use defichain_net_rpc::{Exchange, Method, ResponseError, Want, json};

mod by_name;
mod terminal;

/// A recorded reply, and how it is to be read.
struct Recording {
    /// The id that it must have; without one, whichever it has is right.
    id: Option<u64>,
    /// How many bytes come at a time.
    feed: usize,
}

impl by_name::Caller for Recording {
    fn call<M: Method>(
        &mut self,
        method: &M,
        json: impl FnOnce(M::Response<'_>) -> Result<String, json::Error>,
    ) -> Result<String, String> {
        /// The buffer must hold what the reply announces, or that would be the error, and not that less has come.
        const MIN_BUFFER: usize = 64 << 20;

        let mut input = Vec::new();
        io::stdin()
            .read_to_end(&mut input)
            .map_err(|error| format!("cannot read stdin: {error}"))?;
        let mut input = input.as_slice();
        let mut buf = vec![0; input.len().saturating_add(1).max(MIN_BUFFER)];
        let mut exchange = Exchange::awaiting(self.id.unwrap_or_default(), &mut buf);
        loop {
            match exchange.poll().map_err(|error| error.to_string())? {
                Want::Write(_) => return Err("an exchange that awaits a reply has nothing to write".into()),
                Want::Read(space) => {
                    let count = self.feed.min(space.len());
                    let count = input.read(&mut space[..count]).map_err(|error| error.to_string())?;
                    exchange.received(count);
                }
                Want::Done(reply) => {
                    let result = match self.id {
                        Some(_) => reply.response(method),
                        None => reply.envelope().and_then(|envelope| Ok(envelope.result()?)),
                    };
                    let result = result.map_err(|error| error.to_string())?;
                    return json(result).map_err(|error| ResponseError::Invalid(error).to_string());
                }
            }
        }
    }
}

const USAGE: &str = "\
usage: decode METHOD [--id N] [--feed BYTES] < reply.http

--id N        refuse a reply with another id
--feed BYTES  give the crate so many bytes at a time; all at once unless given
--help        print this";

fn main() -> ExitCode {
    terminal::exit(run())
}

fn run() -> Result<String, String> {
    let mut method = None;
    let mut recording = Recording {
        id: None,
        feed: usize::MAX,
    };
    let help = || Ok(format!("{USAGE}\n\nMethods: {}\n", by_name::list::<Recording>()));
    let mut words = env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    if words.len() == 0 {
        return help();
    }
    while let Some(word) = words.next() {
        match word.as_str() {
            "-h" | "--help" => return help(),
            "--id" => {
                let id = words.next().and_then(|id| id.parse().ok());
                recording.id = Some(id.ok_or("--id needs a whole number")?);
            }
            "--feed" => {
                let feed = words.next().and_then(|feed| feed.parse().ok());
                recording.feed = feed
                    .filter(|feed| *feed > 0)
                    .ok_or("--feed needs a whole number of bytes above 0")?;
            }
            option if option.starts_with("--") => {
                return Err(format!("there is no option {option}; --help lists them"));
            }
            _ if method.is_some() => return Err(format!("{word} is one argument too many; --help lists them")),
            _ => method = Some(word),
        }
    }
    let method = method.ok_or("a METHOD is missing; --help lists them")?;
    by_name::call(&mut recording, &method, None)
}
