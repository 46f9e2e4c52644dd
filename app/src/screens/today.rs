//! Oggi: the visits of the day, what is due, what was answered, what is to be settled.

mod coming;
mod model;
mod to_close;

use domain::id::ScopeId;
use domain::vocabulary::Verdict;
use leptos::prelude::*;
use replica::replica::SyncError;

use crate::frame::AppBar;
use crate::gate::use_keeper;
use crate::parts::choice::Button;
use crate::parts::mark::{Icon, TwoAnswers, area_icon, place_icon};
use crate::parts::message::{Empty, Skeleton};
use crate::screens::appointment::appointment_href;
use crate::screens::families::arriving;
use crate::screens::family::hands::use_hands;
use crate::screens::people::holder_and_note;
use crate::screens::settings::Clock;
use crate::screens::today::coming::ComingUp;
use crate::screens::today::to_close::ToClose;
use crate::session::use_session;
use crate::watch::hear;
use crate::words::dates::days_between;
use crate::words::{Words, use_words};
use model::{Card, DueGoal, Fix, Reply, VisitCard, model};

/// How many due goals are listed before somebody asks for the rest.
const GOALS_MAX: usize = 8;

/// The screen.
#[component]
pub fn Today() -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let card = Memo::new(move |_| {
        let now = session.now();
        let status = session.status();
        session.read(|replica| model(replica, &status, now, session.local(now)))
    });
    let arriving = Memo::new(move |_| arriving(&session.status(), words));
    let goals_shown = RwSignal::new(GOALS_MAX);
    let today = session.today();
    view! {
        <AppBar title=words.today() note=words.long_day(today) />
        <main class="main main--split">
            <div class="stack">
                <Clock />
                {move || arriving.get().map(|label| {
                    let label = format!("{label} {}", words.arriving_hint());
                    view! { <Skeleton label=label /> }
                })}
                {move || visits(&card.read(), arriving.read().is_some(), words)}
                {move || fixes(&card.read(), words)}
                <ComingUp />
            </div>
            <div class="stack">
                {move || replies(&card.read(), words)}
                {move || goals(&card.read(), goals_shown, words)}
            </div>
        </main>
    }
    .into_any()
}

fn visits(card: &Card, is_arriving: bool, words: Words) -> AnyView {
    let next = card.visits.iter().position(|visit| !visit.is_made);
    if card.visits.is_empty() && is_arriving {
        return ().into_any();
    }
    if card.visits.is_empty() {
        return empty(card, words).into_any();
    }
    let main = next
        .and_then(|at| card.visits.get(at))
        .map(|visit| next_visit(visit, card, words));
    let others = card
        .visits
        .iter()
        .enumerate()
        .filter(|(at, _)| Some(*at) != next)
        .map(|(_, visit)| visit_row(visit, words))
        .collect_view();
    let has_others = card.visits.len() > usize::from(next.is_some());
    view! {
        {main}
        {has_others.then(|| view! {
            <section class="card card--flush rows" aria-label=words.later_today()>{others}</section>
        })}
    }
    .into_any()
}

fn empty(card: &Card, words: Words) -> impl IntoView + use<> {
    let hint = match &card.next_day {
        Some((day, family)) => words.next_visit_is(&words.long_day(*day), &family.latin),
        None => words.no_visit_planned().to_owned(),
    };
    view! {
        <Empty head=words.no_visit_today() hint=hint drawn=true>
            <a class="btn btn--soft" href="/famiglie"><Icon name="users" />{words.families()}</a>
        </Empty>
    }
}

fn next_visit(visit: &VisitCard, card: &Card, words: Words) -> impl IntoView + use<> {
    let time = visit
        .time
        .map_or_else(|| words.any_time().to_owned(), |time| words.time(time));
    let away = visit
        .time
        .and_then(|time| words.until(card.now.date().to_datetime(time), card.now));
    let name = words.family_named(&visit.family.latin);
    let original = visit.family.original.clone();
    let language = visit.language.clone();
    let place = words.place(visit.place);
    let goals = words.goals(visit.goals);
    let about = Some(visit.about.clone()).filter(|about| !about.is_empty());
    let (begin, plan) = (visit_href(visit), family_href(visit.scope));
    let change = appointment_href(visit.scope, Some(visit.visit));
    view! {
        <section class="card next" aria-labelledby="next">
            <p class="next__when"><span class="next__time">{time}</span><b>{away}</b></p>
            <div>
                <h2 class="next__name" id="next">
                    <span dir="auto">{name}</span>" "
                    {original.map(|name| view! { <bdi lang=language dir="auto">{name}</bdi> })}
                </h2>
                <p class="small soft">{place}" · "{goals}</p>
                {about.map(|about| view! { <p class="small" dir="auto">{about}</p> })}
            </div>
            {visit.is_disputed.then(|| view! { <p><TwoAnswers words=words /></p> })}
            {facts(visit, words)}
            {safe_contact(visit, words)}
            <div class="next__acts">
                <a class="btn btn--main btn--big" href=begin>{words.begin_visit()}</a>
                {call_button(visit, words)}
            </div>
            <a class="btn btn--block" href=plan><Icon name="book-open" />{words.open_plan()}</a>
            <a class="btn btn--bare" href=change><Icon name="calendar-days" />{words.move_visit()}</a>
        </section>
    }
}

fn facts(visit: &VisitCard, words: Words) -> impl IntoView + use<> {
    let address = visit.address.clone();
    let comune = visit.comune.clone();
    let is_somewhere = address.is_some() || comune.is_some();
    let separator = (address.is_some() && comune.is_some()).then_some(", ");
    let language = visit
        .language
        .as_deref()
        .map(|tag| words.language_title(tag));
    let interpreter = visit
        .is_interpreter_needed
        .then(|| words.interpreter_needed());
    let spoken = [language.as_deref(), interpreter]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(". ");
    view! {
        <ul class="facts">
            {is_somewhere.then(|| view! {
                <li><Icon name="map-pin" /><span>{address}{separator}<b>{comune}</b></span></li>
            })}
            {(!spoken.is_empty()).then(|| view! {
                <li><Icon name="languages" /><span>{spoken}</span></li>
            })}
        </ul>
    }
}

/// The rule of safe contact: always above the button that calls.
fn safe_contact(visit: &VisitCard, words: Words) -> impl IntoView + use<> {
    let holder = visit
        .phone
        .as_ref()
        .and_then(|phone| phone.holder.as_deref());
    let note = holder.and_then(|holder| holder_and_note(holder).1);
    let rules = [visit.safe_contact.as_deref(), note].into_iter().flatten();
    let rules: Vec<String> = rules.map(str::to_owned).collect();
    let said = rules.into_iter().map(|rule| {
        view! {
            <p class="safe">
                <Icon name="phone" />
                <span>
                    <span class="sr">{words.safe_contact()}": "</span>
                    <b dir="auto">{rule}</b>
                </span>
            </p>
        }
    });
    said.collect_view()
}

fn call_button(visit: &VisitCard, words: Words) -> impl IntoView + use<> {
    visit.phone.clone().map(|phone| {
        let holder = phone
            .holder
            .as_deref()
            .map(|holder| holder_and_note(holder).0);
        let holder = holder.filter(|name| !name.is_empty());
        let who = holder.unwrap_or(&visit.family.latin).to_owned();
        view! {
            <a
                class="icon-btn icon-btn--ring"
                href=format!("tel:{}", phone.number)
                aria-label=words.call_somebody(&who)
            >
                <Icon name="phone" />
            </a>
        }
    })
}

fn visit_row(visit: &VisitCard, words: Words) -> impl IntoView + use<> {
    let time = visit
        .time
        .map_or_else(|| "–".to_owned(), |time| words.time(time));
    let place = words.place(visit.place);
    let place = if visit.is_made {
        words.visit_made()
    } else {
        place
    };
    let icon = if visit.is_made {
        "circle-check"
    } else {
        place_icon(visit.place)
    };
    let language = visit
        .language
        .as_deref()
        .map(|tag| words.language_title(tag));
    let two = visit.is_disputed.then(|| words.two_values().to_owned());
    let note = [two, visit.comune.clone(), Some(place.to_owned()), language]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    let href = if visit.is_made {
        family_href(visit.scope)
    } else {
        visit_href(visit)
    };
    let name = words.family_named(&visit.family.latin);
    view! {
        <a class="rowlink" href=href>
            <span class="rowlink__lead rowlink__lead--time">{time}</span>
            <span class="rowlink__body">
                <span class="rowlink__title" dir="auto">{name}</span>
                <span class="rowlink__note">{note}</span>
            </span>
            <Icon name=icon />
        </a>
    }
}

fn fixes(card: &Card, words: Words) -> impl IntoView + use<> {
    let rows = card
        .fixes
        .iter()
        .map(|fix| fix_row(fix, card, words))
        .collect_view();
    let count = card.fixes.len();
    (count > 0).then(|| {
        view! {
            <section class="fix" aria-labelledby="fix">
                <h2 class="fix__head" id="fix">
                    <Icon name="circle-alert" />
                    {words.to_settle()}
                    " "
                    <span class="push num">{count}</span>
                </h2>
                <div class="rows">{rows}</div>
            </section>
        }
    })
}

fn fix_row(fix: &Fix, card: &Card, words: Words) -> AnyView {
    let (icon, title, note, href) = match fix {
        Fix::Standstill { why, unsent } => return standstill(*why, *unsent, words),
        Fix::Disputed { family, count } => (
            "split",
            words.two_answers(*count),
            words.family_named(&family.latin),
            "/da-sistemare".to_owned(),
        ),
        Fix::ToClose {
            scope,
            visit,
            family,
            day,
        } => {
            let (family, visit) = (words.family_named(&family.latin), *visit);
            let note = format!("{family}, {}", words.relative_day(*day, card.now.date()));
            let hands = use_hands(*scope);
            return view! { <ToClose hands=hands visit=visit note=note /> }.into_any();
        }
        Fix::ToTakeOver { count } => (
            "inbox",
            words.to_take_over().to_owned(),
            words.words_wait(*count),
            "/da-riprendere".to_owned(),
        ),
        Fix::Refused { count } => (
            "circle-alert",
            words.refused_here().to_owned(),
            words.stopped(*count),
            "/altro".to_owned(),
        ),
    };
    view! { <Row href=href icon=icon title=title note=note end=String::new() /> }.into_any()
}

/// Why nothing is sent, that nothing is lost, and the way out.
fn standstill(why: SyncError, unsent: usize, words: Words) -> AnyView {
    let keeper = use_keeper();
    let out = match why {
        SyncError::SessionEnded => {
            let label = words.sign_in().to_owned();
            let on_press = move |()| keeper.sign_in();
            view! { <Button label=label on_press=on_press /> }.into_any()
        }
        SyncError::Unreachable
        | SyncError::UpdateNeeded
        | SyncError::ServerFailed
        | SyncError::DeviceRevoked
        | SyncError::Suspended
        | SyncError::OtherOwner
        | SyncError::RequestRefused
        | SyncError::Busy => {
            let label = words.what_waits();
            view! { <a class="btn" href="/altro"><Icon name="layers" />{label}</a> }.into_any()
        }
    };
    view! {
        <div class="fix__body">
            <p><b>{words.standstill(why, unsent)}</b></p>
            <p>{words.sync_error(why)}</p>
            <div class="stack">{out}</div>
        </div>
    }
    .into_any()
}

fn replies(card: &Card, words: Words) -> impl IntoView + use<> {
    let rows = card
        .replies
        .iter()
        .map(|reply| reply_row(reply, card, words))
        .collect_view();
    (!card.replies.is_empty()).then(|| {
        view! {
            <section class="section" aria-labelledby="replies">
                <div class="section__head"><h2 id="replies">{words.replies()}</h2></div>
                <div class="card card--flush rows">{rows}</div>
            </section>
        }
    })
}

fn reply_row(reply: &Reply, card: &Card, words: Words) -> impl IntoView + use<> {
    let icon = match reply.verdict {
        Verdict::Approved => "circle-check",
        Verdict::Returned => "undo-2",
        Verdict::MeetingAsked => "calendar-days",
    };
    let family = words.family_named(&reply.family.latin);
    let title = format!("{family}: {}", words.verdict(reply.verdict).to_lowercase());
    let comment = if reply.comment.is_empty() {
        words.version_verdict(
            reply.number,
            reply.by.as_deref().unwrap_or(words.somebody()),
        )
    } else {
        words.quoted(&reply.comment)
    };
    let day = use_session().local(reply.at).date();
    let when = words.relative_day(day, card.now.date());
    view! { <Row href=family_href(reply.scope) icon=icon title=title note=comment end=when /> }
}

fn goals(card: &Card, shown: RwSignal<usize>, words: Words) -> impl IntoView + use<> {
    let rows = card
        .goals
        .iter()
        .take(shown.get())
        .map(|goal| goal_row(goal, card, words))
        .collect_view();
    let rest = card.goals.len().saturating_sub(shown.get());
    let on_all = move |_| shown.set(usize::MAX);
    (!card.goals.is_empty()).then(|| {
        view! {
            <section class="section" aria-labelledby="goals">
                <div class="section__head"><h2 id="goals">{words.goals_due()}</h2></div>
                <div class="card card--flush rows">{rows}</div>
                {(rest > 0).then(|| view! {
                    <button type="button" class="btn btn--block" on:click=hear(on_all)>
                        {words.show_others(rest)}
                    </button>
                })}
            </section>
        }
    })
}

fn goal_row(goal: &DueGoal, card: &Card, words: Words) -> impl IntoView + use<> {
    let title = match &goal.words {
        Some(said) => words.quoted(said),
        None => words.goal_unworded().to_owned(),
    };
    let family = words.family_named(&goal.family.latin);
    let who = goal.who_acts.map(|who| words.who_acts(who).to_lowercase());
    let note = [Some(family), who]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    let today = card.now.date();
    let end = if days_between(today, goal.due) < 0 {
        words.overdue(&words.the_day(goal.due, today))
    } else {
        words.due_by(goal.due, today)
    };
    let icon = goal.area.map_or("flag", area_icon);
    let href = format!("/famiglia/{}/obiettivo/{}", goal.scope, goal.goal);
    view! { <Row href=href icon=icon title=title note=note end=end /> }
}

#[component]
fn Row(
    href: String,
    icon: &'static str,
    title: String,
    note: String,
    end: String,
) -> impl IntoView {
    let tail = if end.is_empty() {
        view! { <Icon name="chevron-right" /> }.into_any()
    } else {
        view! { <span class="due">{end}</span> }.into_any()
    };
    view! {
        <a class="rowlink" href=href>
            <span class="rowlink__lead"><Icon name=icon /></span>
            <span class="rowlink__body">
                <span class="rowlink__title" dir="auto">{title}</span>
                <span class="rowlink__note" dir="auto">{note}</span>
            </span>
            {tail}
        </a>
    }
}

fn family_href(scope: ScopeId) -> String {
    format!("/famiglia/{scope}")
}

fn visit_href(visit: &VisitCard) -> String {
    format!("/famiglia/{}/visita/{}", visit.scope, visit.visit)
}
