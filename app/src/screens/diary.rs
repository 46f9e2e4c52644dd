//! Diario: everything that happened, newest first; notes and corrections.

pub mod lists;
mod note;
pub mod tell;
pub mod timeline;
mod visited;
mod written;

use domain::attachment::About;
use domain::id::{AttachmentId, OpId, ScopeId};
use jiff::civil::Date;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use replica::replica::Receipt as Step;

use crate::parts::attach::Attach;
use crate::parts::attached::Attached;
use crate::parts::choice::{Chip, Pick};
use crate::parts::mark::{Icon, Tag, Tone};
use crate::parts::message::Empty;
use crate::parts::receipt::Receipt;
use crate::screens::diary::note::{Correcting, EntryForm};
use crate::screens::diary::tell::{Told, icon, tell};
use crate::screens::diary::timeline::{Item, Theme, What, timeline};
use crate::screens::family::{FamilyPage, Tab, head, with_clock};
use crate::screens::lists::BringBack;
use crate::screens::paper::visit_paper_href;
use crate::session::use_session;
use crate::watch::hear;
use crate::words::lands::capitalized;
use crate::words::{Words, use_words};

/// Entries on the page before the rest is asked for.
const ITEMS_MAX: usize = 30;
/// Entries beside the plan.
const LATELY_MAX: usize = 4;

/// The screen.
#[component]
pub fn DiaryScreen() -> impl IntoView {
    view! { <FamilyPage tab=Tab::Diary body=|scope| view! { <Diary scope=scope /> }.into_any() /> }
}

fn use_timeline(scope: ScopeId) -> Memo<Vec<Item>> {
    let session = use_session();
    Memo::new(move |_| {
        with_clock(session, |clock| {
            session.read(|replica| timeline(replica, scope, clock))
        })
    })
}

#[component]
fn Diary(scope: ScopeId) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let today = session.today();
    let items = use_timeline(scope);
    let theme = RwSignal::new(None::<Theme>);
    let shown = RwSignal::new(ITEMS_MAX);
    // "New note" from anywhere leads here with the form open.
    let asks_for_note = use_location().hash.get_untracked().trim_start_matches('#') == "nota";
    let writing = RwSignal::new(asks_for_note.then_some(Correcting::Nothing));
    let may_note = Memo::new(move |_| {
        session
            .read(|replica| head(replica, scope, today))
            .is_some()
    });
    let found = Memo::new(move |_| {
        let theme = theme.get();
        let items = items.read();
        let fits = |item: &&Item| theme.is_none_or(|theme| item.what.theme() == theme);
        let places = items.iter().filter(fits);
        places
            .map(|item| (item.at.date(), item.id))
            .collect::<Vec<_>>()
    });
    let list = List {
        scope,
        today,
        items,
        shown: Memo::new(move |_| {
            let found = found.read();
            found.iter().take(shown.get()).copied().collect()
        }),
        writing,
    };
    let days = move || {
        let mut days: Vec<Date> = list.shown.read().iter().map(|(day, _)| *day).collect();
        days.dedup();
        days
    };
    view! {
        <main class="main main--scroll narrow">
            <Themes theme=theme />
            <a class="btn btn--bare btn--inline" href=format!("/famiglia/{scope}/storia")>
                <Icon name="clock" />{words.history()}
            </a>
            {move || may_note.get().then(|| view! { <Attach scope=scope about=About::Diary /> })}
            {move || writing.get().map(|about| view! { <EntryForm scope=scope about=about open=writing /> })}
            {move || found.read().is_empty().then(|| view! {
                <Empty head=words.diary_empty() hint=words.diary_empty_hint() drawn=true />
            })}
            <For each=days key=|day| *day children=move |day| day_section(list, day) />
            {move || (found.read().len() > shown.get()).then(|| view! {
                <button type="button" class="btn btn--block" on:click=hear(move |_| shown.update(|count| *count += ITEMS_MAX))>
                    <Icon name="clock" />{words.diary_more()}
                </button>
            })}
        </main>
        {move || (may_note.get() && writing.read().is_none()).then(|| view! {
            <section class="actbar" aria-label=words.actions()>
                <button type="button" class="btn btn--main" on:click=hear(move |_| writing.set(Some(Correcting::Nothing)))>
                    <Icon name="plus" />{words.write_note()}
                </button>
            </section>
        })}
    }
    .into_any()
}

#[component]
fn Themes(theme: RwSignal<Option<Theme>>) -> impl IntoView {
    let words = use_words();
    let chips = [
        (None, words.diary_all(), "layers"),
        (Some(Theme::Visits), words.diary_visits(), "house"),
        (Some(Theme::Notes), words.diary_notes(), "notebook-pen"),
        (Some(Theme::Plan), words.diary_plan(), "file-text"),
        (Some(Theme::Versions), words.diary_versions(), "handshake"),
    ]
    .into_iter()
    .map(|(which, label, icon)| {
        let on = Signal::derive(move || theme.get() == which);
        view! {
            <Chip pick=Pick::One name="diary-show" label=label icon=icon on=on on_change=move |_| theme.set(which) />
        }
    })
    .collect_view();
    view! { <div class="chips chips--scroll" role="group" aria-label=words.diary_show() tabindex="0">{chips}</div> }
}

/// The entries that are on the page, newest first. What is written redraws its own entry alone:
/// on a slow phone a page of entries takes longer than the disk.
#[derive(Clone, Copy)]
struct List {
    scope: ScopeId,
    today: Date,
    items: Memo<Vec<Item>>,
    shown: Memo<Vec<(Date, OpId)>>,
    writing: RwSignal<Option<Correcting>>,
}

fn day_section(list: List, day: Date) -> impl IntoView {
    let words = use_words();
    let today = list.today;
    let name = if day.year() == today.year() {
        words.long_day(day)
    } else {
        words.full_day(day)
    };
    let title = if day == today {
        words.today_is(&name)
    } else {
        capitalized(&name)
    };
    let id = format!("day-{day}");
    let labelled_by = id.clone();
    let ids = move || {
        let shown = list.shown.read();
        let of_day = shown.iter().filter(|(of, _)| *of == day);
        of_day.map(|(_, id)| *id).collect::<Vec<OpId>>()
    };
    view! {
        <section class="section" aria-labelledby=labelled_by>
            <h2 id=id>{title}</h2>
            <ol class="diary"><For each=ids key=|id| *id children=move |id| entry(list, id) /></ol>
        </section>
    }
}

fn entry(list: List, id: OpId) -> impl IntoView {
    // How far it is changes with every try to send: a photo that is open must not close for that.
    let item = Memo::new(move |was: Option<&Option<Item>>| {
        let items = list.items.read();
        let now = items.iter().find(|item| item.id == id).cloned();
        let now = now.map(|item| Item {
            receipt: None,
            ..item
        });
        now.or_else(|| was.cloned().flatten())
    });
    let step = Memo::new(move |_| {
        let items = list.items.read();
        items.iter().find(|item| item.id == id)?.receipt
    });
    move || item.get().map(|item| row(list, item, step))
}

fn anchor(id: OpId) -> String {
    format!("e-{id}")
}

/// How far an entry is. One that is nothing but a voice or a photo has not arrived before its bytes
/// have: until then what stands beside them tells how far they are.
fn receipt(item: &Item, step: Memo<Option<Step>>, words: Words) -> AnyView {
    let is_bytes = matches!(item.what, What::Attached(_));
    let bytes = item.attached.iter().filter(|_| is_bytes);
    let bytes: Vec<AttachmentId> = bytes.map(|one| one.id).collect();
    let session = use_session();
    (move || {
        let are_there = bytes.iter().all(|id| session.upload(*id).is_none());
        are_there.then(|| view! { <Receipt step=step words=words numbered=true /> })
    })
    .into_any()
}

fn row(list: List, item: Item, step: Memo<Option<Step>>) -> impl IntoView {
    let words = use_words();
    let (scope, writing) = (list.scope, list.writing);
    let told = tell(&item, list.today, words);
    let (here, title_id) = (anchor(item.id), format!("t-{}", item.id));
    let labelled_by = title_id.clone();
    let is_old = item.corrected_by.is_some();
    let state = match item.corrected_by {
        Some(_) => {
            view! { <Tag tone=Tone::Line icon="pencil" label=words.corrected_later() /> }.into_any()
        }
        None => receipt(&item, step, words),
    };
    let Told { title, body } = told;
    let attached = item.attached.iter().cloned();
    let attached = attached
        .map(|one| view! { <Attached scope=scope attachment=one /> })
        .collect_view();
    let back = item.what.brings_back();
    let back = back.map(|thing| view! { <BringBack scope=scope item=thing /> });
    let paper = paper_link(&item, scope, words, &title_id);
    let by = view! { <By item=item.clone() words=words writing=writing /> };
    view! {
        <li id=here data-old=is_old.then_some("")>
            <span class="line__dot"><Icon name=icon(&item.what) class="icon--sm" /></span>
            <article class="diary__entry" aria-labelledby=labelled_by>
                <div class="diary__head"><h3 id=title_id>{title}</h3>{state}</div>
                {body}
                {attached}
                {back}
                {paper}
                {by}
            </article>
        </li>
    }
}

/// The way to a visit on paper, as it was written down last.
fn paper_link(
    item: &Item,
    scope: ScopeId,
    words: Words,
    title_id: &str,
) -> Option<impl IntoView + use<>> {
    let What::Visit { visit, .. } = &item.what else {
        return None;
    };
    let href = visit_paper_href(scope, *visit);
    // Every visit has such a link: which one it is has to be heard, too.
    let id = format!("{title_id}-paper");
    let label = format!("{id} {title_id}");
    item.corrected_by.is_none().then(|| {
        view! { <a class="btn btn--bare btn--inline" id=id aria-labelledby=label href=href><Icon name="printer" />{words.visit_paper()}</a> }
    })
}

/// Who wrote it and when; the way to what it corrects or is corrected by; the way to correct it.
#[component]
fn By(item: Item, words: Words, writing: RwSignal<Option<Correcting>>) -> impl IntoView {
    let is_mine = item.author.is_me;
    let who = words.who(item.author.name.clone(), is_mine);
    let line = format!("{who} · {}", words.time(item.at.time()));
    let newer = item.corrected_by.map(|id| {
        view! { <a href=format!("#{}", anchor(id))>{words.see_new_entry()}</a> }
    });
    let older = item.corrects.map(|id| {
        view! { <a href=format!("#{}", anchor(id))>{words.see_old_entry()}</a> }
    });
    let about = match &item.what {
        What::Note(text, _) => Some(Correcting::Note(item.id, text.clone())),
        What::Visit { .. } => Some(Correcting::Visit(item.id)),
        _ => None,
    };
    let about = about.filter(|_| is_mine && item.corrected_by.is_none());
    let correct = about.map(|about| {
        view! {
            <button type="button" class="btn btn--bare btn--inline" on:click=hear(move |_| writing.set(Some(about.clone())))>
                {words.correct()}
            </button>
        }
    });
    view! { <p class="diary__by">{line}" "{older}{newer}{correct}</p> }
}

/// The last few entries, beside the plan.
#[component]
pub fn Lately(scope: ScopeId) -> impl IntoView {
    let words = use_words();
    let today = use_session().today();
    let items = use_timeline(scope);
    let last = Memo::new(move |_| {
        items
            .read()
            .iter()
            .take(LATELY_MAX)
            .cloned()
            .collect::<Vec<_>>()
    });
    let when = move |day| words.relative_day(day, today);
    move || view! { <ul class="line">{entries_line(last.get(), today, words, when)}</ul> }
}

/// Entries in a line each: what happened, and when, in the words of `when`.
pub fn entries_line(
    items: Vec<Item>,
    today: Date,
    words: Words,
    when: impl Fn(Date) -> String,
) -> impl IntoView {
    items
        .into_iter()
        .map(|item| {
            let title = tell(&item, today, words).title;
            let when = when(item.at.date());
            view! {
                <li>
                    <span class="line__dot"><Icon name=icon(&item.what) class="icon--sm" /></span>
                    <span class="line__text">{title}<small>{when}</small></span>
                </li>
            }
        })
        .collect_view()
}
