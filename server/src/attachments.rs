//! Attachments over HTTP: who may send and read the bytes of what.
//!
//! The op that says what was attached comes with the others; here come and go only bytes, known by
//! their hash within the family's file. Nothing of them is ever logged.

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use domain::attachment::Hash;
use domain::authorize::{Actor, ScopeKind, may_attach, may_read};
use domain::id::ScopeId;
use domain::vocabulary::Role;
use replica::attachment::{Offer, Standing};

use crate::attachments::files::FilesError;
use crate::auth::{Signed, now};
use crate::error::Problem;
use crate::openapi::{Failures, messages};
use crate::router::AppState;
use crate::store::reach::Reach;
use crate::store::{Action, Entry};

pub mod files;

/// The addresses of this room.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/attachments", post(offer))
        .route("/api/v1/attachments/{scope}/{hash}", get(read))
        .route("/api/v1/attachments/{scope}/{hash}/{from}", put(chunk))
}

/// Says how much of a file is here; puts it together once all of it is.
#[utoipa::path(
    post,
    path = "/api/v1/attachments",
    security(("sign_in" = [])),
    request_body = messages::AttachmentOffer,
    responses(
        (status = 200, description = "So much is here.", body = messages::AttachmentStanding),
        Failures,
    ),
)]
async fn offer(
    State(state): State<AppState>,
    signed: Signed,
    Json(offer): Json<Offer>,
) -> Result<Json<Standing>, Problem> {
    if offer.owner != signed.user.id {
        return Err(Problem::OtherOwner);
    }
    // As with a sync: a sign-in is good for one copy only.
    if signed.device.is_some_and(|device| device != offer.device) {
        return Err(Problem::NotSignedIn);
    }
    let reach = state.store.reach(signed.user.id, offer.scope).await?;
    may_send(&signed, reach)?;
    let (standing, is_new) = state.files.standing(&offer).await?;
    if is_new {
        let entry = Entry {
            device: Some(offer.device),
            ..Entry::by(signed.user.id, Action::AttachmentWritten).on(offer.scope)
        };
        state.store.note(&[entry], now()).await?;
    }
    Ok(Json(standing))
}

/// Takes one chunk.
#[utoipa::path(
    put,
    path = "/api/v1/attachments/{scope}/{hash}/{from}",
    security(("sign_in" = [])),
    params(
        ("scope" = Uuid, Path, description = "The family's file."),
        ("hash" = String, Path, description = "SHA-256 of all of the attachment.",
            pattern = "^[0-9a-f]{64}$"),
        ("from" = u32, Path, description = "Where in the attachment the chunk begins."),
    ),
    request_body(
        content = Vec<u8>, content_type = "application/octet-stream",
        description = "1 to 262,144 bytes.",
    ),
    responses(
        (status = 200, description = "So much is here now.", body = messages::AttachmentStanding),
        Failures,
    ),
)]
async fn chunk(
    State(state): State<AppState>,
    signed: Signed,
    Path((scope, hash, from)): Path<(ScopeId, Hash, u32)>,
    body: Bytes,
) -> Result<Json<Standing>, Problem> {
    let reach = state.store.reach(signed.user.id, scope).await?;
    may_send(&signed, reach)?;
    Ok(Json(state.files.put(scope, hash, from, body).await?))
}

/// The bytes of an attachment.
#[utoipa::path(
    get,
    path = "/api/v1/attachments/{scope}/{hash}",
    security(("sign_in" = [])),
    params(
        ("scope" = Uuid, Path, description = "The family's file."),
        ("hash" = String, Path, description = "SHA-256 of the attachment.",
            pattern = "^[0-9a-f]{64}$"),
    ),
    responses(
        (status = 200, description = "All of it.", body = Vec<u8>,
            content_type = "application/octet-stream"),
        Failures,
    ),
)]
async fn read(
    State(state): State<AppState>,
    signed: Signed,
    Path((scope, hash)): Path<(ScopeId, Hash)>,
) -> Result<Response, Problem> {
    let reach = state.store.reach(signed.user.id, scope).await?;
    let relation = reach.and_then(|reach| reach.relation);
    if !may_read(signed.user.role, relation) {
        return Err(Problem::Forbidden);
    }
    let bytes = state.files.get(scope, hash).await?;
    let bytes = bytes.ok_or(Problem::NotFound)?;
    // Noted before the first byte leaves: a reading that is not on record does not happen.
    let entry = Entry {
        device: signed.device,
        ..Entry::by(signed.user.id, Action::AttachmentRead).on(scope)
    };
    state.store.note(&[entry], now()).await?;
    // Unlike all else under `/api` these are somebody's bytes, and may be a document.
    let headers = [
        (CONTENT_TYPE, "application/octet-stream"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((headers, bytes).into_response())
}

/// Whoever may attach may send bytes. So may whose access was taken back since: their op waits in
/// quarantine for somebody to adopt it, and must not wait there without its bytes.
fn may_send(signed: &Signed, reach: Option<Reach>) -> Result<(), Problem> {
    let Some(reach) = reach else {
        return Err(Problem::Forbidden);
    };
    let actor = Actor {
        user: signed.user.id,
        role: signed.user.role,
        relation: reach.relation,
    };
    let wrote_here = matches!(signed.user.role, Role::Mediator | Role::SocialWorker)
        && reach.kind == ScopeKind::Family
        && reach.was_theirs;
    if may_attach(&actor, reach.kind) || wrote_here {
        Ok(())
    } else {
        Err(Problem::Forbidden)
    }
}

impl From<FilesError> for Problem {
    fn from(error: FilesError) -> Self {
        let problem = match &error {
            FilesError::TooLarge => Self::TooLarge,
            FilesError::FamilyFull => Self::FamilyFull,
            FilesError::Moved => Self::Conflict,
            FilesError::WrongHash => Self::WrongHash,
            FilesError::Full(_) => Self::NoSpace,
            FilesError::Failed(_) => Self::Unavailable,
        };
        if problem.status().is_server_error() {
            // The path in it is made of ids.
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::error!(
                error.code = problem.code(),
                error.cause = cause.unwrap_or_default(),
                "{error}"
            );
        }
        problem
    }
}
