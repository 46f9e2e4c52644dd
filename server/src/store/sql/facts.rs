//! What has to be known before ops are decided about: one question of each sort for a whole batch.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use domain::authorize::{Relation, ScopeKind};
use domain::id::{OpId, ScopeId, UserId};
use replica::message::{Outcome, Refusal};
use sqlx::{QueryBuilder, Transaction};
use uuid::Uuid;

use super::{Database, Db, LOCKED, about_each, failed};
use crate::store::StoreError;
use crate::store::columns::{from_word, number};
use crate::store::decision::{Before, Bundle, Earlier, Ledger};

/// Ids in one question: one or two parameters each stay below every database's limit.
const IDS_MAX: usize = 4_000;

impl Database {
    /// Takes the lock on every scope that is named and looks up what the decision needs. Nothing of
    /// it changes before the commit.
    pub(super) async fn look_up<'a>(
        &self,
        tx: &mut Transaction<'static, Db>,
        bundles: &[Bundle<'a>],
    ) -> Result<Ledger<'a>, StoreError> {
        // The locks come first: what is read after them is what holds when the transaction commits.
        let scopes: BTreeSet<ScopeId> = bundles.iter().map(|bundle| bundle.scope).collect();
        let scopes = self.lock_scopes(tx, scopes).await?;
        let senders: BTreeSet<(ScopeId, UserId)> = bundles
            .iter()
            .map(|bundle| (bundle.scope, bundle.sender.user))
            .collect();
        let relations = self.relations(tx, senders).await?;
        let letters = bundles.iter().flat_map(|bundle| bundle.letters);
        let ids: BTreeSet<OpId> = letters.map(|letter| letter.header.id).collect();
        let earlier = self.earlier(tx, ids).await?;
        Ok(Ledger {
            scopes,
            relations,
            earlier,
        })
    }

    /// Kind and last number of each scope that takes ops. Locks are taken in the order of the ids,
    /// or two servers could wait for each other.
    pub(super) async fn lock_scopes(
        &self,
        tx: &mut Transaction<'static, Db>,
        scopes: BTreeSet<ScopeId>,
    ) -> Result<BTreeMap<ScopeId, (ScopeKind, u64)>, StoreError> {
        let mut held = BTreeMap::new();
        let scopes: Vec<ScopeId> = scopes.into_iter().collect();
        for some in scopes.chunks(IDS_MAX) {
            let mut select = QueryBuilder::<Db>::new(
                "select scope_id, kind, head
                 from scopes
                 where withdrawn_at is null and ente_id = ",
            );
            select.push_bind(self.ente).push(" and scope_id in (");
            let mut ids = select.separated(", ");
            for scope in some {
                ids.push_bind(*scope.as_uuid());
            }
            select.push(") order by scope_id").push(LOCKED);
            let rows: Vec<(Uuid, String, i64)> = select
                .build_query_as()
                .fetch_all(&mut **tx)
                .await
                .map_err(failed)?;
            for (scope, kind, head) in rows {
                held.insert(
                    ScopeId::from_uuid(scope),
                    (from_word(&kind)?, number(head)?),
                );
            }
        }
        Ok(held)
    }

    pub(super) async fn relations(
        &self,
        tx: &mut Transaction<'static, Db>,
        senders: BTreeSet<(ScopeId, UserId)>,
    ) -> Result<BTreeMap<(ScopeId, UserId), Relation>, StoreError> {
        let mut relations = BTreeMap::new();
        let senders: Vec<(ScopeId, UserId)> = senders.into_iter().collect();
        for some in senders.chunks(IDS_MAX) {
            let mut select =
                QueryBuilder::<Db>::new("select g.scope_id, g.user_id, g.relation from (");
            select.push_values(some, |mut row, (scope, user)| {
                row.push_bind(*scope.as_uuid()).push_bind(*user.as_uuid());
            });
            select
                .push(
                    ") as v cross join grants as g
                     where g.scope_id = v.column1 and g.user_id = v.column2 and g.ente_id = ",
                )
                .push_bind(self.ente);
            let rows: Vec<(Uuid, Uuid, String)> = select
                .build_query_as()
                .fetch_all(&mut **tx)
                .await
                .map_err(failed)?;
            for (scope, user, relation) in rows {
                let key = (ScopeId::from_uuid(scope), UserId::from_uuid(user));
                relations.insert(key, from_word(&relation)?);
            }
        }
        Ok(relations)
    }

    /// What is known under `ids`, in whatever scope.
    async fn earlier(
        &self,
        tx: &mut Transaction<'static, Db>,
        ids: BTreeSet<OpId>,
    ) -> Result<Earlier<'static>, StoreError> {
        let mut earlier = Earlier::new();
        let ids: Vec<OpId> = ids.into_iter().collect();
        for some in ids.chunks(IDS_MAX) {
            let mut select = in_the_log(self.ente, some);
            let rows: Vec<(Uuid, i64, String)> = select
                .build_query_as()
                .fetch_all(&mut **tx)
                .await
                .map_err(failed)?;
            for (id, seq, body) in rows {
                let accepted = Before {
                    body: Cow::Owned(body),
                    outcome: Outcome::Accepted(number(seq)?),
                    is_declined: false,
                };
                earlier.insert(OpId::from_uuid(id), accepted);
            }
            let columns = "q.op_id, q.refusal, q.body, q.settlement";
            let mut select = about_each(some, columns, "quarantine", self.ente);
            select.push(" where q.number = 0");
            let rows: Vec<(Uuid, String, String, Option<String>)> = select
                .build_query_as()
                .fetch_all(&mut **tx)
                .await
                .map_err(failed)?;
            for (id, refusal, body, settlement) in rows {
                let refused = Before {
                    body: Cow::Owned(body),
                    outcome: Outcome::Refused(from_word::<Refusal>(&refusal)?),
                    is_declined: settlement.as_deref() == Some("declined"),
                };
                // An op of the log stays one, whatever came under its id later.
                earlier.entry(OpId::from_uuid(id)).or_insert(refused);
            }
        }
        Ok(earlier)
    }

    /// The last number in quarantine under each of `ids` that is there.
    pub(super) async fn last_quarantined(
        &self,
        tx: &mut Transaction<'static, Db>,
        ids: &[OpId],
    ) -> Result<BTreeMap<OpId, i64>, StoreError> {
        let mut last = BTreeMap::new();
        for some in ids.chunks(IDS_MAX) {
            let columns = "q.op_id, max(q.number)";
            let mut select = about_each(some, columns, "quarantine", self.ente);
            select.push(" group by q.op_id");
            let rows: Vec<(Uuid, i64)> = select
                .build_query_as()
                .fetch_all(&mut **tx)
                .await
                .map_err(failed)?;
            last.extend(rows.into_iter().map(|(id, at)| (OpId::from_uuid(id), at)));
        }
        Ok(last)
    }
}

/// Asks the log for ids.
pub(super) fn in_the_log(ente: Uuid, ids: &[OpId]) -> QueryBuilder<Db> {
    about_each(ids, "q.op_id, q.seq, q.body", "ops", ente)
}
