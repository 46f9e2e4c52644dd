//! The form of an action, and the writes that it leads to. Pure.

use domain::field::Field;
use domain::id::{ActionId, GoalId, MemberId, OpId};
use domain::op::Known;
use domain::plan::{Action, ActionField, ActionKey};
use domain::vocabulary::{ActionKind, ActionState, Barrier, WhoActs};
use jiff::civil::Date;

use crate::session::Writing;

/// What the form of an action holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionForm {
    /// Commitment or support.
    pub kind: Option<ActionKind>,
    /// What.
    pub what: String,
    /// Who acts.
    pub who_acts: Option<WhoActs>,
    /// The member bound.
    pub member: Option<MemberId>,
    /// The service involved.
    pub service: String,
    /// By when.
    pub due: Option<Date>,
    /// State.
    pub state: Option<ActionState>,
    /// What blocks it.
    pub barrier: Option<Barrier>,
}

/// An action's form, and what stood when it was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionEdit {
    /// Which action.
    pub action: ActionId,
    /// What the form holds.
    pub form: ActionForm,
    goal: GoalId,
    was: Vec<ActionField>,
    heads: Vec<(ActionKey, Vec<OpId>)>,
}

impl ActionEdit {
    /// Opens the form of an action.
    pub fn of(id: ActionId, goal: GoalId, action: &Action) -> Self {
        let fields = &action.fields;
        let mut form = empty();
        for (_, register) in fields.iter() {
            match register.value() {
                Some(ActionField::Kind(kind)) => form.kind = Some(*kind),
                Some(ActionField::What(what)) => form.what.clone_from(what),
                Some(ActionField::WhoActs(who)) => form.who_acts = Some(*who),
                Some(ActionField::Member(member)) => form.member = Some(*member),
                Some(ActionField::Service(service)) => form.service.clone_from(service),
                Some(ActionField::Due(due)) => form.due = Some(*due),
                Some(ActionField::State(state)) => form.state = Some(*state),
                Some(ActionField::Barrier(barrier)) => form.barrier = Some(*barrier),
                Some(ActionField::Goal(_)) | None => {}
            }
        }
        Self {
            action: id,
            form,
            goal,
            was: fields
                .iter()
                .filter_map(|(_, register)| register.value().cloned())
                .collect(),
            heads: fields
                .iter()
                .map(|(key, register)| (key, register.heads()))
                .collect(),
        }
    }

    /// Whether the action is not in the plan yet.
    pub fn is_new(&self) -> bool {
        self.was.is_empty()
    }

    /// Opens the form of a new action under a goal.
    pub fn new(id: ActionId, goal: GoalId) -> Self {
        let form = ActionForm {
            kind: Some(ActionKind::Commitment),
            who_acts: Some(WhoActs::Together),
            state: Some(ActionState::Todo),
            ..empty()
        };
        Self {
            action: id,
            form,
            goal,
            was: Vec::new(),
            heads: Vec::new(),
        }
    }

    /// Whether it says what is to be done.
    pub fn is_complete(&self) -> bool {
        !self.form.what.trim().is_empty()
    }

    /// The writes: one for each field that changed.
    pub fn writings(&self) -> Vec<Writing> {
        let form = &self.form;
        let tidy = |text: &str| text.trim().to_owned();
        let mut wanted = vec![
            ActionField::Goal(self.goal),
            ActionField::What(tidy(&form.what)),
        ];
        let had_service = self
            .was
            .iter()
            .any(|field| field.key() == ActionKey::Service);
        if had_service || !form.service.trim().is_empty() {
            wanted.push(ActionField::Service(tidy(&form.service)));
        }
        wanted.extend(form.kind.map(ActionField::Kind));
        wanted.extend(form.who_acts.map(ActionField::WhoActs));
        wanted.extend(form.member.map(ActionField::Member));
        wanted.extend(form.due.map(ActionField::Due));
        wanted.extend(form.state.map(ActionField::State));
        wanted.extend(
            form.barrier
                .filter(|_| form.state == Some(ActionState::Blocked))
                .map(ActionField::Barrier),
        );
        wanted
            .into_iter()
            .filter(|field| !self.was.contains(field))
            .map(|field| {
                let heads = self.heads.iter().find(|(key, _)| *key == field.key());
                let replaces = heads.map(|(_, ids)| ids.clone()).unwrap_or_default();
                Writing::replacing(
                    replaces,
                    Known::ActionWritten {
                        action: self.action,
                        field,
                    },
                )
            })
            .collect()
    }
}

fn empty() -> ActionForm {
    ActionForm {
        kind: None,
        what: String::new(),
        who_acts: None,
        member: None,
        service: String::new(),
        due: None,
        state: None,
        barrier: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screens::fixture::{Family, NOON, goal, tutor};

    #[test]
    fn an_action_is_written_and_changed_field_by_field() {
        let id = ActionId::new(NOON, [5; 10]);
        let mut edit = ActionEdit::new(id, goal(1));
        assert!(!edit.is_complete());
        edit.form.what = " Chiama la scuola ".into();
        edit.form.barrier = Some(Barrier::Cost);
        let mut family = Family::hassan();
        family.wrote(tutor(), edit.writings());
        let case = family.case();
        let action = &case.plan.actions[&id];
        assert_eq!(action.what(), Some("Chiama la scuola"));
        assert_eq!(
            action.barrier(),
            None,
            "only a blocked action has a barrier"
        );

        let mut edit = ActionEdit::of(id, goal(1), action);
        assert!(edit.writings().is_empty());
        edit.form.state = Some(ActionState::Blocked);
        edit.form.barrier = Some(Barrier::Cost);
        let made = edit.writings();
        assert_eq!(made.len(), 2);
        assert_eq!(made[0].replaces, action.fields.heads(ActionKey::State));
    }
}
