//! Taking something out of a list. An edit beats a removal.
//!
//! A removal names every write to the thing that its author had on screen. A write that it did
//! not name, made at the same time or later, brings the thing back, marked so that people look.
//! All of this is computed from the set of operations; nothing that was written ever vanishes.

use std::collections::BTreeSet;

use litemap::LiteMap;
use serde::{Deserialize, Serialize};

use crate::id::{ActionId, GoalId, MemberId, Millis, OpId, UserId};

/// Something that stands in a list and can be taken out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// A goal of the plan.
    Goal(GoalId),
    /// A commitment or a support.
    Action(ActionId),
    /// A member of the household.
    Member(MemberId),
}

/// What was said about the place of a thing in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// It was taken out.
    Removed,
    /// It stays: what was taken out came back.
    Restored,
}

/// One removal, or its being taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Of what.
    pub item: Item,
    /// What was said.
    pub says: Says,
    /// By whom.
    pub author: UserId,
    /// When, by the author's device: shown, never used to decide.
    pub at: Millis,
    /// The writes that its author had on screen.
    pub names: Vec<OpId>,
}

/// Everything that was ever taken out of the lists of one family or brought back, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removals(LiteMap<OpId, Word>);

/// What became of a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is in its list.
    Stays,
    /// It was taken out, and nobody wrote to it without knowing.
    Gone,
    /// Somebody took it out and somebody else wrote to it: it is in its list, and people look.
    Kept(Vec<OpId>),
}

impl Removals {
    /// Adds a word. Adding the same one twice changes nothing.
    pub fn add(&mut self, id: OpId, word: Word) {
        self.0.entry(id).or_insert(word);
    }

    /// Whether nothing was ever taken out.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Everything that was said, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (OpId, &Word)> {
        self.0.iter().map(|(id, word)| (*id, word))
    }

    /// The things of which something was said, each once.
    pub fn items(&self) -> BTreeSet<Item> {
        self.0.values().map(|word| word.item).collect()
    }

    /// The removals of a thing that nobody answered. `items` are its names: more than one for a
    /// person who was entered twice.
    pub fn standing(&self, items: &[Item]) -> Vec<OpId> {
        self.unnamed(items, Says::Removed)
    }

    /// What becomes of a thing that has these `writes`.
    pub fn fate(&self, items: &[Item], writes: &[OpId]) -> Fate {
        let standing = self.standing(items);
        let restored = self.unnamed(items, Says::Restored);
        let knew_all = |removal: &OpId| {
            let names = self.0.get(removal).map(|word| word.names.as_slice());
            let names = names.unwrap_or_default();
            let mut known = writes.iter().chain(&restored);
            known.all(|write| names.contains(write))
        };
        if standing.is_empty() {
            Fate::Stays
        } else if standing.iter().any(knew_all) {
            Fate::Gone
        } else {
            Fate::Kept(standing)
        }
    }

    /// What a removal has to name of a thing that has these `writes` on screen.
    pub fn names(&self, items: &[Item], writes: &[OpId]) -> Vec<OpId> {
        let mut names = writes.to_vec();
        names.extend(self.unnamed(items, Says::Restored));
        names.extend(self.standing(items));
        names
    }

    /// Words of one kind about a thing that no later word about it named.
    fn unnamed(&self, items: &[Item], says: Says) -> Vec<OpId> {
        let of = |word: &&Word| items.contains(&word.item);
        let is_named = |id: &OpId| {
            // A word cannot answer itself: an op that names its own id would have no effect.
            let mut others = self.0.iter().filter(|(other, _)| *other != id);
            others.any(|(_, word)| of(&word) && word.names.contains(id))
        };
        self.0
            .iter()
            .filter(|(id, word)| word.says == says && of(word) && !is_named(id))
            .map(|(id, _)| *id)
            .collect()
    }
}
