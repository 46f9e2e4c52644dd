//! The family's half of Insieme: one question on each page, and nothing else on the screen.

mod drawings;
pub(super) mod questions;
pub(super) mod result;

use domain::id::ScopeId;
use domain::vocabulary::Area;
use leptos::html::H1;
use leptos::prelude::*;

use crate::device::voices::{Hush, Spoken};
use crate::device::{senses, voices};
use crate::gate::use_keeper;
use crate::parts::mark::{Icon, Strip, Tone, area_icon};
use crate::parts::message::Notice;
use crate::screens::draft::{Draft, Place};
use crate::screens::examples::{Shelf, take};
use crate::screens::paper::{Beside, fetch};
use crate::screens::together::aloud::aloud;
use crate::screens::together::fence::{Held, WayOut, What};
use crate::screens::together::reading::Reading;
use crate::screens::together::talk::{At, CHOSEN_MAX, STAGES, Talk};
use crate::screens::together::tongue::Tongue;
use crate::screens::together::{count_recordings, href, kept};
use crate::session::use_session;
use crate::watch::{hear, watch};
use crate::words::catalogue::{ITALIAN_TAG, Key};
use crate::words::use_words;

/// The id of the question: its field is named by it.
pub(super) const QUESTION: &str = "question";

/// What is inside the closed fence.
#[component]
pub fn Together(held: Held) -> impl IntoView {
    let Held { scope, place, what } = held;
    match what {
        What::Talk(talk) => view! { <Talking scope=scope place=place talk=talk /> }.into_any(),
        What::Plan(version, said) => {
            view! { <Reading scope=scope place=place version=version said=said /> }.into_any()
        }
    }
}

#[component]
fn Talking(scope: ScopeId, place: Place, talk: Talk) -> impl IntoView {
    let language = talk.language.clone();
    let talk = RwSignal::new(talk);
    count_recordings(scope, talk);
    Draft::keep(place, Signal::derive(move || kept(&talk.read())));
    let opened_at = talk.with_untracked(|talk| talk.at);
    let at = Memo::new(move |_| talk.read().at);
    let page = move |tongue: Tongue, on_leave| {
        let at = at.get();
        // Whoever begins here, and whoever answers for all of it, is told who has read the text.
        let is_marked = at == opened_at || matches!(at, At::Choose | At::Read);
        let mark = is_marked.then(|| tongue.unreviewed()).flatten();
        view! { <Page scope=scope talk=talk at=at tongue=tongue mark=mark on_leave=on_leave /> }
            .into_any()
    };
    view! { <Inside scope=scope address=href(scope) language=language page=page /> }.into_any()
}

/// Draws a page in a tongue, with the way out of the fence.
pub(super) type Drawing = Box<dyn Fn(Tongue, Callback<()>) -> AnyView + Send>;

/// Everything around the pages: the language that the family reads, the gate of the fence, and what
/// goes wrong meanwhile.
#[component]
pub(super) fn Inside(
    scope: ScopeId,
    /// The address that Back comes to again.
    address: String,
    /// The family's language, by its tag.
    language: String,
    /// Draws what is asked now.
    page: impl Fn(Tongue, Callback<()>) -> AnyView + Send + 'static,
) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let keeper = use_keeper();
    // Dropped with the page, it lets the address go.
    let _hold = StoredValue::new_local(senses::hold_address(&address));
    let is_italian = language == ITALIAN_TAG;
    let tag = RwSignal::new(language);
    let beside = RwSignal::new(Beside::Nothing);
    watch(move || fetch(tag, beside));
    let shelf = RwSignal::new(Shelf::Coming);
    watch(move || take(tag, shelf));
    let tongue = Memo::new(move |_| Tongue::of(&beside.read()).with(&shelf.read()));
    // A question is drawn once: it must not change its language under the hands of who answers.
    let is_known = Memo::new(move |_| {
        (is_italian || *beside.read() != Beside::Nothing) && *shelf.read() != Shelf::Coming
    });
    let is_leaving = RwSignal::new(false);
    // A family that was given to somebody else has nothing to say here any more.
    let is_here = Memo::new(move |_| session.read(|replica| replica.relation(scope).is_some()));
    let is_at_gate = Memo::new(move |_| is_leaving.get() || !is_here.get());
    let on_back = Callback::new(move |()| is_leaving.set(false));
    let on_leave = Callback::new(move |()| is_leaving.set(true));
    let page: Drawing = Box::new(page);
    let page = move || {
        if is_at_gate.get() {
            view! { <WayOut tongue=tongue has_talk=is_here on_back=on_back /> }.into_any()
        } else if is_known.get() {
            page(tongue.get(), on_leave)
        } else {
            view! { <Coming tongue=tongue on_leave=on_leave /> }.into_any()
        }
    };
    let problem = move || {
        let text = words.draft_error(session.draft_problem()?);
        Some(view! { <Notice tone=Tone::Ochre icon="circle-alert">{text}</Notice> })
    };
    view! {
        <Strip shown=keeper.is_demonstration />
        <div role="status">{problem}</div>
        {page}
    }
    .into_any()
}

/// Until the family's language is here, the way out.
#[component]
fn Coming(tongue: Memo<Tongue>, on_leave: Callback<()>) -> impl IntoView {
    let bar = tongue.with_untracked(|tongue| leave(tongue, on_leave));
    view! {
        <main class="together insieme" lang="it" dir="ltr">
            <div class="together__bar">{bar}</div>
        </main>
    }
    .into_any()
}

pub(super) fn leave(tongue: &Tongue, on_leave: Callback<()>) -> AnyView {
    view! {
        <button type="button" class="btn" on:click=hear(move |_| on_leave.run(()))>
            <Icon name="lock" />{tongue.both(Key::Leave, &[])}
        </button>
    }
    .into_any()
}

/// One question.
#[component]
fn Page(
    scope: ScopeId,
    talk: RwSignal<Talk>,
    at: At,
    tongue: Tongue,
    mark: Option<AnyView>,
    on_leave: Callback<()>,
) -> impl IntoView {
    let (lang, dir) = (tongue.lang(), tongue.dir());
    let asked = questions::draw(scope, talk, at, &tongue);
    view! {
        <div class="together insieme" lang=lang dir=dir>
            <header>
                <div class="together__bar">{leave(&tongue, on_leave)}{way(at, &tongue)}</div>
                <div class="ask">
                    <Ask at=at tongue=tongue.clone() />
                    <Listen
                        tongue=tongue.clone()
                        texts=move |tongue: &Tongue| aloud(&talk.read_untracked(), at, tongue)
                    />
                </div>
            </header>
            <main class="together__main">
                {asked}
                {mark.map(|mark| view! { <p class="tiny soft">{mark}</p> })}
            </main>
            {foot(talk, at, &tongue, on_leave)}
        </div>
    }
    .into_any()
}

/// Where the family stands on the way.
fn way(at: At, tongue: &Tongue) -> AnyView {
    stages(at.stage(), STAGES, tongue)
}

/// One stage of so many.
pub(super) fn stages(stage: usize, all: usize, tongue: &Tongue) -> AnyView {
    let blanks = [("n", stage.to_string()), ("all", all.to_string())];
    let label = tongue.plain(Key::StageOf, &blanks);
    let stops = (1..=all).map(|stop| {
        let current = (stop == stage).then_some("step");
        let done = (stop < stage).then_some("");
        view! { <li aria-current=current data-done=done></li> }
    });
    view! { <ol class="stages" aria-label=label>{stops.collect_view()}</ol> }.into_any()
}

/// What is asked, and a word of help.
pub(super) const fn question(at: At) -> (Key, Option<Key>) {
    match at {
        At::Choose => (Key::AskMatters, Some(Key::AskMattersHint)),
        At::Now(_) => (Key::AskNow, None),
        At::Hope(_) => (Key::AskHope, None),
        At::Words(_) => (Key::AskWords, Some(Key::AskWordsHint)),
        At::Result(_) => (Key::AskResult, Some(Key::AskResultHint)),
        At::Step(_) => (Key::AskStep, Some(Key::AskStepHint)),
        At::Who(_) => (Key::AskWho, None),
        At::Read => (Key::WhatWeSaid, None),
        At::End => (Key::GiveBack, None),
    }
}

/// Which area a question is about.
pub(super) const fn area_of(at: At) -> Option<Area> {
    match at {
        At::Now(area)
        | At::Hope(area)
        | At::Words(area)
        | At::Result(area)
        | At::Step(area)
        | At::Who(area) => Some(area),
        At::Choose | At::Read | At::End => None,
    }
}

/// The button that has the page read aloud, where the phone has a voice for its language. Who does
/// not read knows it by its picture. It falls silent at a second tap, when the page goes, and when
/// somebody else may be near the phone.
#[component]
pub(super) fn Listen(
    tongue: Tongue,
    /// What it says.
    texts: impl Fn(&Tongue) -> Vec<Spoken> + Send + 'static,
) -> impl IntoView {
    let keeper = use_keeper();
    let lang = tongue.lang();
    let label = tongue.plain(Key::Listen, &[]);
    let can = RwSignal::new(voices::can_say(&lang));
    // The page may be gone by the time that they are found.
    voices::on_found(move || _ = can.try_set(voices::can_say(&lang)));
    let speaking = StoredValue::new_local(None::<Hush>);
    let is_speaking = RwSignal::new(false);
    let hush = move || {
        speaking.set_value(None);
        is_speaking.set(false);
    };
    watch(move || {
        if keeper.is_hidden.get() {
            hush();
        }
    });
    let on_click = move |_| {
        if is_speaking.get_untracked() {
            return hush();
        }
        let texts = texts(&tongue);
        is_speaking.set(true);
        let done = move || _ = is_speaking.try_set(false);
        speaking.set_value(Some(voices::say(&texts, done)));
    };
    let on_click = hear(on_click);
    let icon = Signal::derive(move || {
        if is_speaking.get() {
            "circle-pause"
        } else {
            "volume-2"
        }
    });
    view! {
        <button type="button" class="btn btn--soft ask__listen"
            class:ask__listen--absent=move || !can.get() aria-label=label
            aria-pressed=move || is_speaking.get().to_string() on:click=on_click>
            <Icon name=icon class="icon--lg" />
        </button>
    }
    .into_any()
}

/// The question itself.
#[component]
fn Ask(at: At, tongue: Tongue) -> impl IntoView {
    let area = area_of(at).map(|area| {
        let name = tongue.both(Key::area(area), &[]);
        view! { <p class="ask__area"><Icon name=area_icon(area) />{name}</p> }
    });
    let (key, hint) = question(at);
    let blanks = [("n", CHOSEN_MAX.to_string())];
    let can_help = !matches!(at, At::Result(area) if tongue.examples(area).is_empty());
    let hint = hint.filter(|_| can_help).map(|hint| {
        view! { <p class="ask__hint">{tongue.both(hint, &blanks)}</p> }
    });
    view! {
        <div>
            {area}
            {asked(&tongue, key, &[])}
            {hint}
        </div>
    }
    .into_any()
}

/// A question, with Italian beside it. It takes the focus, so that a screen reader begins with it.
pub(super) fn asked(tongue: &Tongue, key: Key, blanks: &[(&'static str, String)]) -> AnyView {
    let node = NodeRef::<H1>::new();
    watch(move || {
        if let Some(question) = node.get() {
            // A question that cannot take the focus is still read from the top.
            let _ = question.focus();
        }
    });
    view! {
        <h1 id=QUESTION node_ref=node tabindex="-1">{tongue.plain(key, blanks)}</h1>
        {tongue.italian(key, blanks)}
    }
    .into_any()
}

/// Back, and on. Every question can be passed.
fn foot(talk: RwSignal<Talk>, at: At, tongue: &Tongue, on_leave: Callback<()>) -> AnyView {
    let back = (at != At::Choose).then(|| back(tongue, move || talk.update(Talk::go_back)));
    let (key, icon) = match at {
        At::Read => (Key::Done, "check"),
        At::End => (Key::Leave, "lock"),
        At::Choose
        | At::Now(_)
        | At::Hope(_)
        | At::Words(_)
        | At::Result(_)
        | At::Step(_)
        | At::Who(_) => (Key::Next, "arrow-right"),
    };
    let on_next = Callback::new(move |()| {
        if at == At::End {
            on_leave.run(());
        } else {
            talk.update(Talk::go_on);
        }
    });
    feet(back, (key, icon), on_next, tongue)
}

/// One of several, to tap.
pub(super) fn choice(
    name: &'static str,
    label: AnyView,
    on: Signal<bool>,
    on_pick: impl Fn(()) + Send + 'static,
) -> AnyView {
    view! {
        <label class="example">
            <input type="radio" name=name autocomplete="off" prop:checked=on
                on:change=hear(move |_| on_pick(())) />
            {label}
            <span class="tick"><Icon name="check" /></span>
        </label>
    }
    .into_any()
}

/// A level of a goal: what it is called, and what it looks like.
pub(super) fn level(key: Key, name: AnyView, text: AnyView) -> AnyView {
    let class = if matches!(key, Key::AsHoped) {
        "hopes__one hopes__one--hoped"
    } else {
        "hopes__one"
    };
    view! { <li class=class><b>{name}</b>{text}</li> }.into_any()
}

/// The foot of a page: the way back, where there is one, and the way on.
pub(super) fn feet(
    back: Option<AnyView>,
    on: (Key, &'static str),
    on_next: Callback<()>,
    tongue: &Tongue,
) -> AnyView {
    let (key, icon) = on;
    view! {
        <footer class="together__foot">
            {back}
            <button type="button" class="btn btn--main" on:click=hear(move |_| on_next.run(()))>
                {tongue.both(key, &[])}
                <Icon name=icon class="icon--lg" />
            </button>
        </footer>
    }
    .into_any()
}

/// The way back.
pub(super) fn back(tongue: &Tongue, on_back: impl Fn() + Send + 'static) -> AnyView {
    let label = tongue.both(Key::Back, &[]);
    view! { <button type="button" class="btn" on:click=hear(move |_| on_back())>{label}</button> }
        .into_any()
}
