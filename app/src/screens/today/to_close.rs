//! A visit that was planned and that nobody closed: it was made, or it was not.

use domain::id::VisitId;
use leptos::prelude::*;

use crate::parts::mark::Icon;
use crate::screens::appointment::call_off;
use crate::screens::family::hands::Hands;
use crate::screens::family::visit_href;
use crate::watch::hear;

/// The row: whose and of which day it was (`note`), and what can be said of it.
#[component]
pub fn ToClose(hands: Hands, visit: VisitId, note: String) -> impl IntoView {
    let words = hands.words;
    let named = |label: &str| format!("{label}: {note}");
    let (record, not_made) = (named(words.record_visit()), named(words.not_made()));
    let on_not_made = move |_| call_off(hands, visit, words.not_made_toast());
    view! {
        <div>
            <div class="rowlink">
                <span class="rowlink__lead"><Icon name="notebook-pen" /></span>
                <span class="rowlink__body">
                    <span class="rowlink__title">{words.visit_to_close()}</span>
                    <span class="rowlink__note" dir="auto">{note}</span>
                </span>
            </div>
            <div class="row fix__acts">
                <a class="btn btn--soft" href=visit_href(hands.scope, Some(visit)) aria-label=record>
                    {words.record_visit()}
                </a>
                <button type="button" class="btn btn--bare" aria-label=not_made on:click=hear(on_not_made)>
                    {words.not_made()}
                </button>
            </div>
        </div>
    }
    .into_any()
}
