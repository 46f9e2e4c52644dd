//! Forms that were never saved: under which keys they lie on a phone, and what takes them away.
//! Pure.

use domain::id::ScopeId;
use replica::stored::Batch;
use serde::{Deserialize, Serialize};

/// A form that keeps what is typed into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A visit being written down.
    Visit,
    /// A goal.
    Goal,
    /// A note, or the correction of an entry.
    Note,
    /// The comment to a decision.
    Review,
    /// A visit to come.
    Appointment,
    /// The data of a household.
    Household,
    /// A member of a household.
    Member,
    /// An action under a goal.
    Action,
    /// The family's answer to a version.
    Answer,
    /// The correction of what the server refused.
    Refused,
    /// Why somebody's words are not adopted.
    Decline,
    /// What a family said in Insieme.
    Together,
    /// A recording that was cut off: a note of it, and its bytes in rows of their own.
    Voice,
}

impl Form {
    /// Every form.
    pub const ALL: &[Self] = &[
        Self::Visit,
        Self::Goal,
        Self::Note,
        Self::Review,
        Self::Appointment,
        Self::Household,
        Self::Member,
        Self::Action,
        Self::Answer,
        Self::Refused,
        Self::Decline,
        Self::Together,
        Self::Voice,
    ];

    /// The word with which its keys begin. Drafts of earlier builds lie under it: it never changes.
    const fn word(self) -> &'static str {
        match self {
            Self::Visit => "visit",
            Self::Goal => "goal",
            Self::Note => "note",
            Self::Review => "review",
            Self::Appointment => "appointment",
            Self::Household => "household",
            Self::Member => "member",
            Self::Action => "action",
            Self::Answer => "answer",
            Self::Refused => "refused",
            Self::Decline => "decline",
            Self::Together => "together",
            Self::Voice => "voice",
        }
    }

    /// The key of the one form of this kind that a family has.
    pub fn key(self, scope: ScopeId) -> String {
        format!("{}/{scope}", self.word())
    }

    /// The key of this form about one thing of a family; a new thing is `new`. It holds no words.
    pub fn key_of(self, scope: ScopeId, thing: &str) -> String {
        format!("{}/{scope}/{thing}", self.word())
    }

    /// The form whose draft lies under a key.
    pub fn behind(key: &str) -> Option<Self> {
        let word = key.split('/').next()?;
        Self::ALL.iter().copied().find(|form| form.word() == word)
    }
}

/// Where it lies until it was told which families were given up and took unsaved forms along.
pub const UNTOLD: &str = "parted";

/// A family that was given up and took unsaved forms along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parted {
    /// What it is called, if it was known here.
    pub family: Option<String>,
    /// The keys of their drafts.
    pub drafts: Vec<String>,
}

/// Whether a draft's key names a scope: every form of a family has its id in its key.
pub fn is_draft_of(key: &str, scope: ScopeId) -> bool {
    let scope = scope.to_string();
    key.split('/').any(|part| part == scope)
}

/// Whether a key is that of a form's bytes, which its note stands for.
fn is_row(key: &str) -> bool {
    Form::behind(key) == Some(Form::Voice) && key.matches('/').count() > 1
}

/// The scopes that a batch takes away. What else it empties begins anew after the server was
/// restored: it stays with its owner, and so does what is being typed about it.
pub fn taken_away(batch: &Batch) -> Vec<ScopeId> {
    let stays = |scope: &ScopeId| {
        let standing = batch.standing.as_ref();
        standing.is_some_and(|standing| standing.is_granted(*scope))
    };
    let emptied = batch.purge.iter().copied();
    emptied.filter(|scope| !stays(scope)).collect()
}

/// What went unsaved with families, by the keys of their drafts.
pub fn parted(families: Vec<(ScopeId, Option<String>)>, drafts: &[String]) -> Vec<Parted> {
    let of = |(scope, family): (ScopeId, Option<String>)| {
        let drafts = drafts.iter().filter(|key| is_draft_of(key, scope));
        let drafts = drafts.filter(|key| !is_row(key));
        let drafts: Vec<String> = drafts.cloned().collect();
        (!drafts.is_empty()).then_some(Parted { family, drafts })
    };
    families.into_iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use domain::authorize::{Relation, ScopeKind};
    use domain::id::Millis;
    use replica::message::Grant;
    use replica::stored::Standing;

    use super::*;

    fn scope(number: u8) -> ScopeId {
        ScopeId::new(Millis(1), [number; 10])
    }

    #[test]
    fn the_drafts_of_a_scope_are_those_that_name_it() {
        for form in Form::ALL {
            let thing = scope(2).to_string();
            for key in [form.key(scope(1)), form.key_of(scope(1), &thing)] {
                assert!(is_draft_of(&key, scope(1)), "{key}");
                assert_eq!(Form::behind(&key), Some(*form));
            }
        }
        assert!(!is_draft_of(&Form::Note.key(scope(2)), scope(1)));
        assert_eq!(Form::Goal.key_of(scope(1), "new"), {
            format!("goal/{}/new", scope(1))
        });
    }

    #[test]
    fn a_scope_that_begins_anew_keeps_its_drafts() {
        let grant = |number| Grant {
            scope: scope(number),
            kind: ScopeKind::Family,
            relation: Relation::Tutor,
            head: 0,
        };
        let batch = Batch {
            purge: vec![scope(1), scope(2)],
            standing: Some(Standing {
                grants: vec![grant(2)],
                ..Standing::default()
            }),
            ..Batch::default()
        };
        assert_eq!(taken_away(&batch), [scope(1)]);
    }

    #[test]
    fn what_went_with_a_family_is_told_and_nothing_else() {
        let families = [1, 2, 3].map(|n| (scope(n), Some(format!("Famiglia {n}"))));
        let drafts = [
            Form::Visit.key_of(scope(1), "new"),
            Form::Note.key(scope(1)),
            Form::Goal.key_of(scope(3), "new"),
            Form::Note.key(scope(4)),
            Form::Voice.key(scope(3)),
            Form::Voice.key_of(scope(3), "0000"),
        ];
        let found = parted(families.to_vec(), &drafts);
        let found: Vec<_> = found
            .iter()
            .map(|one| (one.family.as_deref(), one.drafts.as_slice()))
            .collect();
        let expected = [
            (Some("Famiglia 1"), &drafts[..2]),
            (Some("Famiglia 3"), &[drafts[2].clone(), drafts[4].clone()]),
        ];
        assert_eq!(found, expected);
    }
}
