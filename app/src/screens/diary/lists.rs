//! What the diary tells of lists: what was taken out or kept, and who turned out to be whom. Pure.

use domain::id::{MemberId, Millis, OpId, UserId};
use domain::merging::Found;
use domain::removal::{Fate, Item, Says};
use domain::state::Case;

use crate::screens::diary::timeline::What;
use crate::screens::lists::model::name_of;
use crate::words::Words;

/// What happened to a list.
#[derive(Clone, Debug, PartialEq)]
pub enum Listed {
    /// Something was taken out; whether it can be brought back.
    Removed(Named, Item, bool),
    /// Something was kept.
    Restored(Named),
    /// Two entries were compared; without the other, one with somebody of another family, of whom
    /// nothing is told here.
    Compared(Found, Named, Option<Named>),
}

/// A name that may be missing.
pub type Named = Option<String>;

impl What {
    /// What this entry took out, where it can be brought back.
    pub const fn brings_back(&self) -> Option<Item> {
        if let Self::Listed(Listed::Removed(_, item, true)) = self {
            return Some(*item);
        }
        None
    }
}

impl Listed {
    /// The icon of the entry.
    pub const fn icon(&self) -> &'static str {
        match self {
            Self::Removed(..) => "circle-x",
            Self::Restored(_) => "corner-up-left",
            Self::Compared(..) => "users-round",
        }
    }

    /// The title of the entry.
    pub fn title(&self, words: Words) -> String {
        let said = |name: &Named| name.clone().unwrap_or_else(|| words.nameless().to_owned());
        match self {
            Self::Removed(name, _, _) => words.entry_taken_out(&said(name)),
            Self::Restored(name) => words.entry_brought_back(&said(name)),
            Self::Compared(found, one, other) => {
                let elsewhere = || words.somebody_elsewhere().to_owned();
                let (one, other) = (said(one), other.as_ref().map_or_else(elsewhere, said));
                match found {
                    Found::Same => words.entry_same(&one, &other),
                    Found::Two => words.entry_two(&one, &other),
                    Found::Open => words.entry_open(&one, &other),
                }
            }
        }
    }
}

/// Everything that happened to the lists of one family: the op, who, when, what.
pub fn listed(case: &Case) -> Vec<(OpId, UserId, Millis, Listed)> {
    let called = |item| {
        let name = name_of(case, item, Words::default());
        Some(name).filter(|name| name != Words::default().nameless())
    };
    let removals = case.removals.iter().map(|(id, word)| {
        let name = called(word.item);
        let listed = match word.says {
            Says::Removed => {
                let is_gone = case.fate(word.item) == Fate::Gone;
                let is_last = case.removals_of(word.item).contains(&id);
                Listed::Removed(name, word.item, is_gone && is_last)
            }
            Says::Restored => Listed::Restored(name),
        };
        (id, word.author, word.at, listed)
    });
    let entry = |id: MemberId| {
        let name = case.household.entry(id)?.name()?;
        Some(name.latin.clone())
    };
    let compared = case.household.findings.iter().map(|(id, finding)| {
        let (one, other) = finding.pair;
        let is_here = case.household.entry(other).is_some();
        let listed = Listed::Compared(finding.found, entry(one), is_here.then(|| entry(other)));
        (id, finding.author, finding.at, listed)
    });
    removals.chain(compared).collect()
}

#[cfg(test)]
mod tests {
    use domain::vocabulary::Role;

    use super::*;
    use crate::screens::diary::timeline::{Item as Entry, timeline};
    use crate::screens::fixture::{Family, amina, clock, goal, scope, tutor};
    use crate::screens::lists::model::{restoring, taking};

    fn told(family: &Family) -> Vec<Entry> {
        timeline(&family.held_by(tutor(), Role::Mediator), scope(), clock())
    }

    #[test]
    fn what_was_taken_out_stays_in_the_diary_and_can_be_brought_back() {
        let mut family = Family::hassan();
        let before = told(&family).len();
        for item in [Item::Goal(goal(1)), Item::Member(amina())] {
            let take = taking(&family.case(), item).expect("nobody agreed to it");
            family.answer(tutor(), vec![take]);
        }
        let entries = told(&family);
        assert_eq!(entries.len(), before + 2, "and all that was written before");
        let back: Vec<Item> = entries
            .iter()
            .filter_map(|entry| entry.what.brings_back())
            .collect();
        assert_eq!(back, [Item::Member(amina()), Item::Goal(goal(1))]);
        let title = |what: &What| match what {
            What::Listed(listed) => listed.title(Words::default()),
            _ => String::new(),
        };
        assert_eq!(title(&entries[0].what), "Tolto: Amina");

        let back = restoring(&family.case(), Item::Goal(goal(1)));
        family.answer(tutor(), vec![back]);
        let entries = told(&family);
        assert_eq!(title(&entries[0].what), "Tenuto: Voglio capire la maestra.");
        let back = entries
            .iter()
            .filter(|entry| entry.what.brings_back().is_some());
        assert_eq!(back.count(), 1, "what is back is not brought back again");
    }

    #[test]
    fn of_somebody_of_another_family_no_more_is_told_than_that_they_are_two() {
        let mut family = Family::hassan();
        let stranger = MemberId::new(Millis(1), [7; 10]);
        let answers = family.case().household.parting(amina(), stranger);
        family.answer(tutor(), answers);
        let title = told(&family)
            .into_iter()
            .find_map(|entry| match entry.what {
                What::Listed(listed) => Some(listed.title(Words::default())),
                _ => None,
            });
        let said = "Amina e una persona di un’altra famiglia: due persone";
        assert_eq!(title.as_deref(), Some(said));
    }
}
