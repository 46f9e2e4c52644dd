//! Tells the course of one family's plan: how it began, how far it got, what each visit brought.

use std::collections::BTreeSet;

use domain::family::{FamilyField, Phone};
use domain::plan::NeedRating;
use domain::plan::{GoalField, PlanMove};
use domain::visit::Appointment;
use domain::vocabulary::{
    ActionState, Area, Closure, NeedLevel, Place, SignatureMode, Verdict, Voice,
};

use super::bank::{Bank, Filling, Template, family_words};
use super::calendar::{Moment, day, hour};
use super::chance::Chance;
use super::progress::{Thread, visit_story};
use super::story::{ActionStory, GoalStory, Hand, Story, What};

/// How far a plan got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plot {
    /// Goals are being written.
    Draft,
    /// Put before the family.
    Proposed,
    /// The family agreed; the social worker has not looked yet.
    Waiting,
    /// The social worker returned it with a comment.
    Returned,
    /// Agreed, approved, under way.
    Active,
    /// Active with a second version, after the three months' review.
    Renewed,
    /// The second version waits for the social worker.
    RenewedWaiting,
    /// Under review.
    UnderReview,
    /// Resting.
    Suspended,
    /// Ended.
    Closed(Closure),
}

/// How many families are at each point, as an office finds them on any day.
pub const PLOTS: [(Plot, usize); 14] = [
    (Plot::Draft, 8),
    (Plot::Proposed, 7),
    (Plot::Waiting, 7),
    (Plot::Returned, 4),
    (Plot::Active, 20),
    (Plot::Renewed, 12),
    (Plot::RenewedWaiting, 5),
    (Plot::UnderReview, 6),
    (Plot::Suspended, 4),
    (Plot::Closed(Closure::Achieved), 2),
    (Plot::Closed(Closure::PartlyAchieved), 1),
    (Plot::Closed(Closure::Moved), 1),
    (Plot::Closed(Closure::HandedOver), 1),
    (Plot::Closed(Closure::Withdrew), 1),
];

impl Plot {
    /// How many days ago such a plan began.
    const fn began(self) -> (i32, i32) {
        match self {
            Self::Draft => (7, 20),
            Self::Proposed => (20, 34),
            Self::Waiting => (26, 38),
            Self::Returned => (30, 44),
            Self::Active => (58, 150),
            Self::Renewed => (172, 226),
            Self::RenewedWaiting => (112, 150),
            Self::UnderReview => (106, 182),
            Self::Suspended => (95, 170),
            Self::Closed(_) => (196, 230),
        }
    }

    /// Whether visits go on.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Suspended | Self::Closed(_))
    }
}

/// Tells how the plan went.
pub fn tell(bank: &Bank, chance: &mut Chance, story: &mut Story, plot: Plot) {
    let (low, high) = plot.began();
    let began = -chance.between(low, high);
    story.is_open = plot.is_open();
    let mut threads = choose_goals(bank, chance, story);
    let mut teller = Teller {
        bank,
        chance,
        story,
        threads: Vec::new(),
    };
    teller.begin(began, &threads);
    let first = threads.len().min(if plot == Plot::Draft { 2 } else { 4 });
    let kept = threads.split_off(first);
    for thread in threads {
        teller.goal(thread, began + 6);
    }
    if plot == Plot::Draft {
        return;
    }
    teller.propose(began + 12);
    teller.go_on(began + 12, plot, kept);
}

struct Teller<'a> {
    bank: &'a Bank,
    chance: &'a mut Chance,
    story: &'a mut Story,
    threads: Vec<Thread<'a>>,
}

impl<'a> Teller<'a> {
    fn at(&mut self, days: i32) -> Moment {
        Moment {
            days: days.min(-1),
            minute: self.chance.between(9 * 60, 17 * 60),
        }
    }

    fn tell(&mut self, days: i32, what: What) {
        let at = self.at(days);
        self.story.tell(at, what);
    }

    /// The file is opened, and at a first meeting both voices say how things are.
    fn begin(&mut self, began: i32, threads: &[Thread<'_>]) {
        self.tell(began, What::Opened);
        let mut areas: BTreeSet<Area> = threads.iter().map(|thread| thread.template.area).collect();
        let other = *self.chance.pick(Area::ALL);
        let has_children = self
            .story
            .household
            .people
            .iter()
            .any(|person| person.age < 18);
        if has_children || !matches!(other, Area::School | Area::Parenting) {
            areas.insert(other);
        }
        let mut needs = Vec::new();
        for area in areas {
            let is_goal = threads.iter().any(|thread| thread.template.area == area);
            self.need(area, is_goal, &mut needs);
        }
        self.tell(began + 3, What::Needs(needs));
        if self.chance.percent(60) {
            let note = self.note("mediator");
            self.tell(began + 4, What::Noted(Hand::Tutor, note, None));
        }
    }

    fn need(&mut self, area: Area, is_goal: bool, needs: &mut Vec<(Area, Voice, NeedRating)>) {
        let hard = if is_goal { 62 } else { 12 };
        let family = self.level(hard, is_goal);
        let tutor = if self.chance.percent(68) {
            family
        } else {
            self.level(50, is_goal)
        };
        let speaks = self.chance.percent(70);
        for (voice, level) in [(Voice::Family, family), (Voice::Tutor, tutor)] {
            let hope = match level {
                NeedLevel::Hard if self.chance.percent(45) => NeedLevel::SoSo,
                NeedLevel::Hard | NeedLevel::SoSo | NeedLevel::Well => NeedLevel::Well,
            };
            let row = self
                .bank
                .needs
                .iter()
                .find(|row| row.area == area && row.level == level);
            let text = row.map(|row| match voice {
                Voice::Family => &row.family,
                Voice::Tutor => &row.tutor,
            });
            let words = text
                .filter(|_| speaks)
                .map(|text| domain::plan::FamilyWords {
                    italian: filling(self.story, 0, None).fill(text, false),
                    ..Default::default()
                });
            let rating = NeedRating {
                now: level,
                hope: Some(hope),
                words,
            };
            needs.push((area, voice, rating));
        }
    }

    fn level(&mut self, hard: usize, is_goal: bool) -> NeedLevel {
        if self.chance.percent(hard) {
            NeedLevel::Hard
        } else if is_goal || self.chance.percent(50) {
            NeedLevel::SoSo
        } else {
            NeedLevel::Well
        }
    }

    fn goal(&mut self, thread: Thread<'a>, days: i32) {
        let goal = goal_story(self.chance, self.story, &thread);
        self.tell(days, What::Goal(Box::new(goal)));
        self.threads.push(thread);
    }

    fn propose(&mut self, days: i32) {
        self.tell(days, What::Proposed);
    }

    fn answer(&mut self) {
        let mode = match self.chance.below(10) {
            0..6 => SignatureMode::Glass,
            6..9 => SignatureMode::Paper,
            _ => SignatureMode::Oral,
        };
        let many = self.threads.len();
        let refused = (many > 2 && self.chance.percent(12)).then(|| self.chance.below(many));
        self.story.then(25, What::Answered { mode, refused });
    }

    fn approve(&mut self, days: i32) {
        self.tell(days, What::Seen(Hand::Reviewer));
        let comment = if self.chance.percent(60) {
            self.bank.note(self.chance, "approved").to_owned()
        } else {
            String::new()
        };
        self.story
            .then(9, What::Reviewed(Verdict::Approved, comment));
    }

    fn go_on(&mut self, mut days: i32, plot: Plot, kept: Vec<Thread<'a>>) {
        if plot == Plot::Proposed {
            return;
        }
        self.answer();
        match plot {
            Plot::Waiting | Plot::Draft | Plot::Proposed => return,
            Plot::Returned => return self.give_back(days + 5),
            Plot::Active
            | Plot::Renewed
            | Plot::RenewedWaiting
            | Plot::UnderReview
            | Plot::Suspended
            | Plot::Closed(_) => {}
        }
        days += self.chance.between(2, 6);
        self.approve(days);
        let last = match plot {
            Plot::Suspended => -self.chance.between(20, 40),
            Plot::Closed(_) => -self.chance.between(9, 30),
            _ => -self.chance.between(3, 22),
        };
        let renewal = match plot {
            Plot::Renewed => days + 88,
            Plot::RenewedWaiting => last + 1,
            _ => 0,
        };
        let mut kept = Some(kept);
        loop {
            days += self.chance.between(24, 33);
            if renewal < 0 && days > renewal && plot == Plot::Renewed && kept.is_some() {
                self.renew(days, kept.take().unwrap_or_default());
                self.answer();
                let until = days + self.chance.between(2, 5);
                self.approve(until);
            }
            if days >= last {
                break;
            }
            self.meet(days, false);
        }
        self.meet(last, matches!(plot, Plot::Closed(Closure::Achieved)));
        if plot == Plot::RenewedWaiting {
            self.renew(last + 1, kept.take().unwrap_or_default());
            self.answer();
        }
        self.end(last, plot);
    }

    fn give_back(&mut self, days: i32) {
        self.tell(days, What::Seen(Hand::Reviewer));
        let (verdict, kind) = if self.chance.percent(25) {
            (Verdict::MeetingAsked, "meeting")
        } else {
            (Verdict::Returned, "returned")
        };
        let comment = self.bank.note(self.chance, kind);
        let comment = filling(self.story, 0, any_child(self.story)).fill(comment, false);
        self.story.then(12, What::Reviewed(verdict, comment));
    }

    fn end(&mut self, last: i32, plot: Plot) {
        let seen = self.chance.percent(55);
        if seen && plot != Plot::RenewedWaiting {
            self.tell(last + 2, What::Seen(Hand::Reviewer));
        }
        match plot {
            Plot::UnderReview => {
                let review = last + self.chance.between(1, 3);
                self.tell(review, What::Moved(Hand::Reviewer, PlanMove::UnderReview));
                let note = self.note("social_worker");
                self.story.then(6, What::Noted(Hand::Reviewer, note, None));
            }
            Plot::Suspended => {
                self.tell(last + 5, What::Moved(Hand::Tutor, PlanMove::Suspended));
            }
            Plot::Closed(closure) => {
                self.tell(
                    last + 6,
                    What::Moved(Hand::Reviewer, PlanMove::Closed(closure)),
                );
            }
            _ => {}
        }
    }

    /// One month's work: a visit, or one that did not take place; a note now and then.
    fn meet(&mut self, days: i32, is_last: bool) {
        if !is_last && self.chance.percent(12) {
            let appointment = Appointment {
                date: day(self.story.today, days),
                time: Some(hour(15 * 60)),
                place: Place::AtHome,
                about: self.bank.note(self.chance, "about").to_owned(),
            };
            self.tell(days - 3, What::Planned(appointment, true));
            return;
        }
        let visit = visit_story(
            self.bank,
            self.chance,
            self.story,
            &mut self.threads,
            days,
            is_last,
        );
        self.tell(days, What::Visited(Box::new(visit)));
        for place in 0..self.threads.len() {
            self.act(place);
        }
        if self.chance.percent(45) {
            let note = self.note("mediator");
            let later = days + self.chance.between(1, 6);
            self.tell(later, What::Noted(Hand::Tutor, note, None));
        }
        if self.chance.percent(12) {
            let note = self.note("social_worker");
            self.story.then(50, What::Noted(Hand::Reviewer, note, None));
        }
    }

    /// What became of a goal's actions since the last visit.
    fn act(&mut self, place: usize) {
        let Some(thread) = self.threads.get_mut(place) else {
            return;
        };
        let Some(score) = thread.score else { return };
        for action in 0..thread.template.actions.len() {
            if thread.done.contains(&action) {
                continue;
            }
            let barrier = thread.template.barriers.first().copied();
            let (state, barrier) = if score >= 0 && self.chance.percent(55) {
                thread.done.insert(action);
                (ActionState::Done, None)
            } else if thread.blocked.contains(&action) {
                // By the next visit somebody has seen to most of what stood in the way.
                if !self.chance.percent(75) {
                    continue;
                }
                (ActionState::Todo, None)
            } else if score < -1 && self.chance.percent(35) {
                (ActionState::Blocked, barrier)
            } else {
                continue;
            };
            if state == ActionState::Blocked {
                thread.blocked.insert(action);
            } else {
                thread.blocked.remove(&action);
            }
            self.story
                .then(5, What::Acted(place, action, state, barrier));
        }
    }

    /// The review of the three months: a date is moved, a goal may join, a new version is made.
    fn renew(&mut self, days: i32, kept: Vec<Thread<'a>>) {
        let today = self.story.today;
        let many = self.threads.len();
        let moved = self.chance.below(many);
        let due = day(today, days + self.chance.between(50, 100));
        self.tell(days, What::GoalAgain(moved, GoalField::Due(due)));
        for thread in kept {
            self.goal(thread, days);
        }
        self.propose(days);
    }

    fn note(&mut self, kind: &str) -> String {
        let child = any_child(self.story);
        let text = loop {
            let text = self.bank.note(self.chance, kind);
            let of_children = ["{child}", "bambini", "scuola", "mensa"];
            if child.is_some() || !of_children.iter().any(|word| text.contains(word)) {
                break text;
            }
        };
        filling(self.story, 0, child).fill(text, false)
    }
}

/// Two different values that both stand, for somebody to choose.
pub fn tell_dispute(chance: &mut Chance, story: &mut Story, kind: usize) {
    let at = Moment {
        days: -chance.between(1, 3),
        minute: 16 * 60 + 20,
    };
    let today = story.today;
    let what = match kind % 3 {
        0 => What::FamilyApart(
            (
                Hand::Reviewer,
                FamilyField::SafeContact("Chiama solo la mattina.".to_owned()),
            ),
            (
                Hand::Tutor,
                FamilyField::SafeContact("Chiama solo dopo le 17.".to_owned()),
            ),
        ),
        1 => What::GoalApart(
            0,
            (Hand::Tutor, GoalField::Due(day(today, 21))),
            (Hand::TutorElsewhere, GoalField::Due(day(today, 28))),
        ),
        _ => {
            let other = story.household.phone.number.replacen("555 0", "555 2", 1);
            let phone = |number: String, holder: Option<&str>| {
                FamilyField::Phone(Phone {
                    number,
                    holder: holder.map(str::to_owned),
                })
            };
            let same = story.household.phone.number.clone();
            What::FamilyApart(
                (Hand::Reviewer, phone(other, None)),
                (Hand::Tutor, phone(same, Some("la figlia grande"))),
            )
        }
    };
    story.tell(at, what);
}

fn choose_goals<'a>(bank: &'a Bank, chance: &mut Chance, story: &Story) -> Vec<Thread<'a>> {
    let language = &story.household.language.0;
    let mut fitting: Vec<&Template> = bank
        .goals
        .iter()
        .filter(|template| template.words.contains_key(language) && fits(story, template))
        .collect();
    chance.shuffle(&mut fitting);
    let many = usize::try_from(chance.between(2, 5)).unwrap_or(3);
    let mut chosen: Vec<Thread<'a>> = Vec::new();
    for template in fitting {
        let is_twice = chosen.iter().any(|one| one.template.area == template.area);
        if chosen.len() < many && !is_twice {
            let thread = Thread::begin(chance, template, story);
            chosen.push(thread);
        }
    }
    chosen
}

fn fits(story: &Story, template: &Template) -> bool {
    let people = &story.household.people;
    match template.need.as_str() {
        "woman" => people
            .iter()
            .any(|person| person.is_adult() && person.is_female),
        "any" => true,
        "family" => people.len() > 1,
        need => people.iter().any(|person| is_child_for(need, person.age)),
    }
}

/// Whether a goal of this kind may be about a child of this age.
pub fn is_child_for(need: &str, age: i32) -> bool {
    match need {
        "child" => age < 14,
        "school" => (6..=13).contains(&age),
        "teen" => (11..=17).contains(&age),
        "small" => age < 3,
        _ => false,
    }
}

/// The place of any child in the household.
fn any_child(story: &Story) -> Option<usize> {
    let people = &story.household.people;
    people
        .iter()
        .position(|person| (6..18).contains(&person.age))
}

/// What a text is filled with.
pub fn filling(story: &Story, speaker: usize, child: Option<usize>) -> Filling<'_> {
    let people = &story.household.people;
    Filling {
        who: people.get(speaker).map(|person| person.called()),
        child: child
            .and_then(|at| people.get(at))
            .map(|person| person.called()),
        comune: &story.household.comune.name,
        people: "",
    }
}

fn goal_story(chance: &mut Chance, story: &Story, thread: &Thread<'_>) -> GoalStory {
    let template = thread.template;
    let filling = filling(story, thread.speaker, thread.child);
    let from = story.events.last().map_or(0, |event| event.at.days);
    let language = &story.household.language.0;
    let is_worded = chance.percent(72);
    GoalStory {
        area: template.area,
        words: family_words(&template.words, language, &filling),
        speaker: thread.speaker,
        expected: Some(filling.fill(&template.expected, false)),
        levels: template
            .levels
            .iter()
            .filter(|_| is_worded)
            .map(|words| filling.fill(words, false))
            .collect(),
        due: day(story.today, from + chance.between(60, 200)),
        who: template.who,
        weight: u8::try_from(chance.between(1, 3)).unwrap_or(1),
        actions: template
            .actions
            .iter()
            .map(|(kind, what, service)| ActionStory {
                kind: *kind,
                what: filling.fill(what, false),
                service: service.clone(),
                due: day(story.today, from + chance.between(25, 90)),
            })
            .collect(),
    }
}
