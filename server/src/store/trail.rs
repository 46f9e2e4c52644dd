//! The audit trail: who did what, and that nobody changed it since.

use async_trait::async_trait;
use domain::id::{DeviceId, Millis, OpId, ScopeId, UserId};

use super::StoreError;

/// What somebody did. The words are codes: never names, never what a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// An op was accepted into a scope.
    Wrote,
    /// An op was put in quarantine.
    Refused,
    /// Alarm: an op came under the id of another.
    Clashed,
    /// Sealed ops of a phone (`subject` wrote them) were delivered.
    Delivered,
    /// A scope was read.
    Read,
    /// Ops of a scope that lie in quarantine were read.
    QuarantineRead,
    /// An op in quarantine was handed over by its author (`subject`).
    HandedOver,
    /// An op of `subject` was let into the log out of quarantine.
    Adopted,
    /// An op of `subject` stays in quarantine for good.
    Declined,
    /// The bytes of an attachment were taken in.
    AttachmentWritten,
    /// The bytes of an attachment were read.
    AttachmentRead,
    /// A phone erased a scope.
    Purged,
    /// A user was added.
    UserAdded,
    /// A password was changed.
    PasswordSet,
    /// A user was let in again.
    UserActivated,
    /// A user was shut out.
    UserDeactivated,
    /// A user was locked after wrong passwords.
    LoginLocked,
    /// The lock was lifted by somebody.
    LoginUnlocked,
    /// Somebody signed in.
    SignedIn,
    /// Somebody signed out.
    SignedOut,
    /// Somebody typed a wrong password.
    SignInFailed,
    /// A device was kept from syncing.
    DeviceRevoked,
    /// A person, or one of their devices, was suspended for a time.
    Suspended,
    /// A suspension was lifted before its time.
    SuspensionLifted,
    /// A scope was made.
    ScopeCreated,
    /// A scope was opened to a person.
    Granted,
    /// A scope was taken away from a person.
    Revoked,
    /// Everything was read for a backup.
    BackedUp,
    /// The restore epoch was raised.
    Restored,
    /// An import began.
    ImportBegun,
    /// An import was taken back.
    ImportUndone,
    /// A scope was withdrawn with its import.
    ScopeWithdrawn,
}

/// One entry for the trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Who did it.
    pub by: UserId,
    /// What.
    pub action: Action,
    /// From which device, where one did it.
    pub device: Option<DeviceId>,
    /// On which scope, where on one.
    pub scope: Option<ScopeId>,
    /// With which op, where with one.
    pub op: Option<OpId>,
    /// To whom, where to somebody.
    pub subject: Option<UserId>,
}

impl Entry {
    /// An entry that only says who and what.
    pub const fn by(by: UserId, action: Action) -> Self {
        Self {
            by,
            action,
            device: None,
            scope: None,
            op: None,
            subject: None,
        }
    }

    /// The entry, about a scope.
    #[must_use]
    pub const fn on(self, scope: ScopeId) -> Self {
        Self {
            scope: Some(scope),
            ..self
        }
    }

    /// The entry, about a person.
    #[must_use]
    pub const fn to(self, subject: UserId) -> Self {
        Self {
            subject: Some(subject),
            ..self
        }
    }
}

/// An entry of the trail as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrailEntry {
    /// Its number, from 1, without gaps.
    pub number: u64,
    /// When.
    pub at: Millis,
    /// What.
    pub entry: Entry,
}

/// Whether the trail is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainCheck {
    /// Every entry follows from the one before.
    Whole {
        /// How many there are.
        entries: u64,
    },
    /// Somebody changed or removed the entry with this number, or one before it.
    Broken {
        /// The first entry that does not follow.
        number: u64,
    },
}

/// The audit trail: each entry carries the hash of the one before.
#[async_trait]
pub trait Trail: Send + Sync {
    /// Adds entries, all or none.
    async fn note(&self, entries: &[Entry], now: Millis) -> Result<(), StoreError>;
    /// The latest entries, newest first.
    async fn trail(&self, limit: u32) -> Result<Vec<TrailEntry>, StoreError>;
    /// The latest entries about a scope, newest first.
    async fn trail_of(&self, scope: ScopeId, limit: u32) -> Result<Vec<TrailEntry>, StoreError>;
    /// Walks the whole chain.
    async fn verify_trail(&self) -> Result<ChainCheck, StoreError>;
}
