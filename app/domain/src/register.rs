//! A field that keeps both words.
//!
//! This module never decides who is right; it only knows which writes still stand.

use std::collections::BTreeSet;

use litemap::LiteMap;

use crate::id::{Millis, OpId, UserId};

/// One write of a field: what was written, by whom, when by their clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write<T> {
    /// What was written.
    pub value: T,
    /// Who wrote it.
    pub author: UserId,
    /// When, by the author's device: shown, never used to decide.
    pub at: Millis,
}

/// One field that several people may write while out of each other's reach.
///
/// A write names the writes its author had on screen (`replaces`). A write that nobody replaced
/// is *standing*. One standing write is the value; two different ones are a disagreement, which a
/// person settles by writing again. State is a function of the set of writes: order and
/// repetition do not matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register<T> {
    written: LiteMap<OpId, Write<T>>,
    replaced: BTreeSet<OpId>,
}

impl<T> Default for Register<T> {
    fn default() -> Self {
        Self {
            written: LiteMap::new(),
            replaced: BTreeSet::new(),
        }
    }
}

impl<T: PartialEq> Register<T> {
    /// Adds a write. Adding the same write twice changes nothing.
    pub fn write(&mut self, id: OpId, write: Write<T>, replaces: &[OpId]) {
        self.written.entry(id).or_insert(write);
        // A write cannot replace itself: an op that names its own id would make its words vanish.
        self.replaced
            .extend(replaces.iter().copied().filter(|replaced| *replaced != id));
    }

    /// The writes that nobody replaced, oldest first.
    pub fn standing(&self) -> impl DoubleEndedIterator<Item = (OpId, &Write<T>)> {
        self.written
            .iter()
            .filter(|(id, _)| !self.replaced.contains(id))
            .map(|(id, write)| (*id, write))
    }

    /// The write that shows: the standing one with the greatest id, the same on every device.
    ///
    /// Where writes replace each other in a circle none stands; the greatest id shows then too,
    /// because words that were written must never disappear.
    pub fn shown(&self) -> Option<(OpId, &Write<T>)> {
        self.standing().next_back().or_else(|| {
            self.written
                .iter()
                .next_back()
                .map(|(id, write)| (*id, write))
        })
    }

    /// The value that shows.
    pub fn value(&self) -> Option<&T> {
        self.shown().map(|(_, write)| &write.value)
    }

    /// Whether two different values stand and a person has to choose.
    pub fn is_disputed(&self) -> bool {
        let mut standing = self.standing().map(|(_, write)| &write.value);
        let Some(first) = standing.next() else {
            return false;
        };
        standing.any(|value| value != first)
    }

    /// What a new write has to name in `replaces` after its author saw this field.
    pub fn heads(&self) -> Vec<OpId> {
        self.standing().map(|(id, _)| id).collect()
    }

    /// Every write ever made, oldest id first.
    pub fn history(&self) -> impl DoubleEndedIterator<Item = (OpId, &Write<T>)> {
        self.written.iter().map(|(id, write)| (*id, write))
    }
}
