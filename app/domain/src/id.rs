//! Names of things: one type per kind of id, and the instant.
//!
//! Ids are UUIDv7 made where the thing is made, so that a phone without signal can name what it
//! writes. This module only shapes them; the random bits come from outside.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Makes the id from an instant and ten random bytes (UUIDv7, RFC 9562).
            pub fn new(now: Millis, random: [u8; 10]) -> Self {
                let millis = u64::try_from(now.0).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }

            /// Takes an id that was made elsewhere.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The id's sixteen bytes.
            pub const fn as_uuid(&self) -> &Uuid {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// One operation. Identity of a change is this id alone.
    OpId,
    /// One installation of the app: a phone, a browser profile, or the server itself.
    DeviceId,
    /// The unit of access, ordering, purge and storage. A family's file is one scope.
    ScopeId,
    /// A person who signs in.
    UserId,
    /// A member of a household.
    MemberId,
    /// A goal of the plan.
    GoalId,
    /// A commitment or a support under a goal.
    ActionId,
    /// One proposed version of the plan.
    VersionId,
    /// A visit, planned or made.
    VisitId,
    /// Something recorded, photographed or drawn.
    AttachmentId,
}

/// An instant in milliseconds since the Unix epoch, UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    /// This instant moved by `delta_ms` milliseconds, at the ends of the range at most.
    pub const fn plus(self, delta_ms: i64) -> Self {
        Self(self.0.saturating_add(delta_ms))
    }
}
