//! One goal as a card: words first, then where it stands, who acts, what comes next.

use domain::plan::{Consent, FamilyWords};
use domain::score::Score;
use domain::vocabulary::{Response, Voice};
use jiff::civil::Date;
use leptos::prelude::*;

use crate::parts::mark::{Icon, Tag, Tone, TwoAnswers, Voice as Quote, area_icon};
use crate::parts::receipt::Receipt;
use crate::parts::scale::{Mark, Rated as OnScale, Scale, Stairs};
use crate::parts::trend::{Trend, TrendTable};
use crate::screens::plan::model::{GoalCard as Card, Rated, drift};
use crate::watch::hear;
use crate::words::Words;
use crate::words::lands::direction;

/// The icon of a response.
pub const fn response_icon(response: Response) -> &'static str {
    match response {
        Response::OwnInitiative => "footprints",
        Response::TakesPart => "handshake",
        Response::Listens => "ear",
        Response::Ambivalent => "signpost",
        Response::Refuses => "hand",
        Response::Unable => "construction",
    }
}

/// A goal's card. On a phone all but the first begin folded; the next step is never folded.
#[component]
pub fn GoalCard(
    /// What it shows.
    #[prop(into)]
    card: Signal<Card>,
    /// Whether it begins unfolded.
    starts_open: bool,
    /// Where it can be changed, for those who may.
    #[prop(into)]
    href: Signal<Option<String>>,
    /// Today.
    today: Date,
    /// The words of the interface.
    words: Words,
) -> impl IntoView {
    let is_open = RwSignal::new(starts_open);
    let id = card.read_untracked().id;
    let (heading, body) = (format!("goal-{id}"), format!("goal-body-{id}"));
    let (labelled_by, body_id) = (heading.clone(), body.clone());
    let toggle = move || {
        if is_open.get() {
            words.hide_goal()
        } else {
            words.show_goal()
        }
    };
    let receipt = Signal::derive(move || card.read().receipt);
    view! {
        <article class="card goal" aria-labelledby=labelled_by data-open=move || is_open.get().then_some("")>
            <div class="goal__top">
                <div class="goal__head">
                    <h3 id=heading>
                        <Icon name=Signal::derive(move || card.read().area.map_or("flag", area_icon)) />
                        {move || title(&card.read(), words)}
                    </h3>
                    <Receipt step=receipt words=words />
                    <button
                        type="button" class="icon-btn only-narrow"
                        aria-expanded=move || is_open.get().to_string()
                        aria-controls=body aria-label=toggle
                        on:click=hear(move |_| is_open.update(|open| *open = !*open))
                    ><Icon name="chevron-down" /></button>
                </div>
                {move || brief(&card.read(), today, words)}
            </div>
            <div class="goal__body" id=body_id>
                <div class="goal__main">{move || main(&card.read(), words)}</div>
                <div class="goal__side">{move || side(&card.read(), today, words)}</div>
            </div>
            {move || marks(&card.read(), words)}
            {move || stands_still(&card.read(), words)}
            {move || next_step(&card.read(), today, words)}
            <div class="goal__foot">
                {move || foot(&card.read(), words)}
                {move || href.get().map(|href| view! {
                    <a class="btn btn--bare" href=href>
                        <Icon name="pencil" />{words.change()}<span class="sr">": "{title(&card.read(), words)}</span>
                    </a>
                })}
                {move || {
                    let points = card.read().trend.clone();
                    (!points.is_empty()).then(|| view! { <TrendTable points=points today=today words=words /> })
                }}
            </div>
        </article>
    }
    .into_any()
}

/// What a goal is called: its place and its domain.
pub fn title(card: &Card, words: Words) -> String {
    let area = card
        .area
        .map_or(words.goal_nameless(), |area| words.area(area));
    format!("{}. {area}", card.place)
}

/// What a folded card says.
fn brief(card: &Card, today: Date, words: Words) -> impl IntoView + use<> {
    let said = card.words.clone().unwrap_or_default();
    let original = said.original.map(|spoken| {
        let (tag, dir) = (spoken.language.0.clone(), direction(&spoken.language.0));
        view! { <span class="goal__orig" lang=tag dir=dir>{spoken.text}</span> }
    });
    let italian = (!said.italian.is_empty()).then(|| {
        view! { <span class="goal__quote" lang="it">{format!("«{}»", said.italian)}</span> }
    });
    let rated = |voice: Voice, score: Option<Score>| {
        let class = match voice {
            Voice::Family => "by-family",
            Voice::Tutor => "by-tutor",
        };
        score.map(|score| {
            view! {
                <span>
                    <Mark voice=voice />
                    <span>
                        <span class="sr">{words.voice(voice)}": "</span>
                        <b class=class>{words.signed(score)}" "{words.level(score)}</b>
                    </span>
                </span>
            }
        })
    };
    let response = card.response.clone().map(|(response, _, barriers)| {
        let names: Vec<&str> = barriers.iter().map(|barrier| words.barrier(*barrier)).collect();
        let barriers = (!names.is_empty()).then(|| {
            let list = words.barriers_are(&names.join(", ").to_lowercase());
            view! { <br /><span class="soft">{list}</span> }
        });
        view! { <span><Icon name=response_icon(response) /><span>{words.response(response)}{barriers}</span></span> }
    });
    let due = card.due.map(|due| {
        let due = words.due_by(due, today);
        view! { <span><Icon name="calendar-days" /><span>{due}</span></span> }
    });
    view! {
        <div class="goal__fold">
            {original}
            {italian}
            <div class="goal__brief">
                {rated(Voice::Family, card.family.as_ref().map(|rated| rated.score))}
                {rated(Voice::Tutor, card.tutor.as_ref().map(|rated| rated.score))}
                {card.who_acts.map(|who| view! { <span><Stairs who=who /><span>{words.who_acts(who)}</span></span> })}
                {response}
                {due}
            </div>
        </div>
    }
}

fn main(card: &Card, words: Words) -> impl IntoView + use<> {
    let by = card
        .words
        .as_ref()
        .and_then(|said| said_by(said, card.said_by.as_deref(), words));
    let voice = card.words.clone().map(|said| match by {
        Some(by) => view! { <Quote said=said by=by /> }.into_any(),
        None => view! { <Quote said=said /> }.into_any(),
    });
    let expected = card
        .expected
        .clone()
        .filter(|text| !text.is_empty())
        .map(|text| {
            view! { <p class="goal__result" dir="auto"><b>{words.expected_result()}</b>{text}</p> }
        });
    let is_rated = card.family.is_some() || card.tutor.is_some();
    let scale = is_rated.then(|| {
        view! { <Scale family=on_scale(card.family.as_ref()) tutor=on_scale(card.tutor.as_ref()) words=words /> }
    });
    view! { {voice}{expected}{scale} }
}

/// Who said it, in which language.
fn said_by(said: &FamilyWords, who: Option<&str>, words: Words) -> Option<String> {
    let language = said
        .original
        .as_ref()
        .map(|spoken| words.language(&spoken.language.0));
    match (who, language) {
        (Some(who), Some(language)) => Some(words.said_in(who, &language)),
        (Some(who), None) => Some(who.to_owned()),
        (None, _) => None,
    }
}

fn on_scale(rated: Option<&Rated>) -> Option<OnScale> {
    rated.map(|rated| {
        let text = rated.words.clone().unwrap_or_default();
        let says = if rated.is_quote {
            format!("«{text}»")
        } else {
            text
        };
        OnScale {
            score: rated.score,
            says,
        }
    })
}

fn side(card: &Card, today: Date, words: Words) -> impl IntoView + use<> {
    let who = card.who_acts.map(|who| {
        let before = card.acted_before.map(|before| {
            let before = words.acted_before(&words.who_acts(before).to_lowercase());
            view! { <small>{before}</small> }
        });
        view! {
            <div>
                <dt>{words.who_acts_head()}</dt>
                <dd><span class="kv__mark"><Stairs who=who /></span>{words.who_acts(who)}" "{before}</dd>
            </div>
        }
    });
    let response = card.response.clone().map(|(response, day, barriers)| {
        let names: Vec<&str> = barriers
            .iter()
            .map(|barrier| words.barrier(*barrier))
            .collect();
        let note = if names.is_empty() {
            words.relative_day(day, today)
        } else {
            format!(
                "{}. {}",
                words.relative_day(day, today),
                words.barriers_are(&names.join(", ").to_lowercase())
            )
        };
        view! {
            <div>
                <dt>{words.last_response()}</dt>
                <dd>
                    <span class="kv__mark"><Icon name=response_icon(response) /></span>
                    {words.response(response)}" "<small>{note}</small>
                </dd>
            </div>
        }
    });
    let (open, done) = card.actions;
    let actions = (open + done > 0).then(|| {
        view! {
            <div>
                <dt>{words.goal_actions()}</dt>
                <dd><span class="kv__mark"><Icon name="circle-check" /></span>{words.actions_open_done(open, done)}</dd>
            </div>
        }
    });
    let due = card.due.map(|due| {
        view! {
            <div>
                <dt>{words.goal_due()}</dt>
                <dd><span class="kv__mark"><Icon name="calendar-days" /></span>{words.known_day(due, today)}</dd>
            </div>
        }
    });
    view! { <dl class="kv">{due}{who}{response}{actions}</dl> }
}

/// What must not be overlooked, folded or not.
fn marks(card: &Card, words: Words) -> impl IntoView + use<> {
    let disagrees = card.agreement == Some(domain::vocabulary::Agreement::NotAgreed);
    let is_disputed = card.is_disputed;
    let unsigned = match card.consent {
        Some(Consent::ChangedSince) => Some(words.changed_unsigned()),
        Some(Consent::NewSince) => Some(words.new_unsigned()),
        Some(Consent::NothingSigned | Consent::Signed) | None => None,
    };
    (is_disputed || disagrees || unsigned.is_some() || card.is_blocked).then(|| {
        view! {
            <p class="goal__marks">
                {is_disputed.then(|| view! { <TwoAnswers words=words /> })}
                {disagrees.then(|| view! { <Tag tone=Tone::Ochre icon="hand" label=words.not_agreed() /> })}
                {unsigned.map(|label| view! { <Tag tone=Tone::Ochre icon="pencil" label=label /> })}
                {card.is_blocked.then(|| view! { <Tag tone=Tone::Berry icon="construction" label=words.action_blocked() /> })}
            </p>
        }
    })
}

/// That nothing moves, and an idea for the next visit.
fn stands_still(card: &Card, words: Words) -> Option<AnyView> {
    let stall = card.stall?;
    Some(
        view! {
            <p class="goal__still small">
                <Icon name="signpost" />
                <span><b>{words.stands_still(stall.visits)}</b>" "{words.try_next(stall.hint)}</span>
            </p>
        }
        .into_any(),
    )
}

fn next_step(card: &Card, today: Date, words: Words) -> impl IntoView + use<> {
    let (what, due) = match &card.next_step {
        Some(step) => (step.what.clone(), step.due),
        None => (words.no_next_step().to_owned(), None),
    };
    let due = due.map(|due| {
        view! { ", "<span class="nowrap">{words.due_by(due, today)}</span> }
    });
    view! {
        <div class="goal__step">
            <Icon name="flag" />
            <div><b>{words.next_step()}{due}</b><p dir="auto">{what}</p></div>
        </div>
    }
}

fn foot(card: &Card, words: Words) -> impl IntoView + use<> {
    let drift = drift(
        &card.trend,
        card.response.as_ref().map(|(response, _, _)| *response),
    );
    let points = card.trend.clone();
    (!points.is_empty()).then(|| view! { <Trend points=points drift=drift words=words /> })
}
