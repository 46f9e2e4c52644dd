//! The unlocked copy as screens see it: read, record, nothing of disks or networks.

use std::rc::Rc;

use domain::id::{
    ActionId, AttachmentId, GoalId, MemberId, Millis, OpId, ScopeId, UserId, VersionId, VisitId,
};
use domain::op::{Known, Op, SCHEMA};
use jiff::civil::{Date, DateTime};
use leptos::prelude::*;
use leptos::task::spawn_local;
use replica::quarantine::Decision;
use replica::replica::{RecordError, Replica, Status};
use replica::stored::{DiskError, Owner};

use crate::device::drafts::Parted;
use crate::device::senses;
use crate::driver::{Driver, Kept, Looked, Recorded};

mod attached;

pub use attached::{Attached, Made, NotKept};

/// One write that a screen wants to make.
#[derive(Clone, Debug)]
pub struct Writing {
    /// For a field: the writes that were on screen.
    pub replaces: Vec<OpId>,
    /// What changes.
    pub change: Known,
}

impl Writing {
    /// A write that replaces nothing: a new thing, or an entry of the diary.
    pub fn new(change: Known) -> Self {
        Self {
            replaces: Vec::new(),
            change,
        }
    }

    /// A write to a field whose standing writes were on screen.
    pub fn replacing(replaces: Vec<OpId>, change: Known) -> Self {
        Self { replaces, change }
    }
}

/// What is known of this phone's storage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PhoneFacts {
    /// Whether the browser promised to keep the store.
    pub is_persistent: bool,
    /// Bytes used and bytes offered, where the browser tells.
    pub space: Option<(u64, u64)>,
}

/// The unlocked copy. Exists in context only while the app is unlocked.
#[derive(Clone, Copy)]
pub struct Session {
    driver: StoredValue<Rc<Driver>, LocalStorage>,
    revision: RwSignal<u64>,
    phone: RwSignal<PhoneFacts>,
    /// Why the words typed last are not on disk.
    draft_problem: RwSignal<Option<DiskError>>,
    draft_kept: Kept,
    lock: Callback<()>,
}

/// Ids that a screen may need before anything is written.
pub trait FreshId {
    /// Makes one from an instant and ten random bytes.
    fn fresh(now: Millis, random: [u8; 10]) -> Self;
}

macro_rules! fresh_ids {
    ($($id:ident),+) => {$(
        impl FreshId for $id {
            fn fresh(now: Millis, random: [u8; 10]) -> Self {
                Self::new(now, random)
            }
        }
    )+};
}
fresh_ids!(
    OpId,
    GoalId,
    ActionId,
    VersionId,
    VisitId,
    MemberId,
    AttachmentId
);

impl Session {
    /// Wraps a driver for screens. `lock` closes the app.
    pub fn new(driver: Rc<Driver>, revision: RwSignal<u64>, lock: Callback<()>) -> Self {
        let phone = RwSignal::new(PhoneFacts::default());
        let draft_problem = RwSignal::new(None);
        let draft_kept = Callback::new(move |kept: Result<(), DiskError>| {
            draft_problem.set(kept.err());
        });
        let session = Self {
            driver: StoredValue::new_local(driver),
            revision,
            phone,
            draft_problem,
            draft_kept,
            lock,
        };
        session.ask_phone();
        session
    }

    /// Whose copy this is.
    pub fn owner(self) -> Owner {
        self.driver
            .with_value(|driver| driver.read(|replica| replica.owner().clone()))
    }

    /// Looks at the copy; runs again in a reactive place whenever anything changed.
    pub fn read<T>(self, look: impl FnOnce(&Replica) -> T) -> T {
        self.revision.track();
        self.driver.with_value(|driver| driver.read(look))
    }

    /// How sending stands.
    pub fn status(self) -> Status {
        let status = self.read(Replica::status);
        let files = self.driver.with_value(|driver| driver.uploads_len());
        Status {
            unsent: status.unsent + files,
            ..status
        }
    }

    /// Now, by this device.
    pub fn now(self) -> Millis {
        senses::now()
    }

    /// Today, by this device.
    pub fn today(self) -> Date {
        senses::today()
    }

    /// An instant in this device's time zone.
    pub fn local(self, at: Millis) -> DateTime {
        senses::local(at)
    }

    /// A new id.
    pub fn fresh<I: FreshId>(self) -> I {
        I::fresh(senses::now(), senses::random10())
    }

    /// A colleague's display name, if known here.
    pub fn name_of(self, user: UserId) -> Option<String> {
        self.read(|replica| {
            replica
                .state()
                .colleague(user)
                .map(|known| known.name.clone())
        })
    }

    /// Records writes of one family, all or none. `then` runs when they are on disk or could not
    /// be written; nothing may be called saved earlier.
    ///
    /// # Errors
    /// [`RecordError`] if the person may not, or it makes no sense. Nothing was written then.
    pub fn record(
        self,
        scope: ScopeId,
        writes: Vec<Writing>,
        drafts: Vec<String>,
        then: Recorded,
    ) -> Result<(), RecordError> {
        self.record_settling(scope, writes, drafts, Vec::new(), then)
    }

    /// Records anew what was refused, in place of `drafts`: once the new op is on disk, the refused
    /// one leaves the box.
    ///
    /// # Errors
    /// As [`Session::record`]; the refused op stays then.
    pub fn record_anew(
        self,
        scope: ScopeId,
        writing: Writing,
        refused: OpId,
        drafts: Vec<String>,
        then: Recorded,
    ) -> Result<(), RecordError> {
        self.record_settling(scope, vec![writing], drafts, vec![refused], then)
    }

    /// Takes a refused op out of the box: the person has dealt with it. `then` runs when it is off
    /// the disk or could not be removed.
    pub fn settle(self, refused: OpId, then: Recorded) {
        self.driver
            .with_value(|driver| driver.settle(refused, then));
    }

    /// Asks for the words of others that wait for the owner's decision, after what was just
    /// decided. They are shown and never kept.
    pub fn decide(self, decision: Option<Decision>, then: Looked) {
        self.driver
            .with_value(|driver| driver.decide(decision, then));
    }

    fn record_settling(
        self,
        scope: ScopeId,
        writes: Vec<Writing>,
        drafts: Vec<String>,
        settles: Vec<OpId>,
        then: Recorded,
    ) -> Result<(), RecordError> {
        let ops = self.ops(scope, writes);
        self.driver.with_value(|driver| {
            driver.read(|replica| ops.iter().try_for_each(|op| replica.check(op)))?;
            driver.record(ops, drafts, settles, then);
            Ok(())
        })
    }

    /// Writes as the ops that they would be now.
    pub fn ops(self, scope: ScopeId, writes: Vec<Writing>) -> Vec<Op> {
        let owner = self.owner();
        let now = senses::now();
        writes
            .into_iter()
            .map(|writing| Op {
                id: OpId::new(now, senses::random10()),
                device: owner.device,
                device_seq: 0,
                scope,
                author: owner.user,
                at: now,
                schema: SCHEMA,
                replaces: writing.replaces,
                change: writing.change.into(),
            })
            .collect()
    }

    /// Puts a draft on disk within a second, encrypted like everything else. `then` runs when it is
    /// there or could not be written; without it [`Session::draft_problem`] says why.
    pub fn keep_draft(self, key: String, json: String, then: Option<Kept>) {
        let then = then.unwrap_or(self.draft_kept);
        self.driver
            .with_value(|driver| driver.keep_draft(key, json, then));
    }

    /// Forgets a draft: the person gave it up.
    pub fn forget_draft(self, key: String) {
        self.driver.with_value(|driver| driver.forget_draft(key));
    }

    /// The families that were given up and took unsaved forms along: told once.
    pub fn parted(self) -> Vec<Parted> {
        self.revision.track();
        self.driver.with_value(|driver| driver.parted())
    }

    /// Why the words typed last, in whatever form says nothing itself, are not on disk.
    pub fn draft_problem(self) -> Option<DiskError> {
        self.draft_problem.get()
    }

    /// Reads a draft back as it was kept, or says why that cannot be told.
    pub fn draft(self, key: String, then: Callback<Result<Option<String>, DiskError>>) {
        let driver = self.driver.get_value();
        spawn_local(async move {
            then.try_run(driver.draft(&key).await);
        });
    }

    /// Reads drafts back, in order, up to the first that is not there; or says why that cannot be
    /// told.
    pub fn drafts(self, keys: Vec<String>, then: Callback<Result<Vec<String>, DiskError>>) {
        let driver = self.driver.get_value();
        spawn_local(async move {
            let mut found = Ok(Vec::new());
            for key in keys {
                match driver.draft(&key).await {
                    Ok(Some(draft)) => found.iter_mut().for_each(|all| all.push(draft.clone())),
                    Ok(None) => break,
                    Err(why) => {
                        found = Err(why);
                        break;
                    }
                }
            }
            then.try_run(found);
        });
    }

    /// Asks the server now.
    pub fn send_now(self) {
        self.driver.with_value(Driver::nudge);
    }

    /// Locks the app.
    pub fn lock(self) {
        self.lock.run(());
    }

    /// What is known of this phone's storage.
    pub fn phone(self) -> Signal<PhoneFacts> {
        self.phone.into()
    }

    fn ask_phone(self) {
        spawn_local(async move {
            let is_persistent = senses::persist().await;
            let space = senses::storage_estimate().await;
            self.phone.try_set(PhoneFacts {
                is_persistent,
                space,
            });
        });
    }
}

/// The session of the unlocked app.
///
/// # Panics
/// Outside the unlocked app: screens are only drawn inside it.
pub fn use_session() -> Session {
    expect_context::<Session>()
}
