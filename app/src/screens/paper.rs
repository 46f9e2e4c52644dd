//! The plan on paper: the version that the family has, in Italian and in the language that it
//! reads, on the screen and for the printer. Nothing is written here.

pub mod model;
pub mod sheet;

use std::sync::Arc;

use domain::id::ScopeId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::senses;
use crate::parts::mark::{Icon, Tone};
use crate::parts::message::{Empty, Notice};
use crate::parts::pick::Select;
use crate::screens::examples::{Shelf, take};
use crate::screens::family::{FamilyPage, Tab, with_clock};
use crate::screens::paper::model::{languages, model};
use crate::session::use_session;
use crate::watch::{hear, watch};
use crate::words::catalogue::{Catalogue, ITALIAN_TAG, address};
use crate::words::lands::own_name;
use crate::words::use_words;

/// What stands beside the Italian.
#[derive(Clone, PartialEq)]
pub enum Beside {
    /// Nothing: the family reads Italian, or the text is on its way.
    Nothing,
    /// The family's language.
    Here(Arc<Catalogue>),
    /// Its text cannot be had.
    Missing,
}

/// The screen.
#[component]
pub fn PaperScreen() -> impl IntoView {
    view! { <FamilyPage tab=Tab::Plan body=|scope| view! { <Paper scope=scope /> }.into_any() /> }
}

#[component]
fn Paper(scope: ScopeId) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let sheet = Memo::new(move |_| {
        with_clock(session, |clock| {
            session.read(|replica| model(replica, scope, clock))
        })
    });
    let has_sheet = Memo::new(move |_| sheet.read().is_some());
    // The choice is made once: it must not jump when something arrives.
    let tags = Memo::new(move |_| session.read(|replica| languages(replica, scope)));
    let tags = tags.get_untracked();
    let tag = RwSignal::new(tags.first().copied().unwrap_or(ITALIAN_TAG).to_owned());
    let beside = RwSignal::new(Beside::Nothing);
    watch(move || fetch(tag, beside));
    let shelf = RwSignal::new(Shelf::Coming);
    watch(move || take(tag, shelf));
    let options = StoredValue::new(
        tags.into_iter()
            .map(|tag| {
                let (own, name) = (own_name(tag).unwrap_or(tag), words.language(tag));
                (tag.to_owned(), format!("{own} ({name})"))
            })
            .collect::<Vec<_>>(),
    );
    view! {
        <main class="main main--scroll narrow">
            {move || if has_sheet.get() {
                view! {
                    <div class="stack paper__bar">
                        <h2>{words.paper()}</h2>
                        <Select id="paper-language" label=words.paper_language()
                            options=options.get_value() value=tag />
                        {move || {
                            let sheet = sheet.read();
                            let number = sheet.as_ref().filter(|sheet| sheet.has_draft)?.number;
                            let text = words.paper_draft(number);
                            Some(view! { <Notice tone=Tone::Ochre icon="pencil">{text}</Notice> })
                        }}
                        {move || about_language(tag, &beside.read(), &shelf.read())}
                        <button type="button" class="btn" on:click=hear(|_| senses::print())>
                            <Icon name="printer" />{words.paper_print()}
                        </button>
                    </div>
                    {move || {
                        let beside = beside.read();
                        let other = match &*beside {
                            Beside::Here(catalogue) => Some(&**catalogue),
                            Beside::Nothing | Beside::Missing => None,
                        };
                        let shelf = shelf.read();
                        let examples = match &*shelf {
                            Shelf::Here(examples) => Some(examples),
                            Shelf::Coming | Shelf::Empty => None,
                        };
                        sheet.read().as_ref().map(|sheet| sheet::draw(sheet, other, examples))
                    }}
                }
                .into_any()
            } else {
                let (head, hint) = (words.paper_empty(), words.paper_empty_hint());
                view! { <Empty head=head hint=hint drawn=true /> }.into_any()
            }}
        </main>
    }
    .into_any()
}

/// Gets the text of the language that is chosen. Until it is here Italian stands alone.
pub fn fetch(tag: RwSignal<String>, beside: RwSignal<Beside>) {
    let wanted = tag.get();
    beside.set(Beside::Nothing);
    if wanted == ITALIAN_TAG {
        return;
    }
    spawn_local(async move {
        let file = senses::shipped(&address(&wanted)).await;
        let read = file.and_then(|file| Catalogue::read(&file));
        // Another one may have been chosen meanwhile, or the page left.
        if tag.try_get_untracked().is_some_and(|now| now == wanted) {
            let found = read.map_or(Beside::Missing, |read| Beside::Here(Arc::new(read)));
            beside.try_set(found);
        }
    });
}

/// What has to be known of the text in the family's language before it is handed over.
fn about_language(
    tag: RwSignal<String>,
    beside: &Beside,
    shelf: &Shelf,
) -> Option<impl IntoView + use<>> {
    let words = use_words();
    let language = words.language(&tag.read());
    let text = match beside {
        Beside::Missing => words.paper_missing(&language),
        Beside::Here(catalogue) if catalogue.reviewed.is_none() || shelf.is_unread() => {
            words.paper_unreviewed(&language)
        }
        Beside::Here(_) | Beside::Nothing => return None,
    };
    let again = matches!(beside, Beside::Missing).then(|| {
        view! {
            <button type="button" class="btn btn--soft" on:click=hear(move |_| tag.update(|_| ()))>
                {words.try_again()}
            </button>
        }
    });
    Some(view! { <Notice tone=Tone::Ochre icon="languages">{text}{again}</Notice> })
}
