//! What a social worker reads before she decides, and the decision: bound to exactly that. Pure.

use domain::id::{GoalId, OpId, ScopeId, VersionId};
use domain::op::Known;
use domain::plan::{Fingerprint, Review};
use domain::state::Case;
use domain::vocabulary::{Agreement, Area, Interpreted, SignatureMode, Verdict};
use jiff::civil::{Date, DateTime};
use replica::replica::Replica;

use crate::screens::diary::timeline::{Item, timeline};
use crate::screens::family::clock::Clock;
use crate::screens::family::facts::number;
use crate::screens::plan::answer::goals_of;
use crate::screens::plan::changes::{Change, between, in_life};
use crate::screens::review::queue::decided_before;
use crate::session::Writing;

/// A version as the social worker reads it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Which version.
    pub version: VersionId,
    /// Decisions on screen, which a new one replaces.
    pub replaces: Vec<OpId>,
    /// Its number.
    pub number: u32,
    /// What a decision is bound to.
    pub fingerprint: Fingerprint,
    /// The version decided before: its number, and when.
    pub before: Option<(u32, Date)>,
    /// The goals of the version, on each of which she can comment: domain and the family's words.
    pub goals: Vec<(GoalId, Option<Area>, String)>,
    /// What the version says that the one before does not.
    pub changes: Vec<Change>,
    /// What happened in the life of the goals since.
    pub life: Vec<Change>,
    /// How the family answered.
    pub answer: Option<SignatureMode>,
    /// Who interpreted when it was read to the family.
    pub interpreted: Option<Interpreted>,
    /// Domains of the goals on which the family does not agree.
    pub not_agreed: Vec<Option<Area>>,
    /// What was decided about this version already: the verdict, her words, and when.
    pub decided: Option<(Verdict, String, DateTime)>,
    /// Who proposed it, where this phone knows the name.
    pub proposed_by: Option<String>,
}

/// The latest version as the social worker reads it.
pub fn reading(replica: &Replica, scope: ScopeId, clock: Clock<'_>) -> Option<Reading> {
    let case = replica.state().cases.get(&scope)?;
    let plan = &case.plan;
    let version = plan.latest_version()?;
    let before = decided_before(case, version);
    let base = before
        .map(|before| before.content.clone())
        .unwrap_or_default();
    let since = before.and_then(|before| {
        plan.versions
            .iter()
            .find(|(_, known)| known.id == before.id)
            .map(|(op, _)| *op)
    });
    let fingerprint = version.content.fingerprint();
    let answer = plan.answer(version.id);
    Some(Reading {
        version: version.id,
        replaces: plan.review_heads(version.id),
        number: version.number,
        before: before
            .and_then(|before| Some((before.number, clock.day(plan.review(before.id)?.at)))),
        goals: goals_of(version),
        changes: between(&base, &version.content, case),
        life: since.map(|since| in_life(case, since)).unwrap_or_default(),
        answer: answer.map(|said| said.what.mode),
        interpreted: answer.and_then(|said| said.what.interpreted),
        not_agreed: answer
            .map(|said| not_agreed(case, &said.what.goals))
            .unwrap_or_default(),
        decided: plan
            .review(version.id)
            .filter(|said| said.what.fingerprint == fingerprint)
            .map(|said| {
                (
                    said.what.verdict,
                    said.what.comment.clone(),
                    clock.local(said.at),
                )
            }),
        proposed_by: replica
            .state()
            .colleague(version.author)
            .map(|known| known.name.clone()),
        fingerprint,
    })
}

fn not_agreed(case: &Case, goals: &[domain::plan::GoalAnswer]) -> Vec<Option<Area>> {
    goals
        .iter()
        .filter(|answer| answer.agreement == Agreement::NotAgreed)
        .map(|answer| {
            case.plan
                .goals
                .get(&answer.goal)
                .and_then(|goal| goal.area().copied())
        })
        .collect()
}

impl Reading {
    /// The decision, bound to what was read, with a comment on one goal or on all of it; `None` if
    /// a word of why is missing.
    pub fn decide(&self, verdict: Verdict, comment: &str, goal: Option<GoalId>) -> Option<Writing> {
        let comment = comment.trim();
        if verdict != Verdict::Approved && comment.is_empty() {
            return None;
        }
        let review = Review {
            fingerprint: self.fingerprint.clone(),
            verdict,
            comment: comment.to_owned(),
            goal: goal.filter(|_| !comment.is_empty()),
        };
        Some(Writing::replacing(
            self.replaces.clone(),
            Known::VersionReviewed {
                version: self.version,
                review,
            },
        ))
    }
}

/// What others wrote after a number, newest first.
pub fn news(replica: &Replica, scope: ScopeId, after: u64, clock: Clock<'_>) -> Vec<Item> {
    let mut items = timeline(replica, scope, clock);
    items.retain(|item| {
        !item.author.is_me && number(replica, item.id).is_some_and(|seq| seq > after)
    });
    items
}

#[cfg(test)]
mod tests {
    use domain::plan::GoalField;
    use domain::vocabulary::Role;
    use jiff::civil::date;

    use super::*;
    use crate::screens::fixture::{Family, clock, goal, reviewer, scope, tutor};

    fn read(family: &Family) -> Reading {
        let replica = family.held_by(reviewer(), Role::SocialWorker);
        reading(&replica, scope(), clock()).expect("a version was proposed")
    }

    #[test]
    fn a_decision_is_bound_to_what_was_read() {
        let mut family = Family::hassan();
        family.proposed(1).answered(1, Agreement::NotAgreed);
        let before = read(&family);
        assert_eq!((before.number, before.before), (1, None));
        assert_eq!(before.not_agreed, [Some(Area::Language)]);
        assert!(before.decide(Verdict::Returned, "  ", None).is_none());
        let made = before
            .decide(Verdict::Approved, "", None)
            .expect("approving needs no words");
        family.wrote(reviewer(), vec![made]);
        let plan = family.case().plan;
        assert!(plan.is_approved(plan.latest_version().expect("it was proposed")));
        assert!(matches!(
            read(&family).decided,
            Some((Verdict::Approved, _, _))
        ));
    }

    #[test]
    fn a_comment_is_on_the_plan_or_on_one_of_its_goals() {
        let mut family = Family::hassan();
        family.proposed(1);
        let read = read(&family);
        let words = "Voglio capire la maestra.".to_owned();
        assert_eq!(read.goals, [(goal(1), Some(Area::Language), words)]);
        for (comment, about, expected) in [
            ("Manca il termine", Some(goal(1)), Some(goal(1))),
            ("Manca il termine", None, None),
            ("", Some(goal(1)), None),
        ] {
            let made = read.decide(Verdict::Approved, comment, about);
            let Some(Known::VersionReviewed { review, .. }) = made.map(|made| made.change) else {
                panic!("a decision")
            };
            assert_eq!(review.goal, expected, "{comment}");
        }
    }

    #[test]
    fn a_later_version_is_compared_with_the_one_decided_before() {
        let mut family = Family::hassan();
        family
            .proposed(1)
            .reviewed(1, Verdict::Returned, "Manca il termine");
        let due = GoalField::Due(date(2026, 12, 23));
        family
            .write(
                tutor(),
                Known::GoalWritten {
                    goal: goal(1),
                    field: due,
                },
            )
            .proposed(2);
        let now = read(&family);
        assert_eq!(now.before.map(|(number, _)| number), Some(1));
        assert_eq!(now.changes.len(), 1);
        assert_eq!(now.decided, None);
    }

    #[test]
    fn news_are_what_others_wrote_since() {
        let mut family = Family::hassan();
        let seen = family.len();
        family.write(
            tutor(),
            Known::NoteAdded {
                words: "Nuova".into(),
                corrects: None,
            },
        );
        family.write(
            reviewer(),
            Known::NoteAdded {
                words: "Mia".into(),
                corrects: None,
            },
        );
        let replica = family.held_by(reviewer(), Role::SocialWorker);
        assert_eq!(news(&replica, scope(), seen, clock()).len(), 1);
    }
}
