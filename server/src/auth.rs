//! Who is asking: passwords, sign-ins and the cookie that carries them.
//!
//! The cookie holds a random token; the database holds its SHA-256 only. Nothing here ever logs a
//! login, a password or a cookie.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use app::pages::sign_in::Refused;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use domain::id::{DeviceId, Millis};
use domain::vocabulary::Role;
use password::Turn;
use sha2::{Digest, Sha256};

use crate::error::Problem;
use crate::names::introduce;
use crate::pwa::hex;
use crate::quarantine::catch_up;
use crate::router::AppState;
use crate::store::{NewSession, Session, Store, TokenHash, User};

pub mod door;
pub mod password;

/// After so long without a request, a sign-in for pages is over.
pub const IDLE_MS: i64 = 12 * 60 * 60 * 1000;
/// After so long, a sign-in for pages is over whatever happens.
pub const SESSION_MS_MAX: i64 = 14 * DAY_MS;
/// After so long without a request, a sign-in that is tied to a phone's copy is over: as long as
/// the copy may be worked on without the server (sync.md §4, the lease). Nobody types a password
/// at a family's door each morning, since other things guard the phone: its PIN opens the copy and
/// nothing else does, the sign-in is good for that copy only, and revoking the phone, suspending
/// or shutting out the person ends or stops it at once. Office pages have no PIN before them:
/// they ask again after [`IDLE_MS`], whatever the sign-in is tied to.
pub const COPY_IDLE_MS: i64 = 14 * DAY_MS;
/// After so long, a phone's sign-in is over whatever happens: a password that is never asked for
/// is forgotten.
pub const COPY_SESSION_MS_MAX: i64 = 180 * DAY_MS;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// A sign-in's end is moved when at least so much is gained, so that most requests write nothing.
const EXTEND_MS_MIN: i64 = 10 * 60 * 1000;
/// Wrong passwords in a row before the door closes.
pub const WRONG_MAX: u32 = 5;
/// How long the door stays closed at first; each further wrong try doubles it.
pub const LOCK_MS: i64 = 15 * 60 * 1000;
const LOCK_MS_MAX: i64 = 24 * 60 * 60 * 1000;
const CHECK_WAIT: Duration = Duration::from_secs(5);
/// Logins that do not exist, remembered so that they close like the others.
const STRANGERS_MAX: usize = 10_000;

/// The clock on the wall: the only place of the server that reads it.
pub fn now() -> Millis {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Guards the sign-in: slows down who tries passwords, and answers strangers like users.
#[derive(Debug, Default)]
pub struct Doorkeeper {
    strangers: Mutex<BTreeMap<[u8; 32], (u32, Millis)>>,
}

impl Doorkeeper {
    /// The user with this login and password.
    ///
    /// # Errors
    /// `Ok(Err(_))` where the person has to do something, `Err` where the server could not.
    pub async fn admit(
        &self,
        store: &dyn Store,
        login: &str,
        password: String,
    ) -> Result<Result<User, Refused>, Problem> {
        let login = login.trim().to_lowercase();
        // The turn comes first: who waits in the queue is judged by what happened meanwhile.
        let turn = tokio::time::timeout(CHECK_WAIT, Turn::wait()).await;
        let Ok(turn) = turn else {
            return Ok(Err(Refused::Busy));
        };
        let found = store.user_by_login(&login).await?;
        // The server has a name too, under which it may do all; nobody signs in with it.
        let found = found.filter(|found| found.user.role != Role::System);
        let now = now();
        let until = match &found {
            Some(found) => found.locked_until,
            None => self.stranger_locked_until(&login),
        };
        if let Some(until) = until.filter(|until| *until > now) {
            return Ok(Err(locked(until, now)));
        }
        let hash = found.as_ref().map(|found| found.password_hash.clone());
        let is_right = turn.check(password, hash).await;
        match found {
            Some(found) if is_right && found.user.is_active => {
                // Only who knows the password learns of it.
                if let Some(until) = found.suspended_until.filter(|until| *until > now) {
                    return Ok(Err(Refused::Suspended {
                        until: crate::office::day(until),
                    }));
                }
                if found.failed_attempts > 0 {
                    store.reset_failed_logins(found.user.id).await?;
                }
                Ok(Ok(found.user))
            }
            Some(found) => {
                let wrong = store.record_failed_login(found.user.id, now).await?;
                tracing::info!(user.id = %found.user.id, wrong, "sign-in refused");
                let Some(until) = locked_until(wrong, now) else {
                    return Ok(Err(Refused::Wrong));
                };
                store.lock_login(found.user.id, until, now).await?;
                Ok(Err(locked(until, now)))
            }
            None => {
                let wrong = self.count_stranger(&login, now);
                let until = locked_until(wrong, now);
                Ok(Err(until.map_or(Refused::Wrong, |until| locked(until, now))))
            }
        }
    }

    fn stranger_locked_until(&self, login: &str) -> Option<Millis> {
        let strangers = self
            .strangers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let (_, until) = strangers.get(&digest(login))?;
        Some(*until)
    }

    fn count_stranger(&self, login: &str, now: Millis) -> u32 {
        let mut strangers = self
            .strangers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if strangers.len() >= STRANGERS_MAX {
            strangers.retain(|_, (_, until)| *until > now);
        }
        if strangers.len() >= STRANGERS_MAX {
            strangers.clear();
        }
        let (wrong, until) = strangers.entry(digest(login)).or_default();
        *wrong = wrong.saturating_add(1);
        *until = locked_until(*wrong, now).unwrap_or_default();
        *wrong
    }
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// Until when the door stays closed after so many wrong passwords in a row.
fn locked_until(wrong: u32, now: Millis) -> Option<Millis> {
    let more = wrong.checked_sub(WRONG_MAX)?;
    let factor = 1_i64.checked_shl(more.min(16)).unwrap_or(i64::MAX);
    Some(now.plus(LOCK_MS.saturating_mul(factor).min(LOCK_MS_MAX)))
}

fn locked(until: Millis, now: Millis) -> Refused {
    let left = until.0.saturating_sub(now.0).max(1);
    let minutes = left.saturating_add(59_999) / 60_000;
    Refused::Locked { minutes }
}

/// A secret of 16 random bytes, which nobody guesses, as a cookie or a form carries it. Every
/// request of a phone carries one, so it is written as short as may be.
pub fn fresh_secret() -> String {
    Base64UrlUnpadded::encode_string(&rand::random::<[u8; 16]>())
}

/// The token of a form, bound to a cookie: who cannot read the cookie cannot make it.
pub fn form_token(cookie: &str) -> String {
    let mut hash = Sha256::new();
    hash.update("percorso form\0");
    hash.update(cookie);
    hex(&hash.finalize())
}

/// Whether two secrets are the same, in a time that does not tell where they differ.
pub fn is_same(a: &str, b: &str) -> bool {
    let differing = a
        .bytes()
        .zip(b.bytes())
        .fold(0, |sum, (a, b)| sum | (a ^ b));
    a.len() == b.len() && differing == 0
}

/// The value of a cookie of the request.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

/// Stores a new sign-in and answers the cookie that carries it.
///
/// # Errors
/// The store did not keep it.
pub async fn begin(state: &AppState, user: &User) -> Result<HeaderValue, Problem> {
    let secret = fresh_secret();
    let now = now();
    let session = NewSession {
        token: hash_of(&secret),
        user: user.id,
        device: None,
        expires_at: now.plus(IDLE_MS),
    };
    state.store.create_session(&session, now).await?;
    tracing::info!(user.id = %user.id, "signed in");
    // How long it is good is said by the server, which learns only later whether it keeps a copy.
    let age_s = COPY_SESSION_MS_MAX / 1000;
    Ok(state.origin.cookie("percorso", &secret, age_s))
}

/// Ends the sign-in that a request carries, whatever its state.
///
/// # Errors
/// There is none, or the store did not do it.
pub async fn leave(state: &AppState, headers: &HeaderMap) -> Result<(), Problem> {
    let name = state.origin.cookie_name("percorso");
    let secret = cookie(headers, &name).ok_or(Problem::NotSignedIn)?;
    Ok(state.store.end_session(hash_of(&secret), now()).await?)
}

fn hash_of(secret: &str) -> TokenHash {
    TokenHash(digest(secret))
}

/// Somebody who has signed in.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Who.
    pub user: User,
    /// Their sign-in.
    pub token: TokenHash,
    /// The device whose copy the sign-in keeps, once it has synced.
    pub device: Option<DeviceId>,
    /// The token of their forms.
    pub form_token: String,
}

/// A sign-in as the request found it: nothing says yet that it was used.
struct Found {
    signed: Signed,
    session: Session,
    now: Millis,
}

impl Found {
    async fn of(headers: &HeaderMap, state: &AppState) -> Result<Self, Problem> {
        let name = state.origin.cookie_name("percorso");
        let secret = cookie(headers, &name).ok_or(Problem::NotSignedIn)?;
        let token = hash_of(&secret);
        let now = now();
        let session = state.store.session(token, now).await?;
        let session = session.ok_or(Problem::NotSignedIn)?;
        // It is swept away once it has rested: nobody signed out.
        if now >= session.created_at.plus(session_ms_max(session.device)) {
            return Err(Problem::NotSignedIn);
        }
        if session.suspended_until.is_some_and(|until| until > now) {
            return Err(Problem::Suspended);
        }
        let signed = Signed {
            user: session.user.clone(),
            token,
            device: session.device,
            form_token: form_token(&secret),
        };
        Ok(Self {
            signed,
            session,
            now,
        })
    }

    /// Whether pages, which no PIN guards, still believe it.
    fn is_good_for_pages(&self) -> bool {
        let used = self.session.expires_at.plus(-idle_ms(self.session.device));
        self.now < used.plus(IDLE_MS)
    }

    /// Notes that it was used: from now on it lasts as long again.
    async fn used(self, state: &AppState) -> Result<Signed, Problem> {
        let until = self.now.plus(idle_ms(self.session.device));
        if until.0.saturating_sub(self.session.expires_at.0) >= EXTEND_MS_MIN {
            let token = self.signed.token;
            state.store.extend_session(token, until).await?;
        }
        Ok(self.signed)
    }
}

/// For how long a sign-in lasts without being used.
const fn idle_ms(device: Option<DeviceId>) -> i64 {
    match device {
        None => IDLE_MS,
        Some(_) => COPY_IDLE_MS,
    }
}

/// For how long a sign-in lasts at most.
const fn session_ms_max(device: Option<DeviceId>) -> i64 {
    match device {
        None => SESSION_MS_MAX,
        Some(_) => COPY_SESSION_MS_MAX,
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Signed
where
    AppState: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let state = AppState::from_ref(state);
        Found::of(&parts.headers, &state).await?.used(&state).await
    }
}

/// Somebody who has signed in and reads a page: others are sent to sign in and come back.
#[derive(Clone, Debug)]
pub struct SignedReader(pub Signed);

impl SignedReader {
    async fn of(headers: &HeaderMap, state: &AppState) -> Result<Self, Problem> {
        let found = Found::of(headers, state).await?;
        if found.is_good_for_pages() {
            Ok(Self(found.used(state).await?))
        } else {
            Err(Problem::NotSignedIn)
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SignedReader
where
    AppState: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        match Self::of(&parts.headers, &AppState::from_ref(state)).await {
            Ok(reader) => Ok(reader),
            Err(Problem::NotSignedIn) => {
                let back = app::pages::parts::percent_encoded(parts.uri.path());
                Err(Redirect::to(&format!("/accesso?ritorno={back}")).into_response())
            }
            Err(problem) => Err(problem.into_response()),
        }
    }
}

/// Deletes sign-ins that are over, has everybody known by name and looks at what waited for
/// something that is over, every hour, for as long as the server runs.
pub async fn sweep(store: Arc<dyn Store>) {
    let mut hour = tokio::time::interval(Duration::from_secs(3600));
    loop {
        hour.tick().await;
        match store.sweep_sessions(now()).await {
            Ok(0) => {}
            Ok(swept) => tracing::info!(swept, "sign-ins that were over are deleted"),
            Err(error) => tracing::warn!(error.cause = %error, "sign-ins were not swept"),
        }
        introduce(&*store).await;
        catch_up(&*store).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_door_closes_at_the_fifth_wrong_password_and_longer_each_time() {
        let minutes = |wrong| locked_until(wrong, Millis(0)).map(|until| until.0 / 60_000);
        assert_eq!(minutes(4), None);
        assert_eq!(minutes(5), Some(15));
        assert_eq!(minutes(6), Some(30));
        assert_eq!(minutes(9), Some(240));
        assert_eq!(minutes(4_000_000), Some(24 * 60));
    }

    #[test]
    fn minutes_to_wait_are_rounded_up() {
        let check = |left, minutes| {
            assert_eq!(locked(Millis(left), Millis(0)), Refused::Locked { minutes });
        };
        check(1, 1);
        check(60_000, 1);
        check(60_001, 2);
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.insert(
            COOKIE,
            HeaderValue::from_static("xpercorso=1; percorso=2; other=3"),
        );
        assert_eq!(cookie(&headers, "percorso").as_deref(), Some("2"));
        assert_eq!(cookie(&headers, "absent"), None);
    }
}
