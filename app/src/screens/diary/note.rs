//! Writing a note, and correcting an entry: the old one stays.

use domain::id::{OpId, ScopeId};
use domain::op::Known;
use domain::state::Case;
use leptos::prelude::*;

use crate::device::drafts::Form;
use crate::frame::use_toasts;
use crate::parts::form::stay;
use crate::parts::form::{Field, TextArea};
use crate::screens::draft::{Draft, Place, drafted, json};
use crate::session::{Session, Writing, use_session};
use crate::watch::hear;
use crate::words::use_words;

/// What is being corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Correcting {
    /// Nothing: a new note.
    Nothing,
    /// A note, with its words.
    Note(OpId, String),
    /// The record of a visit.
    Visit(OpId),
}

/// The record of a visit once more, with other minutes and another summary; it points at the one
/// that it corrects.
pub fn visit_again(case: &Case, old: OpId, minutes: u16, summary: &str) -> Option<Writing> {
    let (visit, entry) = case
        .visits
        .iter()
        .find_map(|(id, visit)| Some((*id, visit.records.get(&old)?)))?;
    let mut record = entry.record.clone();
    record.minutes = minutes;
    record.summary = summary.trim().to_owned();
    Some(Writing::new(Known::VisitRecorded {
        visit,
        record,
        corrects: Some(old),
    }))
}

/// The form of a note or of a correction, as it was left.
#[component]
pub fn EntryForm(
    scope: ScopeId,
    about: Correcting,
    open: RwSignal<Option<Correcting>>,
) -> impl IntoView {
    let session = use_session();
    match &about {
        Correcting::Nothing => drafted(Form::Note.key(scope), move |place, left| {
            let was = (String::new(), left.unwrap_or_default());
            view! { <Entry scope=scope about=about.clone() was=was place=place open=open /> }
                .into_any()
        }),
        Correcting::Note(old, _) | Correcting::Visit(old) => {
            let key = Form::Note.key_of(scope, &old.to_string());
            drafted(key, move |place, left| {
                let was = left.unwrap_or_else(|| as_written(session, scope, &about));
                view! { <Entry scope=scope about=about.clone() was=was place=place open=open /> }
                    .into_any()
            })
        }
    }
}

/// The minutes and the words of what is being corrected.
fn as_written(session: Session, scope: ScopeId, about: &Correcting) -> (String, String) {
    let known = match about {
        Correcting::Nothing => None,
        Correcting::Note(_, words) => Some((String::new(), words.clone())),
        Correcting::Visit(old) => untrack(|| {
            session.read(|replica| {
                let case = replica.state().cases.get(&scope)?;
                let mut visits = case.visits.values();
                let entry = visits.find_map(|visit| visit.records.get(old))?;
                let record = &entry.record;
                Some((record.minutes.to_string(), record.summary.clone()))
            })
        }),
    };
    known.unwrap_or_default()
}

#[component]
fn Entry(
    scope: ScopeId,
    about: Correcting,
    was: (String, String),
    place: Place,
    open: RwSignal<Option<Correcting>>,
) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let toasts = use_toasts();
    let (minutes, text) = (RwSignal::new(was.0), RwSignal::new(was.1));
    let error = RwSignal::new(None::<String>);
    let is_new = about == Correcting::Nothing;
    let now = move || {
        if is_new {
            json(&*text.read())
        } else {
            json(&(&*minutes.read(), &*text.read()))
        }
    };
    let draft = Draft::keep(place, Signal::derive(now));
    let is_visit = matches!(about, Correcting::Visit(_));
    let (label, hint) = match &about {
        Correcting::Nothing => (words.note_label(), String::new()),
        Correcting::Note(..) => (
            words.note_correct_label(),
            words.note_correct_hint().to_owned(),
        ),
        Correcting::Visit(_) => (
            words.visit_summary_label(),
            words.visit_correct_hint().to_owned(),
        ),
    };
    let about = StoredValue::new(about);
    let on_save = move |_| {
        let now = text.get_untracked();
        let made = match about.get_value() {
            Correcting::Nothing => Some(Writing::new(Known::NoteAdded {
                words: now,
                corrects: None,
            })),
            Correcting::Note(old, _) => Some(Writing::new(Known::NoteAdded {
                words: now,
                corrects: Some(old),
            })),
            Correcting::Visit(old) => {
                let minutes = minutes.read_untracked().trim().parse().unwrap_or(0);
                untrack(|| {
                    session.read(|replica| {
                        visit_again(replica.state().cases.get(&scope)?, old, minutes, &now)
                    })
                })
            }
        };
        let Some(made) = made else { return };
        let saved = Callback::new(move |()| {
            open.set(None);
            toasts.say(if is_new {
                words.note_toast()
            } else {
                words.correct_toast()
            });
        });
        draft.save(scope, vec![made], error, saved);
    };
    let on_cancel = move |_| {
        // A new note is found again where it was left; a correction is given up.
        if !is_new {
            draft.forget();
        }
        open.set(None);
    };
    view! {
        <form class="card stack" on:submit=hear(stay)>
            {draft.found()}
            {is_visit.then(|| view! {
                <Field id="entry-minutes" label=words.correct_minutes() value=minutes keyboard="numeric" />
            })}
            <TextArea id="entry-text" label=label hint=hint value=text rows=4 error=error
                sent_here=RwSignal::new(1) />
            <div class="row">
                <button type="button" class="btn btn--main" on:click=hear(on_save)>{words.save()}</button>
                <button type="button" class="btn btn--bare" on:click=hear(on_cancel)>{words.cancel()}</button>
            </div>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::visit::Rating;
    use jiff::civil::date;

    use super::*;
    use crate::screens::fixture::{Family, tutor, visit};

    #[test]
    fn a_corrected_visit_keeps_the_old_entry_and_counts_as_the_new() {
        let mut family = Family::hassan();
        family.visited(1, date(2026, 9, 30), Rating::default());
        let case = family.case();
        let old = *case.visits[&visit(1)]
            .records
            .keys()
            .next()
            .expect("it was recorded");
        let made = visit_again(&case, old, 30, " breve ").expect("the entry is there");
        family.wrote(tutor(), vec![made]);
        let case = family.case();
        let records = &case.visits[&visit(1)].records;
        assert_eq!(records.len(), 2);
        let (_, entry) = case.visits[&visit(1)].record().expect("it was recorded");
        assert_eq!(
            (entry.record.minutes, entry.record.summary.as_str()),
            (30, "breve")
        );
        assert!(case.is_corrected(old));
    }
}
