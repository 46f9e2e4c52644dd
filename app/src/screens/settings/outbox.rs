//! What is still only on this phone.

use domain::field::Field;
use domain::id::{AttachmentId, ScopeId};
use domain::op::{Change, Known, Op};
use leptos::prelude::*;
use replica::attachment::Progress;
use replica::replica::{Replica, SyncError};

use crate::gate::use_keeper;
use crate::parts::attached::Upload;
use crate::parts::choice::{Button, Weight};
use crate::parts::mark::{Icon, Tone};
use crate::parts::message::Notice;
use crate::screens::sealed::Sealed;
use crate::session::{Session, use_session};
use crate::watch::hear;
use crate::words::{Words, use_words};

/// How many waiting things are listed before somebody asks for the rest.
const ROWS_MAX: usize = 6;

/// One thing that waits.
#[derive(Clone, Debug, PartialEq)]
struct Waiting {
    icon: &'static str,
    kind: String,
    family: Option<String>,
    age: String,
}

/// What waits to be sent, the oldest first, and the button that tries now.
#[component]
pub fn Unsent() -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let keeper = use_keeper();
    let shown = RwSignal::new(ROWS_MAX);
    let waiting = Memo::new(move |_| {
        let now_ms = session.now().0;
        session.read(|replica| {
            let ops = replica.unsent().take(shown.get());
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
        let rest = ops.saturating_sub(shown.get());
        let on_all = move |_| shown.set(usize::MAX);
        (rest > 0).then(|| {
            view! {
                <button type="button" class="btn btn--block" on:click=hear(on_all)>
                    {words.more_waiting(rest)}
                </button>
            }
        })
    };
    let is_empty = move || status.read().unsent == 0;
    let why = Memo::new(move |_| status.read().problem);
    let problem = move || {
        why.get().map(|why| {
            let sign_in = (why == SyncError::SessionEnded).then(|| {
                let on_press = move |()| keeper.sign_in();
                let label = words.sign_in().to_owned();
                view! { <Button label=label on_press=on_press weight=Weight::Main icon="log-in" /> }
            });
            let has_only_sealed_way =
                matches!(why, SyncError::SessionEnded | SyncError::DeviceRevoked);
            let sealed = if why == SyncError::DeviceRevoked {
                Weight::Main
            } else {
                Weight::Plain
            };
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
                {has_only_sealed_way.then(|| view! { <Sealed weight=sealed /> })}
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
                class=("btn--main", move || !is_empty() && sending_helps(why.get()))
                on:click=hear(move |_| session.send_now())
            >
                <Icon name="up" />
                {words.send_now()}
            </button>
            <p class="small soft">{move || hint(why.get(), words)}</p>
        </section>
    }
    .into_any()
}

/// Whether trying once more is the thing to do: not where a person has to do something else first.
fn sending_helps(problem: Option<SyncError>) -> bool {
    match problem {
        Some(
            SyncError::SessionEnded
            | SyncError::DeviceRevoked
            | SyncError::OtherOwner
            | SyncError::Suspended
            | SyncError::UpdateNeeded,
        ) => false,
        None
        | Some(
            SyncError::Unreachable
            | SyncError::ServerFailed
            | SyncError::Busy
            | SyncError::RequestRefused,
        ) => true,
    }
}

/// How what waits gets to the server.
const fn hint(problem: Option<SyncError>, words: Words) -> &'static str {
    match problem {
        Some(SyncError::DeviceRevoked) => words.send_hint_sealed(),
        Some(
            SyncError::SessionEnded
            | SyncError::OtherOwner
            | SyncError::Suspended
            | SyncError::UpdateNeeded
            | SyncError::RequestRefused,
        ) => words.send_hint_kept(),
        None | Some(SyncError::Unreachable | SyncError::ServerFailed | SyncError::Busy) => {
            words.send_hint()
        }
    }
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
        Change::Known(known) => (icon_of(known), kind_said(known, words)),
        Change::Unknown(_) => ("file-text", words.unknown().to_owned()),
    };
    Waiting {
        icon,
        kind,
        family: name.map(|name| words.family_named(&name.latin)),
        age: words.lasting(now_ms.saturating_sub(op.at.0)),
    }
}

/// What kind of thing waits; of data, which one.
fn kind_said(change: &Known, words: Words) -> String {
    let kind = words.kind(change);
    let datum = match change {
        Known::FamilyWritten(field) => words.family_field(field.key()),
        Known::MemberWritten { field, .. } => words.member_field(field.key()),
        _ => return kind.to_owned(),
    };
    format!("{kind}: {}", datum.to_lowercase())
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

#[cfg(test)]
mod tests {
    use domain::family::FamilyField;

    use super::*;

    #[test]
    fn what_waits_of_a_family_is_called_by_its_datum() {
        let address = FamilyField::Address("Via Roma 1".into());
        let said = kind_said(&Known::FamilyWritten(address), Words::default());
        assert_eq!(said, "Dati della famiglia: indirizzo");
        let note = Known::NoteAdded {
            words: String::new(),
            corrects: None,
        };
        assert_eq!(kind_said(&note, Words::default()), "Nota");
    }

    #[test]
    fn who_has_to_sign_in_first_is_not_told_to_try_again() {
        assert!(!sending_helps(Some(SyncError::SessionEnded)));
        assert!(!sending_helps(Some(SyncError::DeviceRevoked)));
        assert!(sending_helps(Some(SyncError::Unreachable)));
        assert!(sending_helps(None));
    }
}
