//! Changing a household and its members.

use domain::id::ScopeId;
use domain::removal::Item;
use domain::vocabulary::MemberRole;
use leptos::prelude::*;

use crate::device::drafts::Form;
use crate::frame::{Toasts, use_toasts};
use crate::parts::choice::{Chip, Pick};
use crate::parts::form::stay;
use crate::parts::form::{DateField, Field, FieldError, TextArea};
use crate::parts::pick::{OneOf, Select, SomeOf, part_of};
use crate::screens::draft::{Draft, Place, drafted_writes};
use crate::screens::lists::TakeOut;
use crate::screens::people::elsewhere::PerhapsKnown;
use crate::screens::people::form::{HouseholdEdit, MemberEdit};
use crate::session::{Writing, use_session};
use crate::watch::hear;
use crate::words::{Words, use_words};

macro_rules! part {
    ($edit:ident, $field:ident) => {
        part_of(
            $edit,
            |edit| edit.form.$field.clone(),
            |edit, value| edit.form.$field = value,
        )
    };
}

fn languages(words: Words) -> Vec<(String, String)> {
    words
        .languages()
        .into_iter()
        .map(|(tag, name)| (tag.to_owned(), name))
        .collect()
}

/// Records what a form says and closes it once that is on disk.
fn save(
    (words, toasts): (Words, Toasts),
    draft: Draft,
    scope: ScopeId,
    made: Vec<Writing>,
    error: RwSignal<Option<String>>,
    close: Callback<()>,
) {
    if made.is_empty() {
        draft.forget();
        close.run(());
        toasts.say(words.nothing_changed());
        return;
    }
    let saved = Callback::new(move |()| {
        close.run(());
        toasts.say(words.people_toast());
    });
    draft.save(scope, made, error, saved);
}

/// The form of the household, as it was left.
#[component]
pub fn HouseholdForm(scope: ScopeId, open: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let opened = untrack(|| {
        session.read(|replica| {
            let case = replica.state().cases.get(&scope)?;
            Some(HouseholdEdit::of(&case.household))
        })
    })?;
    Some(drafted_writes(
        Form::Household.key(scope),
        move |place, left| {
            let edit = opened.clone().resumed(left);
            view! { <HouseholdFields scope=scope edit=edit place=place open=open /> }.into_any()
        },
    ))
}

#[component]
fn HouseholdFields(
    scope: ScopeId,
    edit: HouseholdEdit,
    place: Place,
    open: RwSignal<bool>,
) -> impl IntoView {
    let words = use_words();
    let here = (words, use_toasts());
    let edit = RwSignal::new(edit);
    let draft = Draft::of_writes(place, scope, move || edit.read().writings());
    let close = Callback::new(move |()| open.set(false));
    let [name_error, error] = [0; 2].map(|_| RwSignal::new(None::<String>));
    let (latin, original) = (part!(edit, latin), part!(edit, original));
    let (address, number, holder) = (
        part!(edit, address),
        part!(edit, number),
        part!(edit, holder),
    );
    let (safe_contact, language) = (part!(edit, safe_contact), part!(edit, language));
    let needs_interpreter = part!(edit, is_interpreter_needed);
    let on_save = move |_| {
        name_error.set(None);
        if edit.read_untracked().is_nameless() {
            name_error.set(Some(words.name_missing().to_owned()));
            return;
        }
        let made = edit.read_untracked().writings();
        save(here, draft, scope, made, error, close);
    };
    view! {
        <form class="card stack" on:submit=hear(stay)>
            {draft.found()}
            <TextArea id="safe" label=words.safe_contact_field() value=safe_contact rows=2 />
            <Field id="number" label=words.phone_number() value=number kind="tel" keyboard="tel" />
            <Field id="holder" label=words.phone_holder() value=holder />
            <Field id="address" label=words.address() value=address />
            <Select id="with-language" label=words.spoken_language() options=languages(words) value=language
                none=words.choose_one() />
            <div class="chips">
                <Chip pick=Pick::Any name="interpreter" label=words.interpreter() on=needs_interpreter
                    on_change=move |is_on| needs_interpreter.set(is_on) />
            </div>
            <Field id="family-latin" label=words.family_name() value=latin error=name_error />
            <Field id="family-original" label=words.name_original() value=original />
            <FieldError id="household" error=error />
            <Ends draft=draft on_save=Callback::new(on_save) close=close />
        </form>
    }
    .into_any()
}

/// The form of a member, as it was left.
#[component]
pub fn MemberForm(
    scope: ScopeId,
    edit: MemberEdit,
    open: RwSignal<Option<MemberEdit>>,
) -> impl IntoView {
    let is_new = edit.is_new();
    let thing = if is_new {
        "new".to_owned()
    } else {
        edit.member.to_string()
    };
    drafted_writes(Form::Member.key_of(scope, &thing), move |place, left| {
        let edit = edit.clone().resumed(left);
        view! { <MemberFields scope=scope edit=edit is_new=is_new place=place open=open /> }
            .into_any()
    })
}

#[component]
fn MemberFields(
    scope: ScopeId,
    edit: MemberEdit,
    is_new: bool,
    place: Place,
    open: RwSignal<Option<MemberEdit>>,
) -> impl IntoView {
    let words = use_words();
    let here = (words, use_toasts());
    let member = edit.member;
    let edit = RwSignal::new(edit);
    let draft = Draft::of_writes(place, scope, move || edit.read().writings());
    let close = Callback::new(move |()| drop(open.try_set(None)));
    let [name_error, error] = [0; 2].map(|_| RwSignal::new(None::<String>));
    let (latin, original) = (part!(edit, latin), part!(edit, original));
    let (role, birth) = (part!(edit, role), part!(edit, birth));
    let name = Memo::new(move |_| edit.read().form.name());
    let citizenship = part!(edit, citizenship);
    let (speaks, reads) = (part!(edit, speaks), part!(edit, reads));
    let on_save = move |_| {
        name_error.set(None);
        if edit.read_untracked().is_nameless() {
            name_error.set(Some(words.name_missing().to_owned()));
            return;
        }
        let made = edit.read_untracked().writings();
        save(here, draft, scope, made, error, close);
    };
    let roles = MemberRole::ALL
        .iter()
        .map(|role| (*role, words.member_role(*role).to_owned(), None))
        .collect();
    let countries = words
        .citizenships()
        .into_iter()
        .map(|(code, name)| (code.to_owned(), name))
        .collect();
    view! {
        <form class="card stack" on:submit=hear(stay)>
            {is_new.then(|| view! { <h3>{words.new_member()}</h3> })}
            {draft.found()}
            <Field id="member-latin" label=words.name_latin() value=latin error=name_error />
            <Field id="member-original" label=words.name_original() value=original />
            {is_new.then(|| view! { <PerhapsKnown scope=scope name=name birth=birth /> })}
            <OneOf legend=words.member_role_head() name="member-role" options=roles value=role />
            <DateField id="member-birth" label=words.birth() value=birth />
            <Select id="member-citizenship" label=words.citizenship_head() options=countries
                value=citizenship none=words.choose_one() />
            <SomeOf id="member-speaks" label=words.speaks() add=words.add_language()
                remove=words.remove_language() options=languages(words) value=speaks />
            <SomeOf id="member-reads" label=words.reads() add=words.add_language()
                remove=words.remove_language() options=languages(words) value=reads />
            <FieldError id="member" error=error />
            <Ends draft=draft on_save=Callback::new(on_save) close=close />
            {(!is_new).then(|| view! {
                <TakeOut scope=scope item=Item::Member(member) label=words.take_out_member()
                    drafts=draft.keys() on_done=close />
            })}
        </form>
    }
    .into_any()
}

#[component]
fn Ends(draft: Draft, on_save: Callback<()>, close: Callback<()>) -> impl IntoView {
    let words = use_words();
    let on_cancel = move |_| {
        draft.forget();
        close.run(());
    };
    view! {
        <div class="row">
            <button type="button" class="btn btn--main" on:click=hear(move |_| on_save.run(()))>{words.save()}</button>
            <button type="button" class="btn btn--bare" on:click=hear(on_cancel)>{words.cancel()}</button>
        </div>
    }
    .into_any()
}
