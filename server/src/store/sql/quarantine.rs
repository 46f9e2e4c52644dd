//! Ops in quarantine, and what people decide about them.
//!
//! Every decision takes the lock on the op's scope first, as whoever writes into the scope does: so
//! an op is settled once, and it enters the log once.

use async_trait::async_trait;
use domain::authorize::{Actor, Relation, ScopeKind, may_settle};
use domain::id::{Millis, OpId, ScopeId, UserId};
use domain::vocabulary::Role;
use replica::hub;
use replica::message::Refusal;
use replica::quarantine::{AUTHOR_WAIT_MS, HELD_MAX, Held, Settled, Waiting, Word};
use serde_json::value::RawValue;
use sqlx::Transaction;
use uuid::Uuid;

use super::{Database, Db, about_each, failed};
use crate::store::columns::{from_word, number, word};
use crate::store::decision::{Bundle, Decision};
use crate::store::letter::Letter;
use crate::store::quarantine::{HeldOp, Quarantine, Quarantined};
use crate::store::{Action, Entry, Sender, StoreError};

/// What a person decides about: the first op under an id, in a family that they follow. What came
/// from somebody who was shut out may be decided about meanwhile; what a colleague offered waits
/// some days for its author. Written so that SQLite begins with the grants and finds what is open
/// by its scope; the ente is compared in a way that it does not search by.
pub(super) const OPEN: &str = "from grants g
     cross join quarantine q
     where g.ente_id = $1 and g.user_id = $2 and g.relation = $4
         and q.scope_id = g.scope_id and coalesce(q.ente_id, g.ente_id) = g.ente_id
         and q.settled_at is null and q.number = 0
         and (q.handed_at is not null
              or q.refusal in ('not_granted', 'account_closed', 'device_revoked')
              or (q.refusal = 'other_author' and q.received_at < $3))";

type QuarantinedRow = (Uuid, Uuid, Uuid, Uuid, String, i64, String, String);
type HeldRow = (Uuid, String, Uuid, String, String, i64, Option<i64>);
type SettledRow = (
    Uuid,
    Option<i64>,
    Option<String>,
    Option<Uuid>,
    Option<String>,
    Option<i64>,
);

/// An op that somebody decides about, with the scope's lock taken.
struct Case {
    scope: ScopeId,
    kind: ScopeKind,
    head: u64,
    author: UserId,
    sender: UserId,
    relation: Option<Relation>,
    is_handed_over: bool,
    letter: Letter,
}

#[async_trait]
impl Quarantine for Database {
    async fn quarantined(&self, limit: u32) -> Result<Vec<Quarantined>, StoreError> {
        let rows: Vec<QuarantinedRow> = sqlx::query_as(
            "select op_id, scope_id, author_id, sender_id, refusal, received_at, body,
                    coalesce(settlement, case when handed_at is null
                                              then 'waiting' else 'handed_over' end)
             from quarantine
             where ente_id = $1 and (settlement is null or settlement <> 'accepted')
             order by received_at desc, op_id, number
             limit $2",
        )
        .bind(self.ente)
        .bind(i64::from(limit))
        .fetch_all(self.reader())
        .await
        .map_err(failed)?;
        rows.into_iter().map(quarantined_of).collect()
    }

    async fn waiting(
        &self,
        user: UserId,
        role: Role,
        now: Millis,
    ) -> Result<Vec<Waiting>, StoreError> {
        let Some(relation) = decides_as(role) else {
            return Ok(Vec::new());
        };
        let asked = format!("select q.scope_id, count(*) {OPEN} group by q.scope_id");
        let rows: Vec<(Uuid, i64)> = sqlx::query_as(sqlx::AssertSqlSafe(asked))
            .bind(self.ente)
            .bind(*user.as_uuid())
            .bind(now.plus(-AUTHOR_WAIT_MS).0)
            .bind(word(relation))
            .fetch_all(self.reader())
            .await
            .map_err(failed)?;
        let waiting = |(scope, count): (Uuid, i64)| Waiting {
            scope: ScopeId::from_uuid(scope),
            count: u32::try_from(count).unwrap_or(u32::MAX),
        };
        Ok(rows.into_iter().map(waiting).collect())
    }

    async fn held(&self, reader: &Sender, now: Millis) -> Result<Vec<HeldOp>, StoreError> {
        let Some(relation) = decides_as(reader.role) else {
            return Ok(Vec::new());
        };
        let asked = format!(
            "select q.scope_id, g.relation, q.sender_id, q.refusal, q.body, q.received_at,
                    q.handed_at {OPEN}
             order by q.received_at, q.op_id
             limit {HELD_MAX}"
        );
        let rows: Vec<HeldRow> = sqlx::query_as(sqlx::AssertSqlSafe(asked))
            .bind(self.ente)
            .bind(*reader.user.as_uuid())
            .bind(now.plus(-AUTHOR_WAIT_MS).0)
            .bind(word(relation))
            .fetch_all(self.reader())
            .await
            .map_err(failed)?;
        let held = rows.into_iter().map(|row| held_of(reader, row));
        let held: Vec<HeldOp> = held.collect::<Result<_, _>>()?;
        let mut scopes: Vec<ScopeId> = held.iter().map(|one| one.scope).collect();
        scopes.sort_unstable();
        scopes.dedup();
        let read = scopes.into_iter().map(|scope| Entry {
            device: Some(reader.device),
            ..Entry::by(reader.user, Action::QuarantineRead).on(scope)
        });
        crate::store::Trail::note(self, &read.collect::<Vec<_>>(), now).await?;
        Ok(held)
    }

    async fn adopt(
        &self,
        by: &Sender,
        op: OpId,
        now: Millis,
    ) -> Result<Result<u64, Refusal>, StoreError> {
        let mut tx = self.begin().await?;
        let case = self.case(&mut tx, by, op).await?;
        let actor = case.decider(by)?;
        if let Err(refusal) = hub::adopt(&case.letter.body, &actor, Some(case.kind)) {
            return Ok(Err(refusal));
        }
        let seq = case.head.saturating_add(1);
        let bundle = Bundle {
            sender: by,
            scope: case.scope,
            letters: &[],
            now,
        };
        let decision = Decision {
            accepted: vec![(seq, &case.letter)],
            ..Decision::default()
        };
        self.write_decided(&mut tx, &[bundle], &[decision], &[(case.scope, seq)])
            .await?;
        self.settle(&mut tx, op, ("adopted", None), by.user, now)
            .await?;
        let entry = case.entry(by, op, Action::Adopted);
        self.append(&mut tx, &[entry], now).await?;
        tx.commit().await.map_err(failed)?;
        Ok(Ok(seq))
    }

    async fn decline(
        &self,
        by: &Sender,
        op: OpId,
        reason: &str,
        now: Millis,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let case = self.case(&mut tx, by, op).await?;
        case.decider(by)?;
        self.settle(&mut tx, op, ("declined", Some(reason)), by.user, now)
            .await?;
        let entry = case.entry(by, op, Action::Declined);
        self.append(&mut tx, &[entry], now).await?;
        tx.commit().await.map_err(failed)
    }

    async fn hand_over(&self, by: &Sender, op: OpId, now: Millis) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let case = self.case(&mut tx, by, op).await?;
        if case.author != by.user && case.sender != by.user {
            return Err(StoreError::NotFound);
        }
        if case.is_handed_over {
            return Ok(());
        }
        sqlx::query(
            "update quarantine set handed_at = $3
             where ente_id = $1 and op_id = $2 and number = 0",
        )
        .bind(self.ente)
        .bind(*op.as_uuid())
        .bind(now.0)
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
        let entry = case.entry(by, op, Action::HandedOver);
        self.append(&mut tx, &[entry], now).await?;
        tx.commit().await.map_err(failed)
    }

    async fn settled(&self, author: UserId, ops: &[OpId]) -> Result<Vec<Settled>, StoreError> {
        if ops.is_empty() {
            return Ok(Vec::new());
        }
        let mut select = about_each(
            ops,
            "q.op_id, q.handed_at, q.settlement, q.settled_by, q.reason,
             (select seq from ops where ente_id = q.ente_id and op_id = q.op_id)",
            "quarantine",
            self.ente,
        );
        select
            .push(
                " where q.number = 0
                     and (q.handed_at is not null or q.settled_at is not null)
                     and q.author_id = ",
            )
            .push_bind(*author.as_uuid());
        let rows: Vec<SettledRow> = select
            .build_query_as()
            .fetch_all(self.reader())
            .await
            .map_err(failed)?;
        let told = rows.into_iter().map(|row| settled_of(row, author));
        told.collect::<Result<Vec<_>, _>>()
            .map(|told| told.into_iter().flatten().collect())
    }

    async fn judge_anew(&self, now: Millis) -> Result<u64, StoreError> {
        self.take_in_anew(now).await
    }
}

/// What a person of this role has to be to a family to decide about words of others.
fn decides_as(role: Role) -> Option<Relation> {
    let relations = [Relation::Tutor, Relation::Reviewer];
    relations
        .into_iter()
        .find(|relation| may_settle(role, Some(*relation)))
}

fn quarantined_of(row: QuarantinedRow) -> Result<Quarantined, StoreError> {
    let (op, scope, author, sender, refusal, received_at, body, fate) = row;
    let letter = letter(body)?;
    Ok(Quarantined {
        op: OpId::from_uuid(op),
        scope: ScopeId::from_uuid(scope),
        author: UserId::from_uuid(author),
        sender: UserId::from_uuid(sender),
        refusal: from_word(&refusal)?,
        received_at: Millis(received_at),
        fate: from_word(&fate)?,
        kind: letter.kind(),
        body: letter.body,
    })
}

fn held_of(reader: &Sender, row: HeldRow) -> Result<HeldOp, StoreError> {
    let (scope, relation, sender, refusal, body, received_at, handed_at) = row;
    let actor = Actor {
        user: reader.user,
        role: reader.role,
        relation: Some(from_word(&relation)?),
    };
    let op = raw(body)?;
    Ok(HeldOp {
        scope: ScopeId::from_uuid(scope),
        held: Held {
            obstacle: hub::adopt(&op, &actor, Some(ScopeKind::Family)).err(),
            op,
            sender: UserId::from_uuid(sender),
            refusal: from_word(&refusal)?,
            received_at: Millis(received_at),
            is_handed_over: handed_at.is_some(),
        },
    })
}

pub(super) fn raw(body: String) -> Result<Box<RawValue>, StoreError> {
    RawValue::from_string(body).map_err(|_| StoreError::Corrupt("an op that is not json"))
}

fn letter(body: String) -> Result<Letter, StoreError> {
    Letter::open(raw(body)?).ok_or(StoreError::Corrupt("an op in quarantine without an id"))
}

fn settled_of(row: SettledRow, author: UserId) -> Result<Option<Settled>, StoreError> {
    let (op, handed_at, settlement, by, reason, seq) = row;
    let by = by.map_or(author, UserId::from_uuid);
    let told = match (settlement.as_deref(), seq) {
        // What the author sent again after all needs no other word than its number.
        (Some(_), Some(seq)) => Some(Word::Adopted {
            number: number(seq)?,
            by,
        }),
        (Some("declined"), None) => Some(Word::Declined {
            by,
            reason: reason.unwrap_or_default(),
        }),
        _ => handed_at.map(|_| Word::HandedOver),
    };
    Ok(told.map(|word| Settled {
        op: OpId::from_uuid(op),
        word,
    }))
}

impl Case {
    /// Whoever decides, if they may.
    fn decider(&self, by: &Sender) -> Result<Actor, StoreError> {
        if by.barred.is_some() || !may_settle(by.role, self.relation) {
            return Err(StoreError::NotFound);
        }
        Ok(Actor {
            user: by.user,
            role: by.role,
            relation: self.relation,
        })
    }

    fn entry(&self, by: &Sender, op: OpId, action: Action) -> Entry {
        Entry {
            device: Some(by.device),
            op: Some(op),
            ..Entry::by(by.user, action).on(self.scope).to(self.author)
        }
    }
}

impl Database {
    /// Takes the lock on an op's scope and answers what is to be known of it. `NotFound` where
    /// there is none, `Conflict` once it is settled.
    async fn case(
        &self,
        tx: &mut Transaction<'static, Db>,
        by: &Sender,
        op: OpId,
    ) -> Result<Case, StoreError> {
        let scope: Option<Uuid> = sqlx::query_scalar(
            "select scope_id from quarantine where ente_id = $1 and op_id = $2 and number = 0",
        )
        .bind(self.ente)
        .bind(*op.as_uuid())
        .fetch_optional(&mut **tx)
        .await
        .map_err(failed)?;
        let scope = ScopeId::from_uuid(scope.ok_or(StoreError::NotFound)?);
        let held = self.lock_scopes(tx, [scope].into()).await?;
        let (kind, head) = *held.get(&scope).ok_or(StoreError::NotFound)?;
        // Only what is read after the lock holds until the commit.
        let (author, sender, body, handed_at, settled_at): (
            Uuid,
            Uuid,
            String,
            Option<i64>,
            Option<i64>,
        ) = sqlx::query_as(
            "select author_id, sender_id, body, handed_at, settled_at from quarantine
             where ente_id = $1 and op_id = $2 and number = 0",
        )
        .bind(self.ente)
        .bind(*op.as_uuid())
        .fetch_one(&mut **tx)
        .await
        .map_err(failed)?;
        let key = (scope, by.user);
        let relations = self.relations(tx, [key].into()).await?;
        let relation = relations.get(&key).copied();
        let is_own = [author, sender].contains(by.user.as_uuid());
        if !is_own && !may_settle(by.role, relation) {
            return Err(StoreError::NotFound);
        }
        if settled_at.is_some() {
            return Err(StoreError::Conflict);
        }
        Ok(Case {
            scope,
            kind,
            head,
            author: UserId::from_uuid(author),
            sender: UserId::from_uuid(sender),
            relation,
            is_handed_over: handed_at.is_some(),
            letter: letter(body)?,
        })
    }

    /// Has ops wait for the reason that holds now, and from whom they came last: their author.
    pub(super) async fn rename(
        &self,
        tx: &mut Transaction<'static, Db>,
        sender: &Sender,
        renamed: &[(Refusal, &Letter)],
    ) -> Result<(), StoreError> {
        for (refusal, letter) in renamed {
            sqlx::query(
                "update quarantine set refusal = $3, sender_id = $4, device_id = $5
                 where ente_id = $1 and op_id = $2 and number = 0 and settled_at is null",
            )
            .bind(self.ente)
            .bind(*letter.header.id.as_uuid())
            .bind(word(*refusal))
            .bind(*sender.user.as_uuid())
            .bind(*sender.device.as_uuid())
            .execute(&mut **tx)
            .await
            .map_err(failed)?;
        }
        Ok(())
    }

    async fn settle(
        &self,
        tx: &mut Transaction<'static, Db>,
        op: OpId,
        (settlement, reason): (&str, Option<&str>),
        by: UserId,
        now: Millis,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "update quarantine set settled_at = $3, settled_by = $4, settlement = $5, reason = $6
             where ente_id = $1 and op_id = $2 and number = 0",
        )
        .bind(self.ente)
        .bind(*op.as_uuid())
        .bind(now.0)
        .bind(*by.as_uuid())
        .bind(settlement)
        .bind(reason)
        .execute(&mut **tx)
        .await
        .map_err(failed)?;
        Ok(())
    }

    /// Marks what its author sent after all as settled: nobody has to decide about it any more.
    pub(super) async fn settle_accepted(
        &self,
        tx: &mut Transaction<'static, Db>,
        accepted: &[(OpId, Millis)],
    ) -> Result<(), StoreError> {
        for (op, now) in accepted {
            sqlx::query(
                "update quarantine set settled_at = $3, settlement = 'accepted'
                 where ente_id = $1 and op_id = $2 and number = 0 and settled_at is null",
            )
            .bind(self.ente)
            .bind(*op.as_uuid())
            .bind(now.0)
            .execute(&mut **tx)
            .await
            .map_err(failed)?;
        }
        Ok(())
    }
}
