//! Who of several members may be the same person, by names in any script and date of birth.
//!
//! Only a guess, to be shown to people: nobody is ever merged because of it.

use jiff::civil::Date;

use crate::family::{Household, Member, Name};
use crate::id::{MemberId, ScopeId};
use crate::order;
use crate::search::duplicates::{
    Births, Called, Person, births, duplicates, is_new_year, likeness,
};

/// So many are told of one person: whoever is told of more reads none of them.
pub const ELSEWHERE_MAX: usize = 3;

/// Pairs of members who look like one person, the likeliest first.
pub fn look_alike<'a, T: Copy + PartialEq>(
    members: impl IntoIterator<Item = (T, &'a Member)>,
) -> Vec<(T, T)> {
    let person = |(id, member): (T, &'a Member)| {
        let name = member.name()?;
        Some(Person {
            id,
            names: scripts(name).collect(),
            birth: member.birth(),
        })
    };
    let people: Vec<Person<'a, T>> = members.into_iter().filter_map(person).collect();
    let found = duplicates(&people).into_iter();
    found.map(|pair| (pair.one, pair.other)).collect()
}

/// Somebody of a family, as written down or as somebody is just typing it.
#[derive(Clone, Copy, Debug)]
pub struct Someone<'a> {
    /// The family.
    pub scope: ScopeId,
    /// What the family is called.
    pub family: Option<&'a Name>,
    /// What the person is called.
    pub name: &'a Name,
    /// Date of birth.
    pub birth: Option<Date>,
}

/// Everybody in several families, with names read once.
#[derive(Clone, Debug, Default)]
pub struct Everybody(Vec<Listed>);

/// One who stands in the list of a family.
#[derive(Clone, Debug)]
struct Listed {
    scope: ScopeId,
    member: MemberId,
    name: Name,
    in_full: Called,
    birth: Option<Date>,
}

impl Everybody {
    /// Everybody who stands in the lists of these families.
    pub fn of<'a>(families: impl IntoIterator<Item = (ScopeId, &'a Household)>) -> Self {
        let families = families.into_iter();
        let listed = families.flat_map(|(scope, household)| {
            let members = household.members.iter();
            members.filter_map(move |(id, member)| {
                let name = member.name()?;
                Some(Listed {
                    scope,
                    member: *id,
                    name: name.clone(),
                    in_full: in_full(name, household.name()),
                    birth: member.birth(),
                })
            })
        });
        Self(listed.collect())
    }

    /// Who of the other families may be this person, the likeliest first, at most
    /// [`ELSEWHERE_MAX`], without those of whom somebody has said that they are not (`is_apart`).
    ///
    /// Many share a given name. So a name of one word counts together with the family's; alone it
    /// counts only where both were born on the same day, and that day is not the one which papers
    /// say when the day is unknown. Another birth rules a person out.
    pub fn like(
        &self,
        one: &Someone<'_>,
        is_apart: &dyn Fn(ScopeId, MemberId) -> bool,
    ) -> Vec<(ScopeId, MemberId)> {
        let called = in_full(one.name, one.family);
        let others = self.0.iter().filter(|other| other.scope != one.scope);
        let alike = |other: &Listed| {
            let births = births(one.birth, other.birth)?;
            let is_day_known = one.birth.is_some_and(|birth| !is_new_year(birth));
            let in_full = called.likeness(&other.in_full);
            let alone = if births == Births::Same && is_day_known {
                given_names(one.name, &other.name)
            } else {
                0
            };
            let alike = in_full.max(alone);
            let is_found = alike >= births.likeness_min() && !is_apart(other.scope, other.member);
            is_found.then_some((births, alike, other.scope, other.member))
        };
        let mut found: Vec<(Births, u8, ScopeId, MemberId)> = others.filter_map(alike).collect();
        order::sort_by(&mut found, |a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
        found.truncate(ELSEWHERE_MAX);
        let found = found.into_iter();
        found.map(|(_, _, scope, member)| (scope, member)).collect()
    }
}

/// A name in each script in which it is known.
fn scripts(name: &Name) -> impl Iterator<Item = &str> {
    let all = [Some(name.latin.as_str()), name.original.as_deref()];
    all.into_iter().flatten()
}

/// What a person is called among people of other families.
fn in_full(name: &Name, family: Option<&Name>) -> Called {
    let family = family.map(|name| name.latin.as_str());
    let names: Vec<String> = scripts(name)
        .map(|name| match (family, name.split_whitespace().count()) {
            (Some(family), 1) => format!("{name} {family}"),
            (Some(_) | None, _) => name.to_owned(),
        })
        .collect();
    Called::new(names.iter().map(String::as_str))
}

/// How alike two names are as they were written.
fn given_names(one: &Name, other: &Name) -> u8 {
    let pairs = scripts(one).flat_map(|one| scripts(other).map(move |other| likeness(one, other)));
    pairs.max().unwrap_or(0)
}
