//! Operations: the only thing that is written, sent and kept. An op never changes.
//!
//! Everything serialized here is a promise to every phone in the field. A new kind of change is a
//! new variant; a variant that was released is never renamed or removed.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::attachment::Attachment;
use crate::family::{FamilyField, MemberField};
use crate::id::{
    ActionId, DeviceId, GoalId, MemberId, Millis, OpId, ScopeId, UserId, VersionId, VisitId,
};
use crate::plan::{ActionField, Answer, GoalField, NeedRating, PlanContent, PlanMove, Review};
use crate::removal::Item;
use crate::visit::{Rating, VisitField, VisitRecord};
use crate::vocabulary::{Area, Role, Voice};

/// The schema that this build writes.
pub const SCHEMA: u16 = 4;

/// The longest text that one field may hold, in characters.
pub const WORDS_CHARS_MAX: usize = 4_000;

/// One change, with who made it and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Op {
    /// Identity of the change. Same id, same bytes.
    pub id: OpId,
    /// The device that made it.
    pub device: DeviceId,
    /// The device's own count, from 1: orders the outbox and reveals gaps. Not an identity, since
    /// a phone restored from a backup repeats it.
    pub device_seq: u64,
    /// The file that it belongs to.
    pub scope: ScopeId,
    /// Who made it.
    pub author: UserId,
    /// When, by the author's device: shown, never used to decide.
    pub at: Millis,
    /// The schema with which it was written.
    pub schema: u16,
    /// For a write to a field: the writes that its author had on screen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<OpId>,
    /// What changed.
    pub change: Change,
}

/// What changed: an intention with a name of its own, never "row updated".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A kind that this build knows.
    Known(Box<Known>),
    /// A kind, field or word that this build does not know: kept as it came, returned unchanged.
    Unknown(UnknownChange),
}

impl From<Known> for Change {
    fn from(known: Known) -> Self {
        Self::Known(Box::new(known))
    }
}

/// The kinds of change that this build knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// A field of the household was written.
    FamilyWritten(FamilyField),
    /// A field of a member was written. The first one adds the member.
    MemberWritten {
        /// Who.
        member: MemberId,
        /// What.
        field: MemberField,
    },
    /// One voice said how things are in a domain of need.
    NeedRated {
        /// The domain of need.
        area: Area,
        /// Who says so.
        voice: Voice,
        /// What they say.
        rating: NeedRating,
    },
    /// A field of a goal was written. The first one adds the goal.
    GoalWritten {
        /// Which goal.
        goal: GoalId,
        /// What.
        field: GoalField,
    },
    /// A field of an action was written. The first one adds the action.
    ActionWritten {
        /// Which action.
        action: ActionId,
        /// What.
        field: ActionField,
    },
    /// The plan was put before the family as a version.
    VersionProposed {
        /// The version's id.
        version: VersionId,
        /// Its number, from 1.
        number: u32,
        /// What it says.
        content: PlanContent,
    },
    /// The family answered a version.
    VersionAnswered {
        /// Which version.
        version: VersionId,
        /// What it answered.
        answer: Answer,
    },
    /// The social worker decided about a version.
    VersionReviewed {
        /// Which version.
        version: VersionId,
        /// What was decided.
        review: Review,
    },
    /// The whole plan moved.
    PlanMoved(PlanMove),
    /// A field of a planned visit was written.
    VisitPlanned {
        /// Which visit.
        visit: VisitId,
        /// What.
        field: VisitField,
    },
    /// A visit was made and closed.
    VisitRecorded {
        /// Which visit.
        visit: VisitId,
        /// What was recorded.
        record: VisitRecord,
        /// The entry that this one corrects.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        corrects: Option<OpId>,
    },
    /// What happened to a goal was recorded.
    ProgressRated {
        /// Which goal.
        goal: GoalId,
        /// At which visit, if at one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        visit: Option<VisitId>,
        /// What.
        rating: Rating,
        /// The entry that this one corrects.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        corrects: Option<OpId>,
    },
    /// A note was added to the diary.
    NoteAdded {
        /// The words.
        words: String,
        /// The entry that this one corrects.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        corrects: Option<OpId>,
    },
    /// Something was recorded, photographed or drawn. Its bytes travel by themselves.
    AttachmentAdded(Attachment),
    /// The author has looked at everything in this scope up to a number.
    Seen {
        /// The number of the last accepted op that was on screen.
        up_to: u64,
    },
    /// A person who works here is known by this name and role (reference scope only).
    ColleagueNamed {
        /// Who.
        user: UserId,
        /// Display name.
        name: String,
        /// Role.
        role: Role,
    },
    /// Something was taken out of its list. `replaces` names every write to it that was on
    /// screen; any other write brings it back.
    Removed(Item),
    /// Something that was taken out is to stay. `replaces` names the removals.
    Restored(Item),
    /// Two entries of the household are one person. `replaces` names what was found before.
    MembersMerged {
        /// The entry that stays.
        kept: MemberId,
        /// The other one.
        other: MemberId,
    },
    /// Two entries that look alike are two people. `replaces` names what was found before.
    MembersDistinct {
        /// One.
        one: MemberId,
        /// The other, who may be of another family: there nothing is written.
        other: MemberId,
    },
    /// What was found about two entries is taken back: `replaces` names it.
    MembersReopened {
        /// One.
        one: MemberId,
        /// The other.
        other: MemberId,
    },
}

impl Known {
    /// The stable name of the kind, for logs and for the API. Never changes once released.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::FamilyWritten(_) => "family_written",
            Self::MemberWritten { .. } => "member_written",
            Self::NeedRated { .. } => "need_rated",
            Self::GoalWritten { .. } => "goal_written",
            Self::ActionWritten { .. } => "action_written",
            Self::VersionProposed { .. } => "version_proposed",
            Self::VersionAnswered { .. } => "version_answered",
            Self::VersionReviewed { .. } => "version_reviewed",
            Self::PlanMoved(_) => "plan_moved",
            Self::VisitPlanned { .. } => "visit_planned",
            Self::VisitRecorded { .. } => "visit_recorded",
            Self::ProgressRated { .. } => "progress_rated",
            Self::NoteAdded { .. } => "note_added",
            Self::AttachmentAdded(_) => "attachment_added",
            Self::Seen { .. } => "seen",
            Self::ColleagueNamed { .. } => "colleague_named",
            Self::Removed(_) => "removed",
            Self::Restored(_) => "restored",
            Self::MembersMerged { .. } => "members_merged",
            Self::MembersDistinct { .. } => "members_distinct",
            Self::MembersReopened { .. } => "members_reopened",
        }
    }
}

/// A change that this build cannot read: its JSON, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownChange(Box<str>);

impl UnknownChange {
    /// The JSON as it came.
    pub fn json(&self) -> &str {
        &self.0
    }
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(known) => known.serialize(serializer),
            Self::Unknown(UnknownChange(json)) => {
                let raw: &RawValue =
                    serde_json::from_str(json).map_err(serde::ser::Error::custom)?;
                raw.serialize(serializer)
            }
        }
    }
}

impl<'de> Deserialize<'de> for Change {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        // Whatever this build cannot read was written by a newer one. It is kept as it is: an old
        // app must not erase a new app's word.
        match serde_json::from_str::<Known>(raw.get()) {
            Ok(known) => Ok(known.into()),
            Err(_) => Ok(Self::Unknown(UnknownChange(Box::<str>::from(raw.get())))),
        }
    }
}
