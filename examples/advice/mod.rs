//! What went wrong, in one line, and what a person can do about it.

use std::io::{self, ErrorKind};

use defichain_net_rpc::ResponseError;
use defichain_net_rpc::http::{self, HttpErrorKind, ReplyError};
use defichain_net_rpc::rpc::Code;

use crate::terminal;

pub(crate) fn resolve(error: &io::Error) -> String {
    format!("cannot find the host: {error}; check the URL")
}

pub(crate) fn connect(error: &io::Error) -> String {
    format!("cannot connect: {error}; {IS_IT_A_NODE}")
}

pub(crate) fn stream(error: &io::Error) -> String {
    match error.kind() {
        // Which of the two depends on the system.
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "no reply in time; look at what the node is doing".into(),
        _ => format!("the connection broke: {error}; {IS_IT_A_NODE}"),
    }
}

pub(crate) fn http(error: &http::Error) -> String {
    match error.kind {
        http::ErrorKind::TooLong { .. } => format!("{error}; its size is a constant in the source of this example"),
        http::ErrorKind::Truncated => format!("{error}; try again, the node may be restarting"),
        _ => format!("{error}; {IS_IT_A_NODE}"),
    }
}

pub(crate) fn reply(error: &ReplyError<'_>) -> String {
    let advice = match error {
        _ if error.is_transient() => Some("try again in a moment"),
        ReplyError::Http(answer) => match answer.kind() {
            HttpErrorKind::Unauthorized => {
                Some("check user and password in the URL; a node without rpcpassword has them in its file .cookie")
            }
            HttpErrorKind::Forbidden => Some("let the node allow this address with -rpcallowip"),
            HttpErrorKind::NotFound => Some("check the path in the URL"),
            _ => Some(IS_IT_A_NODE),
        },
        ReplyError::Response(ResponseError::Node(error)) if error.code == Code::METHOD_NOT_FOUND => {
            Some("the node's release is too old for this method")
        }
        // What to do is up to the node to say.
        ReplyError::Response(ResponseError::Node(_)) => None,
        _ => Some(IS_IT_A_NODE),
    };
    let line = terminal::line(error);
    advice.map(|advice| format!("{line}; {advice}")).unwrap_or(line)
}

const IS_IT_A_NODE: &str =
    "does a node run there, and is this its RPC port (8554 on mainnet, 18554 on testnet, 19554 on regtest)?";
