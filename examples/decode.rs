//! A recorded HTTP reply from stdin, run through the crate in pieces of any size: its result goes to stdout as JSON in the
//! node's own shape, less the members that the crate does not know; what is wrong goes to stderr.
//!
//! ```text
//! cargo run --example decode -- getpeerinfo --feed 7 < tests/exchanges/v3.2.8/crowd-getpeerinfo.response.http
//! cargo run --example decode -- batch getconnectioncount getnettotals nosuch getnetworkinfo \
//!     < tests/exchanges/v3.2.8/batch.response.http
//! ```

use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::str::FromStr;

use defichain_net_rpc::{Connection, Error, ErrorKind, Reply, Want};
use lexopt::{Arg, ValueExt};

mod batch;
mod hints;
mod methods;
mod terminal;

use methods::{Answer, Entry, ReadElement, Unread};

const USAGE: &str = "\
usage: decode METHOD [OPTION…] < reply.http
       decode batch [METHOD…] [OPTION…] < reply.http

A METHOD in a batch may also be one that the crate does not know.

--id N          refuse a reply with another id; in a batch, the id of the first, 1 unless given
--feed BYTES    give the crate so many bytes at a time; all at once unless given
--buffer BYTES  refuse what does not fit into a buffer of this length; it grows unless given
--elements      read a list one element at a time, the buffer being a window on it
--help          print this

The exit status is 0 if everything could be read, 75 if the same call may succeed a little later, else 1.";

/// `EX_TEMPFAIL` of sysexits.h.
const TRANSIENT: u8 = 75;

/// A longer reply than this has to be there, not only announced.
const MAX_BUFFER: usize = 64 << 20;

/// A recorded reply on its way through the crate.
struct Recording {
    input: io::Cursor<Vec<u8>>,
    /// How many bytes come at a time.
    feed: usize,
    /// The id that the reply must have.
    id: Option<u64>,
    connection: Connection,
    buf: Vec<u8>,
    /// How long the buffer may become.
    limit: usize,
}

impl Recording {
    /// Reads the reply as a whole.
    fn reply(&mut self) -> Result<Reply<'_>, Error> {
        loop {
            match self.connection.poll(&mut self.buf) {
                Ok(Want::Read(space)) => {
                    let count = read(&mut self.input, self.feed, space);
                    self.connection.received(count);
                }
                // Nothing is to be sent.
                Ok(_) => break self.connection.reply(&self.buf),
                Err(error) => self.grow(error)?,
            }
        }
    }

    /// Reads a list, one element at a time.
    fn elements(&mut self, element: ReadElement) -> Result<Answer, Error> {
        let (mut elements, mut unread) = (Vec::new(), Unread::default());
        loop {
            match self.connection.poll_element(&mut self.buf) {
                Ok(Want::Read(space)) => {
                    let count = read(&mut self.input, self.feed, space);
                    self.connection.received(count);
                }
                Ok(Want::Ready(true)) => elements.extend(unread.note(element(&mut self.connection, &self.buf))),
                Ok(_) => break,
                // The id is looked at last: all else is right, unless the reply had to be there as a whole.
                Err(error) if error.kind == ErrorKind::WrongId && self.id.is_none() => {
                    match self.connection.reply(&self.buf) {
                        Ok(_) => return Err(error),
                        Err(_) => break,
                    }
                }
                Err(error) => self.grow(error)?,
            }
        }
        Ok(methods::list_of(&elements, &unread))
    }

    /// Makes room for a reply that is too long, or returns the error.
    fn grow(&mut self, error: Error) -> Result<(), Error> {
        match error.kind {
            ErrorKind::TooLong { needed } if needed <= self.limit => {
                self.buf.resize(needed.max(2 * self.buf.len()).min(self.limit), 0);
                Ok(())
            }
            _ => Err(error),
        }
    }

    fn decode(&mut self, method: &Entry, by_elements: bool) -> Result<Answer, Error> {
        match method.element {
            Some(element) if by_elements => match self.elements(element) {
                // An error of the node, or another reply that had to be there as a whole.
                Err(_) if self.connection.reply(&self.buf).is_ok() => {}
                answer => return answer,
            },
            _ => _ = self.reply()?,
        }
        methods::read(self.connection.reply(&self.buf)?, self.id, method.json)
    }
}

/// Reads some bytes of a recorded reply.
fn read(input: &mut io::Cursor<Vec<u8>>, feed: usize, space: &mut [u8]) -> usize {
    let count = feed.min(space.len());
    input.read(&mut space[..count]).unwrap_or_default()
}

/// Why there is no JSON.
struct Failure {
    line: String,
    is_transient: bool,
}

impl From<String> for Failure {
    fn from(line: String) -> Self {
        Self {
            line,
            is_transient: false,
        }
    }
}

impl From<&str> for Failure {
    fn from(line: &str) -> Self {
        line.to_owned().into()
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        format!("{error}; --help lists the options").into()
    }
}

fn main() -> ExitCode {
    match run().and_then(|answer| Ok(terminal::print(&answer.text).map(|()| answer.wrong)?)) {
        Ok(None) => ExitCode::SUCCESS,
        Ok(Some(line)) => {
            terminal::complain(&line);
            ExitCode::FAILURE
        }
        Err(failure) => {
            terminal::complain(&failure.line);
            ExitCode::from(if failure.is_transient { TRANSIENT } else { 1 })
        }
    }
}

/// The value of an option.
fn number<T: FromStr>(arguments: &mut lexopt::Parser, wrong: &str) -> Result<T, Failure> {
    arguments
        .value()?
        .string()?
        .parse()
        .map_err(|_| wrong.to_owned().into())
}

fn run() -> Result<Answer, Failure> {
    let (mut id, mut feed, mut buffer, mut by_elements) = (None, usize::MAX, None, false);
    let mut names: Vec<String> = Vec::new();
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => {
                return Ok(Answer::of(format!("{USAGE}\n\nMethods:\n{}", methods::usage())));
            }
            Arg::Long("id") => id = Some(number(&mut arguments, "--id needs a whole number")?),
            Arg::Long("feed") => {
                let count: NonZeroUsize = number(&mut arguments, "--feed needs a whole number of bytes above 0")?;
                feed = count.get();
            }
            Arg::Long("buffer") => {
                buffer = Some(number::<usize>(
                    &mut arguments,
                    "--buffer needs a whole number of bytes",
                )?);
            }
            Arg::Long("elements") => by_elements = true,
            Arg::Value(name) => names.push(name.string()?),
            argument => return Err(argument.unexpected().into()),
        }
    }
    let (name, names) = names.split_first().ok_or("a METHOD is missing; --help lists them")?;
    let is_batch = name == "batch";
    let method = (!is_batch).then(|| methods::find(name)).transpose()?;
    match (method, names) {
        (Some(_), [word, ..]) => return Err(format!("{word} is one argument too many; --help lists them").into()),
        (Some(method), []) if by_elements && method.element.is_none() => {
            return Err(format!("{name} answers with no list; leave out --elements").into());
        }
        (None, _) if by_elements => return Err("a batch is no list; leave out --elements".into()),
        _ => {}
    }

    let mut input = Vec::new();
    let read = io::stdin().read_to_end(&mut input);
    read.map_err(|error| format!("cannot read stdin: {error}"))?;
    if input.is_empty() {
        return Err("there is no reply on stdin".into());
    }
    let max = MAX_BUFFER.max(input.len().saturating_add(1));
    let first_id = id.unwrap_or(u64::from(is_batch));
    let mut recording = Recording {
        input: io::Cursor::new(input),
        feed,
        id,
        connection: Connection::awaiting_reply(first_id),
        buf: vec![0; buffer.unwrap_or(4096).min(max)],
        limit: buffer.unwrap_or(max).min(max),
    };
    let answer = match method {
        Some(method) => recording.decode(method, by_elements).map(|answer| Answer {
            text: answer.text + "\n",
            ..answer
        }),
        None => recording
            .reply()
            .and_then(|reply| Ok(batch::show(&batch::read(reply, names)?, true))),
    };
    answer.map_err(|error| Failure {
        line: hints::words(&error, recording.connection.reply(&recording.buf).ok()),
        is_transient: error.is_transient(),
    })
}
