//! Cases of the quarantine: who decides about another's words, once, and what their author is told.

use domain::authorize::Relation;
use domain::id::{Millis, OpId};
use domain::op::{Known, Op};
use domain::plan::Review;
use domain::vocabulary::Verdict;
use replica::hub::Barred;
use replica::message::{Outcome, Refusal};
use replica::quarantine::{AUTHOR_WAIT_MS, Decision, Request, Settled, Word};
use serde_json::value::RawValue;
use server::quarantine::{DecideError, decide};
use server::store::{Action, Sender, StoreError};

use crate::world::{Ask, World, bytes, note, numbers};

/// The tutor's words come after the family was given to a colleague; who follows it decides.
async fn reassigned(world: &World, words: &[&str]) -> (Sender, Vec<Op>) {
    let by = world.store.system();
    world.ingest(&world.tutor, &world.notes(1)).await;
    let (family, former) = (world.family, world.tutor);
    let revoked = world.store.revoke(by, family, former.user, world.now());
    assert!(revoked.await.expect("it is revoked"));
    let heir = world.stranger;
    world.grant(family, &heir, Relation::Tutor).await;
    let ops: Vec<Op> = words.iter().map(|one| world.note(&former, one)).collect();
    let sent: Vec<_> = ops.iter().map(bytes).collect();
    for receipt in world.ingest(&former, &sent).await {
        assert_eq!(receipt.outcome, Outcome::Refused(Refusal::NotGranted));
    }
    (heir, ops)
}

async fn held(world: &World, reader: &Sender) -> Vec<String> {
    let held = world.store.held(reader, world.now()).await;
    let held = held.expect("it reads");
    held.iter()
        .map(|one| one.held.op.get().to_owned())
        .collect()
}

async fn count(world: &World, reader: &Sender) -> u32 {
    let waiting = world.store.waiting(reader.user, reader.role, world.now());
    let waiting = waiting.await.expect("it counts");
    waiting.iter().map(|one| one.count).sum()
}

async fn told(world: &World, author: &Sender, op: OpId) -> Option<Word> {
    let settled = world.store.settled(author.user, &[op]).await;
    let mut settled = settled.expect("it reads");
    settled.pop().map(|Settled { word, .. }| word)
}

pub async fn words_of_a_former_tutor_are_adopted_once_under_their_name(world: World) {
    let (heir, ops) = reassigned(&world, &["prima", "seconda"]).await;
    assert_eq!(count(&world, &heir).await, 2);
    assert_eq!(
        count(&world, &world.reviewer).await,
        2,
        "and who holds the case"
    );
    let bodies: Vec<String> = ops.iter().map(|op| bytes(op).get().to_owned()).collect();
    assert_eq!(held(&world, &heir).await, bodies);
    let adopted = world.store.adopt(&heir, ops[0].id, world.now()).await;
    assert_eq!(adopted.expect("it is adopted"), Ok(2));
    for by in [&heir, &world.reviewer] {
        let again = world.store.adopt(by, ops[0].id, world.now()).await;
        assert!(matches!(again, Err(StoreError::Conflict)), "{again:?}");
    }
    let stretch = world.store.read(world.family, 0, 10_000).await;
    let stretch = stretch.expect("it reads");
    assert_eq!((stretch.head, stretch.ops.len()), (2, 2));
    assert_eq!(
        stretch.ops[1].body.get(),
        bodies[0],
        "the very bytes of its author"
    );
    assert_eq!(count(&world, &heir).await, 1);
    assert_eq!(
        told(&world, &world.tutor, ops[0].id).await,
        Some(Word::Adopted {
            number: 2,
            by: heir.user
        })
    );
    assert_eq!(
        told(&world, &heir, ops[0].id).await,
        None,
        "only its author asks"
    );
    // Its author's phone may send it again: it is in the log now.
    let receipts = world.ingest(&world.tutor, &[bytes(&ops[0])]).await;
    assert_eq!(numbers(&receipts), [2]);
    let trail = world.store.trail(100).await.expect("it reads");
    let noted: Vec<_> = trail
        .iter()
        .map(|row| row.entry)
        .filter(|entry| entry.op == Some(ops[0].id))
        .map(|entry| (entry.action, entry.by, entry.subject))
        .collect();
    let author = world.tutor.user;
    assert_eq!(
        noted,
        [
            (Action::Adopted, heir.user, Some(author)),
            (Action::Refused, author, None)
        ]
    );
    let is_read = |action| action == Action::QuarantineRead;
    assert!(trail.iter().any(|row| is_read(row.entry.action)));
}

pub async fn declined_words_stay_whole_and_their_author_learns_why(world: World) {
    let (heir, ops) = reassigned(&world, &["una"]).await;
    let id = ops[0].id;
    let why = "già scritto da me";
    let declined = world.store.decline(&heir, id, why, world.now()).await;
    declined.expect("it is declined");
    let adopted = world.store.adopt(&world.reviewer, id, world.now()).await;
    assert!(matches!(adopted, Err(StoreError::Conflict)), "{adopted:?}");
    assert_eq!(count(&world, &heir).await, 0);
    let ask = Ask {
        refused: vec![id],
        ..Ask::from(&[])
    };
    let reply = world.sync(&world.tutor, ask).await;
    let word = Word::Declined {
        by: heir.user,
        reason: why.to_owned(),
    };
    assert_eq!(reply.settled, [Settled { op: id, word }]);
    let kept = world.store.quarantined(10).await.expect("it reads");
    assert_eq!(kept.len(), 1, "nothing is ever deleted from quarantine");
    let trail = world.store.trail(1_000).await.expect("it reads");
    let declined = trail
        .iter()
        .filter(|row| row.entry.action == Action::Declined);
    let by: Vec<_> = declined.map(|row| (row.entry.by, row.entry.op)).collect();
    assert_eq!(by, [(heir.user, Some(id))]);
    let receipts = world.ingest(&world.tutor, &[bytes(&ops[0])]).await;
    let refused = Outcome::Refused(Refusal::NotGranted);
    assert_eq!(
        receipts[0].outcome, refused,
        "the same word as the first time"
    );
}

pub async fn nobody_else_decides_or_reads(world: World) {
    let (heir, ops) = reassigned(&world, &["una"]).await;
    let id = ops[0].id;
    let (other, _) = world.another_tutor("elio").await;
    let barred = Sender {
        barred: Some(Barred::AccountClosed),
        ..heir
    };
    for by in [&other, &world.administrator, &world.tutor, &barred] {
        let adopted = world.store.adopt(by, id, world.now()).await;
        assert!(matches!(adopted, Err(StoreError::NotFound)), "{adopted:?}");
        let declined = world.store.decline(by, id, "no", world.now()).await;
        assert!(matches!(declined, Err(StoreError::NotFound)));
    }
    for reader in [&other, &world.administrator, &world.tutor] {
        assert!(held(&world, reader).await.is_empty());
        assert_eq!(count(&world, reader).await, 0);
    }
    // A reader follows nothing, and a decision about the plan is not a tutor's to take in.
    world.grant(world.family, &other, Relation::Reader).await;
    assert_eq!(count(&world, &other).await, 0);
    let by = world.store.system();
    let (family, former) = (world.family, world.reviewer);
    let revoked = world.store.revoke(by, family, former.user, world.now());
    assert!(revoked.await.expect("it is revoked"));
    let approval = world.op(&former, family, approval());
    world.ingest(&former, &[bytes(&approval)]).await;
    let adopted = world.store.adopt(&heir, approval.id, world.now()).await;
    let adopted = adopted.expect("it is looked at");
    assert_eq!(adopted, Err(Refusal::NotYourRole));
    assert_eq!(
        held(&world, &heir).await.len(),
        2,
        "it waits for the next social worker"
    );
}

fn approval() -> Known {
    use domain::id::VersionId;
    use domain::plan::PlanContent;
    Known::VersionReviewed {
        version: VersionId::new(Millis(0), [1; 10]),
        review: Review {
            verdict: Verdict::Approved,
            comment: String::new(),
            goal: None,
            fingerprint: PlanContent::default().fingerprint(),
        },
    }
}

pub async fn an_author_hands_over_what_was_refused(world: World) {
    // Not their role's to write: nobody is asked about it until they hand it over.
    let mine = world.op(&world.reviewer, world.family, goal(&world));
    let receipts = world.ingest(&world.reviewer, &[bytes(&mine)]).await;
    let refused = Outcome::Refused(Refusal::NotYourRole);
    assert_eq!(receipts[0].outcome, refused);
    assert_eq!(count(&world, &world.tutor).await, 0);
    let by_another = world.store.hand_over(&world.tutor, mine.id, world.now());
    assert!(matches!(by_another.await, Err(StoreError::NotFound)));
    for _ in 0..2 {
        let handed = world.store.hand_over(&world.reviewer, mine.id, world.now());
        handed.await.expect("it is handed over");
    }
    assert_eq!(count(&world, &world.tutor).await, 1);
    let word = told(&world, &world.reviewer, mine.id).await;
    assert_eq!(word, Some(Word::HandedOver));
    let read = world.store.held(&world.tutor, world.now()).await;
    let read = read.expect("it reads");
    assert!(read[0].held.is_handed_over && read[0].held.obstacle.is_none());
    let adopted = world.store.adopt(&world.tutor, mine.id, world.now()).await;
    assert_eq!(adopted.expect("it is adopted"), Ok(1));
    let trail = world.store.trail(100).await.expect("it reads");
    let handed = trail
        .iter()
        .filter(|row| row.entry.action == Action::HandedOver);
    assert_eq!(handed.count(), 1, "handing over twice is one act");
}

fn goal(world: &World) -> Known {
    Known::GoalWritten {
        goal: domain::id::GoalId::new(world.now(), rand::random()),
        field: domain::plan::GoalField::Expected("un corso".to_owned()),
    }
}

pub async fn what_colleagues_offer_waits_for_its_author(world: World) {
    let op = world.note(&world.tutor, "dopo la copia");
    let offered = world.ingest(&world.reviewer, &[bytes(&op)]).await;
    let refused = Outcome::Refused(Refusal::OtherAuthor);
    assert_eq!(offered[0].outcome, refused);
    assert_eq!(
        count(&world, &world.tutor).await,
        0,
        "its author may still come"
    );
    let later = world.now().plus(AUTHOR_WAIT_MS + 1_000);
    let (user, role) = (world.reviewer.user, world.reviewer.role);
    let waiting = world.store.waiting(user, role, later).await;
    assert_eq!(waiting.expect("it counts")[0].count, 1, "or never");
    numbers(&world.ingest(&world.tutor, &[bytes(&op)]).await);
    let waiting = world.store.waiting(user, role, later).await;
    assert!(waiting.expect("it counts").is_empty(), "it came");
    let kept = world.store.quarantined(10).await.expect("it reads");
    assert!(kept.is_empty(), "what is in the log is no news");
    // How far somebody had read is nobody's to decide about.
    let by = world.store.system();
    let (family, former) = (world.family, world.tutor);
    let revoked = world.store.revoke(by, family, former.user, world.now());
    assert!(revoked.await.expect("it is revoked"));
    let seen = world.op(&former, family, Known::Seen { up_to: 1 });
    world.ingest(&former, &[bytes(&seen)]).await;
    assert_eq!(count(&world, &world.reviewer).await, 0);
}

pub async fn two_who_decide_at_once_settle_it_once(world: World) {
    let (heir, ops) = reassigned(&world, &["una"]).await;
    let (id, now) = (ops[0].id, world.now());
    let (one, other) = tokio::join!(
        world.store.adopt(&heir, id, now),
        world.store.adopt(&world.reviewer, id, now)
    );
    let adopted = [&one, &other].into_iter().filter(|told| told.is_ok());
    assert_eq!(adopted.count(), 1, "{one:?} {other:?}");
    // And a number is never given twice, whoever writes meanwhile.
    let more = world.op(&heir, world.family, note("dopo"));
    assert_eq!(numbers(&world.ingest(&heir, &[bytes(&more)]).await), [3]);
}

/// PostgreSQL keeps no text with a NUL: what people send with one is an answer, not a failure.
pub async fn a_nul_in_a_text_is_no_failure(world: World) {
    let store = world.store.as_ref();
    let found = store.user_by_login("nessuno\0").await.expect("it answers");
    assert!(found.is_none(), "{found:?}");
    let (heir, ops) = reassigned(&world, &["una\0due"]).await;
    let reason = "perché\0no".to_owned();
    let decision = Some(Decision::Decline {
        op: ops[0].id,
        reason,
    });
    let request = Request {
        device: heir.device,
        decision,
    };
    let refused = decide(store, &heir, request, world.now()).await.err();
    assert!(
        matches!(refused, Some(DecideError::BadReason)),
        "{refused:?}"
    );
    assert_eq!(count(&world, &heir).await, 1);
    let of_no_kind = bytes(&ops[0]).get().replace("note_added", "\\u0000");
    let of_no_kind = RawValue::from_string(of_no_kind).expect("it is JSON");
    world.ingest(&world.tutor, &[of_no_kind]).await;
}
