//! Attachments as screens see them: keep one, show one, how far one has gone.

use domain::attachment::{About, Attachment, Format, Hash, Kind};
use domain::id::{AttachmentId, ScopeId};
use domain::op::Known;
use leptos::prelude::*;
use leptos::task::spawn_local;
use replica::attachment::Progress;
use replica::replica::RecordError;
use replica::stored::DiskError;

use super::{Session, Writing};
use crate::device::media::Shown;
use crate::driver::{Driver, Hold, NoFile, Read};

/// Something recorded, photographed or drawn that is not on disk yet.
#[derive(Clone, Debug)]
pub struct Made {
    /// What it is.
    pub kind: Kind,
    /// How its bytes are to be read.
    pub format: Format,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How long a recording lasts.
    pub seconds: Option<u16>,
}

/// Why something was not kept.
#[derive(Clone, Debug)]
pub enum NotKept {
    /// The disk could not take it.
    Disk(DiskError),
    /// It is not allowed, or not an attachment.
    Record(RecordError),
}

/// What runs once something is on disk together with what was written of it, or is not.
pub type Attached = Callback<Result<(), NotKept>>;

/// What runs with something to show.
pub type Opened = Callback<Result<Shown, NoFile>>;

impl Session {
    /// Keeps something for good: first its bytes, then, in one commit, what it is and whatever else
    /// is written with it, in place of its drafts. Killed between the two, it was never said to be
    /// saved and is given up.
    pub fn attach(
        self,
        scope: ScopeId,
        made: Made,
        about: About,
        with: Vec<Writing>,
        drafts: Vec<String>,
        then: Attached,
    ) {
        let attachment = Attachment {
            id: self.fresh(),
            kind: made.kind,
            format: made.format,
            bytes: u32::try_from(made.bytes.len()).unwrap_or(u32::MAX),
            hash: Hash::of(&made.bytes),
            seconds: made.seconds,
            about,
        };
        let id = attachment.id;
        let mut writes = with;
        writes.push(Writing::new(Known::AttachmentAdded(attachment)));
        let driver = self.driver.get_value();
        let hold = driver.hold();
        // Not by callbacks of the screen: who walks away has made it all the same.
        spawn_local(async move {
            match driver.stage(scope, id, &made.bytes).await {
                Ok(()) => self.name(scope, id, (writes, drafts), then, hold),
                Err(why) => {
                    then.try_run(Err(NotKept::Disk(why)));
                }
            }
        });
    }

    fn name(
        self,
        scope: ScopeId,
        id: AttachmentId,
        (writes, drafts): (Vec<Writing>, Vec<String>),
        then: Attached,
        hold: Hold,
    ) {
        let hold = StoredValue::new_local(Some(hold));
        let recorded = Callback::new(move |done: Result<_, DiskError>| {
            if done.is_err() {
                self.driver.with_value(|driver| driver.unstage(scope, id));
            } else {
                // It goes as soon as it can.
                self.send_now();
            }
            then.try_run(done.map(|_| ()).map_err(NotKept::Disk));
            drop(hold.try_update_value(Option::take));
        });
        if let Err(why) = self.record(scope, writes, drafts, recorded) {
            self.driver.with_value(|driver| driver.unstage(scope, id));
            then.try_run(Err(NotKept::Record(why)));
            drop(hold.try_update_value(Option::take));
        }
    }

    /// Keeps the copy at work while something is being recorded, also if the app is locked.
    pub fn hold(self) -> Option<Hold> {
        self.driver.try_with_value(Driver::hold)
    }

    /// Opens an attachment: from this phone, otherwise from the server.
    pub fn open_attachment(self, scope: ScopeId, attachment: &Attachment, then: Opened) {
        let format = attachment.format;
        let read: Read = Callback::new(move |found: Result<Vec<u8>, NoFile>| {
            let shown = found.and_then(|bytes| Shown::new(&bytes, format).ok_or(NoFile::Damaged));
            then.try_run(shown);
        });
        self.driver
            .with_value(|driver| driver.read_file(scope, attachment, read));
    }

    /// How far an attachment's bytes are; `None` once the server has them.
    pub fn upload(self, id: AttachmentId) -> Option<Progress> {
        self.revision.track();
        self.driver.with_value(|driver| driver.upload(id))
    }

    /// The attachments whose bytes the server does not have, each with its family.
    pub fn uploads(self) -> Vec<(ScopeId, AttachmentId, Progress)> {
        self.revision.track();
        self.driver.with_value(|driver| driver.uploads())
    }
}
