//! What a person will need first, and how it follows from the log.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::id::{Millis, ScopeId, UserId};
use domain::state::State;
use domain::upcast;
use jiff::civil::Date;
use sqlx::Transaction;
use uuid::Uuid;

use super::ingest::ROWS_MAX;
use super::{Database, Db, failed, insert};
use crate::store::StoreError;
use crate::store::agenda::{Agenda, Turn};
use crate::store::columns::Column;

/// Kinds of change from which the days of planned visits follow.
const VISIT_KINDS: [&str; 2] = ["visit_planned", "visit_recorded"];

#[async_trait]
impl Agenda for Database {
    async fn agenda(&self, user: UserId, today: Date) -> Result<Vec<Turn>, StoreError> {
        let rows: Vec<(Uuid, Option<i64>, Option<String>)> = sqlx::query_as(
            "select s.scope_id, s.touched_at,
                    (select min(v.day) from planned_visits v
                     where v.ente_id = s.ente_id and v.scope_id = s.scope_id and v.day >= $3)
             from grants g
             join scopes s on s.ente_id = g.ente_id and s.scope_id = g.scope_id
             where g.ente_id = $1 and g.user_id = $2",
        )
        .bind(self.ente)
        .bind(*user.as_uuid())
        .bind(today.to_string())
        .fetch_all(self.reader())
        .await
        .map_err(failed)?;
        let mut turns = Vec::with_capacity(rows.len());
        for (scope, touched_at, day) in rows {
            let day = day.map(|day| day.parse());
            let day = day.transpose();
            turns.push(Turn {
                scope: ScopeId::from_uuid(scope),
                next_visit: day.map_err(|_| StoreError::Corrupt("a day that is none"))?,
                touched_at: touched_at.map(Millis),
            });
        }
        turns.sort_by_key(|turn| {
            let day = (turn.next_visit.is_none(), turn.next_visit);
            (day, Reverse(turn.touched_at), turn.scope)
        });
        Ok(turns)
    }

    async fn rebuild(&self) -> Result<u64, StoreError> {
        let scopes: Vec<Uuid> =
            sqlx::query_scalar("select scope_id from scopes where ente_id = $1 order by scope_id")
                .bind(self.ente)
                .fetch_all(self.reader())
                .await
                .map_err(failed)?;
        let mut count = 0;
        for scope in scopes {
            let scope = ScopeId::from_uuid(scope);
            let mut tx = self.begin().await?;
            self.lock_scopes(&mut tx, [scope].into()).await?;
            sqlx::query(
                "update scopes set touched_at = (
                     select received_at from ops
                     where ops.ente_id = scopes.ente_id and ops.scope_id = scopes.scope_id
                         and ops.seq = scopes.head
                 )
                 where ente_id = $1 and scope_id = $2",
            )
            .bind(self.ente)
            .bind(*scope.as_uuid())
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
            self.project_visits(&mut tx, scope).await?;
            tx.commit().await.map_err(failed)?;
            count += 1;
        }
        Ok(count)
    }
}

/// Whether the days of planned visits may follow otherwise from a log with this kind of change.
pub(super) fn moves_visits(kind: &str) -> bool {
    VISIT_KINDS.contains(&kind)
}

impl Database {
    /// Writes the days of a scope's planned visits as they follow from its log.
    pub(super) async fn project_visits(
        &self,
        tx: &mut Transaction<'static, Db>,
        scope: ScopeId,
    ) -> Result<(), StoreError> {
        let [planned, recorded] = VISIT_KINDS;
        let bodies: Vec<String> = sqlx::query_scalar(
            "select body from ops
             where ente_id = $1 and scope_id = $2 and kind in ($3, $4)",
        )
        .bind(self.ente)
        .bind(*scope.as_uuid())
        .bind(planned)
        .bind(recorded)
        .fetch_all(&mut **tx)
        .await
        .map_err(failed)?;
        let mut state = State::default();
        let ops = bodies.iter().filter_map(|body| upcast::read(body).ok());
        ops.for_each(|op| state.apply(&op));
        let case = state.cases.get(&scope);
        let days: BTreeSet<Date> = case
            .into_iter()
            .flat_map(|case| case.planned_days())
            .collect();
        sqlx::query("delete from planned_visits where ente_id = $1 and scope_id = $2")
            .bind(self.ente)
            .bind(*scope.as_uuid())
            .execute(&mut **tx)
            .await
            .map_err(failed)?;
        let days: Vec<String> = days.iter().map(Date::to_string).collect();
        for some in days.chunks(ROWS_MAX) {
            let columns = vec![
                Column::Ids(vec![Some(self.ente); some.len()]),
                Column::Ids(vec![Some(*scope.as_uuid()); some.len()]),
                Column::Texts(some.iter().map(String::as_str).collect()),
            ];
            let mut insert = insert("planned_visits (ente_id, scope_id, day)", columns);
            insert.build().execute(&mut **tx).await.map_err(failed)?;
        }
        Ok(())
    }
}
