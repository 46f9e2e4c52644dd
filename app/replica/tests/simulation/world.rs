//! The world: network, disks, clocks, people, a server, and everything that goes wrong with them.

use std::collections::{BTreeMap, BTreeSet};

use domain::authorize::{Actor, Relation, ScopeKind};
use domain::id::{DeviceId, Millis, OpId, ScopeId, UserId};
use domain::op::{Op, SCHEMA};
use domain::vocabulary::Role;
use replica::hub::{Facts, Header, Verdict, judge};
use replica::message::{
    Grant, Outcome as Fate, Page, Position, Receipt, Refusal, SyncReply, SyncRequest, digest,
};
use replica::replica::{Effect, Event, Replica, SyncError};
use replica::stored::{Batch, Contents, DiskError, Outgoing, Owner, Segment, Standing, Ticket};
use serde_json::value::RawValue;

use crate::checkers;
use crate::dice::Dice;
use crate::people;

/// Mistakes that real systems made, planted in the adapters around the real code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    None,
    AckClearsAll,
    NumberBeforeCommit,
    OneGlobalCursor,
    NoDedupe,
    ReplyBeforeCommit,
    CursorSavedApart,
}

impl Mistake {
    pub const PLANTED: [Self; 6] = [
        Self::AckClearsAll,
        Self::NumberBeforeCommit,
        Self::OneGlobalCursor,
        Self::NoDedupe,
        Self::ReplyBeforeCommit,
        Self::CursorSavedApart,
    ];
}

/// How often each kind of fault happens, in percent. Every seed draws its own mix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Faults {
    pub loss: u64,
    pub duplication: u64,
    pub delay_max_ms: i64,
    pub partition: u64,
    pub phone_crash: u64,
    pub server_crash: u64,
    pub disk_refusal: u64,
    pub skew_max_ms: i64,
    pub regrant: u64,
}

const DAY_MS: i64 = 86_400_000;

impl Faults {
    const NONE: Self = Self {
        loss: 0,
        duplication: 0,
        delay_max_ms: 20,
        partition: 0,
        phone_crash: 0,
        server_crash: 0,
        disk_refusal: 0,
        skew_max_ms: 0,
        regrant: 0,
    };

    pub fn drawn(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0xfa17);
        let mut some = |most: u64| {
            if dice.happens(70) {
                dice.below(most + 1)
            } else {
                0
            }
        };
        Self {
            loss: some(35),
            duplication: some(35),
            delay_max_ms: 20 + i64::try_from(some(60_000)).expect("it is small"),
            partition: some(6),
            phone_crash: some(6),
            server_crash: some(4),
            disk_refusal: some(15),
            skew_max_ms: i64::try_from(some(3)).expect("it is small") * DAY_MS,
            regrant: some(5),
        }
    }

    /// The mix with one kind of fault after the other left out: for shrinking.
    pub fn each_without(mix: Self) -> [Self; 9] {
        let none = Self::NONE;
        [
            Self {
                loss: none.loss,
                ..mix
            },
            Self {
                duplication: none.duplication,
                ..mix
            },
            Self {
                delay_max_ms: none.delay_max_ms,
                ..mix
            },
            Self {
                partition: none.partition,
                ..mix
            },
            Self {
                phone_crash: none.phone_crash,
                ..mix
            },
            Self {
                server_crash: none.server_crash,
                ..mix
            },
            Self {
                disk_refusal: none.disk_refusal,
                ..mix
            },
            Self {
                skew_max_ms: none.skew_max_ms,
                ..mix
            },
            Self {
                regrant: none.regrant,
                ..mix
            },
        ]
    }
}

/// How a run ended.
#[derive(Debug)]
pub struct Outcome {
    pub history: Vec<String>,
    pub violation: Option<String>,
}

/// A phone's disk: what survives a crash.
#[derive(Debug, Default)]
pub struct Disk {
    pub standing: Standing,
    pub segments: BTreeMap<(ScopeId, u64), Segment>,
    pub outbox: BTreeMap<OpId, Outgoing>,
}

impl Disk {
    fn write(&mut self, batch: &Batch) {
        self.write_ops(batch);
        if let Some(standing) = &batch.standing {
            self.standing = standing.clone();
        }
    }

    fn write_ops(&mut self, batch: &Batch) {
        for scope in &batch.purge {
            self.segments.retain(|(of, _), _| of != scope);
        }
        for outgoing in &batch.outbox_put {
            self.outbox.insert(outgoing.id, outgoing.clone());
        }
        for id in &batch.outbox_remove {
            self.outbox.remove(id);
        }
        for segment in &batch.append {
            self.segments
                .insert((segment.scope, segment.from), segment.clone());
        }
    }

    fn read(&self) -> Contents {
        Contents {
            standing: self.standing.clone(),
            segments: self.segments.values().cloned().collect(),
            outbox: self.outbox.values().cloned().collect(),
        }
    }
}

pub struct Phone {
    pub owner: Owner,
    pub disk: Disk,
    pub replica: Option<Replica>,
    skew_ms: i64,
    is_cut_off: bool,
    life: u64,
    asked: u64,
}

/// The server: what it knows for good, and what it would lose in a crash.
#[derive(Debug, Default)]
pub struct Hub {
    pub log: BTreeMap<ScopeId, Vec<(OpId, Box<RawValue>)>>,
    pub quarantine: BTreeMap<OpId, (Box<RawValue>, Refusal)>,
    pub grants: BTreeMap<(UserId, ScopeId), Relation>,
    epochs: BTreeMap<UserId, u64>,
    hidden: BTreeMap<ScopeId, BTreeSet<usize>>,
    undurable: Vec<(ScopeId, OpId)>,
    last_read: BTreeMap<DeviceId, u64>,
    counted: BTreeMap<OpId, u64>,
    places: BTreeMap<OpId, (ScopeId, usize)>,
}

impl Hub {
    /// The op that the log has under this id, with its place in its scope.
    pub fn find(&self, id: &OpId) -> Option<(usize, &RawValue)> {
        let (scope, index) = self.places.get(id)?;
        self.log
            .get(scope)?
            .get(*index)
            .map(|(_, op)| (*index, &**op))
    }
}

enum Happening {
    Committed {
        phone: usize,
        life: u64,
        ticket: Ticket,
        batch: Box<Batch>,
    },
    Asked {
        phone: usize,
        asked: u64,
        text: String,
    },
    Answered {
        phone: usize,
        asked: u64,
        text: String,
    },
    GivenUp {
        phone: usize,
        asked: u64,
    },
    Woke {
        phone: usize,
        life: u64,
    },
    Reopened {
        phone: usize,
    },
    Shown {
        scope: ScopeId,
        index: usize,
    },
}

pub struct World {
    pub phones: Vec<Phone>,
    pub hub: Hub,
    /// Every op that a phone called saved, as it was written.
    pub saved: BTreeMap<OpId, String>,
    scopes: Vec<ScopeId>,
    happenings: BTreeMap<(i64, u64), Happening>,
    now_ms: i64,
    count: u64,
    dice: Dice,
    faults: Faults,
    mistake: Mistake,
    history: Vec<String>,
    violation: Option<String>,
}

const START_MS: i64 = 1_800_000_000_000;
const REQUEST_MS_MAX: i64 = 30_000;

impl World {
    pub fn new(seed: u64, faults: Faults, mistake: Mistake) -> Self {
        let mut dice = Dice::new(seed);
        let start = Millis(START_MS);
        let users: Vec<(UserId, Role)> = [Role::Mediator, Role::Mediator, Role::SocialWorker]
            .into_iter()
            .map(|role| (UserId::new(start, dice.bytes10()), role))
            .collect();
        let scopes: Vec<ScopeId> = (0..4)
            .map(|_| ScopeId::new(start, dice.bytes10()))
            .collect();
        // The first mediator has two phones, so that one person can disagree with themselves.
        let phones = [0, 0, 1, 2]
            .into_iter()
            .map(|user| Phone {
                owner: Owner {
                    user: users[user].0,
                    role: users[user].1,
                    name: format!("person {user}"),
                    device: DeviceId::new(start, dice.bytes10()),
                },
                disk: Disk::default(),
                replica: None,
                skew_ms: dice.between(-faults.skew_max_ms, faults.skew_max_ms),
                is_cut_off: false,
                life: 0,
                asked: 0,
            })
            .collect();
        let mut hub = Hub::default();
        for (index, scope) in scopes.iter().enumerate() {
            hub.log.insert(*scope, Vec::new());
            hub.grants
                .insert((users[index % 2].0, *scope), Relation::Tutor);
            hub.grants.insert((users[2].0, *scope), Relation::Reviewer);
        }
        for (user, _) in &users {
            hub.epochs.insert(*user, 1);
        }
        let mut world = Self {
            phones,
            hub,
            saved: BTreeMap::new(),
            scopes,
            happenings: BTreeMap::new(),
            now_ms: START_MS,
            count: 0,
            dice,
            faults,
            mistake,
            history: Vec::new(),
            violation: None,
        };
        for phone in 0..world.phones.len() {
            world.reopen(phone);
        }
        world
    }

    /// Chaos for `steps`, then calm in which everything must arrive.
    pub fn run(mut self, steps: u32) -> Outcome {
        for _ in 0..steps {
            if self.violation.is_some() {
                break;
            }
            self.disturb();
            let until = self.now_ms + self.dice.between(0, 20_000);
            self.pass(until);
        }
        self.heal();
        let until = self.now_ms + 3_600_000;
        self.pass(until);
        if self.violation.is_none() {
            self.violation = checkers::at_rest(&self);
        }
        Outcome {
            history: self.history,
            violation: self.violation,
        }
    }

    fn disturb(&mut self) {
        let phone = usize::try_from(self.dice.below(4)).expect("it is small");
        if self.dice.happens(self.faults.phone_crash) {
            self.crash(phone);
        }
        if self.dice.happens(self.faults.server_crash) {
            self.crash_server();
        }
        if self.dice.happens(self.faults.partition) {
            let is_cut_off = !self.phones[phone].is_cut_off;
            self.phones[phone].is_cut_off = is_cut_off;
            self.tell(format!("phone {phone} cut off: {is_cut_off}"));
        }
        if self.faults.skew_max_ms > 0 && self.dice.happens(3) {
            self.phones[phone].skew_ms = self
                .dice
                .between(-self.faults.skew_max_ms, self.faults.skew_max_ms);
        }
        if self.dice.happens(self.faults.regrant) {
            self.regrant();
        }
        if self.dice.happens(60) {
            self.write(phone);
        } else {
            self.feed(phone, Event::Nudged);
        }
    }

    fn write(&mut self, index: usize) {
        let now = self.clock(index);
        let phone = &self.phones[index];
        let Some(replica) = &phone.replica else {
            return;
        };
        let granted: Vec<ScopeId> = replica.grants().iter().map(|grant| grant.scope).collect();
        if granted.is_empty() {
            return;
        }
        let scope = *self.dice.one_of(&granted);
        let how_many = 1 + self.dice.below(3);
        let mut ops = Vec::new();
        for _ in 0..how_many {
            self.count += 1;
            let words = format!("word {}", self.count);
            let (known, replaces) = people::change(replica, scope, words, now, &mut self.dice);
            ops.push(Op {
                id: OpId::new(now, self.dice.bytes10()),
                device: phone.owner.device,
                device_seq: 0,
                scope,
                author: phone.owner.user,
                at: now,
                schema: SCHEMA,
                replaces,
                change: known.into(),
            });
        }
        if let Some(why) = ops.iter().find_map(|op| replica.check(op).err()) {
            self.violation = Some(format!("a change that makes sense was refused: {why}"));
            return;
        }
        self.tell(format!("phone {index} writes {}", ops.len()));
        self.feed(
            index,
            Event::Recorded {
                ops,
                drafts: Vec::new(),
            },
        );
    }

    fn regrant(&mut self) {
        let scope = *self.dice.one_of(&self.scopes);
        let (first, second) = (self.phones[0].owner.user, self.phones[2].owner.user);
        let from_first = self.hub.grants.remove(&(first, scope)).is_some();
        let from_second = self.hub.grants.remove(&(second, scope)).is_some();
        // From one mediator to the other, or to nobody for a while.
        if self.dice.happens(80) {
            let heir = if from_first { second } else { first };
            self.hub.grants.insert((heir, scope), Relation::Tutor);
        }
        for user in [first, second] {
            *self
                .hub
                .epochs
                .get_mut(&user)
                .expect("every user has an epoch") += 1;
        }
        self.tell(format!(
            "family {scope} reassigned ({from_first}, {from_second})"
        ));
    }

    fn heal(&mut self) {
        self.tell("calm".to_owned());
        self.faults = Faults {
            skew_max_ms: self.faults.skew_max_ms,
            ..Faults::NONE
        };
        for index in 0..self.phones.len() {
            self.phones[index].is_cut_off = false;
            if self.phones[index].replica.is_none() {
                self.reopen(index);
            }
            self.feed(index, Event::Nudged);
        }
    }

    fn pass(&mut self, until_ms: i64) {
        while let Some((key, _)) = self.happenings.first_key_value() {
            let key = *key;
            if key.0 > until_ms || self.violation.is_some() {
                break;
            }
            self.now_ms = self.now_ms.max(key.0);
            let happening = self.happenings.remove(&key).expect("it was just there");
            self.happen(happening);
        }
        self.now_ms = self.now_ms.max(until_ms);
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Committed {
                phone,
                life,
                ticket,
                batch,
            } => {
                if self.phones[phone].life == life {
                    self.commit(phone, ticket, &batch);
                }
            }
            Happening::Asked { phone, asked, text } => self.answer(phone, asked, &text),
            Happening::Answered { phone, asked, text } => {
                if self.phones[phone].asked == asked {
                    self.phones[phone].asked += 1;
                    let reply = serde_json::from_str(&text).expect("the server wrote it");
                    self.feed(phone, Event::Synced(Box::new(self.widened(phone, reply))));
                }
            }
            Happening::GivenUp { phone, asked } => {
                if self.phones[phone].asked == asked {
                    self.phones[phone].asked += 1;
                    let dice = u32::try_from(self.dice.below(1 << 32)).expect("it fits");
                    self.feed(
                        phone,
                        Event::Failed {
                            why: SyncError::Unreachable,
                            dice,
                        },
                    );
                }
            }
            Happening::Woke { phone, life } => {
                if self.phones[phone].life == life {
                    self.feed(phone, Event::Woke);
                }
            }
            Happening::Reopened { phone } => self.reopen(phone),
            Happening::Shown { scope, index } => {
                self.hub.hidden.entry(scope).or_default().remove(&index);
            }
        }
    }

    fn feed(&mut self, phone: usize, event: Event) {
        let now = self.clock(phone);
        let Some(replica) = &mut self.phones[phone].replica else {
            return;
        };
        for effect in replica.step(now, event) {
            self.run_effect(phone, effect);
        }
    }

    fn run_effect(&mut self, phone: usize, effect: Effect) {
        let life = self.phones[phone].life;
        match effect {
            Effect::Commit(ticket, batch) => {
                let after_ms = self.dice.between(1, 40);
                let batch = Box::new(batch);
                self.later(
                    after_ms,
                    Happening::Committed {
                        phone,
                        life,
                        ticket,
                        batch,
                    },
                );
            }
            Effect::Sync(request) => self.ask(phone, &request),
            Effect::WakeAt(at) => {
                let after_ms = (at.0 - self.clock(phone).0).max(0);
                self.later(after_ms, Happening::Woke { phone, life });
            }
            Effect::Saved(ids) => {
                for id in ids {
                    match self.phones[phone].disk.outbox.get(&id) {
                        Some(outgoing) => {
                            self.saved.insert(id, outgoing.op.get().to_owned());
                        }
                        None => {
                            let why = format!("invariant 1: {id} called saved before its commit");
                            self.violation = Some(why);
                        }
                    }
                }
            }
            Effect::NotSaved(..) | Effect::Show => {}
        }
    }

    fn commit(&mut self, phone: usize, ticket: Ticket, batch: &Batch) {
        if self.dice.happens(self.faults.disk_refusal) {
            self.tell(format!("phone {phone}: the disk refuses"));
            self.feed(phone, Event::DiskFailed(ticket, DiskError::Full));
            return;
        }
        if self.mistake == Mistake::CursorSavedApart && batch.standing.is_some() {
            if let Some(standing) = &batch.standing {
                self.phones[phone].disk.standing = standing.clone();
            }
            if self.dice.happens(10) {
                self.crash(phone);
                return;
            }
        }
        self.phones[phone].disk.write(batch);
        if self.violation.is_none() {
            self.violation = checkers::of_batch(self, batch);
        }
        // A crash may come between the commit and its report.
        if self.dice.happens(self.faults.phone_crash) {
            self.crash(phone);
        } else {
            self.feed(phone, Event::Committed(ticket));
        }
        if self.violation.is_none() && batch.standing.is_some() {
            self.violation = checkers::of_phone(self, phone);
        }
    }

    fn crash(&mut self, phone: usize) {
        if self.phones[phone].replica.take().is_none() {
            return;
        }
        self.tell(format!("phone {phone} crashes"));
        self.phones[phone].life += 1;
        self.phones[phone].asked += 1;
        let after_ms = self.dice.between(10, 30_000);
        self.later(after_ms, Happening::Reopened { phone });
    }

    fn reopen(&mut self, phone: usize) {
        let at = &mut self.phones[phone];
        if at.replica.is_some() {
            return;
        }
        at.replica = Some(Replica::open(at.owner.clone(), at.disk.read()));
        self.tell(format!("phone {phone} opens"));
        self.feed(phone, Event::Nudged);
    }

    /// The server dies and comes back: what it had not committed is gone.
    fn crash_server(&mut self) {
        self.tell("the server crashes".to_owned());
        for (scope, id) in std::mem::take(&mut self.hub.undurable) {
            let Some(log) = self.hub.log.get_mut(&scope) else {
                continue;
            };
            log.retain(|(of, _)| *of != id);
            self.hub.places.remove(&id);
            for (index, (of, _)) in log.iter().enumerate() {
                self.hub.places.insert(*of, (scope, index));
            }
        }
        let lost: Vec<(i64, u64)> = self
            .happenings
            .iter()
            .filter(|(_, happening)| matches!(happening, Happening::Asked { .. }))
            .map(|(key, _)| *key)
            .collect();
        for key in lost {
            self.happenings.remove(&key);
        }
    }

    fn ask(&mut self, phone: usize, request: &SyncRequest) {
        let asked = self.phones[phone].asked;
        let text = serde_json::to_string(request).expect("a request is JSON");
        self.later(REQUEST_MS_MAX, Happening::GivenUp { phone, asked });
        let copies = 1 + u64::from(self.dice.happens(self.faults.duplication));
        for _ in 0..copies {
            if !self.is_lost(phone) {
                let after_ms = self.dice.between(1, self.faults.delay_max_ms);
                self.later(
                    after_ms,
                    Happening::Asked {
                        phone,
                        asked,
                        text: text.clone(),
                    },
                );
            }
        }
    }

    fn answer(&mut self, phone: usize, asked: u64, text: &str) {
        let request: SyncRequest = serde_json::from_str(text).expect("a phone wrote it");
        let reply = self.sync(phone, &request);
        let text = serde_json::to_string(&reply).expect("a reply is JSON");
        if !self.is_lost(phone) {
            let after_ms = self.dice.between(1, self.faults.delay_max_ms);
            self.later(after_ms, Happening::Answered { phone, asked, text });
        }
    }

    fn is_lost(&mut self, phone: usize) -> bool {
        let is_lost = self.dice.happens(self.faults.loss);
        is_lost || self.phones[phone].is_cut_off
    }

    fn sync(&mut self, phone: usize, request: &SyncRequest) -> SyncReply {
        let owner = self.phones[phone].owner.clone();
        let heads = self.heads(owner.user);
        let cursors = match &request.position {
            Position::Digest(known) => (digest(&heads) == *known).then(|| heads.clone()),
            Position::Cursors(all) => Some(
                all.iter()
                    .map(|cursor| (cursor.scope, cursor.seq))
                    .collect(),
            ),
        };
        let mut receipts = Vec::new();
        for op in &request.ops {
            let header: Header = serde_json::from_str(op.get()).expect("ops have headers");
            let outcome = self.ingest(&owner, &header, op);
            receipts.push(Receipt {
                op: header.id,
                outcome,
            });
        }
        let pages = cursors
            .as_ref()
            .map_or_else(Vec::new, |cursors: &BTreeMap<ScopeId, u64>| {
                self.pages(&owner, cursors, &receipts)
            });
        let epoch = self.hub.epochs[&owner.user];
        let has_more = cursors.is_some() && pages.len() == 1;
        SyncReply {
            now: Millis(self.now_ms),
            restore_epoch: 1,
            grant_epoch: epoch,
            grants: (request.grant_epoch != epoch).then(|| self.granted(owner.user)),
            receipts,
            pages,
            has_more,
            needs_cursors: cursors.is_none(),
        }
    }

    fn ingest(&mut self, owner: &Owner, header: &Header, op: &RawValue) -> Fate {
        let earlier = self
            .earlier(header.id)
            .filter(|_| self.mistake != Mistake::NoDedupe);
        let facts = Facts {
            actor: Actor {
                user: owner.user,
                role: owner.role,
                relation: self.hub.grants.get(&(owner.user, header.scope)).copied(),
            },
            kind: self
                .hub
                .log
                .contains_key(&header.scope)
                .then_some(ScopeKind::Family),
            earlier: earlier
                .as_ref()
                .map(|(text, outcome)| (text.as_str(), *outcome)),
        };
        match judge(header, op, &facts) {
            Verdict::Replay(outcome) => outcome,
            Verdict::Clash => Fate::Refused(Refusal::SameIdOtherBytes),
            Verdict::Quarantine(refusal) => {
                self.hub
                    .quarantine
                    .insert(header.id, (op.to_owned(), refusal));
                Fate::Refused(refusal)
            }
            Verdict::Accept => {
                let count = u64::try_from(self.hub.counted.len()).expect("it is small") + 1;
                self.hub.counted.insert(header.id, count);
                let log = self
                    .hub
                    .log
                    .get_mut(&header.scope)
                    .expect("the scope exists");
                log.push((header.id, op.to_owned()));
                let index = log.len() - 1;
                self.hub
                    .places
                    .entry(header.id)
                    .or_insert((header.scope, index));
                if self.mistake == Mistake::ReplyBeforeCommit {
                    self.hub.undurable.push((header.scope, header.id));
                    if self.hub.undurable.len() > 4 {
                        self.hub.undurable.remove(0);
                    }
                }
                if self.mistake == Mistake::NumberBeforeCommit && self.dice.happens(20) {
                    self.hub
                        .hidden
                        .entry(header.scope)
                        .or_default()
                        .insert(index);
                    self.later(
                        5_000,
                        Happening::Shown {
                            scope: header.scope,
                            index,
                        },
                    );
                }
                Fate::Accepted(u64::try_from(index).expect("it is small") + 1)
            }
        }
    }

    fn earlier(&self, id: OpId) -> Option<(String, Fate)> {
        if let Some((op, refusal)) = self.hub.quarantine.get(&id) {
            return Some((op.get().to_owned(), Fate::Refused(*refusal)));
        }
        let (index, op) = self.hub.find(&id)?;
        let seq = u64::try_from(index).expect("it is small") + 1;
        Some((op.get().to_owned(), Fate::Accepted(seq)))
    }

    fn pages(
        &mut self,
        owner: &Owner,
        cursors: &BTreeMap<ScopeId, u64>,
        receipts: &[Receipt],
    ) -> Vec<Page> {
        let mut pages = Vec::new();
        let last_read = self.hub.last_read.get(&owner.device).copied().unwrap_or(0);
        for grant in self.granted(owner.user) {
            let from = cursors.get(&grant.scope).copied().unwrap_or(0);
            let log = &self.hub.log[&grant.scope];
            let hidden = self.hub.hidden.get(&grant.scope);
            let mut ops = Vec::new();
            for (index, (id, op)) in log.iter().enumerate().skip(from as usize) {
                let is_hidden = hidden.is_some_and(|hidden| hidden.contains(&index));
                let is_before = self.mistake == Mistake::OneGlobalCursor
                    && self
                        .hub
                        .counted
                        .get(id)
                        .is_some_and(|count| *count <= last_read);
                if is_hidden || is_before {
                    continue;
                }
                let seq = u64::try_from(index).expect("it is small") + 1;
                let is_own = receipts
                    .iter()
                    .any(|receipt| receipt.op == *id && receipt.outcome == Fate::Accepted(seq));
                ops.push((!is_own).then(|| op.clone()));
            }
            if !ops.is_empty() {
                pages.push(Page {
                    scope: grant.scope,
                    from,
                    ops,
                    head: grant.head,
                });
            }
        }
        let read = u64::try_from(self.hub.counted.len()).expect("it is small");
        self.hub.last_read.insert(owner.device, read);
        // Now and then a reply holds one page only and says that there is more.
        if pages.len() > 1 && self.dice.happens(20) {
            pages.truncate(1);
        }
        pages
    }

    fn heads(&self, user: UserId) -> BTreeMap<ScopeId, u64> {
        self.granted(user)
            .into_iter()
            .map(|grant| (grant.scope, grant.head))
            .collect()
    }

    pub fn granted(&self, user: UserId) -> Vec<Grant> {
        let of_user = self.hub.grants.iter().filter(|((of, _), _)| *of == user);
        of_user
            .map(|((_, scope), relation)| Grant {
                scope: *scope,
                kind: ScopeKind::Family,
                relation: *relation,
                head: u64::try_from(self.hub.log[scope].len()).expect("it is small"),
            })
            .collect()
    }

    /// The planted mistake of clearing everything: receipts for ops that were never sent.
    fn widened(&self, phone: usize, mut reply: SyncReply) -> SyncReply {
        if self.mistake == Mistake::AckClearsAll && !reply.receipts.is_empty() {
            if let Some(replica) = &self.phones[phone].replica {
                let named: BTreeSet<OpId> = reply.receipts.iter().map(|r| r.op).collect();
                for op in replica.unsent().filter(|op| !named.contains(&op.id)) {
                    reply.receipts.push(Receipt {
                        op: op.id,
                        outcome: Fate::Accepted(1),
                    });
                }
            }
        }
        reply
    }

    fn clock(&self, phone: usize) -> Millis {
        Millis(self.now_ms + self.phones[phone].skew_ms)
    }

    fn later(&mut self, after_ms: i64, happening: Happening) {
        self.count += 1;
        self.happenings
            .insert((self.now_ms + after_ms, self.count), happening);
    }

    fn tell(&mut self, what: String) {
        self.history
            .push(format!("{:>9} ms  {what}", self.now_ms - START_MS));
    }
}
