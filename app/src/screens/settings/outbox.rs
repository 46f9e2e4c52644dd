//! What is still only on this phone, and what the server refused, with ways out.

use domain::id::{AttachmentId, OpId, ScopeId};
use domain::op::{Change, Known, Op};
use leptos::prelude::*;
use replica::attachment::Progress;
use replica::message::Refusal;
use replica::quarantine::{Decision, Word};
use replica::replica::{Replica, SyncError};

use crate::driver::Undecided;
use crate::frame::use_toasts;
use crate::gate::use_keeper;
use crate::parts::attached::Upload;
use crate::parts::choice::{Button, Weight};
use crate::parts::mark::{Icon, Tone};
use crate::parts::message::Notice;
use crate::screens::dispute::value;
use crate::screens::sealed::Sealed;
use crate::session::{Session, Writing, use_session};
use crate::watch::hear;
use crate::words::{Words, use_words};

/// How many waiting things are listed; the rest is counted.
const ROWS_MAX: usize = 6;

/// One thing that waits.
#[derive(Clone, Debug, PartialEq)]
struct Waiting {
    icon: &'static str,
    kind: &'static str,
    family: Option<String>,
    age: String,
}

/// What waits to be sent, the oldest first, and the button that tries now.
#[component]
pub fn Unsent() -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let keeper = use_keeper();
    let waiting = Memo::new(move |_| {
        let now_ms = session.now().0;
        session.read(|replica| {
            let ops = replica.unsent().take(ROWS_MAX);
            ops.map(|op| waiting(replica, op, now_ms, words))
                .collect::<Vec<_>>()
        })
    });
    let status = Memo::new(move |_| session.status());
    let last = move || {
        let contact = status.read().last_contact;
        let moment = contact.map_or_else(
            || words.never().to_owned(),
            |at| words.moment(session.local(at), session.today()),
        );
        words.last_sent(&moment)
    };
    let rows = move || waiting.get().into_iter().map(waiting_row).collect_view();
    let files = move || {
        session
            .uploads()
            .into_iter()
            .map(|file| upload_row(session, file, words))
            .collect_view()
    };
    let rest = move || {
        let ops = status.read().unsent.saturating_sub(session.uploads().len());
        let rest = ops.saturating_sub(ROWS_MAX);
        (rest > 0).then(|| view! { <p class="small soft">{words.more_waiting(rest)}</p> })
    };
    let is_empty = move || status.read().unsent == 0;
    let why = Memo::new(move |_| status.read().problem);
    let problem = move || {
        why.get().map(|why| {
            let sign_in = (why == SyncError::SessionEnded).then(|| {
                let on_press = move |()| keeper.sign_in();
                let label = words.sign_in().to_owned();
                view! { <Button label=label on_press=on_press weight=Weight::Soft /> }
            });
            let icon = if why == SyncError::Unreachable {
                "wifi-off"
            } else {
                "circle-alert"
            };
            view! {
                <Notice tone=Tone::Ochre icon=icon>
                    <span>{words.sync_error(why)}</span>
                    {sign_in}
                </Notice>
                {(why == SyncError::SessionEnded).then(|| view! { <Sealed /> })}
            }
        })
    };
    view! {
        <section class="section" aria-labelledby="unsent">
            <div class="section__head">
                <h2 id="unsent">{words.only_here()}</h2>
                <span class="small soft">{last}</span>
            </div>
            {move || {
                if is_empty() {
                    view! { <p class="card">{words.nothing_waits()}</p> }.into_any()
                } else {
                    view! { <div class="card card--flush rows">{rows()}{files()}</div>{rest()} }.into_any()
                }
            }}
            <div role="status">{problem}</div>
            <button
                type="button"
                class="btn btn--big btn--block"
                class=("btn--main", move || !is_empty())
                on:click=hear(move |_| session.send_now())
            >
                <Icon name="up" />
                {words.send_now()}
            </button>
            <p class="small soft">{words.send_hint()}</p>
        </section>
    }
    .into_any()
}

/// An attachment whose bytes the server does not have.
fn upload_row(
    session: Session,
    (scope, id, progress): (ScopeId, AttachmentId, Progress),
    words: Words,
) -> impl IntoView {
    let (kind, family) = session.read(|replica| {
        let case = replica.state().cases.get(&scope);
        let one = case.and_then(|case| case.attachments.values().find(|one| one.record.id == id));
        let name = case.and_then(|case| case.household.name());
        (
            one.map(|one| one.record.kind),
            name.map(|name| words.family_named(&name.latin)),
        )
    });
    let kind = kind.map_or(words.attachment(), |kind| words.attachment_kind(kind));
    view! {
        <div class="rowlink">
            <span class="rowlink__lead"><Icon name="layers" /></span>
            <span class="rowlink__body">
                <span class="rowlink__title">{kind}</span>
                <span class="rowlink__note" dir="auto">{family}</span>
            </span>
            <Upload progress=progress />
        </div>
    }
}

fn waiting(replica: &Replica, op: &Op, now_ms: i64, words: Words) -> Waiting {
    let case = replica.state().cases.get(&op.scope);
    let name = case.and_then(|case| case.household.name());
    let (icon, kind) = match &op.change {
        Change::Known(known) => (icon_of(known), words.kind(known)),
        Change::Unknown(_) => ("file-text", words.unknown()),
    };
    Waiting {
        icon,
        kind,
        family: name.map(|name| words.family_named(&name.latin)),
        age: words.lasting(now_ms.saturating_sub(op.at.0)),
    }
}

const fn icon_of(change: &Known) -> &'static str {
    match change {
        Known::FamilyWritten(_)
        | Known::MemberWritten { .. }
        | Known::MembersMerged { .. }
        | Known::MembersDistinct { .. }
        | Known::MembersReopened { .. } => "users",
        Known::Removed(_) => "circle-x",
        Known::Restored(_) => "corner-up-left",
        Known::NeedRated { .. } => "trending-up",
        Known::GoalWritten { .. } | Known::ActionWritten { .. } => "flag",
        Known::VersionProposed { .. } | Known::VersionAnswered { .. } => "handshake",
        Known::VersionReviewed { .. } => "file-check",
        Known::PlanMoved(_) => "signpost",
        Known::VisitPlanned { .. } => "calendar-days",
        Known::VisitRecorded { .. } => "footprints",
        Known::ProgressRated { .. } => "scale",
        Known::NoteAdded { .. } => "notebook-pen",
        Known::AttachmentAdded(_) => "layers",
        Known::Seen { .. } => "eye",
        Known::ColleagueNamed { .. } => "user-round",
    }
}

fn waiting_row(row: Waiting) -> impl IntoView {
    view! {
        <div class="rowlink">
            <span class="rowlink__lead"><Icon name=row.icon /></span>
            <span class="rowlink__body">
                <span class="rowlink__title">{row.kind}</span>
                <span class="rowlink__note" dir="auto">{row.family}</span>
            </span>
            <span class="due">{row.age}</span>
        </div>
    }
}

/// What the server refused: never thrown away, with the reason and ways out.
#[component]
pub fn Refused() -> impl IntoView {
    let words = use_words();
    let session = use_session();
    // A question that somebody is reading must not go away because something else was sent.
    let refused = Memo::new(move |_| {
        session.read(|replica| {
            let all = replica.refused();
            all.map(|(op, why)| (op.clone(), why, replica.word(op.id).cloned()))
                .collect::<Vec<_>>()
        })
    });
    move || {
        let all = refused.get();
        let count = all.len();
        let items = all
            .into_iter()
            .map(|(op, why, word)| view! { <RefusedOp op=op why=why word=word /> })
            .collect_view();
        (count > 0).then(|| {
            view! {
                <section class="fix fix--stopped" aria-labelledby="refused">
                    <h2 class="fix__head" id="refused">
                        <Icon name="circle-alert" />
                        {words.needs_a_hand()}" "
                        <span class="push num">{count}</span>
                    </h2>
                    <div class="rows">{items}</div>
                </section>
            }
        })
    }
}

#[component]
fn RefusedOp(op: Op, why: Refusal, word: Option<Word>) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let (kind, text) = untrack(|| described(session, &op, words));
    let family = untrack(|| {
        session.read(|replica| {
            let case = replica.state().cases.get(&op.scope)?;
            case.household
                .name()
                .map(|name| words.family_named(&name.latin))
        })
    });
    let op_id = op.id;
    let said = outcome(session, word.as_ref(), words);
    let said = said.unwrap_or_else(|| words.refusal(why).to_owned());
    let is_last = word.as_ref().is_some_and(Word::is_last);
    // What is newer than the server is accepted as it is once the server has caught up: said
    // anew, it would be there twice.
    let can_say_again = word.is_none() && why != Refusal::UnknownKind;
    let id = format!("text-{op_id}");
    let shown = text.clone();
    let file = format!("data:text/plain;charset=utf-8,{}", percent_encoded(&text));
    view! {
        <div class="fix__body">
            <p><b>{kind}</b>{family.map(|family| format!(", {family}"))}". "{said}</p>
            <p class="small soft">{words.kept_whole()}</p>
            <label class="label" for=id.clone()>{words.copy_text()}</label>
            <textarea
                class="field"
                id=id
                readonly=true
                rows="2"
                dir="auto"
                autocomplete="off"
                prop:value=shown
            >
                {text}
            </textarea>
            <div class="stack">
                {can_say_again.then(|| view! { <Again op=op /> })}
                {word.is_none().then(|| view! { <HandOver refused=op_id /> })}
                <a class="btn" href=file download="percorso.txt">
                    <Icon name="download" />
                    {words.save_as_file()}
                </a>
                <p class="small soft">{words.file_warning()}</p>
                <Settle refused=op_id is_read=is_last />
            </div>
        </div>
    }
    .into_any()
}

/// Takes a refused thing off the phone, after saying plainly that its text goes with it.
#[component]
fn Settle(
    refused: OpId,
    /// Whether somebody decided about it: nothing more is to be done.
    is_read: bool,
) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let toasts = use_toasts();
    let is_asking = RwSignal::new(false);
    let on_sure = move |()| {
        let then = Callback::new(move |gone: Result<Vec<OpId>, _>| {
            toasts.say(gone.map_or_else(|_| words.not_removed(), |_| words.removed()));
        });
        session.settle(refused, then);
    };
    move || {
        if is_asking.get() {
            let sure = words.remove_sure().to_owned();
            let cancel = words.cancel().to_owned();
            view! {
                <div class="stack" role="alert">
                    <Notice tone=Tone::Berry icon="circle-alert">{words.remove_warning()}</Notice>
                    <Button label=sure on_press=on_sure />
                    <Button
                        label=cancel
                        on_press=move |()| is_asking.set(false)
                        weight=Weight::Bare
                    />
                </div>
            }
            .into_any()
        } else {
            let label = if is_read {
                words.outcome_read()
            } else {
                words.have_dealt()
            };
            let label = label.to_owned();
            let on_press = move |()| is_asking.set(true);
            view! { <Button label=label on_press=on_press weight=Weight::Bare icon="check" /> }
                .into_any()
        }
    }
}

/// What somebody decided about a refused thing, in words.
fn outcome(session: Session, word: Option<&Word>, words: Words) -> Option<String> {
    let name = |user| {
        let known = untrack(|| session.name_of(user));
        known.unwrap_or_else(|| words.somebody().to_owned())
    };
    Some(match word? {
        Word::HandedOver => words.handed_over().to_owned(),
        Word::Adopted { by, .. } if *by == session.owner().user => {
            words.taken_in_by_itself().to_owned()
        }
        Word::Adopted { by, .. } => words.adopted_by(&name(*by)),
        Word::Declined { by, reason } => words.declined_by(&name(*by), reason),
    })
}

/// Gives a refused thing to whoever follows the family now.
#[component]
fn HandOver(refused: OpId) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let toasts = use_toasts();
    let on_press = move |()| {
        let then = toasts.outlive(|| {
            Callback::new(move |answer: Result<_, Undecided>| {
                toasts.say(match answer {
                    Ok(_) => words.handed_over(),
                    Err(Undecided::Gone) => words.hand_over_gone(),
                    Err(Undecided::NotNow(why)) => words.sync_error(why),
                });
            })
        });
        session.decide(Some(Decision::HandOver(refused)), then);
    };
    let label = words.hand_over().to_owned();
    view! { <Button label=label on_press=on_press icon="handshake" /> }
}

/// Writes the same change anew: what was refused once stays refused under its old name, and
/// leaves the box once the new one is on disk.
#[component]
fn Again(op: Op) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let toasts = use_toasts();
    let Change::Known(known) = op.change else {
        return ().into_any();
    };
    let on_press = move |()| {
        let writing = Writing::replacing(op.replaces.clone(), (*known).clone());
        let then = Callback::new(move |saved: Result<Vec<OpId>, _>| {
            toasts.say(saved.map_or_else(|why| words.disk_error(why), |_| words.written_again()));
        });
        if let Err(why) = session.record_anew(op.scope, writing, op.id, then) {
            toasts.say(words.record_error(&why));
        }
    };
    let label = words.write_again().to_owned();
    view! { <Button label=label on_press=on_press icon="rotate-cw" /> }.into_any()
}

fn described(session: Session, op: &Op, words: Words) -> (&'static str, String) {
    match &op.change {
        Change::Known(known) => session.read(|replica| {
            let case = replica.state().cases.get(&op.scope);
            let text = value::text(known, case, session.today(), words);
            (words.kind(known), text)
        }),
        Change::Unknown(unknown) => (words.unknown(), unknown.json().to_owned()),
    }
}

/// The text as it may stand in an address (RFC 3986, section 2).
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::percent_encoded;

    #[test]
    fn a_text_survives_as_an_address() {
        assert_eq!(
            percent_encoded("Sì, 5% & «no»"),
            "S%C3%AC%2C%205%25%20%26%20%C2%ABno%C2%BB"
        );
    }
}
