//! Changing a household and its members.

use domain::id::ScopeId;
use domain::removal::Item;
use domain::vocabulary::MemberRole;
use leptos::prelude::*;
use replica::stored::DiskError;

use crate::frame::{Toasts, use_toasts};
use crate::parts::choice::{Chip, Pick};
use crate::parts::form::stay;
use crate::parts::form::{DateField, Field, FieldError, TextArea};
use crate::parts::pick::{OneOf, Select, SomeOf, part_of};
use crate::screens::lists::TakeOut;
use crate::screens::people::form::{HouseholdEdit, MemberEdit};
use crate::session::{Session, Writing, use_session};
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

/// What saving needs: words, the copy, and where to say that it is done.
type Here = (Words, Session, Toasts);

/// Records what a form says and closes it once that is on disk.
fn save(
    here: Here,
    scope: ScopeId,
    made: Vec<Writing>,
    error: RwSignal<Option<String>>,
    close: impl Fn() + Send + Sync + 'static,
) {
    let (words, session, toasts) = here;
    if made.is_empty() {
        close();
        toasts.say(words.nothing_changed());
        return;
    }
    let then = Callback::new(move |done: Result<_, DiskError>| match done {
        Ok(_) => {
            close();
            toasts.say(words.people_toast());
        }
        Err(why) => error.set(Some(words.disk_error(why).to_owned())),
    });
    if let Err(why) = session.record(scope, made, Vec::new(), then) {
        error.set(Some(words.record_error(&why)));
    }
}

/// The form of the household.
#[component]
pub fn HouseholdForm(scope: ScopeId, open: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let here = (words, session, use_toasts());
    let opened = untrack(|| {
        session.read(|replica| {
            Some(HouseholdEdit::of(
                &replica.state().cases.get(&scope)?.household,
            ))
        })
    })?;
    let edit = RwSignal::new(opened);
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
        save(here, scope, made, error, move || open.set(false));
    };
    Some(view! {
        <form class="card stack" on:submit=hear(stay)>
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
            <Ends on_save=Callback::new(on_save) on_cancel=Callback::new(move |()| open.set(false)) />
        </form>
    }.into_any())
}

/// The form of a member.
#[component]
pub fn MemberForm(
    scope: ScopeId,
    edit: MemberEdit,
    open: RwSignal<Option<MemberEdit>>,
) -> impl IntoView {
    let words = use_words();
    let here = (words, use_session(), use_toasts());
    let (is_new, member) = (edit.is_nameless(), edit.member);
    let edit = RwSignal::new(edit);
    let [name_error, error] = [0; 2].map(|_| RwSignal::new(None::<String>));
    let (latin, original) = (part!(edit, latin), part!(edit, original));
    let (role, birth) = (part!(edit, role), part!(edit, birth));
    let citizenship = part!(edit, citizenship);
    let (speaks, reads) = (part!(edit, speaks), part!(edit, reads));
    let on_save = move |_| {
        name_error.set(None);
        if edit.read_untracked().is_nameless() {
            name_error.set(Some(words.name_missing().to_owned()));
            return;
        }
        let made = edit.read_untracked().writings();
        save(here, scope, made, error, move || open.set(None));
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
            <Field id="member-latin" label=words.name_latin() value=latin error=name_error />
            <Field id="member-original" label=words.name_original() value=original />
            <OneOf legend=words.member_role_head() name="member-role" options=roles value=role />
            <DateField id="member-birth" label=words.birth() value=birth />
            <Select id="member-citizenship" label=words.citizenship_head() options=countries
                value=citizenship none=words.choose_one() />
            <SomeOf id="member-speaks" label=words.speaks() add=words.add_language()
                remove=words.remove_language() options=languages(words) value=speaks />
            <SomeOf id="member-reads" label=words.reads() add=words.add_language()
                remove=words.remove_language() options=languages(words) value=reads />
            <FieldError id="member" error=error />
            <Ends on_save=Callback::new(on_save) on_cancel=Callback::new(move |()| open.set(None)) />
            {(!is_new).then(|| view! {
                <TakeOut scope=scope item=Item::Member(member) label=words.take_out_member()
                    on_done=Callback::new(move |()| drop(open.try_set(None))) />
            })}
        </form>
    }
    .into_any()
}

#[component]
fn Ends(on_save: Callback<()>, on_cancel: Callback<()>) -> impl IntoView {
    let words = use_words();
    view! {
        <div class="row">
            <button type="button" class="btn btn--soft" on:click=hear(move |_| on_save.run(()))>{words.save()}</button>
            <button type="button" class="btn btn--bare" on:click=hear(move |_| on_cancel.run(()))>{words.cancel()}</button>
        </div>
    }
    .into_any()
}
