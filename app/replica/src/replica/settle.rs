//! How a refused op leaves the box: because a person said so, and only once the disk has it.

use domain::authorize::ScopeKind;
use domain::id::{Millis, OpId};
use domain::state::State;
use litemap::LiteMap;

use super::{Effect, Replica};
use crate::stored::{Contents, DiskError, Segment, Ticket};

impl Replica {
    pub(super) fn settle(&mut self, id: OpId) -> Vec<Effect> {
        // Whatever was not refused has the server to wait for, and no person may take it away.
        if !self.is_refused(id) {
            return vec![Effect::Show];
        }
        self.record(Vec::new(), Vec::new(), vec![id])
    }

    pub(super) fn is_refused(&self, id: OpId) -> bool {
        self.refused().any(|(op, _)| op.id == id)
    }

    /// Lets go of ops that left the disk. What they said is still part of the state, and a state
    /// only ever grows: it is added up anew from the disk.
    pub(super) fn forget(&mut self, settled: &[OpId]) {
        self.outbox
            .retain(|_, outgoing| !settled.contains(&outgoing.id));
        for id in settled {
            self.written.remove(id);
        }
        self.is_stale = true;
    }

    /// Another tab wrote: what is in memory is no more what is on disk.
    pub(super) fn written_elsewhere(&mut self) -> Vec<Effect> {
        self.is_outdated = true;
        // What is being read already may be from before: it counts no more.
        self.next_ticket += 1;
        self.read_again().into_iter().collect()
    }

    /// Another tab wrote, and its news comes later than this. The answer that was to be stored is
    /// let go: the server says it again.
    pub(super) fn overtaken(&mut self, now: Millis, ticket: Ticket) -> Vec<Effect> {
        self.is_outdated = true;
        self.next_ticket += 1;
        self.disk_failed(now, ticket, DiskError::Failed)
    }

    /// Asks for what is on disk, unless a commit is under way: it would be read half.
    pub(super) fn read_again(&self) -> Option<Effect> {
        let is_wanted = self.is_stale || self.is_outdated || self.restored.is_some();
        (is_wanted && self.intents.is_empty()).then_some(Effect::Read(Ticket(self.next_ticket)))
    }

    /// Takes what is on disk. Something written since the reading was asked for makes it stale
    /// again.
    pub(super) fn read_back(
        &mut self,
        now: Millis,
        ticket: Ticket,
        contents: Contents,
    ) -> Vec<Effect> {
        if ticket.0 != self.next_ticket || !self.intents.is_empty() {
            return self.read_again().into_iter().collect();
        }
        match self.restored {
            // The answer on its way says it again: taken afterwards, it would speak of old grants.
            Some(_) if self.in_flight.is_some() => Vec::new(),
            Some(epoch) if self.is_outdated => {
                self.take_over(contents.clone());
                if self.standing.restore_epoch == epoch {
                    // The other tab has done it by now.
                    self.restored = None;
                    return vec![Effect::Show];
                }
                self.reoffer(now, epoch, &contents)
            }
            Some(epoch) => self.reoffer(now, epoch, &contents),
            None if self.is_outdated => {
                self.take_over(contents);
                vec![Effect::Show]
            }
            None => self.add_up(&contents),
        }
    }

    /// Goes on from what another tab left on disk. A question that is open stays open: of its
    /// answer counts what continues the copy as it then is.
    fn take_over(&mut self, contents: Contents) {
        let fresh = Self::open(self.owner.clone(), contents);
        *self = Self {
            next_ticket: self.next_ticket,
            in_flight: self.in_flight.take(),
            told: std::mem::take(&mut self.told),
            restored: self.restored,
            device_seq: self.device_seq.max(fresh.device_seq),
            needs_cursors: self.needs_cursors || fresh.needs_cursors,
            failures: self.failures,
            problem: self.problem,
            clock_off_ms: self.clock_off_ms,
            ..fresh
        };
    }

    /// Adds the state up anew.
    fn add_up(&mut self, contents: &Contents) -> Vec<Effect> {
        self.is_stale = false;
        self.state = State::default();
        self.numbers = LiteMap::new();
        self.fold_all(&contents.segments);
        for op in self.written.values() {
            if self.standing.is_granted(op.scope) {
                self.state.apply(op);
            }
        }
        vec![Effect::Show]
    }

    pub(super) fn fold_all(&mut self, segments: &[Segment]) {
        for segment in segments {
            let kind = self.grant(segment.scope).map(|grant| grant.kind);
            if matches!(kind, Some(ScopeKind::Unknown(_))) {
                // What a later release keeps there is perhaps not for the screens of this one: it
                // stays on disk, and shows once the app is updated.
                continue;
            }
            let mut seq = segment.from;
            for raw in &segment.ops {
                seq = seq.saturating_add(1);
                self.fold(segment.scope, seq, raw);
            }
        }
    }
}
