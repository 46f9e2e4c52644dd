//! Who may open this phone's copy. Each person has a vault of their own: a random data key, stored
//! only wrapped by a key that is derived from their secret.
//!
//! A try is counted on disk before it is looked at, so that killing the app does not give another.

use domain::id::{Millis, UserId};
use js_sys::Uint8Array;
use replica::stored::{DiskError, Owner};
use rexie::TransactionMode;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use zeroize::Zeroizing;

pub use super::kinds::{Open, Strength, UnlockError, secret_strength};

use super::disk::Disk;
use super::kdf::{self, Recipe};
use super::rules::{self, Remains, TRIES_MAX};
use super::seal::{Key, Place, Plain, random};
use super::senses;
use super::store::{self, Database, KEYS, Request, WRAPS, read_error};

const KEYS_DATABASE: &str = "percorso";
/// The setting that names the vault to unlock: an id, not a name.
const SELECTED: &str = "vault";
const DATA_KEY_BYTES: usize = 32;

/// One row of the keys' database.
#[derive(Serialize, Deserialize)]
struct Row {
    /// Nothing once the wraps were erased.
    wrap: Option<Wrap>,
    /// Wrong tries in a row, the running one included.
    tries: u8,
    /// Since when the present wait counts.
    since: Millis,
    /// Whether the person gave up a copy of which nothing was left: the next sign-in makes it anew.
    #[serde(default)]
    is_given_up: bool,
}

/// A data key wrapped by a secret.
#[derive(Serialize, Deserialize)]
struct Wrap {
    recipe: Recipe,
    sealed: Vec<u8>,
}

fn keys() -> Database {
    Database::new(KEYS_DATABASE.to_owned(), &KEYS)
}

/// The name of a person's database.
pub(super) fn data_name(user: UserId) -> String {
    format!("{KEYS_DATABASE}-{user}")
}

/// Whether there is a vault to unlock.
pub async fn exists() -> Result<bool, DiskError> {
    Ok(selected().await?.is_some())
}

/// Whether this person has a vault here that a secret can open.
pub async fn owner_exists(user: UserId) -> Result<bool, DiskError> {
    let row = read(&keys(), user).await?;
    Ok(row.is_some_and(|row| row.wrap.is_some()))
}

/// Makes this person's vault the one that [`unlock`] opens, if they have one. Whoever signs in
/// after giving up a copy has none any more: its key is erased here, and with it all the rest.
pub async fn select(user: UserId) -> Result<bool, DiskError> {
    let keys = keys();
    let Some(row) = read(&keys, user).await? else {
        return Ok(false);
    };
    if row.is_given_up {
        // The row itself stays: what lies sealed here is found by it.
        let row = Row {
            wrap: None,
            is_given_up: false,
            ..row
        };
        keys.write(&[put(user, &row)?]).await?;
        return Ok(false);
    }
    let is_there = row.wrap.is_some();
    if is_there {
        senses::keep(SELECTED, &user.to_string());
    }
    Ok(is_there)
}

/// Whose vault was here, where the browser has erased the keys with all the rest: only a setting
/// remembers it.
pub async fn erased() -> Option<UserId> {
    let user = senses::kept(SELECTED)?.parse().ok()?;
    let row = read(&keys(), user).await;
    row.is_ok_and(|row| row.is_none()).then_some(user)
}

/// Notes that a copy of which [`unlock`] found nothing left is to be made anew. Opening it after
/// all would take the note back. Of one that is erased with its key, nothing has to be remembered.
pub async fn give_up(user: UserId) -> Result<(), DiskError> {
    let keys = keys();
    if let Some(row) = read(&keys, user).await? {
        let row = Row {
            is_given_up: true,
            ..row
        };
        keys.write(&[put(user, &row)?]).await?;
    } else {
        senses::forget(SELECTED);
    }
    Ok(())
}

/// Whether nobody ever had a vault here, as far as the browser remembers.
pub async fn is_nobody_known() -> bool {
    everyone().await.is_ok_and(|all| all.is_empty())
}

/// Everybody who has or had a vault here, also one that no secret opens any more.
pub(super) async fn everyone() -> Result<Vec<UserId>, DiskError> {
    let rows = keys().get_all(WRAPS, None).await?;
    Ok(rows
        .iter()
        .filter_map(|(key, _)| key.parse().ok())
        .collect())
}

/// The vault chosen last, or any that is there should the setting be lost.
async fn selected() -> Result<Option<UserId>, DiskError> {
    let rows = keys().get_all(WRAPS, None).await?;
    let users: Vec<UserId> = rows
        .iter()
        .filter(|(_, row)| parse(row).is_ok_and(|row| row.wrap.is_some()))
        .filter_map(|(key, _)| key.parse().ok())
        .collect();
    let kept = senses::kept(SELECTED).and_then(|user| user.parse::<UserId>().ok());
    let chosen = kept.filter(|kept| users.contains(kept));
    Ok(chosen.or(users.last().copied()))
}

/// Makes a vault for a person who has none. An open vault is never overwritten: see [`erase`].
pub async fn create(secret: &str, owner: &Owner) -> Result<Open, DiskError> {
    if owner_exists(owner.user).await? {
        return Err(DiskError::Failed);
    }
    let mut raw = Zeroizing::new([0_u8; DATA_KEY_BYTES]);
    random(raw.as_mut_slice())?;
    let (recipe, derived) = kdf::calibrate(secret).await?;
    let wrapping = Key::import(&derived).await?;
    let sealed = wrapping
        .seal(vec![Plain {
            place: wrap_place(owner.user),
            rev: 0,
            content: raw.to_vec(),
        }])
        .await?;
    let disk = Disk::new(data_name(owner.user), Key::import(raw.as_slice()).await?);
    disk.begin(owner).await?;
    let row = Row {
        wrap: Some(Wrap {
            recipe,
            sealed: sealed.first().ok_or(DiskError::Failed)?.to_vec(),
        }),
        tries: 0,
        since: Millis(0),
        is_given_up: false,
    };
    // Last of all: before this row is written there is no vault, whatever was begun.
    keys().write(&[put(owner.user, &row)?]).await?;
    senses::keep(SELECTED, &owner.user.to_string());
    Ok(Open {
        owner: owner.clone(),
        disk,
    })
}

/// Opens the selected vault.
pub async fn unlock(secret: &str) -> Result<Open, UnlockError> {
    let user = selected().await?.ok_or(UnlockError::Erased)?;
    let raw = opened(user, secret).await?;
    let disk = Disk::new(data_name(user), Key::import(&raw).await?);
    match disk.owner().await? {
        (Some(owner), Remains::Whole) => Ok(Open { owner, disk }),
        (_, Remains::Nothing) => Err(UnlockError::Gone { user }),
        // Words that may be only here are never given up by themselves.
        (_, Remains::Whole | Remains::Words) => Err(DiskError::Failed.into()),
    }
}

/// Whether a secret opens a person's vault. Counted like every other try: the tenth wrong one
/// erases the key.
pub async fn prove(user: UserId, secret: &str) -> Result<(), UnlockError> {
    opened(user, secret).await.map(drop)
}

/// The data key of a person's vault, for whoever knows its secret.
async fn opened(user: UserId, secret: &str) -> Result<Zeroizing<Vec<u8>>, UnlockError> {
    let keys = keys();
    let (wrap, tries) = begin_try(&keys, user).await?;
    let derived = match kdf::derive(secret, &wrap.recipe).await {
        Ok(derived) => derived,
        Err(error) => {
            // The device failed and not the person: this try does not count.
            let row = Row {
                wrap: Some(wrap),
                tries: tries.saturating_sub(1),
                since: senses::now(),
                is_given_up: false,
            };
            keys.write(&[put(user, &row)?]).await?;
            return Err(error.into());
        }
    };
    let wrapping = Key::import(&derived).await?;
    let sealed = Uint8Array::from(wrap.sealed.as_slice());
    let opened = wrapping.open(&[(wrap_place(user), sealed)]).await?;
    let Some(opened) = opened.into_iter().next().flatten() else {
        return Err(end_wrong_try(&keys, user, tries).await?);
    };
    let raw = Zeroizing::new(opened.content().to_vec());
    let row = Row {
        wrap: Some(wrap),
        tries: 0,
        since: Millis(0),
        is_given_up: false,
    };
    keys.write(&[put(user, &row)?]).await?;
    Ok(raw)
}

/// Erases a person's vault with everything in it, sent or not.
pub async fn erase(user: UserId) -> Result<(), DiskError> {
    keys()
        .write(&[Request::Delete(WRAPS, user.to_string())])
        .await?;
    senses::forget(SELECTED);
    Database::delete(&data_name(user)).await
}

/// Counts a try before it is looked at. Reading and writing are one transaction, so that two tabs
/// do not share a try.
async fn begin_try(keys: &Database, user: UserId) -> Result<(Wrap, u8), UnlockError> {
    let transaction = keys.begin(&[WRAPS], TransactionMode::ReadWrite).await?;
    let row = match store::get(&transaction, WRAPS, &user.to_string()).await {
        Ok(Some(row)) => row,
        Ok(None) => {
            drop(transaction.done().await);
            return Err(UnlockError::Erased);
        }
        Err(error) => return Err(read_error(error).await.into()),
    };
    let mut row = parse(&row)?;
    let now = senses::now();
    let (left_ms, since) = rules::wait_left_ms(row.tries, row.since, now);
    let is_spent = row.tries >= TRIES_MAX;
    let may_try = left_ms == 0 && !is_spent && row.wrap.is_some();
    if may_try {
        row.tries = row.tries.saturating_add(1);
        row.since = now;
    } else {
        row.since = since;
    }
    if is_spent {
        row.wrap = None;
    }
    store::finish(transaction, &[put(user, &row)?]).await?;
    match row.wrap {
        Some(wrap) if may_try => Ok((wrap, row.tries)),
        Some(_) => Err(UnlockError::Wait { ms: left_ms }),
        None => Err(UnlockError::Erased),
    }
}

/// What a wrong try leads to. The tenth erases the wraps: from then on the rows are noise.
async fn end_wrong_try(keys: &Database, user: UserId, tries: u8) -> Result<UnlockError, DiskError> {
    if tries < TRIES_MAX {
        return Ok(UnlockError::Wrong {
            tries_left: TRIES_MAX.saturating_sub(tries),
            wait_ms: rules::wait_ms(tries),
        });
    }
    let row = Row {
        wrap: None,
        tries,
        since: senses::now(),
        is_given_up: false,
    };
    keys.write(&[put(user, &row)?]).await?;
    Ok(UnlockError::Erased)
}

fn wrap_place(user: UserId) -> Place {
    Place {
        store: WRAPS,
        scope: user.to_string(),
        id: "secret".to_owned(),
    }
}

async fn read(keys: &Database, user: UserId) -> Result<Option<Row>, DiskError> {
    match keys.get(WRAPS, &user.to_string()).await? {
        Some(row) => Ok(Some(parse(&row)?)),
        None => Ok(None),
    }
}

fn parse(row: &Uint8Array) -> Result<Row, DiskError> {
    rules::json(&row.to_vec()).ok_or(DiskError::Failed)
}

fn put(user: UserId, row: &Row) -> Result<Request, DiskError> {
    let bytes = serde_json::to_vec(row).map_err(|_| DiskError::Failed)?;
    let key = JsValue::from_str(&user.to_string());
    Ok(Request::Put(
        WRAPS,
        vec![(key, Uint8Array::from(bytes.as_slice()))],
    ))
}
