//! Changes of a plan, one sentence after the other, each with who made it.

use leptos::prelude::*;

use crate::parts::diff::Diffed;
use crate::parts::mark::Icon;
use crate::parts::scale::Stairs;
use crate::screens::plan::changes::{Change, What};
use crate::screens::plan::sentences::{Span, direction_of, icon, sentence};
use crate::screens::who::who_wrote;
use crate::session::use_session;
use crate::words::use_words;

/// The list of changes.
#[component]
pub fn Changes(changes: Vec<Change>) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let rows = changes
        .into_iter()
        .map(|change| {
            let (plain, voices): (Vec<Span>, Vec<Span>) =
                sentence(&change, words, session.today())
                    .into_iter()
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
