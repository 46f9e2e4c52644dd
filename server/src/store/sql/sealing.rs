//! Keys to seal to, and how a phone's envelopes are known.

use async_trait::async_trait;
use domain::id::{DeviceId, Millis, UserId};
use replica::hub::Barred;
use uuid::Uuid;

use super::{Database, failed};
use crate::store::StoreError;
use crate::store::columns::from_word;
use crate::store::sealing::{Sealer, Sealing, SealingKey};

#[async_trait]
impl Sealing for Database {
    async fn sealing_keys(&self) -> Result<Vec<SealingKey>, StoreError> {
        let rows: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as(
            "select public_key, private_key
             from sealing_keys
             where ente_id = $1
             order by created_at desc, public_key",
        )
        .bind(self.ente)
        .fetch_all(self.reader())
        .await
        .map_err(failed)?;
        let key = |bytes: Vec<u8>| {
            bytes
                .try_into()
                .map_err(|_| StoreError::Corrupt("a sealing key has not thirty-two bytes"))
        };
        rows.into_iter()
            .map(|(public, private)| {
                Ok(SealingKey {
                    public: key(public)?,
                    private: key(private)?,
                })
            })
            .collect()
    }

    async fn add_sealing_key(&self, key: &SealingKey, now: Millis) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "insert into sealing_keys (ente_id, public_key, private_key, created_at)
             values ($1, $2, $3, $4)",
        )
        .bind(self.ente)
        .bind(key.public.as_slice())
        .bind(key.private.as_slice())
        .bind(now.0)
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
        tx.commit().await.map_err(failed)
    }

    async fn register_sealer(
        &self,
        user: UserId,
        device: DeviceId,
        proof: [u8; 32],
        now: Millis,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "insert into sealing_proofs (ente_id, device_id, proof, user_id, created_at)
             values ($1, $2, $3, $4, $5)
             on conflict (ente_id, device_id, proof) do nothing",
        )
        .bind(self.ente)
        .bind(*device.as_uuid())
        .bind(proof.as_slice())
        .bind(*user.as_uuid())
        .bind(now.0)
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
        tx.commit().await.map_err(failed)
    }

    async fn sealer(
        &self,
        device: DeviceId,
        proof: [u8; 32],
        now: Millis,
    ) -> Result<Option<Sealer>, StoreError> {
        let row: Option<(Uuid, String, bool, Option<i64>, Option<i64>, Option<i64>)> =
            sqlx::query_as(
                "select u.user_id, u.role, u.is_active, d.revoked_at,
                    u.suspended_until, d.suspended_until
             from sealing_proofs as p
             join users as u on u.ente_id = p.ente_id and u.user_id = p.user_id
             left join devices as d
                 on d.ente_id = p.ente_id and d.user_id = p.user_id
                 and d.device_id = p.device_id
             where p.ente_id = $1 and p.device_id = $2 and p.proof = $3",
            )
            .bind(self.ente)
            .bind(*device.as_uuid())
            .bind(proof.as_slice())
            .fetch_optional(self.reader())
            .await
            .map_err(failed)?;
        let Some((user, role, is_active, revoked_at, person, phone)) = row else {
            return Ok(None);
        };
        let is_suspended = person.max(phone).is_some_and(|until| until > now.0);
        let barred = Barred::of(!is_active, revoked_at.is_some());
        Ok(Some(Sealer {
            user: UserId::from_uuid(user),
            role: from_word(&role)?,
            barred,
            is_suspended: barred.is_none() && is_suspended,
        }))
    }
}
