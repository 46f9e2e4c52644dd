//! Sealed delivery: opens what phones sealed, and takes it in as if its author had sent it.
//!
//! Nobody has to be signed in: what is inside says who wrote it, and only the phone that registered
//! with its owner's sign-in can say so. Nothing of an op is ever answered but its id and what
//! became of it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::id::{DeviceId, Millis, OpId, UserId};
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable as _, Kem as _, OpModeR, Serializable as _, single_shot_open};
use replica::message::Receipt;
use replica::sealed::{
    Content, DELIVERY_BYTES_MAX, Delivery, DeliveryReply, ENVELOPES_MAX, Envelope, INFO, Key,
    KeyRequest,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::error::Problem;
use crate::store::sealing::{Sealer, SealingKey};
use crate::store::{Sender, Store, StoreError};
use crate::sync::SyncError;

/// Deliveries of people who are not signed in, per minute, for the whole server.
pub const STRANGERS_PER_MINUTE_MAX: u32 = 240;
const MINUTE_MS: i64 = 60_000;
/// How long a delivery waits for its turn.
const TURN_WAIT: Duration = Duration::from_secs(5);

/// Opens one delivery at a time, and not without end for people who do not say who they are:
/// whoever sends garbage must not take the server from the others.
#[derive(Debug)]
pub struct Hatch {
    turn: Semaphore,
    minute: Mutex<(i64, u32)>,
}

impl Default for Hatch {
    fn default() -> Self {
        Self {
            turn: Semaphore::new(1),
            minute: Mutex::default(),
        }
    }
}

impl Hatch {
    /// Waits for a turn.
    ///
    /// # Errors
    /// There are too many: the phone keeps what it has and comes back.
    pub async fn enter(
        &self,
        is_signed_in: bool,
        now: Millis,
    ) -> Result<SemaphorePermit<'_>, Problem> {
        if !is_signed_in && !self.count(now) {
            return Err(Problem::TooOften);
        }
        let turn = tokio::time::timeout(TURN_WAIT, self.turn.acquire()).await;
        turn.ok().and_then(Result::ok).ok_or(Problem::Busy)
    }

    fn count(&self, now: Millis) -> bool {
        let minute = now.0.div_euclid(MINUTE_MS);
        let mut counted = self.minute.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.0 != minute {
            *counted = (minute, 0);
        }
        counted.1 = counted.1.saturating_add(1);
        counted.1 <= STRANGERS_PER_MINUTE_MAX
    }
}

/// Gives a phone the key to seal to, and remembers how its envelopes will be known.
///
/// # Errors
/// [`SyncError`] says what the phone has to do.
pub async fn register(
    store: &dyn Store,
    user: UserId,
    request: &KeyRequest,
    now: Millis,
) -> Result<Key, SyncError> {
    if request.owner != user {
        return Err(SyncError::OtherOwner);
    }
    let key = newest_key(store, now).await?;
    store
        .register_sealer(user, request.device, request.proof.0, now)
        .await?;
    Ok(key)
}

/// The newest key; the very first is made here. Two servers that make it at once make two, and both
/// open what was sealed to them.
async fn newest_key(store: &dyn Store, now: Millis) -> Result<Key, StoreError> {
    if let Some(key) = store.sealing_keys().await?.first() {
        return Ok(Key(key.public));
    }
    let (private, public) = X25519HkdfSha256::gen_keypair(&mut rand::rng());
    let key = SealingKey {
        public: public.to_bytes().into(),
        private: private.to_bytes().into(),
    };
    store.add_sealing_key(&key, now).await?;
    Ok(Key(key.public))
}

/// What was inside an envelope, and whose it is.
struct Opened {
    /// Its place in the delivery.
    place: usize,
    sealer: Sealer,
    device: DeviceId,
    op: Box<RawValue>,
}

#[derive(Deserialize)]
struct IdOnly {
    #[serde(rename = "id")]
    _id: OpId,
}

/// Takes in what was delivered by `by`, if they are signed in; answers after the commit.
///
/// # Errors
/// [`SyncError`] says why nothing was opened; the envelopes can be delivered again at any time.
pub async fn deliver(
    store: &dyn Store,
    by: Option<UserId>,
    delivery: &Delivery,
    now: Millis,
) -> Result<DeliveryReply, SyncError> {
    let bytes: usize = delivery.envelopes.iter().map(|one| one.0.len()).sum();
    let count = delivery.envelopes.len();
    if count > ENVELOPES_MAX || (bytes > DELIVERY_BYTES_MAX && count > 1) {
        return Err(SyncError::TooMany);
    }
    let keys = store.sealing_keys().await?;
    // Asked before a number is given: of a later epoch it may be, of an earlier one never.
    let restore_epoch = store.restore_epoch().await?;
    let mut receipts = vec![None; count];
    // By whom as well: two people may have given one device as theirs.
    let mut phones: BTreeMap<(DeviceId, UserId), Vec<Opened>> = BTreeMap::new();
    for (place, envelope) in delivery.envelopes.iter().enumerate() {
        let Some(content) = open(&keys, envelope) else {
            continue;
        };
        // An op without an id cannot be answered to.
        if serde_json::from_str::<IdOnly>(content.op.get()).is_err() {
            continue;
        }
        let proof = Sha256::digest(content.secret.0).into();
        if let Some(sealer) = store.sealer(content.device, proof, now).await? {
            let phone = (content.device, sealer.user);
            phones.entry(phone).or_default().push(Opened {
                place,
                sealer,
                device: content.device,
                op: content.op,
            });
        }
    }
    // Who is kept out for some days keeps what they wrote: it goes by itself once they are let in
    // again. Taken in now it would lie refused for ever, for a reason that is none.
    let is_waiting = |opened: &Vec<Opened>| opened.iter().any(|one| one.sealer.is_suspended);
    if !phones.is_empty() && phones.values().all(is_waiting) {
        return Err(SyncError::Suspended);
    }
    for opened in phones.values().filter(|opened| !is_waiting(opened)) {
        for (place, receipt) in take_in(store, by, opened, now).await? {
            if let Some(told) = receipts.get_mut(place) {
                *told = Some(receipt);
            }
        }
    }
    let unreadable = receipts.iter().filter(|told| told.is_none()).count();
    tracing::info!(count, unreadable, "sealed ops were delivered");
    Ok(DeliveryReply {
        receipts,
        restore_epoch: Some(restore_epoch),
    })
}

/// Takes in what one phone sealed.
async fn take_in(
    store: &dyn Store,
    by: Option<UserId>,
    opened: &[Opened],
    now: Millis,
) -> Result<Vec<(usize, Receipt)>, StoreError> {
    let Some(first) = opened.first() else {
        return Ok(Vec::new());
    };
    let sender = Sender {
        barred: first.sealer.barred,
        brought_by: Some(by.unwrap_or_else(|| store.system())),
        ..Sender::new(first.sealer.user, first.sealer.role, first.device)
    };
    let ops: Vec<Box<RawValue>> = opened.iter().map(|one| one.op.clone()).collect();
    let receipts = store.ingest(&sender, &ops, now).await?;
    Ok(opened.iter().map(|one| one.place).zip(receipts).collect())
}

/// Opens an envelope with the key that it names.
fn open(keys: &[SealingKey], envelope: &Envelope) -> Option<Content> {
    let (head, encapsulated, ciphertext) = envelope.parts()?;
    let key = keys.iter().find(|key| &Key(key.public).head() == head)?;
    let private = <X25519HkdfSha256 as hpke::Kem>::PrivateKey::from_bytes(&key.private).ok()?;
    let encapsulated =
        <X25519HkdfSha256 as hpke::Kem>::EncappedKey::from_bytes(encapsulated).ok()?;
    let bytes = single_shot_open::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &private,
        &encapsulated,
        INFO,
        ciphertext,
        head,
    )
    .ok()?;
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn strangers_are_let_in_so_often_a_minute_and_others_always() {
        let hatch = Hatch::default();
        for _ in 0..STRANGERS_PER_MINUTE_MAX {
            assert!(hatch.enter(false, Millis(0)).await.is_ok());
        }
        let last = hatch.enter(false, Millis(MINUTE_MS - 1)).await.err();
        assert_eq!(last, Some(Problem::TooOften));
        assert!(hatch.enter(true, Millis(MINUTE_MS - 1)).await.is_ok());
        assert!(hatch.enter(false, Millis(MINUTE_MS)).await.is_ok());
    }
}
