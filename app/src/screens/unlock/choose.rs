//! Choosing the secret that opens the app: twice, with what is too weak said at once.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::device::vault::{Strength, secret_strength};
use crate::device::wire::Me;
use crate::gate::{Gate, use_keeper};
use crate::parts::form::FieldError;
use crate::parts::mark::Icon;
use crate::watch::hear;
use crate::words::{Words, use_words};

/// The form.
#[component]
pub fn Choose(
    /// Who signed in.
    me: Me,
) -> impl IntoView {
    let words = use_words();
    let keeper = use_keeper();
    let (secret, again) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let was_sent = RwSignal::new(false);
    let is_working = Memo::new(move |_| matches!(&*keeper.gate.read(), Gate::Working));
    let weak = Signal::derive(move || {
        let said = weakness(secret_strength(&secret.read()), words);
        said.filter(|_| was_sent.get()).map(str::to_owned)
    });
    let differs = Signal::derive(move || {
        let differs = was_sent.get() && *secret.read() != *again.read();
        differs.then(|| words.pins_differ().to_owned())
    });
    let welcome = words.welcome(&me.name);
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        was_sent.set(true);
        let is_ready = weak.get_untracked().is_none() && differs.get_untracked().is_none();
        if is_ready && !is_working.get_untracked() {
            keeper.choose(me.clone(), secret.get_untracked());
        }
    };
    let label = move || {
        if is_working.get() {
            words.unlocking()
        } else {
            words.keep_pin()
        }
    };
    view! {
        <form class="stack grow" on:submit=hear(on_submit) novalidate=true>
            <p class="soft">{welcome}</p>
            <h2>{words.choose_pin()}</h2>
            <p class="small soft">{words.choose_pin_why()}</p>
            <Secret
                id="secret"
                label=words.new_pin()
                hint=words.pin_rule()
                value=secret
                error=weak
            />
            <Secret id="secret-again" label=words.new_pin_again() value=again error=differs />
            <button class="btn btn--main btn--big btn--block" type="submit" disabled=is_working>
                {label}
            </button>
        </form>
    }
    .into_any()
}

fn weakness(strength: Strength, words: Words) -> Option<&'static str> {
    match strength {
        Strength::Enough => None,
        Strength::PinTooShort => Some(words.pin_too_short()),
        Strength::PassphraseTooShort => Some(words.phrase_too_short()),
        Strength::TooSimple => Some(words.pin_too_simple()),
    }
}

/// A secret's field: hidden, unless the person wants to see it.
#[component]
fn Secret(
    id: &'static str,
    label: &'static str,
    #[prop(optional)] hint: Option<&'static str>,
    value: RwSignal<String>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let words = use_words();
    let is_shown = RwSignal::new(false);
    let hint_id = hint.map(|_| format!("{id}-hint"));
    let described = move || {
        let error_id = error.read().is_some().then(|| format!("{id}-error"));
        let ids: Vec<String> = [hint_id.clone(), error_id].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    };
    let kind = move || if is_shown.get() { "text" } else { "password" };
    // As text it would be kept with the page by whoever restores the browser's windows.
    let fill = move || {
        if is_shown.get() {
            "off"
        } else {
            "new-password"
        }
    };
    view! {
        <div class="stack stack--tight">
            <label class="label" for=id>{label}</label>
            {hint.map(|hint| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })}
            <div class="reveal">
                <input
                    class="field"
                    id=id
                    type=kind
                    autocomplete=fill
                    autocapitalize="none"
                    spellcheck="false"
                    prop:value=value
                    on:input=hear(move |event| value.set(event_target_value(&event)))
                    aria-invalid=move || error.read().is_some().then_some("true")
                    aria-describedby=described
                />
                <button
                    class="icon-btn"
                    type="button"
                    aria-label=words.show_secret()
                    aria-controls=id
                    aria-pressed=move || is_shown.get().to_string()
                    on:click=hear(move |_| is_shown.update(|shown| *shown = !*shown))
                >
                    <Icon name="eye" />
                </button>
            </div>
            <FieldError id=id error=error />
        </div>
    }
    .into_any()
}
