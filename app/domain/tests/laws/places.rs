//! Places in a list: always room between two, both of two moves kept, keys that stay short.

use domain::field::Fields;
use domain::id::OpId;
use domain::place::{KEY_CHARS_MAX, after, between, moved};
use domain::plan::{GoalField, GoalKey};
use proptest::prelude::*;

use crate::common::op_of;
use domain::op::Known;

type List = Vec<(u8, Option<String>)>;

/// A list as people see it: by key, then by id.
fn sorted(mut list: List) -> List {
    list.sort_by(|(a, x), (b, y)| (x, a).cmp(&(y, b)));
    list
}

fn borrowed(list: &List) -> Vec<(u8, Option<&str>)> {
    list.iter().map(|(id, key)| (*id, key.as_deref())).collect()
}

fn write(list: &mut List, written: Vec<(u8, String)>) {
    for (id, key) in written {
        let place = list.iter_mut().find(|(at, _)| *at == id);
        place.expect("only what is in the list is written").1 = Some(key);
    }
}

fn arbitrary_list() -> impl Strategy<Value = List> {
    let key = prop_oneof![
        4 => "[a-z]{1,3}".prop_map(Some),
        1 => Just(None),
        1 => "[a-z]{11}[b-z]".prop_map(Some),
        1 => "[A-Za-z0-9 è]{0,3}".prop_map(Some),
    ];
    prop::collection::vec(key, 1..9).prop_map(|keys| {
        let ids = 0_u8..;
        sorted(ids.zip(keys).collect())
    })
}

proptest! {
    #[test]
    fn a_key_lies_strictly_between_two_others(
        one in "[a-z]{0,6}[b-z]",
        other in "[a-z]{0,6}[b-z]",
    ) {
        prop_assume!(one != other);
        let (low, high) = (one.clone().min(other.clone()), one.max(other));
        let key = between(Some(&low), Some(&high)).expect("there is room");
        prop_assert!(low < key && key < high, "{low} < {key} < {high}");
        let first = between(None, Some(&low)).expect("there is room before");
        prop_assert!(first < low, "{first} < {low}");
        let last = between(Some(&high), None).expect("there is room behind");
        prop_assert!(high < last, "{high} < {last}");
        for key in [key, first, last] {
            prop_assert!(key.len() <= KEY_CHARS_MAX && !key.ends_with('a'), "{key}");
        }
    }

    #[test]
    fn what_moves_arrives_and_the_others_keep_their_order(
        list in arbitrary_list(),
        moves in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..9), 1..60),
    ) {
        let mut list = list;
        for (which, to) in moves {
            let id = list[which.index(list.len())].0;
            let mut wanted: Vec<u8> =
                list.iter().map(|(at, _)| *at).filter(|at| *at != id).collect();
            wanted.insert(to.min(wanted.len()), id);
            let written = moved(&borrowed(&list), id, to);
            for (_, key) in &written {
                prop_assert!(key.len() <= KEY_CHARS_MAX, "{key}");
            }
            write(&mut list, written);
            list = sorted(list);
            let now: Vec<u8> = list.iter().map(|(at, _)| *at).collect();
            prop_assert_eq!(now, wanted);
        }
    }

    /// Each of two people who cannot hear each other moves another thing: each move is one key,
    /// and afterwards each thing lies between the neighbours that its mover gave it.
    #[test]
    fn two_people_who_move_different_things_keep_both_moves(
        count in 4_u8..9,
        (one, other) in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        (here, there) in (0_usize..8, 0_usize..8),
    ) {
        let mut list: List = Vec::new();
        for id in 0..count {
            let keys = list.iter().filter_map(|(_, key)| key.as_deref());
            let key = after(keys);
            list.push((id, Some(key)));
        }
        let (a, b) = (list[one.index(list.len())].0, list[other.index(list.len())].0);
        prop_assume!(a != b);
        let (of_a, of_b) = (moved(&borrowed(&list), a, here), moved(&borrowed(&list), b, there));
        prop_assert!(of_a.len() == 1 && of_b.len() == 1, "one key each");
        let mut both = list.clone();
        write(&mut both, of_b.clone());
        write(&mut both, of_a.clone());
        let mut turned = list.clone();
        write(&mut turned, of_a.clone());
        write(&mut turned, of_b.clone());
        prop_assert_eq!(sorted(both.clone()), sorted(turned));
        let order = |list: &List, but: u8| -> Vec<u8> {
            let ids = sorted(list.clone()).into_iter().map(|(at, _)| at);
            ids.filter(|at| *at != but).collect()
        };
        for (written, but) in [(of_a, b), (of_b, a)] {
            let mut alone = list.clone();
            write(&mut alone, written);
            prop_assert_eq!(order(&both, but), order(&alone, but));
        }
    }
}

#[test]
fn a_place_comes_after_every_other() {
    for last in ["a", "h", "z", "a0", "m9", "zz", "Z", "zzzzzzzzzzzz", "è"] {
        assert!(after([last]).as_str() > last, "{last}");
    }
    assert_eq!(after([]), "h");
    assert_eq!(
        between(Some("h"), Some("h")),
        None,
        "equal keys have no room"
    );
    assert_eq!(
        between(Some("k"), Some("h")),
        None,
        "nor have keys in the wrong order"
    );
    assert_eq!(
        between(Some("A"), Some("h")),
        None,
        "nor what was not made here"
    );
}

#[test]
fn two_places_of_one_goal_need_nobody_to_choose() {
    let goal = domain::id::GoalId::new(domain::id::Millis(1), [1; 10]);
    let key = |n: u64, key: &str, replaces: &[OpId]| {
        let field = GoalField::Order(key.into());
        op_of(n, Known::GoalWritten { goal, field }, replaces)
    };
    let first = key(1, "h", &[]);
    let mut fields = Fields::default();
    for op in [key(3, "t", &[first.id]), key(2, "c", &[first.id]), first] {
        let domain::op::Change::Known(known) = &op.change else {
            panic!("it is known")
        };
        let Known::GoalWritten { field, .. } = &**known else {
            panic!("it is a goal's")
        };
        fields.write(&op, field.clone());
    }
    assert_eq!(fields.disputed().count(), 0);
    let shown = fields.value(GoalKey::Order);
    assert_eq!(shown, Some(&GoalField::Order("t".into())), "the later one");
}
