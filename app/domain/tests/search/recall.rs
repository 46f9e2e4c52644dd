//! How many of the people in `pairs.tsv` are among the first five found, between others made of
//! the same words. `cargo xtask bench search` measures the same among 5,000 and beside a peer.

use domain::search::Index;

const PAIRS: &str = include_str!("pairs.tsv");
const LIMIT: usize = 5;

fn pairs() -> Vec<(&'static str, &'static str)> {
    let cells = |line: &'static str| {
        let mut cells = line.split('\t');
        (
            cells.next().unwrap_or_default(),
            cells.next().unwrap_or_default(),
        )
    };
    PAIRS.lines().skip(1).map(cells).collect()
}

/// Everybody in the pairs, then people who have the first word of one and the last of another.
fn people() -> Vec<String> {
    let names: Vec<&str> = pairs().iter().map(|(_, name)| *name).collect();
    let word = |name: &str, at_end: bool| {
        let mut words = name.split(' ');
        let found = if at_end {
            words.next_back()
        } else {
            words.next()
        };
        found.unwrap_or_default().to_owned()
    };
    let mut people: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    for (at, name) in names.iter().enumerate() {
        for step in [1, 7, 31, 59] {
            let other = names[(at + step) % names.len()];
            people.push(format!("{} {}", word(name, false), word(other, true)));
        }
    }
    people
}

fn recall(queries: impl IntoIterator<Item = String>) -> usize {
    let people = people();
    let index = Index::new(
        people
            .iter()
            .enumerate()
            .map(|(id, name)| (id, [name.as_str()])),
    );
    let is_found = |(meant, query): &(usize, String)| {
        let found = index.find(query, LIMIT);
        found.iter().any(|found| people[found.id] == people[*meant])
    };
    let missed: Vec<String> = queries
        .into_iter()
        .enumerate()
        .filter(|case| !is_found(case))
        .map(|(meant, query)| format!("{query} → {}", people[meant]))
        .collect();
    println!("missed: {missed:?}");
    pairs().len() - missed.len()
}

#[test]
fn an_arabic_name_finds_its_latin_record() {
    let found = recall(pairs().iter().map(|(query, _)| (*query).to_owned()));
    assert!(found >= 116, "{found} of {}", pairs().len());
}

#[test]
fn a_latin_name_with_one_typing_error_finds_its_record() {
    let mistyped = |(at, (_, name)): (usize, &(&str, &str))| {
        let mut letters: Vec<char> = name.chars().collect();
        let place = 1 + at * 7 % (letters.len() - 2);
        match at % 4 {
            0 => letters.swap(place, place + 1),
            1 => drop(letters.remove(place)),
            2 => letters.insert(place, letters[place]),
            _ => letters[place] = char::from(b'a' + (at * 11 % 26) as u8),
        }
        letters.into_iter().collect()
    };
    let found = recall(pairs().iter().enumerate().map(mistyped));
    assert!(found >= 118, "{found} of {}", pairs().len());
}

#[test]
fn every_name_finds_itself_first() {
    let people = people();
    let index = Index::new(
        people
            .iter()
            .enumerate()
            .map(|(id, name)| (id, [name.as_str()])),
    );
    for name in &people {
        let found = index.find(name, LIMIT);
        let place = found.iter().position(|found| people[found.id] == *name);
        let tied = place.map(|place| found[place].score);
        assert_eq!(tied, found.first().map(|first| first.score), "{name}");
    }
}
