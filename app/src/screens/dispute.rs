//! Two standing values side by side. One tap chooses; the other stays in the history.

pub mod value;

use domain::id::{Millis, OpId, ScopeId, UserId};
use domain::op::Known;
use domain::register::Register;
use domain::state::Case;
use leptos::prelude::*;
use replica::stored::DiskError;

use crate::frame::{InnerBar, Toasts, use_toasts};
use crate::parts::message::Empty;
use crate::parts::receipt::Receipt;
use crate::session::{Session, Writing, use_session};
use crate::watch::hear;
use crate::words::{Words, use_words};
pub use value::disputes_of;

/// From how many characters a value is read as a text and not as a word or two.
const LONG_CHARS: usize = 34;

/// A field in which different values stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Dispute {
    /// The family's file.
    pub scope: ScopeId,
    /// Which field, and of what.
    pub about: About,
    /// The values, the oldest first.
    pub sides: Vec<Side>,
}

/// One standing value.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// The write.
    pub op: OpId,
    /// Who wrote it.
    pub author: UserId,
    /// When, by their device.
    pub at: Millis,
    /// What to write so that it holds.
    pub change: Known,
}

/// Which field is disputed, and whose.
#[derive(Clone, Debug, PartialEq)]
pub enum About {
    /// Of the household.
    Family(domain::family::FamilyKey),
    /// Of a member, by name.
    Member(String, domain::family::MemberKey),
    /// Of a goal, by the family's words.
    Goal(String, domain::plan::GoalKey),
    /// Of an action, by what it is.
    Action(String, domain::plan::ActionKey),
    /// Of a planned visit.
    Visit(domain::visit::VisitKey),
    /// The course of the whole plan.
    Plan,
}

impl Dispute {
    fn of<T: PartialEq>(
        scope: ScopeId,
        about: About,
        register: &Register<T>,
        change: impl Fn(&T) -> Known,
    ) -> Self {
        let sides = register
            .standing()
            .map(|(op, write)| Side {
                op,
                author: write.author,
                at: write.at,
                change: change(&write.value),
            })
            .collect();
        Self {
            scope,
            about,
            sides,
        }
    }

    /// The write that settles it in favour of one side.
    pub fn choosing(&self, side: &Side) -> Writing {
        let replaces = self.sides.iter().map(|side| side.op).collect();
        Writing::replacing(replaces, side.change.clone())
    }

    /// The writes that open it again after `chosen` was settled: every other value stands anew.
    ///
    /// They replace nothing, so the choice stands beside them: as open as it was before.
    pub fn reopening(&self, chosen: &Side) -> Vec<Writing> {
        self.sides
            .iter()
            .filter(|side| side.change != chosen.change)
            .map(|side| Writing::new(side.change.clone()))
            .collect()
    }

    /// What the field is called.
    fn title(&self, words: Words) -> String {
        match &self.about {
            About::Family(key) => words.family_field(*key).to_owned(),
            About::Member(name, key) => format!("{name}: {}", words.member_field(*key)),
            About::Goal(_, key) => words.goal_field(*key).to_owned(),
            About::Action(_, key) => words.action_field(*key).to_owned(),
            About::Visit(key) => words.visit_field(*key).to_owned(),
            About::Plan => words.plan_move().to_owned(),
        }
    }

    /// What the field belongs to, where its name does not say it.
    fn belongs_to(&self, words: Words) -> Option<String> {
        match &self.about {
            About::Goal(said, _) | About::Action(said, _) if !said.is_empty() => {
                Some(words.goal_about(said))
            }
            About::Family(_)
            | About::Member(..)
            | About::Goal(..)
            | About::Action(..)
            | About::Visit(_)
            | About::Plan => None,
        }
    }
}

/// Everything that waits for a choice, family by family.
#[component]
pub fn Disputes() -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let all = Memo::new(move |_| {
        session.read(|replica| {
            let cases = replica.state().cases.iter();
            cases
                .filter_map(|(scope, case)| {
                    let found = disputes_of(*scope, case);
                    let name = case.household.name()?.latin.clone();
                    (!found.is_empty()).then_some((name, found))
                })
                .collect::<Vec<_>>()
        })
    });
    let list = move || {
        all.get()
            .into_iter()
            .map(|(name, found)| {
                view! {
                    <section class="section">
                        <h2 dir="auto">{words.family_named(&name)}</h2>
                        <DisputeList disputes=found />
                    </section>
                }
            })
            .collect_view()
    };
    view! {
        <InnerBar title=words.to_settle() back="/oggi" />
        <main class="main narrow">
            {move || {
                if all.read().is_empty() {
                    let hint = words.nothing_to_settle_hint();
                    view! { <Empty head=words.nothing_to_settle() hint=hint /> }.into_any()
                } else {
                    view! {
                        <p class="small">
                            {words.disputes_hint()}" "<b>{words.other_is_kept()}</b>
                        </p>
                        {list()}
                    }
                    .into_any()
                }
            }}
        </main>
    }
    .into_any()
}

/// The disputes of one family, wherever they are shown.
#[component]
pub fn DisputeList(disputes: Vec<Dispute>) -> impl IntoView {
    disputes
        .into_iter()
        .map(|dispute| view! { <Versus dispute=dispute /> })
        .collect_view()
}

/// One disputed field: its standing values, one tap each.
#[component]
pub fn Versus(dispute: Dispute) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let texts: Vec<String> = untrack(|| {
        session.read(|replica| {
            let case = replica.state().cases.get(&dispute.scope);
            let text = |side: &Side| value::text(&side.change, case, session.today(), words);
            dispute.sides.iter().map(text).collect()
        })
    });
    let is_long = texts.iter().any(|text| text.chars().count() > LONG_CHARS);
    let shown = dispute
        .sides
        .iter()
        .zip(&texts)
        .max_by_key(|(side, _)| side.op)
        .map(|(_, text)| text.clone())
        .unwrap_or_default();
    let stored = StoredValue::new(dispute.clone());
    let stands = dispute
        .sides
        .iter()
        .zip(texts)
        .map(|(side, text)| {
            let side = side.clone();
            view! { <Stand dispute=stored side=side text=text is_long=is_long /> }
        })
        .collect_view();
    let class = if is_long { "stack" } else { "versus__pair" };
    let of = dispute.belongs_to(words);
    let until = (!is_long).then(|| words.until_chosen(&shown));
    view! {
        <section class="versus">
            <div>
                <h3>{dispute.title(words)}</h3>
                {of.map(|of| view! { <p class="small soft" dir="auto">{of}</p> })}
            </div>
            <div class=class>{stands}</div>
            {until.map(|until| view! { <p class="small soft" dir="auto">{until}</p> })}
        </section>
    }
    .into_any()
}

#[component]
fn Stand(dispute: StoredValue<Dispute>, side: Side, text: String, is_long: bool) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let toasts = use_toasts();
    let error = RwSignal::new(None::<String>);
    let is_you = session.owner().user == side.author;
    let author = if is_you {
        words.you().to_owned()
    } else {
        untrack(|| session.name_of(side.author)).unwrap_or_else(|| words.somebody().to_owned())
    };
    let at = words.moment(session.local(side.at), session.today());
    let op = side.op;
    let receipt = Signal::derive(move || session.read(|replica| replica.receipt(op)));
    let label = format!("{}: {text}", words.this_one_holds());
    let chosen = words.chosen(&text);
    let on_choose = move |_| {
        let (dispute, side) = (dispute.get_value(), side.clone());
        let (scope, writing) = (dispute.scope, dispute.choosing(&side));
        let chosen = chosen.clone();
        let say = move |saved: Result<Vec<OpId>, DiskError>| match saved {
            Ok(_) => {
                let writings = dispute.reopening(&side);
                toasts.say_with_undo(chosen.clone(), move || {
                    reopen(session, toasts, words, scope, writings.clone());
                });
            }
            Err(why) => drop(error.try_set(Some(words.disk_error(why).to_owned()))),
        };
        // What arrives in the meantime may draw the list anew before the disk answers.
        let done = toasts.outlive(|| Callback::new(say));
        if let Err(why) = session.record(scope, vec![writing], Vec::new(), done) {
            error.set(Some(words.record_error(&why)));
        }
    };
    let value_class = if is_long {
        "stand__text"
    } else {
        "stand__value"
    };
    view! {
        <div class="stand">
            <p class=value_class dir="auto">{text}</p>
            <p class="stand__by"><b>{author}</b>{at}<br /><Receipt step=receipt words=words /></p>
            <button class="btn btn--soft" type="button" aria-label=label on:click=hear(on_choose)>
                {words.this_one_holds()}
            </button>
            {move || error.get().map(|error| view! { <p class="error" role="alert">{error}</p> })}
        </div>
    }
    .into_any()
}

/// Takes a choice back: the other values stand again beside it.
fn reopen(session: Session, toasts: Toasts, words: Words, scope: ScopeId, writings: Vec<Writing>) {
    let say = move |saved: Result<Vec<OpId>, DiskError>| {
        toasts.say(saved.map_or_else(|why| words.disk_error(why), |_| words.open_again()));
    };
    // The toast that was pressed is gone by the time the disk answers.
    let done = toasts.outlive(|| Callback::new(say));
    if let Err(why) = session.record(scope, writings, Vec::new(), done) {
        toasts.say(words.record_error(&why));
    }
}

/// The family's words of a goal, to name it by.
fn goal_name(case: &Case, goal: Option<domain::id::GoalId>) -> String {
    goal.and_then(|goal| case.plan.goals.get(&goal))
        .and_then(|goal| goal.words())
        .map(|words| words.italian.trim().to_owned())
        .unwrap_or_default()
}
