//! Unsent ops as only the server can open them: written beside the outbox, delivered without the
//! vault's key.

use domain::id::{DeviceId, UserId};
use js_sys::Uint8Array;
use replica::message::{Outcome, Receipt};
use replica::sealed::{
    Content, DELIVERY_BYTES_MAX, Delivery, ENVELOPES_MAX, Envelope, Key, KeyRequest,
};
use replica::stored::{DiskError, Outgoing, Owner};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

pub use super::envelope::read_file;
pub use super::kinds::Tally;

use super::disk::Disk;
use super::envelope::{file_of, once, proof};
use super::kinds::{WireError, unsent_key};
use super::seal::{self, random};
use super::store::{DATA, Database, Request, SEALED};
use super::{senses, vault, wire};

/// What a phone seals with: the server's key and the secret by which it is known there.
#[derive(Clone, Serialize, Deserialize)]
pub struct Sealing {
    /// The device.
    pub device: DeviceId,
    /// Its secret, whose hash the server has.
    pub secret: Key,
    /// The server's key.
    pub server: Key,
    /// The restore epoch of the server that knows the secret: one that was restored since may have
    /// forgotten it.
    #[serde(default)]
    pub epoch: u64,
}

impl Sealing {
    /// Seals an op.
    pub async fn seal(&self, outgoing: &Outgoing) -> Result<Envelope, DiskError> {
        let mut fresh = Zeroizing::new([0; 32]);
        random(fresh.as_mut_slice())?;
        let once = once(&self.server, *fresh).ok_or(DiskError::Failed)?;
        let content = Content {
            device: self.device,
            secret: self.secret,
            op: outgoing.op.clone(),
        };
        let key = Zeroizing::new(once.key);
        let key = seal::Key::import(key.as_slice()).await?;
        let head = self.server.head();
        let text = key
            .seal_once(&once.nonce, &head, &content.to_bytes())
            .await?;
        Ok(Envelope::new(&self.server, once.encapsulated, &text))
    }
}

/// Asks the server for its key, signed in, and has the disk seal to it from now on. A secret that
/// is there already stays, so that what it sealed before can still be opened.
pub async fn begin(owner: &Owner, disk: &Disk, epoch: u64) -> Result<(), WireError> {
    let secret = match disk.sealing() {
        Some(known) => known.secret.0,
        None => {
            let mut fresh = [0; 32];
            random(&mut fresh).map_err(|_| WireError::Malformed)?;
            fresh
        }
    };
    let request = KeyRequest {
        device: owner.device,
        owner: owner.user,
        proof: proof(secret),
    };
    let server = wire::sealing_key(&request).await?;
    let sealing = Sealing {
        device: owner.device,
        secret: Key(secret),
        server,
        epoch,
    };
    // A disk that does not take it now is asked again at the next contact.
    let _refused = disk.begin_sealing(sealing).await;
    Ok(())
}

/// An envelope that lies here.
struct Lying {
    user: UserId,
    key: String,
    envelope: Envelope,
}

/// How many unsent things lie sealed on this device, whoever wrote them.
pub async fn count() -> usize {
    everything().await.map_or(0, |all| all.len())
}

/// Everything that lies sealed here, as a file for somebody to deliver. `None` if there is nothing.
pub async fn to_file() -> Option<String> {
    let all = everything().await.ok()?;
    let envelopes: Vec<Envelope> = all.into_iter().map(|one| one.envelope).collect();
    (!envelopes.is_empty()).then(|| file_of(&Delivery { envelopes }))
}

/// Delivers what lies sealed here. What has a receipt is removed; the vault, should it be opened
/// again, asks for the same receipts.
pub async fn deliver() -> Result<Tally, WireError> {
    let all = everything().await.map_err(|_| WireError::Malformed)?;
    let envelopes = all.iter().map(|one| one.envelope.clone()).collect();
    let (tally, receipts) = send(envelopes).await;
    for (one, receipt) in all.iter().zip(&receipts) {
        // Only a receipt that names an op removes it.
        if receipt.is_some_and(|receipt| receipt.op.to_string() == one.key) {
            let removes = [Request::Delete(SEALED, one.key.clone())];
            // What cannot be removed is delivered once more and gets the same receipt.
            if database(one.user).write(&removes).await.is_err() {
                continue;
            }
            // Should the copy go, what has arrived does not go with it.
            let key = unsent_key(one.user);
            let unsent = senses::kept(&key).and_then(|kept| kept.parse::<usize>().ok());
            if let Some(unsent) = unsent {
                senses::keep(&key, &unsent.saturating_sub(1).to_string());
            }
        }
    }
    tally
}

/// Delivers a colleague's file.
pub async fn deliver_file(file: Delivery) -> Result<Tally, WireError> {
    send(file.envelopes).await.0
}

/// Sends envelopes in as many deliveries as they need. What was answered before a failure counts.
async fn send(envelopes: Vec<Envelope>) -> (Result<Tally, WireError>, Vec<Option<Receipt>>) {
    let mut receipts = Vec::new();
    let mut rest = envelopes.into_iter().peekable();
    while rest.peek().is_some() {
        let (mut some, mut bytes) = (Vec::new(), 0_usize);
        while let Some(next) = rest.peek() {
            bytes = bytes.saturating_add(next.0.len());
            let is_full = some.len() == ENVELOPES_MAX || bytes > DELIVERY_BYTES_MAX;
            if is_full && !some.is_empty() {
                break;
            }
            some.extend(rest.next());
        }
        match wire::deliver(&Delivery { envelopes: some }).await {
            Ok(reply) => receipts.extend(reply.receipts),
            Err(why) => return (Err(why), receipts),
        }
    }
    let mut tally = Tally::default();
    for receipt in &receipts {
        match receipt.map(|receipt| receipt.outcome) {
            Some(Outcome::Accepted(_)) => tally.accepted += 1,
            Some(Outcome::Refused(_)) => tally.refused += 1,
            None => tally.unreadable += 1,
        }
    }
    (Ok(tally), receipts)
}

fn database(user: UserId) -> Database {
    Database::new(vault::data_name(user), &DATA)
}

async fn everything() -> Result<Vec<Lying>, DiskError> {
    let mut all = Vec::new();
    for user in vault::everyone().await? {
        let rows = database(user).get_all(SEALED, None).await?;
        all.extend(
            rows.into_iter()
                .map(|(key, row): (String, Uint8Array)| Lying {
                    user,
                    key,
                    envelope: Envelope(row.to_vec()),
                }),
        );
    }
    Ok(all)
}
