//! What a family is handed on paper, in Italian and in the language that it reads, on the screen
//! and for the printer: the version of the plan that it has, and the summary of a visit. Nothing
//! is written here.

pub mod column;
pub mod model;
pub mod sheet;
pub mod visit;
pub mod visit_sheet;

use std::sync::Arc;

use domain::id::{ScopeId, VisitId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;

use crate::device::senses;
use crate::parts::mark::{Icon, Tone};
use crate::parts::message::{Empty, Notice};
use crate::parts::pick::Select;
use crate::screens::examples::{Shelf, take};
use crate::screens::family::{FamilyPage, Tab, with_clock};
use crate::screens::paper::model::{Sheet, languages, model};
use crate::session::use_session;
use crate::watch::{hear, watch};
use crate::words::catalogue::{Catalogue, ITALIAN_TAG, address};
use crate::words::lands::own_name;
use crate::words::library::Examples;
use crate::words::{Words, use_words};

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

/// What the tutor has to know of a paper before it is handed over; it is not printed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Aside {
    tone: Tone,
    icon: &'static str,
    text: String,
}

/// Draws a paper beside a language; nothing while there is nothing to hand over.
type Draw = Box<dyn Fn(Option<&Catalogue>, Option<&Examples>) -> Option<AnyView> + Send + Sync>;

/// A paper and what stands around it on the screen.
#[derive(Clone, Copy)]
struct Paper {
    /// What it is called.
    name: &'static str,
    /// What is said where there is nothing to hand over, and what to do about it.
    empty: (&'static str, &'static str),
    has_sheet: Memo<bool>,
    asides: Memo<Vec<Aside>>,
    draw: StoredValue<Draw>,
}

/// Where the summary of a visit is printed.
pub fn visit_paper_href(scope: ScopeId, visit: VisitId) -> String {
    format!("/famiglia/{scope}/visita/{visit}/foglio")
}

/// The plan.
#[component]
pub fn PaperScreen() -> impl IntoView {
    view! {
        <FamilyPage tab=Tab::Plan
            body=|scope| view! { <Handed scope=scope paper=plan /> }.into_any() />
    }
}

/// The summary of a visit.
#[component]
pub fn VisitPaperScreen() -> impl IntoView {
    view! {
        <FamilyPage tab=Tab::Diary
            body=|scope| view! { <Handed scope=scope paper=visited /> }.into_any() />
    }
}

fn plan(scope: ScopeId) -> Paper {
    let words = use_words();
    let session = use_session();
    let sheet = Memo::new(move |_| {
        with_clock(session, |clock| {
            session.read(|replica| model(replica, scope, clock))
        })
    });
    let draw: Draw = Box::new(
        move |beside: Option<&Catalogue>, examples: Option<&Examples>| {
            let sheet = sheet.read();
            sheet
                .as_ref()
                .map(|sheet| sheet::draw(sheet, beside, examples))
        },
    );
    Paper {
        name: words.paper(),
        empty: (words.paper_empty(), words.paper_empty_hint()),
        has_sheet: Memo::new(move |_| sheet.read().is_some()),
        asides: Memo::new(move |_| {
            let sheet = sheet.read();
            sheet
                .as_ref()
                .map(|sheet| about_plan(sheet, words))
                .unwrap_or_default()
        }),
        draw: StoredValue::new(draw),
    }
}

/// That the plan says something else by now, and that it was not interpreted by somebody whose work
/// it is: a family reads who interpreted, what to do about it is for who follows it.
fn about_plan(sheet: &Sheet, words: Words) -> Vec<Aside> {
    let draft = sheet.has_draft.then(|| Aside {
        tone: Tone::Ochre,
        icon: "pencil",
        text: words.paper_draft(sheet.number),
    });
    let interpreted = sheet.answer.as_ref().and_then(|answer| answer.interpreted);
    let interpreted = interpreted.and_then(|who| {
        let why = words.interpreted_warning(who)?;
        let who = words.interpreted_by(words.interpreted(who));
        Some(Aside {
            tone: Tone::Ochre,
            icon: "circle-alert",
            text: format!("{who} {why}"),
        })
    });
    [draft, interpreted].into_iter().flatten().collect()
}

fn visited(scope: ScopeId) -> Paper {
    let words = use_words();
    let session = use_session();
    let params = use_params_map();
    let sheet = Memo::new(move |_| {
        let visit: VisitId = params.read().get("visit")?.parse().ok()?;
        with_clock(session, |clock| {
            session.read(|replica| visit::model(replica, scope, visit, clock))
        })
    });
    let draw: Draw = Box::new(
        move |beside: Option<&Catalogue>, examples: Option<&Examples>| {
            let sheet = sheet.read();
            sheet
                .as_ref()
                .map(|sheet| visit_sheet::draw(sheet, beside, examples))
        },
    );
    Paper {
        name: words.visit_paper(),
        empty: (words.visit_paper_empty(), words.visit_paper_empty_hint()),
        has_sheet: Memo::new(move |_| sheet.read().is_some()),
        asides: Memo::new(move |_| {
            vec![Aside {
                tone: Tone::Plain,
                icon: "info",
                text: words.visit_paper_what().to_owned(),
            }]
        }),
        draw: StoredValue::new(draw),
    }
}

/// A paper under the choice of the language that stands beside the Italian.
#[component]
fn Handed(
    scope: ScopeId,
    /// Which paper.
    paper: fn(ScopeId) -> Paper,
) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let paper = paper(scope);
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
            {move || if paper.has_sheet.get() {
                view! {
                    <div class="stack paper__bar">
                        <h2>{paper.name}</h2>
                        <Select id="paper-language" label=words.paper_language()
                            options=options.get_value() value=tag />
                        {move || paper.asides.get().into_iter().map(aside).collect_view()}
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
                        paper.draw.with_value(|draw| draw(other, examples))
                    }}
                }
                .into_any()
            } else {
                let (head, hint) = paper.empty;
                view! { <Empty head=head hint=hint drawn=true /> }.into_any()
            }}
        </main>
    }
    .into_any()
}

fn aside(said: Aside) -> impl IntoView {
    let Aside { tone, icon, text } = said;
    view! { <Notice tone=tone icon=icon>{text}</Notice> }
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

#[cfg(test)]
mod tests {
    use domain::family::Language;
    use domain::op::Known;
    use domain::plan::Answer;
    use domain::vocabulary::{Interpreted, Role, SignatureMode};

    use super::*;
    use crate::screens::fixture::{Family, amina, clock, scope, tutor, version};

    /// What is said around a version that was read to the family by somebody.
    fn told(interpreted: Option<Interpreted>) -> Vec<String> {
        let mut family = Family::hassan();
        family.proposed(1);
        let answer = Answer {
            fingerprint: family.case().plan.content().fingerprint(),
            mode: SignatureMode::Paper,
            member: Some(amina()),
            witness: None,
            language: Language("ar".into()),
            interpreted,
            goals: Vec::new(),
        };
        family.write(
            tutor(),
            Known::VersionAnswered {
                version: version(1),
                answer,
            },
        );
        let replica = family.held_by(tutor(), Role::Mediator);
        let sheet = model(&replica, scope(), clock()).expect("a version");
        let asides = about_plan(&sheet, Words::default()).into_iter();
        asides.map(|aside| aside.text).collect()
    }

    #[test]
    fn who_hands_it_over_is_told_of_a_child_that_interpreted_and_not_of_a_mediator() {
        for who in [
            None,
            Some(Interpreted::Tutor),
            Some(Interpreted::Interpreter),
        ] {
            assert_eq!(told(who), [""; 0], "{who:?}");
        }
        for (who, begins) in [
            (Interpreted::Adult, "Ha tradotto: Un parente o un vicino. "),
            (Interpreted::Minor, "Ha tradotto: Un minore. "),
        ] {
            let told = told(Some(who));
            assert!(
                told.len() == 1 && told.iter().all(|text| text.starts_with(begins)),
                "{told:?}"
            );
        }
    }
}
