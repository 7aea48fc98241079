//! A recorded HTTP reply from stdin, run through the crate in pieces of any size, and its result as JSON in the node's
//! own shape, without the members that the crate does not know.
//!
//! ```text
//! cargo run --example decode -- getpeerinfo --feed 7 < tests/exchanges/v3.2.8/crowd-getpeerinfo.response.http
//! cargo run --example decode -- batch getconnectioncount getnettotals nosuch getnetworkinfo \
//!     < tests/exchanges/v3.2.8/batch.response.http
//! ```

use std::env;
use std::io::{self, Read};
use std::process::ExitCode;

use defichain_net_rpc::http::Reply;
use defichain_net_rpc::{Exchange, Method, ResponseError, Want, json};

mod batch;
mod by_name;
mod terminal;

/// A recorded reply, and how it is to be read.
struct Recording {
    /// The id that it must have. Without one, whichever it has is right; those of a batch begin with 1.
    id: Option<u64>,
    /// How many bytes come at a time.
    feed: usize,
}

impl Recording {
    fn reply<'b>(&self, id: u64, buf: &'b mut Vec<u8>) -> Result<Reply<'b>, String> {
        /// The buffer must hold what the reply announces, or that would be the error, and not that less has come.
        const MIN_BUFFER: usize = 64 << 20;

        let mut input = Vec::new();
        io::stdin()
            .read_to_end(&mut input)
            .map_err(|error| format!("cannot read stdin: {error}"))?;
        let mut input = input.as_slice();
        buf.resize(input.len().saturating_add(1).max(MIN_BUFFER), 0);
        let mut exchange = Exchange::awaiting(id, buf);
        while let Want::Read(space) = exchange.poll().map_err(|error| error.to_string())? {
            let count = self.feed.min(space.len());
            let count = input.read(&mut space[..count]).map_err(|error| error.to_string())?;
            exchange.received(count);
        }
        exchange
            .into_reply()
            .ok_or_else(|| "an exchange that awaits a reply has nothing to write".into())
    }

    /// Reads the replies to methods in their order.
    fn batch(&self, names: &[String]) -> Result<String, String> {
        let first_id = self.id.unwrap_or(1);
        let mut buf = Vec::new();
        let mut slots = vec![None; names.len()];
        let response = self.reply(first_id, &mut buf)?.batch(&mut slots);
        let response = response.map_err(|error| error.to_string())?;
        Ok(batch::to_json(&batch::outcomes(&response, first_id, names)))
    }
}

impl by_name::Caller for Recording {
    type Answer = String;

    fn call<M: Method>(
        &mut self,
        method: &M,
        json: impl FnOnce(M::Response<'_>) -> Result<String, json::Error>,
    ) -> Result<String, String> {
        let mut buf = Vec::new();
        let reply = self.reply(self.id.unwrap_or_default(), &mut buf)?;
        let result = match self.id {
            Some(_) => reply.response(method),
            None => reply.envelope().and_then(|envelope| Ok(envelope.result()?)),
        };
        let result = result.map_err(|error| error.to_string())?;
        json(result).map_err(|error| ResponseError::Invalid(error).to_string())
    }
}

const USAGE: &str = "\
usage: decode METHOD [--id N] [--feed BYTES] < reply.http
       decode batch [METHOD…] [--id N] [--feed BYTES] < reply.http

A METHOD in a batch may also be one that the crate does not know.

--id N        refuse a reply with another id; in a batch, the id of the first, 1 unless given
--feed BYTES  give the crate so many bytes at a time; all at once unless given
--help        print this";

fn main() -> ExitCode {
    terminal::exit(run())
}

fn run() -> Result<String, String> {
    let mut recording = Recording {
        id: None,
        feed: usize::MAX,
    };
    let help = || Ok(format!("{USAGE}\n\nMethods:\n{}", by_name::usage::<Recording>()));
    let mut words = env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    if words.len() == 0 {
        return help();
    }
    let mut methods = Vec::new();
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
            _ => methods.push(word),
        }
    }
    let json = match methods.as_slice() {
        [] => return Err("a METHOD is missing; --help lists them".into()),
        [batch, names @ ..] if batch == "batch" => recording.batch(names)?,
        [method] => by_name::call(&mut recording, method, None)?,
        [_, word, ..] => return Err(format!("{word} is one argument too many; --help lists them")),
    };
    Ok(json + "\n")
}
