//! Visits, planned and made; what happened to each goal; notes. All append-only but the plan.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time};
use litemap::LiteMap;
use serde::{Deserialize, Serialize};

use crate::family::Language;
use crate::field::{Fields, fields};
use crate::id::{GoalId, MemberId, Millis, OpId, UserId, VisitId};
use crate::plan::{FamilyWords, NextStep};
use crate::score::Score;
use crate::vocabulary::{Barrier, Place, Response, TutorMove, WhoActs};

/// When and where a visit is to take place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// Day.
    #[serde(with = "crate::civil")]
    pub date: Date,
    /// Hour, if one was agreed.
    #[serde(
        default,
        with = "crate::civil::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub time: Option<Time>,
    /// Where.
    pub place: Place,
    /// What it is for, in a few words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
}

fields! {
    /// A field of a visit that has yet to take place.
    VisitField / VisitKey {
        /// When and where.
        Appointment(Appointment),
        /// Called off.
        Cancelled(bool),
    }
}

/// What was recorded when a visit was closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitRecord {
    /// The day it took place.
    #[serde(with = "crate::civil")]
    pub date: Date,
    /// Where.
    pub place: Place,
    /// Length in minutes.
    pub minutes: u16,
    /// Members who were there.
    #[serde(default)]
    pub present: BTreeSet<MemberId>,
    /// Language spoken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// What happened, in the tutor's words. May be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
}

/// What happened to one goal: both ratings, the family's response, the tutor's move.
///
/// Every part may be skipped; the two ratings are two voices and are never averaged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// The family's rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<Score>,
    /// The tutor's rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tutor: Option<Score>,
    /// How the family responds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Response>,
    /// What stands in the way.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub barriers: BTreeSet<Barrier>,
    /// What the tutor did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tutor_move: Option<TutorMove>,
    /// Who acts from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who_acts: Option<WhoActs>,
    /// The next step agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_step: Option<NextStep>,
    /// What the family said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<FamilyWords>,
}

/// An entry of the diary: kept for ever, corrected only by a later entry that points at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<T> {
    /// What was recorded.
    pub record: T,
    /// By whom.
    pub author: UserId,
    /// When, by the author's device.
    pub at: Millis,
    /// The entry that this one corrects.
    pub corrects: Option<OpId>,
}

/// A rating of one goal, at a visit or between visits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The goal.
    pub goal: GoalId,
    /// The visit at which it was rated, if any.
    pub visit: Option<VisitId>,
    /// What was rated.
    pub rating: Rating,
}

/// A visit: its appointment, and what was recorded of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Visit {
    /// When and where it was planned.
    pub planned: Fields<VisitField>,
    /// Records, by the op that made them. More than one means a correction.
    pub records: LiteMap<OpId, Entry<VisitRecord>>,
}

impl Visit {
    /// When and where the visit is planned, unless it was called off.
    pub fn appointment(&self) -> Option<&Appointment> {
        if self.planned.value(VisitKey::Cancelled) == Some(&VisitField::Cancelled(true)) {
            return None;
        }
        if let Some(VisitField::Appointment(appointment)) =
            self.planned.value(VisitKey::Appointment)
        {
            return Some(appointment);
        }
        None
    }

    /// The record that counts: the one that no other corrects, whatever the clocks of those who
    /// wrote them said; of several the one with the greatest id. `None` while the visit is still
    /// to come.
    pub fn record(&self) -> Option<(OpId, &Entry<VisitRecord>)> {
        let is_corrected = |id: &OpId| {
            let mut all = self.records.values();
            all.any(|entry| entry.corrects == Some(*id))
        };
        self.records
            .iter()
            .max_by_key(|(id, _)| (!is_corrected(id), **id))
            .map(|(id, entry)| (*id, entry))
    }
}
