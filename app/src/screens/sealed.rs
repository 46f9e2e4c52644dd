//! What lies sealed on this device: how much, what became of it, and both ways out.

use leptos::prelude::*;

use crate::courier::{Courier, Told};
use crate::gate::use_keeper;
use crate::parts::choice::{Button, Weight};
use crate::parts::mark::{Icon, Tone};
use crate::parts::message::Notice;
use crate::watch::hear;
use crate::words::use_words;

/// What lies sealed here. Brings it at once; shows nothing where there is nothing.
#[component]
pub fn Sealed(
    /// How loud the button is that sends it.
    #[prop(optional)]
    weight: Weight,
) -> impl IntoView {
    let words = use_words();
    let courier = Courier::new(use_keeper());
    courier.go();
    let waiting = move || {
        let waiting = courier.waiting.get();
        (waiting > 0).then(|| {
            let send = words.send_sealed().to_owned();
            let save = words.save_sealed().to_owned();
            view! {
                <p>{words.sealed_waiting(waiting)}</p>
                <Button label=send on_press=move |()| courier.go() weight=weight icon="up" />
                <Button
                    label=save
                    on_press=move |()| courier.save()
                    weight=Weight::Bare
                    icon="download"
                />
                <p class="small soft">{words.save_sealed_hint()}</p>
            }
        })
    };
    view! {
        <section class="stack" aria-label=words.sealed_things()>
            {waiting}
            <Answer courier=courier />
        </section>
    }
    .into_any()
}

/// Brings a colleague's file.
#[component]
pub fn BringFile() -> impl IntoView {
    let words = use_words();
    let courier = Courier::new(use_keeper());
    view! {
        <section class="section" aria-labelledby="bring">
            <h2 id="bring">{words.bring_file()}</h2>
            <div class="card stack">
                <p class="small soft">{words.bring_file_hint()}</p>
                <label class="btn btn--file">
                    <Icon name="file-text" />{words.choose_file()}
                    <input
                        class="sr"
                        type="file"
                        autocomplete="off"
                        accept=".json,application/json"
                        on:change=hear(move |event| courier.bring(event))
                    />
                </label>
                <Answer courier=courier />
            </div>
        </section>
    }
    .into_any()
}

/// What became of the last errand.
#[component]
fn Answer(courier: Courier) -> impl IntoView {
    let words = use_words();
    let told = move || {
        courier.told.get().map(|told| match told {
            Told::Delivered(tally) => {
                let is_good = tally.refused == 0 && tally.unreadable == 0;
                let tone = if is_good { Tone::Good } else { Tone::Ochre };
                let counts = [
                    (tally.accepted, words.sealed_accepted(tally.accepted)),
                    (tally.refused, words.sealed_refused(tally.refused)),
                    (tally.unreadable, words.sealed_unreadable(tally.unreadable)),
                ];
                let said = counts.into_iter().filter(|(count, _)| *count > 0);
                let text = said.map(|(_, text)| text).collect::<Vec<_>>().join(" ");
                view! { <Notice tone=tone icon="file-check">{text}</Notice> }.into_any()
            }
            Told::NotNow => {
                let text = words.sealed_not_now();
                view! { <Notice tone=Tone::Ochre icon="wifi-off">{text}</Notice> }.into_any()
            }
            Told::Suspended => {
                let text = words.sealed_suspended();
                view! { <Notice tone=Tone::Ochre icon="hourglass">{text}</Notice> }.into_any()
            }
            Told::OtherFile => {
                let text = words.other_file();
                view! { <Notice tone=Tone::Berry icon="circle-alert">{text}</Notice> }.into_any()
            }
        })
    };
    view! { <div role="status">{told}</div> }.into_any()
}
