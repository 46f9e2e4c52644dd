//! The event loop: feeds the [`Replica`], runs its effects on the device, and nothing else.
//!
//! Of an open copy this is the only module that writes to disk or asks the server. It decides
//! nothing: what is to be done comes out of [`Replica::step`].

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use domain::id::{Millis, OpId};
use domain::op::Op;
use leptos::prelude::*;
use leptos::task::{spawn_local, tick};
use litemap::LiteMap;
use replica::attachment::Queue;
use replica::message::{SyncReply, SyncRequest};
use replica::quarantine::{Decision, Held, Request};
use replica::replica::{Effect, Event, Replica, SyncError};
use replica::stored::{Batch, Contents, DiskError, Owner, Standing, Ticket};

use crate::device::drafts::{Parted, UNTOLD};
use crate::device::senses::Told;
use crate::device::wire::WireError;
use crate::device::{Disk, sealed, senses, unsent_key, wire};

mod delivered;
mod partings;
mod uploads;

pub use uploads::{NoFile, Read};

/// What runs when a record is on disk, or is not.
pub type Recorded = Callback<Result<Vec<OpId>, DiskError>>;

/// What runs when a draft is on disk, or is not.
pub type Kept = Callback<Result<(), DiskError>>;

/// What runs with the words that wait for the owner's decision, or with why there are none.
pub type Looked = Callback<Result<Vec<Held>, Undecided>>;

/// Why nothing was decided about words in quarantine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undecided {
    /// Somebody else decided first, or it is no longer the owner's to decide.
    Gone,
    /// The server cannot be asked now.
    NotNow(SyncError),
}

/// How long typed text may wait before it is on disk, in milliseconds.
const DRAFT_DELAY_MS: i64 = 400;

/// What waits for the last [`Hold`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum AfterHolds {
    #[default]
    Nothing,
    Close,
    Leave,
}

/// While somebody has this, the copy goes on working although the app was locked: what is being
/// recorded still finds its way to the disk.
pub struct Hold(Rc<Driver>);

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.let_go();
    }
}

/// One unlocked copy at work.
pub struct Driver {
    replica: RefCell<Replica>,
    disk: Disk,
    revision: RwSignal<u64>,
    /// What runs when ops are on disk or not, and the drafts whose place they take.
    recorded: RefCell<LiteMap<OpId, Saving>>,
    timer: RefCell<Option<senses::Timer>>,
    drafts: RefCell<LiteMap<String, Draft>>,
    draft_timer: RefCell<Option<senses::Timer>>,
    parted: RefCell<Vec<Parted>>,
    is_closed: Cell<bool>,
    holds: Cell<usize>,
    after_holds: Cell<AfterHolds>,
    /// When the server was last met before this start.
    met_before: Option<Millis>,
    is_first_sync: Cell<bool>,
    is_asking_for_key: Cell<bool>,
    /// From before a question until its answer is on disk: another tab that asked meanwhile would
    /// send the same once more.
    sync_lock: RefCell<Option<senses::SyncLock>>,
    uploads: RefCell<Queue>,
    upload_timer: RefCell<Option<senses::Timer>>,
}

/// What runs when something is saved, and the drafts in whose place it comes.
type Saving = (Recorded, Vec<(String, Draft)>);

/// Typed text on its way to the disk.
#[derive(Clone)]
struct Draft {
    json: String,
    then: Kept,
}

impl Driver {
    /// Reads the copy from disk and starts to work on it.
    ///
    /// # Errors
    /// [`DiskError`] if it cannot be read; nothing was changed.
    pub async fn open(
        owner: Owner,
        disk: Disk,
        revision: RwSignal<u64>,
    ) -> Result<Rc<Self>, DiskError> {
        senses::mark("percorso:unlocked");
        let contents = disk.load().await?;
        let untold = disk.draft(UNTOLD).await.ok().flatten();
        let untold = untold.and_then(|json| serde_json::from_str(&json).ok());
        let replica = Replica::open(owner, contents);
        senses::measure("percorso:unlock", "percorso:unlocked");
        let driver = Self::over(replica, disk, revision, untold.unwrap_or_default());
        driver.listen();
        driver.take_delivered().await;
        senses::mark("percorso:start");
        driver.nudge();
        Ok(driver)
    }

    fn over(
        replica: Replica,
        disk: Disk,
        revision: RwSignal<u64>,
        untold: Vec<Parted>,
    ) -> Rc<Self> {
        let last_contact = replica.status().last_contact;
        Rc::new(Self {
            replica: RefCell::new(replica),
            disk,
            revision,
            recorded: RefCell::default(),
            timer: RefCell::default(),
            drafts: RefCell::default(),
            draft_timer: RefCell::default(),
            parted: RefCell::new(untold),
            is_closed: Cell::new(false),
            holds: Cell::new(0),
            after_holds: Cell::default(),
            met_before: last_contact,
            is_first_sync: Cell::new(last_contact.is_none()),
            is_asking_for_key: Cell::new(false),
            sync_lock: RefCell::default(),
            uploads: RefCell::default(),
            upload_timer: RefCell::default(),
        })
    }

    /// Looks at the copy.
    pub fn read<T>(&self, look: impl FnOnce(&Replica) -> T) -> T {
        look(&self.replica.borrow())
    }

    /// Records ops; `then` runs when they are on disk or could not be written.
    /// Refused ops that these say anew leave the box with the same commit.
    pub fn record(
        self: &Rc<Self>,
        ops: Vec<Op>,
        drafts: Vec<String>,
        settles: Vec<OpId>,
        then: Recorded,
    ) {
        let Some(first) = ops.first().map(|op| op.id) else {
            return;
        };
        let replaced = drafts.iter().filter_map(|key| {
            let draft = self.drafts.borrow_mut().remove(key)?;
            Some((key.clone(), draft))
        });
        let replaced = replaced.collect();
        self.recorded.borrow_mut().insert(first, (then, replaced));
        self.feed(Event::Recorded {
            ops,
            drafts,
            settles,
        });
    }

    /// Takes a refused op out of the box: its author has dealt with it. `then` runs when it is off
    /// the disk or could not be removed.
    pub fn settle(self: &Rc<Self>, refused: OpId, then: Recorded) {
        let waiting = (then, Vec::new());
        self.recorded.borrow_mut().insert(refused, waiting);
        self.feed(Event::Settled(refused));
    }

    /// Asks the server now.
    pub fn nudge(self: &Rc<Self>) {
        if self.is_closed.get() {
            return;
        }
        self.feed(Event::Nudged);
        self.look_for_uploads();
    }

    /// Asks for the words that wait for the owner's decision, after what was just decided.
    pub fn decide(self: &Rc<Self>, decision: Option<Decision>, then: Looked) {
        let driver = Rc::clone(self);
        let device = self.replica.borrow().owner().device;
        spawn_local(async move {
            let is_decided = decision.is_some();
            let answer = wire::quarantine(&Request { device, decision }).await;
            if is_decided {
                // What was adopted comes with the next answer, and so does what is left.
                driver.nudge();
            }
            // The screen may be gone by now; what was decided is decided all the same.
            then.try_run(
                answer
                    .map(|reply| reply.held)
                    .map_err(|why| undecided(&why)),
            );
        });
    }

    /// Whether the server answers this copy, or why not. That its owner is signed in is not
    /// enough: they may be on a phone that the office revoked.
    pub async fn greet(&self) -> Result<(), SyncError> {
        let greeting = self.read(Replica::greeting);
        answered(wire::sync(&greeting).await)
    }

    /// Puts a draft on disk soon; a later one under the same key takes its place. `then` runs when
    /// it is there or could not be written.
    pub fn keep_draft(self: &Rc<Self>, key: String, json: String, then: Kept) {
        self.drafts.borrow_mut().insert(key, Draft { json, then });
        if self.draft_timer.borrow().is_some() {
            return;
        }
        let driver = Rc::clone(self);
        let timer = senses::after(DRAFT_DELAY_MS, move || {
            driver.draft_timer.borrow_mut().take();
            driver.flush_drafts();
        });
        self.draft_timer.borrow_mut().replace(timer);
    }

    /// Puts every waiting draft on disk at once. Each stays in memory until it is there: a form
    /// that is opened meanwhile finds it, and one that was saved meanwhile does not come back.
    pub fn flush_drafts(self: &Rc<Self>) {
        let drafts: Vec<(String, Draft)> = self
            .drafts
            .borrow()
            .iter()
            .map(|(key, draft)| (key.clone(), draft.clone()))
            .collect();
        for (key, draft) in drafts {
            let driver = Rc::clone(self);
            spawn_local(async move {
                let is_wanted = || driver.drafts.borrow().get(&key).is_some();
                let put = driver.disk.put_draft(&key, &draft.json, &is_wanted);
                let kept = put.await;
                // The screen may be gone by now; its words are where they are all the same.
                draft.then.try_run(kept);
                let mut waiting = driver.drafts.borrow_mut();
                // Otherwise it is tried again with the next keystroke, or is newer by now.
                let is_there = waiting.get(&key).is_some_and(|now| now.json == draft.json);
                if kept.is_ok() && is_there {
                    waiting.remove(&key);
                }
            });
        }
    }

    /// Reads a draft back.
    ///
    /// # Errors
    /// [`DiskError`] if it cannot be told what is there: whoever writes would write over it.
    pub async fn draft(&self, key: &str) -> Result<Option<String>, DiskError> {
        if let Some(waiting) = self.drafts.borrow().get(key) {
            return Ok(Some(waiting.json.clone()));
        }
        self.disk.draft(key).await
    }

    /// Forgets a draft: the person gave it up.
    pub fn forget_draft(self: &Rc<Self>, key: String) {
        self.drafts.borrow_mut().remove(&key);
        let driver = Rc::clone(self);
        spawn_local(async move {
            // One that stays is offered again when the form is opened the next time.
            let _stays = driver.disk.remove_draft(&key).await;
        });
    }

    /// Stops working: the person locked the app. Commits under way finish, and so does what holds
    /// it; then nothing of the copy stays in memory.
    pub fn close(self: &Rc<Self>) {
        self.flush_drafts();
        if self.holds.get() > 0 {
            self.after_holds.set(AfterHolds::Close);
            return;
        }
        self.is_closed.set(true);
        self.timer.borrow_mut().take();
        self.upload_timer.borrow_mut().take();
        // Whoever still has this driver has an empty one.
        let owner = self.read(|replica| replica.owner().clone());
        self.replica
            .replace(Replica::open(owner, Contents::default()));
    }

    /// Keeps the copy at work until it is dropped.
    pub fn hold(self: &Rc<Self>) -> Hold {
        self.holds.set(self.holds.get() + 1);
        Hold(Rc::clone(self))
    }

    /// Whether something is being recorded or kept.
    pub fn is_held(&self) -> bool {
        self.holds.get() > 0
    }

    fn let_go(self: &Rc<Self>) {
        self.holds.set(self.holds.get().saturating_sub(1));
        if self.is_held() {
            return;
        }
        match self.after_holds.take() {
            AfterHolds::Nothing => {}
            AfterHolds::Close => self.close(),
            AfterHolds::Leave => self.leave(),
        }
    }

    /// Whether the server was met since this start, so that what it knows is known here.
    fn has_met(&self) -> bool {
        self.read(|replica| replica.status().last_contact) > self.met_before
    }

    fn listen(self: &Rc<Self>) {
        let driver = Rc::downgrade(self);
        let nudge = move || {
            if let Some(driver) = driver.upgrade() {
                driver.nudge();
            }
        };
        senses::on_online(nudge.clone());
        let driver = Rc::downgrade(self);
        senses::on_visible(move |is_visible| {
            let Some(driver) = driver.upgrade() else {
                return;
            };
            if is_visible {
                nudge();
            } else {
                driver.flush_drafts();
            }
        });
        let driver = Rc::downgrade(self);
        senses::on_told(move |told| match (driver.upgrade(), told) {
            (Some(driver), Told::Written) => driver.feed(Event::WrittenElsewhere),
            (Some(driver), Told::Leave) => driver.leave(),
            (None, _) => {}
        });
    }

    /// Begins anew with the build that is in charge by now. What is typed goes to disk first.
    pub fn leave(self: &Rc<Self>) {
        if self.is_held() {
            self.after_holds.set(AfterHolds::Leave);
            return;
        }
        let driver = Rc::clone(self);
        spawn_local(async move {
            driver.flush_drafts();
            // After a tick each draft has asked for its turn; ours comes after theirs.
            tick().await;
            driver.disk.settled().await;
            senses::reload();
        });
    }

    fn feed(self: &Rc<Self>, event: Event) {
        if self.is_closed.get() {
            // What was under way when it was closed is done.
            self.sync_lock.borrow_mut().take();
            return;
        }
        let effects = self.replica.borrow_mut().step(senses::now(), event);
        for effect in effects {
            self.run(effect);
        }
        if !self.read(Replica::is_busy) {
            self.sync_lock.borrow_mut().take();
        }
    }

    fn run(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::Commit(ticket, batch) => self.commit(ticket, batch),
            Effect::Sync(request) => self.sync(request),
            Effect::WakeAt(at) => self.wake_at(at),
            Effect::Saved(ids) | Effect::Settled(ids) => self.answer(&ids, Ok(ids.clone())),
            Effect::NotSaved(ids, why) => self.answer(&ids, Err(why)),
            Effect::Read(ticket) => self.read_back(ticket),
            Effect::Show => self.show(),
        }
    }

    fn show(&self) {
        // What is not looked after any more counts nothing.
        if self.is_closed.get() {
            return;
        }
        let status = self.replica.borrow().status();
        let user = self.replica.borrow().owner().user;
        let unsent = status.unsent + self.uploads.borrow().len();
        senses::keep(&unsent_key(user), &unsent.to_string());
        let (here, granted) = status.families;
        if self.is_first_sync.get() && status.last_contact.is_some() && here == granted {
            self.is_first_sync.set(false);
            senses::measure("percorso:first-sync", "percorso:start");
        }
        if status.unsent == 0 {
            senses::measure("percorso:push", "percorso:push-start");
        }
        self.revision.update(|revision| *revision += 1);
    }

    fn answer(self: &Rc<Self>, ids: &[OpId], result: Result<Vec<OpId>, DiskError>) {
        let waiting = ids
            .first()
            .and_then(|id| self.recorded.borrow_mut().remove(id));
        if let Some((then, replaced)) = waiting {
            // The screen that recorded may be gone by now; its words are on disk all the same, or
            // are what they were before: a form that was not saved.
            for (key, draft) in replaced.into_iter().filter(|_| result.is_err()) {
                let is_newer = self.drafts.borrow().get(&key).is_some();
                if !is_newer {
                    self.keep_draft(key, draft.json, draft.then);
                }
            }
            then.try_run(result);
        }
    }

    fn commit(self: &Rc<Self>, ticket: Ticket, batch: Batch) {
        let driver = Rc::clone(self);
        let leaving = self.leaving(&batch);
        spawn_local(async move {
            let event = match driver.disk.commit(&batch).await {
                Ok(None) => Event::Overtaken(ticket),
                Ok(Some(drafts)) => {
                    driver.part(leaving, drafts);
                    if touches_what_others_hold(&batch) {
                        // Another tab would go on from where the copy stood before, and send
                        // again what is sent.
                        senses::tell_tabs();
                    }
                    Event::Committed(ticket)
                }
                Err(why) => Event::DiskFailed(ticket, why),
            };
            driver.feed(event);
        });
    }

    fn read_back(self: &Rc<Self>, ticket: Ticket) {
        let driver = Rc::clone(self);
        spawn_local(async move {
            // What cannot be read now is read when the app is opened the next time.
            if let Ok(contents) = driver.disk.load().await {
                driver.take(ticket, contents).await;
                driver.take_delivered().await;
            }
        });
    }

    fn sync(self: &Rc<Self>, request: SyncRequest) {
        if !request.ops.is_empty() {
            senses::mark("percorso:push-start");
        }
        let driver = Rc::clone(self);
        let revision = self.read(Replica::revision);
        spawn_local(async move {
            senses::mark("percorso:sync-start");
            let event = match driver.ask(revision, &request).await {
                Ok(reply) => {
                    let epoch = reply.restore_epoch;
                    if driver.read(|replica| replica.is_restored(&reply)) {
                        // Before its answer is taken: files of scopes that begin anew go.
                        driver.send_files_again().await;
                    }
                    driver.begin_sealing(epoch);
                    Event::Synced(Box::new(reply))
                }
                Err(why) => Event::Failed {
                    why,
                    dice: senses::dice(),
                },
            };
            senses::measure("percorso:sync", "percorso:sync-start");
            driver.feed(event);
        });
    }

    /// Asks alone among the tabs, and only what is still so on disk. The one that asked before may
    /// have stored its answer after this question was put together: it would send again what is
    /// sent.
    async fn ask(
        self: &Rc<Self>,
        revision: u64,
        request: &SyncRequest,
    ) -> Result<SyncReply, SyncError> {
        // A question that follows an answer at once finds the lock here.
        if self.sync_lock.borrow().is_none() {
            let lock = senses::sync_lock().await.ok_or(SyncError::Busy)?;
            // Who sends nothing sends nothing twice; a disk that cannot be read is told by the
            // commit.
            let is_current =
                request.ops.is_empty() || self.disk.stands_at(revision).await.unwrap_or(true);
            if !is_current {
                // Whoever moved it on may have told nobody.
                self.feed(Event::WrittenElsewhere);
                return Err(SyncError::Busy);
            }
            // Locked meanwhile, it would be let go by nobody.
            if self.is_closed.get() {
                return Err(SyncError::Busy);
            }
            self.sync_lock.replace(Some(lock));
        }
        wire::sync(request).await.map_err(|why| plain(&why))
    }

    /// At the first contact, also with a server that was restored: unsent ops are sealed to its key
    /// as well, from then on.
    fn begin_sealing(self: &Rc<Self>, epoch: u64) {
        if self.disk.is_sealing(epoch) || self.is_asking_for_key.replace(true) {
            return;
        }
        let driver = Rc::clone(self);
        spawn_local(async move {
            let owner = driver.replica.borrow().owner().clone();
            // Without an answer it is asked again after the next sync.
            let _unanswered = sealed::begin(&owner, &driver.disk, epoch).await;
            driver.is_asking_for_key.set(false);
        });
    }

    fn wake_at(self: &Rc<Self>, at: Millis) {
        let driver = Rc::downgrade(self);
        let delay_ms = at.0.saturating_sub(senses::now().0).max(0);
        let timer = senses::after(delay_ms, move || {
            if let Some(driver) = driver.upgrade() {
                driver.feed(Event::Woke);
            }
        });
        self.timer.borrow_mut().replace(timer);
    }
}

/// Whether another tab that holds the same copy in memory has to read it anew: not where only the
/// last contact was noted.
fn touches_what_others_hold(batch: &Batch) -> bool {
    let is_renewed = |at: &Standing| at.revision != batch.after || !at.outdated.is_empty();
    !(batch.outbox_put.is_empty()
        && batch.outbox_remove.is_empty()
        && batch.append.is_empty()
        && batch.purge.is_empty())
        || batch.standing.as_ref().is_some_and(is_renewed)
}

fn answered(reply: Result<SyncReply, WireError>) -> Result<(), SyncError> {
    match reply.map_err(|why| plain(&why)) {
        // Only a phone that may go on is told that its build is too old.
        Ok(_) | Err(SyncError::UpdateNeeded) => Ok(()),
        Err(why) => Err(why),
    }
}

fn undecided(why: &WireError) -> Undecided {
    match why {
        WireError::Refused { code, .. } if code == "conflict" || code == "not_found" => {
            Undecided::Gone
        }
        why => Undecided::NotNow(plain(why)),
    }
}

fn plain(why: &WireError) -> SyncError {
    match why {
        WireError::Unreachable | WireError::TimedOut => SyncError::Unreachable,
        WireError::SessionEnded => SyncError::SessionEnded,
        WireError::UpdateNeeded => SyncError::UpdateNeeded,
        WireError::ServerFailed { .. } | WireError::Malformed => SyncError::ServerFailed,
        WireError::Refused { code, .. } => match code.as_str() {
            "device_revoked" => SyncError::DeviceRevoked,
            "suspended" => SyncError::Suspended,
            "other_owner" => SyncError::OtherOwner,
            _ => SyncError::RequestRefused,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_answered_only_where_its_phone_may_go_on() {
        let refused = |code: &str| WireError::Refused {
            code: code.to_owned(),
            message: String::new(),
        };
        for (why, expected) in [
            (refused("device_revoked"), Err(SyncError::DeviceRevoked)),
            (refused("suspended"), Err(SyncError::Suspended)),
            (refused("other_owner"), Err(SyncError::OtherOwner)),
            (WireError::SessionEnded, Err(SyncError::SessionEnded)),
            (WireError::Unreachable, Err(SyncError::Unreachable)),
            (WireError::Malformed, Err(SyncError::ServerFailed)),
            (WireError::UpdateNeeded, Ok(())),
        ] {
            assert_eq!(answered(Err(why)), expected);
        }
    }
}
