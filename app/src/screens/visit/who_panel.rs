//! Who was there, where, when, in which language: filled in as it was the last time.

use domain::id::{MemberId, ScopeId};
use domain::vocabulary::Place;
use leptos::prelude::*;

use crate::parts::choice::{Chip, Pick};
use crate::parts::form::DateField;
use crate::parts::mark::place_icon;
use crate::parts::pick::{Layout, OneOf, Select, part_of};
use crate::screens::visit::draft::VisitDraft;
use crate::session::use_session;
use crate::words::{Words, use_words};

/// Where a visit can take place, as choices.
pub fn places(words: Words) -> Vec<(Place, String, Option<&'static str>)> {
    let choice = |place: &Place| {
        let name = words.place(*place).to_owned();
        (*place, name, Some(place_icon(*place)))
    };
    Place::ALL.iter().map(choice).collect()
}

/// The first part of a visit.
#[component]
pub fn WhoPanel(scope: ScopeId, draft: RwSignal<VisitDraft>) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let members: Vec<(MemberId, String)> = untrack(|| {
        session.read(|replica| {
            let case = replica.state().cases.get(&scope)?;
            let members = case.household.members_in_order().into_iter();
            Some(
                members
                    .filter_map(|(id, member)| Some((id, member.name()?.latin.clone())))
                    .collect(),
            )
        })
    })
    .unwrap_or_default();
    let is_nobody = members.is_empty();
    let chips = members
        .into_iter()
        .map(|(id, name)| {
            let on = Signal::derive(move || draft.read().present.contains(&id));
            let on_change = move |is_here: bool| {
                draft.update(|draft| {
                    if is_here {
                        draft.present.insert(id);
                    } else {
                        draft.present.remove(&id);
                    }
                });
            };
            view! { <Chip pick=Pick::Any name="present" label=name on=on on_change=on_change /> }
        })
        .collect_view();
    let place = part_of(
        draft,
        |draft| Some(draft.place),
        |draft, place| draft.place = place.unwrap_or(draft.place),
    );
    let language = part_of(
        draft,
        |draft| draft.language.clone(),
        |draft, tag| draft.language = tag,
    );
    let date = part_of(
        draft,
        |draft| Some(draft.date),
        |draft, date| draft.date = date.unwrap_or(draft.date),
    );
    let languages = words
        .languages()
        .into_iter()
        .map(|(tag, name)| (tag.to_owned(), name))
        .collect();
    view! {
        <fieldset class="section">
            <legend class="label">{words.visit_who()}</legend>
            <div class="chips">{chips}</div>
            {is_nobody.then(|| view! { <p class="hint">{words.visit_no_members()}</p> })}
        </fieldset>
        <OneOf legend=words.visit_place() name="place" options=places(words) value=place layout=Layout::Two />
        <Select id="visit-language" label=words.visit_language() options=languages value=language />
        <DateField id="visit-day" label=words.visit_day() value=date />
    }
    .into_any()
}
