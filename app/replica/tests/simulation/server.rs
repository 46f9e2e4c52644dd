//! The server of the simulated world: a log in memory around the real judgement.

use std::collections::{BTreeMap, BTreeSet};

use domain::authorize::{Actor, Relation, ScopeKind};
use domain::id::{DeviceId, Millis, OpId, ScopeId, UserId};
use domain::op::{Change, Known, Op, SCHEMA};
use domain::state::State;
use replica::hub::{Barred, Facts, Header, Verdict, judge};
use replica::message::{
    Grant, Outcome as Fate, Page, Position, Receipt, Refusal, SyncReply, SyncRequest, digest,
};
use replica::quarantine::Word;
use replica::stored::Owner;
use serde_json::value::RawValue;

use crate::checkers::{self, Name};
use crate::disk::id_of;
use crate::faults::Fault;
use crate::mistakes::Mistake;
use crate::tab::parsed;
use crate::world::{Happening, World};

/// An op in quarantine, with what is asked of it often.
#[derive(Clone, Debug)]
pub struct Held {
    pub op: Box<RawValue>,
    pub refusal: Refusal,
    pub scope: ScopeId,
    pub author: UserId,
    /// From which device it came last.
    pub device: DeviceId,
}

/// The server: what it knows for good, and what it would lose in a crash.
#[derive(Clone, Debug, Default)]
pub struct Hub {
    /// Raised whenever the server came back from a backup.
    pub restore_epoch: u64,
    pub log: BTreeMap<ScopeId, Vec<(OpId, Box<RawValue>)>>,
    pub quarantine: BTreeMap<OpId, Held>,
    pub grants: BTreeMap<(UserId, ScopeId), Relation>,
    pub epochs: BTreeMap<UserId, u64>,
    pub hidden: BTreeMap<ScopeId, BTreeSet<usize>>,
    pub undurable: Vec<(ScopeId, OpId)>,
    /// What was decided about ops in quarantine.
    pub words: BTreeMap<OpId, Word>,
    pub suspended: BTreeSet<UserId>,
    pub closed: BTreeSet<UserId>,
    pub revoked: BTreeSet<DeviceId>,
    pub last_read: BTreeMap<DeviceId, u64>,
    pub counted: BTreeMap<OpId, u64>,
    pub places: BTreeMap<OpId, (ScopeId, usize)>,
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

    /// Why nothing that comes from somebody's device enters the log, if that is so.
    pub fn barred(&self, user: UserId, device: DeviceId) -> Option<Barred> {
        Barred::of(self.closed.contains(&user), self.revoked.contains(&device))
    }

    /// Whether somebody gets no answer on this device, for a time or for good.
    pub fn keeps_out(&self, user: UserId, device: DeviceId) -> bool {
        self.suspended.contains(&user) || self.barred(user, device).is_some()
    }

    /// Gives an op its scope's next number.
    pub fn append(&mut self, scope: ScopeId, id: OpId, op: &RawValue) -> u64 {
        let count = u64::try_from(self.counted.len()).expect("it is small") + 1;
        self.counted.insert(id, count);
        let log = self.log.get_mut(&scope).expect("the scope exists");
        log.push((id, op.to_owned()));
        let index = log.len() - 1;
        self.places.entry(id).or_insert((scope, index));
        u64::try_from(log.len()).expect("it is small")
    }

    /// What a planted mistake asks: whether the version that an op answers is here by now.
    fn has_what_is_answered(&self, op: &RawValue) -> bool {
        let op = parsed(op);
        let Change::Known(known) = &op.change else {
            return true;
        };
        let (Known::VersionAnswered { version, .. } | Known::VersionReviewed { version, .. }) =
            &**known
        else {
            return true;
        };
        let named = version.to_string();
        let mut log = self.log.get(&op.scope).into_iter().flatten();
        log.any(|(_, there)| there.get().contains(&named))
    }
}

impl World {
    /// The server dies and comes back: what it had not committed is gone.
    pub fn crash_server(&mut self) {
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
        self.lose_requests();
    }

    /// Keeps what the server knows, as a backup at night does.
    pub fn back_up(&mut self) {
        self.tell("the server is backed up".to_owned());
        self.backup = Some(self.hub.clone());
    }

    /// The server comes back from its last backup: what came after it is on the phones, or nowhere.
    pub fn restore(&mut self) {
        let Some(backup) = self.backup.clone() else {
            return;
        };
        self.tell("the server is restored".to_owned());
        self.hub = backup;
        // The epoch went back as well: only the time tells this return from the one before.
        if self.mistake != Mistake::RestoreUnannounced {
            self.hub.restore_epoch = u64::try_from(self.now_ms).expect("time goes on from 1970");
        }
        self.lose_requests();
        let saved: Vec<OpId> = self.saved.keys().copied().collect();
        self.note_unreachable(&saved);
    }

    /// Notes which of these nobody has any more: no protocol brings them back.
    pub fn note_unreachable(&mut self, ids: &[OpId]) {
        for id in ids {
            let is_on_the_server =
                self.hub.find(id).is_some() || self.hub.quarantine.contains_key(id);
            let mut disks = self.devices.iter().map(|device| &device.disk);
            if !is_on_the_server && !disks.any(|disk| disk.has(id)) {
                self.unreachable.insert(*id);
            }
        }
    }

    fn lose_requests(&mut self) {
        let lost: Vec<(i64, u64)> = self
            .happenings
            .iter()
            .filter(|(_, happening)| {
                matches!(
                    happening,
                    Happening::Asked { .. } | Happening::Brought { .. }
                )
            })
            .map(|(key, _)| *key)
            .collect();
        for key in lost {
            self.happenings.remove(&key);
        }
    }

    pub fn sync(&mut self, tab: usize, request: &SyncRequest) -> SyncReply {
        let owner = self.tabs[tab].owner.clone();
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
            let outcome = self.ingest(&owner, op, request.device);
            receipts.push(Receipt {
                op: id_of(op),
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
            restore_epoch: self.hub.restore_epoch,
            grant_epoch: epoch,
            grants: (request.grant_epoch != epoch).then(|| self.granted(owner.user)),
            receipts,
            pages,
            settled: self.settled(&owner, &request.refused),
            waiting: self.waiting(&owner),
            has_more,
            needs_cursors: cursors.is_none(),
        }
    }

    /// What becomes of an op that somebody sends, or that was sealed on their `device`.
    pub fn ingest(&mut self, owner: &Owner, op: &RawValue, device: DeviceId) -> Fate {
        let header: Header = serde_json::from_str(op.get()).expect("ops have headers");
        let found = checkers::set::bytes_are_those_saved(self, header.id, op);
        self.note(const { Name::of("2 an_op_never_changes") }, found);
        let mut barred = self.hub.barred(owner.user, device);
        let mut relation = self.hub.grants.get(&(owner.user, header.scope)).copied();
        if self.mistake == Mistake::ShutOutTakenForUngranted && barred.take().is_some() {
            relation = None;
        }
        if self.mistake == Mistake::AnybodyMayWrite && relation.is_none() {
            relation = Some(Relation::Tutor);
        }
        let earlier = self
            .earlier(header.id)
            .filter(|_| self.mistake != Mistake::NoDedupe);
        let word = self.hub.words.get(&header.id);
        let log = &self.hub.log;
        let facts = Facts {
            actor: Actor {
                user: owner.user,
                role: owner.role,
                relation,
            },
            barred,
            kind: log.contains_key(&header.scope).then_some(ScopeKind::Family),
            earlier: (earlier.as_ref()).map(|(text, outcome)| (text.as_str(), *outcome)),
            is_declined: matches!(word, Some(Word::Declined { .. })),
        };
        match self.judged(&self.hub, &header, op, &facts) {
            Verdict::Replay(outcome) => {
                if let Fate::Refused(refusal) = outcome {
                    self.rename(owner, &header, op, device, refusal);
                }
                outcome
            }
            Verdict::Clash => Fate::Refused(Refusal::SameIdOtherBytes),
            Verdict::Quarantine(refusal) => {
                self.refuse(owner, &header, op, device, refusal);
                Fate::Refused(refusal)
            }
            Verdict::Accept => {
                let found = checkers::access::every_op_was_authorized(self, owner, op, device);
                self.note(const { Name::of("11 every_op_was_authorized") }, found);
                let found = checkers::set::has_no_number_yet(self, header.id);
                self.note(const { Name::of("nothing_happens_twice") }, found);
                self.accept(&header, op)
            }
        }
    }

    /// Keeps whole what is not accepted.
    fn refuse(
        &mut self,
        owner: &Owner,
        header: &Header,
        op: &RawValue,
        device: DeviceId,
        refusal: Refusal,
    ) {
        let found = checkers::set::every_form_is_read(op, refusal);
        self.note(const { Name::of("8 every_form_is_read") }, found);
        self.check_reason(owner, op, device, refusal);
        let held = Held {
            op: op.to_owned(),
            refusal,
            scope: header.scope,
            author: header.author,
            device,
        };
        if self.mistake != Mistake::RefusedThrownAway {
            self.hub.quarantine.insert(header.id, held);
        }
        let found = checkers::set::refused_is_kept(self, header.id);
        self.note(const { Name::of("7 nothing_is_dropped") }, found);
    }

    /// What lies in quarantine waits for the reason that its author is told now.
    fn rename(
        &mut self,
        owner: &Owner,
        header: &Header,
        op: &RawValue,
        device: DeviceId,
        refusal: Refusal,
    ) {
        let is_decided = self.hub.words.get(&header.id).is_some_and(Word::is_last);
        let held = self.hub.quarantine.get_mut(&header.id);
        if let Some(held) = held.filter(|held| held.refusal != refusal && !is_decided) {
            (held.refusal, held.device) = (refusal, device);
            self.check_reason(owner, op, device, refusal);
        }
    }

    fn check_reason(&mut self, owner: &Owner, op: &RawValue, device: DeviceId, refusal: Refusal) {
        let found = checkers::access::the_reason_told_is_true(self, owner, op, device, refusal);
        self.note(const { Name::of("the_reason_told_is_true") }, found);
    }

    /// The real judgement, with what `hub` has so far; a newer server also knows the kinds that
    /// newer apps write.
    pub fn judged(&self, hub: &Hub, header: &Header, op: &RawValue, facts: &Facts<'_>) -> Verdict {
        if self.mistake == Mistake::OlderTurnedAway && parsed(op).schema < SCHEMA {
            return Verdict::Quarantine(Refusal::Malformed);
        }
        let is_the_author = header.author == facts.actor.user;
        match judge(header, op, facts) {
            Verdict::Quarantine(Refusal::UnknownKind) if self.server_is_newer => {
                known_by_now(facts).map_or_else(Verdict::Quarantine, |()| Verdict::Accept)
            }
            Verdict::Replay(Fate::Refused(Refusal::UnknownKind))
                if self.server_is_newer && is_the_author && !facts.is_declined =>
            {
                let refused = |refusal| Verdict::Replay(Fate::Refused(refusal));
                known_by_now(facts).map_or_else(refused, |()| Verdict::Accept)
            }
            Verdict::Accept
                if self.mistake == Mistake::AnswerNeedsVersion && !hub.has_what_is_answered(op) =>
            {
                Verdict::Quarantine(Refusal::WrongScope)
            }
            verdict => verdict,
        }
    }

    /// What ops add up to on the server, which reads its log as well, in whatever order its
    /// database hands it over.
    pub fn added_up<'a>(&self, ops: impl IntoIterator<Item = &'a Op>) -> State {
        let mut state = State::default();
        let mut counted = BTreeSet::new();
        for op in ops {
            let is_passed_over = self.mistake == Mistake::CountTakenForId
                && !counted.insert((op.author, op.device_seq));
            if !is_passed_over {
                state.apply(op);
            }
        }
        state
    }

    fn accept(&mut self, header: &Header, op: &RawValue) -> Fate {
        let number = self.hub.append(header.scope, header.id, op);
        let index = usize::try_from(number - 1).expect("it is small");
        if self.mistake == Mistake::ReplyBeforeCommit {
            self.hub.undurable.push((header.scope, header.id));
            if self.hub.undurable.len() > 4 {
                self.hub.undurable.remove(0);
            }
        }
        if self.mistake == Mistake::NumberBeforeCommit && self.dice.happens(20) {
            let scope = header.scope;
            self.hub.hidden.entry(scope).or_default().insert(index);
            self.later(5_000, Happening::Shown { scope, index });
        }
        Fate::Accepted(number)
    }

    fn earlier(&self, id: OpId) -> Option<(String, Fate)> {
        if let Some((index, op)) = self.hub.find(&id) {
            let seq = u64::try_from(index).expect("it is small") + 1;
            return Some((op.get().to_owned(), Fate::Accepted(seq)));
        }
        let held = self.hub.quarantine.get(&id)?;
        Some((held.op.get().to_owned(), Fate::Refused(held.refusal)))
    }

    fn pages(
        &mut self,
        owner: &Owner,
        cursors: &BTreeMap<ScopeId, u64>,
        receipts: &[Receipt],
    ) -> Vec<Page> {
        let mut pages = Vec::new();
        let last_read = self.hub.last_read.get(&owner.device).copied().unwrap_or(0);
        let mut read = self.granted(owner.user);
        if self.mistake == Mistake::PageUngranted {
            read = self
                .tabs
                .iter()
                .flat_map(|tab| self.granted(tab.owner.user))
                .collect();
        }
        for grant in read {
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
                ops.push((!is_own).then(|| self.sent_on(op)));
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
        // Now and then a reply holds one page only, or a part of it, and says that there is more.
        if pages.len() > 1 && self.dice.happens(20) {
            pages.truncate(1);
        }
        if pages.len() == 1 && self.dice.happens(20) {
            let half = pages[0].ops.len().div_ceil(2);
            pages[0].ops.truncate(half);
        }
        pages
    }

    /// The bytes that leave the server: those that came, but for the planted mistake.
    fn sent_on(&self, op: &RawValue) -> Box<RawValue> {
        if self.mistake == Mistake::Reencoded && self.has(Fault::Newer) {
            let text = serde_json::to_string(&parsed(op)).expect("an op is JSON");
            return RawValue::from_string(text).expect("it was just written");
        }
        op.to_owned()
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

    /// What planted mistakes make of a reply: receipts for ops that were never sent, so that
    /// everything is cleared; or grants that were taken away and stay.
    pub fn widened(&self, tab: usize, mut reply: SyncReply) -> SyncReply {
        if self.mistake == Mistake::GrantsMerged
            && let Some(grants) = &mut reply.grants
        {
            let known = self.disk(tab).standing.grants.iter().copied();
            let is_new = |grant: &Grant| !grants.iter().any(|it| it.scope == grant.scope);
            let kept: Vec<Grant> = known.filter(is_new).collect();
            grants.extend(kept);
        }
        let is_widened = self.mistake == Mistake::AckClearsAll && !reply.receipts.is_empty();
        if is_widened && let Some(replica) = &self.tabs[tab].replica {
            let named: BTreeSet<OpId> = reply.receipts.iter().map(|r| r.op).collect();
            for op in replica.unsent().filter(|op| !named.contains(&op.id)) {
                reply.receipts.push(Receipt {
                    op: op.id,
                    outcome: Fate::Accepted(1),
                });
            }
        }
        reply
    }
}

/// What a newer server says of a kind that only it knows.
fn known_by_now(facts: &Facts<'_>) -> Result<(), Refusal> {
    match (facts.barred, facts.actor.relation) {
        (Some(barred), _) => Err(barred.refusal()),
        (None, Some(_)) => Ok(()),
        (None, None) => Err(Refusal::NotGranted),
    }
}
