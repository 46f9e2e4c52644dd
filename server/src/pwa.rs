//! The built site as it stood at start: its files, the shell that names them and `/sw.js`.
//!
//! Everything is read once and answered from memory, so that the list in the service worker and
//! the files on offer can never disagree while the server runs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use app::shell::{Assets, document};
use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha256};

mod files;

pub use files::SiteError;

const WORKER: &str = include_str!("pwa/worker.js");
const GONE: &str = include_str!("pwa/gone.js");
/// What families read, files per language: kept like the rest, but fetched after it, so that it
/// does not stand in the way of the first screen.
const LATER: [&str; 2] = ["/lingue/", "/obiettivi/"];
const HASHED: &str = "public, max-age=31536000, immutable";
const CHECKED: &str = "no-cache";

/// One file of the site, with the encodings that the build made of it.
#[derive(Clone, Debug)]
pub struct File {
    mime: &'static str,
    is_hashed: bool,
    digest: [u8; 32],
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

/// The built site.
#[derive(Debug)]
pub struct Site {
    files: BTreeMap<String, File>,
    shell: File,
    worker: File,
    css: String,
    build: String,
}

impl Site {
    /// Reads the site from its folder.
    ///
    /// # Errors
    /// [`SiteError`] says what is missing.
    pub fn load(folder: &Path, is_switched_off: bool) -> Result<Self, SiteError> {
        let files = files::read(folder)?;
        let names = files::names(folder, &files)?;
        Ok(Self::of(files, names, is_switched_off))
    }

    fn of(files: BTreeMap<String, File>, names: files::Names, is_switched_off: bool) -> Self {
        // Files of an earlier build may lie beside: they are answered, but no phone keeps them.
        let listed: Vec<(&String, &File)> = files
            .iter()
            .filter(|(address, _)| !names.is_stale(address))
            .collect();
        let assets = |build: String| Assets {
            css: names.css.clone(),
            js: names.js.clone(),
            loader: names.loader.clone(),
            wasm: names.wasm.clone(),
            build,
        };
        let build = build_id(&listed, &document(&assets(String::new())));
        let shell = File::made("text/html; charset=utf-8", document(&assets(build.clone())));
        let worker = if is_switched_off {
            GONE.to_owned()
        } else {
            worker(&build, &shell, &listed)
        };
        Self {
            css: names.css.clone(),
            shell,
            worker: File::made("text/javascript; charset=utf-8", worker),
            files,
            build,
        }
    }

    /// Address of the style sheet.
    pub fn css(&self) -> &str {
        &self.css
    }

    /// Which build this is: sixteen digits that change with any byte of it.
    pub fn build(&self) -> &str {
        &self.build
    }

    /// The file at this address; `/sw.js` is one of them.
    pub fn file(&self, path: &str) -> Option<&File> {
        match path {
            "/sw.js" => Some(&self.worker),
            _ => self.files.get(path),
        }
    }

    /// The document that every app path answers with.
    pub fn shell(&self) -> &File {
        &self.shell
    }
}

impl File {
    fn made(mime: &'static str, text: String) -> Self {
        Self {
            mime,
            is_hashed: false,
            digest: Sha256::digest(&text).into(),
            plain: text.into(),
            brotli: None,
            gzip: None,
        }
    }

    fn integrity(&self) -> String {
        format!("sha256-{}", Base64::encode_string(&self.digest))
    }

    /// The answer to a request for this file.
    pub fn respond(&self, headers: &HeaderMap) -> Response {
        let etag = format!("\"{}\"", Base64::encode_string(&self.digest));
        let mut response = if has_seen(headers, &etag) {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response
        } else {
            self.content(headers)
        };
        let kept = if self.is_hashed { HASHED } else { CHECKED };
        let answer = response.headers_mut();
        answer.insert(CACHE_CONTROL, HeaderValue::from_static(kept));
        answer.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if let Ok(etag) = HeaderValue::from_str(&etag) {
            answer.insert(ETAG, etag);
        }
        response
    }

    fn content(&self, headers: &HeaderMap) -> Response {
        let (encoding, bytes) = match (&self.brotli, &self.gzip) {
            (Some(bytes), _) if accepts(headers, "br") => (Some("br"), bytes),
            (_, Some(bytes)) if accepts(headers, "gzip") => (Some("gzip"), bytes),
            _ => (None, &self.plain),
        };
        let mut response = Response::new(Body::from(bytes.clone()));
        let answer = response.headers_mut();
        answer.insert(CONTENT_TYPE, HeaderValue::from_static(self.mime));
        if let Some(encoding) = encoding {
            answer.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    }
}

/// Whether the reader already holds exactly these bytes. A proxy or the compression layer may have
/// marked the tag as weak; the content is the same.
fn has_seen(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim().trim_start_matches("W/") == etag)
}

fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|offer| {
            let mut parts = offer.split(';').map(str::trim);
            let is_named = parts
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case(encoding));
            is_named
                && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
}

/// Changes with any byte of any listed file, of the shell and of the worker's own code.
fn build_id(listed: &[(&String, &File)], shell: &str) -> String {
    let mut hash = Sha256::new();
    for (address, file) in listed {
        hash.update(address.as_bytes());
        hash.update([0]);
        hash.update(file.digest);
    }
    hash.update(shell);
    hash.update(WORKER);
    hex(&hash.finalize()).chars().take(16).collect()
}

fn worker(build: &str, shell: &File, listed: &[(&String, &File)]) -> String {
    let shell = [("/", shell)];
    let listed = listed
        .iter()
        .map(|(address, file)| (address.as_str(), *file));
    let all = shell.into_iter().chain(listed);
    let is_later = |address: &str| LATER.iter().any(|folder| address.starts_with(folder));
    let (later, first): (Vec<_>, Vec<_>) = all.partition(|(address, _)| is_later(address));
    WORKER
        .replace("{{build}}", build)
        .replace("{{files}}", &rows(&first))
        .replace("{{later}}", &rows(&later))
}

/// Rows of the worker's lists, each with its comma: a list may be empty.
fn rows(files: &[(&str, &File)]) -> String {
    let row = |(address, file): &(&str, &File)| {
        let row = (address, file.integrity(), file.is_hashed);
        let row = serde_json::to_string(&row).expect("a row of text is always JSON");
        format!("\n  {row},")
    };
    let rows: String = files.iter().map(row).collect();
    format!("[{rows}\n]")
}

/// Bytes in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where the folder of the built site is looked for when nothing is said.
pub fn default_folder() -> PathBuf {
    PathBuf::from("target/site")
}
