//! Cases of who is known by name, and to whom.

use std::collections::BTreeSet;

use domain::authorize::{Relation, ScopeKind};
use domain::id::{Millis, ScopeId, UserId};
use domain::state::State;
use domain::upcast;
use domain::vocabulary::Role;
use replica::message::{Outcome, REPLY_BYTES, Refusal};
use server::store::quarantine::Fate;
use server::store::{self, Action, ChainCheck, Store};

use crate::behind::tamper;
use crate::world::{Ask, START, World};

/// Has a server name whoever is not known yet; answers how many.
async fn introduce(world: &World, server: &dyn Store) -> u64 {
    let named = server.introduce(rand::random, world.now()).await;
    named.expect("it writes")
}

async fn reference(world: &World) -> ScopeId {
    let scope = world.store.reference_scope().await;
    scope.expect("it reads").expect("there is one")
}

/// Who is known by which name and role to whoever has read all of it.
async fn known(world: &World) -> Vec<(UserId, String, Role)> {
    let stretch = world.store.read(reference(world).await, 0, REPLY_BYTES);
    let mut state = State::default();
    for op in stretch.await.expect("it reads").ops {
        state.apply(&upcast::read(op.body.get()).expect("an op"));
    }
    let known = state.colleagues();
    known
        .map(|(user, colleague)| (user, colleague.name.clone(), colleague.role))
        .collect()
}

/// Who has which name and role.
async fn working(world: &World) -> Vec<(UserId, String, Role)> {
    let users = world.store.users().await.expect("it reads").into_iter();
    let mut working: Vec<_> = users.map(|user| (user.id, user.name, user.role)).collect();
    working.sort_by_key(|(user, _, _)| *user);
    working
}

async fn readers(world: &World) -> BTreeSet<(UserId, Relation)> {
    let grants = world.store.grants(reference(world).await).await;
    let grants = grants.expect("it reads").into_iter();
    grants.map(|grant| (grant.user, grant.relation)).collect()
}

/// How often something was done in the scope that everybody may know.
async fn noted(world: &World, action: Action) -> usize {
    let scope = reference(world).await;
    let trail = world.store.trail_of(scope, 100).await.expect("it reads");
    let entries = trail.iter().map(|row| row.entry);
    let by_server = entries.filter(|entry| entry.by == world.store.system());
    by_server.filter(|entry| entry.action == action).count()
}

pub async fn everybody_who_works_here_is_known_by_name_once(world: World) {
    assert_eq!(introduce(&world, world.store.as_ref()).await, 4);
    assert_eq!(reference(&world).await, world.reference, "the one there is");
    assert_eq!(known(&world).await, working(&world).await);
    let everybody = working(&world).await.into_iter();
    let everybody: BTreeSet<_> = everybody
        .map(|(user, _, _)| (user, Relation::Reader))
        .collect();
    assert_eq!(readers(&world).await, everybody);
    // Asked again, and at the next start.
    let again = store::open(&world.url, world.now()).await;
    let again = again.expect("it opens again");
    for server in [&world.store, &again] {
        assert_eq!(introduce(&world, server.as_ref()).await, 0);
    }
    assert_eq!(noted(&world, Action::Wrote).await, 4);
    assert_eq!(noted(&world, Action::Granted).await, 4);
    let check = world.store.verify_trail().await.expect("it reads");
    assert!(matches!(check, ChainCheck::Whole { .. }), "{check:?}");
}

pub async fn a_phone_learns_who_is_new_with_its_next_answer(world: World) {
    let carla = world.stranger;
    let before = world.sync(&carla, Ask::from(&[])).await;
    assert_eq!(before.grants, Some(Vec::new()));
    introduce(&world, world.store.as_ref()).await;
    let at = |cursors: &[(ScopeId, u64)], grant_epoch| Ask {
        grant_epoch,
        ..Ask::from(cursors)
    };
    let first = world.sync(&carla, at(&[], before.grant_epoch)).await;
    let grants = first.grants.expect("they changed");
    let told: Vec<_> = grants
        .iter()
        .map(|grant| (grant.scope, grant.kind, grant.relation))
        .collect();
    let readable = (world.reference, ScopeKind::Reference, Relation::Reader);
    assert_eq!(told, [readable]);
    assert_eq!(
        (first.pages[0].scope, first.pages[0].to()),
        (world.reference, 4)
    );

    let (elsa, _) = world.another_tutor("elsa").await;
    assert_eq!(introduce(&world, world.store.as_ref()).await, 1);
    let read = [(world.reference, 4)];
    let next = world.sync(&carla, at(&read, first.grant_epoch)).await;
    assert!(next.grants.is_none(), "what she may open is the same");
    assert_eq!((next.pages[0].from, next.pages[0].to()), (4, 5));
    let new = world.sync(&elsa, Ask::from(&[])).await;
    assert_eq!(
        (new.pages[0].scope, new.pages[0].to()),
        (world.reference, 5)
    );
    // Who looks after people and phones reads nothing on a phone.
    let none = world.sync(&world.administrator, Ask::from(&[])).await;
    assert!(none.pages.is_empty());
}

pub async fn another_name_or_role_is_said_once_more_and_counts(world: World) {
    introduce(&world, world.store.as_ref()).await;
    let earlier = known(&world).await;
    let role = "update users set role = 'social_worker' where login = 'anna'";
    tamper(&world, role).await;
    assert_eq!(introduce(&world, world.store.as_ref()).await, 1);
    assert_eq!(known(&world).await, working(&world).await);
    assert_eq!(introduce(&world, world.store.as_ref()).await, 0);
    let name = "update users set display_name = 'Anna Verdi' where login = 'anna'";
    tamper(&world, name).await;
    // The server's clock went back by a day.
    let early = Millis(START - 86_400_000);
    let named = world.store.introduce(rand::random, early).await;
    assert_eq!(named.expect("it writes"), 1);
    assert_eq!(known(&world).await, working(&world).await);
    assert_eq!(introduce(&world, world.store.as_ref()).await, 0);
    assert_eq!(noted(&world, Action::Wrote).await, 6);
    let others = |all: Vec<(UserId, String, Role)>| -> Vec<_> {
        let others = all.into_iter();
        others.filter(|one| one.0 != world.tutor.user).collect()
    };
    assert_eq!(others(known(&world).await), others(earlier));
}

pub async fn servers_that_begin_at_once_make_one_scope_and_say_each_name_once(world: World) {
    // As where nobody was ever named.
    let without = "update scopes set withdrawn_at = 1 where kind = 'reference'";
    tamper(&world, without).await;
    let scope = world.store.reference_scope().await;
    assert_eq!(scope.expect("it reads"), None);
    let other = store::open(&world.url, world.now()).await;
    let other = other.expect("it opens");
    let (one, two) = tokio::join!(
        introduce(&world, world.store.as_ref()),
        introduce(&world, other.as_ref())
    );
    assert_eq!(one + two, 4);
    assert_eq!(known(&world).await, working(&world).await);
    assert_eq!(noted(&world, Action::Wrote).await, 4);
    assert_eq!(readers(&world).await.len(), 4);
    let trail = world.store.trail(100).await.expect("it reads");
    let made = trail.iter().map(|row| row.entry.action);
    let made = made.filter(|action| *action == Action::ScopeCreated);
    assert_eq!(made.count(), 3, "one besides those of the world");
}

pub async fn whoever_is_shut_out_keeps_their_name_and_reads_once_let_in(world: World) {
    let (by, carla) = (world.store.system(), world.stranger.user);
    let shut = world.store.set_active(by, carla, false, world.now()).await;
    shut.expect("she exists");
    assert_eq!(introduce(&world, world.store.as_ref()).await, 4);
    assert_eq!(known(&world).await, working(&world).await);
    let is_hers =
        |readers: BTreeSet<(UserId, Relation)>| readers.contains(&(carla, Relation::Reader));
    assert!(!is_hers(readers(&world).await));
    let let_in = world.store.set_active(by, carla, true, world.now()).await;
    let_in.expect("she exists");
    assert_eq!(introduce(&world, world.store.as_ref()).await, 0);
    assert!(is_hers(readers(&world).await));
}

pub async fn what_is_no_name_is_left_out_and_nothing_is_refused(world: World) {
    let blank = "update users set display_name = '  ' where login = 'carla'";
    tamper(&world, blank).await;
    for named in [3, 0] {
        assert_eq!(introduce(&world, world.store.as_ref()).await, named);
    }
    let kept = world.store.quarantined(10).await.expect("it reads");
    assert!(kept.is_empty(), "{kept:?}");
}

pub async fn names_that_a_restored_server_lost_are_said_anew(world: World) {
    introduce(&world, world.store.as_ref()).await;
    let stretch = world.store.read(world.reference, 0, REPLY_BYTES).await;
    let ops = stretch.expect("it reads").ops.into_iter();
    let held: Vec<_> = ops.map(|op| op.body).collect();
    // As in a backup from before anybody was named.
    let lost = "delete from ops where kind = 'colleague_named'";
    tamper(&world, lost).await;
    let back = "update scopes set head = 0 where kind = 'reference'";
    tamper(&world, back).await;
    // A phone offers what it holds.
    for receipt in world.ingest(&world.tutor, &held).await {
        assert_eq!(receipt.outcome, Outcome::Refused(Refusal::OtherAuthor));
    }
    assert_eq!(introduce(&world, world.store.as_ref()).await, 4);
    assert_eq!(known(&world).await, working(&world).await);
    let kept = world.store.quarantined(10).await.expect("it reads");
    assert_eq!(kept.len(), 4);
    assert!(kept.iter().all(|op| op.fate == Fate::Void), "{kept:?}");
}
