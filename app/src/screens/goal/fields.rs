//! The questions about a goal, in the order of a conversation.

use domain::id::{MemberId, ScopeId};
use domain::vocabulary::{Area, GoalState, WhoActs};
use leptos::prelude::*;

use crate::parts::choice::{Chip, Pick};
use crate::parts::form::{DateField, FieldError, TextArea};
use crate::parts::mark::area_icon;
use crate::parts::pick::{Layout, OneOf, Select, part_of};
use crate::parts::scale::Stairs;
use crate::screens::examples::FromExample;
use crate::screens::goal::form::{GoalEdit, Missing};
use crate::screens::plan::sentences::weight;
use crate::session::use_session;
use crate::words::use_words;

/// What is wrong with one field, if that field is what is missing.
fn error_of(
    lacking: Memo<Option<Missing>>,
    field: Missing,
    text: &'static str,
) -> Signal<Option<String>> {
    Signal::derive(move || (lacking.get() == Some(field)).then(|| text.to_owned()))
}

macro_rules! part {
    ($edit:ident, $field:ident) => {
        part_of(
            $edit,
            |edit| edit.form.$field.clone(),
            |edit, value| edit.form.$field = value,
        )
    };
}

/// The fields of a goal.
#[component]
pub fn GoalFields(
    scope: ScopeId,
    edit: RwSignal<GoalEdit>,
    lacking: Memo<Option<Missing>>,
) -> impl IntoView {
    let words = use_words();
    let area = part!(edit, area);
    let areas = Area::ALL
        .iter()
        .map(|area| (*area, words.area(*area).to_owned(), Some(area_icon(*area))))
        .collect();
    let expected = part!(edit, expected);
    let sent = RwSignal::new(0);
    view! {
        <div>
            <OneOf legend=words.goal_area() name="area" options=areas value=area layout=Layout::Two />
            <FieldError id="area" error=error_of(lacking, Missing::Area, words.missing_area()) />
        </div>
        <Said scope=scope edit=edit lacking=lacking />
        <FromExample edit=edit sent=sent />
        <TextArea id="expected" label=words.expected_result() hint=words.expected_hint() value=expected
            sent_here=sent rows=2 error=error_of(lacking, Missing::Expected, words.missing_expected()) />
        <Levels edit=edit />
        <When edit=edit />
        <WhoAndWhat edit=edit />
    }
    .into_any()
}

/// The family's words, in its language and in Italian, and who said them.
#[component]
fn Said(scope: ScopeId, edit: RwSignal<GoalEdit>, lacking: Memo<Option<Missing>>) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let members: Vec<(String, String)> = untrack(|| {
        session.read(|replica| {
            let case = replica.state().cases.get(&scope)?;
            let members = case.household.members_in_order().into_iter();
            let name = |(id, member): (MemberId, &domain::family::Member)| {
                Some((id.to_string(), member.name()?.latin.clone()))
            };
            Some(members.filter_map(name).collect())
        })
    })
    .unwrap_or_default();
    let (original, italian) = (part!(edit, original), part!(edit, italian));
    let language = part!(edit, language);
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
    let languages = words
        .languages()
        .into_iter()
        .filter(|(tag, _)| *tag != "it")
        .map(|(tag, name)| (tag.to_owned(), name))
        .collect();
    let lang = language.get_untracked();
    view! {
        <fieldset class="section">
            <legend class="label">{words.goal_words()}</legend>
            <TextArea id="original" label=words.goal_original() value=original rows=2 lang=lang />
            <Select id="language" label=words.goal_language() options=languages value=language
                none=words.language_title("it") />
            <TextArea id="italian" label=words.goal_italian() value=italian rows=2 lang="it"
                error=error_of(lacking, Missing::Words, words.missing_words()) />
            <Select id="member" label=words.goal_member() options=members value=member
                none=words.goal_member_none() />
        </fieldset>
    }
    .into_any()
}

/// The four levels that may be left to generic words.
#[component]
fn Levels(edit: RwSignal<GoalEdit>) -> impl IntoView {
    let words = use_words();
    let (much_less, less) = (part!(edit, much_less), part!(edit, less));
    let (more, much_more) = (part!(edit, more), part!(edit, much_more));
    // Once something stands in them they stay open, also while somebody empties them.
    let is_worded = Memo::new(move |was: Option<&bool>| {
        let form = &edit.read().form;
        let levels = [&form.much_less, &form.less, &form.more, &form.much_more];
        was.copied().unwrap_or_default() || levels.iter().any(|text| !text.is_empty())
    });
    view! {
        <details class="behind" open=move || is_worded.get()>
            <summary>{words.goal_levels()}</summary>
            <div class="stack">
                <p class="hint">{words.goal_levels_hint()}</p>
                <TextArea id="much-less" label=words.level_field_much_less() value=much_less rows=1 />
                <TextArea id="less" label=words.level_field_less() value=less rows=1 />
                <TextArea id="more" label=words.level_field_more() value=more rows=1 />
                <TextArea id="much-more" label=words.level_field_much_more() value=much_more rows=1 />
            </div>
        </details>
    }
    .into_any()
}

/// By when, and how much it matters.
#[component]
fn When(edit: RwSignal<GoalEdit>) -> impl IntoView {
    let words = use_words();
    let due = part!(edit, due);
    let matters = part_of(
        edit,
        |edit| Some(edit.form.weight),
        |edit, weight| edit.form.weight = weight.unwrap_or(1),
    );
    let weights = (1..=3)
        .map(|one| (one, weight(one, words).to_owned(), None))
        .collect();
    view! {
        <DateField id="due" label=words.goal_due() value=due />
        <OneOf legend=words.goal_weight() name="weight" options=weights value=matters />
    }
    .into_any()
}

/// Who acts, where it stands, what comes next.
#[component]
fn WhoAndWhat(edit: RwSignal<GoalEdit>) -> impl IntoView {
    let words = use_words();
    let who_acts = part!(edit, who_acts);
    let state = part!(edit, state);
    let (step, step_due) = (part!(edit, step), part!(edit, step_due));
    let states = GoalState::ALL
        .iter()
        .map(|state| (*state, words.goal_state(*state).to_owned(), None))
        .collect();
    view! {
        <WhoActsPick name="acts" value=who_acts />
        <TextArea id="step" label=words.next_step() value=step rows=2 />
        <DateField id="step-due" label=words.step_due() value=step_due />
        <OneOf legend=words.goal_state_head() name="state" options=states value=state />
    }
    .into_any()
}

/// Who acts, as tiles with the stair.
#[component]
pub fn WhoActsPick(
    /// Names the group; unique on the page.
    name: &'static str,
    /// The choice.
    value: RwSignal<Option<WhoActs>>,
) -> impl IntoView {
    let words = use_words();
    let chips = WhoActs::ALL
        .iter()
        .map(|who| {
            let who = *who;
            let on = Signal::derive(move || value.get() == Some(who));
            let on_change = move |_| value.set(Some(who));
            view! {
                <Chip pick=Pick::One name=name label=words.who_acts(who) on=on on_change=on_change tile=true>
                    <Stairs who=who />
                </Chip>
            }
        })
        .collect_view();
    view! {
        <fieldset class="section">
            <legend class="label">{words.who_acts_head()}</legend>
            <div class="grid-2">{chips}</div>
        </fieldset>
    }
    .into_any()
}
