//! The people who are searched and what is typed to find them: made from a file of pairs and a
//! seed, so that every contestant and every run sees the same.

use std::collections::{BTreeMap, BTreeSet};

use domain::search::words::words_of;
use serde::Serialize;

/// How many people there are, unless the pairs alone are more.
const PEOPLE: usize = 5_000;
const SEED: u64 = 2026;

/// A query and the people who answer it: the one it is meant for and those of the same name.
#[derive(Serialize)]
pub struct Case {
    pub query: String,
    pub answers: Vec<u32>,
}

/// Everything that a contestant is given.
#[derive(Serialize)]
pub struct World {
    pub people: Vec<String>,
    /// The name in its own script, for the record in Latin letters.
    pub original: Vec<Case>,
    /// The Latin name with one typing error.
    pub typing: Vec<Case>,
}

/// A small generator (splitmix64): the bench must not depend on luck.
struct Random(u64);

impl Random {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let count = u64::try_from(count.max(1)).unwrap_or(1);
        usize::try_from(mixed % count).unwrap_or(0)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

/// Makes the world from pairs (`query`, `name`, …) and a list of names (`country`, `kind`,
/// `latin`, …), both with a line of headings.
pub fn world(pairs: &str, names: &str) -> World {
    let mut random = Random(SEED);
    let rows = |text: &str| -> Vec<Vec<String>> {
        let cells = |line: &str| {
            line.split('\t')
                .map(|cell| cell.trim().to_owned())
                .collect()
        };
        text.lines()
            .skip(1)
            .filter(|line| line.contains('\t'))
            .map(cells)
            .collect()
    };
    let pairs: Vec<(String, String)> = rows(pairs)
        .into_iter()
        .filter_map(|row| Some((row.first()?.clone(), row.get(1)?.clone())))
        .collect();
    let mut people: Vec<String> = pairs.iter().map(|(_, name)| name.clone()).collect();
    let mut known: BTreeSet<Vec<String>> = people.iter().map(|name| sorted(name)).collect();
    let parts = Parts::new(&people, &rows(names));
    while people.len() < PEOPLE {
        let name = if people.len().is_multiple_of(2) {
            parts.recombined(&mut random)
        } else {
            parts.listed(&mut random)
        };
        // The lists alone may be exhausted: then a second given name makes a new one.
        let name = name.filter(|name| !known.contains(&sorted(name)));
        let Some(name) = name.or_else(|| parts.longer(&mut random)) else {
            continue;
        };
        if known.insert(sorted(&name)) {
            people.push(name);
        }
    }
    shuffle(&mut people, &mut random);
    let mut by_name: BTreeMap<Vec<String>, Vec<u32>> = BTreeMap::new();
    for (number, name) in (0..).zip(&people) {
        by_name.entry(sorted(name)).or_default().push(number);
    }
    let answers = |name: &str| by_name.get(&sorted(name)).cloned().unwrap_or_default();
    let original = pairs
        .iter()
        .map(|(query, name)| Case {
            query: query.clone(),
            answers: answers(name),
        })
        .collect();
    let typing = pairs
        .iter()
        .map(|(_, name)| Case {
            query: mistyped(name, &mut random),
            answers: answers(name),
        })
        .collect();
    World {
        people,
        original,
        typing,
    }
}

/// The words of names, to make other names of.
struct Parts {
    first: Vec<String>,
    last: Vec<String>,
    /// Given and family names by country.
    lists: Vec<(Vec<String>, Vec<String>)>,
}

impl Parts {
    fn new(people: &[String], names: &[Vec<String>]) -> Self {
        let (mut first, mut last) = (Vec::new(), Vec::new());
        for (given, family) in people.iter().filter_map(|name| name.split_once(' ')) {
            first.push(given.to_owned());
            last.push(family.to_owned());
        }
        let mut lists: BTreeMap<&str, (Vec<String>, Vec<String>)> = BTreeMap::new();
        for row in names {
            if let [country, kind, latin, ..] = row.as_slice() {
                let (given, family) = lists.entry(country).or_default();
                let list = if kind == "family" { family } else { given };
                list.push(latin.clone());
            }
        }
        Self {
            first,
            last,
            lists: lists.into_values().collect(),
        }
    }

    fn recombined(&self, random: &mut Random) -> Option<String> {
        let (first, last) = (random.pick(&self.first)?, random.pick(&self.last)?);
        Some(format!("{first} {last}"))
    }

    fn listed(&self, random: &mut Random) -> Option<String> {
        let (given, family) = random.pick(&self.lists)?;
        Some(format!("{} {}", random.pick(given)?, random.pick(family)?))
    }

    fn longer(&self, random: &mut Random) -> Option<String> {
        let (given, family) = random.pick(&self.lists)?;
        let (one, two) = (random.pick(given)?, random.pick(given)?);
        Some(format!("{one} {two} {}", random.pick(family)?))
    }
}

fn sorted(name: &str) -> Vec<String> {
    let mut words = words_of(name);
    words.sort();
    words
}

fn shuffle(people: &mut [String], random: &mut Random) {
    for last in (1..people.len()).rev() {
        people.swap(last, random.below(last + 1));
    }
}

/// One typing error: two letters swapped, one left out, doubled or another one.
fn mistyped(name: &str, random: &mut Random) -> String {
    let letters: Vec<char> = name.chars().collect();
    for _ in 0..100 {
        let mut typed = letters.clone();
        let at = random.below(typed.len());
        let Some(letter) = typed
            .get(at)
            .copied()
            .filter(|letter| letter.is_alphabetic())
        else {
            continue;
        };
        match random.below(4) {
            0 if at + 1 < typed.len() => typed.swap(at, at + 1),
            1 => drop(typed.remove(at)),
            2 => typed.insert(at, letter),
            3 => {
                let alphabet: Vec<char> = ('a'..='z').collect();
                if let (Some(slot), Some(other)) = (typed.get_mut(at), random.pick(&alphabet)) {
                    *slot = *other;
                }
            }
            _ => continue,
        }
        if typed != letters {
            return typed.into_iter().collect();
        }
    }
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_pairs_make_the_same_world_without_doubles_of_a_target() {
        let pairs = "query\tname\tcountry\nخالد\tKhaled Ali\tDZ\nمريم\tMaryam Khan\tPK\n";
        let names = "country\tkind\tlatin\toriginal\n".to_owned()
            + &(0..90)
                .map(|n| format!("RO\tman\tIon{n}\t\nRO\tfamily\tPop{n}\t\n"))
                .collect::<String>();
        let (one, two) = (world(pairs, &names), world(pairs, &names));
        assert_eq!(one.people, two.people);
        assert_eq!(one.people.len(), PEOPLE);
        let names: BTreeSet<Vec<String>> = one.people.iter().map(|name| sorted(name)).collect();
        assert_eq!(names.len(), PEOPLE);
        for (case, typed) in one.original.iter().zip(&one.typing) {
            assert_eq!(case.answers.len(), 1, "{}", case.query);
            let meant = usize::try_from(case.answers[0]).unwrap();
            assert_ne!(one.people[meant], typed.query);
        }
    }
}
