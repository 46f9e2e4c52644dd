//! What a diary entry says, in the language of the interface.

use std::collections::BTreeSet;

use domain::attachment::Kind;
use domain::family::Language;
use domain::plan::{GoalKey, PlanMove};
use domain::visit::Rating;
use domain::vocabulary::{Area, NeedLevel, Place, SignatureMode, Voice};
use leptos::prelude::*;

use crate::parts::diff::{Diffed, word_diff};
use crate::parts::mark::{Voice as Quote, place_icon};
use crate::parts::picture::spoken;
use crate::screens::diary::timeline::{Item, What};
use crate::words::Words;

/// An entry in words.
pub struct Told {
    /// Its title.
    pub title: String,
    /// What stands below.
    pub body: AnyView,
}

/// The icon of an entry.
pub const fn icon(what: &What) -> &'static str {
    match what {
        What::Visit { place, .. } => place_icon(*place),
        What::Rating(..) => "trending-up",
        What::Note(_, None) => "notebook-pen",
        What::Note(_, Some(_)) => "pencil",
        What::Attached(Kind::Voice) => "mic",
        What::Attached(Kind::Photo) => "camera",
        What::Attached(Kind::Signature) => "pen-line",
        What::Goal { .. } => "flag",
        What::Action { .. } => "circle-check",
        What::Need(..) => "hill",
        What::People(_) => "users",
        What::Version { .. } => "file-check",
        What::Answer { .. } => "pen-line",
        What::Review { .. } => "message-circle",
        What::Move(_) => "signpost",
        What::Listed(listed) => listed.icon(),
    }
}

/// An entry in words.
pub fn tell(item: &Item, words: Words) -> Told {
    let area = |area: &Option<Area>| area.map_or(words.goal_nameless(), |area| words.area(area));
    let number = |number: &Option<u32>| number.unwrap_or(0);
    match &item.what {
        What::Visit {
            place,
            minutes,
            present,
            language,
            summary,
            ratings,
        } => Told {
            title: visit_title(*place, *minutes, words),
            body: visit_body(
                present,
                language.as_ref().map(|l| l.0.as_str()),
                summary,
                ratings,
                words,
            ),
        },
        What::Rating(of, rating) => Told {
            title: words.entry_rating(area(of)),
            body: rating_line(None, rating, words),
        },
        What::Note(text, before) => Told {
            title: match before {
                None => words.entry_note().to_owned(),
                Some(_) => words.entry_note_corrected().to_owned(),
            },
            body: match before {
                None => view! { <p dir="auto">{text.clone()}</p> }.into_any(),
                Some(old) => {
                    view! { <p dir="auto"><Diffed pieces=word_diff(old, text) /></p> }.into_any()
                }
            },
        },
        What::Attached(kind) => Told {
            title: words.attachment_kind(*kind).to_owned(),
            body: ().into_any(),
        },
        What::Goal {
            area: of,
            is_new,
            keys,
            words: said,
        } => Told {
            title: if *is_new {
                words.entry_goal_new(area(of))
            } else {
                words.entry_goal(area(of))
            },
            body: {
                let keys = words.entry_goal_keys(&key_list(keys, words));
                let keys = (!is_new).then(|| view! { <p>{keys}</p> });
                let said = said.clone().map(|said| view! { <Quote said=said /> });
                view! { {keys}{said} }.into_any()
            },
        },
        What::Action { what, area: of } => Told {
            title: words.entry_action(area(of)),
            body: paragraph(what.clone()),
        },
        What::Need(of, voice, now, hope) => Told {
            title: words.entry_need(words.area(*of)),
            body: paragraph(need_line(*voice, *now, *hope, words)),
        },
        What::People(name) => Told {
            title: match name {
                Some(name) => words.entry_member(name),
                None => words.entry_people().to_owned(),
            },
            body: ().into_any(),
        },
        What::Version {
            number,
            goals,
            fingerprint,
        } => Told {
            title: words.entry_version(*number),
            body: bound(words.goals(*goals), fingerprint, words),
        },
        What::Answer {
            number: of,
            mode,
            member,
            language,
            fingerprint,
        } => {
            let line = answer_line(member.as_deref(), *mode, language, words);
            Told {
                title: words.entry_answer(number(of)),
                body: bound(line, fingerprint, words),
            }
        }
        What::Review {
            number: of,
            verdict,
            comment,
            fingerprint,
        } => Told {
            title: words.entry_review(words.verdict(*verdict), number(of)),
            body: {
                let said = (!comment.is_empty()).then(|| words.quoted(comment));
                view! { {said.map(paragraph)}{bound(String::new(), fingerprint, words)} }.into_any()
            },
        },
        What::Move(to) => Told {
            title: move_title(to, words),
            body: ().into_any(),
        },
        What::Listed(listed) => Told {
            title: listed.title(words),
            body: ().into_any(),
        },
    }
}

/// How an answer was given, by whom and in which language.
pub fn answer_line(
    member: Option<&str>,
    mode: SignatureMode,
    language: &Language,
    words: Words,
) -> String {
    let (how, language) = (words.signature_mode(mode), words.language(&language.0));
    match member {
        Some(who) => words.answer_says_by(who, &how.to_lowercase(), &language),
        None => words.answer_says(how, &language),
    }
}

/// What one voice said of a domain, with its hope where it has one.
pub fn need_line(voice: Voice, now: NeedLevel, hope: Option<NeedLevel>, words: Words) -> String {
    if hope.is_some() {
        return spoken(voice, Some((now, hope)), words);
    }
    let now = words.need_level(now).to_lowercase();
    format!("{}: {now}.", words.voice(voice))
}

/// A visit in a title: `Visita: a casa, 45 minuti`.
fn visit_title(place: Place, minutes: u16, words: Words) -> String {
    words.entry_visit(
        &words.place(place).to_lowercase(),
        &words.minutes(usize::from(minutes)),
    )
}

fn visit_body(
    present: &[String],
    language: Option<&str>,
    summary: &str,
    ratings: &[(Option<Area>, Rating)],
    words: Words,
) -> AnyView {
    let who = present.join(", ");
    let line = match (who.is_empty(), language) {
        (true, _) => String::new(),
        (false, None) => words.visit_with(&who),
        (false, Some(tag)) => words.visit_with_in(&who, &words.language(tag)),
    };
    let summary = (!summary.is_empty()).then(|| paragraph(summary.to_owned()));
    let ratings = ratings
        .iter()
        .map(|(area, rating)| rating_line(Some(*area), rating, words))
        .collect_view();
    view! { {(!line.is_empty()).then(|| paragraph(line))}{summary}{ratings} }.into_any()
}

/// What happened to one goal, both voices by name.
fn rating_line(area: Option<Option<Area>>, rating: &Rating, words: Words) -> AnyView {
    let name = area.map(|area| {
        let name = area.map_or(words.goal_nameless(), |area| words.area(area));
        view! { <b>{name}": "</b> }
    });
    let mut parts = Vec::new();
    for (voice, score) in [(Voice::Family, rating.family), (Voice::Tutor, rating.tutor)] {
        if let Some(score) = score {
            let level = words.level(score).to_lowercase();
            parts.push(format!("{} {level}", words.voice(voice).to_lowercase()));
        }
    }
    parts.extend(
        rating
            .response
            .map(|response| words.response(response).to_lowercase()),
    );
    if !rating.barriers.is_empty() {
        let list: Vec<&str> = rating
            .barriers
            .iter()
            .map(|one| words.barrier(*one))
            .collect();
        parts.push(words.barriers_are(&list.join(", ")).to_lowercase());
    }
    parts.extend(
        rating
            .tutor_move
            .map(|what| words.tutor_move(what).to_lowercase()),
    );
    let said = rating
        .words
        .clone()
        .map(|said| view! { <Quote said=said /> });
    let line = parts.join("; ");
    view! { <p>{name}{line}</p>{said} }.into_any()
}

fn paragraph(text: String) -> AnyView {
    view! { <p dir="auto">{text}</p> }.into_any()
}

/// A line and the fingerprint of what it is bound to.
fn bound(line: String, fingerprint: &str, words: Words) -> AnyView {
    let (head, code) = (words.fingerprint(""), fingerprint.to_owned());
    let line = (!line.is_empty()).then_some(line);
    view! { <p>{line}" "<span class="soft">{head}<bdi class="code">{code}</bdi></span></p> }
        .into_any()
}

fn key_list(keys: &BTreeSet<GoalKey>, words: Words) -> String {
    let mut names: Vec<&str> = keys.iter().map(|key| key_name(*key, words)).collect();
    names.dedup();
    names.join(", ")
}

const fn key_name(key: GoalKey, words: Words) -> &'static str {
    match key {
        GoalKey::Area => words.key_area(),
        GoalKey::Words => words.key_words(),
        GoalKey::Expected => words.key_expected(),
        GoalKey::MuchLess | GoalKey::Less | GoalKey::More | GoalKey::MuchMore => words.key_levels(),
        GoalKey::Due => words.key_due(),
        GoalKey::State => words.key_state(),
        GoalKey::Weight => words.key_weight(),
        GoalKey::WhoActs => words.key_who_acts(),
        GoalKey::NextStep => words.key_next_step(),
        GoalKey::Agreement => words.key_agreement(),
        GoalKey::Order => words.key_order(),
    }
}

/// A move of the whole plan in words: `Piano sospeso`.
pub fn move_title(to: &PlanMove, words: Words) -> String {
    match to {
        PlanMove::Resumed => words.entry_resumed().to_owned(),
        PlanMove::UnderReview => words.entry_under_review().to_owned(),
        PlanMove::Suspended => words.entry_suspended().to_owned(),
        PlanMove::Closed(why) => {
            format!(
                "{}: {}",
                words.entry_closed(),
                words.closure(*why).to_lowercase()
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hope_is_told_where_there_is_one() {
        let said = |hope| need_line(Voice::Family, NeedLevel::Hard, hope, Words::default());
        assert_eq!(said(None), "Famiglia: difficile.");
        let hoped = said(Some(NeedLevel::Well));
        assert_eq!(hoped, "Famiglia: oggi difficile, dove arrivare va bene.");
    }
}
