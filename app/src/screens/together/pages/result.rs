//! How a family will see that something changed: an example with its five levels, or its own words.

use domain::vocabulary::Area;
use leptos::prelude::*;

use crate::parts::mark::Icon;
use crate::screens::together::pages::questions::{spoken, written};
use crate::screens::together::pages::{QUESTION, choice, level};
use crate::screens::together::talk::{Picked, Said, Talk};
use crate::screens::together::tongue::Tongue;
use crate::words::catalogue::Key;
use crate::words::library::{Both, Example, TextOf};

/// The five levels with the generic word for each, the best first, as the ladder has it.
pub(in crate::screens::together) const STEPS: [(Key, TextOf); 5] = [
    (Key::MuchMore, |example| &example.levels[4]),
    (Key::More, |example| &example.levels[3]),
    (Key::AsHoped, |example| &example.levels[2]),
    (Key::Less, |example| &example.levels[1]),
    (Key::MuchLess, |example| &example.levels[0]),
];

/// Examples to pick from, and a place for other words. Where none has arrived, that alone.
pub(super) fn draw(
    talk: RwSignal<Talk>,
    area: Area,
    result: RwSignal<String>,
    tongue: &Tongue,
) -> AnyView {
    let examples = tongue.examples(area);
    if examples.is_empty() {
        return written(talk, result);
    }
    // What the tutor has changed since is not what stands on a card.
    let picked = Memo::new(move |_| {
        let talk = talk.read();
        let said = talk.of(area)?;
        let example = said.example.as_ref().filter(|_| said.is_as_picked())?;
        Some(example.key.clone())
    });
    let has_words = !result.read_untracked().trim().is_empty();
    let has_example = talk.with_untracked(|talk| {
        let said = talk.of(area);
        said.is_some_and(|said| said.example.is_some())
    });
    let is_own = RwSignal::new(!has_example && has_words);
    let cards = examples
        .into_iter()
        .map(|both| card(talk, area, both, picked, is_own, tongue));
    let on_own = move |()| {
        is_own.set(true);
        talk.update(|talk| talk.change(area, Said::unpick));
    };
    let own_words = tongue.both(Key::AskWordsHint, &[]);
    view! {
        <fieldset aria-labelledby=QUESTION>
            <div class="examples">
                {cards.collect_view()}
                {choice("example", own_words, is_own.into(), on_own)}
            </div>
        </fieldset>
        {move || is_own.get().then(|| written(talk, result))}
    }
    .into_any()
}

fn card(
    talk: RwSignal<Talk>,
    area: Area,
    both: Both<'_>,
    picked: Memo<Option<String>>,
    is_own: RwSignal<bool>,
    tongue: &Tongue,
) -> AnyView {
    let key = both.0.key.clone();
    let on = Signal::derive(move || picked.read().as_ref() == Some(&key));
    let pick = Picked::of(both.0);
    let on_pick = move |()| {
        is_own.set(false);
        talk.update(|talk| talk.change(area, |said| said.pick(pick.clone())));
    };
    let steps =
        STEPS.map(|(key, text)| level(key, tongue.both(key, &[]), tongue.example_text(both, text)));
    let expected = tongue.example_text(both, Example::expected);
    view! {
        <div>
            {choice("example", expected, on, on_pick)}
            <ol class="hopes" hidden=move || !on.get()>{steps.into_iter().collect_view()}</ol>
        </div>
    }
    .into_any()
}

/// What was picked or said, where everything is read over.
pub(super) fn hoped(talk: RwSignal<Talk>, said: &Said, tongue: &Tongue) -> Option<AnyView> {
    let text = match &said.example {
        // What is read over is what will be written, also where the tutor has changed it.
        Some(_) if said.expected.trim().is_empty() => return None,
        Some(_) => tongue.written(Some(said.area), &said.expected),
        None => {
            let result = said.result.trim();
            if result.is_empty() {
                return None;
            }
            view! { <bdi lang=spoken(talk)>{result.to_owned()}</bdi> }.into_any()
        }
    };
    let asked = tongue.plain(Key::Expected, &[]);
    Some(
        view! {
            <div class="small together__hoped"><Icon name="trending-up" /><p>{asked}": "{text}</p></div>
        }
        .into_any(),
    )
}
