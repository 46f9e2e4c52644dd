//! Fields with a label, a hint and an error that is read with them.

use domain::civil::Civil;
use jiff::civil::Date;
use leptos::ev::SubmitEvent;
use leptos::html::Textarea;
use leptos::prelude::*;

use crate::parts::mark::Icon;
use crate::watch::{hear, watch};

/// One line of text.
#[component]
pub fn Field(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// What is written.
    value: RwSignal<String>,
    /// A word of help.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong, and what to do.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The kind of input: `text`, `tel`, `password`, `number`…
    #[prop(default = "text")]
    kind: &'static str,
    /// The keyboard to offer: `numeric`, `tel`…
    #[prop(optional)]
    keyboard: Option<&'static str>,
    /// What the browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// The language that is written, where it is known.
    #[prop(optional, into)]
    lang: Option<String>,
) -> impl IntoView {
    let described = described_by(&id, hint.is_some(), error);
    view! {
        <div class="stack stack--tight">
            <label class="label" for=id.clone()>{label}</label>
            <Hint id=id.clone() hint=hint />
            <input
                class="field"
                id=id.clone()
                type=kind
                dir="auto"
                lang=lang
                inputmode=keyboard
                autocomplete=autocomplete
                prop:value=value
                on:input=hear(move |event| value.set(event_target_value(&event)))
                aria-invalid=move || error.read().is_some().then_some("true")
                aria-describedby=described
            />
            <FieldError id=id error=error />
        </div>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// What is written.
    value: RwSignal<String>,
    /// A word of help.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong, and what to do.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Lines at the start; it grows with the text.
    #[prop(default = 3)]
    rows: u8,
    /// The language that is written, where it is known.
    #[prop(optional, into)]
    lang: Option<String>,
    /// How often the person was sent here: each time, what is typed goes here.
    #[prop(optional)]
    sent_here: Option<RwSignal<usize>>,
) -> impl IntoView {
    let described = described_by(&id, hint.is_some(), error);
    let node = NodeRef::<Textarea>::new();
    watch(move || {
        if sent_here.is_some_and(|times| times.get() > 0)
            && let Some(field) = node.get()
        {
            // A field that cannot take the focus is still one touch away.
            let _ = field.focus();
        }
    });
    view! {
        <div class="stack stack--tight">
            <label class="label" for=id.clone()>{label}</label>
            <Hint id=id.clone() hint=hint />
            <textarea
                node_ref=node
                class="field"
                id=id.clone()
                rows=rows.to_string()
                dir="auto"
                lang=lang
                autocomplete="off"
                prop:value=value
                on:input=hear(move |event| value.set(event_target_value(&event)))
                aria-invalid=move || error.read().is_some().then_some("true")
                aria-describedby=described
            ></textarea>
            <FieldError id=id error=error />
        </div>
    }
}

/// A day, by the device's own calendar.
#[component]
pub fn DateField(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// The day; `None` while none is chosen.
    value: RwSignal<Option<Date>>,
    /// The first day that may be chosen.
    #[prop(optional, into)]
    min: Option<Date>,
    /// A word of help.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong, and what to do.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let described = described_by(&id, hint.is_some(), error);
    let text = move || value.get().map(|day| day.text()).unwrap_or_default();
    view! {
        <div class="stack stack--tight">
            <label class="label" for=id.clone()>{label}</label>
            <Hint id=id.clone() hint=hint />
            <input
                class="field"
                id=id.clone()
                type="date"
                autocomplete="off"
                min=min.map(|day| day.text())
                prop:value=text
                on:change=hear(move |event| value.set(Date::read(&event_target_value(&event))))
                aria-invalid=move || error.read().is_some().then_some("true")
                aria-describedby=described
            />
            <FieldError id=id error=error />
        </div>
    }
}

#[component]
fn Hint(id: String, hint: Option<String>) -> impl IntoView {
    hint.map(|hint| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })
}

/// What is wrong with a field, in words that say what to do. Announced when it appears.
#[component]
pub fn FieldError(
    /// The field's id.
    #[prop(into)]
    id: String,
    /// What is wrong.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <div id=format!("{id}-error") role="alert">
            {move || {
                error.get().map(|error| {
                    view! {
                        <p class="error"><Icon name="circle-alert" class="icon--sm" />{error}</p>
                    }
                })
            }}
        </div>
    }
}

/// Keeps a form where it is: what is in it is saved by a button, never sent as a page.
pub fn stay(event: SubmitEvent) {
    event.prevent_default();
}

fn described_by(
    id: &str,
    has_hint: bool,
    error: Signal<Option<String>>,
) -> impl Fn() -> Option<String> + use<> {
    let id = id.to_owned();
    move || {
        let mut ids = Vec::new();
        if has_hint {
            ids.push(format!("{id}-hint"));
        }
        if error.read().is_some() {
            ids.push(format!("{id}-error"));
        }
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}
