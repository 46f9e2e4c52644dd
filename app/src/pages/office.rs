//! `/ufficio`: the frame of the office pages, and who works with which family.
//!
//! A family appears here by its code alone: assigning needs no name, and the office holds none.

use leptos::prelude::*;

use crate::pages::parts::{Document, Draw, Icon, OtherLanguage, Said, Token};
use crate::parts::mark::Logo;
use crate::words::{Language, Words};

/// Families on one page.
pub const ROWS_MAX: usize = 50;

/// What every office page shows around its content.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Language of the page.
    pub language: Language,
    /// Address of the style sheet.
    pub css: String,
    /// Token of the page's forms.
    pub token: String,
    /// Who reads.
    pub name: String,
    /// What they are, in the page's language.
    pub role: &'static str,
    /// The pages that they may open.
    pub rooms: &'static [Room],
    /// The page that they read.
    pub room: Room,
    /// How the last action went.
    pub said: Option<Outcome>,
    /// Whether the database is a demonstration.
    pub is_demonstration: bool,
}

/// How an action went, in words.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Whether it was done.
    pub is_good: bool,
    /// What to tell.
    pub words: String,
    /// Something to be written down now, since it is shown only once.
    pub secret: Option<String>,
}

/// An office page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// Who works with which family.
    Families,
    /// Who works here.
    People,
    /// Their phones.
    Devices,
    /// Who is kept out for a time.
    Suspensions,
    /// What was done.
    Trail,
}

impl Room {
    /// Its address.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Families => "/ufficio/famiglie",
            Self::People => "/ufficio/persone",
            Self::Devices => "/ufficio/telefoni",
            Self::Suspensions => "/ufficio/sospensioni",
            Self::Trail => "/ufficio/registro",
        }
    }

    /// Its title.
    pub const fn title(self, language: Language) -> &'static str {
        match self {
            Self::Families => language.say("Famiglie", "Families"),
            Self::People => language.say("Persone", "People"),
            Self::Devices => language.say("Telefoni", "Phones"),
            Self::Suspensions => language.say("Sospensioni", "Suspensions"),
            Self::Trail => language.say("Registro", "Record"),
        }
    }

    const fn icon(self) -> Icon {
        match self {
            Self::Families => Icon::Families,
            Self::People => Icon::People,
            Self::Devices => Icon::Phone,
            Self::Suspensions => Icon::Lock,
            Self::Trail => Icon::History,
        }
    }
}

/// The document, the side bar and the heading around an office page.
#[component]
pub fn Office(frame: Frame, note: String, children: Children) -> impl IntoView {
    let language = frame.language;
    let title = frame.room.title(language);
    let room = frame.room;
    let items = frame.rooms.iter().map(move |item| {
        view! { <NavItem language=language room=*item is_here=*item == room /> }
    });
    view! {
        <Document language=language title=title css=frame.css>
            <div class="app">
                <nav class="nav" aria-label=language.say("Principale", "Main")>
                    <div class="nav__brand">
                        <Logo />
                        <span>"Percorso"</span>
                    </div>
                    {items.collect_view()}
                    <p class="nav__me">
                        <b>{frame.name}</b>
                        {frame.role}
                    </p>
                </nav>
                <main class="main report">
                    <header class="report__head">
                        <div>
                            <h1>{title}</h1>
                            <p class="soft">{note}</p>
                        </div>
                        <div class="row">
                            {frame.is_demonstration.then(|| view! { <Trial language=language /> })}
                            <OtherLanguage language=language path=room.path() />
                            <Leave language=language token=frame.token />
                        </div>
                    </header>
                    {frame.said.map(|said| view! { <Told said=said /> })}
                    {children()}
                </main>
            </div>
        </Document>
    }
    .into_any()
}

#[component]
fn NavItem(language: Language, room: Room, is_here: bool) -> impl IntoView {
    view! {
        <a class="nav__item" href=room.path() aria-current=is_here.then_some("page")>
            <Draw icon=room.icon() />
            <span>{room.title(language)}</span>
        </a>
    }
    .into_any()
}

#[component]
fn Trial(language: Language) -> impl IntoView {
    view! {
        <span class="tag tag--ochre">
            <Draw icon=Icon::Info />
            {Words(language).demonstration()}
        </span>
    }
    .into_any()
}

#[component]
fn Leave(language: Language, token: String) -> impl IntoView {
    view! {
        <form action="/accesso/uscita" method="post">
            <Token value=token />
            <button class="btn" type="submit">
                <Draw icon=Icon::Leave class="icon icon--dir" />
                {language.say("Esci", "Sign out")}
            </button>
        </form>
    }
    .into_any()
}

#[component]
fn Told(said: Outcome) -> impl IntoView {
    view! {
        <Said is_good=said.is_good>
            {said.words}
            {said
                .secret
                .map(|secret| {
                    view! {
                        " "
                        <bdi class="nowrap">
                            <b>{secret}</b>
                        </bdi>
                    }
                })}
        </Said>
    }
    .into_any()
}

/// The page of the families.
#[derive(Clone, Debug)]
pub struct Families {
    /// The families of this page.
    pub rows: Vec<FamilyRow>,
    /// How many there are in all, with this filter.
    pub total: usize,
    /// Which page, from 1.
    pub page: usize,
    /// Mediators who may be assigned.
    pub tutors: Vec<Choice>,
    /// Social workers who may be assigned.
    pub reviewers: Vec<Choice>,
    /// Only the families of this person.
    pub person: Option<String>,
}

/// Somebody who can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Their id.
    pub id: String,
    /// Their display name.
    pub name: String,
}

/// A family as the office sees it.
#[derive(Clone, Debug)]
pub struct FamilyRow {
    /// The scope's id.
    pub scope: String,
    /// Its short code, as screens show it.
    pub code: String,
    /// Which of its rows this is: a family with two tutors has two.
    pub place: usize,
    /// A tutor of it.
    pub tutor: Option<Choice>,
    /// A social worker of it.
    pub reviewer: Option<Choice>,
}

/// Who works with which family, and a form on each row to change it.
#[component]
pub fn FamiliesPage(frame: Frame, families: Families) -> impl IntoView {
    let language = frame.language;
    let token = frame.token.clone();
    let note = match language {
        Language::Italian => format!("{} famiglie, con chi le segue", families.total),
        Language::English => format!("{} families, and who works with them", families.total),
    };
    let rows = families.rows.iter().map(|row| {
        view! {
            <FamilyRowView
                language=language
                token=token.clone()
                row=row.clone()
                tutors=families.tutors.clone()
                reviewers=families.reviewers.clone()
            />
        }
    });
    let rows = rows.collect_view();
    let is_empty = families.rows.is_empty();
    view! {
        <Office frame=frame note=note>
            <Filter language=language families=families.clone() />
            {is_empty.then(|| view! { <p class="card soft">{nothing(language)}</p> })}
            {(!is_empty).then(|| view! { <ul class="card card--flush rows">{rows}</ul> })}
            <Pages language=language families=families />
        </Office>
    }
    .into_any()
}

const fn nothing(language: Language) -> &'static str {
    language.say(
        "Nessuna famiglia con questo filtro. Scegli un’altra persona, o tutte.",
        "No family with this filter. Choose another person, or everybody.",
    )
}

#[component]
fn Filter(language: Language, families: Families) -> impl IntoView {
    let chosen = families.person.clone();
    let people: Vec<Choice> = families
        .tutors
        .into_iter()
        .chain(families.reviewers)
        .collect();
    view! {
        <form
            class="filters"
            method="get"
            action=Room::Families.path()
            aria-label=language.say("Filtri", "Filters")
        >
            <div>
                <label for="persona">{language.say("Seguite da", "Worked with by")}</label>
                <select class="field" id="persona" name="persona">
                    <option value="">{language.say("Tutte le persone", "Everybody")}</option>
                    {options(people, chosen)}
                </select>
            </div>
            <button class="btn" type="submit">
                {language.say("Mostra", "Show")}
            </button>
        </form>
    }
    .into_any()
}

fn options(people: Vec<Choice>, chosen: Option<String>) -> impl IntoView {
    people
        .into_iter()
        .map(|person| {
            let is_chosen = chosen.as_deref() == Some(person.id.as_str());
            view! { <option value=person.id selected=is_chosen>{person.name}</option> }
        })
        .collect_view()
}

#[component]
fn FamilyRowView(
    language: Language,
    token: String,
    row: FamilyRow,
    tutors: Vec<Choice>,
    reviewers: Vec<Choice>,
) -> impl IntoView {
    let (code, is_first) = (format!("{}-{}", row.code, row.place), row.place == 0);
    let also = (!is_first).then(|| language.say(" · anche", " · also"));
    let tutor = (is_first || row.tutor.is_some()).then(|| {
        view! {
            <Assigned
                label=language.say("Mediatore-tutor", "Mediator-tutor")
                none=language.say("Nessuno", "Nobody")
                name="tutor"
                was_name="tutor_was"
                code=code.clone()
                now=row.tutor
                people=tutors
            />
        }
    });
    let reviewer = (is_first || row.reviewer.is_some()).then(|| {
        view! {
            <Assigned
                label=language.say("Assistente sociale", "Social worker")
                none=language.say("Nessuno", "Nobody")
                name="reviewer"
                was_name="reviewer_was"
                code=code.clone()
                now=row.reviewer
                people=reviewers
            />
        }
    });
    view! {
        <li>
            <form class="filters assign" action=Room::Families.path() method="post">
                <Token value=token />
                <input type="hidden" name="scope" value=row.scope />
                <h2 class="assign__code">
                    {language.say("Famiglia ", "Family ")} <bdi>{row.code}</bdi> {also}
                </h2>
                {tutor}
                {reviewer}
                <button class="btn" type="submit">
                    {language.say("Assegna", "Assign")}
                </button>
            </form>
        </li>
    }
    .into_any()
}

/// One choice of a row: who it is now goes with it, so that two offices do not undo each other.
#[component]
fn Assigned(
    label: &'static str,
    none: &'static str,
    name: &'static str,
    was_name: &'static str,
    code: String,
    now: Option<Choice>,
    people: Vec<Choice>,
) -> impl IntoView {
    let id = format!("{name}-{code}");
    let was = now.as_ref().map(|person| person.id.clone());
    // Somebody who was suspended still has the family until it is given to another.
    let absent = now.filter(|person| !people.contains(person));
    let people = absent.into_iter().chain(people).collect();
    view! {
        <div>
            <input type="hidden" name=was_name value=was.clone().unwrap_or_default() />
            <label for=id.clone()>{label}</label>
            <select class="field" id=id name=name>
                <option value="">{none}</option>
                {options(people, was)}
            </select>
        </div>
    }
    .into_any()
}

#[component]
fn Pages(language: Language, families: Families) -> impl IntoView {
    let last = families.total.div_ceil(ROWS_MAX).max(1);
    let address = move |page: usize| {
        let person = families.person.clone().unwrap_or_default();
        format!("{}?persona={person}&pagina={page}", Room::Families.path())
    };
    let before = (families.page > 1).then(|| address(families.page - 1));
    let after = (families.page < last).then(|| address(families.page + 1));
    let link = move |href: String, word: &'static str| {
        view! {
            <a class="btn" href=href>
                {word}
            </a>
        }
    };
    let place = match language {
        Language::Italian => format!("Pagina {} di {last}", families.page),
        Language::English => format!("Page {} of {last}", families.page),
    };
    (last > 1).then(move || {
        view! {
            <nav class="row" aria-label=language.say("Pagine", "Pages")>
                {before.map(|href| link(href, language.say("Precedente", "Previous")))}
                <span>{place}</span>
                {after.map(|href| link(href, language.say("Successiva", "Next")))}
            </nav>
        }
    })
}
