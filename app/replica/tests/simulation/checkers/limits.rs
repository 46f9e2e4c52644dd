//! How much, how long, how often: invariant 13, by the limits of `message.rs`.

use replica::message::{
    IDLE_DELAY_MS, OP_BYTES_MAX, PURGED_MAX, PUSH_BYTES_MAX, PUSH_OPS_MAX, REPLY_BYTES,
    REQUEST_BYTES_MAX, RETRY_DELAY_MS_MAX, SyncReply, SyncRequest,
};
use replica::quarantine::ASKED_MAX;

use super::Rest;

/// Invariant 13: what a phone sends is what the server takes.
pub fn of_request(request: &SyncRequest, text: &str) -> Option<String> {
    let ops = request.ops.len();
    let bytes: usize = request.ops.iter().map(|op| op.get().len()).sum();
    let (asked, purged) = (request.refused.len(), request.purged.len());
    if ops > PUSH_OPS_MAX {
        return Some(format!("a request holds {ops} ops"));
    }
    if bytes > PUSH_BYTES_MAX && ops > 1 {
        return Some(format!("a request holds ops of {bytes} bytes"));
    }
    if text.len() > REQUEST_BYTES_MAX {
        return Some(format!("a request has {} bytes", text.len()));
    }
    if purged > PURGED_MAX {
        return Some(format!("a request names {purged} purged scopes"));
    }
    (asked > ASKED_MAX).then(|| format!("a request asks after {asked} ops"))
}

/// Invariant 13: a reply names each op of its request once, and its pages fit.
pub fn of_reply(request: &SyncRequest, reply: &SyncReply) -> Option<String> {
    let (ops, receipts) = (request.ops.len(), reply.receipts.len());
    if ops != receipts {
        return Some(format!("{ops} ops have {receipts} receipts"));
    }
    let ops = reply
        .pages
        .iter()
        .flat_map(|page| page.ops.iter().flatten());
    let bytes: usize = ops.map(|op| op.get().len()).sum();
    (bytes > REPLY_BYTES + OP_BYTES_MAX).then(|| format!("a reply has {bytes} bytes of ops"))
}

/// Invariant 13: a phone never waits longer than between two retries.
pub fn of_wait(after_ms: i64) -> Option<String> {
    let most = IDLE_DELAY_MS.max(RETRY_DELAY_MS_MAX);
    (after_ms > most).then(|| format!("a phone waits {after_ms} ms"))
}

/// Invariant 13: every op in the log fits.
pub fn of_ops(rest: &Rest<'_>) -> Option<String> {
    let mut all = rest.world.hub.log.values().flatten();
    let (id, op) = all.find(|(_, op)| op.get().len() > OP_BYTES_MAX)?;
    Some(format!("{id} has {} bytes", op.get().len()))
}
