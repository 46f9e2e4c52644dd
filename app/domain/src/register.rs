//! A field that keeps both words.
//!
//! This module never decides who is right; it only knows which writes still stand.

use std::collections::BTreeSet;

use litemap::LiteMap;

use crate::field::Field;
use crate::id::{Millis, OpId, UserId};
use crate::merge::{MergedText, merge};
use crate::op::WORDS_CHARS_MAX;

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
    /// What each write replaced: texts are merged from what their authors had in common.
    origins: LiteMap<OpId, Vec<OpId>>,
    merged: Option<Merged<T>>,
}

/// Standing texts merged by paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged<T> {
    /// What shows.
    pub value: T,
    /// Its texts, paragraph by paragraph.
    pub texts: Vec<MergedText>,
}

impl<T> Merged<T> {
    /// Whether two people changed the same paragraph.
    pub fn overlaps(&self) -> bool {
        self.texts.iter().any(|text| text.overlaps)
    }
}

impl<F: Field> Merged<F> {
    /// The value where, of paragraphs that several people changed, those of one write hold.
    pub fn preferring(&self, side: OpId) -> F {
        let texts = self.texts.iter().map(|text| text.preferring(side));
        self.value.with_texts(texts.collect())
    }
}

impl<T> Default for Register<T> {
    fn default() -> Self {
        Self {
            written: LiteMap::new(),
            replaced: BTreeSet::new(),
            origins: LiteMap::new(),
            merged: None,
        }
    }
}

impl<T: PartialEq> Register<T> {
    /// Adds a write. Adding the same write twice changes nothing.
    pub fn write(&mut self, id: OpId, write: Write<T>, replaces: &[OpId]) {
        self.written.entry(id).or_insert(write);
        if !replaces.is_empty() {
            self.origins.entry(id).or_insert_with(|| replaces.to_vec());
        }
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

    /// The value that shows: of texts that merge, all that stands together.
    pub fn value(&self) -> Option<&T> {
        match &self.merged {
            Some(merged) => Some(&merged.value),
            None => self.shown().map(|(_, write)| &write.value),
        }
    }

    /// The standing texts as they merge, where more than one stands.
    pub fn merged(&self) -> Option<&Merged<T>> {
        self.merged.as_ref()
    }

    /// Whether a person has to choose: two different values stand, or two texts overlap.
    pub fn is_disputed(&self) -> bool {
        if let Some(merged) = &self.merged {
            return merged.overlaps();
        }
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

    /// The writes that make up what shows: those that stand; where none does, the one that shows.
    pub fn current(&self) -> Vec<OpId> {
        let heads = self.heads();
        if heads.is_empty() {
            return self.shown().map(|(id, _)| id).into_iter().collect();
        }
        heads
    }

    /// Every write ever made, oldest id first.
    pub fn history(&self) -> impl DoubleEndedIterator<Item = (OpId, &Write<T>)> {
        self.written.iter().map(|(id, write)| (*id, write))
    }
}

impl<F: Field> Register<F> {
    /// Takes in the writes of another field that turned out to be the same one.
    pub(crate) fn absorb(&mut self, other: &Self) {
        for (id, write) in &other.written {
            self.written.entry(*id).or_insert_with(|| write.clone());
        }
        for (id, replaces) in &other.origins {
            self.origins.entry(*id).or_insert_with(|| replaces.clone());
        }
        self.replaced.extend(&other.replaced);
    }

    /// Merges the standing texts, where the field is a text and more than one stands.
    pub(crate) fn merge_texts(&mut self) {
        self.merged = self.texts_merged();
    }

    fn texts_merged(&self) -> Option<Merged<F>> {
        let standing: Vec<(OpId, &F)> = self.standing().map(|(id, w)| (id, &w.value)).collect();
        let ((_, first), rest) = standing.split_first()?;
        let count = first.texts().len();
        let is_same = rest.iter().all(|(_, value)| value == first);
        if count == 0 || is_same {
            return None;
        }
        // What is not text (a language, who said it) must agree: a merge has only one of it.
        let frame = first.with_texts(vec![String::new(); count]);
        let has_frame = |value: &F| {
            value.texts().len() == count && value.with_texts(vec![String::new(); count]) == frame
        };
        if !rest.iter().all(|(_, value)| has_frame(value)) {
            return None;
        }
        let ids: Vec<OpId> = standing.iter().map(|(id, _)| *id).collect();
        let base = self
            .base(&ids)
            .and_then(|id| self.written.get(&id))
            .map(|write| write.value.texts())
            .unwrap_or_default();
        let mut texts = Vec::with_capacity(count);
        for place in 0..count {
            let sides: Vec<(OpId, &str)> = standing
                .iter()
                .filter_map(|(id, value)| Some((*id, *value.texts().get(place)?)))
                .collect();
            texts.push(merge(base.get(place).copied().unwrap_or_default(), &sides));
        }
        let merged: Vec<String> = texts.iter().map(MergedText::text).collect();
        // A text that would not fit is not cut: the sides stay and a person chooses.
        if merged
            .iter()
            .any(|text| text.chars().count() > WORDS_CHARS_MAX)
        {
            return None;
        }
        Some(Merged {
            value: first.with_texts(merged),
            texts,
        })
    }

    /// The last write that all standing ones replaced: what their authors had in common.
    pub fn origin(&self) -> Option<OpId> {
        let standing: Vec<OpId> = self.standing().map(|(id, _)| id).collect();
        self.base(&standing)
    }

    /// The last write that all of `ids` replaced, directly or through others.
    fn base(&self, ids: &[OpId]) -> Option<OpId> {
        let before: Vec<BTreeSet<OpId>> = ids.iter().map(|id| self.before(*id)).collect();
        let (first, rest) = before.split_first()?;
        let common: Vec<OpId> = first
            .iter()
            .copied()
            .filter(|id| self.written.contains_key(id))
            .filter(|id| rest.iter().all(|before| before.contains(id)))
            .collect();
        let is_last = |id: &OpId| {
            let later = |other: &OpId| other != id && self.before(*other).contains(id);
            !common.iter().any(later)
        };
        common.iter().rev().copied().find(is_last)
    }

    /// Everything that a write replaced, directly or through others.
    fn before(&self, id: OpId) -> BTreeSet<OpId> {
        let mut seen = BTreeSet::new();
        let mut next = vec![id];
        while let Some(id) = next.pop() {
            for origin in self.origins.get(&id).into_iter().flatten() {
                if seen.insert(*origin) {
                    next.push(*origin);
                }
            }
        }
        seen
    }
}
