//! The integration plan: needs in two voices, goals, actions, versions, review.
//!
//! The plan's stage is computed from what was proposed, answered and reviewed; nobody writes it.
//! Sources: D.Lgs 147/2017 art. 6 (goals, supports, commitments, signature by the household);
//! DM 72/2024 (expected result as a step, each commitment names the member bound).

use std::collections::BTreeSet;

use litemap::LiteMap;
use serde::{Deserialize, Serialize};

use crate::id::{ActionId, GoalId, OpId};
use crate::order;
use crate::register::{Register, Write};
use crate::vocabulary::{Area, Closure, NeedLevel, Voice};

mod goal;
mod standing;
mod version;

pub use self::goal::{
    Action, ActionField, ActionKey, FamilyWords, Goal, GoalField, GoalKey, NextStep, Spoken,
};
pub use self::version::{
    ActionContent, Answer, Consent, Fingerprint, GoalAnswer, GoalContent, PlanContent, Review,
    Statement, Version,
};

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

    /// The actions of one goal, in the order in which they were made, which is that of their ids.
    /// A rule and not somebody's choice: nobody moves an action. It is part of what the family
    /// signs, so neither a date nor a state that changes later may turn it.
    pub fn actions_of(&self, goal: GoalId) -> impl Iterator<Item = (ActionId, &Action)> {
        self.actions
            .iter()
            .filter(move |(_, action)| action.goal() == Some(goal))
            .map(|(id, action)| (*id, action))
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
