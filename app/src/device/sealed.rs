//! Unsent ops as only the server can open them: written beside the outbox, delivered without the
//! vault's key.

use domain::id::{DeviceId, UserId};
use js_sys::Uint8Array;
use replica::message::Outcome;
use replica::sealed::{
    Content, DELIVERY_BYTES_MAX, Delivered, Delivery, ENVELOPES_MAX, Envelope, Key, KeyRequest,
};
use replica::stored::{DiskError, Outgoing, Owner};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use zeroize::Zeroizing;

pub use super::envelope::read_file;
pub use super::kinds::Tally;

use super::disk::Disk;
use super::envelope::{file_of, once, proof};
use super::kinds::{WireError, unsent_key};
use super::seal::{self, random};
use super::store::{DATA, Database, RECEIPTS, Request, SEALED};
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

/// Delivers what lies sealed here. What has a receipt leaves that in its place, for the copy to
/// take as soon as it is open, perhaps in another tab.
pub async fn deliver() -> Result<Tally, WireError> {
    let all = everything().await.map_err(|_| WireError::Malformed)?;
    let envelopes = all.iter().map(|one| one.envelope.clone()).collect();
    let (tally, told) = send(envelopes).await;
    let mut is_news = false;
    for (one, told) in all.iter().zip(told) {
        // Only a receipt that names an op takes its place.
        let Some(told) = told.filter(|told| told.receipt.op.to_string() == one.key) else {
            continue;
        };
        // What cannot be replaced is delivered once more and gets the same receipt.
        if replace(one, &told).await.is_err() {
            continue;
        }
        is_news = true;
        // Should the copy go, what has arrived does not go with it.
        let key = unsent_key(one.user);
        let unsent = senses::kept(&key).and_then(|kept| kept.parse::<usize>().ok());
        if let Some(unsent) = unsent {
            senses::keep(&key, &unsent.saturating_sub(1).to_string());
        }
    }
    if is_news {
        senses::tell_tabs();
    }
    tally
}

/// Puts a receipt where an envelope lay.
async fn replace(lying: &Lying, told: &Delivered) -> Result<(), DiskError> {
    let row = serde_json::to_vec(told).map_err(|_| DiskError::Failed)?;
    let row = (
        JsValue::from_str(&lying.key),
        Uint8Array::from(row.as_slice()),
    );
    let requests = [
        Request::Delete(SEALED, lying.key.clone()),
        Request::Put(RECEIPTS, vec![row]),
    ];
    database(lying.user).write(&requests).await
}

/// Delivers a colleague's file.
pub async fn deliver_file(file: Delivery) -> Result<Tally, WireError> {
    send(file.envelopes).await.0
}

/// Sends envelopes in as many deliveries as they need. What was answered before a failure counts.
async fn send(envelopes: Vec<Envelope>) -> (Result<Tally, WireError>, Vec<Option<Delivered>>) {
    let mut told = Vec::new();
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
            Ok(reply) => told.extend(reply.delivered()),
            Err(why) => return (Err(why), told),
        }
    }
    let mut tally = Tally::default();
    for one in &told {
        match one.map(|one| one.receipt.outcome) {
            Some(Outcome::Accepted(_)) => tally.accepted += 1,
            Some(Outcome::Refused(_)) => tally.refused += 1,
            None => tally.unreadable += 1,
        }
    }
    (Ok(tally), told)
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
