//! The one way into the log.

use std::collections::BTreeMap;

use domain::authorize::{Actor, Relation, ScopeKind};
use domain::id::{Millis, OpId, ScopeId};
use replica::message::{Outcome, Receipt, Refusal};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use sqlx::{QueryBuilder, Transaction};
use uuid::Uuid;

use super::queue::Errand;
use super::{Database, Db, failed};
use crate::store::columns::{bigint, count, from_word, number, word};
use crate::store::decision::{Decision, Earlier, decide};
use crate::store::letter::Letter;
use crate::store::{Action, Entry, Sender, StoreError};

/// Ops in one statement: ten columns each stay below every database's limit of parameters.
const ROWS_MAX: usize = 500;

impl Database {
    /// See [`crate::store::Log::ingest`].
    pub(super) async fn take_in(
        &self,
        sender: &Sender,
        ops: &[Box<RawValue>],
        now: Millis,
    ) -> Result<Vec<Receipt>, StoreError> {
        let mut places: BTreeMap<ScopeId, Vec<usize>> = BTreeMap::new();
        let mut letters: BTreeMap<ScopeId, Vec<Letter>> = BTreeMap::new();
        for (place, body) in ops.iter().enumerate() {
            if let Some(letter) = Letter::open(body.clone()) {
                let scope = letter.header.scope;
                places.entry(scope).or_default().push(place);
                letters.entry(scope).or_default().push(letter);
            }
        }
        let errand = Errand {
            sender: *sender,
            letters,
            entries: Vec::new(),
            now,
        };
        let told = self.run(errand).await?;
        // The receipts come scope by scope; the phone gets them in the order of its ops.
        let receipts: BTreeMap<usize, Receipt> = places.into_values().flatten().zip(told).collect();
        Ok(receipts.into_values().collect())
    }

    /// Does errands in one transaction; answers each with its receipts, scope by scope.
    pub(super) async fn write_together(
        &self,
        errands: &[&Errand],
    ) -> Result<Vec<Vec<Receipt>>, StoreError> {
        let mut work: Vec<(ScopeId, usize, &Errand, &[Letter])> = Vec::new();
        for (place, errand) in errands.iter().enumerate() {
            let scopes = errand.letters.iter();
            work.extend(scopes.map(|(scope, letters)| (*scope, place, *errand, &letters[..])));
        }
        // Locks are taken in one order, or two servers could wait for each other.
        work.sort_by_key(|(scope, place, ..)| (*scope, *place));
        let mut tx = self.begin().await?;
        let mut told: Vec<Vec<Receipt>> = vec![Vec::new(); errands.len()];
        let mut entries: Vec<Entry> = Vec::new();
        for (scope, place, errand, letters) in work {
            let decision = self
                .write_in(&mut tx, &errand.sender, scope, letters, errand.now)
                .await?;
            entries.extend(entries_of(&errand.sender, &decision));
            if let Some(told) = told.get_mut(place) {
                told.extend(decision.receipts);
            }
        }
        entries.extend(errands.iter().flat_map(|errand| &errand.entries));
        let now = errands.iter().map(|errand| errand.now).max();
        self.append(&mut tx, &entries, now.unwrap_or_default())
            .await?;
        tx.commit().await.map_err(failed)?;
        Ok(told)
    }

    /// Decides about ops of one scope and writes what was decided; the caller notes it in the
    /// trail and commits.
    pub(super) async fn write_in<'a>(
        &self,
        tx: &mut Transaction<'static, Db>,
        sender: &Sender,
        scope: ScopeId,
        letters: &'a [Letter],
        now: Millis,
    ) -> Result<Decision<'a>, StoreError> {
        let held = self.reserve(tx, scope, letters.len()).await?;
        let (kind, head) = held.map_or((None, 0), |(kind, head)| (Some(kind), head));
        let actor = Actor {
            user: sender.user,
            role: sender.role,
            relation: self.relation(tx, scope, sender).await?,
        };
        let mut earlier = self.earlier(tx, letters).await?;
        let decision = decide(letters, actor, kind, head, &mut earlier);
        if kind.is_some() && decision.accepted.len() < letters.len() {
            let used = head.saturating_add(number(count(decision.accepted.len()))?);
            self.settle(tx, scope, used).await?;
        }
        self.insert_ops(tx, scope, &decision.accepted, now).await?;
        for (refusal, letter) in &decision.quarantined {
            self.insert_quarantined(tx, sender, *refusal, letter, now)
                .await?;
        }
        Ok(decision)
    }

    /// Takes the lock on the scope and as many numbers as may be needed; answers its kind and the
    /// last number that is in use. Nobody sees the numbers before the commit, so those that are not
    /// needed are given back by [`Self::settle`].
    async fn reserve(
        &self,
        tx: &mut Transaction<'static, Db>,
        scope: ScopeId,
        wanted: usize,
    ) -> Result<Option<(ScopeKind, u64)>, StoreError> {
        let row: Option<(String, i64)> = sqlx::query_as(
            "update scopes set head = head + $3
             where ente_id = $1 and scope_id = $2 and withdrawn_at is null
             returning kind, head - $3",
        )
        .bind(self.ente)
        .bind(*scope.as_uuid())
        .bind(count(wanted))
        .fetch_optional(&mut **tx)
        .await
        .map_err(failed)?;
        row.map(|(kind, head)| Ok((from_word(&kind)?, number(head)?)))
            .transpose()
    }

    async fn settle(
        &self,
        tx: &mut Transaction<'static, Db>,
        scope: ScopeId,
        head: u64,
    ) -> Result<(), StoreError> {
        sqlx::query("update scopes set head = $3 where ente_id = $1 and scope_id = $2")
            .bind(self.ente)
            .bind(*scope.as_uuid())
            .bind(bigint(head))
            .execute(&mut **tx)
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn relation(
        &self,
        tx: &mut Transaction<'static, Db>,
        scope: ScopeId,
        sender: &Sender,
    ) -> Result<Option<Relation>, StoreError> {
        let relation: Option<String> = sqlx::query_scalar(
            "select relation from grants where ente_id = $1 and scope_id = $2 and user_id = $3",
        )
        .bind(self.ente)
        .bind(*scope.as_uuid())
        .bind(*sender.user.as_uuid())
        .fetch_optional(&mut **tx)
        .await
        .map_err(failed)?;
        relation.as_deref().map(from_word).transpose()
    }

    /// What is known under the ids of `letters`, in whatever scope.
    async fn earlier(
        &self,
        tx: &mut Transaction<'static, Db>,
        letters: &[Letter],
    ) -> Result<Earlier, StoreError> {
        let mut earlier = Earlier::new();
        for some in letters.chunks(ROWS_MAX) {
            let mut select =
                QueryBuilder::<Db>::new("select op_id, seq, body from ops where ente_id = ");
            push_ids(&mut select, self.ente, some);
            let rows: Vec<(Uuid, i64, String)> = select
                .build_query_as()
                .fetch_all(&mut **tx)
                .await
                .map_err(failed)?;
            for (id, seq, body) in rows {
                let outcome = Outcome::Accepted(number(seq)?);
                earlier.insert(OpId::from_uuid(id), (body, outcome));
            }
            let mut select = QueryBuilder::<Db>::new(
                "select op_id, refusal, body from quarantine where number = 0 and ente_id = ",
            );
            push_ids(&mut select, self.ente, some);
            let rows: Vec<(Uuid, String, String)> = select
                .build_query_as()
                .fetch_all(&mut **tx)
                .await
                .map_err(failed)?;
            for (id, refusal, body) in rows {
                let outcome = Outcome::Refused(from_word::<Refusal>(&refusal)?);
                // An op of the log stays one, whatever came under its id later.
                earlier
                    .entry(OpId::from_uuid(id))
                    .or_insert((body, outcome));
            }
        }
        Ok(earlier)
    }

    async fn insert_ops(
        &self,
        tx: &mut Transaction<'static, Db>,
        scope: ScopeId,
        accepted: &[(u64, &Letter)],
        now: Millis,
    ) -> Result<(), StoreError> {
        for some in accepted.chunks(ROWS_MAX) {
            let mut insert = QueryBuilder::<Db>::new(
                "insert into ops
                     (ente_id, scope_id, seq, op_id, author_id,
                      device_id, device_seq, kind, body, received_at) ",
            );
            insert.push_values(some, |mut row, (seq, letter)| {
                row.push_bind(self.ente)
                    .push_bind(*scope.as_uuid())
                    .push_bind(bigint(*seq))
                    .push_bind(*letter.header.id.as_uuid())
                    .push_bind(*letter.header.author.as_uuid())
                    .push_bind(*letter.header.device.as_uuid())
                    .push_bind(bigint(letter.header.device_seq))
                    .push_bind(letter.kind())
                    .push_bind(letter.body.get().to_owned())
                    .push_bind(now.0);
            });
            insert.build().execute(&mut **tx).await.map_err(failed)?;
        }
        Ok(())
    }

    async fn insert_quarantined(
        &self,
        tx: &mut Transaction<'static, Db>,
        sender: &Sender,
        refusal: Refusal,
        letter: &Letter,
        now: Millis,
    ) -> Result<(), StoreError> {
        // Number 0 is kept for the op that gave the receipt. The same other bytes are kept once.
        let first = i64::from(refusal == Refusal::SameIdOtherBytes);
        let body = letter.body.get();
        sqlx::query(
            "insert into quarantine
                 (ente_id, op_id, number, scope_id, author_id, sender_id,
                  device_id, refusal, body, body_hash, received_at)
             values ($1, $2,
                     (select coalesce(max(q.number) + 1, $3)
                      from quarantine q
                      where q.ente_id = $1 and q.op_id = $2),
                     $4, $5, $6, $7, $8, $9, $10, $11)
             on conflict (ente_id, op_id, body_hash) do nothing",
        )
        .bind(self.ente)
        .bind(*letter.header.id.as_uuid())
        .bind(first)
        .bind(*letter.header.scope.as_uuid())
        .bind(*letter.header.author.as_uuid())
        .bind(*sender.user.as_uuid())
        .bind(*sender.device.as_uuid())
        .bind(word(refusal))
        .bind(body)
        .bind(Sha256::digest(body.as_bytes()).to_vec())
        .bind(now.0)
        .execute(&mut **tx)
        .await
        .map_err(failed)?;
        Ok(())
    }
}

fn push_ids(select: &mut QueryBuilder<Db>, ente: Uuid, letters: &[Letter]) {
    select.push_bind(ente);
    select.push(" and op_id in (");
    let mut ids = select.separated(", ");
    for letter in letters {
        ids.push_bind(*letter.header.id.as_uuid());
    }
    ids.push_unseparated(")");
}

/// One entry for each op: who tried to change what, and what became of it.
pub(super) fn entries_of(sender: &Sender, decision: &Decision<'_>) -> Vec<Entry> {
    let entry = |action, letter: &Letter| Entry {
        by: sender.user,
        action,
        device: Some(sender.device),
        scope: Some(letter.header.scope),
        op: Some(letter.header.id),
        subject: None,
    };
    let accepted = decision
        .accepted
        .iter()
        .map(|(_, letter)| entry(Action::Wrote, letter));
    let refused = decision.quarantined.iter().map(|(refusal, letter)| {
        let action = if *refusal == Refusal::SameIdOtherBytes {
            Action::Clashed
        } else {
            Action::Refused
        };
        entry(action, letter)
    });
    accepted.chain(refused).collect()
}
