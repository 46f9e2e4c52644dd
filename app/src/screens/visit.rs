//! Visita: written down as a conversation goes, in any order; a draft on disk until it is closed.

mod closing;
pub mod draft;
mod goal_panel;
pub mod who_panel;

use domain::id::{GoalId, Millis, ScopeId, VisitId};
use domain::plan::FamilyWords;
use domain::score::Score;
use domain::state::Case;
use domain::vocabulary::Area;
use jiff::civil::Date;
use leptos::html::Button;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use replica::stored::DiskError;

use crate::device::drafts::Form;
use crate::device::senses;
use crate::frame::Heading;
use crate::parts::mark::{Icon, Tone, area_icon};
use crate::parts::message::{Empty, Notice};
use crate::screens::Missing;
use crate::screens::draft::{Draft, Place, drafted, json};
use crate::screens::family::clock::Clock;
use crate::screens::family::{Tab, head, use_scope, with_clock};
use crate::screens::plan::model::day_of;
use crate::screens::visit::closing::{CloseBar, SummaryPanel};
use crate::screens::visit::draft::VisitDraft;
use crate::screens::visit::goal_panel::GoalPanel;
use crate::screens::visit::who_panel::WhoPanel;
use crate::session::use_session;
use crate::watch::{hear, watch, watch_changes};
use crate::words::{Words, use_words};

/// Taps that can be taken back.
const UNDO_MAX: usize = 50;

/// A part of the visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    Who,
    Goal(GoalId),
    Summary,
}

/// What a visit needs to know of a goal.
#[derive(Clone, Debug, PartialEq)]
pub struct GoalLine {
    /// Which.
    pub id: GoalId,
    /// Its place in the family's order.
    pub place: usize,
    /// Its domain.
    pub area: Option<Area>,
    /// The family's words.
    pub said: Option<FamilyWords>,
    /// The last rating, and its day.
    pub last: Option<(Score, Date)>,
    /// Levels that were worded.
    pub levels: Vec<(Score, String)>,
}

impl GoalLine {
    /// What the goal is called.
    pub fn title(&self, words: Words) -> String {
        let area = self
            .area
            .map_or(words.goal_nameless(), |area| words.area(area));
        format!("{}. {area}", self.place)
    }
}

/// The goals that a visit can look at, in the family's order.
pub fn goal_lines(case: &Case, clock: Clock<'_>) -> Vec<GoalLine> {
    let goals = case.plan.goals_in_order();
    let active = goals.into_iter().filter(|(_, goal)| goal.is_active());
    active
        .enumerate()
        .map(|(at, (id, goal))| {
            let last = case.ratings(id).rev().find_map(|(_, entry)| {
                let rating = &entry.record.rating;
                let score = rating.family.or(rating.tutor)?;
                Some((score, day_of(case, clock, entry.record.visit, entry.at)))
            });
            let levels = Score::ALL.into_iter().filter_map(|score| {
                let words = goal.level_words(score).filter(|words| !words.is_empty())?;
                Some((score, words.to_owned()))
            });
            GoalLine {
                id,
                place: at + 1,
                area: goal.area().copied(),
                said: goal.words().cloned(),
                last,
                levels: levels.collect(),
            }
        })
        .collect()
}

/// The screen.
#[component]
pub fn VisitScreen() -> impl IntoView {
    let session = use_session();
    let words = use_words();
    let scope = use_scope();
    let params = use_params_map();
    let visit = Memo::new(move |_| {
        params
            .read()
            .get("visit")
            .and_then(|id| id.parse::<VisitId>().ok())
    });
    let place = Memo::new(move |_| {
        let scope = scope.get()?;
        let visit = visit.get();
        let today = session.today();
        session.read(|replica| {
            let may_write = head(replica, scope, today)?.may_write;
            let case = replica.state().cases.get(&scope)?;
            let is_closed = visit
                .and_then(|visit| case.visits.get(&visit))
                .is_some_and(|visit| visit.record().is_some());
            Some((scope, visit, may_write, is_closed))
        })
    });
    // Closing a visit must not tear the form away before the way back is taken.
    let was_open = StoredValue::new(None);
    let shown = Memo::new(move |_| {
        let now = place.get();
        if let Some((scope, visit, true, _)) = now
            && was_open.get_value() == Some((scope, visit))
        {
            return Some((scope, visit, true, false));
        }
        if let Some((scope, visit, true, false)) = now {
            was_open.set_value(Some((scope, visit)));
        }
        now
    });
    move || match shown.get() {
        Some((scope, visit, true, false)) => {
            // One visit at a time: whoever comes back to "new visit" finds what was begun.
            let thing = visit.map_or_else(|| "new".to_owned(), |visit| visit.to_string());
            drafted(Form::Visit.key_of(scope, &thing), move |place, left| {
                view! { <VisitForm scope=scope visit=visit left=left place=place /> }.into_any()
            })
        }
        Some((scope, _, true, true)) => view! {
            <main class="main narrow">
                <Empty head=words.visit_closed() hint="">
                    <a class="btn btn--soft" href=Tab::Diary.href(scope)>{words.tab_diary()}</a>
                </Empty>
            </main>
        }
        .into_any(),
        Some((_, _, false, _)) | None => view! { <Missing /> }.into_any(),
    }
}

#[component]
fn VisitForm(
    scope: ScopeId,
    visit: Option<VisitId>,
    left: Option<VisitDraft>,
    place: Place,
) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let opened = untrack(|| {
        with_clock(session, |clock| {
            session.read(|replica| {
                let case = replica.state().cases.get(&scope)?;
                let id = visit.unwrap_or_else(|| session.fresh());
                let name = case.household.name().map(|name| name.latin.clone());
                Some((
                    VisitDraft::new(case, id, clock.today),
                    goal_lines(case, clock),
                    name,
                ))
            })
        })
    });
    let (fresh, lines, name) = opened?;
    let is_left = left.is_some();
    let draft = RwSignal::new(left.unwrap_or(fresh));
    let kept = KeptDraft::new(draft, place, is_left);
    let stop = RwSignal::new(Stop::Who);
    let lines = StoredValue::new(lines);
    let family = words.family_named(name.as_deref().unwrap_or(words.nameless()));
    let go = move |to: Stop| {
        if let Stop::Goal(goal) = to {
            let known = untrack(|| {
                session.read(|replica| {
                    replica
                        .state()
                        .cases
                        .get(&scope)?
                        .plan
                        .goals
                        .get(&goal)
                        .cloned()
                })
            });
            if let Some(known) = known {
                draft.update(|draft| draft.open(goal, &known));
            }
        }
        stop.set(to);
    };
    Some(view! {
        <header class="appbar appbar--inner">
            <a class="icon-btn" href=Tab::Plan.href(scope) aria-label=words.back()><Icon name="chevron-left" /></a>
            <div class="appbar__title">
                <Heading title=words.visit_title(&family) />
                <p>{move || kept.line(words)}</p>
            </div>
            <button
                type="button" class="icon-btn" aria-label=words.undo_last()
                disabled=move || !kept.can_undo() on:click=hear(move |_| kept.undo())
            ><Icon name="undo-2" /></button>
        </header>
        <main class="main narrow">
            <div role="alert">{move || kept.warning(words)}</div>
            <Stops lines=lines stop=stop draft=draft go=Callback::new(go) />
            {move || match stop.get() {
                Stop::Who => view! { <WhoPanel scope=scope draft=draft /> }.into_any(),
                Stop::Goal(id) => {
                    let line = lines.with_value(|lines| {
                            lines.iter().find(|line| line.id == id).cloned()
                        });
                    line.map(|line| view! { <GoalPanel line=line draft=draft /> }).into_any()
                }
                Stop::Summary => view! { <SummaryPanel scope=scope lines=lines draft=draft /> }.into_any(),
            }}
        </main>
        <CloseBar scope=scope draft=draft kept=kept.on_disk />
    }.into_any())
}

#[component]
fn Stops(
    lines: StoredValue<Vec<GoalLine>>,
    stop: RwSignal<Stop>,
    draft: RwSignal<VisitDraft>,
    go: Callback<Stop>,
) -> impl IntoView {
    let words = use_words();
    let goal_stops = lines.get_value().into_iter().map(|line| {
        (
            Stop::Goal(line.id),
            line.title(words),
            line.area.map_or("flag", area_icon),
        )
    });
    let stops = [(Stop::Who, words.visit_who().to_owned(), "users")]
        .into_iter()
        .chain(goal_stops)
        .chain([(Stop::Summary, words.visit_summary().to_owned(), "notebook-pen")])
        .map(|(to, label, icon)| {
            let is_done = move || match to {
                Stop::Who => !draft.read().present.is_empty() && stop.get() != Stop::Who,
                Stop::Goal(id) => draft.read().goals.get(&id).is_some_and(|goal| goal.is_touched()),
                Stop::Summary => !draft.read().summary.trim().is_empty(),
            };
            let icon = Signal::derive(move || if is_done() { "check" } else { icon });
            let current = move || (stop.get() == to).then_some("step");
            let node = NodeRef::<Button>::new();
            watch(move || {
                if stop.get() == to
                    && let Some(node) = node.get()
                {
                    senses::bring_into_sight(&node);
                }
            });
            view! {
                <button node_ref=node type="button" class="stop" aria-current=current on:click=hear(move |_| go.run(to))>
                    <Icon name=icon />{label}
                </button>
            }
        })
        .collect_view();
    view! { <nav class="stops" aria-label=words.visit_parts() tabindex="0">{stops}</nav> }
}

/// Keeps the draft on disk and remembers taps.
#[derive(Clone, Copy)]
struct KeptDraft {
    draft: RwSignal<VisitDraft>,
    on_disk: Draft,
    taps: RwSignal<Vec<VisitDraft>>,
    is_quiet: StoredValue<bool>,
    kept_at: RwSignal<Option<Millis>>,
    /// Why the last words are not on disk.
    problem: RwSignal<Option<DiskError>>,
}

impl KeptDraft {
    fn new(draft: RwSignal<VisitDraft>, place: Place, is_left: bool) -> Self {
        let session = use_session();
        let kept_at = RwSignal::new(is_left.then(|| session.now()));
        let problem = RwSignal::new(None);
        let told = Callback::new(move |on_disk: Result<(), DiskError>| {
            if on_disk.is_ok() {
                kept_at.set(Some(session.now()));
            }
            problem.set(on_disk.err());
        });
        let now = Signal::derive(move || json(&*draft.read()));
        let kept = Self {
            draft,
            on_disk: Draft::keep_and_tell(place, now, Some(told)),
            taps: RwSignal::new(Vec::new()),
            is_quiet: StoredValue::new(false),
            kept_at,
            problem,
        };
        watch_changes(move || draft.get(), move |was, now| kept.remember(was, now));
        kept
    }

    fn remember(self, was: &VisitDraft, now: &VisitDraft) {
        if self.is_quiet.get_value() {
            self.is_quiet.set_value(false);
            return;
        }
        if was.taps() != now.taps() {
            self.taps.update(|taps| {
                taps.push(was.clone());
                if taps.len() > UNDO_MAX {
                    taps.remove(0);
                }
            });
        }
    }

    fn can_undo(self) -> bool {
        !self.taps.read().is_empty()
    }

    fn undo(self) {
        let Some(before) = self.taps.try_update(Vec::pop).flatten() else {
            return;
        };
        self.is_quiet.set_value(true);
        self.draft.update(|draft| *draft = draft.back_to(&before));
    }

    /// What to do while the last words are not on disk.
    fn warning(self, words: Words) -> Option<impl IntoView> {
        let why = self.problem.get()?;
        let sentence = words.draft_error(why);
        Some(view! { <Notice tone=Tone::Berry icon="circle-alert">{sentence}</Notice> })
    }

    fn line(self, words: Words) -> AnyView {
        let session = use_session();
        if self.problem.read().is_some() {
            let line = words.draft_not_kept();
            return view! { <span class="receipt" data-state="stopped"><Icon name="circle-alert" />{line}</span> }
                .into_any();
        }
        match self.kept_at.get() {
            Some(at) => {
                let line = words.draft_kept(&words.time(session.local(at).time()));
                view! { <span class="receipt" data-state="phone"><Icon name="on-phone" />{line}</span> }
                    .into_any()
            }
            None => words.draft_empty().into_any(),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::visit::Rating;
    use jiff::civil::date;

    use super::*;
    use crate::screens::fixture::{Family, clock, score};

    #[test]
    fn a_visit_knows_what_was_said_the_last_time() {
        let mut family = Family::hassan();
        family.visited(
            1,
            date(2026, 9, 30),
            Rating {
                family: Some(score(-1)),
                ..Rating::default()
            },
        );
        let lines = goal_lines(&family.case(), clock());
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].last, Some((score(-1), date(2026, 9, 30))));
        assert_eq!(
            lines[0].levels.len(),
            1,
            "only the expected result was worded"
        );
        assert_eq!(lines[0].title(Words::default()), "1. Lingua italiana");
    }
}
