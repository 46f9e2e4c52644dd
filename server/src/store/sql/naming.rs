//! Who works here, by name.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::authorize::{Relation, ScopeKind};
use domain::id::{Millis, OpId, ScopeId, UserId};
use domain::op::Op;
use domain::upcast;
use domain::vocabulary::Role;
use serde_json::value::to_raw_value;
use sqlx::{QueryBuilder, Transaction};
use uuid::Uuid;

use super::access::REFERENCE;
use super::ingest::entries_of;
use super::people::{EVERYBODY, UserRow, user_of};
use super::{Database, Db, LOCKED, failed};
use crate::store::columns::word;
use crate::store::decision::Bundle;
use crate::store::letter::Letter;
use crate::store::naming::{Names, Naming, server};
use crate::store::{Action, Entry, StoreError, User};

#[async_trait]
impl Naming for Database {
    async fn introduce(&self, random: fn() -> [u8; 10], now: Millis) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        self.lock_ente(&mut tx).await?;
        let people = self.everybody(&mut tx).await?;
        if people.is_empty() {
            return Ok(0);
        }
        let mut entries = Vec::new();
        let found = self.reference(&mut tx).await?;
        let scope = match found {
            Some(scope) => scope,
            None => {
                let scope = ScopeId::new(now, random());
                self.insert_scope(&mut tx, scope, ScopeKind::Reference, 0, now)
                    .await?;
                entries.push(Entry::by(self.system, Action::ScopeCreated).on(scope));
                scope
            }
        };
        entries.extend(self.let_read(&mut tx, scope, &people, now).await?);
        let mut names = self.names(&mut tx, scope).await?;
        let new = people
            .iter()
            .filter_map(|user| names.name(user, now, |at| OpId::new(at, random())));
        let letters: Vec<Letter> = new.map(letter).collect();
        entries.extend(self.write_names(&mut tx, scope, &letters, now).await?);
        if entries.is_empty() {
            return Ok(0);
        }
        self.append(&mut tx, &entries, now).await?;
        tx.commit().await.map_err(failed)?;
        Ok(u64::try_from(letters.len()).unwrap_or(u64::MAX))
    }
}

impl Database {
    /// Whoever looks who is not known yet waits here for the others: so two servers that begin at
    /// once make one scope, and write each name once.
    async fn lock_ente(&self, tx: &mut Transaction<'static, Db>) -> Result<(), StoreError> {
        let mut select = QueryBuilder::<Db>::new("select ente_id from enti where ente_id = ");
        select.push_bind(self.ente).push(LOCKED);
        let _held: Uuid = select
            .build_query_scalar()
            .fetch_one(&mut **tx)
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn everybody(&self, tx: &mut Transaction<'static, Db>) -> Result<Vec<User>, StoreError> {
        let rows: Vec<UserRow> = sqlx::query_as(EVERYBODY)
            .bind(self.ente)
            .bind(word(Role::System))
            .fetch_all(&mut **tx)
            .await
            .map_err(failed)?;
        rows.into_iter().map(user_of).collect()
    }

    async fn reference(
        &self,
        tx: &mut Transaction<'static, Db>,
    ) -> Result<Option<ScopeId>, StoreError> {
        let scope: Option<Uuid> = sqlx::query_scalar(REFERENCE)
            .bind(self.ente)
            .bind(word(ScopeKind::Reference))
            .fetch_optional(&mut **tx)
            .await
            .map_err(failed)?;
        Ok(scope.map(ScopeId::from_uuid))
    }

    /// Opens the scope to whoever may sign in and may not read it yet.
    async fn let_read(
        &self,
        tx: &mut Transaction<'static, Db>,
        scope: ScopeId,
        people: &[User],
        now: Millis,
    ) -> Result<Vec<Entry>, StoreError> {
        self.lock_scope(tx, scope).await?;
        let readers: Vec<Uuid> =
            sqlx::query_scalar("select user_id from grants where ente_id = $1 and scope_id = $2")
                .bind(self.ente)
                .bind(*scope.as_uuid())
                .fetch_all(&mut **tx)
                .await
                .map_err(failed)?;
        let readers: BTreeSet<UserId> = readers.into_iter().map(UserId::from_uuid).collect();
        let others = people
            .iter()
            .filter(|user| user.is_active && !readers.contains(&user.id));
        let mut others: Vec<UserId> = others.map(|user| user.id).collect();
        // As everywhere: two transactions that lock the same people do not wait for each other.
        others.sort_unstable();
        let mut entries = Vec::with_capacity(others.len());
        for user in others {
            self.upsert_grant(tx, scope, user, Relation::Reader, now)
                .await?;
            self.raise_grant_epoch(tx, user).await?;
            entries.push(Entry::by(self.system, Action::Granted).on(scope).to(user));
        }
        Ok(entries)
    }

    /// What the log of the scope says. The caller holds the scope.
    async fn names(
        &self,
        tx: &mut Transaction<'static, Db>,
        scope: ScopeId,
    ) -> Result<Names, StoreError> {
        let bodies: Vec<String> = sqlx::query_scalar(
            "select body from ops
             where ente_id = $1 and scope_id = $2
             order by seq",
        )
        .bind(self.ente)
        .bind(*scope.as_uuid())
        .fetch_all(&mut **tx)
        .await
        .map_err(failed)?;
        let mut names = Names::new(scope, self.system);
        let ops = bodies.iter().filter_map(|body| upcast::read(body).ok());
        ops.for_each(|op| names.read(&op));
        Ok(names)
    }

    /// Writes names as any op is written; `Conflict` if one of them would be refused.
    async fn write_names(
        &self,
        tx: &mut Transaction<'static, Db>,
        scope: ScopeId,
        letters: &[Letter],
        now: Millis,
    ) -> Result<Vec<Entry>, StoreError> {
        if letters.is_empty() {
            return Ok(Vec::new());
        }
        let sender = server(self.system);
        let bundle = Bundle {
            sender: &sender,
            scope,
            letters,
            now,
        };
        let mut entries = Vec::with_capacity(letters.len());
        for decision in self.write_in(tx, &[bundle]).await? {
            if decision.accepted.len() < letters.len() {
                return Err(StoreError::Conflict);
            }
            entries.extend(entries_of(&sender, &decision));
        }
        Ok(entries)
    }
}

fn letter(op: Op) -> Letter {
    let body = to_raw_value(&op).expect("an op has only string keys");
    Letter::open(body).expect("an op names itself")
}
