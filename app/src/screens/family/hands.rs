//! Writing one thing about a family and saying so, with a way back.

use domain::id::{OpId, ScopeId};
use domain::state::Case;
use leptos::prelude::*;
use replica::stored::DiskError;

use crate::frame::{Toasts, use_toasts};
use crate::session::{Session, Writing, use_session};
use crate::words::{Words, use_words};

/// What a button of a family's screen needs to write something, also after the screen is left.
#[derive(Clone, Copy)]
pub struct Hands {
    /// The family.
    pub scope: ScopeId,
    /// The unlocked copy.
    pub session: Session,
    /// Where it is said.
    pub toasts: Toasts,
    /// In which language.
    pub words: Words,
}

/// Hands for a family.
pub fn use_hands(scope: ScopeId) -> Hands {
    Hands {
        scope,
        session: use_session(),
        toasts: use_toasts(),
        words: use_words(),
    }
}

impl Hands {
    /// The family as it stands now; the caller does not run again when it changes.
    pub fn look<T>(self, look: impl FnOnce(&Case) -> Option<T>) -> Option<T> {
        let (scope, session) = (self.scope, self.session);
        untrack(|| session.read(|replica| look(replica.state().cases.get(&scope)?)))
    }

    /// Writes it. Once it is on disk `said` is said, with the way back where there is one.
    pub fn write(self, writing: Writing, said: String, undo: Option<Callback<()>>) {
        let (toasts, words) = (self.toasts, self.words);
        let say = move |done: Result<Vec<OpId>, DiskError>| match (done, undo) {
            (Ok(_), Some(undo)) => toasts.say_with(said.clone(), words.undo(), undo),
            (Ok(_), None) => toasts.say(said.clone()),
            (Err(why), _) => toasts.say(words.disk_error(why)),
        };
        // The button that was pressed may be gone by the time the disk answers.
        let done = toasts.outlive(|| Callback::new(say));
        if let Err(why) = self
            .session
            .record(self.scope, vec![writing], Vec::new(), done)
        {
            toasts.say(words.record_error(&why));
        }
    }

    /// What a toast does when it is pressed, on whatever screen that happens.
    pub fn later(self, act: impl Fn() + Send + Sync + 'static) -> Callback<()> {
        self.toasts.outlive(|| Callback::new(move |()| act()))
    }
}
