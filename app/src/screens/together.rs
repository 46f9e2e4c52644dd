//! Insieme: the family says what matters, how it is and what it wants to change, on the tutor's
//! phone and in its own language. What it said lies on the phone as a draft; the tutor reads it
//! over, writes the Italian beside it and saves it in the plan.
//!
//! The family's half is drawn inside a fence: see [`fence`].

mod aloud;
pub mod fence;
pub mod pages;
pub mod reading;
mod review;
pub mod talk;
mod tongue;

use domain::attachment::About;
use domain::id::ScopeId;
use domain::plan::Stage;
use domain::vocabulary::{Area, Voice};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::device::drafts::Form;
use crate::frame::{InnerBar, use_toasts};
use crate::parts::form::{FieldError, stay};
use crate::parts::mark::{Icon, Tone};
use crate::parts::message::Notice;
use crate::parts::pick::{Select, part_of};
use crate::screens::Missing;
use crate::screens::diary::timeline::attached;
use crate::screens::draft::{Draft, Place, drafted, json};
use crate::screens::family::{Tab, head, use_scope};
use crate::screens::paper::model::languages;
use crate::screens::paper::{Beside, fetch};
use crate::screens::plan::reorder::last_place;
use crate::screens::together::fence::{Held, What, use_fence};
use crate::screens::together::review::WhatWasSaid;
use crate::screens::together::talk::{Said, Stood, Talk};
use crate::session::{Session, Writing, use_session};
use crate::watch::{hear, watch};
use crate::words::catalogue::ITALIAN_TAG;
use crate::words::lands::own_name;
use crate::words::use_words;

/// Where a talk of a family lies.
pub fn href(scope: ScopeId) -> String {
    format!("/famiglia/{scope}/insieme")
}

/// A talk as it lies on disk: nothing at all until it has begun.
fn kept(talk: &Talk) -> String {
    if talk.has_begun() {
        json(talk)
    } else {
        json(&"")
    }
}

/// The way in, on the plan: it says whether there is a talk to go on with.
#[component]
pub fn TogetherLink(
    scope: ScopeId,
    /// Whether it is there only for a talk that has begun: while the plan rests.
    #[prop(optional)]
    only_begun: bool,
) -> impl IntoView {
    let words = use_words();
    let has_begun = RwSignal::new(false);
    let look = Callback::new(move |found: Result<Option<String>, _>| {
        let talk = found.ok().flatten();
        let talk = talk.and_then(|json| serde_json::from_str::<Talk>(&json).ok());
        has_begun.set(talk.is_some_and(|talk| talk.has_begun()));
    });
    use_session().draft(Form::Together.key(scope), look);
    let label = move || {
        if has_begun.get() {
            words.together_resume()
        } else {
            words.together()
        }
    };
    let link = move || {
        view! {
            <a class="btn btn--block insieme btn--soft" href=href(scope)>
                <Icon name="messages-square" />{label}
            </a>
        }
    };
    move || (!only_begun || has_begun.get()).then(link)
}

/// The tutor's half: before the phone is handed over, and after it came back.
#[component]
pub fn TogetherScreen() -> impl IntoView {
    let session = use_session();
    let scope = use_scope();
    let here = Memo::new(move |_| {
        let scope = scope.get()?;
        let today = session.today();
        let head = session.read(|replica| head(replica, scope, today))?;
        head.may_write.then_some((scope, head.rest))
    });
    move || match here.get() {
        None => view! { <Missing /> }.into_any(),
        Some((scope, rest)) => {
            // The choice is made once: it must not jump when something arrives.
            let tags = untrack(|| session.read(|replica| languages(replica, scope)));
            let first = tags.first().copied().unwrap_or(ITALIAN_TAG);
            drafted(Form::Together.key(scope), move |place, left| {
                let talk = left.unwrap_or_else(|| Talk::new(first));
                let tags = tags.clone();
                match rest {
                    // What was said is not lost: it waits until the plan goes on.
                    Some(stage) => {
                        view! { <AtRest scope=scope talk=talk stage=stage /> }.into_any()
                    }
                    None => {
                        view! { <Ours scope=scope talk=talk tags=tags place=place /> }.into_any()
                    }
                }
            })
        }
    }
}

/// A talk of a plan that was suspended or closed meanwhile: to be read, not to be saved.
#[component]
fn AtRest(scope: ScopeId, talk: Talk, stage: Stage) -> impl IntoView {
    let words = use_words();
    let talk = RwSignal::new(talk);
    count_recordings(scope, talk);
    view! {
        <InnerBar title=words.together() back=Tab::Plan.href(scope) />
        <main class="main narrow">
            <Notice icon="circle-pause">{words.at_rest(stage)}</Notice>
            {move || talk.read().has_begun().then(|| view! { <WhatWasSaid scope=scope talk=talk /> })}
        </main>
    }
    .into_any()
}

/// Keeps count of what the family said aloud: recordings are entries of their own, which also come
/// late, after a dead battery.
pub(super) fn count_recordings(scope: ScopeId, talk: RwSignal<Talk>) {
    let session = use_session();
    let counted = Memo::new(move |_| {
        let talk = talk.read();
        session.read(|replica| {
            let case = replica.state().cases.get(&scope);
            let count = |goal| case.map_or(0, |case| attached(case, About::Goal(goal)).len());
            let said = talk.said.iter().map(|said| (said.area, count(said.goal)));
            said.collect::<Vec<_>>()
        })
    });
    watch(move || {
        for (area, count) in counted.get() {
            let count = u16::try_from(count).unwrap_or(u16::MAX);
            let is_new = talk.with_untracked(|talk| {
                let said = talk.of(area);
                said.is_some_and(|said| said.recordings != count)
            });
            if is_new {
                talk.update(|talk| talk.change(area, |said| said.recordings = count));
            }
        }
    });
}

/// What the talk would write in the plan.
fn writings(session: Session, scope: ScopeId, talk: &Talk) -> Vec<Writing> {
    talk.writings(session.read(|replica| last_place(replica, scope)))
}

/// How an area stands in the family's voice.
fn stood(session: Session, scope: ScopeId, area: Area) -> Stood {
    session.read(|replica| {
        let plan = replica.state().cases.get(&scope).map(|case| &case.plan);
        let said = plan.and_then(|plan| plan.need(area, Voice::Family));
        let heads = plan.map(|plan| plan.need_heads(area, Voice::Family));
        Stood {
            area,
            rating: said.map(|said| said.value.clone()),
            heads: heads.unwrap_or_default(),
        }
    })
}

#[component]
fn Ours(scope: ScopeId, talk: Talk, tags: Vec<&'static str>, place: Place) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let toasts = use_toasts();
    let fence = use_fence();
    let navigate = StoredValue::new_local(use_navigate());
    let talk = RwSignal::new(talk);
    count_recordings(scope, talk);
    let draft = Draft::keep(place.clone(), Signal::derive(move || kept(&talk.read())));
    let has_begun = Memo::new(move |_| talk.read().has_begun());
    let has_words = Memo::new(move |_| talk.read().said.iter().any(Said::is_goal));
    let has_writings = Memo::new(move |_| !writings(session, scope, &talk.read()).is_empty());
    let error = RwSignal::new(None::<String>);
    let on_begin = {
        let place = StoredValue::new(place);
        move |_| {
            talk.update(|talk| talk.look(|area| untrack(|| stood(session, scope, area))));
            fence.close(Held {
                scope,
                place: place.get_value(),
                what: What::Talk(talk.get_untracked()),
            });
        }
    };
    let back = move || navigate.with_value(|go| go(&Tab::Plan.href(scope), Default::default()));
    let on_save = move |_| {
        error.set(None);
        let made = untrack(|| writings(session, scope, &talk.read()));
        let saved = Callback::new(move |()| {
            toasts.say(words.together_saved());
            back();
        });
        draft.save(scope, made, error, saved);
    };
    let on_discard = move |_| {
        let again = toasts.outlive(|| draft.kept());
        draft.forget();
        toasts.say_with_undo(words.together_discarded(), again);
        back();
    };
    let begin = move || {
        if has_begun.get() {
            words.together_resume()
        } else {
            words.together_begin()
        }
    };
    // One filled button: to begin, and once something was said, to save it.
    let begin_class = move || {
        if has_writings.get() {
            "btn insieme"
        } else {
            "btn btn--main insieme"
        }
    };
    view! {
        <InnerBar title=words.together() back=Tab::Plan.href(scope) />
        <main class="main narrow">
            {move || if has_begun.get() {
                view! { <WhatWasSaid scope=scope talk=talk /> }.into_any()
            } else {
                view! { <p>{words.together_what()}</p> }.into_any()
            }}
            {move || (!has_words.get()).then(|| view! {
                <form class="stack" on:submit=hear(stay)>
                    <Language talk=talk tags=tags.clone() />
                </form>
            })}
            <Notice icon="lock">{words.together_fence()}</Notice>
            {move || has_begun.get().then(|| view! {
                <button type="button" class="btn btn--bare" on:click=hear(on_discard)>
                    <Icon name="trash-2" />{words.together_discard()}
                </button>
            })}
        </main>
        <section class="actbar" aria-label=words.actions()>
            <button type="button" class=begin_class on:click=hear(on_begin)>
                <Icon name="messages-square" />{begin}
            </button>
            {move || has_writings.get().then(|| view! {
                <button type="button" class="btn btn--main" on:click=hear(on_save)>
                    {words.together_save()}
                </button>
            })}
            <FieldError id="together" error=error />
        </section>
    }
    .into_any()
}

/// In which language the family reads the questions. What it said is in that language: it is
/// chosen before anything was said.
#[component]
fn Language(talk: RwSignal<Talk>, tags: Vec<&'static str>) -> impl IntoView {
    let value = part_of(
        talk,
        |talk| talk.language.clone(),
        |talk, tag| talk.language = tag,
    );
    view! { <LanguagePick value=value tags=tags /> }
}

/// In which language a family reads, and what is to be known of its text.
#[component]
fn LanguagePick(value: RwSignal<String>, tags: Vec<&'static str>) -> impl IntoView {
    let words = use_words();
    let beside = RwSignal::new(Beside::Nothing);
    watch(move || fetch(value, beside));
    let options = tags
        .into_iter()
        .map(|tag| {
            let (own, name) = (own_name(tag).unwrap_or(tag), words.language(tag));
            (tag.to_owned(), format!("{own} ({name})"))
        })
        .collect();
    view! {
        <Select id="together-language" label=words.paper_language() options=options value=value />
        {move || {
            let language = words.language(&value.read());
            let text = match &*beside.read() {
                Beside::Missing => words.together_missing(&language),
                Beside::Here(catalogue) if catalogue.reviewed.is_none() => {
                    words.paper_unreviewed(&language)
                }
                Beside::Here(_) | Beside::Nothing => return None,
            };
            Some(view! { <Notice tone=Tone::Ochre icon="languages">{text}</Notice> })
        }}
    }
    .into_any()
}
