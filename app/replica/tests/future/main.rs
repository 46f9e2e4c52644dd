//! What a later release may say to this one: it is read, kept and written again as it came, gives
//! nobody a right, and never keeps a phone from going on.

use domain::authorize::{Relation, ScopeKind};
use domain::code::Code;
use domain::id::{DeviceId, Millis, OpId, ScopeId, UserId};
use domain::op::{Known, Op, SCHEMA};
use domain::vocabulary::Role;
use replica::message::{Grant, Refusal, SyncReply, SyncRequest};
use replica::quarantine::{self, Word};
use replica::replica::{Effect, Event, Receipt, Replica, SyncError};
use replica::sealed::DeliveryReply;
use replica::stored::{Batch, Contents, Outgoing, Owner, Standing};
use serde::Serialize;
use serde::de::DeserializeOwned;

const NOW: Millis = Millis(1_790_000_000_000);

fn user() -> UserId {
    UserId::new(NOW, [1; 10])
}

fn scope(n: u8) -> ScopeId {
    ScopeId::new(NOW, [n; 10])
}

fn id(n: u8) -> OpId {
    OpId::new(NOW, [n; 10])
}

fn code(text: &str) -> Code {
    Code::new(text).expect("a code is short")
}

#[track_caller]
fn same<T: DeserializeOwned + Serialize>(json: &str) -> T {
    let read: T = serde_json::from_str(json).expect("it is read");
    assert_eq!(serde_json::to_string(&read).expect("it is JSON"), json);
    read
}

/// The one line of a file.
fn line(file: &'static str) -> &'static str {
    file.trim_end()
}

#[test]
fn codes_of_a_later_release_are_written_again_as_they_came() {
    let reply: SyncReply = same(line(include_str!("sync_reply.jsonl")));
    let grants = reply.grants.unwrap_or_default();
    let kinds: Vec<_> = grants.iter().map(|one| (one.kind, one.relation)).collect();
    let desk = ScopeKind::Unknown(code("desk"));
    let guest = Relation::Unknown(code("guest"));
    assert_eq!(kinds, [(desk, guest), (ScopeKind::Family, Relation::Tutor)]);
    let standing: Standing = same(line(include_str!("standing.jsonl")));
    assert_eq!(standing.grants, grants);
    let reply: quarantine::Reply = same(line(include_str!("quarantine_reply.jsonl")));
    let whys = reply.held.first().map(|held| (held.refusal, held.obstacle));
    let closed = Refusal::Unknown(code("plan_is_closed"));
    let late = Refusal::Unknown(code("too_late"));
    assert_eq!(whys, Some((closed, Some(late))));
}

#[test]
fn every_code_of_this_release_is_none_of_a_later_one() {
    for text in ["family", "reference"] {
        let kind = ScopeKind::from(code(text));
        assert!(!matches!(kind, ScopeKind::Unknown(_)), "{text}");
        assert_eq!(kind.code(), text);
    }
    for text in ["tutor", "reviewer", "reader"] {
        let relation = Relation::from(code(text));
        assert!(!matches!(relation, Relation::Unknown(_)), "{text}");
        assert_eq!(relation.code(), text);
    }
    for text in [
        "not_granted",
        "not_your_role",
        "wrong_scope",
        "unknown_kind",
        "malformed",
        "too_large",
        "same_id_other_bytes",
        "other_author",
        "account_closed",
        "device_revoked",
    ] {
        let refusal = Refusal::from(code(text));
        assert!(!matches!(refusal, Refusal::Unknown(_)), "{text}");
        assert_eq!(refusal.code(), text);
    }
}

/// A grant that cannot be kept must not be left out: the phone would erase that family.
#[test]
fn a_code_that_nobody_has_room_for_is_no_code() {
    let longest = "x".repeat(domain::code::BYTES_MAX);
    assert_eq!(code(&longest).as_str(), longest);
    let longer = format!("{longest}x");
    assert_eq!(Code::new(&longer), None);
    assert!(serde_json::from_str::<Relation>(&format!("\"{longer}\"")).is_err());
    assert!(serde_json::from_str::<Relation>("{\"guest\":1}").is_err());
}

#[test]
fn a_word_of_a_later_release_is_kept_byte_for_byte() {
    for line in include_str!("outgoing.jsonl").lines() {
        let outgoing: Outgoing = same(line);
        assert!(matches!(outgoing.word, Some(Word::Unknown(_))), "{line}");
    }
}

#[test]
fn a_receipt_of_a_later_release_clears_nothing() {
    let receipt = |n: u8, outcome: &str| format!(r#"{{"op":"{}","outcome":{outcome}}}"#, id(n));
    let known = receipt(1, r#"{"accepted":1}"#);
    let later = receipt(2, r#"{"accepted_by":{"number":2,"by":[]}}"#);
    let odd = receipt(3, r#""waits""#);
    let reply = reply(&format!(r#""receipts":[{later},{known},{odd}]"#));
    let reply: SyncReply = serde_json::from_str(&reply).expect("it is read");
    let told: Vec<OpId> = reply.receipts.iter().map(|receipt| receipt.op).collect();
    assert_eq!(told, [id(1)]);
    let delivered = format!(r#"{{"receipts":[{later},null,{known}]}}"#);
    let delivered: DeliveryReply = serde_json::from_str(&delivered).expect("it is read");
    let is_told: Vec<bool> = delivered.receipts.iter().map(Option::is_some).collect();
    assert_eq!(is_told, [false, false, true]);
}

/// An answer of the server with something in it.
fn reply(rest: &str) -> String {
    format!(
        r#"{{"now":{},"restore_epoch":1,"grant_epoch":1,{rest}}}"#,
        NOW.0
    )
}

/// A phone with what its disk holds.
struct Phone {
    replica: Replica,
    appended: usize,
    request: Option<SyncRequest>,
}

impl Phone {
    fn new(grants: Vec<Grant>) -> Self {
        let owner = Owner {
            user: user(),
            role: Role::Mediator,
            name: "Samira".to_owned(),
            device: DeviceId::new(NOW, [9; 10]),
        };
        let contents = Contents {
            standing: Standing {
                grants,
                grant_epoch: 1,
                restore_epoch: 1,
                ..Standing::default()
            },
            ..Contents::default()
        };
        Self {
            replica: Replica::open(owner, contents),
            appended: 0,
            request: None,
        }
    }

    fn feed(&mut self, event: Event) {
        for effect in self.replica.step(NOW, event) {
            match effect {
                Effect::Commit(ticket, batch) => {
                    let Batch { append, .. } = batch;
                    self.appended += append.iter().map(|one| one.ops.len()).sum::<usize>();
                    self.feed(Event::Committed(ticket));
                }
                Effect::Sync(request) => self.request = Some(request),
                Effect::WakeAt(_)
                | Effect::Saved(_)
                | Effect::NotSaved(..)
                | Effect::Settled(_)
                | Effect::Read(_)
                | Effect::Show => {}
            }
        }
    }

    fn answer(&mut self, rest: &str) {
        let reply = serde_json::from_str(&reply(rest)).expect("an answer is read");
        self.feed(Event::Synced(Box::new(reply)));
    }

    fn write(&mut self, n: u8) {
        self.feed(Event::Recorded {
            ops: vec![note(n, scope(3))],
            drafts: Vec::new(),
            settles: Vec::new(),
        });
    }
}

fn note(n: u8, scope: ScopeId) -> Op {
    Op {
        id: id(n),
        device: DeviceId::new(NOW, [9; 10]),
        device_seq: 0,
        scope,
        author: user(),
        at: NOW,
        schema: SCHEMA,
        replaces: Vec::new(),
        change: Known::NoteAdded {
            words: "una nota".to_owned(),
            corrects: None,
        }
        .into(),
    }
}

fn granted(n: u8, kind: ScopeKind, relation: Relation) -> Grant {
    Grant {
        scope: scope(n),
        kind,
        relation,
        head: 0,
    }
}

fn family() -> Grant {
    granted(3, ScopeKind::Family, Relation::Tutor)
}

#[test]
fn an_unknown_refusal_lies_in_the_box_and_an_unknown_outcome_is_asked_again() {
    let mut phone = Phone::new(vec![family()]);
    phone.write(20);
    phone.feed(Event::Failed {
        why: SyncError::Unreachable,
        dice: 0,
    });
    phone.write(21);
    let asked = phone.request.as_ref().map(|request| request.ops.len());
    assert_eq!(asked, Some(2));
    let refused = format!(
        r#"{{"op":"{}","outcome":{{"refused":"plan_is_closed"}}}}"#,
        id(20)
    );
    let sorted = format!(r#"{{"op":"{}","outcome":{{"sorted":3}}}}"#, id(21));
    phone.answer(&format!(r#""receipts":[{refused},{sorted}]"#));
    let why = Refusal::Unknown(code("plan_is_closed"));
    let refused: Vec<_> = phone
        .replica
        .refused()
        .map(|(op, why)| (op.id, why))
        .collect();
    assert_eq!(refused, [(id(20), why)]);
    assert_eq!(phone.replica.receipt(id(20)), Some(Receipt::Refused(why)));
    phone.feed(Event::Nudged);
    let again = phone.request.as_ref().map(|request| request.ops.len());
    assert_eq!(again, Some(1), "only what has no receipt goes again");
    assert_eq!(phone.replica.unsent().count(), 1);
}

#[test]
fn an_unknown_decision_is_asked_after_until_one_is_understood() {
    let mut phone = Phone::new(vec![family()]);
    phone.write(20);
    phone.answer(&format!(
        r#""receipts":[{{"op":"{}","outcome":{{"refused":"not_granted"}}}}]"#,
        id(20)
    ));
    for word in [r#"{"split":{"into":2}}"#, r#""handed_over""#] {
        phone.feed(Event::Nudged);
        let asked = phone.request.take().map(|request| request.refused);
        assert_eq!(asked, Some(vec![id(20)]));
        phone.answer(&format!(
            r#""settled":[{{"op":"{}","word":{word}}}]"#,
            id(20)
        ));
        let told = phone.replica.word(id(20));
        let written = serde_json::to_string(&told).expect("a word is JSON");
        assert_eq!(written, word);
    }
}

#[test]
fn a_scope_of_an_unknown_kind_is_kept_and_not_shown() {
    let mut phone = Phone::new(vec![family()]);
    phone.feed(Event::Nudged);
    let op = |n: u8| serde_json::to_string(&note(40 + n, scope(n))).expect("an op is JSON");
    let page = |n: u8| {
        format!(
            r#"{{"scope":"{}","from":0,"ops":[{}],"head":1}}"#,
            scope(n),
            op(n)
        )
    };
    let mut desk = granted(4, ScopeKind::Unknown(code("desk")), Relation::Reader);
    desk.head = 1;
    let grants = serde_json::to_string(&[family(), desk]).expect("grants are JSON");
    phone.answer(&format!(
        r#""grants":{grants},"pages":[{},{}]"#,
        page(3),
        page(4)
    ));
    assert_eq!(phone.appended, 2, "both are on disk");
    assert_eq!(phone.replica.cursor(scope(4)), 1);
    let shown: Vec<ScopeId> = phone.replica.state().cases.keys().copied().collect();
    assert_eq!(shown, [scope(3)]);
    assert_eq!(phone.replica.status().families, (1, 1));
    assert!(phone.replica.check(&note(20, scope(4))).is_err());
}

#[test]
fn an_unknown_relation_shows_and_lets_nobody_write() {
    let guest = granted(3, ScopeKind::Family, Relation::Unknown(code("guest")));
    let phone = Phone::new(vec![guest]);
    assert!(phone.replica.check(&note(20, scope(3))).is_err());
    let seen = Op {
        change: Known::Seen { up_to: 1 }.into(),
        ..note(20, scope(3))
    };
    assert!(phone.replica.check(&seen).is_err());
    assert!(
        Phone::new(vec![family()])
            .replica
            .check(&note(20, scope(3)))
            .is_ok()
    );
}
