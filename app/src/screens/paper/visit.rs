//! What the summary of a visit on paper says: who was there, what the family itself said of each
//! goal, what comes next. Pure.
//!
//! What the tutor wrote for the service stays there: its own rating, how the family responds, what
//! stands in the way, what happened in short, what the next visit is about.

use std::collections::BTreeSet;

use domain::family::Name;
use domain::id::{GoalId, MemberId, ScopeId, VisitId};
use domain::order;
use domain::plan::{FamilyWords, NextStep};
use domain::score::Score;
use domain::state::Case;
use domain::visit::{Progress, Visit};
use domain::vocabulary::{Area, Place, WhoActs};
use jiff::civil::{Date, Time};
use replica::replica::Replica;

use crate::screens::appointment::edit::next_planned;
use crate::screens::family::clock::Clock;
use crate::screens::family::is_closed;
use crate::words::catalogue::tag_for;

/// A visit as its family takes it home.
#[derive(Clone, Debug, PartialEq)]
pub struct VisitSheet {
    /// The family's name.
    pub name: Option<Name>,
    /// The language that it speaks.
    pub language: Option<String>,
    /// On which day.
    pub on: Date,
    /// Where.
    pub place: Place,
    /// Who of the family was there.
    pub present: Vec<Name>,
    /// Who came to see it, where this phone knows the name.
    pub tutor: Option<String>,
    /// The language that was spoken, by its tag.
    pub talked: Option<String>,
    /// The goals that were spoken about, in the family's order.
    pub goals: Vec<Told>,
    /// When people meet again.
    pub again: Again,
}

impl VisitSheet {
    /// The language that the family speaks, as it is written.
    pub fn spoken(&self) -> Option<&'static str> {
        tag_for(self.language.as_deref()?)
    }
}

/// What was said of one goal.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Its domain.
    pub area: Option<Area>,
    /// What the family said of it that day; otherwise what it wants by now.
    pub words: Option<FamilyWords>,
    /// How far the family says that it is, and the words of that level where somebody worded it.
    pub rated: Option<(Score, Option<String>)>,
    /// Who acts from now on.
    pub who_acts: Option<WhoActs>,
    /// What comes next.
    pub next_step: Option<NextStep>,
}

/// When people meet again, as far as the sheet of one visit can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// At a visit that is planned.
    On(Next),
    /// Nobody knows yet.
    Open,
    /// Others were made since, or the family is accompanied no more: nothing is said.
    Unsaid,
}

/// When and where people meet again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    /// The day.
    pub on: Date,
    /// The hour, if one was agreed.
    pub time: Option<Time>,
    /// Where.
    pub place: Place,
}

/// A visit as it was written down last; none before it was closed.
pub fn model(
    replica: &Replica,
    scope: ScopeId,
    visit: VisitId,
    clock: Clock<'_>,
) -> Option<VisitSheet> {
    let case = replica.state().cases.get(&scope)?;
    let (_, entry) = case.visits.get(&visit)?.record()?;
    let (record, household) = (&entry.record, &case.household);
    // A person whom two people entered was there once.
    let mut left: BTreeSet<MemberId> = record
        .present
        .iter()
        .map(|entry| household.kept(*entry))
        .collect();
    let members = household.members_in_order().into_iter();
    let mut present: Vec<MemberId> = members.map(|(id, _)| id).collect();
    present.retain(|id| left.remove(id));
    // Whoever was taken out of the list since was there all the same.
    present.extend(left);
    let owner = replica.owner();
    let own_name = (entry.author == owner.user).then(|| owner.name.clone());
    let known_name = || Some(replica.state().colleague(entry.author)?.name.clone());
    Some(VisitSheet {
        name: household.name().cloned(),
        language: household.language().map(|tag| tag.0.clone()),
        on: record.date,
        place: record.place,
        present: present
            .into_iter()
            .filter_map(|id| household.member(id)?.name().cloned())
            .collect(),
        tutor: own_name.or_else(known_name),
        talked: record.language.as_ref().map(|tag| tag.0.clone()),
        goals: goals(case, visit),
        again: again(case, record.date, clock.today),
    })
}

/// What is said of the next visit below one of this day.
fn again(case: &Case, day: Date, today: Date) -> Again {
    let mut records = case.visits.values().filter_map(Visit::record);
    if is_closed(case) || records.any(|(_, entry)| entry.record.date > day) {
        return Again::Unsaid;
    }
    next_planned(case, today).map_or(Again::Open, |(_, planned)| {
        Again::On(Next {
            on: planned.date,
            time: planned.time,
            place: planned.place,
        })
    })
}

/// What was said at a visit, in the family's order; of goals that are no longer in the plan last.
fn goals(case: &Case, visit: VisitId) -> Vec<Told> {
    let in_order = case.plan.goals_in_order().into_iter();
    let in_order: Vec<GoalId> = in_order.map(|(id, _)| id).collect();
    let place = |goal: GoalId| {
        let found = in_order.iter().position(|id| *id == goal);
        found.unwrap_or(in_order.len())
    };
    let entries = case
        .progress
        .iter()
        .filter(|(id, entry)| entry.record.visit == Some(visit) && !case.is_corrected(**id));
    let mut said: Vec<&Progress> = entries.map(|(_, entry)| &entry.record).collect();
    order::sort_by_key(&mut said, |said| place(said.goal));
    said.into_iter().map(|said| told(case, said)).collect()
}

fn told(case: &Case, said: &Progress) -> Told {
    let goal = case.goal(said.goal);
    let rating = &said.rating;
    let wanted = || goal?.words().cloned();
    let rated = rating.family.map(|score| {
        let worded = goal.and_then(|goal| goal.level_words(score));
        let worded = worded.filter(|text| !text.trim().is_empty());
        (score, worded.map(ToOwned::to_owned))
    });
    Told {
        area: goal.and_then(|goal| goal.area().copied()),
        words: rating.words.clone().or_else(wanted),
        rated,
        who_acts: rating.who_acts,
        next_step: rating.next_step.clone(),
    }
}

#[cfg(test)]
mod tests {
    use domain::op::Known;
    use domain::plan::{GoalField, PlanMove};
    use domain::visit::{Appointment, Rating, VisitField, VisitRecord};
    use domain::vocabulary::{Barrier, Closure, Response, Role, TutorMove};
    use jiff::civil::{date, time};

    use super::*;
    use crate::screens::fixture::{Family, clock, goal, scope, score, tutor, visit};

    fn sheet(family: &Family, number: u8) -> Option<VisitSheet> {
        let replica = family.held_by(tutor(), Role::Mediator);
        model(&replica, scope(), visit(number), clock())
    }

    fn plans(number: u8, day: Date, about: &str) -> Known {
        let appointment = Appointment {
            date: day,
            time: Some(time(14, 30, 0, 0)),
            place: Place::School,
            about: about.into(),
        };
        Known::VisitPlanned {
            visit: visit(number),
            field: VisitField::Appointment(appointment),
        }
    }

    #[test]
    fn the_summary_says_what_the_family_said_and_nothing_that_the_tutor_wrote_for_the_service() {
        let mut family = Family::hassan();
        let step = NextStep {
            what: "Amina telefona alla scuola".into(),
            due: Some(date(2026, 10, 20)),
        };
        let rating = Rating {
            family: Some(score(1)),
            tutor: Some(score(-2)),
            response: Some(Response::Ambivalent),
            barriers: [Barrier::Fear].into(),
            tutor_move: Some(TutorMove::Encourages),
            who_acts: Some(WhoActs::FamilyHelped),
            next_step: Some(step.clone()),
            words: None,
        };
        assert_eq!(sheet(&family, 1), None, "nobody made it");
        let more = GoalField::More("Amina parla da sola.".into());
        family
            .write(
                tutor(),
                Known::GoalWritten {
                    goal: goal(1),
                    field: more,
                },
            )
            .visited(1, date(2026, 10, 14), rating)
            .write(tutor(), plans(2, date(2026, 11, 11), "Parlare del marito"));
        let sheet = sheet(&family, 1).expect("it was closed");
        assert_eq!(sheet.on, date(2026, 10, 14));
        let present: Vec<&str> = sheet.present.iter().map(|name| &*name.latin).collect();
        assert_eq!(
            (present, sheet.tutor.as_deref()),
            (vec!["Amina"], Some("Samira"))
        );
        assert_eq!(
            (sheet.talked.as_deref(), sheet.spoken()),
            (Some("ar"), Some("ar"))
        );
        let wanted = family.case().plan.goals[&goal(1)].words().cloned();
        let told = Told {
            area: Some(Area::Language),
            words: wanted,
            rated: Some((score(1), Some("Amina parla da sola.".into()))),
            who_acts: Some(WhoActs::FamilyHelped),
            next_step: Some(step),
        };
        assert_eq!(sheet.goals, [told]);
        let next = Next {
            on: date(2026, 11, 11),
            time: Some(time(14, 30, 0, 0)),
            place: Place::School,
        };
        assert_eq!(sheet.again, Again::On(next));
        let all = format!("{sheet:?}");
        assert!(
            !all.contains("Ambivalent") && !all.contains("marito"),
            "{all}"
        );
    }

    #[test]
    fn of_a_visit_that_was_corrected_the_correction_is_handed_over() {
        let mut family = Family::hassan();
        family.visited(1, date(2026, 10, 12), Rating::default());
        let first = family.case().visits[&visit(1)].record().map(|(id, _)| id);
        let record = VisitRecord {
            date: date(2026, 10, 13),
            place: Place::Office,
            minutes: 30,
            present: BTreeSet::new(),
            language: None,
            summary: "Solo per il servizio".into(),
        };
        family.write(
            tutor(),
            Known::VisitRecorded {
                visit: visit(1),
                record,
                corrects: first,
            },
        );
        let sheet = sheet(&family, 1).expect("it was closed");
        assert_eq!((sheet.on, sheet.place), (date(2026, 10, 13), Place::Office));
        assert_eq!(
            (sheet.present, sheet.talked, sheet.again),
            (Vec::new(), None, Again::Open)
        );
        assert_eq!(sheet.goals.len(), 1, "what was said of the goal stands");
    }

    #[test]
    fn goals_stand_in_the_familys_order_and_say_what_was_said_that_day() {
        let mut family = Family::hassan();
        let writes = |field| Known::GoalWritten {
            goal: goal(2),
            field,
        };
        for field in [GoalField::Area(Area::Work), GoalField::Order("a".into())] {
            family.write(tutor(), writes(field));
        }
        let said = FamilyWords {
            original: None,
            italian: "Ho trovato un corso.".into(),
            member: None,
        };
        family
            .visited(1, date(2026, 10, 14), Rating::default())
            .write(
                tutor(),
                Known::ProgressRated {
                    goal: goal(2),
                    visit: Some(visit(1)),
                    rating: Rating {
                        words: Some(said.clone()),
                        ..Rating::default()
                    },
                    corrects: None,
                },
            );
        let areas = |family: &Family| {
            let goals = sheet(family, 1).expect("it was closed").goals;
            goals.iter().map(|told| told.area).collect::<Vec<_>>()
        };
        let order = GoalField::Order("b".into());
        family.write(
            tutor(),
            Known::GoalWritten {
                goal: goal(1),
                field: order,
            },
        );
        assert_eq!(areas(&family), [Some(Area::Work), Some(Area::Language)]);
        let first = sheet(&family, 1).expect("it was closed").goals.remove(0);
        assert_eq!((first.words, first.rated), (Some(said), None));
    }

    #[test]
    fn a_visit_that_others_followed_and_a_family_that_is_closed_are_told_of_no_next_one() {
        let mut family = Family::hassan();
        family
            .visited(1, date(2026, 10, 12), Rating::default())
            .visited(2, date(2026, 10, 14), Rating::default());
        let again = |family: &Family, number| sheet(family, number).expect("it was closed").again;
        assert_eq!(again(&family, 1), Again::Unsaid);
        assert_eq!(again(&family, 2), Again::Open);
        let closed = PlanMove::Closed(Closure::Achieved);
        family.write(tutor(), Known::PlanMoved(closed));
        assert_eq!(again(&family, 2), Again::Unsaid);
    }
}
