//! Everything that happened to a family, newest first. Pure.
//!
//! Nothing disappears: an entry that was corrected stays, marked, and points to what took its
//! place.

use std::collections::BTreeSet;

use domain::attachment::{About, Attachment, Kind};
use domain::family::Language;
use domain::field::{Field, Fields};
use domain::id::{Millis, OpId, ScopeId, UserId};
use domain::order;
use domain::plan::{FamilyWords, GoalKey, PlanMove};
use domain::state::Case;
use domain::visit::{Entry, Rating};
use domain::vocabulary::{Area, NeedLevel, Place, SignatureMode, Verdict, Voice};
use jiff::civil::{Date, DateTime};
use replica::replica::{Receipt, Replica};

use crate::screens::diary::lists::{self, Listed};
use crate::screens::family::clock::Clock;
use crate::screens::plan::model::member_name;

/// Writes of one person to one thing that lie this close together are one sitting.
const SITTING_MS: i64 = 10 * 60 * 1_000;

/// What a diary entry is about: the chips above the diary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Visits and ratings.
    Visits,
    /// Notes.
    Notes,
    /// The plan and the household.
    Plan,
    /// Versions, answers, reviews.
    Versions,
}

/// One entry of the diary.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The op that made it: also its place on the page.
    pub id: OpId,
    /// When it happened.
    pub at: DateTime,
    /// Who wrote it; `None` where that is not known.
    pub author: Option<Author>,
    /// What happened.
    pub what: What,
    /// What its receipt says.
    pub receipt: Option<Receipt>,
    /// The entry that this one corrects.
    pub corrects: Option<OpId>,
    /// The entry that corrects this one.
    pub corrected_by: Option<OpId>,
    /// What was recorded, photographed or drawn with it.
    pub attached: Vec<Attachment>,
}

/// Who wrote an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// Whether it is the person who reads.
    pub is_me: bool,
    /// Their name, where this phone knows it.
    pub name: Option<String>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A visit.
    Visit {
        /// Where.
        place: Place,
        /// How long.
        minutes: u16,
        /// Who was there.
        present: Vec<String>,
        /// Language spoken.
        language: Option<Language>,
        /// In a few words.
        summary: String,
        /// What happened to each goal.
        ratings: Vec<(Option<Area>, Rating)>,
    },
    /// A rating between visits.
    Rating(Option<Area>, Rating),
    /// A note; with the words it takes the place of.
    Note(String, Option<String>),
    /// Something was recorded, photographed or drawn: alone, or for a visit that goes on.
    Attached(Kind),
    /// Fields of a goal were written: new, or changed.
    Goal {
        /// Its domain.
        area: Option<Area>,
        /// Whether it begins here.
        is_new: bool,
        /// What was written.
        keys: BTreeSet<GoalKey>,
        /// What the family said, where that was written.
        words: Option<FamilyWords>,
    },
    /// An action was written.
    Action {
        /// What is to be done.
        what: String,
        /// The goal's domain.
        area: Option<Area>,
    },
    /// A voice said how things are.
    Need(Area, Voice, NeedLevel),
    /// The household or a member was written.
    People(Option<String>),
    /// A version was proposed.
    Version {
        /// Its number.
        number: u32,
        /// Goals in it.
        goals: usize,
        /// Its fingerprint, short.
        fingerprint: String,
    },
    /// The family answered a version.
    Answer {
        /// The version's number.
        number: Option<u32>,
        /// How.
        mode: SignatureMode,
        /// Who.
        member: Option<String>,
        /// In which language.
        language: Language,
        /// Its fingerprint, short.
        fingerprint: String,
    },
    /// The social worker decided.
    Review {
        /// The version's number.
        number: Option<u32>,
        /// What.
        verdict: Verdict,
        /// Her words.
        comment: String,
        /// Its fingerprint, short.
        fingerprint: String,
    },
    /// The whole plan moved.
    Move(PlanMove),
    /// Something was taken out of a list or kept in it, two entries compared.
    Listed(Listed),
}

impl What {
    /// The chip under which it is found.
    pub const fn theme(&self) -> Theme {
        match self {
            Self::Visit { .. } | Self::Rating(..) => Theme::Visits,
            Self::Note(..) | Self::Attached(_) => Theme::Notes,
            Self::Goal { .. }
            | Self::Action { .. }
            | Self::Need(..)
            | Self::People(_)
            | Self::Move(_)
            | Self::Listed(_) => Theme::Plan,
            Self::Version { .. } | Self::Answer { .. } | Self::Review { .. } => Theme::Versions,
        }
    }
}

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
        teller.tell(id, Some(author), clock.local(at), What::Listed(listed));
    }
    let mut items = teller.items;
    order::sort_by_key(&mut items, |item| std::cmp::Reverse((item.at, item.id)));
    items
}

impl Teller<'_> {
    fn tell(&mut self, id: OpId, author: Option<UserId>, at: DateTime, what: What) {
        let me = self.replica.owner().user;
        self.items.push(Item {
            id,
            at,
            author: author.map(|author| Author {
                is_me: author == me,
                name: self
                    .replica
                    .state()
                    .colleague(author)
                    .map(|known| known.name.clone()),
            }),
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
        self.tell(id, Some(entry.author), at, what);
        if let Some(item) = self.items.last_mut() {
            item.corrects = entry.corrects;
            item.corrected_by = later;
        }
    }

    fn visits(&mut self) {
        let case = self.case;
        for (visit_id, visit) in &case.visits {
            let last = visit.record().map(|(id, _)| id);
            for (id, entry) in &visit.records {
                let record = &entry.record;
                // Of a visit that was written down twice only the later entry carries ratings.
                let ratings = if last == Some(*id) {
                    case.progress
                        .iter()
                        .filter(|(op, told)| {
                            told.record.visit == Some(*visit_id) && !case.is_corrected(**op)
                        })
                        .map(|(_, told)| (self.area(told.record.goal), told.record.rating.clone()))
                        .collect()
                } else {
                    Vec::new()
                };
                let what = What::Visit {
                    place: record.place,
                    minutes: record.minutes,
                    present: record
                        .present
                        .iter()
                        .filter_map(|member| member_name(case, *member))
                        .collect(),
                    language: record.language.clone(),
                    summary: record.summary.clone(),
                    ratings,
                };
                let at = self.at_day(record.date, entry.at);
                let later = visit
                    .records
                    .iter()
                    .find(|(_, other)| other.corrects == Some(*id))
                    .map(|(other, _)| *other);
                self.tell_entry(*id, entry, at, what, later);
                if last == Some(*id) {
                    self.with_attached(About::Visit(*visit_id));
                }
            }
        }
        for (id, entry) in &case.progress {
            let is_told = entry
                .record
                .visit
                .and_then(|visit| case.visits.get(&visit))
                .is_some_and(|visit| !visit.records.is_empty());
            if !is_told {
                let what = What::Rating(self.area(entry.record.goal), entry.record.rating.clone());
                let at = self.clock.local(entry.at);
                let later = case
                    .progress
                    .iter()
                    .find(|(_, other)| other.corrects == Some(*id))
                    .map(|(other, _)| *other);
                self.tell_entry(*id, entry, at, what, later);
            }
        }
    }

    /// The visit's day with the hour at which it was written down, if that was the same day.
    fn at_day(&self, day: Date, written: Millis) -> DateTime {
        let written = self.clock.local(written);
        if written.date() == day {
            written
        } else {
            day.at(12, 0, 0, 0)
        }
    }

    fn area(&self, goal: domain::id::GoalId) -> Option<Area> {
        self.case.goal(goal)?.area().copied()
    }

    fn notes(&mut self) {
        let case = self.case;
        for (id, entry) in &case.notes {
            let before = entry
                .corrects
                .and_then(|old| case.notes.get(&old))
                .map(|old| old.record.clone());
            let later = case
                .notes
                .iter()
                .find(|(_, other)| other.corrects == Some(*id))
                .map(|(other, _)| *other);
            let at = self.clock.local(entry.at);
            self.tell_entry(
                *id,
                entry,
                at,
                What::Note(entry.record.clone(), before),
                later,
            );
        }
    }

    fn attachments(&mut self) {
        let case = self.case;
        for (id, entry) in &case.attachments {
            let attachment = &entry.record;
            let is_told = match attachment.about {
                About::Diary => false,
                About::Visit(visit) => case
                    .visits
                    .get(&visit)
                    .is_some_and(|visit| visit.record().is_some()),
                About::Answer(version) => case
                    .plan
                    .answers
                    .values()
                    .any(|said| said.version == version),
            };
            if !is_told {
                let at = self.clock.local(entry.at);
                self.tell_entry(*id, entry, at, What::Attached(attachment.kind), None);
                if let Some(item) = self.items.last_mut() {
                    item.attached = vec![attachment.clone()];
                }
            }
        }
    }

    fn goals(&mut self) {
        let case = self.case;
        for goal in case.plan.goals.values().chain(case.gone_goals.values()) {
            for (at, sitting) in sittings(&goal.fields).into_iter().enumerate() {
                let what = What::Goal {
                    area: goal.area().copied(),
                    is_new: at == 0,
                    keys: sitting.values.iter().map(Field::key).collect(),
                    words: sitting.values.iter().find_map(|field| match field {
                        domain::plan::GoalField::Words(words) => Some(words.clone()),
                        _ => None,
                    }),
                };
                self.tell(
                    sitting.id,
                    Some(sitting.author),
                    self.clock.local(sitting.at),
                    what,
                );
            }
        }
    }

    fn actions(&mut self) {
        let case = self.case;
        let actions = case.plan.actions.values();
        for action in actions.chain(case.gone_actions.values()) {
            for sitting in sittings(&action.fields) {
                let what = What::Action {
                    what: action.what().unwrap_or_default().to_owned(),
                    area: action.goal().and_then(|goal| self.area(goal)),
                };
                self.tell(
                    sitting.id,
                    Some(sitting.author),
                    self.clock.local(sitting.at),
                    what,
                );
            }
        }
    }

    fn needs(&mut self) {
        let case = self.case;
        for ((area, voice), ratings) in &case.plan.needs {
            for (id, rating) in ratings {
                let at = self.clock.local(rating.at);
                let what = What::Need(*area, *voice, rating.value.now);
                self.tell(*id, Some(rating.author), at, what);
            }
        }
    }

    fn household(&mut self) {
        let case = self.case;
        for sitting in sittings(&case.household.fields) {
            self.tell(
                sitting.id,
                Some(sitting.author),
                self.clock.local(sitting.at),
                What::People(None),
            );
        }
        for (_, member) in case.household.each_entry() {
            let name = member.name().map(|name| name.latin.clone());
            for sitting in sittings(&member.fields) {
                let what = What::People(name.clone());
                self.tell(
                    sitting.id,
                    Some(sitting.author),
                    self.clock.local(sitting.at),
                    what,
                );
            }
        }
    }

    fn versions(&mut self) {
        let plan = &self.case.plan;
        let number = |id| {
            plan.versions
                .values()
                .find(|version| version.id == id)
                .map(|version| version.number)
        };
        for (id, version) in &plan.versions {
            let what = What::Version {
                number: version.number,
                goals: version.content.goals.len(),
                fingerprint: version.content.fingerprint().short(),
            };
            self.tell(
                *id,
                Some(version.author),
                self.clock.local(version.at),
                what,
            );
        }
        for (id, said) in &plan.answers {
            let what = What::Answer {
                number: number(said.version),
                mode: said.what.mode,
                member: said
                    .what
                    .member
                    .and_then(|member| member_name(self.case, member)),
                language: said.what.language.clone(),
                fingerprint: said.what.fingerprint.short(),
            };
            self.tell(*id, Some(said.author), self.clock.local(said.at), what);
            if said.what.mode == SignatureMode::Glass {
                self.with_attached(About::Answer(said.version));
            }
        }
        for (id, said) in &plan.reviews {
            let what = What::Review {
                number: number(said.version),
                verdict: said.what.verdict,
                comment: said.what.comment.clone(),
                fingerprint: said.what.fingerprint.short(),
            };
            self.tell(*id, Some(said.author), self.clock.local(said.at), what);
        }
        for (id, write) in plan.moves.history() {
            let what = What::Move(write.value.clone());
            self.tell(id, Some(write.author), self.clock.local(write.at), what);
        }
    }
}

/// What of a family belongs to this, in the order in which it was made.
pub fn attached(case: &Case, about: About) -> Vec<Attachment> {
    let all = case.attachments.values().map(|entry| &entry.record);
    all.filter(|one| one.about == about).cloned().collect()
}

/// What one person wrote to one thing in one go.
struct Sitting<F> {
    /// The last op of it: its receipt is the one that tells how far all of it went.
    id: OpId,
    author: UserId,
    at: Millis,
    values: Vec<F>,
}

fn sittings<F: Field>(fields: &Fields<F>) -> Vec<Sitting<F>> {
    let mut writes: Vec<_> = fields
        .iter()
        .flat_map(|(_, register)| register.history())
        .collect();
    order::sort_by_key(&mut writes, |(id, _)| *id);
    let mut found: Vec<Sitting<F>> = Vec::new();
    for (id, write) in writes {
        match found.last_mut() {
            Some(last)
                if last.author == write.author
                    && write.at.0.saturating_sub(last.at.0) <= SITTING_MS =>
            {
                last.id = id;
                last.at = write.at;
                last.values.push(write.value.clone());
            }
            Some(_) | None => found.push(Sitting {
                id,
                author: write.author,
                at: write.at,
                values: vec![write.value.clone()],
            }),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use domain::op::Known;
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
        assert!(matches!(&items[2].what, What::Goal { is_new: true, keys, .. } if keys.len() == 5));
        assert_eq!(items.len(), 5, "{items:#?}");
        assert_eq!(
            items[0].author,
            Some(Author {
                is_me: true,
                name: None
            })
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
