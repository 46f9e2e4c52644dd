//! Lists that nobody puts in order: members and actions follow a rule, the same on every phone.

use domain::family::{Member, MemberField};
use domain::id::{ActionId, GoalId, MemberId, Millis};
use domain::op::{Known, Op};
use domain::plan::{ActionField, Plan};
use domain::state::{Case, State};
use domain::vocabulary::{ActionState, MemberRole};
use jiff::civil::{Date, date};
use proptest::prelude::*;

use crate::common::op_of;

fn goal() -> GoalId {
    GoalId::new(Millis(1), [1; 10])
}

fn action(number: u8) -> ActionId {
    ActionId::new(Millis(1), [number; 10])
}

fn case_of<'a>(ops: impl IntoIterator<Item = &'a Op>) -> Case {
    let mut state = State::default();
    ops.into_iter().for_each(|op| state.apply(op));
    state.cases.values().next().cloned().unwrap_or_default()
}

/// Writes to five members and to five actions of one goal, some of which replace each other.
fn arbitrary_writes() -> impl Strategy<Value = Vec<Op>> {
    let one = (
        0_u8..5,
        0_u8..5,
        0_u8..8,
        prop::collection::vec(0_u64..20, 0..2),
    );
    prop::collection::vec(one, 1..20).prop_map(|drawn| {
        let numbers = 0_u64..;
        let made = numbers.zip(drawn);
        made.map(|(n, (kind, number, value, replaces))| {
            let member = MemberId::new(Millis(1), [number; 10]);
            let day = date(1980 + i16::from(value), 3, 1);
            let does = |field| Known::ActionWritten {
                action: action(number),
                field,
            };
            let is = |field| Known::MemberWritten { member, field };
            let known = match kind {
                0 => is(MemberField::Role(
                    MemberRole::ALL[usize::from(value) % MemberRole::ALL.len()],
                )),
                1 => is(MemberField::Birth(day)),
                2 => does(ActionField::Goal(goal())),
                3 => does(ActionField::Due(day)),
                _ => does(ActionField::State(
                    ActionState::ALL[usize::from(value) % ActionState::ALL.len()],
                )),
            };
            let replaces: Vec<_> = replaces.into_iter().map(crate::common::id).collect();
            op_of(n, known, &replaces)
        })
        .collect()
    })
}

fn listed(case: &Case) -> (Vec<MemberId>, Vec<ActionId>) {
    let members = case.household.members_in_order().into_iter();
    let actions = case.plan.actions_of(goal());
    (
        members.map(|(id, _)| id).collect(),
        actions.map(|(id, _)| id).collect(),
    )
}

/// The rule, said once more: reference person, partner, child, other, none; within it the eldest.
fn rank(member: &Member) -> (usize, Date) {
    let roles = [
        MemberRole::Reference,
        MemberRole::Partner,
        MemberRole::Child,
        MemberRole::Other,
    ];
    let place = member
        .role()
        .and_then(|role| roles.iter().position(|one| *one == role));
    let birth = member.birth().unwrap_or(date(9999, 12, 31));
    (place.unwrap_or(roles.len()), birth)
}

proptest! {
    #[test]
    fn members_and_actions_stand_in_one_order_on_every_phone(
        (ops, turned) in arbitrary_writes()
            .prop_flat_map(|ops| (Just(ops.clone()), Just(ops).prop_shuffle())),
    ) {
        let (case, again) = (case_of(&ops), case_of(turned.iter().chain(&ops)));
        prop_assert_eq!(listed(&case), listed(&again));
        let household = &case.household;
        let members = household.members_in_order().into_iter();
        let ranks: Vec<_> = members.map(|(id, member)| (rank(member), id)).collect();
        prop_assert!(ranks.is_sorted(), "{ranks:?}");
        prop_assert_eq!(ranks.len(), household.members.len(), "each once");
        let (_, actions) = listed(&case);
        prop_assert!(actions.is_sorted(), "as they were made: {actions:?}");
    }
}

#[test]
fn neither_a_date_nor_a_state_turns_the_actions_that_a_family_signed() {
    let under = |n: u64, number: u8, field| {
        let action = action(number);
        op_of(n, Known::ActionWritten { action, field }, &[])
    };
    let mut ops = vec![
        op_of(
            1,
            Known::GoalWritten {
                goal: goal(),
                field: domain::plan::GoalField::Weight(1),
            },
            &[],
        ),
        under(2, 2, ActionField::Goal(goal())),
        under(3, 1, ActionField::Goal(goal())),
    ];
    let order = |plan: &Plan| {
        let goals = plan.content().goals.into_iter();
        let actions = goals.flat_map(|goal| goal.actions);
        actions.map(|one| one.action).collect::<Vec<_>>()
    };
    assert_eq!(order(&case_of(&ops).plan), [action(1), action(2)]);
    ops.push(under(4, 2, ActionField::Due(date(2026, 1, 1))));
    ops.push(under(5, 1, ActionField::Due(date(2026, 9, 1))));
    ops.push(under(6, 1, ActionField::State(ActionState::Done)));
    assert_eq!(order(&case_of(&ops).plan), [action(1), action(2)]);
}
