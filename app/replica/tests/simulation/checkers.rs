//! One checker per invariant. They look at the world and never change it.

use std::collections::BTreeSet;

use domain::id::OpId;
use domain::op::{Change, Known, Op};
use domain::state::State;
use replica::replica::Receipt;
use replica::stored::{Batch, Fate};

use crate::world::World;

/// After each step of a phone.
pub fn of_phone(world: &World, phone: usize) -> Option<String> {
    receipts_never_lie(world, phone).or_else(|| cursor_and_ops_agree(world, phone))
}

/// When a batch reached a disk.
pub fn of_batch(world: &World, phone: usize, batch: &Batch) -> Option<String> {
    only_a_receipt_clears(world, phone, batch)
}

/// When the world is calm again.
pub fn at_rest(world: &World) -> Option<String> {
    everything_was_sent(world)
        .or_else(|| no_word_is_lost(world))
        .or_else(|| nothing_happens_twice(world))
        .or_else(|| copies_agree(world))
        .or_else(|| order_does_not_matter(world))
        .or_else(|| nothing_outside_the_grants(world))
        .or_else(|| (0..world.phones.len()).find_map(|phone| of_phone(world, phone)))
}

/// Invariant 4: an op leaves the outbox only if the server has it, or if it was refused and the
/// person said that they have dealt with it.
fn only_a_receipt_clears(world: &World, phone: usize, batch: &Batch) -> Option<String> {
    let lost = batch.outbox_remove.iter().find(|id| {
        let is_kept = world.hub.find(id).is_some() || is_settled(world, id);
        !is_kept && !is_handed_over(world, phone, id)
    })?;
    Some(format!(
        "invariant 4: {lost} left the outbox, was never accepted and nobody settled it"
    ))
}

/// Whether a person settled an op that was refused: the server holds it in quarantine.
fn is_settled(world: &World, id: &OpId) -> bool {
    world.settled.contains(id) && world.hub.quarantine.contains_key(id)
}

/// Whether somebody else's op lies in quarantine: its author settles it, or the office.
fn is_handed_over(world: &World, phone: usize, id: &OpId) -> bool {
    let held = world.hub.quarantine.get(id);
    held.is_some_and(|(op, _)| parsed(op.get()).author != world.phones[phone].owner.user)
}

/// A receipt "accepted n" names the op that the server has under n.
fn receipts_never_lie(world: &World, phone: usize) -> Option<String> {
    let replica = world.phones[phone].replica.as_ref()?;
    if is_behind(world, phone) {
        return None;
    }
    for id in world.saved.keys() {
        let Some(Receipt::Accepted(seq) | Receipt::Seen(seq)) = replica.receipt(*id) else {
            continue;
        };
        let index = usize::try_from(seq - 1).expect("it is small");
        let mut logs = world.hub.log.values();
        if !logs.any(|log| log.get(index).is_some_and(|(of, _)| of == id)) {
            return Some(format!("receipts: {id} is number {seq} of no scope"));
        }
    }
    None
}

/// Whether a phone has not heard of the server's restore yet.
fn is_behind(world: &World, phone: usize) -> bool {
    world.phones[phone].disk.standing.restore_epoch != world.hub.restore_epoch
}

/// Invariant 6: the stored ops of a scope reach exactly as far as its stored cursor.
fn cursor_and_ops_agree(world: &World, phone: usize) -> Option<String> {
    let disk = &world.phones[phone].disk;
    for (scope, cursor) in &disk.standing.cursors {
        let mut reached = 0;
        for ((_, from), segment) in disk.segments.range((*scope, 0)..=(*scope, u64::MAX)) {
            if *from > reached {
                return Some(format!("invariant 6: {scope} has no ops {reached}..{from}"));
            }
            reached = reached.max(from + segment.ops.len() as u64);
        }
        if reached != *cursor {
            return Some(format!(
                "invariant 6: {scope} has {reached} ops, its cursor is {cursor}"
            ));
        }
    }
    None
}

/// Liveness: in calm, every outbox holds nothing but what the server refused.
fn everything_was_sent(world: &World) -> Option<String> {
    world.phones.iter().enumerate().find_map(|(index, phone)| {
        let left = phone
            .disk
            .outbox
            .values()
            .find(|out| !matches!(out.fate, Fate::Refused(_)))?;
        Some(format!(
            "liveness: phone {index} still holds {} ({:?})",
            left.id, left.fate
        ))
    })
}

/// Invariants 2 and 7: what was called saved is in the log or in quarantine, byte for byte.
fn no_word_is_lost(world: &World) -> Option<String> {
    let lost_for_good = |id: &OpId| world.unreachable.contains(id) || world.settled.contains(id);
    world.saved.iter().find_map(|(id, text)| {
        let in_log = world
            .hub
            .log
            .values()
            .flatten()
            .find(|(of, _)| of == id)
            .map(|(_, op)| op);
        let held = in_log.or_else(|| world.hub.quarantine.get(id).map(|(op, _)| op));
        match held {
            None if lost_for_good(id) => None,
            // How far somebody had read means nothing under other numbers.
            None if world.hub.restore_epoch > 1 && is_reading(text) => None,
            None => Some(format!("invariant 7: {id} was saved and is nowhere")),
            Some(op) if op.get() != text => Some(format!("invariant 2: {id} has other bytes")),
            Some(_) => None,
        }
    })
}

/// Exactly once: no id has two numbers.
fn nothing_happens_twice(world: &World) -> Option<String> {
    let mut seen = BTreeSet::new();
    let twice = world
        .hub
        .log
        .values()
        .flatten()
        .find(|(id, _)| !seen.insert(*id))?;
    Some(format!("exactly once: {} was accepted twice", twice.0))
}

/// Invariant 3: every phone shows what the log adds up to, plus what it holds refused.
fn copies_agree(world: &World) -> Option<String> {
    for (index, phone) in world.phones.iter().enumerate() {
        let Some(replica) = &phone.replica else {
            continue;
        };
        let mut expected = State::default();
        for grant in world.granted(phone.owner.user) {
            for (_, raw) in &world.hub.log[&grant.scope] {
                expected.apply(&parsed(raw.get()));
            }
            for op in replica
                .refused()
                .map(|(op, _)| op)
                .filter(|op| op.scope == grant.scope)
            {
                expected.apply(op);
            }
        }
        if *replica.state() != expected {
            let differing = expected
                .cases
                .iter()
                .find(|(scope, case)| replica.state().cases.get(scope) != Some(case));
            let scope = differing.map(|(scope, _)| scope);
            return Some(format!(
                "invariant 3: phone {index} differs from the log in {scope:?}"
            ));
        }
    }
    None
}

/// Invariant 3: the log read backwards and twice adds up to the same.
fn order_does_not_matter(world: &World) -> Option<String> {
    let (mut forwards, mut backwards) = (State::default(), State::default());
    let ops: Vec<Op> = world
        .hub
        .log
        .values()
        .flatten()
        .map(|(_, raw)| parsed(raw.get()))
        .collect();
    ops.iter().for_each(|op| forwards.apply(op));
    ops.iter()
        .rev()
        .chain(&ops)
        .for_each(|op| backwards.apply(op));
    (forwards != backwards).then(|| "invariant 3: order or repetition matters".to_owned())
}

/// A phone keeps nothing of a scope that was taken away.
fn nothing_outside_the_grants(world: &World) -> Option<String> {
    world.phones.iter().enumerate().find_map(|(index, phone)| {
        let granted: BTreeSet<_> = world
            .granted(phone.owner.user)
            .into_iter()
            .map(|grant| grant.scope)
            .collect();
        let (stray, _) = phone
            .disk
            .segments
            .keys()
            .find(|(scope, _)| !granted.contains(scope))?;
        Some(format!("access: phone {index} still keeps {stray}"))
    })
}

fn parsed(text: &str) -> Op {
    serde_json::from_str(text).expect("the log holds ops")
}

fn is_reading(text: &str) -> bool {
    matches!(parsed(text).change, Change::Known(known) if matches!(*known, Known::Seen { .. }))
}
