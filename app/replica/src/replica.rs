//! The phone's state machine: everything that can happen goes in, everything to be done comes out.
//!
//! It never touches a disk or a network, so that the same code runs on a phone and in the
//! simulator. Nothing counts as written before [`Event::Committed`] says so.

mod absorb;
mod ask;
mod delivered;
mod restore;
mod settle;

use domain::authorize::{Actor, Forbidden, Relation, ScopeKind, may};
use domain::id::{Millis, OpId, ScopeId};
use domain::op::{Change, Op};
use domain::state::{CheckError, State};
use domain::upcast;
use litemap::LiteMap;
use serde_json::value::RawValue;

use crate::message::{
    Grant, IDLE_DELAY_MS, RETRY_DELAY_MS_MAX, RETRY_DELAY_MS_MIN, Refusal, SyncReply, SyncRequest,
};
use crate::quarantine::{Waiting, Word};
use crate::sealed::Delivered;
use crate::stored::{Batch, Contents, DiskError, Fate, Outgoing, Owner, Standing, Ticket};

/// Everything that can happen to a phone. Closed.
#[derive(Debug)]
pub enum Event {
    /// The person recorded something. All of it is kept, or none.
    Recorded {
        /// The ops; their `device_seq` is given here.
        ops: Vec<Op>,
        /// Drafts that these ops replace.
        drafts: Vec<String>,
        /// Refused ops that these ops say anew: they leave the box in the same batch.
        settles: Vec<OpId>,
    },
    /// The person has dealt with a refused op: it may leave the box. Only this and a record that
    /// says it anew ever take a refused op away.
    Settled(OpId),
    /// Everything on disk, as asked for by [`Effect::Read`] with this ticket.
    Read(Ticket, Contents),
    /// Another tab wrote to the disk of this copy: what is in memory is older than what is there.
    WrittenElsewhere,
    /// A batch is on disk.
    Committed(Ticket),
    /// A batch is not on disk, nothing of it.
    DiskFailed(Ticket, DiskError),
    /// A batch is not on disk, nothing of it: another tab has written where it was to go on.
    Overtaken(Ticket),
    /// The server answered.
    Synced(Box<SyncReply>),
    /// Sealed copies of ops were delivered, whoever did it and whenever: each one's receipt.
    Delivered(Vec<Delivered>),
    /// The request failed; `dice` is random and spreads the retries.
    Failed {
        /// Why.
        why: SyncError,
        /// Random bits.
        dice: u32,
    },
    /// There may be a network now, or the person asked to send.
    Nudged,
    /// The time asked for by [`Effect::WakeAt`] has come.
    Woke,
}

/// What is to be done. Closed.
#[derive(Debug)]
pub enum Effect {
    /// Write this batch in one transaction, then report with the ticket.
    Commit(Ticket, Batch),
    /// Send this and report the answer.
    Sync(SyncRequest),
    /// Report [`Event::Woke`] at this time. A later call replaces an earlier one.
    WakeAt(Millis),
    /// These ops are on disk: only now say "saved".
    Saved(Vec<OpId>),
    /// These ops could not be written: the words must stay on screen.
    NotSaved(Vec<OpId>, DiskError),
    /// These refused ops are off the disk: only now say "removed".
    Settled(Vec<OpId>),
    /// Read everything back from disk and report it with the ticket. If that fails, nothing.
    Read(Ticket),
    /// What screens show may have changed.
    Show,
}

/// Why a request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SyncError {
    /// No answer: no network, or the server is not there.
    #[error("unreachable")]
    Unreachable,
    /// The session has ended: the person signs in again, nothing is lost.
    #[error("session_ended")]
    SessionEnded,
    /// The server no longer speaks this build's protocol.
    #[error("update_needed")]
    UpdateNeeded,
    /// The server answered that it cannot now.
    #[error("server_failed")]
    ServerFailed,
    /// The office revoked this device.
    #[error("device_revoked")]
    DeviceRevoked,
    /// The office suspended this person or this device for a time: nothing is lost.
    #[error("suspended")]
    Suspended,
    /// Somebody else is signed in on this device.
    #[error("other_owner")]
    OtherOwner,
    /// The server refused the request as a whole.
    #[error("request_refused")]
    RequestRefused,
    /// Another tab is asking; nothing is wrong.
    #[error("busy")]
    Busy,
}

/// Why an op was not recorded. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The person may not make this change.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The change makes no sense on what is on screen.
    #[error(transparent)]
    Check(#[from] CheckError),
}

/// What one op's receipt says, for screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Receipt {
    /// It lies here and needs a person.
    Refused(Refusal),
    /// On this phone.
    OnPhone,
    /// In a request that has not been answered.
    Sent,
    /// Accepted with this number.
    Accepted(u64),
    /// Accepted with this number, and another person has looked at it.
    Seen(u64),
}

/// How sending stands, for screens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Ops that were not accepted yet.
    pub unsent: usize,
    /// When the oldest of them was written, by this device.
    pub oldest_unsent: Option<Millis>,
    /// Ops that were refused and wait for a person.
    pub refused: usize,
    /// Whether a request is under way.
    pub is_sending: bool,
    /// Why the last request failed; `None` after one that succeeded.
    pub problem: Option<SyncError>,
    /// When the server last answered, by its clock.
    pub last_contact: Option<Millis>,
    /// How far this device's clock was ahead of the server's when that was last heard, in
    /// milliseconds; negative where it was behind. `None` where both agree well enough.
    pub clock_off_ms: Option<i64>,
    /// Families received, of families granted.
    pub families: (usize, usize),
}

#[derive(Debug)]
enum Intent {
    /// New ops, and refused ones that leave the box with them.
    Record(Vec<Op>, Vec<OpId>),
    Absorb(absorb::Absorbed),
    /// Ops to offer again to a restored server, ops that mean nothing to it, and where the copy
    /// then stands.
    Reoffer(Vec<(Op, Outgoing)>, Vec<OpId>, Standing),
}

/// One person's copy on one device.
#[derive(Debug)]
pub struct Replica {
    owner: Owner,
    state: State,
    standing: Standing,
    outbox: LiteMap<(u64, OpId), Outgoing>,
    written: LiteMap<OpId, Op>,
    numbers: LiteMap<OpId, (ScopeId, u64)>,
    intents: LiteMap<Ticket, Intent>,
    next_ticket: u64,
    in_flight: Option<ask::Asked>,
    /// The last refused op that was asked after.
    asked_last: Option<(u64, OpId)>,
    /// What sealed delivery was told, until the disk has it.
    told: LiteMap<OpId, Delivered>,
    is_absorbing: bool,
    needs_cursors: bool,
    /// Whether screens still show an op that has left the box: the state has to be added up anew.
    is_stale: bool,
    /// Whether another tab wrote: all of it has to be read anew.
    is_outdated: bool,
    /// The epoch of a server that was restored, until the copy has answered to it.
    restored: Option<u64>,
    device_seq: u64,
    failures: u32,
    problem: Option<SyncError>,
    clock_off_ms: Option<i64>,
}

impl Replica {
    /// Opens a copy from what was on disk.
    ///
    /// Bytes that cannot be read at all stay on disk and are left out: [`State::apply`] never
    /// fails, and one bad op must not lock a person out.
    pub fn open(owner: Owner, contents: Contents) -> Self {
        let mut replica = Self {
            owner,
            state: State::default(),
            device_seq: contents.standing.device_seq,
            outbox: LiteMap::new(),
            written: LiteMap::new(),
            numbers: LiteMap::new(),
            intents: LiteMap::new(),
            next_ticket: 0,
            in_flight: None,
            asked_last: None,
            told: LiteMap::new(),
            is_absorbing: false,
            // A digest of nothing is never recognized: a new copy says so at once.
            needs_cursors: contents.standing.cursors.is_empty(),
            is_stale: false,
            is_outdated: false,
            restored: None,
            failures: 0,
            problem: None,
            clock_off_ms: None,
            standing: contents.standing,
        };
        replica.fold_all(&contents.segments);
        for outgoing in contents.outbox {
            let Ok(op) = upcast::read(outgoing.op.get()) else {
                continue;
            };
            if op.device == replica.owner.device {
                replica.device_seq = replica.device_seq.max(op.device_seq);
            }
            if replica.standing.is_granted(op.scope) {
                replica.state.apply(&op);
            }
            replica.outbox.insert((op.device_seq, op.id), outgoing);
            replica.written.insert(op.id, op);
        }
        replica
    }

    /// Whose copy this is.
    pub const fn owner(&self) -> &Owner {
        &self.owner
    }

    /// What the ops on this phone add up to.
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// What was granted.
    pub fn grants(&self) -> &[Grant] {
        &self.standing.grants
    }

    /// What the owner is to a scope.
    pub fn relation(&self, scope: ScopeId) -> Option<Relation> {
        self.grant(scope).map(|grant| grant.relation)
    }

    /// The last number stored of a scope.
    pub fn cursor(&self, scope: ScopeId) -> u64 {
        self.standing.cursors.get(&scope).copied().unwrap_or(0)
    }

    /// Ops that were refused, with their bytes and why, oldest first.
    pub fn refused(&self) -> impl Iterator<Item = (&Op, Refusal)> {
        self.outbox
            .values()
            .filter_map(|outgoing| match outgoing.fate {
                Fate::Refused(refusal) => Some((self.written.get(&outgoing.id)?, refusal)),
                Fate::Waiting | Fate::Accepted(_) => None,
            })
    }

    /// What somebody decided about a refused op of this phone.
    pub fn word(&self, id: OpId) -> Option<&Word> {
        let op = self.written.get(&id)?;
        self.outbox.get(&(op.device_seq, id))?.word.as_ref()
    }

    /// Where words of others wait for the owner's decision, as the server said last.
    pub fn waiting_for_owner(&self) -> &[Waiting] {
        &self.standing.waiting
    }

    /// Ops that were not accepted yet, oldest first.
    /// What others wrote and this phone offers again to a restored server is not among them.
    pub fn unsent(&self) -> impl Iterator<Item = &Op> {
        self.waiting()
            .filter_map(|outgoing| self.written.get(&outgoing.id))
            .filter(|op| op.author == self.owner.user)
    }

    /// Whether the owner may record `op` now.
    ///
    /// # Errors
    /// [`RecordError`] says why not.
    pub fn check(&self, op: &Op) -> Result<(), RecordError> {
        if let Change::Known(known) = &op.change {
            let kind = self
                .grant(op.scope)
                .map_or(ScopeKind::Family, |grant| grant.kind);
            let actor = Actor {
                user: self.owner.user,
                role: self.owner.role,
                relation: self.relation(op.scope),
            };
            may(&actor, kind, known)?;
        }
        Ok(self.state.check(op)?)
    }

    /// What an op's receipt says. `None` for an op that is not on this phone.
    pub fn receipt(&self, id: OpId) -> Option<Receipt> {
        if let Some((scope, seq)) = self.numbers.get(&id) {
            return Some(self.accepted(*scope, *seq));
        }
        let op = self.written.get(&id)?;
        if op.author != self.owner.user {
            return None;
        }
        let outgoing = self.outbox.get(&(op.device_seq, id))?;
        Some(match outgoing.fate {
            Fate::Refused(refusal) => Receipt::Refused(refusal),
            Fate::Accepted(seq) => self.accepted(op.scope, seq),
            Fate::Waiting => match &self.in_flight {
                Some(asked) if asked.ops.contains(&id) => Receipt::Sent,
                Some(_) | None => Receipt::OnPhone,
            },
        })
    }

    /// Whether something is under way that a reload from disk would miss.
    pub fn is_busy(&self) -> bool {
        !self.intents.is_empty() || self.in_flight.is_some()
    }

    /// Which state of the standing on disk this copy goes on from.
    pub const fn revision(&self) -> u64 {
        self.standing.revision
    }

    /// How sending stands.
    pub fn status(&self) -> Status {
        let families = self
            .standing
            .grants
            .iter()
            .filter(|grant| grant.kind == ScopeKind::Family);
        let (mut here, mut granted) = (0, 0);
        for grant in families {
            granted += 1;
            let is_shown = self.standing.outdated.contains(&grant.scope);
            here += usize::from(is_shown || self.cursor(grant.scope) >= grant.head);
        }
        Status {
            unsent: self.unsent().count(),
            oldest_unsent: self.unsent().map(|op| op.at).next(),
            refused: self.refused_and_open(),
            is_sending: self.in_flight.is_some(),
            problem: self.problem,
            last_contact: self.standing.last_contact,
            clock_off_ms: self.clock_off_ms,
            families: (here, granted),
        }
    }

    /// Takes one event and says what is to be done.
    pub fn step(&mut self, now: Millis, event: Event) -> Vec<Effect> {
        match event {
            Event::Recorded {
                ops,
                drafts,
                settles,
            } => self.record(ops, drafts, settles),
            Event::Settled(id) => self.settle(id),
            Event::Read(ticket, contents) => self.read_back(now, ticket, contents),
            Event::WrittenElsewhere => self.written_elsewhere(),
            Event::Committed(ticket) => self.committed(now, ticket),
            Event::DiskFailed(ticket, why) => self.disk_failed(now, ticket, why),
            Event::Overtaken(ticket) => self.overtaken(now, ticket),
            Event::Synced(reply) => self.synced(now, *reply),
            Event::Delivered(told) => self.delivered(told),
            Event::Failed { why, dice } => self.failed(now, why, dice),
            Event::Nudged => {
                self.failures = 0;
                // The first nudge follows the opening: whatever counts what is unsent outside of
                // the store learns here what a crash left behind.
                let mut effects = vec![Effect::Show];
                effects.extend(self.sync());
                effects
            }
            Event::Woke => self.sync().into_iter().collect(),
        }
    }

    fn record(
        &mut self,
        mut ops: Vec<Op>,
        drafts: Vec<String>,
        mut settles: Vec<OpId>,
    ) -> Vec<Effect> {
        settles.retain(|id| self.is_refused(*id));
        let mut batch = Batch {
            drafts_remove: drafts,
            outbox_remove: settles.clone(),
            ..Batch::default()
        };
        for op in &mut ops {
            self.device_seq = self.device_seq.saturating_add(1);
            op.device_seq = self.device_seq;
            let text = serde_json::to_string(op).expect("an op has only string keys");
            let raw = RawValue::from_string(text).expect("an op was just written as JSON");
            batch.outbox_put.push(Outgoing {
                id: op.id,
                op: raw,
                fate: Fate::Waiting,
                word: None,
            });
        }
        vec![self.commit(batch, Intent::Record(ops, settles))]
    }

    fn commit(&mut self, batch: Batch, intent: Intent) -> Effect {
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        self.intents.insert(ticket, intent);
        Effect::Commit(ticket, batch)
    }

    fn committed(&mut self, now: Millis, ticket: Ticket) -> Vec<Effect> {
        match self.intents.remove(&ticket) {
            None => Vec::new(),
            Some(Intent::Record(ops, settles)) => {
                let ids: Vec<OpId> = ops.iter().map(|op| op.id).collect();
                for op in ops {
                    if self.standing.is_granted(op.scope) {
                        self.state.apply(&op);
                    }
                    let text = serde_json::to_string(&op).expect("an op has only string keys");
                    let raw = RawValue::from_string(text).expect("an op was just written as JSON");
                    let outgoing = Outgoing {
                        id: op.id,
                        op: raw,
                        fate: Fate::Waiting,
                        word: None,
                    };
                    self.outbox.insert((op.device_seq, op.id), outgoing);
                    self.written.insert(op.id, op);
                }
                let mut effects = Vec::new();
                let is_new = !ids.is_empty();
                if is_new {
                    effects.push(Effect::Saved(ids));
                }
                if !settles.is_empty() {
                    self.forget(&settles);
                    effects.push(Effect::Settled(settles));
                }
                effects.push(Effect::Show);
                if is_new {
                    effects.extend(self.sync());
                }
                effects.extend(self.read_again());
                effects
            }
            Some(Intent::Reoffer(ops, dead, standing)) => self.reoffered(ops, dead, standing),
            Some(Intent::Absorb(absorbed)) => {
                self.is_absorbing = false;
                let is_hungry = self.absorb(absorbed);
                let mut effects = vec![Effect::Show];
                if is_hungry {
                    effects.extend(self.sync());
                } else {
                    effects.push(Effect::WakeAt(now.plus(IDLE_DELAY_MS)));
                }
                effects.extend(self.take_told());
                effects.extend(self.read_again());
                effects
            }
        }
    }

    fn disk_failed(&mut self, now: Millis, ticket: Ticket, why: DiskError) -> Vec<Effect> {
        match self.intents.remove(&ticket) {
            None => Vec::new(),
            Some(Intent::Record(ops, settles)) => {
                let ids = if ops.is_empty() {
                    settles
                } else {
                    ops.iter().map(|op| op.id).collect()
                };
                let mut effects = vec![Effect::NotSaved(ids, why), Effect::Show];
                effects.extend(self.read_again());
                effects
            }
            Some(intent @ (Intent::Absorb(_) | Intent::Reoffer(..))) => {
                // Nothing was stored, so nothing is acknowledged: the cursors stand where they
                // stood and the server will say it all again.
                self.is_absorbing = false;
                if matches!(intent, Intent::Reoffer(..)) {
                    self.give_up_reoffer();
                }
                self.failures = self.failures.saturating_add(1);
                let mut effects = vec![Effect::Show];
                effects.push(Effect::WakeAt(now.plus(self.retry_delay_ms(u32::MAX))));
                effects.extend(self.read_again());
                effects
            }
        }
    }

    fn failed(&mut self, now: Millis, why: SyncError, dice: u32) -> Vec<Effect> {
        self.in_flight = None;
        // Another tab asks: nothing is wrong, and it will not be for long.
        if why != SyncError::Busy {
            self.problem = Some(why);
            self.failures = self.failures.saturating_add(1);
        }
        let mut effects = vec![Effect::Show];
        effects.push(Effect::WakeAt(now.plus(self.retry_delay_ms(dice))));
        effects.extend(self.take_told());
        effects
    }

    /// Full jitter: anywhere between the least delay and twice the last bound.
    fn retry_delay_ms(&self, dice: u32) -> i64 {
        let doublings = self.failures.min(16);
        let bound = RETRY_DELAY_MS_MIN
            .saturating_mul(1 << doublings)
            .min(RETRY_DELAY_MS_MAX);
        let span = bound.saturating_sub(RETRY_DELAY_MS_MIN);
        RETRY_DELAY_MS_MIN + span.saturating_mul(i64::from(dice)) / i64::from(u32::MAX)
    }

    fn waiting(&self) -> impl Iterator<Item = &Outgoing> {
        self.outbox
            .values()
            .filter(|outgoing| outgoing.fate == Fate::Waiting)
    }

    /// Refused ops that need their author: not those that were handed over and wait for others.
    fn refused_and_open(&self) -> usize {
        let is_open = |out: &&Outgoing| {
            matches!(out.fate, Fate::Refused(_)) && out.word != Some(Word::HandedOver)
        };
        self.outbox.values().filter(is_open).count()
    }

    fn grant(&self, scope: ScopeId) -> Option<&Grant> {
        self.standing
            .grants
            .iter()
            .find(|grant| grant.scope == scope)
    }

    fn accepted(&self, scope: ScopeId, seq: u64) -> Receipt {
        let is_seen = self.state.cases.get(&scope).is_some_and(|case| {
            case.seen
                .iter()
                .any(|(user, up_to)| *user != self.owner.user && *up_to >= seq)
        });
        if is_seen {
            Receipt::Seen(seq)
        } else {
            Receipt::Accepted(seq)
        }
    }

    /// Adds one stored op to what screens show. Bytes that are no op are left out.
    fn fold(&mut self, scope: ScopeId, seq: u64, raw: &RawValue) {
        if let Ok(op) = upcast::read(raw.get()) {
            self.state.apply(&op);
            // A number from before the server was restored says nothing any more.
            if !self.standing.outdated.contains(&scope) {
                self.numbers.insert(op.id, (scope, seq));
            }
        }
    }
}
