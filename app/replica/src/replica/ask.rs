//! What a phone asks the server.

use std::collections::BTreeSet;

use domain::id::{OpId, ScopeId};

use super::{Effect, Replica};
use crate::message::{
    Cursor, Digest, PROTOCOL, PURGED_MAX, PUSH_BYTES_MAX, PUSH_OPS_MAX, Position, SyncRequest,
    digest,
};
use crate::quarantine::{ASKED_MAX, Word};
use crate::stored::{Fate, Outgoing};

/// What the answer to an open question will be about.
#[derive(Debug)]
pub(super) struct Asked {
    /// The ops that were sent.
    pub ops: BTreeSet<OpId>,
    /// The scopes that were said to be purged.
    pub purged: Vec<ScopeId>,
}

impl Replica {
    /// Asks the server, unless a question is open: one at a time keeps receipts and pages simple.
    pub(super) fn sync(&mut self) -> Option<Effect> {
        if self.in_flight.is_some() || self.is_absorbing {
            return None;
        }
        let (mut ops, mut sent, mut bytes) = (Vec::new(), BTreeSet::new(), 0_usize);
        for outgoing in self.waiting() {
            bytes = bytes.saturating_add(outgoing.op.get().len());
            if ops.len() == PUSH_OPS_MAX || (bytes > PUSH_BYTES_MAX && !ops.is_empty()) {
                break;
            }
            ops.push(outgoing.op.clone());
            sent.insert(outgoing.id);
        }
        let purged = self.standing.purged.iter().take(PURGED_MAX);
        let purged: Vec<ScopeId> = purged.copied().collect();
        self.in_flight = Some(Asked {
            ops: sent,
            purged: purged.clone(),
        });
        Some(Effect::Sync(SyncRequest {
            position: self.position(),
            ops,
            purged,
            refused: self.asked_after(),
            ..self.greeting()
        }))
    }

    /// A question of which only counts whether the server answers this copy at all. Nothing is
    /// taken from the answer.
    pub fn greeting(&self) -> SyncRequest {
        SyncRequest {
            protocol: PROTOCOL,
            device: self.owner.device,
            owner: self.owner.user,
            grant_epoch: self.standing.grant_epoch,
            position: Position::Digest(self.digest()),
            ops: Vec::new(),
            purged: Vec::new(),
            refused: Vec::new(),
        }
    }

    fn position(&self) -> Position {
        if self.needs_cursors {
            let cursors = self.standing.cursors.iter();
            return Position::Cursors(
                cursors
                    .map(|(scope, seq)| Cursor {
                        scope: *scope,
                        seq: *seq,
                    })
                    .collect(),
            );
        }
        Position::Digest(self.digest())
    }

    fn digest(&self) -> Digest {
        digest(&self.standing.cursors)
    }

    /// Refused ops about which somebody may decide yet.
    fn asked_after(&self) -> Vec<OpId> {
        let is_open = |out: &&Outgoing| {
            let is_told = out.word.as_ref().is_some_and(Word::is_last);
            matches!(out.fate, Fate::Refused(_)) && !is_told
        };
        let open = self.outbox.values().filter(is_open);
        open.map(|out| out.id).take(ASKED_MAX).collect()
    }
}
