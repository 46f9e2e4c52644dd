//! People and devices that the office keeps out for a time.

use async_trait::async_trait;
use domain::id::{DeviceId, Millis, UserId};

use super::StoreError;

/// People and devices that the office keeps out for a time. Nothing is ended or erased: what they
/// write meanwhile stays on their phone, sealed or not, until they are let in again.
#[async_trait]
pub trait Suspensions: Send + Sync {
    /// Keeps a person, or one of their devices, out until then; `None` lets them in again.
    /// `NotFound` if there is no such person or device.
    async fn suspend(
        &self,
        by: UserId,
        user: UserId,
        device: Option<DeviceId>,
        until: Option<Millis>,
        now: Millis,
    ) -> Result<(), StoreError>;
    /// Until when each person is kept out, of those who are.
    async fn suspended(&self, now: Millis) -> Result<Vec<(UserId, Millis)>, StoreError>;
}
