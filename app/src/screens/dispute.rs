//! Two standing values side by side. One tap chooses; the other stays in the history.

pub mod value;

use domain::field::{Field, Fields};
use domain::id::{Millis, OpId, ScopeId, UserId, VersionId};
use domain::merge::Paragraph;
use domain::op::Known;
use domain::plan::Statement;
use domain::register::Register;
use domain::state::Case;
use domain::vocabulary::Role;
use leptos::prelude::*;
use replica::stored::DiskError;

use crate::frame::{InnerBar, Toasts, use_toasts};
use crate::parts::message::Empty;
use crate::parts::receipt::Receipt;
use crate::screens::lists::KeptList;
use crate::screens::lists::model::kept_count;
use crate::screens::who::{who, who_wrote};
use crate::session::{Session, Writing, use_session};
use crate::watch::hear;
use crate::words::{Words, use_words};
pub use value::{choices, disputes_for, disputes_of};

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
    /// Where the values are texts: what is read for now, of which both may stay.
    pub both: Option<Both>,
}

/// A text in which two people changed the same place.
#[derive(Clone, Debug, PartialEq)]
pub struct Both {
    /// What to write so that the words of both stay.
    pub change: Known,
    /// Paragraph by paragraph, those that differ with the write that they come from.
    pub paragraphs: Vec<Paragraph>,
    /// What both had on screen.
    origin: Option<OpId>,
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
    /// What to write so that it holds. Of a text only the paragraphs that both changed are chosen:
    /// what the other wrote elsewhere stays.
    pub change: Known,
    /// What was written.
    said: Known,
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
    /// The family's answer to a version, by its number.
    Answer(u32),
    /// The social worker's decision about a version, by its number.
    Review(u32),
}

impl About {
    /// Whether it is for this role to choose. An answer is the family's, who gives it to its
    /// mediator-tutor; a decision is the social worker's (`authorize::may`).
    fn is_for(&self, role: Role) -> bool {
        match self {
            Self::Answer(_) => role == Role::Mediator,
            Self::Review(_) => role == Role::SocialWorker,
            Self::Family(_)
            | Self::Member(..)
            | Self::Goal(..)
            | Self::Action(..)
            | Self::Visit(_)
            | Self::Plan => true,
        }
    }
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
                said: change(&write.value),
            })
            .collect();
        Self {
            scope,
            about,
            sides,
            both: None,
        }
    }

    /// Statements about a version that were made out of each other's reach, where they differ.
    fn between<'a, T: Clone + PartialEq + 'a>(
        scope: ScopeId,
        about: About,
        statements: impl Iterator<Item = (OpId, &'a Statement<T>)>,
        change: impl Fn(VersionId, T) -> Known,
    ) -> Option<Self> {
        let statements: Vec<_> = statements.collect();
        let (_, first) = statements.first()?;
        if statements.iter().all(|(_, one)| one.what == first.what) {
            return None;
        }
        let side = |(op, one): (OpId, &Statement<T>)| {
            let said = change(one.version, one.what.clone());
            Side {
                op,
                author: one.author,
                at: one.at,
                change: said.clone(),
                said,
            }
        };
        Some(Self {
            scope,
            about,
            sides: statements.into_iter().map(side).collect(),
            both: None,
        })
    }

    /// Every field in which different values stand.
    fn all_of<F: Field>(
        scope: ScopeId,
        fields: &Fields<F>,
        about: impl Fn(F::Key) -> About,
        change: impl Fn(&F) -> Known,
    ) -> Vec<Self> {
        let disputed = fields.disputed().map(|(key, register)| {
            let mut dispute = Self::of(scope, about(key), register, &change);
            if let Some(merged) = register.merged() {
                for side in &mut dispute.sides {
                    side.change = change(&merged.preferring(side.op));
                }
                let texts = merged.texts.iter();
                dispute.both = Some(Both {
                    change: change(&merged.value),
                    paragraphs: texts.flat_map(|text| text.paragraphs.clone()).collect(),
                    origin: register.origin(),
                });
            }
            dispute
        });
        disputed.collect()
    }

    /// The write that settles it so that `change` holds.
    pub fn choosing(&self, change: &Known) -> Writing {
        let replaces = self.sides.iter().map(|side| side.op).collect();
        Writing::replacing(replaces, change.clone())
    }

    /// The writes that open it again after it was settled by `choice`: every other value stands
    /// anew beside it, as open as it was before. Texts stand anew in its place, on what their
    /// authors had in common, so that they merge as before.
    pub fn reopening(&self, chosen: &Known, choice: OpId) -> Vec<Writing> {
        let Some(both) = &self.both else {
            let others = self.sides.iter().filter(|side| side.change != *chosen);
            return others.map(|side| Writing::new(side.said.clone())).collect();
        };
        let mut choice = Some(choice);
        let anew = self.sides.iter().map(|side| {
            let replaces = both.origin.into_iter().chain(choice.take()).collect();
            Writing::replacing(replaces, side.said.clone())
        });
        anew.collect()
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
            About::Answer(number) => words.answer_to(*number),
            About::Review(number) => words.decision_about(*number),
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
            | About::Plan
            | About::Answer(_)
            | About::Review(_) => None,
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
                    let role = replica.owner().role;
                    let found = disputes_for(*scope, case, role);
                    let kept = kept_count(case, role);
                    let name = case.household.name()?.latin.clone();
                    (!found.is_empty() || kept > 0).then_some((name, *scope, found))
                })
                .collect::<Vec<_>>()
        })
    });
    let list = move || {
        all.get()
            .into_iter()
            .map(|(name, scope, found)| {
                view! {
                    <section class="section">
                        <h2 dir="auto">{words.family_named(&name)}</h2>
                        <KeptList scope=scope />
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
    let together = dispute.both.clone();
    let together = together.map(|both| view! { <Together dispute=stored both=both /> });
    let until = (!is_long && together.is_none()).then(|| words.until_chosen(&shown));
    view! {
        <section class="versus">
            <div>
                <h3>{dispute.title(words)}</h3>
                {of.map(|of| view! { <p class="small soft" dir="auto">{of}</p> })}
            </div>
            {together}
            <div class=class>{stands}</div>
            {until.map(|until| view! { <p class="small soft" dir="auto">{until}</p> })}
        </section>
    }
    .into_any()
}

/// What is read of a text as long as nobody chooses: the paragraphs that differ are marked, each
/// with who wrote it and when.
#[component]
fn Together(dispute: StoredValue<Dispute>, both: Both) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let by = |op: OpId| {
        dispute.with_value(|dispute| {
            let side = dispute.sides.iter().find(|side| side.op == op)?;
            Some(who_wrote(side.author, side.at, session, words))
        })
    };
    let paragraphs = both
        .paragraphs
        .into_iter()
        .map(|Paragraph { text, by: of }| match of {
            None => view! { <p dir="auto">{text}</p> }.into_any(),
            Some(op) => view! {
                <p dir="auto"><mark>{text}</mark><small class="stand__by">{by(op)}</small></p>
            }
            .into_any(),
        })
        .collect_view();
    let label = words.both_hold();
    view! {
        <div class="stand">
            <p class="small soft">{words.reads_for_now()}</p>
            <div class="stand__text stack">{paragraphs}</div>
            <Choose
                dispute=dispute
                change=both.change
                label=label
                name=label.to_owned()
                chosen=words.both_chosen().to_owned()
            />
        </div>
    }
    .into_any()
}

#[component]
fn Stand(dispute: StoredValue<Dispute>, side: Side, text: String, is_long: bool) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let author = who(side.author, session, words);
    let at = words.moment(session.local(side.at), session.today());
    let op = side.op;
    let receipt = Signal::derive(move || session.read(|replica| replica.receipt(op)));
    let label = words.this_one_holds();
    let value_class = if is_long {
        "stand__text"
    } else {
        "stand__value"
    };
    let (name, chosen) = (format!("{label}: {text}"), words.chosen(&text));
    view! {
        <div class="stand">
            <p class=value_class dir="auto">{text}</p>
            <p class="stand__by"><b>{author}</b>{at}<br /><Receipt step=receipt words=words /></p>
            <Choose dispute=dispute change=side.change label=label name=name chosen=chosen />
        </div>
    }
    .into_any()
}

/// The button that settles it, and the way back from there.
#[component]
fn Choose(
    dispute: StoredValue<Dispute>,
    change: Known,
    label: &'static str,
    name: String,
    chosen: String,
) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let toasts = use_toasts();
    let error = RwSignal::new(None::<String>);
    let on_choose = move |_| {
        let (dispute, change) = (dispute.get_value(), change.clone());
        let (scope, writing) = (dispute.scope, dispute.choosing(&change));
        let chosen = chosen.clone();
        let say = move |saved: Result<Vec<OpId>, DiskError>| match saved.as_deref() {
            Ok([choice, ..]) => {
                let writings = dispute.reopening(&change, *choice);
                toasts.say_with_undo(chosen.clone(), move || {
                    reopen(session, toasts, words, scope, writings.clone());
                });
            }
            Ok([]) => {}
            Err(why) => drop(error.try_set(Some(words.disk_error(*why).to_owned()))),
        };
        // What arrives in the meantime may draw the list anew before the disk answers.
        let done = toasts.outlive(|| Callback::new(say));
        if let Err(why) = session.record(scope, vec![writing], Vec::new(), done) {
            error.set(Some(words.record_error(&why)));
        }
    };
    view! {
        <button class="btn btn--soft" type="button" aria-label=name on:click=hear(on_choose)>
            {label}
        </button>
        {move || error.get().map(|error| view! { <p class="error" role="alert">{error}</p> })}
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

/// The family's words of a goal, to name it by, also of one that was taken out.
pub(super) fn goal_name(case: &Case, goal: Option<domain::id::GoalId>) -> String {
    goal.and_then(|goal| case.goal(goal))
        .and_then(|goal| goal.words())
        .map(|words| words.italian.trim().to_owned())
        .unwrap_or_default()
}
