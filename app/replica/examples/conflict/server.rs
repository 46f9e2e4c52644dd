//! The server that everybody meets: a log in memory around the real judgement.
//!
//! It holds one family, which is everybody's, and has no faults: those are the simulation's.

use domain::authorize::{Actor, Relation, ScopeKind};
use domain::id::{Millis, OpId, ScopeId};
use replica::hub::{Facts, Header, Verdict, judge};
use replica::message::{
    Grant, Outcome, Page, Position, Receipt, Refusal, SyncReply, SyncRequest, digest,
};
use replica::stored::Owner;
use serde_json::value::RawValue;

/// Nobody's rights change, and no backup is put back.
const EPOCH: u64 = 1;
const RELATION: Relation = Relation::Tutor;

/// What the server knows: the ops of the family, in the order of their numbers.
pub struct Server {
    scope: ScopeId,
    now: Millis,
    log: Vec<(OpId, Box<RawValue>)>,
}

impl Server {
    /// A server whose clock stands still: it decides nothing.
    pub const fn new(scope: ScopeId, now: Millis) -> Self {
        Self {
            scope,
            now,
            log: Vec::new(),
        }
    }

    /// The last number given.
    pub fn head(&self) -> u64 {
        u64::try_from(self.log.len()).expect("a history is short")
    }

    /// Answers a request as it comes over the wire.
    pub fn answer(&mut self, owner: &Owner, request: &str) -> String {
        let request: SyncRequest = serde_json::from_str(request).expect("a phone wrote it");
        let cursor = self.cursor(&request.position);
        let ops = request.ops.iter();
        let receipts: Vec<Receipt> = ops.map(|op| self.take_in(owner, op)).collect();
        let page = cursor.and_then(|from| self.page(from, &receipts));
        let reply = SyncReply {
            now: self.now,
            restore_epoch: EPOCH,
            grant_epoch: EPOCH,
            grants: (request.grant_epoch != EPOCH).then(|| vec![self.grant()]),
            receipts,
            pages: page.into_iter().collect(),
            settled: Vec::new(),
            waiting: Vec::new(),
            has_more: false,
            needs_cursors: cursor.is_none(),
        };
        serde_json::to_string(&reply).expect("a reply is JSON")
    }

    /// How far the phone has read; `None` where its digest says only that this is elsewhere.
    fn cursor(&self, position: &Position) -> Option<u64> {
        match position {
            Position::Digest(known) => {
                let heads = [(self.scope, self.head())].into();
                (digest(&heads) == *known).then(|| self.head())
            }
            Position::Cursors(all) => {
                let cursor = all.iter().find(|cursor| cursor.scope == self.scope);
                Some(cursor.map_or(0, |cursor| cursor.seq))
            }
        }
    }

    fn take_in(&mut self, owner: &Owner, op: &RawValue) -> Receipt {
        let header: Header = serde_json::from_str(op.get()).expect("ops have headers");
        let facts = Facts {
            actor: Actor {
                user: owner.user,
                role: owner.role,
                relation: (header.scope == self.scope).then_some(RELATION),
            },
            barred: None,
            kind: (header.scope == self.scope).then_some(ScopeKind::Family),
            earlier: self.earlier(header.id),
            is_declined: false,
        };
        let outcome = match judge(&header, op, &facts) {
            Verdict::Accept => {
                self.log.push((header.id, op.to_owned()));
                Outcome::Accepted(self.head())
            }
            Verdict::Replay(outcome) => outcome,
            // It needs no quarantine: the phone keeps what was refused, which ends the run.
            Verdict::Quarantine(refusal) => Outcome::Refused(refusal),
            Verdict::Clash => Outcome::Refused(Refusal::SameIdOtherBytes),
        };
        Receipt {
            op: header.id,
            outcome,
        }
    }

    fn earlier(&self, id: OpId) -> Option<(&str, Outcome)> {
        let (seq, (_, op)) = (1..).zip(&self.log).find(|(_, (of, _))| *of == id)?;
        Some((op.get(), Outcome::Accepted(seq)))
    }

    fn page(&self, from: u64, receipts: &[Receipt]) -> Option<Page> {
        let numbered = (1..).zip(&self.log).filter(|(seq, _)| *seq > from);
        let ops: Vec<Option<Box<RawValue>>> = numbered
            .map(|(seq, (op, bytes))| {
                let outcome = Outcome::Accepted(seq);
                let is_own = receipts.contains(&Receipt { op: *op, outcome });
                (!is_own).then(|| bytes.clone())
            })
            .collect();
        (!ops.is_empty()).then(|| Page {
            scope: self.scope,
            from,
            ops,
            head: self.head(),
        })
    }

    fn grant(&self) -> Grant {
        Grant {
            scope: self.scope,
            kind: ScopeKind::Family,
            relation: RELATION,
            head: self.head(),
        }
    }
}
