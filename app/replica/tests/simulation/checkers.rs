//! One checker per invariant, numbered and named after it. They look at the world and never change
//! it. Some look at every step, the others when the world is calm again.
//!
//! 1 `local`, 2 `set`, 3 `set` and `order`, 4 `local`, 5 `server`, 6 `server` and `local`, 7 and 8
//! `set`, 9 and 10 `plan`, 11 `access`, 13 `limits`, 15 `set`. Invariant 14 needs two runs and is
//! checked by whoever starts them. Invariant 12 (no case data in pages, logs, caches, or unsealed
//! on a disk) is not for a world that has none of these: see the browser's tests.

pub mod access;
pub mod limits;
pub mod local;
pub mod order;
pub mod plan;
pub mod server;
pub mod set;

use std::collections::BTreeMap;

use domain::id::ScopeId;
use domain::op::Op;
use domain::state::State;

use crate::tab::parsed;
use crate::world::{Violation, World};

/// A world at rest, with what several checkers ask.
pub struct Rest<'a> {
    pub world: &'a World,
    /// The log of each scope, read.
    pub log: BTreeMap<ScopeId, Vec<Op>>,
    /// What all of it adds up to.
    pub whole: State,
}

type Checker = fn(&Rest<'_>) -> Option<String>;

const AT_REST: [(&str, Checker); 17] = [
    (
        "15 wrong_clocks_never_stop_sync",
        set::wrong_clocks_never_stop_sync,
    ),
    ("2 an_op_never_changes", set::an_op_never_changes),
    ("7 nothing_is_dropped", set::nothing_is_dropped),
    ("nothing_happens_twice", set::nothing_happens_twice),
    ("authors_are_told", local::authors_are_told),
    (
        "11 nothing_outside_the_grants",
        access::nothing_outside_the_grants,
    ),
    ("3 copies_agree", set::copies_agree),
    ("3 order_does_not_matter", set::order_does_not_matter),
    (
        "3 who_syncs_first_does_not_matter",
        order::who_syncs_first_does_not_matter,
    ),
    (
        "7 every_word_is_on_some_screen",
        set::every_word_is_on_some_screen,
    ),
    ("8 applying_cannot_fail", set::applying_cannot_fail),
    ("9 a_version_is_immutable", plan::a_version_is_immutable),
    (
        "9 a_hash_covers_what_was_read",
        plan::a_hash_covers_what_was_read,
    ),
    ("10 scores_are_computed", plan::scores_are_computed),
    ("13 everything_has_a_limit", limits::of_ops),
    ("receipts_never_lie", local::receipts_are_true),
    ("6 cursor_and_ops_agree", local::cursors_are_true),
];

/// When the world is calm again.
pub fn at_rest(world: &World) -> Option<Violation> {
    let read = |log: &Vec<(_, Box<serde_json::value::RawValue>)>| {
        log.iter().map(|(_, raw)| parsed(raw)).collect()
    };
    let logs = world.hub.log.iter();
    let log: BTreeMap<ScopeId, Vec<Op>> = logs.map(|(scope, log)| (*scope, read(log))).collect();
    let mut whole = State::default();
    log.values().flatten().for_each(|op| whole.apply(op));
    let rest = Rest { world, log, whole };
    AT_REST.into_iter().find_map(|(checker, look)| {
        let why = look(&rest)?;
        Some(Violation { checker, why })
    })
}
