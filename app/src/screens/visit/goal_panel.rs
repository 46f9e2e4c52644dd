//! One goal at a visit: both voices, the response, what hinders, the tutor's move, what is next.

use domain::score::Score;
use domain::vocabulary::{Barrier, Response, TutorMove, Voice};
use jiff::civil::Date;
use leptos::prelude::*;

use crate::parts::choice::{Chip, Pick};
use crate::parts::form::{DateField, TextArea};
use crate::parts::goal_card::response_icon;
use crate::parts::pick::{Layout, OneOf, part_of};
use crate::parts::scale::RateInput;
use crate::screens::goal::fields::WhoActsPick;
use crate::screens::visit::GoalLine;
use crate::screens::visit::draft::{GoalDraft, VisitDraft};
use crate::session::use_session;
use crate::watch::hear;
use crate::words::dates::{month_after, week_after};
use crate::words::lands::direction;
use crate::words::use_words;

/// Barriers that show at once; the others are one tap away.
const BARRIERS_SHOWN: usize = 4;

/// One goal at a visit.
#[component]
pub fn GoalPanel(line: GoalLine, draft: RwSignal<VisitDraft>) -> impl IntoView {
    let words = use_words();
    let today = use_session().today();
    let id = line.id;
    macro_rules! part {
        ($field:ident) => {
            part_of(
                draft,
                move |draft| {
                    draft
                        .goals
                        .get(&id)
                        .map(|goal| goal.$field.clone())
                        .unwrap_or_default()
                },
                move |draft, value| {
                    if let Some(goal) = draft.goals.get_mut(&id) {
                        goal.$field = value;
                    }
                },
            )
        };
    }
    let (family, tutor) = (part!(family), part!(tutor));
    let response: RwSignal<Option<Response>> = part!(response);
    let tutor_move: RwSignal<Option<TutorMove>> = part!(tutor_move);
    let (step, due): (RwSignal<String>, RwSignal<Option<Date>>) = (part!(step), part!(step_due));
    let (original, italian) = (part!(said_original), part!(said_italian));
    let who_acts = part!(who_acts);
    let seen_due = draft
        .read_untracked()
        .goals
        .get(&id)
        .and_then(GoalDraft::seen_due);
    let levels = StoredValue::new(line.levels.clone());
    let level_words = Callback::new(move |score: Score| {
        levels.with_value(|levels| {
            levels
                .iter()
                .find(|(known, _)| *known == score)
                .map(|(_, words)| words.clone())
        })
    });
    let responses = Response::ALL
        .iter()
        .map(|one| {
            (
                *one,
                words.response(*one).to_owned(),
                Some(response_icon(*one)),
            )
        })
        .collect();
    let moves = TutorMove::ALL
        .iter()
        .map(|one| {
            (
                *one,
                words.tutor_move(*one).to_owned(),
                Some(move_icon(*one)),
            )
        })
        .collect();
    let has_words = !original.read_untracked().is_empty() || !italian.read_untracked().is_empty();
    view! {
        {said(&line)}
        <RateInput voice=Voice::Family id="rate-f" label=words.rate_family() value=family
            level_words=level_words words=words />
        <RateInput voice=Voice::Tutor id="rate-t" label=words.rate_tutor() value=tutor
            level_words=level_words words=words />
        <OneOf legend=words.how_responds() name="resp" options=responses value=response layout=Layout::Two />
        <Barriers goal=id draft=draft />
        <OneOf legend=words.your_move() name="move" options=moves value=tutor_move layout=Layout::Three />
        <details class="behind" open=has_words>
            <summary>{words.said_today()}</summary>
            <div class="stack">
                <TextArea id="said-original" label=words.goal_original() value=original rows=2
                    lang=draft.read_untracked().language.clone() />
                <TextArea id="said-italian" label=words.goal_italian() value=italian rows=2 lang="it" />
            </div>
        </details>
        <div class="section">
            <TextArea id="next" label=words.next_step() value=step rows=2 />
            <DueChips due=due seen=seen_due today=today />
        </div>
        <WhoActsPick name="acts" value=who_acts />
    }
    .into_any()
}

const fn move_icon(what: TutorMove) -> &'static str {
    match what {
        TutorMove::Informs => "info",
        TutorMove::Encourages => "bell",
        TutorMove::Reinforces => "trending-up",
        TutorMove::Accompanies => "footprints",
        TutorMove::Mediates => "messages-square",
        TutorMove::Coordinates => "waypoints",
    }
}

/// The family's words, and where things stood the last time.
fn said(line: &GoalLine) -> impl IntoView + use<> {
    let words = use_words();
    let said = line.said.clone().unwrap_or_default();
    let original = said
        .original
        .filter(|spoken| !spoken.text.is_empty())
        .map(|spoken| {
            let (tag, dir) = (spoken.language.0.clone(), direction(&spoken.language.0));
            view! { <p class="voice__orig" lang=tag dir=dir>{spoken.text}</p> }
        });
    let italian = (!said.italian.is_empty())
        .then(|| view! { <p class="voice__it" lang="it">{format!("«{}»", said.italian)}</p> });
    let last = line.last.map(|(score, day)| {
        let last = words.last_time(&words.level(score).to_lowercase(), &words.day(day));
        view! { <footer class="voice__who">{last}</footer> }
    });
    view! {
        <h2 class="sr">{line.title(words)}</h2>
        <blockquote class="voice">{original}{italian}{last}</blockquote>
    }
}

#[component]
fn Barriers(goal: domain::id::GoalId, draft: RwSignal<VisitDraft>) -> impl IntoView {
    let words = use_words();
    let shows_all = RwSignal::new(false);
    let of = move |draft: &VisitDraft, barrier: Barrier| {
        draft
            .goals
            .get(&goal)
            .is_some_and(|goal| goal.barriers.contains(&barrier))
    };
    let change = move |change: &dyn Fn(&mut GoalDraft)| {
        draft.update(|draft| {
            if let Some(goal) = draft.goals.get_mut(&goal) {
                change(goal);
            }
        });
    };
    let nothing = Signal::derive(move || draft.read().goals.get(&goal).is_some_and(|g| g.is_clear));
    let on_nothing = move |is_clear: bool| {
        change(&|goal| {
            goal.is_clear = is_clear;
            goal.barriers.clear();
        });
    };
    let chip = move |barrier: Barrier| {
        let on = Signal::derive(move || of(&draft.read(), barrier));
        let on_change = move |is_on: bool| {
            change(&|goal| {
                goal.is_clear = false;
                if is_on {
                    goal.barriers.insert(barrier);
                } else {
                    goal.barriers.remove(&barrier);
                }
            });
        };
        view! { <Chip pick=Pick::Any name="bar" label=words.barrier(barrier) on=on on_change=on_change /> }
    };
    let (first, others) = Barrier::ALL.split_at(BARRIERS_SHOWN.min(Barrier::ALL.len()));
    // What was chosen must not lie hidden.
    let has_hidden = others
        .iter()
        .any(|barrier| of(&draft.read_untracked(), *barrier));
    shows_all.set(has_hidden);
    view! {
        <fieldset class="section">
            <legend class="label">{words.what_hinders()}</legend>
            <div class="chips">
                <Chip pick=Pick::Any name="bar" label=words.nothing_hinders() on=nothing on_change=on_nothing />
                {first.iter().map(|barrier| chip(*barrier)).collect_view()}
                {move || if shows_all.get() {
                    others.iter().map(|barrier| chip(*barrier)).collect_view().into_any()
                } else {
                    view! {
                        <button type="button" class="chip" on:click=hear(move |_| shows_all.set(true))>
                            <crate::parts::mark::Icon name="plus" />{words.others(others.len())}
                        </button>
                    }
                    .into_any()
                }}
            </div>
        </fieldset>
    }
    .into_any()
}

/// By when: the date that stood, in a week, in a month, or another.
#[component]
fn DueChips(due: RwSignal<Option<Date>>, seen: Option<Date>, today: Date) -> impl IntoView {
    let words = use_words();
    let (week, month) = (week_after(today), month_after(today));
    let mut choices: Vec<(Date, String)> = Vec::new();
    choices.extend(
        seen.filter(|day| *day >= today)
            .map(|day| (day, words.short_day(day, today))),
    );
    choices.push((week, words.in_a_week().to_owned()));
    choices.push((month, words.in_a_month().to_owned()));
    let known: Vec<Date> = choices.iter().map(|(day, _)| *day).collect();
    let is_known = move |day: Option<Date>| day.is_some_and(|day| known.contains(&day));
    let starts_other = due.get_untracked().is_some() && !is_known(due.get_untracked());
    let is_other = RwSignal::new(starts_other);
    let chips = choices
        .into_iter()
        .map(|(day, label)| {
            let on = Signal::derive(move || !is_other.get() && due.get() == Some(day));
            let on_change = move |_| {
                is_other.set(false);
                due.set(Some(day));
            };
            view! { <Chip pick=Pick::One name="by" label=label on=on on_change=on_change /> }
        })
        .collect_view();
    view! {
        <fieldset>
            <legend class="sr">{words.by_when()}</legend>
            <div class="chips">
                {chips}
                <Chip pick=Pick::One name="by" label=words.other_date() icon="calendar-days"
                    on=is_other on_change=move |_| is_other.set(true) />
            </div>
        </fieldset>
        {move || is_other.get().then(|| view! { <DateField id="next-due" label=words.by_when() value=due /> })}
    }
    .into_any()
}
