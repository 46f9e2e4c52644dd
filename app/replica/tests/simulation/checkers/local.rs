//! What a phone says and keeps: invariants 1, 4 and 6, and receipts.

use domain::id::OpId;
use replica::replica::Receipt;
use replica::stored::Batch;

use super::Rest;
use crate::world::World;

/// Invariant 1: *saved* is said of what is on disk and of nothing else.
pub fn saved_only_after_commit(world: &World, tab: usize, ids: &[OpId]) -> Option<String> {
    let id = ids.iter().find(|id| !world.disk(tab).has(id))?;
    Some(format!("phone {tab} calls {id} saved before its commit"))
}

/// Invariant 1: *removed* is said of what is no longer there.
pub fn removed_only_after_commit(world: &World, tab: usize, ids: &[OpId]) -> Option<String> {
    let outbox = &world.disk(tab).outbox;
    let id = ids.iter().find(|id| outbox.contains_key(id))?;
    Some(format!("phone {tab} calls {id} removed before its commit"))
}

/// Invariant 4: an op leaves the outbox only if the server named it in a receipt to this phone and
/// keeps it, or if it was refused and the person said that they have dealt with it.
pub fn only_a_receipt_clears(world: &World, tab: usize, batch: &Batch) -> Option<String> {
    let named = &world.devices[world.tabs[tab].device].named;
    let lost = batch.outbox_remove.iter().find(|id| {
        let is_accepted = named.contains(id) && world.hub.find(id).is_some();
        !is_accepted && !is_settled(world, id) && !is_handed_over(world, tab, id)
    })?;
    Some(format!(
        "{lost} left the outbox of phone {tab}, was never accepted and nobody settled it"
    ))
}

/// Whether a person settled an op that was refused: the server holds it in quarantine.
fn is_settled(world: &World, id: &OpId) -> bool {
    world.settled.contains(id) && world.hub.quarantine.contains_key(id)
}

/// Whether somebody else's op lies in quarantine: its author settles it, or the office.
fn is_handed_over(world: &World, tab: usize, id: &OpId) -> bool {
    let held = world.hub.quarantine.get(id);
    held.is_some_and(|held| held.author != world.tabs[tab].owner.user)
}

/// A receipt "accepted n" names the op that the server has under n in the op's own scope.
pub fn receipts_never_lie(world: &World, tab: usize) -> Option<String> {
    let replica = world.tabs[tab].replica.as_ref()?;
    if is_behind(world, tab) {
        return None;
    }
    world.saved.keys().find_map(|id| {
        let Some(Receipt::Accepted(seq) | Receipt::Seen(seq)) = replica.receipt(*id) else {
            return None;
        };
        let index = usize::try_from(seq).expect("it is small").checked_sub(1);
        let is_so = world.hub.find(id).map(|(at, _)| at) == index;
        (!is_so).then(|| format!("{id} is not number {seq} of its scope, as phone {tab} says"))
    })
}

/// The same of every phone at rest.
pub fn receipts_are_true(rest: &Rest<'_>) -> Option<String> {
    let world = rest.world;
    (0..world.tabs.len()).find_map(|tab| receipts_never_lie(world, tab))
}

/// Whether a phone has not heard of the server's restore yet.
fn is_behind(world: &World, tab: usize) -> bool {
    world.disk(tab).standing.restore_epoch != world.hub.restore_epoch
}

/// Invariant 6: the stored ops of a scope reach exactly as far as its stored cursor.
pub fn cursor_and_ops_agree(world: &World, tab: usize) -> Option<String> {
    let disk = world.disk(tab);
    for (scope, cursor) in &disk.standing.cursors {
        let mut reached = 0;
        for ((_, from), kept) in disk.segments.range((*scope, 0)..=(*scope, u64::MAX)) {
            if *from > reached {
                break;
            }
            reached = reached.max(from + kept.ops.len() as u64);
        }
        if reached != *cursor {
            return Some(format!(
                "phone {tab} has {reached} ops of {scope}, its cursor is {cursor}"
            ));
        }
    }
    None
}

/// The same of every phone at rest.
pub fn cursors_are_true(rest: &Rest<'_>) -> Option<String> {
    let world = rest.world;
    (0..world.tabs.len()).find_map(|tab| cursor_and_ops_agree(world, tab))
}

/// An author whose refused op somebody decided about knows what, and what they know is so.
pub fn authors_are_told(rest: &Rest<'_>) -> Option<String> {
    let world = rest.world;
    world.tabs.iter().enumerate().find_map(|(tab, at)| {
        let replica = at.replica.as_ref()?;
        let is_wrong = |id: OpId| world.word(id).as_ref() != replica.word(id);
        let (op, _) = replica.refused().find(|(op, _)| is_wrong(op.id))?;
        let (so, told) = (world.word(op.id), replica.word(op.id));
        Some(format!(
            "phone {tab} is told {told:?} of {}, not {so:?}",
            op.id
        ))
    })
}
