//! Changes of a plan, one sentence after the other, each with who made it.

use leptos::prelude::*;

use crate::parts::diff::{Diffed, Fate, Piece};
use crate::parts::mark::Icon;
use crate::parts::scale::Stairs;
use crate::screens::plan::changes::{Change, What};
use crate::screens::plan::sentences::{Span, direction_of, icon, sentence};
use crate::screens::who::who_wrote;
use crate::session::use_session;
use crate::words::use_words;

/// The list of changes.
#[component]
pub fn Changes(
    changes: Vec<Change>,
    /// Whether nothing came before: then nothing is compared, and it is read as it stands.
    #[prop(optional)]
    is_first: bool,
) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let rows = changes
        .into_iter()
        .map(|change| {
            let (plain, voices): (Vec<Span>, Vec<Span>) =
                sentence(&change, words, session.today())
                    .into_iter()
                    .map(|span| if is_first { as_it_stands(span) } else { span })
                    .partition(|span| !matches!(span, Span::Voice(..)));
            let by = change.by.map(|by| {
                view! { <p class="changes__by">{who_wrote(by.author, by.at, session, words)}</p> }
            });
            view! {
                <li>
                    {mark(&change.what)}
                    <div>
                        {plain.into_iter().map(draw).collect_view()}
                        {(!voices.is_empty()).then(|| view! {
                            <blockquote class="voice">{voices.into_iter().map(draw).collect_view()}</blockquote>
                        })}
                        {by}
                    </div>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="changes">{rows}</ul> }
}

fn mark(what: &What) -> AnyView {
    if let What::WhoActs(_, Some(who)) = what {
        let who = *who;
        return view! { <span class="changes__icon changes__icon--stairs"><Stairs who=who /></span> }
            .into_any();
    }
    view! { <span class="changes__icon"><Icon name=icon(what) /></span> }.into_any()
}

/// A run without the marks of what differs.
fn as_it_stands(span: Span) -> Span {
    let kept = |pieces: Vec<Piece>| {
        let now = pieces.into_iter().filter(|piece| piece.fate != Fate::Gone);
        now.map(|piece| Piece {
            fate: Fate::Kept,
            ..piece
        })
        .collect()
    };
    match span {
        Span::New(text) => Span::Plain(text),
        Span::Text(pieces) => Span::Text(kept(pieces)),
        Span::Voice(pieces, language) => Span::Voice(kept(pieces), language),
        Span::Plain(_) | Span::Strong(_) | Span::Gone(_) => span,
    }
}

fn draw(span: Span) -> AnyView {
    match span {
        Span::Plain(text) => view! { <span dir="auto">{text}</span> }.into_any(),
        Span::Strong(text) => view! { <b>{text}</b> }.into_any(),
        Span::Gone(text) => view! { <del dir="auto">{text}</del> }.into_any(),
        Span::New(text) => view! { <ins dir="auto">{text}</ins> }.into_any(),
        Span::Text(pieces) => view! { <span dir="auto"><Diffed pieces=pieces /></span> }.into_any(),
        Span::Voice(pieces, language) => {
            let class = if language == "it" {
                "voice__it"
            } else {
                "voice__orig"
            };
            let dir = direction_of(&language);
            view! { <p class=class lang=language dir=dir><Diffed pieces=pieces /></p> }.into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::plan::PlanContent;
    use jiff::civil::date;

    use super::*;
    use crate::screens::fixture::Family;
    use crate::screens::plan::changes::between;
    use crate::words::Words;

    #[test]
    fn a_first_plan_is_read_as_it_stands() {
        let case = Family::hassan().case();
        let changes = between(&PlanContent::default(), &case.plan.content(), &case);
        let spans = changes
            .iter()
            .flat_map(|change| sentence(change, Words::default(), date(2026, 10, 14)));
        let is_new = |span: &Span| match span {
            Span::New(_) => true,
            Span::Voice(pieces, _) | Span::Text(pieces) => {
                pieces.iter().any(|piece| piece.fate == Fate::New)
            }
            Span::Plain(_) | Span::Strong(_) | Span::Gone(_) => false,
        };
        let (compared, read): (Vec<Span>, Vec<Span>) =
            spans.map(|span| (span.clone(), as_it_stands(span))).unzip();
        assert!(compared.iter().any(is_new));
        assert!(!read.iter().any(is_new));
        assert_eq!(compared.len(), read.len(), "nothing is left out");
    }
}
