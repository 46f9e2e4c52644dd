//! Reads what cargo-leptos built: which files there are, and which of them are this build's.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use axum::body::Bytes;
use sha2::{Digest, Sha256};

use super::File;

/// Where the build puts what it makes.
const BUILT: &str = "/pkg/";

/// Why the site cannot be served. The message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// There is no such folder.
    #[error(
        "there is no site in {}: build it with `cargo leptos build --split`, or name its folder \
         with --site",
        .0.display()
    )]
    Missing(PathBuf),
    /// The folder is there, the app is not in it.
    #[error(
        "the site in {} has no {kind} file of the app: build it again with `cargo leptos build \
         --split`",
        .folder.display()
    )]
    NoApp {
        /// The folder.
        folder: PathBuf,
        /// The file's ending.
        kind: &'static str,
    },
    /// A file cannot be read.
    #[error("{} cannot be read: check who may read it", .0.display())]
    Unreadable(PathBuf, #[source] io::Error),
}

/// Addresses of the files that this build consists of.
#[derive(Clone, Debug)]
pub(super) struct Names {
    pub(super) css: String,
    pub(super) js: String,
    pub(super) loader: String,
    pub(super) wasm: String,
    /// The wasm that the loader fetches once the app has started.
    parts: Vec<String>,
}

impl Names {
    /// Whether this lies among the built files but no phone needs it: an earlier build's, or a
    /// list that only tools read.
    pub(super) fn is_stale(&self, address: &str) -> bool {
        let ours = [&self.css, &self.js, &self.loader, &self.wasm];
        address.starts_with(BUILT)
            && !ours
                .into_iter()
                .chain(&self.parts)
                .any(|name| name == address)
    }
}

/// Every file under the folder, by its address.
pub(super) fn read(folder: &Path) -> Result<BTreeMap<String, File>, SiteError> {
    if !folder.is_dir() {
        return Err(SiteError::Missing(folder.to_owned()));
    }
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(&inner).map_err(|e| SiteError::Unreadable(inner.clone(), e))? {
            let path = entry
                .map_err(|e| SiteError::Unreadable(inner.clone(), e))?
                .path();
            if path.is_dir() {
                folders.push(path);
            } else if let Some(address) = address(folder, &path) {
                files.insert(address, file(&path)?);
            }
        }
    }
    Ok(files)
}

/// The address of a file, unless it is an encoding of another or hidden.
fn address(folder: &Path, path: &Path) -> Option<String> {
    let inner = path.strip_prefix(folder).ok()?;
    let mut address = String::new();
    for part in inner.components() {
        let part = part.as_os_str().to_str()?;
        if part.starts_with('.') {
            return None;
        }
        address.push('/');
        address.push_str(part);
    }
    let is_encoding = [".br", ".gz", ".zst"]
        .iter()
        .any(|end| address.ends_with(end));
    (!is_encoding).then_some(address)
}

fn file(path: &Path) -> Result<File, SiteError> {
    let bytes = |path: &Path| {
        let read = fs::read(path).map(Bytes::from);
        read.map_err(|e| SiteError::Unreadable(path.to_owned(), e))
    };
    let beside = |end: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        let path = PathBuf::from(name);
        path.is_file().then(|| bytes(&path)).transpose()
    };
    let plain = bytes(path)?;
    Ok(File {
        mime: mime(path),
        is_hashed: is_hashed(path),
        digest: Sha256::digest(&plain).into(),
        brotli: beside(".br")?,
        gzip: beside(".gz")?,
        plain,
    })
}

fn mime(path: &Path) -> &'static str {
    match path.extension().and_then(|end| end.to_str()) {
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("webmanifest") => "application/manifest+json",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// Whether the name carries the content's hash, as cargo-leptos writes it: `percorso.HASH.css`,
/// where the hash is an MD5 in 22 characters.
///
/// The app's script and first wasm are named before the loader's name is written into them, so
/// that theirs may stay the same while the bytes change.
fn is_hashed(path: &Path) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let name = path.file_name().and_then(|name| name.to_str());
    let is_named_early = name.is_some_and(|name| {
        name.starts_with("percorso.") && (name.ends_with(".js") || name.ends_with(".wasm"))
    });
    !is_named_early
        && name
            .into_iter()
            .flat_map(|name| name.split('.'))
            .any(|part| part.len() == 22 && part.bytes().all(is_digit))
}

/// The app's files. Where several builds lie in one folder, `hash.txt` beside the program says
/// which is its own, and without it the newest is.
pub(super) fn names(folder: &Path, files: &BTreeMap<String, File>) -> Result<Names, SiteError> {
    let hashes = hash_file();
    let name = |kind: &'static str| {
        let ours = hashes.get(kind);
        let found: Vec<&String> = files
            .keys()
            .filter(|address| is_of_the_app(address, kind))
            .collect();
        found
            .iter()
            .find(|address| ours.is_some_and(|hash| address.contains(hash.as_str())))
            .or_else(|| {
                found
                    .iter()
                    .max_by_key(|address| changed_at(folder, address))
            })
            .map(|address| (*address).clone())
            .ok_or_else(|| SiteError::NoApp {
                folder: folder.to_owned(),
                kind,
            })
    };
    let js = name("js")?;
    let missing = || SiteError::NoApp {
        folder: folder.to_owned(),
        kind: "loader",
    };
    let loader = named_in(&js, files)
        .find(|address| address.ends_with(".js") && **address != js)
        .ok_or_else(missing)?
        .clone();
    let wasm = name("wasm")?;
    let parts = named_in(&loader, files)
        .filter(|address| address.ends_with(".wasm"))
        .cloned()
        .collect();
    Ok(Names {
        css: name("css")?,
        js,
        loader,
        wasm,
        parts,
    })
}

/// The built files whose names stand in the text of another: what it imports or fetches.
fn named_in<'a>(
    address: &str,
    files: &'a BTreeMap<String, File>,
) -> impl Iterator<Item = &'a String> + use<'a> {
    let plain = files.get(address).map(|file| file.plain.clone());
    let text = String::from_utf8_lossy(&plain.unwrap_or_default()).into_owned();
    files.keys().filter(move |other| {
        other
            .strip_prefix(BUILT)
            .is_some_and(|name| text.contains(name))
    })
}

fn is_of_the_app(address: &str, kind: &str) -> bool {
    address.starts_with("/pkg/percorso.") && address.ends_with(&format!(".{kind}"))
        || address == format!("/pkg/percorso_bg.{kind}")
}

fn changed_at(folder: &Path, address: &str) -> Option<std::time::SystemTime> {
    let path = folder.join(address.trim_start_matches('/'));
    fs::metadata(path).ok()?.modified().ok()
}

/// What cargo-leptos wrote beside the program: `js: HASH`, `wasm: HASH`, `css: HASH`.
fn hash_file() -> BTreeMap<String, String> {
    let beside = std::env::current_exe()
        .ok()
        .and_then(|program| program.parent().map(|folder| folder.join("hash.txt")));
    let text = beside
        .and_then(|path| fs::read_to_string(path).ok())
        .unwrap_or_default();
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(kind, hash)| (kind.trim().to_owned(), hash.trim().to_owned()))
        .filter(|(_, hash)| !hash.is_empty())
        .collect()
}
