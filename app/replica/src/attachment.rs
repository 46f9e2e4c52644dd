//! How the bytes of attachments travel: the words on the wire, and the phone's queue.
//!
//! Bytes have a queue of their own, so that they never hold back a change. The server knows a file
//! by scope and hash; the phone asks how much of it is there ([`Offer`]), sends the next chunk, and
//! asks once more at the end: only then does the server put the chunks together and look whether
//! they are what was announced. Each of these may be lost, repeated or cut off at any point.

use std::collections::VecDeque;

use domain::attachment::Hash;
use domain::id::{AttachmentId, DeviceId, Millis, ScopeId, UserId};
use litemap::LiteMap;
use serde::{Deserialize, Serialize};

use crate::message::{RETRY_DELAY_MS_MAX, RETRY_DELAY_MS_MIN};

/// Bytes of one chunk at most.
pub const CHUNK_BYTES: u32 = 256 * 1024;
/// How often a chunk is halved at most: on a line that is too slow for a whole one within the time
/// that a request has, smaller ones still arrive.
const HALVINGS_MAX: u32 = 4;

/// Announces a file, or asks how much of it the server has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The phone.
    pub device: DeviceId,
    /// Whose copy offers: somebody else may be signed in on the same phone.
    pub owner: UserId,
    /// The family's file that it belongs to.
    pub scope: ScopeId,
    /// By what it is known.
    pub hash: Hash,
    /// How many bytes it has.
    pub bytes: u32,
}

/// How much of a file the server has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Bytes from the beginning, without a gap.
    pub received: u32,
    /// Whether it is whole and is what was announced. Never before the server has put it away.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_complete: bool,
}

/// A file that lies unsent on the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File {
    /// Under which id it lies there.
    pub id: AttachmentId,
    /// The family's file that it belongs to.
    pub scope: ScopeId,
    /// By what the server knows it.
    pub hash: Hash,
    /// How many bytes it has.
    pub bytes: u32,
}

/// Why a file was not, or not yet, taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No network, no answer, a server that failed: again later.
    Unreachable,
    /// Somebody has to sign in: again when they have.
    SessionEnded,
    /// What the server has is not what we believed: ask again.
    Moved,
    /// The server will not take it, for this reason: a person has to look.
    Refused(Stop),
}

/// Why a file stays on the phone until a person has looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The family's room at the server is full.
    FamilyFull,
    /// The family's file was never, or is no longer, this person's to write in.
    NotAllowed,
    /// What lies on the phone is not what was recorded, or cannot be read.
    Damaged,
    /// The server says no for a reason that this build does not know.
    Other,
}

/// How far a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It waits on the phone.
    Waiting,
    /// So much of a hundred has arrived.
    Sent(u8),
    /// It stays here until a person has looked.
    Stopped(Stop),
}

/// What can happen. Closed.
#[derive(Clone, Debug)]
pub enum Event {
    /// These lie on the phone, each with the op that says what it is, in the order of their ops.
    Found(Vec<File>),
    /// The server told how much it has.
    Told(AttachmentId, Standing),
    /// It did not; the random bits spread the retries.
    Failed(AttachmentId, Failure, u32),
    /// There may be a network now, or the person asked to send.
    Nudged,
    /// The time asked for by [`Effect::WakeAt`] has come.
    Woke,
}

/// What is to be done. Closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ask the server how much it has.
    Offer(File),
    /// Send the bytes from here on, as many as given.
    Send(File, u32, u32),
    /// The server has all of it: it may leave the queue.
    Arrived(File),
    /// Come back at this time.
    WakeAt(Millis),
}

/// The queue of one phone. Holds nothing that a crash may not take: what is to be sent is found on
/// disk, and how much has arrived is asked of the server.
#[derive(Debug, Default)]
pub struct Queue {
    waiting: VecDeque<File>,
    progress: LiteMap<AttachmentId, Progress>,
    /// The one request that is open.
    open: Option<AttachmentId>,
    /// Whether it carries a chunk.
    is_sending: bool,
    failures: u32,
    halvings: u32,
}

impl Queue {
    /// How far a file is, if it is in the queue.
    pub fn progress(&self, id: AttachmentId) -> Option<Progress> {
        let mut waiting = self.waiting();
        waiting
            .find(|(file, _)| file.id == id)
            .map(|(_, progress)| progress)
    }

    /// What has not arrived, and how far each is.
    pub fn waiting(&self) -> impl Iterator<Item = (&File, Progress)> {
        let progress = |file: &File| self.progress.get(&file.id).copied();
        self.waiting
            .iter()
            .map(move |file| (file, progress(file).unwrap_or(Progress::Waiting)))
    }

    /// How many files have not arrived.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether everything has arrived.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// What follows from an event.
    pub fn step(&mut self, now: Millis, event: Event) -> Vec<Effect> {
        match event {
            Event::Found(files) => {
                self.find(files);
                self.next().into_iter().collect()
            }
            Event::Told(id, standing) => self.told(id, standing),
            Event::Failed(id, why, dice) => self.failed(now, id, why, dice),
            Event::Nudged => {
                self.failures = 0;
                // What stopped is tried once more: somebody may have made room or given access.
                self.progress
                    .retain(|_, progress| !matches!(progress, Progress::Stopped(_)));
                self.next().into_iter().collect()
            }
            Event::Woke => self.next().into_iter().collect(),
        }
    }

    fn find(&mut self, files: Vec<File>) {
        for file in files {
            if !self.waiting.iter().any(|known| known.id == file.id) {
                self.waiting.push_back(file);
            }
        }
    }

    fn told(&mut self, id: AttachmentId, standing: Standing) -> Vec<Effect> {
        let Some(file) = self.answered(id) else {
            return Vec::new();
        };
        self.failures = 0;
        if std::mem::take(&mut self.is_sending) {
            self.halvings = self.halvings.saturating_sub(1);
        }
        if standing.is_complete {
            self.waiting.retain(|known| known.id != id);
            self.progress.remove(&id);
            let mut effects = vec![Effect::Arrived(file)];
            effects.extend(self.next());
            return effects;
        }
        let percent = u64::from(standing.received) * 100 / u64::from(file.bytes.max(1));
        // All of it is not yet said to be there: the server has not looked at the whole.
        let percent = u8::try_from(percent.min(99)).unwrap_or(99);
        self.progress.insert(id, Progress::Sent(percent));
        self.open = Some(id);
        let left = file.bytes.saturating_sub(standing.received);
        if left == 0 {
            return vec![Effect::Offer(file)];
        }
        self.is_sending = true;
        // No chunk goes over the end of a row of the phone's disk, which is one of full size.
        let row_left = CHUNK_BYTES - standing.received % CHUNK_BYTES;
        let count = left.min(CHUNK_BYTES >> self.halvings).min(row_left);
        vec![Effect::Send(file, standing.received, count)]
    }

    fn failed(&mut self, now: Millis, id: AttachmentId, why: Failure, dice: u32) -> Vec<Effect> {
        if self.answered(id).is_none() {
            return Vec::new();
        }
        if std::mem::take(&mut self.is_sending) && why == Failure::Unreachable {
            self.halvings = (self.halvings + 1).min(HALVINGS_MAX);
        }
        match why {
            Failure::Refused(stop) => {
                // One that cannot go does not hold back the others.
                self.progress.insert(id, Progress::Stopped(stop));
                self.next().into_iter().collect()
            }
            Failure::Unreachable | Failure::Moved | Failure::SessionEnded => {
                self.failures = self.failures.saturating_add(1);
                vec![Effect::WakeAt(now.plus(self.retry_delay_ms(dice)))]
            }
        }
    }

    /// Closes the open request, if this is an answer to it.
    fn answered(&mut self, id: AttachmentId) -> Option<File> {
        if self.open != Some(id) {
            return None;
        }
        self.open = None;
        self.waiting.iter().find(|file| file.id == id).copied()
    }

    /// Begins with the first that may go, unless a request is open.
    fn next(&mut self) -> Option<Effect> {
        if self.open.is_some() {
            return None;
        }
        let is_stopped = |file: &File| {
            let progress = self.progress.get(&file.id);
            matches!(progress, Some(Progress::Stopped(_)))
        };
        let file = *self.waiting.iter().find(|file| !is_stopped(file))?;
        self.open = Some(file.id);
        Some(Effect::Offer(file))
    }

    /// Full jitter: anywhere between the least delay and twice the last bound.
    fn retry_delay_ms(&self, dice: u32) -> i64 {
        let bound = RETRY_DELAY_MS_MIN
            .saturating_mul(1 << self.failures.min(16))
            .min(RETRY_DELAY_MS_MAX);
        let span = bound.saturating_sub(RETRY_DELAY_MS_MIN);
        RETRY_DELAY_MS_MIN + span.saturating_mul(i64::from(dice)) / i64::from(u32::MAX)
    }
}
