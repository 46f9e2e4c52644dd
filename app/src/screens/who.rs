//! What the people who work here are called on the screens.

use domain::id::{Millis, UserId};
use leptos::prelude::untrack;

use crate::session::Session;
use crate::words::Words;

/// Somebody by name, as far as this phone knows it: the reader as "you".
pub fn who(user: UserId, session: Session, words: Words) -> String {
    words.who(name_of(user, session), session.owner().user == user)
}

/// The same in a sentence that has no place for "you".
pub fn by_name(user: UserId, session: Session, words: Words) -> String {
    words.who(name_of(user, session), false)
}

/// Who wrote something, and when.
pub fn who_wrote(user: UserId, at: Millis, session: Session, words: Words) -> String {
    let when = words.moment(session.local(at), session.today());
    format!("{} · {when}", who(user, session, words))
}

fn name_of(user: UserId, session: Session) -> Option<String> {
    untrack(|| session.name_of(user))
}
