//! How many changes a second the server takes in, and how long asking for nothing takes.
//!
//! `cargo bench -p server --bench ingest`: 200 phones at once, each with a tutor and a family of
//! its own, send requests of 20 changes, on SQLite and on PostgreSQL, both of which write to disk
//! before they answer. Then one phone sends requests whose changes are about 25 families, and
//! another reads those families for the first time.

#[path = "../tests/support/cluster.rs"]
mod cluster;
#[path = "../tests/support/world.rs"]
mod world;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cluster::Cluster;
use domain::authorize::Relation;
use domain::id::ScopeId;
use replica::message::{PUSH_OPS_MAX, Position, digest};
use server::store::Sender;
use world::{Ask, World, bytes, note, numbers};

const PHONES: usize = 200;
const REQUESTS: usize = 10;
const OPS: usize = 20;
const ASKED: usize = 300;
const FAMILIES: usize = 25;
const SPREAD_REQUESTS: usize = 20;
const FIRST_SYNCS: usize = 20;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = folder.path().join("percorso.db");
    runtime.block_on(measure("sqlite", format!("sqlite:{}", file.display())));
    if let Some(cluster) = Cluster::start(true) {
        runtime.block_on(measure("postgres", cluster.database("ingest")));
    }
}

async fn measure(name: &str, url: String) {
    let world = Arc::new(World::open(url).await);
    let mut people = Vec::new();
    for number in 0..PHONES {
        people.push(world.another_tutor(&format!("tutor{number}")).await);
    }
    let idle_before = ask_for_nothing(&world, people.first().expect("200")).await;
    let begun = Instant::now();
    let phones: Vec<_> = people
        .iter()
        .map(|(tutor, family)| tokio::spawn(push(world.clone(), *tutor, *family)))
        .collect();
    let mut took = Vec::new();
    for phone in phones {
        took.extend(phone.await.expect("no phone fails"));
    }
    let all = begun.elapsed();
    let ops = u32::try_from(PHONES * REQUESTS * OPS).expect("a few thousand");
    let per_second = f64::from(ops) / all.as_secs_f64();
    let idle_after = ask_for_nothing(&world, people.first().expect("200")).await;
    println!("{name}: {ops} changes in {all:.1?} = {per_second:.0}/s");
    let (p50, p99) = (percentile(&mut took, 50), percentile(&mut took, 99));
    println!("{name}: a request of {OPS} p50 {p50:.1?}, p99 {p99:.1?}");
    println!("{name}: asking for nothing {idle_before:.2?} before, {idle_after:.2?} after");
    spread(name, &world).await;
    let begun = Instant::now();
    let (pulled, replies) = pull_everything(&world, &people).await;
    println!(
        "{name}: a first sync of {pulled} changes in {PHONES} families {:.0?}, {replies} replies",
        begun.elapsed()
    );
}

async fn push(world: Arc<World>, tutor: Sender, family: ScopeId) -> Vec<Duration> {
    let words = "La famiglia ha portato i documenti per l'iscrizione. ".repeat(4);
    let mut took = Vec::new();
    for request in 0..REQUESTS {
        let ops = (0..OPS)
            .map(|_| bytes(&world.op(&tutor, family, note(&words))))
            .collect();
        let read = u64::try_from(request * OPS).expect("a few hundred");
        let position = Position::Digest(digest(&BTreeMap::from([(family, read)])));
        let begun = Instant::now();
        let reply = world.sync(&tutor, Ask::at(position).with(ops)).await;
        took.push(begun.elapsed());
        assert_eq!(numbers(&reply.receipts).len(), OPS);
    }
    took
}

/// One phone that comes back with changes about many families, and one that knows none of them.
async fn spread(name: &str, world: &World) {
    let mut families = Vec::new();
    for _ in 0..FAMILIES {
        families.push(world.another_family().await);
    }
    let tutor = &world.tutor;
    for ops in [1, 50, 200, PUSH_OPS_MAX] {
        let mut took = Vec::new();
        for _ in 0..SPREAD_REQUESTS {
            let about = families.iter().cycle().take(ops);
            let ops = about
                .map(|family| bytes(&world.op(tutor, *family, note("La madre ha firmato."))))
                .collect();
            let position = Position::Digest(digest(&BTreeMap::new()));
            let begun = Instant::now();
            world.sync(tutor, Ask::at(position).with(ops)).await;
            took.push(begun.elapsed());
        }
        let (p50, p99) = (percentile(&mut took, 50), percentile(&mut took, 99));
        println!("{name}: a request of {ops} in {FAMILIES} families p50 {p50:.1?}, p99 {p99:.1?}");
    }
    let mut took = Vec::new();
    let mut pulled = 0;
    for _ in 0..FIRST_SYNCS {
        let begun = Instant::now();
        let reply = world.sync(tutor, Ask::from(&[])).await;
        took.push(begun.elapsed());
        pulled = reply.pages.iter().map(|page| page.ops.len()).sum();
    }
    let p50 = percentile(&mut took, 50);
    println!("{name}: a first sync of {pulled} changes in {FAMILIES} families p50 {p50:.1?}");
}

async fn ask_for_nothing(world: &World, (tutor, family): &(Sender, ScopeId)) -> Duration {
    let reply = world.sync(tutor, Ask::from(&[])).await;
    let head = reply.pages.first().map_or(0, |page| page.head);
    let mut took = Vec::new();
    for _ in 0..ASKED {
        let position = Position::Digest(digest(&BTreeMap::from([(*family, head)])));
        let begun = Instant::now();
        let reply = world.sync(tutor, Ask::at(position)).await;
        took.push(begun.elapsed());
        assert!(reply.pages.is_empty() && !reply.needs_cursors);
    }
    percentile(&mut took, 50)
}

/// One phone to which all families were granted reads everything.
async fn pull_everything(world: &World, people: &[(Sender, ScopeId)]) -> (usize, usize) {
    for (_, family) in people {
        world
            .grant(*family, &world.stranger, Relation::Reader)
            .await;
    }
    let mut cursors: BTreeMap<ScopeId, u64> = BTreeMap::new();
    let (mut pulled, mut replies) = (0, 0);
    loop {
        let at: Vec<_> = cursors.iter().map(|(scope, seq)| (*scope, *seq)).collect();
        let reply = world.sync(&world.stranger, Ask::from(&at)).await;
        replies += 1;
        for page in &reply.pages {
            pulled += page.ops.len();
            cursors.insert(page.scope, page.to());
        }
        if !reply.has_more {
            return (pulled, replies);
        }
    }
}

fn percentile(took: &mut [Duration], percent: usize) -> Duration {
    took.sort();
    let place = took.len().saturating_sub(1) * percent / 100;
    took.get(place).copied().unwrap_or_default()
}
