//! The end of a visit: how long, in short, and closing it.

use domain::attachment::About;
use domain::id::ScopeId;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::parts::attach::Attach;
use crate::parts::attached::Attached;
use crate::parts::form::{FieldError, TextArea};
use crate::parts::mark::Icon;
use crate::parts::pick::part_of;
use crate::screens::appointment::say_and_offer_next;
use crate::screens::diary::timeline::attached;
use crate::screens::draft::Draft;
use crate::screens::family::Tab;
use crate::screens::family::hands::use_hands;
use crate::screens::visit::GoalLine;
use crate::screens::visit::draft::VisitDraft;
use crate::session::use_session;
use crate::watch::hear;
use crate::words::use_words;

/// The last part: a few words, and what closing will write.
#[component]
pub fn SummaryPanel(
    scope: ScopeId,
    lines: StoredValue<Vec<GoalLine>>,
    draft: RwSignal<VisitDraft>,
) -> impl IntoView {
    let words = use_words();
    let summary = part_of(
        draft,
        |draft| draft.summary.clone(),
        |draft, text| draft.summary = text,
    );
    let session = use_session();
    let visit = Memo::new(move |_| draft.read().visit);
    let about = Signal::derive(move || About::Visit(visit.get()));
    let attached = Memo::new(move |_| {
        let visit = visit.get();
        session.read(|replica| {
            let case = replica.state().cases.get(&scope);
            case.map(|case| attached(case, About::Visit(visit)))
                .unwrap_or_default()
        })
    });
    let touched = move || {
        let draft = draft.read();
        let touched: Vec<_> = draft.touched().map(|(id, _)| id).collect();
        lines.with_value(|lines| {
            let titles: Vec<String> = lines
                .iter()
                .filter(|line| touched.contains(&line.id))
                .map(|line| line.title(words))
                .collect();
            if lines.is_empty() {
                words.visit_no_goals().to_owned()
            } else if titles.is_empty() {
                words.visit_summary_none().to_owned()
            } else {
                format!(
                    "{}: {}",
                    words.goals_looked_at(titles.len()),
                    titles.join(", ")
                )
            }
        })
    };
    view! {
        <TextArea id="summary" label=words.visit_summary_label() hint=words.visit_summary_hint()
            value=summary rows=5 />
        <section class="stack" aria-labelledby="visit-attached">
            <h2 id="visit-attached">{words.attachments()}</h2>
            <p class="small soft">{words.attachments_hint()}</p>
            <Attach scope=scope about=about />
            {move || attached.get().into_iter().map(|one| view! { <Attached scope=scope attachment=one /> }).collect_view()}
        </section>
        <p class="notice notice--plain"><Icon name="info" /><span>{touched}</span></p>
    }
    .into_any()
}

/// Minutes and the one thing to do.
#[component]
pub fn CloseBar(scope: ScopeId, draft: RwSignal<VisitDraft>, kept: Draft) -> impl IntoView {
    let words = use_words();
    let hands = use_hands(scope);
    let navigate = StoredValue::new_local(use_navigate());
    let error = RwSignal::new(None::<String>);
    let was_pressed = RwSignal::new(false);
    let is_closing = Signal::derive(move || was_pressed.get() && error.read().is_none());
    let on_close = move |_| {
        if is_closing.get_untracked() {
            return;
        }
        error.set(None);
        was_pressed.set(true);
        let saved = Callback::new(move |()| {
            say_and_offer_next(hands, words.visit_toast());
            navigate.with_value(|go| go(&Tab::Plan.href(scope), Default::default()));
        });
        let writings = draft.read_untracked().writings();
        kept.save(scope, writings, error, saved);
    };
    let step = move |is_more: bool| draft.update(|draft| draft.step_minutes(is_more));
    view! {
        <section class="actbar" aria-label=words.actions()>
            <div class="stepper" role="group" aria-label=words.duration()>
                <button type="button" class="icon-btn" aria-label=words.minutes_less() on:click=hear(move |_| step(false))>
                    <Icon name="minus" />
                </button>
                <output>{move || draft.read().minutes}<small>{words.minutes_word()}</small></output>
                <button type="button" class="icon-btn" aria-label=words.minutes_more() on:click=hear(move |_| step(true))>
                    <Icon name="plus" />
                </button>
            </div>
            <button type="button" class="btn btn--main" disabled=is_closing on:click=hear(on_close)>{words.close_visit()}</button>
            <FieldError id="close" error=error />
        </section>
    }
    .into_any()
}
