//! What a person will need first: the next visit of each family, and when it was touched last.

use async_trait::async_trait;
use domain::id::{Millis, ScopeId, UserId};
use jiff::civil::Date;

use super::StoreError;

/// What is known of one scope for the order in which it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The scope.
    pub scope: ScopeId,
    /// The day of its next visit, from today on.
    pub next_visit: Option<Date>,
    /// When the last op was accepted.
    pub touched_at: Option<Millis>,
}

/// What a person will need first. The ingest transaction keeps it, with the same code that phones
/// show visits with; nobody else writes it.
#[async_trait]
pub trait Agenda: Send + Sync {
    /// The scopes that a person may open, in the order in which they will need them: the next visit
    /// first, then what was touched last.
    async fn agenda(&self, user: UserId, today: Date) -> Result<Vec<Turn>, StoreError>;
    /// Makes everything that follows from the log anew, and answers of how many scopes.
    async fn rebuild(&self) -> Result<u64, StoreError>;
}
