//! What a phone does with an answer: first everything goes to disk in one batch, then it counts.

use std::collections::BTreeSet;

use domain::id::{Millis, OpId, ScopeId};
use litemap::LiteMap;
use serde_json::value::RawValue;

use super::ask::Asked;
use super::{Effect, Intent, Replica};
use crate::message::{CLOCK_OFF_MS_MIN, Outcome, Page, Receipt, SyncReply};
use crate::quarantine::Word;
use crate::stored::{Batch, Fate, Outgoing, Segment, Standing};

/// What an answer changes once it is on disk.
#[derive(Debug)]
pub(super) struct Absorbed {
    fates: LiteMap<OpId, Fate>,
    words: LiteMap<OpId, Word>,
    cleared: Vec<OpId>,
    segments: Vec<Segment>,
    purge: Vec<ScopeId>,
    /// Scopes that begin anew with these segments, after the server was restored.
    renewed: BTreeSet<ScopeId>,
    standing: Standing,
    is_hungry: bool,
    is_moving: bool,
    needs_cursors: bool,
}

impl Absorbed {
    /// What receipts change that came without a page: nothing was read.
    pub(super) fn of_receipts(
        fates: LiteMap<OpId, Fate>,
        cleared: Vec<OpId>,
        standing: Standing,
        needs_cursors: bool,
    ) -> Self {
        Self {
            fates,
            words: LiteMap::new(),
            cleared,
            segments: Vec::new(),
            purge: Vec::new(),
            renewed: BTreeSet::new(),
            standing,
            // Until it was on disk nothing could be asked.
            is_hungry: true,
            is_moving: false,
            needs_cursors,
        }
    }

    /// Scopes of which nothing that was stored before stays.
    fn gone(&self) -> Vec<ScopeId> {
        self.purge.iter().chain(&self.renewed).copied().collect()
    }
}

impl Replica {
    pub(super) fn synced(&mut self, now: Millis, reply: SyncReply) -> Vec<Effect> {
        // An answer nobody waits for is a copy of one that was given up. Its ops will be offered
        // again and answered with the same receipts.
        let Some(asked) = self.in_flight.take() else {
            return Vec::new();
        };
        self.problem = None;
        let clock_off_ms = now.0.saturating_sub(reply.now.0);
        self.clock_off_ms =
            Some(clock_off_ms).filter(|off| off.saturating_abs() >= CLOCK_OFF_MS_MIN);
        if self.is_restored(&reply) {
            return self.begin_reoffer(now, reply.restore_epoch);
        }
        self.failures = 0;
        let absorbed = self.read(reply, &asked);
        let batch = self.batch_of(&absorbed);
        self.is_absorbing = true;
        vec![self.commit(batch, Intent::Absorb(absorbed)), Effect::Show]
    }

    fn read(&self, reply: SyncReply, asked: &Asked) -> Absorbed {
        let mut fates = LiteMap::new();
        for Receipt { op, outcome } in &reply.receipts {
            // Only a receipt that names an op moves it, and only an op that is here.
            if self.written.contains_key(op) {
                fates.insert(*op, fate_of(*outcome));
            }
        }
        let mut words = LiteMap::new();
        for settled in reply.settled {
            // Again the same word is no news, and the disk is left alone.
            if self.is_refused(settled.op) && self.word(settled.op) != Some(&settled.word) {
                words.insert(settled.op, settled.word);
            }
        }
        let mut standing = self.standing.clone();
        standing.waiting = reply.waiting;
        standing.device_seq = self.device_seq;
        standing.last_contact = Some(reply.now);
        standing.restore_epoch = reply.restore_epoch;
        standing.grant_epoch = reply.grant_epoch;
        // Only what the server was told: more may have been purged by another tab, or wait.
        standing
            .purged
            .retain(|scope| !asked.purged.contains(scope));
        let mut purge = Vec::new();
        if let Some(grants) = reply.grants {
            let is_gone = |scope: &ScopeId| !grants.iter().any(|grant| grant.scope == *scope);
            let known = self.standing.grants.iter().map(|grant| grant.scope);
            purge = known
                .chain(standing.cursors.keys().copied())
                .chain(standing.outdated.iter().copied())
                .filter(is_gone)
                .collect();
            purge.sort_unstable();
            purge.dedup();
            standing.cursors.retain(|scope, _| !is_gone(scope));
            standing.outdated.retain(|scope| !is_gone(scope));
            // What came back is on this phone again.
            standing
                .purged
                .retain(|scope| is_gone(scope) && !purge.contains(scope));
            standing.purged.extend(&purge);
            standing.grants = grants;
        }
        let mut segments = Vec::new();
        let mut is_broken = false;
        for page in reply.pages {
            match self.segment_of(&page, &fates, &standing) {
                Some(segment) => {
                    standing.cursors.insert(page.scope, page.to());
                    for grant in standing.grants.iter_mut().filter(|g| g.scope == page.scope) {
                        grant.head = page.head;
                    }
                    segments.push(segment);
                }
                None => is_broken = true,
            }
        }
        let renewed = self.renewed(&standing);
        standing.outdated.retain(|scope| !renewed.contains(scope));
        let cleared = self.cleared_by(&standing, &fates);
        let is_same = fates.is_empty() && words.is_empty() && cleared.is_empty();
        standing.follow(&self.standing, !is_same || !segments.is_empty());
        // Asking again at once must always follow from progress: a server that repeats itself
        // would otherwise be asked without a pause.
        let is_moving = !fates.is_empty() || asked.ops.is_empty();
        Absorbed {
            is_hungry: (reply.has_more && !segments.is_empty())
                || (reply.needs_cursors && !self.needs_cursors)
                || !standing.purged.is_empty(),
            is_moving,
            needs_cursors: reply.needs_cursors || reply.has_more || is_broken,
            fates,
            words,
            cleared,
            segments,
            purge,
            renewed,
            standing,
        }
    }

    /// The ops of a page as they are to be stored; `None` where it does not continue this copy.
    fn segment_of(
        &self,
        page: &Page,
        fates: &LiteMap<OpId, Fate>,
        standing: &Standing,
    ) -> Option<Segment> {
        let cursor = standing.cursors.get(&page.scope).copied().unwrap_or(0);
        let is_granted = standing
            .grants
            .iter()
            .any(|grant| grant.scope == page.scope);
        if page.from != cursor || !is_granted || page.ops.is_empty() {
            return None;
        }
        let mut ops = Vec::with_capacity(page.ops.len());
        let mut seq = page.from;
        for op in &page.ops {
            seq = seq.saturating_add(1);
            ops.push(match op {
                Some(raw) => raw.clone(),
                None => self.own(page.scope, seq, fates)?,
            });
        }
        Some(Segment {
            scope: page.scope,
            from: page.from,
            ops,
        })
    }

    /// The bytes of an op of this phone that was accepted with this number.
    fn own(&self, scope: ScopeId, seq: u64, fates: &LiteMap<OpId, Fate>) -> Option<Box<RawValue>> {
        self.outbox.values().find_map(|outgoing| {
            let fate = fates.get(&outgoing.id).copied().unwrap_or(outgoing.fate);
            let op = self.written.get(&outgoing.id)?;
            (fate == Fate::Accepted(seq) && op.scope == scope).then(|| outgoing.op.clone())
        })
    }

    /// Ops that may leave the outbox: accepted, and stored in the copy under their number. An op
    /// accepted in a scope that was taken away has nothing left to wait for.
    pub(super) fn cleared_by(&self, standing: &Standing, fates: &LiteMap<OpId, Fate>) -> Vec<OpId> {
        let is_cleared = |outgoing: &&Outgoing| {
            let fate = fates.get(&outgoing.id).copied().unwrap_or(outgoing.fate);
            let Some(op) = self.written.get(&outgoing.id) else {
                return false;
            };
            match fate {
                Fate::Accepted(seq) => {
                    let is_here = standing.cursors.get(&op.scope).is_some_and(|at| *at >= seq);
                    is_here || !standing.is_granted(op.scope)
                }
                Fate::Refused(_) => self.is_handed_over(outgoing.id, fate),
                Fate::Waiting => false,
            }
        };
        self.outbox
            .values()
            .filter(is_cleared)
            .map(|outgoing| outgoing.id)
            .collect()
    }

    pub(super) fn batch_of(&self, absorbed: &Absorbed) -> Batch {
        let outbox_put = self
            .outbox
            .values()
            .filter(|outgoing| !absorbed.cleared.contains(&outgoing.id))
            .filter_map(|outgoing| {
                let fate = absorbed.fates.get(&outgoing.id).copied();
                let word = absorbed.words.get(&outgoing.id).cloned();
                (fate.is_some() || word.is_some()).then(|| Outgoing {
                    fate: fate.unwrap_or(outgoing.fate),
                    word: word.or_else(|| outgoing.word.clone()),
                    ..outgoing.clone()
                })
            })
            .collect();
        Batch {
            outbox_put,
            outbox_remove: absorbed.cleared.clone(),
            append: absorbed.segments.clone(),
            purge: absorbed.gone(),
            standing: Some(absorbed.standing.clone()),
            after: self.standing.revision,
            drafts_remove: Vec::new(),
        }
    }

    /// Makes a stored answer count. Returns whether there is more to ask for.
    pub(super) fn absorb(&mut self, absorbed: Absorbed) -> bool {
        let gone = absorbed.gone();
        self.standing = absorbed.standing;
        for scope in gone {
            self.state.purge(scope);
            self.numbers.retain(|_, (of, _)| *of != scope);
        }
        self.fold_all(&absorbed.segments);
        for (_, outgoing) in self.outbox.iter_mut() {
            if let Some(fate) = absorbed.fates.get(&outgoing.id) {
                outgoing.fate = *fate;
            }
            if let Some(word) = absorbed.words.get(&outgoing.id) {
                outgoing.word = Some(word.clone());
            }
        }
        self.outbox
            .retain(|_, outgoing| !absorbed.cleared.contains(&outgoing.id));
        for id in &absorbed.cleared {
            let fate = absorbed.fates.get(id);
            // What screens show of it has to go as well.
            self.is_stale |= fate.is_some_and(|fate| self.is_handed_over(*id, *fate));
            self.written.remove(id);
        }
        // A scope that came back shows again what still lies here unsent or refused.
        for op in self
            .written
            .values()
            .filter(|op| self.standing.is_granted(op.scope))
        {
            self.state.apply(op);
        }
        self.needs_cursors = absorbed.needs_cursors;
        absorbed.is_hungry || (absorbed.is_moving && self.waiting().next().is_some())
    }
}

/// What a receipt makes of an op.
pub(super) const fn fate_of(outcome: Outcome) -> Fate {
    match outcome {
        Outcome::Accepted(seq) => Fate::Accepted(seq),
        Outcome::Refused(refusal) => Fate::Refused(refusal),
    }
}
