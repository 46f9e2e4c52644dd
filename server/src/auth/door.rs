//! The sign-in page's handlers: show it, try a password, try a person of the demonstration, leave.

use app::pages::sign_in::{Demonstration, Person, Refused, SignIn, SignInPage, SignInPageProps};
use app::words::Language;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::vocabulary::Role;
use serde::Deserialize;

use crate::auth::{Signed, begin, cookie, form_token, fresh_secret, is_same, now};
use crate::error::Problem;
use crate::office::page::{page, role_word};
use crate::router::{AppState, language};
use crate::store::User;

/// The cookie that binds the sign-in form to the browser that asked for it.
const ENTRY: &str = "percorso-entry";
const ENTRY_AGE_S: i64 = 12 * 60 * 60;
/// What an app whose copy is gone says in the address: `motivo=copia`.
const COPY_GONE: &str = "copia";

/// What the address of the page may say.
#[derive(Debug, Deserialize)]
pub struct Asked {
    ritorno: Option<String>,
    lingua: Option<String>,
    motivo: Option<String>,
}

/// What the forms say.
#[derive(Deserialize)]
pub struct Tried {
    #[serde(default)]
    token: String,
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    ritorno: Option<String>,
}

/// `GET /accesso`
///
/// # Errors
/// The store does not answer.
pub async fn show(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let language = language(&headers, asked.lingua.as_deref());
    let view = View {
        language,
        back: asked.ritorno,
        login: String::new(),
        refused: None,
        is_copy_gone: asked.motivo.as_deref() == Some(COPY_GONE),
    };
    view.render(&state, &headers).await
}

/// `POST /accesso`
///
/// # Errors
/// The store does not answer.
pub async fn enter(
    State(state): State<AppState>,
    headers: HeaderMap,
    Form(tried): Form<Tried>,
) -> Result<Response, Problem> {
    let view = View {
        language: language(&headers, None),
        back: tried.ritorno.clone(),
        login: tried.login.clone(),
        refused: None,
        is_copy_gone: false,
    };
    if !is_ours(&state, &headers, &tried.token) {
        return view.refuse(Refused::Stale, &state, &headers).await;
    }
    let store = state.store.as_ref();
    match state
        .doorkeeper
        .admit(store, &tried.login, tried.password)
        .await?
    {
        Ok(user) => enter_as(&state, &headers, &user, tried.ritorno).await,
        Err(refused) => view.refuse(refused, &state, &headers).await,
    }
}

/// `POST /accesso/prova`: becomes a person of the demonstration. Anywhere else there is no such
/// address.
///
/// # Errors
/// The database is not a demonstration, or does not answer.
pub async fn try_out(
    State(state): State<AppState>,
    headers: HeaderMap,
    Form(tried): Form<Tried>,
) -> Result<Response, Problem> {
    if state.demonstration.is_none() {
        return Err(Problem::NotFound);
    }
    if !is_ours(&state, &headers, &tried.token) {
        let view = View {
            language: language(&headers, None),
            back: tried.ritorno,
            login: tried.login,
            refused: None,
            is_copy_gone: false,
        };
        return view.refuse(Refused::Stale, &state, &headers).await;
    }
    let found = state.store.user_by_login(&tried.login).await?;
    let user = found.map(|found| found.user).filter(|user| user.is_active);
    let user = user.ok_or(Problem::NotFound)?;
    enter_as(&state, &headers, &user, tried.ritorno).await
}

/// `POST /accesso/uscita`
///
/// # Errors
/// The form is not one of ours, or the store does not answer.
pub async fn leave(
    State(state): State<AppState>,
    signed: Signed,
    Form(tried): Form<Tried>,
) -> Result<Response, Problem> {
    if !is_same(&tried.token, &signed.form_token) {
        return Err(Problem::CrossSite);
    }
    state.store.end_session(signed.token, now()).await?;
    let mut response = see("/accesso");
    let gone = state.origin.cookie("percorso", "", 0);
    response.headers_mut().append(SET_COOKIE, gone);
    Ok(response)
}

async fn enter_as(
    state: &AppState,
    headers: &HeaderMap,
    user: &User,
    back: Option<String>,
) -> Result<Response, Problem> {
    // The browser's earlier sign-in ends: nobody leaves theirs open behind another's.
    let name = state.origin.cookie_name("percorso");
    if let Some(earlier) = cookie(headers, &name) {
        let token = super::hash_of(&earlier);
        state.store.end_session(token, now()).await?;
    }
    let carried = begin(state, user).await?;
    let mut response = see(&destination(user.role, back.as_deref()));
    response.headers_mut().append(SET_COOKIE, carried);
    // Every sync would carry it, and the next sign-in gets one of its own.
    let used = state.origin.cookie(ENTRY, "", 0);
    response.headers_mut().append(SET_COOKIE, used);
    Ok(response)
}

/// Where a person goes after signing in: back where they came from, if their role may open it.
fn destination(role: Role, back: Option<&str>) -> String {
    let back = back.and_then(own_path);
    let is_office = |path: &&str| *path == "/ufficio" || path.starts_with("/ufficio/");
    match role {
        Role::Coordinator | Role::Administrator => back.filter(is_office).unwrap_or("/ufficio"),
        Role::Mediator | Role::SocialWorker | Role::System => {
            back.filter(|path| !is_office(path)).unwrap_or("/")
        }
    }
    .to_owned()
}

/// A path of this site where a person may be sent: never another site, never a loop.
fn own_path(path: &str) -> Option<&str> {
    let is_path = path.starts_with('/') && !path.starts_with("//") && path.len() <= 512;
    let is_plain = path
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_elsewhere = ["/api", "/accesso"].iter().any(|no| path.starts_with(no));
    (is_path && is_plain && !is_elsewhere).then_some(path)
}

fn see(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let path = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(LOCATION, path);
    response
}

fn is_ours(state: &AppState, headers: &HeaderMap, token: &str) -> bool {
    let name = state.origin.cookie_name(ENTRY);
    cookie(headers, &name).is_some_and(|entry| is_same(&form_token(&entry), token))
}

struct View {
    language: Language,
    back: Option<String>,
    login: String,
    refused: Option<Refused>,
    is_copy_gone: bool,
}

impl View {
    async fn refuse(
        mut self,
        refused: Refused,
        state: &AppState,
        headers: &HeaderMap,
    ) -> Result<Response, Problem> {
        self.refused = Some(refused);
        self.render(state, headers).await
    }

    async fn render(self, state: &AppState, headers: &HeaderMap) -> Result<Response, Problem> {
        let name = state.origin.cookie_name(ENTRY);
        let entry = cookie(headers, &name).unwrap_or_else(fresh_secret);
        let shown = SignIn {
            language: self.language,
            css: state.site.css().to_owned(),
            token: form_token(&entry),
            back: self
                .back
                .as_deref()
                .and_then(own_path)
                .map(ToOwned::to_owned),
            login: self.login.chars().take(200).collect(),
            refused: self.refused,
            is_copy_gone: self.is_copy_gone,
            is_demonstration: state.is_demonstration,
            demonstration: demonstration(state, self.language).await?,
        };
        let status = match self.refused {
            None => StatusCode::OK,
            Some(Refused::Wrong) => StatusCode::UNAUTHORIZED,
            Some(Refused::Locked { .. }) => StatusCode::TOO_MANY_REQUESTS,
            Some(Refused::Busy) => StatusCode::SERVICE_UNAVAILABLE,
            Some(Refused::Stale | Refused::Suspended { .. }) => StatusCode::FORBIDDEN,
        };
        let view = move || SignInPage(SignInPageProps { page: shown });
        let mut response = page(status, self.language, view).await;
        let kept = state.origin.cookie(ENTRY, &entry, ENTRY_AGE_S);
        response.headers_mut().append(SET_COOKIE, kept);
        Ok(response)
    }
}

async fn demonstration(
    state: &AppState,
    language: Language,
) -> Result<Option<Demonstration>, Problem> {
    let Some(password) = state.demonstration else {
        return Ok(None);
    };
    let users = state.store.users().await?;
    let people = users.into_iter().filter(|user| user.is_active);
    let mut people: Vec<User> = people.collect();
    people.sort_by_key(|user| (user.role, user.name.clone()));
    let people = people.into_iter().map(|user| Person {
        login: user.login,
        note: role_word(user.role, language),
        name: user.name,
    });
    Ok(Some(Demonstration {
        people: people.collect(),
        password,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        let check = |path, expected| assert_eq!(own_path(path), expected, "{path}");
        check("/famiglie", Some("/famiglie"));
        check("/famiglia/1?da=oggi", Some("/famiglia/1?da=oggi"));
        check("//evil.example", None);
        check("/\\evil.example", None);
        check("https://evil.example", None);
        check("/accesso?ritorno=/accesso", None);
        check("/a\r\nset-cookie: x", None);
        check("", None);
    }

    #[test]
    fn each_role_goes_home_after_signing_in() {
        let check = |role, back, expected| assert_eq!(destination(role, back), expected);
        check(Role::Mediator, None, "/");
        check(Role::Mediator, Some("/famiglie"), "/famiglie");
        check(Role::SocialWorker, Some("/ufficio"), "/");
        check(Role::Coordinator, None, "/ufficio");
        check(
            Role::Administrator,
            Some("/ufficio/registro"),
            "/ufficio/registro",
        );
        check(Role::Administrator, Some("/famiglie"), "/ufficio");
    }
}
