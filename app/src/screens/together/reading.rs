//! The family reads the version that was put before it, goal by goal, in its own language, answers
//! each and signs: on the tutor's phone, inside the fence of Insieme. What it answered is the draft
//! of the tutor's own form: what was not signed goes on there.

mod model;
mod pages;

use domain::id::{ScopeId, VersionId};
use domain::vocabulary::SignatureMode;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::Redirect;

pub(super) use self::pages::Reading;

use crate::device::drafts::Form;
use crate::frame::InnerBar;
use crate::parts::form::stay;
use crate::parts::mark::Icon;
use crate::parts::message::Notice;
use crate::parts::pick::part_of;
use crate::screens::Missing;
use crate::screens::draft::{Draft, Place, drafted};
use crate::screens::family::{Tab, head, use_scope};
use crate::screens::paper::model::languages;
use crate::screens::plan::answer::{AnswerDraft, questions};
use crate::screens::plan::interpreted::InterpretedPick;
use crate::screens::together::LanguagePick;
use crate::screens::together::fence::{Held, What, use_fence};
use crate::screens::together::reading::model::waiting;
use crate::session::use_session;
use crate::watch::hear;
use crate::words::catalogue::{ITALIAN_TAG, tag_for};
use crate::words::use_words;

/// Where a family's version is read and signed.
pub fn href(scope: ScopeId) -> String {
    format!("/famiglia/{scope}/firma")
}

/// The way in, beside the form in which the tutor writes down what was answered elsewhere.
#[component]
pub fn ReadingLink(scope: ScopeId) -> impl IntoView {
    let words = use_words();
    view! {
        <a class="btn btn--block insieme btn--soft" href=href(scope)>
            <Icon name="messages-square" />{words.read_together()}
        </a>
    }
    .into_any()
}

/// The tutor's half: before the phone is handed over. Once the version is answered, back to the
/// plan.
#[component]
pub fn ReadScreen() -> impl IntoView {
    let session = use_session();
    let scope = use_scope();
    let here = Memo::new(move |_| {
        let scope = scope.get()?;
        let today = session.today();
        session.read(|replica| {
            let head = head(replica, scope, today)?;
            let plan = &replica.state().cases.get(&scope)?.plan;
            // A plan at rest is not signed, either.
            let waits = waiting(plan).filter(|_| head.rest.is_none());
            head.may_write.then_some((scope, waits))
        })
    });
    move || match here.get() {
        None => view! { <Missing /> }.into_any(),
        Some((scope, None)) => {
            // In its place: Back must not lead here, and from here to the plan again.
            let options = NavigateOptions {
                replace: true,
                ..NavigateOptions::default()
            };
            view! { <Redirect path=Tab::Plan.href(scope) options=options /> }.into_any()
        }
        Some((scope, Some(version))) => {
            let key = Form::Answer.key_of(scope, &version.to_string());
            drafted(key, move |place, left| {
                view! { <Before scope=scope version=version place=place left=left /> }.into_any()
            })
        }
    }
}

#[component]
fn Before(
    scope: ScopeId,
    version: VersionId,
    place: Place,
    left: Option<AnswerDraft>,
) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let fence = use_fence();
    let (tags, asked) = untrack(|| {
        session.read(|replica| {
            let case = replica.state().cases.get(&scope);
            let asked = case.and_then(|case| questions(case, version, session.today()));
            (languages(replica, scope), asked.unwrap_or_default())
        })
    });
    let known = left.as_ref().and_then(|left| tag_for(&left.language));
    let is_new = left.is_none();
    let mut said = asked.begin(left);
    // Who signs says so; where only one can, nobody has to.
    if is_new && asked.members.len() > 1 {
        said.member = None;
    }
    let first = tags.first().copied().unwrap_or(ITALIAN_TAG);
    known.unwrap_or(first).clone_into(&mut said.language);
    // How it is signed is asked inside; on paper, or not at all, is for the tutor to write down.
    said.mode = said
        .mode
        .filter(|mode| matches!(mode, SignatureMode::Glass | SignatureMode::Oral));
    let said = RwSignal::new(said);
    let draft = Draft::of(place.clone(), said);
    let language = part_of(
        said,
        |said| said.language.clone(),
        |said, tag| said.language = tag,
    );
    let interpreted = part_of(
        said,
        |said| said.interpreted,
        |said, who| said.interpreted = who,
    );
    let place = StoredValue::new(place);
    let on_begin = move |_| {
        let mut said = said.get_untracked();
        // In Italian nobody interprets, whatever was chosen before for another language.
        said.interpreted = said.interpreted.filter(|_| said.is_interpreted());
        fence.close(Held {
            scope,
            place: place.get_value(),
            what: What::Plan(version, said),
        });
    };
    view! {
        <InnerBar title=words.read_together() back=Tab::Plan.href(scope) />
        <main class="main narrow">
            <p>{words.read_together_what()}</p>
            {draft.found()}
            <form class="stack" on:submit=hear(stay)>
                <LanguagePick value=language tags=tags />
                <div class="stack" hidden=move || !said.read().is_interpreted()>
                    <InterpretedPick value=interpreted />
                </div>
            </form>
            <Notice icon="lock">{words.together_fence()}</Notice>
        </main>
        <section class="actbar" aria-label=words.actions()>
            <button type="button" class="btn btn--main insieme" on:click=hear(on_begin)>
                <Icon name="messages-square" />{words.together_begin()}
            </button>
        </section>
    }
    .into_any()
}
