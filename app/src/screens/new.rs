//! ＋: for whom, then a visit, one to come, or a note. One filled choice.

use domain::id::{ScopeId, VisitId};
use domain::order;
use jiff::civil::{Date, Time};
use leptos::prelude::*;
use replica::replica::Replica;

use crate::parts::mark::Icon;
use crate::parts::sheet::Sheet;
use crate::screens::appointment::edit::planned;
use crate::session::use_session;
use crate::watch::hear;
use crate::words::{Words, use_words};

/// A family that something new may be for.
#[derive(Clone, Debug, PartialEq)]
struct Choice {
    scope: ScopeId,
    name: String,
    /// Today's visit that was not made yet.
    visit: Option<(Option<Time>, VisitId)>,
}

/// The sheet.
#[component]
pub fn NewSheet(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <Sheet open=open labelled_by="new">
            <Choices open=open />
        </Sheet>
    }
}

#[component]
fn Choices(open: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let choices = untrack(|| session.read(|replica| choices(replica, session.today())));
    let first = choices.first().map(|choice| choice.scope.to_string());
    let chosen = RwSignal::new(first.unwrap_or_default());
    let (today, all): (Vec<_>, Vec<_>) = choices
        .iter()
        .cloned()
        .partition(|choice| choice.visit.is_some());
    let stored = StoredValue::new(choices);
    let visit_href = move || {
        let scope = chosen.get();
        let visit = stored.with_value(|all| {
            let found = all.iter().find(|choice| choice.scope.to_string() == scope);
            found.and_then(|choice| choice.visit)
        });
        match visit {
            Some((_, visit)) => format!("/famiglia/{scope}/visita/{visit}"),
            None => format!("/famiglia/{scope}/visita/nuova"),
        }
    };
    let plan_href = move || format!("/famiglia/{}/appuntamento/nuovo", chosen.get());
    let note_href = move || format!("/famiglia/{}/diario#nota", chosen.get());
    let on_leave = move |_| open.set(false);
    view! {
        <h2 id="new">{words.something_new()}</h2>
        <label class="label" for="new-for">{words.for_whom()}</label>
        <select
            class="field"
            id="new-for"
            autocomplete="off"
            on:change=hear(move |event| chosen.set(event_target_value(&event)))
        >
            {group(words.visits_of_today(), today, words)}
            {group(words.all_families(), all, words)}
        </select>
        <div class="drawer__acts">
            <a class="btn btn--main" href=visit_href on:click=hear(on_leave)>
                <Icon name="footprints" class="icon--lg" />
                <span>{words.new_visit()}<small>{words.new_visit_hint()}</small></span>
            </a>
            <a class="btn" href=plan_href on:click=hear(on_leave)>
                <Icon name="calendar-days" class="icon--lg" />
                <span>{words.plan_visit()}<small>{words.plan_visit_hint()}</small></span>
            </a>
            <a class="btn" href=note_href on:click=hear(on_leave)>
                <Icon name="notebook-pen" class="icon--lg" />
                <span>{words.new_note()}<small>{words.new_note_hint()}</small></span>
            </a>
        </div>
        <button class="nav__add drawer__close" type="button" on:click=hear(on_leave)>
            <span class="nav__plus"><Icon name="x" /></span>
            <span>{words.close()}</span>
        </button>
    }
    .into_any()
}

fn group(label: &'static str, choices: Vec<Choice>, words: Words) -> impl IntoView {
    let is_empty = choices.is_empty();
    let options = choices
        .into_iter()
        .map(|choice| {
            let time = choice.visit.and_then(|(time, _)| time);
            let text = match time {
                Some(time) => format!("{} {}", words.time(time), choice.name),
                None => choice.name,
            };
            view! { <option value=choice.scope.to_string()>{text}</option> }
        })
        .collect_view();
    (!is_empty).then(|| view! { <optgroup label=label>{options}</optgroup> })
}

/// Families by name; those still to be visited today first, by the hour.
fn choices(replica: &Replica, today: Date) -> Vec<Choice> {
    let cases = replica.state().cases.iter();
    let mut all: Vec<Choice> = cases
        .filter_map(|(scope, case)| {
            let name = case.household.name()?.latin.clone();
            let visit = planned(case)
                .filter(|(_, planned)| planned.date == today)
                .map(|(id, planned)| (planned.time, id))
                .min();
            Some(Choice {
                scope: *scope,
                name,
                visit,
            })
        })
        .collect();
    order::sort_by_key(&mut all, |choice| {
        let time = choice.visit.map(|(time, _)| (time.is_none(), time));
        (time.is_none(), time, choice.name.to_lowercase())
    });
    all
}
