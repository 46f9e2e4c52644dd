//! This phone: space, lock, update, and signing out.

use leptos::prelude::*;
use replica::replica::SyncError;

use crate::gate::use_keeper;
use crate::parts::choice::{Button, Weight};
use crate::parts::mark::{Icon, Tone};
use crate::parts::message::Notice;
use crate::session::use_session;
use crate::words::{Words, use_words};

/// How the phone is.
#[component]
pub fn Phone() -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let keeper = use_keeper();
    let update = move || {
        keeper.is_update_waiting.get().then(|| {
            let label = words.update_now().to_owned();
            let on_press = move |()| keeper.update();
            view! {
                <div class="rowlink">
                    <span class="rowlink__lead"><Icon name="rotate-cw" /></span>
                    <span class="rowlink__body">
                        <span class="rowlink__title">{words.update_ready()}</span>
                        <span class="rowlink__note">{words.update_keeps()}</span>
                    </span>
                    <Button label=label on_press=on_press weight=Weight::Bare />
                </div>
            }
        })
    };
    view! {
        <section class="section" aria-labelledby="phone">
            <h2 id="phone">{words.this_phone()}</h2>
            <Clock />
            <div class="card card--flush rows">
                <Space />
                <div class="rowlink">
                    <span class="rowlink__lead"><Icon name="lock" /></span>
                    <span class="rowlink__body">
                        <span class="rowlink__title">{words.lock_heading()}</span>
                        <span class="rowlink__note">{words.lock_hint()}</span>
                    </span>
                    <Button
                        label=words.lock_now().to_owned()
                        on_press=move |()| session.lock()
                        weight=Weight::Bare
                    />
                </div>
                {update}
            </div>
        </section>
    }
    .into_any()
}

/// Says that this device's clock is wrong, while it is.
#[component]
pub fn Clock() -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let off = Memo::new(move |_| session.status().clock_off_ms);
    move || {
        off.get().map(|off_ms| {
            let said = words.clock_off(off_ms);
            view! { <Notice tone=Tone::Ochre icon="clock">{said}</Notice> }
        })
    }
}

#[component]
fn Space() -> impl IntoView {
    let words = use_words();
    let phone = use_session().phone();
    let note = move || {
        if phone.read().is_persistent {
            words.persistent()
        } else {
            words.not_persistent()
        }
    };
    move || {
        phone.read().space.map(|(used, quota)| {
            let width = (used.saturating_mul(200) / quota.max(1))
                .clamp(2, 200)
                .to_string();
            let title = words.space_used(&size(used), &size(quota.saturating_sub(used)));
            view! {
                <div class="rowlink">
                    <span class="rowlink__lead"><Icon name="hard-drive" /></span>
                    <span class="rowlink__body">
                        <span class="rowlink__title">{title}</span>
                        <svg
                            class="bar"
                            viewBox="0 0 200 10"
                            preserveAspectRatio="none"
                            aria-hidden="true"
                        >
                            <rect class="bar__ground" width="200" height="10" rx="5"></rect>
                            <rect class="bar__fill" width=width height="10" rx="5"></rect>
                        </svg>
                        <span class="rowlink__note">{note}</span>
                    </span>
                </div>
            }
        })
    }
}

/// Bytes as people count them.
fn size(bytes: u64) -> String {
    const MB: u64 = 1_000_000;
    match bytes {
        0..MB => format!("{} kB", bytes / 1_000),
        MB..1_000_000_000 => format!("{} MB", bytes / MB),
        _ => format!("{} GB", bytes / 1_000_000_000),
    }
}

/// Signing out. Whoever has something unsent is told what becomes of it.
#[component]
pub fn Leave() -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let keeper = use_keeper();
    let unsent = Memo::new(move |_| session.status().unsent);
    let is_revoked = Memo::new(move |_| session.status().problem == Some(SyncError::DeviceRevoked));
    let warning = move || {
        let said = unsent_said(
            unsent.get(),
            session.uploads().len(),
            is_revoked.get(),
            words,
        );
        said.map(|said| view! { <Notice tone=Tone::Ochre icon="circle-alert">{said}</Notice> })
    };
    let label = Signal::derive(move || {
        let label = if unsent.get() > 0 {
            words.leave_anyway()
        } else {
            words.leave()
        };
        label.to_owned()
    });
    view! {
        <section class="section" aria-labelledby="leave">
            <h2 id="leave">{words.leave()}</h2>
            <p class="small soft">{words.leave_hint()}</p>
            {warning}
            <Button label=label on_press=move |()| keeper.sign_out() class="btn--block" />
        </section>
    }
    .into_any()
}

/// What becomes of the things that were not sent, the `files` among them. A phone that was shut out
/// has only the sealed way, and no file goes it.
fn unsent_said(unsent: usize, files: usize, is_shut_out: bool, words: Words) -> Option<String> {
    if !is_shut_out {
        return (unsent > 0).then(|| words.leave_unsent(unsent));
    }
    let written = unsent.saturating_sub(files);
    let written = (written > 0).then(|| words.leave_unsent_sealed(written));
    let files = (files > 0).then(|| words.leave_files_sealed(files));
    match (written, files) {
        (Some(written), Some(files)) => Some(format!("{written} {files}")),
        (written, files) => written.or(files),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_travels_sealed_is_counted_without_files_and_files_are_told_apart() {
        let words = Words::default();
        let said = |unsent, files, is_shut_out| unsent_said(unsent, files, is_shut_out, words);
        let (written, files) = (words.leave_unsent_sealed(2), words.leave_files_sealed(3));
        assert_eq!(said(5, 3, true), Some(format!("{written} {files}")));
        assert_eq!(said(2, 0, true), Some(written));
        assert_eq!(said(3, 3, true), Some(files));
        assert_eq!(said(5, 3, false), Some(words.leave_unsent(5)));
        assert_eq!((said(0, 0, true), said(0, 0, false)), (None, None));
    }

    #[test]
    fn bytes_are_said_in_the_unit_that_fits() {
        assert_eq!(size(12_345), "12 kB");
        assert_eq!(size(212_000_000), "212 MB");
        assert_eq!(size(4_200_000_000), "4 GB");
    }
}
