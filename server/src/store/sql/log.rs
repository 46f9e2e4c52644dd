//! Reading the log, and the door into it.

use async_trait::async_trait;
use domain::id::{Millis, OpId, ScopeId};
use futures_util::TryStreamExt as _;
use replica::message::Receipt;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{Database, Db, failed};
use crate::store::columns::{bigint, number};
use crate::store::{Log, Sender, StoreError, StoredOp, Stretch};

/// The ops of a scope after a number, and the scope's last number.
pub(super) const AFTER: &str = "select seq, op_id, body,
         (select head from scopes where ente_id = $1 and scope_id = $2)
     from ops
     where ente_id = $1 and scope_id = $2 and seq > $3
     order by seq";

#[async_trait]
impl Log for Database {
    async fn ingest(
        &self,
        sender: &Sender,
        ops: &[Box<RawValue>],
        now: Millis,
    ) -> Result<Vec<Receipt>, StoreError> {
        self.take_in(sender, ops, now).await
    }

    async fn read(
        &self,
        scope: ScopeId,
        from: u64,
        bytes_max: usize,
    ) -> Result<Stretch, StoreError> {
        // One statement, so that no number is seen without the ops up to it; and row by row, so
        // that a long history is not fetched only to be cut at the limit.
        let mut rows = sqlx::query_as::<Db, (i64, Uuid, String, i64)>(AFTER)
            .bind(self.ente)
            .bind(*scope.as_uuid())
            .bind(bigint(from))
            .fetch(self.reader());
        let mut head = None;
        let mut ops = Vec::new();
        let mut bytes: usize = 0;
        while let Some((seq, id, body, last)) = rows.try_next().await.map_err(failed)? {
            head = Some(last);
            bytes = bytes.saturating_add(body.len());
            if bytes > bytes_max && !ops.is_empty() {
                break;
            }
            ops.push(StoredOp {
                seq: number(seq)?,
                id: OpId::from_uuid(id),
                body: RawValue::from_string(body)
                    .map_err(|_| StoreError::Corrupt("an op that is not json"))?,
            });
        }
        drop(rows);
        let head = match head {
            Some(head) => head,
            None => self.head(scope).await?,
        };
        Ok(Stretch {
            ops,
            head: number(head)?,
        })
    }
}

impl Database {
    async fn head(&self, scope: ScopeId) -> Result<i64, StoreError> {
        sqlx::query_scalar("select head from scopes where ente_id = $1 and scope_id = $2")
            .bind(self.ente)
            .bind(*scope.as_uuid())
            .fetch_one(self.reader())
            .await
            .map_err(failed)
    }
}
