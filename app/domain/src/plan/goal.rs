//! Goals and actions: what is written of each, field by field.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::family::Language;
use crate::field::{Fields, Merges, fields};
use crate::id::{GoalId, MemberId};
use crate::score::Score;
use crate::vocabulary::{ActionKind, ActionState, Agreement, Area, Barrier, GoalState, WhoActs};

/// What the family said, in its own language and in Italian.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilyWords {
    /// As it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<Spoken>,
    /// In Italian.
    pub italian: String,
    /// Who said it, where one member did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
}

impl Merges for FamilyWords {
    fn texts(&self) -> Vec<&str> {
        let original = self.original.as_ref().map(|spoken| spoken.text.as_str());
        [Some(self.italian.as_str()), original]
            .into_iter()
            .flatten()
            .collect()
    }

    fn with_texts(&self, texts: Vec<String>) -> Self {
        let mut texts = texts.into_iter();
        let italian = texts.next().unwrap_or_default();
        let original = self.original.as_ref().map(|spoken| Spoken {
            language: spoken.language.clone(),
            text: texts.next().unwrap_or_default(),
        });
        Self {
            original,
            italian,
            member: self.member,
        }
    }
}

/// Words in a language other than Italian.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spoken {
    /// The language.
    pub language: Language,
    /// The words.
    pub text: String,
}

/// What happens next on a goal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextStep {
    /// What, in plain words.
    pub what: String,
    /// By when.
    #[serde(
        default,
        with = "crate::civil::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub due: Option<Date>,
}

fields! {
    /// A field of a goal.
    GoalField / GoalKey {
        /// The domain of need.
        Area(Area),
        /// The family's own words.
        Words(FamilyWords; text),
        /// The expected result: level 0 of the scale, written with the family.
        Expected(String; text),
        /// What much less than expected (−2) looks like.
        MuchLess(String; text),
        /// What less than expected (−1) looks like.
        Less(String; text),
        /// What more than expected (+1) looks like.
        More(String; text),
        /// What much more than expected (+2) looks like.
        MuchMore(String; text),
        /// Target date.
        Due(Date, with "crate::civil"),
        /// State.
        State(GoalState),
        /// Importance given by the family, 1..=3.
        Weight(u8),
        /// Who acts.
        WhoActs(WhoActs),
        /// The next step.
        NextStep(NextStep),
        /// The family's answer on this goal as it stands.
        Agreement(Agreement),
        /// Place in the family's order: a fractional key, compared as text.
        Order(String; silent),
    }
}

fields! {
    /// A field of an action.
    ActionField / ActionKey {
        /// The goal that it serves.
        Goal(GoalId),
        /// Commitment or support.
        Kind(ActionKind),
        /// What, in plain words.
        What(String; text),
        /// Who acts.
        WhoActs(WhoActs),
        /// The member bound.
        Member(MemberId),
        /// The service involved, by name.
        Service(String),
        /// By when.
        Due(Date, with "crate::civil"),
        /// State.
        State(ActionState),
        /// What blocks it.
        Barrier(Barrier),
    }
}

impl GoalField {
    /// The words of a level, where the field is one.
    pub fn level_words(&self) -> Option<&str> {
        match self {
            Self::MuchLess(words)
            | Self::Less(words)
            | Self::Expected(words)
            | Self::More(words)
            | Self::MuchMore(words) => Some(words),
            Self::Area(_)
            | Self::Words(_)
            | Self::Due(_)
            | Self::State(_)
            | Self::Weight(_)
            | Self::WhoActs(_)
            | Self::NextStep(_)
            | Self::Agreement(_)
            | Self::Order(_) => None,
        }
    }
}

impl GoalState {
    /// Whether work on the goal goes on: neither ended nor suspended.
    pub const fn is_active(self) -> bool {
        match self {
            Self::Proposed | Self::Agreed | Self::InProgress => true,
            Self::Achieved
            | Self::PartlyAchieved
            | Self::NotAchieved
            | Self::Suspended
            | Self::Abandoned => false,
        }
    }
}

/// A goal of the plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Goal {
    /// Everything written about the goal.
    pub fields: Fields<GoalField>,
}

macro_rules! goal_getters {
    ($($(#[$doc:meta])* $fn:ident: $variant:ident -> $ty:ty),+ $(,)?) => {$(
        $(#[$doc])*
        pub fn $fn(&self) -> Option<&$ty> {
            if let Some(GoalField::$variant(value)) = self.fields.value(GoalKey::$variant) {
                return Some(value);
            }
            None
        }
    )+};
}

impl Goal {
    goal_getters! {
        /// The domain of need.
        area: Area -> Area,
        /// The family's own words.
        words: Words -> FamilyWords,
        /// The expected result.
        expected: Expected -> String,
        /// Target date.
        due: Due -> Date,
        /// State.
        state: State -> GoalState,
        /// Who acts.
        who_acts: WhoActs -> WhoActs,
        /// The next step.
        next_step: NextStep -> NextStep,
        /// The family's answer.
        agreement: Agreement -> Agreement,
        /// Place in the family's order.
        order: Order -> String,
    }

    /// Importance given by the family, 1 if it gave none.
    pub fn weight(&self) -> u8 {
        if let Some(GoalField::Weight(weight)) = self.fields.value(GoalKey::Weight) {
            return *weight;
        }
        1
    }

    /// The agreed words of a level; `None` where nobody worded it and generic words serve.
    pub fn level_words(&self, score: Score) -> Option<&str> {
        let key = match score.get() {
            -2 => GoalKey::MuchLess,
            -1 => GoalKey::Less,
            0 => GoalKey::Expected,
            1 => GoalKey::More,
            _ => GoalKey::MuchMore,
        };
        self.fields.value(key)?.level_words()
    }

    /// Whether work on the goal goes on: neither ended nor suspended.
    pub fn is_active(&self) -> bool {
        self.state().is_none_or(|state| state.is_active())
    }
}

/// A commitment of the family or a support by services.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Action {
    /// Everything written about the action.
    pub fields: Fields<ActionField>,
}

impl Action {
    /// The goal that the action serves.
    pub fn goal(&self) -> Option<GoalId> {
        if let Some(ActionField::Goal(goal)) = self.fields.value(ActionKey::Goal) {
            return Some(*goal);
        }
        None
    }

    /// What is to be done.
    pub fn what(&self) -> Option<&str> {
        if let Some(ActionField::What(what)) = self.fields.value(ActionKey::What) {
            return Some(what);
        }
        None
    }

    /// State; an action that nobody touched is still to be done.
    pub fn state(&self) -> ActionState {
        if let Some(ActionField::State(state)) = self.fields.value(ActionKey::State) {
            return *state;
        }
        ActionState::Todo
    }

    /// By when.
    pub fn due(&self) -> Option<Date> {
        if let Some(ActionField::Due(due)) = self.fields.value(ActionKey::Due) {
            return Some(*due);
        }
        None
    }

    /// What blocks it.
    pub fn barrier(&self) -> Option<Barrier> {
        if let Some(ActionField::Barrier(barrier)) = self.fields.value(ActionKey::Barrier) {
            return Some(*barrier);
        }
        None
    }
}
