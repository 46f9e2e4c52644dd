//! Where each row lies and what it says: between the replica's types and sealed bytes.

use domain::id::ScopeId;
use replica::stored::{DiskError, Outgoing};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::rules;
use super::seal::{Place, Plain};
use super::store::{META, OUTBOX, PACKS};

/// The place of a row that belongs to no scope.
pub fn place(store: &'static str, id: &str) -> Place {
    Place {
        store,
        scope: String::new(),
        id: id.to_owned(),
    }
}

/// The place of a segment.
pub fn pack_place(scope: ScopeId, from: u64) -> Place {
    Place {
        store: PACKS,
        scope: scope.to_string(),
        id: format!("{from:016x}"),
    }
}

/// The key of a place in its store.
pub fn key_of(place: &Place) -> String {
    if place.store == PACKS {
        format!("{}/{}", place.scope, place.id)
    } else {
        place.id.clone()
    }
}

/// The place of a key, if the key is one of ours.
pub fn place_of(store: &'static str, key: &str) -> Option<Place> {
    if store == PACKS {
        let (scope, from) = rules::parse_pack_key(key)?;
        return Some(pack_place(scope, from));
    }
    Some(place(store, key))
}

/// An op of the outbox as a row.
pub fn outgoing_row(rev: u64, outgoing: &Outgoing) -> Result<Plain, DiskError> {
    Ok(Plain {
        place: place(OUTBOX, &outgoing.id.to_string()),
        rev,
        content: write(outgoing)?,
    })
}

/// A row of [`META`].
pub fn meta(id: &str, rev: u64, value: &impl Serialize) -> Result<Plain, DiskError> {
    Ok(Plain {
        place: place(META, id),
        rev,
        content: write(value)?,
    })
}

/// A value as bytes.
pub fn write(value: &impl Serialize) -> Result<Vec<u8>, DiskError> {
    serde_json::to_vec(value).map_err(|_| DiskError::Failed)
}

/// A value from bytes.
pub fn parse<T: DeserializeOwned>(content: &[u8]) -> Result<T, DiskError> {
    rules::json(content).ok_or(DiskError::Failed)
}
