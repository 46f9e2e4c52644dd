//! Famiglie: search as you type, filters, one card for each family.

mod model;

use domain::family::Name;
use leptos::prelude::*;
use replica::replica::Status;

use crate::frame::AppBar;
use crate::parts::choice::{Chip, Pick};
use crate::parts::form::stay;
use crate::parts::mark::{Icon, StageTag, Tag, Tone};
use crate::parts::message::{Empty, Skeleton};
use crate::session::use_session;
use crate::watch::hear;
use crate::words::{Words, use_words};
use model::{Attention, Card, Filter, Finder, comuni, model, narrowed};

/// How many cards are drawn before somebody asks for more: the list stays quick on a slow phone.
const CARDS_MAX: usize = 60;

/// The screen.
#[component]
pub fn Families() -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let cards = Memo::new(move |_| session.read(|replica| model(replica, session.today())));
    let filter = RwSignal::new(Filter::default());
    let limit = RwSignal::new(CARDS_MAX);
    let arriving = Memo::new(move |_| arriving(&session.status(), words));
    view! {
        <AppBar title=words.families() />
        <main class="main">
            <div class="stack">
                <Search filter=filter />
                <Filters filter=filter cards=cards />
            </div>
            {move || {
                arriving.get().map(|label| view! { <Skeleton label=label /> })
            }}
            {move || {
                let is_empty = arriving.read().is_some() && cards.read().is_empty();
                (!is_empty).then(|| view! { <Found cards=cards filter=filter limit=limit /> })
            }}
        </main>
    }
    .into_any()
}

/// What is said while families are still on their way to this phone.
pub fn arriving(status: &Status, words: Words) -> Option<String> {
    let (here, granted) = status.families;
    if status.last_contact.is_none() {
        return Some(words.nothing_arrived_yet().to_owned());
    }
    (here < granted).then(|| words.families_arriving(here, granted))
}

#[component]
fn Search(filter: RwSignal<Filter>) -> impl IntoView {
    let words = use_words();
    let query = move || filter.read().query.clone();
    let on_type = move |event| filter.update(|filter| filter.query = event_target_value(&event));
    let is_empty = move || filter.read().query.is_empty();
    view! {
        <form class="search" role="search" on:submit=hear(stay)>
            <label class="sr" for="search">{words.search_families()}</label>
            <Icon name="search" />
            <input
                class="field"
                id="search"
                type="search"
                dir="auto"
                autocomplete="off"
                placeholder=words.search_hint()
                prop:value=query
                on:input=hear(on_type)
            />
            <button
                class="icon-btn"
                type="button"
                hidden=is_empty
                aria-label=words.clear_search()
                on:click=hear(move |_| filter.update(|filter| filter.query.clear()))
            >
                <Icon name="x" />
            </button>
        </form>
    }
    .into_any()
}

#[component]
fn Filters(filter: RwSignal<Filter>, cards: Memo<Vec<Card>>) -> impl IntoView {
    let words = use_words();
    let attention = Signal::derive(move || filter.read().attention);
    let draft = Signal::derive(move || filter.read().draft);
    let chosen = move || filter.read().comune.clone().unwrap_or_default();
    let on_comune = move |event| {
        let name = event_target_value(&event);
        filter.update(|filter| filter.comune = (!name.is_empty()).then_some(name));
    };
    let options = move || {
        comuni(&cards.read())
            .into_iter()
            .map(|name| view! { <option value=name.clone()>{name.clone()}</option> })
            .collect_view()
    };
    view! {
        <div class="chips chips--scroll" role="group" tabindex="0" aria-label=words.filters()>
            <Chip
                pick=Pick::Any
                name="attention"
                label=words.filter_attention()
                on=attention
                on_change=move |on| filter.update(|filter| filter.attention = on)
            />
            <Chip
                pick=Pick::Any
                name="draft"
                label=words.filter_draft()
                on=draft
                on_change=move |on| filter.update(|filter| filter.draft = on)
            />
            <select
                class="chip chip--select"
                autocomplete="off"
                aria-label=words.comune()
                prop:value=chosen
                on:change=hear(on_comune)
            >
                <option value="">{words.any_comune()}</option>
                {options}
            </select>
        </div>
    }
    .into_any()
}

#[component]
fn Found(
    cards: Memo<Vec<Card>>,
    filter: RwSignal<Filter>,
    limit: RwSignal<usize>,
) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    // Made once for the families that are here, not at each keystroke.
    let finder = Memo::new_with_compare(move |_| Finder::new(&cards.read()), |_, _| true);
    let list = move || {
        let (cards, filter) = (cards.read(), filter.read());
        let found = narrowed(&cards, &finder.read(), &filter);
        let today = session.today();
        let shown = found
            .iter()
            .take(limit.get())
            .map(|card| fam(card, today, words))
            .collect_view();
        let has_more = found.len() > limit.get();
        let on_more = move |_| limit.update(|limit| *limit += CARDS_MAX);
        view! {
            <div role="status"><h2 id="found">{words.families_count(found.len())}</h2></div>
            <div class="fams">{shown}</div>
            {found.is_empty().then(|| nothing(cards.is_empty(), &filter, words))}
            {has_more.then(|| view! {
                <button class="btn btn--block" type="button" on:click=hear(on_more)>
                    {words.show_more()}
                </button>
            })}
        }
    };
    view! { <section class="section" aria-labelledby="found">{list}</section> }.into_any()
}

fn nothing(has_none: bool, filter: &Filter, words: Words) -> AnyView {
    let (head, hint) = if has_none {
        (words.no_families().to_owned(), words.no_families_hint())
    } else if filter.query.trim().is_empty() {
        (words.families_count(0), words.not_found_hint())
    } else {
        (words.not_found(filter.query.trim()), words.not_found_hint())
    };
    view! { <Empty head=head hint=hint drawn=has_none /> }.into_any()
}

fn fam(card: &Card, today: jiff::civil::Date, words: Words) -> impl IntoView + use<> {
    let language = card.language.clone();
    let original = card.name.original.clone();
    let tags = card
        .attention
        .iter()
        .map(|why| {
            let label = attention(*why, words);
            view! { <Tag tone=Tone::Ochre icon="circle-alert" label=label /> }
        })
        .collect_view();
    let draft = (card.has_draft && card.stage != domain::plan::Stage::Draft)
        .then(|| view! { <Tag tone=Tone::Line icon="pencil" label=words.has_draft() /> });
    view! {
        <a class="card fam" href=format!("/famiglia/{}", card.scope)>
            <h3 class="fam__name">
                <span dir="auto">{card.name.latin.clone()}</span>
                {original.map(|original| view! { <bdi lang=language dir="auto">{original}</bdi> })}
            </h3>
            <Icon name="chevron-right" />
            <p class="fam__note">
                <span dir="auto">{who(card, words)}</span>
                <br />
                {place(card, words)}
                <b>{when(card, today, words)}</b>
            </p>
            <p class="fam__tags"><StageTag stage=card.stage words=words />{draft}{tags}</p>
        </a>
    }
}

fn attention(why: Attention, words: Words) -> String {
    match why {
        Attention::Disputed(count) => words.two_answers(count),
        Attention::Returned => words.attention_returned().to_owned(),
        Attention::LateGoal => words.attention_late().to_owned(),
        Attention::VisitToClose => words.attention_to_close().to_owned(),
    }
}

fn who(card: &Card, words: Words) -> String {
    let names: Vec<&str> = card.grown_ups.iter().map(first_name).collect();
    let grown_ups = match names.as_slice() {
        [] => words.nameless().to_owned(),
        [one] => (*one).to_owned(),
        [one, other, ..] => words.a_and_b(one, other),
    };
    if card.children > 0 {
        format!("{grown_ups}, {}", words.children(card.children))
    } else {
        grown_ups
    }
}

fn first_name(name: &Name) -> &str {
    name.latin.as_str()
}

fn place(card: &Card, words: Words) -> String {
    let language = card
        .language
        .as_deref()
        .map(|tag| words.language_title(tag));
    let parts: Vec<String> = [card.comune.clone(), language]
        .into_iter()
        .flatten()
        .collect();
    if parts.is_empty() {
        String::new()
    } else {
        format!("{} · ", parts.join(" · "))
    }
}

fn when(card: &Card, today: jiff::civil::Date, words: Words) -> String {
    if let Some((date, time)) = card.next_visit {
        return words.visit_on(&words.day_and_time(date, time, today));
    }
    card.last_visit.map_or_else(
        || words.no_visit().to_owned(),
        |date| words.last_visit_on(&words.relative_day(date, today)),
    )
}
