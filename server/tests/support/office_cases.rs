//! Cases of the store: the trail, the people, the imports.

use std::collections::BTreeSet;

use domain::authorize::Relation;
use domain::id::{Millis, ScopeId, UserId};
use domain::vocabulary::Role;
use replica::message::{Outcome, Refusal};
use server::store::undone::RightUndone;
use server::store::{
    self, Action, ChainCheck, Entry, ImportedFamily, NewSession, StoreError, TokenHash, TrailEntry,
    User,
};
use uuid::Uuid;

use crate::behind::tamper;
use crate::world::{Ask, START, World, bytes, note, numbers};

pub async fn the_trail_tells_who_wrote_and_who_read(world: World) {
    let op = world.note(&world.tutor, "per la storia");
    let reply = world
        .sync(&world.tutor, Ask::from(&[]).with(vec![bytes(&op)]))
        .await;
    assert_eq!(reply.pages.len(), 1, "it came back as null");
    world.sync(&world.reviewer, Ask::from(&[])).await;
    world
        .sync(&world.reviewer, Ask::from(&[(world.family, 1)]))
        .await;
    let trail = world.store.trail(100).await.expect("it reads");
    let wrote: Vec<_> = trail
        .iter()
        .filter(|told| told.entry.action == Action::Wrote)
        .collect();
    assert_eq!(wrote.len(), 1);
    assert_eq!(
        (wrote[0].entry.by, wrote[0].entry.op),
        (world.tutor.user, Some(op.id))
    );
    let read: Vec<_> = trail
        .iter()
        .filter(|told| told.entry.action == Action::Read)
        .collect();
    assert_eq!(read.len(), 1, "whoever gets nothing new has read nothing");
    assert_eq!(
        (read[0].entry.by, read[0].entry.scope),
        (world.reviewer.user, Some(world.family))
    );
    let of_family = world.store.trail_of(world.family, 100).await;
    let about = |told: &&TrailEntry| told.entry.scope == Some(world.family);
    let about: Vec<_> = trail.iter().filter(about).copied().collect();
    assert_eq!(of_family.expect("it reads"), about);
    let last = world.store.trail_of(world.family, 1).await;
    assert_eq!(last.expect("it reads"), about[..1]);
}

pub async fn the_trail_tells_who_signed_in_and_out(world: World) {
    let store = world.store.as_ref();
    let tutor = world.tutor;
    let sign_in = async |number: u8, lasts_ms: i64| {
        let session = NewSession {
            token: TokenHash([number; 32]),
            user: tutor.user,
            device: Some(tutor.device),
            expires_at: world.now().plus(lasts_ms),
        };
        let made = store.create_session(&session, world.now()).await;
        made.expect("it is new");
        session.token
    };
    let left = sign_in(1, 1_000_000).await;
    let over = sign_in(2, 0).await;
    // Leaving twice, leaving what was over by itself, and leaving nothing are not noted.
    for token in [left, left, over, TokenHash([3; 32])] {
        let ended = store.end_session(token, world.now()).await;
        ended.expect("it ends");
        let found = store.session(token, world.now()).await;
        assert_eq!(found.expect("it reads"), None);
    }
    let trail = store.trail(100).await.expect("it reads");
    let of_sessions = [Action::SignedIn, Action::SignedOut];
    let noted: Vec<_> = trail
        .iter()
        .map(|row| row.entry)
        .filter(|entry| of_sessions.contains(&entry.action))
        .collect();
    let by = |action| Entry {
        device: Some(tutor.device),
        ..Entry::by(tutor.user, action)
    };
    assert_eq!(
        noted,
        [Action::SignedOut, Action::SignedIn, Action::SignedIn].map(by)
    );
}

pub async fn the_trail_shows_a_change_of_its_past(world: World) {
    world.ingest(&world.tutor, &world.notes(5)).await;
    let check = world.store.verify_trail().await.expect("it reads");
    let ChainCheck::Whole { entries } = check else {
        panic!("{check:?}");
    };
    assert!(entries >= 5);
    let changes = [
        (
            "update trail set action = 'read' where number = 2",
            "update trail set action = 'user_added' where number = 2",
            2,
        ),
        (
            "update trail set at = at + 1 where number = 3",
            "update trail set at = at - 1 where number = 3",
            3,
        ),
        (
            "update trail set action = 'nonsense' where number = 4",
            "update trail set action = 'user_added' where number = 4",
            4,
        ),
    ];
    for (change, back, number) in changes {
        tamper(&world, change).await;
        let check = world.store.verify_trail().await.expect("it reads");
        assert_eq!(check, ChainCheck::Broken { number });
        tamper(&world, back).await;
        assert_eq!(
            world.store.verify_trail().await.expect("it reads"),
            ChainCheck::Whole { entries }
        );
    }
    // The last entries cannot be cut off either.
    let cut = format!("delete from trail where number = {entries}");
    tamper(&world, &cut).await;
    let check = world.store.verify_trail().await.expect("it reads");
    assert_eq!(check, ChainCheck::Broken { number: entries });
}

pub async fn sessions_end(world: World) {
    let store = world.store.as_ref();
    let token = TokenHash([7; 32]);
    let expires_at = world.now().plus(1_000_000);
    let session = NewSession {
        token,
        user: world.tutor.user,
        device: Some(world.tutor.device),
        expires_at,
    };
    store
        .create_session(&session, world.now())
        .await
        .expect("it is new");
    let found = store
        .session(token, world.now())
        .await
        .expect("it reads")
        .expect("it is good");
    assert_eq!(
        (found.user.login.as_str(), found.device),
        ("anna", Some(world.tutor.device))
    );
    assert_eq!(
        store
            .session(TokenHash([8; 32]), world.now())
            .await
            .expect("it reads"),
        None
    );
    assert_eq!(
        store.session(token, expires_at).await.expect("it reads"),
        None,
        "it has expired"
    );
    store
        .extend_session(token, expires_at.plus(1))
        .await
        .expect("it is there");
    assert!(
        store
            .session(token, expires_at)
            .await
            .expect("it reads")
            .is_some()
    );
    assert_eq!(
        store
            .sweep_sessions(expires_at.plus(1))
            .await
            .expect("it sweeps"),
        1
    );
    // A new password, and being shut out, end every session.
    let by = store.system();
    store
        .create_session(&session, world.now())
        .await
        .expect("it is new");
    store
        .set_password(by, world.tutor.user, "other", world.now())
        .await
        .expect("she exists");
    assert_eq!(
        store.session(token, world.now()).await.expect("it reads"),
        None
    );
    store
        .create_session(&session, world.now())
        .await
        .expect("it is new");
    store
        .set_active(by, world.tutor.user, false, world.now())
        .await
        .expect("she exists");
    assert_eq!(
        store.session(token, world.now()).await.expect("it reads"),
        None
    );
    store
        .set_active(by, world.tutor.user, true, world.now())
        .await
        .expect("she exists");
    assert_eq!(
        store.session(token, world.now()).await.expect("it reads"),
        None
    );
    store
        .create_session(&session, world.now())
        .await
        .expect("it is new");
    store
        .end_session(token, world.now())
        .await
        .expect("it ends");
    assert_eq!(
        store.session(token, world.now()).await.expect("it reads"),
        None
    );
}

pub async fn wrong_passwords_are_counted_and_lock(world: World) {
    let store = world.store.as_ref();
    let user = world.tutor.user;
    for attempt in 1..=3 {
        let failed = store
            .record_failed_login(user, world.now())
            .await
            .expect("she exists");
        assert_eq!(failed, attempt);
    }
    let until = world.now().plus(60_000);
    store
        .lock_login(user, until, world.now())
        .await
        .expect("she exists");
    let login = store
        .user_by_login("ANNA")
        .await
        .expect("it reads")
        .expect("she exists");
    assert_eq!(
        (login.failed_attempts, login.locked_until),
        (3, Some(until))
    );
    let by = world.administrator.user;
    store
        .unlock_login(by, user, world.now())
        .await
        .expect("she exists");
    let trail = store.trail(1).await.expect("it reads");
    assert_eq!(
        trail[0].entry,
        Entry::by(by, Action::LoginUnlocked).to(user)
    );
    let nobody = UserId::new(world.now(), rand::random());
    let refused = store.unlock_login(by, nobody, world.now()).await;
    assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
    let login = store
        .user_by_login("anna")
        .await
        .expect("it reads")
        .expect("she exists");
    assert_eq!((login.failed_attempts, login.locked_until), (0, None));
    // The right password lifts it too; that somebody signed in is told in its place.
    store
        .record_failed_login(user, world.now())
        .await
        .expect("she exists");
    store.reset_failed_logins(user).await.expect("she exists");
    let login = store
        .user_by_login("anna")
        .await
        .expect("it reads")
        .expect("she exists");
    assert_eq!((login.failed_attempts, login.locked_until), (0, None));
    assert_eq!(
        store.user_by_login("nessuno").await.expect("it reads"),
        None
    );
    // Logins are unique; the server's own user is in no list.
    let twin = User {
        id: UserId::new(world.now(), rand::random()),
        ..login.user.clone()
    };
    let taken = store
        .create_user(store.system(), &twin, "hash", world.now())
        .await;
    assert!(matches!(taken, Err(StoreError::Conflict)));
    let logins: Vec<_> = store
        .users()
        .await
        .expect("it reads")
        .into_iter()
        .map(|user| user.login)
        .collect();
    assert_eq!(logins, ["anna", "bruno", "carla", "dario"]);
    assert_eq!(store.user(user).await.expect("it reads"), Some(login.user));
}

pub async fn an_import_is_written_once_and_taken_back(world: World) {
    let store = world.store.as_ref();
    let by = world.administrator.user;
    let run = Uuid::from_u128(1);
    store
        .begin_import(by, run, "digest", world.now())
        .await
        .expect("it is new");
    let (first, second) = (import(&world, run, "F1"), import(&world, run, "F2"));
    for family in [&first, &second] {
        store
            .import_family(world.tutor.device, family, world.now())
            .await
            .expect("it is new");
    }
    let twice = import(&world, run, "F1");
    let refused = store
        .import_family(world.tutor.device, &twice, world.now())
        .await;
    assert!(matches!(refused, Err(StoreError::Conflict)));
    assert!(
        store
            .grants(twice.scope)
            .await
            .expect("it reads")
            .is_empty(),
        "all or nothing"
    );
    let before = store
        .imported("F1")
        .await
        .expect("it reads")
        .expect("it was imported");
    assert_eq!(
        (before.scope, before.row_digest.as_str()),
        (first.scope, "row F1")
    );
    let runs = store.imports().await.expect("it reads");
    assert_eq!((runs.len(), runs[0].scopes, runs[0].ops), (1, 2, 2));
    // Somebody works in the second: it stays.
    let work = bytes(&world.op(&world.tutor, second.scope, note("visita")));
    assert_eq!(numbers(&world.ingest(&world.tutor, &[work]).await), [2]);
    let undone = store
        .undo_import(by, run, world.now())
        .await
        .expect("it is taken back");
    assert_eq!(
        (&undone.withdrawn[..], &undone.kept[..]),
        (&[first.scope][..], &[second.scope][..])
    );
    assert!(matches!(
        store.undo_import(by, run, world.now()).await,
        Err(StoreError::NotFound)
    ));
    let reply = world.sync(&world.tutor, Ask::from(&[])).await;
    let grants = reply.grants.expect("they changed");
    assert!(grants.iter().all(|grant| grant.scope != first.scope));
    assert!(grants.iter().any(|grant| grant.scope == second.scope));
    let late = bytes(&world.op(&world.tutor, first.scope, note("tardi")));
    let late = world.ingest(&world.tutor, &[late]).await;
    assert_eq!(late[0].outcome, Outcome::Refused(Refusal::NotGranted));
    // What was taken back may be imported again.
    assert_eq!(store.imported("F1").await.expect("it reads"), None);
    let run = Uuid::from_u128(2);
    store
        .begin_import(by, run, "digest", world.now())
        .await
        .expect("it is new");
    let again = import(&world, run, "F1");
    store
        .import_family(world.tutor.device, &again, world.now())
        .await
        .expect("it was taken back");
}

pub async fn an_import_takes_back_the_rights_that_it_gave_and_no_others(world: World) {
    let store = world.store.as_ref();
    let by = world.administrator.user;
    let (anna, bruno, carla) = (world.tutor, world.reviewer, world.stranger);
    let (again, anew) = (world.another_family().await, world.another_family().await);
    let run = Uuid::from_u128(1);
    store
        .begin_import(by, run, "digest", world.now())
        .await
        .expect("it is new");
    let given = [
        (world.family, carla, Relation::Tutor),
        (world.family, anna, Relation::Reviewer),
        (world.family, bruno, Relation::Reviewer),
        (again, carla, Relation::Tutor),
        (anew, carla, Relation::Tutor),
    ];
    for (scope, to, relation) in given {
        store
            .import_grant(by, run, scope, to.user, relation, world.now())
            .await
            .expect("the scope is there");
    }
    assert_eq!(held(&world, world.family).await.len(), 3, "bruno had his");
    // Somebody decides the same since, with and without taking it away first.
    world.grant(again, &carla, Relation::Tutor).await;
    store
        .revoke(by, anew, carla.user, world.now())
        .await
        .expect("it is hers");
    world.grant(anew, &carla, Relation::Tutor).await;
    let undone = store
        .undo_import(by, run, world.now())
        .await
        .expect("it is taken back");
    let mut rights = undone.rights;
    rights.sort_by_key(|right| right.again.is_some());
    let right = |user, again| RightUndone {
        scope: world.family,
        user,
        again,
    };
    assert_eq!(
        rights,
        [
            right(carla.user, None),
            right(anna.user, Some(Relation::Tutor))
        ]
    );
    let (tutor, reviewer) = (Relation::Tutor, Relation::Reviewer);
    assert_eq!(
        held(&world, world.family).await,
        BTreeSet::from([(anna.user, tutor), (bruno.user, reviewer)])
    );
    for scope in [again, anew] {
        assert!(held(&world, scope).await.contains(&(carla.user, tutor)));
    }
    let trail = store.trail(2).await.expect("it reads");
    for (action, user) in [(Action::Revoked, carla.user), (Action::Granted, anna.user)] {
        let entry = Entry::by(by, action).on(world.family).to(user);
        assert!(trail.iter().any(|told| told.entry == entry), "{action:?}");
    }
    let reply = world.sync(&carla, Ask::from(&[(world.family, 0)])).await;
    let grants = reply.grants.expect("they changed");
    assert!(grants.iter().all(|grant| grant.scope != world.family));
}

async fn held(world: &World, scope: ScopeId) -> BTreeSet<(UserId, Relation)> {
    let grants = world.store.grants(scope).await.expect("it reads");
    grants
        .iter()
        .map(|grant| (grant.user, grant.relation))
        .collect()
}

pub async fn a_store_that_is_opened_again_knows_everything(world: World) {
    let ops = world.notes(3);
    let receipts = world.ingest(&world.tutor, &ops).await;
    // The same backup may be restored twice, each time anew for the phones.
    let mut epochs = vec![1];
    for now in [START, START, START + 3_600_000] {
        let raised = world
            .store
            .raise_restore_epoch(world.administrator.user, Millis(now));
        epochs.push(raised.await.expect("it is raised"));
    }
    assert!(epochs.is_sorted_by(|one, next| one < next), "{epochs:?}");
    let hours = epochs
        .last()
        .zip(epochs.get(2))
        .map(|(at, before)| at - before);
    assert_eq!(hours, Some(3_599), "it follows the clock");
    assert!(!world.store.is_demonstration().await.expect("it reads"));
    world.store.mark_demonstration().await.expect("it marks");
    let again = store::open(&world.url, world.now())
        .await
        .expect("it opens again");
    assert_eq!(again.system(), world.store.system());
    assert!(again.is_demonstration().await.expect("it reads"));
    assert_eq!(
        again.reference_scope().await.expect("it reads"),
        Some(world.reference)
    );
    let told = again
        .ingest(&world.tutor, &ops, world.now())
        .await
        .expect("it takes in");
    assert_eq!(told, receipts);
    let standing = again
        .standing(world.tutor.user, Role::Mediator)
        .await
        .expect("it reads");
    assert_eq!(Some(&standing.restore_epoch), epochs.last());
}

fn import(world: &World, run: Uuid, external_id: &str) -> ImportedFamily {
    let scope = ScopeId::new(world.now(), rand::random());
    let mut op = world.op(&world.tutor, scope, note("importata"));
    op.author = world.store.system();
    ImportedFamily {
        run,
        external_id: external_id.to_owned(),
        row_digest: format!("row {external_id}"),
        scope,
        ops: vec![bytes(&op)],
        grants: vec![(world.tutor.user, Relation::Tutor)],
    }
}
