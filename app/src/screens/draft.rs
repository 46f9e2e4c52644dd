//! What is typed into a form: on disk within a second of every change, back in the form when it is
//! opened again, and off the disk in the same commit that saves it.
//!
//! What lies on phones outlives the build that wrote it: a form's draft may gain fields that have a
//! default, and nothing else about it changes.

use domain::id::{OpId, ScopeId};
use domain::op::{Change, Op};
use domain::upcast;
use leptos::prelude::*;
use replica::stored::DiskError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::device::senses;
use crate::driver::Kept;
use crate::frame::use_toasts;
use crate::parts::choice::{Button, Weight};
use crate::parts::mark::Tone;
use crate::parts::message::Notice;
use crate::session::{Session, Writing, use_session};
use crate::watch::watch_changes;
use crate::words::{Words, use_words};

/// Drafts that hold nothing.
const EMPTY: [&str; 2] = ["\"\"", "[]"];

/// Where the draft of a form lies, and whether something was found there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    key: String,
    is_found: bool,
}

/// The draft of an open form.
#[derive(Clone, Copy)]
pub struct Draft {
    session: Session,
    words: Words,
    key: StoredValue<String>,
    now: Signal<String>,
    told: Option<Kept>,
    is_found: bool,
    saving: Saving,
}

/// Whether a form is being saved: a second tap would write everything twice.
#[derive(Clone, Copy)]
pub struct Saving(StoredValue<bool>);

impl Saving {
    /// It is not.
    pub fn not_yet() -> Self {
        Self(StoredValue::new(false))
    }

    /// Begins, unless it is under way.
    pub fn begin(self) -> bool {
        // The form may be gone by now, because it was saved.
        self.0
            .try_update_value(|is_saving| !std::mem::replace(is_saving, true))
            == Some(true)
    }

    /// It came to nothing: the person may try again.
    pub fn give_up(self) {
        self.0.try_update_value(|is_saving| *is_saving = false);
    }
}

/// A form out of what was found of it, if that can be read.
type Made = Box<dyn Fn(Place, Option<&str>) -> Option<AnyView> + Send>;

/// Shows a form once it is known what was left in it: nobody types before that, so that neither
/// what was left nor what is typed takes the place of the other.
pub fn drafted<T: DeserializeOwned + 'static>(
    key: String,
    form: impl Fn(Place, Option<T>) -> AnyView + Send + 'static,
) -> AnyView {
    opened(
        key,
        Box::new(move |place, found| {
            let left = match found {
                Some(json) => Some(serde_json::from_str(json).ok()?),
                None => None,
            };
            Some(form(place, left))
        }),
    )
}

/// As [`drafted`], for a form that is kept as the writes that saving it would make.
pub fn drafted_writes(
    key: String,
    form: impl Fn(Place, Vec<Writing>) -> AnyView + Send + 'static,
) -> AnyView {
    opened(
        key,
        Box::new(move |place, found| {
            let left = found.map_or(Some(Vec::new()), writes_of)?;
            Some(form(place, left))
        }),
    )
}

/// What is known of a draft: where it was looked for, and what was found there.
type Found = (String, Result<Option<String>, DiskError>);

fn opened(key: String, form: Made) -> AnyView {
    let session = use_session();
    let toasts = use_toasts();
    let words = use_words();
    let read = RwSignal::new(None::<Found>);
    let look = move |key: String| {
        let at = key.clone();
        let then = Callback::new(move |found| read.set(Some((at.clone(), found))));
        session.draft(key, then);
    };
    let other = apart(&key);
    let has_other = RwSignal::new(false);
    let then = Callback::new(move |found: Result<_, _>| has_other.set(found.is_ok_and(has_words)));
    session.draft(other.clone(), then);
    look(key);
    (move || {
        let (key, found) = read.get()?;
        let Ok(found) = found else {
            return Some(view! { <Unreadable key=key look=Callback::new(look) /> }.into_any());
        };
        let place = Place {
            key: key.clone(),
            is_found: has_words(found.clone()),
        };
        let shown = untrack(|| form(place, found.as_deref()));
        if shown.is_none()
            && let Some(json) = found
        {
            // Whatever wrote it, its words are somebody's: they stay where they are, the person is
            // told, and the form is kept elsewhere.
            let save = move || senses::save_file("percorso.txt", &json);
            let save = toasts.outlive(|| Callback::new(move |()| save()));
            toasts.say_with(words.draft_unread(), words.save_as_file(), save);
            look(apart(&key));
        }
        let other = other.clone();
        let is_first = key.len() < other.len();
        let offered = move || {
            let other = other.clone();
            let (said, label) = (words.draft_apart(), words.draft_open());
            let open = move |()| look(other.clone());
            (is_first && has_other.get())
                .then(|| view! { <Offered said=said label=label open=open /> })
        };
        Some(view! { {offered} {shown} }.into_any())
    })
    .into_any()
}

/// How the key of a draft ends that is kept apart.
const APART: &str = "/anew";

/// Where a form is kept while what lies in its place cannot be read.
fn apart(key: &str) -> String {
    format!("{key}{APART}")
}

/// Whether somebody's words were found.
fn has_words(found: Option<String>) -> bool {
    found.is_some_and(|json| !EMPTY.contains(&json.as_str()))
}

/// In place of a form: nobody can tell now whether something was left in it. An empty form would be
/// written over it.
#[component]
fn Unreadable(key: String, look: Callback<String>) -> impl IntoView {
    let words = use_words();
    // There is one place apart: where that cannot be read, either, nothing is begun in a third.
    let other = (!key.ends_with(APART)).then(|| apart(&key));
    view! {
        <Offered
            said=words.draft_failed()
            label=words.try_again()
            open=move |()| look.run(key.clone())
        />
        {other.map(|other| view! {
            <Button
                label=words.draft_begin().to_owned()
                on_press=move |()| look.run(other.clone())
                weight=Weight::Bare
            />
        })}
    }
    .into_any()
}

#[component]
fn Offered(
    said: &'static str,
    label: &'static str,
    #[prop(into)] open: Callback<()>,
) -> impl IntoView {
    view! {
        <Notice tone=Tone::Ochre icon="circle-alert">{said}</Notice>
        <Button label=label.to_owned() on_press=open weight=Weight::Soft />
    }
    .into_any()
}

/// What a draft that was kept as writes would write.
pub fn writes_of(json: &str) -> Option<Vec<Writing>> {
    let ops: Vec<Box<RawValue>> = serde_json::from_str(json).ok()?;
    let ops = ops.iter().map(|op| upcast::read(op.get()).ok());
    let write = |op: Option<Op>| {
        let op = op?;
        match op.change {
            Change::Known(known) => Some(Writing::replacing(op.replaces, *known)),
            Change::Unknown(_) => None,
        }
    };
    ops.map(write).collect()
}

/// A form as it lies on disk.
pub fn json(form: &impl Serialize) -> String {
    serde_json::to_string(form).unwrap_or_default()
}

impl Draft {
    /// Keeps `now`, a form as JSON, whenever it changes.
    pub fn keep(place: Place, now: Signal<String>) -> Self {
        Self::keep_and_tell(place, now, None)
    }

    /// As [`Draft::keep`]; `told` runs when it is on disk or could not be written.
    pub fn keep_and_tell(place: Place, now: Signal<String>, told: Option<Kept>) -> Self {
        let draft = Self {
            session: use_session(),
            words: use_words(),
            key: StoredValue::new(place.key),
            now,
            told,
            is_found: place.is_found,
            saving: Saving::not_yet(),
        };
        watch_changes(move || now.get(), move |_, _| draft.keep_now());
        draft
    }

    /// Keeps a form that is one value.
    pub fn of<T: Serialize + Send + Sync + 'static>(place: Place, form: RwSignal<T>) -> Self {
        Self::keep(place, Signal::derive(move || json(&*form.read())))
    }

    /// Keeps a form as the writes that saving it would make.
    pub fn of_writes(
        place: Place,
        scope: ScopeId,
        writes: impl Fn() -> Vec<Writing> + Send + Sync + 'static,
    ) -> Self {
        let session = use_session();
        let now = Signal::derive(move || json(&session.ops(scope, writes())));
        Self::keep(place, now)
    }

    fn keep_now(self) {
        let now = self.now.get_untracked();
        if EMPTY.contains(&now.as_str()) {
            return self.forget();
        }
        self.session
            .keep_draft(self.key.get_value(), now, self.told);
    }

    /// Where it is kept, for whoever saves the form by other means.
    pub const fn session(self) -> Session {
        self.session
    }

    /// The words of the form.
    pub const fn words(self) -> Words {
        self.words
    }

    /// For a form that is saved by other means than [`Draft::save`].
    pub const fn saving(self) -> Saving {
        self.saving
    }

    /// The drafts that saving the form takes the place of.
    pub fn keys(self) -> Vec<String> {
        vec![self.key.get_value()]
    }

    /// Forgets it: the person gave the form up.
    pub fn forget(self) {
        self.session.forget_draft(self.key.get_value());
    }

    /// As [`Draft::forget`], to be done once the form may be gone.
    pub fn forgetting(self) -> Callback<()> {
        let key = self.key.get_value();
        Callback::new(move |()| self.session.forget_draft(key.clone()))
    }

    /// Says that the form was found half-written, where it was.
    pub fn found(self) -> Option<AnyView> {
        let words = self.words;
        self.is_found
            .then(|| view! { <p class="hint">{words.draft_found()}</p> }.into_any())
    }

    /// Records what the form says in place of the draft. `saved` runs once that is on disk;
    /// `error` says what went wrong.
    pub fn save(
        self,
        scope: ScopeId,
        writes: Vec<Writing>,
        error: RwSignal<Option<String>>,
        saved: Callback<()>,
    ) {
        if !self.saving.begin() {
            return;
        }
        let keys = self.keys();
        let kept = self.kept();
        let then = Callback::new(move |done: Result<Vec<OpId>, DiskError>| match done {
            Ok(_) => saved.run(()),
            Err(why) => {
                self.saving.give_up();
                error.set(Some(self.words.disk_error(why).to_owned()));
                kept.run(());
            }
        });
        if let Err(why) = self.session.record(scope, writes, keys, then) {
            self.saving.give_up();
            error.set(Some(self.words.record_error(&why)));
        }
    }

    /// What to do when recording took the draft's place and failed: what was typed is kept anew,
    /// also when the form is gone by then.
    pub fn kept(self) -> Callback<()> {
        let (key, then) = (self.key.get_value(), self.now.get_untracked());
        Callback::new(move |()| {
            let now = self.now.try_get_untracked();
            let now = now.unwrap_or_else(|| then.clone());
            self.session.keep_draft(key.clone(), now, self.told);
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::id::Millis;

    use super::*;
    use crate::device::drafts::{Form, is_draft_of};

    #[test]
    fn a_second_tap_saves_nothing_until_the_first_has_failed() {
        Owner::new().with(|| {
            let saving = Saving::not_yet();
            assert!(saving.begin());
            assert!(!saving.begin());
            saving.give_up();
            assert!(saving.begin());
        });
    }

    #[test]
    fn what_is_kept_apart_is_a_draft_of_the_same_form_and_family() {
        let scope = ScopeId::new(Millis(1), [1; 10]);
        for form in Form::ALL {
            let key = apart(&form.key_of(scope, "new"));
            assert_eq!(Form::behind(&key), Some(*form));
            assert!(is_draft_of(&key, scope), "{key}");
        }
    }

    #[test]
    fn a_draft_that_holds_nothing_is_offered_to_nobody() {
        for (found, expected) in [(None, false), (Some("[]"), false), (Some("\"a\""), true)] {
            assert_eq!(has_words(found.map(str::to_owned)), expected, "{found:?}");
        }
    }
}
