//! The body that runs this server, made at the first start.

use domain::id::{Millis, UserId};
use domain::vocabulary::Role;
use sqlx::Pool;
use sqlx::migrate::MigrateError;
use uuid::Uuid;

use super::{Db, begin, failed};
use crate::store::{StoreError, chain, columns};

/// The name of the one ente that a new database holds.
pub(super) const SLUG: &str = "ambito";
/// The login of the server's own user. No hash equals this password, so nobody signs in with it.
const SYSTEM_LOGIN: &str = "percorso";
const NO_PASSWORD: &str = "!";

/// The ente of this database and the user under whose name the server writes.
pub(super) async fn first(pool: &Pool<Db>, now: Millis) -> Result<(Uuid, UserId), StoreError> {
    let mut tx = begin(pool).await?;
    let ente = *UserId::new(now, rand::random()).as_uuid();
    let system = UserId::new(now, rand::random());
    let is_new = sqlx::query(
        "insert into enti (ente_id, slug, system_user_id, restore_epoch, created_at)
         values ($1, $2, $3, 1, $4)
         on conflict (slug) do nothing",
    )
    .bind(ente)
    .bind(SLUG)
    .bind(*system.as_uuid())
    .bind(now.0)
    .execute(&mut *tx)
    .await
    .map_err(failed)?
    .rows_affected()
        == 1;
    if is_new {
        sqlx::query("insert into trails (ente_id, head, hash) values ($1, 0, $2)")
            .bind(ente)
            .bind(chain::GENESIS.as_slice())
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        sqlx::query(
            "insert into users
                 (ente_id, user_id, login, display_name, role, password_hash, is_active, created_at)
             values ($1, $2, $3, $3, $4, $5, $6, $7)",
        )
        .bind(ente)
        .bind(*system.as_uuid())
        .bind(SYSTEM_LOGIN)
        .bind(columns::word(Role::System))
        .bind(NO_PASSWORD)
        .bind(false)
        .bind(now.0)
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
    }
    let (ente, system): (Uuid, Uuid) =
        sqlx::query_as("select ente_id, system_user_id from enti where slug = $1")
            .bind(SLUG)
            .fetch_one(&mut *tx)
            .await
            .map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    Ok((ente, UserId::from_uuid(system)))
}

/// Sorts what keeps the tables from being brought up to date.
pub(super) fn not_migrated(error: MigrateError) -> StoreError {
    match error {
        // It was migrated by a program that has more migrations than this one.
        MigrateError::VersionMissing(_) => StoreError::Newer,
        MigrateError::VersionMismatch(_) => StoreError::Corrupt("the tables are not ours"),
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => failed(error),
        other => StoreError::Unavailable(Box::new(other)),
    }
}
