//! Cases of the store: what a phone is answered.

use std::collections::BTreeMap;

use domain::authorize::Relation;
use domain::id::ScopeId;
use replica::message::{Outcome, PURGED_MAX, PUSH_OPS_MAX, Position, REPLY_BYTES, Refusal, digest};
use server::store::{Action, StoreError};
use server::sync::SyncError;

use crate::world::{Ask, World, bytes, note, numbers};

pub async fn a_revoked_tutor_is_refused_and_the_words_are_kept(world: World) {
    let by = world.store.system();
    world.ingest(&world.tutor, &world.notes(1)).await;
    let had = world
        .store
        .revoke(by, world.family, world.tutor.user, world.now())
        .await;
    assert!(had.expect("it is revoked"));
    let again = world
        .store
        .revoke(by, world.family, world.tutor.user, world.now())
        .await;
    assert!(!again.expect("it was revoked"));
    let reply = world
        .sync(
            &world.tutor,
            Ask::from(&[(world.family, 1)]).with(world.notes(1)),
        )
        .await;
    assert_eq!(
        reply.receipts[0].outcome,
        Outcome::Refused(Refusal::NotGranted)
    );
    assert!(reply.pages.is_empty());
    let scopes: Vec<_> = reply
        .grants
        .expect("they changed")
        .iter()
        .map(|grant| grant.scope)
        .collect();
    assert_eq!(scopes, [world.reference], "what is absent was taken away");
    assert_eq!(
        world.store.quarantined(10).await.expect("it reads").len(),
        1
    );
}

pub async fn pages_stop_at_their_limit_and_go_on(world: World) {
    let long = "parola ".repeat(500);
    let second = world.another_family().await;
    for scope in [world.family, second] {
        for _ in 0..2 {
            let ops: Vec<_> = (0..200)
                .map(|_| bytes(&world.op(&world.tutor, scope, note(&long))))
                .collect();
            numbers(&world.ingest(&world.tutor, &ops).await);
        }
    }
    let mut cursors: BTreeMap<ScopeId, u64> = BTreeMap::new();
    let mut replies = 0;
    loop {
        let at: Vec<_> = cursors.iter().map(|(scope, seq)| (*scope, *seq)).collect();
        let reply = world.sync(&world.tutor, Ask::from(&at)).await;
        replies += 1;
        for page in &reply.pages {
            assert_eq!(cursors.get(&page.scope).copied().unwrap_or(0), page.from);
            assert_eq!(page.head, 400);
            cursors.insert(page.scope, page.to());
        }
        let bytes: usize = reply
            .pages
            .iter()
            .flat_map(|page| &page.ops)
            .flatten()
            .map(|op| op.get().len())
            .sum();
        assert!(bytes <= REPLY_BYTES, "{bytes}");
        if !reply.has_more {
            break;
        }
    }
    assert_eq!(cursors.values().sum::<u64>(), 800);
    assert!(replies >= 2, "800 ops of 3.5 kB do not fit in one reply");
}

pub async fn a_digest_stands_for_the_cursors(world: World) {
    world.ingest(&world.tutor, &world.notes(3)).await;
    let at_end = digest(&BTreeMap::from([(world.family, 3)]));
    let idle = world
        .sync(&world.tutor, Ask::at(Position::Digest(at_end)))
        .await;
    assert!(idle.pages.is_empty() && !idle.needs_cursors && !idle.has_more);
    // What is sent now is numbered after the digest was taken.
    let ask = Ask::at(Position::Digest(at_end)).with(world.notes(2));
    let reply = world.sync(&world.tutor, ask).await;
    assert_eq!(numbers(&reply.receipts), [4, 5]);
    assert_eq!((reply.pages[0].from, reply.pages[0].to()), (3, 5));
    // A digest of anything else asks for the cursors, but nothing that was sent is lost.
    let ask = Ask::at(Position::Digest(at_end)).with(world.notes(1));
    let reply = world.sync(&world.tutor, ask).await;
    assert!(reply.needs_cursors && reply.pages.is_empty());
    assert_eq!(numbers(&reply.receipts), [6]);
    assert!(reply.grants.is_some());
}

pub async fn own_ops_come_back_as_null(world: World) {
    let mine = world.notes(2);
    let theirs = bytes(&world.note(&world.reviewer, "di Bruno"));
    world.ingest(&world.tutor, &mine[..1]).await;
    world
        .ingest(&world.reviewer, std::slice::from_ref(&theirs))
        .await;
    // The first of ours is a retry: its receipt was lost.
    let reply = world.sync(&world.tutor, Ask::from(&[]).with(mine)).await;
    assert_eq!(numbers(&reply.receipts), [1, 3]);
    let ops: Vec<_> = reply.pages[0]
        .ops
        .iter()
        .map(|op| op.as_ref().map(|op| op.get()))
        .collect();
    assert_eq!(ops, [None, Some(theirs.get()), None]);
    // An op of ours whose bytes are not those of the log has to travel.
    let mut forged = world.note(&world.tutor, "una");
    let first = bytes(&forged);
    world
        .ingest(&world.tutor, std::slice::from_ref(&first))
        .await;
    forged.change = note("altra").into();
    let ask = Ask::from(&[(world.family, 3)]).with(vec![bytes(&forged)]);
    let reply = world.sync(&world.tutor, ask).await;
    assert_eq!(
        reply.pages[0].ops[0].as_ref().map(|op| op.get()),
        Some(first.get())
    );
}

pub async fn grants_are_sent_when_they_changed(world: World) {
    let reply = world.sync(&world.tutor, Ask::from(&[])).await;
    let epoch = reply.grant_epoch;
    let grants = reply.grants.expect("a new phone knows no epoch");
    assert_eq!(
        grants[0].scope, world.reference,
        "the reference scope comes first"
    );
    assert_eq!(grants.len(), 2);
    let known = || Ask {
        grant_epoch: epoch,
        ..Ask::from(&[])
    };
    let same = world.sync(&world.tutor, known()).await;
    assert!(same.grants.is_none());
    // To grant what is granted changes nothing.
    world
        .grant(world.family, &world.tutor, Relation::Tutor)
        .await;
    let same = world.sync(&world.tutor, known()).await;
    assert!(same.grants.is_none());
    let added = world.another_family().await;
    let more = world.sync(&world.tutor, known()).await;
    assert!(
        more.grants
            .expect("they changed")
            .iter()
            .any(|grant| grant.scope == added)
    );
    let families = world.store.families().await.expect("it reads");
    assert_eq!(families.len(), 2);
    let first = families
        .iter()
        .find(|family| family.scope == world.family)
        .expect("it is there");
    assert_eq!(
        (&first.tutors[..], &first.reviewers[..]),
        (&[world.tutor.user][..], &[world.reviewer.user][..])
    );
    assert_eq!(
        world
            .store
            .grants(world.family)
            .await
            .expect("it reads")
            .len(),
        2
    );
}

pub async fn an_administrator_reads_no_case(world: World) {
    world.ingest(&world.tutor, &world.notes(1)).await;
    world
        .grant(world.family, &world.administrator, Relation::Reader)
        .await;
    let reply = world.sync(&world.administrator, Ask::from(&[])).await;
    assert!(reply.pages.is_empty());
    assert_eq!(reply.grants, Some(Vec::new()));
}

pub async fn a_revoked_device_gets_nothing(world: World) {
    world.sync(&world.tutor, Ask::from(&[])).await;
    let by = world.store.system();
    let device = world.tutor.device;
    world
        .store
        .revoke_device(by, world.tutor.user, device, world.now())
        .await
        .expect("it is known");
    let refused = world
        .ask(&world.tutor, Ask::from(&[]).with(world.notes(1)))
        .await;
    assert!(matches!(refused, Err(SyncError::DeviceRevoked)));
    let devices = world
        .store
        .devices(world.tutor.user)
        .await
        .expect("it reads");
    assert!(devices.len() == 1 && devices[0].revoked_at.is_some());
    let unknown = world
        .store
        .revoke_device(by, world.stranger.user, device, world.now())
        .await;
    assert!(matches!(unknown, Err(StoreError::NotFound)));
}

pub async fn a_purge_is_acknowledged_once(world: World) {
    let by = world.store.system();
    let revoked = world
        .store
        .revoke(by, world.family, world.tutor.user, world.now())
        .await;
    assert!(revoked.expect("it is revoked"));
    // An older phone names everything at once, what is known here and what is not.
    let unknown = |_| ScopeId::new(world.now(), rand::random());
    let mut purged: Vec<ScopeId> = (0..6 * PURGED_MAX).map(unknown).collect();
    purged.extend([world.family, world.reference, world.family]);
    for _ in 0..2 {
        let ask = Ask {
            purged: purged.clone(),
            ..Ask::from(&[])
        };
        world.sync(&world.tutor, ask).await;
    }
    let trail = world.store.trail(100).await.expect("it reads");
    let purged: Vec<_> = trail
        .iter()
        .filter(|told| told.entry.action == Action::Purged)
        .collect();
    assert_eq!(purged.len(), 1);
    assert_eq!(purged[0].entry.scope, Some(world.family));
    assert_eq!(purged[0].entry.device, Some(world.tutor.device));
}

pub async fn too_many_ops_and_other_owners_are_refused(world: World) {
    let ask = Ask::from(&[]).with(world.notes(PUSH_OPS_MAX + 1));
    assert!(matches!(
        world.ask(&world.tutor, ask).await,
        Err(SyncError::TooMany)
    ));
    let ask = Ask {
        owner: Some(world.reviewer.user),
        ..Ask::from(&[])
    };
    let refused = world.ask(&world.tutor, ask).await;
    assert!(matches!(refused, Err(SyncError::OtherOwner)));
    // One op that is too large gets its own refusal, or it would block the outbox.
    let large = bytes(&world.note(&world.tutor, &"x".repeat(300 * 1024)));
    let reply = world
        .sync(&world.tutor, Ask::from(&[]).with(vec![large]))
        .await;
    assert_eq!(
        reply.receipts[0].outcome,
        Outcome::Refused(Refusal::TooLarge)
    );
}
