//! The commitments and supports under a goal.

use domain::id::{ActionId, GoalId, MemberId, ScopeId};
use domain::plan::{Action, ActionField, ActionKey};
use domain::removal::Item;
use domain::vocabulary::{ActionKind, ActionState, Barrier};
use jiff::civil::Date;
use leptos::prelude::*;

use crate::device::drafts::Form;
use crate::frame::use_toasts;
use crate::parts::form::stay;
use crate::parts::form::{DateField, Field, FieldError, TextArea};
use crate::parts::mark::Icon;
use crate::parts::pick::{OneOf, Select, part_of};
use crate::screens::draft::{Draft, Place, drafted_writes};
use crate::screens::goal::action_form::ActionEdit;
use crate::screens::goal::fields::WhoActsPick;
use crate::screens::lists::TakeOut;
use crate::session::use_session;
use crate::watch::hear;
use crate::words::{Words, use_words};

/// One action, as the list shows it.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    id: ActionId,
    what: String,
    kind: Option<ActionKind>,
    member: Option<String>,
    service: Option<String>,
    due: Option<Date>,
    state: ActionState,
    barrier: Option<Barrier>,
}

/// The list, and the form of the one that is open.
#[component]
pub fn Actions(
    scope: ScopeId,
    goal: GoalId,
    is_new: bool,
    /// The action that is open.
    open: RwSignal<Option<ActionEdit>>,
) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let today = session.today();
    let lines = Memo::new(move |_| {
        session.read(|replica| {
            let Some(case) = replica.state().cases.get(&scope) else {
                return Vec::new();
            };
            let line = |(id, action): (ActionId, &Action)| {
                let member = |id: MemberId| Some(case.household.member(id)?.name()?.latin.clone());
                line_of(id, action, member)
            };
            case.plan.actions_of(goal).map(line).collect::<Vec<_>>()
        })
    });
    if is_new {
        return view! { <p class="hint">{words.save_goal_first()}</p> }.into_any();
    }
    let on_add = move |_| open.set(Some(ActionEdit::new(session.fresh(), goal)));
    let on_open = move |id: ActionId| {
        let edit = untrack(|| {
            session.read(|replica| {
                let action = replica.state().cases.get(&scope)?.plan.actions.get(&id)?;
                Some(ActionEdit::of(id, goal, action))
            })
        });
        open.set(edit);
    };
    view! {
        <section class="section" aria-labelledby="actions">
            <h2 id="actions">{words.goal_actions()}</h2>
            {move || (!lines.read().is_empty()).then(|| view! {
                <ul class="card card--flush rows">
                    {lines
                        .get()
                        .into_iter()
                        .map(|line| row(line, today, on_open, words))
                        .collect_view()}
                </ul>
            })}
            {move || match open.get() {
                Some(edit) => kept_form(scope, edit, open),
                None => view! {
                    <button type="button" class="btn btn--block" on:click=hear(on_add)>
                        <Icon name="plus" />{words.add_action()}
                    </button>
                }
                .into_any(),
            }}
        </section>
    }
    .into_any()
}

fn line_of(id: ActionId, action: &Action, member: impl Fn(MemberId) -> Option<String>) -> Line {
    let (mut kind, mut bound, mut service) = (None, None, None);
    for key in [ActionKey::Kind, ActionKey::Member, ActionKey::Service] {
        match action.fields.value(key) {
            Some(ActionField::Kind(value)) => kind = Some(*value),
            Some(ActionField::Member(value)) => bound = member(*value),
            Some(ActionField::Service(value)) => {
                service = Some(value.clone()).filter(|name| !name.is_empty());
            }
            _ => {}
        }
    }
    Line {
        id,
        what: action.what().unwrap_or_default().to_owned(),
        kind,
        member: bound,
        service,
        due: action.due(),
        state: action.state(),
        barrier: action.barrier(),
    }
}

fn row(
    line: Line,
    today: Date,
    on_open: impl Fn(ActionId) + Copy + 'static,
    words: Words,
) -> impl IntoView {
    let id = line.id;
    let icon = match line.state {
        ActionState::Todo => "flag",
        ActionState::Done => "circle-check",
        ActionState::Blocked => "construction",
        ActionState::Cancelled => "circle-x",
    };
    let mut notes: Vec<String> = Vec::new();
    notes.extend(line.kind.map(|kind| words.action_kind(kind).to_owned()));
    notes.extend(line.member);
    notes.extend(line.service);
    notes.extend(line.due.map(|due| words.due_by(due, today)));
    let state = match (line.state, line.barrier) {
        (ActionState::Blocked, Some(barrier)) => {
            format!(
                "{}: {}",
                words.action_state(line.state),
                words.barrier(barrier).to_lowercase()
            )
        }
        (state, _) => words.action_state(state).to_owned(),
    };
    view! {
        <li>
            <button type="button" class="rowlink" on:click=hear(move |_| on_open(id))>
                <span class="rowlink__lead"><Icon name=icon /></span>
                <span class="rowlink__body">
                    <span class="rowlink__title" dir="auto">{line.what}</span>
                    <span class="rowlink__note" dir="auto">{notes.join(" · ")}</span>
                    <span class="rowlink__note">{state}</span>
                </span>
                <Icon name="pencil" />
            </button>
        </li>
    }
}

/// The form as it was left, otherwise as it opens.
fn kept_form(scope: ScopeId, edit: ActionEdit, open: RwSignal<Option<ActionEdit>>) -> AnyView {
    let thing = if edit.is_new() {
        format!("{}/new", edit.goal)
    } else {
        edit.action.to_string()
    };
    drafted_writes(Form::Action.key_of(scope, &thing), move |place, left| {
        let edit = edit.clone().resumed(left);
        view! { <ActionForm scope=scope edit=edit place=place open=open /> }.into_any()
    })
}

#[component]
fn ActionForm(
    scope: ScopeId,
    edit: ActionEdit,
    place: Place,
    open: RwSignal<Option<ActionEdit>>,
) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let toasts = use_toasts();
    let (is_new, action) = (edit.is_new(), edit.action);
    let edit = RwSignal::new(edit);
    let draft = Draft::of_writes(place, scope, move || edit.read().writings());
    let close = Callback::new(move |()| drop(open.try_set(None)));
    let error = RwSignal::new(None::<String>);
    macro_rules! part {
        ($field:ident) => {
            part_of(
                edit,
                |edit| edit.form.$field.clone(),
                |edit, value| edit.form.$field = value,
            )
        };
    }
    let (what, service) = (part!(what), part!(service));
    let (kind, who_acts, due) = (part!(kind), part!(who_acts), part!(due));
    let (state, barrier) = (part!(state), part!(barrier));
    let member = part_of(
        edit,
        |edit| {
            edit.form
                .member
                .map(|id| id.to_string())
                .unwrap_or_default()
        },
        |edit, id: String| edit.form.member = id.parse().ok(),
    );
    let members: Vec<(String, String)> = untrack(|| {
        session.read(|replica| {
            let case = replica.state().cases.get(&scope)?;
            let members = case.household.members_in_order().into_iter();
            Some(
                members
                    .filter_map(|(id, known)| Some((id.to_string(), known.name()?.latin.clone())))
                    .collect(),
            )
        })
    })
    .unwrap_or_default();
    let on_save = move |_| {
        error.set(None);
        if !edit.read_untracked().is_complete() {
            error.set(Some(words.missing_action().to_owned()));
            return;
        }
        let made = edit.read_untracked().writings();
        if made.is_empty() {
            draft.forget();
            close.run(());
            toasts.say(words.nothing_changed());
            return;
        }
        let saved = Callback::new(move |()| {
            close.run(());
            toasts.say(words.action_toast());
        });
        draft.save(scope, made, error, saved);
    };
    let on_cancel = move |_| {
        draft.forget();
        close.run(());
    };
    let kinds = ActionKind::ALL
        .iter()
        .map(|one| (*one, words.action_kind(*one).to_owned(), None))
        .collect();
    let states = ActionState::ALL
        .iter()
        .map(|one| (*one, words.action_state(*one).to_owned(), None))
        .collect();
    let barriers = Barrier::ALL
        .iter()
        .map(|one| (*one, words.barrier(*one).to_owned(), None))
        .collect();
    view! {
        <form class="card stack" on:submit=hear(stay)>
            {draft.found()}
            <TextArea id="action-what" label=words.action_what() value=what rows=2
                sent_here=RwSignal::new(1) />
            <FieldError id="action-form" error=error />
            <OneOf legend=words.action_kind_head() name="action-kind" options=kinds value=kind />
            <WhoActsPick name="action-acts" value=who_acts />
            <Select id="action-member" label=words.action_member() options=members value=member
                none=words.goal_member_none() />
            <Field id="action-service" label=words.action_service() value=service />
            <DateField id="action-due" label=words.goal_due() value=due />
            <OneOf legend=words.action_state_head() name="action-state" options=states value=state />
            <div hidden=move || state.get() != Some(ActionState::Blocked)>
                <OneOf legend=words.action_barrier() name="action-barrier" options=barriers value=barrier />
            </div>
            <div class="row">
                <button type="button" class="btn btn--main" on:click=hear(on_save)>{words.save_action()}</button>
                <button type="button" class="btn btn--bare" on:click=hear(on_cancel)>{words.cancel()}</button>
                {(!is_new).then(|| view! {
                    <TakeOut scope=scope item=Item::Action(action) label=words.take_out()
                        drafts=draft.keys() on_done=close />
                })}
            </div>
        </form>
    }
    .into_any()
}
