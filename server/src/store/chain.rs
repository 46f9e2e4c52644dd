//! The hash chain of the audit trail. Pure.
//!
//! An entry's hash covers the hash of the one before, so that nobody can change, remove or insert
//! an entry without every later hash telling.

use domain::id::Millis;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::store::Entry;
use crate::store::columns::word;

/// The hash before the first entry.
pub(super) const GENESIS: [u8; 32] = [0; 32];

/// The hash of entry `number`, which follows the entry with hash `before`.
pub(super) fn link(before: &[u8; 32], number: u64, at: Millis, entry: &Entry) -> [u8; 32] {
    let action = word(entry.action);
    let mut hasher = Sha256::new();
    hasher.update(before);
    hasher.update(number.to_be_bytes());
    hasher.update(at.0.to_be_bytes());
    hasher.update(entry.by.as_uuid().as_bytes());
    // The length keeps the word and what follows it apart.
    hasher.update(
        u64::try_from(action.len())
            .unwrap_or(u64::MAX)
            .to_be_bytes(),
    );
    hasher.update(action.as_bytes());
    cover(&mut hasher, entry.device.as_ref().map(|id| id.as_uuid()));
    cover(&mut hasher, entry.scope.as_ref().map(|id| id.as_uuid()));
    cover(&mut hasher, entry.op.as_ref().map(|id| id.as_uuid()));
    cover(&mut hasher, entry.subject.as_ref().map(|id| id.as_uuid()));
    hasher.finalize().into()
}

fn cover(hasher: &mut Sha256, id: Option<&Uuid>) {
    match id {
        Some(id) => {
            hasher.update([1]);
            hasher.update(id.as_bytes());
        }
        None => hasher.update([0]),
    }
}
