//! What was taken out of a list and what stays, and the writes that settle it. Pure.

use domain::id::{GoalId, Millis, ScopeId, UserId};
use domain::op::Known;
use domain::removal::Item;
use domain::state::Case;
use domain::twins::Answer;
use domain::vocabulary::Role;
use replica::replica::Replica;

use crate::screens::family::facts::every_op;
use crate::words::Words;

/// Something that stays although somebody took it out.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// What.
    pub item: Item,
    /// What it is called.
    pub name: String,
    /// What kind of thing it is.
    pub kind: &'static str,
    /// Who took it out last, and when.
    pub removed_by: Option<(UserId, Millis)>,
    /// Whether the reader may settle it by taking it out.
    pub may_take: bool,
}

/// The place at which what stays is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Within {
    /// Among everything that waits.
    #[default]
    All,
    /// Among the people of a family.
    People,
    /// With a goal and its actions.
    Goal(GoalId),
}

impl Within {
    fn holds(self, case: &Case, item: Item) -> bool {
        match (self, item) {
            (Self::All, _) | (Self::People, Item::Member(_)) => true,
            (Self::Goal(goal), Item::Goal(id)) => goal == id,
            (Self::Goal(goal), Item::Action(id)) => {
                case.action(id).and_then(|action| action.goal()) == Some(goal)
            }
            (Self::People, Item::Goal(_) | Item::Action(_)) | (Self::Goal(_), Item::Member(_)) => {
                false
            }
        }
    }
}

/// What of one family stays here although somebody took it out, as far as it is for the reader
/// to settle.
pub fn kept_of(replica: &Replica, scope: ScopeId, within: Within, words: Words) -> Vec<Kept> {
    let Some(case) = replica.state().cases.get(&scope) else {
        return Vec::new();
    };
    let role = replica.owner().role;
    case.kept_items()
        .into_iter()
        .filter(|kept| may_settle(role, kept.item) && within.holds(case, kept.item))
        .map(|kept| Kept {
            item: kept.item,
            name: name_of(case, kept.item, words),
            kind: kind_of(kept.item, words),
            removed_by: case
                .removals
                .iter()
                .filter(|(id, _)| kept.removals.contains(id))
                .map(|(_, word)| (word.author, word.at))
                .next_back(),
            may_take: taking(case, kept.item).is_some(),
        })
        .collect()
}

/// How many things of a family stay although somebody took them out, for this role to settle.
pub fn kept_count(case: &Case, role: Role) -> usize {
    let kept = case.kept_items().into_iter();
    kept.filter(|kept| may_settle(role, kept.item)).count()
}

/// Who may write to a thing may settle it.
fn may_settle(role: Role, item: Item) -> bool {
    match (role, item) {
        (Role::Mediator, _) | (Role::SocialWorker, Item::Member(_)) => true,
        (Role::SocialWorker, Item::Goal(_) | Item::Action(_))
        | (Role::Coordinator | Role::Administrator | Role::System, _) => false,
    }
}

/// What a thing is called, also one that was taken out.
pub fn name_of(case: &Case, item: Item, words: Words) -> String {
    let said = match item {
        Item::Goal(id) => case.goal(id).and_then(|goal| {
            let said = goal.words().map(|said| said.italian.trim().to_owned());
            let said = said.filter(|text| !text.is_empty());
            said.or_else(|| goal.area().map(|area| words.area(*area).to_owned()))
        }),
        Item::Action(id) => case
            .action(id)
            .and_then(|action| action.what())
            .map(ToOwned::to_owned),
        Item::Member(id) => case
            .household
            .member(id)
            .and_then(|member| member.name())
            .map(|name| name.latin.clone()),
    };
    said.filter(|name| !name.trim().is_empty())
        .unwrap_or_else(|| words.nameless().to_owned())
}

const fn kind_of(item: Item, words: Words) -> &'static str {
    match item {
        Item::Goal(_) => words.kind_goal(),
        Item::Action(_) => words.kind_action(),
        Item::Member(_) => words.kind_member(),
    }
}

/// The write that takes a thing out, knowing everything that stands here. `None` for a goal that
/// the family agreed to: it is ended, not taken out.
pub fn taking(case: &Case, item: Item) -> Option<Answer> {
    if let Item::Goal(goal) = item
        && case.is_goal_agreed(goal)
    {
        return None;
    }
    Some(Answer {
        change: Known::Removed(item),
        replaces: case.seen_of(item),
        undo: vec![(Known::Restored(item), Vec::new())],
    })
}

/// The same removal some time after it was drawn: it also names what the reader wrote since, on
/// the same screen. What others wrote since may not have been seen, and brings the thing back.
pub fn taking_later(replica: &Replica, scope: ScopeId, item: Item, drawn: &Answer) -> Answer {
    let mut answer = drawn.clone();
    let Some(case) = replica.state().cases.get(&scope) else {
        return answer;
    };
    let me = replica.owner().user;
    let now = case.seen_of(item);
    every_op(case, &mut |id, author| {
        if author == me && now.contains(&id) && !answer.replaces.contains(&id) {
            answer.replaces.push(id);
        }
    });
    answer
}

/// The write that lets a thing stay. Taken back, it is open again: the removal names only it.
pub fn keeping(case: &Case, item: Item) -> Answer {
    Answer {
        undo: vec![(Known::Removed(item), Vec::new())],
        ..restoring(case, item)
    }
}

/// The write that brings a thing back. Taken back, the thing goes with all that is known of it.
pub fn restoring(case: &Case, item: Item) -> Answer {
    Answer {
        change: Known::Restored(item),
        replaces: case.removals_of(item),
        undo: vec![(Known::Removed(item), case.seen_of(item))],
    }
}

#[cfg(test)]
mod tests {
    use domain::plan::{GoalField, GoalKey, NextStep};

    use super::*;
    use crate::screens::fixture::{Family, goal, reviewer, scope, tutor};

    fn step(what: &str) -> Known {
        Known::GoalWritten {
            goal: goal(1),
            field: GoalField::NextStep(NextStep {
                what: what.into(),
                due: None,
            }),
        }
    }

    fn kept(family: &Family, role: Role) -> Vec<Kept> {
        let replica = family.held_by(tutor(), role);
        kept_of(&replica, scope(), Within::All, Words::default())
    }

    #[test]
    fn a_goal_goes_and_comes_back_and_every_tap_can_be_undone() {
        let mut family = Family::hassan();
        let item = Item::Goal(goal(1));
        let take = taking(&family.case(), item).expect("nobody agreed to it");
        family.answer(tutor(), vec![take]);
        assert!(family.case().plan.goals.is_empty());
        assert!(kept(&family, Role::Mediator).is_empty());
        family.undo(tutor());
        assert_eq!(family.case().plan.goals.len(), 1);

        let take = taking(&family.case(), item).expect("nobody agreed to it");
        family.answer(tutor(), vec![take]).later.clear();
        let back = restoring(&family.case(), item);
        family.answer(tutor(), vec![back]);
        assert_eq!(family.case().plan.goals.len(), 1);
        family.undo(tutor());
        assert!(family.case().plan.goals.is_empty(), "gone, as before");
        assert!(kept(&family, Role::Mediator).is_empty());
    }

    #[test]
    fn what_was_changed_meanwhile_stays_until_one_tap_settles_it() {
        let mut family = Family::hassan();
        let item = Item::Goal(goal(1));
        let before = family.case();
        let take = taking(&before, item).expect("nobody agreed to it");
        let heads = before.plan.goals[&goal(1)].fields.heads(GoalKey::NextStep);
        family.replace(tutor(), take.replaces, take.change);
        family.replace(reviewer(), heads, step("Chiamare la scuola"));
        let waits = kept(&family, Role::Mediator);
        assert_eq!(waits.len(), 1);
        assert_eq!(waits[0].name, "Voglio capire la maestra.");
        assert_eq!(waits[0].removed_by.map(|(who, _)| who), Some(tutor()));
        assert!(waits[0].may_take);
        assert!(
            kept(&family, Role::SocialWorker).is_empty(),
            "the tutor settles it"
        );
        let goal_only = Within::Goal(goal(2)).holds(&family.case(), item);
        assert!(!goal_only && Within::Goal(goal(1)).holds(&family.case(), item));

        let keep = keeping(&family.case(), item);
        family.answer(tutor(), vec![keep]);
        assert!(kept(&family, Role::Mediator).is_empty());
        assert_eq!(family.case().plan.goals.len(), 1);
        family.undo(tutor());
        assert_eq!(kept(&family, Role::Mediator).len(), 1, "open again");

        let take = taking(&family.case(), item).expect("nobody agreed to it");
        family.answer(tutor(), vec![take]);
        assert!(family.case().plan.goals.is_empty());
        assert!(kept(&family, Role::Mediator).is_empty());
    }

    #[test]
    fn a_removal_knows_what_its_author_wrote_on_the_same_screen_and_no_more() {
        let item = Item::Goal(goal(1));
        for (author, is_gone) in [(tutor(), true), (reviewer(), false)] {
            let mut family = Family::hassan();
            let before = family.case();
            let drawn = taking(&before, item).expect("nobody agreed to it");
            let heads = before.plan.goals[&goal(1)].fields.heads(GoalKey::NextStep);
            family.replace(author, heads, step("Chiamare la scuola"));
            let replica = family.held_by(tutor(), Role::Mediator);
            let take = taking_later(&replica, scope(), item, &drawn);
            family.answer(tutor(), vec![take]);
            assert_eq!(family.case().plan.goals.is_empty(), is_gone);
            assert_eq!(kept(&family, Role::Mediator).is_empty(), is_gone);
        }
    }

    #[test]
    fn a_goal_that_the_family_agreed_to_has_no_such_button() {
        let mut family = Family::hassan();
        family.proposed(1);
        assert!(taking(&family.case(), Item::Goal(goal(1))).is_some());
        family.answered(1, domain::vocabulary::Agreement::Agreed);
        assert_eq!(taking(&family.case(), Item::Goal(goal(1))), None);
    }
}
