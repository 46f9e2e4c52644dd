//! What a visit brings to each goal: ratings that move as things move, and who acts.

use std::collections::BTreeSet;

use domain::plan::NextStep;
use domain::score::Score;
use domain::visit::Rating;
use domain::vocabulary::{Barrier, GoalState, Place, Response, TutorMove, WhoActs};

use super::bank::{Bank, Filling, Template, family_words};
use super::calendar::day;
use super::chance::Chance;
use super::course::{filling, is_child_for};
use super::story::{Story, VisitStory};

/// How a goal goes over the months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trend {
    Rises,
    Steady,
    Wavers,
    Stuck,
    Falls,
}

/// A goal and how it went so far.
pub struct Thread<'a> {
    /// Its template.
    pub template: &'a Template,
    /// Who speaks of it.
    pub speaker: usize,
    /// The child that it is about.
    pub child: Option<usize>,
    /// The tutor's last rating.
    pub score: Option<i8>,
    /// Actions that are over.
    pub done: BTreeSet<usize>,
    /// Actions that something stands in the way of.
    pub blocked: BTreeSet<usize>,
    trend: Trend,
    who: WhoActs,
    is_over: bool,
}

impl<'a> Thread<'a> {
    /// A goal before any visit.
    pub fn begin(chance: &mut Chance, template: &'a Template, story: &Story) -> Self {
        let people = &story.household.people;
        let adults: Vec<usize> = (0..people.len())
            .filter(|at| {
                people.get(*at).is_some_and(|person| {
                    person.is_adult() && (template.need != "woman" || person.is_female)
                })
            })
            .collect();
        let children: Vec<usize> = (0..people.len())
            .filter(|at| {
                people
                    .get(*at)
                    .is_some_and(|child| is_child_for(&template.need, child.age))
            })
            .collect();
        Self {
            template,
            speaker: *chance.pick(&adults),
            child: (!children.is_empty()).then(|| *chance.pick(&children)),
            score: None,
            done: BTreeSet::new(),
            blocked: BTreeSet::new(),
            trend: match chance.below(100) {
                0..46 => Trend::Rises,
                46..62 => Trend::Steady,
                62..78 => Trend::Wavers,
                78..92 => Trend::Stuck,
                _ => Trend::Falls,
            },
            who: template.who,
            is_over: false,
        }
    }

    fn next_score(&self, chance: &mut Chance, is_last: bool) -> i8 {
        if is_last {
            return (self.score.unwrap_or(0).max(0) + 1).min(2);
        }
        let Some(score) = self.score else {
            return i8::try_from(chance.between(-2, -1)).unwrap_or(-1);
        };
        let next = match self.trend {
            Trend::Rises => score + i8::from(chance.percent(75)),
            Trend::Steady => score + i8::from(score < 0 && chance.percent(50)),
            Trend::Wavers => score + i8::try_from(chance.between(-1, 1)).unwrap_or(0),
            Trend::Stuck => score - i8::from(score > -1 || chance.percent(15)),
            Trend::Falls => score - i8::from(chance.percent(60)),
        };
        next.clamp(-2, 2)
    }

    fn response(&self, chance: &mut Chance, score: i8) -> Response {
        match (self.trend, score) {
            (Trend::Falls, _) if self.score.is_some() => {
                *chance.pick(&[Response::Ambivalent, Response::Listens, Response::Refuses])
            }
            (Trend::Stuck, _) => {
                *chance.pick(&[Response::Unable, Response::Listens, Response::TakesPart])
            }
            (_, ..=-1) => *chance.pick(&[
                Response::Listens,
                Response::TakesPart,
                Response::TakesPart,
                Response::Ambivalent,
            ]),
            (_, 0) => Response::TakesPart,
            (_, 1..) => *chance.pick(&[
                Response::OwnInitiative,
                Response::OwnInitiative,
                Response::TakesPart,
            ]),
        }
    }

    /// One rung up the ladder, once things go as expected; never two at one visit.
    fn climb(&mut self, chance: &mut Chance, score: i8) -> bool {
        let is_better = self.score.is_some_and(|before| score > before);
        if !(is_better && score >= 0 && chance.percent(70)) {
            return false;
        }
        let above = match self.who {
            WhoActs::Tutor => WhoActs::Together,
            WhoActs::Together => WhoActs::FamilyHelped,
            WhoActs::FamilyHelped | WhoActs::FamilyAlone => WhoActs::FamilyAlone,
        };
        let is_moved = above != self.who;
        self.who = above;
        is_moved
    }

    fn rating(
        &mut self,
        bank: &Bank,
        chance: &mut Chance,
        story: &Story,
        days: i32,
        is_last: bool,
    ) -> (Rating, Option<GoalState>) {
        let score = self.next_score(chance, is_last);
        let is_first = self.score.is_none();
        let response = self.response(chance, score);
        let barriers: BTreeSet<Barrier> = if score < 0 && chance.percent(60) {
            std::iter::once(*chance.pick(&self.template.barriers)).collect()
        } else {
            BTreeSet::new()
        };
        let is_moved = self.climb(chance, score);
        let family = match chance.below(10) {
            0 => None,
            1..3 => Some(score + 1),
            3..5 => Some(score - 1),
            _ => Some(score),
        };
        self.is_over = is_last || (score >= 2 && chance.percent(70));
        let filling = filling(story, self.speaker, self.child);
        let next_step = (!self.is_over && chance.percent(88)).then(|| NextStep {
            what: filling.fill(step(self.template, self.who), false),
            due: chance
                .percent(85)
                .then(|| day(story.today, days + chance.between(9, 30))),
        });
        let words = chance
            .percent(30)
            .then(|| remark(bank, chance, story, &filling, score))
            .flatten();
        let state = if self.is_over {
            Some(GoalState::Achieved)
        } else {
            is_first.then_some(GoalState::InProgress)
        };
        self.score = Some(score);
        let tutor_move = tutor_move(chance, self.who, &barriers, score);
        let rating = Rating {
            family: family.and_then(scored),
            tutor: scored(score),
            response: Some(response),
            barriers,
            tutor_move: Some(tutor_move),
            who_acts: is_moved.then_some(self.who),
            next_step,
            words,
        };
        (rating, state)
    }
}

fn scored(score: i8) -> Option<Score> {
    Score::try_from(score.clamp(-2, 2)).ok()
}

fn step(template: &Template, who: WhoActs) -> &str {
    let rung = match who {
        WhoActs::Tutor => 0,
        WhoActs::Together => 1,
        WhoActs::FamilyHelped => 2,
        WhoActs::FamilyAlone => 3,
    };
    template.steps.get(rung).map_or("", String::as_str)
}

fn tutor_move(
    chance: &mut Chance,
    who: WhoActs,
    barriers: &BTreeSet<Barrier>,
    score: i8,
) -> TutorMove {
    if barriers.contains(&Barrier::NoService) {
        return TutorMove::Coordinates;
    }
    if barriers.contains(&Barrier::Discrimination) || barriers.contains(&Barrier::Fear) {
        return TutorMove::Mediates;
    }
    if score > 0 {
        return TutorMove::Reinforces;
    }
    match who {
        WhoActs::Tutor => *chance.pick(&[TutorMove::Informs, TutorMove::Coordinates]),
        WhoActs::Together => *chance.pick(&[TutorMove::Accompanies, TutorMove::Mediates]),
        WhoActs::FamilyHelped => *chance.pick(&[TutorMove::Encourages, TutorMove::Informs]),
        WhoActs::FamilyAlone => *chance.pick(&[TutorMove::Reinforces, TutorMove::Encourages]),
    }
}

fn mood(score: i8) -> &'static str {
    match score {
        ..=-1 => "low",
        0 => "mid",
        1.. => "high",
    }
}

fn remark(
    bank: &Bank,
    chance: &mut Chance,
    story: &Story,
    filling: &Filling<'_>,
    score: i8,
) -> Option<domain::plan::FamilyWords> {
    let language = &story.household.language.0;
    let fitting: Vec<_> = bank
        .remarks
        .iter()
        .filter(|remark| remark.mood == mood(score))
        .filter(|remark| {
            remark
                .words
                .get(language)
                .is_some_and(|text| !text.is_empty())
        })
        .collect();
    if fitting.is_empty() {
        return None;
    }
    let remark = chance.pick(&fitting);
    Some(family_words(&remark.words, language, filling))
}

/// One visit: who was there, what the tutor wrote, and what became of the goals touched.
pub fn visit_story(
    bank: &Bank,
    chance: &mut Chance,
    story: &Story,
    threads: &mut [Thread<'_>],
    days: i32,
    is_last: bool,
) -> VisitStory {
    let people = &story.household.people;
    let mut present: Vec<usize> = (0..people.len())
        .filter(|at| {
            people
                .get(*at)
                .is_some_and(|person| person.is_adult() && (*at == 0 || chance.percent(55)))
        })
        .collect();
    let child = (0..people.len()).find(|at| people.get(*at).is_some_and(|one| one.age < 14));
    present.extend(child.filter(|_| chance.percent(30)));
    let mut ratings = Vec::new();
    let mut seen = Vec::new();
    let open = threads.iter().filter(|thread| !thread.is_over).count();
    for (place, thread) in threads.iter_mut().enumerate() {
        let is_touched = is_last || open < 2 || ratings.is_empty() || chance.percent(72);
        if thread.is_over || !is_touched {
            continue;
        }
        let (rating, state) = thread.rating(bank, chance, story, days, is_last);
        let look = match rating.tutor.map_or(0, Score::get) {
            ..=-1 => 0,
            0 => 1,
            1.. => 2,
        };
        if let Some(text) = thread.template.see.get(look).filter(|_| seen.len() < 2) {
            let text = filling(story, thread.speaker, thread.child).fill(text, false);
            seen.push(format!("{}. {text}", bank.area(thread.template.area)));
        }
        ratings.push((place, rating, state));
    }
    let names: Vec<&str> = present
        .iter()
        .filter_map(|at| people.get(*at))
        .map(|person| person.name.latin.as_str())
        .collect();
    let opening = bank.note(
        chance,
        if present.iter().any(|at| Some(*at) == child) {
            "open"
        } else {
            "open_alone"
        },
    );
    let opening = Filling {
        people: &listed(&names),
        ..Filling::default()
    }
    .fill(opening, false);
    seen.insert(0, opening);
    VisitStory {
        place: match chance.below(100) {
            0..66 => Place::AtHome,
            66..80 => Place::Office,
            80..88 => Place::School,
            88..95 => Place::Service,
            _ => Place::Phone,
        },
        minutes: *chance.pick(&[30, 40, 45, 45, 50, 60, 60, 75, 90]),
        present,
        summary: seen.join(" "),
        ratings,
    }
}

/// Names in a sentence: `A, B e C`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} e {last}", first.join(", ")),
    }
}
