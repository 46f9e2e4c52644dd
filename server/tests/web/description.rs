//! The description of the interface: every address, every failure, every field.

use std::collections::BTreeSet;
use std::path::Path;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::attachment::Hash;
use domain::authorize::{Relation, ScopeKind};
use domain::id::{DeviceId, Millis, OpId, ScopeId, UserId};
use replica::attachment::{Offer, Standing};
use replica::message::{
    Cursor, Digest, Grant, Outcome, PROTOCOL, PUSH_OPS_MAX, Page, Position, Receipt, Refusal,
    SyncReply, SyncRequest,
};
use replica::quarantine::{
    ASKED_MAX, Decision, HELD_MAX, Held, REASON_CHARS_MAX, Reply, Request, Settled, Waiting, Word,
};
use replica::sealed::{Delivery, DeliveryReply, ENVELOPES_MAX, Envelope, Key, KeyRequest};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::described::{API, faults};
use crate::place::Place;

const ID: &str = "0192f0c1-2b3c-7d4e-8f50-617283940001";

/// An id of any kind.
fn id<T: std::str::FromStr>() -> T {
    ID.parse().ok().expect("an id")
}

fn op() -> Box<RawValue> {
    let op = json!({
        "id": ID, "device": ID, "device_seq": 1, "scope": ID, "author": ID, "at": 1, "schema": 1,
        "replaces": [ID], "change": { "any_kind": {} },
    });
    RawValue::from_string(op.to_string()).expect("it is JSON")
}

/// Holds a message with every field filled against its description, which has no other field.
fn check_whole(name: &str, message: &impl Serialize) {
    let value = serde_json::to_value(message).expect("a message");
    check(name, &value);
    let keys = |value: &Value| -> BTreeSet<String> {
        value
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, _)| key.clone())
            .collect()
    };
    let described = &API["components"]["schemas"][name]["properties"];
    assert_eq!(keys(&value), keys(described), "{name}");
}

fn check(name: &str, value: &Value) {
    let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
    let faults = faults(&schema, value);
    assert!(faults.is_empty(), "{name}: {faults:?} in {value}");
}

/// Holds all words of a kind against their description, which has no others.
fn check_each(name: &str, words: &[impl Serialize]) {
    for word in words {
        check(name, &serde_json::to_value(word).expect("a word"));
    }
    let schema = &API["components"]["schemas"][name];
    let described = schema["enum"].as_array().or(schema["oneOf"].as_array());
    assert_eq!(described.map(Vec::len), Some(words.len()), "{name}");
}

const REFUSALS: [Refusal; 10] = [
    Refusal::NotGranted,
    Refusal::NotYourRole,
    Refusal::WrongScope,
    Refusal::UnknownKind,
    Refusal::Malformed,
    Refusal::TooLarge,
    Refusal::SameIdOtherBytes,
    Refusal::OtherAuthor,
    Refusal::AccountClosed,
    Refusal::DeviceRevoked,
];

#[test]
fn an_attachment_is_as_described() {
    let offer = Offer {
        device: id(),
        owner: id(),
        scope: id(),
        hash: Hash::of(b"voice"),
        bytes: 5,
    };
    check_whole("AttachmentOffer", &offer);
    let standing = Standing {
        received: 5,
        is_complete: true,
    };
    check_whole("AttachmentStanding", &standing);
}

#[test]
fn a_sync_is_as_described() {
    check_whole("Op", &op());
    let positions = [
        Position::Digest(Digest(u64::MAX)),
        Position::Cursors(vec![Cursor {
            scope: id(),
            seq: 1,
        }]),
    ];
    check_each("Position", &positions);
    for position in positions {
        let request = SyncRequest {
            protocol: PROTOCOL,
            device: id(),
            owner: id(),
            grant_epoch: 1,
            position,
            ops: vec![op()],
            purged: vec![id()],
            refused: vec![id()],
        };
        check_whole("SyncRequest", &request);
    }
    let receipts = [Outcome::Accepted(1), Outcome::Refused(Refusal::Malformed)]
        .map(|outcome| Receipt { op: id(), outcome });
    check_each("Outcome", &receipts.map(|receipt| receipt.outcome));
    check_each("Refusal", &REFUSALS);
    let words = [
        Word::HandedOver,
        Word::Adopted {
            number: 1,
            by: id(),
        },
        Word::Declined {
            by: id(),
            reason: "una ragione".to_owned(),
        },
    ];
    check_each("Word", &words);
    let grant = |kind, relation| Grant {
        scope: id(),
        kind,
        relation,
        head: 1,
    };
    let grants = [
        grant(ScopeKind::Family, Relation::Tutor),
        grant(ScopeKind::Reference, Relation::Reader),
        grant(ScopeKind::Family, Relation::Reviewer),
    ];
    let page = || Page {
        scope: id(),
        from: 0,
        ops: vec![Some(op()), None],
        head: 2,
    };
    check_whole("Page", &page());
    check_whole("Grant", &grants[0]);
    check_whole("Receipt", &receipts[0]);
    check_whole(
        "Waiting",
        &Waiting {
            scope: id(),
            count: 1,
        },
    );
    let settled = words.map(|word| Settled { op: id(), word });
    check_whole("Settled", &settled[0]);
    let reply = SyncReply {
        now: Millis(1),
        restore_epoch: 1,
        grant_epoch: 1,
        grants: Some(grants.to_vec()),
        receipts: receipts.to_vec(),
        pages: vec![page()],
        settled: settled.to_vec(),
        waiting: vec![Waiting {
            scope: id(),
            count: 1,
        }],
        has_more: true,
        needs_cursors: true,
    };
    check_whole("SyncReply", &reply);
}

#[test]
fn the_quarantine_is_as_described() {
    let decisions = [
        Decision::Adopt(id()),
        Decision::Decline {
            op: id(),
            reason: "una ragione".to_owned(),
        },
        Decision::HandOver(id()),
    ];
    check_each("Decision", &decisions);
    for decision in decisions {
        let request = Request {
            device: id(),
            decision: Some(decision),
        };
        check_whole("QuarantineRequest", &request);
    }
    let held = Held {
        op: op(),
        sender: id(),
        refusal: Refusal::NotGranted,
        received_at: Millis(1),
        is_handed_over: true,
        obstacle: Some(Refusal::NotYourRole),
    };
    check_whole("Held", &held);
    check_whole("QuarantineReply", &Reply { held: vec![held] });
}

#[test]
fn a_sealed_delivery_is_as_described() {
    let (device, owner): (DeviceId, UserId) = (id(), id());
    let key = Key([0xab; 32]);
    check_whole(
        "KeyRequest",
        &KeyRequest {
            device,
            owner,
            proof: key,
        },
    );
    let envelope = Envelope::new(&key, [2; 32], &[3, 4]);
    check_whole(
        "Delivery",
        &Delivery {
            envelopes: vec![envelope],
        },
    );
    let receipt = Receipt {
        op: id::<OpId>(),
        outcome: Outcome::Accepted(1),
    };
    check_whole(
        "DeliveryReply",
        &DeliveryReply {
            receipts: vec![Some(receipt), None],
            restore_epoch: Some(1),
        },
    );
}

#[test]
fn a_field_that_is_not_described_is_seen() {
    let schema = json!({ "$ref": "#/components/schemas/Waiting" });
    let whole = json!({ "scope": id::<ScopeId>(), "count": 1 });
    assert_eq!(faults(&schema, &whole), Vec::<String>::new());
    for wrong in [
        json!({ "scope": ID, "count": 1, "more": 1 }),
        json!({ "scope": ID }),
        json!({ "scope": "nobody", "count": 1 }),
    ] {
        assert_ne!(faults(&schema, &wrong), Vec::<String>::new(), "{wrong}");
    }
}

#[test]
fn limits_are_as_described() {
    let of = |message: &str, field: &str, limit: &str| {
        let field = &API["components"]["schemas"][message]["properties"][field];
        field[limit]
            .as_u64()
            .and_then(|limit| usize::try_from(limit).ok())
    };
    assert_eq!(of("SyncRequest", "ops", "maxItems"), Some(PUSH_OPS_MAX));
    assert_eq!(of("SyncRequest", "refused", "maxItems"), Some(ASKED_MAX));
    assert_eq!(of("Delivery", "envelopes", "maxItems"), Some(ENVELOPES_MAX));
    let held = usize::try_from(HELD_MAX).ok();
    assert_eq!(of("QuarantineReply", "held", "maxItems"), held);
    let reason = &API["components"]["schemas"]["Decision"]["oneOf"][1]["properties"]["decline"];
    let longest = &reason["properties"]["reason"]["maxLength"];
    assert_eq!(longest, &json!(REASON_CHARS_MAX));
}

/// Every text of the sources that begins like an address of the interface.
fn addresses(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in folder.read_dir().expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            addresses(&path, found);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let quoted = text.split('"').filter(|part| part.starts_with("/api/v1/"));
        found.extend(quoted.map(str::to_owned));
    }
}

#[tokio::test]
async fn every_address_is_described_with_what_it_does() {
    let mut known = BTreeSet::new();
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    addresses(&sources, &mut known);
    let described = API["paths"].as_object().expect("there are paths");
    let listed: BTreeSet<String> = described.keys().cloned().collect();
    assert_eq!(known, listed, "add the handler to `paths` in openapi.rs");
    let place = Place::new().await;
    for (path, operations) in described {
        let mut methods: BTreeSet<String> = operations
            .as_object()
            .into_iter()
            .flatten()
            .map(|(m, _)| m.to_uppercase())
            .collect();
        if methods.contains("GET") {
            methods.insert("HEAD".to_owned());
        }
        // No address does this, and the refusal says what it does.
        let address = path.replace(['{', '}'], "");
        let request = place
            .browser()
            .request(Method::TRACE, &address)
            .body(Body::empty());
        let answer = place.send(request.expect("a request")).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        let allowed = answer.header("allow").to_owned();
        let allowed: BTreeSet<String> = allowed.split(',').map(str::to_owned).collect();
        assert_eq!(methods, allowed, "{path}");
    }
}

#[tokio::test]
async fn everybody_may_read_the_description_and_it_names_every_failure() {
    let answer = Place::new()
        .await
        .browser()
        .get("/api/v1/openapi.json")
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    let told: Value = serde_json::from_str(&answer.text).expect("it is JSON");
    let codes = &told["components"]["schemas"]["Failure"]["properties"]["code"]["enum"];
    let codes: BTreeSet<&str> = codes
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let source = include_str!("../../src/error.rs");
    let begin = source.find("fn code(self)").expect("the codes are there");
    let end = source.find("fn status(self)").expect("the statuses follow");
    let in_source: BTreeSet<&str> = source[begin..end].split('"').skip(1).step_by(2).collect();
    assert_eq!(codes, in_source);
    assert!(codes.len() > 15, "{codes:?}");
}
