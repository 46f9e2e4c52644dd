//! Goals that somebody has put into words already: fetched, and offered while a goal is written.

use domain::vocabulary::Area;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::senses;
use crate::frame::use_toasts;
use crate::parts::mark::{Icon, Tone};
use crate::parts::message::Notice;
use crate::parts::pick::part_of;
use crate::screens::goal::form::GoalEdit;
use crate::watch::{hear, watch};
use crate::words::catalogue::{ITALIAN_TAG, tag_for};
use crate::words::lands::direction;
use crate::words::library::{Both, Examples, Library, address};
use crate::words::use_words;

/// Where examples stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// They are on their way.
    Coming,
    /// They are here.
    Here(Examples),
    /// They are not on this phone.
    Empty,
}

impl Shelf {
    /// Whether nobody of the family's language has read the examples in it.
    pub fn is_unread(&self) -> bool {
        match self {
            Self::Here(examples) => examples.own().is_some_and(|own| own.reviewed.is_none()),
            Self::Coming | Self::Empty => false,
        }
    }
}

/// Gets the examples, with those of the language that is chosen beside them.
pub fn take(tag: RwSignal<String>, shelf: RwSignal<Shelf>) {
    let wanted = tag.get();
    shelf.set(Shelf::Coming);
    spawn_local(async move {
        let found = examples(&wanted).await;
        // Another one may have been chosen meanwhile, or the page left.
        if tag.try_get_untracked().is_some_and(|now| now == wanted) {
            shelf.try_set(found.map_or(Shelf::Empty, Shelf::Here));
        }
    });
}

async fn examples(language: &str) -> Option<Examples> {
    let italian = library(ITALIAN_TAG).await?;
    let own = match tag_for(language) {
        None | Some(ITALIAN_TAG) => None,
        Some(tag) => library(tag).await,
    };
    Some(Examples::new(italian, own))
}

async fn library(tag: &str) -> Option<Library> {
    Library::read(&senses::shipped(&address(tag)).await?)
}

/// The way to fill a goal from an example of its area; everything can be changed afterwards.
#[component]
pub fn FromExample(
    edit: RwSignal<GoalEdit>,
    /// How often the person was sent to what was filled in.
    sent: RwSignal<usize>,
) -> impl IntoView {
    let words = use_words();
    let is_open = RwSignal::new(false);
    let area = Memo::new(move |_| edit.read().form.area);
    let on_click = move |_| is_open.update(|open| *open = !*open);
    move || {
        area.get().map(|_| {
            view! {
                <div class="stack">
                    <button type="button" class="btn btn--soft" aria-expanded=move || is_open.get().to_string()
                        on:click=hear(on_click)>
                        <Icon name="book-open" />{words.goal_examples()}
                    </button>
                    {move || is_open.get().then(|| {
                        view! { <List edit=edit is_open=is_open sent=sent /> }
                    })}
                </div>
            }
        })
    }
}

#[component]
fn List(edit: RwSignal<GoalEdit>, is_open: RwSignal<bool>, sent: RwSignal<usize>) -> impl IntoView {
    let words = use_words();
    let tag = part_of(
        edit,
        |edit| edit.form.language.clone(),
        |edit, tag| edit.form.language = tag,
    );
    let shelf = RwSignal::new(Shelf::Coming);
    watch(move || take(tag, shelf));
    let area = Memo::new(move |_| edit.read().form.area);
    let is_empty = Memo::new(move |_| *shelf.read() == Shelf::Empty);
    let list = move || {
        let shelf = shelf.read();
        let (Shelf::Here(examples), Some(area)) = (&*shelf, area.get()) else {
            return None;
        };
        let own = examples.own().filter(|own| own.reviewed.is_none());
        let mark = own.map(|own| {
            let text = words.paper_unreviewed(&words.language(&own.tag));
            view! { <Notice tone=Tone::Ochre icon="languages">{text}</Notice> }
        });
        let taking = Taking {
            edit,
            is_open,
            sent,
            shelf: StoredValue::new(examples.clone()),
        };
        let cards = examples.of(area).map(|both| taking.card(area, both));
        Some(view! {
            <p class="hint">{words.goal_examples_hint()}</p>
            {mark}
            <ul class="examples">{cards.collect_view()}</ul>
        })
    };
    view! {
        <div role="status">
            {move || is_empty.get().then(|| {
                let text = words.goal_examples_missing();
                view! { <Notice tone=Tone::Ochre icon="circle-alert">{text}</Notice> }
            })}
        </div>
        <div class="stack">{list}</div>
    }
    .into_any()
}

/// What taking an example changes.
#[derive(Clone, Copy)]
struct Taking {
    edit: RwSignal<GoalEdit>,
    is_open: RwSignal<bool>,
    sent: RwSignal<usize>,
    shelf: StoredValue<Examples>,
}

impl Taking {
    fn card(self, area: Area, (italian, own): Both<'_>) -> AnyView {
        let words = use_words();
        let toasts = use_toasts();
        let beside = own.map(|own| {
            let lang = self.edit.with_untracked(|edit| edit.form.language.clone());
            let dir = direction(&lang);
            view! { <span class="small soft" lang=lang dir=dir>{own.words.clone()}</span> }
        });
        let (wants, hopes) = (italian.words.clone(), italian.expected().to_owned());
        let key = italian.key.clone();
        let on_take = move |_| {
            let before = self.edit.with_untracked(|edit| edit.form.clone());
            self.shelf.with_value(|shelf| {
                if let Some(both) = shelf.find(area, &key) {
                    let is_example = |said: &str| shelf.says(said);
                    self.edit.update(|edit| edit.form.take(both, is_example));
                }
            });
            let taken = self.edit.with_untracked(|edit| edit.form.clone());
            self.is_open.set(false);
            self.sent.update(|times| *times += 1);
            // The form may be gone by the time that somebody wants it back.
            let edit = self.edit;
            toasts.say_with_undo(words.goal_example_taken(), move || {
                edit.try_update(|edit| edit.form.put_back(&before, &taken));
            });
        };
        view! {
            <li>
                <button type="button" class="example" on:click=hear(on_take)>
                    <span>
                        <b lang=ITALIAN_TAG>{wants}</b>{beside}
                        <span class="small" lang=ITALIAN_TAG>{hopes}</span>
                    </span>
                </button>
            </li>
        }
        .into_any()
    }
}
