//! Cases of the store: there is no space left.

use domain::authorize::Relation;
use server::store::{ChainCheck, StoreError};
use server::sync::SyncError;
use uuid::Uuid;

use crate::behind::{fill_disk, make_room};
use crate::world::{Ask, World, numbers};

pub async fn without_space_nothing_is_written_and_nothing_is_lost(world: World) {
    let store = world.store.as_ref();
    let (by, now) = (world.administrator.user, world.now());
    let (ops, others) = (world.notes(3), world.notes(2));
    fill_disk(&world).await;
    let refused = world
        .ask(&world.tutor, Ask::from(&[]).with(ops.clone()))
        .await;
    assert!(
        matches!(refused, Err(SyncError::Store(StoreError::Full))),
        "{refused:?}"
    );
    // Also where several share one transaction.
    let (one, other) = tokio::join!(
        store.ingest(&world.tutor, &ops, now),
        store.ingest(&world.tutor, &others, now),
    );
    let (tutor, carla) = (world.tutor.user, world.stranger.user);
    let run = Uuid::from_u128(1);
    let refused = [
        one.map(|_| ()),
        other.map(|_| ()),
        store
            .grant(by, world.family, carla, Relation::Tutor, now)
            .await,
        store.revoke(by, world.family, tutor, now).await.map(|_| ()),
        store.set_active(by, tutor, false, now).await,
        store.record_failed_login(tutor, now).await.map(|_| ()),
        store.begin_import(by, run, "digest", now).await,
    ];
    for (place, refused) in refused.into_iter().enumerate() {
        assert!(
            matches!(refused, Err(StoreError::Full)),
            "{place}: {refused:?}"
        );
    }
    let stretch = store.read(world.family, 0, 1_000).await.expect("it reads");
    assert_eq!((stretch.head, stretch.ops.len()), (0, 0));
    assert!(store.quarantined(10).await.expect("it reads").is_empty());
    assert!(store.imports().await.expect("it reads").is_empty());
    let held = store.grants(world.family).await.expect("it reads");
    assert!(held.iter().all(|grant| grant.user != carla));
    assert!(held.iter().any(|grant| grant.user == tutor));
    make_room(&world).await;
    let receipts = world.ingest(&world.tutor, &ops).await;
    assert_eq!(numbers(&receipts), [1, 2, 3]);
    let receipts = world.ingest(&world.tutor, &others).await;
    assert_eq!(numbers(&receipts), [4, 5]);
    let check = store.verify_trail().await.expect("it reads");
    assert!(matches!(check, ChainCheck::Whole { .. }), "{check:?}");
}
