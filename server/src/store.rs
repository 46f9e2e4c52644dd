//! What the server keeps, and the one way to it.
//!
//! [`Store`] has two implementations, SQLite and PostgreSQL, that pass the same contract test. Only
//! modules below this one contain SQL. Times and ids come in as values, so that every case can be
//! told again.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use domain::authorize::{Relation, ScopeKind};
use domain::id::{DeviceId, Millis, OpId, ScopeId, UserId};
use domain::vocabulary::Role;
use replica::hub::Barred;
use replica::message::{Grant, Receipt};
use serde_json::value::RawValue;
use uuid::Uuid;

use agenda::Agenda;
use naming::Naming;
use quarantine::Quarantine;
use reach::Reaching;
use sealing::Sealing;
use suspensions::Suspensions;
use undone::Undone;

pub mod agenda;
mod chain;
mod columns;
mod decision;
mod letter;
mod migrations;
pub mod naming;
#[expect(
    clippy::duplicate_mod,
    reason = "both databases are asked in the same sentences, compiled for each"
)]
mod postgres;
pub mod quarantine;
pub mod reach;
pub mod sealing;
pub(crate) mod sqlite;
pub mod suspensions;
mod trail;
pub mod undone;

pub use trail::{Action, ChainCheck, Entry, Trail, TrailEntry};

/// Opens the store that `url` names: `sqlite:FILE` or `postgres://…`, and brings its tables up to
/// date.
///
/// # Errors
/// [`StoreError`] says what is in the way.
pub async fn open(url: &str, now: Millis) -> Result<Arc<dyn Store>, StoreError> {
    if let Some(file) = sqlite_file(url) {
        return Ok(Arc::new(sqlite::Database::open(file, now).await?));
    }
    if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        return Ok(Arc::new(postgres::Database::open(url, now).await?));
    }
    Err(StoreError::NotAStore)
}

/// The file that `url` names, if it names one.
pub fn sqlite_file(url: &str) -> Option<&Path> {
    let file = url.strip_prefix("sqlite:")?;
    Some(Path::new(file.strip_prefix("//").unwrap_or(file)))
}

/// Why the store did not do it. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer or is busy: try again in a while.
    #[error("the database is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No space left where the database writes: somebody has to make room.
    #[error("the database has no space left")]
    Full,
    /// It is there already, or somebody else was faster: look again.
    #[error("the name or number is taken already")]
    Conflict,
    /// There is no such thing: nothing to do.
    #[error("there is no such thing")]
    NotFound,
    /// The address names neither SQLite nor PostgreSQL: mend the setting.
    #[error("the address begins with neither sqlite: nor postgres:")]
    NotAStore,
    /// The database was written by a newer version of the program: update the program.
    #[error("the database was written by a newer version of the program")]
    Newer,
    /// What is stored cannot be read: stop and restore from a backup.
    #[error("the database holds something that cannot be read: {0}")]
    Corrupt(&'static str),
}

/// Everything that the server keeps.
pub trait Store:
    People
    + Suspensions
    + Access
    + Naming
    + Agenda
    + Log
    + Quarantine
    + Reaching
    + Sealing
    + Trail
    + Imports
{
}

impl<T> Store for T where
    T: People
        + Suspensions
        + Access
        + Naming
        + Agenda
        + Log
        + Quarantine
        + Reaching
        + Sealing
        + Trail
        + Imports
{
}

/// A person who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Who.
    pub id: UserId,
    /// What they type to sign in: lowercase, unique.
    pub login: String,
    /// Display name.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// Whether they may sign in at all.
    pub is_active: bool,
}

/// A user and what a sign-in needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The person.
    pub user: User,
    /// The password's hash in PHC format.
    pub password_hash: String,
    /// Wrong passwords since the last right one.
    pub failed_attempts: u32,
    /// Until when sign-in is refused.
    pub locked_until: Option<Millis>,
    /// Until when the office keeps the person out.
    pub suspended_until: Option<Millis>,
}

/// SHA-256 of a session's token: the token itself is never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenHash(pub [u8; 32]);

/// A sign-in that is still good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who signed in.
    pub user: User,
    /// On which device, where it said so.
    pub device: Option<DeviceId>,
    /// When.
    pub created_at: Millis,
    /// Until when it is good.
    pub expires_at: Millis,
    /// Until when the office keeps the person, or this device, out.
    pub suspended_until: Option<Millis>,
}

/// A sign-in to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewSession {
    /// The token's hash.
    pub token: TokenHash,
    /// Who.
    pub user: UserId,
    /// On which device, where it said so.
    pub device: Option<DeviceId>,
    /// Until when it is good.
    pub expires_at: Millis,
}

/// A phone or browser that has been here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// Which.
    pub id: DeviceId,
    /// Whose.
    pub user: UserId,
    /// The first time.
    pub first_seen: Millis,
    /// The last time, to the nearest ten minutes.
    pub last_seen: Millis,
    /// Since when it may not sync any more.
    pub revoked_at: Option<Millis>,
    /// Until when it is kept out.
    pub suspended_until: Option<Millis>,
}

/// Users, their sign-ins and their devices.
#[async_trait]
pub trait People: Send + Sync {
    /// The user under whose name the server itself writes (role [`Role::System`]).
    fn system(&self) -> UserId;

    /// Adds a user; `Conflict` if the login or the id is taken.
    async fn create_user(
        &self,
        by: UserId,
        user: &User,
        password_hash: &str,
        now: Millis,
    ) -> Result<(), StoreError>;
    /// A user by what they type; `login` is compared lowercase.
    async fn user_by_login(&self, login: &str) -> Result<Option<Login>, StoreError>;
    /// A user by id.
    async fn user(&self, user: UserId) -> Result<Option<User>, StoreError>;
    /// Every user but the server itself, by login.
    async fn users(&self) -> Result<Vec<User>, StoreError>;
    /// Changes a password and ends every session of the user.
    async fn set_password(
        &self,
        by: UserId,
        user: UserId,
        password_hash: &str,
        now: Millis,
    ) -> Result<(), StoreError>;
    /// Lets a user in again, or shuts them out and ends every session.
    async fn set_active(
        &self,
        by: UserId,
        user: UserId,
        is_active: bool,
        now: Millis,
    ) -> Result<(), StoreError>;
    /// Counts a wrong password and answers how many there were in a row.
    async fn record_failed_login(&self, user: UserId, now: Millis) -> Result<u32, StoreError>;
    /// Refuses sign-in until then, whatever the password.
    async fn lock_login(&self, user: UserId, until: Millis, now: Millis) -> Result<(), StoreError>;
    /// Forgets wrong passwords and the lock, because the right one came.
    async fn reset_failed_logins(&self, user: UserId) -> Result<(), StoreError>;
    /// Forgets wrong passwords and the lock, because somebody says so; `NotFound` if there is no
    /// such user.
    async fn unlock_login(&self, by: UserId, user: UserId, now: Millis) -> Result<(), StoreError>;

    /// Stores a sign-in.
    async fn create_session(&self, session: &NewSession, now: Millis) -> Result<(), StoreError>;
    /// The sign-in with this token, if it has not expired and its user is active.
    async fn session(&self, token: TokenHash, now: Millis) -> Result<Option<Session>, StoreError>;
    /// Moves the end of a sign-in.
    async fn extend_session(&self, token: TokenHash, until: Millis) -> Result<(), StoreError>;
    /// Ties a sign-in that is not yet tied to one device: from then on it is good for that one
    /// only, until then, and ends when the device is revoked.
    async fn tie_session(
        &self,
        token: TokenHash,
        device: DeviceId,
        until: Millis,
    ) -> Result<(), StoreError>;
    /// Ends a sign-in because its person leaves; does nothing if there is none.
    async fn end_session(&self, token: TokenHash, now: Millis) -> Result<(), StoreError>;
    /// Deletes sign-ins that have expired and answers how many.
    async fn sweep_sessions(&self, now: Millis) -> Result<u64, StoreError>;

    /// Notes that a device was here and answers what is known of it.
    async fn touch_device(
        &self,
        user: UserId,
        device: DeviceId,
        now: Millis,
    ) -> Result<Device, StoreError>;
    /// The devices of a user, last seen first.
    async fn devices(&self, user: UserId) -> Result<Vec<Device>, StoreError>;
    /// Keeps a device from syncing.
    async fn revoke_device(
        &self,
        by: UserId,
        user: UserId,
        device: DeviceId,
        now: Millis,
    ) -> Result<(), StoreError>;
}

/// One person's access to one scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScopeGrant {
    /// The scope.
    pub scope: ScopeId,
    /// Who.
    pub user: UserId,
    /// What they are to it.
    pub relation: Relation,
    /// Since when.
    pub since: Millis,
}

/// A family's file as the office sees it: who works on it, never what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyAccess {
    /// The scope.
    pub scope: ScopeId,
    /// Its last number.
    pub head: u64,
    /// Its mediator-tutors.
    pub tutors: Vec<UserId>,
    /// Its social workers.
    pub reviewers: Vec<UserId>,
}

/// What a person may open, and how far it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Changes when the server was restored from a backup.
    pub restore_epoch: u64,
    /// Changes when the list of grants changes.
    pub grant_epoch: u64,
    /// Every scope granted: reference scopes first.
    pub grants: Vec<Grant>,
}

/// Scopes and who may open them.
#[async_trait]
pub trait Access: Send + Sync {
    /// Adds an empty scope; `Conflict` if the id is taken.
    async fn create_scope(
        &self,
        by: UserId,
        scope: ScopeId,
        kind: ScopeKind,
        now: Millis,
    ) -> Result<(), StoreError>;
    /// The scope that everybody may know, where there is one.
    async fn reference_scope(&self) -> Result<Option<ScopeId>, StoreError>;
    /// Opens a scope to a person, or changes what they are to it.
    async fn grant(
        &self,
        by: UserId,
        scope: ScopeId,
        user: UserId,
        relation: Relation,
        now: Millis,
    ) -> Result<(), StoreError>;
    /// Takes a scope away from a person and answers whether they had it.
    async fn revoke(
        &self,
        by: UserId,
        scope: ScopeId,
        user: UserId,
        now: Millis,
    ) -> Result<bool, StoreError>;
    /// Who may open a scope.
    async fn grants(&self, scope: ScopeId) -> Result<Vec<ScopeGrant>, StoreError>;
    /// Every family's file and who works on it, by scope.
    async fn families(&self) -> Result<Vec<FamilyAccess>, StoreError>;
    /// What a person of this role may open now.
    async fn standing(&self, user: UserId, role: Role) -> Result<Standing, StoreError>;
    /// Notes that a phone has erased scopes that were taken away.
    async fn acknowledge_purges(
        &self,
        user: UserId,
        device: DeviceId,
        scopes: &[ScopeId],
        now: Millis,
    ) -> Result<(), StoreError>;
    /// The epoch that was announced last.
    async fn restore_epoch(&self) -> Result<u64, StoreError>;
    /// Announces to every phone that the server was restored from a backup.
    async fn raise_restore_epoch(&self, by: UserId, now: Millis) -> Result<u64, StoreError>;
    /// Whether everything here is invented: pages then say so.
    async fn is_demonstration(&self) -> Result<bool, StoreError>;
    /// Marks everything here as invented, for good.
    async fn mark_demonstration(&self) -> Result<(), StoreError>;
}

/// Who sends ops, from which device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The person.
    pub user: UserId,
    /// Their role.
    pub role: Role,
    /// The device that sends.
    pub device: DeviceId,
    /// Why none of their changes enters the log now, if that is so: what they wrote is kept in
    /// quarantine, for somebody to decide.
    pub barred: Option<Barred>,
    /// Who brought their sealed ops, where they did not send themselves: noted once something new
    /// was written.
    pub brought_by: Option<UserId>,
}

impl Sender {
    /// Somebody who may do what their role and their grants say.
    pub const fn new(user: UserId, role: Role, device: DeviceId) -> Self {
        Self {
            user,
            role,
            device,
            barred: None,
            brought_by: None,
        }
    }
}

/// An op of the log.
#[derive(Clone, Debug)]
pub struct StoredOp {
    /// Its number in its scope.
    pub seq: u64,
    /// Its id.
    pub id: OpId,
    /// Its author's bytes.
    pub body: Box<RawValue>,
}

/// Some ops of a scope, in order, and the scope's last number.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// The ops, numbered without a gap.
    pub ops: Vec<StoredOp>,
    /// The scope's last number when they were read.
    pub head: u64,
}

/// The log of operations.
#[async_trait]
pub trait Log: Send + Sync {
    /// Decides about ops, numbers those that are accepted, keeps the others in quarantine, and
    /// answers only after the commit: one receipt for each op that has a readable header, in order.
    async fn ingest(
        &self,
        sender: &Sender,
        ops: &[Box<RawValue>],
        now: Millis,
    ) -> Result<Vec<Receipt>, StoreError>;
    /// The ops after number `from`, as many as fit in `bytes_max` (at least one).
    async fn read(
        &self,
        scope: ScopeId,
        from: u64,
        bytes_max: usize,
    ) -> Result<Stretch, StoreError>;
}

/// One run of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRun {
    /// Which.
    pub id: Uuid,
    /// SHA-256 of the file, in hexadecimal.
    pub file_digest: String,
    /// Who ran it.
    pub by: UserId,
    /// When.
    pub begun_at: Millis,
    /// When it was taken back.
    pub undone_at: Option<Millis>,
    /// How many scopes it made.
    pub scopes: u64,
    /// How many ops it wrote.
    pub ops: u64,
}

/// One family that an import writes: all of it or nothing.
#[derive(Debug)]
pub struct ImportedFamily {
    /// The run.
    pub run: Uuid,
    /// The family's id in the file: an import meets it once.
    pub external_id: String,
    /// SHA-256 of its row, in hexadecimal: tells a changed row from the same one.
    pub row_digest: String,
    /// The scope to make.
    pub scope: ScopeId,
    /// Its first ops, written by [`People::system`].
    pub ops: Vec<Box<RawValue>>,
    /// Who may open it.
    pub grants: Vec<(UserId, Relation)>,
}

/// A family that an earlier import wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedBefore {
    /// The run.
    pub run: Uuid,
    /// Its row's digest.
    pub row_digest: String,
    /// Its scope.
    pub scope: ScopeId,
}

/// Imports, and how to take them back.
#[async_trait]
pub trait Imports: Send + Sync {
    /// Begins a run.
    async fn begin_import(
        &self,
        by: UserId,
        run: Uuid,
        file_digest: &str,
        now: Millis,
    ) -> Result<(), StoreError>;
    /// What an earlier run, not taken back, wrote for this id.
    async fn imported(&self, external_id: &str) -> Result<Option<ImportedBefore>, StoreError>;
    /// Writes one family in one transaction: scope, ops, grants and the note that it was imported.
    /// `Conflict` if it was imported before or one of its ops would be refused.
    async fn import_family(
        &self,
        device: DeviceId,
        family: &ImportedFamily,
        now: Millis,
    ) -> Result<(), StoreError>;
    /// Opens a scope that was there before the run to a person, and remembers that the run did,
    /// until somebody else gives or takes the same.
    async fn import_grant(
        &self,
        by: UserId,
        run: Uuid,
        scope: ScopeId,
        user: UserId,
        relation: Relation,
        now: Millis,
    ) -> Result<(), StoreError>;
    /// Scopes, but those that were withdrawn, in whose log a device wrote.
    async fn written_by(&self, device: DeviceId) -> Result<Vec<ScopeId>, StoreError>;
    /// Every run, newest first.
    async fn imports(&self) -> Result<Vec<ImportRun>, StoreError>;
    /// Takes a run back: its scopes are withdrawn, unless somebody has worked in them since; the
    /// rights that it gave on other scopes are taken, unless somebody has given them since.
    async fn undo_import(&self, by: UserId, run: Uuid, now: Millis) -> Result<Undone, StoreError>;
}
