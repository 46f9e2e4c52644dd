//! Unlocking: a keypad for a PIN, a field for a phrase, and what happens after a wrong one.

use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;

use crate::device::vault::UnlockError;
use crate::gate::{Gate, use_keeper};
use crate::parts::mark::{Icon, Tone};
use crate::parts::message::Notice;
use crate::watch::{hear, watch};
use crate::words::{Words, use_words};

/// The stops of the way, one for each digit that a PIN has at least, in the drawing's own units.
const STOPS: [(&str, &str); 8] = [
    ("20", "30.5"),
    ("53", "25.2"),
    ("86", "27.3"),
    ("119", "35"),
    ("152", "41.8"),
    ("185", "42.2"),
    ("218", "35.6"),
    ("251", "27.8"),
];
/// The way through the stops to the flag.
const WAY: &str = "M20 30.5C36.5 30.5 36.5 25.2 53 25.2C69.5 25.2 69.5 27.3 86 27.3C102.5 27.3 \
    102.5 35 119 35C135.5 35 135.5 41.8 152 41.8C168.5 41.8 168.5 42.2 185 42.2C201.5 42.2 201.5 \
    35.6 218 35.6C234.5 35.6 234.5 27.8 251 27.8C263 27.8 267 40 277 36";

/// What went wrong at the last try.
type Problem = Memo<Option<UnlockError>>;

/// The page.
#[component]
pub fn Enter() -> impl IntoView {
    let words = use_words();
    let keeper = use_keeper();
    let is_working = Memo::new(move |_| matches!(&*keeper.gate.read(), Gate::Working));
    let problem = Memo::new(move |_| match &*keeper.gate.read() {
        Gate::Locked(problem) => *problem,
        _ => None,
    });
    let on_try = Callback::new(move |typed| keeper.unlock(typed));
    view! {
        <p class="small soft">{words.unlock_hint()}</p>
        <Secret on_try=on_try is_working=is_working problem=problem />
        <details>
            <summary class="btn btn--bare btn--block">
                <Icon name="circle-help" />
                {words.forgot()}
            </summary>
            <p class="small soft">{words.forgot_hint()}</p>
        </details>
    }
    .into_any()
}

/// Asks for the secret: a keypad for a PIN, a field for a phrase.
#[component]
pub fn Secret(
    /// Told what was typed.
    on_try: Callback<String>,
    /// Whether it is being tried.
    is_working: Memo<bool>,
    /// What went wrong at the last try.
    problem: Memo<Option<UnlockError>>,
    /// What a password manager may make of the field.
    #[prop(default = "current-password")]
    autocomplete: &'static str,
) -> impl IntoView {
    let words = use_words();
    let secret = RwSignal::new(String::new());
    let is_phrase = RwSignal::new(false);
    watch(move || {
        // What was wrong is not tried again: the next one starts from nothing.
        if problem.read().is_some() {
            secret.set(String::new());
        }
    });
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = secret.get_untracked();
        if !typed.is_empty() && !is_working.get_untracked() {
            on_try.run(typed);
        }
    };
    let status = move || is_working.get().then(|| words.unlocking());
    let body = move || {
        if is_phrase.get() {
            view! {
                <Phrase secret=secret problem=problem is_working=is_working
                    autocomplete=autocomplete />
            }
            .into_any()
        } else {
            view! { <Pin secret=secret problem=problem autocomplete=autocomplete /> }.into_any()
        }
    };
    let other = move || {
        if is_phrase.get() {
            words.use_pin()
        } else {
            words.use_phrase()
        }
    };
    view! {
        <div role="alert">{move || problem.get().map(|problem| wrong(&problem, words))}</div>
        <form class="stack grow" on:submit=hear(on_submit) novalidate=true>
            {body}
            <p class="center small" role="status">{status}</p>
        </form>
        <button
            class="btn btn--bare"
            type="button"
            on:click=hear(move |_| is_phrase.update(|phrase| *phrase = !*phrase))
        >
            <Icon name="key-round" />
            {other}
        </button>
    }
    .into_any()
}

/// A PIN: the way fills up digit by digit. The field lies over the drawing, so that a keyboard
/// and a screen reader find a field like any other.
#[component]
fn Pin(secret: RwSignal<String>, problem: Problem, autocomplete: &'static str) -> impl IntoView {
    let words = use_words();
    let typed = Signal::derive(move || secret.read().chars().count());
    view! {
        <label class="center" for="pin"><b>{words.your_pin()}</b></label>
        <div class="pinbox">
            <Way typed=typed />
            <Field secret=secret problem=problem keyboard="none" autocomplete=autocomplete />
        </div>
        <Keypad secret=secret />
    }
    .into_any()
}

#[component]
fn Phrase(
    secret: RwSignal<String>,
    problem: Problem,
    is_working: Memo<bool>,
    autocomplete: &'static str,
) -> impl IntoView {
    let words = use_words();
    view! {
        <label class="label" for="pin">{words.your_phrase()}</label>
        <Field secret=secret problem=problem keyboard="text" autocomplete=autocomplete />
        <button class="btn btn--main btn--big btn--block" type="submit" disabled=is_working>
            {words.unlock()}
        </button>
    }
    .into_any()
}

/// The field itself. It takes the focus at once: nothing else can be done here. And again after a
/// wrong secret, since the button that had it was disabled meanwhile.
#[component]
fn Field(
    secret: RwSignal<String>,
    problem: Problem,
    keyboard: &'static str,
    autocomplete: &'static str,
) -> impl IntoView {
    let node = NodeRef::<Input>::new();
    watch(move || {
        problem.track();
        if let Some(field) = node.get() {
            // A field that cannot take the focus is still one touch away.
            let _ = field.focus();
        }
    });
    view! {
        <input
            class="field"
            id="pin"
            type="password"
            node_ref=node
            inputmode=keyboard
            autocomplete=autocomplete
            autocapitalize="none"
            spellcheck="false"
            prop:value=secret
            on:input=hear(move |event| secret.set(event_target_value(&event)))
        />
    }
}

fn wrong(problem: &UnlockError, words: Words) -> AnyView {
    let (head, text) = match problem {
        UnlockError::Wrong {
            tries_left,
            wait_ms,
        } => {
            let tries = words.tries_left(usize::from(*tries_left));
            let text = if *wait_ms > 0 {
                format!("{tries} {}", wait(*wait_ms, words))
            } else {
                tries
            };
            (words.wrong_pin(), text)
        }
        UnlockError::Wait { ms } => ("", wait(*ms, words)),
        UnlockError::Erased => (words.erased(), words.erased_hint().to_owned()),
        UnlockError::Gone { .. } => (words.copy_gone(), words.copy_gone_hint(None)),
        UnlockError::Disk(why) => (words.broken(), words.broken_because(*why).to_owned()),
    };
    view! {
        <Notice tone=Tone::Berry icon="circle-alert" head=head.to_owned()>
            {text}
        </Notice>
    }
    .into_any()
}

fn wait(ms: i64, words: Words) -> String {
    let seconds = usize::try_from(ms.max(0) / 1_000 + 1).unwrap_or(usize::MAX);
    if seconds < 120 {
        words.wait_seconds(seconds)
    } else {
        words.wait_minutes(seconds.div_ceil(60))
    }
}

#[component]
fn Way(typed: Signal<usize>) -> impl IntoView {
    let stops = STOPS
        .into_iter()
        .enumerate()
        .map(|(at, (x, y))| {
            let is_on = move || (typed.get() > at).then_some("");
            view! { <circle cx=x cy=y r="8" data-on=is_on></circle> }
        })
        .collect_view();
    view! {
        <svg class="pin" viewBox="0 0 296 64" aria-hidden="true">
            <path class="pin__way" d=WAY></path>
            <path class="pin__flag" d="M278 36V14l13 4.5-13 4.5"></path>
            {stops}
        </svg>
    }
}

#[component]
fn Keypad(secret: RwSignal<String>) -> impl IntoView {
    let words = use_words();
    let key = move |digit: &'static str| {
        let on_press = move |_| secret.update(|typed| typed.push_str(digit));
        view! { <button class="key" type="button" on:click=hear(on_press)>{digit}</button> }
    };
    let digits = ["1", "2", "3", "4", "5", "6", "7", "8", "9"]
        .map(key)
        .into_iter()
        .collect_view();
    let on_delete = move |_| {
        secret.update(|typed| {
            typed.pop();
        });
    };
    let delete = words.delete_digit();
    view! {
        <div class="keypad" role="group" aria-label=words.keypad()>
            {digits}
            <button class="key key--bare" type="button" aria-label=delete on:click=hear(on_delete)>
                <Icon name="delete" class="icon--lg" />
            </button>
            {key("0")}
            <button class="key key--go" type="submit" aria-label=words.unlock()>
                <Icon name="arrow-right" class="icon--lg" />
            </button>
        </div>
    }
    .into_any()
}
