//! The whole demonstration before anything is written: who works here, and every family's file.

use std::collections::BTreeMap;

use domain::family::Name;
use domain::id::{DeviceId, Millis, OpId, ScopeId, UserId};
use domain::visit::Appointment;
use domain::vocabulary::{Place as VisitPlace, Role};
use jiff::civil::Date;

use super::bank::{Bank, Country};
use super::calendar::{Moment, day, hour, instant, is_sunday};
use super::chance::Chance;
use super::course::{self, PLOTS, Plot};
use super::scribe::{self, Author, Counts, File, Hands};
use super::story::{Story, What};
use super::{hassan, household, reading};
use crate::store::User;
use crate::store::naming::Names;

/// Sign-in name, display name, role.
const PEOPLE: [(&str, &str, Role); 9] = [
    ("samira", "Samira Belhadj", Role::Mediator),
    ("ionela", "Ionela Munteanu", Role::Mediator),
    ("arta", "Arta Prifti", Role::Mediator),
    ("harpreet", "Harpreet Kaur", Role::Mediator),
    ("elena", "Elena Rossetti", Role::SocialWorker),
    ("davide", "Davide Locatelli", Role::SocialWorker),
    ("chiara", "Chiara Vailati", Role::SocialWorker),
    ("marta", "Marta Bianchi", Role::Coordinator),
    ("paolo", "Paolo Gandini", Role::Administrator),
];

/// How many disagreements stand besides those of the family told by hand.
const DISPUTES: usize = 5;

/// The stream of chance of who read what: after the families' own, before the scribes'.
const READING: u64 = 999;

/// An invented person who signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// Who.
    pub id: UserId,
    /// What they type to sign in.
    pub login: String,
    /// Display name.
    pub name: String,
    /// Role.
    pub role: Role,
}

impl Colleague {
    /// The person as the store knows them.
    pub fn user(&self) -> User {
        User {
            id: self.id,
            login: self.login.clone(),
            name: self.name.clone(),
            role: self.role,
            is_active: true,
        }
    }
}

/// Everything that a demonstration holds.
pub struct World {
    /// When the first of it happened.
    pub began: Millis,
    /// Who works here.
    pub colleagues: Vec<Colleague>,
    /// What everybody may know.
    pub reference: File,
    /// The families' files.
    pub files: Vec<File>,
}

impl World {
    /// Tells the demonstration. The same seed, day and system user give the same bytes.
    pub fn tell(seed: u64, today: Date, system: UserId) -> Self {
        let bank = Bank::read();
        let mut chance = Chance::new(seed, 0);
        let began = instant(
            today,
            Moment {
                days: -240,
                minute: 480,
            },
        );
        let colleagues: Vec<Colleague> = PEOPLE
            .iter()
            .map(|(login, name, role)| Colleague {
                id: chance.id(began, UserId::new),
                login: (*login).to_owned(),
                name: (*name).to_owned(),
                role: *role,
            })
            .collect();
        let reference = reference(&mut chance, &colleagues, system, began);
        let mut stories = stories(&bank, &mut chance, seed, today);
        plan_visits(&bank, &mut chance, &mut stories, &colleagues, today);
        reading::tell(&mut Chance::new(seed, READING), &mut stories);
        let authors: BTreeMap<&str, Author> = colleagues
            .iter()
            .map(|colleague| {
                (
                    colleague.login.as_str(),
                    author(&mut chance, colleague, began),
                )
            })
            .collect();
        let readers: Vec<UserId> = colleagues
            .iter()
            .filter(|colleague| colleague.role == Role::Coordinator)
            .map(|colleague| colleague.id)
            .collect();
        let mut counts = Counts::new();
        let mut files = Vec::new();
        for (stream, story) in (1_000..).zip(&stories) {
            let pen = |login: &str| {
                *authors
                    .get(login)
                    .expect("a story names colleagues of the list")
            };
            let hands = Hands {
                tutor: pen(&story.mediator),
                reviewer: pen(&story.social_worker),
                stand_in: story.stand_in.as_deref().map(pen),
                readers: readers.clone(),
            };
            let mut chance = Chance::new(seed, stream);
            files.push(scribe::write(story, &hands, &mut chance, &mut counts));
        }
        Self {
            began,
            colleagues,
            reference,
            files,
        }
    }

    /// The role of a person of this world.
    pub fn role(&self, user: UserId) -> Role {
        self.colleagues
            .iter()
            .find(|colleague| colleague.id == user)
            .map_or(Role::System, |colleague| colleague.role)
    }
}

fn author(chance: &mut Chance, colleague: &Colleague, began: Millis) -> Author {
    Author {
        user: colleague.id,
        device: chance.id(began, DeviceId::new),
        elsewhere: chance.id(began, DeviceId::new),
    }
}

fn reference(chance: &mut Chance, people: &[Colleague], system: UserId, began: Millis) -> File {
    let scope = chance.id(began, ScopeId::new);
    let mut names = Names::new(scope, system);
    let ops = people.iter().filter_map(|colleague| {
        let user = colleague.user();
        names.name(&user, began.plus(1), |at| chance.id(at, OpId::new))
    });
    File {
        scope,
        ops: ops.collect(),
        grants: Vec::new(),
    }
}

/// Every family's story: the one told by hand, then the drawn ones.
fn stories(bank: &Bank, chance: &mut Chance, seed: u64, today: Date) -> Vec<Story> {
    let mut plots: Vec<Plot> = PLOTS
        .iter()
        .flat_map(|(plot, many)| std::iter::repeat_n(*plot, *many))
        .collect();
    chance.shuffle(&mut plots);
    let mut stories = vec![hassan::tell(today)];
    for country in &bank.countries {
        let mut surnames: Vec<Name> = bank
            .names(&country.country, "family")
            .into_iter()
            .map(super::bank::NameRow::name)
            .collect();
        chance.shuffle(&mut surnames);
        // The family told by hand is one of Egypt's.
        let many = country.families - usize::from(country.country == "EG");
        for surname in surnames.iter().cycle().take(many) {
            let number = stories.len();
            let plot = plots.pop().unwrap_or(Plot::Active);
            let stream = u64::try_from(number).unwrap_or(0);
            let mut own = Chance::new(seed, stream);
            stories.push(draw(
                bank,
                &mut own,
                country,
                surname.clone(),
                number,
                plot,
                today,
            ));
        }
    }
    let mut disputed = 0;
    for (story, at) in stories.iter_mut().skip(1).zip(0_usize..) {
        let is_quiet = story.is_open && story.events.iter().any(|event| is_visit(&event.what));
        if disputed < DISPUTES && at % 13 == 5 && is_quiet {
            course::tell_dispute(chance, story, disputed);
            disputed += 1;
        }
    }
    stories
}

fn is_visit(what: &What) -> bool {
    matches!(what, What::Visited(_))
}

fn draw(
    bank: &Bank,
    chance: &mut Chance,
    country: &Country,
    surname: Name,
    number: usize,
    plot: Plot,
    today: Date,
) -> Story {
    let place = chance.weighted(&bank.places, |place| place.weight).clone();
    let mut story = Story {
        household: household::draw(bank, chance, country, surname, &place, number, today),
        mediator: country.mediator.clone(),
        social_worker: place.social_worker.clone(),
        stand_in: None,
        is_open: true,
        events: Vec::new(),
        today,
    };
    course::tell(bank, chance, &mut story, plot);
    story
}

/// Today's visits and those of the next ten days, mediator by mediator.
fn plan_visits(
    bank: &Bank,
    chance: &mut Chance,
    stories: &mut [Story],
    people: &[Colleague],
    today: Date,
) {
    for colleague in people {
        let mut own: Vec<usize> = (1..stories.len())
            .filter(|at| {
                stories
                    .get(*at)
                    .is_some_and(|story| story.mediator == colleague.login && story.is_open)
            })
            .collect();
        if own.is_empty() {
            continue;
        }
        chance.shuffle(&mut own);
        let mut hours = vec![9 * 60, 11 * 60, 14 * 60, 16 * 60 + 30];
        hours.truncate(usize::try_from(chance.between(2, 4)).unwrap_or(3));
        if stories
            .first()
            .is_some_and(|first| first.mediator == colleague.login)
        {
            own.insert(0, 0);
            hours = vec![10 * 60 + 30, 14 * 60, 16 * 60 + 30];
        }
        let mut families = own.into_iter();
        for minute in hours {
            if let Some(at) = families.next() {
                plan(bank, chance, stories, at, 0, minute);
            }
        }
        // One visit of the day before yesterday was made, but not closed on the phone.
        if let Some(at) = families.next() {
            plan(bank, chance, stories, at, -2, 15 * 60);
        }
        for days in (1..=10).filter(|days| !is_sunday(today, *days)) {
            for minute in [9 * 60 + 30, 15 * 60].into_iter().take(1 + chance.below(2)) {
                if let Some(at) = families.next() {
                    plan(bank, chance, stories, at, days, minute);
                }
            }
        }
    }
}

fn plan(
    bank: &Bank,
    chance: &mut Chance,
    stories: &mut [Story],
    at: usize,
    days: i32,
    minute: i32,
) {
    let Some(story) = stories.get_mut(at) else {
        return;
    };
    let place = if at == 0 || chance.percent(70) {
        VisitPlace::AtHome
    } else {
        VisitPlace::Office
    };
    let is_first = !story.events.iter().any(|event| is_visit(&event.what));
    let about = if is_first {
        "Primo incontro sul piano".to_owned()
    } else if at == 0 {
        "Vediamo i passi della volta scorsa".to_owned()
    } else {
        bank.note(chance, "about").to_owned()
    };
    let appointment = Appointment {
        date: day(story.today, days),
        time: Some(hour(minute)),
        place,
        about,
    };
    let planned = Moment {
        days: days.min(0) - chance.between(1, 6),
        minute: chance.between(9 * 60, 17 * 60),
    };
    story.tell(planned, What::Planned(appointment, false));
}
