//! The audit trail.

use async_trait::async_trait;
use domain::id::{DeviceId, Millis, OpId, ScopeId, UserId};
use futures_util::TryStreamExt as _;
use sqlx::Transaction;
use uuid::Uuid;

use super::queue::Errand;
use super::{Database, Db, failed, insert};
use crate::store::columns::{Column, bigint, count, from_word, hash, number, word};
use crate::store::{ChainCheck, Entry, StoreError, Trail, TrailEntry, chain};

/// Entries in one statement: ten columns each stay below every database's limit of parameters.
const ENTRIES_MAX: usize = 500;

type TrailRow = (
    i64,
    i64,
    Uuid,
    String,
    Option<Uuid>,
    Option<Uuid>,
    Option<Uuid>,
    Option<Uuid>,
    Vec<u8>,
);

#[async_trait]
impl Trail for Database {
    async fn note(&self, entries: &[Entry], now: Millis) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        self.run(Errand::note(self.system, entries.to_vec(), now))
            .await
            .map(|_| ())
    }

    async fn trail(&self, limit: u32) -> Result<Vec<TrailEntry>, StoreError> {
        self.latest(None, limit).await
    }

    async fn trail_of(&self, scope: ScopeId, limit: u32) -> Result<Vec<TrailEntry>, StoreError> {
        self.latest(Some(scope), limit).await
    }

    async fn verify_trail(&self) -> Result<ChainCheck, StoreError> {
        // The end is read first: entries that are added meanwhile are beyond it.
        let (head, end): (i64, Vec<u8>) =
            sqlx::query_as("select head, hash from trails where ente_id = $1")
                .bind(self.ente)
                .fetch_one(self.reader())
                .await
                .map_err(failed)?;
        let mut rows = sqlx::query_as::<Db, TrailRow>(
            "select number, at, by_id, action, device_id, scope_id, op_id, subject_id, hash
             from trail
             where ente_id = $1 and number <= $2
             order by number",
        )
        .bind(self.ente)
        .bind(head)
        .fetch(self.reader());
        let mut before = chain::GENESIS;
        let mut entries = 0;
        while let Some(row) = rows.try_next().await.map_err(failed)? {
            let follows = entries + 1;
            // An entry that cannot even be read was changed, too.
            let Ok((entry, stored)) = entry_of(row) else {
                return Ok(ChainCheck::Broken { number: follows });
            };
            before = chain::link(&before, follows, entry.at, &entry.entry);
            if entry.number != follows || stored != before {
                return Ok(ChainCheck::Broken { number: follows });
            }
            entries = follows;
        }
        if entries != number(head)? || end != before {
            return Ok(ChainCheck::Broken {
                number: entries + 1,
            });
        }
        Ok(ChainCheck::Whole { entries })
    }
}

impl Database {
    /// The latest entries: about one scope, or all.
    async fn latest(
        &self,
        scope: Option<ScopeId>,
        limit: u32,
    ) -> Result<Vec<TrailEntry>, StoreError> {
        let rows: Vec<TrailRow> = sqlx::query_as(
            "select number, at, by_id, action, device_id, scope_id, op_id, subject_id, hash
             from trail
             where ente_id = $1 and ($2 is null or scope_id = $2)
             order by number desc
             limit $3",
        )
        .bind(self.ente)
        .bind(scope.map(|id| *id.as_uuid()))
        .bind(i64::from(limit))
        .fetch_all(self.reader())
        .await
        .map_err(failed)?;
        rows.into_iter()
            .map(|row| entry_of(row).map(|(entry, _)| entry))
            .collect()
    }

    /// Adds entries to the trail. The last thing that a transaction does: it takes the lock on the
    /// trail's end, which everybody needs.
    pub(super) async fn append(
        &self,
        tx: &mut Transaction<'static, Db>,
        entries: &[Entry],
        now: Millis,
    ) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        let (head, end): (i64, Vec<u8>) = sqlx::query_as(
            "update trails set head = head + $2 where ente_id = $1 returning head, hash",
        )
        .bind(self.ente)
        .bind(count(entries.len()))
        .fetch_one(&mut **tx)
        .await
        .map_err(failed)?;
        let mut at_number = number(head.saturating_sub(count(entries.len())))?;
        let mut before = hash(&end)?;
        for some in entries.chunks(ENTRIES_MAX) {
            let ids = |id: fn(&Entry) -> Option<Uuid>| Column::Ids(some.iter().map(id).collect());
            let (mut numbers, mut links) = (Vec::new(), Vec::new());
            for entry in some {
                at_number += 1;
                before = chain::link(&before, at_number, now, entry);
                numbers.push(bigint(at_number));
                links.push(before.to_vec());
            }
            let actions: Vec<String> = some.iter().map(|entry| word(entry.action)).collect();
            let columns = vec![
                Column::Ids(vec![Some(self.ente); some.len()]),
                Column::Numbers(numbers),
                Column::Numbers(vec![now.0; some.len()]),
                ids(|entry| Some(*entry.by.as_uuid())),
                Column::Texts(actions.iter().map(String::as_str).collect()),
                ids(|entry| entry.device.map(|id| *id.as_uuid())),
                ids(|entry| entry.scope.map(|id| *id.as_uuid())),
                ids(|entry| entry.op.map(|id| *id.as_uuid())),
                ids(|entry| entry.subject.map(|id| *id.as_uuid())),
                Column::Hashes(links),
            ];
            let into = "trail (ente_id, number, at, by_id, action,
                               device_id, scope_id, op_id, subject_id, hash)";
            let mut insert = insert(into, columns);
            insert.build().execute(&mut **tx).await.map_err(failed)?;
        }
        sqlx::query("update trails set hash = $2 where ente_id = $1")
            .bind(self.ente)
            .bind(before.as_slice())
            .execute(&mut **tx)
            .await
            .map_err(failed)?;
        Ok(())
    }
}

fn entry_of(row: TrailRow) -> Result<(TrailEntry, [u8; 32]), StoreError> {
    let (at_number, at, by, action, device, scope, op, subject, stored) = row;
    let entry = Entry {
        by: UserId::from_uuid(by),
        action: from_word(&action)?,
        device: device.map(DeviceId::from_uuid),
        scope: scope.map(ScopeId::from_uuid),
        op: op.map(OpId::from_uuid),
        subject: subject.map(UserId::from_uuid),
    };
    let entry = TrailEntry {
        number: number(at_number)?,
        at: Millis(at),
        entry,
    };
    Ok((entry, hash(&stored)?))
}
