//! Imports.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::authorize::{Relation, ScopeKind};
use domain::id::{DeviceId, Millis, ScopeId, UserId};
use domain::vocabulary::Role;
use sqlx::Transaction;
use uuid::Uuid;

use super::ingest::entries_of;
use super::{Database, Db, failed};
use crate::store::columns::{count, from_word, instant, number, word};
use crate::store::decision::Bundle;
use crate::store::letter::Letter;
use crate::store::undone::{RightUndone, Undone};
use crate::store::{
    Action, Entry, ImportRun, ImportedBefore, ImportedFamily, Imports, Sender, StoreError,
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
        let sender = Sender::new(self.system, Role::System, device);
        let letters: Option<Vec<_>> = family.ops.iter().cloned().map(Letter::open).collect();
        let letters = letters.ok_or(StoreError::Conflict)?;
        let mut tx = self.begin().await?;
        self.insert_scope(&mut tx, family.scope, ScopeKind::Family, 0, now)
            .await?;
        self.insert_imported(&mut tx, family).await?;
        let mut grants: Vec<_> = family.grants.iter().collect();
        grants.sort_unstable_by_key(|(user, _)| *user);
        for (user, relation) in grants {
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

    async fn import_grant(
        &self,
        by: UserId,
        run: Uuid,
        scope: ScopeId,
        user: UserId,
        relation: Relation,
        now: Millis,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        self.lock_scope(&mut tx, scope).await?;
        let earlier = self.relation(&mut tx, scope, user).await?;
        let is_changed = self
            .upsert_grant(&mut tx, scope, user, relation, now)
            .await?;
        if !is_changed {
            return Ok(());
        }
        sqlx::query(
            "insert into import_grants
                 (ente_id, import_id, scope_id, user_id, relation, earlier_relation)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(self.ente)
        .bind(run)
        .bind(*scope.as_uuid())
        .bind(*user.as_uuid())
        .bind(word(relation))
        .bind(earlier.map(word))
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
        self.raise_grant_epoch(&mut tx, user).await?;
        let entry = Entry::by(by, Action::Granted).on(scope).to(user);
        self.append(&mut tx, &[entry], now).await?;
        tx.commit().await.map_err(failed)
    }

    async fn written_by(&self, device: DeviceId) -> Result<Vec<ScopeId>, StoreError> {
        // The log has no index by device: runs are taken back seldom, ops come in all the time.
        let scopes: Vec<Uuid> = sqlx::query_scalar(
            "select distinct s.scope_id
             from ops o
             join scopes s on s.ente_id = o.ente_id and s.scope_id = o.scope_id
                 and s.withdrawn_at is null
             where o.ente_id = $1 and o.device_id = $2
             order by s.scope_id",
        )
        .bind(self.ente)
        .bind(*device.as_uuid())
        .fetch_all(self.reader())
        .await
        .map_err(failed)?;
        Ok(scopes.into_iter().map(ScopeId::from_uuid).collect())
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
        // Every scope is locked, in order, before the first user is, as everywhere.
        let mut touched: BTreeMap<ScopeId, Option<i64>> = BTreeMap::new();
        for scope in self.granted_by(&mut tx, run).await? {
            touched.insert(scope, None);
        }
        for (scope, ops) in families {
            touched.insert(ScopeId::from_uuid(scope), Some(ops));
        }
        for (scope, ops) in touched {
            match ops {
                // Withdrawn since: then nobody has a right on it.
                None => match self.lock_scope(&mut tx, scope).await {
                    Ok(()) | Err(StoreError::NotFound) => {}
                    Err(error) => return Err(error),
                },
                Some(ops) if self.withdraw(&mut tx, scope, ops, now).await? => {
                    undone.withdrawn.push(scope);
                    entries.push(Entry::by(by, Action::ScopeWithdrawn).on(scope));
                }
                Some(_) => undone.kept.push(scope),
            }
        }
        for scope in &undone.withdrawn {
            self.revoke_from_all(&mut tx, *scope, now).await?;
        }
        undone.rights = self.take_rights_back(&mut tx, run, now).await?;
        entries.extend(undone.rights.iter().map(|right| {
            let action = match right.again {
                Some(_) => Action::Granted,
                None => Action::Revoked,
            };
            Entry::by(by, action).on(right.scope).to(right.user)
        }));
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

    /// Scopes that were there before the run and on which it gave somebody a right.
    async fn granted_by(
        &self,
        tx: &mut Transaction<'static, Db>,
        run: Uuid,
    ) -> Result<Vec<ScopeId>, StoreError> {
        let scopes: Vec<Uuid> = sqlx::query_scalar(
            "select distinct scope_id
             from import_grants
             where ente_id = $1 and import_id = $2",
        )
        .bind(self.ente)
        .bind(run)
        .fetch_all(&mut **tx)
        .await
        .map_err(failed)?;
        Ok(scopes.into_iter().map(ScopeId::from_uuid).collect())
    }

    /// Makes the rights that the run gave what they were before it; those that somebody has given
    /// or changed since are not the run's any more. The caller holds the scopes.
    async fn take_rights_back(
        &self,
        tx: &mut Transaction<'static, Db>,
        run: Uuid,
        now: Millis,
    ) -> Result<Vec<RightUndone>, StoreError> {
        let rows: Vec<(Uuid, Uuid, Option<String>)> = sqlx::query_as(
            "select i.scope_id, i.user_id, i.earlier_relation
             from import_grants i
             join grants g on g.ente_id = i.ente_id and g.scope_id = i.scope_id
                 and g.user_id = i.user_id and g.relation = i.relation
             where i.ente_id = $1 and i.import_id = $2
             order by i.user_id, i.scope_id",
        )
        .bind(self.ente)
        .bind(run)
        .fetch_all(&mut **tx)
        .await
        .map_err(failed)?;
        let mut rights = Vec::with_capacity(rows.len());
        for (scope, user, earlier) in rows {
            let right = RightUndone {
                scope: ScopeId::from_uuid(scope),
                user: UserId::from_uuid(user),
                again: earlier.as_deref().map(from_word).transpose()?,
            };
            match right.again {
                Some(again) => {
                    self.upsert_grant(tx, right.scope, right.user, again, now)
                        .await?;
                    self.forget_import_grants(tx, right.scope, right.user)
                        .await?;
                }
                None => {
                    self.delete_grant(tx, right.scope, right.user, now).await?;
                }
            }
            self.raise_grant_epoch(tx, right.user).await?;
            rights.push(right);
        }
        Ok(rights)
    }

    /// From now on the right of a person on a scope is nobody's but theirs who gave it.
    pub(super) async fn forget_import_grants(
        &self,
        tx: &mut Transaction<'static, Db>,
        scope: ScopeId,
        user: UserId,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "delete from import_grants where ente_id = $1 and scope_id = $2 and user_id = $3",
        )
        .bind(self.ente)
        .bind(*scope.as_uuid())
        .bind(*user.as_uuid())
        .execute(&mut **tx)
        .await
        .map_err(failed)?;
        Ok(())
    }

    async fn relation(
        &self,
        tx: &mut Transaction<'static, Db>,
        scope: ScopeId,
        user: UserId,
    ) -> Result<Option<Relation>, StoreError> {
        let relation: Option<String> = sqlx::query_scalar(
            "select relation from grants where ente_id = $1 and scope_id = $2 and user_id = $3",
        )
        .bind(self.ente)
        .bind(*scope.as_uuid())
        .bind(*user.as_uuid())
        .fetch_optional(&mut **tx)
        .await
        .map_err(failed)?;
        relation.as_deref().map(from_word).transpose()
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
