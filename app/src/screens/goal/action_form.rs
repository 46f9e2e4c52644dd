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
    /// The goal that it is for.
    pub goal: GoalId,
    was: Vec<ActionField>,
    heads: Vec<(ActionKey, Vec<OpId>)>,
}

impl ActionForm {
    fn take(&mut self, field: &ActionField) {
        match field {
            ActionField::Kind(kind) => self.kind = Some(*kind),
            ActionField::What(what) => self.what.clone_from(what),
            ActionField::WhoActs(who) => self.who_acts = Some(*who),
            ActionField::Member(member) => self.member = Some(*member),
            ActionField::Service(service) => self.service.clone_from(service),
            ActionField::Due(due) => self.due = Some(*due),
            ActionField::State(state) => self.state = Some(*state),
            ActionField::Barrier(barrier) => self.barrier = Some(*barrier),
            ActionField::Goal(_) => {}
        }
    }
}

impl ActionEdit {
    /// Opens the form of an action.
    pub fn of(id: ActionId, goal: GoalId, action: &Action) -> Self {
        let fields = &action.fields;
        let mut form = empty();
        for (_, register) in fields.iter() {
            register
                .value()
                .into_iter()
                .for_each(|field| form.take(field));
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

    /// The form as it was left, by the writes that it would have made then. They still replace
    /// what was on screen then.
    pub fn resumed(mut self, left: Vec<Writing>) -> Self {
        for Writing { replaces, change } in left {
            if let Known::ActionWritten { field, .. } = change {
                self.form.take(&field);
                self.heads.retain(|(key, _)| *key != field.key());
                self.heads.push((field.key(), replaces));
            }
        }
        self
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
        edit.form.service = "CPIA".into();
        let made = edit.writings();
        assert_eq!(made.len(), 3);
        assert_eq!(made[1].replaces, action.fields.heads(ActionKey::State));

        let left = ActionEdit::of(id, goal(1), action).resumed(made.clone());
        assert_eq!(left.form, edit.form, "resumed as it was left");
        assert_eq!(left.writings()[1].replaces, made[1].replaces);
    }
}
