//! Draws a household: who they are, where they live, how to reach them.

use domain::family::{Comune, Language, Name, Phone};
use domain::vocabulary::MemberRole;
use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::bank::{Bank, Country, Place};
use super::chance::Chance;
use super::story::{Household, Person};

/// The first digits of the invented mobile numbers; what follows, 555 01…, is nobody's.
const PREFIXES: [&str; 8] = ["320", "327", "329", "333", "338", "347", "380", "388"];

/// A household of one country. `number` counts the households: no two share a telephone.
pub fn draw(
    bank: &Bank,
    chance: &mut Chance,
    country: &Country,
    surname: Name,
    place: &Place,
    number: usize,
    today: Date,
) -> Household {
    let people = draw_people(bank, chance, country, today);
    let speaks_italian = people
        .iter()
        .filter(|person| person.is_adult())
        .all(|person| person.speaks.contains(&Language("it".to_owned())));
    let is_landline = chance.percent(10);
    let end = format!("{:02} {:02}", 1 + number / 100, number % 100);
    let number = if is_landline {
        format!("0371 555 {end}")
    } else {
        format!("{} 555 {end}", chance.pick(&PREFIXES))
    };
    Household {
        name: surname,
        comune: Comune {
            istat: place.istat.clone(),
            name: place.name.clone(),
        },
        address: format!("{} {}", chance.pick(&bank.streets), chance.between(1, 98)),
        phone: Phone {
            number,
            holder: chance
                .percent(15)
                .then(|| bank.note(chance, "holder").to_owned()),
        },
        safe: chance
            .percent(40)
            .then(|| bank.note(chance, "safe").to_owned()),
        language: Language(country.language.clone()),
        is_interpreter_needed: !speaks_italian && chance.percent(75),
        people,
    }
}

fn draw_people(bank: &Bank, chance: &mut Chance, country: &Country, today: Date) -> Vec<Person> {
    let (is_couple, children) = match chance.below(100) {
        0..65 => (true, chance.between(1, 4)),
        65..83 => (false, chance.between(1, 3)),
        83..94 => (false, 0),
        _ => (true, 0),
    };
    let age = if children > 0 {
        chance.between(24, 46)
    } else {
        chance.between(20, 58)
    };
    // One adult alone with children is a mother more often than not, as in the desks' records.
    let is_woman = if is_couple || children == 0 {
        chance.percent(45)
    } else {
        chance.percent(88)
    };
    let mut draw = Draw {
        bank,
        chance,
        country,
        today,
        taken: Vec::new(),
    };
    let mut people = vec![draw.adult(MemberRole::Reference, age, is_woman)];
    if is_couple {
        let other = age + draw.chance.between(-6, 6);
        people.push(draw.adult(MemberRole::Partner, other.max(20), !is_woman));
    }
    let youngest_parent = people.iter().map(|person| person.age).min().unwrap_or(age);
    for _ in 0..children {
        let child = draw.chance.between(0, (youngest_parent - 19).clamp(0, 17));
        let is_girl = draw.chance.percent(50);
        people.push(draw.child(child, is_girl));
    }
    if (1..4).contains(&children) && draw.chance.percent(9) {
        people.push(draw.adult(MemberRole::Other, age + 25, true));
    }
    people
}

struct Draw<'a> {
    bank: &'a Bank,
    chance: &'a mut Chance,
    country: &'a Country,
    today: Date,
    taken: Vec<String>,
}

impl Draw<'_> {
    fn adult(&mut self, role: MemberRole, age: i32, is_female: bool) -> Person {
        let mut speaks: Vec<Language> = self.country.speaks.split('|').map(tag).collect();
        let mother = speaks.first().cloned();
        let italian = if role == MemberRole::Other { 10 } else { 55 };
        let mut reads = Vec::new();
        if self.chance.percent(88) {
            reads.extend(speaks.iter().find(|one| one.0 != "wo").or(mother.as_ref()));
        }
        let mut reads: Vec<Language> = reads.into_iter().cloned().collect();
        if self.chance.percent(italian) {
            speaks.push(tag("it"));
            if self.chance.percent(55) {
                reads.push(tag("it"));
            }
        }
        let kind = if is_female { "woman" } else { "man" };
        self.person(kind, role, age, is_female, speaks, reads)
    }

    fn child(&mut self, age: i32, is_female: bool) -> Person {
        let mother = self.country.speaks.split('|').next().map(tag);
        let mut speaks: Vec<Language> = Vec::new();
        let mut reads = Vec::new();
        if age >= 2 {
            speaks.extend(mother);
        }
        if age >= 4 {
            speaks.insert(0, tag("it"));
        }
        if age >= 7 {
            reads.push(tag("it"));
        }
        let kind = if is_female { "girl" } else { "boy" };
        self.person(kind, MemberRole::Child, age, is_female, speaks, reads)
    }

    fn person(
        &mut self,
        kind: &str,
        role: MemberRole,
        age: i32,
        is_female: bool,
        speaks: Vec<Language>,
        reads: Vec<Language>,
    ) -> Person {
        let names = self.bank.names(&self.country.country, kind);
        let free: Vec<_> = names
            .iter()
            .filter(|row| !self.taken.contains(&row.latin))
            .collect();
        let row = if free.is_empty() {
            self.chance.pick(&names)
        } else {
            self.chance.pick(&free)
        };
        self.taken.push(row.latin.clone());
        Person {
            name: row.name(),
            role,
            birth: birth(self.chance, self.today, age),
            age,
            is_female,
            citizenship: self.country.country.clone(),
            speaks,
            reads,
        }
    }
}

fn tag(language: &str) -> Language {
    Language(language.to_owned())
}

/// A day of birth for an age. Some papers know the year only and say the first of January.
fn birth(chance: &mut Chance, today: Date, age: i32) -> Date {
    let since = chance.between(1, 364);
    let day = today
        .saturating_sub(age.years())
        .saturating_sub(since.days());
    if age > 18 && chance.percent(6) {
        return date(day.year(), 1, 1);
    }
    day
}
