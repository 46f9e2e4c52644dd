//! What stands around every screen: navigation, app bar, toasts, the strip over invented data.

use domain::vocabulary::Role;
use leptos::html::H1;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;

use crate::gate::use_keeper;
use crate::parts::mark::{Icon, Logo, Strip};
use crate::parts::message::{Said, Toast};
use crate::parts::receipt::{SendingPill, pill};
use crate::screens::new::NewSheet;
use crate::session::use_session;
use crate::watch::{hear, watch, watch_changes};
use crate::words::{Words, use_words};

/// How long a toast stays that says something, in milliseconds: long enough to read it twice.
const SAID_MS: i64 = 6_000;
/// How long one stays that offers something: long enough to read it, think and reach for it.
const OFFERED_MS: i64 = 20_000;

/// Says what was just done. Outlives the screen that said it.
#[derive(Clone, Copy)]
pub struct Toasts {
    said: RwSignal<Option<Said>>,
    words: Words,
    owner: StoredValue<Owner>,
}

impl Toasts {
    fn new(words: Words) -> Self {
        Self {
            words,
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            said: RwSignal::new(None),
        }
    }

    /// Says it.
    pub fn say(self, text: impl Into<String>) {
        self.show(text.into(), None, Some(SAID_MS));
    }

    /// Makes something, such as a callback, that must outlive the screen it is made on.
    pub fn outlive<T>(self, make: impl FnOnce() -> T) -> T {
        self.owner.get_value().with(make)
    }

    /// Says it and offers a way back, which still works once the screen is left.
    pub fn say_with_undo(self, text: impl Into<String>, undo: impl Into<Callback<()>>) {
        let undo = self.outlive(|| undo.into());
        self.say_with(text, self.words.undo(), undo);
    }

    /// Says it and offers one thing to do about it. The offer must outlive the screen.
    pub fn say_with(self, text: impl Into<String>, label: &'static str, act: Callback<()>) {
        self.show(text.into(), Some((label, act)), Some(OFFERED_MS));
    }

    /// Takes back what is no longer so.
    fn take_back(self, text: Option<String>) {
        self.said.update(|said| {
            said.take_if(|said| Some(&said.text) == text.as_ref());
        });
    }

    fn show(self, text: String, act: Option<(&'static str, Callback<()>)>, lasts_ms: Option<i64>) {
        self.said.set(Some(Said {
            text,
            lasts_ms,
            act,
        }));
    }
}

/// Where to say what was just done.
///
/// # Panics
/// Outside the frame: screens are only drawn inside it.
pub fn use_toasts() -> Toasts {
    expect_context::<Toasts>()
}

/// Bottom bar on a phone, side bar from 900 px; the screen between.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let words = use_words();
    let toasts = Toasts::new(words);
    provide_context(toasts);
    let keeper = use_keeper();
    watch(move || {
        if keeper.is_update_waiting.get() {
            let update = Callback::new(move |()| keeper.update());
            let text = format!("{} {}", words.update_ready(), words.update_keeps());
            toasts.show(text, Some((words.update_now(), update)), None);
        }
    });
    let session = use_session();
    watch_changes(
        move || session.draft_problem(),
        move |was, now| {
            let sentence = |why: &Option<_>| why.map(|why| words.draft_error(why).to_owned());
            match sentence(now) {
                Some(text) => toasts.show(text, None, None),
                None => toasts.take_back(sentence(was)),
            }
        },
    );
    watch(move || {
        // Nobody reads it while the app is not seen, and then it may lock.
        if keeper.is_hidden.get() {
            return;
        }
        let parted: Vec<String> = session
            .parted()
            .iter()
            .map(|one| words.parted(one))
            .collect();
        if !parted.is_empty() {
            toasts.show(parted.join(" "), None, None);
        }
    });
    let is_new_open = RwSignal::new(false);
    let can_visit = session.owner().role == Role::Mediator;
    view! {
        <Strip shown=keeper.is_demonstration />
        <div class="app">
            {children()}
            <Navigation can_visit=can_visit on_new=Callback::new(move |()| is_new_open.set(true)) />
            <Toast said=toasts.said close_label=words.close() />
        </div>
        {can_visit.then(|| view! { <NewSheet open=is_new_open /> })}
    }
    .into_any()
}

/// One place of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Today,
    Review,
    Families,
    More,
}

/// Which place an address belongs to.
fn place_of(path: &str) -> Option<Place> {
    match path.split('/').nth(1).unwrap_or_default() {
        "oggi" | "da-sistemare" => Some(Place::Today),
        "da-rivedere" => Some(Place::Review),
        "famiglie" | "famiglia" => Some(Place::Families),
        "altro" => Some(Place::More),
        _ => None,
    }
}

#[component]
fn Navigation(can_visit: bool, on_new: Callback<()>) -> impl IntoView {
    let words = use_words();
    let owner = use_session().owner();
    let first = if owner.role == Role::SocialWorker {
        let label = words.to_review();
        view! { <NavItem place=Place::Review href="/da-rivedere" icon="inbox" label=label /> }
    } else {
        view! { <NavItem place=Place::Today href="/oggi" icon="sun" label=words.today() /> }
    };
    view! {
        <nav class="nav" aria-label=words.navigation()>
            <div class="nav__brand"><Logo /><span>{words.percorso()}</span></div>
            {first}
            <NavItem place=Place::Families href="/famiglie" icon="users" label=words.families() />
            {can_visit.then(|| view! {
                <button
                    class="nav__add"
                    type="button"
                    aria-haspopup="dialog"
                    on:click=hear(move |_| on_new.run(()))
                >
                    <span class="nav__plus"><Icon name="plus" /></span>
                    <span>{words.something_new()}</span>
                </button>
            })}
            <NavItem place=Place::More href="/altro" icon="ellipsis" label=words.more() />
            <p class="nav__me"><b>{owner.name}</b>{words.role(owner.role)}</p>
        </nav>
    }
    .into_any()
}

#[component]
fn NavItem(
    place: Place,
    href: &'static str,
    icon: &'static str,
    label: &'static str,
) -> impl IntoView {
    let path = use_location().pathname;
    let current = move || (place_of(&path.read()) == Some(place)).then_some("page");
    view! {
        <a class="nav__item" href=href aria-current=current>
            <Icon name=icon />
            <span>{label}</span>
        </a>
    }
}

/// The pill that says how sending stands, wherever the person is.
#[component]
pub fn Sending() -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let pill = Memo::new(move |_| pill(&session.status(), session.now().0, words));
    view! { <SendingPill pill=pill href="/altro" /> }
}

/// The top of a screen that the navigation leads to.
#[component]
pub fn AppBar(
    /// The screen's name.
    #[prop(into)]
    title: String,
    /// A line below it.
    #[prop(optional, into)]
    note: Option<String>,
) -> impl IntoView {
    view! {
        <header class="appbar">
            <div class="appbar__title">
                <Heading title=title />
                {note.map(|note| view! { <p>{note}</p> })}
            </div>
            <Sending />
        </header>
    }
}

/// The top of a screen inside another: with the way back.
#[component]
pub fn InnerBar(
    /// The screen's name.
    #[prop(into)]
    title: String,
    /// Where back leads.
    #[prop(into)]
    back: String,
    /// What stands below the name, such as a receipt.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let words = use_words();
    view! {
        <header class="appbar appbar--inner">
            <A href=back attr:class="icon-btn" attr:aria-label=words.back()>
                <Icon name="chevron-left" />
            </A>
            <div class="appbar__title">
                <Heading title=title />
                {children.map(|children| view! { <p>{children()}</p> })}
            </div>
            <Sending />
        </header>
    }
}

/// The heading of a screen. It takes the focus when the screen opens, so that a keyboard and a
/// screen reader start from it and not from the link that was followed.
#[component]
pub fn Heading(
    /// What it says.
    #[prop(into)]
    title: String,
) -> impl IntoView {
    let node = NodeRef::<H1>::new();
    watch(move || {
        if let Some(heading) = node.get() {
            // A heading that cannot take the focus is still read from the top.
            let _ = heading.focus();
        }
    });
    view! { <h1 node_ref=node tabindex="-1" dir="auto">{title}</h1> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_belongs_to_one_place() {
        assert_eq!(place_of("/oggi"), Some(Place::Today));
        assert_eq!(
            place_of("/famiglia/0190/visita/nuova"),
            Some(Place::Families)
        );
        assert_eq!(place_of("/da-rivedere/0190"), Some(Place::Review));
        assert_eq!(place_of("/"), None);
    }
}
