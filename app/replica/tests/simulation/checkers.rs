//! One checker per invariant, numbered and named after it. They look at the world and never change
//! it. Some look at every step, the others when the world is calm again. None has a [`Name`] unless
//! a mistake is planted that it has to see.
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

use crate::mistakes::Mistake;
use crate::tab::parsed;
use crate::world::{Violation, World};

/// What a checker is called: the number of its invariant, where it has one, and what has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(&'static str);

impl Name {
    /// The name of a checker that is known to see something. Asked for in a `const`, so that one
    /// for which no mistake is planted does not compile.
    pub const fn of(checker: &'static str) -> Self {
        assert!(
            Mistake::is_planted_for(checker),
            "no mistake is planted that this checker has to see"
        );
        Self(checker)
    }

    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// A world at rest, with what several checkers ask.
pub struct Rest<'a> {
    pub world: &'a World,
    /// The log of each scope, read.
    pub log: BTreeMap<ScopeId, Vec<Op>>,
    /// What all of it adds up to on the server.
    pub whole: State,
}

type Checker = fn(&Rest<'_>) -> Option<String>;

/// In this order: a phone that holds what was taken away also waits for it in vain, and the first
/// is the cause.
const AT_REST: [(Name, Checker); 17] = [
    (
        Name::of("11 nothing_outside_the_grants"),
        access::nothing_outside_the_grants,
    ),
    (
        Name::of("15 wrong_clocks_never_stop_sync"),
        set::wrong_clocks_never_stop_sync,
    ),
    (Name::of("2 an_op_never_changes"), set::an_op_never_changes),
    (Name::of("7 nothing_is_dropped"), set::nothing_is_dropped),
    (
        Name::of("nothing_happens_twice"),
        set::nothing_happens_twice,
    ),
    (Name::of("authors_are_told"), local::authors_are_told),
    (Name::of("3 copies_agree"), set::copies_agree),
    (
        Name::of("3 order_does_not_matter"),
        set::order_does_not_matter,
    ),
    (
        Name::of("3 who_syncs_first_does_not_matter"),
        order::who_syncs_first_does_not_matter,
    ),
    (
        Name::of("7 every_word_is_on_some_screen"),
        set::every_word_is_on_some_screen,
    ),
    (
        Name::of("8 applying_cannot_fail"),
        set::applying_cannot_fail,
    ),
    (
        Name::of("9 a_version_is_immutable"),
        plan::a_version_is_immutable,
    ),
    (
        Name::of("9 a_hash_covers_what_was_read"),
        plan::a_hash_covers_what_was_read,
    ),
    (
        Name::of("10 scores_are_computed"),
        plan::scores_are_computed,
    ),
    (Name::of("13 everything_has_a_limit"), limits::of_ops),
    (Name::of("receipts_never_lie"), local::receipts_are_true),
    (Name::of("6 cursor_and_ops_agree"), local::cursors_are_true),
];

/// When the world is calm again.
pub fn at_rest(world: &World) -> Option<Violation> {
    let read = |log: &Vec<(_, Box<serde_json::value::RawValue>)>| {
        log.iter().map(|(_, raw)| parsed(raw)).collect()
    };
    let logs = world.hub.log.iter();
    let log: BTreeMap<ScopeId, Vec<Op>> = logs.map(|(scope, log)| (*scope, read(log))).collect();
    let whole = world.added_up(log.values().flatten());
    let rest = Rest { world, log, whole };
    AT_REST.into_iter().find_map(|(checker, look)| {
        let why = look(&rest)?;
        Some(Violation { checker, why })
    })
}
