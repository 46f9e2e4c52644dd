//! People and devices that the office keeps out for a time.

use async_trait::async_trait;
use domain::id::{DeviceId, Millis, UserId};
use uuid::Uuid;

use super::{Database, failed};
use crate::store::suspensions::Suspensions;
use crate::store::{Action, Entry, StoreError};

#[async_trait]
impl Suspensions for Database {
    async fn suspend(
        &self,
        by: UserId,
        user: UserId,
        device: Option<DeviceId>,
        until: Option<Millis>,
        now: Millis,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let update = match device {
            None => {
                "update users set suspended_until = $3
                 where ente_id = $1 and user_id = $2 and $4 is null"
            }
            Some(_) => {
                "update devices set suspended_until = $3
                 where ente_id = $1 and user_id = $2 and device_id = $4"
            }
        };
        let changed = sqlx::query(update)
            .bind(self.ente)
            .bind(*user.as_uuid())
            .bind(until.map(|until| until.0))
            .bind(device.map(|device| *device.as_uuid()))
            .execute(&mut *tx)
            .await
            .map_err(failed)?
            .rows_affected();
        if changed == 0 {
            return Err(StoreError::NotFound);
        }
        let action = match until {
            Some(_) => Action::Suspended,
            None => Action::SuspensionLifted,
        };
        let mut entry = Entry::by(by, action).to(user);
        entry.device = device;
        self.append(&mut tx, &[entry], now).await?;
        tx.commit().await.map_err(failed)
    }

    async fn suspended(&self, now: Millis) -> Result<Vec<(UserId, Millis)>, StoreError> {
        let rows: Vec<(Uuid, i64)> = sqlx::query_as(
            "select user_id, suspended_until from users
             where ente_id = $1 and suspended_until > $2",
        )
        .bind(self.ente)
        .bind(now.0)
        .fetch_all(self.reader())
        .await
        .map_err(failed)?;
        let suspended = |(user, until)| (UserId::from_uuid(user), Millis(until));
        Ok(rows.into_iter().map(suspended).collect())
    }
}
