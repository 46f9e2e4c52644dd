//! Altro: what is still only here, what was refused, this phone, language, look, how it works.

mod outbox;
mod phone;
mod refused;

use leptos::prelude::*;

use crate::frame::AppBar;
use crate::parts::choice::{Chip, Pick};
use crate::preferences::{Theme, use_preferences};
use crate::screens::sealed::BringFile;
use crate::words::{Language, use_words};
use outbox::Unsent;
pub use phone::Clock;
use phone::{Leave, Phone};
use refused::Refused;

/// The screen.
#[component]
pub fn Settings() -> impl IntoView {
    let words = use_words();
    view! {
        <AppBar title=words.more() />
        <main class="main main--split">
            <div class="main__column">
                <Unsent />
                <Refused />
                <Phone />
                <BringFile />
            </div>
            <div class="main__column">
                <Appearance />
                <Guide />
                <Leave />
            </div>
        </main>
    }
    .into_any()
}

#[component]
fn Appearance() -> impl IntoView {
    let words = use_words();
    let preferences = use_preferences();
    let languages = Language::ALL
        .iter()
        .map(|language| {
            view! {
                <Chip
                    pick=Pick::One
                    name="language"
                    label=language.own_name()
                    on=Signal::derive(move || preferences.language.get() == *language)
                    on_change=move |_| preferences.language.set(*language)
                />
            }
        })
        .collect_view();
    let themes = Theme::ALL
        .iter()
        .map(|theme| {
            view! {
                <Chip
                    pick=Pick::One
                    name="theme"
                    label=words.theme(*theme)
                    on=Signal::derive(move || preferences.theme.get() == *theme)
                    on_change=move |_| preferences.theme.set(*theme)
                />
            }
        })
        .collect_view();
    view! {
        <section class="section" aria-labelledby="appearance">
            <h2 id="appearance">{words.appearance()}</h2>
            <div class="card card--flush rows">
                <fieldset class="setting">
                    <legend class="label">{words.language_setting()}</legend>
                    <div class="chips">{languages}</div>
                </fieldset>
                <fieldset class="setting">
                    <legend class="label">{words.theme_setting()}</legend>
                    <div class="chips">{themes}</div>
                </fieldset>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Guide() -> impl IntoView {
    let words = use_words();
    let steps = [
        words.guide_saved(),
        words.guide_sent(),
        words.guide_voices(),
        words.guide_two(),
        words.guide_lock(),
    ]
    .map(|step| view! { <li><span>{step}</span></li> })
    .into_iter()
    .collect_view();
    view! {
        <section class="section" aria-labelledby="guide">
            <h2 id="guide">{words.how_it_works()}</h2>
            <div class="card"><ol class="steps">{steps}</ol></div>
        </section>
    }
    .into_any()
}
