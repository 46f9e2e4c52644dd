//! The office: who may open it, and what it changes.

use axum::http::StatusCode;
use domain::authorize::Relation;
use domain::id::{DeviceId, OpId};
use domain::op::{Known, Op, SCHEMA};
use domain::state::State;
use domain::upcast;
use domain::vocabulary::Role;
use replica::hub::Barred;
use replica::message::{Outcome, Refusal};
use serde_json::value::to_raw_value;
use server::auth::{now, password};
use server::store::{Action, Entry, Sender};

use crate::place::{PASSWORD, Place};

const ROOMS: [&str; 5] = [
    "/ufficio/famiglie",
    "/ufficio/sospensioni",
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
    check(Role::Coordinator, "/ufficio/famiglie", &ROOMS[..2]).await;
    check(Role::Administrator, "/ufficio/persone", &ROOMS[1..]).await;
    let stranger = place.browser().get("/ufficio/persone").await;
    assert_eq!(stranger.to(), "/accesso?ritorno=/ufficio/persone");
}

#[tokio::test]
async fn nobody_becomes_the_server() {
    let place = Place::new().await;
    place.person("ada", Role::Administrator).await;
    let mut browser = place.browser();
    browser.sign_in("ada", PASSWORD).await;
    let token = browser.get("/ufficio/persone").await.token();
    let system = place.store.system();
    let id = system.to_string();
    for action in ["password", "riammetti", "sblocca", "sospendi"] {
        let form = [("token", &*token), ("azione", action), ("persona", &id)];
        let answer = browser.post("/ufficio/persone", &form).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{action}");
    }
    let hash = password::hash(PASSWORD).await.expect("hashes");
    let set = place.store.set_password(system, system, &hash, now()).await;
    set.expect("it is set");
    let let_in = place.store.set_active(system, system, true, now()).await;
    let_in.expect("it is let in");
    let name = place.store.user(system).await.expect("it reads");
    let name = name.expect("it has a name").login;
    let refused = place.browser().sign_in(&name, PASSWORD).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
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
async fn who_stands_in_is_shown_too_and_can_be_replaced() {
    let place = Place::new().await;
    let samira = place.person("samira", Role::Mediator).await;
    let harpreet = place.person("harpreet", Role::Mediator).await;
    let arta = place.person("arta", Role::Mediator).await;
    let elena = place.person("elena", Role::SocialWorker).await;
    place.person("marta", Role::Coordinator).await;
    let scope = place.family(samira, elena).await;
    let granted = place
        .store
        .grant(elena, scope, harpreet, Relation::Tutor, now());
    granted.await.expect("it is granted");
    let mut browser = place.browser();
    browser.sign_in("marta", PASSWORD).await;
    let page = browser.get("/ufficio/famiglie").await;
    for user in [samira, harpreet] {
        let was = format!("name=\"tutor_was\" value=\"{user}\"");
        assert!(page.text.contains(&was), "{was}");
    }
    for tutor in [samira, harpreet] {
        let (token, scope) = (page.token(), scope.to_string());
        let (was, arta) = (tutor.to_string(), arta.to_string());
        let form = [
            ("token", &*token),
            ("scope", &*scope),
            ("tutor", &*arta),
            ("tutor_was", &*was),
        ];
        let done = browser.post("/ufficio/famiglie", &form).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    }
    let grants = place.store.grants(scope).await.expect("answers");
    let tutors = grants
        .iter()
        .filter(|grant| grant.relation == Relation::Tutor);
    assert_eq!(tutors.map(|grant| grant.user).collect::<Vec<_>>(), [arta]);
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
    let twice = browser.post("/ufficio/persone", &add).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    // What could not be done is mended, not typed anew.
    for typed in [r#"value="Samira""#, r#"value="Samira &lt;b"#] {
        assert!(twice.text.contains(typed), "{}", twice.text);
    }

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
async fn who_is_added_at_the_desk_and_the_others_are_known_to_each_other_by_name() {
    let place = Place::new().await;
    place.person("paolo", Role::Administrator).await;
    let elena = place.person("elena", Role::SocialWorker).await;
    let (by, store) = (place.store.system(), place.store.as_ref());
    let shut = store.set_active(by, elena, false, now()).await;
    shut.expect("she works here");
    let mut browser = place.browser();
    browser.sign_in("paolo", PASSWORD).await;
    let token = browser.get("/ufficio/persone").await.token();
    let add = [
        ("token", &*token),
        ("azione", "aggiungi"),
        ("name", " Samira Belhadj "),
        ("login", "samira"),
        ("role", "mediator"),
    ];
    let added = browser.post("/ufficio/persone", &add).await;
    assert_eq!(added.status, StatusCode::OK);

    let scope = store.reference_scope().await.expect("answers");
    let scope = scope.expect("it was made");
    let stretch = store.read(scope, 0, 10_000).await.expect("answers");
    let mut state = State::default();
    for op in stretch.ops {
        state.apply(&upcast::read(op.body.get()).expect("an op"));
    }
    let mut names: Vec<&str> = state.colleagues().map(|(_, one)| &*one.name).collect();
    names.sort_unstable();
    assert_eq!(names, ["Nome elena", "Nome paolo", "Samira Belhadj"]);
    let readers = async || store.grants(scope).await.expect("answers").len();
    assert_eq!(readers().await, 2, "who is shut out does not read");
    let id = elena.to_string();
    let let_in = [
        ("token", &*token),
        ("azione", "riammetti"),
        ("persona", &*id),
    ];
    browser.post("/ufficio/persone", &let_in).await;
    assert_eq!(readers().await, 3);
}

#[tokio::test]
async fn what_waited_for_an_account_comes_in_once_it_is_opened_again() {
    let place = Place::new().await;
    place.person("paolo", Role::Administrator).await;
    let samira = place.person("samira", Role::Mediator).await;
    let elena = place.person("elena", Role::SocialWorker).await;
    let scope = place.family(samira, elena).await;
    let mut browser = place.browser();
    browser.sign_in("paolo", PASSWORD).await;
    let (token, id) = (
        browser.get("/ufficio/persone").await.token(),
        samira.to_string(),
    );
    let act = |action| [("token", &*token), ("azione", action), ("persona", &*id)];
    browser.post("/ufficio/persone", &act("sospendi")).await;

    let device = DeviceId::new(now(), rand::random());
    let shut_out = Sender {
        barred: Some(Barred::AccountClosed),
        ..Sender::new(samira, Role::Mediator, device)
    };
    let note = Known::NoteAdded {
        words: "scritta prima della chiusura".to_owned(),
        corrects: None,
    };
    let op = Op {
        id: OpId::new(now(), rand::random()),
        device,
        device_seq: 1,
        scope,
        author: samira,
        at: now(),
        schema: SCHEMA,
        replaces: Vec::new(),
        change: note.into(),
    };
    let ops = [to_raw_value(&op).expect("an op is JSON")];
    let told = place.store.ingest(&shut_out, &ops, now()).await;
    let refused = Outcome::Refused(Refusal::AccountClosed);
    assert_eq!(told.expect("it is kept")[0].outcome, refused);
    let head = async || {
        let stretch = place.store.read(scope, 0, 10_000).await;
        stretch.expect("it reads").head
    };
    assert_eq!(head().await, 0);

    browser.post("/ufficio/persone", &act("riammetti")).await;
    assert_eq!(head().await, 1);
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

#[tokio::test]
async fn somebody_is_suspended_for_a_time_and_let_in_again() {
    let place = Place::new().await;
    place.person("marta", Role::Coordinator).await;
    let paolo = place.person("paolo", Role::Administrator).await.to_string();
    let samira = place.person("samira", Role::Mediator).await;
    let device = domain::id::DeviceId::new(now(), rand::random());
    let seen = place.store.touch_device(samira, device, now()).await;
    seen.expect("noted");
    let (samira_id, device_id) = (samira.to_string(), device.to_string());
    let mut signed_in = place.browser();
    signed_in.sign_in("samira", PASSWORD).await;
    let mut browser = place.browser();
    browser.sign_in("marta", PASSWORD).await;
    let page = browser.get("/ufficio/sospensioni").await;
    assert!(page.text.contains("Nome samira") && !page.text.contains("Nome paolo"));
    let token = page.token();
    let form = |action, person, days| {
        [
            ("token", token.clone()),
            ("azione", String::from(action)),
            ("persona", String::from(person)),
            ("giorni", String::from(days)),
        ]
    };
    let room = "/ufficio/sospensioni";
    let borrowed =
        |form: &[(&'static str, String)]| -> Vec<(&'static str, String)> { form.to_vec() };
    let post = async |browser: &mut crate::place::Browser, form: Vec<(&'static str, String)>| {
        let pairs: Vec<(&str, &str)> = form.iter().map(|(key, of)| (*key, of.as_str())).collect();
        browser.post(room, &pairs).await
    };
    for (who, days, status) in [
        (&paolo, "7", StatusCode::FORBIDDEN),
        (&samira_id, "8", StatusCode::BAD_REQUEST),
        (&samira_id, "7", StatusCode::OK),
    ] {
        let answer = post(&mut browser, borrowed(&form("sospendi", who, days))).await;
        assert_eq!(answer.status, status, "{who} {days}");
    }
    // Who is already in is out as well, may leave, and is told at the door once they know who
    // they are.
    let out = signed_in.get("/api/v1/me").await;
    assert_eq!(out.status, StatusCode::FORBIDDEN);
    assert!(out.text.contains("suspended"), "{}", out.text);
    let wrong = place.browser().sign_in("samira", "wrong").await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    let told = place.browser().sign_in("samira", PASSWORD).await;
    assert_eq!(told.status, StatusCode::FORBIDDEN);
    assert!(told.text.contains("sospeso fino a "), "{}", told.text);
    let back = post(&mut browser, borrowed(&form("riammetti", &samira_id, "0"))).await;
    assert!(back.text.contains("Riammesso"));
    assert_eq!(signed_in.get("/api/v1/me").await.status, StatusCode::OK);
    // One phone alone.
    let mut phone = borrowed(&form("sospendi", &samira_id, "0"));
    phone.push(("telefono", device_id));
    assert_eq!(post(&mut browser, phone).await.status, StatusCode::OK);
    let devices = place.store.devices(samira).await.expect("answers");
    assert!(devices[0].suspended_until.is_some());
    assert_eq!(signed_in.get("/api/v1/me").await.status, StatusCode::OK);
    let trail = place.store.trail(9).await.expect("answers");
    let actions = trail.iter().map(|row| row.entry.action);
    let is_said = |of: &Action| matches!(of, Action::Suspended | Action::SuspensionLifted);
    let actions: Vec<Action> = actions.filter(is_said).collect();
    assert_eq!(
        actions,
        [
            Action::Suspended,
            Action::SuspensionLifted,
            Action::Suspended
        ]
    );
}
