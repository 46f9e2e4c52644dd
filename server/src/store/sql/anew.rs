//! What was refused for something that is over: the server has caught up, or whoever was shut out
//! was let in again.
//!
//! A phone that is updated first sends kinds that the server does not know, and what somebody wrote
//! before their account was closed may come after it. They lie whole in quarantine, and nobody's
//! decision put them there: so none is needed to take them out.

use domain::id::{DeviceId, Millis, UserId};
use domain::op::Change;
use domain::upcast;
use replica::hub::Barred;
use replica::message::{Outcome, Refusal};
use uuid::Uuid;

use super::quarantine::raw;
use super::{Database, failed};
use crate::store::columns::{from_word, word};
use crate::store::{Sender, StoreError};

/// Ops that are looked at together.
const ROWS: i64 = 100;

/// Op, author, device, bytes, why it was refused; the author's role and whether they may sign in;
/// when the device was revoked; until when person and device are suspended.
type Row = (
    Uuid,
    Uuid,
    Uuid,
    String,
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
            let rows = self.refused_for_a_time(after).await?;
            let Some(last) = rows.last() else {
                return Ok(entered);
            };
            after = last.0;
            for row in rows {
                let op = row.0;
                let is_in = match self.judge_row(row, now).await {
                    Ok(is_in) => is_in,
                    // One row that cannot be read does not keep the others waiting.
                    Err(StoreError::Corrupt(why)) => {
                        tracing::warn!(%op, why, "an op that waits cannot be read");
                        false
                    }
                    Err(error) => return Err(error),
                };
                entered = entered.saturating_add(u64::from(is_in));
            }
        }
    }

    async fn refused_for_a_time(&self, after: Uuid) -> Result<Vec<Row>, StoreError> {
        sqlx::query_as(
            "select q.op_id, q.author_id, q.device_id, q.body, q.refusal, u.role, u.is_active,
                    d.revoked_at, u.suspended_until, d.suspended_until
             from quarantine as q
             join users as u on u.ente_id = q.ente_id and u.user_id = q.author_id
             left join devices as d
                 on d.ente_id = q.ente_id and d.user_id = q.author_id
                 and d.device_id = q.device_id
             where q.ente_id = $1 and q.op_id > $2 and q.number = 0
                 and q.refusal in ($3, $4, $5)
                 and q.sender_id = q.author_id and q.settled_at is null
             order by q.op_id
             limit $6",
        )
        .bind(self.ente)
        .bind(after)
        .bind(word(Refusal::UnknownKind))
        .bind(word(Refusal::AccountClosed))
        .bind(word(Refusal::DeviceRevoked))
        .bind(ROWS)
        .fetch_all(self.reader())
        .await
        .map_err(failed)
    }

    /// Judges one of them as if its author sent it now. Answers whether it entered the log;
    /// whoever may decide about the others finds them under the reason that holds now.
    async fn judge_row(&self, row: Row, now: Millis) -> Result<bool, StoreError> {
        let (_, author, device, body, refusal, role, is_active, revoked_at, person, phone) = row;
        let is_known = upcast::read(&body).is_ok_and(|op| matches!(op.change, Change::Known(_)));
        let refusal: Refusal = from_word(&refusal)?;
        let barred = Barred::of(!is_active, revoked_at.is_some());
        let still_holds = barred.is_some_and(|barred| barred.refusal() == refusal);
        // Who is suspended is let in again, and then this is looked at.
        let is_suspended = person.max(phone).is_some_and(|until| until > now.0);
        if !is_known || still_holds || (barred.is_none() && is_suspended) {
            return Ok(false);
        }
        let author = UserId::from_uuid(author);
        let sender = Sender {
            barred,
            ..Sender::new(author, from_word(&role)?, DeviceId::from_uuid(device))
        };
        let receipts = self.take_in(&sender, &[raw(body)?], now).await?;
        let outcome = receipts.first().map(|receipt| receipt.outcome);
        Ok(matches!(outcome, Some(Outcome::Accepted(_))))
    }
}
