//! A visit being written down: what is on the phone until it is closed, and the writes that close
//! it. Pure.

use std::collections::BTreeSet;

use domain::family::Language;
use domain::id::{GoalId, MemberId, OpId, VisitId};
use domain::op::Known;
use domain::plan::{FamilyWords, Goal, GoalField, GoalKey, NextStep, Spoken};
use domain::score::Score;
use domain::state::Case;
use domain::visit::{Rating, VisitRecord};
use domain::vocabulary::{Barrier, MemberRole, Place, Response, TutorMove, WhoActs};
use jiff::civil::Date;
use litemap::LiteMap;
use serde::{Deserialize, Serialize};

use crate::session::Writing;

/// Minutes where nothing tells otherwise.
const MINUTES: u16 = 45;
/// One press of the stepper.
pub const MINUTES_STEP: u16 = 5;
/// A visit is not longer than a day.
const MINUTES_MAX: u16 = 24 * 60;

/// A visit being written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitDraft {
    /// Which visit this will be.
    pub visit: VisitId,
    /// The day.
    #[serde(with = "domain::civil")]
    pub date: Date,
    /// Where.
    pub place: Place,
    /// How long.
    #[serde(default = "usual_minutes")]
    pub minutes: u16,
    /// Who was there.
    #[serde(default)]
    pub present: BTreeSet<MemberId>,
    /// Language spoken, by its tag.
    #[serde(default)]
    pub language: String,
    /// What happened, in a few words.
    #[serde(default)]
    pub summary: String,
    /// Goals as they were opened.
    #[serde(default)]
    pub goals: LiteMap<GoalId, GoalDraft>,
}

/// What happened to one goal, and what was on screen when it was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GoalDraft {
    /// The family's rating.
    pub family: Option<Score>,
    /// The tutor's rating.
    pub tutor: Option<Score>,
    /// How the family responds.
    pub response: Option<Response>,
    /// What stands in the way.
    pub barriers: BTreeSet<Barrier>,
    /// Whether the tutor said that nothing stands in the way.
    pub is_clear: bool,
    /// What the tutor did.
    pub tutor_move: Option<TutorMove>,
    /// What the family said, in its language.
    pub said_original: String,
    /// What the family said, in Italian.
    pub said_italian: String,
    /// The next step.
    pub step: String,
    /// Its date.
    #[serde(with = "domain::civil::option")]
    pub step_due: Option<Date>,
    /// Who acts.
    pub who_acts: Option<WhoActs>,
    seen_step: Option<NextStep>,
    seen_who: Option<WhoActs>,
    step_heads: Vec<OpId>,
    who_heads: Vec<OpId>,
}

const fn usual_minutes() -> u16 {
    MINUTES
}

impl VisitDraft {
    /// A visit that begins, with what was so the last time.
    pub fn new(case: &Case, visit: VisitId, today: Date) -> Self {
        let last = case.last_visit();
        let planned = case
            .visits
            .get(&visit)
            .and_then(|visit| visit.appointment());
        let language = last
            .and_then(|record| record.language.clone())
            .or_else(|| case.household.language().cloned())
            .map_or_else(|| "it".to_owned(), |language| language.0);
        let is_here = |member: &MemberId| case.household.members.contains_key(member);
        let mut present: BTreeSet<MemberId> = last
            .map(|record| {
                let people = record.present.iter();
                let people = people.map(|entry| case.household.kept(*entry));
                people.filter(is_here).collect()
            })
            .unwrap_or_default();
        if present.is_empty() {
            present.extend(reference(case));
        }
        Self {
            visit,
            // A visit that is written down late took place when it was planned.
            date: planned.map_or(today, |planned| planned.date.min(today)),
            place: planned
                .map(|appointment| appointment.place)
                .or(last.map(|record| record.place))
                .unwrap_or(Place::AtHome),
            minutes: last.map_or(MINUTES, |record| record.minutes),
            present,
            language,
            summary: String::new(),
            goals: LiteMap::new(),
        }
    }

    /// Opens a goal, once: what it says now is what its writes will replace.
    pub fn open(&mut self, id: GoalId, goal: &Goal) {
        self.goals.entry(id).or_insert_with(|| GoalDraft::of(goal));
    }

    /// The goals on which something was said.
    pub fn touched(&self) -> impl Iterator<Item = (GoalId, &GoalDraft)> {
        self.goals
            .iter()
            .filter(|(_, goal)| goal.is_touched())
            .map(|(id, goal)| (*id, goal))
    }

    /// What was tapped, without what was typed: one step back takes back a tap.
    pub fn taps(&self) -> Self {
        let mut taps = Self {
            summary: String::new(),
            ..self.clone()
        };
        for (_, goal) in taps.goals.iter_mut() {
            goal.said_original.clear();
            goal.said_italian.clear();
            goal.step.clear();
        }
        taps.goals.retain(|_, goal| goal.is_tapped());
        taps
    }

    /// The visit as it was tapped before, with what is typed now: taking a tap back never takes
    /// words away.
    pub fn back_to(&self, before: &Self) -> Self {
        let mut back = Self {
            summary: self.summary.clone(),
            ..before.clone()
        };
        for (id, now) in &self.goals {
            let goal = back.goals.entry(*id).or_insert_with(|| now.untapped());
            goal.said_original.clone_from(&now.said_original);
            goal.said_italian.clone_from(&now.said_italian);
            goal.step.clone_from(&now.step);
        }
        back
    }

    /// Minutes after one press of the stepper.
    pub fn step_minutes(&mut self, is_more: bool) {
        let moved = if is_more {
            self.minutes.saturating_add(MINUTES_STEP)
        } else {
            self.minutes.saturating_sub(MINUTES_STEP)
        };
        self.minutes = moved.clamp(MINUTES_STEP, MINUTES_MAX);
    }

    /// Everything that closing the visit writes: the visit, one rating for each goal on which
    /// something was said, and the fields of goals that changed.
    pub fn writings(&self) -> Vec<Writing> {
        let record = VisitRecord {
            date: self.date,
            place: self.place,
            minutes: self.minutes,
            present: self.present.clone(),
            language: Some(Language(self.language.clone())).filter(|tag| !tag.0.is_empty()),
            summary: self.summary.trim().to_owned(),
        };
        let mut writings = vec![Writing::new(Known::VisitRecorded {
            visit: self.visit,
            record,
            corrects: None,
        })];
        for (id, goal) in self.touched() {
            writings.push(Writing::new(Known::ProgressRated {
                goal: id,
                visit: Some(self.visit),
                rating: goal.rating(&self.language),
                corrects: None,
            }));
            writings.extend(goal.fields(id));
        }
        writings
    }
}

impl GoalDraft {
    /// A goal as it says now.
    pub fn of(goal: &Goal) -> Self {
        let step = goal.next_step().cloned();
        Self {
            step: step
                .as_ref()
                .map(|step| step.what.clone())
                .unwrap_or_default(),
            step_due: step.as_ref().and_then(|step| step.due),
            who_acts: goal.who_acts().copied(),
            seen_step: step,
            seen_who: goal.who_acts().copied(),
            step_heads: goal.fields.heads(GoalKey::NextStep),
            who_heads: goal.fields.heads(GoalKey::WhoActs),
            ..Self::default()
        }
    }

    fn is_tapped(&self) -> bool {
        *self
            != GoalDraft {
                said_original: self.said_original.clone(),
                said_italian: self.said_italian.clone(),
                step: self.step.clone(),
                ..self.untapped()
            }
    }

    /// The goal as it was opened.
    fn untapped(&self) -> Self {
        Self {
            step: self
                .seen_step
                .as_ref()
                .map(|step| step.what.clone())
                .unwrap_or_default(),
            step_due: self.seen_due(),
            who_acts: self.seen_who,
            seen_step: self.seen_step.clone(),
            seen_who: self.seen_who,
            step_heads: self.step_heads.clone(),
            who_heads: self.who_heads.clone(),
            ..Self::default()
        }
    }

    /// The date that the next step had when the goal was opened.
    pub fn seen_due(&self) -> Option<Date> {
        self.seen_step.as_ref()?.due
    }

    /// Whether anything was said about the goal.
    pub fn is_touched(&self) -> bool {
        self.family.is_some()
            || self.tutor.is_some()
            || self.response.is_some()
            || !self.barriers.is_empty()
            || self.tutor_move.is_some()
            || !self.said_original.trim().is_empty()
            || !self.said_italian.trim().is_empty()
            || self.new_step().is_some()
            || self.new_who().is_some()
    }

    /// The next step as the form says it; none where it says nothing.
    fn next_step(&self) -> Option<NextStep> {
        let what = self.step.trim();
        (!what.is_empty()).then(|| NextStep {
            what: what.to_owned(),
            due: self.step_due,
        })
    }

    fn new_step(&self) -> Option<NextStep> {
        self.next_step()
            .filter(|step| self.seen_step.as_ref() != Some(step))
    }

    fn new_who(&self) -> Option<WhoActs> {
        self.who_acts.filter(|who| self.seen_who != Some(*who))
    }

    fn rating(&self, language: &str) -> Rating {
        let (original, italian) = (self.said_original.trim(), self.said_italian.trim());
        let words = (!original.is_empty() || !italian.is_empty()).then(|| FamilyWords {
            original: (!original.is_empty()).then(|| Spoken {
                language: Language(language.to_owned()),
                text: original.to_owned(),
            }),
            italian: italian.to_owned(),
            member: None,
        });
        Rating {
            family: self.family,
            tutor: self.tutor,
            response: self.response,
            barriers: self.barriers.clone(),
            tutor_move: self.tutor_move,
            who_acts: self.who_acts,
            next_step: self.next_step(),
            words,
        }
    }

    fn fields(&self, goal: GoalId) -> Vec<Writing> {
        let write = |heads: &Vec<OpId>, field| {
            Writing::replacing(heads.clone(), Known::GoalWritten { goal, field })
        };
        let mut writings = Vec::new();
        if let Some(who) = self.new_who() {
            writings.push(write(&self.who_heads, GoalField::WhoActs(who)));
        }
        if let Some(step) = self.new_step() {
            writings.push(write(&self.step_heads, GoalField::NextStep(step)));
        }
        writings
    }
}

fn reference(case: &Case) -> Option<MemberId> {
    case.household
        .members
        .iter()
        .find(|(_, member)| member.role() == Some(MemberRole::Reference))
        .map(|(id, _)| *id)
}

#[cfg(test)]
mod tests {
    use domain::visit::{Appointment, VisitField};
    use jiff::civil::date;

    use super::*;
    use crate::screens::fixture::{Family, amina, goal, score, tutor, visit};

    fn draft(family: &Family) -> VisitDraft {
        let case = family.case();
        let mut draft = VisitDraft::new(&case, visit(9), date(2026, 10, 14));
        draft.open(goal(1), &case.plan.goals[&goal(1)]);
        draft
    }

    #[test]
    fn a_visit_begins_as_the_last_one_was() {
        let mut family = Family::hassan();
        let first = draft(&family);
        assert_eq!((first.minutes, first.language.as_str()), (45, "ar"));
        assert_eq!(first.present, [amina()].into());
        family.visited(1, date(2026, 9, 30), Rating::default());
        assert_eq!(draft(&family).minutes, 50);
    }

    #[test]
    fn a_visit_that_is_written_down_late_took_place_when_it_was_planned() {
        for (planned, day) in [(12, 12), (14, 14), (16, 14)] {
            let mut family = Family::hassan();
            let appointment = Appointment {
                date: date(2026, 10, planned),
                time: None,
                place: Place::School,
                about: String::new(),
            };
            family.write(
                tutor(),
                Known::VisitPlanned {
                    visit: visit(9),
                    field: VisitField::Appointment(appointment),
                },
            );
            let draft = draft(&family);
            assert_eq!(draft.date, date(2026, 10, day), "planned for the {planned}");
            assert_eq!(draft.place, Place::School);
        }
    }

    #[test]
    fn what_nobody_touched_is_not_written() {
        let writings = draft(&Family::hassan()).writings();
        assert_eq!(writings.len(), 1);
        assert!(matches!(writings[0].change, Known::VisitRecorded { .. }));
    }

    #[test]
    fn closing_writes_everything_and_replaces_what_was_on_screen() {
        let mut family = Family::hassan();
        let mut draft = draft(&family);
        let heads = family.case().plan.goals[&goal(1)]
            .fields
            .heads(GoalKey::WhoActs);
        // Somebody else writes the same field meanwhile: that value was never on this screen.
        let theirs = GoalField::WhoActs(WhoActs::Tutor);
        family.write(
            tutor(),
            Known::GoalWritten {
                goal: goal(1),
                field: theirs,
            },
        );

        let told = draft.goals.get_mut(&goal(1)).expect("it was opened");
        told.family = Some(score(1));
        told.response = Some(Response::TakesPart);
        told.who_acts = Some(WhoActs::FamilyHelped);
        let writings = draft.writings();
        assert_eq!(writings.len(), 3);
        assert!(matches!(writings[1].change, Known::ProgressRated { .. }));
        assert_eq!(writings[2].replaces, heads);

        family.wrote(tutor(), writings);
        let case = family.case();
        let register = case.plan.goals[&goal(1)].fields.register(GoalKey::WhoActs);
        assert!(
            register.expect("it was written").is_disputed(),
            "both values stand"
        );
        let (_, entry) = case.ratings(goal(1)).next_back().expect("it was rated");
        assert_eq!(entry.record.visit, Some(visit(9)));
        assert_eq!(
            entry
                .record
                .rating
                .next_step
                .as_ref()
                .map(|step| step.what.as_str()),
            Some("Amina chiede il colloquio")
        );
    }

    #[test]
    fn a_changed_next_step_alone_touches_the_goal() {
        let mut draft = draft(&Family::hassan());
        let told = draft.goals.get_mut(&goal(1)).expect("it was opened");
        assert!(!told.is_touched());
        told.step_due = Some(date(2026, 11, 1));
        assert!(told.is_touched());
        assert_eq!(draft.writings().len(), 3);
    }

    #[test]
    fn taking_a_tap_back_keeps_what_was_typed() {
        let opened = draft(&Family::hassan());
        let mut told = opened.clone();
        let of = |draft: &mut VisitDraft, score| {
            let goal = draft.goals.get_mut(&goal(1)).expect("it was opened");
            goal.family = score;
        };
        of(&mut told, Some(score(1)));
        told.summary = "Due parole".into();
        told.goals.get_mut(&goal(1)).expect("it was opened").step = "Un altro passo".into();
        assert_ne!(told.taps(), opened.taps());
        let back = told.back_to(&opened);
        assert_eq!(back.taps(), opened.taps());
        assert_eq!(back.summary, "Due parole");
        assert_eq!(back.goals[&goal(1)].step, "Un altro passo");
        assert_eq!(back.goals[&goal(1)].family, None);
    }

    #[test]
    fn minutes_stay_within_a_day() {
        let mut draft = draft(&Family::hassan());
        for _ in 0..20 {
            draft.step_minutes(false);
        }
        assert_eq!(draft.minutes, 5);
        draft.minutes = 24 * 60;
        draft.step_minutes(true);
        assert_eq!(draft.minutes, 24 * 60);
    }

    #[test]
    fn a_draft_survives_the_disk() {
        let mut draft = draft(&Family::hassan());
        draft.summary = "Due parole".into();
        let text = serde_json::to_string(&draft).expect("a draft is JSON");
        assert_eq!(
            serde_json::from_str::<VisitDraft>(&text).expect("it reads back"),
            draft
        );
    }
}
