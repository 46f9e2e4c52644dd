//! Signing in and out.

use axum::http::StatusCode;
use domain::id::{DeviceId, Millis};
use domain::vocabulary::Role;
use server::auth::WRONG_MAX;

use crate::place::{PASSWORD, Place};

#[tokio::test]
async fn the_right_password_opens_and_the_cookie_is_guarded() {
    let check = async |origin: &str, host: &'static str, name: &str, is_secure: bool| {
        let place = Place::at(origin, host, |_| {}).await;
        place.person("samira", Role::Mediator).await;
        let mut browser = place.browser();
        let answer = browser.sign_in(" Samira ", PASSWORD).await;
        assert_eq!((answer.status, answer.to()), (StatusCode::SEE_OTHER, "/"));
        let cookie = answer.header("set-cookie");
        assert!(cookie.starts_with(&format!("{name}=")), "{cookie}");
        // 128 bits: nobody guesses them, and every sync carries them.
        let secret = browser.cookies.get(name).map_or(0, String::len);
        assert_eq!(secret, 22, "{cookie}");
        assert!(cookie.contains("; Path=/;") && cookie.contains("; HttpOnly; SameSite=Lax"));
        assert_eq!(cookie.contains("; Secure"), is_secure, "{cookie}");
        // What guarded the form is not carried any further.
        let entry = name.replace("percorso", "percorso-entry");
        assert_eq!(browser.cookies.get(&entry).map(String::as_str), Some(""));
        let me = browser.get("/api/v1/me").await;
        assert!(me.text.contains("\"role\":\"mediator\""), "{}", me.text);
        let left = browser.json("/api/v1/session/end", "").await;
        assert_eq!(left.status, StatusCode::OK);
        assert_eq!(
            browser.get("/api/v1/me").await.status,
            StatusCode::UNAUTHORIZED
        );
    };
    check("http://127.0.0.1:3000", "127.0.0.1:3000", "percorso", false).await;
    let (origin, host) = ("https://percorso.example.it", "percorso.example.it");
    check(origin, host, "__Host-percorso", true).await;
}

#[tokio::test]
async fn wrong_passwords_close_the_door_for_users_and_strangers_alike() {
    let place = Place::new().await;
    place.person("samira", Role::Mediator).await;
    for login in ["samira", "nobody"] {
        let mut browser = place.browser();
        for wrong in 1..WRONG_MAX {
            let answer = browser.sign_in(login, "wrong").await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{login} {wrong}");
            assert!(answer.text.contains("Nome utente o password non corretti"));
        }
        for password in ["wrong", PASSWORD] {
            let answer = browser.sign_in(login, password).await;
            assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{login}");
            assert!(answer.text.contains("riprova tra 15 minuti"), "{login}");
        }
        assert!(!browser.cookies.contains_key("percorso"));
    }
    let found = place.store.user_by_login("samira").await.expect("answers");
    let (by, samira) = (place.store.system(), found.expect("there").user.id);
    let unlocked = place.store.unlock_login(by, samira, server::auth::now());
    unlocked.await.expect("unlocked");
    let unlocked = place.browser().sign_in("samira", PASSWORD).await;
    assert_eq!(unlocked.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_suspended_person_is_answered_like_a_wrong_password() {
    let place = Place::new().await;
    let samira = place.person("samira", Role::Mediator).await;
    let mut browser = place.browser();
    browser.sign_in("samira", PASSWORD).await;
    let by = place.store.system();
    let now = server::auth::now();
    place
        .store
        .set_active(by, samira, false, now)
        .await
        .expect("suspended");
    assert_eq!(
        browser.get("/api/v1/me").await.status,
        StatusCode::UNAUTHORIZED
    );
    let answer = browser.sign_in("samira", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_form_without_its_token_is_refused() {
    let place = Place::new().await;
    place.person("samira", Role::Mediator).await;
    let token = place.browser().get("/accesso").await.token();
    let mut browser = place.browser();
    browser.get("/accesso").await;
    for token in ["", "0", &*token] {
        let form = [
            ("token", token),
            ("login", "samira"),
            ("password", PASSWORD),
        ];
        let answer = browser.post("/accesso", &form).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(!browser.cookies.contains_key("percorso"));
    }
}

#[tokio::test]
async fn the_page_speaks_the_readers_language_and_keeps_the_choice() {
    let place = Place::new().await;
    let mut browser = place.browser();
    browser.language = "en-GB,it;q=0.5";
    assert!(
        browser
            .get("/accesso")
            .await
            .text
            .contains("<html lang=\"en\"")
    );
    assert!(
        browser
            .get("/accesso?lingua=it")
            .await
            .text
            .contains("<html lang=\"it\"")
    );
    assert!(
        browser
            .get("/accesso")
            .await
            .text
            .contains("<html lang=\"it\"")
    );
}

#[tokio::test]
async fn people_come_back_to_where_they_were_on_this_site_only() {
    let place = Place::new().await;
    place.person("samira", Role::Mediator).await;
    let check = async |back: &str, to: &str| {
        let mut browser = place.browser();
        let page = browser.get(&format!("/accesso?ritorno={back}")).await;
        assert!(!page.text.contains("evil.example"), "{}", page.text);
        let token = page.token();
        let form = [
            ("token", &*token),
            ("login", "samira"),
            ("password", PASSWORD),
            ("ritorno", back),
        ];
        assert_eq!(browser.post("/accesso", &form).await.to(), to);
    };
    check("/famiglie", "/famiglie").await;
    check("//evil.example", "/").await;
    check("https://evil.example", "/").await;
}

#[tokio::test]
async fn only_a_demonstration_lets_anybody_try_anyone() {
    let place = Place::new().await;
    place.person("samira", Role::Mediator).await;
    let mut browser = place.browser();
    let page = browser.get("/accesso").await;
    assert!(!page.text.contains("Nome samira"));
    let form = [("token", &*page.token()), ("login", "samira")];
    assert_eq!(
        browser.post("/accesso/prova", &form).await.status,
        StatusCode::NOT_FOUND
    );

    let open = |state: &mut server::router::AppState| {
        state.is_demonstration = true;
        state.demonstration = Some(PASSWORD);
    };
    let place = Place::at("http://127.0.0.1:3000", "127.0.0.1:3000", open).await;
    place.person("samira", Role::Mediator).await;
    let mut browser = place.browser();
    let page = browser.get("/accesso").await;
    for shown in ["Nome samira", "Dati dimostrativi", PASSWORD] {
        assert!(page.text.contains(shown), "{shown}");
    }
    let form = [("token", &*page.token()), ("login", "samira")];
    let entered = browser.post("/accesso/prova", &form).await;
    assert_eq!((entered.status, entered.to()), (StatusCode::SEE_OTHER, "/"));
    let me = browser.get("/api/v1/me").await;
    assert!(me.text.contains("\"demonstration\":true"));
}

#[tokio::test]
async fn the_key_to_seal_to_is_for_the_copy_that_synced_and_delivery_for_anybody() {
    let place = Place::new().await;
    let user = place.person("samira", Role::Mediator).await;
    let [copy, other] = [1, 2].map(|n| DeviceId::new(Millis(n), rand::random()));
    let ask = |device: DeviceId| {
        format!(
            "{{\"device\":\"{device}\",\"owner\":\"{user}\",\"proof\":\"{}\"}}",
            "5a".repeat(32)
        )
    };
    let mut browser = place.browser();
    let path = "/api/v1/sealed/key";
    let refused = browser.json(path, &ask(copy)).await;
    assert_eq!(refused.code(), "not_signed_in");
    browser.sign_in("samira", PASSWORD).await;
    let refused = browser.json(path, &ask(copy)).await;
    assert_eq!(refused.code(), "not_signed_in", "it has not synced");
    let sync = format!(
        "{{\"protocol\":1,\"device\":\"{copy}\",\"owner\":\"{user}\",\"grant_epoch\":0,\
          \"position\":{{\"cursors\":[]}}}}"
    );
    assert_eq!(
        browser.json("/api/v1/sync", &sync).await.status,
        StatusCode::OK
    );
    let given = browser.json(path, &ask(copy)).await;
    assert_eq!(given.text.len(), 66, "{}", given.text);
    let refused = browser.json(path, &ask(other)).await;
    assert_eq!(refused.code(), "not_signed_in", "another copy");

    let mut nobody = place.browser();
    let brought = nobody
        .json("/api/v1/sealed", "{\"envelopes\":[\"0102\"]}")
        .await;
    assert_eq!(brought.text, "{\"receipts\":[null],\"restore_epoch\":1}");
    let unreadable = nobody
        .json("/api/v1/sealed", "{\"envelopes\":[\"0\"]}")
        .await;
    assert_eq!(unreadable.code(), "malformed");
}
