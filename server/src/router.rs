//! Which address does what, and what holds for all of them: limits, headers, failures in words.

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::words::Language;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRef, MatchedPath, Request, State};
use axum::http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderName,
    ORIGIN, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use replica::message::{REQUEST_BYTES_MAX, SyncRequest};
use replica::quarantine;
use replica::sealed::{Delivery, DeliveryReply, Key, KeyRequest};
use serde_json::{Value, json};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{
    DefaultPredicate, NotForContentType, Predicate, SizeAbove,
};
use tower_http::decompression::RequestDecompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::attachments;
use crate::attachments::files::Files;
use crate::auth::{self, Doorkeeper, Signed, cookie, door, now};
use crate::config::origin::Origin;
use crate::error::{Problem, in_words, is_api};
use crate::office;
use crate::openapi::{self, Failures, messages};
use crate::pwa::Site;
use crate::quarantine::decide;
use crate::sealed::{self, Hatch, register};
use crate::store::{Sender, Store};
use crate::sync::exchange;

/// What is read from the wire at most. The limit that speaks to the phone is the one on what was
/// unpacked; this one, wider, ends a request that no honest phone sends.
const WIRE_BYTES_MAX: usize = 2 * REQUEST_BYTES_MAX;
/// A form of a page at most.
const FORM_BYTES_MAX: usize = 16 * 1024;
/// Answers below this size travel as they are.
const PACKED_BYTES_MIN: u16 = 256;
/// After so long an answer is given up. The phone gives up a little later.
const ANSWER_MAX: Duration = Duration::from_secs(29);

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data: blob:; media-src blob:; connect-src 'self'; font-src 'self'; \
     manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";
const PERMISSIONS: &str = "microphone=(self), camera=(), geolocation=(), payment=(), usb=(), \
     display-capture=(), browsing-topics=()";

/// What every handler may use.
#[derive(Clone)]
pub struct AppState {
    /// Everything that is kept.
    pub store: Arc<dyn Store>,
    /// The built site.
    pub site: Arc<Site>,
    /// The address that people type.
    pub origin: Arc<Origin>,
    /// Where the bytes of attachments lie.
    pub files: Files,
    /// Guards the sign-in.
    pub doorkeeper: Arc<Doorkeeper>,
    /// Takes sealed deliveries in, one at a time.
    pub hatch: Arc<Hatch>,
    /// Whether everything kept is invented.
    pub is_demonstration: bool,
    /// The password that everybody of the demonstration has, where nobody chose another: then
    /// anybody may try anyone.
    pub demonstration: Option<&'static str>,
}

impl AppState {
    /// The state of a server that serves real families.
    pub fn new(store: Arc<dyn Store>, files: Files, site: Site, origin: Origin) -> Self {
        Self {
            store,
            site: Arc::new(site),
            origin: Arc::new(origin),
            files,
            doorkeeper: Arc::default(),
            hatch: Arc::default(),
            is_demonstration: false,
            demonstration: None,
        }
    }
}

impl FromRef<AppState> for Arc<Site> {
    fn from_ref(state: &AppState) -> Self {
        state.site.clone()
    }
}

/// The whole server.
pub fn router(state: AppState) -> Router {
    let api = Router::new()
        .route("/api/v1/openapi.json", get(openapi::describe))
        .route("/api/v1/health", get(health))
        .route("/api/v1/me", get(me))
        .route("/api/v1/session", delete(end_session))
        .route("/api/v1/session/end", post(end_session_by_post))
        .route("/api/v1/sync", post(sync))
        .route("/api/v1/quarantine", post(held))
        .route("/api/v1/sealed", post(deliver))
        .route("/api/v1/sealed/key", post(sealing_key))
        .merge(attachments::routes())
        .layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX))
        .layer(RequestDecompressionLayer::new());
    let pages = Router::new()
        .route("/accesso", get(door::show).post(door::enter))
        .route("/accesso/prova", post(door::try_out))
        .route("/accesso/uscita", post(door::leave))
        .merge(office::routes())
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX));
    Router::new()
        .merge(api)
        .merge(pages)
        .fallback(site)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(state.clone(), own_requests))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            ANSWER_MAX,
        ))
        .layer(RequestBodyLimitLayer::new(WIRE_BYTES_MAX))
        .layer(from_fn_with_state(state.clone(), in_words))
        .layer(CompressionLayer::new().compress_when(worth_packing()))
        .layer(from_fn_with_state(state.clone(), headers))
        .layer(from_fn(log))
        .with_state(state)
}

/// A small answer grows when it is packed: it then has a header more and is sent in chunks. What is
/// attached is packed already.
fn worth_packing() -> impl Predicate {
    SizeAbove::new(PACKED_BYTES_MIN)
        .and(DefaultPredicate::new())
        .and(NotForContentType::const_new("application/octet-stream"))
}

/// The language of a page: what its address says, what the reader chose before, what their
/// browser asks for.
pub fn language(headers: &HeaderMap, asked: Option<&str>) -> Language {
    let kept = cookie(headers, "lingua");
    asked
        .and_then(Language::from_code)
        .or_else(|| kept.as_deref().and_then(Language::from_code))
        .unwrap_or_else(|| {
            let header = headers
                .get(ACCEPT_LANGUAGE)
                .and_then(|value| value.to_str().ok());
            header.map(Language::from_accepted).unwrap_or_default()
        })
}

/// Whether the server and its database answer.
#[utoipa::path(
    get,
    path = "/api/v1/health",
    responses((status = 200, description = "They do.", body = messages::Health), Failures),
)]
async fn health(State(state): State<AppState>) -> Result<Json<Value>, Problem> {
    state.store.reference_scope().await?;
    Ok(Json(json!({ "status": "ok", "build": state.site.build() })))
}

/// Who is signed in.
#[utoipa::path(
    get,
    path = "/api/v1/me",
    security(("sign_in" = [])),
    responses((status = 200, description = "This person.", body = messages::Me), Failures),
)]
async fn me(State(state): State<AppState>, signed: Signed) -> Json<Value> {
    Json(json!({
        "user": signed.user.id,
        "name": signed.user.name,
        "role": signed.user.role,
        "device": signed.device,
        "demonstration": state.is_demonstration,
    }))
}

/// Ends the sign-in. Who is suspended may leave, too.
#[utoipa::path(
    delete,
    path = "/api/v1/session",
    security(("sign_in" = [])),
    responses((status = 200, description = "It is over.", body = messages::Done), Failures),
)]
async fn end_session(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    auth::leave(&state, &headers).await?;
    let gone = state.origin.cookie("percorso", "", 0);
    let set_cookie = axum::http::header::SET_COOKIE;
    Ok(([(set_cookie, gone)], Json(json!({}))).into_response())
}

/// Ends the sign-in, for a page that is being closed and can only post.
#[utoipa::path(
    post,
    path = "/api/v1/session/end",
    security(("sign_in" = [])),
    request_body = messages::Done,
    responses((status = 200, description = "It is over.", body = messages::Done), Failures),
)]
async fn end_session_by_post(
    state: State<AppState>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    end_session(state, headers).await
}

/// Takes in what a phone wrote and answers what it has not read yet.
#[utoipa::path(
    post,
    path = "/api/v1/sync",
    security(("sign_in" = [])),
    request_body = messages::SyncRequest,
    responses(
        (status = 200, description = "After the commit.", body = messages::SyncReply),
        Failures,
    ),
)]
async fn sync(
    State(state): State<AppState>,
    signed: Signed,
    Json(request): Json<SyncRequest>,
) -> Result<Response, Problem> {
    // A copy keeps its sign-in to itself: whoever finds the cookie of a phone, but not its PIN,
    // must not fill a new copy with it.
    if signed.device.is_some_and(|device| device != request.device) {
        return Err(Problem::NotSignedIn);
    }
    let sender = Sender::new(signed.user.id, signed.user.role, request.device);
    let now = now();
    let reply = exchange(state.store.as_ref(), &sender, &request, now).await?;
    if signed.device.is_none() {
        let (store, until) = (&state.store, now.plus(auth::COPY_IDLE_MS));
        store
            .tie_session(signed.token, request.device, until)
            .await?;
    }
    Ok(Json(reply).into_response())
}

/// What waits for this person's decision, after what they have just decided. Whoever found a
/// phone's cookie but not its copy gets no words from here.
#[utoipa::path(
    post,
    path = "/api/v1/quarantine",
    security(("sign_in" = [])),
    request_body = messages::QuarantineRequest,
    responses(
        (status = 200, description = "What waits now.", body = messages::QuarantineReply),
        Failures,
    ),
)]
async fn held(
    State(state): State<AppState>,
    signed: Signed,
    Json(request): Json<quarantine::Request>,
) -> Result<Json<quarantine::Reply>, Problem> {
    if signed.device != Some(request.device) {
        return Err(Problem::NotSignedIn);
    }
    let sender = Sender::new(signed.user.id, signed.user.role, request.device);
    let store = state.store.as_ref();
    Ok(Json(decide(store, &sender, request, now()).await?))
}

/// The key that a phone seals unsent ops to. A phone asks once its sign-in is tied to its copy.
#[utoipa::path(
    post,
    path = "/api/v1/sealed/key",
    security(("sign_in" = [])),
    request_body = messages::KeyRequest,
    responses(
        (status = 200, description = "The public key, X25519.", body = messages::Key),
        Failures,
    ),
)]
async fn sealing_key(
    State(state): State<AppState>,
    signed: Signed,
    Json(request): Json<KeyRequest>,
) -> Result<Json<Key>, Problem> {
    if signed.device != Some(request.device) {
        return Err(Problem::NotSignedIn);
    }
    let store = state.store.as_ref();
    Ok(Json(
        register(store, signed.user.id, &request, now()).await?,
    ))
}

/// Takes sealed ops from whoever brings them: nobody has to be signed in.
#[utoipa::path(
    post,
    path = "/api/v1/sealed",
    request_body = messages::Delivery,
    responses(
        (status = 200, description = "A word for each.", body = messages::DeliveryReply),
        Failures,
    ),
)]
async fn deliver(
    State(state): State<AppState>,
    signed: Result<Signed, Problem>,
    Json(delivery): Json<Delivery>,
) -> Result<Json<DeliveryReply>, Problem> {
    let by = signed.ok().map(|signed| signed.user.id);
    let now = now();
    let _turn = state.hatch.enter(by.is_some(), now).await?;
    let store = state.store.as_ref();
    Ok(Json(sealed::deliver(store, by, &delivery, now).await?))
}

/// Files of the site by their address; every other address that looks like a page is the app's.
async fn site(
    State(site): State<Arc<Site>>,
    method: Method,
    request: Request,
) -> Result<Response, Problem> {
    let path = request.uri().path();
    if is_api(path) {
        return Err(Problem::NotFound);
    }
    if method != Method::GET && method != Method::HEAD {
        return Err(Problem::WrongMethod);
    }
    if let Some(file) = site.file(path) {
        return Ok(file.respond(request.headers()));
    }
    let is_file = path
        .rsplit('/')
        .next()
        .is_some_and(|name| name.contains('.'));
    if is_file {
        return Err(Problem::NotFound);
    }
    Ok(site.shell().respond(request.headers()))
}

/// Refuses what another site makes a browser send, and whoever calls the server by another name.
async fn own_requests(State(state): State<AppState>, request: Request, next: Next) -> Response {
    match check_own(&state, &request) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

fn check_own(state: &AppState, request: &Request) -> Result<(), Problem> {
    let header = |name: HeaderName| request.headers().get(name).and_then(|v| v.to_str().ok());
    let path = request.uri().path();
    // The address may carry the host as well (RFC 9112, section 3.2.2).
    let named = request
        .uri()
        .authority()
        .map(|authority| authority.as_str());
    let host = header(HOST).or(named).unwrap_or_default();
    if path != "/api/v1/health" && !state.origin.is_host(host) {
        return Err(Problem::WrongHost);
    }
    if request.method().is_safe() {
        return Ok(());
    }
    let site = header(HeaderName::from_static("sec-fetch-site"));
    let origin = header(ORIGIN);
    // Browsers that say where a request comes from are believed; `Origin` is then `null` for a
    // form of ours, since our referrer policy hides it.
    let is_cross = match (site, origin) {
        (Some(site), _) => site != "same-origin",
        (None, Some(origin)) => !state.origin.is_same(origin, host),
        (None, None) => false,
    };
    if is_cross {
        return Err(Problem::CrossSite);
    }
    let is_json = header(CONTENT_TYPE).is_some_and(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/json")
    });
    // A form of another site cannot send this type, whatever the browser's age; and no form at
    // all can ask for a deletion or put something.
    let is_no_form = [Method::DELETE, Method::PUT].contains(request.method());
    if is_api(path) && !is_json && !is_no_form {
        return Err(Problem::NotJson);
    }
    Ok(())
}

const ON_PAGES: [(HeaderName, &str); 6] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// An answer of the API is no document and never taken for one, so it needs no word on what a
/// document may do. A phone on a slow line asks often: this is all that it is sent.
const ON_THE_API: [(HeaderName, &str); 1] = [(X_CONTENT_TYPE_OPTIONS, "nosniff")];

/// What holds for every answer.
async fn headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let is_api = is_api(request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed: &[(HeaderName, &str)] = if is_api { &ON_THE_API } else { &ON_PAGES };
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if is_api {
        // It is for caches, and none may keep this.
        headers.remove(VARY);
    }
    if state.origin.is_https() {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(STRICT_TRANSPORT_SECURITY, year);
    }
    // Whatever is not a file of the site is about somebody: nobody keeps a copy.
    if is_api || !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// One line for each request that does something. Never the address itself, in which a person
/// may have written anything: only the route that it met.
async fn log(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map(|path| path.as_str().to_owned());
    let response = next.run(request).await;
    let status = response.status();
    let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (route, code) = (route.as_deref().unwrap_or("site"), status.as_u16());
    macro_rules! say {
        ($level:ident, $said:literal) => {
            tracing::$level!(
                http.method = %method,
                http.route = route,
                http.status = code,
                took_ms,
                $said
            )
        };
    }
    if status.is_server_error() {
        say!(error, "failed");
    } else if route == "site" {
        say!(debug, "answered");
    } else {
        say!(info, "answered");
    }
    response
}

/// Where it happened is in the log already: the panic hook wrote it.
fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response<Body> {
    Problem::Internal.into_response()
}
