//! Icons, tags, the mark on invented data and a person's own words.

use domain::family::Name;
use domain::plan::{FamilyWords, Stage};
use domain::vocabulary::{Area, Place};
use leptos::prelude::*;

use crate::words::lands::direction;
use crate::words::{Words, use_words};

/// A drawing of the icon sheet. Always beside a word; hidden from a screen reader.
#[component]
pub fn Icon(
    /// The name without its prefix, such as `map-pin`.
    #[prop(into)]
    name: Signal<&'static str>,
    /// Another class, such as `icon--lg`.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let class = move || {
        let turns = if has_direction(name.get()) {
            " icon--dir"
        } else {
            ""
        };
        format!("icon{turns} {class}")
    };
    view! {
        <svg class=class aria-hidden="true">
            <use href=move || format!("/icons.svg#i-{}", name.get())></use>
        </svg>
    }
}

/// Whether the icon points somewhere, so that it turns in a language written from the right.
fn has_direction(name: &str) -> bool {
    matches!(
        name,
        "arrow-right"
            | "chevron-left"
            | "chevron-right"
            | "footprints"
            | "undo-2"
            | "log-in"
            | "corner-up-left"
            | "send"
    )
}

/// The mark of Percorso.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg class="logo" viewBox="0 0 40 40" aria-hidden="true">
            <rect class="logo__ground" width="40" height="40" rx="11"></rect>
            <path class="logo__way" d="M12 33c0-7 16-6 16-13.5 0-6-9-4-12-8"></path>
            <circle class="logo__end" cx="16" cy="8.5" r="4.5"></circle>
        </svg>
    }
}

/// The strip over everything in a database that was invented.
#[component]
pub fn Strip(
    /// Whether it is one.
    #[prop(into)]
    shown: Signal<bool>,
) -> impl IntoView {
    let words = use_words();
    move || {
        let icon = || view! { <Icon name="info" /> }.into_any();
        shown.get().then(|| strip(words, icon()))
    }
}

/// The strip itself, with an icon of the app's sheet or one that a page brings.
pub fn strip(words: Words, icon: AnyView) -> AnyView {
    let label = words.demonstration();
    view! { <aside class="demo" aria-label=label>{icon}{label}</aside> }.into_any()
}

/// What a tag's colour stands for; the icon and the word say it too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Neither good nor bad.
    #[default]
    Plain,
    /// Of the service.
    Blue,
    /// In order.
    Good,
    /// Needs care.
    Ochre,
    /// Stopped or difficult.
    Berry,
    /// Not begun: an outline.
    Line,
}

impl Tone {
    /// The class that draws the tone on a part.
    pub fn class(self, part: &str) -> String {
        match self {
            Self::Plain => part.to_owned(),
            Self::Blue => format!("{part} {part}--blue"),
            Self::Good => format!("{part} {part}--good"),
            Self::Ochre => format!("{part} {part}--ochre"),
            Self::Berry => format!("{part} {part}--berry"),
            Self::Line => format!("{part} {part}--line"),
        }
    }
}

/// A state: icon and word. Cannot be pressed.
#[component]
pub fn Tag(
    /// What its colour stands for.
    #[prop(optional)]
    tone: Tone,
    /// Its icon.
    icon: &'static str,
    /// Its word.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! { <span class=tone.class("tag")><Icon name=icon />{label}</span> }
}

/// Two people wrote different things here: it leads to where one of them is chosen.
#[component]
pub fn TwoAnswers(words: Words) -> impl IntoView {
    view! {
        <a class="tag tag--ochre" href="/da-sistemare"><Icon name="split" />{words.two_values()}</a>
    }
}

/// Where a plan stands, as a tag.
#[component]
pub fn StageTag(stage: Stage, words: Words) -> impl IntoView {
    let (tone, icon) = match stage {
        Stage::Draft => (Tone::Line, "pencil"),
        Stage::Proposed => (Tone::Blue, "hand-helping"),
        Stage::Agreed => (Tone::Blue, "handshake"),
        Stage::Active => (Tone::Good, "footprints"),
        Stage::UnderReview => (Tone::Blue, "rotate-cw"),
        Stage::Suspended => (Tone::Plain, "circle-pause"),
        Stage::Closed(_) => (Tone::Plain, "flag"),
    };
    view! { <Tag tone=tone icon=icon label=words.stage(stage) /> }
}

/// The icon of a domain of need.
pub const fn area_icon(area: Area) -> &'static str {
    match area {
        Area::Home => "house",
        Area::Work => "briefcase",
        Area::Income => "wallet",
        Area::Language => "languages",
        Area::School => "school",
        Area::Health => "heart-pulse",
        Area::Papers => "id-card",
        Area::Parenting => "baby",
        Area::Community => "users-round",
        Area::Rights => "scale",
        Area::Mobility => "bus",
    }
}

/// The icon of a place.
pub const fn place_icon(place: Place) -> &'static str {
    match place {
        Place::AtHome => "house",
        Place::Office | Place::Service => "building-2",
        Place::School => "school",
        Place::Phone => "phone",
    }
}

/// The Latin name, and the original script after it where there is one.
#[component]
pub fn TwoScripts(name: Name, #[prop(optional, into)] language: Option<String>) -> impl IntoView {
    let original = name.original.map(|original| {
        view! { " " <bdi lang=language dir="auto">{original}</bdi> }
    });
    view! { <span dir="auto">{name.latin}</span>{original} }
}

/// What a family said: the original first, Italian below, with the cotto rule of their voice.
#[component]
pub fn Voice(
    /// The words.
    said: FamilyWords,
    /// Who said it and when, if it is known.
    #[prop(optional, into)]
    by: Option<String>,
) -> impl IntoView {
    let has_original = said.original.is_some();
    let original = said.original.map(|spoken| {
        let tag = spoken.language.0;
        let dir = direction(&tag);
        view! { <p class="voice__orig" lang=tag dir=dir>{spoken.text}</p> }
    });
    let italian = (!said.italian.trim().is_empty()).then(|| {
        let text = if has_original {
            said.italian
        } else {
            format!("«{}»", said.italian)
        };
        view! { <p class="voice__it" lang="it" dir="auto">{text}</p> }
    });
    view! {
        <blockquote class="voice">
            {original}
            {italian}
            {by.map(|by| view! { <footer class="voice__who">{by}</footer> })}
        </blockquote>
    }
}
