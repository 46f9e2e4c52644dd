//! The disk of an unlocked vault: sealed rows in, one transaction a batch.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use domain::id::{DeviceId, OpId, ScopeId};
use domain::order;
use js_sys::Uint8Array;
use litemap::LiteMap;
use replica::hub::Header;
use replica::sealed::Delivered;
use replica::stored::{Batch, Contents, DiskError, Fate, Outgoing, Owner, Segment, Standing};
use rexie::TransactionMode;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use super::drafts::{is_draft_of, taken_away};
use super::rows::{key_of, meta, outgoing_row, pack_place, parse, place, place_of};
use super::rules::{self, Found, Remains, Span};
use super::seal::{Key, Opened, Place, Plain, is_newer, rev_of};
use super::sealed::Sealing;
use super::store::{
    After, DATA, DRAFTS, Database, FILES, META, OUTBOX, OWNER, PACKS, RECEIPTS, Request, SEALED,
    UPLOADS, get_all, read_error,
};
use super::turns::Turns;

mod files;

const STANDING: &str = "standing";
const SEALING: &str = "sealing";

/// The disk of an unlocked vault. Clones are the same disk.
#[derive(Clone)]
pub struct Disk(Rc<Inner>);

struct Inner {
    database: Database,
    key: Key,
    /// The number of the last commit seen.
    rev: Cell<u64>,
    /// What lies in [`PACKS`], by scope and in order.
    spans: RefCell<LiteMap<ScopeId, Vec<Span>>>,
    /// What unsent ops are also sealed with, once the server has given its key.
    sealing: RefCell<Option<Sealing>>,
    turns: Turns,
}

/// What one batch does to the disk, before it is sealed.
#[derive(Default)]
struct Work {
    removes: Vec<Request>,
    rows: Vec<Plain>,
    spans: LiteMap<ScopeId, Vec<Span>>,
    /// Drafts that go with a family that is taken away.
    parted: Vec<String>,
}

impl Disk {
    /// The disk of one vault.
    pub fn new(database_name: String, key: Key) -> Self {
        Self(Rc::new(Inner {
            database: Database::new(database_name, &DATA),
            key,
            rev: Cell::new(0),
            spans: RefCell::default(),
            sealing: RefCell::default(),
            turns: Turns::new(),
        }))
    }

    /// Empties the disk and writes whose it is. What lies sealed stays until it is delivered: it
    /// may be of a copy that nobody can open any more.
    pub async fn begin(&self, owner: &Owner) -> Result<(), DiskError> {
        let rows = self
            .0
            .seal(vec![meta(OWNER, self.0.next_rev(), owner)?])
            .await?;
        let mut requests: Vec<Request> = [PACKS, OUTBOX, META, DRAFTS, UPLOADS, FILES, RECEIPTS]
            .map(Request::Clear)
            .into();
        requests.extend(rows);
        self.0.database.write(&requests).await
    }

    /// Whose disk this is, as far as it can be read, and what is left of it.
    pub async fn owner(&self) -> Result<(Option<Owner>, Remains), DiskError> {
        let (found, owner) = self.0.read_meta::<Owner>(OWNER).await?;
        let (standing, _) = self.0.read_meta::<Standing>(STANDING).await?;
        let mut only_here = Vec::new();
        if rules::remains(found, standing, [].into_iter()) != Remains::Whole {
            for store in [OUTBOX, DRAFTS, UPLOADS] {
                let rows = self.0.database.get_all(store, None).await?;
                let rows: Vec<(Place, Uint8Array)> = rows
                    .into_iter()
                    .map(|(key, row)| (place(store, &key), row))
                    .collect();
                only_here.extend(self.0.key.open(&rows).await?);
            }
        }
        let only_here = only_here.iter().map(Option::is_some);
        Ok((owner, rules::remains(found, standing, only_here)))
    }

    /// Reads everything back.
    pub async fn load(&self) -> Result<Contents, DiskError> {
        let _turn = self.0.turns.take().await;
        let stores = [PACKS, OUTBOX, META];
        let transaction = self
            .0
            .database
            .begin(&stores, TransactionMode::ReadOnly)
            .await?;
        let mut rows = Vec::new();
        for store in stores {
            match get_all(&transaction, store, None).await {
                Ok(found) => rows.extend(found.into_iter().map(|(key, row)| (store, key, row))),
                Err(error) => return Err(read_error(error).await),
            }
        }
        let rows: Vec<(Place, Uint8Array)> = rows
            .into_iter()
            .filter_map(|(store, key, row)| Some((place_of(store, &key)?, row)))
            .collect();
        if rows.iter().any(|(_, row)| is_newer(row)) {
            return Err(DiskError::Outdated);
        }
        let opened = self.0.key.open(&rows).await?;
        let places = rows.into_iter().map(|(place, _)| place);
        self.0.gather(places.zip(opened))
    }

    /// Writes one batch, all of it or nothing. Tells which drafts went with a family; `None` and
    /// nothing is written where another tab has moved the standing on meanwhile.
    pub async fn commit(&self, batch: &Batch) -> Result<Option<Vec<String>>, DiskError> {
        let _turn = self.0.turns.take().await;
        let work = self.0.plan(batch).await?;
        let mut requests = work.removes;
        requests.extend(self.0.seal(work.rows).await?);
        requests.extend(self.0.envelopes(batch).await);
        let after = batch.standing.is_some().then_some(After {
            store: META,
            key: STANDING,
            rev: batch.after,
        });
        if !self.0.database.write_after(&requests, after).await? {
            return Ok(None);
        }
        let mut spans = self.0.spans.borrow_mut();
        for scope in &batch.purge {
            spans.remove(scope);
        }
        spans.extend(work.spans);
        Ok(Some(work.parted))
    }

    /// Receipts of what was delivered sealed, until a batch has them. One that cannot be read was
    /// written by a later build.
    pub async fn delivered(&self) -> Result<Vec<Delivered>, DiskError> {
        let rows = self.0.database.get_all(RECEIPTS, None).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        // What another tab's answer settled first left the outbox, and no batch will name it again.
        let outbox = self.0.database.get_all(OUTBOX, None).await?;
        let (mut told, mut over) = (Vec::new(), Vec::new());
        for (key, row) in rows {
            if outbox.iter().any(|(waiting, _)| *waiting == key) {
                told.extend(rules::json::<Delivered>(&row.to_vec()));
            } else {
                over.push(Request::Delete(RECEIPTS, key));
            }
        }
        self.0.database.write(&over).await?;
        Ok(told)
    }

    /// Whether the standing on disk is still of this revision: no other tab has moved it on.
    pub async fn stands_at(&self, revision: u64) -> Result<bool, DiskError> {
        let row = self.0.database.get(META, STANDING).await?;
        Ok(row.map_or(0, |row| rev_of(&row)) == revision)
    }

    /// What unsent ops are also sealed with.
    pub(super) fn sealing(&self) -> Option<Sealing> {
        self.0.sealing.borrow().clone()
    }

    /// Whether unsent ops are also sealed to the key of a server of this restore epoch.
    pub fn is_sealing(&self, epoch: u64) -> bool {
        let sealing = self.0.sealing.borrow();
        sealing.as_ref().is_some_and(|one| one.epoch == epoch)
    }

    /// From now on seals unsent ops also to the server's key, those that wait already included.
    pub async fn begin_sealing(&self, sealing: Sealing) -> Result<(), DiskError> {
        let _turn = self.0.turns.take().await;
        let row = meta(SEALING, self.0.next_rev(), &sealing)?;
        let mut requests = self.0.seal(vec![row]).await?;
        let rows = self.0.database.get_all(OUTBOX, None).await?;
        let rows: Vec<(Place, Uint8Array)> = rows
            .into_iter()
            .map(|(key, row)| (place(OUTBOX, &key), row))
            .collect();
        let opened = self.0.key.open(&rows).await?;
        let waiting = opened.iter().flatten();
        let batch = Batch {
            outbox_put: waiting
                .filter_map(|row| parse(row.content()).ok())
                .collect(),
            ..Batch::default()
        };
        let before = self.0.sealing.replace(Some(sealing));
        requests.extend(self.0.envelopes(&batch).await);
        let written = self.0.database.write(&requests).await;
        if written.is_err() {
            self.0.sealing.replace(before);
        }
        written
    }

    /// Keeps what somebody is typing. The key must hold no words of theirs.
    ///
    /// It waits its turn: a draft on its way must not arrive after the commit that removes it.
    /// One that is no longer wanted by then is not written: its family was taken away meanwhile.
    pub async fn put_draft(
        &self,
        key: &str,
        json: &str,
        is_wanted: &dyn Fn() -> bool,
    ) -> Result<(), DiskError> {
        let _turn = self.0.turns.take().await;
        if !is_wanted() {
            return Ok(());
        }
        let row = Plain {
            place: place(DRAFTS, key),
            rev: self.0.next_rev(),
            content: json.as_bytes().to_vec(),
        };
        let requests = self.0.seal(vec![row]).await?;
        self.0.database.write(&requests).await
    }

    /// Is done when everything that was asked before is.
    pub async fn settled(&self) {
        drop(self.0.turns.take().await);
    }

    /// What somebody was typing. It waits its turn: what was just given up does not come back.
    pub async fn draft(&self, key: &str) -> Result<Option<String>, DiskError> {
        let _turn = self.0.turns.take().await;
        let Some(row) = self.0.database.get(DRAFTS, key).await? else {
            return Ok(None);
        };
        let opened = self.0.open_one(place(DRAFTS, key), row).await?;
        let json = String::from_utf8(opened.content().to_vec());
        json.map(Some).map_err(|_| DiskError::Failed)
    }

    /// Forgets a draft.
    pub async fn remove_draft(&self, key: &str) -> Result<(), DiskError> {
        let _turn = self.0.turns.take().await;
        let requests = [Request::Delete(DRAFTS, key.to_owned())];
        self.0.database.write(&requests).await
    }

    /// Forgets the drafts of scopes, and names them.
    pub async fn remove_drafts_of(&self, scopes: &[ScopeId]) -> Result<Vec<String>, DiskError> {
        let _turn = self.0.turns.take().await;
        let mut work = Work::default();
        self.0.plan_parting(&mut work, scopes).await?;
        self.0.database.write(&work.removes).await?;
        Ok(work.parted)
    }
}

impl Inner {
    fn next_rev(&self) -> u64 {
        let rev = self.rev.get().saturating_add(1);
        self.rev.set(rev);
        rev
    }

    /// Seals rows into puts, one for each store.
    async fn seal(&self, rows: Vec<Plain>) -> Result<Vec<Request>, DiskError> {
        let keys: Vec<(&'static str, String)> = rows
            .iter()
            .map(|row| (row.place.store, key_of(&row.place)))
            .collect();
        let sealed = self.key.seal(rows).await?;
        let mut puts: LiteMap<&'static str, Vec<(JsValue, Uint8Array)>> = LiteMap::new();
        for ((store, key), row) in keys.into_iter().zip(sealed) {
            puts.entry(store)
                .or_default()
                .push((JsValue::from_str(&key), row));
        }
        Ok(puts
            .into_iter()
            .map(|(store, rows)| Request::Put(store, rows))
            .collect())
    }

    /// What a batch does to the envelopes: one for each op that waits, none for any other, nor the
    /// receipt that took its place.
    ///
    /// An op that cannot be sealed is written all the same: the envelope is the second way out.
    async fn envelopes(&self, batch: &Batch) -> Vec<Request> {
        let over = |op: &OpId| {
            let key = op.to_string();
            [SEALED, RECEIPTS].map(|store| Request::Delete(store, key.clone()))
        };
        let mut requests: Vec<Request> = batch.outbox_remove.iter().flat_map(over).collect();
        let sealing = self.sealing.borrow().clone();
        let mut rows = Vec::new();
        for outgoing in &batch.outbox_put {
            if outgoing.fate != Fate::Waiting {
                requests.extend(over(&outgoing.id));
            } else if let Some(sealing) = &sealing
                && is_by(sealing.device, outgoing)
                && let Ok(envelope) = sealing.seal(outgoing).await
            {
                let key = JsValue::from_str(&outgoing.id.to_string());
                rows.push((key, Uint8Array::from(envelope.0.as_slice())));
            }
        }
        if !rows.is_empty() {
            requests.push(Request::Put(SEALED, rows));
        }
        requests
    }

    /// A row of [`META`]: whether it is there, and what it says.
    async fn read_meta<T: DeserializeOwned>(
        &self,
        id: &str,
    ) -> Result<(Found, Option<T>), DiskError> {
        let Some(row) = self.database.get(META, id).await? else {
            return Ok((Found::Missing, None));
        };
        if is_newer(&row) {
            return Err(DiskError::Outdated);
        }
        let opened = self.key.open(&[(place(META, id), row)]).await?;
        let opened = opened.into_iter().next().flatten();
        Ok(
            match opened.and_then(|opened| parse(opened.content()).ok()) {
                Some(value) => (Found::Readable, Some(value)),
                None => (Found::Unreadable, None),
            },
        )
    }

    async fn open_one(&self, place: Place, row: Uint8Array) -> Result<Opened, DiskError> {
        let opened = self.key.open(&[(place, row)]).await?;
        opened.into_iter().next().flatten().ok_or(DiskError::Failed)
    }

    /// Sorts opened rows into what they are.
    ///
    /// A segment that does not open is no loss: the cursor goes back to where it began, and the
    /// server sends it again. An outbox row that does not open stays where it is and is reported.
    fn gather(
        &self,
        rows: impl Iterator<Item = (Place, Option<Opened>)>,
    ) -> Result<Contents, DiskError> {
        let mut contents = Contents::default();
        let mut spans: LiteMap<ScopeId, Vec<Span>> = LiteMap::new();
        let mut damaged = Vec::new();
        for (place, opened) in rows {
            if let Some(opened) = &opened {
                self.rev.set(self.rev.get().max(opened.rev));
            }
            match place.store {
                PACKS => {
                    let Some((scope, from)) = rules::parse_pack_key(&key_of(&place)) else {
                        continue;
                    };
                    match opened.and_then(|opened| rules::unpack(opened.content())) {
                        Some(ops) => {
                            let to = from.saturating_add(u64::try_from(ops.len()).unwrap_or(0));
                            spans.entry(scope).or_default().push(Span { from, to });
                            contents.segments.push(Segment { scope, from, ops });
                        }
                        None => damaged.push((scope, from)),
                    }
                }
                OUTBOX => match opened.map(|opened| parse(opened.content())) {
                    Some(Ok(outgoing)) => contents.outbox.push(outgoing),
                    _ => report_damage(&place),
                },
                META if place.id == SEALING => {
                    // Without it the server is asked for its key once more.
                    let sealing = opened.and_then(|opened| parse(opened.content()).ok());
                    self.sealing.replace(sealing);
                }
                META if place.id == STANDING => {
                    let opened = opened.ok_or(DiskError::Failed)?;
                    contents.standing = Standing {
                        revision: opened.rev,
                        ..parse(opened.content())?
                    };
                }
                _ => {}
            }
        }
        for (scope, from) in damaged {
            report_damage(&pack_place(scope, from));
            go_back(&mut contents.standing, scope, from);
        }
        self.spans.replace(spans);
        Ok(contents)
    }

    /// What a batch does, segments merged where they have become too many.
    async fn plan(&self, batch: &Batch) -> Result<Work, DiskError> {
        let rev = self.next_rev();
        let mut work = Work::default();
        for scope in &batch.purge {
            let (first, last) = rules::pack_range(*scope);
            work.removes.push(Request::DeleteRange(PACKS, first, last));
            let (first, last) = rules::files_range(*scope);
            // What has not arrived stays until it has: it leaves without being kept.
            work.removes.push(Request::DeleteRange(FILES, first, last));
        }
        let taken = taken_away(batch);
        if !taken.is_empty() {
            self.plan_parting(&mut work, &taken).await?;
        }
        for op in &batch.outbox_remove {
            work.removes.push(Request::Delete(OUTBOX, op.to_string()));
        }
        for draft in &batch.drafts_remove {
            work.removes.push(Request::Delete(DRAFTS, draft.clone()));
        }
        for outgoing in &batch.outbox_put {
            work.rows.push(outgoing_row(rev, outgoing)?);
        }
        if let Some(standing) = &batch.standing {
            work.rows.push(meta(STANDING, standing.revision, standing)?);
        }
        let mut fresh: LiteMap<ScopeId, Vec<&Segment>> = LiteMap::new();
        for segment in batch
            .append
            .iter()
            .filter(|segment| !segment.ops.is_empty())
        {
            fresh.entry(segment.scope).or_default().push(segment);
        }
        for (scope, segments) in fresh {
            let is_purged = batch.purge.contains(&scope);
            self.plan_scope(&mut work, rev, scope, &segments, is_purged)
                .await;
        }
        Ok(work)
    }

    /// What was being typed about a family goes with it.
    async fn plan_parting(&self, work: &mut Work, taken: &[ScopeId]) -> Result<(), DiskError> {
        for (key, _) in self.database.get_all(DRAFTS, None).await? {
            if taken.iter().any(|scope| is_draft_of(&key, *scope)) {
                work.removes.push(Request::Delete(DRAFTS, key.clone()));
                work.parted.push(key);
            }
        }
        Ok(())
    }

    async fn plan_scope(
        &self,
        work: &mut Work,
        rev: u64,
        scope: ScopeId,
        segments: &[&Segment],
        is_purged: bool,
    ) {
        let mut spans = match self.spans.borrow().get(&scope) {
            Some(spans) if !is_purged => spans.clone(),
            _ => Vec::new(),
        };
        let kept = spans.len();
        for segment in segments {
            let to = segment
                .from
                .saturating_add(u64::try_from(segment.ops.len()).unwrap_or(0));
            spans.retain(|span| span.from != segment.from);
            spans.push(Span {
                from: segment.from,
                to,
            });
        }
        order::sort_by_key(&mut spans, |span| span.from);
        // What cannot be merged, since a row is damaged or another tab was here, is appended.
        let mut merged_from = u64::MAX;
        if let Some(start) = rules::merge_from(&spans).filter(|start| *start < kept)
            && let Some(tail) = spans.get(start..)
            && let Ok(merged) = self.merge(work, rev, scope, tail, segments).await
        {
            merged_from = merged.from;
            spans.truncate(start);
            spans.push(merged);
        }
        for segment in segments.iter().filter(|segment| segment.from < merged_from) {
            let content = rules::pack(segment.ops.iter().map(AsRef::as_ref));
            let place = pack_place(scope, segment.from);
            work.rows.push(Plain {
                place,
                rev,
                content,
            });
        }
        work.spans.insert(scope, spans);
    }

    /// Makes one segment of many: those on disk are read, the new ones are at hand.
    async fn merge(
        &self,
        work: &mut Work,
        rev: u64,
        scope: ScopeId,
        spans: &[Span],
        segments: &[&Segment],
    ) -> Result<Span, DiskError> {
        let first = spans.first().ok_or(DiskError::Failed)?.from;
        let last = spans.last().ok_or(DiskError::Failed)?.to;
        let range = (rules::pack_key(scope, first), rules::pack_key(scope, last));
        let rows: Vec<(Place, Uint8Array)> = self
            .database
            .get_all(PACKS, Some(&range))
            .await?
            .into_iter()
            .filter_map(|(key, row)| Some((place_of(PACKS, &key)?, row)))
            .collect();
        let opened = self.key.open(&rows).await?;
        let mut ops_by_from = LiteMap::<_, _>::new();
        for ((place, _), opened) in rows.into_iter().zip(opened) {
            let (_, from) = rules::parse_pack_key(&key_of(&place)).ok_or(DiskError::Failed)?;
            let opened = opened.ok_or(DiskError::Failed)?;
            ops_by_from.insert(
                from,
                rules::unpack(opened.content()).ok_or(DiskError::Failed)?,
            );
        }
        for segment in segments.iter().filter(|segment| segment.from >= first) {
            ops_by_from.insert(segment.from, segment.ops.clone());
        }
        let ops = ops_by_from.values().flatten();
        if u64::try_from(ops.clone().count()).ok() != last.checked_sub(first) {
            return Err(DiskError::Failed);
        }
        let content = rules::pack(ops.map(AsRef::as_ref));
        work.removes
            .push(Request::DeleteRange(PACKS, range.0, range.1));
        work.rows.push(Plain {
            place: pack_place(scope, first),
            rev,
            content,
        });
        Ok(Span {
            from: first,
            to: last,
        })
    }
}

/// Whether an op was written on this device. What others wrote, offered again to a restored server,
/// no envelope of this device vouches for.
fn is_by(device: DeviceId, outgoing: &Outgoing) -> bool {
    serde_json::from_str::<Header>(outgoing.op.get()).is_ok_and(|header| header.device == device)
}

/// Lets the cursor of a scope fall back to `from`, so that the server sends again from there.
fn go_back(standing: &mut Standing, scope: ScopeId, from: u64) {
    if let Some(cursor) = standing.cursors.get_mut(&scope) {
        *cursor = from.min(*cursor);
    }
}

fn report_damage(place: &Place) {
    let row = format!("{} {}", place.store, key_of(place));
    web_sys::console::error_2(&"disk.row_damaged".into(), &row.into());
}
