//! What is wrong with a node, by the names of the alert rules in `prometheus/rules.yml`: for page and screen, which have no
//! Prometheus to ask. What takes hours to see is left to the rules.

use std::time::Duration;

use crate::poll::{Method, Reason};
use crate::state::{Direction, Outcome, Snapshot, State};
use crate::view::span;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) name: &'static str,
    pub(crate) is_critical: bool,
    /// Figures, or the words of the error.
    pub(crate) detail: String,
}

/// A method that takes longer is slow.
const SLOW: Duration = Duration::from_secs(5);
/// A clock that is further off is skewed, in milliseconds.
const SKEWED: i64 = 5000;
/// A node with fewer outbound peers has few, of 8.
const FEW_OUTBOUND: u64 = 4;
/// A node that is further behind its peers' headers is behind.
const BEHIND: i64 = 20;
/// A node whose peers have no new block for so long is stalled: 30 blocks.
const STALLED: Duration = Duration::from_secs(900);

/// What is wrong with a node after this poll.
pub(crate) fn findings(snapshot: &Snapshot, state: &State) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |is_critical, name, detail: String| {
        found.push(Finding {
            name,
            is_critical,
            detail,
        });
    };
    if let Some(reason) = snapshot.down() {
        let name = if reason == Reason::Unauthorized {
            "CredentialsRefused"
        } else {
            "NodeDown"
        };
        add(
            true,
            name,
            snapshot.error.clone().unwrap_or_else(|| reason.name().into()),
        );
        return found;
    }
    for (method, (outcome, took)) in Method::ALL.into_iter().zip(snapshot.methods) {
        match outcome {
            Outcome::Failed(reason) => add(false, "MethodFailing", format!("{} {}", method.name(), reason.name())),
            Outcome::Answered if took.is_some_and(|took| took > SLOW) => {
                let seconds = took.unwrap_or_default().as_secs();
                add(false, "RpcSlow", format!("{} {seconds} s", method.name()));
            }
            _ => {}
        }
    }
    if let Some(network) = &snapshot.network {
        if network.network_active == Some(false) {
            add(true, "NetworkInactive", "switched off".into());
        }
        if !network.warnings.is_empty() {
            add(false, "Warning", network.warnings.to_string());
        }
    }
    let off = snapshot.totals.as_ref().map(|totals| totals.skew);
    if let Some(off) = off.filter(|off| off.abs() > SKEWED) {
        add(
            false,
            "ClockSkewed",
            format!("{}{}", if off < 0 { "-" } else { "" }, span(off.unsigned_abs() / 1000)),
        );
    }
    if let Some(peers) = &snapshot.peers {
        let outbound = peers.count(Direction::Outbound);
        if peers.total() == 0 {
            add(true, "NoPeers", "none".into());
        } else if outbound < FEW_OUTBOUND {
            add(false, "FewOutboundPeers", format!("{outbound} < {FEW_OUTBOUND}"));
        } else if peers.groups[Direction::Outbound as usize] == 1 {
            add(true, "OutboundOneNetgroup", format!("{outbound} peers"));
        }
        if let Some(lag) = peers.lag().filter(|lag| *lag > BEHIND) {
            add(false, "Behind", format!("{lag} blocks"));
        }
    }
    if state.height.is_some_and(|(_, since)| since.elapsed() > STALLED) {
        add(true, "Stalled", "no new block".into());
    }
    if snapshot.status.is_some_and(|status| !status.sync_to_tip) {
        add(false, "NotSynced", "not at the tip".into());
    }
    if let Some(added) = snapshot.added.filter(|added| added.connected < added.total) {
        add(
            false,
            "AddedNodeLost",
            format!("{} of {}", added.connected, added.total),
        );
    }
    let limit = snapshot.totals.as_ref().map(|totals| &totals.reply.upload_target);
    if limit.is_some_and(|limit| limit.target > 0 && limit.target_reached) {
        add(false, "UploadLimit", "reached".into());
    }
    found
}
