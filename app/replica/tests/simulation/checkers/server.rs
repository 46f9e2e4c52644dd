//! What the server says: invariants 5 and 6.

use replica::message::{Outcome, Receipt, SyncReply};

use crate::disk::id_of;
use crate::world::World;

/// Invariant 5: everything that a reply calls accepted would survive the server's death now.
pub fn the_reply_follows_the_commit(world: &World, receipts: &[Receipt]) -> Option<String> {
    receipts.iter().find_map(|receipt| {
        let Outcome::Accepted(seq) = receipt.outcome else {
            return None;
        };
        let mut undurable = world.hub.undurable.iter();
        let is_there = world.hub.find(&receipt.op).is_some();
        let is_kept = is_there && !undurable.any(|(_, id)| *id == receipt.op);
        (!is_kept).then(|| format!("{} is acknowledged as {seq} and not committed", receipt.op))
    })
}

/// Invariant 6: a page holds what its scope's log has after the page's cursor, op by op.
pub fn a_page_has_no_gaps(world: &World, reply: &SyncReply) -> Option<String> {
    reply.pages.iter().find_map(|page| {
        let log = world.hub.log.get(&page.scope)?;
        let from = usize::try_from(page.from).expect("it is small");
        page.ops.iter().enumerate().find_map(|(index, op)| {
            let numbered = log.get(from + index).map(|(id, _)| *id);
            let is_right = match op {
                Some(op) => numbered == Some(id_of(op)),
                None => numbered.is_some(),
            };
            let number = from + index + 1;
            (!is_right).then(|| format!("{} has another op under {number}", page.scope))
        })
    })
}
