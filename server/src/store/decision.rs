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

/// What the log or the quarantine has under an id.
#[derive(Debug)]
pub(super) struct Before<'a> {
    /// Its bytes.
    pub(super) body: Cow<'a, str>,
    /// What became of it.
    pub(super) outcome: Outcome,
    /// Whether a person left it outside the log for good.
    pub(super) is_declined: bool,
}

/// What is known under ids.
pub(super) type Earlier<'a> = BTreeMap<OpId, Before<'a>>;

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
                .copied(),
        };
        let held = self.scopes.get_mut(&bundle.scope);
        let (kind, head) = held
            .as_deref()
            .map_or((None, 0), |held| (Some(held.0), held.1));
        let decision = decide(bundle, actor, kind, head, &mut self.earlier);
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
    /// Ops in quarantine, of which their author is told another reason than before.
    pub(super) renamed: Vec<(Refusal, &'a Letter)>,
}

impl<'a> Decision<'a> {
    /// Puts a letter where the verdict has it, and answers what became of it. What became of it
    /// before is known; the scope's last number was `head`.
    fn put(
        &mut self,
        letter: &'a Letter,
        verdict: Verdict,
        was: Option<Outcome>,
        head: u64,
    ) -> Outcome {
        match verdict {
            Verdict::Replay(outcome) => {
                if let Outcome::Refused(refusal) = outcome
                    && was != Some(outcome)
                {
                    self.renamed.push((refusal, letter));
                }
                outcome
            }
            Verdict::Accept => {
                let seq = self.accepted.last().map_or(head, |(last, _)| *last) + 1;
                self.accepted.push((seq, letter));
                Outcome::Accepted(seq)
            }
            Verdict::Quarantine(refusal) => {
                self.quarantined.push((refusal, letter));
                Outcome::Refused(refusal)
            }
            Verdict::Clash => {
                self.quarantined.push((Refusal::SameIdOtherBytes, letter));
                Outcome::Refused(Refusal::SameIdOtherBytes)
            }
        }
    }
}

/// Decides about the letters of a bundle, whose scope ends at number `head` now.
fn decide<'a>(
    bundle: &Bundle<'a>,
    actor: Actor,
    kind: Option<ScopeKind>,
    head: u64,
    earlier: &mut Earlier<'a>,
) -> Decision<'a> {
    let mut decision = Decision::default();
    for letter in bundle.letters {
        let id = letter.header.id;
        let before = earlier.get(&id);
        let was = before.map(|before| before.outcome);
        let facts = Facts {
            actor,
            barred: bundle.sender.barred,
            kind,
            earlier: before.map(|before| (&*before.body, before.outcome)),
            is_declined: before.is_some_and(|before| before.is_declined),
        };
        let verdict = match hub::judge(&letter.header, &letter.body, &facts) {
            // Whoever it says it is from, it cannot be read.
            Verdict::Quarantine(_) if !letter.is_addressed => {
                Verdict::Quarantine(Refusal::Malformed)
            }
            verdict => verdict,
        };
        let outcome = decision.put(letter, verdict, was, head);
        let known = Before {
            body: Cow::Borrowed(letter.body.get()),
            outcome,
            is_declined: false,
        };
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
