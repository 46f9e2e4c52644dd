//! The same person entered twice: who said so, and who with it is one person.
//!
//! Nobody is ever merged automatically. Somebody says that two entries are one person, somebody
//! may say that they are two, and either can be taken back: a finding names the findings about
//! the same two entries that its author had on screen. What was written to each entry stays with
//! it, so that a merge can be undone at any time.

use std::collections::BTreeSet;

use litemap::LiteMap;

use crate::id::{MemberId, Millis, OpId, UserId};
use crate::order;

/// What somebody found about two entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// They are one person; the first entry is the one that stays.
    Same,
    /// They are two people.
    Two,
    /// Nobody knows: what was found before is taken back.
    Open,
}

/// One finding about two entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The two entries, as they were named.
    pub pair: (MemberId, MemberId),
    /// What was found.
    pub found: Found,
    /// By whom.
    pub author: UserId,
    /// When, by the author's device: shown, never used to decide.
    pub at: Millis,
    /// The findings that its author had on screen.
    pub names: Vec<OpId>,
}

/// Everything that was ever found about the members of one family, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings(LiteMap<OpId, Finding>);

/// Entries that are one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The entry under which the person is shown.
    pub kept: MemberId,
    /// All the entries, that one too.
    pub entries: BTreeSet<MemberId>,
    /// The findings that made them one.
    pub merges: Vec<OpId>,
}

impl Findings {
    /// Adds a finding. Adding the same one twice changes nothing.
    pub fn add(&mut self, id: OpId, finding: Finding) {
        self.0.entry(id).or_insert(finding);
    }

    /// Whether nothing was ever found.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Everything that was found, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (OpId, &Finding)> {
        self.0.iter().map(|(id, finding)| (*id, finding))
    }

    /// Every entry about which something was found.
    pub fn entries(&self) -> BTreeSet<MemberId> {
        self.0
            .values()
            .flat_map(|finding| [finding.pair.0, finding.pair.1])
            .collect()
    }

    /// The findings about two entries that no other finding about them named.
    pub fn standing(
        &self,
        one: MemberId,
        other: MemberId,
    ) -> impl DoubleEndedIterator<Item = (OpId, &Finding)> {
        let pair = ordered((one, other));
        let about = move |finding: &&Finding| ordered(finding.pair) == pair;
        self.iter().filter(move |(id, finding)| {
            // A finding cannot answer itself.
            let mut others = self.0.iter().filter(|(other, _)| *other != id);
            about(finding) && !others.any(|(_, word)| about(&word) && word.names.contains(id))
        })
    }

    /// What a new finding about two entries has to name.
    pub fn heads(&self, one: MemberId, other: MemberId) -> Vec<OpId> {
        self.standing(one, other).map(|(id, _)| id).collect()
    }

    /// Whether somebody says this of two entries, and nobody took it back.
    pub fn says(&self, one: MemberId, other: MemberId, found: Found) -> bool {
        self.standing(one, other)
            .any(|(_, finding)| finding.found == found)
    }

    /// The entries that are one person, where there is more than one.
    ///
    /// Findings are taken in the order of their ids. One that would make one person of two of
    /// whom somebody says that they are two is left out: people have to look first.
    pub fn persons(&self) -> Vec<Person> {
        let standing = self.all_standing();
        let two: BTreeSet<(MemberId, MemberId)> = standing
            .iter()
            .filter(|(_, finding)| finding.found == Found::Two)
            .map(|(_, finding)| ordered(finding.pair))
            .collect();
        let mut persons: Vec<Person> = Vec::new();
        for (id, finding) in standing {
            let (one, other) = finding.pair;
            if finding.found != Found::Same || one == other {
                continue;
            }
            let mut person = take(&mut persons, one);
            if !person.entries.contains(&other) {
                let joined = take(&mut persons, other);
                let entries = &person.entries | &joined.entries;
                let are_two = |(a, b): &(MemberId, MemberId)| {
                    a != b && entries.contains(a) && entries.contains(b)
                };
                if two.iter().any(are_two) {
                    let apart = [person, joined];
                    persons.extend(apart.into_iter().filter(|one| one.entries.len() > 1));
                    continue;
                }
                person.entries = entries;
                person.merges.extend(joined.merges);
            }
            person.merges.push(id);
            persons.push(person);
        }
        for person in &mut persons {
            person.merges.sort_unstable();
            person.kept = self.kept_of(person);
        }
        order::sort_by_key(&mut persons, |person| person.kept);
        persons
    }

    /// Every finding that no other about the same two entries named.
    fn all_standing(&self) -> Vec<(OpId, &Finding)> {
        let mut named = BTreeSet::new();
        for (by, finding) in self.iter() {
            let others = finding.names.iter().filter(|name| **name != by);
            named.extend(others.map(|name| (ordered(finding.pair), *name)));
        }
        self.iter()
            .filter(|(id, finding)| !named.contains(&(ordered(finding.pair), *id)))
            .collect()
    }

    /// The entry that stays: one that no merge gave up, the least where several are; where merges
    /// go round in a circle, the least of all.
    fn kept_of(&self, person: &Person) -> MemberId {
        let given_up: BTreeSet<MemberId> = person
            .merges
            .iter()
            .filter_map(|id| self.0.get(id).map(|finding| finding.pair.1))
            .collect();
        let mut stays = person.entries.difference(&given_up);
        stays
            .next()
            .or_else(|| person.entries.first())
            .copied()
            .unwrap_or(person.kept)
    }
}

/// The person of an entry, out of the list; a new one where it is in none.
fn take(persons: &mut Vec<Person>, entry: MemberId) -> Person {
    match persons
        .iter()
        .position(|person| person.entries.contains(&entry))
    {
        Some(at) => persons.swap_remove(at),
        None => Person {
            kept: entry,
            entries: [entry].into(),
            merges: Vec::new(),
        },
    }
}

fn ordered((one, other): (MemberId, MemberId)) -> (MemberId, MemberId) {
    (one.min(other), one.max(other))
}
