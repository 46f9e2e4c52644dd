//! Proposing that two records may be one person: the same or nearly the same name, in any order
//! and script, and births that do not speak against it. Never merges: a person decides.

use jiff::civil::Date;

use crate::order;
use crate::search::distance::{alike, is_one_error, weight};
use crate::search::sounds::{ALPHABET, Sounds};
use crate::search::words::words_of;

/// Two names at least so alike are proposed, where the births agree or one is missing.
pub const LIKENESS_MIN: u8 = 80;
/// Where both births are invented, or the day and the month are turned, the names must be nearer.
const LIKENESS_SURE: u8 = 90;
/// Records with one key beyond this many are a very common name: only neighbours are compared.
const NEIGHBOURS_MAX: usize = 40;
/// Words of a name beyond this many are not compared.
const WORDS_MAX: usize = 6;

/// What is known of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person<'a, T> {
    /// Whose record it is.
    pub id: T,
    /// The name in every script that is known.
    pub names: Vec<&'a str>,
    /// Date of birth.
    pub birth: Option<Date>,
}

/// What two births say about whether they are one person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Births {
    /// The same day.
    Same,
    /// One year, and one of them is 1 January: what papers say when the day is unknown.
    Invented,
    /// Day and month are turned.
    Turned,
    /// One of them is not known.
    Unknown,
}

impl Births {
    /// How alike two names must be at least, beside these births.
    pub const fn likeness_min(self) -> u8 {
        match self {
            Self::Same | Self::Unknown => LIKENESS_MIN,
            Self::Invented | Self::Turned => LIKENESS_SURE,
        }
    }
}

/// What one person is called, read once: every way to read it, and the keys under which it is
/// looked for.
#[derive(Clone, Debug)]
pub struct Called {
    readings: Vec<Reading>,
    keys: Vec<String>,
}

impl Called {
    /// Reads the names of one person, in every script that is known.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let readings: Vec<Reading> = names.into_iter().flat_map(readings).collect();
        let keys = keys(&readings);
        Self { readings, keys }
    }

    /// How alike this is to what another is called, 0 to 100: 0 where the two share no key.
    pub fn likeness(&self, other: &Self) -> u8 {
        let is_shared = |key: &String| other.keys.binary_search(key).is_ok();
        if self.keys.iter().any(is_shared) {
            nearest(&self.readings, &other.readings)
        } else {
            0
        }
    }
}

/// Two records that may be one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal<T> {
    /// The record that was given first.
    pub one: T,
    /// The other one.
    pub other: T,
    /// How alike the names are, 0 to 100.
    pub likeness: u8,
    /// What the births say.
    pub births: Births,
}

/// How alike two names are, 0 to 100, whatever the order of their words and their scripts. The
/// words that only the longer name has take a little away.
pub fn likeness(one: &str, other: &str) -> u8 {
    nearest(&readings(one), &readings(other))
}

fn nearest(one: &[Reading], other: &[Reading]) -> u8 {
    let pairs = one
        .iter()
        .flat_map(|one| other.iter().map(|other| near(one, other)));
    pairs.max().unwrap_or(0)
}

/// The keys under which a name is looked for: two names that may be one person's share at least
/// one. Consonants only, in groups that every script has; words by the alphabet.
pub fn duplicate_keys(name: &str) -> Vec<String> {
    keys(&readings(name))
}

fn keys(readings: &[Reading]) -> Vec<String> {
    let mut all: Vec<String> = readings
        .iter()
        .flat_map(|reading| keys_of(reading))
        .collect();
    order::sort_by(&mut all, Ord::cmp);
    all.dedup();
    all
}

fn keys_of(words: &[Heard]) -> Vec<String> {
    let mut words: Vec<String> = words.iter().map(|word| skeleton(&word.sounds)).collect();
    order::sort_by(&mut words, Ord::cmp);
    words.dedup();
    words.retain(|word| !word.is_empty());
    if let [only] = words.as_slice() {
        return vec![only.clone()];
    }
    let pairs = words.iter().enumerate().flat_map(|(at, one)| {
        let others = words.iter().skip(at + 1);
        others.map(move |other| format!("{one} {other}"))
    });
    pairs.collect()
}

/// Pairs of records that may be one person, the likeliest first.
pub fn duplicates<T: Copy + PartialEq>(people: &[Person<'_, T>]) -> Vec<Proposal<T>> {
    let names: Vec<Called> = people
        .iter()
        .map(|person| Called::new(person.names.iter().copied()))
        .collect();
    let mut keys: Vec<(String, Option<Date>, usize)> = Vec::new();
    for (place, (person, called)) in people.iter().zip(&names).enumerate() {
        let own = called.keys.iter().cloned();
        keys.extend(own.map(|key| (key, person.birth, place)));
    }
    order::sort_by(&mut keys, Ord::cmp);
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (at, (key, _, one)) in keys.iter().enumerate() {
        let after = keys.iter().skip(at + 1).take(NEIGHBOURS_MAX);
        let same = after
            .take_while(|(other, ..)| other == key)
            .filter(|(.., other)| other != one);
        pairs.extend(same.map(|(.., other)| (*one.min(other), *one.max(other))));
    }
    order::sort_by(&mut pairs, Ord::cmp);
    pairs.dedup();
    let proposal = |(one, other): (usize, usize)| {
        let births = births(people.get(one)?.birth, people.get(other)?.birth)?;
        let likeness = nearest(&names.get(one)?.readings, &names.get(other)?.readings);
        (likeness >= births.likeness_min()).then_some(Proposal {
            one: people.get(one)?.id,
            other: people.get(other)?.id,
            likeness,
            births,
        })
    };
    let mut found: Vec<Proposal<T>> = pairs.into_iter().filter_map(proposal).collect();
    order::sort_by(&mut found, |a, b| {
        a.births.cmp(&b.births).then(b.likeness.cmp(&a.likeness))
    });
    found
}

/// What two births say; nothing where they are two people's.
pub fn births(one: Option<Date>, other: Option<Date>) -> Option<Births> {
    let (Some(one), Some(other)) = (one, other) else {
        return Some(Births::Unknown);
    };
    if one == other {
        return Some(Births::Same);
    }
    if one.year() != other.year() {
        return None;
    }
    if is_new_year(one) || is_new_year(other) {
        return Some(Births::Invented);
    }
    let is_turned = one.month() == other.day() && one.day() == other.month();
    is_turned.then_some(Births::Turned)
}

/// Whether a day of birth is what papers say when the day is unknown.
pub fn is_new_year(birth: Date) -> bool {
    birth.month() == 1 && birth.day() == 1
}

/// A word with what it sounds like.
#[derive(Clone, Debug)]
struct Heard {
    word: String,
    sounds: Sounds,
}

/// The words of a name in one of the ways to write it.
type Reading = Vec<Heard>;

/// A name as it is written and, of three words and more, with two neighbours as one: Ben Ali is
/// Benali.
fn readings(name: &str) -> Vec<Reading> {
    let mut words = words_of(name);
    words.truncate(WORDS_MAX);
    let mut readings = vec![heard(words.clone())];
    let joints = if words.len() > 2 { words.len() - 1 } else { 0 };
    for joint in 0..joints {
        let mut joined = words.clone();
        let next = joined.remove(joint + 1);
        if let Some(word) = joined.get_mut(joint) {
            word.push_str(&next);
        }
        readings.push(heard(joined));
    }
    readings
}

fn heard(words: Vec<String>) -> Reading {
    let heard = |word: String| {
        let stem = word
            .strip_prefix("ال")
            .filter(|stem| stem.chars().nth(2).is_some());
        let sounds = Sounds::of(stem.unwrap_or(&word));
        Heard { word, sounds }
    };
    words.into_iter().map(heard).collect()
}

fn skeleton(sounds: &Sounds) -> String {
    let letter = |code: &u8| {
        Some(match ALPHABET.get(usize::from(*code))? {
            b'b' | b'p' | b'f' => 'b',
            b't' | b'd' | b'T' | b'D' => 't',
            b's' | b'z' | b'c' | b'S' | b'Z' => 's',
            b'k' | b'g' | b'j' | b'x' => 'k',
            letter @ (b'm' | b'n' | b'l' | b'r') => char::from(*letter),
            _ => return None,
        })
    };
    let mut letters: Vec<char> = sounds.codes.iter().filter_map(letter).collect();
    letters.dedup();
    letters.into_iter().collect()
}

/// Each word of the shorter name with the nearest one of the longer that is left, best pair first.
fn near(one: &[Heard], other: &[Heard]) -> u8 {
    // Which comes first must not depend on who asks.
    let order = |name: &[Heard]| {
        (
            name.len(),
            name.iter().map(|heard| heard.word.clone()).collect(),
        )
    };
    let (mine, theirs): ((usize, Vec<String>), _) = (order(one), order(other));
    let (short, long) = if mine <= theirs {
        (one, other)
    } else {
        (other, one)
    };
    let mut pairs: Vec<(u8, usize, usize)> = Vec::new();
    for (a, one) in short.iter().enumerate() {
        pairs.extend(
            long.iter()
                .enumerate()
                .map(|(b, other)| (closeness(one, other), a, b)),
        );
    }
    order::sort_by(&mut pairs, |a, b| {
        b.0.cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2)))
    });
    let (mut left, mut right) = (vec![false; short.len()], vec![false; long.len()]);
    let (mut sum, mut all) = (0_u32, 0_u32);
    for (alike, a, b) in pairs {
        if let (Some(left @ false), Some(right @ false), Some(word)) =
            (left.get_mut(a), right.get_mut(b), short.get(a))
        {
            (*left, *right) = (true, true);
            let weight = u32::from(weight(&word.sounds.codes)).max(1);
            sum += weight * u32::from(alike);
            all += weight;
        }
    }
    let beyond = u32::try_from(long.len() - short.len()).unwrap_or(u32::MAX);
    let share = (sum / all.max(1)).saturating_sub(beyond.saturating_mul(4));
    u8::try_from(share).unwrap_or(0)
}

fn closeness(one: &Heard, other: &Heard) -> u8 {
    if one.word == other.word {
        return 100;
    }
    let (whole, _) = alike(&one.sounds, (&other.sounds.codes, other.sounds.is_bare));
    if is_one_error(&one.word, &other.word) {
        whole.max(88)
    } else {
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn likeness_needs_neither_order_nor_script() {
        for (one, other, least, most) in [
            ("Mohamed Benali", "Benali Mohamed", 100, 100),
            ("Mohammed Ben Ali", "Mohamed Benali", 90, 99),
            ("محمد بن علي", "Mohamed Benali", 80, 99),
            ("Khaled Bouchaara", "خالد بوشعرة", 88, 99),
            ("Oleksandr Shevchenko", "Шевченко Олександр", 90, 99),
            ("王小明", "Wang Xiaoming", 95, 99),
            ("Harpreet Kaur", "ਹਰਪ੍ਰੀਤ ਕੌਰ", 85, 99),
            ("Fatima Zahra Amrani", "Fatima Amrani", 90, 99),
            ("Fatima Amrani", "Fatma Amrani", 90, 99),
            ("Fatima Amrani", "Karim Amrani", 0, 79),
            ("Ali Khan", "Sara Hassan", 0, 60),
            ("", "Ali", 0, 0),
        ] {
            let found = likeness(one, other);
            assert!((least..=most).contains(&found), "{one}, {other}: {found}");
            assert_eq!(found, likeness(other, one), "{one}, {other}");
        }
    }

    #[test]
    fn births_speak_for_or_against() {
        let person = |id, name, birth| Person {
            id,
            names: vec![name],
            birth,
        };
        let people = [
            person(0, "Mohamed Amrani", Some(date(1985, 3, 4))),
            person(1, "محمد العمراني", Some(date(1985, 3, 4))),
            person(2, "Amrani Mohamed", Some(date(1985, 4, 3))),
            person(3, "Mohammed Amrani", Some(date(1985, 1, 1))),
            person(4, "Mohamed Amrani", Some(date(1990, 7, 9))),
            person(5, "Mohamed Amrani", None),
            person(6, "Youssef Amrani", Some(date(1985, 3, 4))),
            person(7, "Karim Ben Ali", None),
            person(8, "كريم بنعلي", None),
        ];
        let found = duplicates(&people);
        let pairs: Vec<(usize, usize, Births)> = found
            .iter()
            .map(|pair| (pair.one, pair.other, pair.births))
            .collect();
        for pair in [
            (0, 1, Births::Same),
            (0, 2, Births::Turned),
            (0, 3, Births::Invented),
            (0, 5, Births::Unknown),
            (4, 5, Births::Unknown),
            (7, 8, Births::Unknown),
        ] {
            assert!(pairs.contains(&pair), "{pair:?} of {pairs:?}");
        }
        let is_wrong = |(one, other, _): &(usize, usize, Births)| {
            *other == 6 || (*one, *other) == (0, 4) || (*one, *other) == (3, 4)
        };
        assert!(!pairs.iter().any(is_wrong), "{pairs:?}");
        assert_eq!(pairs[0], (0, 1, Births::Same), "the likeliest comes first");
    }

    #[test]
    fn a_thousand_people_of_one_name_are_not_a_million_pairs() {
        let person = |id| Person {
            id,
            names: vec!["Ali Khan"],
            birth: None,
        };
        let people: Vec<Person<'_, u32>> = (0..1_000).map(person).collect();
        assert!(duplicates(&people).len() <= 1_000 * NEIGHBOURS_MAX);
    }
}
