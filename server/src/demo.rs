//! The demonstration ambito: invented families, always the same for the same seed and day.
//!
//! Nothing here writes by a way of its own: people, grants and operations go through
//! [`Store`] as real ones do, each operation in the name of the person who would have made it.

mod bank;
mod calendar;
mod chance;
mod course;
mod hassan;
mod household;
mod progress;
mod reading;
mod scribe;
mod story;
mod world;

use domain::authorize::ScopeKind;
use domain::id::Millis;
use domain::op::Op;
use jiff::civil::Date;
use replica::message::Outcome;
use serde_json::value::{RawValue, to_raw_value};

use crate::auth::password;
use crate::store::naming::server;
use crate::store::{Sender, Store, StoreError};
pub use world::{Colleague, World};

/// The password of every invented person, where nobody chose another.
pub const PASSWORD: &str = "percorso-demo";

/// The seed of the demonstration that the documentation shows.
pub const SEED: u64 = 26_900;

/// What the demonstration is made from.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// Same seed and same day, same operations.
    pub seed: u64,
    /// The day that the stories lead up to.
    pub today: Date,
    /// The password of every invented person.
    pub password: String,
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Families.
    pub families: usize,
    /// Operations accepted.
    pub ops: usize,
    /// Who may sign in: name to type, display name, role.
    pub people: Vec<Colleague>,
}

/// Why there is no demonstration.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// People work here already: a demonstration never mixes with real families. Nothing was
    /// written.
    #[error("the database is already in use")]
    InUse,
    /// The password could not be hashed.
    #[error("the password cannot be used")]
    Password,
    /// The store refused one of our own operations: a mistake in the program.
    #[error("the store refused an operation of kind {kind}: {refusal}")]
    Refused {
        /// The kind of operation.
        kind: &'static str,
        /// Why.
        refusal: replica::message::Refusal,
    },
    /// The store failed. Some of the demonstration may be there: begin again with a new database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Ops of one author in one scope that are sent together.
struct Parcel<'a> {
    at: Millis,
    sender: Sender,
    ops: Vec<&'a Op>,
}

/// Writes the demonstration into an empty store.
///
/// # Errors
/// [`DemoError`]: see there what was written.
pub async fn create(store: &dyn Store, options: &DemoOptions) -> Result<Report, DemoError> {
    if !store.users().await?.is_empty() || !store.families().await?.is_empty() {
        return Err(DemoError::InUse);
    }
    let world = World::tell(options.seed, options.today, store.system());
    // First of all: should the rest fail halfway, what is there is marked as invented.
    store.mark_demonstration().await?;
    enroll(store, &world, &options.password).await?;
    let mut accepted = 0;
    let named: Vec<&Op> = world.reference.ops.iter().collect();
    accepted += send(store, &server(store.system()), &named, world.began).await?;
    // Everybody is named already: this lets them read it.
    store.introduce(rand::random, world.began).await?;
    for parcel in parcels(&world) {
        accepted += send(store, &parcel.sender, &parcel.ops, parcel.at).await?;
    }
    Ok(Report {
        families: world.files.len(),
        ops: accepted,
        people: world.colleagues,
    })
}

/// People, scopes and grants.
async fn enroll(store: &dyn Store, world: &World, secret: &str) -> Result<(), DemoError> {
    let hash = password::hash(secret)
        .await
        .map_err(|_| DemoError::Password)?;
    let (by, began) = (store.system(), world.began);
    for colleague in &world.colleagues {
        store
            .create_user(by, &colleague.user(), &hash, began)
            .await?;
    }
    let reference = &world.reference;
    store
        .create_scope(by, reference.scope, ScopeKind::Reference, began)
        .await?;
    for file in &world.files {
        let since = file.ops.first().map_or(began, |op| op.at);
        store
            .create_scope(by, file.scope, ScopeKind::Family, since)
            .await?;
        for (user, relation) in &file.grants {
            store.grant(by, file.scope, *user, *relation, since).await?;
        }
    }
    Ok(())
}

/// Every file cut where the author changes, all files together in the order of time, so that the
/// audit trail tells the months as they went.
fn parcels(world: &World) -> Vec<Parcel<'_>> {
    let mut parcels = Vec::new();
    for file in &world.files {
        for ops in file.ops.chunk_by(|a, b| a.device == b.device) {
            for ops in ops.chunks(100) {
                let (Some(first), Some(last)) = (ops.first(), ops.last()) else {
                    continue;
                };
                parcels.push(Parcel {
                    at: last.at,
                    sender: Sender::new(first.author, world.role(first.author), first.device),
                    ops: ops.iter().collect(),
                });
            }
        }
    }
    parcels.sort_by_key(|parcel| parcel.at);
    parcels
}

async fn send(
    store: &dyn Store,
    sender: &Sender,
    ops: &[&Op],
    now: Millis,
) -> Result<usize, DemoError> {
    let bytes: Vec<Box<RawValue>> = ops
        .iter()
        .map(|op| to_raw_value(op).expect("an op has only string keys"))
        .collect();
    let receipts = store.ingest(sender, &bytes, now).await?;
    for (receipt, op) in receipts.iter().zip(ops) {
        if let Outcome::Refused(refusal) = receipt.outcome {
            let kind = match &op.change {
                domain::op::Change::Known(known) => known.kind(),
                domain::op::Change::Unknown(_) => "unknown",
            };
            return Err(DemoError::Refused { kind, refusal });
        }
    }
    Ok(receipts.len())
}
