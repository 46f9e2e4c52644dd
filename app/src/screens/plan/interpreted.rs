//! Who interpreted while a version was read: asked where the tutor writes the answer down, and
//! before the phone is handed over.

use domain::vocabulary::Interpreted;
use leptos::prelude::*;

use crate::parts::mark::Tone;
use crate::parts::message::Notice;
use crate::parts::pick::{Layout, OneOf};
use crate::words::use_words;

/// Who interpreted, and what follows where it was not somebody whose work it is.
#[component]
pub fn InterpretedPick(value: RwSignal<Option<Interpreted>>) -> impl IntoView {
    let words = use_words();
    let options = Interpreted::ALL
        .iter()
        .map(|who| (*who, words.interpreted(*who).to_owned(), None))
        .collect();
    let warning = move || {
        let said = words.interpreted_warning(value.get()?)?;
        let seen = words.interpreted_seen();
        Some(view! { <Notice tone=Tone::Ochre icon="circle-alert">{said}" "{seen}</Notice> })
    };
    view! {
        <OneOf legend=words.interpreted_who() name="interpreted" options=options value=value
            layout=Layout::Two />
        <div role="status">{warning}</div>
    }
    .into_any()
}
