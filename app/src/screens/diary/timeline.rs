//! Everything that happened to a family, newest first. Pure.
//!
//! Nothing disappears: an entry that was corrected stays, marked, and points to what took its
//! place.

use domain::attachment::{About, Attachment};
use domain::id::{OpId, ScopeId, UserId};
use domain::order;
use domain::state::Case;
use domain::visit::Entry;
use jiff::civil::DateTime;
use replica::replica::Replica;

use crate::screens::diary::lists;
use crate::screens::family::clock::Clock;

mod entries;
mod item;
mod join;
mod plan;

pub use self::item::{Author, Datum, Item, Theme, What};

struct Teller<'a> {
    replica: &'a Replica,
    case: &'a Case,
    clock: Clock<'a>,
    items: Vec<Item>,
}

/// The diary of one family, newest first.
pub fn timeline(replica: &Replica, scope: ScopeId, clock: Clock<'_>) -> Vec<Item> {
    let Some(case) = replica.state().cases.get(&scope) else {
        return Vec::new();
    };
    let mut teller = Teller {
        replica,
        case,
        clock,
        items: Vec::new(),
    };
    teller.visits();
    teller.notes();
    teller.attachments();
    teller.goals();
    teller.actions();
    teller.needs();
    teller.household();
    teller.versions();
    for (id, author, at, listed) in lists::listed(case) {
        teller.tell(id, author, clock.local(at), What::Listed(listed));
    }
    let mut items = teller.items;
    order::sort_by_key(&mut items, |item| std::cmp::Reverse((item.at, item.id)));
    join::joined(items)
}

impl Teller<'_> {
    fn tell(&mut self, id: OpId, author: UserId, at: DateTime, what: What) {
        let me = self.replica.owner().user;
        let known = self.replica.state().colleague(author);
        self.items.push(Item {
            id,
            at,
            author: Author {
                user: author,
                is_me: author == me,
                name: known.map(|known| known.name.clone()),
            },
            what,
            receipt: self.replica.receipt(id),
            corrects: None,
            corrected_by: None,
            attached: Vec::new(),
        });
    }

    /// Puts with the entry just told what belongs to it.
    fn with_attached(&mut self, about: About) {
        if let Some(item) = self.items.last_mut() {
            item.attached = attached(self.case, about);
        }
    }

    fn tell_entry<T>(
        &mut self,
        id: OpId,
        entry: &Entry<T>,
        at: DateTime,
        what: What,
        later: Option<OpId>,
    ) {
        self.tell(id, entry.author, at, what);
        if let Some(item) = self.items.last_mut() {
            item.corrects = entry.corrects;
            item.corrected_by = later;
        }
    }
}

/// What of a family belongs to this, in the order in which it was made.
pub fn attached(case: &Case, about: About) -> Vec<Attachment> {
    let all = case.attachments.values().map(|entry| &entry.record);
    all.filter(|one| one.about == about).cloned().collect()
}

#[cfg(test)]
mod tests {
    use domain::op::Known;
    use domain::visit::Rating;
    use domain::vocabulary::{Agreement, Role};
    use jiff::civil::date;

    use super::*;
    use crate::screens::fixture::{Family, clock, scope, tutor};

    fn items(family: &Family) -> Vec<Item> {
        timeline(&family.held_by(tutor(), Role::Mediator), scope(), clock())
    }

    #[test]
    fn the_newest_is_first_and_a_sitting_is_one_entry() {
        let mut family = Family::hassan();
        family
            .wait(1)
            .proposed(1)
            .wait(1)
            .answered(1, Agreement::Agreed);
        let items = items(&family);
        assert!(matches!(
            items[0].what,
            What::Answer {
                number: Some(1),
                ..
            }
        ));
        assert!(matches!(
            items[1].what,
            What::Version {
                number: 1,
                goals: 1,
                ..
            }
        ));
        let goal = &items[2].what;
        assert!(matches!(goal, What::Goal { is_new: true, values, .. } if values.len() == 5));
        let What::Together(people) = &items[3].what else {
            panic!("{:#?}", items[3])
        };
        let named = people.iter().map(|one| match one {
            What::People(name, data) => (name.as_deref(), !data.is_empty()),
            other => panic!("{other:?}"),
        });
        let named: Vec<(Option<&str>, bool)> = named.collect();
        assert_eq!(named, [(None, true), (Some("Amina"), true)]);
        assert_eq!(items.len(), 4, "{items:#?}");
        assert_eq!(
            items[0].author,
            Author {
                user: tutor(),
                is_me: true,
                name: None
            }
        );
    }

    #[test]
    fn a_visit_tells_its_ratings() {
        let mut family = Family::hassan();
        family.visited(1, date(2026, 10, 1), Rating::default());
        let visit = items(&family)
            .into_iter()
            .find_map(|item| match item.what {
                What::Visit {
                    ratings, present, ..
                } => Some((ratings, present)),
                _ => None,
            })
            .expect("the visit is told");
        assert_eq!(visit.0.len(), 1);
        assert_eq!(visit.1, ["Amina"]);
        assert!(
            !items(&family)
                .iter()
                .any(|item| matches!(item.what, What::Rating(..)))
        );
    }

    #[test]
    fn a_corrected_note_stays_and_points_to_the_new_one() {
        let mut family = Family::hassan();
        let note = |words: &str, corrects| Known::NoteAdded {
            words: words.into(),
            corrects,
        };
        family.write(tutor(), note("alle 14:30", None));
        let old = *family.case().notes.keys().next().expect("one note");
        family.write(tutor(), note("alle 15:30", Some(old)));
        let items = items(&family);
        let notes: Vec<&Item> = items
            .iter()
            .filter(|item| item.what.theme() == Theme::Notes)
            .collect();
        assert_eq!(notes.len(), 2);
        assert_eq!(
            notes[0].what,
            What::Note("alle 15:30".into(), Some("alle 14:30".into()))
        );
        assert_eq!(
            (notes[0].corrects, notes[1].corrected_by),
            (Some(old), Some(notes[0].id))
        );
    }
}
