//! The server from outside: retries, limits, who may change what, and the plug pulled.

#![expect(
    clippy::indexing_slicing,
    reason = "a missing element fails the case, as it should"
)]

#[path = "support/attached.rs"]
mod attached;
#[path = "support/backup.rs"]
mod backup;
#[path = "support/base_backup.rs"]
mod base_backup;
#[path = "support/behind.rs"]
mod behind;
#[path = "support/cluster.rs"]
mod cluster;
#[path = "support/described.rs"]
mod described;
#[path = "support/disk.rs"]
mod disk;
#[path = "support/gone.rs"]
mod gone;
#[path = "support/kill.rs"]
mod kill;
#[path = "support/live.rs"]
mod live;
#[path = "support/program.rs"]
mod program;
#[path = "support/signed_in.rs"]
mod signed_in;
#[path = "support/silent.rs"]
mod silent;
#[path = "support/wire.rs"]
mod wire;
#[path = "support/world.rs"]
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use domain::authorize::{Actor, Relation, ScopeKind, may};
use domain::id::{DeviceId, OpId, ScopeId, UserId};
use domain::op::{Change, Known, Op};
use domain::vocabulary::Role;
use flate2::Compression;
use flate2::write::GzEncoder;
use live::{Live, request, sign_in, sync_call};
use replica::message::{Outcome, PROTOCOL, PUSH_OPS_MAX, REQUEST_BYTES_MAX, Refusal, digest};
use serde_json::{Value, json};
use server::store::{Sender, User};
use wire::{Call, send_and_leave};
use world::numbers;

const ROLES: [Role; 4] = [
    Role::Mediator,
    Role::SocialWorker,
    Role::Coordinator,
    Role::Administrator,
];

const RELATIONS: [Option<Relation>; 4] = [
    None,
    Some(Relation::Tutor),
    Some(Relation::Reviewer),
    Some(Relation::Reader),
];

#[tokio::test]
async fn a_lost_reply_is_answered_with_the_same_receipt() {
    let live = Live::start().await;
    let tutor = live.world.tutor;
    let secret = live.sign_in(tutor.user).await;
    let ops: Vec<Value> = (0..50)
        .map(|n| value(&live.world.note(&tutor, &format!("nota {n}"))))
        .collect();
    let push = request(&tutor, ops.clone());
    send_and_leave(live.addr, &sync_call(&secret, &push)).await;
    let first = live.sync(&secret, &push).await;
    let again = live.sync(&secret, &push).await;
    assert_eq!(first.receipts, again.receipts);
    assert_eq!(numbers(&again.receipts), (1..=50).collect::<Vec<u64>>());
    assert_eq!(again.pages[0].head, 50);
    let ids: BTreeSet<OpId> = again.receipts.iter().map(|receipt| receipt.op).collect();
    assert_eq!(ids.len(), ops.len());
}

#[tokio::test]
async fn an_answer_without_news_is_small() {
    let live = Live::start().await;
    let tutor = live.world.tutor;
    let secret = live.sign_in(tutor.user).await;
    let first = live.sync(&secret, &request(&tutor, Vec::new())).await;
    let mut idle = request(&tutor, Vec::new());
    idle["grant_epoch"] = json!(first.grant_epoch);
    idle["position"] = json!({ "digest": digest(&BTreeMap::new()) });
    let answer = live.send(&sync_call(&secret, &idle)).await;
    let head = answer.head.to_lowercase();
    let names = head.lines().filter_map(|line| line.split_once(": "));
    let mut names: Vec<&str> = names.map(|(name, _)| name).collect();
    names.sort_unstable();
    let needed = [
        "cache-control",
        // The test's own doing.
        "connection",
        "content-length",
        "content-type",
        "date",
        "x-content-type-options",
    ];
    assert_eq!(names, needed, "{head}");
    let told = String::from_utf8_lossy(&answer.body);
    assert!(answer.body.len() <= 60, "{told}");
}

#[tokio::test]
async fn every_role_may_change_what_the_rules_say_and_nothing_else() {
    let live = Live::start().await;
    let world = &live.world;
    let changes = every_change();
    let mut told = BTreeSet::new();
    let mut checked = 0;
    for role in ROLES {
        for relation in RELATIONS {
            let sender = person(&live, role, &format!("{role:?}{relation:?}")).await;
            let secret = live.sign_in(sender.user).await;
            for kind in [ScopeKind::Family, ScopeKind::Reference] {
                let scope = ScopeId::new(world.now(), rand::random());
                let by = world.store.system();
                world
                    .store
                    .create_scope(by, scope, kind, world.now())
                    .await
                    .expect("it is new");
                if let Some(relation) = relation {
                    world.grant(scope, &sender, relation).await;
                }
                let ops = changes
                    .iter()
                    .map(|change| value(&world.op(&sender, scope, change.clone())))
                    .collect();
                let reply = live.sync(&secret, &request(&sender, ops)).await;
                let actor = Actor {
                    user: sender.user,
                    role,
                    relation,
                };
                assert_eq!(reply.receipts.len(), changes.len());
                for (change, receipt) in changes.iter().zip(&reply.receipts) {
                    let refusal = match receipt.outcome {
                        Outcome::Accepted(_) => None,
                        Outcome::Refused(refusal) => Some(refusal),
                    };
                    assert_eq!(
                        refusal,
                        expected(&actor, kind, change),
                        "{role:?} {relation:?} {kind:?} {}",
                        change.kind()
                    );
                    told.extend(refusal.map(|refusal| refusal.to_string()));
                    checked += 1;
                }
                // Nobody reads what was not granted, and an administrator reads no case at all.
                let may_read = relation.is_some() && role != Role::Administrator;
                let is_read = reply.pages.iter().any(|page| page.scope == scope);
                let has_ops = reply
                    .receipts
                    .iter()
                    .any(|receipt| matches!(receipt.outcome, Outcome::Accepted(_)));
                assert_eq!(
                    is_read,
                    may_read && has_ops,
                    "{role:?} {relation:?} {kind:?}"
                );
            }
        }
    }
    assert_eq!(checked, 4 * 4 * 2 * changes.len());
    let every = ["not_granted", "not_your_role", "wrong_scope"];
    assert_eq!(told, BTreeSet::from(every.map(str::to_owned)));
}

/// How a change is refused that the rules do not allow: first for where it stands, then for what is
/// not granted, and only then for the role.
fn expected(actor: &Actor, kind: ScopeKind, change: &Known) -> Option<Refusal> {
    may(actor, kind, change).err()?;
    let is_of_reference = matches!(change, Known::ColleagueNamed { .. });
    Some(if is_of_reference != (kind == ScopeKind::Reference) {
        Refusal::WrongScope
    } else if actor.relation.is_none() {
        Refusal::NotGranted
    } else {
        Refusal::NotYourRole
    })
}

#[tokio::test]
async fn a_request_that_cannot_be_taken_is_refused_with_a_code() {
    let live = Live::start().await;
    let tutor = live.world.tutor;
    let secret = live.sign_in(tutor.user).await;
    let good = request(&tutor, Vec::new());
    let changed = |key: &str, to: Value| {
        let mut request = good.clone();
        request[key] = to;
        sync_call(&secret, &request)
    };
    let many: Vec<Value> = (0..=PUSH_OPS_MAX)
        .map(|_| value(&live.world.note(&tutor, "x")))
        .collect();
    let cases = [
        (
            "no cookie",
            Call::post("/api/v1/sync", good.to_string().into_bytes()),
            401,
            "not_signed_in",
        ),
        (
            "a stranger's cookie",
            sync_call("nobody", &good),
            401,
            "not_signed_in",
        ),
        (
            "not json",
            Call::post("/api/v1/sync", b"{".to_vec()).signed(&secret),
            400,
            "malformed",
        ),
        (
            "json of something else",
            Call::post("/api/v1/sync", b"[]".to_vec()).signed(&secret),
            400,
            "malformed",
        ),
        (
            "an id that is none",
            changed("device", json!("x")),
            400,
            "malformed",
        ),
        (
            "another protocol",
            changed("protocol", json!(PROTOCOL + 1)),
            426,
            "old_app",
        ),
        (
            "too many ops",
            changed("ops", json!(many)),
            413,
            "too_large",
        ),
        (
            "too large",
            Call::post("/api/v1/sync", vec![b' '; REQUEST_BYTES_MAX + 1]).signed(&secret),
            413,
            "too_large",
        ),
        (
            "another's copy",
            changed("owner", json!(live.world.reviewer.user)),
            403,
            "other_owner",
        ),
        (
            "a form",
            sync_call(&secret, &good).header("content-type", "text/plain"),
            415,
            "not_json",
        ),
        (
            "another site",
            sync_call(&secret, &good).header("origin", "https://example.org"),
            403,
            "cross_site",
        ),
        (
            "broken gzip",
            sync_call(&secret, &good).header("content-encoding", "gzip"),
            400,
            "malformed",
        ),
    ];
    for (what, call, status, code) in cases {
        let answer = live.send(&call).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{what}"
        );
        assert!(
            !answer.json()["message"]
                .as_str()
                .unwrap_or_default()
                .is_empty(),
            "{what}"
        );
    }
    let answer = live.send(&sync_call(&secret, &good)).await;
    assert_eq!(answer.status, 200, "the server is none the worse for it");
}

#[tokio::test]
async fn a_sign_in_is_good_for_one_copy_and_ends_with_it() {
    let live = Live::start().await;
    let tutor = live.world.tutor;
    let secret = live.sign_in(tutor.user).await;
    // Another person's copy on the same phone does not take the sign-in.
    let mut other = request(&live.world.reviewer, Vec::new());
    let refused = live.send(&sync_call(&secret, &other)).await;
    assert_eq!(refused.code(), "other_owner");
    live.sync(&secret, &request(&tutor, Vec::new())).await;
    // A finder with the cookie and without the PIN makes a new copy, with an id of its own.
    other = request(&tutor, Vec::new());
    other["device"] = json!(DeviceId::new(live.world.now(), rand::random()));
    let refused = live.send(&sync_call(&secret, &other)).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (401, "not_signed_in")
    );
    live.sync(&secret, &request(&tutor, Vec::new())).await;
    let by = live.world.store.system();
    live.world
        .store
        .revoke_device(by, tutor.user, tutor.device, live.world.now())
        .await
        .expect("it is known");
    let refused = live
        .send(&sync_call(&secret, &request(&tutor, Vec::new())))
        .await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (401, "not_signed_in")
    );
    // Who signs in again is told why the copy is refused, under a code that the app knows.
    let secret = live.sign_in(tutor.user).await;
    let words = vec![value(&live.world.note(&tutor, "dopo la revoca"))];
    for call in [
        sync_call(&secret, &request(&tutor, Vec::new())),
        sync_call(&secret, &request(&tutor, words)),
    ] {
        let refused = live.send(&call).await;
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (403, "device_revoked")
        );
        assert!(refused.json().get("pages").is_none());
    }
    let stretch = live.world.store.read(live.world.family, 0, 1_000).await;
    assert_eq!(stretch.expect("it reads").head, 0, "nothing went through");
}

#[tokio::test]
async fn a_request_may_be_compressed_but_not_without_end() {
    let live = Live::start().await;
    let tutor = live.world.tutor;
    let secret = live.sign_in(tutor.user).await;
    let push = request(&tutor, vec![value(&live.world.note(&tutor, "compressa"))]);
    let zipped = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).expect("memory takes it");
        let body = encoder.finish().expect("memory takes it");
        Call::post("/api/v1/sync", body)
            .signed(&secret)
            .header("content-encoding", "gzip")
    };
    let answer = live.send(&zipped(push.to_string().as_bytes())).await;
    assert_eq!(answer.status, 200);
    // Fifty megabytes of blanks travel in fifty kilobytes.
    let bomb = live.send(&zipped(&vec![b' '; 50 << 20])).await;
    assert_eq!((bomb.status, bomb.code().as_str()), (413, "too_large"));
}

#[tokio::test]
async fn a_server_without_space_says_so_and_the_phone_sends_again() {
    let live = Live::start().await;
    let tutor = live.world.tutor;
    let secret = live.sign_in(tutor.user).await;
    let push = request(&tutor, vec![value(&live.world.note(&tutor, "una visita"))]);
    behind::fill_disk(&live.world).await;
    let sentences = [
        (
            "it",
            "Il server non ha più spazio: avvisa l’amministratore.",
        ),
        (
            "en",
            "The server has no space left: tell the administrator.",
        ),
    ];
    for (language, sentence) in sentences {
        let call = sync_call(&secret, &push).header("accept-language", language);
        let refused = live.send(&call).await;
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (507, "no_space"),
            "{}",
            refused.json()
        );
        assert_eq!(refused.json()["message"], sentence);
        assert!(
            refused.json().get("receipts").is_none(),
            "only a receipt takes an op out of the phone's outbox"
        );
    }
    behind::make_room(&live.world).await;
    let reply = live.sync(&secret, &push).await;
    assert_eq!(numbers(&reply.receipts), [1]);
    assert_eq!(reply.pages[0].head, 1, "it is there once");
}

#[tokio::test]
async fn a_session_that_has_ended_lets_nothing_through_and_loses_nothing() {
    let live = Live::start().await;
    let tutor = live.world.tutor;
    let store = live.world.store.as_ref();
    let push = request(
        &tutor,
        vec![value(&live.world.note(&tutor, "non ancora inviata"))],
    );
    let expired = sign_in(store, tutor.user, server::auth::now().plus(-1)).await;
    let refused = live.send(&sync_call(&expired, &push)).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (401, "not_signed_in")
    );
    let stretch = store
        .read(live.world.family, 0, 1_000)
        .await
        .expect("it reads");
    assert_eq!(stretch.head, 0, "nothing went through");
    store
        .sweep_sessions(server::auth::now())
        .await
        .expect("it sweeps");
    let secret = live.sign_in(tutor.user).await;
    assert_eq!(numbers(&live.sync(&secret, &push).await.receipts), [1]);
    store
        .set_active(store.system(), tutor.user, false, live.world.now())
        .await
        .expect("she exists");
    let refused = live.send(&sync_call(&secret, &push)).await;
    assert_eq!(refused.status, 401);
}

#[tokio::test]
async fn what_is_newer_than_the_server_is_kept_and_named() {
    let live = Live::start().await;
    let tutor = live.world.tutor;
    let secret = live.sign_in(tutor.user).await;
    let mut newer = value(&live.world.note(&tutor, "x"));
    newer["change"] = json!({ "moon_phase_noted": { "phase": "full" } });
    let reply = live.sync(&secret, &request(&tutor, vec![newer])).await;
    assert_eq!(
        reply.receipts[0].outcome,
        Outcome::Refused(Refusal::UnknownKind)
    );
    assert_eq!(
        live.world
            .store
            .quarantined(10)
            .await
            .expect("it reads")
            .len(),
        1
    );
}

#[tokio::test]
async fn a_phone_of_another_version_is_told_to_update_and_its_words_are_taken_in() {
    let live = Live::start().await;
    let tutor = live.world.tutor;
    let secret = live.sign_in(tutor.user).await;
    let mut push = request(&tutor, vec![value(&live.world.note(&tutor, "di un’altra"))]);
    for protocol in [PROTOCOL - 1, PROTOCOL + 1] {
        push["protocol"] = json!(protocol);
        let refused = live.send(&sync_call(&secret, &push)).await;
        assert_eq!((refused.status, refused.code().as_str()), (426, "old_app"));
        let told = refused.json();
        assert!(told.get("pages").is_none(), "it reads nothing: {told}");
        let stretch = live.world.store.read(live.world.family, 0, 1_000).await;
        assert_eq!(stretch.expect("it reads").head, 1, "protocol {protocol}");
    }
    push["protocol"] = json!(PROTOCOL);
    let reply = live.sync(&secret, &push).await;
    assert_eq!(numbers(&reply.receipts), [1], "once it is updated");
}

#[tokio::test]
async fn only_who_follows_a_family_decides_about_its_quarantine() {
    let live = Live::start().await;
    let world = &live.world;
    let decisions = |op: OpId| {
        [
            Value::Null,
            json!({ "hand_over": op }),
            json!({ "decline": { "op": op, "reason": "no" } }),
            json!({ "adopt": op }),
        ]
    };
    let mut checked = 0;
    for role in ROLES {
        for relation in RELATIONS {
            let op = world.note(&world.stranger, "di chi non c’è più");
            world.ingest(&world.stranger, &[world::bytes(&op)]).await;
            let sender = person(&live, role, &format!("{role:?}{relation:?}")).await;
            if let Some(relation) = relation {
                world.grant(world.family, &sender, relation).await;
            }
            let secret = live.sign_in(sender.user).await;
            live.sync(&secret, &request(&sender, Vec::new())).await;
            let may = domain::authorize::may_settle(role, relation);
            for decision in decisions(op.id) {
                let ask = json!({ "device": sender.device, "decision": decision });
                let call = Call::post("/api/v1/quarantine", ask.to_string().into_bytes());
                let answer = live.send(&call.signed(&secret)).await;
                let what = format!("{role:?} {relation:?} {decision}");
                // One that was declined before cannot be adopted; and it is its author's to give.
                let status = match (&decision, may) {
                    (Value::Null, _) => 200,
                    (asked, _) if asked.get("hand_over").is_some() => 404,
                    (asked, true) if asked.get("adopt").is_some() => 409,
                    (_, true) => 200,
                    (_, false) => 404,
                };
                assert_eq!(answer.status, status, "{what}: {}", answer.json());
                if decision.is_null() {
                    let held = answer.json()["held"].as_array().map_or(0, Vec::len);
                    assert_eq!(held > 0, may, "{what}");
                }
                checked += 1;
            }
        }
    }
    assert_eq!(checked, 4 * 4 * 4);
}

#[tokio::test]
async fn a_cookie_without_its_copy_gets_no_words_out_of_quarantine() {
    let live = Live::start().await;
    let tutor = live.world.tutor;
    let secret = live.sign_in(tutor.user).await;
    let ask = |device: DeviceId, decision: Value| {
        let asked = json!({ "device": device, "decision": decision });
        Call::post("/api/v1/quarantine", asked.to_string().into_bytes()).signed(&secret)
    };
    let op = OpId::new(live.world.now(), rand::random());
    let refused = live.send(&ask(tutor.device, Value::Null)).await;
    assert_eq!(refused.status, 401, "it has not synced yet");
    live.sync(&secret, &request(&tutor, Vec::new())).await;
    let other = DeviceId::new(live.world.now(), rand::random());
    let refused = live.send(&ask(other, Value::Null)).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (401, "not_signed_in")
    );
    for (reason, status) in [
        ("", 400),
        ("  ", 400),
        (&*"x".repeat(1_001), 400),
        ("sì", 404),
    ] {
        let decision = json!({ "decline": { "op": op, "reason": reason } });
        let answer = live.send(&ask(tutor.device, decision)).await;
        assert_eq!(answer.status, status, "{reason:?}");
    }
    let nobody = Call::post("/api/v1/quarantine", b"{}".to_vec());
    assert_eq!(live.send(&nobody).await.status, 401);
}

/// One change of every kind: those whose bytes are frozen.
fn every_change() -> Vec<Known> {
    let frozen = [
        include_str!("../../app/domain/tests/frozen/ops-1.jsonl"),
        include_str!("../../app/domain/tests/frozen/ops-2.jsonl"),
        include_str!("../../app/domain/tests/frozen/ops-3.jsonl"),
        include_str!("../../app/domain/tests/frozen/ops-4.jsonl"),
    ];
    let known = |line: &str| match serde_json::from_str::<Op>(line).expect("an op").change {
        Change::Known(known) => *known,
        Change::Unknown(unknown) => panic!("{}", unknown.json()),
    };
    frozen
        .iter()
        .flat_map(|schema| schema.lines())
        .map(known)
        .collect()
}

async fn person(live: &Live, role: Role, login: &str) -> Sender {
    let user = UserId::new(live.world.now(), rand::random());
    let new = User {
        id: user,
        login: login.to_lowercase(),
        name: login.to_owned(),
        role,
        is_active: true,
    };
    let store = live.world.store.as_ref();
    store
        .create_user(store.system(), &new, "hash", live.world.now())
        .await
        .expect("it is new");
    Sender::new(user, role, DeviceId::new(live.world.now(), rand::random()))
}

fn value(op: &Op) -> Value {
    serde_json::to_value(op).expect("an op is JSON")
}
