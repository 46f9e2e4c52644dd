//! What a family said, for its tutor: as it was said, with the Italian to write beside it.

use domain::id::ScopeId;
use domain::vocabulary::Area;
use leptos::prelude::*;

use crate::parts::form::{TextArea, stay};
use crate::parts::mark::{Icon, Voice, area_icon};
use crate::parts::pick::part_of;
use crate::parts::picture::level_icon;
use crate::screens::goal::voices::Voices;
use crate::screens::together::talk::{Said, Talk};
use crate::watch::hear;
use crate::words::{Words, use_words};

/// Everything that was said, area by area.
#[component]
pub(super) fn WhatWasSaid(scope: ScopeId, talk: RwSignal<Talk>) -> impl IntoView {
    let words = use_words();
    // Drawn anew when an area is taken up again or something was recorded, not while the tutor
    // types.
    let chosen = Memo::new(move |_| {
        let talk = talk.read();
        let recordings = talk.said.iter().map(|said| said.recordings);
        (talk.chosen.clone(), recordings.collect::<Vec<_>>())
    });
    let areas = move || {
        chosen.track();
        let said = talk.with_untracked(|talk| talk.chosen().cloned().collect::<Vec<_>>());
        said.iter()
            .map(|said| one(scope, talk, said, words))
            .collect_view()
    };
    let left_out = move || {
        chosen.track();
        let said = talk.with_untracked(|talk| talk.left_out().cloned().collect::<Vec<_>>());
        said.into_iter()
            .map(|said| left(scope, talk, said, words))
            .collect_view()
    };
    view! {
        <section class="stack" aria-labelledby="said">
            <h2 id="said">{words.together_said()}</h2>
            <form class="stack" on:submit=hear(stay)>{areas}</form>
            {left_out}
        </section>
    }
    .into_any()
}

/// What was said of an area that is no longer chosen, and the way to take it up again.
fn left(scope: ScopeId, talk: RwSignal<Talk>, said: Said, words: Words) -> AnyView {
    let (area, goal, action) = (said.area, said.goal, said.action);
    let language = talk.with_untracked(|talk| talk.language.clone());
    let spoken = [said.words, said.result, said.step].join(" ");
    let spoken = Some(spoken.trim().to_owned()).filter(|spoken| !spoken.is_empty());
    let may_choose = move || talk.read().may_choose(area);
    let on_take_up = move |_| talk.update(|talk| talk.choose(area, goal, action));
    view! {
        <article class="card stack" aria-labelledby=format!("left-{goal}")>
            <h3 id=format!("left-{goal}") class="row">
                <Icon name=area_icon(area) />{words.area(area)}
            </h3>
            <p class="small soft">{words.together_left_out()}</p>
            {spoken.map(|spoken| view! { <p lang=language dir="auto">{spoken}</p> })}
            <Voices scope=scope goal=goal />
            {move || may_choose().then(|| view! {
                <button type="button" class="btn btn--block" on:click=hear(on_take_up)>
                    <Icon name="rotate-cw" />{words.together_take_up()}
                    <span class="sr">": "{words.area(area)}</span>
                </button>
            })}
        </article>
    }
    .into_any()
}

fn one(scope: ScopeId, talk: RwSignal<Talk>, said: &Said, words: Words) -> AnyView {
    let area = said.area;
    let (language, spoken) = talk.with_untracked(|talk| {
        let mut spoken = talk.words_of(said);
        // The Italian has its field below.
        if !talk.is_italian() {
            spoken.italian.clear();
        }
        (talk.language.clone(), spoken)
    });
    let levels = [
        (words.rate_now_family(), said.now),
        (words.rate_hope_family(), said.hope),
    ]
    .map(|(asked, level)| {
        level.map(|level| {
            view! {
                <p class="small row">
                    <Icon name=level_icon(level) />
                    <span class="grow">{asked}": "<b>{words.need_level(level)}</b></span>
                </p>
            }
        })
    });
    let is_empty = said.now.is_none() && !said.is_goal();
    let goal_id = said.goal;
    let goal = said.is_goal().then(|| {
        let step = said.step.trim().to_owned();
        let step = (!step.is_empty()).then(|| {
            view! {
                <p class="small row">
                    <Icon name="flag" />
                    <span class="grow">{words.together_step()}": "<b lang=language.clone() dir="auto">{step}</b></span>
                </p>
            }
        });
        let result = said.result.trim().to_owned();
        let result = (said.example.is_none() && !result.is_empty()).then(|| {
            view! {
                <p class="small row">
                    <Icon name="trending-up" />
                    <span class="grow">{words.together_result()}": "<b lang=language.clone() dir="auto">{result}</b></span>
                </p>
            }
        });
        let who = said.who.map(|who| {
            view! { <p class="small row"><Icon name="footprints" />{words.who_acts(who)}</p> }
        });
        // It goes as soon as the tutor changes what was agreed to.
        let agreement = move || {
            let answer = talk.read().of(area)?.agreement()?;
            let answer = words.agreement(answer);
            Some(view! { <p class="small row"><Icon name="handshake" />{answer}</p> })
        };
        let has_words = !said.words.trim().is_empty();
        view! {
            {has_words.then(|| view! { <Voice said=spoken /> })}
            <Voices scope=scope goal=goal_id />
            {result}{step}{who}{agreement}
            {italian(talk, said, words)}
        }
    });
    view! {
        <article class="card stack" aria-labelledby=format!("said-{}", said.goal)>
            <h3 id=format!("said-{}", said.goal) class="row">
                <Icon name=area_icon(area) />{words.area(area)}
            </h3>
            {levels.into_iter().collect_view()}
            {goal}
            {is_empty.then(|| view! { <p class="small soft">{words.together_only_chosen()}</p> })}
        </article>
    }
    .into_any()
}

/// What the tutor adds: the Italian, and the expected result.
fn italian(talk: RwSignal<Talk>, said: &Said, words: Words) -> AnyView {
    let area = said.area;
    let is_italian = talk.with_untracked(Talk::is_italian);
    let field = |name: &str| format!("{name}-{}", said.goal);
    let has = |text: &str| !is_italian && !text.trim().is_empty();
    // What was only said aloud is written down here, in whatever language it was.
    let is_only_spoken = said.recordings > 0 && said.words.trim().is_empty();
    let of_words = (is_only_spoken || has(&said.words)).then(|| {
        let value = text(talk, area, |said| &said.italian, |said| &mut said.italian);
        let label = words.together_italian();
        view! { <TextArea id=field("italian") label=label value=value rows=2 lang="it" /> }
    });
    let of_step = has(&said.step).then(|| {
        let value = text(
            talk,
            area,
            |said| &said.step_italian,
            |said| &mut said.step_italian,
        );
        let label = words.together_step_italian();
        view! { <TextArea id=field("step") label=label value=value rows=1 lang="it" /> }
    });
    let expected = text(talk, area, |said| &said.expected, |said| &mut said.expected);
    // What was picked was heard in the family's language; what is written here was not.
    let hint = if said.is_as_picked() {
        words.together_expected_picked()
    } else {
        words.together_expected_hint()
    };
    view! {
        {of_words}
        {of_step}
        <TextArea id=field("expected") label=words.expected_result() hint=hint value=expected rows=2
            lang="it" />
    }
    .into_any()
}

/// A text of an area, to be written in.
fn text(
    talk: RwSignal<Talk>,
    area: Area,
    get: fn(&Said) -> &String,
    set: fn(&mut Said) -> &mut String,
) -> RwSignal<String> {
    part_of(
        talk,
        move |talk| {
            talk.of(area)
                .map(|said| get(said).clone())
                .unwrap_or_default()
        },
        move |talk, value| talk.change(area, |said| *set(said) = value),
    )
}
