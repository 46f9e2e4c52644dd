//! What a person chose for this device: the language of the interface and light or dark.
//!
//! This module only holds the choice; whoever provides it keeps it on the device.

use leptos::prelude::*;

use crate::words::Language;

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Every choice, in the order in which the setting shows them.
    pub const ALL: &[Self] = &[Self::System, Self::Light, Self::Dark];

    /// The stable code under which the choice is kept.
    pub const fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The choice behind a code; an unknown code is no choice.
    pub fn from_code(code: &str) -> Self {
        Self::ALL
            .iter()
            .copied()
            .find(|theme| theme.code() == code)
            .unwrap_or_default()
    }
}

/// The choices, as signals. Provided as context around the whole app, locked or not.
#[derive(Clone, Copy, Debug)]
pub struct Preferences {
    /// The language of the interface.
    pub language: RwSignal<Language>,
    /// Light or dark.
    pub theme: RwSignal<Theme>,
}

impl Preferences {
    /// Starts from what was kept.
    pub fn new(language: Language, theme: Theme) -> Self {
        Self {
            language: RwSignal::new(language),
            theme: RwSignal::new(theme),
        }
    }
}

/// The choices that hold here.
pub fn use_preferences() -> Preferences {
    use_context().expect("preferences are provided around the whole app")
}

/// Puts language and theme where the page and the style sheet find them.
///
/// Everything inside is built anew when the language changes: so a screen may take its words
/// once, and no text stays behind in the other language.
#[component]
pub fn Ground(children: ChildrenFn) -> impl IntoView {
    let preferences = use_preferences();
    let theme = move || match preferences.theme.get() {
        Theme::System => None,
        theme @ (Theme::Light | Theme::Dark) => Some(theme.code()),
    };
    view! {
        <div class="ground" lang=move || preferences.language.get().tag() data-theme=theme>
            {move || {
                preferences.language.track();
                children()
            }}
        </div>
    }
}
