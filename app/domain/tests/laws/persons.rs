//! The same person entered twice: merged, parted, taken back, in circles and by several people.

use domain::family::{MemberField, MemberKey, Name};
use domain::id::{MemberId, Millis, OpId};
use domain::merging::Found;
use domain::op::{Known, Op};
use domain::removal::Item;
use domain::state::{Case, CheckError, State};
use domain::twins::Answer;
use domain::validate::validate;
use domain::vocabulary::MemberRole;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use crate::common::op_of;

fn entry(n: u8) -> MemberId {
    MemberId::new(Millis(i64::from(n)), [n; 10])
}

fn write(n: u64, member: u8, field: MemberField, replaces: &[OpId]) -> Op {
    let member = entry(member);
    op_of(n, Known::MemberWritten { member, field }, replaces)
}

fn name(latin: &str) -> MemberField {
    MemberField::Name(Name {
        latin: latin.into(),
        original: None,
    })
}

fn case_of<'a>(ops: impl IntoIterator<Item = &'a Op>) -> Case {
    let mut state = State::default();
    ops.into_iter().for_each(|op| state.apply(op));
    let case = state.cases.values().next();
    case.cloned().expect("there are ops")
}

/// The ops of an answer, from number `n` on.
fn answered(n: u64, answers: Vec<Answer>) -> Vec<Op> {
    let numbers = n..;
    let made = answers.into_iter().zip(numbers);
    made.map(|(answer, n)| op_of(n, answer.change, &answer.replaces))
        .collect()
}

fn born(day: Date) -> MemberField {
    MemberField::Birth(day)
}

/// Amina, entered on two phones: the second entry knows her place and another day of birth.
fn twice() -> Vec<Op> {
    vec![
        write(1, 1, name("Amina Hassan"), &[]),
        write(2, 1, born(date(1990, 1, 1)), &[]),
        write(3, 2, name("Hassan Amina"), &[]),
        write(4, 2, MemberField::Role(MemberRole::Reference), &[]),
        write(5, 3, name("Karim"), &[]),
    ]
}

fn shown(case: &Case) -> Vec<MemberId> {
    case.household.members.keys().copied().collect()
}

#[test]
fn a_person_entered_twice_is_proposed_merged_and_split_again() {
    let mut ops = twice();
    let before = case_of(&ops);
    let twins = before.household.twins();
    assert_eq!(twins.len(), 1, "{twins:?}");
    assert_eq!((twins[0].kept, twins[0].other), (entry(1), entry(2)));
    assert_eq!(shown(&before).len(), 3, "nobody is merged by itself");

    ops.extend(answered(6, before.household.merging(entry(1), entry(2))));
    let merged = case_of(ops.iter().rev());
    assert_eq!(shown(&merged), [entry(1), entry(3)]);
    let amina = merged.household.member(entry(2)).expect("by either entry");
    assert_eq!(
        amina.role(),
        Some(MemberRole::Reference),
        "the fields of both"
    );
    assert_eq!(amina.birth(), Some(date(1990, 1, 1)));
    let disputed: Vec<MemberKey> = amina.fields.disputed().map(|(key, _)| key).collect();
    assert_eq!(
        disputed,
        [MemberKey::Name],
        "what differs stands side by side"
    );
    assert!(merged.household.twins().is_empty());

    // A name chosen after the merge settles it, and names the writes of both entries.
    let heads = amina.fields.heads(MemberKey::Name);
    ops.push(write(8, 1, name("Amina Hassan"), &heads));
    let chosen = case_of(&ops);
    let amina = chosen.household.member(entry(1)).expect("she is there");
    assert_eq!(amina.fields.disputed().count(), 0);

    ops.extend(answered(9, chosen.household.splitting(entry(2))));
    let split = case_of(ops.iter().rev());
    assert_eq!(shown(&split), [entry(1), entry(2), entry(3)]);
    let other = split.household.member(entry(2)).expect("she is back");
    assert_eq!(
        other.name().map(|name| name.latin.as_str()),
        Some("Hassan Amina")
    );
    assert_eq!(other.birth(), None, "each entry has what was written to it");
    assert!(
        split.household.twins().is_empty(),
        "two people: not asked again"
    );
}

#[test]
fn every_answer_can_be_taken_back() {
    let ops = twice();
    let open = case_of(&ops);
    let take_back = |ops: &[Op], answers: Vec<Answer>, n: u64| -> Case {
        let (mut all, mut n) = (ops.to_vec(), n);
        for answer in answers {
            let op = op_of(n, answer.change, &answer.replaces);
            n += 1;
            for (known, _) in answer.undo {
                all.push(op_of(n, known, &[op.id]));
                n += 1;
            }
            all.push(op);
        }
        case_of(&all)
    };
    for answers in [
        open.household.merging(entry(1), entry(2)),
        open.household.parting(entry(1), entry(2)),
    ] {
        let back = take_back(&ops, answers, 10);
        assert_eq!(back.household.members, open.household.members);
        assert_eq!(
            back.household.twins(),
            open.household.twins(),
            "asked again"
        );
    }
    let mut merged = ops.clone();
    merged.extend(answered(6, open.household.merging(entry(1), entry(2))));
    let one = case_of(&merged);
    let back = take_back(&merged, one.household.splitting(entry(2)), 10);
    assert_eq!(back.household.members, one.household.members);

    // Two people answered differently: taking an answer back leaves both words as they were.
    let parted = answered(7, open.household.parting(entry(1), entry(2)));
    merged.extend(parted);
    let disputed = case_of(&merged);
    assert!(disputed.household.twins()[0].is_disputed);
    assert_eq!(
        shown(&disputed).len(),
        3,
        "not one, while somebody says two"
    );
    let back = take_back(&merged, disputed.household.merging(entry(1), entry(2)), 10);
    assert_eq!(back.household.twins(), disputed.household.twins());
}

#[test]
fn merges_in_a_circle_make_one_person_who_can_be_split_again() {
    let merge = |n, kept, other| {
        let (kept, other) = (entry(kept), entry(other));
        op_of(n, Known::MembersMerged { kept, other }, &[])
    };
    let mut ops = twice();
    ops.extend([merge(6, 2, 1), merge(7, 3, 2)]);
    let chain = case_of(&ops);
    assert_eq!(shown(&chain), [entry(3)], "the last that nobody gave up");
    ops.push(merge(8, 1, 3));
    let circle = case_of(&ops);
    assert_eq!(shown(&circle), [entry(1)], "the first of all");
    assert_eq!(circle.household.persons[0].merges.len(), 3);
    ops.extend(answered(9, circle.household.splitting(entry(2))));
    assert_eq!(shown(&case_of(&ops)), [entry(1), entry(2)]);

    let alone = op_of(
        6,
        Known::MembersMerged {
            kept: entry(9),
            other: entry(1),
        },
        &[],
    );
    let with_nobody = case_of(twice().iter().chain([&alone]));
    assert_eq!(
        shown(&with_nobody).len(),
        3,
        "an entry that is not here changes nothing"
    );
    let itself = Known::MembersMerged {
        kept: entry(1),
        other: entry(1),
    };
    assert_eq!(validate(&itself), Err(CheckError::SameEntry));
    assert_eq!(
        shown(&case_of(twice().iter().chain([&op_of(6, itself, &[])]))).len(),
        3
    );
}

#[test]
fn two_people_stay_two_whatever_a_third_is() {
    let mut ops = twice();
    let say =
        |n, known: fn(MemberId, MemberId) -> Known, a, b| op_of(n, known(entry(a), entry(b)), &[]);
    let same = |kept, other| Known::MembersMerged { kept, other };
    let two = |one, other| Known::MembersDistinct { one, other };
    ops.extend([say(6, same, 1, 2), say(7, same, 2, 3), say(8, two, 1, 3)]);
    let case = case_of(&ops);
    assert_eq!(shown(&case), [entry(1), entry(3)], "the later merge waits");
    let twins = case.household.twins();
    assert_eq!(twins.len(), 1, "and is asked about");
    assert!(twins[0].is_disputed);
    let mut one = ops.clone();
    one.extend(answered(
        9,
        case.household.merging(twins[0].kept, twins[0].other),
    ));
    assert_eq!(shown(&case_of(&one)), [entry(1)]);
    ops.extend(answered(
        9,
        case.household.parting(twins[0].kept, twins[0].other),
    ));
    let settled = case_of(&ops);
    assert_eq!(shown(&settled), [entry(1), entry(3)]);
    assert!(settled.household.twins().is_empty());
}

#[test]
fn an_edit_of_either_entry_is_an_edit_of_the_person() {
    let mut ops = twice();
    let open = case_of(&ops);
    ops.extend(answered(6, open.household.merging(entry(1), entry(2))));
    let late = write(8, 2, born(date(1991, 2, 3)), &[]);
    let case = case_of(ops.iter().chain([&late]));
    let amina = case.household.member(entry(1)).expect("she is there");
    let disputed: Vec<MemberKey> = amina.fields.disputed().map(|(key, _)| key).collect();
    assert_eq!(disputed, [MemberKey::Name, MemberKey::Birth]);

    // Taken out as one person: every entry goes, and an edit of either brings the person back.
    let item = Item::Member(entry(2));
    let merged = case_of(&ops);
    let removal = op_of(9, Known::Removed(item), &merged.seen_of(item));
    ops.push(removal.clone());
    assert_eq!(shown(&case_of(&ops)), [entry(3)]);
    let back = case_of(ops.iter().chain([&late]));
    assert_eq!(shown(&back), [entry(1), entry(3)]);
    assert_eq!(back.kept_items().len(), 1);

    // Taken out by somebody who did not know of the merge: the merge holds the person.
    let unaware = open.seen_of(Item::Member(entry(2)));
    ops.pop();
    ops.push(op_of(9, Known::Removed(item), &unaware));
    let held = case_of(ops.iter().rev());
    assert_eq!(shown(&held), [entry(1), entry(3)]);
    assert_eq!(held.kept_items().len(), 1);
}

/// Findings of several people about four entries, who each saw some of those before.
fn arbitrary_findings() -> impl Strategy<Value = Vec<Op>> {
    let one = (
        1_u8..5,
        1_u8..5,
        0_u8..6,
        prop::collection::vec(0_u64..14, 0..4),
    );
    prop::collection::vec(one, 1..14).prop_map(|drawn| {
        let numbers = 0_u64..;
        numbers
            .zip(drawn)
            .map(|(n, (a, b, kind, names))| {
                let (one, other) = (entry(a), entry(b));
                let names: Vec<OpId> = names.into_iter().map(crate::common::id).collect();
                let known = match kind {
                    0 | 1 => Known::MembersMerged { kept: one, other },
                    2 => Known::MembersDistinct { one, other },
                    3 => Known::MembersReopened { one, other },
                    4 => Known::Removed(Item::Member(one)),
                    _ => Known::MemberWritten {
                        member: one,
                        field: name(&format!("N{b}")),
                    },
                };
                op_of(n, known, &names)
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn who_is_one_person_does_not_depend_on_the_order(
        (ops, turned) in arbitrary_findings()
            .prop_flat_map(|ops| (Just(ops.clone()), Just(ops).prop_shuffle())),
    ) {
        let (once, again) = (case_of(&ops), case_of(turned.iter().chain(&ops)));
        prop_assert_eq!(&once, &again);
        // Nobody is lost, and nobody is shown twice.
        let mut seen = std::collections::BTreeSet::new();
        for op in &ops {
            let domain::op::Change::Known(known) = &op.change else { continue };
            let Known::MemberWritten { member, .. } = &**known else { continue };
            let person = once.household.member(*member).expect("whoever was written is there");
            let own = once.household.entry(*member).expect("and what was written to the entry");
            let all: Vec<OpId> = person.fields.iter()
                .flat_map(|(_, r)| r.history().map(|(id, _)| id)).collect();
            prop_assert!(all.contains(&op.id), "every word is with the person");
            prop_assert!(own.fields.iter().any(|(_, r)| r.history().any(|(id, _)| id == op.id)));
            seen.insert(once.household.kept(*member));
        }
        let listed = once.household.members.len() + once.household.gone.len();
        prop_assert_eq!(listed, seen.len());
        // No person is two people of whom somebody says so.
        for person in &once.household.persons {
            for a in &person.entries {
                for b in person.entries.iter().filter(|b| *b != a) {
                    prop_assert!(!once.household.findings.says(*a, *b, Found::Two));
                }
            }
        }
        // Whatever is proposed can be settled by one tap, either way.
        for twins in once.household.twins() {
            let merged = answered(100, once.household.merging(twins.kept, twins.other));
            let merged = case_of(ops.iter().chain(&merged));
            let of = |id| merged.household.kept(id);
            prop_assert_eq!(of(twins.kept), of(twins.other));
            let parted = answered(100, once.household.parting(twins.kept, twins.other));
            let parted = case_of(ops.iter().chain(&parted));
            prop_assert!(parted.household.kept(twins.kept) != parted.household.kept(twins.other));
            prop_assert!(!parted.household.twins().iter().any(
                |one| (one.kept, one.other) == (twins.kept, twins.other)
            ));
        }
    }
}
