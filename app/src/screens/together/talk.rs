//! What a family says in Insieme: question by question, kept as a draft, and the writes that it
//! becomes. Pure.
//!
//! Nothing that was said goes by itself: an area that is no longer chosen keeps its words until
//! the talk is saved or thrown away.

use domain::family::Language;
use domain::id::{ActionId, GoalId, OpId};
use domain::op::Known;
use domain::place::after;
use domain::plan::{FamilyWords, GoalField, NeedRating, Spoken};
use domain::vocabulary::{ActionKind, Agreement, Area, NeedLevel, Voice, WhoActs};
use serde::{Deserialize, Serialize};

use crate::screens::goal::action_form::ActionEdit;
use crate::screens::goal::form::GoalEdit;
use crate::screens::plan::needs;
use crate::session::Writing;
use crate::words::catalogue::ITALIAN_TAG;
use crate::words::library::Example;

/// More areas than a family can keep in mind at once.
pub const CHOSEN_MAX: usize = 5;
/// The stages that a family sees on the way; one stage asks the same of each area.
pub const STAGES: usize = 7;

/// A talk with a family.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Talk {
    /// The catalogue in whose language it is held, by its tag.
    pub language: String,
    /// The question that is open.
    pub at: At,
    /// What matters, the first first.
    pub chosen: Vec<Area>,
    /// What was said of each area that was ever chosen.
    pub said: Vec<Said>,
    /// What the plan said of each area when the phone was handed over.
    pub stood: Vec<Stood>,
}

/// How an area stood in the family's voice when the family was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stood {
    /// The area.
    pub area: Area,
    /// What the family had said of it.
    #[serde(default)]
    pub rating: Option<NeedRating>,
    /// What a new rating takes the place of.
    #[serde(default)]
    pub heads: Vec<OpId>,
}

/// A question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// What matters.
    #[default]
    Choose,
    /// How an area is today.
    Now(Area),
    /// How it should be.
    Hope(Area),
    /// What should change, in the family's words.
    Words(Area),
    /// How it will be seen that something changed.
    Result(Area),
    /// The first step.
    Step(Area),
    /// Who takes it.
    Who(Area),
    /// Everything is read over.
    Read,
    /// The phone goes back.
    End,
}

impl At {
    /// The stage that a question belongs to, from one.
    pub const fn stage(self) -> usize {
        match self {
            Self::Choose => 1,
            Self::Now(_) => 2,
            Self::Hope(_) => 3,
            Self::Words(_) => 4,
            Self::Result(_) => 5,
            Self::Step(_) | Self::Who(_) => 6,
            Self::Read | Self::End => STAGES,
        }
    }
}

/// What was said of one area. Texts are as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The area.
    pub area: Area,
    /// The goal that the words become.
    pub goal: GoalId,
    /// The action that the first step becomes.
    pub action: ActionId,
    /// How it is today.
    #[serde(default)]
    pub now: Option<NeedLevel>,
    /// How it should be.
    #[serde(default)]
    pub hope: Option<NeedLevel>,
    /// What should change, in the language of the talk.
    #[serde(default)]
    pub words: String,
    /// How many times it was said aloud and recorded: the recordings belong to the goal.
    #[serde(default)]
    pub recordings: u16,
    /// The example by which the family will see how far it came.
    #[serde(default)]
    pub example: Option<Picked>,
    /// The same in its own words, in the language of the talk, where it picked no example.
    #[serde(default)]
    pub result: String,
    /// The first step, in the language of the talk.
    #[serde(default)]
    pub step: String,
    /// Who takes it.
    #[serde(default)]
    pub who: Option<WhoActs>,
    /// Whether the family agrees once everything was read over.
    #[serde(default)]
    pub agreement: Option<Agreement>,
    /// The expected result as it stood when the family answered.
    #[serde(default)]
    pub heard: String,
    /// The words in Italian, by the tutor.
    #[serde(default)]
    pub italian: String,
    /// The first step in Italian, by the tutor.
    #[serde(default)]
    pub step_italian: String,
    /// The expected result, by the tutor with the family.
    #[serde(default)]
    pub expected: String,
}

/// An example that a family picked: its name, and what it writes in the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picked {
    /// Its name among those of its area.
    pub key: String,
    /// The expected result in Italian.
    pub expected: String,
    /// The other four levels in Italian, from −2 to +2.
    pub levels: [String; 4],
}

impl Picked {
    /// An example, by its Italian.
    pub fn of(example: &Example) -> Self {
        Self {
            key: example.key.clone(),
            expected: example.expected().to_owned(),
            levels: example.others(),
        }
    }
}

impl Said {
    fn new(area: Area, goal: GoalId, action: ActionId) -> Self {
        Self {
            area,
            goal,
            action,
            now: None,
            hope: None,
            words: String::new(),
            recordings: 0,
            example: None,
            result: String::new(),
            step: String::new(),
            who: None,
            agreement: None,
            heard: String::new(),
            italian: String::new(),
            step_italian: String::new(),
            expected: String::new(),
        }
    }

    fn says_the_same_as(&self, other: &Self) -> bool {
        let levels = |said: &Self| (said.now, said.hope, said.who);
        let texts = |said: &Self| [said.words.clone(), said.result.clone(), said.step.clone()];
        levels(self) == levels(other)
            && self.recordings == other.recordings
            && texts(self) == texts(other)
            && self.example == other.example
    }

    /// The family's answer, as far as it still stands: what the tutor has since made of a result
    /// that was picked and read over is not what the family heard.
    pub fn agreement(&self) -> Option<Agreement> {
        let is_heard = self.example.is_none() || self.heard == self.expected;
        self.agreement.filter(|_| is_heard)
    }

    /// Takes the family's answer to what it reads now.
    pub fn answer(&mut self, answer: Option<Agreement>) {
        self.agreement = answer;
        self.heard.clone_from(&self.expected);
    }

    /// Whether the expected result is that of the example which the family picked.
    pub fn is_as_picked(&self) -> bool {
        let picked = self.example.as_ref();
        picked.is_some_and(|picked| picked.expected == self.expected)
    }

    /// Picks an example, or another one: what the family reads on the card is what will be written.
    pub fn pick(&mut self, picked: Picked) {
        self.expected.clone_from(&picked.expected);
        self.example = Some(picked);
    }

    /// No example any more: the family says it in its own words.
    pub fn unpick(&mut self) {
        // What the tutor made of the example is no Italian of other words.
        if self.example.take().is_some() {
            self.expected.clear();
        }
    }

    /// Whether it is something to work on, and not only how things are.
    pub fn is_goal(&self) -> bool {
        self.recordings > 0 || !self.words.trim().is_empty() || !self.step.trim().is_empty()
    }
}

impl Talk {
    /// A talk that has not begun, in a language.
    pub fn new(language: &str) -> Self {
        Self {
            language: language.to_owned(),
            ..Self::default()
        }
    }

    /// Whether there is anything to come back to.
    pub fn has_begun(&self) -> bool {
        !self.said.is_empty()
    }

    /// What was said of an area.
    pub fn of(&self, area: Area) -> Option<&Said> {
        self.said.iter().find(|said| said.area == area)
    }

    /// What is being said of an area. Who agreed agreed to what was said then: other words are
    /// asked about anew.
    pub fn change(&mut self, area: Area, change: impl FnOnce(&mut Said)) {
        if let Some(said) = self.said.iter_mut().find(|said| said.area == area) {
            let before = said.clone();
            change(said);
            if !said.says_the_same_as(&before) {
                said.agreement = None;
            }
        }
    }

    /// Notes how the areas of which nothing was said yet stand in the plan: what the family says
    /// of them takes the place of that, and of nothing that comes later.
    pub fn look(&mut self, stands: impl Fn(Area) -> Stood) {
        for area in Area::ALL.iter().copied() {
            let is_said = self.of(area).is_some_and(|said| said.now.is_some());
            if !is_said {
                self.stood.retain(|stood| stood.area != area);
                self.stood.push(stands(area));
            }
        }
    }

    /// What was said of the areas that matter, in the family's order.
    pub fn chosen(&self) -> impl Iterator<Item = &Said> {
        self.chosen.iter().filter_map(|area| self.of(*area))
    }

    /// Whether an area can be chosen now.
    pub fn may_choose(&self, area: Area) -> bool {
        self.chosen.len() < CHOSEN_MAX || self.chosen.contains(&area)
    }

    /// Chooses an area, or no longer. The ids are for one that was never chosen.
    pub fn choose(&mut self, area: Area, goal: GoalId, action: ActionId) {
        if self.chosen.contains(&area) {
            self.chosen.retain(|one| *one != area);
        } else if self.may_choose(area) {
            self.change(area, |said| said.agreement = None);
            self.chosen.push(area);
            if self.of(area).is_none() {
                self.said.push(Said::new(area, goal, action));
            }
        }
    }

    /// Every question, as far as it follows from what was said.
    pub fn way(&self) -> Vec<At> {
        let mut way = vec![At::Choose];
        way.extend(self.chosen().map(|said| At::Now(said.area)));
        // Where nobody says how it is, there is nothing from which it should become better.
        let rated = self.chosen().filter(|said| said.now.is_some());
        way.extend(rated.map(|said| At::Hope(said.area)));
        way.extend(self.chosen().map(|said| At::Words(said.area)));
        let goals = || self.chosen().filter(|said| said.is_goal());
        way.extend(goals().map(|said| At::Result(said.area)));
        way.extend(goals().flat_map(|said| [At::Step(said.area), At::Who(said.area)]));
        way.extend([At::Read, At::End]);
        way
    }

    /// Goes to the next question.
    pub fn go_on(&mut self) {
        let way = self.way();
        let here = self.place(&way);
        if let Some(next) = way.get(here + 1) {
            self.at = *next;
        }
    }

    /// Passes the open question: what was answered to it is taken back.
    pub fn skip(&mut self) {
        match self.at {
            At::Now(area) => self.change(area, |said| {
                said.now = None;
                said.hope = None;
            }),
            At::Hope(area) => self.change(area, |said| said.hope = None),
            At::Choose
            | At::Words(_)
            | At::Result(_)
            | At::Step(_)
            | At::Who(_)
            | At::Read
            | At::End => {}
        }
        self.go_on();
    }

    /// Goes to the question before.
    pub fn go_back(&mut self) {
        let way = self.way();
        let before = self.place(&way).checked_sub(1);
        if let Some(before) = before.and_then(|at| way.get(at)) {
            self.at = *before;
        }
    }

    /// Where the open question lies on the way. One that is no longer asked, because its answer
    /// was taken back, counts as the last of its stage or of an earlier one.
    fn place(&self, way: &[At]) -> usize {
        let exact = way.iter().position(|at| *at == self.at);
        let near = || way.iter().rposition(|at| at.stage() <= self.at.stage());
        exact.or_else(near).unwrap_or_default()
    }

    /// What was said of areas that are not chosen any more, and would be a goal.
    pub fn left_out(&self) -> impl Iterator<Item = &Said> {
        let is_left = |said: &&Said| !self.chosen.contains(&said.area) && said.is_goal();
        self.said.iter().filter(is_left)
    }

    /// The writes: levels in the family's voice, a goal for each area that it spoke of, and the
    /// first step. `place` is the key of the first new goal in the family's order.
    pub fn writings(&self, place: String) -> Vec<Writing> {
        let mut writings = Vec::new();
        let mut place = place;
        let before = |area, voice| {
            let stood = self.stood.iter().find(|stood| stood.area == area);
            match stood.filter(|_| voice == Voice::Family) {
                Some(stood) => (stood.rating.clone(), stood.heads.clone()),
                None => (None, Vec::new()),
            }
        };
        for said in self.chosen() {
            // A hope of which nobody spoke today stays.
            let hope = said
                .hope
                .or_else(|| before(said.area, Voice::Family).0?.hope);
            let levels = [
                (Voice::Family, (said.now, hope)),
                (Voice::Tutor, (None, None)),
            ];
            writings.extend(
                needs::writings(Some(said.area), levels, before)
                    .into_iter()
                    .flatten(),
            );
            if said.is_goal() {
                writings.extend(self.goal(said, &place));
                place = after([place.as_str()]);
            }
        }
        writings
    }

    /// What the words of an area become.
    fn goal(&self, said: &Said, place: &str) -> Vec<Writing> {
        let step = self.step_of(said);
        let words = self.words_of(said);
        let mut edit = GoalEdit::new(said.goal, &self.language);
        edit.form.area = Some(said.area);
        edit.form.original = words.original.map(|spoken| spoken.text).unwrap_or_default();
        edit.form.italian = words.italian;
        edit.form.expected.clone_from(&said.expected);
        match &said.example {
            Some(picked) => {
                let [much_less, less, more, much_more] = picked.levels.clone();
                edit.form.much_less = much_less;
                edit.form.less = less;
                edit.form.more = more;
                edit.form.much_more = much_more;
            }
            None => edit.form.expected = self.with_italian(&said.result, &said.expected),
        }
        edit.form.who_acts = said.who;
        edit.form.step.clone_from(&step);
        let mut writings = edit.writings(Some(place));
        writings.extend(said.agreement().map(|agreement| {
            Writing::new(Known::GoalWritten {
                goal: said.goal,
                field: GoalField::Agreement(agreement),
            })
        }));
        if !step.trim().is_empty() {
            let mut edit = ActionEdit::new(said.action, said.goal);
            edit.form.what = step;
            edit.form.who_acts = said.who;
            // What the tutor does for the family is no promise of the family's, nor is a step of
            // which nobody said who takes it.
            edit.form.kind = said.who.map(|who| match who {
                WhoActs::Tutor => ActionKind::Support,
                WhoActs::Together | WhoActs::FamilyHelped | WhoActs::FamilyAlone => {
                    ActionKind::Commitment
                }
            });
            writings.extend(edit.writings());
        }
        writings
    }

    /// The family's words, as they were said and in Italian.
    pub fn words_of(&self, said: &Said) -> FamilyWords {
        let spoken = said.words.trim().to_owned();
        if self.is_italian() {
            // What was only said aloud, its tutor has written down.
            let italian = if spoken.is_empty() {
                said.italian.clone()
            } else {
                spoken
            };
            return FamilyWords {
                italian,
                ..FamilyWords::default()
            };
        }
        FamilyWords {
            original: (!spoken.is_empty()).then(|| Spoken {
                language: Language(self.language.clone()),
                text: spoken,
            }),
            italian: said.italian.clone(),
            member: None,
        }
    }

    /// The first step; nothing where the family has taken it back.
    fn step_of(&self, said: &Said) -> String {
        if said.step.trim().is_empty() {
            String::new()
        } else {
            self.with_italian(&said.step, &said.step_italian)
        }
    }

    /// What the tutor wrote in Italian, with what the family said behind it; one of them where
    /// there is no other.
    fn with_italian(&self, spoken: &str, italian: &str) -> String {
        let (spoken, italian) = (spoken.trim(), italian.trim());
        if spoken.is_empty() {
            return italian.to_owned();
        }
        if italian.is_empty() || (self.is_italian() && italian == spoken) {
            return spoken.to_owned();
        }
        // Set apart, so that neither turns the other's direction.
        format!("{italian} (\u{2068}{spoken}\u{2069})")
    }

    /// Whether the talk is held in Italian.
    pub fn is_italian(&self) -> bool {
        self.language == ITALIAN_TAG
    }
}

#[cfg(test)]
mod tests;
