//! The integration plan: needs in two voices, goals, actions, versions, review.
//!
//! The plan's stage is computed from what was proposed, answered and reviewed; nobody writes it.
//! Sources: D.Lgs 147/2017 art. 6 (goals, supports, commitments, signature by the household);
//! DM 72/2024 (expected result as a step, each commitment names the member bound).

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;
use litemap::LiteMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::family::Language;
use crate::field::{Field, Fields, Merges, fields};
use crate::id::{ActionId, GoalId, MemberId, Millis, OpId, UserId, VersionId};
use crate::order;
use crate::register::{Register, Write};
use crate::score::Score;
use crate::vocabulary::{
    ActionKind, ActionState, Agreement, Area, Barrier, Closure, GoalState, NeedLevel,
    SignatureMode, Verdict, Voice, WhoActs,
};

mod standing;

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

/// The words of one of the five levels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelWords {
    /// Which level.
    pub score: Score,
    /// What it looks like when this level is reached.
    pub words: String,
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
        match self.fields.value(key)? {
            GoalField::MuchLess(words)
            | GoalField::Less(words)
            | GoalField::Expected(words)
            | GoalField::More(words)
            | GoalField::MuchMore(words) => Some(words),
            GoalField::Area(_)
            | GoalField::Words(_)
            | GoalField::Due(_)
            | GoalField::State(_)
            | GoalField::Weight(_)
            | GoalField::WhoActs(_)
            | GoalField::NextStep(_)
            | GoalField::Agreement(_)
            | GoalField::Order(_) => None,
        }
    }

    /// Whether work on the goal goes on: neither ended nor suspended.
    pub fn is_active(&self) -> bool {
        match self.state() {
            None | Some(GoalState::Proposed | GoalState::Agreed | GoalState::InProgress) => true,
            Some(
                GoalState::Achieved
                | GoalState::PartlyAchieved
                | GoalState::NotAchieved
                | GoalState::Suspended
                | GoalState::Abandoned,
            ) => false,
        }
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

/// A need rated by one voice: where things are, and where that voice wants them to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NeedRating {
    /// Where things are.
    pub now: NeedLevel,
    /// Where they should be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hope: Option<NeedLevel>,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<FamilyWords>,
}

/// One goal as a version froze it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoalContent {
    /// Which goal.
    pub goal: GoalId,
    /// What the goal said, field by field in a fixed order.
    pub fields: Vec<GoalField>,
    /// Its actions, in the order of their ids.
    pub actions: Vec<ActionContent>,
}

/// One action as a version froze it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionContent {
    /// Which action.
    pub action: ActionId,
    /// What it said.
    pub fields: Vec<ActionField>,
}

/// What a version of the plan says: exactly what was read aloud and is signed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanContent {
    /// The goals, in the family's order.
    pub goals: Vec<GoalContent>,
}

impl PlanContent {
    /// The hash of what was read, the same on every device.
    pub fn fingerprint(&self) -> Fingerprint {
        // Struct and vector order is fixed and no map is serialized, so these bytes are canonical.
        let bytes = serde_json::to_vec(self).expect("plan content has only string keys");
        Fingerprint(
            Sha256::digest(bytes)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        )
    }

    /// The frozen form of one goal.
    pub fn goal(&self, id: GoalId) -> Option<&GoalContent> {
        self.goals.iter().find(|content| content.goal == id)
    }
}

/// SHA-256 of a version's content, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The first eight digits in two groups, for people to compare: `7F3A 91C2`.
    pub fn short(&self) -> String {
        let upper: String = self.0.chars().take(8).collect::<String>().to_uppercase();
        let (head, tail): (String, String) = (
            upper.chars().take(4).collect(),
            upper.chars().skip(4).collect(),
        );
        format!("{head} {tail}")
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A proposed version. Immutable: a later edit opens the next draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its id.
    pub id: VersionId,
    /// Its number as its author counted, from 1.
    pub number: u32,
    /// What it says.
    pub content: PlanContent,
    /// Who proposed it.
    pub author: UserId,
    /// When, by the author's device.
    pub at: Millis,
}

/// How the family answered a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The hash of what was shown and read.
    pub fingerprint: Fingerprint,
    /// How it was signed.
    pub mode: SignatureMode,
    /// Who signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// The witness of an oral agreement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<String>,
    /// The language in which it was read.
    pub language: Language,
    /// The answer goal by goal.
    pub goals: Vec<GoalAnswer>,
}

/// The family's answer on one goal of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoalAnswer {
    /// The goal.
    pub goal: GoalId,
    /// The answer.
    pub agreement: Agreement,
}

/// What the social worker decided about a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The hash of what was reviewed.
    pub fingerprint: Fingerprint,
    /// The decision.
    pub verdict: Verdict,
    /// A comment for the mediator. May be empty when approving.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
    /// The goal that the comment is about, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<GoalId>,
}

/// A move of the whole plan that is not a version: somebody says so, with a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanMove {
    /// Work goes on.
    Resumed,
    /// A review was opened.
    UnderReview,
    /// The plan rests.
    Suspended,
    /// The plan ended.
    Closed(Closure),
}

/// Where the plan stands. Computed, never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// No version was proposed yet.
    Draft,
    /// Proposed to the family, not yet answered.
    Proposed,
    /// The family agreed; the social worker has not approved yet.
    Agreed,
    /// Agreed and approved.
    Active,
    /// Under review.
    UnderReview,
    /// Suspended.
    Suspended,
    /// Closed.
    Closed(Closure),
}

/// A statement about a version: an answer or a review, with who and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement<T> {
    /// The version that it is about.
    pub version: VersionId,
    /// What was said.
    pub what: T,
    /// By whom.
    pub author: UserId,
    /// When, by the author's device.
    pub at: Millis,
}

/// The plan of one family.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Needs by domain and voice; every rating ever given, latest last.
    pub needs: LiteMap<(Area, Voice), LiteMap<OpId, Write<NeedRating>>>,
    /// Goals.
    pub goals: LiteMap<GoalId, Goal>,
    /// Actions.
    pub actions: LiteMap<ActionId, Action>,
    /// Proposed versions, oldest first.
    pub versions: LiteMap<OpId, Version>,
    /// The family's answers, oldest first.
    pub answers: LiteMap<OpId, Statement<Answer>>,
    /// The social worker's decisions, oldest first.
    pub reviews: LiteMap<OpId, Statement<Review>>,
    /// Moves of the whole plan.
    pub moves: Register<PlanMove>,
    /// Ratings of needs, answers and decisions that a later one named.
    replaced: BTreeSet<OpId>,
}

impl Plan {
    /// The goals in the family's order; where it gave none, in the order in which they were made.
    pub fn goals_in_order(&self) -> Vec<(GoalId, &Goal)> {
        let mut goals: Vec<_> = self.goals.iter().map(|(id, goal)| (*id, goal)).collect();
        order::sort_by(&mut goals, |(a_id, a), (b_id, b)| {
            (a.order(), a_id).cmp(&(b.order(), b_id))
        });
        goals
    }

    /// The actions of one goal, in the order in which they were made.
    pub fn actions_of(&self, goal: GoalId) -> impl Iterator<Item = (ActionId, &Action)> {
        self.actions
            .iter()
            .filter(move |(_, action)| action.goal() == Some(goal))
            .map(|(id, action)| (*id, action))
    }

    /// What the plan says now: what the next version would freeze.
    ///
    /// Ended goals stay in it, so that a version tells how they ended. The next step, who acts
    /// and the state are the life of the goal between versions and are not signed.
    pub fn content(&self) -> PlanContent {
        let goals = self.goals_in_order();
        PlanContent {
            goals: goals
                .into_iter()
                .map(|(id, goal)| GoalContent {
                    goal: id,
                    fields: shown_values(&goal.fields, is_signed),
                    actions: self
                        .actions_of(id)
                        .map(|(id, action)| ActionContent {
                            action: id,
                            fields: shown_values(&action.fields, is_signed_of_action),
                        })
                        .collect(),
                })
                .collect(),
        }
    }

    /// Whether the family signed a version, whatever its answer on single goals.
    pub fn is_agreed(&self, version: &Version) -> bool {
        self.answer(version.id).is_some_and(|statement| {
            statement.what.mode != SignatureMode::Refused
                && statement.what.fingerprint == version.content.fingerprint()
        })
    }

    /// Whether the social worker's last word on exactly this content was to approve it.
    pub fn is_approved(&self, version: &Version) -> bool {
        self.review(version.id).is_some_and(|statement| {
            statement.what.verdict == Verdict::Approved
                && statement.what.fingerprint == version.content.fingerprint()
        })
    }

    /// Whether the plan says something else than its latest version: a draft not yet proposed.
    pub fn has_draft(&self) -> bool {
        match self.latest_version() {
            None => !self.goals.is_empty(),
            Some(version) => version.content != self.content(),
        }
    }

    /// Where the plan stands.
    pub fn stage(&self) -> Stage {
        match self.moves.value() {
            Some(PlanMove::Closed(closure)) => return Stage::Closed(*closure),
            Some(PlanMove::Suspended) => return Stage::Suspended,
            Some(PlanMove::UnderReview) => return Stage::UnderReview,
            Some(PlanMove::Resumed) | None => {}
        }
        let Some(version) = self.latest_version() else {
            return Stage::Draft;
        };
        match (self.is_agreed(version), self.is_approved(version)) {
            (false, _) => Stage::Proposed,
            (true, false) => Stage::Agreed,
            (true, true) => Stage::Active,
        }
    }
}

fn shown_values<F: Field>(fields: &Fields<F>, is_kept: impl Fn(F::Key) -> bool) -> Vec<F> {
    fields
        .iter()
        .filter(|(key, _)| is_kept(*key))
        .filter_map(|(_, register)| register.value().cloned())
        .collect()
}

/// Whether a goal's field is part of what the family signs.
fn is_signed(key: GoalKey) -> bool {
    match key {
        GoalKey::Area
        | GoalKey::Words
        | GoalKey::Expected
        | GoalKey::MuchLess
        | GoalKey::Less
        | GoalKey::More
        | GoalKey::MuchMore
        | GoalKey::Due
        | GoalKey::Weight
        | GoalKey::Order => true,
        GoalKey::State | GoalKey::WhoActs | GoalKey::NextStep | GoalKey::Agreement => false,
    }
}

/// Whether an action's field is part of what the family signs.
fn is_signed_of_action(key: ActionKey) -> bool {
    match key {
        ActionKey::Goal
        | ActionKey::Kind
        | ActionKey::What
        | ActionKey::WhoActs
        | ActionKey::Member
        | ActionKey::Service
        | ActionKey::Due => true,
        ActionKey::State | ActionKey::Barrier => false,
    }
}
