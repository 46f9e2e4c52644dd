//! Scopes, grants, revocations.
//!
//! Locks are taken in one order everywhere: the ente, the scope, the users by id, the trail.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use domain::authorize::{Relation, ScopeKind, may_read};
use domain::id::{DeviceId, Millis, ScopeId, UserId};
use domain::vocabulary::Role;
use replica::message::Grant;
use sqlx::{QueryBuilder, Transaction};
use uuid::Uuid;

use super::ingest::ROWS_MAX;
use super::{Database, Db, failed};
use crate::store::columns::{from_word, number, word};
use crate::store::{Access, Action, Entry, FamilyAccess, ScopeGrant, Standing, StoreError};

/// The scope that everybody may know: the first of its kind.
pub(super) const REFERENCE: &str = "select scope_id
     from scopes
     where ente_id = $1 and kind = $2 and withdrawn_at is null
     order by created_at, scope_id
     limit 1";

type StandingRow = (
    i64,
    i64,
    Option<Uuid>,
    Option<String>,
    Option<i64>,
    Option<String>,
);

#[async_trait]
impl Access for Database {
    async fn create_scope(
        &self,
        by: UserId,
        scope: ScopeId,
        kind: ScopeKind,
        now: Millis,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        self.insert_scope(&mut tx, scope, kind, 0, now).await?;
        let entry = Entry::by(by, Action::ScopeCreated).on(scope);
        self.append(&mut tx, &[entry], now).await?;
        tx.commit().await.map_err(failed)
    }

    async fn reference_scope(&self) -> Result<Option<ScopeId>, StoreError> {
        let scope: Option<Uuid> = sqlx::query_scalar(REFERENCE)
            .bind(self.ente)
            .bind(word(ScopeKind::Reference))
            .fetch_optional(self.reader())
            .await
            .map_err(failed)?;
        Ok(scope.map(ScopeId::from_uuid))
    }

    async fn grant(
        &self,
        by: UserId,
        scope: ScopeId,
        user: UserId,
        relation: Relation,
        now: Millis,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        self.lock_scope(&mut tx, scope).await?;
        // Also where nothing changes: what an import gave is from now on somebody's own decision.
        self.forget_import_grants(&mut tx, scope, user).await?;
        let is_changed = self
            .upsert_grant(&mut tx, scope, user, relation, now)
            .await?;
        if is_changed {
            self.raise_grant_epoch(&mut tx, user).await?;
            let entry = Entry::by(by, Action::Granted).on(scope).to(user);
            self.append(&mut tx, &[entry], now).await?;
        }
        tx.commit().await.map_err(failed)
    }

    async fn revoke(
        &self,
        by: UserId,
        scope: ScopeId,
        user: UserId,
        now: Millis,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        self.lock_scope(&mut tx, scope).await?;
        if !self.delete_grant(&mut tx, scope, user, now).await? {
            return Ok(false);
        }
        self.raise_grant_epoch(&mut tx, user).await?;
        let entry = Entry::by(by, Action::Revoked).on(scope).to(user);
        self.append(&mut tx, &[entry], now).await?;
        tx.commit().await.map_err(failed)?;
        Ok(true)
    }

    async fn grants(&self, scope: ScopeId) -> Result<Vec<ScopeGrant>, StoreError> {
        let rows: Vec<(Uuid, String, i64)> = sqlx::query_as(
            "select user_id, relation, since
             from grants
             where ente_id = $1 and scope_id = $2
             order by since, user_id",
        )
        .bind(self.ente)
        .bind(*scope.as_uuid())
        .fetch_all(self.reader())
        .await
        .map_err(failed)?;
        rows.into_iter()
            .map(|(user, relation, since)| {
                Ok(ScopeGrant {
                    scope,
                    user: UserId::from_uuid(user),
                    relation: from_word(&relation)?,
                    since: Millis(since),
                })
            })
            .collect()
    }

    async fn families(&self) -> Result<Vec<FamilyAccess>, StoreError> {
        let rows: Vec<(Uuid, i64, Option<Uuid>, Option<String>)> = sqlx::query_as(
            "select s.scope_id, s.head, g.user_id, g.relation
             from scopes s
             left join grants g on g.ente_id = s.ente_id and g.scope_id = s.scope_id
             where s.ente_id = $1 and s.kind = $2 and s.withdrawn_at is null
             order by s.scope_id, g.user_id",
        )
        .bind(self.ente)
        .bind(word(ScopeKind::Family))
        .fetch_all(self.reader())
        .await
        .map_err(failed)?;
        let mut families = BTreeMap::new();
        for (scope, head, user, relation) in rows {
            let scope = ScopeId::from_uuid(scope);
            let head = number(head)?;
            let family = families.entry(scope).or_insert_with(|| FamilyAccess {
                scope,
                head,
                tutors: Vec::new(),
                reviewers: Vec::new(),
            });
            if let (Some(user), Some(relation)) = (user, relation) {
                match from_word(&relation)? {
                    Relation::Tutor => family.tutors.push(UserId::from_uuid(user)),
                    Relation::Reviewer => family.reviewers.push(UserId::from_uuid(user)),
                    Relation::Reader | Relation::Unknown(_) => {}
                }
            }
        }
        Ok(families.into_values().collect())
    }

    async fn standing(&self, user: UserId, role: Role) -> Result<Standing, StoreError> {
        // One statement, so that the list is the one that the epoch stands for. Somebody without
        // a grant still has a row.
        let rows: Vec<StandingRow> = sqlx::query_as(
            "select e.restore_epoch, u.grant_epoch, s.scope_id, s.kind, s.head, g.relation
             from users u
             join enti e on e.ente_id = u.ente_id
             left join grants g on g.ente_id = u.ente_id and g.user_id = u.user_id
             left join scopes s on s.ente_id = g.ente_id and s.scope_id = g.scope_id
                 and s.withdrawn_at is null
             where u.ente_id = $1 and u.user_id = $2
             order by case s.kind when 'reference' then 0 else 1 end, s.scope_id",
        )
        .bind(self.ente)
        .bind(*user.as_uuid())
        .fetch_all(self.reader())
        .await
        .map_err(failed)?;
        let (restore_epoch, grant_epoch, ..) = *rows.first().ok_or(StoreError::NotFound)?;
        let mut grants = Vec::with_capacity(rows.len());
        for (_, _, scope, kind, head, relation) in &rows {
            let (Some(scope), Some(kind), Some(head), Some(relation)) =
                (scope, kind, head, relation)
            else {
                continue;
            };
            let grant = Grant {
                scope: ScopeId::from_uuid(*scope),
                kind: from_word(kind)?,
                relation: from_word(relation)?,
                head: number(*head)?,
            };
            if may_read(role, Some(grant.relation)) {
                grants.push(grant);
            }
        }
        Ok(Standing {
            restore_epoch: number(restore_epoch)?,
            grant_epoch: number(grant_epoch)?,
            grants,
        })
    }

    async fn acknowledge_purges(
        &self,
        user: UserId,
        device: DeviceId,
        scopes: &[ScopeId],
        now: Millis,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let mut noted: BTreeSet<Uuid> = BTreeSet::new();
        for some in scopes.chunks(ROWS_MAX) {
            let mut update = QueryBuilder::<Db>::new("update revocations set purged_at = ");
            update.push_bind(now.0);
            update.push(" where purged_at is null and ente_id = ");
            update.push_bind(self.ente);
            update.push(" and user_id = ").push_bind(*user.as_uuid());
            update.push(" and scope_id in (");
            let mut list = update.separated(", ");
            for scope in some {
                list.push_bind(*scope.as_uuid());
            }
            update.push(") returning scope_id");
            let rows: Vec<Uuid> = update
                .build_query_scalar()
                .fetch_all(&mut *tx)
                .await
                .map_err(failed)?;
            noted.extend(rows);
        }
        let entry = |scope| Entry {
            device: Some(device),
            ..Entry::by(user, Action::Purged).on(ScopeId::from_uuid(scope))
        };
        let entries: Vec<Entry> = noted.into_iter().map(entry).collect();
        self.append(&mut tx, &entries, now).await?;
        tx.commit().await.map_err(failed)
    }

    async fn restore_epoch(&self) -> Result<u64, StoreError> {
        let epoch: i64 = sqlx::query_scalar("select restore_epoch from enti where ente_id = $1")
            .bind(self.ente)
            .fetch_one(self.reader())
            .await
            .map_err(failed)?;
        number(epoch)
    }

    async fn raise_restore_epoch(&self, by: UserId, now: Millis) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        // Whoever restores the same backup twice has to announce two epochs, and the second time
        // nothing tells of the first: so it is the second of the clock.
        let epoch: i64 = sqlx::query_scalar(
            "update enti
             set restore_epoch =
                 case when restore_epoch < $2 then $2 else restore_epoch + 1 end
             where ente_id = $1
             returning restore_epoch",
        )
        .bind(self.ente)
        .bind(now.0.div_euclid(1_000))
        .fetch_one(&mut *tx)
        .await
        .map_err(failed)?;
        self.append(&mut tx, &[Entry::by(by, Action::Restored)], now)
            .await?;
        tx.commit().await.map_err(failed)?;
        number(epoch)
    }

    async fn is_demonstration(&self) -> Result<bool, StoreError> {
        sqlx::query_scalar("select is_demonstration from enti where ente_id = $1")
            .bind(self.ente)
            .fetch_one(self.reader())
            .await
            .map_err(failed)
    }

    async fn mark_demonstration(&self) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("update enti set is_demonstration = $2 where ente_id = $1")
            .bind(self.ente)
            .bind(true)
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        tx.commit().await.map_err(failed)
    }
}

impl Database {
    pub(super) async fn insert_scope(
        &self,
        tx: &mut Transaction<'static, Db>,
        scope: ScopeId,
        kind: ScopeKind,
        head: i64,
        now: Millis,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "insert into scopes (ente_id, scope_id, kind, head, created_at)
             values ($1, $2, $3, $4, $5)",
        )
        .bind(self.ente)
        .bind(*scope.as_uuid())
        .bind(word(kind))
        .bind(head)
        .bind(now.0)
        .execute(&mut **tx)
        .await
        .map_err(failed)?;
        Ok(())
    }

    /// Whoever writes into a scope, or changes who may, waits here for the others: so an op is
    /// judged by the grants that hold when it commits.
    pub(super) async fn lock_scope(
        &self,
        tx: &mut Transaction<'static, Db>,
        scope: ScopeId,
    ) -> Result<(), StoreError> {
        let found = sqlx::query(
            "update scopes set head = head
             where ente_id = $1 and scope_id = $2 and withdrawn_at is null",
        )
        .bind(self.ente)
        .bind(*scope.as_uuid())
        .execute(&mut **tx)
        .await
        .map_err(failed)?
        .rows_affected();
        if found == 0 {
            Err(StoreError::NotFound)
        } else {
            Ok(())
        }
    }

    /// Answers whether anything changed.
    pub(super) async fn upsert_grant(
        &self,
        tx: &mut Transaction<'static, Db>,
        scope: ScopeId,
        user: UserId,
        relation: Relation,
        now: Millis,
    ) -> Result<bool, StoreError> {
        let changed = sqlx::query(
            "insert into grants (ente_id, scope_id, user_id, relation, since)
             values ($1, $2, $3, $4, $5)
             on conflict (ente_id, scope_id, user_id)
             do update set relation = excluded.relation, since = excluded.since
             where grants.relation <> excluded.relation",
        )
        .bind(self.ente)
        .bind(*scope.as_uuid())
        .bind(*user.as_uuid())
        .bind(word(relation))
        .bind(now.0)
        .execute(&mut **tx)
        .await
        .map_err(failed)?
        .rows_affected();
        Ok(changed > 0)
    }

    /// Answers whether there was one. The revocation is remembered until the phone has erased.
    pub(super) async fn delete_grant(
        &self,
        tx: &mut Transaction<'static, Db>,
        scope: ScopeId,
        user: UserId,
        now: Millis,
    ) -> Result<bool, StoreError> {
        let deleted =
            sqlx::query("delete from grants where ente_id = $1 and scope_id = $2 and user_id = $3")
                .bind(self.ente)
                .bind(*scope.as_uuid())
                .bind(*user.as_uuid())
                .execute(&mut **tx)
                .await
                .map_err(failed)?
                .rows_affected();
        if deleted == 0 {
            return Ok(false);
        }
        self.forget_import_grants(tx, scope, user).await?;
        sqlx::query(
            "insert into revocations (ente_id, user_id, scope_id, revoked_at)
             values ($1, $2, $3, $4)
             on conflict (ente_id, user_id, scope_id, revoked_at) do nothing",
        )
        .bind(self.ente)
        .bind(*user.as_uuid())
        .bind(*scope.as_uuid())
        .bind(now.0)
        .execute(&mut **tx)
        .await
        .map_err(failed)?;
        Ok(true)
    }

    pub(super) async fn raise_grant_epoch(
        &self,
        tx: &mut Transaction<'static, Db>,
        user: UserId,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "update users set grant_epoch = grant_epoch + 1 where ente_id = $1 and user_id = $2",
        )
        .bind(self.ente)
        .bind(*user.as_uuid())
        .execute(&mut **tx)
        .await
        .map_err(failed)?;
        Ok(())
    }
}
