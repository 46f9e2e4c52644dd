//! What a phone does with receipts that sealed delivery brought: the same as with those of an
//! answer, but that no page comes with them.
//!
//! They come beside the one question that may be open, perhaps late and more than once. So they
//! wait until nothing else is under way, and count only for an op that still waits for a word.

use domain::id::OpId;
use litemap::LiteMap;

use super::absorb::{Absorbed, fate_of};
use super::{Effect, Intent, Replica};
use crate::sealed::Delivered;
use crate::stored::Fate;

impl Replica {
    pub(super) fn delivered(&mut self, told: Vec<Delivered>) -> Vec<Effect> {
        for one in told {
            self.told.insert(one.receipt.op, one);
        }
        self.take_told().into_iter().collect()
    }

    /// Puts on disk what was told, unless an answer is awaited or on its way to the disk: it would
    /// speak of a copy that has moved on. What was told stays at hand until the disk has it; a disk
    /// that takes nothing keeps no question waiting.
    pub(super) fn take_told(&mut self) -> Option<Effect> {
        if self.in_flight.is_some() || self.is_absorbing {
            return None;
        }
        let fates = self.fates_told();
        if fates.is_empty() {
            self.told.clear();
            return None;
        }
        let mut standing = self.standing.clone();
        standing.device_seq = self.device_seq;
        standing.follow(&self.standing, true);
        let mut cleared = self.cleared_by(&standing, &fates);
        cleared.retain(|id| self.is_told_of_now(*id));
        let absorbed = Absorbed::of_receipts(fates, cleared, standing, self.needs_cursors);
        let batch = self.batch_of(&absorbed);
        self.is_absorbing = true;
        Some(self.commit(batch, Intent::Absorb(absorbed)))
    }

    /// What was told of ops that still wait. Numbers that the server gave before it was restored
    /// are void: the ops were offered again since.
    fn fates_told(&self) -> LiteMap<OpId, Fate> {
        let mut fates = LiteMap::new();
        for outgoing in self.waiting() {
            let told = self.told.get(&outgoing.id);
            let told = told.filter(|told| told.restore_epoch >= self.standing.restore_epoch);
            if let Some(told) = told {
                fates.insert(outgoing.id, fate_of(told.receipt.outcome));
            }
        }
        fates
    }

    /// Whether an op was told of by the server that this copy knows. Cursors say nothing about the
    /// numbers of one that was restored since.
    fn is_told_of_now(&self, id: OpId) -> bool {
        let told = self.told.get(&id);
        told.is_some_and(|told| told.restore_epoch == self.standing.restore_epoch)
    }
}
