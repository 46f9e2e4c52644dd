//! Files, shell and service worker.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::header::{ACCEPT_ENCODING, IF_NONE_MATCH};
use axum::http::{Method, StatusCode};
use domain::vocabulary::Role;
use server::pwa::{Site, SiteError};

use crate::place::{CSS, FILES, JS, LOADER, Place, SCREENS, WASM, write_site};

/// The files whose names change with every byte of them.
const HASHED: [&str; 3] = [CSS, LOADER, SCREENS];

#[tokio::test]
async fn the_shell_is_the_same_for_every_app_path_and_every_reader() {
    let place = Place::new().await;
    place.person("samira", Role::Mediator).await;
    let mut browser = place.browser();
    let first = browser.get("/").await;
    for name in [JS, LOADER, WASM, CSS, "/boot.js"] {
        assert!(first.text.contains(name), "{name}");
    }
    browser.sign_in("samira", crate::place::PASSWORD).await;
    browser.language = "en";
    for path in [
        "/",
        "/oggi",
        "/famiglia/0199a3b2-7c4d-7e5f-8a9b-0c1d2e3f4a5b/diario",
    ] {
        let again = browser.get(path).await;
        assert_eq!(again.status, StatusCode::OK);
        assert_eq!(again.text, first.text, "{path}");
        assert_eq!(again.header("cache-control"), "no-cache");
        assert_eq!(again.header("set-cookie"), "");
    }
    for private in ["samira", "Nome"] {
        assert!(!first.text.contains(private));
    }
    for inline in ["<style", "style=", "onload=", "<script>"] {
        assert!(!first.text.contains(inline), "{inline}");
    }
}

#[tokio::test]
async fn the_worker_lists_exactly_the_files_of_the_site() {
    let place = Place::new().await;
    let answer = place.browser().get("/sw.js").await;
    assert_eq!(answer.header("cache-control"), "no-cache");
    assert!(answer.header("content-type").starts_with("text/javascript"));
    let rows = answer.text.lines().filter_map(|line| {
        let row = line.trim().trim_end_matches(',');
        serde_json::from_str::<(String, String, bool)>(row).ok()
    });
    let rows: Vec<_> = rows.collect();
    let listed: BTreeSet<&str> = rows.iter().map(|(address, ..)| address.as_str()).collect();
    let files: BTreeSet<&str> = FILES.iter().map(|(a, _)| *a).chain(["/"]).collect();
    assert_eq!(listed, files);
    assert_eq!(rows.len(), files.len());
    for (address, integrity, is_hashed) in rows {
        assert!(
            integrity.starts_with("sha256-") && integrity.len() == 51,
            "{integrity}"
        );
        assert_eq!(is_hashed, HASHED.contains(&address.as_str()), "{address}");
    }
}

#[tokio::test]
async fn what_families_read_is_kept_but_fetched_after_the_app() {
    let place = Place::new().await;
    let worker = place.browser().get("/sw.js").await.text;
    let (first, later) = worker.split_once("const LATER").expect("two lists");
    let (later, _) = later.split_once(';').expect("a list ends");
    let folder = place.site();
    assert!(first.contains("/boot.js") && !later.contains("/boot.js"));
    for read in ["lingue", "obiettivi"] {
        let file = format!("/{read}/ar.json");
        assert!(later.contains(&file) && !first.contains(&file), "{read}");
        std::fs::remove_dir_all(folder.join(read)).expect("the folder is there");
    }
    let without = Site::load(&folder, false).expect("a site");
    let worker = format!("{:?}", without.file("/sw.js"));
    assert!(worker.contains("const LATER = [\\n];"), "{worker}");
}

#[tokio::test]
async fn the_build_changes_with_any_file_and_leaves_earlier_builds_out() {
    let place = Place::new().await;
    let folder = place.site();
    let first = Site::load(&folder, false).expect("a site");
    let again = Site::load(&folder, false).expect("a site");
    assert_eq!(first.build(), again.build());
    std::fs::write(folder.join("boot.js"), "import(y)").expect("writable");
    let changed = Site::load(&folder, false).expect("a site");
    assert_ne!(first.build(), changed.build());
    for stale in [
        "pkg/percorso.DDDDDDDDDDDDDDDDDDDDDD.js",
        "pkg/split_screens.DDDDDDDDDDDDDDDDDDDDDD.wasm",
        "pkg/__wasm_split_manifest.DDDDDDDDDDDDDDDDDDDDDD.json",
    ] {
        let old = std::fs::File::create(folder.join(stale)).expect("writable");
        old.set_modified(std::time::UNIX_EPOCH).expect("writable");
    }
    let beside = Site::load(&folder, false).expect("a site");
    assert_eq!(changed.build(), beside.build());
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_others_are_asked_for_again() {
    let place = Place::new().await;
    let mut browser = place.browser();
    for (address, text) in FILES {
        let answer = browser.get(address).await;
        assert_eq!(answer.text, text);
        let is_kept = answer.header("cache-control").contains("immutable");
        assert_eq!(is_kept, HASHED.contains(&address), "{address}");
        let etag = answer.header("etag").to_owned();
        let request = browser
            .request(Method::GET, address)
            .header(IF_NONE_MATCH, etag);
        let again = browser
            .send(request.body(Body::empty()).expect("a request"))
            .await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        assert_eq!(again.text, "");
    }
    assert_eq!(
        browser.get("/pkg/absent.js").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        browser.get("/../Cargo.toml").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn what_the_build_compressed_is_sent_as_it_is() {
    let place = Place::new().await;
    let mut browser = place.browser();
    for (accepted, encoding, text) in [
        ("gzip, br", "br", "small"),
        ("gzip;q=1, br;q=0", "gzip", "middling"),
        ("identity", "", "not really wasm"),
    ] {
        let request = browser
            .request(Method::GET, WASM)
            .header(ACCEPT_ENCODING, accepted);
        let answer = browser
            .send(request.body(Body::empty()).expect("a request"))
            .await;
        assert_eq!(answer.header("content-encoding"), encoding, "{accepted}");
        assert_eq!(answer.text, text);
        assert_eq!(answer.header("content-type"), "application/wasm");
    }
}

#[test]
fn the_kill_switch_takes_worker_and_caches_away() {
    let folder = tempfile::tempdir().expect("a folder");
    write_site(folder.path());
    let on = Site::load(folder.path(), true).expect("a site");
    let worker = format!("{:?}", on.file("/sw.js"));
    assert!(worker.contains("unregister"));
    assert!(!worker.contains("addEventListener(\\\"fetch"));
}

#[test]
fn a_missing_site_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let absent = Site::load(&folder.path().join("absent"), false);
    assert!(matches!(absent, Err(SiteError::Missing(_))));
    let empty = Site::load(folder.path(), false).expect_err("no app in it");
    assert!(empty.to_string().contains("cargo leptos build"), "{empty}");
    write_site(folder.path());
    std::fs::write(
        folder.path().join(JS.trim_start_matches('/')),
        "export default () => {}",
    )
    .expect("writable");
    let whole = Site::load(folder.path(), false).expect_err("built without its screens apart");
    assert!(whole.to_string().contains("--split"), "{whole}");
}
