//! A reply to `getpeerinfo` as long as a node can make it: the recorded peers, each with all that takes room.

/// Returns a reply with `count` peers, made by repeating those of a recorded reply.
#[must_use]
pub fn large_reply(recorded: &str, count: usize) -> String {
    let mut parts = recorded.split(r#"{"id":"#);
    let start = parts.next().unwrap_or_default();
    let peers: Vec<&str> = parts.collect();
    let peers: Vec<String> = peers.into_iter().cycle().take(count).enumerate().map(wide).collect();
    format!(r#"{start}{}],"error":null,"id":0}}"#, peers.join(","))
}

/// How long a peer can be.
const PEER: usize = 3500;

/// Returns a peer with this id and with every member as long as it can be, from its text after `{"id":`.
fn wide((id, peer): (usize, &str)) -> String {
    let (_, rest) = peer.split_once(r#","addr":""#).unwrap_or_default();
    let (rest, _) = rest.split_once(r#""bytessent_per_msg":"#).unwrap_or_default();
    let (before, rest) = rest.split_once(r#""subver":""#).unwrap_or_default();
    let (subver, after) = rest.split_once('"').unwrap_or_default();
    let (sent, received) = (counts(28), counts(29));
    let rest = format!(
        r#"{before}"subver":"{subver:x<256}"{after}"bytessent_per_msg":{sent},"bytesrecv_per_msg":{received}}}"#
    )
    .replace(r#":"127.0.0.1:"#, r#":"[2001:0db8:0123:4567:89ab:cdef:0123:4567]:"#)
    .replace(r#""bytessent":"#, &format!(r#""bytessent":{}00000"#, 1000 + id))
    .replace(r#""bytesrecv":"#, &format!(r#""bytesrecv":{}00000"#, 2000 + id))
    .replace(r#""addr_processed":"#, r#""addr_processed":100000000000000"#)
    .replace(r#""addr_rate_limited":"#, r#""addr_rate_limited":100000000000000"#)
    .replace(
        r#""inflight":[]"#,
        &format!(r#""inflight":[{}]"#, ["4000000"; 16].join(",")),
    )
    .replace(
        r#""permissions":[]"#,
        r#""permissions":["bloomfilter","noban","forcerelay","relay","mempool"]"#,
    );
    // A peer that was added by name has that for its address.
    let start = format!(r#"{{"id":{id},"addr":""#);
    let name = PEER.saturating_sub(start.len() + rest.len());
    format!("{start}{:n<name$}{rest}", "")
}

/// Returns counts for this many kinds of messages, with names as long as they can be.
fn counts(kinds: u64) -> String {
    let counts: Vec<String> = (0..kinds)
        .map(|kind| format!(r#""message-{kind:04}":{}"#, u64::MAX - kind))
        .collect();
    format!("{{{}}}", counts.join(","))
}
