//! What the app says by itself: notices, toasts, empty places, things still arriving.

use leptos::prelude::*;

use crate::device::senses::{self, Timer};
use crate::parts::mark::{Icon, Tone};
use crate::watch::{hear, watch};

/// A notice in the page: icon and sentence, perhaps a button below.
#[component]
pub fn Notice(
    /// What its colour stands for.
    #[prop(optional)]
    tone: Tone,
    /// Its icon.
    #[prop(default = "info")]
    icon: &'static str,
    /// The part that is read first.
    #[prop(optional, into)]
    head: Option<String>,
    /// The sentence, and a button if there is something to do.
    children: Children,
) -> impl IntoView {
    view! {
        <div class=tone.class("notice")>
            <Icon name=icon />
            <span>{head.map(|head| view! { <b>{head}</b>" " })}{children()}</span>
        </div>
    }
}

/// What was just done, and a way back.
#[derive(Clone, Debug)]
pub struct Said {
    /// What was done.
    pub text: String,
    /// How long it stays, in milliseconds; as long as nobody closes it where there is none.
    pub lasts_ms: Option<i64>,
    /// What can be done about it, such as taking it back.
    pub act: Option<(&'static str, Callback<()>)>,
}

/// The line that says what was just done. It goes by itself, but never under a finger, the pointer
/// or the keyboard's focus.
#[component]
pub fn Toast(
    /// What to say; nothing while there is nothing.
    said: RwSignal<Option<Said>>,
    /// The word for closing.
    close_label: &'static str,
) -> impl IntoView {
    let is_held = RwSignal::new(false);
    // A button that is gone no longer tells that it lost the focus.
    let close = move || {
        is_held.set(false);
        said.set(None);
    };
    let on_act = move |act: Callback<()>| {
        close();
        act.run(());
    };
    let timer: StoredValue<Option<Timer>, LocalStorage> = StoredValue::new_local(None);
    watch(move || {
        let lasts_ms = said.with(|said| said.as_ref().and_then(|said| said.lasts_ms));
        let go = move || drop(said.try_set(None));
        let is_held = is_held.get();
        timer.set_value(
            lasts_ms
                .filter(|_| !is_held)
                .map(|ms| senses::after(ms, go)),
        );
    });
    let on_hold = move |held: bool| move || is_held.set(held);
    let (hold, let_go) = (on_hold(true), on_hold(false));
    view! {
        <div
            class="toasts"
            role="status"
            aria-live="polite"
            on:pointerenter=hear(move |_| hold())
            on:focusin=hear(move |_| hold())
            on:pointerleave=hear(move |_| let_go())
            on:focusout=hear(move |_| let_go())
        >
            {move || {
                said.get().map(|now| {
                    let action = now.act.map(|(label, act)| {
                        view! {
                            <button type="button" class="btn" on:click=hear(move |_| on_act(act))>
                                {label}
                            </button>
                        }
                    });
                    view! {
                        <div class="toast">
                            <span class="grow">{now.text}</span>
                            {action}
                            <button
                                type="button"
                                class="icon-btn"
                                aria-label=close_label
                                on:click=hear(move |_| close())
                            >
                                <Icon name="x" />
                            </button>
                        </div>
                    }
                })
            }}
        </div>
    }
}

/// An empty place that says what to do next.
#[component]
pub fn Empty(
    /// What is so.
    #[prop(into)]
    head: String,
    /// What to do.
    #[prop(into)]
    hint: String,
    /// Whether to draw the landscape.
    #[prop(optional)]
    drawn: bool,
    /// A button.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="card empty">
            {drawn.then(|| view! { <Landscape /> })}
            <h2>{head}</h2>
            <p>{hint}</p>
            {children.map(|children| children())}
        </div>
    }
}

#[component]
fn Landscape() -> impl IntoView {
    view! {
        <svg class="empty__art" viewBox="0 0 176 88" aria-hidden="true">
            <path class="ground" d="M0 76c28-6 44-26 74-26s44 14 102 8v30H0z"></path>
            <path d="M0 76c28-6 44-26 74-26s44 14 102 8"></path>
            <path class="way" d="M22 84c14-8 22-6 40-14s26-12 48-10 34-4 40-10"></path>
            <path d="M128 54V30m0 0c-8 0-10-6-8-11 1-5 5-7 8-9 3 2 7 4 8 9 2 5 0 11-8 11z"></path>
            <path d="M28 70V56m0 0c-6 0-8-4-6-8 1-4 4-5 6-7 2 2 5 3 6 7 2 4 0 8-6 8z"></path>
            <circle class="here" cx="110" cy="60" r="6"></circle>
        </svg>
    }
}

/// What is still arriving, with how much of it is here.
#[component]
pub fn Skeleton(
    /// How much has arrived.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    view! {
        <div class="card skel">
            <i></i><i></i><i></i>
            <span class="tiny soft" role="status">{label}</span>
        </div>
    }
}
