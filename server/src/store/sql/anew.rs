//! What was newer than the server, once the server has caught up.
//!
//! A phone that is updated first sends kinds that the server does not know. They lie whole in
//! quarantine, and nobody's decision put them there: so none is needed to take them out.

use domain::id::{DeviceId, Millis, OpId, UserId};
use domain::op::Change;
use domain::upcast;
use replica::message::{Outcome, Refusal};
use uuid::Uuid;

use super::quarantine::raw;
use super::{Database, failed};
use crate::store::columns::{from_word, word};
use crate::store::{Sender, StoreError};

/// Ops that are looked at together.
const ROWS: i64 = 100;

/// Op, author, device, bytes; the author's role and whether they may sign in; when the device was
/// revoked; until when person and device are suspended.
type Row = (
    Uuid,
    Uuid,
    Uuid,
    String,
    String,
    bool,
    Option<i64>,
    Option<i64>,
    Option<i64>,
);

impl Database {
    /// See [`crate::store::quarantine::Quarantine::judge_anew`].
    pub(super) async fn take_in_anew(&self, now: Millis) -> Result<u64, StoreError> {
        let mut after = Uuid::nil();
        let mut entered = 0_u64;
        loop {
            let rows = self.refused_as_unknown(after).await?;
            let Some(last) = rows.last() else {
                return Ok(entered);
            };
            after = last.0;
            for row in rows {
                entered = entered.saturating_add(u64::from(self.judge_row(row, now).await?));
            }
        }
    }

    async fn refused_as_unknown(&self, after: Uuid) -> Result<Vec<Row>, StoreError> {
        sqlx::query_as(
            "select q.op_id, q.author_id, q.device_id, q.body, u.role, u.is_active,
                    d.revoked_at, u.suspended_until, d.suspended_until
             from quarantine as q
             join users as u on u.ente_id = q.ente_id and u.user_id = q.author_id
             left join devices as d
                 on d.ente_id = q.ente_id and d.user_id = q.author_id
                 and d.device_id = q.device_id
             where q.ente_id = $1 and q.op_id > $2 and q.number = 0
                 and q.refusal = $3 and q.sender_id = q.author_id and q.settled_at is null
             order by q.op_id
             limit $4",
        )
        .bind(self.ente)
        .bind(after)
        .bind(word(Refusal::UnknownKind))
        .bind(ROWS)
        .fetch_all(self.reader())
        .await
        .map_err(failed)
    }

    /// Judges one of them as if its author sent it now. Answers whether it entered the log.
    async fn judge_row(&self, row: Row, now: Millis) -> Result<bool, StoreError> {
        let (op, author, device, body, role, is_active, revoked_at, person, phone) = row;
        let is_known = upcast::read(&body).is_ok_and(|op| matches!(op.change, Change::Known(_)));
        if !is_known {
            return Ok(false);
        }
        let is_suspended = person.max(phone).is_some_and(|until| until > now.0);
        let author = UserId::from_uuid(author);
        let sender = Sender {
            is_barred: !is_active || revoked_at.is_some() || is_suspended,
            ..Sender::new(author, from_word(&role)?, DeviceId::from_uuid(device))
        };
        let receipts = self.take_in(&sender, &[raw(body)?], now).await?;
        match receipts.first().map(|receipt| receipt.outcome) {
            Some(Outcome::Accepted(_)) => Ok(true),
            Some(Outcome::Refused(refusal)) => {
                self.refuse_anew(OpId::from_uuid(op), refusal).await?;
                Ok(false)
            }
            None => Ok(false),
        }
    }

    /// Whoever may decide about it finds it under the reason that holds now.
    async fn refuse_anew(&self, op: OpId, refusal: Refusal) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "update quarantine set refusal = $3
             where ente_id = $1 and op_id = $2 and number = 0 and refusal = $4
                 and settled_at is null",
        )
        .bind(self.ente)
        .bind(*op.as_uuid())
        .bind(word(refusal))
        .bind(word(Refusal::UnknownKind))
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
        tx.commit().await.map_err(failed)
    }
}
