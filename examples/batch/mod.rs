//! What became of a batch of methods that are known by their names.

use defichain_net_rpc::json::Raw;
use defichain_net_rpc::rpc::{BatchFault, Envelope, Slot};
use defichain_net_rpc::{Error, Reply};

use crate::methods::{self, Answer, to_json};
use crate::terminal;

/// What became of one call.
pub(crate) struct Outcome {
    /// The name of the method; none of what is no reply to one of the batch.
    name: Option<String>,
    answer: Result<Answer, Failure>,
}

/// Why a call has no result.
struct Failure {
    /// One line.
    line: String,
    /// The node's error, or another in the same shape.
    json: String,
}

/// Reads the reply to methods in their order, then whatever else it contains.
pub(crate) fn read(reply: Reply<'_>, names: &[String]) -> Result<Vec<Outcome>, Error> {
    let mut slots: Vec<Slot<'_>> = vec![None; names.len()];
    let surplus: Vec<Outcome> = reply.batch(&mut slots)?.faults().filter_map(surplus).collect();
    let outcomes = names.iter().zip(&slots).map(|(name, slot)| Outcome {
        name: Some(name.clone()),
        answer: match slot {
            Some(envelope) => answer(name, envelope.clone()),
            None => Err(failure("the node has not answered this".into())),
        },
    });
    Ok(outcomes.chain(surplus).collect())
}

fn answer(name: &str, envelope: Envelope<'_>) -> Result<Answer, Failure> {
    let node_error = envelope.node_error().cloned();
    // The result of a method that the crate does not know stays what it is.
    let answer = match methods::find(name) {
        Ok(method) => (method.json)(envelope),
        Err(_) => envelope.result().map(|result: Raw<&str>| Answer::of(to_json(&result))),
    };
    answer.map_err(|error| match node_error {
        Some(error) => Failure {
            line: terminal::line(&error),
            json: to_json(&error),
        },
        None => failure(error.to_string()),
    })
}

fn failure(line: String) -> Failure {
    let json = format!("{{\"message\":{}}}", to_json(&line.as_str()));
    Failure { line, json }
}

/// What is no reply to one of the requests, or a second one.
fn surplus(fault: BatchFault<'_>) -> Option<Outcome> {
    let answer = match fault {
        BatchFault::Duplicate(envelope) | BatchFault::Surplus(envelope) => answer("", envelope),
        BatchFault::Invalid(error) => Err(failure(error.to_string())),
        _ => return None,
    };
    Some(Outcome { name: None, answer })
}

/// The outcomes as a JSON array, in which results and errors have the node's own shape, or as lines.
pub(crate) fn show(outcomes: &[Outcome], json: bool) -> Answer {
    let shown = outcomes.iter().map(|Outcome { name, answer }| match (json, answer) {
        (true, Ok(Answer { text, .. })) => {
            format!(
                "{{\"method\":{},\"result\":{text},\"error\":null}}",
                to_json(&name.as_deref())
            )
        }
        (true, Err(Failure { json, .. })) => {
            format!(
                "{{\"method\":{},\"result\":null,\"error\":{json}}}",
                to_json(&name.as_deref())
            )
        }
        (false, Ok(Answer { text, .. })) if text == "null" => format!("{}: done\n", title(name.as_deref())),
        (false, Ok(Answer { text: line, .. }) | Err(Failure { line, .. })) => {
            format!("{}: {line}\n", title(name.as_deref()))
        }
    });
    let shown: Vec<String> = shown.collect();
    let failed = outcomes.iter().filter(|outcome| match &outcome.answer {
        Ok(answer) => answer.wrong.is_some(),
        Err(_) => true,
    });
    let first = failed.clone().next().map(|outcome| {
        let line = match &outcome.answer {
            Ok(answer) => answer.wrong.as_deref().unwrap_or_default(),
            Err(failure) => &failure.line,
        };
        format!("{}: {line}", title(outcome.name.as_deref()))
    });
    let (count, of) = (failed.count(), outcomes.len());
    Answer {
        text: if json {
            format!("[{}]\n", shown.join(","))
        } else {
            shown.concat()
        },
        wrong: first
            .map(|first| format!("{count} of {of} answers of the batch are not as they should be; the first: {first}")),
    }
}

fn title(name: Option<&str>) -> &str {
    name.unwrap_or("(surplus reply)")
}
