//! Words that were not accepted: what a person decides about them, and what their author is told.
//!
//! Only ever spoken with a network and never kept: what lies in quarantine belongs to nobody's copy
//! until somebody adopts it. An adopted op enters the log as it is, under its own id and author, so
//! that nobody puts words into another's mouth and it can enter only once.

use domain::id::{DeviceId, Millis, OpId, ScopeId, UserId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::message::Refusal;

/// Refused ops after which one request asks at most.
pub const ASKED_MAX: usize = 50;
/// Ops in one list at most; those that came first stand first.
pub const HELD_MAX: u32 = 100;
/// The longest reason, in characters.
pub const REASON_CHARS_MAX: usize = 1_000;
/// How long what a colleague offered waits for its author before somebody else is asked, in
/// milliseconds: after a restore every phone offers everything, and most authors come themselves.
pub const AUTHOR_WAIT_MS: i64 = 3 * 24 * 60 * 60 * 1_000;

/// What a person asks of the quarantine.
#[derive(Debug, Serialize, Deserialize)]
pub struct Request {
    /// The phone: whoever has only its cookie gets nothing.
    pub device: DeviceId,
    /// What is to be done first; every answer is the list as it then is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

/// What is to become of one op.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It enters the file.
    Adopt(OpId),
    /// It does not, and its author is told why.
    Decline {
        /// Which op.
        op: OpId,
        /// Why, in a few words.
        reason: String,
    },
    /// Its author gives it to whoever follows the family now.
    HandOver(OpId),
}

/// What waits for this person's decision.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Reply {
    /// The ops, oldest first.
    pub held: Vec<Held>,
}

/// One op in quarantine.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Held {
    /// The op, as its author's bytes.
    pub op: Box<RawValue>,
    /// Who sent it: somebody else than its author after a restore.
    pub sender: UserId,
    /// Why it was not accepted.
    pub refusal: Refusal,
    /// When it came, by the server's clock.
    pub received_at: Millis,
    /// Whether its author handed it over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_handed_over: bool,
    /// Why this person cannot adopt it, if they cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<Refusal>,
}

/// How much waits in one scope for this person's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The scope.
    pub scope: ScopeId,
    /// How many ops.
    pub count: u32,
}

/// What became of a refused op, for the phone that wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Which op.
    pub op: OpId,
    /// What became of it.
    pub word: Word,
}

/// What became of a refused op.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", remote = "Self")]
pub enum Word {
    /// Its author handed it over, and nobody has decided yet.
    HandedOver,
    /// It is in the file, with this number.
    Adopted {
        /// Its number in its scope.
        number: u64,
        /// Who adopted it.
        by: UserId,
    },
    /// It stays outside the file.
    Declined {
        /// Who decided so.
        by: UserId,
        /// Why.
        reason: String,
    },
    /// A word of a later release.
    #[serde(skip)]
    Unknown(UnknownWord),
}

/// A word that this build cannot read: its JSON, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownWord(Box<str>);

impl Word {
    /// Whether nothing more will come.
    pub const fn is_last(&self) -> bool {
        match self {
            // A later word may follow one that is not understood.
            Self::HandedOver | Self::Unknown(_) => false,
            Self::Adopted { .. } | Self::Declined { .. } => true,
        }
    }
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unknown(UnknownWord(json)) => {
                let raw: &RawValue =
                    serde_json::from_str(json).map_err(serde::ser::Error::custom)?;
                raw.serialize(serializer)
            }
            Self::HandedOver | Self::Adopted { .. } | Self::Declined { .. } => {
                Self::serialize(self, serializer)
            }
        }
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let mut json = serde_json::Deserializer::from_str(raw.get());
        // By the name of the type this is what serde derived, which knows no other words.
        let known = Self::deserialize(&mut json);
        Ok(known.unwrap_or_else(|_| Self::Unknown(UnknownWord(Box::<str>::from(raw.get())))))
    }
}
