//! What holds for every address: headers, limits, and who may send what.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{Method, Request, StatusCode};
use domain::vocabulary::Role;
use replica::message::REQUEST_BYTES_MAX;
use server::sealed::STRANGERS_PER_MINUTE_MAX;

use crate::place::{Answer, PASSWORD, Place, WASM};

/// Every word of it: what a page may do is not loosened unseen.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; media-src blob:; connect-src 'self'; font-src 'self'; \
    manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

fn check_headers(answer: &Answer, path: &str) {
    for (name, value) in [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), value, "{path}: {name}");
    }
    assert!(
        answer
            .header("permissions-policy")
            .contains("microphone=(self)"),
        "{path}"
    );
}

/// An answer of the API is small and often asked for: it says no more than it must.
fn check_api_headers(answer: &Answer, path: &str) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("content-type", "application/json"),
        ("content-security-policy", ""),
        ("permissions-policy", ""),
        ("cross-origin-opener-policy", ""),
        ("vary", ""),
    ] {
        assert_eq!(answer.header(name), value, "{path}: {name}");
    }
}

#[tokio::test]
async fn every_kind_of_answer_has_the_headers() {
    let place = Place::new().await;
    let mut browser = place.browser();
    let paths = [
        "/",
        "/oggi",
        "/accesso",
        "/ufficio",
        "/sw.js",
        WASM,
        "/absent.png",
        "/api/v1/health",
        "/api/v1/me",
        "/api/v2/absent",
    ];
    for path in paths {
        let answer = browser.get(path).await;
        if path.starts_with("/api") {
            check_api_headers(&answer, path);
        } else {
            check_headers(&answer, path);
        }
        assert_eq!(answer.header("strict-transport-security"), "", "{path}");
        if ["/accesso", "/ufficio"].contains(&path) {
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        }
    }
}

#[tokio::test]
async fn only_what_gets_smaller_is_packed() {
    let place = Place::new().await;
    let browser = place.browser();
    for (path, packing) in [("/api/v1/me", ""), ("/accesso", "gzip")] {
        let request = browser
            .request(Method::GET, path)
            .header("accept-encoding", "gzip")
            .body(Body::empty());
        let answer = place.send(request.expect("a request")).await;
        assert_eq!(answer.header("content-encoding"), packing, "{path}");
    }
}

#[tokio::test]
async fn only_https_promises_https() {
    let place = Place::at("https://percorso.example.it", "percorso.example.it", |_| {}).await;
    let answer = place.browser().get("/").await;
    assert!(
        answer
            .header("strict-transport-security")
            .starts_with("max-age=")
    );
}

#[tokio::test]
async fn failures_under_api_have_a_code_and_a_sentence() {
    let place = Place::new().await;
    let mut browser = place.browser();
    let absent = browser.get("/api/v1/absent").await;
    assert_eq!(
        (absent.status, absent.code().as_str()),
        (StatusCode::NOT_FOUND, "not_found")
    );
    assert_eq!(absent.header("content-type"), "application/json");
    assert!(absent.text.contains("controlla"));
    browser.language = "en";
    assert!(
        browser
            .get("/api/v1/absent")
            .await
            .text
            .contains("check the address")
    );
    assert_eq!(browser.get("/api/v1/me").await.code(), "not_signed_in");
    assert_eq!(browser.get("/api/v1/sync").await.code(), "wrong_method");
    assert_eq!(
        browser.json("/oggi", "{}").await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[tokio::test]
async fn requests_that_are_too_large_or_not_ours_are_refused() {
    let place = Place::new().await;
    place.person("samira", Role::Mediator).await;
    let mut browser = place.browser();
    browser.sign_in("samira", PASSWORD).await;
    let large = "x".repeat(REQUEST_BYTES_MAX + 1);
    assert_eq!(
        browser.json("/api/v1/sync", &large).await.code(),
        "too_large"
    );
    assert_eq!(browser.json("/api/v1/sync", "{").await.code(), "malformed");
    assert_eq!(
        browser.json("/api/v1/sync", "{\"a\":1}").await.code(),
        "malformed"
    );
    let form = browser.post("/api/v1/sync", &[("a", "1")]).await;
    assert_eq!(
        (form.status, form.code().as_str()),
        (StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json")
    );
    let page = browser
        .post("/accesso", &[("password", &"x".repeat(20_000))])
        .await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn the_limit_is_on_what_was_unpacked() {
    let place = Place::new().await;
    place.person("samira", Role::Mediator).await;
    let mut browser = place.browser();
    browser.sign_in("samira", PASSWORD).await;
    let request = browser
        .request(Method::POST, "/api/v1/sync")
        .header(CONTENT_TYPE, "application/json")
        .header("content-encoding", "gzip")
        .body(Body::from(stored_gzip(REQUEST_BYTES_MAX + 1)));
    let answer = browser.send(request.expect("a request")).await;
    assert_eq!(answer.code(), "too_large");
    let request = browser
        .request(Method::POST, "/api/v1/sync")
        .header(CONTENT_TYPE, "application/json")
        .header("content-encoding", "gzip")
        .body(Body::from("not gzip"));
    let answer = browser.send(request.expect("a request")).await;
    assert_eq!(answer.code(), "malformed");
}

/// As many spaces, as gzip without compression (RFC 1951, stored blocks). The checksum is never
/// reached.
fn stored_gzip(length: usize) -> Vec<u8> {
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut left = length;
    while left > 0 {
        let size = left.min(60_000);
        left -= size;
        let size = u16::try_from(size).expect("fits");
        bytes.push(u8::from(left == 0));
        bytes.extend(size.to_le_bytes());
        bytes.extend((!size).to_le_bytes());
        bytes.extend(vec![b' '; usize::from(size)]);
    }
    bytes
}

#[tokio::test]
async fn another_site_cannot_make_a_browser_act() {
    let place = Place::new().await;
    place.person("samira", Role::Mediator).await;
    let mut browser = place.browser();
    browser.sign_in("samira", PASSWORD).await;
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let mut request = browser
            .request(Method::POST, "/api/v1/session/end")
            .header(CONTENT_TYPE, "application/json")
            .body(Body::from("{}"))
            .expect("a request");
        request
            .headers_mut()
            .insert(name, value.parse().expect("text"));
        assert_eq!(browser.send(request).await.code(), "cross_site");
    }
    let old_browser = |origin: &str| {
        let mut request = browser
            .request(Method::POST, "/api/v1/session/end")
            .header(CONTENT_TYPE, "application/json")
            .header(ORIGIN, origin)
            .body(Body::from("{}"))
            .expect("a request");
        request.headers_mut().remove("sec-fetch-site");
        request
    };
    let (theirs, ours) = (
        old_browser("https://evil.example"),
        old_browser("http://127.0.0.1:3000"),
    );
    assert_eq!(place.send(theirs).await.code(), "cross_site");
    assert_eq!(browser.get("/api/v1/me").await.status, StatusCode::OK);
    assert_eq!(place.send(ours).await.status, StatusCode::OK);
    assert_eq!(
        browser.get("/api/v1/me").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn the_server_answers_to_its_own_name_only() {
    let place = Place::new().await;
    let request = |host: &str, path: &str| {
        let request = Request::builder().uri(path).header(HOST, host);
        request.body(Body::empty()).expect("a request")
    };
    let rebound = place.send(request("evil.example", "/api/v1/me")).await;
    assert_eq!(rebound.code(), "wrong_host");
    let named = place.send(request("localhost:3000", "/")).await;
    assert_eq!(named.status, StatusCode::OK);
    let watched = place.send(request("10.0.0.7", "/api/v1/health")).await;
    assert_eq!(watched.status, StatusCode::OK);
}

#[tokio::test]
async fn strangers_who_deliver_too_often_are_told_when_to_come_back() {
    let place = Place::new().await;
    let browser = place.browser();
    let deliver = async || {
        let request = browser
            .request(Method::POST, "/api/v1/sealed")
            .header(CONTENT_TYPE, "application/json")
            .body(Body::from(r#"{"envelopes":[]}"#));
        place.send(request.expect("a request")).await
    };
    // The minute may change on the way: then as many are let in again, and no more.
    for _ in 0..2 * STRANGERS_PER_MINUTE_MAX {
        let answer = deliver().await;
        if answer.status == StatusCode::OK {
            continue;
        }
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.code(), "too_often");
        assert_eq!(answer.header("retry-after"), "60");
        return;
    }
    panic!("nobody was sent away");
}
