//! IndexedDB through rexie: databases, transactions, and what their failures mean.
//!
//! A transaction does not survive an `await` on anything but IndexedDB. So a write queues all its
//! requests at once and then waits for the transaction, never for a single request.

use domain::order;
use std::cell::{Cell, RefCell};
use std::error::Error as _;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use js_sys::Uint8Array;
use litemap::LiteMap;
use replica::stored::DiskError;
use rexie::{KeyRange, ObjectStore, Rexie, Store, Transaction, TransactionMode};
use wasm_bindgen::{JsCast, JsValue};

use super::seal::rev_of;
use super::{rules, senses};

/// Sealed segments of scopes.
pub const PACKS: &str = "packs";
/// Sealed ops that the server has not numbered yet.
pub const OUTBOX: &str = "outbox";
/// Sealed owner and standing.
pub const META: &str = "meta";
/// Sealed forms that somebody is filling in.
pub const DRAFTS: &str = "drafts";
/// The row of [`META`] that says whose the vault is.
pub const OWNER: &str = "owner";
/// Unsent ops as only the server can open them.
pub const SEALED: &str = "sealed";
/// Receipts of what was delivered sealed, until the copy takes them.
pub const RECEIPTS: &str = "receipts";
/// Sealed bytes of attachments that the server does not have yet.
pub const UPLOADS: &str = "uploads";
/// Sealed bytes of attachments that the server has as well.
pub const FILES: &str = "files";
/// Wrapped keys, one row a vault.
pub const WRAPS: &str = "wraps";

/// Below this many free bytes a failed write means that the disk is full.
const FREE_BYTES_MIN: u64 = 8 * 1024 * 1024;

/// After how long an opening that does not come about is blocked by another tab.
const BLOCKED_MS: i64 = 1_000;

/// The cause noted when the browser aborts and gives none.
const ABORTED: &str = "aborted";

/// A kind of database: its version and every store it has. A store that is not listed when the
/// version rises is deleted by rexie, so a list only ever grows.
pub struct Layout {
    version: u32,
    stores: &'static [&'static str],
    /// A row that is always there. Without it a database that was reopened is an empty new one,
    /// since the browser has erased the old one under us.
    witness: Option<(&'static str, &'static str)>,
}

/// One vault's data.
pub const DATA: Layout = Layout {
    version: 4,
    stores: &[
        PACKS, OUTBOX, META, DRAFTS, SEALED, UPLOADS, FILES, RECEIPTS,
    ],
    witness: Some((META, OWNER)),
};

/// The wraps of all vaults of this browser.
pub const KEYS: Layout = Layout {
    version: 1,
    stores: &[WRAPS],
    witness: None,
};

/// A database that reopens itself once when the browser has closed it.
pub struct Database {
    name: String,
    layout: &'static Layout,
    open: RefCell<Option<Rc<Rexie>>>,
    /// Whether it was opened before: from then on the witness has to be there.
    was_opened: Cell<bool>,
}

/// One request of a write.
pub enum Request {
    /// Writes rows.
    Put(&'static str, Vec<(JsValue, Uint8Array)>),
    /// Removes one row.
    Delete(&'static str, String),
    /// Removes all rows between two keys, both included.
    DeleteRange(&'static str, String, String),
    /// Removes all rows.
    Clear(&'static str),
}

impl Request {
    const fn store(&self) -> &'static str {
        match self {
            Self::Put(store, _)
            | Self::Delete(store, _)
            | Self::DeleteRange(store, _, _)
            | Self::Clear(store) => store,
        }
    }
}

/// A row and the revision that it has to have before anything is written: 0 where there is none.
pub struct After {
    /// Its store, of which the requests write something, too.
    pub store: &'static str,
    /// Its key.
    pub key: &'static str,
    /// Its revision.
    pub rev: u64,
}

impl Database {
    /// Names a database. It is opened when it is first used.
    pub const fn new(name: String, layout: &'static Layout) -> Self {
        Self {
            name,
            layout,
            open: RefCell::new(None),
            was_opened: Cell::new(false),
        }
    }

    /// Deletes a database with everything in it.
    pub async fn delete(name: &str) -> Result<(), DiskError> {
        match Rexie::delete(name).await {
            Ok(()) => Ok(()),
            Err(error) => Err(diagnose(&[describe(&error)]).await),
        }
    }

    /// Begins a transaction, after opening the database anew if it was closed.
    pub async fn begin(
        &self,
        stores: &[&str],
        mode: TransactionMode,
    ) -> Result<Transaction, DiskError> {
        if let Some(open) = self.open.borrow().clone()
            && let Ok(transaction) = open.transaction(stores, mode)
        {
            return Ok(transaction);
        }
        if let Some(closed) = self.open.take().and_then(Rc::into_inner) {
            closed.close();
        }
        let fresh = self.connect().await?;
        if self.was_opened.get()
            && let Some((store, key)) = self.layout.witness
            && !has(&fresh, store, key).await
        {
            fresh.close();
            return Err(DiskError::Lost);
        }
        self.was_opened.set(true);
        let transaction = fresh.transaction(stores, mode).map_err(|_| DiskError::Lost);
        self.open.replace(Some(Rc::new(fresh)));
        transaction
    }

    async fn connect(&self) -> Result<Rexie, DiskError> {
        let mut builder = Rexie::builder(&self.name).version(self.layout.version);
        for store in self.layout.stores {
            builder = builder.add_object_store(ObjectStore::new(store));
        }
        // A tab of an older build keeps its connection, and the new layout waits for it to go.
        let blocked = senses::after(BLOCKED_MS, senses::ask_tabs_to_leave);
        let built = builder.build().await;
        drop(blocked);
        match built {
            Ok(fresh) => Ok(fresh),
            Err(error) => Err(diagnose(&[describe(&error)]).await),
        }
    }

    /// Does all the requests in one transaction, or none, and returns when they are on disk.
    pub async fn write(&self, requests: &[Request]) -> Result<(), DiskError> {
        self.write_after(requests, None).await.map(|_| ())
    }

    /// As [`Database::write`], if a row is as it was last seen; otherwise nothing is written. It is
    /// looked at within the transaction: no other tab comes between.
    pub async fn write_after(
        &self,
        requests: &[Request],
        after: Option<After>,
    ) -> Result<bool, DiskError> {
        if requests.is_empty() {
            return Ok(true);
        }
        let mut stores: Vec<&str> = requests.iter().map(Request::store).collect();
        order::sort_by(&mut stores, Ord::cmp);
        stores.dedup();
        let transaction = self.begin(&stores, TransactionMode::ReadWrite).await?;
        if let Some(After { store, key, rev }) = after {
            // A row that cannot be read is told by the requests, which fail, too.
            let row = get(&transaction, store, key).await;
            if row.is_ok_and(|row| row.map_or(0, |row| rev_of(&row)) != rev) {
                drop(transaction.abort().await);
                return Ok(false);
            }
        }
        finish(transaction, requests).await.map(|()| true)
    }

    /// One row.
    pub async fn get(&self, store: &str, key: &str) -> Result<Option<Uint8Array>, DiskError> {
        let transaction = self.begin(&[store], TransactionMode::ReadOnly).await?;
        let row = get(&transaction, store, key).await;
        end_reading(transaction, row).await
    }

    /// The rows of a store with their keys, all of them or those between two keys.
    pub async fn get_all(
        &self,
        store: &str,
        range: Option<&(String, String)>,
    ) -> Result<Vec<(String, Uint8Array)>, DiskError> {
        let transaction = self.begin(&[store], TransactionMode::ReadOnly).await?;
        let rows = get_all(&transaction, store, range).await;
        end_reading(transaction, rows).await
    }
}

/// What was read, once the transaction is over.
///
/// In WebKit a connection that is closed while one of its transactions has not ended can block the
/// next connection's writes for ever.
pub async fn end_reading<T>(
    transaction: Transaction,
    read: rexie::Result<T>,
) -> Result<T, DiskError> {
    match read {
        Ok(read) => {
            // What was read is here, however the transaction ends.
            drop(transaction.done().await);
            Ok(read)
        }
        Err(error) => Err(diagnose(&[describe(&error)]).await),
    }
}

/// A connection that is only forgotten stays open, deaf to the wish of others to upgrade or delete
/// the database, until the browser collects it.
impl Drop for Database {
    fn drop(&mut self) {
        if let Some(open) = self.open.take().and_then(Rc::into_inner) {
            open.close();
        }
    }
}

/// Whether a row is there; not, if it cannot be told.
async fn has(open: &Rexie, store: &str, key: &str) -> bool {
    let Ok(transaction) = open.transaction(&[store], TransactionMode::ReadOnly) else {
        return false;
    };
    let row = get(&transaction, store, key).await;
    drop(transaction.done().await);
    row.is_ok_and(|row| row.is_some())
}

/// One row, within a transaction that goes on.
pub async fn get(
    transaction: &Transaction,
    store: &str,
    key: &str,
) -> rexie::Result<Option<Uint8Array>> {
    let row = transaction.store(store)?.get(key.into()).await?;
    Ok(row.and_then(|row| row.dyn_into().ok()))
}

/// Rows with their keys, within a transaction that goes on. Both lists are in key order.
pub async fn get_all(
    transaction: &Transaction,
    store: &str,
    range: Option<&(String, String)>,
) -> rexie::Result<Vec<(String, Uint8Array)>> {
    let store = transaction.store(store)?;
    let keys = store.get_all_keys(key_range(range)?, None).await?;
    let rows = store.get_all(key_range(range)?, None).await?;
    Ok(keys
        .into_iter()
        .zip(rows)
        .filter_map(|(key, row)| Some((key.as_string()?, row.dyn_into().ok()?)))
        .collect())
}

/// The keys of a store, within a transaction that goes on.
pub async fn get_keys(transaction: &Transaction, store: &str) -> rexie::Result<Vec<String>> {
    let keys = transaction.store(store)?.get_all_keys(None, None).await?;
    Ok(keys.into_iter().filter_map(|key| key.as_string()).collect())
}

fn key_range(range: Option<&(String, String)>) -> rexie::Result<Option<KeyRange>> {
    range.map(|(first, last)| between(first, last)).transpose()
}

fn between(first: &str, last: &str) -> rexie::Result<KeyRange> {
    Ok(KeyRange::bound(&first.into(), &last.into(), None, None)?)
}

/// From so many rows of one store on, neighbours are removed together: a range costs the browser
/// as much as one row does.
const RUNS_FROM: usize = 16;

/// The ranges that stand for the single removals of a store, where they are many. The keys are
/// read within the transaction: no other tab can put a row between them meanwhile.
async fn ranges(
    transaction: &Transaction,
    requests: &[Request],
) -> rexie::Result<Vec<(&'static str, Vec<(String, String)>)>> {
    let mut gone: LiteMap<&'static str, Vec<&str>> = LiteMap::new();
    for request in requests {
        if let Request::Delete(store, key) = request {
            gone.entry(*store).or_default().push(key);
        }
    }
    let mut ranges = Vec::new();
    for (store, mut gone) in gone.into_iter().filter(|(_, gone)| gone.len() >= RUNS_FROM) {
        order::sort_by(&mut gone, Ord::cmp);
        let there = get_keys(transaction, store).await?;
        ranges.push((store, rules::runs(&there, &gone)));
    }
    Ok(ranges)
}

type Queued = Pin<Box<dyn Future<Output = rexie::Result<()>>>>;

/// Queues all requests at once, then waits for the transaction.
///
/// rexie's calls do nothing before they are polled, and their callbacks must live until the
/// transaction is over: hence each is polled once and kept.
pub async fn finish(transaction: Transaction, requests: &[Request]) -> Result<(), DiskError> {
    let mut causes = Vec::new();
    let mut queued = Vec::with_capacity(requests.len());
    let ranges = match ranges(&transaction, requests).await {
        Ok(ranges) => ranges,
        Err(error) => {
            causes.push(describe(&error));
            Vec::new()
        }
    };
    let removes = ranges.iter().flat_map(|(store, runs)| {
        let range = |(first, last): &(String, String)| {
            Request::DeleteRange(store, first.clone(), last.clone())
        };
        runs.iter().map(range)
    });
    let removes: Vec<Request> = removes.collect();
    let is_single = |request: &&Request| match request {
        Request::Delete(store, _) => !ranges.iter().any(|(ranged, _)| ranged == store),
        Request::Put(..) | Request::DeleteRange(..) | Request::Clear(_) => true,
    };
    for request in removes.iter().chain(requests.iter().filter(is_single)) {
        match transaction.store(request.store()) {
            Ok(store) => queued.push(queue(store, request)),
            Err(error) => causes.push(describe(&error)),
        }
    }
    poll_each(&mut queued, &mut causes);
    if !causes.is_empty() {
        // A request that could not even be asked would leave half a batch behind.
        drop(transaction.abort().await);
        return Err(diagnose(&causes).await);
    }
    // Where a request has failed this ends at once and drops its listeners; the transaction is then
    // called off, calls the dropped one, and the browser notes an error with which nothing ends.
    // rexie hands out neither the transaction nor its listeners, so they cannot be kept longer.
    let outcome = transaction.done().await;
    match outcome {
        Ok(result) if result.is_committed() => return Ok(()),
        Ok(_) => causes.push(ABORTED.to_owned()),
        Err(error) => causes.push(describe(&error)),
    }
    poll_each(&mut queued, &mut causes);
    Err(diagnose(&causes).await)
}

fn queue(store: Store, request: &Request) -> Queued {
    match request {
        Request::Put(_, rows) => {
            let rows: Vec<_> = rows
                .iter()
                .map(|(key, row)| (JsValue::from(row), Some(key.clone())))
                .collect();
            Box::pin(async move { store.put_all(rows.into_iter()).await })
        }
        Request::Delete(_, key) => {
            let key = JsValue::from_str(key);
            Box::pin(async move { store.delete(key).await })
        }
        Request::DeleteRange(_, first, last) => {
            let range = between(first, last);
            Box::pin(async move { store.delete(range?.into()).await })
        }
        Request::Clear(_) => Box::pin(async move { store.clear().await }),
    }
}

/// Polls every request that is still open and notes why it failed, if it did.
fn poll_each(queued: &mut Vec<Queued>, causes: &mut Vec<String>) {
    let mut context = Context::from_waker(Waker::noop());
    queued.retain_mut(|request| match request.as_mut().poll(&mut context) {
        Poll::Pending => true,
        Poll::Ready(Ok(())) => false,
        Poll::Ready(Err(error)) => {
            causes.push(describe(&error));
            false
        }
    });
}

/// rexie says only "idb error"; the name of the exception is one step deeper.
fn describe(error: &rexie::Error) -> String {
    match error.source() {
        Some(source) => source.to_string(),
        None => error.to_string(),
    }
}

/// What a failure means for the person.
///
/// A transaction that the browser itself aborts, without a request that failed, has no space left;
/// rexie passes on no more than that it was aborted.
pub async fn diagnose(causes: &[String]) -> DiskError {
    let is = |name: &str| causes.iter().any(|cause| cause.contains(name));
    let is_aborted = !causes.is_empty() && causes.iter().all(|cause| cause == ABORTED);
    let error = if is("VersionError") {
        DiskError::Outdated
    } else if is("QuotaExceeded") || is_aborted || is_nearly_full().await {
        DiskError::Full
    } else if is("InvalidState") || is("closing") || is("Connection") {
        DiskError::Lost
    } else {
        DiskError::Failed
    };
    web_sys::console::error_2(&"disk.failed".into(), &causes.join("; ").into());
    error
}

/// The words of a failed read, for the caller of [`get`] and [`get_all`].
pub async fn read_error(error: rexie::Error) -> DiskError {
    diagnose(&[describe(&error)]).await
}

async fn is_nearly_full() -> bool {
    match senses::storage_estimate().await {
        Some((used, quota)) => quota.saturating_sub(used) < FREE_BYTES_MIN,
        None => false,
    }
}
