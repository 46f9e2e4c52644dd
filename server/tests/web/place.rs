//! A server with an empty database and a small site, and a browser that keeps its cookies.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, Method, Request, StatusCode};
use domain::authorize::{Relation, ScopeKind};
use domain::id::{ScopeId, UserId};
use domain::vocabulary::Role;
use http_body_util::BodyExt;
use server::attachments::files::Files;
use server::auth::{now, password};
use server::config::origin::Origin;
use server::pwa::Site;
use server::router::{AppState, router};
use server::store::{self, Store, User};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::described::check;

pub const JS: &str = "/pkg/percorso.AAAAAAAAAAAAAAAAAAAAAA.js";
pub const WASM: &str = "/pkg/percorso.BBBBBBBBBBBBBBBBBBBBBB.wasm";
pub const LOADER: &str = "/pkg/__wasm_split.EEEEEEEEEEEEEEEEEEEEEE.js";
pub const SCREENS: &str = "/pkg/split_screens.FFFFFFFFFFFFFFFFFFFFFF.wasm";
pub const CSS: &str = "/pkg/percorso.CCCCCCCCCCCCCCCCCCCCCC.css";
pub const PASSWORD: &str = "una password lunga";

/// The files of the site and what is in them.
pub const FILES: [(&str, &str); 10] = [
    (
        JS,
        "import \"./__wasm_split.EEEEEEEEEEEEEEEEEEEEEE.js\"; export default () => {}",
    ),
    (
        LOADER,
        "import \"./percorso.AAAAAAAAAAAAAAAAAAAAAA.js\"; \
         fetch(\"./split_screens.FFFFFFFFFFFFFFFFFFFFFF.wasm\")",
    ),
    (SCREENS, "not wasm either"),
    (WASM, "not really wasm"),
    (CSS, "body { margin: 0 }"),
    ("/boot.js", "import(x)"),
    ("/manifest.webmanifest", "{}"),
    ("/icons/percorso.svg", "<svg/>"),
    ("/lingue/ar.json", "{}"),
    ("/obiettivi/ar.json", "{}"),
];

pub struct Place {
    pub store: Arc<dyn Store>,
    pub router: Router,
    pub host: &'static str,
    folder: TempDir,
}

impl Place {
    pub async fn new() -> Self {
        Self::at("http://127.0.0.1:3000", "127.0.0.1:3000", |_| {}).await
    }

    pub async fn at(origin: &str, host: &'static str, change: impl FnOnce(&mut AppState)) -> Self {
        let folder = TempDir::new().expect("a folder");
        write_site(&folder.path().join("site"));
        let url = format!("sqlite:{}", folder.path().join("percorso.db").display());
        let store = store::open(&url, now()).await.expect("a database");
        let site = Site::load(&folder.path().join("site"), false).expect("a site");
        let origin: Origin = origin.parse().expect("an origin");
        let mut state = AppState::new(store.clone(), Files::in_memory(), site, origin);
        change(&mut state);
        Self {
            store,
            router: router(state),
            host,
            folder,
        }
    }

    pub fn site(&self) -> std::path::PathBuf {
        self.folder.path().join("site")
    }

    pub async fn person(&self, login: &str, role: Role) -> UserId {
        let hash = password::hash(PASSWORD).await.expect("hashes");
        let user = User {
            id: UserId::new(now(), rand::random()),
            login: login.to_owned(),
            name: format!("Nome {login}"),
            role,
            is_active: true,
        };
        let by = self.store.system();
        let made = self.store.create_user(by, &user, &hash, now()).await;
        made.expect("a user");
        user.id
    }

    pub async fn family(&self, tutor: UserId, reviewer: UserId) -> ScopeId {
        let (by, now) = (self.store.system(), now());
        let scope = ScopeId::new(now, rand::random());
        let made = self
            .store
            .create_scope(by, scope, ScopeKind::Family, now)
            .await;
        made.expect("a scope");
        for (user, relation) in [(tutor, Relation::Tutor), (reviewer, Relation::Reviewer)] {
            let granted = self.store.grant(by, scope, user, relation, now).await;
            granted.expect("a grant");
        }
        scope
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser {
            place: self,
            cookies: BTreeMap::new(),
            language: "it",
        }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("infallible");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        check(method.as_str(), &path, &[], parts.status.as_u16(), &bytes);
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

pub fn write_site(folder: &Path) {
    for (address, text) in FILES {
        let path = folder.join(address.trim_start_matches('/'));
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }
    fs::write(folder.join(format!(".{WASM}.br")), "small").expect("writable");
    fs::write(folder.join(format!(".{WASM}.gz")), "middling").expect("writable");
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: impl AsRef<str>) -> &str {
        let value = self.headers.get(name.as_ref());
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    pub fn code(&self) -> String {
        let said: serde_json::Value = serde_json::from_str(&self.text).unwrap_or_default();
        let code = said.get("code").and_then(|code| code.as_str());
        code.unwrap_or_default().to_owned()
    }

    pub fn to(&self) -> &str {
        self.header(LOCATION)
    }

    /// The token of the page's first form.
    pub fn token(&self) -> String {
        let (_, rest) = self
            .text
            .split_once("name=\"token\" value=\"")
            .expect("a form");
        rest.split('"').next().unwrap_or_default().to_owned()
    }
}

/// Keeps cookies and says where its requests come from, as browsers do.
pub struct Browser<'a> {
    pub place: &'a Place,
    pub cookies: BTreeMap<String, String>,
    pub language: &'static str,
}

impl Browser<'_> {
    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, self.place.host)
            .header("accept-language", self.language)
            .header(HeaderName::from_static("sec-fetch-site"), "same-origin")
            .header(COOKIE, cookies.join("; "))
    }

    pub async fn send(&mut self, request: Request<Body>) -> Answer {
        let answer = self.place.send(request).await;
        for value in answer.headers.get_all(SET_COOKIE) {
            let text = value.to_str().expect("text");
            let pair = text.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        let request = self.request(Method::GET, path).body(Body::empty());
        self.send(request.expect("a request")).await
    }

    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let pairs: Vec<String> = form
            .iter()
            .map(|(name, value)| format!("{name}={}", app::pages::parts::percent_encoded(value)))
            .collect();
        let request = self
            .request(Method::POST, path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(pairs.join("&")));
        self.send(request.expect("a request")).await
    }

    pub async fn json(&mut self, path: &str, body: &str) -> Answer {
        let request = self
            .request(Method::POST, path)
            .header(CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_owned()));
        self.send(request.expect("a request")).await
    }

    /// Opens the sign-in page and sends its form.
    pub async fn sign_in(&mut self, login: &str, password: &str) -> Answer {
        let token = self.get("/accesso").await.token();
        let form = [("token", &*token), ("login", login), ("password", password)];
        self.post("/accesso", &form).await
    }
}
