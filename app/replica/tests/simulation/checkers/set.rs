//! What the ops add up to, and that none is lost: invariants 2, 3, 7, 8 and 15.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::OpId;
use domain::op::{Change, Known, Op, SCHEMA};
use domain::state::State;
use replica::message::Refusal;
use replica::stored::Fate;
use serde_json::value::RawValue;

use super::Rest;
use crate::dice::Dice;
use crate::tab::parsed;
use crate::world::World;

/// Invariant 15: however wrong the clocks, in calm every outbox holds nothing but what the server
/// refused, and every phone has read everything.
pub fn wrong_clocks_never_stop_sync(rest: &Rest<'_>) -> Option<String> {
    let world = rest.world;
    world.tabs.iter().enumerate().find_map(|(tab, at)| {
        let disk = world.disk(tab);
        let mut outbox = disk.outbox.values();
        let left = outbox.find(|out| !matches!(out.fate, Fate::Refused(_)));
        if let Some(left) = left {
            return Some(format!(
                "phone {tab} still holds {} ({:?})",
                left.id, left.fate
            ));
        }
        let grants = world.granted(at.owner.user);
        let unread = grants.iter().find(|grant| {
            let read = disk.standing.cursors.get(&grant.scope).copied();
            read.unwrap_or(0) != grant.head
        })?;
        Some(format!("phone {tab} has not read all of {}", unread.scope))
    })
}

/// Invariant 2, at each op that comes in: its bytes are those that its phone called saved.
pub fn bytes_are_those_saved(world: &World, id: OpId, op: &RawValue) -> Option<String> {
    let saved = world.saved.get(&id)?;
    (saved != op.get()).then(|| format!("{id} comes with other bytes than were saved"))
}

/// Invariant 2: the same id has the same bytes wherever it lies: in the log, in quarantine, on
/// every phone.
pub fn an_op_never_changes(rest: &Rest<'_>) -> Option<String> {
    let world = rest.world;
    let log = world
        .hub
        .log
        .values()
        .flatten()
        .map(|(id, op)| (*id, &**op));
    let quarantine = world
        .hub
        .quarantine
        .iter()
        .map(|(id, held)| (*id, &*held.op));
    let phones = world.devices.iter().flat_map(|device| device.disk.ops());
    let mut first: BTreeMap<OpId, &str> = BTreeMap::new();
    for (id, text) in &world.saved {
        first.insert(*id, text);
    }
    let mut all = log.chain(quarantine).chain(phones);
    all.find_map(|(id, op)| {
        let known = *first.entry(id).or_insert(op.get());
        (known != op.get()).then(|| format!("{id} has other bytes in another place"))
    })
}

/// Invariant 7: what was called saved is in the log or in quarantine, unless the last disk that
/// held it is gone or its author is done with it.
pub fn nothing_is_dropped(rest: &Rest<'_>) -> Option<String> {
    let world = rest.world;
    let lost_for_good = |id: &OpId| world.unreachable.contains(id) || world.settled.contains(id);
    world.saved.iter().find_map(|(id, text)| {
        let hub = &world.hub;
        let is_kept = hub.find(id).is_some() || hub.quarantine.contains_key(id);
        // How far somebody had read means nothing under other numbers.
        let is_void = hub.restore_epoch > 1 && is_reading(text);
        let is_dropped = !is_kept && !is_void && !lost_for_good(id);
        is_dropped.then(|| format!("{id} was saved and is nowhere"))
    })
}

/// Invariant 7, at each refusal: what is refused is kept whole.
pub fn refused_is_kept(world: &World, id: OpId) -> Option<String> {
    let is_kept = world.hub.quarantine.contains_key(&id);
    (!is_kept).then(|| format!("{id} was refused and thrown away"))
}

/// Invariant 8, at each refusal: what this release or an earlier one wrote is never unreadable.
pub fn every_form_is_read(op: &RawValue, refusal: Refusal) -> Option<String> {
    let op = parsed(op);
    let is_unread = matches!(refusal, Refusal::Malformed | Refusal::UnknownKind);
    let is_ours = op.schema <= SCHEMA;
    (is_unread && is_ours).then(|| format!("{} of schema {} is not read", op.id, op.schema))
}

fn is_reading(text: &str) -> bool {
    let op: Op = serde_json::from_str(text).expect("a phone wrote it");
    matches!(op.change, Change::Known(known) if matches!(*known, Known::Seen { .. }))
}

/// Invariant 7: every word of an op in the log stands somewhere in the state, as value, alternative
/// or entry; an op that this build cannot read is counted there.
pub fn every_word_is_on_some_screen(rest: &Rest<'_>) -> Option<String> {
    let shown = words(&format!("{:?}", rest.whole));
    rest.log.iter().find_map(|(scope, ops)| {
        let raw = rest.world.hub.log[scope].iter().map(|(_, raw)| raw.get());
        ops.iter().zip(raw).find_map(|(op, raw)| {
            let case = rest.whole.cases.get(scope)?;
            let is_there = match &op.change {
                Change::Known(_) => words(raw).is_subset(&shown),
                Change::Unknown(_) => case.unread.contains_key(&op.id),
            };
            (!is_there).then(|| format!("what {} says is in no state", op.id))
        })
    })
}

/// The numbers of all `word n.` in a text.
fn words(text: &str) -> BTreeSet<u64> {
    let starts = text.split("word ").skip(1);
    let numbers = starts.filter_map(|rest| rest.split_once('.')?.0.parse().ok());
    numbers.collect()
}

/// Exactly once, at each number that is given: the op has none yet.
pub fn has_no_number_yet(world: &World, id: OpId) -> Option<String> {
    let (index, _) = world.hub.find(&id)?;
    Some(format!("{id} is number {} and gets another one", index + 1))
}

/// Exactly once: no id has two numbers, and what waits in quarantine for good has none.
pub fn nothing_happens_twice(rest: &Rest<'_>) -> Option<String> {
    let mut seen = BTreeSet::new();
    let mut all = rest.world.hub.log.values().flatten();
    let twice = all.find(|(id, _)| !seen.insert(*id))?;
    Some(format!("{} was accepted twice", twice.0))
}

/// Invariant 3: every phone shows what the log adds up to, plus what it holds refused.
pub fn copies_agree(rest: &Rest<'_>) -> Option<String> {
    rest.world.tabs.iter().enumerate().find_map(|(tab, at)| {
        let replica = at.replica.as_ref()?;
        let mut expected = State::default();
        for grant in rest.world.granted(at.owner.user) {
            let refused = replica.refused().map(|(op, _)| op);
            let refused = refused.filter(|op| op.scope == grant.scope);
            let log = rest.log[&grant.scope].iter();
            log.chain(refused).for_each(|op| expected.apply(op));
        }
        let of = |state: &State, scope| state.cases.get(scope).cloned();
        let mut scopes = rest.log.keys();
        let differs = scopes.find(|scope| of(replica.state(), scope) != of(&expected, scope));
        (*replica.state() != expected)
            .then(|| format!("phone {tab} differs from the log in {differs:?}"))
    })
}

/// Invariant 3: the log read backwards, in any order, and twice, adds up to the same.
pub fn order_does_not_matter(rest: &Rest<'_>) -> Option<String> {
    let mut ops: Vec<&Op> = rest.log.values().flatten().collect();
    let mut dice = Dice::new(ops.len() as u64);
    ops.reverse();
    for round in 0..3 {
        let again = ops.len() / 2;
        let repeated = ops.iter().take(again).chain(&ops).copied();
        if rest.world.added_up(repeated) != rest.whole {
            return Some(format!("order {round} adds up to something else"));
        }
        dice.shuffle(&mut ops);
    }
    None
}

/// Invariant 8: any stored op can be applied to any state, also where what it speaks of is missing.
/// To fail is to panic, which whoever runs the world catches.
pub fn applying_cannot_fail(rest: &Rest<'_>) -> Option<String> {
    let ops = rest.log.values().flatten();
    let mut halves = [State::default(), State::default()];
    for (index, op) in ops.enumerate() {
        State::default().apply(op);
        halves[index % 2].apply(op);
        // What is new may be refused on such a state; what is stored was applied all the same.
        let _may_refuse = halves[index % 2].check(op);
    }
    None
}
