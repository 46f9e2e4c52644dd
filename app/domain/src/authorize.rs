//! Who may do what. The server's answer counts; the phone's is courtesy.

use crate::id::UserId;
use crate::op::Known;
use crate::removal::Item;
use crate::vocabulary::Role;

crate::codes! {
    /// What a person is to a scope.
    Relation {
        /// The family's mediator-tutor: its main reference.
        Tutor: "tutor",
        /// The assigned social worker, who holds the case and reviews the plan.
        Reviewer: "reviewer",
        /// May read, not write.
        Reader: "reader",
    }
    /// What a scope holds.
    ScopeKind {
        /// One family's file.
        Family: "family",
        /// What everybody may know: who works here.
        Reference: "reference",
    }
}

/// Who asks, and what they are to the scope that they ask about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person.
    pub user: UserId,
    /// Their role.
    pub role: Role,
    /// What they are to the scope; `None` where nothing was granted.
    pub relation: Option<Relation>,
}

/// Why a change is not allowed. Nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// The scope was not granted to this person, or no longer is.
    #[error("the file is not granted to this person")]
    NotGranted,
    /// The person may open the file but not make this change.
    #[error("this role may not make this change")]
    NotYourRole,
    /// The change does not belong in this kind of scope.
    #[error("the change does not belong in this kind of file")]
    WrongScope,
}

/// Whether `actor` may make `change` in a scope of this kind.
///
/// # Errors
/// [`Forbidden`] says why not.
pub fn may(actor: &Actor, kind: ScopeKind, change: &Known) -> Result<(), Forbidden> {
    if scope_kind(change) != kind {
        return Err(Forbidden::WrongScope);
    }
    if actor.role == Role::System {
        return Ok(());
    }
    let relation = actor.relation.ok_or(Forbidden::NotGranted)?;
    let is_allowed = match (actor.role, relation) {
        (Role::Mediator, Relation::Tutor) => may_tutor(change),
        (Role::SocialWorker, Relation::Reviewer) => may_reviewer(change),
        (
            Role::Mediator | Role::SocialWorker | Role::Coordinator | Role::Administrator,
            Relation::Tutor | Relation::Reviewer | Relation::Reader,
        ) => matches!(change, Known::Seen { .. }),
        // What a later release lets them write is not known here: nothing.
        (_, Relation::Unknown(_)) => false,
        (Role::System, _) => true,
    };
    if is_allowed {
        Ok(())
    } else {
        Err(Forbidden::NotYourRole)
    }
}

/// Whether `actor` may attach something in a scope of this kind: what [`may`] says of
/// [`Known::AttachmentAdded`], for the bytes, which come without their op.
pub fn may_attach(actor: &Actor, kind: ScopeKind) -> bool {
    let may_write = matches!(
        (actor.role, actor.relation),
        (Role::Mediator, Some(Relation::Tutor))
            | (Role::SocialWorker, Some(Relation::Reviewer))
            | (Role::System, _)
    );
    may_write && kind == ScopeKind::Family
}

/// Whether a person of this role, with this relation, may open the scope at all.
pub fn may_read(role: Role, relation: Option<Relation>) -> bool {
    match relation {
        // An administrator looks after devices and access, not after cases.
        Some(Relation::Tutor | Relation::Reviewer | Relation::Reader) => {
            role != Role::Administrator
        }
        // A relation of a later release may be one that does not read.
        Some(Relation::Unknown(_)) | None => false,
    }
}

/// Whether a person decides about words that lie in quarantine for a family.
pub fn may_settle(role: Role, relation: Option<Relation>) -> bool {
    matches!(
        (role, relation),
        (Role::Mediator, Some(Relation::Tutor)) | (Role::SocialWorker, Some(Relation::Reviewer))
    )
}

/// Whether `actor` may let another's `change`, which was not accepted, into a family's file under
/// its author's name.
///
/// The social worker, who holds the case, may take in what its tutor wrote. A tutor never takes in
/// a decision about the plan: nobody approves their own.
///
/// # Errors
/// [`Forbidden`] says why not.
pub fn may_adopt(actor: &Actor, kind: ScopeKind, change: &Known) -> Result<(), Forbidden> {
    let is_reading = matches!(change, Known::Seen { .. });
    if kind != ScopeKind::Family || scope_kind(change) != kind || is_reading {
        return Err(Forbidden::WrongScope);
    }
    if !may_settle(actor.role, actor.relation) {
        return Err(Forbidden::NotGranted);
    }
    let is_allowed = match actor.relation {
        Some(Relation::Reviewer) => may_tutor(change) || may_reviewer(change),
        Some(Relation::Tutor) => may_tutor(change),
        Some(Relation::Reader | Relation::Unknown(_)) | None => false,
    };
    if is_allowed {
        Ok(())
    } else {
        Err(Forbidden::NotYourRole)
    }
}

fn scope_kind(change: &Known) -> ScopeKind {
    match change {
        Known::ColleagueNamed { .. } => ScopeKind::Reference,
        Known::FamilyWritten(_)
        | Known::MemberWritten { .. }
        | Known::NeedRated { .. }
        | Known::GoalWritten { .. }
        | Known::ActionWritten { .. }
        | Known::VersionProposed { .. }
        | Known::VersionAnswered { .. }
        | Known::VersionReviewed { .. }
        | Known::PlanMoved(_)
        | Known::VisitPlanned { .. }
        | Known::VisitRecorded { .. }
        | Known::ProgressRated { .. }
        | Known::NoteAdded { .. }
        | Known::AttachmentAdded(_)
        | Known::Removed(_)
        | Known::Restored(_)
        | Known::MembersMerged { .. }
        | Known::MembersDistinct { .. }
        | Known::MembersReopened { .. }
        | Known::Seen { .. } => ScopeKind::Family,
    }
}

/// The mediator-tutor works on everything with the family; only the review is another's.
fn may_tutor(change: &Known) -> bool {
    match change {
        Known::VersionReviewed { .. } | Known::ColleagueNamed { .. } => false,
        Known::FamilyWritten(_)
        | Known::MemberWritten { .. }
        | Known::NeedRated { .. }
        | Known::GoalWritten { .. }
        | Known::ActionWritten { .. }
        | Known::VersionProposed { .. }
        | Known::VersionAnswered { .. }
        | Known::PlanMoved(_)
        | Known::VisitPlanned { .. }
        | Known::VisitRecorded { .. }
        | Known::ProgressRated { .. }
        | Known::NoteAdded { .. }
        | Known::AttachmentAdded(_)
        | Known::Removed(_)
        | Known::Restored(_)
        | Known::MembersMerged { .. }
        | Known::MembersDistinct { .. }
        | Known::MembersReopened { .. }
        | Known::Seen { .. } => true,
    }
}

/// The social worker reviews, moves the plan and keeps the household's data; the goals, their
/// ratings and the family's answers are made with the family, by its mediator-tutor.
fn may_reviewer(change: &Known) -> bool {
    match change {
        // Who may write to a thing may take it out of its list and bring it back.
        Known::Removed(item) | Known::Restored(item) => match item {
            Item::Member(_) => true,
            Item::Goal(_) | Item::Action(_) => false,
        },
        Known::VersionReviewed { .. }
        | Known::PlanMoved(_)
        | Known::NoteAdded { .. }
        | Known::AttachmentAdded(_)
        | Known::FamilyWritten(_)
        | Known::MemberWritten { .. }
        | Known::MembersMerged { .. }
        | Known::MembersDistinct { .. }
        | Known::MembersReopened { .. }
        | Known::Seen { .. } => true,
        Known::NeedRated { .. }
        | Known::GoalWritten { .. }
        | Known::ActionWritten { .. }
        | Known::VersionProposed { .. }
        | Known::VersionAnswered { .. }
        | Known::VisitPlanned { .. }
        | Known::VisitRecorded { .. }
        | Known::ProgressRated { .. }
        | Known::ColleagueNamed { .. } => false,
    }
}
