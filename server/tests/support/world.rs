//! A small ambito: one family, the people around it, and ops to send.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use domain::authorize::{Relation, ScopeKind};
use domain::id::{DeviceId, Millis, OpId, ScopeId, UserId};
use domain::op::{Known, Op, SCHEMA};
use domain::vocabulary::Role;
use replica::message::{Cursor, Outcome, PROTOCOL, Position, Receipt, SyncReply, SyncRequest};
use serde_json::value::{RawValue, to_raw_value};
use server::store::{self, Sender, Store, User};
use server::sync::{SyncError, exchange};

/// The first instant of every story.
pub const START: i64 = 1_760_000_000_000;

/// A store with a family, its people and a clock.
pub struct World {
    pub url: String,
    pub store: Arc<dyn Store>,
    pub family: ScopeId,
    pub reference: ScopeId,
    pub tutor: Sender,
    pub reviewer: Sender,
    pub stranger: Sender,
    pub administrator: Sender,
    clock: AtomicI64,
    device_seq: AtomicU64,
}

impl World {
    /// Opens an empty store and settles the people in it.
    pub async fn open(url: String) -> Self {
        let store = store::open(&url, Millis(START))
            .await
            .expect("an empty store opens");
        let mut world = Self {
            family: ScopeId::new(Millis(START), rand::random()),
            reference: ScopeId::new(Millis(START), rand::random()),
            tutor: sender(Role::Mediator),
            reviewer: sender(Role::SocialWorker),
            stranger: sender(Role::Mediator),
            administrator: sender(Role::Administrator),
            clock: AtomicI64::new(START),
            device_seq: AtomicU64::new(0),
            url,
            store,
        };
        world.settle().await;
        world
    }

    /// The same people, before a server that works with another database of theirs.
    pub async fn moved_to(self, url: String) -> Self {
        let store = store::open(&url, self.now()).await;
        Self {
            store: store.expect("it opens"),
            url,
            ..self
        }
    }

    async fn settle(&mut self) {
        let by = self.store.system();
        let people = [
            ("anna", self.tutor),
            ("bruno", self.reviewer),
            ("carla", self.stranger),
            ("dario", self.administrator),
        ];
        for (login, sender) in people {
            self.add(login, &sender).await;
        }
        let scopes = [
            (self.family, ScopeKind::Family),
            (self.reference, ScopeKind::Reference),
        ];
        for (scope, kind) in scopes {
            self.store
                .create_scope(by, scope, kind, self.now())
                .await
                .expect("new scopes are made");
        }
        let grants = [
            (self.family, self.tutor, Relation::Tutor),
            (self.family, self.reviewer, Relation::Reviewer),
            (self.reference, self.tutor, Relation::Reader),
        ];
        for (scope, sender, relation) in grants {
            self.grant(scope, &sender, relation).await;
        }
    }

    /// A new instant at every look.
    pub fn now(&self) -> Millis {
        Millis(self.clock.fetch_add(1, Ordering::SeqCst))
    }

    pub async fn grant(&self, scope: ScopeId, to: &Sender, relation: Relation) {
        let by = self.store.system();
        self.store
            .grant(by, scope, to.user, relation, self.now())
            .await
            .expect("a scope is granted");
    }

    /// A further family, opened to the tutor.
    pub async fn another_family(&self) -> ScopeId {
        let scope = ScopeId::new(self.now(), rand::random());
        let by = self.store.system();
        self.store
            .create_scope(by, scope, ScopeKind::Family, self.now())
            .await
            .expect("it is new");
        self.grant(scope, &self.tutor, Relation::Tutor).await;
        scope
    }

    /// A further tutor with a family.
    pub async fn another_tutor(&self, login: &str) -> (Sender, ScopeId) {
        let tutor = sender(Role::Mediator);
        self.add(login, &tutor).await;
        let scope = ScopeId::new(self.now(), rand::random());
        let by = self.store.system();
        self.store
            .create_scope(by, scope, ScopeKind::Family, self.now())
            .await
            .expect("it is new");
        self.grant(scope, &tutor, Relation::Tutor).await;
        (tutor, scope)
    }

    async fn add(&self, login: &str, sender: &Sender) {
        let user = User {
            id: sender.user,
            login: login.to_owned(),
            name: login.to_owned(),
            role: sender.role,
            is_active: true,
        };
        self.store
            .create_user(self.store.system(), &user, "hash", self.now())
            .await
            .expect("new users are added");
    }

    /// An op with this change.
    pub fn op(&self, sender: &Sender, scope: ScopeId, change: Known) -> Op {
        Op {
            id: OpId::new(self.now(), rand::random()),
            device: sender.device,
            device_seq: self.device_seq.fetch_add(1, Ordering::SeqCst) + 1,
            scope,
            author: sender.user,
            at: self.now(),
            schema: SCHEMA,
            replaces: Vec::new(),
            change: change.into(),
        }
    }

    /// A note in the family's diary.
    pub fn note(&self, sender: &Sender, words: &str) -> Op {
        self.op(sender, self.family, note(words))
    }

    /// Several notes, as they are sent.
    pub fn notes(&self, count: usize) -> Vec<Box<RawValue>> {
        (0..count)
            .map(|n| bytes(&self.note(&self.tutor, &format!("nota {n}"))))
            .collect()
    }

    pub async fn ingest(&self, sender: &Sender, ops: &[Box<RawValue>]) -> Vec<Receipt> {
        self.store
            .ingest(sender, ops, self.now())
            .await
            .expect("the store takes ops in")
    }

    pub async fn ask(&self, sender: &Sender, ask: Ask) -> Result<SyncReply, SyncError> {
        let request = SyncRequest {
            protocol: PROTOCOL,
            device: sender.device,
            owner: ask.owner.unwrap_or(sender.user),
            grant_epoch: ask.grant_epoch,
            position: ask.position,
            ops: ask.ops,
            purged: ask.purged,
            refused: ask.refused,
        };
        exchange(self.store.as_ref(), sender, &request, self.now()).await
    }

    pub async fn sync(&self, sender: &Sender, ask: Ask) -> SyncReply {
        self.ask(sender, ask).await.expect("the server replies")
    }
}

/// What a phone asks.
pub struct Ask {
    pub owner: Option<UserId>,
    pub grant_epoch: u64,
    pub position: Position,
    pub ops: Vec<Box<RawValue>>,
    pub purged: Vec<ScopeId>,
    pub refused: Vec<OpId>,
}

impl Ask {
    /// With these cursors.
    pub fn from(cursors: &[(ScopeId, u64)]) -> Self {
        let cursors = cursors.iter().map(|(scope, seq)| Cursor {
            scope: *scope,
            seq: *seq,
        });
        Self::at(Position::Cursors(cursors.collect()))
    }

    pub fn at(position: Position) -> Self {
        Self {
            owner: None,
            grant_epoch: 0,
            position,
            ops: Vec::new(),
            purged: Vec::new(),
            refused: Vec::new(),
        }
    }

    pub fn with(self, ops: Vec<Box<RawValue>>) -> Self {
        Self { ops, ..self }
    }
}

pub fn note(words: &str) -> Known {
    Known::NoteAdded {
        words: words.to_owned(),
        corrects: None,
    }
}

pub fn bytes(op: &Op) -> Box<RawValue> {
    to_raw_value(op).expect("an op is JSON")
}

/// The numbers of accepted ops; panics at a refusal.
pub fn numbers(receipts: &[Receipt]) -> Vec<u64> {
    let number = |receipt: &Receipt| match receipt.outcome {
        Outcome::Accepted(number) => number,
        Outcome::Refused(refusal) => panic!("refused: {refusal}"),
    };
    receipts.iter().map(number).collect()
}

fn sender(role: Role) -> Sender {
    Sender::new(
        UserId::new(Millis(START), rand::random()),
        role,
        DeviceId::new(Millis(START), rand::random()),
    )
}
