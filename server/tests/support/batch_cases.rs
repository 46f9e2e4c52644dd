//! Cases of the store: many ops that share a transaction.

use domain::authorize::{Relation, ScopeKind};
use domain::id::{OpId, ScopeId};
use domain::op::{Known, Op};
use domain::vocabulary::Role;
use replica::message::{Outcome, REPLY_BYTES, Refusal};
use serde_json::value::RawValue;
use server::store::{Action, ChainCheck, ImportedFamily};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::world::{World, bytes, note, numbers};

/// Families of one tutor, and what is sent about them.
struct Plan {
    families: Vec<ScopeId>,
    ops: Vec<Box<RawValue>>,
}

pub async fn one_request_is_decided_like_its_ops_one_by_one(world: World) {
    let together = plan(&world, 1).await;
    let apart = plan(&world, 2).await;
    let (before, entries) = (kept(&world).await, trail(&world).await.len());
    let told = world.ingest(&world.tutor, &together.ops).await;
    let (between, entries_between) = (kept(&world).await, trail(&world).await.len());
    let mut told_apart = Vec::new();
    for op in &apart.ops {
        told_apart.extend(world.ingest(&world.tutor, std::slice::from_ref(op)).await);
    }
    let outcomes: Vec<Outcome> = told.iter().map(|receipt| receipt.outcome).collect();
    let outcomes_apart: Vec<_> = told_apart.iter().map(|receipt| receipt.outcome).collect();
    assert_eq!(outcomes, outcomes_apart);
    assert_eq!(outcomes, expected());
    let ids: Vec<OpId> = together.ops.iter().map(|op| id_of(op)).collect();
    let told_ids: Vec<OpId> = told.iter().map(|receipt| receipt.op).collect();
    assert_eq!(ids, told_ids, "the receipts are in the order of the ops");
    // Both leave the same behind.
    let after = kept(&world).await;
    assert_eq!(between - before, 10, "the same other bytes are kept once");
    assert_eq!(after - between, between - before);
    let mut trail = trail(&world).await;
    trail.reverse();
    let mut one = trail[entries..entries_between].to_vec();
    let mut other = trail[entries_between..].to_vec();
    let word = |action: &Action| format!("{action:?}");
    one.sort_by_key(word);
    other.sort_by_key(word);
    assert_eq!(one, other);
    for (one, other) in together.families.iter().zip(&apart.families) {
        assert_eq!(shapes(&world, *one).await, shapes(&world, *other).await);
    }
    // Whatever is sent again, in whatever order, is answered alike.
    let mut again = together.ops.clone();
    again.reverse();
    let mut told_again = world.ingest(&world.tutor, &again).await;
    told_again.reverse();
    assert_eq!(told_again, told);
    assert_eq!(kept(&world).await, after);
    let check = world.store.verify_trail().await.expect("it reads");
    assert!(matches!(check, ChainCheck::Whole { .. }));
}

pub async fn many_senders_at_once_leave_no_gap_and_one_first(world: World) {
    const SENDERS: usize = 12;
    let mut families = Vec::new();
    for _ in 0..SENDERS {
        families.push(world.another_family().await);
    }
    // Everybody writes about every family, beginning with another one, and one op of each has an
    // id that all of them use.
    let shared = world.note(&world.tutor, "la stessa busta");
    let mut sending = JoinSet::new();
    for first in 0..SENDERS {
        let mut ops = Vec::new();
        for place in 0..SENDERS {
            let family = families[(first + place) % SENDERS];
            ops.push(bytes(&world.op(&world.tutor, family, note("insieme"))));
        }
        let mut same = shared.clone();
        same.scope = families[first];
        ops.push(bytes(&same));
        let (store, sender, now) = (world.store.clone(), world.tutor, world.now());
        sending.spawn(async move { store.ingest(&sender, &ops, now).await });
    }
    let mut told = Vec::new();
    for receipts in sending.join_all().await {
        let receipts = receipts.expect("the store takes ops in");
        assert_eq!(receipts.len(), SENDERS + 1);
        assert_eq!(numbers(&receipts[..SENDERS]).len(), SENDERS);
        told.push(receipts[SENDERS].outcome);
    }
    let clash = Outcome::Refused(Refusal::SameIdOtherBytes);
    let clashes = told.iter().filter(|outcome| **outcome == clash).count();
    assert_eq!(clashes, SENDERS - 1, "{told:?}");
    let mut written = 0;
    for family in families {
        let read = world.store.read(family, 0, REPLY_BYTES).await;
        let stretch = read.expect("it reads");
        let seqs: Vec<u64> = stretch.ops.iter().map(|op| op.seq).collect();
        assert_eq!(seqs, (1..=stretch.head).collect::<Vec<u64>>());
        written += seqs.len();
    }
    assert_eq!(written, SENDERS * SENDERS + 1);
}

pub async fn more_ops_than_one_statement_holds_are_taken_in(world: World) {
    let ops = world.notes(4_500);
    let expected: Vec<u64> = (1..=4_500).collect();
    assert_eq!(numbers(&world.ingest(&world.tutor, &ops).await), expected);
    assert_eq!(numbers(&world.ingest(&world.tutor, &ops).await), expected);
    let refused: Vec<_> = (0..1_200)
        .map(|_| bytes(&world.op(&world.stranger, world.family, note("di altri"))))
        .collect();
    let first = world.ingest(&world.stranger, &refused).await;
    assert_eq!(world.ingest(&world.stranger, &refused).await, first);
    let kept = world.store.quarantined(2_000).await;
    assert_eq!(kept.expect("it reads").len(), refused.len());
}

/// Everything that can become of an op, in one request about several scopes. Where an op of one
/// scope decides about that of another, the first is in the older scope: a request is decided
/// scope by scope.
async fn plan(world: &World, run: u128) -> Plan {
    let mut families = Vec::new();
    for _ in 0..3 {
        families.push(world.another_family().await);
    }
    let withdrawn = withdrawn_family(world, run).await;
    let foreign = ScopeId::new(world.now(), rand::random());
    let by = world.store.system();
    let made = world
        .store
        .create_scope(by, foreign, ScopeKind::Family, world.now());
    made.await.expect("it is new");
    let nowhere = ScopeId::new(world.now(), rand::random());
    let tutor = &world.tutor;
    let written = |scope, words: &str| world.op(tutor, scope, note(words));
    let known = written(families[0], "già scritta");
    let refused = written(foreign, "già rifiutata");
    let before = [bytes(&known), bytes(&refused)];
    world.ingest(tutor, &before).await;

    let first = written(families[0], "prima");
    let second = written(families[1], "seconda");
    let not_granted = written(foreign, "di altri");
    let other_author = world.op(&world.reviewer, families[1], note("a nome di altri"));
    let wrong_scope = Known::ColleagueNamed {
        user: tutor.user,
        name: "Anna".to_owned(),
        role: Role::Mediator,
    };
    let mut elsewhere = again(&first, "altrove");
    elsewhere.scope = families[2];
    let mut under_known = again(&known, "altre parole");
    under_known.scope = families[1];
    let newer = bytes(&written(families[1], "x"));
    let newer = newer.get().replace("note_added", "not_yet_known");
    let headless = OpId::new(world.now(), rand::random());
    let headless = format!(r#"{{"id":"{headless}","words":"senza busta"}}"#);
    let raw = |text: String| RawValue::from_string(text).expect("it is JSON");
    let ops = vec![
        bytes(&first),
        bytes(&second),
        bytes(&world.op(tutor, families[0], wrong_scope)),
        bytes(&not_granted),
        bytes(&known),
        bytes(&refused),
        bytes(&written(families[2], "terza")),
        bytes(&elsewhere),
        bytes(&under_known),
        bytes(&second),
        bytes(&written(withdrawn, "troppo tardi")),
        bytes(&written(nowhere, "di nessuno")),
        bytes(&written(families[0], "quarta")),
        raw(newer),
        bytes(&again(&not_granted, "di altri ancora")),
        raw(headless),
        bytes(&other_author),
        bytes(&written(families[1], "quinta")),
        bytes(&elsewhere),
    ];
    Plan { families, ops }
}

fn expected() -> Vec<Outcome> {
    let accepted = Outcome::Accepted;
    let refused = Outcome::Refused;
    vec![
        accepted(2),
        accepted(1),
        refused(Refusal::WrongScope),
        refused(Refusal::NotGranted),
        accepted(1),
        refused(Refusal::NotGranted),
        accepted(1),
        refused(Refusal::SameIdOtherBytes),
        refused(Refusal::SameIdOtherBytes),
        accepted(1),
        refused(Refusal::NotGranted),
        refused(Refusal::NotGranted),
        accepted(3),
        refused(Refusal::UnknownKind),
        refused(Refusal::SameIdOtherBytes),
        refused(Refusal::Malformed),
        refused(Refusal::OtherAuthor),
        accepted(2),
        refused(Refusal::SameIdOtherBytes),
    ]
}

async fn withdrawn_family(world: &World, run: u128) -> ScopeId {
    let (by, run) = (world.store.system(), Uuid::from_u128(run));
    let family = ImportedFamily {
        run,
        external_id: run.to_string(),
        row_digest: "row".to_owned(),
        scope: ScopeId::new(world.now(), rand::random()),
        grants: vec![(world.tutor.user, Relation::Tutor)],
        ops: Vec::new(),
    };
    let store = &world.store;
    let begun = store.begin_import(by, run, "digest", world.now()).await;
    begun.expect("it is new");
    let device = world.tutor.device;
    let made = store.import_family(device, &family, world.now()).await;
    made.expect("it is new");
    let undone = store.undo_import(by, run, world.now()).await;
    assert_eq!(undone.expect("it is undone").withdrawn, [family.scope]);
    family.scope
}

/// Other words under the same id.
fn again(op: &Op, words: &str) -> Op {
    Op {
        change: note(words).into(),
        ..op.clone()
    }
}

fn id_of(op: &RawValue) -> OpId {
    #[derive(serde::Deserialize)]
    struct Id {
        id: OpId,
    }
    serde_json::from_str::<Id>(op.get()).expect("an id").id
}

async fn kept(world: &World) -> usize {
    let kept = world.store.quarantined(1_000).await;
    kept.expect("it reads").len()
}

async fn trail(world: &World) -> Vec<Action> {
    let trail = world.store.trail(1_000).await.expect("it reads");
    trail.into_iter().map(|told| told.entry.action).collect()
}

/// What a log says without what differs between two logs: the words.
async fn shapes(world: &World, scope: ScopeId) -> Vec<(u64, String)> {
    let stretch = world.store.read(scope, 0, REPLY_BYTES).await;
    let ops = stretch.expect("it reads").ops;
    let words = |op: &RawValue| {
        let (_, words) = op.get().split_once("words").expect("it has words");
        words.to_owned()
    };
    ops.iter().map(|op| (op.seq, words(&op.body))).collect()
}
