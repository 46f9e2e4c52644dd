//! Keys for sealed ops, and how a phone's envelopes are known.

use async_trait::async_trait;
use domain::id::{DeviceId, Millis, UserId};
use domain::vocabulary::Role;
use replica::hub::Barred;

use super::StoreError;

/// A key that phones seal ops to.
#[derive(Clone)]
pub struct SealingKey {
    /// What phones know (X25519).
    pub public: [u8; 32],
    /// What opens.
    pub private: [u8; 32],
}

/// Whose envelopes a phone seals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sealer {
    /// The person.
    pub user: UserId,
    /// Their role.
    pub role: Role,
    /// Why nothing of theirs enters the log now, if that is so.
    pub barred: Option<Barred>,
    /// Whether nothing but a suspension is in their way: they will be let in again.
    pub is_suspended: bool,
}

/// Keys for sealed ops, and how a phone's envelopes are known.
#[async_trait]
pub trait Sealing: Send + Sync {
    /// Every key, the newest first.
    async fn sealing_keys(&self) -> Result<Vec<SealingKey>, StoreError>;
    /// Adds a key.
    async fn add_sealing_key(&self, key: &SealingKey, now: Millis) -> Result<(), StoreError>;
    /// Remembers by which proof (SHA-256 of a secret) a person's device will be known.
    async fn register_sealer(
        &self,
        user: UserId,
        device: DeviceId,
        proof: [u8; 32],
        now: Millis,
    ) -> Result<(), StoreError>;
    /// Who registered this proof for this device.
    async fn sealer(
        &self,
        device: DeviceId,
        proof: [u8; 32],
        now: Millis,
    ) -> Result<Option<Sealer>, StoreError>;
}
