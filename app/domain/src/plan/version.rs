//! Versions of the plan: what one freezes, and what the family and the social worker said of it.

use std::fmt;

use litemap::LiteMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{ActionField, ActionKey, Goal, GoalField, GoalKey, Plan};
use crate::family::Language;
use crate::field::{Field, Fields};
use crate::id::{ActionId, GoalId, MemberId, Millis, OpId, UserId, VersionId};
use crate::order;
use crate::vocabulary::{Agreement, Interpreted, SignatureMode, Verdict};

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
    /// Who interpreted, where that was said (schema 4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interpreted: Option<Interpreted>,
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

/// How a goal as it reads now stands to what the family signed last. Computed, never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// The family has signed no version yet.
    NothingSigned,
    /// Exactly this was signed.
    Signed,
    /// It was signed, and reads otherwise now.
    ChangedSince,
    /// It was not there when the family signed.
    NewSince,
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

impl Plan {
    /// What the plan says now: what the next version would freeze.
    ///
    /// Ended goals stay in it, so that a version tells how they ended. The next step, who acts
    /// and the state are the life of the goal between versions and are not signed.
    pub fn content(&self) -> PlanContent {
        let goals = self.goals_in_order();
        PlanContent {
            goals: goals
                .into_iter()
                .map(|(id, goal)| self.content_of(id, goal))
                .collect(),
        }
    }

    fn content_of(&self, id: GoalId, goal: &Goal) -> GoalContent {
        GoalContent {
            goal: id,
            fields: shown_values(&goal.fields, is_signed),
            actions: self
                .actions_of(id)
                .map(|(id, action)| ActionContent {
                    action: id,
                    fields: shown_values(&action.fields, is_signed_of_action),
                })
                .collect(),
        }
    }

    /// What the family signed last: of the versions that it agreed to, the one proposed last.
    pub fn last_signed(&self) -> Option<&Version> {
        let mut proposed: Vec<(OpId, &Version)> = self
            .versions
            .iter()
            .map(|(op, version)| (*op, version))
            .collect();
        order::sort_by_key(&mut proposed, |(op, version)| (version.number, *op));
        let mut newest_first = proposed.into_iter().rev().map(|(_, version)| version);
        newest_first.find(|version| self.is_agreed(version))
    }

    /// How each goal as it reads now stands to what the family signed last. Whoever changes a
    /// goal after a signature voids it for that goal alone.
    pub fn consents(&self) -> LiteMap<GoalId, Consent> {
        let signed = self.last_signed();
        let consent = |id: GoalId, goal: &Goal| match signed.map(|last| last.content.goal(id)) {
            None => Consent::NothingSigned,
            Some(None) => Consent::NewSince,
            Some(Some(then)) if *then == self.content_of(id, goal) => Consent::Signed,
            Some(Some(_)) => Consent::ChangedSince,
        };
        let goals = self.goals.iter();
        goals.map(|(id, goal)| (*id, consent(*id, goal))).collect()
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
