//! What becomes of ops that share a transaction. Pure: [`hub::judge`] decides op by op, this only
//! remembers what the ops before it in the same transaction did.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::authorize::{Actor, Relation, ScopeKind};
use domain::id::{Millis, OpId, ScopeId, UserId};
use replica::hub::{self, Facts, Verdict};
use replica::message::{Outcome, Receipt, Refusal};

use crate::store::Sender;
use crate::store::letter::Letter;

/// Ops of one scope that came in one request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bundle<'a> {
    /// Who sends them.
    pub(super) sender: &'a Sender,
    /// Which scope they name.
    pub(super) scope: ScopeId,
    /// The ops, in the sender's order.
    pub(super) letters: &'a [Letter],
    /// When they came.
    pub(super) now: Millis,
}

/// What the log or the quarantine has under an id: bytes and outcome.
pub(super) type Earlier<'a> = BTreeMap<OpId, (Cow<'a, str>, Outcome)>;

/// What the database says about a transaction's ops, and what the decisions so far add to it.
#[derive(Debug, Default)]
pub(super) struct Ledger<'a> {
    /// Kind and last number of each scope that takes ops.
    pub(super) scopes: BTreeMap<ScopeId, (ScopeKind, u64)>,
    /// What each sender is to each scope that they name.
    pub(super) relations: BTreeMap<(ScopeId, UserId), Relation>,
    /// What is known under the ops' ids, in whatever scope.
    pub(super) earlier: Earlier<'a>,
}

impl<'a> Ledger<'a> {
    /// Decides about one bundle after all those before it.
    pub(super) fn decide(&mut self, bundle: &Bundle<'a>) -> Decision<'a> {
        let actor = Actor {
            user: bundle.sender.user,
            role: bundle.sender.role,
            relation: self
                .relations
                .get(&(bundle.scope, bundle.sender.user))
                .copied()
                .filter(|_| !bundle.sender.is_barred),
        };
        let held = self.scopes.get_mut(&bundle.scope);
        let (kind, head) = held
            .as_deref()
            .map_or((None, 0), |held| (Some(held.0), held.1));
        let decision = decide(bundle.letters, actor, kind, head, &mut self.earlier);
        if let (Some(held), Some((last, _))) = (held, decision.accepted.last()) {
            held.1 = *last;
        }
        decision
    }
}

/// What is to be written, and what is to be answered once it is.
#[derive(Debug, Default)]
pub(super) struct Decision<'a> {
    /// One receipt for each op, in order.
    pub(super) receipts: Vec<Receipt>,
    /// Ops to append to the log, with their numbers.
    pub(super) accepted: Vec<(u64, &'a Letter)>,
    /// Ops to keep in quarantine.
    pub(super) quarantined: Vec<(Refusal, &'a Letter)>,
}

/// Decides about `letters`, whose scope ends at number `head` now.
fn decide<'a>(
    letters: &'a [Letter],
    actor: Actor,
    kind: Option<ScopeKind>,
    head: u64,
    earlier: &mut Earlier<'a>,
) -> Decision<'a> {
    let mut decision = Decision::default();
    let mut seq = head;
    for letter in letters {
        let id = letter.header.id;
        let facts = Facts {
            actor,
            kind,
            earlier: earlier
                .get(&id)
                .map(|(bytes, outcome)| (&**bytes, *outcome)),
        };
        let verdict = match hub::judge(&letter.header, &letter.body, &facts) {
            // Whoever it says it is from, it cannot be read.
            Verdict::Quarantine(_) if !letter.is_addressed => {
                Verdict::Quarantine(Refusal::Malformed)
            }
            verdict => verdict,
        };
        let outcome = match verdict {
            Verdict::Replay(outcome) => outcome,
            Verdict::Accept => {
                seq += 1;
                decision.accepted.push((seq, letter));
                Outcome::Accepted(seq)
            }
            Verdict::Quarantine(refusal) => {
                decision.quarantined.push((refusal, letter));
                Outcome::Refused(refusal)
            }
            Verdict::Clash => {
                decision
                    .quarantined
                    .push((Refusal::SameIdOtherBytes, letter));
                Outcome::Refused(Refusal::SameIdOtherBytes)
            }
        };
        let known = (Cow::Borrowed(letter.body.get()), outcome);
        if verdict == Verdict::Accept {
            earlier.insert(id, known);
        } else {
            // What stands under an id is what came first.
            earlier.entry(id).or_insert(known);
        }
        decision.receipts.push(Receipt { op: id, outcome });
    }
    decision
}
