//! The office: who may open it, and what it changes.

use axum::http::StatusCode;
use domain::authorize::Relation;
use domain::vocabulary::Role;
use server::auth::now;
use server::store::{Action, Entry};

use crate::place::{PASSWORD, Place};

const ROOMS: [&str; 4] = [
    "/ufficio/famiglie",
    "/ufficio/persone",
    "/ufficio/telefoni",
    "/ufficio/registro",
];

#[tokio::test]
async fn each_role_opens_its_own_rooms() {
    let place = Place::new().await;
    let check = async |role, home: &str, open: &[&str]| {
        let login = format!("{role:?}").to_lowercase();
        place.person(&login, role).await;
        let mut browser = place.browser();
        browser.sign_in(&login, PASSWORD).await;
        assert_eq!(browser.get("/ufficio").await.to(), home, "{role:?}");
        for room in ROOMS {
            let answer = browser.get(room).await;
            let expected = if open.contains(&room) {
                StatusCode::OK
            } else {
                StatusCode::FORBIDDEN
            };
            assert_eq!(answer.status, expected, "{role:?} {room}");
            assert!(answer.text.starts_with("<!DOCTYPE html>"), "{room}");
        }
    };
    check(Role::Mediator, "/", &[]).await;
    check(Role::SocialWorker, "/", &[]).await;
    check(Role::Coordinator, "/ufficio/famiglie", &ROOMS[..1]).await;
    check(Role::Administrator, "/ufficio/persone", &ROOMS[1..]).await;
    let stranger = place.browser().get("/ufficio/persone").await;
    assert_eq!(stranger.to(), "/accesso?ritorno=/ufficio/persone");
}

#[tokio::test]
async fn a_family_is_given_to_another_and_the_record_has_both() {
    let place = Place::new().await;
    let samira = place.person("samira", Role::Mediator).await.to_string();
    let arta = place.person("arta", Role::Mediator).await.to_string();
    let elena = place.person("elena", Role::SocialWorker).await.to_string();
    place.person("marta", Role::Coordinator).await;
    let (tutor, reviewer) = (
        samira.parse().expect("an id"),
        elena.parse().expect("an id"),
    );
    let scope = place.family(tutor, reviewer).await.to_string();
    let mut browser = place.browser();
    browser.sign_in("marta", PASSWORD).await;
    let page = browser.get("/ufficio/famiglie").await;
    for shown in ["Nome samira", "Nome elena", "1 famiglie"] {
        assert!(page.text.contains(shown), "{shown}");
    }
    let token = page.token();
    let form = [
        ("token", &*token),
        ("scope", &*scope),
        ("tutor", &*arta),
        ("tutor_was", &*samira),
        ("reviewer", &*elena),
        ("reviewer_was", &*elena),
    ];
    let refused = browser.post("/ufficio/famiglie", &form[1..]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let done = browser.post("/ufficio/famiglie", &form).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let scope = scope.parse().expect("an id");
    let grants = place.store.grants(scope).await.expect("answers");
    let tutors: Vec<String> = grants
        .iter()
        .filter(|grant| grant.relation == Relation::Tutor)
        .map(|grant| grant.user.to_string())
        .collect();
    assert_eq!(tutors, [arta.as_str()]);
    let trail = place.store.trail(2).await.expect("answers");
    let actions: Vec<Action> = trail.iter().map(|row| row.entry.action).collect();
    assert_eq!(actions, [Action::Revoked, Action::Granted]);
    // The same form again: somebody was faster, so nothing happens twice.
    let late = browser.post("/ufficio/famiglie", &form).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert_eq!(place.store.trail(2).await.expect("answers"), trail);
}

#[tokio::test]
async fn people_are_added_suspended_and_given_a_new_password() {
    let place = Place::new().await;
    let paolo = place.person("paolo", Role::Administrator).await.to_string();
    let mut browser = place.browser();
    browser.sign_in("paolo", PASSWORD).await;
    let token = browser.get("/ufficio/persone").await.token();
    let add = [
        ("token", &*token),
        ("azione", "aggiungi"),
        ("name", "Samira <b>Belhadj</b>"),
        ("login", "Samira"),
        ("role", "mediator"),
    ];
    let added = browser.post("/ufficio/persone", &add).await;
    assert_eq!(added.status, StatusCode::OK);
    assert!(
        !added.text.contains("<b>Belhadj"),
        "names are text, not markup"
    );
    let secret = secret(&added.text);
    let entered = place.browser().sign_in("samira", &secret).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER);
    assert_eq!(
        browser.post("/ufficio/persone", &add).await.status,
        StatusCode::CONFLICT
    );

    let found = place.store.user_by_login("samira").await.expect("answers");
    let samira = found.expect("there").user.id.to_string();
    let act = |action, person| [("token", &*token), ("azione", action), ("persona", person)];
    let renewed = browser
        .post("/ufficio/persone", &act("password", &samira))
        .await;
    let renewed = self::secret(&renewed.text);
    assert_ne!(renewed, secret);
    browser
        .post("/ufficio/persone", &act("sospendi", &samira))
        .await;
    let out = place.browser().sign_in("samira", &renewed).await;
    assert_eq!(out.status, StatusCode::UNAUTHORIZED);
    browser
        .post("/ufficio/persone", &act("riammetti", &samira))
        .await;
    let back = place.browser().sign_in("samira", &renewed).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    let oneself = browser
        .post("/ufficio/persone", &act("sospendi", &paolo))
        .await;
    assert_eq!(oneself.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_lock_is_lifted_and_the_record_says_by_whom() {
    let place = Place::new().await;
    let paolo = place.person("paolo", Role::Administrator).await;
    let samira = place.person("samira", Role::Mediator).await;
    let store = place.store.as_ref();
    let until = now().plus(900_000);
    store
        .lock_login(samira, until, now())
        .await
        .expect("locked");
    let shut = place.browser().sign_in("samira", PASSWORD).await;
    assert_eq!(shut.status, StatusCode::TOO_MANY_REQUESTS);
    let mut browser = place.browser();
    browser.sign_in("paolo", PASSWORD).await;
    let page = browser.get("/ufficio/persone").await;
    let (token, samira_id) = (page.token(), samira.to_string());
    let form = [
        ("token", &*token),
        ("azione", "sblocca"),
        ("persona", &*samira_id),
    ];
    let done = browser.post("/ufficio/persone", &form).await;
    assert_eq!(done.status, StatusCode::OK);
    let told = store.trail(1).await.expect("answers").remove(0).entry;
    assert_eq!(told, Entry::by(paolo, Action::LoginUnlocked).to(samira));
    assert!(
        browser
            .get("/ufficio/registro")
            .await
            .text
            .contains("Accesso sbloccato")
    );
    let back = place.browser().sign_in("samira", PASSWORD).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
}

/// The password that the page shows once: four groups of four.
fn secret(page: &str) -> String {
    let (_, rest) = page
        .split_once("<bdi class=\"nowrap\"><b>")
        .expect("a secret");
    rest.split('<').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_phone_is_revoked() {
    let place = Place::new().await;
    place.person("paolo", Role::Administrator).await;
    let samira = place.person("samira", Role::Mediator).await;
    let device = domain::id::DeviceId::new(now(), rand::random());
    place
        .store
        .touch_device(samira, device, now())
        .await
        .expect("noted");
    let mut browser = place.browser();
    browser.sign_in("paolo", PASSWORD).await;
    let token = browser.get("/ufficio/telefoni").await.token();
    let (user, id) = (samira.to_string(), device.to_string());
    let form = [("token", &*token), ("persona", &*user), ("telefono", &*id)];
    let done = browser.post("/ufficio/telefoni", &form).await;
    assert!(done.text.contains("Revocato"), "{}", done.text);
    let devices = place.store.devices(samira).await.expect("answers");
    assert!(devices[0].revoked_at.is_some());
    let record = browser.get("/ufficio/registro").await;
    assert!(record.text.contains("Telefono revocato"));
}
