//! The queue before the log: whoever waits at the same time shares one transaction.
//!
//! What costs time is not writing but making sure that it is on disk. Two hundred phones that come
//! at once are answered after a few such waits, not after two hundred.

use std::collections::BTreeMap;

use domain::id::{DeviceId, Millis, ScopeId, UserId};
use domain::vocabulary::Role;
use replica::message::Receipt;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use uuid::Uuid;

use super::{Database, TURN_TIMEOUT};
use crate::store::letter::Letter;
use crate::store::{Entry, Sender, StoreError};

/// Errands that wait at most; the next one is told to come back.
const WAITING_MAX: usize = 1_024;
/// Errands in one transaction at most, so that the first of them does not wait for ever.
const TOGETHER_MAX: usize = 64;
/// How often an errand is tried when another server was faster.
const TRIES_MAX: u32 = 4;

/// Something to be written.
#[derive(Clone, Debug)]
pub(super) struct Errand {
    /// Who sends.
    pub(super) sender: Sender,
    /// Ops, by their scope.
    pub(super) letters: BTreeMap<ScopeId, Vec<Letter>>,
    /// Entries for the trail besides those of the ops.
    pub(super) entries: Vec<Entry>,
    /// When it came.
    pub(super) now: Millis,
}

impl Errand {
    /// Entries for the trail, without ops.
    pub(super) fn note(system: UserId, entries: Vec<Entry>, now: Millis) -> Self {
        let sender = Sender::new(system, Role::System, DeviceId::from_uuid(Uuid::nil()));
        Self {
            sender,
            letters: BTreeMap::new(),
            entries,
            now,
        }
    }
}

type Answer = Result<Vec<Receipt>, StoreError>;

struct Waiting {
    errand: Errand,
    answer: oneshot::Sender<Answer>,
}

/// The way to the task that writes.
#[derive(Clone, Debug)]
pub(super) struct Queue(mpsc::Sender<Waiting>);

impl Queue {
    /// Starts the task that writes into `db`. It ends when the last queue is dropped.
    pub(super) fn start(db: Database) -> Self {
        let (queue, mut waiting) = mpsc::channel(WAITING_MAX);
        tokio::spawn(async move {
            let mut batch = Vec::new();
            while waiting.recv_many(&mut batch, TOGETHER_MAX).await > 0 {
                let work = serve(db.clone(), std::mem::take(&mut batch));
                // In a task of its own: a mistake there must not end the queue. Those who wait
                // then find that nobody answers any more.
                if tokio::spawn(work).await.is_err() {
                    tracing::error!("a batch of the queue was not finished");
                }
            }
        });
        Self(queue)
    }
}

impl Database {
    /// Has an errand done and waits until it is on disk. If the caller goes away meanwhile the
    /// errand may still be done: whoever asks again gets the same receipts.
    pub(super) async fn run(&self, errand: Errand) -> Answer {
        let Some(Queue(queue)) = &self.queue else {
            return alone(self, &errand).await;
        };
        let (answer, told) = oneshot::channel();
        let waiting = Waiting { errand, answer };
        queue
            .send_timeout(waiting, TURN_TIMEOUT)
            .await
            .map_err(|_| StoreError::Unavailable("the queue is full".into()))?;
        told.await
            .unwrap_or_else(|gone| Err(StoreError::Unavailable(Box::new(gone))))
    }
}

async fn serve(db: Database, mut batch: Vec<Waiting>) {
    // Whoever has gone away in the meantime will come back with the same.
    batch.retain(|waiting| !waiting.answer.is_closed());
    let begun = Instant::now();
    if batch.len() > 1 {
        let errands: Vec<&Errand> = batch.iter().map(|waiting| &waiting.errand).collect();
        if let Ok(told) = db.write_together(&errands).await {
            for (waiting, receipts) in batch.into_iter().zip(told) {
                answer(waiting, Ok(receipts));
            }
            return;
        }
        // One of them is in the way of the others: each gets its own transaction and answer.
    }
    for waiting in batch {
        // Where the database does not answer, nobody is helped by waiting for it one by one.
        let told = if begun.elapsed() < TURN_TIMEOUT {
            alone(&db, &waiting.errand).await
        } else {
            Err(StoreError::Unavailable("the turn never came".into()))
        };
        answer(waiting, told);
    }
}

async fn alone(db: &Database, errand: &Errand) -> Answer {
    let mut tries = 0;
    loop {
        tries += 1;
        match db.write_together(&[errand]).await {
            // The same op came in by another door at the same moment: it is there now.
            Err(StoreError::Conflict) if tries < TRIES_MAX => {}
            told => return told.map(|told| told.into_iter().flatten().collect()),
        }
    }
}

fn answer(waiting: Waiting, told: Answer) {
    // If nobody waits any more, nobody is told.
    waiting.answer.send(told).ok();
}
