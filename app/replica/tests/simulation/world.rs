//! The world: network, disks, clocks, people, a server, and everything that goes wrong with them.

use std::collections::{BTreeMap, BTreeSet};

use domain::authorize::Relation;
use domain::id::{DeviceId, Millis, OpId, ScopeId, UserId};
use domain::op::{Op, SCHEMA};
use domain::vocabulary::Role;
use replica::message::SyncRequest;
use replica::replica::{Effect, Event, Replica, SyncError};
use replica::stored::{Batch, Contents, DiskError, Outgoing, Owner, Segment, Standing, Ticket};

use crate::checkers;
use crate::dice::Dice;
use crate::faults::{Faults, Mistake};
use crate::people;
use crate::server::Hub;

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

    /// Whether an op is here, sent or not.
    pub fn has(&self, id: &OpId) -> bool {
        let scopes: Vec<ScopeId> = self.segments.keys().map(|(scope, _)| *scope).collect();
        self.outbox.contains_key(id) || self.ids_in(&scopes).contains(id)
    }

    /// The ops stored of these scopes.
    fn ids_in(&self, scopes: &[ScopeId]) -> Vec<OpId> {
        let segments = self.segments.values();
        segments
            .filter(|segment| scopes.contains(&segment.scope))
            .flat_map(|segment| &segment.ops)
            .map(|raw| {
                let op: Op = serde_json::from_str(raw.get()).expect("a phone stores ops");
                op.id
            })
            .collect()
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

pub enum Happening {
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
    Read {
        phone: usize,
        life: u64,
        ticket: Ticket,
        contents: Box<Contents>,
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
    /// Every refused op that a person wanted to be done with.
    pub settled: BTreeSet<OpId>,
    /// Every op that was lost with the server's disk, since no phone held it any more.
    pub unreachable: BTreeSet<OpId>,
    pub backup: Option<Hub>,
    scopes: Vec<ScopeId>,
    pub happenings: BTreeMap<(i64, u64), Happening>,
    pub now_ms: i64,
    count: u64,
    pub dice: Dice,
    faults: Faults,
    pub mistake: Mistake,
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
        hub.restore_epoch = 1;
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
            settled: BTreeSet::new(),
            unreachable: BTreeSet::new(),
            backup: None,
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
        if self.dice.happens(self.faults.restore) {
            if self.dice.happens(50) {
                self.back_up();
            } else {
                self.restore();
            }
        }
        if self.dice.happens(10) {
            self.settle(phone);
        } else if self.dice.happens(60) {
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
                settles: Vec::new(),
            },
        );
    }

    /// The person deals with something refused: says it anew, if they still may, or lets it go.
    fn settle(&mut self, index: usize) {
        let now = self.clock(index);
        let Some(replica) = &self.phones[index].replica else {
            return;
        };
        let Some(refused) = replica.refused().map(|(op, _)| op.clone()).next() else {
            return;
        };
        let anew = Op {
            id: OpId::new(now, self.dice.bytes10()),
            device_seq: 0,
            at: now,
            ..refused.clone()
        };
        let says_anew = self.dice.happens(50) && replica.check(&anew).is_ok();
        self.tell(format!("phone {index} settles {}", refused.id));
        self.settled.insert(refused.id);
        let event = if says_anew {
            Event::Recorded {
                ops: vec![anew],
                drafts: Vec::new(),
                settles: vec![refused.id],
            }
        } else {
            Event::Settled(refused.id)
        };
        self.feed(index, event);
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
            Happening::Read {
                phone,
                life,
                ticket,
                contents,
            } => {
                if self.phones[phone].life == life {
                    self.feed(phone, Event::Read(ticket, *contents));
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
            Effect::Settled(ids) => {
                let outbox = &self.phones[phone].disk.outbox;
                if let Some(id) = ids.iter().find(|id| outbox.contains_key(id)) {
                    let why = format!("invariant 1: {id} called removed before its commit");
                    self.violation = Some(why);
                }
            }
            Effect::Read(ticket) => {
                let after_ms = self.dice.between(1, 40);
                let contents = Box::new(self.phones[phone].disk.read());
                self.later(
                    after_ms,
                    Happening::Read {
                        phone,
                        life,
                        ticket,
                        contents,
                    },
                );
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
        // A phone that has not heard of the restore yet goes on by what it was told before.
        let disk = &mut self.phones[phone].disk;
        let is_behind = disk.standing.restore_epoch != self.hub.restore_epoch;
        let mut leaving = batch.outbox_remove.clone();
        leaving.extend(disk.ids_in(&batch.purge));
        disk.write(batch);
        if is_behind {
            self.note_unreachable(&leaving);
        } else if self.violation.is_none() {
            self.violation = checkers::of_batch(self, phone, batch);
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

    fn clock(&self, phone: usize) -> Millis {
        Millis(self.now_ms + self.phones[phone].skew_ms)
    }

    pub fn later(&mut self, after_ms: i64, happening: Happening) {
        self.count += 1;
        self.happenings
            .insert((self.now_ms + after_ms, self.count), happening);
    }

    pub fn tell(&mut self, what: String) {
        self.history
            .push(format!("{:>9} ms  {what}", self.now_ms - START_MS));
    }
}
