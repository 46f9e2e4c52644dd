//! Members who may have been entered twice: who they are, and the writes that answer.

use std::collections::BTreeSet;

use crate::family::Household;
use crate::id::{MemberId, OpId};
use crate::likeness::look_alike;
use crate::merging::Found;
use crate::op::Known;

/// Two members who may be one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Twins {
    /// The one who was entered first: this entry stays if they are one person.
    pub kept: MemberId,
    /// The other.
    pub other: MemberId,
    /// Whether one person said that they are the same and another that they are not.
    pub is_disputed: bool,
}

/// One write that answers, and what takes it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What to write.
    pub change: Known,
    /// What it replaces.
    pub replaces: Vec<OpId>,
    /// What to write to take it back: each replaces the answer itself, and what it names besides.
    pub undo: Vec<(Known, Vec<OpId>)>,
}

impl Household {
    /// Members who may be one person and of whom nobody has said that they are two.
    pub fn twins(&self) -> Vec<Twins> {
        let members = self.members.iter().map(|(id, member)| (*id, member));
        let alike = look_alike(members);
        let mut found = Vec::new();
        for (at, kept) in self.members.keys().enumerate() {
            for other in self.members.keys().skip(at.saturating_add(1)) {
                let says = |what| {
                    let mut pairs = self.pairs(*kept, *other).into_iter();
                    pairs.any(|(a, b)| self.findings.says(a, b, what))
                };
                // Two of whom somebody says that they are one would be one, were it not for
                // somebody who says that they are two.
                let is_disputed = says(Found::Same);
                let is_alike = [(*kept, *other), (*other, *kept)]
                    .iter()
                    .any(|pair| alike.contains(pair));
                if is_disputed || (is_alike && !says(Found::Two)) {
                    found.push(Twins {
                        kept: *kept,
                        other: *other,
                        is_disputed,
                    });
                }
            }
        }
        found
    }

    /// The writes that make one person of two members.
    pub fn merging(&self, kept: MemberId, other: MemberId) -> Vec<Answer> {
        let mut answers = vec![self.answer((kept, other), Found::Same)];
        let cross = self.pairs(kept, other).into_iter();
        let two = cross.filter(|pair| *pair != (kept, other));
        let two = two.filter(|(a, b)| self.findings.says(*a, *b, Found::Two));
        answers.extend(two.map(|pair| self.answer(pair, Found::Open)));
        answers
    }

    /// The writes that say that two members are two people.
    pub fn parting(&self, one: MemberId, other: MemberId) -> Vec<Answer> {
        let mut answers = vec![self.answer((one, other), Found::Two)];
        let cross = self.pairs(one, other).into_iter();
        let same = cross.filter(|pair| *pair != (one, other));
        let same = same.filter(|(a, b)| self.findings.says(*a, *b, Found::Same));
        answers.extend(same.map(|pair| self.answer(pair, Found::Two)));
        answers
    }

    /// The writes that take one entry out of the person that it was merged into.
    pub fn splitting(&self, entry: MemberId) -> Vec<Answer> {
        let others = self.entries_of(entry).into_iter();
        let others = others.filter(|other| *other != entry);
        let same = others.filter(|other| self.findings.says(entry, *other, Found::Same));
        same.map(|other| self.answer((other, entry), Found::Two))
            .collect()
    }

    /// Whether somebody said, in either family, that a member of this one and a member of another
    /// are two people. It is written with [`Household::parting`] in one of the two: there it names
    /// somebody who is in no list of that family.
    pub fn is_apart(&self, own: MemberId, (other, theirs): (&Self, MemberId)) -> bool {
        let (ones, others) = (self.entries_of(own), other.entries_of(theirs));
        ones.iter().any(|a| {
            let says = |b: &MemberId| {
                let mut families = [self, other].into_iter();
                families.any(|family| family.findings.says(*a, *b, Found::Two))
            };
            others.iter().any(says)
        })
    }

    /// Every entry of the person to whom an entry belongs.
    pub fn entries_of(&self, entry: MemberId) -> BTreeSet<MemberId> {
        let of = self.persons.iter().find(|one| one.entries.contains(&entry));
        of.map_or_else(|| [entry].into(), |person| person.entries.clone())
    }

    /// Each entry of one person with each of another, the two themselves first.
    fn pairs(&self, one: MemberId, other: MemberId) -> Vec<(MemberId, MemberId)> {
        let (ones, others) = (self.entries_of(one), self.entries_of(other));
        let across = |a: &MemberId| others.iter().map(|b| (*a, *b)).collect::<Vec<_>>();
        ones.iter().flat_map(across).collect()
    }

    fn answer(&self, pair: (MemberId, MemberId), found: Found) -> Answer {
        let (one, other) = pair;
        let before: Vec<Known> = self
            .findings
            .standing(one, other)
            .map(|(_, finding)| said(finding.pair, finding.found))
            .collect();
        let mut undo: Vec<(Known, Vec<OpId>)> = Vec::new();
        for known in before {
            if !undo.iter().any(|(told, _)| *told == known) {
                undo.push((known, Vec::new()));
            }
        }
        if undo.is_empty() {
            undo.push((said(pair, Found::Open), Vec::new()));
        }
        Answer {
            change: said(pair, found),
            replaces: self.findings.heads(one, other),
            undo,
        }
    }
}

fn said((one, other): (MemberId, MemberId), found: Found) -> Known {
    match found {
        Found::Same => Known::MembersMerged { kept: one, other },
        Found::Two => Known::MembersDistinct { one, other },
        Found::Open => Known::MembersReopened { one, other },
    }
}
