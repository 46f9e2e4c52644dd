//! The versions of a plan, and what one of them says that another does not. Pure.

use domain::id::ScopeId;
use domain::order;
use domain::plan::{PlanContent, Stage, Version};
use domain::state::Case;
use jiff::civil::Date;
use replica::replica::Replica;

use crate::screens::family::clock::Clock;
use crate::screens::plan::changes::{Change, between};
use crate::screens::plan::model::{
    AnswerFacts, ReviewFacts, answer_facts, next_number, review_facts,
};

/// Stands for the plan as it is now, where the id of a version is asked for.
pub const NOW: &str = "now";

/// A version, or what was not proposed yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its id in words, or [`NOW`].
    pub key: String,
    /// Its number.
    pub number: u32,
    /// On which day and by whom it was proposed.
    pub proposed: Option<(Date, Option<String>)>,
    /// Whether the family may still answer it.
    pub waits: bool,
    /// How the family answered it.
    pub answer: Option<AnswerFacts>,
    /// What the social worker decided about it.
    pub review: Option<ReviewFacts>,
}

/// Two versions side by side.
#[derive(Clone, Debug, PartialEq)]
pub enum Compared {
    /// One version, twice.
    Same,
    /// What the later one says that the earlier does not.
    Changes(Vec<Change>),
}

/// Every version of a plan, oldest first, and last what was not proposed yet.
pub fn steps(replica: &Replica, scope: ScopeId, clock: Clock<'_>) -> Vec<Step> {
    let Some(case) = replica.state().cases.get(&scope) else {
        return Vec::new();
    };
    let plan = &case.plan;
    let is_open = !matches!(plan.stage(), Stage::Closed(_));
    let last = plan.latest_version().map(|version| version.id);
    let proposed = in_order(case).into_iter().map(|version| Step {
        key: version.id.to_string(),
        number: version.number,
        proposed: Some((
            clock.day(version.at),
            replica
                .state()
                .colleague(version.author)
                .map(|known| known.name.clone()),
        )),
        waits: is_open && last == Some(version.id) && plan.answer(version.id).is_none(),
        answer: answer_facts(case, version, clock),
        review: review_facts(replica, case, version, clock),
    });
    let now = (plan.latest_version().is_some() && plan.has_draft()).then(|| Step {
        key: NOW.to_owned(),
        number: next_number(plan),
        proposed: None,
        waits: false,
        answer: None,
        review: None,
    });
    proposed.chain(now).collect()
}

/// What changed between two of the steps, whichever is named first; none where one is gone.
pub fn compared(replica: &Replica, scope: ScopeId, one: &str, other: &str) -> Option<Compared> {
    let case = replica.state().cases.get(&scope)?;
    let versions = in_order(case);
    let now = case.plan.content();
    let find = |key: &str| -> Option<(usize, &PlanContent)> {
        if key == NOW {
            return case.plan.has_draft().then_some((versions.len(), &now));
        }
        let at = versions
            .iter()
            .position(|version| version.id.to_string() == key)?;
        Some((at, &versions.get(at)?.content))
    };
    let (mut earlier, mut later) = (find(one)?, find(other)?);
    if earlier.0 > later.0 {
        std::mem::swap(&mut earlier, &mut later);
    }
    let ((first, before), (second, after)) = (earlier, later);
    if first == second {
        return Some(Compared::Same);
    }
    let mut changes = between(before, after, case);
    if *after != now {
        // Who wrote what stands there now may not be who wrote what stood there then.
        for change in &mut changes {
            change.by = None;
        }
    }
    Some(Compared::Changes(changes))
}

/// Versions in the order in which they were proposed, as [`domain::plan::Plan::latest_proposal`]
/// sees it.
fn in_order(case: &Case) -> Vec<&Version> {
    let mut versions: Vec<_> = case.plan.versions.iter().collect();
    order::sort_by_key(&mut versions, |(op, version)| (version.number, **op));
    versions.into_iter().map(|(_, version)| version).collect()
}

#[cfg(test)]
mod tests {
    use domain::op::Known;
    use domain::plan::GoalField;
    use domain::vocabulary::{Agreement, Role, Verdict};
    use jiff::civil::date;

    use super::*;
    use crate::screens::fixture::{Family, clock, goal, scope, tutor, version};
    use crate::screens::plan::changes::What;

    /// Three versions, each with one more change, and a draft after them.
    fn family() -> Family {
        let mut family = Family::hassan();
        let due = |day| Known::GoalWritten {
            goal: goal(1),
            field: GoalField::Due(date(2026, 12, day)),
        };
        family
            .proposed(1)
            .answered(1, Agreement::NotAgreed)
            .reviewed(1, Verdict::Returned, "Manca il termine")
            .wait(1)
            .write(tutor(), due(1))
            .proposed(2)
            .wait(1)
            .write(
                tutor(),
                Known::GoalWritten {
                    goal: goal(1),
                    field: GoalField::Expected("Amina fa un colloquio da sola.".into()),
                },
            )
            .proposed(3)
            .wait(1)
            .write(tutor(), due(24));
        family
    }

    fn whats(family: &Family, one: &str, other: &str) -> Vec<What> {
        let replica = family.held_by(tutor(), Role::Mediator);
        match compared(&replica, scope(), one, other) {
            Some(Compared::Changes(changes)) => {
                changes.into_iter().map(|change| change.what).collect()
            }
            other => panic!("nothing is compared: {other:?}"),
        }
    }

    #[test]
    fn every_version_stands_with_what_was_said_of_it_and_the_draft_last() {
        let family = family();
        let replica = family.held_by(tutor(), Role::Mediator);
        let steps = steps(&replica, scope(), clock());
        let numbers: Vec<u32> = steps.iter().map(|step| step.number).collect();
        assert_eq!(numbers, [1, 2, 3, 4]);
        let [first, second, .., now] = steps.as_slice() else {
            panic!("there are four");
        };
        let answer = first.answer.as_ref().expect("it was answered");
        assert_eq!((answer.not_agreed, answer.is_signed), (1, true));
        let review = first.review.as_ref().expect("it was returned");
        assert_eq!(review.verdict, Verdict::Returned);
        assert_eq!((&second.answer, &second.review), (&None, &None));
        let waits: Vec<bool> = steps.iter().map(|step| step.waits).collect();
        assert_eq!(
            waits,
            [false, false, true, false],
            "nobody answers an older one"
        );
        assert_eq!((now.key.as_str(), &now.proposed), (NOW, &None));
    }

    #[test]
    fn any_two_are_compared_from_the_earlier_to_the_later() {
        let family = family();
        let key = |number| version(number).to_string();
        let due = |before, after| What::Due(before, Some(date(2026, 12, after)));
        assert_eq!(whats(&family, &key(1), &key(2)), [due(None, 1)]);
        let (forth, back) = (whats(&family, &key(1), NOW), whats(&family, NOW, &key(1)));
        assert_eq!(forth, back, "whichever is named first");
        assert!(
            forth.contains(&due(None, 24)),
            "over all between: {forth:?}"
        );
        assert_eq!(forth.len(), 2, "{forth:?}");
        let last = Some(date(2026, 12, 1));
        assert_eq!(whats(&family, &key(3), NOW), [due(last, 24)]);
    }

    #[test]
    fn who_wrote_is_told_of_what_stands_there_now_alone() {
        let family = family();
        let replica = family.held_by(tutor(), Role::Mediator);
        let by = |one: &str, other: &str| match compared(&replica, scope(), one, other) {
            Some(Compared::Changes(changes)) => changes.iter().any(|change| change.by.is_some()),
            other => panic!("nothing is compared: {other:?}"),
        };
        let key = |number| version(number).to_string();
        assert!(by(&key(3), NOW));
        assert!(!by(&key(1), &key(2)), "that date was changed again since");
    }

    #[test]
    fn one_version_twice_is_said_and_one_that_is_gone_compares_nothing() {
        let family = family();
        let replica = family.held_by(tutor(), Role::Mediator);
        let key = version(2).to_string();
        let twice = compared(&replica, scope(), &key, &key);
        assert_eq!(twice, Some(Compared::Same));
        let gone = version(9).to_string();
        assert_eq!(compared(&replica, scope(), &gone, NOW), None);
    }
}
