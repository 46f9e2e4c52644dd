//! The scale −2…+2 in two voices, and the stair of who acts.

use domain::score::Score;
use domain::vocabulary::{Voice, WhoActs};
use leptos::prelude::*;

use crate::watch::hear;
use crate::words::Words;

/// One of the two marks: circle for the family, diamond for the tutor.
#[component]
pub fn Mark(voice: Voice) -> impl IntoView {
    let class = match voice {
        Voice::Family => "mark mark--family",
        Voice::Tutor => "mark mark--tutor",
    };
    view! { <span class=class aria-hidden="true"></span> }
}

/// One voice on the scale: where it puts the goal, and what that level says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rated {
    /// The level.
    pub score: Score,
    /// The level's agreed words, or what was said; may be empty.
    pub says: String,
}

/// Both voices on the five levels, with the level in words. Never an average.
#[component]
pub fn Scale(family: Option<Rated>, tutor: Option<Rated>, words: Words) -> impl IntoView {
    let same = match (&family, &tutor) {
        (Some(family), Some(tutor)) => family.score == tutor.score,
        (Some(_) | None, None) | (None, Some(_)) => false,
    };
    let class = if same { "scale scale--same" } else { "scale" };
    let at = |rated: &Option<Rated>| rated.as_ref().map(|rated| rated.score.get().to_string());
    let family_at =
        at(&family).map(|at| view! { <span class="mark mark--family" data-at=at></span> });
    let tutor_at = at(&tutor).map(|at| view! { <span class="mark mark--tutor" data-at=at></span> });
    let stops = Score::ALL.map(|score| view! { <i>{words.signed(score)}</i> });
    view! {
        <div class=class>
            <div class="scale__stops" aria-hidden="true">{family_at}{tutor_at}{stops.into_iter().collect_view()}</div>
            <ul class="scale__words">
                <ScaleWords voice=Voice::Family rated=family words=words />
                <ScaleWords voice=Voice::Tutor rated=tutor words=words />
            </ul>
        </div>
    }
}

#[component]
fn ScaleWords(voice: Voice, rated: Option<Rated>, words: Words) -> impl IntoView {
    let class = match voice {
        Voice::Family => "by-family",
        Voice::Tutor => "by-tutor",
    };
    let text = match rated {
        Some(rated) => view! {
            <b class=class>{words.level(rated.score)}"."</b>
            " "
            <span class="soft" dir="auto">{rated.says}</span>
        }
        .into_any(),
        None => view! { <span class="soft">{words.not_rated()}</span> }.into_any(),
    };
    view! {
        <li>
            <Mark voice=voice />
            <span><span class="sr">{words.voice(voice)}": "</span>{text}</span>
        </li>
    }
}

/// Entering a rating: five stops, and below them what the chosen level means.
#[component]
pub fn RateInput(
    /// Whose rating it is.
    voice: Voice,
    /// Names the group; unique on the page.
    #[prop(into)]
    id: String,
    /// The question.
    #[prop(into)]
    label: String,
    /// The chosen level.
    value: RwSignal<Option<Score>>,
    /// The agreed words of a level, where there are any.
    #[prop(into)]
    level_words: Callback<Score, Option<String>>,
    /// The words of the interface.
    words: Words,
) -> impl IntoView {
    let class = match voice {
        Voice::Family => "rate",
        Voice::Tutor => "rate rate--tutor",
    };
    let stops = Score::ALL.map(|score| {
        let name = id.clone();
        view! {
            <label>
                <input
                    type="radio"
                    autocomplete="off"
                    name=name
                    aria-label=format!("{} {}", words.signed(score), words.level(score))
                    prop:checked=move || value.get() == Some(score)
                    on:change=hear(move |_| value.set(Some(score)))
                />
                {words.signed(score)}
            </label>
        }
    });
    let says = move || {
        value.get().map(|score| {
            view! {
                <b>{words.level(score)}"."</b>" "
                <span dir="auto">{level_words.run(score).unwrap_or_default()}</span>
            }
        })
    };
    view! {
        <fieldset class=class>
            <legend class="label"><Mark voice=voice />{label}</legend>
            <div class="rate__stops">{stops.into_iter().collect_view()}</div>
            <p class="rate__ends" aria-hidden="true">
                <span>{words.scale_low()}</span>
                <span>{words.scale_middle()}</span>
                <span>{words.scale_high()}</span>
            </p>
            <p class="rate__says" role="status" hidden=move || value.get().is_none()>{says}</p>
        </fieldset>
    }
}

/// Who acts, as a step of the stair. The word stands beside it.
#[component]
pub fn Stairs(who: WhoActs) -> impl IntoView {
    view! {
        <span class="stairs" data-step=step(who) aria-hidden="true">
            <i></i><i></i><i></i><i></i>
        </span>
    }
}

const fn step(who: WhoActs) -> &'static str {
    match who {
        WhoActs::Tutor => "1",
        WhoActs::Together => "2",
        WhoActs::FamilyHelped => "3",
        WhoActs::FamilyAlone => "4",
    }
}
