//! Buttons and chips.

use leptos::prelude::*;

use crate::parts::mark::Icon;
use crate::watch::hear;

/// How loud a button is. One `Main` on a screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// The one thing to do here.
    Main,
    /// An alternative.
    #[default]
    Plain,
    /// A helper.
    Soft,
    /// A way out.
    Bare,
}

/// A button with a word, and perhaps an icon.
#[component]
pub fn Button(
    /// What it says.
    #[prop(into)]
    label: Signal<String>,
    /// What it does.
    #[prop(into)]
    on_press: Callback<()>,
    /// How loud it is.
    #[prop(optional)]
    weight: Weight,
    /// Its icon.
    #[prop(optional)]
    icon: Option<&'static str>,
    /// More classes: `btn--big`, `btn--block`.
    #[prop(optional)]
    class: &'static str,
    /// Whether it does nothing now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class=button_class(weight, class)
            disabled=disabled
            on:click=hear(move |_| on_press.run(()))
        >
            {icon.map(|icon| view! { <Icon name=icon /> })}
            {label}
        </button>
    }
}

/// The class of a button, for links and submits that look like one.
pub fn button_class(weight: Weight, class: &str) -> String {
    let weight = match weight {
        Weight::Main => "btn--main",
        Weight::Plain => "",
        Weight::Soft => "btn--soft",
        Weight::Bare => "btn--bare",
    };
    format!("btn {weight} {class}")
}

/// Whether one or several chips of a group may be on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// One of the group.
    One,
    /// Any of the group.
    Any,
}

impl Pick {
    const fn input_type(self) -> &'static str {
        match self {
            Self::One => "radio",
            Self::Any => "checkbox",
        }
    }
}

/// A choice that can be pressed: a real checkbox or radio inside, a tick when it is on.
#[component]
pub fn Chip(
    /// One of the group, or any.
    pick: Pick,
    /// Names the group.
    #[prop(into)]
    name: String,
    /// What it says.
    #[prop(into)]
    label: String,
    /// Whether it is on.
    #[prop(into)]
    on: Signal<bool>,
    /// Told the new state.
    #[prop(into)]
    on_change: Callback<bool>,
    /// An icon while it is off.
    #[prop(optional)]
    icon: Option<&'static str>,
    /// Drawn as a tile, for a grid of choices.
    #[prop(optional)]
    tile: bool,
    /// Drawn before the label, such as the stair of who acts.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let class = if tile { "chip chip--tile" } else { "chip" };
    let has_drawing = children.is_some();
    view! {
        <label class=class>
            <input
                type=pick.input_type()
                autocomplete="off"
                name=name
                prop:checked=on
                on:change=hear(move |event| on_change.run(event_target_checked(&event)))
            />
            {icon.map(|icon| view! { <Icon name=icon class="chip__off" /> })}
            {children.map(|children| children())}
            {(!has_drawing).then(|| view! { <Icon name="check" class="chip__on" /> })}
            <span class:grow=has_drawing>{label}</span>
            {has_drawing.then(|| view! { <Icon name="check" class="chip__on" /> })}
        </label>
    }
}
