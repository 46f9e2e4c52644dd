//! Something recorded, photographed or drawn: to be heard, to be seen, and how far it has gone.

use domain::attachment::{Attachment, Kind};
use domain::id::ScopeId;
use leptos::prelude::*;
use replica::attachment::Progress;

use crate::device::media::Shown;
use crate::driver::NoFile;
use crate::parts::mark::{Icon, Tone};
use crate::parts::message::Notice;
use crate::parts::sheet::Sheet;
use crate::session::use_session;
use crate::watch::hear;
use crate::words::use_words;

/// Where it is on its way to the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Closed,
    Fetching,
    Open,
    Missing(NoFile),
}

/// One attachment: a button that fetches it where it is not here, then the thing itself.
#[component]
pub fn Attached(
    /// The family.
    scope: ScopeId,
    /// What it is.
    attachment: Attachment,
    /// What its button says, otherwise than in the language of whoever works here.
    #[prop(optional_no_strip)]
    label: Option<String>,
) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let stage = RwSignal::new(Stage::Closed);
    let is_seen = RwSignal::new(false);
    // The address is good for as long as this is kept.
    let shown = StoredValue::new_local(None::<Shown>);
    let (id, kind) = (attachment.id, attachment.kind);
    let name = words.attachment_kind(kind);
    let (icon, said) = match kind {
        Kind::Voice => {
            let length = words.length(attachment.seconds.unwrap_or_default());
            ("play", words.listen_to(&length))
        }
        Kind::Photo => ("camera", words.open_photo().to_owned()),
        Kind::Signature => ("pen-line", words.open_signature().to_owned()),
    };
    let label = label.unwrap_or(said);
    let attachment = StoredValue::new(attachment);
    let open = move |_| {
        is_seen.set(kind != Kind::Voice);
        if matches!(stage.get_untracked(), Stage::Open | Stage::Fetching) {
            return;
        }
        stage.set(Stage::Fetching);
        let then = Callback::new(move |found: Result<Shown, NoFile>| match found {
            Ok(found) => {
                shown.try_set_value(Some(found));
                stage.try_set(Stage::Open);
            }
            Err(why) => {
                is_seen.try_set(false);
                stage.try_set(Stage::Missing(why));
            }
        });
        attachment.with_value(|attachment| session.open_attachment(scope, attachment, then));
    };
    let url = move || shown.with_value(|shown| shown.as_ref().map(Shown::url));
    let is_playing = Memo::new(move |_| kind == Kind::Voice && stage.get() == Stage::Open);
    let upload = Memo::new(move |_| session.upload(id));
    view! {
        <div class="attached">
            {move || {
                if is_playing.get() {
                    view! { <audio controls autoplay src=url aria-label=name></audio> }.into_any()
                } else {
                    let label = label.clone();
                    view! {
                        <button type="button" class="btn btn--soft btn--inline" on:click=hear(open)>
                            <Icon name=icon />{label}
                        </button>
                    }
                    .into_any()
                }
            }}
            <span class="small soft" role="status">
                {move || (stage.get() == Stage::Fetching).then(|| words.fetching())}
            </span>
            {move || upload.get().map(|progress| view! { <Upload progress=progress /> })}
            {move || match stage.get() {
                Stage::Missing(why) => {
                    let text = words.no_file(why);
                    Some(view! { <Notice tone=Tone::Ochre icon="info">{text}</Notice> })
                }
                Stage::Closed | Stage::Fetching | Stage::Open => None,
            }}
            {(kind != Kind::Voice).then(|| view! {
                <Sheet open=is_seen labelled_by="picture" class="picture-view">
                    <div class="picture-view__head">
                        <h2 id="picture">{name}</h2>
                        <button type="button" class="btn btn--soft" on:click=hear(move |_| is_seen.set(false))>
                            <Icon name="x" />{words.close_picture()}
                        </button>
                    </div>
                    {move || (stage.get() == Stage::Open).then(|| view! { <img src=url alt=name /> })}
                </Sheet>
            })}
        </div>
    }
    .into_any()
}

/// How far the bytes have gone, while the server does not have them.
#[component]
pub fn Upload(
    /// How far.
    progress: Progress,
) -> impl IntoView {
    let words = use_words();
    let (state, icon) = match progress {
        Progress::Waiting => ("phone", "on-phone"),
        Progress::Sent(_) => ("sent", "up"),
        Progress::Stopped(_) => ("stopped", "circle-alert"),
    };
    let why = match progress {
        Progress::Stopped(why) => Some(words.attachment_stop(why)),
        Progress::Waiting | Progress::Sent(_) => None,
    };
    view! {
        <span class="receipt" data-state=state><Icon name=icon />{words.upload(progress)}</span>
        {why.map(|why| view! { <Notice tone=Tone::Berry icon="circle-alert">{why}</Notice> })}
    }
    .into_any()
}
