//! Cases of the store: what was newer than the server, before and after the server caught up.

use domain::authorize::Relation;
use domain::id::OpId;
use domain::op::Op;
use replica::message::{Outcome, Receipt, Refusal};
use replica::quarantine::Word;
use serde_json::value::RawValue;
use server::store::Sender;

use crate::behind::tamper;
use crate::world::{World, bytes, numbers};

/// The kind that a later version has, and by which name this one knows it.
const LATER: &str = "moon_phase_noted";
const KNOWN: &str = "note_added";

/// The tutor's words as an earlier server saw them: of a kind that it did not know.
async fn sent_too_early(world: &World, words: &str) -> Op {
    let op = world.note(&world.tutor, words);
    let later = bytes(&op).get().replace(KNOWN, LATER);
    let later = RawValue::from_string(later).expect("it is json");
    let receipts = world.ingest(&world.tutor, &[later]).await;
    assert_eq!(refusals(&receipts), [Refusal::UnknownKind]);
    op
}

/// The program is updated: from now on it knows what these words are.
async fn update(world: &World) {
    let learn = format!("update quarantine set body = replace(body, '{LATER}', '{KNOWN}')");
    tamper(world, &learn).await;
}

fn refusals(receipts: &[Receipt]) -> Vec<Refusal> {
    let refused = receipts.iter().filter_map(|receipt| match receipt.outcome {
        Outcome::Refused(refusal) => Some(refusal),
        Outcome::Accepted(_) => None,
    });
    refused.collect()
}

async fn judge_anew(world: &World) -> u64 {
    let entered = world.store.judge_anew(world.now()).await;
    entered.expect("it judges")
}

async fn log(world: &World) -> Vec<OpId> {
    let stretch = world.store.read(world.family, 0, 100_000).await;
    let stretch = stretch.expect("it reads");
    assert_eq!(usize::try_from(stretch.head), Ok(stretch.ops.len()));
    stretch.ops.iter().map(|op| op.id).collect()
}

async fn told(world: &World, op: OpId) -> Option<Word> {
    let settled = world.store.settled(world.tutor.user, &[op]).await;
    settled.expect("it reads").pop().map(|settled| settled.word)
}

async fn waiting(world: &World, who: &Sender) -> u32 {
    let waiting = world.store.waiting(who.user, who.role, world.now()).await;
    let waiting = waiting.expect("it counts");
    waiting.iter().map(|one| one.count).sum()
}

pub async fn what_was_newer_than_the_server_enters_once_it_has_caught_up(world: World) {
    let mut early = Vec::new();
    for n in 0..3 {
        early.push(sent_too_early(&world, &format!("nota {n}")).await);
    }
    assert_eq!(judge_anew(&world).await, 0, "it knows no more than before");
    assert!(log(&world).await.is_empty(), "nothing entered");
    update(&world).await;
    let newest = world.note(&world.tutor, "di domani");
    let unread = bytes(&newest).get().replace(KNOWN, LATER);
    let unread = RawValue::from_string(unread).expect("it is json");
    world.ingest(&world.tutor, &[unread]).await;
    assert_eq!(judge_anew(&world).await, 3);
    let ids: Vec<OpId> = early.iter().map(|op| op.id).collect();
    assert_eq!(
        log(&world).await,
        ids,
        "in the order in which they were made"
    );
    assert_eq!(judge_anew(&world).await, 0, "and no second time");
    let author = world.tutor.user;
    for (op, number) in early.iter().zip(1..) {
        // The phone that asks after a refused op learns its number, and so does one that sends
        // it again.
        let word = Word::Adopted { number, by: author };
        assert_eq!(told(&world, op.id).await, Some(word));
        let receipts = world.ingest(&world.tutor, &[bytes(op)]).await;
        assert_eq!(numbers(&receipts), [number]);
    }
    assert_eq!(log(&world).await, ids);
    let left = world.store.quarantined(10).await.expect("it reads");
    let left: Vec<OpId> = left.iter().map(|one| one.op).collect();
    assert_eq!(left, [newest.id], "what is newer still waits");
}

pub async fn a_phone_that_asks_again_is_judged_anew_at_once(world: World) {
    let op = sent_too_early(&world, "una visita").await;
    update(&world).await;
    for _ in 0..2 {
        let receipts = world.ingest(&world.tutor, &[bytes(&op)]).await;
        assert_eq!(numbers(&receipts), [1]);
    }
    assert_eq!(log(&world).await, [op.id]);
    assert_eq!(judge_anew(&world).await, 0);
    // Other bytes under its id are what they always were.
    let other = world.note(&world.tutor, "altro");
    let other = bytes(&Op { id: op.id, ..other });
    let receipts = world.ingest(&world.tutor, &[other]).await;
    assert_eq!(refusals(&receipts), [Refusal::SameIdOtherBytes]);
}

pub async fn what_its_author_may_no_longer_write_waits_for_whoever_may_decide(world: World) {
    let op = sent_too_early(&world, "prima del cambio").await;
    let (by, family, former) = (world.store.system(), world.family, world.tutor);
    let revoked = world
        .store
        .revoke(by, family, former.user, world.now())
        .await;
    assert!(revoked.expect("it is revoked"));
    let heir = world.stranger;
    world.grant(family, &heir, Relation::Tutor).await;
    update(&world).await;
    assert_eq!(waiting(&world, &heir).await, 0, "nobody could read it");
    assert_eq!(judge_anew(&world).await, 0);
    assert_eq!(waiting(&world, &heir).await, 1);
    let receipts = world.ingest(&former, &[bytes(&op)]).await;
    assert_eq!(refusals(&receipts), [Refusal::NotGranted]);
    let adopted = world.store.adopt(&heir, op.id, world.now()).await;
    assert_eq!(adopted.expect("it is adopted"), Ok(1));
    assert_eq!(log(&world).await, [op.id]);
}

pub async fn what_a_person_declined_is_not_judged_anew(world: World) {
    let op = sent_too_early(&world, "ripensata").await;
    let handed = world
        .store
        .hand_over(&world.tutor, op.id, world.now())
        .await;
    handed.expect("it is handed over");
    let no = world
        .store
        .decline(&world.reviewer, op.id, "già scritto", world.now());
    no.await.expect("it is declined");
    update(&world).await;
    assert_eq!(judge_anew(&world).await, 0);
    assert!(log(&world).await.is_empty());
}

pub async fn what_a_suspended_person_wrote_waits_until_they_are_let_in_again(world: World) {
    let op = sent_too_early(&world, "prima della sospensione").await;
    let (by, user) = (world.store.system(), world.tutor.user);
    let until = Some(world.now().plus(60_000));
    let out = world.store.suspend(by, user, None, until, world.now());
    out.await.expect("they are suspended");
    update(&world).await;
    assert_eq!(judge_anew(&world).await, 0);
    let kept = world.store.quarantined(10).await.expect("it reads");
    let whys: Vec<Refusal> = kept.iter().map(|one| one.refusal).collect();
    assert_eq!(whys, [Refusal::UnknownKind], "a suspension is no reason");
    let back = world.store.suspend(by, user, None, None, world.now());
    back.await.expect("they are let in again");
    assert_eq!(judge_anew(&world).await, 1);
    assert_eq!(log(&world).await, [op.id]);
}
