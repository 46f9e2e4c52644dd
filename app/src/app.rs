//! The app as a whole: preferences, the gate, and behind it the screens.

use leptos::prelude::*;

use crate::device::senses;
use crate::gate::{Gate, Keeper};
use crate::preferences::{Preferences, Theme};
use crate::rooms;
use crate::screens::unlock::Unlock;
use crate::watch::watch;
use crate::words::Language;

const LANGUAGE: &str = "language";
const THEME: &str = "theme";

/// Everything that is mounted into the page.
#[component]
pub fn App() -> impl IntoView {
    provide_context(preferences());
    let keeper = Keeper::new();
    provide_context(keeper);
    keeper.start();
    let is_open = Memo::new(move |_| matches!(&*keeper.gate.read(), Gate::Open(_)));
    view! {
        {move || {
            // Only opening and closing draw anew: what is typed before the screens must stay.
            // Read, not only tracked: a memo that nobody reads never looks at the gate.
            let _drawn_for = is_open.get();
            match keeper.gate.get_untracked() {
                Gate::Open(session) => {
                    provide_context(session);
                    rooms::draw()
                }
                Gate::Starting
                | Gate::SignInNeeded
                | Gate::NetworkNeeded
                | Gate::Choose(_)
                | Gate::Locked(_)
                | Gate::Working
                | Gate::Erased
                | Gate::LeaseOver { .. }
                | Gate::Incomplete
                | Gate::Gone(_)
                | Gate::Broken(_) => view! { <Unlock /> }.into_any(),
            }
        }}
        // While the page is hidden, the device's list of open apps must not show a family.
        {move || keeper.is_hidden.get().then(|| view! { <div class="cover" aria-hidden="true"></div> })}
    }
}

/// The choices that were kept on this device, and from now on kept whenever they change.
fn preferences() -> Preferences {
    let language = senses::kept(LANGUAGE)
        .and_then(|tag| language_of(&tag))
        .or_else(|| language_of(&senses::preferred_language()))
        .unwrap_or_default();
    let theme = senses::kept(THEME)
        .map(|code| Theme::from_code(&code))
        .unwrap_or_default();
    let preferences = Preferences::new(language, theme);
    watch(move || {
        let language = preferences.language.get();
        senses::keep(LANGUAGE, language.tag());
        senses::set_document_language(language.tag(), "ltr");
    });
    watch(move || {
        let theme = preferences.theme.get();
        senses::keep(THEME, theme.code());
        senses::set_color_scheme(match theme {
            Theme::System => "",
            Theme::Light | Theme::Dark => theme.code(),
        });
    });
    preferences
}

/// The language of the interface behind a tag such as `it-IT`; `None` where there is none.
fn language_of(tag: &str) -> Option<Language> {
    let primary = tag.split('-').next()?;
    [Language::Italian, Language::English]
        .into_iter()
        .find(|language| language.tag() == primary)
}
