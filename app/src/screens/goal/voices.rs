//! What a family said of a goal in its own voice.

use domain::attachment::{About, Attachment};
use domain::id::{GoalId, ScopeId};
use leptos::prelude::*;

use crate::parts::attached::Attached;
use crate::screens::diary::timeline::attached;
use crate::session::use_session;
use crate::words::use_words;

/// The recordings of a goal, to be heard; nothing where there are none.
#[component]
pub fn Voices(
    scope: ScopeId,
    goal: GoalId,
    /// What their buttons say, otherwise than in the language of whoever works here.
    #[prop(optional, into)]
    label: Option<String>,
) -> impl IntoView {
    let session = use_session();
    let words = use_words();
    let all = Memo::new(move |_| {
        session.read(|replica| {
            let case = replica.state().cases.get(&scope);
            case.map(|case| attached(case, About::Goal(goal)))
                .unwrap_or_default()
        })
    });
    (move || {
        let one = |attachment: Attachment| {
            let length = words.length(attachment.seconds.unwrap_or_default());
            let label = label.as_ref().map(|label| format!("{label}, {length}"));
            view! { <Attached scope=scope attachment=attachment label=label /> }
        };
        all.get().into_iter().map(one).collect_view()
    })
    .into_any()
}
