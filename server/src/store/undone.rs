//! What taking an import back did.

use domain::authorize::Relation;
use domain::id::{ScopeId, UserId};

/// What taking an import back did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// Scopes that nobody may open any more.
    pub withdrawn: Vec<ScopeId>,
    /// Scopes that stay, because somebody has worked in them since.
    pub kept: Vec<ScopeId>,
    /// Rights on other scopes that are again what they were before the run.
    pub rights: Vec<RightUndone>,
}

/// A right that an import gave on a scope that was there before it, and that was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RightUndone {
    /// The scope.
    pub scope: ScopeId,
    /// Whose right.
    pub user: UserId,
    /// What they are to the scope again; nothing where they may not open it any more.
    pub again: Option<Relation>,
}
