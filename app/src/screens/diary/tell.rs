//! What a diary entry says, in the language of the interface.

use domain::attachment::Kind;
use domain::family::Language;
use domain::plan::PlanMove;
use domain::vocabulary::{Area, NeedLevel, SignatureMode, Voice};
use jiff::civil::Date;
use leptos::prelude::*;

use crate::parts::diff::{Diffed, word_diff};
use crate::parts::mark::{Voice as Quote, place_icon};
use crate::parts::picture::spoken;
use crate::screens::diary::timeline::{Item, What};
use crate::screens::diary::{visited, written};
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
        What::People(..) => "users",
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
            visit: _,
            place,
            minutes,
            present,
            language,
            summary,
            ratings,
        } => Told {
            title: visited::title(*place, *minutes, words),
            body: visited::body(
                present,
                language.as_ref().map(|l| l.0.as_str()),
                summary,
                ratings,
                words,
            ),
        },
        What::Rating(of, rating) => Told {
            title: words.entry_rating(area(of)),
            body: visited::rating(None, rating, words),
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
        one @ (What::Goal { .. } | What::Action { .. } | What::Need(..) | What::People(..)) => {
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
            interpreted,
        } => Told {
            title: words.entry_answer(number(of)),
            body: {
                let how = answer_line(member.as_deref(), *mode, language, words);
                let who = interpreted.map(|who| words.interpreted_by(words.interpreted(who)));
                paragraph(
                    [Some(how), who]
                        .into_iter()
                        .flatten()
                        .collect::<Vec<_>>()
                        .join(" "),
                )
            },
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
