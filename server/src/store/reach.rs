//! What a person is, or was, to a family's file.

use async_trait::async_trait;
use domain::authorize::{Relation, ScopeKind};
use domain::id::{ScopeId, UserId};

use super::StoreError;

/// What a person is, or was, to a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// What the scope holds.
    pub kind: ScopeKind,
    /// What they are to it now.
    pub relation: Option<Relation>,
    /// Whether it was theirs once and was taken back.
    pub was_theirs: bool,
}

/// What a person is, or was, to a family's file.
#[async_trait]
pub trait Reaching: Send + Sync {
    /// What this person is to this scope; `None` where there is no such scope.
    async fn reach(&self, user: UserId, scope: ScopeId) -> Result<Option<Reach>, StoreError>;
}
