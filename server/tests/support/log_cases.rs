//! Cases of the store: the way into the log, and out of it.

use domain::authorize::Relation;
use domain::id::{Millis, OpId, ScopeId};
use domain::op::Known;
use domain::vocabulary::Role;
use replica::message::{Outcome, REPLY_BYTES, Refusal};
use serde_json::value::RawValue;
use server::store::{Action, ChainCheck};

use crate::world::{World, bytes, note, numbers};

pub async fn numbers_follow_without_a_gap(world: World) {
    assert_eq!(
        numbers(&world.ingest(&world.tutor, &world.notes(3)).await),
        [1, 2, 3]
    );
    // A refusal in between takes no number.
    let mut ops = world.notes(2);
    let forbidden = world.op(&world.tutor, world.reference, note("altrove"));
    ops.insert(1, bytes(&forbidden));
    let colleague = Known::ColleagueNamed {
        user: world.tutor.user,
        name: "Anna".to_owned(),
        role: Role::Mediator,
    };
    ops.insert(1, bytes(&world.op(&world.tutor, world.family, colleague)));
    let receipts = world.ingest(&world.tutor, &ops).await;
    let outcomes: Vec<_> = receipts.iter().map(|receipt| receipt.outcome).collect();
    assert_eq!(
        outcomes,
        [
            Outcome::Accepted(4),
            Outcome::Refused(Refusal::WrongScope),
            Outcome::Refused(Refusal::WrongScope),
            Outcome::Accepted(5),
        ]
    );
    assert_eq!(
        numbers(&world.ingest(&world.tutor, &world.notes(1)).await),
        [6]
    );
    let stretch = world
        .store
        .read(world.family, 0, REPLY_BYTES)
        .await
        .expect("it reads");
    let seqs: Vec<_> = stretch.ops.iter().map(|op| op.seq).collect();
    assert_eq!((seqs, stretch.head), (vec![1, 2, 3, 4, 5, 6], 6));
}

pub async fn a_replay_gets_the_same_receipt(world: World) {
    let ops = world.notes(5);
    let first = world.ingest(&world.tutor, &ops).await;
    assert_eq!(world.ingest(&world.tutor, &ops).await, first);
    // Twice in one request, and among new ones.
    let mut again = ops.clone();
    again.extend(world.notes(1));
    again.extend(ops);
    let receipts = world.ingest(&world.tutor, &again).await;
    assert_eq!(numbers(&receipts), [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5]);
}

pub async fn a_refusal_is_repeated_even_after_a_grant(world: World) {
    let op = bytes(&world.op(&world.stranger, world.family, note("troppo presto")));
    let refused = world
        .ingest(&world.stranger, std::slice::from_ref(&op))
        .await;
    assert_eq!(refused[0].outcome, Outcome::Refused(Refusal::NotGranted));
    world
        .grant(world.family, &world.stranger, Relation::Tutor)
        .await;
    assert_eq!(world.ingest(&world.stranger, &[op]).await, refused);
    assert_eq!(
        world.store.quarantined(10).await.expect("it reads").len(),
        1
    );
}

pub async fn what_a_colleague_offered_first_does_not_bind_its_author(world: World) {
    let op = bytes(&world.note(&world.tutor, "tenuta da una collega"));
    let ops = [op];
    let told = world.ingest(&world.reviewer, &ops).await;
    assert_eq!(
        told[0].outcome,
        Outcome::Refused(Refusal::OtherAuthor),
        "it is kept, not believed"
    );
    let kept = world.store.quarantined(10).await.expect("it reads");
    assert_eq!(kept.len(), 1);
    let twice = [ops[0].clone(), ops[0].clone()];
    assert_eq!(numbers(&world.ingest(&world.tutor, &twice).await), [1, 1]);
    // Now it is in the log, and whoever offers it hears so.
    assert_eq!(numbers(&world.ingest(&world.reviewer, &ops).await), [1]);

    let by = world.store.system();
    let later = [bytes(&world.note(&world.tutor, "senza più accesso"))];
    world.ingest(&world.reviewer, &later).await;
    let (family, tutor) = (world.family, world.tutor.user);
    let revoked = world.store.revoke(by, family, tutor, world.now()).await;
    assert!(revoked.expect("it is revoked"));
    let told = world.ingest(&world.tutor, &later).await;
    assert_eq!(
        told[0].outcome,
        Outcome::Refused(Refusal::NotGranted),
        "the author hears the reason that is theirs"
    );
}

pub async fn other_bytes_under_one_id_are_kept_and_raise_the_alarm(world: World) {
    let first = world.note(&world.tutor, "prima");
    let mut second = first.clone();
    second.change = note("seconda").into();
    let accepted = world.ingest(&world.tutor, &[bytes(&first)]).await;
    for _ in 0..2 {
        let receipts = world.ingest(&world.tutor, &[bytes(&second)]).await;
        assert_eq!(
            receipts[0].outcome,
            Outcome::Refused(Refusal::SameIdOtherBytes)
        );
    }
    assert_eq!(world.ingest(&world.tutor, &[bytes(&first)]).await, accepted);
    let kept = world.store.quarantined(10).await.expect("it reads");
    assert_eq!(kept.len(), 1, "the same other bytes are kept once");
    let trail = world.store.trail(10).await.expect("it reads");
    assert!(
        trail
            .iter()
            .any(|told| told.entry.action == Action::Clashed)
    );
    let stretch = world
        .store
        .read(world.family, 0, REPLY_BYTES)
        .await
        .expect("it reads");
    assert_eq!(stretch.ops[0].body.get(), bytes(&first).get());
    // Under an id whose first bytes were refused, the first bytes keep their word, too.
    let refused = world.op(&world.stranger, world.family, note("una"));
    let mut other = refused.clone();
    other.change = note("altra").into();
    let told = world
        .ingest(&world.stranger, &[bytes(&refused), bytes(&other)])
        .await;
    assert_eq!(told[0].outcome, Outcome::Refused(Refusal::NotGranted));
    assert_eq!(told[1].outcome, Outcome::Refused(Refusal::SameIdOtherBytes));
    assert_eq!(
        world
            .ingest(&world.stranger, &[bytes(&other), bytes(&refused)])
            .await[1],
        told[0]
    );
    assert_eq!(
        world.store.quarantined(10).await.expect("it reads").len(),
        3
    );
}

pub async fn a_foreign_scope_is_refused_and_kept_whole(world: World) {
    let unknown = ScopeId::new(world.now(), rand::random());
    let ops = [
        bytes(&world.op(&world.stranger, world.family, note("di altri"))),
        bytes(&world.op(&world.stranger, unknown, note("di nessuno"))),
        bytes(&world.note(&world.tutor, "a nome di altri")),
    ];
    let receipts = world.ingest(&world.stranger, &ops).await;
    let outcomes: Vec<_> = receipts.iter().map(|receipt| receipt.outcome).collect();
    assert_eq!(
        outcomes,
        [
            Outcome::Refused(Refusal::NotGranted),
            Outcome::Refused(Refusal::NotGranted),
            Outcome::Refused(Refusal::OtherAuthor),
        ]
    );
    let kept = world.store.quarantined(10).await.expect("it reads");
    assert_eq!(kept.len(), 3);
    assert!(kept.iter().all(|op| op.sender == world.stranger.user));
    let stretch = world
        .store
        .read(world.family, 0, REPLY_BYTES)
        .await
        .expect("it reads");
    assert_eq!((stretch.ops.len(), stretch.head), (0, 0));
}

pub async fn a_role_that_may_not_is_refused(world: World) {
    let goal = world.op(
        &world.reviewer,
        world.family,
        Known::GoalWritten {
            goal: domain::id::GoalId::new(world.now(), rand::random()),
            field: domain::plan::GoalField::Weight(2),
        },
    );
    let receipts = world.ingest(&world.reviewer, &[bytes(&goal)]).await;
    assert_eq!(receipts[0].outcome, Outcome::Refused(Refusal::NotYourRole));
    let allowed = world.note(&world.reviewer, "vista la famiglia");
    assert_eq!(
        numbers(&world.ingest(&world.reviewer, &[bytes(&allowed)]).await),
        [1]
    );
}

pub async fn an_op_without_a_header_is_refused_and_kept(world: World) {
    let id = OpId::new(world.now(), rand::random());
    let raw = |text: String| RawValue::from_string(text).expect("it is JSON");
    let ops = [
        raw(format!(r#"{{"id":"{id}","words":"senza busta"}}"#)),
        raw("[1,2,3]".to_owned()),
        bytes(&world.note(&world.tutor, "in ordine")),
    ];
    let receipts = world.ingest(&world.tutor, &ops).await;
    assert_eq!(receipts.len(), 2, "what has no id cannot be answered to");
    assert!(
        receipts
            .iter()
            .any(|told| told.op == id && told.outcome == Outcome::Refused(Refusal::Malformed))
    );
    assert!(
        receipts
            .iter()
            .any(|told| told.outcome == Outcome::Accepted(1))
    );
    assert_eq!(
        world.store.quarantined(10).await.expect("it reads").len(),
        1
    );
}

pub async fn bytes_come_back_as_they_were_written(world: World) {
    let mut op = world.note(
        &world.tutor,
        "قالت الأم: نعم — ਹਾਂ 你好 \u{0}\u{1F600} \"citato\" \\ \n",
    );
    op.at = Millis(i64::MIN);
    let tidy = bytes(&op).get().to_owned();
    // The author's own spacing and order are part of the bytes.
    let odd = tidy.replacen('{', "{  ", 1).replacen("\":", "\" :\t", 1);
    let odd = RawValue::from_string(odd).expect("it is JSON");
    assert_eq!(
        numbers(&world.ingest(&world.tutor, std::slice::from_ref(&odd)).await),
        [1]
    );
    let stretch = world
        .store
        .read(world.family, 0, REPLY_BYTES)
        .await
        .expect("it reads");
    assert_eq!(stretch.ops[0].body.get(), odd.get());
}

pub async fn two_writers_and_a_reader_agree_on_the_order(world: World) {
    const ROUNDS: usize = 25;
    let write = |sender| {
        let world = &world;
        async move {
            for n in 0..ROUNDS {
                let ops: Vec<_> = (0..4)
                    .map(|_| bytes(&world.note(sender, &format!("giro {n}"))))
                    .collect();
                let told = numbers(&world.ingest(sender, &ops).await);
                assert!(
                    told.windows(2).all(|pair| pair[0] + 1 == pair[1]),
                    "{told:?}"
                );
            }
        }
    };
    // The reader follows with a cursor: if a number became visible before a smaller one, the
    // cursor would pass the smaller one by.
    let read = async {
        let mut seen = Vec::new();
        while seen.len() < ROUNDS * 8 {
            let from = u64::try_from(seen.len()).expect("a few hundred");
            let stretch = world
                .store
                .read(world.family, from, 2_000)
                .await
                .expect("it reads");
            for op in stretch.ops {
                assert_eq!(
                    op.seq,
                    u64::try_from(seen.len()).expect("a few hundred") + 1
                );
                seen.push(op.id);
            }
        }
        seen
    };
    let (_, _, seen) = tokio::join!(write(&world.tutor), write(&world.reviewer), read);
    let stretch = world
        .store
        .read(world.family, 0, REPLY_BYTES)
        .await
        .expect("it reads");
    let ids: Vec<_> = stretch.ops.iter().map(|op| op.id).collect();
    assert_eq!(ids, seen);
    let check = world.store.verify_trail().await.expect("it reads");
    assert!(matches!(check, ChainCheck::Whole { .. }));
}

pub async fn one_op_sent_twice_at_once_is_written_once(world: World) {
    let other = world.another_family().await;
    for _ in 0..10 {
        let mut here = world.note(&world.tutor, "una volta sola");
        let same = [bytes(&here)];
        let (one, two) = tokio::join!(
            world.ingest(&world.tutor, &same),
            world.ingest(&world.tutor, &same)
        );
        assert_eq!(one, two);
        // The same id in two scopes at once: one of them is the first, the other a clash.
        here.id = OpId::new(world.now(), rand::random());
        let mut there = here.clone();
        there.scope = other;
        let (here, there) = ([bytes(&here)], [bytes(&there)]);
        let (one, two) = tokio::join!(
            world.ingest(&world.tutor, &here),
            world.ingest(&world.tutor, &there)
        );
        let outcomes = [one[0].outcome, two[0].outcome];
        let clash = Outcome::Refused(Refusal::SameIdOtherBytes);
        assert_eq!(
            outcomes.iter().filter(|outcome| **outcome == clash).count(),
            1,
            "{outcomes:?}"
        );
    }
}
