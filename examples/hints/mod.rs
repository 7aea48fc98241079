//! What went wrong, in one line, and what a person can do about it.

#![allow(dead_code, reason = "each example uses a part of it")]

use std::fmt::Write as _;
use std::io::{self, ErrorKind as Kind};

use defichain_net_rpc::rpc::Code;
use defichain_net_rpc::{Error, ErrorKind, Reply};

use crate::terminal;

/// The host has not been found.
pub(crate) fn resolve(error: &io::Error) -> String {
    format!("cannot find the host: {error}; check the URL")
}

/// No stream to this server could be opened.
pub(crate) fn connect(server: &str, error: &io::Error) -> String {
    match error.kind() {
        Kind::TimedOut => format!("cannot connect to {server}: no answer in time; check host and port"),
        _ => format!("cannot connect to {server}: {error}; {IS_IT_A_NODE}"),
    }
}

/// A call has failed: the error, with the words that came with it, and a hint.
pub(crate) fn call(error: &Error, reply: Option<Reply<'_>>) -> String {
    let line = words(error, reply);
    let hint = match error.kind {
        // The error says it itself.
        ErrorKind::WorkQueueFull | ErrorKind::Unhandled | ErrorKind::Status(300..=399 | 401 | 403 | 404) => {
            return line;
        }
        ErrorKind::Status(502 | 504 | 520..=524) => "try again in a moment, unless it changes something",
        _ if error.is_transient() => "try again in a moment",
        ErrorKind::Node(Code::METHOD_NOT_FOUND) => "the node's release is too old for this method",
        // What to do is up to the node to say.
        ErrorKind::Node(_) => return line,
        ErrorKind::Truncated => "the node may be restarting; try again, unless it changes something",
        ErrorKind::Unconfirmed => "see what has become of it before it is sent again",
        ErrorKind::TooLong { .. } => "the limit is a constant in the source of this example",
        _ => IS_IT_A_NODE,
    };
    format!("{line}; {hint}")
}

/// The error, with the words of the node, or of the server in its place.
pub(crate) fn words(error: &Error, reply: Option<Reply<'_>>) -> String {
    if error.code().is_some()
        && let Some(error) = reply.and_then(Reply::node_error)
    {
        return terminal::line(&error);
    }
    let mut line = error.to_string();
    let Some(reply) = reply else { return line };
    if let (ErrorKind::Status(300..=399), Some(location)) = (error.kind, reply.location()) {
        _ = write!(line, ": {location}");
    }
    // The message is in the node's error. If there is none, the first line of the JSON would not help.
    let is_told = match error.kind {
        ErrorKind::Status(_) => true,
        ErrorKind::Json(_) => {
            matches!(error.member, Some("error" | "code" | "message")) || !reply.body().starts_with(b"{")
        }
        _ => false,
    };
    if let Some(text) = reply.line().filter(|_| is_told) {
        _ = write!(line, ": {text}");
    }
    terminal::line(&line)
}

/// What to ask where something else seems to answer.
pub(crate) const IS_IT_A_NODE: &str =
    "does a node run there, and is this its RPC port (8554 on mainnet, 18554 on testnet, 19554 on regtest)?";
