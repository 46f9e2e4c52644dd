//! What happened at a visit, told in sentences; both voices with their marks.

use domain::score::Score;
use domain::visit::Rating;
use domain::vocabulary::{Area, Place, Voice};
use leptos::prelude::*;

use crate::parts::mark::Voice as Quote;
use crate::parts::scale::Mark;
use crate::words::Words;

/// A visit in a title: `Visita: a casa, 45 minuti`.
pub fn title(place: Place, minutes: u16, words: Words) -> String {
    words.entry_visit(
        &words.place(place).to_lowercase(),
        &words.minutes(usize::from(minutes)),
    )
}

/// Who was there and what was spoken, in a few words what happened, then goal by goal.
pub fn body(
    present: &[String],
    language: Option<&str>,
    summary: &str,
    ratings: &[(Option<Area>, Rating)],
    words: Words,
) -> AnyView {
    let line = who_was_there(present, language, words);
    let line = (!line.is_empty()).then(|| view! { <p dir="auto">{line}</p> });
    let summary = (!summary.is_empty()).then(|| view! { <p dir="auto">{summary.to_owned()}</p> });
    let ratings = ratings
        .iter()
        .map(|(area, told)| rating(Some(*area), told, words))
        .collect_view();
    view! { {line}{summary}{ratings} }.into_any()
}

/// What happened to one goal: where each voice puts it, then the rest in sentences.
pub fn rating(area: Option<Option<Area>>, told: &Rating, words: Words) -> AnyView {
    let name = area.map(|area| {
        let name = area.map_or(words.goal_nameless(), |area| words.area(area));
        view! { <p><b>{name}</b></p> }
    });
    let voices = [(Voice::Family, told.family), (Voice::Tutor, told.tutor)];
    let voices = voices.map(|(voice, score)| score.map(|score| level(voice, score, words)));
    let is_rated = told.family.is_some() || told.tutor.is_some();
    let voices =
        is_rated.then(|| view! { <ul class="rated">{voices.into_iter().collect_view()}</ul> });
    let line = sentences(told, words).join(" ");
    let line = (!line.is_empty()).then(|| view! { <p>{line}</p> });
    let said = told.words.clone().map(|said| view! { <Quote said=said /> });
    view! { {name}{voices}{line}{said} }.into_any()
}

/// Where one voice puts the goal, as everywhere else: its mark, the number, the level in words.
fn level(voice: Voice, score: Score, words: Words) -> impl IntoView {
    let class = match voice {
        Voice::Family => "by-family",
        Voice::Tutor => "by-tutor",
    };
    view! {
        <li>
            <Mark voice=voice />
            <span>
                {words.voice(voice)}": "
                <b class=class>{words.signed(score)}" "{words.level(score).to_lowercase()}</b>
            </span>
        </li>
    }
}

fn who_was_there(present: &[String], language: Option<&str>, words: Words) -> String {
    let there = match present {
        [] => return String::new(),
        [one] => words.one_was_there(one),
        [some @ .., last] => words.some_were_there(&some.join(", "), last),
    };
    match language {
        None => there,
        Some(tag) => format!("{there} {}", words.was_spoken(&words.language(tag))),
    }
}

/// How the family responded, what stood in the way, what the tutor did.
fn sentences(told: &Rating, words: Words) -> Vec<String> {
    let response = told.response.map(|one| words.responded(one).to_owned());
    let barriers: Vec<String> = told
        .barriers
        .iter()
        .map(|one| words.barrier(*one).to_lowercase())
        .collect();
    let barriers =
        (!barriers.is_empty()).then(|| format!("{}.", words.barriers_are(&barriers.join(", "))));
    let did = told.tutor_move.map(|one| words.tutor_told(one).to_owned());
    [response, barriers, did].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use domain::vocabulary::{Barrier, Response, TutorMove};

    use super::*;
    use crate::words::Language;

    #[test]
    fn a_visit_is_told_in_sentences() {
        let told = Rating {
            response: Some(Response::TakesPart),
            barriers: [Barrier::WorkHours, Barrier::Cost].into(),
            tutor_move: Some(TutorMove::Accompanies),
            ..Rating::default()
        };
        let said = |language| sentences(&told, Words(language)).join(" ");
        assert_eq!(
            said(Language::Italian),
            "La famiglia partecipa. Ostacolo: orari di lavoro, costo. Ho accompagnato la famiglia."
        );
        assert_eq!(
            said(Language::English),
            "The family takes part. In the way: working hours, cost. I went along with the family."
        );
        assert!(sentences(&Rating::default(), Words::default()).is_empty());
    }

    #[test]
    fn who_was_there_is_a_sentence_for_one_and_for_many() {
        let it = Words::default();
        let names = ["Amina", "Mohamed", "Youssef"].map(str::to_owned);
        let said = |count: usize, language| {
            let present: Vec<String> = names.iter().take(count).cloned().collect();
            who_was_there(&present, language, it)
        };
        assert_eq!(said(0, Some("ar")), "");
        assert_eq!(said(1, None), "C’era Amina.");
        assert_eq!(said(1, Some("ar")), "C’era Amina. Si è parlato in arabo.");
        assert_eq!(said(3, None), "C’erano Amina, Mohamed e Youssef.");
    }
}
