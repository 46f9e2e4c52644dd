//! Takes a run back: families that it added are withdrawn, fields that it changed say again what
//! they said before, and people to whom it opened a family lose it again. Nothing is erased, and
//! nobody's work is touched.

use std::collections::{BTreeMap, BTreeSet};

use domain::family::{FamilyField, FamilyKey};
use domain::field::{Field, Fields};
use domain::id::{DeviceId, Millis, OpId, ScopeId, UserId};
use domain::op::{Change, Known, Op};
use domain::state::Case;
use uuid::Uuid;

use crate::import::compare::Write;
use crate::import::report::{UndoReport, UndoneRight};
use crate::import::{ImportError, Pen, case, note_reads, ops};
use crate::store::{Store, StoreError};

/// Takes a run back.
///
/// # Errors
/// [`ImportError::NoSuchRun`] where there is nothing to take back.
pub async fn undo(
    store: &dyn Store,
    by: UserId,
    run: Uuid,
    now: Millis,
) -> Result<UndoReport, ImportError> {
    let runs = store.imports().await?;
    if !runs
        .iter()
        .any(|one| one.id == run && one.undone_at.is_none())
    {
        return Err(ImportError::NoSuchRun);
    }
    let mut report = UndoReport::default();
    // Fields first: this may be repeated, while a run is withdrawn once.
    let scopes = store.written_by(DeviceId::from_uuid(run)).await?;
    note_reads(store, by, &scopes, now).await?;
    let mut pen = Pen::new(
        store.system(),
        *OpId::new(now, rand::random()).as_uuid(),
        now,
    );
    for scope in &scopes {
        restore(store, &mut pen, *scope, run, &mut report).await?;
    }
    let undone = store
        .undo_import(by, run, now)
        .await
        .map_err(|error| match error {
            StoreError::NotFound => ImportError::NoSuchRun,
            error => error.into(),
        })?;
    report.withdrawn = undone.withdrawn.len();
    // Those that stay were read above; where a right is all that the run gave, nothing was yet.
    let others = undone.rights.iter().map(|right| right.scope);
    let others: BTreeSet<ScopeId> = others.filter(|scope| !scopes.contains(scope)).collect();
    note_reads(store, by, &Vec::from_iter(others), now).await?;
    for right in undone.rights {
        report.rights.push(UndoneRight {
            family: name_of(store, right.scope).await?,
            login: login_of(store, right.user).await?,
            is_closed: right.again.is_none(),
        });
    }
    for scope in undone.kept {
        report.kept.push(name_of(store, scope).await?);
    }
    Ok(report)
}

/// A family's id in the list.
async fn name_of(store: &dyn Store, scope: ScopeId) -> Result<String, StoreError> {
    let case = case(&ops(store, scope).await?, scope);
    Ok(external_id(&case, scope))
}

async fn login_of(store: &dyn Store, user: UserId) -> Result<String, StoreError> {
    let found = store.user(user).await?;
    Ok(found.map_or_else(|| user.to_string(), |user| user.login))
}

/// Puts back what the run changed in a scope that was there before it.
async fn restore(
    store: &dyn Store,
    pen: &mut Pen,
    scope: ScopeId,
    run: Uuid,
    report: &mut UndoReport,
) -> Result<(), ImportError> {
    let ops = ops(store, scope).await?;
    let device = DeviceId::from_uuid(run);
    let is_new = ops.first().is_some_and(|op| op.device == device);
    let own: Vec<&Op> = ops.iter().filter(|op| op.device == device).collect();
    if is_new || own.is_empty() {
        return Ok(());
    }
    let case = case(&ops, scope);
    let by_id: BTreeMap<OpId, &Op> = ops.iter().map(|op| (op.id, op)).collect();
    let mut writes = Vec::new();
    let mut has_grown = false;
    for op in own {
        match before(op, &case, &by_id) {
            Before::Said(write) => writes.push(*write),
            Before::Settled => {}
            Before::Nothing => has_grown = true,
        }
    }
    report.restored += writes.len();
    if has_grown {
        report.grown.push(external_id(&case, scope));
    }
    pen.send(store, scope, &writes).await
}

/// What a field said before a write of the run.
enum Before {
    /// This, to be written again.
    Said(Box<Write>),
    /// The write does not stand any more: somebody has decided since.
    Settled,
    /// Nothing.
    Nothing,
}

fn before(op: &Op, case: &Case, by_id: &BTreeMap<OpId, &Op>) -> Before {
    let Some(known) = known(op) else {
        return Before::Settled;
    };
    let replaced = op.replaces.iter().max();
    let replaced = replaced
        .and_then(|id| by_id.get(id))
        .and_then(|op| self::known(op));
    match known {
        Known::FamilyWritten(field) => {
            let earlier = match replaced {
                Some(Known::FamilyWritten(field)) => Some(field.clone()),
                _ => None,
            };
            again(
                &case.household.fields,
                op,
                field,
                earlier,
                Known::FamilyWritten,
            )
        }
        Known::MemberWritten { member, field } => {
            let Some(stored) = case.household.entry(*member) else {
                return Before::Settled;
            };
            let earlier = match replaced {
                Some(Known::MemberWritten { field, .. }) => Some(field.clone()),
                _ => None,
            };
            let member = *member;
            again(&stored.fields, op, field, earlier, |field| {
                Known::MemberWritten { member, field }
            })
        }
        _ => Before::Settled,
    }
}

fn again<F: Field>(
    fields: &Fields<F>,
    op: &Op,
    field: &F,
    earlier: Option<F>,
    known: impl Fn(F) -> Known,
) -> Before {
    let Some(register) = fields.register(field.key()) else {
        return Before::Settled;
    };
    let standing: BTreeSet<OpId> = register.standing().map(|(id, _)| id).collect();
    if !standing.contains(&op.id) {
        return Before::Settled;
    }
    // Beside a person's word the run replaced nothing: then that word is what the field said.
    let other = register.standing().rfind(|(id, _)| *id != op.id);
    let said = earlier.or_else(|| other.map(|(_, write)| write.value.clone()));
    said.map_or(Before::Nothing, |said| {
        Before::Said(Box::new(Write {
            known: known(said),
            replaces: vec![op.id],
        }))
    })
}

fn known(op: &Op) -> Option<&Known> {
    match &op.change {
        Change::Known(known) => Some(known),
        Change::Unknown(_) => None,
    }
}

fn external_id(case: &Case, scope: ScopeId) -> String {
    match case.household.fields.value(FamilyKey::ExternalId) {
        Some(FamilyField::ExternalId(id)) => id.clone(),
        _ => scope.to_string(),
    }
}
