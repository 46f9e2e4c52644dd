//! Imports.

use async_trait::async_trait;
use domain::authorize::ScopeKind;
use domain::id::{DeviceId, Millis, ScopeId, UserId};
use domain::vocabulary::Role;
use sqlx::Transaction;
use uuid::Uuid;

use super::ingest::entries_of;
use super::{Database, Db, failed};
use crate::store::columns::{count, instant, number};
use crate::store::decision::Bundle;
use crate::store::letter::Letter;
use crate::store::{
    Action, Entry, ImportRun, ImportedBefore, ImportedFamily, Imports, Sender, StoreError, Undone,
};

type RunRow = (Uuid, String, Uuid, i64, Option<i64>, i64, i64);

#[async_trait]
impl Imports for Database {
    async fn begin_import(
        &self,
        by: UserId,
        run: Uuid,
        file_digest: &str,
        now: Millis,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "insert into imports (ente_id, import_id, file_digest, by_id, begun_at)
             values ($1, $2, $3, $4, $5)",
        )
        .bind(self.ente)
        .bind(run)
        .bind(file_digest)
        .bind(*by.as_uuid())
        .bind(now.0)
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
        self.append(&mut tx, &[Entry::by(by, Action::ImportBegun)], now)
            .await?;
        tx.commit().await.map_err(failed)
    }

    async fn imported(&self, external_id: &str) -> Result<Option<ImportedBefore>, StoreError> {
        let row: Option<(Uuid, String, Uuid)> = sqlx::query_as(
            "select import_id, row_digest, scope_id
             from imported_families
             where ente_id = $1 and external_id = $2 and withdrawn_at is null",
        )
        .bind(self.ente)
        .bind(external_id)
        .fetch_optional(self.reader())
        .await
        .map_err(failed)?;
        Ok(row.map(|(run, row_digest, scope)| ImportedBefore {
            run,
            row_digest,
            scope: ScopeId::from_uuid(scope),
        }))
    }

    async fn import_family(
        &self,
        device: DeviceId,
        family: &ImportedFamily,
        now: Millis,
    ) -> Result<(), StoreError> {
        let sender = Sender {
            user: self.system,
            role: Role::System,
            device,
        };
        let letters: Option<Vec<_>> = family.ops.iter().cloned().map(Letter::open).collect();
        let letters = letters.ok_or(StoreError::Conflict)?;
        let mut tx = self.begin().await?;
        self.insert_scope(&mut tx, family.scope, ScopeKind::Family, 0, now)
            .await?;
        self.insert_imported(&mut tx, family).await?;
        for (user, relation) in &family.grants {
            self.upsert_grant(&mut tx, family.scope, *user, *relation, now)
                .await?;
            self.raise_grant_epoch(&mut tx, *user).await?;
        }
        let bundle = Bundle {
            sender: &sender,
            scope: family.scope,
            letters: &letters,
            now,
        };
        let mut entries = vec![Entry::by(self.system, Action::ScopeCreated).on(family.scope)];
        for decision in self.write_in(&mut tx, &[bundle]).await? {
            if decision.accepted.len() < letters.len() {
                return Err(StoreError::Conflict);
            }
            entries.extend(entries_of(&sender, &decision));
        }
        entries.extend(family.grants.iter().map(|(user, _)| {
            Entry::by(self.system, Action::Granted)
                .on(family.scope)
                .to(*user)
        }));
        self.append(&mut tx, &entries, now).await?;
        tx.commit().await.map_err(failed)
    }

    async fn imports(&self) -> Result<Vec<ImportRun>, StoreError> {
        let rows: Vec<RunRow> = sqlx::query_as(
            "select i.import_id, i.file_digest, i.by_id, i.begun_at, i.undone_at,
                    count(f.scope_id), cast(coalesce(sum(f.ops), 0) as bigint)
             from imports i
             left join imported_families f
                 on f.ente_id = i.ente_id and f.import_id = i.import_id
             where i.ente_id = $1
             group by i.import_id, i.file_digest, i.by_id, i.begun_at, i.undone_at
             order by i.begun_at desc, i.import_id desc",
        )
        .bind(self.ente)
        .fetch_all(self.reader())
        .await
        .map_err(failed)?;
        rows.into_iter()
            .map(|(id, file_digest, by, begun, undone, scopes, ops)| {
                Ok(ImportRun {
                    id,
                    file_digest,
                    by: UserId::from_uuid(by),
                    begun_at: Millis(begun),
                    undone_at: instant(undone),
                    scopes: number(scopes)?,
                    ops: number(ops)?,
                })
            })
            .collect()
    }

    async fn undo_import(&self, by: UserId, run: Uuid, now: Millis) -> Result<Undone, StoreError> {
        let mut tx = self.begin().await?;
        let found = sqlx::query(
            "update imports set undone_at = $3
             where ente_id = $1 and import_id = $2 and undone_at is null",
        )
        .bind(self.ente)
        .bind(run)
        .bind(now.0)
        .execute(&mut *tx)
        .await
        .map_err(failed)?
        .rows_affected();
        if found == 0 {
            return Err(StoreError::NotFound);
        }
        let families: Vec<(Uuid, i64)> = sqlx::query_as(
            "select scope_id, ops
             from imported_families
             where ente_id = $1 and import_id = $2 and withdrawn_at is null
             order by scope_id",
        )
        .bind(self.ente)
        .bind(run)
        .fetch_all(&mut *tx)
        .await
        .map_err(failed)?;
        let mut undone = Undone::default();
        let mut entries = vec![Entry::by(by, Action::ImportUndone)];
        for (scope, ops) in families {
            let scope = ScopeId::from_uuid(scope);
            if self.withdraw(&mut tx, scope, ops, now).await? {
                undone.withdrawn.push(scope);
                entries.push(Entry::by(by, Action::ScopeWithdrawn).on(scope));
            } else {
                undone.kept.push(scope);
            }
        }
        // Every scope is locked before the first user is, as everywhere.
        for scope in &undone.withdrawn {
            self.revoke_from_all(&mut tx, *scope, now).await?;
        }
        self.append(&mut tx, &entries, now).await?;
        tx.commit().await.map_err(failed)?;
        Ok(undone)
    }
}

impl Database {
    async fn insert_imported(
        &self,
        tx: &mut Transaction<'static, Db>,
        family: &ImportedFamily,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "insert into imported_families
                 (ente_id, import_id, external_id, row_digest, scope_id, ops)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(self.ente)
        .bind(family.run)
        .bind(&family.external_id)
        .bind(&family.row_digest)
        .bind(*family.scope.as_uuid())
        .bind(count(family.ops.len()))
        .execute(&mut **tx)
        .await
        .map_err(failed)?;
        Ok(())
    }

    /// Closes a scope, unless its log has grown beyond `ops`. The log stays.
    async fn withdraw(
        &self,
        tx: &mut Transaction<'static, Db>,
        scope: ScopeId,
        ops: i64,
        now: Millis,
    ) -> Result<bool, StoreError> {
        let withdrawn = sqlx::query(
            "update scopes set withdrawn_at = $4
             where ente_id = $1 and scope_id = $2 and head = $3 and withdrawn_at is null",
        )
        .bind(self.ente)
        .bind(*scope.as_uuid())
        .bind(ops)
        .bind(now.0)
        .execute(&mut **tx)
        .await
        .map_err(failed)?
        .rows_affected();
        if withdrawn == 0 {
            return Ok(false);
        }
        sqlx::query(
            "update imported_families set withdrawn_at = $3
             where ente_id = $1 and scope_id = $2",
        )
        .bind(self.ente)
        .bind(*scope.as_uuid())
        .bind(now.0)
        .execute(&mut **tx)
        .await
        .map_err(failed)?;
        Ok(true)
    }

    async fn revoke_from_all(
        &self,
        tx: &mut Transaction<'static, Db>,
        scope: ScopeId,
        now: Millis,
    ) -> Result<(), StoreError> {
        let users: Vec<Uuid> = sqlx::query_scalar(
            "select user_id from grants where ente_id = $1 and scope_id = $2 order by user_id",
        )
        .bind(self.ente)
        .bind(*scope.as_uuid())
        .fetch_all(&mut **tx)
        .await
        .map_err(failed)?;
        for user in users.into_iter().map(UserId::from_uuid) {
            self.delete_grant(tx, scope, user, now).await?;
            self.raise_grant_epoch(tx, user).await?;
        }
        Ok(())
    }
}
