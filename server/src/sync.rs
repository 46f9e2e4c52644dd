//! Synchronization: one round trip does both ways. What a reply means is said where its fields
//! are, in [`replica::message`].

use std::collections::{BTreeMap, BTreeSet};

use domain::authorize::ScopeKind;
use domain::id::{Millis, OpId, ScopeId};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use replica::hub::Header;
use replica::message::{
    Grant, Outcome, PROTOCOL, PUSH_BYTES_MAX, PUSH_OPS_MAX, Page, Position, REPLY_BYTES, Receipt,
    Refusal, SyncReply, SyncRequest, digest,
};

use replica::quarantine::ASKED_MAX;
use serde_json::value::RawValue;

use crate::store::{Action, Entry, Sender, Store, StoreError};

/// Why a phone got no reply. Whatever the store did is found again by sending the same once more.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The phone speaks another version: it has to be updated. Its ops were taken in.
    #[error("the phone speaks protocol {0}")]
    OtherProtocol(u16),
    /// Somebody else is signed in on the phone: the copy's owner has to sign in first.
    #[error("the copy belongs to somebody else")]
    OtherOwner,
    /// More than fits in one request: send less at a time.
    #[error("more ops than one request may hold")]
    TooMany,
    /// The device was kept from syncing.
    #[error("the device was revoked")]
    DeviceRevoked,
    /// The device is kept out for a time.
    #[error("the device is suspended")]
    Suspended,
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes in what a phone sends and answers with what it has not read yet.
///
/// # Errors
/// [`SyncError`] says what the phone has to do.
pub async fn exchange(
    store: &dyn Store,
    sender: &Sender,
    request: &SyncRequest,
    now: Millis,
) -> Result<SyncReply, SyncError> {
    check(sender, request)?;
    let device = store.touch_device(sender.user, sender.device, now).await?;
    if device.revoked_at.is_some() {
        return Err(SyncError::DeviceRevoked);
    }
    if device.suspended_until.is_some_and(|until| until > now) {
        return Err(SyncError::Suspended);
    }
    if request.protocol != PROTOCOL {
        // What it wrote is taken in all the same, whatever it speaks: ops travel as their author's
        // bytes. Only the answer, which it might misread, is left out; once it is updated, the
        // same ops get the receipts that they have now.
        if !request.ops.is_empty() {
            store.ingest(sender, &request.ops, now).await?;
        }
        return Err(SyncError::OtherProtocol(request.protocol));
    }
    // The digest is of what the phone had read before this request: so it is compared before the
    // request's own ops are numbered.
    let mut standing = store.standing(sender.user, sender.role).await?;
    let cursors = cursors(&request.position, &standing.grants);
    if !request.purged.is_empty() {
        store
            .acknowledge_purges(sender.user, sender.device, &request.purged, now)
            .await?;
    }
    let mut receipts = Vec::new();
    if !request.ops.is_empty() {
        receipts = store.ingest(sender, &request.ops, now).await?;
        standing = store.standing(sender.user, sender.role).await?;
    }
    let is_new_list = request.grant_epoch != standing.grant_epoch;
    if is_new_list || matches!(request.position, Position::Cursors(_)) {
        next_visit_first(store, sender, &mut standing.grants, now).await?;
    }
    let (pages, has_more) = match &cursors {
        Some(cursors) => {
            pages(
                store,
                &standing.grants,
                cursors,
                &own(&request.ops, &receipts),
            )
            .await?
        }
        None => (Vec::new(), false),
    };
    store
        .note(&reads(sender, &standing.grants, &pages), now)
        .await?;
    Ok(SyncReply {
        now,
        restore_epoch: standing.restore_epoch,
        grant_epoch: standing.grant_epoch,
        grants: is_new_list.then_some(standing.grants),
        receipts,
        pages,
        settled: store.settled(sender.user, &request.refused).await?,
        waiting: store.waiting(sender.user, sender.role, now).await?,
        has_more,
        needs_cursors: cursors.is_none(),
    })
}

/// Orders what a phone is to have by when it will be needed: what everybody may know, then the
/// family that is visited next.
async fn next_visit_first(
    store: &dyn Store,
    sender: &Sender,
    grants: &mut [Grant],
    now: Millis,
) -> Result<(), StoreError> {
    let agenda = store.agenda(sender.user, today(now)).await?;
    let turns: BTreeMap<ScopeId, usize> = agenda
        .iter()
        .enumerate()
        .map(|(turn, of)| (of.scope, turn))
        .collect();
    grants.sort_by_key(|grant| {
        let is_family = grant.kind == ScopeKind::Family;
        (is_family, turns.get(&grant.scope).copied())
    });
    Ok(())
}

/// The day of an instant by the clocks of Rome.
fn today(now: Millis) -> Date {
    let zone = TimeZone::get("Europe/Rome").unwrap_or(TimeZone::UTC);
    let now = Timestamp::from_millisecond(now.0).unwrap_or(Timestamp::UNIX_EPOCH);
    now.to_zoned(zone).date()
}

fn check(sender: &Sender, request: &SyncRequest) -> Result<(), SyncError> {
    if request.owner != sender.user {
        return Err(SyncError::OtherOwner);
    }
    let bytes: usize = request.ops.iter().map(|op| op.get().len()).sum();
    // A single op may be larger than the limit: it gets its own refusal, or it would block the
    // outbox for ever.
    if request.refused.len() > ASKED_MAX {
        return Err(SyncError::TooMany);
    }
    if request.ops.len() > PUSH_OPS_MAX || (bytes > PUSH_BYTES_MAX && request.ops.len() > 1) {
        return Err(SyncError::TooMany);
    }
    Ok(())
}

/// How far the phone has read; `None` where its digest is not that of the scopes' last numbers.
fn cursors(position: &Position, grants: &[Grant]) -> Option<BTreeMap<ScopeId, u64>> {
    match position {
        Position::Cursors(cursors) => Some(
            cursors
                .iter()
                .map(|cursor| (cursor.scope, cursor.seq))
                .collect(),
        ),
        Position::Digest(told) => {
            let heads = grants
                .iter()
                .map(|grant| (grant.scope, grant.head))
                .collect();
            (digest(&heads) == *told).then_some(heads)
        }
    }
}

/// Where in the log the ops are that the phone has just sent: they need not travel back.
fn own(ops: &[Box<RawValue>], receipts: &[Receipt]) -> BTreeSet<(ScopeId, u64)> {
    let mut numbers: BTreeMap<OpId, u64> = BTreeMap::new();
    let mut clashed: BTreeSet<OpId> = BTreeSet::new();
    for receipt in receipts {
        match receipt.outcome {
            Outcome::Accepted(number) => {
                numbers.insert(receipt.op, number);
            }
            // What the phone holds under this id are other bytes.
            Outcome::Refused(Refusal::SameIdOtherBytes) => {
                clashed.insert(receipt.op);
            }
            Outcome::Refused(_) => {}
        }
    }
    numbers.retain(|op, _| !clashed.contains(op));
    let headers = ops
        .iter()
        .map(|op| serde_json::from_str::<Header>(op.get()));
    let mine = headers.filter_map(|header| {
        let header = header.ok()?;
        Some((header.scope, *numbers.get(&header.id)?))
    });
    mine.collect()
}

/// The page of a scope in which nothing is new but what the phone has just sent: there is nothing
/// to be read for it.
fn own_page(grant: &Grant, from: u64, own: &BTreeSet<(ScopeId, u64)>) -> Option<Page> {
    let mut new = from.saturating_add(1)..=grant.head;
    let is_own = |number| own.contains(&(grant.scope, number));
    let ops = new.clone().map(|_| None);
    new.all(is_own).then(|| Page {
        scope: grant.scope,
        from,
        ops: ops.collect(),
        head: grant.head,
    })
}

async fn pages(
    store: &dyn Store,
    grants: &[Grant],
    cursors: &BTreeMap<ScopeId, u64>,
    own: &BTreeSet<(ScopeId, u64)>,
) -> Result<(Vec<Page>, bool), StoreError> {
    let mut pages = Vec::new();
    let mut bytes_left = REPLY_BYTES;
    for grant in grants {
        let from = cursors.get(&grant.scope).copied().unwrap_or(0);
        if from >= grant.head {
            continue;
        }
        if bytes_left == 0 {
            return Ok((pages, true));
        }
        let page = match own_page(grant, from, own) {
            Some(page) => page,
            None => read(store, grant.scope, from, bytes_left, own).await?,
        };
        let bytes: usize = page.ops.iter().flatten().map(|op| op.get().len()).sum();
        bytes_left = bytes_left.saturating_sub(bytes);
        let is_whole = page.to() >= page.head;
        pages.push(page);
        // A new copy gets its first family alone: it can be worked with while the rest comes.
        let is_first = cursors.is_empty() && grant.kind == ScopeKind::Family;
        if !is_whole || is_first {
            let is_last = grants.last().is_some_and(|last| last.scope == grant.scope);
            return Ok((pages, !is_whole || !is_last));
        }
    }
    Ok((pages, false))
}

async fn read(
    store: &dyn Store,
    scope: ScopeId,
    from: u64,
    bytes_max: usize,
    own: &BTreeSet<(ScopeId, u64)>,
) -> Result<Page, StoreError> {
    let stretch = store.read(scope, from, bytes_max).await?;
    let ops = stretch.ops.into_iter();
    Ok(Page {
        scope,
        from,
        head: stretch.head,
        ops: ops
            .map(|op| (!own.contains(&(scope, op.seq))).then_some(op.body))
            .collect(),
    })
}

/// Every read of a case is noted: each page that tells the phone something it did not send.
fn reads(sender: &Sender, grants: &[Grant], pages: &[Page]) -> Vec<Entry> {
    let families: BTreeSet<ScopeId> = grants
        .iter()
        .filter(|grant| grant.kind == ScopeKind::Family)
        .map(|grant| grant.scope)
        .collect();
    pages
        .iter()
        .filter(|page| families.contains(&page.scope) && page.ops.iter().any(Option::is_some))
        .map(|page| Entry {
            device: Some(sender.device),
            ..Entry::by(sender.user, Action::Read).on(page.scope)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::authorize::Relation;

    use super::*;

    #[test]
    fn nothing_is_read_where_only_own_ops_are_new() {
        let grant = Grant {
            scope: ScopeId::new(Millis(0), [1; 10]),
            kind: ScopeKind::Family,
            relation: Relation::Tutor,
            head: 5,
        };
        let check = |from, own: &[u64], expected: Option<usize>| {
            let own = own.iter().map(|number| (grant.scope, *number)).collect();
            let page = own_page(&grant, from, &own);
            let told = page.as_ref().map(|page| page.ops.len());
            assert_eq!(told, expected, "{from} {own:?}");
            if let Some(page) = page {
                assert_eq!((page.from, page.to(), page.head), (from, 5, 5));
                assert!(page.ops.iter().all(Option::is_none));
            }
        };
        check(3, &[4, 5], Some(2));
        check(0, &[1, 2, 3, 4, 5], Some(5));
        // Somebody else's are among them, before them or after them.
        check(2, &[3, 5], None);
        check(2, &[4, 5], None);
        check(2, &[3, 4], None);
        check(3, &[], None);
        let elsewhere = ScopeId::new(Millis(0), [2; 10]);
        let own = BTreeSet::from([(elsewhere, 4), (elsewhere, 5)]);
        assert!(own_page(&grant, 3, &own).is_none());
    }
}
