//! What waits for the social worker, and why. Pure.

use domain::id::{Millis, ScopeId, UserId};
use domain::order;
use domain::plan::{Stage, Version};
use domain::state::Case;
use domain::vocabulary::{ActionState, Area, Barrier};
use jiff::civil::Date;
use replica::replica::Replica;

use crate::screens::dispute::choices;
use crate::screens::family::clock::Clock;
use crate::screens::family::facts::of_others;
use crate::screens::plan::changes::between;
use crate::screens::plan::model::day_of;

/// A visit is due after this many days.
pub const VISIT_DAYS_MAX: u32 = 45;
/// An active plan is looked at again after this many days.
pub const REVIEW_DAYS_MAX: u32 = 90;
/// Voices this far apart are worth a conversation.
pub const GAP_MIN: i8 = 2;

/// Why a family is in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// A version waits for a decision.
    Version {
        /// Its number.
        number: u32,
        /// Changes since the version that was decided before; `None` for the first plan.
        changes: Option<usize>,
        /// Goals in it.
        goals: usize,
        /// Goals on which the family does not agree.
        not_agreed: usize,
        /// Whether the family has signed it.
        is_agreed: bool,
    },
    /// Others wrote this many things since the last look.
    Unseen(usize),
    /// Nobody has visited the family for long.
    NoVisit,
    /// The plan was not looked at for long.
    ReviewDue,
    /// An action is blocked.
    Blocked(String, Option<Barrier>),
    /// The two voices are far apart on a goal.
    Apart(Option<Area>),
    /// Two values stand in this many fields.
    Disputed(usize),
}

/// The groups of the queue, in the order in which screens show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Versions that wait.
    Versions,
    /// Two values, one choice.
    Disputes,
    /// Reviews and visits that are late.
    Late,
    /// Blocked actions.
    Blocked,
    /// Voices apart.
    Apart,
    /// Changed since the last look.
    Unseen,
}

impl Group {
    /// Every group.
    pub const ALL: &[Self] = &[
        Self::Versions,
        Self::Disputes,
        Self::Late,
        Self::Blocked,
        Self::Apart,
        Self::Unseen,
    ];
}

impl Why {
    /// The group that this reason belongs to.
    pub const fn group(&self) -> Group {
        match self {
            Self::Version { .. } => Group::Versions,
            Self::Disputed(_) => Group::Disputes,
            Self::NoVisit | Self::ReviewDue => Group::Late,
            Self::Blocked(..) => Group::Blocked,
            Self::Apart(_) => Group::Apart,
            Self::Unseen(_) => Group::Unseen,
        }
    }
}

/// One line of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The family.
    pub scope: ScopeId,
    /// Its name.
    pub family: Option<String>,
    /// Why.
    pub why: Why,
    /// Since when.
    pub since: Option<Date>,
    /// The days that have passed since.
    pub days: u32,
}

/// The whole queue: oldest first in each group.
pub fn queue(replica: &Replica, clock: Clock<'_>) -> Vec<Item> {
    let mut items: Vec<Item> = replica
        .state()
        .cases
        .iter()
        .filter(|(scope, _)| replica.relation(**scope).is_some())
        .flat_map(|(scope, case)| of_family(replica, *scope, case, clock))
        .collect();
    order::sort_by(&mut items, |a, b| {
        (a.why.group(), b.days).cmp(&(b.why.group(), a.days))
    });
    items
}

/// How many families wait for the social worker: the number beside "To review".
pub fn count(replica: &Replica, clock: Clock<'_>) -> usize {
    let mut scopes: Vec<ScopeId> = queue(replica, clock)
        .iter()
        .map(|item| item.scope)
        .collect();
    order::sort_by(&mut scopes, Ord::cmp);
    scopes.dedup();
    scopes.len()
}

/// Why one family needs the social worker.
pub fn of_family(replica: &Replica, scope: ScopeId, case: &Case, clock: Clock<'_>) -> Vec<Item> {
    let family = case.household.name().map(|name| name.latin.clone());
    let item = |why, since: Option<Date>| Item {
        scope,
        family: family.clone(),
        why,
        since,
        days: since.map_or(0, |day| clock.days_since(day)),
    };
    let mut items = Vec::new();
    let is_closed = matches!(case.plan.stage(), Stage::Closed(_));
    if let Some((why, at)) = waiting_version(case) {
        items.push(item(why, Some(clock.day(at))));
    }
    let disputes = choices(scope, case, replica.owner().role);
    if disputes > 0 {
        items.push(item(Why::Disputed(disputes), None));
    }
    if !is_closed {
        late(case, clock, &mut |why, since| items.push(item(why, since)));
        blocked(case, clock, &mut |why, since| items.push(item(why, since)));
        apart(case, clock, &mut |why, since| items.push(item(why, since)));
    }
    let seen = seen_by(case, replica.owner().user);
    if replica.cursor(scope) > seen {
        let (_, count) = of_others(replica, case, seen);
        if count > 0 {
            items.push(item(Why::Unseen(count), None));
        }
    }
    items
}

/// How far a person has looked.
pub fn seen_by(case: &Case, user: UserId) -> u64 {
    case.seen.get(&user).copied().unwrap_or(0)
}

/// Whether a version waits for a decision.
pub fn waits_for_decision(case: &Case) -> bool {
    waiting_version(case).is_some()
}

/// The version that waits for a decision, if one does.
fn waiting_version(case: &Case) -> Option<(Why, Millis)> {
    let plan = &case.plan;
    let version = plan.latest_version()?;
    let is_decided = plan
        .review(version.id)
        .is_some_and(|said| said.what.fingerprint == version.content.fingerprint());
    if is_decided || matches!(plan.stage(), Stage::Closed(_)) {
        return None;
    }
    let answer = plan.answer(version.id);
    let not_agreed = answer.map_or(0, |said| {
        said.what
            .goals
            .iter()
            .filter(|goal| goal.agreement == domain::vocabulary::Agreement::NotAgreed)
            .count()
    });
    let before = decided_before(case, version);
    let why = Why::Version {
        number: version.number,
        changes: before.map(|before| between(&before.content, &version.content, case).len()),
        goals: version.content.goals.len(),
        not_agreed,
        is_agreed: plan.is_agreed(version),
    };
    Some((why, answer.map_or(version.at, |said| said.at)))
}

/// The last version before this one that somebody decided about.
pub fn decided_before<'a>(case: &'a Case, version: &Version) -> Option<&'a Version> {
    let plan = &case.plan;
    plan.versions
        .values()
        .filter(|earlier| earlier.number < version.number)
        .filter(|earlier| plan.review(earlier.id).is_some())
        .max_by_key(|earlier| earlier.number)
}

fn late(case: &Case, clock: Clock<'_>, push: &mut impl FnMut(Why, Option<Date>)) {
    let plan = &case.plan;
    if plan.stage() == Stage::Active {
        let reviewed = plan
            .reviews
            .values()
            .next_back()
            .map(|said| clock.day(said.at));
        if let Some(day) = reviewed.filter(|day| clock.days_since(*day) > REVIEW_DAYS_MAX) {
            push(Why::ReviewDue, Some(day));
        }
    }
    if let Some(day) = case
        .last_visit()
        .map(|record| record.date)
        .filter(|day| clock.days_since(*day) > VISIT_DAYS_MAX)
        && plan.stage() != Stage::Suspended
    {
        push(Why::NoVisit, Some(day));
    }
}

fn blocked(case: &Case, clock: Clock<'_>, push: &mut impl FnMut(Why, Option<Date>)) {
    use domain::plan::ActionKey;
    for action in case.plan.actions.values() {
        let is_open = action
            .goal()
            .and_then(|goal| case.plan.goals.get(&goal))
            .is_none_or(|goal| goal.is_active());
        if action.state() != ActionState::Blocked || !is_open {
            continue;
        }
        let since = action
            .fields
            .register(ActionKey::State)
            .and_then(|register| register.shown())
            .map(|(_, write)| clock.day(write.at));
        let what = action.what().unwrap_or_default().to_owned();
        push(Why::Blocked(what, action.barrier()), since);
    }
}

fn apart(case: &Case, clock: Clock<'_>, push: &mut impl FnMut(Why, Option<Date>)) {
    for (id, goal) in case.plan.goals_in_order() {
        if !goal.is_active() {
            continue;
        }
        let Some((_, entry)) = case.ratings(id).next_back() else {
            continue;
        };
        let rating = &entry.record.rating;
        if let (Some(family), Some(tutor)) = (rating.family, rating.tutor)
            && (family.get() - tutor.get()).abs() >= GAP_MIN
        {
            let day = day_of(case, clock, entry.record.visit, entry.at);
            push(Why::Apart(goal.area().copied()), Some(day));
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::id::ActionId;
    use domain::op::Known;
    use domain::plan::{ActionField, GoalField};
    use domain::visit::Rating;
    use domain::vocabulary::{Agreement, Role, Verdict, WhoActs};
    use jiff::civil::date;

    use super::*;
    use crate::screens::fixture::{Family, NOON, clock, goal, reviewer, scope, score, tutor};

    fn whys(family: &Family) -> Vec<Why> {
        let replica = family.held_by(reviewer(), Role::SocialWorker);
        queue(&replica, clock())
            .into_iter()
            .map(|item| item.why)
            .collect()
    }

    fn seen(family: &mut Family) {
        let up_to = family.len();
        family.write(reviewer(), Known::Seen { up_to });
    }

    #[test]
    fn a_version_waits_until_it_is_decided() {
        let mut family = Family::hassan();
        family.proposed(1).answered(1, Agreement::NotAgreed);
        seen(&mut family);
        assert_eq!(
            whys(&family),
            [Why::Version {
                number: 1,
                changes: None,
                goals: 1,
                not_agreed: 1,
                is_agreed: true,
            }]
        );
        family.reviewed(1, Verdict::Returned, "Parliamone");
        assert_eq!(whys(&family), []);
        let field = GoalField::Due(date(2026, 12, 23));
        family
            .write(
                tutor(),
                Known::GoalWritten {
                    goal: goal(1),
                    field,
                },
            )
            .proposed(2);
        seen(&mut family);
        assert!(matches!(
            whys(&family)[..],
            [Why::Version {
                number: 2,
                changes: Some(1),
                is_agreed: false,
                ..
            }]
        ));
    }

    #[test]
    fn looking_once_is_enough() {
        let mut family = Family::hassan();
        assert!(matches!(whys(&family)[..], [Why::Unseen(9)]));
        seen(&mut family);
        assert_eq!(whys(&family), []);
        family.write(
            tutor(),
            Known::NoteAdded {
                words: "Nuova".into(),
                corrects: None,
            },
        );
        assert_eq!(whys(&family), [Why::Unseen(1)]);
        // Her own writing and looking are nothing to look at.
        seen(&mut family);
        family.write(
            reviewer(),
            Known::NoteAdded {
                words: "Mia".into(),
                corrects: None,
            },
        );
        assert_eq!(whys(&family), []);
    }

    #[test]
    fn late_blocked_apart_and_disputed_are_each_told() {
        let mut family = Family::hassan();
        family.visited(
            1,
            date(2026, 8, 20),
            Rating {
                family: Some(score(2)),
                tutor: Some(score(0)),
                ..Rating::default()
            },
        );
        let action = ActionId::new(NOON, [5; 10]);
        for field in [
            ActionField::Goal(goal(1)),
            ActionField::What("Asilo nido".into()),
            ActionField::State(ActionState::Blocked),
            ActionField::Barrier(Barrier::NoService),
        ] {
            family.write(tutor(), Known::ActionWritten { action, field });
        }
        let field = GoalField::WhoActs(WhoActs::FamilyAlone);
        family.write(
            tutor(),
            Known::GoalWritten {
                goal: goal(1),
                field,
            },
        );
        seen(&mut family);
        assert_eq!(
            whys(&family),
            [
                Why::Disputed(1),
                Why::NoVisit,
                Why::Blocked("Asilo nido".into(), Some(Barrier::NoService)),
                Why::Apart(Some(Area::Language)),
            ]
        );
    }

    #[test]
    fn an_active_plan_is_looked_at_again_after_three_months() {
        let mut family = Family::days_ago(200);
        let field = GoalField::Area(Area::Work);
        family.write(
            tutor(),
            Known::GoalWritten {
                goal: goal(1),
                field,
            },
        );
        family.proposed(1).answered(1, Agreement::Agreed).wait(60);
        family.reviewed(1, Verdict::Approved, "");
        seen(&mut family);
        assert_eq!(whys(&family), [Why::ReviewDue]);
    }

    #[test]
    fn a_family_that_was_taken_away_is_not_told() {
        let family = Family::hassan();
        let replica = family.held_by(reviewer(), Role::SocialWorker);
        assert_eq!(count(&replica, clock()), 1);
        assert_eq!(queue(&replica, clock())[0].scope, scope());
    }
}
