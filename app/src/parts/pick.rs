//! Choosing from a list: chips of a closed list, a select, several languages.

use leptos::prelude::*;

use crate::parts::choice::{Chip, Pick};
use crate::parts::mark::Icon;
use crate::watch::{hear, watch};

/// A list to choose one from, by the device's own picker.
#[component]
pub fn Select(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// Values and what they are called.
    options: Vec<(String, String)>,
    /// The chosen value; empty while none is.
    value: RwSignal<String>,
    /// What the empty choice is called; without it nothing can be left open.
    #[prop(optional, into)]
    none: Option<String>,
) -> impl IntoView {
    let options = none
        .map(|none| (String::new(), none))
        .into_iter()
        .chain(options)
        .map(|(key, name)| {
            let is_on = key.clone();
            view! {
                <option value=key prop:selected=move || value.read() == is_on>{name}</option>
            }
        })
        .collect_view();
    view! {
        <div class="stack stack--tight">
            <label class="label" for=id.clone()>{label}</label>
            <select
                class="field"
                id=id
                autocomplete="off"
                on:change=hear(move |event| value.set(event_target_value(&event)))
            >
                {options}
            </select>
        </div>
    }
    .into_any()
}

/// How a group of chips is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// One after the other.
    #[default]
    Row,
    /// Tiles, two in a row on a phone.
    Two,
    /// Tiles, three in a row on a phone.
    Three,
}

impl Layout {
    const fn class(self) -> &'static str {
        match self {
            Self::Row => "chips",
            Self::Two => "grid-2",
            Self::Three => "grid-3",
        }
    }
}

/// One of a closed list, as radio chips in a fieldset.
#[component]
pub fn OneOf<T>(
    /// The question.
    #[prop(into)]
    legend: String,
    /// Names the group; unique on the page.
    #[prop(into)]
    name: String,
    /// The choices, what they are called, and their icons.
    options: Vec<(T, String, Option<&'static str>)>,
    /// The choice.
    value: RwSignal<Option<T>>,
    /// How they are laid out.
    #[prop(optional)]
    layout: Layout,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let chips = options
        .into_iter()
        .map(|(choice, label, icon)| {
            let on = Signal::derive(move || value.get() == Some(choice));
            let on_change = move |_| value.set(Some(choice));
            let name = name.clone();
            match icon {
                Some(icon) => view! {
                    <Chip pick=Pick::One name=name label=label on=on on_change=on_change
                        icon=icon tile=layout != Layout::Row />
                }
                .into_any(),
                None => view! {
                    <Chip pick=Pick::One name=name label=label on=on on_change=on_change
                        tile=layout != Layout::Row />
                }
                .into_any(),
            }
        })
        .collect_view();
    view! {
        <fieldset class="section">
            <legend class="label">{legend}</legend>
            <div class=layout.class()>{chips}</div>
        </fieldset>
    }
    .into_any()
}

/// Several of a list that is known by its tags: added from a picker, taken out one by one.
#[component]
pub fn SomeOf(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// What the picker says while nothing is chosen.
    #[prop(into)]
    add: String,
    /// What taking one out is called.
    #[prop(into)]
    remove: String,
    /// Values and what they are called.
    options: Vec<(String, String)>,
    /// The chosen values.
    value: RwSignal<Vec<String>>,
) -> impl IntoView {
    let names = StoredValue::new(options.clone());
    let name_of = move |tag: &str| {
        names.with_value(|names| {
            names
                .iter()
                .find(|(key, _)| key == tag)
                .map_or_else(|| tag.to_owned(), |(_, name)| name.clone())
        })
    };
    let choose = RwSignal::new(String::new());
    watch(move || {
        let tag = choose.get();
        if tag.is_empty() {
            return;
        }
        value.update(|all| {
            if !all.contains(&tag) {
                all.push(tag);
            }
        });
        choose.set(String::new());
    });
    let chosen = move || {
        value
            .get()
            .into_iter()
            .map(|tag| {
                let name = name_of(&tag);
                let label = format!("{remove}: {name}");
                let take_out = move |_| value.update(|all| all.retain(|other| *other != tag));
                view! {
                    <li>
                        <button type="button" class="chip" aria-label=label on:click=hear(take_out)>
                            {name}<Icon name="x" />
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <div class="stack stack--tight">
            <Select id=id label=label options=options value=choose none=add />
            <ul class="chips">{chosen}</ul>
        </div>
    }
    .into_any()
}

/// One part of a form as a signal of its own, in step with the whole in both directions.
pub fn part_of<W, V>(
    whole: RwSignal<W>,
    get: impl Fn(&W) -> V + Copy + Send + Sync + 'static,
    set: impl Fn(&mut W, V) + Copy + Send + Sync + 'static,
) -> RwSignal<V>
where
    W: Send + Sync + 'static,
    V: Clone + PartialEq + Send + Sync + 'static,
{
    let part = RwSignal::new(whole.with_untracked(get));
    watch(move || {
        let now = part.get();
        if whole.with_untracked(get) != now {
            whole.update(|whole| set(whole, now));
        }
    });
    watch(move || {
        let now = whole.with(get);
        if part.get_untracked() != now {
            part.set(now);
        }
    });
    part
}
