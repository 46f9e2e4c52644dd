//! One family of the queue: why it is here, what changed, and the decision.

use domain::id::ScopeId;
use domain::vocabulary::{SignatureMode, Verdict};
use jiff::civil::Date;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::device::drafts::Form;
use crate::frame::{Heading, use_toasts};
use crate::parts::form::stay;
use crate::parts::form::{FieldError, TextArea};
use crate::parts::mark::{Icon, Tone};
use crate::parts::message::Notice;
use crate::parts::pick::Select;
use crate::screens::diary::entries_line;
use crate::screens::diary::timeline::Item as Entry;
use crate::screens::draft::{Draft, Place, drafted};
use crate::screens::family::{Tab, keep_seen, with_clock};
use crate::screens::plan::answer::goal_called;
use crate::screens::plan::changes_view::Changes;
use crate::screens::review::decision::{Reading, news, reading};
use crate::screens::review::queue::{Item, Why, of_family, seen_by};
use crate::screens::review::why_line;
use crate::session::use_session;
use crate::watch::hear;
use crate::words::{Words, use_words};

/// News that are listed; the diary has them all.
const NEWS_MAX: usize = 12;

/// One family of the queue.
#[component]
pub fn Detail(scope: ScopeId) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let today = session.today();
    // What is new is what was new when she opened it: looking does not make it vanish.
    let (opened_news, opened_whys) = untrack(|| {
        with_clock(session, |clock| {
            session.read(|replica| {
                let case = replica.state().cases.get(&scope)?;
                let seen = seen_by(case, session.owner().user);
                let whys = of_family(replica, scope, case, clock);
                Some((news(replica, scope, seen, clock), whys))
            })
        })
    })
    .unwrap_or_default();
    keep_seen(session, scope);
    let reading = Memo::new(move |_| {
        with_clock(session, |clock| {
            session.read(|replica| reading(replica, scope, clock))
        })
    });
    let name = untrack(|| {
        session.read(|replica| {
            let case = replica.state().cases.get(&scope)?;
            Some(words.family_named(&case.household.name()?.latin))
        })
    })
    .unwrap_or_else(|| words.nameless().to_owned());
    let waits = Memo::new(move |_| {
        reading
            .read()
            .as_ref()
            .is_some_and(|now| now.decided.is_none())
    });
    view! {
        <section class="review">
            <header class="review__head">
                <a class="icon-btn only-narrow" href="/da-rivedere" aria-label=words.back()><Icon name="chevron-left" /></a>
                <Heading title=name />
                <p class="soft">{move || reading.read().as_ref().map(|now| compared(now, today, words))}</p>
                <div class="review__open">
                    <a class="btn" href=Tab::Plan.href(scope) aria-label=words.open_path()>
                        <Icon name="book-open" />
                        <span class="only-wide">{words.open_path()}</span>
                        <span class="only-narrow">{words.open()}</span>
                    </a>
                </div>
            </header>
            <div class="review__body" tabindex="0" role="region" aria-label=words.changes_head()>
                {whys(&opened_whys, words)}
                {move || reading.get().map(|now| body(now, words))}
                {news_list(&opened_news, words)}
            </div>
            {move || waits.get().then(|| {
                drafted(Form::Review.key(scope), move |place, left: Option<String>| {
                    let left = left.unwrap_or_default();
                    view! { <Decide scope=scope reading=reading left=left place=place /> }.into_any()
                })
            })}
        </section>
    }
    .into_any()
}

fn compared(now: &Reading, today: Date, words: Words) -> String {
    match now.before {
        Some((before, day)) => words.compared_to(now.number, before, &words.the_day(day, today)),
        None => words.version_first(now.number),
    }
}

/// Why it is here, apart from a version: that is told below in full.
fn whys(items: &[Item], words: Words) -> impl IntoView + use<> {
    let rows = items
        .iter()
        .filter(|item| !matches!(item.why, Why::Version { .. } | Why::Unseen(_)))
        .map(|item| why_line(&item.why, words))
        .collect::<Vec<_>>();
    (!rows.is_empty()).then(|| {
        let rows = rows.into_iter().map(|row| view! { <li dir="auto">{row}</li> }).collect_view();
        view! { <Notice tone=Tone::Ochre icon="circle-alert" head=words.why_here()><ul>{rows}</ul></Notice> }
    })
}

fn body(now: Reading, words: Words) -> impl IntoView {
    let session = use_session();
    let today = session.today();
    let decided = now.decided.as_ref().map(|(verdict, comment, at)| {
        let tone = if *verdict == Verdict::Approved { Tone::Good } else { Tone::Ochre };
        let head = format!("{}, {}.", words.verdict(*verdict), words.known_day(at.date(), today));
        let comment = comment.clone();
        view! { <Notice tone=tone icon="message-circle" head=head><span dir="auto">{comment}</span></Notice> }
    });
    let answer = match now.answer {
        None => Some(words.not_answered()),
        Some(SignatureMode::Refused) => Some(words.has_refused()),
        Some(SignatureMode::Glass | SignatureMode::Paper | SignatureMode::Oral) => None,
    }
    .map(|line| view! { <Notice tone=Tone::Ochre icon="hand">{line}</Notice> });
    let interpreted = now.interpreted.and_then(|who| {
        let why = words.interpreted_warning(who)?;
        let head = words.interpreted_by(words.interpreted(who));
        Some(view! { <Notice tone=Tone::Ochre icon="circle-alert" head=head>{why}</Notice> })
    });
    let disagrees = (!now.not_agreed.is_empty()).then(|| {
        let areas: Vec<&str> = now
            .not_agreed
            .iter()
            .map(|area| area.map_or(words.goal_nameless(), |area| words.area(area)))
            .collect();
        let (head, areas) = (words.not_agreed_goals(areas.len()), areas.join(", "));
        view! { <Notice tone=Tone::Ochre icon="hand" head=head>{format!("{areas}.")}</Notice> }
    });
    let is_first = now.before.is_none();
    let lead = is_first.then(|| view! { <p class="small soft">{words.first_plan()}</p> });
    let head = if is_first {
        words.whole_plan()
    } else {
        words.changes_head()
    };
    let none = now
        .changes
        .is_empty()
        .then(|| view! { <p class="small soft">{words.no_changes()}</p> });
    let changes = (!now.changes.is_empty())
        .then(|| view! { <Changes changes=now.changes is_first=is_first /> });
    let life = (!now.life.is_empty()).then(|| {
        view! { <h2>{words.life_head()}</h2><Changes changes=now.life /> }
    });
    view! {
        {decided}{answer}{interpreted}{disagrees}
        <h2>{head}</h2>
        {lead}{none}{changes}{life}
    }
}

fn news_list(items: &[Entry], words: Words) -> impl IntoView + use<> {
    let today = use_session().today();
    let items: Vec<Entry> = items.iter().take(NEWS_MAX).cloned().collect();
    let when = move |day| words.known_day(day, today);
    (!items.is_empty()).then(|| {
        let lines = entries_line(items, today, words, when);
        view! { <h2>{words.new_since()}</h2><ul class="card line">{lines}</ul> }
    })
}

#[component]
fn Decide(
    scope: ScopeId,
    reading: Memo<Option<Reading>>,
    left: String,
    place: Place,
) -> impl IntoView {
    let words = use_words();
    let toasts = use_toasts();
    let navigate = StoredValue::new_local(use_navigate());
    let comment = RwSignal::new(left);
    let draft = Draft::of(place, comment);
    // On which goal, by its place; on all of it where none is chosen.
    let about = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let sent_here = RwSignal::new(0);
    // She decides about what she sees: a version that arrives meanwhile is read first.
    let seen = reading.get_untracked();
    let seen = StoredValue::new(seen);
    let is_other = Memo::new(move |_| {
        let now = reading.read();
        let seen = seen.read_value();
        now.as_ref().map(|now| &now.fingerprint) != seen.as_ref().map(|seen| &seen.fingerprint)
    });
    let decide = move |verdict: Verdict| {
        error.set(None);
        if is_other.get_untracked() {
            seen.set_value(reading.get_untracked());
            error.set(Some(words.check_other_content().to_owned()));
            return;
        }
        let made = seen.with_value(|seen| {
            let seen = seen.as_ref()?;
            let place = about.get_untracked().parse::<usize>().ok();
            let goal = place.and_then(|place| seen.goals.get(place));
            let goal = goal.map(|(goal, _, _)| *goal);
            seen.decide(verdict, &comment.read_untracked(), goal)
        });
        let Some(made) = made else {
            error.set(Some(words.comment_missing().to_owned()));
            sent_here.update(|times| *times += 1);
            return;
        };
        let saved = Callback::new(move |()| {
            toasts.say(match verdict {
                Verdict::Approved => words.approved_toast(),
                Verdict::Returned => words.returned_toast(),
                Verdict::MeetingAsked => words.meeting_toast(),
            });
            navigate.with_value(|go| go("/da-rivedere", Default::default()));
        });
        draft.save(scope, vec![made], error, saved);
    };
    let shown = seen.get_value()?;
    let who = words.who(shown.proposed_by.clone(), false);
    let bound = words.approve_only(shown.number, &shown.fingerprint.short());
    let goals = shown.goals.iter().zip(0_usize..);
    let goals =
        goals.map(|((_, area, said), place)| (place.to_string(), goal_called(*area, said, words)));
    let goals: Vec<(String, String)> = goals.collect();
    let stays = (!shown.not_agreed.is_empty()).then(|| words.disagreement_stays());
    Some(view! {
        <form class="decide" on:submit=hear(stay)>
            {draft.found()}
            <TextArea id="comment" label=words.comment_for(&who) value=comment rows=3
                sent_here=sent_here />
            {(!goals.is_empty()).then(|| view! {
                <Select id="comment-about" label=words.comment_about() options=goals value=about
                    none=words.comment_on_all() />
            })}
            <p>{bound}" "{stays}</p>
            <div class="actbar decide__acts">
                <FieldError id="decide" error=error />
                <button type="button" class="btn" on:click=hear(move |_| decide(Verdict::MeetingAsked))>
                    <Icon name="calendar-days" class="only-wide" />{words.ask_meeting()}
                </button>
                <button type="button" class="btn" on:click=hear(move |_| decide(Verdict::Returned))>
                    <Icon name="corner-up-left" class="only-wide" />{words.give_back()}
                </button>
                <button type="button" class="btn btn--main" on:click=hear(move |_| decide(Verdict::Approved))>
                    <Icon name="check" />{words.approve(shown.number)}
                </button>
            </div>
        </form>
    }.into_any())
}
