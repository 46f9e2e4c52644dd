//! The queue of attachments at work: what it asks for is done on disk and wire.

use std::rc::Rc;

use domain::attachment::{Attachment, Hash};
use domain::id::{AttachmentId, Millis, ScopeId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use replica::attachment::{Effect, Event, Failure, File, Offer, Progress, Stop};
use replica::message::REOFFER_MS;
use replica::replica::{Replica, SyncError};
use replica::stored::DiskError;

use super::{Driver, plain};
use crate::device::wire::WireError;
use crate::device::{senses, wire};

/// What runs with the bytes of an attachment, or with why there are none.
pub type Read = Callback<Result<Vec<u8>, NoFile>>;

/// After how long bytes that no change names are given up: the app was killed between the two.
const ORPHANED_MS: u64 = 7 * 24 * 60 * 60 * 1_000;

/// Why an attachment cannot be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoFile {
    /// It still lies on the phone of whoever recorded it.
    NotThere,
    /// The server cannot be asked now.
    NotNow(SyncError),
    /// It is here and cannot be read.
    Damaged,
}

impl Driver {
    /// Puts bytes on disk.
    ///
    /// # Errors
    /// [`DiskError`]; nothing of them is there then.
    pub async fn stage(
        &self,
        scope: ScopeId,
        id: AttachmentId,
        bytes: &[u8],
    ) -> Result<(), DiskError> {
        self.disk.stage((scope, id), bytes).await
    }

    /// Forgets bytes that no change came to name.
    pub fn unstage(self: &Rc<Self>, scope: ScopeId, id: AttachmentId) {
        let driver = Rc::clone(self);
        spawn_local(async move {
            // What stays is given up at a later start.
            let _left = driver.disk.unstage((scope, id)).await;
        });
    }

    /// How far an attachment's bytes are; `None` once the server has them.
    pub fn upload(&self, id: AttachmentId) -> Option<Progress> {
        self.uploads.borrow().progress(id)
    }

    /// The attachments that the server does not have, each with its family.
    pub fn uploads(&self) -> Vec<(ScopeId, AttachmentId, Progress)> {
        let queue = self.uploads.borrow();
        let waiting = queue.waiting();
        waiting
            .map(|(file, progress)| (file.scope, file.id, progress))
            .collect()
    }

    /// How many attachments the server does not have.
    pub fn uploads_len(&self) -> usize {
        self.uploads.borrow().len()
    }

    /// The bytes of an attachment: from the disk, otherwise from the server, and then kept.
    pub fn read_file(self: &Rc<Self>, scope: ScopeId, attachment: &Attachment, then: Read) {
        let driver = Rc::clone(self);
        let (at, hash) = ((scope, attachment.id), attachment.hash);
        spawn_local(async move {
            let found = match driver.disk.file(at).await {
                Ok(Some(bytes)) => Ok(bytes),
                // What cannot be read here may be read there.
                Ok(None) | Err(_) => driver.fetch(at, hash).await,
            };
            let is_right = |bytes: &Vec<u8>| Hash::of(bytes) == hash;
            // The screen may be gone by now.
            then.try_run(
                found.and_then(|bytes| Some(bytes).filter(is_right).ok_or(NoFile::Damaged)),
            );
        });
    }

    async fn fetch(&self, at: (ScopeId, AttachmentId), hash: Hash) -> Result<Vec<u8>, NoFile> {
        match wire::attachment(at.0, hash).await {
            Ok(bytes) => {
                // Without space it is fetched again the next time.
                let _unkept = self.disk.keep_file(at, &bytes).await;
                Ok(bytes)
            }
            Err(WireError::Refused { code, .. }) if code == "not_found" => Err(NoFile::NotThere),
            Err(why) => Err(NoFile::NotNow(plain(&why))),
        }
    }

    /// Before a server that was restored is answered: what its owner made in the last days and is
    /// still here goes to it once more. It asks for what it lacks, as always.
    pub(super) async fn send_files_again(self: &Rc<Self>) {
        let since = senses::now().plus(-REOFFER_MS);
        for at in self.read(|replica| made_since(replica, since)) {
            // Without space for it, it comes back with a later restore or not at all.
            let _unsent = self.disk.stage_again(at).await;
        }
        self.look_for_uploads();
    }

    /// Looks on the disk for what the server does not have, and goes on sending it.
    pub(super) fn look_for_uploads(self: &Rc<Self>) {
        let driver = Rc::clone(self);
        spawn_local(async move {
            // What cannot be looked for now is looked for with the next nudge.
            let Ok(staged) = driver.disk.staged().await else {
                return;
            };
            // Locked meanwhile: a copy that is no longer looked after knows nothing of what is new.
            if driver.is_closed.get() {
                return;
            }
            let mut found = Vec::new();
            for at in staged {
                found.extend(driver.announced(at).await);
            }
            if !found.is_empty() {
                driver.feed_uploads(Event::Found(found));
            }
            if driver.uploads_len() > 0 {
                driver.feed_uploads(Event::Nudged);
            }
        });
    }

    /// What is staged under these ids, as the server will know it.
    async fn announced(&self, (scope, id): (ScopeId, AttachmentId)) -> Option<File> {
        let (is_here, known) = self.read(|replica| {
            let case = replica.state().cases.get(&scope);
            let known = case.and_then(|case| {
                let one = case.attachments.values().find(|one| one.record.id == id)?;
                Some((one.record.hash, one.record.bytes))
            });
            (case.is_some(), known)
        });
        let (hash, bytes) = match known {
            Some(known) => known,
            None if is_here => {
                // Another tab may be about to name it, or the part of the copy that names it may
                // have been damaged and not sent again yet.
                if age_ms(id) > ORPHANED_MS && self.has_met() {
                    let _left = self.disk.unstage((scope, id)).await;
                }
                return None;
            }
            // The family was taken back since: its change waits at the server, the bytes follow.
            None => {
                let bytes = self.disk.file((scope, id)).await.ok()??;
                (Hash::of(&bytes), u32::try_from(bytes.len()).ok()?)
            }
        };
        Some(File {
            id,
            scope,
            hash,
            bytes,
        })
    }

    fn feed_uploads(self: &Rc<Self>, event: Event) {
        if self.is_closed.get() {
            return;
        }
        let effects = self.uploads.borrow_mut().step(senses::now(), event);
        for effect in effects {
            self.run_upload(effect);
        }
        self.show();
    }

    fn run_upload(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::WakeAt(at) => {
                let driver = Rc::downgrade(self);
                let delay_ms = at.0.saturating_sub(senses::now().0).max(0);
                let timer = senses::after(delay_ms, move || {
                    if let Some(driver) = driver.upgrade() {
                        driver.feed_uploads(Event::Woke);
                    }
                });
                self.upload_timer.borrow_mut().replace(timer);
            }
            Effect::Arrived(file) => self.keep_arrived(file),
            Effect::Offer(file) => {
                let (driver, owner) = (Rc::clone(self), self.read(|one| one.owner().clone()));
                spawn_local(async move {
                    let offer = Offer {
                        device: owner.device,
                        owner: owner.user,
                        scope: file.scope,
                        hash: file.hash,
                        bytes: file.bytes,
                    };
                    driver.answer_upload(file, wire::offer(&offer).await);
                });
            }
            Effect::Send(file, from, count) => {
                let driver = Rc::clone(self);
                spawn_local(async move {
                    let at = (file.scope, file.id);
                    match driver.disk.staged_chunk(at, from, count).await {
                        Ok(chunk) => {
                            let answer = wire::send_chunk(&file, from, chunk).await;
                            driver.answer_upload(file, answer);
                        }
                        Err(_) => driver.fail_upload(file, Failure::Refused(Stop::Damaged)),
                    }
                });
            }
        }
    }

    fn keep_arrived(self: &Rc<Self>, file: File) {
        let driver = Rc::clone(self);
        let may_stay = self.read(|replica| replica.state().cases.contains_key(&file.scope));
        spawn_local(async move {
            // What cannot be noted is offered once more at the next start, and is there already.
            let at = (file.scope, file.id);
            let _unnoted = driver.disk.arrived(at, may_stay).await;
        });
    }

    fn answer_upload(
        self: &Rc<Self>,
        file: File,
        answer: Result<replica::attachment::Standing, WireError>,
    ) {
        match answer {
            Ok(standing) => self.feed_uploads(Event::Told(file.id, standing)),
            Err(why) => self.fail_upload(file, failure(&why)),
        }
    }

    fn fail_upload(self: &Rc<Self>, file: File, why: Failure) {
        self.feed_uploads(Event::Failed(file.id, why, senses::dice()));
    }
}

fn failure(why: &WireError) -> Failure {
    match why {
        WireError::SessionEnded => Failure::SessionEnded,
        WireError::UpdateNeeded => Failure::Refused(Stop::Other),
        WireError::Unreachable
        | WireError::TimedOut
        | WireError::Malformed
        | WireError::ServerFailed { .. } => Failure::Unreachable,
        WireError::Refused { code, .. } => match code.as_str() {
            "conflict" => Failure::Moved,
            "too_often" | "suspended" => Failure::Unreachable,
            "family_full" => Failure::Refused(Stop::FamilyFull),
            "forbidden" | "device_revoked" => Failure::Refused(Stop::NotAllowed),
            "wrong_hash" => Failure::Refused(Stop::Damaged),
            "other_owner" => Failure::SessionEnded,
            _ => Failure::Refused(Stop::Other),
        },
    }
}

/// What the copy's owner has attached since, as far as is known here.
fn made_since(replica: &Replica, since: Millis) -> Vec<(ScopeId, AttachmentId)> {
    let owner = replica.owner().user;
    let cases = replica.state().cases.iter();
    let made = cases.flat_map(|(scope, case)| {
        let own = case.attachments.values();
        let own = own.filter(|one| one.author == owner && one.at >= since);
        own.map(|one| (*scope, one.record.id))
    });
    made.collect()
}

/// How old an attachment is, by the clock that made its id.
fn age_ms(id: AttachmentId) -> u64 {
    let made_ms = id.as_uuid().get_timestamp().map_or(0, |made| {
        let (seconds, nanos) = made.to_unix();
        seconds.saturating_mul(1_000) + u64::from(nanos / 1_000_000)
    });
    u64::try_from(senses::now().0)
        .unwrap_or(0)
        .saturating_sub(made_ms)
}

#[cfg(test)]
mod tests {
    use domain::attachment::{About, Format, Kind};
    use domain::authorize::{Relation, ScopeKind};
    use domain::id::{DeviceId, OpId, UserId};
    use domain::op::{Known, Op, SCHEMA};
    use domain::vocabulary::Role;
    use replica::message::Grant;
    use replica::stored::{Contents, Owner, Segment, Standing};

    use super::*;

    #[test]
    fn only_what_its_owner_made_of_late_is_sent_again_to_a_restored_server() {
        let scope = ScopeId::new(Millis(0), [1; 10]);
        let [me, colleague] = [2, 3].map(|one| UserId::new(Millis(0), [one; 10]));
        let device = DeviceId::new(Millis(0), [4; 10]);
        let id = |number| AttachmentId::new(Millis(0), [number; 10]);
        let attached = |number: u8, author, at| Op {
            id: OpId::new(at, [number; 10]),
            device,
            device_seq: u64::from(number),
            scope,
            author,
            at,
            schema: SCHEMA,
            replaces: Vec::new(),
            change: Known::AttachmentAdded(Attachment {
                id: id(number),
                kind: Kind::Voice,
                format: Format::Webm,
                bytes: 1,
                hash: Hash::of(&[number]),
                seconds: Some(1),
                about: About::Diary,
            })
            .into(),
        };
        let ops = [
            attached(1, me, Millis(999)),
            attached(2, me, Millis(1_000)),
            attached(3, colleague, Millis(1_001)),
        ];
        let raw = |op| serde_json::value::to_raw_value(op).expect("an op is JSON");
        let contents = Contents {
            standing: Standing {
                grants: vec![Grant {
                    scope,
                    kind: ScopeKind::Family,
                    relation: Relation::Tutor,
                    head: 3,
                }],
                ..Standing::default()
            },
            segments: vec![Segment {
                scope,
                from: 0,
                ops: ops.iter().map(raw).collect(),
            }],
            outbox: Vec::new(),
        };
        let owner = Owner {
            user: me,
            role: Role::Mediator,
            name: "Samira".to_owned(),
            device,
        };
        let replica = Replica::open(owner, contents);
        assert_eq!(made_since(&replica, Millis(1_000)), [(scope, id(2))]);
    }
}
