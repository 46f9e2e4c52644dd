//! Attachments from outside: chunks that get lost, bytes that are wrong, people who may not.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use domain::attachment::Hash;
use domain::id::ScopeId;
use replica::attachment::{CHUNK_BYTES, Offer, Standing};
use serde_json::{Value, json};
use server::attachments::files::Files;
use server::store::{Action, Sender};

use crate::live::Live;
use crate::wire::{Answer, Call, send_and_leave};

/// Bytes like no others, two chunks and a half of them.
pub fn voice() -> Vec<u8> {
    let length = usize::try_from(CHUNK_BYTES * 5 / 2).expect("it is small");
    (0..=u8::MAX)
        .cycle()
        .map(|byte| byte ^ 0x5a)
        .take(length)
        .collect()
}

pub fn offer(sender: &Sender, scope: ScopeId, bytes: &[u8]) -> Offer {
    Offer {
        device: sender.device,
        owner: sender.user,
        scope,
        hash: Hash::of(bytes),
        bytes: u32::try_from(bytes.len()).expect("it is small"),
    }
}

pub fn offer_call(secret: &str, offer: &Offer) -> Call<'static> {
    let body = serde_json::to_vec(offer).expect("it is JSON");
    Call::post("/api/v1/attachments", body).signed(secret)
}

pub fn path(scope: ScopeId, hash: Hash) -> String {
    format!("/api/v1/attachments/{scope}/{hash}")
}

pub fn put_call<'a>(secret: &str, path: &'a str, bytes: &[u8]) -> Call<'a> {
    let call = Call {
        method: "PUT",
        ..Call::post(path, bytes.to_vec())
    };
    call.header("content-type", "application/octet-stream")
        .signed(secret)
}

async fn chunk(live: &Live, secret: &str, offer: &Offer, from: u32, bytes: &[u8]) -> Answer {
    let path = format!("{}/{from}", path(offer.scope, offer.hash));
    live.send(&put_call(secret, &path, bytes)).await
}

pub fn get_call<'a>(secret: &str, path: &'a str) -> Call<'a> {
    let call = Call {
        method: "GET",
        ..Call::post(path, Vec::new())
    };
    call.signed(secret)
}

async fn get(live: &Live, secret: &str, scope: ScopeId, hash: Hash) -> Answer {
    live.send(&get_call(secret, &path(scope, hash))).await
}

pub fn told(answer: &Answer) -> Standing {
    assert_eq!(answer.status, 200, "{}", answer.json());
    serde_json::from_slice(&answer.body).expect("it is a standing")
}

pub fn part(bytes: &[u8], number: usize) -> &[u8] {
    let size = usize::try_from(CHUNK_BYTES).expect("it is small");
    bytes.chunks(size).nth(number).expect("there are so many")
}

/// Sends all of it in good order.
async fn send_all(live: &Live, secret: &str, offer: &Offer, bytes: &[u8]) -> Standing {
    let mut standing = told(&live.send(&offer_call(secret, offer)).await);
    while standing.received < offer.bytes {
        let number = usize::try_from(standing.received / CHUNK_BYTES).expect("it is small");
        let answer = chunk(live, secret, offer, standing.received, part(bytes, number)).await;
        standing = told(&answer);
    }
    told(&live.send(&offer_call(secret, offer)).await)
}

async fn noted(live: &Live, action: Action) -> usize {
    let trail = live.world.store.trail(100).await.expect("it reads");
    trail
        .iter()
        .filter(|one| one.entry.action == action)
        .count()
}

#[tokio::test]
async fn an_upload_goes_on_where_it_was_cut_off_and_is_put_together_once() {
    let live = Live::start().await;
    let (tutor, family) = (live.world.tutor, live.world.family);
    let secret = live.sign_in(tutor.user).await;
    let bytes = voice();
    let offer = offer(&tutor, family, &bytes);
    let ask = async || told(&live.send(&offer_call(&secret, &offer)).await);
    assert_eq!(ask().await.received, 0);
    let first = told(&chunk(&live, &secret, &offer, 0, part(&bytes, 0)).await);
    assert_eq!((first.received, first.is_complete), (CHUNK_BYTES, false));
    // A chunk whose answer is lost, and one that overtakes the one before it.
    let second = format!("{}/{CHUNK_BYTES}", path(family, offer.hash));
    send_and_leave(live.addr, &put_call(&secret, &second, part(&bytes, 1))).await;
    let gap = chunk(&live, &secret, &offer, CHUNK_BYTES * 9, part(&bytes, 2)).await;
    assert_eq!((gap.status, gap.code().as_str()), (409, "conflict"));
    for _ in 0..2 {
        let again = told(&chunk(&live, &secret, &offer, CHUNK_BYTES, part(&bytes, 1)).await);
        assert_eq!(
            again.received,
            CHUNK_BYTES * 2,
            "the same chunk changes nothing"
        );
    }
    assert_eq!(
        get(&live, &secret, family, offer.hash).await.status,
        404,
        "not before it is whole"
    );
    let last = told(&chunk(&live, &secret, &offer, CHUNK_BYTES * 2, part(&bytes, 2)).await);
    assert_eq!((last.received, last.is_complete), (offer.bytes, false));
    assert!(ask().await.is_complete);
    assert!(ask().await.is_complete, "the answer may have been lost");
    assert_eq!(
        noted(&live, Action::AttachmentWritten).await,
        1,
        "it was taken in once"
    );
    let answer = get(&live, &secret, family, offer.hash).await;
    assert!(answer.body == bytes, "the very bytes");
    let head = answer.head.to_lowercase();
    for said in [
        "application/octet-stream",
        "no-store",
        "content-security-policy: default-src 'none'; sandbox",
    ] {
        assert!(head.contains(said), "{head}");
    }
    assert_eq!(noted(&live, Action::AttachmentRead).await, 1);
    let far = live.world.now().plus(i64::MAX / 2);
    assert_eq!(
        live.files.sweep(far).await.expect("it sweeps"),
        0,
        "no chunk is left"
    );
}

#[tokio::test]
async fn bytes_that_are_not_those_announced_are_never_kept() {
    let live = Live::start().await;
    let (tutor, family) = (live.world.tutor, live.world.family);
    let secret = live.sign_in(tutor.user).await;
    let bytes = voice();
    let offer = offer(&tutor, family, &bytes);
    let mut wrong = bytes.clone();
    *wrong.last_mut().expect("it has bytes") ^= 1;
    for number in 0..3 {
        let from = u32::try_from(number).expect("it is small") * CHUNK_BYTES;
        told(&chunk(&live, &secret, &offer, from, part(&wrong, number)).await);
    }
    let refused = live.send(&offer_call(&secret, &offer)).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (422, "wrong_hash")
    );
    assert_eq!(get(&live, &secret, family, offer.hash).await.status, 404);
    assert!(
        send_all(&live, &secret, &offer, &bytes).await.is_complete,
        "it may begin anew"
    );
}

#[tokio::test]
async fn who_may_not_write_sends_nothing_and_who_may_not_read_gets_nothing() {
    let live = Live::start().await;
    let (world, family) = (&live.world, live.world.family);
    let bytes = b"short".to_vec();
    let hash = Hash::of(&bytes);
    for sender in [world.stranger, world.administrator] {
        let secret = live.sign_in(sender.user).await;
        let offer = offer(&sender, family, &bytes);
        assert_eq!(live.send(&offer_call(&secret, &offer)).await.status, 403);
        assert_eq!(chunk(&live, &secret, &offer, 0, &bytes).await.status, 403);
        assert_eq!(get(&live, &secret, family, hash).await.status, 403);
    }
    let (tutor, reviewer) = (world.tutor, world.reviewer);
    let secret = live.sign_in(tutor.user).await;
    for scope in [world.reference, ScopeId::new(world.now(), rand::random())] {
        let elsewhere = offer(&tutor, scope, &bytes);
        assert_eq!(
            live.send(&offer_call(&secret, &elsewhere)).await.status,
            403
        );
    }
    let other = offer(&reviewer, family, &bytes);
    let refused = live.send(&offer_call(&secret, &other)).await;
    assert_eq!(refused.code(), "other_owner");
    assert!(
        send_all(&live, &secret, &offer(&tutor, family, &bytes), &bytes)
            .await
            .is_complete
    );
    let theirs = live.sign_in(reviewer.user).await;
    assert!(get(&live, &theirs, family, hash).await.body == bytes);

    // Whose access was taken back still delivers what they recorded, and reads nothing any more.
    let by = world.store.system();
    let revoked = world
        .store
        .revoke(by, family, tutor.user, world.now())
        .await;
    assert!(revoked.expect("it is taken back"));
    let unsent = b"recorded before".to_vec();
    assert!(
        send_all(&live, &secret, &offer(&tutor, family, &unsent), &unsent)
            .await
            .is_complete
    );
    assert_eq!(get(&live, &secret, family, hash).await.status, 403);
    let nobody = live.send(&offer_call("nobody", &other)).await;
    assert_eq!(nobody.code(), "not_signed_in");
}

#[tokio::test]
async fn an_attachment_has_a_limit_and_so_has_a_family() {
    let live = Live::start().await;
    let (tutor, family) = (live.world.tutor, live.world.family);
    let secret = live.sign_in(tutor.user).await;
    let bytes = voice();
    let mut offer = offer(&tutor, family, &bytes);
    for size in [0, domain::attachment::BYTES_MAX + 1] {
        offer.bytes = size;
        assert_eq!(
            live.send(&offer_call(&secret, &offer)).await.code(),
            "too_large"
        );
    }
    let large = vec![0; usize::try_from(CHUNK_BYTES + 1).expect("it is small")];
    assert_eq!(
        chunk(&live, &secret, &offer, 0, &large).await.code(),
        "too_large"
    );
    let at_end = chunk(&live, &secret, &offer, u32::MAX, b"x").await;
    assert_eq!(at_end.code(), "too_large");
    // A million bytes are the room here.
    offer.bytes = 1_000_001;
    let full = live.send(&offer_call(&secret, &offer)).await;
    assert_eq!((full.status, full.code().as_str()), (413, "family_full"));
    offer.bytes = u32::try_from(bytes.len()).expect("it is small");
    assert!(send_all(&live, &secret, &offer, &bytes).await.is_complete);
    let more = Offer {
        hash: Hash::of(b"more"),
        ..offer
    };
    assert_eq!(
        live.send(&offer_call(&secret, &more)).await.code(),
        "family_full"
    );
}

#[tokio::test]
async fn chunks_take_no_more_room_than_a_family_has() {
    let live = Live::start().await;
    let (tutor, family) = (live.world.tutor, live.world.family);
    let secret = live.sign_in(tutor.user).await;
    let bytes = voice();
    let one = offer(&tutor, family, &bytes);
    let full = part(&bytes, 0);
    // One that is there comes once more, or a shorter part of it, but no longer one, and none that
    // overlaps it.
    told(&chunk(&live, &secret, &one, 0, &full[..8]).await);
    assert_eq!(
        told(&chunk(&live, &secret, &one, 0, &full[..8]).await).received,
        8
    );
    assert_eq!(
        told(&chunk(&live, &secret, &one, 0, &full[..4]).await).received,
        4
    );
    for from in [0, 1, 3] {
        let answer = chunk(&live, &secret, &one, from, full).await;
        assert_eq!(answer.code(), "conflict", "{from}");
    }
    // Whoever begins many finds no room to go on with all: a million bytes are the room here.
    let many = [b"a", b"b", b"c", b"d"].map(|name| Offer {
        hash: Hash::of(name),
        ..one
    });
    let mut codes = Vec::new();
    for offer in &many {
        told(&chunk(&live, &secret, offer, 0, b"x").await);
    }
    for offer in &many {
        codes.push(chunk(&live, &secret, offer, 1, full).await.code());
    }
    assert_eq!(codes, ["", "", "", "family_full"]);
}

#[tokio::test]
async fn what_nobody_can_read_is_refused_with_a_code() {
    let live = Live::start().await;
    let (tutor, family) = (live.world.tutor, live.world.family);
    let secret = live.sign_in(tutor.user).await;
    let good: Value = serde_json::to_value(offer(&tutor, family, b"x")).expect("it is JSON");
    for (key, value) in [
        ("hash", json!("../../percorso.db")),
        ("bytes", json!(-1)),
        ("scope", json!("x")),
    ] {
        let mut wrong = good.clone();
        wrong[key] = value;
        let call = Call::post("/api/v1/attachments", wrong.to_string().into_bytes());
        assert_eq!(
            live.send(&call.signed(&secret)).await.code(),
            "malformed",
            "{key}"
        );
    }
    let upper = Hash::of(b"x").to_string().to_uppercase();
    for name in ["..%2f..%2fpercorso.db", "parts", &upper] {
        let path = format!("/api/v1/attachments/{family}/{name}/0");
        let answer = live.send(&put_call(&secret, &path, b"x")).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "malformed"),
            "{name}"
        );
    }
    let path = format!("{}/0", path(family, Hash::of(b"x")));
    let cross = put_call(&secret, &path, b"x").header("origin", "https://example.org");
    assert_eq!(live.send(&cross).await.code(), "cross_site");
}

#[tokio::test]
async fn what_was_given_up_is_swept_and_what_is_whole_stays() {
    let live = Live::start().await;
    let (tutor, family) = (live.world.tutor, live.world.family);
    let secret = live.sign_in(tutor.user).await;
    let (whole, bytes) = (b"whole".to_vec(), voice());
    assert!(
        send_all(&live, &secret, &offer(&tutor, family, &whole), &whole)
            .await
            .is_complete
    );
    let begun = offer(&tutor, family, &bytes);
    told(&chunk(&live, &secret, &begun, 0, part(&bytes, 0)).await);
    let now = server::auth::now();
    assert_eq!(
        live.files.sweep(now).await.expect("it sweeps"),
        0,
        "it may still go on"
    );
    let later = now.plus(15 * 24 * 3_600_000);
    assert_eq!(live.files.sweep(later).await.expect("it sweeps"), 1);
    assert_eq!(
        told(&live.send(&offer_call(&secret, &begun)).await).received,
        0
    );
    assert!(get(&live, &secret, family, Hash::of(&whole)).await.body == whole);
}

/// Files in a bucket: what speaks like one, on this machine.
#[tokio::test]
async fn a_bucket_keeps_them_as_a_folder_does() {
    let bucket = Bucket::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a free port");
    let address = listener.local_addr().expect("it listens");
    let served = axum::Router::new()
        .fallback(speak_like_a_bucket)
        .with_state(bucket.clone());
    tokio::spawn(async move { axum::serve(listener, served).await });
    let endpoint = format!("http://{address}");
    let settings = [
        ("AWS_ACCESS_KEY_ID", "prova"),
        ("AWS_SECRET_ACCESS_KEY", "prova"),
        ("AWS_ENDPOINT", endpoint.as_str()),
        ("AWS_ALLOW_HTTP", "true"),
    ];
    let files = Files::in_bucket_with("s3://allegati/prova", settings).await;
    let files = files.expect("it answers");

    let bytes = voice();
    let scope: ScopeId = "0192f0c1-2b3c-7d4e-8f50-617283940001"
        .parse()
        .expect("an id");
    let offer = Offer {
        device: "0192f0c1-2b3c-7d4e-8f50-617283940002"
            .parse()
            .expect("an id"),
        owner: "0192f0c1-2b3c-7d4e-8f50-617283940003"
            .parse()
            .expect("an id"),
        scope,
        hash: Hash::of(&bytes),
        bytes: u32::try_from(bytes.len()).expect("it is small"),
    };
    let mut here = 0;
    while here < offer.bytes {
        let number = usize::try_from(here / CHUNK_BYTES).expect("it is small");
        let chunk = part(&bytes, number).to_vec();
        let put = files.put(scope, offer.hash, here, chunk.into()).await;
        here = put.expect("it is taken").received;
    }
    let (standing, is_new) = files.standing(&offer).await.expect("it is put together");
    assert!(standing.is_complete && is_new);
    let read = files.get(scope, offer.hash).await.expect("it answers");
    assert_eq!(read.as_deref(), Some(bytes.as_slice()));
    let left: Vec<String> = bucket
        .lock()
        .expect("nobody died")
        .keys()
        .cloned()
        .collect();
    assert_eq!(
        left,
        [format!("prova/{scope}/{}", offer.hash)],
        "no chunk stays behind"
    );
}

/// What lies in the bucket, by key.
type Bucket = Arc<Mutex<BTreeMap<String, axum::body::Bytes>>>;

/// As much of S3 as is used: put, get, head, list, delete.
async fn speak_like_a_bucket(
    State(bucket): State<Bucket>,
    method: Method,
    uri: Uri,
    body: axum::body::Bytes,
) -> Response {
    let key = uri
        .path()
        .trim_start_matches("/allegati")
        .trim_start_matches('/')
        .to_owned();
    let query = uri.query().unwrap_or_default().replace("%2F", "/");
    let mut bucket = bucket.lock().expect("nobody died");
    let wanted = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(found, _)| *found == name)?;
        Some(value.to_owned())
    };
    const AT: &str = "2026-01-01T00:00:00.000Z";
    match method {
        Method::PUT => {
            bucket.insert(key, body);
            [("etag", "\"1\"")].into_response()
        }
        Method::GET if wanted("list-type").is_some() => {
            let prefix = wanted("prefix").unwrap_or_default();
            let found = bucket.iter().filter(|(key, _)| key.starts_with(&prefix));
            let rows: String = found
                .map(|(key, bytes)| {
                    let size = bytes.len();
                    format!(
                        "<Contents><Key>{key}</Key><LastModified>{AT}</LastModified>\
                         <ETag>1</ETag><Size>{size}</Size></Contents>"
                    )
                })
                .collect();
            format!("<ListBucketResult>{rows}</ListBucketResult>").into_response()
        }
        Method::GET | Method::HEAD => match bucket.get(&key) {
            Some(bytes) => {
                let modified = [
                    ("last-modified", "Thu, 01 Jan 2026 00:00:00 GMT"),
                    ("etag", "\"1\""),
                ];
                (modified, bytes.clone()).into_response()
            }
            None => StatusCode::NOT_FOUND.into_response(),
        },
        Method::DELETE => {
            bucket.remove(&key);
            StatusCode::NO_CONTENT.into_response()
        }
        Method::POST if query.starts_with("delete") => {
            let asked = String::from_utf8_lossy(&body).into_owned();
            let keys = asked.split("<Key>").skip(1);
            let keys: Vec<&str> = keys
                .filter_map(|rest| rest.split("</Key>").next())
                .collect();
            let mut told = String::new();
            for key in keys {
                bucket.remove(key);
                told.push_str(&format!("<Deleted><Key>{key}</Key></Deleted>"));
            }
            format!("<DeleteResult>{told}</DeleteResult>").into_response()
        }
        _ => StatusCode::NOT_IMPLEMENTED.into_response(),
    }
}
