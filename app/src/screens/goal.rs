//! A goal with its actions: written with the family, one op for each field that changed.

pub mod action_form;
mod actions;
pub mod fields;
pub mod form;
pub mod voices;

use domain::attachment::About;
use domain::id::{GoalId, ScopeId};
use domain::removal::Item;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};

use crate::device::drafts::Form;
use crate::frame::{InnerBar, use_toasts};
use crate::parts::attach::Attach;
use crate::parts::form::FieldError;
use crate::parts::form::stay;
use crate::screens::Missing;
use crate::screens::dispute::{DisputeList, disputes_of};
use crate::screens::draft::{Draft, Place, drafted};
use crate::screens::family::{Tab, head, use_scope};
use crate::screens::goal::action_form::ActionEdit;
use crate::screens::goal::actions::Actions;
use crate::screens::goal::fields::GoalFields;
use crate::screens::goal::form::{GoalEdit, Missing as Lacking};
use crate::screens::goal::voices::Voices;
use crate::screens::lists::model::Within;
use crate::screens::lists::{KeptList, TakeOut};
use crate::screens::plan::reorder::last_place;
use crate::session::{Session, use_session};
use crate::watch::hear;
use crate::words::{Words, use_words};

/// The screen.
#[component]
pub fn GoalScreen() -> impl IntoView {
    let session = use_session();
    let scope = use_scope();
    let params = use_params_map();
    let place = Memo::new(move |_| {
        let scope = scope.get()?;
        let goal = params.read().get("goal")?;
        let goal: Option<GoalId> = if goal == "nuovo" {
            None
        } else {
            Some(goal.parse().ok()?)
        };
        let today = session.today();
        let may_write = session
            .read(|replica| head(replica, scope, today))
            .is_some_and(|head| head.may_write);
        may_write.then_some((scope, goal))
    });
    move || match place.get() {
        None => view! { <Missing /> }.into_any(),
        Some((scope, goal)) => match open(session, scope, goal) {
            None => view! { <Missing /> }.into_any(),
            Some(edit) => kept_form(scope, edit),
        },
    }
}

/// Opens the form of a goal as it stands now; a new one where none is named.
fn open(session: Session, scope: ScopeId, goal: Option<GoalId>) -> Option<GoalEdit> {
    untrack(|| {
        session.read(|replica| {
            let case = replica.state().cases.get(&scope)?;
            let language = case
                .household
                .language()
                .map_or("it", |language| language.0.as_str())
                .to_owned();
            match goal {
                Some(id) => Some(GoalEdit::of(id, case.plan.goals.get(&id)?, &language)),
                None => Some(GoalEdit::new(session.fresh(), &language)),
            }
        })
    })
}

/// The form as it was left, otherwise as it opens.
fn kept_form(scope: ScopeId, opened: GoalEdit) -> AnyView {
    let is_new = opened.is_new();
    let thing = if is_new {
        "new".to_owned()
    } else {
        opened.goal.to_string()
    };
    drafted(Form::Goal.key_of(scope, &thing), move |place, left| {
        let edit = left.unwrap_or_else(|| opened.clone());
        view! { <GoalForm scope=scope edit=edit place=place /> }.into_any()
    })
}

#[component]
fn GoalForm(scope: ScopeId, edit: GoalEdit, place: Place) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let toasts = use_toasts();
    let navigate = StoredValue::new_local(use_navigate());
    let (is_new, goal) = (edit.is_new(), edit.goal);
    let edit = RwSignal::new(edit);
    let draft = Draft::of(place, edit);
    // An action that is open brings its own way to end it: only one is saved at a time.
    let open = RwSignal::new(None::<ActionEdit>);
    let error = RwSignal::new(None::<String>);
    let tried = RwSignal::new(false);
    let lacking = Memo::new(move |_| edit.read().missing().filter(|_| tried.get()));
    let on_save = move |_| {
        tried.set(true);
        error.set(None);
        if let Some(missing) = edit.read_untracked().missing() {
            error.set(Some(lacking_words(missing, words).to_owned()));
            return;
        }
        let place = untrack(|| session.read(|replica| last_place(replica, scope)));
        let made = edit.read_untracked().writings(Some(&place));
        let back = Tab::Plan.href(scope);
        if made.is_empty() {
            draft.forget();
            toasts.say(words.nothing_changed());
            navigate.with_value(|go| go(&back, Default::default()));
            return;
        }
        let saved = Callback::new(move |()| {
            toasts.say(words.goal_toast());
            navigate.with_value(|go| go(&back, Default::default()));
        });
        draft.save(scope, made, error, saved);
    };
    let on_out = Callback::new(move |()| {
        navigate.with_value(|go| go(&Tab::Plan.href(scope), Default::default()));
    });
    let title = if is_new {
        words.goal_screen_new()
    } else {
        words.goal_screen()
    };
    let disputes = Memo::new(move |_| {
        session.read(|replica| {
            let case = replica.state().cases.get(&scope);
            case.map(|case| disputes_of_goal(scope, case, goal))
                .unwrap_or_default()
        })
    });
    view! {
        <InnerBar title=title back=Tab::Plan.href(scope) />
        <main class="main narrow">
            <KeptList scope=scope within=Within::Goal(goal) />
            {move || (!disputes.read().is_empty()).then(|| view! {
                <h2 class="sr">{words.two_values()}</h2>
                <DisputeList disputes=disputes.get() />
            })}
            {draft.found()}
            <form class="stack stack--wide" on:submit=hear(stay)>
                <GoalFields scope=scope edit=edit lacking=lacking />
            </form>
            {(!is_new).then(|| view! {
                <section class="stack" aria-labelledby="goal-voice">
                    <h2 id="goal-voice">{words.goal_voice()}</h2>
                    <Voices scope=scope goal=goal />
                    <Attach scope=scope about=About::Goal(goal) is_voice_alone=true />
                </section>
            })}
            <Actions scope=scope goal=goal is_new=is_new open=open />
            {(!is_new).then(|| view! {
                <TakeOut scope=scope item=Item::Goal(goal) label=words.take_out_goal()
                    drafts=draft.keys() on_done=on_out />
            })}
        </main>
        <section class="actbar" aria-label=words.actions() hidden=move || open.read().is_some()>
            <button type="button" class="btn btn--main" on:click=hear(on_save)>{words.save_goal()}</button>
            <FieldError id="goal" error=error />
        </section>
    }
    .into_any()
}

/// The disputes about one goal or its actions.
fn disputes_of_goal(
    scope: ScopeId,
    case: &domain::state::Case,
    goal: GoalId,
) -> Vec<crate::screens::dispute::Dispute> {
    use domain::op::Known;
    disputes_of(scope, case)
        .into_iter()
        .filter(|dispute| {
            dispute.sides.iter().any(|side| match &side.change {
                Known::GoalWritten { goal: of, .. } => *of == goal,
                Known::ActionWritten { action, .. } => {
                    case.plan.actions.get(action).and_then(|known| known.goal()) == Some(goal)
                }
                _ => false,
            })
        })
        .collect()
}

const fn lacking_words(missing: Lacking, words: Words) -> &'static str {
    match missing {
        Lacking::Area => words.missing_area(),
        Lacking::Words => words.missing_words(),
        Lacking::Expected => words.missing_expected(),
    }
}
