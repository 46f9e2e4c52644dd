//! For how long a sign-in is good: a phone's copy longer than the pages of the office.

use domain::id::Millis;
use domain::vocabulary::Role;
use serde_json::Value;
use server::auth::{IDLE_MS, now};
use server::store::{Session, TokenHash};
use sha2::{Digest as _, Sha256};

use crate::live::{Live, request, sync_call};
use crate::person;
use crate::wire::Call;

const HOUR_MS: i64 = 3_600_000;
/// As long as a copy may be worked on without the server (sync.md §4).
const LEASE_MS: i64 = 14 * 24 * HOUR_MS;

fn token(secret: &str) -> TokenHash {
    TokenHash(Sha256::digest(secret).into())
}

async fn session(live: &Live, secret: &str, at: Millis) -> Option<Session> {
    let found = live.world.store.session(token(secret), at).await;
    found.expect("it reads")
}

/// Lets time pass in which nobody used the sign-in.
async fn rest(live: &Live, secret: &str, idle_ms: i64, for_ms: i64) {
    let until = now().plus(idle_ms - for_ms);
    let store = live.world.store.as_ref();
    let moved = store.extend_session(token(secret), until).await;
    moved.expect("it is there");
}

#[tokio::test]
async fn a_phone_signs_in_for_as_long_as_its_copy_may_be_used() {
    let live = Live::start().await;
    let tutor = live.world.tutor;
    let secret = live.sign_in(tutor.user).await;
    let asks = request(&tutor, Vec::<Value>::new());
    live.sync(&secret, &asks).await;
    let almost = now().plus(LEASE_MS - HOUR_MS);
    assert!(
        session(&live, &secret, almost).await.is_some(),
        "the first sync ties it to the copy"
    );
    for days in [1, 5, 13] {
        rest(&live, &secret, LEASE_MS, days * 24 * HOUR_MS).await;
        live.sync(&secret, &asks).await;
        let almost = now().plus(LEASE_MS - HOUR_MS);
        assert!(
            session(&live, &secret, almost).await.is_some(),
            "after {days} days it lasts as long again"
        );
    }
    rest(&live, &secret, LEASE_MS, LEASE_MS + 1).await;
    let refused = live.send(&sync_call(&secret, &asks)).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (401, "not_signed_in")
    );
}

#[tokio::test]
async fn pages_ask_again_the_next_morning_even_on_a_phone_with_a_copy() {
    let live = Live::start().await;
    let office = person(&live, Role::Coordinator, "marta").await;
    let secret = live.sign_in(office.user).await;
    let page = || Call {
        method: "GET",
        ..Call::post("/ufficio/famiglie", Vec::new()).signed(&secret)
    };
    assert_eq!(live.send(&page()).await.status, 200);
    let night = now().plus(IDLE_MS + HOUR_MS);
    assert!(
        session(&live, &secret, night).await.is_none(),
        "nothing ties it to a copy"
    );
    live.sync(&secret, &request(&office, Vec::new())).await;
    assert!(session(&live, &secret, night).await.is_some());
    assert_eq!(live.send(&page()).await.status, 200);
    rest(&live, &secret, LEASE_MS, IDLE_MS + HOUR_MS).await;
    // Asking does not count as use: the second time it is no better.
    for _ in 0..2 {
        assert_eq!(live.send(&page()).await.status, 303);
    }
    live.sync(&secret, &request(&office, Vec::new())).await;
}
