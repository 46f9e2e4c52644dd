//! Receipts of sealed delivery: what they say of an op is shown and kept as if an answer had
//! brought it, and they say nothing of anything else.

use std::collections::BTreeMap;

use domain::authorize::{Relation, ScopeKind};
use domain::id::{DeviceId, Millis, OpId, ScopeId, UserId};
use domain::op::{Known, Op, SCHEMA};
use domain::vocabulary::Role;
use replica::message::{self, Grant, Outcome, Page, Refusal, SyncReply, SyncRequest};
use replica::replica::{Effect, Event, Receipt, Replica, SyncError};
use replica::sealed::Delivered;
use replica::stored::{
    Batch, Contents, DiskError, Fate, Outgoing, Owner, Segment, Standing, Ticket,
};
use serde_json::value::RawValue;

const NOW: Millis = Millis(1_790_000_000_000);
/// The restore epoch of the server that the phone knows.
const EPOCH: u64 = 2;

fn scope() -> ScopeId {
    ScopeId::new(NOW, [3; 10])
}

fn id(n: u8) -> OpId {
    OpId::new(NOW, [n; 10])
}

fn owner() -> Owner {
    Owner {
        user: UserId::new(NOW, [1; 10]),
        role: Role::Mediator,
        name: "Samira".to_owned(),
        device: DeviceId::new(NOW, [9; 10]),
    }
}

fn raw(n: u8) -> Box<RawValue> {
    let op = Op {
        id: id(n),
        device: owner().device,
        device_seq: n.into(),
        scope: scope(),
        author: owner().user,
        at: NOW,
        schema: SCHEMA,
        replaces: Vec::new(),
        change: Known::NoteAdded {
            words: format!("nota {n}"),
            corrects: None,
        }
        .into(),
    };
    let text = serde_json::to_string(&op).expect("an op is JSON");
    RawValue::from_string(text).expect("it is JSON")
}

fn outgoing(n: u8, fate: Fate) -> Outgoing {
    Outgoing {
        id: id(n),
        op: raw(n),
        fate,
        word: None,
    }
}

/// A disk with what lies in its outbox; its scope was read up to a number.
fn disk(read: u64, outbox: Vec<Outgoing>) -> Contents {
    let family = Grant {
        scope: scope(),
        kind: ScopeKind::Family,
        relation: Relation::Tutor,
        head: read,
    };
    let standing = Standing {
        cursors: BTreeMap::from([(scope(), read)]),
        grants: vec![family],
        grant_epoch: 1,
        restore_epoch: EPOCH,
        ..Standing::default()
    };
    Contents {
        standing,
        segments: Vec::new(),
        outbox,
    }
}

/// A phone and its disk, on which nothing comes by itself.
struct Phone {
    replica: Replica,
    disk: Contents,
    commits: Vec<(Ticket, Batch)>,
    reads: Vec<Ticket>,
    request: Option<SyncRequest>,
}

impl Phone {
    fn on(disk: Contents) -> Self {
        Self {
            replica: Replica::open(owner(), disk.clone()),
            disk,
            commits: Vec::new(),
            reads: Vec::new(),
            request: None,
        }
    }

    /// Its scope read up to 5, and two ops unsent.
    fn with_two_unsent() -> Self {
        let outbox = [1, 2].map(|n| outgoing(n, Fate::Waiting));
        Self::on(disk(5, outbox.into()))
    }

    fn feed(&mut self, event: Event) {
        for effect in self.replica.step(NOW, event) {
            match effect {
                Effect::Commit(ticket, batch) => self.commits.push((ticket, batch)),
                Effect::Sync(request) => self.request = Some(request),
                Effect::Read(ticket) => self.reads.push(ticket),
                Effect::WakeAt(_)
                | Effect::Saved(_)
                | Effect::NotSaved(..)
                | Effect::Settled(_)
                | Effect::Show => {}
            }
        }
    }

    fn deliver(&mut self, n: u8, outcome: Outcome, restore_epoch: u64) {
        let receipt = message::Receipt { op: id(n), outcome };
        let told = Delivered {
            receipt,
            restore_epoch,
        };
        self.feed(Event::Delivered(vec![told]));
    }

    fn answer(&mut self, receipts: Vec<message::Receipt>, pages: Vec<Page>) {
        self.feed(Event::Synced(Box::new(SyncReply {
            now: NOW,
            restore_epoch: EPOCH,
            grant_epoch: 1,
            grants: None,
            receipts,
            pages,
            settled: Vec::new(),
            waiting: Vec::new(),
            has_more: false,
            needs_cursors: false,
        })));
    }

    /// Puts on disk what has been waiting for that, and gives it.
    fn commit(&mut self) -> Batch {
        let (ticket, batch) = self.commits.pop().expect("something waits for the disk");
        let outbox = &mut self.disk.outbox;
        outbox.retain(|out| {
            let is_replaced = batch.outbox_put.iter().any(|put| put.id == out.id);
            !is_replaced && !batch.outbox_remove.contains(&out.id)
        });
        outbox.extend(batch.outbox_put.iter().cloned());
        self.disk.segments.extend(batch.append.iter().cloned());
        if let Some(standing) = &batch.standing {
            self.disk.standing = standing.clone();
        }
        self.feed(Event::Committed(ticket));
        batch
    }

    /// What its owner sees of the first op, and how much is unsent and refused; once more, opened
    /// anew.
    fn shown(&self) -> (Option<Receipt>, usize, usize) {
        let shown = |replica: &Replica| {
            let status = replica.status();
            (replica.receipt(id(1)), status.unsent, status.refused)
        };
        let now = shown(&self.replica);
        let reopened = Replica::open(owner(), self.disk.clone());
        assert_eq!(shown(&reopened), now, "a lock changes nothing");
        now
    }
}

/// What a batch says of ops of the outbox.
fn fates(batch: &Batch) -> Vec<(OpId, Fate)> {
    let put = batch.outbox_put.iter();
    put.map(|out| (out.id, out.fate)).collect()
}

#[test]
fn a_sealed_receipt_shows_as_if_an_answer_had_brought_it() {
    for (outcome, fate, receipt, refused) in [
        (
            Outcome::Accepted(7),
            Fate::Accepted(7),
            Receipt::Accepted(7),
            0,
        ),
        (
            Outcome::Refused(Refusal::DeviceRevoked),
            Fate::Refused(Refusal::DeviceRevoked),
            Receipt::Refused(Refusal::DeviceRevoked),
            1,
        ),
    ] {
        let mut told = Phone::with_two_unsent();
        assert_eq!(told.shown(), (Some(Receipt::OnPhone), 2, 0));
        told.deliver(1, outcome, EPOCH);
        let sealed = told.commit();
        assert_eq!(told.shown(), (Some(receipt), 1, refused));
        assert_eq!(fates(&sealed), [(id(1), fate)]);

        let mut asked = Phone::with_two_unsent();
        asked.feed(Event::Nudged);
        asked.answer(vec![message::Receipt { op: id(1), outcome }], Vec::new());
        let answered = asked.commit();
        assert_eq!(told.shown(), asked.shown());
        assert_eq!(fates(&sealed), fates(&answered));
        assert_eq!(sealed.outbox_remove, answered.outbox_remove);
    }
}

#[test]
fn only_the_op_that_it_names_moves_and_only_what_waits_is_asked_about() {
    let mut phone = Phone::with_two_unsent();
    phone.deliver(9, Outcome::Accepted(8), EPOCH);
    assert!(phone.commits.is_empty(), "nobody here wrote that");
    phone.deliver(1, Outcome::Accepted(7), EPOCH);
    let batch = phone.commit();
    assert_eq!(fates(&batch), [(id(1), Fate::Accepted(7))]);
    assert!(batch.outbox_remove.is_empty());
    let asked = phone.request.expect("the other op is still to be sent");
    let asked: Vec<&str> = asked.ops.iter().map(|op| op.get()).collect();
    assert_eq!(asked, [raw(2).get()]);
    assert_eq!(phone.replica.receipt(id(2)), Some(Receipt::Sent));
}

#[test]
fn nothing_is_read_on_by_it_and_the_page_clears_as_ever() {
    let mut phone = Phone::with_two_unsent();
    let before = phone.disk.standing.clone();
    phone.deliver(1, Outcome::Accepted(7), EPOCH);
    let batch = phone.commit();
    let after = batch.standing.expect("no other tab may come between");
    assert_eq!(after.cursors, before.cursors);
    assert_eq!((batch.after, after.revision), (0, 1));
    assert!(batch.append.is_empty() && batch.purge.is_empty());
    assert_eq!(phone.replica.cursor(scope()), 5);

    let page = Page {
        scope: scope(),
        from: 5,
        ops: [20, 1].map(|n| Some(raw(n))).into(),
        head: 7,
    };
    phone.answer(Vec::new(), vec![page]);
    let batch = phone.commit();
    assert_eq!(batch.outbox_remove, [id(1)]);
    assert_eq!(phone.shown(), (Some(Receipt::Accepted(7)), 1, 0));
}

#[test]
fn what_was_read_before_it_was_told_leaves_the_outbox() {
    let mut disk = disk(7, [1, 2].map(|n| outgoing(n, Fate::Waiting)).into());
    disk.segments.push(Segment {
        scope: scope(),
        from: 6,
        ops: vec![raw(1)],
    });
    let mut phone = Phone::on(disk);
    phone.deliver(1, Outcome::Accepted(7), EPOCH);
    let batch = phone.commit();
    assert_eq!(batch.outbox_remove, [id(1)]);
    assert!(batch.outbox_put.is_empty());
    assert_eq!(phone.shown(), (Some(Receipt::Accepted(7)), 1, 0));
}

#[test]
fn it_waits_until_the_open_question_is_over() {
    let mut phone = Phone::with_two_unsent();
    phone.feed(Event::Nudged);
    phone.deliver(1, Outcome::Accepted(7), EPOCH);
    assert!(phone.commits.is_empty(), "the answer may say it as well");
    phone.feed(Event::Failed {
        why: SyncError::DeviceRevoked,
        dice: 0,
    });
    assert_eq!(fates(&phone.commit()), [(id(1), Fate::Accepted(7))]);
    assert_eq!(phone.shown(), (Some(Receipt::Accepted(7)), 1, 0));

    let mut phone = Phone::with_two_unsent();
    phone.feed(Event::Nudged);
    phone.deliver(1, Outcome::Accepted(7), EPOCH);
    phone.answer(Vec::new(), Vec::new());
    assert!(fates(&phone.commit()).is_empty(), "the answer said nothing");
    assert_eq!(fates(&phone.commit()), [(id(1), Fate::Accepted(7))]);
}

#[test]
fn what_the_disk_did_not_take_is_put_there_again_and_keeps_no_question_waiting() {
    let fail: [fn(Ticket) -> Event; 2] = [
        |ticket| Event::DiskFailed(ticket, DiskError::Full),
        Event::Overtaken,
    ];
    for fail in fail {
        let mut phone = Phone::with_two_unsent();
        phone.deliver(1, Outcome::Accepted(7), EPOCH);
        let (ticket, _) = phone.commits.pop().expect("it waits for the disk");
        phone.feed(fail(ticket));
        if let Some(read) = phone.reads.pop() {
            let contents = phone.disk.clone();
            phone.feed(Event::Read(read, contents));
        }
        assert_eq!(phone.shown(), (Some(Receipt::OnPhone), 2, 0));
        phone.feed(Event::Woke);
        assert!(phone.request.is_some(), "what is unsent is offered");
        phone.feed(Event::Failed {
            why: SyncError::Unreachable,
            dice: 0,
        });
        assert_eq!(fates(&phone.commit()), [(id(1), Fate::Accepted(7))]);
        assert_eq!(phone.shown(), (Some(Receipt::Accepted(7)), 1, 0));
    }
}

#[test]
fn a_number_of_another_epoch_says_nothing_about_what_was_read() {
    let mut phone = Phone::with_two_unsent();
    phone.deliver(1, Outcome::Accepted(4), EPOCH - 1);
    assert!(phone.commits.is_empty(), "it was offered again since");
    assert_eq!(phone.shown(), (Some(Receipt::OnPhone), 2, 0));
    // A server that was restored since has it, whatever lies here under that number.
    phone.deliver(1, Outcome::Accepted(4), EPOCH + 1);
    let batch = phone.commit();
    assert_eq!(fates(&batch), [(id(1), Fate::Accepted(4))]);
    assert!(batch.outbox_remove.is_empty());
    assert_eq!(phone.shown(), (Some(Receipt::Accepted(4)), 1, 0));
}

#[test]
fn what_has_its_word_keeps_it() {
    for (fate, receipt) in [
        (Fate::Accepted(6), Receipt::Accepted(6)),
        (
            Fate::Refused(Refusal::NotGranted),
            Receipt::Refused(Refusal::NotGranted),
        ),
    ] {
        let mut phone = Phone::on(disk(5, vec![outgoing(1, fate)]));
        phone.deliver(1, Outcome::Accepted(7), EPOCH);
        assert!(phone.commits.is_empty(), "{fate:?}");
        assert_eq!(phone.shown().0, Some(receipt));
    }
}
