//! What went wrong, for each of three readers: the person gets a sentence, the program a code, the
//! log the cause, once. None of them ever gets somebody's name, words or password.

use std::sync::Arc;

use app::pages::parts::{ProblemPage, ProblemPageProps};
use app::words::Language;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::office::page::page;
use crate::pwa::Site;
use crate::quarantine::DecideError;
use crate::router::language;
use crate::store::StoreError;
use crate::sync::SyncError;

/// Why a request was not done. The variants are what the caller can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Sign in first.
    NotSignedIn,
    /// It is another role's.
    Forbidden,
    /// The device was revoked.
    DeviceRevoked,
    /// The office keeps this person or device out for a time.
    Suspended,
    /// The copy on the device belongs to somebody else than who signed in.
    OtherOwner,
    /// The request came from another site.
    CrossSite,
    /// The server was called by a name that is not its own.
    WrongHost,
    /// The request cannot be read.
    Malformed,
    /// The request is not JSON.
    NotJson,
    /// There is no such address.
    NotFound,
    /// The address does not do this.
    WrongMethod,
    /// The request is larger than allowed.
    TooLarge,
    /// A family's attachments fill the room that they have.
    FamilyFull,
    /// What came is not what was announced.
    WrongHash,
    /// The request took too long.
    TooSlow,
    /// The app is too old to be understood.
    OldApp,
    /// Somebody else was faster.
    Conflict,
    /// Too many have asked this in a minute: again in the next.
    TooOften,
    /// The server has too much to do: again in a while.
    Busy,
    /// The database does not answer: again in a while.
    Unavailable,
    /// The database has no space left.
    NoSpace,
    /// Our own mistake.
    Internal,
}

impl Problem {
    /// The stable code. A code that was released never changes its meaning.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotSignedIn => "not_signed_in",
            Self::Forbidden => "forbidden",
            Self::DeviceRevoked => "device_revoked",
            Self::Suspended => "suspended",
            Self::OtherOwner => "other_owner",
            Self::CrossSite => "cross_site",
            Self::WrongHost => "wrong_host",
            Self::Malformed => "malformed",
            Self::NotJson => "not_json",
            Self::NotFound => "not_found",
            Self::WrongMethod => "wrong_method",
            Self::TooLarge => "too_large",
            Self::FamilyFull => "family_full",
            Self::WrongHash => "wrong_hash",
            Self::TooSlow => "too_slow",
            Self::OldApp => "old_app",
            Self::Conflict => "conflict",
            Self::TooOften => "too_often",
            Self::Busy => "busy",
            Self::Unavailable => "unavailable",
            Self::NoSpace => "no_space",
            Self::Internal => "internal",
        }
    }

    /// The status that HTTP has for it.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::NotSignedIn => StatusCode::UNAUTHORIZED,
            Self::Forbidden
            | Self::DeviceRevoked
            | Self::Suspended
            | Self::OtherOwner
            | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::WrongHost => StatusCode::MISDIRECTED_REQUEST,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge | Self::FamilyFull => StatusCode::PAYLOAD_TOO_LARGE,
            Self::WrongHash => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::OldApp => StatusCode::UPGRADE_REQUIRED,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooOften => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::NoSpace => StatusCode::INSUFFICIENT_STORAGE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// One plain sentence that says what to do.
    pub const fn sentence(self, language: Language) -> &'static str {
        match self {
            Self::NotSignedIn => language.say(
                "Entra di nuovo: quello che hai scritto resta sul telefono.",
                "Sign in again: what you wrote stays on the phone.",
            ),
            Self::Forbidden => language.say(
                "Il tuo ruolo non può farlo: chiedi al coordinatore.",
                "Your role may not do this: ask the coordinator.",
            ),
            Self::DeviceRevoked => language.say(
                "Questo telefono è stato revocato: chiedi all’amministratore.",
                "This phone was revoked: ask the administrator.",
            ),
            Self::Suspended => language.say(
                "Il tuo accesso è sospeso: chiama l’ufficio. Quello che hai scritto resta sul \
                 telefono.",
                "Your access is suspended: call the office. What you wrote stays on the phone.",
            ),
            Self::OtherOwner => language.say(
                "Su questo telefono è entrata un’altra persona: entra con il tuo account.",
                "Somebody else signed in on this phone: sign in with your own account.",
            ),
            Self::CrossSite => language.say(
                "La richiesta arriva da un altro sito: apri Percorso e riprova da lì.",
                "The request comes from another site: open Percorso and try from there.",
            ),
            Self::WrongHost => language.say(
                "Percorso non risponde a questo indirizzo: usa quello che ti ha dato l’ente.",
                "Percorso does not answer at this address: use the one that you were given.",
            ),
            Self::Malformed => language.say(
                "Richiesta non leggibile: aggiorna l’app e riprova.",
                "The request cannot be read: update the app and try again.",
            ),
            Self::NotJson => language.say(
                "La richiesta deve essere JSON: aggiorna l’app e riprova.",
                "The request must be JSON: update the app and try again.",
            ),
            Self::NotFound => language.say(
                "Qui non c’è niente: controlla l’indirizzo.",
                "There is nothing here: check the address.",
            ),
            Self::WrongMethod => language.say(
                "Questo indirizzo non accetta la richiesta: aggiorna l’app e riprova.",
                "This address does not take the request: update the app and try again.",
            ),
            Self::TooLarge => language.say(
                "La richiesta è troppo grande: invia meno alla volta.",
                "The request is too large: send less at a time.",
            ),
            Self::FamilyFull => language.say(
                "Lo spazio per gli allegati di questa famiglia è pieno: avvisa l’amministratore.",
                "The room for this family’s attachments is full: tell the administrator.",
            ),
            Self::WrongHash => language.say(
                "L’allegato è arrivato rovinato: riprova, o registralo di nuovo.",
                "The attachment arrived damaged: try again, or record it anew.",
            ),
            Self::TooSlow => language.say(
                "La rete è troppo lenta: riprova quando prende meglio.",
                "The network is too slow: try again when the signal is better.",
            ),
            Self::OldApp => language.say(
                "Aggiorna l’app: questa versione è troppo vecchia.",
                "Update the app: this version is too old.",
            ),
            Self::Conflict => language.say(
                "Qualcuno l’ha cambiato prima: ricarica la pagina e guarda di nuovo.",
                "Somebody changed it first: reload the page and look again.",
            ),
            Self::TooOften => language.say(
                "In questo minuto hanno chiesto in troppi: riprova tra un minuto.",
                "Too many have asked in this minute: try again in a minute.",
            ),
            Self::Busy => language.say(
                "Il server ha troppo da fare: riprova tra qualche secondo.",
                "The server has too much to do: try again in a few seconds.",
            ),
            Self::Unavailable => language.say(
                "L’archivio non risponde: riprova tra qualche minuto.",
                "The database does not answer: try again in a few minutes.",
            ),
            Self::NoSpace => language.say(
                "Il server non ha più spazio: avvisa l’amministratore.",
                "The server has no space left: tell the administrator.",
            ),
            Self::Internal => language.say(
                "Un errore nostro: riprova, e se succede ancora avvisa l’amministratore.",
                "A mistake of ours: try again, and if it repeats tell the administrator.",
            ),
        }
    }

    /// What an answer without a code of its own means: a limit, a wrong method, a bad header.
    const fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            401 => Self::NotSignedIn,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            405 => Self::WrongMethod,
            408 => Self::TooSlow,
            409 => Self::Conflict,
            413 => Self::TooLarge,
            415 => Self::NotJson,
            429 => Self::TooOften,
            503 => Self::Unavailable,
            507 => Self::NoSpace,
            400..=499 => Self::Malformed,
            _ => Self::Internal,
        }
    }

    /// After how many seconds it is worth asking again, where the server can say so.
    pub const fn retry_after_s(self) -> Option<u16> {
        match self {
            Self::TooOften => Some(60),
            Self::Busy => Some(5),
            _ => None,
        }
    }

    fn body(self, language: Language) -> Body {
        let said = serde_json::json!({
            "code": self.code(),
            "message": self.sentence(language),
        });
        Body::from(said.to_string())
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let problem = match &error {
            StoreError::Unavailable(_) => Self::Unavailable,
            StoreError::Full => Self::NoSpace,
            StoreError::Conflict => Self::Conflict,
            StoreError::NotFound => Self::NotFound,
            StoreError::Newer | StoreError::NotAStore | StoreError::Corrupt(_) => Self::Internal,
        };
        if problem.status().is_server_error() {
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

impl From<SyncError> for Problem {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::OtherProtocol(_) => Self::OldApp,
            SyncError::OtherOwner => Self::OtherOwner,
            SyncError::TooMany => Self::TooLarge,
            SyncError::DeviceRevoked => Self::DeviceRevoked,
            SyncError::Suspended => Self::Suspended,
            SyncError::Store(error) => error.into(),
        }
    }
}

impl From<DecideError> for Problem {
    fn from(error: DecideError) -> Self {
        match error {
            DecideError::BadReason => Self::Malformed,
            DecideError::Obstacle(_) => Self::Forbidden,
            DecideError::Store(error) => error.into(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(self.body(Language::Italian));
        *response.status_mut() = self.status();
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(CONTENT_TYPE, json);
        if let Some(seconds) = self.retry_after_s() {
            let headers = response.headers_mut();
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Gives every failure its sentence in the reader's language, and under `/api` its code: also
/// those that a limit, an extractor or the router made, which know neither.
pub async fn in_words(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let is_api = is_api(request.uri().path());
    let language = language(request.headers(), None);
    let mut response = next.run(request).await;
    let status = response.status();
    let known = response.extensions().get::<Problem>().copied();
    let is_failure = status.is_client_error() || status.is_server_error();
    let kind = response.headers().get(CONTENT_TYPE);
    let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_failure || is_page {
        return response;
    }
    let problem = known.unwrap_or_else(|| Problem::of_status(status));
    if !is_api {
        let css = site.css().to_owned();
        let words = problem.sentence(language);
        let view = move || {
            ProblemPage(ProblemPageProps {
                language,
                css,
                words,
            })
        };
        return page(problem.status(), language, view).await;
    }
    // A code has one status, whatever the extractor that failed thought of.
    *response.status_mut() = problem.status();
    *response.body_mut() = problem.body(language);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.remove(CONTENT_LENGTH);
    response
}

/// Whether an address belongs to programs, not to people.
pub fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}
