//! Somebody who is in another family already: found by name in any script, never in the own
//! family, ruled out by another birth, and left alone once somebody said that they are two.

use domain::family::{FamilyField, Household, MemberField, Name};
use domain::id::{MemberId, Millis, ScopeId};
use domain::likeness::{ELSEWHERE_MAX, Everybody, Someone};
use domain::op::{Known, Op};
use domain::state::State;
use jiff::civil::{Date, date};

use crate::common::op_of;

/// A family: its number, its name, and of each member a number, the name and the birth.
type Family<'a> = (u8, &'a str, &'a [(u8, &'a str, Option<Date>)]);

fn scope(number: u8) -> ScopeId {
    ScopeId::new(Millis(1), [number; 10])
}

fn member(number: u8) -> MemberId {
    MemberId::new(Millis(1), [number; 10])
}

fn name(latin: &str) -> Name {
    Name {
        latin: latin.to_owned(),
        original: None,
    }
}

fn write(state: &mut State, of: u8, known: Known, n: u64) {
    let scope = scope(of);
    state.apply(&Op {
        scope,
        ..op_of(n, known, &[])
    });
}

fn state_of(families: &[Family<'_>]) -> State {
    let mut state = State::default();
    let mut n = 0;
    let mut tell = |of: u8, known: Known| {
        n += 1;
        write(&mut state, of, known, n);
    };
    for (of, called, members) in families {
        tell(*of, Known::FamilyWritten(FamilyField::Name(name(called))));
        for (number, latin, birth) in *members {
            let member = member(*number);
            let field = MemberField::Name(name(latin));
            tell(*of, Known::MemberWritten { member, field });
            if let Some(birth) = birth {
                let field = MemberField::Birth(*birth);
                tell(*of, Known::MemberWritten { member, field });
            }
        }
    }
    state
}

fn household(state: &State, number: u8) -> &Household {
    &state.cases[&scope(number)].household
}

/// Who of other families is like somebody of this name in family `of`, which has another name.
fn like(state: &State, of: u8, latin: &str, birth: Option<Date>) -> Vec<(ScopeId, MemberId)> {
    let cases = state.cases.iter();
    let all = Everybody::of(cases.map(|(scope, case)| (*scope, &case.household)));
    let (family, name) = (name("Rusu"), name(latin));
    let someone = Someone {
        scope: scope(of),
        family: Some(&family),
        name: &name,
        birth,
    };
    all.like(&someone, &|_, _| false)
}

#[test]
fn a_name_is_found_in_another_family_in_any_script_and_order() {
    let state = state_of(&[
        (1, "Shevchenko", &[(1, "Oleksandr", None)]),
        (2, "Rossi", &[(2, "Khaled Bouchaara", None)]),
    ]);
    for (latin, found) in [
        ("Шевченко Олександр", vec![(scope(1), member(1))]),
        ("Olexandr Shevchenko", vec![(scope(1), member(1))]),
        ("خالد بوشعرة", vec![(scope(2), member(2))]),
        ("Bouchaara Khaled", vec![(scope(2), member(2))]),
        ("Karim Bouchaara", Vec::new()),
        ("Oleksandr", Vec::new()),
        ("", Vec::new()),
    ] {
        assert_eq!(like(&state, 9, latin, None), found, "{latin}");
    }
    let own = like(&state, 1, "Oleksandr Shevchenko", None);
    assert!(own.is_empty(), "its own family asks otherwise: {own:?}");
}

#[test]
fn another_birth_rules_out_and_a_given_name_alone_needs_the_same_day() {
    let day = date(1983, 5, 12);
    let year = date(1983, 1, 1);
    let state = state_of(&[
        (1, "Rossi", &[(1, "Khaled Bouchaara", Some(day))]),
        (2, "Hassan", &[(2, "Zineb", Some(day))]),
        (3, "Haddad", &[(3, "Layla", Some(year))]),
    ]);
    for (latin, birth, is_found) in [
        ("Khaled Bouchaara", None, true),
        ("Khaled Bouchaara", Some(day), true),
        ("Khaled Bouchaara", Some(date(1983, 12, 5)), true),
        ("Khaled Bouchaara", Some(year), true),
        ("Khaled Bouchaara", Some(date(1984, 5, 12)), false),
        ("Khaled Bouchaara", Some(date(1983, 5, 13)), false),
        ("Zineb", Some(day), true),
        ("Zineb", None, false),
        ("Zineb Hassan", None, true),
        ("Layla", Some(year), false),
        ("Layla Haddad", Some(year), true),
    ] {
        let found = like(&state, 9, latin, birth);
        assert_eq!(!found.is_empty(), is_found, "{latin} {birth:?}: {found:?}");
    }
}

#[test]
fn no_more_are_told_than_are_read_and_the_same_birth_comes_first() {
    let day = date(1983, 5, 12);
    let amina: [(u8, &str, Option<Date>); 5] =
        [1, 2, 3, 4, 5].map(|number| (number, "Amina", (number == 5).then_some(day)));
    let [one, two, three, four, five] = amina.each_ref().map(std::slice::from_ref);
    let state = state_of(&[
        (1, "Hassan", one),
        (2, "Hassan", two),
        (3, "Hassan", three),
        (4, "Hassan", four),
        (5, "Hassan", five),
    ]);
    let found = like(&state, 9, "Amina Hassan", Some(day));
    assert_eq!(found.len(), ELSEWHERE_MAX, "{found:?}");
    assert_eq!(found[0], (scope(5), member(5)));
}

#[test]
fn two_people_of_two_families_are_two_in_both_and_nobody_is_merged() {
    let mut state = state_of(&[
        (1, "Hassan", &[(1, "Amina", None)]),
        (2, "Haddad", &[(2, "Amina Hassan", None)]),
    ]);
    let are_two = |state: &State| {
        let (one, two) = (household(state, 1), household(state, 2));
        let said = one.is_apart(member(1), (two, member(2)));
        assert_eq!(said, two.is_apart(member(2), (one, member(1))));
        said
    };
    assert!(!are_two(&state));
    let before = household(&state, 1).members.clone();
    let answers = household(&state, 1).parting(member(1), member(2));
    for answer in answers {
        write(&mut state, 1, answer.change, 50);
    }
    assert!(are_two(&state), "whichever of the two families is asked");
    let after = household(&state, 1);
    assert_eq!(after.members, before);
    assert!(after.persons.is_empty() && after.twins().is_empty());
}
