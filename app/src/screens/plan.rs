//! Percorso: the version and its agreement, the picture in two voices, the goals.

pub mod answer;
pub mod changes;
pub mod changes_view;
pub mod interpreted;
pub mod model;
pub mod moves;
pub mod needs;
pub mod reorder;
pub mod sentences;
pub mod version;

use domain::id::{GoalId, ScopeId};
use domain::plan::Stage;
use leptos::prelude::*;

use crate::parts::goal_card::{GoalCard, title};
use crate::parts::mark::{Icon, Tone};
use crate::parts::message::Notice;
use crate::parts::picture::Picture;
use crate::screens::diary::Lately;
use crate::screens::family::{FamilyActs, FamilyPage, Tab, head, with_clock};
use crate::screens::plan::model::{GoalCard as Card, PlanCard, model, t_scores};
use crate::screens::plan::needs::NeedForm;
use crate::screens::plan::reorder::Reorder;
use crate::screens::plan::version::VersionPanel;
use crate::screens::together::TogetherLink;
use crate::session::use_session;
use crate::watch::hear;
use crate::words::use_words;

/// More goals than a family can keep in mind at once.
const GOALS_MAX: usize = 5;

/// The screen.
#[component]
pub fn PlanScreen() -> impl IntoView {
    view! { <FamilyPage tab=Tab::Plan body=|scope| view! { <Plan scope=scope /> }.into_any() /> }
}

#[component]
fn Plan(scope: ScopeId) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let card = Memo::new(move |_| {
        with_clock(session, |clock| {
            session.read(|replica| model(replica, scope, clock))
        })
    });
    let head = Memo::new(move |_| {
        let today = session.today();
        session
            .read(|replica| head(replica, scope, today))
            .unwrap_or_default()
    });
    let may_write = Memo::new(move |_| head.read().may_change());
    let rest = Memo::new(move |_| head.read().rest);
    view! {
        <main class="deskfam__cols">
            <div tabindex="0" role="region" aria-label=words.tab_plan()>
                <VersionPanel scope=scope card=card may_write=may_write />
                <section class="section" aria-labelledby="pic">
                    <div class="section__head"><h2 id="pic">{words.picture_head()}</h2></div>
                    <PicturePanel scope=scope card=card may_write=may_write />
                </section>
                <section class="card stack only-wide" aria-labelledby="lately">
                    <h2 id="lately">{words.what_happened()}</h2>
                    <Lately scope=scope />
                    <a class="btn btn--bare" href=Tab::Diary.href(scope)>{words.whole_diary()}</a>
                </section>
            </div>
            <Goals scope=scope card=card may_write=may_write rest=rest />
        </main>
        <FamilyActs scope=scope />
    }
    .into_any()
}

#[component]
fn PicturePanel(
    scope: ScopeId,
    card: Memo<Option<PlanCard>>,
    may_write: Memo<bool>,
) -> impl IntoView {
    let words = use_words();
    let today = use_session().today();
    let is_rating = RwSignal::new(false);
    let rows = Memo::new(move |_| {
        card.read()
            .as_ref()
            .map(|card| (card.picture.clone(), card.unrated))
            .unwrap_or_default()
    });
    view! {
        <div class="card stack">
            {move || {
                let (rows, unrated) = rows.get();
                if rows.is_empty() {
                    return view! { <p class="small soft">{words.picture_empty()}</p> }.into_any();
                }
                let rest = (unrated > 0)
                    .then(|| view! { <p class="tiny soft">{words.unrated_areas(unrated)}</p> });
                view! { <Picture rows=rows today=today words=words />{rest} }.into_any()
            }}
            {move || match (may_write.get(), is_rating.get()) {
                (false, _) => ().into_any(),
                (true, true) => view! { <NeedForm scope=scope open=is_rating /> }.into_any(),
                (true, false) => view! {
                    <button type="button" class="btn" on:click=hear(move |_| is_rating.set(true))>
                        <Icon name="pencil" />{words.rate_area()}
                    </button>
                }
                .into_any(),
            }}
        </div>
    }
    .into_any()
}

#[component]
fn Goals(
    scope: ScopeId,
    card: Memo<Option<PlanCard>>,
    may_write: Memo<bool>,
    rest: Memo<Option<Stage>>,
) -> impl IntoView {
    let words = use_words();
    let active = Memo::new(move |_| {
        card.read()
            .as_ref()
            .map(|card| card.goals.clone())
            .unwrap_or_default()
    });
    let ended = Memo::new(move |_| {
        card.read()
            .as_ref()
            .map(|card| card.ended.clone())
            .unwrap_or_default()
    });
    let head = move || match active.read().len() {
        // As they stood when the plan came to rest: nobody works on them now.
        _ if rest.get().is_some() => String::new(),
        0 => String::new(),
        count => format!("{} {}", words.goals_active(count), words.goals_order()),
    };
    let new_goal = format!("/famiglia/{scope}/obiettivo/nuovo");
    view! {
        <section class="stack" tabindex="0" aria-labelledby="goals">
            <div class="section__head"><h2 id="goals">{words.goals_head()}</h2><span class="small soft">{head}</span></div>
            {move || (active.read().len() > GOALS_MAX).then(|| view! {
                <Notice tone=Tone::Ochre icon="info">{words.goals_many()}</Notice>
            })}
            {move || active.read().is_empty().then(|| view! {
                <div class="card empty">
                    <h3>{words.goals_empty()}</h3>
                    <p>{words.goals_empty_hint()}</p>
                </div>
            })}
            <GoalList scope=scope goals=active may_write=may_write />
            <Reorder scope=scope goals=active may_write=may_write />
            {move || if may_write.get() {
                view! {
                    <TogetherLink scope=scope />
                    <a class="btn btn--block" href=new_goal.clone()><Icon name="plus" />{words.new_goal()}</a>
                }
                .into_any()
            } else {
                // Why a plan at rest is only looked at stands in the panel of its version.
                if rest.get().is_some() {
                    view! { <TogetherLink scope=scope only_begun=true /> }.into_any()
                } else {
                    view! { <p class="small soft">{words.only_look()}</p> }.into_any()
                }
            }}
            <InNumbers card=card />
            {move || (!ended.read().is_empty()).then(|| view! {
                <details class="card card--flush ended">
                    <summary>{words.ended_goals()}" ("{ended.read().len()}")"<Icon name="chevron-down" /></summary>
                    <ul class="rows">{move || ended.get().iter().map(|card| ended_goal(scope, card, may_write.get())).collect_view()}</ul>
                </details>
            })}
        </section>
    }
    .into_any()
}

/// How far the plan has come in figures, for who has to report it: folded, and of this plan alone.
#[component]
fn InNumbers(card: Memo<Option<PlanCard>>) -> impl IntoView {
    let words = use_words();
    let scores = Memo::new(move |_| card.read().as_ref().map(t_scores).unwrap_or_default());
    move || {
        let scores = scores.get();
        scores.iter().any(Option::is_some).then(|| {
            let [family, tutor] = scores.map(|score| words.decimal(score));
            view! {
                <details class="behind">
                    <summary>{words.in_numbers()}</summary>
                    <p>{words.t_scores(&family, &tutor)}</p>
                    <p class="small soft">{words.t_scores_what()}</p>
                </details>
            }
        })
    }
}

#[component]
fn GoalList(scope: ScopeId, goals: Memo<Vec<Card>>, may_write: Memo<bool>) -> impl IntoView {
    let words = use_words();
    let today = use_session().today();
    let ids = Memo::new(move |_| {
        goals
            .read()
            .iter()
            .map(|card| card.id)
            .collect::<Vec<GoalId>>()
    });
    let draw = move |id: GoalId| {
        let first = ids.read_untracked().first() == Some(&id);
        let known = goals
            .read_untracked()
            .iter()
            .find(|card| card.id == id)
            .cloned();
        // The list holds ids of cards that exist; a card that goes away takes its row with it.
        let Some(known) = known else {
            return ().into_any();
        };
        let card = Memo::new(move |was: Option<&Card>| {
            let now = goals.read().iter().find(|card| card.id == id).cloned();
            now.or_else(|| was.cloned())
                .unwrap_or_else(|| known.clone())
        });
        let href = Signal::derive(move || may_write.get().then(|| goal_href(scope, id)));
        view! { <GoalCard card=card starts_open=first href=href today=today words=words /> }
            .into_any()
    };
    view! { <For each=move || ids.get() key=|id| *id children=draw /> }
}

/// Where a goal is changed.
pub fn goal_href(scope: ScopeId, goal: GoalId) -> String {
    format!("/famiglia/{scope}/obiettivo/{goal}")
}

fn ended_goal(scope: ScopeId, card: &Card, may_write: bool) -> impl IntoView + use<> {
    let words = use_words();
    let name = title(card, words);
    let state = card.state.map(|state| words.goal_state(state));
    let said = card
        .words
        .as_ref()
        .map(|said| format!("«{}»", said.italian));
    let row = view! {
        <span class="rowlink__lead"><Icon name="flag" /></span>
        <span class="rowlink__body">
            <span class="rowlink__title">{name}</span>
            <span class="rowlink__note" dir="auto">{said}</span>
        </span>
        <span class="due">{state}</span>
    };
    let row = if may_write {
        view! { <a class="rowlink" href=goal_href(scope, card.id)>{row}</a> }.into_any()
    } else {
        view! { <div class="rowlink">{row}</div> }.into_any()
    };
    view! { <li>{row}</li> }
}
