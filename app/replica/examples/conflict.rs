//! Random histories of people who write without each other, and what becomes of their words here.
//!
//! `conflict FROM SEEDS` prints one history a line, as JSON, with our own outcome: who wrote what,
//! who synced when. `cargo xtask bench conflict` runs the same lines through PouchDB. A history
//! says what people do, never what a store answers: what stands on a screen is each store's own.
//! Here the phones are the real state machine and the server is the real judgement: both sides
//! replicate.

#![expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "every index comes from the same history, and it is a measurement, not the product"
)]

#[path = "conflict/device.rs"]
mod device;
#[path = "../tests/simulation/dice.rs"]
#[expect(dead_code, reason = "the simulation uses more of it")]
mod dice;
#[path = "conflict/server.rs"]
mod server;

use std::collections::BTreeSet;

use device::Device;
use dice::Dice;
use domain::family::{FamilyField, FamilyKey, Phone};
use domain::field::{Field, Fields};
use domain::id::{DeviceId, GoalId, Millis, OpId, ScopeId, UserId};
use domain::op::{Known, Op, SCHEMA};
use domain::plan::{FamilyWords, GoalField, GoalKey, NextStep};
use domain::state::Case;
use serde::Serialize;
use server::Server;

const START: Millis = Millis(1_760_000_000_000);
const THREE_DAYS_MS: i64 = 3 * 24 * 60 * 60 * 1000;
const GOALS: u64 = 3;
/// Times that everybody may have to meet the server until nothing moves.
const ROUNDS_MAX: usize = 4;

/// A field that people write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum Name {
    Expected,
    FamilyWords,
    NextStep,
    Address,
    Phone,
}

/// One field of one thing; without a goal, of the household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Place {
    #[serde(skip_serializing_if = "Option::is_none")]
    goal: Option<u64>,
    field: Name,
}

/// What somebody does. Paragraphs are counted on the screen of who does it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "do")]
enum Deed {
    /// Writes the whole field anew.
    Write { at: Place, text: String },
    /// Writes one paragraph anew, or a further one.
    Paragraph {
        at: Place,
        number: u64,
        text: String,
    },
    /// Takes one paragraph out.
    Strike { at: Place, number: u64 },
    /// Adds a note.
    Note { text: String },
    /// Meets the server.
    Sync,
}

#[derive(Clone, Debug, Serialize)]
struct Step {
    who: usize,
    /// The clock of who does it, as wrong as it is.
    clock: i64,
    #[serde(flatten)]
    deed: Deed,
}

#[derive(Serialize)]
struct History {
    seed: u64,
    people: usize,
    words: usize,
    steps: Vec<Step>,
    percorso: Outcome,
}

/// What became of the words.
#[derive(Serialize)]
struct Outcome {
    /// Taken off the screen by somebody who had them there.
    replaced: usize,
    /// On everybody's screen at the end, as the value or beside it.
    shown: usize,
    /// Neither: nobody decided that they should go.
    lost: usize,
    /// Of those, what the history of the field still tells.
    lost_in_history: usize,
    /// Fields that wait for a person to choose.
    conflicts: usize,
}

fn main() {
    let mut arguments = std::env::args().skip(1).map(|text| {
        text.parse::<u64>()
            .expect("conflict FROM SEEDS: two whole numbers")
    });
    let from = arguments.next().unwrap_or(0);
    let seeds = arguments.next().unwrap_or(1);
    for seed in from..from + seeds {
        let history = history(seed);
        println!(
            "{}",
            serde_json::to_string(&history).expect("a history is JSON")
        );
    }
}

/// Draws a history and runs it.
fn history(seed: u64) -> History {
    let mut dice = Dice::new(seed);
    let people = 2 + dice.below(3) as usize;
    let steps = steps(people, &mut dice);
    let percorso = World::new(people, &mut dice).run(&steps);
    let words = typed(&steps).len();
    History {
        seed,
        people,
        words,
        steps,
        percorso,
    }
}

/// First one person writes every field and all meet; then everybody goes their own way.
fn steps(people: usize, dice: &mut Dice) -> Vec<Step> {
    let skews: Vec<i64> = (0..people)
        .map(|_| dice.between(-THREE_DAYS_MS, THREE_DAYS_MS))
        .collect();
    let mut now = START.0;
    let mut count = 0;
    let mut steps = Vec::new();
    let mut push = |who: usize, deed: Deed, dice: &mut Dice| {
        now += dice.between(1_000, 3_600_000);
        let clock = now + skews[who];
        steps.push(Step { who, clock, deed });
    };
    for at in places() {
        let lines = if is_text(at.field) { 3 } else { 1 };
        let text: Vec<String> = (0..lines).map(|_| words(&mut count, dice)).collect();
        let text = text.join("\n");
        push(0, Deed::Write { at, text }, dice);
    }
    for who in 0..people {
        push(who, Deed::Sync, dice);
    }
    for _ in 0..dice.between(40, 80) {
        let who = dice.below(people as u64) as usize;
        let deed = deed(&mut count, dice);
        push(who, deed, dice);
    }
    // The network is back for good: everybody's words reach everybody.
    for who in (0..people).chain(0..people) {
        push(who, Deed::Sync, dice);
    }
    steps
}

fn deed(count: &mut u64, dice: &mut Dice) -> Deed {
    let at = *dice.one_of(&places());
    match dice.below(100) {
        0..20 => Deed::Sync,
        20..30 => Deed::Note {
            text: words(count, dice),
        },
        30..36 if is_text(at.field) => Deed::Strike {
            at,
            number: dice.below(4),
        },
        36..70 if is_text(at.field) => Deed::Paragraph {
            at,
            number: dice.below(4),
            text: words(count, dice),
        },
        _ => Deed::Write {
            at,
            text: words(count, dice),
        },
    }
}

fn places() -> Vec<Place> {
    let goals = (0..GOALS).flat_map(|goal| {
        [Name::Expected, Name::FamilyWords, Name::NextStep].map(|field| Place {
            goal: Some(goal),
            field,
        })
    });
    let household = [Name::Address, Name::Phone].map(|field| Place { goal: None, field });
    goals.chain(household).collect()
}

/// Whether people write it paragraph by paragraph.
const fn is_text(field: Name) -> bool {
    match field {
        Name::Expected | Name::FamilyWords => true,
        Name::NextStep | Name::Address | Name::Phone => false,
    }
}

/// Two to five words, each of which nobody ever writes again: so that each can be looked for.
fn words(count: &mut u64, dice: &mut Dice) -> String {
    const WORDS: [&str; 8] = [
        "scuola", "medico", "casa", "lavoro", "corso", "lettera", "autobus", "vicina",
    ];
    let mut text = Vec::new();
    for _ in 0..2 + dice.below(4) {
        *count += 1;
        text.push(format!("{}{count}", dice.one_of(&WORDS)));
    }
    text.join(" ")
}

fn typed(steps: &[Step]) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for step in steps {
        match &step.deed {
            Deed::Write { text, .. } | Deed::Paragraph { text, .. } | Deed::Note { text } => {
                all.extend(split(text));
            }
            Deed::Strike { .. } | Deed::Sync => {}
        }
    }
    all
}

fn split(text: &str) -> impl Iterator<Item = String> {
    text.split_whitespace().map(str::to_owned)
}

struct World {
    scope: ScopeId,
    goals: Vec<GoalId>,
    server: Server,
    devices: Vec<Device>,
    replaced: BTreeSet<String>,
    dice: Dice,
}

impl World {
    /// Everybody has signed in once, and has the family with nothing in it.
    fn new(people: usize, dice: &mut Dice) -> Self {
        let scope = ScopeId::new(START, dice.bytes10());
        let goals = (0..GOALS).map(|_| GoalId::new(START, dice.bytes10()));
        let goals = goals.collect();
        let mut server = Server::new(scope, START);
        let mut device = || {
            let user = UserId::new(START, dice.bytes10());
            let mut device = Device::new(user, DeviceId::new(START, dice.bytes10()));
            device.meet(START, &mut server);
            device
        };
        Self {
            scope,
            goals,
            devices: (0..people).map(|_| device()).collect(),
            server,
            replaced: BTreeSet::new(),
            dice: Dice::new(dice.next()),
        }
    }

    fn run(mut self, steps: &[Step]) -> Outcome {
        for step in steps {
            match &step.deed {
                Deed::Write { at, text } => self.write(step, *at, text.clone()),
                Deed::Paragraph { at, number, text } => {
                    let mut lines = self.lines(step.who, *at);
                    let place = (*number as usize) % (lines.len() + 1);
                    match lines.get_mut(place) {
                        Some(line) => line.clone_from(text),
                        None => lines.push(text.clone()),
                    }
                    self.write(step, *at, lines.join("\n"));
                }
                Deed::Strike { at, number } => {
                    let mut lines = self.lines(step.who, *at);
                    if lines.len() > 1 {
                        lines.remove((*number as usize) % lines.len());
                        self.write(step, *at, lines.join("\n"));
                    }
                }
                Deed::Note { text } => {
                    let words = text.clone();
                    let note = Known::NoteAdded {
                        words,
                        corrects: None,
                    };
                    self.record(step, note, Vec::new());
                }
                Deed::Sync => self.devices[step.who].meet(Millis(step.clock), &mut self.server),
            }
        }
        self.settle();
        self.outcome(&typed(steps))
    }

    /// Everybody meets the server until nothing moves, and then nothing may be on its way.
    fn settle(&mut self) {
        for _ in 0..ROUNDS_MAX {
            let before = self.standing();
            for device in &mut self.devices {
                device.meet(START, &mut self.server);
            }
            if self.standing() == before {
                break;
            }
        }
        let read_all = (self.server.head(), 0);
        for at in self.standing() {
            assert!(at == read_all, "a phone has not read or not sent all");
        }
    }

    fn standing(&self) -> Vec<(u64, usize)> {
        let devices = self.devices.iter();
        devices.map(|device| device.standing(self.scope)).collect()
    }

    fn lines(&self, who: usize, at: Place) -> Vec<String> {
        let screen = self.screen(who, at);
        screen.value.split('\n').map(str::to_owned).collect()
    }

    fn write(&mut self, step: &Step, at: Place, text: String) {
        let before = self.screen(step.who, at);
        let known = match at.goal {
            Some(goal) => Known::GoalWritten {
                goal: self.goals[goal as usize],
                field: goal_field(at.field, text),
            },
            None => Known::FamilyWritten(family_field(at.field, text)),
        };
        self.record(step, known, before.heads.clone());
        let after = self.screen(step.who, at).words();
        self.replaced
            .extend(before.words().difference(&after).cloned());
    }

    fn record(&mut self, step: &Step, known: Known, replaces: Vec<OpId>) {
        let at = Millis(step.clock);
        let device = &mut self.devices[step.who];
        let op = Op {
            id: OpId::new(at, self.dice.bytes10()),
            device: device.owner().device,
            // The phone counts.
            device_seq: 0,
            scope: self.scope,
            author: device.owner().user,
            at,
            schema: SCHEMA,
            replaces,
            change: known.into(),
        };
        device.record(at, op);
    }

    fn screen(&self, who: usize, at: Place) -> Screen {
        let empty = Case::default();
        let case = self.devices[who].state().cases.get(&self.scope);
        look(case.unwrap_or(&empty), &self.goals, at)
    }

    fn outcome(&self, typed: &BTreeSet<String>) -> Outcome {
        let first = self.devices[0].state();
        for device in &self.devices {
            assert!(device.state() == first, "two phones do not show the same");
        }
        let case = first.cases.get(&self.scope).expect("people wrote in it");
        let mut shown: BTreeSet<String> = BTreeSet::new();
        let mut told: BTreeSet<String> = BTreeSet::new();
        let mut conflicts = 0;
        for at in places() {
            let screen = look(case, &self.goals, at);
            shown.extend(screen.words());
            told.extend(screen.history.iter().flat_map(|text| split(text)));
            conflicts += usize::from(screen.is_disputed);
        }
        shown.extend(case.notes.values().flat_map(|note| split(&note.record)));
        let lost: BTreeSet<&String> = typed
            .iter()
            .filter(|word| !shown.contains(*word) && !self.replaced.contains(*word))
            .collect();
        Outcome {
            replaced: typed.len() - shown.len() - lost.len(),
            shown: shown.len(),
            lost: lost.len(),
            lost_in_history: lost.iter().filter(|word| told.contains(**word)).count(),
            conflicts,
        }
    }
}

/// What a person sees of one field, and what its history tells.
#[derive(Default)]
struct Screen {
    value: String,
    /// Other values that stand, shown beside the value.
    beside: Vec<String>,
    history: Vec<String>,
    heads: Vec<OpId>,
    is_disputed: bool,
}

impl Screen {
    fn words(&self) -> BTreeSet<String> {
        let all = self.beside.iter().chain([&self.value]);
        all.flat_map(|text| split(text)).collect()
    }
}

fn look(case: &Case, goals: &[GoalId], at: Place) -> Screen {
    let household = |key| screen(&case.household.fields, key, family_text);
    let goal = |key| {
        let goal = at.goal.map(|goal| goals[goal as usize]);
        let goal = goal.and_then(|goal| case.plan.goals.get(&goal));
        goal.map(|goal| screen(&goal.fields, key, goal_text))
            .unwrap_or_default()
    };
    match at.field {
        Name::Expected => goal(GoalKey::Expected),
        Name::FamilyWords => goal(GoalKey::Words),
        Name::NextStep => goal(GoalKey::NextStep),
        Name::Address => household(FamilyKey::Address),
        Name::Phone => household(FamilyKey::Phone),
    }
}

fn screen<F: Field>(fields: &Fields<F>, key: F::Key, text: fn(&F) -> String) -> Screen {
    let Some(register) = fields.register(key) else {
        return Screen::default();
    };
    // Texts that merged are one text; of values, the others stand beside.
    let beside = if register.merged().is_some() {
        Vec::new()
    } else {
        register.standing().map(|(_, w)| text(&w.value)).collect()
    };
    Screen {
        value: register.value().map(text).unwrap_or_default(),
        beside,
        history: register.history().map(|(_, w)| text(&w.value)).collect(),
        heads: register.heads(),
        is_disputed: register.is_disputed(),
    }
}

fn goal_field(name: Name, text: String) -> GoalField {
    match name {
        Name::Expected => GoalField::Expected(text),
        Name::FamilyWords => GoalField::Words(FamilyWords {
            italian: text,
            ..FamilyWords::default()
        }),
        Name::NextStep => GoalField::NextStep(NextStep {
            what: text,
            due: None,
        }),
        Name::Address | Name::Phone => unreachable!("a field of the household"),
    }
}

fn family_field(name: Name, text: String) -> FamilyField {
    match name {
        Name::Address => FamilyField::Address(text),
        Name::Phone => FamilyField::Phone(Phone {
            number: "0471 000000".to_owned(),
            holder: Some(text),
        }),
        Name::Expected | Name::FamilyWords | Name::NextStep => unreachable!("a field of a goal"),
    }
}

fn goal_text(field: &GoalField) -> String {
    match field {
        GoalField::NextStep(step) => step.what.clone(),
        other => other.texts().join("\n"),
    }
}

fn family_text(field: &FamilyField) -> String {
    match field {
        FamilyField::Phone(phone) => phone.holder.clone().unwrap_or_default(),
        other => other.texts().join("\n"),
    }
}
