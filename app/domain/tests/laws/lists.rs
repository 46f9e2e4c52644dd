//! Lists: a removal, an edit that did not know of it, and bringing back.

use domain::family::{Language, MemberField, Name};
use domain::id::{ActionId, GoalId, MemberId, Millis, OpId, VersionId};
use domain::op::{Known, Op};
use domain::plan::{ActionField, Answer, GoalAnswer, GoalField, NextStep};
use domain::removal::{Fate, Item};
use domain::state::{Case, CheckError, State};
use domain::visit::Rating;
use domain::vocabulary::{Agreement, SignatureMode};
use proptest::prelude::*;

use crate::common::op_of;

fn goal() -> GoalId {
    GoalId::new(Millis(1), [1; 10])
}

fn action() -> ActionId {
    ActionId::new(Millis(1), [1; 10])
}

fn member() -> MemberId {
    MemberId::new(Millis(1), [1; 10])
}

fn items() -> [Item; 3] {
    [
        Item::Goal(goal()),
        Item::Action(action()),
        Item::Member(member()),
    ]
}

/// A write to a thing.
fn edit(item: Item, words: &str) -> Known {
    match item {
        Item::Goal(goal) => Known::GoalWritten {
            goal,
            field: GoalField::NextStep(NextStep {
                what: words.into(),
                due: None,
            }),
        },
        Item::Action(action) => Known::ActionWritten {
            action,
            field: ActionField::What(words.into()),
        },
        Item::Member(member) => Known::MemberWritten {
            member,
            field: MemberField::Name(Name {
                latin: words.into(),
                original: None,
            }),
        },
    }
}

fn case_of<'a>(ops: impl IntoIterator<Item = &'a Op>) -> Case {
    let mut state = State::default();
    let mut scope = None;
    for op in ops {
        state.apply(op);
        scope = Some(op.scope);
    }
    let scope = scope.expect("there are ops");
    state
        .cases
        .get(&scope)
        .cloned()
        .expect("they are of one family")
}

fn stands(case: &Case, item: Item) -> bool {
    match item {
        Item::Goal(id) => case.plan.goals.contains_key(&id),
        Item::Action(id) => case.plan.actions.contains_key(&id),
        Item::Member(id) => case.household.members.contains_key(&id),
    }
}

#[test]
fn an_edit_that_the_removal_did_not_know_brings_the_thing_back() {
    for item in items() {
        let first = op_of(1, edit(item, "prima"), &[]);
        let seen = case_of([&first]).seen_of(item);
        let removal = op_of(2, Known::Removed(item), &seen);
        let gone = case_of([&removal, &first]);
        assert!(!stands(&gone, item), "{item:?} was taken out");
        assert_eq!(gone.fate(item), Fate::Gone);
        assert!(gone.kept_items().is_empty());

        let meanwhile = op_of(3, edit(item, "dopo"), &[first.id]);
        for ops in [
            [&first, &removal, &meanwhile],
            [&meanwhile, &removal, &first],
        ] {
            let case = case_of(ops);
            assert!(stands(&case, item), "{item:?} came back");
            assert_eq!(case.fate(item), Fate::Kept(vec![removal.id]));
            assert_eq!(case.kept_items().len(), 1, "and people look");
        }
    }
}

#[test]
fn one_tap_keeps_it_and_one_tap_takes_it_away() {
    for item in items() {
        let first = op_of(1, edit(item, "prima"), &[]);
        let removal = op_of(2, Known::Removed(item), &[first.id]);
        let meanwhile = op_of(3, edit(item, "dopo"), &[first.id]);
        let open = [first, removal, meanwhile];
        let seen = case_of(&open);

        let keep = op_of(4, Known::Restored(item), &seen.removals_of(item));
        let kept = case_of(open.iter().chain([&keep]));
        assert!(stands(&kept, item) && kept.kept_items().is_empty());

        let take = op_of(5, Known::Removed(item), &seen.seen_of(item));
        let taken = case_of(open.iter().chain([&take]));
        assert!(
            !stands(&taken, item),
            "{item:?} is gone, knowing of the edit"
        );

        // Both at once: who keeps wins, and it is asked again.
        let both = case_of(open.iter().chain([&keep, &take]));
        assert!(stands(&both, item));
        assert_eq!(both.fate(item), Fate::Kept(vec![take.id]));

        let back = op_of(6, Known::Restored(item), &taken.removals_of(item));
        let again = case_of(open.iter().chain([&take, &back]));
        assert!(stands(&again, item) && again.kept_items().is_empty());
        let anew = op_of(7, Known::Removed(item), &again.seen_of(item));
        let gone = case_of(open.iter().chain([&take, &back, &anew]));
        assert!(
            !stands(&gone, item),
            "what was brought back can be taken out again"
        );
    }
}

#[test]
fn a_rating_an_action_and_a_version_hold_their_goal() {
    let first = op_of(1, edit(Item::Goal(goal()), "prima"), &[]);
    let removal = op_of(2, Known::Removed(Item::Goal(goal())), &[first.id]);
    let rating = Known::ProgressRated {
        goal: goal(),
        visit: None,
        rating: Rating::default(),
        corrects: None,
    };
    let under = Known::ActionWritten {
        action: action(),
        field: ActionField::Goal(goal()),
    };
    let version = Known::VersionProposed {
        version: VersionId::new(Millis(1), [1; 10]),
        number: 1,
        content: case_of([&first]).plan.content(),
    };
    for held in [rating, under, version] {
        let held = op_of(3, held, &[]);
        let case = case_of([&first, &removal, &held]);
        assert_eq!(case.fate(Item::Goal(goal())), Fate::Kept(vec![removal.id]));
        let take = op_of(
            4,
            Known::Removed(Item::Goal(goal())),
            &case.seen_of(Item::Goal(goal())),
        );
        let taken = case_of([&first, &removal, &held, &take]);
        assert_eq!(
            taken.fate(Item::Goal(goal())),
            Fate::Gone,
            "it was on screen"
        );
        assert_eq!(taken.plan.versions.len(), case.plan.versions.len());
        let frozen = taken
            .plan
            .latest_version()
            .map(|one| one.content.goals.len());
        assert!(
            frozen.is_none_or(|goals| goals == 1),
            "a version stays as it was"
        );
    }
    // An action that was itself taken out no longer holds its goal.
    let under = op_of(
        3,
        Known::ActionWritten {
            action: action(),
            field: ActionField::Goal(goal()),
        },
        &[],
    );
    let out = op_of(4, Known::Removed(Item::Action(action())), &[under.id]);
    let case = case_of([&removal, &out, &under, &first]);
    assert_eq!(case.fate(Item::Goal(goal())), Fate::Gone);
}

#[test]
fn a_goal_that_the_family_agreed_to_is_not_taken_out() {
    let item = Item::Goal(goal());
    let first = op_of(1, edit(item, "prima"), &[]);
    let version = VersionId::new(Millis(1), [1; 10]);
    let content = case_of([&first]).plan.content();
    let answer = |agreement| Known::VersionAnswered {
        version,
        answer: Answer {
            fingerprint: content.fingerprint(),
            mode: SignatureMode::Oral,
            member: None,
            witness: None,
            language: Language("ar".into()),
            interpreted: None,
            goals: vec![GoalAnswer {
                goal: goal(),
                agreement,
            }],
        },
    };
    let mut state = State::default();
    state.apply(&first);
    let removal = op_of(9, Known::Removed(item), &[]);
    assert_eq!(state.check(&removal), Ok(()));
    let proposed = Known::VersionProposed {
        version,
        number: 1,
        content: content.clone(),
    };
    state.apply(&op_of(2, proposed, &[]));
    assert_eq!(state.check(&removal), Ok(()), "proposed is not agreed");
    let mut refused = state.clone();
    refused.apply(&op_of(3, answer(Agreement::NotAgreed), &[]));
    assert_eq!(refused.check(&removal), Ok(()), "what it refused may go");
    state.apply(&op_of(3, answer(Agreement::Agreed), &[]));
    assert_eq!(state.check(&removal), Err(CheckError::AlreadyAgreed));
    let unknown = Item::Action(action());
    let removal = op_of(9, Known::Removed(unknown), &[]);
    assert_eq!(state.check(&removal), Err(CheckError::NotThere));
}

/// What people do to one thing, out of each other's reach: each step sees some of those before it.
fn arbitrary_history() -> impl Strategy<Value = (Vec<Op>, Item)> {
    let step = (0_u8..4, any::<u32>());
    (0_usize..3, prop::collection::vec(step, 1..9)).prop_map(|(which, steps)| {
        let item = items()[which];
        let mut ops: Vec<Op> = vec![op_of(0, edit(item, "prima"), &[])];
        for (n, (kind, seen)) in steps.into_iter().enumerate() {
            let on_screen = ops.iter().enumerate();
            let on_screen = on_screen.filter(|(at, _)| *at == 0 || seen & (1 << at) != 0);
            let case = case_of(on_screen.map(|(_, op)| op));
            let n = u64::try_from(n + 1).expect("few ops");
            let made = match kind {
                0 | 1 => {
                    let replaces = case.seen_of(item);
                    op_of(n, edit(item, &format!("parole {n}")), &replaces)
                }
                2 => op_of(n, Known::Removed(item), &case.seen_of(item)),
                _ => op_of(n, Known::Restored(item), &case.removals_of(item)),
            };
            ops.push(made);
        }
        (ops, item)
    })
}

proptest! {
    #[test]
    fn what_becomes_of_a_thing_does_not_depend_on_the_order(
        ((ops, item), turned) in arbitrary_history()
            .prop_flat_map(|(ops, item)| {
                (Just((ops.clone(), item)), Just(ops).prop_shuffle())
            }),
    ) {
        let (once, again) = (case_of(&ops), case_of(turned.iter().chain(&ops)));
        prop_assert_eq!(&once, &again);
        prop_assert_eq!(stands(&once, item), once.fate(item) != Fate::Gone);
    }

    /// A thing is gone only if some removal knew every write that shows; nobody's words vanish
    /// because another person did not see them.
    #[test]
    fn nothing_is_gone_that_somebody_wrote_to_unseen((ops, item) in arbitrary_history()) {
        let case = case_of(&ops);
        let is = |op: &Op, kind: &str| {
            matches!(&op.change, domain::op::Change::Known(known) if known.kind() == kind)
        };
        let is_list = |op: &Op| is(op, "removed") || is(op, "restored");
        // What shows: writes that no write replaced, and what was brought back since.
        let holds = |op: &&Op| {
            let mut named = ops.iter().filter(|by| by.replaces.contains(&op.id));
            if is_list(op) {
                is(op, "restored") && !named.any(&is_list)
            } else {
                !named.any(|by| !is_list(by))
            }
        };
        let held: Vec<OpId> = ops.iter().filter(holds).map(|op| op.id).collect();
        if !stands(&case, item) {
            let knew = |op: &Op| held.iter().all(|id| op.replaces.contains(id));
            prop_assert!(ops.iter().any(|op| is(op, "removed") && knew(op)));
        }
        let is_there = match item {
            Item::Goal(id) => case.goal(id).is_some(),
            Item::Action(id) => case.action(id).is_some(),
            Item::Member(id) => case.household.member(id).is_some(),
        };
        prop_assert!(is_there, "what was taken out can still be read");
    }
}
