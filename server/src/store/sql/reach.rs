//! What a person is, or was, to a family's file.

use async_trait::async_trait;
use domain::id::{ScopeId, UserId};

use super::{Database, failed};
use crate::store::StoreError;
use crate::store::columns::from_word;
use crate::store::reach::{Reach, Reaching};

#[async_trait]
impl Reaching for Database {
    async fn reach(&self, user: UserId, scope: ScopeId) -> Result<Option<Reach>, StoreError> {
        let row: Option<(String, Option<String>, i64)> = sqlx::query_as(
            "select s.kind, g.relation,
                 (select count(*)
                  from revocations as r
                  where r.ente_id = s.ente_id and r.user_id = $2 and r.scope_id = s.scope_id)
             from scopes as s
             left join grants as g
                 on g.ente_id = s.ente_id and g.scope_id = s.scope_id and g.user_id = $2
             where s.ente_id = $1 and s.scope_id = $3 and s.withdrawn_at is null",
        )
        .bind(self.ente)
        .bind(*user.as_uuid())
        .bind(*scope.as_uuid())
        .fetch_optional(self.reader())
        .await
        .map_err(failed)?;
        let Some((kind, relation, revocations)) = row else {
            return Ok(None);
        };
        Ok(Some(Reach {
            kind: from_word(&kind)?,
            relation: relation.as_deref().map(from_word).transpose()?,
            was_theirs: revocations > 0,
        }))
    }
}
