//! What a diary entry says, in the language of the interface.

use domain::attachment::Kind;
use domain::family::Language;
use domain::plan::PlanMove;
use domain::visit::Rating;
use domain::vocabulary::{Area, NeedLevel, Place, SignatureMode, Voice};
use jiff::civil::Date;
use leptos::prelude::*;

use crate::parts::diff::{Diffed, word_diff};
use crate::parts::mark::{Voice as Quote, place_icon};
use crate::parts::picture::spoken;
use crate::screens::diary::timeline::{Item, What};
use crate::screens::diary::written;
use crate::words::Words;

/// An entry in words.
pub struct Told {
    /// Its title.
    pub title: String,
    /// What stands below.
    pub body: AnyView,
}

/// The icon of an entry.
pub fn icon(what: &What) -> &'static str {
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
        What::Together(parts) => parts.first().map_or("layers", icon),
        What::Version { .. } => "file-check",
        What::Answer { .. } => "pen-line",
        What::Review { .. } => "message-circle",
        What::Move(_) => "signpost",
        What::Listed(listed) => listed.icon(),
    }
}

/// An entry in words.
pub fn tell(item: &Item, today: Date, words: Words) -> Told {
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
        What::Together(parts) => written_body(parts, today, words),
        one @ (What::Goal { .. } | What::Action { .. } | What::Need(..) | What::People(_)) => {
            written_body(std::slice::from_ref(one), today, words)
        }
        What::Version { number, goals } => Told {
            title: words.entry_version(*number),
            body: paragraph(words.goals(*goals)),
        },
        What::Answer {
            number: of,
            mode,
            member,
            language,
        } => Told {
            title: words.entry_answer(number(of)),
            body: paragraph(answer_line(member.as_deref(), *mode, language, words)),
        },
        What::Review {
            number: of,
            verdict,
            comment,
        } => Told {
            title: words.entry_review(words.verdict(*verdict), number(of)),
            body: {
                let said = (!comment.is_empty()).then(|| words.quoted(comment));
                said.map(paragraph).into_any()
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
    parts.extend(rating.tutor_move.map(|what| {
        let did = words.tutor_move(what);
        format!("{}: {did}", words.tutor_did()).to_lowercase()
    }));
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

/// What was written field by field.
fn written_body(parts: &[What], today: Date, words: Words) -> Told {
    let lines = written::lines(parts, today, words).into_iter();
    let body = lines.map(|line| {
        let about = line.about.map(|about| view! { <b>{about}": "</b> });
        let said = line.said.map(|said| view! { <Quote said=said /> });
        let is_told = about.is_some() || !line.text.is_empty();
        let told = is_told.then(|| view! { <p dir="auto">{about}{line.text}</p> });
        view! { {told}{said} }
    });
    Told {
        title: written::title(parts, words),
        body: body.collect_view().into_any(),
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
