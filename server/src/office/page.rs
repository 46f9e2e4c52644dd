//! How a page of `app::pages` becomes an answer.

use std::pin::Pin;
use std::sync::Once;

use any_spawner::Executor;
use app::words::Language;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_LANGUAGE, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use domain::vocabulary::Role;
use futures_util::stream::{Stream, once};
use leptos::prelude::*;

/// Renders a page whole.
pub async fn page<V: IntoView + 'static>(
    status: StatusCode,
    language: Language,
    view: impl FnOnce() -> V + Send + 'static,
) -> Response {
    // The first page starts what Leptos runs its tasks on; afterwards it is there already.
    static TASKS: Once = Once::new();
    TASKS.call_once(|| {
        let _ = Executor::init_tokio();
    });
    // The pages read nothing of the request, so none is handed on: no address can leak into one.
    let request = Request::new(Body::empty());
    let mut response = leptos_axum::handle_response_inner(
        || {},
        view,
        request,
        // Leptos would append scripts for hydration. These pages have no wasm to hydrate, and our
        // policy allows no inline script: so only the page itself is sent.
        |view, _scripts, _| {
            Box::pin(async move {
                let html = view.into_view().to_html();
                let whole: Pin<Box<dyn Stream<Item = String> + Send>> =
                    Box::pin(once(async move { html }));
                whole
            })
        },
    )
    .await;
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    if let Ok(kept) = HeaderValue::from_str(&language_cookie(language)) {
        headers.append(SET_COOKIE, kept);
    }
    response
}

/// The language is kept for a year: it says nothing about anybody.
fn language_cookie(language: Language) -> String {
    let tag = language.tag();
    format!("lingua={tag}; Path=/; Max-Age=31536000; SameSite=Lax")
}

/// What a role is called.
pub const fn role_word(role: Role, language: Language) -> &'static str {
    match role {
        Role::Mediator => language.say("Mediatrice o mediatore-tutor", "Mediator-tutor"),
        Role::SocialWorker => language.say("Assistente sociale", "Social worker"),
        Role::Coordinator => language.say("Coordinamento", "Coordinator"),
        Role::Administrator => language.say("Amministrazione", "Administrator"),
        Role::System => language.say("Il server", "The server"),
    }
}
