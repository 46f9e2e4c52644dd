//! The one way into the log.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{Millis, OpId, ScopeId};
use replica::hub::Header;
use replica::message::{Outcome, Receipt, Refusal};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use sqlx::{QueryBuilder, Transaction};
use uuid::Uuid;

use super::agenda::moves_visits;
use super::queue::Errand;
use super::{Database, Db, failed, insert};
use crate::store::columns::{Column, bigint, word};
use crate::store::decision::{Bundle, Decision};
use crate::store::letter::Letter;
use crate::store::{Action, Entry, Sender, StoreError};

/// Rows in one statement: thirteen columns each stay below every database's limit of parameters.
pub(super) const ROWS_MAX: usize = 500;

/// What is nobody's to decide about: how far somebody has read, and who works here, which the
/// server says itself.
const VOID_KINDS: [&str; 2] = ["seen", "colleague_named"];

/// An op to be written, with its number and what it came in.
type Row<'a> = (&'a Bundle<'a>, &'a (u64, &'a Letter));

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
        let mut work: Vec<(usize, Bundle<'_>)> = Vec::new();
        for (place, errand) in errands.iter().enumerate() {
            work.extend(errand.letters.iter().map(|(scope, letters)| {
                let bundle = Bundle {
                    sender: &errand.sender,
                    scope: *scope,
                    letters,
                    now: errand.now,
                };
                (place, bundle)
            }));
        }
        // Numbers are given scope by scope, and within a scope in the order of the errands.
        work.sort_by_key(|(place, bundle)| (bundle.scope, *place));
        let (places, bundles): (Vec<usize>, Vec<Bundle<'_>>) = work.into_iter().unzip();
        let mut tx = self.begin().await?;
        let decisions = self.write_in(&mut tx, &bundles).await?;
        let mut entries: Vec<Entry> = Vec::new();
        let mut noted: Option<usize> = None;
        let decided = bundles.iter().zip(&decisions);
        for ((bundle, decision), place) in decided.zip(&places) {
            let of_ops = entries_of(bundle.sender, decision);
            // What was brought again and is here already changes nothing and is not noted.
            if !of_ops.is_empty() && noted != Some(*place) {
                noted = Some(*place);
                entries.extend(delivery_of(bundle.sender));
            }
            entries.extend(of_ops);
        }
        entries.extend(errands.iter().flat_map(|errand| &errand.entries));
        let now = errands.iter().map(|errand| errand.now).max();
        self.append(&mut tx, &entries, now.unwrap_or_default())
            .await?;
        tx.commit().await.map_err(failed)?;
        let mut told: Vec<Vec<Receipt>> = vec![Vec::new(); errands.len()];
        for (place, decision) in places.into_iter().zip(decisions) {
            if let Some(told) = told.get_mut(place) {
                told.extend(decision.receipts);
            }
        }
        Ok(told)
    }

    /// Decides about ops and writes what was decided, in a few statements however many scopes they
    /// name; the caller notes it in the trail and commits.
    pub(super) async fn write_in<'a>(
        &self,
        tx: &mut Transaction<'static, Db>,
        bundles: &[Bundle<'a>],
    ) -> Result<Vec<Decision<'a>>, StoreError> {
        if bundles.is_empty() {
            return Ok(Vec::new());
        }
        let mut ledger = self.look_up(tx, bundles).await?;
        let before = ledger.scopes.clone();
        let is_refused = |outcome: &Outcome| matches!(outcome, Outcome::Refused(_));
        let known = ledger.earlier.iter();
        let refused: BTreeSet<OpId> = known
            .filter(|(_, kept)| is_refused(&kept.outcome))
            .map(|(id, _)| *id)
            .collect();
        let decisions: Vec<Decision<'a>> =
            bundles.iter().map(|bundle| ledger.decide(bundle)).collect();
        self.insert_quarantined(tx, bundles, &decisions).await?;
        for (bundle, decision) in bundles.iter().zip(&decisions) {
            self.rename(tx, bundle.sender, &decision.renamed).await?;
        }
        let heads = ledger.scopes.into_iter().map(|(id, (_, head))| (id, head));
        let grown: Vec<(ScopeId, u64)> = heads
            .filter(|(id, head)| before.get(id).is_some_and(|held| held.1 < *head))
            .collect();
        self.write_decided(tx, bundles, &decisions, &grown).await?;
        let now_accepted = bundles
            .iter()
            .zip(&decisions)
            .flat_map(|(bundle, decision)| {
                let ids = decision.accepted.iter().map(|(_, op)| op.header.id);
                ids.map(|id| (id, bundle.now))
            });
        let settled: Vec<(OpId, Millis)> = now_accepted
            .filter(|(id, _)| refused.contains(id))
            .collect();
        self.settle_accepted(tx, &settled).await?;
        Ok(decisions)
    }

    /// Writes accepted ops, and what follows from them: the scopes' last numbers, and when they
    /// were touched.
    pub(super) async fn write_decided(
        &self,
        tx: &mut Transaction<'static, Db>,
        bundles: &[Bundle<'_>],
        decisions: &[Decision<'_>],
        heads: &[(ScopeId, u64)],
    ) -> Result<(), StoreError> {
        self.insert_ops(tx, bundles, decisions).await?;
        let now = bundles.iter().map(|bundle| bundle.now).max();
        self.move_heads(tx, heads, now.unwrap_or_default()).await?;
        let accepted = bundles.iter().zip(decisions).filter(|(_, decision)| {
            let mut letters = decision.accepted.iter();
            letters.any(|(_, letter)| moves_visits(&letter.kind()))
        });
        let moved: BTreeSet<ScopeId> = accepted.map(|(bundle, _)| bundle.scope).collect();
        for scope in moved {
            self.project_visits(tx, scope).await?;
        }
        Ok(())
    }

    async fn move_heads(
        &self,
        tx: &mut Transaction<'static, Db>,
        heads: &[(ScopeId, u64)],
        now: Millis,
    ) -> Result<(), StoreError> {
        for some in heads.chunks(ROWS_MAX) {
            let mut update = QueryBuilder::<Db>::new("update scopes set touched_at = ");
            update.push_bind(now.0);
            update.push(", head = v.column2 from (");
            update.push_values(some, |mut row, (scope, head)| {
                row.push_bind(*scope.as_uuid()).push_bind(bigint(*head));
            });
            update
                .push(") as v where scopes.scope_id = v.column1 and scopes.ente_id = ")
                .push_bind(self.ente);
            update.build().execute(&mut **tx).await.map_err(failed)?;
        }
        Ok(())
    }

    async fn insert_ops(
        &self,
        tx: &mut Transaction<'static, Db>,
        bundles: &[Bundle<'_>],
        decisions: &[Decision<'_>],
    ) -> Result<(), StoreError> {
        let decided = bundles.iter().zip(decisions);
        let rows: Vec<Row<'_>> = decided
            .flat_map(|(bundle, decision)| decision.accepted.iter().map(move |op| (bundle, op)))
            .collect();
        for some in rows.chunks(ROWS_MAX) {
            let ids = |id: fn(&Header) -> Uuid| {
                let headers = some.iter().map(|(_, (_, letter))| &letter.header);
                Column::Ids(headers.map(|header| Some(id(header))).collect())
            };
            let numbers =
                |number: fn(&Row<'_>) -> i64| Column::Numbers(some.iter().map(number).collect());
            let kinds: Vec<String> = some.iter().map(|(_, (_, op))| op.kind()).collect();
            let bodies = some.iter().map(|(_, (_, letter))| letter.body.get());
            let columns = vec![
                Column::Ids(vec![Some(self.ente); some.len()]),
                ids(|header| *header.scope.as_uuid()),
                numbers(|(_, (seq, _))| bigint(*seq)),
                ids(|header| *header.id.as_uuid()),
                ids(|header| *header.author.as_uuid()),
                ids(|header| *header.device.as_uuid()),
                numbers(|(_, (_, letter))| bigint(letter.header.device_seq)),
                Column::Texts(kinds.iter().map(String::as_str).collect()),
                Column::Texts(bodies.collect()),
                numbers(|(bundle, _)| bundle.now.0),
            ];
            let into = "ops (ente_id, scope_id, seq, op_id, author_id,
                             device_id, device_seq, kind, body, received_at)";
            let mut insert = insert(into, columns);
            insert.build().execute(&mut **tx).await.map_err(failed)?;
        }
        Ok(())
    }

    async fn insert_quarantined(
        &self,
        tx: &mut Transaction<'static, Db>,
        bundles: &[Bundle<'_>],
        decisions: &[Decision<'_>],
    ) -> Result<(), StoreError> {
        let decided = bundles.iter().zip(decisions);
        let rejected: Vec<_> = decided
            .flat_map(|(bundle, decision)| decision.quarantined.iter().map(move |op| (bundle, op)))
            .collect();
        let ids: Vec<OpId> = rejected.iter().map(|(_, (_, op))| op.header.id).collect();
        let mut last = self.last_quarantined(tx, &ids).await?;
        let mut kept: BTreeSet<(OpId, Vec<u8>)> = BTreeSet::new();
        let mut rows = Vec::new();
        for (bundle, (refusal, letter)) in rejected {
            let id = letter.header.id;
            let hash = Sha256::digest(letter.body.get().as_bytes()).to_vec();
            // The same other bytes are kept once.
            if kept.insert((id, hash.clone())) {
                // Number 0 is kept for the op that gave the receipt.
                let first = i64::from(*refusal == Refusal::SameIdOtherBytes);
                let number = last.get(&id).map_or(first, |last| last.saturating_add(1));
                last.insert(id, number);
                rows.push((bundle, *refusal, *letter, number, hash));
            }
        }
        for some in rows.chunks(ROWS_MAX) {
            let mut insert = QueryBuilder::<Db>::new(
                "insert into quarantine
                     (ente_id, op_id, number, scope_id, author_id, sender_id,
                      device_id, refusal, body, body_hash, received_at,
                      settled_at, settlement) ",
            );
            insert.push_values(some, |mut row, (bundle, refusal, letter, number, hash)| {
                let is_void = VOID_KINDS.contains(&letter.kind().as_str());
                row.push_bind(self.ente)
                    .push_bind(*letter.header.id.as_uuid())
                    .push_bind(*number)
                    .push_bind(*letter.header.scope.as_uuid())
                    .push_bind(*letter.header.author.as_uuid())
                    .push_bind(*bundle.sender.user.as_uuid())
                    .push_bind(*bundle.sender.device.as_uuid())
                    .push_bind(word(*refusal))
                    .push_bind(letter.body.get())
                    .push_bind(hash.as_slice())
                    .push_bind(bundle.now.0)
                    .push_bind(is_void.then_some(bundle.now.0))
                    .push_bind(is_void.then_some("void"));
            });
            insert.push(" on conflict (ente_id, op_id, body_hash) do nothing");
            insert.build().execute(&mut **tx).await.map_err(failed)?;
        }
        Ok(())
    }
}

/// One entry for a delivery: who brought what another had sealed.
fn delivery_of(sender: &Sender) -> Option<Entry> {
    let entry = Entry::by(sender.brought_by?, Action::Delivered).to(sender.user);
    Some(Entry {
        device: Some(sender.device),
        ..entry
    })
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
    // Who brought it now takes the place of who brought it first.
    let renamed = decision
        .renamed
        .iter()
        .map(|(_, letter)| entry(Action::Refused, letter));
    accepted.chain(refused).chain(renamed).collect()
}
