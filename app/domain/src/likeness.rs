//! Who of several members may be the same person, by names in any script and date of birth.
//!
//! Only a guess, to be shown to people: nobody is ever merged because of it.

use crate::family::Member;
use crate::search::duplicates::{Person, duplicates};

/// Pairs of members who look like one person, the likeliest first.
pub fn look_alike<'a, T: Copy + PartialEq>(
    members: impl IntoIterator<Item = (T, &'a Member)>,
) -> Vec<(T, T)> {
    let person = |(id, member): (T, &'a Member)| {
        let name = member.name()?;
        let names = [Some(name.latin.as_str()), name.original.as_deref()];
        Some(Person {
            id,
            names: names.into_iter().flatten().collect(),
            birth: member.birth(),
        })
    };
    let people: Vec<Person<'a, T>> = members.into_iter().filter_map(person).collect();
    let found = duplicates(&people).into_iter();
    found.map(|pair| (pair.one, pair.other)).collect()
}
