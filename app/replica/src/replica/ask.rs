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

    /// Refused ops about which somebody may decide yet: as many as fit into one question, the
    /// others with the next ones. Else whoever has many would never hear of the last.
    fn asked_after(&mut self) -> Vec<OpId> {
        let is_open = |out: &Outgoing| {
            let is_told = out.word.as_ref().is_some_and(Word::is_last);
            matches!(out.fate, Fate::Refused(_)) && !is_told
        };
        let open = self.outbox.iter().filter(|(_, out)| is_open(out));
        let open: Vec<(u64, OpId)> = open.map(|(key, _)| *key).collect();
        let last = self.asked_last;
        let later = open.iter().filter(|key| Some(**key) > last);
        let earlier = open.iter().filter(|key| Some(**key) <= last);
        let asked: Vec<(u64, OpId)> = later.chain(earlier).take(ASKED_MAX).copied().collect();
        self.asked_last = asked.last().copied();
        asked.into_iter().map(|(_, id)| id).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::id::{DeviceId, Millis, OpId, ScopeId, UserId};
    use domain::op::{Known, Op, SCHEMA};
    use domain::vocabulary::Role;
    use serde_json::value::to_raw_value;

    use crate::message::Refusal;
    use crate::quarantine::ASKED_MAX;
    use crate::replica::{Effect, Event, Replica, SyncError};
    use crate::stored::{Contents, Fate, Outgoing, Owner};

    const NOW: Millis = Millis(1_790_000_000_000);

    fn refused(number: u64) -> Outgoing {
        let mut random = [1; 10];
        random[..8].copy_from_slice(&number.to_be_bytes());
        let op = Op {
            id: OpId::new(NOW, random),
            device: DeviceId::new(NOW, [2; 10]),
            device_seq: number,
            scope: ScopeId::new(NOW, [3; 10]),
            author: UserId::new(NOW, [4; 10]),
            at: NOW,
            schema: SCHEMA,
            replaces: Vec::new(),
            change: Known::NoteAdded {
                words: format!("nota {number}"),
                corrects: None,
            }
            .into(),
        };
        Outgoing {
            id: op.id,
            op: to_raw_value(&op).expect("an op is JSON"),
            fate: Fate::Refused(Refusal::NotGranted),
            word: None,
        }
    }

    fn asked(replica: &mut Replica) -> Vec<OpId> {
        let effects = replica.step(NOW, Event::Nudged);
        let mut questions = effects.into_iter().filter_map(|effect| match effect {
            Effect::Sync(request) => Some(request.refused),
            Effect::Commit(..)
            | Effect::WakeAt(_)
            | Effect::Saved(_)
            | Effect::NotSaved(..)
            | Effect::Settled(_)
            | Effect::Read(_)
            | Effect::Show => None,
        });
        let asked = questions.next().expect("it asks");
        // The answer does not matter here, nor whether there is one.
        let why = SyncError::Unreachable;
        replica.step(NOW, Event::Failed { why, dice: 0 });
        asked
    }

    #[test]
    fn more_refused_ops_than_fit_into_a_question_are_asked_after_in_turn() {
        let most = u64::try_from(ASKED_MAX).expect("it is small");
        let owner = Owner {
            user: UserId::new(NOW, [4; 10]),
            role: Role::Mediator,
            name: "Samira".to_owned(),
            device: DeviceId::new(NOW, [2; 10]),
        };
        let outbox: Vec<Outgoing> = (1..=most + 20).map(refused).collect();
        let all: BTreeSet<OpId> = outbox.iter().map(|out| out.id).collect();
        let contents = Contents {
            outbox,
            ..Contents::default()
        };
        let mut replica = Replica::open(owner, contents);
        let (first, second) = (asked(&mut replica), asked(&mut replica));
        assert_eq!((first.len(), second.len()), (ASKED_MAX, ASKED_MAX));
        let both: BTreeSet<OpId> = first.iter().chain(&second).copied().collect();
        assert_eq!(both, all, "each was asked after");
        let third = asked(&mut replica);
        assert_ne!(third, first, "it goes on where it was");
    }
}
