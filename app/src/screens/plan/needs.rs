//! Looking at a domain of need together: how it is and where it should get, in two voices.

use domain::id::{OpId, ScopeId};
use domain::op::Known;
use domain::plan::NeedRating;
use domain::vocabulary::{Area, NeedLevel, Voice};
use leptos::prelude::*;
use replica::stored::DiskError;

use crate::frame::use_toasts;
use crate::parts::form::FieldError;
use crate::parts::form::stay;
use crate::parts::mark::area_icon;
use crate::parts::pick::{Layout, OneOf};
use crate::parts::picture::level_icon;
use crate::session::{Writing, use_session};
use crate::watch::{hear, watch};
use crate::words::use_words;

/// What one voice says in the form.
type Said = (Option<NeedLevel>, Option<NeedLevel>);

/// What one voice said before, and what a new rating has to replace.
type Before = (Option<NeedRating>, Vec<OpId>);

/// The writes of the form: one for each voice that spoke and says something else than before.
/// `None` where nothing can be written.
pub fn writings(
    area: Option<Area>,
    said: [(Voice, Said); 2],
    before: impl Fn(Area, Voice) -> Before,
) -> Option<Vec<Writing>> {
    let area = area?;
    if said.iter().all(|(_, (now, _))| now.is_none()) {
        return None;
    }
    let writings = said
        .into_iter()
        .filter_map(|(voice, (now, hope))| {
            let (was, heads) = before(area, voice);
            let words = was.as_ref().and_then(|was| was.words.clone());
            let rating = NeedRating {
                now: now?,
                hope,
                words,
            };
            (was.as_ref() != Some(&rating)).then(|| {
                let rated = Known::NeedRated {
                    area,
                    voice,
                    rating,
                };
                Writing::replacing(heads, rated)
            })
        })
        .collect();
    Some(writings)
}

/// The form.
#[component]
pub fn NeedForm(scope: ScopeId, open: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let toasts = use_toasts();
    let area = RwSignal::new(None::<Area>);
    let [family_now, family_hope, tutor_now, tutor_hope] =
        [0; 4].map(|_| RwSignal::new(None::<NeedLevel>));
    let error = RwSignal::new(None::<String>);
    let before = move |area: Area, voice: Voice| {
        session.read(|replica| {
            let case = replica.state().cases.get(&scope);
            case.map_or_else(Before::default, |case| {
                let said = case.plan.need(area, voice);
                let heads = case.plan.need_heads(area, voice);
                (said.map(|said| said.value.clone()), heads)
            })
        })
    };
    // What was said before is where the conversation starts.
    watch(move || {
        let Some(area) = area.get() else { return };
        let family = untrack(|| before(area, Voice::Family)).0;
        let tutor = untrack(|| before(area, Voice::Tutor)).0;
        family_now.set(family.as_ref().map(|rating| rating.now));
        family_hope.set(family.and_then(|rating| rating.hope));
        tutor_now.set(tutor.as_ref().map(|rating| rating.now));
        tutor_hope.set(tutor.and_then(|rating| rating.hope));
    });
    let on_save = move |_| {
        let said = [
            (
                Voice::Family,
                (family_now.get_untracked(), family_hope.get_untracked()),
            ),
            (
                Voice::Tutor,
                (tutor_now.get_untracked(), tutor_hope.get_untracked()),
            ),
        ];
        let made = untrack(|| writings(area.get_untracked(), said, before));
        let Some(made) = made else {
            error.set(Some(words.rate_missing().to_owned()));
            return;
        };
        if made.is_empty() {
            open.set(false);
            toasts.say(words.nothing_changed());
            return;
        }
        let then = Callback::new(move |done: Result<_, DiskError>| match done {
            Ok(_) => {
                open.set(false);
                toasts.say(words.rate_toast());
            }
            Err(why) => error.set(Some(words.disk_error(why).to_owned())),
        });
        if let Err(why) = session.record(scope, made, Vec::new(), then) {
            error.set(Some(words.record_error(&why)));
        }
    };
    let areas = Area::ALL
        .iter()
        .map(|area| (*area, words.area(*area).to_owned(), Some(area_icon(*area))))
        .collect();
    let levels = move || {
        NeedLevel::ALL
            .iter()
            .map(|level| {
                (
                    *level,
                    words.need_level(*level).to_owned(),
                    Some(level_icon(*level)),
                )
            })
            .collect::<Vec<_>>()
    };
    view! {
        <form class="stack inline-form" on:submit=hear(stay)>
            <OneOf legend=words.rate_which() name="need-area" options=areas value=area />
            <OneOf legend=words.rate_now_family() name="need-fn" options=levels() value=family_now layout=Layout::Three />
            <OneOf legend=words.rate_hope_family() name="need-fh" options=levels() value=family_hope layout=Layout::Three />
            <OneOf legend=words.rate_now_tutor() name="need-tn" options=levels() value=tutor_now layout=Layout::Three />
            <OneOf legend=words.rate_hope_tutor() name="need-th" options=levels() value=tutor_hope layout=Layout::Three />
            <FieldError id="need" error=error />
            <div class="row">
                <button type="button" class="btn btn--main" on:click=hear(on_save)>{words.save()}</button>
                <button type="button" class="btn btn--bare" on:click=hear(move |_| open.set(false))>{words.cancel()}</button>
            </div>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_that_says_nothing_new_writes_nothing() {
        let was = NeedRating {
            now: NeedLevel::Hard,
            hope: Some(NeedLevel::Well),
            words: None,
        };
        let before = |_, voice| match voice {
            Voice::Family => (Some(was.clone()), Vec::new()),
            Voice::Tutor => Before::default(),
        };
        let said = |tutor: Option<NeedLevel>| {
            [
                (
                    Voice::Family,
                    (Some(NeedLevel::Hard), Some(NeedLevel::Well)),
                ),
                (Voice::Tutor, (tutor, None)),
            ]
        };
        let count = |area, tutor| writings(area, said(tutor), before).map(|made| made.len());
        assert_eq!(count(None, None), None);
        assert_eq!(count(Some(Area::Home), None), Some(0));
        assert_eq!(count(Some(Area::Home), Some(NeedLevel::SoSo)), Some(1));
    }
}
