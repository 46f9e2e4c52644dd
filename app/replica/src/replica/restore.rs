//! What a phone does when the server was restored from a backup: whatever came after the backup is
//! offered again, by everybody who holds it, and every scope is read anew.
//!
//! Numbers given after the backup mean nothing any more. Until the first page of a scope comes, the
//! phone goes on showing what it has: it may lose the network in the middle of this.

use std::collections::BTreeSet;

use domain::id::{Millis, OpId, ScopeId};
use domain::op::{Change, Known, Op};
use domain::upcast;
use litemap::LiteMap;

use super::{Effect, Intent, Replica};
use crate::message::{REOFFER_MS, SyncReply};
use crate::stored::{Batch, Contents, Fate, Outgoing, Standing};

impl Replica {
    /// Whether an answer comes from a server that was restored since this copy knew it.
    pub fn is_restored(&self, reply: &SyncReply) -> bool {
        self.standing.restore_epoch != 0 && self.standing.restore_epoch != reply.restore_epoch
    }

    /// Leaves the answer aside, for it speaks of other numbers, and asks what is on disk. Should
    /// nothing be read, the next answer says the same again.
    pub(super) fn begin_reoffer(&mut self, now: Millis, epoch: u64) -> Vec<Effect> {
        self.restored = Some(epoch);
        self.failures = self.failures.saturating_add(1);
        let mut effects = vec![Effect::WakeAt(now.plus(self.retry_delay_ms(u32::MAX)))];
        effects.extend(self.read_again());
        effects
    }

    /// The disk did not take it. The next answer begins it again, after a pause.
    pub(super) const fn give_up_reoffer(&mut self) {
        self.restored = None;
    }

    /// Puts everything of the last days back into the outbox, whoever wrote it: the author's phone
    /// may be lost. What the server still has is answered as the first time.
    pub(super) fn reoffer(&mut self, now: Millis, epoch: u64, contents: &Contents) -> Vec<Effect> {
        let since = now.plus(-REOFFER_MS);
        let mut ops: Vec<(Op, Outgoing)> = Vec::new();
        for raw in contents.segments.iter().flat_map(|segment| &segment.ops) {
            let Ok(op) = upcast::read(raw.get()) else {
                continue;
            };
            let is_wanted = op.at >= since && !is_reading(&op);
            if is_wanted && !self.written.contains_key(&op.id) {
                let outgoing = Outgoing {
                    id: op.id,
                    op: raw.clone(),
                    fate: Fate::Waiting,
                    word: None,
                };
                ops.push((op, outgoing));
            }
        }
        // What had an answer already, accepted or refused, asks once more.
        let mut dead = Vec::new();
        for outgoing in self.outbox.values() {
            let Some(op) = self.written.get(&outgoing.id) else {
                continue;
            };
            if is_reading(op) {
                dead.push(op.id);
            } else {
                let outgoing = Outgoing {
                    fate: Fate::Waiting,
                    word: None,
                    ..outgoing.clone()
                };
                ops.push((op.clone(), outgoing));
            }
        }
        let mut standing = self.standing.clone();
        standing.outdated = contents.segments.iter().map(|one| one.scope).collect();
        standing.cursors.clear();
        standing.restore_epoch = epoch;
        // The list of grants went back as well, and may carry a number that is known here.
        standing.grant_epoch = 0;
        standing.follow(&self.standing, true);
        let batch = Batch {
            outbox_put: ops.iter().map(|(_, outgoing)| outgoing.clone()).collect(),
            outbox_remove: dead.clone(),
            standing: Some(standing.clone()),
            after: self.standing.revision,
            ..Batch::default()
        };
        self.is_absorbing = true;
        vec![self.commit(batch, Intent::Reoffer(ops, dead, standing))]
    }

    /// They are on disk: only now the copy belongs to the restored server.
    pub(super) fn reoffered(
        &mut self,
        ops: Vec<(Op, Outgoing)>,
        dead: Vec<OpId>,
        standing: Standing,
    ) -> Vec<Effect> {
        self.is_absorbing = false;
        self.restored = None;
        self.numbers = LiteMap::new();
        self.needs_cursors = true;
        self.standing = standing;
        self.is_stale |= !dead.is_empty();
        self.outbox
            .retain(|_, outgoing| !dead.contains(&outgoing.id));
        for id in dead {
            self.written.remove(&id);
        }
        for (op, outgoing) in ops {
            self.outbox.insert((op.device_seq, op.id), outgoing);
            self.written.insert(op.id, op);
        }
        let mut effects = vec![Effect::Show];
        effects.extend(self.sync());
        effects.extend(self.read_again());
        effects
    }

    /// Somebody else's words that the server took into quarantine: they are kept there, and it is
    /// not for the owner of this phone to deal with them.
    pub(super) fn is_handed_over(&self, id: OpId, fate: Fate) -> bool {
        let op = self.written.get(&id);
        matches!(fate, Fate::Refused(_)) && op.is_some_and(|op| op.author != self.owner.user)
    }

    /// Scopes whose first new page is among these, or of which the server has nothing: what was
    /// stored of them goes.
    pub(super) fn renewed(&self, standing: &Standing) -> BTreeSet<ScopeId> {
        let is_empty = |scope: &ScopeId| {
            let mut grants = standing.grants.iter();
            grants.any(|grant| grant.scope == *scope && grant.head == 0)
        };
        let is_new = |scope: &&ScopeId| standing.cursors.contains_key(*scope) || is_empty(scope);
        self.standing
            .outdated
            .iter()
            .filter(is_new)
            .copied()
            .collect()
    }
}

/// Whether an op says no more than how far somebody has read: it speaks of numbers that other ops
/// have by now.
fn is_reading(op: &Op) -> bool {
    matches!(&op.change, Change::Known(known) if matches!(**known, Known::Seen { .. }))
}
