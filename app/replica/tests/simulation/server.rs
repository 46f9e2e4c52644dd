//! The server of the simulated world: a log in memory around the real judgement.

use std::collections::{BTreeMap, BTreeSet};

use domain::authorize::{Actor, Relation, ScopeKind};
use domain::id::{DeviceId, Millis, OpId, ScopeId, UserId};
use replica::hub::{Facts, Header, Verdict, judge};
use replica::message::{
    Grant, Outcome as Fate, Page, Position, Receipt, Refusal, SyncReply, SyncRequest, digest,
};
use replica::stored::Owner;
use serde_json::value::RawValue;

use crate::faults::Mistake;
use crate::world::{Happening, World};

/// The server: what it knows for good, and what it would lose in a crash.
#[derive(Clone, Debug, Default)]
pub struct Hub {
    /// Raised whenever the server came back from a backup.
    pub restore_epoch: u64,
    pub log: BTreeMap<ScopeId, Vec<(OpId, Box<RawValue>)>>,
    pub quarantine: BTreeMap<OpId, (Box<RawValue>, Refusal)>,
    pub grants: BTreeMap<(UserId, ScopeId), Relation>,
    pub epochs: BTreeMap<UserId, u64>,
    pub hidden: BTreeMap<ScopeId, BTreeSet<usize>>,
    pub undurable: Vec<(ScopeId, OpId)>,
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
            if !is_on_the_server && !self.phones.iter().any(|phone| phone.disk.has(id)) {
                self.unreachable.insert(*id);
            }
        }
    }

    fn lose_requests(&mut self) {
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

    pub fn sync(&mut self, phone: usize, request: &SyncRequest) -> SyncReply {
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
            restore_epoch: self.hub.restore_epoch,
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
        if let Some((index, op)) = self.hub.find(&id) {
            let seq = u64::try_from(index).expect("it is small") + 1;
            return Some((op.get().to_owned(), Fate::Accepted(seq)));
        }
        let (op, refusal) = self.hub.quarantine.get(&id)?;
        Some((op.get().to_owned(), Fate::Refused(*refusal)))
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
    pub fn widened(&self, phone: usize, mut reply: SyncReply) -> SyncReply {
        let is_widened = self.mistake == Mistake::AckClearsAll && !reply.receipts.is_empty();
        if is_widened && let Some(replica) = &self.phones[phone].replica {
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
