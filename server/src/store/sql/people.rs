//! Users, sign-ins, devices.

use async_trait::async_trait;
use domain::id::{DeviceId, Millis, UserId};
use domain::vocabulary::Role;
use sqlx::Transaction;
use uuid::Uuid;

use super::{Database, Db, failed};
use crate::store::columns::{from_word, instant, word};
use crate::store::{
    Action, Device, Entry, Login, NewSession, People, Session, StoreError, TokenHash, User,
};

/// A device that is here all the time is noted every ten minutes, so that asking stays reading.
const SEEN_MS: i64 = 600_000;

/// Every user but those of one role, by login.
pub(super) const EVERYBODY: &str = "select user_id, login, display_name, role, is_active
     from users
     where ente_id = $1 and role <> $2
     order by login";

pub(super) type UserRow = (Uuid, String, String, String, bool);
type LoginRow = (
    Uuid,
    String,
    String,
    String,
    bool,
    String,
    i64,
    Option<i64>,
    Option<i64>,
);
type SessionRow = (
    Uuid,
    String,
    String,
    String,
    bool,
    Option<Uuid>,
    i64,
    i64,
    Option<i64>,
    Option<i64>,
);
type DeviceRow = (i64, i64, Option<i64>, Option<i64>);

#[async_trait]
impl People for Database {
    fn system(&self) -> UserId {
        self.system
    }

    async fn create_user(
        &self,
        by: UserId,
        user: &User,
        password_hash: &str,
        now: Millis,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "insert into users
                 (ente_id, user_id, login, display_name, role, password_hash, is_active, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(self.ente)
        .bind(*user.id.as_uuid())
        .bind(user.login.to_lowercase())
        .bind(&user.name)
        .bind(word(user.role))
        .bind(password_hash)
        .bind(user.is_active)
        .bind(now.0)
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
        let entry = Entry::by(by, Action::UserAdded).to(user.id);
        self.append(&mut tx, &[entry], now).await?;
        tx.commit().await.map_err(failed)
    }

    async fn user_by_login(&self, login: &str) -> Result<Option<Login>, StoreError> {
        // PostgreSQL takes no NUL in a text: nobody has such a login.
        if login.contains('\0') {
            return Ok(None);
        }
        let row: Option<LoginRow> = sqlx::query_as(
            "select user_id, login, display_name, role, is_active,
                        password_hash, failed_attempts, locked_until, suspended_until
                 from users
                 where ente_id = $1 and login = $2",
        )
        .bind(self.ente)
        .bind(login.to_lowercase())
        .fetch_optional(self.reader())
        .await
        .map_err(failed)?;
        let Some((user, login)) = row.map(|row| {
            (
                (row.0, row.1, row.2, row.3, row.4),
                (row.5, row.6, row.7, row.8),
            )
        }) else {
            return Ok(None);
        };
        let (password_hash, attempts, locked, suspended) = login;
        Ok(Some(Login {
            user: user_of(user)?,
            password_hash,
            failed_attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
            locked_until: instant(locked),
            suspended_until: instant(suspended),
        }))
    }

    async fn user(&self, user: UserId) -> Result<Option<User>, StoreError> {
        let row: Option<UserRow> = sqlx::query_as(
            "select user_id, login, display_name, role, is_active
             from users
             where ente_id = $1 and user_id = $2",
        )
        .bind(self.ente)
        .bind(*user.as_uuid())
        .fetch_optional(self.reader())
        .await
        .map_err(failed)?;
        row.map(user_of).transpose()
    }

    async fn users(&self) -> Result<Vec<User>, StoreError> {
        let rows: Vec<UserRow> = sqlx::query_as(EVERYBODY)
            .bind(self.ente)
            .bind(word(Role::System))
            .fetch_all(self.reader())
            .await
            .map_err(failed)?;
        rows.into_iter().map(user_of).collect()
    }

    async fn set_password(
        &self,
        by: UserId,
        user: UserId,
        password_hash: &str,
        now: Millis,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let changed = sqlx::query(
            "update users
             set password_hash = $3, failed_attempts = 0, locked_until = null
             where ente_id = $1 and user_id = $2",
        )
        .bind(self.ente)
        .bind(*user.as_uuid())
        .bind(password_hash)
        .execute(&mut *tx)
        .await
        .map_err(failed)?
        .rows_affected();
        if changed == 0 {
            return Err(StoreError::NotFound);
        }
        self.end_sessions_of(&mut tx, user).await?;
        let entry = Entry::by(by, Action::PasswordSet).to(user);
        self.append(&mut tx, &[entry], now).await?;
        tx.commit().await.map_err(failed)
    }

    async fn set_active(
        &self,
        by: UserId,
        user: UserId,
        is_active: bool,
        now: Millis,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let changed =
            sqlx::query("update users set is_active = $3 where ente_id = $1 and user_id = $2")
                .bind(self.ente)
                .bind(*user.as_uuid())
                .bind(is_active)
                .execute(&mut *tx)
                .await
                .map_err(failed)?
                .rows_affected();
        if changed == 0 {
            return Err(StoreError::NotFound);
        }
        let action = if is_active {
            Action::UserActivated
        } else {
            self.end_sessions_of(&mut tx, user).await?;
            Action::UserDeactivated
        };
        self.append(&mut tx, &[Entry::by(by, action).to(user)], now)
            .await?;
        tx.commit().await.map_err(failed)
    }

    async fn record_failed_login(&self, user: UserId, now: Millis) -> Result<u32, StoreError> {
        let mut tx = self.begin().await?;
        let attempts: i64 = sqlx::query_scalar(
            "update users
             set failed_attempts = failed_attempts + 1
             where ente_id = $1 and user_id = $2
             returning failed_attempts",
        )
        .bind(self.ente)
        .bind(*user.as_uuid())
        .fetch_one(&mut *tx)
        .await
        .map_err(failed)?;
        let entry = Entry::by(user, Action::SignInFailed);
        self.append(&mut tx, &[entry], now).await?;
        tx.commit().await.map_err(failed)?;
        Ok(u32::try_from(attempts).unwrap_or(u32::MAX))
    }

    async fn lock_login(&self, user: UserId, until: Millis, now: Millis) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("update users set locked_until = $3 where ente_id = $1 and user_id = $2")
            .bind(self.ente)
            .bind(*user.as_uuid())
            .bind(until.0)
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        let entry = Entry::by(user, Action::LoginLocked);
        self.append(&mut tx, &[entry], now).await?;
        tx.commit().await.map_err(failed)
    }

    async fn reset_failed_logins(&self, user: UserId) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "update users
             set failed_attempts = 0, locked_until = null
             where ente_id = $1 and user_id = $2",
        )
        .bind(self.ente)
        .bind(*user.as_uuid())
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
        tx.commit().await.map_err(failed)
    }

    async fn unlock_login(&self, by: UserId, user: UserId, now: Millis) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let unlocked = sqlx::query(
            "update users
             set failed_attempts = 0, locked_until = null
             where ente_id = $1 and user_id = $2",
        )
        .bind(self.ente)
        .bind(*user.as_uuid())
        .execute(&mut *tx)
        .await
        .map_err(failed)?
        .rows_affected();
        if unlocked == 0 {
            return Err(StoreError::NotFound);
        }
        let entry = Entry::by(by, Action::LoginUnlocked).to(user);
        self.append(&mut tx, &[entry], now).await?;
        tx.commit().await.map_err(failed)
    }

    async fn create_session(&self, session: &NewSession, now: Millis) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "insert into sessions
                 (ente_id, token_hash, user_id, device_id, created_at, expires_at)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(self.ente)
        .bind(session.token.0.as_slice())
        .bind(*session.user.as_uuid())
        .bind(session.device.map(|device| *device.as_uuid()))
        .bind(now.0)
        .bind(session.expires_at.0)
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
        let mut entry = Entry::by(session.user, Action::SignedIn);
        entry.device = session.device;
        self.append(&mut tx, &[entry], now).await?;
        tx.commit().await.map_err(failed)
    }

    async fn session(&self, token: TokenHash, now: Millis) -> Result<Option<Session>, StoreError> {
        let row: Option<SessionRow> = sqlx::query_as(
            "select u.user_id, u.login, u.display_name, u.role, u.is_active,
                        s.device_id, s.created_at, s.expires_at,
                        u.suspended_until, d.suspended_until
                 from sessions s
                 join users u on u.ente_id = s.ente_id and u.user_id = s.user_id
                 left join devices d on d.ente_id = s.ente_id and d.user_id = s.user_id
                     and d.device_id = s.device_id
                 where s.ente_id = $1 and s.token_hash = $2 and s.expires_at > $3",
        )
        .bind(self.ente)
        .bind(token.0.as_slice())
        .bind(now.0)
        .fetch_optional(self.reader())
        .await
        .map_err(failed)?;
        let Some(row) = row else {
            return Ok(None);
        };
        let (id, login, name, role, is_active, device, created_at, expires_at, person, phone) = row;
        let user = user_of((id, login, name, role, is_active))?;
        Ok(user.is_active.then_some(Session {
            user,
            device: device.map(DeviceId::from_uuid),
            created_at: Millis(created_at),
            expires_at: Millis(expires_at),
            suspended_until: instant(person.max(phone)),
        }))
    }

    async fn extend_session(&self, token: TokenHash, until: Millis) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("update sessions set expires_at = $3 where ente_id = $1 and token_hash = $2")
            .bind(self.ente)
            .bind(token.0.as_slice())
            .bind(until.0)
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        tx.commit().await.map_err(failed)
    }

    async fn tie_session(
        &self,
        token: TokenHash,
        device: DeviceId,
        until: Millis,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "update sessions set device_id = $3, expires_at = $4
             where ente_id = $1 and token_hash = $2 and device_id is null",
        )
        .bind(self.ente)
        .bind(token.0.as_slice())
        .bind(*device.as_uuid())
        .bind(until.0)
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
        tx.commit().await.map_err(failed)
    }

    async fn end_session(&self, token: TokenHash, now: Millis) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let ended: Option<(Uuid, Option<Uuid>, i64)> = sqlx::query_as(
            "delete from sessions where ente_id = $1 and token_hash = $2
             returning user_id, device_id, expires_at",
        )
        .bind(self.ente)
        .bind(token.0.as_slice())
        .fetch_optional(&mut *tx)
        .await
        .map_err(failed)?;
        // Who comes back to leave a sign-in that was over by itself has left before.
        if let Some((user, device, _)) = ended.filter(|ended| ended.2 > now.0) {
            let entry = Entry {
                device: device.map(DeviceId::from_uuid),
                ..Entry::by(UserId::from_uuid(user), Action::SignedOut)
            };
            self.append(&mut tx, &[entry], now).await?;
        }
        tx.commit().await.map_err(failed)
    }

    async fn sweep_sessions(&self, now: Millis) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let swept = sqlx::query("delete from sessions where ente_id = $1 and expires_at <= $2")
            .bind(self.ente)
            .bind(now.0)
            .execute(&mut *tx)
            .await
            .map_err(failed)?
            .rows_affected();
        tx.commit().await.map_err(failed)?;
        Ok(swept)
    }

    async fn touch_device(
        &self,
        user: UserId,
        device: DeviceId,
        now: Millis,
    ) -> Result<Device, StoreError> {
        let known: Option<DeviceRow> = sqlx::query_as(
            "select first_seen, last_seen, revoked_at, suspended_until
             from devices
             where ente_id = $1 and user_id = $2 and device_id = $3",
        )
        .bind(self.ente)
        .bind(*user.as_uuid())
        .bind(*device.as_uuid())
        .fetch_optional(self.reader())
        .await
        .map_err(failed)?;
        if let Some(row) = known
            && row.1 > now.0.saturating_sub(SEEN_MS)
        {
            return Ok(device_of(user, device, row));
        }
        let mut tx = self.begin().await?;
        let row: DeviceRow = sqlx::query_as(
            "insert into devices (ente_id, user_id, device_id, first_seen, last_seen)
             values ($1, $2, $3, $4, $4)
             on conflict (ente_id, user_id, device_id) do update set last_seen = excluded.last_seen
             returning first_seen, last_seen, revoked_at, suspended_until",
        )
        .bind(self.ente)
        .bind(*user.as_uuid())
        .bind(*device.as_uuid())
        .bind(now.0)
        .fetch_one(&mut *tx)
        .await
        .map_err(failed)?;
        tx.commit().await.map_err(failed)?;
        Ok(device_of(user, device, row))
    }

    async fn devices(&self, user: UserId) -> Result<Vec<Device>, StoreError> {
        let rows: Vec<(Uuid, i64, i64, Option<i64>, Option<i64>)> = sqlx::query_as(
            "select device_id, first_seen, last_seen, revoked_at, suspended_until
             from devices
             where ente_id = $1 and user_id = $2
             order by last_seen desc, device_id",
        )
        .bind(self.ente)
        .bind(*user.as_uuid())
        .fetch_all(self.reader())
        .await
        .map_err(failed)?;
        Ok(rows
            .into_iter()
            .map(|(id, first, last, revoked, suspended)| {
                let row = (first, last, revoked, suspended);
                device_of(user, DeviceId::from_uuid(id), row)
            })
            .collect())
    }

    async fn revoke_device(
        &self,
        by: UserId,
        user: UserId,
        device: DeviceId,
        now: Millis,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let changed = sqlx::query(
            "update devices
             set revoked_at = $4
             where ente_id = $1 and user_id = $2 and device_id = $3 and revoked_at is null",
        )
        .bind(self.ente)
        .bind(*user.as_uuid())
        .bind(*device.as_uuid())
        .bind(now.0)
        .execute(&mut *tx)
        .await
        .map_err(failed)?
        .rows_affected();
        if changed == 0 {
            return Err(StoreError::NotFound);
        }
        sqlx::query("delete from sessions where ente_id = $1 and user_id = $2 and device_id = $3")
            .bind(self.ente)
            .bind(*user.as_uuid())
            .bind(*device.as_uuid())
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        let mut entry = Entry::by(by, Action::DeviceRevoked).to(user);
        entry.device = Some(device);
        self.append(&mut tx, &[entry], now).await?;
        tx.commit().await.map_err(failed)
    }
}

impl Database {
    async fn end_sessions_of(
        &self,
        tx: &mut Transaction<'static, Db>,
        user: UserId,
    ) -> Result<(), StoreError> {
        sqlx::query("delete from sessions where ente_id = $1 and user_id = $2")
            .bind(self.ente)
            .bind(*user.as_uuid())
            .execute(&mut **tx)
            .await
            .map_err(failed)?;
        Ok(())
    }
}

pub(super) fn user_of((id, login, name, role, is_active): UserRow) -> Result<User, StoreError> {
    Ok(User {
        id: UserId::from_uuid(id),
        login,
        name,
        role: from_word(&role)?,
        is_active,
    })
}

fn device_of(user: UserId, id: DeviceId, (first, last, revoked, suspended): DeviceRow) -> Device {
    Device {
        id,
        user,
        first_seen: Millis(first),
        last_seen: Millis(last),
        revoked_at: instant(revoked),
        suspended_until: instant(suspended),
    }
}
