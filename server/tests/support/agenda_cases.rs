//! Cases of what is sent first, and what is sent alone.

use domain::authorize::Relation;
use domain::id::{ScopeId, VisitId};
use domain::op::Known;
use domain::visit::{Appointment, VisitField, VisitRecord};
use domain::vocabulary::Place;
use jiff::civil::{Date, date};
use replica::message::SyncReply;
use server::store::agenda::Turn;

use crate::behind::tamper;
use crate::world::{Ask, START, World, bytes, note, numbers};

/// The day of [`START`].
const TODAY: Date = date(2025, 10, 9);

async fn plan(world: &World, scope: ScopeId, visit: VisitId, day: Date) {
    let field = VisitField::Appointment(at_home(day));
    send(world, scope, Known::VisitPlanned { visit, field }).await;
}

fn at_home(date: Date) -> Appointment {
    Appointment {
        date,
        time: None,
        place: Place::AtHome,
        about: String::new(),
    }
}

async fn send(world: &World, scope: ScopeId, change: Known) {
    let op = world.op(&world.tutor, scope, change);
    numbers(&world.ingest(&world.tutor, &[bytes(&op)]).await);
}

fn visit(world: &World) -> VisitId {
    VisitId::new(world.now(), rand::random())
}

async fn turns(world: &World) -> Vec<Turn> {
    let agenda = world.store.agenda(world.tutor.user, TODAY).await;
    agenda.expect("it reads")
}

async fn families(world: &World) -> Vec<ScopeId> {
    let turns = turns(world).await.into_iter().map(|turn| turn.scope);
    turns.filter(|scope| *scope != world.reference).collect()
}

fn page_scopes(reply: &SyncReply) -> Vec<ScopeId> {
    reply.pages.iter().map(|page| page.scope).collect()
}

pub async fn more_visits_than_one_statement_holds_are_planned(world: World) {
    let mut day = TODAY;
    let mut ops = Vec::new();
    for _ in 0..12_000 {
        let field = VisitField::Appointment(at_home(day));
        let visit = visit(&world);
        let planned = Known::VisitPlanned { visit, field };
        ops.push(bytes(&world.op(&world.tutor, world.family, planned)));
        day = day.tomorrow().expect("a day");
    }
    let receipts = world.ingest(&world.tutor, &ops).await;
    assert_eq!(numbers(&receipts).len(), ops.len());
    let turns = turns(&world).await;
    let turn = turns.iter().find(|turn| turn.scope == world.family);
    assert_eq!(turn.and_then(|turn| turn.next_visit), Some(TODAY));
}

pub async fn the_next_visit_comes_first(world: World) {
    let quiet = world.family;
    let (soon, later, past) = (
        world.another_family().await,
        world.another_family().await,
        world.another_family().await,
    );
    plan(
        &world,
        past,
        visit(&world),
        TODAY.yesterday().expect("a day"),
    )
    .await;
    plan(&world, later, visit(&world), date(2025, 11, 1)).await;
    let (first, second) = (visit(&world), visit(&world));
    plan(&world, soon, first, TODAY).await;
    plan(&world, soon, second, date(2025, 12, 1)).await;
    send(&world, quiet, note("toccata per ultima")).await;
    assert_eq!(families(&world).await, [soon, later, quiet, past]);
    let reply = world.sync(&world.tutor, Ask::from(&[])).await;
    let granted: Vec<ScopeId> = reply
        .grants
        .as_ref()
        .expect("a list")
        .iter()
        .map(|g| g.scope)
        .collect();
    assert_eq!(granted, [world.reference, soon, later, quiet, past]);
    assert_eq!(
        page_scopes(&reply),
        [soon],
        "a new copy gets its first family alone"
    );
    assert!(reply.has_more);
    let reply = world.sync(&world.tutor, Ask::from(&[(soon, 2)])).await;
    assert_eq!(page_scopes(&reply), [later, quiet, past]);
    assert!(!reply.has_more);
    // Made, moved, called off: the same code as on the phone says what is still to come.
    let record = VisitRecord {
        date: TODAY,
        place: Place::AtHome,
        minutes: 30,
        present: [].into(),
        language: None,
        summary: String::new(),
    };
    let made = Known::VisitRecorded {
        visit: first,
        record,
        corrects: None,
    };
    send(&world, soon, made).await;
    assert_eq!(families(&world).await[0], later);
    let off = Known::VisitPlanned {
        visit: second,
        field: VisitField::Cancelled(true),
    };
    send(&world, soon, off).await;
    assert_eq!(families(&world).await, [later, soon, quiet, past]);
}

pub async fn what_follows_from_the_log_can_be_made_anew(world: World) {
    let other = world.another_family().await;
    plan(&world, other, visit(&world), date(2025, 11, 1)).await;
    plan(&world, other, visit(&world), date(2025, 11, 3)).await;
    send(&world, world.family, note("una")).await;
    let before = turns(&world).await;
    assert!(before.iter().any(|turn| turn.next_visit.is_some()));
    tamper(&world, "delete from planned_visits").await;
    tamper(&world, "update scopes set touched_at = 7").await;
    assert_ne!(turns(&world).await, before);
    let rebuilt = world.store.rebuild().await;
    assert_eq!(rebuilt.expect("it is rebuilt"), 3);
    assert_eq!(turns(&world).await, before);
}

pub async fn a_scope_granted_later_arrives_alone(world: World) {
    let others: Vec<ScopeId> = vec![world.another_family().await, world.another_family().await];
    let mut cursors = Vec::new();
    for scope in others.iter().chain([&world.family]) {
        for _ in 0..50 {
            send(&world, *scope, note("parole")).await;
        }
        cursors.push((*scope, 50));
    }
    let heir = world.stranger;
    for (scope, _) in &cursors[..2] {
        world.grant(*scope, &heir, Relation::Tutor).await;
    }
    let (new, _) = cursors[2];
    let had = &cursors[..2];
    let reply = world.sync(&heir, Ask::from(had)).await;
    assert!(reply.pages.is_empty(), "everything is here already");
    world.grant(new, &heir, Relation::Tutor).await;
    let reply = world.sync(&heir, Ask::from(had)).await;
    assert_eq!(page_scopes(&reply), [new]);
    assert_eq!(reply.pages[0].ops.len(), 50);
    let sent = serde_json::to_vec(&reply).expect("json").len();
    let of_one: usize = reply.pages[0]
        .ops
        .iter()
        .flatten()
        .map(|op| op.get().len())
        .sum();
    assert!(
        sent < of_one + 2_000,
        "{sent} bytes for {of_one} of one family"
    );
    // And a scope that is taken away takes nothing else with it.
    let by = world.store.system();
    let gone = world.store.revoke(by, new, heir.user, world.now());
    assert!(gone.await.expect("it is revoked"));
    let reply = world.sync(&heir, Ask::from(had)).await;
    assert!(reply.pages.is_empty(), "no reset");
    assert_eq!(reply.grants.expect("a list").len(), 2);
    assert_eq!(
        world.now().0 / 86_400_000,
        START / 86_400_000,
        "the day of the cases"
    );
}
